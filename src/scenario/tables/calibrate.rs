//! `[calibrate]`: which numbers are fitted to published months, what was thought of them before, and how well the model should fit.
//! A plain run does not read it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::distribution::Distribution;
use super::futures::{Shape, Uncertain};
use crate::month::Month;
use crate::scenario::layers::overrides::Override;
use crate::scenario::schema::rule::Names;
use crate::scenario::tree::number;
use crate::stats::ErrorLaw;

/// What is fitted to which months.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalibrateTable {
    /// First day fitted to; months that begin before it are not fitted to.
    #[schemars(with = "String", extend("format" = "date", "unit" = "date"))]
    pub from: Date,
    /// Last day fitted to; months that end after it are held out.
    #[schemars(with = "String", extend("format" = "date", "unit" = "date"))]
    pub to: Date,
    /// Degrees of freedom of the errors, above 2: Student's t around the simulated figures, with the standard deviations of the targets.
    /// Normal unless given. Few, such as 4, where some months are off by far more than others: those then say less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 1000.0), extend("unit" = "number"))]
    pub error_degrees_of_freedom: Option<f64>,
    /// First day of the months whose errors say how large and how lasting those of months to come are; `from` unless given. Later, where
    /// what the first months were off by says nothing of the others: one size of errors is learned, so that a bad beginning would
    /// widen every forecast. All months are fitted to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date", "unit" = "date"))]
    pub errors_from: Option<Date>,
    /// The numbers fitted, by a name of your own.
    #[serde(default)]
    pub parameters: BTreeMap<String, ParameterTable>,
    /// The published figures fitted to, by column of the published table.
    #[serde(default)]
    #[schemars(extend("keys" = Names::TargetColumn))]
    pub targets: BTreeMap<String, TargetTable>,
}

/// One fitted number: the keys that take it, and what was thought of it before the data.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ParameterTable {
    /// Full key paths; all of them get the same value. An empty list moves nothing: so a resolved scenario has it where what was named does nothing in the run.
    pub keys: Vec<String>,
    /// Name of another parameter: the value is that one's times, or plus, the number drawn here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
    /// How the value follows the other one; `"ratio"` unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<By>,
    /// Family of the prior distribution.
    pub distribution: Shape,
    /// In what a uniform range is even.
    pub transform: Transform,
    /// Least value; `uniform` and `triangular` need it, the others are cut off there. \[unit of the keys\]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("unit" = "unit of the keys"))]
    pub low: Option<f64>,
    /// Likeliest value; `triangular` only. \[unit of the keys\]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("unit" = "unit of the keys"))]
    pub mode: Option<f64>,
    /// Mean before the ends are cut off; `normal` only. \[unit of the keys\]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("unit" = "unit of the keys"))]
    pub mean: Option<f64>,
    /// Standard deviation before the ends are cut off, above 0; `normal` only. \[unit of the keys\]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("unit" = "unit of the keys", "exclusiveMinimum" = 0))]
    pub sd: Option<f64>,
    /// Median before the ends are cut off; `lognormal` only. \[unit of the keys\]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("unit" = "unit of the keys"))]
    pub median: Option<f64>,
    /// Factor of one standard deviation, above 1; `lognormal` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("unit" = "ratio", "exclusiveMinimum" = 1))]
    pub spread: Option<f64>,
    /// Greatest value; `uniform` and `triangular` need it, the others are cut off there. \[unit of the keys\]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("unit" = "unit of the keys"))]
    pub high: Option<f64>,
    /// What the number means, in one line.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub meaning: String,
    /// Where the prior comes from, or `"assumed"`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
}

impl ParameterTable {
    /// The prior as `[futures]` would write it.
    pub(crate) fn prior(&self) -> Uncertain {
        Uncertain {
            distribution: self.distribution,
            low: self.low,
            mode: self.mode,
            mean: self.mean,
            sd: self.sd,
            median: self.median,
            spread: self.spread,
            high: self.high,
            source: self.source.clone(),
        }
    }
}

/// How a parameter follows another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// The other one's value times the number drawn.
    Ratio,
    /// The other one's value plus the number drawn.
    Sum,
}

/// In what a uniform range is even.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Transform {
    /// In the number itself.
    #[default]
    Identity,
    /// In its logarithm: for scales, of which half and double are as likely.
    Log,
    /// In its log odds: for shares near 0 or 1.
    Logit,
}

