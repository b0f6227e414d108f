//! `portflow explain`: everything that is known about one key.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context;
use portflow::scenario::explain::{Explanation, Move};

use crate::cli::args::input::ScenarioArgs;
use crate::cli::failure::{STDOUT, WrongInput};

/// Explain one key of a scenario: value, unit, meaning, where it was set, what that overrode, and its source
#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Full path of the key: `policy.app.random_share`
    #[arg(value_name = "KEY")]
    key: String,
}

pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<ExitCode> {
    let loaded = args.scenario.load()?;
    let explanation = loaded.explain(&args.key).map_err(WrongInput)?;
    print(&mut io::stdout().lock(), &explanation).context(STDOUT)?;
    Ok(ExitCode::SUCCESS)
}

fn print(out: &mut impl Write, explained: &Explanation) -> io::Result<()> {
    let Explanation {
        key,
        meaning,
        value,
        unit,
        allowed,
        nature,
        place,
        overrode,
        source,
        uncertain,
        fitted,
        moved,
    } = explained;
    writeln!(out, "{key} = {}", value.as_deref().unwrap_or("(not set)"))?;
    writeln!(out, "  meaning   {meaning}")?;
    if let Some(unit) = unit {
        writeln!(out, "  unit      {unit}")?;
    }
    writeln!(out, "  allowed   {allowed}")?;
    writeln!(out, "  kind      {nature}")?;
    writeln!(
        out,
        "  set at    {}",
        place.as_deref().unwrap_or("nowhere: this is the default")
    )?;
    for (value, place) in overrode {
        writeln!(out, "  overrode  {value} at {place}")?;
    }
    writeln!(
        out,
        "  source    {}",
        source.as_deref().unwrap_or("none given")
    )?;
    if let Some(uncertain) = uncertain {
        writeln!(out, "  uncertain {uncertain}")?;
    }
    if let Some(fitted) = fitted {
        writeln!(out, "  fitted    {fitted}")?;
    }
    for change in moved {
        let Move {
            when,
            change,
            place,
            source,
        } = change;
        writeln!(out, "  moved     {when}: {change} at {place}")?;
        if !source.is_empty() {
            writeln!(out, "            source {source}")?;
        }
    }
    Ok(())
}
