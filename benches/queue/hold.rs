//! The hold model: take the first item, put it back later (Jones 1986, doi:10.1145/5684.5686).

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput};
use dary_heap::OctonaryHeap;
use portflow::engine::queue::Queue;
use portflow::engine::{Agenda, Model, Stop, Streams, Time};
use radix_heap::RadixHeapMap;

use crate::act::Act;
use crate::increments::{Increments, is_late, remainder};
use crate::mode::is_trial;
#[cfg(target_feature = "avx2")]
use crate::rivals::QuickHeap;
use crate::rivals::{Item, Rival};

/// Holds come this many at a time until a queue has settled: sorting that was put off is paid for before the clock runs.
const SETTLING: u64 = 100_000;
/// A queue settles for as many holds as it has items, or for this long.
const PATIENCE: Duration = Duration::from_secs(3);

fn start(size: u64) -> Vec<Item> {
    let mut draw = Streams::new(2, 0).draw(0, 0, 0);
    let item = |subject| Item::new(Time::ZERO + remainder(&mut draw), subject);
    (0..size).map(item).collect()
}

fn settle(size: u64, mut hold: impl FnMut(u64)) {
    let begun = Instant::now();
    let mut done = 0;
    while done < size && begun.elapsed() < PATIENCE {
        hold(SETTLING.min(size));
        done += SETTLING;
    }
}

fn measure_rival<R: Rival>(group: &mut BenchmarkGroup<WallTime>, name: &str, start: &[Item]) {
    let filled = || {
        let mut queue = R::default();
        for &item in start {
            queue.add(item);
        }
        queue
    };
    let mut increments = Increments::new();
    let mut hold = |queue: &mut R, holds: u64| {
        let mut now = Time::ZERO;
        for _ in 0..holds {
            let item = queue.take_first().expect("the queue keeps its size");
            now = item.time();
            queue.add(black_box(Item::new(
                now + increments.next(),
                item.subject(),
            )));
        }
        now
    };
    let mut queue = None;
    let mut now = Time::ZERO;
    group.bench_function(BenchmarkId::new(name, start.len()), |bencher| {
        // Outside what criterion times, which would take the filling for a part of the holds and make few of them.
        if is_late(now) {
            queue = None;
        }
        let queue = queue.get_or_insert_with(|| {
            let mut queue = filled();
            settle(start.len() as u64, |holds| {
                hold(&mut queue, holds);
            });
            queue
        });
        bencher.iter_custom(|holds| {
            let begun = Instant::now();
            now = hold(queue, holds);
            begun.elapsed()
        });
    });
}

struct Acting {
    increments: Increments,
    left: u64,
}

impl Model for Acting {
    type Event = Act;

    fn recall(&self, _: Time, _: u8, code: u64) -> Option<Act> {
        Some(Act::of(code))
    }

    fn handle(&mut self, event: Act, agenda: &mut Agenda<Act>) {
        agenda.schedule(agenda.now() + self.increments.next(), black_box(event));
        self.left -= 1;
        if self.left == 0 {
            agenda.stop();
        }
    }
}

/// The whole event list as a model sees it: the queue, the total order, the clock, the call of the handler.
fn measure_agenda(group: &mut BenchmarkGroup<WallTime>, start: &[Item]) {
    let hold = |agenda: &mut Agenda<Act>, model: &mut Acting, holds| {
        model.left = holds;
        assert_eq!(agenda.run_until(model, Time::MAX), Stop::Stopped);
    };
    let start_over = || {
        let mut agenda = Agenda::new();
        for item in start {
            agenda.schedule(item.time(), Act(item.subject() as u32));
        }
        let mut model = Acting {
            increments: Increments::new(),
            left: 0,
        };
        settle(start.len() as u64, |holds| {
            hold(&mut agenda, &mut model, holds);
        });
        (agenda, model)
    };
    let mut running = None;
    group.bench_function(BenchmarkId::new("agenda", start.len()), |bencher| {
        running.take_if(|(agenda, _)| is_late(Agenda::now(agenda)));
        let (agenda, model) = running.get_or_insert_with(start_over);
        bencher.iter_custom(|holds| {
            let begun = Instant::now();
            hold(agenda, model, holds);
            begun.elapsed()
        });
    });
}

pub(crate) fn hold_model(criterion: &mut Criterion) {
    let sizes = [1_000, 100_000, 10_000_000];
    let mut group = criterion.benchmark_group("hold");
    group.throughput(Throughput::Elements(1));
    for &size in if is_trial() { &sizes[..2] } else { &sizes } {
        let start = start(size);
        measure_agenda(&mut group, &start);
        measure_rival::<Queue>(&mut group, "queue of the agenda", &start);
        measure_rival::<BinaryHeap<Reverse<Item>>>(&mut group, "BinaryHeap", &start);
        measure_rival::<BTreeSet<Item>>(&mut group, "BTreeSet", &start);
        measure_rival::<OctonaryHeap<Reverse<Item>>>(&mut group, "dary_heap of 8", &start);
        measure_rival::<RadixHeapMap<Reverse<u128>, ()>>(&mut group, "radix-heap", &start);
        #[cfg(target_feature = "avx2")]
        measure_rival::<QuickHeap>(&mut group, "quickheap", &start);
    }
    group.finish();
}
