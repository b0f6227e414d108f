//! Rolling origins: fitted to the months up to an origin, the scenario forecasts the months after it; and so from origin to origin.
//!
//! Forecasts are conditional. Dates of levers and upstream flows of the months forecast are those of the scenario; what a lever does is
//! learned from months up to the origin, so that of one that comes later only the prior speaks.

use std::num::NonZeroUsize;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::known::Known;
use super::plan::Validation;
use crate::experiment::calibration::{CalibrationError, Fit, Foreseen, PointRuns, Settings};
use crate::experiment::results::crossover;
use crate::experiment::{FailedPoint, Failure};
use crate::forecast::{
    Contest, Discrepancy, Lack, LogError, Match, Predictive, PredictiveScores, Rival, Subject,
    contest, is_inside, lacks, relative_error, rivals_of_month, skill, standing,
};
use crate::metric::Metric;
use crate::month::Month;
use crate::scenario::{Loaded, Override};

/// What is forecast from each origin.
#[derive(Debug, Clone)]
pub struct Rolling {
    /// How the fit at an origin is made.
    pub settings: Settings,
    /// Months forecast.
    pub ahead: i32,
    /// Share of the predictive distribution in an interval.
    pub share: f64,
}

/// The forecasts from one origin: the record of its task in a journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// The last month known.
    pub month: Month,
    /// Number of independent draws that would tell as much as its chains do of the parameter that they tell least of, in the middle or in
    /// the tails.
    pub effective: f64,
    /// The name of that parameter.
    pub slowest: String,
    /// Potential scale reduction of its chains in the parameter where it is largest.
    pub r_hat: f64,
    /// Every column of which a month forecast is published.
    pub columns: Vec<OriginColumn>,
    /// Of each month forecast, published or not, the probability that more people are met at ports than between them.
    pub ports_exceed: Vec<(Month, f64)>,
    /// Figures published of months of the run that were not forecast, by column and month: waits, which a month without service lacks, and
    /// what the model has at 0 at some point.
    pub untold: Vec<(String, Month)>,
    /// Simulations that failed, of which the forecasts know nothing.
    pub failures: Vec<Failure>,
}

/// The forecasts of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OriginColumn {
    /// Its name.
    pub column: String,
    /// Whether it is of the whole border.
    pub is_whole_border: bool,
    /// The months that are published.
    pub months: Vec<ForecastMonth>,
    /// Scores, and those of simple forecasts from the same origin.
    pub contest: Contest,
}

/// A forecast and what was published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForecastMonth {
    /// The month.
    pub month: Month,
    /// The published figure.
    pub observed: f64,
    /// The forecast: median of the predictive distribution.
    pub forecast: f64,
    /// Its interval.
    pub interval: Option<(f64, f64)>,
    /// What simple forecasts from the same origin say, those that can, in the order of [`Rival::all`].
    pub rivals: Vec<(Rival, f64)>,
}

impl Origin {
    /// Of each month forecast the probability that ports exceed, and whether they did where both figures are published.
    pub fn exceeding(&self) -> impl Iterator<Item = (Month, f64, Option<bool>)> + '_ {
        let observed = |metric: Metric, month: Month| {
            let mut columns = self.columns.iter();
            let column = columns.find(|column| column.column == metric.name())?;
            let mut months = column.months.iter();
            Some(months.find(|of| of.month == month)?.observed)
        };
        self.ports_exceed.iter().map(move |&(month, probability)| {
            let exceeded = crossover::ports_exceed(|metric| observed(metric, month));
            (month, probability, exceeded)
        })
    }
}

impl ForecastMonth {
    /// A forecast of it over what was published, less 1; `None` where that is 0.
    #[must_use]
    pub fn error_of(&self, forecast: f64) -> Option<f64> {
        relative_error(forecast, self.observed)
    }

    /// Whether the interval holds the published figure.
    #[must_use]
    pub fn is_inside(&self) -> Option<bool> {
        Some(is_inside(self.interval?, self.observed))
    }
}

