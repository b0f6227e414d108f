//! Estimates with their bootstrap intervals.

use std::f64::consts::SQRT_2;

use crate::design::luck::{self, Use};
use crate::stats::{Level, student, weighted_quantile};

/// Effects of an input, one of each trajectory, below which its share of the largest effect has no interval: two trajectories have three resamples
/// that differ, whatever the level asked for. A test tries intervals of so many.
pub const FEWEST_TRAJECTORIES: u32 = 10;

/// Rows below which Sobol' indices have no interval. The number is assumed: percentiles over fewer rows are known to be too near each other, and
/// no trial says from how many on they suffice.
pub const FEWEST_ROWS: u32 = 32;

/// An interval between two percentiles of an estimate over resampled groups of runs.
///
/// Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13; for Sobol' indices Archer, Saltelli & Sobol (1997),
/// doi:10.1080/00949659708811825. It says how far the estimate may be off since the design has few points, and relies on no distribution. Of
/// few groups it is too narrow: means have Student's interval ([`crate::stats::ConfidenceInterval`]). It treats the
/// groups as independent: where they are spread more evenly than that, as points of a Sobol' sequence are, it is too wide
/// and covers the truth more often than its level says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BootstrapInterval {
    /// Confidence level.
    pub level: Level,
    /// Resamples behind it.
    pub resamples: u32,
    /// Lower bound.
    pub lower: f64,
    /// Upper bound.
    pub upper: f64,
}

/// An estimate from all groups of runs, and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BootstrapEstimate {
    /// Estimate from all groups.
    pub value: f64,
    /// Its interval; `None` from too few groups, if so many resamples do not reach as far out as the level asks, or if the estimate cannot be
    /// had from one of them because all its groups are alike.
    pub interval: Option<BootstrapInterval>,
}

impl BootstrapInterval {
    /// Whether percentiles of so many resamples reach as far out as this level asks: beyond all of them nothing is known.
    #[must_use]
    pub fn reaches(level: Level, resamples: u32) -> bool {
        is_within(tail(level), resamples as usize)
    }

    /// The interval that leaves out as many estimates below as above; `None` where they do not reach so far.
    fn of(estimates: Vec<f64>, level: Level) -> Option<Self> {
        Self::leaving_out(tail(level), estimates, level)
    }

    /// The interval of an estimate from few groups: it goes so much further out, as would make an interval of their mean about Student's.
    /// (The expanded percentile interval of Hesterberg 2015, "What teachers should know about the bootstrap",
    /// doi:10.1080/00031305.2015.1089789.)
    ///
    /// `None` for fewer than [`FEWEST_TRAJECTORIES`] groups, and where the estimates do not reach so far.
    pub(super) fn of_few(estimates: Vec<f64>, level: Level, groups: u32) -> Option<Self> {
        if groups < FEWEST_TRAJECTORIES {
            return None;
        }
        let degrees_of_freedom = groups - 1;
        let t = student::two_sided_quantile(level.share(), degrees_of_freedom)?;
        let z = t * (f64::from(groups) / f64::from(degrees_of_freedom)).sqrt();
        let below = 0.5 * libm::erfc(z / SQRT_2);
        Self::leaving_out(below, estimates, level)
    }

    /// The interval that leaves out this share of the estimates below and as many above.
    fn leaving_out(below: f64, mut estimates: Vec<f64>, level: Level) -> Option<Self> {
        if !is_within(below, estimates.len()) {
            return None;
        }
        estimates.sort_by(f64::total_cmp);
        Some(Self {
            level,
            // As many as were asked for by a number of this type.
            resamples: estimates.len() as u32,
            lower: quantile(&estimates, below),
            upper: quantile(&estimates, 1.0 - below),
        })
    }
}

/// The share of estimates that an interval leaves out on either side.
fn tail(level: Level) -> f64 {
    (1.0 - level.share()) / 2.0
}

/// Whether the quantile that leaves out this share below lies within so many estimates: a further one lies below all of them with probability
/// 1 / (n + 1). The last bits of a level are not asked for.
fn is_within(below: f64, estimates: usize) -> bool {
    estimates >= 2 && below * (estimates as f64 + 1.0) >= 1.0 - 1e-9
}

/// The quantile of order `p` of sorted values that count alike, never outside all of them. Between the quantiles of p and 1 - p a further
/// resample lies with probability 1 - 2 p, unless there are too few for such quantiles.
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let n = sorted.len() as f64;
    let of_equal_shares = sorted.iter().map(|&value| (value, 1.0 / n));
    weighted_quantile(of_equal_shares, n, p).unwrap_or_else(|nearest| nearest)
}

/// The groups of each resample: of so many `groups` as many as there are, any of them any number of times. A resample depends on the seed, its
/// number and the number of groups, nothing else.
pub(super) fn resamples(groups: u32, seed: u64, resamples: u32) -> impl Iterator<Item = Vec<u32>> {
    let streams = luck::streams(seed, Use::Resampling);
    (0..resamples).map(move |resample| {
        let mut draw = streams.draw(u64::from(resample), 0, 0);
        (0..groups)
            .map(|_| draw.below(u64::from(groups)) as u32)
            .collect()
    })
}

