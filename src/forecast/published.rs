//! The simple forecasts on published months, held against those of other programs.

use std::path::Path;

use super::{MonthlySeries, PointScores, Rival, Subject, Summand};
use crate::month::Month;

/// A column of a table that ships with the scenarios.
fn column(file: &str, name: &str) -> MonthlySeries {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios/observed")
        .join(file);
    let mut rows = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_path(path)
        .unwrap();
    let at = |name: &str, header: &csv::StringRecord| header.iter().position(|cell| cell == name);
    let header = rows.headers().unwrap().clone();
    let (month, figure) = (at("month", &header).unwrap(), at(name, &header).unwrap());
    rows.records()
        .filter_map(|row| {
            let row = row.unwrap();
            let month: Month = row[month].parse().unwrap();
            Some((month, row[figure].parse().ok()?))
        })
        .collect()
}

fn encounters() -> Subject {
    let of = |name: &str| column("southwest-border-monthly.csv", name);
    let summand = |group: &str, driver| Summand {
        figures: of(&format!("irregular_encounters_{group}")),
        driver,
    };
    let honduras = column(
        "honduras-irregular-entries.csv",
        "honduras_irregular_entries",
    );
    Subject {
        figures: of("irregular_encounters"),
        summands: vec![
            summand("mexican", None),
            summand("northern_central_american", None),
            summand("other", Some(honduras)),
        ],
    }
}

const ORIGINS: [Month; 7] = [
    Month::new(2023, 12),
    Month::new(2024, 3),
    Month::new(2024, 6),
    Month::new(2024, 7),
    Month::new(2024, 8),
    Month::new(2024, 9),
    Month::new(2024, 10),
];

/// Mean absolute percentage error over up to three months after each origin.
fn errors(rival: Rival) -> [f64; 7] {
    let subject = encounters();
    ORIGINS.map(|origin| {
        let mut scores = PointScores::default();
        for month in (1..=3).map(|after| origin.after(after)) {
            if let Some(observed) = subject.figures.at(month) {
                scores.add(rival.forecast(&subject, origin, month).unwrap(), observed);
            }
        }
        100.0 * scores.mape().unwrap()
    })
}

fn mean(errors: &[f64]) -> f64 {
    errors.iter().sum::<f64>() / errors.len() as f64
}

/// A first trial, told in words with whole percents, found 30% for the last value, 34% for a damped trend, 31% for ARIMA(1,1,0), over 200%
/// for the year before, and 20% for the ratio (38% at the two breaks, 13% elsewhere), with November and December 2024 known. Here
/// December is not, so that the last three origins have fewer months. The damped trend is harder to beat here (29%): all five of its numbers
/// minimise the squares, where programs often stop at a local optimum.
#[test]
fn simple_forecasts_are_as_bad_as_a_first_trial_found() {
    for (rival, expected, within) in [
        (Rival::LastValue, 30.0, 1.0),
        (Rival::Arima, 31.0, 1.0),
        (Rival::SameMonthLastYear, 200.0, 10.0),
        (Rival::RatioToDriver, 20.0, 1.5),
    ] {
        let found = mean(&errors(rival));
        assert!((found - expected).abs() < within, "{rival:?}: {found}");
    }
    let damped = mean(&errors(Rival::DampedTrend));
    assert!((28.0..34.0).contains(&damped), "{damped}");
    let ratio = errors(Rival::RatioToDriver);
    let breaks = mean(&[ratio[0], ratio[2]]);
    assert!((breaks - 38.0).abs() < 0.5, "{breaks}");
    let others = mean(&[ratio[1], ratio[3], ratio[4], ratio[5], ratio[6]]);
    assert!((others - 13.0).abs() < 1.5, "{others}");
}

/// `anofox-forecast` 0.19.0, `ARIMA::new(1, 1, 0)` on logarithms from October 2021 on, without a mean; its likelihood and ours are exact.
#[test]
fn arima_forecasts_are_those_of_another_program() {
    let subject = encounters();
    for (origin, expected) in [
        (ORIGINS[0], [247_978.0, 248_024.4, 248_023.2]),
        (ORIGINS[1], [138_040.6, 137_937.8, 137_956.3]),
        (ORIGINS[2], [88_186.2, 87_437.2, 87_554.6]),
        (ORIGINS[6], [56_310.4, 56_325.8, 56_324.7]),
    ] {
        for (after, theirs) in (1..).zip(expected) {
            let month = origin.after(after);
            let ours = Rival::Arima.forecast(&subject, origin, month).unwrap();
            assert!(
                (ours / theirs - 1.0).abs() < 1e-4,
                "{origin}: {ours} {theirs}"
            );
        }
    }
}

/// `anofox-forecast` 0.19.0, `ETSSpec::ann()` on the same logarithms. From the two earlier origins its
/// search ends in a local optimum, ours at the long-term mean, which fits better.
#[test]
fn smoothed_levels_are_those_of_another_program() {
    let subject = encounters();
    for (origin, theirs) in [
        (ORIGINS[2], 97_920.2),
        (ORIGINS[3], 60_086.6),
        (ORIGINS[4], 58_212.2),
        (ORIGINS[5], 54_365.0),
        (ORIGINS[6], 56_245.3),
    ] {
        let ours = Rival::ExponentialSmoothing.forecast(&subject, origin, origin.after(3));
        let ours = ours.unwrap();
        assert!(
            (ours / theirs - 1.0).abs() < 2e-3,
            "{origin}: {ours} {theirs}"
        );
    }
}

/// Two valleys nearly as deep: squares of 1.16986 with this forecast, and of 1.17008 with one of 10,957, where a search from the best point of a
/// grid alone ends.
#[test]
fn a_damped_trend_is_not_that_of_the_next_valley() {
    let subject = Subject {
        figures: column("southwest-border-monthly.csv", "port_encounters_mexican"),
        summands: Vec::new(),
    };
    let (origin, august) = (Month::new(2024, 7), Month::new(2024, 8));
    let ours = Rival::DampedTrend.forecast(&subject, origin, august);
    let ours = ours.unwrap();
    assert!((ours / 14_088.0 - 1.0).abs() < 1e-3, "{ours}");
}