impl OriginColumn {
    /// The forecasts of a column from an origin, as far as their months are published; `None` where none is.
    pub(super) fn of(
        column: &str,
        is_whole_border: bool,
        subject: &Subject,
        origin: Month,
        forecasts: &[(Month, Predictive)],
        share: f64,
    ) -> Option<Self> {
        let month = |(month, predictive): &(Month, Predictive)| {
            Some(ForecastMonth {
                month: *month,
                observed: subject.figures.at(*month)?,
                forecast: predictive.median(),
                interval: predictive.interval(share),
                rivals: rivals_of_month(subject, origin, *month),
            })
        };
        let months: Vec<ForecastMonth> = forecasts.iter().filter_map(month).collect();
        let said = (forecasts.iter()).map(|(month, predictive)| (*month, predictive));
        (!months.is_empty()).then(|| Self {
            column: column.to_owned(),
            is_whole_border,
            contest: contest(subject, |_| origin, said, share),
            months,
        })
    }

    /// Mean absolute percentage error at the origin, as a share: of the forecasts, or of a rival. `None` where it has no forecast.
    #[must_use]
    pub fn mape(&self, rival: Option<Rival>) -> Option<f64> {
        match rival {
            None => self.contest.scores.points.mape(),
            Some(rival) => self.against(rival)?.theirs.mape(),
        }
    }

    /// The forecasts and those of a rival, on the months that both have.
    fn against(&self, rival: Rival) -> Option<&Match> {
        let mut matches = self.contest.matches.iter();
        matches.find_map(|(name, of)| (*name == rival).then_some(of))
    }
}

/// Origins that are scored together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OriginKind {
    /// Every one.
    All,
    /// Those after which comes what no earlier month could teach.
    Breaks,
    /// The others.
    Others,
}

impl OriginKind {
    /// The word for it in results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Breaks => "breaks",
            Self::Others => "others",
        }
    }
}

/// The forecasts from several origins.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Forecasts {
    /// The origins, in order.
    pub origins: Vec<Origin>,
    /// Those after which comes what no earlier month could teach: scored apart.
    pub breaks: Vec<Month>,
}

impl Forecasts {
    /// Whether an origin is scored apart.
    #[must_use]
    pub fn is_break(&self, origin: &Origin) -> bool {
        self.breaks.contains(&origin.month)
    }

