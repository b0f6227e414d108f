//! `forecasts.csv`, `origins.csv`, `skill.csv`, `ports_exceed.csv` and the JSON document.

use std::io::{self, Write};

use serde::Serialize;

use super::Rolled;
use crate::experiment::validation::{ForecastMonth, Origin, OriginColumn};
use crate::forecast::{PointScores, PredictiveScores, Rival};
use crate::report::format::{pretty, records};
use crate::report::number::{or_infinite, rounded};
use crate::store::Manifest;

/// The forecaster that is no rival.
const PORTFLOW: &str = "portflow";

#[derive(Default, Serialize)]
struct MonthRow<'a> {
    origin: String,
    column: &'a str,
    month: String,
    forecast_by: &'static str,
    observed: f64,
    forecast: f64,
    relative_error: Option<f64>,
    lower: Option<f64>,
    upper: Option<f64>,
    inside: Option<bool>,
}

#[derive(Default, Serialize)]
struct ScoreRow<'a> {
    origin: String,
    r#break: bool,
    column: &'a str,
    forecast_by: &'static str,
    months: u32,
    mape: Option<f64>,
    bias: Option<f64>,
    coverage: Option<f64>,
    #[serde(serialize_with = "or_infinite")]
    log_score: Option<f64>,
}

#[derive(Default, Serialize)]
struct SkillRow<'a> {
    column: &'a str,
    origins: &'static str,
    against: &'static str,
    skill: f64,
}

#[derive(Default, Serialize)]
struct ExceedRow {
    origin: String,
    month: String,
    probability: f64,
    exceeded: Option<bool>,
}

#[derive(Serialize)]
struct Document<'a> {
    manifest: &'a Manifest,
    level: f64,
    skill: Vec<SkillRow<'a>>,
    scores: Vec<ScoreRow<'a>>,
    forecasts: Vec<MonthRow<'a>>,
    ports_exceed: Vec<ExceedRow>,
}

impl<'a> MonthRow<'a> {
    fn of(
        origin: &Origin,
        column: &'a OriginColumn,
        month: &ForecastMonth,
        (forecast_by, forecast): (&'static str, f64),
        interval: Option<(f64, f64)>,
    ) -> Self {
        Self {
            origin: origin.month.to_string(),
            column: &column.column,
            month: month.month.to_string(),
            forecast_by,
            observed: month.observed,
            forecast: rounded(forecast),
            relative_error: month.error_of(forecast).map(rounded),
            lower: interval.map(|(lower, _)| rounded(lower)),
            upper: interval.map(|(_, upper)| rounded(upper)),
            inside: interval.and_then(|_| month.is_inside()),
        }
    }
}

fn month_rows<'a>(rolled: &Rolled<'a>) -> Vec<MonthRow<'a>> {
    let mut rows = Vec::new();
    for origin in &rolled.forecasts.origins {
        for column in &origin.columns {
            for month in &column.months {
                let row = |by, interval| MonthRow::of(origin, column, month, by, interval);
                rows.push(row((PORTFLOW, month.forecast), month.interval));
                let rivals = month.rivals.iter();
                rows.extend(rivals.map(|&(rival, theirs)| row((rival.name(), theirs), None)));
            }
        }
    }
    rows
}

fn score_rows<'a>(rolled: &Rolled<'a>) -> Vec<ScoreRow<'a>> {
    let mut rows = Vec::new();
    for origin in &rolled.forecasts.origins {
        for column in &origin.columns {
            let row = |forecast_by, points: PointScores, of: Option<&PredictiveScores>| ScoreRow {
                origin: origin.month.to_string(),
                r#break: rolled.forecasts.is_break(origin),
                column: &column.column,
                forecast_by,
                months: points.n,
                mape: points.mape().map(rounded),
                bias: points.bias().map(rounded),
                coverage: of.and_then(PredictiveScores::coverage).map(rounded),
                log_score: of.and_then(PredictiveScores::log_score).map(rounded),
            };
            let scores = &column.contest.scores;
            rows.push(row(PORTFLOW, scores.points, Some(scores)));
            let rivals = column.contest.matches.iter();
            rows.extend(rivals.map(|(rival, with)| row(rival.name(), with.theirs, None)));
        }
    }
    rows
}

/// Writes a row for each month forecast that is published, and forecaster; only the model's have an interval.
///
/// # Errors
/// The writer's.
pub fn forecasts(rolled: &Rolled<'_>, to: &mut dyn Write) -> io::Result<()> {
    records(month_rows(rolled), to)
}

/// Writes a row for each origin, column and forecaster.
///
/// # Errors
/// The writer's.
pub fn origins(rolled: &Rolled<'_>, to: &mut dyn Write) -> io::Result<()> {
    records(score_rows(rolled), to)
}

fn skill_rows<'a>(rolled: &Rolled<'a>) -> Vec<SkillRow<'a>> {
    let forecasts = rolled.forecasts;
    let mut rows = Vec::new();
    for (column, _) in forecasts.columns() {
        for &kind in forecasts.kinds() {
            let row = |against: Rival| {
                Some(SkillRow {
                    column,
                    origins: kind.name(),
                    against: against.name(),
                    skill: rounded(forecasts.skill(column, kind, against)?),
                })
            };
            rows.extend(Rival::all().filter_map(row));
        }
    }
    rows
}

/// Writes a row for each column, kind of origins and simple forecast: the skill.
///
/// # Errors
/// The writer's.
pub fn skills(rolled: &Rolled<'_>, to: &mut dyn Write) -> io::Result<()> {
    records(skill_rows(rolled), to)
}

fn exceed_rows<'a>(rolled: &Rolled<'a>) -> impl Iterator<Item = ExceedRow> + use<'a> {
    rolled.forecasts.origins.iter().flat_map(|origin| {
        let months = origin.exceeding();
        months.map(|(month, probability, exceeded)| ExceedRow {
            origin: origin.month.to_string(),
            month: month.to_string(),
            probability: rounded(probability),
            exceeded,
        })
    })
}

/// Writes a row for each origin and month forecast, published or not: the probability that more people are met at ports than between them, and
/// whether they were where both figures are published.
///
/// # Errors
/// The writer's.
pub fn ports_exceed(rolled: &Rolled<'_>, to: &mut dyn Write) -> io::Result<()> {
    records(exceed_rows(rolled), to)
}

/// Writes one JSON document with everything.
///
/// # Errors
/// The writer's.
pub fn document(rolled: &Rolled<'_>, to: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        manifest: rolled.manifest,
        level: rolled.share,
        skill: skill_rows(rolled),
        scores: score_rows(rolled),
        forecasts: month_rows(rolled),
        ports_exceed: exceed_rows(rolled).collect(),
    };
    pretty(&document, to)
}
