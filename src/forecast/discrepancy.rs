//! What a model leaves out, as stated, and as learned from what it was off by.

use crate::stats::ErrorLaw;

/// Steps in which a discrepancy is learned, at most, and the relative change that ends them.
const STEPS: usize = 10_000;
const STEADY: f64 = 1e-12;

/// What a model leaves out: the error of the logarithm of a figure.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LogError {
    /// Standard deviation, at least 0.
    pub sd: f64,
    /// Its shape.
    pub law: ErrorLaw,
}

impl LogError {
    /// Degrees of freedom that a discrepancy which is stated has beside the months that it [learns](Self::learned) from: as many as a year's
    /// months would give it. Assumed.
    pub const STATED_FREEDOM: f64 = 12.0;

    /// There is none.
    pub const NONE: Self = Self::normal(0.0);

    /// A normal error.
    #[must_use]
    pub const fn normal(sd: f64) -> Self {
        Self {
            sd,
            law: ErrorLaw::NORMAL,
        }
    }

    /// With another error beside it, which is independent: of the same shape, with the sum of both variances.
    #[must_use]
    pub fn and(self, sd: f64) -> Self {
        Self {
            sd: libm::hypot(self.sd, sd),
            ..self
        }
    }

    /// What is to be expected of further months, now that these were off by so much.
    ///
    /// The variance stated is the scale of a scaled inverse χ² prior with 12 degrees of freedom (Gelman et al., Bayesian Data Analysis, 3rd
    /// ed., section 2.6), and s² = (12 stated² + Σ (w e² - v)) / (12 + n) of n misfits e with variances v of noise, which is no discrepancy;
    /// the sum is at least 0. With normal errors each w is 1. With heavy tails it is [`ErrorLaw::pull`] over the misfit, both in standard
    /// deviations √(s² + v), so that a month far off says little of the others (Lange, Little & Taylor 1989,
    /// doi:10.1080/01621459.1989.10478852); as it has s in it, it is found step by step. Where no error is stated there is none to learn.
    #[must_use]
    pub fn learned(self, misfits: &[Misfit]) -> Self {
        let stated = Self::STATED_FREEDOM * self.sd * self.sd;
        if misfits.is_empty() || stated <= 0.0 {
            return self;
        }
        let freedom = Self::STATED_FREEDOM + misfits.len() as f64;
        let step = |variance: f64| {
            let excess = misfits.iter().map(|&Misfit { error, noise }| {
                let sd = libm::sqrt(variance + noise);
                error * self.law.pull(error / sd) * sd - noise
            });
            (stated + excess.sum::<f64>().max(0.0)) / freedom
        };
        let mut variance = self.sd * self.sd;
        for _ in 0..STEPS {
            let next = step(variance);
            let is_steady = (next - variance).abs() <= STEADY * next;
            variance = next;
            if is_steady {
                break;
            }
        }
        Self {
            sd: libm::sqrt(variance),
            ..self
        }
    }
}

/// What a published figure that was fitted to was off by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Misfit {
    /// Root mean square, over draws of the parameters, of its logarithm less that which is simulated. A fit comes nearer to its figures than
    /// the truth does, in the mean of the draws by as much as these scatter: so their scatter is in it.
    pub error: f64,
    /// The variance of what is no discrepancy in that: chance, of what was published and of what was simulated, and what a surface is off
    /// where one tells what would be simulated.
    pub noise: f64,
}

