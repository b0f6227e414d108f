//! The posterior on response surfaces.

use nalgebra::DMatrix;

use super::emulator::Emulator;
use super::likelihood::Likelihood;
use super::sampler::Density;

/// Density of the parameters given the targets, with the figures of a point taken from surfaces: a standard normal prior in
/// every coordinate times the [`Likelihood`].
#[derive(Debug, Clone)]
pub struct Posterior<'a> {
    likelihood: &'a Likelihood,
    surfaces: &'a Emulator,
    /// Variance of the error of each surface.
    surface: Vec<f64>,
    /// Standard deviation of the error of each target.
    sds: Vec<f64>,
}

impl<'a> Posterior<'a> {
    /// The posterior on surfaces, one for each target, whose errors have the variances `surface`.
    ///
    /// # Panics
    /// If there is not one surface and one variance for each target.
    #[must_use]
    pub fn new(likelihood: &'a Likelihood, surfaces: &'a Emulator, surface: &[f64]) -> Self {
        let targets = likelihood.targets();
        assert_eq!(surfaces.outputs(), targets.len(), "one surface a target");
        let variances = likelihood.variances(surface);
        Self {
            likelihood,
            surfaces,
            surface: surface.to_vec(),
            sds: variances.into_iter().map(libm::sqrt).collect(),
        }
    }

    /// Log likelihood of a point on the surfaces.
    #[must_use]
    pub fn log_likelihood(&self, z: &[f64]) -> f64 {
        self.likelihood
            .log(&self.surfaces.predict(z), &self.surface)
    }
}

impl Density for Posterior<'_> {
    fn dimensions(&self) -> usize {
        self.surfaces.dimensions()
    }

    fn log_density(&self, z: &[f64], gradient: &mut [f64]) -> f64 {
        let mut figures = self.surfaces.predict(z);
        let mut log = 0.0;
        for (slope, z) in gradient.iter_mut().zip(z) {
            log -= 0.5 * z * z;
            *slope = -z;
        }
        let errors = self.likelihood.errors();
        let targets = self.likelihood.targets().iter().zip(&self.sds);
        for (figure, (target, sd)) in figures.iter_mut().zip(targets) {
            let off = (target.observed - *figure) / sd;
            log += target.weight * errors.log_density(off);
            *figure = target.weight * errors.pull(off) / sd;
        }
        self.surfaces.add_gradient(z, &figures, gradient);
        log
    }

    /// Fisher's information, with the prior's: the curvature of the surfaces themselves is left out, so it is positive everywhere. That of
    /// Gauss and Newton where errors are normal.
    fn curvature(&self, z: &[f64]) -> DMatrix<f64> {
        let slopes = self.surfaces.slopes(z);
        let mut weighted = slopes.clone();
        let information = self.likelihood.errors().information();
        let targets = self.likelihood.targets().iter().zip(&self.sds);
        for (mut row, (target, sd)) in weighted.row_iter_mut().zip(targets) {
            row *= target.weight * information / (sd * sd);
        }
        let p = self.dimensions();
        slopes.tr_mul(&weighted) + DMatrix::identity(p, p)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::Target;
    use crate::stats::ErrorLaw;

    /// Two figures of two parameters, one of them curved, both observed far from where the prior has them.
    fn with_posterior(errors: ErrorLaw, check: impl Fn(&Posterior)) {
        let grid = (-4..=4).flat_map(|a| (-4..=4).map(move |b| (a, b)));
        let points: Vec<Vec<f64>> = grid
            .map(|(a, b)| vec![f64::from(a) / 2.0, f64::from(b) / 2.0])
            .collect();
        let figures: Vec<Vec<f64>> = (points.iter())
            .map(|z| vec![z[0] + 0.3 * z[1] * z[1], z[0] - z[1]])
            .collect();
        let surfaces = Emulator::fit(&points, &figures, &[0, 1], &vec![0; points.len()]).unwrap();
        let targets = [(2.0, 1.0), (-3.0, 0.5)].map(|(observed, weight)| Target {
            observed,
            discrepancy: 0.5,
            chance_variance: 0.1,
            weight,
        });
        let likelihood = Likelihood::new(targets.into(), errors).unwrap();
        check(&Posterior::new(&likelihood, &surfaces, &[0.02, 0.0]));
    }

    #[test]
    fn the_gradient_is_that_of_the_density() {
        const STEP: f64 = 1e-5;
        for errors in [ErrorLaw::NORMAL, ErrorLaw::student(4.0).unwrap()] {
            with_posterior(errors, |posterior| {
                let density = |z: [f64; 2]| posterior.log_density(&z, &mut [0.0; 2]);
                for z in [[0.0, 0.0], [1.3, -0.4], [-2.0, 2.0]] {
                    let mut gradient = [0.0; 2];
                    posterior.log_density(&z, &mut gradient);
                    for (place, slope) in gradient.into_iter().enumerate() {
                        let (mut below, mut above) = (z, z);
                        below[place] -= STEP;
                        above[place] += STEP;
                        let found = (density(above) - density(below)) / (2.0 * STEP);
                        assert!((found - slope).abs() < 1e-6 * slope.abs().max(1.0), "{z:?}");
                    }
                }
            });
        }
    }

    #[test]
    fn the_density_is_the_likelihood_times_the_prior() {
        let off = |one: [f64; 2], other: [f64; 2], posterior: &Posterior| {
            let of = |z: [f64; 2]| {
                let prior = -0.5 * (z[0] * z[0] + z[1] * z[1]);
                posterior.log_density(&z, &mut [0.0; 2]) - posterior.log_likelihood(&z) - prior
            };
            of(one) - of(other)
        };
        for errors in [ErrorLaw::NORMAL, ErrorLaw::student(4.0).unwrap()] {
            with_posterior(errors, |posterior| {
                assert!(off([0.5, -1.0], [-1.0, 0.2], posterior).abs() < 1e-12);
            });
        }
    }
}
