//! Arrivals: an inhomogeneous Poisson process for each group, a day at a time.
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
use super::draws::{Luck, Purpose, factor_of_mean_one, span_of_millis};
use super::event::Event;
use super::ledger::Exit;
use super::party::{Next, Party, PartyId, State};

/// The arrivals of one group.
#[derive(Debug)]
pub(crate) struct Stream {
    pub(crate) sizes: PartySizes,
    /// Expected parties since the start, for a fixed number a day.
    cumulative: f64,
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
        if let [size] = self.sizes[..] {
            return size;
        }
        self.sizes[self.index.sample(draw)]
    }
}

impl Stream {
    pub(crate) fn new(group: &Group) -> Self {
        Self {
            sizes: PartySizes::new(group),
            cumulative: 0.0,
        }
    }

    /// Takes in a day with an expected number of parties and gives a whole number for it: the running sum of these stays
    /// nearest below the running sum of the expected ones.
    fn whole_parties(&mut self, expected: f64) -> f64 {
        let whole = |parties: f64| (parties + 1e-9).floor();
        let before = whole(self.cumulative);
        self.cumulative += expected;
        whole(self.cumulative) - before
    }
}

/// Puts an arrival on the agenda, at a share of its day below 1.
fn schedule_arrival(
    group: u8,
    day: u32,
    ordinal: u32,
    share_of_day: f64,
    agenda: &mut Agenda<Event>,
) {
    const LAST_INSTANT: Span = Span::from_millis(Span::DAY.as_millis() - 1);
    let after_midnight = span_of_millis(share_of_day * Span::DAY.as_millis() as f64);
    // Rounding must not push the last arrival of a day into the next.
    let at = Time::from_day(day) + after_midnight.min(LAST_INSTANT);
    agenda.schedule(at, Event::Arrival { group, ordinal });
}

impl Border<'_> {
    /// Puts the arrivals of a day on the agenda, if the run lasts that long: a day ahead, so that they are sorted with
    /// everything else of their hours. At most the arrivals of two days, 16 bytes each, are pending so.
    pub(super) fn schedule_arrivals(&mut self, day: u32, agenda: &mut Agenda<Event>) {
        for group in 0..self.groups.len() as u8 {
            let rates = &self.scenario.arrival_rates[usize::from(group)];
            let Some(&rate) = rates.get(day as usize) else {
                return;
            };
            let arrivals = &self.groups[usize::from(group)].arrivals;
            let factor = if arrivals.overdispersion_cv > 0.0 {
                let block = u64::from(day / arrivals.overdispersion_days);
                let mut draw = self
                    .luck(u64::from(self.code(group)))
                    .draw(Purpose::ArrivalFactor, block);
                factor_of_mean_one(arrivals.overdispersion_cv, &mut draw)
            } else {
                1.0
            };
            let process = arrivals.process;
            let stream = &mut self.streams[usize::from(group)];
            let expected = rate * factor / stream.sizes.mean;
            match process {
                ArrivalProcess::Poisson => self.schedule_poisson(group, day, expected, agenda),
                ArrivalProcess::Fixed => {
                    let parties = stream.whole_parties(expected);
                    for ordinal in 0..parties as u32 {
                        let share_of_day = (f64::from(ordinal) + 0.5) / parties;
                        schedule_arrival(group, day, ordinal, share_of_day, agenda);
                    }
                }
            }
        }
    }

    /// A Poisson process on a day with an expected number of parties: the gaps are exponential.
    fn schedule_poisson(&self, group: u8, day: u32, expected: f64, agenda: &mut Agenda<Event>) {
        let mut reached = 0.0;
        for ordinal in 0.. {
            let key = PartyId::new(self.code(group), day, ordinal).key();
            reached += self.luck(key).draw(Purpose::ArrivalGap, 0).exponential();
            let share_of_day = reached / expected;
            // Nobody comes on a day on which nobody is expected, whose share of the day is infinite.
            if share_of_day >= 1.0 {
                return;
            }
            schedule_arrival(group, day, ordinal, share_of_day, agenda);
        }
    }

    /// A party of a group arrives and decides.
    pub(super) fn arrive(&mut self, group: u8, ordinal: u32, agenda: &mut Agenda<Event>) {
        let id = PartyId::new(self.code(group), self.now.day(), ordinal);
        let index = self.admit(id, group, State::Deciding);
        let party = &self.parties[index];
        let (region, size) = (party.region, party.size);
        self.count(Count::Arrivals, group, At::Region(region), size);
        let share = self.levers.alternative[usize::from(group)];
        if self
            .luck(id.key())
            .happens(Purpose::LawfulAlternative, 0, share)
        {
            self.count(Count::LawfulAlternatives, group, At::Anywhere, size);
            self.leave(index, Exit::LawfulAlternative);
        } else {
            self.decide(index, agenda);
        }
    }

    /// Takes a party in: all that it is born with comes from its identity.
    pub(super) fn admit(&mut self, id: PartyId, group: u8, state: State) -> u32 {
        let luck = self.luck(id.key());
        let size = self.streams[usize::from(group)]
            .sizes
            .draw(&mut luck.draw(Purpose::PartySize, 0));
        let region = self.entry_region(luck, group);
        self.ledger.arrive(state, size);
        self.parties.insert(Party {
            id,
            registered: Party::UNREGISTERED,
            next: Next::NOTHING,
            stay: 0,
            slot_day: 0,
            state,
            region,
            group,
            size,
            regularity: 0,
            channel: Channel::GiveUp,
            port: 0,
            encounters: 0,
            occasions: super::party::Occasions::default(),
        })
    }

    /// The region where a party enters.
    pub(super) fn entry_region(&self, luck: Luck, group: u8) -> Region {
        let entry = &self.groups[usize::from(group)].entry;
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
        let classes = &self.scenario.world.app.regularity;
        if classes.len() == 1 {
            return 0;
        }
        let position = luck.draw(Purpose::Regularity, 0).uniform();
        let mut cumulative = 0.0;
        let class = classes.iter().position(|class| {
            cumulative += class.share;
            position < cumulative
        });
        class.unwrap_or(classes.len() - 1) as u8
    }
}
