//! How numbers are written: numbers without a unit here, figures by their unit in `figure`, shares in `percent`.

mod figure;
mod percent;

use serde::{Serialize, Serializer};

pub use figure::{
    difference, differences, distance, distance_and_half_width, figure, mean_and_half_width,
};
pub use percent::{
    exact_percent, percent, percents, share_percent, short_percent, signed_percent,
    two_digit_percents, whole_percent,
};

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

/// A written number with the sign of a positive one, unless it is written as 0.
fn signed(value: f64, text: &str) -> String {
    let sign = if value > 0.0 && !is_nothing(text) {
        "+"
    } else {
        ""
    };
    format!("{sign}{text}")
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
    fn what_is_rounded_to_0_has_no_sign() {
        let written = [-0.004, 0.25, -1.5].map(|value| with_sign(value, 2));
        assert_eq!(written, ["0.00", "+0.25", "-1.50"]);
        assert_eq!(two_digits(-0.0), "0");
    }

    #[test]
    fn a_missing_number_is_empty() {
        assert_eq!(or_empty::<f64>(None), "");
        assert_eq!(or_empty(Some(0.0)), "0");
    }
}
