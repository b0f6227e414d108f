//! Ports that do not keep up: a sentence that every table of a policy needs, since who stands in a queue neither crosses nor gives up.

use super::number::{figure, whole_percent};
use crate::experiment::points::watched::{LongQueue, MUCH_OVERTIME, overtime_share};
use crate::record::{Key, Layout, Period, Place, Unit};

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

/// Ports whose officers work a good deal beyond their schedule, and what share of their hours on duty this is.
pub(super) fn overtime(layout: &Layout, mean: impl Fn(Key) -> Option<f64>) -> Vec<String> {
    let told = |place| {
        let share = overtime_share(place, &mean)?;
        let port = layout.id(place);
        (share > MUCH_OVERTIME).then(|| format!("{port} ({})", whole_percent(share)))
    };
    layout.ports().filter_map(told).collect()
}

/// What is said of such ports.
pub(super) fn overtime_sentence(those: &str) -> String {
    format!(
        "Officers work beyond their schedule, for so much of their hours on duty: {those}. {COUNTS_AS_ON_DUTY}"
    )
}

/// Why overtime must be told.
pub(super) const COUNTS_AS_ON_DUTY: &str = "Their utilization counts that time as on duty.";
