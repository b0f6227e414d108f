//! What is told of a run: the headline table and its sentences for people, JSON, and the CSV tables of its directory.

mod columns;
mod csv_tables;
mod futures;
mod json;
mod replications;
mod table;
#[cfg(test)]
mod tests;
mod warmup;
mod words;

use std::io::{self, Write};

use crate::experiment::Results;
use crate::scenario::Cycle;
use crate::scenario::observed::Observed;
use crate::store::{Manifest, files};

pub(super) use columns::{THIN, thin_sentence};
pub use csv_tables::monthly as csv;
pub use json::document as json;
pub use replications::ReplicationTables;
pub use table::table;

/// The results of a run and where they come from.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// Provenance.
    pub manifest: &'a Manifest,
    /// Estimates over replications.
    pub results: &'a Results,
    /// Published figures to set beside them.
    pub observed: Option<&'a Observed>,
    /// Of a run over which nothing else changes, so that its warm-up can be judged.
    pub cycle: Option<Cycle>,
}

/// Writes a report in one format.
///
/// It reads and opens nothing; the only error is that of the writer.
pub type Format = fn(&Report<'_>, &mut dyn Write) -> io::Result<()>;

/// Every table written after the last replication, with its format.
pub const TABLES: [(&str, Format); 5] = [
    (files::MONTHLY, csv_tables::monthly),
    (files::DAILY, csv_tables::daily),
    (files::WAITS, csv_tables::waits),
    (files::PORTS, csv_tables::ports),
    (files::BANDS, csv_tables::bands),
];

/// The table more of a run in futures.
pub const VARIANCE: (&str, Format) = (files::VARIANCE, csv_tables::variance);
