//! `[observed]`: published monthly counts, shown beside the results.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the published counts are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObservedTable {
    /// CSV with a `month` column (`YYYY-MM`) and columns named as metrics, or as metric and group id joined by `_`; relative to the file that names it.
    #[schemars(extend("format" = "path"))]
    pub file: String,
}

/// Published monthly counts; a month or figure that was not published is absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observed {
    /// Figures by first day of the month, then by column name.
    pub months: BTreeMap<Date, BTreeMap<String, f64>>,
}

impl Observed {
    /// The published figure of a month, by column name.
    #[must_use]
    pub fn figure(&self, month: Date, column: &str) -> Option<f64> {
        self.months.get(&month)?.get(column).copied()
    }
}
