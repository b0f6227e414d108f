//! `--set KEY=VALUE`: the last layer of a scenario.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::{sources, whole};
use crate::scenario::checks::elsewhere;
use crate::scenario::checks::ids::Ids;
use crate::scenario::checks::unknown::{self, Wrong};
use crate::scenario::diagnostics::{Problem, Problems};
use crate::scenario::key_path::{self, KeyPath};
use crate::scenario::node::{Entry, Node, Table, Value};
use crate::scenario::origin::{Files, Origin, SourceFile};
use crate::scenario::schema::rule::{self, Rule};
use crate::scenario::tree::document;
use crate::scenario::tree::dotted;

/// A value that is laid over a scenario file.
///
/// ```
/// use portflow::scenario::Override;
///
/// let set: Override = "policy.app.random_share = 0.7".parse()?;
/// assert_eq!(set, Override::new("policy.app.random_share", "0.7"));
/// assert_eq!(set.to_string(), "policy.app.random_share=0.7");
/// # Ok::<(), portflow::scenario::OverrideError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// Full key path, without quotes.
    pub key: String,
    /// The value, as TOML.
    pub value: String,
}

/// Why a text is no override.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected KEY=VALUE, as in policy.app.random_share=0.7")]
pub struct OverrideError;

impl Override {
    /// A value of a key, which may have quotes as files have them: without, it is the one text by which keys are told apart.
    #[must_use]
    pub fn new(key: impl AsRef<str>, value: impl Into<String>) -> Self {
        Self {
            key: KeyPath::given(key.as_ref()).to_string(),
            value: value.into(),
        }
    }

    /// The keys of several, in their order.
    #[must_use]
    pub fn keys(overrides: &[Self]) -> Vec<&str> {
        overrides.iter().map(|it| it.key.as_str()).collect()
    }
}

/// Reads `KEY=VALUE`, with or without blanks around the two.
impl FromStr for Override {
    type Err = OverrideError;

    fn from_str(text: &str) -> Result<Self, OverrideError> {
        let (key, value) = text.split_once('=').ok_or(OverrideError)?;
        let given = Self::new(key.trim(), value.trim());
        if given.key.is_empty() {
            return Err(OverrideError);
        }
        Ok(given)
    }
}

/// `KEY=VALUE`, as it is read.
impl fmt::Display for Override {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}={}", self.key, self.value)
    }
}

/// Sets a value by its full path. The value's origin is the text of the `--set` itself.
pub(crate) fn apply(
    document: &mut Node,
    files: &mut Files,
    given: &Override,
    problems: &mut Problems,
) {
    let key = given.key.as_str();
    let file = files.add(SourceFile {
        name: Files::SET.to_owned(),
        directory: PathBuf::new(),
        text: given.to_string(),
    });
    let key_origin = Origin::new(file, 0..key.len());
    let node = document::parse_override(&given.value, file, key.len() + 1, problems);
    let path = KeyPath::parse(key);
    if key == "extends" {
        let message = "`extends` is what a file says of itself";
        problems.add_fatal(
            Problem::error(&path, &key_origin, message)
                .help("write a file that extends the other one"),
        );
        return;
    }
    if let Some((message, help)) = wrong_path(document, &path) {
        let problem = Problem::error(&path, &key_origin, message);
        problems.add(Problem { help, ..problem });
        return;
    }
    if Rule::root().at(&path).is_none() && path.keys().len() == 1 {
        let message = format!("`{key}` is not a full key path");
        let help = elsewhere::meant(&KeyPath::default(), Rule::root(), key);
        let help = help
            .unwrap_or_else(|| "name the table too, as in `policy.app.random_share`".to_owned());
        problems.add(Problem::error(&path, &key_origin, message).help(help));
        return;
    }
    let lost = entries_lost(document, &path, &node);
    let Some(changed) = lay(document, &path, node, &key_origin, problems) else {
        problems.add(no_entry(document, &path, &key_origin));
        return;
    };
    if !lost.is_empty() {
        problems.add(whole_replaced(&path, &key_origin, &lost));
    }
    let changed = document.canonical(&changed);
    sources::drop(document, |document, source| {
        let named = document.canonical(&KeyPath::parse(source));
        named.is_within(&changed)
    });
}

/// A path through a list that has no such item.
fn no_entry(document: &Node, path: &KeyPath, key_origin: &Origin) -> Problem {
    let message = format!("`{path}` leads to no entry that could be set");
    let how = "events and triggers are named by their id, levels by their date, and any item of a list by its place from 1";
    let help = match document.no_item(path) {
        None => how.to_owned(),
        Some((item, names)) if names.is_empty() => {
            format!("{how}; there is no `{item}`, nor any other item")
        }
        Some((item, names)) => {
            let names = names.join(", ");
            format!("{how}; there is no `{item}`, those that are: {names}")
        }
    };
    Problem::error(path, key_origin, message).help(help)
}

/// A table in braces in the place of another, of which entries are lost.
fn whole_replaced(path: &KeyPath, key_origin: &Origin, lost: &[String]) -> Problem {
    let message = format!(
        "the table in braces takes the place of the whole `{path}`: `{}` {} no longer set",
        lost.join("`, `"),
        if lost.len() == 1 { "is" } else { "are" }
    );
    let help = format!(
        "to set one entry alone, write it in the key, as in `{}`",
        path.child(&lost[0])
    );
    Problem::warning(path, key_origin, message).help(help)
}

