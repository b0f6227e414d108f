//! Calibrations on several threads, stopped, killed and resumed, and those of which points fail.

use std::fs;
use std::num::NonZeroU32;

use portflow::calibration::Sampling;
use portflow::experiment::calibration::{Fit, Settings};

use super::super::{kill_on_the_way, names, stop_on_the_way, tree};
use super::{files, whole, with, with_age};
use crate::tools::Files;
use crate::tools::command::portflow;
use crate::tools::three::{OBSERVED, THREE};

#[test]
fn a_calibration_has_the_same_bytes_on_any_threads() {
    let files = files();
    let here = files.0.path();
    whole(here);
    for threads in ["2", "3"] {
        let again = ["--out", "again", "--force", "--threads", threads];
        portflow(here, &with(&again)).succeeded();
        assert_eq!(tree(&here.join("again")), tree(&here.join("whole")));
    }
}

/// Ten times as many people, so that it takes a while.
fn busy() -> Files {
    let scenario = THREE
        .replace("per_day = 10\n", "per_day = 100\n")
        .replace("slots_per_day = 100\n", "slots_per_day = 1000\n")
        .replace("median = 10\n", "median = 100\n");
    let observed = OBSERVED
        .replace("161,150", "1610,1500")
        .replace("120,174", "1200,1740");
    Files::new(&[("a.toml", &scenario), ("observed.csv", &observed)])
}

#[test]
fn a_calibration_killed_and_resumed_has_the_bytes_of_one_that_was_not() {
    let files = busy();
    let here = files.0.path();
    whole(here);
    let resume = with(&["--out", "results", "--resume"]);
    // Within the first wave, within the second, within the draws.
    for records in [5, 45, 80] {
        let on_two = [&resume[..], &["--threads", "2"]].concat();
        kill_on_the_way(here, &on_two, "results", records);
    }
    portflow(here, &resume).succeeded();
    assert_eq!(tree(&here.join("results")), tree(&here.join("whole")));
    assert_eq!(names(here), ["a.toml", "observed.csv", "results", "whole"]);
}

#[test]
fn records_taken_up_within_a_wave_or_at_its_border_give_the_same_fit() {
    let files = files();
    let loaded = files.load("a.toml", &[]).unwrap();
    let number = |number| NonZeroU32::new(number).unwrap();
    let settings = Settings {
        waves: 2,
        points: number(12),
        replications: 2,
        draws: number(12),
        seed: 3,
        sampling: Sampling::default(),
    };
    let fit = || Fit::new(&loaded, settings.clone()).unwrap();
    let whole = fit();
    let tasks = whole.points() * 2;
    let records: Vec<_> = (0..tasks).map(|task| whole.perform(task)).collect();
    let fitted = whole.fitted().unwrap();
    // Within the first wave, at its border, within the second, at the border of the draws, within them.
    for taken in [7, 24, 31, 48, 55] {
        let resumed = fit();
        for (task, record) in (0..taken).zip(&records) {
            resumed.take(task, record);
        }
        for task in taken..tasks {
            assert_eq!(resumed.perform(task), records[task as usize], "{task}");
        }
        assert_eq!(resumed.fitted().unwrap().draws, fitted.draws, "{taken}");
    }
    let unfinished = fit();
    assert!(unfinished.fitted().is_err());
}

#[test]
fn a_point_that_cannot_be_simulated_is_told_once_and_left_out() {
    let files = with_age("4", "14");
    let here = files.0.path();
    let said = portflow(here, &with(&["--out", "results"])).failed();
    let refused = said.matches("the mean age of the pool is").count();
    assert!(refused > 0, "{said}");
    assert!(
        said.contains("--set world.groups.all.initial_pool.mean_age_days="),
        "{said}"
    );
    let runs = fs::read_to_string(here.join("results/runs.csv")).unwrap();
    assert_eq!(runs.lines().count(), 1 + 3 * (2 * 12 + 16 - refused));
    let posterior = fs::read_to_string(here.join("results/posterior.csv")).unwrap();
    assert!(posterior.lines().count() <= 1 + 16);
}

#[test]
fn without_points_enough_nothing_is_fitted_and_the_runs_are_kept() {
    let files = with_age("9.9", "200");
    let here = files.0.path();
    let output = portflow(here, &with(&["--out", "results", "--fitted", "f.toml"]));
    let said = output.failed();
    assert!(said.contains("too few to fit 3 parameters"), "{said}");
    assert!(said.contains("nothing was fitted"), "{said}");
    assert_eq!(output.stdout, "");
    assert_eq!(names(here), ["a.toml", "observed.csv", "results"]);
    assert!(here.join("results/runs.csv").exists());
    assert!(!here.join("results/posterior.csv").exists());
}

#[test]
fn a_calibration_stopped_before_its_last_wave_keeps_its_runs_and_goes_on() {
    let files = busy();
    let here = files.0.path();
    whole(here);
    let fit = with(&["--out", "results", "--fitted", "f.toml"]);
    let slowly = [&fit[..], &["--threads", "1"]].concat();
    stop_on_the_way(here, &slowly, "results", 10)
        .failed_for(" simulations, too few for a result; the same command with --resume goes on");
    assert!(here.join("results/runs.csv").exists());
    assert!(!here.join("results/posterior.csv").exists());
    assert!(!here.join("f.toml").exists());
    portflow(here, &[&fit[..], &["--resume"]].concat()).succeeded();
    assert_eq!(tree(&here.join("results")), tree(&here.join("whole")));
    assert!(here.join("f.toml").exists());
}
