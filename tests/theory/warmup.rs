//! MSER-5 on the files of `scenarios/theory`, and on a heavy queue that begins empty.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::Path;

use portflow::experiment::results::warmup::Verdict;
use portflow::experiment::{self, Plan, Warmup};
use portflow::model::simulate;
use portflow::record::{Detail, Layout, Metric};
use portflow::scenario::Scenario;
use portflow::stats::Level;

use super::load;
use crate::tools::command::portflow;

fn warmup(scenario: &Scenario, replications: u32) -> Option<Warmup> {
    let plan = Plan {
        seed: scenario.run.seed,
        replications: NonZeroU32::new(replications).unwrap(),
        threads: NonZeroUsize::MIN,
        level: Level::USUAL,
    };
    let layout = Layout::of(scenario, Detail::Full);
    let once = |replication| simulate(scenario, plan.seed, replication);
    Warmup::of(&experiment::run(&plan, &layout, once, |_, _, _| Ok(())).unwrap())
}

#[test]
fn the_warm_up_of_every_theory_file_suffices() {
    for (name, metric) in [
        ("mm1", Metric::QueuePersonsMean),
        ("mmc", Metric::QueuePersonsMean),
        ("mg1", Metric::QueuePersonsMean),
        ("md1", Metric::QueuePersonsMean),
        ("lottery", Metric::PoolSize),
        ("first-registered", Metric::PoolSize),
    ] {
        let scenario = load(name, &[]);
        assert!(scenario.is_steady(), "{name}");
        let warmup = warmup(&scenario, 5).unwrap();
        assert_eq!(warmup.days, scenario.run.warmup_days);
        let [beginning] = warmup.series.as_slice() else {
            panic!("{name}: {warmup:?}");
        };
        assert_eq!(beginning.metric, metric, "{name}");
        assert_eq!(beginning.verdict, Verdict::Suffices, "{name}: {warmup:?}");
    }
}

/// M/M/1 with service of 30 minutes at 95%: the queue grows over a month or so to 18 persons, since the mean of a queue that begins
/// empty approaches its limit with a time constant of 1 / (μ (1 - √ρ)²) = 32 days or less (Morse 1955,
/// doi:10.1287/opre.3.3.255).
const HEAVY: [(&str, &str); 2] = [
    ("world.service.mean_minutes", "30"),
    ("world.groups.customers.arrivals.per_day", "45.6"),
];

#[test]
fn a_heavy_queue_that_begins_empty_needs_a_warm_up_of_some_weeks() {
    let at = |days| {
        let set = [&HEAVY[..], &[("run.warmup_days", days)]].concat();
        warmup(&load("mm1", &set), 40).unwrap()
    };
    let none = at("0").worst().unwrap();
    assert_eq!(none.verdict, Verdict::TooShort, "{none:?}");
    assert!((10..=120).contains(&none.cut), "{none:?}");
    let long = at("150").worst().unwrap();
    assert_eq!(long.verdict, Verdict::Suffices, "{long:?}");
}

#[test]
fn a_queue_that_never_stops_growing_has_not_settled() {
    let overloaded = ("world.groups.customers.arrivals.per_day", "1800");
    let warmup = warmup(&load("mm1", &[overloaded]), 2).unwrap();
    assert_eq!(warmup.worst().unwrap().verdict, Verdict::NotSettled);
}

#[test]
fn what_changes_on_a_date_or_by_weekday_is_no_steady_state_nor_are_closed_days() {
    let weekly = (
        "world.groups.customers.arrivals.day_of_week",
        "[1, 1, 1, 1, 1, 2, 2]",
    );
    assert!(!load("mm1", &[weekly]).is_steady());
    assert!(!load("appointment-reference", &[]).is_steady());
    let closed = |key: &str, value: &str| {
        let key = format!("policy.ports.desk.{key}");
        load("mm1", &[(&key, value)]).is_steady()
    };
    assert!(!closed("closed_weekdays", "[\"sunday\"]"));
    assert!(!closed("closed_dates", "[2024-07-04]"));
    assert!(!closed("closed_dates", "[2023-12-29]"), "in the warm-up");
    assert!(closed("closed_dates", "[2023-07-04, 2025-01-01]"));
}

#[test]
fn run_says_whether_the_warm_up_suffices() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let run = [
        "run",
        "scenarios/theory/md1.toml",
        "-r",
        "2",
        "--set",
        "run.end=2024-03-31",
    ];
    let said = portflow(here, &run).succeeded();
    assert!(
        said.contains("The warm-up of 5 days suffices: MSER-5 on the daily queues at ports"),
        "{said}"
    );
    let document = portflow(here, &[&run[..], &["--format", "json"]].concat()).document();
    let warmup = &document["warmup"];
    assert_eq!(warmup["warmup_days"], 5);
    assert_eq!(warmup["series"][0]["metric"], "queue_persons_mean");
    assert_eq!(warmup["series"][0]["verdict"], "suffices");
    // Not on a scenario that changes.
    let run = [
        "run",
        "scenarios/november-2024.toml",
        "-r",
        "1",
        "--set",
        "run.start=2024-11-01",
    ];
    let said = portflow(here, &run).succeeded();
    assert!(
        said.contains("Replications: 1") && !said.contains("warm-up"),
        "{said}"
    );
}