/// Why a path leads nowhere: what is set must exist, so that a slip of the pen makes no new port or group.
fn wrong_path(document: &Node, path: &KeyPath) -> Option<Wrong> {
    let ids = Ids::of(document);
    match path.words().as_slice() {
        // Of a whole one it is told how events and triggers are named.
        [list, _] if key_path::of_changes(list) => None,
        [first, _, ..] if Rule::root().child(first).is_none() => {
            Some(unknown::path_of_no_key(path, &ids))
        }
        _ => unknown::on_the_way(path, &ids).err(),
    }
}

/// The entries of a table that another, given in its place, does not have; none where files replace it whole too.
fn entries_lost(document: &Node, path: &KeyPath, value: &Node) -> Vec<String> {
    let has_dotted_keys = matches!(path.words().first(), Some(&("futures" | "sources")));
    let is_merged = !has_dotted_keys && whole::around(path).is_none();
    let before = document.get(path).filter(|_| is_merged);
    let (Some(before), Some(table)) = (before.and_then(Node::as_table), value.as_table()) else {
        return Vec::new();
    };
    // A dotted key in braces is of the entry that it begins with.
    let has = |key: &str| {
        let mut given = table.0.iter();
        given.any(|entry| {
            KeyPath::parse(&entry.key)
                .keys()
                .first()
                .is_some_and(|it| it == key)
        })
    };
    let lost = before.0.iter().filter(|entry| !has(&entry.key));
    lost.map(|entry| entry.key.clone()).collect()
}

/// Lays a value over what is at a path, and gives the path of what it changes: its own, or that of the lever or range of which it is a part.
/// `None` where the path leads through a list without such an entry.
fn lay(
    document: &mut Node,
    path: &KeyPath,
    mut value: Node,
    key_origin: &Origin,
    problems: &mut Problems,
) -> Option<KeyPath> {
    let around = dotted::around(path).filter(|&(_, length)| length < path.keys().len());
    let Some((kind, length)) = around else {
        dotted::normalise(path, &mut value, problems);
        put(document, path.keys(), value, key_origin)?;
        return Some(path.clone());
    };
    let table_path = path.first(length);
    let (key, of_range) = match path.words().as_slice() {
        ["futures", entry @ ..] => rule::range_key(entry),
        words => (words[length..].join("."), None),
    };
    let table = slot(document, table_path.keys(), key_origin)?.as_table_mut()?;
    let own = KeyPath::parse(&key);
    let clashes = |entry: &Entry| (kind.clash)(&KeyPath::parse(&entry.key), &own);
    let holds = |entry: &Entry| {
        let known = KeyPath::parse(&entry.key);
        clashes(entry) && own.is_within(&known) && (known != own || of_range.is_some())
    };
    // A part goes into the whole, and a whole takes the place of its parts: no value has two names in one table.
    if let Some(whole) = table.0.iter_mut().find(|entry| holds(entry)) {
        let changed = table_path.child(&whole.key);
        whole.key_origin = key_origin.clone();
        put(
            &mut whole.node,
            &path.keys()[changed.keys().len()..],
            value,
            key_origin,
        )?;
        return Some(changed);
    }
    let mut laid = Node::new(Value::Table(Table::default()), key_origin.clone());
    let keys: Vec<String> = std::iter::once(key)
        .chain(of_range.map(str::to_owned))
        .collect();
    put(&mut laid, &keys, value, key_origin)?;
    if let Value::Table(mut laid) = laid.value {
        dotted::flatten(&mut laid, &table_path, kind, problems);
        let is_laid = |entry: &Entry| laid.get(&entry.key).is_some();
        table.0.retain(|entry| !clashes(entry) || is_laid(entry));
        for entry in laid.0 {
            if let Some(known) = table.entry_mut(&entry.key) {
                known.key_origin = entry.key_origin;
                known.node.replace(entry.node);
            } else {
                table.0.push(entry);
            }
        }
    }
    Some(table_path.child(own.to_string()))
}

/// Replaces the value at some keys; `None` where they lead through a list without such an entry.
fn put(node: &mut Node, keys: &[String], value: Node, key_origin: &Origin) -> Option<()> {
    let slot = slot(node, keys, key_origin)?;
    // What was only made for it was nobody's value.
    if slot.origin == *key_origin {
        *slot = value;
    } else {
        slot.replace(value);
    }
    Some(())
}

/// The value at some keys, an empty table in the place of what is missing; `None` where they lead through a list without such an entry.
fn slot<'n>(node: &'n mut Node, keys: &[String], key_origin: &Origin) -> Option<&'n mut Node> {
    let [key, below @ ..] = keys else {
        return Some(node);
    };
    match node.value {
        Value::List(ref mut items) => {
            let place = Node::place_in(items, key)?;
            slot(items.get_mut(place)?, below, key_origin)
        }
        Value::Table(Table(ref mut entries)) => {
            let place = entries.iter().position(|entry| entry.key == *key);
            let place = place.unwrap_or_else(|| {
                entries.push(Entry {
                    key: key.clone(),
                    key_origin: key_origin.clone(),
                    node: Node::new(Value::Table(Table::default()), key_origin.clone()),
                });
                entries.len() - 1
            });
            let entry = &mut entries[place];
            entry.key_origin = key_origin.clone();
            slot(&mut entry.node, below, key_origin)
        }
        _ => {
            let table = Value::Table(Table::default());
            node.replace(Node::new(table, key_origin.clone()));
            slot(node, keys, key_origin)
        }
    }
}
