//! Lays one scenario file over another: what `extends` means.

use super::{newcomers, sources, whole};
use crate::scenario::diagnostics::{Problem, Problems};
use crate::scenario::key_path::{self, KeyPath};
use crate::scenario::node::{Entry, Node, Table, Value};
use crate::scenario::origin::Origin;
use crate::scenario::tree::slips;

/// Lays a file over the one that it extends.
///
/// Tables merge key by key; entries of `[[event]]` and `[[trigger]]` merge by `id`; every other value is replaced whole, and so is what
/// [`whole`] names: a change of policy is one thing. A value that is replaced loses its inherited source.
pub(crate) fn merge(document: &mut Node, over: Node, problems: &mut Problems) {
    let mut merger = Merger {
        replaced: Vec::new(),
        problems,
    };
    let own = sources::keys(&over);
    merger.node(document, over, &KeyPath::default());
    let replaced = merger.replaced;
    sources::drop(document, |_, source| {
        let path = KeyPath::parse(source);
        let is_own = own.iter().any(|own| own == source);
        !is_own && replaced.iter().any(|replaced| path.is_within(replaced))
    });
}

struct Merger<'a> {
    replaced: Vec<KeyPath>,
    problems: &'a mut Problems,
}

impl Merger<'_> {
    fn node(&mut self, base: &mut Node, over: Node, path: &KeyPath) {
        let is_changes = matches!(path.keys(), [key] if key_path::of_changes(key));
        let is_whole = whole::around(path).is_some_and(|whole| whole == *path);
        match (&mut base.value, over.value) {
            (Value::Table(table), Value::Table(over_table)) if !is_whole => {
                self.table(table, over_table, path);
                base.origin = over.origin;
                base.overrode = None;
            }
            (Value::List(changes), Value::List(over_changes)) if is_changes => {
                let mut before = changes.clone();
                let removed = self.changes(changes, over_changes, path);
                // What was removed is remembered, with the place where it was, for those that still speak of it.
                if !removed.is_empty() {
                    for change in &mut before {
                        let gone = removed.iter().find(|(id, _)| change.id() == Some(id));
                        if let Some((_, origin)) = gone {
                            change.origin = origin.clone();
                        }
                    }
                    base.overrode = Some(Box::new(Node {
                        value: Value::List(before),
                        origin: base.origin.clone(),
                        overrode: base.overrode.take(),
                    }));
                }
                base.origin = over.origin;
            }
            (_, value) => {
                self.replaced.push(path.clone());
                base.replace(Node { value, ..over });
            }
        }
    }

    fn table(&mut self, base: &mut Table, over: Table, path: &KeyPath) {
        let inherited = base.0.len();
        for entry in over.0 {
            let child = path.child(&entry.key);
            if let Some(known) = base.entry_mut(&entry.key) {
                self.node(&mut known.node, entry.node, &child);
                known.key_origin = entry.key_origin;
            } else {
                newcomers::check(path, &base.0[..inherited], &entry, self.problems);
                self.replaced.push(child);
                base.0.push(entry);
            }
        }
    }

    /// Merges events or triggers by `id`; the ids of those that are removed, and where.
    fn changes(
        &mut self,
        base: &mut Vec<Node>,
        over: Vec<Node>,
        path: &KeyPath,
    ) -> Vec<(String, Origin)> {
        let mut removed = Vec::new();
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
                    self.nothing_beside_remove(&change, &child);
                    base.remove(place);
                    self.replaced.push(child);
                    removed.extend(id.map(|id| (id, change.origin)));
                }
                (None, true) => self.nothing_to_remove(base, &change, id.as_deref(), &child),
                (Some(place), false) => self.node(&mut base[place], change, &child),
                (None, false) => base.push(change),
            }
        }
        removed
    }

    /// Takes `remove = true` out of an entry.
    fn take_remove(&mut self, change: &mut Node, path: &KeyPath) -> bool {
        let removed = change.as_table_mut().and_then(|it| it.remove("remove"));
        let Some(Entry { node, .. }) = removed else {
            return false;
        };
        if let Value::Bool(remove) = node.value {
            return remove;
        }
        let message = format!(
            "`{path}.remove`: found {}, expected true or false",
            node.kind()
        );
        let problem = Problem::error(&path.child("remove"), &node.origin, message);
        let truth = node.as_text().and_then(slips::truth);
        let help = truth.map(|truth| format!("write {truth} without quotes"));
        self.problems.add(Problem { help, ..problem });
        // Taken at its word, so that nothing is said to be missing, nor to be too much.
        if let Some(table) = change.as_table_mut() {
            table.0.retain(|entry| entry.key == "id");
        }
        true
    }

    /// Reports what stands beside `remove = true`, where nothing reads it.
    fn nothing_beside_remove(&mut self, change: &Node, path: &KeyPath) {
        let entries = change.as_table().map_or(&[][..], |table| &table.0);
        let beside: Vec<&Entry> = entries.iter().filter(|entry| entry.key != "id").collect();
        let Some(first) = beside.first() else {
            return;
        };
        let keys: Vec<&str> = beside.iter().map(|entry| entry.key.as_str()).collect();
        let message = format!(
            "an entry with `remove = true` is taken out, and has nothing beside its `id`: found `{}`",
            keys.join("`, `")
        );
        let list = path.keys().first().map_or("event", String::as_str);
        let help = format!("take `remove` out to change the {list}, or the rest to take it out");
        let problem = Problem::error(&path.child(&first.key), &first.key_origin, message);
        self.problems.add(problem.help(help));
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
