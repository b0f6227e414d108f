//! `portflow run FILE`: simulate a scenario, print its results, keep them.

mod interrupt;
mod progress;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;
use std::thread;

use anyhow::Context;
use clap::{Args, ValueEnum};
use portflow::engine::random;
use portflow::experiment::{self, Plan, Results};
use portflow::model;
use portflow::record::Layout;
use portflow::report::{self, DirectoryError, Manifest, ReplicationTables, Report, ResultsDir};
use portflow::scenario::Scenario;
use portflow::stats::Level;

use super::failure::{self, WrongInput};
use super::input::ScenarioArgs;
use interrupt::Interrupt;
use progress::Progress;

/// Simulate a scenario, print its headline table and, with --out, keep all results
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Replications [default: `run.replications` of the scenario]
    #[arg(short, long, value_name = "N", value_parser = at_least_one::<NonZeroU32>)]
    replications: Option<NonZeroU32>,
    /// Seed of every random number [default: `run.seed` of the scenario]
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// Replications run at a time; results do not depend on it [default: one per processor]
    #[arg(long, value_name = "T", value_parser = at_least_one::<NonZeroUsize>)]
    threads: Option<NonZeroUsize>,
    /// Directory for all results; it appears when they are complete
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace earlier results in DIR
    #[arg(long, requires = "out")]
    force: bool,
    /// What is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Confidence level of the intervals, between 0 and 1
    #[arg(long, default_value = "0.95")]
    level: Level,
}

/// What is written to standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One line a month, for people
    Table,
    /// One document with every monthly figure and the totals
    Json,
    /// The rows of `monthly.csv`
    Csv,
}

/// Runs the command; the status is 1 when a replication failed or somebody stopped the run.
pub(crate) fn run(args: &RunArgs) -> anyhow::Result<ExitCode> {
    let loaded = args.scenario.load()?;
    let directory = args.directory()?;
    let interrupt = Interrupt::listen().context("cannot listen for Ctrl-C")?;
    interrupt.unfinished(directory.as_ref().map(ResultsDir::temporary));
    let asked_for = args.plan(&loaded.scenario);
    let results = replicate(&asked_for, &loaded.scenario, directory.as_ref(), &interrupt)?;
    let plan = done(&asked_for, &results);
    if results.replications() == 0 {
        return Ok(status(&asked_for, &results));
    }
    let manifest = Manifest::new(
        &loaded.scenario,
        loaded.digest(),
        random::SCHEME,
        &plan,
        &results,
    );
    let report = Report {
        manifest: &manifest,
        resolved_toml: &loaded.resolved_toml(),
        results: &results,
        observed: loaded.scenario.observed.as_ref(),
    };
    if let Some(directory) = directory {
        keep(directory, &report, &loaded.data, &interrupt)?;
    }
    print(args.format, &report)?;
    Ok(status(&asked_for, &results))
}

impl RunArgs {
    /// The place of the results, checked before the long run; `None` where they are not kept.
    fn directory(&self) -> anyhow::Result<Option<ResultsDir>> {
        let Some(target) = &self.out else {
            return Ok(None);
        };
        match ResultsDir::create(target, self.force) {
            Ok(directory) => Ok(Some(directory)),
            Err(error @ DirectoryError::Io(..)) => Err(error.into()),
            Err(error) => Err(WrongInput(error.to_string()).into()),
        }
    }

    fn plan(&self, scenario: &Scenario) -> Plan {
        let of_scenario = || NonZeroU32::new(scenario.run.replications);
        let processors = || thread::available_parallelism().ok();
        Plan {
            seed: self.seed.unwrap_or(scenario.run.seed),
            replications: self
                .replications
                .or_else(of_scenario)
                .unwrap_or(NonZeroU32::MIN),
            threads: self
                .threads
                .or_else(processors)
                .unwrap_or(NonZeroUsize::MIN),
            level: self.level,
        }
    }
}

fn at_least_one<N: FromStr>(text: &str) -> Result<N, String> {
    let wrong = |_| "expected a whole number of at least 1".to_owned();
    text.parse().map_err(wrong)
}

impl Format {
    fn writer(self) -> report::Format {
        match self {
            Self::Table => report::table::table,
            Self::Json => report::json::document,
            Self::Csv => report::csv_tables::monthly,
        }
    }
}

