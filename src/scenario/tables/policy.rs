//! `[policy]`: the levers, with their values at the start. Events and triggers move them.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::values::{Limit, Region, Weekday};
use crate::scenario::schema::ranges::{CalendarDate, GroupId, Share, TimeOfDay};
use crate::scenario::schema::rule::Names;
use crate::stats::apportion;

/// The levers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// The app and its daily round.
    pub app: App,
    /// The ports of entry, by id.
    pub ports: BTreeMap<String, Port>,
    /// Presenting at a port without an appointment.
    pub walk_up: WalkUp,
    /// Crossing between ports.
    pub crossing: Crossing,
    /// Mexican enforcement.
    pub mexico: Mexico,
    /// Outcome shares of encounters at ports; they sum to 1.
    pub port_outcome: PortOutcome,
    /// Share of each group's arrivals that takes a lawful alternative and never comes to the border, by group id.
    #[schemars(with = "BTreeMap<String, Share>", extend("unit" = "share", "keys" = Names::Group))]
    pub lawful_alternative_share: BTreeMap<String, f64>,
}

/// The app and its daily round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct App {
    /// Whether the app takes registrations and runs its round.
    pub open: bool,
    /// Regions from where it may be used.
    pub regions: Vec<Region>,
    /// Regions for single groups, instead of `regions`, by group id.
    #[schemars(extend("keys" = Names::Group))]
    pub group_regions: BTreeMap<String, Vec<Region>>,
    /// What happens to booked appointments that lose their slot: the app or a port closes, slots are taken away, as they are from the other
    /// ports when a closed one opens again, or this rule takes the place of `honour`. A closure is taken to last: where a port closes, if only
    /// for a day, those of all later dates there lose their slot too. `move` gives them the first date from their own on at an open port with
    /// room, and cancels where there is none; `cancel` cancels all; `honour` keeps all, and whoever comes to a closed port has missed its
    /// appointment.
    pub booked: Booked,
    /// Slots of each appointment date over the whole border, rounded to whole persons; ports hold shares of it. \[persons per day\]
    #[schemars(range(min = 0.0, max = 1_000_000.0), extend("unit" = "persons per day"))]
    pub slots_per_day: f64,
    /// Whether a closed port's slots go to the open ports or are lost.
    pub when_port_closed: WhenPortClosed,
    /// Share of the slots of a round drawn uniformly at random; the rest goes to the longest registered.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    pub random_share: f64,
    /// A round opens every appointment date up to so many days ahead that is not open yet: one a day, several after the lead time has been
    /// raised or the app was shut, and after it has been shortened none until all open dates lie within it. At the start the dates before the
    /// first that a round opens are those of `world.initial_bookings`; where the app is closed then, they have no slots, and get none when it
    /// opens. \[days\]
    #[schemars(range(min = 1, max = 366), extend("unit" = "days"))]
    pub lead_time_days: u32,
    /// Time of day of the round.
    #[schemars(with = "String", extend("format" = "time", "unit" = "time of day"))]
    pub round_time: Time,
    /// Factor on every request probability: a shorter request window makes fewer people ask.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "ratio"))]
    pub request_factor: f64,
    /// Whether a winner must confirm; unconfirmed slots are offered again in the next round.
    pub confirmation_required: bool,
    /// Slots issued beyond the nominal ones, as a share of them.
    #[schemars(range(min = 0.0, max = 2.0), extend("unit" = "share"))]
    pub overbooking_share: f64,
}

impl App {
    /// The regions from where a group may use it.
    #[must_use]
    pub fn regions_of(&self, group: &str) -> &[Region] {
        self.group_regions.get(group).unwrap_or(&self.regions)
    }
}

impl Default for App {
    fn default() -> Self {
        Self {
            open: true,
            regions: vec![Region::North],
            group_regions: BTreeMap::new(),
            booked: Booked::Cancel,
            slots_per_day: 0.0,
            when_port_closed: WhenPortClosed::Redistribute,
            random_share: 0.5,
            lead_time_days: 14,
            round_time: Time::constant(0, 0, 0, 0),
            request_factor: 1.0,
            confirmation_required: false,
            overbooking_share: 0.0,
        }
    }
}

