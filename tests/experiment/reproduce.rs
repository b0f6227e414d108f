//! `--replication K`: one replication of many, by itself.

use std::fs;

use super::SMALL;
use crate::tools::{Files, portflow, text};

#[test]
fn one_replication_has_the_rows_that_it_has_in_a_whole_run() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    let run = |args: &[&str]| {
        let output = portflow(here, &[&["run", "a.toml", "--seed", "5"], args].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    };
    run(&["-r", "5", "--out", "whole"]);
    run(&["--replication", "3", "--out", "one"]);
    for table in ["replications.csv", "ledger.csv"] {
        let read = |results: &str| fs::read_to_string(here.join(results).join(table)).unwrap();
        let (whole, one) = (read("whole"), read("one"));
        let rows: Vec<&str> = whole.lines().filter(|row| row.starts_with("3,")).collect();
        assert!(!rows.is_empty());
        assert_eq!(one.lines().skip(1).collect::<Vec<_>>(), rows, "{table}");
    }
    let manifest = fs::read_to_string(here.join("one/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["options"]["replication"], "3");
    assert_eq!(manifest["replications"], 1);
}
