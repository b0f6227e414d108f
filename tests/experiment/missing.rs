//! Figures that some replications have not: what rests on the others is told.

use crate::tools::Files;
use crate::tools::command::portflow;

/// So few come that in some runs nobody wins.
const FEW: &str = "[run]
start = 2024-01-01
end = 2024-01-31
[world]
initial_bookings = 0.0
[world.groups.all]
arrivals.per_day = 0.05
[policy.app]
slots_per_day = 10
lead_time_days = 1
[policy.ports.only]
slots_per_day = 10
";
/// Nobody can win before the last week.
const LATE: &str = "extends = \"few.toml\"
[policy.app]
open = false
[[event]]
date = 2024-01-25
set = { \"app.open\" = true }
";

fn said(args: &[&str]) -> String {
    let files = Files::new(&[("few.toml", FEW), ("late.toml", LATE)]);
    portflow(files.0.path(), args).succeeded()
}

#[test]
fn a_difference_of_fewer_pairs_is_told() {
    let compare = ["compare", "few.toml", "late.toml", "-r", "50"];
    let waits = said(&[&compare[..], &["--metric", "wait_days_median"]].concat());
    let told = "Rests on fewer than the 50 pairs of late: wait_days_median on ";
    assert!(waits.contains(told), "{waits}");
    let arrivals = said(&[&compare[..], &["--metric", "arrivals"]].concat());
    assert!(!arrivals.contains("Rests on fewer"), "{arrivals}");
}

#[test]
fn a_figure_that_one_of_two_scenarios_never_has_is_told() {
    const SHUT: &str = "extends = \"few.toml\"\npolicy.app.open = false\n";
    let files = Files::new(&[("few.toml", FEW), ("shut.toml", SHUT)]);
    let compare = |more: &[&str]| {
        let many = ["--set", "world.groups.all.arrivals.per_day=5", "-r", "3"];
        let compare = [&["compare", "few.toml", "shut.toml"], &many[..], more].concat();
        portflow(files.0.path(), &compare).succeeded()
    };
    let said = compare(&[]);
    let told = "Only one of shut and few has a value, in every pair, so that there is no difference to tell: share_at_ports, wait_days_median, wait_days_p90.";
    assert!(said.contains(told), "{said}");
    let said = compare(&["--metric", "wait_days_median"]);
    assert!(
        said.contains("has a value in both scenarios of a pair"),
        "{said}"
    );
    assert!(said.contains("to tell: wait_days_median."), "{said}");
}

#[test]
fn a_point_without_a_figure_in_some_replications_is_marked_and_told() {
    let sweep = [
        "sweep",
        "few.toml",
        "--metric",
        "wait_days_median",
        "-r",
        "20",
    ];
    let said = said(&[&sweep[..], &["--set", "policy.app.slots_per_day=0|10"]].concat());
    let marked = said.lines().filter(|line| line.ends_with('†'));
    assert_eq!(marked.count(), 1, "{said}");
    let told = "\n† Rests on fewer than the 20 replications: wait_days_median at 1 of 2 points.";
    assert!(said.contains(told), "{said}");
    let told = "No replication has a value: wait_days_median at 1 of 2 points.";
    assert!(said.contains(told), "{said}");
}

/// One officer for four; he stays until all are served, so that nothing else differs much.
#[test]
fn overtime_is_told_of_each_scenario_that_has_it() {
    let base = FEW.replace("per_day = 0.05", "per_day = 20")
        + "officers = 4\nopens = 08:00:00\ncloses = 12:00:00\n";
    let fewer = "extends = \"base.toml\"\npolicy.ports.only.officers = 1\n";
    let files = Files::new(&[("base.toml", &base), ("fewer.toml", fewer)]);
    let compare = ["compare", "base.toml", "fewer.toml", "-r", "2"];
    let said = portflow(files.0.path(), &compare).succeeded();
    let told = "Officers work beyond their schedule for more than 5% of their hours on duty: in fewer at only (";
    assert!(said.contains(told), "{said}");
}

#[test]
fn a_mean_of_fewer_replications_is_marked_and_told() {
    let alone = said(&["run", "few.toml", "-r", "50"]);
    assert_eq!(alone.matches("%†  ").count(), 2, "{alone}");
    let told = "\n† Rests on fewer than the 50 replications: share_at_ports of 2024-01 on 40, wait_days_median of 2024-01 on ";
    assert!(alone.contains(told), "{alone}");
    let usual = "world.groups.all.arrivals.per_day=5";
    let usual = said(&["run", "few.toml", "-r", "5", "--set", usual]);
    assert!(!usual.contains('†'), "{usual}");
}

#[test]
fn a_future_without_the_objective_is_not_called_failed() {
    let compare = [
        "compare",
        "few.toml",
        "late.toml",
        "--futures",
        "4",
        "-r",
        "1",
    ];
    let range = [
        "--objective",
        "wait_days_median:min",
        "--set",
        "policy.app.open=false",
    ];
    let files = Files::new(&[
        (
            "few.toml",
            &format!(
                "{FEW}[futures.\"world.service.mean_minutes\"]\nlow = 30\nhigh = 60\nsource = \"assumed\"\n"
            ),
        ),
        ("late.toml", LATE),
    ]);
    let said = portflow(files.0.path(), &[&compare[..], &range].concat()).succeeded();
    let told = "a scenario failed or has no such figure, so that they count for none: 4.";
    assert!(said.contains(told), "{said}");
}
