//! Whether a scenario can come to a steady state.

use crate::scenario::Scenario;

impl Scenario {
    /// Whether nothing changes over the run but by chance: no events, no triggers, as many arrivals expected on every day, and no day on
    /// which a port is closed while it is open on others.
    #[must_use]
    pub fn is_steady(&self) -> bool {
        let is_constant = |rates: &Vec<f64>| {
            let mut pairs = rates.iter().zip(rates.iter().skip(1));
            pairs.all(|(one, next)| one.to_bits() == next.to_bits())
        };
        self.timeline.epochs.len() == 1
            && self.timeline.triggers.is_empty()
            && self.arrival_rates.iter().all(is_constant)
            && !self.has_closed_days()
    }

    /// Whether an open port is closed on some days of the run, warm-up included, as everybody knows in advance.
    fn has_closed_days(&self) -> bool {
        let days = 0..i64::from(self.calendar.days());
        let ports = self
            .timeline
            .policies()
            .flat_map(|policy| policy.ports.values());
        ports.filter(|port| port.open).any(|port| {
            let mut dates = port.closed_dates.iter();
            !port.closed_weekdays.is_empty()
                || dates.any(|&date| days.contains(&self.calendar.day(date)))
        })
    }
}
