//! A scenario at a point, and what one replication of it comes to: a sweep and a calibration differ in their points alone.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::watched::Watched;
use crate::experiment::tasks::guarded;
use crate::model;
use crate::record::{Detail, Layout, Observations};
use crate::scenario::Scenario;

/// A scenario at a point, with what is kept of a replication.
pub(in crate::experiment) struct Ready {
    scenario: Scenario,
    layout: Layout,
    /// The figures in its layout.
    positions: Vec<usize>,
    /// What is watched beside them.
    watched: Vec<Watched>,
}

impl Ready {
    /// A scenario of which the figures of these names are kept, and after them what is watched; why one of the figures is not observed.
    pub(in crate::experiment) fn of<'n>(
        scenario: Scenario,
        figures: impl Iterator<Item = &'n str>,
        watched: &[Watched],
    ) -> Result<Self, String> {
        let layout = Layout::of(&scenario, Detail::Summary);
        let position = |name: &str| {
            let key = layout.select(name).map_err(|error| error.to_string())?;
            let position = layout.position(key);
            position.ok_or_else(|| format!("`{name}` is not observed"))
        };
        let positions = figures.map(position).collect::<Result<_, _>>()?;
        Ok(Self {
            scenario,
            layout,
            positions,
            watched: watched.to_vec(),
        })
    }
}

/// What a replication of a point came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum PointOutcome {
    /// The values of the figures, then those of what is watched.
    Done(Observations),
    /// The scenario cannot be run with the values of the point, for this reason.
    Refused(String),
    /// The simulation went wrong, for this reason.
    Failed(String),
}

impl PointOutcome {
    /// Whether there are values, each of which may be missing, of so many figures and what is watched, where there are any.
    #[must_use]
    pub fn is_of(&self, kept: usize) -> bool {
        match self {
            Self::Done(observed) => observed.values.len() == kept,
            Self::Refused(_) | Self::Failed(_) => true,
        }
    }
}

/// What a replication at a point comes to. The scenario is loaded where `slot` does not have it yet.
pub(in crate::experiment) fn simulated(
    slot: &OnceLock<Result<Ready, String>>,
    load: impl FnOnce() -> Result<Ready, String>,
    seed: u64,
    replication: u32,
) -> PointOutcome {
    let mut is_refused = false;
    let work = || {
        let ready = slot.get_or_init(load).as_ref();
        let ready = ready.map_err(|reason| {
            is_refused = true;
            reason.clone()
        })?;
        let record = model::simulate(&ready.scenario, seed, replication);
        let observed = ready
            .layout
            .observe(&record.map_err(|error| error.to_string())?);
        let layout = &ready.layout;
        let figures = (ready.positions.iter()).map(|&position| observed.values[position]);
        let value = |key| observed.values[layout.position(key)?];
        let watched = (ready.watched.iter()).map(|one| one.value(layout, value));
        Ok::<_, String>(Observations {
            values: figures.chain(watched).collect(),
            ledger: Vec::new(),
        })
    };
    match guarded(work) {
        Ok(figures) => PointOutcome::Done(figures),
        Err(reason) if is_refused => PointOutcome::Refused(reason),
        Err(reason) => PointOutcome::Failed(reason),
    }
}
