//! The simulated agent, and the store of all that are alive.

use prefetch_index::prefetch_index;

use crate::engine::time::Time;
use crate::scenario::values::Region;

use super::decide::Channel;
use super::event::{INDEX_BITS, Rank, What};

/// Identity of a party: its group, day of arrival and ordinal that day.
///
/// It is the same party, with the same luck, in every scenario and whatever policy makes it do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PartyId(u64);

impl PartyId {
    /// Day under which the parties present at the start are numbered.
    pub(crate) const AT_START: u32 = (1 << 16) - 1;
    /// Day under which the parties with an appointment at the start are numbered.
    pub(crate) const BOOKED_AT_START: u32 = (1 << 16) - 2;

    /// The party that is number `ordinal` of the group with a code on a day.
    pub(crate) fn new(group_code: u16, day: u32, ordinal: u32) -> Self {
        debug_assert!(day < 1 << 16, "a run has at most 65,534 days");
        assert!(
            ordinal >> Rank::ORDINAL_BITS == 0,
            "more than 67 million parties of a group arrive on one day"
        );
        Self(u64::from(group_code) << 48 | u64::from(day) << 32 | u64::from(ordinal))
    }

    /// The key of the party's random draws.
    pub(crate) fn key(self) -> u64 {
        self.0
    }

    /// Its place in the order of simultaneous events, with that of its group.
    pub(crate) fn rank(self, group_rank: u8) -> Rank {
        Rank::new(group_rank, (self.0 >> 32) as u16, self.0 as u32)
    }
}

/// What a party does next, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Next(u64);

impl Next {
    /// Nothing of its own: it waits for others, or something is happening to it just now.
    pub(crate) const NOTHING: Self = Self(u64::MAX);
    const PHASE_BITS: u32 = 4;
    const WHAT_BITS: u32 = 4;

    pub(crate) fn new(at: Time, what: What) -> Self {
        Self(Self::moment(at, what.phase() as u8) << Self::WHAT_BITS | what as u64)
    }

    /// Whether it does it at a time, in a phase.
    pub(crate) fn is_at(self, at: Time, phase: u8) -> bool {
        self.0 >> Self::WHAT_BITS == Self::moment(at, phase)
    }

    fn moment(at: Time, phase: u8) -> u64 {
        at.as_millis() << Self::PHASE_BITS | u64::from(phase)
    }

    /// What it does, if anything.
    pub(crate) fn what(self) -> Option<What> {
        let number = self.0 & ((1 << Self::WHAT_BITS) - 1);
        What::ALL.get(number as usize).copied()
    }
}

/// Where a party stands in the flow: every account of the ledger that is not an exit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum State {
    /// Deciding, within one instant.
    Deciding,
    /// On the way from one region to the next.
    Travelling,
    /// Registered and without an appointment.
    Pool,
    /// Holding an appointment.
    Booked,
    /// On the way to a port without an appointment.
    WalkingUp,
    /// In the queue or in service at a port, with an appointment.
    AtPortWithAppointment,
    /// In line for admission, in the queue, or in service at a port, without an appointment.
    AtPortWalkUp,
    /// Preparing an attempt to cross.
    Preparing,
    /// Removed, returned, or taken back before an attempt, and about to decide again.
    Returning,
    /// Waiting outside the app.
    Waiting,
    /// Adapting to an app closed to it or an appointment cancelled.
    Responding,
}

impl State {
    pub(crate) const ALL: [Self; 11] = [
        Self::Deciding,
        Self::Travelling,
        Self::Pool,
        Self::Booked,
        Self::WalkingUp,
        Self::AtPortWithAppointment,
        Self::AtPortWalkUp,
        Self::Preparing,
        Self::Returning,
        Self::Waiting,
        Self::Responding,
    ];

    /// The word used in the ledger.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Deciding => "deciding",
            Self::Travelling => "travelling",
            Self::Pool => "in_pool",
            Self::Booked => "booked",
            Self::WalkingUp => "walking_up",
            Self::AtPortWithAppointment => "at_port_with_appointment",
            Self::AtPortWalkUp => "at_port_walk_up",
            Self::Preparing => "preparing_to_cross",
            Self::Returning => "returning",
            Self::Waiting => "waiting_outside_app",
            Self::Responding => "responding_to_closure",
        }
    }
}

