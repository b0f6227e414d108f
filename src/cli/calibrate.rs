//! `portflow calibrate FILE`: fit the numbers of `[calibrate]` to published months.

mod fitted;

use std::fs;
use std::io::{self, Write};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use jiff::civil::Date;
use portflow::calibration::Sampling;
use portflow::experiment::calibration::{CENTRAL, CalibrationError, Fit, Fitted, Settings};
use portflow::experiment::futures::shell_word;
use portflow::experiment::{Failure, Plan, PointOutcome};
use portflow::month::Month;
use portflow::report::calibration::{self as report, Calibrated};
use portflow::scenario::fitted_file::{self, FittedFileError, FittedValue, Heading};
use portflow::scenario::{self, Loaded, Override};
use portflow::store::options;
use portflow::store::{Manifest, ResultsDir, files};

use crate::cli::args::input::{Format, ScenarioArgs, SimulationArgs, at_least_one, load};
use crate::cli::args::output::OutArgs;
use crate::cli::failure::{self, FAILED, WrongInput};
use crate::cli::inputs::earlier::Earlier;
use crate::cli::study::conduct::{Conduct, Conducted, Made, conduct};
use crate::cli::study::{Means, Study};

/// Fit the numbers of the file's [calibrate] to published months, with their uncertainty
///
/// Waves of simulations, the first all over the prior, each later one where response surfaces fitted to those before find the posterior;
/// at the end draws of the posterior are simulated, and weighted by the surfaces fitted once more with them among the points.
#[derive(Debug, Args)]
pub(crate) struct CalibrateArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Published monthly figures, in place of the file's [observed]
    #[arg(long, value_name = "CSV")]
    data: Option<PathBuf>,
    /// Last month fitted to, in place of `calibrate.to`: 2023-12; later months are held out
    #[arg(long, value_name = "MONTH")]
    to: Option<Month>,
    /// Waves before the draws; 0 needs --from-runs [default: 3, or 1 with --from-runs]
    #[arg(long, value_name = "W")]
    waves: Option<u32>,
    /// Points of a wave [default: 8 for each parameter, 60 at least]
    #[arg(long, value_name = "N", value_parser = at_least_one::<NonZeroU32>)]
    points: Option<NonZeroU32>,
    /// Replications of each point and draw, two at least
    #[arg(short, long, alias = "reps", value_name = "R", default_value_t = 4)]
    replications: u32,
    /// Draws of the posterior, all of which are simulated
    #[arg(long, value_name = "D", default_value = "200", value_parser = at_least_one::<NonZeroU32>)]
    draws: NonZeroU32,
    #[command(flatten)]
    simulation: SimulationArgs,
    /// Results of an earlier calibration of the same parameters: its runs are the first points
    #[arg(long, value_name = "DIR")]
    from_runs: Option<PathBuf>,
    /// Where the fitted scenario is written, which extends FILE; with --out, it is in DIR/fitted.toml too
    #[arg(long, value_name = "FILE")]
    fitted: Option<PathBuf>,
    /// Day that the sources of the fitted values name; results hold no clock
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    date: Option<Date>,
    #[command(flatten)]
    out: OutArgs,
    /// What is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// The flag that names an earlier calibration.
const FROM_RUNS: &str = "--from-runs";

/// Runs the command; the status is 1 when a simulation failed, nothing could be fitted, or somebody stopped it.
pub(crate) fn run(args: &CalibrateArgs) -> anyhow::Result<ExitCode> {
    let target = args.fitted.as_deref().map(fitted::Target::new);
    let target = target.transpose()?;
    let loaded = args.load()?;
    if let Some(target) = &target {
        target.check_apart(&loaded, args.out.out.as_deref())?;
    }
    args.say_set_and_fitted(&loaded);
    let (fit, earlier) = args.fit(&loaded)?;
    args.try_to_write(&loaded, target.as_ref())?;
    let plan = Plan {
        seed: fit.settings().seed,
        replications: NonZeroU32::new(fit.settings().replications).unwrap_or(NonZeroU32::MIN),
        threads: args.simulation.threads(),
        level: CENTRAL,
    };
    let how = Conduct {
        asked: args.manifest(&fit, &plan, earlier.as_ref()),
        threads: plan.threads,
        out: &args.out,
    };
    let study = Calibrate {
        loaded,
        fit,
        difference: earlier.and_then(|earlier| earlier.difference),
        made: report::Made {
            command: args.command(),
            date: args.date.map(|date| date.to_string()),
        },
        target,
        format: args.format,
    };
    let Conducted { status, made } = conduct(&study, &how)?;
    match made {
        Made::Now(Some(Err(reason))) => {
            failure::say(&format!("error: nothing was fitted: {reason}"));
            Ok(ExitCode::from(FAILED))
        }
        Made::Before => args.done_before(&study, status),
        Made::Now(_) | Made::Nothing => Ok(status),
    }
}

