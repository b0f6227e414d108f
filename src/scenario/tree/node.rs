//! The tree of values of a scenario file; every value knows where it was written and what it overrode.

use serde_json::{Map, Value as Json};

use super::key_path::KeyPath;
use super::origin::Origin;

/// A value and where it comes from.
#[derive(Debug, Clone)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it was written.
    pub origin: Origin,
    /// The value that it replaced, one that was inherited or one under a `--set`; of `[[event]]` and `[[trigger]]` the list before entries were taken out.
    pub overrode: Option<Box<Node>>,
}

/// What a TOML value can be.
#[derive(Debug, Clone)]
pub enum Value {
    /// A string.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
    /// A date, a time of day, or both, as text.
    Moment(String),
    /// A list.
    List(Vec<Node>),
    /// A table.
    Table(Table),
}

/// A table, in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct Table(pub Vec<Entry>);

/// A key and its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key was written.
    pub key_origin: Origin,
    /// The value.
    pub node: Node,
}

impl Node {
    /// A value that overrides nothing.
    #[must_use]
    pub fn new(value: Value, origin: Origin) -> Self {
        Self {
            value,
            origin,
            overrode: None,
        }
    }

    /// Puts another value in the place of this one, which it remembers.
    pub(crate) fn replace(&mut self, value: Self) {
        let replaced = std::mem::replace(self, value);
        self.overrode = Some(Box::new(replaced));
    }

    /// The table that this is, if it is one.
    #[must_use]
    pub fn as_table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The same, to change it.
    pub(crate) fn as_table_mut(&mut self) -> Option<&mut Table> {
        match &mut self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The text that this is, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list; none for anything else.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The value at a path.
    #[must_use]
    pub fn get(&self, path: &KeyPath) -> Option<&Node> {
        let (node, rest) = self.deepest(path);
        rest.is_empty().then_some(node)
    }

    /// Where the value at a path was written, or the nearest table that would hold it.
    #[must_use]
    pub fn place_of(&self, path: &KeyPath) -> Origin {
        self.deepest(path).0.origin.clone()
    }

    /// Where a path names an item that a list does not have: that item, and the names of those that it has.
    #[must_use]
    pub(crate) fn no_item<'p>(&self, path: &'p KeyPath) -> Option<(&'p str, Vec<String>)> {
        let (node, rest) = self.deepest(path);
        let (Value::List(items), [item, ..]) = (&node.value, rest) else {
            return None;
        };
        let names = (0..items.len()).map(|place| Self::name_of(items, place));
        Some((item, names.collect()))
    }

    /// The same path with every item of a list by its id, or else by its date, or else by its place: the one of its names that all
    /// of them are compared by.
    #[must_use]
    pub(crate) fn canonical(&self, path: &KeyPath) -> KeyPath {
        let mut node = Some(self);
        let mut named = KeyPath::default();
        for key in path.keys() {
            let items = node.map_or(&[][..], Self::items);
            named = match Self::place_in(items, key) {
                Some(place) => named.child(Self::name_of(items, place)),
                None => named.child(key),
            };
            node = node.and_then(|node| node.child(key));
        }
        named
    }

    /// What an event or a trigger sets, if it sets anything.
    pub(crate) fn levers(&self) -> &[Entry] {
        let set = self.as_table().and_then(|keys| keys.get("set"));
        set.and_then(Self::as_table).map_or(&[], |set| &set.0)
    }

    /// The name of the item at a place of a list, by which [`Node::place_in`] finds it again: its id or its date, or else the place
    /// from 1.
    pub(crate) fn name_of(items: &[Self], place: usize) -> String {
        let Some(item) = items.get(place) else {
            return (place + 1).to_string();
        };
        let own = item.id().or_else(|| item.date());
        let own = own.filter(|name| Self::place_in(items, name) == Some(place));
        own.map_or_else(|| (place + 1).to_string(), str::to_owned)
    }

