//! How numbers are written.

use serde::{Serialize, Serializer};

use crate::record::Unit;

/// Decimals kept of means and bounds: more would show the last bits of a sum, which mean nothing.
const DECIMALS: usize = 6;

/// Powers of ten, exactly.
const POWERS_OF_TEN: [f64; 11] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10];

/// A mean or a bound as results keep it.
#[must_use]
pub fn rounded(value: f64) -> f64 {
    let scale = POWERS_OF_TEN[DECIMALS];
    // Adding 0 turns -0 into 0.
    (value * scale).round() / scale + 0.0
}

/// Writes a logarithmic score of minus infinity as `-inf`, since JSON has no number for it, and what is missing is null.
#[expect(clippy::ref_option, reason = "what serde hands over")]
pub(super) fn or_infinite<S: Serializer>(value: &Option<f64>, to: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) if value.is_infinite() => to.serialize_str(&value.to_string()),
        value => value.serialize(to),
    }
}

/// The shortest decimal that reads back as the same number; empty where there is none.
#[must_use]
pub fn or_empty<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// A mean and the half-width of its interval for people to read: as many decimals as two digits of the half-width need.
#[must_use]
pub fn with_half_width(mean: f64, half_width: f64) -> String {
    if half_width <= 0.0 {
        return format!("{} ± 0", exact(mean));
    }
    let [mean, half_width] = two_digits_of_half_width(mean, half_width);
    format!("{mean} ± {half_width}")
}

/// A mean and a half-width that is not 0, both with the decimals that two digits of the half-width need. One that is too small for the
/// decimals that are kept is told to be less than the last of them.
fn two_digits_of_half_width(mean: f64, half_width: f64) -> [String; 2] {
    let decimals = decimals_of_two_digits(half_width);
    let least = 1.0 / POWERS_OF_TEN[DECIMALS];
    let shown = if half_width < least / 2.0 {
        format!("<{}", grouped(least, DECIMALS))
    } else {
        grouped(half_width, decimals)
    };
    [grouped(mean, decimals), shown]
}

/// How many decimals so many digits of a number need; 0 where it has as many before the point, and for 0.
fn decimals_of_digits(value: f64, digits: usize) -> usize {
    let decimals = digits as f64 - 1.0 - libm::floor(libm::log10(value.abs()));
    if value == 0.0 {
        0
    } else {
        decimals.max(0.0) as usize
    }
}

/// How many decimals, of those that are kept, two digits of a number need.
fn decimals_of_two_digits(value: f64) -> usize {
    decimals_of_digits(value, 2).min(DECIMALS)
}

/// A number of persons for people to read: whole, in groups of three digits.
#[must_use]
pub fn persons(value: f64) -> String {
    grouped(value, 0)
}

/// A number for people to read that has no half-width to say how many of its digits mean something: all that results keep, in groups of
/// three digits before the point.
#[must_use]
pub fn exact(value: f64) -> String {
    in_groups(value, &rounded(value.abs()).to_string())
}

/// A number with so many decimals, in groups of three digits before the point; without a sign where it is rounded to 0.
#[must_use]
pub fn grouped(value: f64, decimals: usize) -> String {
    in_groups(value, &format!("{:.decimals$}", value.abs()))
}

/// The digits of a number in groups of three before the point, with its sign unless they are all 0.
fn in_groups(value: f64, digits: &str) -> String {
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut text = String::new();
    if value < 0.0 && !is_nothing(digits) {
        text.push('-');
    }
    for (position, digit) in whole.char_indices() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + fraction
}

/// Whether a written number is 0.
fn is_nothing(text: &str) -> bool {
    !text.chars().any(|digit| ('1'..='9').contains(&digit))
}

/// Two digits of a small number, and a large one whole.
#[must_use]
pub fn two_digits(value: f64) -> String {
    grouped(value, decimals_of_two_digits(value))
}

/// The fewest decimals, so many or more, with which a number is written on that side of a limit on which it lies; six where none are enough.
#[must_use]
pub fn decimals_beyond(value: f64, limit: f64, least: usize) -> usize {
    // What is as near as this is the last bits of a product.
    let side = |value: f64| {
        let off = value - limit;
        (off > 1e-9, off < -1e-9)
    };
    let is_told = |&decimals: &usize| {
        let parts = POWERS_OF_TEN[decimals];
        side((value * parts).round() / parts) == side(value)
    };
    (least..DECIMALS).find(is_told).unwrap_or(DECIMALS)
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

/// A figure of this unit for people to read: persons whole, or with two digits in the mean, shares in percent, times with one decimal.
#[must_use]
pub fn figure(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Persons => persons(value),
        Unit::MeanPersons => two_digits(value),
        Unit::Share => share_percent(value),
        // Adding 0 after rounding turns -0.0 into 0.0.
        Unit::Days | Unit::Minutes | Unit::OfficerHours => {
            format!("{:.1}", (value * 10.0).round() / 10.0 + 0.0)
        }
    }
}

