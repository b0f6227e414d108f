//! Whole numbers in proportion to parts.

/// Divides a whole total in proportion to parts by Webster's method (Sainte-Laguë): one after another goes to the part with the
/// strongest claim, its size over `2 n - 1` for its `n`th, and to the first of equals.
///
/// Where the total grows, no part gets less, as it may by the largest remainder (Balinski & Young, Fair Representation, 1982). Whole parts that sum to the total stay what they are; nothing is given out where all parts are 0.
pub(crate) fn apportion(total: u32, parts: &[f64]) -> Vec<u32> {
    let sum: f64 = parts.iter().sum();
    if sum <= 0.0 {
        return vec![0; parts.len()];
    }
    // The exact parts, rounded, are what the method gives to another total nearby: it goes on from there, or back.
    let rounded = parts
        .iter()
        .map(|part| (f64::from(total) * part / sum).round() as u32);
    let mut given: Vec<u32> = rounded.collect();
    let mut all: u32 = given.iter().sum();
    let claim = |index: usize, number: u32| parts[index] / f64::from(2 * number - 1);
    while all < total {
        let next = |index: usize| claim(index, given[index] + 1);
        let strongest = (0..parts.len())
            .rev()
            .max_by(|&a, &b| next(a).total_cmp(&next(b)));
        given[strongest.expect("there are parts above 0")] += 1;
        all += 1;
    }
    while all > total {
        let last = |index: usize| claim(index, given[index]);
        let holders = (0..parts.len()).rev().filter(|&index| given[index] > 0);
        let weakest = holders.min_by(|&a, &b| last(a).total_cmp(&last(b)));
        given[weakest.expect("more than nothing was given")] -= 1;
        all -= 1;
    }
    given
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_whole_total_is_given_out_and_more_takes_from_nobody(
            parts in prop::collection::vec(prop_oneof![Just(0.0), 0.001..1000.0], 1..12),
            total in 0_u32..3000,
        ) {
            prop_assume!(parts.iter().sum::<f64>() > 0.0);
            let (given, more) = (apportion(total, &parts), apportion(total + 1, &parts));
            prop_assert_eq!(given.iter().sum::<u32>(), total);
            prop_assert!(given.iter().zip(&more).all(|(given, more)| given <= more));
            prop_assert!(given.iter().zip(&parts).all(|(&given, &part)| part > 0.0 || given == 0));
        }

        /// What defines the method: no transfer of one from a part to another would be nearer to proportion.
        #[test]
        fn no_next_claim_is_stronger_than_one_that_was_met(
            parts in prop::collection::vec(0.001..1000.0, 1..12),
            total in 0_u32..3000,
        ) {
            let given = apportion(total, &parts);
            let claims = || parts.iter().zip(&given);
            let next = claims().map(|(part, &given)| part / f64::from(2 * given + 1));
            let met = claims().filter(|(_, given)| **given > 0);
            let met = met.map(|(part, &given)| part / f64::from(2 * given - 1));
            prop_assert!(next.fold(0.0, f64::max) <= met.fold(f64::INFINITY, f64::min) * (1.0 + 1e-12));
        }
    }

    /// By the largest remainder the third of these has 2 of 10 and 1 of 11.
    #[test]
    fn a_part_keeps_what_it_has_where_the_total_grows() {
        let parts = [6.0, 6.0, 2.1];
        assert_eq!(apportion(10, &parts), [4, 4, 2]);
        assert_eq!(apportion(11, &parts), [5, 4, 2]);
    }

    #[test]
    fn whole_parts_stay_what_they_are() {
        let parts = [385.0, 75.0, 100.0, 200.0, 60.0, 60.0, 195.0, 375.0];
        assert_eq!(apportion(1450, &parts), parts.map(|part| part as u32));
    }

    #[test]
    fn nothing_is_given_out_where_nobody_has_a_part() {
        assert_eq!(apportion(10, &[0.0, 0.0]), [0, 0]);
        assert_eq!(apportion(10, &[]), [0; 0]);
    }
}
