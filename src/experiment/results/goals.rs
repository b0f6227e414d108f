//! How precisely figures must be known before replications stop.

use std::fmt;
use std::str::FromStr;

use crate::record::{Key, Layout, SelectorError};
use crate::stats::sequential::{MINIMUM, PrecisionError};
use crate::stats::{Estimate, Level, Moments, Precision};

/// A figure as a user names it, and how precisely it is wanted: `port_encounters@2024-11=1%`.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    figure: String,
    precision: Precision,
}

/// A text that is no goal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WantedError {
    /// Nothing says how precise.
    #[error("expected METRIC[/PLACE][@MONTH]=PRECISION, as in `port_encounters@2024-11=1%`")]
    NoPrecision,
    /// What should say how precise does not.
    #[error(transparent)]
    Precision(#[from] PrecisionError),
}

impl FromStr for Wanted {
    type Err = WantedError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (figure, precision) = text.rsplit_once('=').ok_or(WantedError::NoPrecision)?;
        Ok(Self {
            figure: figure.trim().to_owned(),
            precision: precision.trim().parse()?,
        })
    }
}

/// A figure and how precisely it must be known.
#[derive(Debug, Clone, PartialEq)]
pub struct Goal {
    /// The figure.
    pub key: Key,
    /// Its name.
    pub figure: String,
    /// How precisely.
    pub precision: Precision,
}

/// What replications are made for: they stop when every figure is known precisely enough.
///
/// The rule is asked after each replication, in their order, and looks at nothing but those made: the result does not depend on
/// threads, nor on whether the experiment was killed and resumed. All figures must be precise enough at the same replication: an
/// interval may widen again.
#[derive(Debug, Clone, PartialEq)]
pub struct Goals {
    each: Vec<Goal>,
    level: Level,
    least: u32,
    most: u32,
}

/// How a goal stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing<'a> {
    /// The goal.
    pub goal: &'a Goal,
    /// The variant whose difference it is about; `None` in a plain run.
    pub variant: Option<&'a str>,
    /// What is known of the figure; `None` where no replication has a value.
    pub estimate: Option<Estimate>,
    /// Whether that is precise enough.
    pub reached: bool,
}

impl Goals {
    /// Goals about figures of a layout, for at least `least` replications (never fewer than [`MINIMUM`]) and at most `most`.
    ///
    /// # Errors
    /// A figure that the layout does not know.
    pub fn new(
        wanted: &[Wanted],
        layout: &Layout,
        level: Level,
        least: u32,
        most: u32,
    ) -> Result<Self, SelectorError> {
        let goal = |wanted: &Wanted| {
            let key = layout.select(&wanted.figure)?;
            Ok(Goal {
                key,
                figure: layout.name(key),
                precision: wanted.precision,
            })
        };
        Ok(Self {
            each: wanted.iter().map(goal).collect::<Result<_, _>>()?,
            level,
            least: least.max(MINIMUM),
            most,
        })
    }

    /// Confidence level of the intervals that are looked at: each goal has its own, whatever holds together with others in a table.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// Replications before which the experiment does not stop.
    #[must_use]
    pub fn least(&self) -> u32 {
        self.least
    }

    /// Replications with which it stops whatever is known.
    #[must_use]
    pub fn most(&self) -> u32 {
        self.most
    }

    /// Every goal.
    pub fn iter(&self) -> std::slice::Iter<'_, Goal> {
        self.each.iter()
    }

    /// Whether `made` replications with these values suffice for every goal.
    pub fn reached<'m>(&self, made: u32, moments_of: impl Fn(Key) -> Option<&'m Moments>) -> bool {
        made >= self.least
            && self.each.iter().all(|goal| {
                let moments = moments_of(goal.key);
                moments.is_some_and(|moments| goal.precision.reached(moments, self.level))
            })
    }

    /// Estimate of the replications needed in all, for showing progress: more than those made, at most the maximum. `None` where
    /// nothing can be said yet.
    pub fn needed<'m>(
        &self,
        made: u32,
        moments_of: impl Fn(Key) -> Option<&'m Moments>,
    ) -> Option<u32> {
        let needed = |goal: &Goal| goal.precision.needed(moments_of(goal.key)?, self.level);
        let needed: Option<Vec<u32>> = self.each.iter().map(needed).collect();
        let most_needed = needed?.into_iter().max()?;
        Some(most_needed.max(self.least).max(made + 1).min(self.most))
    }

    /// How each goal stands, in their order.
    pub fn standings<'a, 'm>(
        &'a self,
        variant: Option<&'a str>,
        moments_of: impl Fn(Key) -> Option<&'m Moments>,
    ) -> impl Iterator<Item = Standing<'a>> {
        self.each.iter().map(move |goal| {
            let moments = moments_of(goal.key);
            Standing {
                goal,
                variant,
                estimate: moments.and_then(|moments| Estimate::of(moments, self.level)),
                reached: moments.is_some_and(|moments| goal.precision.reached(moments, self.level)),
            }
        })
    }
}

