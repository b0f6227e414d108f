//! How much of a figure is chance, at any level of it.

use super::Moments;

/// Steps in which the law is fitted, at most, and the relative change that ends them.
const STEPS: usize = 200;
const STEADY: f64 = 1e-12;

/// What replications tell of the chance in a figure at one level.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Spread {
    /// Variance between replications over the square of their mean: about the variance of the logarithm of one.
    pub relative_variance: f64,
    /// 1 over the mean.
    pub inverse_mean: f64,
}

impl Spread {
    /// Of the values of the same figure in several replications; `None` for fewer than two, and where their mean is not above 0.
    #[must_use]
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let moments: Moments = values.into_iter().collect();
        let (mean, variance) = (moments.mean()?, moments.variance()?);
        (mean > 0.0).then(|| Self {
            relative_variance: variance / (mean * mean),
            inverse_mean: 1.0 / mean,
        })
    }

    /// The mean of several, each with its weight: of runs that have their luck in common, and tell no more of it than one. `None` without any.
    #[must_use]
    pub fn mean(spreads: impl IntoIterator<Item = (Self, f64)>) -> Option<Self> {
        let (mut mean, mut whole) = (Self::default(), 0.0);
        for (spread, weight) in spreads {
            mean.relative_variance += weight * spread.relative_variance;
            mean.inverse_mean += weight * spread.inverse_mean;
            whole += weight;
        }
        (whole > 0.0).then(|| Self {
            relative_variance: mean.relative_variance / whole,
            inverse_mean: mean.inverse_mean / whole,
        })
    }
}

/// The variance of one replication of a figure over the square of its expected value, which is about the variance of its logarithm, as a
/// function of that value μ: κ + φ / μ.
///
/// φ is the dispersion of a count, 1 where it is Poisson; κ is of luck that strikes all alike, such as that of a day's arrivals. A count of many
/// has the first hardly at all, a count of few hardly anything else.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ChanceLaw {
    steady: f64,
    dispersion: f64,
}

impl ChanceLaw {
    /// Fitted to what levels of a figure tell, each with its degrees of freedom: the largest gamma quasi-likelihood of their relative variances
    /// with κ and φ at least 0 (McCullagh & Nelder 1989, "Generalized Linear Models", chapter 8, doi:10.1007/978-1-4899-3242-6), found by
    /// least squares that are weighed anew by 1 / (κ + φ / μ)². Levels that do not differ cannot tell κ from φ: it is φ then, as for
    /// a count. Without degrees of freedom there is no chance to be seen.
    #[must_use]
    pub fn fit(levels: &[(Spread, f64)]) -> Self {
        let seen = |&&(spread, freedom): &&(Spread, f64)| {
            freedom > 0.0 && spread.inverse_mean > 0.0 && spread.relative_variance.is_finite()
        };
        let levels: Vec<&(Spread, f64)> = levels.iter().filter(seen).collect();
        let whole: f64 = levels.iter().map(|(_, freedom)| freedom).sum();
        let dispersion = levels
            .iter()
            .map(|(level, freedom)| freedom * level.relative_variance / level.inverse_mean)
            .sum::<f64>();
        let mut law = Self {
            steady: 0.0,
            dispersion: if whole > 0.0 { dispersion / whole } else { 0.0 },
        };
        if law.dispersion <= 0.0 {
            return Self::default();
        }
        for _ in 0..STEPS {
            let next = law.step(&levels);
            let change =
                (next.steady - law.steady).abs() + (next.dispersion - law.dispersion).abs();
            law = next;
            if change <= STEADY * (law.steady + law.dispersion) {
                break;
            }
        }
        law
    }

