//! When enough replications have been made: the stopping rule behind `--precision`.

use std::fmt;
use std::str::FromStr;

use super::amount::Amount;
use super::estimate::{ConfidenceInterval, Level};
use super::moments::Moments;

/// Replications before which the rule never stops: fewer make the variance, and with it the interval, too uncertain (Law, 5th
/// ed., section 9.4.1).
pub const MINIMUM: u32 = 10;

/// The same where all replications have one value, which makes an interval of no width: something that differs in one replication of 15,
/// such as a rare no-show, is in none of ten as often as not. After so many it differs, with 95% confidence, in at most 3% of all (the
/// rule of three; Hanley & Lippman-Hand 1983, doi:10.1001/jama.1983.03330370053031).
pub const MINIMUM_WITHOUT_SPREAD: u32 = 100;

/// How precisely an expected value must be known before replications stop.
///
/// After each replication its interval is made anew, and the first one narrow enough ends the run. Such an interval covers a
/// little less often than its level says, the more so the fewer replications it takes, and in the limit of many as often (Chow &
/// Robbins 1965, doi:10.1214/aoms/1177700156).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Precision {
    /// The estimate lies within this share of the expected value, such as 0.01.
    Relative(f64),
    /// Half-width of the interval, in the unit of the value.
    Absolute(f64),
}

/// A text that is no precision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a precision is a share of the mean above 0% and below 100%, such as `1%`, or a half-width above 0 in the unit of the \
     outcome, such as `50`; found `{0}`"
)]
pub struct PrecisionError(String);

impl FromStr for Precision {
    type Err = PrecisionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match Amount::read(text) {
            Some(Amount::Percent(share)) if share > 0.0 && share < 1.0 => Ok(Self::Relative(share)),
            Some(Amount::Plain(width)) if width > 0.0 => Ok(Self::Absolute(width)),
            _ => Err(PrecisionError(text.to_owned())),
        }
    }
}

/// As it is read: `1%`, or `50`.
impl fmt::Display for Precision {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            // 0.07 is 7.000000000000001 hundredths.
            Self::Relative(share) => write!(out, "{}%", (share * 1e11).round() / 1e9),
            Self::Absolute(half_width) => write!(out, "{half_width}"),
        }
    }
}

impl Precision {
    /// Whether the replications suffice: at least [`MINIMUM`], or [`MINIMUM_WITHOUT_SPREAD`], and the half-width of their interval small
    /// enough.
    ///
    /// For a relative precision γ that is γ / (1 + γ) of the mean's size: see [`tested`]. A mean of 0 allows no half-width but 0.
    #[must_use]
    pub fn reached(&self, moments: &Moments, level: Level) -> bool {
        let Some((half_width, target)) = self.half_width_and_target(moments, level) else {
            return false;
        };
        moments.n() >= least(half_width) && half_width <= target
    }

    /// Estimate of the replications needed in all, those made included: n · (half-width / target)², at least the minimum.
    ///
    /// For showing progress; the stopping itself asks [`reached`](Self::reached). `None` for fewer than two replications, and for
    /// a relative precision of a mean of 0.
    #[must_use]
    pub fn needed(&self, moments: &Moments, level: Level) -> Option<u32> {
        let (half_width, target) = self.half_width_and_target(moments, level)?;
        if half_width <= 0.0 {
            return Some(least(half_width));
        }
        let ratio = half_width / target;
        let needed = (f64::from(moments.n()) * ratio * ratio).ceil();
        // Beyond u32 the cast stays at its largest value.
        (target > 0.0).then_some((needed as u32).max(MINIMUM))
    }

    /// Half-width of the interval, and how wide it may be; `None` for fewer than two replications.
    fn half_width_and_target(&self, moments: &Moments, level: Level) -> Option<(f64, f64)> {
        let half_width = ConfidenceInterval::of_mean(moments, level)?.half_width();
        let target = match *self {
            Self::Relative(share) => tested(share) * moments.mean()?.abs(),
            Self::Absolute(half_width) => half_width,
        };
        Some((half_width, target))
    }
}

/// What share of the mean a half-width may be, so that the mean is within another share of the *expected value*, and not of itself: γ / (1 + γ)
/// for γ (Law, 5th ed., section 9.4.1). 30% of the expected value are 23% of a mean that is 30% above it.
#[must_use]
pub fn tested(share: f64) -> f64 {
    share / (1.0 + share)
}

