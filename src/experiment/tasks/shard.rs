//! A part of an experiment: the i-th of n, for one of several machines.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The `index`-th of `of` parts, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard {
    /// Which part, from 1 to `of`.
    pub index: u32,
    /// How many parts.
    pub of: u32,
}

/// A text that names no shard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a shard is i/n with i from 1 to n, such as 2/4; found `{0}`")]
pub struct ShardError(String);

impl Shard {
    /// Its part of `units` numbered from 0: shards differ by at most one unit and lie in their order.
    #[must_use]
    pub fn range(self, units: u32) -> Range<u32> {
        let bound = |index: u32| (u64::from(units) * u64::from(index) / u64::from(self.of)) as u32;
        bound(self.index - 1)..bound(self.index)
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('/').and_then(|(index, of)| {
            let (index, of) = (index.trim().parse().ok()?, of.trim().parse().ok()?);
            (1 <= index && index <= of).then_some(Self { index, of })
        });
        parts.ok_or_else(|| ShardError(text.to_owned()))
    }
}

impl TryFrom<String> for Shard {
    type Error = ShardError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}/{}", self.index, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_all_units_once_and_in_order() {
        for units in [0, 1, 7, 20, 1_000_003] {
            for of in [1, 2, 3, 8] {
                let mut next = 0;
                for index in 1..=of {
                    let range = Shard { index, of }.range(units);
                    assert_eq!(range.start, next);
                    assert!(range.len() as u32 <= units / of + 1);
                    next = range.end;
                }
                assert_eq!(next, units);
            }
        }
    }

    #[test]
    fn only_parts_of_a_whole_are_shards() {
        assert_eq!("2/4".parse(), Ok(Shard { index: 2, of: 4 }));
        for text in ["0/4", "5/4", "4", "1/0", "-1/2", "a/b", ""] {
            assert_eq!(text.parse::<Shard>(), Err(ShardError(text.to_owned())));
        }
    }
}
