//! Mistakes in scenario files, shown with the line that they are on.

use std::fmt;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::key_path::KeyPath;
use super::node::Node;
use super::origin::{Files, Origin};

/// Whether a problem stops the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The scenario cannot be run.
    Error,
    /// The scenario can be run, but may not mean what its author thinks.
    Warning,
}

/// One mistake.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Whether it stops the run.
    pub severity: Severity,
    /// What is wrong, in lower case.
    pub message: String,
    /// The text that is wrong; `None` when no file could be read.
    pub origin: Option<Origin>,
    /// What to do about it.
    pub help: Option<String>,
    /// The key that is wrong.
    pub path: KeyPath,
}

impl Problem {
    /// An error at a place.
    #[must_use]
    pub fn error(path: &KeyPath, origin: &Origin, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            origin: Some(origin.clone()),
            help: None,
            path: path.clone(),
        }
    }

    /// A warning at a place.
    #[must_use]
    pub fn warning(path: &KeyPath, origin: &Origin, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(path, origin, message)
        }
    }

    /// An error that has no place: a file could not be read.
    #[must_use]
    pub fn without_place(path: &KeyPath, message: impl Into<String>) -> Self {
        Self {
            origin: None,
            ..Self::error(path, &Origin::new(Files::MAIN, 0..0), message)
        }
    }

    /// The same problem with a remedy.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Collects problems while a scenario is read.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    found: Vec<Problem>,
    fatal: Vec<Problem>,
}

impl Problems {
    pub(crate) fn add(&mut self, problem: Problem) {
        self.found.push(problem);
    }

    /// Adds a problem after which the rest of the scenario says nothing: a file that is no TOML, a base that is missing. Other problems, which
    /// may only follow from it, are left out.
    pub(crate) fn add_fatal(&mut self, problem: Problem) {
        self.fatal.push(problem);
    }

    pub(crate) fn is_fatal(&self) -> bool {
        !self.fatal.is_empty()
    }

    /// Adds a problem of meaning, unless its key or a part of it is already known to be wrong.
    pub(crate) fn add_unless_known(&mut self, problem: Problem) {
        if !self.is_known(&problem.path) {
            self.found.push(problem);
        }
    }

    /// Whether a key or a part of it is already known to be wrong.
    pub(crate) fn is_known(&self, path: &KeyPath) -> bool {
        self.wrong_paths().any(|wrong| wrong.overlaps(path))
    }

    /// The keys that are already known to be wrong.
    pub(crate) fn wrong_paths(&self) -> impl Iterator<Item = &KeyPath> {
        (self.found.iter())
            .filter(|problem| problem.severity == Severity::Error)
            .map(|problem| &problem.path)
            .filter(|path| !path.keys().is_empty())
    }

    /// An error of meaning at a key of the document.
    pub(crate) fn report(
        &mut self,
        document: &Node,
        path: &KeyPath,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let origin = document.place_of(path);
        self.add_unless_known(Problem::error(path, &origin, message).help(help));
    }

    /// A warning at a key of the document.
    pub(crate) fn warn(&mut self, document: &Node, path: &KeyPath, message: &str, help: &str) {
        let origin = document.place_of(path);
        self.add_unless_known(Problem::warning(path, &origin, message).help(help));
    }

    pub(crate) fn any_error(&self) -> bool {
        let mut problems = self.found.iter();
        self.is_fatal() || problems.any(|problem| problem.severity == Severity::Error)
    }

    /// The problems in the order of the files.
    pub(crate) fn finish(self, files: Files) -> Diagnostics {
        let mut problems = if self.is_fatal() {
            self.fatal
        } else {
            self.found
        };
        problems.sort_by(|a, b| a.origin.cmp(&b.origin));
        problems.dedup_by(|a, b| a.origin == b.origin && a.message == b.message);
        Diagnostics { files, problems }
    }
}

/// Every problem that was found in a scenario, in the order of the files.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    pub(super) files: Files,
    pub(super) problems: Vec<Problem>,
}

impl Diagnostics {
    /// One problem alone.
    pub(crate) fn of(problem: Problem, files: Files) -> Self {
        Self {
            files,
            problems: vec![problem],
        }
    }

    /// The problems.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What each error says, without its place.
    #[must_use]
    pub fn errors(&self) -> Vec<&str> {
        let problems = self.problems.iter();
        let errors = problems.filter(|problem| problem.severity == Severity::Error);
        errors.map(|error| error.message.as_str()).collect()
    }

    /// Those that none of some others has.
    #[must_use]
    pub fn beside<'a>(&self, others: impl IntoIterator<Item = &'a Self>) -> Self {
        let others: Vec<&Self> = others.into_iter().collect();
        let is_new = |problem: &&Problem| {
            let mut others = others.iter();
            !others.any(|other| other.has(&self.files, problem))
        };
        Self {
            files: self.files.clone(),
            problems: self.problems.iter().filter(is_new).cloned().collect(),
        }
    }

    /// Whether the same problem is among these at the same place; its files may have other numbers here.
    pub(super) fn has(&self, files: &Files, problem: &Problem) -> bool {
        let place = |files: &Files, problem: &Problem| {
            let origin = problem.origin.as_ref();
            origin.map(|origin| files.place(origin).to_string())
        };
        let there = place(files, problem);
        (self.problems.iter())
            .any(|own| own.message == problem.message && place(&self.files, own) == there)
    }

    /// The problems of a value that was laid over the files.
    pub(crate) fn of_override(&self, key: &str) -> Self {
        let is_laid = |origin: &Origin| {
            let rest = self.files.get(origin.file).text.strip_prefix(key);
            self.files.is_set(origin.file) && rest.is_some_and(|rest| rest.starts_with('='))
        };
        let laid =
            (self.problems.iter()).filter(|problem| problem.origin.as_ref().is_some_and(is_laid));
        Self {
            files: self.files.clone(),
            problems: laid.cloned().collect(),
        }
    }

    /// The problems as text: each headed `FILE:LINE:COL`, with a caret under the mistake.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let texts: Vec<String> = (self.problems.iter())
            .map(|problem| self.render_one(problem, &renderer))
            .collect();
        texts.join("\n\n")
    }

    fn render_one(&self, problem: &Problem, renderer: &Renderer) -> String {
        let (level, word) = match problem.severity {
            Severity::Error => (Level::ERROR, "error"),
            Severity::Warning => (Level::WARNING, "warning"),
        };
        let help = (problem.help.as_deref()).map(|help| Level::HELP.message(help));
        let report = match &problem.origin {
            Some(origin) => {
                let snippet = Snippet::source(&self.files.get(origin.file).text)
                    .annotation(AnnotationKind::Primary.span(origin.start..origin.end));
                level
                    .with_name(format!("{}: {word}", self.files.place(origin)))
                    .primary_title(&problem.message)
                    .element(snippet)
                    .elements(help)
            }
            None => level.primary_title(&problem.message).elements(help),
        };
        renderer.render(&[report])
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}
