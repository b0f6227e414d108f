//! From text to a tree of values that know where they were written, and back.
//!
//! [`document`] reads TOML; [`syntax`] says what is no TOML, and [`slips`] how it is written; [`texts`] holds what has been read, each file once, as [`mod@text`]
//! without a mark of its encoding. [`same`] compares values, and [`number`] writes a number as TOML has it.
//! [`paths`] are of files as people write them.
//! A value is a [`node`] with an [`origin`], addressed by a [`key_path`]; [`dotted`] makes such paths of tables in
//! tables. [`mod@write`] is the way back.

pub(super) mod document;
pub(super) mod dotted;
pub mod key_path;
pub mod node;
pub(super) mod number;
pub mod origin;
pub(super) mod paths;
pub(super) mod same;
pub(super) mod slips;
pub(super) mod syntax;
pub(super) mod text;
pub(super) mod texts;
pub(super) mod write;
