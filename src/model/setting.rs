//! What stays as it is during a replication: the scenario, in the shapes that events need.

use crate::engine::time::{Span, Time};
use crate::scenario::Scenario;
use crate::scenario::group::Group;
use crate::scenario::values::{Delay, Region};
use crate::scenario::world::{Travel, World};

use super::appointment::Clock;
use super::arrivals::PartySizes;
use super::draws::Duration;
use super::identity;
use super::levers::Levers;

/// A scenario prepared for its replications, to which it is common.
pub(crate) struct Setting<'a> {
    pub(super) scenario: &'a Scenario,
    /// Levers by epoch and mask of triggers.
    pub(super) levers: Vec<Vec<Levers>>,
    groups: Vec<GroupSetting<'a>>,
    /// Key of each port in the draws of who likes it.
    pub(super) port_keys: Vec<u64>,
    /// Codes of the ports in the identity of those booked there at the start.
    pub(super) port_codes: Vec<u16>,
    pub(super) end: Time,
    /// Request probability by class of regularity.
    pub(super) request_probability: Vec<f64>,
    /// Sum of the shares of each class of regularity and those before it.
    pub(super) regularity_ends: Vec<f64>,
    /// What a winner allows for the journey to a port, by region.
    pub(super) allowed_for_journey: [Span; Region::ALL.len()],
    /// Clock of pool members.
    pub(super) pool_clock: Clock,
    /// Clock of parties that wait outside the app.
    pub(super) waiting_clock: Clock,
    pub(super) durations: Durations,
}

/// What stays as it is of a group.
pub(crate) struct GroupSetting<'a> {
    pub(super) world: &'a Group,
    /// Code in the identity of its parties.
    pub(super) code: u16,
    /// Expected persons that arrive, by day.
    pub(super) arrival_rates: &'a [f64],
    pub(super) sizes: PartySizes,
    pub(super) port_odds: PortOdds,
    /// The greatest probability of being intercepted on a journey under any policy of the run.
    pub(super) greatest_interception: f64,
}

/// A group's odds of liking each port best.
pub(crate) enum PortOdds {
    /// All ports alike.
    Equal,
    /// By index of the port.
    ByPort(Vec<f64>),
}

/// How long things take.
pub(crate) struct Durations {
    pub(super) outside_to_south: Duration,
    pub(super) south_to_north: Duration,
    pub(super) preparation: Duration,
    pub(super) after_removal: Duration,
    pub(super) after_return: Duration,
    pub(super) response: Duration,
    /// Of a party of one that is not registered beforehand.
    pub(super) service: Duration,
}

impl<'a> Setting<'a> {
    /// Prepares a scenario.
    pub(crate) fn new(scenario: &'a Scenario) -> Self {
        let world = &scenario.world;
        let regularity = &world.app.regularity;
        let running_sum = |sum: &mut f64, share: f64| {
            *sum += share;
            Some(*sum)
        };
        let reconsidering = world.behaviour.reconsideration_mean_days.bound();
        let losing_patience = world.behaviour.patience_mean_days.bound();
        let levers = Levers::of_timeline(scenario);
        Self {
            groups: groups(scenario, &levers),
            levers,
            port_keys: (scenario.ports.iter())
                .map(|id| identity::key_of(id))
                .collect(),
            port_codes: identity::codes(&scenario.ports),
            end: Time::from_day(scenario.calendar.days()),
            request_probability: (regularity.iter())
                .map(|class| class.request_probability)
                .collect(),
            regularity_ends: (regularity.iter().map(|class| class.share))
                .scan(0.0, running_sum)
                .collect(),
            allowed_for_journey: allowed_for_journey(&world.travel),
            pool_clock: Clock::new(reconsidering, losing_patience),
            waiting_clock: Clock::new(reconsidering, None),
            durations: Durations::new(world),
            scenario,
        }
    }

    /// What stays as it is of a group.
    #[inline]
    pub(super) fn group(&self, group: u8) -> &GroupSetting<'a> {
        &self.groups[usize::from(group)]
    }

    /// All groups with their indices, in the order of the scenario.
    pub(super) fn groups(&self) -> impl ExactSizeIterator<Item = (u8, &GroupSetting<'a>)> {
        self.groups
            .iter()
            .enumerate()
            .map(|(index, group)| (index as u8, group))
    }
}

fn groups<'a>(scenario: &'a Scenario, levers: &[Vec<Levers>]) -> Vec<GroupSetting<'a>> {
    let codes = identity::codes(&scenario.groups);
    let group = |(index, (id, code)): (usize, (&String, u16))| {
        let world = &scenario.world.groups[id];
        GroupSetting {
            world,
            code,
            arrival_rates: &scenario.arrival_rates[index],
            sizes: PartySizes::new(world),
            port_odds: PortOdds::new(world, &scenario.ports),
            greatest_interception: greatest_interception(levers, index),
        }
    };
    (scenario.groups.iter().zip(codes))
        .enumerate()
        .map(group)
        .collect()
}

impl PortOdds {
    fn new(group: &Group, ports: &[String]) -> Self {
        // One of odds 0 is liked less than any other, and among such chance tells.
        const LEAST: f64 = 1e-300;
        let odds = |port| {
            let odds = group.port_preference.get(port).copied();
            odds.unwrap_or(1.0).max(LEAST)
        };
        let odds: Vec<f64> = ports.iter().map(odds).collect();
        if odds
            .windows(2)
            .all(|pair| pair[0].total_cmp(&pair[1]).is_eq())
        {
            Self::Equal
        } else {
            Self::ByPort(odds)
        }
    }
}

impl Durations {
    fn new(world: &World) -> Self {
        let (travel, irregular, service) = (&world.travel, &world.irregular, &world.service);
        Self {
            outside_to_south: travel.outside_to_south.into(),
            south_to_north: travel.south_to_north.into(),
            preparation: irregular.preparation.into(),
            after_removal: irregular.repeat_after_removal.into(),
            after_return: irregular.repeat_after_return.into(),
            response: world.behaviour.shutdown_response.into(),
            service: Duration::new(
                service.family,
                Span::from_minutes(service.mean_minutes),
                service.cv,
            ),
        }
    }
}

/// The greatest probability that a party of a group is intercepted on a journey, under any policy.
fn greatest_interception(levers: &[Vec<Levers>], group: usize) -> f64 {
    let of_policies = levers.iter().flatten().map(|it| &it.interception[group]);
    of_policies
        .map(|it| it.journey.max(it.to_appointment))
        .fold(0.0, f64::max)
}

/// What a winner allows for the journey to a port, from each region: from outside, for each of its two parts.
fn allowed_for_journey(travel: &Travel) -> [Span; Region::ALL.len()] {
    let allowed = |journey: Delay| Span::from_days(journey.quantile(travel.in_time_share));
    let from_south = allowed(travel.south_to_north);
    Region::ALL.map(|region| match region {
        Region::Outside => allowed(travel.outside_to_south) + from_south,
        Region::South => from_south,
        Region::North => Span::ZERO,
    })
}
