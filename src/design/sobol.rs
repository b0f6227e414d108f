//! The Sobol' sequence, plain or scrambled.
//!
//! Sobol' (1967), "On the distribution of points in a cube and the approximate evaluation of integrals",
//! doi:10.1016/0041-5553(67)90144-9; direction numbers of Joe & Kuo (2008), doi:10.1137/070709359.
//!
//! The sequence is written here since no crate fits (November 2026):
//!
//! | crate, last release | why not |
//! |---|---|
//! | `sobol` 1.0.2, 2020 | dormant; points only one after another, none by index; not scrambled; turns on `num-traits/std` |
//! | `sobol-qmc` 2.5.1, 2025 | its fork; the same, and a second, older `statrs` |
//! | `sobol_burley` 0.5.0, 2023 | alive, made for graphics: 2^16 points, `f32`, an approximate scramble of a 32-bit seed |
//! | `lowdisc` 0.1.2, 2026 | 8 dimensions |
//! | `salib-samplers` 0.3.0, 2026 | new; points not by index; brings a matrix library and generators of its own |
//! | `quasirandom` 0.3.0, `halton` 0.2.1, `quasi-rd` 0.1.0 | other sequences, whose blocks of 2^k points are no nets |

use super::joe_kuo::INITIAL;
use super::luck::{self, Use};
use crate::engine::random::Streams;

/// Binary digits of a coordinate.
const DIGITS: usize = u32::BITS as usize;

/// Distance of neighbouring coordinates.
const STEP: f64 = 1.0 / (1_u64 << DIGITS) as f64;

/// Points of the unit cube of which every block of 2^k fills every coordinate evenly: one in each of 2^k equal slices.
///
/// A point depends on its index only, never on how many are asked for: a design can be sharded and continued. The points
/// are in the order of the Gray code, that of Joe & Kuo's program. Averages are best over the first 2^k points.
#[derive(Debug, Clone)]
pub struct SobolSequence {
    directions: Vec<[u32; DIGITS]>,
    scramble: Option<Streams>,
}

/// More dimensions than there are direction numbers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a Sobol' sequence has at most {} dimensions here; found {found}",
    SobolSequence::MAX_DIMENSIONS
)]
pub struct DimensionError {
    /// Dimensions asked for.
    pub found: usize,
}

impl SobolSequence {
    /// The most dimensions that a sequence can have.
    pub const MAX_DIMENSIONS: usize = INITIAL.len() + 1;

    /// The sequence as published; its first point is the origin. Coordinates are multiples of 2^-32 from 0 to below 1.
    ///
    /// # Errors
    /// For more than [`Self::MAX_DIMENSIONS`] dimensions.
    pub fn plain(dimensions: usize) -> Result<Self, DimensionError> {
        if dimensions > Self::MAX_DIMENSIONS {
            return Err(DimensionError { found: dimensions });
        }
        let directions = (0..dimensions).map(directions).collect();
        Ok(Self {
            directions,
            scramble: None,
        })
    }

    /// The sequence with its digits scrambled at random, as the seed says: each point alone is uniform in the cube, all
    /// together are as evenly spread as before. Coordinates lie strictly between 0 and 1.
    ///
    /// Owen (1995), "Randomly permuted (t,m,s)-nets and (t,s)-sequences", doi:10.1007/978-1-4612-2552-2_19: of each digit,
    /// whether it is flipped is decided by a coin of its own for each value of the digits before it.
    ///
    /// # Errors
    /// For more than [`Self::MAX_DIMENSIONS`] dimensions.
    pub fn scrambled(dimensions: usize, seed: u64) -> Result<Self, DimensionError> {
        Ok(Self {
            scramble: Some(luck::streams(seed, Use::Scrambling)),
            ..Self::plain(dimensions)?
        })
    }

    /// Number of coordinates of a point.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.directions.len()
    }

    /// Point number `index`, from 0.
    #[must_use]
    pub fn point(&self, index: u32) -> Vec<f64> {
        (0..self.dimensions())
            .map(|dimension| self.coordinate(index, dimension))
            .collect()
    }

    /// One coordinate of point number `index`, both from 0.
    ///
    /// # Panics
    /// If the sequence has no such dimension.
    #[must_use]
    pub fn coordinate(&self, index: u32, dimension: usize) -> f64 {
        let gray = index ^ (index >> 1);
        let digits = (0..DIGITS)
            .filter(|bit| gray >> bit & 1 == 1)
            .fold(0, |digits, bit| digits ^ self.directions[dimension][bit]);
        match self.scramble {
            None => f64::from(digits) * STEP,
            // The middle of the interval of these digits stands for the digits that follow.
            Some(coins) => (f64::from(scramble(digits, dimension, coins)) + 0.5) * STEP,
        }
    }
}

