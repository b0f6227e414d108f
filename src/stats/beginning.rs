//! Whether a series begins elsewhere than it goes on: its beginning against what follows, replication by replication.
//!
//! In a steady state the mean of the first blocks of a series and that of the others have the same expected value, whatever the days have to do with each
//! other. Replications know nothing of each other, so that Student's t of these differences, one of each replication, tells whether that is so without a
//! word on autocorrelation, which a single record hardly shows. (The question and the comparison of early with late output: Schruben 1982,
//! doi:10.1287/opre.30.3.569; replications in place of a model of the dependence: Law, Simulation Modeling and Analysis, 5th ed., section 9.5.)

/// Relative differences below which means are the same: what sums of floats in another order make.
const ROUNDING: f64 = 1e-9;

/// A comparison within what is left of a series after its first blocks: those before a cut against those after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contrast {
    /// Blocks that are dropped: the first that counts.
    pub from: usize,
    /// The first block after the cut.
    pub cut: usize,
}

impl Contrast {
    /// Those of a series of so many blocks: after none of them, one, … up to half of them, every cut in the first half of the rest.
    pub fn all(blocks: usize) -> impl Iterator<Item = Self> + Clone {
        (0..=blocks / 2)
            .flat_map(move |from| {
                (from + 1..=usize::midpoint(from, blocks)).map(move |cut| (from, cut))
            })
            .map(|(from, cut)| Self { from, cut })
    }

    /// Mean of the blocks before the cut less that of those after, 0 where they differ by rounding alone; `None` where one of the blocks
    /// has no mean.
    #[must_use]
    pub fn difference(self, blocks: &[Option<f64>]) -> Option<f64> {
        let mean = |blocks: &[Option<f64>]| {
            let sum: f64 = blocks.iter().copied().sum::<Option<f64>>()?;
            Some(sum / blocks.len() as f64)
        };
        let (before, after) = (
            mean(&blocks[self.from..self.cut])?,
            mean(&blocks[self.cut..])?,
        );
        let difference = before - after;
        let is_rounding = difference.abs() <= ROUNDING * before.abs().max(after.abs());
        Some(if is_rounding { 0.0 } else { difference })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contrasts(blocks: usize) -> Vec<(usize, usize)> {
        let all = Contrast::all(blocks);
        all.map(|contrast| (contrast.from, contrast.cut)).collect()
    }

    #[test]
    fn cuts_lie_in_the_first_half_of_what_is_left() {
        let four = [(0, 1), (0, 2), (1, 2), (2, 3)];
        assert_eq!(contrasts(4), four);
        let ten = contrasts(10);
        assert_eq!(ten.len(), 21);
        assert_eq!(ten[..5], [(0, 1), (0, 2), (0, 3), (0, 4), (0, 5)]);
        assert_eq!(ten[19..], [(5, 6), (5, 7)]);
    }

    #[test]
    fn a_difference_is_of_the_blocks_before_a_cut_less_those_after() {
        let blocks = [9.0, 4.0, 2.0, 1.0].map(Some);
        let of = |from, cut| Contrast { from, cut }.difference(&blocks);
        assert_eq!([of(0, 2), of(1, 2)], [Some(5.0), Some(2.5)]);
        let missing = [None, Some(4.0), Some(2.0), Some(1.0)];
        let of = |from, cut| Contrast { from, cut }.difference(&missing);
        assert_eq!([of(0, 2), of(1, 2)], [None, Some(2.5)]);
    }

    #[test]
    fn what_floats_add_is_no_difference() {
        let blocks = [Some(0.1 + 0.2), Some(0.3), Some(0.3), Some(0.3)];
        let contrast = Contrast { from: 0, cut: 1 };
        assert_eq!(contrast.difference(&blocks), Some(0.0));
    }
}
