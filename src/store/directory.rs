//! A directory of results that is there whole or not at all, and what there is of it until then.
//!
//! While an experiment runs, everything is in `DIR.unfinished`: its journal, and the files that grow. [`ResultsDir::publish`] renames
//! the files to `DIR`. A killed experiment leaves `DIR.unfinished`, from which [`ResultsDir::resume`] goes on. That holds for a process
//! that is killed, not for a machine that loses its power: nothing waits for the disk.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::files::{self, JOURNAL, MANIFEST};
use crate::experiment::{Journal, JournalError};

mod strangers;

/// Where the results grow, in `DIR.unfinished`.
const GROWING: &str = "results";

/// Where earlier results are while the new ones take their place.
const REPLACED: &str = "replaced";

/// Says that earlier results may be replaced, also after a kill.
const FORCED: &str = "force";

/// A directory of results in the making. Nobody else can write there until it is published or dropped: it holds the journal's lock.
#[derive(Debug)]
pub struct ResultsDir {
    paths: Paths,
    journal: Journal,
    replace: bool,
    /// Units of what is in place, where that is a part of this experiment that somebody stopped.
    part: Option<u32>,
}

/// What results that are in place are to those that are to take it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InPlace {
    /// Of something else.
    Other,
    /// Of the same, or of a beginning of it, and whole: replaced by what is whole too.
    Alike,
    /// Of so many units of the same, which somebody stopped: replaced by as many or more.
    Stopped(u32),
}

/// Where results are to be, and where they grow.
#[derive(Debug)]
struct Paths {
    target: PathBuf,
    unfinished: PathBuf,
}

/// What becomes of the journal when results are published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalFate {
    /// The experiment is finished: the journal goes.
    Remove,
    /// The results are those of a part, from which others make the whole: the journal is one of them.
    Publish,
    /// The experiment was stopped: the journal stays where it is, to go on from.
    Keep,
}

/// Why a directory cannot take results.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// There are results, and nobody asked for them to be replaced.
    #[error("`{0}` holds results already: name another directory, or pass --force to replace them")]
    Exists(PathBuf),
    /// There is an experiment that was killed or stopped, and nobody asked for it to go on.
    #[error(
        "`{path}` holds an unfinished experiment ({recorded} recorded): pass --resume to go on with it, or --force to begin afresh"
    )]
    Unfinished {
        /// Where it is.
        path: PathBuf,
        /// How many of its tasks are done.
        recorded: u32,
    },
    /// There is a file of that name.
    #[error("`{0}` is a file: name a directory")]
    File(PathBuf),
    /// There are files that are not results; they are never replaced.
    #[error("`{0}` holds files that are not results of portflow: name another directory")]
    Foreign(PathBuf),
    /// There is something among the results that is none of them; it is never deleted with them.
    #[error(
        "`{0}` is no result of portflow, and would be lost: move it to another place, or name another directory for the results"
    )]
    Stranger(PathBuf),
    /// The name is a link that leads nowhere.
    #[error(
        "`{0}` is a link that leads nowhere: make the directory that it names, or name another"
    )]
    Dangling(PathBuf),
    /// There are results of something else beside an unfinished experiment.
    #[error(
        "`{target}` holds other results, and `{unfinished}` the unfinished experiment: move one of them to another place"
    )]
    Both {
        /// The results.
        target: PathBuf,
        /// The unfinished experiment.
        unfinished: PathBuf,
    },
    /// The path does not name a directory that could be made.
    #[error("`{0}` does not name a directory that could be made: name one, such as `results`")]
    Unnamed(PathBuf),
    /// The journal cannot be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The file system says no.
    #[error("cannot put results at `{0}`")]
    Io(PathBuf, #[source] io::Error),
}

impl ResultsDir {
    /// Checks that results may be put at `target`, and begins beside it, with the journal of the experiment that `subject` describes;
    /// `force` allows earlier results, finished or not, to be replaced.
    ///
    /// # Errors
    /// [`DirectoryError`]; nothing has been written then.
    pub fn begin(target: &Path, force: bool, subject: &str) -> Result<Self, DirectoryError> {
        let paths = Paths::of(target)?;
        // What can be gone on with comes first: a stopped experiment leaves results of a part of it too.
        let recorded = paths
            .journal()?
            .map_or(0, |(journal, _)| journal.recorded());
        if recorded > 0 && !force {
            return Err(DirectoryError::Unfinished {
                path: paths.unfinished,
                recorded,
            });
        }
        check_vacant(&paths.target, force)?;
        let begun = fs::create_dir_all(&paths.unfinished);
        begun.map_err(|error| paths.failed(error))?;
        let journal = Journal::begin(&paths.unfinished.join(JOURNAL), subject)?;
        paths.clear(force)?;
        Ok(Self {
            paths,
            journal,
            replace: force,
            part: None,
        })
    }

