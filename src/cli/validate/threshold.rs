//! `--at-most` and `--at-least`: the largest error and the smallest skill of a column at which a command still succeeds.

mod gate;

use std::fmt;

use portflow::experiment::validation::{Forecasts, Known, OriginKind, Part, Score, Verdicts};
use portflow::forecast::{Lack, Rival};
use portflow::report::number::{counted, decimals_beyond, grouped, with_sign};
use portflow::stats::Amount;

pub(crate) use self::gate::Gate;
use crate::cli::args::input::meant_as_percent;

/// What a column must keep.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Threshold {
    limit: Limit,
    /// The months that it is of, where they were named.
    part: Option<Part>,
    pub(crate) column: String,
    /// The limit as it was given.
    given: String,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Limit {
    /// The largest mean absolute percentage error, as a share.
    AtMost(f64),
    /// The smallest skill against any simple forecast.
    AtLeast(f64),
}

impl Threshold {
    /// Reads `--at-most`.
    pub(crate) fn at_most(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "expected a column and an error, as in irregular_encounters=10% or held-out:irregular_encounters=10%; found `{text}`"
            )
        };
        let (of, error) = text.split_once('=').ok_or_else(wrong)?;
        match Amount::read(error) {
            // 10 for 10% would be a gate that stands open.
            Some(Amount::Plain(number)) if number >= 1.0 => {
                let told = meant_as_percent(&format!("{of}="), error.trim(), number);
                Err(format!("{told}, or a share below 1"))
            }
            Some(amount) if amount.share() >= 0.0 => {
                Self::of(of, Limit::AtMost(amount.share()), error).ok_or_else(wrong)
            }
            _ => Err(wrong()),
        }
    }

    /// Reads `--at-least`.
    pub(crate) fn at_least(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "expected a column and a skill of at most 1, as in irregular_encounters=0 or held-out:irregular_encounters=0.1; found `{text}`"
            )
        };
        let (of, skill) = text.split_once('=').ok_or_else(wrong)?;
        let least = Amount::read(skill).map(Amount::share);
        let least = least.filter(|&least| least <= 1.0).ok_or_else(wrong)?;
        Self::of(of, Limit::AtLeast(least), skill).ok_or_else(wrong)
    }

    /// Of `COLUMN` or `PART:COLUMN`; `None` where there is no such part.
    fn of(of: &str, limit: Limit, given: &str) -> Option<Self> {
        let (part, column) = match of.split_once(':') {
            Some((name, column)) => {
                let part = Part::all().find(|part| part.name() == name.trim())?;
                (Some(part), column)
            }
            None => (None, of),
        };
        Some(Self {
            limit,
            part,
            column: column.trim().to_owned(),
            given: given.trim().to_owned(),
        })
    }
}

/// As it is given on the command line.
impl fmt::Display for Threshold {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (of, _) = self.of_what();
        write!(out, "{of}={}", self.given)
    }
}

impl Threshold {
    /// The flag with what it is of, as they are given on the command line, and the limit.
    fn of_what(&self) -> (String, f64) {
        let (flag, limit) = match self.limit {
            Limit::AtMost(most) => ("--at-most", most),
            Limit::AtLeast(least) => ("--at-least", least),
        };
        let part = self.part.map(|part| format!("{}:", part.name()));
        let part = part.unwrap_or_default();
        (format!("{flag} {part}{}", self.column), limit)
    }

    /// The same however the limit is written: 1% and 0.01 are one.
    fn key(&self) -> String {
        let (of, limit) = self.of_what();
        format!("{of}={limit}")
    }

    /// The months that it is of.
    pub(crate) fn part(&self) -> Part {
        self.part.unwrap_or(Part::Fitted)
    }

    /// Whether they were named.
    pub(crate) fn names_part(&self) -> bool {
        self.part.is_some()
    }

    /// What they are called: fitted only where something says which months are.
    fn months(&self, known: &Known, number: u32) -> String {
        if self.names_part() || known.window.is_some() {
            counted(number, &format!("{} month", self.part().name()))
        } else {
            counted(number, "month")
        }
    }

