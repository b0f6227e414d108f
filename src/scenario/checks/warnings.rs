//! What can be run, but may not mean what its author thinks.

mod inert;
mod labels;
mod no_effect;
mod one_time;
mod overridden;
mod ports;
mod spread;
mod start;
mod triggers;

use jiff::ToSpan;

use super::nearest::nearest;
use crate::scenario::diagnostics::Problems;
use crate::scenario::file::ScenarioFile;
use crate::scenario::group::Entry;
use crate::scenario::key_path::KeyPath;
use crate::scenario::node::Node;
use crate::scenario::origin::Files;
use crate::scenario::policy::Policy;
use crate::scenario::resolve::changes::Change;
use crate::scenario::resolve::fates::moved_by;
use crate::scenario::resolve::monthly;
use crate::scenario::resolve::reading::Reading;
use crate::scenario::timeline::Timeline;
use crate::scenario::values::Region;

/// Reports what looks like an oversight.
pub(crate) fn warn(
    reading: Reading<'_>,
    timeline: &Timeline,
    files: &Files,
    problems: &mut Problems,
) {
    let Reading { file, document, .. } = reading;
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
    let mut policies = timeline.policies();
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
    admits_nobody(file, timeline, document, problems);
    start::warn(file, document, files, problems);
    start::warn_of_bookings(reading, timeline, problems);
    overridden::warn(reading, files, problems);
    inert::warn(reading, files, problems);
    moves_nothing(reading, problems);
    demand(file, document, problems);
    spread::warn(document, files, problems);
    areas(file, document, problems);
    ports::warn(reading, timeline, problems);
    one_time::warn(reading, timeline, problems);
    triggers::warn(reading, timeline, problems);
    if !thousands(reading, files, problems) {
        too_large(file, timeline, document, problems);
    }
    no_longer_moved(reading, problems);
    labels::warn(reading, problems);
    no_effect::warn(reading, timeline, files, problems);
}

/// Whole persons with a point where others write one between thousands, as in `1.520`; whether there are any.
fn thousands(reading: Reading<'_>, files: &Files, problems: &mut Problems) -> bool {
    const SLOTS: &str = "app.slots_per_day";
    let Reading {
        file,
        changes,
        document,
        ..
    } = reading;
    let pools = file.world.groups.keys().flat_map(|group| {
        let pool = KeyPath::parse("world.groups")
            .child(group)
            .child("initial_pool");
        ["south_persons", "north_persons"].map(|key| pool.child(key))
    });
    let events = changes.iter().map(|change| change.path.clone());
    let triggers = (file.trigger.iter()).map(|it| KeyPath::parse("trigger").child(&it.id));
    let moved = events
        .chain(triggers)
        .map(|path| path.child("set").child(SLOTS));
    let slots = KeyPath::parse("policy").child("app").child("slots_per_day");
    let mut is_any = false;
    for path in std::iter::once(slots).chain(pools).chain(moved) {
        let Some(node) = document.get(&path) else {
            continue;
        };
        let text = &files.get(node.origin.file).text;
        let written = text.get(node.origin.start..node.origin.end);
        let meant = written.and_then(monthly::thousands);
        if let Some((written, meant)) = written.zip(meant) {
            let message = format!(
                "`{path}` is {written}, which is rounded to whole persons: the point begins the decimals"
            );
            let help = format!("write {meant} if that is meant, and no decimals if not");
            problems.warn(document, &path, &message, &help);
            is_any = true;
        }
    }
    is_any
}

/// Areas of published figures without a port, and ports that are in two.
fn areas(file: &ScenarioFile, document: &Node, problems: &mut Problems) {
    let areas = || file.observed.iter().flat_map(|table| &table.areas);
    for (place, (area, ports)) in areas().enumerate() {
        let path = KeyPath::parse("observed.areas").child(area);
        if ports.is_empty() {
            let message =
                format!("the area `{area}` has no port: nothing is held against its figures");
            problems.warn(document, &path, &message, "name its ports, or take it out");
        }
        let twice = ports.iter().find_map(|port| {
            let mut before = areas().take(place);
            Some((port, before.find(|(_, ports)| ports.contains(port))?.0))
        });
        if let Some((port, other)) = twice {
            let message = format!("`{port}` is in the area `{other}` too: it counts in both");
            problems.warn(document, &path, &message, "leave it in one of them");
        }
    }
}