    /// The kinds that are told apart: all alone where there are no breaks.
    #[must_use]
    pub fn kinds(&self) -> &'static [OriginKind] {
        if self.breaks.is_empty() {
            &[OriginKind::All]
        } else {
            &[OriginKind::All, OriginKind::Breaks, OriginKind::Others]
        }
    }

    /// A column at every origin of a kind that has it.
    fn of_kind(&self, column: &str, kind: OriginKind) -> impl Iterator<Item = &OriginColumn> {
        let origins = self.origins.iter().filter(move |origin| match kind {
            OriginKind::All => true,
            OriginKind::Breaks => self.is_break(origin),
            OriginKind::Others => !self.is_break(origin),
        });
        let columns = origins.flat_map(|origin| &origin.columns);
        columns.filter(move |it| it.column == column)
    }

    /// Mean over the origins of a kind of the [MAPE](OriginColumn::mape) of a column: of the forecasts, or of a rival. `None` where no such
    /// origin has one.
    #[must_use]
    pub fn mean(&self, column: &str, kind: OriginKind, rival: Option<Rival>) -> Option<f64> {
        let columns = self.of_kind(column, kind);
        let errors: Vec<f64> = columns.filter_map(|it| it.mape(rival)).collect();
        (!errors.is_empty()).then(|| errors.iter().sum::<f64>() / errors.len() as f64)
    }

    /// Skill of the forecasts of a column against a rival: 1 less the ratio of the two means of the [MAPE](OriginColumn::mape), over the
    /// months and origins of a kind where both have one. `None` where there is no such origin, and against a rival that made no error.
    #[must_use]
    pub fn skill(&self, column: &str, kind: OriginKind, rival: Rival) -> Option<f64> {
        let (ours, theirs) = self.errors(column, kind, rival)?;
        skill(ours, theirs)
    }

    /// The same, but that a rival without an error counts too, for a [threshold](standing): `None` only where there is no such origin.
    #[must_use]
    pub fn standing(&self, column: &str, kind: OriginKind, rival: Rival) -> Option<f64> {
        let (ours, theirs) = self.errors(column, kind, rival)?;
        Some(standing(ours, theirs))
    }

    /// Sums of the errors of the forecasts and of a rival, over the origins where both have one.
    fn errors(&self, column: &str, kind: OriginKind, rival: Rival) -> Option<(f64, f64)> {
        let both = self.of_kind(column, kind).filter_map(|it| {
            let of = it.against(rival)?;
            of.ours.mape().zip(of.theirs.mape())
        });
        both.reduce(|(ours, theirs), (our, their)| (ours + our, theirs + their))
    }

    /// The simple forecasts that lack months of which there are forecasts from origins of a kind; but for the ratio to a driver where the
    /// column has none.
    #[must_use]
    pub fn lacks(&self, column: &str, kind: OriginKind) -> Vec<Lack> {
        let has_driver = self
            .of_kind(column, OriginKind::All)
            .any(|it| it.against(Rival::RatioToDriver).is_some());
        let contests = self.of_kind(column, kind).map(|it| &it.contest);
        let contests: Vec<_> = contests
            .map(|of| (of.scores.points.n, &of.matches[..]))
            .collect();
        lacks(&contests, has_driver)
    }

    /// Columns in the order of results, those of the whole border first; and whether each is of the whole border.
    #[must_use]
    pub fn columns(&self) -> Vec<(&str, bool)> {
        let mut columns: Vec<(&str, bool)> = Vec::new();
        for column in self.origins.iter().flat_map(|origin| &origin.columns) {
            if !columns.iter().any(|(name, _)| *name == column.column) {
                columns.push((&column.column, column.is_whole_border));
            }
        }
        columns.sort_by_key(|(_, is_whole_border)| !is_whole_border);
        columns
    }

    /// Scores of a column over the months of all origins.
    #[must_use]
    pub fn pooled(&self, column: &str) -> PredictiveScores {
        pooled(self.of_kind(column, OriginKind::All))
    }

    /// The same of all columns of groups.
    #[must_use]
    pub fn pooled_groups(&self) -> PredictiveScores {
        let columns = self.origins.iter().flat_map(|origin| &origin.columns);
        pooled(columns.filter(|column| !column.is_whole_border))
    }
}

fn pooled<'a>(columns: impl Iterator<Item = &'a OriginColumn>) -> PredictiveScores {
    let mut pooled = PredictiveScores::default();
    for column in columns {
        pooled.merge(&column.contest.scores);
    }
    pooled
}

impl Rolling {
    /// The fit of the scenario to the months up to `origin`, ready to be made.
    ///
    /// `given` are the runs of an earlier calibration, in the order of the figures of the fit that it is told. They were made for the
    /// whole window, but what a parameter does is read from them and not what the months after the origin were.
    ///
    /// # Errors
    /// What stands against it, as of [`Fit::new`] and [`Fit::check`], or what `given` says.
    pub fn fit<E: From<CalibrationError>>(
        &self,
        loaded: &Loaded,
        origin: Month,
        given: impl FnOnce(&Fit) -> Result<Vec<PointRuns>, E>,
    ) -> Result<Fit, E> {
        let fit = self.cut(loaded, origin)?;
        let runs = given(&fit)?;
        let fit = fit.with_runs(runs);
        fit.check()?;
        Ok(fit)
    }