/// How well the model should fit a published figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetTable {
    /// Relative error that a right model may still have: standard deviation of the logarithm of observed over simulated. \[share\]
    #[schemars(range(max = 1.0), extend("unit" = "share", "exclusiveMinimum" = 0))]
    pub sd: f64,
    /// What a month counts in the likelihood; 1 is a month of its own. \[ratio\]
    #[serde(default = "one")]
    #[schemars(range(min = 0.0, max = 1000.0), extend("unit" = "ratio"))]
    pub weight: f64,
    /// Last day of its months, where it is another than that of the window: for a rough figure that belongs to a later day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", extend("format" = "date", "unit" = "date"))]
    pub to: Option<Date>,
}

const fn one() -> f64 {
    1.0
}

/// `[calibrate]`, checked: the prior, the figures fitted to and their months.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// First day fitted to.
    pub from: Date,
    /// Last day fitted to.
    pub to: Date,
    /// Shape of the errors of all targets.
    pub errors: ErrorLaw,
    /// First day of the months whose errors teach those of months to come.
    pub errors_from: Date,
    /// The numbers fitted, in the order of their names.
    pub parameters: Vec<Parameter>,
    /// The figures fitted to, in the order of their names.
    pub targets: Vec<Target>,
}

/// One fitted number.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// The keys that take it; none where what was named does nothing in the run of a resolved scenario.
    pub keys: Vec<FittedKey>,
    /// What was thought of it, or of the number drawn where it follows another, before the data.
    pub prior: Distribution,
    /// The parameter that it follows, by its place in the list, and how.
    pub follows: Option<(usize, By)>,
    /// What it means; empty when the file does not say.
    pub meaning: String,
    /// Where the prior comes from; empty when the file does not say.
    pub source: String,
}

/// A key that takes a fitted number.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedKey {
    /// Full key path.
    pub path: String,
    /// Least value allowed; infinite where there is none.
    pub least: f64,
    /// Greatest value allowed; infinite where there is none.
    pub most: f64,
    /// Whether it takes whole numbers only.
    pub is_whole: bool,
}

impl FittedKey {
    /// A value of the key as TOML; whole keys get a whole one.
    #[must_use]
    pub fn written(&self, value: f64) -> String {
        number::written(value, self.is_whole)
    }
}

/// A published figure that is fitted to.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Column of the published table: a metric, or metric and group id joined by `_`.
    pub column: String,
    /// Standard deviation of ln(observed / simulated) that a right model may still have.
    pub sd: f64,
    /// What a month counts in the likelihood.
    pub weight: f64,
    /// Last day of its months, where it is another than that of the window.
    pub to: Option<Date>,
}

/// The months that lie wholly between two days, both included.
pub(crate) fn whole_months(from: Date, to: Date) -> impl Iterator<Item = Month> {
    std::iter::successors(Some(Month::of(from)), |month| month.next())
        .take_while(move |month| month.last_day() <= to)
        .filter(move |month| month.first_day() >= from)
}

impl Calibration {
    /// The value of each parameter, in their order, where the coordinates are `z`: standard normal numbers before the data.
    ///
    /// A coordinate becomes the quantile of the prior at the probability of `z` or less; a parameter that follows another is that one's
    /// value times or plus its own number. Values stay where every key of the parameter allows them. The same bits on every platform.
    #[must_use]
    pub fn numbers(&self, z: &[f64]) -> Vec<f64> {
        (0..self.parameters.len())
            .map(|place| self.number(place, z))
            .collect()
    }

    fn number(&self, place: usize, z: &[f64]) -> f64 {
        let parameter = &self.parameters[place];
        let drawn = parameter.prior.at(z[place]);
        let value = match parameter.follows {
            None => drawn,
            Some((other, By::Ratio)) => self.number(other, z) * drawn,
            Some((other, By::Sum)) => self.number(other, z) + drawn,
        };
        (parameter.keys.iter()).fold(value, |value, key| value.max(key.least).min(key.most))
    }

    /// The values of the scenario at some coordinates, in the order of the parameters and of their keys.
    #[must_use]
    pub fn values(&self, z: &[f64]) -> Vec<Override> {
        (self.parameters.iter().zip(self.numbers(z)))
            .flat_map(|(parameter, value)| parameter.keys.iter().map(move |key| (key, value)))
            .map(|(key, value)| Override::new(&key.path, key.written(value)))
            .collect()
    }

