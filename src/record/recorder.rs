//! The record of one replication, as the model writes it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::histogram::Histogram;
use super::ports::{PortHour, PortMonth, QueueDay};
use crate::metric::Count;
use crate::scenario::Calendar;
use crate::scenario::values::Region;

/// Where a count happens, beside the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// In a region.
    Region(Region),
    /// At the port of this index.
    Port(u8),
    /// Nowhere that matters.
    Anywhere,
}

/// The record of one replication. Days before the recorded period are ignored by every method.
///
/// What is counted as it happens is counted on the day that [`begin_day`](Self::begin_day) has begun.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorder {
    calendar: Calendar,
    groups: usize,
    ports: usize,
    /// Where the rows of the present day begin: of its groups, regions and ports. During the warm-up it is the day after the
    /// last, which nobody reads.
    today: [usize; 3],
    /// Its month, unless it is in the warm-up.
    this_month: Option<u32>,
    /// `[recorded day, and one for the warm-up][group]`, flattened: what is written on one day lies together.
    by_group: Vec<Row>,
    /// As many days, `[day][region]`, flattened.
    by_region: Vec<Row>,
    /// As many days, `[day][port]`, flattened.
    by_port: Vec<Row>,
    /// Persons in the pool at the day's end: `[recorded day][group][region]`, flattened.
    pool: Vec<u32>,
    /// Hours waited from first registration to the issuing round: `[month][group][region]`, flattened.
    waits: Vec<Histogram>,
    /// Hours from first registration to the appointment: `[month of the round][group][region]`, flattened.
    times_to_appointment: Vec<Histogram>,
    /// Hours since registration of the pool at month's end: `[month][group][region]`, flattened.
    pool_ages: Vec<Histogram>,
    /// `[month][port]`, flattened.
    port_months: Vec<PortMonth>,
    /// `[recorded day][port]`, flattened.
    queues: Vec<QueueDay>,
    triggers: usize,
    /// Whether a trigger was on: `[recorded day][trigger]`, flattened.
    in_force: Vec<bool>,
    /// The ledger at each month's end.
    ledger: Vec<LedgerRow>,
}

/// The counts of a day and place, each at its number.
type Row = [u32; Count::ALL.len()];

/// One account of the ledger at the end of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerRow {
    /// Day at whose end the account was read (warm-up included in the numbering).
    pub day: u32,
    /// `arrived`, a state, or an exit.
    pub account: Cow<'static, str>,
    /// Persons.
    pub persons: u64,
}

impl Recorder {
    /// An empty record of so many groups, ports and triggers.
    #[must_use]
    pub fn new(calendar: &Calendar, groups: usize, ports: usize, triggers: usize) -> Self {
        let days = calendar.recorded_days() as usize;
        let months = calendar.months().len();
        let empty: Row = [0; Count::ALL.len()];
        let regions = Region::ALL.len();
        let mut recorder = Self {
            calendar: calendar.clone(),
            groups,
            ports,
            today: [0; 3],
            this_month: None,
            by_group: vec![empty; groups * (days + 1)],
            by_region: vec![empty; regions * (days + 1)],
            by_port: vec![empty; ports * (days + 1)],
            pool: vec![0; days * groups * regions],
            waits: vec![Histogram::default(); months * groups * regions],
            times_to_appointment: vec![Histogram::default(); months * groups * regions],
            pool_ages: vec![Histogram::default(); months * groups * regions],
            port_months: vec![PortMonth::default(); months * ports],
            queues: vec![QueueDay::default(); days * ports],
            triggers,
            in_force: vec![false; days * triggers],
            ledger: Vec::new(),
        };
        recorder.begin_day(0);
        recorder
    }

    fn recorded(&self, day: u32) -> Option<usize> {
        let recorded = day.checked_sub(self.calendar.warmup_days())?;
        (recorded < self.calendar.recorded_days()).then_some(recorded as usize)
    }

    /// Begins a day.
    pub fn begin_day(&mut self, day: u32) {
        let warming_up = self.calendar.recorded_days() as usize;
        let day_of_record = self.recorded(day).unwrap_or(warming_up);
        let places = [self.groups, Region::ALL.len(), self.ports];
        self.today = places.map(|places| day_of_record * places);
        self.this_month = self.calendar.month(day);
    }

    /// Counts persons of a group today, and at a region or port where one is given.
    #[inline]
    pub fn count(&mut self, count: Count, group: u8, at: At, persons: u32) {
        let [by_group, by_region, by_port] = self.today;
        let count = count as usize;
        self.by_group[by_group + usize::from(group)][count] += persons;
        match at {
            At::Region(region) => self.by_region[by_region + region as usize][count] += persons,
            At::Port(port) => self.by_port[by_port + usize::from(port)][count] += persons,
            At::Anywhere => {}
        }
    }

    /// Records a wait from first registration to the round that issues a slot today. \[hours\]
    pub fn wait(&mut self, group: u8, region: Region, hours: f64, persons: u32) {
        if let Some(month) = self.this_month {
            let cell = self.cell(month, group, region);
            self.waits[cell].add(hours, persons);
        }
    }

    /// Records the time from first registration to the appointment of a slot that is issued today. \[hours\]
    pub fn time_to_appointment(&mut self, group: u8, region: Region, hours: f64, persons: u32) {
        if let Some(month) = self.this_month {
            let cell = self.cell(month, group, region);
            self.times_to_appointment[cell].add(hours, persons);
        }
    }

    /// Records that a trigger is on on a day.
    pub fn in_force(&mut self, day: u32, trigger: usize) {
        if let Some(recorded) = self.recorded(day) {
            self.in_force[recorded * self.triggers + trigger] = true;
        }
    }