    /// Makes the [fit](Self::fit) to the months up to `origin` and scores its forecasts of the months after it.
    ///
    /// # Errors
    /// Somebody stopped it, or what came of the simulations allows no forecast.
    pub fn at(
        &self,
        loaded: &Loaded,
        origin: Month,
        fit: &Fit,
        threads: NonZeroUsize,
        stopped: &(dyn Fn() -> bool + Sync),
    ) -> Result<Origin, CalibrationError> {
        fit.simulate(threads, stopped)?;
        let ahead: Vec<Month> = (1..=self.ahead).map(|after| origin.after(after)).collect();
        let foreseen = fit.foreseen(&ahead)?;
        let known = Known::of_calibration(loaded);
        let validation = Validation::new(loaded, known)
            .map_err(|error| CalibrationError::Failed(error.to_string()))?;
        let forecast = |name| ColumnForecast::of(&foreseen, &validation.known, name);
        let columns = validation.columns.iter().filter_map(|column| {
            let forecast = forecast(&column.name);
            let forecasts: Vec<(Month, Predictive)> = (ahead.iter())
                .filter_map(|&month| Some((month, forecast.predictive(month)?)))
                .collect();
            OriginColumn::of(
                &column.name,
                column.is_whole_border,
                &column.subject,
                origin,
                &forecasts,
                self.share,
            )
        });
        let [ports, between] =
            [Metric::PortEncounters, Metric::IRREGULAR_ENCOUNTERS].map(|it| forecast(it.name()));
        let exceeds = |&month: &Month| Some((month, ports_exceed(&ports, &between, month)?));
        Ok(Origin {
            month: origin,
            effective: foreseen.effective,
            slowest: foreseen.slowest.clone(),
            r_hat: foreseen.r_hat,
            columns: columns.collect(),
            ports_exceed: ahead.iter().filter_map(exceeds).collect(),
            untold: untold(&validation, &foreseen, &ahead, loaded.scenario.run.end),
            failures: at_origin(fit.failures(), origin),
        })
    }

    /// What failed at an origin from which nothing is forecast, and at last why: at the first of the draws, which tell the forecasts.
    #[must_use]
    pub fn left_out(&self, origin: Month, fit: &Fit, reason: &CalibrationError) -> Vec<Failure> {
        let Settings { draws, seed, .. } = self.settings;
        let reason = reason.to_string();
        // A wave that has no points is why nothing is forecast.
        let mut failures = at_origin(fit.failures_of_points(), origin);
        failures.push(Failure {
            seed,
            replication: 0,
            reason: format!("nothing is forecast from {origin}, which is left out: {reason}"),
            at: Some(FailedPoint {
                point: fit.points() - draws.get(),
                future: None,
                is_refused: true,
            }),
            command: None,
        });
        failures
    }

    /// The fit to the months up to an origin, of a scenario that ends with the months forecast: nothing that comes later says anything of them.
    fn cut(&self, loaded: &Loaded, origin: Month) -> Result<Fit, CalibrationError> {
        let calibration = (loaded.calibration.as_ref()).ok_or(CalibrationError::NoTable)?;
        let mut until = calibration.ending(origin);
        let end = origin.after(self.ahead).last_day();
        if end < loaded.scenario.run.end {
            until.push(Override::new("run.end", end.to_string()));
        }
        let cut = loaded
            .with(&until)
            .map_err(|wrong| CalibrationError::from(Box::new(wrong)))?;
        Fit::new(&cut, self.settings.clone())
    }
}

/// The columns and months that are published, and in the run, and of which nothing is said.
fn untold(
    validation: &Validation,
    foreseen: &Foreseen,
    ahead: &[Month],
    end: Date,
) -> Vec<(String, Month)> {
    let published = validation.columns.iter().flat_map(|column| {
        let months = ahead.iter().copied();
        let months = months
            .filter(|month| month.last_day() <= end && column.subject.figures.at(*month).is_some());
        months.map(|month| (column.name.clone(), month))
    });
    let untold = published.filter(|(column, month)| foreseen.figure(column, *month).is_none());
    untold.collect()
}

/// What failed at an origin, which the reasons name.
fn at_origin(failures: Vec<Failure>, origin: Month) -> Vec<Failure> {
    let named = |failure: Failure| Failure {
        reason: format!("at the origin {}: {}", origin, failure.reason),
        ..failure
    };
    failures.into_iter().map(named).collect()
}

/// What is said of a column from an origin.
struct ColumnForecast<'a> {
    foreseen: &'a Foreseen,
    column: &'a str,
    discrepancy: Discrepancy,
    /// What the last figure fitted to was off by at each draw; `None` where none was.
    last: Option<Vec<f64>>,
}

