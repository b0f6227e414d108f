//! Scenarios on the same people: what each variant does that the base does not.

pub mod best;
pub mod objective;
mod own;
pub mod regrets;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use super::results::bands::Bands;
use super::results::goals::{Goals, Standing};
use super::tasks::Outcome;
use super::tasks::failure::Failure;
use crate::record::{Key, Layout, Observations, Period, Place};
use crate::stats::{
    CentralShare, Level, Moments, Nested, NestedPairs, NoShareInterval, Paired, QuantileBand,
};

pub use own::Own;

/// A base and its variants, replication by replication on the same people.
///
/// With futures, a future is what counts as a pair: the means over its replications. What nobody knows about the world differs
/// between futures only, so n replications of each are n views of one draw of it, not n draws. Bands are those of single replications.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    base: Layout,
    variants: Vec<Side>,
    level: Level,
    band: CentralShare,
    seed: u64,
    goals: Option<Goals>,
    /// Of the scenarios of the replication under way.
    under_way: Vec<Outcome>,
    replications: u32,
    /// Replications of each future.
    each: Option<NonZeroU32>,
    /// With the place of the scenario: first the base, then the variants.
    failures: Vec<(usize, Failure)>,
}

/// A variant beside the base.
#[derive(Debug, Clone, PartialEq)]
struct Side {
    name: String,
    /// Where the base's keys are among the variant's.
    positions: Vec<Option<usize>>,
    /// Groups and ports that the base lacks.
    added: Vec<String>,
    /// Of the base, then of the variant.
    own: [Own; 2],
    pairs: Vec<Paired>,
    /// Whether a replication of the two has a value on one side only, figure by figure.
    one_sided: Vec<bool>,
    /// Of the differences of single replications.
    bands: Bands,
    /// Base and variant, figure by figure, of the replications of the unit under way.
    under_way: Vec<Vec<[Option<f64>; 2]>>,
    /// Replications nested in futures; empty without futures.
    nested: Vec<NestedPairs>,
    /// Units that are compared: replications, or futures where there are futures.
    compared: u32,
}

/// What a variant does to one figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference<'a> {
    /// Name of the variant.
    pub variant: &'a str,
    /// The figure, by the base's layout.
    pub key: Key,
    /// Both sides and their difference; a pair is a future where there are futures, and else a replication.
    pub paired: &'a Paired,
    /// The replications in their futures; `None` without futures.
    pub nested: Option<&'a NestedPairs>,
    /// Where the difference of single replications lies; `None` for details, days, and from too few.
    pub band: Option<QuantileBand>,
}

impl Difference<'_> {
    /// Share of the variance of one replication that lies between futures: the world's, and not chance.
    ///
    /// Of the difference, of the base or of the variant; `None` without futures, with fewer than two of them, with one replication
    /// of each, and where nothing varies.
    #[must_use]
    pub fn world_share(&self, of: fn(&NestedPairs) -> &Nested) -> Option<f64> {
        of(self.nested?).components()?.between_share()
    }

    /// Where that share lies, at this level, or why that is not told; `None` where the share is not known.
    #[must_use]
    pub fn world_share_interval(
        &self,
        of: fn(&NestedPairs) -> &Nested,
        level: Level,
    ) -> Option<Result<[f64; 2], NoShareInterval>> {
        Some(of(self.nested?).components()?.share_interval(level))
    }
}

/// Scenarios that cannot be set beside each other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{variant}` runs from {its}; the base from {bases}: only scenarios of the same days can be compared; set `run.start`, `run.end` and `run.warmup_days`"
)]
pub struct OtherDays {
    variant: String,
    its: String,
    bases: String,
}

/// Whether variants can be set beside a base.
///
/// # Errors
/// A variant that simulates other days than the base, warm-up included.
pub fn same_days<'a>(
    base: &Layout,
    variants: impl IntoIterator<Item = (&'a String, &'a Layout)>,
) -> Result<(), OtherDays> {
    let bases = days(base);
    let mut variants = variants
        .into_iter()
        .map(|(name, layout)| (name, days(layout)));
    match variants.find(|(_, its)| *its != bases) {
        Some((name, its)) => Err(OtherDays {
            variant: name.clone(),
            its,
            bases,
        }),
        None => Ok(()),
    }
}

