//! Levers that an event sets and a later one sets again.

use serde_json::Value as Json;

use crate::scenario::diagnostics::Problems;
use crate::scenario::key_path::KeyPath;
use crate::scenario::node::Node;
use crate::scenario::origin::Files;
use crate::scenario::resolve::changes::Change;
use crate::scenario::resolve::reading::Reading;
use crate::scenario::tree::same::same;

/// A lever that an event sets.
struct Setting<'a> {
    change: &'a Change,
    lever: &'a str,
    /// The lever's path under `[policy]`.
    path: KeyPath,
    value: &'a Json,
    /// The text in which it is set.
    file: usize,
}

impl Setting<'_> {
    /// Where the event has it.
    fn at(&self) -> KeyPath {
        self.change.path.child("set").child(self.lever)
    }

    fn is_alike(&self, other: &Self) -> bool {
        self.lever == other.lever && same(self.value, other.value)
    }
}

pub(super) fn warn(reading: Reading<'_>, files: &Files, problems: &mut Problems) {
    let settings: Vec<Setting<'_>> = (reading.changes.iter())
        .flat_map(|change| {
            let set = change.event.set.iter();
            set.map(move |(lever, value)| (change, lever, value))
        })
        .map(|(change, lever, value)| {
            let at = change.path.child("set").child(lever);
            Setting {
                change,
                lever,
                path: KeyPath::parse(lever),
                value,
                file: reading.document.place_of(&at).file,
            }
        })
        .collect();
    for (place, own) in settings.iter().enumerate() {
        let (before, later) = (&settings[..place], &settings[place + 1..]);
        on_one_day(reading, files, own, later, problems);
        on_a_later_day(reading, files, own, [before, later], problems);
    }
    beside_inherited(reading, files, &settings, problems);
}

