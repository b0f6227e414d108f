//! Two scenarios on the same people in many futures: what the world does to each, to their difference, and what chance does.

use super::components::Nested;
use super::paired::Paired;

/// Pairs of replications nested in futures, of which one is under way.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct NestedPairs {
    under_way: Paired,
    base: Nested,
    variant: Nested,
    difference: Nested,
}

impl NestedPairs {
    /// Adds a replication of the future under way.
    pub fn add(&mut self, base: f64, variant: f64) {
        self.under_way.add(base, variant);
    }

    /// Ends the future under way, and gives its replications.
    pub fn end_future(&mut self) -> Paired {
        let ended = std::mem::take(&mut self.under_way);
        self.base.add_group(ended.base());
        self.variant.add_group(ended.variant());
        self.difference.add_group(ended.difference());
        ended
    }

    /// The base alone, in the futures that have ended.
    #[must_use]
    pub fn base(&self) -> &Nested {
        &self.base
    }

    /// The variant alone.
    #[must_use]
    pub fn variant(&self) -> &Nested {
        &self.variant
    }

    /// Variant less base.
    #[must_use]
    pub fn difference(&self) -> &Nested {
        &self.difference
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Level;

    /// Three futures of two replications; both sides move by the future, the difference by it as well.
    const FUTURES: [[(f64, f64); 2]; 3] = [
        [(1.0, 2.0), (2.0, 4.0)],
        [(11.0, 15.0), (13.0, 16.0)],
        [(21.0, 29.0), (20.0, 27.0)],
    ];

    fn nested() -> (NestedPairs, Paired) {
        let (mut pairs, mut futures) = (NestedPairs::default(), Paired::default());
        for future in FUTURES {
            for (base, variant) in future {
                pairs.add(base, variant);
            }
            futures.add_group(&pairs.end_future());
        }
        (pairs, futures)
    }

    /// By hand: differences 1 and 2, 4 and 3, 8 and 7 have means 1.5, 3.5 and 7.5 around 25/6 and variance 0.5 each; the mean
    /// square between is 2 · 28/3, so between = (56/3 - 1/2) / 2 = 109/12.
    #[test]
    fn the_difference_has_the_components_computed_by_hand() {
        let (pairs, _) = nested();
        let components = pairs.difference().components().unwrap();
        assert_eq!(components.futures, 3);
        assert!((components.within - 0.5).abs() < 1e-12);
        assert!((components.between - 109.0 / 12.0).abs() < 1e-12);
    }

    #[test]
    fn futures_as_pairs_have_the_interval_of_the_grand_mean() {
        let (pairs, futures) = nested();
        let expected = pairs.difference().grand_mean(Level::USUAL).unwrap();
        let found = futures.interval(Level::USUAL).unwrap();
        assert_eq!(Some(found), expected.interval);
        assert_eq!(found.n, 3);
        assert_eq!(futures.difference().mean(), Some(expected.mean));
    }

    #[test]
    fn a_future_under_way_counts_when_it_has_ended() {
        let (mut pairs, _) = nested();
        let before = *pairs.base();
        pairs.add(100.0, 100.0);
        assert_eq!(*pairs.base(), before);
        pairs.end_future();
        assert_ne!(*pairs.base(), before);
    }
}
