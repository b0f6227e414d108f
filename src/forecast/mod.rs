//! Forecasts of monthly figures: those that a sceptic would try first, and how any forecast is scored. Pure mathematics of numbers and
//! months.
//!
//! | question | file |
//! |---|---|
//! | what was known at the end of a month? | [`series`] |
//! | what would a simple forecast have said then? | [`rivals`], from [`smoothing`], [`arima`] and [`ratio`] |
//! | what may a figure be, by a model with draws and an error? | [`predictive`] |
//! | how large is that error, now that months were off by so much, and how long does it last? | [`discrepancy`] |
//! | how far was a forecast from what happened, and how much less far than a simple one? | [`scores`] |
//!
//! The simple forecasts are written here and not taken from a crate: those that have them (`anofox-forecast`, `augurs-ets`) bring in
//! `num-traits` with the platform's logarithm for the whole program, which changes what the model draws. Their figures are held
//! against those of `anofox-forecast` in the tests.
//!
//! ```
//! use portflow::month::Month;
//! use portflow::forecast::{LogError, Predictive, Rival, Subject, contest};
//!
//! let figures = [(10, 52_000.0), (11, 51_000.0), (12, 55_000.0)].map(|(month, figure)| (Month::new(2023, month), figure));
//! let subject = Subject { figures: figures.into_iter().collect(), summands: Vec::new() };
//! let origin = Month::new(2023, 11);
//! assert_eq!(Rival::LastValue.forecast(&subject, origin, origin.after(1)), Some(51_000.0));
//! let said = Predictive::new([(53_500.0, 0.5), (54_500.0, 0.5)], LogError::normal(0.05)).unwrap();
//! let told = contest(&subject, |_| origin, [(Month::new(2023, 12), &said)], 0.8);
//! assert!(told.matches[0].1.skill().unwrap() > 0.7);
//! ```

pub mod arima;
pub mod discrepancy;
pub mod predictive;
#[cfg(test)]
mod published;
pub mod ratio;
pub mod rivals;
pub mod scores;
pub mod series;
pub mod smoothing;

pub use discrepancy::{Discrepancy, Expected, LogError, Misfit};
pub use predictive::Predictive;
pub use ratio::Summand;
pub use rivals::{Rival, Subject};
pub use scores::{
    Contest, Lack, Match, PointScores, PredictiveScores, brier, contest, is_inside, lacks,
    relative_error, rivals_of_month, skill, standing,
};
pub use series::MonthlySeries;
