//! What the machine cannot do faster: the floors that the other benches are held against.
//!
//! Sizes are those of the hold model: 1,000, 100,000 and 10,000,000 items: notes of 8 bytes, and 16 bytes for
//! what a party does next.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};

#[path = "shared/mode.rs"]
mod mode;

/// As large as a note of the event list.
type Note = u64;
/// As large as what is kept of a party that only waits: who it is and what it does next.
type Item = [u64; 2];

fn sizes() -> &'static [usize] {
    let sizes = &[1_000, 100_000, 10_000_000];
    if mode::is_trial() { &sizes[..2] } else { sizes }
}

fn random() -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(1)
}

/// The numbers below `size` in random order.
fn shuffled(size: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..size).collect();
    order.shuffle(&mut random());
    order
}

/// Every note written once and read once, one after the other: bandwidth.
fn stream(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("limit: write and read an item");
    for &size in sizes() {
        let mut items: Vec<Note> = vec![0; size];
        group.throughput(Throughput::Elements(size as u64));
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| {
                for (number, item) in (0..).zip(&mut items) {
                    *item = number;
                }
                let items = black_box(&items);
                let sum = |sum: u64, item: &Note| sum.wrapping_add(*item);
                items.iter().fold(0, sum)
            });
        });
    }
    group.finish();
}

/// Items in random order, each naming the next: nothing can be asked for ahead. Latency.
fn chase(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("limit: follow a pointer");
    group.throughput(Throughput::Elements(1));
    for &size in sizes() {
        let order = shuffled(size);
        let mut items: Vec<Item> = vec![[0; 2]; size];
        for (&from, &to) in order.iter().zip(order.iter().cycle().skip(1)) {
            items[from][0] = to as u64;
        }
        let mut at = 0;
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter_custom(|steps| {
                let begun = Instant::now();
                for _ in 0..steps {
                    at = items[at as usize][0];
                }
                black_box(at);
                begun.elapsed()
            });
        });
    }
    group.finish();
}

/// Items in an order that is random but known: the processor may ask for many at a time.
fn scatter(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("limit: change an item at random");
    for &size in sizes() {
        let order = shuffled(size);
        let mut items: Vec<Item> = vec![[0; 2]; size];
        group.throughput(Throughput::Elements(size as u64));
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| {
                for &at in &order {
                    items[at][0] += 1;
                }
            });
        });
    }
    group.finish();
}

/// Keys of buckets put in order: 20 to 200,000 are in one at the sizes of the hold model. Never the same keys twice in a row, which
/// the processor would learn by heart.
fn sort(criterion: &mut Criterion) {
    const KEYS: usize = 200_000;
    let mut group = criterion.benchmark_group("limit: sort, per key");
    group.throughput(Throughput::Elements(KEYS as u64));
    let keys: Vec<u64> = random().random_iter().take(KEYS).collect();
    let mut sorted = keys.clone();
    for size in [20, 2_000, KEYS] {
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| {
                sorted.copy_from_slice(&keys);
                for bucket in sorted.chunks_mut(size) {
                    bucket.sort_unstable();
                }
                black_box(&sorted);
            });
        });
    }
    group.finish();
}

/// A branch that always goes the same way, and one that goes either way and is guessed wrong every other time.
fn branches(criterion: &mut Criterion) {
    const BRANCHES: usize = 1 << 22;
    let mut group = criterion.benchmark_group("limit: branch");
    group.throughput(Throughput::Elements(BRANCHES as u64));
    let coins: Vec<bool> = random().random_iter().take(BRANCHES).collect();
    for (name, coins) in [("foreseen", vec![true; BRANCHES]), ("random", coins)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let (mut heads, mut tails) = (0_u64, 0_u64);
                for &coin in &coins {
                    // Looked at in each branch, so that it is no addition of the coin.
                    if coin {
                        heads = black_box(heads) + 1;
                    } else {
                        tails = black_box(tails) + 1;
                    }
                }
                (heads, tails)
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = limits;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = stream, chase, scatter, sort, branches
}
criterion_main!(limits);
