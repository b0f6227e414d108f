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
        return format!("{} ± 0", rounded(mean));
    }
    match decimals_of_two_digits(half_width) {
        Some(decimals) => format!("{mean:.decimals$} ± {half_width:.decimals$}"),
        None => format!("{} ± {}", persons(mean), persons(half_width)),
    }
}

/// How many decimals two digits of a number need; `None` where it has as many before the point, and for 0.
fn decimals_of_two_digits(value: f64) -> Option<usize> {
    let decimals = 1.0 - libm::floor(libm::log10(value.abs()));
    (value != 0.0 && decimals >= 1.0).then(|| decimals.min(DECIMALS as f64) as usize)
}

/// A number of persons for people to read: whole, in groups of three digits.
#[must_use]
pub fn persons(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (position, digit) in digits.char_indices() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value <= -0.5 {
        format!("-{text}")
    } else {
        text
    }
}

/// Two digits of a small number, and a large one whole.
fn two_digits(value: f64) -> String {
    match decimals_of_two_digits(value) {
        Some(decimals) => format!("{value:.decimals$}"),
        None => persons(value),
    }
}

/// A figure of this unit for people to read: persons whole, or with two digits in the mean, shares in percent, times with one decimal.
#[must_use]
pub fn figure(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Persons => persons(value),
        Unit::MeanPersons => two_digits(value),
        Unit::Share => percent(value),
        // Adding 0 after rounding turns -0.0 into 0.0.
        Unit::Days | Unit::Minutes => format!("{:.1}", (value * 10.0).round() / 10.0 + 0.0),
    }
}

/// A difference of such figures, with its sign; of shares in percentage points. One that would be rounded to 0 keeps its first digit, as
/// its sign matters.
#[must_use]
pub fn difference(value: f64, unit: Unit) -> String {
    let (value, unit_name) = match unit {
        Unit::Share => (value * 100.0, "pp"),
        _ => (value, ""),
    };
    let shown = match unit {
        Unit::Persons | Unit::MeanPersons => figure(value, unit),
        _ => figure(value, Unit::Days),
    };
    let is_nothing = !shown.chars().any(|digit| ('1'..='9').contains(&digit));
    let text = if is_nothing && value != 0.0 {
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
    let sign = if value > 0.0 && text.chars().any(|digit| ('1'..='9').contains(&digit)) {
        "+"
    } else {
        ""
    };
    format!("{sign}{text}{unit_name}")
}

/// How far two such figures lie apart; of shares in percentage points.
#[must_use]
pub fn distance(value: f64, unit: Unit) -> String {
    difference(value.abs(), unit)
        .trim_start_matches('+')
        .to_owned()
}

/// A mean of this unit and the half-width of its interval for people to read. Of persons, digits that tell the half-width from none.
#[must_use]
pub fn mean_and_half_width(mean: f64, half_width: f64, unit: Unit) -> String {
    match unit {
        Unit::MeanPersons => with_half_width(mean, half_width),
        Unit::Persons if half_width > 0.0 && half_width < 0.5 => with_half_width(mean, half_width),
        _ => format!("{} ± {}", figure(mean, unit), figure(half_width, unit)),
    }
}

/// A share for people to read, in percent.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
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

/// `1 replication`, `2 replications`.
#[must_use]
pub fn counted(number: u32, of: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {of}{plural}")
}

/// A change for people to read, in percent with its sign.
#[must_use]
pub fn signed_percent(share: f64) -> String {
    format!("{:+.1}%", share * 100.0)
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
        assert_eq!(signed_percent(-0.0289), "-2.9%");
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
