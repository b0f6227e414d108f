//! `portflow calibrate` from the command line.

mod fitted_scenario;
mod from_runs;
mod stopped;

use std::fs;
use std::path::Path;

use portflow::scenario;

use super::names;
use crate::tools::Files;
use crate::tools::command::{portflow, rows};
use crate::tools::three::{OBSERVED, THREE, with_an_age};

const FIT: [&str; 12] = [
    "calibrate",
    "a.toml",
    "--waves",
    "2",
    "--points",
    "12",
    "-r",
    "3",
    "--draws",
    "16",
    "--date",
    "2026-01-31",
];

fn files() -> Files {
    Files::new(&[("a.toml", THREE), ("observed.csv", OBSERVED)])
}

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&FIT[..], more].concat()
}

fn whole(here: &Path) {
    portflow(here, &with(&["--out", "whole", "--threads", "1"])).succeeded();
}

/// A window that is cut short may end before a column begins, which is no mistake, and is told.
#[test]
fn a_column_that_is_published_only_after_the_window_is_warned_of() {
    let scenario =
        format!("{THREE}port_encounters = {{ sd = 0.1 }}\narrivals = {{ sd = 0.1, weight = 0 }}\n");
    let observed = "month,irregular_encounters,registrations,port_encounters,arrivals
2024-01,161,150,,
2024-02,120,174,,
2024-03,130,180,140,300
";
    let files = Files::new(&[("a.toml", &scenario), ("observed.csv", observed)]);
    let told = portflow(files.0.path(), &FIT).succeeded();
    let warning = "port_encounters is published only after the months that it would be fitted to";
    assert!(told.contains(warning), "{told}");
    // What does not count is not missed.
    assert!(!told.contains("arrivals is published only"), "{told}");
}

fn with_age(low: &str, high: &str) -> Files {
    let scenario = with_an_age(THREE, low, high);
    Files::new(&[("a.toml", &scenario), ("observed.csv", OBSERVED)])
}

#[test]
fn a_column_that_was_published_as_0_throughout_is_not_fitted_to() {
    let files = files();
    let here = files.0.path();
    let zeros = OBSERVED.replace(",150", ",0").replace(",174", ",0");
    fs::write(here.join("observed.csv"), zeros).unwrap();
    let told = portflow(here, &with(&["--format", "json"])).document();
    let columns = told["columns"].as_array().unwrap();
    assert_eq!(columns.len(), 1, "{columns:?}");
    assert_eq!(columns[0]["column"], "irregular_encounters");
    let warned = told["warnings"].to_string();
    assert!(
        warned.contains("registrations@2024-01 was published as 0"),
        "{warned}"
    );
    // Where nothing else is left there is no need to simulate.
    let nothing = "month,irregular_encounters,registrations\n2024-01,0,0\n2024-02,0,0\n";
    fs::write(here.join("observed.csv"), nothing).unwrap();
    portflow(here, &FIT).refused_for("nothing above 0, which has no logarithm");
}

#[test]
fn a_value_that_is_fitted_is_not_taken_from_the_command_line_in_silence() {
    let files = files();
    let set = "event.step.set.crossing.deterrence=0.3";
    let warned = portflow(files.0.path(), &with(&["--set", set])).warnings();
    assert!(
        warned.contains("deterrence is not used: `[calibrate]` fits it"),
        "{warned}"
    );
}

#[test]
fn the_posterior_is_weighted_and_named_by_full_key_paths() {
    let files = files();
    let here = files.0.path();
    whole(here);
    let posterior = fs::read_to_string(here.join("whole/posterior.csv")).unwrap();
    assert_eq!(
        posterior.lines().next(),
        Some(
            "draw,weight,world.groups.all.arrivals.per_day,world.groups.all.weights.irregular,event.step.set.crossing.deterrence"
        )
    );
    let weights: Vec<f64> = (rows(&posterior).iter())
        .map(|row| row["weight"].parse().unwrap())
        .collect();
    assert_eq!(weights.len(), 16);
    assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    let fit = fs::read_to_string(here.join("whole/fit.csv")).unwrap();
    // March is held out.
    assert_eq!(fit.lines().count(), 1 + 4, "{fit}");
}

