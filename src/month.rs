//! Months of the calendar.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{self, Date};
use serde::{Deserialize, Serialize};

/// A month of the calendar, written `2024-05`.
///
/// ```
/// use portflow::month::Month;
///
/// let may: Month = "2024-05".parse()?;
/// assert_eq!(may.after(8), Month::new(2025, 1));
/// assert_eq!(may.last_day().to_string(), "2024-05-31");
/// # Ok::<(), portflow::month::MonthError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    first_day: Date,
}

/// A text that names no month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a month, as in 2023-12; found `{0}`")]
pub struct MonthError(String);

impl Month {
    /// A month of a year, from 1 to 12.
    ///
    /// # Panics
    /// If there is no such month.
    #[must_use]
    pub const fn new(year: i16, month: i8) -> Self {
        Self {
            first_day: civil::date(year, month, 1),
        }
    }

    /// The month of a day.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self {
            first_day: day.first_of_month(),
        }
    }

    /// Its first day.
    #[must_use]
    pub const fn first_day(self) -> Date {
        self.first_day
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> Date {
        self.first_day.last_of_month()
    }

    /// How many days it has. \[days\]
    #[must_use]
    pub fn days(self) -> u32 {
        self.first_day.days_in_month().unsigned_abs().into()
    }

    /// The month so many months later, or earlier where they are negative; the first or last one there is, where that is beyond the
    /// calendar of the years -9999 to 9999.
    #[must_use]
    pub fn after(self, months: i32) -> Self {
        let count = self.count().saturating_add(months);
        let count = count.clamp(-9999 * 12, 9999 * 12 + 11);
        Self::new(count.div_euclid(12) as i16, count.rem_euclid(12) as i8 + 1)
    }

    /// The next month; `None` after the last of the calendar.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        self.last_day().tomorrow().ok().map(Self::of)
    }

    /// Months from an earlier one to this; negative where it is later. \[months\]
    #[must_use]
    pub fn since(self, earlier: Self) -> i32 {
        self.count() - earlier.count()
    }

    /// Months since January of the year 0.
    fn count(self) -> i32 {
        i32::from(self.first_day.year()) * 12 + i32::from(self.first_day.month()) - 1
    }

    /// Whether a quarter of the year ends with it.
    #[must_use]
    pub fn ends_quarter(self) -> bool {
        self.first_day.month() % 3 == 0
    }
}

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.first_day.strftime("%Y-%m").to_string();
        out.pad(&text)
    }
}

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        let is_month = text.len() == 7 && text.as_bytes()[4] == b'-';
        let first_day = is_month.then(|| format!("{text}-01").parse().ok());
        let first_day = first_day.flatten();
        first_day
            .map(|first_day| Self { first_day })
            .ok_or_else(|| MonthError(text.to_owned()))
    }
}

impl TryFrom<String> for Month {
    type Error = MonthError;

    fn try_from(text: String) -> Result<Self, MonthError> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_counted_over_the_turn_of_the_year() {
        let (from, to) = (Month::new(2023, 11), Month::new(2024, 2));
        assert_eq!((to.since(from), from.since(to)), (3, -3));
        assert_eq!((from.after(3), to.after(-3)), (to, from));
        assert_eq!(Month::new(2023, 12).next(), Some(Month::new(2024, 1)));
        let last = Month::new(9999, 12);
        assert_eq!((from.after(i32::MAX), last.next()), (last, None));
        assert_eq!(from.after(i32::MIN), Month::new(-9999, 1));
        assert_eq!(Month::of(civil::date(2024, 2, 29)), to);
        assert_eq!((to.days(), to.last_day()), (29, civil::date(2024, 2, 29)));
    }

    #[test]
    fn a_month_is_read_as_it_is_written() {
        let may = Month::new(2024, 5);
        assert_eq!(may.to_string(), "2024-05");
        assert_eq!("2024-05".parse(), Ok(may));
        for text in [
            "2024-5",
            "2024-13",
            "24-05",
            "2024/05",
            "2024-05-01",
            "May",
            "",
        ] {
            let told = text.parse::<Month>().unwrap_err().to_string();
            assert_eq!(
                told,
                format!("expected a month, as in 2023-12; found `{text}`")
            );
        }
    }
}
