//! Flags that several commands have, and how a manifest keeps them.

pub(crate) mod input;
pub(crate) mod options;
pub(crate) mod output;
pub(crate) mod posterior;
pub(crate) mod precision;
