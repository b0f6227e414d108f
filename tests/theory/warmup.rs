//! What is shown of the warm-up of the files of `scenarios/theory`, and of a heavy queue that begins empty.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::Path;

use portflow::experiment::results::warmup::Verdict;
use portflow::experiment::{self, Plan, Warmup};
use portflow::model::simulate;
use portflow::record::{Detail, Layout, Metric};
use portflow::scenario::{Cycle, Scenario};
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
    let results = experiment::run(&plan, &layout, once, |_, _, _| Ok(())).unwrap();
    Warmup::of(&results, scenario.steady_cycle().unwrap())
}

#[test]
fn nothing_shows_that_the_warm_up_of_a_theory_file_is_too_short() {
    for (name, watched) in [
        ("mm1", Metric::QueuePersonsMean),
        ("mmc", Metric::QueuePersonsMean),
        ("mg1", Metric::QueuePersonsMean),
        ("md1", Metric::QueuePersonsMean),
        ("lottery", Metric::WaitDaysMean),
    ] {
        let scenario = load(name, &[]);
        assert_eq!(scenario.steady_cycle(), Some(Cycle::Day), "{name}");
        let warmup = warmup(&scenario, 10).unwrap();
        assert_eq!(warmup.days, scenario.run.warmup_days);
        let shown = warmup.worst().unwrap().verdict;
        assert_eq!(shown, Verdict::NothingShown, "{name}: {warmup:?}");
        let is_watched = warmup.series.iter().any(|it| it.metric == watched);
        assert!(is_watched, "{name}: {warmup:?}");
    }
}

#[test]
fn where_nothing_ever_varies_nothing_is_said_of_the_warm_up() {
    let scenario = load("first-registered", &[]);
    assert_eq!(warmup(&scenario, 10), None);
}

/// Waits of the first months are those of people who had waited for 10 days on average, and steady ones take 19.5: the difference falls to a
/// fifth in the first month. The first appointments are two weeks after the first round.
#[test]
fn a_lottery_without_a_warm_up_is_found_in_counts_and_waits() {
    let none = warmup(&load("lottery", &[("run.warmup_days", "0")]), 10).unwrap();
    let verdict = |metric| {
        let mut series = none.series.iter();
        series.find(|it| it.metric == metric).map(|it| it.verdict)
    };
    for metric in [Metric::APPOINTMENTS_PROCESSED, Metric::WaitDaysMean] {
        let Some(Verdict::TooShort { by }) = verdict(metric) else {
            panic!("{none:?}");
        };
        assert!((30..=122).contains(&by), "{none:?}");
    }
    assert_eq!(verdict(Metric::PoolSize), None, "it is always 2,000");
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
        warmup(&load("mm1", &set), 100).unwrap()
    };
    let none = at("0").worst().unwrap();
    let Verdict::TooShort { by } = none.verdict else {
        panic!("{none:?}");
    };
    assert!((30..=120).contains(&by), "{none:?}");
    let long = at("300").worst().unwrap();
    assert_eq!(long.verdict, Verdict::NothingShown, "{long:?}");
}

#[test]
fn a_queue_that_never_stops_growing_has_not_settled() {
    let overloaded = ("world.groups.customers.arrivals.per_day", "1800");
    let warmup = warmup(&load("mm1", &[overloaded]), 5).unwrap();
    let worst = warmup.worst().unwrap();
    assert_eq!(worst.verdict, Verdict::NotSettled, "{warmup:?}");
}

#[test]
fn what_changes_on_a_date_has_no_cycle_and_what_changes_by_weekday_that_of_a_week() {
    let weekly = (
        "world.groups.customers.arrivals.day_of_week",
        "[1, 1, 1, 1, 1, 2, 2]",
    );
    assert_eq!(load("mm1", &[weekly]).steady_cycle(), Some(Cycle::Week));
    assert_eq!(load("appointment-reference", &[]).steady_cycle(), None);
    let closed = |key: &str, value: &str| {
        let key = format!("policy.ports.desk.{key}");
        load("mm1", &[(&key, value)]).steady_cycle()
    };
    assert_eq!(closed("closed_weekdays", "[\"sunday\"]"), Some(Cycle::Week));
    assert_eq!(closed("closed_dates", "[2024-07-04]"), None);
    assert_eq!(closed("closed_dates", "[2023-12-29]"), None, "warm-up");
    let outside = closed("closed_dates", "[2023-07-04, 2025-01-01]");
    assert_eq!(outside, Some(Cycle::Day));
}

/// `scenarios/office.toml`, closed at weekends: 300 places a week. 315 persons a week, with the half of those who did not come who book again, are more.
#[test]
fn an_office_with_weekends_is_judged_by_whole_weeks() {
    let office = |per_day| {
        let set = [
            ("world.groups.applicants.arrivals.per_day", per_day),
            ("world.behaviour.patience_mean_days", "100000"),
            ("run.warmup_days", "56"),
        ];
        let scenario = load("../office", &set);
        assert_eq!(scenario.steady_cycle(), Some(Cycle::Week));
        warmup(&scenario, 10).unwrap()
    };
    let grows = office("45");
    let worst = grows.worst().unwrap();
    let expected = (Metric::PoolSize, Verdict::NotSettled);
    assert_eq!((worst.metric, worst.verdict), expected, "{grows:?}");
    let steady = office("30");
    let shown = steady.worst().unwrap().verdict;
    assert_eq!(shown, Verdict::NothingShown, "{steady:?}");
    let by_month = steady
        .series
        .iter()
        .find(|it| it.metric == Metric::WaitDaysMean);
    assert_eq!(by_month, None, "months have four or five of a weekday");
}

#[test]
fn run_says_what_is_shown_of_the_warm_up() {
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
        said.contains(
            "Nothing in queues at ports, port encounters shows that the warm-up of 5 days is too short; 2 replications"
        ),
        "{said}"
    );
    let document = portflow(here, &[&run[..], &["--format", "json"]].concat()).document();
    let warmup = &document["warmup"];
    assert_eq!(warmup["warmup_days"], 5);
    assert_eq!(warmup["series"][0]["metric"], "queue_persons_mean");
    assert_eq!(warmup["series"][0]["verdict"], "nothing_shown");
    assert_eq!(warmup["series"][0]["cut_days"], 0);
    let one = portflow(here, &[&run[..2], &["-r", "1"], &run[4..]].concat()).succeeded();
    assert!(one.contains("one replication does not tell"), "{one}");
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
