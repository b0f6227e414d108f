//! Which variant holds up over futures that nobody can give odds for.

use super::direction::Direction;
use super::moments::Moments;

/// Running table of variants over futures.
///
/// The regret of a variant in a future is how much worse it does than the best variant of that future (Savage 1951,
/// doi:10.1080/01621459.1951.10500768). A variant is good enough where its regret is at most a tolerance, a share of the size of
/// the best outcome: how often it is measures robustness as satisficing (Lempert, Groves, Popper & Bankes 2006,
/// doi:10.1287/mnsc.1050.0472).
///
/// An outcome is usually itself a mean over replications. Its luck makes the best of a future look better than it is, so regrets
/// come out too large while replications are few.
#[derive(Debug, Clone, PartialEq)]
pub struct Regret {
    direction: Direction,
    tolerance: f64,
    variants: Vec<Tally>,
    left_out: u32,
}

/// What is kept of a variant.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Tally {
    outcomes: Moments,
    regrets: Moments,
    worst: Option<f64>,
    largest_regret: f64,
    good_enough: u32,
}

/// A variant over all futures that count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Robustness {
    /// Mean outcome.
    pub mean: f64,
    /// Worst outcome.
    pub worst: f64,
    /// Mean regret; 0 for a variant that is best in every future.
    pub mean_regret: f64,
    /// Largest regret; the minimax-regret choice is the variant with the smallest.
    pub largest_regret: f64,
    /// Share of futures in which the variant is good enough.
    pub good_enough_share: f64,
}

impl Regret {
    /// An empty table for `variants`; `tolerance` is a share of the best outcome of a future, such as 0.05.
    #[must_use]
    pub fn new(variants: usize, direction: Direction, tolerance: f64) -> Self {
        Self {
            direction,
            tolerance,
            variants: vec![Tally::default(); variants],
            left_out: 0,
        }
    }

    /// Adds a future: the outcome of each variant, in order. Where one is missing, the future is left out for all and counted.
    ///
    /// # Panics
    ///
    /// If there are not as many outcomes as variants.
    pub fn add(&mut self, outcomes: &[Option<f64>]) {
        assert_eq!(
            outcomes.len(),
            self.variants.len(),
            "one outcome per variant"
        );
        let Some(outcomes) = outcomes.iter().copied().collect::<Option<Vec<f64>>>() else {
            self.left_out += 1;
            return;
        };
        let loss = |outcome: f64| self.direction.loss(outcome);
        let best = outcomes
            .iter()
            .map(|&outcome| loss(outcome))
            .fold(f64::INFINITY, f64::min);
        for (tally, &outcome) in self.variants.iter_mut().zip(&outcomes) {
            let regret = loss(outcome) - best;
            tally.outcomes.add(outcome);
            tally.regrets.add(regret);
            tally.largest_regret = tally.largest_regret.max(regret);
            tally.good_enough += u32::from(regret <= self.tolerance * best.abs());
            if tally.worst.is_none_or(|worst| loss(outcome) > loss(worst)) {
                tally.worst = Some(outcome);
            }
        }
    }

    /// Futures that count.
    #[must_use]
    pub fn futures(&self) -> u32 {
        self.variants.first().map_or(0, |tally| tally.outcomes.n())
    }

    /// Futures left out because a variant had no outcome.
    #[must_use]
    pub fn left_out(&self) -> u32 {
        self.left_out
    }

