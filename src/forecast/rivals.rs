//! The forecasts that a sceptic would try first, under one name each.

use serde::{Deserialize, Serialize};

use super::ratio::{self, Part};
use super::series::MonthlySeries;
use super::{arima, smoothing};
use crate::month::Month;

/// Months of a year.
const YEAR: i32 = 12;

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
    /// `None` where what it takes was not published: for the last value the origin, for last year its month of each, for the others the
    /// origin and enough months that lead up to it without a gap.
    #[must_use]
    pub fn forecast(self, subject: &Subject, origin: Month, months: usize) -> Option<Vec<f64>> {
        let known = subject.figures.known_at(origin);
        match self {
            Self::LastValue => known.last().map(|&last| vec![last; months]),
            Self::SameMonthLastYear => {
                // A month beyond a year is that of the last year known.
                let years_before = |ahead: i32| YEAR * (1 + (ahead - 1) / YEAR);
                let of_year = (1..).take(months).map(|ahead| {
                    let month = origin.after(ahead - years_before(ahead));
                    subject.figures.at(month)
                });
                of_year.collect()
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
        // A gap since takes nothing from the year before, nor does the thirteenth month ahead come from a month that is forecast.
        let gap = |&(month, _): &(Month, f64)| month != Month::new(2023, 9);
        let with_gap = Subject {
            figures: subject().figures.iter().filter(gap).collect(),
            parts: Vec::new(),
        };
        let last_year = Rival::SameMonthLastYear.forecast(&with_gap, origin, 3);
        assert_eq!(last_year, Some(vec![3.0, 4.0, 5.0]));
        assert_eq!(
            Rival::SameMonthLastYear.forecast(&with_gap, origin, 7),
            None
        );
        let beyond = Rival::SameMonthLastYear.forecast(&subject(), origin, 13);
        assert_eq!(beyond.unwrap()[12].to_string(), "3");
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
    fn from_a_missing_origin_only_last_year_speaks() {
        for rival in Rival::ALL {
            let told = rival.forecast(&subject(), Month::new(2025, 1), 1);
            let expected = (rival == Rival::SameMonthLastYear).then(|| vec![14.0]);
            assert_eq!(told, expected, "{rival:?}");
        }
    }
}
