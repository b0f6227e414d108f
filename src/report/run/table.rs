//! The headline table for people: one line a month, published figures under it, what they say at the end.

use std::io::{self, Write};

use comfy_table::Table;

use super::Report;
use super::columns::{COLUMNS, Column, THIN, estimate, is_thin};
use super::words;
use crate::experiment::results::observed::{ObservedFigure, published};
use crate::record::{Key, Period};
use crate::report::number::signed_percent;
use crate::report::table::{cell, headed};

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