/// Events whose `set` is empty.
fn moves_nothing(reading: Reading<'_>, problems: &mut Problems) {
    let is_empty = |change: &&Change| change.event.set.is_empty();
    for Change { path, .. } in reading.changes.iter().filter(is_empty) {
        let message = format!("the event `{path}` moves nothing");
        let help = "write the levers that it moves into its `set`, or take it out: one that is inherited with `remove = true`";
        problems.warn(reading.document, &path.child("set"), &message, help);
    }
}

/// Levers that an inherited event or trigger moves, and no longer does where the file gives it another `set`; one with another label is
/// another change, of which that is meant.
fn no_longer_moved(reading: Reading<'_>, problems: &mut Problems) {
    let Reading {
        file,
        changes,
        document,
        ..
    } = reading;
    let triggers = (file.trigger.iter())
        .map(|trigger| (KeyPath::parse("trigger").child(&trigger.id), &trigger.set));
    let events = changes
        .iter()
        .map(|change| (change.path.clone(), &change.event.set));
    for (path, set) in events.chain(triggers) {
        let is_own = |node: &Node| node.origin.file == Files::MAIN;
        if document.get(&path.child("label")).is_some_and(is_own) {
            continue;
        }
        let path = path.child("set");
        let Some(node) = document.get(&path) else {
            continue;
        };
        let inherited = node.overrode.as_ref().and_then(|before| before.as_table());
        let Some(inherited) = inherited.filter(|_| is_own(node)) else {
            continue;
        };
        let mut left: Vec<&str> = (inherited.0.iter())
            .map(|entry| entry.key.as_str())
            .filter(|key| {
                let lever = moved_by(key);
                !set.keys().any(|new| lever.is_within(&moved_by(new)))
            })
            .collect();
        left.sort_unstable();
        if !left.is_empty() {
            let levers = left.join("`, `");
            let message = format!(
                "this `set` replaces the inherited one whole: `{levers}` {} no longer moved",
                if left.len() == 1 { "is" } else { "are" }
            );
            let help = match path.keys().first().map(String::as_str) {
                Some("event") => {
                    "write the inherited values into it too, if they are still meant; else give the change a `label` of its own"
                }
                _ => "write the inherited values into it too, if they are still meant",
            };
            problems.warn(document, &path, &message, help);
        }
    }
}

/// A factor on arrivals that acts on no day of the run.
fn demand(file: &ScenarioFile, document: &Node, problems: &mut Problems) {
    let demand = &file.world.demand;
    let warmup = i64::from(file.run.warmup_days).days();
    let (first, last) = (file.run.start.saturating_sub(warmup), file.run.end);
    let is_beyond = demand.from.is_some_and(|from| from > last);
    let is_before = demand.to.is_some_and(|to| to < first);
    if (demand.factor - 1.0).abs() > 0.0 && (is_beyond || is_before) {
        let path = KeyPath::parse("world.demand.factor");
        let message = format!(
            "the factor on arrivals acts on no day of the run, which is simulated from {first} to {last}"
        );
        let help = "look at `from` and `to` of `world.demand`";
        problems.warn(document, &path, &message, help);
    }
}

/// Groups with parties that are larger than all that any port offers for a day.
fn too_large(file: &ScenarioFile, timeline: &Timeline, document: &Node, problems: &mut Problems) {
    let policies = timeline.policies();
    let offering = policies.filter(|policy| policy.app.open);
    let most_in_all = (offering.clone().map(Policy::slots_issued)).fold(0.0, f64::max);
    let most = offering.flat_map(Policy::slots_by_port).max();
    let Some(most) = most.filter(|&most| most > 0) else {
        return;
    };
    let groups = file.world.groups.iter();
    for (id, group) in groups.filter(|(_, group)| group.weights.app > 0.0) {
        let sizes = group.party_size.iter().filter(|(_, odds)| **odds > 0.0);
        let largest = sizes.filter_map(|(size, _)| size.parse::<u8>().ok()).max();
        if let Some(largest) = largest.filter(|&largest| u32::from(largest) > most) {
            let path = KeyPath::parse("world.groups").child(id).child("party_size");
            let message = format!(
                "parties of {largest} need as many slots of one port and day, and no port has more than {most}: they never have an appointment"
            );
            let help = if f64::from(largest) > most_in_all {
                "raise `policy.app.slots_per_day`, of which the ports have parts, or leave out such a size"
            } else {
                "give one port a larger part of `policy.app.slots_per_day`, or raise that, or leave out such a size"
            };
            problems.warn(document, &path, &message, help);
        }
    }
}

