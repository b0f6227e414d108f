//! Futures of a scenario with uncertain inputs: which values those have in future 0, 1, ….
//!
//! A future is a world: all that is compared, or swept over, is run in the same futures. Its luck is a matter of its own: the
//! replications of future f are the numbers f·R to f·R + R - 1 of the seed, so no two futures share any.

use crate::design::luck::{Use, streams};
use crate::model::identity::key_of;
use crate::scenario::Loaded;
use crate::scenario::diagnostics::Severity;
use crate::scenario::futures::Futures;

/// The values of the uncertain inputs in a future: key paths and values as [`load`](crate::scenario::load) takes them.
///
/// Each comes from one uniform number, keyed by the seed, the future and the name of the key, and mapped through the quantile
/// function of its distribution. So one uncertain key more, or another distribution of one, moves no other; a seed has the same
/// futures on every platform; and no replication draws from the same stream.
#[must_use]
pub fn overrides(futures: &Futures, seed: u64, future: u32) -> Vec<(String, String)> {
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
pub fn load(loaded: &Loaded, overrides: &[(String, String)]) -> Result<Loaded, String> {
    loaded.with(overrides).map_err(|diagnostics| {
        let problems = diagnostics.problems().iter();
        let errors = problems.filter(|problem| problem.severity == Severity::Error);
        let messages: Vec<&str> = errors.map(|error| error.message.as_str()).collect();
        messages.join("; ")
    })
}

/// The command that runs one replication of a scenario with such values, on the same people.
#[must_use]
pub fn command(
    loaded: &Loaded,
    overrides: &[(String, String)],
    seed: u64,
    replication: u32,
) -> String {
    let set = (loaded.overrides.iter().chain(overrides))
        .map(|(key, value)| format!(" --set {}", quoted(&format!("{key}={value}"))));
    let path = loaded.path().display().to_string();
    format!(
        "portflow run {}{} --seed {seed} --replication {replication}",
        quoted(&path),
        set.collect::<String>(),
    )
}

/// A word as a shell reads it back.
fn quoted(word: &str) -> String {
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

    use super::*;
    use crate::scenario::futures::{Distribution, Future};

    fn uncertain(keys: &[&str]) -> Futures {
        let future = |key: &&str| Future {
            key: (*key).to_owned(),
            distribution: Distribution::Uniform {
                low: 0.0,
                high: 1.0,
            },
            is_whole: false,
            source: String::new(),
        };
        Futures::new(keys.iter().map(future).collect())
    }

    fn value(overrides: &[(String, String)], key: &str) -> f64 {
        let found = overrides.iter().find(|(name, _)| name == key);
        found.unwrap().1.parse().unwrap()
    }

    #[test]
    fn a_future_has_the_values_of_its_first_version() {
        // Results published with a seed must stay reproducible.
        let futures = uncertain(&["world.x", "world.y"]);
        let written: Vec<String> = (0..2)
            .flat_map(|future| overrides(&futures, 1, future))
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        insta::assert_snapshot!(written.join("\n"), @r"
        world.x=0.14854098846209796
        world.y=0.3696396187969103
        world.x=0.3965128014529734
        world.y=0.6561631682319465
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
    fn futures_seeds_and_keys_differ() {
        let futures = uncertain(&["world.x", "world.y"]);
        let mut seen = BTreeSet::new();
        for (seed, future) in (0..10).flat_map(|seed| (0..100).map(move |future| (seed, future))) {
            seen.extend(
                overrides(&futures, seed, future)
                    .into_iter()
                    .map(|(_, value)| value),
            );
        }
        assert_eq!(seen.len(), 2 * 10 * 100);
    }

    #[test]
    fn a_word_with_blanks_or_quotes_is_quoted_for_the_shell() {
        assert_eq!(quoted("world.x=0.5"), "world.x=0.5");
        assert_eq!(quoted("a b's"), r"'a b'\''s'");
    }

    /// Means of 10,000 uniform numbers and of the product of two: standard errors 0.0029 and 0.00083 (1/12 / √10,000); α = 0.001
    /// two-sided gives 3.29 of them.
    #[test]
    fn values_are_spread_evenly_and_independently() {
        const FUTURES: u32 = 10_000;
        let futures = uncertain(&["world.x", "world.y"]);
        let (mut sum, mut product) = (0.0, 0.0);
        for future in 0..FUTURES {
            let values = overrides(&futures, 3, future);
            let [x, y] = ["world.x", "world.y"].map(|key| value(&values, key) - 0.5);
            sum += x;
            product += x * y;
        }
        let n = f64::from(FUTURES);
        assert!((sum / n).abs() < 3.29 * 0.0029, "{}", sum / n);
        assert!((product / n).abs() < 3.29 * 0.000_83, "{}", product / n);
    }
}
