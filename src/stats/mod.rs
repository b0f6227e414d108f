//! Pure functions of numbers, with citations: moments, intervals, comparisons, selection.
//!
//! | question | file |
//! |---|---|
//! | what is the expected value, and how well is it known? | [`estimate`], from [`moments`] and [`student`] |
//! | where do 90% of single replications lie? | [`band`] |
//! | how are the errors of a model distributed? | [`error_law`] |
//! | how much of a figure is chance, whatever its level? | [`chance`] |
//! | how much of what differs between points is chance? | [`crossed`] |
//! | what does a variant change on the same people, and what did pairing gain? | [`paired`] |
//! | which differences of a whole table are signs of anything? | [`multiplicity`] |
//! | have enough replications been made? | [`sequential`] |
//! | which of several systems is best, with few replications of the others? | [`selection`] |
//! | does a series begin elsewhere than it goes on? | [`beginning`] |
//! | do a few values lie far from the others? | [`skewness`] |
//! | how much of the variance is luck, and how much is that nobody knows the future? | [`components`] |
//! | the same of a difference on the same people? | [`nested_pairs`] |
//! | which variant holds up in whatever future? | [`regret`] |
//! | how is a whole total divided in proportion to parts? | `apportion` |
//! | what number did somebody write, alone or in percent? | [`amount`] |
//!
//! Those that look at values take them one at a time, in the order of replications, but [`chance`] and [`crossed`], which look at all
//! at once. Where one outcome is better than another, [`Direction`] says
//! whether that is the smaller or the larger.
//!
//! An interval of a mean ([`ConfidenceInterval`]) and where single replications lie ([`QuantileBand`]) are different types: the first
//! shrinks with more replications, the other does not.

pub mod amount;
pub(crate) mod apportion;
pub mod band;
pub mod beginning;
pub mod chance;
pub mod components;
pub mod crossed;
pub mod direction;
pub mod error_law;
pub mod estimate;
pub mod moments;
pub mod multiplicity;
pub mod nested_pairs;
pub(crate) mod normal;
pub mod paired;
pub mod regret;
pub mod selection;
pub mod sequential;
pub mod skewness;
pub mod student;
mod weighted;

pub use amount::Amount;
pub(crate) use apportion::apportion;
pub use band::{Band, CentralShare, QuantileBand};
pub use beginning::Contrast;
pub use chance::{ChanceLaw, Spread};
pub use components::{Components, Nested, NoShareInterval};
pub use crossed::ChanceShare;
pub use direction::Direction;
pub use error_law::ErrorLaw;
pub use estimate::{ConfidenceInterval, Estimate, Level};
pub use moments::Moments;
pub use multiplicity::simultaneous;
pub use nested_pairs::NestedPairs;
pub use paired::Paired;
pub use regret::{Regret, Robustness};
pub use selection::{Indifference, Selection, SelectionError};
pub use sequential::Precision;
pub(crate) use weighted::{fewest_values, weighted_quantile};