/// Replications before which a half-width says nothing.
fn least(half_width: f64) -> u32 {
    if half_width > 0.0 {
        MINIMUM
    } else {
        MINIMUM_WITHOUT_SPREAD
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::SmallRng;
    use rand_distr::{Distribution, StandardNormal};

    use super::*;

    #[test]
    fn a_precision_is_a_percentage_or_a_half_width() {
        assert_eq!("1%".parse(), Ok(Precision::Relative(0.01)));
        assert_eq!("0.5%".parse(), Ok(Precision::Relative(0.005)));
        assert_eq!("50".parse(), Ok(Precision::Absolute(50.0)));
        for text in [
            "",
            "%",
            "0",
            "0%",
            "-1",
            "100%",
            "inf",
            "NaN",
            "NaN%",
            "1 percent",
        ] {
            assert_eq!(
                text.parse::<Precision>(),
                Err(PrecisionError(text.to_owned()))
            );
        }
    }

    #[test]
    fn a_precision_is_written_as_it_is_read() {
        for text in ["1%", "0.5%", "7%", "12.25%", "50", "0.001"] {
            let precision: Precision = text.parse().unwrap();
            assert_eq!(precision.to_string(), text);
        }
    }

    /// Ten values, half 9 and half 11: half-width 2.262157 · √(10/9) / √10 = 0.754052 around 10.
    fn ten() -> Moments {
        (0..10).map(|i| f64::from(9 + i % 2 * 2)).collect()
    }

    #[test]
    fn the_half_width_decides_and_a_relative_one_is_adjusted() {
        let reached = |precision: Precision| precision.reached(&ten(), Level::USUAL);
        assert!(reached(Precision::Absolute(0.7541)));
        assert!(!reached(Precision::Absolute(0.7540)));
        // γ / (1 + γ) = 0.0754052 at γ = 0.0815549.
        assert!(reached(Precision::Relative(0.081_556)));
        assert!(!reached(Precision::Relative(0.081_553)));
    }

    #[test]
    fn ten_replications_are_the_least() {
        let alike = |n| -> Moments { (0..n).map(|i| 4.0 + 1e-9 * f64::from(i)).collect() };
        let precision = Precision::Relative(0.01);
        assert!(!precision.reached(&alike(9), Level::USUAL));
        assert!(precision.reached(&alike(10), Level::USUAL));
        assert_eq!(precision.needed(&alike(2), Level::USUAL), Some(10));
    }

    /// A chance of 1 in 15 is missed by ten replications in half of all runs, and by a hundred in one of a thousand.
    #[test]
    fn where_nothing_differs_a_hundred_are() {
        let equal = |value: f64, n| -> Moments { std::iter::repeat_n(value, n).collect() };
        for precision in [Precision::Relative(0.01), Precision::Absolute(0.01)] {
            for value in [0.0, 4.0] {
                assert!(!precision.reached(&equal(value, 99), Level::USUAL));
                assert!(precision.reached(&equal(value, 100), Level::USUAL));
                let needed = |n| precision.needed(&equal(value, n), Level::USUAL);
                assert_eq!((needed(1), needed(2)), (None, Some(100)));
            }
        }
    }

    #[test]
    fn half_the_half_width_needs_four_times_the_replications() {
        let needed = |target| Precision::Absolute(target).needed(&ten(), Level::USUAL);
        assert_eq!(needed(0.754_052 / 2.0), Some(41));
        assert_eq!(needed(0.754_053 / 2.0), Some(40));
        assert_eq!(needed(100.0), Some(10));
        assert_eq!(needed(1e-300), Some(u32::MAX));
    }

    #[test]
    fn a_share_of_a_mean_of_0_is_reached_only_without_any_spread() {
        let precision = Precision::Relative(0.5);
        let around: Moments = [1.0, -1.0].into_iter().chain([0.0; 8]).collect();
        assert_eq!(around.mean(), Some(0.0));
        assert!(!precision.reached(&around, Level::USUAL));
        assert_eq!(precision.needed(&around, Level::USUAL), None);
        let nothing: Moments = [0.0; 100].into_iter().collect();
        assert!(precision.reached(&nothing, Level::USUAL));
    }

    /// 2,000 runs of normal values around 10 with standard deviation 2, each stopped by the rule: shares in which the interval
    /// covers 10, and in which the mean is within `error` of 10; and the mean number of replications.
    fn stopped(precision: Precision, error: f64) -> [f64; 3] {
        let mut random = SmallRng::seed_from_u64(3);
        let mut result = [0.0; 3];
        for _ in 0..2_000 {
            let mut moments = Moments::default();
            while !precision.reached(&moments, Level::USUAL) {
                let normal: f64 = StandardNormal.sample(&mut random);
                moments.add(10.0 + 2.0 * normal);
            }
            let interval = ConfidenceInterval::of_mean(&moments, Level::USUAL).unwrap();
            let covered = interval.lower <= 10.0 && 10.0 <= interval.upper;
            let close = (moments.mean().unwrap() - 10.0).abs() <= error;
            result[0] += f64::from(u8::from(covered)) / 2_000.0;
            result[1] += f64::from(u8::from(close)) / 2_000.0;
            result[2] += f64::from(moments.n()) / 2_000.0;
        }
        result
    }

    /// 95% with a standard error of 0.0049: α = 0.001 one-sided gives 3.09 of them, 0.015; the rule itself costs up to 0.015 at
    /// some fifty replications, so at least 0.92.
    #[test]
    fn the_interval_of_a_stopped_run_covers_about_as_often_as_it_says() {
        for precision in [Precision::Absolute(0.5), Precision::Relative(0.06)] {
            let [covered, _, n] = stopped(precision, 0.0);
            assert!((0.92..0.97).contains(&covered), "{precision:?}: {covered}");
            assert!((40.0..75.0).contains(&n), "{precision:?}: {n}");
        }
    }

    /// Bound as above.
    #[test]
    fn the_mean_of_a_stopped_run_is_as_close_as_was_asked() {
        let [_, close, _] = stopped(Precision::Relative(0.06), 0.6);
        assert!(close > 0.92, "{close}");
    }
}
