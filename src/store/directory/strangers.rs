//! What is in a directory of results, and portflow did not write there: it is never deleted with them.

use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use crate::store::files::{DATA, RESOLVED, is_result};

/// Files that a desktop leaves in every directory that somebody looks at: it makes them again.
const LEFT_BY_DESKTOPS: [&str; 4] = [".DS_Store", ".directory", "Thumbs.db", "desktop.ini"];

/// The first entry of results that is none of them, in the order of names; what a desktop leaves is nobody's.
///
/// # Errors
/// The file system's.
pub(super) fn stranger(results: &Path) -> io::Result<Option<PathBuf>> {
    first(results, |entry| {
        if entry.file_type()?.is_dir() {
            in_folder(results, entry)
        } else {
            Ok(unless(is_file(entry)? && is_result(&name(entry)), entry))
        }
    })
}

/// The same of a folder of results: it is that of a scenario, or of the tables that the scenario of the results themselves names.
fn in_folder(results: &Path, folder: &DirEntry) -> io::Result<Option<PathBuf>> {
    let scenario = folder.path();
    if !scenario.join(RESOLVED).exists() {
        return if name(folder) == DATA {
            in_data(results, folder)
        } else {
            Ok(Some(scenario))
        };
    }
    first(&scenario, |entry| {
        if entry.file_type()?.is_dir() && name(entry) == DATA {
            in_data(&scenario, entry)
        } else {
            Ok(unless(is_file(entry)? && name(entry) == RESOLVED, entry))
        }
    })
}

/// The same of the tables of a scenario, all of which it names.
fn in_data(scenario: &Path, data: &DirEntry) -> io::Result<Option<PathBuf>> {
    let text = fs::read_to_string(scenario.join(RESOLVED)).unwrap_or_default();
    first(&data.path(), |entry| {
        let named = ['"', '\''].map(|quote| format!("{DATA}/{}{quote}", name(entry)));
        let is_named = named.iter().any(|named| text.contains(named));
        Ok(unless(is_file(entry)? && is_named, entry))
    })
}

/// The first that is found in the entries of a directory; one without entries is itself none of the results.
fn first(
    directory: &Path,
    found: impl Fn(&DirEntry) -> io::Result<Option<PathBuf>>,
) -> io::Result<Option<PathBuf>> {
    let mut entries = fs::read_dir(directory)?.collect::<io::Result<Vec<_>>>()?;
    if entries.is_empty() {
        return Ok(Some(directory.to_owned()));
    }
    entries.retain(|entry| !is_left_by_a_desktop(entry));
    entries.sort_by_key(DirEntry::file_name);
    let mut found = entries.iter().map(found);
    found.find_map(Result::transpose).transpose()
}

/// Whether there is nothing in a directory but what a desktop leaves.
///
/// # Errors
/// The file system's.
pub(super) fn is_empty(directory: &Path) -> io::Result<bool> {
    let entries = fs::read_dir(directory)?.collect::<io::Result<Vec<_>>>()?;
    Ok(entries.iter().all(is_left_by_a_desktop))
}

/// Removes a directory in which nothing is but what a desktop leaves.
///
/// # Errors
/// The file system's; that there is something else.
pub(super) fn remove_empty(directory: &Path) -> io::Result<()> {
    if is_empty(directory)? {
        for name in LEFT_BY_DESKTOPS {
            // What is not there need not be removed, and what cannot be is told by the directory.
            let _ = fs::remove_file(directory.join(name));
        }
    }
    fs::remove_dir(directory)
}

fn is_left_by_a_desktop(entry: &DirEntry) -> bool {
    LEFT_BY_DESKTOPS.contains(&name(entry).as_str()) && is_file(entry).unwrap_or(false)
}

fn unless(is_result: bool, entry: &DirEntry) -> Option<PathBuf> {
    (!is_result).then(|| entry.path())
}

fn name(entry: &DirEntry) -> String {
    entry.file_name().to_string_lossy().into_owned()
}

fn is_file(entry: &DirEntry) -> io::Result<bool> {
    Ok(entry.file_type()?.is_file())
}
