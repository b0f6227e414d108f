//! `portflow show`: a scenario with everything that it inherits.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context;

use crate::cli::args::input::ScenarioArgs;
use crate::cli::failure::STDOUT;

/// Print a scenario resolved: everything inherited, defaults written out, with unit and source of each value
///
/// Data files are named as seen from here: saved elsewhere, the text does not find them. `run --out DIR` writes one that does, with the
/// data beside it (DIR/scenario.resolved.toml).
#[derive(Debug, clap::Args)]
pub(crate) struct ShowArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
}

pub(crate) fn run(args: &ShowArgs) -> anyhow::Result<ExitCode> {
    let loaded = args.scenario.load()?;
    io::stdout()
        .lock()
        .write_all(loaded.annotated_toml().as_bytes())
        .context(STDOUT)?;
    Ok(ExitCode::SUCCESS)
}
