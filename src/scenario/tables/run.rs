//! `[run]`: which days are simulated and how often.

use jiff::civil::{Date, date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The simulated period, its warm-up, and the replications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Run {
    /// First day that is recorded; the run includes it.
    #[schemars(with = "String", extend("format" = "date", "unit" = "date"))]
    pub start: Date,
    /// Last day; the run includes it.
    #[schemars(with = "String", extend("format" = "date", "unit" = "date"))]
    pub end: Date,
    /// Days simulated before `start` and not recorded. \[days\]
    #[schemars(range(min = 0, max = 3650), extend("unit" = "days"))]
    pub warmup_days: u32,
    /// Independent replications, unless `-r` says otherwise.
    #[schemars(range(min = 1, max = 1_000_000), extend("unit" = "replications"))]
    pub replications: u32,
    /// Seed of every random number, unless `--seed` says otherwise.
    #[schemars(extend("unit" = "integer"))]
    pub seed: u64,
}

impl Default for Run {
    fn default() -> Self {
        Self {
            start: date(2024, 1, 1),
            end: date(2024, 12, 31),
            warmup_days: 0,
            replications: 10,
            seed: 1,
        }
    }
}
