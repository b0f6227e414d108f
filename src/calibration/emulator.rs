//! Response surfaces: what a simulation would give at points at which it was not run.

mod kernels;
mod off;
mod scales;
mod terms;

use std::collections::BTreeMap;
use std::ops::Range;

use nalgebra::{DMatrix, DVectorView};

use self::kernels::Kernels;
pub use self::off::Off;
use self::scales::Powers;
pub use self::scales::Scales;
use self::terms::each_term;

/// Points and outputs to which no surface can be fitted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmulatorError {
    /// Too few points to leave one out.
    #[error("a response surface needs at least 3 points; found {found}")]
    TooFew {
        /// Points given.
        found: usize,
    },
    /// A point, row or list of classes has another length than the others.
    #[error("{what} has {found} numbers where {expected} are expected")]
    Length {
        /// What is too short or too long.
        what: String,
        /// The length it should have.
        expected: usize,
        /// The length it has.
        found: usize,
    },
    /// The points of a group do not lie together, or come after those of a later one.
    #[error(
        "point {index} is of group {found}, and the one before it of group {before}: give the points by ascending groups"
    )]
    Order {
        /// The point, from 0.
        index: usize,
        /// Its group.
        found: u32,
        /// The group of the point before it.
        before: u32,
    },
    /// A number is infinite or not a number: the logarithm of a figure of 0, for one.
    #[error("{what} has a number that is not finite")]
    NotFinite {
        /// Where the number stands.
        what: String,
    },
}

/// A response surface of second order, with a cube of each coordinate, for each of many outputs, fitted to the same points.
///
/// Box & Wilson (1951), "On the experimental attainment of optimum conditions", doi:10.1111/j.2517-6161.1951.tb00067.x; as
/// a metamodel of a simulation: Kleijnen (2015), "Design and analysis of simulation experiments",
/// doi:10.1007/978-3-319-18087-8. An output is an intercept, and a coefficient times each of `z_a`, `(z_a² - 1) / √2`,
/// `(z_a³ - 3 z_a) / √6` and `z_a z_b`: polynomials that are orthonormal where z is standard normal. The cubes are for effects that level
/// off, as a share does towards the ends of its range. Coefficients have normal priors, with one scale for each of the four kinds (ridge
/// regression: Hoerl & Kennard 1970, doi:10.1080/00401706.1970.10488634), so there may be more coefficients than points. The outputs of a
/// class share the scales, chosen by what each point's output is off when the point is left out of the fit.
///
/// Points come in groups, the waves of a calibration. A surface of low order explains those that lie far apart worse than those that lie
/// close together: the fit is made twice, the second time with the points of a group counted by the inverse of the variance that the
/// first left unexplained in it.
#[derive(Debug, Clone)]
pub struct Emulator {
    dimensions: usize,
    outputs: usize,
    /// Coefficients of all outputs, term after term: 1, `z_a`, squares, cubes, products (a < b, in order of a, then b).
    coefficients: Vec<f64>,
    /// Residual of each point (row) and output (column) when the point is left out.
    residuals: DMatrix<f64>,
    /// The scales of each class of outputs that occurs, as powers of ten.
    powers: BTreeMap<usize, Powers>,
    /// The class of each output.
    classes: Vec<usize>,
    /// The group of each point.
    groups: Vec<u32>,
    /// By class, what each group counts where the points of the last lie: shares that sum to 1.
    shares: BTreeMap<usize, BTreeMap<u32, f64>>,
}

impl Emulator {
    /// The surfaces of the outputs (one row for each point, one column for each output) at the points.
    ///
    /// `classes` gives the class of each output; outputs of one class share their scales. `groups` gives the group of each point, ascending. The time
    /// is that of factorising a matrix of points by points some ten times for each class, and half as much again where there are several
    /// groups: the search for scales.
    ///
    /// # Errors
    /// With fewer than three points, lengths that disagree, groups that do not ascend, or a number that is not finite.
    pub fn fit(
        points: &[Vec<f64>],
        outputs: &[Vec<f64>],
        classes: &[usize],
        groups: &[u32],
    ) -> Result<Self, EmulatorError> {
        let n = points.len();
        if n < 3 {
            return Err(EmulatorError::TooFew { found: n });
        }
        check_length("the list of rows of outputs", n, outputs.len())?;
        check_length("the list of groups", n, groups.len())?;
        check_groups(groups)?;
        let dimensions = points[0].len();
        for (index, (point, row)) in points.iter().zip(outputs).enumerate() {
            check_row("point", index, point, dimensions)?;
            check_row("the row of outputs of point", index, row, classes.len())?;
        }
        let z = DMatrix::from_fn(n, dimensions, |i, a| points[i][a]);
        let y = DMatrix::from_fn(n, classes.len(), |i, j| outputs[i][j]);
        let mut kernels = Kernels::new(z);
        let mut surfaces = Self::of(&kernels, &y, classes, groups, &BTreeMap::new());
        if groups.windows(2).any(|pair| pair[0] != pair[1]) {
            kernels = kernels.with_spreads(spreads(&surfaces.residuals, groups));
            surfaces = Self::of(&kernels, &y, classes, groups, &surfaces.powers);
        }
        let last = surfaces.points_from(groups[n - 1]);
        let shares = (surfaces.powers.iter()).map(|(&class, &powers)| {
            let scales = Scales::of(powers);
            (class, kernels.shares(scales, groups, last.clone()))
        });
        surfaces.shares = shares.collect();
        Ok(surfaces)
    }

