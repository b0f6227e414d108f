//! Sensitivity analysis: which inputs matter. Pure mathematics over points of the unit cube and one number of outcome each.
//!
//! - [`morris`]: Morris' screening, a few runs for each factor: which factors matter at all, and which act alike everywhere.
//! - [`sobol_indices`]: Sobol' indices, hundreds of runs for each factor: the share of the variance that each one explains.
//! - [`bootstrap`]: an estimate with its bootstrap interval.
//! - `largest_effect`: how large effects are beside the largest of them.
//! - [`outcomes`]: what is wrong with a design or its outcomes; which groups of outcomes are whole.
//!
//! A design gives its points by index, so that runs can be sharded and resumed, and is continued by a larger number without
//! changing a point. It then turns the outcomes, in the order of the points, into estimates. An outcome that is missing
//! leaves out the group of runs that it belongs to, and the groups left out are counted.
//!
//! # Example
//!
//! The first factor acts alone, the second only together with the third:
//!
//! ```
//! use portflow::sensitivity::SobolDesign;
//! use portflow::stats::Level;
//!
//! let design = SobolDesign::new(1_024, 3, 1)?;
//! let outcomes: Vec<_> = (0..design.points())
//!     .map(|index| {
//!         let [x, y, z] = design.point(index)[..] else { return None };
//!         Some(x + (y - 0.5) * (2.0 * z - 1.0))
//!     })
//!     .collect();
//! let found = design.indices(&outcomes, Level::USUAL, 1_000)?;
//! // The variances are 1/12 of x and 1/36 of the product: three quarters and one quarter of the whole.
//! for (index, (first, total)) in found.factors.iter().zip([(0.75, 0.75), (0.0, 0.25), (0.0, 0.25)]) {
//!     assert!((index.first.value - first).abs() < 0.02, "{index:?}");
//!     assert!((index.total.value - total).abs() < 0.02, "{index:?}");
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod bootstrap;
mod largest_effect;
pub mod morris;
pub mod outcomes;
pub mod sobol_indices;
#[cfg(test)]
mod test_functions;

pub use bootstrap::{BootstrapEstimate, BootstrapInterval};
pub use morris::{MorrisDesign, MorrisEffect, MorrisEffects};
pub use outcomes::{DesignError, OutcomeError};
pub use sobol_indices::{SobolDesign, SobolIndex, SobolIndices};
