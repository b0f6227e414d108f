//! Everything that is known about one key.

use serde_json::Value as Json;

use super::rule::{self, Rule, list_around};
use crate::metric::Metric;
use crate::scenario::checks::ids::Ids;
use crate::scenario::checks::{self, elsewhere, unknown};
use crate::scenario::key_path::KeyPath;
use crate::scenario::layers::sources;
use crate::scenario::loaded::Loaded;
use crate::scenario::node::Node;
use crate::scenario::resolve::fates;
use crate::scenario::tables::calibrate::By;
use crate::scenario::tree::write;

/// What `portflow explain` says of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The full path.
    pub key: String,
    /// What it means.
    pub meaning: String,
    /// The value at the start, as TOML; `None` where it is not set and has no default.
    pub value: Option<String>,
    /// The unit.
    pub unit: Option<String>,
    /// What is allowed.
    pub allowed: String,
    /// Whether policy can change it.
    pub nature: &'static str,
    /// `FILE:LINE:COL` of the value; `None` is the default.
    pub place: Option<String>,
    /// The values that were overridden, the latest first, and their places.
    pub overrode: Vec<(String, String)>,
    /// Where the number comes from.
    pub source: Option<String>,
    /// What it may be where `[futures]` calls it uncertain: the distribution, its source, and `FILE:LINE:COL`.
    pub uncertain: Option<String>,
    /// Where `[calibrate]` fits it: the parameter, its prior, where that comes from, and `FILE:LINE:COL`.
    pub fitted: Option<String>,
    /// Events and triggers that move it.
    pub moved: Vec<Move>,
}

/// A change of a lever by an event or a trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Date and label of the event, or the trigger that must be on.
    pub when: String,
    /// The lever and its new value.
    pub change: String,
    /// `FILE:LINE:COL` of the change.
    pub place: String,
    /// Where it comes from; empty when the file does not say.
    pub source: String,
}

/// A key that `[sources]` has a source of.
#[derive(Debug, Clone)]
pub(crate) struct Sourced {
    /// The key as it is written.
    key: String,
    /// The same by the name that all keys are compared by.
    path: KeyPath,
    /// The file that it is written in.
    file: usize,
}

impl Sourced {
    /// The keys of `[sources]`.
    pub(crate) fn all(document: &Node) -> Vec<Self> {
        let sourced = sources::entries(document).map(|entry| Self {
            key: entry.key.clone(),
            path: document.canonical(&KeyPath::parse(&entry.key)),
            file: entry.key_origin.file,
        });
        sourced.collect()
    }
}

impl Loaded {
    /// Where the number at a path comes from, by the `[sources]` of the files.
    ///
    /// The source of a table speaks for the values in it that were written in the same file; that of an event before the run for what it
    /// set.
    #[must_use]
    pub fn source(&self, path: &KeyPath) -> Option<&str> {
        let sources = &self.file.sources;
        if let Some(source) = sources.get(&path.to_string()) {
            return Some(source);
        }
        let given = self.fates.given_by(path);
        if given != *path {
            return (self.source(&given)).or_else(|| self.source_of_change(&given));
        }
        let value = self.document.get(path)?;
        let path = self.document.canonical(path);
        let entry = (self.sourced.iter())
            .filter(|sourced| sourced.file == value.origin.file && path.is_within(&sourced.path))
            .max_by_key(|sourced| sourced.key.len())?;
        sources.get(&entry.key).map(String::as_str)
    }

    /// The source of a key; of a table that of its values, where it is one.
    fn source_told(&self, path: &KeyPath, node: Option<&Node>) -> Option<&str> {
        let of = |path: &KeyPath| self.source(path).or_else(|| self.source_of_change(path));
        let mut told = Vec::new();
        if let Some(node) = node {
            leaves(path, node, &mut |leaf| told.push(of(leaf)));
        }
        told.dedup();
        match told[..] {
            [] => of(path),
            [source] => source,
            _ => Some("several, by key: explain them one by one"),
        }
    }

    /// The source that an event or a trigger names, for itself and for what was written in the same file as that source.
    fn source_of_change(&self, path: &KeyPath) -> Option<&str> {
        let [table, change, ..] = path.keys() else {
            return None;
        };
        let change = KeyPath::parse(table).child(change);
        let source = self.document.get(&change.child("source"))?;
        let value = self.document.get(path)?;
        (value.origin.file == source.origin.file)
            .then(|| source.as_text())
            .flatten()
    }

