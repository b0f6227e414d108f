//! What a sweep knows: the figures of every replication at every point, and what is watched beside them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::layout::SweepLayout;
use super::ready::PointOutcome;
use crate::stats::{ChanceShare, Estimate, Level, Moments, Nested};

/// The values of the figures, and of what is watched, replication by replication.
///
/// All are kept: memory grows with points times scenarios times replications, by 16 bytes for each figure and each trigger, 32 for queues,
/// and some 40 more; a million replications with the usual six figures and no trigger take some 150 megabytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Responses {
    layout: Arc<SweepLayout>,
    /// Of each task in order, figures first; `None` for one that came to nothing.
    runs: Vec<Option<Vec<Option<f64>>>>,
}

impl Responses {
    /// Nothing yet.
    #[must_use]
    pub fn new(layout: Arc<SweepLayout>) -> Self {
        Self {
            layout,
            runs: Vec::new(),
        }
    }

    /// Takes what the next task came to.
    pub fn take(&mut self, outcome: PointOutcome) {
        self.runs.push(match outcome {
            PointOutcome::Done(observed) => Some(observed.values),
            PointOutcome::Refused(_) | PointOutcome::Failed(_) => None,
        });
    }

    /// What the values are of.
    #[must_use]
    pub fn layout(&self) -> &SweepLayout {
        &self.layout
    }

    /// Points that are done, in all their replications: all of them, or the first ones.
    #[must_use]
    pub fn points(&self) -> u32 {
        self.runs.len() as u32 / self.layout.tasks_per_point()
    }

    /// The values of a replication, in the order of the figures; `None` where it came to nothing.
    ///
    /// # Panics
    /// If the point is not done, or there is no such scenario or replication.
    #[must_use]
    pub fn run(&self, point: u32, scenario: u32, replication: u32) -> Option<&[Option<f64>]> {
        let kept = self.kept(point, scenario, replication)?;
        Some(&kept[..self.layout.figures.len()])
    }

    /// The figures of a replication, then what is watched.
    fn kept(&self, point: u32, scenario: u32, replication: u32) -> Option<&[Option<f64>]> {
        let at_point = scenario * self.layout.replications + replication;
        let task = point * self.layout.tasks_per_point() + at_point;
        self.runs[task as usize].as_deref()
    }

    /// The estimate of a figure at a point; `None` where no replication has a value. Where futures have several replications, its n
    /// counts futures.
    #[must_use]
    pub fn estimate(&self, point: u32, scenario: u32, figure: usize) -> Option<Estimate> {
        if self.layout.per_future > 1 {
            let nested = self.nested(point, scenario, figure);
            return nested.grand_mean(self.layout.level);
        }
        let values = self.values(point, scenario, figure);
        let moments: Moments = values.flatten().collect();
        Estimate::of(&moments, self.layout.level)
    }

    /// The same of what is watched, by its place in the layout.
    #[must_use]
    pub fn watched(&self, point: u32, scenario: u32, watched: usize) -> Option<Estimate> {
        self.estimate(point, scenario, self.after_figures(watched))
    }

    /// Whether what is watched of a scenario differs between any two points that are done, in a replication that has it at both.
    pub(super) fn watched_ever_differs(&self, scenario: u32, watched: usize) -> bool {
        let rows = (0..self.points()).map(|point| (point, scenario));
        self.ever_differs(&rows, self.after_figures(watched))
    }

    fn after_figures(&self, watched: usize) -> usize {
        self.layout.figures.len() + watched
    }

    /// By how much a figure is larger in one row, a point and a scenario, than in another: over the replications that have it in both, which are
    /// of the same people. `None` where there are none. Where futures have several replications, its n counts futures.
    #[must_use]
    pub fn difference(
        &self,
        of: (u32, u32),
        from: (u32, u32),
        figure: usize,
        level: Level,
    ) -> Option<Estimate> {
        let values = |(point, scenario)| self.values(point, scenario, figure);
        let pairs = values(of).zip(values(from));
        let differences: Vec<Option<f64>> = pairs.map(|(of, from)| Some(of? - from?)).collect();
        if self.layout.per_future > 1 {
            return self.by_future(&differences).grand_mean(level);
        }
        let moments: Moments = differences.into_iter().flatten().collect();
        Estimate::of(&moments, level)
    }

    /// Whether a figure differs between any two of these rows, points and scenarios, in a replication that has it in both.
    #[must_use]
    pub fn ever_differs(
        &self,
        rows: &(impl Iterator<Item = (u32, u32)> + Clone),
        figure: usize,
    ) -> bool {
        (0..self.layout.replications).any(|replication| {
            let in_row = |(point, scenario)| self.kept(point, scenario, replication)?[figure];
            let mut values = rows.clone().filter_map(in_row);
            let first = values.next();
            values.any(|value| Some(value) != first)
        })
    }

