//! The part of a record that belongs to one period and one place.

use std::ops::Range;

use super::histogram::Histogram;
use super::key::{Key, Period, Place};
use super::ports::{PortMonth, QueueDay};
use super::recorder::Recorder;
use crate::metric::{Count, Metric};
use crate::scenario::Calendar;
use crate::scenario::values::Region;

/// A period as recorded days and months.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub(super) period: Period,
    days: Range<usize>,
    months: Range<usize>,
}

impl Span {
    /// Every month, every day and the whole period, in the order of results.
    pub(super) fn all(calendar: &Calendar) -> Vec<Self> {
        let months = calendar.months().len();
        let days = calendar.recorded_days();
        let mut days_of_month = vec![0..0; months];
        for day in 0..days as usize {
            let month = calendar.month(calendar.warmup_days() + day as u32);
            let month = month.expect("a recorded day has a month") as usize;
            if days_of_month[month].is_empty() {
                days_of_month[month].start = day;
            }
            days_of_month[month].end = day + 1;
        }
        let of_months = (0..).zip(days_of_month).map(|(month, days)| Self {
            period: Period::Month(month),
            days,
            months: month as usize..month as usize + 1,
        });
        let of_days = (0..days).map(|day| Self {
            period: Period::Day(day),
            days: day as usize..day as usize + 1,
            months: 0..0,
        });
        let total = Self {
            period: Period::Total,
            days: 0..days as usize,
            months: 0..months,
        };
        of_months.chain(of_days).chain([total]).collect()
    }
}

/// A record, seen from one period and one place; a figure that is not kept there is `None`.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) record: &'a Recorder,
    pub(super) span: &'a Span,
    pub(super) place: Place,
}

impl Scope<'_> {
    pub(super) fn key(&self, metric: Metric) -> Key {
        Key {
            period: self.span.period,
            metric,
            place: self.place,
        }
    }

    /// Persons counted.
    pub(super) fn count(&self, count: Count) -> Option<u64> {
        let sum_over_days = |on_day: &dyn Fn(usize) -> u32| -> u64 {
            self.span
                .days
                .clone()
                .map(|day| u64::from(on_day(day)))
                .sum()
        };
        let of_group = |group| sum_over_days(&|day| self.record.group_count(count, group, day));
        match self.place {
            Place::Everywhere => Some((0..self.record.groups()).map(of_group).sum()),
            Place::Group(group) => Some(of_group(usize::from(group))),
            Place::Region(region) => count
                .has_regions()
                .then(|| sum_over_days(&|day| self.record.region_count(count, region, day))),
            Place::Port(port) => count.has_ports().then(|| {
                sum_over_days(&|day| self.record.port_count(count, usize::from(port), day))
            }),
            Place::PortHour(..) | Place::Trigger(_) => None,
        }
    }

    /// Days on which the trigger is on.
    pub(super) fn days_in_force(&self) -> Option<usize> {
        let Place::Trigger(trigger) = self.place else {
            return None;
        };
        let is_on = |day: &usize| self.record.was_in_force(*day, usize::from(trigger));
        Some(self.span.days.clone().filter(is_on).count())
    }

    /// Persons encountered at ports: with an appointment or without.
    pub(super) fn port_encounters(&self) -> Option<u64> {
        Some(self.count(Count::AppointmentsProcessed)? + self.count(Count::WalkUpsProcessed)?)
    }

    /// Persons in the pool at the period's end.
    pub(super) fn pool_size(&self) -> Option<u64> {
        let last = self.span.days.end.checked_sub(1)?;
        let cells = self.group_regions()?.into_iter();
        Some(
            cells
                .map(|(group, region)| u64::from(self.record.pool_at(last, group, region)))
                .sum(),
        )
    }

    /// The queue of a port over a day.
    pub(super) fn queue_of_day(&self) -> Option<QueueDay> {
        match (self.span.period, self.place) {
            (Period::Day(day), Place::Port(port)) => {
                Some(self.record.queue_on(day as usize, usize::from(port)))
            }
            _ => None,
        }
    }

    /// Hours since registration of the pool at the period's end.
    pub(super) fn pool_ages(&self) -> Option<Histogram> {
        let last = self.span.months.end.checked_sub(1)?;
        self.merge(last..last + 1, Recorder::pool_ages)
    }

    /// Hours from first registration to the issuing round.
    pub(super) fn waits(&self) -> Option<Histogram> {
        self.merge(self.span.months.clone(), Recorder::waits)
    }

    /// Hours from first registration to the appointment.
    pub(super) fn times_to_appointment(&self) -> Option<Histogram> {
        self.merge(self.span.months.clone(), Recorder::times_to_appointment)
    }

    /// Statistics of each port and month; at one hour or over the day.
    pub(super) fn port_months(&self) -> Option<Vec<&PortMonth>> {
        let ports = match self.place {
            Place::Everywhere => 0..self.record.ports(),
            Place::Port(port) | Place::PortHour(port, _) => {
                usize::from(port)..usize::from(port) + 1
            }
            Place::Group(_) | Place::Region(_) | Place::Trigger(_) => return None,
        };
        Some(
            self.span
                .months
                .clone()
                .flat_map(|month| ports.clone().map(move |port| (month, port)))
                .map(|(month, port)| self.record.port(month, port))
                .collect(),
        )
    }

    fn merge<'a>(
        &'a self,
        months: Range<usize>,
        of: impl Fn(&'a Recorder, usize, usize, Region) -> &'a Histogram,
    ) -> Option<Histogram> {
        let cells = self.group_regions()?;
        let mut merged = Histogram::default();
        for month in months {
            for &(group, region) in &cells {
                merged.merge(of(self.record, month, group, region));
            }
        }
        Some(merged)
    }

    /// The cells of the place in tables kept by group and region; `None` for a port or a trigger.
    fn group_regions(&self) -> Option<Vec<(usize, Region)>> {
        let all =
            (0..self.record.groups()).flat_map(|group| Region::ALL.map(|region| (group, region)));
        let within = |&(group, region): &(usize, Region)| match self.place {
            Place::Everywhere => true,
            Place::Group(wanted) => usize::from(wanted) == group,
            Place::Region(wanted) => wanted == region,
            Place::Port(_) | Place::PortHour(..) | Place::Trigger(_) => false,
        };
        match self.place {
            Place::Port(_) | Place::PortHour(..) | Place::Trigger(_) => None,
            _ => Some(all.filter(within).collect()),
        }
    }
}
