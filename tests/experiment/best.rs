//! `compare --best` on a case with a known answer.

use std::fs;

use super::{SMALL, same_bytes_on_threads_and_resumed, stop_on_the_way};
use crate::tools::Files;
use crate::tools::command::{Finished, json_of, portflow};

/// Slots decide: most walk-ups and appointments are processed with 150 slots a day, by far.
fn files() -> Files {
    let slots = |slots: u32| {
        format!(
            "extends = \"a.toml\"\n[policy.app]\nslots_per_day = {slots}\n[policy.ports.only]\nslots_per_day = {slots}\nofficers = 50\n"
        )
    };
    let [b, c, d] = [50, 150, 100].map(slots);
    Files::new(&[
        ("a.toml", &SMALL.replace("2024-06-30", "2024-01-31")),
        ("b.toml", &b),
        ("c.toml", &c),
        ("d.toml", &d),
    ])
}

const BEST: [&str; 6] = [
    "compare",
    "b.toml",
    "c.toml",
    "d.toml",
    "--best",
    "appointments_processed:max",
];

fn run(files: &Files, more: &[&str]) -> Finished {
    portflow(files.0.path(), &[&BEST, more].concat())
}

/// All slots are taken: the differences are the same in all replications, and taken for exact after a hundred.
#[test]
fn the_best_is_selected_once_it_is_known_how_seldom_its_lead_differs() {
    let files = files();
    let document = run(&files, &["--format", "json"]).document();
    let selection = &document["selection"];
    assert_eq!(selection["selected"], "c", "{selection}");
    assert_eq!(selection["scenarios"][0]["eliminated_after"], 100);
    assert!(selection["indifference_zone"].as_f64().unwrap() > 0.0);
}

/// A few persons more register with `f`, so that more replications than the first five are needed to tell.
#[test]
fn threads_and_a_resume_change_no_byte_of_a_selection() {
    let files = files();
    let few = "extends = \"c.toml\"\nworld.groups.all.arrivals.per_day = 300.12\n";
    fs::write(files.0.path().join("f.toml"), few).unwrap();
    let close = ["--best", "registrations:max", "--indifference", "0.0012%"];
    let command = [
        &["compare", "c.toml", "d.toml", "f.toml", "-r", "5"],
        &close[..],
    ]
    .concat();
    same_bytes_on_threads_and_resumed(files.0.path(), &command, 21);
}

#[test]
fn a_selection_that_is_stopped_says_of_how_many_replications() {
    let files = files();
    let here = files.0.path();
    // Nothing is decided before so many replications.
    let args = ["compare", "b.toml", "c.toml", "--best", "gave_up:max"];
    let more = [
        "-r",
        "100000",
        "--max-replications",
        "200000",
        "--out",
        "results",
    ];
    stop_on_the_way(here, &[&args[..], &more].concat(), "results", 6).failed();
    let manifest = json_of(&here.join("results/manifest.json"));
    assert_eq!(manifest["stopped_of"], 200_000, "{manifest}");
}

#[test]
fn of_equal_scenarios_none_is_called_better() {
    let files = files();
    let args = ["compare", "b.toml", "b.toml", "--best", "gave_up:max"];
    let said = portflow(files.0.path(), &args).succeeded();
    assert!(
        said.contains(
            "mean gave_up over 100 replications, and b-2 the same: the first of them is named"
        ),
        "{said}"
    );
}

#[test]
fn what_cannot_be_selected_by_is_refused() {
    let files = files();
    for (best, reason) in [
        ("port_encounters", ":min or METRIC[/PLACE][@MONTH]:max"),
        ("port_encounters:least", "either `min` or `max`"),
        ("port_encounter:min", "did you mean `port_encounters`?"),
    ] {
        let args = ["compare", "b.toml", "c.toml", "--best", best];
        portflow(files.0.path(), &args).refused_for(reason);
    }
    let level = ["--best", "port_encounters:max", "--level", "0.99"];
    let args = [&["compare", "b.toml", "c.toml"], &level[..]].concat();
    portflow(files.0.path(), &args).refused_for("--pcs is how sure");
}

/// Nobody is in the south, so nobody waits there in any scenario.
#[test]
fn a_figure_that_no_scenario_has_selects_none() {
    let files = files();
    let best = ["compare", "b.toml", "c.toml", "--best"];
    let figure = "pool_age_days_median/south:min";
    let said = portflow(
        files.0.path(),
        &[&best[..], &[figure, "--max-replications", "20"]].concat(),
    );
    let words = "In no replication do all scenarios have a value of pool_age_days_median/south: nothing tells";
    assert!(said.stdout.contains(words), "{said}");
}
