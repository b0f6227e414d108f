//! Merging 1,000 replications: their observations taken one by one, and two shards of them joined as `portflow merge` does.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use portflow::engine::Streams;
use portflow::experiment::{Outcome, Results};
use portflow::record::{Layout, Observations, summary::Detail};
use portflow::stats::Level;
use portflow::{model, scenario};

#[path = "shared/mode.rs"]
mod mode;

/// Few enough to make in a moment; what is in them is taken over and over.
const DIFFERENT: u64 = 8;

/// A month of one port, each replication of which takes milliseconds.
const MONTH: &str = r#"
format = 1
title = "A month of one port"
[run]
start = 2024-01-01
end = 2024-01-31
[world]
initial_bookings = 0.0
[world.groups.customers]
arrivals = { per_day = 100 }
weights = { app = 0.0, walk_up = 1.0 }
[world.service]
family = "exponential"
mean_minutes = 10
[policy.app]
open = false
[policy.ports.desk]
officers = 1
"#;

fn replications() -> u32 {
    if mode::is_trial() { 10 } else { 1_000 }
}

/// Observations as of different replications: one that was simulated, every value moved a little.
fn observations(layout: &Layout, scenario: &scenario::Scenario) -> Vec<Observations> {
    let record = model::simulate(scenario, 1, 0).expect("the ledger balances");
    let observed = layout.observe(&record);
    let moved = |replication| {
        let mut draw = Streams::new(1, replication).draw(0, 0, 0);
        let mut moved = observed.clone();
        for value in moved.values.iter_mut().flatten() {
            *value *= 0.95 + 0.1 * draw.uniform();
        }
        moved
    };
    (0..DIFFERENT).map(moved).collect()
}

/// What joining takes apart from disks: the means, bands and crossovers of every figure of `november-2024`.
fn take(criterion: &mut Criterion) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/november-2024.toml");
    let scenario = scenario::load(&file, &[])
        .expect("a shipped scenario has no mistakes")
        .scenario;
    let layout = Layout::of(&scenario, Detail::Full);
    let observations = observations(&layout, &scenario);
    let all = || observations.iter().cycle().take(replications() as usize);
    let records: Vec<Vec<u8>> = observations
        .iter()
        .map(|observations| {
            let outcome: Outcome = Ok(observations.clone());
            postcard::to_stdvec(&outcome).expect("observations can be written")
        })
        .collect();
    let mut group = criterion.benchmark_group("merge");
    let figures = layout.keys().len() * replications() as usize;
    group.throughput(Throughput::Elements(figures as u64));
    group.bench_function("take observations", |bencher| {
        bencher.iter(|| {
            let mut results = Results::new(layout.clone(), Level::USUAL);
            all().for_each(|observations| results.add(black_box(observations)));
            results
        });
    });
    group.bench_function("decode records", |bencher| {
        let decode = |record: &Vec<u8>| -> Outcome {
            postcard::from_bytes(black_box(record)).expect("it was written by its like")
        };
        let all = || records.iter().cycle().take(replications() as usize);
        bencher.iter(|| all().filter(|record| decode(record).is_ok()).count());
    });
    group.bench_function("limit, sums and sums of squares", |bencher| {
        bencher.iter(|| {
            let mut sums = vec![(0_u32, 0.0_f64, 0.0_f64); layout.keys().len()];
            for observations in all() {
                for (sums, value) in sums.iter_mut().zip(&observations.values) {
                    if let Some(value) = *value {
                        *sums = (sums.0 + 1, sums.1 + value, sums.2 + value * value);
                    }
                }
            }
            sums
        });
    });
    group.bench_function("limit, checksums of the records", |bencher| {
        let all = || records.iter().cycle().take(replications() as usize);
        bencher.iter(|| {
            let checksum = |record: &Vec<u8>| crc32fast::hash(black_box(record));
            all().map(checksum).fold(0, |all, one| all ^ one)
        });
    });
    group.finish();
}

fn portflow(arguments: &[&str], folder: &Path) {
    let status = Command::new(env!("CARGO_BIN_EXE_portflow"))
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let status = status.expect("portflow has been built");
    assert!(status.success(), "portflow {arguments:?}: {status}");
}

/// The whole command, with its process, its journals and its files.
fn join(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("there is room for small files");
    let folder = folder.path();
    fs::write(folder.join("month.toml"), MONTH).expect("there is room for small files");
    let replications = replications().to_string();
    for shard in ["1/2", "2/2"] {
        let out = &shard[..1];
        let arguments = ["run", "month.toml", "-r", &replications];
        portflow(
            &[&arguments[..], &["--shard", shard, "--out", out]].concat(),
            folder,
        );
    }
    let mut group = criterion.benchmark_group("merge");
    group.throughput(Throughput::Elements(replications.parse().unwrap_or(0)));
    group.bench_function("the command, two shards of a small scenario", |bencher| {
        bencher.iter(|| portflow(&["merge", "1", "2", "--out", "all", "--force"], folder));
    });
    group.bench_function("limit, start of a process", |bencher| {
        bencher.iter(|| portflow(&["--version"], folder));
    });
    group.finish();
}

criterion_group! {
    name = merge;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = take, join
}
criterion_main!(merge);
