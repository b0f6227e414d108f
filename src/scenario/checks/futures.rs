//! What must hold of `[futures]`.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::distribution::{self, Limits};
use super::ids::Ids;
use super::inputs::Input;
use super::taken_away::TakenAway;
use crate::scenario::diagnostics::Problems;
use crate::scenario::file::ScenarioFile;
use crate::scenario::futures::{Uncertain, UncertainNumber, UncertainNumbers};
use crate::scenario::key_path::KeyPath;
use crate::scenario::node::{Node, Table};
use crate::scenario::schema::rule::{Kind, Rule};
use crate::scenario::tables::distribution::Distribution;

/// The futures of a file; what is wrong with them is reported, and what is doubtful is warned of.
pub(crate) fn check(
    file: &ScenarioFile,
    document: &Node,
    problems: &mut Problems,
) -> UncertainNumbers {
    report_taken_away(document, problems);
    let ids = Ids::of(document);
    let values = serde_json::to_value(file).unwrap_or(Json::Null);
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    let futures = (file.futures.iter()).filter_map(|(key, uncertain)| {
        let path = KeyPath::parse(key);
        // Keys that cannot be uncertain were reported with the other keys.
        let rule = Input::Uncertain.rule_of(key, &ids).ok()?;
        let at = KeyPath::parse("futures").child(key);
        if let Some(other) = taken.insert(document.canonical(&path).to_string(), key) {
            let message = format!("`{other}` and `{key}` are one key under two names");
            problems.report(document, &at, message, "give it once");
            return None;
        }
        let mut checker = Checker {
            key,
            path: &path,
            at,
            rule,
            uncertain,
            document,
            problems,
        };
        let distribution = checker.distribution()?;
        checker.nominal(&values, distribution)?;
        checker.doubts();
        Some(UncertainNumber {
            key: key.clone(),
            distribution,
            is_whole: rule.kind() == Kind::Whole,
            source: uncertain.source.clone(),
        })
    });
    UncertainNumbers::new(futures.collect())
}

/// Reports, where it is done, that something with uncertain numbers in it is taken out or replaced: once, for all of them.
fn report_taken_away(document: &Node, problems: &mut Problems) {
    let futures = document.get(&KeyPath::parse("futures"));
    let entries = futures.and_then(Node::as_table).into_iter();
    let keys: Vec<&String> = entries
        .flat_map(|Table(entries)| entries.iter().map(|entry| &entry.key))
        .collect();
    for key in &keys {
        let Some(taken) = TakenAway::with(document, &KeyPath::parse(key)) else {
            continue;
        };
        let went = keys.iter().filter(|key| taken.took(document, key));
        let went: Vec<&str> = went.map(|key| key.as_str()).collect();
        let who_has = format!(
            "[futures] has ranges of what was in it: `{}`",
            went.join("`, `")
        );
        let otherwise = format!("keep what is uncertain, such as `{key}`");
        problems.add_unless_known(taken.problem(&who_has, "uncertain", otherwise));
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
    fn distribution(&mut self) -> Option<Distribution> {
        distribution::Checker {
            at: &self.at,
            limits: &Limits::of(self.key, self.rule),
            uncertain: self.uncertain,
            document: self.document,
            problems: self.problems,
        }
        .distribution()
    }

    /// The value that a plain run takes must exist, and should be in the range.
    fn nominal(&mut self, values: &Json, distribution: Distribution) -> Option<()> {
        if self.problems.is_known(self.path) {
            return None;
        }
        let written = self.document.get(self.path).map(Node::to_json);
        let by_default = || {
            (self.path.keys().iter()).try_fold(values.clone(), |value, key| value.get(key).cloned())
        };
        let Some(nominal) = written.or_else(by_default).filter(|value| !value.is_null()) else {
            let message = format!(
                "`{}` is not set: it has no value to be uncertain of",
                self.key
            );
            let help = "set the key itself to what a plain run takes";
            self.problems.report(self.document, &self.at, message, help);
            return None;
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
        if let ["policy", "app" | "ports" | "walk_up", ..] = self.path.words().as_slice() {
            let message = format!(
                "`{}` is decided by policy: it is a choice, not uncertain",
                self.key
            );
            let help = "compare its values as variants or in a sweep";
            self.problems.warn(self.document, &self.at, &message, help);
        }
    }
}
