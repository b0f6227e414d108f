//! Whether a scenario can come to a steady state.

use crate::scenario::Scenario;

impl Scenario {
    /// Whether nothing changes over the run but by chance: no events, no triggers, as many arrivals expected on every day.
    #[must_use]
    pub fn is_steady(&self) -> bool {
        let is_constant = |rates: &Vec<f64>| {
            let mut pairs = rates.iter().zip(rates.iter().skip(1));
            pairs.all(|(one, next)| one.to_bits() == next.to_bits())
        };
        self.timeline.epochs.len() == 1
            && self.timeline.triggers.is_empty()
            && self.arrival_rates.iter().all(is_constant)
    }
}
