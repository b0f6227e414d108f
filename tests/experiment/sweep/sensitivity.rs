//! Sensitivity analyses from the command line.

use super::super::{names, shards_join};
use super::{BORDER, EXPERIMENT, FUTURES, done, files, lines};
use crate::tools::Files;
use crate::tools::command::portflow;

const SENSE: [&str; 10] = [
    "sensitivity",
    "a.toml",
    "--set",
    "policy.app.slots_per_day=40..80",
    "--set",
    "world.irregular.repeat_after_removal_share=0..0.5",
    "--metric",
    "port_encounters",
    "-r",
    "1",
];

#[test]
fn the_input_that_matters_is_found_and_the_one_that_cannot_is_not() {
    let files = files();
    let here = files.0.path();
    // Nobody crosses between ports in this border: what happens to those who do cannot matter.
    let morris = done(here, &SENSE, &["--points", "10"]);
    assert!(
        morris.contains(
            "\nMore than 5% of the largest effect, each by itself at 95%: slots_per_day.\n"
        ),
        "{morris}"
    );
    let nothing = "\nNo effect at any point tried: repeat_after_removal_share.\n";
    assert!(morris.contains(nothing), "{morris}");
    let sobol = ["--method", "sobol", "--points", "32"];
    let sobol = done(here, &SENSE, &sobol);
    assert!(
        sobol.contains("\nMore than 5% of the variance, each by itself at 95%: slots_per_day.\n"),
        "{sobol}"
    );
    assert!(sobol.contains(nothing), "{sobol}");
}

#[test]
fn a_sensitivity_analysis_in_shards_is_the_bytes_of_the_whole() {
    let files = files();
    let here = files.0.path();
    let few = [&SENSE[..], &["--points", "3"]].concat();
    let whole = done(here, &few, &["--out", "whole"]);
    let expected = [
        "indices.csv",
        "manifest.json",
        "runs.csv",
        "scenario.resolved.toml",
        "watched.csv",
    ];
    assert_eq!(names(&here.join("whole")), expected);
    let indices = lines(&here.join("whole/indices.csv"));
    assert_eq!(indices.len(), 1 + 2 * 4);
    assert!(indices[2].starts_with("port_encounters,policy.app.slots_per_day,mu_star,"));
    shards_join(here, &few, 2, &whole);
}

#[test]
fn without_axes_the_inputs_are_what_the_file_calls_uncertain() {
    let files = Files::new(&[("a.toml", &format!("{BORDER}{FUTURES}"))]);
    let here = files.0.path();
    let args = [
        "sensitivity",
        "a.toml",
        "-r",
        "1",
        "--points",
        "10",
        "--metric",
        "arrivals",
    ];
    let whole = done(here, &args, &["--out", "whole"]);
    assert!(
        whole.contains(
            "More than 5% of the largest effect, each by itself at 95%: all.arrivals.per_day."
        ),
        "{whole}"
    );
    assert!(
        whole.contains("Tried between their quantiles 0.1% and 99.9%"),
        "{whole}"
    );
    shards_join(here, &args, 1, &whole);
    let plain = Files::new(&[("a.toml", BORDER)]);
    portflow(plain.0.path(), &args).refused_for("there is nothing to vary");
}

/// Two values are 30 apart: so much the whole range changes, as a sweep of the two says.
#[test]
fn a_screening_of_two_values_finds_their_difference() {
    let files = files();
    let args = [
        "sensitivity",
        "a.toml",
        "--set",
        "policy.app.slots_per_day=30|60",
        "--metric",
        "appointments_issued",
        "-r",
        "1",
        "--points",
        "4",
        "--format",
        "csv",
    ];
    let told = done(files.0.path(), &args, &[]);
    // 30 more slots on each of 60 days.
    let mu = "appointments_issued,policy.app.slots_per_day,mu,1800,,,4\n";
    assert!(told.contains(mu), "{told}");
}

#[test]
fn the_points_of_an_experiment_file_are_those_of_a_sensitivity_analysis() {
    let alone = EXPERIMENT.replace("variants = [\"b.toml\"]\n", "");
    let files = Files::new(&[("a.toml", BORDER), ("e.toml", &alone)]);
    let here = files.0.path();
    let command = ["sensitivity", "e.toml", "-r", "1"];
    let of_file = done(here, &command, &[]);
    assert!(of_file.contains(" 4 trajectories."), "{of_file}");
    let given = done(here, &command, &["--points", "3"]);
    assert!(given.contains(" 3 trajectories."), "{given}");
}
