//! What must hold of `[calibrate]`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value as Json;

use super::distribution::{self, Limits};
use super::ids::Ids;
use super::inputs::Input;
use super::taken_away::TakenAway;
use super::unknown;
use crate::scenario::calibrate::{
    By, CalibrateTable, Calibration, FittedKey, Parameter, ParameterTable, Target, TargetTable,
    Transform, whole_months,
};
use crate::scenario::diagnostics::Problems;
use crate::scenario::file::ScenarioFile;
use crate::scenario::futures::Shape;
use crate::scenario::key_path::KeyPath;
use crate::scenario::node::Node;
use crate::scenario::schema::rule::Kind;
use crate::scenario::tables::distribution::Distribution;
use crate::stats::ErrorLaw;

/// Where a parameter is described.
pub(crate) fn path_of(parameter: &str) -> KeyPath {
    KeyPath::parse("calibrate.parameters").child(parameter)
}

const WHOLE_MONTHS: &str = "months are fitted to that lie wholly between the two days";

/// Whether no whole month lies between two days, both included.
fn has_no_month(from: Date, to: Date) -> bool {
    whole_months(from, to).next().is_none()
}

/// The calibration of a file; what is wrong with it is reported, and what is doubtful is warned of.
pub(crate) fn check(
    file: &ScenarioFile,
    document: &Node,
    problems: &mut Problems,
) -> Option<Calibration> {
    let table = file.calibrate.as_ref()?;
    let mut checker = Checker {
        table,
        ids: Ids::of(document),
        values: serde_json::to_value(file).unwrap_or(Json::Null),
        document,
        problems,
        taken: BTreeMap::new(),
    };
    checker.window();
    checker.chains();
    let errors = checker.errors();
    let parameters = (table.parameters.iter())
        .filter_map(|(name, parameter)| checker.parameter(name, parameter))
        .collect();
    let targets = (table.targets.iter())
        .map(|(column, target)| checker.target(column, target))
        .collect();
    Some(Calibration {
        from: table.from,
        to: table.to,
        errors,
        errors_from: table.errors_from.unwrap_or(table.from),
        parameters,
        targets,
    })
}

struct Checker<'a> {
    table: &'a CalibrateTable,
    ids: Ids,
    /// The file with its defaults.
    values: Json,
    document: &'a Node,
    problems: &'a mut Problems,
    /// The parameter that each key takes.
    taken: BTreeMap<String, String>,
}

