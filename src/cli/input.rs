//! Arguments that several commands share.

use std::path::PathBuf;

use portflow::scenario::{self, Diagnostics, Loaded};

use super::failure;

/// A scenario file and values laid over it.
#[derive(Debug, clap::Args)]
pub(crate) struct ScenarioArgs {
    /// Scenario file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Value laid over the file, by its full path: `policy.app.random_share=0.7`
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_and_value)]
    pub(crate) set: Vec<(String, String)>,
}

impl ScenarioArgs {
    /// Loads the scenario, its warnings printed.
    pub(crate) fn load(&self) -> Result<Loaded, Diagnostics> {
        let loaded = scenario::load(&self.file, &self.set)?;
        failure::diagnose(&loaded.warnings);
        Ok(loaded)
    }
}

fn key_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => {
            Ok((key.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("expected KEY=VALUE, as in policy.app.random_share=0.7".to_owned()),
    }
}
