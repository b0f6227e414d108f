//! The headline table for people: one line a month, published figures under it, what they say at the end.

use std::io::{self, Write};

use comfy_table::Table;

use super::Report;
use super::words;
use crate::experiment::observed::{ObservedFigure, published};
use crate::record::{Count, Key, Metric, Period, Place};
use crate::report::number::{persons, share_percent, signed_percent};
use crate::report::table::{cell, headed};
use crate::stats::Estimate;

/// A column: its heading, what it shows and how.
struct Column {
    heading: &'static str,
    metric: Metric,
    written: fn(f64) -> String,
}

const fn column(heading: &'static str, metric: Metric, written: fn(f64) -> String) -> Column {
    Column {
        heading,
        metric,
        written,
    }
}

const COLUMNS: [Column; 10] = [
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

/// Writes the table and the sentences under it.
///
/// # Errors
/// The writer's.
pub fn table(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut table = headed(1, line("month", |column| column.heading.to_owned()));
    let layout = report.results.layout();
    for month in layout.months() {
        let mark = if layout.is_whole(month) { "" } else { "*" };
        let label = format!("{}{mark}", layout.period(Period::Month(month)));
        table.add_row(means(report, &label, Period::Month(month)));
        add_published(&mut table, report, month);
    }
    table.add_row(means(report, "whole run", Period::Total));
    writeln!(to, "{}", report.manifest.title)?;
    writeln!(to, "{}", table.trim_fmt())?;
    for sentence in words::sentences(report) {
        writeln!(to, "{sentence}")?;
    }
    Ok(())
}

fn means(report: &Report<'_>, label: &str, period: Period) -> Vec<String> {
    line(label, |column| {
        cell(estimate(report, column, period), |estimate| {
            let mark = if is_thin(report, estimate) { THIN } else { "" };
            (column.written)(estimate.mean) + mark
        })
    })
}

fn estimate(report: &Report<'_>, column: &Column, period: Period) -> Option<Estimate> {
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

fn is_thin(report: &Report<'_>, estimate: Estimate) -> bool {
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

/// Two more lines for a month with published figures: these, and how far the means are from them.
fn add_published(table: &mut Table, report: &Report<'_>, month: u32) {
    let figure = |column: &Column| {
        let key = Key::of_month(month, column.metric);
        Some(ObservedFigure {
            key,
            observed: published(report.results, report.observed?, key)?,
            mean: report.results.estimate(key)?.mean,
        })
    };
    if !COLUMNS.iter().any(|column| figure(column).is_some()) {
        return;
    }
    table.add_row(line("  observed", |column| {
        cell(figure(column).map(|figure| figure.observed), column.written)
    }));
    table.add_row(line("  error", |column| {
        let error = figure(column).and_then(|figure| figure.relative_error());
        cell(error, signed_percent)
    }));
}

fn line(label: &str, text: impl Fn(&Column) -> String) -> Vec<String> {
    let cells = COLUMNS.iter().map(text);
    std::iter::once(label.to_owned()).chain(cells).collect()
}
