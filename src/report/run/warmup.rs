//! Whether the warm-up of a run in a steady state suffices: a sentence for people, a row for programs.

use serde::Serialize;

use super::Report;
use crate::experiment::Warmup;
use crate::experiment::results::warmup::{Beginning, Verdict};
use crate::record::Metric;

/// What MSER-5 says of each series.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    warmup_days: u32,
    method: &'static str,
    series: Vec<SeriesRow>,
}

#[derive(Debug, Serialize)]
struct SeriesRow {
    metric: &'static str,
    /// Days to cut from the beginning of the record.
    cut_days: u32,
    verdict: &'static str,
}

/// The row of a run in a steady state.
pub(super) fn row(report: &Report<'_>) -> Option<Row> {
    let warmup = of(report)?;
    let series = warmup.series.iter().map(|beginning| SeriesRow {
        metric: beginning.metric.name(),
        cut_days: beginning.cut,
        verdict: match beginning.verdict {
            Verdict::Suffices => "suffices",
            Verdict::TooShort => "too_short",
            Verdict::NotSettled => "not_settled",
        },
    });
    Some(Row {
        warmup_days: warmup.days,
        method: "MSER-5",
        series: series.collect(),
    })
}

/// The sentence about the series that asks for most.
pub(super) fn sentence(report: &Report<'_>) -> Option<String> {
    let warmup = of(report)?;
    Some(told(warmup.days, warmup.worst()?))
}

fn of(report: &Report<'_>) -> Option<Warmup> {
    report.is_steady.then(|| Warmup::of(report.results))?
}

fn told(days: u32, worst: Beginning) -> String {
    let Beginning {
        metric,
        cut,
        verdict,
    } = worst;
    let series = match metric {
        Metric::PoolSize => "pool",
        _ => "queues at ports",
    };
    match (verdict, cut) {
        (Verdict::Suffices, 0) => format!(
            "The warm-up of {days} days suffices: MSER-5 on the daily {series} would cut no more days."
        ),
        (Verdict::Suffices, _) => format!(
            "Nothing shows that the warm-up of {days} days is too short: MSER-5 would cut {cut} days more from the daily {series}, but that \
             moves the mean by less than half its standard error, or by no more than chance does."
        ),
        (Verdict::TooShort, _) => format!(
            "The warm-up of {days} days is too short by about {cut} days: MSER-5 on the daily {series} would cut them; set \
             run.warmup_days to {}.",
            days + cut
        ),
        (Verdict::NotSettled, _) => format!(
            "MSER-5 finds the daily {series} not settled by the end of the run: it is too short for a steady state, or there is none."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_verdict_has_its_sentence() {
        let told = |cut, verdict| {
            let metric = Metric::PoolSize;
            told(
                30,
                Beginning {
                    metric,
                    cut,
                    verdict,
                },
            )
        };
        assert!(told(0, Verdict::Suffices).ends_with("would cut no more days."));
        assert!(told(5, Verdict::Suffices).starts_with("Nothing shows that the warm-up"));
        assert!(
            told(5, Verdict::Suffices).contains("would cut 5 days more from the daily pool, but")
        );
        assert!(told(25, Verdict::TooShort).ends_with("set run.warmup_days to 55."));
        assert!(told(250, Verdict::NotSettled).contains("the daily pool not settled"));
    }
}
