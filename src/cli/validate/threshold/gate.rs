//! What became of thresholds, now or when results were made, and the status that follows.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use portflow::store::ResultsDir;
use portflow::store::files::THRESHOLDS;
use serde::{Deserialize, Serialize};

use super::Threshold;
use crate::cli::args::output::OutArgs;
use crate::cli::failure;
use crate::cli::study::conduct::{Conducted, Made};

/// What became of thresholds that were tried, by their [keys](Threshold::key): what is said where it was passed, nothing where it was kept.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Gate(BTreeMap<String, Option<String>>);

impl Gate {
    /// Tries thresholds.
    pub(crate) fn new(
        thresholds: &[Threshold],
        passed: impl Fn(&Threshold) -> Option<String>,
    ) -> Self {
        let tried = thresholds.iter();
        let tried = tried.map(|threshold| (threshold.key(), passed(threshold)));
        Self(tried.collect())
    }

    /// Those that were tried when the results in a directory were made; none where none were given then.
    fn of_results(directory: &Path) -> anyhow::Result<Self> {
        let file = directory.join(THRESHOLDS);
        let cannot = || format!("cannot read `{}`", file.display());
        match fs::read(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            read => serde_json::from_slice(&read.with_context(cannot)?).with_context(cannot),
        }
    }

    /// Keeps them with the results, where there are any.
    pub(crate) fn write(&self, directory: &ResultsDir) -> io::Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let text = serde_json::to_string_pretty(self)?;
        directory.write(THRESHOLDS, |to| writeln!(to, "{text}"))
    }

    /// The status of an experiment whose thresholds are tried now, or were tried when its results were made: 1 where one was passed, or not
    /// tried, too; each of these is told.
    ///
    /// # Errors
    /// What was tried then cannot be read.
    pub(crate) fn status<G>(
        thresholds: &[Threshold],
        done: &Conducted<G>,
        out: &OutArgs,
        now: impl FnOnce(&G) -> Self,
    ) -> anyhow::Result<ExitCode> {
        let of_now = "was not tried, as not all that it is of was simulated to the end now";
        let of_before = "was not tried when these results were made: make them again, in another directory or with --force";
        let (gate, untried) = match (&done.made, &out.out) {
            (Made::Now(gathered), _) => (now(gathered), of_now),
            (Made::Before, Some(directory)) if !thresholds.is_empty() => {
                (Self::of_results(directory)?, of_before)
            }
            (Made::Before | Made::Nothing, _) => (Self::default(), of_now),
        };
        let mut status = done.status;
        for sentence in thresholds.iter().filter_map(|it| gate.told(it, untried)) {
            failure::say(&format!("error: {sentence}"));
            status = ExitCode::from(failure::FAILED);
        }
        Ok(status)
    }

    /// What is said of a threshold; `untried` where it was not tried.
    fn told(&self, threshold: &Threshold, untried: &str) -> Option<String> {
        let untried = || Some(format!("{threshold} {untried}"));
        let tried = self.0.get(&threshold.key());
        tried.cloned().unwrap_or_else(untried)
    }
}
