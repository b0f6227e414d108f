//! Scores, skills and months for people, and what there is to say of them.

use std::io::{self, Write};

use comfy_table::Table;
use jiff::civil::Date;

use super::Validated;
use crate::experiment::validation::{Known, Part, Row, scores_by_area};
use crate::forecast::{Discrepancy, Lack, Predictive, Rival, brier};
use crate::metric::{Metric, Unit};
use crate::month::Month;
use crate::report::number::{
    counted, figure, percent, share_percent, short_percent, signed_percent, with_sign,
};
use crate::report::table::{cell, headed};
use crate::stats::ErrorLaw;

/// Writes the tables and the sentences under them.
///
/// # Errors
/// The writer's.
pub fn table(validated: &Validated<'_>, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "{}", validated.manifest.title)?;
    writeln!(to, "{}", months(validated).trim_fmt())?;
    if !validated.verdicts.scores.is_empty() {
        writeln!(to, "{}", scores(validated).trim_fmt())?;
        writeln!(to, "{}", skills(validated).trim_fmt())?;
    }
    if validated.exceeding().next().is_some() {
        writeln!(to, "{}", ports_exceed(validated).trim_fmt())?;
    }
    if !validated.areas.is_empty() {
        writeln!(to, "{}", areas(validated).trim_fmt())?;
    }
    if !validated.families.is_empty() {
        writeln!(to, "{}", families(validated).trim_fmt())?;
    }
    for sentence in sentences(validated) {
        writeln!(to, "{sentence}")?;
    }
    Ok(())
}

/// The figures of the whole border, month by month.
fn months(validated: &Validated<'_>) -> Table {
    let headings = [
        "column",
        "month",
        "observed",
        "simulated",
        "forecast",
        "error",
        "interval",
        "",
    ];
    let mut table = headed(2, headings);
    let rows = validated.verdicts.rows.iter();
    for row in rows.filter(|row| row.is_whole_border) {
        let metric = Metric::published().find(|metric| metric.name() == row.column);
        let unit = metric.map_or(Unit::Persons, Metric::unit);
        let told = |value| figure(value, unit);
        table.add_row([
            row.column.clone(),
            row.month.to_string(),
            cell(row.observed, told),
            told(row.simulated),
            told(row.predictive.median()),
            cell(row.error(), signed_percent),
            cell(row.interval, |(lower, upper)| {
                format!("{} to {}", told(lower), told(upper))
            }),
            if row.is_inside() == Some(false) {
                "outside".to_owned()
            } else {
                String::new()
            },
        ]);
    }
    table
}

fn scores(validated: &Validated<'_>) -> Table {
    let level = short_percent(validated.verdicts.share);
    let covered = format!("in {level}\nintervals");
    let headings = [
        "column",
        "part",
        "months",
        "MAPE",
        "bias",
        &covered,
        "log\nscore",
    ];
    let mut table = headed(2, headings);
    for score in &validated.verdicts.scores {
        let of = &score.scores;
        table.add_row([
            score.column.clone(),
            score.part.name().to_owned(),
            of.points.n.to_string(),
            cell(of.points.mape(), percent),
            cell(of.points.bias(), signed_percent),
            cell(of.coverage(), short_percent),
            cell(of.log_score(), |score| format!("{score:.2}")),
        ]);
    }
    table
}

/// Skill against each simple forecast; the best of them is what counts.
fn skills(validated: &Validated<'_>) -> Table {
    let headings = ["skill against", "part"].map(str::to_owned).into_iter();
    let has_driver = has_driver(validated);
    let rivals = || Rival::all().filter(|rival| has_driver || *rival != Rival::RatioToDriver);
    let mut table = headed(2, headings.chain(rivals().map(heading)));
    for score in (validated.verdicts.scores.iter()).filter(|score| !score.matches.is_empty()) {
        let against = |rival: Rival| {
            let with = score.matches.iter().find(|(name, _)| *name == rival);
            let skill = with.and_then(|(_, with)| with.skill());
            skill_cell(skill)
        };
        let name = [score.column.clone(), score.part.name().to_owned()];
        table.add_row(name.into_iter().chain(rivals().map(against)));
    }
    table
}

/// Whether some column has an upstream count, to which the ratio is a forecast.
fn has_driver(validated: &Validated<'_>) -> bool {
    let scores = validated.verdicts.scores.iter();
    let mut rivals = scores.flat_map(|score| score.matches.iter().map(|(rival, _)| *rival));
    rivals.any(|rival| rival == Rival::RatioToDriver)
}

