//! `--replication K`: one replication of many, by itself.

use std::fs;

use super::SMALL;
use crate::tools::Files;
use crate::tools::command::{json_of, portflow};

#[test]
fn one_replication_has_the_rows_that_it_has_in_a_whole_run() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    let run = |args: &[&str]| {
        portflow(here, &[&["run", "a.toml", "--seed", "5"], args].concat()).succeeded();
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
    let manifest = json_of(&here.join("one/manifest.json"));
    assert_eq!(manifest["options"]["replication"], "3");
    assert_eq!(manifest["replications"], 1);
}

/// What is compared has the same people, and says so where a file asks for others.
#[test]
fn a_variant_that_asks_for_another_seed_is_told_that_it_has_none_of_its_own() {
    let other = "extends = \"a.toml\"\n[run]\nseed = 7\n";
    let files = Files::new(&[("a.toml", SMALL), ("b.toml", other)]);
    let compare = ["compare", "a.toml", "b.toml", "-r", "2"];
    let said = portflow(files.0.path(), &compare).warnings();
    let words = "warning: the seed 7 of `b` is not used: all scenarios have that of the base, 1,";
    assert!(said.contains(words), "{said}");
    let asked = portflow(files.0.path(), &[&compare[..], &["--seed", "7"]].concat());
    assert_eq!(asked.warnings(), "");
}