    /// Goes on with the experiment that was begun at `target`, with the description given at its beginning; `None` where there is no
    /// unfinished one.
    ///
    /// # Errors
    /// [`DirectoryError`]; nothing is lost then.
    pub fn resume(target: &Path) -> Result<Option<(Self, String)>, DirectoryError> {
        let paths = Paths::of(target)?;
        let Some((journal, subject)) = paths.journal()? else {
            return Ok(None);
        };
        // Killed between the two renames of a replacement.
        let replaced = paths.unfinished.join(REPLACED);
        if replaced.exists() && !paths.target.exists() {
            fs::rename(&replaced, &paths.target).map_err(|error| paths.failed(error))?;
        }
        let replace = paths.unfinished.join(FORCED).exists();
        paths.clear(replace)?;
        let results = Self {
            paths,
            journal,
            replace,
            part: None,
        };
        Ok(Some((results, subject)))
    }

    /// Allows the results that are there to be replaced where they are of the same experiment, and else, unless any may be replaced, refuses
    /// to go on.
    ///
    /// # Errors
    /// [`DirectoryError::Both`].
    pub fn replace_same(
        &mut self,
        in_place: impl FnOnce(&str) -> InPlace,
    ) -> Result<(), DirectoryError> {
        let there = manifest_of(&self.paths.target).map_err(|error| self.paths.failed(error))?;
        let there = there.map_or(InPlace::Other, |there| in_place(&there));
        self.replace |= there != InPlace::Other;
        self.part = match there {
            InPlace::Stopped(units) => Some(units),
            InPlace::Other | InPlace::Alike => None,
        };
        check_vacant(&self.paths.target, self.replace).map_err(|error| match error {
            DirectoryError::Exists(target) => DirectoryError::Both {
                target,
                unfinished: self.paths.unfinished.clone(),
            },
            error => error,
        })
    }

    /// Whether there are results that a stopped experiment of so many units leaves alone: all but a part of it with as many or fewer.
    #[must_use]
    pub fn has_others(&self, units: u32) -> bool {
        let is_less = self.part.is_some_and(|there| there <= units);
        !is_less && self.paths.target.join(MANIFEST).exists()
    }

    /// The journal of the experiment.
    #[must_use]
    pub fn journal(&mut self) -> &mut Journal {
        &mut self.journal
    }

    /// Where the experiment is until it is published.
    #[must_use]
    pub fn unfinished(&self) -> &Path {
        &self.paths.unfinished
    }

    /// Opens a file of the results; its name may have a folder in it.
    ///
    /// # Errors
    /// The file system's.
    pub fn file(&self, name: &str) -> io::Result<BufWriter<File>> {
        debug_assert!(
            name.contains('/') || files::is_result(name),
            "`{name}` is not known as a result"
        );
        let growing = self.paths.unfinished.join(GROWING);
        let path = growing.join(name);
        if let Some(folder) = path.parent().filter(|&folder| folder != growing) {
            fs::create_dir_all(folder)?;
        }
        Ok(BufWriter::new(File::create(path)?))
    }

    /// Writes a whole file of the results.
    ///
    /// # Errors
    /// The file system's.
    pub fn write(
        &self,
        name: &str,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut file = self.file(name)?;
        content(&mut file)?;
        file.flush()
    }

    /// Puts the results in their place.
    ///
    /// # Errors
    /// [`DirectoryError`], also when somebody else has put something there meanwhile; what was there is there still.
    pub fn publish(self, journal: JournalFate) -> Result<(), DirectoryError> {
        check_vacant(&self.paths.target, self.replace)?;
        let swapped = self.paths.swap(journal);
        swapped.map_err(|error| self.paths.failed(error))
    }
}

/// Whether something that is not finished is in a directory, or waits beside it to be gone on with.
#[must_use]
pub fn is_unfinished(target: &Path) -> bool {
    let beside = Paths::of(target).map(|paths| paths.unfinished.join(JOURNAL));
    target.join(JOURNAL).exists() || beside.is_ok_and(|journal| journal.exists())
}

/// Where the results of a directory grow until they are published.
///
/// # Errors
/// [`DirectoryError`] where the path cannot name one.
pub fn unfinished(target: &Path) -> Result<PathBuf, DirectoryError> {
    Ok(Paths::of(target)?.unfinished)
}

