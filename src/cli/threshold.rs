//! `--at-most`: the largest error of a column at which a command still succeeds.

use std::fmt;
use std::process::ExitCode;
use std::str::FromStr;

use portflow::experiment::validation::{Part, Verdicts};
use portflow::report::number::percent;
use portflow::stats::Amount;

use super::failure;
use super::input::meant_as_percent;

/// The largest mean absolute percentage error of a column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Threshold {
    /// As it was named.
    part: Option<Part>,
    pub(crate) column: String,
    /// As a share.
    error: f64,
    /// As it was given.
    given: String,
}

impl FromStr for Threshold {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "expected a column and an error, as in irregular_encounters=10% or held-out:irregular_encounters=10%; found `{text}`"
            )
        };
        let (of, error) = text.split_once('=').ok_or_else(wrong)?;
        let (part, column) = match of.split_once(':') {
            Some((part, column)) => {
                let mut parts = Part::ALL.into_iter();
                let part = parts.find(|known| known.name() == part.trim());
                (Some(part.ok_or_else(wrong)?), column)
            }
            None => (None, of),
        };
        let error = error.trim();
        match Amount::read(error) {
            // 10 for 10% would be a gate that stands open.
            Some(Amount::Plain(number)) if number >= 1.0 => {
                let told = meant_as_percent(&format!("{of}="), error, number);
                Err(format!("{told}, or a share below 1"))
            }
            Some(amount) if amount.share() >= 0.0 => Ok(Self {
                part,
                column: column.trim().to_owned(),
                error: amount.share(),
                given: error.to_owned(),
            }),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            part,
            column,
            given,
            ..
        } = self;
        if let Some(part) = part {
            write!(out, "{}:", part.name())?;
        }
        write!(out, "{column}={given}")
    }
}

impl Threshold {
    /// The months that it is of.
    pub(crate) fn part(&self) -> Part {
        self.part.unwrap_or(Part::Fitted)
    }

    /// Whether they were named.
    pub(crate) fn names_part(&self) -> bool {
        self.part.is_some()
    }

    /// What is said where the error is larger, or cannot be told; `None` where it is kept.
    pub(crate) fn passed(&self, verdicts: &Verdicts) -> Option<String> {
        let (part, column) = (self.part(), &self.column);
        let mut scores = verdicts.scores.iter();
        let score = scores.find(|score| score.column == *column && score.part == part);
        let points = score.map(|score| score.scores.points);
        let Some((points, error)) = points.and_then(|points| Some((points, points.mape()?))) else {
            return Some(format!(
                "--at-most {self}: no such month is published and simulated"
            ));
        };
        (error > self.error).then(|| {
            format!(
                "`{column}` is off by {} on average over {} {} months, more than {}",
                percent(error),
                points.n,
                part.name(),
                self.given
            )
        })
    }

    /// What is said where the mean error of forecasts over origins is larger, or there is none; `None` where it is kept.
    pub(crate) fn passed_by(&self, error: Option<f64>) -> Option<String> {
        let column = &self.column;
        let most = &self.given;
        match error {
            None => Some(format!(
                "--at-most {column}={most}: nothing of it was forecast from an origin that is no break"
            )),
            Some(error) if error > self.error => Some(format!(
                "forecasts of `{column}` are off by {} on average over origins that are no breaks, more than {most}",
                percent(error)
            )),
            Some(_) => None,
        }
    }
}

/// The status where what was held against some threshold passed it; each that did is told.
pub(crate) fn gate(
    thresholds: &[Threshold],
    passed: impl Fn(&Threshold) -> Option<String>,
) -> Option<ExitCode> {
    let sentences: Vec<String> = thresholds.iter().filter_map(passed).collect();
    for sentence in &sentences {
        failure::say(&format!("error: {sentence}"));
    }
    (!sentences.is_empty()).then(|| ExitCode::from(failure::FAILED))
}

/// The status where there is nothing to hold against the thresholds, if there are any.
pub(crate) fn untried(thresholds: &[Threshold]) -> Option<ExitCode> {
    if thresholds.is_empty() {
        return None;
    }
    failure::say("error: --at-most was not tried, as nothing was simulated to the end now");
    Some(ExitCode::from(failure::FAILED))
}

#[cfg(test)]
mod tests {
    use portflow::experiment::validation::{Errors, Score};
    use portflow::forecast::{LogError, Predictive, PredictiveScores};

    use super::*;

    fn verdicts() -> Verdicts {
        let mut scores = PredictiveScores::default();
        let predictive = Predictive::new([(110.0, 1.0)], LogError::normal(0.1)).unwrap();
        scores.add(&predictive, 0.8, 100.0);
        Verdicts {
            share: 0.8,
            rows: Vec::new(),
            ports_exceed: Vec::new(),
            errors: Errors::default(),
            scores: vec![Score {
                column: "port_encounters".to_owned(),
                part: Part::HeldOut,
                scores,
                matches: Vec::new(),
            }],
        }
    }

    #[test]
    fn a_threshold_is_passed_by_a_larger_error_only() {
        let told = |text: &str| Threshold::from_str(text).unwrap().passed(&verdicts());
        assert_eq!(told("held-out:port_encounters=11%"), None);
        assert_eq!(told("held-out:port_encounters=0.11"), None);
        // The limit is told as it was given.
        for limit in ["4 %", "0.04%", "0.0004"] {
            let sentence = format!(
                "`port_encounters` is off by 10.0% on average over 1 held-out months, more than {limit}"
            );
            let threshold = format!("held-out:port_encounters = {limit}");
            assert_eq!(told(&threshold), Some(sentence));
        }
        // A gate that cannot be tried is not passed through.
        assert!(told("port_encounters=50%").is_some());
    }

    #[test]
    fn a_threshold_without_a_column_or_a_number_is_refused() {
        for text in [
            "port_encounters",
            "later:a=1%",
            "a=-1%",
            "a=b",
            "a=NaN",
            "a=inf",
        ] {
            assert!(Threshold::from_str(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_number_that_was_meant_as_percent_is_refused() {
        let told = Threshold::from_str("port_encounters=10").unwrap_err();
        assert!(
            told.contains("write port_encounters=10% for 10 percent"),
            "{told}"
        );
        let told = Threshold::from_str("held-out:port_encounters=10").unwrap_err();
        assert!(
            told.contains("write held-out:port_encounters=10% for 10 percent"),
            "{told}"
        );
        assert!(Threshold::from_str("port_encounters=100%").is_ok());
    }
}
