//! Replications in their futures, figure by figure.

use std::num::NonZeroU32;

use crate::stats::{Moments, Nested};

/// Replications of futures, one future after the other, of which one may be under way.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Nests {
    /// Replications of each future.
    pub(super) each: NonZeroU32,
    /// By the place of the figure in the layout.
    under_way: Vec<Moments>,
    ended: Vec<Nested>,
    /// Futures of which a replication was added, the one under way included.
    known: u32,
    /// Whether the future under way is one of them.
    knows: bool,
}

impl Nests {
    /// No future yet, of so many figures.
    pub(super) fn new(each: NonZeroU32, figures: usize) -> Self {
        Self {
            each,
            under_way: vec![Moments::default(); figures],
            ended: vec![Nested::default(); figures],
            known: 0,
            knows: false,
        }
    }

    /// Adds the values of a replication to the future under way.
    pub(super) fn add(&mut self, values: &[Option<f64>]) {
        self.known += u32::from(!std::mem::replace(&mut self.knows, true));
        for (moments, value) in self.under_way.iter_mut().zip(values) {
            if let Some(value) = *value {
                moments.add(value);
            }
        }
    }

    /// Ends the future under way where so many replications, failed ones included, make whole futures. Whether it has ended.
    pub(super) fn made(&mut self, replications: u32) -> bool {
        let has_ended = replications.is_multiple_of(self.each.get());
        if has_ended {
            self.knows = false;
            for (ended, under_way) in self.ended.iter_mut().zip(&mut self.under_way) {
                ended.add_group(&std::mem::take(under_way));
            }
        }
        has_ended
    }

    /// Futures of which a replication was added.
    pub(super) fn known(&self) -> u32 {
        self.known
    }

    /// A figure in its futures; one that was stopped in counts with the replications that it has.
    pub(super) fn at(&self, position: usize) -> Nested {
        let mut nested = self.ended[position];
        nested.add_group(&self.under_way[position]);
        nested
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Level;

    #[test]
    fn a_future_counts_once_whether_it_ended_was_stopped_in_or_lost_a_replication() {
        let mut nests = Nests::new(NonZeroU32::new(2).unwrap(), 1);
        // Futures of 1 and 3, of 10 alone since the other failed, and of 4, which was stopped in.
        for (made, value) in (1..).zip([Some(1.0), Some(3.0), Some(10.0), None, Some(4.0)]) {
            if value.is_some() {
                nests.add(&[value]);
            }
            nests.made(made);
        }
        let estimate = nests.at(0).grand_mean(Level::USUAL).unwrap();
        assert!((estimate.mean - 16.0 / 3.0).abs() < 1e-12);
        assert_eq!(estimate.n, 3);
        // A future whose replications all failed is not among them.
        for made in 6..=8 {
            nests.made(made);
        }
        assert_eq!(nests.known(), 3);
        let components = nests.at(0).components().unwrap();
        assert!((components.within - 2.0).abs() < 1e-12);
    }
}
