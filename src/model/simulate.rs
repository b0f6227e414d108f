//! One replication from its first instant to its last.

use crate::engine::agenda::Agenda;
use crate::engine::random::Streams;
use crate::record::Recorder;
use crate::scenario::Scenario;

use super::border::Border;
use super::error::ModelError;
use super::setting::Setting;

/// What a replication had to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// Events handled; an arrival is none.
    pub events: u64,
    /// The most parties kept at once: those alive, and those who come within a day.
    pub parties: usize,
}

/// Simulates one replication of a scenario and gives its record.
///
/// The same scenario, seed and replication give the same record, bit for bit, on every machine.
///
/// # Errors
///
/// [`ModelError`]: the ledger does not balance at a midnight, which would be a fault of portflow; or the scenario sends somebody round in
/// circles for so long that luck would come again.
pub fn simulate(scenario: &Scenario, seed: u64, replication: u32) -> Result<Recorder, ModelError> {
    simulate_with_work(scenario, seed, replication).map(|(record, _)| record)
}

/// Simulates one replication of a scenario, and says what it had to do.
///
/// # Errors
///
/// As [`simulate`].
pub fn simulate_with_work(
    scenario: &Scenario,
    seed: u64,
    replication: u32,
) -> Result<(Recorder, Work), ModelError> {
    let setting = Setting::new(scenario);
    let streams = Streams::new(seed, u64::from(replication));
    let mut border = Border::new(&setting, streams);
    let mut agenda = Agenda::new();
    border.begin(&mut agenda);
    agenda.run_until(&mut border, setting.end);
    let work = Work {
        events: agenda.handled(),
        parties: border.most_parties(),
    };
    Ok((border.finish(scenario.calendar.days() - 1)?, work))
}
