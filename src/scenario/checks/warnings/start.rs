//! The state at the start, where it was written for another first day or is not written.

use super::Problems;
use crate::scenario::file::ScenarioFile;
use crate::scenario::key_path::KeyPath;
use crate::scenario::node::{Node, Value};
use crate::scenario::origin::Files;
use crate::scenario::policy::Policy;
use crate::scenario::resolve::reading::Reading;
use crate::scenario::run::Run;
use crate::scenario::timeline::Timeline;

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

/// Reports bookings before the first round that nobody asked for: those of the default, where nothing else says that there was an app
/// before the start.
pub(super) fn warn_of_bookings(reading: Reading<'_>, timeline: &Timeline, problems: &mut Problems) {
    let Reading {
        file,
        calendar,
        document,
        ..
    } = reading;
    let bookings = KeyPath::parse("world.initial_bookings");
    let mut groups = file.world.groups.values();
    let has_pool = groups.any(|group| group.initial_pool.persons() > 0.0);
    let at_first = timeline.epochs[timeline.epoch_on(0)].policies.first();
    let offers = at_first.filter(|policy| {
        policy.app.open && policy.slots_by_port().into_iter().any(|slots| slots > 0)
    });
    let uses_app = |policy: &&Policy| {
        let mut groups = file.world.groups.iter();
        groups.any(|(id, group)| group.weights.app > 0.0 && !policy.app.regions_of(id).is_empty())
    };
    let Some(policy) = offers.filter(|_| !has_pool).filter(uses_app) else {
        return;
    };
    if document.get(&bookings).is_some() {
        return;
    }
    let message = format!(
        "`{bookings}` is not given, and is {}: the slots of all dates before {} are booked at the start, by people who do not register in the run",
        file.world.initial_bookings,
        calendar.date(policy.app.lead_time_days),
    );
    let help = "set it to 0 if the app begins with the run, or to 1 if appointments were given out before; who waited then is the `initial_pool` of a group";
    problems.warn(document, &bookings, &message, help);
}

/// The start of the run as the newest of some values knew it; `None` where none of them is written, and where it is given with `--set`, as a start may be
/// beside it.
fn start_of(paths: &[KeyPath], document: &Node, files: &Files) -> Option<String> {
    let newest = (paths.iter())
        .filter_map(|path| Some(document.get(path)?.origin.file))
        .reduce(|one, other| {
            if files.goes_before(one, other) {
                one
            } else {
                other
            }
        })
        .filter(|newest| !files.is_set(*newest))?;
    let mut known = document.get(&KeyPath::parse("run.start"));
    while let Some(node) = known.filter(|node| files.goes_before(node.origin.file, newest)) {
        known = node.overrode.as_deref();
    }
    match known.map(|node| &node.value) {
        Some(Value::Moment(date)) => Some(date.clone()),
        _ => Some(Run::default().start.to_string()),
    }
}
