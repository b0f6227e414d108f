//! What can be run, but may not mean what its author thinks.

use super::diagnostics::Problems;
use super::file::ScenarioFile;
use super::key_path::KeyPath;
use super::nearest::nearest;
use super::node::Node;
use super::timeline::Timeline;

/// Reports what looks like an oversight.
pub(crate) fn warn(
    file: &ScenarioFile,
    timeline: &Timeline,
    document: &Node,
    problems: &mut Problems,
) {
    if file.world.groups.is_empty() {
        let groups = KeyPath::parse("world.groups");
        let help = "describe a demand stream under [world.groups.ID]";
        problems.warn(
            document,
            &groups,
            "the scenario has no group: nobody arrives",
            help,
        );
    }
    let mut policies = timeline.epochs.iter().flat_map(|epoch| &epoch.policies);
    let has_parts = file
        .policy
        .ports
        .values()
        .any(|port| port.slots_per_day > 0.0);
    if has_parts && policies.all(|policy| policy.app.slots_per_day <= 0.0) {
        let slots = KeyPath::parse("policy.app.slots_per_day");
        let help = "ports hold parts of `policy.app.slots_per_day`: set that total too";
        problems.warn(
            document,
            &slots,
            "ports have slots and the border has none",
            help,
        );
    }
    idle(file, timeline, document, problems);
    off_duty(file, timeline, document, problems);
    for (place, trigger) in file.trigger.iter().enumerate() {
        let path = KeyPath::parse("trigger").child(&trigger.id);
        let armed = timeline
            .epochs
            .iter()
            .filter_map(|epoch| epoch.rules.get(place));
        let last = file.run.end;
        let never = trigger.from.is_some_and(|from| from > last)
            || armed.clone().all(|rule| rule.to_day < rule.from_day);
        if never {
            let message = "the trigger is not armed on any day of the run";
            let help = "look at its `from` and `to`, and at `run.start` and `run.end`";
            problems.warn(document, &path, message, help);
        }
    }
}

/// Ports whose number of officers is set or moved, though shifts say who is on duty.
fn off_duty(file: &ScenarioFile, timeline: &Timeline, document: &Node, problems: &mut Problems) {
    for id in file.policy.ports.keys() {
        let path = KeyPath::parse("policy.ports").child(id).child("officers");
        let policies = timeline.epochs.iter().flat_map(|epoch| &epoch.policies);
        let mut ports = policies.filter_map(|policy| policy.ports.get(id));
        let first = ports.clone().next().map(|port| port.officers);
        let is_moved = ports.clone().any(|port| Some(port.officers) != first);
        let is_set = document.get(&path).is_some();
        if (is_set || is_moved) && ports.all(|port| !port.shifts.is_empty()) {
            let message =
                format!("`officers` of `{id}` changes nothing: its `shifts` say who is on duty");
            let help = format!("set `shifts` of `{id}`, or `shifts = []` beside `officers`");
            problems.warn(document, &path, &message, &help);
        }
    }
}

/// Ports and groups that nothing happens to, under a name so near to another that it may be a slip of the pen.
fn idle(file: &ScenarioFile, timeline: &Timeline, document: &Node, problems: &mut Problems) {
    let mut question = |table: &str, id: &str, near: Option<&str>, message: &str| {
        if let Some(near) = near {
            let path = KeyPath::parse(table).child(id);
            problems.warn(document, &path, message, &format!("did you mean `{near}`?"));
        }
    };
    for id in file.policy.ports.keys() {
        let policies = timeline.epochs.iter().flat_map(|epoch| &epoch.policies);
        let mut ports = policies.filter_map(|policy| policy.ports.get(id));
        if ports.all(|port| port.slots_per_day <= 0.0 && port.walk_ups_per_day <= 0.0) {
            let message = format!("the port `{id}` has neither slots nor walk-ups");
            let near = nearest_other(id, file.policy.ports.keys());
            question("policy.ports", id, near, &message);
        }
    }
    for (id, group) in &file.world.groups {
        let arrivals = &group.arrivals;
        let pool = group.initial_pool;
        let is_empty = arrivals.per_day <= 0.0
            && arrivals.monthly_per_day.is_empty()
            && arrivals.levels.is_empty()
            && arrivals.driver.is_none()
            && pool.south_persons + pool.north_persons <= 0.0;
        if is_empty {
            let message = format!("nobody belongs to the group `{id}`");
            let near = nearest_other(id, file.world.groups.keys());
            question("world.groups", id, near, &message);
        }
    }
}

fn nearest_other<'a>(id: &str, ids: impl Iterator<Item = &'a String>) -> Option<&'a str> {
    nearest(id, ids.map(String::as_str).filter(|other| *other != id))
}
