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
