//! The event list against its alternatives, in the hold model (pop one, push one; Jones 1986, doi:10.1145/5684.5686).
//!
//! Increments are those of the simulator: 80% uniform within a day, 20% exponential with a mean of 60 days.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, criterion_group, criterion_main};
use portflow::engine::queue::{Dated, QUARTER_DAY, Queue};
use portflow::engine::{Agenda, Draw, Event, Model, Span, Stop, Streams, Time};

/// As large as an entry of the event list: the order, an event of 8 bytes and its role.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Item {
    time: Time,
    subject: u64,
    event: u64,
    role: u32,
}

impl Dated for Item {
    fn time(&self) -> Time {
        self.time
    }
}

trait Candidate: Default {
    fn add(&mut self, item: Item);
    fn take_first(&mut self) -> Option<Item>;
}

impl<const WIDTH: u64> Candidate for Queue<Item, WIDTH> {
    fn add(&mut self, item: Item) {
        self.push(item);
    }

    fn take_first(&mut self) -> Option<Item> {
        self.pop_before(Time::MAX)
    }
}

impl Candidate for BinaryHeap<Reverse<Item>> {
    fn add(&mut self, item: Item) {
        self.push(Reverse(item));
    }

    fn take_first(&mut self) -> Option<Item> {
        self.pop().map(|item| item.0)
    }
}

impl Candidate for BTreeSet<Item> {
    fn add(&mut self, item: Item) {
        self.insert(item);
    }

    fn take_first(&mut self) -> Option<Item> {
        self.pop_first()
    }
}

/// Increments drawn beforehand, so that the queue is measured and not the logarithm; few enough to stay in the cache.
struct Increments {
    spans: Vec<Span>,
    next: usize,
}

impl Increments {
    fn new() -> Self {
        let mut draw = Streams::new(1, 0).draw(0, 0, 0);
        Self {
            spans: (0..4_096).map(|_| increment(&mut draw)).collect(),
            next: 0,
        }
    }

    fn next(&mut self) -> Span {
        self.next = (self.next + 1) % self.spans.len();
        self.spans[self.next]
    }
}

fn increment(draw: &mut Draw) -> Span {
    Span::from_days(if draw.chance(0.8) {
        draw.uniform()
    } else {
        60.0 * draw.exponential()
    })
}

/// What is left of an increment at a time chosen at random: times drawn so are in equilibrium from the start.
fn remainder(draw: &mut Draw) -> Span {
    const MEAN: f64 = 0.8 * 0.5 + 0.2 * 60.0;
    let short = draw.chance(0.8 * 0.5 / MEAN);
    Span::from_days(if short {
        1.0 - draw.uniform().sqrt()
    } else {
        60.0 * draw.exponential()
    })
}

/// A fresh start, before simulated time can run out.
fn is_late(now: Time) -> bool {
    now > Time::from_day(Time::MAX.day() / 4)
}

fn filled<C: Candidate>(size: u64) -> C {
    let mut queue = C::default();
    let mut draw = Streams::new(2, 0).draw(0, 0, 0);
    for subject in 0..size {
        queue.add(Item {
            time: Time::ZERO + remainder(&mut draw),
            subject,
            event: subject,
            role: 0,
        });
    }
    queue
}

fn measure_hold<C: Candidate>(group: &mut BenchmarkGroup<WallTime>, name: &str, size: u64) {
    let mut queue: C = filled(size);
    let mut increments = Increments::new();
    let mut now = Time::ZERO;
    group.bench_function(BenchmarkId::new(name, size), |bencher| {
        bencher.iter_custom(|holds| {
            if is_late(now) {
                queue = filled(size);
            }
            let start = Instant::now();
            for _ in 0..holds {
                let mut item = queue.take_first().expect("the queue keeps its size");
                now = item.time;
                item.time += increments.next();
                queue.add(black_box(item));
            }
            start.elapsed()
        });
    });
}

fn hold_model(criterion: &mut Criterion) {
    const HOUR: u64 = QUARTER_DAY / 6;
    const DAY: u64 = QUARTER_DAY * 4;
    let mut group = criterion.benchmark_group("hold");
    for size in [1_000, 100_000, 3_000_000] {
        measure_hold::<Queue<Item, DAY>>(&mut group, "calendar of days", size);
        measure_hold::<Queue<Item>>(&mut group, "calendar of quarter days", size);
        measure_hold::<Queue<Item, HOUR>>(&mut group, "calendar of hours", size);
        measure_hold::<BinaryHeap<Reverse<Item>>>(&mut group, "binary heap", size);
        measure_hold::<BTreeSet<Item>>(&mut group, "B-tree", size);
    }
    group.finish();
}

