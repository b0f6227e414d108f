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
use portflow::month::{Month, MonthError};
use portflow::report::rolling::{self, Rolled};
use portflow::report::{Manifest, ResultsDir};
use portflow::scenario::{Diagnostics, Loaded};

use super::calibrate::wrong;
use super::conduct::{Conduct, Interrupted, Made, Means, Study, conduct};
use super::earlier::Earlier;
use super::failure::{self, WrongInput};
use super::input::{Format, at_least_one};
use super::output::OutArgs;
use super::threshold::{Gate, Threshold};

/// The flag that asks for them.
const ROLLING: &str = "--rolling";

/// What says nothing of forecasts from rolling origins.
const NOT_ROLLING: [&str; 6] = [
    "by_area",
    "by_family",
    "fitted",
    "months",
    "posterior",
    "discrepancy",
];

/// Forecasts from one origin after another.
#[derive(Debug, Args)]
pub(crate) struct RollingArgs {
    /// Forecast from rolling origins instead: at each, `[calibrate]` is fitted to the months up to it, beginning with the runs of the
    /// calibration in DIR, and the months after it are forecast
    #[arg(long, value_name = "DIR", conflicts_with_all = NOT_ROLLING)]
    pub(crate) rolling: Option<PathBuf>,
    /// Origins, last months known [default: every quarter's end in the window of [calibrate], from a year after the run's start, that has a published
    /// month of the run after it]
    #[arg(long, value_name = "MONTH,…", value_delimiter = ',', value_parser = month, requires = "rolling", conflicts_with_all = NOT_ROLLING)]
    origins: Vec<Month>,
    /// Origins followed by something that no earlier month could teach, such as a lever never moved before: scored apart
    #[arg(long, value_name = "MONTH,…", value_delimiter = ',', value_parser = month, requires = "rolling", conflicts_with_all = NOT_ROLLING)]
    breaks: Vec<Month>,
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

/// Reads a month of a list, which may have blanks after its commas.
fn month(text: &str) -> Result<Month, MonthError> {
    text.trim().parse()
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
            months: self.origins(asked.loaded, asked.thresholds)?,
            loaded: asked.loaded.clone(),
            earlier: Earlier::open(fit, ROLLING, asked.loaded)?,
            rolling: self.rolling(asked.plan),
            breaks: self.breaks.clone(),
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
        let gate = match &done.made {
            Made::Now(forecasts) => study.gate(forecasts),
            Made::Before => Gate::of_results(asked.out),
            Made::Nothing => Gate::default(),
        };
        Ok(gate.status(asked.thresholds).unwrap_or(done.status))
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

    fn origins(&self, loaded: &Loaded, thresholds: &[Threshold]) -> anyhow::Result<Vec<Month>> {
        let nothing = |message: &str| WrongInput(message.to_owned());
        let calibration = loaded.calibration.as_ref();
        let calibration = calibration.ok_or_else(|| {
            nothing("there is nothing to fit at an origin: write [calibrate] in the file")
        })?;
        let observed = loaded.scenario.observed.as_ref();
        let observed = observed.ok_or_else(|| {
            nothing("the scenario has no published figures; name a table with --data, or in `[observed]`")
        })?;
        let run = &loaded.scenario.run;
        let mut origins = self.origins.clone();
        if origins.is_empty() {
            let year = Month::of(run.start).after(11);
            let months = (0..).map(|after| year.after(after));
            // A month that the run does not have whole is not forecast.
            let forecast = observed.months.keys().filter(|it| it.last_day() <= run.end);
            let forecast = forecast.max().copied().unwrap_or(year);
            let in_window = |month: &Month| month.last_day() <= calibration.to;
            origins = (months.take_while(|month| *month < forecast && in_window(month)))
                .filter(|month| month.ends_quarter() && month.first_day() >= calibration.from)
                .collect();
        }
        origins.sort_unstable();
        origins.dedup();
        for origin in &origins {
            if origin.last_day() > calibration.to || origin.first_day() < calibration.from {
                let help = if origin.last_day() > calibration.to {
                    "later months are not fitted to; move `calibrate.to`"
                } else {
                    "earlier ones are not fitted to; move `calibrate.from`"
                };
                let message = format!(
                    "the origin {origin} is outside the window of [calibrate], {} to {}: {help}",
                    calibration.from, calibration.to
                );
                return Err(WrongInput(message).into());
            }
        }
        if origins.is_empty() {
            return Err(nothing("no quarter of the window of [calibrate] ends between the first year of the run and the last published month; name --origins").into());
        }
        let stray = self.breaks.iter().find(|month| !origins.contains(month));
        if let Some(stray) = stray {
            let origins: Vec<String> = origins.iter().map(ToString::to_string).collect();
            let message = format!(
                "--breaks {stray} is no origin; the origins are {}",
                origins.join(", ")
            );
            return Err(WrongInput(message).into());
        }
        let is_break = |origin: &Month| self.breaks.contains(origin);
        if let Some(threshold) = thresholds.first()
            && origins.iter().all(is_break)
        {
            let message = format!(
                "{threshold} is of origins that are no breaks, and every origin is one; name more --origins"
            );
            return Err(WrongInput(message).into());
        }
        Ok(origins)
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
            ("origins", months(&study.months)),
            ("breaks", months(&self.breaks)),
            ("ahead", self.ahead.to_string()),
            ("waves", self.waves.to_string()),
            ("draws", self.draws.to_string()),
        ]);
        manifest.add_file("rolling", study.earlier.digest());
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
        directory.write("forecasts.csv", |to| rolling::forecasts(&rolled, to))?;
        directory.write("origins.csv", |to| rolling::origins(&rolled, to))?;
        directory.write("skill.csv", |to| rolling::skills(&rolled, to))?;
        directory.write("ports_exceed.csv", |to| rolling::ports_exceed(&rolled, to))?;
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

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::fs;

