//! Distributions of uncertain inputs, by their quantile functions.

use std::fmt;

use crate::stats::normal;

/// What an uncertain number may be, and how likely.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distribution {
    /// Every value of a range is as likely as any other.
    Uniform {
        /// Least value.
        low: f64,
        /// Greatest value.
        high: f64,
    },
    /// The logarithm is uniform.
    LogUniform {
        /// Least value, above 0.
        low: f64,
        /// Greatest value.
        high: f64,
    },
    /// The log odds are uniform.
    LogitUniform {
        /// Least value, above 0.
        low: f64,
        /// Greatest value, below 1.
        high: f64,
    },
    /// The density rises in a line from the least value to the likeliest and falls to the greatest.
    Triangular {
        /// Least value.
        low: f64,
        /// Likeliest value.
        mode: f64,
        /// Greatest value.
        high: f64,
    },
    /// Normal, cut off at both ends.
    Normal {
        /// Mean before the ends are cut off.
        mean: f64,
        /// Standard deviation before the ends are cut off.
        sd: f64,
        /// Least value; may be infinite.
        low: f64,
        /// Greatest value; may be infinite.
        high: f64,
    },
    /// The logarithm is normal, cut off at both ends.
    Lognormal {
        /// Median before the ends are cut off.
        median: f64,
        /// Factor of one standard deviation: some two thirds lie between `median / spread` and `median * spread`.
        spread: f64,
        /// Least value.
        low: f64,
        /// Greatest value; may be infinite.
        high: f64,
    },
}

impl Distribution {
    /// The value at a standard normal coordinate: the quantile at the probability of `z` or less.
    #[must_use]
    pub fn at(&self, z: f64) -> f64 {
        self.quantile(0.5 * libm::erfc(-z / std::f64::consts::SQRT_2))
    }

    /// The value below which the number lies with probability `u`: the inverse of the distribution function.
    ///
    /// Grows with `u`, so that equal luck gives comparable values, and gives the same bits on every platform. `u` is between 0 and 1,
    /// ends included; distributions without an end give a far quantile there.
    ///
    /// ```
    /// use portflow::scenario::futures::Distribution;
    ///
    /// let share = Distribution::Triangular { low: 0.0, mode: 0.5, high: 1.0 };
    /// assert_eq!(share.quantile(0.5), 0.5);
    /// assert_eq!(share.quantile(1.0), 1.0);
    /// ```
    #[must_use]
    pub fn quantile(&self, u: f64) -> f64 {
        let u = u.clamp(0.0, 1.0);
        let (low, high) = self.ends();
        let value = match *self {
            Self::Uniform { low, high } => low + (high - low) * u,
            Self::LogUniform { low, high } => low * libm::exp(libm::log(high / low) * u),
            Self::LogitUniform { low, high } => {
                let odds = |share: f64| share / (1.0 - share);
                let at = odds(low) * libm::exp(libm::log(odds(high) / odds(low)) * u);
                at / (1.0 + at)
            }
            Self::Triangular { low, mode, high } => triangular(low, mode, high, u),
            Self::Normal {
                mean,
                sd,
                low,
                high,
            } => mean + sd * cut_normal((low - mean) / sd, (high - mean) / sd, u),
            Self::Lognormal {
                median,
                spread,
                low,
                high,
            } => {
                let sd = libm::log(spread);
                let z = |value: f64| libm::log(value / median) / sd;
                median * libm::exp(sd * cut_normal(z(low), z(high), u))
            }
        };
        value.clamp(low, high)
    }

    /// Least and greatest value; infinite where there is none.
    #[must_use]
    pub fn ends(&self) -> (f64, f64) {
        match *self {
            Self::Uniform { low, high }
            | Self::LogUniform { low, high }
            | Self::LogitUniform { low, high }
            | Self::Triangular { low, high, .. }
            | Self::Normal { low, high, .. }
            | Self::Lognormal { low, high, .. } => (low, high),
        }
    }
}

fn triangular(low: f64, mode: f64, high: f64, u: f64) -> f64 {
    let (width, left) = (high - low, mode - low);
    if u * width <= left {
        low + libm::sqrt(u * width * left)
    } else {
        high - libm::sqrt((1.0 - u) * width * (high - mode))
    }
}

/// Quantile of a standard normal number that is known to lie between `low`, at most 0, and `high`, at least 0.
fn cut_normal(low: f64, high: f64, u: f64) -> f64 {
    let tail = |z: f64| 0.5 * libm::erfc(z / std::f64::consts::SQRT_2);
    let (below, above) = (tail(-low), tail(high));
    // Without ends, 0 and 1 have no quantile: the nearest number that has one stands for them.
    let p = (below + u * (1.0 - below - above)).clamp(f64::EPSILON / 2.0, 1.0 - f64::EPSILON / 2.0);
    normal::quantile(p)
}

impl fmt::Display for Distribution {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uniform { low, high } => write!(out, "uniform from {low} to {high}"),
            Self::LogUniform { low, high } => {
                write!(out, "uniform in the logarithm from {low} to {high}")
            }
            Self::LogitUniform { low, high } => {
                write!(out, "uniform in the log odds from {low} to {high}")
            }
            Self::Triangular { low, mode, high } => {
                write!(out, "triangular from {low} to {high}, likeliest {mode}")
            }
            Self::Normal { mean, sd, .. } => {
                write!(out, "normal, mean {mean}, standard deviation {sd}")?;
                self.cut(out)
            }
            Self::Lognormal { median, spread, .. } => {
                write!(out, "lognormal, median {median}, times or over {spread}")?;
                self.cut(out)
            }
        }
    }
}

