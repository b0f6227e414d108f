//! Latin hypercubes.

use super::luck::{self, Use};
use crate::engine::random::Streams;

/// Purposes of the draws.
const ORDER: u32 = 0;
const PLACE: u32 = 1;

/// Random points of the unit cube, one in each of n equal slices of every coordinate.
///
/// McKay, Beckman & Conover (1979), "A comparison of three methods for selecting values of input variables in the
/// analysis of output from a computer code", doi:10.1080/00401706.1979.10489755.
///
/// The slices depend on the number of points: a design of more points is another design, not a longer one. A design that
/// is to grow is a [`super::SobolSequence`]. A further factor leaves the coordinates of the others as they are.
#[expect(clippy::doc_markdown, reason = "McKay is a name")]
#[derive(Debug, Clone)]
pub struct LatinHypercube {
    /// Of each coordinate, the slice of each point.
    slices: Vec<Vec<u32>>,
    points: u32,
    streams: Streams,
}

impl LatinHypercube {
    /// A design of `points` points for `factors` factors, random as the seed says.
    #[must_use]
    pub fn new(points: u32, factors: usize, seed: u64) -> Self {
        let streams = luck::streams(seed, Use::LatinHypercube);
        let slices = (0..factors as u64)
            .map(|factor| luck::permutation(points, &mut streams.draw(factor, ORDER, 0)))
            .collect();
        Self {
            slices,
            points,
            streams,
        }
    }

    /// Number of points.
    #[must_use]
    pub fn points(&self) -> u32 {
        self.points
    }

    /// Point number `index`; its coordinates lie strictly between 0 and 1.
    ///
    /// # Panics
    /// If the design has no such point.
    #[must_use]
    pub fn point(&self, index: u32) -> Vec<f64> {
        assert!(
            index < self.points,
            "point {index} of a design of {}",
            self.points
        );
        (0..)
            .zip(&self.slices)
            .map(|(factor, slices)| {
                let part = self.streams.draw(factor, PLACE, u64::from(index)).bits() >> 44;
                place(slices[index as usize], part as u32, self.points)
            })
            .collect()
    }
}

/// The middle of one of 2^20 parts of one of `slices` slices of the unit interval.
///
/// Slice and part together are exact in 53 bits, so no rounding takes a point into the next slice or up to 1.
fn place(slice: u32, part: u32, slices: u32) -> f64 {
    let within = (f64::from(part) + 0.5) / f64::from(1_u32 << 20);
    (f64::from(slice) + within) / f64::from(slices)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(design: &LatinHypercube) -> Vec<Vec<f64>> {
        (0..design.points()).map(|i| design.point(i)).collect()
    }

    #[test]
    fn each_slice_of_each_coordinate_has_one_point() {
        for n in [1, 2, 7, 1_000] {
            let design = LatinHypercube::new(n, 5, 3);
            for factor in 0..5 {
                let mut slices: Vec<u32> = all(&design)
                    .iter()
                    .map(|point| (point[factor] * f64::from(n)) as u32)
                    .collect();
                slices.sort_unstable();
                assert_eq!(slices, (0..n).collect::<Vec<_>>());
            }
        }
    }

    /// Under independence the correlation of 10,000 pairs has a standard error of 0.01; bound of five.
    #[test]
    fn coordinates_and_places_within_slices_are_unrelated() {
        const N: u32 = 10_000;
        let points = all(&LatinHypercube::new(N, 2, 11));
        let correlation = |pairs: Vec<(f64, f64)>| {
            12.0 * pairs
                .iter()
                .map(|(x, y)| (x - 0.5) * (y - 0.5))
                .sum::<f64>()
                / f64::from(N)
        };
        let within = |x: f64| (x * f64::from(N)).fract();
        for pairs in [
            points.iter().map(|p| (p[0], p[1])).collect(),
            points
                .iter()
                .map(|p| (within(p[0]), within(p[1])))
                .collect(),
            points.iter().map(|p| (p[0], within(p[0]))).collect(),
        ] {
            let correlation = correlation(pairs);
            assert!(correlation.abs() < 0.05, "{correlation}");
        }
    }

    /// The mean of an additive function has almost no error: each coordinate's mean is that of its slices.
    #[test]
    fn the_mean_of_a_sum_is_far_more_exact_than_that_of_random_points() {
        const N: u32 = 1_000;
        let sum: f64 = all(&LatinHypercube::new(N, 3, 2)).iter().flatten().sum();
        // Random points would have a standard error of √(3 / 12 / 1000) = 0.016; slices have √(3 / 12) / 1000^1.5.
        assert!((sum / f64::from(N) - 1.5).abs() < 1e-4);
    }

    #[test]
    fn a_design_depends_on_its_seed_only_and_a_further_factor_changes_no_other() {
        let few = all(&LatinHypercube::new(50, 2, 1));
        let more = all(&LatinHypercube::new(50, 3, 1));
        assert!(
            few.iter()
                .zip(&more)
                .all(|(few, more)| few[..] == more[..2])
        );
        assert_ne!(few, all(&LatinHypercube::new(50, 2, 2)));
        assert_eq!(few[7], LatinHypercube::new(50, 2, 1).point(7));
    }

    #[test]
    fn a_design_has_the_points_of_its_first_version() {
        // The values are those of a second, independent implementation as well.
        assert_eq!(
            LatinHypercube::new(100, 2, 1).point(9),
            [0.592_805_094_718_933_1, 0.528_642_334_938_049_4]
        );
    }

    #[test]
    fn places_lie_strictly_between_0_and_1_however_many_slices_there_are() {
        for n in [1, 3, 1_000_003, u32::MAX] {
            assert!(place(0, 0, n) > 0.0);
            assert!(place(n - 1, (1 << 20) - 1, n) < 1.0, "{n}");
        }
    }

    #[test]
    #[should_panic(expected = "point 3 of a design of 3")]
    fn there_is_no_point_past_the_last() {
        let _ = LatinHypercube::new(3, 1, 0).point(3);
    }
}
