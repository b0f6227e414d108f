//! Whether a scenario can come to a steady state.

use crate::scenario::Scenario;
use crate::scenario::policy::Port;

/// Days after which a world that nothing else changes is expected to be the same again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cycle {
    /// Every day is like every other.
    Day,
    /// Days of the week differ: ports are closed on some, or more people set out.
    Week,
}

impl Cycle {
    /// Its length. \[days\]
    #[must_use]
    pub const fn days(self) -> usize {
        match self {
            Self::Day => 1,
            Self::Week => 7,
        }
    }
}

impl Scenario {
    /// The cycle of a run over which nothing changes but by chance and the day of the week: no events, no triggers, as many arrivals expected in
    /// every cycle, and no date on which a port is closed while it is open on others. `None` where something else changes.
    #[must_use]
    pub fn steady_cycle(&self) -> Option<Cycle> {
        let is_constant = self.timeline.epochs.len() == 1
            && self.timeline.triggers.is_empty()
            && !self.has_closed_dates();
        let cycle = if self.has_closed_weekdays() || !self.has_arrivals_by(Cycle::Day) {
            Cycle::Week
        } else {
            Cycle::Day
        };
        (is_constant && self.has_arrivals_by(cycle)).then_some(cycle)
    }

    /// Whether as many are expected to set out in every cycle.
    fn has_arrivals_by(&self, cycle: Cycle) -> bool {
        self.arrival_rates.iter().all(|rates| {
            let mut pairs = rates.iter().zip(rates.iter().skip(cycle.days()));
            pairs.all(|(one, next)| one.to_bits() == next.to_bits())
        })
    }

    fn has_closed_weekdays(&self) -> bool {
        let mut ports = self.open_ports();
        ports.any(|port| !port.closed_weekdays.is_empty())
    }

    /// Whether an open port is closed on some date of the run, warm-up included, as everybody knows in advance.
    fn has_closed_dates(&self) -> bool {
        let days = 0..i64::from(self.calendar.days());
        let mut dates = self.open_ports().flat_map(|port| &port.closed_dates);
        dates.any(|&date| days.contains(&self.calendar.day(date)))
    }

    fn open_ports(&self) -> impl Iterator<Item = &Port> {
        let policies = self.timeline.policies();
        let ports = policies.flat_map(|policy| policy.ports.values());
        ports.filter(|port| port.open)
    }
}
