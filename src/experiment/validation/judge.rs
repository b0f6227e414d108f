//! What the replications say of the published figures.

use std::collections::BTreeMap;

use super::known::{Known, Part};
use super::plan::{Column, Draws, Validation};
use crate::experiment::Responses;
use crate::experiment::results::crossover::ports_exceed;
use crate::forecast::{
    Contest, Discrepancy, Expected, Lack, LogError, Match, Misfit, Predictive, PredictiveScores,
    Rival, contest, is_inside, lacks, relative_error,
};
use crate::metric::Metric;
use crate::month::Month;
use crate::stats::{ChanceLaw, Spread};

/// A figure, published or after the months fitted to and still to come, and what was simulated.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its month.
    pub month: Month,
    /// Its column.
    pub column: String,
    /// Whether the column is of the whole border.
    pub is_whole_border: bool,
    /// Where the month lies.
    pub part: Part,
    /// The published figure; `None` for one to come.
    pub observed: Option<f64>,
    /// What is expected, and how surely.
    pub predictive: Predictive,
    /// What it would be without what the error of the last month fitted to adds: the median of what was simulated, and of the error around it.
    pub simulated: f64,
    /// The predictive interval; `None` for too few replications without a discrepancy.
    pub interval: Option<(f64, f64)>,
}

impl Row {
    /// The forecast over what was published, less 1; `None` where the published figure is 0, or to come.
    #[must_use]
    pub fn error(&self) -> Option<f64> {
        relative_error(self.predictive.median(), self.observed?)
    }

    /// Whether the interval holds the published figure.
    #[must_use]
    pub fn is_inside(&self) -> Option<bool> {
        Some(is_inside(self.interval?, self.observed?))
    }

    /// The logarithm of the predictive density of the published figure.
    #[must_use]
    pub fn log_score(&self) -> Option<f64> {
        self.predictive.log_score(self.observed?)
    }
}

/// The scores of a column over a part of the months.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// The column.
    pub column: String,
    /// The months.
    pub part: Part,
    /// How far off, how well covered.
    pub scores: PredictiveScores,
    /// Against each simple forecast that there is, in the order of [`Rival::all`].
    pub matches: Vec<(Rival, Match)>,
}

/// The error of each column: as it is stated, but in months held out as the months fitted to have taught. A fit comes nearer to its months
/// than the truth does; by how much, draws of the parameters say. Without several, what is learned is the least to expect, and what is
/// stated holds where it is more.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Errors {
    known: Known,
    learned: BTreeMap<String, Learned>,
    /// Whether what is stated holds where less was learned.
    pub is_at_least_stated: bool,
}

/// What the months fitted to have taught of a column.
#[derive(Debug, Clone, PartialEq)]
struct Learned {
    discrepancy: Discrepancy,
    chance: Chance,
    /// The last of them: its place among the figures, and what was published.
    last: Option<(usize, f64)>,
}

/// How much of a figure of a column is chance.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Chance {
    law: ChanceLaw,
    /// Of the pairs, or more, of replications that told it, together.
    freedom: f64,
}

impl Errors {
    /// What the simulated figures teach.
    fn of(simulated: Simulated<'_>) -> Self {
        let known = &simulated.validation.known;
        let columns = simulated.validation.columns.iter();
        let weights = simulated.weights();
        let learned = columns.map(|column| {
            let name = &column.name;
            let teaches = |month| known.part(name, month) == Part::Fitted && known.teaches(month);
            let fitted = (column.months.iter()).filter(|&&(month, _)| teaches(month));
            let chance = simulated.chance(name, &column.months);
            let figures = fitted.filter_map(|&(month, figure)| {
                let observed = column.subject.figures.at(month)?;
                let misfit = simulated.misfit(month, figure, observed, chance)?;
                Some((misfit, (figure, observed)))
            });
            let (misfits, figures): (Vec<Misfit>, Vec<(usize, f64)>) = figures.unzip();
            let stated = known.error(name);
            let learned = Learned {
                discrepancy: Discrepancy::learned(stated, &weights, &misfits),
                chance,
                last: figures.last().copied(),
            };
            (name.clone(), learned)
        });
        Self {
            known: known.clone(),
            learned: learned.collect(),
            is_at_least_stated: !simulated.draws.is_several(),
        }
    }

    /// Whether some month fitted to has taught anything.
    #[must_use]
    pub fn are_learned(&self) -> bool {
        self.learned.values().any(|learned| learned.last.is_some())
    }

    /// How much of a figure of a column is chance.
    fn chance(&self, column: &str) -> Chance {
        let learned = self.learned.get(column);
        learned.map_or_else(Chance::default, |learned| learned.chance)
    }