    /// What is said where it is passed, or cannot be tried; `None` where it is kept.
    pub(crate) fn passed(&self, verdicts: &Verdicts, known: &Known) -> Option<String> {
        let (part, column) = (self.part(), &self.column);
        let mut scores = verdicts.scores.iter();
        let score = scores.find(|score| score.column == *column && score.part == part);
        match self.limit {
            Limit::AtMost(most) => {
                let Some(points) = score.map(|score| score.scores.points) else {
                    return Some(format!("{self}: no such month is published and simulated"));
                };
                let Some(error) = points.mape() else {
                    return Some(format!("{self}: {ONLY_ZEROS}"));
                };
                (error > most).then(|| {
                    format!(
                        "`{column}` is off by {} on average over {}, more than {}",
                        off_by(error, most),
                        self.months(known, points.n),
                        self.given
                    )
                })
            }
            Limit::AtLeast(least) => {
                let skills = |score: &Score| {
                    let skills = score.matches.iter();
                    lowest(skills.filter_map(|&(rival, with)| {
                        Some(((rival, with.theirs.n), with.standing()?))
                    }))
                };
                if score.is_some_and(|score| score.scores.points.n == 0) {
                    return Some(format!("{self}: {ONLY_ZEROS}"));
                }
                let Some(((rival, n), skill)) = score.and_then(skills) else {
                    return Some(format!(
                        "{self}: there is no simple forecast of such a month"
                    ));
                };
                (skill < least).then(|| {
                    format!(
                        "`{column}` has {} over {}, less than {}",
                        against(skill, rival, least),
                        self.months(known, n),
                        self.given
                    )
                })
            }
        }
    }

    /// What is said where it is of a skill, and some simple forecast could not be asked of all its months.
    pub(crate) fn unasked(&self, verdicts: &Verdicts) -> Option<String> {
        let mut scores = verdicts.scores.iter();
        let score =
            scores.find(|score| score.column == self.column && score.part == self.part())?;
        self.without(&verdicts.lacks(score))
    }

    /// The same of forecasts from rolling origins.
    pub(crate) fn unasked_by(&self, forecasts: &Forecasts) -> Option<String> {
        self.without(&forecasts.lacks(&self.column, OriginKind::Others))
    }

    fn without(&self, lacks: &[Lack]) -> Option<String> {
        let Limit::AtLeast(_) = self.limit else {
            return None;
        };
        let lack = |lack: &Lack| {
            let Lack { rival, has, of } = lack;
            format!(
                "{} (of {has} of {of} months; it takes {})",
                rival.name(),
                rival.takes()
            )
        };
        let names: Vec<String> = lacks.iter().map(lack).collect();
        (!names.is_empty()).then(|| {
            format!(
                "{self} is not held against every simple forecast of all months: what is published does not suffice for {}",
                names.join(", ")
            )
        })
    }

    /// The same as [`passed`](Self::passed) of forecasts from rolling origins, over those that are no breaks.
    pub(crate) fn passed_by(&self, forecasts: &Forecasts) -> Option<String> {
        const OTHERS: OriginKind = OriginKind::Others;
        let column = &self.column;
        match self.limit {
            Limit::AtMost(most) => {
                let Some(error) = forecasts.mean(column, OTHERS, None) else {
                    return Some(format!(
                        "{self}: nothing of it was forecast from an origin that is no break"
                    ));
                };
                (error > most).then(|| {
                    format!(
                        "forecasts of `{column}` are off by {} on average over origins that are no breaks, more than {}",
                        off_by(error, most),
                        self.given
                    )
                })
            }
            Limit::AtLeast(least) => {
                let skills = Rival::all();
                let skills = skills
                    .filter_map(|rival| Some((rival, forecasts.standing(column, OTHERS, rival)?)));
                let Some((rival, skill)) = lowest(skills) else {
                    return Some(format!(
                        "{self}: there is no simple forecast of it from an origin that is no break"
                    ));
                };
                (skill < least).then(|| {
                    format!(
                        "forecasts of `{column}` have {} over origins that are no breaks, less than {}",
                        against(skill, rival, least),
                        self.given
                    )
                })
            }
        }
    }
}

