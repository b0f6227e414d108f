//! Lays one scenario file over another: what `extends` means.

use super::{newcomers, whole};
use crate::scenario::diagnostics::{Problem, Problems};
use crate::scenario::key_path::KeyPath;
use crate::scenario::node::{Entry, Node, Table, Value};

/// Lays a file over the one that it extends.
///
/// Tables merge key by key; entries of `[[event]]` and `[[trigger]]` merge by `id`; every other value is replaced whole, and so is what
/// [`whole`] names: a change of policy is one thing. A value that is replaced loses its inherited source.
pub(crate) fn merge(base: Node, over: Node, problems: &mut Problems) -> Node {
    let mut merger = Merger {
        replaced: Vec::new(),
        problems,
    };
    let sources = over
        .as_table()
        .and_then(|table| table.get("sources"))
        .cloned();
    let mut document = merger.node(base, over, &KeyPath::default());
    let replaced = merger.replaced;
    drop_sources(&mut document, &replaced, sources.as_ref());
    document
}

struct Merger<'a> {
    replaced: Vec<KeyPath>,
    problems: &'a mut Problems,
}

impl Merger<'_> {
    fn node(&mut self, base: Node, over: Node, path: &KeyPath) -> Node {
        let is_changes = matches!(path.keys(), [key] if whole::of_changes(key));
        let is_whole = whole::around(path).is_some_and(|whole| whole == *path);
        let origin = over.origin.clone();
        match (base.value, over.value) {
            (Value::Table(base), Value::Table(over)) if !is_whole => {
                Node::new(Value::Table(self.table(base, over, path)), origin)
            }
            (Value::List(inherited), Value::List(over)) if is_changes => {
                let before = inherited.clone();
                let changes = self.changes(inherited, over, path);
                let is_left = |one: &Node| changes.iter().any(|it| it.id() == one.id());
                // What was removed is remembered, for those that still speak of it.
                let overrode = if before.iter().all(is_left) {
                    base.overrode
                } else {
                    let value = Value::List(before);
                    Some(Box::new(Node { value, ..base }))
                };
                Node {
                    value: Value::List(changes),
                    origin,
                    overrode,
                }
            }
            (base_value, over_value) => {
                self.replaced.push(path.clone());
                let base = Node {
                    value: base_value,
                    ..base
                };
                Node {
                    value: over_value,
                    origin,
                    overrode: Some(Box::new(base)),
                }
            }
        }
    }

    fn table(&mut self, mut base: Table, over: Table, path: &KeyPath) -> Table {
        let inherited = base.0.len();
        for entry in over.0 {
            let child = path.child(&entry.key);
            if let Some(known) = base.entry_mut(&entry.key) {
                let placeholder = Node::new(Value::Bool(false), known.node.origin.clone());
                let inherited = std::mem::replace(&mut known.node, placeholder);
                known.node = self.node(inherited, entry.node, &child);
                known.key_origin = entry.key_origin;
            } else {
                newcomers::check(path, &base.0[..inherited], &entry, self.problems);
                self.replaced.push(child);
                base.0.push(entry);
            }
        }
        base
    }

    fn changes(&mut self, mut base: Vec<Node>, over: Vec<Node>, path: &KeyPath) -> Vec<Node> {
        let mut own: Vec<String> = Vec::new();
        for mut change in over {
            let remove = self.take_remove(&mut change, path);
            let id = change.id().map(str::to_owned);
            let place =
                (id.as_deref()).and_then(|id| base.iter().position(|known| known.id() == Some(id)));
            let child = path.child(id.as_deref().unwrap_or_default());
            if let Some(id) = &id {
                if own.contains(id) {
                    let message = format!("the id `{id}` is given twice in this file");
                    let problem = Problem::error(&child, &change.origin, message);
                    self.problems
                        .add(problem.help("give each entry its own id"));
                    continue;
                }
                own.push(id.clone());
            }
            match (place, remove) {
                (Some(place), true) => {
                    base.remove(place);
                    self.replaced.push(child);
                }
                (None, true) => self.nothing_to_remove(&base, &change, id.as_deref(), &child),
                (Some(place), false) => {
                    let inherited = base.remove(place);
                    base.insert(place, self.node(inherited, change, &child));
                }
                (None, false) => base.push(change),
            }
        }
        base
    }

    /// Takes `remove = true` out of an entry.
    fn take_remove(&mut self, change: &mut Node, path: &KeyPath) -> bool {
        let Value::Table(table) = &mut change.value else {
            return false;
        };
        let Some(Entry { node, .. }) = table.remove("remove") else {
            return false;
        };
        if let Value::Bool(remove) = node.value {
            return remove;
        }
        let message = format!(
            "`{path}.remove`: found {}, expected true or false",
            node.kind()
        );
        let path = path.child("remove");
        self.problems
            .add(Problem::error(&path, &node.origin, message));
        // Taken at its word, so that nothing is said to be missing.
        true
    }

    fn nothing_to_remove(
        &mut self,
        base: &[Node],
        change: &Node,
        id: Option<&str>,
        path: &KeyPath,
    ) {
        let message = match id {
            Some(id) => format!("nothing to remove: no inherited entry has the id `{id}`"),
            None => "nothing to remove: an entry with `remove = true` needs an `id`".to_owned(),
        };
        let known: Vec<&str> = base.iter().filter_map(Node::id).collect();
        let help = if known.is_empty() {
            "no inherited entry has an id".to_owned()
        } else {
            format!("inherited ids: {}", known.join(", "))
        };
        self.problems
            .add(Problem::error(path, &change.origin, message).help(help));
    }
}

/// Drops the inherited sources of replaced values, unless the file that replaced them gives new ones.
fn drop_sources(merged: &mut Node, replaced: &[KeyPath], own: Option<&Node>) {
    let Value::Table(root) = &mut merged.value else {
        return;
    };
    let Some(Entry { node, .. }) = root.entry_mut("sources") else {
        return;
    };
    let Value::Table(sources) = &mut node.value else {
        return;
    };
    let own = own.and_then(Node::as_table);
    sources.0.retain(|entry| {
        let is_own = own.is_some_and(|own| own.get(&entry.key).is_some());
        let key = KeyPath::parse(&entry.key);
        is_own || !replaced.iter().any(|path| key.is_within(path))
    });
}
