//! Morris' screening: which factors matter at all, from a few runs for each.

use super::bootstrap::BootstrapEstimate;
use super::largest_effect::shares_of_largest;
use super::outcomes::{self, DesignError, Group, OutcomeError};
use crate::design::luck::{self, Use};
use crate::stats::{Estimate, Level, Moments};

/// Purposes of the draws of a trajectory.
const START: u32 = 0;
const ORDER: u32 = 1;

/// Random trajectories through a grid over the unit cube, each changing one factor after another.
///
/// Morris (1991), "Factorial sampling plans for preliminary computational experiments",
/// doi:10.1080/00401706.1991.10484804. The grid has p levels from 0 to 1, both included; a step is p / (2 (p - 1)), up or
/// down. Points are in the order of trajectories, and within one in running order: each differs from the one before it in
/// one factor. Trajectories are independent of each other and of their number.
#[derive(Debug, Clone)]
pub struct MorrisDesign {
    trajectories: u32,
    factors: usize,
    levels: u32,
    seed: u64,
}

/// What Morris' screening says of every factor.
#[derive(Debug, Clone, PartialEq)]
pub struct MorrisEffects {
    /// Trajectories with all their outcomes, on which the estimates rest.
    pub trajectories: u32,
    /// Trajectories left out since an outcome is missing.
    pub dropped: u32,
    /// Effects of each factor, in order.
    pub factors: Vec<MorrisEffect>,
}

/// How the outcome changes with one factor.
///
/// An elementary effect is the change of the outcome over one step divided by the part of the way from coordinate 0 to 1 that the factor moved
/// in it: what the factor would change over the whole way if every part of it changed as much. Where coordinates are probabilities of an
/// uncertain number, the parts are of probability and not of its values: they are the same of a uniform number only. Without a step that moved
/// the factor nothing is known of it. \[units of the outcome\]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MorrisEffect {
    /// Mean of the elementary effects; effects of either sign cancel. `None` without one. \[units of the outcome\]
    pub mu: Option<f64>,
    /// Mean of their absolute values, by which factors are ranked: Campolongo, Cariboni & Saltelli (2007), "An effective
    /// screening design for sensitivity analysis of large models", doi:10.1016/j.envsoft.2006.10.004. \[units of the outcome\]
    ///
    /// Trajectories are independent of each other, so its interval is Student's of a mean, n the effects; it ends at 0, as mu* does. Where a
    /// few effects are much larger than the others it covers the truth less often than its level says. `None` without an effect.
    pub mu_star: Option<Estimate>,
    /// Standard deviation of the elementary effects, with divisor n - 1: how far the effect depends on where it is
    /// measured; 0 for a factor that acts alike everywhere. `None` with fewer than two effects. \[units of the outcome\]
    pub sigma: Option<f64>,
    /// mu* as a share of the largest mu* of all factors, with a bootstrap interval over trajectories, in which the largest varies as well.
    /// `None` without an effect, or where all effects are 0. Shares lean low where several factors are near the largest: the largest of
    /// several estimates is too large on average. \[share of the largest mu*\]
    pub share_of_largest: Option<BootstrapEstimate>,
    /// Effects behind the estimates: trajectories but for those whose step left the value of the factor as it was, which
    /// happens where it has few values.
    pub effects: u32,
}

/// One trajectory: where it starts and which factor each step moves.
struct Trajectory {
    /// Level of each factor before and after its step.
    levels: Vec<(u32, u32)>,
    /// Number of the step that moves each factor, from 0.
    steps: Vec<u32>,
}

impl MorrisDesign {
    /// A design of `trajectories` trajectories for `factors` factors on `levels` levels, random as the seed says.
    ///
    /// A larger number of trajectories continues the design. Four levels and ten to fifty trajectories are usual.
    ///
    /// # Errors
    /// Without factors, with fewer than two trajectories, or if the number of levels is odd or 0.
    pub fn new(
        trajectories: u32,
        factors: usize,
        levels: u32,
        seed: u64,
    ) -> Result<Self, DesignError> {
        if factors == 0 {
            return Err(DesignError::NoFactors);
        }
        if trajectories < 2 {
            return Err(DesignError::TooFew {
                what: "trajectories",
                found: trajectories,
            });
        }
        if levels == 0 || levels % 2 == 1 {
            return Err(DesignError::Levels { found: levels });
        }
        Ok(Self {
            trajectories,
            factors,
            levels,
            seed,
        })
    }

    /// Number of points: trajectories times (factors + 1).
    #[must_use]
    pub fn points(&self) -> u64 {
        u64::from(self.trajectories) * self.trajectory_size() as u64
    }

