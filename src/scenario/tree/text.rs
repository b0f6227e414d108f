//! The text of a file: UTF-8, with or without the mark that some editors put before it.

use std::io;
use std::path::Path;

use super::key_path::KeyPath;
use super::origin::{Files, Origin};
use super::paths::{plain, relative};
use crate::scenario::diagnostics::{Diagnostics, Problem};
use crate::scenario::nearest::nearest;

/// A text that was read.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    /// The text; what is not UTF-8 is replaced.
    pub(crate) text: String,
    /// Where it first is not UTF-8.
    pub(crate) broken: Option<usize>,
}

/// Reads a file.
pub(crate) fn read(path: &Path) -> io::Result<Text> {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    let bytes = std::fs::read(path)?;
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
    Ok(Text {
        text: String::from_utf8_lossy(bytes).into_owned(),
        broken: std::str::from_utf8(bytes)
            .err()
            .map(|error| error.valid_up_to()),
    })
}

/// That a file cannot be read, and the one in its folder that may be meant, or else this help.
pub(crate) fn unreadable(
    path: &Path,
    error: &io::Error,
    help: Option<&str>,
) -> (String, Option<String>) {
    let (why, meant) = match error.kind() {
        io::ErrorKind::NotFound => ("there is no such file".to_owned(), neighbour(path)),
        io::ErrorKind::IsADirectory => ("it is a directory, name a file in it".to_owned(), None),
        _ => (error.to_string(), None),
    };
    let message = format!("cannot read {}: {why}", path.display());
    let help = match (meant, help) {
        (Some(meant), Some(help)) => Some(format!(
            "did you mean `{meant}`, in the same folder? {help}"
        )),
        (Some(meant), None) => Some(format!(
            "did you mean {}?",
            path.with_file_name(meant).display()
        )),
        (None, help) => help.map(str::to_owned),
    };
    (message, help)
}

/// The same of a file that another names, whose paths are read from its directory, which is this rule.
pub(crate) fn unreadable_from(
    path: &Path,
    directory: &Path,
    error: &io::Error,
    rule: &str,
) -> (String, String) {
    let (message, help) = unreadable(path, error, Some(rule));
    // What was written may lead from where the command is run, not from the file.
    let plain_path = plain(path);
    let meant = (plain_path.strip_prefix(plain(directory)).ok())
        .filter(|written| written.is_file())
        .and_then(|written| relative(written, directory).ok());
    let help = match meant {
        Some(meant) => format!("{rule}: write \"{}\"", meant.display()),
        None => help.unwrap_or_else(|| rule.to_owned()),
    };
    (message, help)
}

/// Name of the file in the folder of a path whose name is nearest to the path's, among those of the same kind.
fn neighbour(path: &Path) -> Option<String> {
    let folder = path.parent()?;
    let listed = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let mut names: Vec<String> = (std::fs::read_dir(listed).ok()?)
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| Path::new(name).extension() == path.extension())
        .collect();
    names.sort_unstable();
    let near = nearest(
        path.file_name()?.to_str()?,
        names.iter().map(String::as_str),
    )?;
    Some(near.to_owned())
}

/// Reads a file beside a scenario, whose mistakes are reported alone; `help` is for one that cannot be read.
pub(crate) fn read_alone(path: &Path, help: &str) -> Result<String, Diagnostics> {
    let name = path.display().to_string();
    let read = read(path).map_err(|error| {
        let (message, help) = unreadable(path, &error, Some(help));
        let problem = Problem::without_place(&KeyPath::default(), message);
        Diagnostics::of(Problem { help, ..problem }, Files::default())
    })?;
    match read.broken {
        Some(place) => {
            let files = Files::of(&name, &read.text);
            Err(Diagnostics::of(not_utf8(Files::MAIN, place), files))
        }
        None => Ok(read.text),
    }
}

/// What is said about a file that is not UTF-8.
pub(crate) fn not_utf8(file: usize, place: usize) -> Problem {
    let replacement = place..place + char::REPLACEMENT_CHARACTER.len_utf8();
    Problem::error(
        &KeyPath::default(),
        &Origin::new(file, replacement),
        "not text in UTF-8",
    )
    .help("save the file as UTF-8")
}