/// What happens to booked appointments that lose their slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Booked {
    /// Cancelled: the party decides again.
    Cancel,
    /// Kept: the party is served at its slot although no new slots are issued; at a closed port it misses it. Where slots move to another
    /// port, that port offers of the dates that are open only what their total leaves.
    Honour,
    /// Moved to the first date from its own on at an open port with room; cancelled where there is none. When the app closes there is
    /// nothing to move to, and the appointment is kept.
    Move,
}

/// What happens to the slots of a closed port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WhenPortClosed {
    /// The open ports share them, in proportion to their own.
    Redistribute,
    /// They are not issued.
    Lose,
}

/// A port of entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Port {
    /// What it is called in full, for readers of the file: results name the id.
    pub label: String,
    /// Whether the port processes anybody.
    pub open: bool,
    /// The port's part of `app.slots_per_day`: parts are scaled to that total and made whole by Webster's method, by which more
    /// slots in total are nowhere fewer. \[persons per day\]
    #[schemars(range(min = 0.0, max = 1_000_000.0), extend("unit" = "persons per day"))]
    pub slots_per_day: f64,
    /// The port's part of `walk_up.per_day`, scaled in the same way; while the port is closed no other port admits it, and where that total is
    /// unlimited every open port admits who comes, whatever its part. It is a limit for a day of the calendar, also at a port that is open past
    /// midnight. \[persons per day\]
    #[schemars(range(min = 0.0, max = 1_000_000.0), extend("unit" = "persons per day"))]
    pub walk_ups_per_day: f64,
    /// Opening time.
    #[schemars(with = "String", extend("format" = "time", "unit" = "time of day"))]
    pub opens: Time,
    /// Closing time: one before `opens` is on the next day, and one that is equal to it means around the clock.
    #[schemars(with = "String", extend("format" = "time", "unit" = "time of day"))]
    pub closes: Time,
    /// Days of the week on which the port is closed, as everybody knows in advance: no slots are issued of such dates, nobody comes as a walk-up,
    /// and a line for admission waits; the queue of those admitted does as `closing` says. A day lasts from `opens` to `closes`, also past
    /// midnight. The slots of a closed day are lost: no other port or date gets them.
    #[schemars(length(max = 6))]
    pub closed_weekdays: Vec<Weekday>,
    /// Dates on which the port is closed in the same way, such as holidays. An event replaces the whole list; of a date that it adds and of which
    /// slots have been issued, `app.booked` says what becomes of them.
    #[schemars(with = "Vec<CalendarDate>", extend("unit" = "date"))]
    pub closed_dates: Vec<Date>,
    /// Appointment times; each appointment gets one of them at random.
    #[schemars(with = "Vec<TimeOfDay>", length(min = 1, max = 288), extend("unit" = "time of day"))]
    pub appointment_times: Vec<Time>,
    /// Officers on duty while the port is open, where `shifts` is empty.
    #[schemars(range(min = 0, max = 100_000), extend("unit" = "officers"))]
    pub officers: u32,
    /// Officers on duty from each time of day to the next; the last one lasts until the first of the next day. Where there
    /// are none, `officers` are on duty all the time.
    #[schemars(extend("examples" = [[{ "from": "06:00:00", "officers": 6 }, { "from": "14:00:00", "officers": 4 }]]))]
    pub shifts: Vec<Shift>,
    /// What happens to the queue at closing time. With `finish` the officers on duty at closing work on until all who have come are served,
    /// through the night if need be: opening hours set no limit to that, nor do later shifts. With `carry_over` those who have come wait
    /// for the next opening.
    pub closing: Closing,
}

impl Policy {
    /// Slots of a date over all ports, overbooking included: the parts of those that are open, or, where slots of closed ports are given to
    /// the others, the whole total, even where none is open. \[persons\]
    #[must_use]
    pub fn slots_issued(&self) -> f64 {
        let all: f64 = self.ports.values().map(|port| port.slots_per_day).sum();
        let open = self.ports.values().filter(|port| port.open);
        let open: f64 = open.map(|port| port.slots_per_day).sum();
        let total = match self.app.when_port_closed {
            WhenPortClosed::Redistribute => self.app.slots_per_day,
            WhenPortClosed::Lose if all > 0.0 => self.app.slots_per_day * open / all,
            WhenPortClosed::Lose => 0.0,
        };
        total * (1.0 + self.app.overbooking_share)
    }

