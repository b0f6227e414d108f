//! The ratio of a figure to a driver that comes before it.

use super::series::MonthlySeries;
use crate::month::Month;

/// Months whose ratios are averaged.
pub(super) const MONTHS: usize = 3;

/// A summand of a figure, and the driver that it follows if any.
#[derive(Debug, Clone, PartialEq)]
pub struct Summand {
    /// The figures of the summand.
    pub figures: MonthlySeries,
    /// What comes before them; known, or taken as known, for the months forecast too.
    pub driver: Option<MonthlySeries>,
}

/// Forecasts of the months after `origin` of a figure that is the sum of its summands.
///
/// A summand with a driver is the mean over the last three months of its ratio to the driver, times the driver of the month forecast; the
/// driver of a month is the mean of its own count and that of the month before, as those who are counted upstream arrive some weeks
/// later. The last three months are those of which both the figure and the driver are known at the origin. A summand without a driver
/// stays at the last value published by then. Such a forecast is conditional: it is told what the driver will be.
///
/// `None` without summands, without a driver for any of them, and where fewer months or no value or no driver of a month forecast is known.
#[must_use]
pub fn forecast(summands: &[Summand], origin: Month, months: usize) -> Option<Vec<f64>> {
    summands.iter().find(|summand| summand.driver.is_some())?;
    let mut sums = vec![0.0; months];
    for summand in summands {
        let of_summand = match &summand.driver {
            Some(driver) => by_ratio(&summand.figures, driver, origin, months)?,
            None => vec![summand.figures.last_at(origin)?.1; months],
        };
        for (sum, figure) in sums.iter_mut().zip(of_summand) {
            *sum += figure;
        }
    }
    Some(sums)
}

fn by_ratio(
    figures: &MonthlySeries,
    driver: &MonthlySeries,
    origin: Month,
    months: usize,
) -> Option<Vec<f64>> {
    let driver = |month: Month| {
        let counts = driver.at(month).zip(driver.at(month.after(-1)));
        counts.map(|(own, before)| f64::midpoint(own, before))
    };
    let ratio = |(month, figure): (Month, f64)| {
        let driver = driver(month).filter(|&driver| driver > 0.0)?;
        Some(figure / driver)
    };
    let known = figures.iter().filter(|&(month, _)| month <= origin);
    let known: Vec<(Month, f64)> = known.collect();
    let ratios = known.into_iter().rev().filter_map(ratio);
    let ratios: Vec<f64> = ratios.take(MONTHS).collect();
    if ratios.len() < MONTHS {
        return None;
    }
    let mean = ratios.iter().sum::<f64>() / MONTHS as f64;
    (1..)
        .take(months)
        .map(|after| Some(mean * driver(origin.after(after))?))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(first: Month, figures: &[f64]) -> MonthlySeries {
        let months = (0..).map(|after| first.after(after));
        months.zip(figures.iter().copied()).collect()
    }

    /// Drivers averaged: 15, 25, 35 and 20, 10; ratios 2, 4, 6, so 4 on average; the other summand stays at 7.
    #[test]
    fn the_mean_ratio_is_applied_to_the_driver_and_other_parts_stay() {
        let follows = Summand {
            figures: series(Month::new(2024, 2), &[30.0, 100.0, 210.0]),
            driver: Some(series(
                Month::new(2024, 1),
                &[10.0, 20.0, 30.0, 40.0, 0.0, 20.0],
            )),
        };
        let stays = Summand {
            figures: series(Month::new(2024, 4), &[7.0]),
            driver: None,
        };
        let origin = Month::new(2024, 4);
        let summands = [follows, stays.clone()];
        assert_eq!(forecast(&summands, origin, 2), Some(vec![87.0, 47.0]));
        // The driver of a third month is not known.
        assert_eq!(forecast(&summands, origin, 3), None);
        assert_eq!(forecast(&[stays], origin, 1), None);
        assert_eq!(forecast(&summands, Month::new(2024, 3), 1), None);
    }

    /// The last three ratios are of April, February and January: 6, 4 and 2, and 7 is the last value though May is not published.
    #[test]
    fn months_that_are_not_published_are_passed_over() {
        let published = [(1, 20.0), (2, 80.0), (4, 120.0)];
        let figures = published.map(|(month, figure)| (Month::new(2024, month), figure));
        let follows = Summand {
            figures: figures.into_iter().collect(),
            driver: Some(series(
                Month::new(2023, 12),
                &[10.0, 10.0, 30.0, 30.0, 10.0, 50.0, 50.0],
            )),
        };
        let stays = Summand {
            figures: series(Month::new(2024, 4), &[7.0]),
            driver: None,
        };
        let summands = [follows, stays];
        let told = forecast(&summands, Month::new(2024, 5), 1);
        assert_eq!(told, Some(vec![4.0 * 50.0 + 7.0]));
        assert_eq!(forecast(&summands, Month::new(2024, 3), 1), None);
    }
}
