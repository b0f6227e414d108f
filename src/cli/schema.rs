//! `portflow schema`: the format of scenario files for editors.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context;
use portflow::scenario;

use crate::cli::failure::STDOUT;

/// Print the JSON Schema of scenario files
#[derive(Debug, clap::Args)]
pub(crate) struct SchemaArgs {}

pub(crate) fn run(_: &SchemaArgs) -> anyhow::Result<ExitCode> {
    let text = serde_json::to_string_pretty(&scenario::json_schema())?;
    writeln!(io::stdout().lock(), "{text}").context(STDOUT)?;
    Ok(ExitCode::SUCCESS)
}
