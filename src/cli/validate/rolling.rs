//! `portflow validate FILE --rolling DIR`: forecasts from one origin after another, each fitted to the months up to it.

use std::io::{self, Write};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use portflow::calibration::sampler::Sampling;
use portflow::experiment::calibration::{CalibrationError, Fit, Settings};
use portflow::experiment::validation::{Forecasts, Origin, Rolling};
use portflow::experiment::{Failure, Plan};
use portflow::month::Month;
use portflow::report::rolling::{self, Rolled};
use portflow::scenario::{Diagnostics, Loaded};
use portflow::store::options;
use portflow::store::{Manifest, ResultsDir, files};

use crate::cli::args::input::{Format, at_least_one};
use crate::cli::args::output::OutArgs;
use crate::cli::calibrate::wrong;
use crate::cli::failure;
use crate::cli::inputs::earlier::Earlier;
use crate::cli::study::conduct::{Conduct, conduct};
use crate::cli::study::{Interrupted, Means, Study};
use crate::cli::validate::origins::{NOT_ROLLING, OriginArgs};
use crate::cli::validate::threshold::{Gate, Threshold};

/// The flag that asks for them.
const ROLLING: &str = "--rolling";

/// Forecasts from one origin after another.
#[derive(Debug, Args)]
pub(crate) struct RollingArgs {
    /// Forecast from rolling origins instead: at each, `[calibrate]` is fitted to the months up to it, beginning with the runs of the
    /// calibration in DIR, and the months after it are forecast
    #[arg(long, value_name = "DIR", conflicts_with_all = NOT_ROLLING)]
    pub(crate) rolling: Option<PathBuf>,
    #[command(flatten)]
    origins: OriginArgs,
    /// Months forecast from each origin
    #[arg(long, value_name = "N", default_value = "3", value_parser = clap::value_parser!(i32).range(1..=120), requires = "rolling", conflicts_with_all = NOT_ROLLING)]
    ahead: i32,
    /// Waves at each origin before its draws
    #[arg(long, value_name = "W", default_value = "0", requires = "rolling", conflicts_with_all = NOT_ROLLING)]
    waves: u32,
    /// Draws of the posterior that are simulated at each origin, and points of a wave
    #[arg(long, value_name = "D", default_value = "60", value_parser = at_least_one::<NonZeroU32>, requires = "rolling", conflicts_with_all = NOT_ROLLING)]
    draws: NonZeroU32,
}

/// How a rolling forecast is asked for, beside its own arguments.
pub(crate) struct Asked<'a> {
    pub(crate) loaded: &'a Loaded,
    pub(crate) plan: &'a Plan,
    pub(crate) thresholds: &'a [Threshold],
    pub(crate) out: &'a OutArgs,
    pub(crate) format: Format,
}

impl RollingArgs {
    /// Forecasts from every origin. The status is 1 when a threshold is passed, a simulation failed or somebody stopped it.
    pub(crate) fn run(&self, fit: &Path, asked: &Asked<'_>) -> anyhow::Result<ExitCode> {
        let study = Origins {
            months: self.origins.months(asked.loaded, asked.thresholds)?,
            loaded: asked.loaded.clone(),
            earlier: Earlier::open(fit, ROLLING, asked.loaded)?,
            rolling: self.rolling(asked.plan),
            breaks: self.origins.breaks.clone(),
            thresholds: asked.thresholds.to_vec(),
            format: asked.format,
        };
        // Whatever stands against one is told before any is begun.
        for &origin in &study.months {
            study.fit(origin)?;
        }
        let how = Conduct {
            asked: self.manifest(&study, asked),
            threads: asked.plan.threads,
            out: asked.out,
        };
        let done = conduct(&study, &how)?;
        Gate::status(asked.thresholds, &done, asked.out, |now| {
            let unasked = |it: &Threshold| it.unasked_by(now);
            failure::warn(asked.thresholds.iter().filter_map(unasked));
            study.gate(now)
        })
    }

    fn rolling(&self, plan: &Plan) -> Rolling {
        Rolling {
            settings: Settings {
                waves: self.waves,
                points: self.draws,
                replications: plan.replications.get(),
                draws: self.draws,
                seed: plan.seed,
                sampling: Sampling::default(),
            },
            ahead: self.ahead,
            share: plan.level.share(),
        }
    }

