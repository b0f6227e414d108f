//! Exponential and normal numbers without a logarithm, most of the time.
//!
//! Marsaglia & Tsang (2000), "The ziggurat method for generating random variables", doi:10.18637/jss.v005.i08, with a number of full
//! precision beside that of the layer, as Doornik (2005), "An improved ziggurat method to generate normal random samples", has it.
//!
//! `rand_distr` has the same method, but takes the logarithms of its tails and layers from `num-traits`, and those are the platform's
//! wherever another crate of the build turns on `num-traits/std`: the same key would not give the same bits everywhere.

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_PI_2};
use std::sync::LazyLock;

use super::draw::{Draw, unit};

/// Number of layers: a byte says which.
const LAYERS: usize = 256;

/// Where the tail of e^-x begins, such that the layers close at its top: Marsaglia & Tsang.
const EXPONENTIAL_TAIL: f64 = 7.697_117_470_131_05;

/// The same of e^(-x²/2).
const NORMAL_TAIL: f64 = 3.654_152_885_361_009;

/// A density that falls from 1 at 0, cut into layers of equal area: boxes one on the other, and the tail beside the lowest.
struct Ziggurat {
    /// Right end of each layer, from the lowest up. That of the lowest is where it would end if its tail were a part of the box.
    ends: [f64; LAYERS + 1],
    /// The density at these ends.
    heights: [f64; LAYERS + 1],
}

impl Ziggurat {
    /// The layers of a density with the place at which its tail begins and the area of that tail.
    fn new(
        tail: f64,
        tail_area: f64,
        density: impl Fn(f64) -> f64,
        inverse: impl Fn(f64) -> f64,
    ) -> Self {
        let area = tail * density(tail) + tail_area;
        // The last end stays 0, where the density is 1.
        let mut ends = [0.0; LAYERS + 1];
        ends[0] = area / density(tail);
        ends[1] = tail;
        for layer in 2..LAYERS {
            let below = ends[layer - 1];
            ends[layer] = inverse(density(below) + area / below);
        }
        Self {
            ends,
            heights: ends.map(density),
        }
    }

    /// A number with the density, and the random bits that it came of; the upper 53 and the lowest eight are used up.
    #[inline]
    fn draw(
        &self,
        draw: &mut Draw,
        density: impl Fn(f64) -> f64,
        tail: impl Fn(&mut Draw) -> f64,
    ) -> (f64, u64) {
        let bits = draw.bits();
        let layer = bits as usize % LAYERS;
        let x = unit(bits) * self.ends[layer];
        // Under the layer above, and so under the density: 99 times of 100.
        if x < self.ends[layer + 1] {
            (x, bits)
        } else {
            self.draw_at_edge(bits, draw, density, tail)
        }
    }

    /// A number from bits that fell beside the layer above: one of the tail, that of the bits if it is under the density, or else
    /// one of new bits.
    #[cold]
    fn draw_at_edge(
        &self,
        bits: u64,
        draw: &mut Draw,
        density: impl Fn(f64) -> f64,
        tail: impl Fn(&mut Draw) -> f64,
    ) -> (f64, u64) {
        let layer = bits as usize % LAYERS;
        if layer == 0 {
            return (tail(draw), bits);
        }
        let x = unit(bits) * self.ends[layer];
        let (low, high) = (self.heights[layer], self.heights[layer + 1]);
        if low + draw.uniform() * (high - low) < density(x) {
            (x, bits)
        } else {
            self.draw(draw, density, tail)
        }
    }
}

/// The layers of e^-x.
static EXPONENTIAL: LazyLock<Ziggurat> = LazyLock::new(|| {
    let area = falling(EXPONENTIAL_TAIL);
    Ziggurat::new(EXPONENTIAL_TAIL, area, falling, |y| -libm::log(y))
});

/// The layers of e^(-x²/2) from 0 up.
static NORMAL: LazyLock<Ziggurat> = LazyLock::new(|| {
    let area = libm::sqrt(FRAC_PI_2) * libm::erfc(NORMAL_TAIL * FRAC_1_SQRT_2);
    let inverse = |y| libm::sqrt(-2.0 * libm::log(y));
    Ziggurat::new(NORMAL_TAIL, area, bell, inverse)
});

impl Draw {
    /// An exponential number of mean 1.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        // The tail of an exponential law is that law, moved.
        let tail = |draw: &mut Self| EXPONENTIAL_TAIL - libm::log(draw.uniform());
        EXPONENTIAL.draw(self, falling, tail).0
    }

    /// A standard normal number.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        /// A bit that no layer and no place in it has used.
        const SIGN: u32 = 8;
        let (magnitude, bits) = NORMAL.draw(self, bell, normal_tail);
        // Without a branch: no processor foresees a sign.
        magnitude.copysign(f64::from_bits(bits << (u64::BITS - 1 - SIGN)))
    }
}

