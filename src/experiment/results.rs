//! What an experiment knows after its replications.

pub(super) mod bands;
mod beginnings;
pub mod crossover;
pub mod goals;
mod nests;
pub mod observed;
pub mod warmup;

use std::num::NonZeroU32;

use super::tasks::Outcome;
use super::tasks::failure::Failure;
use crate::record::{Key, Layout, Metric, Observations};
use crate::stats::{
    CentralShare, Components, ConfidenceInterval, Estimate, Level, Moments, QuantileBand,
};
use bands::Bands;
use beginnings::Beginnings;
use crossover::{Crossover, Crossovers, ports_exceed};
use goals::{Goals, Standing};
use nests::Nests;

/// Estimates over replications, for every key of a layout.
///
/// With futures, a future is what counts: the mean over its replications. Bands and shares are those of single replications.
#[derive(Debug, Clone, PartialEq)]
pub struct Results {
    layout: Layout,
    level: Level,
    moments: Vec<Moments>,
    bands: Bands,
    crossovers: Crossovers,
    beginnings: Beginnings,
    goals: Option<Goals>,
    /// Replications in their futures; `None` without futures.
    nests: Option<Nests>,
    replications: u32,
    failures: Vec<Failure>,
}

impl Results {
    /// Results without a replication.
    #[must_use]
    pub fn new(layout: Layout, level: Level) -> Self {
        Self {
            moments: vec![Moments::default(); layout.keys().len()],
            bands: Bands::new(&layout, CentralShare::USUAL),
            crossovers: Crossovers::new(&layout),
            beginnings: Beginnings::new(&layout),
            layout,
            level,
            goals: None,
            nests: None,
            replications: 0,
            failures: Vec::new(),
        }
    }

    /// Results that are made for goals.
    #[must_use]
    pub fn with_goals(self, goals: Option<Goals>) -> Self {
        Self { goals, ..self }
    }

    /// Results whose bands hold another share of the replications than 90%; before the first replication.
    #[must_use]
    pub fn with_band(self, share: CentralShare) -> Self {
        if share == self.bands.share() {
            return self;
        }
        let bands = Bands::new(&self.layout, share);
        Self { bands, ..self }
    }

    /// Results of futures of so many replications, one after the other; before the first replication.
    #[must_use]
    pub fn in_futures(self, replications: NonZeroU32) -> Self {
        let nests = Nests::new(replications, self.moments.len());
        Self {
            nests: Some(nests),
            beginnings: self.beginnings.in_futures(replications),
            ..self
        }
    }

    /// Adds a replication; the last bits of the means depend on the order.
    pub fn add(&mut self, observations: &Observations) {
        for (moments, value) in self.moments.iter_mut().zip(&observations.values) {
            if let Some(value) = *value {
                moments.add(value);
            }
        }
        self.bands.add(&observations.values);
        self.crossovers.add(&observations.values);
        self.beginnings.add(&observations.values);
        self.replications += 1;
        if let Some(nests) = &mut self.nests {
            nests.add(&observations.values);
        }
        self.end_future();
    }

    /// Ends the future under way, where its last replication is merged or has failed; without futures each replication stands alone.
    fn end_future(&mut self) {
        let made = self.made();
        self.beginnings.made(made);
        let has_ended = match &mut self.nests {
            Some(nests) => nests.made(made),
            None => true,
        };
        if has_ended {
            self.bands.end_group();
        }
    }

    /// Adds the outcome of a replication. One that failed is in no figure and named among the [`failures`](Self::failures).
    pub fn take(&mut self, seed: u64, replication: u32, outcome: Outcome) {
        self.failures
            .extend(Failure::of(&outcome, seed, replication));
        match outcome {
            Ok(observations) => self.add(&observations),
            Err(_) => self.end_future(),
        }
    }

    /// What the results are of.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Confidence level of the intervals.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// Replications merged, failed ones not counted.
    #[must_use]
    pub fn replications(&self) -> u32 {
        self.replications
    }

    /// Replications of each future; `None` without futures.
    #[must_use]
    pub fn replications_per_future(&self) -> Option<NonZeroU32> {
        Some(self.nests.as_ref()?.each)
    }

    /// Futures of which a replication was merged, the one that was stopped in included; `None` without futures.
    #[must_use]
    pub fn futures(&self) -> Option<u32> {
        Some(self.nests.as_ref()?.known())
    }

