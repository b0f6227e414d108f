//! `compare --best` on a case with a known answer.

use std::fs;

use serde_json::Value;

use super::{SMALL, stop_on_the_way, tree};
use crate::tools::{Files, portflow, text};

/// Slots decide: most walk-ups and appointments are processed with 150 slots a day, by far.
fn files() -> Files {
    let slots = |slots: u32| {
        format!(
            "extends = \"a.toml\"\n[policy.app]\nslots_per_day = {slots}\n[policy.ports.only]\nslots_per_day = {slots}\nofficers = 50\n"
        )
    };
    let [b, c, d] = [50, 150, 100].map(slots);
    Files::new(&[
        ("a.toml", SMALL),
        ("b.toml", &b),
        ("c.toml", &c),
        ("d.toml", &d),
    ])
}

const BEST: [&str; 7] = [
    "compare",
    "b.toml",
    "c.toml",
    "d.toml",
    "--best",
    "appointments_processed:max",
    "--threads",
];

fn run(files: &Files, more: &[&str]) -> std::process::Output {
    portflow(files.0.path(), &[&BEST, more].concat())
}

#[test]
fn the_best_is_selected_and_the_others_are_simulated_less() {
    let files = files();
    let best = run(&files, &["2", "--format", "json"]);
    assert_eq!(best.status.code(), Some(0), "{}", text(&best.stderr));
    let document: Value = serde_json::from_slice(&best.stdout).unwrap();
    let selection = &document["selection"];
    assert_eq!(selection["selected"], "c", "{selection}");
    assert_eq!(selection["scenarios"][0]["eliminated_after"], 10);
    assert!(selection["indifference_zone"].as_f64().unwrap() > 0.0);
}

#[test]
fn threads_and_a_resume_change_no_byte_of_a_selection() {
    let files = files();
    let here = files.0.path();
    let close = ["--indifference", "0.02%", "-r", "5"];
    for (out, threads) in [("one", "1"), ("two", "2")] {
        let done = run(&files, &[&[threads], &close[..], &["--out", out]].concat());
        assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    }
    assert_eq!(tree(&here.join("one")), tree(&here.join("two")));
    let again = run(
        &files,
        &[&["1"], &close[..], &["--out", "one", "--resume"]].concat(),
    );
    assert_eq!(again.status.code(), Some(0));
    assert!(text(&again.stderr).contains("nothing to do"));
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
    stop_on_the_way(here, &[&args[..], &more].concat(), "results", 6);
    let manifest = fs::read_to_string(here.join("results/manifest.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["stopped_of"], 200_000, "{manifest}");
}

#[test]
fn of_equal_scenarios_none_is_called_better() {
    let files = files();
    let args = ["compare", "b.toml", "b.toml", "--best", "gave_up:max"];
    let tied = portflow(files.0.path(), &args);
    assert_eq!(tied.status.code(), Some(0), "{}", text(&tied.stderr));
    let said = text(&tied.stdout);
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
        let refused = portflow(files.0.path(), &args);
        assert_eq!(refused.status.code(), Some(2));
        let said = text(&refused.stderr);
        assert!(said.contains(reason), "{said}");
    }
    let level = ["--best", "port_encounters:max", "--level", "0.99"];
    let args = [&["compare", "b.toml", "c.toml"], &level[..]].concat();
    let refused = portflow(files.0.path(), &args);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("--pcs is how sure"));
}
