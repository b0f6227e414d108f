//! Arrivals: an inhomogeneous Poisson process for each group, one event at a time.
//!
//! Arrival `k` of a group's day is where the sum of `k + 1` keyed unit exponentials falls in the day's expected number. A
//! higher rate brings the same parties earlier, and more of them: policies and rates are compared on the same people.

use rand_distr::Distribution;
use rand_distr::weighted::WeightedAliasIndex;

use crate::engine::agenda::Agenda;
use crate::engine::random::Draw;
use crate::engine::time::{Span, Time};
use crate::record::{At, Count};
use crate::scenario::group::{ArrivalProcess, Group};
use crate::scenario::values::Region;

use super::border::Border;
use super::decide::Channel;
use super::draws::{Purpose, factor_of_mean_one, span_of_millis};
use super::event::Event;
use super::ledger::Exit;
use super::party::{Party, PartyId, State};

/// The arrivals of one group on the current day.
#[derive(Debug)]
pub(crate) struct Stream {
    pub(crate) sizes: PartySizes,
    /// Parties expected today.
    expected: f64,
    /// Place of the last arrival in the expected number.
    reached: f64,
    /// Parties so far today.
    ordinal: u32,
    /// Expected parties since the start, for a fixed number a day.
    cumulative: f64,
    /// Parties today, where their number is fixed.
    fixed_today: f64,
}

/// A table of party sizes.
#[derive(Debug)]
pub(crate) struct PartySizes {
    sizes: Vec<u8>,
    index: WeightedAliasIndex<f64>,
    pub(crate) mean: f64,
}

impl PartySizes {
    /// The table of a group; the scenario has been checked to hold positive odds of whole sizes.
    fn new(group: &Group) -> Self {
        let (sizes, odds): (Vec<u8>, Vec<f64>) = group
            .party_size
            .iter()
            .filter_map(|(size, &odds)| Some((size.parse::<u8>().ok()?, odds)))
            .unzip();
        let total: f64 = odds.iter().sum();
        let mean = sizes
            .iter()
            .zip(&odds)
            .map(|(&size, odds)| f64::from(size) * odds / total)
            .sum();
        let index =
            WeightedAliasIndex::new(odds).expect("a checked scenario has odds with a positive sum");
        Self { sizes, index, mean }
    }

    /// Largest size in the table.
    pub(crate) fn largest(&self) -> u8 {
        self.sizes.iter().copied().max().unwrap_or(1)
    }

    /// Draws a size.
    pub(crate) fn draw(&self, draw: &mut Draw) -> u8 {
        self.sizes[self.index.sample(draw)]
    }
}

impl Stream {
    pub(crate) fn new(group: &Group) -> Self {
        Self {
            sizes: PartySizes::new(group),
            expected: 0.0,
            reached: 0.0,
            ordinal: 0,
            cumulative: 0.0,
            fixed_today: 0.0,
        }
    }

    /// Begins a day with an expected number of parties.
    fn begin_day(&mut self, expected: f64) {
        self.expected = expected;
        self.reached = 0.0;
        self.ordinal = 0;
        // Whole numbers whose running sum stays nearest below the running sum of the expected ones.
        let whole = |parties: f64| (parties + 1e-9).floor();
        let before = whole(self.cumulative);
        self.cumulative += expected;
        self.fixed_today = whole(self.cumulative) - before;
    }
}

/// The last millisecond of a day.
fn last_instant(day: u32) -> Time {
    Time::from_day(day) + span_of_millis(Span::DAY.as_millis() as f64 - 1.0)
}

