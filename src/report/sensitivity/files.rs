//! Every index, for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::{OfFigure, Sensed, of_bootstrap};
use crate::experiment::Indices;
use crate::report::format::{pretty, records};
use crate::report::number::rounded;
use crate::sensitivity::BootstrapEstimate;
use crate::store::Manifest;

/// An index of an input: what is missing is null in JSON and empty in CSV, never 0.
#[derive(Default, Serialize)]
struct Row<'a> {
    metric: &'a str,
    input: &'a str,
    /// `mu`, `mu_star`, `sigma`, `share_of_largest`, `first` or `total`.
    index: &'static str,
    value: Option<f64>,
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
    /// Of the variance between points, where it is known.
    chance_shares: Vec<Chance<'a>>,
    /// Why a figure has no indices.
    missing: Vec<Missing<'a>>,
}

#[derive(Serialize)]
struct Chance<'a> {
    metric: &'a str,
    value: f64,
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
        let reason = of.indices.as_ref().err()?.to_string();
        let metric = of.name;
        Some(Missing { metric, reason })
    });
    let chance = figures.iter().filter_map(|of| {
        let value = rounded(of.chance?.value);
        let metric = of.name;
        Some(Chance { metric, value })
    });
    let document = Document {
        manifest: sensed.manifest,
        level: sensed.responses.layout().level.share(),
        inputs: sensed.inputs(),
        indices: figures
            .iter()
            .flat_map(|of| rows(of, sensed.inputs()))
            .collect(),
        chance_shares: chance.collect(),
        missing: missing.collect(),
    };
    pretty(&document, to)
}

fn rows<'a>(of: &OfFigure<'a>, inputs: &'a [String]) -> Vec<Row<'a>> {
    let row = |input: usize, index, value: Option<f64>, bounds: Option<[f64; 2]>, n| Row {
        metric: of.name,
        input: &inputs[input],
        index,
        value: value.map(rounded),
        lower: bounds.map(|[lower, _]| rounded(lower)),
        upper: bounds.map(|[_, upper]| rounded(upper)),
        n,
    };
    match &of.indices {
        Err(_) => Vec::new(),
        Ok(Indices::Morris(found)) => (found.factors.iter().enumerate())
            .flat_map(|(input, effect)| {
                let row = |name, value, bounds| row(input, name, value, bounds, effect.effects);
                let mu_star = effect.mu_star.map(|estimate| estimate.mean);
                let interval = effect.mu_star.and_then(|estimate| estimate.interval);
                let interval = interval.map(|it| [it.lower, it.upper]);
                let share = effect.share_of_largest.map(|estimate| estimate.value);
                [
                    row("mu", effect.mu, None),
                    row("mu_star", mu_star, interval),
                    row("sigma", effect.sigma, None),
                    row(
                        "share_of_largest",
                        share,
                        of_bootstrap(effect.share_of_largest),
                    ),
                ]
            })
            .collect(),
        Ok(Indices::Sobol(found)) => (found.factors.iter().enumerate())
            .flat_map(|(input, index)| {
                let row = |name, estimate: BootstrapEstimate| {
                    let bounds = of_bootstrap(Some(estimate));
                    row(input, name, Some(estimate.value), bounds, found.rows)
                };
                [row("first", index.first), row("total", index.total)]
            })
            .collect(),
    }
}
