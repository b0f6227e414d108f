//! Tiny borders for one mechanism each: a base scenario, what a test adds to it, and its record.

use portflow::model::{ModelError, Work, simulate, simulate_with_work};
use portflow::record::histogram::Histogram;
use portflow::record::{Count, Recorder};
use portflow::scenario::Scenario;
use portflow::scenario::values::Region;

use super::{Files, waits};

/// Ten single persons a day, evenly spaced, who all choose the app; ten slots a day two days ahead, at one port with ten
/// officers who need exactly an hour each.
const BASE: &str = r#"
format = 1
title = "Tiny"

[run]
start = 2024-01-01
end = 2024-01-20

[world]
initial_bookings = 0.0

[world.groups.people]
arrivals = { process = "fixed", per_day = 10 }

[world.service]
family = "fixed"
mean_minutes = 60

[policy.app]
slots_per_day = 10
lead_time_days = 2
random_share = 0.0

[policy.ports.desk]
slots_per_day = 10
walk_ups_per_day = 10
appointment_times = [08:00:00]
officers = 10
"#;

/// Ten persons wait at the first round: every round has as many requests as slots, and slots go out with the whole lead time.
pub(crate) const WAITING: &str = "world.groups.people.initial_pool.north_persons = 10";

/// Nobody arrives any more, and a thousand wait.
pub(crate) const CROWD: &str = r"
world.groups.people.arrivals.per_day = 0
world.groups.people.initial_pool.north_persons = 1000
";

/// Everybody walks up and nobody uses the app.
pub(crate) const WALKERS: &str = r"
world.groups.people.weights = { app = 0.0, walk_up = 1.0 }
policy.app.open = false
";

/// Everybody crosses between ports.
pub(crate) const CROSSERS: &str = r"
world.groups.people.weights = { app = 0.0, irregular = 1.0 }
policy.app.open = false
";

/// The record of a tiny border.
#[derive(Debug, PartialEq)]
pub(crate) struct Tiny(pub(crate) Recorder);

/// Simulates the base with some keys set on top: dotted keys first, then tables.
pub(crate) fn tiny(changes: &str) -> Tiny {
    Tiny(simulate(&scenario(changes), 1, 0).unwrap())
}

/// Why that cannot be simulated.
pub(crate) fn error(changes: &str) -> ModelError {
    simulate(&scenario(changes), 1, 0).unwrap_err()
}

/// What that has to do.
pub(crate) fn work(changes: &str) -> Work {
    simulate_with_work(&scenario(changes), 1, 0).unwrap().1
}

fn scenario(changes: &str) -> Scenario {
    let text = format!("format = 1\ntitle = \"Tiny\"\nextends = \"base.toml\"\n{changes}");
    let files = Files::new(&[("base.toml", BASE), ("tiny.toml", &text)]);
    let loaded = files.load("tiny.toml", &[]).unwrap_or_else(|wrong| {
        let messages = wrong.problems().iter().map(|problem| &problem.message);
        panic!("{:#?}", messages.collect::<Vec<_>>())
    });
    loaded.scenario
}

impl Tiny {
    pub(crate) fn days(&self) -> usize {
        self.0.calendar().recorded_days() as usize
    }

    /// Persons counted on a day, over all groups.
    pub(crate) fn on(&self, day: usize, count: Count) -> u32 {
        (0..self.0.groups())
            .map(|group| self.0.group_count(count, group, day))
            .sum()
    }

    /// Persons counted over the whole run.
    pub(crate) fn total(&self, count: Count) -> u32 {
        (0..self.days()).map(|day| self.on(day, count)).sum()
    }

    /// Persons of a group over the whole run; groups are numbered by the order of their ids.
    pub(crate) fn of_group(&self, group: usize, count: Count) -> u32 {
        (0..self.days())
            .map(|day| self.0.group_count(count, group, day))
            .sum()
    }

    /// Persons counted at a port over the whole run.
    pub(crate) fn at_port(&self, port: usize, count: Count) -> u32 {
        (0..self.days())
            .map(|day| self.0.port_count(count, port, day))
            .sum()
    }

    /// Persons counted by day.
    pub(crate) fn daily(&self, count: Count) -> Vec<u32> {
        (0..self.days()).map(|day| self.on(day, count)).collect()
    }

    /// Persons in the pool at the end of a day.
    pub(crate) fn pool(&self, day: usize) -> u32 {
        (0..self.0.groups())
            .flat_map(|group| Region::ALL.map(|region| self.0.pool_at(day, group, region)))
            .sum()
    }

    /// Persons in an account of the ledger at the end of the run.
    pub(crate) fn ledger(&self, account: &str) -> u64 {
        let mut rows = self.0.ledger_rows().iter().rev();
        rows.find(|row| row.account == account).unwrap().persons
    }

    /// Mean days waited by those served, over all months.
    pub(crate) fn mean_wait_days(&self) -> f64 {
        self.waits().mean().unwrap() / 24.0
    }

    /// Hours waited, over all months, groups and regions.
    pub(crate) fn waits(&self) -> Histogram {
        waits(&self.0)
    }

    /// Mean minutes from presenting to service at a port in the first month.
    pub(crate) fn port_wait_minutes(&self, port: usize) -> f64 {
        self.0.port(0, port).waits.mean().unwrap()
    }

    /// Officer-hours in service at a port in the first month.
    pub(crate) fn busy_hours(&self, port: usize) -> f64 {
        let hours = self.0.port(0, port).hours.iter();
        hours.map(|hour| hour.busy_seconds).sum::<f64>() / 3600.0
    }

    /// Officer-hours on duty at a port in the first month, and those of them beyond the schedule.
    pub(crate) fn duty_and_overtime(&self, port: usize) -> (f64, f64) {
        let hours = self.0.port(0, port).hours.iter();
        let (mut duty, mut overtime) = (0.0, 0.0);
        for hour in hours {
            duty += hour.duty_seconds / 3600.0;
            overtime += hour.overtime_seconds / 3600.0;
        }
        (duty, overtime)
    }
}