impl<'a> IntoIterator for &'a Goals {
    type Item = &'a Goal;
    type IntoIter = std::slice::Iter<'a, Goal>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The goals as the command line takes them, with commas between.
impl fmt::Display for Goals {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, goal) in self.each.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(out, "{comma}{}={}", goal.figure, goal.precision)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::example;

    fn goals(texts: &[&str], least: u32, most: u32) -> Goals {
        let wanted: Vec<Wanted> = texts.iter().map(|text| text.parse().unwrap()).collect();
        Goals::new(&wanted, &example::layout(), Level::USUAL, least, most).unwrap()
    }

    #[test]
    fn a_goal_names_a_figure_and_a_precision() {
        let goals = goals(
            &["port_encounters/calexico@2024-11 = 1%", "pool_size=50"],
            0,
            99,
        );
        assert_eq!(
            goals.to_string(),
            "port_encounters/calexico@2024-11=1%, pool_size=50"
        );
        assert_eq!((goals.least(), goals.most()), (MINIMUM, 99));
        assert_eq!("pool_size".parse::<Wanted>(), Err(WantedError::NoPrecision));
        let wrong = "pool_size=1000%".parse::<Wanted>().unwrap_err();
        assert!(wrong.to_string().contains("below 100%"), "{wrong}");
        let unknown: Wanted = "pool_siz=1%".parse().unwrap();
        let refused = Goals::new(&[unknown], &example::layout(), Level::USUAL, 0, 99);
        let said = refused.unwrap_err().to_string();
        assert!(said.contains("did you mean `pool_size`?"), "{said}");
    }

    /// Ten values have a half-width of 0.754 around 10 (see `stats::sequential`); 20 of one of 0.480.
    fn values(n: u32) -> Moments {
        (0..n).map(|i| f64::from(9 + i % 2 * 2)).collect()
    }

    #[test]
    fn every_goal_must_be_reached_with_the_least_replications() {
        let [ten, twenty] = [10, 20].map(values);
        let one = goals(&["pool_size=0.8"], 0, 99);
        assert!(one.reached(10, |_| Some(&ten)));
        let later = goals(&["pool_size=0.8"], 12, 99);
        assert!(!later.reached(10, |_| Some(&ten)));
        let both = goals(&["pool_size=0.8", "arrivals=0.5"], 0, 99);
        assert!(!both.reached(10, |_| Some(&ten)));
        assert!(both.reached(20, |_| Some(&twenty)));
        assert!(!both.reached(20, |_| None));
    }

    #[test]
    fn the_replications_needed_are_more_than_those_made_and_at_most_the_maximum() {
        let ten = values(10);
        let needed = |text, most| goals(&[text], 0, most).needed(10, |_| Some(&ten));
        // 10 · (0.754 / 0.377)², and a goal that is reached but for another.
        assert_eq!(needed("pool_size=0.377026", 99), Some(41));
        assert_eq!(needed("pool_size=0.377026", 30), Some(30));
        assert_eq!(needed("pool_size=5", 99), Some(11));
        let nothing = goals(&["pool_size=5"], 0, 99);
        assert_eq!(nothing.needed(0, |_| None), None);
    }

    #[test]
    fn a_goal_stands_as_its_estimate_does() {
        let ten = values(10);
        let goals = goals(&["pool_size=0.8", "arrivals=0.5"], 0, 99);
        let standings: Vec<Standing<'_>> = goals.standings(None, |_| Some(&ten)).collect();
        assert_eq!(
            standings.iter().map(|s| s.reached).collect::<Vec<_>>(),
            [true, false]
        );
        assert_eq!(standings[0].estimate.map(|estimate| estimate.n), Some(10));
    }
}
