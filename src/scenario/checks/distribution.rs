//! What must hold of a distribution in `[futures]` and `[calibrate]`.

use crate::scenario::diagnostics::Problems;
use crate::scenario::futures::{Shape, Uncertain};
use crate::scenario::key_path::KeyPath;
use crate::scenario::node::Node;
use crate::scenario::schema::rule::{Kind, Rule};
use crate::scenario::tables::distribution::Distribution;

/// The range that a number must lie in.
pub(crate) struct Limits {
    /// The key, or the parameter, that has them.
    pub(crate) name: String,
    pub(crate) least: Option<f64>,
    pub(crate) most: Option<f64>,
    /// The same in words.
    pub(crate) allowed: String,
    pub(crate) is_whole: bool,
}

impl Limits {
    pub(crate) fn of(key: &str, rule: Rule) -> Self {
        let (least, most) = rule.bounds();
        Self {
            name: key.to_owned(),
            least,
            most,
            allowed: rule.number().allowed(),
            is_whole: rule.kind() == Kind::Whole,
        }
    }
}

/// Reports what is wrong with one distribution.
pub(crate) struct Checker<'a> {
    /// The table that it is written in.
    pub(crate) at: &'a KeyPath,
    pub(crate) limits: &'a Limits,
    pub(crate) uncertain: &'a Uncertain,
    pub(crate) document: &'a Node,
    pub(crate) problems: &'a mut Problems,
}

impl Checker<'_> {
    /// Reports a mistake at a key of the table, or at the table; there is no distribution then.
    fn report<T>(&mut self, key: &str, message: String, help: &str) -> Option<T> {
        let at = match key {
            "" => self.at.clone(),
            key => self.at.child(key),
        };
        self.problems.report(self.document, &at, message, help);
        None
    }

    /// The distribution; `None` where something is wrong, which is reported.
    pub(crate) fn distribution(&mut self) -> Option<Distribution> {
        if self.problems.is_known(&self.at.child("distribution")) {
            // What its numbers are, nobody can say.
            return None;
        }
        self.keys_fit()?;
        self.inside_limits()?;
        let (low, high) = self.ends()?;
        self.shaped(self.uncertain.distribution, low, high)
    }

    /// The numbers that a distribution may be told by.
    fn numbers(&self) -> [(&'static str, Option<f64>); 7] {
        let uncertain = self.uncertain;
        [
            ("low", uncertain.low),
            ("mode", uncertain.mode),
            ("mean", uncertain.mean),
            ("sd", uncertain.sd),
            ("median", uncertain.median),
            ("spread", uncertain.spread),
            ("high", uncertain.high),
        ]
    }

    /// Whether the distribution has the numbers that it needs, and none that says nothing of it.
    fn keys_fit(&mut self) -> Option<()> {
        let shape = self.uncertain.distribution;
        let (needed, allowed) = takes(shape);
        let name = shape.name();
        let help = format!("`{name}` takes {}", listed(needed, allowed));
        for (key, number) in self.numbers() {
            if number.is_some() && !needed.contains(&key) && !allowed.contains(&key) {
                let message = format!("`{key}` says nothing of a {name} distribution");
                return self.report(key, message, &help);
            }
        }
        let is_missing =
            |(key, number): &(&str, Option<f64>)| number.is_none() && needed.contains(key);
        if let Some((key, _)) = self.numbers().iter().find(|it| is_missing(it)) {
            let message = format!(
                "the {name} distribution of `{}` has no `{key}`",
                self.limits.name
            );
            return self.report("", message, &help);
        }
        Some(())
    }

    /// Whether the numbers that are values of the key are such as it may have.
    fn inside_limits(&mut self) -> Option<()> {
        let limits = self.limits;
        let is_beyond = |number: f64| {
            limits.least.is_some_and(|least| number < least)
                || limits.most.is_some_and(|most| number > most)
        };
        for (key, number) in self.numbers() {
            let is_value = key != "sd" && key != "spread";
            if let Some(number) = number.filter(|&number| is_value && is_beyond(number)) {
                let message = format!("`{key}` is {number}, beyond what `{}` may be", limits.name);
                let help = format!("the key is {}", limits.allowed);
                return self.report(key, message, &help);
            }
        }
        Some(())
    }

    /// The ends of the range, between which the key has a value.
    fn ends(&mut self) -> Option<(f64, f64)> {
        let (uncertain, limits) = (self.uncertain, self.limits);
        let low = (uncertain.low.or(limits.least)).unwrap_or(f64::NEG_INFINITY);
        let high = (uncertain.high.or(limits.most)).unwrap_or(f64::INFINITY);
        if low >= high {
            let message = format!("`low` is {low}, not below `high`, {high}");
            let key = if uncertain.low.is_some() {
                "low"
            } else {
                "high"
            };
            let help = if low > high && uncertain.low.is_some() && uncertain.high.is_some() {
                "exchange the two"
            } else {
                "a number that is known is set under its own key"
            };
            return self.report(key, message, help);
        }
        if limits.is_whole && low.ceil() > high.floor() {
            let message = format!("no whole number lies between {low} and {high}");
            return self.report("", message, "the key takes whole numbers only");
        }
        Some((low, high))
    }

    fn shaped(&mut self, shape: Shape, low: f64, high: f64) -> Option<Distribution> {
        let uncertain = self.uncertain;
        Some(match shape {
            Shape::Uniform => Distribution::Uniform { low, high },
            Shape::Triangular => Distribution::Triangular {
                low,
                mode: self.inside("mode", uncertain.mode?, low, high)?,
                high,
            },
            Shape::Normal => Distribution::Normal {
                mean: self.inside("mean", uncertain.mean?, low, high)?,
                sd: self.above("sd", uncertain.sd?, 0.0)?,
                low,
                high,
            },
            Shape::Lognormal => {
                let low = low.max(0.0);
                Distribution::Lognormal {
                    median: {
                        let median = self.above("median", uncertain.median?, 0.0)?;
                        self.inside("median", median, low, high)?
                    },
                    spread: self.above("spread", uncertain.spread?, 1.0)?,
                    low,
                    high,
                }
            }
        })
    }

    fn inside(&mut self, key: &str, value: f64, low: f64, high: f64) -> Option<f64> {
        if (low..=high).contains(&value) {
            return Some(value);
        }
        let message = format!("`{key}` is {value}, outside the range from {low} to {high}");
        self.report(key, message, "`low` and `high` are the ends of the range")
    }

    fn above(&mut self, key: &str, value: f64, bound: f64) -> Option<f64> {
        if value > bound {
            return Some(value);
        }
        let message = format!("`{key}` is {value}, expected a number above {bound}");
        let help = match key {
            "spread" => "the factor of one standard deviation: 1.5 is half as much again",
            _ => "a number that is known is set under its own key",
        };
        self.report(key, message, help)
    }
}

/// The keys that a distribution needs, and those that it may have.
fn takes(shape: Shape) -> (&'static [&'static str], &'static [&'static str]) {
    match shape {
        Shape::Uniform => (&["low", "high"], &[]),
        Shape::Triangular => (&["low", "mode", "high"], &[]),
        Shape::Normal => (&["mean", "sd"], &["low", "high"]),
        Shape::Lognormal => (&["median", "spread"], &["low", "high"]),
    }
}

fn listed(needed: &[&str], allowed: &[&str]) -> String {
    let quoted = |keys: &[&str]| {
        let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
        keys.join(", ")
    };
    match allowed {
        [] => quoted(needed),
        _ => format!("{}, and may have {}", quoted(needed), quoted(allowed)),
    }
}