    /// Point number `index`, a coordinate from 0 to 1 for each factor; both ends occur.
    ///
    /// # Panics
    /// If the design has no such point.
    #[must_use]
    pub fn point(&self, index: u64) -> Vec<f64> {
        assert!(
            index < self.points(),
            "point {index} of a design of {}",
            self.points()
        );
        let size = self.trajectory_size() as u64;
        let Trajectory { levels, steps } = self.trajectory((index / size) as u32);
        let done = index % size;
        levels
            .iter()
            .zip(steps)
            .map(|(&(before, after), step)| {
                let level = if u64::from(step) < done {
                    after
                } else {
                    before
                };
                self.coordinate(level)
            })
            .collect()
    }

    /// The effects from the outcomes of all points, in order; mu* with intervals over trajectories.
    ///
    /// `moved` gives the part of its way by which a factor, given by its number, moves from one coordinate to another:
    /// the difference of the two where every value may be had, another one where the factor has separate values. A step
    /// whose share is 0 has no effect to tell, and is left out. A trajectory with an outcome that is missing, infinite or not a number is left out.
    /// A thousand resamples are usual: on them rest the intervals of shares of the largest effect.
    ///
    /// # Errors
    /// If there is not one outcome for each point, or fewer than two trajectories are whole.
    pub fn effects(
        &self,
        outcomes: &[Option<f64>],
        moved: impl Fn(usize, [f64; 2]) -> f64,
        level: Level,
        resamples: u32,
    ) -> Result<MorrisEffects, OutcomeError> {
        let (groups, dropped) =
            outcomes::whole_groups(outcomes, self.trajectories, self.trajectory_size())?;
        let of_trajectory =
            |group: &Group| self.elementary_effects(group.number, &group.outcomes, &moved);
        let effects: Vec<Vec<Option<f64>>> = groups.iter().map(of_trajectory).collect();
        let shares = shares_of_largest(&effects, self.seed, level, resamples);
        let of_factor = |(factor, share_of_largest)| {
            let effects: Vec<f64> = effects.iter().filter_map(|of| of[factor]).collect();
            MorrisEffect {
                share_of_largest,
                ..estimate(&effects, level)
            }
        };
        Ok(MorrisEffects {
            trajectories: self.trajectories - dropped,
            dropped,
            factors: shares.into_iter().enumerate().map(of_factor).collect(),
        })
    }

    /// Points of a trajectory.
    fn trajectory_size(&self) -> usize {
        self.factors + 1
    }

    /// Trajectory number `number`.
    fn trajectory(&self, number: u32) -> Trajectory {
        let streams = luck::streams(self.seed, Use::Trajectories);
        let half = self.levels / 2;
        let levels = (0..self.factors as u64)
            .map(|factor| {
                let mut draw = streams.draw(u64::from(number), START, factor);
                let low = draw.below(u64::from(half)) as u32;
                let ends = (low, low + half);
                if draw.below(2) == 0 {
                    ends
                } else {
                    (ends.1, ends.0)
                }
            })
            .collect();
        let mut draw = streams.draw(u64::from(number), ORDER, 0);
        let steps = luck::permutation(self.factors as u32, &mut draw);
        Trajectory { levels, steps }
    }

    /// The elementary effect of each factor along a trajectory; `None` of one whose step moved nothing.
    fn elementary_effects(
        &self,
        number: u32,
        outcomes: &[f64],
        moved: &impl Fn(usize, [f64; 2]) -> f64,
    ) -> Vec<Option<f64>> {
        let Trajectory { levels, steps } = self.trajectory(number);
        (levels.iter().zip(steps).enumerate())
            .map(|(factor, (&(before, after), step))| {
                let share = moved(factor, [before, after].map(|level| self.coordinate(level)));
                let step = step as usize;
                let rise = outcomes[step + 1] - outcomes[step];
                (share != 0.0).then(|| rise / share)
            })
            .collect()
    }

    /// The coordinate of a level.
    fn coordinate(&self, level: u32) -> f64 {
        f64::from(level) / f64::from(self.levels - 1)
    }
}

/// The estimates for a factor from its elementary effects, but for what the others tell.
fn estimate(effects: &[f64], level: Level) -> MorrisEffect {
    let moments: Moments = effects.iter().copied().collect();
    MorrisEffect {
        mu: moments.mean(),
        mu_star: mean_absolute(effects, level),
        sigma: moments.variance().map(f64::sqrt),
        share_of_largest: None,
        effects: moments.n(),
    }
}

