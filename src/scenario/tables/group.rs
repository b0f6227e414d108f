//! `[world.groups.ID]`: a demand stream. Who arrives, when, in which parties, and how they choose.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::month::Month;
use crate::scenario::schema::ranges::{Factor, Odds, PersonsPerDay};
use crate::scenario::schema::rule::Names;

/// A demand stream: who arrives, in what number, and how they choose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Group {
    /// What it is called in full, for readers of the file: results name the id.
    pub label: String,
    /// Persons arriving per day.
    pub arrivals: Arrivals,
    /// Odds of each party size, by number of persons; what a file gives replaces all that is inherited.
    #[schemars(with = "BTreeMap<String, Odds>", extend("unit" = "odds", "keys" = Names::PartySize))]
    pub party_size: BTreeMap<String, f64>,
    /// Shares of the arrivals that enter in each region; they sum to 1.
    pub entry: Entry,
    /// Weights of the channels in a decision, before sensitivities act.
    pub weights: Weights,
    /// How strongly what a party sees moves its odds.
    pub sensitivity: Sensitivity,
    /// Odds of liking each port best, by port id; ports not named have odds 1, and one of odds 0 is chosen where no other can be.
    #[schemars(with = "BTreeMap<String, Odds>", extend("unit" = "odds", "keys" = Names::Port))]
    pub port_preference: BTreeMap<String, f64>,
    /// Registered and waiting at the first instant, by region.
    pub initial_pool: InitialPool,
}

impl Default for Group {
    fn default() -> Self {
        Self {
            label: String::new(),
            arrivals: Arrivals::default(),
            party_size: BTreeMap::from([("1".to_owned(), 1.0)]),
            entry: Entry::default(),
            weights: Weights::default(),
            sensitivity: Sensitivity::default(),
            port_preference: BTreeMap::new(),
            initial_pool: InitialPool::default(),
        }
    }
}

/// Arrivals of a group: the sum of a constant, a monthly table, slowly changing levels and a driver, times its profiles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Arrivals {
    /// Poisson arrivals, or a fixed number a day evenly spaced.
    pub process: ArrivalProcess,
    /// Constant part. \[persons per day\]
    #[schemars(range(min = 0.0, max = 1_000_000.0), extend("unit" = "persons per day"))]
    pub per_day: f64,
    /// Persons per day in each month named, by `YYYY-MM`; months not named add nothing.
    #[schemars(with = "BTreeMap<String, PersonsPerDay>", extend("unit" = "persons per day", "keys" = Names::Month))]
    pub monthly_per_day: BTreeMap<Month, f64>,
    /// Dated levels, log-linear between dates and constant outside them.
    #[schemars(extend("examples" = [[{ "date": "2024-01-01", "per_day": 500 }, { "date": "2024-06-01", "per_day": 800 }]]))]
    pub levels: Vec<Level>,
    /// A column of a CSV of monthly counts.
    pub driver: Option<Driver>,
    /// Factors for Monday to Sunday; their mean is made 1. Empty: no profile.
    #[schemars(with = "Vec<Factor>", extend("unit" = "ratio"))]
    pub day_of_week: Vec<f64>,
    /// Factors for January to December; their mean is made 1. Empty: no profile.
    #[schemars(with = "Vec<Factor>", extend("unit" = "ratio"))]
    pub season: Vec<f64>,
    /// Coefficient of variation of the random factor on the daily rate; 0 is pure Poisson.
    #[schemars(range(min = 0.0, max = 5.0), extend("unit" = "ratio"))]
    pub overdispersion_cv: f64,
    /// Consecutive days that share one random factor. \[days\]
    #[schemars(range(min = 1, max = 366), extend("unit" = "days"))]
    pub overdispersion_days: u32,
}

impl Default for Arrivals {
    fn default() -> Self {
        Self {
            process: ArrivalProcess::Poisson,
            per_day: 0.0,
            monthly_per_day: BTreeMap::new(),
            levels: Vec::new(),
            driver: None,
            day_of_week: Vec::new(),
            season: Vec::new(),
            overdispersion_cv: 0.0,
            overdispersion_days: 1,
        }
    }
}

/// How arrivals fall in a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ArrivalProcess {
    /// Inhomogeneous Poisson: random times, random numbers.
    Poisson,
    /// The daily number of parties, evenly spaced: whole ones, what is over being carried on to the next day.
    Fixed,
}

/// A level from a date on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Date of the level.
    #[schemars(with = "String", extend("format" = "date", "unit" = "date"))]
    pub date: Date,
    /// Persons per day on that date. \[persons per day\]
    #[schemars(range(min = 0.001, max = 1_000_000.0), extend("unit" = "persons per day"))]
    pub per_day: f64,
}

