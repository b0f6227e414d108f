//! What can happen, and in which order things happen that fall on the same instant.

use crate::engine::agenda;

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

impl Phase {
    /// Whether it is one of those in which parties do what they do next.
    fn is_of_parties(number: u8) -> bool {
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
    /// A full hour: port figures are taken.
    Hour,
    /// A port opens, closes or changes its shift.
    Shift { port: u8 },
    /// The daily round of the app.
    Round,
    /// The party of this ordinal of its day arrives.
    Arrival { group: u8, ordinal: u32 },
    /// What a party does next, at the place where it is kept. What it is, the party knows; the event has the number of its
    /// phase.
    Party { phase: u8, rank: Rank, index: u32 },
}

/// Place of a party among those to whom something happens at the same instant: the order of its group's code, its day of
/// arrival and its ordinal that day, in 50 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank(pub(crate) u64);

impl Rank {
    /// Bits of an ordinal: 67 million parties of a group a day.
    pub(crate) const ORDINAL_BITS: u32 = 26;
    const DAY_BITS: u32 = 16;

    /// The rank of the party that is number `ordinal` on a day, of the group with a place in the order of groups.
    pub(crate) fn new(group_rank: u8, day: u16, ordinal: u32) -> Self {
        let day = u64::from(day) << Self::ORDINAL_BITS;
        let group = u64::from(group_rank) << (Self::DAY_BITS + Self::ORDINAL_BITS);
        Self(group | day | u64::from(ordinal))
    }
}

/// What happens to a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

impl What {
    /// Everything, by its number.
    pub(crate) const ALL: [Self; 10] = [
        Self::ServiceEnds,
        Self::AppointmentDue,
        Self::AppointmentMissed,
        Self::WalksUp,
        Self::JourneyEnds,
        Self::Intercepted,
        Self::Attempt,
        Self::ClockRings,
        Self::PatienceEnds,
        Self::Decides,
    ];

    /// Its place among simultaneous events.
    pub(crate) fn phase(self) -> Phase {
        match self {
            Self::ServiceEnds => Phase::Completion,
            Self::AppointmentDue | Self::WalksUp => Phase::Presentation,
            _ => Phase::Life,
        }
    }
}

/// Bits of a party's place: 268 million alive at once.
pub(crate) const INDEX_BITS: u32 = 28;

const _: () = assert!(
    u8::BITS + Rank::DAY_BITS + Rank::ORDINAL_BITS + INDEX_BITS == agenda::CODE_BITS,
    "a party's rank and place fill the code of an event"
);

impl agenda::Event for Event {
    #[inline]
    fn phase(self) -> u8 {
        match self {
            Self::Midnight => Phase::Midnight as u8,
            Self::Hour | Self::Shift { .. } => Phase::Port as u8,
            Self::Round => Phase::Round as u8,
            Self::Arrival { .. } => Phase::Arrival as u8,
            Self::Party { phase, .. } => phase,
        }
    }

    #[inline]
    fn code(self) -> u128 {
        match self {
            Self::Midnight | Self::Hour | Self::Round => 0,
            // The hour strikes before the first port.
            Self::Shift { port } => u128::from(port) + 1,
            Self::Arrival { group, ordinal } => u128::from(group) << 32 | u128::from(ordinal),
            Self::Party { rank, index, .. } => u128::from(rank.0) << INDEX_BITS | u128::from(index),
        }
    }

    #[inline]
    fn from_code(phase: u8, code: u128) -> Self {
        if Phase::is_of_parties(phase) {
            return Self::Party {
                phase,
                rank: Rank((code >> INDEX_BITS) as u64),
                index: code as u32 & ((1 << INDEX_BITS) - 1),
            };
        }
        if phase == Phase::Arrival as u8 {
            return Self::Arrival {
                group: (code >> 32) as u8,
                ordinal: code as u32,
            };
        }
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
    fn every_event_is_read_back_from_its_number() {
        let largest = Rank::new(u8::MAX, u16::MAX, (1 << Rank::ORDINAL_BITS) - 1);
        let party = |phase: Phase, rank, index| Event::Party {
            phase: phase as u8,
            rank,
            index,
        };
        let events = [
            Event::Midnight,
            Event::Hour,
            Event::Shift { port: 0 },
            Event::Shift { port: u8::MAX },
            Event::Round,
            Event::Arrival {
                group: 7,
                ordinal: u32::MAX,
            },
            party(Phase::Completion, largest, (1 << INDEX_BITS) - 1),
            party(Phase::Presentation, Rank::new(0, 0, 0), 0),
            party(Phase::Life, Rank::new(3, 2, 1), 5),
        ];
        for event in events {
            assert!(event.code() >> agenda::CODE_BITS == 0, "{event:?}");
            assert_eq!(Event::from_code(event.phase(), event.code()), event);
        }
    }

    #[test]
    fn everything_that_parties_do_has_its_number_and_a_phase_of_parties() {
        for (number, what) in What::ALL.into_iter().enumerate() {
            assert_eq!(what as usize, number);
            assert!(Phase::is_of_parties(what.phase() as u8), "{what:?}");
        }
    }

    #[test]
    fn ranks_are_in_the_order_of_group_then_day_then_ordinal() {
        let ranks = [(0, 0, 9), (0, 1, 0), (0, 1, 1), (1, 0, 0)];
        let ranks = ranks.map(|(group, day, ordinal)| Rank::new(group, day, ordinal));
        assert!(ranks.is_sorted());
    }
}
