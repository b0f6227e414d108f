//! What a sweep or a sensitivity analysis is made on: a scenario or an experiment file, and the axes laid over it.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use portflow::experiment::calibration::Fit;
use portflow::experiment::points::layout;
use portflow::experiment::{Figure, Plan, Points, Sweep, SweepLayout, tasks};
use portflow::scenario::experiment_file::Design;
use portflow::scenario::futures::UncertainNumber;
use portflow::scenario::{
    self, Axis, Diagnostics, Loaded, Override, Overwritten, Posterior, Sweepable,
};
use portflow::store::Manifest;
use portflow::store::options::{FUTURE, METRIC, SET};

use crate::cli::args::input::{ReplicationArgs, no_value_lost};
use crate::cli::args::options::{damaged, number, numbered};
use crate::cli::args::posterior::{self, PosteriorArgs};
use crate::cli::failure::{self, WrongInput};
use crate::cli::inputs::futures;
use crate::cli::inputs::scenarios::Scenarios;

/// A file, the values tried on it and the figures that are kept.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct SubjectArgs {
    /// Scenario or experiment file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Values tried, by full key path: `KEY=A..B:N` levels, `KEY=A..B` a range, `KEY=x|y|z` a list; one value alone is laid over the file
    #[arg(long = "set", value_name = "KEY=VALUES")]
    set: Vec<Override>,
    /// Figure that is kept, as in irregular_encounters/other@2024-11; may be given again [default: six headline figures of the whole run]
    #[arg(long = "metric", value_name = "METRIC[/PLACE][@MONTH]")]
    metrics: Vec<String>,
}

/// A file that was read, with the values tried on it.
pub(crate) struct Subject {
    title: String,
    /// The base and its variants.
    pub(crate) scenarios: Scenarios,
    /// In the order of the file, then of the command line.
    pub(crate) axes: Vec<Axis>,
    /// Keys that the posterior has or the base calls uncertain, and that nobody sets: drawn in each future.
    pub(crate) drawn: Vec<String>,
    pub(crate) posterior: Option<Posterior>,
    /// Replications of each future.
    pub(crate) per_future: NonZeroU32,
    metrics: Vec<String>,
    pub(crate) design: Option<Design>,
    pub(crate) points: Option<u32>,
    replications: Option<u32>,
    seed: Option<u64>,
}

impl SubjectArgs {
    /// Reads the file and checks every value that is tried, its warnings printed. The command line overrides the file.
    pub(crate) fn load(&self, posterior: &PosteriorArgs) -> anyhow::Result<Subject> {
        let mut subject = Subject::read(&self.file)?;
        if !self.metrics.is_empty() {
            subject.metrics.clone_from(&self.metrics);
        }
        let Values { fixed, tried } = self.values(&subject)?;
        let scenarios = &mut subject.scenarios.loaded;
        if !fixed.is_empty() {
            for loaded in &mut *scenarios {
                *loaded = loaded.with(&fixed)?;
            }
        }
        for (place, loaded) in scenarios.iter().enumerate() {
            let before = scenarios[..place].iter().map(|it| &it.warnings);
            failure::diagnose_beside(&loaded.warnings, before);
        }
        same_people(&subject.scenarios)?;
        for axis in &tried {
            check(axis, &subject.scenarios.loaded)?;
        }
        subject.axes = over(
            std::mem::take(&mut subject.axes),
            &fixed,
            tried,
            subject.base(),
        )?;
        let of_axes: Vec<&str> = (subject.axes.iter())
            .map(|axis| axis.key.as_str())
            .collect();
        let fixed = Override::keys(&fixed);
        let set = [&fixed[..], &of_axes].concat();
        let posterior = posterior.read(&subject.scenarios, &set)?;
        let base = subject.base();
        let mut drawn = futures::uncertain(base, posterior.as_ref());
        futures::held(&fixed, &drawn, base);
        // Values tried of a number with a range are tried in its place.
        let of_posterior = posterior.as_ref().map(Posterior::keys);
        futures::held(&of_axes, of_posterior.unwrap_or_default(), base);
        drawn.retain(|key| !base.is_held_by(&set, key));
        subject.drawn = drawn;
        subject.posterior = posterior;
        if !subject.drawn.is_empty() {
            futures::check(&subject.scenarios, &subject.drawn)?;
        }
        Ok(subject)
    }

    /// The values of the command line.
    fn values(&self, subject: &Subject) -> anyhow::Result<Values> {
        no_value_lost(&self.set, subject.base())?;
        let mut values = Values::default();
        for given in &self.set {
            let axis = Axis::new(&given.key, &given.value, subject.base());
            let axis = axis.map_err(|wrong| WrongInput(format!("--set {given}: {wrong}")))?;
            match axis.levels() {
                Some([value]) => values.fixed.push(Override::new(&given.key, value)),
                _ => values.tried.push(axis),
            }
        }
        Ok(values)
    }
}

