//! What can happen, and in which order things happen that fall on the same instant.

use strum::VariantArray;

use crate::engine::agenda;

/// Order of simultaneous events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Phase {
    /// The day before is closed, then policy changes: before everything else of a day.
    Midnight,
    /// A service ends and frees an officer.
    Completion,
    /// Opening, closing and shifts of a port; the end of an hour.
    Port,
    /// Somebody comes to a port.
    Presentation,
    /// The daily round.
    Round,
    /// Everything else that happens to a party.
    Life,
}

impl Phase {
    /// Whether it is one of those in which parties do what they do next.
    pub(crate) fn is_of_parties(number: u8) -> bool {
        const OF_PARTIES: u16 =
            1 << Phase::Completion as u8 | 1 << Phase::Presentation as u8 | 1 << Phase::Life as u8;
        OF_PARTIES >> number & 1 == 1
    }
}

/// An event of the border.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// The end of one day and the beginning of the next.
    Midnight,
    /// A full hour: what there was at the ports in the hour before is recorded.
    Hour,
    /// A port opens, closes or changes its shift.
    Shift { port: u8 },
    /// The daily round of the app.
    Round,
    /// What a party does next, at the place where it is kept. What it is, the party knows; the event has the number of its
    /// phase, and the rank of the party's luck: who comes first of those to whom something happens at once is a matter of chance.
    Party { phase: u8, rank: u64, index: u32 },
}

/// What happens to a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray)]
#[repr(u8)]
pub(crate) enum What {
    /// Its service at a port ends.
    ServiceEnds,
    /// The hour of its appointment has come.
    AppointmentDue,
    /// It presents itself at a port without an appointment.
    WalksUp,
    /// Its journey ends.
    JourneyEnds,
    /// It comes to the point of its journey at which Mexican enforcement may cut it short.
    Checked,
    /// Its attempt to cross takes place.
    Attempt,
    /// Its reconsideration clock rings.
    ClockRings,
    /// Its patience with the app ends.
    PatienceEnds,
    /// It decides again after an encounter, a closure or a cancelled appointment.
    Decides,
}

impl What {
    /// Everything, by its number.
    pub(crate) const ALL: &'static [Self] = Self::VARIANTS;

    /// Its place among simultaneous events.
    pub(crate) fn phase(self) -> Phase {
        match self {
            Self::ServiceEnds => Phase::Completion,
            Self::AppointmentDue | Self::WalksUp => Phase::Presentation,
            _ => Phase::Life,
        }
    }
}

const _: () = assert!(
    u32::BITS <= agenda::CODE_BITS,
    "a party's place is the code of its event"
);

impl agenda::Event for Event {
    #[inline]
    fn phase(self) -> u8 {
        match self {
            Self::Midnight => Phase::Midnight as u8,
            Self::Hour | Self::Shift { .. } => Phase::Port as u8,
            Self::Round => Phase::Round as u8,
            Self::Party { phase, .. } => phase,
        }
    }

    #[inline]
    fn rank(self) -> u64 {
        match self {
            Self::Party { rank, .. } => rank,
            _ => self.code(),
        }
    }

    #[inline]
    fn code(self) -> u64 {
        match self {
            Self::Midnight | Self::Hour | Self::Round => 0,
            // The hour strikes before the first port.
            Self::Shift { port } => u64::from(port) + 1,
            Self::Party { index, .. } => u64::from(index),
        }
    }
}

impl Event {
    /// The event of a phase in which no party does what it does next, and a code.
    pub(crate) fn of_border(phase: u8, code: u64) -> Self {
        if phase == Phase::Midnight as u8 {
            Self::Midnight
        } else if phase == Phase::Round as u8 {
            Self::Round
        } else if let Some(port) = code.checked_sub(1) {
            Self::Shift { port: port as u8 }
        } else {
            Self::Hour
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::agenda::Event as _;

    #[test]
    fn every_event_that_is_not_of_a_party_is_read_back() {
        let events = [
            Event::Midnight,
            Event::Hour,
            Event::Shift { port: 0 },
            Event::Shift { port: u8::MAX },
            Event::Round,
        ];
        for event in events {
            assert!(!Phase::is_of_parties(event.phase()), "{event:?}");
            assert_eq!(Event::of_border(event.phase(), event.code()), event);
        }
    }

    #[test]
    fn everything_that_parties_do_has_its_number_and_a_phase_of_parties() {
        for (number, what) in What::ALL.iter().enumerate() {
            assert_eq!(*what as usize, number);
            assert!(Phase::is_of_parties(what.phase() as u8), "{what:?}");
        }
    }
}
