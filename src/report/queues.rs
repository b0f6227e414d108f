//! Ports that do not keep up: a sentence that every table of a policy needs, since who stands in a queue neither crosses nor gives up.

use super::number::{figure, whole_percent};
use crate::experiment::points::watched::LongQueue;
use crate::record::{Key, Layout, Metric, Period, Place, Unit};

/// Ports whose queue is long in some month, each with its worst, by the means of figures.
pub(super) fn long_queues(layout: &Layout, mean: impl Fn(Key) -> Option<f64>) -> Vec<String> {
    let told = |place| {
        Some(told(
            layout,
            place,
            LongQueue::of_port(layout, place, &mean)?,
        ))
    };
    layout.ports().filter_map(told).collect()
}

fn told(layout: &Layout, place: Place, queue: LongQueue) -> String {
    let port = layout.id(place);
    let month = |month| layout.period(Period::Month(month));
    match queue {
        LongQueue::Waited {
            month: worst,
            days,
            busy,
        } => format!(
            "{port} (in {} 95% of those served had waited up to {days:.1} days, officers busy {} of their time)",
            month(worst),
            whole_percent(busy)
        ),
        LongQueue::Unserved {
            month: worst,
            persons,
            served_a_day,
        } => {
            let served = if served_a_day >= 1.0 {
                format!("{} a day", figure(served_a_day, Unit::MeanPersons))
            } else if served_a_day > 0.0 {
                "hardly anybody".to_owned()
            } else {
                "nobody".to_owned()
            };
            format!(
                "{port} (in {} {served} served, {} persons in the queue in the mean)",
                month(worst),
                figure(persons, Unit::MeanPersons)
            )
        }
    }
}

/// What is said of such queues.
pub(super) fn long_queues_sentence(those: &str) -> String {
    format!("Queues of more than a day: {those}. {TOO_FEW_OFFICERS}")
}

/// What follows from such queues.
pub(super) const TOO_FEW_OFFICERS: &str =
    "`officers` or `shifts` there are too few for the slots and walk-ups.";

/// Ports whose officers work a good deal beyond their schedule, and by how much of it: there utilization, which counts that time as on duty,
/// tells of no overload.
pub(super) fn overtime(layout: &Layout, mean: impl Fn(Key) -> Option<f64>) -> Vec<String> {
    /// Of the hours of the schedule.
    const WORTH_TELLING: f64 = 0.05;
    let hours = |metric, place| {
        let of_run = Key::of_run(metric);
        mean(Key { place, ..of_run })
    };
    let told = |place| {
        let beyond = hours(Metric::OfficerOvertimeHours, place)?;
        let scheduled = hours(Metric::OfficerDutyHours, place)? - beyond;
        let port = layout.id(place);
        if scheduled <= 0.0 {
            return (beyond > 0.0).then(|| format!("{port} (none are scheduled)"));
        }
        let share = beyond / scheduled;
        (share >= WORTH_TELLING).then(|| format!("{port} ({})", whole_percent(share)))
    };
    layout.ports().filter_map(told).collect()
}

/// What is said of such ports.
pub(super) fn overtime_sentence(those: &str) -> String {
    format!(
        "Officers work beyond their schedule, by so much of its hours: {those}. Their utilization counts that time as on duty."
    )
}