    /// What is known about a key.
    ///
    /// # Errors
    /// No such key: what is wrong, and the nearest key.
    pub fn explain(&self, key: &str) -> Result<Explanation, String> {
        let path = KeyPath::given(key);
        if Metric::published()
            .chain(Metric::unpublished())
            .any(|it| it.name() == key)
        {
            let meant = elsewhere::meant(&KeyPath::default(), Rule::root(), key);
            let meant = meant.map(|meant| format!("; {meant}")).unwrap_or_default();
            return Err(format!(
                "`{key}` is a metric, which results have and scenarios do not\nhelp: `docs/results.md` explains the metrics{meant}"
            ));
        }
        let ids = Ids::of(&self.document);
        let rule = unknown::rule_of(&path, &ids).map_err(|(message, help)| match help {
            Some(help) => format!("{message}\nhelp: {help}"),
            None => message,
        })?;
        let node = self.document.get(&path);
        if node.is_none() {
            self.must_be_there(&path)?;
        }
        let given_by = self.fates.given_by(&path);
        let given = self.document.get(&given_by);
        // What an event before the run replaced whole is as it is now, or is no more.
        let written = node.filter(|_| given_by == path);
        let overridden = match node {
            Some(node) if given_by == path => node.overrode.as_deref(),
            // An event before the run overrode what the files give.
            node => node,
        };
        let value = (self.resolved(&path).or_else(|| written.map(Node::to_json)))
            .map(|value| write::inline(rule, &value));
        Ok(Explanation {
            key: key.to_owned(),
            meaning: self.meaning(&path, rule),
            value,
            unit: rule.unit().map(str::to_owned),
            allowed: rule.allowed(),
            nature: nature(&path),
            place: given.map(|node| self.files.place(&node.origin).to_string()),
            overrode: self.overridden(rule, overridden),
            source: self.source_told(&path, node).map(str::to_owned),
            uncertain: self.uncertain(key),
            fitted: self.fitted(key),
            moved: self.moved(&path),
        })
    }

    /// What a key means; of an entry of a table that explains all of them, what the table says.
    fn meaning(&self, path: &KeyPath, rule: Rule) -> String {
        let own = rule.meaning();
        if !own.is_empty() || path.keys().len() < 2 {
            return own;
        }
        let table = unknown::rule_of(&path.parent(), &Ids::of(&self.document));
        table.map_or(own, Rule::meaning)
    }

    /// Refuses a path that could be written and is not, and that has no default: an item of a list, or an entry of a table of paths.
    fn must_be_there(&self, path: &KeyPath) -> Result<(), String> {
        match path.words().as_slice() {
            ["futures", entry @ ..] if !entry.is_empty() => {
                let (key, _) = rule::range_key(entry);
                let at = KeyPath::parse("futures").child(&key);
                return match self.document.get(&at) {
                    Some(_) => Ok(()),
                    None => Err(format!("`[futures]` has no `{key}`: it is taken as known")),
                };
            }
            ["sources", key @ ..] if !key.is_empty() => {
                return Err(format!("`[sources]` has no `{}`", key.join(".")));
            }
            [list, id, "set", lever @ ..] if !lever.is_empty() => {
                let change = self.document.get(&KeyPath::parse(list).child(id));
                let moved = change.map(Node::levers).unwrap_or_default();
                let moved: Vec<&str> = moved.iter().map(|it| it.key.as_str()).collect();
                return Err(format!(
                    "`{list}.{id}` does not move `{}`\nhelp: it moves `{}`",
                    lever.join("."),
                    moved.join("`, `")
                ));
            }
            _ => {}
        }
        let root = serde_json::to_value(&self.file).unwrap_or_default();
        let (mut value, mut at) = (&root, KeyPath::default());
        for key in path.keys() {
            let below = match value {
                Json::Array(items) => {
                    Some(item(items, key).ok_or_else(|| no_item(&at, items, key))?)
                }
                value => value.get(key),
            };
            let Some(below) = below else {
                return Ok(());
            };
            (value, at) = (below, at.child(key));
        }
        Ok(())
    }

    fn uncertain(&self, key: &str) -> Option<String> {
        let key = KeyPath::given(key).to_string();
        let future = (self.futures.as_slice().iter()).find(|future| future.key == key)?;
        let path = KeyPath::parse("futures").child(&key);
        let place = self.files.place(&self.document.place_of(&path)).to_string();
        let source = or_none(&future.source);
        Some(format!("{} ({source}) at {place}", future.distribution))
    }

    fn fitted(&self, key: &str) -> Option<String> {
        let parameter = self.parameter_of(&KeyPath::given(key).to_string())?;
        let parameters = &self.calibration.as_ref()?.parameters;
        let at = checks::calibrate::path_of(&parameter.name);
        let place = self.files.place(&self.document.place_of(&at)).to_string();
        let follows = parameter.follows.map(|(other, by)| {
            let by = match by {
                By::Ratio => "times",
                By::Sum => "plus",
            };
            format!("`{}` {by} ", parameters[other].name)
        });
        Some(format!(
            "as `{}`, prior {}{} ({}) at {place}",
            parameter.name,
            follows.unwrap_or_default(),
            parameter.prior,
            or_none(&parameter.source)
        ))
    }

    /// The value of a key in the resolved file, defaults included; data files are named as they are written.
    fn resolved(&self, path: &KeyPath) -> Option<Json> {
        let file = self.with_data_files(|named| Some(named.as_text()?.to_owned()));
        let root = serde_json::to_value(file).ok()?;
        let value = (path.keys().iter()).try_fold(&root, |value, key| match value {
            Json::Array(items) => item(items, key),
            value => value.get(key),
        })?;
        Some(value.clone()).filter(|value| !value.is_null())
    }