/// Why a threshold on published figures of 0 cannot be tried.
const ONLY_ZEROS: &str = "every such month is published as 0, which has no relative error";

/// An error in percent, with decimals that tell it from a limit.
fn off_by(error: f64, limit: f64) -> String {
    let [error, limit] = [error, limit].map(|share| share * 100.0);
    format!("{}%", grouped(error, decimals_beyond(error, limit, 1)))
}

/// A skill against a rival, in words, with decimals that tell it from a limit.
fn against(skill: f64, rival: Rival, limit: f64) -> String {
    if skill.is_finite() {
        let skill = with_sign(skill, decimals_beyond(skill, limit, 2));
        format!("a skill of {skill} against {}", rival.name())
    } else {
        format!("an error where {} has none", rival.name())
    }
}

/// The rival that is beaten by least, or wins by most, as it is named.
fn lowest<R>(skills: impl Iterator<Item = (R, f64)>) -> Option<(R, f64)> {
    skills.min_by(|(_, one), (_, other)| one.total_cmp(other))
}

#[cfg(test)]
mod tests {
    use portflow::experiment::validation::{Errors, Window};
    use portflow::forecast::{LogError, Match, Predictive, PredictiveScores};
    use portflow::month::Month;

    use super::*;

    fn verdicts() -> Verdicts {
        let mut scores = PredictiveScores::default();
        let predictive = Predictive::new([(110.0, 1.0)], LogError::normal(0.1)).unwrap();
        scores.add(&predictive, 0.8, 100.0);
        let (mut won, mut lost) = (Match::default(), Match::default());
        won.add(110.0, 120.0, 100.0);
        lost.add(110.0, 108.0, 100.0);
        Verdicts {
            share: 0.8,
            rows: Vec::new(),
            ports_exceed: Vec::new(),
            errors: Errors::default(),
            scores: vec![Score {
                column: "port_encounters".to_owned(),
                part: Part::HeldOut,
                scores,
                matches: vec![(Rival::LastValue, won), (Rival::Arima, lost)],
            }],
        }
    }

    #[test]
    fn a_threshold_is_passed_by_a_larger_error_only() {
        let known = Known::default();
        let told = |text: &str| {
            Threshold::at_most(text)
                .unwrap()
                .passed(&verdicts(), &known)
        };
        assert_eq!(told("held-out:port_encounters=11%"), None);
        assert_eq!(told("held-out:port_encounters=0.11"), None);
        // The limit is told as it was given.
        for limit in ["4 %", "0.04%", "0.0004"] {
            let sentence = format!(
                "`port_encounters` is off by 10.0% on average over 1 held-out month, more than {limit}"
            );
            let threshold = format!("held-out:port_encounters = {limit}");
            assert_eq!(told(&threshold), Some(sentence));
        }
        let near = told("held-out:port_encounters=9.98%").unwrap();
        assert!(near.contains("off by 10.0% on"), "{near}");
        assert_eq!(off_by(0.1204, 0.1203), "12.04%");
        assert_eq!(off_by(0.1204, 0.119), "12.0%");
        // A gate that cannot be tried is not passed through.
        assert!(told("port_encounters=50%").is_some());
        let mut zeros = verdicts();
        zeros.scores[0].scores = PredictiveScores::default();
        for threshold in [
            Threshold::at_most("held-out:port_encounters=50%"),
            Threshold::at_least("held-out:port_encounters=0"),
        ] {
            let said = threshold.unwrap().passed(&zeros, &known).unwrap();
            assert!(said.ends_with(ONLY_ZEROS), "{said}");
        }
    }