impl Checker<'_> {
    fn report(&mut self, at: &KeyPath, message: String, help: impl Into<String>) {
        self.problems.report(self.document, at, message, help);
    }

    fn window(&mut self) {
        let (from, to) = (self.table.from, self.table.to);
        if from > to {
            let message = format!("`from` is {from}, after `to`, {to}");
            let at = KeyPath::parse("calibrate.from");
            self.report(&at, message, "the window is fitted from its first day on");
        } else if has_no_month(from, to) {
            let message = format!("no whole month lies between `from`, {from}, and `to`, {to}");
            let at = KeyPath::parse("calibrate.to");
            self.report(&at, message, WHOLE_MONTHS);
        }
        if let Some(errors_from) = self.table.errors_from.filter(|&first| first > to) {
            let message = format!(
                "`errors_from` is {errors_from}, after `to`, {to}: no month fitted to teaches how far off later ones may be"
            );
            let at = KeyPath::parse("calibrate.errors_from");
            let help = "forecasts then have the errors that the targets state";
            self.problems.warn(self.document, &at, &message, help);
        }
    }

    fn target(&mut self, column: &str, table: &TargetTable) -> Target {
        let at = KeyPath::parse("calibrate.targets").child(column);
        if table.sd <= 0.0 {
            let message = format!("`sd` is {}, expected a number above 0", table.sd);
            let help = "no model is right to the person: 0.05 is an error of some 5%";
            self.report(&at.child("sd"), message, help);
        }
        let from = self.table.from;
        if let Some(to) = table.to.filter(|&to| has_no_month(from, to)) {
            let (message, help) = if to < from {
                let message = format!("`to` is {to}, before the window begins on {from}");
                let help = "a target is fitted to from the first day of the window to its own `to`";
                (message, help)
            } else {
                let message = format!(
                    "no whole month lies between {from}, on which the window begins, and `to`, {to}"
                );
                (message, WHOLE_MONTHS)
            };
            self.report(&at.child("to"), message, help);
        }
        Target {
            column: column.to_owned(),
            sd: table.sd,
            weight: table.weight,
            to: table.to,
        }
    }

    fn errors(&mut self) -> ErrorLaw {
        let Some(degrees) = self.table.error_degrees_of_freedom else {
            return ErrorLaw::NORMAL;
        };
        ErrorLaw::student(degrees).unwrap_or_else(|| {
            let at = KeyPath::parse("calibrate.error_degrees_of_freedom");
            let message = format!(
                "`error_degrees_of_freedom` is {degrees}, expected a number above 2"
            );
            let help = "at and below 2 errors have no standard deviation; 4 gives heavy tails, and without the key errors are normal";
            self.report(&at, message, help);
            ErrorLaw::NORMAL
        })
    }

    /// Every parameter that is followed must exist, and none may follow itself.
    fn chains(&mut self) {
        let parameters = &self.table.parameters;
        for (name, parameter) in parameters {
            let at = path_of(name).child("follows");
            let Some(follows) = &parameter.follows else {
                continue;
            };
            if !parameters.contains_key(follows) {
                let others: Vec<String> = (parameters.keys())
                    .filter(|other| *other != name)
                    .cloned()
                    .collect();
                let (message, help) = unknown::id("parameter", follows, &others);
                self.report(&at, message, help.unwrap_or_default());
                continue;
            }
            let mut chain = vec![name.as_str()];
            let mut next = Some(follows.as_str());
            while let Some(other) = next.filter(|_| chain.len() <= parameters.len()) {
                chain.push(other);
                if other == name {
                    let message = format!("a parameter follows itself: {}", chain.join(" -> "));
                    self.report(&at, message, "let one of them stand for itself");
                    break;
                }
                next = (parameters.get(other)).and_then(|other| other.follows.as_deref());
            }
        }
    }

    fn parameter(&mut self, name: &str, table: &ParameterTable) -> Option<Parameter> {
        let at = path_of(name);
        if table.keys.is_empty() {
            let message = format!("the parameter `{name}` has no `keys`");
            let help = "name the keys that take its value: `keys = [\"world.…\"]`";
            // A resolved scenario says that there are none where they did nothing.
            if self.document.get(&at.child("keys")).is_none() {
                let (message, help) = if self.replaces_keys(&at) {
                    let message = format!(
                        "{message}: it replaces the inherited one as a whole, not key by key"
                    );
                    let help = "repeat its `keys`, and whatever else is to stay as it was";
                    (message, help)
                } else {
                    (message, help)
                };
                self.report(&at, message, help);
                return None;
            }
            let message = format!("{message}: it moves nothing");
            self.problems.warn(self.document, &at, &message, help);
        }
        if table.by.is_some() && table.follows.is_none() {
            let message = "`by` says how a parameter follows another, and this one follows none";
            let help = "name the other one: `follows = \"…\"`";
            self.report(&at.child("by"), message.to_owned(), help);
        }
        let keys = (table.keys.iter().enumerate())
            .filter_map(|(place, key)| self.key(name, place, key))
            .collect::<Vec<_>>();
        let prior = self.prior(name, table)?;
        if keys.len() < table.keys.len() {
            return None;
        }
        if table.source.is_empty() {
            let message = format!("the prior of `{name}` has no source");
            let help = "say where it comes from: `source = \"…\"`, or `source = \"assumed\"`";
            self.problems.warn(self.document, &at, &message, help);
        }
        let by = table.by.unwrap_or(By::Ratio);
        let places: Vec<&String> = self.table.parameters.keys().collect();
        let follows = (table.follows.as_ref())
            .and_then(|other| Some((places.binary_search(&other).ok()?, by)));
        Some(Parameter {
            name: name.to_owned(),
            keys,
            prior,
            follows,
            meaning: table.meaning.clone(),
            source: table.source.clone(),
        })
    }

    /// Whether a parameter replaces one, of a file that is extended, that has keys.
    fn replaces_keys(&self, at: &KeyPath) -> bool {
        let parameter = self.document.get(at);
        let replaced = parameter.and_then(|parameter| parameter.overrode.as_deref());
        let replaced = replaced.and_then(Node::as_table);
        replaced.is_some_and(|table| table.get("keys").is_some())
    }

    /// A key must be a number of the world or of policy, be set, and take one parameter only.
    fn key(&mut self, name: &str, place: usize, key: &str) -> Option<FittedKey> {
        let at = path_of(name).child("keys").child((place + 1).to_string());
        let path = KeyPath::parse(key);
        // What only follows from a mistake in what it names, or was said of another key of that, is not said again.
        if self.problems.is_known(&path) {
            return None;
        }
        if let Some(taken) = TakenAway::with(self.document, &path) {
            self.report_taken_away(key, &taken);
            return None;
        }
        let rule = match Input::Fitted.rule_of(key, &self.ids) {
            Ok(rule) => rule,
            Err((message, help)) => {
                self.report(&at, message, help.unwrap_or_default());
                return None;
            }
        };
        let by_default = (path.keys().iter()).try_fold(&self.values, |value, key| value.get(key));
        if self.document.get(&path).is_none() && by_default.is_none_or(Json::is_null) {
            let message = format!("`{key}` is not set: there is nothing to fit");
            self.report(&at, message, "set the key itself to what a plain run takes");
            return None;
        }
        let named = self.document.canonical(&path).to_string();
        if let Some(other) = self.taken.insert(named, name.to_owned()) {
            let message = format!("`{key}` takes the value of `{other}` already");
            self.report(&at, message, "a key takes the value of one parameter");
            return None;
        }
        let (least, most) = rule.bounds();
        Some(FittedKey {
            path: key.to_owned(),
            least: least.unwrap_or(f64::NEG_INFINITY),
            most: most.unwrap_or(f64::INFINITY),
            is_whole: rule.kind() == Kind::Whole,
        })
    }

    /// Reports, where it is done, that something with fitted numbers in it is taken out or replaced: once, for all parameters.
    fn report_taken_away(&mut self, key: &str, taken: &TakenAway) {
        let went = |key: &String| taken.took(self.document, key);
        let parameters = self.table.parameters.iter();
        let fitted = parameters.filter(|(_, it)| it.keys.iter().any(went));
        let names: Vec<&str> = fitted.map(|(name, _)| name.as_str()).collect();
        let verb = if names.len() == 1 { "fits" } else { "fit" };
        let names = names.join("`, `");
        let who_has = format!("`{names}` of [calibrate] {verb} numbers that were in it");
        let otherwise =
            format!("keep what is fitted, such as `{key}`, or give the parameter other `keys`");
        let problem = taken.problem(&who_has, "fitted", otherwise);
        self.problems.add_unless_known(problem);
    }

    fn prior(&mut self, name: &str, table: &ParameterTable) -> Option<Distribution> {
        let limits = self.limits(name, table);
        let at = path_of(name);
        let prior = distribution::Checker {
            at: &at,
            limits: &limits,
            uncertain: &table.prior(),
            document: self.document,
            problems: self.problems,
        }
        .distribution()?;
        let transform = at.child("transform");
        let (low, high) = prior.ends();
        match (table.transform, table.distribution) {
            (Transform::Identity, _) => Some(prior),
            (_, Shape::Triangular | Shape::Normal | Shape::Lognormal) => {
                let name = table.distribution.name();
                let message = format!("`transform` says nothing of a {name} distribution");
                self.report(
                    &transform,
                    message,
                    "it says in what a uniform range is even",
                );
                None
            }
            (Transform::Log, Shape::Uniform) if low > 0.0 => {
                Some(Distribution::LogUniform { low, high })
            }
            (Transform::Logit, Shape::Uniform) if low > 0.0 && high < 1.0 => {
                Some(Distribution::LogitUniform { low, high })
            }
            (Transform::Log, Shape::Uniform) => {
                let message = format!("`low` is {low}, which has no logarithm");
                self.report(&at.child("low"), message, "give a number above 0");
                None
            }
            (Transform::Logit, Shape::Uniform) => {
                let message = format!("from {low} to {high} not every number has log odds");
                let help = "give `low` above 0 and `high` below 1";
                self.report(&transform, message, help);
                None
            }
        }
    }

    /// What the drawn number may be: what every key may be, or any ratio or difference where it follows another.
    fn limits(&self, name: &str, table: &ParameterTable) -> Limits {
        let any = Limits {
            name: name.to_owned(),
            least: None,
            most: None,
            allowed: "a number".to_owned(),
            is_whole: false,
        };
        if table.follows.is_some() {
            let is_ratio = table.by != Some(By::Sum);
            return Limits {
                least: is_ratio.then_some(0.0),
                allowed: "a ratio, at least 0".to_owned(),
                ..any
            };
        }
        let limits = (table.keys.iter())
            .filter_map(|key| Some(Limits::of(key, Input::Fitted.rule_of(key, &self.ids).ok()?)));
        let narrowest = limits.reduce(|one, other| {
            let narrower = |ends: [Option<f64>; 2], of: fn(f64, f64) -> f64| {
                ends.into_iter().flatten().reduce(of)
            };
            let least = narrower([one.least, other.least], f64::max);
            let most = narrower([one.most, other.most], f64::min);
            let of = if (least, most) == (one.least, one.most) {
                one
            } else {
                other
            };
            Limits { least, most, ..of }
        });
        narrowest.unwrap_or(any)
    }
}
