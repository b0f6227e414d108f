//! The tasks of an experiment: done in parallel, kept in a journal, handed over in order.

pub mod failure;
pub mod journal;
pub mod ordered;
pub mod shard;

use std::any::Any;
use std::fmt::Display;
use std::io;
use std::num::NonZeroUsize;
use std::ops::{ControlFlow, Range};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::model;
use crate::record::{Layout, Observations};
use crate::scenario::Scenario;
use journal::{Journal, JournalError};
use ordered::in_order;

/// What a simulation came to: its observations, or what went wrong.
pub type Outcome = Result<Observations, String>;

/// Tasks that one experiment can have.
pub const MOST_TASKS: u32 = 100_000_000;

/// More tasks than [`MOST_TASKS`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{units} times {each} are more simulations than one experiment can have: at most {MOST_TASKS}"
)]
pub struct TooManyTasks {
    /// Units of the experiment.
    units: u64,
    /// Tasks of each.
    each: u64,
}

/// How many tasks an experiment of so many units has, with so many tasks each.
///
/// # Errors
/// More than [`MOST_TASKS`].
pub fn count(units: impl Into<u64>, each: impl Into<u64>) -> Result<u32, TooManyTasks> {
    let (units, each) = (units.into(), each.into());
    let tasks = units
        .checked_mul(each)
        .and_then(|tasks| u32::try_from(tasks).ok());
    tasks
        .filter(|&tasks| tasks <= MOST_TASKS)
        .ok_or(TooManyTasks { units, each })
}

/// Which tasks to do and how.
pub struct Tasks<'a> {
    /// The tasks, by number: those of one shard, or all.
    pub range: Range<u32>,
    /// Tasks at a time; it shows in no result.
    pub threads: NonZeroUsize,
    /// Asked before each task: once it says so no other is begun, and those under way are finished.
    pub stopped: &'a (dyn Fn() -> bool + Sync),
    /// Keeps every record; what it holds already is not done again.
    pub journal: Option<&'a mut Journal>,
}

impl Tasks<'_> {
    /// Does `work` for each task and hands the records to `take`, on the calling thread, strictly in the order of the tasks.
    ///
    /// The records that the journal holds come first, from there. When `take` breaks, the experiment has what it needs, and no
    /// further task is begun. What has been taken is always the beginning of the range, without a gap.
    ///
    /// # Errors
    /// The first of `take` or of the journal.
    pub fn perform<T: Serialize + DeserializeOwned + Send>(
        self,
        work: impl Fn(u32) -> T + Sync,
        take: impl FnMut(u32, T) -> io::Result<ControlFlow<()>>,
    ) -> io::Result<()> {
        self.try_perform(|task| Ok(work(task)), take)
    }

    /// The same with work that may come to nothing, which ends it all: no record of that task is kept or handed over, nor of those after
    /// it.
    ///
    /// # Errors
    /// As of [`perform`](Self::perform), or that of the work.
    pub fn try_perform<T, E>(
        mut self,
        work: impl Fn(u32) -> Result<T, E> + Sync,
        mut take: impl FnMut(u32, T) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E>
    where
        T: Serialize + DeserializeOwned + Send,
        E: From<io::Error> + From<JournalError> + Send,
    {
        let mut first = self.range.start;
        if let Some(journal) = &self.journal {
            let records = replay(journal.path())?;
            for (task, record) in self.range.clone().zip(records) {
                if take(task, record?)?.is_break() {
                    return Ok(());
                }
                first = task + 1;
            }
        }
        let done = in_order(
            self.range.end - first,
            self.threads,
            self.stopped,
            |task| work(first + task),
            |task, record| {
                let taken =
                    record.and_then(|record| self.keep_and(&mut take, first + task, record));
                match taken {
                    Ok(ControlFlow::Continue(())) => ControlFlow::Continue(()),
                    Ok(ControlFlow::Break(())) => ControlFlow::Break(Ok(())),
                    Err(error) => ControlFlow::Break(Err(error)),
                }
            },
        );
        done.break_value().unwrap_or(Ok(()))
    }

    fn keep_and<T: Serialize, E: From<io::Error>>(
        &mut self,
        take: &mut impl FnMut(u32, T) -> Result<ControlFlow<()>, E>,
        task: u32,
        record: T,
    ) -> Result<ControlFlow<()>, E> {
        if let Some(journal) = &mut self.journal {
            journal.append(&record)?;
        }
        take(task, record)
    }
}

/// The records of a journal.
///
/// # Errors
/// [`JournalError`], of the journal or of a record.
pub fn replay<T: DeserializeOwned>(
    path: &Path,
) -> Result<impl Iterator<Item = journal::Record<T>> + use<T>, JournalError> {
    let read = journal::read(path)?;
    Ok(read.into_iter().flat_map(|(_, records)| records))
}

/// The outcome of a simulation, whose panic is one too: it does not take other tasks with it.
///
/// # Errors
/// What the simulation said, or that it panicked.
pub fn guarded<E: Display>(simulate: impl FnOnce() -> Result<Observations, E>) -> Outcome {
    // Nothing of a simulation that panics is looked at again.
    match catch_unwind(AssertUnwindSafe(simulate)) {
        Ok(outcome) => outcome.map_err(|error| error.to_string()),
        Err(panic) => Err(message_of(panic.as_ref())),
    }
}

/// The outcome of a replication of a scenario, observed by its layout.
///
/// # Errors
/// What the model said, or that it panicked.
pub fn simulated(scenario: &Scenario, layout: &Layout, seed: u64, replication: u32) -> Outcome {
    guarded(|| model::simulate(scenario, seed, replication).map(|record| layout.observe(&record)))
}

fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("panicked: {}", text.unwrap_or("without a message"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_experiment_has_no_more_tasks_than_the_most() {
        assert_eq!(count(MOST_TASKS, 1_u32), Ok(MOST_TASKS));
        assert_eq!(count(0_u32, u64::MAX), Ok(0));
        for (units, each) in [(MOST_TASKS.into(), 2), (1 << 32, 1 << 32), (1, u64::MAX)] {
            assert_eq!(count(units, each), Err(TooManyTasks { units, each }));
        }
    }

    #[test]
    fn work_that_comes_to_nothing_ends_all_and_what_came_before_it_is_kept() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("journal");
        let mut journal = Journal::begin(&path, "squares").unwrap();
        let mut taken = Vec::new();
        let tasks = Tasks {
            range: 0..8,
            threads: NonZeroUsize::new(2).unwrap(),
            stopped: &|| false,
            journal: Some(&mut journal),
        };
        let done = tasks.try_perform(
            |task| match task {
                5 => Err(io::Error::other("no fifth")),
                task => Ok(task * task),
            },
            |task, square| {
                taken.push((task, square));
                Ok(ControlFlow::Continue(()))
            },
        );
        assert_eq!(done.unwrap_err().to_string(), "no fifth");
        assert_eq!(taken, [(0, 0), (1, 1), (2, 4), (3, 9), (4, 16)]);
        let kept: Vec<u32> = replay(&path).unwrap().map(Result::unwrap).collect();
        assert_eq!(kept, [0, 1, 4, 9, 16]);
    }
}
