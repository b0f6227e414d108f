//! How well simulated figures agree with those observed.

use crate::stats::ErrorLaw;

/// One observed figure and how far a simulated one may lie from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// Logarithm of the figure observed.
    pub observed: f64,
    /// Standard deviation of what the model cannot know: relative error that a right model may still have.
    pub discrepancy: f64,
    /// Variance between replications of the logarithm of the figure of one.
    pub chance: f64,
    /// What its log likelihood is multiplied by, 1 as a rule: less where figures of neighbouring months say the same thing.
    pub weight: f64,
}

/// Targets that make no likelihood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LikelihoodError {
    /// There is nothing to fit to.
    #[error("there is no target to fit to")]
    NoTargets,
    /// A mean over no replications.
    #[error("a simulated figure is the mean of at least 1 replication; found 0")]
    NoReplications,
    /// A target with numbers out of range.
    #[error(
        "target {index} needs a finite observed logarithm, a discrepancy above 0, a chance variance of at least 0 and a weight of at least 0"
    )]
    Target {
        /// Number of the target, from 0.
        index: usize,
    },
}

/// The likelihood of the means over replications that a point's simulation gave.
///
/// For each target, ln(observed) = ln(mean) + error, the errors independent around 0, of the shape stated, normal or Student's t, with variance
/// discrepancy² + chance (1 + 1 / R), and that of the surface where ln(mean) comes from one. The world is one replication and
/// the mean is over R of them: hence 1 + 1 / R. Each target's log density is multiplied by its weight. As in Kennedy & O'Hagan (2001), "Bayesian calibration of computer models", doi:10.1111/1467-9868.00294, with a discrepancy that
/// is stated, not learned.
#[derive(Debug, Clone, PartialEq)]
pub struct Likelihood {
    targets: Vec<Target>,
    replications: u32,
    errors: ErrorLaw,
}

