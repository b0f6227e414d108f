//! The fit of surfaces in its dual form: as many unknowns as points, however many coefficients.

use std::collections::BTreeMap;
use std::ops::Range;

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use super::Scales;
use super::terms::{self, cube, each_term, square};

/// Products of the terms at every two points, for each kind of term.
pub(super) struct Kernels {
    /// Coordinates of the points, a row for each.
    z: DMatrix<f64>,
    linear: DMatrix<f64>,
    squares: DMatrix<f64>,
    cubes: DMatrix<f64>,
    products: DMatrix<f64>,
    /// Residual variance of each point, but for a factor.
    spreads: Vec<f64>,
}

/// Surfaces fitted with given scales.
pub(super) struct Fit {
    /// Intercept of each output.
    intercepts: Vec<f64>,
    /// Weight of each point (row) in the coefficients of each output (column).
    duals: DMatrix<f64>,
    /// Residual of each point (row) and output (column) when the point is left out.
    pub(super) residuals: DMatrix<f64>,
}

impl Kernels {
    /// Of points that a surface explains equally well.
    pub(super) fn new(z: DMatrix<f64>) -> Self {
        let squares = z.map(square);
        let cubes = z.map(cube);
        let plain = z.map(|value| value * value);
        let linear = &z * z.transpose();
        // (Σ x_a y_a)² = Σ (x_a y_a)² + 2 Σ_{a<b} x_a x_b y_a y_b
        let products = (linear.map(|sum| sum * sum) - &plain * plain.transpose()) / 2.0;
        Self {
            linear,
            squares: &squares * squares.transpose(),
            cubes: &cubes * cubes.transpose(),
            products,
            spreads: vec![1.0; z.nrows()],
            z,
        }
    }

    /// The same where the residual of each point has a variance of its own.
    pub(super) fn with_spreads(self, spreads: Vec<f64>) -> Self {
        Self { spreads, ..self }
    }

    /// Coordinates of a point.
    pub(super) fn dimensions(&self) -> usize {
        self.z.ncols()
    }

    /// The variance of what each output (column of `residuals`) is off, points counted by their spreads.
    pub(super) fn variances(&self, residuals: &DMatrix<f64>) -> Vec<f64> {
        let n = residuals.nrows() as f64;
        let weighed = |(residual, spread): (&f64, &f64)| residual * residual / spread;
        residuals
            .column_iter()
            .map(|column| column.iter().zip(&self.spreads).map(weighed).sum::<f64>() / n)
            .collect()
    }

    /// The surfaces of the outputs `y`, with a flat prior of the intercept and the spreads as residual variances beside the
    /// scales.
    ///
    /// With A the inverse of the covariance of the points' outputs and P = A - A 1 1ᵀ A / (1ᵀ A 1), what output i is off
    /// when its point is left out is `(P y)_i / P_ii`, exactly: Cook & Weisberg (1982), "Residuals and influence in
    /// regression", in the dual form of Sundararajan & Keerthi (2001), doi:10.1162/08997660151134343.
    pub(super) fn fit(&self, scales: Scales, y: &DMatrix<f64>) -> Fit {
        let n = self.z.nrows();
        let factor = self.factor(scales);
        let ones = factor.solve(&DVector::from_element(n, 1.0));
        let total = ones.sum();
        let mut duals = factor.solve(y);
        let intercepts: Vec<_> = duals.row_sum().iter().map(|sum| sum / total).collect();
        for (mut column, intercept) in duals.column_iter_mut().zip(&intercepts) {
            column.axpy(-intercept, &ones, 1.0);
        }
        let lower = factor.unpack_dirty();
        let mut residuals = duals.clone();
        for i in 0..n {
            // Column i of the inverse of the factor starts at row i; its square is the i-th number on the diagonal of A.
            let mut column = DVector::zeros(n - i);
            column[0] = 1.0;
            let rest = lower.view((i, i), (n - i, n - i));
            let solved = rest.solve_lower_triangular_mut(&mut column);
            debug_assert!(solved, "the pivots are not 0");
            let diagonal = column.norm_squared() - ones[i] * ones[i] / total;
            residuals.row_mut(i).scale_mut(diagonal.recip());
        }
        Fit {
            intercepts,
            duals,
            residuals,
        }
    }

    /// Factor of the covariance of the points' outputs.
    fn factor(&self, scales: Scales) -> Cholesky<f64, Dyn> {
        let mut covariance = &self.linear * scales.linear;
        covariance += &self.squares * scales.squares;
        covariance += &self.cubes * scales.cubes;
        covariance += &self.products * scales.products;
        for (i, spread) in self.spreads.iter().enumerate() {
            covariance[(i, i)] += spread;
        }
        covariance
            .cholesky()
            .expect("a positive diagonal is added to sums of products, so no pivot falls to 0")
    }

    /// How much the points of each group count where some points lie, each of which is left out in turn: the mean of shares that sum to 1. With
    /// P as for the [fit](Self::fit), the point j counts `-P_ij / P_ii` at i.
    pub(super) fn shares(
        &self,
        scales: Scales,
        groups: &[u32],
        at: Range<usize>,
    ) -> BTreeMap<u32, f64> {
        let n = groups.len();
        let factor = self.factor(scales);
        let ones = factor.solve(&DVector::from_element(n, 1.0));
        let total = ones.sum();
        let points = at.len() as f64;
        let mut shares: BTreeMap<u32, f64> = groups.iter().map(|&group| (group, 0.0)).collect();
        for i in at {
            let unit = DVector::from_fn(n, |j, _| f64::from(u8::from(i == j)));
            let mut row = factor.solve(&unit);
            row.axpy(-ones[i] / total, &ones, 1.0);
            let others = (0..n).filter(|&j| j != i);
            for j in others {
                *shares.entry(groups[j]).or_default() -= row[j] / row[i] / points;
            }
        }
        shares
    }

    /// Coefficients of all terms (rows) of each output (column) of a fit.
    pub(super) fn coefficients(&self, scales: Scales, fit: &Fit) -> DMatrix<f64> {
        let (n, p) = self.z.shape();
        let mut values = DMatrix::zeros(n, terms::count(p));
        for i in 0..n {
            let point: Vec<_> = self.z.row(i).iter().copied().collect();
            let mut term = 0;
            each_term(&point, &mut |value| {
                values[(i, term)] = value;
                term += 1;
            });
        }
        let mut coefficients = values.tr_mul(&fit.duals);
        for (term, mut row) in coefficients.row_iter_mut().enumerate() {
            if term == 0 {
                row.copy_from_slice(&fit.intercepts);
            } else if term <= p {
                row *= scales.linear;
            } else if term <= 2 * p {
                row *= scales.squares;
            } else if term <= 3 * p {
                row *= scales.cubes;
            } else {
                row *= scales.products;
            }
        }
        coefficients
    }
}
