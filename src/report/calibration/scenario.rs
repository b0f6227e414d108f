//! The fitted scenario: a file that extends the one that was fitted.

use std::path::Path;

use super::Calibrated;
use super::significant;
use crate::experiment::calibration::CENTRAL;
use crate::report::number::short_percent;
use crate::scenario::Loaded;
use crate::scenario::fitted_file::{self, FittedFileError, FittedValue, Heading};

/// How a fit was made, as its scenario tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The command that makes it again.
    pub command: String,
    /// The day, where somebody gave one: results hold no clock.
    pub date: Option<String>,
}

/// What the first comment of a fitted scenario begins with.
const OPENING: &str = "Values fitted to the published months";

/// Whether a text is that of a fitted scenario.
#[must_use]
pub fn is_fitted(text: &str) -> bool {
    text.strip_prefix("# ")
        .is_some_and(|text| text.starts_with(OPENING))
}

/// The fitted values by key, each with its source; nothing is said of keys that do nothing in the run.
#[must_use]
pub fn fitted_values(of: &Calibrated<'_>, date: Option<&str>) -> Vec<FittedValue> {
    let calibration = of.fit.calibration();
    let date = date.map_or(String::new(), |date| format!(", {date}"));
    (calibration.parameters.iter().zip(&of.fitted.parameters))
        .flat_map(|(described, fitted)| described.keys.iter().map(move |key| (key, fitted)))
        .filter(|(key, _)| of.fit.loaded().acts(&key.path))
        .map(|(key, fitted)| {
            let [low, high] = [fitted.posterior.low, fitted.posterior.high].map(significant);
            let value = significant(fitted.value).clamp(key.least, key.most);
            FittedValue {
                key: key.path.clone(),
                value: key.written(value),
                source: format!(
                    "fitted, {}{date}; {} from {low} to {high}",
                    window(of),
                    short_percent(CENTRAL.share())
                ),
            }
        })
        .collect()
}

/// The months fitted to: `2023-01..2024-10`.
fn window(of: &Calibrated<'_>) -> String {
    let months = of.fit.calibration().months();
    let [first, last] = [months.first(), months.last()]
        .map(|month| month.map_or(String::new(), ToString::to_string));
    format!("{first}..{last}")
}

/// The text of a scenario file with the fitted values, which extends `loaded`.
///
/// # Errors
/// Why no file in that place gives the scenario that was fitted.
pub fn scenario(
    of: &Calibrated<'_>,
    loaded: &Loaded,
    file: &Path,
    made: &Made,
) -> Result<String, FittedFileError> {
    let window = window(of);
    let settings = of.fit.settings();
    let manifest = of.manifest;
    let comments = [
        format!("{OPENING} {window} by portflow {}", manifest.portflow),
        format!("(random numbers: {}), seed {}:", manifest.random_numbers, settings.seed),
        format!("    {}", made.command),
        "which writes this file anew with --fitted: what is to be changed belongs in a scenario that extends it.".to_owned(),
        format!("`portflow explain` tells the source of each value; the sources name the central {} of its posterior.", short_percent(CENTRAL.share())),
        "Draws of the posterior, which belong together as single values do not, are in DIR/posterior.csv where it has --out DIR.".to_owned(),
    ];
    let title = format!("{}; fitted to {window}", manifest.title);
    let heading = Heading {
        comments: &comments,
        title: &title,
        file,
    };
    let values = fitted_values(of, made.date.as_deref());
    fitted_file::text(loaded, &values, &heading)
}
