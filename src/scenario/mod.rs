//! Scenario files: the only place that knows TOML.
//!
//! A scenario is a tree of values addressed by path. Reading one ([`load()`]) goes through these steps, a folder each:
//!
//! 1. `tree`: from text to a tree of [`node`]s that know where they were written ([`origin`]), and back;
//! 2. `layers`: a file is laid over what it extends, and `--set`, an [`Override`] each, over both;
//! 3. `checks`: the tree is held against the JSON Schema (`validate`), and what does not fit is dropped, all of it reported
//!    ([`diagnostics`]); after serde has made the typed [`mod@file`] of what is left, `checks` looks for what no schema can say, and
//!    `warnings` for what is seldom meant;
//! 4. `resolve`: dates, changes of policy, shares and files of counts become a [`Scenario`].
//!
//! `tables` has one file per table of a scenario file (`run`, `world`, `group`, `policy`, `change`), each with the type, the meaning, the
//! unit, the range and the default of its keys: documentation and every check come from there, and through `schema` the JSON Schema,
//! `explain` and `new`.
//!
//! Beside a scenario: `difference` holds two against each other, [`futures`] is what uncertain numbers may be, [`calibrate`] what is fitted,
//! [`fitted_file`] writes what a fit found, [`posterior`] draws of values that fit data, [`breakdown`] published counts by more than the month,
//! [`axis`] a key and the values that a sweep tries, [`experiment_file`] the scenarios and axes of an experiment.

pub mod axis;
pub mod breakdown;
mod checks;
pub mod diagnostics;
mod difference;
pub mod experiment_file;
pub mod fitted_file;
mod layers;
mod load;
mod loaded;
pub mod posterior;
mod resolve;
mod schema;
mod tables;
mod tree;

pub use axis::{Axis, AxisError};
pub use breakdown::Breakdown;
pub use calendar::Calendar;
pub use calibrate::Calibration;
pub use diagnostics::Diagnostics;
pub use difference::{Difference, Side, difference, difference_beside_fit};
pub use experiment_file::{ExperimentFile, Sweepable, load_experiment, load_sweepable};
pub use futures::UncertainNumbers;
pub use layers::overrides::{Override, OverrideError};
pub use load::{load, load_results};
pub use loaded::{Loaded, Overwritten, sha256};
pub use posterior::Posterior;
pub use resolve::steady::Cycle;
pub use resolve::{calendar, timeline};
pub use schema::editor_schema::json_schema;
pub use schema::explain;
pub use schema::template::template;
pub use tables::{calibrate, change, file, futures, group, observed, policy, run, values, world};
pub use timeline::Timeline;
pub use tree::{key_path, node, origin};

pub(crate) use checks::nearest;

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
    /// The same without `world.demand`: whom those who came before the run resemble.
    pub own_arrival_rates: Vec<Vec<f64>>,
    /// Policies by day and triggers.
    pub timeline: Timeline,
    /// Published counts to show beside the results.
    pub observed: Option<observed::Observed>,
    /// Where numbers come from, by full key path.
    pub sources: BTreeMap<String, String>,
}
