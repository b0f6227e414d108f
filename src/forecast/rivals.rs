//! The forecasts that a sceptic would try first, under one name each.

use serde::{Deserialize, Serialize};

use super::ratio::{self, Part};
use super::series::MonthlySeries;
use super::{arima, smoothing};
use crate::month::Month;

/// Months of a year.
const YEAR: usize = 12;

/// A simple way to forecast a monthly figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Rival {
    /// Every month ahead is the last one.
    LastValue,
    /// Every month ahead is the same month a year before.
    SameMonthLastYear,
    /// Simple exponential smoothing of logarithms, [`smoothing::level`].
    ExponentialSmoothing,
    /// A damped trend of logarithms, [`smoothing::damped_trend`].
    DampedTrend,
    /// ARIMA(1,1,0) of logarithms, [`arima::forecast`].
    Arima,
    /// The ratio to an upstream count, [`ratio::forecast`].
    RatioToDriver,
}

/// A figure to forecast.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Subject {
    /// Its months, as far as they are known to anybody: a forecast looks at none after its origin.
    pub figures: MonthlySeries,
    /// What it is the sum of, where some part follows a driver; empty otherwise.
    pub parts: Vec<Part>,
}

impl Rival {
    /// All of them, in the order of results.
    pub const ALL: [Self; 6] = [
        Self::LastValue,
        Self::SameMonthLastYear,
        Self::ExponentialSmoothing,
        Self::DampedTrend,
        Self::Arima,
        Self::RatioToDriver,
    ];

    /// The word used in files and results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LastValue => "last_value",
            Self::SameMonthLastYear => "same_month_last_year",
            Self::ExponentialSmoothing => "exponential_smoothing",
            Self::DampedTrend => "damped_trend",
            Self::Arima => "arima_110",
            Self::RatioToDriver => "ratio_to_driver",
        }
    }

    /// Forecasts of so many months after `origin`, from the figures up to it alone; the ratio is told its driver for the months forecast.
    ///
    /// `None` where the origin has no figure, or too few lead up to it.
    #[must_use]
    pub fn forecast(self, subject: &Subject, origin: Month, months: usize) -> Option<Vec<f64>> {
        let known = subject.figures.known_at(origin);
        match self {
            Self::LastValue => known.last().map(|&last| vec![last; months]),
            Self::SameMonthLastYear => {
                let year = known.len().checked_sub(YEAR).map(|from| &known[from..])?;
                Some(year.iter().copied().cycle().take(months).collect())
            }
            Self::ExponentialSmoothing => smoothing::level(&known, months),
            Self::DampedTrend => smoothing::damped_trend(&known, months),
            Self::Arima => arima::forecast(&known, months),
            Self::RatioToDriver => ratio::forecast(&subject.parts, origin, months),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject() -> Subject {
        let figures = (1..=15).map(|month| (Month::new(2023, 1).after(month - 1), month));
        Subject {
            figures: figures
                .map(|(month, figure)| (month, f64::from(figure)))
                .collect(),
            parts: Vec::new(),
        }
    }

    #[test]
    fn the_last_value_and_the_year_before_are_taken_as_they_were() {
        let origin = Month::new(2024, 2);
        let of = |rival: Rival| rival.forecast(&subject(), origin, 3);
        assert_eq!(of(Rival::LastValue), Some(vec![14.0; 3]));
        assert_eq!(of(Rival::SameMonthLastYear), Some(vec![3.0, 4.0, 5.0]));
        assert_eq!(of(Rival::RatioToDriver), None);
    }

    #[test]
    fn nobody_sees_a_month_after_the_origin() {
        let origin = Month::new(2023, 12);
        let later = |of: &MonthlySeries| -> MonthlySeries {
            of.iter()
                .map(|(month, figure)| (month, if month > origin { 1e6 } else { figure }))
                .collect()
        };
        let figures = subject().figures;
        let of = |figures: MonthlySeries| Subject {
            parts: vec![Part {
                figures: figures.clone(),
                driver: Some(subject().figures),
            }],
            figures,
        };
        let (as_it_was, changed) = (of(figures.clone()), of(later(&figures)));
        for rival in Rival::ALL {
            let [one, other] = [&as_it_was, &changed].map(|of| rival.forecast(of, origin, 2));
            assert!(one.is_some(), "{rival:?}");
            assert_eq!(one, other, "{rival:?}");
        }
    }

    #[test]
    fn a_missing_origin_has_no_forecast() {
        for rival in Rival::ALL {
            assert_eq!(rival.forecast(&subject(), Month::new(2025, 1), 1), None);
        }
    }
}
