//! A predictive distribution: weighted draws of a model, each with an error of its logarithm.

use super::discrepancy::LogError;
use crate::stats::{fewest_values, weighted_quantile};

/// Halvings of the range in which a quantile is looked for.
const HALVINGS: usize = 60;

/// Standard deviations beyond the draws within which a quantile is looked for, at first: farther out where a heavy tail has it.
const FAR: f64 = 9.0;

/// Times that this is doubled, at most.
const DOUBLINGS: usize = 20;

/// What a figure may be: a mixture of distributions of its logarithm, normal or with heavier tails.
///
/// Draw i, of value x(i) and weight w(i) (weights sum to 1), stands for the luck of a replication and for what nobody knows of the
/// parameters; the error, for what the model leaves out: ln y = ln x(i) + s e, where e has the density f of an [`ErrorLaw`](crate::stats::ErrorLaw). So ln y has the
/// density Σ w(i) f((ln y - ln x(i)) / s) / s, and P(Y ≤ y) = Σ w(i) F((ln y - ln x(i)) / s).
///
/// With s = 0 it is the draws alone: an interval then comes from their order, and there is no density.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictive {
    /// Logarithms of the draws, ascending, with their weights.
    draws: Vec<(f64, f64)>,
    error: LogError,
}

impl Predictive {
    /// The distribution of draws, each a value of at least 0 with a weight, and the error of the logarithm.
    ///
    /// `None` where no draw has a weight above 0.
    #[must_use]
    pub fn new(draws: impl IntoIterator<Item = (f64, f64)>, error: LogError) -> Option<Self> {
        let draws: Vec<(f64, f64)> = draws
            .into_iter()
            .filter(|&(_, weight)| weight > 0.0)
            .collect();
        let whole: f64 = draws.iter().map(|&(_, weight)| weight).sum();
        if draws.is_empty() {
            return None;
        }
        let mut logs: Vec<(f64, f64)> = (draws.iter())
            .map(|&(value, weight)| (libm::log(value), weight / whole))
            .collect();
        logs.sort_by(|one, other| one.0.total_cmp(&other.0));
        Some(Self { draws: logs, error })
    }

