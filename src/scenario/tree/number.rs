//! Numbers as TOML text, for values laid over a scenario.

/// A number that reads back as the same number; whole keys get a whole one.
pub(crate) fn written(value: f64, is_whole: bool) -> String {
    const MANY: f64 = 1e15;
    // Adding 0 turns -0 into 0.
    let value = value + 0.0;
    if is_whole {
        format!("{:.0}", value.round() + 0.0)
    } else if value.abs() < MANY {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

/// The whole number at a point from 0 to 1, where each from `low` to `high` has an equal part of the way; 1 belongs to the last.
pub(crate) fn whole_at(low: f64, high: f64, u: f64) -> f64 {
    let count = high - low + 1.0;
    (low + (count * u).floor()).clamp(low, high)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> f64 {
        let document: toml::Table = format!("x = {text}").parse().unwrap();
        match &document["x"] {
            toml::Value::Integer(number) => *number as f64,
            number => number.as_float().unwrap(),
        }
    }

    proptest! {
        #[test]
        fn a_number_reads_back_as_the_same_number(value in proptest::num::f64::NORMAL | proptest::num::f64::ZERO) {
            let again = read(&written(value, false));
            prop_assert_eq!(again.to_bits(), (value + 0.0).to_bits());
        }
    }

    #[test]
    fn whole_keys_get_whole_numbers() {
        assert_eq!(
            [2.4, 2.5, -0.3].map(|value| written(value, true)),
            ["2", "3", "0"]
        );
        assert_eq!(written(0.1 + 0.2, false), "0.30000000000000004");
    }
}
