//! `portflow validate FILE --rolling DIR`: forecasts from one origin after another, each fitted to the months up to it.

use std::io;
use std::num::{NonZeroU32, NonZeroUsize};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use jiff::civil::Date;
use portflow::calibration::sampler::Sampling;
use portflow::experiment::calibration::{CalibrationError, Settings};
use portflow::experiment::validation::{Origin, Rolling};
use portflow::experiment::{Failure, Journal, Plan, Tasks};
use portflow::forecast::months_after;
use portflow::report::rolling::{self, Rolled};
use portflow::report::{JournalFate, Manifest, ResultsDir};
use portflow::scenario::Loaded;

use super::calibrate::{given, runs_digest, wrong};
use super::conduct::say_stopped;
use super::failure::{self, WrongInput};
use super::input::{self, Format, at_least_one};
use super::interrupt::Interrupt;
use super::output::{OutArgs, Place};
use super::progress::Progress;
use super::threshold::{self, Threshold};

/// Forecasts from one origin after another.
#[derive(Debug, Args)]
pub(crate) struct RollingArgs {
    /// Forecast from rolling origins instead: at each, `[calibrate]` is fitted to the months up to it, beginning with the runs of the
    /// calibration in DIR, and the months after it are forecast
    #[arg(long, value_name = "DIR", conflicts_with_all = ["by_area", "by_family", "fitted", "months", "posterior", "discrepancy"])]
    pub(crate) rolling: Option<PathBuf>,
    /// Origins, last months known [default: every quarter's end from a year after the run's start that has a published month after it]
    #[arg(long, value_name = "MONTH,…", value_delimiter = ',', value_parser = month, requires = "rolling")]
    origins: Vec<Date>,
    /// Origins after which comes what no past month teaches, such as a lever never moved before: scored apart
    #[arg(long, value_name = "MONTH,…", value_delimiter = ',', value_parser = month, requires = "rolling")]
    breaks: Vec<Date>,
    /// Months forecast from each origin
    #[arg(long, value_name = "N", default_value = "3", value_parser = at_least_one::<NonZeroU32>, requires = "rolling")]
    ahead: NonZeroU32,
    /// Waves at each origin before its draws
    #[arg(long, value_name = "W", default_value = "0", requires = "rolling")]
    waves: u32,
    /// Draws of the posterior that are simulated at each origin, and points of a wave
    #[arg(long, value_name = "D", default_value = "60", value_parser = at_least_one::<NonZeroU32>, requires = "rolling")]
    draws: NonZeroU32,
}

/// Reads a month of a list, which may have blanks after its commas, by its first day.
fn month(text: &str) -> Result<Date, String> {
    input::month(text.trim())
}

/// How a rolling forecast is asked for, beside its own arguments.
pub(crate) struct Asked<'a> {
    pub(crate) loaded: &'a Loaded,
    pub(crate) plan: &'a Plan,
    pub(crate) at_most: &'a [Threshold],
    pub(crate) out: &'a OutArgs,
    pub(crate) format: Format,
}

/// What can go wrong at an origin.
enum Stop {
    Calibration(CalibrationError),
    Other(anyhow::Error),
}

impl From<CalibrationError> for Stop {
    fn from(error: CalibrationError) -> Self {
        Self::Calibration(error)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        let what = "cannot keep, or read again, the forecasts of an origin";
        Self::Other(anyhow::Error::new(error).context(what))
    }
}

impl From<Stop> for anyhow::Error {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Calibration(error) => wrong(error),
            Stop::Other(error) => error,
        }
    }
}

