//! Writes a scenario as TOML, guided by the schema: dates without quotes, keys in the order of the tables.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value as Json};

use super::key_path::{self, KeyPath};
use super::node::Node;
use crate::scenario::file::ScenarioFile;
use crate::scenario::loaded::Loaded;
use crate::scenario::schema::rule::{Kind, Names, Rule};

/// What is written beside a value.
pub(crate) trait Comments {
    /// The comment at the end of the line of a key.
    fn beside(&self, path: &KeyPath, rule: Rule) -> Option<String>;
}

/// No comments.
pub(crate) struct Plain;

impl Comments for Plain {
    fn beside(&self, _: &KeyPath, _: Rule) -> Option<String> {
        None
    }
}

/// Unit, and source or place.
pub(crate) struct Annotated<'a> {
    pub(crate) loaded: &'a Loaded,
}

impl Comments for Annotated<'_> {
    fn beside(&self, path: &KeyPath, rule: Rule) -> Option<String> {
        let unit = rule.unit().unwrap_or_default().to_owned();
        let path = self.loaded.fates.in_document(path);
        let given_by = self.loaded.fates.given_by(&path);
        let place = match (
            self.loaded.source(&path),
            self.loaded.document.get(&given_by),
        ) {
            (Some(source), _) => source.to_owned(),
            (None, Some(node)) => self.loaded.files.place(&node.origin).to_string(),
            (None, None) => "default".to_owned(),
        };
        let parts: Vec<String> = [unit, place]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        Some(one_line(&parts.join("; ")))
    }
}

/// A text without the ends of lines and other characters that a comment of TOML cannot have.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// No comments; keeps the source of every value that has one.
struct Sources<'a> {
    loaded: &'a Loaded,
    found: RefCell<BTreeMap<String, String>>,
}

impl Comments for Sources<'_> {
    fn beside(&self, path: &KeyPath, _: Rule) -> Option<String> {
        let is_set =
            matches!(path.words().as_slice(), [list, _, "set"] if key_path::of_changes(list));
        // What a change sets has its sources lever by lever.
        let source = self.loaded.source(&self.loaded.fates.in_document(path));
        if let Some(source) = source.filter(|_| !is_set) {
            let mut found = self.found.borrow_mut();
            found.insert(path.to_string(), source.to_owned());
        }
        None
    }
}

/// The sources of the resolved file of a scenario by single value: there, a source of a table would speak for values that other files set.
pub(crate) fn sources(loaded: &Loaded, resolved: &ScenarioFile) -> BTreeMap<String, String> {
    let sources = Sources {
        loaded,
        found: RefCell::default(),
    };
    toml(resolved, &sources);
    let mut found = sources.found.into_inner();
    found.extend(sources_of_changes(loaded));
    found
}

/// The sources of what the events that act during the run and the triggers set, lever by lever, by their names in the resolved file: there,
/// events have other places.
fn sources_of_changes(loaded: &Loaded) -> Vec<(String, String)> {
    let events = (1..).zip(loaded.fates.during()).map(|(place, path)| {
        let has_place = path
            .keys()
            .last()
            .is_some_and(|name| name.parse::<usize>().is_ok());
        let written = has_place.then(|| KeyPath::parse("event").child(place.to_string()));
        (path.clone(), written.unwrap_or_else(|| path.clone()))
    });
    let triggers = loaded.file.trigger.iter().map(|trigger| {
        let path = KeyPath::parse("trigger").child(&trigger.id);
        (path.clone(), path)
    });
    let mut found = Vec::new();
    for (path, written) in events.chain(triggers) {
        let levers = loaded.document.get(&path).map(Node::levers);
        for lever in levers.unwrap_or_default() {
            let key = |change: &KeyPath| change.child("set").child(&lever.key);
            if let Some(source) = loaded.source(&key(&path)) {
                found.push((key(&written).to_string(), source.to_owned()));
            }
        }
    }
    found
}

/// The whole file as TOML.
pub(crate) fn toml(file: &ScenarioFile, comments: &dyn Comments) -> String {
    let mut writer = Writer {
        text: String::new(),
        comments,
    };
    if let Ok(Json::Object(root)) = serde_json::to_value(file) {
        writer.table(&KeyPath::default(), Rule::root(), &root);
    }
    writer.text
}

struct Writer<'a> {
    text: String,
    comments: &'a dyn Comments,
}

