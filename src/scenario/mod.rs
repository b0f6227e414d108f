//! Scenario files: the only place that knows TOML.
//!
//! A scenario is a tree of values addressed by path. Reading one goes through these steps, a file each:
//!
//! 1. `document` reads TOML into a tree of [`node`]s that know where they were written ([`origin`]); `syntax` says what is no TOML, and `slips` how it is written;
//! 2. `layers`, `merge` and `overrides` lay a file over what it extends, and `--set` over both; `newcomers` asks whether a port or group
//!    that a file adds is meant, and `blame` names the `--set` behind a mistake that shows in a file;
//! 3. `validate` walks the tree against the JSON Schema (`rule`) and drops what does not fit, all of it reported ([`diagnostics`]);
//! 4. serde makes the typed [`mod@file`] of what is left; `checks` and `policy_checks` look for what no schema can say;
//! 5. `policies`, `arrivals`, `data` and [`observed`] resolve it into a [`Scenario`].
//!
//! Beside a scenario: `difference` holds two against each other, [`futures`] is what uncertain numbers may be, [`calibrate`] what is fitted,
//! [`posterior`] draws of values that fit data, [`breakdown`] published counts by more than the month, [`axis`] a key and the values that a sweep tries, [`experiment_file`] the scenarios and axes
//! of an experiment.
//!
//! One file per table (`run`, `world`, `group`, `policy`, `change`), each with the type, the meaning, the unit, the range and the
//! default of its keys: documentation, `explain`, `new`, the JSON Schema and every check come from there.

pub(crate) mod apportion;
mod arrivals;
pub mod axis;
mod blame;
pub mod breakdown;
pub mod calendar;
pub mod calibrate;
mod calibrate_checks;
mod cells;
pub mod change;
mod changes;
mod checks;
mod data;
mod defaults;
pub mod diagnostics;
mod difference;
mod distribution;
mod distribution_checks;
mod document;
mod dotted;
mod editor_schema;
mod elsewhere;
pub mod experiment_file;
pub mod explain;
pub mod file;
pub mod fitted_file;
pub mod futures;
mod futures_checks;
pub mod group;
mod ids;
mod inputs;
pub mod key_path;
mod layers;
mod leaves;
mod load;
mod loaded;
mod merge;
mod monthly;
mod moved;
pub(crate) mod nearest;
mod newcomers;
pub mod node;
mod number;
pub mod observed;
pub mod origin;
mod overrides;
mod policies;
pub mod policy;
mod policy_checks;
pub mod posterior;
mod ranges;
mod reading;
mod rule;
pub mod run;
mod slips;
mod steady;
mod syntax;
mod template;
mod text;
mod texts;
pub mod timeline;
mod unknown;
mod validate;
pub mod values;
mod warnings;
pub mod world;
mod write;

pub use axis::{Axis, AxisError};
pub use breakdown::Breakdown;
pub use calendar::Calendar;
pub use calibrate::Calibration;
pub use diagnostics::Diagnostics;
pub use difference::{Difference, Side, difference, difference_beside_fit};
pub use editor_schema::json_schema;
pub use experiment_file::{ExperimentFile, Sweepable, load_experiment, load_sweepable};
pub use futures::UncertainNumbers;
pub use load::load;
pub use loaded::{Loaded, sha256};
pub use posterior::Posterior;
pub use template::template;
pub use timeline::Timeline;

use std::collections::BTreeMap;

/// A scenario, resolved and checked: everything that a replication needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// What the scenario is about.
    pub title: String,
    /// Period, warm-up, replications, seed.
    pub run: run::Run,
    /// Days as dates and months.
    pub calendar: Calendar,
    /// What policy cannot change.
    pub world: world::World,
    /// Group ids in the order of every `[group]` index.
    pub groups: Vec<String>,
    /// Port ids in the order of every `[port]` index.
    pub ports: Vec<String>,
    /// Persons arriving per day: `arrival_rates[group][day]`, warm-up included.
    pub arrival_rates: Vec<Vec<f64>>,
    /// Policies by day and triggers.
    pub timeline: Timeline,
    /// Published counts to show beside the results.
    pub observed: Option<observed::Observed>,
    /// Where numbers come from, by full key path.
    pub sources: BTreeMap<String, String>,
}
