//! What the event list holds: an event with its place in the total order, in one number.

use std::marker::PhantomData;

use super::queue::Dated;
use super::time::{Span, Time};

/// Bits of an event's code.
pub const CODE_BITS: u32 = 78;
const PHASE_BITS: u32 = 4;
const ROLE_BITS: u32 = 2;

const _: () = assert!(Time::BITS + PHASE_BITS + CODE_BITS + ROLE_BITS == u128::BITS);

/// What can happen: a small plain value, usually an enum of the model, that packs into a number.
///
/// Events at the same time are handled in the order of their phase, then of their code. The event list holds nothing but
/// these numbers, 16 bytes an event, so that millions of them are sorted and moved as fast as memory allows.
pub trait Event: Copy {
    /// Rank among events at the same time, below 16; the model names them in an enum of its own.
    fn phase(self) -> u8;

    /// Whom the event concerns, and all else that tells it from the others of its phase, below 2^[`CODE_BITS`]: where
    /// several happen at the same time, the order of the codes is the order of the events.
    fn code(self) -> u128;

    /// The event of a phase and a code that one had.
    fn from_code(phase: u8, code: u128) -> Self;
}

/// An event in the list. From the high bits down: time, phase, code, role; so its order is the order in which events are
/// handled, and one comparison settles it.
#[derive(Debug)]
pub(super) struct Entry<E> {
    bits: u128,
    event: PhantomData<E>,
}

/// What an event means for the run, beside what it means for the model.
///
/// Last in the order of entries: between equal events, the active one is handled first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The run goes on until it has happened.
    Active,
    /// Happens if the run gets that far.
    Passive,
    /// Passive, and comes again after its period.
    Periodic,
}

impl<E: Event> Entry<E> {
    pub(super) fn new(at: Time, event: E, role: Role) -> Self {
        let (phase, code) = (event.phase(), event.code());
        assert!(
            phase < 1 << PHASE_BITS && code >> CODE_BITS == 0,
            "phase {phase} and code {code} of an event are not below 16 and 2^78"
        );
        let time_and_phase = at.as_millis() << PHASE_BITS | u64::from(phase);
        let rest = code << ROLE_BITS | role as u128;
        Self {
            bits: u128::from(time_and_phase) << (CODE_BITS + ROLE_BITS) | rest,
            event: PhantomData,
        }
    }

    pub(super) fn event(self) -> E {
        let phase = (self.bits >> (CODE_BITS + ROLE_BITS)) as u8 & ((1 << PHASE_BITS) - 1);
        E::from_code(phase, self.bits >> ROLE_BITS & ((1 << CODE_BITS) - 1))
    }

    pub(super) fn role(self) -> Role {
        match self.bits & ((1 << ROLE_BITS) - 1) {
            0 => Role::Active,
            1 => Role::Passive,
            _ => Role::Periodic,
        }
    }
}

// Not derived: that would ask the same of the event.
impl<E> Copy for Entry<E> {}

impl<E> Clone for Entry<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Ord for Entry<E> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.bits.cmp(&other.bits)
    }
}

impl<E> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> PartialEq for Entry<E> {
    fn eq(&self, other: &Self) -> bool {
        self.bits == other.bits
    }
}

impl<E> Eq for Entry<E> {}

impl<E> Dated for Entry<E> {
    fn time(&self) -> Time {
        Time::ZERO + Span::from_millis((self.bits >> (u128::BITS - Time::BITS)) as u64)
    }
}