/// What each binary digit of the index, the lowest first, contributes to the digits of a coordinate.
fn directions(dimension: usize) -> [u32; DIGITS] {
    let mut directions = std::array::from_fn(|bit| 1 << (DIGITS - 1 - bit));
    // The first dimension is van der Corput's sequence: all its initial numbers are 1.
    if let Some(&(coefficients, initial)) = dimension.checked_sub(1).map(|row| &INITIAL[row]) {
        let degree = initial.len();
        for (direction, number) in directions.iter_mut().zip(initial) {
            *direction *= number;
        }
        for bit in degree..DIGITS {
            let oldest = directions[bit - degree];
            directions[bit] = (1..degree)
                .filter(|back| coefficients >> (degree - 1 - back) & 1 == 1)
                .fold(oldest ^ (oldest >> degree), |sum, back| {
                    sum ^ directions[bit - back]
                });
        }
    }
    directions
}

/// Flips each digit, or not, by the coin of the digits before it.
fn scramble(digits: u32, dimension: usize, coins: Streams) -> u32 {
    (0..u32::BITS).fold(digits, |scrambled, place| {
        // The 1 in front tells digits of different number apart: 0 and 00.
        let before = (1_u64 << place) | (u64::from(digits) >> (u32::BITS - place));
        let coin = coins.draw(before, dimension as u32, 0).bits() >> 63;
        scrambled ^ ((coin as u32) << (u32::BITS - 1 - place))
    })
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "coordinates are multiples of powers of 2")]
mod tests {
    use super::*;

    const MOST: usize = SobolSequence::MAX_DIMENSIONS;

    /// Joe & Kuo, "Notes on generating Sobol' sequences" (2008), output of their program for three dimensions.
    #[test]
    fn the_first_points_are_the_published_ones() {
        let sequence = SobolSequence::plain(3).unwrap();
        let points: Vec<_> = (0..10).map(|i| sequence.point(i)).collect();
        assert_eq!(
            points,
            [
                [0.0, 0.0, 0.0],
                [0.5, 0.5, 0.5],
                [0.75, 0.25, 0.25],
                [0.25, 0.75, 0.75],
                [0.375, 0.375, 0.625],
                [0.875, 0.875, 0.125],
                [0.625, 0.125, 0.875],
                [0.125, 0.625, 0.375],
                [0.1875, 0.3125, 0.9375],
                [0.6875, 0.8125, 0.4375],
            ]
        );
    }

    /// Against a second implementation (`scipy.stats.qmc.Sobol` 1.17, 32 bits).
    #[test]
    fn far_points_of_high_dimensions_are_those_of_another_implementation() {
        let sequence = SobolSequence::plain(MOST).unwrap();
        for (dimension, expected) in [
            (0, 1_187_450_880_u32),
            (1, 2_413_424_640),
            (2, 334_991_360),
            (9, 18_903_040),
            (49, 436_563_968),
            (99, 213_045_248),
            (150, 2_013_720_576),
            (199, 4_133_761_024),
        ] {
            let coordinate = sequence.coordinate(1_000_003, dimension);
            assert_eq!(coordinate, f64::from(expected) * STEP, "{dimension}");
        }
    }

    /// Whether 2^k coordinates lie one in each of 2^k slices.
    fn fill_all_slices(coordinates: &[f64]) -> bool {
        let mut taken = vec![false; coordinates.len()];
        for x in coordinates {
            taken[(x * coordinates.len() as f64) as usize] = true;
        }
        taken.iter().all(|&taken| taken)
    }

