//! The tables of a scenario file, a file each: type, meaning, unit, range and default of every key. [`mod@file`] has them all.

pub mod calibrate;
pub mod change;
pub(super) mod distribution;
pub mod file;
pub mod futures;
pub mod group;
pub mod observed;
pub mod policy;
pub mod run;
pub mod values;
pub mod world;
