//! Which of several scenarios is best: replications where they decide.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use crate::experiment::Failure;
use crate::stats::Selection;

/// What a scenario came to in one replication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Trial {
    /// It had been eliminated, and was not simulated.
    Skipped,
    /// The figure by which scenarios are selected; `None` where there is nothing to observe.
    Value(Option<f64>),
    /// The simulation failed.
    Failed(String),
}

/// Which scenarios are out of contention: told to those who simulate, so that they simulate no more of them.
#[derive(Debug, Clone)]
pub struct Eliminated(Arc<[AtomicBool]>);

impl Eliminated {
    /// None of so many.
    #[must_use]
    pub fn none(of: usize) -> Self {
        Self((0..of).map(|_| AtomicBool::new(false)).collect())
    }

    /// Whether a scenario is out. When one learns it does not matter to results: what comes of it afterwards is not looked at.
    #[must_use]
    pub fn is_out(&self, scenario: usize) -> bool {
        self.0[scenario].load(Ordering::Relaxed)
    }
}

/// The selection of the best of several scenarios on the same people.
#[derive(Debug)]
pub struct BestOf {
    selection: Selection,
    eliminated: Eliminated,
    seed: u64,
    /// Of the replication under way.
    values: Vec<Option<f64>>,
    replications: u32,
    failures: Vec<Failure>,
}

impl BestOf {
    /// Nothing simulated yet; `eliminated` is told who is out.
    #[must_use]
    pub fn new(selection: Selection, eliminated: Eliminated, seed: u64) -> Self {
        Self {
            selection,
            eliminated,
            seed,
            values: Vec::new(),
            replications: 0,
            failures: Vec::new(),
        }
    }

    /// Takes the trial of the next scenario of the replication under way, in their order.
    pub fn take(&mut self, trial: &Trial) {
        // Whether one that is out failed or was skipped depends on who was quicker.
        let is_out = self.eliminated.is_out(self.values.len());
        if let Trial::Failed(reason) = trial
            && !is_out
        {
            self.failures.push(Failure {
                seed: self.seed,
                replication: self.replications,
                reason: reason.clone(),
                at: None,
                command: None,
            });
        }
        self.values.push(match trial {
            Trial::Value(value) => *value,
            Trial::Skipped | Trial::Failed(_) => None,
        });
        if self.values.len() == self.eliminated.0.len() {
            self.selection.add(&self.values);
            self.values.clear();
            self.replications += 1;
            for (scenario, is_out) in self.eliminated.0.iter().enumerate() {
                let out = self.selection.eliminated_after(scenario).is_some();
                is_out.store(out, Ordering::Relaxed);
            }
        }
    }

    /// What has been selected, and what it took.
    #[must_use]
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// Replications begun, also those that failed for some scenario.
    #[must_use]
    pub fn replications(&self) -> u32 {
        self.replications
    }

    /// Simulations that came to nothing.
    #[must_use]
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Direction, Indifference};

    fn best_of(eliminated: &Eliminated) -> BestOf {
        let zone = Indifference::Absolute(1.0);
        let selection = Selection::new(3, Direction::Min, 0.95, zone, 5).unwrap();
        BestOf::new(selection, eliminated.clone(), 1)
    }

    /// Around 30, 20 and 10.
    fn value(replication: u32, scenario: u32) -> Trial {
        let luck = f64::from((replication * 7 + scenario * 3) % 5) / 2.0;
        Trial::Value(Some(f64::from(30 - 10 * scenario) + luck))
    }

    #[test]
    fn who_is_out_is_told_and_what_comes_of_it_is_not_looked_at() {
        let [told, deaf] = [Eliminated::none(3), Eliminated::none(3)];
        let (mut skipping, mut simulating) = (best_of(&told), best_of(&deaf));
        for replication in 0..10 {
            for scenario in 0..3 {
                let is_out = told.is_out(scenario as usize);
                let trial = value(replication, scenario);
                skipping.take(if is_out { &Trial::Skipped } else { &trial });
                simulating.take(&trial);
            }
        }
        assert_eq!(skipping.selection().best(), Some(2));
        assert!(told.is_out(0) && told.is_out(1) && !told.is_out(2));
        for scenario in 0..3 {
            let [one, other] = [&skipping, &simulating].map(|best| {
                (
                    best.selection().mean(scenario),
                    best.selection().eliminated_after(scenario),
                )
            });
            assert_eq!(one, other);
        }
    }

    #[test]
    fn a_failure_is_named_and_its_replication_left_out_for_all() {
        let eliminated = Eliminated::none(3);
        let mut best = best_of(&eliminated);
        let failure = Trial::Failed("no".into());
        for replication in 0..4 {
            for scenario in 0..3 {
                let failed = (replication, scenario) == (2, 1);
                let trial = value(replication, scenario);
                best.take(if failed { &failure } else { &trial });
            }
        }
        assert_eq!(
            (best.replications(), best.selection().replications(0)),
            (4, 3)
        );
        assert_eq!(best.failures()[0].replication, 2);
    }
}