    /// The surfaces of the outputs `y`, with the scales that suit them best, sought from those `chosen` before; without shares.
    fn of(
        kernels: &Kernels,
        y: &DMatrix<f64>,
        classes: &[usize],
        groups: &[u32],
        chosen: &BTreeMap<usize, Powers>,
    ) -> Self {
        let dimensions = kernels.dimensions();
        let mut surfaces = Self {
            dimensions,
            outputs: classes.len(),
            coefficients: vec![0.0; terms::count(dimensions) * classes.len()],
            residuals: DMatrix::zeros(y.nrows(), classes.len()),
            powers: scales::choose(kernels, y, classes, chosen),
            classes: classes.to_vec(),
            groups: groups.to_vec(),
            shares: BTreeMap::new(),
        };
        for (&class, &powers) in &surfaces.powers.clone() {
            let scales = Scales::of(powers);
            let members: Vec<_> = (0..classes.len())
                .filter(|&j| classes[j] == class)
                .collect();
            let fit = kernels.fit(scales, &y.select_columns(&members));
            let coefficients = kernels.coefficients(scales, &fit);
            for (k, &j) in members.iter().enumerate() {
                surfaces.residuals.set_column(j, &fit.residuals.column(k));
                for (term, value) in coefficients.column(k).iter().enumerate() {
                    surfaces.coefficients[term * surfaces.outputs + j] = *value;
                }
            }
        }
        surfaces
    }

    /// Coordinates of a point.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// Outputs at a point.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// The scales of a class of outputs; `None` if no output has that class.
    #[must_use]
    pub fn scales(&self, class: usize) -> Option<Scales> {
        self.powers.get(&class).map(|&powers| Scales::of(powers))
    }

    /// The places of the points from a group on, where groups ascend.
    #[must_use]
    pub fn points_from(&self, group: u32) -> Range<usize> {
        self.groups.partition_point(|&of| of < group)..self.groups.len()
    }

    /// All outputs at a point.
    ///
    /// # Panics
    /// If the point has another number of coordinates than those fitted to.
    #[must_use]
    pub fn predict(&self, z: &[f64]) -> Vec<f64> {
        assert_eq!(z.len(), self.dimensions, "coordinates of a point");
        let mut outputs = vec![0.0; self.outputs];
        let mut rows = self.coefficients.chunks_exact(self.outputs.max(1));
        let mut add = |value: f64| {
            let row = rows.next().unwrap_or_default();
            for (output, coefficient) in outputs.iter_mut().zip(row) {
                *output += value * coefficient;
            }
        };
        each_term(z, &mut add);
        outputs
    }
}

/// Variance of what is left unexplained at each point, over that of the group where it is least: the geometric mean over outputs, so that
/// none counts more for its larger numbers.
fn spreads(residuals: &DMatrix<f64>, groups: &[u32]) -> Vec<f64> {
    /// A group counts at least this much, however far off.
    const LEAST: f64 = 1e-4;
    let mut of_group: BTreeMap<u32, f64> = BTreeMap::new();
    for &group in groups {
        of_group.entry(group).or_insert_with(|| {
            let members: Vec<usize> = (0..groups.len()).filter(|&i| groups[i] == group).collect();
            let log = |column: DVectorView<'_, f64>| {
                let squares: f64 = members.iter().map(|&i| column[i] * column[i]).sum();
                libm::log((squares / members.len() as f64).max(scales::NO_ERROR))
            };
            let logs: f64 = residuals.column_iter().map(log).sum();
            libm::exp(logs / residuals.ncols().max(1) as f64)
        });
    }
    let least = of_group.values().copied().fold(f64::INFINITY, f64::min);
    let spread = |group: &u32| (of_group[group] / least).min(1.0 / LEAST);
    groups.iter().map(spread).collect()
}

fn check_length(what: &str, expected: usize, found: usize) -> Result<(), EmulatorError> {
    if expected == found {
        return Ok(());
    }
    Err(EmulatorError::Length {
        what: what.to_owned(),
        expected,
        found,
    })
}

fn check_groups(groups: &[u32]) -> Result<(), EmulatorError> {
    let mut pairs = (1..).zip(groups.windows(2));
    match pairs.find(|(_, pair)| pair[0] > pair[1]) {
        Some((index, pair)) => Err(EmulatorError::Order {
            index,
            found: pair[1],
            before: pair[0],
        }),
        None => Ok(()),
    }
}

fn check_row(what: &str, index: usize, row: &[f64], expected: usize) -> Result<(), EmulatorError> {
    let what = format!("{what} {index}");
    check_length(&what, expected, row.len())?;
    if row.iter().all(|value| value.is_finite()) {
        return Ok(());
    }
    Err(EmulatorError::NotFinite { what })
}

#[cfg(test)]
mod tests;
