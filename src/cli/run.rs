//! `portflow run FILE`: simulate a scenario, print its results, keep them.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::process::ExitCode;

use clap::Args;
use portflow::experiment::{Failure, Outcome, Plan, Results, tasks};
use portflow::model;
use portflow::record::{Detail, Layout};
use portflow::report::{self, Manifest, ReplicationTables, Report, ResultsDir};
use portflow::scenario::Loaded;
use portflow::scenario::observed::Observed;

use super::conduct::{Conduct, Gathered, Study, conduct};
use super::input::{Format, ReplicationArgs, ScenarioArgs};
use super::output::{OutArgs, ShardArgs};

/// Simulate a scenario, print its headline table and, with --out, keep all results
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    #[command(flatten)]
    replication: ReplicationArgs,
    #[command(flatten)]
    out: OutArgs,
    #[command(flatten)]
    shard: ShardArgs,
    /// What is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// Runs the command; the status is 1 when a replication failed or somebody stopped the run.
pub(crate) fn run(args: &RunArgs) -> anyhow::Result<ExitCode> {
    let loaded = args.scenario.load()?;
    let plan = args.replication.plan(&loaded.scenario);
    let asked = Manifest {
        shard: args.shard.shard,
        ..Manifest::new("run", &loaded, &plan)
    };
    let how = Conduct {
        asked,
        threads: plan.threads,
        out: &args.out,
    };
    conduct(&Run::new(loaded, plan, args.format), &how)
}

/// The replications of a scenario.
pub(crate) struct Run {
    loaded: Loaded,
    layout: Layout,
    plan: Plan,
    format: Format,
}

impl Run {
    /// Nothing has been done yet.
    pub(crate) fn new(loaded: Loaded, plan: Plan, format: Format) -> Self {
        Self {
            layout: Layout::of(&loaded.scenario, Detail::Full),
            loaded,
            plan,
            format,
        }
    }
}

impl Study for Run {
    type Record = Outcome;
    type Gathered = Replications;

    const TASKS: &'static str = "replications";

    fn units(&self) -> u32 {
        self.plan.replications.get()
    }

    fn perform(&self, replication: u32) -> Outcome {
        tasks::guarded(|| {
            model::simulate(&self.loaded.scenario, self.plan.seed, replication)
                .map(|record| self.layout.observe(&record))
        })
    }

    fn failure(&self, replication: u32, outcome: &Outcome) -> Option<Failure> {
        Failure::of(outcome, self.plan.seed, replication)
    }

    fn gather(&self, directory: Option<&ResultsDir>) -> io::Result<Replications> {
        Ok(Replications {
            results: Results::new(self.layout.clone(), self.plan.level),
            tables: directory.map(replication_tables).transpose()?,
            observed: self.loaded.scenario.observed.clone(),
            seed: self.plan.seed,
            format: self.format,
        })
    }

    fn scenarios(&self) -> Vec<(String, &Loaded)> {
        vec![(String::new(), &self.loaded)]
    }
}

/// Results in the making; the rows of single replications go to the directory as they come.
pub(crate) struct Replications {
    results: Results,
    tables: Option<ReplicationTables<BufWriter<File>>>,
    observed: Option<Observed>,
    seed: u64,
    format: Format,
}

impl Gathered<Outcome> for Replications {
    fn take(&mut self, replication: u32, outcome: Outcome) -> io::Result<ControlFlow<()>> {
        if let (Some(tables), Ok(observations)) = (&mut self.tables, &outcome) {
            tables.add(self.results.layout(), replication, observations)?;
        }
        self.results.take(self.seed, replication, outcome);
        Ok(ControlFlow::Continue(()))
    }

    fn write(&mut self, manifest: &Manifest, directory: &ResultsDir) -> io::Result<()> {
        if let Some(tables) = self.tables.take() {
            tables.finish()?;
        }
        for (name, format) in report::files::TABLES {
            directory.write(name, |to| format(&self.report(manifest), to))?;
        }
        Ok(())
    }

    fn print(&mut self, manifest: &Manifest, to: &mut dyn Write) -> io::Result<()> {
        if self.results.replications() == 0 {
            return Ok(());
        }
        writer(self.format)(&self.report(manifest), to)
    }
}

impl Replications {
    fn report<'a>(&'a self, manifest: &'a Manifest) -> Report<'a> {
        Report {
            manifest,
            results: &self.results,
            observed: self.observed.as_ref(),
        }
    }
}

fn writer(format: Format) -> report::Format {
    match format {
        Format::Table => report::table::table,
        Format::Json => report::json::document,
        Format::Csv => report::csv_tables::monthly,
    }
}

fn replication_tables(directory: &ResultsDir) -> io::Result<ReplicationTables<BufWriter<File>>> {
    let [values, ledger] = ReplicationTables::<BufWriter<File>>::FILES;
    ReplicationTables::new([directory.file(values)?, directory.file(ledger)?])
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use std::num::NonZeroU32;

    use portflow::stats::Level;

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
            "a.toml --resume",
            "a.toml --out b --resume --force",
            "a.toml --shard 1/2",
            "a.toml --shard 3/2 --out b",
            "",
        ] {
            let error = parse(line).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{line}");
        }
    }

    #[test]
    fn the_command_line_goes_before_the_scenario() {
        let args = parse("a.toml -r 20 --seed 9 --set policy.app.open=false --format csv").unwrap();
        assert_eq!(args.replication.replications, NonZeroU32::new(20));
        assert_eq!(args.replication.seed, Some(9));
        let (key, value) = ("policy.app.open".to_owned(), "false".to_owned());
        assert_eq!(args.scenario.set, [(key, value)]);
        assert_eq!(args.format, Format::Csv);
        assert_eq!(args.replication.level, Level::USUAL);
    }
}
