//! The ratio of a figure to a driver that comes before it.

use super::series::MonthlySeries;
use crate::month::Month;

/// Months whose ratios are averaged.
const MONTHS: i32 = 3;

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
/// later. A summand without a driver stays at its last value. Such a forecast is conditional: it is told what the driver will be.
///
/// `None` without summands, without a driver for any of them, and where a figure or a count that is needed is missing.
#[must_use]
pub fn forecast(summands: &[Summand], origin: Month, months: usize) -> Option<Vec<f64>> {
    summands.iter().find(|summand| summand.driver.is_some())?;
    let mut sums = vec![0.0; months];
    for summand in summands {
        let of_summand = match &summand.driver {
            Some(driver) => by_ratio(&summand.figures, driver, origin, months)?,
            None => vec![summand.figures.at(origin)?; months],
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
    let driver = |after: i32| {
        let count = |after| driver.at(origin.after(after));
        Some(f64::midpoint(count(after)?, count(after - 1)?))
    };
    let ratio = |back: i32| {
        let driver = driver(-back).filter(|&driver| driver > 0.0)?;
        Some(figures.at(origin.after(-back))? / driver)
    };
    let ratios: Vec<f64> = (0..MONTHS).map(ratio).collect::<Option<_>>()?;
    let mean = ratios.iter().sum::<f64>() / f64::from(MONTHS);
    (1..)
        .take(months)
        .map(|after| Some(mean * driver(after)?))
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
}
