//! The forecasts that a sceptic would try first, under one name each.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::ratio::{self, Summand};
use super::series::MonthlySeries;
use super::{arima, smoothing};
use crate::month::Month;

/// Months of a year.
const YEAR: i32 = 12;

/// A simple way to forecast a monthly figure.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    VariantArray,
    IntoStaticStr,
)]
#[strum(serialize_all = "snake_case")]
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
    #[strum(serialize = "arima_110")]
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
    pub summands: Vec<Summand>,
}

impl Rival {
    /// All of them, in the order of results.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::VARIANTS.iter().copied()
    }

    /// The word used in files and results.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The forecast of a month after `origin`, from the figures up to it alone; the ratio is told its driver for the months forecast.
    ///
    /// `None` where what it takes was not published: for the last value the origin, for last year its month, for the others the origin and
    /// enough months that lead up to it without a gap; for the ratio the driver up to the month, too.
    #[must_use]
    pub fn forecast(self, subject: &Subject, origin: Month, month: Month) -> Option<f64> {
        let ahead = month.since(origin);
        let months = usize::try_from(ahead).ok().filter(|&months| months > 0)?;
        let known = || subject.figures.known_at(origin);
        let path = match self {
            Self::LastValue => return subject.figures.at(origin),
            Self::SameMonthLastYear => {
                // A month beyond a year is that of the last year known.
                let years = 1 + (ahead - 1) / YEAR;
                return subject.figures.at(month.after(-YEAR * years));
            }
            Self::ExponentialSmoothing => smoothing::level(&known(), months),
            Self::DampedTrend => smoothing::damped_trend(&known(), months),
            Self::Arima => arima::forecast(&known(), months),
            Self::RatioToDriver => ratio::forecast(&subject.summands, origin, months),
        };
        path?.last().copied()
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
            summands: Vec::new(),
        }
    }

    #[test]
    fn the_last_value_and_the_year_before_are_taken_as_they_were() {
        let origin = Month::new(2024, 2);
        let of = |rival: Rival, subject: &Subject, ahead: [i32; 3]| {
            ahead.map(|ahead| rival.forecast(subject, origin, origin.after(ahead)))
        };
        let whole = subject();
        assert_eq!(of(Rival::LastValue, &whole, [1, 2, 3]), [Some(14.0); 3]);
        assert_eq!(of(Rival::RatioToDriver, &whole, [1, 2, 3]), [None; 3]);
        // The thirteenth month ahead is not that of a month that is forecast, and there is none before the origin.
        let last_year = of(Rival::SameMonthLastYear, &whole, [1, 3, 13]);
        assert_eq!(last_year, [Some(3.0), Some(5.0), Some(3.0)]);
        assert_eq!(of(Rival::LastValue, &whole, [0, -1, -2]), [None; 3]);
        // A month that is missing takes nothing from the others.
        let gap = |&(month, _): &(Month, f64)| month != Month::new(2023, 9);
        let with_gap = Subject {
            figures: subject().figures.iter().filter(gap).collect(),
            summands: Vec::new(),
        };
        let last_year = of(Rival::SameMonthLastYear, &with_gap, [6, 7, 8]);
        assert_eq!(last_year, [Some(8.0), None, Some(10.0)]);
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
            summands: vec![Summand {
                figures: figures.clone(),
                driver: Some(subject().figures),
            }],
            figures,
        };
        let (as_it_was, changed) = (of(figures.clone()), of(later(&figures)));
        for rival in Rival::all() {
            let [one, other] =
                [&as_it_was, &changed].map(|of| rival.forecast(of, origin, origin.after(2)));
            assert!(one.is_some(), "{rival:?}");
            assert_eq!(one, other, "{rival:?}");
        }
    }

    #[test]
    fn from_a_missing_origin_only_last_year_speaks() {
        for rival in Rival::all() {
            let told = rival.forecast(&subject(), Month::new(2025, 1), Month::new(2025, 2));
            let expected = (rival == Rival::SameMonthLastYear).then_some(14.0);
            assert_eq!(told, expected, "{rival:?}");
        }
    }
}
