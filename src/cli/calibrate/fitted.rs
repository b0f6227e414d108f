//! The fitted scenario as a file: it takes no other file's place, and is written whole or not at all.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use portflow::report::calibration as report;
use portflow::scenario::Loaded;
use portflow::store::directory::unfinished;
use portflow::store::files::FITTED;

use crate::cli::failure::WrongInput;

/// The file that the fitted scenario is written to.
#[derive(Debug)]
pub(crate) struct Target {
    /// As it was given.
    named: PathBuf,
    /// Where the links of its name lead to.
    file: PathBuf,
}

impl Target {
    /// Before the long run: a file must be there that can be written, or nothing in a directory where one can be made.
    pub(crate) fn new(named: &Path) -> Result<Self, WrongInput> {
        let file = resolved(named).and_then(|file| {
            // It is made and taken away again.
            fs::remove_file(begin(&file)?.0)?;
            Ok(file)
        });
        let named = named.to_owned();
        match file {
            Ok(file) => Ok(Self { named, file }),
            Err(error) => Err(WrongInput(format!(
                "--fitted `{}` is no file that could be written: {error}; name another",
                named.display()
            ))),
        }
    }

    /// Before the long run: the fitted scenario extends the files that are read, and must not take the place of one, nor of any file but an
    /// earlier fit; nor lie where the results will be.
    pub(crate) fn check_apart(
        &self,
        loaded: &Loaded,
        out: Option<&Path>,
    ) -> Result<(), WrongInput> {
        let holds_it = |directory: PathBuf| {
            directory
                .canonicalize()
                .is_ok_and(|directory| self.file.starts_with(directory))
        };
        let places = out.map(|out| [Ok(out.to_owned()), unfinished(out)]);
        let mut places = places.into_iter().flatten().flatten();
        if places.any(holds_it) {
            return Err(WrongInput(format!(
                "--fitted `{}` lies among the results of --out, where the fitted scenario is `{FITTED}` anyway: name a file elsewhere",
                self.named.display()
            )));
        }
        if !self.file.exists() {
            return Ok(());
        }
        let is_it = |name: &str| {
            Path::new(name)
                .canonicalize()
                .is_ok_and(|read| read == self.file)
        };
        if let Some(name) = loaded.files.names().find(|name| is_it(name)) {
            return Err(WrongInput(format!(
                "--fitted `{}` is {name}, which the fitted scenario extends: name another file",
                self.named.display()
            )));
        }
        let is_free = |text: String| text.is_empty() || report::is_fitted(&text);
        if !fs::read_to_string(&self.file).is_ok_and(is_free) {
            return Err(WrongInput(format!(
                "--fitted `{}` is there already, and no fitted scenario: name another file, or take that one away",
                self.named.display()
            )));
        }
        Ok(())
    }

    /// The file, without links.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Writes the fitted scenario.
    pub(crate) fn write(&self, text: &str) -> anyhow::Result<()> {
        let write = || -> io::Result<()> {
            let (growing, mut file) = begin(&self.file)?;
            let written = file
                .write_all(text.as_bytes())
                .and_then(|()| fs::rename(&growing, &self.file));
            written.inspect_err(|_| {
                // The first error is the one to report.
                let _ = fs::remove_file(&growing);
            })
        };
        write().with_context(|| format!("cannot write `{}`", self.named.display()))
    }
}

/// A regular file without links, or the place of one in a directory that is there.
fn resolved(named: &Path) -> io::Result<PathBuf> {
    match named.canonicalize() {
        Ok(file) if file.is_file() => Ok(file),
        Ok(_) => Err(io::Error::other("it is there, and no regular file")),
        Err(error) if error.kind() == ErrorKind::NotFound && !named.is_symlink() => {
            let name = named
                .file_name()
                .ok_or_else(|| io::Error::other("it has no name"))?;
            let directory = named
                .parent()
                .filter(|parent| !parent.as_os_str().is_empty());
            Ok(directory
                .unwrap_or(Path::new("."))
                .canonicalize()?
                .join(name))
        }
        Err(error) => Err(error),
    }
}

/// A file of its own beside another, which grows there until it is whole.
fn begin(beside: &Path) -> io::Result<(PathBuf, File)> {
    let name = beside.file_name().unwrap_or_default();
    let paths = (1..).map(|number| {
        let mut name = name.to_owned();
        name.push(format!(".unfinished-{number}"));
        beside.with_file_name(name)
    });
    for path in paths {
        match File::create_new(&path) {
            // What a killed command left, or a file of somebody else.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            made => return made.map(|file| (path, file)),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}