impl Paths {
    /// The place that a path names: where its last link leads, without a slash or a dot behind it.
    fn of(named: &Path) -> Result<Self, DirectoryError> {
        let mut target: PathBuf = named.components().collect();
        if target.is_symlink() {
            let linked = target.canonicalize();
            target = linked.map_err(|_| DirectoryError::Dangling(target))?;
        }
        let Some(name) = target.file_name() else {
            return Err(DirectoryError::Unnamed(named.to_owned()));
        };
        let mut unfinished = OsString::from(name);
        unfinished.push(".unfinished");
        let unfinished = target.with_file_name(unfinished);
        let is_file = |path: &&Path| fs::metadata(path).is_ok_and(|it| !it.is_dir());
        let mut on_the_way = std::iter::once(&*unfinished).chain(target.ancestors());
        if let Some(file) = on_the_way.find(is_file) {
            return Err(DirectoryError::File(file.to_owned()));
        }
        Ok(Self { target, unfinished })
    }

    fn journal(&self) -> Result<Option<(Journal, String)>, DirectoryError> {
        let path = self.unfinished.join(JOURNAL);
        let is_ours = path.exists() || strangers::is_empty(&self.unfinished).unwrap_or(true);
        if !is_ours {
            return Err(DirectoryError::Foreign(self.unfinished.clone()));
        }
        Ok(Journal::reopen(&path)?)
    }

    /// Makes an empty place for the results to grow in, and notes whether they may replace others.
    fn clear(&self, force: bool) -> Result<(), DirectoryError> {
        let clear = || {
            for name in [GROWING, REPLACED] {
                remove_if_there(&self.unfinished.join(name))?;
            }
            if force {
                File::create(self.unfinished.join(FORCED))?;
            }
            fs::create_dir(self.unfinished.join(GROWING))
        };
        clear().map_err(|error| self.failed(error))
    }

    fn failed(&self, error: io::Error) -> DirectoryError {
        DirectoryError::Io(self.target.clone(), error)
    }

    /// Renames the results to their place, then clears up.
    fn swap(&self, journal: JournalFate) -> io::Result<()> {
        let [growing, replaced, journal_here] =
            [GROWING, REPLACED, JOURNAL].map(|name| self.unfinished.join(name));
        if journal == JournalFate::Publish {
            fs::copy(&journal_here, growing.join(JOURNAL))?;
        }
        let had_earlier = self.target.exists();
        if had_earlier {
            fs::rename(&self.target, &replaced)?;
        }
        fs::rename(&growing, &self.target).inspect_err(|_| {
            if had_earlier {
                // The first error is the one to report.
                let _ = fs::rename(&replaced, &self.target);
            }
        })?;
        // The results are there, whatever becomes of the rest. The journal goes last: what is left of a clearing up that was killed is
        // still known as ours.
        let _ = remove_if_there(&replaced);
        if journal != JournalFate::Keep {
            let _ = fs::remove_file(self.unfinished.join(FORCED));
            let _ = fs::remove_file(journal_here);
            let _ = strangers::remove_empty(&self.unfinished);
        }
        Ok(())
    }
}

fn remove_if_there(directory: &Path) -> io::Result<()> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// The manifest of finished results; `None` where there are none.
///
/// # Errors
/// The file system's.
pub fn manifest_of(results: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(results.join(MANIFEST)) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        read => read.map(Some),
    }
}

/// Whether results can be put there: where nothing is, or, if they may be replaced, where nothing is but results.
fn check_vacant(target: &Path, replace: bool) -> Result<(), DirectoryError> {
    let failed = |error| DirectoryError::Io(target.to_owned(), error);
    match strangers::is_empty(target) {
        Ok(true) => return Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        is_empty => is_empty.map_err(failed)?,
    };
    let manifest = manifest_of(target).ok().flatten();
    // That of an earlier version may lack a field.
    let is_ours = |manifest: &str| {
        let manifest = serde_json::from_str::<Value>(manifest);
        manifest.is_ok_and(|manifest| manifest.get("portflow").is_some())
    };
    if !manifest.as_deref().is_some_and(is_ours) {
        return Err(DirectoryError::Foreign(target.to_owned()));
    }
    if !replace {
        return Err(DirectoryError::Exists(target.to_owned()));
    }
    match strangers::stranger(target).map_err(failed)? {
        Some(stranger) => Err(DirectoryError::Stranger(stranger)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
