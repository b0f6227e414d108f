//! The files of `scenarios/theory` against their formulas.
//!
//! Every mean must lie within a 99.9% Student interval over the replications of the file, with the seed of the file, and the
//! half-width of that interval is at most 2% of the formula. A right program fails one such comparison in a thousand, for a
//! fixed seed once and for all: a failure here is a change of the model.

mod allocation;
mod calibration;
mod coverage;
mod queues;
mod reference;
mod warmup;

use portflow::model::simulate;
use portflow::record::Recorder;
use portflow::scenario::Scenario;
use portflow::stats::{ConfidenceInterval, Level, Moments};

use crate::tools::{self, waits};

fn load(name: &str, set: &[(&str, &str)]) -> Scenario {
    let path = tools::shipped(&format!("theory/{name}.toml"));
    tools::load(&path, set).scenario
}

/// The records of all replications of a scenario.
fn records(scenario: &Scenario) -> impl Iterator<Item = Recorder> + '_ {
    let run = &scenario.run;
    (0..run.replications).map(|replication| simulate(scenario, run.seed, replication).unwrap())
}

/// Asserts that a formula lies within the interval of the replications' values, and that the interval is narrow enough to mean
/// something.
fn assert_within(what: &str, values: &[f64], formula: f64) {
    let level: Level = "0.999".parse().unwrap();
    let moments: Moments = values.iter().copied().collect();
    let interval = ConfidenceInterval::of_mean(&moments, level).unwrap();
    let (lower, upper) = (interval.lower, interval.upper);
    assert!(
        interval.half_width() <= 0.02 * formula,
        "{what}: half-width {} of {formula}",
        interval.half_width()
    );
    assert!(
        (lower..=upper).contains(&formula),
        "{what}: {formula} is not in {lower}..{upper}"
    );
}

/// Parties by number of rounds until they won: those who won in their `k`-th round at index `k - 1`.
///
/// Rounds are at midnight, so that the first takes less than a day and each further one exactly a day.
fn by_rounds(record: &Recorder) -> Vec<u32> {
    let waits = waits(record);
    (waits.counts().chunks(24))
        .map(|day| day.iter().sum())
        .collect()
}
