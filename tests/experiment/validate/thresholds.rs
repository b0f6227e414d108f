//! Thresholds of errors and skill as a gate: `--at-most` and `--at-least`.

use std::fs;

use super::super::stop_on_the_way;
use super::{ALIKE, border, validate};
use crate::tools::command::portflow;

/// What is passed on the draws that were finished may not be passed on all.
#[test]
fn a_threshold_is_not_tried_on_a_validation_that_was_stopped() {
    let files = border();
    let here = files.0.path();
    let (head, _) = ALIKE.split_once('\n').unwrap();
    let draws = (0..20_000).map(|draw| format!("{draw},1,10"));
    let lines: Vec<String> = [head.to_owned()].into_iter().chain(draws).collect();
    fs::write(here.join("many.csv"), lines.join("\n")).unwrap();
    let args = [
        "validate",
        "a.toml",
        "--posterior",
        "many.csv",
        "-r",
        "2",
        "--threads",
        "1",
        "--out",
        "out",
        "--at-most",
        "irregular_encounters=0.01%",
    ];
    let said = stop_on_the_way(here, &args, "out", 10).failed();
    assert!(said.contains("was not tried"), "{said}");
    assert!(!said.contains("is off by"), "{said}");
}

#[test]
fn a_threshold_that_is_passed_is_the_status() {
    let files = border();
    let here = files.0.path();
    let with = |option: &str, threshold: &str| {
        let fitted = ["--fitted", "2024-01..2024-01", option, threshold];
        portflow(here, &validate(&fitted))
    };
    with("--at-most", "irregular_encounters=30%").succeeded();
    with("--at-most", "held-out:irregular_encounters=10%").succeeded();
    with("--at-most", "irregular_encounters=10%")
        .failed_for("on average over 1 fitted month, more than 10%");
    with("--at-least", "held-out:irregular_encounters=1")
        .failed_for(" over 3 held-out months, less than 1");
    with("--at-most", "registrations=10%").refused_for("no month of `registrations`");
}

/// The results know which thresholds were tried, and what came of it.
#[test]
fn a_threshold_that_was_kept_is_kept_at_resume_and_one_that_was_passed_is_passed() {
    let files = border();
    let here = files.0.path();
    let run = |threshold: &str, out: &str, more: &[&str]| {
        let fitted = [
            "--fitted",
            "2024-01..2024-01",
            "--at-most",
            threshold,
            "--out",
            out,
        ];
        portflow(here, &validate(&[&fitted, more].concat()))
    };
    let (wide, narrow) = ("irregular_encounters=30%", "irregular_encounters=10%");
    let resume = ["--resume"];
    for more in [&[][..], &resume] {
        run(wide, "wide", more).succeeded();
        run(narrow, "narrow", more).failed_for("1 fitted month, more than 10%");
    }
    // However it is written.
    run("irregular_encounters=0.3", "wide", &resume).succeeded();
    run(narrow, "wide", &resume).failed_for("was not tried when these results were made");
    fs::write(files.0.path().join("wide/thresholds.json"), "{").unwrap();
    run(wide, "wide", &resume).failed_for("error: cannot read `wide/thresholds.json`: EOF");
}
