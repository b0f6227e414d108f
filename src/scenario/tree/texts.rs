//! Where the texts of a scenario come from: the disk at first, memory afterwards.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::paths::plain;
use super::text::{self, Text};

/// The files that were read so far, by the path that was asked for; clones share them.
///
/// A file has one text however often the scenario is resolved again: whoever saves it in the middle of an experiment changes nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts(Arc<Mutex<BTreeMap<PathBuf, Arc<Known>>>>);

/// A file that was read.
#[derive(Debug)]
pub(crate) struct Known {
    /// Its text.
    pub(crate) text: Text,
    /// The path without links, by which a file that extends itself is known.
    pub(crate) identity: PathBuf,
    /// The path as people would write it.
    pub(crate) plain: PathBuf,
}

impl Texts {
    /// A text in the place of a file, whether or not there is one; every other file comes from the disk.
    pub(crate) fn with(path: &Path, text: &str) -> Self {
        let known = Known {
            text: Text {
                text: text.to_owned(),
                broken: None,
            },
            identity: path.to_path_buf(),
            plain: plain(path),
        };
        let files = BTreeMap::from([(path.to_path_buf(), Arc::new(known))]);
        Self(Arc::new(Mutex::new(files)))
    }

    /// A file as it was when it was first asked for. One that could not be read is tried again.
    pub(crate) fn read(&self, path: &Path) -> io::Result<Arc<Known>> {
        // A thread that panicked left whole entries behind: each is put in at once.
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = files.get(path) {
            return Ok(Arc::clone(known));
        }
        let known = Arc::new(Known {
            text: text::read(path)?,
            identity: path.canonicalize().unwrap_or_else(|_| path.to_path_buf()),
            plain: plain(path),
        });
        files.insert(path.to_path_buf(), Arc::clone(&known));
        Ok(known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_once_and_one_that_is_missing_is_tried_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.toml");
        let texts = Texts::default();
        assert!(texts.read(&path).is_err());
        std::fs::write(&path, "first").unwrap();
        assert_eq!(texts.clone().read(&path).unwrap().text.text, "first");
        std::fs::write(&path, "second").unwrap();
        assert_eq!(texts.read(&path).unwrap().text.text, "first");
        assert_eq!(Texts::default().read(&path).unwrap().text.text, "second");
    }
}
