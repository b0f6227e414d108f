//! Two scenarios on the same people: the difference of each pair of replications.

use super::estimate::{ConfidenceInterval, Level};
use super::moments::Moments;

/// Running moments of a base, of a variant and of variant less base, replication by replication.
///
/// With common random numbers the two sides rise and fall together, and their difference is known better than either (Law,
/// Simulation Modeling and Analysis, 5th ed., sections 10.2.1 and 11.2). Both values of a replication belong in; a replication
/// that lacks one is not added.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Paired {
    base: Moments,
    variant: Moments,
    difference: Moments,
    rises: u32,
    falls: u32,
    differs: bool,
}

impl Paired {
    /// Adds a replication.
    pub fn add(&mut self, base: f64, variant: f64) {
        let difference = variant - base;
        self.base.add(base);
        self.variant.add(variant);
        self.difference.add(difference);
        self.count_sign(difference);
        self.differs |= difference != 0.0;
    }

    /// Adds replications that count as one pair: their means; nothing where there are none.
    pub fn add_group(&mut self, group: &Self) {
        let means = [&group.base, &group.variant, &group.difference].map(Moments::mean);
        if let [Some(base), Some(variant), Some(difference)] = means {
            self.base.add(base);
            self.variant.add(variant);
            self.difference.add(difference);
            self.count_sign(difference);
            self.differs |= group.differs;
        }
    }

    fn count_sign(&mut self, difference: f64) {
        self.rises += u32::from(difference > 0.0);
        self.falls += u32::from(difference < 0.0);
    }

    /// The base alone.
    #[must_use]
    pub fn base(&self) -> &Moments {
        &self.base
    }

    /// The variant alone.
    #[must_use]
    pub fn variant(&self) -> &Moments {
        &self.variant
    }

    /// Variant less base.
    #[must_use]
    pub fn difference(&self) -> &Moments {
        &self.difference
    }

    /// Whether the two sides of any replication differ.
    #[must_use]
    pub fn ever_differs(&self) -> bool {
        self.differs
    }

    /// Interval of the expected difference, that of the paired t test; `None` for fewer than two pairs.
    #[must_use]
    pub fn interval(&self, level: Level) -> Option<ConfidenceInterval> {
        ConfidenceInterval::of_mean(&self.difference, level)
    }

    /// Share of the replications whose difference has the sign of the mean difference.
    ///
    /// A difference of 0 has neither sign; where the mean difference is 0, the share of differences that are 0 themselves.
    /// `None` without pairs.
    #[must_use]
    pub fn sign_share(&self) -> Option<f64> {
        let n = self.difference.n();
        let mean = self.difference.mean()?;
        let agreeing = if mean > 0.0 {
            self.rises
        } else if mean < 0.0 {
            self.falls
        } else {
            n - self.rises - self.falls
        };
        Some(f64::from(agreeing) / f64::from(n))
    }

