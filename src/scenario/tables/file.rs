//! The whole of a scenario file, as its author writes it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calibrate::CalibrateTable;
use super::change::{Event, Trigger};
use super::futures::Uncertain;
use super::observed::ObservedTable;
use super::policy::Policy;
use super::run::Run;
use super::world::World;
use crate::scenario::schema::rule::Names;

/// A portflow scenario: the world, the policy, and how long to simulate them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ScenarioFile {
    /// Version of the format of scenario files.
    #[schemars(range(min = 1, max = 1), extend("unit" = "version"))]
    pub format: u32,
    /// What the scenario is about.
    pub title: String,
    /// Scenario file from which everything not written here is inherited; relative to this file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    /// Which days are simulated and how often.
    pub run: Run,
    /// What policy cannot change: demand, behaviour, travel, service.
    pub world: World,
    /// The levers, with their values at the start.
    pub policy: Policy,
    /// Dated changes of levers.
    pub event: Vec<Event>,
    /// Changes of levers that the simulated state switches on and off.
    pub trigger: Vec<Trigger>,
    /// What uncertain numbers may be, by full key path; a plain run takes the numbers themselves.
    #[schemars(extend("keys" = Names::UncertainKey))]
    pub futures: BTreeMap<String, Uncertain>,
    /// Which numbers are fitted to published months, with what was thought of them before; a plain run takes the numbers themselves.
    pub calibrate: Option<CalibrateTable>,
    /// Published monthly counts, shown beside the results.
    pub observed: Option<ObservedTable>,
    /// Where numbers come from, by full key path.
    #[schemars(extend("keys" = Names::KeyPath))]
    pub sources: BTreeMap<String, String>,
}

impl Default for ScenarioFile {
    fn default() -> Self {
        Self {
            format: 1,
            title: String::new(),
            extends: None,
            run: Run::default(),
            world: World::default(),
            policy: Policy::default(),
            event: Vec::new(),
            trigger: Vec::new(),
            futures: BTreeMap::new(),
            calibrate: None,
            observed: None,
            sources: BTreeMap::new(),
        }
    }
}
