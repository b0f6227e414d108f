//! Runs the replications of an experiment.

use std::fmt::Display;
use std::io;
use std::num::{NonZeroU32, NonZeroUsize};
use std::ops::ControlFlow;

use super::results::Results;
use super::tasks::{Outcome, Tasks, guarded};
use crate::record::{Layout, Recorder};
use crate::stats::Level;

/// How often to replicate, on how many threads, and how sure to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Seed of every random number; it names a failing replication.
    pub seed: u64,
    /// Replications 0, 1, … below this number.
    pub replications: NonZeroU32,
    /// Replications at a time; it shows in no result.
    pub threads: NonZeroUsize,
    /// Confidence level of the intervals.
    pub level: Level,
}

/// Runs `simulate` for every replication of the plan and gathers what they observed, without a journal.
///
/// `finished` hears of each replication, in their order: it may write its observations.
///
/// # Errors
/// The first error of `finished`; no further replication is begun then.
pub fn run<E: Display>(
    plan: &Plan,
    layout: &Layout,
    simulate: impl Fn(u32) -> Result<Recorder, E> + Sync,
    mut finished: impl FnMut(&Layout, u32, &Outcome) -> io::Result<()>,
) -> io::Result<Results> {
    let tasks = Tasks {
        range: 0..plan.replications.get(),
        threads: plan.threads,
        stopped: &|| false,
        journal: None,
    };
    let mut results = Results::new(layout.clone(), plan.level);
    tasks.perform(
        |replication| guarded(|| simulate(replication).map(|record| layout.observe(&record))),
        |replication, outcome: Outcome| {
            finished(layout, replication, &outcome)?;
            results.take(plan.seed, replication, outcome);
            Ok(ControlFlow::Continue(()))
        },
    )?;
    Ok(results)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Key, Metric, example};

    fn plan(replications: u32, threads: usize) -> Plan {
        Plan {
            seed: 7,
            replications: NonZeroU32::new(replications).unwrap(),
            threads: NonZeroUsize::new(threads).unwrap(),
            level: Level::USUAL,
        }
    }

    fn results(plan: &Plan, simulate: impl Fn(u32) -> Result<Recorder, String> + Sync) -> Results {
        run(plan, &example::layout(), simulate, |_, _, _| Ok(())).unwrap()
    }

    #[test]
    fn results_are_the_same_on_any_number_of_threads() {
        let on = |threads| results(&plan(7, threads), |luck| Ok(example::record(luck * luck)));
        let alone = on(1);
        assert_eq!(alone.replications(), 7);
        for threads in [2, 3] {
            assert_eq!(on(threads), alone);
        }
    }

    #[test]
    fn replications_are_told_in_their_order() {
        let mut told = Vec::new();
        run(
            &plan(9, 3),
            &example::layout(),
            |luck| Ok::<_, String>(example::record(luck)),
            |_, replication, outcome| {
                told.push((replication, outcome.is_ok()));
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(told, (0..9).map(|i| (i, true)).collect::<Vec<_>>());
    }

    #[test]
    fn a_failing_replication_is_named_and_the_others_go_on() {
        let results = results(&plan(5, 2), |replication| match replication {
            1 => Err("the ledger does not balance on day 12".to_owned()),
            3 => panic!("slot taken twice"),
            luck => Ok(example::record(luck)),
        });
        assert_eq!(results.replications(), 3);
        let named: Vec<String> = results.failures().iter().map(ToString::to_string).collect();
        assert_eq!(
            named,
            [
                "replication 1 of seed 7 failed: the ledger does not balance on day 12",
                "replication 3 of seed 7 failed: panicked: slot taken twice",
            ]
        );
        let ports = results.estimate(Key::of_month(1, Metric::PortEncounters));
        assert_eq!(ports.map(|ports| (ports.mean, ports.n)), Some((3360.0, 3)));
    }

    #[test]
    fn an_error_of_the_listener_ends_the_experiment() {
        let ended = run(
            &plan(100, 2),
            &example::layout(),
            |luck| Ok::<_, String>(example::record(luck)),
            |_, replication, _| {
                if replication == 2 {
                    Err(io::Error::other("disk full"))
                } else {
                    Ok(())
                }
            },
        );
        assert_eq!(ended.unwrap_err().to_string(), "disk full");
    }

    #[test]
    fn a_missing_value_is_in_no_mean() {
        let results = results(&plan(2, 1), |luck| Ok(example::record(luck)));
        assert_eq!(
            results.estimate(Key::of_month(0, Metric::WaitDaysMean)),
            None
        );
    }

    #[test]
    fn the_crossover_is_the_first_month_in_which_the_means_cross() {
        // Luck 0 to 3: 110 to 113 a day at ports against 100 between them in November, 90 in October.
        let results = results(&plan(4, 2), |luck| Ok(example::record(luck)));
        let crossover = results.crossover().unwrap();
        assert_eq!(crossover.month, 1);
        assert!((crossover.share_of_replications() - 1.0).abs() < f64::EPSILON);
        assert!((crossover.share_first() - 1.0).abs() < f64::EPSILON);
    }
}
