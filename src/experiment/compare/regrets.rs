//! Scenarios over futures: how much worse each does than the best of every future.

use super::objective::Objective;
use crate::experiment::tasks::Outcome;
use crate::record::Layout;
use crate::stats::{Moments, Regret};

/// A running table of scenarios over futures, by one objective.
///
/// The outcome of a scenario in a future is its mean over the replications in which every scenario has a value, so all are judged
/// by the same people. Where there is no such replication, the future counts for none of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Regrets {
    objective: Objective,
    tolerance: f64,
    replications: u32,
    /// Where each scenario observes the objective.
    positions: Vec<usize>,
    /// What scenarios came to in the replication under way.
    values: Vec<Option<f64>>,
    /// Replications of the future under way that have ended.
    ended: u32,
    future: Vec<Moments>,
    regret: Regret,
}

impl Regrets {
    /// An empty table: `replications` of each future; `tolerance` is a share of the best outcome, such as 0.05.
    ///
    /// `None` where a scenario does not observe the objective, which is given for each of them.
    #[must_use]
    pub fn new(
        objectives: &[(Objective, &Layout)],
        replications: u32,
        tolerance: f64,
    ) -> Option<Self> {
        let &(objective, _) = objectives.first()?;
        let positions =
            (objectives.iter()).map(|(objective, layout)| layout.position(objective.key));
        Some(Self {
            objective,
            tolerance,
            replications,
            positions: positions.collect::<Option<_>>()?,
            values: Vec::new(),
            ended: 0,
            future: vec![Moments::default(); objectives.len()],
            regret: Regret::new(objectives.len(), objective.direction, tolerance),
        })
    }

    /// Takes the outcome of the next scenario of the replication under way.
    pub fn take(&mut self, outcome: &Outcome) {
        let position = self.positions[self.values.len()];
        let observed = outcome.as_ref().ok();
        self.values
            .push(observed.and_then(|observed| observed.values[position]));
        if self.values.len() < self.positions.len() {
            return;
        }
        let values: Option<Vec<f64>> = self.values.drain(..).collect();
        for (moments, value) in self.future.iter_mut().zip(values.into_iter().flatten()) {
            moments.add(value);
        }
        self.ended += 1;
        if self.ended == self.replications {
            let outcomes: Vec<_> = self.future.iter().map(Moments::mean).collect();
            self.regret.add(&outcomes);
            self.future.fill(Moments::default());
            self.ended = 0;
        }
    }

    /// What is to be small or large, by the first scenario's layout.
    #[must_use]
    pub fn objective(&self) -> Objective {
        self.objective
    }

    /// Share of the best outcome of a future by which another may be worse and still good enough.
    #[must_use]
    pub fn tolerance(&self) -> f64 {
        self.tolerance
    }

    /// The table of the futures that have ended.
    #[must_use]
    pub fn regret(&self) -> &Regret {
        &self.regret
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Observations, example};

    fn table() -> Regrets {
        let layout = example::layout();
        let objective = Objective::of("port_encounters@2024-11:max", &layout).unwrap();
        Regrets::new(&[(objective, &layout), (objective, &layout)], 2, 0.05).unwrap()
    }

    fn observed(luck: u32) -> Observations {
        example::layout().observe(&example::record(luck))
    }

    /// November has 30 · (110 + luck) encounters at ports.
    #[test]
    fn an_outcome_is_the_mean_of_the_replications_of_a_future() {
        let mut table = table();
        for lucks in [[0, 10], [20, 10], [5, 5], [5, 7]] {
            for luck in lucks {
                table.take(&Ok(observed(luck)));
            }
        }
        assert_eq!(table.regret().futures(), 2);
        let rows = table.regret().table().unwrap();
        // Futures: 120 and 120, 115 and 116 a day.
        assert_eq!(
            rows.iter().map(|row| row.mean_regret).collect::<Vec<_>>(),
            [15.0, 0.0]
        );
    }

    #[test]
    fn all_scenarios_are_judged_by_the_same_replications() {
        let mut table = table();
        let [first, second, third] = [0, 6, 8].map(|luck| Ok(observed(luck)));
        for outcome in [first, Err("no".to_owned()), second, third] {
            table.take(&outcome);
        }
        let rows = table.regret().table().unwrap();
        assert_eq!((rows[0].mean, rows[1].mean), (116.0 * 30.0, 118.0 * 30.0));
        for _ in 0..2 {
            table.take(&Err("no".to_owned()));
            table.take(&Ok(observed(1)));
        }
        assert_eq!(
            (table.regret().futures(), table.regret().left_out()),
            (1, 1)
        );
    }
}