    use portflow::scenario;

    use super::*;

    const SCENARIO: &str = r#"[world.groups.all]
arrivals.per_day = 10
[policy.ports.only]
[observed]
file = "observed.csv"
[calibrate.parameters.level]
keys = ["world.groups.all.arrivals.per_day"]
low = 1
high = 30
source = "assumed"
[calibrate.targets]
irregular_encounters = { sd = 0.1 }
"#;

    /// A run and a window of a fit, first and last day each, with figures published to the end of a month.
    fn loaded(run: [&str; 2], window: [&str; 2], published: [&str; 2]) -> Loaded {
        let directory = tempfile::tempdir().unwrap();
        let here = directory.path();
        let [first, last] = published.map(|text| month(text).unwrap());
        let mut table = "month,irregular_encounters\n".to_owned();
        let months = (0..).map(|after| first.after(after));
        for month in months.take_while(|&month| month <= last) {
            writeln!(table, "{month},100").unwrap();
        }
        fs::write(here.join("observed.csv"), table).unwrap();
        let (run, window) = (
            format!("[run]\nstart = {}\nend = {}\n", run[0], run[1]),
            format!("[calibrate]\nfrom = {}\nto = {}\n", window[0], window[1]),
        );
        let text = format!(
            "{run}{}",
            SCENARIO.replace(
                "[calibrate.parameters",
                &format!("{window}[calibrate.parameters")
            )
        );
        fs::write(here.join("a.toml"), text).unwrap();
        scenario::load(&here.join("a.toml"), &[]).unwrap()
    }

    fn args(origins: &[&str], breaks: &[&str]) -> RollingArgs {
        let months = |texts: &[&str]| texts.iter().map(|text| month(text).unwrap()).collect();
        RollingArgs {
            rolling: None,
            origins: months(origins),
            breaks: months(breaks),
            ahead: 1,
            waves: 0,
            draws: NonZeroU32::MIN,
        }
    }

