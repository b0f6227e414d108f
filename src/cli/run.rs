//! `portflow run FILE`: simulate a scenario, print its results, keep them.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::num::NonZeroU32;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use portflow::experiment::{Failure, Goals, Outcome, Plan, Results, futures, tasks};
use portflow::record::{Detail, Layout};
use portflow::report::{self, Manifest, ReplicationTables, Report, ResultsDir};
use portflow::scenario::observed::Observed;
use portflow::scenario::{Loaded, Posterior};
use portflow::stats::CentralShare;

use super::compare::names;
use super::conduct::{Conduct, Gathered, Means, Study, conduct};
use super::failure::WrongInput;
use super::futures::{PosteriorArgs, Worlds, usual};
use super::input::{Format, ReplicationArgs, ScenarioArgs, at_least_one};
use super::output::{OutArgs, ShardArgs};
use super::precision::{PrecisionArgs, Sequence};

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
    /// Share of single replications that the bands contain, between 0 and 1 (not a confidence level)
    #[arg(long, value_name = "SHARE", default_value = "0.9")]
    band: CentralShare,
    /// What is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// Runs the command; the status is 1 when a replication failed or somebody stopped the run.
pub(crate) fn run(args: &RunArgs) -> anyhow::Result<ExitCode> {
    let named = [(name_of(&args.scenario.file), args.scenario.load()?)];
    let mut plan = args.replication.plan(&named[0].1.scenario);
    if args.only.is_some() {
        plan.replications = NonZeroU32::MIN;
    }
    let worlds = args.worlds(&named, plan.seed)?;
    if let Some(worlds) = &worlds {
        plan.replications = worlds.replications(args.replication.replications)?;
    }
    let [(_, loaded)] = named;
    let layout = Layout::of(&loaded.scenario, Detail::Full);
    let shard = args.shard.shard;
    let sequence = (args.precision).goals(&layout, plan, &args.replication, shard)?;
    let mut options = sequence.options.clone();
    if args.band != CentralShare::USUAL {
        options.insert(BAND.to_owned(), args.band.to_string());
    }
    if let Some(only) = args.only {
        options.insert("replication".to_owned(), only.to_string());
    }
    let mut asked = Manifest {
        shard,
        options,
        ..Manifest::new("run", &loaded, &sequence.plan)
    };
    asked.add_options(worlds.iter().flat_map(Worlds::options));
    let how = Conduct {
        asked,
        threads: plan.threads,
        out: &args.out,
    };
    let run = Run {
        first: args.only.unwrap_or(0),
        ..Run::new(loaded, layout, sequence, args.band, args.format).in_worlds(worlds)
    };
    conduct(&run, &how)
}

impl RunArgs {
    /// The futures that are asked for; `None` where the scenario is run with its values as they are.
    fn worlds(&self, named: &[(String, Loaded)], seed: u64) -> anyhow::Result<Option<Worlds>> {
        let posterior = self.posterior.read(named, &[])?;
        if posterior.is_none() && self.futures.is_some() && named[0].1.futures.is_empty() {
            let message = "--futures needs a table `[futures]` in FILE: what is uncertain, and what it may be; or --posterior";
            return Err(WrongInput(message.to_owned()).into());
        }
        let usual = posterior.as_ref().map(|_| usual(posterior.as_ref()));
        let Some(futures) = self.futures.or(usual) else {
            return Ok(None);
        };
        Worlds::new(named, posterior, futures, seed, &self.scenario.set).map(Some)
    }
}

/// What a scenario is called in warnings.
fn name_of(file: &Path) -> String {
    names(&[file]).concat()
}

/// The option of a manifest that says which share bands hold, if it is not the usual one.
pub(crate) const BAND: &str = "band";

/// The replications of a scenario.
pub(crate) struct Run {
    loaded: Loaded,
    layout: Layout,
    plan: Plan,
    goals: Option<Goals>,
    /// Its replications are those of all futures.
    worlds: Option<Worlds>,
    /// The replication that the first task does.
    first: u32,
    band: CentralShare,
    format: Format,
}

impl Run {
    /// Nothing has been done yet.
    pub(crate) fn new(
        loaded: Loaded,
        layout: Layout,
        sequence: Sequence,
        band: CentralShare,
        format: Format,
    ) -> Self {
        Self {
            layout,
            loaded,
            plan: sequence.plan,
            goals: sequence.goals,
            worlds: None,
            first: 0,
            band,
            format,
        }
    }

    /// The same in futures, where there are any.
    pub(crate) fn in_worlds(self, worlds: Option<Worlds>) -> Self {
        Self { worlds, ..self }
    }

    fn replications_per_future(&self) -> Option<NonZeroU32> {
        let futures = self.worlds.as_ref()?.futures;
        NonZeroU32::new(self.plan.replications.get() / futures)
    }
}

impl Study for Run {
    type Record = Outcome;
    type Gathered = Replications;

    const TASKS: &'static str = "replications";