    /// A value that was overridden and those that it overrode, with their places.
    fn overridden(&self, rule: Rule, mut older: Option<&Node>) -> Vec<(String, String)> {
        let mut found = Vec::new();
        while let Some(node) = older {
            let place = self.files.place(&node.origin).to_string();
            found.push((write::inline(rule, &node.to_json()), place));
            older = node.overrode.as_deref();
        }
        found
    }

    /// Events in order of date, then triggers, that move a lever, a part of it, or the table that holds it.
    fn moved(&self, path: &KeyPath) -> Vec<Move> {
        let mut moved = Vec::new();
        for table in ["event", "trigger"] {
            let list = self.document.get(&KeyPath::parse(table));
            let items = list.map(Node::items).unwrap_or_default();
            let mut changes: Vec<(usize, &Node)> = items.iter().enumerate().collect();
            let end = self.file.run.end.to_string();
            // Dates as text have their own order; inherited events after the run do not act.
            changes.retain(|(_, change)| text(change, "date") <= end);
            changes.sort_by_key(|(_, change)| text(change, "date"));
            for (place, change) in changes {
                let name = Node::name_of(items, place);
                for entry in change.levers() {
                    let lever = fates::moved_by(&entry.key);
                    if lever.overlaps(path)
                        && let Some(rule) = Rule::root().at(&lever)
                    {
                        let value = write::inline(rule, &entry.node.to_json());
                        let place = self.files.place(&entry.key_origin).to_string();
                        // A value that was fitted, or laid over, has a source of its own.
                        let own = KeyPath::parse(&format!("{table}.{name}.set.{}", entry.key));
                        let own = self.source(&own).map(str::to_owned);
                        moved.push(Move {
                            when: title(table, change),
                            change: format!("{lever} = {value}"),
                            place,
                            source: own.unwrap_or_else(|| text(change, "source")),
                        });
                    }
                }
            }
        }
        moved
    }
}

/// Visits the values in a table and in the tables within it.
fn leaves(path: &KeyPath, node: &Node, visit: &mut dyn FnMut(&KeyPath)) {
    match node.as_table() {
        Some(table) => {
            for entry in &table.0 {
                leaves(&path.child(&entry.key), &entry.node, visit);
            }
        }
        None => visit(path),
    }
}

/// The item of a list that a key names, as [`Node::place_in`] finds it.
fn item<'j>(items: &'j [Json], key: &str) -> Option<&'j Json> {
    let named = |by: &str| {
        let mut found = items.iter().filter(|item| item[by] == *key);
        found.next().filter(|_| found.next().is_none())
    };
    let by_place = || items.get(key.parse::<usize>().ok()?.checked_sub(1)?);
    named("id").or_else(|| named("date")).or_else(by_place)
}

/// What is said of a key of a list that names none of its items: perhaps each has it.
fn no_item(list: &KeyPath, items: &[Json], key: &str) -> String {
    let rule = Rule::root().at(list).map(Rule::item);
    let Some(of_items) = rule.and_then(|item| item.child(key)) else {
        let how = match items.len() {
            0 => "the list is empty".to_owned(),
            1 => "it has one, `1`".to_owned(),
            many => format!("it has {many}, from `1` to `{many}`"),
        };
        return format!("`{list}` has no item `{key}`\nhelp: {how}");
    };
    let values: Vec<String> = (1..)
        .zip(items)
        .map(|(place, item)| {
            format!(
                "`{list}.{place}.{key}` is {}",
                write::inline(of_items, &item[key])
            )
        })
        .collect();
    let values = match values.as_slice() {
        [] => "the list is empty".to_owned(),
        values => values.join(", "),
    };
    format!("`{key}` is a key of each item of `{list}`\nhelp: {values}")
}

/// A source, as far as the file says one.
fn or_none(source: &str) -> &str {
    if source.is_empty() {
        "no source"
    } else {
        source
    }
}

fn text(change: &Node, key: &str) -> String {
    let value = change
        .as_table()
        .and_then(|keys| keys.get(key))
        .map(Node::to_json);
    value
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn title(table: &str, change: &Node) -> String {
    match table {
        "event" => format!("{} {}", text(change, "date"), text(change, "label"))
            .trim()
            .to_owned(),
        _ => format!("while trigger {} is on", text(change, "id")),
    }
}

fn nature(path: &KeyPath) -> &'static str {
    match path.keys().first().map(String::as_str) {
        Some("policy") if list_around(path).is_some() => {
            "part of a lever: events and triggers move the whole list"
        }
        Some("policy") => "lever: events and triggers can move it",
        Some("world") => "world value: policy cannot change it",
        Some("event" | "trigger") => "part of a change of policy",
        Some("futures") => "range of an uncertain number: a plain run does not read it",
        Some("calibrate") => "part of what is fitted: a plain run does not read it",
        _ => "setting of the run",
    }
}
