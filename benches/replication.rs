//! One replication of the shipped scenarios, and of the border at 4 and 16 times its size.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use portflow::model;

#[path = "shared/mode.rs"]
mod mode;
#[path = "shared/workloads.rs"]
mod workloads;

use workloads::{WORKLOADS, Workload, measure};

fn replications(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("replication");
    for workload in WORKLOADS.iter().filter(|workload| workload.size == 1) {
        let scenario = workload.scenario();
        group.throughput(Throughput::Elements(measure(&scenario).events));
        group.bench_function(BenchmarkId::from_parameter(workload.name), |bencher| {
            bencher.iter(|| model::simulate(black_box(&scenario), 1, 0));
        });
    }
    group.finish();
}

/// Once, without criterion: its ten samples of these would take longer than all other benches.
#[expect(clippy::print_stdout, reason = "what a bench is for")]
fn time_once(workload: &Workload) {
    let scenario = workload.scenario();
    let begun = Instant::now();
    let work = measure(&scenario);
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{:<23} time:   [once: {seconds:.3} s]\n{:<23} thrpt:  [{:.3} Melem/s]\n",
        format!("replication/{}", workload.name),
        "",
        work.events as f64 / seconds / 1e6
    );
}

criterion_group! {
    name = short;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(5));
    targets = replications
}

fn main() {
    short();
    Criterion::default().configure_from_args().final_summary();
    if mode::is_trial() {
        return;
    }
    let filter = std::env::args().skip(1).find(|text| !text.starts_with('-'));
    let is_asked = |name: &str| filter.as_ref().is_none_or(|part| name.contains(part));
    for workload in WORKLOADS.iter().filter(|workload| workload.size > 1) {
        if is_asked(&format!("replication/{}", workload.name)) {
            time_once(workload);
        }
    }
}
