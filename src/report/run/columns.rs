//! The columns of the headline table, and which of its means rest on fewer replications than others.

use super::Report;
use crate::record::{Count, Key, Metric, Period, Place};
use crate::report::number::{counted, persons, share_percent};
use crate::stats::Estimate;

/// A column: its heading, what it shows and how.
pub(super) struct Column {
    pub(super) heading: &'static str,
    pub(super) metric: Metric,
    pub(super) written: fn(f64) -> String,
}

const fn column(heading: &'static str, metric: Metric, written: fn(f64) -> String) -> Column {
    Column {
        heading,
        metric,
        written,
    }
}

/// The columns, after that of the month.
pub(super) const COLUMNS: [Column; 10] = [
    column(
        "registrations",
        Metric::Count(Count::Registrations),
        persons,
    ),
    column(
        "appointments\nissued",
        Metric::Count(Count::AppointmentsIssued),
        persons,
    ),
    column(
        "appointments\nprocessed",
        Metric::Count(Count::AppointmentsProcessed),
        persons,
    ),
    column(
        "walk-ups\nprocessed",
        Metric::Count(Count::WalkUpsProcessed),
        persons,
    ),
    column("port\nencounters", Metric::PortEncounters, persons),
    column(
        "irregular\nencounters",
        Metric::IRREGULAR_ENCOUNTERS,
        persons,
    ),
    column("share\nat ports", Metric::ShareAtPorts, share_percent),
    column("pool at\nthe end", Metric::PoolSize, persons),
    column("days waited\nmedian", Metric::WaitDaysMedian, days),
    column("days waited\np90", Metric::WaitDaysP90, days),
];

fn days(value: f64) -> String {
    format!("{value:.1}")
}

/// Marks a mean that rests on fewer replications, or futures, than there are.
pub(in crate::report) const THIN: &str = "†";

/// What the mark says of these means, where all rest on so many replications, or futures.
pub(in crate::report) fn thin_sentence(all: u32, unit: &str, those: &str) -> String {
    let all = counted(all, unit);
    format!(
        "{THIN} Rests on fewer than the {all}: {those}. A {unit} without such a figure is left out of its mean."
    )
}

/// What a column shows of a period.
pub(super) fn estimate(report: &Report<'_>, column: &Column, period: Period) -> Option<Estimate> {
    report.results.estimate(Key {
        period,
        metric: column.metric,
        place: Place::Everywhere,
    })
}

/// What a mean of the table is over where every replication has the figure: replications, or futures.
pub(super) fn units(report: &Report<'_>) -> u32 {
    let results = report.results;
    results.futures().unwrap_or(results.replications())
}

/// Whether a mean rests on fewer than all of them.
pub(super) fn is_thin(report: &Report<'_>, estimate: Estimate) -> bool {
    estimate.n < units(report)
}

/// The means that rest on fewer, in the order of the table, each with how many.
pub(super) fn thin(report: &Report<'_>) -> Vec<String> {
    let layout = report.results.layout();
    let periods = layout.months().map(Period::Month).chain([Period::Total]);
    let of_period = |period| {
        COLUMNS.iter().filter_map(move |column| {
            let estimate = estimate(report, column, period)?;
            let of = match period {
                Period::Total => "the whole run".to_owned(),
                period => layout.period(period),
            };
            let name = column.metric.name();
            is_thin(report, estimate).then(|| format!("{name} of {of} on {}", estimate.n))
        })
    };
    periods.flat_map(of_period).collect()
}
