//! Ranges of the values of maps and lists, for the schema only: the tables hold plain numbers and times.
#![expect(
    dead_code,
    reason = "these types describe values in the schema and are never made"
)]

use super::rule::Names;
use schemars::JsonSchema;

/// A share of a whole.
#[derive(JsonSchema)]
#[schemars(inline)]
pub(crate) struct Share(#[schemars(range(min = 0.0, max = 1.0))] f64);

/// Odds: a weight beside other weights.
#[derive(JsonSchema)]
#[schemars(inline)]
pub(crate) struct Odds(#[schemars(range(min = 0.0, max = 1e6))] f64);

/// A factor of a profile.
#[derive(JsonSchema)]
#[schemars(inline)]
pub(crate) struct Factor(#[schemars(range(min = 0.0, max = 1000.0))] f64);

/// A daily number of persons.
#[derive(JsonSchema)]
#[schemars(inline)]
pub(crate) struct PersonsPerDay(#[schemars(range(min = 0.0, max = 1e6))] f64);

/// A time of day.
#[derive(JsonSchema)]
#[schemars(inline)]
pub(crate) struct TimeOfDay(#[schemars(extend("format" = "time"))] String);

/// A date.
#[derive(JsonSchema)]
#[schemars(inline)]
pub(crate) struct CalendarDate(#[schemars(extend("format" = "date"))] String);

/// The id of a group.
#[derive(JsonSchema)]
#[schemars(inline)]
pub(crate) struct GroupId(#[schemars(extend("keys" = Names::Group))] String);
