//! What must hold of `[futures]`.

use serde_json::Value as Json;

use super::diagnostics::Problems;
use super::distribution::Distribution;
use super::file::ScenarioFile;
use super::futures::{Future, Futures, Shape, Uncertain};
use super::ids::Ids;
use super::key_path::KeyPath;
use super::node::Node;
use super::rule::{Kind, Rule};
use super::unknown::{self, Wrong};

/// The futures of a file; what is wrong with them is reported, and what is doubtful is warned of.
pub(crate) fn check(file: &ScenarioFile, document: &Node, problems: &mut Problems) -> Futures {
    let ids = Ids::of(document);
    let values = serde_json::to_value(file).unwrap_or(Json::Null);
    let futures = (file.futures.iter()).filter_map(|(key, uncertain)| {
        let path = KeyPath::parse(key);
        // Keys that cannot be uncertain were reported with the other keys.
        let rule = rule_of(key, &ids).ok()?;
        let mut checker = Checker {
            key,
            path: &path,
            at: KeyPath::parse("futures").child(key),
            rule,
            uncertain,
            document,
            problems,
        };
        let distribution = checker.distribution()?;
        checker.nominal(&values, distribution)?;
        checker.doubts();
        Some(Future {
            key: key.clone(),
            distribution,
            is_whole: rule.kind() == Kind::Whole,
            source: uncertain.source.clone(),
        })
    });
    Futures::new(futures.collect())
}

/// The rule for a key that may be uncertain: a number of the world or of policy that can vary alone.
pub(crate) fn rule_of(key: &str, ids: &Ids) -> Result<Rule, Wrong> {
    let path = KeyPath::parse(key);
    let rule = unknown::rule_of(&path, ids)?;
    let (message, help) = match path.keys() {
        [table, ..] if matches!(table.as_str(), "run" | "format" | "futures") => (
            format!("`{key}` is no input that could be uncertain"),
            "uncertain are numbers of [world] and [policy], of events and of triggers",
        ),
        _ if !matches!(rule.kind(), Kind::Number | Kind::Whole | Kind::Limit) => (
            format!("`{key}` is not a number, but {}", rule.allowed()),
            "uncertain keys are numbers: name one inside it",
        ),
        _ if is_part_of_one(&path) => (
            format!("`{key}` is one of several shares that sum to 1"),
            "such a share cannot vary alone",
        ),
        _ => return Ok(rule),
    };
    Err((message, Some(help.to_owned())))
}

/// Whether a key is a share that sums to 1 with others.
fn is_part_of_one(path: &KeyPath) -> bool {
    let keys: Vec<&str> = path.keys().iter().map(String::as_str).collect();
    match keys.as_slice() {
        ["world", "groups", _, "entry", _] | ["world", "app", "regularity", _, "share"] => true,
        ["policy", lever @ ..] | ["event" | "trigger", _, "set", lever @ ..] => matches!(
            lever,
            ["port_outcome", _] | ["crossing", "outcome", _] | ["crossing", "group_outcome", _, _]
        ),
        _ => false,
    }
}

struct Checker<'a> {
    key: &'a str,
    path: &'a KeyPath,
    at: KeyPath,
    rule: Rule,
    uncertain: &'a Uncertain,
    document: &'a Node,
    problems: &'a mut Problems,
}

impl Checker<'_> {
    fn report<T>(&mut self, key: &str, message: String, help: &str) -> Option<T> {
        let at = match key {
            "" => self.at.clone(),
            key => self.at.child(key),
        };
        self.problems.report(self.document, &at, message, help);
        None
    }

    fn distribution(&mut self) -> Option<Distribution> {
        let uncertain = self.uncertain;
        let shape = uncertain.distribution;
        let numbers = [
            ("low", uncertain.low),
            ("mode", uncertain.mode),
            ("mean", uncertain.mean),
            ("sd", uncertain.sd),
            ("median", uncertain.median),
            ("spread", uncertain.spread),
            ("high", uncertain.high),
        ];
        let (needed, allowed) = takes(shape);
        let name = shape.name();
        for (key, _) in numbers.iter().filter(|(_, number)| number.is_some()) {
            if !needed.contains(key) && !allowed.contains(key) {
                let help = format!("`{name}` takes {}", listed(needed, allowed));
                let message = format!("`{key}` says nothing of a {name} distribution");
                return self.report(key, message, &help);
            }
        }
        let missing =
            (numbers.iter()).find(|(key, number)| number.is_none() && needed.contains(key));
        if let Some((key, _)) = missing {
            let message = format!("the {name} distribution of `{}` has no `{key}`", self.key);
            let help = format!("`{name}` takes {}", listed(needed, allowed));
            return self.report("", message, &help);
        }
        let (least, most) = self.rule.bounds();
        for (key, number) in numbers {
            let is_value = key != "sd" && key != "spread";
            if let Some(number) = number.filter(|_| is_value)
                && (least.is_some_and(|least| number < least)
                    || most.is_some_and(|most| number > most))
            {
                let message = format!("`{key}` is {number}, beyond what `{}` may be", self.key);
                let help = format!("the key is {}", self.rule.number().allowed());
                return self.report(key, message, &help);
            }
        }
        let low = (uncertain.low.or(least)).unwrap_or(f64::NEG_INFINITY);
        let high = (uncertain.high.or(most)).unwrap_or(f64::INFINITY);
        if low >= high {
            let message = format!("`low` is {low}, not below `high`, {high}");
            let key = if uncertain.low.is_some() {
                "low"
            } else {
                "high"
            };
            return self.report(
                key,
                message,
                "a number that is known is set under its own key",
            );
        }
        if self.rule.kind() == Kind::Whole && low.ceil() > high.floor() {
            let message = format!("no whole number lies between {low} and {high}");
            return self.report("", message, "the key takes whole numbers only");
        }
        self.shaped(shape, low, high)
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

    /// The value that a plain run takes must exist, and should be in the range.
    fn nominal(&mut self, values: &Json, distribution: Distribution) -> Option<()> {
        let written = self.document.get(self.path).map(Node::to_json);
        let by_default = || {
            (self.path.keys().iter()).try_fold(values.clone(), |value, key| value.get(key).cloned())
        };
        let Some(nominal) = written.or_else(by_default).filter(|value| !value.is_null()) else {
            let message = format!(
                "`{}` is not set: it has no value to be uncertain of",
                self.key
            );
            return self.report("", message, "set the key itself to what a plain run takes");
        };
        let (low, high) = distribution.ends();
        if !nominal
            .as_f64()
            .is_some_and(|value| (low..=high).contains(&value))
        {
            let message = format!(
                "`{}` is {nominal}, outside its range from {low} to {high}",
                self.key
            );
            let help = "a plain run takes the value of the key itself: widen the range, or set the key inside it";
            self.problems.warn(self.document, &self.at, &message, help);
        }
        Some(())
    }

    fn doubts(&mut self) {
        if self.uncertain.source.is_empty() {
            let message = format!("the range of `{}` has no source", self.key);
            let help = "say where it comes from: `source = \"…\"`, or `source = \"assumed\"`";
            self.problems.warn(self.document, &self.at, &message, help);
        }
        if let [table, part, ..] = self.path.keys()
            && table == "policy"
            && matches!(part.as_str(), "app" | "ports" | "walk_up")
        {
            let message = format!(
                "`{}` is decided by policy: it is a choice, not uncertain",
                self.key
            );
            let help = "compare its values as variants or in a sweep";
            self.problems.warn(self.document, &self.at, &message, help);
        }
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
