//! Tables of differences for people.

use std::io::{self, Write};

use comfy_table::Table;

use super::family::{Family, is_clear};
use super::{By, Compared, line_name, regret, words};
use crate::experiment::Difference;
use crate::report::number::{
    counted, difference, differences, figure, persons, short_percent, whole_percent,
};
use crate::report::table::{cell, headed};
use crate::stats::{Nested, NestedPairs, Paired};

/// Pairs from which on is shown the ratio of their variances, whose logarithm has a standard error of about a half with ten, and the share of
/// a sign, which of two pairs both have every other time though nothing differs in the mean.
const ENOUGH_PAIRS: u32 = 10;

/// Writes the table and the sentences under it.
///
/// # Errors
/// The writer's.
pub fn table(compared: &Compared<'_>, to: &mut dyn Write) -> io::Result<()> {
    let comparison = compared.comparison;
    let usable = |made| match compared.fewest_and_most() {
        (fewest, _) if fewest == made => String::new(),
        (fewest, most) if fewest == most => format!("{fewest} of "),
        (fewest, most) => format!("{fewest} to {most} of "),
    };
    let of_replications = |n| counted(n, "replication");
    let n = if let (Some(futures), Some(each)) =
        (comparison.futures(), comparison.replications_per_future())
    {
        let (futures, usable) = (counted(futures, "future"), usable(futures));
        format!(
            "n = {usable}{futures} of {} each, of the same people",
            of_replications(each.get())
        )
    } else {
        let made = comparison.replications();
        format!(
            "{}{} of the same people",
            usable(made),
            of_replications(made)
        )
    };
    writeln!(
        to,
        "{} against {}: \"{}\", {n}",
        counted(comparison.variants().len() as u32, "variant"),
        compared.base,
        compared.manifest.title,
    )?;
    if comparison.futures() == Some(0) {
        return writeln!(to, "No future was finished, so there is nothing to tell.");
    }
    let family = Family::of(compared, compared.by);
    let table = if family.is_in_full() {
        in_full(compared, &family)
    } else {
        differences_only(compared, &family)
    };
    writeln!(to, "{}", table.trim_fmt())?;
    for sentence in words::sentences(compared, &family) {
        writeln!(to, "{sentence}")?;
    }
    regret::table(compared, to)
}

/// A line for each metric, or for each month or place of the only one, with everything that is known of it.
fn in_full(compared: &Compared<'_>, family: &Family<'_>) -> Table {
    let interval = format!(
        "simultaneous {} interval",
        short_percent(compared.comparison.level().share())
    );
    let (_, pairs) = compared.fewest_and_most();
    let has_enough = pairs >= ENOUGH_PAIRS;
    let has_futures = compared.comparison.futures().is_some();
    let headings = [
        "variant",
        compared.by.name(),
        "base",
        "variant",
        "difference",
        &interval,
    ];
    let more = [
        has_enough.then_some(["same sign", "variance\nreduction"]),
        has_futures.then_some(["world's share\nof variant", "\nof difference"]),
    ];
    let headings = (headings.into_iter()).chain(more.into_iter().flatten().flatten());
    let mut table = headed(2, headings);
    for (mut variant, line, told) in lines(compared, family) {
        for told in told.iter().flatten() {
            let line = match compared.by {
                By::Metric => told.key.metric.name(),
                _ => &line,
            };
            let more = [
                has_enough.then(|| of_pairs(told.paired)),
                has_futures.then(|| world_shares(told)),
            ];
            let cells = [std::mem::take(&mut variant), line]
                .map(str::to_owned)
                .into_iter()
                .chain(details(family, told))
                .chain(more.into_iter().flatten().flatten());
            table.add_row(cells);
        }
    }
    table
}

/// A line of a table: its variant, empty but on the first of each; what it is called; and its differences.
type Line<'a> = (&'a str, String, &'a [Option<Difference<'a>>]);

