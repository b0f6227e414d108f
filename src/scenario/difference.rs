//! What two scenarios set differently.

mod leaves;

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::calibrate::FittedKey;
use super::key_path::KeyPath;
use super::loaded::Loaded;
use super::origin::Files;
use super::tree::same::same;
use leaves::{EventChange, Leaf};

/// A key whose resolved value differs between two scenarios, or a change of policy that only one of them has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Full path of the key; `event.ID` or `trigger.ID` for a change of policy that only one scenario has.
    pub key: String,
    /// Unit of the values.
    pub unit: Option<String>,
    /// What the first scenario says.
    pub a: Side,
    /// What the second scenario says.
    pub b: Side,
    /// What the two values do not show: files of the same name may have other contents.
    pub note: Option<&'static str>,
}

/// What one of two scenarios says of a key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Side {
    /// The resolved value as TOML, or an event or a trigger in a line; `None` where it is not set.
    pub value: Option<String>,
    /// `FILE:LINE`, `--set`, or `default`; `None` where it is not set.
    pub set_at: Option<String>,
}

/// Every key whose resolved value differs: everything inherited, defaults in, events before the first day worked in.
///
/// Events and triggers are matched by id, and go key by key where both scenarios have them; events without an id are the same only if
/// they are equal. Data files are compared by content. Where numbers come from (`[sources]`, `source`) changes nothing that is simulated
/// and is not compared.
#[must_use]
pub fn difference(a: &Loaded, b: &Loaded) -> Vec<Difference> {
    let pair = Pair { a, b };
    let mut found = pair.keys(&leaves::of_tables(a), &leaves::of_tables(b));
    found.extend(pair.changes(&leaves::events(a), &leaves::events(b)));
    found.extend(pair.changes(&leaves::triggers(a), &leaves::triggers(b)));
    found
}

/// The differences of two scenarios that make simulations of one no simulations of the other, whatever values both give to what `[calibrate]`
/// of the second fits: not those of what is fitted, to what and until when, nor of events after the first of the two ends.
#[must_use]
pub fn difference_beside_fit(a: &Loaded, b: &Loaded) -> Vec<Difference> {
    let end = a.file.run.end.min(b.file.run.end);
    let [first, second] = [a, b].map(|loaded| until(loaded, end));
    let parameters = b.calibration.iter().flat_map(|it| &it.parameters);
    // A key of an event before the run is that of the lever there.
    let names = |key: &FittedKey| {
        let resolved = second.in_resolved(&key.path);
        [Some(key.path.clone()), resolved].into_iter().flatten()
    };
    let fitted: Vec<KeyPath> = (parameters.flat_map(|parameter| &parameter.keys))
        .flat_map(names)
        .map(|name| KeyPath::parse(&name))
        .collect();
    let matters = |difference: &Difference| {
        let path = KeyPath::parse(&difference.key);
        let is_beside = matches!(
            path.words().as_slice(),
            ["calibrate" | "futures" | "observed" | "title", ..]
                | ["run", "end" | "seed" | "replications"]
        );
        !is_beside && !fitted.iter().any(|key| key.overlaps(&path))
    };
    let all = difference(&first, &second).into_iter();
    all.filter(matters).collect()
}

/// A scenario without the events after a day.
fn until(loaded: &Loaded, day: Date) -> Loaded {
    let mut cut = loaded.clone();
    // Events are in the order in which they act.
    let events = cut.file.event.partition_point(|event| event.date <= day);
    cut.file.event.truncate(events);
    cut.fates.cut(events);
    cut
}

struct Pair<'l> {
    a: &'l Loaded,
    b: &'l Loaded,
}

impl Pair<'_> {
    /// Differences of values: in the first scenario's order, then those that only the second one has.
    fn keys(&self, a: &[Leaf], b: &[Leaf]) -> Vec<Difference> {
        let at = |leaves: &[Leaf], path: &KeyPath| {
            leaves.iter().find(|leaf| leaf.path == *path).cloned()
        };
        let known: BTreeSet<&KeyPath> = a.iter().map(|leaf| &leaf.path).collect();
        let in_both = a.iter().map(|leaf| (Some(leaf.clone()), at(b, &leaf.path)));
        let only_b = (b.iter().filter(|leaf| !known.contains(&leaf.path)))
            .map(|leaf| (None, Some(leaf.clone())));
        in_both
            .chain(only_b)
            .filter_map(|(a, b)| self.key(a.as_ref(), b.as_ref()))
            .collect()
    }

    fn key(&self, a: Option<&Leaf>, b: Option<&Leaf>) -> Option<Difference> {
        let leaf = a.or(b)?;
        let is_source = leaf.path.keys().last().is_some_and(|key| key == "source");
        let mut note = None;
        if let (Some(a), Some(b)) = (a, b) {
            let is_same = if leaf.rule.is_path() {
                let text =
                    |loaded: &Loaded, leaf: &Leaf| loaded.data.get(leaf.value.as_str()?).cloned();
                note = Some("the files differ in content");
                text(self.a, a) == text(self.b, b)
            } else {
                same(&a.value, &b.value)
            };
            if is_same {
                return None;
            }
        }
        let side = |loaded: &Loaded, leaf: &Leaf| Side {
            value: Some(leaf.written()),
            set_at: Some(place(loaded, &loaded.fates.given_by(&leaf.path))),
        };
        (!is_source).then(|| Difference {
            key: leaf.path.to_string(),
            unit: leaf.rule.unit().map(str::to_owned),
            a: a.map_or_else(Side::default, |leaf| side(self.a, leaf)),
            b: b.map_or_else(Side::default, |leaf| side(self.b, leaf)),
            note,
        })
    }

    /// Differences of events or triggers.
    fn changes(&self, a: &[EventChange], b: &[EventChange]) -> Vec<Difference> {
        let mut unmatched: Vec<&EventChange> = b.iter().collect();
        let mut found = Vec::new();
        for change in a {
            let place = unmatched.iter().position(|other| {
                if change.has_id() {
                    other.path == change.path
                } else {
                    !other.has_id() && same(&other.value, &change.value)
                }
            });
            match place.map(|place| unmatched.remove(place)) {
                Some(_) if !change.has_id() => {}
                Some(other) => found.extend(self.keys(&change.leaves(), &other.leaves())),
                None => found.push(Difference {
                    a: whole(self.a, change),
                    ..only(change)
                }),
            }
        }
        found.extend(unmatched.into_iter().map(|change| Difference {
            b: whole(self.b, change),
            ..only(change)
        }));
        found
    }
}

/// A change that one scenario has, its sides left open.
fn only(change: &EventChange) -> Difference {
    Difference {
        key: change.path.to_string(),
        unit: None,
        a: Side::default(),
        b: Side::default(),
        note: None,
    }
}

fn whole(loaded: &Loaded, change: &EventChange) -> Side {
    Side {
        value: Some(change.line()),
        set_at: Some(place(loaded, &change.path)),
    }
}

/// Where a value was written.
fn place(loaded: &Loaded, path: &KeyPath) -> String {
    let Some(node) = loaded.document.get(path) else {
        return "default".to_owned();
    };
    let place = loaded.files.place(&node.origin);
    match place.name {
        Files::SET => place.name.to_owned(),
        name => format!("{name}:{}", place.line),
    }
}
