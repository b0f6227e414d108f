//! The simulated agent, and the store of all that are alive.

use prefetch_index::prefetch_index;
use strum::{IntoStaticStr, VariantArray};

use crate::engine::queue::PHASE_BITS;
use crate::engine::time::{Span, Time};
use crate::scenario::values::Region;

use super::decide::Channel;
use super::draws::Luck;
use super::event::What;

/// What a party does next, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Next(u64);

const _: () = assert!(
    Time::BITS + PHASE_BITS + Next::WHAT_BITS <= u64::BITS,
    "what a party does next is one word"
);

impl Next {
    /// Nothing of its own: it waits for others, or something is happening to it just now.
    pub(crate) const NOTHING: Self = Self(u64::MAX);
    const WHAT_BITS: u32 = 4;

    pub(crate) fn new(at: Time, what: What) -> Self {
        Self(Self::moment(at, what.phase() as u8) << Self::WHAT_BITS | what as u64)
    }

    /// Whether it does it at a time, in a phase.
    pub(crate) fn is_at(self, at: Time, phase: u8) -> bool {
        self.0 >> Self::WHAT_BITS == Self::moment(at, phase)
    }

    fn moment(at: Time, phase: u8) -> u64 {
        at.as_millis() << PHASE_BITS | u64::from(phase)
    }

    /// What it does, if anything.
    pub(crate) fn what(self) -> Option<What> {
        let number = self.0 & ((1 << Self::WHAT_BITS) - 1);
        What::ALL.get(number as usize).copied()
    }
}

/// Where a party stands in the flow: every account of the ledger that is not an exit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[repr(u8)]
pub(crate) enum State {
    /// Deciding, within one instant.
    Deciding,
    /// On the way from one region to the next.
    Travelling,
    /// Registered and without an appointment.
    #[strum(serialize = "in_pool")]
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
    #[strum(serialize = "preparing_to_cross")]
    Preparing,
    /// Removed, returned, or taken back before an attempt, and about to decide again.
    Returning,
    /// Waiting outside the app.
    #[strum(serialize = "waiting_outside_app")]
    Waiting,
    /// Adapting to an app closed to it or an appointment cancelled, or still on the way to that.
    #[strum(serialize = "responding_to_closure")]
    Responding,
}

impl State {
    pub(crate) const ALL: &'static [Self] = Self::VARIANTS;

    /// The word used in the ledger.
    pub(crate) fn name(self) -> &'static str {
        self.into()
    }
}

/// A party of one or more persons who travel and decide together.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub(crate) struct Party {
    /// First registration that still counts, in milliseconds, negative before the run; if none, [`Party::UNREGISTERED`] or
    /// [`Party::OUT_OF_PATIENCE`].
    pub(crate) registered: i64,
    /// Which stay in the pool it is on, or will be on next: what refers to another one is out of date. Goes on counting when its
    /// place is used again.
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
    /// No registration counts: it has lost patience with the app, for good.
    pub(crate) const OUT_OF_PATIENCE: i64 = i64::MIN + 1;

    /// A party that has just come.
    pub(crate) fn new(stay: u32, group: u8, size: u8, region: Region, state: State) -> Self {
        Self {
            registered: Self::UNREGISTERED,
            stay,
            slot_day: 0,
            state,
            region,
            group,
            size,
            regularity: 0,
            channel: Channel::GiveUp,
            port: 0,
            encounters: 0,
            occasions: Occasions::default(),
        }
    }

    /// Whether it has lost patience with the app, for good.
    pub(crate) fn is_out_of_patience(&self) -> bool {
        self.registered == Self::OUT_OF_PATIENCE
    }

    /// Whether a registration counts.
    pub(crate) fn is_registered(&self) -> bool {
        self.registered > Self::OUT_OF_PATIENCE
    }

    /// Time from the registration that counts to a moment. \[hours\]
    #[inline]
    pub(crate) fn hours_registered(&self, until: Time) -> f64 {
        (signed_millis(until) - self.registered) as f64 / Span::HOUR.as_millis() as f64
    }
}

/// An instant of the run as signed milliseconds, so that registrations can lie before it.
pub(crate) fn signed_millis(time: Time) -> i64 {
    time.as_millis().cast_signed()
}

/// The last number is that of [`Next::NOTHING`].
const _: () = assert!(What::ALL.len() < 1 << Next::WHAT_BITS);

/// Counters of a party's occasions: the n-th decision has the same luck whenever it comes. A counter that is full counts no further, so that
/// luck would come again: such a replication [ends](super::ModelError::Endless). Tickets and visits alone [begin again](occasion_in_turn).
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

impl Occasions {
    /// Whether a counter is full: nobody's life is that long but where a scenario sends people round in circles.
    pub(crate) fn are_used_up(&self) -> bool {
        let of_bytes = [
            self.appointments,
            self.journeys,
            self.attempts,
            self.responses,
        ];
        of_bytes.into_iter().max() == Some(u8::MAX) || self.decisions.max(self.clocks) == u16::MAX
    }
}

