//! How every experiment is conducted: its tasks done in parallel and journalled, its results gathered, kept and printed.

use std::io::{self, BufWriter, Write};
use std::num::NonZeroUsize;
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use portflow::experiment::{Failure, Journal, Shard, Tasks, tasks};
use portflow::report::directory::JOURNAL;
use portflow::report::files::{MANIFEST, POSTERIOR, RESOLVED};
use portflow::report::{JournalFate, Manifest, ResultsDir};
use portflow::scenario::{Loaded, Posterior};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::failure::{self, WrongInput};
use super::interrupt::Interrupt;
use super::output::{OutArgs, Output};
use super::progress::Progress;

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

    /// Does a task. A failed simulation is a record; an error ends the experiment.
    fn perform(&self, task: u32, means: &Means<'_>) -> anyhow::Result<Self::Record>;

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

/// What could not be done where results cannot be kept.
const WRITE: &str = "cannot write the results";
const WRITE_ELSEWHERE: &str = "cannot write what was asked for beside the results";

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
    /// What failed in the first units; a unit that was not finished is in no result.
    fn failures_of(&self, tasks: u32) -> Vec<Failure> {
        let failures = self.failures.iter();
        let of_tasks = failures.filter(|&&(place, _)| place < tasks);
        of_tasks.map(|(_, failure)| failure.clone()).collect()
    }

    fn status(&self, is_whole: bool) -> ExitCode {
        if is_whole && self.failures.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(failure::FAILED)
        }
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
    let units = done.taken / study.tasks_per_unit();
    let spared = directory.take_if(|directory| !is_whole && directory.has_others(units));
    if !is_whole {
        let of = format!("{} of {wanted} {}", done.taken, S::TASKS);
        let next = match (&directory, &spared) {
            (_, Some(_)) => Next::ResumeBesideOthers,
            (Some(_), _) => Next::Resume,
            _ => Next::Nothing,
        };
        let has_results = |gathered| units > 0 && study.has_results(gathered);
        say_stopped(&of, gathering.as_ref().map(has_results), next, how.out);
    }
    let failures = done.failures_of(units * study.tasks_per_unit());
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
        status: done.status(is_whole),
        made: gathering
            .filter(|_| units > 0)
            .map_or(Made::Nothing, Made::Now),
    })
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
    let progress = Progress::of(range.len() as u32, S::TASKS);
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
    match performed {
        Ok(()) => Ok(done),
        Err(error) if error.is::<Interrupted>() => Ok(done),
        Err(error) if error.is::<io::Error>() => {
            let what = "cannot keep, or read again, what a simulation came to";
            Err(error.context(how.out.told(what)))
        }
        Err(error) => Err(error),
    }
}

/// Gathers the records of shards, whose journals are given in order, as if one experiment had made them.
pub(crate) fn join<S: Study>(
    study: &S,
    asked: &Manifest,
    journals: &[PathBuf],
    out: &OutArgs,
) -> anyhow::Result<ExitCode> {
    let interrupt = listen()?;
    let directory = match out.open(asked)? {
        Output::Open(directory) => directory,
        Output::Finished(there) => return Ok(nothing_to_do(&there, out)),
        Output::Nowhere => anyhow::bail!("joined results need a directory"),
    };
    let whole = tasks_of(study, None)?.len() as u32;
    let mut gathered = gather(study, Some(&directory))?;
    let mut done = Done::default();
    for (index, path) in (1..).zip(journals) {
        let of = journals.len() as u32;
        let part = tasks_of(study, Some(Shard { index, of }))?;
        for record in tasks::replay(path)? {
            if interrupt.asked() {
                failure::say("stopped: nothing is joined; the same command begins again");
                return Ok(ExitCode::from(failure::FAILED));
            }
            let record = record.with_context(|| format!("cannot read `{}`", path.display()))?;
            for failure in study.failures(done.taken, &record) {
                failure::say(&format!("error: {failure}"));
                done.failures.push((done.taken, failure));
            }
            study
                .take(&mut gathered, done.taken, record)
                .with_context(|| out.told(WRITE))?;
            done.taken += 1;
        }
        if done.taken != part.end {
            return Err(WrongInput(format!(
                "`{}` is damaged: it does not hold the {} {} of its shard; put a copy in its place, or do the shard again",
                path.display(),
                part.len(),
                S::TASKS,
            ))
            .into());
        }
    }
    let manifest = asked.done(asked.units(), &done.failures_of(whole));
    finish(
        study,
        &mut gathered,
        &manifest,
        Some(directory),
        JournalFate::Remove,
        out,
    )?;
    Ok(done.status(true))
}

