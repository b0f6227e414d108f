//! Port statistics by month and hour of day, and queues by day.

use super::histogram::Histogram;

/// What is kept of one port, in one month, at one hour of the day.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PortHour {
    /// Officer-seconds in service. \[s\]
    pub busy_seconds: f64,
    /// Officer-seconds on duty. \[s\]
    pub duty_seconds: f64,
    /// Sum over days of the persons in the queue at the full hour.
    pub queue_sum: f64,
    /// Days of which the queue was seen.
    pub queue_samples: u32,
    /// Sum of waits from presenting to service of those whose service began in this hour. \[persons × minutes\]
    pub wait_minutes_sum: f64,
    /// Persons whose service began in this hour.
    pub wait_persons: u32,
}

/// What is kept of the queue of one port on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueueDay {
    sum: u32,
    samples: u32,
}

impl QueueDay {
    /// Adds the persons in the queue at a full hour.
    pub(super) fn add(&mut self, persons: u32) {
        self.sum += persons;
        self.samples += 1;
    }

    /// Mean over the full hours at which the queue was seen. \[persons\]
    #[must_use]
    pub fn mean(self) -> Option<f64> {
        (self.samples > 0).then(|| f64::from(self.sum) / f64::from(self.samples))
    }
}

/// What is kept of one port in one month.
#[derive(Debug, Clone, PartialEq)]
pub struct PortMonth {
    /// By hour of the day, 24 of them.
    pub hours: Vec<PortHour>,
    /// Waits from presenting to service, in minutes, weighted by persons.
    pub waits: Histogram,
}

impl Default for PortMonth {
    fn default() -> Self {
        Self {
            hours: vec![PortHour::default(); 24],
            waits: Histogram::default(),
        }
    }
}
