//! Where single replications lie: a band of quantiles, in memory that does not grow with their number.
//!
//! No [`ConfidenceInterval`](super::ConfidenceInterval): that one says how well the mean is known and narrows with more
//! replications; a band says what one world may bring, and only settles.

use std::fmt;
use std::str::FromStr;

use super::amount::Amount;
use super::weighted::fewest_values;

/// Cells of a [`Band`] at which neighbours are joined.
const CELLS: usize = 512;

/// Neighbours are joined to a cell of at most this part of the values that lie beyond it on the nearer side.
const PART_OF_TAIL: u32 = 8;

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

    /// The fewest replications that stand alone, or futures, of which a band can be told: 19 for 90%.
    #[must_use]
    pub fn fewest(self) -> u32 {
        fewest_values(self.0)
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
/// A histogram that makes its cells as values come: how many values each holds is exact, and so are quantiles while each cell is
/// one value, that is for up to 511 different values, however often each occurs. From 512 cells on, neighbours are joined where they
/// stay fine: a cell that is joined holds at most an eighth of the values beyond it on the nearer side, so that both tails are known in
/// detail and the middle roughly. Inside a joined cell values are taken to lie evenly. Of a smooth distribution that moves the share beyond
/// a quantile by some thousandths of itself, far less than chance does; where one value in hundreds is the same, by less than an eighth. The idea is that of the t-digest
/// (Dunning & Ertl 2019, arXiv:1902.04023), with cells that have edges in place of centres, and so never overlap and know ties.
///
/// The result is a function of the values in their order and of nothing else: whoever adds the same values in the same order, at once
/// or in parts, gets the same bytes.
///
/// Memory: 48 bytes and 24 for each cell (doubling): at most 12 kilobytes up to some hundred million values.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    share: CentralShare,
    n: u32,
    /// Groups of values that were ended, and the values in these.
    groups: u32,
    in_groups: u32,
    /// In ascending order.
    cells: Vec<Cell>,
}

/// A stretch of the line and how many values lie in it; both ends are values.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cell {
    least: f64,
    largest: f64,
    count: u32,
}

impl Band {
    /// No values yet.
    #[must_use]
    pub fn new(share: CentralShare) -> Self {
        Self {
            share,
            n: 0,
            groups: 0,
            in_groups: 0,
            cells: Vec::new(),
        }
    }

    /// Adds the value of a replication, which is finite; a missing value is not added.
    pub fn add(&mut self, value: f64) {
        self.n += 1;
        let place = self.cells.partition_point(|cell| cell.largest < value);
        match self.cells.get_mut(place) {
            Some(cell) if cell.least <= value => cell.count += 1,
            _ => {
                let cell = Cell {
                    least: value,
                    largest: value,
                    count: 1,
                };
                self.cells.insert(place, cell);
                if self.cells.len() >= CELLS {
                    self.join();
                }
            }
        }
    }

    /// Ends a group of values that resemble each other, such as the replications of one future, and know nothing of those of other groups.
    /// Values that all stand alone are groups of one each.
    pub fn end_group(&mut self) {
        self.groups += u32::from(self.n > self.in_groups);
        self.in_groups = self.n;
    }

    /// Joins neighbours, from the least on, as long as their cell is a small part of both tails.
    fn join(&mut self) {
        let n = self.n;
        // Values below the last cell that is kept.
        let mut below = 0;
        self.cells.dedup_by(|cell, kept| {
            let count = kept.count + cell.count;
            let joined = count <= below.min(n - below - count) / PART_OF_TAIL;
            if joined {
                kept.largest = cell.largest;
                kept.count = count;
            } else {
                below += kept.count;
            }
            joined
        });
    }

    /// The band; `None` for so few groups that a quantile would lie beyond the extremes: for 90%, below 19.
    ///
    /// A quantile p of n values that stand alone is the value at rank (n + 1) p, between two values in proportion (Hyndman & Fan 1996,
    /// doi:10.1080/00031305.1996.10473566, definition 6): the next replication then falls into the band with about the probability
    /// that the band states, even while n is small. Of groups, ranks are stretched over the values: rank r of g groups is the middle of the
    /// r-th part of all values, of g equal ones. So one of a new group falls into the band with at least about that probability, whether the
    /// values of a group are all alike or resemble each other no more than others do.
    #[must_use]
    pub fn band(&self) -> Option<QuantileBand> {
        if self.groups < self.share.fewest() {
            return None;
        }
        // 0.9 is no binary number: of 19 groups the rank is 1 but for a rounding error.
        let rank = (f64::from(self.groups) + 1.0) * self.share.tail();
        let whole = rank.round();
        let rank = if (rank - whole).abs() < 1e-9 {
            whole
        } else {
            rank
        };
        let n = f64::from(self.n);
        let rank = (rank - 0.5) * (n / f64::from(self.groups)) + 0.5;
        Some(QuantileBand {
            n: self.n,
            share: self.share,
            lower: self.between_ranks(rank),
            upper: self.between_ranks(n + 1.0 - rank),
        })
    }