    /// The months of the window, wholly between `from` and `to`.
    #[must_use]
    pub fn months(&self) -> Vec<Month> {
        whole_months(self.from, self.to).collect()
    }

    /// The months in which a target is fitted to.
    #[must_use]
    pub fn months_of(&self, target: &Target) -> Vec<Month> {
        whole_months(self.from, target.to.unwrap_or(self.to)).collect()
    }

    /// What makes the window end with an earlier month. Nothing later is fitted to then, not even by a target with an end of its own.
    #[must_use]
    pub fn ending(&self, month: Month) -> Vec<Override> {
        let to = month.last_day();
        let later = self.targets.iter().filter(|target| target.to > Some(to));
        let of_targets = later.map(|target| format!("calibrate.targets.{}.to", target.column));
        let keys = std::iter::once("calibrate.to".to_owned()).chain(of_targets);
        keys.map(|key| Override::new(key, to.to_string())).collect()
    }

    /// The first parameter that another calibration lacks or has otherwise; what the numbers mean and come from does not matter, nor that one
    /// of the two lacks keys that do nothing in its run.
    #[must_use]
    pub fn differs_in<'a>(&'a self, other: &'a Self) -> Option<&'a str> {
        let is_part = |one: &[FittedKey], of: &[FittedKey]| one.iter().all(|key| of.contains(key));
        let has = |all: &Self, one: &Parameter, of: &Self| {
            let leader = |of: &Self, it: &Parameter| {
                (it.follows).map(|(place, by)| (of.parameters[place].name.clone(), by))
            };
            let mut same = all.parameters.iter();
            same.any(|it| {
                (&it.name, it.prior) == (&one.name, one.prior)
                    && (is_part(&it.keys, &one.keys) || is_part(&one.keys, &it.keys))
                    && leader(all, it) == leader(of, one)
            })
        };
        let ours = self.parameters.iter().filter(|one| !has(other, one, self));
        let theirs = other.parameters.iter().filter(|one| !has(self, one, other));
        ours.chain(theirs).map(|one| one.name.as_str()).next()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn parameter(name: &str, prior: Distribution, follows: Option<(usize, By)>) -> Parameter {
        Parameter {
            name: name.to_owned(),
            keys: vec![FittedKey {
                path: format!("world.{name}"),
                least: 0.0,
                most: 10.0,
                is_whole: false,
            }],
            prior,
            follows,
            meaning: String::new(),
            source: String::new(),
        }
    }

    fn example() -> Calibration {
        let level = Distribution::Uniform {
            low: 2.0,
            high: 4.0,
        };
        let step = Distribution::Lognormal {
            median: 2.0,
            spread: 2.0,
            low: 0.0,
            high: f64::INFINITY,
        };
        Calibration {
            from: date(2023, 1, 15),
            to: date(2023, 4, 30),
            errors: ErrorLaw::NORMAL,
            errors_from: date(2023, 1, 15),
            parameters: vec![
                parameter("after", step, Some((1, By::Ratio))),
                parameter("before", level, None),
                parameter("other", level, Some((1, By::Sum))),
            ],
            targets: Vec::new(),
        }
    }

    #[test]
    fn a_parameter_follows_another_and_stays_where_its_keys_allow() {
        let calibration = example();
        assert_eq!(calibration.numbers(&[0.0, 0.0, 0.0]), [6.0, 3.0, 6.0]);
        let far = calibration.numbers(&[1.0, 0.0, 0.0]);
        assert!((far[0] - 10.0).abs() < 1e-12, "{far:?}");
        let values = calibration.values(&[0.0, 0.0, 0.0]);
        assert_eq!(values[1], Override::new("world.before", "3"));
    }

    #[test]
    fn only_whole_months_are_fitted_to() {
        let months = [2, 3, 4].map(|month| Month::new(2023, month));
        assert_eq!(example().months(), months);
        let to = date(2023, 4, 29);
        assert_eq!(Calibration { to, ..example() }.months(), months[..2]);
    }

    #[test]
    fn calibrations_differ_in_a_parameter_that_one_lacks_or_has_otherwise() {
        let one = example();
        let mut other = example();
        other.to = date(2023, 3, 31);
        other.parameters[0].source = "a report".to_owned();
        assert_eq!(one.differs_in(&other), None);
        other.parameters[0].follows = Some((1, By::Sum));
        assert_eq!(one.differs_in(&other), Some("after"));
        other = example();
        other.parameters.pop();
        assert_eq!(other.differs_in(&one), Some("other"));
    }
}
