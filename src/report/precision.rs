//! What came of the goals of an experiment: a sentence and a row for each.

use serde::Serialize;

use super::number::{counted, exact, rounded, short_percent, two_digit_percents, with_half_width};
use crate::experiment::{Goals, Standing};
use crate::stats::sequential::tested;
use crate::stats::{Level, Precision};

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

/// What is said of all goals after so many replications.
pub(super) fn sentences<'a>(
    standings: impl Iterator<Item = Standing<'a>>,
    goals: &Goals,
    replications: u32,
) -> Vec<String> {
    let standings: Vec<Standing<'_>> = standings.collect();
    let each = standings.iter();
    let each = each.map(|standing| sentence(standing, goals, replications));
    each.chain(of_stopping(&standings, goals.level())).collect()
}

/// What is known of a goal after so many replications, and whether that is what was asked for.
fn sentence(standing: &Standing<'_>, goals: &Goals, replications: u32) -> String {
    let goal = standing.goal;
    let of_variant = standing.variant;
    let of_variant = of_variant.map_or_else(String::new, |name| format!(" for {name}"));
    let made = counted(replications, "replication");
    let came = match (standing.reached, replications >= goals.most()) {
        (true, _) => format!("reached after {made}"),
        (false, true) => format!("not reached, the maximum of {made} came first"),
        (false, false) => format!("not reached yet after {made}"),
    };
    format!(
        "Precision of {}{of_variant}, asked {}: {came}{}.",
        goal.figure,
        goal.precision,
        known(standing, goals.level(), replications),
    )
}

/// That intervals at which replications stopped are somewhat too narrow; `None` without one.
fn of_stopping(standings: &[Standing<'_>], level: Level) -> Option<String> {
    let has_width = |standing: &Standing<'_>| {
        let interval = standing.estimate.and_then(|estimate| estimate.interval);
        standing.reached && interval.is_some_and(|interval| interval.half_width() > 0.0)
    };
    standings.iter().any(has_width).then(|| {
        format!(
            "Replications that stop once an interval is narrow enough leave it covering the expected value somewhat less often than {}, \
             most so for skewed figures.",
            short_percent(level.share())
        )
    })
}

/// The mean with its half-width; where a share was asked for, as a share of the mean too, and how large that may be.
fn known(standing: &Standing<'_>, level: Level, replications: u32) -> String {
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
        Precision::Relative(asked) if estimate.mean != 0.0 => {
            let [found, most] =
                two_digit_percents([half_width / estimate.mean.abs(), tested(asked)]);
            format!(
                ", {found} of the mean; at most {most} keep the mean within {} of the expected value",
                standing.goal.precision
            )
        }
        _ => String::new(),
    };
    format!(
        ", {} (half-width of its own {} interval{share})",
        with_half_width(estimate.mean, half_width),
        short_percent(level.share()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::results::goals::Wanted;
    use crate::record::example;
    use crate::stats::{Level, Moments};

    /// Ten values around 10 with a half-width of 0.754, which is 7.5% of their mean.
    fn told(wanted: &str) -> (String, Option<String>) {
        let wanted: Wanted = wanted.parse().unwrap();
        let goals = Goals::new(&[wanted], &example::layout(), Level::USUAL, 0, 10).unwrap();
        let ten: Moments = (0..10).map(|i| f64::from(9 + i % 2 * 2)).collect();
        let standings: Vec<Standing<'_>> = goals.standings(None, |_| Some(&ten)).collect();
        (
            sentence(&standings[0], &goals, 10),
            of_stopping(&standings, goals.level()),
        )
    }

    #[test]
    fn a_share_is_told_with_the_bound_that_is_tested_and_whose_interval_it_is() {
        let (sentence, stopping) = told("pool_size=8%");
        assert_eq!(
            sentence,
            "Precision of pool_size, asked 8%: not reached, the maximum of 10 replications came first, 10.00 ± 0.75 (half-width of its own \
             95% interval, 7.5% of the mean; at most 7.4% keep the mean within 8% of the expected value)."
        );
        assert_eq!(stopping, None);
        let (sentence, stopping) = told("pool_size=8.2%");
        assert_eq!(
            sentence,
            "Precision of pool_size, asked 8.2%: reached after 10 replications, 10.00 ± 0.75 (half-width of its own 95% interval, 7.5% of \
             the mean; at most 7.6% keep the mean within 8.2% of the expected value)."
        );
        assert!(stopping.is_some_and(|told| told.contains("somewhat less often than 95%")));
    }

    #[test]
    fn a_half_width_that_was_asked_for_is_that_of_its_own_interval() {
        let (sentence, _) = told("pool_size=0.8");
        assert_eq!(
            sentence,
            "Precision of pool_size, asked 0.8: reached after 10 replications, 10.00 ± 0.75 (half-width of its own 95% interval)."
        );
    }
}
