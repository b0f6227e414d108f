//! Directories of results: which files there are, what reproduces them, and how they come to be there whole or not at all.
//!
//! What is in a file is [`report`](crate::report)'s to say. A format writes to whatever takes bytes; [`ResultsDir`] is the only thing that
//! knows where they go.

pub mod directory;
pub mod files;
pub mod manifest;
pub mod options;

pub use directory::{DirectoryError, JournalFate, ResultsDir};
pub use manifest::Manifest;
