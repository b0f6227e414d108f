//! Policies prepared for the run: ids become indices, shares become whole persons, times of day become spans.

use jiff::civil::Time as TimeOfDay;

use crate::engine::time::{Span, Time};
use crate::scenario::policy::{Booked, Closing, CrossingOutcome, Policy, Port, PortOutcome};
use crate::scenario::values::{Limit, Region, Weekday};
use crate::scenario::{Calendar, Scenario};
use crate::stats::apportion;

/// The levers in force on a day.
#[derive(Debug, Clone)]
pub(crate) struct Levers {
    pub(crate) app_open: bool,
    /// The nearest region from which a group may use the app, on the way from a region to the north: `app_region[group][region]`.
    pub(super) app_region: Vec<[Option<Region>; Region::ALL.len()]>,
    pub(crate) booked: Booked,
    /// Places issued for each port and date, overbooking included. \[persons\]
    pub(crate) places: Vec<u32>,
    pub(crate) random_share: f64,
    pub(crate) lead_days: u32,
    pub(crate) round_time: Span,
    pub(crate) request_factor: f64,
    pub(crate) confirmation_required: bool,
    pub(crate) ports: Vec<PortLevers>,
    /// Whether any port takes walk-ups.
    pub(crate) walk_ups_open: bool,
    pub(crate) line_limit_days: f64,
    pub(crate) apprehension: f64,
    /// Outcome shares by group.
    pub(crate) outcome: Vec<CrossingOutcome>,
    pub(crate) deterrence: f64,
    pub(crate) response_days: f64,
    /// Encounters a day to which the outcome shares are applied. \[persons\]
    pub(crate) consequence_capacity: f64,
    /// Mexican enforcement by group.
    pub(crate) interception: Vec<Interception>,
    pub(crate) interception_give_up: f64,
    pub(crate) taken_to: Region,
    pub(crate) port_outcome: PortOutcome,
    /// Share taking a lawful alternative, by group.
    pub(crate) alternative: Vec<f64>,
}

/// Probabilities of being intercepted in Mexico.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Interception {
    /// On the journey north.
    pub(crate) journey: f64,
    /// On the journey north to an appointment.
    pub(crate) to_appointment: f64,
    /// On the way to a crossing attempt.
    pub(crate) attempt: f64,
}

/// The levers of one port.
#[derive(Debug, Clone)]
pub(crate) struct PortLevers {
    pub(crate) open: bool,
    pub(crate) opens: Span,
    /// Closing time; after midnight it is later than a day.
    pub(crate) closes: Span,
    pub(crate) closures: Closures,
    pub(crate) appointment_times: Vec<Span>,
    /// Officers from each time of day on, in order.
    pub(crate) shifts: Vec<(Span, u32)>,
    pub(crate) closing: Closing,
    /// Walk-ups admitted a day. \[persons\]
    pub(crate) walk_up_cap: u32,
}

impl Levers {
    /// Prepares every policy of a scenario: by epoch and mask of triggers.
    pub(crate) fn of_timeline(scenario: &Scenario) -> Vec<Vec<Self>> {
        let epochs = scenario.timeline.epochs.iter();
        let prepare = |policy| Self::new(scenario, policy);
        epochs
            .map(|epoch| epoch.policies.iter().map(prepare).collect())
            .collect()
    }

