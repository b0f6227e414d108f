//! Ports and the dates of the app: staff, slots that are given out twice, dates that are never offered.

use jiff::civil::Time;
use jiff::{SignedDuration, ToSpan};

use super::Problems;
use crate::scenario::file::ScenarioFile;
use crate::scenario::key_path::KeyPath;
use crate::scenario::policy::{App, Booked, Policy, Port, Shift, WhenPortClosed};
use crate::scenario::resolve::policies::{keys_moving, moved_last};
use crate::scenario::resolve::reading::Reading;
use crate::scenario::timeline::{Epoch, Timeline};

/// Reports what looks like an oversight.
pub(super) fn warn(reading: Reading<'_>, timeline: &Timeline, problems: &mut Problems) {
    off_duty(reading, timeline, problems);
    left_over(reading, timeline, problems);
    given_twice(reading, timeline, problems);
    nobody_on_duty(reading, timeline, problems);
    nothing_offered(reading, timeline, problems);
    usual_staff(reading, timeline, problems);
    none_open_to_the_end(reading, timeline, problems);
    hardly_closed(reading, timeline, problems);
}

/// Hours that end a little before they begin, and so last until then on the next day: 08:00 to 05:00 where 17:00 is meant.
fn hardly_closed(reading: Reading<'_>, timeline: &Timeline, problems: &mut Problems) {
    const FEWEST_CLOSED: SignedDuration = SignedDuration::from_hours(6);
    for id in reading.file.policy.ports.keys() {
        let found = timeline.epochs.iter().find_map(|epoch| {
            let mut ports = epoch.policies.iter().filter_map(|it| it.ports.get(id));
            let port = ports.find(|port| {
                let closed = port.opens.duration_since(port.closes);
                port.open && closed.is_positive() && closed < FEWEST_CLOSED
            })?;
            Some((epoch.first_day, port.opens, port.closes))
        });
        let Some((day, opens, closes)) = found else {
            continue;
        };
        let lever = format!("ports.{id}.closes");
        let path = moved_last(&lever, reading.changes, day, reading.calendar);
        let message = format!(
            "`{id}` closes at {closes}, before it opens at {opens}: it is open until then on the next day"
        );
        let help = match closes.checked_add(12.hours()) {
            Ok(afternoon) => format!("in the afternoon that is {afternoon}; "),
            Err(_) => String::new(),
        };
        let help = format!("{help}around the clock, `closes` is the same as `opens`");
        problems.warn(reading.document, &path, &message, &help);
    }
}

/// A last stretch of days on which every port is closed, whatever triggers are on, while people register or would walk up.
fn none_open_to_the_end(reading: Reading<'_>, timeline: &Timeline, problems: &mut Problems) {
    let Reading {
        file,
        changes,
        calendar,
        document,
    } = reading;
    let is_any_open = |epoch: &Epoch| {
        let mut ports = epoch.policies.iter().flat_map(|it| it.ports.values());
        ports.any(|port| port.open)
    };
    let open_before = (timeline.epochs.iter()).rposition(is_any_open);
    let closed = &timeline.epochs[open_before.map_or(0, |last| last + 1)..];
    let walks_up = (file.world.groups.values()).any(|group| group.weights.walk_up > 0.0);
    let is_used = |policy: &Policy| {
        let has_slots = policy.app.open && policy.app.slots_per_day > 0.0;
        let admits = policy.walk_up.per_day.bound() != Some(0.0);
        has_slots || (admits && walks_up)
    };
    let mut policies = closed.iter().flat_map(|epoch| &epoch.policies);
    let Some(first) = closed.first().filter(|_| policies.any(is_used)) else {
        return;
    };
    let Some(port) = file.policy.ports.keys().next() else {
        return;
    };
    let was_open = |id: &&String| {
        let before = open_before.and_then(|last| timeline.epochs[last].policies.first());
        before.is_some_and(|policy| policy.ports.get(*id).is_some_and(|port| port.open))
    };
    let port = file.policy.ports.keys().find(was_open).unwrap_or(port);
    let lever = format!("ports.{port}.open");
    let path = moved_last(&lever, changes, first.first_day, calendar);
    let when = match first.first_day {
        0 => "on any day of the run".to_owned(),
        day => format!("from {} to the end of the run", calendar.date(day)),
    };
    let message =
        format!("no port is open {when}: whoever registers or walks up then is not processed");
    let help = "an event that opens a port again is dated after the one that closes it; if all stay closed, say what the app and walk-ups do: \
         `app.open = false`, `walk_up.per_day = 0`";
    problems.warn(document, &path, &message, help);
}