    #[test]
    fn every_block_of_2_to_the_k_points_fills_every_coordinate_evenly() {
        for sequence in [
            SobolSequence::plain(MOST).unwrap(),
            SobolSequence::scrambled(MOST, 4).unwrap(),
        ] {
            for dimension in 0..MOST {
                let coordinates: Vec<_> = (0..1_024)
                    .map(|i| sequence.coordinate(i, dimension))
                    .collect();
                for k in 0..=10 {
                    assert!(
                        coordinates.chunks(1 << k).all(fill_all_slices),
                        "dimension {dimension}, blocks of 2^{k}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_first_two_coordinates_fill_every_rectangle_of_equal_area() {
        for sequence in [
            SobolSequence::plain(2).unwrap(),
            SobolSequence::scrambled(2, 8).unwrap(),
        ] {
            let points: Vec<_> = (0..256).map(|i| sequence.point(i)).collect();
            for (columns, rows) in (0..=8).map(|k| (1 << k, 256 >> k)) {
                let mut taken = vec![false; 256];
                for point in &points {
                    let column = (point[0] * f64::from(columns)) as usize;
                    taken[column * rows + (point[1] * rows as f64) as usize] = true;
                }
                assert!(taken.iter().all(|&taken| taken), "{columns} columns");
            }
        }
    }

    /// Over seeds one point is uniform in the square: chi-square over 64 cells, whose 1 - 10^-6 quantile is 131.4.
    #[test]
    fn a_scrambled_point_is_uniform_over_seeds() {
        const SEEDS: u64 = 64_000;
        for index in [0, 1, 77] {
            let mut cells = [0_u32; 64];
            for seed in 0..SEEDS {
                let point = SobolSequence::scrambled(2, seed).unwrap().point(index);
                cells[(point[0] * 8.0) as usize * 8 + (point[1] * 8.0) as usize] += 1;
            }
            let statistic: f64 = cells
                .iter()
                .map(|&count| (f64::from(count) - 1_000.0).powi(2) / 1_000.0)
                .sum();
            assert!(statistic < 131.4, "{statistic}");
        }
    }

    /// The error of the mean of x y z over 4,096 points; at random it would have a standard error of 0.0023.
    #[test]
    fn scrambled_points_integrate_far_better_than_random_ones() {
        let squared: f64 = (0..20)
            .map(|seed| {
                let sequence = SobolSequence::scrambled(3, seed).unwrap();
                let sum: f64 = (0..4_096)
                    .map(|i| sequence.point(i).iter().product::<f64>())
                    .sum();
                (sum / 4_096.0 - 0.125).powi(2)
            })
            .sum();
        let error = (squared / 20.0).sqrt();
        assert!(error < 0.0023 / 20.0, "{error}");
    }

    #[test]
    fn points_depend_on_seed_and_index_and_not_on_the_number_of_dimensions() {
        let three = SobolSequence::scrambled(3, 1).unwrap();
        let five = SobolSequence::scrambled(5, 1).unwrap();
        assert_eq!(three.point(1_000), five.point(1_000)[..3]);
        let other = SobolSequence::scrambled(3, 2).unwrap();
        assert_ne!(three.point(1_000), other.point(1_000));
    }

    #[test]
    fn a_scrambled_sequence_has_the_points_of_its_first_version() {
        let sequence = SobolSequence::scrambled(3, 1).unwrap();
        // The values are those of a second, independent implementation as well.
        assert_eq!(
            sequence.point(9),
            [
                0.856_394_564_849_324_5,
                0.138_972_100_219_689_3,
                0.025_911_309_639_923_275
            ]
        );
    }

    #[test]
    fn scrambled_coordinates_never_reach_0_or_1() {
        let sequence = SobolSequence::scrambled(1, 3).unwrap();
        let coins = luck::streams(3, Use::Scrambling);
        for (target, expected) in [(0, 0.5 * STEP), (u32::MAX, 1.0 - 0.5 * STEP)] {
            // The digits that the scramble takes to all zeros, or all ones, and the point that has them.
            let digits = (0..u32::BITS).rev().fold(0, |digits: u32, bit| {
                let wrong = (scramble(digits, 0, coins) ^ target) >> bit & 1;
                digits ^ (wrong << bit)
            });
            let gray = digits.reverse_bits();
            let index = (0..u32::BITS).fold(0, |index, shift| index ^ (gray >> shift));
            assert_eq!(sequence.coordinate(index, 0), expected);
        }
    }

    #[test]
    fn too_many_dimensions_are_refused() {
        assert!(SobolSequence::plain(MOST).is_ok());
        let error = SobolSequence::scrambled(MOST + 1, 0).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a Sobol' sequence has at most 200 dimensions here; found 201"
        );
    }
}
