//! `portflow validate FILE`: hold a scenario against published months, and against what simple forecasts would have said.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use jiff::civil::Date;
use portflow::experiment::futures::Source;
use portflow::experiment::validation::{Areas, Draws, Families, Known, Validation, Window};
use portflow::experiment::{Plan, Points, Sweep, SweepLayout, sweep};
use portflow::month::Month;
use portflow::report::Manifest;
use portflow::report::files::CALIBRATION;
use portflow::scenario::breakdown::By;
use portflow::scenario::{self, Breakdown, Posterior};
use portflow::stats::Amount;
use serde_json::Value;

use super::at_points::AtPoints;
use super::conduct::{Conduct, Made, conduct};
use super::failure::{self, WrongInput};
use super::futures;
use super::input::{self, Format, ReplicationArgs, ScenarioArgs, meant_as_percent};
use super::judge::Judge;
use super::options;
use super::output::OutArgs;
use super::posterior;
use super::rolling::{self, RollingArgs};
use super::threshold::{Gate, Threshold};

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
    /// Standard deviation of ln(observed / simulated) that even a correct model may have: of a column, or of every column without one; its
    /// shape is that of the scenario's `[calibrate]`. For held-out months it is updated by the errors of the fitted ones,
    /// but without --posterior never below what is stated
    #[arg(long, value_name = "[COLUMN=]SD", value_parser = discrepancy)]
    discrepancy: Vec<(Option<String>, f64)>,
    /// Published port encounters by area (month, component, area, encounters), held against the ports of `[observed.areas]`
    #[arg(long, value_name = "CSV")]
    by_area: Option<PathBuf>,
    /// Published encounters by family status (month, component, category, encounters), held against persons in parties of two or more
    #[arg(long, value_name = "CSV")]
    by_family: Option<PathBuf>,
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
    args.check_discrepancies(&loaded, &validation)?;
    let draws = args.draws(&loaded, &validation)?;
    let mut figures = validation.figures.clone();
    let by_area = args.by_area(&loaded, &mut figures)?;
    let by_family = args.by_family(&loaded, &draws, &mut figures)?;
    let digests = [
        ("by-area", by_area.as_ref().map(|table| &table.digest)),
        ("by-family", by_family.as_ref().map(|table| &table.digest)),
    ];
    let sweep = simulations(loaded, &draws, &figures, &plan)?;
    let (_, loaded) = sweep.scenarios().next().context("there is a scenario")?;
    let how = Conduct {
        asked: args.manifest(&Manifest::new("validate", loaded, &plan), &draws, digests),
        threads: plan.threads,
        out: &args.out,
    };
    let study = AtPoints {
        sweep,
        told: Judge {
            validation,
            draws,
            areas: by_area.map(|table| table.counts),
            families: by_family.map(|table| table.counts),
            thresholds,
        },
        format: args.format,
    };
    let done = conduct(&study, &how)?;
    let gate = match &done.made {
        Made::Now(gathered) => gathered.made.as_ref().map(|judged| study.told.gate(judged)),
        Made::Before => Some(Gate::of_results(&args.out)),
        Made::Nothing => None,
    };
    let passed = gate.unwrap_or_default().status(&study.told.thresholds);
    Ok(passed.unwrap_or(done.status))
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
        say_other_end(path, &validation.known);
        Ok(Draws::of(posterior, &held))
    }

    /// The counts of `--by-area`, whose figures are added to those that are simulated.
    fn by_area(
        &self,
        loaded: &scenario::Loaded,
        figures: &mut Vec<String>,
    ) -> anyhow::Result<Option<Broken<Areas>>> {
        let Some(path) = &self.by_area else {
            return Ok(None);
        };
        let read = Broken::read(("--by-area", path), By::Area, |table| {
            Areas::new(loaded, table, figures)
        })?;
        for area in read.counts.unknown() {
            failure::say(&format!(
                "warning: --by-area: `{area}` is left out, as `[observed.areas]` names no ports of it"
            ));
        }
        for port in read.counts.in_none() {
            failure::say(&format!(
                "warning: --by-area: `{port}` is in no area of `[observed.areas]`: its encounters are in no line of the table"
            ));
        }
        Ok(Some(read))
    }

    /// The counts of `--by-family`, likewise.
    fn by_family(
        &self,
        loaded: &scenario::Loaded,
        draws: &Draws,
        figures: &mut Vec<String>,
    ) -> anyhow::Result<Option<Broken<Families>>> {
        let Some(path) = &self.by_family else {
            return Ok(None);
        };
        let read = Broken::read(("--by-family", path), By::Family, |table| {
            Families::new(loaded, draws, table, figures)
        })?;
        Ok(Some(read))
    }

    /// What `[calibrate]` states, and the command line above it.
    fn known(&self, loaded: &scenario::Loaded) -> Known {
        let mut known = Known::of_calibration(loaded);
        if self.fitted.is_some() {
            known.window = self.fitted;
            known.last.clear();
        }
        for (column, sd) in &self.discrepancy {
            match column {
                Some(column) => {
                    known.discrepancies.insert(column.clone(), *sd);
                }
                None => known.other_discrepancy = *sd,
            }
        }
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

    /// Whether every `--discrepancy` says something, and each something else.
    fn check_discrepancies(
        &self,
        loaded: &scenario::Loaded,
        validation: &Validation,
    ) -> Result<(), WrongInput> {
        let mut seen = BTreeSet::new();
        for (column, sd) in &self.discrepancy {
            let wrong = |message: String| Err(WrongInput(format!("--discrepancy: {message}")));
            let name = column.as_deref().unwrap_or("every other column");
            if !seen.insert(name) {
                return wrong(format!("{name} has two"));
            }
            let Some(column) = column else {
                let stated = Known::of_calibration(loaded).discrepancies;
                let columns = validation.columns.iter();
                let mut names = columns.map(|column| column.name.as_str());
                if names.clone().all(|name| stated.contains_key(name)) {
                    let one = names.next().unwrap_or_default();
                    return wrong(format!(
                        "`[calibrate]` states that of every published column; name the column for which {sd} is to stand instead, as in {one}={sd}"
                    ));
                }
                continue;
            };
            let known = validation.knows(column);
            known.or_else(|error| wrong(error.to_string()))?;
        }
        Ok(())
    }

    /// The manifest with everything on which the results depend.
    fn manifest(
        &self,
        of_scenario: &Manifest,
        draws: &Draws,
        files: [(&str, Option<&String>); 2],
    ) -> Manifest {
        let mut options = BTreeMap::new();
        for (name, window) in [("fitted", self.fitted), ("months", self.months)] {
            options.extend(window.map(|window| (name.to_owned(), window.to_string())));
        }
        for (column, sd) in &self.discrepancy {
            let name = column.as_ref().map(|column| format!(" {column}"));
            let name = format!("discrepancy{}", name.unwrap_or_default());
            options.insert(name, sd.to_string());
        }
        let mut manifest = Manifest {
            options,
            points: Some(draws.weights.len() as u32),
            ..of_scenario.clone()
        };
        for (flag, digest) in files {
            if let Some(digest) = digest {
                manifest.add_file(flag, digest);
            }
        }
        if let Some(posterior) = &draws.posterior {
            posterior::add_to(&mut manifest, posterior);
        }
        let posterior = draws.posterior.iter().flat_map(Posterior::keys);
        let held = posterior.filter(|key| !draws.keys.contains(key)).cloned();
        manifest.add_options(options::number(futures::HELD, held));
        manifest
    }
}