impl Comparison {
    /// Nothing compared yet.
    ///
    /// # Errors
    /// A variant that simulates other days than the base, warm-up included.
    pub fn new(
        base: Layout,
        variants: &[(String, Layout)],
        level: Level,
        seed: u64,
    ) -> Result<Self, OtherDays> {
        same_days(&base, variants.iter().map(|(name, layout)| (name, layout)))?;
        let side = |(name, layout): &(String, Layout)| Side {
            name: name.clone(),
            positions: positions(&base, layout),
            added: added(&base, layout),
            own: [&base, layout].map(Own::of),
            pairs: vec![Paired::default(); base.keys().len()],
            one_sided: vec![false; base.keys().len()],
            bands: Bands::new(&base, CentralShare::USUAL),
            under_way: Vec::new(),
            nested: Vec::new(),
            compared: 0,
        };
        Ok(Self {
            variants: variants.iter().map(side).collect(),
            base,
            level,
            band: CentralShare::USUAL,
            seed,
            goals: None,
            under_way: Vec::new(),
            replications: 0,
            each: None,
            failures: Vec::new(),
        })
    }

    /// The same in futures of so many replications, one future after the other.
    #[must_use]
    pub fn in_futures(mut self, replications: NonZeroU32) -> Self {
        self.each = Some(replications);
        for side in &mut self.variants {
            side.nested = vec![NestedPairs::default(); side.pairs.len()];
        }
        self
    }

    /// A comparison whose bands hold another share of the replications than 90%; before the first replication.
    #[must_use]
    pub fn with_band(mut self, share: CentralShare) -> Self {
        for side in &mut self.variants {
            side.bands = Bands::new(&self.base, share);
        }
        self.band = share;
        self
    }

    /// A comparison that is made for goals: each is about the difference that every variant makes.
    #[must_use]
    pub fn with_goals(self, goals: Option<Goals>) -> Self {
        Self { goals, ..self }
    }

    /// What the comparison is made for.
    #[must_use]
    pub fn goals(&self) -> Option<&Goals> {
        self.goals.as_ref()
    }

