//! Futures of a scenario with uncertain inputs: which values those have in future 0, 1, ….
//!
//! The values come from the draws of a posterior, for the keys that it has, and from the ranges of `[futures]` for all others: both in
//! the same future. A future is a world: all that is compared, or swept over, is run in the same futures. Its luck is a matter of its own: the
//! replications of future f are the numbers f·R to f·R + R - 1 of the seed, so no two futures share any.

pub mod resampled;

use super::tasks::{self, Outcome};
use crate::design::luck::{Use, streams};
use crate::model;
use crate::model::identity::key_of;
use crate::record::Layout;
use crate::scenario::futures::{UncertainNumber, UncertainNumbers};
use crate::scenario::{Loaded, Override};
use resampled::Resampled;

/// Where the values of futures come from; nothing is uncertain where both are empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Source {
    seed: u64,
    ranges: UncertainNumbers,
    draws: Option<Resampled>,
    keys: Vec<String>,
}

impl Source {
    /// Ranges and, for the keys that it has, a posterior, as far as `is_drawn`: other keys have their values as they are, whatever the
    /// two say.
    #[must_use]
    pub fn new(
        seed: u64,
        ranges: &UncertainNumbers,
        draws: Option<Resampled>,
        is_drawn: impl Fn(&str) -> bool,
    ) -> Self {
        let of_draws = draws.iter().flat_map(|draws| draws.posterior().keys());
        let mut keys: Vec<String> = of_draws.cloned().collect();
        let of_ranges =
            |range: &&UncertainNumber| is_drawn(&range.key) && !keys.contains(&range.key);
        let ranges: Vec<UncertainNumber> = (ranges.as_slice().iter())
            .filter(of_ranges)
            .cloned()
            .collect();
        keys.retain(|key| is_drawn(key));
        keys.extend(ranges.iter().map(|range| range.key.clone()));
        Self {
            seed,
            ranges: UncertainNumbers::new(ranges),
            draws,
            keys,
        }
    }

    /// The keys that have other values in other futures: those of the posterior, then those of ranges.
    #[must_use]
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// Whether a key has other values in other futures.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.keys.iter().any(|drawn| drawn == key)
    }

    /// The draws of the posterior; `None` without one.
    #[must_use]
    pub fn draws(&self) -> Option<&Resampled> {
        self.draws.as_ref()
    }

    /// The values of a future.
    ///
    /// # Panics
    /// If a posterior has no draw for such a future.
    #[must_use]
    pub fn overrides(&self, future: u32) -> Vec<Override> {
        let of_draws = self.draws.iter().flat_map(|draws| draws.overrides(future));
        let of_draws = of_draws.filter(|it| self.has(&it.key));
        of_draws
            .chain(overrides(&self.ranges, self.seed, future))
            .collect()
    }

    /// Runs a replication of a scenario in the world of a future.
    ///
    /// # Errors
    /// What went wrong, and in which future.
    pub fn simulated(
        &self,
        loaded: &Loaded,
        layout: &Layout,
        future: u32,
        replication: u32,
    ) -> Outcome {
        let values = self.overrides(future);
        let outcome = tasks::guarded(|| {
            let world = load(loaded, &values)?;
            let record = model::simulate(&world.scenario, self.seed, replication);
            (record.map(|record| layout.observe(&record))).map_err(|error| error.to_string())
        });
        outcome.map_err(|reason| format!("in future {future}: {reason}"))
    }
}

/// The values of the ranges of `[futures]` in a future.
///
/// Each comes from one uniform number, keyed by the seed, the future and the name of the key, and mapped through the quantile
/// function of its distribution. So one uncertain key more, or another distribution of one, moves no other; a seed has the same
/// futures on every platform; and no replication draws from the same stream.
#[must_use]
pub fn overrides(futures: &UncertainNumbers, seed: u64, future: u32) -> Vec<Override> {
    let streams = streams(seed, Use::Futures);
    let points: Vec<f64> = (futures.as_slice().iter())
        .map(|input| {
            streams
                .draw(key_of(&input.key), 0, u64::from(future))
                .uniform()
        })
        .collect();
    futures.values(&points)
}

/// A scenario with such values, of the texts that it was read from at first: a file that changes during an experiment changes
/// nothing in it.
///
/// # Errors
/// Why the values cannot be combined.
pub fn load(loaded: &Loaded, overrides: &[Override]) -> Result<Loaded, String> {
    let with_values = loaded.with(overrides);
    with_values.map_err(|diagnostics| diagnostics.errors().join("; "))
}

/// The command that runs one replication of a scenario with such values, on the same people; `None` where there is none, as the scenario
/// is one of results that no longer has a key.
#[must_use]
pub fn command(
    loaded: &Loaded,
    overrides: &[Override],
    seed: u64,
    replication: u32,
) -> Option<String> {
    let given = loaded.as_given(overrides)?;
    let set = (loaded.overrides.iter().chain(&given))
        .map(|it| format!(" --set {}", shell_word(&it.to_string())));
    let path = loaded.path().display().to_string();
    Some(format!(
        "portflow run {}{} --seed {seed} --replication {replication}",
        shell_word(&path),
        set.collect::<String>(),
    ))
}

