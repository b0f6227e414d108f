//! Formats of forecasts from rolling origins: a table with what it means in words, CSV and JSON for programs.

use std::io::{self, Write};

use comfy_table::{Cell, CellAlignment, Table};
use jiff::civil::Date;
use serde::Serialize;

use super::format::io_error;
use super::manifest::Manifest;
use super::number::{or_none, percent, persons, rounded, short_percent, signed_percent};
use super::table::ruled;
use crate::experiment::validation::{ForecastMonth, Origin, OriginColumn};
use crate::forecast::{LogError, PredictiveScores, Rival};

/// Forecasts from rolling origins and where they come from.
#[derive(Debug, Clone, Copy)]
pub struct Rolled<'a> {
    /// Provenance.
    pub manifest: &'a Manifest,
    /// The origins, in order.
    pub origins: &'a [Origin],
    /// Origins that are scored apart.
    pub breaks: &'a [Date],
    /// Share of the predictive distribution in an interval.
    pub share: f64,
}

impl Rolled<'_> {
    /// Mean over the breaks, or over the other origins, of the MAPE of a column: of the forecasts, or of a rival. `None` where no such
    /// origin has one.
    #[must_use]
    pub fn mean(&self, column: &str, breaks: bool, rival: Option<Rival>) -> Option<f64> {
        let origins = self.origins.iter();
        let of_kind = origins.filter(|origin| self.breaks.contains(&origin.month) == breaks);
        let errors: Vec<f64> = of_kind
            .filter_map(|origin| mape(origin.columns.iter().find(|it| it.column == column)?, rival))
            .collect();
        (!errors.is_empty()).then(|| errors.iter().sum::<f64>() / errors.len() as f64)
    }

    /// Columns in the order of results, those of the whole border first.
    fn columns(&self) -> Vec<(&str, bool)> {
        let mut columns: Vec<(&str, bool)> = Vec::new();
        for column in self.origins.iter().flat_map(|origin| &origin.columns) {
            if !columns.iter().any(|(name, _)| *name == column.column) {
                columns.push((&column.column, column.is_whole_border));
            }
        }
        columns.sort_by_key(|(_, is_whole_border)| !is_whole_border);
        columns
    }

    /// Months of a column whose interval holds what was published, and months with an interval.
    fn covered(&self, column: &str) -> [u32; 2] {
        let columns = self.origins.iter().flat_map(|origin| &origin.columns);
        let of_column = columns.filter(|it| it.column == column);
        let inside: Vec<bool> = (of_column.flat_map(|it| &it.months))
            .filter_map(ForecastMonth::is_inside)
            .collect();
        [
            inside.iter().filter(|inside| **inside).count(),
            inside.len(),
        ]
        .map(|count| count as u32)
    }
}

/// MAPE of a column at an origin: of the forecasts, or of a rival.
fn mape(column: &OriginColumn, rival: Option<Rival>) -> Option<f64> {
    match rival {
        None => column.contest.scores.points.mape(),
        Some(rival) => {
            let mut matches = column.contest.matches.iter();
            matches.find(|(name, _)| *name == rival)?.1.theirs.mape()
        }
    }
}

/// Writes a table for each figure of the whole border, one of coverage, and the sentences under them.
///
/// # Errors
/// The writer's.
pub fn table(rolled: &Rolled<'_>, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "{}", rolled.manifest.title)?;
    for (column, _) in rolled.columns().into_iter().filter(|(_, whole)| *whole) {
        writeln!(
            to,
            "\n{column}: mean absolute percentage error of the months forecast"
        )?;
        writeln!(to, "{}", errors(rolled, column).trim_fmt())?;
    }
    writeln!(to, "\n{}", coverage(rolled).trim_fmt())?;
    for sentence in sentences(rolled) {
        writeln!(to, "{sentence}")?;
    }
    Ok(())
}

fn right(text: &str) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

fn errors(rolled: &Rolled<'_>, column: &str) -> Table {
    let mut table = ruled();
    let rivals = Rival::ALL.map(|rival| right(&rival.name().replace('_', "\n")));
    let headings = [Cell::new("origin"), right("months"), right("portflow")];
    table.set_header(headings.into_iter().chain(rivals));
    let share = |error: Option<f64>| right(&error.map_or_else(String::new, percent));
    for origin in rolled.origins {
        let Some(of) = origin.columns.iter().find(|it| it.column == column) else {
            continue;
        };
        let mut name = origin.month.strftime("%Y-%m").to_string();
        if rolled.breaks.contains(&origin.month) {
            name.push_str(" break");
        }
        let cells = [
            Cell::new(name),
            right(&of.months.len().to_string()),
            share(mape(of, None)),
        ];
        let rivals = Rival::ALL.map(|rival| share(mape(of, Some(rival))));
        table.add_row(cells.into_iter().chain(rivals));
    }
    let kinds = if rolled.breaks.is_empty() {
        &[("mean", false)][..]
    } else {
        &[("mean of breaks", true), ("mean of others", false)]
    };
    for &(name, breaks) in kinds {
        let cells = [
            Cell::new(name),
            right(""),
            share(rolled.mean(column, breaks, None)),
        ];
        let rivals = Rival::ALL.map(|rival| share(rolled.mean(column, breaks, Some(rival))));
        table.add_row(cells.into_iter().chain(rivals));
    }
    table
}

