//! `portflow run FILE`: simulate a scenario, print its results, keep them.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::num::NonZeroU32;
use std::process::ExitCode;

use clap::Args;
use portflow::experiment::{Failure, Goals, Outcome, Results};
use portflow::record::Detail;
use portflow::report::run::{self, ReplicationTables, Report};
use portflow::scenario::{Loaded, Override, Posterior};
use portflow::stats::CentralShare;
use portflow::store::options::REPLICATION;
use portflow::store::{Manifest, ResultsDir};

use crate::cli::args::input::{BandArgs, Format, ReplicationArgs, ScenarioArgs, at_least_one};
use crate::cli::args::output::{OutArgs, ShardArgs};
use crate::cli::args::posterior::PosteriorArgs;
use crate::cli::args::precision::PrecisionArgs;
use crate::cli::failure::WrongInput;
use crate::cli::inputs::futures::{Worlds, usual};
use crate::cli::inputs::scenarios::Scenarios;
use crate::cli::study::conduct::{Conduct, conduct};
use crate::cli::study::replicated::Replicated;
use crate::cli::study::{Means, Study};

/// Simulate a scenario, print its headline table and, with --out, keep all results
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    #[command(flatten)]
    replication: ReplicationArgs,
    #[command(flatten)]
    precision: PrecisionArgs,
    #[command(flatten)]
    out: OutArgs,
    #[command(flatten)]
    shard: ShardArgs,
    /// Futures: worlds with other values of what `[futures]` calls uncertain, each with -r replications (2 unless given): intervals
    /// count futures, and the variance is split into what is uncertain and chance [default: none, the values as they are; 20
    /// with --posterior]
    #[arg(long, value_name = "F", value_parser = at_least_one::<NonZeroU32>)]
    futures: Option<NonZeroU32>,
    #[command(flatten)]
    posterior: PosteriorArgs,
    /// Run only replication K, counted from 0: it is as in a run of all
    #[arg(
        long = "replication",
        value_name = "K",
        conflicts_with_all = ["replications", "wanted", "shard", "futures", "posterior"]
    )]
    only: Option<u32>,
    #[command(flatten)]
    band: BandArgs,
    /// What is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// Runs the command; the status is 1 when a replication failed or somebody stopped the run.
pub(crate) fn run(args: &RunArgs) -> anyhow::Result<ExitCode> {
    let scenarios = Scenarios::of_files(vec![args.scenario.load()?]);
    let mut plan = args.replication.plan(&scenarios.base().scenario);
    if args.only.is_some() {
        plan.replications = NonZeroU32::MIN;
    }
    let worlds = args.worlds(&scenarios, plan.seed)?;
    if let Some(worlds) = &worlds {
        plan.replications = worlds.replications(args.replication.replications)?;
    }
    let mut of = Replicated::new(scenarios, Detail::Full, plan, worlds);
    of.first = args.only.unwrap_or(0);
    let shard = args.shard.shard;
    let sequence = (args.precision).goals(&of.layouts[0], plan, &args.replication, shard)?;
    of.plan = sequence.plan;
    let mut asked = Manifest {
        shard,
        ..of.manifest("run")
    };
    asked.add_options(sequence.options);
    asked.add_options(args.band.option());
    asked.add_options(args.only.map(|only| (REPLICATION, only.to_string())));
    let how = Conduct {
        asked,
        threads: plan.threads,
        out: &args.out,
    };
    let run = Run {
        of,
        goals: sequence.goals,
        band: args.band.band,
        format: args.format,
    };
    Ok(conduct(&run, &how)?.status)
}

impl RunArgs {
    /// The futures that are asked for; `None` where the scenario is run with its values as they are.
    fn worlds(&self, scenarios: &Scenarios, seed: u64) -> anyhow::Result<Option<Worlds>> {
        let set = &self.scenario.set;
        let posterior = self.posterior.read(scenarios, &Override::keys(set))?;
        if posterior.is_none() && self.futures.is_some() && scenarios.base().futures.is_empty() {
            let message = "--futures needs a table `[futures]` in FILE: what is uncertain, and what it may be; or --posterior";
            return Err(WrongInput(message.to_owned()).into());
        }
        let usual = posterior.as_ref().map(|_| usual(posterior.as_ref()));
        let Some(futures) = self.futures.or(usual) else {
            return Ok(None);
        };
        Worlds::new(scenarios, posterior, futures, seed, set).map(Some)
    }
}