/// A normal number beyond the start of the tail.
///
/// Marsaglia (1964), "Generating a variable from the tail of the normal distribution", doi:10.1080/00401706.1964.10490150.
#[cold]
fn normal_tail(draw: &mut Draw) -> f64 {
    loop {
        let beyond = -libm::log(draw.uniform()) / NORMAL_TAIL;
        let height = -libm::log(draw.uniform());
        if 2.0 * height >= beyond * beyond {
            return NORMAL_TAIL + beyond;
        }
    }
}

fn falling(x: f64) -> f64 {
    libm::exp(-x)
}

fn bell(x: f64) -> f64 {
    libm::exp(-0.5 * x * x)
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{ContinuousCDF, Exp, Normal};

    use super::super::Streams;
    use super::super::checks::{assert_counts_fit, assert_distribution_fits};
    use super::*;

    const SAMPLE: u64 = 5_000_000;

    /// Numbers of as many parties.
    fn sample(value: impl Fn(&mut Draw) -> f64) -> Vec<f64> {
        let streams = Streams::new(21, 0);
        let draws = (0..SAMPLE).map(|who| streams.draw(who, 0, 0));
        draws.map(|mut draw| value(&mut draw)).collect()
    }

    /// How many numbers lie in each of the intervals that end at `ends`, below the first and above the last included.
    fn counts(sample: &[f64], ends: &[f64]) -> Vec<u64> {
        let mut counts = vec![0; ends.len() + 1];
        for x in sample {
            counts[ends.partition_point(|end| end < x)] += 1;
        }
        counts
    }

    /// The distribution function holds over all numbers, in 2,000 cells, and beyond the start of the tail.
    fn assert_fits(sample: &[f64], law: &impl ContinuousCDF<f64, f64>, tail: f64) {
        const CELLS: u32 = 2_000;
        assert_distribution_fits(sample.to_vec(), |x| law.cdf(x));
        let ends = (1..CELLS).map(|cell| law.inverse_cdf(f64::from(cell) / f64::from(CELLS)));
        let counts = counts(sample, &ends.collect::<Vec<_>>());
        assert_counts_fit(
            &counts,
            &vec![SAMPLE as f64 / f64::from(CELLS); counts.len()],
        );
        let beyond: Vec<f64> = sample.iter().copied().filter(|&x| x > tail).collect();
        let (n, tail_area) = (SAMPLE as f64, law.sf(tail));
        assert_counts_fit(
            &[beyond.len() as u64, SAMPLE - beyond.len() as u64],
            &[n * tail_area, n * (1.0 - tail_area)],
        );
        assert_distribution_fits(beyond, |x| 1.0 - law.sf(x) / tail_area);
    }

    #[test]
    fn exponential_numbers_have_the_exponential_distribution() {
        let numbers = sample(Draw::exponential);
        assert!(numbers.iter().all(|&x| x > 0.0));
        assert_fits(&numbers, &Exp::new(1.0).unwrap(), EXPONENTIAL_TAIL);
    }

    #[test]
    fn normal_numbers_have_the_normal_distribution_on_both_sides() {
        let numbers = sample(Draw::normal);
        let law = Normal::standard();
        assert_fits(&numbers, &law, NORMAL_TAIL);
        let mirrored: Vec<f64> = numbers.iter().map(|x| -x).collect();
        assert_fits(&mirrored, &law, NORMAL_TAIL);
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "the same bits are meant")]
    fn a_box_a_rejection_an_edge_and_the_tail_give_the_values_of_the_scheme() {
        // To 13 digits those of a second, independent implementation.
        let streams = Streams::new(1, 2);
        let by_who = |who| streams.draw(who, 4, 5);
        let exponentials = [0, 158, 365, 1_955].map(|who| by_who(who).exponential());
        assert_eq!(
            exponentials,
            [
                0.288_971_418_699_807_14,
                0.578_798_614_825_850_7,
                2.210_696_635_737_246,
                8.649_657_730_627_155
            ]
        );
        let normals = [0, 158, 551, 15_461].map(|who| by_who(who).normal());
        assert_eq!(
            normals,
            [
                -0.459_572_382_265_407_8,
                -0.509_799_575_913_231_6,
                0.045_175_743_678_873_58,
                -3.703_704_185_179_106_4
            ]
        );
    }

    #[test]
    fn the_layers_close_at_the_top() {
        for layers in [&EXPONENTIAL, &NORMAL] {
            let area = layers.ends[0] * layers.heights[1];
            let top = layers.heights[LAYERS - 1] + area / layers.ends[LAYERS - 1];
            assert!((top - 1.0).abs() < 1e-12, "the last layer ends at {top}");
            assert!(layers.ends.windows(2).all(|pair| pair[0] > pair[1]));
        }
    }
}
