//! Every run and every point, for programs.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value};

use super::Swept;
use crate::experiment::Watched;
use crate::report::format::{Csv, Figure, pretty};
use crate::report::number::{or_empty, rounded};
use crate::store::Manifest;

/// `runs.csv`: a row for each replication that came to something, inputs first, then a column for each figure.
///
/// Values are not rounded: they are what a model of the response is fitted to.
///
/// # Errors
/// The writer's.
pub fn runs(swept: &Swept<'_>, to: &mut dyn Write) -> io::Result<()> {
    let layout = swept.layout();
    let names = layout.figures.iter().map(|figure| figure.name.as_str());
    let header = names_of_inputs(swept).chain(["replication"]).chain(names);
    let mut table = Csv::new(header, to)?;
    for (point, scenario) in swept.rows() {
        for replication in 0..layout.replications {
            let Some(values) = swept.responses.run(point, scenario, replication) else {
                continue;
            };
            let row = inputs(swept, point, scenario)
                .chain([layout.simulated(point, replication).to_string()])
                .chain(values.iter().map(|&value| or_empty(value)));
            table.add(row)?;
        }
    }
    table.finish()
}

/// `points.csv`: a row for each point and figure.
///
/// # Errors
/// The writer's.
pub fn points(swept: &Swept<'_>, to: &mut dyn Write) -> io::Result<()> {
    let layout = swept.layout();
    let header = names_of_inputs(swept).chain(["metric", "mean", "lower", "upper", "n"]);
    let header = header.chain(has_shares(swept).then_some(WORLD_SHARE));
    let mut table = Csv::new(header, to)?;
    for (point, scenario) in swept.rows() {
        for (number, figure) in layout.figures.iter().enumerate() {
            let estimate = Figure::of(swept.responses.estimate(point, scenario, number));
            let row = inputs(swept, point, scenario)
                .chain([figure.name.clone()])
                .chain(estimate.columns())
                .chain(
                    has_shares(swept).then(|| or_empty(share(swept, (point, scenario), number))),
                );
            table.add(row)?;
        }
    }
    table.finish()
}

/// `watched.csv`: a row for each point and what is watched there beside the figures.
///
/// # Errors
/// The writer's.
pub fn watched(swept: &Swept<'_>, to: &mut dyn Write) -> io::Result<()> {
    let header = names_of_inputs(swept).chain(["metric", "mean", "lower", "upper", "n"]);
    let mut table = Csv::new(header, to)?;
    for (point, scenario) in swept.rows() {
        for (number, watched) in swept.layout().watched.iter().enumerate() {
            let estimate = Figure::of(swept.responses.watched(point, scenario, number));
            let row = inputs(swept, point, scenario)
                .chain([watched.name()])
                .chain(estimate.columns());
            table.add(row)?;
        }
    }
    table.finish()
}

/// The column and field of the world's share, where it is known.
const WORLD_SHARE: &str = "world_share";

/// Whether futures have several replications, which tell the world from chance.
fn has_shares(swept: &Swept<'_>) -> bool {
    swept.layout().per_future > 1
}

fn share(swept: &Swept<'_>, (point, scenario): (u32, u32), figure: usize) -> Option<f64> {
    let share = swept.responses.world_share(point, scenario, figure);
    share.map(rounded)
}

fn names_of_inputs<'a>(swept: &Swept<'a>) -> impl Iterator<Item = &'a str> {
    let variant = swept.has_variants().then_some("variant");
    let keys = swept.layout().points.inputs().iter().map(String::as_str);
    ["point"].into_iter().chain(variant).chain(keys)
}

fn inputs<'a>(swept: &Swept<'a>, point: u32, scenario: u32) -> impl Iterator<Item = String> + 'a {
    let variant = swept
        .has_variants()
        .then(|| swept.scenario(scenario).to_owned());
    let values = swept.layout().points.values(point).iter().cloned();
    [point.to_string()].into_iter().chain(variant).chain(values)
}

#[derive(Serialize)]
struct Document<'a> {
    manifest: &'a Manifest,
    level: f64,
    inputs: &'a [String],
    metrics: Vec<&'a str>,
    points: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    point: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    variant: Option<&'a str>,
    inputs: Map<String, Value>,
    /// Figures by their names.
    metrics: Map<String, Value>,
    /// What is watched beside them, by its name.
    watched: Map<String, Value>,
}

/// Writes one document with the estimates of every point.
///
/// # Errors
/// The writer's.
pub fn json(swept: &Swept<'_>, to: &mut dyn Write) -> io::Result<()> {
    let layout = swept.layout();
    let names = layout.figures.iter().map(|figure| figure.name.as_str());
    let points = swept
        .rows()
        .map(|(point, scenario)| in_json(swept, point, scenario));
    let document = Document {
        manifest: swept.manifest,
        level: layout.level.share(),
        inputs: layout.points.inputs(),
        metrics: names.collect(),
        points: points.collect::<Result<_, _>>()?,
    };
    pretty(&document, to)
}

fn in_json<'a>(swept: &Swept<'a>, point: u32, scenario: u32) -> serde_json::Result<Row<'a>> {
    let layout = swept.layout();
    let values = layout.points.values(point).iter().map(|text| value(text));
    let metric = |(number, name): (usize, &crate::experiment::Figure)| {
        let estimate = Figure::of(swept.responses.estimate(point, scenario, number));
        let mut estimate = serde_json::to_value(estimate)?;
        if has_shares(swept) {
            estimate[WORLD_SHARE] = share(swept, (point, scenario), number).into();
        }
        Ok((name.name.clone(), estimate))
    };
    let watched = |(number, watched): (usize, &Watched)| {
        let estimate = Figure::of(swept.responses.watched(point, scenario, number));
        Ok((watched.name(), serde_json::to_value(estimate)?))
    };
    Ok(Row {
        point,
        variant: swept.has_variants().then(|| swept.scenario(scenario)),
        inputs: layout.points.inputs().iter().cloned().zip(values).collect(),
        metrics: layout
            .figures
            .iter()
            .enumerate()
            .map(metric)
            .collect::<Result<_, serde_json::Error>>()?,
        watched: layout
            .watched
            .iter()
            .enumerate()
            .map(watched)
            .collect::<Result<_, serde_json::Error>>()?,
    })
}

/// The value of an input: a number or a truth value where it is one, else its text.
fn value(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(value @ (Value::Number(_) | Value::Bool(_) | Value::String(_))) => value,
        _ => Value::String(text.to_owned()),
    }
}
