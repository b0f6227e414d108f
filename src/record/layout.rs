//! The keys of all observations of a scenario, and how results name them.

use std::sync::{Arc, OnceLock};

use super::key::{Key, Period, Place};
use super::recorder::Recorder;
use super::summary::{Detail, Observations, walk};
use crate::metric::Metric;
use crate::month::Month;
use crate::scenario::{Calendar, Scenario};

/// The keys of all observations of a scenario, in the order of results.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    calendar: Calendar,
    groups: Vec<String>,
    ports: Vec<String>,
    triggers: Vec<String>,
    detail: Detail,
    keys: Keys,
}

/// The keys, made when somebody first asks: a run of two years has 190,000, and no replication needs them. They follow from the rest of
/// the layout, so that any two are equal.
#[derive(Debug, Clone, Default)]
struct Keys(Arc<OnceLock<Vec<Key>>>);

impl PartialEq for Keys {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Layout {
    /// The layout of a scenario's observations.
    #[must_use]
    pub fn of(scenario: &Scenario, detail: Detail) -> Self {
        let Scenario {
            calendar,
            groups,
            ports,
            timeline,
            ..
        } = scenario;
        Self::new(calendar, groups, ports, &timeline.triggers, detail)
    }

    /// The layout of a record with these days, groups, ports and triggers.
    #[must_use]
    pub fn new(
        calendar: &Calendar,
        groups: &[String],
        ports: &[String],
        triggers: &[String],
        detail: Detail,
    ) -> Self {
        Self {
            calendar: calendar.clone(),
            groups: groups.to_vec(),
            ports: ports.to_vec(),
            triggers: triggers.to_vec(),
            detail,
            keys: Keys::default(),
        }
    }

    /// The observations of a record: a value, or none, for each of the keys.
    #[must_use]
    pub fn observe(&self, record: &Recorder) -> Observations {
        Observations::of(record, self.detail)
    }

    /// Every key, in the order of results.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        self.keys.0.get_or_init(|| {
            let mut keys = Vec::new();
            let empty = Recorder::new(
                &self.calendar,
                self.groups.len(),
                self.ports.len(),
                self.triggers.len(),
            );
            walk(&empty, self.detail, &mut |key, _| keys.push(key));
            keys
        })
    }

    /// Where a key stands among them; `None` where it is not observed.
    #[must_use]
    pub fn position(&self, key: Key) -> Option<usize> {
        // Periods are in their order, and each has some hundred keys.
        let keys = self.keys();
        let first = keys.partition_point(|other| other.period < key.period);
        let of_period = keys[first..].iter();
        let place = of_period
            .take_while(|other| other.period == key.period)
            .position(|other| *other == key)?;
        Some(first + place)
    }

    /// Days and months of the run.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Group ids.
    #[must_use]
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// Every group, then every port.
    pub fn places(&self) -> impl Iterator<Item = Place> + Clone {
        let groups = (0..self.groups.len()).map(|group| Place::Group(group as u8));
        groups.chain(self.ports())
    }

    /// Every port.
    pub fn ports(&self) -> impl Iterator<Item = Place> + Clone {
        (0..self.ports.len()).map(|port| Place::Port(port as u8))
    }

    /// Every trigger.
    pub fn triggers(&self) -> impl Iterator<Item = Place> + Clone {
        (0..self.triggers.len()).map(|trigger| Place::Trigger(trigger as u8))
    }

    /// The days on which a trigger is on over the run; `None` where there is none of this id.
    #[must_use]
    pub fn days_in_force(&self, trigger: &str) -> Option<Key> {
        let place = self.triggers().find(|&place| self.id(place) == trigger)?;
        Some(Key::of_run(Metric::DaysInForce).at(place))
    }

    /// Indices of the recorded months.
    #[must_use]
    pub fn months(&self) -> std::ops::Range<u32> {
        0..self.calendar.months().len() as u32
    }

    /// The column `id` of results: the group, region, port or trigger; empty for the whole border.
    #[must_use]
    pub fn id(&self, place: Place) -> &str {
        match place {
            Place::Everywhere => "",
            Place::Group(group) => &self.groups[usize::from(group)],
            Place::Region(region) => region.name(),
            Place::Port(port) | Place::PortHour(port, _) => &self.ports[usize::from(port)],
            Place::Trigger(trigger) => &self.triggers[usize::from(trigger)],
        }
    }

    /// A period as results write it: `2024-11`, `2024-11-05`, or empty for the whole run.
    #[must_use]
    pub fn period(&self, period: Period) -> String {
        match period {
            Period::Month(month) => self.month(month).to_string(),
            Period::Day(day) => self
                .calendar
                .date(self.calendar.warmup_days() + day)
                .to_string(),
            Period::Total => String::new(),
        }
    }

    /// The month of an index.
    #[must_use]
    pub fn month(&self, index: u32) -> Month {
        self.calendar.months()[index as usize]
    }

    /// Days of a month that are recorded.
    #[must_use]
    pub fn recorded_days(&self, month: u32) -> u32 {
        let days = self.calendar.warmup_days()..self.calendar.days();
        days.filter(|&day| self.calendar.month(day) == Some(month))
            .count() as u32
    }

    /// Indices of the months all of whose days are recorded.
    #[must_use]
    pub fn whole_months(&self) -> impl DoubleEndedIterator<Item = u32> {
        self.months().filter(|&month| self.is_whole(month))
    }

    /// Whether every day of a calendar month is recorded: only such a month can be set beside a published one.
    #[must_use]
    pub fn is_whole(&self, month: u32) -> bool {
        let start = self.calendar.date(self.calendar.warmup_days());
        let end = self.calendar.date(self.calendar.days().saturating_sub(1));
        let month = self.month(month);
        start <= month.first_day() && month.last_day() <= end
    }
}
