//! What is kept at the points of an experiment: which figures, of which scenarios, in how many replications.

use super::Points;
use super::watched::Watched;
use crate::record::{Detail, Layout, SelectorError, Unit};
use crate::scenario::Loaded;
use crate::stats::Level;

/// What the results of a sweep are of.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepLayout {
    /// The points.
    pub points: Points,
    /// Names of the scenarios that each point is laid over; the first is the base.
    pub scenarios: Vec<String>,
    /// The figures that are kept of a replication.
    pub figures: Vec<Figure>,
    /// What is kept beside the figures.
    pub watched: Vec<Watched>,
    /// Keys of uncertain numbers that are drawn anew in each future, alike at every point.
    pub drawn: Vec<String>,
    /// Replications of each point.
    pub replications: u32,
    /// Whether all points have the same people and the same luck (common random numbers), as what is compared should; else each has its own,
    /// as draws of a distribution should.
    pub is_common: bool,
    /// Replications of each future, where uncertain numbers are drawn: the first ones are those of future 0. One of each cannot tell the
    /// world from chance.
    pub per_future: u32,
    /// Seed of every random number.
    pub seed: u64,
    /// Confidence level of the intervals.
    pub level: Level,
}

/// A figure that is kept of a replication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// As its user names it: `irregular_encounters/other@2024-11`.
    pub name: String,
    /// In what it is measured.
    pub unit: Unit,
}

/// The figures that are kept unless others are asked for.
pub const FIGURES: [&str; 6] = [
    "port_encounters",
    "irregular_encounters",
    "share_at_ports",
    "wait_days_median",
    "wait_days_p90",
    "registrations",
];

/// Which task is which: points are outermost, then scenarios, then replications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    /// The point, from 0.
    pub point: u32,
    /// The scenario, from 0.
    pub scenario: u32,
    /// The replication, from 0.
    pub replication: u32,
}

impl SweepLayout {
    /// Tasks of a point.
    #[must_use]
    pub fn tasks_per_point(&self) -> u32 {
        self.scenarios.len() as u32 * self.replications
    }

    /// The future of a replication.
    #[must_use]
    pub fn future(&self, replication: u32) -> u32 {
        replication / self.per_future
    }

    /// The number of the replication that is simulated as one of a point: where points have luck of their own, those of a point come after
    /// those of the points before it.
    #[must_use]
    pub fn simulated(&self, point: u32, replication: u32) -> u32 {
        let first = if self.is_common {
            0
        } else {
            point * self.replications
        };
        first + replication
    }

    /// The task of a number, in their order.
    #[must_use]
    pub fn task(&self, number: u32) -> Task {
        let at_point = number % self.tasks_per_point();
        Task {
            point: number / self.tasks_per_point(),
            scenario: at_point / self.replications,
            replication: at_point % self.replications,
        }
    }
}

/// What is watched of scenarios beside their figures.
#[must_use]
pub fn watched(scenarios: &[Loaded]) -> Vec<Watched> {
    let layout = |loaded: &Loaded| Layout::of(&loaded.scenario, Detail::Summary);
    let layouts: Vec<Layout> = scenarios.iter().map(layout).collect();
    Watched::of_scenarios(&layouts)
}

/// Names of figures that a scenario does not know, each on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct UnknownFigures(Vec<SelectorError>);

/// The figures of these names, each once, all of which every scenario must observe.
///
/// # Errors
/// All names that the first scenario does not know which does not know all.
pub fn figures<'a>(
    names: &[String],
    scenarios: impl IntoIterator<Item = &'a Loaded>,
) -> Result<Vec<Figure>, UnknownFigures> {
    let mut figures: Vec<Figure> = Vec::new();
    for loaded in scenarios {
        let layout = Layout::of(&loaded.scenario, Detail::Summary);
        let mut unknown = Vec::new();
        for name in names.iter().map(|name| name.trim()) {
            match layout.select(name) {
                Err(error) => unknown.push(error),
                Ok(key) if figures.iter().all(|figure| figure.name != name) => {
                    figures.push(Figure {
                        name: name.to_owned(),
                        unit: key.metric.unit(),
                    });
                }
                Ok(_) => {}
            }
        }
        if !unknown.is_empty() {
            return Err(UnknownFigures(unknown));
        }
    }
    Ok(figures)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::experiment::points::responses;
    use crate::scenario;

    fn lottery() -> Loaded {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/theory/lottery.toml");
        scenario::load(&file, &[]).unwrap()
    }

    #[test]
    fn a_task_is_a_replication_of_a_scenario_at_a_point() {
        let values = ["1", "2"].map(|value| vec![value.to_owned()]);
        let points = Points::new(vec!["a".to_owned()], values.into());
        let layout = responses::tests::layout(points, &["base", "other"], 2);
        let task = |point, scenario, replication| Task {
            point,
            scenario,
            replication,
        };
        let tasks: Vec<Task> = (2..6).map(|number| layout.task(number)).collect();
        let expected = [task(0, 1, 0), task(0, 1, 1), task(1, 0, 0), task(1, 0, 1)];
        assert_eq!(tasks, expected);
    }

    #[test]
    fn figures_are_named_once_and_must_be_observed() {
        let scenarios = [lottery()];
        let names = ["pool_size", "pool_size ", "wait_days_median@2024-01"].map(str::to_owned);
        let found = figures(&names, &scenarios).unwrap();
        let units: Vec<Unit> = found.iter().map(|figure| figure.unit).collect();
        assert_eq!(units, [Unit::Persons, Unit::Days]);
        let unknown = ["pool", "arrivals", "waits"].map(str::to_owned);
        let told = figures(&unknown, &scenarios).unwrap_err().to_string();
        let names: Vec<&str> = told.lines().map(|line| &line[..6]).collect();
        assert_eq!(names, ["`pool`", "`waits"], "{told}");
    }
}