/// Values of the command line.
#[derive(Default)]
struct Values {
    /// Laid over the file.
    fixed: Vec<Override>,
    /// Tried.
    tried: Vec<Axis>,
}

/// The axes of a file under the values of the command line, which go before them: an axis gives way to the value, or to the axis, that sets it.
fn over(
    mut axes: Vec<Axis>,
    fixed: &[Override],
    tried: Vec<Axis>,
    base: &Loaded,
) -> Result<Vec<Axis>, WrongInput> {
    axes.retain(|axis| fixed.iter().all(|it| !base.holds(&it.key, &axis.key)));
    for axis in tried {
        let is_set = |of_file: &Axis| base.holds(&axis.key, &of_file.key);
        let place = axes.iter().position(is_set).unwrap_or(axes.len());
        axes.retain(|of_file| !is_set(of_file));
        axes.insert(place, axis);
    }
    // What is tried is laid over what is fixed.
    let is_lost = |it: &&Override| axes.iter().any(|axis| base.holds(&axis.key, &it.key));
    if let Some(Override { key, .. }) = fixed.iter().find(is_lost) {
        return Err(WrongInput(format!(
            "--set {key} is a part of what is tried, which takes its place at every point: give it in the values tried"
        )));
    }
    let keys: Vec<&str> = axes.iter().map(|axis| axis.key.as_str()).collect();
    match base.first_overwritten(&keys) {
        Some(Overwritten { lost, by, .. }) => Err(WrongInput(format!(
            "`{by}` takes the place of `{lost}`, and of both values are tried: give `{lost}` in the values of `{by}`"
        ))),
        None => Ok(axes),
    }
}

/// Refuses scenarios that begin on other days: people are known by the day on which they come, counted from the first.
fn same_people(scenarios: &Scenarios) -> Result<(), WrongInput> {
    let mut begun = scenarios
        .iter()
        .map(|(name, loaded)| (name, loaded.scenario.calendar.date(0)));
    let first = begun.next().map(|(_, date)| date);
    match (first, begun.find(|&(_, date)| Some(date) != first)) {
        (Some(first), Some((name, date))) => Err(WrongInput(format!(
            "`{name}` simulates from {date} on, and the base from {first} on, warm-up included: people are known by the day on which they come, counted from the first, and would be others; set `run.start` and `run.warmup_days`"
        ))),
        _ => Ok(()),
    }
}

/// Tries the values of an axis on every scenario, and prints each warning once.
fn check(axis: &Axis, scenarios: &[Loaded]) -> Result<(), Diagnostics> {
    let mut said: Vec<Diagnostics> = Vec::new();
    for loaded in scenarios {
        for warnings in axis.check(loaded)? {
            failure::diagnose_beside(&warnings, &said);
            said.push(warnings);
        }
    }
    Ok(())
}

/// What stands against the fit that a file states, though not against a run: `calibrate` refuses it. Who inherits `[calibrate]`, or names the
/// published figures elsewhere, may not mean to fit.
fn no_fit(loaded: &Loaded) -> Option<String> {
    let is_meant = loaded.gives("calibrate") && loaded.scenario.observed.is_some();
    let wrong = Fit::check_data(loaded).err().filter(|_| is_meant)?;
    let path = loaded.path().display();
    Some(format!("`portflow calibrate {path}` is refused: {wrong}"))
}

impl Subject {
    /// Without the uncertain numbers that do nothing in the run, which are no inputs; each is told.
    pub(crate) fn of_what_acts(mut self) -> Self {
        let base = self.scenarios.base();
        self.drawn.retain(|key| {
            let acts = base.acts(key);
            if !acts {
                failure::say(&format!(
                    "warning: `{key}` is uncertain and does nothing in this run: it is no input"
                ));
            }
            acts
        });
        self
    }

    /// Whether a file can be swept over, with no values tried on it but these; its warnings are printed.
    pub(crate) fn check(file: &Path, set: &[Override]) -> anyhow::Result<()> {
        let args = SubjectArgs {
            file: file.to_owned(),
            set: set.to_vec(),
            metrics: Vec::new(),
        };
        let subject = args.load(&PosteriorArgs::default())?;
        subject.figures()?;
        failure::warn(no_fit(subject.scenarios.base()));
        Ok(())
    }

    fn read(file: &Path) -> anyhow::Result<Self> {
        let read = match scenario::load_sweepable(file)? {
            Sweepable::Scenario(loaded) => {
                let title = loaded.scenario.title.clone();
                return Ok(Self::untried(title, Scenarios::of_files(vec![*loaded])));
            }
            Sweepable::Experiment(read) => *read,
        };
        failure::diagnose(&read.warnings);
        let title = if read.title.is_empty() {
            read.base.scenario.title.clone()
        } else {
            read.title
        };
        let scenarios = Scenarios::of_files([vec![read.base], read.variants].concat());
        Ok(Self {
            axes: read.axes,
            metrics: read.metrics,
            design: Some(read.design),
            points: read.points,
            replications: read.replications,
            seed: read.seed,
            ..Self::untried(title, scenarios)
        })
    }

