//! Where single replications lie: a band of quantiles, in memory that does not grow with their number.
//!
//! No [`ConfidenceInterval`](super::ConfidenceInterval): that one says how well the mean is known and narrows with more
//! replications; a band says what one world may bring, and only settles.

use std::fmt;
use std::str::FromStr;

use super::amount::Amount;

/// Values kept as they are; more are summarised by markers.
const KEPT: usize = 64;

/// Markers of the summary: the extremes, both quantiles, the median, and three around each quantile that hold it in place.
const MARKERS: usize = 11;

/// The marker of the largest value.
const LAST: usize = MARKERS - 1;

/// The share of replications in the middle that a band holds: strictly between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CentralShare(f64);

/// A number that is no central share.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a band holds a share strictly between 0 and 1 of the replications, such as 0.9 or 90%; found `{0}`"
)]
pub struct CentralShareError(String);

impl CentralShare {
    /// The usual 90%: from the 5% to the 95% quantile.
    pub const USUAL: Self = Self(0.9);

    /// The number.
    #[must_use]
    pub fn share(self) -> f64 {
        self.0
    }

    /// Share of the replications below the band, and of those above it.
    fn tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }
}

/// The number.
impl fmt::Display for CentralShare {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl FromStr for CentralShare {
    type Err = CentralShareError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let share = Amount::read(text).map(Amount::share);
        let share = share.filter(|share| *share > 0.0 && *share < 1.0);
        share
            .map(Self)
            .ok_or_else(|| CentralShareError(text.to_owned()))
    }
}

/// The interval in which the central share of single replications lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantileBand {
    /// Replications behind it.
    pub n: u32,
    /// Share of replications that it holds.
    pub share: CentralShare,
    /// The lower quantile.
    pub lower: f64,
    /// The upper quantile.
    pub upper: f64,
}

/// Running quantiles of a band.
///
/// Exact for up to 64 values. From then on the P² algorithm follows both quantiles with eleven markers (Jain & Chlamtac 1985,
/// doi:10.1145/4372.4378; several quantiles at once: Raatikainen 1987, doi:10.1177/003754978704900405), begun from the 64 values in
/// order. Up to some thousand values its quantiles scatter hardly more around the true ones than exact quantiles do. The result is a function of the values in their order and of nothing else: whoever adds the same values in the
/// same order, at once or in parts, gets the same bytes. The algorithm expects values in no particular order, such as
/// replications are; of a rising series it makes poor quantiles.
///
/// Memory: 40 bytes; for up to 64 values as many times 8 (doubling, 512 at most); for more 136.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    share: CentralShare,
    n: u32,
    values: Values,
}

/// What is kept of the values.
#[derive(Debug, Clone, PartialEq)]
enum Values {
    /// All of them, in ascending order.
    All(Vec<f64>),
    /// A few heights of their distribution.
    Markers(Box<Markers>),
}

/// Heights of the distribution and how many values are at or below each.
#[derive(Debug, Clone, PartialEq)]
struct Markers {
    heights: [f64; MARKERS],
    positions: [u32; MARKERS],
}

impl Band {
    /// No values yet.
    #[must_use]
    pub fn new(share: CentralShare) -> Self {
        Self {
            share,
            n: 0,
            values: Values::All(Vec::new()),
        }
    }

    /// Adds the value of a replication; a missing value is not added.
    pub fn add(&mut self, value: f64) {
        self.n += 1;
        match &mut self.values {
            Values::All(values) if values.len() < KEPT => {
                let place = values.partition_point(|kept| *kept <= value);
                values.insert(place, value);
            }
            Values::All(values) => {
                let mut markers = Markers::of(values, self.share);
                markers.add(value, self.n, self.share);
                self.values = Values::Markers(Box::new(markers));
            }
            Values::Markers(markers) => markers.add(value, self.n, self.share),
        }
    }

