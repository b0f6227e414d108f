//! Whether the warm-up of a run that should be in a steady state is too short, as far as its replications show.
//!
//! Of each watched series the mean of the first blocks of the record is compared with that of the others, replication by replication, by Student's t at
//! every [cut](Contrast), and all cuts of all series together err with 5% at most ([Bonferroni](simultaneous)). Nothing in this says that a warm-up is long enough: a
//! transient may be too small for the number of replications, lie in what is not watched, or be one of scatter and not of the mean.

use super::Results;
use super::beginnings::{Beginnings, Series};
use crate::record::Metric;
use crate::scenario::Cycle;
use crate::stats::{Contrast, Estimate, Level, Nested, simultaneous};

/// How sure the verdicts of all series together are.
const LEVEL: Level = Level::USUAL;

/// What the beginnings of the series of a run show in which nothing changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warmup {
    /// Days simulated before the record begins. \[days\]
    pub days: u32,
    /// Replications behind it.
    pub replications: u32,
    /// Each series that varies over its record: the others tell nothing.
    pub series: Vec<Beginning>,
}

/// How the record of a series begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beginning {
    /// The pool, persons in the queues at all ports together, appointments processed, port or irregular encounters by day; mean waits by month.
    pub metric: Metric,
    /// What that means.
    pub verdict: Verdict,
}

/// What a beginning means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// A single replication does not tell.
    Untold,
    /// No cut shows a difference.
    NothingShown,
    /// Its first days are not like the others.
    TooShort {
        /// Those after which nothing is shown any more. \[days\]
        by: u32,
    },
    /// Neither is what follows the first half like the rest: there is a drift up to the end.
    NotSettled,
}

impl Warmup {
    /// What the replications show; `None` without any, for a record of less than seven weeks, and where nothing varies.
    ///
    /// It means something only for a [cycle after which all is expected to be the same](crate::scenario::Scenario::steady_cycle). Where that is a week,
    /// months, which have more and less of each weekday, are not looked at. It is asked of the futures that there are: chance is what replications of
    /// the same future differ by, or, where each has a single one, what futures do.
    #[must_use]
    pub fn of(results: &Results, cycle: Cycle) -> Option<Self> {
        let series = verdicts(&results.beginnings, cycle);
        (!series.is_empty()).then(|| Self {
            days: results.layout().calendar().warmup_days(),
            replications: results.replications(),
            series,
        })
    }

    /// The series that asks for most, the first of equals.
    #[must_use]
    pub fn worst(&self) -> Option<Beginning> {
        let series = self.series.iter().rev().copied();
        series.max_by_key(|beginning| beginning.verdict)
    }
}

fn verdicts(beginnings: &Beginnings, cycle: Cycle) -> Vec<Beginning> {
    let is_told = |(series, differences): &(&Series, Vec<Nested>)| {
        series.has_whole(cycle) && differences.iter().any(varies)
    };
    let series: Vec<_> = beginnings.series().filter(is_told).collect();
    let verdict = |(own, differences): &(&Series, Vec<Nested>)| Beginning {
        metric: own.metric,
        verdict: verdict(own, differences, series.len()),
    };
    series.iter().map(verdict).collect()
}

/// A difference, and how far chance alone may move it.
fn estimate(difference: &Nested, level: Level) -> Option<Estimate> {
    (difference.mean_of_these(level)).or_else(|| difference.grand_mean(level))
}

/// Whether a difference is anything but 0 in some replication.
fn varies(difference: &Nested) -> bool {
    let estimate = estimate(difference, LEVEL);
    estimate.is_some_and(|estimate| {
        let interval = estimate.interval;
        estimate.mean.abs() > 0.0 || interval.is_some_and(|interval| interval.half_width() > 0.0)
    })
}

/// Blocks are dropped from the beginning until nothing is shown in the rest. Each step is taken only where the one before showed something, so that each may
/// err as often as all of them together (Marcus, Peritz & Gabriel 1976, doi:10.1093/biomet/63.3.655).
fn verdict(series: &Series, differences: &[Nested], of_series: usize) -> Verdict {
    if differences
        .iter()
        .all(|difference| estimate(difference, LEVEL).is_none_or(|it| it.n < 2))
    {
        return Verdict::Untold;
    }
    let contrasts: Vec<_> = series.contrasts().zip(differences).collect();
    let mut steps = contrasts.chunk_by(|(one, _), (other, _)| one.from == other.from);
    let shows = |step: &[(Contrast, &Nested)]| {
        let level = simultaneous(LEVEL, step.len() * of_series);
        step.iter()
            .any(|&(contrast, difference)| is_shown(series, contrast, difference, level))
    };
    match steps.position(|step| !shows(step)) {
        Some(0) => Verdict::NothingShown,
        Some(dropped) => Verdict::TooShort {
            by: series.days_before(dropped),
        },
        None => Verdict::NotSettled,
    }
}

