//! The words of streams: where the next one lies, and the bijection that makes a random word of a place.

/// Distance between a word of a stream and the next: 2^64 / ρ², made odd.
pub(super) const WORD_STEP: u64 = 0x91E1_0DA5_C79E_7B1D;

/// The place of the next word of a stream.
#[inline]
pub(super) fn next_place(place: u64) -> u64 {
    place.wrapping_add(WORD_STEP)
}

/// The bijection "moremur" of 64-bit words: a change of any bit changes each bit of the result half of the time.
///
/// Pelle Evensen (2019), "Stronger, better, morer, Moremur; a better Murmur3-type mixer"; a counter in steps in front of it
/// is Steele, Lea & Flood (2014), "Fast splittable pseudorandom number generators", doi:10.1145/2660193.2660195.
#[inline]
pub(super) fn mix(mut word: u64) -> u64 {
    word ^= word >> 27;
    word = word.wrapping_mul(0x3C79_AC49_2BA7_B653);
    word ^= word >> 33;
    word = word.wrapping_mul(0x1C69_B3F7_4AC4_AE35);
    word ^ (word >> 27)
}
