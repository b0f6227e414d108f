//! Rolling origins: fitted to the months up to an origin, the scenario forecasts the months after it; and so from origin to origin.
//!
//! Forecasts are conditional. Dates of levers and upstream flows of the months forecast are those of the scenario; what a lever does is
//! learned from months up to the origin, so that of one that comes later only the prior speaks.

mod forecasts;
mod origin;

use std::num::NonZeroUsize;

use jiff::civil::Date;

use super::known::Known;
use super::plan::Validation;
use crate::experiment::calibration::{CalibrationError, Fit, Foreseen, PointRuns, Settings};
use crate::experiment::{FailedPoint, Failure};
use crate::forecast::{Discrepancy, LogError, Predictive};
use crate::metric::Metric;
use crate::month::Month;
use crate::scenario::{Loaded, Override};

pub use self::forecasts::{Forecasts, OriginKind};
pub use self::origin::{ForecastMonth, Origin, OriginColumn};

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
