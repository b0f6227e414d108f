//! Where a value was written: files, and places in them.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

/// A stretch of text in one of the [`Files`] of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// Index of the file.
    pub file: usize,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

impl Origin {
    /// The place of a byte range in a file.
    #[must_use]
    pub fn new(file: usize, span: Range<usize>) -> Self {
        Self {
            file,
            start: span.start,
            end: span.end,
        }
    }
}

/// A text that scenario values come from: a file, or one `--set` of the command line.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The name shown to people: the path as given, or `--set`.
    pub name: String,
    /// The directory against which the paths in it are read.
    pub directory: PathBuf,
    /// The whole text.
    pub text: String,
}

/// Every text that was read, in reading order: the named scenario is the first.
#[derive(Debug, Clone, Default)]
pub struct Files(Vec<SourceFile>);

impl Files {
    /// The named scenario file.
    pub const MAIN: usize = 0;

    /// The name of a text that came from the command line.
    pub(crate) const SET: &str = "--set";

    /// A text alone, which is the one of index [`Files::MAIN`].
    pub(crate) fn of(name: &str, text: &str) -> Self {
        Self(vec![SourceFile {
            name: name.to_owned(),
            directory: PathBuf::new(),
            text: text.to_owned(),
        }])
    }

    /// Keeps a text and gives its index.
    pub fn add(&mut self, file: SourceFile) -> usize {
        self.0.push(file);
        self.0.len() - 1
    }

    /// The names of all texts, in reading order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|file| file.name.as_str())
    }

    /// The text of an index.
    #[must_use]
    pub fn get(&self, file: usize) -> &SourceFile {
        &self.0[file]
    }

    /// Whether a text is a `--set` of the command line.
    pub(crate) fn is_set(&self, file: usize) -> bool {
        self.get(file).name == Self::SET
    }

    /// Whether what is written in one text goes before what is written in another: in a later `--set`, or in a file that extends it.
    pub(crate) fn goes_before(&self, file: usize, other: usize) -> bool {
        match (self.is_set(file), self.is_set(other)) {
            (true, true) => file > other,
            (false, false) => file < other,
            (is_set, _) => is_set,
        }
    }

    /// The place as `FILE:LINE:COL`; of an option, `--set:LINE:COL`.
    #[must_use]
    pub fn place(&self, origin: &Origin) -> Position<'_> {
        let file = self.get(origin.file);
        let before = file.text.get(..origin.start).unwrap_or(&file.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position {
            name: &file.name,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// A place for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position<'a> {
    /// Name of the file.
    pub name: &'a str,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Position<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}:{}", self.name, self.line, self.column)
    }
}
