//! Which of several systems is best: replications go on only with those that may be.

use super::direction::Direction;
use super::moments::Moments;
use super::sequential::MINIMUM_WITHOUT_SPREAD;

/// A difference of expected values too small to matter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Indifference {
    /// In the unit of the outcome.
    Absolute(f64),
    /// A share of the size of the mean over all systems, fixed when the first stage ends.
    ///
    /// The zone then depends on the values themselves, and the probability of correct selection is only approximate.
    Relative(f64),
}

/// A selection that cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum SelectionError {
    /// There is nothing to select from.
    #[error("a selection needs at least 2 systems; found {0}")]
    Systems(usize),
    /// A probability that guessing reaches, or that nothing does.
    #[error(
        "the probability of correct selection lies between {least}, which guessing has, and 1, such as 0.95 or 95%; found {found}"
    )]
    Probability {
        /// What was asked for.
        found: f64,
        /// One over the number of systems, to three digits.
        least: f64,
    },
    /// An indifference zone without width.
    #[error("the indifference zone is a finite number above 0; found {0}")]
    Indifference(f64),
    /// A first stage that estimates no variance.
    #[error("the first stage needs at least 2 replications, better 10 or more; found {0}")]
    FirstStage(u32),
}

/// The fully sequential procedure KN (Kim & Nelson 2001, doi:10.1145/502109.502111, with c = 1).
///
/// If the best of k systems is better than all others by at least the indifference zone δ, it is selected with at least the
/// probability asked for; closer ones may be selected in its place, and are as good for the purpose. Outcomes are assumed normal.
/// They may be dependent within a replication: common random numbers make the variances S² of differences small, and the selection
/// quick.
///
/// After a first stage of n₀ replications, and after each one that follows, system i is eliminated if some other system l still in
/// contention has a mean better by more than W(r) = max(0, δ / 2r · (h² S²ᵢₗ / δ² - r)) after r replications, where S²ᵢₗ is the
/// variance of their differences in the first stage, h² = 2 η (n₀ - 1) and η = ((2 α / (k - 1))^(-2 / (n₀ - 1)) - 1) / 2 with
/// α = 1 - probability. Once every W among the remaining is 0, the one with the best mean is selected. Of equal means the first
/// system is the best. The best of those in contention is never eliminated, so one always remains.
///
/// Two systems whose difference has been the same number in every replication, 0 or another as a capacity makes, part after
/// [`MINIMUM_WITHOUT_SPREAD`] of them at the earliest, and S² is of all up to the first in which it is not: ten that are alike say little of what
/// happens in one run of fifteen.
///
/// Memory grows with k².
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    direction: Direction,
    indifference: Indifference,
    first_stage: u32,
    /// h².
    boundary: f64,
    /// δ, once the first stage is over.
    zone: Option<f64>,
    replications: u32,
    systems: Vec<System>,
    /// First-stage differences of systems i > l, at i (i - 1) / 2 + l; of those without spread, as many more as it takes.
    differences: Vec<Moments>,
}

/// What is kept of a system.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct System {
    outcomes: Moments,
    eliminated_after: Option<u32>,
}

impl Selection {
    /// A selection among `k` systems with probability `pcs` of being correct, before any replication.
    ///
    /// # Errors
    ///
    /// Whatever the procedure is not defined for, by name.
    pub fn new(
        k: usize,
        direction: Direction,
        pcs: f64,
        indifference: Indifference,
        first_stage: u32,
    ) -> Result<Self, SelectionError> {
        if k < 2 {
            return Err(SelectionError::Systems(k));
        }
        if !(pcs > 1.0 / k as f64 && pcs < 1.0) {
            return Err(SelectionError::Probability {
                found: pcs,
                least: (1e3 / k as f64).round() / 1e3,
            });
        }
        let (Indifference::Absolute(zone) | Indifference::Relative(zone)) = indifference;
        if !(zone > 0.0 && zone.is_finite()) {
            return Err(SelectionError::Indifference(zone));
        }
        if first_stage < 2 {
            return Err(SelectionError::FirstStage(first_stage));
        }
        let freedom = f64::from(first_stage - 1);
        let error = 2.0 * (1.0 - pcs) / (k - 1) as f64;
        let eta = (libm::pow(error, -2.0 / freedom) - 1.0) / 2.0;
        Ok(Self {
            direction,
            indifference,
            first_stage,
            boundary: 2.0 * eta * freedom,
            zone: None,
            replications: 0,
            systems: vec![System::default(); k],
            differences: vec![Moments::default(); k * (k - 1) / 2],
        })
    }