/// Counts that are broken down otherwise than `[observed]`, from a table of its own.
struct Broken<T> {
    counts: T,
    /// SHA-256 of the table.
    digest: String,
}

impl<T> Broken<T> {
    /// Reads the table that a flag names.
    fn read<E: std::fmt::Display>(
        (flag, path): (&str, &Path),
        by: By,
        counts: impl FnOnce(&Breakdown) -> Result<T, E>,
    ) -> anyhow::Result<Self> {
        input::can_be_read(flag, path)?;
        let table = Breakdown::read(path, by)?;
        let wrong = |error| WrongInput(format!("{flag} {}: {error}", path.display()));
        Ok(Self {
            counts: counts(&table).map_err(wrong)?,
            digest: table.digest().to_owned(),
        })
    }
}

/// The scenario in every draw.
fn simulations(
    loaded: scenario::Loaded,
    draws: &Draws,
    figures: &[String],
    plan: &Plan,
) -> anyhow::Result<Sweep> {
    let figures = sweep::figures(figures, [&loaded])?;
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

/// Says that the months which draws were fitted to end elsewhere, as far as the results tell that they lie in.
fn say_other_end(posterior: &Path, known: &Known) {
    let beside = posterior.with_file_name(CALIBRATION);
    let text = std::fs::read_to_string(beside).ok();
    let document: Option<Value> = text.and_then(|text| serde_json::from_str(&text).ok());
    let day = document.as_ref().and_then(|it| it["to"].as_str());
    let day: Option<Date> = day.and_then(|day| day.parse().ok());
    let Some((day, window)) = day.zip(known.window) else {
        return;
    };
    // Whole months are fitted to.
    let of_day = Month::of(day);
    let last = if of_day.last_day() <= day {
        of_day
    } else {
        of_day.after(-1)
    };
    let so = match last.cmp(&window.last) {
        Ordering::Equal => return,
        Ordering::Greater => "they know months that are called held out",
        Ordering::Less => "they know nothing of the last months that are called fitted",
    };
    failure::say(&format!(
        "warning: the draws of `{}` were fitted to months up to {last}, and here those up to {} count as fitted: {so}",
        posterior.display(),
        window.last
    ));
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

/// Reads `COLUMN=SD` or `SD`, in percent too; 5 for 5% would let any model fit.
fn discrepancy(text: &str) -> Result<(Option<String>, f64), String> {
    let (column, sd) = match text.split_once('=') {
        Some((column, sd)) => (Some(column.trim().to_owned()), sd),
        None => (None, text),
    };
    let sd = sd.trim();
    match Amount::read(sd) {
        Some(Amount::Plain(number)) if number > 1.0 => {
            let of = column.map_or_else(String::new, |column| format!("{column}="));
            let told = meant_as_percent(&of, sd, number);
            Err(format!("{told}, or a number up to 1"))
        }
        Some(amount) if (0.0..=1.0).contains(&amount.share()) => Ok((column, amount.share())),
        _ => Err(format!(
            "expected a number from 0 to 1, as in irregular_encounters=0.1 or 10%; found `{sd}`"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_discrepancy_that_was_meant_as_percent_is_refused() {
        let told = discrepancy("port_encounters=10").unwrap_err();
        let hint = "write port_encounters=10% for 10 percent";
        assert!(told.contains(hint), "{told}");
        let told = discrepancy("5").unwrap_err();
        assert!(told.contains("write 5% for 5 percent"), "{told}");
        assert!(discrepancy("200%").is_err());
        let column = Some("port_encounters".to_owned());
        assert_eq!(discrepancy("port_encounters = 10 %"), Ok((column, 0.1)));
        assert_eq!(discrepancy("1"), Ok((None, 1.0)));
    }
}
