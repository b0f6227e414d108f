//! What can be run, but may not mean what its author thinks.

use super::diagnostics::Problems;
use super::file::ScenarioFile;
use super::key_path::KeyPath;
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
