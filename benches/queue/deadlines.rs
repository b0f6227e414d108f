//! Deadlines that are called off and set again.

use std::collections::BTreeSet;
use std::time::Instant;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput};
use portflow::engine::{Agenda, Event, Model, Span, Stop, Streams, Time};

use crate::increments::{Increments, is_late, remainder};

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

    fn code(self) -> u64 {
        let (Self::Deadline(person) | Self::Act(person)) = self;
        u64::from(person)
    }
}

struct People {
    deadlines: Vec<Option<Time>>,
    increments: Increments,
    left: u64,
}

impl Model for People {
    type Event = Happening;

    fn recall(&self, at: Time, phase: u8, code: u64) -> Option<Happening> {
        let person = code as u32;
        if phase == 0 {
            let stands = self.deadlines[person as usize] == Some(at);
            stands.then_some(Happening::Deadline(person))
        } else {
            Some(Happening::Act(person))
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
        if is_late(agenda.now()) {
            (agenda, model) = start_over();
        }
        bencher.iter_custom(|events| {
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
        if is_late(latest) {
            (tree, deadlines) = start_over();
        }
        bencher.iter_custom(|events| {
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

pub(crate) fn cancellations(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("deadlines called off");
    group.throughput(Throughput::Elements(1));
    for people in [1_000, 100_000] {
        measure_agenda(&mut group, people);
        measure_tree(&mut group, people);
    }
    group.finish();
}
