//! Points times replications: the scenarios of an experiment at every point, replicated on the same people or, for draws of a distribution, each on its own.

use std::sync::Arc;

use super::layout::{SweepLayout, Task};
use super::ready::{self, PointOutcome, Ready};
use super::recent::Recent;
use crate::experiment::futures;
use crate::experiment::{FailedPoint, Failure};
use crate::scenario::{Loaded, Override};

/// Scenarios at every point of a design, ready to run.
pub struct Sweep {
    layout: Arc<SweepLayout>,
    scenarios: Vec<Loaded>,
    source: futures::Source,
    recent: Recent<Task, Result<Ready, String>>,
}

impl Sweep {
    /// Nothing has been run yet. Where uncertain numbers are drawn, a replication is run in its [future](SweepLayout::future), at every
    /// point.
    ///
    /// # Panics
    /// Unless there is a scenario for each name in the layout, and the source draws keys of the layout only.
    #[must_use]
    pub fn new(layout: SweepLayout, scenarios: Vec<Loaded>, source: futures::Source) -> Self {
        assert_eq!(layout.scenarios.len(), scenarios.len());
        assert!(source.keys().iter().all(|key| layout.drawn.contains(key)));
        Self {
            layout: Arc::new(layout),
            scenarios,
            source,
            recent: Recent::default(),
        }
    }

    /// What its results are of.
    #[must_use]
    pub fn layout(&self) -> &Arc<SweepLayout> {
        &self.layout
    }

    /// The scenarios with their names.
    pub fn scenarios(&self) -> impl ExactSizeIterator<Item = (&str, &Loaded)> {
        let names = self.layout.scenarios.iter().map(String::as_str);
        names.zip(&self.scenarios)
    }

    /// Does a task.
    pub fn perform(&self, number: u32) -> PointOutcome {
        let task = self.layout.task(number);
        let slot = self.recent.slot(self.same_for_replications(task));
        let load = || self.load(task);
        let replication = self.layout.simulated(task.point, task.replication);
        ready::simulated(&slot, load, self.layout.seed, replication)
    }

    /// Why a task failed, and what reproduces it; a point that is refused is one failure, not one for each replication.
    #[must_use]
    pub fn failure(&self, number: u32, outcome: &PointOutcome) -> Option<Failure> {
        let task = self.layout.task(number);
        let is_first = task == self.same_for_replications(task);
        let (reason, is_refused) = match outcome {
            PointOutcome::Done(_) => return None,
            PointOutcome::Refused(_) if !is_first => return None,
            PointOutcome::Refused(reason) => (reason, true),
            PointOutcome::Failed(reason) => (reason, false),
        };
        let loaded = &self.scenarios[task.scenario as usize];
        let (values, seed) = (self.overrides(task), self.layout.seed);
        let replication = self.layout.simulated(task.point, task.replication);
        Some(Failure {
            seed,
            replication,
            reason: reason.clone(),
            at: Some(FailedPoint {
                point: task.point,
                future: (!self.layout.drawn.is_empty())
                    .then(|| self.layout.future(task.replication)),
                is_refused,
            }),
            command: futures::command(loaded, &values, seed, replication),
        })
    }

    /// The scenario with the values of the point, and of the future where there is one.
    fn load(&self, task: Task) -> Result<Ready, String> {
        let loaded = &self.scenarios[task.scenario as usize];
        let scenario = futures::load(loaded, &self.overrides(task))?.scenario;
        let figures = self.layout.figures.iter();
        let names = figures.map(|figure| figure.name.as_str());
        Ready::of(scenario, names, &self.layout.watched)
    }

    fn overrides(&self, task: Task) -> Vec<Override> {
        let mut overrides = self.layout.points.overrides(task.point);
        let future = self.layout.future(task.replication);
        overrides.extend(self.source.overrides(future));
        overrides
    }

    /// Where the values of futures come from.
    #[must_use]
    pub fn source(&self) -> &futures::Source {
        &self.source
    }

