//! The fitted scenario as a file: it takes no other file's place, and is written whole, once it is known to load, or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;
use portflow::report::calibration as report;
use portflow::report::files::FITTED;
use portflow::scenario::{self, Loaded};

use super::failure::WrongInput;

/// Before the long run: a file must be there to be written to.
pub(super) fn check_writable(path: &Path) -> Result<(), WrongInput> {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let wrong = |reason: &dyn std::fmt::Display| {
        Err(WrongInput(format!(
            "--fitted `{}` is no file that could be written{reason}",
            path.display()
        )))
    };
    if parent.is_some_and(|parent| !parent.is_dir()) || path.is_dir() || path.file_name().is_none()
    {
        return wrong(&"");
    }
    let tried = unfinished(path);
    let made = fs::File::create_new(&tried).and_then(|_| fs::remove_file(&tried));
    let can_be = match made {
        // What a killed command left there is written over in the end.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::File::options().write(true).open(&tried).map(drop)
        }
        made => made,
    };
    match can_be {
        Ok(()) => Ok(()),
        Err(error) => wrong(&format_args!(": {error}")),
    }
}

/// Before the long run: the fitted scenario extends the files that are read, and must not take the place of one, nor of any file but an
/// earlier fit.
pub(super) fn check_apart(path: &Path, loaded: &Loaded) -> Result<(), WrongInput> {
    let Ok(target) = path.canonicalize() else {
        return Ok(());
    };
    let is_it = |name: &str| {
        Path::new(name)
            .canonicalize()
            .is_ok_and(|read| read == target)
    };
    if let Some(name) = loaded.files.names().find(|name| is_it(name)) {
        return Err(WrongInput(format!(
            "--fitted `{}` is {name}, which the fitted scenario extends: name another file",
            path.display()
        )));
    }
    let is_free = |text: String| text.is_empty() || report::is_fitted(&text);
    if target.is_file() && !fs::read_to_string(path).is_ok_and(is_free) {
        return Err(WrongInput(format!(
            "--fitted `{}` is there already, and no fitted scenario: name another file, or take that one away",
            path.display()
        )));
    }
    Ok(())
}

/// Writes the fitted scenario.
pub(super) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let unfinished = unfinished(path);
    let written = fs::write(&unfinished, text)
        .map_err(anyhow::Error::from)
        .and_then(|()| loads(&unfinished))
        .and_then(|()| Ok(fs::rename(&unfinished, path)?));
    written
        .inspect_err(|_| {
            // What could not be written may not be there.
            let _ = fs::remove_file(&unfinished);
        })
        .with_context(|| format!("cannot write `{}`", path.display()))
}

/// Whether the text of a fitted scenario would load from a directory.
pub(super) fn check_loads(text: &str, directory: &Path) -> anyhow::Result<()> {
    let tried = directory.join(FITTED);
    fs::write(&tried, text)?;
    let loads = loads(&tried);
    fs::remove_file(&tried)?;
    loads
}

/// Whether a scenario file that was just written loads.
fn loads(path: &Path) -> anyhow::Result<()> {
    let loaded = scenario::load(path, &[]);
    let _ =
        loaded.map_err(|error| anyhow::anyhow!("the fitted scenario does not load: {error}"))?;
    Ok(())
}

/// Where a file is until it is whole.
fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".unfinished");
    path.with_file_name(name)
}
