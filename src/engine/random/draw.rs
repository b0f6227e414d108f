//! The stream of one key and what can be drawn from it.

use std::convert::Infallible;

use rand::TryRng;
use rand::rand_core::utils;

use super::{binomial, normal, streams};

/// A small stream of random numbers for one key; also a generator for the samplers of `rand` and `rand_distr`.
///
/// Only what an inversion gives (`uniform`, `chance`, `exponential`, `normal`) is monotone in its uniform number, so
/// that a changed parameter moves the value one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draw {
    key: u64,
    counter: u64,
}

impl Draw {
    #[inline]
    pub(super) fn new(key: u64) -> Self {
        Self { key, counter: 0 }
    }

    /// 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.counter = self.counter.wrapping_add(1);
        streams::word(self.key, self.counter)
    }

    /// A uniform number strictly between 0 and 1: an odd multiple of 2^-53.
    ///
    /// The multiples lie symmetrically: u is as likely as 1 - u, and both are exact.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        ((self.bits() >> 11) | 1) as f64 * STEP
    }

    /// True with probability `p`: never if p <= 0 or NaN, always if p >= 1.
    #[inline]
    pub fn chance(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    /// An exponential number of mean 1, by inversion; it falls as the uniform number grows.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        -libm::log(self.uniform())
    }

    /// A standard normal number, by inversion; it grows with the uniform number.
    pub fn normal(&mut self) -> f64 {
        normal::quantile(self.uniform())
    }

    /// A whole number below `n`, each exactly as likely.
    ///
    /// Lemire (2019), "Fast random integer generation in an interval", doi:10.1145/3230636.
    ///
    /// # Panics
    /// If `n` is zero: no number lies below it.
    pub fn below(&mut self, n: u64) -> u64 {
        assert!(n > 0, "no whole number lies below 0");
        // 2^64 mod n products too many fall on some of the numbers: those are drawn again.
        let surplus = n.wrapping_neg() % n;
        loop {
            let product = u128::from(self.bits()) * u128::from(n);
            if product as u64 >= surplus {
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