    /// What replications with the same scenario have in common.
    fn same_for_replications(&self, task: Task) -> Task {
        let replication = if self.layout.drawn.is_empty() {
            0
        } else {
            self.layout.future(task.replication) * self.layout.per_future
        };
        Task {
            replication,
            ..task
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::experiment::Points;
    use crate::experiment::points::layout::figures;
    use crate::scenario;
    use crate::stats::Level;

    fn sweep(values: &[&str]) -> Sweep {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/theory/lottery.toml");
        let short = [("run.end", "2024-01-10"), ("run.warmup_days", "0")];
        let short = short.map(|(key, value)| Override::new(key, value));
        let loaded = scenario::load(&file, &short).unwrap();
        let values = values.iter().map(|&value| vec![value.to_owned()]);
        let scenarios = vec![loaded];
        let layout = SweepLayout {
            points: Points::new(
                vec!["policy.app.slots_per_day".to_owned()],
                values.collect(),
            ),
            scenarios: vec!["lottery".to_owned()],
            figures: figures(&["appointments_issued".to_owned()], &scenarios).unwrap(),
            watched: Vec::new(),
            drawn: Vec::new(),
            replications: 2,
            is_common: true,
            per_future: 1,
            seed: 5,
            level: Level::USUAL,
        };
        Sweep::new(layout, scenarios, futures::Source::default())
    }

    #[test]
    fn a_point_is_run_with_its_values() {
        let sweep = sweep(&["40", "80"]);
        let issued = |task| match sweep.perform(task) {
            PointOutcome::Done(observed) => observed.values,
            other => panic!("{other:?}"),
        };
        // The lottery has a slot for 100 persons a day; ten days. In any order of the tasks.
        let issued = [3, 0, 2, 1].map(|task| issued(task)[0].unwrap().to_string());
        assert_eq!(issued, ["800", "400", "800", "400"]);
    }

    #[test]
    fn points_have_the_same_luck_or_each_its_own() {
        let common = sweep(&["40", "40"]);
        let mut layout = SweepLayout::clone(common.layout());
        layout.figures = figures(&["wait_days_mean".to_owned()], &common.scenarios).unwrap();
        let waits = |layout: SweepLayout| {
            let source = futures::Source::default();
            let sweep = Sweep::new(layout, common.scenarios.clone(), source);
            (0..4)
                .map(|task| match sweep.perform(task) {
                    PointOutcome::Done(observed) => observed.values[0].unwrap().to_string(),
                    other => panic!("{other:?}"),
                })
                .collect::<Vec<_>>()
        };
        let of_each = SweepLayout {
            is_common: false,
            ..layout.clone()
        };
        let key = vec!["policy.app.slots_per_day".to_owned()];
        // The second point of two replications has the third and the fourth of what one point of four has.
        let of_one = SweepLayout {
            points: Points::new(key, vec![vec!["40".to_owned()]]),
            replications: 4,
            ..layout.clone()
        };
        let (common, own) = (waits(layout), waits(of_each));
        assert_eq!(common[..2], common[2..]);
        assert_eq!(own, waits(of_one));
        assert_ne!(own[..2], own[2..]);
    }

    #[test]
    fn a_refused_point_is_told_once_with_the_command_that_reproduces_it() {
        let sweep = sweep(&["-1", "80"]);
        let refused = sweep.perform(0);
        assert!(matches!(refused, PointOutcome::Refused(_)), "{refused:?}");
        let told = sweep.failure(0, &refused).unwrap().to_string();
        assert!(
            told.starts_with("point 0 failed: `policy.app.slots_per_day` is -1"),
            "{told}"
        );
        let command = "lottery.toml --set run.end=2024-01-10 --set run.warmup_days=0 --set policy.app.slots_per_day=-1 --seed 5 --replication 0`";
        assert!(told.ends_with(command), "{told}");
        assert_eq!(sweep.failure(1, &sweep.perform(1)), None);
        assert_eq!(sweep.failure(2, &sweep.perform(2)), None);
    }

    /// There is no scenario for the second name: looking it up panics.
    #[test]
    fn a_panic_in_loading_fails_its_task_and_no_other() {
        let whole = sweep(&["80"]);
        let mut layout = SweepLayout::clone(whole.layout());
        layout.scenarios.push("missing".to_owned());
        let sweep = Sweep {
            layout: Arc::new(layout),
            ..whole
        };
        for task in [2, 3] {
            let outcome = sweep.perform(task);
            let PointOutcome::Failed(reason) = outcome else {
                panic!("{outcome:?}");
            };
            assert!(reason.starts_with("panicked: "), "{reason}");
        }
        assert!(matches!(sweep.perform(0), PointOutcome::Done(_)));
    }

    #[test]
    fn a_simulation_that_fails_names_its_replication() {
        let failed = PointOutcome::Failed("the ledger does not balance".to_owned());
        let told = sweep(&["80"]).failure(1, &failed).unwrap().to_string();
        let expected = "point 0, replication 1 of seed 5 failed: the ledger does not balance\n  to see it: `portflow run ";
        assert!(told.starts_with(expected), "{told}");
        assert!(told.ends_with("--seed 5 --replication 1`"), "{told}");
    }
}