fn coverage(rolled: &Rolled<'_>) -> Table {
    let mut table = ruled();
    let covered = format!("in {}\nintervals", short_percent(rolled.share));
    let headings = ["months", "MAPE", "bias", &covered].map(right);
    table.set_header([Cell::new("all origins")].into_iter().chain(headings));
    for (column, _) in rolled.columns() {
        let scores = pooled(rolled, column);
        let [inside, months] = rolled.covered(column);
        let cells = [
            scores.n.to_string(),
            scores.mape.map_or_else(String::new, percent),
            scores.bias.map_or_else(String::new, signed_percent),
            format!("{inside} of {months}"),
        ];
        let cells = cells.map(|text| right(&text));
        table.add_row([Cell::new(column)].into_iter().chain(cells));
    }
    table
}

/// Errors of all months forecast of a column, each origin's by itself.
struct Pooled {
    n: usize,
    mape: Option<f64>,
    bias: Option<f64>,
}

fn pooled(rolled: &Rolled<'_>, column: &str) -> Pooled {
    let columns = rolled.origins.iter().flat_map(|origin| &origin.columns);
    let of_column = columns.filter(|it| it.column == column);
    let errors: Vec<f64> = (of_column.flat_map(|it| &it.months))
        .filter_map(ForecastMonth::error)
        .collect();
    let mean = |of: &dyn Fn(f64) -> f64| {
        (!errors.is_empty())
            .then(|| errors.iter().map(|&error| of(error)).sum::<f64>() / errors.len() as f64)
    };
    Pooled {
        n: errors.len(),
        mape: mean(&f64::abs),
        bias: mean(&|error| error),
    }
}

fn sentences(rolled: &Rolled<'_>) -> Vec<String> {
    let mut sentences = vec![
        "Each row is fitted to the months up to its origin; dates of levers and upstream flows of the months forecast are given, to the model and to the ratio alike.".to_owned(),
        format!(
            "Intervals and log scores know what these months were off by: discrepancies are learned from them, the stated ones having {} degrees of freedom.",
            LogError::STATED_FREEDOM
        ),
    ];
    let origins = rolled.origins.iter();
    let fewest = origins.clone().map(|origin| origin.effective);
    let fewest = fewest.fold(f64::INFINITY, f64::min);
    let r_hat = origins.map(|origin| origin.r_hat).fold(1.0, f64::max);
    if fewest.is_finite() {
        sentences.push(format!(
            "The chains at an origin are worth {} independent draws or more; R-hat is {r_hat:.2} at most.",
            persons(fewest.floor())
        ));
    }
    let untold = rolled.origins.iter().flat_map(|origin| {
        let months = origin.untold.iter();
        months.map(|(column, month)| {
            let [month, origin] = [month, &origin.month].map(|date| date.strftime("%Y-%m"));
            format!("{column} of {month} from {origin}")
        })
    });
    let untold: Vec<String> = untold.collect();
    if !untold.is_empty() {
        sentences.push(format!(
            "Not forecast, being a wait or 0 at some point that was simulated: {}.",
            untold.join(", ")
        ));
    }
    let parts = rolled.columns().into_iter().filter(|(_, whole)| !whole);
    let covered = parts.map(|(column, _)| rolled.covered(column));
    let [inside, months] = covered.fold([0, 0], |sum, one| [sum[0] + one[0], sum[1] + one[1]]);
    if months > 0 {
        sentences.push(format!(
            "Over all groups and months, {inside} of {months} published figures ({}) are inside their {} intervals.",
            percent(f64::from(inside) / f64::from(months)),
            short_percent(rolled.share)
        ));
    }
    sentences
}

/// The forecaster that is no rival.
const PORTFLOW: &str = "portflow";

#[derive(Serialize)]
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

#[derive(Serialize)]
struct ScoreRow<'a> {
    origin: String,
    r#break: bool,
    column: &'a str,
    forecast_by: &'static str,
    months: u32,
    mape: Option<f64>,
    bias: Option<f64>,
    coverage: Option<f64>,
    log_score: Option<f64>,
}

