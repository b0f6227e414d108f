//! What labels and sources say: inherited events that a file moves or changes, under the label and the source that they had, and sources of
//! levers that no event sets.

use crate::scenario::diagnostics::Problems;
use crate::scenario::key_path::{self, KeyPath};
use crate::scenario::layers::sources;
use crate::scenario::node::{Entry, Node};
use crate::scenario::origin::Files;
use crate::scenario::resolve::changes::Change;
use crate::scenario::resolve::reading::Reading;
use crate::scenario::tree::same::same;

/// Reports events of which the file changes the date or a value, and gives neither a label nor a source: what is told of them is of the history that
/// they were. A value that has a source of its own in `[sources]` tells of itself.
pub(super) fn warn(reading: Reading<'_>, problems: &mut Problems) {
    let document = reading.document;
    unset(document, problems);
    for Change { path, event } in reading.changes {
        let told: Vec<&str> = [("label", &event.label), ("source", &event.source)]
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(key, _)| key)
            .collect();
        let is_told_anew = ["label", "source"]
            .into_iter()
            .any(|key| own(document, &path.child(key)).is_some());
        if told.is_empty() || is_told_anew {
            continue;
        }
        let Some((at, what)) = moved(document, path).or_else(|| changed(document, path)) else {
            continue;
        };
        let message = format!(
            "{what}, under the {} that it has as an inherited event",
            told.join(" and the ")
        );
        let help = "give it a `label` or a `source` of its own; if another event is meant, give that another `id`: the inherited one then stays";
        problems.warn(document, &at, &message, help);
    }
}

/// A value that the file itself writes.
fn own<'n>(document: &'n Node, path: &KeyPath) -> Option<&'n Node> {
    (document.get(path)).filter(|node| node.origin.file == Files::MAIN)
}

/// Where the file gives an inherited event another day, and what it does by that.
fn moved(document: &Node, path: &KeyPath) -> Option<(KeyPath, String)> {
    let at = path.child("date");
    let date = own(document, &at)?;
    let [to, from] = [date, date.overrode.as_deref()?].map(Node::to_json);
    let [from_day, to_day] = [from.as_str()?, to.as_str()?];
    (from != to).then(|| {
        let what = format!("`{path}` is moved from {from_day} to {to_day}");
        (at, what)
    })
}

/// Where the file gives levers of an inherited event other values, and what it does by that.
fn changed(document: &Node, path: &KeyPath) -> Option<(KeyPath, String)> {
    let at = path.child("set");
    let set = own(document, &at)?;
    let inherited = set.overrode.as_deref()?.as_table()?;
    let is_changed = |lever: &&Entry| {
        let before = inherited.get(&lever.key).map(Node::to_json);
        before.is_none_or(|before| !same(&before, &lever.node.to_json()))
            && !has_own_source(document, &at.child(&lever.key))
    };
    let changed = set.as_table()?.0.iter().filter(is_changed);
    let levers: Vec<&str> = changed.map(|lever| lever.key.as_str()).collect();
    let verb = if levers.len() == 1 { "has" } else { "have" };
    let first = at.child(levers.first()?);
    let what = format!(
        "`{}` of `{path}` {verb} another value here",
        levers.join("`, `")
    );
    Some((first, what))
}

/// The keys of which the file itself gives sources.
fn own_sources(document: &Node) -> impl Iterator<Item = KeyPath> {
    sources::entries(document)
        .filter(|source| source.node.origin.file == Files::MAIN)
        .map(|source| KeyPath::parse(&source.key))
}

/// Whether the file gives a source of a key.
fn has_own_source(document: &Node, key: &KeyPath) -> bool {
    own_sources(document).any(|source| key.is_within(&source))
}

/// Sources of levers that the event or trigger does not set, and so of no value.
fn unset(document: &Node, problems: &mut Problems) {
    for source in own_sources(document) {
        let words = source.words();
        let [list, id, "set", lever @ ..] = words.as_slice() else {
            continue;
        };
        let change = KeyPath::parse(list).child(id);
        // One that is taken out may keep its sources.
        let Some(node) = document.get(&change).filter(|_| key_path::of_changes(list)) else {
            continue;
        };
        let lever = KeyPath::parse(&lever.join("."));
        let levers = node.levers();
        if !(levers.iter()).any(|set| lever.overlaps(&KeyPath::parse(&set.key))) {
            let at = KeyPath::parse("sources").child(source.to_string());
            let keys: Vec<&str> = levers.iter().map(|set| set.key.as_str()).collect();
            let message =
                format!("`{change}` does not set `{lever}`: this is the source of no value");
            let help = match keys[..] {
                [] => "take it out".to_owned(),
                _ => format!("it sets `{}`", keys.join("`, `")),
            };
            problems.warn(document, &at, &message, &help);
        }
    }
}
