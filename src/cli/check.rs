//! `portflow check`: lints scenario files.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use portflow::scenario::Override;

use crate::cli::failure;
use crate::cli::inputs::subject::Subject;

/// Check scenario files and experiment files, and the data they name, without running them
///
/// The ends of uncertain numbers are tried too. Prints `FILE: ok` for each file without an error. Every error of every file is shown with its place.
#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// Scenario files, or experiment files: those with a `base`
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Values laid over every file, or tried on it, as `sweep` takes them: `KEY=VALUE`, `KEY=A..B:N`, `KEY=A..B` or `KEY=x|y|z`
    #[arg(long = "set", value_name = "KEY=VALUES")]
    set: Vec<Override>,
}

pub(crate) fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    let mut out = io::stdout().lock();
    for file in &args.files {
        match Subject::check(file, &args.set) {
            Ok(()) => failure::printed(writeln!(out, "{}: ok", file.display()))?,
            Err(error) => {
                failure::report(&error.context(file.display().to_string()));
                code = ExitCode::from(failure::WRONG_INPUT);
            }
        }
    }
    Ok(code)
}
