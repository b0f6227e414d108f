//! `portflow check`: lints scenario files.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use portflow::scenario;

use super::failure;

/// Check scenario files, and the data they name, without running them
///
/// The ends of uncertain numbers are tried too. Prints `FILE: ok` for each file without an error. Every error of every file is shown with its place.
#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// Scenario files
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

pub(crate) fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    let mut out = io::stdout().lock();
    for file in &args.files {
        let checked = scenario::load(file, &[])
            .and_then(|loaded| loaded.check_futures().map(|()| loaded.warnings));
        match checked {
            Ok(warnings) => {
                failure::diagnose(&warnings);
                writeln!(out, "{}: ok", file.display())?;
            }
            Err(diagnostics) => {
                failure::diagnose(&diagnostics);
                code = ExitCode::from(failure::WRONG_INPUT);
            }
        }
    }
    Ok(code)
}