    /// Prepares a policy.
    pub(crate) fn new(scenario: &Scenario, policy: &Policy) -> Self {
        let app = &policy.app;
        let groups = &scenario.groups;
        let ports: Vec<&Port> = scenario.ports.iter().map(|id| &policy.ports[id]).collect();
        let app_region = groups
            .iter()
            .map(|group| {
                let may_use = app.regions_of(group);
                let open = |region: &Region| app.open && may_use.contains(region);
                Region::ALL.map(|here| {
                    let mut on_the_way = Region::ALL.into_iter().filter(|&region| region >= here);
                    on_the_way.find(open)
                })
            })
            .collect();
        let caps = walk_up_caps(policy.walk_up.per_day, &ports);
        let ports: Vec<PortLevers> = ports
            .iter()
            .zip(caps)
            .map(|(port, walk_up_cap)| PortLevers::new(port, walk_up_cap, &scenario.calendar))
            .collect();
        Self {
            app_open: app.open,
            app_region,
            booked: app.booked,
            places: policy.slots_by_port(),
            random_share: app.random_share,
            lead_days: app.lead_time_days,
            round_time: since_midnight(app.round_time),
            request_factor: app.request_factor,
            confirmation_required: app.confirmation_required,
            walk_ups_open: ports.iter().any(PortLevers::takes_walk_ups),
            ports,
            line_limit_days: policy.walk_up.line_limit_days,
            apprehension: policy.crossing.apprehension_probability,
            outcome: groups
                .iter()
                .map(|group| {
                    let crossing = &policy.crossing;
                    *crossing
                        .group_outcome
                        .get(group)
                        .unwrap_or(&crossing.outcome)
                })
                .collect(),
            deterrence: policy.crossing.deterrence,
            response_days: policy.crossing.response_days,
            consequence_capacity: policy
                .crossing
                .consequence_capacity_per_day
                .bound()
                .unwrap_or(f64::INFINITY),
            interception: groups
                .iter()
                .map(|group| Interception::new(policy, group))
                .collect(),
            interception_give_up: policy.mexico.give_up_share,
            taken_to: policy.mexico.taken_to,
            port_outcome: policy.port_outcome,
            alternative: groups
                .iter()
                .map(|group| {
                    let share = policy.lawful_alternative_share.get(group);
                    share.copied().unwrap_or(0.0)
                })
                .collect(),
        }
    }

    /// Places of a port on a date: none where it is known to be closed. \[persons\]
    pub(crate) fn places_on(&self, date: u32, port: u8) -> u32 {
        let port = usize::from(port);
        if self.ports[port].closures.contain(date.into()) {
            0
        } else {
            self.places[port]
        }
    }

    /// Places of all ports on a date. \[persons\]
    pub(crate) fn places_of_date(&self, date: u32) -> u32 {
        (0..self.ports.len() as u8)
            .map(|port| self.places_on(date, port))
            .sum()
    }

    /// The mean over a week from a day on. \[persons per day\]
    pub(crate) fn places_a_day(&self, day: u32) -> f64 {
        let week = day..day + 7;
        week.map(|date| f64::from(self.places_of_date(date)))
            .sum::<f64>()
            / 7.0
    }

    /// Whether a group may use the app from a region.
    pub(crate) fn may_use_app(&self, group: u8, region: Region) -> bool {
        self.app_region(group, region) == Some(region)
    }

    /// The nearest region from which a group may use the app, on the way from `here` to the north.
    pub(crate) fn app_region(&self, group: u8, here: Region) -> Option<Region> {
        self.app_region[usize::from(group)][here as usize]
    }
}

impl Interception {
    fn new(policy: &Policy, group: &String) -> Self {
        let mexico = &policy.mexico;
        if !mexico.transfers || mexico.exempt_groups.contains(group) {
            return Self {
                journey: 0.0,
                to_appointment: 0.0,
                attempt: 0.0,
            };
        }
        Self {
            journey: mexico.journey_interception,
            to_appointment: (mexico.journey_interception * mexico.appointment_holder_factor)
                .min(1.0),
            attempt: mexico.attempt_interception,
        }
    }
}

impl PortLevers {
    /// Whether the day's cap lets a walk-up party in, after so many persons; one larger than the whole cap takes a day of its own.
    pub(crate) fn admits(&self, admitted_today: u32, persons: u32) -> bool {
        admitted_today + persons <= self.walk_up_cap
            || (admitted_today == 0 && self.walk_up_cap > 0)
    }

    fn new(port: &Port, walk_up_cap: u32, calendar: &Calendar) -> Self {
        let opens = since_midnight(port.opens);
        let closes = since_midnight(port.closes);
        Self {
            open: port.open,
            opens,
            closes: if closes <= opens {
                closes + Span::DAY
            } else {
                closes
            },
            closures: Closures::new(port, calendar),
            appointment_times: port
                .appointment_times
                .iter()
                .map(|&time| since_midnight(time))
                .collect(),
            shifts: if port.shifts.is_empty() {
                vec![(Span::ZERO, port.officers)]
            } else {
                port.shifts
                    .iter()
                    .map(|shift| (since_midnight(shift.from), shift.officers))
                    .collect()
            },
            closing: port.closing,
            walk_up_cap,
        }
    }

    /// Whether the port admits anybody without an appointment.
    pub(crate) fn takes_walk_ups(&self) -> bool {
        self.open && self.walk_up_cap > 0
    }

