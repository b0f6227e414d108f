//! Rolling origins: fitted to the months up to an origin, the scenario forecasts the months after it; and so from origin to origin.
//!
//! Forecasts are conditional. Dates of levers and upstream flows of the months forecast are those of the scenario; what a lever does is
//! learned from months up to the origin, so that of one that comes later only the prior speaks.

use std::num::NonZeroUsize;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::known::Known;
use super::plan::Validation;
use crate::experiment::Failure;
use crate::experiment::calibration::{CalibrationError, Fit, Foreseen, PointRuns, Settings};
use crate::forecast::{
    Contest, LogError, Predictive, Rival, contest, months_after, rivals_of_month,
};
use crate::scenario::Loaded;

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
    /// The last month known, by its first day.
    pub month: Date,
    /// Number of independent draws that would tell as much as its chains do of the parameter that they tell least of.
    pub effective: f64,
    /// Potential scale reduction of its chains in the parameter where it is largest.
    pub r_hat: f64,
    /// Every column of which a month forecast is published.
    pub columns: Vec<OriginColumn>,
    /// Figures published of months of the run that were not forecast, by column and month: waits, which a month without service lacks, and
    /// what the model has at 0 at some point.
    pub untold: Vec<(String, Date)>,
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
    /// First day of the month.
    pub month: Date,
    /// The published figure.
    pub observed: f64,
    /// The forecast: median of the predictive distribution.
    pub forecast: f64,
    /// Its interval.
    pub interval: Option<(f64, f64)>,
    /// What simple forecasts from the same origin say, those that can, in the order of [`Rival::ALL`].
    pub rivals: Vec<(Rival, f64)>,
}

impl ForecastMonth {
    /// Forecast over published, less 1; `None` where the published figure is 0.
    #[must_use]
    pub fn error(&self) -> Option<f64> {
        self.error_of(self.forecast)
    }

    /// The same of another forecast.
    #[must_use]
    pub fn error_of(&self, forecast: f64) -> Option<f64> {
        (self.observed != 0.0).then(|| forecast / self.observed - 1.0)
    }

    /// Whether the interval holds the published figure.
    #[must_use]
    pub fn is_inside(&self) -> Option<bool> {
        let (lower, upper) = self.interval?;
        Some((lower..=upper).contains(&self.observed))
    }
}

impl Rolling {
    /// Fits the scenario to the months up to `origin` and scores its forecasts of the months after it.
    ///
    /// `given` are the runs of an earlier calibration, in the order of the figures of the fit that it is told. They were made for the
    /// whole window, but what a parameter does is read from them and not what the months after the origin were.
    ///
    /// # Errors
    /// As of [`Fit::new`], [`Fit::simulate`] and [`Fit::foreseen`], or what `given` says.
    pub fn at<E: From<CalibrationError>>(
        &self,
        loaded: &Loaded,
        origin: Date,
        given: impl FnOnce(&Fit) -> Result<Vec<PointRuns>, E>,
        threads: NonZeroUsize,
        stopped: &(dyn Fn() -> bool + Sync),
    ) -> Result<Origin, E> {
        let calibration = (loaded.calibration.as_ref()).ok_or(CalibrationError::NoTable)?;
        let mut until = calibration.ending(origin.last_of_month());
        // Nothing that comes after the months forecast says anything of them.
        let end = months_after(origin, self.ahead).last_of_month();
        if end < loaded.scenario.run.end {
            until.push(("run.end".to_owned(), end.to_string()));
        }
        let cut = loaded
            .with(&until)
            .map_err(|wrong| CalibrationError::from(Box::new(wrong)))?;
        let fit = Fit::new(&cut, self.settings.clone())?;
        let runs = given(&fit)?;
        let fit = fit.with_runs(runs);
        fit.simulate(threads, stopped)?;
        let ahead: Vec<Date> = (1..=self.ahead)
            .map(|after| months_after(origin, after))
            .collect();
        let foreseen = fit.foreseen(&ahead)?;
        let known = Known::of_calibration(loaded);
        let validation = Validation::new(loaded, known)
            .map_err(|error| CalibrationError::Failed(error.to_string()))?;
        let columns = validation.columns.iter().filter_map(|column| {
            let stated = validation.known.error(&column.name);
            let error = stated.learned(&foreseen.misfits_of(&column.name));
            let forecasts: Vec<(Date, Predictive)> = (ahead.iter())
                .filter_map(|&month| {
                    let of_month = predictive(&foreseen, &column.name, month, error)?;
                    Some((month, of_month))
                })
                .collect();
            let months: Vec<ForecastMonth> = (forecasts.iter())
                .filter_map(|(month, predictive)| {
                    let month = *month;
                    Some(ForecastMonth {
                        month,
                        observed: column.subject.figures.at(month)?,
                        forecast: predictive.median(),
                        interval: predictive.interval(self.share),
                        rivals: rivals_of_month(&column.subject, origin, month),
                    })
                })
                .collect();
            (!months.is_empty()).then(|| OriginColumn {
                column: column.name.clone(),
                is_whole_border: column.is_whole_border,
                contest: contest(
                    &column.subject,
                    |_| origin,
                    forecasts
                        .iter()
                        .map(|(month, predictive)| (*month, predictive)),
                    self.share,
                ),
                months,
            })
        });
        let columns: Vec<OriginColumn> = columns.collect();
        let published = validation.columns.iter().flat_map(|column| {
            let in_run = |month: &Date| month.last_of_month() <= loaded.scenario.run.end;
            let months = ahead.iter().copied().filter(in_run);
            let months = months.filter(|&month| column.subject.figures.at(month).is_some());
            months.map(|month| (column.name.clone(), month))
        });
        let untold = published.filter(|(column, month)| foreseen.figure(column, *month).is_none());
        Ok(Origin {
            month: origin,
            effective: foreseen.effective,
            r_hat: foreseen.r_hat,
            columns,
            untold: untold.collect(),
            failures: failures(&fit, origin),
        })
    }
}

/// What failed at an origin, which the reasons name.
fn failures(fit: &Fit, origin: Date) -> Vec<Failure> {
    let named = |failure: Failure| Failure {
        reason: format!(
            "at the origin {}: {}",
            origin.strftime("%Y-%m"),
            failure.reason
        ),
        ..failure
    };
    fit.failures().into_iter().map(named).collect()
}

/// The predictive distribution of a figure; `None` where it is not simulated.
fn predictive(
    foreseen: &Foreseen,
    column: &str,
    month: Date,
    error: LogError,
) -> Option<Predictive> {
    let figure = foreseen.figure(column, month)?;
    let draws = figure.expected.iter().map(|&value| (value, 1.0));
    Predictive::new(draws, error.and(figure.sd))
}