    /// Whether the differences of every variant reach every goal, asked when a replication is complete; never without goals.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.goals.as_ref().is_some_and(|goals| {
            let reached = |side| goals.reached(self.replications, |key| self.moments(side, key));
            self.variants.iter().all(reached)
        })
    }

    /// Estimate of the replications that the goals need in all; `None` without goals, and while nothing can be said.
    #[must_use]
    pub fn needed(&self) -> Option<u32> {
        let goals = self.goals.as_ref()?;
        let needed = |side| goals.needed(self.replications, |key| self.moments(side, key));
        let needed: Option<Vec<u32>> = self.variants.iter().map(needed).collect();
        needed?.into_iter().max()
    }

    /// How each goal stands for each variant.
    pub fn standings(&self) -> impl Iterator<Item = Standing<'_>> {
        let sides = self.variants.iter();
        sides.flat_map(move |side| {
            let goals = self.goals.iter();
            goals.flat_map(move |goals| {
                goals.standings(Some(side.name.as_str()), move |key| self.moments(side, key))
            })
        })
    }

    /// The first variant and figure of a goal that cannot be compared.
    #[must_use]
    pub fn not_compared(&self) -> Option<(&str, &str)> {
        let goals = self.goals.as_ref()?;
        self.variants.iter().find_map(|side| {
            let missing = goals
                .iter()
                .find(|goal| self.moments(side, goal.key).is_none())?;
            Some((side.name.as_str(), missing.figure.as_str()))
        })
    }

    /// The differences that a variant makes to a figure.
    fn moments<'a>(&self, side: &'a Side, key: Key) -> Option<&'a Moments> {
        let position = self.base.position(key)?;
        side.positions[position].map(|_| side.pairs[position].difference())
    }

    /// Scenarios of a replication: the base and its variants.
    fn scenarios(&self) -> u32 {
        1 + self.variants.len() as u32
    }

    /// Takes the outcome of a scenario in the replication under way: first the base's, then the variants' in their order.
    ///
    /// Where one failed, its pairs of that replication are missing, and those of the other variants are not. A replication that is
    /// not finished is in no figure.
    pub fn take(&mut self, outcome: Outcome) {
        self.under_way.push(outcome);
        if self.under_way.len() == self.scenarios() as usize {
            let outcomes = std::mem::take(&mut self.under_way);
            for (scenario, outcome) in outcomes.iter().enumerate() {
                let failure = Failure::of(outcome, self.seed, self.replications);
                self.failures
                    .extend(failure.map(|failure| (scenario, failure)));
            }
            if let Ok(base) = &outcomes[0] {
                for (side, outcome) in self.variants.iter_mut().zip(&outcomes[1..]) {
                    if let Ok(variant) = outcome {
                        side.add(base, variant);
                    }
                }
            }
            self.replications += 1;
            if (self.each).is_none_or(|each| self.replications % each == 0) {
                self.variants.iter_mut().for_each(Side::end_unit);
            }
        }
    }

    /// Replications compared, failed ones included.
    #[must_use]
    pub fn replications(&self) -> u32 {
        self.replications
    }

    /// Replications of each future; `None` without futures.
    #[must_use]
    pub fn replications_per_future(&self) -> Option<NonZeroU32> {
        self.each
    }

    /// Futures made, each with all of its replications, failed ones included; `None` without futures. One that was not finished is in no
    /// figure.
    #[must_use]
    pub fn futures(&self) -> Option<u32> {
        self.each.map(|each| self.replications / each)
    }

    /// Replications - futures, where there are futures - of which a variant, by its place, and the base both came to something: as many
    /// as its differences can rest on.
    #[must_use]
    pub fn compared(&self, variant: usize) -> u32 {
        self.variants[variant].compared
    }

    /// Simulations that came to nothing, in order, each with the name of its variant; `None` is the base.
    pub fn failures(&self) -> impl Iterator<Item = (Option<&str>, &Failure)> {
        let name = |scenario: &usize| Some(self.variants[scenario.checked_sub(1)?].name.as_str());
        let failures = self.failures.iter();
        failures.map(move |(scenario, failure)| (name(scenario), failure))
    }

    /// Confidence level of the intervals.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// Share of the replications that bands hold.
    #[must_use]
    pub fn band_share(&self) -> CentralShare {
        self.band
    }

    /// What the figures are, by the base.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.base
    }

    /// Names of the variants.
    #[must_use]
    pub fn variants(&self) -> impl ExactSizeIterator<Item = &str> {
        self.variants.iter().map(|side| side.name.as_str())
    }

    /// What a variant, by its place, does to a figure; `None` where one of the two does not observe it.
    #[must_use]
    pub fn difference(&self, variant: usize, key: Key) -> Option<Difference<'_>> {
        let side = &self.variants[variant];
        let position = self.base.position(key)?;
        side.positions[position].map(|_| Difference {
            variant: &side.name,
            key,
            paired: &side.pairs[position],
            nested: side.nested.get(position),
            band: side.bands.at(position),
        })
    }

    /// Whether in some replication one of a pair, of the base and a variant, has a figure that the other has not.
    #[must_use]
    pub fn is_one_sided(&self, variant: usize, key: Key) -> bool {
        (self.base.position(key)).is_some_and(|position| self.variants[variant].one_sided[position])
    }

    /// What every variant does to every figure, in the order of results.
    pub fn differences(&self) -> impl Iterator<Item = Difference<'_>> {
        (0..self.variants.len()).flat_map(move |variant| {
            let keys = self.base.keys().iter();
            keys.filter_map(move |&key| self.difference(variant, key))
        })
    }

    /// The first month with a replication in which a variant differs from the base in any figure, or has one that the other has not.
    #[must_use]
    pub fn first_month(&self, variant: usize) -> Option<u32> {
        let side = &self.variants[variant];
        let keys = self.base.keys().iter().zip(&side.pairs);
        let months = keys
            .zip(&side.one_sided)
            .filter_map(|((key, paired), one_sided)| match key.period {
                Period::Month(month) if paired.ever_differs() || *one_sided => Some(month),
                _ => None,
            });
        months.min()
    }

    /// Ids of groups and ports of the base that a variant lacks.
    #[must_use]
    pub fn missing(&self, variant: usize) -> Vec<&str> {
        let side = &self.variants[variant];
        let keys = self.base.keys().iter().zip(&side.positions);
        let mut missing: Vec<&str> = keys
            .filter(|(key, position)| position.is_none() && is_compared(key.place))
            .map(|(key, _)| self.base.id(key.place))
            .collect();
        missing.sort_unstable();
        missing.dedup();
        missing
    }

    /// What the base, and what a variant, has at its ports and triggers where the two are compared.
    #[must_use]
    pub fn own(&self, variant: usize) -> &[Own; 2] {
        &self.variants[variant].own
    }

    /// Ids of groups and ports of a variant that the base lacks.
    #[must_use]
    pub fn added(&self, variant: usize) -> &[String] {
        &self.variants[variant].added
    }
}