    /// The value at a rank from 1 to n, between two values in proportion.
    fn between_ranks(&self, rank: f64) -> f64 {
        let rank = rank.clamp(1.0, f64::from(self.n));
        let below = rank as u32;
        let (value, next) = (self.at_rank(below), self.at_rank((below + 1).min(self.n)));
        value + (rank - f64::from(below)) * (next - value)
    }

    /// The value at a rank from 1 to n.
    fn at_rank(&self, rank: u32) -> f64 {
        let mut below = 0;
        let holds = |cell: &&Cell| {
            below += cell.count;
            rank <= below
        };
        let cell = (self.cells.iter().find(holds)).expect("a rank of at most n");
        let before = rank - (below - cell.count) - 1;
        let part = f64::from(before) / f64::from((cell.count - 1).max(1));
        (cell.least + part * (cell.largest - cell.least)).min(cell.largest)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::rngs::SmallRng;
    use rand::{RngExt, SeedableRng};
    use rand_distr::{Distribution, Poisson};
    use statrs::distribution::{ContinuousCDF, Exp, LogNormal, Normal};

    use super::*;

    fn of(share: CentralShare, values: impl IntoIterator<Item = f64>) -> Band {
        let mut band = Band::new(share);
        for value in values {
            band.add(value);
            band.end_group();
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
        for (n, lower) in [(19, 1.0), (24, 1.25), (39, 2.0), (59, 3.0), (511, 25.6)] {
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
        assert_eq!((size_of::<Band>(), size_of::<Cell>()), (48, 24));
        let mut band = Band::new(CentralShare::USUAL);
        let mut most = 0;
        for value in scattered(999_998) {
            band.add(value);
            most = most.max(band.cells.len());
        }
        assert_eq!((most, band.cells.capacity()), (CELLS - 1, CELLS));
        assert_eq!(
            band.cells.iter().map(|cell| cell.count).sum::<u32>(),
            999_998
        );
    }

    /// The quantiles of the whole are 50,000 and 950,000.
    #[test]
    fn many_values_are_summarised_to_within_a_ten_thousandth_of_their_range() {
        let (lower, upper) = bounds(&of(CentralShare::USUAL, scattered(999_998))).unwrap();
        assert!((lower / 1e6 - 0.05).abs() < 1e-4, "{lower}");
        assert!((upper / 1e6 - 0.95).abs() < 1e-4, "{upper}");
    }

    /// Exact quantiles of values in any order.
    fn exact(values: &mut [f64], share: CentralShare) -> (f64, f64) {
        values.sort_by(f64::total_cmp);
        let at_rank = |rank: f64| {
            let below = rank as usize;
            let (value, next) = (values[below - 1], values[below.min(values.len() - 1)]);
            value + (rank - below as f64) * (next - value)
        };
        let ranks = values.len() as f64 + 1.0;
        let rank = (ranks * share.tail()).max(1.0);
        (at_rank(rank), at_rank(ranks - rank))
    }

    /// Counts of some two arrivals, and waits that are often 0.
    #[test]
    fn values_that_occur_often_are_counted_exactly() {
        let mut random = SmallRng::seed_from_u64(2);
        let [often, rarely] = [2.0, 0.5].map(|mean| Poisson::new(mean).unwrap());
        for n in [65, 500, 20_000] {
            let mut counts: Vec<f64> = (0..n).map(|_| often.sample(&mut random)).collect();
            let band = of(CentralShare::USUAL, counts.iter().copied());
            assert_eq!(bounds(&band), Some(exact(&mut counts, CentralShare::USUAL)));

            let mut waits: Vec<f64> = (0..n)
                .map(|_| rarely.sample(&mut random) * random.random_range(0.5..1.5))
                .collect();
            let (lower, upper) = bounds(&of(CentralShare::USUAL, waits.iter().copied())).unwrap();
            let (exact_lower, exact_upper) = exact(&mut waits, CentralShare::USUAL);
            assert_eq!((lower, exact_lower), (0.0, 0.0));
            assert!(
                (upper / exact_upper - 1.0).abs() < 0.001,
                "{n}: {upper} for {exact_upper}"
            );
        }
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
        let off = |(lower, upper): (f64, f64)| {
            let below = distribution.cdf(lower) - share.tail();
            let above = distribution.cdf(upper) - (1.0 - share.tail());
            below * below + above * above
        };
        let (mut of_exact, mut of_ours, mut held) = (0.0, 0.0, 0.0);
        for _ in 0..runs {
            let mut values: Vec<f64> = (0..n)
                .map(|_| distribution.inverse_cdf(random.random_range(1e-9..1.0)))
                .collect();
            let ours = bounds(&of(share, values.iter().copied())).unwrap();
            of_exact += off(exact(&mut values, share));
            of_ours += off(ours);
            held += distribution.cdf(ours.1) - distribution.cdf(ours.0);
        }
        let runs = f64::from(runs);
        [
            (of_exact / runs).sqrt(),
            (of_ours / runs).sqrt(),
            held / runs,
        ]
    }

    /// Given n values the band holds Beta distributed probability with mean 0.9 and a standard deviation of √(0.09 / (n + 2)); the
    /// mean of 4,000 at n = 19 has a standard error of 0.001, and α = 0.001 two-sided gives 3.29 of them: 0.0034. At larger n it is
    /// smaller, and interpolation between ranks adds up to 0.002.
    #[test]
    fn the_next_replication_falls_into_the_band_as_often_as_stated() {
        let normal = Normal::new(0.0, 1.0).unwrap();
        for n in [19, 39, 99, 600] {
            let [_, _, held] = errors(&normal, CentralShare::USUAL, n, 4_000);
            assert!((held - 0.9).abs() < 0.0034, "{n}: {held}");
        }
    }

    /// Groups of `each` values, of which a share of the variance is that of the group: how often one of a new group falls into the band.
    fn held_of_groups(groups: u32, each: u32, share_of_group: f64) -> f64 {
        const RUNS: u32 = 2_000;
        let mut random = SmallRng::seed_from_u64(u64::from(groups * each));
        let normal = Normal::new(0.0, 1.0).unwrap();
        let mut drawn = || normal.inverse_cdf(random.random_range(1e-9..1.0));
        let [of_group, of_one] = [share_of_group, 1.0 - share_of_group].map(f64::sqrt);
        let mut held = 0.0;
        for _ in 0..RUNS {
            let mut band = Band::new(CentralShare::USUAL);
            for _ in 0..groups {
                let group = of_group * drawn();
                for _ in 0..each {
                    band.add(group + of_one * drawn());
                }
                band.end_group();
            }
            let (lower, upper) = bounds(&band).unwrap();
            held += normal.cdf(upper) - normal.cdf(lower);
        }
        held / f64::from(RUNS)
    }

    /// Standard error at most 0.0015 (as that of 2,000 of 19 values that stand alone), of which 3.3; where values of a group know nothing of
    /// each other the band is a little too wide.
    #[test]
    fn one_of_a_new_group_falls_into_the_band_as_often_as_stated() {
        for (groups, each) in [(19, 2), (20, 2), (40, 5)] {
            for share_of_group in [0.0, 0.5, 0.97] {
                let held = held_of_groups(groups, each, share_of_group);
                assert!(
                    (0.895..0.935).contains(&held),
                    "{groups} of {each}, {share_of_group}: {held}"
                );
            }
        }
    }

    #[test]
    fn few_groups_have_no_band_however_many_values_they_are_of() {
        let mut band = Band::new(CentralShare::USUAL);
        for group in 0..19 {
            assert_eq!(band.band(), None, "{group}");
            for value in 0..50 {
                band.add(f64::from(group * 50 + value));
            }
            band.end_group();
            // Without a value there is no group.
            band.end_group();
        }
        let told = band.band().unwrap();
        assert_eq!(told.n, 950);
        // The middle of the first group, and of the last.
        assert!((told.lower - 24.5).abs() < 1e-9 && (told.upper - 924.5).abs() < 1e-9);
    }

    fn assert_no_worse_than_exact(distribution: &impl ContinuousCDF<f64, f64>) {
        for share in ["0.5", "0.9", "0.98"] {
            for n in [600, 2_000, 10_000] {
                let [exact, ours, _] = errors(distribution, share.parse().unwrap(), n, 100);
                assert!(ours < 1.05 * exact, "{share} {n}: {ours} for {exact}");
            }
        }
    }

    #[test]
    fn the_summary_is_as_accurate_as_exact_quantiles() {
        assert_no_worse_than_exact(&Normal::new(0.0, 1.0).unwrap());
        assert_no_worse_than_exact(&Exp::new(1.0).unwrap());
        assert_no_worse_than_exact(&LogNormal::new(0.0, 1.0).unwrap());
    }

    proptest! {
        #[test]
        fn a_band_never_leaves_the_values_nor_turns_over(
            values in prop_oneof![
                prop::collection::vec(-1e9..1e9_f64, 19..1_200),
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
