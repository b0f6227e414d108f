//! Files of a directory of results: the names by which commands find what is there.

use super::directory::JOURNAL;
use super::run::{TABLES, VARIANCE};

/// The file by which a directory of results is known.
pub const MANIFEST: &str = "manifest.json";

/// The scenario as it was run, with every value in it; one in a folder of its own for each variant.
pub const RESOLVED: &str = "scenario.resolved.toml";

/// The draws of a posterior: those that a calibration found, or that results rest on, as they were read.
pub const POSTERIOR: &str = "posterior.csv";

/// Every simulation at a point: of a calibration with its coordinates, from which another can go on; of a sweep, a sensitivity analysis or a
/// validation with its values.
pub const RUNS: &str = "runs.csv";

/// What is watched at the points of a sweep or a sensitivity analysis, beside the figures that were asked for.
pub const WATCHED: &str = "watched.csv";

/// The scenario with the fitted values, of a calibration.
pub const FITTED: &str = "fitted.toml";

/// What a calibration found, for programs.
pub const CALIBRATION: &str = "calibration.json";

/// What became of the thresholds of a validation.
pub const THRESHOLDS: &str = "thresholds.json";

/// The folder of the tables that a scenario names.
pub const DATA: &str = "data";

/// Every other file of results.
const OTHERS: [&str; 20] = [
    JOURNAL,
    "replications.csv",
    "ledger.csv",
    "differences.csv",
    "differences.json",
    "regret.csv",
    "selection.csv",
    "selection.json",
    "points.csv",
    "indices.csv",
    "parameters.csv",
    "fit.csv",
    "validation.csv",
    "scores.csv",
    "skill.csv",
    "ports_exceed.csv",
    "areas.csv",
    "families.csv",
    "forecasts.csv",
    "origins.csv",
];

/// Whether a file of this name is one of those that commands write to a directory of results, beside the folders of scenarios.
#[must_use]
pub fn is_result(name: &str) -> bool {
    let tables = TABLES.iter().chain([&VARIANCE]).map(|&(name, _)| name);
    let named = [
        MANIFEST,
        RESOLVED,
        POSTERIOR,
        RUNS,
        WATCHED,
        FITTED,
        CALIBRATION,
        THRESHOLDS,
    ];
    tables
        .chain(named)
        .chain(OTHERS)
        .any(|result| result == name)
}
