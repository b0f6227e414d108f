//! One replication of the shipped scenarios, and of the border at a quarter and at four times its size.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use portflow::model;
use portflow::scenario::policy::Policy;
use portflow::scenario::values::Limit;
use portflow::scenario::{self, Scenario};

fn shipped(file: &str) -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(file);
    scenario::load(&path, &[])
        .expect("a shipped scenario has no mistakes")
        .scenario
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

/// Persons that arrive in a replication.
fn arrivals(scenario: &Scenario) -> u64 {
    scenario.arrival_rates.iter().flatten().sum::<f64>() as u64
}

fn replications(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("replication");
    let mut measure = |id: BenchmarkId, scenario: &Scenario| {
        group.throughput(Throughput::Elements(arrivals(scenario)));
        group.bench_function(id, |bencher| {
            bencher.iter(|| model::simulate(black_box(scenario), 1, 0));
        });
    };
    let history = shipped("history.toml");
    for factor in [0.25, 1.0, 4.0] {
        measure(
            BenchmarkId::new("history", format!("size {factor}")),
            &scaled(history.clone(), factor),
        );
    }
    measure(
        BenchmarkId::from_parameter("november-2024"),
        &shipped("november-2024.toml"),
    );
    measure(
        BenchmarkId::from_parameter("appointment-reference"),
        &shipped("theory/appointment-reference.toml"),
    );
    group.finish();
}

criterion_group! {
    name = replication;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(5));
    targets = replications
}
criterion_main!(replication);
