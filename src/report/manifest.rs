//! Provenance: everything that reproduces a result, and nothing that varies between two runs that do.

use std::io::{self, Write};

use serde::Serialize;

use super::format::Report;
use crate::experiment::{Plan, Results};
use crate::scenario::Scenario;

/// What reproduces a result. It holds no clock, host or thread count.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Manifest {
    /// Version of portflow.
    pub portflow: String,
    /// What the scenario is about.
    pub title: String,
    /// Hash of the resolved scenario and its data.
    pub digest: String,
    /// Seed of every random number.
    pub seed: u64,
    /// Replications asked for.
    pub replications: u32,
    /// Replications that came to nothing and are in no figure.
    pub failed_replications: Vec<u32>,
    /// How random numbers are made.
    pub random_numbers: String,
    /// Confidence level of the intervals.
    pub level: f64,
    /// First recorded day.
    pub start: String,
    /// Last recorded day.
    pub end: String,
    /// Days simulated before it. \[days\]
    pub warmup_days: u32,
}

impl Manifest {
    /// The manifest of a finished experiment on a scenario with this digest.
    #[must_use]
    pub fn new(
        scenario: &Scenario,
        digest: String,
        random_numbers: &str,
        plan: &Plan,
        results: &Results,
    ) -> Self {
        let failures = results.failures().iter();
        Self {
            portflow: env!("CARGO_PKG_VERSION").to_owned(),
            title: scenario.title.clone(),
            digest,
            seed: plan.seed,
            replications: plan.replications.get(),
            failed_replications: failures.map(|failure| failure.replication).collect(),
            random_numbers: random_numbers.to_owned(),
            level: plan.level.share(),
            start: scenario.run.start.to_string(),
            end: scenario.run.end.to_string(),
            warmup_days: scenario.run.warmup_days,
        }
    }
}

/// Writes the manifest as a JSON document.
///
/// # Errors
/// The writer's.
pub fn json(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *to, report.manifest)?;
    writeln!(to)
}
