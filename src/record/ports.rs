//! Port statistics by month and hour of day, and queues by day.

use std::ops::Add;

use super::histogram::Histogram;

/// What is kept of one port, in one month, at one hour of the day.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PortHour {
    /// Officer-seconds in service. \[s\]
    pub busy_seconds: f64,
    /// Officer-seconds on duty. \[s\]
    pub duty_seconds: f64,
    /// What of these is beyond the schedule. \[s\]
    pub overtime_seconds: f64,
    /// Sum over days of the mean number of persons in the queue during the hour.
    pub queue_sum: f64,
    /// Days in that sum.
    pub queue_days: u32,
    /// Sum of the waits in the queue of those whose service began in this hour. \[persons × minutes\]
    pub wait_minutes_sum: f64,
    /// Persons whose service began in this hour.
    pub wait_persons: u32,
}

/// What is kept of the queue of one port on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct QueueDay {
    sum: f64,
    hours: u32,
}

impl QueueDay {
    /// Adds the mean of an hour.
    pub(super) fn add(&mut self, persons: f64) {
        self.sum += persons;
        self.hours += 1;
    }

    /// Mean over the hours recorded. \[persons\]
    #[must_use]
    pub fn mean(self) -> Option<f64> {
        (self.hours > 0).then(|| self.sum / f64::from(self.hours))
    }
}

/// What is kept of one port in one month.
#[derive(Debug, Clone, PartialEq)]
pub struct PortMonth {
    /// By hour of the day, 24 of them.
    pub hours: Vec<PortHour>,
    /// Waits in the queue of those served, in minutes, weighted by persons.
    pub waits: Histogram,
    /// Waits in line of the walk-ups admitted.
    pub line: LineWait,
}

/// Waits of walk-ups in line for admission.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LineWait {
    /// Sum of the waits of those admitted. \[persons × days\]
    days_sum: f64,
    /// Persons admitted.
    persons: u64,
}

impl LineWait {
    /// Adds persons admitted after a wait of so many days.
    pub(super) fn add(&mut self, days: f64, persons: u32) {
        self.days_sum += days * f64::from(persons);
        self.persons += u64::from(persons);
    }

    /// Mean over the persons admitted. \[days\]
    #[must_use]
    pub fn mean(self) -> Option<f64> {
        (self.persons > 0).then(|| self.days_sum / self.persons as f64)
    }
}

impl Add for LineWait {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            days_sum: self.days_sum + other.days_sum,
            persons: self.persons + other.persons,
        }
    }
}

impl Default for PortMonth {
    fn default() -> Self {
        Self {
            hours: vec![PortHour::default(); 24],
            waits: Histogram::default(),
            line: LineWait::default(),
        }
    }
}
