//! What replications say about a mean, and how far they lie apart.

use std::ops::RangeInclusive;
use std::str::FromStr;

use super::amount::Amount;
use super::moments::Moments;
use super::normal;
use super::student;

/// A confidence level: strictly between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level(f64);

/// A number that is no confidence level.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error(
    "a confidence level lies strictly between 0 and 1, such as 0.95 or 95%, and no nearer to them than 0.001 and 0.999999999; found `{0}`"
)]
pub struct LevelError(String);

/// Levels that may be asked for: nearer to 0 and 1 quantiles have no digits left.
const ASKED: RangeInclusive<f64> = 0.001..=0.999_999_999;

impl Level {
    /// The usual 95%.
    pub const USUAL: Self = Self(0.95);

    /// The central 90%, from the 5% quantile to the 95% quantile.
    pub const NINETY: Self = Self(0.9);

    /// The level of this share; `None` outside 0 and 1.
    #[must_use]
    pub fn of(share: f64) -> Option<Self> {
        (share > 0.0 && share < 1.0).then_some(Self(share))
    }

    /// The level as a share.
    #[must_use]
    pub fn share(self) -> f64 {
        self.0
    }
}

impl FromStr for Level {
    type Err = LevelError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let share = Amount::read(text).map(Amount::share);
        let share = share.filter(|share| ASKED.contains(share));
        let level = share.and_then(Self::of);
        level.ok_or_else(|| LevelError(text.to_owned()))
    }
}

/// An interval that covers the expected value with the stated confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConfidenceInterval {
    /// Replications behind it.
    pub n: u32,
    /// Confidence level.
    pub level: Level,
    /// Lower bound.
    pub lower: f64,
    /// Upper bound.
    pub upper: f64,
}

impl ConfidenceInterval {
    /// Student's interval of the mean, mean ± t · s / √n (Law, Simulation Modeling and Analysis, 5th ed., eq. 4.12).
    ///
    /// `None` for fewer than two values.
    #[must_use]
    pub fn of_mean(moments: &Moments, level: Level) -> Option<Self> {
        let n = moments.n();
        Self::of_variance(moments.mean()?, moments.variance()?, n - 1, n, level)
    }

    /// The same of a mean of `n` values whose variance is estimated with so many degrees of freedom; `None` for 0 of them.
    pub(super) fn of_variance(
        mean: f64,
        variance: f64,
        freedom: u32,
        n: u32,
        level: Level,
    ) -> Option<Self> {
        let quantile = student::two_sided_quantile(level.share(), freedom)?;
        let half_width = if variance > 0.0 {
            quantile * (variance / f64::from(n)).sqrt()
        } else {
            0.0
        };
        Some(Self {
            n,
            level,
            lower: mean - half_width,
            upper: mean + half_width,
        })
    }

    /// Whether it leaves no doubt about the sign of the mean.
    ///
    /// An interval of no width, of values that are all alike, tells by their number alone: signs that chance gave would all be alike with
    /// probability 2^(1 - n), which must be no more than the error that the level allows (the sign test; six values at 95%).
    #[must_use]
    pub fn excludes_zero(&self) -> bool {
        let excludes = self.lower > 0.0 || self.upper < 0.0;
        let has_width = self.lower < self.upper;
        excludes && (has_width || libm::exp2(1.0 - f64::from(self.n)) <= 1.0 - self.level.share())
    }

    /// Wilson's score interval of a probability, of so many replications in which something happened (Wilson 1927,
    /// doi:10.1080/01621459.1927.10502953; Agresti & Coull 1998, doi:10.1080/00031305.1998.10480550): inside 0 and 1, and of some width
    /// even where it happened in none or in all.
    ///
    /// `None` for no replications.
    #[must_use]
    pub fn of_share(happened: u32, n: u32, level: Level) -> Option<Self> {
        if n == 0 {
            return None;
        }
        let z = normal::quantile(0.5 + level.share() / 2.0);
        let (share, n_) = (f64::from(happened) / f64::from(n), f64::from(n));
        let shrunk = 1.0 + z * z / n_;
        let middle = (share + z * z / (2.0 * n_)) / shrunk;
        let variance = share * (1.0 - share) / n_ + z * z / (4.0 * n_ * n_);
        let half_width = z * variance.sqrt() / shrunk;
        Some(Self {
            n,
            level,
            lower: (middle - half_width).max(0.0),
            upper: (middle + half_width).min(1.0),
        })
    }

    /// Half of the distance between the bounds.
    #[must_use]
    pub fn half_width(&self) -> f64 {
        f64::midpoint(self.upper, -self.lower)
    }
}

/// An expected value, estimated from replications.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Mean over the replications that have a value.
    pub mean: f64,
    /// How many have one.
    pub n: u32,
    /// Interval of the mean; `None` for fewer than two.
    pub interval: Option<ConfidenceInterval>,
}

