//! Arrivals: an inhomogeneous Poisson process for each group, a day at a time.
//!
//! Arrival `k` of a group's day is where the sum of `k + 1` keyed unit exponentials falls in the day's expected number. A
//! higher rate brings the same parties earlier, and more of them: policies and rates are compared on the same people.

use rand_distr::Distribution;
use rand_distr::weighted::WeightedAliasIndex;

use crate::engine::agenda::Agenda;
use crate::engine::time::{Span, Time};
use crate::record::{At, Count};
use crate::scenario::group::{ArrivalProcess, Group};
use crate::scenario::values::Region;

use super::border::Border;
use super::draws::{Luck, Purpose, factor_of_mean_one};
use super::event::Event;
use super::identity::PartyId;
use super::ledger::Exit;
use super::party::{Actor, Party, State};

/// The arrivals of one group.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stream {
    /// Expected parties since the start, for a fixed number a day.
    cumulative: f64,
    /// When the parties of the present day come, in order: time since midnight. Drawn together, since draws that do not wait for
    /// each other are drawn faster.
    times: Vec<Span>,
    /// Ordinal of the next to come.
    next: usize,
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
    pub(crate) fn new(group: &Group) -> Self {
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

    /// The size of the party with a luck.
    pub(crate) fn draw(&self, luck: Luck) -> u8 {
        if let [size] = self.sizes[..] {
            return size;
        }
        let mut draw = luck.draw(Purpose::PartySize, 0);
        self.sizes[self.index.sample(&mut draw)]
    }
}

impl Stream {
    /// Takes in a day with an expected number of parties and gives a whole number for it: the running sum of these stays
    /// nearest below the running sum of the expected ones.
    fn whole_parties(&mut self, expected: f64) -> f64 {
        let whole = |parties: f64| (parties + 1e-9).floor();
        let before = whole(self.cumulative);
        self.cumulative += expected;
        whole(self.cumulative) - before
    }
}

/// When the arrivals of a Poisson process come on a day with an expected number of them: the gaps are exponential.
fn poisson(expected: f64, luck: impl Fn(u32) -> Luck) -> impl Iterator<Item = Span> {
    let gaps = (0..).map(move |ordinal| luck(ordinal).draw(Purpose::ArrivalGap, 0).exponential());
    let reached = gaps.scan(0.0, |reached, gap| {
        *reached += gap;
        Some(*reached)
    });
    let shares = reached.map(move |reached| reached / expected);
    // Nobody comes on a day on which nobody is expected, whose shares of the day are infinite.
    shares
        .take_while(move |&share| expected > 0.0 && share < 1.0)
        .map(time_of_day)
}

/// Time since midnight at a share of the day below 1.
fn time_of_day(share: f64) -> Span {
    const LAST_INSTANT: Span = Span::from_millis(Span::DAY.as_millis() - 1);
    // Rounding must not push the last arrival of a day into the next.
    Span::nearest_millis(share * Span::DAY.as_millis() as f64).min(LAST_INSTANT)
}

