//! Rolling origins: fitted to the months up to an origin, the scenario forecasts the months after it; and so from origin to origin.
//!
//! Forecasts are conditional. Dates of levers and upstream flows of the months forecast are those of the scenario; what a lever does is
//! learned from months up to the origin, so that of one that comes later only the prior speaks.

use std::num::NonZeroUsize;

use jiff::civil::Date;

use super::plan::{Known, Validation};
use crate::experiment::calibration::{CalibrationError, Fit, Fitted, PointRuns, Settings};
use crate::forecast::{Contest, Predictive, contest, months_after};
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

/// The forecasts from one origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// The last month known, by its first day.
    pub month: Date,
    /// Number of draws of equal weight that its fit is worth.
    pub effective: f64,
    /// Every column of which a month forecast is published.
    pub columns: Vec<OriginColumn>,
}

/// The forecasts of one column.
#[derive(Debug, Clone, PartialEq)]
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
#[derive(Debug, Clone, PartialEq)]
pub struct ForecastMonth {
    /// First day of the month.
    pub month: Date,
    /// The published figure.
    pub observed: f64,
    /// The forecast: mean of the predictive distribution.
    pub forecast: f64,
    /// Its interval.
    pub interval: Option<(f64, f64)>,
}

impl ForecastMonth {
    /// Forecast over published, less 1; `None` where the published figure is 0.
    #[must_use]
    pub fn error(&self) -> Option<f64> {
        (self.observed != 0.0).then(|| self.forecast / self.observed - 1.0)
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
    /// As of [`Fit::new`] and [`Fit::make`], or what `given` says.
    pub fn at<E: From<CalibrationError>>(
        &self,
        loaded: &Loaded,
        origin: Date,
        given: impl FnOnce(&Fit) -> Result<Vec<PointRuns>, E>,
        threads: NonZeroUsize,
        stopped: &(dyn Fn() -> bool + Sync),
    ) -> Result<Origin, E> {
        let calibration = (loaded.calibration.as_ref()).ok_or(CalibrationError::NoTable)?;
        let until = calibration.ending(origin.last_of_month());
        let cut = loaded
            .with(&until)
            .map_err(|wrong| CalibrationError::from(Box::new(wrong)))?;
        let fit = Fit::new(&cut, self.settings.clone())?;
        let runs = given(&fit)?;
        let fit = fit.with_runs(runs);
        let fitted = fit.make(threads, stopped)?;
        let known = Known::of_calibration(loaded);
        let validation = Validation::new(loaded, known)
            .map_err(|error| CalibrationError::Failed(error.to_string()))?;
        let columns = validation.columns.iter().filter_map(|column| {
            let discrepancy = validation.known.discrepancy(&column.name);
            let predictives: Vec<Predictive> = (1..=self.ahead)
                .map_while(|after| {
                    let month = months_after(origin, after);
                    predictive(&fit, &fitted, &column.name, month, discrepancy)
                })
                .collect();
            let months: Vec<ForecastMonth> = (1..)
                .zip(&predictives)
                .filter_map(|(after, predictive)| {
                    let month = months_after(origin, after);
                    Some(ForecastMonth {
                        month,
                        observed: column.subject.figures.at(month)?,
                        forecast: predictive.mean(),
                        interval: predictive.interval(self.share),
                    })
                })
                .collect();
            (!months.is_empty()).then(|| OriginColumn {
                column: column.name.clone(),
                is_whole_border: column.is_whole_border,
                contest: contest(&column.subject, origin, &predictives, self.share),
                months,
            })
        });
        Ok(Origin {
            month: origin,
            effective: fitted.effective,
            columns: columns.collect(),
        })
    }
}

/// The predictive distribution of a figure that is not fitted to; `None` where it is not simulated.
fn predictive(
    fit: &Fit,
    fitted: &Fitted,
    column: &str,
    month: Date,
    discrepancy: f64,
) -> Option<Predictive> {
    let mut others = fit.others().iter();
    let place = others.position(|figure| figure.column == column && figure.month == month)?;
    let place = fit.figures().len() + place;
    let values = fitted.draws.iter().flat_map(|draw| {
        let each = draw.weight / draw.values.len() as f64;
        draw.values.iter().map(move |values| (values[place], each))
    });
    Predictive::new(values, discrepancy)
}
