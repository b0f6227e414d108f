//! Ports that do not keep up: a sentence that every table of a policy needs, since who stands in a queue neither crosses nor gives up.

use super::number::short_percent;
use crate::experiment::watched::{LONG_WAIT_DAYS, MINUTES_OF_DAY};
use crate::record::{Key, Layout, Metric, Period, Place};

/// Ports where who is served has waited for more than a day in some month, each with its worst, by the means of figures; empty where
/// there are none.
pub(super) fn long_queues(layout: &Layout, mean: impl Fn(Key) -> Option<f64>) -> String {
    let in_month = |month, metric, place| {
        let period = Period::Month(month);
        mean(Key {
            period,
            metric,
            place,
        })
    };
    let worst = |place: Place| {
        let months = 0..layout.months().len() as u32;
        let waits = months
            .filter_map(|month| Some((month, in_month(month, Metric::PortWaitMinutesP95, place)?)));
        let (month, minutes) = waits.max_by(|(_, one), (_, other)| one.total_cmp(other))?;
        let days = minutes / MINUTES_OF_DAY;
        let busy = in_month(month, Metric::OfficerUtilization, place).unwrap_or_default();
        (days > LONG_WAIT_DAYS).then(|| {
            format!(
                "{} (in {} 95% of those served had waited up to {days:.1} days, officers busy {} of their time)",
                layout.id(place),
                layout.period(Period::Month(month)),
                short_percent((busy * 100.0).round() / 100.0)
            )
        })
    };
    layout
        .ports()
        .filter_map(worst)
        .collect::<Vec<_>>()
        .join(", ")
}

/// What follows from such queues.
pub(super) const TOO_FEW_OFFICERS: &str =
    "`officers` or `shifts` there are too few for the slots and walk-ups.";
