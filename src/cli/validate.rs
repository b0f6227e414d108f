//! `portflow validate FILE`: hold a scenario against published months, and against what simple forecasts would have said.

mod broken_down;
mod discrepancy;
mod judged;
mod origins;
mod rolling;
mod threshold;

use std::cmp::Ordering;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use portflow::experiment::futures::Source;
use portflow::experiment::points::layout;
use portflow::experiment::validation::{Draws, Known, Validation, Window};
use portflow::experiment::{Plan, Points, Sweep, SweepLayout};
use portflow::month::Month;
use portflow::report::calibration;
use portflow::scenario::{self, Posterior};
use portflow::store::Manifest;
use portflow::store::files::CALIBRATION;
use portflow::store::options::{FITTED, HELD, MONTHS};

use self::broken_down::{BrokenDown, BrokenDownArgs};
use self::discrepancy::DiscrepancyArgs;
use self::judged::Judge;
use self::rolling::RollingArgs;
use self::threshold::{Gate, Threshold};
use crate::cli::args::input::{Format, ReplicationArgs, ScenarioArgs};
use crate::cli::args::options;
use crate::cli::args::output::OutArgs;
use crate::cli::args::posterior;
use crate::cli::failure::{self, WrongInput};
use crate::cli::inputs::futures;
use crate::cli::study::at_points::AtPoints;
use crate::cli::study::conduct::{Conduct, conduct};

/// Hold a scenario against published months, and forecast later ones: errors, intervals, scores, and skill against simple forecasts
#[derive(Debug, Args)]
#[command(
    mut_arg("replications", |it| it.help("Replications [default: `run.replications` of the scenario; 2 with --posterior or --rolling]")),
    mut_arg("level", |it| it.help("Probability that a predictive interval holds the published figure, between 0 and 1").default_value("0.8"))
)]
pub(crate) struct ValidateArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Published monthly figures, in the format of `[observed]` [default: those of the scenario]
    ///
    /// They take the place of the scenario's: give the fitted months too, from which the errors that a forecast carries on are learned.
    #[arg(long, value_name = "CSV")]
    data: Option<PathBuf>,
    /// First and last month that the scenario was fitted to, as in 2023-01..2024-10; later ones are held out [default: those of its
    /// `[calibrate]`]
    #[arg(long, value_name = "FROM..TO")]
    fitted: Option<Window>,
    /// First and last month that are judged or forecast, as in 2023-07..2024-12; what was fitted to is not moved by it, nor are the tables of --by-area
    /// and --by-family [default: all]
    #[arg(long, value_name = "FROM..TO")]
    months: Option<Window>,
    #[command(flatten)]
    discrepancy: DiscrepancyArgs,
    #[command(flatten)]
    broken_down: BrokenDownArgs,
    /// Exit status 1 where the mean absolute percentage error of a column is larger, as in `irregular_encounters=10%`: that of the months
    /// fitted to, which are all months where neither --fitted nor `[calibrate]` names them; with `held-out:` before the column, that of the
    /// months held out; with --rolling, that of the forecasts from origins that are no breaks. May be given again
    #[arg(long, value_name = "[held-out:]COLUMN=PERCENT", value_parser = Threshold::at_most)]
    at_most: Vec<Threshold>,
    /// Exit status 1 where the skill of a column against any simple forecast is smaller, as in `irregular_encounters=0`: over the same
    /// months as for --at-most. May be given again
    #[arg(long, value_name = "[held-out:]COLUMN=SKILL", value_parser = Threshold::at_least)]
    at_least: Vec<Threshold>,
    #[command(flatten)]
    replication: ReplicationArgs,
    #[command(flatten)]
    rolling: RollingArgs,
    /// Draws of parameters that fit the data, `posterior.csv` of a calibration: simulated are all of them, each with its weight, in -r
    /// replications (2 unless given); keys of --set have their value
    #[arg(long, value_name = "CSV")]
    posterior: Option<PathBuf>,
    #[command(flatten)]
    out: OutArgs,
    /// What is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// Runs the command; the status is 1 when a threshold is passed, a simulation failed or somebody stopped it.
