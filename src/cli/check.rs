//! `portflow check`: lints scenario files.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use portflow::scenario::{self, Diagnostics};

use super::failure;

/// Check scenario files and experiment files, and the data they name, without running them
///
/// The ends of uncertain numbers are tried too. Prints `FILE: ok` for each file without an error. Every error of every file is shown with its place.
#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// Scenario files, or experiment files: those with a `base`
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

fn warnings(file: &Path) -> Result<Diagnostics, Diagnostics> {
    if scenario::is_experiment(file) {
        return Ok(scenario::load_experiment(file)?.warnings);
    }
    let loaded = scenario::load(file, &[])?;
    loaded.check_futures()?;
    Ok(loaded.warnings)
}

pub(crate) fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    let mut out = io::stdout().lock();
    for file in &args.files {
        match warnings(file) {
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