/// A person does something, which calls off the deadline set before and sets another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Happening {
    Deadline(u32),
    Act(u32),
}

impl Event for Happening {
    fn phase(self) -> u8 {
        match self {
            Self::Deadline(_) => 0,
            Self::Act(_) => 1,
        }
    }

    fn code(self) -> u128 {
        let (Self::Deadline(person) | Self::Act(person)) = self;
        u128::from(person)
    }

    fn from_code(phase: u8, code: u128) -> Self {
        let person = code as u32;
        if phase == 0 {
            Self::Deadline(person)
        } else {
            Self::Act(person)
        }
    }
}

struct People {
    deadlines: Vec<Option<Time>>,
    increments: Increments,
    left: u64,
}

impl Model for People {
    type Event = Happening;

    fn stands(&self, at: Time, event: Happening) -> bool {
        match event {
            Happening::Deadline(person) => self.deadlines[person as usize] == Some(at),
            Happening::Act(_) => true,
        }
    }

    fn handle(&mut self, event: Happening, agenda: &mut Agenda<Happening>) {
        match event {
            Happening::Deadline(person) => self.deadlines[person as usize] = None,
            Happening::Act(person) => {
                let deadline = agenda.now() + self.increments.next() + Span::DAY * 30;
                if self.deadlines[person as usize].replace(deadline).is_some() {
                    agenda.call_off();
                }
                agenda.schedule(deadline, Happening::Deadline(person));
                agenda.schedule(agenda.now() + self.increments.next(), event);
            }
        }
        self.left -= 1;
        if self.left == 0 {
            agenda.stop();
        }
    }
}

fn measure_agenda(group: &mut BenchmarkGroup<WallTime>, people: u32) {
    let start_over = || {
        let mut agenda = Agenda::new();
        let mut draw = Streams::new(2, 0).draw(0, 0, 0);
        for person in 0..people {
            agenda.schedule(Time::ZERO + remainder(&mut draw), Happening::Act(person));
        }
        let model = People {
            deadlines: vec![None; people as usize],
            increments: Increments::new(),
            left: 0,
        };
        (agenda, model)
    };
    let (mut agenda, mut model) = start_over();
    group.bench_function(BenchmarkId::new("agenda", people), |bencher| {
        bencher.iter_custom(|events| {
            if is_late(agenda.now()) {
                (agenda, model) = start_over();
            }
            let start = Instant::now();
            model.left = events;
            assert_eq!(agenda.run_until(&mut model, Time::MAX), Stop::Stopped);
            start.elapsed()
        });
    });
}

/// The yardstick: a tree from which a deadline is taken out by its place in the order.
fn measure_tree(group: &mut BenchmarkGroup<WallTime>, people: u32) {
    let start_over = || {
        let mut draw = Streams::new(2, 0).draw(0, 0, 0);
        let acts =
            (0..people).map(|person| (Time::ZERO + remainder(&mut draw), Happening::Act(person)));
        (
            acts.collect::<BTreeSet<_>>(),
            vec![Time::ZERO; people as usize],
        )
    };
    let (mut tree, mut deadlines) = start_over();
    let mut increments = Increments::new();
    let mut latest = Time::ZERO;
    group.bench_function(BenchmarkId::new("B-tree", people), |bencher| {
        bencher.iter_custom(|events| {
            if is_late(latest) {
                (tree, deadlines) = start_over();
            }
            let start = Instant::now();
            for _ in 0..events {
                let (now, event) = tree.pop_first().expect("everybody has something to do");
                latest = now;
                let Happening::Act(person) = event else {
                    continue;
                };
                let deadline = &mut deadlines[person as usize];
                tree.remove(&(*deadline, Happening::Deadline(person)));
                *deadline = now + increments.next() + Span::DAY * 30;
                tree.insert((*deadline, Happening::Deadline(person)));
                tree.insert((now + increments.next(), event));
            }
            start.elapsed()
        });
    });
}

fn cancellations(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("deadlines called off");
    for people in [1_000, 100_000] {
        measure_agenda(&mut group, people);
        measure_tree(&mut group, people);
    }
    group.finish();
}

fn draws(criterion: &mut Criterion) {
    let streams = Streams::new(1, 0);
    let mut group = criterion.benchmark_group("draw");
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
    group.finish();
}

criterion_group! {
    name = queue;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = hold_model, cancellations, draws
}
criterion_main!(queue);
