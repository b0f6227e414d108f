//! Random streams of designs and of their evaluation.

use crate::engine::random::{Draw, Streams};

/// What a stream is drawn for: part of its key.
///
/// The numbers are part of the designs that a seed stands for: a new use gets a new number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Use {
    Scrambling = 1,
    LatinHypercube = 2,
    Trajectories = 3,
    Resampling = 4,
    Futures = 5,
    Chains = 6,
    Posterior = 7,
}

/// The streams of one use under a seed.
///
/// The use stands where a simulation has its replication, counted down from the largest number: no replication has such a
/// number, so a design never shares its luck with the runs that are made of it.
pub(crate) fn streams(seed: u64, used_for: Use) -> Streams {
    Streams::new(seed, u64::MAX - used_for as u64)
}

/// The numbers below `n` in random order, each order equally likely.
///
/// Fisher & Yates' shuffle as in Durstenfeld (1964), "Algorithm 235: Random permutation", doi:10.1145/364520.364540.
pub(crate) fn permutation(n: u32, draw: &mut Draw) -> Vec<u32> {
    let mut order: Vec<u32> = (0..n).collect();
    for last in (1..order.len()).rev() {
        let chosen = draw.below(last as u64 + 1) as usize;
        order.swap(last, chosen);
    }
    order
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Chi-square with 23 degrees of freedom; its 1 - 10^-6 quantile is 70.5.
    #[test]
    fn every_order_is_equally_likely() {
        const ORDERS: u64 = 240_000;
        let streams = streams(5, Use::LatinHypercube);
        let mut counts = BTreeMap::new();
        for who in 0..ORDERS {
            *counts
                .entry(permutation(4, &mut streams.draw(who, 0, 0)))
                .or_insert(0_u32) += 1;
        }
        assert_eq!(counts.len(), 24);
        let expected = ORDERS as f64 / 24.0;
        let statistic: f64 = counts
            .values()
            .map(|&count| (f64::from(count) - expected).powi(2) / expected)
            .sum();
        assert!(statistic < 70.5, "{statistic}");
    }

    #[test]
    fn nothing_and_one_thing_have_one_order() {
        let mut draw = streams(1, Use::LatinHypercube).draw(0, 0, 0);
        assert!(permutation(0, &mut draw).is_empty());
        assert_eq!(permutation(1, &mut draw), [0]);
    }

    #[test]
    fn uses_do_not_share_their_luck_with_each_other_or_with_replications() {
        let bits = |streams: Streams| streams.draw(0, 0, 0).bits();
        let mut all: Vec<u64> = [
            Use::Scrambling,
            Use::LatinHypercube,
            Use::Trajectories,
            Use::Resampling,
            Use::Futures,
            Use::Chains,
            Use::Posterior,
        ]
        .map(|used_for| bits(streams(1, used_for)))
        .into();
        all.extend((0..100).map(|replication| bits(Streams::new(1, replication))));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 107);
    }
}
