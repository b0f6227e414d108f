//! What is wrong with a file, and what its author may have meant.
//!
//! [`validate`] holds the tree against the schema. What must hold beyond the ranges of values is here and in [`mod@policy`], [`mod@calibrate`] and
//! [`mod@futures`]; [`warnings`] are of what can be run and is seldom meant.

pub(super) mod calibrate;
mod distribution;
pub(super) mod elsewhere;
pub(super) mod futures;
pub(super) mod ids;
pub(super) mod inputs;
pub(crate) mod nearest;
pub(super) mod policy;
mod taken_away;
pub(super) mod unknown;
pub(super) mod validate;
pub(super) mod warnings;

use jiff::civil::Date;

use super::diagnostics::Problems;
use super::file::ScenarioFile;
use super::group::{Arrivals, Driver, Group};
use super::key_path::KeyPath;
use super::node::Node;
use super::run::Run;
use super::timeline::Timeline;
use super::values::{Limit, Region};
use crate::month::Month;
use ids::{MOST_GROUPS, MOST_PORTS};
use policy::sum;

/// Longest run, warm-up included. \[days\]
const MOST_DAYS: i64 = 36_525;

/// Years in which a run can lie, so that no date of it, warm-up included, is beyond the calendar.
const YEARS: std::ops::RangeInclusive<i16> = 1800..=2500;

/// Reports everything that is wrong with the world and the run.
pub(crate) fn check(file: &ScenarioFile, document: &Node, problems: &mut Problems) {
    let mut checker = Checker { document, problems };
    checker.sizes(file);
    checker.ids(file);
    checker.run(&file.run);
    checker.app(file);
    for (id, group) in &file.world.groups {
        checker.group(&KeyPath::parse("world.groups").child(id), group);
    }
    checker.demand(file);
    let clocks = file.world.behaviour;
    checker.clock(
        "reconsideration_mean_days",
        clocks.reconsideration_mean_days,
    );
    checker.clock("patience_mean_days", clocks.patience_mean_days);
    checker.triggers(file);
    checker.areas(file);
}

struct Checker<'a> {
    document: &'a Node,
    problems: &'a mut Problems,
}