impl<'a> ColumnForecast<'a> {
    fn of(foreseen: &'a Foreseen, known: &Known, column: &'a str) -> Self {
        let mut misfits = foreseen.misfits_of(column);
        misfits.retain(|misfit| known.teaches(misfit.month));
        let draws = misfits.last().map_or(0, |last| last.errors.len());
        Self {
            foreseen,
            column,
            discrepancy: Discrepancy::learned(known.error(column), &vec![1.0; draws], &misfits),
            last: misfits.pop().map(|last| last.errors),
        }
    }

    /// The logarithm of a figure at each draw, with what the last one fitted to says of its error; and the error around that, with chance.
    /// `None` where the figure is not simulated.
    fn at(&self, month: Month) -> Option<(impl Iterator<Item = f64>, LogError)> {
        let figure = self.foreseen.figure(self.column, month)?;
        let of_month = self.discrepancy.expected(month);
        let last = |draw: usize| self.last.as_ref().map_or(0.0, |last| last[draw]);
        let logs = (figure.expected.iter().enumerate())
            .map(move |(draw, &value)| libm::log(value) + of_month.share * last(draw));
        Some((logs, of_month.error.and(of_month.noise).and(figure.sd)))
    }

    /// The predictive distribution of a figure; `None` where it is not simulated.
    fn predictive(&self, month: Month) -> Option<Predictive> {
        let (logs, error) = self.at(month)?;
        Predictive::new(logs.map(|log| (libm::exp(log), 1.0)), error)
    }
}

/// The probability that ports exceed in a month: at each draw of the posterior the ratio of what is expected there to what is expected
/// between them, with the errors and the chance of both, taken as independent. `None` where one of them is not simulated.
fn ports_exceed(
    ports: &ColumnForecast<'_>,
    between: &ColumnForecast<'_>,
    month: Month,
) -> Option<f64> {
    let ((ports, of_ports), (between, of_between)) = (ports.at(month)?, between.at(month)?);
    let ratios = ports
        .zip(between)
        .map(|(ports, between)| libm::exp(ports - between));
    let error = of_ports.and(of_between.sd);
    Some(Predictive::new(ratios.map(|ratio| (ratio, 1.0)), error)?.above(1.0))
}

#[cfg(test)]
mod tests {
    use super::super::example::origins;
    use super::OriginKind::{All, Breaks, Others};
    use super::*;

    #[test]
    fn breaks_and_other_origins_have_means_of_their_own() {
        let forecasts = Forecasts {
            origins: origins(),
            breaks: vec![Month::new(2023, 12)],
        };
        let mean = |kind, rival| forecasts.mean("port_encounters", kind, rival).unwrap();
        assert!((mean(Breaks, None) - 0.4).abs() < 1e-9);
        // Each origin counts once, whatever its months.
        assert!((mean(Others, None) - 0.1).abs() < 1e-9);
        assert!((mean(All, None) - 0.2).abs() < 1e-9);
        assert!((mean(Breaks, Some(Rival::LastValue)) - 0.5).abs() < 1e-9);
        assert!(mean(Others, Some(Rival::LastValue)).abs() < 1e-9);
        assert_eq!(forecasts.mean("registrations", Others, None), None);
        // Errors of 40%, 5% and 15%, where the last value has 50%, and none since.
        let skill = |kind| forecasts.skill("port_encounters", kind, Rival::LastValue);
        let (all, of_breaks) = (skill(All).unwrap(), skill(Breaks).unwrap());
        assert!((all + 0.2).abs() < 1e-9, "{all}");
        assert!((of_breaks - 0.2).abs() < 1e-9, "{of_breaks}");
        assert_eq!(skill(Others), None);
        let of = |column, rival| forecasts.skill(column, All, rival);
        assert_eq!(of("registrations", Rival::LastValue), None);
        assert_eq!(of("port_encounters", Rival::RatioToDriver), None);
        assert_eq!(forecasts.kinds(), [All, Breaks, Others]);
        let calm = Forecasts {
            breaks: Vec::new(),
            ..forecasts
        };
        let mean = |kind| calm.mean("port_encounters", kind, None);
        assert_eq!(mean(Breaks), None);
        assert_eq!(mean(Others), mean(All));
        assert_eq!(calm.kinds(), [All]);
    }
}
