//! The appointment reference as a tight loop that keeps portflow's promises, and can do nothing else.
//!
//! `limit-keyed [--seed S] [--scale K] [--days D]` prints the answers as one line of JSON, as the tight loop does.
//!
//! What is added to that loop: every draw is portflow's own, keyed by who and what for, the same bits
//! everywhere; a lottery by tickets, so that a slot more changes nobody else's luck; a port that each party likes best; and what
//! portflow keeps of a replication: counts by day, port and state, histograms of waits, officer time by hour. So the ratio of the
//! two loops is what the promises cost, and that of portflow to this one is what its generality costs.

mod record;
mod tickets;

use std::collections::VecDeque;

use limit::border::DAY;
use limit::list::{Buckets, EventList};
use limit::options::Options;
use limit::pool::Pool;
use limit::reference::{
    ARRIVALS_PER_DAY, FIRST_HOUR, HOURS, LEAD_DAYS, NO_SHOW, OFFICERS, PATIENCE_DAYS, SERVICE_CV,
    SERVICE_MEAN_MINUTES, SLOTS,
};
use portflow::engine::Streams;
use portflow::engine::random::Luck;

use record::{Count, Record};
use tickets::Tickets;

/// What happens is told by the upper two bits; then a port in three and a party in 27.
const PATIENCE: u32 = 0;
const APPOINTMENT: u32 = 1;
const COMPLETION: u32 = 2;
const PARTIES: u32 = 1 << 27;

/// What a draw is for.
#[derive(Clone, Copy)]
enum Purpose {
    Gap,
    Decision,
    Ticket,
    Patience,
    Port,
    Hour,
    NoShow,
    Service,
    PortOutcome,
    CrossingOutcome,
}

fn draw(luck: Luck, purpose: Purpose, occasion: u64) -> portflow::engine::Draw {
    luck.draw(purpose as u32, occasion)
}

struct Port {
    busy: u32,
    officers: u32,
    /// Who waits, and since when. [ticks]
    queue: VecDeque<(u32, u64)>,
    /// Until when officer time is recorded. [ticks]
    recorded_until: u64,
}

/// The state of the model, of all parties ever born.
struct World {
    luck: Streams,
    scale: u32,
    /// Key of each party's luck.
    keys: Vec<u64>,
    /// When each party registered. [days]
    registered: Vec<f32>,
    pool: Pool,
    tickets: Tickets,
    ports: [Port; 8],
    port_keys: [u64; 8],
    record: Record,
    /// Median of the service [ticks], and standard deviation, to base 2 both.
    service: (f64, f64),
}

/// The event list and the end of the run: what is due later is not kept.
struct Agenda {
    list: Buckets,
    end: u64,
}

impl Agenda {
    #[inline]
    fn push(&mut self, moment: u64, kind: u32, port: usize, party: u32) {
        if moment < self.end {
            self.list
                .push(moment, kind << 30 | (port as u32) << 27 | party);
        }
    }
}

fn key(day: u32, ordinal: u32) -> u64 {
    u64::from(day) << 32 | u64::from(ordinal)
}

impl World {
    fn new(options: &Options) -> Self {
        let variance = libm::log(1.0 + SERVICE_CV * SERVICE_CV);
        let mean = SERVICE_MEAN_MINUTES / 1440.0 * DAY as f64;
        let to_base_2 = std::f64::consts::LOG2_E;
        Self {
            luck: Streams::new(options.seed, 0),
            scale: options.scale,
            keys: Vec::new(),
            registered: Vec::new(),
            pool: Pool::default(),
            tickets: Tickets::default(),
            ports: OFFICERS.map(|officers| Port {
                busy: 0,
                officers: officers * options.scale,
                queue: VecDeque::new(),
                recorded_until: 0,
            }),
            port_keys: std::array::from_fn(|port| {
                Streams::new(port as u64, 0).draw(0, 0, 0).bits()
            }),
            record: Record::new(options.days),
            service: (
                libm::log2(mean) - variance / 2.0 * to_base_2,
                variance.sqrt() * to_base_2,
            ),
        }
    }

    fn luck(&self, party: u32) -> Luck {
        self.luck.of(self.keys[party as usize])
    }

    /// Share of the day at which its arrival of an ordinal comes, when the one before came at `reached` mean gaps; and that for the
    /// next.
    fn next_arrival(&self, day: u32, ordinal: u32, reached: f64) -> (f64, f64) {
        let luck = self.luck.of(key(day, ordinal));
        let reached = reached + draw(luck, Purpose::Gap, 0).exponential();
        (
            reached / (ARRIVALS_PER_DAY * f64::from(self.scale)),
            reached,
        )
    }

    fn arrive(&mut self, now: u64, key: u64, agenda: &mut Agenda) {
        let party = self.keys.len() as u32;
        let luck = self.luck.of(key);
        self.keys.push(key);
        self.registered.push((now as f64 / DAY as f64) as f32);
        self.record.count(Count::Arrived, 0);
        self.record.transfer(0, 1);
        // As in portflow: who arrives decides, though the app is all there is.
        if draw(luck, Purpose::Decision, 0).uniform() > 1e-12 {
            self.record.count(Count::Registered, 0);
        }
        self.pool.register();
        self.tickets
            .push(draw(luck, Purpose::Ticket, 0).uniform(), party);
        let patience = draw(luck, Purpose::Patience, 0).exponential();
        let leaves = now + (patience * (PATIENCE_DAYS * DAY as f64)) as u64;
        agenda.push(leaves, PATIENCE, 0, party);
    }

