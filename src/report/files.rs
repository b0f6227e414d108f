//! The files of a directory of results.

use super::format::Format;
use super::{csv_tables, manifest};

/// Every file written after the last replication, with its format.
pub const FILES: [(&str, Format); 6] = [
    (MANIFEST, manifest::json),
    ("scenario.resolved.toml", |report, to| {
        to.write_all(report.resolved_toml.as_bytes())
    }),
    ("monthly.csv", csv_tables::monthly),
    ("daily.csv", csv_tables::daily),
    ("waits.csv", csv_tables::waits),
    ("ports.csv", csv_tables::ports),
];

/// The file by which a directory of results is known.
pub const MANIFEST: &str = "manifest.json";