/// The run that a manifest is of.
pub(crate) fn again(manifest: &Manifest, of: Replicated, format: Format) -> anyhow::Result<Run> {
    Ok(Run {
        of,
        goals: None,
        band: BandArgs::of(manifest)?,
        format,
    })
}

/// The replications of a scenario.
pub(crate) struct Run {
    of: Replicated,
    goals: Option<Goals>,
    band: CentralShare,
    format: Format,
}

impl Study for Run {
    type Record = Outcome;
    type Gathered = Replications;

    const TASKS: &'static str = "replications";

    fn units(&self) -> u32 {
        self.of.plan.replications.get()
    }

    fn units_per_result(&self) -> u32 {
        self.of.together()
    }

    fn perform(&self, task: u32, _: &Means<'_>) -> anyhow::Result<Outcome> {
        Ok(self.of.simulated(task))
    }

    fn fits(&self, task: u32, outcome: &Outcome) -> bool {
        self.of.fits(task, outcome)
    }

    fn failures(&self, task: u32, outcome: &Outcome) -> Vec<Failure> {
        self.of.failures(task, outcome)
    }

    fn gather(&self, directory: Option<&ResultsDir>) -> io::Result<Replications> {
        let results = Results::new(self.of.layouts[0].clone(), self.of.plan.level)
            .with_goals(self.goals.clone())
            .with_band(self.band);
        Ok(Replications {
            results: match self.of.replications_per_future() {
                Some(each) => results.in_futures(each),
                None => results,
            },
            tables: directory.map(replication_tables).transpose()?,
            under_way: Vec::new(),
        })
    }

    fn take(&self, gathered: &mut Replications, task: u32, outcome: Outcome) -> io::Result<()> {
        gathered
            .under_way
            .push((self.of.replication(task), outcome));
        if gathered.under_way.len() == self.of.together() as usize {
            gathered.end_future(self.of.plan.seed)?;
        }
        Ok(())
    }

    fn is_enough(&self, gathered: &Replications) -> bool {
        gathered.results.is_enough()
    }

    fn has_results(&self, gathered: &Replications) -> bool {
        gathered.results.replications() > 0
    }

    fn expected(&self, gathered: &Replications) -> Option<u32> {
        gathered.results.needed()
    }

    fn write(
        &self,
        gathered: &mut Replications,
        manifest: &Manifest,
        directory: &ResultsDir,
    ) -> io::Result<()> {
        if let Some(tables) = gathered.tables.take() {
            tables.finish()?;
        }
        let report = self.report(&gathered.results, manifest);
        let of_futures = gathered.results.futures().map(|_| run::VARIANCE);
        for (name, format) in run::TABLES.into_iter().chain(of_futures) {
            directory.write(name, |to| format(&report, to))?;
        }
        Ok(())
    }

    fn print(
        &self,
        gathered: &mut Replications,
        manifest: &Manifest,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        writer(self.format)(&self.report(&gathered.results, manifest), to)
    }

    fn scenarios(&self) -> Vec<(&str, &Loaded)> {
        self.of.scenarios.iter().collect()
    }

    fn posterior(&self) -> Option<&Posterior> {
        self.of.posterior()
    }
}

/// Results in the making; the rows of single replications go to the directory as they come.
pub(crate) struct Replications {
    results: Results,
    tables: Option<ReplicationTables<BufWriter<File>>>,
    /// Replications of the future under way: they are in no result until it is whole.
    under_way: Vec<(u32, Outcome)>,
}