/// The mean of the absolute values, with Student's interval as far as it is not below 0; `None` without a value.
fn mean_absolute(values: &[f64], level: Level) -> Option<Estimate> {
    let absolute: Moments = values.iter().map(|value| value.abs()).collect();
    let mut estimate = Estimate::of(&absolute, level)?;
    if let Some(interval) = &mut estimate.interval {
        interval.lower = interval.lower.max(0.0);
    }
    Some(estimate)
}

#[cfg(test)]
#[expect(
    clippy::float_cmp,
    reason = "coordinates that do not move are the same bits"
)]
mod tests {
    use super::super::test_functions::{G_FACTORS, g, ishigami, linear};
    use super::*;
    use crate::stats::ConfidenceInterval;

    fn effects(design: &MorrisDesign, function: impl Fn(&[f64]) -> f64) -> MorrisEffects {
        let outcomes: Vec<_> = (0..design.points())
            .map(|i| Some(function(&design.point(i))))
            .collect();
        design
            .effects(&outcomes, difference, Level::USUAL, 50)
            .unwrap()
    }

    impl MorrisEffect {
        fn star(&self) -> f64 {
            self.mu_star.unwrap().mean
        }

        fn interval(&self) -> ConfidenceInterval {
            self.mu_star.unwrap().interval.unwrap()
        }
    }

    /// Every value of every factor may be had.
    fn difference(_: usize, [from, to]: [f64; 2]) -> f64 {
        to - from
    }

    #[test]
    fn each_point_differs_from_the_one_before_by_a_step_in_one_factor_and_every_factor_has_one() {
        let design = MorrisDesign::new(50, 6, 4, 3).unwrap();
        assert_eq!(design.points(), 350);
        for trajectory in 0..50 {
            let points: Vec<_> = (0..7).map(|i| design.point(7 * trajectory + i)).collect();
            let mut moved: Vec<usize> = points
                .windows(2)
                .map(|pair| {
                    let changed: Vec<_> = (0..6).filter(|&f| pair[0][f] != pair[1][f]).collect();
                    let [factor] = changed[..] else {
                        panic!("{changed:?} in one step");
                    };
                    let step = (pair[1][factor] - pair[0][factor]).abs();
                    assert!((step - 2.0 / 3.0).abs() < 1e-15, "{step}");
                    factor
                })
                .collect();
            moved.sort_unstable();
            assert_eq!(moved, [0, 1, 2, 3, 4, 5]);
        }
    }

    /// 4,000 starting levels of which each of 6 is expected 666.7 times; chi-square with 5 degrees of freedom, whose
    /// 1 - 10^-6 quantile is 35.9.
    #[test]
    fn all_levels_occur_alike() {
        let design = MorrisDesign::new(1_000, 4, 6, 8).unwrap();
        let mut counts = [0_u32; 6];
        for trajectory in 0..1_000 {
            for x in design.point(5 * trajectory) {
                counts[(x * 5.0).round() as usize] += 1;
            }
        }
        let expected = 4_000.0 / 6.0;
        let statistic: f64 = counts
            .iter()
            .map(|&count| (f64::from(count) - expected).powi(2) / expected)
            .sum();
        assert!(statistic < 35.9, "{counts:?}");
    }

    #[test]
    fn a_design_has_the_points_of_its_first_version() {
        let design = MorrisDesign::new(2, 3, 4, 1).unwrap();
        let levels: Vec<[u32; 3]> = (0..8)
            .map(|i| [0, 1, 2].map(|factor| (design.point(i)[factor] * 3.0).round() as u32))
            .collect();
        let first = [[2, 0, 1], [2, 2, 1], [2, 2, 3], [0, 2, 3]];
        let second = [[0, 1, 2], [2, 1, 2], [2, 3, 2], [2, 3, 0]];
        assert_eq!(levels, [first, second].concat());
    }

    #[test]
    fn more_trajectories_continue_the_design() {
        let [few, many] = [3, 30].map(|n| MorrisDesign::new(n, 5, 4, 1).unwrap());
        assert!((0..few.points()).all(|i| few.point(i) == many.point(i)));
        let other = MorrisDesign::new(3, 5, 4, 2).unwrap();
        assert!((0..few.points()).any(|i| few.point(i) != other.point(i)));
    }