impl Checker<'_> {
    fn report(&mut self, path: &KeyPath, message: impl Into<String>, help: &str) {
        self.problems.report(self.document, path, message, help);
    }

    fn sum(&mut self, path: &KeyPath, shares: &[f64]) {
        if let Some(finding) = sum(&path.to_string(), shares) {
            self.report(path, finding.message, &finding.help);
        }
    }

    fn sizes(&mut self, file: &ScenarioFile) {
        for (path, found, most, help) in [
            (
                "world.groups",
                file.world.groups.len(),
                MOST_GROUPS,
                "join groups that behave alike",
            ),
            (
                "policy.ports",
                file.policy.ports.len(),
                MOST_PORTS,
                "join ports that serve alike",
            ),
            (
                "trigger",
                file.trigger.len(),
                Timeline::MAX_TRIGGERS,
                "every combination of triggers is a policy of its own",
            ),
        ] {
            if found > most {
                let message = format!("`{path}` has {found} entries, at most {most} are allowed");
                self.report(&KeyPath::parse(path), message, help);
            }
        }
    }

    /// An id names a place of a result, as in `arrivals/south`: it must name one.
    fn ids(&mut self, file: &ScenarioFile) {
        let regions = Region::ALL.map(Region::name);
        let groups = file.world.groups.keys().map(|id| ("world.groups", id));
        let ports = file.policy.ports.keys().map(|id| ("policy.ports", id));
        for (table, id) in groups.chain(ports) {
            let other = if regions.contains(&id.as_str()) {
                "a region"
            } else if table == "policy.ports" && file.world.groups.contains_key(id) {
                "a group"
            } else {
                continue;
            };
            let message =
                format!("`{id}` is the name of {other} too: results could not tell them apart");
            let path = KeyPath::parse(table).child(id);
            self.report(&path, message, "give it another id");
        }
    }

    fn run(&mut self, run: &Run) {
        if is_run_wrong(self.problems) {
            return;
        }
        let end = KeyPath::parse("run.end");
        if run.end < run.start {
            let message = format!(
                "the run ends on {}, before it starts on {}",
                run.end, run.start
            );
            self.report(&end, message, "both days are part of the run");
        } else if simulated_days(run) > MOST_DAYS {
            let message = format!("the run has {} days, warm-up included", simulated_days(run));
            self.report(&end, message, "a run is at most 100 years long");
        } else if !has_years(run) {
            let message = format!("the run is from {} to {}", run.start, run.end);
            let help = format!(
                "its years lie between {} and {}",
                YEARS.start(),
                YEARS.end()
            );
            self.report(&KeyPath::parse("run.start"), message, &help);
        }
    }

    fn app(&mut self, file: &ScenarioFile) {
        let shares: Vec<f64> = file
            .world
            .app
            .regularity
            .iter()
            .map(|class| class.share)
            .collect();
        self.sum(&KeyPath::parse("world.app.regularity"), &shares);
    }

    fn clock(&mut self, key: &str, limit: Limit) {
        if limit.bound().is_some_and(|days| days <= 0.0) {
            let path = KeyPath::parse("world.behaviour").child(key);
            let message = format!("`{path}` is 0, expected a number above 0, or \"unlimited\"");
            self.report(&path, message, "a clock that never rings is \"unlimited\"");
        }
    }

    fn group(&mut self, path: &KeyPath, group: &Group) {
        let entry = group.entry;
        self.sum(
            &path.child("entry"),
            &[entry.outside, entry.south, entry.north],
        );
        self.odds(&path.child("weights"), &group.weights.all());
        let sizes: Vec<f64> = group.party_size.values().copied().collect();
        self.odds(&path.child("party_size"), &sizes);
        if !group.port_preference.is_empty() {
            // Ports not named have odds 1, so that all zero is wrong only where all are named.
            let preference = path.child("port_preference");
            let named: Vec<f64> = group.port_preference.values().copied().collect();
            let ports = self.document.get(&KeyPath::parse("policy.ports"));
            let ports = ports
                .and_then(Node::as_table)
                .map_or(0, |table| table.0.len());
            if named.len() == ports {
                self.odds(&preference, &named);
            }
        }
        let pool = group.initial_pool;
        if pool.persons() > 0.0 && pool.max_age_days < pool.mean_age_days {
            let message = format!(
                "the mean age of the pool is {} days, its greatest age {}",
                pool.mean_age_days, pool.max_age_days
            );
            let help = "set `max_age_days` to at least `mean_age_days`";
            self.report(&path.child("initial_pool.max_age_days"), message, help);
        }
        self.arrivals(&path.child("arrivals"), &group.arrivals);
    }

    fn odds(&mut self, path: &KeyPath, odds: &[f64]) {
        if odds.iter().all(|odds| *odds <= 0.0) {
            let message = format!("all odds of `{path}` are 0");
            self.report(path, message, "at least one must be above 0");
        }
    }

    fn arrivals(&mut self, path: &KeyPath, arrivals: &Arrivals) {
        for (key, profile, length, items) in [
            ("day_of_week", &arrivals.day_of_week, 7, "Monday to Sunday"),
            ("season", &arrivals.season, 12, "January to December"),
        ] {
            let path = path.child(key);
            if !profile.is_empty() && profile.len() != length {
                let message = format!("`{path}` has {} factors, expected {length}", profile.len());
                self.report(&path, message, &format!("one factor for each of {items}"));
            } else if !profile.is_empty() {
                self.odds(&path, profile);
            }
        }
        if let Some(pair) = arrivals
            .levels
            .windows(2)
            .find(|pair| pair[0].date >= pair[1].date)
        {
            let message = format!(
                "the level of {} follows that of {}",
                pair[1].date, pair[0].date
            );
            self.report(
                &path.child("levels"),
                message,
                "list the levels by date, each date once",
            );
        }
        if let Some(driver) = &arrivals.driver {
            self.hold(&path.child("driver"), driver);
        }
    }

    fn hold(&mut self, path: &KeyPath, driver: &Driver) {
        match (driver.hold_from, driver.hold_after) {
            (Some(from), Some(after)) if Month::of(from) >= Month::of(after) => {
                let message = format!("no whole month lies between {from} and {after}");
                self.report(
                    &path.child("hold_from"),
                    message,
                    "hold the mean of at least one month",
                );
            }
            (Some(_), None) | (None, Some(_)) => {
                let message = format!("`{path}` has one of `hold_from` and `hold_after`");
                self.report(path, message, "give both, or neither");
            }
            _ => {}
        }
    }

    fn demand(&mut self, file: &ScenarioFile) {
        let demand = &file.world.demand;
        let path = KeyPath::parse("world.demand");
        self.stretch(&path, "the factor acts", demand.from, demand.to);
        let ids: Vec<String> = file.world.groups.keys().cloned().collect();
        self.known(&path.child("groups"), "group", &demand.groups, &ids);
    }

    fn areas(&mut self, file: &ScenarioFile) {
        let areas = file.observed.iter().flat_map(|table| &table.areas);
        let ids: Vec<String> = file.policy.ports.keys().cloned().collect();
        for (area, ports) in areas {
            let path = KeyPath::parse("observed.areas").child(area);
            self.known(&path, "port", ports, &ids);
            let again = (1..ports.len()).find(|&place| ports[..place].contains(&ports[place]));
            if let Some(place) = again {
                let message = format!("`{}` is twice in the area `{area}`", ports[place]);
                self.report(
                    &path,
                    message,
                    "list it once: a port counts once in an area",
                );
            }
        }
    }

    fn triggers(&mut self, file: &ScenarioFile) {
        for trigger in &file.trigger {
            let path = KeyPath::parse("trigger").child(&trigger.id);
            self.stretch(&path, "the trigger is armed", trigger.from, trigger.to);
        }
    }

    /// Reports names of a list that are no ids.
    fn known(&mut self, path: &KeyPath, what: &str, names: &[String], ids: &[String]) {
        for name in names {
            if let Err((message, help)) = unknown::known(what, name, ids) {
                self.report(path, message, &help.unwrap_or_default());
            }
        }
    }

    /// Reports a last day before the first.
    fn stretch(&mut self, path: &KeyPath, what: &str, from: Option<Date>, to: Option<Date>) {
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            let message = format!("{what} from {from} to {to}");
            let help = "`to` is the last day, not before `from`";
            self.report(&path.child("to"), message, help);
        }
    }
}

