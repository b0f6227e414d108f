//! Every difference, for programs.

use std::io::{self, Write};
use std::num::NonZeroU32;

use serde::Serialize;

use super::family::Family;
use super::{By, Compared, regret};
use crate::experiment::Difference;
use crate::record::{Layout, Period, Place};
use crate::report::format::{pretty, records};
use crate::report::number::rounded;
use crate::report::precision;
use crate::stats::{Nested, NestedPairs};
use crate::store::Manifest;

#[derive(Serialize)]
struct Document<'a> {
    manifest: &'a Manifest,
    base: &'a str,
    level: f64,
    /// What `n` and the intervals count: `futures`, each the mean of its replications, or `replications`.
    n_counts: &'a str,
    futures: Option<u32>,
    replications_per_future: Option<u32>,
    /// Share of single replications that bands hold.
    band: f64,
    /// How precisely differences were wanted, and what came of it.
    precision: Vec<precision::Row<'a>>,
    multiplicity: Multiplicity<'a>,
    differences: Vec<Row<'a>>,
    regret: Option<regret::Document<'a>>,
}

/// How sure each interval of a table must be so that all hold together.
#[derive(Serialize)]
struct Multiplicity<'a> {
    method: &'a str,
    /// Which differences are told together.
    metrics: Vec<&'a str>,
    variants: usize,
    comparisons: usize,
    level_of_each: f64,
}

/// A difference: what is missing is null in JSON and empty in CSV, never 0.
#[derive(Default, Serialize)]
struct Row<'a> {
    variant: &'a str,
    metric: &'static str,
    /// `2024-11`; missing for the whole run.
    month: Option<String>,
    group: Option<&'a str>,
    /// A port, a region or a trigger.
    place: Option<&'a str>,
    base: Option<f64>,
    mean: Option<f64>,
    difference: Option<f64>,
    lower: Option<f64>,
    upper: Option<f64>,
    n: u32,
    sign_share: Option<f64>,
    variance_reduction: Option<f64>,
    /// Bounds that hold together with those of the whole family; missing outside it.
    simultaneous_lower: Option<f64>,
    simultaneous_upper: Option<f64>,
    /// Share of the variance of one replication that lies between futures: of the difference, the base, the variant.
    world_share: Option<f64>,
    world_share_base: Option<f64>,
    world_share_mean: Option<f64>,
    /// Where the difference of single replications lies: no interval of the mean.
    band_lower: Option<f64>,
    band_upper: Option<f64>,
}

/// Writes one document with every difference.
///
/// # Errors
/// The writer's.
pub fn json(compared: &Compared<'_>, to: &mut dyn Write) -> io::Result<()> {
    let family = Family::of(compared, By::Metric);
    let document = Document {
        manifest: compared.manifest,
        base: compared.base,
        level: compared.comparison.level().share(),
        n_counts: match compared.comparison.futures() {
            Some(_) => "futures",
            None => "replications",
        },
        futures: compared.comparison.futures(),
        replications_per_future: (compared.comparison.replications_per_future())
            .map(NonZeroU32::get),
        band: compared.comparison.band_share().share(),
        precision: (compared.comparison.standings())
            .map(precision::Row::of)
            .collect(),
        multiplicity: Multiplicity {
            method: "Bonferroni",
            metrics: family.metrics.iter().map(|metric| metric.name()).collect(),
            variants: compared.comparison.variants().len(),
            comparisons: family.comparisons,
            level_of_each: family.each.share(),
        },
        differences: rows(compared, &family).collect(),
        regret: regret::document(compared),
    };
    pretty(&document, to)
}

/// Writes `differences.csv`: the same rows.
///
/// # Errors
/// The writer's.
pub fn csv(compared: &Compared<'_>, to: &mut dyn Write) -> io::Result<()> {
    let family = Family::of(compared, By::Metric);
    records(rows(compared, &family), to)
}

fn rows<'a>(compared: &Compared<'a>, family: &'a Family<'a>) -> impl Iterator<Item = Row<'a>> {
    let comparison = compared.comparison;
    let level = comparison.level();
    comparison.differences().map(move |told| {
        let interval = told.paired.interval(level);
        let is_told = family.metrics.contains(&told.key.metric)
            && (told.key.period, told.key.place) == (Period::Total, Place::Everywhere);
        let together = is_told.then(|| family.interval(&told)).flatten();
        let share = |of: fn(&NestedPairs) -> &Nested| told.world_share(of).map(rounded);
        let Difference { paired, key, .. } = told;
        let layout = comparison.layout();
        let mean = |mean: Option<f64>| mean.map(rounded);
        Row {
            variant: told.variant,
            metric: key.metric.name(),
            month: matches!(key.period, Period::Month(_)).then(|| layout.period(key.period)),
            group: id(layout, key.place, |place| matches!(place, Place::Group(_))),
            place: id(layout, key.place, |place| {
                matches!(place, Place::Port(_) | Place::Region(_) | Place::Trigger(_))
            }),
            base: mean(paired.base().mean()),
            mean: mean(paired.variant().mean()),
            difference: mean(paired.difference().mean()),
            lower: interval.map(|interval| rounded(interval.lower)),
            upper: interval.map(|interval| rounded(interval.upper)),
            n: paired.difference().n(),
            sign_share: paired.sign_share().map(rounded),
            variance_reduction: paired.variance_reduction().map(rounded),
            simultaneous_lower: together.map(|interval| rounded(interval.lower)),
            simultaneous_upper: together.map(|interval| rounded(interval.upper)),
            world_share: share(NestedPairs::difference),
            world_share_base: share(NestedPairs::base),
            world_share_mean: share(NestedPairs::variant),
            band_lower: told.band.map(|band| rounded(band.lower)),
            band_upper: told.band.map(|band| rounded(band.upper)),
        }
    })
}

fn id(layout: &Layout, place: Place, is_of: fn(Place) -> bool) -> Option<&str> {
    is_of(place).then(|| layout.id(place))
}
