//! What came of the goals of an experiment: a sentence and a row for each.

use serde::Serialize;

use super::number::{exact, percent, rounded, with_half_width};
use crate::experiment::{Goals, Standing};
use crate::stats::Precision;

/// A goal, as JSON keeps it.
#[derive(Debug, Serialize)]
pub(super) struct Row<'a> {
    /// The variant whose difference it is about; missing in a plain run.
    #[serde(skip_serializing_if = "Option::is_none")]
    variant: Option<&'a str>,
    figure: &'a str,
    asked: String,
    mean: Option<f64>,
    half_width: Option<f64>,
    n: u32,
    reached: bool,
}

impl<'a> Row<'a> {
    pub(super) fn of(standing: Standing<'a>) -> Self {
        let interval = standing.estimate.and_then(|estimate| estimate.interval);
        Self {
            variant: standing.variant,
            figure: &standing.goal.figure,
            asked: standing.goal.precision.to_string(),
            mean: standing.estimate.map(|estimate| rounded(estimate.mean)),
            half_width: interval.map(|interval| rounded(interval.half_width())),
            n: standing.estimate.map_or(0, |estimate| estimate.n),
            reached: standing.reached,
        }
    }
}

/// What is known of a goal after so many replications, and whether that is what was asked for.
pub(super) fn sentence(standing: &Standing<'_>, goals: &Goals, replications: u32) -> String {
    let goal = standing.goal;
    let of_variant = standing.variant;
    let of_variant = of_variant.map_or_else(String::new, |name| format!(" for {name}"));
    let came = match (standing.reached, replications >= goals.most()) {
        (true, _) => format!("reached after {replications} replications"),
        (false, true) => {
            format!("not reached, the maximum of {replications} replications came first")
        }
        (false, false) => format!("not reached yet after {replications} replications"),
    };
    format!(
        "Precision of {}{of_variant}, asked {}: {came}{}.",
        goal.figure,
        goal.precision,
        known(standing, replications),
    )
}

/// The mean with its half-width, as a share of the mean too where that was asked for.
fn known(standing: &Standing<'_>, replications: u32) -> String {
    let Some(estimate) = standing.estimate else {
        return "; it has no value".to_owned();
    };
    let Some(interval) = estimate.interval else {
        return String::new();
    };
    let half_width = interval.half_width();
    if half_width <= 0.0 {
        let value = exact(estimate.mean);
        return match estimate.n {
            n if n < replications => format!(", {value} in all {n} that have a value"),
            _ => format!(", {value} in every one"),
        };
    }
    let share = match standing.goal.precision {
        Precision::Relative(_) if estimate.mean != 0.0 => {
            format!(" ({})", percent(half_width / estimate.mean.abs()))
        }
        _ => String::new(),
    };
    format!(", {}{share}", with_half_width(estimate.mean, half_width))
}
