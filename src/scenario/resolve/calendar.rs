//! Days of a run as dates and months. Day 0 is the first simulated day, warm-up included.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::month::Month;
use crate::scenario::run::Run;

/// Maps the days of a run to dates and months.
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    first: Date,
    warmup_days: u32,
    days: u32,
    /// Month index of each recorded day.
    month_of_day: Vec<u32>,
    /// Each recorded month.
    months: Vec<Month>,
}

impl Calendar {
    /// The calendar of a run whose end is not before its start.
    #[must_use]
    pub fn new(run: &Run) -> Self {
        let warmup_days = run.warmup_days;
        let first = run.start.saturating_sub(i64::from(warmup_days).days());
        let days = days_between(first, run.end) + 1;
        let mut month_of_day = Vec::new();
        let mut months: Vec<Month> = Vec::new();
        let mut date = run.start;
        while date <= run.end {
            if months.last() != Some(&Month::of(date)) {
                months.push(Month::of(date));
            }
            month_of_day.push(months.len() as u32 - 1);
            let Ok(next) = date.tomorrow() else { break };
            date = next;
        }
        Self {
            first,
            warmup_days,
            days: days as u32,
            month_of_day,
            months,
        }
    }

    /// Simulated days, warm-up included.
    #[must_use]
    pub fn days(&self) -> u32 {
        self.days
    }

    /// Days of warm-up: day `warmup_days()` is the first that is recorded.
    #[must_use]
    pub fn warmup_days(&self) -> u32 {
        self.warmup_days
    }

    /// Days that are recorded.
    #[must_use]
    pub fn recorded_days(&self) -> u32 {
        self.days - self.warmup_days
    }

    /// The date of a day.
    #[must_use]
    pub fn date(&self, day: u32) -> Date {
        self.first.saturating_add(i64::from(day).days())
    }

    /// The day of a date: negative before the run.
    #[must_use]
    pub fn day(&self, date: Date) -> i64 {
        days_between(self.first, date)
    }

    /// Index of the month of a day, `None` in the warm-up.
    #[must_use]
    pub fn month(&self, day: u32) -> Option<u32> {
        let recorded = day.checked_sub(self.warmup_days)?;
        self.month_of_day.get(recorded as usize).copied()
    }

    /// Each month of which a day is recorded, in order.
    #[must_use]
    pub fn months(&self) -> &[Month] {
        &self.months
    }

    /// Whether a day is the last recorded one of its month.
    #[must_use]
    pub fn ends_month(&self, day: u32) -> bool {
        self.month(day).is_some() && self.month(day) != self.month(day + 1)
    }
}

/// Days from one date to another; negative when the second is earlier.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}