/// A party of one or more persons who travel and decide together.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Party {
    pub(crate) id: PartyId,
    /// First registration that still counts, in milliseconds, negative before the run; if none, [`Party::UNREGISTERED`] or
    /// [`Party::OUT_OF_PATIENCE`].
    pub(crate) registered: i64,
    /// What it does next. Events on the list that differ from it were called off.
    pub(crate) next: Next,
    /// Which stay in the pool it is on, or will be on next: what refers to another one is out of date. Goes on counting
    /// when its place is used again.
    pub(crate) stay: u32,
    /// Day of its appointment.
    pub(crate) slot_day: u16,
    pub(crate) state: State,
    pub(crate) region: Region,
    pub(crate) group: u8,
    /// Persons.
    pub(crate) size: u8,
    /// Index of its class of regularity.
    pub(crate) regularity: u8,
    /// What it has chosen to do.
    pub(crate) channel: Channel,
    /// Port of its appointment or walk-up.
    pub(crate) port: u8,
    /// Encounters between ports so far, saturating.
    pub(crate) encounters: u8,
    /// How often it has drawn for each kind of occasion: keys of its luck.
    pub(crate) occasions: Occasions,
}

impl Party {
    /// No registration counts.
    pub(crate) const UNREGISTERED: i64 = i64::MIN;
    /// No registration counts, and its last decision left the app out.
    pub(crate) const OUT_OF_PATIENCE: i64 = i64::MIN + 1;

    /// Whether a registration counts.
    pub(crate) fn is_registered(&self) -> bool {
        self.registered > Self::OUT_OF_PATIENCE
    }
}

/// The last number is that of [`Next::NOTHING`].
const _: () = assert!(What::ALL.len() < 1 << Next::WHAT_BITS);

/// Memory is what bounds a large border.
const _: () = assert!(size_of::<Party>() == 48);

/// Counters of a party's occasions: the n-th decision has the same luck whenever it comes.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C)]
pub(crate) struct Occasions {
    pub(crate) decisions: u16,
    pub(crate) clocks: u16,
    pub(crate) tickets: u8,
    pub(crate) appointments: u8,
    pub(crate) visits: u8,
    pub(crate) journeys: u8,
    pub(crate) attempts: u8,
    pub(crate) responses: u8,
}

/// Takes the next number of a counter; far beyond any plausible life it starts again.
macro_rules! next_occasion {
    ($counter:expr) => {{
        let occasion = u64::from($counter);
        $counter = $counter.wrapping_add(1);
        occasion
    }};
}
pub(crate) use next_occasion;

/// The parties alive. Places are used again, so that memory follows the living and not the ever born.
#[derive(Debug, Default)]
pub(crate) struct Parties {
    /// A free place holds a party of no persons.
    slots: Vec<Party>,
    free: Vec<u32>,
}

impl Parties {
    /// Takes a party in and gives its place.
    ///
    /// # Panics
    /// If 268 million others are alive.
    pub(crate) fn insert(&mut self, mut party: Party) -> u32 {
        if let Some(index) = self.free.pop() {
            let place = &mut self.slots[index as usize];
            party.stay = place.stay;
            *place = party;
            index
        } else {
            let index = self.slots.len() as u32;
            assert!(
                index >> INDEX_BITS == 0,
                "more than 268 million parties are alive at once"
            );
            self.slots.push(party);
            index
        }
    }

    /// The most that were alive at once: a new place is made only when all are taken.
    pub(crate) fn most(&self) -> usize {
        self.slots.len()
    }

    /// Frees the place of a party that has left.
    pub(crate) fn remove(&mut self, index: u32) {
        let party = &mut self.slots[index as usize];
        debug_assert!(party.size > 0, "a party leaves once");
        debug_assert!(
            party.next == Next::NOTHING,
            "who leaves has nothing more to do"
        );
        party.size = 0;
        self.free.push(index);
    }

    /// Has the memory send a party that is needed soon. For speed only.
    #[inline]
    pub(crate) fn fetch(&self, index: u32) {
        let index = index as usize;
        prefetch_index(&self.slots, index);
        // It may lie across two lines of the cache, the second of which holds the beginning of the next.
        prefetch_index(&self.slots, index + 1);
    }

    /// The living, with their places.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Party)> {
        (0_u32..)
            .zip(&self.slots)
            .filter(|(_, party)| party.size > 0)
    }
}

impl std::ops::Index<u32> for Parties {
    type Output = Party;

    fn index(&self, index: u32) -> &Party {
        &self.slots[index as usize]
    }
}

impl std::ops::IndexMut<u32> for Parties {
    fn index_mut(&mut self, index: u32) -> &mut Party {
        &mut self.slots[index as usize]
    }
}