impl Border<'_> {
    /// Works out when the parties of a day come.
    pub(super) fn begin_arrivals(&mut self, day: u32) {
        let setting = self.setting;
        for (group, of_group) in setting.groups() {
            let rate = of_group.arrival_rates[day as usize];
            let arrivals = &of_group.world.arrivals;
            let factor = if arrivals.overdispersion_cv > 0.0 {
                let block = u64::from(day / arrivals.overdispersion_days);
                let mut draw = self
                    .luck(u64::from(of_group.code))
                    .draw(Purpose::ArrivalFactor, block);
                factor_of_mean_one(arrivals.overdispersion_cv, &mut draw)
            } else {
                1.0
            };
            let (random, code) = (self.random, of_group.code);
            let stream = &mut self.streams[usize::from(group)];
            let expected = rate * factor / of_group.sizes.mean;
            stream.next = 0;
            stream.times.clear();
            match arrivals.process {
                ArrivalProcess::Poisson => {
                    let luck = |ordinal| Luck::new(random, PartyId::new(code, day, ordinal).0);
                    stream.times.extend(poisson(expected, luck));
                }
                ArrivalProcess::Fixed => {
                    let parties = stream.whole_parties(expected);
                    let places = (0..parties as u32).map(|ordinal| f64::from(ordinal) + 0.5);
                    let times = places.map(|place| time_of_day(place / parties));
                    stream.times.extend(times);
                }
            }
        }
    }

    /// Lets the parties come that come today before a time of day: each at its time, though all are taken in now.
    ///
    /// What they see changes at midnight, and the pool is looked at by a round and at midnight only, so that parties which come
    /// between two such moments need no events of their own. What else they do at once, [`Border::walk_up`] sees to.
    pub(super) fn take_in_arrivals(&mut self, before: Span, agenda: &mut Agenda<Event>) {
        let midnight = Time::from_day(self.now.day());
        let now = self.now;
        let setting = self.setting;
        for (group, _) in setting.groups() {
            let stream = &mut self.streams[usize::from(group)];
            let times = std::mem::take(&mut stream.times);
            let first = stream.next;
            let coming = times[first..].partition_point(|&time| time < before);
            stream.next += coming;
            for (ordinal, &time) in (first as u32..).zip(&times[first..first + coming]) {
                self.now = midnight + time;
                let id = self.party_id(group, now.day(), ordinal);
                self.arrive(id, group, agenda);
            }
            self.streams[usize::from(group)].times = times;
        }
        self.now = now;
    }

    /// A party of a group arrives and decides.
    fn arrive(&mut self, id: PartyId, group: u8, agenda: &mut Agenda<Event>) {
        let mut actor = self.admit(id, group, State::Deciding);
        let region = At::Region(actor.party.region);
        self.count(Count::Arrivals, &actor.party, region);
        let share = self.levers.alternative[usize::from(group)];
        if actor.luck.happens(Purpose::LawfulAlternative, 0, share) {
            self.count(Count::LawfulAlternatives, &actor.party, At::Anywhere);
            self.leave(&mut actor, Exit::LawfulAlternative);
        } else {
            self.decide(&mut actor, agenda);
        }
        self.put(&actor);
    }

    /// Takes a party in: all that it is born with comes from its identity.
    #[expect(
        clippy::inline_always,
        reason = "measured: with the others of the model, a fortieth of a replication"
    )]
    #[inline(always)]
    pub(super) fn admit(&mut self, id: PartyId, group: u8, state: State) -> Actor {
        let luck = self.luck(id.0);
        let size = self.setting.group(group).sizes.draw(luck);
        let region = self.entry_region(luck, group);
        self.ledger.arrive(state, size);
        let (index, stay) = self.parties.reserve(luck);
        let party = Party::new(stay, group, size, region, state);
        Actor { index, luck, party }
    }

    /// The region where a party enters.
    pub(super) fn entry_region(&self, luck: Luck, group: u8) -> Region {
        let entry = &self.setting.group(group).world.entry;
        // Most groups enter in one region: nothing is left to chance then.
        if entry.north >= 1.0 {
            return Region::North;
        }
        if entry.south >= 1.0 {
            return Region::South;
        }
        let position = luck.draw(Purpose::EntryRegion, 0).uniform();
        if position < entry.north {
            Region::North
        } else if position < entry.north + entry.south {
            Region::South
        } else {
            Region::Outside
        }
    }

    /// The class of regularity of a party: the same whenever it registers.
    pub(super) fn regularity(&self, luck: Luck) -> u8 {
        // The last class has what is left, whatever rounding has done to the sum of the shares.
        let [ends @ .., _] = &self.setting.regularity_ends[..] else {
            return 0;
        };
        if ends.is_empty() {
            return 0;
        }
        let position = luck.draw(Purpose::Regularity, 0).uniform();
        let passed = ends.iter().map(|&end| u8::from(end <= position));
        passed.sum()
    }
}
