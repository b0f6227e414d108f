//! How well simulated figures agree with those observed.

use crate::stats::ErrorLaw;

/// One observed figure and how far a simulated one may lie from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// Logarithm of the figure observed. \[natural logarithm of the figure's unit\]
    pub observed: f64,
    /// Standard deviation of what the model cannot know: relative error that a right model may still have. \[natural logarithm\]
    pub discrepancy: f64,
    /// Variance between replications of the logarithm of the figure of one. \[square of a natural logarithm\]
    pub chance_variance: f64,
    /// What its log likelihood is multiplied by, 1 as a rule: less where several figures say the same thing.
    pub weight: f64,
}

/// Targets that make no likelihood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LikelihoodError {
    /// There is nothing to fit to.
    #[error("there is no target to fit to")]
    NoTargets,
    /// A target with numbers out of range.
    #[error(
        "target {index} needs a finite observed logarithm, a discrepancy above 0, a chance variance of at least 0 and a weight of at least 0"
    )]
    Target {
        /// Number of the target, from 0.
        index: usize,
    },
}

/// The likelihood of figures that were simulated, or that surfaces tell which were fitted to what was.
///
/// For each target, ln(observed) = ln(simulated) + error, the errors independent around 0, of the shape stated, normal or Student's t. Their
/// variance is discrepancy² + the variance of chance, that of the one replication which the world is, + the variance of the error of what is simulated: of the
/// luck of its replications, and of the surface where it comes from one. Each target's log density is multiplied by its weight. As in
/// Kennedy & O'Hagan (2001), "Bayesian calibration of computer models", doi:10.1111/1467-9868.00294, with a discrepancy that is stated, not
/// learned.
#[derive(Debug, Clone, PartialEq)]
pub struct Likelihood {
    targets: Vec<Target>,
    errors: ErrorLaw,
}

impl Likelihood {
    /// The likelihood of these targets, with errors of this shape.
    ///
    /// # Errors
    /// Without targets, or with a target whose numbers are out of range.
    pub fn new(targets: Vec<Target>, errors: ErrorLaw) -> Result<Self, LikelihoodError> {
        if targets.is_empty() {
            return Err(LikelihoodError::NoTargets);
        }
        let at_least_0 = |value: f64| value.is_finite() && value >= 0.0;
        let fits = |target: &Target| {
            target.observed.is_finite()
                && target.discrepancy.is_finite()
                && target.discrepancy > 0.0
                && at_least_0(target.chance_variance)
                && at_least_0(target.weight)
        };
        match targets.iter().position(|target| !fits(target)) {
            Some(index) => Err(LikelihoodError::Target { index }),
            None => Ok(Self { targets, errors }),
        }
    }

    /// The targets, in order.
    #[must_use]
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// The shape of the errors.
    #[must_use]
    pub const fn errors(&self) -> ErrorLaw {
        self.errors
    }

    /// Log likelihood of figures, given by their logarithms, that have errors of the variances `simulated` beside those of the targets.
    ///
    /// A figure of 0, whose logarithm is minus infinity, has no likelihood: minus infinity.
    ///
    /// # Panics
    /// If there is not one figure and one variance for each target.
    #[must_use]
    pub fn log(&self, figures: &[f64], simulated: &[f64]) -> f64 {
        assert_eq!(figures.len(), self.targets.len(), "one figure a target");
        let variances = self.variances(simulated);
        let terms = self.targets.iter().zip(figures).zip(variances);
        terms
            .filter(|((target, _), _)| target.weight > 0.0)
            .map(|((target, figure), variance)| {
                let sd = libm::sqrt(variance);
                let density = self.errors.log_density((target.observed - figure) / sd);
                target.weight * (density - libm::log(sd))
            })
            .sum()
    }

    /// Variance of the error of each figure, that of what is simulated with it.
    pub(super) fn variances(&self, simulated: &[f64]) -> Vec<f64> {
        let targets = &self.targets;
        assert_eq!(simulated.len(), targets.len(), "one variance a target");
        let of = |(target, simulated): (&Target, &f64)| {
            target.discrepancy * target.discrepancy + target.chance_variance + simulated
        };
        targets.iter().zip(simulated).map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{Continuous, Normal, StudentsT};

    use super::*;

    const TARGET: Target = Target {
        observed: 2.0,
        discrepancy: 0.3,
        chance_variance: 0.04,
        weight: 1.0,
    };

    #[test]
    fn the_likelihood_is_the_normal_density_with_discrepancy_chance_and_error_of_the_simulated() {
        let likelihood = Likelihood::new(vec![TARGET; 2], ErrorLaw::NORMAL).unwrap();
        let expected = |sd: f64| {
            let of = |mean| Normal::new(mean, sd).unwrap().ln_pdf(2.0);
            of(1.7) + of(2.1)
        };
        // 0.09 + 0.04 = 0.13
        let known = likelihood.log(&[1.7, 2.1], &[0.0; 2]);
        assert!((known - expected(0.13_f64.sqrt())).abs() < 1e-12);
        let simulated = likelihood.log(&[1.7, 2.1], &[0.02, 0.02]);
        assert!((simulated - expected(0.15_f64.sqrt())).abs() < 1e-12);
    }

    #[test]
    fn heavy_tails_keep_the_variance() {
        let errors = ErrorLaw::student(4.0).unwrap();
        let likelihood = Likelihood::new(vec![TARGET], errors).unwrap();
        // The variance of t with four degrees of freedom is twice the square of its scale.
        let scale = (0.13_f64 / 2.0).sqrt();
        for mean in [1.7, 2.1, 9.0] {
            let expected = StudentsT::new(mean, scale, 4.0).unwrap().ln_pdf(2.0);
            assert!((likelihood.log(&[mean], &[0.0]) - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn a_weight_multiplies_and_a_weight_of_0_leaves_out_even_the_impossible() {
        let of = |weights: [f64; 2], means: &[f64]| {
            let targets = weights.map(|weight| Target { weight, ..TARGET });
            let likelihood = Likelihood::new(targets.into(), ErrorLaw::NORMAL).unwrap();
            likelihood.log(means, &[0.0; 2])
        };
        let one = of([1.0, 0.0], &[1.5, f64::NEG_INFINITY]);
        assert!((of([0.5, 0.0], &[1.5, 9.0]) - one / 2.0).abs() < 1e-12);
        assert!((of([1.0, 1.0], &[1.5, 1.5]) - 2.0 * one).abs() < 1e-12);
    }

    #[test]
    fn a_simulated_figure_of_0_is_impossible() {
        let likelihood = Likelihood::new(vec![TARGET], ErrorLaw::NORMAL).unwrap();
        assert!(likelihood.log(&[f64::NEG_INFINITY], &[0.0]) == f64::NEG_INFINITY);
    }

    #[test]
    fn numbers_out_of_range_are_refused() {
        use LikelihoodError as Wrong;
        assert_eq!(
            Likelihood::new(vec![], ErrorLaw::NORMAL),
            Err(Wrong::NoTargets)
        );
        for wrong in [
            Target {
                observed: f64::NEG_INFINITY,
                ..TARGET
            },
            Target {
                discrepancy: 0.0,
                ..TARGET
            },
            Target {
                chance_variance: -0.1,
                ..TARGET
            },
            Target {
                weight: f64::NAN,
                ..TARGET
            },
        ] {
            let found = Likelihood::new(vec![TARGET, wrong], ErrorLaw::NORMAL);
            assert_eq!(found, Err(Wrong::Target { index: 1 }), "{wrong:?}");
        }
    }
}
