//! What is to be small or large: `irregular_encounters:min`, `port_encounters/calexico@2024-11:max`.

use crate::record::{Key, Layout};
use crate::stats::Direction;
use crate::stats::direction::DirectionError;

/// A figure, and which way it is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Objective {
    /// The figure, by the layout it was read for.
    pub key: Key,
    /// Which way is better.
    pub direction: Direction,
}

/// A text that names no objective of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("objective `{text}`: {reason}")]
pub struct ObjectiveError {
    text: String,
    reason: String,
}

impl Objective {
    /// The objective that `METRIC[/PLACE][@MONTH]:min` or `…:max` names.
    ///
    /// # Errors
    /// What is not known, with the nearest that is.
    pub fn of(text: &str, layout: &Layout) -> Result<Self, ObjectiveError> {
        let wrong = |reason: String| ObjectiveError {
            text: text.to_owned(),
            reason,
        };
        let (figure, direction) = text.rsplit_once(':').ok_or_else(|| {
            wrong("expected METRIC[/PLACE][@MONTH]:min or METRIC[/PLACE][@MONTH]:max".to_owned())
        })?;
        Ok(Self {
            key: (layout.select(figure)).map_err(|error| wrong(error.to_string()))?,
            direction: (direction.trim().parse())
                .map_err(|error: DirectionError| wrong(error.to_string()))?,
        })
    }

    /// Its name: what [`of`](Self::of) reads, without the direction.
    #[must_use]
    pub fn figure(&self, layout: &Layout) -> String {
        layout.name(self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::example;

    #[test]
    fn an_objective_is_a_figure_and_a_direction() {
        let layout = example::layout();
        for figure in [
            "port_encounters/calexico@2024-11",
            "irregular_encounters/mexican",
            "wait_days_median",
        ] {
            let objective = Objective::of(&format!("{figure}:max"), &layout).unwrap();
            assert_eq!(objective.direction, Direction::Max);
            assert_eq!(objective.key, layout.select(figure).unwrap());
            assert_eq!(objective.figure(&layout), figure);
        }
    }

    #[test]
    fn what_is_no_objective_is_refused_with_what_was_expected() {
        let said = |text| {
            let refused = Objective::of(text, &example::layout());
            refused.unwrap_err().to_string()
        };
        assert_eq!(
            said("port_encounters"),
            "objective `port_encounters`: expected METRIC[/PLACE][@MONTH]:min or METRIC[/PLACE][@MONTH]:max"
        );
        assert!(said("port_encounters:least").contains("either `min` or `max`; found `least`"));
        assert!(said("port_encounter:min").contains("did you mean `port_encounters`?"));
    }
}
