//! The names that a scenario defines and refers to: groups, ports, triggers.

use jiff::civil::Date;

use crate::scenario::key_path::KeyPath;
use crate::scenario::node::{Node, Table, Value};

/// Most groups of a scenario.
pub(crate) const MOST_GROUPS: usize = 64;
/// Most ports of a scenario.
pub(crate) const MOST_PORTS: usize = 200;

/// Ids as they are written, valid or not: a reference to a group with a mistake inside is no mistake.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    pub(crate) groups: Vec<String>,
    pub(crate) ports: Vec<String>,
    pub(crate) triggers: Vec<String>,
    /// Triggers that a file takes out of those that it inherits.
    pub(crate) removed_triggers: Vec<String>,
    pub(crate) events: Vec<String>,
    /// Every name that a trigger has or had: in a file that is extended, or before another value was laid over it.
    pub(crate) trigger_names: Vec<String>,
    /// The same of events: their dates and places too, as those without an id have no other.
    pub(crate) event_names: Vec<String>,
}

impl Ids {
    pub(crate) fn of(document: &Node) -> Self {
        let keys = |path: &str| {
            let table = table_at(document, KeyPath::parse(path).keys());
            let keys = table.into_iter().flat_map(|Table(entries)| entries);
            keys.map(|entry| entry.key.clone()).collect()
        };
        let changes = |path: &str| {
            // Where something else overrode a list, that is the mistake, and what names its entries is none.
            let list = with_overridden(document.get(&KeyPath::parse(path)))
                .find(|node| matches!(node.value, Value::List(_)));
            (list.into_iter().flat_map(Node::items))
                .filter_map(|change| change.id().map(str::to_owned))
                .collect()
        };
        let ever = |path: &str| with_overridden(document.get(&KeyPath::parse(path)));
        let before = ever("trigger").skip(1);
        let removed = (before.flat_map(Node::items)).filter_map(Node::id);
        Self {
            removed_triggers: removed.map(str::to_owned).collect(),
            groups: keys("world.groups"),
            ports: keys("policy.ports"),
            triggers: changes("trigger"),
            events: changes("event"),
            trigger_names: ever("trigger").flat_map(names).collect(),
            event_names: ever("event").flat_map(names).collect(),
        }
    }
}

/// A value and those that it overrode, the latest first.
pub(crate) fn with_overridden(node: Option<&Node>) -> impl Iterator<Item = &Node> {
    std::iter::successors(node, |node| node.overrode.as_deref())
}

/// What the items of a list are called or were: by their ids, or else by their dates, and by their places.
fn names(list: &Node) -> Vec<String> {
    let mut names = Vec::new();
    for (place, item) in (1..).zip(list.items()) {
        let tables = with_overridden(Some(item)).filter_map(Node::as_table);
        let keys = tables.map(|table| table.get("id").or_else(|| table.get("date")));
        let values = keys.flat_map(with_overridden);
        names.extend(values.filter_map(|value| match &value.value {
            Value::Text(name) | Value::Moment(name) => Some(name.clone()),
            _ => None,
        }));
        names.push(place.to_string());
    }
    names
}

/// The table at some keys. Where something else overrode a table, that is the mistake, and what names its entries is none.
fn table_at<'n>(node: &'n Node, keys: &[String]) -> Option<&'n Table> {
    let Some(table) = node.as_table() else {
        return table_at(node.overrode.as_deref()?, keys);
    };
    match keys {
        [] => Some(table),
        [key, below @ ..] => table_at(table.get(key)?, below),
    }
}

/// Whether a word can be the id of an event or a trigger: it names an item of a list, as a date and a place from 1 do.
pub(crate) fn is_id_of_change(word: &str) -> bool {
    is_id(word) && word.parse::<usize>().is_err() && word.parse::<Date>().is_err()
}

/// Whether a word can be an id: it becomes part of column names.
pub(crate) fn is_id(word: &str) -> bool {
    !word.is_empty() && (word.chars()).all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}
