//! CSV tables of estimates, and of bands: tidy, one row per figure.

use std::io::{self, Write};

use super::Report;
use crate::record::{Key, Metric, Period, Place};
use crate::report::format::{Csv, Figure};
use crate::report::number::{or_empty, rounded};
use crate::stats::Components;

/// The columns that name a key of a month or of the whole run.
const TIDY: [&str; 4] = ["month", "metric", "dimension", "id"];

/// The columns of every estimate.
const ESTIMATE: [&str; 4] = ["mean", "lower", "upper", "n"];

/// `monthly.csv`: every metric of every month, over the border (empty dimension and id) and by group, region, port and trigger.
///
/// # Errors
/// The writer's.
pub fn monthly(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    table(report, to, TIDY, |key| {
        let in_table = matches!(key.period, Period::Month(_)) && !key.is_detail();
        in_table.then(|| tidy(report, key))
    })
}

/// `daily.csv`: counts and the pool of every day, over the border and by group and port, queues by port, and triggers.
///
/// # Errors
/// The writer's.
pub(super) fn daily(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    table(report, to, ["date", "metric", "dimension", "id"], |key| {
        matches!(key.period, Period::Day(_)).then(|| tidy(report, key))
    })
}

/// `waits.csv`: quantiles of the wait from first registration to the issuing round, over the border and by group. \[days\]
///
/// # Errors
/// The writer's.
pub(super) fn waits(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    let header = ["month", "dimension", "id", "quantile"];
    table(report, to, header, |key| {
        let Metric::WaitDaysQuantile(percent) = key.metric else {
            return None;
        };
        let [month, _, dimension, id] = tidy(report, key);
        Some([
            month,
            dimension,
            id,
            (f64::from(percent) / 100.0).to_string(),
        ])
    })
}

/// `ports.csv`: officers, queues, waits and the line for admission at each port, by hour of the day but for the line; an empty hour is the
/// whole month.
///
/// # Errors
/// The writer's.
pub(super) fn ports(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    let header = ["month", "port", "hour", "metric"];
    table(report, to, header, |key| {
        let hour = match (key.period, key.place) {
            (Period::Month(_), Place::Port(_)) => String::new(),
            (Period::Month(_), Place::PortHour(_, hour)) => hour.to_string(),
            _ => return None,
        };
        let of_queue = matches!(
            key.metric,
            Metric::OfficerUtilization
                | Metric::OfficerDutyHours
                | Metric::OfficerOvertimeHours
                | Metric::QueuePersonsMean
                | Metric::LineDaysMean
                | Metric::PortWaitMinutesMean
                | Metric::PortWaitMinutesP95
        );
        let [month, metric, _, port] = tidy(report, key);
        of_queue.then_some([month, port, hour, metric])
    })
}

/// `bands.csv`: where the central share of single replications lies, for every metric of every month and, with an empty month, of
/// the whole run. No confidence intervals: those of the means are in the other tables.
///
/// # Errors
/// The writer's.
pub(super) fn bands(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    let share = report.results.central_share().to_string();
    let rows = report.results.bands().map(|(key, n, band)| {
        let columns = [
            share.clone(),
            or_empty(band.map(|band| rounded(band.lower))),
            or_empty(band.map(|band| rounded(band.upper))),
            n.to_string(),
        ];
        (tidy(report, key), columns)
    });
    write(TIDY, ["share", "band_lower", "band_upper", "n"], rows, to)
}

/// `variance.csv`: the variance of a single replication taken apart, as standard deviations, for every metric of every month and, with
/// an empty month, of the whole run: by what differs between futures, which is what is uncertain, and by chance. `world_share` is the
/// share of the first in the variance, and `futures` those that have the figure. Of a run in futures only.
///
/// # Errors
/// The writer's.
pub(super) fn variance(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    let rows = report.results.bands().map(|(key, ..)| {
        let components = report.results.components(key);
        let futures = report
            .results
            .estimate(key)
            .map_or(0, |estimate| estimate.n);
        let of = |of: fn(Components) -> f64| or_empty(components.map(|it| rounded(of(it))));
        let share = components.and_then(|components| components.between_share());
        let columns = [
            of(|components| components.between.sqrt()),
            of(|components| components.within.sqrt()),
            or_empty(share.map(rounded)),
            futures.to_string(),
        ];
        (tidy(report, key), columns)
    });
    let header = ["world_sd", "chance_sd", "world_share", "futures"];
    write(TIDY, header, rows, to)
}

/// The columns that name a key: period, metric, dimension, id.
fn tidy(report: &Report<'_>, key: Key) -> [String; 4] {
    let layout = report.results.layout();
    [
        layout.period(key.period),
        key.metric.name().to_owned(),
        key.place.dimension().to_owned(),
        layout.id(key.place).to_owned(),
    ]
}

/// One row for each key that has a name in the table.
fn table(
    report: &Report<'_>,
    to: &mut dyn Write,
    header: [&str; 4],
    name: impl Fn(Key) -> Option<[String; 4]>,
) -> io::Result<()> {
    let estimates = report.results.estimates();
    let rows =
        estimates.filter_map(|(key, estimate)| Some((name(key)?, Figure::of(estimate).columns())));
    write(header, ESTIMATE, rows, to)
}

/// Rows of a name and of what is told of it.
fn write(
    name: [&str; 4],
    told: [&str; 4],
    rows: impl Iterator<Item = ([String; 4], [String; 4])>,
    to: &mut dyn Write,
) -> io::Result<()> {
    let mut table = Csv::new(name.iter().chain(&told), to)?;
    for (name, told) in rows {
        table.add(name.iter().chain(&told))?;
    }
    table.finish()
}