/// A difference of such figures, with its sign; of shares in percentage points. One that would be rounded to 0 keeps its first digit, as
/// its sign matters.
#[must_use]
pub fn difference(value: f64, unit: Unit) -> String {
    let (value, unit_name) = in_points(value, unit);
    let shown = match unit {
        Unit::Persons | Unit::MeanPersons => figure(value, unit),
        _ => figure(value, Unit::Days),
    };
    let text = if is_nothing(&shown) && value != 0.0 {
        // Below a millionth it is the last bits of a sum.
        let decimals =
            (1..=6).find(|&decimals| (value.abs() * POWERS_OF_TEN[decimals]).round() >= 1.0);
        match decimals {
            Some(decimals) => format!("{value:.decimals$}"),
            None => shown,
        }
    } else {
        shown
    };
    signed(value, &text) + unit_name
}

/// A difference in the unit it is written in, and that unit: of shares percentage points.
fn in_points(value: f64, unit: Unit) -> (f64, &'static str) {
    match unit {
        Unit::Share => (value * 100.0, "pp"),
        _ => (value, ""),
    }
}

/// A written number with the sign of a positive one, unless it is written as 0.
fn signed(value: f64, text: &str) -> String {
    let sign = if value > 0.0 && !is_nothing(text) {
        "+"
    } else {
        ""
    };
    format!("{sign}{text}")
}

/// Two bounds of such a difference: with as many decimals as tell them apart, where six are enough.
#[must_use]
pub fn differences(bounds: [f64; 2], unit: Unit) -> [String; 2] {
    let shown = bounds.map(|bound| difference(bound, unit));
    if shown[0] != shown[1] {
        return shown;
    }
    let with_decimals = |decimals| {
        bounds.map(|bound| {
            let (value, unit_name) = in_points(bound, unit);
            with_sign(value, decimals) + unit_name
        })
    };
    let mut longer = (1..=DECIMALS).map(with_decimals);
    longer
        .find(|[lower, upper]| lower != upper)
        .unwrap_or(shown)
}

/// Pairs of numbers for people to read, all with the same decimals: with one, or with as many as tell the two of every pair from each other,
/// where six are enough.
#[must_use]
pub fn told_apart(pairs: &[[f64; 2]]) -> Vec<[String; 2]> {
    let with_decimals = |decimals| -> Vec<[String; 2]> {
        let written = |pair: &[f64; 2]| pair.map(|value| grouped(value, decimals));
        pairs.iter().map(written).collect()
    };
    let longest = with_decimals(DECIMALS);
    let differ = |[one, other]: &[String; 2]| one != other;
    let tells_apart = |written: &Vec<[String; 2]>| {
        let mut pairs = written.iter().zip(&longest);
        pairs.all(|(pair, longest)| differ(pair) || !differ(longest))
    };
    let mut shorter = (1..DECIMALS).map(with_decimals);
    shorter.find(tells_apart).unwrap_or(longest)
}

/// How far two such figures lie apart; of shares in percentage points.
#[must_use]
pub fn distance(value: f64, unit: Unit) -> String {
    difference(value.abs(), unit)
        .trim_start_matches('+')
        .to_owned()
}

/// How far two such figures lie apart and the half-width of its interval: as many decimals as two digits of the half-width need.
#[must_use]
pub fn distance_and_half_width(mean: f64, half_width: f64, unit: Unit) -> String {
    if half_width <= 0.0 {
        return format!("{} ± 0", distance(mean, unit));
    }
    let [(mean, unit_name), (half_width, _)] =
        [mean.abs(), half_width].map(|it| in_points(it, unit));
    let [mean, half_width] = two_digits_of_half_width(mean, half_width);
    format!("{mean}{unit_name} ± {half_width}{unit_name}")
}