    fn manifest(&self, study: &Origins, asked: &Asked<'_>) -> Manifest {
        let months = |dates: &[Month]| {
            let names = dates.iter().map(ToString::to_string);
            names.collect::<Vec<_>>().join(",")
        };
        let mut manifest = Manifest {
            points: Some(study.units()),
            ..Manifest::new("validate", asked.loaded, asked.plan)
        };
        manifest.add_options([
            (options::ORIGINS, months(&study.months)),
            (options::BREAKS, months(&study.breaks)),
            (options::AHEAD, self.ahead.to_string()),
            (options::WAVES, self.waves.to_string()),
            (options::DRAWS, self.draws.to_string()),
        ]);
        manifest.add_file(options::ROLLING, study.earlier.digest());
        manifest
    }
}

/// Origins from which is forecast, a task each.
struct Origins {
    loaded: Loaded,
    /// The calibration that the fits begin with.
    earlier: Earlier,
    rolling: Rolling,
    /// Last months known, ascending.
    months: Vec<Month>,
    breaks: Vec<Month>,
    /// What errors and skills must keep.
    thresholds: Vec<Threshold>,
    format: Format,
}

impl Origins {
    /// The fit at an origin, ready to be made; what stands against it is wrong input.
    fn fit(&self, origin: Month) -> anyhow::Result<Fit> {
        let runs = |of: &Fit| -> anyhow::Result<_> { Ok(self.earlier.runs(of)?) };
        let fit = self.rolling.fit(&self.loaded, origin, runs);
        let fit = fit.map_err(|error| error.downcast().map_or_else(|other| other, wrong));
        fit.inspect_err(|error| {
            if error.is::<Diagnostics>() {
                failure::say(&format!(
                    "the scenario cannot be cut at the origin {origin}:"
                ));
            }
        })
        .with_context(|| format!("the origin {origin}"))
    }

    /// The thresholds, tried where there are forecasts from all origins.
    fn gate(&self, forecasts: &Forecasts) -> Gate {
        if forecasts.origins.len() < self.months.len() {
            return Gate::default();
        }
        Gate::new(&self.thresholds, |threshold| threshold.passed_by(forecasts))
    }

    fn rolled<'a>(&self, forecasts: &'a Forecasts, manifest: &'a Manifest) -> Rolled<'a> {
        Rolled {
            manifest,
            forecasts,
            share: self.rolling.share,
        }
    }
}

impl Study for Origins {
    /// What is forecast from an origin, or all that failed at one from which nothing is.
    type Record = Result<Origin, Vec<Failure>>;
    type Gathered = Forecasts;

    const TASKS: &'static str = "origins";

    fn units(&self) -> u32 {
        self.months.len() as u32
    }

    fn perform(&self, task: u32, means: &Means<'_>) -> anyhow::Result<Self::Record> {
        let origin = self.months[task as usize];
        let fit = self.fit(origin)?;
        let done = (self.rolling).at(&self.loaded, origin, &fit, means.threads, means.stopped);
        match done {
            Err(CalibrationError::Stopped) => Err(Interrupted.into()),
            done => Ok(done.map_err(|reason| self.rolling.left_out(origin, &fit, &reason))),
        }
    }

    fn failures(&self, _task: u32, origin: &Self::Record) -> Vec<Failure> {
        match origin {
            Ok(origin) => origin.failures.clone(),
            Err(failures) => failures.clone(),
        }
    }

    fn gather(&self, _directory: Option<&ResultsDir>) -> io::Result<Forecasts> {
        Ok(Forecasts {
            origins: Vec::new(),
            breaks: self.breaks.clone(),
        })
    }

    fn take(&self, forecasts: &mut Forecasts, _: u32, origin: Self::Record) -> io::Result<()> {
        forecasts.origins.extend(origin);
        Ok(())
    }

    fn has_results(&self, forecasts: &Forecasts) -> bool {
        !forecasts.origins.is_empty()
    }

    fn write(
        &self,
        forecasts: &mut Forecasts,
        manifest: &Manifest,
        directory: &ResultsDir,
    ) -> io::Result<()> {
        let rolled = self.rolled(forecasts, manifest);
        directory.write(files::FORECASTS, |to| rolling::forecasts(&rolled, to))?;
        directory.write(files::ORIGINS, |to| rolling::origins(&rolled, to))?;
        directory.write(files::SKILL, |to| rolling::skills(&rolled, to))?;
        directory.write(files::PORTS_EXCEED, |to| rolling::ports_exceed(&rolled, to))?;
        self.gate(forecasts).write(directory)
    }

    fn print(
        &self,
        forecasts: &mut Forecasts,
        manifest: &Manifest,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        let rolled = self.rolled(forecasts, manifest);
        match self.format {
            Format::Table => rolling::table(&rolled, to),
            Format::Json => rolling::document(&rolled, to),
            Format::Csv => rolling::forecasts(&rolled, to),
        }
    }

    fn scenarios(&self) -> Vec<(&str, &Loaded)> {
        vec![("", &self.loaded)]
    }
}
