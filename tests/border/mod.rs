//! The real case against its published counts, at full scale.

mod history;
mod november;

use portflow::experiment::{self, Plan, Results};
use portflow::model;
use portflow::record::{Detail, Key, Layout, Metric};
use portflow::scenario::Scenario;
use portflow::stats::Level;
use std::num::{NonZeroU32, NonZeroUsize};

/// Runs a scenario with its own seed on two threads.
fn run(scenario: &Scenario, replications: u32) -> Results {
    let plan = Plan {
        seed: scenario.run.seed,
        replications: NonZeroU32::new(replications).unwrap(),
        threads: NonZeroUsize::new(2).unwrap(),
        level: Level::USUAL,
    };
    let replicate = |replication| model::simulate(scenario, plan.seed, replication);
    let layout = Layout::of(scenario, Detail::Full);
    experiment::run(&plan, &layout, replicate, |_, _, _| Ok(())).unwrap()
}

/// Simulated means and published figures of a metric by month (`2024-11`).
fn beside_published(
    scenario: &Scenario,
    results: &Results,
    metric: Metric,
) -> Vec<(String, f64, f64)> {
    let observed = scenario.observed.as_ref().unwrap();
    let months = scenario.calendar.months().iter().zip(0_u32..);
    let figures = months.filter_map(|(name, month)| {
        let key = Key::of_month(month, metric);
        let published = experiment::results::observed::published(results, observed, key)?;
        Some((name.to_string(), results.estimate(key)?.mean, published))
    });
    figures.collect()
}