impl CalibrateArgs {
    /// The scenario with the published figures and the window of the command line.
    fn load(&self) -> anyhow::Result<Loaded> {
        let scenario = self.scenario.with_data(self.data.as_deref())?;
        let mut loaded = load(&scenario.file, &scenario.set)?;
        if let (Some(to), Some(calibration)) = (self.to, &loaded.calibration) {
            let from = calibration.from;
            if to.last_day() < from {
                let message = format!("--to {to} is before {from}, where `calibrate.from` begins");
                return Err(WrongInput(message).into());
            }
            loaded = loaded.with(&calibration.ending(to))?;
        }
        failure::diagnose(&loaded.warnings);
        Ok(loaded)
    }

    /// Warns of values of the command line that are fitted.
    fn say_set_and_fitted(&self, loaded: &Loaded) {
        for Override { key, .. } in &self.scenario.set {
            if loaded.fits(key) {
                failure::say(&format!(
                    "warning: the value of --set {key} is not used: `[calibrate]` fits it"
                ));
            }
        }
    }

    /// The fit, and the calibration with whose runs it begins.
    fn fit(&self, loaded: &Loaded) -> anyhow::Result<(Fit, Option<Earlier>)> {
        let parameters = (loaded.calibration.as_ref()).map_or(0, |it| it.parameters.len());
        let usual = NonZeroU32::new(60.max(8 * parameters as u32));
        let waves = if self.from_runs.is_some() { 1 } else { 3 };
        let settings = Settings {
            waves: self.waves.unwrap_or(waves),
            points: self.points.or(usual).unwrap_or(NonZeroU32::MIN),
            replications: self.replications,
            draws: self.draws,
            seed: self.simulation.seed(&loaded.scenario),
            sampling: Sampling::default(),
        };
        let fit = Fit::new(loaded, settings).map_err(wrong)?;
        let directory = self.from_runs.as_deref();
        let earlier = directory.map(|it| Earlier::open(it, FROM_RUNS, fit.loaded()));
        let earlier = earlier.transpose()?;
        let fit = match &earlier {
            Some(earlier) => {
                let runs = earlier.runs(&fit)?;
                fit.with_runs(runs)
            }
            None => fit,
        };
        fit.check().map_err(wrong)?;
        Ok((fit, earlier))
    }

    /// Before the long run: refuses what could be fitted and not be written.
    fn try_to_write(
        &self,
        loaded: &Loaded,
        target: Option<&fitted::Target>,
    ) -> Result<(), WrongInput> {
        let beside = loaded.path().with_extension("toml.fitted");
        let file = match (target, &self.out.out) {
            (Some(target), _) => target.file(),
            (None, Some(_)) => &beside,
            (None, None) => return Ok(()),
        };
        fitted_file::try_out(loaded, file).map_err(|error| {
            let help = match error {
                FittedFileError::Differs(_) => {
                    "; a key that differs needs a --set of its own, as a file inherits what a table given whole leaves out"
                }
                _ => "",
            };
            WrongInput(format!("what is fitted could not be written: {error}{help}"))
        })
    }

    fn manifest(&self, fit: &Fit, plan: &Plan, earlier: Option<&Earlier>) -> Manifest {
        let settings = fit.settings();
        let mut manifest = Manifest {
            points: Some(fit.points()),
            ..Manifest::new("calibrate", fit.loaded(), plan)
        };
        manifest.add_options([
            (options::WAVES, settings.waves.to_string()),
            (options::POINTS, settings.points.to_string()),
            (options::DRAWS, settings.draws.to_string()),
        ]);
        if let Some(earlier) = earlier {
            manifest.add_file(options::FROM_RUNS, earlier.digest());
        }
        if let Some(date) = self.date {
            manifest.add_options([(options::DATE, date.to_string())]);
        }
        manifest
    }