    /// Adds a replication: the outcomes of all systems in order.
    ///
    /// Values of eliminated systems are not looked at, nor any value once the best is selected. A replication in which a system in
    /// contention has no value is left out for all.
    ///
    /// # Panics
    ///
    /// If there are not as many values as systems.
    pub fn add(&mut self, values: &[Option<f64>]) {
        assert_eq!(values.len(), self.systems.len(), "one value per system");
        let remaining: Vec<usize> = self.in_contention().collect();
        if remaining.len() == 1 {
            return;
        }
        if remaining.iter().any(|&i| values[i].is_none()) {
            return;
        }
        self.replications += 1;
        for (system, value) in self.systems.iter_mut().zip(values) {
            if let (None, Some(value)) = (system.eliminated_after, value) {
                system.outcomes.add(*value);
            }
        }
        self.add_differences(values);
        if self.replications < self.first_stage {
            return;
        }
        let zone = self.zone.unwrap_or_else(|| self.resolved_zone());
        self.zone = Some(zone);
        self.screen(&remaining, zone);
    }

    /// Systems that may be the best, in order.
    pub fn in_contention(&self) -> impl Iterator<Item = usize> {
        let systems = self.systems.iter().enumerate();
        systems.filter_map(|(i, system)| system.eliminated_after.is_none().then_some(i))
    }

    /// The selected system; `None` while several are in contention.
    #[must_use]
    pub fn best(&self) -> Option<usize> {
        let mut remaining = self.in_contention();
        remaining.next().filter(|_| remaining.next().is_none())
    }

    /// Replications after which a system was eliminated; `None` if it is in contention.
    #[must_use]
    pub fn eliminated_after(&self, system: usize) -> Option<u32> {
        self.systems[system].eliminated_after
    }

    /// Replications of a system that count.
    #[must_use]
    pub fn replications(&self, system: usize) -> u32 {
        self.systems[system].outcomes.n()
    }

    /// Mean outcome of a system over its replications; `None` without any.
    #[must_use]
    pub fn mean(&self, system: usize) -> Option<f64> {
        self.systems[system].outcomes.mean()
    }

    /// The indifference zone in the unit of the outcome; `None` for a relative one before the end of the first stage.
    ///
    /// Where all means are 0, a relative zone is 0, and no system is eliminated that varies at all.
    #[must_use]
    pub fn zone(&self) -> Option<f64> {
        match self.indifference {
            Indifference::Absolute(zone) => Some(zone),
            Indifference::Relative(_) => self.zone,
        }
    }

    /// Adds the differences of a replication in which every system in contention has a value, as far as S² is still looked for.
    fn add_differences(&mut self, values: &[Option<f64>]) {
        let is_first_stage = self.zone.is_none();
        let mut differences = self.differences.iter_mut();
        for (i, value) in values.iter().enumerate() {
            for (other, difference) in values[..i].iter().zip(&mut differences) {
                if let (Some(value), Some(other)) = (value, other)
                    && (is_first_stage || difference.variance().is_none_or(|it| it <= 0.0))
                {
                    difference.add(value - other);
                }
            }
        }
    }

    /// The zone from the means of the first stage.
    fn resolved_zone(&self) -> f64 {
        match self.indifference {
            Indifference::Absolute(zone) => zone,
            Indifference::Relative(share) => {
                let means: Moments = self
                    .systems
                    .iter()
                    .filter_map(|system| system.outcomes.mean())
                    .collect();
                share * means.mean().unwrap_or_default().abs()
            }
        }
    }