/// The setting that overrides another at once: the last of its day that is listed behind it and holds all of it.
fn last_that_day<'s, 'a>(own: &Setting<'_>, later: &'s [Setting<'a>]) -> Option<&'s Setting<'a>> {
    let date = own.change.event.date;
    let mut that_day = (later.iter().rev()).filter(|other| other.change.event.date == date);
    that_day.find(|other| own.path.is_within(&other.path))
}

/// A lever that events set on one day: the one that is listed last overrides another. This is told where both are of one text, and where the one
/// that is overridden is of a nearer one; [`beside_inherited`] tells of those of a file that is extended. (Of days before the run the nearer one
/// does nothing, of which [`inert`](super::inert) tells.)
fn on_one_day(
    Reading {
        document, calendar, ..
    }: Reading<'_>,
    files: &Files,
    own: &Setting<'_>,
    later: &[Setting<'_>],
    problems: &mut Problems,
) {
    let date = own.change.event.date;
    let Some(last) = last_that_day(own, later) else {
        return;
    };
    if own.is_alike(last) {
        return;
    }
    let (lever, is) = (last.lever, last.value);
    if own.file == last.file {
        let message = format!(
            "`{lever}` is set twice on {date}: {is} is listed last, and overrides the other"
        );
        problems.warn(document, &last.at(), &message, "leave one of the two out");
    } else if date >= calendar.date(0) && files.goes_before(own.file, last.file) {
        let message = format!(
            "`{lever}` is set again on {date} by an event that is listed later: {is} overrides this"
        );
        let help = match &last.change.event.id {
            Some(id) => format!("change it in the event with the id `{id}`"),
            None => {
                "set it in an event with an id of its own, which is listed after those inherited"
                    .to_owned()
            }
        };
        problems.warn(document, &own.at(), &message, &help);
    }
}

/// Levers of an inherited event of which an event of a nearer text overrides one on the same day, where others still act: whoever wrote the new
/// event may not know of them. An entry of the same text that names the inherited event, be it by its `id` alone, says that its author does.
fn beside_inherited(
    Reading { document, .. }: Reading<'_>,
    files: &Files,
    settings: &[Setting<'_>],
    problems: &mut Problems,
) {
    let mut rest = settings;
    while let Some(first) = rest.first() {
        let inherited = first.change;
        let of_it = rest
            .iter()
            .take_while(|it| it.change.path == inherited.path);
        let (its, later) = rest.split_at(of_it.count());
        rest = later;
        let overridden = its.iter().find_map(|own| {
            let last = last_that_day(own, later)?;
            let is_new = files.goes_before(last.file, own.file)
                && is_of_its_own(last, document, files)
                && !own.is_alike(last);
            is_new.then_some((own, last))
        });
        let acting = its.iter().filter(|own| last_that_day(own, later).is_none());
        let acting: Vec<&str> = acting.map(|own| own.lever).collect();
        let Some((own, last)) = overridden.filter(|_| !acting.is_empty()) else {
            continue;
        };
        let written_in = |change: &Change, key| document.place_of(&change.path.child(key)).file;
        let id = inherited.event.id.as_deref();
        if id.is_some()
            && !files.goes_before(written_in(last.change, "date"), written_in(inherited, "id"))
        {
            continue;
        }
        let message = format!(
            "`{}` is set twice on {}: {} overrides that of the inherited `{}`, which still moves `{}`",
            own.lever,
            inherited.event.date,
            last.value,
            inherited.path,
            acting.join("`, `")
        );
        let help = match id {
            Some(id) => format!(
                "if that is meant, say so by naming it: `id = \"{id}\"` alone under an [[event]] of its own; if not, change it under that id, or take it out with `remove = true`"
            ),
            None => "give the inherited event an `id` where it is written, by which a file can change it, take it out, or say by the `id` alone that this is meant"
                .to_owned(),
        };
        problems.warn(document, &last.at(), &message, &help);
    }
}

/// A lever that an event of a nearer text sets, and an inherited event sets again on a later day: what is written holds until then only.
///
/// Nothing is said of a value that is put back to what would be inherited on that day, nor of `app.booked`: it says what a change does to
/// appointments, and every change says it anew.
fn on_a_later_day(
    reading: Reading<'_>,
    files: &Files,
    own: &Setting<'_>,
    [before, later]: [&[Setting<'_>]; 2],
    problems: &mut Problems,
) {
    let Reading {
        document, calendar, ..
    } = reading;
    if own.lever == "app.booked" || !is_of_its_own(own, document, files) {
        return;
    }
    let mut again = later.iter().filter(|other| {
        let is_part = own.path.is_within(&other.path) || other.path.is_within(&own.path);
        is_part && other.change.event.date > own.change.event.date
    });
    let Some(first) = again.next() else {
        return;
    };
    let date = first.change.event.date;
    // Of those of one day the last that is listed holds.
    let that_day = again.take_while(|other| other.change.event.date == date);
    let next = that_day.last().unwrap_or(first);
    if !files.goes_before(own.file, next.file) || date < calendar.date(0) || own.is_alike(next) {
        return;
    }
    let is_inherited =
        |other: &&Setting<'_>| other.lever == own.lever && files.goes_before(own.file, other.file);
    let of_policy = || document.get(&KeyPath::parse("policy").child(own.lever));
    let inherited = match before.iter().rev().find(is_inherited) {
        Some(setting) => Some(setting.value.clone()),
        None => of_policy().map(Node::to_json),
    };
    if inherited.is_some_and(|inherited| same(&inherited, own.value)) {
        return;
    }
    let message = format!(
        "`{}` is set here until {date} only, when an inherited event sets `{}`",
        own.lever, next.lever
    );
    let again = format!("if yours is to last, set it again on {date}");
    let help = match &next.change.event.id {
        Some(id) if next.change.event.set.len() == 1 => {
            format!(
                "{again}, or take that out: `id = \"{id}\"` and `remove = true` under [[event]]"
            )
        }
        _ => again,
    };
    problems.warn(document, &own.at(), &message, &help);
}

/// Whether the text that sets a lever also dates the event: it is a new one, or one that is moved to another day.
fn is_of_its_own(own: &Setting<'_>, document: &Node, files: &Files) -> bool {
    let Some(date) = document.get(&own.change.path.child("date")) else {
        return false;
    };
    let is_dated_there = !files.goes_before(own.file, date.origin.file);
    let before = date.overrode.as_deref().map(Node::to_json);
    is_dated_there && before != Some(date.to_json())
}
