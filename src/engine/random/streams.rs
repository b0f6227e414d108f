//! From the key of a draw to its stream.

use super::draw::Draw;

/// Name of the random-number scheme, for manifests: results can be reproduced by this scheme only.
pub const SCHEME: &str = "portflow-1 (moremur; seed, replication; who, purpose, occasion; counter)";

/// 2^64 divided by the golden ratio: an odd number without pattern, to step counters by.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

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
        Draw::new(absorb(
            absorb(absorb(self.root, who), u64::from(purpose)),
            occasion,
        ))
    }
}

/// One word more of a key. For a given state no two words give the same result, since every step is a bijection.
#[inline]
fn absorb(state: u64, word: u64) -> u64 {
    mix((state ^ word).wrapping_add(GOLDEN))
}

/// Word number `counter` of the stream of a key.
#[inline]
pub(super) fn word(key: u64, counter: u64) -> u64 {
    mix(key.wrapping_add(counter.wrapping_mul(GOLDEN)))
}

/// The bijection "moremur" of 64-bit words: a change of any bit changes each bit of the result half of the time.
///
/// Pelle Evensen (2019), "Stronger, better, morer, Moremur; a better Murmur3-type mixer"; the counter in steps of
/// the golden ratio in front of it is Steele, Lea & Flood (2014), "Fast splittable pseudorandom number generators",
/// doi:10.1145/2660193.2660195.
#[inline]
fn mix(mut word: u64) -> u64 {
    word ^= word >> 27;
    word = word.wrapping_mul(0x3C79_AC49_2BA7_B653);
    word ^= word >> 33;
    word = word.wrapping_mul(0x1C69_B3F7_4AC4_AE35);
    word ^ (word >> 27)
}
