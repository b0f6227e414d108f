//! `portflow compare BASE VARIANT…`: the same people under each policy.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use portflow::experiment::{Comparison, Failure, Goals, Objective, Outcome, Plan, Regrets};
use portflow::record::{Detail, Key, Layout, Metric};
use portflow::report::comparison::{self, By, Compared, METRICS};
use portflow::report::{Manifest, ResultsDir};
use portflow::scenario::{Loaded, Override, Posterior};
use portflow::stats::CentralShare;

use super::best::{self, BestArgs};
use super::conduct::{Conduct, Means, Study, conduct};
use super::failure::{self, WrongInput};
use super::input::{BandArgs, Format, ReplicationArgs, load};
use super::judging::{FuturesArgs, Judging};
use super::output::{OutArgs, ShardArgs};
use super::precision::PrecisionArgs;
use super::replicated::Replicated;
use super::scenarios::Scenarios;

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
    show: ShowArgs,
}

/// How a comparison is shown.
#[derive(Debug, Clone, Args)]
struct ShowArgs {
    /// What is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Lines of the table: metric, month, group, region or port; with a single --metric they have its interval too
    #[arg(long, value_name = "LINES", default_value = "metric")]
    by: By,
    /// Figure that the table shows; may be given again. CSV and JSON have all figures [default: nine headline figures]
    #[arg(long = "metric", value_name = "METRIC")]
    metrics: Vec<String>,
}

