//! Shares, errors and changes as they are written in percent.

use super::{DECIMALS, POWERS_OF_TEN, decimals_of_digits, grouped, is_nothing, with_sign};

/// A relative error for people to read, in percent.
#[must_use]
pub fn percent(error: f64) -> String {
    format!("{}%", grouped(error * 100.0, 1))
}

/// A share or a probability for people to read, in percent: with one decimal, or with as many as tell it from none and from all.
#[must_use]
pub fn share_percent(share: f64) -> String {
    let percent = share * 100.0;
    let written = |decimals: usize| grouped(percent, decimals);
    let is_end = |text: &str| is_nothing(text) || text.starts_with("100");
    let is_told = |text: &String| percent <= 0.0 || percent >= 100.0 || !is_end(text);
    let shown = (1..=DECIMALS).map(written).find(is_told);
    let shown = shown.unwrap_or_else(|| {
        let least = 1.0 / POWERS_OF_TEN[DECIMALS];
        if percent < 50.0 {
            format!("<{least:.DECIMALS$}")
        } else {
            format!(">{:.DECIMALS$}", 100.0 - least)
        }
    });
    format!("{shown}%")
}

/// A share for people to read, in whole percents, or with as many decimals as tell it from none and from all.
#[must_use]
pub fn whole_percent(share: f64) -> String {
    let [shown, _] = percents([share, share]);
    shown
}

/// A confidence level or a share of replications for people to read, in percent: with one digit at most, or as many as tell it from none
/// and from all.
#[must_use]
pub fn short_percent(share: f64) -> String {
    let percent = share * 100.0;
    let rounded = |digits: usize| {
        let parts = POWERS_OF_TEN[digits];
        (percent * parts).round() / parts
    };
    let is_end = |percent: f64| percent <= 0.0 || percent >= 100.0;
    let digits = (1..10).find(|&digits| is_end(percent) || !is_end(rounded(digits)));
    format!("{}%", rounded(digits.unwrap_or(10)))
}

/// A confidence level that intervals are made at one by one, in percent: with three decimals, or as many as tell it from all.
#[must_use]
pub fn exact_percent(share: f64) -> String {
    let written = |decimals: usize| format!("{:.decimals$}%", share * 100.0);
    let is_all = |text: &String| text.starts_with("100.");
    let mut longer = (3..12).map(written);
    longer
        .find(|text| !is_all(text))
        .unwrap_or_else(|| written(12))
}

/// The bounds of a share for people to read, in percent: whole, or with as many decimals as tell them from each other, from none and from all.
#[must_use]
pub fn percents(bounds: [f64; 2]) -> [String; 2] {
    let rounded = |decimals: usize| {
        let parts = POWERS_OF_TEN[decimals];
        bounds.map(|bound| (bound * 100.0 * parts).round() / parts + 0.0)
    };
    // What is as near as this is the last bits of a sum.
    let is_near = |one: f64, other: f64| (one - other).abs() < 1e-9;
    let is_told = |decimals: &usize| {
        let [lower, upper] = rounded(*decimals);
        let is_end = |shown: f64| is_near(shown, 0.0) || is_near(shown, 100.0);
        let told = |shown: f64, bound: f64| !is_end(shown) || is_near(shown, bound * 100.0);
        let differ = !is_near(lower, upper) || is_near(bounds[0], bounds[1]);
        differ && told(lower, bounds[0]) && told(upper, bounds[1])
    };
    let decimals = (0..9).find(is_told).unwrap_or(9);
    rounded(decimals).map(|percent| format!("{percent}%"))
}

/// Two shares for people to read, in percent: with two digits, or as many as tell them from each other, where eight are enough.
#[must_use]
pub fn two_digit_percents(shares: [f64; 2]) -> [String; 2] {
    let with_digits = |digits: usize| {
        shares.map(|share| {
            let percent = share * 100.0;
            let decimals = decimals_of_digits(percent, digits).min(10);
            format!("{}%", grouped(percent, decimals))
        })
    };
    let mut longer = (2..9).map(with_digits);
    let differ = |[one, other]: &[String; 2]| one != other;
    longer.find(differ).unwrap_or_else(|| with_digits(2))
}

