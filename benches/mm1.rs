//! The queue M/M/1 through portflow's engine, beside the same queue as a loop written by hand.
//!
//! A million customers, service at rate 1, utilization 0.7. The loops are the yardstick: what the machine needs for the
//! arithmetic alone (Lindley's recursion), and for the arithmetic with a clock and two pending events.

use std::collections::VecDeque;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use portflow::engine::{Agenda, Event, Model, Span, Streams, Time};
use portflow::{model, scenario};
use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::{Distribution, Exp};

const CUSTOMERS: u64 = 1_000_000;
const UTILIZATION: f64 = 0.7;
/// Mean wait in queue in units of the mean service: rho / (1 - rho).
const EXPECTED_WAIT: f64 = UTILIZATION / (1.0 - UTILIZATION);

#[derive(Debug, Clone, Copy)]
enum Happening {
    Departure(u64),
    Arrival(u64),
}

impl Event for Happening {
    fn phase(self) -> u8 {
        match self {
            Self::Departure(_) => 0,
            Self::Arrival(_) => 1,
        }
    }

    fn code(self) -> u64 {
        let (Self::Departure(customer) | Self::Arrival(customer)) = self;
        customer
    }
}

/// A minimal model of the engine: keyed draws, integer time, one event for each arrival and each departure.
struct Desk {
    streams: Streams,
    /// Who waits, with the time of arrival.
    queue: VecDeque<(u64, Time)>,
    busy: bool,
    waited: Span,
}

impl Desk {
    const GAP: u32 = 0;
    const SERVICE: u32 = 1;
    const SERVICE_MEAN: Span = Span::MINUTE;

    /// Mean wait in units of the mean service.
    fn mean_wait() -> f64 {
        let mut desk = Self {
            streams: Streams::new(1, 0),
            queue: VecDeque::new(),
            busy: false,
            waited: Span::ZERO,
        };
        let mut agenda = Agenda::new();
        agenda.schedule(Time::ZERO, Happening::Arrival(0));
        agenda.run_until(&mut desk, Time::MAX);
        desk.waited.as_millis() as f64 / Self::SERVICE_MEAN.as_millis() as f64 / CUSTOMERS as f64
    }

    fn exponential(&self, customer: u64, purpose: u32, mean: f64) -> Span {
        let drawn = self.streams.draw(customer, purpose, 0).exponential();
        Span::from_millis((drawn * mean).round() as u64)
    }

    fn serve(&mut self, customer: u64, arrived: Time, agenda: &mut Agenda<Happening>) {
        self.busy = true;
        self.waited += agenda.now() - arrived;
        let mean = Self::SERVICE_MEAN.as_millis() as f64;
        let service = self.exponential(customer, Self::SERVICE, mean);
        agenda.schedule(agenda.now() + service, Happening::Departure(customer));
    }
}

impl Model for Desk {
    type Event = Happening;

    fn recall(&self, _: Time, phase: u8, customer: u64) -> Option<Happening> {
        Some(if phase == 0 {
            Happening::Departure(customer)
        } else {
            Happening::Arrival(customer)
        })
    }

    fn handle(&mut self, event: Happening, agenda: &mut Agenda<Happening>) {
        match event {
            Happening::Arrival(customer) => {
                if self.busy {
                    self.queue.push_back((customer, agenda.now()));
                } else {
                    self.serve(customer, agenda.now(), agenda);
                }
                let next = customer + 1;
                if next < CUSTOMERS {
                    let mean = Self::SERVICE_MEAN.as_millis() as f64 / UTILIZATION;
                    let gap = self.exponential(next, Self::GAP, mean);
                    agenda.schedule(agenda.now() + gap, Happening::Arrival(next));
                }
            }
            Happening::Departure(_) => {
                self.busy = false;
                if let Some((customer, arrived)) = self.queue.pop_front() {
                    self.serve(customer, arrived, agenda);
                }
            }
        }
    }
}

/// Draws of the loops: a shared stream and the ziggurat, the fastest that the usual crates offer.
struct Luck {
    random: Xoshiro256PlusPlus,
    gap: Exp<f64>,
    service: Exp<f64>,
}

impl Luck {
    fn new() -> Self {
        let exponential = |rate| Exp::new(rate).expect("the rate is positive");
        Self {
            random: Xoshiro256PlusPlus::seed_from_u64(1),
            gap: exponential(UTILIZATION),
            service: exponential(1.0),
        }
    }

    fn gap(&mut self) -> f64 {
        self.gap.sample(&mut self.random)
    }

    fn service(&mut self) -> f64 {
        self.service.sample(&mut self.random)
    }
}

/// Waits by recursion, no events: who comes next waits max(0, wait + service - gap) (Lindley 1952,
/// doi:10.1017/S0305004100027638).
fn lindley() -> f64 {
    let mut luck = Luck::new();
    let (mut wait, mut waited) = (0.0_f64, 0.0);
    for _ in 0..CUSTOMERS {
        waited += wait;
        wait = (wait + luck.service() - luck.gap()).max(0.0);
    }
    waited / CUSTOMERS as f64
}

/// The next arrival and the next departure in two variables: an event list written by hand.
fn two_events() -> f64 {
    let mut luck = Luck::new();
    let mut queue = VecDeque::new();
    let (mut arrival, mut departure) = (luck.gap(), f64::INFINITY);
    let (mut arrived, mut waited) = (0, 0.0);
    while arrived < CUSTOMERS || departure < f64::INFINITY {
        if arrival < departure {
            let now = arrival;
            arrived += 1;
            arrival = if arrived < CUSTOMERS {
                now + luck.gap()
            } else {
                f64::INFINITY
            };
            if departure < f64::INFINITY {
                queue.push_back(now);
            } else {
                departure = now + luck.service();
            }
        } else if let Some(since) = queue.pop_front() {
            let now = departure;
            waited += now - since;
            departure = now + luck.service();
        } else {
            departure = f64::INFINITY;
        }
    }
    waited / CUSTOMERS as f64
}

fn million_customers(criterion: &mut Criterion) {
    type MeanWait = fn() -> f64;
    let contestants: [(&str, MeanWait); 3] = [
        ("engine", Desk::mean_wait),
        ("two variables", two_events),
        ("Lindley", lindley),
    ];
    let mut group = criterion.benchmark_group("M/M/1");
    group.throughput(Throughput::Elements(CUSTOMERS));
    for (name, mean_wait) in contestants {
        // Whoever is fast must also be right: the standard deviation of the mean is about 1%.
        let wait = mean_wait();
        assert!((wait / EXPECTED_WAIT - 1.0).abs() < 0.05, "{name}: {wait}");
        group.bench_function(name, |bencher| bencher.iter(|| black_box(mean_wait())));
    }
    group.finish();
}

/// The same queue as a scenario: groups, decisions, a port, the record; 370 days of 1,008 customers.
fn through_the_model(criterion: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/theory/mm1.toml");
    let scenario = scenario::load(&path, &[])
        .expect("a shipped scenario has no mistakes")
        .scenario;
    let customers: f64 = scenario.arrival_rates.iter().flatten().sum();
    let mut group = criterion.benchmark_group("M/M/1");
    group.throughput(Throughput::Elements(customers as u64));
    group.bench_function("model", |bencher| {
        bencher.iter(|| model::simulate(black_box(&scenario), 1, 0));
    });
    group.finish();
}

criterion_group! {
    name = mm1;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3));
    targets = million_customers, through_the_model
}
criterion_main!(mm1);
