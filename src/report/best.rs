//! Which scenario was selected as the best, and how sure that is.

use std::io::{self, Write};

use comfy_table::{Cell, CellAlignment};
use serde::Serialize;

use super::format::{pretty, records};
use super::number::{counted, figure, rounded, short_percent, two_digits};
use super::table::{cell, headed};
use crate::experiment::BestOf;
use crate::record::Unit;
use crate::stats::{Direction, Indifference};
use crate::store::Manifest;

/// A selection, and how it is to be told.
#[derive(Debug, Clone, Copy)]
pub struct Selected<'a> {
    /// Provenance.
    pub manifest: &'a Manifest,
    /// What has been selected.
    pub best: &'a BestOf,
    /// Names of the scenarios.
    pub names: &'a [String],
    /// The figure by which they are selected, as the user named it.
    pub figure: &'a str,
    /// Its unit.
    pub unit: Unit,
    /// Whether it is to be small or large.
    pub direction: Direction,
    /// Probability of correct selection asked for.
    pub probability: f64,
    /// The indifference zone as it was asked for.
    pub indifference: Indifference,
}

#[derive(Serialize)]
struct Document<'a> {
    manifest: &'a Manifest,
    selection: Selection<'a>,
}

#[derive(Serialize)]
struct Selection<'a> {
    procedure: &'static str,
    figure: &'a str,
    direction: &'static str,
    /// Of being correct.
    probability: f64,
    /// In the unit of the figure.
    indifference_zone: Option<f64>,
    /// Missing where the replications did not suffice.
    selected: Option<&'a str>,
    scenarios: Vec<Row<'a>>,
}

#[derive(Default, Serialize)]
struct Row<'a> {
    scenario: &'a str,
    mean: Option<f64>,
    n: u32,
    /// Replications after which it was out.
    eliminated_after: Option<u32>,
    selected: bool,
}

/// Writes a line for each scenario, and a sentence.
///
/// # Errors
/// The writer's.
pub fn table(selected: &Selected<'_>, to: &mut dyn Write) -> io::Result<()> {
    let heading = format!("mean {}", selected.figure);
    let mut table = headed(1, ["scenario", &heading, "replications", ""]);
    for row in rows(selected) {
        let state = match (row.selected, row.eliminated_after) {
            (true, _) => "selected".to_owned(),
            (false, Some(after)) => format!("out after {after}"),
            (false, None) => "in contention".to_owned(),
        };
        let mean = cell(row.mean, |mean| figure(mean, selected.unit));
        table.add_row([
            Cell::new(row.scenario),
            Cell::new(mean),
            Cell::new(row.n),
            Cell::new(state).set_alignment(CellAlignment::Left),
        ]);
    }
    writeln!(to, "{}", table.trim_fmt())?;
    writeln!(to, "{}", sentence(selected))?;
    let mut failures = selected.best.failures().iter();
    failures.try_for_each(|failure| writeln!(to, "Left out: {failure}."))
}

fn sentence(selected: &Selected<'_>) -> String {
    let selection = selected.best.selection();
    let kind = match selected.direction {
        Direction::Min => "smallest",
        Direction::Max => "largest",
    };
    let what = format!("the {kind} expected {}", selected.figure);
    let simulations: u32 = (0..selected.names.len())
        .map(|system| selection.replications(system))
        .sum();
    // Over as many replications; one that was out before had others.
    let of_whole = |system: usize| (selection.mean(system), selection.replications(system));
    let tied = |best: usize| {
        let others = (0..selected.names.len()).filter(|&other| other != best);
        let same = others.filter(|&other| of_whole(other) == of_whole(best));
        same.map(|other| selected.names[other].as_str())
            .collect::<Vec<_>>()
    };
    match selection.best() {
        Some(best) if !tied(best).is_empty() => format!(
            "{} has the {kind} mean {} over {}, and {} the same: the first of them is named.",
            selected.names[best],
            selected.figure,
            counted(selection.replications(best), "replication"),
            tied(best).join(", "),
        ),
        Some(best) => format!(
            "{} is selected as {what}: if the best is better than all others by {} or more (the indifference zone{}), it is selected with a probability of {} \
             {} (Kim & Nelson's procedure, on the same people). That took {simulations} simulations.",
            selected.names[best],
            zone(selected),
            match selected.indifference {
                Indifference::Absolute(_) => String::new(),
                Indifference::Relative(share) =>
                    format!(", {} of the mean of the first stage", short_percent(share)),
            },
            // Of a zone that is a share of the mean the probability holds in the limit only.
            match selected.indifference {
                Indifference::Absolute(_) => "at least",
                Indifference::Relative(_) => "about",
            },
            short_percent(selected.probability),
        ),
        None if selection.mean(0).is_none() => format!(
            "In no replication do all scenarios have a value of {}: nothing tells which has {what}.",
            selected.figure
        ),
        None => format!(
            "{} replications do not suffice to say which has {what}: those in contention may be the best. Allow more, or a wider \
             indifference zone.",
            selected.best.replications(),
        ),
    }
}

fn zone(selected: &Selected<'_>) -> String {
    let Some(zone) = selected.best.selection().zone() else {
        return String::new();
    };
    zone_of(zone, selected.unit)
}

/// A zone with two digits at the least.
fn zone_of(zone: f64, unit: Unit) -> String {
    let (zone, unit) = match unit {
        Unit::Persons | Unit::MeanPersons => (zone, "persons"),
        Unit::Share => (zone * 100.0, "percentage points"),
        Unit::Days => (zone, "days"),
        Unit::Minutes => (zone, "minutes"),
        Unit::OfficerHours => (zone, "officer-hours"),
    };
    format!("{} {unit}", two_digits(zone))
}

/// Writes one document.
///
/// # Errors
/// The writer's.
pub fn json(selected: &Selected<'_>, to: &mut dyn Write) -> io::Result<()> {
    let selection = selected.best.selection();
    let document = Document {
        manifest: selected.manifest,
        selection: Selection {
            procedure: "Kim & Nelson 2001, doi:10.1145/502109.502111",
            figure: selected.figure,
            direction: selected.direction.name(),
            probability: selected.probability,
            indifference_zone: selection.zone().map(rounded),
            selected: selection.best().map(|best| selected.names[best].as_str()),
            scenarios: rows(selected).collect(),
        },
    };
    pretty(&document, to)
}

/// Writes `selection.csv`: the rows of the document.
///
/// # Errors
/// The writer's.
pub fn csv(selected: &Selected<'_>, to: &mut dyn Write) -> io::Result<()> {
    records(rows(selected), to)
}

fn rows<'a>(selected: &Selected<'a>) -> impl Iterator<Item = Row<'a>> {
    let selection = selected.best.selection();
    let names = selected.names.iter().enumerate();
    names.map(move |(system, name)| Row {
        scenario: name,
        mean: selection.mean(system).map(rounded),
        n: selection.replications(system),
        eliminated_after: selection.eliminated_after(system),
        selected: selection.best() == Some(system),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_that_is_not_0_is_not_written_as_0() {
        let written = [
            (0.04, Unit::Persons),
            (1234.5, Unit::Persons),
            (0.000_05, Unit::Share),
            (0.25, Unit::Days),
        ];
        let written = written.map(|(zone, unit)| zone_of(zone, unit));
        let expected = [
            "0.040 persons",
            "1,234 persons",
            "0.0050 percentage points",
            "0.25 days",
        ];
        assert_eq!(written, expected);
    }
}
