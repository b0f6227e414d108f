//! How every experiment is conducted: its tasks done in parallel and journalled, until all are done or somebody stops it.

use std::io;
use std::num::NonZeroUsize;
use std::ops::{ControlFlow, Range};
use std::process::ExitCode;

use anyhow::Context;
use portflow::experiment::{Failure, Journal, JournalError, Shard, Tasks, tasks};
use portflow::store::{DirectoryError, JournalFate, Manifest, ResultsDir};

use crate::cli::args::output::{OutArgs, Output, is_wrong};
use crate::cli::failure::{self, WrongInput};
use crate::cli::study::interrupt::Interrupt;
use crate::cli::study::keep::{finish, keep_provenance};
use crate::cli::study::progress::Progress;
use crate::cli::study::{Interrupted, Means, Study};

/// How an experiment is to be conducted.
pub(crate) struct Conduct<'a> {
    pub(crate) asked: Manifest,
    pub(crate) threads: NonZeroUsize,
    pub(crate) out: &'a OutArgs,
}

/// What an experiment came to.
pub(crate) struct Conducted<G> {
    /// 1 when a task failed or somebody stopped it.
    pub(crate) status: ExitCode,
    pub(crate) made: Made<G>,
}

/// What was made of the records.
pub(crate) enum Made<G> {
    /// It was made now.
    Now(G),
    /// It was there already.
    Before,
    /// Nothing: it is a shard, or somebody stopped it before there was anything.
    Nothing,
}

/// What came of the tasks.
#[derive(Default)]
struct Done {
    /// How many were taken.
    taken: u32,
    /// Whether no more were needed.
    enough: bool,
    /// What failed, by its place among those taken.
    failures: Vec<(u32, Failure)>,
}

impl Done {
    /// What failed in the first tasks; what was not finished is in no result.
    fn failures_of(&self, tasks: u32) -> Vec<Failure> {
        let failures = self.failures.iter();
        let of_tasks = failures.filter(|&&(place, _)| place < tasks);
        of_tasks.map(|(_, failure)| failure.clone()).collect()
    }
}

/// Conducts an experiment, or the shard of it that is asked for.
pub(crate) fn conduct<S: Study>(
    study: &S,
    how: &Conduct<'_>,
) -> anyhow::Result<Conducted<S::Gathered>> {
    let range = tasks_of(study, how.asked.shard)?;
    let wanted = range.len() as u32;
    // Before anything is made that a Ctrl-C would leave behind.
    let interrupt = listen()?;
    let mut directory = match how.out.open(&how.asked)? {
        Output::Finished(there) => {
            return Ok(Conducted {
                status: nothing_to_do(&there, how.out),
                made: Made::Before,
            });
        }
        Output::Open(directory) => Some(directory),
        Output::Nowhere => None,
    };
    // A shard is its journal.
    let mut gathering = match how.asked.shard {
        Some(_) => None,
        None => Some(gather(study, directory.as_ref())?),
    };
    let journal = directory.as_mut().map(ResultsDir::journal);
    let done = perform(study, how, range, journal, gathering.as_mut(), &interrupt)?;
    let is_whole = done.enough || done.taken == wanted;
    let units = finished_units(study, done.taken);
    let kept = units * study.tasks_per_unit();
    let spared = directory.take_if(|directory| !is_whole && directory.has_others(units));
    if !is_whole {
        let next = match (&directory, &spared) {
            (_, Some(_)) => Next::ResumeBesideOthers,
            (Some(_), _) => Next::Resume,
            _ => Next::Nothing,
        };
        let of = format!("{} of {wanted} {}", done.taken, S::TASKS);
        let results = gathering.as_ref().map_or_else(String::new, |gathered| {
            let has_results = kept > 0 && study.has_results(gathered);
            whose(has_results.then_some(kept), done.taken, next)
        });
        say_stopped(&format!("{of}{results}"), next, how.out);
    }
    let failures = done.failures_of(kept);
    match (&mut gathering, directory) {
        (Some(gathered), directory) if units > 0 => {
            let fate = if is_whole {
                JournalFate::Remove
            } else {
                JournalFate::Keep
            };
            let mut manifest = how.asked.done(units, &failures);
            manifest.stopped_of = (!is_whole).then(|| how.asked.units());
            finish(study, gathered, &manifest, directory, fate, how.out)?;
        }
        (None, Some(directory)) if is_whole => {
            let manifest = how.asked.done(how.asked.units(), &failures);
            keep_provenance(study, &manifest, &directory)
                .with_context(|| how.out.told("cannot write the shard"))?;
            directory.publish(JournalFate::Publish)?;
            if let Some(Shard { index, of }) = how.asked.shard {
                failure::say(&format!(
                    "shard {index}/{of} is done; `portflow merge` joins it with the others"
                ));
            }
        }
        _ => {}
    }
    Ok(Conducted {
        status: status(is_whole && done.failures.is_empty()),
        made: gathering
            .filter(|_| units > 0)
            .map_or(Made::Nothing, Made::Now),
    })
}

/// Units of the results of so many tasks, as an experiment that was stopped has them: those that are together in a result are all done.
fn finished_units<S: Study>(study: &S, tasks: u32) -> u32 {
    let together = study.units_per_result();
    tasks / study.tasks_per_unit() / together * together
}