    /// How many times as many replications unpaired runs would need for the same precision.
    ///
    /// (s²₁ + s²₂) / s² of the difference (Law, 5th ed., section 11.2). Below 1, pairing did harm. `None` where the difference
    /// does not vary, and for fewer than two pairs.
    #[must_use]
    pub fn variance_reduction(&self) -> Option<f64> {
        let unpaired = self.base.variance()? + self.variant.variance()?;
        let paired = self.difference.variance()?;
        (paired > 0.0).then(|| unpaired / paired)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(pairs: &[(f64, f64)]) -> Paired {
        let mut paired = Paired::default();
        for &(base, variant) in pairs {
            paired.add(base, variant);
        }
        paired
    }

    /// Additional hours of sleep of ten patients with each of two drugs.
    const SLEEP: [(f64, f64); 10] = [
        (0.7, 1.9),
        (-1.6, 0.8),
        (-0.2, 1.1),
        (-1.2, 0.1),
        (-0.1, -0.1),
        (3.4, 4.4),
        (3.7, 5.5),
        (0.8, 1.6),
        (0.0, 4.6),
        (2.0, 3.4),
    ];

    /// Student 1908; mean and interval as in R's documentation of `t.test`.
    #[test]
    fn students_sleep_data_have_the_published_interval() {
        let sleep = of(&SLEEP);
        assert!((sleep.difference().mean().unwrap() - 1.58).abs() < 1e-12);
        let interval = sleep.interval(Level::USUAL).unwrap();
        assert_eq!(interval.n, 10);
        assert!((interval.lower - 0.700_114_2).abs() < 5e-8, "{interval:?}");
        assert!((interval.upper - 2.459_885_8).abs() < 5e-8, "{interval:?}");
    }

    /// Nine patients slept longer with the second drug and one just as long; variances 3.200556, 4.009 and 1.512889.
    #[test]
    fn the_sleep_data_gain_from_pairing() {
        let sleep = of(&SLEEP);
        assert_eq!(sleep.sign_share(), Some(0.9));
        let reduction = sleep.variance_reduction().unwrap();
        assert!(
            (reduction - 7.209_556 / 1.512_889).abs() < 1e-5,
            "{reduction}"
        );
    }

    #[test]
    fn a_mean_difference_of_nothing_agrees_with_the_differences_that_are_nothing() {
        let balanced = of(&[(1.0, 2.0), (2.0, 1.0), (3.0, 3.0), (4.0, 4.0)]);
        assert_eq!(balanced.sign_share(), Some(0.5));
        let falling = of(&[(5.0, 1.0), (1.0, 2.0), (3.0, 3.0)]);
        assert_eq!(falling.sign_share(), Some(1.0 / 3.0));
    }

    #[test]
    fn a_difference_that_does_not_vary_has_no_variance_reduction() {
        assert_eq!(of(&[(1.0, 3.0), (2.0, 4.0)]).variance_reduction(), None);
        assert_eq!(of(&[(1.0, 3.0)]).variance_reduction(), None);
        assert_eq!(of(&[(1.0, 3.0)]).interval(Level::USUAL), None);
        assert_eq!(Paired::default().sign_share(), None);
    }

    #[test]
    fn a_group_counts_as_the_pair_of_its_means() {
        let mut groups = Paired::default();
        groups.add_group(&of(&[(1.0, 3.0), (3.0, 1.0)]));
        groups.add_group(&Paired::default());
        groups.add_group(&of(&[(1.0, 2.0), (2.0, 5.0)]));
        let differences = groups.difference();
        assert_eq!((differences.n(), differences.mean()), (2, Some(1.0)));
        assert_eq!(groups.base().mean(), Some(1.75));
        assert_eq!(groups.sign_share(), Some(0.5));
    }

    #[test]
    fn replications_of_a_group_differ_even_where_their_means_do_not() {
        let mut groups = Paired::default();
        groups.add_group(&of(&[(1.0, 3.0), (3.0, 1.0)]));
        assert!(groups.ever_differs());
        assert_eq!(groups.difference().mean(), Some(0.0));
        let mut equal = Paired::default();
        equal.add_group(&of(&[(1.0, 1.0), (3.0, 3.0)]));
        assert!(!equal.ever_differs());
    }

    proptest! {
        #[test]
        fn the_mean_difference_is_the_difference_of_the_means(
            pairs in prop::collection::vec((-1e6..1e6_f64, -1e6..1e6_f64), 1..50)
        ) {
            let paired = of(&pairs);
            let means = paired.variant().mean().unwrap() - paired.base().mean().unwrap();
            prop_assert!((paired.difference().mean().unwrap() - means).abs() < 1e-8);
        }

        #[test]
        fn swapping_base_and_variant_mirrors_the_interval_and_keeps_the_rest(
            pairs in prop::collection::vec((-1e6..1e6_f64, -1e6..1e6_f64), 2..20)
        ) {
            let swapped: Vec<_> = pairs.iter().map(|&(base, variant)| (variant, base)).collect();
            let (paired, mirror) = (of(&pairs), of(&swapped));
            let (one, other) = (paired.interval(Level::USUAL).unwrap(), mirror.interval(Level::USUAL).unwrap());
            prop_assert_eq!((one.lower, one.upper), (-other.upper, -other.lower));
            prop_assert_eq!(paired.sign_share(), mirror.sign_share());
        }
    }
}
