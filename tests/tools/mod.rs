//! Running the command, and scenario files for one test.

pub(crate) mod command;
pub(crate) mod three;
pub(crate) mod tiny;

use std::path::{Path, PathBuf};

use portflow::record::Recorder;
use portflow::record::histogram::Histogram;
use portflow::scenario::values::Region;
use portflow::scenario::{self, Diagnostics, Loaded, Override};
use tempfile::TempDir;

/// The directory of the fixtures.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// A file of `scenarios/`.
pub(crate) fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(name)
}

/// Loads a file with some values laid over it; where it is wrong, the panic shows its mistakes.
#[track_caller]
pub(crate) fn load(path: &Path, set: &[(&str, &str)]) -> Loaded {
    let set: Vec<_> = (set.iter())
        .map(|&(key, value)| Override::new(key, value))
        .collect();
    scenario::load(path, &set).unwrap_or_else(|wrong| {
        let messages = wrong.problems().iter().map(|problem| &problem.message);
        panic!("{}: {:#?}", path.display(), messages.collect::<Vec<_>>())
    })
}

/// Hours waited for an appointment, over the whole record.
pub(crate) fn waits(record: &Recorder) -> Histogram {
    let mut waits = Histogram::default();
    for month in 0..record.calendar().months().len() {
        for group in 0..record.groups() {
            for region in Region::ALL {
                waits.merge(record.waits(month, group, region));
            }
        }
    }
    waits
}

/// The scenario files of a directory, by name.
pub(crate) fn toml_files(directory: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    files.sort();
    files
}

/// Scenario files in a directory of their own.
pub(crate) struct Files(pub(crate) TempDir);

impl Files {
    /// Writes files by name.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = directory.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Self(directory)
    }

    /// Loads one of the files.
    pub(crate) fn load(&self, name: &str, set: &[(&str, &str)]) -> Result<Loaded, Diagnostics> {
        let set: Vec<_> = (set.iter())
            .map(|&(key, value)| Override::new(key, value))
            .collect();
        scenario::load(&self.0.path().join(name), &set)
    }

    /// The messages of a file that must be wrong.
    pub(crate) fn mistakes(&self, name: &str, set: &[(&str, &str)]) -> Vec<String> {
        let wrong = self.load(name, set).unwrap_err();
        (wrong.problems().iter())
            .map(|problem| problem.message.clone())
            .collect()
    }
}
