//! Where results go, and what is there already.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use portflow::experiment::{JournalError, Shard};
use portflow::store::directory::{InPlace, manifest_of, unfinished};
use portflow::store::{DirectoryError, Manifest, ResultsDir};

use crate::cli::failure::WrongInput;

/// The directory of the results.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct OutArgs {
    /// Directory for all results; it appears when they are complete, and DIR.unfinished until then. After Ctrl-C it has the
    /// results of what is finished, unless DIR holds earlier ones
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Replace earlier results in DIR, finished or not
    #[arg(long, requires = "out")]
    force: bool,
    /// Go on with what was killed or stopped in DIR, in place of --force. Without anything there it begins; with everything done it does nothing
    #[arg(long, requires = "out", conflicts_with = "force")]
    resume: bool,
}

/// The part of an experiment that is to be done.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct ShardArgs {
    /// Do only the I-th of N parts, for `portflow merge` to join
    #[arg(long, value_name = "I/N", requires = "out")]
    pub(crate) shard: Option<Shard>,
}

/// What is to be done about the results.
pub(crate) enum Output {
    /// They are printed and not kept.
    Nowhere,
    /// They grow here.
    Open(ResultsDir),
    /// They are there already, with this manifest.
    Finished(Box<Manifest>),
}

impl OutArgs {
    /// What could not be done, with where, and how to go on when the reason is mended.
    pub(crate) fn told(&self, what: &str) -> String {
        match &self.out {
            Some(out) => {
                let unfinished = unfinished(out).unwrap_or_else(|_| out.clone());
                let resume = self.resume();
                format!("{what} in `{}`, from which {resume}", unfinished.display())
            }
            None => what.to_owned(),
        }
    }

    /// What goes on with what is unfinished.
    pub(crate) fn resume(&self) -> &'static str {
        if self.force {
            "the same command with --resume in place of --force goes on"
        } else {
            "the same command with --resume goes on"
        }
    }

    /// Checks the place of the results before the long run.
    pub(crate) fn open(&self, asked: &Manifest) -> anyhow::Result<Output> {
        let Some(target) = &self.out else {
            return Ok(Output::Nowhere);
        };
        if self.resume {
            let resumed = ResultsDir::resume(target).map_err(is_wrong)?;
            if let Some((mut directory, subject)) = resumed {
                let name = directory.unfinished().display().to_string();
                same(asked, &subject, &name)?;
                let in_place = |there: &str| in_place(asked, there);
                directory.replace_same(in_place).map_err(is_wrong)?;
                return Ok(Output::Open(directory));
            }
            let finished = manifest_of(target)
                .with_context(|| format!("cannot read what is in `{}`", target.display()))?;
            if let Some(there) = finished {
                let found = same(asked, &there, &target.display().to_string())?;
                return Ok(Output::Finished(Box::new(found)));
            }
        }
        let begun = ResultsDir::begin(target, self.force, &asked.to_json());
        Ok(Output::Open(begun.map_err(is_wrong)?))
    }
}

/// A place that cannot take results is wrong input, and so is a journal that is none; what the file system refuses is not.
pub(crate) fn is_wrong(error: DirectoryError) -> anyhow::Error {
    match error {
        DirectoryError::Io(..) | DirectoryError::Journal(JournalError::Io(..)) => error.into(),
        error => WrongInput(error.to_string()).into(),
    }
}

/// What the results with a manifest are to those of the experiment.
fn in_place(asked: &Manifest, there: &str) -> InPlace {
    match serde_json::from_str::<Manifest>(there) {
        Ok(there) if alike(asked, &there).is_none() => match there.stopped_of {
            Some(_) => InPlace::Stopped(there.units()),
            None => InPlace::Alike,
        },
        _ => InPlace::Other,
    }
}

/// The manifest that is there, which must be that of the same experiment.
fn same(asked: &Manifest, there: &str, name: &str) -> anyhow::Result<Manifest> {
    let other = |reason: &str| {
        WrongInput(format!(
            "`{name}` holds another experiment: {reason}; name another directory, or pass --force to replace it"
        ))
    };
    let there: Manifest = serde_json::from_str(there).map_err(|error| other(&error.to_string()))?;
    let is_other = alike(asked, &there);
    if let (None, Some(of)) = (&is_other, there.stopped_of) {
        let (units, unit) = (there.units(), there.unit_name());
        return Err(WrongInput(format!(
            "`{name}` holds a part of this experiment: somebody stopped it after {units} of {of} {unit}, and what it could go on from is gone; name another directory, or pass --force to begin afresh"
        ))
        .into());
    }
    // Under `--precision`, `--best` and the like the number of replications is a result.
    let differs = is_other.or_else(|| {
        let fixed = !asked.is_sequential() && asked.units() != there.units();
        fixed.then(|| {
            format!(
                "{} is {} there and {} here",
                asked.unit_name(),
                there.units(),
                asked.units()
            )
        })
    });
    match differs {
        Some(reason) => Err(other(&reason).into()),
        None => Ok(there),
    }
}

/// In what the two differ, beside what is known only at the end.
fn alike(asked: &Manifest, there: &Manifest) -> Option<String> {
    asked.difference(&there.done(asked.units(), &[]))
}