/// An app that may be used only from regions in which nobody ever is: people go from outside to the north, and back where Mexico takes them.
fn admits_nobody(
    file: &ScenarioFile,
    timeline: &Timeline,
    document: &Node,
    problems: &mut Problems,
) {
    let has_slots = |policy: &&Policy| policy.app.open && policy.app.slots_per_day > 0.0;
    let would_ask = || (file.world.groups.iter()).filter(|(_, group)| group.weights.app > 0.0);
    let begins_at = |entry: Entry| {
        let shares = [entry.outside, entry.south, entry.north];
        let entered = Region::ALL.into_iter().zip(shares);
        entered
            .filter(|(_, share)| *share > 0.0)
            .map(|it| it.0)
            .min()
    };
    let is_admitted = |policy: &Policy| {
        let mexico = &policy.mexico;
        let intercepts = mexico.journey_interception.max(mexico.attempt_interception) > 0.0;
        let taken_to = (mexico.transfers && intercepts).then_some(mexico.taken_to);
        would_ask().any(|(id, group)| {
            let first = begins_at(group.entry).into_iter().chain(taken_to).min();
            let mut regions = policy.app.regions_of(id).iter();
            // Who is in the pool at the start has registered, from wherever it was.
            group.initial_pool.persons() > 0.0
                || first.is_none_or(|first| regions.any(|&region| region >= first))
        })
    };
    let mut policies = timeline.policies().filter(has_slots).peekable();
    if policies.peek().is_none() || would_ask().next().is_none() || policies.any(is_admitted) {
        return;
    }
    let path = KeyPath::parse("policy.app.regions");
    let message =
        "nobody can register: no group is ever in a region from where the app may be used";
    let help = "where people are at first is the `entry` of their group, all in the north where it has none";
    problems.warn(document, &path, message, help);
}

/// Ports and groups that nothing happens to, beside others: under a name that is near to another it may be a slip of the pen, and with none of the keys by which
/// something would an oversight. In a file that extends another, such a slip is an error of `newcomers`.
fn idle(file: &ScenarioFile, timeline: &Timeline, document: &Node, problems: &mut Problems) {
    let is_idle_port = |id: &String| {
        let mut ports = (timeline.policies()).filter_map(|policy| policy.ports.get(id));
        let path = KeyPath::parse("policy.ports").child(id);
        // A port whose slots are taken away is no slip of the pen.
        let slots = document.get(&path.child("slots_per_day"));
        slots.is_none_or(|slots| slots.overrode.is_none())
            && ports.all(|port| port.slots_per_day <= 0.0 && port.walk_ups_per_day <= 0.0)
    };
    let is_idle_group = |id: &String| {
        let group = &file.world.groups[id];
        let arrivals = &group.arrivals;
        arrivals.per_day <= 0.0
            && arrivals.monthly_per_day.is_empty()
            && arrivals.levels.is_empty()
            && arrivals.driver.is_none()
            && group.initial_pool.persons() <= 0.0
    };
    let ports = file.policy.ports.keys();
    let groups = file.world.groups.keys();
    let mut ask = |table: &str, ids: Vec<(&String, bool)>, keys: [&str; 2], what: &str| {
        for (id, _) in ids.iter().filter(|(_, is_idle)| *is_idle) {
            let path = KeyPath::parse(table).child(id);
            let mut others = ids.iter().filter(|(other, _)| other != id);
            let is_given = |key: &&str| document.get(&path.child(key)).is_some();
            let help = match nearest(id, others.clone().map(|(other, _)| other.as_str())) {
                Some(near) => format!("did you mean `{near}`?"),
                // Who writes that it has none knows.
                None if others.all(|(_, is_idle)| *is_idle) || keys.iter().any(is_given) => {
                    continue;
                }
                None => format!("give it `{}` or `{}`, or take it out", keys[0], keys[1]),
            };
            problems.warn(document, &path, &what.replace("ID", id), &help);
        }
    };
    ask(
        "policy.ports",
        ports.map(|id| (id, is_idle_port(id))).collect(),
        ["slots_per_day", "walk_ups_per_day"],
        "the port `ID` has neither slots nor walk-ups",
    );
    ask(
        "world.groups",
        groups.map(|id| (id, is_idle_group(id))).collect(),
        ["arrivals", "initial_pool"],
        "nobody belongs to the group `ID`",
    );
}
