//! What was known, or is stated, of a scenario before it is held against published months: which of them were fitted to, and by how much
//! it may be off.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use strum::{IntoStaticStr, VariantArray};

use crate::forecast::LogError;
use crate::month::Month;
use crate::scenario::Loaded;
use crate::stats::ErrorLaw;

/// Months from the first to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First month.
    pub first: Month,
    /// Last month.
    pub last: Month,
}

impl Window {
    /// Whether a month is one of them.
    #[must_use]
    pub fn holds(self, month: Month) -> bool {
        self.first <= month && month <= self.last
    }
}

/// A text that names no window.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// Something else than two months.
    #[error("expected the first and the last month, as in 2023-01..2024-10; found `{0}`")]
    NoMonths(String),
    /// The later month first.
    #[error("`{0}` ends before it begins: give the first month first")]
    Reversed(String),
}

impl FromStr for Window {
    type Err = WindowError;

    fn from_str(text: &str) -> Result<Self, WindowError> {
        let month = |text: &str| -> Option<Month> { text.trim().parse().ok() };
        let months = text.split_once("..");
        let months = months.and_then(|(first, last)| Some((month(first)?, month(last)?)));
        match months {
            Some((first, last)) if first <= last => Ok(Self { first, last }),
            Some(_) => Err(WindowError::Reversed(text.to_owned())),
            None => Err(WindowError::NoMonths(text.to_owned())),
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, last } = self;
        write!(out, "{first}..{last}")
    }
}

/// Where a month lies by the window of the fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Part {
    /// Before it.
    Before,
    /// In it, whether or not the column was fitted to.
    Fitted,
    /// Held out: after it.
    HeldOut,
}

impl Part {
    /// All, in the order of results.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::VARIANTS.iter().copied()
    }

    /// The word used in files and results.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// What was known, or is stated, of a scenario before it is held against published months.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    /// The months fitted to; without them every month counts as fitted.
    pub window: Option<Window>,
    /// The last month fitted to of each column whose target has an end of its own.
    pub last: BTreeMap<String, Month>,
    /// Columns that were fitted to; without a window any may have been.
    pub fitted: BTreeSet<String>,
    /// Discrepancy by column: standard deviation of ln(observed / simulated) that a right model may still have.
    pub discrepancies: BTreeMap<String, f64>,
    /// That of every other column.
    pub other_discrepancy: f64,
    /// The shape of the errors of all columns.
    pub errors: ErrorLaw,
    /// First day of the months whose errors teach those of months to come; all that are fitted to do where there is none.
    pub errors_from: Option<Date>,
}

impl Known {
    /// What `[calibrate]` of a scenario states; nothing where it has none.
    #[must_use]
    pub fn of_calibration(loaded: &Loaded) -> Self {
        let Some(calibration) = &loaded.calibration else {
            return Self::default();
        };
        let months = calibration.months();
        let window = months.first().zip(months.last());
        let targets = calibration.targets.iter();
        let fitted = targets.clone().filter(|target| target.weight > 0.0);
        let with_own_end = targets.clone().filter(|target| target.to.is_some());
        let last = with_own_end.filter_map(|target| {
            let last = calibration.months_of(target).last().copied()?;
            Some((target.column.clone(), last))
        });
        Self {
            window: window.map(|(&first, &last)| Window { first, last }),
            last: last.collect(),
            fitted: fitted.map(|target| target.column.clone()).collect(),
            discrepancies: (targets.map(|target| (target.column.clone(), target.sd))).collect(),
            other_discrepancy: 0.0,
            errors: calibration.errors,
            errors_from: Some(calibration.errors_from),
        }
    }

    /// The error of a column: its discrepancy, in the shape of all errors.
    #[must_use]
    pub fn error(&self, column: &str) -> LogError {
        let stated = self.discrepancies.get(column).copied();
        LogError {
            sd: stated.unwrap_or(self.other_discrepancy),
            law: self.errors,
        }
    }

    /// Whether the error of a month fitted to says how large and how lasting those of later months are.
    #[must_use]
    pub fn teaches(&self, month: Month) -> bool {
        (self.errors_from).is_none_or(|first| first <= month.first_day())
    }

    /// The months of a column that were fitted to.
    fn window_of(&self, column: &str) -> Option<Window> {
        let window = self.window?;
        let last = self.last.get(column).copied().unwrap_or(window.last);
        Some(Window { last, ..window })
    }

    /// Where a month of a column lies.
    #[must_use]
    pub fn part(&self, column: &str, month: Month) -> Part {
        match self.window_of(column) {
            Some(Window { first, .. }) if month < first => Part::Before,
            Some(Window { last, .. }) if month > last => Part::HeldOut,
            _ => Part::Fitted,
        }
    }

    /// The last month that a simple forecast of a month may know: the last one fitted to for a month held out, else the month before.
    #[must_use]
    pub fn origin(&self, column: &str, month: Month) -> Month {
        match self.window_of(column) {
            Some(Window { last, .. }) if month > last => last,
            _ => month.after(-1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Part::{Before, Fitted, HeldOut};
    use super::*;

    #[test]
    fn months_are_before_in_or_after_the_window() {
        let known = Known {
            window: "2023-02..2023-03".parse().ok(),
            last: [("pool_size".to_owned(), Month::new(2023, 4))].into(),
            ..Known::default()
        };
        let month = |month| Month::new(2023, month);
        let parts = |column| [1, 2, 3, 4, 5].map(|at| known.part(column, month(at)));
        let usual = [Before, Fitted, Fitted, HeldOut, HeldOut];
        assert_eq!(parts("registrations"), usual);
        assert_eq!(
            parts("pool_size"),
            [Before, Fitted, Fitted, Fitted, HeldOut]
        );
        // Who forecasts a month held out knows the fitted ones alone.
        let origins = |column| [2, 3, 4, 5].map(|at| known.origin(column, month(at)));
        assert_eq!(origins("registrations"), [1, 2, 3, 3].map(month));
        assert_eq!(origins("pool_size"), [1, 2, 3, 4].map(month));
        assert_eq!(Known::default().part("registrations", month(9)), Fitted);
    }

    #[test]
    fn months_that_begin_before_a_day_teach_nothing() {
        let known = Known {
            errors_from: Some(jiff::civil::date(2023, 6, 2)),
            ..Known::default()
        };
        let teach = [5, 6, 7].map(|month| known.teaches(Month::new(2023, month)));
        assert_eq!(teach, [false, false, true]);
        assert!(Known::default().teaches(Month::new(1, 1)));
    }

    #[test]
    fn a_window_is_two_months_in_order() {
        let window: Window = "2023-01 .. 2024-10".parse().unwrap();
        assert_eq!(window.to_string(), "2023-01..2024-10");
        for text in ["2023-01", "2024-10..2023-01", "2023-13..2024-01", ""] {
            assert!(Window::from_str(text).is_err(), "{text}");
        }
    }
}
