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
    /// Variance of each surface.
    surface: Vec<f64>,
    /// Weight of each target over its variance.
    precisions: Vec<f64>,
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
        let precisions = targets.iter().zip(variances);
        Self {
            likelihood,
            surfaces,
            surface: surface.to_vec(),
            precisions: precisions
                .map(|(t, variance)| t.weight / variance)
                .collect(),
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
        let targets = self.likelihood.targets().iter().zip(&self.precisions);
        for (figure, (target, precision)) in figures.iter_mut().zip(targets) {
            let off = target.observed - *figure;
            log -= 0.5 * precision * off * off;
            *figure = precision * off;
        }
        self.surfaces.add_gradient(z, &figures, gradient);
        log
    }

    /// That of Gauss and Newton: the curvature of the surfaces themselves is left out, so it is positive everywhere.
    fn curvature(&self, z: &[f64]) -> DMatrix<f64> {
        let slopes = self.surfaces.slopes(z);
        let mut weighted = slopes.clone();
        for (mut row, precision) in weighted.row_iter_mut().zip(&self.precisions) {
            row *= *precision;
        }
        let p = self.dimensions();
        slopes.tr_mul(&weighted) + DMatrix::identity(p, p)
    }
}
