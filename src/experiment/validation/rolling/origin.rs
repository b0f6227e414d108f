//! The forecasts from one origin, beside what was published and what simple forecasts say.

use serde::{Deserialize, Serialize};

use crate::experiment::Failure;
use crate::experiment::results::crossover;
use crate::forecast::{
    Contest, Match, Predictive, Rival, Subject, contest, is_inside, relative_error, rivals_of_month,
};
use crate::metric::Metric;
use crate::month::Month;

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
    pub(in crate::experiment::validation) fn of(
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
    pub(super) fn against(&self, rival: Rival) -> Option<&Match> {
        let mut matches = self.contest.matches.iter();
        matches.find_map(|(name, of)| (*name == rival).then_some(of))
    }
}
