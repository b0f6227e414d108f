//! Which way is better.

use std::str::FromStr;

/// Whether a smaller or a larger outcome is the better one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The smallest is best.
    Min,
    /// The largest is best.
    Max,
}

/// A word that is no direction.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("what is best is either `min` or `max`; found `{0}`")]
pub struct DirectionError(String);

impl FromStr for Direction {
    type Err = DirectionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "min" => Ok(Self::Min),
            "max" => Ok(Self::Max),
            _ => Err(DirectionError(text.to_owned())),
        }
    }
}

impl Direction {
    /// The word used on the command line and in results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Min => "min",
            Self::Max => "max",
        }
    }

    /// The outcome as a loss: less is better, whatever the direction.
    pub(super) fn loss(self, outcome: f64) -> f64 {
        match self {
            Self::Min => outcome,
            Self::Max => -outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_direction_is_min_or_max() {
        assert_eq!("min".parse(), Ok(Direction::Min));
        assert_eq!("max".parse(), Ok(Direction::Max));
        assert_eq!(
            [Direction::Min, Direction::Max].map(Direction::name),
            ["min", "max"]
        );
        let refused = "least".parse::<Direction>().unwrap_err();
        assert_eq!(
            refused.to_string(),
            "what is best is either `min` or `max`; found `least`"
        );
    }

    #[test]
    fn the_better_outcome_is_the_smaller_loss() {
        assert!(Direction::Min.loss(1.0) < Direction::Min.loss(2.0));
        assert!(Direction::Max.loss(2.0) < Direction::Max.loss(1.0));
    }
}