    /// That of a column in a month.
    fn at(&self, column: &str, month: Month) -> ErrorOf {
        let learned = match self.known.part(column, month) {
            Part::HeldOut => self.learned.get(column),
            Part::Before | Part::Fitted => None,
        };
        let stated = self.known.error(column);
        let Some(Learned {
            discrepancy, last, ..
        }) = learned
        else {
            return ErrorOf {
                error: stated,
                carried: None,
            };
        };
        // The noise of its share is that of each replication.
        let Expected {
            share, mut error, ..
        } = discrepancy.expected(month);
        if self.is_at_least_stated {
            error.sd = error.sd.max(stated.sd);
        }
        let carried = last.map(|(figure, observed)| Carried {
            share,
            figure,
            observed,
        });
        ErrorOf { error, carried }
    }
}

/// The error of a figure.
#[derive(Clone, Copy)]
struct ErrorOf {
    error: LogError,
    /// What is expected of it already.
    carried: Option<Carried>,
}

/// What the last figure fitted to says of the error of a later one.
#[derive(Clone, Copy)]
struct Carried {
    /// How much of its error.
    share: f64,
    /// Its place among the figures.
    figure: usize,
    /// As it was published.
    observed: f64,
}

impl ErrorOf {
    /// A figure of a replication with the error that is expected of it.
    fn carried_to(self, figure: usize, values: &[Option<f64>]) -> Option<f64> {
        let value = values[figure]?;
        let Some(carried) = self.carried else {
            return Some(value);
        };
        let off = libm::log(carried.observed / values[carried.figure]?);
        Some(value * libm::exp(carried.share * off))
    }
}

/// How likely it is that more people are met at ports than between them.
#[derive(Debug, Clone, PartialEq)]
pub struct PortsExceed {
    /// The month, published or not.
    pub month: Month,
    /// Where the month lies.
    pub part: Part,
    /// The probability, with the discrepancies of both figures as for their rows, which are taken as independent and the ratio's as of
    /// the same shape.
    pub probability: f64,
    /// Whether they did, where both figures are published.
    pub exceeded: Option<bool>,
}

/// All rows and scores.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdicts {
    /// Share of the predictive distribution in an interval.
    pub share: f64,
    /// By column, then by month.
    pub rows: Vec<Row>,
    /// By column, then by part.
    pub scores: Vec<Score>,
    /// By month.
    pub ports_exceed: Vec<PortsExceed>,
    /// The errors of all columns.
    pub errors: Errors,
}

impl Verdicts {
    /// The simple forecasts that a score is not held against, and those that lack months held out; but for the ratio to a driver where
    /// the column has none. Those of a fitted month early in the table have not yet what they take, and count where there are any.
    #[must_use]
    pub fn lacks(&self, score: &Score) -> Vec<Lack> {
        let has_driver = (self.scores.iter())
            .filter(|other| other.column == score.column)
            .flat_map(|other| &other.matches)
            .any(|(rival, _)| *rival == Rival::RatioToDriver);
        let one = (score.scores.points.n, &score.matches[..]);
        let mut lacks = lacks(&[one], has_driver);
        lacks.retain(|lack| lack.has == 0 || score.part == Part::HeldOut);
        lacks
    }
}

/// Judges the simulated figures: predictive intervals hold this share.
///
/// A figure that no replication has is left out. A failed replication counts in none; the others of its draw take its weight.
#[must_use]
pub fn judge(
    validation: &Validation,
    draws: &Draws,
    responses: &Responses,
    share: f64,
) -> Verdicts {
    let simulated = Simulated {
        validation,
        draws,
        responses,
    };
    let errors = Errors::of(simulated);
    let mut verdicts = Verdicts {
        share,
        rows: Vec::new(),
        scores: Vec::new(),
        ports_exceed: simulated.ports_exceed(&errors),
        errors,
    };
    for column in &validation.columns {
        let rows = simulated.rows(column, &verdicts.errors, share);
        for part in Part::all() {
            let published = rows.iter().filter(|row| row.observed.is_some());
            let of_part: Vec<&Row> = published.filter(|row| row.part == part).collect();
            if !of_part.is_empty() {
                verdicts
                    .scores
                    .push(score(validation, column, part, &of_part, share));
            }
        }
        verdicts.rows.extend(rows);
    }
    verdicts
}

/// The simulated values of a figure with their weights: those of a draw share its weight.
pub(super) fn weighted(
    draws: &Draws,
    responses: &Responses,
    value: impl Fn(&[Option<f64>]) -> Option<f64>,
) -> Vec<(f64, f64)> {
    spread(&by_draw(draws, responses, value)).collect()
}