/// Ports that close while those with an appointment are neither moved nor cancelled and the slots are given out again at others: if such a
/// port opens again before their dates, more are served than there are slots.
fn given_twice(reading: Reading<'_>, timeline: &Timeline, problems: &mut Problems) {
    let has_slots = |port: &Port| port.open && port.slots_per_day > 0.0;
    for pair in timeline.epochs.windows(2) {
        let [Some(before), Some(now)] = [&pair[0], &pair[1]].map(|epoch| epoch.policies.first())
        else {
            continue;
        };
        let app = &now.app;
        let is_given_twice = before.app.open
            && app.open
            && app.booked == Booked::Honour
            && app.when_port_closed == WhenPortClosed::Redistribute
            && now.ports.values().any(has_slots);
        let mut closing = (now.ports.iter())
            .filter(|(id, port)| !port.open && before.ports.get(*id).is_some_and(has_slots));
        let Some((id, _)) = closing.next().filter(|_| is_given_twice) else {
            continue;
        };
        let lever = format!("ports.{id}.open");
        let path = moved_last(&lever, reading.changes, pair[1].first_day, reading.calendar);
        let message = format!(
            "`{id}` closes while `app.booked` is \"honour\" and `app.when_port_closed` is \"redistribute\": whoever has an appointment there misses it while it is closed, and the slots of those dates are given out again at other ports; if it opens again before them, both are served"
        );
        let help = "set `app.booked = \"move\"` or \"cancel\" with the closing, or `app.when_port_closed = \"lose\"`, if that is not meant; for days on which everybody knows that it is closed, leave it open and set its `closed_dates`";
        problems.warn(reading.document, &path, &message, help);
    }
}

/// Whether a port has appointments on some day.
fn has_slots(timeline: &Timeline, port: &str) -> bool {
    let mut policies = timeline.policies();
    policies.any(|policy| {
        let is_offered = policy.app.open && policy.app.slots_per_day > 0.0;
        let port = policy.ports.get(port);
        is_offered && port.is_some_and(|port| port.open && port.slots_per_day > 0.0)
    })
}

/// Ports that have appointments on some day, and no officer on any.
fn nobody_on_duty(reading: Reading<'_>, timeline: &Timeline, problems: &mut Problems) {
    let Reading { file, document, .. } = reading;
    for id in file.policy.ports.keys() {
        let policies = timeline.policies();
        let mut ports = policies.filter_map(|policy| policy.ports.get(id));
        let hours = ports.clone().next().map(|port| (port.opens, port.closes));
        let is_unstaffed = ports.all(|port| !port.has_officers());
        if is_unstaffed && has_slots(timeline, id) {
            let port = KeyPath::parse("policy.ports").child(id);
            let [shifts, slots] = ["shifts", "slots_per_day"].map(|key| port.child(key));
            let (path, officers) = match document.get(&shifts) {
                Some(node) if !node.items().is_empty() => (shifts, "`officers` in its `shifts`"),
                _ => (port, "its `officers`"),
            };
            let when = match hours.filter(|(opens, closes)| opens != closes) {
                Some((opens, closes)) => format!("from {opens} to {closes}, when it is open, "),
                None => String::new(),
            };
            let message = format!(
                "`{id}` has slots and no officer {when}on any day: who has an appointment there is never served"
            );
            let help = format!("set {officers}, or `{slots}` to 0");
            problems.warn(document, &path, &message, &help);
        }
    }
}

/// Ports that have slots, and of which nothing says who is on duty, where something does of others or the usual officer cannot serve them.
fn usual_staff(reading: Reading<'_>, timeline: &Timeline, problems: &mut Problems) {
    let Reading { file, document, .. } = reading;
    let has_staff = |id: &&String| {
        let port = KeyPath::parse("policy.ports").child(id);
        (["officers", "shifts"].into_iter()).any(|key| is_given(reading, &port.child(key)))
    };
    let (staffed, others): (Vec<&String>, Vec<&String>) =
        file.policy.ports.keys().partition(has_staff);
    for id in others.into_iter().filter(|id| has_slots(timeline, id)) {
        let is_beyond = is_beyond_one_officer(id, file, timeline);
        if staffed.is_empty() && !is_beyond {
            continue;
        }
        let port = KeyPath::parse("policy.ports").child(id);
        let too_few = if is_beyond {
            ", who cannot serve all who are given one"
        } else {
            ""
        };
        let message = format!(
            "`{id}` has slots, and nothing says who is on duty there: one officer, whenever it is open{too_few}"
        );
        problems.warn(
            document,
            &port,
            &message,
            "set its `officers` or its `shifts`",
        );
    }
}

/// Whether the scenario gives a lever a value, at the start or by an event or a trigger.
pub(super) fn is_given(reading: Reading<'_>, lever: &KeyPath) -> bool {
    let events = reading.changes.iter().map(|change| &change.event.set);
    let triggers = reading.file.trigger.iter().map(|trigger| &trigger.set);
    reading.document.get(lever).is_some()
        || (events.chain(triggers)).any(|set| keys_moving(set, lever).next().is_some())
}

/// How long an officer takes for a person with an appointment, at the least: where all parties are of the largest size. \[minutes\]
pub(super) fn minutes_per_person(file: &ScenarioFile) -> f64 {
    let service = &file.world.service;
    let groups = file.world.groups.values();
    let sizes = groups.flat_map(|group| group.party_size.keys());
    let largest = sizes.filter_map(|size| size.parse::<f64>().ok());
    let largest = largest.fold(1.0, f64::max);
    let minutes = service.mean_minutes + (largest - 1.0) * service.further_member_minutes;
    minutes * service.preregistered_factor / largest
}

