//! `[world]`: what policy cannot change. Demand (its groups are in `group`), behaviour, travel, service times, the state at the start.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::group::Group;
use super::values::{Delay, Family, Limit};

/// What policy cannot change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct World {
    /// Demand streams with common attributes, by id.
    pub groups: BTreeMap<String, Group>,
    /// What if more or fewer people come than the groups' own arrivals say.
    pub demand: Demand,
    /// Share of the slots already booked on the dates that the first round no longer offers (before start + lead time).
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    pub initial_bookings: f64,
    /// How parties behave on the app.
    pub app: AppBehaviour,
    /// What all groups share in deciding.
    pub behaviour: Behaviour,
    /// Journeys between the regions.
    pub travel: Travel,
    /// Crossing between ports.
    pub irregular: Irregular,
    /// Service at the ports.
    pub service: Service,
}

impl Default for World {
    fn default() -> Self {
        Self {
            groups: BTreeMap::new(),
            demand: Demand::default(),
            initial_bookings: 1.0,
            app: AppBehaviour::default(),
            behaviour: Behaviour::default(),
            travel: Travel::default(),
            irregular: Irregular::default(),
            service: Service::default(),
        }
    }
}

/// A factor on arrivals: more or fewer people than the groups' own arrivals say. Who has come before, and waits or has an appointment at
/// the start, is as without it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Demand {
    /// Factor on the arrivals of each day.
    #[schemars(range(min = 0.0, max = 100.0), extend("unit" = "ratio"))]
    pub factor: f64,
    /// First day on which it acts. Absent: from the start.
    #[schemars(with = "Option<String>", extend("format" = "date", "unit" = "date"))]
    pub from: Option<Date>,
    /// Last day on which it acts. Absent: to the end.
    #[schemars(with = "Option<String>", extend("format" = "date", "unit" = "date"))]
    pub to: Option<Date>,
    /// Groups on whose arrivals it acts, by id. Empty: on those of all.
    pub groups: Vec<String>,
}

impl Default for Demand {
    fn default() -> Self {
        Self {
            factor: 1.0,
            from: None,
            to: None,
            groups: Vec::new(),
        }
    }
}

impl Demand {
    /// The factor on the arrivals of a group on a day; 1 where it does not act.
    #[must_use]
    pub fn on(&self, group: &str, date: Date) -> f64 {
        let is_of_group = self.groups.is_empty() || self.groups.iter().any(|id| id == group);
        let is_in_time =
            self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to);
        if is_of_group && is_in_time {
            self.factor
        } else {
            1.0
        }
    }
}

/// How parties behave on the app.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AppBehaviour {
    /// Classes of regularity: parties differ in how regularly they request; the shares sum to 1.
    #[schemars(length(min = 1, max = 8))]
    pub regularity: Vec<Regularity>,
    /// Probability that a winner confirms its slot in time.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "probability"))]
    pub confirmation_probability: f64,
    /// Probability that a party in reach of its port does not present itself at its slot.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "probability"))]
    pub no_show_probability: f64,
    /// Share of the no-shows that decide again; the others leave. Who then chooses the app keeps the day of its first registration, and so is
    /// among the first where slots go by registration; it is not counted as a registration again.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    pub no_show_return_share: f64,
}

impl Default for AppBehaviour {
    fn default() -> Self {
        Self {
            regularity: vec![Regularity {
                share: 1.0,
                request_probability: 1.0,
            }],
            confirmation_probability: 1.0,
            no_show_probability: 0.0,
            no_show_return_share: 0.0,
        }
    }
}

/// One class of regularity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Regularity {
    /// Share of the registrations in this class.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    pub share: f64,
    /// Probability that a member requests in a given round; 0.03 is a party that is dormant for weeks.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "probability"))]
    pub request_probability: f64,
}