    /// The share of the variance of one replication at a point that lies between futures: the world's, where the rest is chance. `None`
    /// where futures have one replication only, and where nothing varies.
    #[must_use]
    pub fn world_share(&self, point: u32, scenario: u32, figure: usize) -> Option<f64> {
        let components = self.nested(point, scenario, figure).components()?;
        components.between_share()
    }

    fn nested(&self, point: u32, scenario: u32, figure: usize) -> Nested {
        let values: Vec<Option<f64>> = self.values(point, scenario, figure).collect();
        self.by_future(&values)
    }

    /// Values of all replications, by their futures.
    fn by_future(&self, values: &[Option<f64>]) -> Nested {
        let mut nested = Nested::default();
        for future in values.chunks(self.layout.per_future as usize) {
            nested.add_group(&future.iter().copied().flatten().collect());
        }
        nested
    }

    /// The mean of a figure at a point over all replications; `None` where one of them is missing: a mean over other people would
    /// be set beside those of the other points.
    #[must_use]
    pub fn outcome(&self, point: u32, scenario: u32, figure: usize) -> Option<f64> {
        let values: Option<Vec<f64>> = self.values(point, scenario, figure).collect();
        values?.into_iter().collect::<Moments>().mean()
    }

    /// How much of what a figure differs between points is chance: over distinct points that have it in all replications. Where futures have
    /// several replications, each counts as their mean.
    ///
    /// `None` where points have luck of their own, for fewer than two points, replications or futures, and where nothing varies.
    #[must_use]
    pub fn chance_share(&self, scenario: u32, figure: usize) -> Option<ChanceShare> {
        if !self.layout.is_common {
            return None;
        }
        let at_point = |point| {
            let values: Option<Vec<f64>> = self.values(point, scenario, figure).collect();
            let futures = values?;
            let futures = futures.chunks(self.layout.per_future as usize);
            let means = futures.map(|future| future.iter().copied().collect::<Moments>().mean());
            means.collect()
        };
        let points: Vec<Vec<f64>> = self.distinct_points().filter_map(at_point).collect();
        ChanceShare::of(&points)
    }

