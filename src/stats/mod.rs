//! Pure functions of numbers, with citations: moments, Student's t, intervals.
//!
//! An interval of a mean ([`ConfidenceInterval`]) and a spread over replications ([`Spread`]) are different types: the
//! first shrinks with more replications, the second does not.

pub mod band;
pub mod components;
pub mod direction;
pub mod estimate;
pub mod moments;
pub mod mser;
pub mod multiplicity;
pub mod paired;
pub mod regret;
pub mod selection;
pub mod sequential;
pub mod student;

pub use band::{Band, CentralShare, QuantileBand};
pub use components::{Components, Nested};
pub use direction::Direction;
pub use estimate::{ConfidenceInterval, Estimate, Level, Spread};
pub use moments::Moments;
pub use mser::Truncation;
pub use multiplicity::{holm, p_value, simultaneous};
pub use paired::Paired;
pub use regret::{Regret, Robustness};
pub use selection::{Indifference, Selection, SelectionError};
pub use sequential::Precision;