#[test]
fn what_stands_against_a_calibration_is_told_before_anything_is_written() {
    let files = files();
    let here = files.0.path();
    let plain = THREE.split("[calibrate]").next().unwrap();
    fs::write(here.join("plain.toml"), plain).unwrap();
    let other = THREE.replace("sd = 0.4", "sd = 0.5");
    fs::write(here.join("other.toml"), other).unwrap();
    whole(here);
    let narrow = "month,irregular_encounters\n2024-01,161\n";
    fs::write(here.join("narrow.csv"), narrow).unwrap();
    portflow(here, &with(&["--out", "few"])).succeeded();
    let runs = fs::read_to_string(here.join("few/runs.csv")).unwrap();
    let first_point: Vec<&str> = runs.lines().take(4).collect();
    fs::write(here.join("few/runs.csv"), first_point.join("\n")).unwrap();
    let cases: [(&[&str], &str); 13] = [
        (&["calibrate", "plain.toml"], "there is nothing to fit"),
        (
            &["calibrate", "a.toml", "--fitted", "a.toml"],
            "--fitted `a.toml` is a.toml, which the fitted scenario extends: name another file",
        ),
        (
            &["calibrate", "a.toml", "--from-runs", "few"],
            "the runs given have too few points to fit 3 parameters: 1, where 5 or more are needed",
        ),
        (
            &["calibrate", "a.toml", "--points", "4"],
            "4 points are too few to fit 3 parameters: give --points 5 or more",
        ),
        (
            &["calibrate", "a.toml", "--to", "2030-01"],
            "`calibrate.to` is 2030-01-31, after the last day of the run",
        ),
        (
            &["calibrate", "a.toml", "--data", "narrow.csv"],
            "nothing is published of `registrations` in a whole month",
        ),
        (
            &["calibrate", "a.toml", "--date", "today"],
            "expected a day, as in 2024-10-31; found `today`",
        ),
        (
            &["calibrate", "a.toml", "-r", "1"],
            "two replications at least",
        ),
        (
            &["calibrate", "a.toml", "--waves", "0"],
            "give --from-runs, or one wave at least",
        ),
        (
            &["calibrate", "a.toml", "--draws", "4001"],
            "more than the 4000 steps",
        ),
        (
            &["calibrate", "other.toml", "--from-runs", "whole"],
            "the parameter `step` is not there",
        ),
        (
            &["calibrate", "a.toml", "--from-runs", "nowhere"],
            "`portflow calibrate FILE --out nowhere` writes it",
        ),
        (
            &["calibrate", "a.toml", "--fitted", "nowhere/f.toml"],
            "no file that could be written",
        ),
    ];
    let before = names(here);
    for (command, said) in cases {
        portflow(here, &[command, &["--out", "results"]].concat()).refused_for(said);
        assert_eq!(names(here), before, "{command:?}");
    }
}

#[test]
fn more_simulations_than_can_be_counted_are_refused_before_there_is_room_for_any() {
    let files = files();
    let most = [
        "calibrate",
        "a.toml",
        "--waves",
        "1",
        "--points",
        "12",
        "--draws",
        "16",
    ];
    let args = [&most[..], &["-r", "100000000"]].concat();
    portflow(files.0.path(), &args).refused_for("28 times 100000000 are more simulations");
}

#[test]
fn published_figures_of_the_command_line_replace_those_of_the_file() {
    let files = files();
    let here = files.0.path();
    let double = OBSERVED
        .replace("161,150", "322,300")
        .replace("120,174", "240,348");
    fs::write(here.join("double.csv"), double).unwrap();
    portflow(here, &with(&["--data", "double.csv", "--out", "results"])).succeeded();
    let fit = fs::read_to_string(here.join("results/fit.csv")).unwrap();
    assert!(fit.contains("2024-01,irregular_encounters,322,"), "{fit}");
    let loaded = scenario::load(&here.join("results/fitted.toml"), &[]).unwrap();
    let observed = loaded.scenario.observed.unwrap();
    let january = "2024-01".parse().unwrap();
    assert_eq!(observed.figure(january, "registrations"), Some(300.0));
}

/// What `calibrate` would refuse is no error of a scenario, which can be run.
#[test]
fn check_warns_of_targets_of_which_nothing_is_published() {
    let said = |scenario: &str, observed: &str| {
        let files = Files::new(&[("a.toml", scenario), ("observed.csv", observed)]);
        let checked = portflow(files.0.path(), &["check", "a.toml"]);
        assert_eq!(checked.stdout, "a.toml: ok\n");
        checked.warnings()
    };
    assert_eq!(said(THREE, OBSERVED), "");
    let refused = "warning: `portflow calibrate a.toml` is refused: ";
    let nothing = format!("{refused}nothing is published of `registrations` in a whole month");
    let without = "month,irregular_encounters\n2024-01,161\n2024-02,120\n";
    let warned = said(THREE, without);
    assert!(warned.contains(&nothing), "{warned}");
    let last_year = said(THREE, &OBSERVED.replace("2024", "2023"));
    assert!(last_year.contains(refused), "{last_year}");
    // With --data the table may come later.
    let later = THREE.replace("[observed]\nfile = \"observed.csv\"\n", "");
    assert_eq!(said(&later, OBSERVED), "");
}
