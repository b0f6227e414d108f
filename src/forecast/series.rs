//! Figures by month, as they are published: some months may be missing.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

/// One figure a month; a month that was not published is absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MonthlySeries {
    /// By first day of the month.
    figures: BTreeMap<Date, f64>,
}

/// The month so many months after another, or before it; both by their first day.
#[must_use]
pub fn months_after(month: Date, months: i32) -> Date {
    month.first_of_month().saturating_add(months.months())
}

/// Months from one to another, negative where the second is earlier.
#[must_use]
pub fn months_between(from: Date, to: Date) -> i32 {
    let count = |date: Date| i32::from(date.year()) * 12 + i32::from(date.month());
    count(to) - count(from)
}

impl FromIterator<(Date, f64)> for MonthlySeries {
    /// Figures with any day of their month.
    fn from_iter<I: IntoIterator<Item = (Date, f64)>>(figures: I) -> Self {
        let figures = figures.into_iter();
        Self {
            figures: figures
                .map(|(month, figure)| (month.first_of_month(), figure))
                .collect(),
        }
    }
}

impl MonthlySeries {
    /// The figure of a month.
    #[must_use]
    pub fn at(&self, month: Date) -> Option<f64> {
        self.figures.get(&month.first_of_month()).copied()
    }

    /// Every month with its figure, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Date, f64)> + '_ {
        self.figures.iter().map(|(&month, &figure)| (month, figure))
    }

    /// What is known at the end of the month `origin`: the figures of the months up to it that follow each other without a gap, the
    /// figure of the origin last. Empty where the origin itself has none.
    #[must_use]
    pub fn known_at(&self, origin: Date) -> Vec<f64> {
        let backwards = (0..).map_while(|back: i32| self.at(months_after(origin, -back)));
        let mut known: Vec<f64> = backwards.collect();
        known.reverse();
        known
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_is_known_ends_at_the_origin_and_begins_after_the_last_gap() {
        let series: MonthlySeries = [(10, 1.0), (12, 3.0)]
            .map(|(month, figure)| (date(2023, month, 5), figure))
            .into_iter()
            .chain([(date(2024, 1, 31), 4.0), (date(2024, 2, 1), 5.0)])
            .collect();
        assert_eq!(series.known_at(date(2024, 1, 1)), [3.0, 4.0]);
        assert_eq!(series.known_at(date(2023, 11, 1)), [] as [f64; 0]);
        assert_eq!(series.at(date(2023, 12, 24)), Some(3.0));
    }

    #[test]
    fn months_are_counted_over_the_turn_of_the_year() {
        let (from, to) = (date(2023, 11, 30), date(2024, 2, 1));
        assert_eq!(months_between(from, to), 3);
        assert_eq!(months_between(to, from), -3);
        assert_eq!(months_after(from, 3), to);
        assert_eq!(months_after(to, -3), date(2023, 11, 1));
    }
}
