//! Response surfaces: what a simulation would give at points at which it was not run.

mod kernels;
mod scales;

use std::collections::BTreeMap;
use std::ops::Range;

use nalgebra::{DMatrix, DVectorView};

use self::kernels::Kernels;
use self::scales::Powers;
pub use self::scales::Scales;

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

/// What a surface is off where some points lie, each left out of the fit in turn. It is what a point is off by itself, and what all of them are
/// off together: of that, a part is luck where they are simulated with common random numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Off {
    /// What is to be added to it, in the mean. \[units of the output\]
    pub mean: f64,
    /// The variance of what it is off then. \[squared units of the output\]
    pub variance: f64,
}

/// Variances of luck that many have in common, as shares of that of one replication.
#[derive(Debug, Clone, Copy)]
struct SharedLuck {
    /// Of a surface.
    surface: f64,
    /// Of the points of the last group.
    last: f64,
    /// Covariance of the two.
    both: f64,
}

impl SharedLuck {
    /// Of what the points of the last group are off.
    fn of_points(self) -> f64 {
        self.surface + self.last - 2.0 * self.both
    }
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
            coefficients: vec![0.0; terms(dimensions) * classes.len()],
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

    /// Variance of the error of each surface where the points of the last group lie, of outputs with these variances of `chance` in one
    /// replication. \[squared units of the output\]
    ///
    /// The points of a group have common random numbers, in so many `replications`: all have the luck L of their group, of variance
    /// chance / R. A surface has Σ s L of it, with the share s of each group where the last lies: of variance chance Σ s² / R, which is in its error. The
    /// points of the last group are all off by their L less that sum, which is no error of the surface: the square of what they are
    /// off in the mean counts only as far as it exceeds the variance of that. To this is added the variance of what each is off by itself, with
    /// such luck as it does not share with the others. A last group of too few points to tell it has the error of all points: the luck by
    /// which groups differ is in that, and where there is but one, its own is added.
    ///
    /// # Panics
    /// If there is not one chance for each output.
    #[must_use]
    pub fn error_variances(&self, chance: &[f64], replications: impl Fn(u32) -> u32) -> Vec<f64> {
        const FEW: usize = 20;
        assert_eq!(chance.len(), self.outputs, "one variance an output");
        let last = self.groups.last().copied().unwrap_or_default();
        let points = self.points_from(last);
        let shared = self.shared(last, replications);
        let outputs = chance.iter().zip(&self.classes);
        if points.len() < FEW {
            let is_one_group = points.len() == self.groups.len();
            let luck = |class| {
                if is_one_group {
                    shared[class].surface
                } else {
                    0.0
                }
            };
            let variances = self.variances().into_iter().zip(outputs);
            return variances
                .map(|(variance, (chance, class))| variance + chance * luck(class))
                .collect();
        }
        let error = |(off, (chance, class)): (Off, (&f64, &usize))| {
            let shared = shared[class];
            let bias = (off.mean * off.mean - chance * shared.of_points()).max(0.0);
            off.variance + bias + chance * shared.surface
        };
        self.off(points)
            .into_iter()
            .zip(outputs)
            .map(error)
            .collect()
    }

    /// What to add to each surface where the points of the last group lie, and the variance of the error that is left then, with the
    /// `chance` and the luck of [`error_variances`](Self::error_variances). \[units of the output, and their square\]
    ///
    /// In the mean, m, the points are off by what the surface lacks there, by the luck that they have and it has not, and by some of
    /// what each is off by itself. Only the first is to be added. Its variance, t, is told by all outputs of a class: the mean of their m² less
    /// V, which chance gives it in the mean of the class. Added is m t / (t + V) (empirical Bayes; Efron & Morris 1975,
    /// doi:10.1080/01621459.1975.10479864), and the variance is told as if t were known: with few outputs it is up to a fourth too small.
    ///
    /// # Panics
    /// If there is not one chance for each output, or no point in the last group.
    #[must_use]
    pub fn corrections(&self, chance: &[f64], replications: impl Fn(u32) -> u32) -> Vec<Off> {
        assert_eq!(chance.len(), self.outputs, "one variance an output");
        let last = self.groups.last().copied().unwrap_or_default();
        let points = self.points_from(last);
        let n = points.len() as f64;
        let off = self.off(points);
        let shared = self.shared(last, replications);
        // By class: sums of the squares of the means, and of what chance gives them.
        let mut classes: BTreeMap<usize, (f64, f64, f64)> = BTreeMap::new();
        for ((off, chance), class) in off.iter().zip(chance).zip(&self.classes) {
            let (count, squares, by_chance) = classes.entry(*class).or_default();
            *count += 1.0;
            *squares += off.mean * off.mean;
            *by_chance += chance * shared[class].of_points() + off.variance / n;
        }
        let correction = |((off, chance), class): ((&Off, &f64), &usize)| {
            let (count, squares, by_chance) = classes[class];
            let shared = shared[class];
            let lack = (squares - by_chance).max(0.0);
            let part = if lack > 0.0 { lack / squares } else { 0.0 };
            let rest = 1.0 - part;
            let of_luck = rest * rest * shared.surface
                + part * part * shared.last
                + 2.0 * part * rest * shared.both;
            Off {
                mean: part * off.mean,
                variance: off.variance * (1.0 + part * part / n)
                    + rest * rest * lack / count
                    + chance * of_luck,
            }
        };
        let off = off.iter().zip(chance).zip(&self.classes);
        off.map(correction).collect()
    }