/// The lines of all variants. Months and places of which no figure differs are left out.
fn lines<'a>(compared: &'a Compared<'_>, family: &'a Family<'_>) -> Vec<Line<'a>> {
    let layout = compared.comparison.layout();
    let mut lines = Vec::new();
    for (mut variant, of_variant) in compared.comparison.variants().zip(&family.differences) {
        for (&(period, place), told) in family.lines.iter().zip(of_variant) {
            if compared.by != By::Metric && !Family::differs(told) {
                continue;
            }
            let line = line_name(layout, (period, place));
            lines.push((std::mem::take(&mut variant), line, told.as_slice()));
        }
    }
    lines
}

/// Both means, their difference, its interval.
fn details(family: &Family<'_>, told: &Difference<'_>) -> [String; 4] {
    let unit = told.key.metric.unit();
    let paired = told.paired;
    let mean = |mean: Option<f64>| cell(mean, |mean| figure(mean, unit));
    let [delta, bounds] = if paired.ever_differs() {
        [
            cell(paired.difference().mean(), |mean| difference(mean, unit)),
            cell(family.interval(told), |interval| {
                differences([interval.lower, interval.upper], unit).join(" to ")
            }),
        ]
    } else {
        ["none", ""].map(str::to_owned)
    };
    [
        mean(paired.base().mean()),
        mean(paired.variant().mean()),
        delta,
        bounds,
    ]
}

/// The share of the sign of the difference, and what pairing gained: nothing of too few pairs, and nothing where none differs.
fn of_pairs(paired: &Paired) -> [String; 2] {
    if paired.difference().n() < ENOUGH_PAIRS || !paired.ever_differs() {
        return Default::default();
    }
    [
        cell(paired.sign_share(), short_percent),
        cell(paired.variance_reduction(), times),
    ]
}

/// Of the variant's outcome and of the difference, the share of the variance that lies between futures.
fn world_shares(told: &Difference<'_>) -> [String; 2] {
    let of: [fn(&NestedPairs) -> &Nested; 2] = [NestedPairs::variant, NestedPairs::difference];
    of.map(|of| cell(told.world_share(of), whole_percent))
}

/// A factor in the two digits that it is known to at best.
fn times(factor: f64) -> String {
    if factor < 9.95 {
        return format!("{factor:.1}");
    }
    let mut last = 1.0;
    while factor / last >= 99.5 {
        last *= 10.0;
    }
    persons((factor / last).round() * last)
}

/// A line for each month, group, region or port, with the difference of each metric.
fn differences_only(compared: &Compared<'_>, family: &Family<'_>) -> Table {
    let is_empty = |column: usize| {
        let mut lines = family.differences.iter().flatten();
        lines.all(|line| line[column].is_none())
    };
    let columns: Vec<usize> = (0..family.metrics.len())
        .filter(|&column| !is_empty(column))
        .collect();
    let metrics = columns
        .iter()
        .map(|&column| family.metrics[column].name().replace('_', "\n"));
    let headings = ["variant", compared.by.name()]
        .map(str::to_owned)
        .into_iter()
        .chain(metrics);
    let mut table = headed(2, headings);
    for (variant, line, told) in lines(compared, family) {
        let cells = columns
            .iter()
            .map(|&column| short(family, told[column].as_ref()));
        let names = [variant.to_owned(), line];
        table.add_row(names.into_iter().chain(cells));
    }
    table
}

/// A difference, in brackets where its sign is in doubt.
fn short(family: &Family<'_>, told: Option<&Difference<'_>>) -> String {
    let Some(told) = told else {
        return String::new();
    };
    let Some(mean) = told.paired.difference().mean() else {
        return String::new();
    };
    let text = difference(mean, told.key.metric.unit());
    match told.paired.ever_differs() {
        false => "none".to_owned(),
        true if is_clear(family.interval(told)) => text,
        true => format!("({text})"),
    }
}
