//! `[observed]`: published monthly counts, shown beside the results.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::metric::Metric;
use crate::month::Month;
use crate::scenario::schema::rule::Names;

/// Where the published counts are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObservedTable {
    /// CSV with a `month` column (`YYYY-MM`) and columns named as metrics, or as metric and group id joined by `_`; relative to the file that names it.
    #[schemars(extend("format" = "path"))]
    pub file: String,
    /// Ports of the areas of which port encounters are published apart, by the area's name; `validate --by-area` holds them against those.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("keys" = Names::Area))]
    pub areas: BTreeMap<String, Vec<String>>,
}

/// Published monthly counts; a figure that was not published is absent, and so is a month without a figure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observed {
    /// Figures by month, then by column name.
    pub months: BTreeMap<Month, BTreeMap<String, f64>>,
}

impl Observed {
    /// The published figure of a month, by column name.
    #[must_use]
    pub fn figure(&self, month: Month, column: &str) -> Option<f64> {
        self.months.get(&month)?.get(column).copied()
    }
}

/// Whether a column is a metric, or a metric of a group.
pub(crate) fn is_figure(column: &str, groups: &[&str]) -> bool {
    parts(column, groups).is_some()
}

/// The metric of a column, and the group where it is of one; `None` where it is neither.
#[must_use]
pub fn parts<'c>(column: &'c str, groups: &[&str]) -> Option<(Metric, Option<&'c str>)> {
    Metric::published().find_map(|metric| {
        let rest = column.strip_prefix(metric.name())?;
        if rest.is_empty() {
            return Some((metric, None));
        }
        let group = rest.strip_prefix('_')?;
        groups.contains(&group).then_some((metric, Some(group)))
    })
}