/// A word as a shell reads it back.
#[must_use]
pub fn shell_word(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-=/+:".contains(&byte);
    if word.bytes().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;
    use crate::scenario::Posterior;
    use crate::scenario::futures::Distribution;

    fn uncertain(keys: &[&str]) -> UncertainNumbers {
        let future = |key: &&str| UncertainNumber {
            key: (*key).to_owned(),
            distribution: Distribution::Uniform {
                low: 0.0,
                high: 1.0,
            },
            is_whole: false,
            source: String::new(),
        };
        UncertainNumbers::new(keys.iter().map(future).collect())
    }

    fn value(overrides: &[Override], key: &str) -> f64 {
        let found = overrides.iter().find(|it| it.key == key);
        found.unwrap().value.parse().unwrap()
    }

    #[test]
    fn a_future_has_the_values_of_its_first_version() {
        // Results published with a seed must stay reproducible.
        let futures = uncertain(&["world.x", "world.y"]);
        let written: Vec<String> = (0..2)
            .flat_map(|future| overrides(&futures, 1, future))
            .map(|it| it.to_string())
            .collect();
        insta::assert_snapshot!(written.join("\n"), @r"
        world.x=0.6632667010261898
        world.y=0.16477936225856882
        world.x=0.28162821367315904
        world.y=0.11073590219658713
        ");
    }

    #[test]
    fn one_more_uncertain_key_moves_no_other() {
        let two = uncertain(&["world.b", "world.c"]);
        let three = uncertain(&["world.a", "world.b", "world.c"]);
        for future in 0..50 {
            let (without, with) = (overrides(&two, 7, future), overrides(&three, 7, future));
            assert_eq!(without, with[1..]);
        }
    }

    #[test]
    fn a_posterior_goes_before_ranges_and_a_value_that_is_kept_before_both() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/theory/lottery.toml");
        let lottery = crate::scenario::load(&file, &[]).unwrap();
        let [slots, share] = ["policy.app.slots_per_day", "policy.app.random_share"];
        let text = format!("draw,weight,{slots},{share}\n1,1,80,0.5\n");
        let posterior = Posterior::parse("posterior.csv", &text, &lottery).unwrap();
        let ranges = uncertain(&[slots, "world.x"]);
        let source = |kept: &[&str]| {
            let draws = Resampled::new(posterior.clone(), 2, 7);
            Source::new(7, &ranges, Some(draws), |key| !kept.contains(&key))
        };
        let both = source(&[]);
        assert_eq!(both.keys(), [slots, share, "world.x"]);
        let values = both.overrides(1);
        assert_eq!(values[0], Override::new(slots, "80"));
        // As without a posterior.
        assert_eq!(values[2], overrides(&ranges, 7, 1)[1]);
        assert_eq!(values.len(), 3);
        let kept = source(&[slots, "world.x"]);
        assert_eq!(kept.keys(), [share]);
        assert_eq!(kept.overrides(0), [Override::new(share, "0.5")]);
        assert!(source(&[slots, share, "world.x"]).keys().is_empty());
    }

    #[test]
    fn futures_seeds_and_keys_differ() {
        let futures = uncertain(&["world.x", "world.y"]);
        let mut seen = BTreeSet::new();
        for (seed, future) in (0..10).flat_map(|seed| (0..100).map(move |future| (seed, future))) {
            seen.extend(
                overrides(&futures, seed, future)
                    .into_iter()
                    .map(|it| it.value),
            );
        }
        assert_eq!(seen.len(), 2 * 10 * 100);
    }

    #[test]
    fn a_word_with_blanks_or_quotes_is_quoted_for_the_shell() {
        assert_eq!(shell_word("world.x=0.5"), "world.x=0.5");
        assert_eq!(shell_word("a b's"), r"'a b'\''s'");
    }

    /// Means of 10,000 uniform numbers of each of 20 seeds, and of the product of two: standard errors 0.00065 and 0.000186 (1/12 /
    /// √200,000); α = 0.001 two-sided gives 3.29 of them.
    #[test]
    fn values_are_spread_evenly_and_independently() {
        const SEEDS: u64 = 20;
        const FUTURES: u32 = 10_000;
        let futures = uncertain(&["world.x", "world.y"]);
        let (mut sum, mut product) = (0.0, 0.0);
        for seed in 0..SEEDS {
            for future in 0..FUTURES {
                let values = overrides(&futures, seed, future);
                let [x, y] = ["world.x", "world.y"].map(|key| value(&values, key) - 0.5);
                sum += x;
                product += x * y;
            }
        }
        let n = SEEDS as f64 * f64::from(FUTURES);
        assert!((sum / n).abs() < 3.29 * 0.000_65, "{}", sum / n);
        assert!((product / n).abs() < 3.29 * 0.000_186, "{}", product / n);
    }
}
