//! What a replication keeps: daily counts, wait distributions, port statistics and the ledger.
//!
//! The model writes here while it runs and never reads back; [`crate::experiment`] turns records into observations.

pub mod counts;
pub mod histogram;
pub mod ports;
pub mod recorder;

pub use counts::{At, Count};
pub use recorder::{LedgerRow, Recorder};