    /// Scenarios on which no values are tried yet.
    fn untried(title: String, scenarios: Scenarios) -> Self {
        Self {
            title,
            scenarios,
            axes: Vec::new(),
            drawn: Vec::new(),
            posterior: None,
            per_future: NonZeroU32::MIN,
            metrics: Vec::new(),
            design: None,
            points: None,
            replications: None,
            seed: None,
        }
    }

    /// The scenarios and figures that a manifest names, read again.
    pub(crate) fn of(
        manifest: &Manifest,
        scenarios: Scenarios,
        posterior: Option<Posterior>,
    ) -> anyhow::Result<Self> {
        let drawn: Vec<String> = numbered(manifest, FUTURE).collect();
        let read = |text: String| {
            let axis = Axis::parse(&text, scenarios.base());
            axis.map_err(|wrong| damaged(&wrong))
        };
        let axes = numbered(manifest, SET)
            .map(read)
            .collect::<Result<_, _>>()?;
        Ok(Self {
            axes,
            drawn,
            posterior,
            metrics: numbered(manifest, METRIC).collect(),
            ..Self::untried(manifest.title.clone(), scenarios)
        })
    }

    /// The scenario that everything is held against.
    pub(crate) fn base(&self) -> &Loaded {
        self.scenarios.base()
    }

    /// What the base calls uncertain and nobody sets.
    pub(crate) fn uncertain(&self) -> impl Iterator<Item = &UncertainNumber> {
        let ranges = self.base().futures.as_slice().iter();
        ranges.filter(|range| self.drawn.contains(&range.key))
    }

    /// The plan, where the command line overrides the file. Says whose seed is not used.
    pub(crate) fn plan(&self, args: &ReplicationArgs) -> Plan {
        let mut args = args.clone();
        args.replications = args.replications.or_else(|| self.replications());
        args.simulation.seed = args.simulation.seed.or(self.seed);
        if args.simulation.seed.is_none() {
            self.scenarios.say_other_seeds();
        }
        args.plan(&self.base().scenario)
    }

    /// Replications of each point that an experiment file asks for.
    pub(crate) fn replications(&self) -> Option<NonZeroU32> {
        self.replications.and_then(NonZeroU32::new)
    }

    /// The figures that are kept.
    fn figures(&self) -> Result<Vec<Figure>, WrongInput> {
        let usual = || layout::FIGURES.map(str::to_owned).into();
        let names: Vec<String> = if self.metrics.is_empty() {
            usual()
        } else {
            self.metrics.clone()
        };
        let figures = layout::figures(&names, &self.scenarios.loaded);
        figures.map_err(|error| WrongInput(error.to_string()))
    }

    /// The scenarios at every point, ready to run.
    pub(crate) fn sweep(self, points: Points, plan: &Plan) -> anyhow::Result<Sweep> {
        let figures = self.figures()?;
        let mut drawn = self.drawn;
        // What is an input of the points is not drawn.
        drawn.retain(|key| !self.scenarios.base().is_held_by(points.inputs(), key));
        let each = self.scenarios.names.len() as u64 * u64::from(plan.replications.get());
        tasks::count(points.len(), each)
            .map_err(|error| WrongInput(format!("{error}; give fewer points or replications")))?;
        let number = NonZeroU32::new(plan.replications.get() / self.per_future);
        let number = number.unwrap_or(NonZeroU32::MIN);
        let source = futures::source(&self.scenarios, self.posterior, number, plan.seed, &drawn)?;
        let Scenarios { names, loaded } = self.scenarios;
        let layout = SweepLayout {
            points,
            drawn,
            scenarios: names,
            figures,
            watched: layout::watched(&loaded),
            replications: plan.replications.get(),
            is_common: true,
            per_future: self.per_future.get(),
            seed: plan.seed,
            level: plan.level,
        };
        Ok(Sweep::new(layout, loaded, source))
    }

    /// The manifest of a sweep over the axes, with everything that makes it again but its design.
    pub(crate) fn manifest(
        &self,
        command: &str,
        plan: &Plan,
        points: u32,
    ) -> anyhow::Result<Manifest> {
        let names = self.figures()?.into_iter().map(|figure| figure.name);
        let axes = self.axes.iter().map(ToString::to_string);
        let tried = self.axes.iter().map(|axis| &axis.key);
        let keys: Vec<String> = tried.chain(&self.drawn).cloned().collect();
        let mut manifest = Manifest {
            title: self.title.clone(),
            points: Some(points),
            resolved_keys: self.scenarios.resolved_keys(&keys),
            ..self.scenarios.manifest(command, plan)
        };
        manifest.add_options(number(SET, axes));
        manifest.add_options(number(METRIC, names));
        manifest.add_options(number(FUTURE, self.drawn.iter().cloned()));
        if let Some(posterior) = &self.posterior {
            posterior::add_to(&mut manifest, posterior);
        }
        Ok(manifest)
    }
}