impl Misfit {
    /// Of a published figure from draws, their logarithms with weights, and the variance of noise; `None` where a logarithm is not finite.
    #[must_use]
    pub fn of(
        observed: f64,
        draws: impl IntoIterator<Item = (f64, f64)>,
        noise: f64,
    ) -> Option<Self> {
        let log = libm::log(observed);
        let (mut squares, mut weights) = (0.0, 0.0);
        for (draw, weight) in draws {
            squares += weight * (log - draw) * (log - draw);
            weights += weight;
        }
        let error = libm::sqrt(squares / weights);
        error.is_finite().then_some(Self { error, noise })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::Predictive;

    fn misfits(errors: &[f64], noise: f64) -> Vec<Misfit> {
        let misfit = |&error| Misfit { error, noise };
        errors.iter().map(misfit).collect()
    }

    #[test]
    fn a_discrepancy_is_learned_from_what_chance_leaves() {
        let stated = LogError::normal(0.2);
        assert_eq!(stated.learned(&[]), stated);
        assert_eq!(
            LogError::NONE.learned(&misfits(&[0.3], 0.0)),
            LogError::NONE
        );
        let errors = [0.1, -0.1, 0.1, -0.1];
        // (12 × 0.04 + 4 × 0.01) / 16, and without 4 × 0.004 of chance.
        for (chance, variance) in [(0.0, 0.0325), (0.004, 0.0315)] {
            let learned = stated.learned(&misfits(&errors, chance));
            assert!((learned.sd * learned.sd - variance).abs() < 1e-12);
        }
        // Where chance is more than all of it, what was stated is only the surer.
        let tiny = LogError::normal(1e-6).learned(&misfits(&errors, 0.02));
        assert!((tiny.sd - 1e-6 * (12.0_f64 / 16.0).sqrt()).abs() < 1e-12);
    }

    /// A thousand quantiles of the law with another scale.
    #[test]
    fn a_scale_is_found_whatever_the_tails_and_a_month_far_off_hardly_moves_it() {
        for law in [ErrorLaw::NORMAL, ErrorLaw::student(4.0).unwrap()] {
            let true_error = LogError { sd: 0.1, law };
            let one = Predictive::new([(1.0, 1.0)], true_error).unwrap();
            let quantile = |i: u32| one.quantile((f64::from(i) + 0.5) / 1_000.0);
            let mut errors: Vec<f64> = (0..1_000)
                .map(|i| libm::log(quantile(i).unwrap()))
                .collect();
            let stated = LogError { sd: 0.2, law };
            let learned = stated.learned(&misfits(&errors, 0.0)).sd;
            assert!((0.1..0.103).contains(&learned), "{law}: {learned}");
            errors.push(3.0);
            let moved = stated.learned(&misfits(&errors, 0.0)).sd / learned;
            let is_robust = moved < 1.01;
            assert_eq!(is_robust, law != ErrorLaw::NORMAL, "{law}: {moved}");
        }
    }

    /// Five months of thirteen off by a factor of seven: the slowest kind, to be found nevertheless.
    #[test]
    fn what_is_learned_is_where_the_prior_and_the_months_balance() {
        let law = ErrorLaw::student(4.0).unwrap();
        let errors = [[2.0; 5].as_slice(), &[0.0; 8]].concat();
        let learned = LogError { sd: 0.02, law }.learned(&misfits(&errors, 0.0));
        let pulls = errors
            .iter()
            .map(|error| error * law.pull(error / learned.sd) / learned.sd);
        let balance = 12.0 * (0.02 / learned.sd).powi(2) + pulls.sum::<f64>();
        assert!((balance - 25.0).abs() < 1e-6, "{learned:?}: {balance}");
    }

    /// At e² between draws at e and e³ with weights 1 and 3, each a unit away; the mean of the draws is but half a unit off.
    #[test]
    fn a_misfit_has_the_scatter_of_the_draws_in_it() {
        let misfit = Misfit::of(libm::exp(2.0), [(1.0, 1.0), (3.0, 3.0)], 0.01).unwrap();
        assert!((misfit.error - 1.0).abs() < 1e-12, "{misfit:?}");
        let at_0 = f64::NEG_INFINITY;
        assert_eq!(Misfit::of(5.0, [(1.0, 1.0), (at_0, 1.0)], 0.0), None);
        assert_eq!(Misfit::of(0.0, [(1.0, 1.0)], 0.0), None);
    }

    /// A level is fitted to each pair of figures, which takes half of their squares out of the mean of its draws: with draws that scatter as
    /// the posterior of the level does, what is learned is the error there was.
    #[test]
    fn what_a_fit_has_taken_out_of_its_errors_is_put_back() {
        let (pairs, sd) = (500, 0.1);
        let mut draw = crate::engine::random::Streams::new(3, 0).draw(0, 0, 0);
        let mut misfits = Vec::new();
        for _ in 0..pairs {
            let figures = [sd * draw.normal(), sd * draw.normal()];
            let level = f64::midpoint(figures[0], figures[1]);
            let scatter = sd / std::f64::consts::SQRT_2;
            let draws = [level - scatter, level + scatter].map(|log| (log, 1.0));
            let of = |log| Misfit::of(libm::exp(log), draws, 0.0).unwrap();
            misfits.extend(figures.map(of));
        }
        let learned = LogError::normal(0.1).learned(&misfits).sd;
        assert!((learned / sd - 1.0).abs() < 0.04, "{learned}");
    }
}