    /// A threshold that names no months is of all where nothing says which are fitted.
    #[test]
    fn months_are_called_fitted_where_something_says_so() {
        let mut verdicts = verdicts();
        verdicts.scores[0].part = Part::Fitted;
        let told = |known: &Known| {
            let threshold = Threshold::at_most("port_encounters=1%").unwrap();
            threshold.passed(&verdicts, known).unwrap()
        };
        let month = Month::new(2024, 1);
        let window = Window {
            first: month,
            last: month,
        };
        let known = Known {
            window: Some(window),
            ..Known::default()
        };
        assert!(told(&known).contains(" over 1 fitted month, "));
        assert!(told(&Known::default()).contains(" over 1 month, "));
    }

    /// 10% off, against 20% of one simple forecast and 8% of another.
    #[test]
    fn a_skill_is_the_lowest_against_any_simple_forecast() {
        let known = Known::default();
        let told = |text: &str| {
            Threshold::at_least(text)
                .unwrap()
                .passed(&verdicts(), &known)
        };
        assert_eq!(told("held-out:port_encounters=-0.3"), None);
        let sentence = "`port_encounters` has a skill of -0.25 against arima_110 over 1 held-out month, less than 0";
        assert_eq!(
            told("held-out:port_encounters= 0"),
            Some(sentence.to_owned())
        );
        // Of the months of which there is that forecast.
        let mut longer = verdicts();
        longer.scores[0].scores.points.n = 4;
        let threshold = Threshold::at_least("held-out:port_encounters=0").unwrap();
        let said = threshold.passed(&longer, &known).unwrap();
        assert!(said.contains(" over 1 held-out month, "), "{said}");
        let near = [(-0.004, 0.0), (0.1996, 0.2), (-0.25, 0.0)];
        let near = near.map(|(skill, least)| against(skill, Rival::LastValue, least));
        let skills = ["-0.004", "+0.1996", "-0.25"];
        assert_eq!(
            near,
            skills.map(|it| format!("a skill of {it} against last_value"))
        );
        let mut perfect = verdicts();
        let mut without_error = Match::default();
        without_error.add(110.0, 100.0, 100.0);
        perfect.scores[0].matches[0].1 = without_error;
        let said = Threshold::at_least("held-out:port_encounters=-9")
            .unwrap()
            .passed(&perfect, &known)
            .unwrap();
        let against =
            "`port_encounters` has an error where last_value has none over 1 held-out month";
        assert!(said.starts_with(against), "{said}");
        let untried = "--at-least port_encounters=0: there is no simple forecast of such a month";
        assert_eq!(told("port_encounters=0"), Some(untried.to_owned()));
        for text in [
            "port_encounters",
            "later:a=0",
            "a=b",
            "a=NaN",
            "a=10",
            "a=110%",
        ] {
            assert!(Threshold::at_least(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_simple_forecast_that_could_not_be_asked_is_told() {
        let at_least = Threshold::at_least("held-out:port_encounters=0").unwrap();
        let said = at_least.unasked(&verdicts()).unwrap();
        let lacking =
            "same_month_last_year (of 0 of 1 months; it takes the same month of the year before)";
        assert!(said.contains(lacking), "{said}");
        // Nothing follows a driver here, and these two were asked.
        for word in ["ratio_to_driver", "last_value", "arima_110"] {
            assert!(!said.contains(word), "{said}");
        }
        let at_most = Threshold::at_most("held-out:port_encounters=1%").unwrap();
        assert_eq!(at_most.unasked(&verdicts()), None);
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
            assert!(Threshold::at_most(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_number_that_was_meant_as_percent_is_refused() {
        let told = Threshold::at_most("port_encounters=10").unwrap_err();
        assert!(
            told.contains("write port_encounters=10% for 10 percent"),
            "{told}"
        );
        let told = Threshold::at_most("held-out:port_encounters=10").unwrap_err();
        assert!(
            told.contains("write held-out:port_encounters=10% for 10 percent"),
            "{told}"
        );
        assert!(Threshold::at_most("port_encounters=100%").is_ok());
    }
}
