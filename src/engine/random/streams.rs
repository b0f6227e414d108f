//! From the key of a draw to its stream.

use super::draw::Draw;
use super::mixing::mix;

/// Name of the random-number scheme, for manifests: results can be reproduced by this scheme only.
pub const SCHEME: &str = "portflow-4 (moremur; seed, replication; who; purpose, occasion, counter)";

/// 2^64 divided by the golden ratio: an odd number without pattern, to step words of a key by.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// Distance between the streams of a party for one purpose and for the next: 2^64 / ρ, made odd, with ρ the real root of x³ = x + 1.
///
/// Small multiples of this and of [`WORD_STEP`](super::mixing), and their sums, keep about as far from 0 as those of any two numbers do, so that streams of
/// small purposes do not meet whatever their occasions are, up to 2^48. (Roberts 2018, "The unreasonable effectiveness of quasirandom
/// sequences", the sequence R2.)
const PURPOSE_STEP: u64 = 0xC13F_A9A9_02A6_328F;

/// All random streams of one replication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Streams {
    root: u64,
}

impl Streams {
    /// The streams of replication number `replication` under a seed.
    #[must_use]
    pub fn new(seed: u64, replication: u64) -> Self {
        // The step keeps seed 0 away from 0, the one fixed point of the mixing function.
        let root = absorb(mix(seed.wrapping_add(GOLDEN)), replication);
        Self { root }
    }

    /// The stream that decides `purpose` for `who` (a party or a place) on its `occasion`.
    ///
    /// The same key gives the same stream, whenever and however often it is asked for.
    #[must_use]
    #[inline]
    pub fn draw(&self, who: u64, purpose: u32, occasion: u64) -> Draw {
        self.of(who).draw(purpose, occasion)
    }

    /// The streams of one party or place: worth keeping for several draws at a time.
    #[must_use]
    #[inline]
    pub fn of(&self, who: u64) -> Luck {
        Luck {
            state: absorb(self.root, who),
        }
    }
}

/// The streams of one party or place: one sequence of all 64-bit words, in which every purpose and occasion has its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Luck {
    state: u64,
}

impl Luck {
    /// A random number that no other party or place of the replication has: its place in an order that chance decides.
    #[must_use]
    #[inline]
    pub fn rank(self) -> u64 {
        self.state
    }

    /// The stream for a purpose on an occasion: a number below 2^48, or a hash.
    #[must_use]
    #[inline]
    pub fn draw(self, purpose: u32, occasion: u64) -> Draw {
        let of_purpose = u64::from(purpose).wrapping_mul(PURPOSE_STEP);
        Draw::new(self.state.wrapping_add(of_purpose).wrapping_add(occasion))
    }
}

/// One word more of a key. For a given state no two words give the same result, since every step is a bijection.
#[inline]
fn absorb(state: u64, word: u64) -> u64 {
    mix((state ^ word).wrapping_add(GOLDEN))
}

#[cfg(test)]
mod tests {
    use super::super::checks::{assert_counts_fit, deviations};
    use super::super::mixing::WORD_STEP;
    use super::*;

    /// First bits of the stream of a key: seed, replication, who, purpose, occasion.
    fn first_bits([seed, replication, who, purpose, occasion]: [u64; 5]) -> u64 {
        Streams::new(seed, replication)
            .draw(who, purpose as u32, occasion)
            .bits()
    }

    #[test]
    fn the_streams_give_the_values_of_the_scheme() {
        // Results published under a scheme's name must stay reproducible under it. The values (those of portflow-2, from which
        // exponential and normal numbers set it apart) are those of a second, independent implementation as well.
        assert!(SCHEME.starts_with("portflow-4 "));
        let mut draw = Streams::new(1, 2).draw(3, 4, 5);
        assert_eq!(
            [draw.bits(), draw.bits()],
            [0xBD0A_721F_456F_98D2, 0xB318_5168_68E4_71DD]
        );
        assert_eq!(first_bits([0; 5]), 0xBFF1_AC67_D189_4990);
        assert_eq!(first_bits([u64::MAX; 5]), 0xC011_736E_CD80_48D6);
    }

    #[test]
    fn draws_do_not_depend_on_the_order_of_the_calls() {
        let streams = Streams::new(11, 3);
        let keys: Vec<_> = (0..1_000)
            .map(|key| (key % 10, (key / 10 % 10) as u32, key / 100))
            .collect();
        let draw = |&(who, purpose, occasion)| streams.draw(who, purpose, occasion).bits();
        let forwards: Vec<_> = keys.iter().map(draw).collect();
        let mut backwards: Vec<_> = keys.iter().rev().map(draw).collect();
        backwards.reverse();
        assert_eq!(forwards, backwards);
        // Longer or shorter use of one stream changes no other.
        let mut interleaved: Vec<_> = keys
            .iter()
            .map(|key| streams.draw(key.0, key.1, key.2))
            .collect();
        let firsts: Vec<_> = interleaved.iter_mut().map(Draw::bits).collect();
        assert_eq!(forwards, firsts);
    }

