//! `november-2024.toml`, which is set to its months, beside the published figures.

use portflow::record::{Count, Key, Metric};

use super::{beside_published, run};
use crate::tools::{load, shipped};

#[test]
fn november_2024_comes_out_as_published() {
    let november = load(&shipped("november-2024.toml"), &[]).scenario;
    let results = run(&november, 20);
    let figures = |metric, month: &str| {
        let all = beside_published(&november, &results, metric);
        let (_, simulated, published) = all.into_iter().find(|(name, ..)| name == month).unwrap();
        (simulated, published)
    };

    let (ports, published) = figures(Metric::PortEncounters, "2024-11");
    assert_eq!(published, 47_500.0);
    assert!((ports / published - 1.0).abs() <= 0.02, "ports: {ports}");

    let (irregular, published) = figures(Metric::IRREGULAR_ENCOUNTERS, "2024-11");
    assert_eq!(published, 46_660.0);
    assert!(
        (irregular / published - 1.0).abs() <= 0.03,
        "irregular: {irregular}"
    );

    let (ports, _) = figures(Metric::PortEncounters, "2024-10");
    let (irregular, _) = figures(Metric::IRREGULAR_ENCOUNTERS, "2024-10");
    let october = ports + irregular;
    assert!(
        (october / 106_344.0 - 1.0).abs() <= 0.03,
        "October: {october}"
    );

    let crossover = results.crossover().unwrap();
    let month = november.calendar.months()[crossover.month as usize];
    assert_eq!(month.to_string(), "2024-11");
    let share = crossover.share_of_replications();
    assert!(
        share > 0.5 && share < 1.0,
        "a published margin of 840 is within the chance of a month: {share}"
    );

    let per_day = |metric| results.estimate(Key::of_month(3, metric)).unwrap().mean / 30.0;
    let registrations = per_day(Metric::Count(Count::Registrations));
    assert!(
        (registrations / 1_600.0 - 1.0).abs() < 0.1,
        "registrations a day: {registrations}"
    );
    let pool = results
        .estimate(Key::of_month(3, Metric::PoolSize))
        .unwrap()
        .mean;
    assert!((265_000.0..=285_000.0).contains(&pool), "pool: {pool}");
}
