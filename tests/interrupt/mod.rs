//! Ctrl-C and a polite kill during a run.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

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
    Command::new(env!("CARGO_BIN_EXE_portflow"))
        .current_dir(directory)
        .args(["run", "a.toml", "--out", "results"])
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([name, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

/// Waits until some replications have been written, if the run has a buffer's worth of them.
fn wait_for_rows(directory: &Path) {
    let has_rows = || {
        let entries = fs::read_dir(directory).unwrap();
        entries.into_iter().any(|entry| {
            let rows = entry.unwrap().path().join("results/replications.csv");
            fs::metadata(rows).is_ok_and(|rows| rows.len() > 0)
        })
    };
    for _ in 0..3000 {
        if has_rows() {
            return;
        }
        thread::sleep(Duration::from_millis(20));
    }
    panic!("no replication was finished in a minute");
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_stopped_run_keeps_what_is_finished_as_a_shorter_run_would_give_it() {
    let files = Files::new(&[("a.toml", SCENARIO)]);
    for name in ["-INT", "-TERM"] {
        let child = begin(files.0.path(), &["--threads", "2", "--force"]);
        wait_for_rows(files.0.path());
        signal(&child, name);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}");
        let said = text(&output.stderr);
        assert!(said.starts_with("stopping: "), "{said}");
        assert_eq!(names(files.0.path()), ["a.toml", "results"]);

        let results = files.0.path().join("results");
        let manifest = fs::read(results.join("manifest.json")).unwrap();
        let manifest: Value = serde_json::from_slice(&manifest).unwrap();
        let run = manifest["replications"].to_string();
        let last = format!("stopped after {run} of 1000000 replications: the results are theirs\n");
        assert!(said.ends_with(&last), "{said}");

        let again = ["run", "a.toml", "-r", &run, "--out", "again"];
        let again = portflow(files.0.path(), &again);
        assert_eq!(again.stdout, output.stdout, "{name}");
        let whole = files.0.path().join("again");
        for file in names(&whole) {
            if whole.join(&file).is_file() {
                let [stopped, whole] = [&results, &whole].map(|d| fs::read(d.join(&file)).unwrap());
                assert!(stopped == whole, "{file}");
            }
        }
        fs::remove_dir_all(whole).unwrap();
        // The next round begins without results, so that `wait_for_rows` waits for its own.
        fs::remove_dir_all(results).unwrap();
    }
}

#[test]
fn a_second_interrupt_stops_at_once_and_leaves_nothing() {
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
    while names(files.0.path()).len() < 2 {
        thread::sleep(Duration::from_millis(20));
    }
    // The directory is made just before the run begins.
    thread::sleep(Duration::from_millis(500));
    signal(&child, "-INT");
    thread::sleep(Duration::from_millis(200));
    signal(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stdout), "");
    assert_eq!(names(files.0.path()), ["a.toml"]);
}
