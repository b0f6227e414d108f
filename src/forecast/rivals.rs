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
    /// Every month ahead is the last one published.
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
    /// Where the last months up to the origin are not published, it looks ahead from the last one that is. `None` where what it
    /// [takes](Self::takes) is not known.
    #[must_use]
    pub fn forecast(self, subject: &Subject, origin: Month, month: Month) -> Option<f64> {
        let ahead = month.since(origin);
        let months = usize::try_from(ahead).ok().filter(|&months| months > 0)?;
        let from_last = |forecast: fn(&[f64], usize) -> Option<Vec<f64>>| {
            let (last, known) = subject.figures.known_at(origin)?;
            forecast(&known, usize::try_from(month.since(last)).ok()?)
        };
        let path = match self {
            Self::LastValue => return Some(subject.figures.last_at(origin)?.1),
            Self::SameMonthLastYear => {
                // A month beyond a year is that of the last year known.
                let years = 1 + (ahead - 1) / YEAR;
                return subject.figures.at(month.after(-YEAR * years));
            }
            Self::ExponentialSmoothing => from_last(smoothing::level),
            Self::DampedTrend => from_last(smoothing::damped_trend),
            Self::Arima => from_last(arima::forecast),
            Self::RatioToDriver => ratio::forecast(&subject.summands, origin, months),
        };
        path?.last().copied()
    }

    /// What must be published for it to have a forecast, in words.
    #[must_use]
    pub fn takes(self) -> String {
        let in_a_row = |months: usize| {
            format!(
                "{months} published months in a row, none of them 0 and single missing ones filled in"
            )
        };
        match self {
            Self::LastValue => "a published month".to_owned(),
            Self::SameMonthLastYear => "the same month of the year before".to_owned(),
            Self::ExponentialSmoothing => in_a_row(smoothing::FEWEST_FOR_LEVEL),
            Self::DampedTrend => in_a_row(smoothing::FEWEST_FOR_TREND),
            Self::Arima => in_a_row(arima::FEWEST),
            Self::RatioToDriver => format!(
                "a driver, with its count of the month forecast, and {} months of both",
                ratio::MONTHS
            ),
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

    /// Twelve months that grow by a tenth, of which the last two and one inside are not published.
    #[test]
    fn rivals_speak_from_the_last_month_published() {
        let origin = Month::new(2024, 12);
        let growth = |months: &[i32]| -> MonthlySeries {
            let figure = |after: i32| 100.0 * libm::exp(0.1 * f64::from(after));
            let months = months.iter();
            months
                .map(|&after| (Month::new(2024, 1).after(after), figure(after)))
                .collect()
        };
        let of = |figures: MonthlySeries| Subject {
            figures,
            summands: Vec::new(),
        };
        let cut = of(growth(&[0, 1, 2, 3, 4, 5, 7, 8, 9]));
        let whole = of(growth(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
        let told = |rival: Rival, subject: &Subject, origin| {
            rival.forecast(subject, origin, Month::new(2025, 1))
        };
        for rival in Rival::all() {
            let from_origin = told(rival, &cut, origin);
            // Neither the gap that growth itself fills nor the months that are missing at the end move a forecast.
            let expected = told(rival, &whole, Month::new(2024, 10));
            assert_eq!(
                from_origin.is_some(),
                rival != Rival::RatioToDriver,
                "{rival:?}"
            );
            let near = from_origin.zip(expected);
            let is_near = near.is_none_or(|(one, other)| (one / other - 1.0).abs() < 1e-3);
            assert!(is_near, "{rival:?}: {near:?}");
        }
    }

    #[test]
    fn before_anything_is_published_nobody_speaks() {
        for rival in Rival::all() {
            let told = rival.forecast(&subject(), Month::new(2022, 12), Month::new(2023, 1));
            assert_eq!(told, None, "{rival:?}");
        }
    }
}
