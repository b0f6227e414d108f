//! Every row and score, for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::Validated;
use crate::experiment::validation::{AreaRow, FamilyRow, PortsExceed, Row, Score, scores_by_area};
use crate::forecast::{Match, PointScores, Rival, relative_error};
use crate::report::format::{pretty, records};
use crate::report::number::{or_infinite, rounded};
use crate::store::Manifest;

#[derive(Default, Serialize)]
struct RowOf<'a> {
    month: String,
    column: &'a str,
    part: &'static str,
    observed: Option<f64>,
    simulated: f64,
    median: f64,
    relative_error: Option<f64>,
    lower: Option<f64>,
    upper: Option<f64>,
    inside: Option<bool>,
    #[serde(serialize_with = "or_infinite")]
    log_score: Option<f64>,
}

impl<'a> RowOf<'a> {
    fn of(row: &'a Row) -> Self {
        Self {
            month: row.month.to_string(),
            column: &row.column,
            part: row.part.name(),
            observed: row.observed,
            simulated: rounded(row.simulated),
            median: rounded(row.predictive.median()),
            relative_error: row.error().map(rounded),
            lower: row.interval.map(|(lower, _)| rounded(lower)),
            upper: row.interval.map(|(_, upper)| rounded(upper)),
            inside: row.is_inside(),
            log_score: row.log_score().map(rounded),
        }
    }
}

#[derive(Default, Serialize)]
struct ScoreOf<'a> {
    column: &'a str,
    part: &'static str,
    months: u32,
    mape: Option<f64>,
    bias: Option<f64>,
    level: f64,
    coverage: Option<f64>,
    intervals: u32,
    #[serde(serialize_with = "or_infinite")]
    log_score: Option<f64>,
    log_scores: u32,
}

impl<'a> ScoreOf<'a> {
    fn of(score: &'a Score, level: f64) -> Self {
        let Score {
            column,
            part,
            scores,
            ..
        } = score;
        Self {
            column,
            part: part.name(),
            months: scores.points.n,
            mape: scores.points.mape().map(rounded),
            bias: scores.points.bias().map(rounded),
            level,
            coverage: scores.coverage().map(rounded),
            intervals: scores.intervals,
            log_score: scores.log_score().map(rounded),
            log_scores: scores.scored,
        }
    }
}

#[derive(Default, Serialize)]
struct SkillOf<'a> {
    column: &'a str,
    part: &'static str,
    rival: &'static str,
    months: u32,
    mape: Option<f64>,
    rival_mape: Option<f64>,
    skill: Option<f64>,
}

impl<'a> SkillOf<'a> {
    fn of(score: &'a Score, rival: Rival, with: &Match) -> Self {
        Self {
            column: &score.column,
            part: score.part.name(),
            rival: rival.name(),
            months: with.theirs.n,
            mape: with.ours.mape().map(rounded),
            rival_mape: with.theirs.mape().map(rounded),
            skill: with.skill().map(rounded),
        }
    }
}

#[derive(Default, Serialize)]
struct PortsExceedOf {
    month: String,
    part: &'static str,
    probability: f64,
    exceeded: Option<bool>,
}

impl PortsExceedOf {
    fn of(row: &PortsExceed) -> Self {
        Self {
            month: row.month.to_string(),
            part: row.part.name(),
            probability: rounded(row.probability),
            exceeded: row.exceeded,
        }
    }
}

#[derive(Serialize)]
struct AreaScoreOf<'a> {
    area: &'a str,
    months: u32,
    mape: Option<f64>,
    bias: Option<f64>,
}

impl<'a> AreaScoreOf<'a> {
    fn of((area, scores): (&'a str, PointScores)) -> Self {
        Self {
            area,
            months: scores.n,
            mape: scores.mape().map(rounded),
            bias: scores.bias().map(rounded),
        }
    }
}

/// Without an interval: nobody states how far off a model may be of how a total is shared among areas.
#[derive(Default, Serialize)]
struct AreaOf<'a> {
    month: String,
    area: &'a str,
    observed: f64,
    median: f64,
    relative_error: Option<f64>,
}

impl<'a> AreaOf<'a> {
    fn of(row: &'a AreaRow) -> Self {
        let (observed, median) = (row.observed, row.simulated);
        Self {
            month: row.month.to_string(),
            area: &row.area,
            observed,
            median: rounded(median),
            relative_error: relative_error(median, observed).map(rounded),
        }
    }
}

#[derive(Default, Serialize)]
struct FamilyOf {
    month: String,
    component: &'static str,
    observed: f64,
    simulated: f64,
    difference: f64,
}

