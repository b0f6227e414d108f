//! Forecasts made by hand, for tests.

use super::{Origin, OriginColumn};
use crate::forecast::{LogError, Predictive, Subject};
use crate::month::Month;

/// A column that was 100 until December 2023 and is 200 since, with what was forecast of the months after the origin.
fn column(name: &str, is_whole_border: bool, origin: Month, forecasts: &[f64]) -> OriginColumn {
    let first = Month::new(2023, 1);
    let figure = |after| (after, if after < 12 { 100.0 } else { 200.0 });
    let figures = (0..24).map(figure);
    let subject = Subject {
        figures: figures
            .map(|(after, figure)| (first.after(after), figure))
            .collect(),
        summands: Vec::new(),
    };
    let forecasts: Vec<(Month, Predictive)> = (1..)
        .zip(forecasts)
        .filter_map(|(after, &forecast)| {
            let predictive = Predictive::new([(forecast, 1.0)], LogError::normal(0.1))?;
            Some((origin.after(after), predictive))
        })
        .collect();
    OriginColumn::of(name, is_whole_border, &subject, origin, &forecasts, 0.8)
        .expect("every month of it is published")
}

/// Off by 40% at a break in December 2023, and by 5% and 15% at two other origins; of a group, once inside the interval.
pub(crate) fn origins() -> Vec<Origin> {
    let origin = |month: Month, effective, forecasts: &[f64], of_group: f64| Origin {
        month,
        effective,
        slowest: "patience".to_owned(),
        r_hat: 1.02,
        columns: vec![
            column("port_encounters_all", false, month, &[of_group]),
            column("port_encounters", true, month, forecasts),
        ],
        ports_exceed: vec![(month.after(1), effective / 1000.0), (month.after(2), 0.0)],
        untold: Vec::new(),
        failures: Vec::new(),
    };
    vec![
        origin(Month::new(2023, 12), 40.0, &[120.0, 120.0], 100.0),
        origin(Month::new(2024, 3), 31.9, &[210.0, 190.0], 205.0),
        origin(Month::new(2024, 6), 50.0, &[230.0], 400.0),
    ]
}