    /// The band; `None` for so few values that a quantile would lie beyond the extremes: for 90%, below 19.
    ///
    /// A quantile p is the value at rank (n + 1) p, between two values in proportion (Hyndman & Fan 1996,
    /// doi:10.1080/00031305.1996.10473566, definition 6): the next replication then falls into the band with about the probability
    /// that the band states, even while n is small.
    #[must_use]
    pub fn band(&self) -> Option<QuantileBand> {
        let ranks = f64::from(self.n) + 1.0;
        let rank = ranks * self.share.tail();
        // 0.9 is no binary number: 19 values have a rank of 1 less a rounding error.
        if rank < 1.0 - 1e-9 {
            return None;
        }
        let at_rank = |rank| match &self.values {
            Values::All(values) => at_rank(values, rank),
            Values::Markers(markers) => markers.at_rank(rank),
        };
        Some(QuantileBand {
            n: self.n,
            share: self.share,
            lower: at_rank(rank),
            upper: at_rank(ranks - rank),
        })
    }
}

/// The value at a rank from 1, interpolated.
fn at_rank(sorted: &[f64], rank: f64) -> f64 {
    let rank = rank.clamp(1.0, sorted.len() as f64);
    let below = rank as usize;
    let (value, next) = (sorted[below - 1], sorted[below.min(sorted.len() - 1)]);
    value + (rank - below as f64) * (next - value)
}

impl Markers {
    /// Ranks that the markers should have among `n` values.
    fn ranks(n: u32, share: CentralShare) -> [f64; MARKERS] {
        let n = f64::from(n);
        let tail = share.tail();
        let inner = tail + (tail / 2.0).min((0.5 - tail) / 3.0);
        let middle = f64::midpoint(inner, 0.5);
        let lower = [0.0, tail / 2.0, tail, inner, middle, 0.5];
        std::array::from_fn(|i| {
            let p = lower.get(i).copied();
            let p = p.unwrap_or_else(|| 1.0 - lower[LAST - i]);
            ((n + 1.0) * p).clamp(1.0, n)
        })
    }

    /// Markers at the values of a sorted list that are nearest to their ranks, no two at the same.
    fn of(sorted: &[f64], share: CentralShare) -> Self {
        let n = sorted.len() as u32;
        let mut positions = Self::ranks(n, share).map(|rank| rank.round() as u32);
        for i in 1..MARKERS {
            positions[i] = positions[i].max(positions[i - 1] + 1);
        }
        positions[LAST] = n;
        for i in (0..LAST).rev() {
            positions[i] = positions[i].min(positions[i + 1] - 1);
        }
        Self {
            heights: positions.map(|position| sorted[position as usize - 1]),
            positions,
        }
    }

    /// Adds the `n`-th value.
    fn add(&mut self, value: f64, n: u32, share: CentralShare) {
        self.heights[0] = self.heights[0].min(value);
        self.heights[LAST] = self.heights[LAST].max(value);
        for i in 1..LAST {
            self.positions[i] += u32::from(value < self.heights[i]);
        }
        self.positions[LAST] = n;
        let ranks = Self::ranks(n, share);
        for (i, rank) in ranks.into_iter().enumerate().take(LAST).skip(1) {
            let off = rank - f64::from(self.positions[i]);
            if off >= 1.0 && self.positions[i + 1] > self.positions[i] + 1 {
                self.heights[i] = self.height_beside(i, 1.0);
                self.positions[i] += 1;
            } else if off <= -1.0 && self.positions[i - 1] + 1 < self.positions[i] {
                self.heights[i] = self.height_beside(i, -1.0);
                self.positions[i] -= 1;
            }
        }
    }

    /// Height one rank up (`step` 1) or down (-1) from a marker: on the parabola through it and its neighbours, or on the line
    /// to the next one if the parabola leaves their range.
    fn height_beside(&self, i: usize, step: f64) -> f64 {
        let [low, height, high] = [i - 1, i, i + 1].map(|i| self.heights[i]);
        let before = f64::from(self.positions[i] - self.positions[i - 1]);
        let after = f64::from(self.positions[i + 1] - self.positions[i]);
        let slope_before = (height - low) / before;
        let slope_after = (high - height) / after;
        let weighted = (before + step) * slope_after + (after - step) * slope_before;
        let parabola = height + step * weighted / (before + after);
        if low < parabola && parabola < high {
            parabola
        } else if step > 0.0 {
            height + slope_after
        } else {
            height - slope_before
        }
    }

