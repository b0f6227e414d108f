//! What becomes of a task that came to nothing.

use serde::{Deserialize, Serialize};

use super::Outcome;

/// A replication that came to nothing, with what reproduces it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{}", self.told())]
pub struct Failure {
    /// Seed of the experiment.
    pub seed: u64,
    /// The replication.
    pub replication: u32,
    /// What it said.
    pub reason: String,
    /// The point of a sweep at which it was; `None` where there are no points.
    pub at: Option<FailedPoint>,
    /// The command that shows it again on a single scenario, where one is known.
    pub command: Option<String>,
}

/// A point of a sweep at which something came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedPoint {
    /// The point, from 0.
    pub point: u32,
    /// The future, from 0, where points are replicated in futures.
    pub future: Option<u32>,
    /// Whether the values of the point, in that future, are refused, whatever the replication.
    pub is_refused: bool,
}

impl Failure {
    /// The failure of a replication with this outcome; `None` where it is none.
    #[must_use]
    pub fn of(outcome: &Outcome, seed: u64, replication: u32) -> Option<Self> {
        let reason = outcome.as_ref().err()?.clone();
        Some(Self {
            seed,
            replication,
            reason,
            at: None,
            command: None,
        })
    }

    fn told(&self) -> String {
        let Self {
            seed,
            replication,
            reason,
            at,
            command,
        } = self;
        let of_seed = format!("replication {replication} of seed {seed}");
        let point = at.as_ref().map(|at| {
            let future = at.future.map(|future| format!(" in future {future}"));
            format!("point {}{}", at.point, future.unwrap_or_default())
        });
        let which = match (point, at) {
            (Some(point), Some(at)) if at.is_refused => point,
            (Some(point), _) => format!("{point}, {of_seed}"),
            (None, _) => of_seed,
        };
        let command = command.as_ref();
        let again = command.map_or_else(String::new, |it| format!("\n  to see it: `{it}`"));
        format!("{which} failed: {reason}{again}")
    }
}