/// Arrivals that follow a published monthly count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Driver {
    /// CSV with a `month` column (`YYYY-MM`), relative to the file that names it.
    #[schemars(extend("format" = "path"))]
    pub file: String,
    /// Column of counts. \[persons per month\]
    pub column: String,
    /// Arrivals per person counted.
    #[schemars(range(min = 0.0, max = 1000.0), extend("unit" = "ratio"))]
    pub scale: f64,
    /// Days from the count to the arrival; between whole days the two nearest are mixed in proportion. \[days\]
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 366.0), extend("unit" = "days"))]
    pub lag_days: f64,
    /// From this date of counting on, the driver is held at the mean daily count of the months from `hold_from`'s to the one before this
    /// date's; both or neither.
    #[serde(default)]
    #[schemars(with = "Option<String>", extend("format" = "date", "unit" = "date"))]
    pub hold_after: Option<Date>,
    /// A day of the first month whose mean is held.
    #[serde(default)]
    #[schemars(with = "Option<String>", extend("format" = "date", "unit" = "date"))]
    pub hold_from: Option<Date>,
}

/// Shares of a group's arrivals by entry region; they sum to 1, a region not named has none. Without the table all enter in the north.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Outside Mexico.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    pub outside: f64,
    /// Southern Mexico.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    pub south: f64,
    /// Central and northern Mexico.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    pub north: f64,
}

impl Default for Entry {
    fn default() -> Self {
        Self {
            outside: 0.0,
            south: 0.0,
            north: 1.0,
        }
    }
}

/// Weights of the channels in a decision: odds before sensitivities act.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Weights {
    /// Register on the app, or stay registered.
    #[schemars(range(min = 0.0, max = 1e6), extend("unit" = "odds"))]
    pub app: f64,
    /// Cross between ports.
    #[schemars(range(min = 0.0, max = 1e6), extend("unit" = "odds"))]
    pub irregular: f64,
    /// Present at a port without an appointment.
    #[schemars(range(min = 0.0, max = 1e6), extend("unit" = "odds"))]
    pub walk_up: f64,
    /// Wait outside the app and decide again later.
    #[schemars(range(min = 0.0, max = 1e6), extend("unit" = "odds"))]
    pub wait: f64,
    /// Give up and leave.
    #[schemars(range(min = 0.0, max = 1e6), extend("unit" = "odds"))]
    pub give_up: f64,
}

impl Weights {
    /// All of them.
    #[must_use]
    pub fn all(self) -> [f64; 5] {
        let Self {
            app,
            irregular,
            walk_up,
            wait,
            give_up,
        } = self;
        [app, irregular, walk_up, wait, give_up]
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            app: 1.0,
            irregular: 0.0,
            walk_up: 0.0,
            wait: 0.0,
            give_up: 0.0,
        }
    }
}

/// How strongly what a party sees moves its odds: `weight × exp(-sensitivity × what it sees)`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Sensitivity {
    /// Of the app to each month (30 days) of expected wait: pool over the slots served of late.
    #[schemars(range(min = 0.0, max = 100.0), extend("unit" = "log odds per month"))]
    pub app_per_month_of_wait: f64,
    /// Of crossing to the share of the group's recent encounters that was not released.
    #[schemars(range(min = 0.0, max = 100.0), extend("unit" = "log odds"))]
    pub irregular_to_share_not_released: f64,
    /// Of crossing to the deterrence in force (`policy.crossing.deterrence`); 1 is the common step.
    #[schemars(range(min = 0.0, max = 100.0), extend("unit" = "ratio"))]
    pub irregular_to_deterrence: f64,
    /// Of walking up to each day's length of the walk-up lines (persons in line over persons admitted a day).
    #[schemars(range(min = 0.0, max = 100.0), extend("unit" = "log odds per day"))]
    pub walk_up_per_day_of_line: f64,
}

impl Default for Sensitivity {
    fn default() -> Self {
        Self {
            app_per_month_of_wait: 0.0,
            irregular_to_share_not_released: 0.0,
            irregular_to_deterrence: 1.0,
            walk_up_per_day_of_line: 0.0,
        }
    }
}

/// Registered and waiting at the first instant, by region.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct InitialPool {
    /// Waiting in southern Mexico. \[persons\]
    #[schemars(range(min = 0.0, max = 10_000_000.0), extend("unit" = "persons"))]
    pub south_persons: f64,
    /// Waiting in central and northern Mexico. \[persons\]
    #[schemars(range(min = 0.0, max = 10_000_000.0), extend("unit" = "persons"))]
    pub north_persons: f64,
    /// Mean of the exponential distribution of time since registration, before it is cut off at `max_age_days`: the mean age is lower. \[days\]
    #[schemars(range(min = 0.0, max = 3650.0), extend("unit" = "days"))]
    pub mean_age_days: f64,
    /// No registration is older than this. \[days\]
    #[schemars(range(min = 0.0, max = 3650.0), extend("unit" = "days"))]
    pub max_age_days: f64,
}

impl InitialPool {
    /// All who wait. \[persons\]
    #[must_use]
    pub fn persons(&self) -> f64 {
        self.south_persons + self.north_persons
    }
}