    #[test]
    fn of_a_sum_the_effects_are_the_coefficients_and_do_not_vary() {
        let coefficients = [3.0, -4.0, 0.0, 0.5];
        let design = MorrisDesign::new(10, 4, 8, 1).unwrap();
        let found = effects(&design, |point| linear(point, &coefficients));
        assert_eq!((found.trajectories, found.dropped), (10, 0));
        for (effect, coefficient) in found.factors.iter().zip(coefficients) {
            // 1e-12: rounding of outcomes of about 1,000.
            assert!((effect.mu.unwrap() - coefficient).abs() < 1e-12);
            assert!(effect.sigma.unwrap() < 1e-12, "{effect:?}");
            let interval = effect.interval();
            for bound in [effect.star(), interval.lower, interval.upper] {
                assert!((bound - coefficient.abs()).abs() < 1e-12, "{effect:?}");
            }
        }
    }

    /// On four levels the factors of Ishigami are -π, -π/3, π/3 or π, and all elementary effects can be written down: of x
    /// 13.95 and 1.455, always positive; of y 7.875 up or down; of z 0 or 12.5 up or down. 2,000 trajectories, bound of five
    /// standard errors (of the mean 0.14, 0.18 and 0.20; of mu* 0.14, 0 and 0.14).
    #[test]
    fn the_effects_of_ishigami_are_those_of_its_formula() {
        use std::f64::consts::PI;
        let sine = libm::sin(PI / 3.0);
        let fourth = [PI.powi(4), (PI / 3.0).powi(4)];
        let x = fourth.map(|fourth| 1.5 * sine * (1.0 + 0.1 * fourth));
        let y = 1.5 * 7.0 * sine * sine;
        let z = 1.5 * 0.1 * (fourth[0] - fourth[1]) * sine;
        let mean_x = f64::midpoint(x[0], x[1]);
        let expected = [
            (mean_x, mean_x, (x[0] - x[1]) / 2.0),
            (0.0, y, y),
            (0.0, z / 2.0, z / 2.0_f64.sqrt()),
        ];
        let design = MorrisDesign::new(2_000, 3, 4, 6).unwrap();
        let found = effects(&design, ishigami);
        for (effect, (mu, mu_star, sigma)) in found.factors.iter().zip(expected) {
            assert!((effect.mu.unwrap() - mu).abs() < 5.0 * sigma / 2_000.0_f64.sqrt());
            let off = effect.star() - mu_star;
            assert!(off.abs() < 5.0 * 0.14 + 1e-9, "{effect:?}, not {mu_star}");
            assert!(
                (effect.sigma.unwrap() / sigma - 1.0).abs() < 0.05,
                "{effect:?}, not {sigma}"
            );
        }
        // Exactly the same everywhere but for its sign.
        assert!((found.factors[1].star() - y).abs() < 1e-12);
        assert!((found.factors[0].mu.unwrap() - found.factors[0].star()).abs() < 1e-12);
    }

    #[test]
    fn the_factors_of_the_g_function_are_ranked_in_their_order() {
        let design = MorrisDesign::new(200, G_FACTORS, 6, 1).unwrap();
        let found = effects(&design, g);
        let ranking: Vec<f64> = found.factors.iter().map(MorrisEffect::star).collect();
        assert!(
            ranking[..5].windows(2).all(|pair| pair[0] > 1.2 * pair[1]),
            "{ranking:?}"
        );
        // The last two have the same weight.
        assert!((ranking[4] / ranking[5] - 1.0).abs() < 0.2, "{ranking:?}");
    }

    /// How many intervals of mu* of the first factor hold the truth, of so many seeds.
    fn covered(
        seeds: u64,
        (trajectories, factors): (u32, usize),
        truth: f64,
        function: impl Fn(&[f64]) -> f64,
    ) -> f64 {
        let covered = (0..seeds)
            .filter(|&seed| {
                let design = MorrisDesign::new(trajectories, factors, 4, seed).unwrap();
                let interval = effects(&design, &function).factors[0].interval();
                interval.lower <= truth && truth <= interval.upper
            })
            .count();
        covered as f64 / seeds as f64
    }

    /// The effect of the first factor is 1 and the other three, each 0, 1/3, 2/3 or 1. 4,000 seeds of ten trajectories: the standard error of
    /// a coverage of 0.95 is 0.0034, bound 3.3 of them. Percentile bootstrap intervals cover it 91 times in a hundred.
    #[test]
    fn intervals_of_ten_trajectories_cover_mu_star_as_often_as_their_level_says() {
        let product = |point: &[f64]| point[0] * (1.0 + point[1] + point[2] + point[3]);
        let share = covered(4_000, (10, 4), 2.5, product);
        assert!((share - 0.95).abs() < 0.0114, "{share}");
    }