/// The next number of a counter that begins again after 255: the rank in a lottery, or the hour of a visit to a port, that was so many ago
/// says nothing of the one that comes.
pub(crate) fn occasion_in_turn(counter: &mut u8) -> u64 {
    let occasion = u64::from(*counter);
    *counter = counter.wrapping_add(1);
    occasion
}

/// Takes the next number of a counter.
macro_rules! next_occasion {
    ($counter:expr) => {{
        let occasion = u64::from($counter);
        $counter = $counter.saturating_add(1);
        occasion
    }};
}
pub(crate) use next_occasion;

/// A party that acts, or to whom something happens: taken out of its place, to which it goes back unless it leaves.
#[derive(Debug)]
pub(crate) struct Actor {
    /// Its place.
    pub(crate) index: u32,
    pub(crate) luck: Luck,
    pub(crate) party: Party,
}

impl Actor {
    /// Persons.
    pub(crate) fn persons(&self) -> u32 {
        u32::from(self.party.size)
    }
}

/// The parties alive, each at a place. Places are used again, so that memory follows the living and not the ever born.
#[derive(Debug, Default)]
pub(crate) struct Parties {
    places: Vec<Place>,
    free: Vec<u32>,
}

/// A place, and who is there.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(16))]
struct Place {
    /// The luck of the party, by which it is known.
    luck: Luck,
    /// What it does next. Events on the list that differ from it were called off.
    next: Next,
    /// A free place holds a party of no persons.
    party: Party,
}

/// Memory is what bounds a large border. What tells of an event that was called off lies in one line of the cache.
const _: () = assert!(size_of::<Place>() == 48);

impl Parties {
    /// A place for a party that comes, and the number of its first stay in the pool.
    ///
    /// # Panics
    /// If four thousand million others are alive.
    pub(crate) fn reserve(&mut self, luck: Luck) -> (u32, u32) {
        /// So many places are fetched before they are needed.
        const FORESEEN: usize = 8;
        let next = Next::NOTHING;
        // The place that was freed last: it may still be in the cache.
        if let Some(index) = self.free.pop() {
            if let Some(place) = self.free.len().checked_sub(FORESEEN) {
                self.fetch(self.free[place]);
            }
            let place = &mut self.places[index as usize];
            place.luck = luck;
            place.next = next;
            return (index, place.party.stay);
        }
        self.make_place(luck, next)
    }

    /// A new place, where none is free.
    #[cold]
    fn make_place(&mut self, luck: Luck, next: Next) -> (u32, u32) {
        let index = u32::try_from(self.places.len());
        let index = index.expect("fewer than four thousand million parties are alive at once");
        let nobody = Party::new(0, 0, 0, Region::North, State::Deciding);
        self.places.push(Place {
            luck,
            next,
            party: nobody,
        });
        (index, nobody.stay)
    }

    /// The most that were kept at once: a new place is made only when all are taken.
    pub(crate) fn most(&self) -> usize {
        self.places.len()
    }

    /// The party at a place, in a copy.
    #[inline]
    pub(crate) fn actor(&self, index: u32) -> Actor {
        let Place { luck, party, .. } = self.places[index as usize];
        Actor { index, luck, party }
    }

    /// Puts a party into its place.
    #[inline]
    pub(crate) fn put(&mut self, index: u32, party: Party) {
        self.places[index as usize].party = party;
    }

    /// Frees the place of a party that has left.
    pub(crate) fn free(&mut self, index: u32) {
        debug_assert!(
            self.next(index) == Next::NOTHING,
            "who leaves has nothing more to do"
        );
        self.free.push(index);
    }

    /// The luck of the party at a place.
    #[inline]
    pub(crate) fn luck(&self, index: u32) -> Luck {
        self.places[index as usize].luck
    }

    /// What the party at a place does next.
    #[inline]
    pub(crate) fn next(&self, index: u32) -> Next {
        self.places[index as usize].next
    }

    /// What the party at a place was to do next: it does it now, and nothing is next.
    #[inline]
    pub(crate) fn begin_next(&mut self, index: u32) -> Next {
        let next = &mut self.places[index as usize].next;
        std::mem::replace(next, Next::NOTHING)
    }

    /// Sets what the party at a place does next.
    #[inline]
    pub(crate) fn set_next(&mut self, index: u32, next: Next) {
        self.places[index as usize].next = next;
    }

    /// Has the memory send a party that is needed soon. For speed only.
    #[inline]
    pub(crate) fn fetch(&self, index: u32) {
        // Every other place lies across two lines of the cache: the second is that in which the next place begins.
        prefetch_index(&self.places, index as usize);
        prefetch_index(&self.places, index as usize + 1);
    }

    /// The living, with their places.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Party)> {
        (0_u32..)
            .zip(&self.places)
            .map(|(index, place)| (index, &place.party))
            .filter(|(_, party)| party.size > 0)
    }
}

impl std::ops::Index<u32> for Parties {
    type Output = Party;

    #[inline]
    fn index(&self, index: u32) -> &Party {
        &self.places[index as usize].party
    }
}
