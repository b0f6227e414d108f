//! Formats of a calibration: tables and warnings for people, CSV and JSON for programs, and the scenario that it fitted. Computes
//! nothing but how far off months are, which warnings tell.

mod files;
mod scenario;
mod table;
mod warnings;

pub use files::{fit, fitted_to, json, parameters, posterior, runs};
pub use scenario::{Made, fitted_values, is_fitted, scenario};
pub use table::table;
pub use warnings::warnings;

use crate::calibration::summary::{End, Verdict};
use crate::experiment::calibration::{Fit, Fitted};
use crate::store::Manifest;

/// The results of a calibration and where they come from.
#[derive(Clone, Copy)]
pub struct Calibrated<'a> {
    /// Provenance.
    pub manifest: &'a Manifest,
    /// What was fitted to what.
    pub fit: &'a Fit,
    /// What came of it.
    pub fitted: &'a Fitted,
    /// What to know before it is believed.
    pub warnings: &'a [String],
}

/// A verdict as files and tables write it.
fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Identified => "identified",
        Verdict::WeaklyIdentified => "weakly identified",
        Verdict::NotIdentified => "not identified",
        Verdict::TooFewDraws => "too few draws",
        Verdict::AtBound(End::Low) => "at the low end",
        Verdict::AtBound(End::High) => "at the high end",
    }
}

/// A parameter's value with six digits: more than a fit knows.
fn significant(value: f64) -> f64 {
    let shortened = format!("{value:.5e}").parse();
    shortened.unwrap_or(value) + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_are_kept_of_large_and_small_numbers() {
        let shortened = [0.123_456_789, 1_234_567.8, -2e-9, 0.0].map(significant);
        let written = shortened.map(|value| value.to_string());
        assert_eq!(written, ["0.123457", "1234570", "-0.000000002", "0"]);
    }
}