/// A change for people to read, in percent with its sign.
#[must_use]
pub fn signed_percent(share: f64) -> String {
    format!("{}%", with_sign(share * 100.0, 1))
}

#[cfg(test)]
mod tests {
    use super::super::figure;
    use super::*;
    use crate::record::Unit;

    #[test]
    fn bounds_of_a_share_are_whole_percents_unless_that_hides_what_is_between() {
        let written = [
            [0.4385, 1.0],
            [0.9962, 1.0 - 1e-16],
            [0.0, 0.0004],
            [0.8934, 0.9962],
            [0.4981, 0.5019],
        ];
        let written = written.map(|bounds| percents(bounds).join(" to "));
        let expected = [
            "44% to 100%",
            "99.6% to 100%",
            "0% to 0.04%",
            "89.3% to 99.6%",
            "49.8% to 50.2%",
        ];
        assert_eq!(written, expected);
    }

    #[test]
    fn a_level_is_never_written_as_all() {
        let written = [0.975, 0.983_333_3, 0.999_996, 0.999_999_97].map(exact_percent);
        let expected = ["97.500%", "98.333%", "99.9996%", "99.999997%"];
        assert_eq!(written, expected);
    }

    #[test]
    fn percents_are_short_where_they_can_be() {
        assert_eq!(
            [0.95, 0.999, 1.0].map(short_percent),
            ["95%", "99.9%", "100%"]
        );
        assert_eq!(
            [0.9999, 0.0004, 0.0, 1.0 / 3.0].map(short_percent),
            ["99.99%", "0.04%", "0%", "33.3%"]
        );
        assert_eq!(percent(0.5), "50.0%");
    }

    #[test]
    fn a_share_is_written_as_none_or_all_only_where_it_is() {
        let shares = [0.0, 1e-12, 0.0004, 0.5, 0.999_96, 1.0 - 1e-12, 1.0];
        let written = [
            "0.0%",
            "<0.000001%",
            "0.04%",
            "50.0%",
            "99.996%",
            ">99.999999%",
            "100.0%",
        ];
        assert_eq!(shares.map(share_percent), written);
        assert_eq!(shares.map(|share| figure(share, Unit::Share)), written);
        // The end of an axis or of an interval may lie beyond none.
        assert_eq!([-0.02, -0.0001].map(share_percent), ["-2.0%", "0.0%"]);
        let whole = [0.0, 0.0004, 0.5, 0.998, 1.0].map(whole_percent);
        assert_eq!(whole, ["0%", "0.04%", "50%", "99.8%", "100%"]);
    }

    #[test]
    fn shares_beside_each_other_have_two_digits_or_those_that_tell_them_apart() {
        let written = [
            [0.266, 0.230_769],
            [0.000_012_34, 0.000_009_9],
            [0.2307, 0.230_769],
            [3.5, 0.01],
            [0.5, 0.5],
        ];
        let written = written.map(|shares| two_digit_percents(shares).join(" "));
        let expected = [
            "27% 23%",
            "0.0012% 0.00099%",
            "23.07% 23.08%",
            "350% 1.0%",
            "50% 50%",
        ];
        assert_eq!(written, expected);
    }

    #[test]
    fn a_change_that_is_written_as_0_has_no_sign() {
        let written = [-0.0289, 0.0289, -0.0004, 0.0004, -0.0, 0.0].map(signed_percent);
        assert_eq!(written, ["-2.9%", "+2.9%", "0.0%", "0.0%", "0.0%", "0.0%"]);
    }

    #[test]
    fn what_is_rounded_to_0_has_no_sign() {
        assert_eq!(percent(-0.0004), "0.0%");
    }
}
