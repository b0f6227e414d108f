//! The terms of a surface, and its slopes along the coordinates.

use nalgebra::DMatrix;

use super::Emulator;

/// Number of terms of a surface.
pub(super) fn count(dimensions: usize) -> usize {
    1 + 3 * dimensions + dimensions * dimensions.saturating_sub(1) / 2
}

/// The square of a standard normal coordinate, made to have mean 0 and variance 1.
pub(super) fn square(z: f64) -> f64 {
    (z * z - 1.0) * std::f64::consts::FRAC_1_SQRT_2
}

/// √3: the slope of [`cube`] is √3 times [`square`].
const SQRT_3: f64 = 1.732_050_807_568_877_2;

/// The cube of a standard normal coordinate, made to have mean 0 and variance 1, and no correlation with the coordinate.
pub(super) fn cube(z: f64) -> f64 {
    const OVER_SQRT_6: f64 = 0.408_248_290_463_863;
    (z * z - 3.0) * z * OVER_SQRT_6
}

/// Gives the value of every term at a point, in order.
pub(super) fn each_term(z: &[f64], give: &mut impl FnMut(f64)) {
    give(1.0);
    for value in z {
        give(*value);
    }
    for value in z {
        give(square(*value));
    }
    for value in z {
        give(cube(*value));
    }
    for (a, first) in z.iter().enumerate() {
        for second in &z[a + 1..] {
            give(first * second);
        }
    }
}

impl Emulator {
    /// Slopes of all outputs (rows) along all coordinates (columns) at a point.
    #[must_use]
    pub(in crate::calibration) fn slopes(&self, z: &[f64]) -> DMatrix<f64> {
        let mut slopes = DMatrix::zeros(self.outputs, self.dimensions);
        let mut add = |a: usize, value: f64, row: &[f64]| {
            for (slope, coefficient) in slopes.column_mut(a).iter_mut().zip(row) {
                *slope += value * coefficient;
            }
        };
        self.each_slope(z, |row, along| {
            for (a, value) in along {
                add(a, value, row);
            }
        });
        slopes
    }

    /// Adds to `gradient` the gradient at a point of the sum of the outputs times their `weights`.
    pub(in crate::calibration) fn add_gradient(
        &self,
        z: &[f64],
        weights: &[f64],
        gradient: &mut [f64],
    ) {
        self.each_slope(z, |row, along| {
            let sum = dot(weights, row);
            for (a, value) in along {
                gradient[a] += value * sum;
            }
        });
    }

    /// Gives the coefficients of each term and its slopes along the one or two coordinates that it has.
    fn each_slope(&self, z: &[f64], mut give: impl FnMut(&[f64], [(usize, f64); 2])) {
        let p = self.dimensions;
        let mut rows = self.coefficients.chunks_exact(self.outputs.max(1)).skip(1);
        let mut next = |along| give(rows.next().unwrap_or_default(), along);
        for a in 0..p {
            next([(a, 1.0), (a, 0.0)]);
        }
        for (a, z) in z.iter().enumerate() {
            next([(a, std::f64::consts::SQRT_2 * z), (a, 0.0)]);
        }
        for (a, z) in z.iter().enumerate() {
            next([(a, SQRT_3 * square(*z)), (a, 0.0)]);
        }
        for a in 0..p {
            for b in a + 1..p {
                next([(a, z[b]), (b, z[a])]);
            }
        }
    }
}

/// The sum of products, in eight sums at a time that the processor can take side by side.
fn dot(x: &[f64], y: &[f64]) -> f64 {
    const SUMS: usize = 8;
    let mut sums = [0.0; SUMS];
    let (mut xs, mut ys) = (x.chunks_exact(SUMS), y.chunks_exact(SUMS));
    for (x, y) in xs.by_ref().zip(ys.by_ref()) {
        for k in 0..SUMS {
            sums[k] += x[k] * y[k];
        }
    }
    let rest = xs.remainder().iter().zip(ys.remainder());
    sums.iter().sum::<f64>() + rest.map(|(x, y)| x * y).sum::<f64>()
}