/// Estimates from all of `groups` groups, each with its percentile interval over resamples of them.
///
/// `estimate` is given the numbers of the groups to use, any of them any number of times, and gives as many values each
/// time; or none where they cannot be had.
pub(super) fn bootstrap(
    groups: u32,
    seed: u64,
    level: Level,
    resamples: u32,
    estimate: impl Fn(&[u32]) -> Option<Vec<f64>>,
) -> Option<Vec<BootstrapEstimate>> {
    let values = estimate(&(0..groups).collect::<Vec<_>>())?;
    let replicates: Option<Vec<Vec<f64>>> = self::resamples(groups, seed, resamples)
        .map(|chosen| estimate(&chosen))
        .collect();
    let interval = |which: usize| {
        let estimates = replicates.as_ref()?.iter().map(|values| values[which]);
        BootstrapInterval::of(estimates.collect(), level)
    };
    Some(
        values
            .iter()
            .enumerate()
            .map(|(which, &value)| BootstrapEstimate {
                value,
                interval: interval(which),
            })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Streams;

    fn mean(values: &[f64], chosen: &[u32]) -> f64 {
        chosen.iter().map(|&i| values[i as usize]).sum::<f64>() / chosen.len() as f64
    }

    fn of_mean(values: &[f64], seed: u64, resamples: u32) -> BootstrapEstimate {
        bootstrap(
            values.len() as u32,
            seed,
            Level::USUAL,
            resamples,
            |chosen| Some(vec![mean(values, chosen)]),
        )
        .unwrap()[0]
    }

    #[test]
    fn quantiles_lie_between_neighbouring_values() {
        let sorted = [1.0, 2.0, 4.0, 8.0, 16.0];
        for (p, expected) in [
            (0.0, 1.0),
            (0.25, 1.5),
            (0.5, 4.0),
            (0.75, 12.0),
            (0.9, 16.0),
            (1.0, 16.0),
        ] {
            assert!((quantile(&sorted, p) - expected).abs() < 1e-12, "{p}");
        }
    }

    /// 2,000 intervals of a mean of 100 exponential numbers. The standard error of their coverage is 0.005, bound 3.3 of
    /// them; skewness costs a percentile interval of this size about 0.01.
    #[test]
    fn an_interval_covers_the_truth_about_as_often_as_its_level_says() {
        let covered = (0..2_000)
            .filter(|&repetition| {
                let streams = Streams::new(17, repetition);
                let values: Vec<f64> = (0..100)
                    .map(|who| streams.draw(who, 0, 0).exponential())
                    .collect();
                let interval = of_mean(&values, repetition, 400).interval.unwrap();
                interval.lower <= 1.0 && 1.0 <= interval.upper
            })
            .count();
        let share = covered as f64 / 2_000.0;
        assert!((share - 0.94).abs() < 0.0165, "{share}");
    }

    #[test]
    fn the_same_seed_gives_the_same_interval_and_another_one_nearly_so() {
        let values: Vec<f64> = (0..50).map(f64::from).collect();
        let [one, again, other] = [1, 1, 2].map(|seed| of_mean(&values, seed, 2_000));
        assert_eq!(one, again);
        assert_ne!(one, other);
        let (one, other) = (one.interval.unwrap(), other.interval.unwrap());
        assert!((one.lower - other.lower).abs() < 0.5 && (one.upper - other.upper).abs() < 0.5);
        assert_eq!((one.level, one.resamples), (Level::USUAL, 2_000));
    }

    #[test]
    fn an_interval_is_that_of_its_first_version() {
        let values: Vec<f64> = (0..50).map(f64::from).collect();
        let interval = of_mean(&values, 1, 200).interval.unwrap();
        assert!((interval.lower - 20.0025).abs() < 1e-9, "{interval:?}");
        assert!((interval.upper - 28.3375).abs() < 1e-9, "{interval:?}");
    }

    #[test]
    fn fewer_than_two_resamples_have_no_interval_but_an_estimate() {
        for resamples in [0, 1] {
            let estimate = of_mean(&[1.0, 3.0], 1, resamples);
            assert_eq!((estimate.value, estimate.interval), (2.0, None));
        }
    }

    /// 39 and 199 resamples are the fewest of which one is left out on either side at 95% and at 99%.
    #[test]
    fn an_interval_further_out_than_all_resamples_is_not_given() {
        let values: Vec<f64> = (0..50).map(f64::from).collect();
        let level = |text: &str| text.parse::<Level>().unwrap();
        for (level, fewest) in [
            (level("95%"), 39),
            (level("99%"), 199),
            (level("99.9%"), 1_999),
        ] {
            let interval = |resamples| {
                let mean_of = |chosen: &[u32]| Some(vec![mean(&values, chosen)]);
                let found = bootstrap(50, 1, level, resamples, mean_of).unwrap();
                found[0].interval
            };
            assert_eq!(interval(fewest - 1), None);
            assert!(!BootstrapInterval::reaches(level, fewest - 1));
            assert!(interval(fewest).is_some());
            assert!(BootstrapInterval::reaches(level, fewest));
        }
    }

    #[test]
    fn an_estimate_that_a_resample_does_not_give_has_no_interval() {
        // Of two groups about every second resample has the same one twice.
        let estimates = bootstrap(2, 1, Level::USUAL, 100, |chosen| {
            (chosen[0] != chosen[1]).then(|| vec![7.0])
        });
        let [estimate] = estimates.unwrap()[..] else {
            panic!("one value, one estimate");
        };
        assert_eq!((estimate.value, estimate.interval), (7.0, None));
        assert_eq!(bootstrap(2, 1, Level::USUAL, 100, |_| None), None);
    }
}
