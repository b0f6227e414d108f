//! Every policy that can be in force, by day and by the set of triggers that are on.

use crate::scenario::change::{Until, When};
use crate::scenario::policy::Policy;

/// The policies of a run: what is in force on a day, given which triggers are on.
///
/// All combinations are resolved and checked when the file is read, so that no simulated day can meet a wrong value.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// Ids of the triggers; bit `i` of a mask means that trigger `i` is on. At most [`Timeline::MAX_TRIGGERS`].
    pub triggers: Vec<String>,
    /// Stretches of days between events, in order. The first is what is in force before day 0, and on it where no event is of that day.
    pub epochs: Vec<Epoch>,
}

/// A stretch of days between two events.
#[derive(Debug, Clone, PartialEq)]
pub struct Epoch {
    /// First day of the stretch (day 0 is the first simulated day, warm-up included; also of what is in force before it).
    pub first_day: u32,
    /// Policy in force by mask of triggers on: `policies[mask]`, 2^triggers of them.
    pub policies: Vec<Policy>,
    /// The rule of each trigger during the stretch.
    pub rules: Vec<TriggerRule>,
}

/// A trigger in days of the run.
#[derive(Debug, Clone, PartialEq)]
pub struct TriggerRule {
    /// First day on which it may be on.
    pub from_day: u32,
    /// Last day on which it may be on.
    pub to_day: u32,
    /// On on its first day, whatever the state.
    pub initially: bool,
    /// When it goes on.
    pub when: When,
    /// When it goes off.
    pub until: Option<Until>,
}

impl Timeline {
    /// Most triggers that a scenario can have: every combination of them is resolved beforehand.
    pub const MAX_TRIGGERS: usize = 6;

    /// Every policy that was resolved: of each stretch, under each combination of triggers.
    pub fn policies(&self) -> impl Iterator<Item = &Policy> + Clone {
        self.epochs.iter().flat_map(|epoch| &epoch.policies)
    }

    /// Index of the stretch that holds a day.
    #[must_use]
    pub fn epoch_on(&self, day: u32) -> usize {
        self.epochs.partition_point(|epoch| epoch.first_day <= day) - 1
    }
}
