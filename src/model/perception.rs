//! What parties see when they decide: the expected wait, recent outcomes, the deterrence in force, the lines at ports.
//!
//! Everything here changes once a day, at midnight, so that the odds of a day are worked out once for each group.

use crate::scenario::Scenario;
use crate::scenario::world::Behaviour;

use super::decide::{Channel, Odds};
use super::levers::Levers;
use super::today::Today;

/// Longest wait that anybody expects: of an app without slots, and where hardly anything is issued, so that the quotient has no bound. \[days\]
const LONGEST_EXPECTED_WAIT: f64 = 3650.0;

/// Where nobody is met for long, what is remembered stays what it was: both its sums are multiplied, by a power of two, before they are too
/// small for a float, and still count for nothing beside the next encounter.
const FADED: f64 = 1e-250;
const BRIGHTENED: f64 = (1_u128 << 100) as f64;

/// What is seen on a day.
#[derive(Debug)]
pub(crate) struct Perception {
    /// Odds of the channels by group, each at the number of its channel.
    pub(crate) odds: Vec<[Odds; Channel::ALL.len()]>,
    /// Deterrence as it is felt as the day begins; what is felt over the day is the mean of the way to where the lever stands.
    deterrence: f64,
    /// Slots served a day, smoothed over the memory of waits: the part issued of the places of the date that the round opened, at most all of them,
    /// since a round that opens several dates serves nobody faster; times the places of a mean day of the week, as ports may be closed on some. The
    /// pool over them is the mean wait by Little's law, where slots are short and where members seldom ask. A day whose round
    /// [says nothing](Today::places_opened) of service is passed over. `None` while the app is closed or without slots; those that come are
    /// expected to be served. \[persons per day\]
    slots_served: Option<f64>,
    groups: Vec<Outcomes>,
    /// Weight of the time before the first instant in what is remembered of outcomes.
    before: f64,
}

/// What is remembered of a group's encounters.
#[derive(Debug, Clone, Copy)]
struct Outcomes {
    /// Share not released before the first instant.
    not_released_before: f64,
    /// Smoothed persons since.
    encounters: f64,
    not_released: f64,
}

impl Outcomes {
    /// The share not released, the time before the first instant having a weight.
    fn share_not_released(self, before: f64) -> f64 {
        if self.encounters > 0.0 {
            let since = self.not_released / self.encounters;
            before * self.not_released_before + (1.0 - before) * since
        } else {
            self.not_released_before
        }
    }
}

impl Perception {
    /// What is remembered at the first instant: the levers as they stand, long in force. Where the capacity for consequences is limited they do
    /// not say what became of people, and only what is simulated counts.
    pub(crate) fn new(scenario: &Scenario, levers: &Levers) -> Self {
        let groups = levers
            .outcome
            .iter()
            .map(|outcome| Outcomes {
                not_released_before: 1.0 - outcome.released,
                encounters: 0.0,
                not_released: 0.0,
            })
            .collect();
        Self {
            odds: vec![[Odds::default(); Channel::ALL.len()]; scenario.groups.len()],
            deterrence: levers.deterrence,
            slots_served: expected_service(levers, 0),
            groups,
            before: if levers.consequence_capacity.is_finite() {
                0.0
            } else {
                1.0
            },
        }
    }

    /// Takes in a day that ends, and the levers that were in force on it.
    pub(crate) fn end_day(
        &mut self,
        behaviour: &Behaviour,
        levers: &Levers,
        day: u32,
        today: &Today,
    ) {
        if let (Some(slots_served), Some(expected)) =
            (&mut self.slots_served, expected_service(levers, day))
            && today.places_opened > 0
        {
            let issued = f64::from(today.issued.min(today.places_opened));
            let served = issued * (expected / f64::from(today.places_opened));
            *slots_served = served + (*slots_served - served) * kept(behaviour.wait_memory_days);
        }
        let kept = kept(behaviour.outcome_memory_days);
        self.before *= kept;
        for (outcomes, of_today) in self.groups.iter_mut().zip(&today.encounters) {
            outcomes.encounters = outcomes.encounters * kept + f64::from(of_today.all);
            outcomes.not_released = outcomes.not_released * kept + f64::from(of_today.not_released);
            if outcomes.encounters < FADED {
                outcomes.encounters *= BRIGHTENED;
                outcomes.not_released *= BRIGHTENED;
            }
        }
    }

    /// Works out the odds of a day that begins, by its levers, the persons in the pool and the days of line at the ports: persons in line over
    /// persons admitted a day.
    pub(crate) fn begin_day(
        &mut self,
        scenario: &Scenario,
        levers: &Levers,
        day: u32,
        pool: u32,
        line_days: f64,
    ) {
        let before_response = self.deterrence - levers.deterrence;
        let deterrence = levers.deterrence + before_response * mean_kept(levers.response_days);
        self.deterrence = levers.deterrence + before_response * kept(levers.response_days);
        self.slots_served =
            expected_service(levers, day).map(|expected| self.slots_served.unwrap_or(expected));
        let wait_days = match self.slots_served {
            Some(served) if served > 0.0 => (f64::from(pool) / served).min(LONGEST_EXPECTED_WAIT),
            _ if levers.app_open => LONGEST_EXPECTED_WAIT,
            _ => 0.0,
        };
        for (index, id) in scenario.groups.iter().enumerate() {
            let group = &scenario.world.groups[id];
            let (weights, sensitivity) = (&group.weights, &group.sensitivity);
            let not_released = self.groups[index].share_not_released(self.before);
            let aversion = sensitivity.irregular_to_share_not_released * not_released
                + sensitivity.irregular_to_deterrence * deterrence;
            let waiting = sensitivity.app_per_month_of_wait * wait_days / 30.0;
            let lining_up = sensitivity.walk_up_per_day_of_line * line_days;
            self.odds[index] = Channel::ALL.map(|channel| {
                let (weight, utility) = match channel {
                    Channel::Irregular => (weights.irregular, -aversion),
                    Channel::WalkUp => (weights.walk_up, -lining_up),
                    Channel::App => (weights.app, -waiting),
                    Channel::Wait => (weights.wait, 0.0),
                    Channel::GiveUp => (weights.give_up, 0.0),
                };
                Odds { weight, utility }
            });
        }
    }
}

/// The slots that an app serves a day, as far as its levers say of the week from a day on; `None` where it is closed or has none.
/// \[persons per day\]
fn expected_service(levers: &Levers, day: u32) -> Option<f64> {
    let places = levers.places_a_day(day);
    (levers.app_open && places > 0.0).then_some(places)
}

/// What is kept of a difference after a day, with a time constant. \[days\]
fn kept(days: f64) -> f64 {
    if days > 0.0 {
        libm::exp(-1.0 / days)
    } else {
        0.0
    }
}

/// What is kept of a difference in the mean of a day, with a time constant. \[days\]
fn mean_kept(days: f64) -> f64 {
    if days > 0.0 {
        -days * libm::expm1(-1.0 / days)
    } else {
        0.0
    }
}
