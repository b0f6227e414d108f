//! What is kept of a replication.

use portflow::record::histogram::Histogram;

/// What is counted by day and port.
#[derive(Clone, Copy)]
pub enum Count {
    Arrived,
    Registered,
    Issued,
    NoShow,
    Processed,
    Paroled,
    Repatriated,
    Crossed,
    Released,
    Removed,
}

const COUNTS: usize = 10;
const STATES: usize = 5;
const DAYS_OF_A_MONTH: u32 = 31;

/// Counts of a day, by port where there is one.
type Day = [[u32; 8]; COUNTS];

/// Waits and officer time of a port in a month.
#[derive(Clone, Default)]
struct PortMonth {
    waits: Histogram,
    /// Officers in service and on duty, by hour. [ticks]
    officers: [[u64; 2]; 24],
}

pub struct Record {
    days: Vec<Day>,
    today: usize,
    pub waits: Histogram,
    ports: Vec<[PortMonth; 8]>,
    month: usize,
    /// Parties not born yet, in the pool, booked, at a port, and gone.
    states: [i64; STATES],
    pool_days: u64,
}

impl Record {
    pub fn new(days: u32) -> Self {
        let months = days / DAYS_OF_A_MONTH + 1;
        Self {
            days: vec![Day::default(); days as usize],
            today: 0,
            waits: Histogram::default(),
            ports: vec![Default::default(); months as usize],
            month: 0,
            states: [0; STATES],
            pool_days: 0,
        }
    }

    /// Begins a day: the books must balance.
    pub fn begin_day(&mut self, day: u32, pool: u32) {
        assert_eq!(self.states.iter().sum::<i64>(), 0, "nobody is lost or made");
        assert_eq!(self.states[1], i64::from(pool), "the pool is in the books");
        self.today = day as usize;
        self.month = (day / DAYS_OF_A_MONTH) as usize;
        self.pool_days += u64::from(pool);
    }

    #[inline]
    pub fn count(&mut self, count: Count, port: usize) {
        self.days[self.today][count as usize][port] += 1;
    }

    #[inline]
    pub fn transfer(&mut self, from: usize, to: usize) {
        self.states[from] -= 1;
        self.states[to] += 1;
    }

    #[inline]
    pub fn port_wait(&mut self, port: usize, minutes: f64) {
        self.ports[self.month][port].waits.add(minutes, 1);
    }

    #[inline]
    pub fn officers(&mut self, port: usize, hour: usize, officers: [u32; 2], ticks: u64) {
        let recorded = &mut self.ports[self.month][port].officers[hour];
        for (sum, officers) in recorded.iter_mut().zip(officers) {
            *sum += u64::from(officers) * ticks;
        }
    }

    /// Prints the answers at the end of the last day as one line of JSON.
    pub fn print(&self, days: u32, pool: u32) {
        let total = |count: Count| -> u64 {
            let by_port = self.days.iter().flat_map(|day| &day[count as usize]);
            by_port.map(|&count| u64::from(count)).sum()
        };
        let mut port_waits = Histogram::default();
        for month in self.ports.iter().flatten() {
            port_waits.merge(&month.waits);
        }
        let mean = |waits: &Histogram| waits.mean().expect("somebody waited");
        let [arrived, processed, no_shows, crossings] = [
            Count::Arrived,
            Count::Processed,
            Count::NoShow,
            Count::Crossed,
        ]
        .map(total);
        println!(
            "{{\"arrived\":{arrived},\"processed\":{processed},\"no_shows\":{no_shows},\"crossings\":{crossings},\"pool_end\":{pool},\
             \"pool_mean\":{:.3},\"pool_wait_days\":{:.6},\"port_wait_minutes\":{:.6},\"events\":{}}}",
            (self.pool_days + u64::from(pool)) as f64 / f64::from(days),
            mean(&self.waits) / 24.0,
            mean(&port_waits),
            arrived + u64::from(days) + no_shows + 2 * processed + crossings,
        );
    }
}