/// Days of a run, warm-up included.
pub(crate) fn simulated_days(run: &Run) -> i64 {
    super::calendar::days_between(run.start, run.end) + 1 + i64::from(run.warmup_days)
}

/// Whether a run has days that can be simulated.
pub(crate) fn has_days(run: &Run) -> bool {
    run.start <= run.end && simulated_days(run) <= MOST_DAYS && has_years(run)
}

/// Whether something in `[run]` is known to be wrong on which it rests what days are simulated.
pub(crate) fn is_run_wrong(problems: &Problems) -> bool {
    let mut wrong = problems.wrong_paths();
    wrong.any(|path| match path.words().as_slice() {
        ["run", key] => !matches!(*key, "replications" | "seed"),
        words => words == ["run"],
    })
}

/// A run in the place of one whose days are not known, for the rest of the file to be checked in: it holds all events.
pub(crate) fn stand_in(file: &ScenarioFile) -> Run {
    let run = &file.run;
    let dates = || {
        let events = file.event.iter().map(|event| event.date);
        events.chain([run.start, run.end])
    };
    Run {
        start: dates().min().unwrap_or(run.start),
        end: dates().max().unwrap_or(run.end),
        warmup_days: 0,
        ..run.clone()
    }
}

fn has_years(run: &Run) -> bool {
    YEARS.contains(&run.start.year()) && YEARS.contains(&run.end.year())
}
