//! What follows from the types of the tables: the [`rule`] of each key, from which come the checks, [`explain`], the [`template`] that `new`
//! writes, and the JSON Schema for editors.

pub(super) mod defaults;
pub(super) mod editor_schema;
pub mod explain;
pub(super) mod ranges;
pub(super) mod rule;
pub(super) mod template;
