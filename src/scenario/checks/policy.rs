//! What must hold of a policy beyond the ranges of its levers.

use crate::scenario::key_path::KeyPath;
use crate::scenario::policy::{Policy, Port};
use crate::scenario::values::Region;

/// A mistake of meaning: the lever's path under `[policy]`, what is wrong, and the remedy.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Finding {
    pub(crate) path: String,
    /// What it is said of: where a value of that is wrong itself, it says nothing.
    pub(crate) rests_on: KeyPath,
    pub(crate) message: String,
    pub(crate) help: String,
}

impl Finding {
    /// A mistake of a lever alone.
    fn of(path: String, message: String, help: &str) -> Self {
        Self {
            rests_on: KeyPath::parse(&path),
            path,
            message,
            help: help.to_owned(),
        }
    }
}

/// Everything that is wrong with a policy.
pub(crate) fn findings(policy: &Policy) -> Vec<Finding> {
    let mut found = Vec::new();
    let outcome = policy.crossing.outcome;
    let shares = [outcome.released, outcome.removed, outcome.returned];
    found.extend(sum("crossing.outcome", &shares));
    for (group, outcome) in &policy.crossing.group_outcome {
        let shares = [outcome.released, outcome.removed, outcome.returned];
        found.extend(sum(&format!("crossing.group_outcome.{group}"), &shares));
    }
    let outcome = policy.port_outcome;
    let shares = [outcome.paroled, outcome.repatriated, outcome.transferred];
    found.extend(sum("port_outcome", &shares));
    if policy.mexico.taken_to == Region::North {
        found.push(Finding::of(
            "mexico.taken_to".to_owned(),
            "nobody is taken north by Mexican enforcement".to_owned(),
            "take the intercepted to \"south\" or \"outside\"",
        ));
    }
    let parts: f64 = policy.ports.values().map(|port| port.slots_per_day).sum();
    if policy.app.slots_per_day > 0.0 && parts <= 0.0 {
        found.push(Finding {
            path: "app.slots_per_day".to_owned(),
            rests_on: KeyPath::parse("ports"),
            message: "the border has slots and no port has a part of them".to_owned(),
            help: "give at least one port `slots_per_day`: `ports.ID.slots_per_day`".to_owned(),
        });
    }
    let parts: f64 = (policy.ports.values())
        .map(|port| port.walk_ups_per_day)
        .sum();
    if policy.walk_up.per_day.bound().is_some_and(|cap| cap > 0.0) && parts <= 0.0 {
        found.push(Finding {
            path: "walk_up.per_day".to_owned(),
            rests_on: KeyPath::parse("ports"),
            message: "the border admits walk-ups and no port has a part of them".to_owned(),
            help: "give at least one port `walk_ups_per_day`, or set `walk_up.per_day` to 0 or \"unlimited\""
                .to_owned(),
        });
    }
    for (id, port) in &policy.ports {
        found.extend(shifts(id, port));
        found.extend(appointments(id, port));
        found.extend(night_appointments(id, port));
    }
    found
}

/// Shares that do not sum to 1.
pub(crate) fn sum(path: &str, shares: &[f64]) -> Option<Finding> {
    const TOLERANCE: f64 = 1e-9;
    let sum: f64 = shares.iter().sum();
    ((sum - 1.0).abs() > TOLERANCE).then(|| {
        // Rounded, so that 0.1 + 0.2 is shown as people would add it.
        let sum = (sum * 1e9).round() / 1e9;
        let message = format!("the shares of `{path}` sum to {sum}, not to 1");
        Finding::of(
            path.to_owned(),
            message,
            "change them so that they sum to 1",
        )
    })
}

fn shifts(id: &str, port: &Port) -> Option<Finding> {
    let unordered = port
        .shifts
        .windows(2)
        .find(|pair| pair[0].from >= pair[1].from)?;
    let message = format!(
        "the shift from {} follows the one from {}",
        unordered[1].from, unordered[0].from
    );
    let help = "list the shifts by the time of day at which they begin, each time once";
    Some(Finding::of(format!("ports.{id}.shifts"), message, help))
}

/// Appointments after midnight are of a date on which the port may be closed although it opened the evening before.
fn night_appointments(id: &str, port: &Port) -> Option<Finding> {
    if port.closed_weekdays.is_empty() && port.closed_dates.is_empty() {
        return None;
    }
    // Equal hours are around the clock, from opening to opening.
    let passes_midnight = port.closes <= port.opens;
    let mut times = port.appointment_times.iter();
    let night = times.find(|&&time| passes_midnight && time < port.closes)?;
    let message = format!(
        "`{id}` has closed days, which last past midnight, and appointments after midnight, at {night}: of which day they are, is not told"
    );
    let help =
        "leave out the `appointment_times` after midnight, or `closed_weekdays` and `closed_dates`";
    // Its hours and closed days are keys beside it.
    Some(Finding {
        rests_on: KeyPath::parse("ports").child(id),
        ..Finding::of(format!("ports.{id}.appointment_times"), message, help)
    })
}

fn appointments(id: &str, port: &Port) -> Option<Finding> {
    // Where there are no appointments, their usual time says nothing.
    if port.slots_per_day <= 0.0 && port.appointment_times == Port::default().appointment_times {
        return None;
    }
    let closed = port
        .appointment_times
        .iter()
        .find(|time| !port.is_open_at(**time))?;
    let message = format!(
        "the appointment time {closed} of `{id}` is outside the opening hours, {} to {}",
        port.opens, port.closes
    );
    let help = "move the `appointment_times` (08:00:00 where none are given), or `opens` and `closes`; equal hours are around the clock";
    // Its hours are keys beside it.
    Some(Finding {
        rests_on: KeyPath::parse("ports").child(id),
        ..Finding::of(format!("ports.{id}.appointment_times"), message, help)
    })
}