/// Runs the replications; their own rows go to the directory as they finish.
fn replicate(
    plan: &Plan,
    scenario: &Scenario,
    directory: Option<&ResultsDir>,
    interrupt: &Interrupt,
) -> anyhow::Result<Results> {
    let mut tables = directory
        .map(replication_tables)
        .transpose()
        .context("cannot begin the results")?;
    let progress = Progress::of(plan.replications);
    let results = experiment::run_until(
        || interrupt.asked(),
        plan,
        Layout::of(scenario),
        |replication| model::simulate(scenario, plan.seed, replication),
        |layout, replication, outcome| {
            progress.one_more();
            match (outcome, &mut tables) {
                (Err(failure), _) => {
                    progress.say(&format!("error: {failure}"));
                    Ok(())
                }
                (Ok(observations), Some(tables)) => tables.add(layout, replication, observations),
                (Ok(_), None) => Ok(()),
            }
        },
    );
    let results = results.context("cannot write the rows of a replication")?;
    if let Some(tables) = tables {
        tables
            .finish()
            .context("cannot write the rows of the replications")?;
    }
    Ok(results)
}

fn replication_tables(directory: &ResultsDir) -> io::Result<ReplicationTables<BufWriter<File>>> {
    let [values, ledger] = ReplicationTables::<BufWriter<File>>::FILES;
    ReplicationTables::new([directory.file(values)?, directory.file(ledger)?])
}

/// Puts the results in their place, with the data that the resolved scenario names.
fn keep(
    directory: ResultsDir,
    report: &Report<'_>,
    data: &BTreeMap<String, String>,
    interrupt: &Interrupt,
) -> anyhow::Result<()> {
    let write = || -> io::Result<()> {
        directory.write(report)?;
        for (name, text) in data {
            let mut file = directory.file(name)?;
            file.write_all(text.as_bytes())?;
            file.flush()?;
        }
        Ok(())
    };
    write().context("cannot write the results")?;
    interrupt.unfinished(None);
    Ok(directory.publish()?)
}

/// The plan that the results are those of: a run that was stopped has fewer replications than were asked for.
fn done(asked_for: &Plan, results: &Results) -> Plan {
    Plan {
        replications: NonZeroU32::new(run_of(results)).unwrap_or(NonZeroU32::MIN),
        ..*asked_for
    }
}

/// Replications that were run, whatever came of them.
fn run_of(results: &Results) -> u32 {
    results.replications() + results.failures().len() as u32
}

/// Says whether the run was stopped, and gives the exit status.
fn status(asked_for: &Plan, results: &Results) -> ExitCode {
    let (run, wanted) = (run_of(results), asked_for.replications.get());
    if run < wanted {
        let kept = if run == 0 {
            ""
        } else {
            ": the results are theirs"
        };
        failure::say(&format!(
            "stopped after {run} of {wanted} replications{kept}"
        ));
    } else if results.failures().is_empty() {
        return ExitCode::SUCCESS;
    }
    ExitCode::from(failure::FAILED)
}

fn print(format: Format, report: &Report<'_>) -> anyhow::Result<()> {
    let mut stdout = BufWriter::new(io::stdout().lock());
    let written = format.writer()(report, &mut stdout).and_then(|()| stdout.flush());
    written.context("cannot write to standard output")
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Command {
        #[command(flatten)]
        run: RunArgs,
    }

    fn parse(line: &str) -> Result<RunArgs, clap::Error> {
        let words = std::iter::once("run").chain(line.split_whitespace());
        Command::try_parse_from(words).map(|command| command.run)
    }

    #[test]
    fn counts_of_zero_and_impossible_levels_are_wrong_input() {
        for line in [
            "a.toml -r 0",
            "a.toml --threads 0",
            "a.toml --level 1",
            "a.toml --level 95",
            "a.toml --set policy.app.open",
            "a.toml --force",
            "",
        ] {
            let error = parse(line).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{line}");
        }
    }

    #[test]
    fn the_command_line_goes_before_the_scenario() {
        let args = parse("a.toml -r 20 --seed 9 --set policy.app.open=false --format csv").unwrap();
        assert_eq!(args.replications, NonZeroU32::new(20));
        assert_eq!(args.seed, Some(9));
        let (key, value) = ("policy.app.open".to_owned(), "false".to_owned());
        assert_eq!(args.scenario.set, [(key, value)]);
        assert_eq!(args.format, Format::Csv);
        assert_eq!(args.level, Level::USUAL);
    }
}
