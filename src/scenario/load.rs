//! From a path to a scenario that can be run.

use std::collections::BTreeMap;
use std::path::Path;

use super::calendar::Calendar;
use super::calibrate::Calibration;
use super::checks;
use super::checks::ids::Ids;
use super::checks::validate::validate;
use super::checks::warnings;
use super::diagnostics::{Diagnostics, Problem, Problems};
use super::experiment_file::is_experiment;
use super::file::ScenarioFile;
use super::futures::UncertainNumbers;
use super::group::Group;
use super::key_path::KeyPath;
use super::layers;
use super::layers::blame;
use super::layers::overrides::{self, Override};
use super::loaded::Loaded;
use super::node::Node;
use super::observed::Observed;
use super::origin::Files;
use super::resolve::arrivals::{self, MonthlyCounts, NoCount};
use super::resolve::changes::{self, Change};
use super::resolve::data::Data;
use super::resolve::fates::Fates;
use super::resolve::moved;
use super::resolve::observed;
use super::resolve::policies;
use super::resolve::reading::Reading;
use super::schema::defaults;
use super::schema::explain::Sourced;
use super::schema::rule::Rule;
use super::tree::texts::Texts;
use super::world::Demand;
use super::{Scenario, Timeline};

/// Reads a scenario file with everything that it extends and names, and lays `overrides` over it.
///
/// # Errors
/// Every mistake in the files, the data they name and the overrides. Nothing is written.
pub fn load(path: &Path, overrides: &[Override]) -> Result<Loaded, Diagnostics> {
    named(path, overrides, &Texts::default())
}

/// Reads the resolved scenario of results, to tell them again: nothing of it is run, and what they name of events that it no longer has, as
/// these were before or after the run, was checked when they were made.
///
/// # Errors
/// As [`load`].
pub fn load_results(path: &Path) -> Result<Loaded, Diagnostics> {
    let loaded = load(path, &[])?;
    Ok(Loaded {
        is_of_results: true,
        ..loaded
    })
}

/// The scenario of a file and overrides from such texts; what is not among them is read from the disk.
pub(super) fn named(
    path: &Path,
    overrides: &[Override],
    texts: &Texts,
) -> Result<Loaded, Diagnostics> {
    resolve(path, overrides, texts.clone()).map_err(|mut wrong| {
        let with = |first: &[_]| match resolve(path, first, texts.clone()) {
            Ok(loaded) => loaded.warnings,
            Err(wrong) => wrong,
        };
        blame::name_the_value(&mut wrong, overrides, with);
        wrong
    })
}

/// The same, where mistakes do not name the values behind them.
pub(super) fn resolve(
    path: &Path,
    overrides: &[Override],
    texts: Texts,
) -> Result<Loaded, Diagnostics> {
    let mut files = Files::default();
    let mut problems = Problems::default();
    let Some(mut document) = layers::read(path, &texts, &mut files, &mut problems) else {
        return Err(problems.finish(files));
    };
    for given in overrides {
        overrides::apply(&mut document, &mut files, given, &mut problems);
    }
    if let Some(base) = document.get(&KeyPath::parse("base"))
        && is_experiment(path, &texts)
    {
        let message = "this is an experiment, as it has a `base`, and no scenario";
        let help =
            "`portflow sweep` runs experiments; a scenario names what it builds on with `extends`";
        problems
            .add_fatal(Problem::error(&KeyPath::parse("base"), &base.origin, message).help(help));
    }
    if problems.is_fatal() {
        // What follows from a file that is not TOML, or lacks its base, would mislead.
        return Err(problems.finish(files));
    }
    let ids = Ids::of(&document);
    let valid = validate(Rule::root(), &document, &ids, &mut problems);
    let mut file: ScenarioFile = match serde_json::from_value(defaults::fill(valid.to_json())) {
        Ok(file) => file,
        Err(error) => {
            let root = KeyPath::default();
            problems.add(Problem::error(&root, &document.origin, error.to_string()));
            return Err(problems.finish(files));
        }
    };
    let is_run_wrong = checks::is_run_wrong(&problems);
    checks::check(&file, &document, &mut problems);
    if is_run_wrong {
        file.run = checks::stand_in(&file);
    }
    if !checks::has_days(&file.run) {
        return Err(problems.finish(files));
    }
    let reader = Reader {
        path,
        overrides,
        document,
        valid,
        files,
        problems,
        data: Data::new(texts.clone()),
        texts,
        calendar: Calendar::new(&file.run),
        is_run_wrong,
    };
    reader.finish(file)
}