    #[test]
    fn no_two_of_seven_million_keys_give_the_same_bits() {
        let mut bits = Vec::with_capacity(7_300_000);
        for replication in 0..2 {
            let streams = Streams::new(5, replication);
            for who in 0..500 {
                for purpose in 0..20 {
                    bits.extend(
                        (0..365).map(|occasion| streams.draw(who, purpose, occasion).bits()),
                    );
                }
            }
        }
        // By chance: 7.3e6^2 / 2 pairs over 2^64 values, a probability of 1.5e-6.
        let keys = bits.len();
        bits.sort_unstable();
        bits.dedup();
        assert_eq!(bits.len(), keys);
    }

    #[test]
    fn streams_of_a_party_for_small_purposes_do_not_meet() {
        for purposes in 0..64_u64 {
            for words in -128..=128_i64 {
                let step = WORD_STEP.wrapping_mul(words.cast_unsigned());
                let apart = PURPOSE_STEP.wrapping_mul(purposes).wrapping_add(step);
                let apart = apart.cast_signed().unsigned_abs();
                assert!(
                    apart >= 1 << 48 || (purposes, words) == (0, 0),
                    "{purposes} purposes and {words} words on"
                );
            }
        }
    }

    #[test]
    fn every_bit_of_a_key_flips_each_bit_drawn_half_of_the_time() {
        const TRIALS: u64 = 2_000;
        // Words of a key and how many bits each has.
        const WIDTHS: [u32; 5] = [64, 64, 64, 32, 64];
        let bound = deviations(288 * 64) * (TRIALS as f64 / 4.0).sqrt();
        for (word, width) in WIDTHS.into_iter().enumerate() {
            for bit in 0..width {
                let mut flips = [0_u32; 64];
                for trial in 0..TRIALS {
                    // Small numbers, as the keys in use are.
                    let key = [1, 0, trial, trial % 7, trial / 3];
                    let mut changed = key;
                    changed[word] ^= 1 << bit;
                    let difference = first_bits(key) ^ first_bits(changed);
                    flips
                        .iter_mut()
                        .enumerate()
                        .for_each(|(i, flips)| *flips += (difference >> i & 1) as u32);
                }
                for flips in flips {
                    let off = f64::from(flips) - TRIALS as f64 / 2.0;
                    assert!(
                        off.abs() < bound,
                        "bit {bit} of word {word} flips a bit {flips} times of {TRIALS}"
                    );
                }
            }
        }
    }

    #[test]
    fn draws_of_neighbouring_keys_are_uncorrelated() {
        const PAIRS: u64 = 500_000;
        let bound = deviations(6) / (PAIRS as f64).sqrt();
        let uniform = |[seed, replication, who, purpose, occasion]: [u64; 5]| {
            Streams::new(seed, replication).draw(who, purpose as u32, occasion)
        };
        for word in 0..6 {
            let products = (0..PAIRS).map(|i| {
                let mut key = [9, 1, i, i % 5, i / 5];
                let mut first = uniform(key);
                let x = first.uniform();
                // The sixth neighbour is the next number of the same stream.
                let y = if word == 5 {
                    first.uniform()
                } else {
                    key[word] += 1;
                    uniform(key).uniform()
                };
                (x - 0.5) * (y - 0.5)
            });
            let correlation = 12.0 * products.sum::<f64>() / PAIRS as f64;
            assert!(
                correlation.abs() < bound,
                "{correlation} with neighbour {word}, bound {bound}"
            );
        }
    }

    #[test]
    fn consecutive_keys_and_consecutive_words_fill_all_cells_alike() {
        const WORDS: usize = 1 << 20;
        let mut stream = Streams::new(3, 0).draw(0, 0, 0);
        let of_one_key: Vec<_> = (0..WORDS).map(|_| stream.bits()).collect();
        let of_many_keys: Vec<_> = (0..WORDS as u64)
            .map(|who| first_bits([3, 0, who, 1, 0]))
            .collect();
        for words in [of_one_key, of_many_keys] {
            for shift in [0, 20, 54] {
                let mut cells = [0_u64; 1_024];
                for word in &words {
                    cells[(word >> shift) as usize % 1_024] += 1;
                }
                assert_counts_fit(&cells, &[WORDS as f64 / 1_024.0; 1_024]);
            }
        }
    }
}
