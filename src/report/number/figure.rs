//! Figures as they are written by their unit, and differences of them.

use super::percent::{percent, share_percent};
use super::{
    DECIMALS, POWERS_OF_TEN, is_nothing, persons, signed, two_digits, two_digits_of_half_width,
    with_half_width, with_sign,
};
use crate::record::Unit;

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

#[cfg(test)]
mod tests {
    use super::*;

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
        let written = [0.094_882, 1.63, 45.2, 1234.5, 0.0, -0.5, -1e-9];
        let written = written.map(|value| figure(value, Unit::MeanPersons));
        assert_eq!(
            written,
            ["0.095", "1.6", "45", "1,234", "0", "-0.50", "0.000000"]
        );
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
}
