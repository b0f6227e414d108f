//! What a failed command says, and its exit status.

use std::fmt;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::Context;
use portflow::scenario::Diagnostics;

/// What could not be done where results cannot be printed.
pub(crate) const STDOUT: &str = "cannot write to standard output";

/// Exit status of what went wrong, or was stopped.
pub(crate) const FAILED: u8 = 1;

/// Exit status of wrong input.
pub(crate) const WRONG_INPUT: u8 = 2;

/// A mistake on the command line that clap cannot see.
#[derive(Debug)]
pub(crate) struct WrongInput(pub(crate) String);

impl fmt::Display for WrongInput {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for WrongInput {}

/// Prints an error to stderr and gives the exit status.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    if let Some(diagnostics) = error.downcast_ref::<Diagnostics>() {
        diagnose(diagnostics);
        return ExitCode::from(WRONG_INPUT);
    }
    let is_closed = (error.chain())
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == ErrorKind::BrokenPipe);
    if is_closed {
        // Whoever reads our output has read enough.
        return ExitCode::SUCCESS;
    }
    say(&format!("error: {error:#}"));
    if error.is::<WrongInput>() {
        ExitCode::from(WRONG_INPUT)
    } else {
        ExitCode::from(FAILED)
    }
}

/// Why a file cannot be read, in the words that are used of scenario files too.
pub(crate) fn why(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => error.to_string(),
    }
}

/// Where a command goes on when whoever reads its output has read enough: what else is to be done, and the status, do not depend on it.
pub(crate) fn printed(printed: io::Result<()>) -> anyhow::Result<()> {
    match printed {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        printed => printed.context(STDOUT),
    }
}

/// Prints problems of scenario files to stderr, in colour on a terminal.
pub(crate) fn diagnose(diagnostics: &Diagnostics) {
    if !diagnostics.problems().is_empty() {
        let colour = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        say(&format!("{}\n", diagnostics.render(colour)));
    }
}

/// Prints the problems of a scenario but for those that were said of scenarios before it: what is wrong with a common base is said once.
pub(crate) fn diagnose_beside<'a>(
    diagnostics: &Diagnostics,
    before: impl IntoIterator<Item = &'a Diagnostics>,
) {
    diagnose(&diagnostics.beside(before));
}

/// Says each of these as a warning.
pub(crate) fn warn(sentences: impl IntoIterator<Item = String>) {
    for sentence in sentences {
        say(&format!("warning: {sentence}"));
    }
}

/// Prints a line to stderr.
pub(crate) fn say(text: &str) {
    // A closed stderr leaves nobody to tell.
    let _ = writeln!(io::stderr(), "{text}");
}