impl RollingArgs {
    /// Forecasts from every origin. The status is 1 when a threshold is passed, a simulation failed or somebody stopped it.
    pub(crate) fn run(&self, fit: &Path, asked: &Asked<'_>) -> anyhow::Result<ExitCode> {
        let origins = self.origins(asked.loaded)?;
        let manifest = self.manifest(fit, &origins, asked)?;
        let interrupt = Interrupt::listen().context("cannot listen for Ctrl-C")?;
        let mut directory = match asked.out.open(&manifest)? {
            Place::Finished(there) => {
                failure::say(&format!(
                    "these results of {} are there already",
                    there.command
                ));
                return Ok(threshold::untried(asked.at_most).unwrap_or(ExitCode::SUCCESS));
            }
            Place::Open(directory) => Some(directory),
            Place::Nowhere => None,
        };
        let rolling = Rolling {
            settings: Settings {
                waves: self.waves,
                points: self.draws,
                replications: asked.plan.replications.get(),
                draws: self.draws,
                seed: asked.plan.seed,
                sampling: Sampling::default(),
            },
            ahead: self.ahead.get().cast_signed(),
            share: asked.plan.level.share(),
        };
        let journal = directory.as_mut().map(ResultsDir::journal);
        let forecasts = Self::forecasts(fit, &rolling, &origins, asked, journal, &interrupt)?;
        if forecasts.len() < origins.len() {
            let of = format!("{} of {} origins", forecasts.len(), origins.len());
            say_stopped(&of, false, directory.is_some());
            return Ok(ExitCode::from(failure::FAILED));
        }
        let failures: Vec<Failure> = (forecasts.iter())
            .flat_map(|origin| origin.failures.clone())
            .collect();
        for origin in &forecasts {
            let month = origin.month.strftime("%Y-%m");
            for failure in &origin.failures {
                failure::say(&format!("error: at the origin {month}: {failure}"));
            }
        }
        let rolled = Rolled {
            manifest: &manifest.done(manifest.units(), &failures),
            origins: &forecasts,
            breaks: &self.breaks,
            share: rolling.share,
        };
        if let Some(directory) = directory {
            let kept = directory
                .write("manifest.json", |to| {
                    writeln!(to, "{}", rolled.manifest.to_json())
                })
                .and_then(|()| {
                    directory.write("forecasts.csv", |to| rolling::forecasts(&rolled, to))
                })
                .and_then(|()| directory.write("origins.csv", |to| rolling::origins(&rolled, to)));
            kept.context("cannot write the results")?;
            directory.publish(JournalFate::Remove)?;
        }
        let mut stdout = io::stdout().lock();
        let printed = match asked.format {
            Format::Table => rolling::table(&rolled, &mut stdout),
            Format::Json => rolling::document(&rolled, &mut stdout),
            Format::Csv => rolling::forecasts(&rolled, &mut stdout),
        };
        printed.context("cannot write to standard output")?;
        // Thresholds are on the mean over origins that are no breaks.
        let passed = |threshold: &Threshold| {
            threshold.passed_by(rolled.mean(&threshold.column, false, None))
        };
        let status = if failures.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(failure::FAILED)
        };
        Ok(threshold::gate(asked.at_most, passed).unwrap_or(status))
    }

    /// The forecasts from every origin, or from those before somebody stopped it. Those that are in the journal already are taken from
    /// there, the others added to it.
    fn forecasts(
        fit: &Path,
        rolling: &Rolling,
        origins: &[Date],
        asked: &Asked<'_>,
        journal: Option<&mut Journal>,
        interrupt: &Interrupt,
    ) -> anyhow::Result<Vec<Origin>> {
        let recorded = journal.as_ref().map_or(0, |journal| journal.recorded()) as usize;
        let progress = Progress::of(origins.len() as u32, "origins");
        let mut forecasts = Vec::new();
        // Much of the work at an origin is one thread's: the origins are done side by side.
        let threads = asked.plan.threads;
        let left = origins.len().saturating_sub(recorded);
        let threads_each = NonZeroUsize::new(threads.get() / left.max(1));
        let threads_each = threads_each.unwrap_or(NonZeroUsize::MIN);
        let stopped = || interrupt.asked();
        let tasks = Tasks {
            range: 0..origins.len() as u32,
            threads,
            stopped: &stopped,
            journal,
        };
        let done = tasks.try_perform(
            |index| {
                let runs = |of: &_| given(fit, of, "--rolling").map_err(Stop::Other);
                let origin = origins[index as usize];
                rolling.at(asked.loaded, origin, runs, threads_each, &stopped)
            },
            |_, origin| {
                progress.one_more(forecasts.len() < recorded);
                forecasts.push(origin);
                Ok(ControlFlow::Continue(()))
            },
        );
        match done {
            Ok(()) => Ok(forecasts),
            // What an origin lacks once somebody has stopped it.
            Err(Stop::Calibration(_)) if interrupt.asked() => Ok(forecasts),
            Err(stop) => Err(stop.into()),
        }
    }

    fn origins(&self, loaded: &Loaded) -> anyhow::Result<Vec<Date>> {
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
            let year = months_after(run.start.first_of_month(), 11);
            let quarters = (0..).map(|step| months_after(year, step));
            let published = observed.months.keys().max().copied().unwrap_or(year);
            let last = calibration.to.min(run.end);
            origins = (quarters
                .take_while(|&month| month < published && month.last_of_month() <= last))
            .filter(|month| month.month() % 3 == 0)
            .collect();
        }
        origins.sort_unstable();
        origins.dedup();
        for origin in &origins {
            let month = origin.strftime("%Y-%m");
            if origin.last_of_month() > calibration.to || *origin < calibration.from {
                let message = format!(
                    "the origin {month} is outside the window of [calibrate], {} to {}: nothing is fitted to later months",
                    calibration.from, calibration.to
                );
                return Err(WrongInput(message).into());
            }
        }
        let stray = self.breaks.iter().find(|month| !origins.contains(month));
        if let Some(stray) = stray {
            let message = format!("--breaks {} is no origin", stray.strftime("%Y-%m"));
            return Err(WrongInput(message).into());
        }
        if origins.is_empty() {
            return Err(nothing("no quarter ends between the first year of the run and the last published month; name --origins").into());
        }
        Ok(origins)
    }

    fn manifest(
        &self,
        fit: &Path,
        origins: &[Date],
        asked: &Asked<'_>,
    ) -> anyhow::Result<Manifest> {
        let months = |dates: &[Date]| {
            let names = dates.iter().map(|date| date.strftime("%Y-%m").to_string());
            names.collect::<Vec<_>>().join(",")
        };
        let mut manifest = Manifest::new("validate", asked.loaded, asked.plan);
        manifest.add_options([
            ("rolling_sha256", runs_digest(fit, "--rolling")?),
            ("origins", months(origins)),
            ("breaks", months(&self.breaks)),
            ("ahead", self.ahead.to_string()),
            ("waves", self.waves.to_string()),
            ("draws", self.draws.to_string()),
        ]);
        Ok(manifest)
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
        let months = (0..).map(|after| months_after(first, after));
        for month in months.take_while(|&month| month <= last) {
            writeln!(table, "{},100", month.strftime("%Y-%m")).unwrap();
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
            ahead: NonZeroU32::MIN,
            waves: 0,
            draws: NonZeroU32::MIN,
        }
    }

    fn origins(args: &RollingArgs, loaded: &Loaded) -> Result<Vec<String>, String> {
        let origins = args.origins(loaded).map_err(|error| error.to_string())?;
        Ok((origins.iter())
            .map(|origin| origin.strftime("%Y-%m").to_string())
            .collect())
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