    /// Eliminates all of the `remaining` that some other of them beats, and all but one when nothing more can be learnt.
    fn screen(&mut self, remaining: &[usize], zone: f64) {
        let losses: Vec<f64> = self
            .systems
            .iter()
            .map(|system| self.loss(system))
            .collect();
        let beats = |l: usize, i: usize| losses[i] > losses[l] + self.width(i, l, zone);
        let beaten = |i: usize| remaining.iter().any(|&l| l != i && beats(l, i));
        let mut kept: Vec<usize> = remaining.iter().copied().filter(|&i| !beaten(i)).collect();
        let pending = |i: usize| kept.iter().any(|&l| l != i && self.width(i, l, zone) > 0.0);
        if !kept.iter().any(|&i| pending(i)) {
            // Without a width the worse of two is beaten: those kept are equal.
            kept.truncate(1);
        }
        for &i in remaining {
            if !kept.contains(&i) {
                self.systems[i].eliminated_after = Some(self.replications);
            }
        }
    }

    /// The mean of a system as a loss.
    fn loss(&self, system: &System) -> f64 {
        self.direction
            .loss(system.outcomes.mean().unwrap_or_default())
    }

    /// W of two systems, as (h² S² / δ - δ r) / 2r.
    fn width(&self, i: usize, l: usize, zone: f64) -> f64 {
        let (above, below) = (i.max(l), i.min(l));
        let difference = &self.differences[above * (above - 1) / 2 + below];
        let variance = difference.variance().unwrap_or_default();
        if variance <= 0.0 {
            return if self.replications < MINIMUM_WITHOUT_SPREAD {
                f64::INFINITY
            } else {
                // Nor would a zone of 0 give one.
                0.0
            };
        }
        let r = f64::from(self.replications);
        ((self.boundary * variance / zone - zone * r) / (2.0 * r)).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand::rngs::SmallRng;
    use rand_distr::{Distribution, StandardNormal};

    use super::*;

    fn of(k: usize, indifference: Indifference, first_stage: u32) -> Selection {
        Selection::new(k, Direction::Max, 0.95, indifference, first_stage).unwrap()
    }

    fn add(selection: &mut Selection, values: &[f64]) {
        let values: Vec<_> = values.iter().copied().map(Some).collect();
        selection.add(&values);
    }

    /// By hand, with n₀ = 3: η = ((2 · 0.05)^(-1) - 1) / 2 = 4.5, h² = 2 · 4.5 · 2 = 18. Differences 1, 2, 3 have variance 1 and mean 2;
    /// with δ = 1, W(3) = (18 - 3) / 6 = 2.5 keeps both. A fourth of 4 lifts the mean to 2.5, above W(4) = (18 - 4) / 8 = 1.75.
    #[test]
    fn two_systems_part_at_the_replication_computed_by_hand() {
        let mut selection = of(2, Indifference::Absolute(1.0), 3);
        assert!((selection.boundary - 18.0).abs() < 1e-9);
        for (difference, remaining) in [(1.0, 2), (2.0, 2), (3.0, 2), (4.0, 1)] {
            add(&mut selection, &[10.0, 10.0 + difference]);
            assert_eq!(selection.in_contention().count(), remaining);
        }
        assert_eq!(selection.best(), Some(1));
        assert_eq!(
            (selection.eliminated_after(0), selection.eliminated_after(1)),
            (Some(4), None)
        );
        add(&mut selection, &[0.0, 0.0]);
        assert_eq!(
            (selection.replications(1), selection.mean(1)),
            (4, Some(12.5))
        );
    }

    /// The same variance, and differences whose mean stays 0.01: W parts the systems only at r = h² S² / δ² = 18, where it is 0.
    #[test]
    fn systems_within_the_zone_part_when_the_boundary_closes() {
        let mut selection = of(2, Indifference::Absolute(1.0), 3);
        for difference in [-0.99, 0.01, 1.01].into_iter().chain([0.01; 20]) {
            add(&mut selection, &[10.0, 10.0 + difference]);
        }
        assert_eq!(
            (selection.best(), selection.eliminated_after(0)),
            (Some(1), Some(18))
        );
    }

    #[test]
    fn of_equal_systems_the_first_is_selected_once_it_is_known_how_seldom_they_differ() {
        let mut selection = of(3, Indifference::Absolute(1.0), 2);
        for replication in 1..=MINIMUM_WITHOUT_SPREAD {
            assert_eq!(selection.best(), None);
            let luck = f64::from(replication);
            add(&mut selection, &[5.0 + luck, 7.0 + luck, 7.0 + luck]);
        }
        assert_eq!(selection.best(), Some(1));
        // So is one that is worse by the same in all of them.
        let others = [0, 2].map(|i| selection.eliminated_after(i));
        assert_eq!(others, [Some(MINIMUM_WITHOUT_SPREAD); 2]);
    }

    /// Ten replications are alike; in the eleventh the second system has 14 more, as in one of thirteen.
    #[test]
    fn systems_that_differ_seldom_are_not_taken_for_equal() {
        let mut selection = of(2, Indifference::Absolute(0.5), 10);
        for replication in 0..MINIMUM_WITHOUT_SPREAD {
            let more = if replication % 13 == 10 { 14.0 } else { 0.0 };
            add(&mut selection, &[1.0, 1.0 + more]);
            assert_ne!(selection.best(), Some(0), "after {replication}");
        }
        assert_eq!(selection.best(), Some(1));
    }

    /// The second system is better by 1 in ten replications, and worse by 14 in the eleventh.
    #[test]
    fn a_difference_that_was_the_same_ten_times_is_not_taken_for_exact() {
        let mut selection = of(2, Indifference::Absolute(0.1), 10);
        for replication in 0..MINIMUM_WITHOUT_SPREAD {
            let more = if replication % 13 == 10 { -14.0 } else { 1.0 };
            add(&mut selection, &[10.0, 10.0 + more]);
            assert_ne!(selection.best(), Some(1), "after {replication}");
        }
    }

    #[test]
    fn a_replication_without_a_needed_value_is_left_out_and_that_of_an_eliminated_system_is_not_needed()
     {
        let mut selection = of(3, Indifference::Absolute(1.0), 2);
        selection.add(&[Some(1.0), None, Some(2.0)]);
        assert_eq!(selection.replications(0), 0);
        // The differences of the last two vary more than the others, and their mean is 0; the first is far behind.
        add(&mut selection, &[-1e6, 0.0, 90.0]);
        add(&mut selection, &[-1e6, 90.0, 0.0]);
        assert_eq!(selection.in_contention().collect::<Vec<_>>(), [1, 2]);
        selection.add(&[None, Some(2.0), Some(2.0)]);
        assert_eq!(
            (selection.replications(1), selection.replications(0)),
            (3, 2)
        );
    }

    #[test]
    fn a_relative_zone_is_fixed_when_the_first_stage_ends() {
        let mut selection = of(2, Indifference::Relative(0.01), 2);
        add(&mut selection, &[-90.0, -100.0]);
        assert_eq!(selection.zone(), None);
        add(&mut selection, &[-100.0, -110.0]);
        assert_eq!(selection.zone(), Some(1.0));
        assert_eq!(of(2, Indifference::Absolute(3.0), 2).zone(), Some(3.0));
    }

    #[test]
    fn a_relative_zone_around_0_eliminates_nothing_that_varies() {
        let mut selection = of(2, Indifference::Relative(0.01), 2);
        for value in [1.0, -1.0, -1.0, 1.0] {
            add(&mut selection, &[value, -value]);
        }
        assert_eq!((selection.zone(), selection.best()), (Some(0.0), None));
    }

    #[test]
    fn a_selection_that_the_procedure_is_not_defined_for_is_refused() {
        let zone = Indifference::Absolute(1.0);
        let refused = |k, pcs, zone, first_stage| {
            Selection::new(k, Direction::Min, pcs, zone, first_stage).unwrap_err()
        };
        assert_eq!(refused(1, 0.95, zone, 10), SelectionError::Systems(1));
        assert_eq!(
            refused(4, 0.25, zone, 10),
            SelectionError::Probability {
                found: 0.25,
                least: 0.25
            }
        );
        assert!(matches!(
            refused(4, 1.0, zone, 10),
            SelectionError::Probability { found: 1.0, .. }
        ));
        let none = Indifference::Relative(0.0);
        assert_eq!(
            refused(2, 0.95, none, 10),
            SelectionError::Indifference(0.0)
        );
        assert_eq!(refused(2, 0.95, zone, 1), SelectionError::FirstStage(1));
    }

    /// 1,000 selections of the smallest of `means`, with zone 1, first stages of 10, and normal outcomes of variance 9, of which
    /// `common` is shared by all systems: share that selects system 0; replications of all systems together; and as many if none
    /// were eliminated before the end.
    fn selections(means: &[f64], common: f64) -> [f64; 3] {
        let mut random = SmallRng::seed_from_u64(11);
        let mut draw = || -> f64 { StandardNormal.sample(&mut random) };
        let (shared, own) = (common.sqrt(), (9.0 - common).sqrt());
        let mut result = [0.0; 3];
        for _ in 0..1_000 {
            let zone = Indifference::Absolute(1.0);
            let mut selection =
                Selection::new(means.len(), Direction::Min, 0.95, zone, 10).unwrap();
            while selection.best().is_none() {
                let luck = shared * draw();
                let values: Vec<_> = means
                    .iter()
                    .map(|mean| Some(mean + luck + own * draw()))
                    .collect();
                selection.add(&values);
            }
            let made = |system| f64::from(selection.replications(system));
            let most = (0..means.len()).map(made).fold(0.0, f64::max);
            result[0] += f64::from(u8::from(selection.best() == Some(0))) / 1_000.0;
            result[1] += (0..means.len()).map(made).sum::<f64>();
            result[2] += means.len() as f64 * most;
        }
        result
    }

    /// The least favourable means: all others worse by just the zone. Standard error at 0.95 and 1,000 selections 0.0069; α = 0.001
    /// one-sided gives 3.09 of them, so at least 0.9287.
    #[test]
    fn the_best_is_selected_as_often_as_was_asked_with_and_without_common_random_numbers() {
        let [independent, many, _] = selections(&[0.0, 1.0, 1.0, 1.0], 0.0);
        let [paired, few, _] = selections(&[0.0, 1.0, 1.0, 1.0], 7.0);
        assert!(independent >= 0.9287, "{independent}");
        assert!(paired >= 0.9287, "{paired}");
        // Variances of differences 18 and 4.
        assert!(few < many / 3.0, "{few} {many}");
    }

    #[test]
    fn elimination_saves_replications_where_systems_are_clearly_worse() {
        let [correct, made, without] = selections(&[0.0, 1.0, 3.0, 5.0, 7.0, 9.0], 0.0);
        assert!(correct >= 0.9287, "{correct}");
        assert!(made < 0.6 * without, "{made} {without}");
    }

    proptest! {
        #[test]
        fn the_best_of_those_in_contention_is_never_eliminated(
            replications in prop::collection::vec(prop::array::uniform4(-9.0..9.0_f64), 2..60)
        ) {
            let mut selection = of(4, Indifference::Absolute(2.0), 2);
            for replication in &replications {
                let before: Vec<usize> = selection.in_contention().collect();
                add(&mut selection, replication);
                let mean = |i: usize| selection.mean(i).unwrap_or_default();
                let best = before.iter().copied().reduce(|a, b| if mean(b) > mean(a) { b } else { a });
                prop_assert!(best.is_some_and(|best| selection.eliminated_after(best).is_none()));
            }
        }
    }
}