/// What all groups share in deciding.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Behaviour {
    /// Mean of the exponential clock at whose ring a party in the pool, or waiting outside the app, decides again. \[days\]
    #[schemars(extend("unit" = "days", "exclusiveMinimum" = 0))]
    pub reconsideration_mean_days: Limit,
    /// Mean of the exponential patience after which a pool member leaves the app: it decides once more, and from then
    /// on neither uses the app nor waits for it. \[days\]
    #[schemars(extend("unit" = "days", "exclusiveMinimum" = 0))]
    pub patience_mean_days: Limit,
    /// Exponential smoothing time of the share not released that a group sees; at the first instant as if the policy until then had long been in
    /// force, unless `consequence_capacity_per_day` is limited. \[days\]
    #[schemars(range(min = 0.1, max = 3650.0), extend("unit" = "days"))]
    pub outcome_memory_days: f64,
    /// Exponential smoothing time of the slots served a day, from which the wait is expected: those issued, up to the slots of a date.
    /// Days whose round opens no date or finds nobody waiting are passed over. It begins with the slots in force when the app opens, or has slots
    /// again; a closure forgets it, and so does a time without slots, in which people expect to wait for years. \[days\]
    #[schemars(range(min = 0.1, max = 3650.0), extend("unit" = "days"))]
    pub wait_memory_days: f64,
    /// Delay until a party decides again when the app closes to it, or its appointment is cancelled: on the way to it, from the end of
    /// the journey under way.
    pub shutdown_response: Delay,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            reconsideration_mean_days: Limit::UNLIMITED,
            patience_mean_days: Limit::UNLIMITED,
            outcome_memory_days: 30.0,
            wait_memory_days: 7.0,
            shutdown_response: Delay::default(),
        }
    }
}

/// Journeys between the regions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Travel {
    /// From outside Mexico to southern Mexico.
    pub outside_to_south: Delay,
    /// From southern Mexico to the north.
    pub south_to_north: Delay,
    /// Share of the journeys that a winner who is far from the ports allows for: it takes the earliest free date before which so many
    /// would have arrived, and the latest where all are nearer. Those whose journey takes longer miss it. From outside, it allows so
    /// much for each of the two parts of the way.
    #[schemars(range(min = 0.0, max = 0.999), extend("unit" = "share"))]
    pub in_time_share: f64,
}

impl Default for Travel {
    fn default() -> Self {
        Self {
            outside_to_south: Delay::default(),
            south_to_north: Delay::default(),
            in_time_share: 0.9,
        }
    }
}

/// Crossing between ports.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Irregular {
    /// Time from the choice to the attempt.
    pub preparation: Delay,
    /// Share of the removed that decides again.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    pub repeat_after_removal_share: f64,
    /// Time until a removed party decides again.
    pub repeat_after_removal: Delay,
    /// Share of the returned to Mexico that decides again.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    pub repeat_after_return_share: f64,
    /// Time until a returned party decides again.
    pub repeat_after_return: Delay,
}

impl Default for Irregular {
    fn default() -> Self {
        Self {
            preparation: Delay::default(),
            repeat_after_removal_share: 0.0,
            repeat_after_removal: Delay::exponential(30.0),
            repeat_after_return_share: 0.0,
            repeat_after_return: Delay::exponential(7.0),
        }
    }
}

/// Service of a party by one officer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Service {
    /// Family of the distribution.
    pub family: Family,
    /// Mean for a party of one. \[minutes\]
    #[schemars(range(min = 0.01, max = 100_000.0), extend("unit" = "minutes"))]
    pub mean_minutes: f64,
    /// Coefficient of variation; read by `lognormal` only.
    #[schemars(range(min = 0.0, max = 10.0), extend("unit" = "ratio"))]
    pub cv: f64,
    /// Added to the mean for each further member. \[minutes\]
    #[schemars(range(min = 0.0, max = 100_000.0), extend("unit" = "minutes"))]
    pub further_member_minutes: f64,
    /// Factor on the service time of a party that registered on the app beforehand.
    #[schemars(range(min = 0.0, max = 10.0), extend("unit" = "ratio"))]
    pub preregistered_factor: f64,
}

impl Default for Service {
    fn default() -> Self {
        Self {
            family: Family::Lognormal,
            mean_minutes: 45.0,
            cv: 0.6,
            further_member_minutes: 0.0,
            preregistered_factor: 1.0,
        }
    }
}