    /// 1,000 seeds of 40 trajectories of Ishigami; the standard error of the coverage is 0.007. mu* of x is a mean of 40
    /// coins, whose interval covers 0.95 but for the steps of the binomial distribution.
    #[test]
    fn intervals_of_an_effect_of_two_values_cover_it_about_as_often_as_their_level_says() {
        let sine = libm::sin(std::f64::consts::PI / 3.0);
        let pi = std::f64::consts::PI;
        let truth = 1.5 * sine * (1.0 + 0.1 * f64::midpoint(pi.powi(4), (pi / 3.0).powi(4)));
        let share = covered(1_000, (40, 3), truth, ishigami);
        assert!((0.92..0.98).contains(&share), "{share}");
    }

    #[test]
    fn an_interval_of_mu_star_ends_at_0() {
        let found = mean_absolute(&[0.0, 0.0, 0.0, -8.0], Level::USUAL).unwrap();
        let interval = found.interval.unwrap();
        assert_eq!((found.mean, interval.lower, interval.n), (2.0, 0.0, 4));
        // 2 + 3.18244631 * 4 / 2
        assert!((interval.upper - 8.364_892_62).abs() < 1e-8, "{interval:?}");
    }

    #[test]
    fn trajectories_with_missing_outcomes_are_left_out_and_counted() {
        let design = MorrisDesign::new(20, 2, 4, 1).unwrap();
        let mut outcomes: Vec<_> = (0..design.points())
            .map(|i| Some(linear(&design.point(i), &[2.0, -1.0])))
            .collect();
        outcomes[0] = None;
        outcomes[31] = Some(f64::NAN);
        outcomes[32] = None;
        let found = design
            .effects(&outcomes, difference, Level::USUAL, 50)
            .unwrap();
        assert_eq!((found.trajectories, found.dropped), (18, 2));
        assert!((found.factors[0].mu.unwrap() - 2.0).abs() < 1e-12);
        assert!((found.factors[1].mu.unwrap() + 1.0).abs() < 1e-12);
    }

    /// The first factor has two values, the second moves in half of its steps, the third never.
    #[test]
    fn an_effect_is_divided_by_what_really_moved_and_a_step_that_moved_nothing_has_none() {
        let design = MorrisDesign::new(40, 3, 4, 1).unwrap();
        let places = |factor: usize, u: f64| match factor {
            0 => (2.0 * u).floor().min(1.0),
            1 => u.max(2.0 / 3.0) * 3.0 - 2.0,
            _ => 0.5,
        };
        let outcomes: Vec<_> = (0..design.points())
            .map(|i| {
                let at = design.point(i);
                Some(7.0 * places(0, at[0]) - 4.0 * places(1, at[1]) + 9.0 * places(2, at[2]))
            })
            .collect();
        let moved = |factor, [from, to]: [f64; 2]| places(factor, to) - places(factor, from);
        let found = design.effects(&outcomes, moved, Level::USUAL, 50).unwrap();
        let [two, half, never] = &found.factors[..] else {
            panic!("{found:?}");
        };
        assert_eq!((found.trajectories, two.effects), (40, 40));
        for (effect, mu) in [(two, 7.0), (half, -4.0)] {
            assert!((effect.mu.unwrap() - mu).abs() < 1e-12, "{effect:?}");
            assert!(effect.sigma.unwrap() < 1e-12, "{effect:?}");
        }
        assert!((8..32).contains(&half.effects), "{half:?}");
        let nothing = MorrisEffect {
            mu: None,
            mu_star: None,
            sigma: None,
            share_of_largest: None,
            effects: 0,
        };
        assert_eq!(*never, nothing);
    }

    #[test]
    fn a_single_effect_has_no_spread_and_no_interval() {
        let found = estimate(&[-3.0], Level::USUAL);
        assert_eq!(
            (found.mu, found.sigma, found.effects),
            (Some(-3.0), None, 1)
        );
        assert_eq!((found.star(), found.mu_star.unwrap().interval), (3.0, None));
    }

    #[test]
    fn odd_levels_no_factors_and_a_single_trajectory_are_refused() {
        let error = |trajectories, factors, levels| {
            MorrisDesign::new(trajectories, factors, levels, 0).unwrap_err()
        };
        assert_eq!(error(10, 0, 4), DesignError::NoFactors);
        for levels in [0, 1, 5] {
            assert_eq!(error(10, 2, levels), DesignError::Levels { found: levels });
        }
        assert_eq!(
            error(1, 2, 4).to_string(),
            "a sensitivity analysis needs at least 2 trajectories; found 1"
        );
    }
}
