//! What the event list holds: an event with its place in the total order.

use std::cmp::Ordering;

use super::queue::Dated;
use super::time::{Span, Time};

/// Bits of a phase within the first word of the order.
const PHASE_BITS: u32 = 4;

const _: () = assert!(Time::BITS + PHASE_BITS <= u64::BITS);

/// What can happen: a plain value, usually an enum of the model.
///
/// Events at the same time are handled in the order of their phase, then of their subject, then of `Ord`.
pub trait Event: Copy + Ord {
    /// Rank among events at the same time, below 16; the model names them in an enum of its own.
    fn phase(&self) -> u8;

    /// Identity of whom the event concerns.
    fn subject(&self) -> u64;
}

/// An event in the list. Its order is the order in which events are handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry<E> {
    /// Time in the high bits and phase in the low four: one comparison settles almost every pair.
    time_and_phase: u64,
    pub(super) event: E,
    pub(super) role: Role,
}

/// What an event means for the run, beside what it means for the model.
///
/// Last in the order of entries: between equal events, the active one is handled first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// The run goes on until it has happened.
    Active,
    /// Active, and can be called off through this slot.
    Cancellable(u32),
    /// Happens if the run gets that far.
    Passive,
    /// Passive, and comes again after the span with this index.
    Periodic(u32),
}

impl Role {
    pub(super) fn is_active(self) -> bool {
        matches!(self, Self::Active | Self::Cancellable(_))
    }
}

impl<E: Event> Entry<E> {
    pub(super) fn new(at: Time, event: E, role: Role) -> Self {
        let phase = event.phase();
        assert!(
            phase < 1 << PHASE_BITS,
            "phase {phase} of an event is not below 16"
        );
        Self {
            time_and_phase: at.as_millis() << PHASE_BITS | u64::from(phase),
            event,
            role,
        }
    }
}

impl<E: Event> Ord for Entry<E> {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_time = self.time_and_phase.cmp(&other.time_and_phase);
        by_time
            .then_with(|| self.event.subject().cmp(&other.event.subject()))
            .then_with(|| self.event.cmp(&other.event))
            .then_with(|| self.role.cmp(&other.role))
    }
}

impl<E: Event> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Dated for Entry<E> {
    fn time(&self) -> Time {
        Time::ZERO + Span::from_millis(self.time_and_phase >> PHASE_BITS)
    }
}
