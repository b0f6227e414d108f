//! Many comparisons at once: levels and p-values that hold for all of them together.
//!
//! A table of 100 differences between equal policies has about five 95% intervals without 0. An interval at the level of
//! [`simultaneous`] errs anywhere in the table with at most 5%; [`holm`] is the test to go with it, and finds more.

use super::estimate::Level;
use super::moments::Moments;
use super::student;

/// The level at which each of `comparisons` intervals must be made so that all of them cover together with `level`.
///
/// 1 - (1 - level) / m, Bonferroni's inequality (Dunn 1961, doi:10.1080/01621459.1961.10482090). It holds however the
/// comparisons depend on each other, so also for those made on the same people.
#[must_use]
pub fn simultaneous(level: Level, comparisons: usize) -> Level {
    let error = (1.0 - level.share()) / comparisons.max(1) as f64;
    // An error below half of the last bit leaves 1, which is no level.
    Level::of((1.0 - error).min(1.0_f64.next_down())).unwrap_or(level)
}

/// Two-sided p-value of the hypothesis that the expected value is 0: Student's paired t test, if the values are differences.
///
/// t = mean / (s / √n) with n - 1 degrees of freedom (Student 1908, doi:10.1093/biomet/6.1.1), nine significant digits. Values
/// that are all equal give 1 if they are 0, and else 0. `None` for fewer than two values.
#[must_use]
pub fn p_value(moments: &Moments) -> Option<f64> {
    let n = moments.n();
    let (mean, variance) = (moments.mean()?, moments.variance()?);
    if mean == 0.0 {
        return Some(1.0);
    }
    if variance == 0.0 {
        return Some(0.0);
    }
    student::two_sided_tail(mean / (variance / f64::from(n)).sqrt(), n - 1)
}

/// Holm's adjusted p-values: whoever calls every comparison below α a difference errs anywhere in the family with at most α.
///
/// The i-th smallest of m p-values becomes the largest of (m - j + 1) p₍ⱼ₎ over j ≤ i, at most 1 (Holm 1979, "A simple
/// sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6: 65–70). It needs no independence
/// and rejects whatever Bonferroni's does. A comparison without a p-value stays without and is no member of the family.
#[must_use]
pub fn holm(p_values: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut order: Vec<(usize, f64)> = p_values
        .iter()
        .enumerate()
        .filter_map(|(index, p)| p.map(|p| (index, p)))
        .collect();
    order.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    let mut adjusted = vec![None; p_values.len()];
    let mut largest = 0.0_f64;
    for (rank, &(index, p)) in order.iter().enumerate() {
        largest = largest.max((order.len() - rank) as f64 * p).min(1.0);
        adjusted[index] = Some(largest);
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand::rngs::SmallRng;
    use rand_distr::{Distribution, StandardNormal};

    use super::*;
    use crate::stats::ConfidenceInterval;

    #[test]
    fn ten_comparisons_at_95_percent_need_99_and_a_half_each() {
        let ten = simultaneous(Level::USUAL, 10).share();
        assert!((ten - 0.995).abs() < 1e-15, "{ten}");
        assert_eq!(simultaneous(Level::USUAL, 1), Level::USUAL);
        assert_eq!(simultaneous(Level::USUAL, 0), Level::USUAL);
    }

    #[test]
    fn no_number_of_comparisons_makes_the_level_1() {
        let most = simultaneous(Level::USUAL, usize::MAX).share();
        assert!(most < 1.0 && most > 0.999_999);
    }

    /// Student's sleep data, the differences between two drugs; the value is that of R's documentation of `t.test`.
    #[test]
    fn the_p_value_of_students_sleep_data_is_the_published_one() {
        let differences: Moments = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]
            .into_iter()
            .collect();
        let p = p_value(&differences).unwrap();
        assert!((p - 0.002_833).abs() < 5e-7, "{p}");
    }

    #[test]
    fn equal_values_are_certain_and_a_single_one_tells_nothing() {
        let of = |values: &[f64]| p_value(&values.iter().copied().collect());
        assert_eq!(of(&[0.0, 0.0, 0.0]), Some(1.0));
        assert_eq!(of(&[2.0, 2.0]), Some(0.0));
        assert_eq!(of(&[2.0]), None);
    }

    #[test]
    fn holm_multiplies_by_the_hypotheses_left_and_never_steps_back() {
        let adjusted = holm(&[Some(0.01), Some(0.04), None, Some(0.03), Some(0.005)]);
        let expected = [Some(0.03), Some(0.06), None, Some(0.06), Some(0.02)];
        for (adjusted, expected) in adjusted.into_iter().zip(expected) {
            assert_eq!(adjusted.is_some(), expected.is_some());
            let apart = adjusted.unwrap_or_default() - expected.unwrap_or_default();
            assert!(apart.abs() < 1e-15, "{adjusted:?} for {expected:?}");
        }
        assert_eq!(holm(&[Some(0.7), Some(0.9)]), [Some(1.0), Some(1.0)]);
        assert!(holm(&[]).is_empty());
    }

    /// Families of 20 true hypotheses that share half of their luck, eight pairs each; how often (any interval at the
    /// simultaneous level misses, any adjusted p-value is below 0.05, any plain one is) in 4,000.
    fn errors() -> [f64; 3] {
        let mut random = SmallRng::seed_from_u64(5);
        let mut draw = || -> f64 { StandardNormal.sample(&mut random) };
        let level = simultaneous(Level::USUAL, 20);
        let mut errors = [0.0; 3];
        for _ in 0..4_000 {
            let mut family = [Moments::default(); 20];
            for _ in 0..8 {
                let common = draw();
                for moments in &mut family {
                    moments.add(common + draw());
                }
            }
            let plain: Vec<_> = family.iter().map(p_value).collect();
            let below = |p: &Option<f64>| p.unwrap() < 0.05;
            let missed = |moments: &Moments| {
                let interval = ConfidenceInterval::of_mean(moments, level).unwrap();
                interval.lower > 0.0 || interval.upper < 0.0
            };
            let wrong = [
                family.iter().any(missed),
                holm(&plain).iter().any(below),
                plain.iter().any(below),
            ];
            for (errors, wrong) in errors.iter_mut().zip(wrong) {
                *errors += f64::from(u8::from(wrong)) / 4_000.0;
            }
        }
        errors
    }

    /// Standard error at 0.05 with 4,000 families 0.0034; α = 0.001 one-sided gives 3.09 of them: at most 0.0607.
    #[test]
    fn a_family_without_differences_shows_one_in_at_most_5_percent() {
        let [intervals, holm, plain] = errors();
        assert!(intervals < 0.0607 && holm < 0.0607, "{intervals} {holm}");
        assert!(
            plain > 0.2,
            "without adjustment the error is large: {plain}"
        );
    }

    proptest! {
        #[test]
        fn holm_lies_between_the_plain_p_values_and_those_of_bonferroni_in_the_same_order(
            p_values in prop::collection::vec(0.0..1.0_f64, 1..30)
        ) {
            let some: Vec<_> = p_values.iter().copied().map(Some).collect();
            let adjusted: Vec<f64> = holm(&some).into_iter().flatten().collect();
            prop_assert_eq!(adjusted.len(), p_values.len());
            for (i, (&p, &a)) in p_values.iter().zip(&adjusted).enumerate() {
                prop_assert!(p <= a && a <= (p * p_values.len() as f64).min(1.0));
                prop_assert!(!(0..i).any(|j| (p_values[j] < p) && adjusted[j] > a));
            }
        }
    }
}
