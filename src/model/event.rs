//! What can happen, and in which order things happen that fall on the same instant.

use crate::engine::agenda;

use super::party::PartyId;

/// Order of simultaneous events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Phase {
    /// The day before is closed, then policy changes: before everything else of a day.
    Midnight,
    /// A service ends and frees an officer.
    Completion,
    /// Opening, closing and shifts of a port; its figures at the full hour.
    Port,
    /// Somebody comes to a port.
    Presentation,
    /// The daily round.
    Round,
    /// Everything else that happens to a party.
    Life,
    /// New parties.
    Arrival,
}

/// An event of the border.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
    /// The end of one day and the beginning of the next.
    Midnight,
    /// A full hour: port figures are taken.
    Hour,
    /// A port opens, closes or changes its shift.
    Shift { port: u8 },
    /// The daily round of the app.
    Round,
    /// The next party of a group arrives.
    Arrival { group: u8 },
    /// Something happens to a party.
    Party { id: PartyId, index: u32, what: What },
}

/// What happens to a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum What {
    /// Its service at a port ends.
    ServiceEnds,
    /// The hour of its appointment has come.
    AppointmentDue,
    /// It comes to its port after the hour of its appointment.
    AppointmentMissed,
    /// It presents itself at a port without an appointment.
    WalksUp,
    /// Its journey ends.
    JourneyEnds,
    /// Its journey is cut short by Mexican enforcement.
    Intercepted,
    /// Its attempt to cross takes place.
    Attempt,
    /// Its reconsideration clock rings.
    ClockRings,
    /// Its patience with the app ends.
    PatienceEnds,
    /// It decides again after an encounter, a closure or a cancelled appointment.
    Decides,
}

impl agenda::Event for Event {
    fn phase(&self) -> u8 {
        let phase = match self {
            Self::Midnight => Phase::Midnight,
            Self::Hour | Self::Shift { .. } => Phase::Port,
            Self::Round => Phase::Round,
            Self::Arrival { .. } => Phase::Arrival,
            Self::Party { what, .. } => match what {
                What::ServiceEnds => Phase::Completion,
                What::AppointmentDue | What::WalksUp => Phase::Presentation,
                _ => Phase::Life,
            },
        };
        phase as u8
    }

    fn subject(&self) -> u64 {
        match self {
            Self::Midnight | Self::Hour | Self::Round => 0,
            Self::Shift { port } => u64::from(*port),
            Self::Arrival { group } => u64::from(*group),
            Self::Party { id, .. } => id.key(),
        }
    }
}