impl Distribution {
    fn cut(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = self.ends();
        match (low.is_finite(), high.is_finite()) {
            (true, true) => write!(out, ", between {low} and {high}"),
            (true, false) => write!(out, ", at least {low}"),
            (false, true) => write!(out, ", at most {high}"),
            (false, false) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use statrs::distribution::{ContinuousCDF, LogNormal, Normal, Triangular};

    use super::*;

    /// Probability of each quantile by another implementation of the distribution function.
    fn assert_inverts(distribution: Distribution, cdf: &dyn Fn(f64) -> f64) {
        let (low, high) = distribution.ends();
        let (below, above) = (cdf(low), 1.0 - cdf(high));
        for step in 1..1000 {
            let u = f64::from(step) / 1000.0;
            let found = (cdf(distribution.quantile(u)) - below) / (1.0 - below - above);
            assert!((found - u).abs() < 1e-9, "{distribution}: {u} {found}");
        }
    }

    #[test]
    fn quantiles_invert_the_distribution_functions() {
        let (low, mode, high) = (2.0, 3.0, 7.0);
        let reference = Triangular::new(low, high, mode).unwrap();
        assert_inverts(Distribution::Triangular { low, mode, high }, &|x| {
            reference.cdf(x)
        });
        let (mean, sd) = (5.0, 2.0);
        let reference = Normal::new(mean, sd).unwrap();
        for (low, high) in [(f64::NEG_INFINITY, f64::INFINITY), (4.0, 9.0), (5.0, 5.5)] {
            let cut = Distribution::Normal {
                mean,
                sd,
                low,
                high,
            };
            assert_inverts(cut, &|x| reference.cdf(x));
        }
        let (median, spread) = (60.0, 2.0);
        let reference = LogNormal::new(libm::log(median), libm::log(spread)).unwrap();
        for (low, high) in [(0.0, f64::INFINITY), (20.0, 90.0)] {
            let cut = Distribution::Lognormal {
                median,
                spread,
                low,
                high,
            };
            assert_inverts(cut, &|x| reference.cdf(x));
        }
    }

    #[test]
    fn a_range_can_be_even_in_the_logarithm_or_the_log_odds() {
        let (low, high) = (0.2, 5.0);
        let scale = Distribution::LogUniform { low, high };
        assert!((scale.quantile(0.5) - 1.0).abs() < 1e-12);
        let (low, high) = (0.1, 0.9);
        let share = Distribution::LogitUniform { low, high };
        assert!((share.quantile(0.5) - 0.5).abs() < 1e-12);
        // Odds of 1:9, 1:3, 1, 3, 9.
        assert!((share.quantile(0.75) - 0.75).abs() < 1e-12);
        assert_eq!((share.quantile(0.0), share.quantile(1.0)), (0.1, 0.9));
    }

    #[test]
    fn a_normal_coordinate_is_a_quantile() {
        let normal = Distribution::Normal {
            mean: 5.0,
            sd: 2.0,
            low: f64::NEG_INFINITY,
            high: f64::INFINITY,
        };
        for z in [-3.0, -0.5, 0.0, 1.5, 3.0] {
            assert!((normal.at(z) - (5.0 + 2.0 * z)).abs() < 1e-9, "{z}");
        }
    }

    /// Two thirds of a lognormal number lie within one factor of its median.
    #[test]
    fn the_spread_is_the_factor_of_one_standard_deviation() {
        let delay = Distribution::Lognormal {
            median: 60.0,
            spread: 2.0,
            low: 0.0,
            high: f64::INFINITY,
        };
        assert!((delay.quantile(0.5) - 60.0).abs() < 1e-9);
        assert!((delay.quantile(0.841_344_746_068_543) - 120.0).abs() < 1e-9);
    }

    #[test]
    fn the_ends_are_reached_and_a_quantile_without_an_end_is_a_number() {
        let uniform = Distribution::Uniform {
            low: 0.1,
            high: 0.3,
        };
        assert_eq!((uniform.quantile(0.0), uniform.quantile(1.0)), (0.1, 0.3));
        let cut = Distribution::Normal {
            mean: 0.0,
            sd: 1.0,
            low: 0.0,
            high: f64::INFINITY,
        };
        assert!(cut.quantile(0.0).abs() < 1e-15);
        assert!(
            (8.0..8.5).contains(&cut.quantile(1.0)),
            "{}",
            cut.quantile(1.0)
        );
    }

    proptest! {
        #[test]
        fn a_quantile_grows_with_the_probability_and_stays_inside(
            a in 0.0..=1.0, b in 0.0..=1.0, low in -5.0..=0.0, high in 0.1..=5.0, middle in 0.0..=0.1
        ) {
            for distribution in [
                Distribution::Uniform { low, high },
                Distribution::LogUniform { low: 0.1, high: high + 0.1 },
                Distribution::LogitUniform { low: 0.05, high: 0.1 + high / 6.0 },
                Distribution::Triangular { low, mode: middle, high },
                Distribution::Normal { mean: middle, sd: 2.0, low, high },
                Distribution::Lognormal { median: 0.1, spread: 3.0, low: 0.0, high },
            ] {
                let [x, y] = [a, b].map(|u| distribution.quantile(u));
                prop_assert!((a - b) * (x - y) >= 0.0, "{distribution}: {a} {b}");
                let (low, high) = distribution.ends();
                prop_assert!((low..=high).contains(&x));
            }
        }
    }
}
