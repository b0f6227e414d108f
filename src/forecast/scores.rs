//! How far forecasts were from what happened.

use serde::{Deserialize, Serialize};

use super::predictive::Predictive;
use super::rivals::{Rival, Subject};
use crate::month::Month;

/// A forecast, or what was simulated, over what happened, less 1; `None` where that is 0.
#[must_use]
pub fn relative_error(forecast: f64, observed: f64) -> Option<f64> {
    (observed != 0.0).then(|| forecast / observed - 1.0)
}

/// Errors of point forecasts, as shares of what happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct PointScores {
    /// Forecasts behind it.
    pub n: u32,
    /// Sum of forecast / observed - 1.
    errors: f64,
    /// Sum of its absolute values.
    absolute_errors: f64,
}

impl PointScores {
    /// Adds a forecast and what happened. A figure of 0 has no relative error and is left out.
    pub fn add(&mut self, forecast: f64, observed: f64) {
        if let Some(error) = relative_error(forecast, observed) {
            self.n += 1;
            self.errors += error;
            self.absolute_errors += error.abs();
        }
    }

    /// Adds all of another's.
    pub fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.errors += other.errors;
        self.absolute_errors += other.absolute_errors;
    }

    /// Mean absolute percentage error, as a share (Hyndman & Koehler 2006, doi:10.1016/j.ijforecast.2006.03.001); `None` without forecasts.
    #[must_use]
    pub fn mape(&self) -> Option<f64> {
        (self.n > 0).then(|| self.absolute_errors / f64::from(self.n))
    }

    /// Mean relative error: above 0 where forecasts are too high; `None` without forecasts.
    #[must_use]
    pub fn bias(&self) -> Option<f64> {
        (self.n > 0).then(|| self.errors / f64::from(self.n))
    }
}

/// What is scored of predictive distributions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct PredictiveScores {
    /// Of their medians.
    pub points: PointScores,
    /// Figures whose month has an interval.
    pub intervals: u32,
    /// Of these, those inside.
    pub inside: u32,
    /// Figures with a logarithmic score.
    pub scored: u32,
    log_scores: f64,
}

impl PredictiveScores {
    /// Adds what a forecast said, with an interval of this share, and what happened.
    pub fn add(&mut self, predictive: &Predictive, share: f64, observed: f64) {
        self.points.add(predictive.median(), observed);
        if let Some((lower, upper)) = predictive.interval(share) {
            self.intervals += 1;
            self.inside += u32::from(is_inside((lower, upper), observed));
        }
        if let Some(score) = predictive.log_score(observed) {
            self.scored += 1;
            self.log_scores += score;
        }
    }

    /// Adds all of another's.
    pub fn merge(&mut self, other: &Self) {
        self.points.merge(&other.points);
        self.intervals += other.intervals;
        self.inside += other.inside;
        self.scored += other.scored;
        self.log_scores += other.log_scores;
    }

    /// Share of the figures that their intervals hold; `None` without intervals.
    #[must_use]
    pub fn coverage(&self) -> Option<f64> {
        (self.intervals > 0).then(|| f64::from(self.inside) / f64::from(self.intervals))
    }

    /// Mean logarithmic score, as [`Predictive::log_score`] says; `None` where none has one.
    #[must_use]
    pub fn log_score(&self) -> Option<f64> {
        (self.scored > 0).then(|| self.log_scores / f64::from(self.scored))
    }
}

/// What logarithms and back do to the last digits of a figure, as a share of it.
const ROUNDING: f64 = 1e-12;

/// Whether an interval holds a figure. One without width holds what it was made of, whatever logarithms and back have done to its last digit.
#[must_use]
pub fn is_inside((lower, upper): (f64, f64), figure: f64) -> bool {
    (lower * (1.0 - ROUNDING)..=upper * (1.0 + ROUNDING)).contains(&figure)
}

/// A forecast against a rival, on the months that both have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Match {
    /// Of the forecast.
    pub ours: PointScores,
    /// Of the rival.
    pub theirs: PointScores,
}

impl Match {
    /// Adds what both said of a month, and what happened.
    pub fn add(&mut self, ours: f64, theirs: f64, observed: f64) {
        self.ours.add(ours, observed);
        self.theirs.add(theirs, observed);
    }

