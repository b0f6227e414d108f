//! One spelling for what can be written in two ways: nested tables in `set`, `[futures]` and `[sources]` become dotted keys.

use super::key_path::KeyPath;
use super::node::{Entry, Node, Table, Value};
use crate::scenario::diagnostics::{Problem, Problems};
use crate::scenario::schema::rule::{self, Kind};

/// Makes the keys of every `set`, of `[futures]`, `[sources]` and the `[sweep]` of an experiment dotted.
///
/// In `set`, tables are walked down to the levers. A table of shares that sum to 1, or with keys of the author's choice, is a lever of
/// its own and is replaced whole.
pub(crate) fn normalise(document: &mut Node, problems: &mut Problems) {
    let Value::Table(root) = &mut document.value else {
        return;
    };
    for entry in &mut root.0 {
        let path = KeyPath::default().child(&entry.key);
        match (entry.key.as_str(), &mut entry.node.value) {
            ("sources", Value::Table(sources)) => {
                flatten(sources, &path, &|_, _| true, KeyPath::eq, problems);
            }
            ("sweep", Value::Table(sweep)) => {
                flatten(sweep, &path, &|_, _| true, KeyPath::eq, problems);
            }
            ("futures", Value::Table(futures)) => {
                flatten(
                    futures,
                    &path,
                    &|_, table| holds_tables(table),
                    KeyPath::eq,
                    problems,
                );
            }
            ("event" | "trigger", Value::List(changes)) => {
                for change in changes {
                    let path = path.child(change.id().unwrap_or_default());
                    if let Value::Table(change) = &mut change.value
                        && let Some(set) = change.entry_mut("set")
                        && let Value::Table(levers) = &mut set.node.value
                    {
                        let path = path.child("set");
                        flatten(
                            levers,
                            &path,
                            &|key, _| holds_levers(key),
                            KeyPath::overlaps,
                            problems,
                        );
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whether a table in `set` groups levers, and is not a lever itself.
fn holds_levers(key: &str) -> bool {
    if key == "trigger" || key.starts_with("trigger.") {
        // A table in the place of one of its numbers is a mistake.
        return rule::lever(key).is_none();
    }
    rule::lever(key).is_some_and(|rule| match rule.kind() {
        Kind::Table => !rule.is_whole(),
        Kind::Map => rule
            .child("")
            .is_some_and(|value| value.kind() == Kind::Table && !value.is_whole()),
        _ => false,
    })
}

/// Whether a table holds tables: it is a step on the way to distributions, which hold none.
fn holds_tables(table: &Table) -> bool {
    let mut entries = table.0.iter();
    entries.any(|entry| entry.node.as_table().is_some())
}

/// Makes the keys of a table dotted; `clash` says which two keys cannot both be there: a source may speak for a table and another for a
/// value in it, a lever cannot be set twice.
fn flatten(
    table: &mut Table,
    path: &KeyPath,
    opens: &dyn Fn(&str, &Table) -> bool,
    clash: fn(&KeyPath, &KeyPath) -> bool,
    problems: &mut Problems,
) {
    let mut flat: Vec<Entry> = Vec::new();
    for entry in std::mem::take(&mut table.0) {
        flatten_entry(entry, opens, &mut flat);
    }
    for entry in flat {
        let key = KeyPath::parse(&entry.key);
        let twice = (table.0.iter()).find(|known| clash(&KeyPath::parse(&known.key), &key));
        if let Some(known) = twice {
            let message = if known.key == entry.key {
                format!("`{}` is set twice", entry.key)
            } else {
                format!("`{}` is set here and within `{}`", entry.key, known.key)
            };
            problems.add(
                Problem::error(&path.child(&entry.key), &entry.key_origin, message)
                    .help("a dotted key and a nested table mean the same: keep one of them"),
            );
        } else {
            table.0.push(entry);
        }
    }
}

fn flatten_entry(entry: Entry, opens: &dyn Fn(&str, &Table) -> bool, flat: &mut Vec<Entry>) {
    match entry.node.value {
        Value::Table(inner) if opens(&entry.key, &inner) => {
            for mut child in inner.0 {
                child.key = format!("{}.{}", entry.key, child.key);
                flatten_entry(child, opens, flat);
            }
        }
        value => flat.push(Entry {
            node: Node {
                value,
                ..entry.node
            },
            ..entry
        }),
    }
}
