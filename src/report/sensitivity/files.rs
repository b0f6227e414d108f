//! Every index, for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::{OfFigure, Sensed, nothing};
use crate::experiment::Indices;
use crate::report::format::records;
use crate::report::manifest::Manifest;
use crate::report::number::rounded;
use crate::sensitivity::BootstrapEstimate;

/// An index of an input: what is missing is null in JSON and empty in CSV, never 0.
#[derive(Default, Serialize)]
struct Row<'a> {
    metric: &'a str,
    input: &'a str,
    /// `mu`, `mu_star`, `sigma`, `first` or `total`.
    index: &'static str,
    value: f64,
    lower: Option<f64>,
    upper: Option<f64>,
    /// Effects or rows behind it.
    n: u32,
}

#[derive(Serialize)]
struct Document<'a> {
    manifest: &'a Manifest,
    level: f64,
    inputs: &'a [String],
    indices: Vec<Row<'a>>,
    /// Why a figure has no indices.
    missing: Vec<Missing<'a>>,
}

#[derive(Serialize)]
struct Missing<'a> {
    metric: &'a str,
    reason: String,
}

/// `indices.csv`: a row for each figure, input and index.
///
/// # Errors
/// The writer's.
pub fn csv(sensed: &Sensed<'_>, to: &mut dyn Write) -> io::Result<()> {
    let figures = sensed.figures();
    let rows = figures.iter().flat_map(|of| rows(of, sensed.inputs()));
    records(rows, to)
}

/// Writes one document with every index.
///
/// # Errors
/// The writer's.
pub fn json(sensed: &Sensed<'_>, to: &mut dyn Write) -> io::Result<()> {
    let figures = sensed.figures();
    let missing = figures.iter().filter_map(|of| {
        let reason = nothing(*of.indices.as_ref().err()?);
        let metric = of.name;
        Some(Missing { metric, reason })
    });
    let document = Document {
        manifest: sensed.manifest,
        level: sensed.responses.layout().level.share(),
        inputs: sensed.inputs(),
        indices: figures
            .iter()
            .flat_map(|of| rows(of, sensed.inputs()))
            .collect(),
        missing: missing.collect(),
    };
    serde_json::to_writer_pretty(&mut *to, &document)?;
    writeln!(to)
}

fn rows<'a>(of: &OfFigure<'a>, inputs: &'a [String]) -> Vec<Row<'a>> {
    let row = |input: usize, index, estimate: &BootstrapEstimate, n| Row {
        metric: of.name,
        input: &inputs[input],
        index,
        value: rounded(estimate.value),
        lower: estimate.interval.map(|interval| rounded(interval.lower)),
        upper: estimate.interval.map(|interval| rounded(interval.upper)),
        n,
    };
    let alone = |value| BootstrapEstimate {
        value,
        interval: None,
    };
    match &of.indices {
        Err(_) => Vec::new(),
        Ok(Indices::Morris(found)) => (found.factors.iter().enumerate())
            .flat_map(|(input, effect)| {
                [
                    row(input, "mu", &alone(effect.mu), effect.effects),
                    row(input, "mu_star", &effect.mu_star, effect.effects),
                    row(input, "sigma", &alone(effect.sigma), effect.effects),
                ]
            })
            .collect(),
        Ok(Indices::Sobol(found)) => (found.factors.iter().enumerate())
            .flat_map(|(input, index)| {
                [
                    row(input, "first", &index.first, found.rows),
                    row(input, "total", &index.total, found.rows),
                ]
            })
            .collect(),
    }
}
