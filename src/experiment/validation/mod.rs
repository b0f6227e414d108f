//! A scenario held against published months: what was simulated, how sure it was, and whether a simple forecast would have done better.
//!
//! Simulated are the draws of a posterior, or the scenario as it is, each in some replications. Together with the discrepancy of a
//! column, which is stated and, for months held out, learned from the others, they make a
//! [`Predictive`](crate::forecast::Predictive) distribution of each published figure, which is scored.
//!
//! - [`plan`]: the columns and months that are published, or to come, and simulated.
//! - [`known`]: which of them were fitted to, and by how much a right model may be off.
//! - [`mod@judge`]: rows, scores and skills, once the replications are there.
//! - [`areas`]: port encounters by area, which are never fitted to.
//! - [`families`]: persons in parties of two or more against published family status, which is never fitted to either.
//! - [`rolling`]: forecasts from one origin after another, each fitted to the months up to it.

pub mod areas;
mod counts;
#[cfg(test)]
pub(crate) mod example;
pub mod families;
pub mod judge;
pub mod known;
pub mod plan;
pub mod rolling;

pub use areas::{AreaRow, Areas, AreasError, scores_by_area};
pub use families::{Families, FamiliesError, FamilyRow};
pub use judge::{Errors, PortsExceed, Row, Score, Verdicts, judge};
pub use known::{Known, Part, Window};
pub use plan::{Draws, Validation, ValidationError};
pub use rolling::{ForecastMonth, Forecasts, Origin, OriginColumn, OriginKind, Rolling};
