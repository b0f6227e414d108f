//! One JSON document with every monthly figure and the totals.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::num::NonZeroU32;

use serde::Serialize;

use super::Report;
use super::warmup;
use crate::experiment::results::observed;
use crate::record::{Key, Period, Place};
use crate::report::format::{Figure, pretty};
use crate::report::number::rounded;
use crate::report::precision;
use crate::store::Manifest;

type Metrics = BTreeMap<&'static str, FigureWithBand>;

/// What is known of the mean, and where single replications lie.
#[derive(Serialize)]
struct FigureWithBand {
    #[serde(flatten)]
    figure: Figure,
    /// The central share of single replications: no interval of the mean.
    band: Option<BandFigure>,
    /// Share of the variance of a single replication that lies between futures; missing without futures.
    #[serde(skip_serializing_if = "Option::is_none")]
    world_share: Option<f64>,
}

#[derive(Serialize)]
struct BandFigure {
    share: f64,
    lower: f64,
    upper: f64,
}

#[derive(Serialize)]
struct Document<'a> {
    manifest: &'a Manifest,
    level: f64,
    /// What `n` and the intervals count, where it is not replications: futures, each the mean of its replications.
    #[serde(skip_serializing_if = "Option::is_none")]
    n_counts: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    futures: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replications_per_future: Option<u32>,
    /// How precisely figures were wanted, and what came of it.
    precision: Vec<precision::Row<'a>>,
    months: Vec<MonthFigures<'a>>,
    totals: Figures<'a>,
    observed: Vec<ObservedRow<'a>>,
    first_month_ports_exceed_between: Option<FirstExceeding>,
    /// Of a run in a steady state; null for any other.
    warmup: Option<warmup::Row>,
}

#[derive(Serialize)]
struct MonthFigures<'a> {
    month: String,
    /// Whether every day of the month is recorded.
    whole: bool,
    #[serde(flatten)]
    figures: Figures<'a>,
}

#[derive(Default, Serialize)]
struct Figures<'a> {
    metrics: Metrics,
    /// Dimension, id, metric.
    by: BTreeMap<&'static str, BTreeMap<&'a str, Metrics>>,
}

#[derive(Serialize)]
struct ObservedRow<'a> {
    month: String,
    metric: &'static str,
    dimension: &'static str,
    id: &'a str,
    observed: f64,
    mean: f64,
    relative_error: Option<f64>,
}

#[derive(Serialize)]
struct FirstExceeding {
    month: String,
    /// Share of the replications in which ports exceed in that month.
    share_of_replications: f64,
    /// Share of the replications of which it is the first such month.
    share_first: f64,
}

/// Writes the document.
///
/// # Errors
/// The writer's.
pub fn document(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        manifest: report.manifest,
        level: report.results.level().share(),
        n_counts: report.results.futures().map(|_| "futures"),
        futures: report.results.futures_begun(),
        replications_per_future: (report.results.replications_per_future()).map(NonZeroU32::get),
        precision: (report.results.standings())
            .map(precision::Row::of)
            .collect(),
        months: months(report),
        totals: figures(report, Period::Total),
        observed: observed_rows(report),
        first_month_ports_exceed_between: first_month(report),
        warmup: warmup::row(report),
    };
    pretty(&document, to)
}

fn months<'a>(report: &Report<'a>) -> Vec<MonthFigures<'a>> {
    let layout = report.results.layout();
    let month = |month| MonthFigures {
        month: layout.period(Period::Month(month)),
        whole: layout.is_whole(month),
        figures: figures(report, Period::Month(month)),
    };
    layout.months().map(month).collect()
}

fn figures<'a>(report: &Report<'a>, period: Period) -> Figures<'a> {
    let layout = report.results.layout();
    let mut figures = Figures::default();
    let of_period = |key: &&Key| key.period == period && !key.is_detail();
    for &key in layout.keys().iter().filter(of_period) {
        let metrics = match key.place {
            Place::Everywhere => &mut figures.metrics,
            place => {
                let ids = figures.by.entry(place.dimension()).or_default();
                ids.entry(layout.id(place)).or_default()
            }
        };
        let components = report.results.components(key);
        let share = components.and_then(|components| components.between_share());
        let with_band = FigureWithBand {
            world_share: share.map(rounded),
            figure: Figure::of(report.results.estimate(key)),
            band: report.results.band(key).map(|band| BandFigure {
                share: band.share.share(),
                lower: rounded(band.lower),
                upper: rounded(band.upper),
            }),
        };
        metrics.insert(key.metric.name(), with_band);
    }
    figures
}

fn observed_rows<'a>(report: &Report<'a>) -> Vec<ObservedRow<'a>> {
    let layout = report.results.layout();
    let Some(observed) = report.observed else {
        return Vec::new();
    };
    let row = |figure: observed::ObservedFigure| ObservedRow {
        month: layout.period(figure.key.period),
        metric: figure.key.metric.name(),
        dimension: figure.key.place.dimension(),
        id: layout.id(figure.key.place),
        observed: figure.observed,
        mean: rounded(figure.mean),
        relative_error: figure.relative_error().map(rounded),
    };
    observed::figures(report.results, observed)
        .into_iter()
        .map(row)
        .collect()
}

fn first_month(report: &Report<'_>) -> Option<FirstExceeding> {
    let crossover = report.results.crossover()?;
    Some(FirstExceeding {
        month: report
            .results
            .layout()
            .period(Period::Month(crossover.month)),
        share_of_replications: rounded(crossover.share_of_replications()),
        share_first: rounded(crossover.share_first()),
    })
}
