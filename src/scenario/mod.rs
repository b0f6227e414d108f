//! Scenario files: the only place that knows TOML.
//!
//! One file per table (`run`, `world`, `policy`, `change`), each with the type, the meaning, the unit, the range and the
//! default of its keys: documentation, `explain`, `new`, the JSON Schema and every check come from there.

pub mod calendar;
pub mod change;
pub mod observed;
pub mod policy;
pub mod run;
pub mod timeline;
pub mod values;
pub mod world;

pub use calendar::Calendar;
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