    /// Skill, 1 - error / error of the rival: 1 is perfect, 0 as good as the rival, below 0 worse (Murphy 1988,
    /// doi:10.1175/1520-0493(1988)116<2417:SSBOTM>2.0.CO;2, with absolute percentage errors). `None` without months, and against a
    /// rival that made no error.
    #[must_use]
    pub fn skill(&self) -> Option<f64> {
        let (ours, theirs) = self.errors()?;
        skill(ours, theirs)
    }

    /// The same, but that a rival without an error counts too, for a [threshold](standing): `None` only without months.
    #[must_use]
    pub fn standing(&self) -> Option<f64> {
        let (ours, theirs) = self.errors()?;
        Some(standing(ours, theirs))
    }

    fn errors(&self) -> Option<(f64, f64)> {
        self.ours.mape().zip(self.theirs.mape())
    }
}

/// 1 - an error / that of a rival, both as shares; `None` where the rival made no error but that of rounding.
#[must_use]
pub fn skill(ours: f64, theirs: f64) -> Option<f64> {
    (theirs > ROUNDING).then(|| 1.0 - ours / theirs)
}

/// The same, but -∞ where only the rival made no error, and 0 where neither made one.
#[must_use]
pub fn standing(ours: f64, theirs: f64) -> f64 {
    if let Some(skill) = skill(ours, theirs) {
        skill
    } else if ours > ROUNDING {
        f64::NEG_INFINITY
    } else {
        0.0
    }
}

/// Forecasts against every rival.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contest {
    /// Of the forecasts.
    pub scores: PredictiveScores,
    /// Against each rival that has forecasts, in the order of [`Rival::all`].
    pub matches: Vec<(Rival, Match)>,
}

/// Scores predictive distributions of months, with intervals of this share, against every rival that knows the figures up to the origin
/// of each month; months of which nothing is published are left out.
#[must_use]
pub fn contest<'a>(
    subject: &Subject,
    origin: impl Fn(Month) -> Month,
    forecasts: impl IntoIterator<Item = (Month, &'a Predictive)>,
    share: f64,
) -> Contest {
    let mut months: Vec<(Month, &Predictive, f64)> = Vec::new();
    for (month, predictive) in forecasts {
        let observed = subject.figures.at(month);
        months.extend(observed.map(|observed| (month, predictive, observed)));
    }
    let mut scores = PredictiveScores::default();
    for &(_, predictive, observed) in &months {
        scores.add(predictive, share, observed);
    }
    let against = |rival: Rival| {
        let mut with = Match::default();
        for &(month, predictive, observed) in &months {
            // A rival whose driver ends has fewer months.
            if let Some(theirs) = rival.forecast(subject, origin(month), month) {
                with.add(predictive.median(), theirs, observed);
            }
        }
        (with.theirs.n > 0).then_some((rival, with))
    };
    Contest {
        scores,
        matches: Rival::all().filter_map(against).collect(),
    }
}

/// The Brier score of probabilities of what came true or did not: their mean squared difference from 1 or 0 (Brier 1950,
/// doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2, who counts both outcomes and so has twice as much). 0 is perfect, and 0.25 what a
/// probability of one half always has. `None` without any.
#[must_use]
pub fn brier(forecasts: &[(f64, bool)]) -> Option<f64> {
    let off =
        |&(probability, came_true): &(f64, bool)| probability - f64::from(u8::from(came_true));
    let squares: f64 = forecasts.iter().map(|of| off(of).powi(2)).sum();
    (!forecasts.is_empty()).then(|| squares / forecasts.len() as f64)
}

/// A rival that has a forecast of fewer months than it is to be held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lack {
    /// The rival.
    pub rival: Rival,
    /// Months of which it has a forecast.
    pub has: u32,
    /// Months of which it should have one.
    pub of: u32,
}

/// The rivals that lack a forecast of some month of contests, in the order of [`Rival::all`]. A contest is told by the months of its forecasts and its
/// matches; figures of 0, which have no relative error, count in neither. The ratio to a driver lacks nothing where there is none.
#[must_use]
pub fn lacks(contests: &[(u32, &[(Rival, Match)])], has_driver: bool) -> Vec<Lack> {
    let of: u32 = contests.iter().map(|(months, _)| months).sum();
    let lack = |rival: Rival| {
        let matches = contests.iter().flat_map(|(_, matches)| *matches);
        let of_rival = matches.filter(|(name, _)| *name == rival);
        let has = of_rival.map(|(_, with)| with.theirs.n).sum();
        (has < of).then_some(Lack { rival, has, of })
    };
    let rivals = Rival::all().filter(|rival| has_driver || *rival != Rival::RatioToDriver);
    rivals.filter_map(lack).collect()
}