    /// Slots of a date by port, in the order of `ports`: [`Policy::slots_issued`], divided by the parts of those that are open. \[persons\]
    #[must_use]
    pub fn slots_by_port(&self) -> Vec<u32> {
        let parts = self.ports.values();
        let parts = parts.map(|port| if port.open { port.slots_per_day } else { 0.0 });
        apportion(
            self.slots_issued().round() as u32,
            &parts.collect::<Vec<f64>>(),
        )
    }
}

impl Port {
    /// Whether a time of day is within the port's hours; hours that end before they begin pass midnight.
    pub(crate) fn is_open_at(&self, time: Time) -> bool {
        if self.opens < self.closes {
            (self.opens..self.closes).contains(&time)
        } else {
            self.opens == self.closes || time >= self.opens || time < self.closes
        }
    }

    /// How long the port is open on a day. \[minutes\]
    pub(crate) fn minutes_open(&self) -> f64 {
        const DAY: f64 = 24.0 * 60.0;
        let minutes = self.opens.until(self.closes).map_or(0.0, |span| {
            span.total(jiff::Unit::Minute).unwrap_or_default()
        });
        if minutes > 0.0 {
            minutes
        } else {
            DAY + minutes
        }
    }

    /// The shift at a time of day: the last one goes on until the first of the next day. `None` without shifts.
    fn shift_at(&self, time: Time) -> Option<&Shift> {
        let begun = self.shifts.iter().rev().find(|shift| shift.from <= time);
        begun.or(self.shifts.last())
    }

    /// Officers on duty at a time of day at which the port is open.
    pub(crate) fn officers_at(&self, time: Time) -> u32 {
        self.shift_at(time)
            .map_or(self.officers, |shift| shift.officers)
    }

    /// The shift at the opening, where it is left over from the opening hours before, and the time at which the next one begins.
    pub(crate) fn left_over(&self) -> Option<(&Shift, Time)> {
        let begins_anew = |shift: &Shift| shift.from == self.opens || !self.is_open_at(shift.from);
        if self.opens == self.closes || self.shifts.iter().any(begins_anew) {
            return None;
        }
        let mut later = self.shifts.iter().filter(|it| it.from > self.opens);
        let next = later.next().or(self.shifts.first())?;
        Some((self.shift_at(self.opens)?, next.from))
    }

    /// Whether an officer is on duty at some time of the port's hours.
    pub(crate) fn has_officers(&self) -> bool {
        // Who is on duty changes at the shifts only: it is enough to look at these and at the opening.
        let Some(at_opening) = self.shift_at(self.opens) else {
            return self.officers > 0;
        };
        let mut during = self.shifts.iter().filter(|it| self.is_open_at(it.from));
        at_opening.officers > 0 || during.any(|shift| shift.officers > 0)
    }
}

impl Default for Port {
    fn default() -> Self {
        Self {
            label: String::new(),
            open: true,
            slots_per_day: 0.0,
            walk_ups_per_day: 0.0,
            opens: Time::constant(0, 0, 0, 0),
            closes: Time::constant(0, 0, 0, 0),
            closed_weekdays: Vec::new(),
            closed_dates: Vec::new(),
            appointment_times: vec![Time::constant(8, 0, 0, 0)],
            officers: 1,
            shifts: Vec::new(),
            closing: Closing::Finish,
        }
    }
}

/// Officers on duty from a time of day on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// Start of the shift.
    #[schemars(with = "String", extend("format" = "time", "unit" = "time of day"))]
    pub from: Time,
    /// Officers on duty.
    #[schemars(range(min = 0, max = 100_000), extend("unit" = "officers"))]
    pub officers: u32,
}

/// What happens to those queueing at a port at closing time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Closing {
    /// The officers on duty at closing work until the queue is empty, however long it takes; no walk-up is let in any more. Where none is
    /// on duty then, the queue waits for the next opening.
    Finish,
    /// Services under way are finished; the queue keeps its order and is taken up at the next opening.
    CarryOver,
}

