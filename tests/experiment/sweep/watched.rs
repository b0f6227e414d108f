//! What a sweep and a sensitivity analysis tell unasked: queues that grow, overtime, and triggers that act at some points only.

use super::super::shards_join;
use super::{done, lines};
use crate::tools::Files;

/// Thirty persons a day who all choose the app, at a port whose officer serves 24 a day. With 20 slots 200 are in the pool before long; with 40
/// all of them come, and the queue grows.
const NARROW: &str = "title = \"A narrow port\"
[run]
start = 2024-01-01
end = 2024-02-29
replications = 2
[world]
initial_bookings = 0.0
[world.service]
family = \"fixed\"
mean_minutes = 60
[world.groups.all]
arrivals = { process = \"fixed\", per_day = 30 }
[policy.app]
slots_per_day = 20
lead_time_days = 2
[policy.ports.only]
slots_per_day = 20
officers = 1
[[trigger]]
id = \"crowd\"
when = { metric = \"pool_size\", mean_over_days = 1, at_least = 200 }
until = { metric = \"pool_size\", mean_over_days = 1, below = 1, delay_days = 0 }
set = { \"app.random_share\" = 0.5 }
";

const SWEEP: [&str; 6] = [
    "sweep",
    "a.toml",
    "--metric",
    "registrations",
    "--set",
    "policy.app.slots_per_day=20|40",
];

#[test]
fn a_sweep_beyond_what_officers_serve_says_so_and_where_a_trigger_acts() {
    let files = Files::new(&[("a.toml", NARROW)]);
    let here = files.0.path();
    let printed = done(here, &SWEEP, &["--out", "whole"]);
    let queues = "\nQueues of more than a day at 1 of 2 points, slots_per_day 40 (in some month 95% of those served at a port had waited up to ";
    assert!(printed.contains(queues), "{printed}");
    let trigger = "\nTrigger `crowd` is on for 0.0 days (slots_per_day 40) to ";
    assert!(printed.contains(trigger), "{printed}");

    let watched = lines(&here.join("whole/watched.csv"));
    let header = "point,policy.app.slots_per_day,metric,mean,lower,upper,n";
    assert_eq!(watched[0], header);
    assert!(watched[1].starts_with("0,20,longest_port_wait_days_p95,0."));
    assert_eq!(watched[2], "0,20,largest_unserved_queue_persons,0,0,0,2");
    // The port never closes, and so nobody stays on.
    assert_eq!(watched[3], "0,20,largest_overtime_share,0,0,0,2");
    assert!(watched[8].starts_with("1,40,days_in_force/crowd,0,0,0,2"));
    // As a run with the values of the point has it.
    assert_eq!(watched[4], "0,20,days_in_force/crowd,40,40,40,2");
    let alone = done(here, &["run", "a.toml"], &[]);
    assert!(alone.contains("of 60: `crowd` on 40."), "{alone}");

    shards_join(here, &SWEEP, 2, &printed);

    // With slots that one officer serves and no pool, there is nothing to tell.
    let quiet = ["--set", "world.groups.all.arrivals.per_day=15"];
    let quiet = done(here, &SWEEP, &quiet);
    assert!(!quiet.contains("Queues of"), "{quiet}");
    assert!(!quiet.contains("Trigger"), "{quiet}");
}

/// Of the 20 a day one officer serves four before the port closes and the others after, five officers all. On the first two days nobody has an
/// appointment yet.
#[test]
fn a_sweep_says_at_which_points_officers_work_beyond_their_schedule() {
    let hours = "officers = 1\nopens = 08:00:00\ncloses = 12:00:00\n";
    let day = NARROW.replace("officers = 1\n", hours);
    let files = Files::new(&[("a.toml", &day)]);
    let officers = [
        "sweep",
        "a.toml",
        "--metric",
        "registrations",
        "--set",
        "policy.ports.only.officers=1|5",
    ];
    let printed = done(files.0.path(), &officers, &[]);
    let told = "\nOfficers work beyond their schedule for more than 5% of their hours on duty at 1 of 2 points, only.officers 1 (79% at a port). Their utilization";
    assert!(printed.contains(told), "{printed}");
}

#[test]
fn a_sensitivity_analysis_says_so_too() {
    let files = Files::new(&[("a.toml", NARROW)]);
    let here = files.0.path();
    let command = ["sensitivity", "--points", "4", "-r", "1"];
    let out = ["--out", "results"];
    let told = done(here, &[&command[..], &SWEEP[1..], &out].concat(), &[]);
    for start in [
        "\nQueues of more than a day at ",
        "\nTrigger `crowd` is on for 0.0 days (",
    ] {
        assert!(told.contains(start), "{told}");
    }
    let watched = lines(&here.join("results/watched.csv"));
    assert_eq!(watched.len(), 1 + 2 * 4 * 4);
}

/// From a day on, nobody serves: who comes stands in the queue to the end of the run, and in no wait.
#[test]
fn a_port_that_serves_nobody_any_more_is_told_of_by_every_command() {
    let from = |day: &str| {
        format!(
            "extends = \"a.toml\"\n[[event]]\ndate = {day}\nset = {{ \"ports.only.officers\" = 0 }}\n"
        )
    };
    let files = Files::new(&[
        ("a.toml", NARROW),
        ("whole.toml", &from("2024-02-01")),
        ("part.toml", &from("2024-02-15")),
    ]);
    let here = files.0.path();
    // All of a day are served by six in the evening.
    let set = [
        "--set",
        "policy.ports.only.closing=carry_over",
        "--set",
        "world.service.mean_minutes=30",
    ];
    let told = |command: &[&str]| done(here, command, &set);
    let whole = "only (in 2024-02 nobody served, 293 persons in the queue in the mean). `officers`";
    let part =
        "only (in 2024-02 9.7 a day served, 81 persons in the queue in the mean). `officers`";
    for (file, queue) in [("whole.toml", whole), ("part.toml", part)] {
        let alone = told(&["run", file]);
        assert!(
            alone.contains(&format!("Queues of more than a day: {queue}")),
            "{alone}"
        );
        let compared = told(&["compare", "a.toml", file]);
        let name = file.trim_end_matches(".toml");
        let in_variant = format!("Queues of more than a day: in {name} at {queue}");
        assert!(compared.contains(&in_variant), "{compared}");
    }
    let points = ["--set", "policy.app.slots_per_day=10|20"];
    let swept = told(&[&["sweep", "whole.toml"], &SWEEP[2..4], &points].concat());
    let queues = "\nQueues of more persons than are served in a day at 2 of 2 points, the largest at slots_per_day 20 (in some month 293 persons at a port in the mean). ";
    assert!(swept.contains(queues), "{swept}");
    assert!(!swept.contains("Queues of more than a day"), "{swept}");
}