impl FamilyOf {
    fn of(row: &FamilyRow) -> Self {
        Self {
            month: row.month.to_string(),
            component: row.component.name(),
            observed: rounded(row.observed),
            simulated: rounded(row.simulated),
            difference: rounded(row.difference()),
        }
    }
}

/// `validation.csv`: a row for each published figure, and for each to come after the months fitted to, without `observed`. `lower` and `upper` are the predictive interval.
///
/// # Errors
/// The writer's.
pub fn validation(validated: &Validated<'_>, to: &mut dyn Write) -> io::Result<()> {
    records(rows(validated), to)
}

/// `scores.csv`: a row for each column and part of the months. `coverage` is the share of the figures inside their interval, `level` what
/// it should be.
///
/// # Errors
/// The writer's.
pub fn scores(validated: &Validated<'_>, to: &mut dyn Write) -> io::Result<()> {
    records(of_scores(validated), to)
}

/// `skill.csv`: a row for each column, part of the months and simple forecast, over the months that it has.
///
/// # Errors
/// The writer's.
pub fn skills(validated: &Validated<'_>, to: &mut dyn Write) -> io::Result<()> {
    records(of_skills(validated), to)
}

/// `ports_exceed.csv`: how likely it is that more people are met at ports than between them, of every whole month of the run, and whether
/// they were (`exceeded`) where both figures are published.
///
/// # Errors
/// The writer's.
pub fn ports_exceed(validated: &Validated<'_>, to: &mut dyn Write) -> io::Result<()> {
    records(of_ports_exceed(validated), to)
}

/// `areas.csv`: port encounters by month and area.
///
/// # Errors
/// The writer's.
pub fn areas(validated: &Validated<'_>, to: &mut dyn Write) -> io::Result<()> {
    records(of_areas(validated), to)
}

/// `families.csv`: shares of the encounters in families, by component and month.
///
/// # Errors
/// The writer's.
pub fn families(validated: &Validated<'_>, to: &mut dyn Write) -> io::Result<()> {
    records(validated.families.iter().map(FamilyOf::of), to)
}

#[derive(Serialize)]
struct Document<'a> {
    manifest: &'a Manifest,
    /// Share of a predictive interval.
    level: f64,
    fitted: Option<String>,
    figures: Vec<RowOf<'a>>,
    scores: Vec<ScoreOf<'a>>,
    skill: Vec<SkillOf<'a>>,
    ports_exceed: Vec<PortsExceedOf>,
    areas: Vec<AreaOf<'a>>,
    area_scores: Vec<AreaScoreOf<'a>>,
    families: Vec<FamilyOf>,
}

/// One document with everything.
///
/// # Errors
/// The writer's.
pub fn document(validated: &Validated<'_>, to: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        manifest: validated.manifest,
        level: validated.verdicts.share,
        fitted: validated.known.window.map(|window| window.to_string()),
        figures: rows(validated).collect(),
        scores: of_scores(validated).collect(),
        skill: of_skills(validated).collect(),
        ports_exceed: of_ports_exceed(validated).collect(),
        areas: of_areas(validated).collect(),
        area_scores: scores_by_area(validated.areas)
            .into_iter()
            .map(AreaScoreOf::of)
            .collect(),
        families: validated.families.iter().map(FamilyOf::of).collect(),
    };
    pretty(&document, to)
}

fn rows<'a>(validated: &Validated<'a>) -> impl Iterator<Item = RowOf<'a>> + use<'a> {
    validated.verdicts.rows.iter().map(RowOf::of)
}

fn of_scores<'a>(validated: &Validated<'a>) -> impl Iterator<Item = ScoreOf<'a>> + use<'a> {
    let verdicts = validated.verdicts;
    let scores = verdicts.scores.iter();
    scores.map(|score| ScoreOf::of(score, verdicts.share))
}

fn of_skills<'a>(validated: &Validated<'a>) -> impl Iterator<Item = SkillOf<'a>> + use<'a> {
    validated.verdicts.scores.iter().flat_map(|score| {
        let matches = score.matches.iter();
        matches.map(move |(rival, with)| SkillOf::of(score, *rival, with))
    })
}

fn of_ports_exceed<'a>(validated: &Validated<'a>) -> impl Iterator<Item = PortsExceedOf> + use<'a> {
    let months = validated.verdicts.ports_exceed.iter();
    months.map(PortsExceedOf::of)
}

fn of_areas<'a>(validated: &Validated<'a>) -> impl Iterator<Item = AreaOf<'a>> + use<'a> {
    validated.areas.iter().map(AreaOf::of)
}