#[derive(Serialize)]
struct Document<'a> {
    manifest: &'a Manifest,
    level: f64,
    scores: Vec<ScoreRow<'a>>,
    forecasts: Vec<MonthRow<'a>>,
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
            origin: origin.month.strftime("%Y-%m").to_string(),
            column: &column.column,
            month: month.month.strftime("%Y-%m").to_string(),
            forecast_by,
            observed: month.observed,
            forecast: rounded(forecast),
            relative_error: or_none(month.error_of(forecast)),
            lower: or_none(interval.map(|(lower, _)| lower)),
            upper: or_none(interval.map(|(_, upper)| upper)),
            inside: interval.and_then(|_| month.is_inside()),
        }
    }
}

fn month_rows<'a>(rolled: &Rolled<'a>) -> Vec<MonthRow<'a>> {
    let mut rows = Vec::new();
    for origin in rolled.origins {
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
    for origin in rolled.origins {
        for column in &origin.columns {
            let row = |forecast_by,
                       points: crate::forecast::PointScores,
                       of: Option<&PredictiveScores>| ScoreRow {
                origin: origin.month.strftime("%Y-%m").to_string(),
                r#break: rolled.breaks.contains(&origin.month),
                column: &column.column,
                forecast_by,
                months: points.n,
                mape: or_none(points.mape()),
                bias: or_none(points.bias()),
                coverage: or_none(of.and_then(PredictiveScores::coverage)),
                log_score: or_none(of.and_then(PredictiveScores::log_score)),
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
    rows(month_rows(rolled), to)
}

/// Writes a row for each origin, column and forecaster.
///
/// # Errors
/// The writer's.
pub fn origins(rolled: &Rolled<'_>, to: &mut dyn Write) -> io::Result<()> {
    rows(score_rows(rolled), to)
}

/// Writes one JSON document with everything.
///
/// # Errors
/// The writer's.
pub fn document(rolled: &Rolled<'_>, to: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        manifest: rolled.manifest,
        level: rolled.share,
        scores: score_rows(rolled),
        forecasts: month_rows(rolled),
    };
    serde_json::to_writer_pretty(&mut *to, &document)?;
    writeln!(to)
}

fn rows(rows: Vec<impl Serialize>, to: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(to);
    for row in rows {
        table.serialize(row).map_err(io_error)?;
    }
    table.flush()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::forecast::{LogError, Predictive, Subject, contest, months_after, rivals_of_month};
    use crate::report::tests::manifest;

    /// A column that was 100 until December 2023 and is 200 since, with what was forecast of the months after the origin.
    fn column(name: &str, is_whole_border: bool, origin: Date, forecasts: &[f64]) -> OriginColumn {
        let first = date(2023, 1, 1);
        let figure = |after| (after, if after < 12 { 100.0 } else { 200.0 });
        let figures = (0..24).map(figure);
        let subject = Subject {
            figures: figures
                .map(|(after, figure)| (months_after(first, after), figure))
                .collect(),
            parts: Vec::new(),
        };
        let forecasts: Vec<(Date, Predictive)> = (1..)
            .zip(forecasts)
            .filter_map(|(after, &forecast)| {
                let predictive = Predictive::new([(forecast, 1.0)], LogError::normal(0.1))?;
                Some((months_after(origin, after), predictive))
            })
            .collect();
        let months = forecasts.iter().map(|(month, predictive)| {
            let month = *month;
            ForecastMonth {
                month,
                observed: 200.0,
                forecast: predictive.median(),
                interval: predictive.interval(0.8),
                rivals: rivals_of_month(&subject, origin, month),
            }
        });
        OriginColumn {
            column: name.to_owned(),
            is_whole_border,
            months: months.collect(),
            contest: contest(&subject, origin, &forecasts, 0.8),
        }
    }

    /// Off by 40% at a break in December 2023, and by 5% and 15% at two other origins; of a group, once inside the interval.
    fn origins() -> Vec<Origin> {
        let origin = |month: Date, effective, forecasts: &[f64], of_group: f64| Origin {
            month,
            effective,
            r_hat: 1.02,
            columns: vec![
                column("port_encounters_all", false, month, &[of_group]),
                column("port_encounters", true, month, forecasts),
            ],
            untold: Vec::new(),
        };
        vec![
            origin(date(2023, 12, 1), 40.0, &[120.0, 120.0], 100.0),
            origin(date(2024, 3, 1), 31.9, &[210.0, 190.0], 205.0),
            origin(date(2024, 6, 1), 50.0, &[230.0], 400.0),
        ]
    }

    fn written(
        breaks: &[Date],
        origins: &[Origin],
        write: fn(&Rolled<'_>, &mut dyn Write) -> io::Result<()>,
    ) -> String {
        let rolled = Rolled {
            manifest: &manifest(2),
            origins,
            breaks,
            share: 0.8,
        };
        let mut text = Vec::new();
        write(&rolled, &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    /// The words of every line.
    fn lines(text: &str) -> Vec<String> {
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        text.lines().map(words).collect()
    }

    #[test]
    fn breaks_and_other_origins_have_means_of_their_own() {
        let origins = origins();
        let rolled = Rolled {
            manifest: &manifest(2),
            origins: &origins,
            breaks: &[date(2023, 12, 1)],
            share: 0.8,
        };
        let mean = |breaks, rival| rolled.mean("port_encounters", breaks, rival).unwrap();
        assert!((mean(true, None) - 0.4).abs() < 1e-9);
        // Each origin counts once, whatever its months.
        assert!((mean(false, None) - 0.1).abs() < 1e-9);
        assert!((mean(true, Some(Rival::LastValue)) - 0.5).abs() < 1e-9);
        assert!(mean(false, Some(Rival::LastValue)).abs() < 1e-9);
        assert_eq!(rolled.mean("registrations", false, None), None);
        let calm = Rolled {
            breaks: &[],
            ..rolled
        };
        assert_eq!(calm.mean("port_encounters", true, None), None);
        let of_all = calm.mean("port_encounters", false, None).unwrap();
        assert!((of_all - 0.2).abs() < 1e-9);
    }

    #[test]
    fn the_table_names_breaks_and_gives_their_mean_apart() {
        let told = lines(&written(&[date(2023, 12, 1)], &origins(), table));
        let begins = |with: &str| told.iter().any(|line| line.starts_with(with));
        for row in [
            "2023-12 break 2 40.0%",
            "2024-03 2 5.0%",
            "2024-06 1 15.0%",
            "mean of breaks 40.0%",
            "mean of others 10.0%",
        ] {
            assert!(begins(row), "{row}: {told:#?}");
        }
        let told = lines(&written(&[], &origins(), table));
        assert!(
            told.iter().any(|line| line.starts_with("mean 20.0%")),
            "{told:#?}"
        );
        assert!(!told.iter().any(|line| line.contains("break")), "{told:#?}");
    }

    #[test]
    fn sentences_tell_the_worst_chains_and_the_coverage_of_groups_alone() {
        let told = written(&[], &origins(), table);
        assert!(
            told.contains("are worth 31 independent draws or more; R-hat is 1.02 at most."),
            "{told}"
        );
        let covered = "1 of 3 published figures (33.3%) are inside their 80% intervals.";
        assert!(told.contains(covered), "{told}");
        let mut whole_border = origins();
        for origin in &mut whole_border {
            origin.columns.retain(|column| column.is_whole_border);
        }
        let told = written(&[], &whole_border, table);
        assert!(!told.contains("Over all groups"), "{told}");
    }

    #[test]
    fn a_figure_that_cannot_be_forecast_is_told() {
        let mut origins = origins();
        assert!(!written(&[], &origins, table).contains("Not forecast"));
        let pool = ("pool_size".to_owned(), date(2024, 9, 1));
        origins[2].untold.push(pool);
        let told = written(&[], &origins, table);
        let expected = "being a wait or 0 at some point that was simulated: pool_size of 2024-09 from 2024-06.";
        assert!(told.contains(expected), "{told}");
    }

    #[test]
    fn coverage_pools_the_months_of_all_origins() {
        let told = lines(&written(&[], &origins(), table));
        // Of 120, 120, 210, 190, 230 for 200: a mean of the months and not of the origins; 120 is far outside, 230 by a little.
        let expected = "port_encounters 5 21.0% -13.0% 2 of 5";
        assert!(told.iter().any(|line| line == expected), "{told:#?}");
    }

    #[test]
    fn files_have_every_month_and_every_forecaster() {
        let breaks = [date(2023, 12, 1)];
        let months = written(&breaks, &origins(), forecasts);
        let of_portflow = months.lines().filter(|line| line.contains(",portflow,"));
        assert_eq!(of_portflow.count(), 5 + 3, "{months}");
        assert!(months.contains("\n2024-03,port_encounters,2024-05,portflow,200.0,190.0,-0.05,"));
        // After the break the last value is half of what is published, as its mean in the scores says.
        assert!(
            months.contains("\n2023-12,port_encounters,2024-01,last_value,200.0,100.0,-0.5,,,\n")
        );
        let scores = written(&breaks, &origins(), super::origins);
        assert!(scores.contains("\n2023-12,true,port_encounters,portflow,2,0.4,-0.4,0.0,"));
        assert!(scores.contains("\n2024-03,false,port_encounters,last_value,2,0.0,0.0,,\n"));
        let all: serde_json::Value =
            serde_json::from_str(&written(&breaks, &origins(), document)).unwrap();
        let forecasts = all["forecasts"].as_array().unwrap();
        assert_eq!(forecasts.len(), months.lines().count() - 1);
        assert_eq!(forecasts[0]["forecast_by"], "portflow");
        assert_eq!(all["scores"][0]["break"], true);
    }
}
