//! Luck and world apart: how much of the variance lies between futures, and how much between the replications of one.

use statrs::distribution::{ContinuousCDF, FisherSnedecor};

use super::estimate::{ConfidenceInterval, Estimate, Level};
use super::moments::Moments;
use super::skewness::Skewness;

/// Running one-way analysis of variance with random groups: replications nested in futures.
///
/// A future is one draw of what nobody knows (parameters, drivers); its replications differ by luck alone. The estimates do not
/// ask for normal values or equal group sizes.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Nested {
    means: Skewness,
    values: f64,
    squared_sizes: f64,
    mean: f64,
    between: f64,
    within: f64,
}

/// The variance of a single replication of a random future, taken apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Components {
    /// Futures behind it.
    pub futures: u32,
    /// Variance between the expected values of futures; more replications of each do not lessen it.
    pub between: f64,
    /// Variance between the replications of one future.
    pub within: f64,
    /// Mean square between futures over that within, and the degrees of freedom of both.
    ratio: f64,
    freedom: [f64; 2],
    /// Replications of a future, in the sense of the analysis of variance.
    size: f64,
    /// Skewness G₁ of the means of futures.
    skewness: Option<f64>,
}

/// Why there is no interval of the share that lies between futures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoShareInterval {
    /// Nothing varies.
    Constant,
    /// The futures are more alike than chance would make them if they did not differ at all: the interval is empty, which happens by chance above
    /// all with few futures and says nothing about the share.
    Alike,
    /// A few futures lie far from the others: the interval, which takes futures for normal, would hold the share far less often than its level says.
    Skewed,
}

/// The fewest futures whose skewness is looked at: of fewer, normal ones are often as skewed as any (of 8, more than [`SKEWED`] in one sample of
/// six; of 20, in one of twenty).
const FEWEST_JUDGED: u32 = 8;

/// The skewness of either sign above which futures are clearly no normal ones: an assumed number, half of that of an exponential law.
const SKEWED: f64 = 1.0;

impl Components {
    /// Share of the total that lies between futures; `None` where nothing varies.
    #[must_use]
    pub fn between_share(&self) -> Option<f64> {
        let total = self.between + self.within;
        (total > 0.0).then(|| self.between / total)
    }

    /// Where that share lies: the interval from the ratio of the mean squares, exact for normal values and futures of equal size (Searle
    /// and others 1992, as below). It assumes that futures are about normal, which fewer than 8 of them do not tell.
    ///
    /// # Errors
    /// [`NoShareInterval`].
    pub fn share_interval(&self, level: Level) -> Result<[f64; 2], NoShareInterval> {
        let [lower, upper] = self.interval_of_normal(level)?;
        if upper <= 0.0 {
            Err(NoShareInterval::Alike)
        } else if self.is_skewed() {
            Err(NoShareInterval::Skewed)
        } else {
            Ok([lower.max(0.0), upper])
        }
    }

    /// Whether a few futures lie far from the others.
    fn is_skewed(&self) -> bool {
        let skewness = self.skewness.unwrap_or(0.0);
        self.futures >= FEWEST_JUDGED && skewness.abs() > SKEWED
    }

    /// The interval for normal values; its ends may be below 0.
    fn interval_of_normal(&self, level: Level) -> Result<[f64; 2], NoShareInterval> {
        if self.between + self.within <= 0.0 {
            return Err(NoShareInterval::Constant);
        }
        let fisher = FisherSnedecor::new(self.freedom[0], self.freedom[1])
            .expect("there are futures and replications, or there would be no components");
        let tail = (1.0 - level.share()) / 2.0;
        // From (F / f - 1) / (F / f - 1 + n), where F is the ratio and f the quantile on the other side.
        let end = |tail| {
            let excess = self.ratio / fisher.inverse_cdf(tail) - 1.0;
            if excess.is_infinite() {
                1.0
            } else {
                excess / (excess + self.size)
            }
        };
        Ok([end(1.0 - tail), end(tail)])
    }
}

impl Nested {
    /// Adds a future with the moments of its replications; one without values is no future.
    pub fn add_group(&mut self, group: &Moments) {
        let Some(mean) = group.mean() else { return };
        let size = f64::from(group.n());
        self.means.add(mean);
        self.values += size;
        self.squared_sizes += size * size;
        let deviation = mean - self.mean;
        self.mean += deviation * size / self.values;
        self.between += size * deviation * (mean - self.mean);
        self.within += group.variance().unwrap_or(0.0) * (size - 1.0);
    }

    /// The estimates of the analysis of variance, the variance between futures at least 0.
    ///
    /// within = MSE and between = (MSA - MSE) / n₀, with n₀ = (N - Σ nᵢ² / N) / (F - 1) for F futures of nᵢ replications, N in all
    /// (Searle and others, Variance Components, 1992, doi:10.1002/9780470316856, chapter 3). `None` for fewer than two futures, and
    /// where no future has two replications.
    #[must_use]
    pub fn components(&self) -> Option<Components> {
        let futures = self.means.moments().n();
        let freedom_between = f64::from(futures) - 1.0;
        let freedom_within = self.values - f64::from(futures);
        if freedom_between < 1.0 || freedom_within < 1.0 {
            return None;
        }
        let within = self.within / freedom_within;
        let size = (self.values - self.squared_sizes / self.values) / freedom_between;
        let mean_square = self.between / freedom_between;
        let between = (mean_square - within) / size;
        Some(Components {
            futures,
            between: between.max(0.0),
            within,
            ratio: mean_square / within,
            freedom: [freedom_between, freedom_within],
            size,
            skewness: self.means.g1(),
        })
    }