struct Reader<'a> {
    path: &'a Path,
    overrides: &'a [Override],
    document: Node,
    valid: Node,
    files: Files,
    problems: Problems,
    texts: Texts,
    data: Data,
    calendar: Calendar,
    /// Whether the calendar is only of a run in the place of the file's own: nothing is said of its days.
    is_run_wrong: bool,
}

/// What is worked out of a file and the data that it names.
struct Resolved {
    timeline: Timeline,
    arrival_rates: Vec<Vec<f64>>,
    own_arrival_rates: Vec<Vec<f64>>,
    observed: Option<Observed>,
    futures: UncertainNumbers,
    calibration: Option<Calibration>,
}

impl Reader<'_> {
    fn finish(mut self, mut file: ScenarioFile) -> Result<Loaded, Diagnostics> {
        let changes = changes::in_order(
            &file,
            &self.valid,
            &self.document,
            &self.files,
            &self.calendar,
            &mut self.problems,
        );
        let timeline = policies::timeline(
            &file,
            &changes,
            &changes::paths("trigger", &self.valid, &self.document),
            &self.calendar,
            &self.document,
            &mut self.problems,
        );
        let own_arrival_rates: Vec<Vec<f64>> = (file.world.groups.iter_mut())
            .map(|(id, group)| self.arrival_rates(id, group))
            .collect();
        let arrival_rates = (file.world.groups.keys().zip(&own_arrival_rates))
            .map(|(id, rates)| self.with_demand(id, rates, &file.world.demand))
            .collect();
        let resolved = Resolved {
            timeline,
            arrival_rates,
            own_arrival_rates,
            observed: self.observed(&mut file),
            futures: checks::futures::check(&file, &self.document, &mut self.problems),
            calibration: checks::calibrate::check(&file, &self.document, &mut self.problems),
        };
        if self.problems.any_error() {
            return Err(self.problems.finish(self.files));
        }
        self.warn(&file, &changes, &resolved);
        let fates = Fates::of(&changes, &self.calendar);
        policies::fold(&mut file, &changes, &fates, &self.calendar);
        Ok(self.into_loaded(file, fates, resolved))
    }

    /// Warns of what may not mean what its author thinks, once nothing is wrong.
    fn warn(&mut self, file: &ScenarioFile, changes: &[Change], resolved: &Resolved) {
        let reading = Reading {
            file,
            changes,
            calendar: &self.calendar,
            document: &self.document,
        };
        warnings::warn(reading, &resolved.timeline, &self.files, &mut self.problems);
        let laid = self.overrides.iter().map(|it| KeyPath::parse(&it.key));
        let laid: Vec<KeyPath> = laid.collect();
        let calibration = resolved.calibration.as_ref();
        warn_of_moved(
            reading,
            &laid,
            &resolved.futures,
            calibration,
            &mut self.problems,
        );
    }

    fn into_loaded(self, file: ScenarioFile, fates: Fates, resolved: Resolved) -> Loaded {
        let scenario = Scenario {
            title: file.title.clone(),
            run: file.run.clone(),
            calendar: self.calendar,
            world: file.world.clone(),
            groups: file.world.groups.keys().cloned().collect(),
            ports: file.policy.ports.keys().cloned().collect(),
            arrival_rates: resolved.arrival_rates,
            own_arrival_rates: resolved.own_arrival_rates,
            timeline: resolved.timeline,
            observed: resolved.observed,
            sources: file.sources.clone(),
        };
        Loaded {
            scenario,
            file,
            sourced: Sourced::all(&self.document),
            document: self.document,
            fates,
            path: self.path.to_path_buf(),
            is_of_results: false,
            as_run: BTreeMap::new(),
            overrides: self.overrides.to_vec(),
            texts: self.texts,
            data: self.data.texts,
            futures: resolved.futures,
            calibration: resolved.calibration,
            warnings: self.problems.finish(self.files.clone()),
            files: self.files,
        }
    }

    fn arrival_rates(&mut self, id: &str, group: &mut Group) -> Vec<f64> {
        let arrivals = KeyPath::parse("world.groups").child(id).child("arrivals");
        let path = arrivals.child("driver");
        let mut table = None;
        if let Some(driver) = &mut group.arrivals.driver
            && let Some((name, read)) = self.data.read(
                &path.child("file"),
                &self.document,
                &mut self.files,
                &mut self.problems,
            )
        {
            driver.file = name;
            match read.column(&driver.column) {
                Ok(column) => table = Some((read, column)),
                Err((message, help)) => {
                    self.problems
                        .report(&self.document, &path.child("column"), message, help);
                }
            }
        }
        let counts = table.as_ref().map(|(table, column)| MonthlyCounts {
            table,
            column: *column,
        });
        match arrivals::daily(&group.arrivals, counts.as_ref(), &self.calendar) {
            Ok(rates) => rates,
            Err(NoCount::Missing(_) | NoCount::NotHeld(_)) if self.is_run_wrong => Vec::new(),
            Err(NoCount::Missing(month)) => {
                let message = format!("the driver has no count for {month}");
                let help = "add the month, shorten the run, or hold the driver with `hold_from` and `hold_after`";
                self.problems
                    .report(&self.document, &path.child("file"), message, help);
                Vec::new()
            }
            Err(NoCount::NotHeld(month)) => {
                let message =
                    format!("`{path}` holds months of which the driver has no count for {month}");
                let help = "the mean of the months from `hold_from` to before `hold_after` is held: name months that the file has";
                self.problems
                    .report(&self.document, &path.child("hold_from"), message, help);
                Vec::new()
            }
            Err(NoCount::Wrong(problem)) => {
                self.problems.add(problem);
                Vec::new()
            }
        }
    }

    /// Arrivals of a group with what the demand does to them; reports those beyond what any border has seen.
    fn with_demand(&mut self, id: &str, rates: &[f64], demand: &Demand) -> Vec<f64> {
        const MOST_PER_DAY: f64 = 1e6;
        let days = (0..).zip(rates);
        let rates: Vec<f64> = days
            .map(|(day, rate)| rate * demand.on(id, self.calendar.date(day)))
            .collect();
        let wrong = rates
            .iter()
            .position(|rate| !(0.0..=MOST_PER_DAY).contains(rate));
        if let Some(day) = wrong {
            let date = self.calendar.date(day as u32);
            let message = format!("{} persons arrive on {date}", rates[day].round());
            let help = format!(
                "a group has at most {MOST_PER_DAY} arrivals a day, the factor of `world.demand` included"
            );
            let path = KeyPath::parse("world.groups").child(id).child("arrivals");
            self.problems.report(&self.document, &path, message, help);
        }
        rates
    }

    fn observed(&mut self, file: &mut ScenarioFile) -> Option<Observed> {
        let named = file.observed.as_mut()?;
        let key = KeyPath::parse("observed.file");
        let (name, table) =
            self.data
                .read(&key, &self.document, &mut self.files, &mut self.problems)?;
        named.file = name;
        let ids = Ids::of(&self.document);
        match observed::from_table(&table, &ids) {
            Ok(observed) => {
                for warning in observed::totals_beside_parts(&table, &observed, &ids.groups) {
                    self.problems.add(warning);
                }
                Some(observed)
            }
            Err(found) => {
                for problem in found {
                    self.problems.add(problem);
                }
                None
            }
        }
    }
}

