//! Errors and coverage for people, and what there is to say of them.

use std::io::{self, Write};

use comfy_table::Table;

use super::Rolled;
use crate::calibration::sampler::{EFFECTIVE_LIMIT, R_HAT_LIMIT};
use crate::experiment::validation::{Origin, OriginKind};
use crate::forecast::{Discrepancy, Lack, Rival};
use crate::report::number::{
    counted, percent, persons, share_percent, short_percent, signed_percent,
};
use crate::report::run::THIN;
use crate::report::table::{cell, headed};
use crate::report::validation::{brier_score, brier_sentence, heading, lacking_of, skill_cell};

/// Writes a table for each figure of the whole border, one of coverage and one of skill, and the sentences under them.
///
/// # Errors
/// The writer's.
pub fn table(rolled: &Rolled<'_>, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "{}", rolled.manifest.title)?;
    for (column, _) in rolled
        .forecasts
        .columns()
        .into_iter()
        .filter(|(_, whole)| *whole)
    {
        writeln!(
            to,
            "\n{column}: mean absolute percentage error of the months forecast"
        )?;
        writeln!(to, "{}", errors(rolled, column).trim_fmt())?;
    }
    writeln!(to, "\n{}", coverage(rolled).trim_fmt())?;
    writeln!(to, "\n{}", skills(rolled).trim_fmt())?;
    for sentence in sentences(rolled) {
        writeln!(to, "{sentence}")?;
    }
    Ok(())
}

fn errors(rolled: &Rolled<'_>, column: &str) -> Table {
    let headings = ["origin", "months", "portflow"].map(str::to_owned);
    let mut table = headed(1, headings.into_iter().chain(Rival::all().map(heading)));
    let share = |error: Option<f64>| cell(error, percent);
    for origin in &rolled.forecasts.origins {
        let Some(of) = origin.columns.iter().find(|it| it.column == column) else {
            continue;
        };
        let mut name = origin.month.to_string();
        if rolled.forecasts.is_break(origin) {
            name.push_str(" break");
        }
        let cells = [name, of.months.len().to_string(), share(of.mape(None))];
        let rivals = Rival::all().map(|rival| share(of.mape(Some(rival))));
        table.add_row(cells.into_iter().chain(rivals));
    }
    for &(name, kind) in means(rolled) {
        let mean = |rival| share(rolled.forecasts.mean(column, kind, rival));
        let cells = [name.to_owned(), String::new(), mean(None)];
        let lacks = rolled.forecasts.lacks(column, kind);
        let rivals = Rival::all().map(|rival| {
            let is_thin = lacks
                .iter()
                .any(|lack| lack.rival == rival && is_thin(lack));
            mean(Some(rival)) + if is_thin { THIN } else { "" }
        });
        table.add_row(cells.into_iter().chain(rivals));
    }
    table
}

