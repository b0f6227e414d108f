//! Formats of a sensitivity analysis: tables of indices with what they mean in words, CSV and JSON. Computes nothing.

use std::io::{self, Write};

use comfy_table::{Cell, CellAlignment, Table};
use serde::Serialize;

use super::format::io_error;
use super::manifest::Manifest;
use super::number::{difference, figure, or_empty, rounded, short_percent};
use super::sweep::short_names;
use super::table::STYLE;
use crate::experiment::{Analysis, Indices, Responses};
use crate::record::Unit;
use crate::sensitivity::{BootstrapEstimate, OutcomeError};

/// An input matters when it explains more than this share of the variance, or has at least this share of the largest effect.
const MATTERS: f64 = 0.05;

/// The indices of a sensitivity analysis and where they come from.
#[derive(Debug, Clone, Copy)]
pub struct Sensed<'a> {
    /// Provenance.
    pub manifest: &'a Manifest,
    /// The inputs and the design.
    pub analysis: &'a Analysis,
    /// The figures at every point, of one scenario.
    pub responses: &'a Responses,
}

/// The indices of one figure.
struct OfFigure<'a> {
    name: &'a str,
    unit: Unit,
    indices: Result<Indices, OutcomeError>,
}

impl<'a> Sensed<'a> {
    fn figures(&self) -> Vec<OfFigure<'a>> {
        let layout = self.responses.layout();
        let of_figure = |(number, figure): (usize, &'a crate::experiment::Figure)| {
            let done = self.responses.points();
            // Points that nobody came to are missing, as those that failed.
            let outcome = |point| {
                let is_done = point < done;
                is_done
                    .then(|| self.responses.outcome(point, 0, number))
                    .flatten()
            };
            let outcomes: Vec<_> = (0..layout.points.len()).map(outcome).collect();
            OfFigure {
                name: &figure.name,
                unit: figure.unit,
                indices: self.analysis.indices(&outcomes, layout.level),
            }
        };
        layout.figures.iter().enumerate().map(of_figure).collect()
    }

    fn inputs(&self) -> &'a [String] {
        self.responses.layout().points.inputs()
    }
}

/// Writes a table for each figure, and which inputs matter.
///
/// # Errors
/// The writer's.
pub fn table(sensed: &Sensed<'_>, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "{}", sensed.manifest.title)?;
    let names = short_names(sensed.inputs());
    let level = short_percent(sensed.responses.layout().level.share());
    for of in sensed.figures() {
        writeln!(to, "\n{}", of.name)?;
        match &of.indices {
            Err(error) => writeln!(to, " {}", nothing(*error))?,
            Ok(indices) => {
                writeln!(
                    to,
                    "{}",
                    indices_of(indices, &names, of.unit, &level).trim_fmt()
                )?;
                for sentence in words(indices, &names) {
                    writeln!(to, "{sentence}")?;
                }
            }
        }
    }
    writeln!(to)?;
    for sentence in provenance(sensed) {
        writeln!(to, "{sentence}")?;
    }
    Ok(())
}

fn nothing(error: OutcomeError) -> String {
    match error {
        OutcomeError::NoVariance => "no input changes it at any point tried".to_owned(),
        error => error.to_string(),
    }
}

/// The lines of an index, those with the largest values first; equal ones in the order of the inputs.
fn ranked<T>(factors: &[T], by: impl Fn(&T) -> f64) -> Vec<(usize, &T)> {
    let mut ranked: Vec<(usize, &T)> = factors.iter().enumerate().collect();
    ranked.sort_by(|(_, one), (_, other)| by(other).total_cmp(&by(one)));
    ranked
}

fn indices_of(indices: &Indices, names: &[&str], unit: Unit, level: &str) -> Table {
    let mut table = Table::new();
    table.load_style(STYLE);
    let row = |cells: Vec<String>| {
        cells
            .into_iter()
            .enumerate()
            .map(|(column, text)| match column {
                0 => Cell::new(text),
                _ => Cell::new(text).set_alignment(CellAlignment::Right),
            })
    };
    let interval = format!("{level} interval");
    let within = |estimate: &BootstrapEstimate, written: &dyn Fn(f64) -> String| {
        estimate.interval.map_or_else(String::new, |interval| {
            format!("{} to {}", written(interval.lower), written(interval.upper))
        })
    };
    match indices {
        Indices::Morris(found) => {
            let headings = ["input", "mu", "mu*", &interval, "sigma"];
            table.set_header(row(headings.map(str::to_owned).into()));
            for (input, effect) in ranked(&found.factors, |effect| effect.mu_star.value) {
                let written = |value| figure(value, unit);
                table.add_row(row(vec![
                    names[input].to_owned(),
                    difference(effect.mu, unit),
                    written(effect.mu_star.value),
                    within(&effect.mu_star, &written),
                    written(effect.sigma),
                ]));
            }
        }
        Indices::Sobol(found) => {
            let headings = ["input", "first", &interval, "total", &interval];
            table.set_header(row(headings.map(str::to_owned).into()));
            // Adding 0 after rounding turns -0.0 into 0.0.
            let written = |share: f64| format!("{:.3}", (share * 1000.0).round() / 1000.0 + 0.0);
            for (input, index) in ranked(&found.factors, |index| index.total.value) {
                table.add_row(row(vec![
                    names[input].to_owned(),
                    written(index.first.value),
                    within(&index.first, &written),
                    written(index.total.value),
                    within(&index.total, &written),
                ]));
            }
        }
    }
    table
}

