//! `portflow compare BASE VARIANT…`: the same people under each policy.

mod best;
mod futures;
mod lines;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use portflow::experiment::{Comparison, Failure, Goals, Objective, Outcome, Plan, Regrets};
use portflow::record::{Detail, Layout, Metric};
use portflow::report::comparison::{self, By, Compared};
use portflow::scenario::{Loaded, Override, Posterior};
use portflow::stats::CentralShare;
use portflow::store::{Manifest, ResultsDir, files};

use self::best::BestArgs;
use self::futures::{FuturesArgs, Judging};
use self::lines::TableArgs;
use crate::cli::args::input::{BandArgs, Format, ReplicationArgs, load};
use crate::cli::args::output::{OutArgs, ShardArgs};
use crate::cli::args::precision::PrecisionArgs;
use crate::cli::failure::{self, WrongInput};
use crate::cli::inputs::scenarios::Scenarios;
use crate::cli::study::conduct::{Conduct, conduct};
use crate::cli::study::replicated::Replicated;
use crate::cli::study::{Means, Study};

/// Compare policies on the same people: paired differences with intervals, by month, group and port
#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// Scenario file that the others are compared with
    #[arg(value_name = "BASE")]
    base: PathBuf,
    /// Scenario files
    #[arg(value_name = "VARIANT", required = true)]
    variants: Vec<PathBuf>,
    /// Value laid over every file, by its full path: `run.end=2024-06-30`
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<Override>,
    #[command(flatten)]
    replication: ReplicationArgs,
    #[command(flatten)]
    precision: PrecisionArgs,
    #[command(flatten)]
    futures: FuturesArgs,
    #[command(flatten)]
    out: OutArgs,
    #[command(flatten)]
    shard: ShardArgs,
    #[command(flatten)]
    best: BestArgs,
    #[command(flatten)]
    band: BandArgs,
    #[command(flatten)]
    show: TableArgs,
}

/// Runs the command; the status is 1 when a simulation failed or somebody stopped the comparison.
pub(crate) fn run(args: &CompareArgs) -> anyhow::Result<ExitCode> {
    args.best.check(args.replication.level)?;
    let mut loaded: Vec<Loaded> = Vec::new();
    for file in std::iter::once(&args.base).chain(&args.variants) {
        let next = load(file, &args.set)?;
        failure::diagnose_beside(&next.warnings, loaded.iter().map(|it| &it.warnings));
        loaded.push(next);
    }
    let scenarios = Scenarios::of_files(loaded);
    if args.replication.simulation.seed.is_none() {
        scenarios.say_other_seeds();
    }
    let plan = args.replication.plan(&scenarios.base().scenario);
    // The best is selected, and a precision looked for, with the values as they are.
    let judged = if args.best.best.is_some() || args.precision.is_wanted() {
        None
    } else {
        args.futures.judged(&scenarios, plan.seed, &args.set)?
    };
    let (worlds, judging) = judged.unzip();
    let judging = judging.flatten();
    let mut of = Replicated::new(scenarios, Detail::Summary, plan, worlds);
    if let Some(figure) = &args.best.best {
        let stages = best::Stages {
            first: args.replication.replications,
            most: args.precision.most(),
        };
        return best::run(of, &args.best, figure, stages, args.show.format, &args.out);
    }
    let shard = args.shard.shard;
    let sequence = (args.precision).goals(&of.layouts[0], plan, &args.replication, shard)?;
    of.plan = sequence.plan;
    if let Some(worlds) = &of.worlds {
        of.plan.replications = worlds.replications(args.replication.replications)?;
    }
    let mut asked = of.manifest("compare");
    asked.add_options(sequence.options);
    asked.add_options(judging.iter().flat_map(Judging::options));
    asked.add_options(args.band.option());
    let (goals, judging) = (sequence.goals, judging.as_ref());
    let compare = Compare::new(of, goals, args.band.band, &args.show, judging)?;
    asked.add_options([TableArgs::option(&compare.metrics)]);
    let how = Conduct {
        asked: Manifest { shard, ..asked },
        threads: plan.threads,
        out: &args.out,
    };
    Ok(conduct(&compare, &how)?.status)
}

/// The comparison that a manifest is of.
pub(crate) fn again(
    manifest: &Manifest,
    of: Replicated,
    format: Format,
    by: Option<By>,
) -> anyhow::Result<Compare> {
    let show = TableArgs::of(manifest, format, by.unwrap_or_default());
    let (band, judging) = (BandArgs::of(manifest)?, Judging::of(manifest)?);
    Ok(Compare::new(of, None, band, &show, judging.as_ref())?)
}

/// The replications of several scenarios, of which the first is the base.
pub(crate) struct Compare {
    of: Replicated,
    /// Nothing compared yet.
    empty: Differences,
    metrics: Vec<Metric>,
    by: By,
    format: Format,
}

impl Compare {
    /// The comparison, where the scenarios can be compared.
    fn new(
        of: Replicated,
        goals: Option<Goals>,
        band: CentralShare,
        show: &TableArgs,
        judging: Option<&Judging>,
    ) -> Result<Self, WrongInput> {
        let metrics = show.metrics(&of.layouts[0])?;
        let comparison = comparison(&of, goals)?.with_band(band);
        let regrets = judging.map(|judging| regrets(&of, judging)).transpose()?;
        if let Some((variant, figure)) = comparison.not_compared() {
            return Err(WrongInput(format!(
                "--precision: `{variant}` has no {figure} to compare"
            )));
        }
        let empty = Differences {
            comparison,
            regrets: regrets.flatten(),
        };
        Ok(Self {
            of,
            empty,
            metrics,
            by: show.by,
            format: show.format,
        })
    }