    /// Points that are done, each set of values once.
    fn distinct_points(&self) -> impl Iterator<Item = u32> + '_ {
        let mut seen = BTreeSet::new();
        (0..self.points()).filter(move |&point| seen.insert(self.layout.points.values(point)))
    }

    /// Replications of a point that came to nothing.
    #[must_use]
    pub fn failed(&self, point: u32, scenario: u32) -> u32 {
        let replications = 0..self.layout.replications;
        let failed = replications.filter(|&r| self.run(point, scenario, r).is_none());
        failed.count() as u32
    }

    fn values(
        &self,
        point: u32,
        scenario: u32,
        figure: usize,
    ) -> impl Iterator<Item = Option<f64>> + '_ {
        let replications = 0..self.layout.replications;
        replications.map(move |replication| self.kept(point, scenario, replication)?[figure])
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::experiment::{Figure, Points, Watched};
    use crate::record::{Observations, Unit};
    use crate::stats::Level;

    /// A sweep with two figures, persons and days.
    pub(crate) fn layout(
        points: Points,
        scenarios: &[&str],
        replications: u32,
    ) -> Arc<SweepLayout> {
        let figures = [
            ("port_encounters", Unit::Persons),
            ("wait_days_median", Unit::Days),
        ];
        let figure = |(name, unit): (&str, Unit)| Figure {
            name: name.to_owned(),
            unit,
        };
        Arc::new(SweepLayout {
            points,
            scenarios: scenarios.iter().map(|&name| name.to_owned()).collect(),
            figures: figures.map(figure).into(),
            watched: Vec::new(),
            drawn: Vec::new(),
            replications,
            is_common: true,
            per_future: 1,
            seed: 1,
            level: Level::USUAL,
        })
    }

    /// The same, with queues and a trigger watched.
    pub(crate) fn watching(
        points: Points,
        scenarios: &[&str],
        replications: u32,
    ) -> Arc<SweepLayout> {
        let trigger = Watched::DaysInForce("limit".to_owned());
        Arc::new(SweepLayout {
            watched: vec![Watched::LongestPortWait, trigger],
            ..SweepLayout::clone(&layout(points, scenarios, replications))
        })
    }

    pub(crate) fn done(values: &[Option<f64>]) -> PointOutcome {
        PointOutcome::Done(Observations {
            values: values.to_vec(),
            ledger: Vec::new(),
        })
    }

    fn responses(outcomes: impl IntoIterator<Item = PointOutcome>) -> Responses {
        let values = ["1", "2"].map(|value| vec![value.to_owned()]);
        let points = Points::new(vec!["a".to_owned()], values.into());
        let mut responses = Responses::new(layout(points, &["base", "other"], 2));
        outcomes
            .into_iter()
            .for_each(|outcome| responses.take(outcome));
        responses
    }

    #[test]
    fn an_estimate_is_of_the_replications_of_its_point_and_scenario() {
        let values = [1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 0.0, 0.0];
        let responses = responses(values.map(|value| done(&[Some(value), None])));
        assert_eq!(responses.points(), 2);
        let mean = |point, scenario| responses.estimate(point, scenario, 0).unwrap().mean;
        let means = [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(point, scenario)| mean(point, scenario));
        assert_eq!(means.map(|mean| mean.to_string()), ["2", "20", "200", "0"]);
        assert_eq!(responses.estimate(0, 0, 1), None);
    }

    /// 10 - 1 and 30 - 3, which have a mean of 18 and a standard error of 9; of the other figure one replication has both.
    #[test]
    fn a_difference_is_of_the_same_people() {
        let values = [1.0, 3.0, 10.0, 30.0, 100.0, 300.0];
        let waits = [Some(1.0), None, Some(4.0), Some(5.0), None, None];
        let outcomes = values.into_iter().zip(waits);
        let responses = responses(outcomes.map(|(persons, wait)| done(&[Some(persons), wait])));
        let told = responses
            .difference((0, 1), (0, 0), 0, Level::USUAL)
            .unwrap();
        let half_width = told.interval.unwrap().half_width();
        assert_eq!((told.mean.to_string(), told.n), ("18".to_owned(), 2));
        // Student's t with one degree of freedom.
        assert!(
            (half_width - 9.0 * 12.706_204_736).abs() < 1e-6,
            "{half_width}"
        );
        let told = responses
            .difference((0, 1), (0, 0), 1, Level::USUAL)
            .unwrap();
        assert_eq!((told.mean.to_string(), told.n), ("3".to_owned(), 1));
        assert_eq!(responses.difference((1, 0), (0, 0), 1, Level::USUAL), None);
    }

    #[test]
    fn a_mean_over_some_of_the_people_is_an_estimate_and_no_outcome() {
        let failed = PointOutcome::Failed("no".to_owned());
        let whole = done(&[Some(1.0), None]);
        let responses = responses([whole.clone(), failed, whole.clone(), whole]);
        assert_eq!(
            responses.estimate(0, 0, 0).map(|estimate| estimate.n),
            Some(1)
        );
        assert_eq!(responses.outcome(0, 0, 0), None);
        assert_eq!(responses.outcome(0, 1, 0), Some(1.0));
        assert_eq!((responses.failed(0, 0), responses.failed(0, 1)), (1, 0));
    }

    /// Futures of 1 and 3, and of 11 and 13: MSA = 100, MSE = 2, so (100 - 2) / 2 = 49 between futures and 2 within.
    #[test]
    fn with_several_replications_of_a_future_the_world_is_told_from_chance() {
        let points = Points::new(vec!["a".to_owned()], vec![vec!["1".to_owned()]]);
        let nested = SweepLayout {
            per_future: 2,
            ..SweepLayout::clone(&layout(points, &["base"], 4))
        };
        let mut responses = Responses::new(Arc::new(nested));
        for value in [1.0, 3.0, 11.0, 13.0] {
            responses.take(done(&[Some(value), Some(5.0)]));
        }
        let estimate = responses.estimate(0, 0, 0).unwrap();
        assert_eq!((estimate.mean.to_string(), estimate.n), ("7".to_owned(), 2));
        let share = responses.world_share(0, 0, 0).unwrap();
        assert!((share - 49.0 / 51.0).abs() < 1e-12, "{share}");
        assert_eq!(responses.world_share(0, 0, 1), None);
    }

    /// Points of 1 and 3, 4 and 4, and 7 and 11, as in the test of [`ChanceShare`]; one more is the first again, and one lacks a value.
    #[test]
    fn chance_between_points_is_of_those_that_are_whole_and_each_once() {
        let values = ["1", "2", "1", "3", "4"].map(|value| vec![value.to_owned()]);
        let points = Points::new(vec!["a".to_owned()], values.into());
        let of = |layout: SweepLayout| {
            let mut responses = Responses::new(Arc::new(layout));
            for value in [1.0, 3.0, 4.0, 4.0, 1.0, 3.0, 7.0, 11.0, 9.0] {
                responses.take(done(&[Some(value), Some(5.0)]));
            }
            responses.take(done(&[None, Some(5.0)]));
            responses
        };
        let layout = SweepLayout::clone(&layout(points, &["base"], 2));
        let share = |layout: &SweepLayout, figure| of(layout.clone()).chance_share(0, figure);
        let found = share(&layout, 0).unwrap();
        assert!((found.value - 1.0 / 13.0).abs() < 1e-12, "{found:?}");
        assert_eq!(share(&layout, 1), None);
        let mut other = layout.clone();
        other.is_common = false;
        assert_eq!(share(&other, 0), None);
        let mut one_future = layout;
        one_future.per_future = 2;
        assert_eq!(share(&one_future, 0), None);
    }

    #[test]
    fn a_point_that_was_begun_is_not_done() {
        let responses = responses((0..7).map(|_| done(&[Some(1.0), None])));
        assert_eq!(responses.points(), 1);
    }
}
