//! The state at the start, where it was written for another first day.

use super::Problems;
use crate::scenario::file::ScenarioFile;
use crate::scenario::key_path::KeyPath;
use crate::scenario::node::{Node, Value};
use crate::scenario::origin::Files;
use crate::scenario::run::Run;

/// Reports pools and bookings that were written for the start of a file that this one extends, where the run now starts on another day.
pub(super) fn warn(file: &ScenarioFile, document: &Node, files: &Files, problems: &mut Problems) {
    let is_other = |of: &String| *of != file.run.start.to_string();
    let start = KeyPath::parse("run.start");
    let pools = file.world.groups.keys().filter_map(|group| {
        let pool = KeyPath::parse("world.groups")
            .child(group)
            .child("initial_pool");
        let persons = ["south_persons", "north_persons"].map(|key| pool.child(key));
        let of = start_of(&persons, document, files).filter(is_other)?;
        Some((group.as_str(), of))
    });
    let pools: Vec<(&str, String)> = pools.collect();
    if let Some((_, of)) = pools.first() {
        let groups: Vec<&str> = pools.iter().map(|(group, _)| *group).collect();
        let message = format!(
            "the run starts on {}, with the `initial_pool` of {of} for `{}`",
            file.run.start,
            groups.join("`, `")
        );
        let help = "set `initial_pool` of each to who waits on the day on which the run starts";
        problems.warn(document, &start, &message, help);
    }
    let bookings = KeyPath::parse("world.initial_bookings");
    if let Some(of) = start_of(std::slice::from_ref(&bookings), document, files).filter(is_other) {
        let message = format!(
            "the run starts on {}, with the `{bookings}` of {of}, {}",
            file.run.start, file.world.initial_bookings
        );
        let help = "set `world.initial_bookings` to the share that is booked then of the dates that the first round no longer offers: 1 where the \
             first appointments were given out before, 0 where there was no app";
        problems.warn(document, &start, &message, help);
    }
}

/// The start of the run as the newest of some values knew it; `None` where none of them is written.
fn start_of(paths: &[KeyPath], document: &Node, files: &Files) -> Option<String> {
    let newest = (paths.iter())
        .filter_map(|path| Some(document.get(path)?.origin.file))
        .reduce(|one, other| {
            if files.goes_before(one, other) {
                one
            } else {
                other
            }
        })?;
    let mut known = document.get(&KeyPath::parse("run.start"));
    while let Some(node) = known.filter(|node| files.goes_before(node.origin.file, newest)) {
        known = node.overrode.as_deref();
    }
    match known.map(|node| &node.value) {
        Some(Value::Moment(date)) => Some(date.clone()),
        _ => Some(Run::default().start.to_string()),
    }
}
