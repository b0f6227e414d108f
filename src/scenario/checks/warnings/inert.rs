//! What is set of an inherited event and does nothing in the run.

use crate::scenario::diagnostics::Problems;
use crate::scenario::key_path::KeyPath;
use crate::scenario::node::{Entry, Node};
use crate::scenario::origin::Files;
use crate::scenario::resolve::changes::Change;
use crate::scenario::resolve::fates::{Fate, Fates};
use crate::scenario::resolve::reading::Reading;
use crate::scenario::tree::same::same;

/// Reports levers that the file itself, or a value laid over it, sets in an inherited event which is after the run, or which another one
/// overrides before the run begins. What a file says is meant for the run that it describes: nothing is said of it where the end or the start
/// that makes it do nothing is laid over it.
pub(super) fn warn(reading: Reading<'_>, files: &Files, problems: &mut Problems) {
    let document = reading.document;
    let fates = Fates::of(reading.changes, reading.calendar);
    let is_laid = |key: &str| files.is_set(document.place_of(&KeyPath::parse(key)).file);
    for (key, file) in levers(document) {
        let (limit, (why, help)) = match fates.of_key(&key) {
            Fate::Acts(_) => continue,
            Fate::AfterRun => ("run.end", after_run(reading, &key)),
            Fate::Overridden(by) => ("run.start", overridden(reading, &by)),
        };
        if files.is_set(file) || file == Files::MAIN && !is_laid(limit) {
            let message = format!("`{key}` does nothing in this run: {why}");
            problems.warn(document, &key, &message, &help);
        }
    }
}

/// The levers of events, each with the text in which it is set; but for what a file repeats of the `set` that it replaces whole.
fn levers(document: &Node) -> Vec<(KeyPath, usize)> {
    let list = KeyPath::parse("event");
    let events = document.get(&list).map(Node::items).unwrap_or_default();
    let mut levers = Vec::new();
    for (place, event) in events.iter().enumerate() {
        let set = list.child(Node::name_of(events, place)).child("set");
        let replaced = document.get(&set).and_then(|set| set.overrode.as_deref());
        let is_repeated = |lever: &Entry| {
            let before = replaced.and_then(|set| set.as_table()?.get(&lever.key));
            before.is_some_and(|before| same(&before.to_json(), &lever.node.to_json()))
        };
        let changed = event.levers().iter().filter(|lever| !is_repeated(lever));
        levers.extend(changed.map(|lever| (set.child(&lever.key), lever.node.origin.file)));
    }
    levers
}

/// That the event of a key is after the run, and the remedy.
fn after_run(Reading { file, document, .. }: Reading<'_>, key: &KeyPath) -> (String, String) {
    let date = document.get(&key.first(2).child("date")).map(Node::to_json);
    let date = date.as_ref().and_then(|date| date.as_str());
    let date = date.unwrap_or_default();
    let end = file.run.end;
    (
        format!("its event is of {date}, and the run ends on {end}"),
        format!("set `run.end` to {date} or later, or leave it out"),
    )
}

/// That a key of another event before the run overrides one, and the remedy.
fn overridden(reading: Reading<'_>, by: &KeyPath) -> (String, String) {
    let mut changes = reading.changes.iter();
    let event = changes.find(|change| by.is_within(&change.path));
    let event = event.map(|Change { event, .. }| event);
    let date = event.map_or(String::new(), |event| event.date.to_string());
    let first = reading.calendar.date(0);
    let why = format!("`{by}` of {date} overrides it before the run begins on {first}");
    let help = if event.is_some_and(|event| event.id.is_some()) {
        format!("set `{by}`, or leave it out")
    } else {
        format!("give the event of {date} an `id`, so that its value can be set, or leave it out")
    };
    (why, help)
}
