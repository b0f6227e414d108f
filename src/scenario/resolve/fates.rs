//! What becomes of keys in a run that begins after some events and ends before others.

use super::calendar::Calendar;
use super::changes::Change;
use crate::scenario::key_path::KeyPath;

/// Which events before a run moved which levers, and which act during it.
#[derive(Debug, Clone)]
pub(crate) struct Fates {
    /// Levers and numbers of triggers that events before the first day moved, and the keys of those events, in the order in which they act.
    moved: Vec<(KeyPath, KeyPath)>,
    /// Where the events that act during the run are in the document, in their order.
    during: Vec<KeyPath>,
}

/// What becomes of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It acts, and this is its key in the resolved file, where events before the run are in the levers that they moved.
    Acts(KeyPath),
    /// This key of an event before the run overrides it before the run begins.
    Overridden(KeyPath),
    /// It is that of an event after the run.
    AfterRun,
}

impl Fates {
    /// Those of the events of a run, in the order in which they act.
    pub(crate) fn of(changes: &[Change], calendar: &Calendar) -> Self {
        let is_before = |change: &&Change| calendar.day(change.event.date) < 0;
        let (before, during): (Vec<&Change>, Vec<&Change>) = changes.iter().partition(is_before);
        let moved = before.into_iter().flat_map(|change| {
            let set = change.path.child("set");
            (change.event.set.keys()).map(move |key| (moved_by(key), set.child(key)))
        });
        Self {
            moved: moved.collect(),
            during: during
                .into_iter()
                .map(|change| change.path.clone())
                .collect(),
        }
    }

    /// Where the events that act during the run are in the document, in their order.
    pub(crate) fn during(&self) -> &[KeyPath] {
        &self.during
    }

    /// Leaves out all events that act during the run but the first ones, so many of them.
    pub(crate) fn cut(&mut self, events: usize) {
        self.during.truncate(events);
    }

    /// The key that gave a value in force at the first instant: its own, or that of an event before the first day.
    pub(crate) fn given_by(&self, path: &KeyPath) -> KeyPath {
        let mut moved = self.moved.iter().rev();
        let moved = moved.find(|(lever, _)| path.is_within(lever));
        moved.map_or_else(|| path.clone(), |(_, event)| event.clone())
    }

    /// The path in the document of a path in the resolved file, where events without an id may have other places.
    pub(crate) fn in_document(&self, path: &KeyPath) -> KeyPath {
        if let ["event", place, below @ ..] = path.words().as_slice()
            && let Ok(place) = place.parse::<usize>()
            && let Some(event) = self.during.get(place.wrapping_sub(1))
        {
            return (below.iter()).fold(event.clone(), |path, key| path.child(key));
        }
        path.clone()
    }

    /// What becomes of a key; of an event, one in its `set`.
    pub(crate) fn of_key(&self, path: &KeyPath) -> Fate {
        let is_of_event = matches!(path.words().as_slice(), ["event", ..]);
        if self.during.iter().any(|event| path.is_within(event)) {
            return Fate::Acts(path.clone());
        }
        let mut moved = self.moved.iter().rev();
        let (lever, own) = match moved.find(|(_, set)| path.is_within(set)) {
            Some((lever, set)) => {
                let below = path.keys()[set.keys().len()..].iter();
                let lever = below.fold(lever.clone(), |lever, key| lever.child(key));
                (lever, set)
            }
            None if is_of_event => return Fate::AfterRun,
            None => (path.clone(), path),
        };
        let given_by = self.given_by(&lever);
        if given_by == *own {
            Fate::Acts(lever)
        } else {
            Fate::Overridden(given_by)
        }
    }
}

/// The full path of what a key of `set` moves.
pub(crate) fn moved_by(key: &str) -> KeyPath {
    if key.starts_with("trigger.") {
        KeyPath::parse(key)
    } else {
        KeyPath::parse("policy").child(key)
    }
}