/// Does the tasks that are not in the journal yet, and gathers all.
fn perform<S: Study>(
    study: &S,
    how: &Conduct<'_>,
    range: Range<u32>,
    journal: Option<&mut Journal>,
    mut gathering: Option<&mut S::Gathered>,
    interrupt: &Interrupt,
) -> anyhow::Result<Done> {
    let recorded = journal.as_ref().map_or(0, |journal| journal.recorded());
    let kept_in = journal.as_ref().map(|journal| journal.path().to_owned());
    let progress = Progress::of(range.len() as u32, S::TASKS);
    progress.watch(interrupt);
    let mut done = Done::default();
    let stopped = || interrupt.asked();
    let left = range.len().saturating_sub(recorded as usize).max(1);
    let means = Means {
        stopped: &stopped,
        threads: NonZeroUsize::new(how.threads.get() / left).unwrap_or(NonZeroUsize::MIN),
    };
    let tasks = Tasks {
        range,
        threads: how.threads,
        stopped: &stopped,
        journal,
    };
    let performed = tasks.try_perform(
        |task| study.perform(task, &means),
        |task, record| {
            if let Some(path) = &kept_in
                && !study.fits(task, &record)
            {
                return Err(JournalError::Misfit(path.clone(), done.taken + 1).into());
            }
            progress.one_more(done.taken < recorded);
            for failure in study.failures(task, &record) {
                progress.say(&format!("error: {failure}"));
                done.failures.push((done.taken, failure));
            }
            done.taken += 1;
            let Some(gathered) = &mut gathering else {
                return Ok(ControlFlow::Continue(()));
            };
            study.take(gathered, task, record)?;
            if let Some(tasks) = study.expected(gathered) {
                progress.expect(tasks);
            }
            let is_unit = done.taken.is_multiple_of(study.tasks_per_unit());
            done.enough = is_unit && study.is_enough(gathered);
            Ok(if done.enough {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            })
        },
    );
    interrupt.tell(|message| progress.say(message));
    match performed {
        Ok(()) => Ok(done),
        Err(error) if error.is::<Interrupted>() => Ok(done),
        Err(error) => Err(ended_by(error, how.out)),
    }
}

/// What is said of an error that ends an experiment: how it goes on once the system does its part, and not of a journal that fails again.
fn ended_by(error: anyhow::Error, out: &OutArgs) -> anyhow::Error {
    let error = match error.downcast::<JournalError>() {
        Ok(of_journal) => is_wrong(of_journal.into()),
        Err(other) => other,
    };
    if error.is::<io::Error>() || error.is::<DirectoryError>() {
        let what = "cannot keep, or read again, what a simulation came to";
        error.context(out.told(what))
    } else {
        error
    }
}

/// Whether somebody stops the experiment.
pub(crate) fn listen() -> anyhow::Result<Interrupt> {
    Interrupt::listen().context("cannot listen for Ctrl-C")
}

/// Ready to gather the results.
pub(crate) fn gather<S: Study>(
    study: &S,
    directory: Option<&ResultsDir>,
) -> anyhow::Result<S::Gathered> {
    study.gather(directory).context("cannot begin the results")
}

/// The tasks of the whole, or of a shard.
pub(crate) fn tasks_of<S: Study>(study: &S, shard: Option<Shard>) -> anyhow::Result<Range<u32>> {
    let (units, each) = (study.units(), study.tasks_per_unit());
    tasks::count(units, each).map_err(|error| WrongInput(error.to_string()))?;
    let part = shard.map_or(0..units, |shard| shard.range(units));
    Ok(part.start * each..part.end * each)
}

/// What can be done about a stopped experiment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Nothing,
    /// It can be gone on with.
    Resume,
    /// It can, and results that it was to replace are there still.
    ResumeBesideOthers,
}

/// Of what the results are, where there are any, that a stopped experiment keeps or prints: of the tasks that were done, but for those
/// whose others are missing.
fn whose(kept: Option<u32>, done: u32, next: Next) -> String {
    let Some(kept) = kept else {
        return ", too few for a result".to_owned();
    };
    let printed = match next {
        Next::ResumeBesideOthers => " printed",
        Next::Resume | Next::Nothing => "",
    };
    if kept == done {
        format!(": the results{printed} are theirs")
    } else {
        format!(": the results{printed} are of the first {kept}")
    }
}

/// Says that somebody stopped the experiment, after what, and how to go on.
fn say_stopped(after: &str, next: Next, out: &OutArgs) {
    let directory = out.out.as_deref().unwrap_or("".as_ref()).display();
    let resume = out.resume();
    let next = match next {
        Next::Nothing => "; with --out DIR one can go on".to_owned(),
        Next::Resume => format!("; {resume}"),
        Next::ResumeBesideOthers => {
            format!("; `{directory}` holds the earlier ones still, and {resume}")
        }
    };
    failure::say(&format!("stopped after {after}{next}"));
}

/// Says that the results are there already, and gives their status.
pub(crate) fn nothing_to_do(there: &Manifest, out: &OutArgs) -> ExitCode {
    let name = out.out.as_deref().unwrap_or("".as_ref()).display();
    failure::say(&format!(
        "`{name}` holds this {} already: nothing to do",
        there.command
    ));
    status(!there.has_failures())
}

/// The status: 1 where something failed, or somebody stopped it.
pub(crate) fn status(is_done: bool) -> ExitCode {
    if is_done {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(failure::FAILED)
    }
}
