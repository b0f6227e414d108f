//! One spelling for what can be written in two ways: nested tables in `set`, `[futures]` and `[sources]` become dotted keys.

use super::key_path::{self, KeyPath};
use super::node::{Entry, Node, Table, Value};
use crate::scenario::diagnostics::{Problem, Problems};
use crate::scenario::schema::rule::{self, Kind};

/// A kind of table whose keys are dotted.
#[derive(Clone, Copy)]
pub(crate) struct Dotted {
    /// Whether a table in it holds entries, and is none itself.
    opens: fn(&Entry) -> bool,
    /// Which two keys cannot both be there: a source may speak for a table and another for a value in it, a lever cannot be set twice.
    pub(crate) clash: fn(&KeyPath, &KeyPath) -> bool,
}

const PATHS: Dotted = Dotted {
    opens: |_| true,
    clash: KeyPath::eq,
};

const RANGES: Dotted = Dotted {
    opens: holds_tables,
    clash: KeyPath::eq,
};

const LEVERS: Dotted = Dotted {
    opens: holds_levers,
    clash: KeyPath::overlaps,
};

/// The table with dotted keys that a path is, or leads into: its kind, and the number of keys that lead to it.
pub(crate) fn around(path: &KeyPath) -> Option<(Dotted, usize)> {
    match path.words().as_slice() {
        ["sources" | "sweep", ..] => Some((PATHS, 1)),
        ["futures", ..] => Some((RANGES, 1)),
        [list, _, "set", ..] if key_path::of_changes(list) => Some((LEVERS, 3)),
        _ => None,
    }
}

/// Makes the keys of every `set`, of `[futures]`, `[sources]` and the `[sweep]` of an experiment dotted, in a document or in what is at a
/// path of one.
///
/// In `set`, tables are walked down to the levers. A table of shares that sum to 1, or with keys of the author's choice, is a lever of its
/// own and is replaced whole, unless it is only on the way of dotted keys: `app.group_regions.mexican = …` moves a part of it, as the same
/// key in quotes does.
pub(crate) fn normalise(path: &KeyPath, node: &mut Node, problems: &mut Problems) {
    match (path.keys(), &mut node.value) {
        ([], Value::Table(root)) => {
            for entry in &mut root.0 {
                normalise(&path.child(&entry.key), &mut entry.node, problems);
            }
        }
        ([list], Value::List(changes)) if key_path::of_changes(list) => {
            for change in changes {
                let path = path.child(change.id().unwrap_or_default());
                of_change(&path, change, problems);
            }
        }
        ([list, _], _) if key_path::of_changes(list) => of_change(path, node, problems),
        (keys, Value::Table(table)) => {
            if let Some((kind, _)) = around(path).filter(|&(_, length)| length == keys.len()) {
                flatten(table, path, kind, problems);
            }
        }
        _ => {}
    }
}

fn of_change(path: &KeyPath, change: &mut Node, problems: &mut Problems) {
    let set = change.as_table_mut().and_then(|it| it.entry_mut("set"));
    if let Some(levers) = set.and_then(|set| set.node.as_table_mut()) {
        flatten(levers, &path.child("set"), LEVERS, problems);
    }
}

/// Whether a table in `set` groups levers, and is not a lever itself.
fn holds_levers(entry: &Entry) -> bool {
    let key = entry.key.as_str();
    if key == "trigger" || key.starts_with("trigger.") {
        // A table in the place of one of its numbers is a mistake.
        return rule::lever(key).is_none();
    }
    rule::lever(key).is_some_and(|rule| match rule.kind() {
        Kind::Table => !rule.is_whole() || is_on_the_way(entry),
        Kind::Map => {
            let values = rule.child("");
            let is_plain = |value: rule::Rule| value.kind() == Kind::Table && !value.is_whole();
            values.is_some_and(is_plain) || is_on_the_way(entry)
        }
        _ => false,
    })
}

/// Whether a table is not written itself, but only named on the way of a dotted key: the name is all that there is of it.
fn is_on_the_way(entry: &Entry) -> bool {
    entry.node.origin == entry.key_origin
}

/// Whether a table holds tables: it is a step on the way to distributions, which hold none.
fn holds_tables(entry: &Entry) -> bool {
    let table = entry.node.as_table();
    let mut entries = table.into_iter().flat_map(|table| &table.0);
    entries.any(|entry| entry.node.as_table().is_some())
}

/// Makes the keys of a table dotted.
pub(crate) fn flatten(table: &mut Table, path: &KeyPath, kind: Dotted, problems: &mut Problems) {
    let mut flat: Vec<Entry> = Vec::new();
    for entry in std::mem::take(&mut table.0) {
        flatten_entry(entry, kind, &mut flat);
    }
    for entry in flat {
        let key = KeyPath::parse(&entry.key);
        let twice = (table.0.iter()).find(|known| (kind.clash)(&KeyPath::parse(&known.key), &key));
        if let Some(known) = twice {
            let message = if known.key == entry.key {
                format!("`{}` is set twice", entry.key)
            } else {
                format!("`{}` is set here and within `{}`", entry.key, known.key)
            };
            problems.add(
                Problem::error(&path.child(&entry.key), &entry.key_origin, message)
                    .help("both give it a value: keep one of them"),
            );
        } else {
            table.0.push(entry);
        }
    }
}

fn flatten_entry(entry: Entry, kind: Dotted, flat: &mut Vec<Entry>) {
    let opens = (kind.opens)(&entry);
    match entry.node.value {
        Value::Table(inner) if opens => {
            for mut child in inner.0 {
                child.key = format!("{}.{}", entry.key, child.key);
                flatten_entry(child, kind, flat);
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