/// The simulated values of a figure by draw, with its weight; draws that have none are left out.
fn by_draw(
    draws: &Draws,
    responses: &Responses,
    value: impl Fn(&[Option<f64>]) -> Option<f64>,
) -> Vec<(Vec<f64>, f64)> {
    let of_draw = |(point, &weight): (u32, &f64)| {
        let replications = 0..responses.layout().replications;
        let values: Vec<f64> = replications
            .filter_map(|replication| value(responses.run(point, 0, replication)?))
            .collect();
        (!values.is_empty()).then_some((values, weight))
    };
    let draws = (0..responses.points()).zip(&draws.weights);
    draws.filter_map(of_draw).collect()
}

/// Each value with its part of the weight of its draw.
fn spread(draws: &[(Vec<f64>, f64)]) -> impl Iterator<Item = (f64, f64)> {
    draws.iter().flat_map(|(values, weight)| {
        let each = weight / values.len() as f64;
        values.iter().map(move |&value| (value, each))
    })
}

/// What a validation is of, and what was simulated for it.
#[derive(Clone, Copy)]
struct Simulated<'a> {
    validation: &'a Validation,
    draws: &'a Draws,
    responses: &'a Responses,
}

impl Simulated<'_> {
    /// The predictive distribution of a value of a replication, made of figures of which each has its chance.
    ///
    /// Of several draws it is a mixture of all replications, with the error around each. The few replications of a single draw tell where its middle
    /// is, and not how far chance goes: a new value of variance v differs from the mean of R of them by (1 + 1/R) v, and v is estimated. So there is one
    /// error around the mean of their logarithms. Where the error is 0, the values speak for themselves, and with one replication nothing is
    /// known of chance.
    fn predictive(
        self,
        value: impl Fn(&[Option<f64>]) -> Option<f64>,
        error: LogError,
        chances: &[(usize, Chance)],
    ) -> Option<Predictive> {
        let values = weighted(self.draws, self.responses, value);
        let told = chances.iter().filter(|(_, chance)| chance.freedom > 0.0);
        let told: Vec<_> = told.collect();
        let has_logs = values.iter().all(|&(value, _)| value > 0.0);
        let is_untold = told.is_empty() || values.is_empty();
        if self.draws.is_several() || error.sd <= 0.0 || is_untold || !has_logs {
            return Predictive::new(values, error);
        }
        let replications = values.len() as f64;
        let logs: f64 = values.iter().map(|&(value, _)| libm::log(value)).sum();
        let error = told.iter().fold(error, |error, &&(figure, chance)| {
            let variance = (1.0 + 1.0 / replications) * self.variance(figure, chance);
            error.and_estimated(variance, chance.freedom)
        });
        Predictive::new([(libm::exp(logs / replications), 1.0)], error)
    }

    /// How much of a column is chance, told by the figures of months that are not held out, or all where there are no others. So
    /// neither a month that is still to come nor what a later policy does to the spread moves what is said of another. All draws have the same
    /// luck, so that they tell no more of it than one.
    fn chance(self, column: &str, months: &[(Month, usize)]) -> Chance {
        let known = &self.validation.known;
        let is_told = |month| known.part(column, month) != Part::HeldOut;
        let none_is = !months.iter().any(|&(month, _)| is_told(month));
        let telling = (months.iter()).filter(|&&(month, _)| none_is || is_told(month));
        let level = |&(_, figure): &(Month, usize)| {
            let draws = by_draw(self.draws, self.responses, |values| values[figure]);
            let fewest = draws.iter().map(|(values, _)| values.len()).min()?;
            let spreads = (draws.into_iter())
                .filter_map(|(values, weight)| Some((Spread::of(values)?, weight)));
            Some((Spread::mean(spreads)?, fewest as f64 - 1.0))
        };
        let levels: Vec<(Spread, f64)> = telling.filter_map(level).collect();
        Chance {
            law: ChanceLaw::fit(&levels),
            freedom: levels.iter().map(|(_, freedom)| freedom).sum(),
        }
    }

    /// The variance of chance in the logarithm of a figure.
    fn variance(self, figure: usize, chance: Chance) -> f64 {
        let values = weighted(self.draws, self.responses, |values| values[figure]);
        let whole: f64 = values.iter().map(|(_, weight)| weight).sum();
        let sum: f64 = values.iter().map(|(value, weight)| value * weight).sum();
        chance.law.relative_variance(sum / whole)
    }

    /// The weight of each replication that came to something.
    fn weights(self) -> Vec<f64> {
        let weights = weighted(self.draws, self.responses, |_| Some(0.0)).into_iter();
        weights.map(|(_, weight)| weight).collect()
    }

    /// What a published figure was off by; `None` where a replication has no such figure. With one replication of each draw nothing tells
    /// chance from what the parameters do, and none is taken out.
    fn misfit(self, month: Month, figure: usize, observed: f64, chance: Chance) -> Option<Misfit> {
        // What is not there is not finite either.
        let logarithm = |values: &[Option<f64>]| Some(values[figure].map_or(f64::NAN, libm::log));
        let logarithms = weighted(self.draws, self.responses, logarithm).into_iter();
        // One variance of what was published, and one of what was simulated.
        let noise = 2.0 * self.variance(figure, chance);
        Misfit::of(month, observed, logarithms.map(|(log, _)| log), noise)
    }

    /// The ratio of encounters at ports to those between them has a predictive distribution as each of them has.
    fn ports_exceed(self, errors: &Errors) -> Vec<PortsExceed> {
        let of_both = [Metric::PortEncounters, Metric::IRREGULAR_ENCOUNTERS];
        let chance = [0, 1].map(|of| {
            let months = self.validation.encounters.iter();
            let figures: Vec<(Month, usize)> =
                months.map(|&(month, both)| (month, both[of])).collect();
            self.chance(of_both[of].name(), &figures)
        });
        let of = |&(month, [ports, between]): &(Month, [usize; 2])| {
            let [of_ports, of_between] = of_both.map(|metric| errors.at(metric.name(), month));
            let published = |metric: Metric| {
                let mut columns = self.validation.columns.iter();
                let column = columns.find(|column| column.name == metric.name())?;
                column.subject.figures.at(month)
            };
            let ratio = |values: &[Option<f64>]| {
                let ports = of_ports.carried_to(ports, values)?;
                let between = of_between.carried_to(between, values)?;
                (ports > 0.0 || between > 0.0).then_some(ports / between)
            };
            let error = of_ports.error.and(of_between.error.sd);
            let chances = [(ports, chance[0]), (between, chance[1])];
            Some(PortsExceed {
                month,
                part: self
                    .validation
                    .known
                    .part(Metric::PortEncounters.name(), month),
                probability: self.predictive(ratio, error, &chances)?.above(1.0),
                exceeded: ports_exceed(published),
            })
        };
        if !self.is_any_between() {
            return Vec::new();
        }
        let judged = (self.validation.encounters.iter())
            .filter(|&&(month, _)| self.validation.judges_month(month));
        judged.filter_map(of).collect()
    }

    /// Whether anybody is met between ports, in some replication of some month or by what is published. Where nobody is, ports exceed in
    /// every month, of which nothing is to be said.
    fn is_any_between(self) -> bool {
        let name = Metric::IRREGULAR_ENCOUNTERS.name();
        let mut columns = self.validation.columns.iter();
        let met = |&(_, [_, between]): &(Month, [usize; 2])| {
            let figures = weighted(self.draws, self.responses, |values| values[between]);
            figures.iter().any(|(figure, _)| *figure > 0.0)
        };
        columns.any(|column| column.name == name) || self.validation.encounters.iter().any(met)
    }

    fn rows(self, column: &Column, errors: &Errors, share: f64) -> Vec<Row> {
        let chance = errors.chance(&column.name);
        let row = |&(month, figure): &(Month, usize)| {
            let of_month = errors.at(&column.name, month);
            let (error, chances) = (of_month.error, [(figure, chance)]);
            let carried = |values: &[Option<f64>]| of_month.carried_to(figure, values);
            let predictive = self.predictive(carried, error, &chances)?;
            let simulated = self.predictive(|values| values[figure], error, &chances)?;
            Some(Row {
                simulated: simulated.median(),
                month,
                column: column.name.clone(),
                is_whole_border: column.is_whole_border,
                part: self.validation.known.part(&column.name, month),
                observed: column.subject.figures.at(month),
                interval: predictive.interval(share),
                predictive,
            })
        };
        let judged =
            (column.months.iter()).filter(|&&(month, _)| self.validation.judges_month(month));
        judged.filter_map(row).collect()
    }
}

fn score(validation: &Validation, column: &Column, part: Part, rows: &[&Row], share: f64) -> Score {
    let Contest { scores, matches } = contest(
        &column.subject,
        |month| validation.known.origin(&column.name, month),
        rows.iter().map(|row| (row.month, &row.predictive)),
        share,
    );
    Score {
        column: column.name.clone(),
        part,
        scores,
        matches,
    }
}
