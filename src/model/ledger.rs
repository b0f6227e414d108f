//! Conservation: persons arrived = persons in each state + persons left by each exit, at every instant.

use strum::{IntoStaticStr, VariantArray};

use super::party::State;

/// How a party leaves the simulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "snake_case", prefix = "left_")]
#[repr(u8)]
pub(crate) enum Exit {
    /// Processed at a port.
    #[strum(serialize = "processed_at_port")]
    Processed,
    /// Released after an irregular encounter.
    Released,
    /// Removed after an irregular encounter, for good.
    Removed,
    /// Returned to Mexico after an irregular encounter, for good.
    Returned,
    /// Crossed without an encounter.
    Gotaway,
    /// Did not come to its appointment and left.
    #[strum(serialize = "after_no_show")]
    NoShow,
    /// Took a lawful alternative.
    #[strum(serialize = "by_lawful_alternative")]
    LawfulAlternative,
    /// Gave up.
    #[strum(serialize = "given_up")]
    GaveUp,
}

impl Exit {
    pub(crate) const ALL: &'static [Self] = Self::VARIANTS;

    /// The word used in the ledger.
    pub(crate) fn name(self) -> &'static str {
        self.into()
    }
}

/// The accounts, in persons.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ledger {
    arrived: u64,
    states: [u64; State::ALL.len()],
    exits: [u64; Exit::ALL.len()],
}

impl Ledger {
    /// Persons come in, in a state.
    pub(crate) fn arrive(&mut self, state: State, persons: u8) {
        self.arrived += u64::from(persons);
        self.states[state as usize] += u64::from(persons);
    }

    /// Persons go from one state to another.
    pub(crate) fn transfer(&mut self, from: State, to: State, persons: u8) {
        self.states[from as usize] -= u64::from(persons);
        self.states[to as usize] += u64::from(persons);
    }

    /// Persons leave.
    pub(crate) fn leave(&mut self, from: State, exit: Exit, persons: u8) {
        self.states[from as usize] -= u64::from(persons);
        self.exits[exit as usize] += u64::from(persons);
    }

    /// A fault, for tests: forgets that persons came.
    #[cfg(test)]
    pub(crate) fn lose_arrivals(&mut self, persons: u64) {
        self.arrived -= persons;
    }

    /// Persons in a state.
    pub(crate) fn in_state(&self, state: State) -> u64 {
        self.states[state as usize]
    }

    /// Every account with its persons: what came in, the states, the exits.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        std::iter::once(("arrived", self.arrived))
            .chain((State::ALL.iter()).map(|&state| (state.name(), self.in_state(state))))
            .chain((Exit::ALL.iter()).map(|&exit| (exit.name(), self.exits[exit as usize])))
    }

    /// Persons missing (positive) or too many (negative): arrived less states less exits.
    pub(crate) fn imbalance(&self) -> i64 {
        let accounted: u64 = self.states.iter().chain(&self.exits).sum();
        self.arrived.cast_signed() - accounted.cast_signed()
    }

    /// The first state whose account differs from the persons counted in each, with both figures.
    pub(crate) fn differs_from(
        &self,
        counted: &[u64; State::ALL.len()],
    ) -> Option<(State, u64, u64)> {
        State::ALL
            .iter()
            .map(|&state| (state, self.in_state(state), counted[state as usize]))
            .find(|(_, account, counted)| account != counted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_in_no_account_are_missing_and_those_in_two_too_many() {
        let mut ledger = Ledger::default();
        ledger.arrive(State::Deciding, 5);
        ledger.transfer(State::Deciding, State::Pool, 3);
        ledger.leave(State::Pool, Exit::GaveUp, 2);
        assert_eq!(ledger.imbalance(), 0);
        ledger.states[State::Pool as usize] -= 1;
        assert_eq!(ledger.imbalance(), 1);
        ledger.exits[Exit::GaveUp as usize] += 3;
        assert_eq!(ledger.imbalance(), -2);
    }
}