/// The means under the errors of a column: breaks and the other origins apart, where there are breaks.
fn means(rolled: &Rolled<'_>) -> &'static [(&'static str, OriginKind)] {
    if rolled.forecasts.breaks.is_empty() {
        &[("mean", OriginKind::All)]
    } else {
        &[
            ("mean of breaks", OriginKind::Breaks),
            ("mean of others", OriginKind::Others),
        ]
    }
}

/// Whether the mean of a simple forecast is of fewer months than the model's beside it; one of no month has none.
fn is_thin(lack: &Lack) -> bool {
    lack.has > 0
}

fn coverage(rolled: &Rolled<'_>) -> Table {
    let covered = format!("in {}\nintervals", short_percent(rolled.share));
    let mut table = headed(1, ["all origins", "months", "MAPE", "bias", &covered]);
    for (column, _) in rolled.forecasts.columns() {
        let scores = rolled.forecasts.pooled(column);
        table.add_row([
            column.to_owned(),
            scores.points.n.to_string(),
            cell(scores.points.mape(), percent),
            cell(scores.points.bias(), signed_percent),
            format!("{} of {}", scores.inside, scores.intervals),
        ]);
    }
    table
}

fn skills(rolled: &Rolled<'_>) -> Table {
    let headings = ["skill against", "origins"].map(str::to_owned);
    let mut table = headed(2, headings.into_iter().chain(Rival::all().map(heading)));
    for (column, _) in rolled.forecasts.columns() {
        for &kind in rolled.forecasts.kinds() {
            let skills: Vec<_> = Rival::all()
                .map(|rival| rolled.forecasts.skill(column, kind, rival))
                .collect();
            if skills.iter().all(Option::is_none) {
                continue;
            }
            let name = [column.to_owned(), kind.name().to_owned()];
            table.add_row(name.into_iter().chain(skills.into_iter().map(skill_cell)));
        }
    }
    table
}

/// Where it is likely enough that more people are met at ports than between them; `None` where no origin tells of both.
fn ports_exceed(rolled: &Rolled<'_>) -> Option<String> {
    /// Least probability that is told.
    const LIKELY: f64 = 0.05;
    let origins = rolled.forecasts.origins.iter();
    if origins.clone().all(|origin| origin.ports_exceed.is_empty()) {
        return None;
    }
    let told = origins.flat_map(|origin| {
        let likely = (origin.ports_exceed.iter()).filter(|(_, probability)| *probability >= LIKELY);
        likely.map(|&(month, probability)| {
            let probability = share_percent(probability);
            format!("{probability} in {month} forecast from {}", origin.month)
        })
    });
    let told: Vec<String> = told.collect();
    let likely = short_percent(LIKELY);
    Some(if told.is_empty() {
        format!("In every month forecast the probability that ports exceed is below {likely}.")
    } else {
        format!(
            "Ports exceed with a probability of {}; in every other month forecast with one below {likely}.",
            told.join(", ")
        )
    })
}

/// Which simple forecasts lack what they take.
fn lacking(rolled: &Rolled<'_>) -> Option<String> {
    let columns = rolled.forecasts.columns().into_iter();
    let lacks = columns.flat_map(|(column, _)| {
        let lacks = rolled.forecasts.lacks(column, OriginKind::All).into_iter();
        lacks.map(move |lack| (lack, column.to_owned()))
    });
    let told = lacking_of(&lacks.collect::<Vec<_>>())?;
    let columns = rolled.forecasts.columns().into_iter();
    let mut shown = columns.filter(|(_, is_whole_border)| *is_whole_border);
    let has_mark = shown.any(|(column, _)| {
        let lacks = |kind| rolled.forecasts.lacks(column, kind);
        let mut all = means(rolled).iter().flat_map(|&(_, kind)| lacks(kind));
        all.any(|lack| is_thin(&lack))
    });
    let mark = if has_mark {
        format!("A mean marked {THIN} is of fewer months than portflow's beside it; skill")
    } else {
        "Skill".to_owned()
    };
    Some(format!("{told} {mark} compares the months of both."))
}

fn sentences(rolled: &Rolled<'_>) -> Vec<String> {
    let mut sentences = vec![
        "Each row is fitted to the months up to its origin; dates of levers and upstream flows of the months forecast are given, to the model and to the ratio alike.".to_owned(),
        format!(
            "Forecasts know what the months up to the origin were off by: discrepancies are learned from them, the stated ones having {} degrees of freedom, and that part of the last month's error which is expected to last is carried over.",
            Discrepancy::STATED_FREEDOM
        ),
    ];
    sentences.push(
        "Skill is 1 less the ratio of the two mean errors, over the months and origins of which both have a forecast: above 0 where the model is nearer.".to_owned(),
    );
    sentences.extend(lacking(rolled));
    let origins = rolled.forecasts.origins.iter();
    let r_hat = origins.clone().map(|origin| origin.r_hat);
    let r_hat = r_hat.fold(1.0, f64::max);
    if let Some(slowest) = origins.min_by(|one, other| one.effective.total_cmp(&other.effective)) {
        let asked = if slowest.effective < EFFECTIVE_LIMIT || r_hat > R_HAT_LIMIT {
            format!(" (of a calibration {EFFECTIVE_LIMIT} and {R_HAT_LIMIT} are asked)")
        } else {
            String::new()
        };
        sentences.push(format!(
            "The chains at an origin are worth {} independent draws or more, fewest for {} at {}; R-hat is {r_hat:.2} at most{asked}.",
            persons(slowest.effective.floor()),
            slowest.slowest,
            slowest.month
        ));
    }
    sentences.extend(ports_exceed(rolled));
    let exceeding = rolled.forecasts.origins.iter().flat_map(Origin::exceeding);
    let told = exceeding.map(|(_, probability, exceeded)| (probability, exceeded));
    let score = brier_score(told, |n| {
        format!("{} of published months", counted(n, "forecast"))
    });
    sentences.extend(brier_sentence(score.as_slice()));
    let untold = rolled.forecasts.origins.iter().flat_map(|origin| {
        let months = origin.untold.iter();
        months.map(|(column, month)| format!("{column} of {month} from {}", origin.month))
    });
    let untold: Vec<String> = untold.collect();
    if !untold.is_empty() {
        sentences.push(format!(
            "Not forecast, being a wait or 0 at some point that was simulated: {}.",
            untold.join(", ")
        ));
    }
    let parts = rolled.forecasts.pooled_groups();
    if let Some(coverage) = parts.coverage() {
        sentences.push(format!(
            "Over all groups and months, {} of {} published figures ({}) are inside their {} intervals.",
            parts.inside,
            parts.intervals,
            share_percent(coverage),
            short_percent(rolled.share)
        ));
    }
    sentences
}
