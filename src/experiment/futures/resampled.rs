//! A posterior as a source of futures: which draw each future takes.

use crate::design::luck::{Use, permutation, streams};
use crate::scenario::{Override, Posterior};

/// The draws of a posterior that futures take, one each.
#[derive(Debug, Clone, PartialEq)]
pub struct Resampled {
    posterior: Posterior,
    /// The draw of each future, by its place from 0.
    draws: Vec<usize>,
}

impl Resampled {
    /// Takes a draw for each of so many futures, in proportion to the weights.
    ///
    /// Systematic resampling (Kitagawa 1996, doi:10.1080/10618600.1996.10474692): the weights are laid end to end, the whole is cut into as
    /// many equal parts as there are futures, and a part takes the draw at one place of it, the same in all. So a draw of weight w is taken w
    /// times the number of futures, but for less than one; as many futures as draws of equal weight take each draw once. The order in which
    /// the draws lie and the place in the parts are random, keyed by the seed: draws that are written chain by chain are not taken of some
    /// chains only, and another seed takes others. The parts are dealt to the futures in a random order as well: the first futures, all that an
    /// experiment has that was stopped, are a fair sample too.
    #[must_use]
    pub fn new(posterior: Posterior, futures: u32, seed: u64) -> Self {
        let streams = streams(seed, Use::Posterior);
        let order = permutation(posterior.draws().len() as u32, &mut streams.draw(1, 0, 0));
        let weights = order
            .iter()
            .map(|&draw| posterior.draws()[draw as usize].weight);
        let place = streams.draw(2, 0, 0).uniform();
        let parts = systematic(&weights.collect::<Vec<_>>(), futures, place);
        let dealt = permutation(futures, &mut streams.draw(0, 0, 0));
        let draws = dealt
            .iter()
            .map(|&part| order[parts[part as usize]] as usize);
        Self {
            draws: draws.collect(),
            posterior,
        }
    }

    /// The posterior.
    #[must_use]
    pub fn posterior(&self) -> &Posterior {
        &self.posterior
    }

    /// The draws that are taken, each once, in their order in the file.
    #[must_use]
    pub fn taken(&self) -> Vec<usize> {
        let mut taken = self.draws.clone();
        taken.sort_unstable();
        taken.dedup();
        taken
    }

    /// The values of a future.
    ///
    /// # Panics
    /// If there is no such future.
    #[must_use]
    pub fn overrides(&self, future: u32) -> Vec<Override> {
        self.posterior.values(self.draws[future as usize])
    }
}

/// The draw at a place, from 0 to 1, of each of so many equal parts of all weights.
fn systematic(weights: &[f64], parts: u32, place: f64) -> Vec<usize> {
    let total: f64 = weights.iter().sum();
    let (mut draw, mut end) = (0, weights[0]);
    let places = (0..parts).map(|part| (f64::from(part) + place) / f64::from(parts) * total);
    let mut taken = Vec::new();
    for place in places {
        while end <= place && draw + 1 < weights.len() {
            draw += 1;
            end += weights[draw];
        }
        taken.push(draw);
    }
    taken
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Write as _;
    use std::path::Path;

    use super::*;
    use crate::scenario;

    fn posterior(weights: &[f64]) -> Posterior {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/theory/lottery.toml");
        let mut text = "draw,weight,policy.app.slots_per_day\n".to_owned();
        for (place, weight) in weights.iter().enumerate() {
            writeln!(text, "{place},{weight},{place}").unwrap();
        }
        Posterior::parse("posterior.csv", &text, &scenario::load(&file, &[]).unwrap()).unwrap()
    }

    #[test]
    fn as_many_futures_as_draws_of_equal_weight_take_each_draw_once() {
        for count in [1, 3, 7, 49, 200] {
            let weights = vec![1.0 / f64::from(count); count as usize];
            let once: Vec<usize> = (0..count as usize).collect();
            for place in [0.01, 0.5, 0.99] {
                assert_eq!(systematic(&weights, count, place), once);
            }
            for seed in 0..10 {
                let resampled = Resampled::new(posterior(&weights), count, seed);
                assert_eq!(resampled.taken(), once);
            }
        }
    }

    #[test]
    fn a_draw_is_taken_by_its_weight_but_for_less_than_one() {
        let weights = [0.1, 0.0, 2.7, 0.3, 1.4, 0.0];
        for parts in [1, 2, 5, 10, 33, 1000] {
            let taken = systematic(&weights, parts, 0.3);
            for (draw, weight) in weights.iter().enumerate() {
                let times = taken.iter().filter(|&&of| of == draw).count() as f64;
                let expected = weight / 4.5 * f64::from(parts);
                assert!(
                    (times - expected).abs() < 1.0,
                    "{draw}: {times} of {expected}"
                );
                assert!(*weight > 0.0 || times == 0.0, "{draw} has no weight");
            }
        }
    }

    /// Draws of four chains, one of each in turn, of which every fourth would be of one.
    #[test]
    fn fewer_futures_than_draws_are_of_all_chains() {
        let mut times = [0; 4];
        for seed in 0..200 {
            for draw in Resampled::new(posterior(&[1.0; 60]), 15, seed).draws {
                times[draw % 4] += 1;
            }
        }
        // A quarter of 3,000 each; five standard deviations of as many independent draws.
        assert!(
            times.iter().all(|time| (632..=868).contains(time)),
            "{times:?}"
        );
        let of_one_seed = Resampled::new(posterior(&[1.0; 60]), 15, 1).draws;
        let chains: BTreeSet<usize> = of_one_seed.iter().map(|draw| draw % 4).collect();
        assert_eq!(chains.len(), 4);
    }

    #[test]
    fn draws_are_dealt_to_futures_by_the_seed() {
        let of = |seed| {
            let resampled = Resampled::new(posterior(&[1.0; 12]), 12, seed);
            let values = (0..12).map(|future| resampled.overrides(future)[0].value.clone());
            values.collect::<Vec<_>>()
        };
        // Results published with a seed must stay reproducible.
        insta::assert_snapshot!(of(1).join(" "), @"8 1 7 0 2 9 3 11 10 5 4 6");
        assert_eq!(of(1), of(1));
        let orders: BTreeSet<Vec<String>> = (0..20).map(of).collect();
        assert_eq!(orders.len(), 20);
    }
}