/// Which inputs matter, and which do not.
fn words(indices: &Indices, names: &[&str]) -> Vec<String> {
    let share = short_percent(MATTERS);
    let (ranking, what) = match indices {
        Indices::Morris(found) => {
            let ranked = ranked(&found.factors, |effect| effect.mu_star.value);
            let largest = ranked
                .first()
                .map_or(0.0, |(_, effect)| effect.mu_star.value);
            if largest <= 0.0 {
                return vec!["No input changes it at any point tried.".to_owned()];
            }
            let part = |(input, effect): (usize, &crate::sensitivity::MorrisEffect)| {
                (names[input], parts(&effect.mu_star, largest))
            };
            let ranking: Vec<_> = ranked.into_iter().map(part).collect();
            (ranking, format!("{share} of the largest effect"))
        }
        Indices::Sobol(found) => {
            let ranked = ranked(&found.factors, |index| index.total.value);
            let part = |(input, index): (usize, &crate::sensitivity::SobolIndex)| {
                (names[input], parts(&index.total, 1.0))
            };
            let ranking: Vec<_> = ranked.into_iter().map(part).collect();
            (ranking, format!("{share} of the variance"))
        }
    };
    let named = |of: fn([f64; 3]) -> bool| {
        let names = ranking
            .iter()
            .filter(|(_, part)| of(*part))
            .map(|(name, _)| *name);
        names.collect::<Vec<_>>().join(", ")
    };
    let mut sentences = Vec::new();
    let mut say = |names: String, what: String| {
        if !names.is_empty() {
            sentences.push(format!("{what}: {names}."));
        }
    };
    say(
        named(|[lower, ..]| lower > MATTERS),
        format!("More than {what}"),
    );
    say(
        named(|[lower, _, upper]| lower <= MATTERS && upper > MATTERS),
        format!("Not told apart from {what}"),
    );
    say(
        named(|[_, value, upper]| upper <= MATTERS && value > 0.0),
        format!("Less than {what}"),
    );
    say(
        named(|[_, value, upper]| upper <= MATTERS && value <= 0.0),
        "No effect at any point tried".to_owned(),
    );
    if let Indices::Sobol(found) = indices {
        let sum: f64 = found.factors.iter().map(|index| index.first.value).sum();
        sentences.push(format!(
            "First indices add up to {sum:.2}; what is missing to 1 is what inputs do together."
        ));
    }
    let (kind, dropped) = match indices {
        Indices::Morris(found) => ("trajectories", found.dropped),
        Indices::Sobol(found) => ("rows", found.dropped),
    };
    if dropped > 0 {
        sentences.push(format!(
            "Left out since an outcome is missing: {dropped} {kind}."
        ));
    }
    sentences
}

/// Lower bound, value and upper bound as shares of something; the value where there is no interval.
fn parts(estimate: &BootstrapEstimate, of: f64) -> [f64; 3] {
    let [lower, upper] = estimate.interval.map_or([estimate.value; 2], |interval| {
        [interval.lower, interval.upper]
    });
    [lower, estimate.value, upper].map(|value| value / of)
}

fn provenance(sensed: &Sensed<'_>) -> Vec<String> {
    let option = |name: &str| sensed.manifest.options.get(name).map_or("", String::as_str);
    let groups = option("points");
    let mut sentences = vec![match option("method") {
        "sobol" => format!(
            "Sobol' indices, shares of the variance: first, what an input explains alone; total, alone and with others. {groups} rows."
        ),
        _ => format!(
            "Morris' screening: mu, what the whole range of an input changes on average; mu*, the same whatever the sign; sigma, how much it depends on where. {groups} trajectories."
        ),
    }];
    if let Some((keys, [low, high])) = sensed.analysis.cut() {
        let [low, high] = [low, high].map(short_percent);
        sentences.push(format!(
            "Tried between their quantiles {low} and {high}, beyond which they may go on for ever: {}.",
            keys.join(", ")
        ));
    }
    let layout = sensed.responses.layout();
    let mean = match layout.replications {
        1 => "one replication".to_owned(),
        many => format!("the mean of {many} replications"),
    };
    sentences.push(format!(
        "{} points, each the outcome of {mean}, on the same people at every point. Intervals are bootstrap intervals over {}.",
        sensed.responses.points(),
        if option("method") == "sobol" { "rows" } else { "trajectories" },
    ));
    sentences
}

/// An index of an input: what is missing is null in JSON and empty in CSV, never 0.
#[derive(Serialize)]
struct Row<'a> {
    metric: &'a str,
    input: &'a str,
    /// `mu`, `mu_star`, `sigma`, `first` or `total`.
    index: &'static str,
    value: f64,
    lower: Option<f64>,
    upper: Option<f64>,
    /// Trajectories or rows behind it.
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
    let mut table = csv::Writer::from_writer(to);
    let header = ["metric", "input", "index", "value", "lower", "upper", "n"];
    table.write_record(header).map_err(io_error)?;
    for row in sensed
        .figures()
        .iter()
        .flat_map(|of| rows(of, sensed.inputs()))
    {
        let texts = [
            row.metric.to_owned(),
            row.input.to_owned(),
            row.index.to_owned(),
            row.value.to_string(),
            or_empty(row.lower),
            or_empty(row.upper),
            row.n.to_string(),
        ];
        table.write_record(texts).map_err(io_error)?;
    }
    table.flush()
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
                    row(input, "mu", &alone(effect.mu), found.trajectories),
                    row(input, "mu_star", &effect.mu_star, found.trajectories),
                    row(input, "sigma", &alone(effect.sigma), found.trajectories),
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
