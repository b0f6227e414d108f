//! What parties see when they decide: the expected wait, recent outcomes, the deterrence in force, the lines at ports.
//!
//! Everything here changes once a day, at midnight, so that the odds of a day are worked out once for each group.

use crate::scenario::Scenario;
use crate::scenario::world::Behaviour;

use super::decide::{Channel, Odds};
use super::levers::Levers;
use super::today::Today;

/// Longest wait that anybody expects: where nothing is issued the quotient has no bound. \[days\]
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
    deterrence: f64,
    /// Slots served a day, smoothed over the memory of waits: those issued, up to the places of a date, since a round that opens several dates
    /// serves nobody faster. It sinks while none are issued, so that for a while after the app opens again, or after days on which fewer asked
    /// than there were slots, waits seem longer than they are. \[persons per day\]
    slots_served: f64,
    groups: Vec<Outcomes>,
}

/// Smoothed outcomes of a group's encounters.
#[derive(Debug, Clone, Copy)]
struct Outcomes {
    encounters: f64,
    not_released: f64,
}

impl Perception {
    /// What is remembered at the first instant: the levers as they stand, long in force.
    pub(crate) fn new(scenario: &Scenario, levers: &Levers) -> Self {
        let places: u32 = levers.places.iter().sum();
        let groups = levers
            .outcome
            .iter()
            .map(|outcome| Outcomes {
                encounters: 1.0,
                not_released: 1.0 - outcome.released,
            })
            .collect();
        Self {
            odds: vec![[Odds::default(); Channel::ALL.len()]; scenario.groups.len()],
            deterrence: levers.deterrence,
            slots_served: f64::from(places),
            groups,
        }
    }

    /// Takes in a day that ends, and the levers that were in force on it.
    pub(crate) fn end_day(&mut self, behaviour: &Behaviour, levers: &Levers, today: &Today) {
        let served = today.issued.min(levers.places.iter().sum());
        self.slots_served +=
            (f64::from(served) - self.slots_served) * approach(behaviour.wait_memory_days);
        let kept = 1.0 - approach(behaviour.outcome_memory_days);
        for (outcomes, &(encounters, not_released)) in self.groups.iter_mut().zip(&today.encounters)
        {
            outcomes.encounters = outcomes.encounters * kept + f64::from(encounters);
            outcomes.not_released = outcomes.not_released * kept + f64::from(not_released);
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
        pool: u32,
        line_days: f64,
    ) {
        self.deterrence += (levers.deterrence - self.deterrence) * approach(levers.response_days);
        self.update_odds(scenario, pool, line_days);
    }

    fn update_odds(&mut self, scenario: &Scenario, pool: u32, line_days: f64) {
        let wait_days = if pool == 0 {
            0.0
        } else {
            (f64::from(pool) / self.slots_served.max(f64::MIN_POSITIVE)).min(LONGEST_EXPECTED_WAIT)
        };
        for (index, id) in scenario.groups.iter().enumerate() {
            let group = &scenario.world.groups[id];
            let (weights, sensitivity) = (&group.weights, &group.sensitivity);
            let outcomes = self.groups[index];
            let not_released = if outcomes.encounters > 0.0 {
                outcomes.not_released / outcomes.encounters
            } else {
                0.0
            };
            let aversion = sensitivity.irregular_to_share_not_released * not_released
                + sensitivity.irregular_to_deterrence * self.deterrence;
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

/// The part of the way to a new value that is gone in a day, with a time constant. \[days\]
fn approach(days: f64) -> f64 {
    if days > 0.0 {
        1.0 - libm::exp(-1.0 / days)
    } else {
        1.0
    }
}
