//! From scenario files to a scenario that can be run: parsed, inherited, checked, resolved.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use portflow::scenario;

/// A file, after those that it inherits from.
const LINEAGES: [&[&str]; 3] = [
    &["theory/mm1.toml"],
    &["cbp-one.toml", "history.toml"],
    &["cbp-one.toml", "history.toml", "history-futures.toml"],
];

fn scenarios(criterion: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut group = criterion.benchmark_group("scenario");
    for lineage in LINEAGES {
        let read = |file: &&str| fs::read_to_string(folder.join(file)).expect("it is shipped");
        let texts: Vec<String> = lineage.iter().map(read).collect();
        let bytes = texts.iter().map(String::len).sum::<usize>();
        group.throughput(Throughput::Bytes(bytes as u64));
        let file = lineage[lineage.len() - 1];
        let path = folder.join(file);
        group.bench_function(BenchmarkId::new("load", file), |bencher| {
            bencher.iter(|| scenario::load(black_box(&path), &[]));
        });
        group.bench_function(BenchmarkId::new("load and check", file), |bencher| {
            bencher.iter(|| scenario::load(black_box(&path), &[])?.check_futures());
        });
        // The limit: the same text through the reader of TOML alone.
        group.bench_function(BenchmarkId::new("limit, read TOML", file), |bencher| {
            let parse = |text: &String| black_box(text).parse::<toml::Table>();
            bencher.iter(|| texts.iter().map(parse).collect::<Result<Vec<_>, _>>());
        });
    }
    group.finish();
}

criterion_group! {
    name = scenario_files;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = scenarios
}
criterion_main!(scenario_files);
