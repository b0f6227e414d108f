//! Designs of experiments: which points to run. Pure mathematics; what a coordinate means is decided elsewhere.
//!
//! - [`grid`]: every combination of levels, as level numbers.
//! - [`latin`]: a Latin hypercube, points of the unit cube that fill every coordinate evenly.
//! - [`sobol`]: the Sobol' sequence, plain or scrambled, points of the unit cube that fill all of it evenly; `joe_kuo` has
//!   its direction numbers.
//! - `luck`: the random streams that designs and their evaluation draw from, and shuffling.
//!
//! Designs are read by index, in any order: point i of one design is the same point in every shard and on every platform.
//! A Sobol' sequence and a trajectory of Morris can be continued without changing a point; a Latin hypercube depends on
//! the number of its points, and a grid's numbering on its levels.

pub mod grid;
mod joe_kuo;
pub mod latin;
pub(crate) mod luck;
pub mod sobol;

pub use grid::{Grid, GridError};
pub use latin::LatinHypercube;
pub use sobol::{DimensionError, SobolSequence};