/// A mean of this unit and the half-width of its interval for people to read. A half-width that would be rounded to 0 has digits that tell
/// it from none.
#[must_use]
pub fn mean_and_half_width(mean: f64, half_width: f64, unit: Unit) -> String {
    let shown = match unit {
        Unit::Share => percent(half_width),
        _ => figure(half_width, unit),
    };
    match unit {
        Unit::MeanPersons => with_half_width(mean, half_width),
        _ if half_width <= 0.0 || !is_nothing(&shown) => {
            format!("{} ± {shown}", figure(mean, unit))
        }
        Unit::Share => {
            let [mean, shown] = two_digits_of_half_width(mean * 100.0, half_width * 100.0);
            format!("{mean}% ± {shown}%")
        }
        _ => with_half_width(mean, half_width),
    }
}

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

/// The first three of what there is to tell, and of how many; `None` where there is nothing.
#[must_use]
pub fn first_few(told: &[String]) -> Option<String> {
    const MOST: usize = 3;
    let few = told[..told.len().min(MOST)].join(", ");
    match told.len() {
        0 => None,
        1..=MOST => Some(few),
        more => Some(format!("{few} and so on, {more} in all")),
    }
}

/// `1 replication`, `2 replications`.
#[must_use]
pub fn counted(number: u32, of: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {of}{plural}")
}

/// A change for people to read, in percent with its sign.
#[must_use]
pub fn signed_percent(share: f64) -> String {
    format!("{}%", with_sign(share * 100.0, 1))
}

