//! How large the coefficients of each kind are expected to be.

use std::collections::BTreeMap;

use nalgebra::DMatrix;

use super::kernels::Kernels;

/// Prior variances of the coefficients of a surface, over the variance of what the surface leaves unexplained.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scales {
    /// Of `z_a`.
    pub linear: f64,
    /// Of `(z_a² - 1) / √2`.
    pub squares: f64,
    /// Of `(z_a³ - 3 z_a) / √6`.
    pub cubes: f64,
    /// Of `z_a z_b`.
    pub products: f64,
}

/// Powers of ten of the four scales.
pub(super) type Powers = [i32; 4];

/// An output that never changes has no error: this variance stands for it, the same for all scales.
pub(super) const NO_ERROR: f64 = 1e-24;

/// Where the search starts.
const START: Powers = [2, 0, -1, -1];

/// The least and the largest power of each scale: at the least, terms of that kind are as good as left out, and at the largest
/// as good as free.
const RANGES: [(i32, i32); 4] = [(-2, 6), (-4, 5), (-5, 4), (-5, 4)];

/// The best scales of every class of outputs that occurs, by its number.
///
/// The criterion of a class is the sum over its outputs of the logarithm of the leave-one-out variance, so that no output
/// counts more for its larger numbers. From its start, those `chosen` before or the usual ones, the search goes to the best neighbour on a
/// grid of powers of ten along one scale after another until none is better. Classes share what was fitted on their way.
pub(super) fn choose(
    kernels: &Kernels,
    y: &DMatrix<f64>,
    classes: &[usize],
    chosen: &BTreeMap<usize, Powers>,
) -> BTreeMap<usize, Powers> {
    let mut fitted: BTreeMap<Powers, Vec<f64>> = BTreeMap::new();
    let mut numbers = classes.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    let start = |class| chosen.get(&class).copied().unwrap_or(START);
    let choose = |class| {
        let mut criterion = |powers: Powers| {
            let logs = fitted
                .entry(powers)
                .or_insert_with(|| log_variances(kernels, y, powers));
            let members = logs.iter().zip(classes).filter(|(_, of)| **of == class);
            members.map(|(log, _)| log).sum::<f64>()
        };
        (class, descend(start(class), &mut criterion))
    };
    numbers.into_iter().map(choose).collect()
}

/// The powers from which no step of one along one scale lowers the criterion.
fn descend(start: Powers, criterion: &mut impl FnMut(Powers) -> f64) -> Powers {
    let mut best = start;
    let mut lowest = criterion(best);
    loop {
        let before = best;
        for kind in 0..RANGES.len() {
            for step in [1, -1] {
                loop {
                    let mut next = best;
                    next[kind] += step;
                    let (least, largest) = RANGES[kind];
                    if !(least..=largest).contains(&next[kind]) {
                        break;
                    }
                    let value = criterion(next);
                    if value >= lowest {
                        break;
                    }
                    (best, lowest) = (next, value);
                }
            }
        }
        if best == before {
            return best;
        }
    }
}

/// Logarithm of the leave-one-out variance of each output.
fn log_variances(kernels: &Kernels, y: &DMatrix<f64>, powers: Powers) -> Vec<f64> {
    let fit = kernels.fit(Scales::of(powers), y);
    (kernels.variances(&fit.residuals).into_iter())
        .map(|variance| libm::log(variance.max(NO_ERROR)))
        .collect()
}

impl Scales {
    /// Those with these powers.
    pub(super) fn of([linear, squares, cubes, products]: Powers) -> Self {
        Self {
            linear: libm::exp10(f64::from(linear)),
            squares: libm::exp10(f64::from(squares)),
            cubes: libm::exp10(f64::from(cubes)),
            products: libm::exp10(f64::from(products)),
        }
    }
}