impl Border<'_> {
    /// Begins a day of arrivals of every group.
    pub(super) fn begin_arrivals(&mut self, day: u32, agenda: &mut Agenda<Event>) {
        for group in 0..self.streams.len() as u8 {
            let rate = self.scenario.arrival_rates[usize::from(group)][day as usize];
            let arrivals = &self.groups[usize::from(group)].arrivals;
            let factor = if arrivals.overdispersion_cv > 0.0 {
                let block = u64::from(day / arrivals.overdispersion_days);
                let mut draw =
                    self.draw(u64::from(self.code(group)), Purpose::ArrivalFactor, block);
                factor_of_mean_one(arrivals.overdispersion_cv, &mut draw)
            } else {
                1.0
            };
            let stream = &mut self.streams[usize::from(group)];
            stream.begin_day(rate * factor / stream.sizes.mean);
            self.schedule_arrival(group, day, agenda);
        }
    }

    /// Puts the next arrival of a group on the agenda, if there is one left today.
    fn schedule_arrival(&mut self, group: u8, day: u32, agenda: &mut Agenda<Event>) {
        let process = self.groups[usize::from(group)].arrivals.process;
        let stream = &self.streams[usize::from(group)];
        let ordinal = stream.ordinal;
        let share_of_day = match process {
            ArrivalProcess::Poisson => {
                let key = PartyId::new(self.code(group), day, ordinal).key();
                let gap = self.draw(key, Purpose::ArrivalGap, 0).exponential();
                let stream = &mut self.streams[usize::from(group)];
                stream.reached += gap;
                stream.reached / stream.expected
            }
            ArrivalProcess::Fixed => (f64::from(ordinal) + 0.5) / stream.fixed_today,
        };
        if share_of_day < 1.0 {
            let after_midnight = span_of_millis(share_of_day * Span::DAY.as_millis() as f64);
            // Rounding must not push the last arrival of a day into the next.
            let at = (Time::from_day(day) + after_midnight).min(last_instant(day));
            agenda.schedule(at, Event::Arrival { group });
        }
    }

    /// The next party of a group arrives and decides.
    pub(super) fn arrive(&mut self, group: u8, agenda: &mut Agenda<Event>) {
        let day = self.now.day();
        let code = self.code(group);
        let stream = &mut self.streams[usize::from(group)];
        let id = PartyId::new(code, day, stream.ordinal);
        stream.ordinal += 1;
        let index = self.admit(id, group, State::Deciding);
        let party = &self.parties[index];
        let (region, size) = (party.region, party.size);
        self.count(Count::Arrivals, group, At::Region(region), size);
        let share = self.levers.alternative[usize::from(group)];
        if self.happens(id.key(), Purpose::LawfulAlternative, 0, share) {
            self.count(Count::LawfulAlternatives, group, At::Anywhere, size);
            self.leave(index, Exit::LawfulAlternative);
        } else {
            self.decide(index, agenda);
        }
        self.schedule_arrival(group, day, agenda);
    }

    /// Takes a party in: all that it is born with comes from its identity.
    pub(super) fn admit(&mut self, id: PartyId, group: u8, state: State) -> u32 {
        let key = id.key();
        let size =
            self.streams[usize::from(group)]
                .sizes
                .draw(&mut self.draw(key, Purpose::PartySize, 0));
        let region = self.entry_region(key, group);
        self.ledger.arrive(state, size);
        self.parties.insert(Party {
            id,
            registered: 0,
            timer: None,
            slot_day: 0,
            state,
            region,
            group,
            size,
            regularity: 0,
            channel: Channel::GiveUp,
            port: 0,
            keeps_registration: false,
            encounters: 0,
            occasions: super::party::Occasions::default(),
        })
    }

    /// The region where a party enters.
    pub(super) fn entry_region(&self, key: u64, group: u8) -> Region {
        let entry = &self.groups[usize::from(group)].entry;
        // Most groups enter in one region: nothing is left to chance then.
        if entry.north >= 1.0 {
            return Region::North;
        }
        if entry.south >= 1.0 {
            return Region::South;
        }
        let position = self.draw(key, Purpose::EntryRegion, 0).uniform();
        if position < entry.north {
            Region::North
        } else if position < entry.north + entry.south {
            Region::South
        } else {
            Region::Outside
        }
    }

    /// The class of regularity of a party: the same whenever it registers.
    pub(super) fn regularity(&self, key: u64) -> u8 {
        let classes = &self.scenario.world.app.regularity;
        let position = self.draw(key, Purpose::Regularity, 0).uniform();
        let mut cumulative = 0.0;
        let class = classes.iter().position(|class| {
            cumulative += class.share;
            position < cumulative
        });
        class.unwrap_or(classes.len() - 1) as u8
    }
}
