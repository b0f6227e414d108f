//! Arguments that several commands share.

use std::fs;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::thread;

use anyhow::Context;
use portflow::experiment::Plan;
use portflow::report::number::percent;
use portflow::scenario::{self, Loaded, Override, Overwritten, Scenario};
use portflow::stats::{CentralShare, Level};
use portflow::store::Manifest;
use portflow::store::options::BAND;

use crate::cli::args::options::option;
use crate::cli::failure::{self, WrongInput};

/// What is written to standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// A table, for people
    Table,
    /// One document with everything
    Json,
    /// The rows of the main results
    Csv,
}

/// A scenario file and values laid over it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ScenarioArgs {
    /// Scenario file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Value laid over the file, by its full path: `policy.app.random_share=0.7`
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<Override>,
}

impl ScenarioArgs {
    /// Loads the scenario, its warnings printed.
    pub(crate) fn load(&self) -> anyhow::Result<Loaded> {
        let loaded = load(&self.file, &self.set)?;
        failure::diagnose(&loaded.warnings);
        Ok(loaded)
    }

    /// The same with a table of published figures, as if the scenario named it: read with the same errors, hashed and kept with the
    /// results.
    pub(crate) fn with_data(&self, data: Option<&Path>) -> anyhow::Result<Self> {
        let mut with = self.clone();
        if let Some(data) = data {
            can_be_read("--data", data)?;
            with.set.push(observed(data)?);
        }
        Ok(with)
    }
}

/// Refuses a file of a flag that cannot be opened.
pub(crate) fn can_be_read(flag: &str, path: &Path) -> Result<(), WrongInput> {
    let opened = fs::File::open(path);
    let wrong = |error| {
        let why = failure::why(&error);
        WrongInput(format!("{flag}: cannot read {}: {why}", path.display()))
    };
    opened.map(|_| ()).map_err(wrong)
}

/// What is laid over a scenario for its published figures to be this table.
pub(crate) fn observed(data: &Path) -> anyhow::Result<Override> {
    let path = data.to_str().context("the path of --data is not UTF-8")?;
    let path = toml::Value::String(path.to_owned()).to_string();
    Ok(Override::new("observed.file", path))
}

/// How often to replicate, on how many threads, and how sure to be.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ReplicationArgs {
    /// Replications [default: those that the file asks for]
    #[arg(short, long, alias = "reps", value_name = "N", value_parser = at_least_one::<NonZeroU32>)]
    pub(crate) replications: Option<NonZeroU32>,
    #[command(flatten)]
    pub(crate) simulation: SimulationArgs,
    /// Confidence level of the intervals, between 0 and 1 [default: 0.95]
    #[arg(long)]
    pub(crate) level: Option<Level>,
}

impl ReplicationArgs {
    /// The plan, where the command line overrides the scenario.
    pub(crate) fn plan(&self, scenario: &Scenario) -> Plan {
        let of_scenario = || NonZeroU32::new(scenario.run.replications);
        let replications = self.replications.or_else(of_scenario);
        Plan {
            seed: self.simulation.seed(scenario),
            replications: replications.unwrap_or(NonZeroU32::MIN),
            threads: self.simulation.threads(),
            level: self.level.unwrap_or(Level::USUAL),
        }
    }
}

/// With which random numbers simulations are run, and how many at a time.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct SimulationArgs {
    /// Seed of every random number [default: `run.seed` of the scenario]
    #[arg(long, value_name = "S", value_parser = seed)]
    pub(crate) seed: Option<u64>,
    /// Simulations run at a time; results do not depend on it [default: one per processor]
    #[arg(long, value_name = "T", value_parser = at_least_one::<NonZeroUsize>)]
    threads: Option<NonZeroUsize>,
}

impl SimulationArgs {
    /// The seed, where the command line overrides the scenario.
    pub(crate) fn seed(self, scenario: &Scenario) -> u64 {
        self.seed.unwrap_or(scenario.run.seed)
    }

    /// How many are run at a time.
    pub(crate) fn threads(self) -> NonZeroUsize {
        self.threads.unwrap_or_else(processors)
    }
}

/// Where single replications lie.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct BandArgs {
    /// Share of single replications (of their differences, in `compare`) that a band contains, between 0 and 1 (not a confidence level)
    #[arg(long, value_name = "SHARE", default_value = "0.9")]
    pub(crate) band: CentralShare,
}

impl BandArgs {
    /// For the manifest; nothing where it is the usual share.
    pub(crate) fn option(&self) -> Option<(&'static str, String)> {
        (self.band != CentralShare::USUAL).then(|| (BAND, self.band.to_string()))
    }

    /// Read back from a manifest.
    pub(crate) fn of(manifest: &Manifest) -> Result<CentralShare, WrongInput> {
        Ok(option(manifest, BAND)?.unwrap_or(CentralShare::USUAL))
    }
}

/// How many simulations the machine can run at a time.
pub(crate) fn processors() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// Reads a count that must not be 0.
pub(crate) fn at_least_one<N: FromStr>(text: &str) -> Result<N, String> {
    let wrong = |_| match text.parse::<u128>() {
        Ok(1..) => "too large a number".to_owned(),
        _ => "expected a whole number of at least 1".to_owned(),
    };
    text.parse().map_err(wrong)
}

/// Reads a seed.
fn seed(text: &str) -> Result<u64, String> {
    let wrong = |_| format!("expected a whole number from 0 to {}", u64::MAX);
    text.parse().map_err(wrong)
}

/// Loads a scenario with the values of the command line, of which none is lost.
pub(crate) fn load(file: &Path, set: &[Override]) -> anyhow::Result<Loaded> {
    let loaded = scenario::load(file, set)?;
    no_value_lost(set, &loaded)?;
    Ok(loaded)
}

/// Refuses values of which one would take the place of one before it.
pub(crate) fn no_value_lost(set: &[Override], loaded: &Loaded) -> Result<(), WrongInput> {
    let lost = loaded.first_overwritten(&Override::keys(set));
    let Some(Overwritten { lost, by, is_same }) = lost else {
        return Ok(());
    };
    Err(WrongInput(if lost == by {
        format!("--set {by} is given twice")
    } else if is_same {
        format!("--set {lost} and --set {by} are one key under two names: give it once")
    } else {
        format!(
            "--set {by} takes the place of --set {lost} before it: give the part after the whole"
        )
    }))
}

/// What is said of an error that was given as a number too large for a share; `of` is what stands before it.
pub(crate) fn meant_as_percent(of: &str, given: &str, number: f64) -> String {
    format!(
        "{given} without a percent sign is an error of {}; write {of}{given}% for {given} percent",
        percent(number)
    )
}