fn areas(validated: &Validated<'_>) -> Table {
    let mut table = headed(1, ["port encounters of", "months", "MAPE", "bias"]);
    for (area, scores) in scores_by_area(validated.areas) {
        table.add_row([
            area.to_owned(),
            scores.n.to_string(),
            cell(scores.mape(), percent),
            cell(scores.bias(), signed_percent),
        ]);
    }
    table
}

fn families(validated: &Validated<'_>) -> Table {
    let headings = [
        "in families",
        "month",
        "published",
        "simulated",
        "difference",
    ];
    let mut table = headed(2, headings);
    for row in validated.families {
        table.add_row([
            row.component.name().to_owned(),
            row.month.to_string(),
            share_percent(row.observed),
            share_percent(row.simulated),
            format!("{} points", with_sign(row.difference() * 100.0, 1)),
        ]);
    }
    table
}

fn ports_exceed(validated: &Validated<'_>) -> Table {
    let heading = "more encounters at ports\nthan between them";
    let mut table = headed(1, [heading, "probability", "published"]);
    for of in validated.exceeding() {
        table.add_row([
            of.month.to_string(),
            share_percent(of.probability),
            cell(of.exceeded, |it| if it { "yes" } else { "no" }.to_owned()),
        ]);
    }
    table
}

/// The heading of a simple forecast's column.
pub(in crate::report) fn heading(rival: Rival) -> String {
    match rival {
        Rival::Arima => "ARIMA\n(1,1,0)".to_owned(),
        rival => rival.name().replace('_', "\n"),
    }
}

/// A skill; empty where there is none.
pub(in crate::report) fn skill_cell(skill: Option<f64>) -> String {
    cell(skill, |skill| with_sign(skill, 2))
}

/// What the intervals rest on.
fn simulated(validated: &Validated<'_>) -> String {
    let each = match validated.manifest.replications {
        1 => "one replication".to_owned(),
        several => format!("{several} replications"),
    };
    let simulated = match validated.manifest.points {
        Some(draws) if draws > 1 => format!("{draws} draws of the parameters, each in {each}"),
        _ => {
            let chance = match validated.manifest.replications {
                1 => "chance, and ",
                _ => "",
            };
            format!(
                "one set of parameters, in {each}: intervals leave out {chance}what is not known of the parameters, which --posterior adds"
            )
        }
    };
    format!("Simulated: {simulated}.")
}

/// Published figures of 0 leave the months of an error, and stay in those of the intervals.
fn zeros(validated: &Validated<'_>) -> Option<String> {
    let rows = validated.verdicts.rows.iter();
    let zeros: Vec<&Row> = rows.filter(|row| row.observed == Some(0.0)).collect();
    let Row {
        column: of, month, ..
    } = zeros.first()?;
    let rows = validated.verdicts.rows.iter();
    let of_intervals = if rows.clone().any(|row| row.interval.is_some()) {
        ", and counts in the share in intervals"
    } else {
        ""
    };
    let told = match zeros.len() {
        1 => format!("The published figure of {of} in {month} is 0 and has no relative error"),
        several => format!(
            "{several} published figures are 0 and have no relative error, that of {of} in {month} the first of them"
        ),
    };
    Some(format!(
        "{told}: such a figure is left out of months, MAPE, bias, skill and log score{of_intervals}."
    ))
}

/// Figures that are published, and 0 wherever they were simulated.
fn simulated_zeros(validated: &Validated<'_>) -> Option<String> {
    let is_0 = |row: &Row| row.predictive.above(f64::MIN_POSITIVE) <= 0.0;
    let rows = validated.verdicts.rows.iter();
    let zeros: Vec<&Row> = rows
        .filter(|row| row.observed.is_some_and(|figure| figure > 0.0) && is_0(row))
        .collect();
    let Row { column, month, .. } = zeros.first()?;
    let told = match zeros.len() {
        1 => format!("{column} of {month} is 0 in all that was simulated"),
        several => format!(
            "{several} figures, {column} of {month} the first of them, are 0 in all that was simulated"
        ),
    };
    Some(format!(
        "{told}, and published as more: an error is a share of the figure and no error makes more of 0, so that an interval is 0 to 0, and a log score, as every mean with it in it, -inf."
    ))
}

/// Which simple forecasts lack what they take.
fn lacking(validated: &Validated<'_>) -> Option<String> {
    let verdicts = validated.verdicts;
    let lacks = verdicts.scores.iter().flat_map(|score| {
        let of = format!("{} {}", score.part.name(), score.column);
        let lacks = verdicts.lacks(score).into_iter();
        lacks.map(move |lack| (lack, of.clone()))
    });
    lacking_of(&lacks.collect::<Vec<_>>())
}