/// A number with so many decimals and its sign, which 0 has not.
#[must_use]
pub fn with_sign(value: f64, decimals: usize) -> String {
    signed(value, &grouped(value, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_keep_six_decimals_and_no_negative_zero() {
        assert_eq!(rounded(47_532.123_456_789).to_string(), "47532.123457");
        assert_eq!(rounded(2.0).to_string(), "2");
        assert_eq!(rounded(-1e-9).to_string(), "0");
    }

    #[test]
    fn persons_come_in_groups_of_three_digits() {
        let texts = [0.0, 999.4, 999.5, 47_532.2, 1_234_567.0, -0.2, -1200.0].map(persons);
        let expected = ["0", "999", "1,000", "47,532", "1,234,567", "0", "-1,200"];
        assert_eq!(texts, expected);
    }

    #[test]
    fn a_difference_has_its_sign_unless_it_is_nothing() {
        let written = [1234.4, -1234.4, 0.3, -0.04, 0.0];
        let written = written.map(|value| difference(value, Unit::Persons));
        assert_eq!(written, ["+1,234", "-1,234", "+0.3", "-0.04", "0"]);
        let written = [0.06, -0.06, 0.04, 1e-9].map(|value| difference(value, Unit::Days));
        assert_eq!(written, ["+0.1", "-0.1", "+0.04", "0.0"]);
        let written = [0.0123, -0.00002].map(|value| difference(value, Unit::Share));
        assert_eq!(written, ["+1.2pp", "-0.002pp"]);
    }

    #[test]
    fn small_numbers_of_persons_in_the_mean_keep_two_digits() {
        let written = [0.094_882, 1.63, 45.2, 1234.5, 0.0, -0.5];
        let written = written.map(|value| figure(value, Unit::MeanPersons));
        assert_eq!(written, ["0.095", "1.6", "45", "1,234", "0", "-0.50"]);
        let written = [(0.3, 0.2), (1200.0, 12.0), (1200.0, 0.0)];
        let written = written.map(|(mean, half)| mean_and_half_width(mean, half, Unit::Persons));
        assert_eq!(written, ["0.30 ± 0.20", "1,200 ± 12", "1,200 ± 0"]);
        assert_eq!(
            mean_and_half_width(1.63, 0.21, Unit::MeanPersons),
            "1.63 ± 0.21"
        );
    }

    #[test]
    fn a_half_width_that_is_not_zero_is_not_written_as_zero() {
        let written = [
            (19.531, 0.036, Unit::Days),
            (19.531, 0.36, Unit::Days),
            (0.593_12, 0.000_34, Unit::Share),
            (47_532.2, 0.3, Unit::Persons),
            (12.0, 4e-9, Unit::Minutes),
            (19.53, 0.0, Unit::Days),
            (0.5, 0.0, Unit::Share),
        ];
        let written = written.map(|(mean, half, unit)| mean_and_half_width(mean, half, unit));
        let expected = [
            "19.531 ± 0.036",
            "19.5 ± 0.4",
            "59.312% ± 0.034%",
            "47,532.20 ± 0.30",
            "12.000000 ± <0.000001",
            "19.5 ± 0.0",
            "50.0% ± 0.0%",
        ];
        assert_eq!(written, expected);
    }

    #[test]
    fn bounds_of_a_difference_have_the_digits_that_tell_them_apart() {
        let written = [
            ([-0.000_213, -0.000_187], Unit::Share),
            ([1233.9, 1234.3], Unit::Persons),
            ([-0.04, 0.31], Unit::Days),
            ([7.0, 7.0], Unit::Days),
            ([7.0, 7.0 + 1e-12], Unit::Days),
        ];
        let written = written.map(|(bounds, unit)| differences(bounds, unit).join(" to "));
        let expected = [
            "-0.021pp to -0.019pp",
            "+1,233.9 to +1,234.3",
            "-0.04 to +0.3",
            "+7.0 to +7.0",
            "+7.0 to +7.0",
        ];
        assert_eq!(written, expected);
    }

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
    fn a_distance_has_the_digits_of_its_half_width() {
        let written = [
            (0.023_4, 0.099_3, Unit::Days),
            (0.000_21, 0.000_013, Unit::Share),
            (0.015_625, 0.0, Unit::Days),
            (11.0, 127.0, Unit::Persons),
        ];
        let written = written.map(|(mean, half, unit)| distance_and_half_width(mean, half, unit));
        let expected = [
            "0.023 ± 0.099",
            "0.0210pp ± 0.0013pp",
            "0.02 ± 0",
            "11 ± 127",
        ];
        assert_eq!(written, expected);
    }

    #[test]
    fn shares_lie_percentage_points_apart() {
        assert_eq!(distance(0.014, Unit::Share), "1.4pp");
        assert_eq!(distance(1200.0, Unit::Persons), "1,200");
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
    fn a_change_that_is_written_as_0_has_no_sign() {
        let written = [-0.0289, 0.0289, -0.0004, 0.0004, -0.0, 0.0].map(signed_percent);
        assert_eq!(written, ["-2.9%", "+2.9%", "0.0%", "0.0%", "0.0%", "0.0%"]);
        let written = [-0.004, 0.25, -1.5].map(|value| with_sign(value, 2));
        assert_eq!(written, ["0.00", "+0.25", "-1.50"]);
    }

    #[test]
    fn what_is_rounded_to_0_has_no_sign() {
        assert_eq!(percent(-0.0004), "0.0%");
        let small = figure(-1e-9, Unit::MeanPersons);
        assert_eq!(small, "0.000000");
        assert_eq!(two_digits(-0.0), "0");
    }

    #[test]
    fn a_number_beyond_a_limit_is_written_beyond_it() {
        let written = [
            (2.43, 2.42, 1),
            (2.44, 2.379, 1),
            (10.0, 0.04, 1),
            (-0.004, 0.0, 2),
            (-0.25, 0.0, 2),
            (0.0, 0.001, 2),
        ];
        let written = written.map(|(value, limit, least)| {
            let decimals = decimals_beyond(value, limit, least);
            with_sign(value, decimals)
        });
        assert_eq!(
            written,
            ["+2.43", "+2.4", "+10.0", "-0.004", "-0.25", "0.00"]
        );
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
    fn a_number_without_spread_is_in_groups_of_three_digits_too() {
        let written = [1_825_000.0, -1234.5, 12.0, -1e-9].map(exact);
        assert_eq!(written, ["1,825,000", "-1,234.5", "12", "0"]);
        assert_eq!(with_half_width(1_825_000.0, 0.0), "1,825,000 ± 0");
    }

    #[test]
    fn numbers_beside_each_other_have_the_same_decimals_and_are_told_apart() {
        let written = |pairs: &[[f64; 2]]| {
            let pairs = told_apart(pairs).into_iter();
            pairs.map(|pair| pair.join(" ")).collect::<Vec<_>>()
        };
        assert_eq!(written(&[[12.04, 12.01]]), ["12.04 12.01"]);
        assert_eq!(written(&[[22.5, 30.0]]), ["22.5 30.0"]);
        assert_eq!(
            written(&[[12.04, 12.01], [12.04, 30.0]]),
            ["12.04 12.01", "12.04 30.00"]
        );
        assert_eq!(
            written(&[[5.0, 5.0 + 1e-12], [1.0, 2.0]]),
            ["5.0 5.0", "1.0 2.0"]
        );
    }

    #[test]
    fn one_of_a_kind_is_told_in_the_singular() {
        let told = [0, 1, 2].map(|number| counted(number, "future"));
        assert_eq!(told, ["0 futures", "1 future", "2 futures"]);
    }

    #[test]
    fn a_missing_number_is_empty() {
        assert_eq!(or_empty::<f64>(None), "");
        assert_eq!(or_empty(Some(0.0)), "0");
    }
}