impl Replications {
    /// Takes the replications of a future, once all of them are there, or one that stands alone.
    fn end_future(&mut self, seed: u64) -> io::Result<()> {
        for (replication, outcome) in self.under_way.drain(..) {
            if let (Some(tables), Ok(observations)) = (&mut self.tables, &outcome) {
                tables.add(self.results.layout(), replication, observations)?;
            }
            self.results.take(seed, replication, outcome);
        }
        Ok(())
    }
}

impl Run {
    fn report<'a>(&'a self, results: &'a Results, manifest: &'a Manifest) -> Report<'a> {
        let scenario = &self.of.scenarios.base().scenario;
        Report {
            manifest,
            results,
            observed: scenario.observed.as_ref(),
            cycle: scenario.steady_cycle(),
        }
    }
}

fn writer(format: Format) -> run::Format {
    match format {
        Format::Table => run::table,
        Format::Json => run::json,
        Format::Csv => run::csv,
    }
}

fn replication_tables(directory: &ResultsDir) -> io::Result<ReplicationTables<BufWriter<File>>> {
    let [values, ledger] = ReplicationTables::<BufWriter<File>>::FILES;
    ReplicationTables::new([directory.file(values)?, directory.file(ledger)?])
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use portflow::experiment::Plan;
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
            "a.toml --replication 3 -r 5",
            "a.toml --replication 3 --precision arrivals=1%",
            "a.toml --replication 3 --shard 1/2 --out b",
            "a.toml --replication 3 --futures 5",
            "a.toml --replication 3 --posterior b.csv",
            "a.toml --precision arrivals=1% --futures 5",
            "a.toml --precision arrivals=1% --posterior b.csv",
            "a.toml --futures 0",
            "a.toml --precision arrivals=1% --max-replications 0",
            "a.toml --band 90",
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
        assert_eq!(args.replication.simulation.seed, Some(9));
        let set = [Override::new("policy.app.open", "false")];
        assert_eq!(args.scenario.set, set);
        assert_eq!(args.format, Format::Csv);
        assert_eq!(args.replication.level, None);
        let short = parse("a.toml --reps 20").unwrap();
        assert_eq!(short.replication.replications, NonZeroU32::new(20));
    }

    #[test]
    fn what_reproduces_a_failure_is_a_command_that_runs_that_replication() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("its scenario.toml");
        let text = "[world.groups.all]\narrivals.per_day = 50\n[policy.ports.only]\n";
        std::fs::write(&file, text).unwrap();
        let set = [Override::new("title", "\"its title\"")];
        let loaded = portflow::scenario::load(&file, &set).unwrap();
        let scenarios = Scenarios::of_files(vec![loaded]);
        let plan = Plan {
            seed: 9,
            replications: NonZeroU32::new(20).unwrap(),
            threads: std::num::NonZeroUsize::MIN,
            level: Level::USUAL,
        };
        let run = Run {
            of: Replicated::new(scenarios, Detail::Full, plan, None),
            goals: None,
            band: CentralShare::USUAL,
            format: Format::Table,
        };
        let failed: Outcome = Err("the ledger does not balance".to_owned());
        let failures = run.failures(7, &failed);
        let quoted = format!("'{}'", file.display());
        let told = failures[0].to_string();
        let (reason, command) = told.split_once("\n  to see it: `portflow run ").unwrap();
        assert_eq!(
            reason,
            "replication 7 of seed 9 failed: the ledger does not balance"
        );
        let command = command.strip_suffix('`').unwrap();
        assert_eq!(
            command,
            format!("{quoted} --set 'title=\"its title\"' --seed 9 --replication 7")
        );
        let words = [
            "run",
            file.to_str().unwrap(),
            "--set",
            "title=\"its title\"",
        ];
        let rest = command.rsplit_once("' ").unwrap().1.split_whitespace();
        let again = Command::try_parse_from(words.into_iter().chain(rest))
            .unwrap()
            .run;
        assert_eq!(
            (again.only, again.replication.simulation.seed),
            (Some(7), Some(9))
        );
        assert_eq!(again.scenario.set, set);
    }
}
