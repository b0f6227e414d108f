//! The records of shards, gathered as if one experiment had made them.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use portflow::experiment::{JournalError, Shard, tasks};
use portflow::store::{JournalFate, Manifest};

use crate::cli::args::output::{OutArgs, Output, is_wrong};
use crate::cli::failure::{self, FAILED, WrongInput};
use crate::cli::study::Study;
use crate::cli::study::conduct::{gather, listen, nothing_to_do, status, tasks_of};
use crate::cli::study::keep::{WRITE, finish};

/// Gathers the records of shards, whose journals are given in order, as if one experiment had made them.
pub(crate) fn join<S: Study>(
    study: &S,
    asked: &Manifest,
    journals: &[PathBuf],
    out: &OutArgs,
) -> anyhow::Result<ExitCode> {
    let interrupt = listen()?;
    interrupt.watch(failure::say);
    let directory = match out.open(asked)? {
        Output::Open(directory) => directory,
        Output::Finished(there) => return Ok(nothing_to_do(&there, out)),
        Output::Nowhere => anyhow::bail!("joined results need a directory"),
    };
    let mut gathered = gather(study, Some(&directory))?;
    let (mut taken, mut failures) = (0, Vec::new());
    for (index, path) in (1..).zip(journals) {
        let of = journals.len() as u32;
        let part = tasks_of(study, Some(Shard { index, of }))?;
        let records = tasks::replay(path).map_err(|error| is_wrong(error.into()))?;
        for (number, record) in (1..).zip(records) {
            if interrupt.asked() {
                interrupt.tell(failure::say);
                failure::say("stopped: nothing is joined; the same command begins again");
                return Ok(ExitCode::from(FAILED));
            }
            let record = record.and_then(|record| {
                let is_of_this = study.fits(taken, &record);
                let misfit = || JournalError::Misfit(path.clone(), number);
                is_of_this.then_some(record).ok_or_else(misfit)
            });
            let record = record.map_err(|error| is_wrong(error.into()))?;
            for failure in study.failures(taken, &record) {
                failure::say(&format!("error: {failure}"));
                failures.push(failure);
            }
            study
                .take(&mut gathered, taken, record)
                .with_context(|| out.told(WRITE))?;
            taken += 1;
        }
        if taken != part.end {
            return Err(WrongInput(format!(
                "`{}` is damaged: it does not hold the {} {} of its shard; put a copy in its place, or do the shard again",
                path.display(),
                part.len(),
                S::TASKS,
            ))
            .into());
        }
    }
    let manifest = asked.done(asked.units(), &failures);
    finish(
        study,
        &mut gathered,
        &manifest,
        Some(directory),
        JournalFate::Remove,
        out,
    )?;
    Ok(status(failures.is_empty()))
}