    /// Records the wait of walk-ups who are admitted today. \[days\]
    pub fn line_wait(&mut self, port: u8, days: f64, persons: u32) {
        if let Some(month) = self.this_month {
            let month = &mut self.port_months[month as usize * self.ports + usize::from(port)];
            month.line.add(days, persons);
        }
    }

    /// Records a wait in the queue, up to the beginning of a service at an hour of today. \[minutes\]
    pub fn port_wait(&mut self, port: u8, hour: usize, minutes: f64, persons: u32) {
        if let Some(month) = self.this_month {
            let month = &mut self.port_months[month as usize * self.ports + usize::from(port)];
            month.waits.add(minutes, persons);
            let cell = &mut month.hours[hour];
            cell.wait_minutes_sum += minutes * f64::from(persons);
            cell.wait_persons += persons;
        }
    }

    /// Records the age of a pool member at the end of a month. \[hours\]
    pub fn pool_age(&mut self, day: u32, group: u8, region: Region, hours: f64, persons: u32) {
        if let Some(month) = self.calendar.month(day) {
            let cell = self.cell(month, group, region);
            self.pool_ages[cell].add(hours, persons);
        }
    }

    /// Records the persons in the pool at the end of a day.
    pub fn pool_size(&mut self, day: u32, group: u8, region: Region, persons: u32) {
        if let Some(recorded) = self.recorded(day) {
            let cell = self.cell(recorded as u32, group, region);
            self.pool[cell] = persons;
        }
    }

    fn cell(&self, period: u32, group: u8, region: Region) -> usize {
        (period as usize * self.groups + usize::from(group)) * Region::ALL.len() + region as usize
    }

    /// The statistics of a port in the month of a day at an hour; `None` outside the recorded period.
    pub fn port_hour(&mut self, day: u32, port: u8, hour: usize) -> Option<&mut PortHour> {
        let month = self.calendar.month(day)? as usize;
        let month = &mut self.port_months[month * self.ports + usize::from(port)];
        Some(&mut month.hours[hour])
    }

    /// Records the mean number of persons in a port's queue during an hour.
    pub fn queue(&mut self, day: u32, port: u8, hour: usize, persons: f64) {
        if let Some(cell) = self.port_hour(day, port, hour) {
            cell.queue_sum += persons;
            cell.queue_days += 1;
        }
        if let Some(recorded) = self.recorded(day) {
            self.queues[recorded * self.ports + usize::from(port)].add(persons);
        }
    }

    /// Keeps an account of the ledger.
    pub fn ledger(&mut self, row: LedgerRow) {
        if self.recorded(row.day).is_some() {
            self.ledger.push(row);
        }
    }

    /// Groups of the record.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// Ports of the record.
    #[must_use]
    pub fn ports(&self) -> usize {
        self.ports
    }

    /// Triggers of the record.
    #[must_use]
    pub fn triggers(&self) -> usize {
        self.triggers
    }

    /// Persons counted on a recorded day (0 is the first recorded one) in a group.
    #[must_use]
    pub fn group_count(&self, count: Count, group: usize, recorded_day: usize) -> u32 {
        self.by_group[recorded_day * self.groups + group][count as usize]
    }

    /// Persons counted on a recorded day in a region.
    #[must_use]
    pub fn region_count(&self, count: Count, region: Region, recorded_day: usize) -> u32 {
        self.by_region[recorded_day * Region::ALL.len() + region as usize][count as usize]
    }

    /// Persons counted on a recorded day at a port.
    #[must_use]
    pub fn port_count(&self, count: Count, port: usize, recorded_day: usize) -> u32 {
        self.by_port[recorded_day * self.ports + port][count as usize]
    }

    /// Persons in the pool at the end of a recorded day.
    #[must_use]
    pub fn pool_at(&self, recorded_day: usize, group: usize, region: Region) -> u32 {
        self.pool[self.cell(recorded_day as u32, group as u8, region)]
    }

    /// Waits (hours, weighted by persons) of a month.
    #[must_use]
    pub fn waits(&self, month: usize, group: usize, region: Region) -> &Histogram {
        &self.waits[self.cell(month as u32, group as u8, region)]
    }

    /// Times from first registration to the appointment (hours, weighted by persons) of the slots issued in a month.
    #[must_use]
    pub fn times_to_appointment(&self, month: usize, group: usize, region: Region) -> &Histogram {
        &self.times_to_appointment[self.cell(month as u32, group as u8, region)]
    }

    /// Ages (hours, weighted by persons) of the pool at the end of a month.
    #[must_use]
    pub fn pool_ages(&self, month: usize, group: usize, region: Region) -> &Histogram {
        &self.pool_ages[self.cell(month as u32, group as u8, region)]
    }

    /// Statistics of a port in a month.
    #[must_use]
    pub fn port(&self, month: usize, port: usize) -> &PortMonth {
        &self.port_months[month * self.ports + port]
    }

    /// The queue of a port on a recorded day.
    #[must_use]
    pub fn queue_on(&self, recorded_day: usize, port: usize) -> QueueDay {
        self.queues[recorded_day * self.ports + port]
    }

    /// Whether a trigger was on on a recorded day.
    #[must_use]
    pub fn was_in_force(&self, recorded_day: usize, trigger: usize) -> bool {
        self.in_force[recorded_day * self.triggers + trigger]
    }

    /// The ledger at each month's end.
    #[must_use]
    pub fn ledger_rows(&self) -> &[LedgerRow] {
        &self.ledger
    }

    /// Days and months of the record.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }
}