pub(crate) fn run(args: &ValidateArgs) -> anyhow::Result<ExitCode> {
    let loaded = args.scenario.with_data(args.data.as_deref())?.load()?;
    let plan = args.plan(&loaded);
    let validation = args.validation(&loaded)?;
    let thresholds = [&args.at_most[..], &args.at_least].concat();
    args.check_thresholds(&thresholds, &validation)?;
    if args.data.is_some() || args.rolling.rolling.is_some() {
        say_later_months(&loaded);
    }
    if let Some(fit) = &args.rolling.rolling {
        let asked = rolling::Asked {
            loaded: &loaded,
            plan: &plan,
            thresholds: &thresholds,
            out: &args.out,
            format: args.format,
        };
        return args.rolling.run(fit, &asked);
    }
    args.discrepancy.check(&loaded, &validation)?;
    say_nothing_fitted(&validation);
    let draws = args.draws(&loaded, &validation)?;
    say_one_replication(&draws, &plan);
    let mut figures = validation.figures.clone();
    let broken_down = args.broken_down.read(&loaded, &draws, &mut figures)?;
    let sweep = simulations(loaded, &draws, &figures, &plan)?;
    let (_, loaded) = sweep.scenarios().next().context("there is a scenario")?;
    let how = Conduct {
        asked: args.manifest(loaded, &plan, &draws, &broken_down),
        threads: plan.threads,
        out: &args.out,
    };
    let study = AtPoints {
        sweep,
        told: Judge {
            validation,
            draws,
            areas: broken_down.areas,
            families: broken_down.families,
            thresholds,
        },
        format: args.format,
    };
    let done = conduct(&study, &how)?;
    let judge = &study.told;
    Gate::status(&judge.thresholds, &done, &args.out, |now| {
        let Some(judged) = now.made.as_ref() else {
            return Gate::default();
        };
        failure::warn(judge.unasked(judged));
        judge.gate(judged)
    })
}

impl ValidateArgs {
    fn plan(&self, loaded: &scenario::Loaded) -> Plan {
        let of_draws = self.posterior.is_some() || self.rolling.rolling.is_some();
        let usual = of_draws.then_some(futures::REPLICATIONS);
        let mut args = self.replication.clone();
        args.replications = args.replications.or(usual);
        args.plan(&loaded.scenario)
    }

    /// What is held against the published months, of the months that the command line names.
    fn validation(&self, loaded: &scenario::Loaded) -> Result<Validation, WrongInput> {
        let validation = Validation::new(loaded, self.known(loaded));
        let mut validation = validation.map_err(|error| WrongInput(error.to_string()))?;
        for (flag, window) in [("--months", self.months), ("--fitted", self.fitted)] {
            if let Some(window) = window {
                let simulated = validation.simulated(window);
                let simulated =
                    simulated.map_err(|error| WrongInput(format!("{flag} {window}: {error}")))?;
                say_months_beyond(flag, window, simulated);
            }
        }
        if let Some(named) = self.fitted {
            say_months_not_fitted(named, Known::of_calibration(loaded).window);
        }
        validation.months = self.months;
        if let Some(months) = self.months
            && !validation.judges_any()
        {
            let why_none_is_forecast = match validation.known.window {
                Some(_) => ", and none is after those that a published column was fitted to",
                None => {
                    "; say with --fitted FROM..TO which were fitted to, and later ones are forecast"
                }
            };
            return Err(WrongInput(format!(
                "--months {months}: nothing is published of a month of it{why_none_is_forecast}"
            )));
        }
        Ok(validation)
    }

    /// The draws that are simulated.
    fn draws(&self, loaded: &scenario::Loaded, validation: &Validation) -> anyhow::Result<Draws> {
        let Some(path) = &self.posterior else {
            return Ok(Draws::as_it_is());
        };
        let set = scenario::Override::keys(&self.scenario.set);
        let posterior = posterior::read(path, loaded, &set)?;
        let held = futures::held(&set, posterior.keys(), loaded);
        say_other_end(path, &validation.known)?;
        Ok(Draws::of(posterior, &held))
    }

    /// What `[calibrate]` states, and the command line above it.
    fn known(&self, loaded: &scenario::Loaded) -> Known {
        let mut known = Known::of_calibration(loaded);
        if self.fitted.is_some() {
            known.window = self.fitted;
            known.last.clear();
        }
        self.discrepancy.lay_over(&mut known);
        known
    }

    /// Whether every threshold can be tried.
    fn check_thresholds(
        &self,
        thresholds: &[Threshold],
        validation: &Validation,
    ) -> Result<(), WrongInput> {
        for threshold in thresholds {
            let named = |error: &dyn std::fmt::Display| WrongInput(format!("{threshold}: {error}"));
            let known = validation.knows(&threshold.column);
            known.map_err(|error| named(&error))?;
            if self.rolling.rolling.is_none() {
                let judged = validation.judges(&threshold.column, threshold.part());
                judged.map_err(|error| named(&error))?;
            } else if threshold.names_part() {
                let message = "with --rolling it is of all forecasts from origins that are no breaks: leave out what is before the colon";
                return Err(named(&message));
            }
        }
        Ok(())
    }