    /// A row per variant, in order; `None` while no future counts.
    #[must_use]
    pub fn table(&self) -> Option<Vec<Robustness>> {
        let row = |tally: &Tally| {
            Some(Robustness {
                mean: tally.outcomes.mean()?,
                worst: tally.worst?,
                mean_regret: tally.regrets.mean()?,
                largest_regret: tally.largest_regret,
                good_enough_share: f64::from(tally.good_enough) / f64::from(tally.outcomes.n()),
            })
        };
        self.variants.iter().map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(direction: Direction, tolerance: f64, futures: &[[f64; 3]]) -> Vec<Robustness> {
        let mut regret = Regret::new(3, direction, tolerance);
        for future in futures {
            regret.add(&future.map(Some));
        }
        regret.table().unwrap()
    }

    /// Payoffs of stocks, bonds and deposits as rates rise, stay and fall: the usual classroom table, where bonds have the
    /// smallest maximum regret, stocks the best mean and deposits the best worst outcome.
    const PAYOFFS: [[f64; 3]; 3] = [[-4.0, -2.0, 3.0], [4.0, 3.0, 2.0], [12.0, 8.0, 1.0]];

    #[test]
    fn a_payoff_table_has_the_regrets_computed_by_hand() {
        // Regrets by variant: 7, 0, 0; 5, 1, 4; 0, 2, 11.
        let table = of(Direction::Max, 0.25, &PAYOFFS);
        let expected = [
            [4.0, -4.0, 7.0 / 3.0, 7.0, 2.0 / 3.0],
            [3.0, -2.0, 10.0 / 3.0, 5.0, 1.0 / 3.0],
            [2.0, 1.0, 13.0 / 3.0, 11.0, 1.0 / 3.0],
        ];
        for (row, expected) in table.iter().zip(expected) {
            let found = [
                row.mean,
                row.worst,
                row.mean_regret,
                row.largest_regret,
                row.good_enough_share,
            ];
            for (found, expected) in found.into_iter().zip(expected) {
                assert!((found - expected).abs() < 1e-12, "{row:?}");
            }
        }
    }

    #[test]
    fn costs_are_the_mirror_of_payoffs() {
        let costs = PAYOFFS.map(|future| future.map(|payoff| -payoff));
        let mirrored = of(Direction::Min, 0.25, &costs);
        for (cost, payoff) in mirrored.into_iter().zip(of(Direction::Max, 0.25, &PAYOFFS)) {
            let mirror = Robustness {
                mean: -payoff.mean,
                worst: -payoff.worst,
                ..payoff
            };
            assert_eq!(cost, mirror);
        }
    }

    #[test]
    fn the_tolerance_is_a_share_of_the_best_of_each_future() {
        let futures = [[100.0, 105.0, 111.0], [10.0, 11.0, 10.0]];
        let share = |tolerance| -> Vec<f64> {
            let table = of(Direction::Min, tolerance, &futures);
            table.iter().map(|row| row.good_enough_share).collect()
        };
        assert_eq!(share(0.0), [1.0, 0.0, 0.5]);
        assert_eq!(share(0.05), [1.0, 0.5, 0.5]);
        assert_eq!(share(0.11), [1.0, 1.0, 1.0]);
    }

    #[test]
    fn a_future_without_one_outcome_is_left_out_for_all_and_counted() {
        let mut regret = Regret::new(2, Direction::Min, 0.1);
        regret.add(&[Some(1.0), None]);
        assert_eq!(
            (regret.table(), regret.futures(), regret.left_out()),
            (None, 0, 1)
        );
        regret.add(&[Some(4.0), Some(2.0)]);
        assert_eq!((regret.futures(), regret.left_out()), (1, 1));
        let rows = regret.table().unwrap();
        assert_eq!((rows[0].mean, rows[1].mean), (4.0, 2.0));
    }

    proptest! {
        #[test]
        fn some_variant_is_best_somewhere_and_no_regret_is_negative(
            futures in prop::collection::vec(prop::array::uniform3(-1e3..1e3_f64), 1..20)
        ) {
            let table = of(Direction::Min, 0.0, &futures);
            prop_assert!(table.iter().any(|row| row.good_enough_share > 0.0));
            for row in table {
                prop_assert!(row.mean_regret >= 0.0 && row.mean_regret <= row.largest_regret + 1e-9);
                prop_assert!(row.mean <= row.worst + 1e-9);
            }
        }
    }
}
