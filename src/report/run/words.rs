//! The sentences under the headline table.

use super::Report;
use super::warmup;
use super::{columns, futures};
use crate::experiment::results::observed::{self, order_checks};
use crate::experiment::{Crossover, Results};
use crate::record::{Key, Metric, Period};
use crate::report::bands;
use crate::report::number::{
    counted, first_few, mean_and_half_width, percent, percents, persons, short_percent,
    with_half_width,
};
use crate::report::precision;
use crate::report::queues;
use crate::stats::{ConfidenceInterval, simultaneous};
use crate::store::options::REPLICATION;

/// What the table says about ports and between ports, about published months, and how sure it is.
pub(super) fn sentences(report: &Report<'_>) -> Vec<String> {
    let mut sentences: Vec<String> = crossover(report).into_iter().collect();
    sentences.extend(published_order(report));
    sentences.extend(errors(report));
    sentences.extend(long_queues(report).or_else(|| waits_and_work(report)));
    sentences.extend(overtime(report));
    sentences.push(precision(report));
    sentences.extend(without_a_value(report));
    sentences.extend(futures::sentence(report));
    sentences.extend(triggers(report));
    sentences.extend(goals(report));
    sentences.extend(band(report).or_else(|| too_few_futures(report)));
    sentences.extend(warmup::sentence(report));
    sentences.extend(partial_months(report));
    sentences.extend(failures(report));
    sentences
}

/// `None` where no month is whole, or nobody is met between ports.
fn crossover(report: &Report<'_>) -> Option<String> {
    let results = report.results;
    let between = results.estimate(Key::of_run(Metric::IRREGULAR_ENCOUNTERS));
    if between.is_some_and(|between| between.mean <= 0.0) {
        return None;
    }
    let Some(crossover) = results.crossover() else {
        let whole = match (
            results.layout().whole_months().count(),
            results.layout().months().len(),
        ) {
            (0, _) => return None,
            (whole, all) if whole == all => "",
            _ => "whole ",
        };
        return Some(format!(
            "In no {whole}month do encounters at ports exceed those between ports, in the means."
        ));
    };
    let interval = crossover_interval(results, crossover);
    let first = match crossover.first {
        first if first == crossover.exceeding => String::new(),
        first => format!(", for the first time in {first}"),
    };
    let layout = results.layout();
    let when = match layout.whole_months().next() {
        // What was before is not known.
        Some(month) if month == crossover.month => {
            let whole = if month == 0 { "" } else { "whole " };
            format!("exceed those between ports already in the first {whole}month,")
        }
        _ => "first exceed those between ports in".to_owned(),
    };
    Some(format!(
        "Encounters at ports {when} {}, in the means; in that month they do in {} of {} replications ({}{}){first}.",
        layout.period(Period::Month(crossover.month)),
        crossover.exceeding,
        crossover.replications,
        short_percent(crossover.share_of_replications()),
        interval.unwrap_or_default(),
    ))
}

/// The interval of the probability that ports exceed in the month that a crossover names. It was chosen for what the replications say, and so
/// has the level of one of as many intervals as there are months, which hold together.
fn crossover_interval(results: &Results, crossover: Crossover) -> Option<String> {
    // Replications of one future are alike: together they tell less of a probability than as many of their own.
    if results.futures().is_some() || crossover.replications < 2 {
        return None;
    }
    let months = results.layout().whole_months().count();
    let level = simultaneous(results.level(), months);
    let Crossover {
        exceeding,
        replications,
        ..
    } = crossover;
    let interval = ConfidenceInterval::of_share(exceeding, replications, level)?;
    let [lower, upper] = percents([interval.lower, interval.upper]);
    let level = short_percent(results.level().share());
    let chosen = if months > 1 {
        format!(" for a month chosen among {months}")
    } else {
        String::new()
    };
    Some(format!(", {level} interval {lower} to {upper}{chosen}"))
}

/// The mean of a figure.
fn mean(report: &Report<'_>, key: Key) -> Option<f64> {
    Some(report.results.estimate(key)?.mean)
}

fn long_queues(report: &Report<'_>) -> Option<String> {
    let those = queues::long_queues(report.results.layout(), |key| mean(report, key));
    (!those.is_empty()).then(|| queues::long_queues_sentence(&those.join(", ")))
}

/// Waits of days are told by the port.
fn waits_and_work(report: &Report<'_>) -> Option<String> {
    queues::waits_and_work(report.results.layout(), |key| mean(report, key))
}

fn overtime(report: &Report<'_>) -> Option<String> {
    let those = queues::overtime(report.results.layout(), |key| mean(report, key));
    (!those.is_empty()).then(|| queues::overtime_sentence(&those.join(", ")))
}

fn published_order(report: &Report<'_>) -> Option<String> {
    let layout = report.results.layout();
    let checks = order_checks(report.results, report.observed?);
    let wrong: Vec<String> = checks
        .iter()
        .filter(|check| !check.agrees())
        .map(|check| layout.period(Period::Month(check.month)))
        .collect();
    let exceptions = match wrong.as_slice() {
        [] => String::new(),
        months => format!(", all but {}", months.join(", ")),
    };
    (!checks.is_empty()).then(|| {
        format!(
            "Which of the two is larger is as published in {} of {} months{exceptions}.",
            checks.len() - wrong.len(),
            checks.len(),
        )
    })
}

