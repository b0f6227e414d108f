//! What surfaces are off: at points left out of the fit, and with the luck that points have in common.

use std::collections::BTreeMap;
use std::ops::Range;

use nalgebra::DVectorView;

use super::Emulator;

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
}