/// Whether the slots of a port are more on some day than one officer serves while it is open, even where all parties are of the largest size.
fn is_beyond_one_officer(id: &str, file: &ScenarioFile, timeline: &Timeline) -> bool {
    let minutes_per_person = minutes_per_person(file);
    let policies = timeline.policies();
    let offering = policies.filter(|policy| policy.app.open && policy.slots_issued() > 0.0);
    let mut days = offering.filter_map(|policy| {
        let place = policy.ports.keys().position(|known| known == id)?;
        let slots = *policy.slots_by_port().get(place)?;
        let hours = policy.ports[id].minutes_open();
        Some(f64::from(slots) * minutes_per_person > hours)
    });
    days.any(|is_beyond| is_beyond)
}

/// An app that is closed at first and opens with a lead time which ends before the first date that is ever offered.
fn nothing_offered(reading: Reading<'_>, timeline: &Timeline, problems: &mut Problems) {
    let app = |day: u32| {
        let policies = &timeline.epochs[timeline.epoch_on(day)].policies;
        policies.first().map(|policy| &policy.app)
    };
    let at_first = timeline.epochs.first().and_then(|it| it.policies.first());
    let Some(at_first) = at_first.filter(|policy| !policy.app.open) else {
        return;
    };
    let earliest = at_first.app.lead_time_days;
    let days = || 0..reading.calendar.days();
    let mut open = days().filter_map(|day| Some((day, app(day).filter(|app| app.open)?)));
    let Some((opens, opened)) = open.next() else {
        return;
    };
    let offers = |day: u32, app: &App| day + app.lead_time_days >= earliest;
    if offers(opens, opened) {
        return;
    }
    let until = open
        .find(|&(day, app)| offers(day, app))
        .map_or(reading.calendar.days(), |(day, _)| day);
    let path = moved_last("app.open", reading.changes, opens, reading.calendar);
    let message = format!(
        "the app opens with `lead_time_days` = {}, and no date earlier than that of the first day simulated, {earliest} days on, is ever offered: for {} days after it opens there is none to offer",
        opened.lead_time_days,
        until - opens
    );
    let help = "set `policy.app.lead_time_days` to the same, if that is not meant";
    problems.warn(reading.document, &path, &message, help);
}

/// Ports whose number of officers is set or moved, though shifts say who is on duty.
fn off_duty(reading: Reading<'_>, timeline: &Timeline, problems: &mut Problems) {
    let Reading {
        file,
        changes,
        calendar,
        document,
    } = reading;
    for id in file.policy.ports.keys() {
        let path = KeyPath::parse("policy.ports").child(id).child("officers");
        let policies = timeline.policies();
        let mut ports = policies.filter_map(|policy| policy.ports.get(id));
        let first = ports.clone().next().map(|port| port.officers);
        let moved = timeline.epochs.iter().find(|epoch| {
            let mut ports = epoch.policies.iter().filter_map(|it| it.ports.get(id));
            ports.any(|port| Some(port.officers) != first)
        });
        // A resolved file has the usual number too, and means nothing by it.
        let usual = Port::default().officers;
        let is_set = document.get(&path).is_some() && first != Some(usual);
        if (is_set || moved.is_some()) && ports.all(|port| !port.shifts.is_empty()) {
            let path = moved.map_or(path, |epoch| {
                let lever = format!("ports.{id}.officers");
                moved_last(&lever, changes, epoch.first_day, calendar)
            });
            let message =
                format!("`officers` of `{id}` changes nothing: its `shifts` say who is on duty");
            let help = format!("set `shifts` of `{id}`, or `shifts = []` beside `officers`");
            problems.warn(document, &path, &message, &help);
        }
    }
}

/// Ports that open before a shift begins, where the officers of the last shift before the night are on duty first.
fn left_over(reading: Reading<'_>, timeline: &Timeline, problems: &mut Problems) {
    for id in reading.file.policy.ports.keys() {
        let found = timeline.epochs.iter().find_map(|epoch| {
            let ports = epoch.policies.iter().filter_map(|it| it.ports.get(id));
            let mut open = ports.filter(|port| port.open);
            let (port, (shift, until)) =
                open.find_map(|port| Some((port, port.left_over().filter(is_staffed)?)))?;
            Some((epoch.first_day, port.opens, shift, until))
        });
        let Some((day, opens, shift, until)) = found else {
            continue;
        };
        let lever = format!("ports.{id}.shifts");
        let path = moved_last(&lever, reading.changes, day, reading.calendar);
        let message = format!(
            "`{id}` opens at {opens}, and no shift begins before {until}: until then the shift from {} of the day before is on duty, `officers = {}`",
            shift.from, shift.officers
        );
        let help =
            format!("begin a shift at {opens}, with `officers = 0` if nobody is on duty then");
        problems.warn(reading.document, &path, &message, &help);
    }
}

fn is_staffed((shift, _): &(&Shift, Time)) -> bool {
    shift.officers > 0
}