/// Option of the manifest: the figures whose intervals hold together.
const METRICS_SHOWN: &str = "metrics";

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
    let metrics: Vec<&str> = (compare.metrics.iter())
        .map(|metric| metric.name())
        .collect();
    asked.add_options([(METRICS_SHOWN, metrics.join(","))]);
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
    let metrics = manifest.option(METRICS_SHOWN).unwrap_or_default();
    let show = ShowArgs {
        format,
        by: by.unwrap_or(By::Metric),
        metrics: metrics.split(',').map(str::to_owned).collect(),
    };
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
        show: &ShowArgs,
        judging: Option<&Judging>,
    ) -> Result<Self, WrongInput> {
        let metrics = if show.metrics.is_empty() {
            METRICS.to_vec()
        } else {
            for (place, name) in show.metrics.iter().enumerate() {
                if show.metrics[..place].contains(name) {
                    return Err(WrongInput(format!("--metric {name} is given twice")));
                }
            }
            let named = show.metrics.iter();
            named
                .map(|name| metric(&of.layouts[0], name))
                .collect::<Result<_, _>>()?
        };
        if metrics != METRICS
            && let Some(missing) = not_on_lines(&of.layouts[0], &metrics, show.by)?
        {
            failure::say(&format!("warning: {missing}"));
        }
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

/// The metric of this name. A figure of a month or a place is told what lines are for.
fn metric(layout: &Layout, name: &str) -> Result<Metric, WrongInput> {
    let (metric, of_line) = name
        .find(['/', '@'])
        .map_or((name, ""), |at| name.split_at(at));
    let known = layout
        .metric(metric)
        .map_err(|error| WrongInput(error.to_string()))?;
    if of_line.is_empty() {
        return Ok(known);
    }
    Err(WrongInput(format!(
        "--metric {name}: months and places are lines of the table; give --metric {metric} and --by month, group, region or port; every place in every month is in differences.csv of --out"
    )))
}

/// What is said of metrics that such lines do not have, where some do; an error where none does.
fn not_on_lines(layout: &Layout, metrics: &[Metric], by: By) -> Result<Option<String>, WrongInput> {
    let has = |metric: Metric, by: By| {
        let mut keys = by.lines(layout).into_iter().map(|(period, place)| Key {
            period,
            metric,
            place,
        });
        keys.any(|key| layout.position(key).is_some())
    };
    // A border without ports has no such lines at all.
    if by.lines(layout).is_empty() {
        return Ok(None);
    }
    let missing: Vec<Metric> = (metrics.iter().copied())
        .filter(|&metric| !has(metric, by))
        .collect();
    if missing.is_empty() {
        return Ok(None);
    }
    let told = missing.iter().map(|&metric| {
        let others: Vec<&str> = (By::ALL.into_iter())
            .filter(|&by| has(metric, by))
            .map(By::name)
            .collect();
        let metric = metric.name();
        match others.as_slice() {
            [] => format!("{metric} is on no lines"),
            [first @ .., last] if !first.is_empty() => {
                format!(
                    "{metric} is on those of --by {} or {last}",
                    first.join(", ")
                )
            }
            only => format!("{metric} is on those of --by {} only", only.join(", ")),
        }
    });
    let told: Vec<String> = told.collect();
    let names: Vec<&str> = missing.iter().map(|metric| metric.name()).collect();
    let message = format!(
        "--by {}: such lines have no {}; {}",
        by.name(),
        names.join(", "),
        told.join("; ")
    );
    if missing.len() == metrics.len() {
        Err(WrongInput(message))
    } else {
        Ok(Some(message))
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

    fn perform(&self, task: u32, _: &Means<'_>) -> anyhow::Result<Outcome> {
        Ok(self.of.simulated(task))
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

    fn has_results(&self, gathered: &Differences) -> bool {
        gathered.comparison.futures() != Some(0)
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
        directory.write("differences.csv", |to| comparison::csv(&compared, to))?;
        directory.write("differences.json", |to| comparison::json(&compared, to))?;
        match compared.regrets {
            Some(_) => directory.write("regret.csv", |to| comparison::regret_csv(&compared, to)),
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

    use portflow::record::Count;
    use portflow::stats::Level;

    use super::*;

    /// Of one group and one port, in one month.
    fn layout() -> Layout {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("one.toml");
        let text = "[run]\nstart = 2024-01-01\nend = 2024-01-31\n[world.groups.all]\narrivals.per_day = 50\n[policy.ports.only]\n";
        std::fs::write(&file, text).unwrap();
        let loaded = load(&file, &[]).unwrap();
        Layout::of(&loaded.scenario, Detail::Summary)
    }

    #[test]
    fn the_metric_of_a_month_is_told_which_lines_have_it() {
        let layout = layout();
        assert_eq!(metric(&layout, "pool_size").ok(), Some(Metric::PoolSize));
        for (name, said) in [
            (
                "pool_size@2024-01",
                "--metric pool_size@2024-01: months and places are lines of the table; give --metric pool_size and --by month, group, region or port; every place in every month is in differences.csv of --out",
            ),
            (
                "pool_sizes@2024-01",
                "`pool_sizes`: no metric is called `pool_sizes`; did you mean `pool_size`?",
            ),
        ] {
            let error = metric(&layout, name).unwrap_err();
            assert_eq!(error.to_string(), said);
        }
    }

    #[test]
    fn metrics_that_such_lines_do_not_have_are_told_with_the_lines_that_do() {
        let layout = layout();
        let registrations = Metric::Count(Count::Registrations);
        let utilization = Metric::OfficerUtilization;
        let said = |metrics: &[Metric], by| not_on_lines(&layout, metrics, by);
        let of_registrations = "--by port: such lines have no registrations; registrations is on those of --by metric, month, group or region";
        let refused = said(&[registrations], By::Port).unwrap_err();
        assert_eq!(refused.to_string(), of_registrations);
        let told = said(&[registrations, utilization], By::Port).unwrap();
        assert_eq!(told.as_deref(), Some(of_registrations));
        assert_eq!(
            said(&[utilization], By::Group).unwrap_err().to_string(),
            "--by group: such lines have no officer_utilization; officer_utilization is on those of --by metric, month or port"
        );
        assert_eq!(said(&[registrations], By::Group).unwrap(), None);
        // Only months and the whole border are lines of a border without ports.
        assert_eq!(said(&[utilization], By::Month).unwrap(), None);
    }

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
        let show = ShowArgs {
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
