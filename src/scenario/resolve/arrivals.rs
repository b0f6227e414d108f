//! Persons arriving per day, from the tables of a group.

use jiff::ToSpan;
use jiff::civil::Date;

use super::calendar::{Calendar, days_between};
use super::cells::Cell;
use super::monthly::{self, MonthlyTable};
use crate::month::Month;
use crate::scenario::group::{Arrivals, Driver, Level};

/// A driver that does not cover the run: the first month without a count, or a cell that is none.
pub(crate) enum NoCount {
    /// The month is missing or empty.
    Missing(Month),
    /// The same of a month between `hold_from` and `hold_after`.
    NotHeld(Month),
    /// The cell is no count.
    Wrong(crate::scenario::diagnostics::Problem),
}

/// Persons per day on every simulated day:
/// (`per_day` + `monthly_per_day` + `levels` + driver) × day of the week × season.
pub(crate) fn daily(
    arrivals: &Arrivals,
    counts: Option<&MonthlyCounts>,
    calendar: &Calendar,
) -> Result<Vec<f64>, NoCount> {
    (0..calendar.days())
        .map(|day| {
            let date = calendar.date(day);
            let month = Month::of(date);
            let mut rate = arrivals.per_day
                + arrivals.monthly_per_day.get(&month).copied().unwrap_or(0.0)
                + level(&arrivals.levels, date);
            if let (Some(driver), Some(counts)) = (&arrivals.driver, counts) {
                rate += driven(driver, counts, date)?;
            }
            let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
            let season = usize::from(date.month().unsigned_abs()) - 1;
            rate *= factor(&arrivals.day_of_week, weekday);
            rate *= factor(&arrivals.season, season);
            Ok(rate)
        })
        .collect()
}

/// A factor of a profile whose mean is made 1; 1 without a profile.
fn factor(profile: &[f64], place: usize) -> f64 {
    let mean = profile.iter().sum::<f64>() / profile.len() as f64;
    profile.get(place).map_or(1.0, |factor| factor / mean)
}

/// The level on a date: log-linear between the dated levels, constant before the first and after the last.
fn level(levels: &[Level], date: Date) -> f64 {
    let after = levels.partition_point(|level| level.date <= date);
    match (
        after.checked_sub(1).map(|last| levels[last]),
        levels.get(after),
    ) {
        (None, None) => 0.0,
        (Some(last), None) => last.per_day,
        (None, Some(next)) => next.per_day,
        (Some(last), Some(next)) => {
            let part =
                days_between(last.date, date) as f64 / days_between(last.date, next.date) as f64;
            let (from, to) = (libm::log(last.per_day), libm::log(next.per_day));
            libm::exp(from + part * (to - from))
        }
    }
}

/// The driver's part: `scale` × the mean daily count of the month that holds the day `lag_days` earlier. A lag between two whole days gives
/// what they give, in proportion, so that the part is continuous in the lag.
///
/// From `hold_after` on (in days of counting, the lag taken off) the count is held at the daily mean over the whole months from that of
/// `hold_from` to the one before that of `hold_after`.
fn driven(driver: &Driver, counts: &MonthlyCounts, date: Date) -> Result<f64, NoCount> {
    let whole_days = driver.lag_days.floor();
    let daily = |lag: f64| {
        let counted = date.saturating_sub((lag as i64).days());
        match (driver.hold_from, driver.hold_after) {
            (Some(from), Some(after)) if counted >= after => {
                let held = counts.daily_mean(Month::of(from), Month::of(after));
                held.map_err(|missing| match missing {
                    NoCount::Missing(month) => NoCount::NotHeld(month),
                    wrong => wrong,
                })
            }
            _ => counts.daily_mean(Month::of(counted), Month::of(counted).after(1)),
        }
    };
    let mut mean = daily(whole_days)?;
    let part = driver.lag_days - whole_days;
    if part > 0.0 {
        mean += part * (daily(whole_days + 1.0)? - mean);
    }
    Ok(driver.scale * mean)
}

/// One column of a monthly table.
pub(crate) struct MonthlyCounts<'a> {
    pub(crate) table: &'a MonthlyTable,
    pub(crate) column: usize,
}

impl MonthlyCounts<'_> {
    /// Mean count per day over the months from one to that before another.
    fn daily_mean(&self, from: Month, before: Month) -> Result<f64, NoCount> {
        let (mut sum, mut days) = (0.0, 0.0);
        let mut month = from;
        while month < before {
            sum += self.count(month)?;
            days += f64::from(month.days());
            month = month.after(1);
        }
        Ok(sum / days)
    }

    fn count(&self, month: Month) -> Result<f64, NoCount> {
        let cell: Option<&Cell> = self.table.rows.get(&month).map(|row| &row[self.column]);
        let cell = cell.ok_or(NoCount::Missing(month))?;
        match monthly::persons(cell) {
            Ok(figure) => figure.ok_or(NoCount::Missing(month)),
            Err(problem) => Err(NoCount::Wrong(problem)),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const LEVELS: [Level; 2] = [
        Level {
            date: date(2024, 1, 1),
            per_day: 100.0,
        },
        Level {
            date: date(2024, 1, 11),
            per_day: 400.0,
        },
    ];

    #[test]
    fn levels_are_log_linear_between_their_dates_and_constant_outside() {
        assert!((level(&LEVELS, date(2024, 1, 6)) - 200.0).abs() < 1e-9);
        assert!((level(&LEVELS, date(2023, 1, 1)) - 100.0).abs() < 1e-9);
        assert!((level(&LEVELS, date(2025, 1, 1)) - 400.0).abs() < 1e-9);
    }

    #[test]
    fn a_profile_keeps_the_mean() {
        let profile = [2.0, 2.0, 2.0, 2.0, 2.0, 1.0, 3.0];
        let sum: f64 = (0..7).map(|day| factor(&profile, day)).sum();
        assert!((sum - 7.0).abs() < 1e-12);
        assert!((factor(&[], 3) - 1.0).abs() < 1e-12);
    }

    fn table(text: &str) -> MonthlyTable {
        MonthlyTable::parse(text, 0).unwrap()
    }

    #[test]
    fn a_driver_follows_the_month_of_the_day_before_its_lag() {
        let table = table("month,n\n2024-01,310\n2024-02,580\n");
        let counts = MonthlyCounts {
            table: &table,
            column: 1,
        };
        let driver = Driver {
            file: String::new(),
            column: "n".to_owned(),
            scale: 2.0,
            lag_days: 10.0,
            hold_after: None,
            hold_from: None,
        };
        let rate = |date| driven(&driver, &counts, date).ok();
        assert_eq!(rate(date(2024, 2, 10)), Some(20.0));
        assert_eq!(rate(date(2024, 2, 11)), Some(40.0));
        assert_eq!(rate(date(2024, 3, 11)), None);
        let between = Driver {
            lag_days: 10.25,
            ..driver.clone()
        };
        let rate = |date| driven(&between, &counts, date).ok();
        assert_eq!(rate(date(2024, 2, 11)), Some(35.0));
        assert_eq!(rate(date(2024, 2, 12)), Some(40.0));
        let held = Driver {
            hold_from: Some(date(2024, 1, 1)),
            hold_after: Some(date(2024, 3, 1)),
            ..driver
        };
        let rate = driven(&held, &counts, date(2024, 6, 1)).ok();
        assert_eq!(rate, Some(2.0 * 890.0 / 60.0));
    }
}