    fn cross(&mut self, party: u32) {
        if !self.pool.remove(party) {
            return;
        }
        let luck = self.luck(party);
        self.record.transfer(1, 4);
        if draw(luck, Purpose::Decision, 1).uniform() > 0.0 {
            self.record.count(Count::Crossed, 0);
        }
        let released = draw(luck, Purpose::CrossingOutcome, 0).uniform() < 0.5;
        let outcome = if released {
            Count::Released
        } else {
            Count::Removed
        };
        self.record.count(outcome, 0);
    }

    fn midnight(&mut self, day: u32, agenda: &mut Agenda) {
        self.record.begin_day(day, self.pool.size());
        let mut slots = SLOTS.map(|slots| slots * self.scale);
        let count = self.pool.size().min(slots.iter().sum());
        for turn in 0..count {
            let party = if turn < count / 2 {
                let pool = &self.pool;
                let drawn = self.tickets.draw(|party| pool.contains(party));
                self.pool.remove(drawn);
                drawn
            } else {
                self.pool.remove_oldest()
            };
            let luck = self.luck(party);
            let port = self.best_liked(luck, &slots);
            slots[port] -= 1;
            let waited = day as f32 - self.registered[party as usize];
            self.record.waits.add(f64::from(waited) * 24.0, 1);
            self.record.count(Count::Issued, port);
            self.record.transfer(1, 2);
            let hour = FIRST_HOUR + draw(luck, Purpose::Hour, 0).below(HOURS);
            let due = (u64::from(day) + LEAD_DAYS) * DAY + hour * DAY / 24;
            agenda.push(due, APPOINTMENT, port, party);
        }
    }

    fn best_liked(&self, luck: Luck, slots: &[u32; 8]) -> usize {
        let (mut best, mut most) = (0, 0);
        for port in (0..8).filter(|&port| slots[port] > 0) {
            let liking = draw(luck, Purpose::Port, self.port_keys[port]).bits();
            if liking > most {
                (best, most) = (port, liking);
            }
        }
        best
    }

    fn appear(&mut self, now: u64, port: usize, party: u32, agenda: &mut Agenda) {
        if draw(self.luck(party), Purpose::NoShow, 0).chance(NO_SHOW) {
            self.record.count(Count::NoShow, port);
            self.record.transfer(2, 4);
            return;
        }
        self.record.transfer(2, 3);
        if self.ports[port].busy < self.ports[port].officers {
            self.serve(now, port, party, now, agenda);
        } else {
            self.ports[port].queue.push_back((party, now));
        }
    }

    fn serve(&mut self, now: u64, port: usize, party: u32, since: u64, agenda: &mut Agenda) {
        self.record_officers(now, port);
        self.ports[port].busy += 1;
        let minutes = (now - since) as f64 * (1440.0 / DAY as f64);
        self.record.port_wait(port, minutes);
        let (median, deviation) = self.service;
        let normal = draw(self.luck(party), Purpose::Service, 0).normal();
        let service = libm::exp2(median + deviation * normal) as u64;
        agenda.push(now + service, COMPLETION, port, party);
    }

    fn complete(&mut self, now: u64, port: usize, party: u32, agenda: &mut Agenda) {
        self.record.count(Count::Processed, port);
        self.record.transfer(3, 4);
        let paroled = draw(self.luck(party), Purpose::PortOutcome, 0).uniform() < 0.9;
        let outcome = if paroled {
            Count::Paroled
        } else {
            Count::Repatriated
        };
        self.record.count(outcome, port);
        self.record_officers(now, port);
        self.ports[port].busy -= 1;
        if let Some((next, since)) = self.ports[port].queue.pop_front() {
            self.serve(now, port, next, since, agenda);
        }
    }

    fn record_officers(&mut self, now: u64, port: usize) {
        let state = &mut self.ports[port];
        let ticks = now - state.recorded_until;
        state.recorded_until = now;
        let hour = (now % DAY * 24 / DAY) as usize;
        self.record
            .officers(port, hour, [state.busy, state.officers], ticks);
    }

    fn handle_day(&mut self, day: u32, agenda: &mut Agenda) {
        let midnight = u64::from(day) * DAY;
        let (mut ordinal, mut arrival) = (0, self.next_arrival(day, 0, 0.0));
        loop {
            let event = agenda.list.peek();
            // The moment of the event; without any, the last of the day.
            let moment = midnight | event >> 32;
            let (share, reached) = arrival;
            if share < 1.0 {
                let comes = midnight + (share * DAY as f64) as u64;
                if comes <= moment {
                    self.arrive(comes, key(day, ordinal), agenda);
                    ordinal += 1;
                    arrival = self.next_arrival(day, ordinal, reached);
                    continue;
                }
            }
            if event == u64::MAX {
                return;
            }
            agenda.list.pop();
            let happens = event as u32;
            let (port, party) = ((happens >> 27 & 7) as usize, happens & (PARTIES - 1));
            match happens >> 30 {
                PATIENCE => self.cross(party),
                APPOINTMENT => self.appear(moment, port, party, agenda),
                COMPLETION => self.complete(moment, port, party, agenda),
                _ => unreachable!("there are three kinds"),
            }
        }
    }
}

fn main() {
    let options = Options::of_command_line();
    let mut world = World::new(&options);
    let mut agenda = Agenda {
        list: Buckets::new(options.days),
        end: u64::from(options.days) * DAY,
    };
    for day in 0..options.days {
        world.midnight(day, &mut agenda);
        // A party that won at this midnight or before needs its timer no more.
        let pool = &world.pool;
        agenda
            .list
            .open(day, |what| what < PARTIES && !pool.contains(what));
        world.handle_day(day, &mut agenda);
    }
    world.record.print(options.days, world.pool.size());
}