    /// The median: the point forecast with the least absolute error to expect (Gneiting 2011, doi:10.1198/jasa.2011.r10138), as those of
    /// models of logarithms are medians too.
    #[must_use]
    #[expect(
        clippy::missing_panics_doc,
        reason = "the middle of a distribution lies among its draws"
    )]
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
            .expect("the middle of a distribution lies among its draws")
    }

    /// The fewest draws alike, without an error, that have an interval of a central share: 9 for 80%.
    #[must_use]
    pub fn fewest_draws(share: f64) -> u32 {
        fewest_values(share)
    }

    /// The interval that holds a central share of the distribution. `None` where there is no error and so few draws that its ends would
    /// lie beyond them: [`fewest_draws`](Self::fewest_draws).
    #[must_use]
    pub fn interval(&self, share: f64) -> Option<(f64, f64)> {
        let tail = (1.0 - share) / 2.0;
        Some((self.quantile(tail)?, self.quantile(1.0 - tail)?))
    }

    /// The value below which the figure lies with probability `p`; `None` as for [`interval`](Self::interval).
    #[must_use]
    pub fn quantile(&self, p: f64) -> Option<f64> {
        if self.error.sd > 0.0 {
            Some(libm::exp(self.log_quantile(p)))
        } else {
            self.quantile_of_draws(p)
        }
    }

    /// The probability of a figure above a value, which is above 0.
    #[must_use]
    pub fn above(&self, value: f64) -> f64 {
        let log = libm::log(value);
        if self.error.sd > 0.0 {
            return (1.0 - self.below(log)).max(0.0);
        }
        let above = self.draws.iter().filter(|&&(draw, _)| draw > log);
        // From 0 on: nothing sums to -0.
        above.fold(0.0, |sum, (_, weight)| sum + weight)
    }

    /// Logarithm of the density of ln y at the published figure: the logarithmic score (Good 1952; Gneiting & Raftery 2007,
    /// doi:10.1198/016214506000001437); larger is better, and 0.1 is about a tenth more probability on what happened.
    ///
    /// That of y itself is less by ln y, alike for every forecast of the month. Minus infinity where every draw is 0 and what happened is
    /// not. `None` without an error, where there is no density, and for a figure of 0.
    #[must_use]
    pub fn log_score(&self, observed: f64) -> Option<f64> {
        let LogError { sd, law } = self.error;
        if sd <= 0.0 || observed <= 0.0 {
            return None;
        }
        let log = libm::log(observed);
        let density =
            |&(draw, weight): &(f64, f64)| libm::log(weight) + law.log_density((log - draw) / sd);
        // The largest term is taken out, so that a figure far from every draw has a score and no underflow.
        let terms: Vec<f64> = self.draws.iter().map(density).collect();
        let most = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if most == f64::NEG_INFINITY {
            return Some(most);
        }
        let sum: f64 = terms.iter().map(|term| libm::exp(term - most)).sum();
        Some(most + libm::log(sum) - libm::log(sd))
    }

    fn below(&self, log: f64) -> f64 {
        let LogError { sd, law } = self.error;
        let of_draw = |&(draw, weight): &(f64, f64)| weight * law.below((log - draw) / sd);
        self.draws.iter().map(of_draw).sum()
    }

    fn log_quantile(&self, p: f64) -> f64 {
        let finite = || self.draws.iter().filter(|(draw, _)| draw.is_finite());
        let (Some(least), Some(greatest)) = (finite().next(), finite().next_back()) else {
            return f64::NEG_INFINITY;
        };
        let of_0 = (self.draws.iter()).filter(|&&(draw, _)| draw == f64::NEG_INFINITY);
        if of_0.map(|(_, weight)| weight).sum::<f64>() >= p {
            return f64::NEG_INFINITY;
        }
        let is_outside =
            |reach: f64| self.below(least.0 - reach) >= p || self.below(greatest.0 + reach) < p;
        let mut reach = FAR * self.error.sd;
        for _ in 0..DOUBLINGS {
            if !is_outside(reach) {
                break;
            }
            reach *= 2.0;
        }
        let (mut low, mut high) = (least.0 - reach, greatest.0 + reach);
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            if self.below(middle) < p {
                low = middle;
            } else {
                high = middle;
            }
        }
        f64::midpoint(low, high)
    }

    /// Where one more draw would lie below with probability `p`.
    fn quantile_of_draws(&self, p: f64) -> Option<f64> {
        let squares = self.draws.iter().map(|(_, weight)| weight * weight);
        let n = squares.sum::<f64>().recip();
        let draws = self.draws.iter();
        let values = draws.map(|&(log, weight)| (libm::exp(log), weight));
        weighted_quantile(values, n, p).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::ErrorLaw;

    fn alike(values: &[f64], sd: f64) -> Predictive {
        let values = values.iter().map(|&value| (value, 1.0));
        Predictive::new(values, LogError::normal(sd)).unwrap()
    }

    /// The constant is half of ln 2π.
    #[test]
    fn one_draw_is_a_lognormal_distribution() {
        let one = alike(&[1000.0], 0.1);
        let (lower, upper) = one.interval(0.8).unwrap();
        // The 90% quantile of the normal distribution is 1.2815515655.
        let factor = libm::exp(0.128_155_156_55);
        assert!((upper / (1000.0 * factor) - 1.0).abs() < 1e-9);
        assert!((lower / (1000.0 / factor) - 1.0).abs() < 1e-9);
        let z = libm::log(1.1) / 0.1;
        let expected = -z * z / 2.0 - libm::log(0.1) - 0.918_938_533_204_672_8;
        assert!((one.log_score(1100.0).unwrap() - expected).abs() < 1e-12);
    }

    /// Two draws at e and e³ with s = 1 and weights 3/4 and 1/4; at e² the density is φ(1) whatever the weights.
    #[test]
    fn weights_mix_the_densities() {
        let (near, far) = (libm::exp(1.0), libm::exp(3.0));
        let two =
            Predictive::new([(far, 1.0), (near, 3.0), (1.0, 0.0)], LogError::normal(1.0)).unwrap();
        let score = two.log_score(libm::exp(2.0)).unwrap();
        assert!((score - (-0.5 - 0.918_938_533_204_672_8)).abs() < 1e-12);
        assert!((two.below(libm::log(two.median())) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn a_figure_far_from_every_draw_has_a_score() {
        let z = libm::log(1000.0) / 0.01;
        let score = alike(&[1.0, 1.0], 0.01).log_score(1000.0).unwrap();
        assert!((score / (-z * z / 2.0) - 1.0).abs() < 1e-4);
    }

    /// Of 1, …, 19 the 10% quantile (definition 6) is 2, the 90% quantile 18; of nine numbers they are the ends.
    #[test]
    fn without_an_error_there_are_only_the_draws() {
        let numbers = |n: i32| alike(&(1..=n).map(f64::from).collect::<Vec<_>>(), 0.0);
        for (n, ends) in [(19, (2.0, 18.0)), (9, (1.0, 9.0))] {
            let (lower, upper) = numbers(n).interval(0.8).unwrap();
            assert!((lower - ends.0).abs() < 1e-9 && (upper - ends.1).abs() < 1e-9);
        }
        assert_eq!(numbers(19).log_score(3.0), None);
        assert_eq!(numbers(8).interval(0.8), None);
        for (share, fewest) in [(0.5, 3), (0.8, 9), (0.9, 19), (0.95, 39)] {
            assert_eq!(Predictive::fewest_draws(share), fewest);
            assert!(numbers(fewest.cast_signed()).interval(share).is_some());
            assert!(numbers(fewest.cast_signed() - 1).interval(share).is_none());
        }
        let medians =
            [&[7.0][..], &[3.0, 5.0], &[1.0, 4.0, 9.0]].map(|few| alike(few, 0.0).median());
        let off = |(found, expected): (f64, f64)| (found - expected).abs();
        assert!(
            medians
                .into_iter()
                .zip([7.0, 4.0, 4.0])
                .map(off)
                .sum::<f64>()
                < 1e-9
        );
    }

    /// 4,000 times nine numbers and one more, which is inside in 80% of them: standard error 0.0063.
    #[test]
    fn one_more_draw_is_inside_as_often_as_is_said() {
        let streams = crate::engine::random::Streams::new(6, 0);
        let inside = (0..4_000).filter(|&trial| {
            let mut draw = streams.draw(trial, 0, 0);
            let numbers: Vec<f64> = (0..9).map(|_| draw.uniform()).collect();
            let interval = alike(&numbers, 0.0).interval(0.8).unwrap();
            super::super::is_inside(interval, draw.uniform())
        });
        let covered = inside.count() as f64 / 4_000.0;
        assert!((covered - 0.8).abs() < 0.03, "{covered}");
    }

    #[test]
    fn what_lies_above_a_value_has_what_is_left_of_the_probability() {
        let exact = alike(&[1.0, 2.0, 3.0, 4.0], 0.0);
        assert!((exact.above(3.0) - 0.25).abs() < 1e-12);
        let blurred = alike(&[1.0, 2.0, 3.0, 4.0], 0.2);
        let upper = blurred.quantile(0.9).unwrap();
        assert!((blurred.above(upper) - 0.1).abs() < 1e-9);
        // One standard deviation above a single draw.
        let one = alike(&[100.0], 0.2).above(100.0 * libm::exp(0.2));
        assert!((one - 0.158_655_253_931).abs() < 1e-9);
    }

    /// Student's t with four degrees of freedom has 90% below 1.533206274, in units of √(2/4) standard deviations, and 99.9999% below 41.577854150.
    #[test]
    fn heavy_tails_make_most_intervals_narrower_and_the_widest_wider() {
        let error = LogError {
            sd: 0.1,
            law: ErrorLaw::student(4.0).unwrap(),
        };
        let one = Predictive::new([(1000.0, 1.0)], error).unwrap();
        for (p, t) in [(0.9, 1.533_206_274), (0.999_999, 41.577_854_150)] {
            let expected = 1000.0 * libm::exp(0.1 * t / std::f64::consts::SQRT_2);
            let found = one.quantile(p).unwrap();
            assert!((found / expected - 1.0).abs() < 1e-6, "{p}: {found}");
        }
        let score = one.log_score(1100.0).unwrap();
        let expected = error.law.log_density(libm::log(1.1) / 0.1) - libm::log(0.1);
        assert!((score - expected).abs() < 1e-12);
        assert!(score < alike(&[1000.0], 0.1).log_score(1100.0).unwrap());
    }

    #[test]
    fn draws_of_0_are_a_probability_of_0() {
        let half = alike(&[0.0, 100.0], 0.1);
        assert_eq!(half.quantile(0.4), Some(0.0));
        assert!(half.quantile(0.9).unwrap() > 100.0);
        assert!(half.log_score(100.0).is_some());
        // As the ratio to a figure that is 0 is.
        let endless = alike(&[f64::INFINITY, 100.0], 0.1);
        assert!(endless.quantile(0.4).unwrap() > 50.0);
        // What was called impossible happened.
        assert_eq!(alike(&[0.0], 0.1).log_score(5.0), Some(f64::NEG_INFINITY));
        assert_eq!(Predictive::new([(5.0, 0.0)], LogError::normal(0.1)), None);
    }
}
