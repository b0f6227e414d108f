//! `history.toml`, which is not set to any month, beside the published months July 2023 to October 2024.

use portflow::record::{Key, Metric};

use super::{beside_published, run};
use crate::tools::{load, shipped};

/// The months in which the app ran under its final rules and everything is published but the last appointments.
const FIRST: &str = "2023-07";
const LAST: &str = "2024-10";

#[test]
fn history_is_near_the_published_months() {
    let history = load(&shipped("history.toml"), &[]).scenario;
    let results = run(&history, 1);
    let errors = |metric| -> Vec<(String, f64)> {
        beside_published(&history, &results, metric)
            .into_iter()
            .filter(|(month, ..)| (FIRST..=LAST).contains(&month.as_str()))
            .map(|(month, simulated, published)| (month, simulated / published - 1.0))
            .collect()
    };

    let appointments = errors(Metric::APPOINTMENTS_PROCESSED);
    assert_eq!(appointments.len(), 14, "published to August 2024");
    for (month, error) in appointments {
        assert!(error.abs() <= 0.03, "appointments of {month}: {error:+.3}");
    }

    let ports = errors(Metric::PortEncounters);
    assert_eq!(ports.len(), 16);
    for (month, error) in ports {
        assert!(
            error.abs() <= 0.05,
            "port encounters of {month}: {error:+.3}"
        );
    }

    let irregular = errors(Metric::IRREGULAR_ENCOUNTERS);
    let sum: f64 = irregular.iter().map(|(_, error)| error.abs()).sum();
    let mean = sum / irregular.len() as f64;
    assert!(mean <= 0.12, "irregular encounters: {mean:.3}");

    // Some are served within days, irregular requesters after five months.
    let april_2024 = 15;
    let wait = |percent| {
        let key = Key::of_month(april_2024, Metric::WaitDaysQuantile(percent));
        results.estimate(key).unwrap().mean
    };
    assert!(
        wait(5) < 14.0 && wait(99) > 120.0,
        "{} {}",
        wait(5),
        wait(99)
    );
}
