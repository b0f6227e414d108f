//! The values of a resolved scenario, one by one.

use serde::Serialize;
use serde_json::Value as Json;

use crate::scenario::key_path::{self, KeyPath};
use crate::scenario::loaded::Loaded;
use crate::scenario::schema::rule::{Kind, Rule};
use crate::scenario::tree::write;

/// A key that has a value. Lists and levers in `set` are values as a whole.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    pub(crate) path: KeyPath,
    pub(crate) rule: Rule,
    pub(crate) value: Json,
}

impl Leaf {
    /// The value as TOML.
    pub(crate) fn written(&self) -> String {
        write::inline(self.rule, &self.value)
    }
}

/// An event or a trigger of a resolved scenario.
#[derive(Debug, Clone)]
pub(crate) struct EventChange {
    pub(crate) path: KeyPath,
    pub(crate) rule: Rule,
    pub(crate) value: Json,
}

impl EventChange {
    pub(crate) fn has_id(&self) -> bool {
        self.value["id"].is_string()
    }

    /// The values of the change.
    pub(crate) fn leaves(&self) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        collect(&self.path, self.rule, &self.value, &mut leaves);
        leaves
    }

    /// Date, label and levers in a line.
    pub(crate) fn line(&self) -> String {
        let text = |key: &str| self.value[key].as_str().unwrap_or_default();
        let when = match self.value.get("when") {
            None => format!("{} {}", text("date"), text("label")),
            Some(_) => "while it is on".to_owned(),
        };
        let set = self.rule.child("set");
        let levers: Vec<String> = (self.value["set"].as_object().into_iter().flatten())
            .filter_map(|(lever, value)| {
                let rule = set?.child(lever)?;
                Some(format!("{lever} = {}", write::inline(rule, value)))
            })
            .collect();
        format!("{}: {}", when.trim(), levers.join(", "))
    }
}

/// Every value of a resolved scenario, events, triggers and sources excepted, in the order of the tables.
pub(crate) fn of_tables(loaded: &Loaded) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    for key in Rule::root().keys() {
        if !matches!(key, "event" | "trigger" | "sources")
            && let Some(rule) = Rule::root().child(key)
        {
            let value = &json(&loaded.file)[key];
            collect(&KeyPath::parse(key), rule, value, &mut leaves);
        }
    }
    leaves
}

/// The events that act during the run, in their order, by their place in the document.
pub(crate) fn events(loaded: &Loaded) -> Vec<EventChange> {
    let paths = loaded.fates.during().iter().cloned();
    changes("event", paths.zip(loaded.file.event.iter().map(json)))
}

/// The triggers.
pub(crate) fn triggers(loaded: &Loaded) -> Vec<EventChange> {
    let triggers = loaded.file.trigger.iter();
    let by_path = triggers.map(|trigger| {
        let path = KeyPath::parse("trigger").child(&trigger.id);
        (path, json(trigger))
    });
    changes("trigger", by_path)
}

fn changes(table: &str, by_path: impl Iterator<Item = (KeyPath, Json)>) -> Vec<EventChange> {
    let Some(list) = Rule::root().child(table) else {
        return Vec::new();
    };
    let rule = list.item();
    by_path
        .map(|(path, value)| EventChange { path, rule, value })
        .collect()
}

fn collect(path: &KeyPath, rule: Rule, value: &Json, leaves: &mut Vec<Leaf>) {
    match (rule.kind(), value) {
        (_, Json::Null) => {}
        (Kind::Table | Kind::Map, Json::Object(table)) if !is_value(path) => {
            for (key, value) in table {
                if let Some(rule) = rule.child(key) {
                    collect(&path.child(key), rule, value, leaves);
                }
            }
        }
        _ => leaves.push(Leaf {
            path: path.clone(),
            rule,
            value: value.clone(),
        }),
    }
}

/// Whether a table is one value: a lever in the `set` of a change.
fn is_value(path: &KeyPath) -> bool {
    matches!(path.words().as_slice(), [list, _, "set", _, ..] if key_path::of_changes(list))
}

fn json(value: &impl Serialize) -> Json {
    serde_json::to_value(value).unwrap_or(Json::Null)
}