/// The forecasts of one month by all rivals that have one, in the order of [`Rival::all`].
#[must_use]
pub fn rivals_of_month(subject: &Subject, origin: Month, month: Month) -> Vec<(Rival, f64)> {
    let said = |rival: Rival| Some((rival, rival.forecast(subject, origin, month)?));
    Rival::all().filter_map(said).collect()
}

#[cfg(test)]
mod tests {
    use strum::VariantArray;

    use super::*;
    use crate::forecast::LogError;

    #[test]
    fn errors_are_shares_of_what_happened() {
        let mut scores = PointScores::default();
        scores.add(110.0, 100.0);
        scores.add(60.0, 80.0);
        scores.add(5.0, 0.0);
        assert_eq!(scores.n, 2);
        assert!((scores.mape().unwrap() - 0.175).abs() < 1e-12);
        assert!((scores.bias().unwrap() + 0.075).abs() < 1e-12);
        assert_eq!(PointScores::default().mape(), None);
    }

    #[test]
    fn skill_is_what_is_missing_of_the_error_of_the_rival() {
        let mut with = Match::default();
        with.add(110.0, 140.0, 100.0);
        assert!((with.skill().unwrap() - 0.75).abs() < 1e-12);
        let mut perfect = Match::default();
        perfect.add(110.0, 100.0 * (1.0 + 2e-16), 100.0);
        assert_eq!(perfect.skill(), None);
        assert_eq!(perfect.standing(), Some(f64::NEG_INFINITY));
    }

    #[test]
    fn a_brier_score_is_the_mean_squared_difference_from_what_came_true() {
        let score = brier(&[(0.9, true), (0.3, false)]).unwrap();
        assert!((score - f64::midpoint(0.01, 0.09)).abs() < 1e-12);
        assert_eq!(brier(&[]), None);
    }

    #[test]
    fn an_interval_without_width_holds_its_figure() {
        let figure = 930.0;
        let end = libm::exp(libm::log(figure));
        assert!((end - figure).abs() > 0.0, "{end}");
        assert!(is_inside((end, end), figure));
        assert!(!is_inside((end, end), 930.001) && !is_inside((931.0, 950.0), figure));
    }

    /// Figures 100, 200, 300, 150; said of the months after the second: 330 and 100, within ± 14%.
    #[test]
    fn a_contest_is_held_on_the_months_that_happened() {
        let figures = [100.0, 200.0, 300.0, 150.0].into_iter().zip(1..);
        let subject = Subject {
            figures: figures
                .map(|(figure, month)| (Month::new(2024, month), figure))
                .collect(),
            summands: Vec::new(),
        };
        let said = [(3, 330.0), (4, 100.0), (5, 500.0)].map(|(month, value)| {
            let predictive = Predictive::new([(value, 1.0)], LogError::normal(0.1)).unwrap();
            (Month::new(2024, month), predictive)
        });
        let said = said.iter().map(|(month, predictive)| (*month, predictive));
        let contest = contest(&subject, |_| Month::new(2024, 2), said, 0.8);
        assert_eq!(contest.scores.points.n, 2);
        assert!(
            (contest.scores.points.mape().unwrap() - f64::midpoint(0.1, 1.0 / 3.0)).abs() < 1e-12
        );
        assert_eq!(contest.scores.coverage(), Some(0.5));
        let lacks = lacks(&[(2, &contest.matches[..])], true);
        let (one, without) = (lacks[0], Rival::VARIANTS.len() - 1);
        assert_eq!(lacks.len(), without);
        assert_eq!(
            (one.rival, one.has, one.of),
            (Rival::SameMonthLastYear, 0, 2)
        );
        let (rival, with) = contest.matches[0];
        assert_eq!((rival, contest.matches.len()), (Rival::LastValue, 1));
        assert!((with.theirs.mape().unwrap() - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_month_at_or_before_the_origin_is_no_forecast() {
        let subject = Subject {
            figures: [(Month::new(2024, 1), 5.0)].into_iter().collect(),
            summands: Vec::new(),
        };
        let of = |month| Rival::LastValue.forecast(&subject, Month::new(2024, 1), month);
        assert_eq!(of(Month::new(2024, 2)), Some(5.0));
        assert_eq!(of(Month::new(2024, 1)), None);
        assert_eq!(of(Month::new(2023, 1)), None);
    }
}
