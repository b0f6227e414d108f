//! `--by-area` and `--by-family`: published counts that are broken down otherwise than `[observed]`.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use clap::Args;
use portflow::experiment::validation::{Areas, Draws, Families};
use portflow::scenario::breakdown::By;
use portflow::scenario::{Breakdown, Loaded};

use crate::cli::args::input::can_be_read;
use crate::cli::failure::{self, WrongInput};

/// The tables of such counts.
#[derive(Debug, Args)]
pub(crate) struct BrokenDownArgs {
    /// Published port encounters by area (month, component, area, encounters), held against the ports of `[observed.areas]`
    #[arg(long, value_name = "CSV")]
    by_area: Option<PathBuf>,
    /// Published encounters by family status (month, component, category, encounters), held against persons in parties of two or more
    #[arg(long, value_name = "CSV")]
    by_family: Option<PathBuf>,
}

/// Such counts.
#[derive(Default)]
pub(crate) struct BrokenDown {
    pub(crate) areas: Option<Areas>,
    pub(crate) families: Option<Families>,
    /// SHA-256 of each table that is read, by its name in a manifest.
    pub(crate) digests: Vec<(&'static str, String)>,
}

impl BrokenDownArgs {
    /// Reads the tables; their figures are added to those that are simulated.
    pub(crate) fn read(
        &self,
        loaded: &Loaded,
        draws: &Draws,
        figures: &mut Vec<String>,
    ) -> anyhow::Result<BrokenDown> {
        let mut read = BrokenDown::default();
        if let Some(path) = &self.by_area {
            let areas = read.table(("by-area", path), By::Area, |table| {
                Areas::new(loaded, table, figures)
            })?;
            say_left_out(&areas);
            read.areas = Some(areas);
        }
        if let Some(path) = &self.by_family {
            let families = read.table(("by-family", path), By::Family, |table| {
                Families::new(loaded, draws, table, figures)
            })?;
            read.families = Some(families);
        }
        Ok(read)
    }
}

impl BrokenDown {
    /// Reads the table that a flag names.
    fn table<T, E: Display>(
        &mut self,
        (name, path): (&'static str, &Path),
        by: By,
        counts: impl FnOnce(&Breakdown) -> Result<T, E>,
    ) -> anyhow::Result<T> {
        can_be_read(&format!("--{name}"), path)?;
        let table = Breakdown::read(path, by)?;
        self.digests.push((name, table.digest().to_owned()));
        let wrong = |error| WrongInput(format!("--{name} {}: {error}", path.display()));
        Ok(counts(&table).map_err(wrong)?)
    }
}

/// Says which areas and ports are not held against each other.
fn say_left_out(areas: &Areas) {
    for area in areas.unknown() {
        failure::say(&format!(
            "warning: --by-area: `{area}` is left out, as `[observed.areas]` names no ports of it"
        ));
    }
    for port in areas.in_none() {
        failure::say(&format!(
            "warning: --by-area: `{port}` is in no area of `[observed.areas]`: its encounters are in no line of the table"
        ));
    }
}
