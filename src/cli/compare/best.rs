//! `portflow compare … --best METRIC:min`: which scenario is best, with a stated probability of being right.

use std::io::{self, Write};
use std::num::NonZeroU32;
use std::process::ExitCode;

use clap::Args;
use portflow::experiment::compare::same_days;
use portflow::experiment::{BestOf, Eliminated, Failure, Objective, Trial};
use portflow::report::best::{self, Selected};
use portflow::scenario::Loaded;
use portflow::stats::{Amount, Indifference, Level, Selection, SelectionError};
use portflow::store::options;
use portflow::store::{Manifest, ResultsDir, files};

use crate::cli::args::input::Format;
use crate::cli::args::output::OutArgs;
use crate::cli::failure::WrongInput;
use crate::cli::study::conduct::{Conduct, conduct};
use crate::cli::study::replicated::Replicated;
use crate::cli::study::{Means, Study};

/// Replications of the first stage, unless `-r` says otherwise.
const FIRST_STAGE: u32 = 10;

/// Which scenario is the best.
#[derive(Debug, Clone, Args)]
pub(crate) struct BestArgs {
    /// Select the best of all scenarios instead, replicating where it decides: `wait_days_median:min`; -r is the first stage, and
    /// uncertain inputs have their values as they are
    #[arg(
        long,
        value_name = "METRIC:min|max",
        conflicts_with_all = ["shard", "by", "metrics", "band", "wanted", "futures", "posterior", "objective", "good_enough"]
    )]
    pub(crate) best: Option<String>,
    /// Probability of correct selection
    ///
    /// [default: 0.95]
    #[arg(long, value_name = "P", value_parser = probability)]
    pcs: Option<f64>,
    /// Difference that is too small to matter: in the unit of the metric, or a share of the mean of the first stage
    ///
    /// [default: 1%]
    #[arg(long, value_name = "ZONE")]
    indifference: Option<String>,
}

/// Reads a probability: `0.95` or `95%`.
fn probability(text: &str) -> Result<f64, String> {
    let amount = Amount::read(text).map(Amount::share);
    amount.ok_or_else(|| "expected a probability such as 0.95 or 95%".to_owned())
}

impl BestArgs {
    /// Refuses options of a selection where none is asked for, and a level of intervals that a selection has not.
    pub(crate) fn check(&self, level: Option<Level>) -> Result<(), WrongInput> {
        let wrong = |message: &str| Err(WrongInput(message.to_owned()));
        match (&self.best, self.pcs, &self.indifference, level) {
            (None, Some(_), ..) => wrong("--pcs needs --best"),
            (None, _, Some(_), _) => wrong("--indifference needs --best"),
            (Some(_), .., Some(_)) => {
                wrong("--best has no intervals, so no --level: --pcs is how sure it is to be")
            }
            _ => Ok(()),
        }
    }

    fn indifference(&self) -> &str {
        self.indifference.as_deref().unwrap_or("1%")
    }
}

/// How many replications a selection has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stages {
    /// Before anything is decided.
    pub(crate) first: Option<NonZeroU32>,
    /// After which to stop.
    pub(crate) most: NonZeroU32,
}

/// Runs the selection among scenarios.
pub(crate) fn run(
    of: Replicated,
    args: &BestArgs,
    figure: &str,
    stages: Stages,
    format: Format,
    out: &OutArgs,
) -> anyhow::Result<ExitCode> {
    let best = Best::new(of, args, figure, stages, format).map_err(WrongInput)?;
    let how = Conduct {
        asked: best.manifest(args),
        threads: best.of.plan.threads,
        out,
    };
    Ok(conduct(&best, &how)?.status)
}

/// The scenarios from which the best is selected.
struct Best {
    of: Replicated,
    /// The figure in each layout.
    positions: Vec<usize>,
    objective: Objective,
    figure: String,
    zone: Indifference,
    probability: f64,
    first_stage: u32,
    max_replications: u32,
    format: Format,
    /// Nothing selected yet.
    selection: Selection,
    eliminated: Eliminated,
}

