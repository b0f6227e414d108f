//! `portflow diff`: what two scenarios set differently.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::ValueEnum;
use comfy_table::{ColumnConstraint, ContentArrangement, Table};
use portflow::report::table::ruled;
use portflow::scenario::{self, Difference, Side};
use serde::Serialize;

use crate::cli::failure;

/// Show what two scenarios set differently, each with everything that it inherits
///
/// Every key whose resolved value differs, with both values and where they were set. Events and triggers are matched by their id. The exit
/// status is 0 whether they differ or not.
#[derive(Debug, clap::Args)]
pub(crate) struct DiffArgs {
    /// Scenario file
    #[arg(value_name = "A")]
    a: PathBuf,
    /// Scenario file to hold against it
    #[arg(value_name = "B")]
    b: PathBuf,
    /// What is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// What is written to standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One key a line, for people
    Table,
    /// One document, for programs
    Json,
}

#[derive(Serialize)]
struct Document<'d> {
    a: String,
    b: String,
    differences: &'d [Difference],
}

pub(crate) fn run(args: &DiffArgs) -> anyhow::Result<ExitCode> {
    let of_a = scenario::load(&args.a, &[])?;
    failure::diagnose(&of_a.warnings);
    let of_b = scenario::load(&args.b, &[])?;
    failure::diagnose_beside(&of_b.warnings, [&of_a.warnings]);
    let differences = scenario::difference(&of_a, &of_b);
    let (a, b) = (args.a.display().to_string(), args.b.display().to_string());
    let told = match args.format {
        Format::Json => {
            let differences = &differences;
            let document = Document { a, b, differences };
            serde_json::to_string_pretty(&document)?
        }
        Format::Table if differences.is_empty() => format!("{a} and {b} set every key alike."),
        Format::Table => table(&a, &b, &differences).trim_fmt(),
    };
    writeln!(io::stdout().lock(), "{told}").context(failure::STDOUT)?;
    Ok(ExitCode::SUCCESS)
}

/// Columns of the table where there is no terminal to ask.
const WIDTH_IN_A_PIPE: u16 = 160;

/// Columns from which on keys are not broken over lines.
const WIDE: u16 = 120;

fn table(a: &str, b: &str, differences: &[Difference]) -> Table {
    let mut table = ruled();
    table.set_content_arrangement(ContentArrangement::Dynamic);
    if !table.is_tty() {
        table.set_width(WIDTH_IN_A_PIPE);
    }
    table.set_header(["key", a, b]);
    if table.width().is_some_and(|width| width >= WIDE)
        && let Some(keys) = table.column_mut(0)
    {
        keys.set_constraint(ColumnConstraint::ContentWidth);
    }
    for Difference {
        key,
        unit,
        a,
        b,
        note,
    } in differences
    {
        let unit = unit.iter().map(|unit| format!("[{unit}]"));
        let note = note.iter().map(|note| (*note).to_owned());
        let about: Vec<String> = std::iter::once(key.clone())
            .chain(unit)
            .chain(note)
            .collect();
        table.add_row([about.join("\n"), cell(a), cell(b)]);
    }
    table
}

/// The value, and below it where it was set.
fn cell(side: &Side) -> String {
    let value = side.value.as_deref().unwrap_or("-");
    match &side.set_at {
        Some(place) => format!("{value}\n{place}"),
        None => value.to_owned(),
    }
}