    /// Whether the port takes who has an appointment on a day.
    pub(crate) fn is_open_on(&self, day: u32) -> bool {
        self.open && !self.closures.contain(day.into())
    }

    /// Whether the port lets people in.
    pub(crate) fn lets_in_at(&self, now: Time) -> bool {
        let (day, time) = (i64::from(now.day()), now.time_of_day());
        let inside = |time: Span| self.opens <= time && time < self.closes;
        let since = |day, time| inside(time) && !self.closures.contain(day);
        self.open && (since(day, time) || since(day - 1, time + Span::DAY))
    }

    /// When the port next opens, closures known in advance included.
    pub(crate) fn next_opening(&self, now: Time) -> Time {
        let openings = (now.day()..)
            .filter(|&day| !self.closures.contain(day.into()))
            .map(|day| Time::from_day(day) + self.opens);
        let mut to_come = openings.filter(|&opening| opening > now);
        to_come
            .next()
            .expect("of the days of the week, one at least is open")
    }

    /// Officers that the schedule puts on duty at a time of day.
    pub(crate) fn officers_at(&self, time: Span) -> u32 {
        let started = self.shifts.iter().rev().find(|(from, _)| *from <= time);
        // Before the first shift of the day, the last one of the day before is on duty.
        let (_, officers) = started.or(self.shifts.last()).copied().unwrap_or_default();
        officers
    }
}

/// Days on which a port is closed, as everybody knows in advance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Closures {
    /// Days of the week, by the day of the run modulo 7.
    weekdays: [bool; 7],
    /// Other days, ascending, counted from the first of the run.
    days: Vec<i64>,
}

impl Closures {
    fn new(port: &Port, calendar: &Calendar) -> Self {
        let is_closed = |day| {
            port.closed_weekdays
                .contains(&Weekday::of(calendar.date(day)))
        };
        let dates = port.closed_dates.iter();
        let mut days: Vec<i64> = dates.map(|&date| calendar.day(date)).collect();
        days.sort_unstable();
        Self {
            weekdays: [0, 1, 2, 3, 4, 5, 6].map(is_closed),
            days,
        }
    }

    /// Days before the first are negative: a port that is open past midnight is on the first day as it was the evening before.
    fn contain(&self, day: i64) -> bool {
        self.weekdays[day.rem_euclid(7) as usize] || self.days.binary_search(&day).is_ok()
    }
}

/// Walk-ups admitted a day by port.
fn walk_up_caps(per_day: Limit, ports: &[&Port]) -> Vec<u32> {
    match per_day.bound() {
        None => vec![u32::MAX; ports.len()],
        Some(total) => {
            let weights: Vec<f64> = ports.iter().map(|port| port.walk_ups_per_day).collect();
            apportion(total.round() as u32, &weights)
        }
    }
}

/// A time of day as the span since midnight.
pub(crate) fn since_midnight(time: TimeOfDay) -> Span {
    let seconds =
        i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
    Span::SECOND * seconds as u64
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::scenario::run::Run;

    use super::*;

    /// Open from eight in the evening to four in the morning, but for Saturdays; the first day is a Monday.
    #[test]
    fn a_day_of_a_port_lasts_to_its_closing_after_midnight() {
        let run = Run {
            start: date(2024, 1, 1),
            end: date(2024, 1, 31),
            ..Run::default()
        };
        let port = Port {
            opens: TimeOfDay::constant(20, 0, 0, 0),
            closes: TimeOfDay::constant(4, 0, 0, 0),
            closed_weekdays: vec![Weekday::Saturday],
            closed_dates: vec![date(2024, 1, 9), date(2023, 12, 31)],
            ..Port::default()
        };
        let levers = PortLevers::new(&port, 10, &Calendar::new(&run));
        let at = |day: u32, hour: u64| Time::from_day(day) + Span::HOUR * hour;
        for (day, hour, open) in [
            (0, 3, false),
            (0, 21, true),
            (4, 21, true),
            (5, 3, true),
            (5, 21, false),
            (6, 3, false),
            (6, 21, true),
            (8, 21, false),
            (9, 3, false),
            (9, 21, true),
        ] {
            assert_eq!(levers.lets_in_at(at(day, hour)), open, "{day} {hour}");
        }
        assert_eq!(levers.next_opening(at(5, 12)), at(6, 20));
        assert_eq!(levers.next_opening(at(7, 12)), at(7, 20));
        assert_eq!(levers.next_opening(at(8, 12)), at(9, 20));
    }
}