    /// Least squares with the weights that this law gives.
    fn step(self, levels: &[&(Spread, f64)]) -> Self {
        // Sums of the weights times 1, x, x², v and x v, where v is the relative variance at x = 1 / μ.
        let (mut one, mut x1, mut x2, mut v1, mut xv) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (level, freedom) in levels {
            let (x, v) = (level.inverse_mean, level.relative_variance);
            let expected = self.steady + self.dispersion * x;
            let weight = freedom / (expected * expected);
            one += weight;
            x1 += weight * x;
            x2 += weight * x * x;
            v1 += weight * v;
            xv += weight * x * v;
        }
        let determinant = one * x2 - x1 * x1;
        let alone = Self {
            steady: 0.0,
            dispersion: xv / x2,
        };
        if determinant <= 1e-9 * one * x2 {
            return alone;
        }
        let steady = (v1 * x2 - x1 * xv) / determinant;
        let dispersion = (one * xv - x1 * v1) / determinant;
        if steady < 0.0 {
            alone
        } else if dispersion < 0.0 {
            Self {
                steady: v1 / one,
                dispersion: 0.0,
            }
        } else {
            Self { steady, dispersion }
        }
    }

    /// The variance of one replication over the square of what is expected, of a figure that is expected to be so much; 0 where nothing is.
    #[must_use]
    pub fn relative_variance(self, expected: f64) -> f64 {
        if expected > 0.0 {
            self.steady + self.dispersion / expected
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(mean: f64, relative_variance: f64) -> (Spread, f64) {
        let spread = Spread {
            relative_variance,
            inverse_mean: 1.0 / mean,
        };
        (spread, 1.0)
    }

    #[test]
    fn a_spread_is_that_of_the_textbook() {
        // Mean 100, variance 200.
        let spread = Spread::of([90.0, 110.0]).unwrap();
        assert!((spread.relative_variance - 0.02).abs() < 1e-15);
        assert!((spread.inverse_mean - 0.01).abs() < 1e-15);
        assert_eq!(Spread::of([90.0]), None);
        assert_eq!(Spread::of([0.0, 0.0]), None);
        let mean = Spread::mean([(spread, 3.0), (Spread::default(), 1.0)]).unwrap();
        assert!((mean.relative_variance - 0.015).abs() < 1e-15);
        assert_eq!(Spread::mean([]), None);
    }

    #[test]
    fn a_law_is_found_from_what_it_gives_at_any_level() {
        for (steady, dispersion) in [(0.0004, 3.0), (0.0, 1.0), (0.01, 0.0)] {
            let means = [50.0, 700.0, 9_000.0, 120_000.0];
            let levels = means.map(|mean| level(mean, steady + dispersion / mean));
            let law = ChanceLaw::fit(&levels);
            assert!((law.steady - steady).abs() < 1e-9, "{law:?}");
            assert!((law.dispersion - dispersion).abs() < 1e-6, "{law:?}");
        }
    }

    #[test]
    fn neither_part_falls_below_0() {
        // Relative variances that grow with the mean, and such as fall faster than a count's.
        let growing = ChanceLaw::fit(&[level(10.0, 0.01), level(1_000.0, 0.03)]);
        assert!(
            growing.dispersion == 0.0 && (growing.steady - 0.02).abs() < 1e-12,
            "{growing:?}"
        );
        let falling = ChanceLaw::fit(&[level(10.0, 0.4), level(1_000.0, 0.000_2)]);
        assert!(
            falling.steady == 0.0 && (falling.dispersion - 2.1).abs() < 1e-9,
            "{falling:?}"
        );
    }

    #[test]
    fn one_level_tells_a_dispersion_and_nothing_tells_none() {
        let law = ChanceLaw::fit(&[level(100.0, 0.02), level(100.0, 0.06)]);
        assert!((law.relative_variance(400.0) - 0.01).abs() < 1e-12);
        assert!(law.relative_variance(0.0).abs() < f64::EPSILON);
        assert_eq!(ChanceLaw::fit(&[]), ChanceLaw::default());
        let certain = [level(100.0, 0.0), level(10.0, 0.0)];
        assert_eq!(ChanceLaw::fit(&certain), ChanceLaw::default());
        let without_freedom = level(100.0, 0.02).0;
        assert_eq!(
            ChanceLaw::fit(&[(without_freedom, 0.0)]),
            ChanceLaw::default()
        );
    }
}
