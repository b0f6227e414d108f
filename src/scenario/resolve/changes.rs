//! The events of a run in the order in which they act.

use jiff::ToSpan;

use super::calendar::Calendar;
use crate::scenario::change::Event;
use crate::scenario::diagnostics::Problems;
use crate::scenario::file::ScenarioFile;
use crate::scenario::key_path::KeyPath;
use crate::scenario::node::Node;
use crate::scenario::origin::Files;

/// An event and its path in the document.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) path: KeyPath,
    pub(crate) event: Event,
}

/// Events in the order in which they act: by date, then as listed, inherited ones first.
///
/// Inherited events after the run are left out, and so are all after an end that was laid over the file. An event that the file itself
/// dates outside its run is reported; those before a start that was laid over the file are one mistake.
pub(crate) fn in_order(
    file: &ScenarioFile,
    valid: &Node,
    document: &Node,
    files: &Files,
    calendar: &Calendar,
    problems: &mut Problems,
) -> Vec<Change> {
    let (first, last) = (calendar.date(0), file.run.end);
    let warmup = file.run.warmup_days;
    let run = match warmup {
        0 => format!("{first} to {last}"),
        days => format!("{first} to {last}, {days} days of warm-up included"),
    };
    let paths = paths("event", valid, document);
    let start = KeyPath::parse("run.start");
    let is_laid = |path: &KeyPath| files.is_set(document.place_of(path).file);
    let (is_put_off, is_shortened) = (is_laid(&start), is_laid(&KeyPath::parse("run.end")));
    let mut changes = Vec::new();
    let mut passed_over = Vec::new();
    for (event, path) in file.event.iter().zip(paths) {
        let date = path.child("date");
        let is_inherited = is_inherited(files, document.place_of(&date).file);
        let is_early = event.date < first && !is_inherited;
        let is_late = event.date > last && !is_inherited && !is_shortened;
        let event = event.clone();
        if is_early && is_put_off {
            passed_over.push(Change { path, event });
        } else if is_early || is_late {
            let message = format!("the event of {} is outside the run, {run}", event.date);
            let help = if is_early {
                "move the event, or change `run.start`; what a file's own levers are from the first instant is set under [policy]"
            } else {
                "move the event, or change `run.end`"
            };
            problems.report(document, &date, message, help);
        } else if event.date <= last {
            changes.push(Change { path, event });
        }
    }
    if let Some(earliest) = passed_over.iter().min_by_key(|change| change.event.date) {
        let (path, date) = (&earliest.path, earliest.event.date);
        let message = match passed_over.len() {
            1 => format!("`{path}` of {date} lies before the run, {run}"),
            events => format!(
                "{events} events lie before the run, {run}; the first is `{path}` of {date}"
            ),
        };
        let latest = date.saturating_add(i64::from(warmup).days());
        let help = format!(
            "start by {latest}, or run a file that extends this one, with this `run.start`, the `initial_pool` of every group on that \
             day and `world.initial_bookings`, 1 where the first appointments were given out before: it begins with the levers as the events \
             before it have set them"
        );
        problems.report(document, &start, message, help);
    }
    changes.sort_by_key(|change| change.event.date);
    changes
}

/// Whether a value comes from a file that the named one extends; `--set` counts as the named one.
fn is_inherited(files: &Files, file: usize) -> bool {
    file != Files::MAIN && !files.is_set(file)
}

/// The paths of the valid entries of `[[event]]` or `[[trigger]]`.
///
/// An entry without an id goes by its date or its place in the document, where invalid entries count too.
pub(crate) fn paths(table: &str, valid: &Node, document: &Node) -> Vec<KeyPath> {
    let path = KeyPath::parse(table);
    let items = |node: &Node| {
        node.get(&path)
            .map(|list| list.items().to_vec())
            .unwrap_or_default()
    };
    let all = items(document);
    (items(valid).iter())
        .map(|entry| {
            let place = all.iter().position(|known| known.origin == entry.origin);
            path.child(Node::name_of(&all, place.unwrap_or(0)))
        })
        .collect()
}