fn errors(report: &Report<'_>) -> Option<String> {
    let metrics = [
        ("appointments processed", Metric::APPOINTMENTS_PROCESSED),
        ("port encounters", Metric::PortEncounters),
        ("irregular encounters", Metric::IRREGULAR_ENCOUNTERS),
    ];
    let errors: Vec<String> = metrics
        .into_iter()
        .filter_map(|(name, metric)| {
            let scores = observed::scores(report.results, report.observed?, metric);
            let months = counted(scores.n, "month");
            Some(format!("{name} {} ({months})", percent(scores.mape()?)))
        })
        .collect();
    (!errors.is_empty()).then(|| {
        format!(
            "Mean absolute error against published months: {}.",
            errors.join(", ")
        )
    })
}

fn precision(report: &Report<'_>) -> String {
    let results = report.results;
    let (n, of) = match (results.futures(), results.replications_per_future()) {
        (Some(futures), Some(each)) => {
            let begun = results.futures_begun().filter(|&begun| begun > futures);
            let of_all = begun.map_or_else(String::new, |begun| format!("of {begun} "));
            let each = counted(each.get(), "replication");
            let described = format!("{of_all}futures of {each} each");
            (futures, ["Futures".to_owned(), described])
        }
        _ => (
            results.replications(),
            ["Replications", "replications"].map(str::to_owned),
        ),
    };
    let [counted, described] = of;
    let widest = |(name, metric): (&str, Metric)| {
        let (month, estimate, interval) = results.least_certain_month(metric)?;
        // Of nobody there is nothing to be sure of.
        if estimate.mean <= 0.0 && interval.half_width() <= 0.0 {
            return None;
        }
        Some(format!(
            "{name} {} ({})",
            mean_and_half_width(estimate.mean, interval.half_width(), metric.unit()),
            results.layout().period(Period::Month(month)),
        ))
    };
    let widest: Vec<String> = [
        ("port encounters", Metric::PortEncounters),
        ("irregular encounters", Metric::IRREGULAR_ENCOUNTERS),
        ("pool", Metric::PoolSize),
    ]
    .into_iter()
    .filter_map(widest)
    .collect();
    if let Some(replication) = report.manifest.option(REPLICATION) {
        return format!("Replication {replication} alone; an interval needs at least two.");
    }
    match (n, widest.is_empty()) {
        (0 | 1, true) => return format!("{counted}: {n}; an interval needs at least two."),
        (_, true) => return format!("Means over {n} {described}."),
        (_, false) => {}
    }
    format!(
        "Means over {n} {described}; widest {} intervals: {}.",
        short_percent(results.level().share()),
        widest.join(", "),
    )
}

/// Which means of the table rest on fewer replications, or futures, than there are.
fn without_a_value(report: &Report<'_>) -> Option<String> {
    let of = match report.results.futures() {
        Some(_) => "future",
        None => "replication",
    };
    let thin = first_few(&columns::thin(report))?;
    Some(columns::thin_sentence(columns::units(report), of, &thin))
}

/// For how long every trigger is on.
fn triggers(report: &Report<'_>) -> Option<String> {
    let results = report.results;
    let layout = results.layout();
    let days = layout.calendar().recorded_days();
    let told = layout.triggers().map(|place| {
        let key = Key::of_run(Metric::DaysInForce).at(place);
        let id = layout.id(place);
        match results.estimate(key) {
            None => format!("`{id}` unknown"),
            Some(estimate) if estimate.mean <= 0.0 => format!("`{id}` on no day"),
            Some(estimate) => {
                let mean = estimate.mean;
                match estimate.interval.filter(|it| it.half_width() > 0.0) {
                    Some(interval) => {
                        format!("`{id}` on {}", with_half_width(mean, interval.half_width()))
                    }
                    None => format!("`{id}` on {}", persons(mean)),
                }
            }
        }
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| format!("Triggers, mean days on, of {days}: {}.", told.join(", ")))
}

fn goals(report: &Report<'_>) -> Vec<String> {
    let results = report.results;
    let told = results.goals().map(|goals| {
        precision::sentences(results.standings(), goals, report.manifest.replications)
    });
    told.unwrap_or_default()
}

/// Where single replications of the last month lie, the last whole one where there is one.
fn band(report: &Report<'_>) -> Option<String> {
    let results = report.results;
    let metric = Metric::PortEncounters;
    let layout = results.layout();
    let last = layout.whole_months().next_back();
    let month = last.or(layout.months().next_back())?;
    let band = results.band(Key::of_month(month, metric))?;
    let what = match results.futures() {
        Some(_) => "that is chance and what is uncertain together",
        None => "that is chance in one world",
    };
    (band.lower < band.upper).then(|| format!(
        "Single replications scatter: the central {} of port encounters in {} lie between {} and {}; {what}, not doubt about the mean.",
        short_percent(band.share.share()),
        layout.period(Period::Month(month)),
        persons(band.lower),
        persons(band.upper),
    ))
}

fn too_few_futures(report: &Report<'_>) -> Option<String> {
    bands::too_few_futures(report.results.central_share(), report.results.futures())
}

fn partial_months(report: &Report<'_>) -> Option<String> {
    let layout = report.results.layout();
    let partial = layout.months().any(|month| !layout.is_whole(month));
    partial.then(|| {
        "* Only a part of the month is simulated: no published figure is set beside it.".into()
    })
}

fn failures(report: &Report<'_>) -> Vec<String> {
    let failures = report.results.failures().iter();
    failures
        .map(|failure| format!("Left out: {failure}."))
        .collect()
}