/// Presenting at a port without an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WalkUp {
    /// Walk-ups admitted a day over the whole border (metering), rounded to whole persons; a party larger than its port's part takes a day of
    /// its own. \[persons per day\]
    #[schemars(extend("unit" = "persons per day"))]
    pub per_day: Limit,
    /// Longest line that may form at a port, in days of its walk-up cap; beyond it, and at 0 beyond the day's cap, parties are turned back. Days
    /// on which the port is closed are none of these: who is last in such a line may stand in it for more calendar days, which
    /// `line_days_mean` counts. \[days\]
    #[schemars(range(min = 0.0, max = 3650.0), extend("unit" = "days"))]
    pub line_limit_days: f64,
}

impl Default for WalkUp {
    fn default() -> Self {
        Self {
            per_day: Limit::UNLIMITED,
            line_limit_days: 0.0,
        }
    }
}

/// Crossing between ports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Crossing {
    /// Probability that an attempt ends in an encounter, and not as a gotaway.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "probability"))]
    pub apprehension_probability: f64,
    /// Outcome shares of an encounter; they sum to 1.
    pub outcome: CrossingOutcome,
    /// Outcome shares for single groups, instead of `outcome`, by group id.
    #[schemars(extend("keys" = Names::Group))]
    pub group_outcome: BTreeMap<String, CrossingOutcome>,
    /// Step in the log odds of crossing, common to all groups: what a legal bar deters beyond its outcome shares.
    #[schemars(range(min = -10.0, max = 10.0), extend("unit" = "log odds"))]
    pub deterrence: f64,
    /// Time constant with which people's behaviour approaches a new deterrence: of a day, the mean of the way; 0 is at once. \[days\]
    #[schemars(range(min = 0.0, max = 3650.0), extend("unit" = "days"))]
    pub response_days: f64,
    /// Encounters a day to which the outcome shares can be applied; everybody beyond is released. \[persons per day\]
    #[schemars(extend("unit" = "persons per day"))]
    pub consequence_capacity_per_day: Limit,
}

impl Default for Crossing {
    fn default() -> Self {
        Self {
            apprehension_probability: 1.0,
            outcome: CrossingOutcome::default(),
            group_outcome: BTreeMap::new(),
            deterrence: 0.0,
            response_days: 0.0,
            consequence_capacity_per_day: Limit::UNLIMITED,
        }
    }
}

/// Outcome shares of an irregular encounter; they sum to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CrossingOutcome {
    /// Released into the country.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    pub released: f64,
    /// Removed to the country of origin, or detained.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    pub removed: f64,
    /// Returned to Mexico.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    pub returned: f64,
}

impl Default for CrossingOutcome {
    fn default() -> Self {
        Self {
            released: 1.0,
            removed: 0.0,
            returned: 0.0,
        }
    }
}

/// Mexican enforcement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Mexico {
    /// Whether Mexico takes people back; while it does not, nobody is intercepted, whatever the probabilities.
    pub transfers: bool,
    /// Probability that a journey from the south to the north is intercepted: the one in force when a party comes to the point of its
    /// journey, anywhere on the way, at which that happens.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "probability"))]
    pub journey_interception: f64,
    /// Probability that a crossing attempt is intercepted before the line.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "probability"))]
    pub attempt_interception: f64,
    /// Factor on `journey_interception` for parties that travel to an appointment; 0 is an escort.
    #[schemars(range(min = 0.0, max = 10.0), extend("unit" = "ratio"))]
    pub appointment_holder_factor: f64,
    /// Share of the intercepted that gives up.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    pub give_up_share: f64,
    /// Where the intercepted are taken.
    pub taken_to: Region,
    /// Groups that are never intercepted, by id.
    #[schemars(with = "Vec<GroupId>")]
    pub exempt_groups: Vec<String>,
}

impl Default for Mexico {
    fn default() -> Self {
        Self {
            transfers: true,
            journey_interception: 0.0,
            attempt_interception: 0.0,
            appointment_holder_factor: 1.0,
            give_up_share: 0.0,
            taken_to: Region::South,
            exempt_groups: Vec::new(),
        }
    }
}

/// Outcome shares of an encounter at a port; they sum to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PortOutcome {
    /// Paroled, or given a notice to appear.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    pub paroled: f64,
    /// Repatriated.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    pub repatriated: f64,
    /// Transferred to detention or care.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    pub transferred: f64,
}

impl Default for PortOutcome {
    fn default() -> Self {
        Self {
            paroled: 1.0,
            repatriated: 0.0,
            transferred: 0.0,
        }
    }
}