    fn compared<'a>(&'a self, gathered: &'a Differences, manifest: &'a Manifest) -> Compared<'a> {
        Compared {
            manifest,
            comparison: &gathered.comparison,
            regrets: gathered.regrets.as_ref(),
            base: &self.of.scenarios.names[0],
            metrics: &self.metrics,
            by: self.by,
        }
    }
}

fn comparison(of: &Replicated, goals: Option<Goals>) -> Result<Comparison, WrongInput> {
    let sides = of.scenarios.names.iter().zip(&of.layouts);
    let variants: Vec<(String, Layout)> = sides
        .skip(1)
        .map(|(name, layout)| (name.clone(), layout.clone()))
        .collect();
    let Plan { level, seed, .. } = of.plan;
    let comparison = Comparison::new(of.layouts[0].clone(), &variants, level, seed);
    let comparison = comparison.map_err(|error| WrongInput(error.to_string()))?;
    let comparison = comparison.with_goals(goals);
    Ok(match of.replications_per_future() {
        Some(each) => comparison.in_futures(each),
        None => comparison,
    })
}

/// An empty table of regret over futures.
fn regrets(of: &Replicated, judging: &Judging) -> Result<Option<Regrets>, WrongInput> {
    let Some(each) = of.replications_per_future() else {
        return Ok(None);
    };
    let mut objectives = Vec::new();
    for (name, layout) in of.scenarios.names.iter().zip(&of.layouts) {
        let objective = Objective::of(&judging.objective, layout)
            .map_err(|error| WrongInput(format!("{name}: {error}")))?;
        objectives.push((objective, layout));
    }
    let tolerance = judging.good_enough;
    Ok(Regrets::new(&objectives, each.get(), tolerance))
}

impl Study for Compare {
    type Record = Outcome;
    type Gathered = Differences;

    const TASKS: &'static str = "simulations";

    fn units(&self) -> u32 {
        self.of.plan.replications.get()
    }

    fn tasks_per_unit(&self) -> u32 {
        self.of.each()
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

    fn gather(&self, _directory: Option<&ResultsDir>) -> io::Result<Differences> {
        Ok(self.empty.clone())
    }

    fn take(&self, gathered: &mut Differences, _task: u32, outcome: Outcome) -> io::Result<()> {
        if let Some(regrets) = &mut gathered.regrets {
            regrets.take(&outcome);
        }
        gathered.comparison.take(outcome);
        Ok(())
    }

    fn is_enough(&self, gathered: &Differences) -> bool {
        gathered.comparison.is_enough()
    }

    fn expected(&self, gathered: &Differences) -> Option<u32> {
        Some(gathered.comparison.needed()? * self.of.each())
    }

    fn write(
        &self,
        gathered: &mut Differences,
        manifest: &Manifest,
        directory: &ResultsDir,
    ) -> io::Result<()> {
        let compared = self.compared(gathered, manifest);
        directory.write(files::DIFFERENCES_CSV, |to| comparison::csv(&compared, to))?;
        directory.write(files::DIFFERENCES_JSON, |to| {
            comparison::json(&compared, to)
        })?;
        match compared.regrets {
            Some(_) => directory.write(files::REGRET, |to| comparison::regret_csv(&compared, to)),
            None => Ok(()),
        }
    }

    fn print(
        &self,
        gathered: &mut Differences,
        manifest: &Manifest,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        let compared = self.compared(gathered, manifest);
        match self.format {
            Format::Table => comparison::table(&compared, to),
            Format::Json => comparison::json(&compared, to),
            Format::Csv => comparison::csv(&compared, to),
        }
    }

    fn scenarios(&self) -> Vec<(&str, &Loaded)> {
        self.of.scenarios.iter().collect()
    }

    fn posterior(&self) -> Option<&Posterior> {
        self.of.posterior()
    }
}

/// Differences in the making.
#[derive(Clone)]
pub(crate) struct Differences {
    comparison: Comparison,
    regrets: Option<Regrets>,
}

#[cfg(test)]
mod tests {
    use std::num::{NonZeroU32, NonZeroUsize};

    use portflow::stats::Level;

    use super::*;

    #[test]
    fn what_reproduces_a_failure_is_a_run_of_the_scenario_that_failed() {
        let directory = tempfile::tempdir().unwrap();
        let set = [Override::new("run.end", "2024-03-31")];
        let loaded = ["base", "variant"].map(|name| {
            let file = directory.path().join(format!("{name}.toml"));
            let text = "[world.groups.all]\narrivals.per_day = 50\n[policy.ports.only]\n";
            std::fs::write(&file, text).unwrap();
            load(&file, &set).unwrap()
        });
        let plan = Plan {
            seed: 3,
            replications: NonZeroU32::new(9).unwrap(),
            threads: NonZeroUsize::MIN,
            level: Level::USUAL,
        };
        let show = TableArgs {
            format: Format::Table,
            by: By::Metric,
            metrics: Vec::new(),
        };
        let scenarios = Scenarios::of_files(loaded.into());
        let of = Replicated::new(scenarios, Detail::Summary, plan, None);
        let compare = Compare::new(of, None, CentralShare::USUAL, &show, None).unwrap();
        // Tasks 0 and 1 are replication 0 of the base and of the variant.
        for (task, expected) in [
            (
                4,
                "base.toml --set run.end=2024-03-31 --seed 3 --replication 2",
            ),
            (
                7,
                "variant.toml --set run.end=2024-03-31 --seed 3 --replication 3",
            ),
        ] {
            let failures = compare.failures(task, &Err("it failed".to_owned()));
            let command = failures[0].command.as_ref().unwrap();
            assert!(command.ends_with(expected), "{command}");
        }
    }
}
