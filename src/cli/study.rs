//! What an experiment is: tasks that are independent of each other, and what is made of what they come to.

pub(crate) mod at_points;
pub(crate) mod conduct;
pub(crate) mod interrupt;
pub(crate) mod join;
pub(crate) mod keep;
pub(crate) mod progress;
pub(crate) mod replicated;

use std::io::{self, Write};
use std::num::NonZeroUsize;

use portflow::experiment::Failure;
use portflow::scenario::{Loaded, Posterior};
use portflow::store::{Manifest, ResultsDir};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// An experiment: tasks that are independent of each other, and what is made of them.
pub(crate) trait Study: Sync {
    /// What a task comes to.
    type Record: Serialize + DeserializeOwned + Send;
    /// What is made of the records.
    type Gathered;

    /// What the tasks are called.
    const TASKS: &'static str;

    /// How many units there are; shards are made of whole ones.
    fn units(&self) -> u32;

    /// Tasks of a unit.
    fn tasks_per_unit(&self) -> u32 {
        1
    }

    /// Units that are in a result together or not at all: with futures, the replications of one.
    fn units_per_result(&self) -> u32 {
        1
    }

    /// Does a task. A failed simulation is a record; an error ends the experiment.
    fn perform(&self, task: u32, means: &Means<'_>) -> anyhow::Result<Self::Record>;

    /// Whether a record of a task has what this experiment keeps of it: one of a journal may have come from elsewhere.
    fn fits(&self, task: u32, record: &Self::Record) -> bool {
        let _ = (task, record);
        true
    }

    /// What failed in a task, and what reproduces it.
    fn failures(&self, task: u32, record: &Self::Record) -> Vec<Failure>;

    /// Ready to gather, with files of the directory opened where rows are written as they come.
    fn gather(&self, directory: Option<&ResultsDir>) -> io::Result<Self::Gathered>;

    /// Takes the record of a task, in their order.
    fn take(
        &self,
        gathered: &mut Self::Gathered,
        task: u32,
        record: Self::Record,
    ) -> io::Result<()>;

    /// Whether the experiment has what it needs, asked when a unit is done.
    fn is_enough(&self, gathered: &Self::Gathered) -> bool {
        let _ = gathered;
        false
    }

    /// Whether what is gathered of the units that are finished makes a result, which is printed.
    fn has_results(&self, gathered: &Self::Gathered) -> bool {
        let _ = gathered;
        true
    }

    /// How many tasks there will be, where that becomes clear only on the way.
    fn expected(&self, gathered: &Self::Gathered) -> Option<u32> {
        let _ = gathered;
        None
    }

    /// Writes all files but the manifest and the scenarios.
    fn write(
        &self,
        gathered: &mut Self::Gathered,
        manifest: &Manifest,
        directory: &ResultsDir,
    ) -> io::Result<()>;

    /// Writes what was asked for beside the directory, before that appears: what is not finished is gone on with.
    fn write_elsewhere(
        &self,
        gathered: &mut Self::Gathered,
        manifest: &Manifest,
    ) -> anyhow::Result<()> {
        let _ = (gathered, manifest);
        Ok(())
    }

    /// Prints what standard output gets.
    fn print(
        &self,
        gathered: &mut Self::Gathered,
        manifest: &Manifest,
        to: &mut dyn Write,
    ) -> io::Result<()>;

    /// Every scenario of the experiment with the folder that it is kept in; one that is alone is kept in the directory itself.
    fn scenarios(&self) -> Vec<(&str, &Loaded)>;

    /// The posterior that futures are drawn from, which is kept beside the scenarios.
    fn posterior(&self) -> Option<&Posterior> {
        None
    }
}

/// What a task that takes long is done with.
pub(crate) struct Means<'a> {
    /// Whether somebody stopped the experiment: it comes to [`Interrupted`] then.
    pub(crate) stopped: &'a (dyn Fn() -> bool + Sync),
    /// Its share of the threads, as all tasks that are left are done side by side.
    pub(crate) threads: NonZeroUsize,
}

/// What a task comes to that was under way when somebody stopped the experiment.
#[derive(Debug, thiserror::Error)]
#[error("somebody stopped it")]
pub(crate) struct Interrupted;