impl Writer<'_> {
    /// Writes the plain keys of a table, then its tables below their headings.
    fn table(&mut self, path: &KeyPath, rule: Rule, table: &Map<String, Json>) {
        let children = || {
            (table.iter())
                .filter(|(_, value)| !value.is_null())
                .filter_map(|(key, value)| Some((key, rule.child(key)?, value)))
        };
        let is_section = |rule: Rule, value: &Json| {
            let is_change = rule.kind() == Kind::List && path.keys().is_empty();
            is_change || (value.is_object() && !is_short(path, rule))
        };
        for (key, rule, value) in children().filter(|(_, rule, value)| !is_section(*rule, value)) {
            self.line(&path.child(key), key, rule, value);
        }
        for (key, rule, value) in children().filter(|(_, rule, value)| is_section(*rule, value)) {
            match value {
                Json::Object(table) => self.section(&path.child(key), rule, table),
                Json::Array(changes) => {
                    for (place, change) in changes.iter().enumerate() {
                        self.change(key, place, rule.item(), change);
                    }
                }
                _ => {}
            }
        }
    }

    fn section(&mut self, path: &KeyPath, rule: Rule, table: &Map<String, Json>) {
        let has_lines = (table.iter()).any(|(key, value)| {
            !value.is_null()
                && (!value.is_object() || rule.child(key).is_some_and(|rule| is_short(path, rule)))
        });
        if has_lines {
            let heading: Vec<String> = path.keys().iter().map(|key| quoted_key(key)).collect();
            let _ = writeln!(self.text, "\n[{}]", heading.join("."));
        }
        self.table(path, rule, table);
    }

    /// One entry of `[[event]]` or `[[trigger]]`.
    fn change(&mut self, table: &str, place: usize, rule: Rule, change: &Json) {
        let Json::Object(keys) = change else { return };
        let id = keys.get("id").and_then(Json::as_str);
        let path = KeyPath::parse(table).child(id.map_or((place + 1).to_string(), str::to_owned));
        let _ = writeln!(self.text, "\n[[{table}]]");
        for (key, value) in keys.iter().filter(|(_, value)| !value.is_null()) {
            if let Some(rule) = rule.child(key) {
                self.line(&path.child(key), key, rule, value);
            }
        }
    }

    fn line(&mut self, path: &KeyPath, key: &str, rule: Rule, value: &Json) {
        let _ = write!(self.text, "{} = {}", quoted_key(key), inline(rule, value));
        if let Some(comment) = self.comments.beside(path, rule) {
            let _ = write!(self.text, "  # {comment}");
        }
        self.text.push('\n');
    }
}

/// Whether a table under a path is short enough for a line: its keys are plain values.
fn is_short(under: &KeyPath, rule: Rule) -> bool {
    if under.words() == ["futures"] {
        return true;
    }
    match rule.kind() {
        Kind::Map => {
            rule.names() != Some(Names::KeyPath)
                && rule
                    .child("")
                    .is_none_or(|value| value.kind() != Kind::Table)
        }
        _ => false,
    }
}

/// A value in one line.
pub(crate) fn inline(rule: Rule, value: &Json) -> String {
    match (rule.kind(), value) {
        (Kind::Date | Kind::Time, Json::String(text)) => text.clone(),
        (_, Json::String(text)) => toml::Value::String(text.clone()).to_string(),
        (_, Json::Array(items)) => {
            let items: Vec<String> = items.iter().map(|item| inline(rule.item(), item)).collect();
            format!("[{}]", items.join(", "))
        }
        (_, Json::Object(table)) => {
            let entries: Vec<String> = (table.iter())
                .filter(|(_, value)| !value.is_null())
                .filter_map(|(key, value)| {
                    let value = inline(rule.child(key)?, value);
                    Some(format!("{} = {value}", quoted_key(key)))
                })
                .collect();
            match entries.as_slice() {
                [] => "{}".to_owned(),
                _ => format!("{{ {} }}", entries.join(", ")),
            }
        }
        (_, value) => value.to_string(),
    }
}

/// A key as TOML writes it, in quotes where it needs them: on one line, with the escapes of JSON, of which TOML has all, and one of DEL, for which JSON has none.
pub(crate) fn quoted_key(key: &str) -> String {
    let is_bare = !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    if is_bare {
        key.to_owned()
    } else {
        Json::from(key).to_string().replace('\u{7f}', "\\u007f")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was() {
        for key in [
            "east",
            "",
            "St. Paul",
            "O'Hare",
            "San \"D\" 'x'",
            "a\nb\t\\c",
            "\u{7f}\u{1}é",
        ] {
            let text = format!("{} = 1", quoted_key(key));
            let table: toml::Table = text.parse().unwrap();
            assert_eq!(table.keys().collect::<Vec<_>>(), [key], "{text}");
        }
    }
}
