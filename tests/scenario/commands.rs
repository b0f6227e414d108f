//! `check`, `show`, `new` and `schema`.

use serde_json::Value;

use crate::tools::{Files, portflow, text};

const FINE: &str = "[world.groups.all]\narrivals.per_day = 10\n";

#[test]
fn check_says_ok_for_each_file_and_goes_on_after_a_wrong_one() {
    let files = Files::new(&[("a.toml", FINE), ("b.toml", "formt = 1"), ("c.toml", FINE)]);
    let output = portflow(files.0.path(), &["check", "a.toml", "b.toml", "c.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout), "a.toml: ok\nc.toml: ok\n");
    assert!(text(&output.stderr).starts_with("b.toml:1:1: error: unknown key `formt`"));
}

#[test]
fn a_warning_leaves_the_file_fine() {
    let files = Files::new(&[("a.toml", "title = \"Nobody\"")]);
    let output = portflow(files.0.path(), &["check", "a.toml"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stderr).contains("warning: the scenario has no group"));
}

#[test]
fn show_prints_unit_and_place_and_can_be_read_again() {
    let files = Files::new(&[("a.toml", FINE)]);
    let output = portflow(files.0.path(), &["show", "a.toml", "--set", "run.seed=7"]);
    let shown = text(&output.stdout);
    assert!(
        shown.contains("per_day = 10.0  # persons per day; a.toml:2:20\n"),
        "{shown}"
    );
    assert!(shown.contains("seed = 7  # integer; --set"), "{shown}");
    let again = Files::new(&[("shown.toml", &shown)]);
    let set = [("run.seed", "7")];
    let first = files.load("a.toml", &set).unwrap();
    assert_eq!(
        again.load("shown.toml", &[]).unwrap().scenario,
        first.scenario
    );
}

#[test]
fn new_never_overwrites() {
    let files = Files::new(&[("base.toml", FINE)]);
    let new = ["new", "a.toml", "--extends", "base.toml"];
    assert!(portflow(files.0.path(), &new).status.success());
    assert!(files.load("a.toml", &[]).is_ok());
    let again = portflow(files.0.path(), &new);
    assert_eq!(again.status.code(), Some(2));
    assert_eq!(
        text(&again.stderr),
        "error: a.toml exists, and is left as it is\n"
    );
}

/// Every number has a unit, and every key a meaning: `explain` and the template say them.
#[test]
fn the_schema_gives_every_key_a_meaning_and_every_number_a_unit() {
    let files = Files::new(&[]);
    let output = portflow(files.0.path(), &["schema"]);
    let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    let definitions = schema["$defs"].as_object().unwrap();
    let file = "file".to_owned();
    let tables = definitions.iter().chain([(&file, &schema)]);
    for (name, table) in tables {
        for (key, rule) in table["properties"].as_object().into_iter().flatten() {
            assert!(
                rule["description"].is_string(),
                "{name}.{key} has no meaning"
            );
            let is_number = rule["type"] == "number" || rule["type"] == "integer";
            assert!(
                !is_number || rule["unit"].is_string(),
                "{name}.{key} has no unit"
            );
        }
    }
}
