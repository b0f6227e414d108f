//! Keyed draws, beside a stream shared by all.

use criterion::{Criterion, Throughput};
use portflow::engine::Streams;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Exp1};

pub(crate) fn draws(criterion: &mut Criterion) {
    let streams = Streams::new(1, 0);
    let mut group = criterion.benchmark_group("draw");
    group.throughput(Throughput::Elements(1));
    let mut who = 0;
    group.bench_function("bits of a new key", |bencher| {
        bencher.iter(|| {
            who += 1;
            streams.draw(who, 7, 0).bits()
        });
    });
    let mut draw = streams.draw(0, 0, 0);
    group.bench_function("further bits of a key", |bencher| {
        bencher.iter(|| draw.bits());
    });
    group.bench_function("exponential", |bencher| {
        bencher.iter(|| draw.exponential());
    });
    group.bench_function("normal", |bencher| {
        bencher.iter(|| draw.normal());
    });
    group.bench_function("binomial, 280000 trials of 0.01", |bencher| {
        bencher.iter(|| draw.binomial(280_000, 0.01));
    });
    // The limit: nobody's key, and the fastest that the usual crates offer.
    let mut shared = Xoshiro256PlusPlus::seed_from_u64(1);
    group.bench_function("limit, bits of a shared stream", |bencher| {
        bencher.iter(|| shared.random::<u64>());
    });
    group.bench_function("limit, exponential of a shared stream", |bencher| {
        bencher.iter(|| -> f64 { Exp1.sample(&mut shared) });
    });
    group.finish();
}