    fn units(&self) -> u32 {
        self.plan.replications.get()
    }

    fn perform(&self, task: u32, _: &Means<'_>) -> anyhow::Result<Outcome> {
        let replication = self.first + task;
        if let (Some(worlds), Some(each)) = (&self.worlds, self.replications_per_future()) {
            let (loaded, layout) = (&self.loaded, &self.layout);
            let future = replication / each;
            return Ok((worlds.source).simulated(loaded, layout, future, replication));
        }
        let (scenario, seed) = (&self.loaded.scenario, self.plan.seed);
        Ok(tasks::simulated(scenario, &self.layout, seed, replication))
    }

    fn failures(&self, task: u32, outcome: &Outcome) -> Vec<Failure> {
        let failure = Failure::of(outcome, self.plan.seed, self.first + task);
        failure.into_iter().collect()
    }

    fn reproduce(&self, task: u32) -> Option<String> {
        let replication = self.first + task;
        let command = || futures::command(&self.loaded, &[], self.plan.seed, replication);
        // In a future, the reason has the command with the future's values.
        self.worlds.is_none().then(command)
    }

    fn gather(&self, directory: Option<&ResultsDir>) -> io::Result<Replications> {
        let results = Results::new(self.layout.clone(), self.plan.level)
            .with_goals(self.goals.clone())
            .with_band(self.band);
        Ok(Replications {
            results: match self.replications_per_future() {
                Some(each) => results.in_futures(each),
                None => results,
            },
            tables: directory.map(replication_tables).transpose()?,
            observed: self.loaded.scenario.observed.clone(),
            is_steady: self.loaded.scenario.is_steady(),
            first: self.first,
            seed: self.plan.seed,
            format: self.format,
        })
    }

    fn scenarios(&self) -> Vec<(String, &Loaded)> {
        vec![(String::new(), &self.loaded)]
    }

    fn posterior(&self) -> Option<&Posterior> {
        self.worlds.as_ref()?.posterior()
    }
}

/// Results in the making; the rows of single replications go to the directory as they come.
pub(crate) struct Replications {
    results: Results,
    tables: Option<ReplicationTables<BufWriter<File>>>,
    observed: Option<Observed>,
    is_steady: bool,
    first: u32,
    seed: u64,
    format: Format,
}

impl Gathered<Outcome> for Replications {
    fn take(&mut self, task: u32, outcome: Outcome) -> io::Result<ControlFlow<()>> {
        let replication = self.first + task;
        if let (Some(tables), Ok(observations)) = (&mut self.tables, &outcome) {
            tables.add(self.results.layout(), replication, observations)?;
        }
        self.results.take(self.seed, replication, outcome);
        Ok(if self.results.is_enough() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    }

    fn expected(&self) -> Option<u32> {
        self.results.needed()
    }

    fn write(&mut self, manifest: &Manifest, directory: &ResultsDir) -> io::Result<()> {
        if let Some(tables) = self.tables.take() {
            tables.finish()?;
        }
        let of_futures = self.results.futures().map(|_| report::files::VARIANCE);
        for (name, format) in report::files::TABLES.into_iter().chain(of_futures) {
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
            is_steady: self.is_steady,
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
        assert_eq!(args.replication.seed, Some(9));
        let (key, value) = ("policy.app.open".to_owned(), "false".to_owned());
        assert_eq!(args.scenario.set, [(key, value)]);
        assert_eq!(args.format, Format::Csv);
        assert_eq!(args.replication.level, None);
    }

    #[test]
    fn what_reproduces_a_failure_is_a_command_that_runs_that_replication() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("its scenario.toml");
        let text = "[world.groups.all]\narrivals.per_day = 50\n[policy.ports.only]\n";
        std::fs::write(&file, text).unwrap();
        let set = ("title".to_owned(), "\"its title\"".to_owned());
        let loaded = portflow::scenario::load(&file, std::slice::from_ref(&set)).unwrap();
        let plan = Plan {
            seed: 9,
            replications: NonZeroU32::new(20).unwrap(),
            threads: std::num::NonZeroUsize::MIN,
            level: Level::USUAL,
        };
        let usual = CentralShare::USUAL;
        let layout = Layout::of(&loaded.scenario, Detail::Full);
        let run = Run::new(loaded, layout, Sequence::of(plan), usual, Format::Table);
        let failed: Outcome = Err("the ledger does not balance".to_owned());
        let failures = run.failures(7, &failed);
        let said = super::super::conduct::told(&run, 7, &failures[0]);
        let (reason, command) = said.split_once("\n  reproduce: portflow run ").unwrap();
        assert_eq!(
            reason,
            "error: replication 7 of seed 9 failed: the ledger does not balance"
        );
        let quoted = format!("'{}'", file.display());
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
        assert_eq!((again.only, again.replication.seed), (Some(7), Some(9)));
        assert_eq!(again.scenario.set, [set]);
    }
}