/// Warns of levers `laid` over the file, or called uncertain or fitted in it, that events and triggers move; and of those set in it that
/// inherited events and triggers move.
fn warn_of_moved(
    reading: Reading<'_>,
    laid: &[KeyPath],
    futures: &UncertainNumbers,
    calibration: Option<&Calibration>,
    problems: &mut Problems,
) {
    let laid = laid.iter().map(|path| (path.clone(), path.clone()));
    let uncertain = futures.as_slice().iter().map(|future| {
        let at = KeyPath::parse("futures").child(&future.key);
        (KeyPath::parse(&future.key), at)
    });
    let parameters = calibration.into_iter().flat_map(|all| &all.parameters);
    let fitted = parameters.flat_map(|parameter| {
        let at = checks::calibrate::path_of(&parameter.name).child("keys");
        (parameter.keys.iter()).map(move |key| (KeyPath::parse(&key.path), at.clone()))
    });
    let all: Vec<(KeyPath, KeyPath)> = laid.chain(uncertain).chain(fitted).collect();
    let mut set: Vec<&KeyPath> = all.iter().map(|(key, _)| key).collect();
    for (lever, at) in &all {
        moved::warn((lever, at), &set, reading, problems);
    }
    let here = reading.document.written_in(Files::MAIN);
    set.extend(&here);
    for path in &here {
        moved::warn((path, path), &set, reading, problems);
    }
}