impl Estimate {
    /// The estimate from the moments of the replications; `None` where none has a value.
    #[must_use]
    pub fn of(moments: &Moments, level: Level) -> Option<Self> {
        Some(Self {
            mean: moments.mean()?,
            n: moments.n(),
            interval: ConfidenceInterval::of_mean(moments, level),
        })
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::SmallRng;
    use rand_distr::{Distribution, Exp1, StandardNormal};

    use super::*;

    /// Share of 10,000 intervals, each from `n` draws, that cover `truth`; standard error at most 0.003.
    fn coverage(truth: f64, n: usize, mut draw: impl FnMut(&mut SmallRng) -> f64) -> f64 {
        let mut random = SmallRng::seed_from_u64(1);
        let covered = (0..10_000)
            .filter(|_| {
                let moments: Moments = (0..n).map(|_| draw(&mut random)).collect();
                let interval = ConfidenceInterval::of_mean(&moments, Level::USUAL).unwrap();
                interval.lower <= truth && truth <= interval.upper
            })
            .count();
        covered as f64 / 10_000.0
    }

    #[test]
    fn an_interval_of_no_width_tells_a_sign_only_from_enough_values() {
        let alike = |n: usize, value| {
            let moments: Moments = std::iter::repeat_n(value, n).collect();
            let interval = ConfidenceInterval::of_mean(&moments, Level::USUAL).unwrap();
            interval.excludes_zero()
        };
        // 2^(1 - 5) is above 5%, 2^(1 - 6) below.
        assert!(!alike(2, 1.0) && !alike(5, -1.0));
        assert!(alike(6, 1.0) && alike(6, -1.0));
        assert!(!alike(1000, 0.0));
    }

    /// By the closed form, worked out by hand.
    #[test]
    fn the_interval_of_a_share_is_wilsons() {
        let of = |happened, n| {
            let interval = ConfidenceInterval::of_share(happened, n, Level::USUAL).unwrap();
            [interval.lower, interval.upper].map(|bound| format!("{bound:.4}"))
        };
        assert_eq!(of(14, 20), ["0.4810", "0.8545"]);
        assert_eq!(of(0, 10), ["0.0000", "0.2775"]);
        assert_eq!(of(10, 10), ["0.7225", "1.0000"]);
        assert_eq!(ConfidenceInterval::of_share(0, 0, Level::USUAL), None);
    }

    /// Standard error 0.0022; α = 0.001 two-sided gives a bound of 3.29 of them, 0.0072.
    #[test]
    fn a_95_percent_interval_of_five_normal_values_covers_the_truth_95_times_in_a_hundred() {
        let share = coverage(10.0, 5, |random| {
            10.0 + 3.0 * <StandardNormal as Distribution<f64>>::sample(&StandardNormal, random)
        });
        assert!((share - 0.95).abs() < 0.0072, "{share}");
    }

    /// Skewed values cover a little less often than promised at n = 40 (about 0.935): bound 0.92.
    #[test]
    fn skewed_values_cost_little_coverage_at_forty_replications() {
        let share = coverage(1.0, 40, |random| Exp1.sample(random));
        assert!((0.92..0.96).contains(&share), "{share}");
    }

    #[test]
    fn fewer_than_two_replications_give_no_interval() {
        let one: Moments = [7.0].into_iter().collect();
        let estimate = Estimate::of(&one, Level::USUAL).unwrap();
        assert_eq!(
            (estimate.mean, estimate.n, estimate.interval),
            (7.0, 1, None)
        );
        assert_eq!(Estimate::of(&Moments::default(), Level::USUAL), None);
    }

    #[test]
    fn more_replications_narrow_the_interval() {
        let moments = |n: u32| -> Moments { (0..n).map(|i| f64::from(i % 2)).collect() };
        let half_width = |n| {
            ConfidenceInterval::of_mean(&moments(n), Level::USUAL)
                .unwrap()
                .half_width()
        };
        assert!(half_width(400) < half_width(100) * 0.51);
    }

    #[test]
    fn equal_values_have_an_interval_of_no_width() {
        let moments: Moments = [4.0; 3].into_iter().collect();
        let interval = ConfidenceInterval::of_mean(&moments, Level::USUAL).unwrap();
        assert_eq!((interval.lower, interval.upper), (4.0, 4.0));
    }

    /// Alone, and at the level of each of many intervals that hold together.
    #[test]
    fn the_furthest_levels_that_are_taken_have_intervals() {
        for text in ["0.001", "0.01", "0.999999999"] {
            let level = Level::from_str(text).unwrap();
            for level in [
                level,
                crate::stats::multiplicity::simultaneous(level, 100_000),
            ] {
                for n in [2, 3, 10, 1000, 100_000] {
                    let moments: Moments = (0..n).map(|i| f64::from(i % 2)).collect();
                    let mean = ConfidenceInterval::of_mean(&moments, level).unwrap();
                    let share = ConfidenceInterval::of_share(n / 2, n, level).unwrap();
                    for interval in [mean, share] {
                        let width = interval.half_width();
                        assert!(
                            width.is_finite() && width > 0.0,
                            "{text}, {n}: {interval:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_level_outside_0_and_1_is_refused() {
        for text in [
            "0",
            "1",
            "95",
            "-0.5",
            "NaN",
            "high",
            "1e-17",
            "0.0009",
            "0.9999999999",
        ] {
            assert_eq!(Level::from_str(text), Err(LevelError(text.to_owned())));
        }
        assert_eq!(Level::from_str("0.95"), Ok(Level::USUAL));
    }
}
