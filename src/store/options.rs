//! Options that a [manifest](super::Manifest) keeps beside the scenario, the seed and the replications: the names by which they are
//! written, and read again where shards are merged or an experiment goes on.
//!
//! Each is that of its flag, in the words of a file. Of one that may be given several times, every value has a number (`set 1`).

/// The scenario that the others are compared with.
pub const BASE: &str = "base";
/// The metrics of a comparison, where not every one is compared.
pub const METRICS: &str = "metrics";
/// The figure by which futures are judged.
pub const OBJECTIVE: &str = "objective";
/// When a future counts as good enough.
pub const GOOD_ENOUGH: &str = "good_enough";
/// The share of single replications that a band holds, where it is not 90%.
pub const BAND: &str = "band";
/// The one replication that was run alone.
pub const REPLICATION: &str = "replication";
/// The precision to which figures are to be known: it makes the number of replications a result.
pub const PRECISION: &str = "precision";
/// The replications before a precision is looked at.
pub const REPLICATIONS: &str = "replications";
/// The replications after which a rule stops at the latest.
pub const MAX_REPLICATIONS: &str = "max_replications";
/// The figure by which the best scenario is selected, and whether most or least is best: it makes the number of replications a result.
pub const BEST: &str = "best";
/// The probability of a correct selection.
pub const PCS: &str = "pcs";
/// The difference that does not matter to a selection.
pub const INDIFFERENCE: &str = "indifference";
/// The replications of each scenario in the first stage of a selection.
pub const FIRST_STAGE: &str = "first_stage";
/// How many futures there are.
pub const FUTURES: &str = "futures";
/// Keys of `[futures]` or of a posterior that are not drawn, numbered.
pub const HELD: &str = "held";
/// The file of a posterior.
pub const POSTERIOR: &str = "posterior";
/// Keys that are tried at points, with their values, numbered.
pub const SET: &str = "set";
/// Figures that are kept of each point, numbered.
pub const METRIC: &str = "metric";
/// Keys that are drawn in the futures of a sweep, numbered.
pub const FUTURE: &str = "future";
/// How the points of a sweep are laid.
pub const DESIGN: &str = "design";
/// How many points, or groups of points, a design has.
pub const POINTS: &str = "points";
/// The method of a sensitivity analysis.
pub const METHOD: &str = "method";
/// The waves of a calibration.
pub const WAVES: &str = "waves";
/// The draws of a posterior.
pub const DRAWS: &str = "draws";
/// The date that fitted values are given.
pub const DATE: &str = "date";
/// The runs from which a calibration goes on.
pub const FROM_RUNS: &str = "from_runs";
/// The months that were fitted to.
pub const FITTED: &str = "fitted";
/// The months that are validated.
pub const MONTHS: &str = "months";
/// What the model leaves out; that of a single column has its name behind this.
pub const DISCREPANCY: &str = "discrepancy";
/// The months from which forecasts are made.
pub const ORIGINS: &str = "origins";
/// Those of them that are told apart as breaks.
pub const BREAKS: &str = "breaks";
/// How many months ahead forecasts are made.
pub const AHEAD: &str = "ahead";
/// The calibration from which the fits at origins start.
pub const ROLLING: &str = "rolling";