    /// The height at a rank, on the line between the markers around it.
    fn at_rank(&self, rank: f64) -> f64 {
        let above = self
            .positions
            .partition_point(|&position| f64::from(position) <= rank);
        let above = above.clamp(1, LAST);
        let [start, end] = [above - 1, above].map(|i| f64::from(self.positions[i]));
        let [low, high] = [above - 1, above].map(|i| self.heights[i]);
        low + (rank.clamp(start, end) - start) / (end - start) * (high - low)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::rngs::SmallRng;
    use rand::{RngExt, SeedableRng};
    use statrs::distribution::{ContinuousCDF, Exp, LogNormal, Normal};

    use super::*;

    fn of(share: CentralShare, values: impl IntoIterator<Item = f64>) -> Band {
        let mut band = Band::new(share);
        for value in values {
            band.add(value);
        }
        band
    }

    /// The numbers 1 to n in a scattered order; n is no multiple of 37.
    fn scattered(n: u32) -> impl Iterator<Item = f64> {
        (0..n).map(move |i| f64::from(i * 37 % n + 1))
    }

    fn bounds(band: &Band) -> Option<(f64, f64)> {
        band.band().map(|band| (band.lower, band.upper))
    }

    #[test]
    fn few_values_give_the_quantiles_that_one_finds_by_hand() {
        let band = |n| bounds(&of(CentralShare::USUAL, scattered(n)));
        assert_eq!(band(18), None);
        for (n, lower) in [(19, 1.0), (24, 1.25), (39, 2.0), (59, 3.0), (64, 3.25)] {
            let (found, upper) = band(n).unwrap();
            assert!((found - lower).abs() < 1e-9, "{n}: {found}");
            assert!(
                (found + upper - f64::from(n + 1)).abs() < 1e-9,
                "{n}: {upper}"
            );
        }
    }

    #[test]
    fn a_share_is_between_0_and_1_and_wide_bands_need_many_values() {
        for text in ["0.9", "90%"] {
            assert_eq!(text.parse(), Ok(CentralShare::USUAL));
        }
        for text in ["0", "1", "90", "NaN", "most"] {
            assert!(text.parse::<CentralShare>().is_err());
        }
        let wide: CentralShare = "0.99".parse().unwrap();
        assert_eq!(bounds(&of(wide, scattered(198))), None);
        assert_eq!(bounds(&of(wide, scattered(199))), Some((1.0, 199.0)));
        let half: CentralShare = "0.5".parse().unwrap();
        assert_eq!(bounds(&of(half, [3.0, 1.0, 2.0])), Some((1.0, 3.0)));
    }

    #[test]
    fn equal_values_have_a_band_of_no_width() {
        let band = of(CentralShare::USUAL, std::iter::repeat_n(0.1, 1_000));
        assert_eq!(bounds(&band), Some((0.1, 0.1)));
    }

    #[test]
    fn a_summary_does_not_grow() {
        assert_eq!((size_of::<Band>(), size_of::<Markers>()), (40, 136));
        let full = of(CentralShare::USUAL, scattered(64));
        assert!(matches!(full.values, Values::All(values) if values.capacity() == KEPT));
        let many = of(CentralShare::USUAL, scattered(65));
        assert!(matches!(many.values, Values::Markers(_)));
    }

    /// A value of every rank in a thousand, 50 times over in scattered order: the quantiles are 50 and 950.
    #[test]
    fn many_values_are_summarised_to_within_half_a_percent_of_their_range() {
        let (lower, upper) = bounds(&of(CentralShare::USUAL, scattered(49_999))).unwrap();
        assert!((lower / 50_000.0 - 0.05).abs() < 0.005, "{lower}");
        assert!((upper / 50_000.0 - 0.95).abs() < 0.005, "{upper}");
    }

    /// Counts with many ties: 0 to 3 with probabilities 0.6, 0.3, 0.09 and 0.01; the 5% quantile is 0, that of 95% is 2.
    #[test]
    fn counts_with_many_ties_have_a_band_near_their_quantiles() {
        let mut random = SmallRng::seed_from_u64(2);
        let band = of(
            CentralShare::USUAL,
            (0..2_000).map(|_| {
                let u: f64 = random.random();
                f64::from(u8::from(u > 0.6) + u8::from(u > 0.9) + u8::from(u > 0.99))
            }),
        );
        let (lower, upper) = bounds(&band).unwrap();
        assert!(lower.abs() < 0.1, "{lower}");
        assert!((upper - 2.0).abs() < 0.1, "{upper}");
    }

    /// In `runs` runs of `n` values: root mean square errors in probability of the exact quantiles and of ours, and the mean
    /// probability of the band.
    fn errors(
        distribution: &impl ContinuousCDF<f64, f64>,
        share: CentralShare,
        n: u32,
        runs: u32,
    ) -> [f64; 3] {
        let mut random = SmallRng::seed_from_u64(u64::from(n));
        let (mut exact, mut ours, mut held) = (0.0, 0.0, 0.0);
        for _ in 0..runs {
            let mut values: Vec<f64> = (0..n)
                .map(|_| distribution.inverse_cdf(random.random_range(1e-9..1.0)))
                .collect();
            let (lower, upper) = bounds(&of(share, values.iter().copied())).unwrap();
            values.sort_by(f64::total_cmp);
            let rank = f64::from(n + 1) * share.tail();
            let off =
                |value: f64, p: f64| (distribution.cdf(value) - p) * (distribution.cdf(value) - p);
            exact += off(at_rank(&values, rank), share.tail());
            exact += off(
                at_rank(&values, f64::from(n + 1) - rank),
                1.0 - share.tail(),
            );
            ours += off(lower, share.tail()) + off(upper, 1.0 - share.tail());
            held += distribution.cdf(upper) - distribution.cdf(lower);
        }
        let runs = f64::from(runs);
        [(exact / runs).sqrt(), (ours / runs).sqrt(), held / runs]
    }

    /// Given n values the band holds Beta distributed probability with mean 0.9 and a standard deviation of √(0.09 / (n + 2)); the
    /// mean of 4,000 at n = 19 has a standard error of 0.001, and α = 0.001 two-sided gives 3.29 of them: 0.0034. At larger n it is
    /// smaller, and interpolation between ranks adds up to 0.002.
    #[test]
    fn the_next_replication_falls_into_the_band_as_often_as_stated() {
        let normal = Normal::new(0.0, 1.0).unwrap();
        for n in [19, 39, 64, 65, 99] {
            let [_, _, held] = errors(&normal, CentralShare::USUAL, n, 4_000);
            assert!((held - 0.9).abs() < 0.0034, "{n}: {held}");
        }
    }

    fn assert_no_worse_than_exact(distribution: &impl ContinuousCDF<f64, f64>) {
        for share in ["0.5", "0.9", "0.98"] {
            for n in [120, 400, 2_000] {
                let [exact, ours, _] = errors(distribution, share.parse().unwrap(), n, 100);
                assert!(ours < 1.25 * exact, "{share} {n}: {ours} for {exact}");
            }
        }
    }

    #[test]
    fn the_summary_is_about_as_accurate_as_exact_quantiles() {
        assert_no_worse_than_exact(&Normal::new(0.0, 1.0).unwrap());
        assert_no_worse_than_exact(&Exp::new(1.0).unwrap());
        assert_no_worse_than_exact(&LogNormal::new(0.0, 1.0).unwrap());
    }

    proptest! {
        #[test]
        fn a_band_never_leaves_the_values_nor_turns_over(
            values in prop_oneof![
                prop::collection::vec(-1e9..1e9_f64, 19..400),
                prop::collection::vec((0..4_u8).prop_map(f64::from), 19..400),
                prop::collection::vec((-3..3_i8).prop_map(|power| libm::pow(10.0, f64::from(power) * 9.0)), 19..400),
            ],
            sorted in any::<bool>(),
        ) {
            let mut values = values;
            if sorted {
                values.sort_by(f64::total_cmp);
            }
            let (lower, upper) = bounds(&of(CentralShare::USUAL, values.iter().copied())).unwrap();
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            prop_assert!(least <= lower && lower <= upper && upper <= largest);
        }
    }
}