    /// The node that a path leads to as far as there are values, and the keys that are left.
    fn deepest<'p>(&self, path: &'p KeyPath) -> (&Node, &'p [String]) {
        let mut node = self;
        let mut rest = path.keys();
        while let [key, below @ ..] = rest {
            if let Some(child) = node.child(key) {
                (node, rest) = (child, below);
            } else if let Some((child, below)) = node.dotted_child(rest) {
                (node, rest) = (child, below);
            } else {
                break;
            }
        }
        (node, rest)
    }

    /// The child of the longest dotted key: the keys of `set`, `[futures]` and `[sources]` are dotted themselves.
    fn dotted_child<'p>(&self, keys: &'p [String]) -> Option<(&Node, &'p [String])> {
        (2..=keys.len()).rev().find_map(|length| {
            let (key, below) = keys.split_at(length);
            Some((self.child(&key.join("."))?, below))
        })
    }

    fn child(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Table(table) => table.get(key),
            Value::List(items) => items.get(Self::place_in(items, key)?),
            _ => None,
        }
    }

    /// The item of a list that a key names: by its `id`; where it has none, by its `date`, if no other item has that; or by its place
    /// from 1.
    pub(crate) fn place_in(items: &[Self], key: &str) -> Option<usize> {
        let by_id = || items.iter().position(|item| item.id() == Some(key));
        let by_date = || {
            let mut named = (0..items.len()).filter(|&place| items[place].date() == Some(key));
            named.next().filter(|_| named.next().is_none())
        };
        let by_place = || {
            let place = key.parse::<usize>().ok()?.checked_sub(1)?;
            (place < items.len()).then_some(place)
        };
        by_id().or_else(by_date).or_else(by_place)
    }

    /// Paths of the values that were written in a file; of an item of a list, by the name of it that all are compared by.
    #[must_use]
    pub(crate) fn written_in(&self, file: usize) -> Vec<KeyPath> {
        let mut paths = Vec::new();
        self.collect(&KeyPath::default(), file, &mut paths);
        paths
    }

    fn collect(&self, path: &KeyPath, file: usize, paths: &mut Vec<KeyPath>) {
        match &self.value {
            Value::Table(table) => {
                for entry in &table.0 {
                    entry.node.collect(&path.child(&entry.key), file, paths);
                }
            }
            Value::List(items) if items.iter().any(|item| item.as_table().is_some()) => {
                for (place, item) in items.iter().enumerate() {
                    let name = Self::name_of(items, place);
                    item.collect(&path.child(name), file, paths);
                }
            }
            _ if self.origin.file == file => paths.push(path.clone()),
            _ => {}
        }
    }

    /// The `id` of an entry of an array of tables.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.as_table()?.get("id")?.as_text()
    }

    /// The `date` of an item of a list that has no `id`.
    fn date(&self) -> Option<&str> {
        let table = self.as_table()?;
        let date = match &table.get("date")?.value {
            Value::Moment(text) => text.as_str(),
            _ => return None,
        };
        table.get("id").is_none().then_some(date)
    }

    /// The value as JSON; dates and times are strings there.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match &self.value {
            Value::Text(text) | Value::Moment(text) => Json::from(text.as_str()),
            Value::Integer(number) => Json::from(*number),
            Value::Float(number) => Json::from(*number),
            Value::Bool(truth) => Json::from(*truth),
            Value::List(items) => items.iter().map(Node::to_json).collect(),
            Value::Table(table) => Json::Object(
                (table.0.iter())
                    .map(|entry| (entry.key.clone(), entry.node.to_json()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }

    /// What kind of value this is, with an article.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Text(_) => "a string",
            Value::Integer(_) => "a whole number",
            Value::Float(_) => "a number",
            Value::Bool(_) => "true or false",
            Value::Moment(text) if text.contains(':') && text.contains('-') => "a date and time",
            Value::Moment(text) if text.contains(':') => "a time of day",
            Value::Moment(_) => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

impl Table {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.0
            .iter()
            .find(|entry| entry.key == key)
            .map(|entry| &entry.node)
    }

    /// The entry of a key, to change it.
    pub fn entry_mut(&mut self, key: &str) -> Option<&mut Entry> {
        self.0.iter_mut().find(|entry| entry.key == key)
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        let place = self.0.iter().position(|entry| entry.key == key)?;
        Some(self.0.remove(place))
    }
}
