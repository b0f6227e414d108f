//! What the event list holds: an event in one word while it is far away, and with its place in the total order when it is near.

use super::queue::{NOTE_BITS, Note, PHASE_BITS};

/// Bits of an event's code.
pub const CODE_BITS: u32 = 34;
const ROLE_BITS: u32 = 2;

const _: () = assert!(PHASE_BITS + CODE_BITS + ROLE_BITS == NOTE_BITS);

/// What can happen: a small plain value, usually an enum of the model, that the event list keeps as a phase and a code.
///
/// Events at the same time are handled in the order of their phase, then of their rank, then of their code. The event list keeps
/// 8 bytes of an event, from which the model [recalls](super::Model::recall) it, so that millions of them are moved and sorted as
/// fast as memory allows.
pub trait Event: Copy {
    /// Place among events at the same time, below 16; the model names them in an enum of its own.
    fn phase(self) -> u8;

    /// Whom the event concerns: place among the events of the same time and phase. What is kept of a subject for as long as it
    /// lives needs no bits in the event list.
    fn rank(self) -> u64 {
        self.code()
    }

    /// From what the model recalls the event, below 2^[`CODE_BITS`].
    fn code(self) -> u64;
}

/// What an event means for the run, beside what it means for the model.
///
/// Last in the order of events: between equal events, the active one is handled first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The run goes on until it has happened.
    Active,
    /// Happens if the run gets that far.
    Passive,
    /// Passive, and comes again after its period.
    Periodic,
}

/// Notes an event down. From the high bits down: phase, code, role.
#[inline]
pub(super) fn note<E: Event>(event: E, role: Role) -> Note {
    let (phase, code) = (event.phase(), event.code());
    assert!(
        phase < 1 << PHASE_BITS && code >> CODE_BITS == 0,
        "phase {phase} and code {code} of an event are not below 16 and 2^34"
    );
    Note((u64::from(phase) << CODE_BITS | code) << ROLE_BITS | role as u64)
}

impl Note {
    pub(super) fn phase(self) -> u8 {
        (self.0 >> (CODE_BITS + ROLE_BITS)) as u8
    }

    pub(super) fn code(self) -> u64 {
        self.0 >> ROLE_BITS & ((1 << CODE_BITS) - 1)
    }

    pub(super) fn role(self) -> Role {
        match self.0 & ((1 << ROLE_BITS) - 1) {
            0 => Role::Active,
            1 => Role::Passive,
            _ => Role::Periodic,
        }
    }
}
