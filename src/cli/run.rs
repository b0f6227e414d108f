//! `portflow run`: placeholder until the experiment module lands.

use std::process::ExitCode;

use super::input::ScenarioArgs;

/// Simulate a scenario
#[derive(Debug, clap::Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
}

pub(crate) fn run(args: &RunArgs) -> anyhow::Result<ExitCode> {
    args.scenario.load()?;
    anyhow::bail!("`portflow run` is not there yet")
}