    /// The expected value of the futures that there are, where no others are asked about: Student's interval by the variance between replications of
    /// one future, MSE, with as many degrees of freedom as that has; `n` counts replications. `None` where no future has two replications.
    #[must_use]
    pub fn mean_of_these(&self, level: Level) -> Option<Estimate> {
        let n = self.values as u32;
        let freedom = n - self.means.moments().n();
        let variance = self.within / f64::from(freedom);
        let interval = ConfidenceInterval::of_variance(self.mean, variance, freedom, n, level)?;
        Some(Estimate {
            mean: self.mean,
            n,
            interval: Some(interval),
        })
    }

    /// The expected value over futures, each of which counts the same whatever its number of replications.
    ///
    /// Futures are what was sampled, so the interval is Student's of their means, with F - 1 degrees of freedom; `n` counts
    /// futures. Both components are in it. `None` without futures.
    #[must_use]
    pub fn grand_mean(&self, level: Level) -> Option<Estimate> {
        Estimate::of(self.means.moments(), level)
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::SmallRng;
    use rand_distr::{Distribution, StandardNormal};

    use super::*;
    use crate::stats::student::two_sided_quantile;

    fn of(groups: &[&[f64]]) -> Nested {
        let mut nested = Nested::default();
        for group in groups {
            nested.add_group(&group.iter().copied().collect());
        }
        nested
    }

    fn assert_close(found: f64, expected: f64, margin: f64) {
        assert!((found - expected).abs() < margin, "{found}, not {expected}");
    }

    /// Snedecor & Cochran, Statistical Methods: calcium in turnip leaves, four determinations of each of four leaves.
    fn turnip_leaves() -> Nested {
        of(&[
            &[3.28, 3.09, 3.03, 3.03],
            &[3.52, 3.48, 3.38, 3.38],
            &[2.88, 2.80, 2.81, 2.76],
            &[3.34, 3.38, 3.23, 3.26],
        ])
    }

    /// Mean squares 0.2961 and 0.0066, variance between leaves 0.0724.
    #[test]
    fn the_calcium_of_turnip_leaves_has_the_published_components() {
        let leaves = turnip_leaves();
        let components = leaves.components().unwrap();
        assert_close(components.within, 0.0066, 5e-5);
        assert_close(components.between, 0.0724, 5e-5);
        assert_close(components.between_share().unwrap(), 0.9164, 5e-4);
        // √(0.2961 / 16), since the mean square between is four times the variance of the means.
        let interval = leaves.grand_mean(Level::USUAL).unwrap().interval.unwrap();
        let t = two_sided_quantile(0.95, 3).unwrap();
        assert_close(interval.half_width() / t, 0.1360, 5e-5);
    }

    /// √(0.0066 / 16), with twelve degrees of freedom; one value of each leaf tells nothing of that.
    #[test]
    fn the_mean_of_these_leaves_is_known_better_than_that_of_all() {
        let these = turnip_leaves().mean_of_these(Level::USUAL).unwrap();
        let t = two_sided_quantile(0.95, 12).unwrap();
        let half_width = these.interval.unwrap().half_width();
        assert_close(half_width / t, 0.0203, 5e-5);
        assert_eq!(these.n, 16);
        let alone = of(&[&[3.28], &[3.52]]);
        assert_eq!(alone.mean_of_these(Level::USUAL), None);
    }

    /// By hand: means 2 and 7 around 4, MSA = 3 · 4 + 2 · 9 = 30, MSE = (2 + 2) / 3, n₀ = 5 - 13/5 = 2.4.
    #[test]
    fn unequal_groups_are_weighted() {
        let nested = of(&[&[1.0, 2.0, 3.0], &[], &[6.0, 8.0]]);
        let components = nested.components().unwrap();
        assert_eq!(components.futures, 2);
        assert_close(components.within, 4.0 / 3.0, 1e-12);
        assert_close(components.between, (30.0 - 4.0 / 3.0) / 2.4, 1e-12);
        assert_close(nested.grand_mean(Level::USUAL).unwrap().mean, 4.5, 1e-12);
    }

    #[test]
    fn futures_that_differ_less_than_luck_explains_have_no_variance_between() {
        let components = of(&[&[1.0, 3.0], &[1.0, 3.0]]).components().unwrap();
        assert_eq!((components.between, components.within), (0.0, 2.0));
        assert_eq!(components.between_share(), Some(0.0));
        let interval = components.share_interval(Level::USUAL);
        assert_eq!(interval, Err(NoShareInterval::Alike));
        let equal = of(&[&[2.0, 2.0], &[2.0, 2.0]]).components().unwrap();
        assert_eq!(equal.between_share(), None);
    }

    /// F = 0.2961 / 0.0066 = 44.9 with 3 and 12 degrees of freedom, of which the tables have the quantiles
    /// 4.474 at 97.5% and 1 / 14.34 at 2.5%.
    #[test]
    fn the_share_of_the_leaves_has_the_interval_of_the_tables() {
        let leaves = turnip_leaves();
        let components = leaves.components().unwrap();
        let [lower, upper] = components.share_interval(Level::USUAL).unwrap();
        let share = |f: f64| (44.85 / f - 1.0) / (44.85 / f + 3.0);
        assert_close(lower, share(4.474), 1e-3);
        assert_close(upper, share(1.0 / 14.34), 1e-3);
        let equal = of(&[&[2.0, 2.0], &[2.0, 2.0]]).components().unwrap();
        let interval = equal.share_interval(Level::USUAL);
        assert_eq!(interval, Err(NoShareInterval::Constant));
        let apart = of(&[&[2.0, 2.0], &[3.0, 3.0]]).components().unwrap();
        assert_eq!(apart.share_interval(Level::USUAL), Ok([1.0, 1.0]));
    }

    /// Twenty futures of two replications, 2,000 times: the share is 4/13; standard error 0.005, α = 0.001 two-sided gives 0.016. Some are skewed
    /// by chance.
    #[test]
    fn the_interval_of_the_share_covers_it() {
        let mut random = SmallRng::seed_from_u64(9);
        let (mut covered, mut given) = (0, 0);
        for _ in 0..2_000 {
            let mut nested = Nested::default();
            for _ in 0..20 {
                nested.add_group(&future(&mut random, 2));
            }
            let components = nested.components().unwrap();
            match components.share_interval(Level::USUAL) {
                Err(NoShareInterval::Skewed) => continue,
                Ok([lower, upper]) if lower <= 4.0 / 13.0 && 4.0 / 13.0 <= upper => covered += 1,
                _ => {}
            }
            given += 1;
        }
        assert_close(f64::from(covered) / f64::from(given), 0.95, 0.016);
        assert!((1_800..2_000).contains(&given), "{given}");
    }

    /// Of seven futures one says nothing about the law of futures.
    #[test]
    fn where_a_few_futures_lie_far_from_the_others_the_share_has_no_interval() {
        let futures = |number: u32, far: f64| {
            let mut nested = Nested::default();
            for future in 0..number {
                let mean = if future == 3 { far } else { f64::from(future) };
                nested.add_group(&[mean, mean + 1.0].into_iter().collect());
            }
            let components = nested.components().unwrap();
            components.share_interval(Level::USUAL)
        };
        for far in [100.0, -100.0] {
            assert_eq!(futures(8, far), Err(NoShareInterval::Skewed));
            assert!(futures(7, far).is_ok());
        }
        assert!(futures(8, 3.0).is_ok());
    }

    #[test]
    fn one_future_or_single_replications_cannot_be_taken_apart() {
        assert_eq!(of(&[&[1.0, 2.0]]).components(), None);
        let single = of(&[&[1.0], &[2.0]]);
        assert_eq!(single.components(), None);
        assert_eq!(Nested::default().grand_mean(Level::USUAL), None);
    }

    /// A future: normal around 100 with variance 4; its `size` replications have variance 9.
    fn future(random: &mut SmallRng, size: u32) -> Moments {
        let mut draw = || -> f64 { StandardNormal.sample(random) };
        let expected = 100.0 + 2.0 * draw();
        (0..size).map(|_| expected + 3.0 * draw()).collect()
    }

    /// 5,000 futures of 2 to 6 replications. The estimate of 4 has a standard error of about 0.14 (√2 · 6.6 / √5,000, where 6.6 is
    /// the variance of a future's mean, and a little for the other component), that of 9 of 0.104 (9 √2 / √15,000); α = 0.001
    /// two-sided gives 3.29 of them.
    #[test]
    fn simulated_nested_normal_values_give_their_components_back() {
        let mut random = SmallRng::seed_from_u64(7);
        let mut nested = Nested::default();
        for i in 0..5_000 {
            nested.add_group(&future(&mut random, 2 + i % 5));
        }
        let components = nested.components().unwrap();
        assert_close(components.between, 4.0, 3.29 * 0.14);
        assert_close(components.within, 9.0, 3.29 * 0.104);
    }

    /// Six futures of five replications, 4,000 times: standard error 0.0034, α = 0.001 two-sided gives 0.0113. All 30
    /// replications as one sample would cover far less.
    #[test]
    fn the_interval_of_the_grand_mean_covers_the_expected_value_over_futures() {
        let mut random = SmallRng::seed_from_u64(8);
        let covered = (0..4_000)
            .filter(|_| {
                let mut nested = Nested::default();
                for _ in 0..6 {
                    nested.add_group(&future(&mut random, 5));
                }
                let interval = nested.grand_mean(Level::USUAL).unwrap().interval.unwrap();
                interval.lower <= 100.0 && 100.0 <= interval.upper
            })
            .count();
        assert_close(covered as f64 / 4_000.0, 0.95, 0.0113);
    }
}