    /// The status where the results were there already: the fitted scenario that was asked for beside them is written from them.
    fn done_before(&self, study: &Calibrate, status: ExitCode) -> anyhow::Result<ExitCode> {
        let Some(directory) = &self.out.out else {
            return Ok(status);
        };
        let there = directory.join(files::FITTED);
        let is_there = there.try_exists();
        if !is_there.with_context(|| format!("cannot look for `{}`", there.display()))? {
            failure::say("error: nothing was fitted then: `--force` begins anew");
            return Ok(ExitCode::from(FAILED));
        }
        if let Some((target, named)) = study.target.as_ref().zip(self.fitted.as_ref()) {
            target.write(&study.fitted_before(&there, target.file())?)?;
            failure::say(&format!("`{}` is written from it", named.display()));
        }
        Ok(status)
    }

    /// The command that makes the same fit, as a shell reads it.
    fn command(&self) -> String {
        let word = |path: &Path| shell_word(&path.display().to_string());
        let mut words = vec!["portflow calibrate".to_owned(), word(&self.scenario.file)];
        let set = self.scenario.set.iter();
        words.extend(set.map(|it| format!("--set {}", shell_word(&it.to_string()))));
        let mut option = |name: &str, value: Option<String>| {
            words.extend(value.map(|value| format!("--{name} {value}")));
        };
        option("data", self.data.as_deref().map(word));
        option("to", self.to.map(|month| month.to_string()));
        option("waves", self.waves.map(|waves| waves.to_string()));
        option("points", self.points.map(|points| points.to_string()));
        option("replications", Some(self.replications.to_string()));
        option("draws", Some(self.draws.to_string()));
        option("seed", self.simulation.seed.map(|seed| seed.to_string()));
        option("from-runs", self.from_runs.as_deref().map(word));
        option("date", self.date.map(|date| date.to_string()));
        words.join(" ")
    }
}

/// A day written as `2024-10-31`.
fn day(text: &str) -> Result<Date, String> {
    let wrong = |_| format!("expected a day, as in 2024-10-31; found `{text}`");
    text.parse().map_err(wrong)
}

/// What stands against a calibration before it is begun is wrong input; a scenario's mistakes are shown with their places.
pub(super) fn wrong(error: CalibrationError) -> anyhow::Error {
    match error {
        CalibrationError::Refused(diagnostics) => anyhow::Error::from(*diagnostics),
        error => WrongInput(error.to_string()).into(),
    }
}

/// A calibration that is conducted.
struct Calibrate {
    /// The scenario that the fitted one extends.
    loaded: Loaded,
    fit: Fit,
    /// In what the scenario of the runs that it begins with differs.
    difference: Option<String>,
    made: report::Made,
    /// Where the fitted scenario is written, beside the results.
    target: Option<fitted::Target>,
    format: Format,
}

/// What a calibration came to.
struct Outcome {
    fitted: Fitted,
    /// What to know before it is believed.
    warnings: Vec<String>,
}

impl Calibrate {
    /// What comes of it, once all simulations are done.
    fn outcome(&self) -> Result<Outcome, String> {
        let fitted = self.fit.fitted().map_err(|error| error.to_string())?;
        let mut told = report::warnings(&self.fit, &fitted);
        told.extend(
            self.difference
                .iter()
                .map(|difference| format!("{difference}.")),
        );
        Ok(Outcome {
            fitted,
            warnings: told,
        })
    }

    /// The text of the fitted scenario, for a file.
    fn fitted(&self, of: &Calibrated<'_>, file: &Path) -> Result<String, FittedFileError> {
        report::scenario(of, &self.loaded, file, &self.made)
    }

