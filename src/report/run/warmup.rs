//! Whether the warm-up of a run in a steady state is too short: a sentence for people, a row for programs.

use serde::Serialize;

use super::Report;
use crate::experiment::Warmup;
use crate::experiment::results::warmup::Verdict;
use crate::metric::{Count, Metric};
use crate::report::number::counted;

/// Replications that find most transients which matter to the means of the run.
const ENOUGH: u32 = 10;

/// What the replications show of each series.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    warmup_days: u32,
    method: &'static str,
    series: Vec<SeriesRow>,
}

#[derive(Debug, Serialize)]
struct SeriesRow {
    metric: &'static str,
    /// Days to cut from the beginning of the record; null where the verdict names none.
    cut_days: Option<u32>,
    verdict: &'static str,
}

/// The row of a run in a steady state.
pub(super) fn row(report: &Report<'_>) -> Option<Row> {
    let warmup = of(report)?;
    let series = warmup.series.iter().map(|beginning| {
        let (verdict, cut_days) = match beginning.verdict {
            Verdict::Untold => ("untold", None),
            Verdict::NothingShown => ("nothing_shown", Some(0)),
            Verdict::TooShort { by } => ("too_short", Some(by)),
            Verdict::NotSettled => ("not_settled", None),
        };
        SeriesRow {
            metric: beginning.metric.name(),
            cut_days,
            verdict,
        }
    });
    Some(Row {
        warmup_days: warmup.days,
        method: "t of blocks, paired over replications",
        series: series.collect(),
    })
}

/// The sentence about the series that asks for most.
pub(super) fn sentence(report: &Report<'_>) -> Option<String> {
    told(&of(report)?)
}

fn of(report: &Report<'_>) -> Option<Warmup> {
    Warmup::of(report.results, report.cycle?)
}

fn told(warmup: &Warmup) -> Option<String> {
    let days = counted(warmup.days, "day");
    let worst = warmup.worst()?;
    let series = name(worst.metric);
    Some(match worst.verdict {
        Verdict::Untold => format!(
            "Whether the warm-up of {days} is too short, one replication does not tell: make {ENOUGH} or more."
        ),
        Verdict::NothingShown => format!(
            "Nothing in {} shows that the warm-up of {days} is too short{}.",
            listed(warmup),
            doubt(warmup.replications),
        ),
        Verdict::TooShort { by } => format!(
            "The warm-up of {days} is too short by about {}: until then {series} differ from what they are later; set run.warmup_days to {}.",
            counted(by, "day"),
            warmup.days + by
        ),
        Verdict::NotSettled => format!(
            "By the end of the run {series} have not settled: it is too short for a steady state, or there is none."
        ),
    })
}

fn doubt(replications: u32) -> String {
    if replications < ENOUGH {
        format!("; {replications} replications seldom show it, make {ENOUGH} or more")
    } else {
        String::new()
    }
}

/// The series watched, those that never vary left out.
fn listed(warmup: &Warmup) -> String {
    let names = warmup.series.iter().map(|beginning| name(beginning.metric));
    names.collect::<Vec<_>>().join(", ")
}

fn name(metric: Metric) -> &'static str {
    match metric {
        Metric::PoolSize => "persons in the pool",
        Metric::QueuePersonsMean => "queues at ports",
        Metric::Count(Count::AppointmentsProcessed) => "appointments processed",
        Metric::PortEncounters => "port encounters",
        Metric::Count(Count::IrregularEncounters) => "irregular encounters",
        _ => "mean waits",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::results::warmup::Beginning;
    use insta::assert_snapshot;

    fn warmup(replications: u32, verdict: Verdict) -> Warmup {
        let beginning = |metric, verdict| Beginning { metric, verdict };
        Warmup {
            days: 30,
            replications,
            series: vec![
                beginning(Metric::PortEncounters, verdict.min(Verdict::NothingShown)),
                beginning(Metric::PoolSize, verdict),
            ],
        }
    }

    #[test]
    fn each_verdict_has_its_sentence() {
        let told = |verdict| told(&warmup(10, verdict)).unwrap();
        assert_snapshot!(told(Verdict::NothingShown), @"Nothing in port encounters, persons in the pool shows that the warm-up of 30 days is too short.");
        assert_snapshot!(told(Verdict::TooShort { by: 36 }), @"The warm-up of 30 days is too short by about 36 days: until then persons in the pool differ from what they are later; set run.warmup_days to 66.");
        assert_snapshot!(told(Verdict::NotSettled), @"By the end of the run persons in the pool have not settled: it is too short for a steady state, or there is none.");
    }

    #[test]
    fn few_replications_are_said_to_tell_little() {
        assert_snapshot!(told(&warmup(1, Verdict::Untold)).unwrap(), @"Whether the warm-up of 30 days is too short, one replication does not tell: make 10 or more.");
        assert_snapshot!(told(&warmup(4, Verdict::NothingShown)).unwrap(), @"Nothing in port encounters, persons in the pool shows that the warm-up of 30 days is too short; 4 replications seldom show it, make 10 or more.");
    }
}
