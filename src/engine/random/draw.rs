//! The stream of one key and what can be drawn from it.

use std::convert::Infallible;

use rand::TryRng;
use rand::rand_core::utils;

use super::binomial;
use super::mixing::{mix, next_place};

/// A small stream of random numbers for one key; also a generator for the samplers of `rand` and `rand_distr`.
///
/// With a larger parameter `chance` never falls, and an `exponential` or a `normal` number knows no parameter; who asks for it scales it. A
/// `binomial` number is an inversion too, but of values in the order of their distance from the mode: two that differ in a parameter share
/// their luck only as far as their modes agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draw {
    /// Place of the next word in the sequence of its party.
    place: u64,
}

impl Draw {
    #[inline]
    pub(super) fn new(place: u64) -> Self {
        Self { place }
    }

    /// 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        let bits = mix(self.place);
        self.place = next_place(self.place);
        bits
    }

    /// A uniform number strictly between 0 and 1: an odd multiple of 2^-53.
    ///
    /// The multiples lie symmetrically: u is as likely as 1 - u, and both are exact.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        unit(self.bits())
    }

    /// True with probability `p`: never if p <= 0 or NaN, always if p >= 1.
    #[inline]
    pub fn chance(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    /// A whole number below `n`, each exactly as likely.
    ///
    /// Lemire (2019), "Fast random integer generation in an interval", doi:10.1145/3230636.
    ///
    /// # Panics
    /// If `n` is zero: no number lies below it.
    pub fn below(&mut self, n: u64) -> u64 {
        assert!(n > 0, "no whole number lies below 0");
        // 2^64 mod n products too many fall on some of the numbers: those are drawn again. They are fewer than n, which
        // mostly settles it without a division.
        loop {
            let product = u128::from(self.bits()) * u128::from(n);
            let low = product as u64;
            if low >= n || low >= n.wrapping_neg() % n {
                return (product >> 64) as u64;
            }
        }
    }

    /// The number of successes in `n` trials of probability `p`, from one uniform number; p outside [0, 1] counts as
    /// the nearer end, NaN as 0.
    ///
    /// Takes about as many steps as the standard deviation, √(n p (1 - p)).
    pub fn binomial(&mut self, n: u64, p: f64) -> u64 {
        binomial::invert(n, p, self.uniform())
    }
}

/// The uniform number of the upper 53 bits.
#[inline]
pub(super) fn unit(bits: u64) -> f64 {
    const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
    ((bits >> 11) | 1) as f64 * STEP
}

impl TryRng for Draw {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        // The high half, as is usual: it is the better mixed one in most generators.
        Ok((self.bits() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.bits())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        utils::fill_bytes_via_next_word(bytes, || self.try_next_u64())
    }
}

#[cfg(test)]
mod tests {
    use rand::Rng;
    use rand_distr::{Distribution, Exp1, StandardNormal};
    use statrs::distribution::{ContinuousCDF, Exp, Normal};

    use super::super::Streams;
    use super::super::checks::{assert_counts_fit, assert_distribution_fits, deviations};
    use super::*;

    const SAMPLE: u64 = 1_000_000;

    fn sample<T>(mut value: impl FnMut(&mut Draw) -> T) -> Vec<T> {
        let streams = Streams::new(41, 0);
        (0..SAMPLE)
            .map(|who| value(&mut streams.draw(who, 2, 7)))
            .collect()
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "the same bits are meant")]
    fn the_samplers_give_the_values_of_the_scheme() {
        let draw = || Streams::new(1, 2).draw(3, 4, 5);
        assert_eq!(draw().uniform(), 0.738_440_640_101_030_9);
        assert_eq!(draw().exponential(), 0.557_626_053_285_225_5);
        assert_eq!(draw().normal(), 0.704_178_773_954_474_5);
        assert_eq!(draw().below(1_000_000), 738_440);
        assert_eq!(draw().binomial(280_000, 0.01), 2_741);
    }

    #[test]
    fn uniform_numbers_are_uniform_and_never_reach_0_or_1() {
        let uniforms = sample(Draw::uniform);
        assert!(uniforms.iter().all(|&u| 0.0 < u && u < 1.0));
        assert_distribution_fits(uniforms, |u| u);
    }

    #[test]
    fn chances_hold_and_certainties_are_certain() {
        for p in [0.001, 0.3, 0.99] {
            let successes = sample(|draw| draw.chance(p))
                .into_iter()
                .filter(|&success| success)
                .count();
            let (n, bound) = (SAMPLE as f64, deviations(3));
            assert!(
                (successes as f64 - n * p).abs() < bound * (n * p * (1.0 - p)).sqrt(),
                "{successes} for {p}"
            );
        }
        assert!(
            !sample(|draw| draw.chance(0.0) || draw.chance(-1.0) || draw.chance(f64::NAN))
                .contains(&true)
        );
        assert!(!sample(|draw| draw.chance(1.0) && draw.chance(2.0)).contains(&false));
    }

    #[test]
    fn whole_numbers_below_a_bound_are_equally_likely() {
        let mut cells = [0; 10];
        for value in sample(|draw| draw.below(10)) {
            cells[value as usize] += 1;
        }
        assert_counts_fit(&cells, &[SAMPLE as f64 / 10.0; 10]);
        // Just above 2^63, where every other product is drawn again: the numbers must still spread over three thirds.
        let n = (1 << 63) + 2;
        let mut thirds = [0; 3];
        for value in sample(|draw| draw.below(n)) {
            thirds[(value / (n / 3 + 1)) as usize] += 1;
        }
        assert_counts_fit(&thirds, &[SAMPLE as f64 / 3.0; 3]);
        assert!(
            sample(|draw| draw.below(1))
                .into_iter()
                .all(|value| value == 0)
        );
    }

    #[test]
    #[should_panic(expected = "no whole number lies below 0")]
    fn no_number_lies_below_zero() {
        Streams::new(0, 0).draw(0, 0, 0).below(0);
    }

    #[test]
    fn the_samplers_of_rand_distr_accept_a_stream() {
        let (exponential, normal) = (Exp::new(1.0).unwrap(), Normal::standard());
        assert_distribution_fits(sample(|draw| Exp1.sample(draw)), |x| exponential.cdf(x));
        assert_distribution_fits(sample(|draw| StandardNormal.sample(draw)), |x| {
            normal.cdf(x)
        });
    }

    #[test]
    fn all_ways_to_read_a_stream_give_the_same_bits() {
        let stream = Streams::new(1, 1).draw(1, 1, 1);
        let bits = stream.clone().bits();
        let mut bytes = [0; 8];
        stream.clone().fill_bytes(&mut bytes);
        assert_eq!(u64::from_le_bytes(bytes), bits);
        assert_eq!(stream.clone().next_u64(), bits);
        assert_eq!(u64::from(stream.clone().next_u32()), bits >> 32);
    }
}