    /// The same where `there` is the fitted scenario of results that are finished.
    fn fitted_before(&self, there: &Path, file: &Path) -> anyhow::Result<String> {
        let text = fs::read_to_string(there);
        let text = text.with_context(|| format!("cannot read `{}`", there.display()))?;
        let comments = text.lines().map_while(|line| line.strip_prefix("# "));
        let comments: Vec<String> = comments.map(str::to_owned).collect();
        let fitted = scenario::load(there, &[])?;
        let parameters = self.fit.calibration().parameters.iter();
        let keys = parameters.flat_map(|parameter| &parameter.keys);
        let values = keys
            .filter(|key| self.fit.loaded().acts(&key.path))
            .filter_map(|key| {
                let told = fitted.explain(&key.path).ok()?;
                Some(FittedValue {
                    key: key.path.clone(),
                    value: told.value?,
                    source: told.source?,
                })
            });
        let heading = Heading {
            comments: &comments,
            title: &fitted.scenario.title,
            file,
        };
        let values: Vec<FittedValue> = values.collect();
        Ok(fitted_file::text(&self.loaded, &values, &heading)?)
    }

    fn calibrated<'a>(&'a self, manifest: &'a Manifest, outcome: &'a Outcome) -> Calibrated<'a> {
        Calibrated {
            manifest,
            fit: &self.fit,
            fitted: &outcome.fitted,
            warnings: &outcome.warnings,
        }
    }
}

impl Study for Calibrate {
    type Record = PointOutcome;
    /// What it came to, or why nothing could be fitted; `None` until all simulations are done.
    type Gathered = Option<Result<Outcome, String>>;

    const TASKS: &'static str = "simulations";

    fn units(&self) -> u32 {
        self.fit.points()
    }

    fn tasks_per_unit(&self) -> u32 {
        self.fit.settings().replications
    }

    fn perform(&self, task: u32, _: &Means<'_>) -> anyhow::Result<PointOutcome> {
        Ok(self.fit.perform(task))
    }

    fn fits(&self, _task: u32, outcome: &PointOutcome) -> bool {
        self.fit.fits(outcome)
    }

    fn failures(&self, task: u32, outcome: &PointOutcome) -> Vec<Failure> {
        self.fit.failure(task, outcome).into_iter().collect()
    }

    fn gather(&self, _directory: Option<&ResultsDir>) -> io::Result<Self::Gathered> {
        Ok(None)
    }

    fn take(
        &self,
        outcome: &mut Self::Gathered,
        task: u32,
        record: PointOutcome,
    ) -> io::Result<()> {
        self.fit.take(task, &record);
        if task + 1 == self.units() * self.tasks_per_unit() {
            *outcome = Some(self.outcome());
        }
        Ok(())
    }

    fn has_results(&self, outcome: &Self::Gathered) -> bool {
        matches!(outcome, Some(Ok(_)))
    }

    fn write(
        &self,
        outcome: &mut Self::Gathered,
        manifest: &Manifest,
        directory: &ResultsDir,
    ) -> io::Result<()> {
        directory.write(files::RUNS, |to| report::runs(&self.fit, to))?;
        let Some(Ok(outcome)) = outcome else {
            return Ok(());
        };
        let of = self.calibrated(manifest, outcome);
        directory.write(files::POSTERIOR, |to| report::posterior(&of, to))?;
        directory.write(files::PARAMETERS, |to| report::parameters(&of, to))?;
        directory.write(files::FIT, |to| report::fit(&of, to))?;
        directory.write(files::CALIBRATION, |to| report::json(&of, to))?;
        // It stands beside the directory that it becomes: what is named from there is named from here.
        let file = directory.unfinished().join(files::FITTED);
        let text = self.fitted(&of, &file).map_err(io::Error::other)?;
        directory.write(files::FITTED, |to| to.write_all(text.as_bytes()))
    }

    fn write_elsewhere(
        &self,
        outcome: &mut Self::Gathered,
        manifest: &Manifest,
    ) -> anyhow::Result<()> {
        let (Some(target), Some(Ok(outcome))) = (&self.target, outcome) else {
            return Ok(());
        };
        let of = self.calibrated(manifest, outcome);
        target.write(&self.fitted(&of, target.file())?)
    }

    fn print(
        &self,
        outcome: &mut Self::Gathered,
        manifest: &Manifest,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        let Some(Ok(outcome)) = outcome else {
            return Ok(());
        };
        let of = self.calibrated(manifest, outcome);
        match self.format {
            Format::Table => report::table(&of, to),
            Format::Json => report::json(&of, to),
            Format::Csv => report::parameters(&of, to),
        }
    }

    fn scenarios(&self) -> Vec<(&str, &Loaded)> {
        vec![("", self.fit.loaded())]
    }
}
