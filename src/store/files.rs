//! Files of a directory of results: the names by which commands write them and find what is there.

/// The file by which a directory of results is known: [`Manifest`](super::Manifest).
pub const MANIFEST: &str = "manifest.json";

/// The journal: while an experiment is unfinished, and in a published shard.
pub const JOURNAL: &str = "journal";

/// The scenario as it was run, with every value in it; one in a folder of its own for each variant.
pub const RESOLVED: &str = "scenario.resolved.toml";

/// The folder of the tables that a scenario names.
pub const DATA: &str = "data";

/// The draws of a posterior: those that a calibration found, or that results rest on, as they were read.
pub const POSTERIOR: &str = "posterior.csv";

/// Every simulation at a point: of a calibration with its coordinates, from which another can go on; of a sweep, a sensitivity analysis or a
/// validation with its values.
pub const RUNS: &str = "runs.csv";

/// Figures of a run by month, over the replications.
pub const MONTHLY: &str = "monthly.csv";

/// Figures of a run by day.
pub const DAILY: &str = "daily.csv";

/// How waits of a run are distributed.
pub const WAITS: &str = "waits.csv";

/// Figures of a run by port.
pub const PORTS: &str = "ports.csv";

/// Where single replications of a run lie.
pub const BANDS: &str = "bands.csv";

/// What the variance of a run in futures consists of.
pub const VARIANCE: &str = "variance.csv";

/// Figures of every replication of a run.
pub const REPLICATIONS: &str = "replications.csv";

/// Account of persons of every replication of a run.
pub const LEDGER: &str = "ledger.csv";

/// Differences between scenarios, as a table.
pub const DIFFERENCES_CSV: &str = "differences.csv";

/// Differences between scenarios, for programs.
pub const DIFFERENCES_JSON: &str = "differences.json";

/// What a choice between scenarios costs in the futures in which another were better.
pub const REGRET: &str = "regret.csv";

/// How the best scenario was selected, as a table.
pub const SELECTION_CSV: &str = "selection.csv";

/// How the best scenario was selected, for programs.
pub const SELECTION_JSON: &str = "selection.json";

/// Figures at the points of a sweep.
pub const POINTS: &str = "points.csv";

/// What is watched at the points of a sweep or a sensitivity analysis, beside the figures that were asked for.
pub const WATCHED: &str = "watched.csv";

/// How much each input of a sensitivity analysis matters.
pub const INDICES: &str = "indices.csv";

/// Fitted parameters.
pub const PARAMETERS: &str = "parameters.csv";

/// Published figures beside those of a fit.
pub const FIT: &str = "fit.csv";

/// The scenario with the fitted values, of a calibration.
pub const FITTED: &str = "fitted.toml";

/// What a calibration found, for programs.
pub const CALIBRATION: &str = "calibration.json";

/// Published figures beside those that were simulated, of a validation.
pub const VALIDATION: &str = "validation.csv";

/// Scores of a validation.
pub const SCORES: &str = "scores.csv";

/// Skill against simple forecasts.
pub const SKILL: &str = "skill.csv";

/// How probable it is that ports exceed what is between them, by month.
pub const PORTS_EXCEED: &str = "ports_exceed.csv";

/// Ports against counts by area.
pub const AREAS: &str = "areas.csv";

/// Groups against counts by family status.
pub const FAMILIES: &str = "families.csv";

/// Forecasts from rolling origins.
pub const FORECASTS: &str = "forecasts.csv";

/// Scores of forecasts by origin.
pub const ORIGINS: &str = "origins.csv";

/// What became of the thresholds of a validation.
pub const THRESHOLDS: &str = "thresholds.json";

/// Every file of a directory of results.
const ALL: [&str; 34] = [
    MANIFEST,
    JOURNAL,
    RESOLVED,
    POSTERIOR,
    RUNS,
    MONTHLY,
    DAILY,
    WAITS,
    PORTS,
    BANDS,
    VARIANCE,
    REPLICATIONS,
    LEDGER,
    DIFFERENCES_CSV,
    DIFFERENCES_JSON,
    REGRET,
    SELECTION_CSV,
    SELECTION_JSON,
    POINTS,
    WATCHED,
    INDICES,
    PARAMETERS,
    FIT,
    FITTED,
    CALIBRATION,
    VALIDATION,
    SCORES,
    SKILL,
    PORTS_EXCEED,
    AREAS,
    FAMILIES,
    FORECASTS,
    ORIGINS,
    THRESHOLDS,
];

/// Whether a file of this name is one of those that commands write to a directory of results, beside the folders of scenarios.
#[must_use]
pub fn is_result(name: &str) -> bool {
    ALL.contains(&name)
}