    /// Futures with a replication that was merged or failed; `None` without futures.
    #[must_use]
    pub fn futures_begun(&self) -> Option<u32> {
        let each = self.replications_per_future()?;
        Some(self.made().div_ceil(each.get()))
    }

    /// The variance of a single replication, taken apart: between futures, by what is uncertain; within them, by chance. `None` without
    /// futures, with fewer than two of them, and with one replication of each.
    #[must_use]
    pub fn components(&self, key: Key) -> Option<Components> {
        let nests = self.nests.as_ref()?;
        nests.at(self.layout.position(key)?).components()
    }

    /// Replications that came to nothing, in order.
    #[must_use]
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// What the results are made for.
    #[must_use]
    pub fn goals(&self) -> Option<&Goals> {
        self.goals.as_ref()
    }

    /// Whether every goal is reached; never without goals.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        let goals = self.goals.as_ref();
        goals.is_some_and(|goals| goals.reached(self.made(), |key| self.moments(key)))
    }

    /// Estimate of the replications that the goals need in all; `None` without goals, and while nothing can be said.
    #[must_use]
    pub fn needed(&self) -> Option<u32> {
        let goals = self.goals.as_ref()?;
        goals.needed(self.made(), |key| self.moments(key))
    }

    /// How each goal stands.
    pub fn standings(&self) -> impl Iterator<Item = Standing<'_>> {
        let goals = self.goals.iter();
        goals.flat_map(|goals| goals.standings(None, |key| self.moments(key)))
    }

    /// Replications merged or failed.
    fn made(&self) -> u32 {
        self.replications + self.failures.len() as u32
    }

    fn moments(&self, key: Key) -> Option<&Moments> {
        Some(&self.moments[self.layout.position(key)?])
    }

    /// The estimate for a key; `None` where it is not observed, or where no replication has a value.
    #[must_use]
    pub fn estimate(&self, key: Key) -> Option<Estimate> {
        self.estimate_at(self.layout.position(key)?)
    }

    /// The share of single replications that a band holds.
    #[must_use]
    pub fn central_share(&self) -> CentralShare {
        self.bands.share()
    }

    /// Where the central share of single replications lies; `None` for days and details, and for too few replications or, if there are any, futures (90% need 19).
    #[must_use]
    pub fn band(&self, key: Key) -> Option<QuantileBand> {
        self.bands.at(self.layout.position(key)?)
    }

    /// Every figure that has a band once there are replications enough, in the order of results, with how many have a value.
    pub fn bands(&self) -> impl Iterator<Item = (Key, u32, Option<QuantileBand>)> {
        let positions = self.bands.positions();
        positions.map(|position| {
            let n = self.moments[position].n();
            (self.layout.keys()[position], n, self.bands.at(position))
        })
    }

    /// The month in which a metric's interval is widest, with its estimate; `None` where there are no intervals.
    #[must_use]
    pub fn least_certain_month(
        &self,
        metric: Metric,
    ) -> Option<(u32, Estimate, ConfidenceInterval)> {
        self.layout
            .months()
            .filter_map(|month| {
                let estimate = self.estimate(Key::of_month(month, metric))?;
                Some((month, estimate, estimate.interval?))
            })
            .max_by(|(_, _, one), (_, _, other)| one.half_width().total_cmp(&other.half_width()))
    }

    /// Every key with its estimate, in the order of results.
    pub fn estimates(&self) -> impl Iterator<Item = (Key, Option<Estimate>)> {
        let keys = self.layout.keys().iter().enumerate();
        keys.map(|(position, &key)| (key, self.estimate_at(position)))
    }

    /// The first month in which, in the means, encounters at ports exceed those between ports.
    #[must_use]
    pub fn crossover(&self) -> Option<Crossover> {
        let exceed = |month| self.ports_exceed(month) == Some(true);
        self.crossovers.first(self.replications, exceed)
    }

    /// Whether port encounters exceed irregular ones in the means of a month; `None` without replications.
    fn ports_exceed(&self, month: u32) -> Option<bool> {
        ports_exceed(|metric| Some(self.estimate(Key::of_month(month, metric))?.mean))
    }

    fn estimate_at(&self, position: usize) -> Option<Estimate> {
        match &self.nests {
            Some(nests) => nests.at(position).grand_mean(self.level),
            None => Estimate::of(&self.moments[position], self.level),
        }
    }
}