    /// The manifest with everything on which the results depend.
    fn manifest(
        &self,
        loaded: &scenario::Loaded,
        plan: &Plan,
        draws: &Draws,
        broken_down: &BrokenDown,
    ) -> Manifest {
        let mut manifest = Manifest {
            points: Some(draws.weights.len() as u32),
            ..Manifest::new("validate", loaded, plan)
        };
        for (name, window) in [(FITTED, self.fitted), (MONTHS, self.months)] {
            manifest.add_options(window.map(|window| (name, window.to_string())));
        }
        manifest.add_options(self.discrepancy.options());
        for (flag, digest) in &broken_down.digests {
            manifest.add_file(flag, digest);
        }
        if let Some(posterior) = &draws.posterior {
            posterior::add_to(&mut manifest, posterior);
        }
        let posterior = draws.posterior.iter().flat_map(Posterior::keys);
        let held = posterior.filter(|key| !draws.keys.contains(key)).cloned();
        manifest.add_options(options::number(HELD, held));
        manifest
    }
}

/// The scenario in every draw.
fn simulations(
    loaded: scenario::Loaded,
    draws: &Draws,
    figures: &[String],
    plan: &Plan,
) -> anyhow::Result<Sweep> {
    let figures = layout::figures(figures, [&loaded])?;
    let layout = SweepLayout {
        points: Points::new(draws.keys.clone(), draws.values.clone()),
        scenarios: vec![loaded.scenario.title.clone()],
        figures,
        watched: Vec::new(),
        drawn: Vec::new(),
        replications: plan.replications.get(),
        // Draws stand for what may be: what they have in common is not known to be so.
        is_common: false,
        per_future: 1,
        seed: plan.seed,
        level: plan.level,
    };
    Ok(Sweep::new(layout, vec![loaded], Source::default()))
}

/// Says which months of a window are simulated, where some are not.
fn say_months_beyond(flag: &str, window: Window, simulated: Window) {
    if simulated == window {
        return;
    }
    let held_out = if flag == "--fitted" && simulated.last < window.last {
        "; no month is held out"
    } else {
        ""
    };
    failure::say(&format!(
        "warning: {flag} {window}: only {simulated} is simulated{held_out} (`run.start` and `run.end` move the run)"
    ));
}

/// Says which months are called fitted that `[calibrate]` fits nothing to.
fn say_months_not_fitted(named: Window, fitted: Option<Window>) {
    if let Some(fitted) = fitted
        && !(fitted.holds(named.first) && fitted.holds(named.last))
    {
        failure::say(&format!(
            "warning: --fitted {named}: `[calibrate]` fits nothing to months outside {fitted}, and they count as fitted here"
        ));
    }
}

/// Says that no fitted month is published of which the run is to learn how far off it is.
fn say_nothing_fitted(validation: &Validation) {
    if let Some(window) = validation.known.window
        && !validation.has_fitted_month()
    {
        failure::say(&format!(
            "warning: no fitted month ({window}) is published in the table and simulated: nothing is learned of the errors of months held out, and nothing carried over to them; give the fitted months too (--data)"
        ));
    }
}

/// Says that one replication of each draw tells nothing of chance.
fn say_one_replication(draws: &Draws, plan: &Plan) {
    if draws.is_several() && plan.replications.get() == 1 {
        failure::say(
            "warning: -r 1: one replication of each draw does not tell chance from what is not known of the parameters, so that chance counts twice, in the scatter of the draws and in the errors learned; give -r 2",
        );
    }
}

/// Says that the months which draws were fitted to end elsewhere, as far as the results tell that they lie in.
fn say_other_end(posterior: &Path, known: &Known) -> anyhow::Result<()> {
    let Some(window) = known.window else {
        return Ok(());
    };
    let beside = posterior.with_file_name(CALIBRATION);
    let cannot = || {
        format!(
            "cannot read `{}`, which says what the draws beside it were fitted to",
            beside.display()
        )
    };
    let day = match std::fs::read_to_string(&beside) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        read => calibration::fitted_to(&read.with_context(cannot)?).with_context(cannot)?,
    };
    // Whole months are fitted to.
    let of_day = Month::of(day);
    let last = if of_day.last_day() <= day {
        of_day
    } else {
        of_day.after(-1)
    };
    let so = match last.cmp(&window.last) {
        Ordering::Equal => return Ok(()),
        Ordering::Greater => "they know months that are called held out",
        Ordering::Less => "they know nothing of the last months that are called fitted",
    };
    failure::say(&format!(
        "warning: the draws of `{}` were fitted to months up to {last}, and here those up to {} count as fitted: {so}",
        posterior.display(),
        window.last
    ));
    Ok(())
}

/// Says which published months lie after the run, where nothing is held against them.
fn say_later_months(loaded: &scenario::Loaded) {
    let end = loaded.scenario.run.end;
    let observed = loaded.scenario.observed.iter();
    let months = observed.flat_map(|observed| observed.months.keys());
    let later = months.filter(|month| month.last_day() > end);
    let names: Vec<String> = later.map(ToString::to_string).collect();
    if !names.is_empty() {
        failure::say(&format!(
            "warning: the run ends on {end}; nothing is held against the published months after it: {} (--set run.end=YYYY-MM-DD moves it)",
            names.join(", ")
        ));
    }
}
