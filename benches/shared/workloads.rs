//! The replications that benches measure: shipped scenarios, and the border at several times its size.

use std::path::Path;

use portflow::model::{self, Work};
use portflow::scenario::policy::Policy;
use portflow::scenario::values::Limit;
use portflow::scenario::{self, Scenario};

/// A scenario to replicate, and what a bench calls it.
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    file: &'static str,
    /// Times as many people, places and officers; more than 1 takes long.
    pub(crate) size: u32,
}

impl Workload {
    const fn new(name: &'static str, file: &'static str, size: u32) -> Self {
        Self { name, file, size }
    }

    /// The scenario, read and resolved.
    pub(crate) fn scenario(&self) -> Scenario {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("scenarios")
            .join(self.file);
        let loaded = scenario::load(&path, &[]).expect("a shipped scenario has no mistakes");
        scaled(loaded.scenario, f64::from(self.size))
    }
}

/// Every replication that is measured.
pub(crate) const WORKLOADS: [Workload; 5] = [
    Workload::new(
        "appointment-reference",
        "theory/appointment-reference.toml",
        1,
    ),
    Workload::new("november-2024", "november-2024.toml", 1),
    Workload::new("history", "history.toml", 1),
    Workload::new("history x4", "history.toml", 4),
    Workload::new("history x16", "history.toml", 16),
];

/// Simulates the replication that every bench takes and says what it had to do.
pub(crate) fn measure(scenario: &Scenario) -> Work {
    let simulated = model::simulate_with_work(scenario, 1, 0);
    let (_, work) = simulated.expect("the ledger balances");
    work
}

/// The same border for `factor` times as many people: arrivals, places, officers, and every bound in persons.
fn scaled(mut scenario: Scenario, factor: f64) -> Scenario {
    for rate in scenario.arrival_rates.iter_mut().flatten() {
        *rate *= factor;
    }
    for group in scenario.world.groups.values_mut() {
        group.initial_pool.north_persons *= factor;
        group.initial_pool.south_persons *= factor;
    }
    for epoch in &mut scenario.timeline.epochs {
        for policy in &mut epoch.policies {
            scale_policy(policy, factor);
        }
        for rule in &mut epoch.rules {
            rule.when.at_least *= factor;
            if let Some(until) = &mut rule.until {
                until.below *= factor;
            }
        }
    }
    scenario
}

fn scale_policy(policy: &mut Policy, factor: f64) {
    let scale_limit = |limit: &mut Limit| {
        if let Limit::AtMost(bound) = limit {
            *bound *= factor;
        }
    };
    let officers = |officers: u32| (f64::from(officers) * factor).ceil() as u32;
    policy.app.slots_per_day *= factor;
    scale_limit(&mut policy.walk_up.per_day);
    scale_limit(&mut policy.crossing.consequence_capacity_per_day);
    for port in policy.ports.values_mut() {
        port.officers = officers(port.officers);
        for shift in &mut port.shifts {
            shift.officers = officers(shift.officers);
        }
    }
}