impl Likelihood {
    /// The likelihood of means over `replications` replications, with errors of this shape.
    ///
    /// # Errors
    /// Without targets or replications, or with a target whose numbers are out of range.
    pub fn new(
        targets: Vec<Target>,
        replications: u32,
        errors: ErrorLaw,
    ) -> Result<Self, LikelihoodError> {
        if targets.is_empty() {
            return Err(LikelihoodError::NoTargets);
        }
        if replications == 0 {
            return Err(LikelihoodError::NoReplications);
        }
        let at_least_0 = |value: f64| value.is_finite() && value >= 0.0;
        let fits = |target: &Target| {
            target.observed.is_finite()
                && target.discrepancy.is_finite()
                && target.discrepancy > 0.0
                && at_least_0(target.chance)
                && at_least_0(target.weight)
        };
        match targets.iter().position(|target| !fits(target)) {
            Some(index) => Err(LikelihoodError::Target { index }),
            None => Ok(Self {
                targets,
                replications,
                errors,
            }),
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

    /// Log likelihood of figures, given by the logarithms of their means over replications, that have errors of these variances beside
    /// those of the targets: of the surfaces that they come from, or 0 for those of a simulation.
    ///
    /// A figure of 0, whose logarithm is minus infinity, has no likelihood: minus infinity.
    ///
    /// # Panics
    /// If there is not one figure and one variance for each target.
    #[must_use]
    pub fn log(&self, means: &[f64], surface: &[f64]) -> f64 {
        assert_eq!(means.len(), self.targets.len(), "one figure a target");
        let variances = self.variances(surface);
        let terms = self.targets.iter().zip(means).zip(variances);
        terms
            .filter(|((target, _), _)| target.weight > 0.0)
            .map(|((target, mean), variance)| {
                let sd = libm::sqrt(variance);
                let density = self.errors.log_density((target.observed - mean) / sd);
                target.weight * (density - libm::log(sd))
            })
            .sum()
    }

    /// Variance of the error of each figure that is chance: that of the world, which is one replication, and of the mean simulated.
    #[must_use]
    pub fn chance(&self) -> Vec<f64> {
        let both = 1.0 + 1.0 / f64::from(self.replications);
        let targets = self.targets.iter();
        targets.map(|target| target.chance * both).collect()
    }

    /// Variance of the error of each figure, that of its surface with it.
    pub(super) fn variances(&self, surface: &[f64]) -> Vec<f64> {
        assert_eq!(surface.len(), self.targets.len(), "one variance a target");
        let targets = self.targets.iter().zip(self.chance()).zip(surface);
        let of = |((target, chance), more): ((&Target, f64), &f64)| {
            target.discrepancy * target.discrepancy + chance + more
        };
        targets.map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{Continuous, Normal, StudentsT};

    use super::*;

    const TARGET: Target = Target {
        observed: 2.0,
        discrepancy: 0.3,
        chance: 0.04,
        weight: 1.0,
    };

    #[test]
    fn the_likelihood_is_the_normal_density_with_discrepancy_chance_and_surface() {
        let likelihood = Likelihood::new(vec![TARGET; 2], 4, ErrorLaw::NORMAL).unwrap();
        let expected = |sd: f64| {
            let of = |mean| Normal::new(mean, sd).unwrap().ln_pdf(2.0);
            of(1.7) + of(2.1)
        };
        // 0.09 + 0.04 (1 + 1/4) = 0.14
        let simulated = likelihood.log(&[1.7, 2.1], &[0.0; 2]);
        assert!((simulated - expected(0.14_f64.sqrt())).abs() < 1e-12);
        let emulated = likelihood.log(&[1.7, 2.1], &[0.02, 0.02]);
        assert!((emulated - expected(0.16_f64.sqrt())).abs() < 1e-12);
    }

    #[test]
    fn heavy_tails_keep_the_variance() {
        let errors = ErrorLaw::student(4.0).unwrap();
        let likelihood = Likelihood::new(vec![TARGET], 4, errors).unwrap();
        // The variance of t with four degrees of freedom is twice the square of its scale.
        let scale = (0.14_f64 / 2.0).sqrt();
        for mean in [1.7, 2.1, 9.0] {
            let expected = StudentsT::new(mean, scale, 4.0).unwrap().ln_pdf(2.0);
            assert!((likelihood.log(&[mean], &[0.0]) - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn a_weight_multiplies_and_a_weight_of_0_leaves_out_even_the_impossible() {
        let of = |weights: [f64; 2], means: &[f64]| {
            let targets = weights.map(|weight| Target { weight, ..TARGET });
            let likelihood = Likelihood::new(targets.into(), 1, ErrorLaw::NORMAL).unwrap();
            likelihood.log(means, &[0.0; 2])
        };
        let one = of([1.0, 0.0], &[1.5, f64::NEG_INFINITY]);
        assert!((of([0.5, 0.0], &[1.5, 9.0]) - one / 2.0).abs() < 1e-12);
        assert!((of([1.0, 1.0], &[1.5, 1.5]) - 2.0 * one).abs() < 1e-12);
    }

    #[test]
    fn a_simulated_figure_of_0_is_impossible() {
        let likelihood = Likelihood::new(vec![TARGET], 1, ErrorLaw::NORMAL).unwrap();
        assert!(likelihood.log(&[f64::NEG_INFINITY], &[0.0]) == f64::NEG_INFINITY);
    }

    #[test]
    fn numbers_out_of_range_are_refused() {
        use LikelihoodError as Wrong;
        assert_eq!(
            Likelihood::new(vec![], 1, ErrorLaw::NORMAL),
            Err(Wrong::NoTargets)
        );
        assert_eq!(
            Likelihood::new(vec![TARGET], 0, ErrorLaw::NORMAL),
            Err(Wrong::NoReplications)
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
                chance: -0.1,
                ..TARGET
            },
            Target {
                weight: f64::NAN,
                ..TARGET
            },
        ] {
            let found = Likelihood::new(vec![TARGET, wrong], 1, ErrorLaw::NORMAL);
            assert_eq!(found, Err(Wrong::Target { index: 1 }), "{wrong:?}");
        }
    }
}