fn listen() -> anyhow::Result<Interrupt> {
    Interrupt::listen().context("cannot listen for Ctrl-C")
}

fn gather<S: Study>(study: &S, directory: Option<&ResultsDir>) -> anyhow::Result<S::Gathered> {
    study.gather(directory).context("cannot begin the results")
}

/// The tasks of the whole, or of a shard.
fn tasks_of<S: Study>(study: &S, shard: Option<Shard>) -> anyhow::Result<Range<u32>> {
    let (units, each) = (study.units(), study.tasks_per_unit());
    if units.checked_mul(each).is_none() {
        return Err(WrongInput(format!(
            "{units} times {each} are more {} than one experiment can have: at most {}",
            S::TASKS,
            u32::MAX
        ))
        .into());
    }
    let part = shard.map_or(0..units, |shard| shard.range(units));
    Ok(part.start * each..part.end * each)
}

/// Keeps the results in their place, and prints them.
fn finish<S: Study>(
    study: &S,
    gathered: &mut S::Gathered,
    manifest: &Manifest,
    directory: Option<ResultsDir>,
    fate: JournalFate,
    out: &OutArgs,
) -> anyhow::Result<()> {
    let is_kept = directory.is_some();
    if let Some(directory) = directory {
        let kept = keep_provenance(study, manifest, &directory)
            .and_then(|()| study.write(gathered, manifest, &directory));
        kept.with_context(|| out.told(WRITE))?;
        let written = study.write_elsewhere(gathered, manifest);
        written.with_context(|| out.told(WRITE_ELSEWHERE))?;
        directory.publish(fate)?;
    }
    let printed = if study.has_results(gathered) {
        let mut stdout = BufWriter::new(io::stdout().lock());
        let printed = study.print(gathered, manifest, &mut stdout);
        printed.and_then(|()| stdout.flush())
    } else {
        Ok(())
    };
    if !is_kept {
        study.write_elsewhere(gathered, manifest)?;
    }
    failure::printed(printed)
}

/// Writes the manifest, the posterior and the scenarios, each beside the data that it names.
fn keep_provenance<S: Study>(
    study: &S,
    manifest: &Manifest,
    directory: &ResultsDir,
) -> io::Result<()> {
    directory.write(MANIFEST, |to| writeln!(to, "{}", manifest.to_json()))?;
    if let Some(posterior) = study.posterior() {
        directory.write(POSTERIOR, |to| to.write_all(posterior.text().as_bytes()))?;
    }
    let scenarios = study.scenarios();
    let is_alone = scenarios.len() == 1;
    for (folder, loaded) in scenarios {
        let folder = if is_alone { "" } else { folder };
        let resolved = loaded.resolved_toml();
        let files = std::iter::once((RESOLVED, &resolved))
            .chain(loaded.data.iter().map(|(name, text)| (name.as_str(), text)));
        for (name, text) in files {
            directory.write(&in_folder(folder, name), |to| to.write_all(text.as_bytes()))?;
        }
    }
    Ok(())
}

/// A file's name in a folder; an empty folder is the directory itself.
pub(crate) fn in_folder(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

/// The journal of a published shard.
pub(crate) fn journal_of(shard: &Path) -> PathBuf {
    shard.join(JOURNAL)
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

/// Says that somebody stopped the experiment, and what there is now. `has_results` is `None` of a shard, which has a journal and no results
/// of its own, stopped or not.
fn say_stopped(done: &str, has_results: Option<bool>, next: Next, out: &OutArgs) {
    let results = match (has_results, next) {
        (None, _) => "",
        (Some(false), _) => ", too few for a result",
        (Some(true), Next::ResumeBesideOthers) => ": the results printed are theirs",
        (Some(true), _) => ": the results are theirs",
    };
    let directory = out.out.as_deref().unwrap_or("".as_ref()).display();
    let resume = out.resume();
    let next = match next {
        Next::Nothing => "; with --out DIR one can go on".to_owned(),
        Next::Resume => format!("; {resume}"),
        Next::ResumeBesideOthers => {
            format!("; `{directory}` holds the earlier ones still, and {resume}")
        }
    };
    failure::say(&format!("stopped after {done}{results}{next}"));
}

fn nothing_to_do(there: &Manifest, out: &OutArgs) -> ExitCode {
    let name = out.out.as_deref().unwrap_or("".as_ref()).display();
    failure::say(&format!(
        "`{name}` holds this {} already: nothing to do",
        there.command
    ));
    if there.has_failures() {
        ExitCode::from(failure::FAILED)
    } else {
        ExitCode::SUCCESS
    }
}
