//! The way up to a mode.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use super::Density;

/// Steps up, at most: some twenty are usual.
const STEPS: usize = 200;

/// Gain of the logarithm by which a step must do better to go on.
const GAIN: f64 = 1e-6;

/// A point from which no step goes up.
pub(super) struct Mode {
    pub(super) point: DVector<f64>,
    /// Logarithm of the density there.
    pub(super) height: f64,
}

impl Mode {
    /// The density's curvature there; `None` where it is not positive definite.
    pub(super) fn curvature(&self, density: &impl Density) -> Option<Cholesky<f64, Dyn>> {
        density.curvature(self.point.as_slice()).cholesky()
    }

    /// Logarithm of the probability about it, but for the constant of the density, by Laplace's method: that of a normal density of this
    /// height and `curvature`.
    pub(super) fn log_mass(&self, curvature: &Cholesky<f64, Dyn>) -> f64 {
        let logs = curvature.l_dirty().diagonal().map(libm::log);
        self.height - logs.sum()
    }
}

/// The mode that is reached from `start`; `None` if the density is not finite there.
///
/// Levenberg's and Marquardt's steps: Marquardt (1963), "An algorithm for least-squares estimation of nonlinear
/// parameters", doi:10.1137/0111030.
pub(super) fn climb(density: &impl Density, start: DVector<f64>) -> Option<Mode> {
    let p = start.len();
    let mut gradient = DVector::zeros(p);
    let mut point = start;
    let mut height = density.log_density(point.as_slice(), gradient.as_mut_slice());
    if !height.is_finite() {
        return None;
    }
    let mut damping = 1.0;
    for _ in 0..STEPS {
        let curvature = density.curvature(point.as_slice());
        let mut tried = DVector::zeros(p);
        // More damping makes steps shorter, down to nothing: there is either a step up or none worth taking.
        let better = loop {
            let damped = &curvature + DMatrix::identity(p, p) * damping;
            let next = &point + damped.cholesky()?.solve(&gradient);
            let reached = density.log_density(next.as_slice(), tried.as_mut_slice());
            if reached > height {
                break Some((next, reached));
            }
            damping *= 4.0;
            if damping > 1e12 {
                break None;
            }
        };
        let Some((next, reached)) = better else {
            break;
        };
        let gain = reached - height;
        (point, height, gradient) = (next, reached, tried);
        damping /= 8.0;
        if gain < GAIN {
            break;
        }
    }
    Some(Mode { point, height })
}
