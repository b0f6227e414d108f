//! `[futures]`: numbers that nobody knows well, with what they may be. A plain run does not read them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use super::distribution::Distribution;
use crate::scenario::layers::overrides::Override;
use crate::scenario::tree::number;

/// What an uncertain number may be: a family of distributions and its numbers, in the unit of the key.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Uncertain {
    /// Family of the distribution.
    pub distribution: Shape,
    /// Least value; `uniform` and `triangular` need it, the others are cut off there. \[unit of the key\]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("unit" = "unit of the key"))]
    pub low: Option<f64>,
    /// Likeliest value; `triangular` only. \[unit of the key\]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("unit" = "unit of the key"))]
    pub mode: Option<f64>,
    /// Mean before the ends are cut off; `normal` only. \[unit of the key\]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("unit" = "unit of the key"))]
    pub mean: Option<f64>,
    /// Standard deviation before the ends are cut off, above 0; `normal` only. \[unit of the key\]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("unit" = "unit of the key", "exclusiveMinimum" = 0))]
    pub sd: Option<f64>,
    /// Median before the ends are cut off; `lognormal` only. \[unit of the key\]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("unit" = "unit of the key"))]
    pub median: Option<f64>,
    /// Factor of one standard deviation, above 1: two thirds lie between `median / spread` and `median * spread`; `lognormal` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("unit" = "ratio", "exclusiveMinimum" = 1))]
    pub spread: Option<f64>,
    /// Greatest value; `uniform` and `triangular` need it, the others are cut off there. \[unit of the key\]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("unit" = "unit of the key"))]
    pub high: Option<f64>,
    /// Where the range comes from, or `"assumed"`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
}

/// Family of the distribution of an uncertain number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// Every value from `low` to `high` is as likely as any other.
    #[default]
    Uniform,
    /// From `low` to `high`, likeliest at `mode`.
    Triangular,
    /// Normal with `mean` and `sd`, cut off at `low` and `high` or where the key's range ends.
    Normal,
    /// Lognormal with `median` and `spread`, cut off at `low` and `high` or where the key's range ends.
    Lognormal,
}

impl Shape {
    /// The word used in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Triangular => "triangular",
            Self::Normal => "normal",
            Self::Lognormal => "lognormal",
        }
    }
}

/// The uncertain numbers of a scenario, in the order of their key paths.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UncertainNumbers(Vec<UncertainNumber>);

/// One uncertain number.
#[derive(Debug, Clone, PartialEq)]
pub struct UncertainNumber {
    /// Full key path.
    pub key: String,
    /// What it may be.
    pub distribution: Distribution,
    /// Whether the key takes whole numbers only: of a uniform number each is equally likely, others are rounded.
    pub is_whole: bool,
    /// Where the range comes from; empty when the file does not say.
    pub source: String,
}

impl UncertainNumber {
    /// The value at a quantile as TOML: `u` is between 0 and 1.
    #[must_use]
    pub fn value(&self, u: f64) -> String {
        if let Some([low, high]) = self.equally_likely() {
            return number::written(number::whole_at(low, high, u), true);
        }
        let value = self.distribution.quantile(u);
        if self.is_whole {
            let (low, high) = self.distribution.ends();
            return number::written(value.round().clamp(low.ceil(), high.floor()), true);
        }
        number::written(value, false)
    }

    /// Where the value at a quantile lies among all that there are, from 0 to 1: of a uniform number where it lies in its range, of
    /// others the quantile itself, so that every step counts by its probability. 0 where there is one value only.
    #[must_use]
    pub fn place(&self, u: f64) -> f64 {
        match self.equally_likely() {
            Some([low, high]) => (number::whole_at(low, high, u) - low) / (high - low).max(1.0),
            None => u,
        }
    }

    /// The least and the greatest of whole numbers that are equally likely.
    fn equally_likely(&self) -> Option<[f64; 2]> {
        match self.distribution {
            Distribution::Uniform { low, high } if self.is_whole => {
                Some([low.ceil(), high.floor()])
            }
            _ => None,
        }
    }
}

impl UncertainNumbers {
    pub(crate) fn new(futures: Vec<UncertainNumber>) -> Self {
        Self(futures)
    }

