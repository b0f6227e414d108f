//! Ctrl-C and a polite kill during a run.

use std::fs;
use std::path::Path;
use std::process::Child;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::{names, signal, spawn, tree, wait_for_records};
use crate::tools::{Files, portflow, text};

/// One replication takes some milliseconds; a million take hours.
const SCENARIO: &str = "[run]
end = 2024-06-30
replications = 1000000
[world.groups.all]
arrivals.per_day = 50
[policy.ports.only]
";

fn begin(directory: &Path, args: &[&str]) -> Child {
    let command = ["run", "a.toml", "--out", "results"];
    spawn(directory, &[&command, args].concat())
}

#[test]
fn a_stopped_run_keeps_what_is_finished_as_a_shorter_run_would_give_it() {
    let files = Files::new(&[("a.toml", SCENARIO)]);
    for name in ["-INT", "-TERM"] {
        let child = begin(files.0.path(), &["--threads", "2", "--force"]);
        wait_for_records(files.0.path(), "results", 3);
        signal(&child, name);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}");
        let said = text(&output.stderr);
        assert!(said.starts_with("stopping: "), "{said}");
        assert_eq!(
            names(files.0.path()),
            ["a.toml", "results", "results.unfinished"]
        );

        let results = files.0.path().join("results");
        let manifest = fs::read(results.join("manifest.json")).unwrap();
        let manifest: Value = serde_json::from_slice(&manifest).unwrap();
        let run = manifest["replications"].to_string();
        let last = format!(
            "stopped after {run} of 1000000 replications: the results are theirs; the same command with --resume goes on\n"
        );
        assert!(said.ends_with(&last), "{said}");

        let again = ["run", "a.toml", "-r", &run, "--out", "again"];
        let again = portflow(files.0.path(), &again);
        assert_eq!(again.stdout, output.stdout, "{name}");
        let whole = files.0.path().join("again");
        assert_eq!(tree(&results), tree(&whole));
        for directory in ["again", "results", "results.unfinished"] {
            fs::remove_dir_all(files.0.path().join(directory)).unwrap();
        }
    }
}

#[test]
fn a_second_interrupt_stops_at_once_and_prints_nothing() {
    // One replication of this takes far longer than the test.
    let long = "[run]
start = 2000-01-01
end = 2060-12-31
[world.groups.all]
arrivals.per_day = 20000
[policy.ports.only]
";
    let files = Files::new(&[("a.toml", long)]);
    let child = begin(files.0.path(), &["-r", "1"]);
    wait_for_records(files.0.path(), "results", 0);
    // The journal is made just before the run begins.
    thread::sleep(Duration::from_millis(500));
    signal(&child, "-INT");
    thread::sleep(Duration::from_millis(200));
    signal(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stdout), "");
    assert!(!files.0.path().join("results").exists());
    // Nothing was recorded: the same command begins afresh.
    let again = portflow(
        files.0.path(),
        &[
            "run",
            "a.toml",
            "--set",
            "run.end=2000-01-02",
            "-r",
            "1",
            "--out",
            "results",
        ],
    );
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stderr));
    assert_eq!(names(files.0.path()), ["a.toml", "results"]);
}
