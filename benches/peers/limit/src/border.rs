//! The model: what happens at an event and when the next ones are due.

use std::collections::VecDeque;

use rand::rngs::SmallRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Exp1, LogNormal};

use crate::options::Options;
use crate::pool::Pool;
use crate::reference::{
    ARRIVALS_PER_DAY, FIRST_HOUR, HOURS, LEAD_DAYS, NO_SHOW, OFFICERS, PATIENCE_DAYS, SERVICE_CV,
    SERVICE_MEAN_MINUTES, SLOTS,
};

/// Ticks of a day. A moment is a count of ticks since the first midnight.
pub const DAY: u64 = 1 << 32;

struct Port {
    idle: u32,
    /// When those who wait were due [ticks].
    queue: VecDeque<u64>,
}

#[derive(Default)]
struct Answers {
    arrived: u64,
    processed: u64,
    no_shows: u64,
    crossings: u64,
    won: u64,
    pool_wait_days: f64,
    served: u64,
    port_wait_ticks: u64,
    pool_days: u64,
    events: u64,
}

/// The state of the model, its luck and its answers. Knows no event list: its methods say what is due, and when.
pub struct Border {
    rng: SmallRng,
    service_ticks: LogNormal<f64>,
    scale: u32,
    days: u32,
    pool: Pool,
    /// When each party registered [days].
    registered: Vec<f32>,
    ports: [Port; 8],
    answers: Answers,
}

impl Border {
    #[must_use]
    pub fn new(options: &Options) -> Self {
        let log_variance = (1.0 + SERVICE_CV * SERVICE_CV).ln();
        let log_mean = (SERVICE_MEAN_MINUTES / 1440.0 * DAY as f64).ln() - log_variance / 2.0;
        let service_ticks = LogNormal::new(log_mean, log_variance.sqrt());
        Self {
            rng: SmallRng::seed_from_u64(options.seed),
            service_ticks: service_ticks.expect("both are finite"),
            scale: options.scale,
            days: options.days,
            pool: Pool::default(),
            registered: Vec::new(),
            ports: OFFICERS.map(|officers| Port {
                idle: officers * options.scale,
                queue: VecDeque::new(),
            }),
            answers: Answers::default(),
        }
    }

    /// End of the last day [ticks]; what is due later need not be kept.
    #[must_use]
    pub fn end(&self) -> u64 {
        u64::from(self.days) * DAY
    }

    /// From an arrival to the next [ticks].
    #[inline]
    pub fn gap(&mut self) -> u64 {
        let gap: f64 = Exp1.sample(&mut self.rng);
        (gap * (DAY as f64 / (ARRIVALS_PER_DAY * f64::from(self.scale)))) as u64
    }

    /// A party registers: its number, and when it loses patience [ticks].
    #[inline]
    pub fn arrive(&mut self, now: u64) -> (u32, u64) {
        let party = self.answers.arrived as u32;
        self.answers.arrived += 1;
        self.answers.events += 1;
        self.registered.push((now as f64 / DAY as f64) as f32);
        self.pool.register();
        let patience: f64 = Exp1.sample(&mut self.rng);
        (
            party,
            now + (patience * (PATIENCE_DAYS * DAY as f64)) as u64,
        )
    }

    /// Whether a party waits for a slot, so that its timer counts.
    #[inline]
    #[must_use]
    pub fn is_waiting(&self, party: u32) -> bool {
        self.pool.contains(party)
    }

    /// A party loses patience, if it still waits, and is gone.
    #[inline]
    pub fn cross(&mut self, party: u32) {
        if self.pool.remove(party) {
            self.answers.crossings += 1;
            self.answers.events += 1;
        }
    }

    /// The midnight that begins a day: tells `book` of every winner when the appointment is [ticks], at which port, and who won.
    pub fn midnight(&mut self, day: u32, mut book: impl FnMut(u64, usize, u32)) {
        if day > 0 {
            self.answers.pool_days += u64::from(self.pool.size());
        }
        self.answers.events += 1;
        let slots = SLOTS.map(|slots| slots * self.scale);
        let count = self.pool.size().min(slots.iter().sum());
        let mut winners: Vec<u32> = Vec::with_capacity(count as usize);
        winners.extend((0..count / 2).map(|_| self.pool.remove_random(&mut self.rng)));
        winners.extend((count / 2..count).map(|_| self.pool.remove_oldest()));
        for &party in &winners {
            let waited = day as f32 - self.registered[party as usize];
            self.answers.pool_wait_days += f64::from(waited);
        }
        self.answers.won += u64::from(count);

        let mut order: [usize; 8] = std::array::from_fn(|port| port);
        order.shuffle(&mut self.rng);
        winners.shuffle(&mut self.rng);
        let mut winners = winners.into_iter();
        for port in order {
            for party in winners.by_ref().take(slots[port] as usize) {
                let hour = FIRST_HOUR + self.rng.random_range(0..HOURS);
                let due = (u64::from(day) + LEAD_DAYS) * DAY + hour * DAY / 24;
                book(due, port, party);
            }
        }
    }

    /// An appointment is due: when its service ends [ticks], if it begins at once.
    #[inline]
    pub fn appear(&mut self, now: u64, port: usize) -> Option<u64> {
        self.answers.events += 1;
        if self.rng.random_bool(NO_SHOW) {
            self.answers.no_shows += 1;
            None
        } else if self.ports[port].idle > 0 {
            self.ports[port].idle -= 1;
            Some(self.serve(now, now))
        } else {
            self.ports[port].queue.push_back(now);
            None
        }
    }

    /// A service ends: when the next of this officer does [ticks], if somebody waits.
    #[inline]
    pub fn complete(&mut self, now: u64, port: usize) -> Option<u64> {
        self.answers.events += 1;
        self.answers.processed += 1;
        match self.ports[port].queue.pop_front() {
            Some(due) => Some(self.serve(now, due)),
            None => {
                self.ports[port].idle += 1;
                None
            }
        }
    }

    fn serve(&mut self, now: u64, due: u64) -> u64 {
        self.answers.served += 1;
        self.answers.port_wait_ticks += now - due;
        now + self.service_ticks.sample(&mut self.rng) as u64
    }

    /// Prints the answers at the end of the last day as one line of JSON.
    pub fn print(&self) {
        let answers = &self.answers;
        let pool_days = answers.pool_days + u64::from(self.pool.size());
        println!(
            "{{\"arrived\":{},\"processed\":{},\"no_shows\":{},\"crossings\":{},\"pool_end\":{},\"pool_mean\":{:.3},\
             \"pool_wait_days\":{:.6},\"port_wait_minutes\":{:.6},\"events\":{}}}",
            answers.arrived,
            answers.processed,
            answers.no_shows,
            answers.crossings,
            self.pool.size(),
            pool_days as f64 / f64::from(self.days),
            answers.pool_wait_days / answers.won as f64,
            answers.port_wait_ticks as f64 / DAY as f64 * 1440.0 / answers.served as f64,
            answers.events,
        );
    }
}
