//! A directory of results that is there whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::files::{FILES, MANIFEST};
use super::format::Report;

/// A directory of results in the making.
///
/// It grows in a temporary directory beside its final place and is renamed there by [`ResultsDir::publish`]; dropped before, it
/// leaves nothing behind.
#[derive(Debug)]
pub struct ResultsDir {
    target: PathBuf,
    force: bool,
    temporary: TempDir,
    growing: PathBuf,
}

/// Why a directory cannot take results.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// There are results, and nobody asked for them to be replaced.
    #[error("`{0}` holds results already: name another directory, or pass --force to replace them")]
    Exists(PathBuf),
    /// There is a file of that name.
    #[error("`{0}` is a file: name a directory")]
    File(PathBuf),
    /// There are files that are not results; they are never replaced.
    #[error("`{0}` holds files that are not results of portflow: name another directory")]
    Foreign(PathBuf),
    /// The path does not name a directory that could be made.
    #[error("`{0}` does not name a directory that could be made: name one, such as `results`")]
    Unnamed(PathBuf),
    /// The file system says no.
    #[error("cannot put results at `{0}`")]
    Io(PathBuf, #[source] io::Error),
}

impl ResultsDir {
    /// Checks that results may be put at `target`, and begins beside it; `force` allows earlier results to be replaced.
    ///
    /// # Errors
    /// [`DirectoryError`]; nothing has been written then.
    pub fn create(target: &Path, force: bool) -> Result<Self, DirectoryError> {
        let failed = |error| DirectoryError::Io(target.to_owned(), error);
        if target.file_name().is_none() {
            return Err(DirectoryError::Unnamed(target.to_owned()));
        }
        check_vacant(target, force)?;
        let parent = match target.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(parent).map_err(failed)?;
        let temporary = tempfile::Builder::new()
            .prefix(".portflow-")
            .tempdir_in(parent)
            .map_err(failed)?;
        // The temporary directory is private to its owner; the results in it get the usual permissions.
        let growing = temporary.path().join("results");
        fs::create_dir(&growing).map_err(failed)?;
        Ok(Self {
            target: target.to_owned(),
            force,
            temporary,
            growing,
        })
    }

    /// The directory in which the results grow: all that has been written so far.
    #[must_use]
    pub fn temporary(&self) -> &Path {
        self.temporary.path()
    }

    /// Opens a file of the results; its name may have a folder in it.
    ///
    /// # Errors
    /// The file system's.
    pub fn file(&self, name: &str) -> io::Result<BufWriter<File>> {
        let path = self.growing.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(BufWriter::new(File::create(path)?))
    }

    /// Writes every file that is made from the whole of the results.
    ///
    /// # Errors
    /// The file system's.
    pub fn write(&self, report: &Report<'_>) -> io::Result<()> {
        for (name, format) in FILES {
            let mut file = self.file(name)?;
            format(report, &mut file)?;
            file.flush()?;
        }
        Ok(())
    }

    /// Puts the results in their place.
    ///
    /// # Errors
    /// [`DirectoryError`], also when somebody else has put something there meanwhile; what was there is there still.
    pub fn publish(self) -> Result<(), DirectoryError> {
        check_vacant(&self.target, self.force)?;
        self.swap()
            .map_err(|error| DirectoryError::Io(self.target.clone(), error))
    }

    /// Renames the results to their place, and what was there into the temporary directory, which is removed with it.
    fn swap(&self) -> io::Result<()> {
        let replaced = self.temporary.path().join("replaced");
        let had_earlier = self.target.exists();
        if had_earlier {
            fs::rename(&self.target, &replaced)?;
        }
        fs::rename(&self.growing, &self.target).inspect_err(|_| {
            if had_earlier {
                // The first error is the one to report.
                let _ = fs::rename(&replaced, &self.target);
            }
        })
    }
}

fn check_vacant(target: &Path, force: bool) -> Result<(), DirectoryError> {
    let entries = match fs::read_dir(target) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(_) if fs::metadata(target).is_ok_and(|target| !target.is_dir()) => {
            return Err(DirectoryError::File(target.to_owned()));
        }
        Err(error) => return Err(DirectoryError::Io(target.to_owned(), error)),
    };
    let is_results = target.join(MANIFEST).exists();
    match (entries.count(), is_results, force) {
        (0, _, _) | (_, true, true) => Ok(()),
        (_, true, false) => Err(DirectoryError::Exists(target.to_owned())),
        (_, false, _) => Err(DirectoryError::Foreign(target.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(results: &ResultsDir, name: &str, text: &str) {
        let mut file = results.file(name).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    fn entries(of: &Path) -> usize {
        fs::read_dir(of).unwrap().count()
    }

    #[test]
    fn results_appear_whole_and_leave_nothing_beside_them() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("a/b");
        let results = ResultsDir::create(&target, false).unwrap();
        put(&results, MANIFEST, "{}");
        assert!(!target.exists());
        results.publish().unwrap();
        assert_eq!(fs::read_to_string(target.join(MANIFEST)).unwrap(), "{}");
        assert_eq!(entries(&place.path().join("a")), 1);
    }

    #[test]
    fn results_that_are_not_published_leave_nothing() {
        let place = tempfile::tempdir().unwrap();
        let results = ResultsDir::create(&place.path().join("b"), false).unwrap();
        put(&results, MANIFEST, "{}");
        drop(results);
        assert_eq!(entries(place.path()), 0);
    }

    #[test]
    fn earlier_results_are_replaced_only_by_force() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("b");
        fs::create_dir(&target).unwrap();
        fs::write(target.join(MANIFEST), "old").unwrap();
        fs::write(target.join("old.csv"), "old").unwrap();

        let refused = ResultsDir::create(&target, false).unwrap_err();
        assert!(matches!(refused, DirectoryError::Exists(_)));
        assert!(refused.to_string().contains("--force"));

        let results = ResultsDir::create(&target, true).unwrap();
        put(&results, MANIFEST, "new");
        results.publish().unwrap();
        assert_eq!(fs::read_to_string(target.join(MANIFEST)).unwrap(), "new");
        assert!(!target.join("old.csv").exists());
        assert_eq!(entries(place.path()), 1);
    }

    #[test]
    fn results_that_appeared_during_the_run_are_not_replaced() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("b");
        let results = ResultsDir::create(&target, false).unwrap();
        fs::create_dir(&target).unwrap();
        fs::write(target.join(MANIFEST), "theirs").unwrap();
        assert!(matches!(results.publish(), Err(DirectoryError::Exists(_))));
        assert_eq!(fs::read_to_string(target.join(MANIFEST)).unwrap(), "theirs");
        assert_eq!(entries(place.path()), 1);
    }

    #[test]
    fn a_directory_of_something_else_is_refused_even_by_force() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("thesis.tex"), "").unwrap();
        let refused = ResultsDir::create(place.path(), true).unwrap_err();
        assert!(matches!(refused, DirectoryError::Foreign(_)));
    }

    #[test]
    fn an_empty_directory_takes_results() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("b");
        fs::create_dir(&target).unwrap();
        let results = ResultsDir::create(&target, false).unwrap();
        results.publish().unwrap();
        assert_eq!(entries(place.path()), 1);
    }

    #[test]
    fn a_file_or_a_path_without_a_name_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("b");
        fs::write(&file, "").unwrap();
        assert!(matches!(
            ResultsDir::create(&file, true),
            Err(DirectoryError::File(_))
        ));
        assert!(matches!(
            ResultsDir::create(Path::new(".."), true),
            Err(DirectoryError::Unnamed(_))
        ));
    }
}