impl Best {
    fn new(
        of: Replicated,
        args: &BestArgs,
        figure: &str,
        stages: Stages,
        format: Format,
    ) -> Result<Self, String> {
        let first_stage = stages.first.map_or(FIRST_STAGE, NonZeroU32::get);
        let max_replications = stages.most.get();
        let named = of.scenarios.names.iter().zip(&of.layouts);
        same_days(&of.layouts[0], named.clone()).map_err(|error| error.to_string())?;
        let objectives = named.map(|(name, layout)| {
            let objective = Objective::of(figure, layout);
            objective.map_err(|error| format!("--best: {name}: {error}"))
        });
        let objectives: Vec<Objective> = objectives.collect::<Result<_, _>>()?;
        let positions = objectives.iter().zip(&of.layouts);
        let positions = positions.map(|(objective, layout)| {
            let position = layout.position(objective.key);
            position.ok_or_else(|| format!("--best: `{figure}` is not kept for every scenario"))
        });
        let positions = positions.collect::<Result<_, _>>()?;
        let objective = objectives[0];
        let zone = zone(args.indifference())?;
        let probability = args.pcs.unwrap_or(0.95);
        let (k, direction) = (of.layouts.len(), objective.direction);
        let selection = Selection::new(k, direction, probability, zone, first_stage);
        let selection = selection.map_err(|error| match error {
            SelectionError::Probability { .. } => format!("--pcs: {error}"),
            _ => error.to_string(),
        })?;
        if first_stage > max_replications {
            return Err(format!(
                "a first stage of {first_stage} replications is more than --max-replications {max_replications}"
            ));
        }
        Ok(Self {
            positions,
            figure: objective.figure(&of.layouts[0]),
            objective,
            zone,
            probability,
            first_stage,
            max_replications,
            of,
            format,
            selection,
            eliminated: Eliminated::none(k),
        })
    }

    fn manifest(&self, args: &BestArgs) -> Manifest {
        let mut manifest = Manifest {
            replications: self.max_replications,
            ..self.of.manifest("compare")
        };
        manifest.add_options([
            (
                options::BEST,
                format!("{}:{}", self.figure, self.objective.direction.name()),
            ),
            (options::PCS, self.probability.to_string()),
            (options::INDIFFERENCE, args.indifference().to_owned()),
            (options::FIRST_STAGE, self.first_stage.to_string()),
            (options::MAX_REPLICATIONS, self.max_replications.to_string()),
        ]);
        manifest
    }

    fn selected<'a>(&'a self, best: &'a BestOf, manifest: &'a Manifest) -> Selected<'a> {
        Selected {
            manifest,
            best,
            names: &self.of.scenarios.names,
            figure: &self.figure,
            unit: self.objective.key.metric.unit(),
            direction: self.objective.direction,
            probability: self.probability,
            indifference: self.zone,
        }
    }
}

/// A share of the mean, or a number in the unit of the metric.
fn zone(text: &str) -> Result<Indifference, String> {
    match Amount::read(text) {
        Some(Amount::Percent(share)) if share > 0.0 => Ok(Indifference::Relative(share)),
        Some(Amount::Plain(width)) if width > 0.0 => Ok(Indifference::Absolute(width)),
        _ => Err(format!(
            "--indifference `{text}`: expected a share of the mean such as 1%, or a number above 0 in the unit of the metric"
        )),
    }
}

impl Study for Best {
    type Record = Trial;
    type Gathered = BestOf;

    const TASKS: &'static str = "simulations";

    fn units(&self) -> u32 {
        self.max_replications
    }

    fn tasks_per_unit(&self) -> u32 {
        self.of.each()
    }

    fn perform(&self, task: u32, _: &Means<'_>) -> anyhow::Result<Trial> {
        let which = self.of.which(task);
        if self.eliminated.is_out(which) {
            return Ok(Trial::Skipped);
        }
        Ok(match self.of.simulated(task) {
            Ok(observations) => Trial::Value(observations.values[self.positions[which]]),
            Err(reason) => Trial::Failed(reason),
        })
    }

    fn failures(&self, task: u32, trial: &Trial) -> Vec<Failure> {
        match trial {
            // Whether one that is out failed or was skipped depends on who was quicker.
            Trial::Failed(reason) if !self.eliminated.is_out(self.of.which(task)) => {
                self.of.failures(task, &Err(reason.clone()))
            }
            _ => Vec::new(),
        }
    }

    fn gather(&self, _directory: Option<&ResultsDir>) -> io::Result<BestOf> {
        let (selection, eliminated) = (self.selection.clone(), self.eliminated.clone());
        Ok(BestOf::new(selection, eliminated, self.of.plan.seed))
    }

    fn take(&self, best: &mut BestOf, _task: u32, trial: Trial) -> io::Result<()> {
        best.take(&trial);
        Ok(())
    }

    fn is_enough(&self, best: &BestOf) -> bool {
        best.selection().best().is_some()
    }

    fn write(
        &self,
        best: &mut BestOf,
        manifest: &Manifest,
        directory: &ResultsDir,
    ) -> io::Result<()> {
        let selected = self.selected(best, manifest);
        directory.write(files::SELECTION_CSV, |to| best::csv(&selected, to))?;
        directory.write(files::SELECTION_JSON, |to| best::json(&selected, to))
    }

    fn print(&self, best: &mut BestOf, manifest: &Manifest, to: &mut dyn Write) -> io::Result<()> {
        let selected = self.selected(best, manifest);
        match self.format {
            Format::Table => best::table(&selected, to),
            Format::Json => best::json(&selected, to),
            Format::Csv => best::csv(&selected, to),
        }
    }

    fn scenarios(&self) -> Vec<(&str, &Loaded)> {
        self.of.scenarios.iter().collect()
    }
}
