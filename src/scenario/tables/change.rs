//! `[[event]]` and `[[trigger]]`: dated changes of levers, and changes fired by the simulated state.

use std::collections::BTreeMap;

use crate::scenario::schema::rule::Names;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A dated change of levers; it acts at 00:00, before everything else that day. A file's own is of a simulated day, warm-up included. An inherited
/// one of a day before is in force from the first instant, as if it had long been so, and one of a day after does nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Name by which a file that extends this one can change or remove the event.
    #[serde(default)]
    pub id: Option<String>,
    /// Day of the change.
    #[schemars(with = "String", extend("format" = "date", "unit" = "date"))]
    pub date: Date,
    /// What people call it.
    #[serde(default)]
    pub label: String,
    /// Where its date and its values come from.
    #[serde(default)]
    pub source: String,
    /// Levers and their new values, by path under `[policy]`; or a number of a trigger, as `trigger.ID.until.delay_days`.
    #[schemars(extend("keys" = Names::Lever))]
    pub set: BTreeMap<String, serde_json::Value>,
}

/// A change of levers that the simulated state switches on and off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Name of the trigger.
    pub id: String,
    /// Where its numbers come from.
    #[serde(default)]
    pub source: String,
    /// First day on which it may fire; the days before it count into its means. Absent: from the start.
    #[serde(default)]
    #[schemars(with = "Option<String>", extend("format" = "date", "unit" = "date"))]
    pub from: Option<Date>,
    /// Last day on which it is armed; it is off afterwards. Absent: to the end.
    #[serde(default)]
    #[schemars(with = "Option<String>", extend("format" = "date", "unit" = "date"))]
    pub to: Option<Date>,
    /// Whether it is on on its first day, whatever the state; `until` is looked at from the next day on.
    #[serde(default)]
    pub initially: bool,
    /// When it goes on.
    pub when: When,
    /// When it goes off again; absent, it stays on.
    #[serde(default)]
    pub until: Option<Until>,
    /// Levers and their values while it is on, by path under `[policy]`; where two triggers that are on move one, the one listed last holds.
    #[schemars(extend("keys" = Names::Lever))]
    pub set: BTreeMap<String, serde_json::Value>,
}

/// The state that switches a trigger on: the mean over the days before reaches a bound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// What is watched.
    pub metric: Watched,
    /// Days of the mean. \[days\]
    #[schemars(range(min = 1, max = 366), extend("unit" = "days"))]
    pub mean_over_days: u32,
    /// The trigger goes on when the mean is at least this. \[persons per day, or persons\]
    #[schemars(range(min = 0.0, max = 1e9), extend("unit" = "persons per day"))]
    pub at_least: f64,
}

/// The state that switches a trigger off: the mean stays below a bound for a number of days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Until {
    /// What is watched.
    pub metric: Watched,
    /// Days of the mean. \[days\]
    #[schemars(range(min = 1, max = 366), extend("unit" = "days"))]
    pub mean_over_days: u32,
    /// The mean must be below this. \[persons per day, or persons\]
    #[schemars(range(min = 0.0, max = 1e9), extend("unit" = "persons per day"))]
    pub below: f64,
    /// Days for which it must stay below before the trigger goes off. \[days\]
    #[serde(default)]
    #[schemars(range(min = 0, max = 366), extend("unit" = "days"))]
    pub delay_days: u32,
}

/// A daily figure that a trigger can watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Watched {
    /// Encounters between ports. \[persons per day\]
    IrregularEncounters,
    /// Encounters at ports. \[persons per day\]
    PortEncounters,
    /// Registered and without an appointment, at midnight. \[persons\]
    PoolSize,
    /// New registrations. \[persons per day\]
    Registrations,
}