    /// By class, the luck of the last group, whose points have common random numbers in so many replications, and that of the surfaces.
    fn shared(&self, last: u32, replications: impl Fn(u32) -> u32) -> BTreeMap<usize, SharedLuck> {
        let luck = |group: u32| 1.0 / f64::from(replications(group));
        let shared = |(&class, shares): (&usize, &BTreeMap<u32, f64>)| {
            let of_surface = shares
                .iter()
                .map(|(&group, share)| share * share * luck(group));
            let shared = SharedLuck {
                surface: of_surface.sum(),
                last: luck(last),
                both: shares[&last] * luck(last),
            };
            (class, shared)
        };
        self.shares.iter().map(shared).collect()
    }

    /// The places of the points from a group on, where groups ascend.
    #[must_use]
    pub fn points_from(&self, group: u32) -> Range<usize> {
        self.groups.partition_point(|&of| of < group)..self.groups.len()
    }

    /// Leave-one-out variance of each output: mean square of what the surface is off at a point that it was not fitted to,
    /// over all points. \[squared units of the output\]
    #[must_use]
    pub fn variances(&self) -> Vec<f64> {
        let n = self.residuals.nrows() as f64;
        let columns = self.residuals.column_iter();
        columns.map(|column| column.norm_squared() / n).collect()
    }

    /// What each surface is off at some of the points: a surface is better in the middle of the points than at their edge, and those of
    /// the last wave lie where it is asked.
    ///
    /// # Panics
    /// If the range is empty or there are no such points.
    #[must_use]
    pub fn off(&self, points: Range<usize>) -> Vec<Off> {
        assert!(!points.is_empty(), "no points to take a figure over");
        let size = (points.len(), self.residuals.ncols());
        let rows = self.residuals.view((points.start, 0), size);
        let n = points.len() as f64;
        let of = |column: DVectorView<'_, f64>| {
            let (mean, square) = (column.mean(), column.norm_squared() / n);
            Off {
                mean,
                // One point tells no variance: what the surface is off altogether, then.
                variance: if n > 1.0 {
                    (square - mean * mean).max(0.0) * n / (n - 1.0)
                } else {
                    square
                },
            }
        };
        rows.column_iter().map(of).collect()
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

    /// Slopes of all outputs (rows) along all coordinates (columns) at a point.
    #[must_use]
    pub(super) fn slopes(&self, z: &[f64]) -> DMatrix<f64> {
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
    pub(super) fn add_gradient(&self, z: &[f64], weights: &[f64], gradient: &mut [f64]) {
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

/// Number of terms of a surface.
fn terms(dimensions: usize) -> usize {
    1 + 3 * dimensions + dimensions * dimensions.saturating_sub(1) / 2
}

/// The square of a standard normal coordinate, made to have mean 0 and variance 1.
fn square(z: f64) -> f64 {
    (z * z - 1.0) * std::f64::consts::FRAC_1_SQRT_2
}

/// √3: the slope of [`cube`] is √3 times [`square`].
const SQRT_3: f64 = 1.732_050_807_568_877_2;

/// The cube of a standard normal coordinate, made to have mean 0 and variance 1, and no correlation with the coordinate.
fn cube(z: f64) -> f64 {
    const OVER_SQRT_6: f64 = 0.408_248_290_463_863;
    (z * z - 3.0) * z * OVER_SQRT_6
}

/// Gives the value of every term at a point, in order.
fn each_term(z: &[f64], give: &mut impl FnMut(f64)) {
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
