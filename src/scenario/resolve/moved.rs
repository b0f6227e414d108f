//! Values laid over a file, or written in it, that events and triggers move all the same.

use super::changes::Change;
use super::policies::keys_moving;
use super::reading::Reading;
use crate::scenario::diagnostics::Problems;
use crate::scenario::key_path::KeyPath;

/// Warns of a lever, set at some place of the document, that something else moves during the run; not of events that are among what is
/// `set` too.
pub(crate) fn warn(
    (lever, at): (&KeyPath, &KeyPath),
    set: &[&KeyPath],
    reading: Reading<'_>,
    problems: &mut Problems,
) {
    let Reading {
        file,
        changes,
        calendar,
        document,
    } = reading;
    let is_lever = matches!(lever.words().as_slice(), ["policy", _, ..]);
    if !is_lever {
        return;
    }
    let is_set = |key: &KeyPath| set.iter().any(|known| known.overlaps(key));
    let moves: Vec<(&Change, &String)> = (changes.iter())
        .flat_map(|change| {
            let keys = keys_moving(&change.event.set, lever);
            keys.map(move |key| (change, key))
        })
        .filter(|(change, key)| !is_set(&change.path.child("set").child(key)))
        .collect();
    let triggers: Vec<String> = (file.trigger.iter())
        .flat_map(|trigger| {
            let set = KeyPath::parse("trigger").child(&trigger.id).child("set");
            keys_moving(&trigger.set, lever).map(move |key| set.child(key))
        })
        .filter(|key| !is_set(key))
        .map(|key| format!("`{key}`"))
        .collect();
    if !moves.is_empty() {
        let dates: Vec<String> = (moves.iter())
            .map(|(change, _)| change.event.date.to_string())
            .collect();
        let first = moves[0].0;
        let holds = if calendar.day(first.event.date) <= 0 {
            "the value set never holds"
        } else {
            "the value set holds until then"
        };
        let message = format!("events move `{lever}` on {}: {holds}", dates.join(", "));
        problems.warn(document, at, &message, &remedy(&moves));
    }
    if !triggers.is_empty() {
        let message =
            format!("a trigger moves `{lever}`: the value set does not hold while it is on");
        let help = format!("to move that too, set {}", triggers.join(", "));
        problems.warn(document, at, &message, &help);
    }
}

/// The keys that move the lever, for those events that can be named.
fn remedy(moves: &[(&Change, &String)]) -> String {
    let named: Vec<String> = (moves.iter())
        .filter_map(|(change, key)| {
            Some(format!("`event.{}.set.{key}`", change.event.id.as_ref()?))
        })
        .collect();
    let nameless: Vec<String> = (moves.iter())
        .filter(|(change, _)| change.event.id.is_none())
        .map(|(change, _)| change.event.date.to_string())
        .collect();
    let mut remedies = Vec::new();
    if !named.is_empty() {
        remedies.push(format!("to move them too, set {}", named.join(", ")));
    }
    if !nameless.is_empty() {
        remedies.push(format!(
            "give the event of {} an `id`, so that its value can be set",
            nameless.join(", ")
        ));
    }
    remedies.join("; ")
}
