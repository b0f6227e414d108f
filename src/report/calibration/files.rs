//! Runs, draws, parameters and months, for programs.

use std::io::{self, Write};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Calibrated, significant, verdict};
use crate::experiment::calibration::{Fit, HEADINGS, Spread, coordinate};
use crate::report::format::{Csv, pretty, records};
use crate::report::number::rounded;
use crate::store::Manifest;

/// `runs.csv`: a row for each replication of each point that came to something, coordinates first, then a column for each figure.
///
/// Values are not rounded: the surfaces are fitted to them, and they are read again by another calibration.
///
/// # Errors
/// The writer's.
pub fn runs(fit: &Fit, to: &mut dyn Write) -> io::Result<()> {
    let parameters = fit.calibration().parameters.iter();
    let header = (HEADINGS.iter().map(|&heading| heading.to_owned()))
        .chain(parameters.map(|parameter| coordinate(&parameter.name)))
        .chain(fit.headings());
    let mut table = Csv::new(header, to)?;
    for run in fit.runs() {
        for (replication, values) in (run.first..).zip(&run.values) {
            let row = [run.wave, run.point, replication]
                .map(|number| number.to_string())
                .into_iter()
                .chain(run.z.iter().map(ToString::to_string))
                .chain(values.iter().map(ToString::to_string));
            table.add(row)?;
        }
    }
    table.finish()
}

/// `posterior.csv`: a row for each draw, with its weight and the value of every fitted key, to be laid over the scenario.
///
/// # Errors
/// The writer's.
pub fn posterior(of: &Calibrated<'_>, to: &mut dyn Write) -> io::Result<()> {
    let calibration = of.fit.calibration();
    let keys = calibration.parameters.iter().flat_map(|it| &it.keys);
    let header = ["draw", "weight"]
        .into_iter()
        .chain(keys.map(|key| key.path.as_str()));
    let mut table = Csv::new(header, to)?;
    for (number, draw) in of.fitted.draws.iter().enumerate() {
        let values = calibration.values(&draw.z).into_iter();
        let row = [number.to_string(), draw.weight.to_string()]
            .into_iter()
            .chain(values.map(|it| it.value));
        table.add(row)?;
    }
    table.finish()
}

#[derive(Default, Serialize)]
struct ParameterRow<'a> {
    parameter: &'a str,
    keys: String,
    prior: String,
    prior_mean: f64,
    prior_p5: f64,
    prior_median: f64,
    prior_p95: f64,
    fitted: f64,
    mean: f64,
    p5: f64,
    median: f64,
    p95: f64,
    shrinkage: f64,
    verdict: &'a str,
    r_hat: f64,
    chain_effective: f64,
    chain_tail_effective: f64,
    meaning: &'a str,
    source: &'a str,
}

#[derive(Default, Serialize)]
struct MonthRow<'a> {
    month: String,
    column: &'a str,
    observed: f64,
    simulated: f64,
    error: f64,
    p5: f64,
    p95: f64,
}

#[derive(Serialize)]
struct ColumnRow<'a> {
    column: &'a str,
    months: usize,
    mape: f64,
    bias: f64,
    rms: f64,
    sd: f64,
    chance: f64,
    surface: f64,
}

fn parameter_rows<'a>(of: &Calibrated<'a>) -> impl Iterator<Item = ParameterRow<'a>> {
    let described = of.fit.calibration().parameters.iter();
    let short =
        |spread: Spread| [spread.mean, spread.low, spread.median, spread.high].map(significant);
    (described.zip(&of.fitted.parameters)).map(move |(described, fitted)| {
        let prior = short(fitted.prior);
        let [mean, p5, median, p95] = short(fitted.posterior);
        let keys: Vec<&str> = described.keys.iter().map(|key| key.path.as_str()).collect();
        ParameterRow {
            parameter: &described.name,
            keys: keys.join(" "),
            prior: described.prior.to_string(),
            prior_mean: prior[0],
            prior_p5: prior[1],
            prior_median: prior[2],
            prior_p95: prior[3],
            fitted: significant(fitted.value),
            mean,
            p5,
            median,
            p95,
            shrinkage: rounded(fitted.shrinkage),
            verdict: verdict(fitted.verdict),
            r_hat: rounded(fitted.r_hat),
            chain_effective: rounded(fitted.chain_effective),
            chain_tail_effective: rounded(fitted.chain_tail_effective),
            meaning: &described.meaning,
            source: &described.source,
        }
    })
}

fn month_rows<'a>(of: &Calibrated<'a>) -> impl Iterator<Item = MonthRow<'a>> {
    of.fitted.months.iter().map(|month| MonthRow {
        month: month.month.to_string(),
        column: &month.column,
        observed: month.observed,
        simulated: rounded(month.simulated),
        error: rounded(month.relative_error()),
        p5: rounded(month.low),
        p95: rounded(month.high),
    })
}

fn column_rows<'a>(of: &Calibrated<'a>) -> impl Iterator<Item = ColumnRow<'a>> {
    of.fitted.columns.iter().map(|column| ColumnRow {
        column: &column.column,
        months: column.months,
        mape: rounded(column.mape),
        bias: rounded(column.bias),
        rms: rounded(column.rms),
        sd: column.sd,
        chance: rounded(column.chance),
        surface: rounded(column.surface),
    })
}

/// `parameters.csv`: a row for each parameter, before and after the data, in the unit of its keys.
///
/// # Errors
/// The writer's.
pub fn parameters(of: &Calibrated<'_>, to: &mut dyn Write) -> io::Result<()> {
    records(parameter_rows(of), to)
}

/// `fit.csv`: a row for each published figure, with the 5% and 95% quantiles of single replications.
///
/// # Errors
/// The writer's.
pub fn fit(of: &Calibrated<'_>, to: &mut dyn Write) -> io::Result<()> {
    records(month_rows(of), to)
}

#[derive(Serialize)]
struct Document<'a> {
    manifest: &'a Manifest,
    from: String,
    to: String,
    draws: usize,
    effective_draws: f64,
    effective_draws_of_whole_weights: f64,
    power_of_weights: f64,
    parameters: Vec<ParameterRow<'a>>,
    columns: Vec<ColumnRow<'a>>,
    months: Vec<MonthRow<'a>>,
    warnings: &'a [String],
}

/// Writes one document with parameters, fit and warnings.
///
/// # Errors
/// The writer's.
pub fn json(of: &Calibrated<'_>, to: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        manifest: of.manifest,
        from: of.fit.calibration().from.to_string(),
        to: of.fit.calibration().to.to_string(),
        draws: of.fitted.draws.len(),
        effective_draws: rounded(of.fitted.effective),
        effective_draws_of_whole_weights: rounded(of.fitted.whole_effective),
        power_of_weights: rounded(of.fitted.power),
        parameters: parameter_rows(of).collect(),
        columns: column_rows(of).collect(),
        months: month_rows(of).collect(),
        warnings: of.warnings,
    };
    pretty(&document, to)
}

/// What is read again of `calibration.json`, under the names that the document gives it.
#[derive(Deserialize)]
struct FittedWindow {
    to: Date,
}

/// The last day that was fitted to, of a `calibration.json`.
///
/// # Errors
/// It is none.
pub fn fitted_to(document: &str) -> serde_json::Result<Date> {
    let window: FittedWindow = serde_json::from_str(document)?;
    Ok(window.to)
}
