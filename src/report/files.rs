//! The files of a directory of results.

use super::csv_tables;
use super::format::Format;

/// Every table written after the last replication, with its format.
pub const TABLES: [(&str, Format); 5] = [
    ("monthly.csv", csv_tables::monthly),
    ("daily.csv", csv_tables::daily),
    ("waits.csv", csv_tables::waits),
    ("ports.csv", csv_tables::ports),
    ("bands.csv", csv_tables::bands),
];

/// The table more of a run in futures.
pub const VARIANCE: (&str, Format) = ("variance.csv", csv_tables::variance);

/// The draws of a posterior, as they were read.
pub const POSTERIOR: &str = "posterior.csv";

/// The file by which a directory of results is known.
pub const MANIFEST: &str = "manifest.json";
