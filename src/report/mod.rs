//! Formats of results: a table for people, JSON and CSV for programs. Statistics are made elsewhere; here they are ordered, formatted and
//! put into words.
//!
//! A [`Format`] writes a [`Report`] to whatever takes bytes; [`ResultsDir`] is the only thing here that knows files.

pub mod best;
pub mod calibration;
pub mod comparison;
pub mod csv_tables;
pub mod directory;
pub mod files;
pub mod format;
mod futures;
pub mod json;
pub mod manifest;
pub mod number;
mod precision;
pub mod replications;
pub mod rolling;
pub mod sensitivity;
pub mod sweep;
pub mod table;
#[cfg(test)]
mod tests;
pub mod validation;
mod warmup;
mod words;

pub use directory::{DirectoryError, JournalFate, ResultsDir};
pub use format::{Format, Report};
pub use manifest::Manifest;
pub use replications::ReplicationTables;