/// Whether a difference leaves no doubt about its sign. Of a count, one person more or less before the cut and after is none: so much comes of what is spread evenly
/// over days in whole persons, such as 12.5 places a day.
fn is_shown(series: &Series, contrast: Contrast, difference: &Nested, level: Level) -> bool {
    let whole_persons = match series.metric {
        Metric::Count(_) | Metric::PortEncounters => {
            let days = series.days_apart(contrast);
            days.map(|days| 1.0 / f64::from(days)).iter().sum()
        }
        _ => 0.0,
    };
    let Some(estimate) = estimate(difference, level) else {
        return false;
    };
    let interval = estimate.interval;
    interval.is_some_and(|it| it.excludes_zero()) && estimate.mean.abs() > whole_persons
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;
    use crate::engine::Streams;

    const DAYS: u32 = 366;

    /// What is shown of so many replications of a pool, whose days a function makes; one of so many varying series.
    fn shown(replications: u32, of_series: usize, day: impl Fn(u32, u32) -> f64) -> Verdict {
        let mut beginnings = Beginnings::of_days(Metric::PoolSize, DAYS);
        for replication in 0..replications {
            let values: Vec<_> = (0..DAYS).map(|at| Some(day(replication, at))).collect();
            beginnings.add(&values);
            beginnings.made(replication + 1);
        }
        let (series, differences) = beginnings.series().next().unwrap();
        verdict(series, &differences, of_series)
    }

    /// A stationary autoregression with mean 0, standard deviation 1 and a memory of so many days.
    fn autoregression(seed: u64, replication: u32, memory: f64) -> Vec<f64> {
        let streams = Streams::new(seed, u64::from(replication));
        let normal = |day| streams.draw(day, 0, 0).normal();
        let keeps = libm::exp(-1.0 / memory);
        let mut value = normal(0);
        let next = |day| {
            let today = value;
            value = keeps * value + (1.0 - keeps * keeps).sqrt() * normal(day);
            today
        };
        (1..=u64::from(DAYS)).map(next).collect()
    }

    /// Of so many seeds, those whose replications show that the warm-up is too short, of a pool with a memory of 60 days that begins so many standard
    /// deviations away and approaches its mean with that memory.
    fn alarms(seeds: u64, replications: u32, of_series: usize, away: f64) -> usize {
        const MEMORY: f64 = 60.0;
        let alarms = |&seed: &u64| {
            let pools = (0..replications).map(|of| autoregression(seed, of, MEMORY));
            let pools: Vec<Vec<f64>> = pools.collect();
            let transient = |day| away * libm::exp(-f64::from(day) / MEMORY);
            let day = |of: u32, day: u32| pools[of as usize][day as usize] + transient(day);
            shown(replications, of_series, day) > Verdict::NothingShown
        };
        (0..seeds).filter(alarms).count()
    }

    /// At most 5% of a thousand: α = 0.001 gives 71.
    #[test]
    fn a_steady_world_with_a_long_memory_hardly_ever_alarms() {
        for replications in [2, 10] {
            let alarms = alarms(1000, replications, 1, 0.0);
            assert!(alarms <= 71, "{replications}: {alarms}");
        }
    }

    #[test]
    fn ten_replications_find_a_transient_of_three_standard_deviations() {
        let found = alarms(200, 10, 5, 3.0);
        assert!(found > 180, "{found}");
    }

    /// Noise without memory, another in each replication.
    fn noise(replication: u32, day: u32) -> f64 {
        let streams = Streams::new(1, u64::from(replication));
        streams.draw(u64::from(day), 0, 0).normal()
    }

    #[test]
    fn a_transient_is_cut_where_it_ends_and_a_drift_does_not_end() {
        let step = |of, day| 100.0 + noise(of, day) + if day < 70 { 10.0 } else { 0.0 };
        assert_eq!(shown(10, 5, step), Verdict::TooShort { by: 70 });
        let drift = |of, day| 100.0 + noise(of, day) + f64::from(day) / 50.0;
        assert_eq!(shown(10, 5, drift), Verdict::NotSettled);
    }

    #[test]
    fn one_replication_tells_nothing_and_those_of_futures_as_much_as_others() {
        assert_eq!(shown(1, 1, noise), Verdict::Untold);
        let each = NonZeroU32::new(3).unwrap();
        let mut futures = Beginnings::of_days(Metric::PoolSize, DAYS).in_futures(each);
        let mut made = 0;
        let mut verdict_of_futures = |count: u32| {
            while made < 3 * count {
                let values: Vec<_> = (0..DAYS).map(|day| Some(noise(made, day))).collect();
                futures.add(&values);
                made += 1;
                futures.made(made);
            }
            verdicts(&futures, Cycle::Day)[0].verdict
        };
        assert_eq!(verdict_of_futures(1), Verdict::NothingShown);
        assert_eq!(verdict_of_futures(4), Verdict::NothingShown);
    }

    #[test]
    fn what_never_varies_tells_nothing() {
        let mut beginnings = Beginnings::of_days(Metric::PoolSize, DAYS);
        for made in 1..=10 {
            beginnings.add(&vec![Some(0.1 * f64::from(made)); DAYS as usize]);
            beginnings.made(made);
        }
        assert_eq!(verdicts(&beginnings, Cycle::Day), []);
    }

    /// 12.5 places a day are 12 and 13 in turn: in a block of 35 days that is 1/70 of a person more or less.
    #[test]
    fn whole_persons_spread_over_days_are_no_drift() {
        let verdict = |metric, day: fn(u32) -> f64| {
            let mut beginnings = Beginnings::of_days(metric, DAYS);
            for made in 1..=20 {
                beginnings.add(&(0..DAYS).map(|at| Some(day(at))).collect::<Vec<_>>());
                beginnings.made(made);
            }
            verdicts(&beginnings, Cycle::Day)[0].verdict
        };
        let places = |day| 12.0 + f64::from(day % 2);
        let processed = Metric::APPOINTMENTS_PROCESSED;
        assert_eq!(verdict(processed, places), Verdict::NothingShown);
        let from_the_third_week_on = |day| if day < 14 { 0.0 } else { 100.0 };
        let too_short = verdict(processed, from_the_third_week_on);
        assert_eq!(too_short, Verdict::TooShort { by: 35 });
    }
}