impl Side {
    fn add(&mut self, base: &Observations, variant: &Observations) {
        let pair = |(position, base): (&Option<usize>, &Option<f64>)| match *position {
            Some(position) => [*base, variant.values[position]],
            None => [None; 2],
        };
        let pairs = self.positions.iter().zip(&base.values).map(pair);
        self.under_way.push(pairs.collect());
        for (own, of) in self.own.iter_mut().zip([base, variant]) {
            own.add(&of.values);
        }
    }

    /// Takes the replications of a unit, once all of them are there: a future of which a part is missing is in no figure.
    fn end_unit(&mut self) {
        self.compared += u32::from(!self.under_way.is_empty());
        self.own.iter_mut().for_each(Own::end_unit);
        for pairs in self.under_way.drain(..) {
            let mut differences = vec![None; pairs.len()];
            for (place, [base, variant]) in pairs.into_iter().enumerate() {
                self.one_sided[place] |= base.is_some() != variant.is_some();
                if let (Some(base), Some(variant)) = (base, variant) {
                    differences[place] = Some(variant - base);
                    match self.nested.get_mut(place) {
                        Some(nested) => nested.add(base, variant),
                        None => self.pairs[place].add(base, variant),
                    }
                }
            }
            self.bands.add(&differences);
        }
        self.bands.end_group();
        for (pair, nested) in self.pairs.iter_mut().zip(&mut self.nested) {
            pair.add_group(&nested.end_future());
        }
    }
}

/// Where the keys of one layout are in another, by the names of groups and ports.
fn positions(of: &Layout, among: &Layout) -> Vec<Option<usize>> {
    let name = |layout: &Layout, key: &Key| {
        let id = layout.id(key.place).to_owned();
        let hour = match key.place {
            Place::PortHour(_, hour) => Some(hour),
            _ => None,
        };
        (key.period, key.metric, key.place.dimension(), id, hour)
    };
    let keys = among.keys().iter().enumerate();
    let named: BTreeMap<_, _> = keys
        .map(|(position, key)| (name(among, key), position))
        .collect();
    let keys = of.keys().iter();
    keys.map(|key| named.get(&name(of, key)).copied()).collect()
}

/// Whether scenarios that do not share a place are not compared there. A trigger is what one of them has and the other has not.
fn is_compared(place: Place) -> bool {
    !matches!(place, Place::Trigger(_))
}

/// Ids of the groups and ports of a layout that the base's lacks.
fn added(base: &Layout, layout: &Layout) -> Vec<String> {
    let named = |layout: &Layout| -> BTreeSet<(&'static str, String)> {
        let places = layout.keys().iter().map(|key| key.place);
        let places = places.filter(|&place| is_compared(place));
        let names = places.map(|place| (place.dimension(), layout.id(place).to_owned()));
        names.collect()
    };
    let ids = &named(layout) - &named(base);
    ids.into_iter().map(|(_, id)| id).collect()
}

fn days(layout: &Layout) -> String {
    let calendar = layout.calendar();
    let first = calendar.date(calendar.warmup_days());
    let last = calendar.date(calendar.days().saturating_sub(1));
    // People are known by the day on which they come, counted from the beginning of the warm-up.
    match calendar.date(0) {
        begin if begin == first => format!("{first} to {last}"),
        begin => format!("{first} to {last}, warm-up from {begin}"),
    }
}

#[cfg(test)]
mod tests;
