//! Values that are read and do nothing: closed dates of no day on which they hold, and an app that nobody may use.

use jiff::ToSpan;
use jiff::civil::Date;

use super::Problems;
use crate::scenario::key_path::KeyPath;
use crate::scenario::node::{Node, Value};
use crate::scenario::origin::Files;
use crate::scenario::policy::Policy;
use crate::scenario::resolve::policies::moved_last;
use crate::scenario::resolve::reading::Reading;
use crate::scenario::timeline::Timeline;

/// Reports what looks like an oversight.
pub(super) fn warn(
    reading: Reading<'_>,
    timeline: &Timeline,
    files: &Files,
    problems: &mut Problems,
) {
    closed_dates(reading, timeline, files, problems);
    nobody_may_use(reading, timeline, problems);
}

/// Closed dates that the file itself, or a value laid over it, gives to a port: those that are outside the run, and those before the event that
/// gives them, unless the port was closed on them anyway.
fn closed_dates(reading: Reading<'_>, timeline: &Timeline, files: &Files, problems: &mut Problems) {
    let Reading {
        file,
        changes,
        calendar,
        document,
    } = reading;
    // Slots are issued of dates after the run too, as many days on as the lead time.
    let lead = timeline.policies().map(|policy| policy.app.lead_time_days);
    let lead = i64::from(lead.max().unwrap_or(0));
    let (first, last) = (calendar.date(0), file.run.end);
    let last_issued = last.saturating_add(lead.days());
    for id in file.policy.ports.keys() {
        let lever = format!("ports.{id}.closed_dates");
        let own = (KeyPath::parse("policy").child(&lever), first);
        let of_events = changes
            .iter()
            .map(|change| (change.path.child("set").child(&lever), change.event.date));
        for (path, from) in std::iter::once(own).chain(of_events) {
            let is_own = |node: &&Node| {
                let file = node.origin.file;
                file == Files::MAIN || files.is_set(file)
            };
            let Some(node) = document.get(&path).filter(is_own) else {
                continue;
            };
            let dates: Vec<Date> = node.items().iter().filter_map(date).collect();
            if let Some(date) = dates.iter().find(|&&it| it < first || it > last_issued) {
                let message = format!(
                    "`{id}` is closed on {date}, which is outside the run, {first} to {last}: that does nothing"
                );
                problems.warn(
                    document,
                    &path,
                    &message,
                    "take the date out, or look at its year",
                );
                continue;
            }
            let is_closed = |date: Date| {
                let day = u32::try_from(calendar.day(date)).unwrap_or(0);
                let policy = timeline.epochs[timeline.epoch_on(day)].policies.first();
                let port = policy.and_then(|policy| policy.ports.get(id));
                port.is_some_and(|port| port.closed_dates.contains(&date))
            };
            let too_late = dates.iter().find(|&&date| date < from && !is_closed(date));
            if let Some(date) = too_late {
                let message = format!(
                    "`{id}` is closed on {date} by an event of {from}, which is later: the port is open on that day"
                );
                let help = "set it by an event of that day or before, or under [policy]";
                problems.warn(document, &path, &message, help);
            }
        }
    }
}

/// The date that a value is.
fn date(node: &Node) -> Option<Date> {
    match &node.value {
        Value::Moment(text) => text.parse().ok(),
        _ => None,
    }
}

/// The first stretch of days on which the app is open and has slots, and no group that would use it may do so from anywhere.
fn nobody_may_use(reading: Reading<'_>, timeline: &Timeline, problems: &mut Problems) {
    let Reading {
        file,
        changes,
        calendar,
        document,
    } = reading;
    let users = || (file.world.groups.iter()).filter(|(_, group)| group.weights.app > 0.0);
    let is_for_nobody = |policy: &Policy| {
        let app = &policy.app;
        let is_offered = app.open && app.slots_per_day > 0.0;
        is_offered && users().all(|(id, _)| app.regions_of(id).is_empty())
    };
    let mut epochs = timeline.epochs.iter();
    let first = epochs.find(|epoch| epoch.policies.first().is_some_and(is_for_nobody));
    let Some(epoch) = first.filter(|_| users().next().is_some()) else {
        return;
    };
    let path = moved_last("app.regions", changes, epoch.first_day, calendar);
    let message = format!(
        "the app is open on {} and has slots, and no group may use it from any region",
        calendar.date(epoch.first_day)
    );
    let help = "name regions, as in `app.regions = [\"north\"]`; an app that is closed has `app.open = false`";
    problems.warn(document, &path, &message, help);
}