    fn origins(args: &RollingArgs, loaded: &Loaded) -> Result<Vec<String>, String> {
        let origins = args
            .origins(loaded, &[])
            .map_err(|error| error.to_string())?;
        Ok((origins.iter()).map(ToString::to_string).collect())
    }

    const RUN: [&str; 2] = ["2023-01-01", "2024-12-31"];
    const WINDOW: [&str; 2] = ["2023-01-01", "2024-10-31"];

    #[test]
    fn origins_are_quarter_ends_from_a_year_after_the_start_within_the_window() {
        let usual =
            |run, window, published| origins(&args(&[], &[]), &loaded(run, window, published));
        let expected = |months: &[&str]| -> Result<Vec<String>, String> {
            Ok(months.iter().map(|&month| month.to_owned()).collect())
        };
        assert_eq!(
            usual(RUN, WINDOW, ["2023-01", "2024-11"]),
            expected(&["2023-12", "2024-03", "2024-06", "2024-09"])
        );
        // Nothing is published after September: there is nothing to hold a forecast from it against.
        assert_eq!(
            usual(RUN, WINDOW, ["2023-01", "2024-09"]),
            expected(&["2023-12", "2024-03", "2024-06"])
        );
        // A quarter of the window that is not whole is none.
        assert_eq!(
            usual(RUN, ["2023-01-01", "2024-06-29"], ["2023-01", "2024-11"]),
            expected(&["2023-12", "2024-03"])
        );
        // November is published, and the run does not have it whole.
        assert_eq!(
            usual(
                ["2023-01-01", "2024-11-15"],
                ["2023-01-01", "2024-09-30"],
                ["2023-01", "2024-11"]
            ),
            expected(&["2023-12", "2024-03", "2024-06", "2024-09"])
        );
        // Nor October here.
        assert_eq!(
            usual(
                ["2023-01-01", "2024-10-15"],
                ["2023-01-01", "2024-09-30"],
                ["2023-01", "2024-11"]
            ),
            expected(&["2023-12", "2024-03", "2024-06"])
        );
        // A window that begins later.
        assert_eq!(
            usual(RUN, ["2024-02-01", "2024-06-30"], ["2023-01", "2024-11"]),
            expected(&["2024-03", "2024-06"])
        );
        // A start in the second month of a quarter.
        assert_eq!(
            usual(
                ["2023-02-01", "2024-12-31"],
                ["2023-02-01", "2024-06-30"],
                ["2023-02", "2024-11"]
            ),
            expected(&["2024-03", "2024-06"])
        );
    }

    #[test]
    fn origins_named_are_sorted_and_each_is_there_once() {
        let loaded = loaded(RUN, WINDOW, ["2023-01", "2024-11"]);
        let named = args(&["2024-08", "2024-05", "2024-08"], &["2024-05"]);
        let expected = ["2024-05", "2024-08"].map(str::to_owned).to_vec();
        assert_eq!(origins(&named, &loaded), Ok(expected));
    }

    #[test]
    fn an_origin_that_nothing_is_fitted_to_is_refused() {
        let all = loaded(RUN, WINDOW, ["2023-01", "2024-11"]);
        let late = loaded(RUN, ["2023-03-01", "2023-10-31"], ["2023-01", "2024-11"]);
        for (args, loaded, word) in [
            (
                args(&["2024-11"], &[]),
                &all,
                "2024-11 is outside the window",
            ),
            (
                args(&["2023-02"], &[]),
                &late,
                "2023-02 is outside the window",
            ),
            (
                args(&["2024-05"], &["2024-06"]),
                &all,
                "--breaks 2024-06 is no origin",
            ),
            (args(&[], &[]), &late, "name --origins"),
        ] {
            let told = origins(&args, loaded).unwrap_err();
            assert!(told.contains(word), "{told}");
        }
    }
}