/// A sentence of the simple forecasts that lack months, each with what it takes and of what it lacks them.
pub(in crate::report) fn lacking_of(lacks: &[(Lack, String)]) -> Option<String> {
    let told = Rival::all().filter_map(|rival| {
        let of_rival = lacks.iter().filter(|(lack, _)| lack.rival == rival);
        let of_rival: Vec<String> = of_rival
            .map(|(Lack { has, of, .. }, name)| format!("{name} (has {has} of {of})"))
            .collect();
        (!of_rival.is_empty()).then(|| {
            let (name, takes) = (rival.name(), rival.takes());
            format!("{name}, which takes {takes}: {}", of_rival.join(", "))
        })
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| {
        format!(
            "Simple forecasts without a forecast of some month, for want of what they take: {}.",
            told.join("; ")
        )
    })
}

/// What the model is told of months held out that simple forecasts are not.
fn later_events(validated: &Validated<'_>) -> Option<String> {
    let rows = validated.verdicts.rows.iter();
    let held_out = rows
        .filter(|row| row.part == Part::HeldOut && row.observed.is_some() && row.is_whole_border);
    let last = held_out.map(|row| row.month).max()?;
    let acting = validated.events.iter();
    let acting = acting.filter(|(date, _)| Month::of(*date) <= last);
    let names: Vec<String> = acting
        .map(|(date, name)| format!("{name} (from {date})"))
        .collect();
    (!names.is_empty()).then(|| {
        format!(
            "The model is told of events that first act in months held out, and simple forecasts are not: {}. In the months from each on, skill is partly that of knowing of it.",
            names.join(", ")
        )
    })
}

/// What skill is.
fn skill(validated: &Validated<'_>) -> String {
    let told = if has_driver(validated) {
        " The ratio to a driver is told the driver's counts of the months forecast, as the model is."
    } else {
        ""
    };
    format!(
        "Skill is 1 - MAPE / MAPE of the simple forecast, over the months that it has: above 0 the model is better.{told}"
    )
}

/// What is said under the tables, where it holds.
fn sentences(validated: &Validated<'_>) -> Vec<String> {
    let told = [
        Some(simulated(validated)),
        Some(parts(validated)),
        to_come(validated).map(str::to_owned),
        not_fitted_to(validated),
        (!validated.verdicts.scores.is_empty()).then(|| skill(validated)),
        lacking(validated),
        later_events(validated),
        probability(validated).map(str::to_owned),
        brier_scores(validated),
        discrepancy(validated),
        error_law(validated),
        no_intervals(validated),
        zeros(validated),
        simulated_zeros(validated),
        (!validated.areas.is_empty()).then(|| AREAS.to_owned()),
        (!validated.families.is_empty()).then(|| FAMILIES.to_owned()),
    ];
    told.into_iter().flatten().collect()
}

const AREAS: &str = "Areas are field offices, held against the sum of their ports. Sectors between ports have no counterpart in the model.";
const FAMILIES: &str = "In families are published family unit individuals and accompanied minors; simulated are persons in parties of two or more, as the party sizes of each group imply them of its encounters. Relatives without a child are published as single adults, and no result is recorded by party size, so that only the mix of groups moves the simulated share.";

/// Which months are fitted and which held out, and what simple forecasts know in each.
fn parts(validated: &Validated<'_>) -> String {
    let Some(window) = validated.known.window else {
        return "No window of a fit is stated: every month counts as fitted, and simple forecasts know what was published up to the month before."
            .to_owned();
    };
    let ends = validated
        .known
        .last
        .iter()
        .filter(|&(_, &last)| last != window.last);
    let ends = ends.map(|(column, last)| format!(" (of {column} to {last})"));
    format!(
        "Fitted months are {window}{}; later ones are held out, and earlier ones scored apart. Of a month held out, simple forecasts know what was published up to the last fitted month; of any other, up to the month before: a fitted month the model has seen, and they have not.",
        ends.collect::<String>()
    )
}

/// What rows without a published figure are.
fn to_come(validated: &Validated<'_>) -> Option<&'static str> {
    let mut rows = validated.verdicts.rows.iter();
    rows.any(|row| row.observed.is_none()).then_some(
        "Rows without an observed figure are forecasts of months that are not published, or not in the table, under the levers and upstream counts of the scenario.",
    )
}

/// Columns that were not fitted to.
fn not_fitted_to(validated: &Validated<'_>) -> Option<String> {
    let Known { window, fitted, .. } = validated.known;
    if window.is_none() || fitted.is_empty() {
        return None;
    }
    let scores = validated.verdicts.scores.iter();
    let mut columns: Vec<&str> = scores
        .filter(|score| score.part == Part::Fitted)
        .map(|score| score.column.as_str())
        .filter(|&column| !fitted.contains(column))
        .collect();
    columns.dedup();
    (!columns.is_empty()).then(|| {
        format!(
            "No targets of the fit themselves, though months of the window are called fitted (a total may be fitted through its groups): {}.",
            columns.join(", ")
        )
    })
}

/// What the probability that ports exceed rests on.
fn probability(validated: &Validated<'_>) -> Option<&'static str> {
    validated.exceeding().next()?;
    let error = |metric: Metric| validated.known.error(metric.name()).sd;
    let is_stated = error(Metric::PortEncounters) + error(Metric::IRREGULAR_ENCOUNTERS) > 0.0;
    Some(if is_stated {
        "The probability that ports exceed counts what is not known of the parameters, where there are draws, chance, and the discrepancies of both figures, taken as independent; the logarithm of their ratio is given the same error law."
    } else {
        "The probability that ports exceed is the share of what was simulated in which they do: no discrepancy of either figure is stated."
    })
}

/// How good the probabilities that ports exceed were, by part.
fn brier_scores(validated: &Validated<'_>) -> Option<String> {
    validated.exceeding().next()?;
    let of_part = |part: Part| {
        let months = validated.verdicts.ports_exceed.iter();
        let of_part = months.filter(|of| of.part == part);
        let told = of_part.map(|of| (of.probability, of.exceeded));
        brier_score(told, |n| {
            format!("{} ({})", counted(n, "month"), part.name())
        })
    };
    brier_sentence(&Part::all().filter_map(of_part).collect::<Vec<_>>())
}

/// A Brier score with how many forecasts it is over, and that of saying never.
pub(in crate::report) fn brier_score(
    forecasts: impl Iterator<Item = (f64, Option<bool>)>,
    over: impl Fn(u32) -> String,
) -> Option<String> {
    let told: Vec<(f64, bool)> = forecasts
        .filter_map(|(probability, exceeded)| Some((probability, exceeded?)))
        .collect();
    let never: Vec<(f64, bool)> = told.iter().map(|&(_, exceeded)| (0.0, exceeded)).collect();
    Some(format!(
        "{:.3} over {}, against {:.3} of a probability of 0",
        brier(&told)?,
        over(told.len() as u32),
        brier(&never)?
    ))
}

/// Brier scores with what they are.
pub(in crate::report) fn brier_sentence(scores: &[String]) -> Option<String> {
    (!scores.is_empty()).then(|| {
        format!(
            "Brier score of the probability that ports exceed (its mean squared difference from 1 where they did and from 0 where they did not; 0 is perfect): {}.",
            scores.join("; ")
        )
    })
}

/// Where the discrepancy of a month held out comes from.
fn discrepancy(validated: &Validated<'_>) -> Option<String> {
    let known = validated.known;
    let is_learned = |row: &Row| row.part == Part::HeldOut && known.error(&row.column).sd > 0.0;
    if !validated.verdicts.rows.iter().any(is_learned) {
        return None;
    }
    if !validated.verdicts.errors.are_learned() {
        return Some(
            "No fitted month is published of which errors could be learned: the discrepancy of a month held out is as stated, and nothing is carried over to its forecast."
                .to_owned(),
        );
    }
    let at_least = if validated.verdicts.errors.is_at_least_stated {
        ", but is the stated one at least: one set of parameters comes nearer to the months that it was fitted to than the truth does, as draws of a --posterior would tell"
    } else {
        ""
    };
    let known = validated.known;
    let is_later = |day: &Date| (known.window).is_some_and(|it| it.first.first_day() < *day);
    let since = known.errors_from.filter(is_later);
    let since = since.map_or_else(String::new, |day| format!(" from {day} on"));
    Some(format!(
        "The discrepancy of a month held out is learned from what the fitted months{since} were off by, the stated one having {} degrees of freedom{at_least}; of any other month it is as stated. The forecast of a month held out is what is simulated with that part of the last fitted month's error which is expected to last: error and interval are the forecast's.",
        Discrepancy::STATED_FREEDOM
    ))
}

fn error_law(validated: &Validated<'_>) -> Option<String> {
    let errors = validated.known.errors;
    (errors != ErrorLaw::NORMAL).then(|| {
        format!(
            "Errors of the model are {errors}, scaled to the discrepancies: next to normal ones most are smaller, and a few far larger."
        )
    })
}

/// What it takes to have intervals.
fn no_intervals(validated: &Validated<'_>) -> Option<String> {
    let mut rows = validated.verdicts.rows.iter();
    if rows.len() == 0 {
        return Some("No replication has a value of any of these figures.".to_owned());
    }
    let fewest = Predictive::fewest_draws(validated.verdicts.share);
    rows.all(|row| row.interval.is_none()).then(|| {
        format!(
            "There are no intervals: without a discrepancy they need {fewest} replications or draws at least; give -r {fewest}, or --discrepancy 0.1."
        )
    })
}