    /// The same under other keys, where there are such.
    pub(crate) fn called<'k>(&self, key: impl Fn(&str) -> Option<&'k String>) -> Self {
        let mut numbers = self.0.clone();
        for number in &mut numbers {
            if let Some(key) = key(&number.key) {
                number.key.clone_from(key);
            }
        }
        numbers.sort_by(|one, other| one.key.cmp(&other.key));
        Self(numbers)
    }

    /// The uncertain numbers, in the order of their key paths.
    #[must_use]
    pub fn as_slice(&self) -> &[UncertainNumber] {
        &self.0
    }

    /// The first key that another takes to be uncertain in another way; what the ranges come from does not matter.
    #[must_use]
    pub fn differs_in<'a>(&'a self, other: &'a Self) -> Option<&'a str> {
        let has = |all: &Self, one: &UncertainNumber| {
            let mut same = all.0.iter();
            same.any(|it| {
                (&it.key, it.distribution, it.is_whole)
                    == (&one.key, one.distribution, one.is_whole)
            })
        };
        let ours = self.0.iter().filter(|one| !has(other, one));
        let theirs = other.0.iter().filter(|one| !has(self, one));
        ours.chain(theirs).map(|one| one.key.as_str()).next()
    }

    /// How many numbers are uncertain.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether every number is taken as known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values of one future, at a point of the unit cube.
    ///
    /// `points` has a quantile between 0 and 1 for each uncertain number, in their order: independent uniform numbers, or a point of a
    /// space-filling design. Every value reads back as the same number.
    #[must_use]
    pub fn values(&self, points: &[f64]) -> Vec<Override> {
        (self.0.iter().zip(points))
            .map(|(future, u)| Override::new(&future.key, future.value(*u)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn future(low: f64, high: f64, is_whole: bool) -> UncertainNumber {
        UncertainNumber {
            key: "world.x".to_owned(),
            distribution: Distribution::Uniform { low, high },
            is_whole,
            source: String::new(),
        }
    }

    #[test]
    fn a_point_becomes_overrides_in_the_order_of_the_keys() {
        let futures =
            UncertainNumbers::new(vec![future(0.0, 1.0, false), future(10.0, 20.0, true)]);
        let values = futures.values(&[0.25, 0.26]);
        let expected = [("world.x", "0.25"), ("world.x", "12")];
        assert_eq!(
            values,
            expected.map(|(key, value)| Override::new(key, value))
        );
    }

    #[test]
    fn tables_differ_in_a_key_that_one_lacks_or_has_otherwise() {
        let of = |futures: &[UncertainNumber]| UncertainNumbers::new(futures.to_vec());
        let one = of(&[future(0.0, 1.0, false)]);
        let sourced = UncertainNumber {
            source: "a report".to_owned(),
            ..future(0.0, 1.0, false)
        };
        assert_eq!(one.differs_in(&of(&[sourced])), None);
        assert_eq!(one.differs_in(&of(&[])), Some("world.x"));
        assert_eq!(of(&[]).differs_in(&one), Some("world.x"));
        assert_eq!(
            one.differs_in(&of(&[future(0.0, 2.0, false)])),
            Some("world.x")
        );
    }

    #[test]
    fn a_whole_number_is_inside_the_range_even_where_the_ends_are_not_whole() {
        let future = future(1.4, 3.6, true);
        assert_eq!([0.0, 0.5, 1.0].map(|u| future.value(u)), ["2", "3", "3"]);
    }

    #[test]
    fn every_whole_number_of_a_uniform_range_is_equally_likely() {
        for of in [future(1.0, 4.0, true), future(0.5, 4.9, true)] {
            let mut counts = [0; 6];
            for step in 0..1_000 {
                let value: usize = of.value((f64::from(step) + 0.5) / 1_000.0).parse().unwrap();
                counts[value] += 1;
            }
            assert_eq!(counts, [0, 250, 250, 250, 250, 0]);
            assert_eq!((of.value(0.0), of.value(1.0)), ("1".into(), "4".into()));
        }
    }

    #[test]
    fn a_value_lies_where_it_is_in_its_range() {
        let places = |of: &UncertainNumber| [0.0, 0.3, 1.0].map(|u| of.place(u).to_string());
        assert_eq!(places(&future(1.0, 3.0, false)), ["0", "0.3", "1"]);
        assert_eq!(places(&future(0.0, 4.0, true)), ["0", "0.25", "1"]);
        assert_eq!(places(&future(1.4, 2.3, true)), ["0", "0", "0"]);
    }
}
