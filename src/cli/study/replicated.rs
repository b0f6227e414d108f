//! Replications of one scenario, or of several on the same people: as they are, or in futures.

use std::num::NonZeroU32;

use portflow::experiment::futures::Source;
use portflow::experiment::{Failure, Outcome, Plan, futures, tasks};
use portflow::record::{Detail, Layout};
use portflow::scenario::{Loaded, Posterior};
use portflow::store::Manifest;

use crate::cli::inputs::futures::Worlds;
use crate::cli::inputs::scenarios::Scenarios;

/// Replications of scenarios: all scenarios of a replication, one after the other, then those of the next.
pub(crate) struct Replicated {
    pub(crate) scenarios: Scenarios,
    /// What is recorded of each.
    pub(crate) layouts: Vec<Layout>,
    /// Its replications are those of all futures.
    pub(crate) plan: Plan,
    /// The replication that the first task does.
    pub(crate) first: u32,
    pub(crate) worlds: Option<Worlds>,
}

impl Replicated {
    /// From replication 0 on.
    pub(crate) fn new(
        scenarios: Scenarios,
        detail: Detail,
        plan: Plan,
        worlds: Option<Worlds>,
    ) -> Self {
        let layout = |loaded: &Loaded| Layout::of(&loaded.scenario, detail);
        Self {
            layouts: scenarios.loaded.iter().map(layout).collect(),
            scenarios,
            plan,
            first: 0,
            worlds,
        }
    }

    /// The manifest of what a command does with them.
    pub(crate) fn manifest(&self, command: &str) -> Manifest {
        let mut manifest = self.scenarios.manifest(command, &self.plan);
        if let Some(worlds) = &self.worlds {
            worlds.add_to(&mut manifest, &self.scenarios);
        }
        manifest
    }

    /// Tasks of a replication.
    pub(crate) fn each(&self) -> u32 {
        self.layouts.len() as u32
    }

    /// Which scenario a task runs.
    pub(crate) fn which(&self, task: u32) -> usize {
        (task % self.each()) as usize
    }

    /// In which replication.
    pub(crate) fn replication(&self, task: u32) -> u32 {
        self.first + task / self.each()
    }

    /// `None` without futures.
    pub(crate) fn replications_per_future(&self) -> Option<NonZeroU32> {
        let futures = self.worlds.as_ref()?.futures;
        NonZeroU32::new(self.plan.replications.get() / futures)
    }

    /// Replications that are in a result together or not at all.
    pub(crate) fn together(&self) -> u32 {
        self.replications_per_future().map_or(1, NonZeroU32::get)
    }

    /// Does a task.
    pub(crate) fn simulated(&self, task: u32) -> Outcome {
        let (which, replication) = (self.which(task), self.replication(task));
        let (loaded, layout) = (&self.scenarios.loaded[which], &self.layouts[which]);
        match self.future(replication) {
            Some((source, future)) => source.simulated(loaded, layout, future, replication),
            None => tasks::simulated(&loaded.scenario, layout, self.plan.seed, replication),
        }
    }

    /// The future of a replication, and what its values come from; `None` without futures.
    fn future(&self, replication: u32) -> Option<(&Source, u32)> {
        let each = self.replications_per_future()?;
        Some((&self.worlds.as_ref()?.source, replication / each))
    }

    /// Whether what is recorded of a task has a value, or none, for each key of its scenario.
    pub(crate) fn fits(&self, task: u32, outcome: &Outcome) -> bool {
        let keys = self.layouts[self.which(task)].keys().len();
        let observed = outcome.as_ref();
        observed.map_or(true, |observed| observed.values.len() == keys)
    }

    /// What failed in a task.
    pub(crate) fn failures(&self, task: u32, outcome: &Outcome) -> Vec<Failure> {
        let (replication, seed) = (self.replication(task), self.plan.seed);
        let failure = Failure::of(outcome, seed, replication).map(|failure| {
            let loaded = &self.scenarios.loaded[self.which(task)];
            let future = self.future(replication);
            let values = future.map(|(source, future)| source.overrides(future));
            let values = values.unwrap_or_default();
            Failure {
                command: futures::command(loaded, &values, seed, replication),
                ..failure
            }
        });
        failure.into_iter().collect()
    }

    /// The posterior that futures are drawn from.
    pub(crate) fn posterior(&self) -> Option<&Posterior> {
        self.worlds.as_ref()?.posterior()
    }
}
