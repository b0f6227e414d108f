//! What a replication keeps: daily counts, wait distributions, port statistics and the ledger.
//!
//! The model writes a [`Recorder`] while it runs and never reads back. [`Observations`] condense a record into one value for
//! every [`Key`] of the scenario's [`Layout`]; [`crate::experiment`] takes their means over replications.

#[cfg(test)]
pub(crate) mod example;
pub mod histogram;
pub mod key;
pub mod layout;
mod packed;
pub mod ports;
pub mod recorder;
mod scope;
mod selector;
pub mod summary;

pub use crate::metric::{Count, Metric, Unit};
pub use key::{Key, Period, Place};
pub use layout::Layout;
pub use recorder::{At, LedgerRow, Recorder};
pub use selector::SelectorError;
pub use summary::{Detail, Observations};
