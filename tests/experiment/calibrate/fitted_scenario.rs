//! The fitted scenario: what is in it, and where it may be written.

use std::fs;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::process::{Command, Stdio};

use portflow::scenario;

use super::super::{names, spawn, wait_for_records};
use super::{FIT, files, whole, with};
use crate::tools::Files;
use crate::tools::command::{Finished, command, portflow, rows};
use crate::tools::three::{OBSERVED, THREE};

/// What was asked for beside the results is written from these where they are there already.
#[test]
fn a_fitted_scenario_that_is_missing_or_of_an_earlier_fit_is_written_from_the_results() {
    let files = files();
    let here = files.0.path();
    whole(here);
    let again = |more: &[&str]| {
        let resume = with(&["--out", "whole", "--resume"]);
        portflow(here, &[&resume[..], more].concat())
    };
    again(&[]).succeeded();
    fs::create_dir(here.join("fits")).unwrap();
    let text = |name: &str| fs::read_to_string(here.join(name)).unwrap();
    portflow(here, &with(&["--fitted", "fits/now.toml"])).succeeded();
    let earlier = with(&["--fitted", "fits/f.toml", "--seed", "5"]);
    portflow(here, &earlier).succeeded();
    assert_ne!(text("fits/f.toml"), text("fits/now.toml"));
    for _ in 0..2 {
        let said = again(&["--fitted", "fits/f.toml"]).warnings();
        assert!(
            said.ends_with("`fits/f.toml` is written from it\n"),
            "{said}"
        );
        assert_eq!(text("fits/f.toml"), text("fits/now.toml"));
        fs::remove_file(here.join("fits/f.toml")).unwrap();
    }
    fs::write(here.join("mine.toml"), "extends = \"a.toml\"\n").unwrap();
    again(&["--fitted", "mine.toml"]).refused_for("is there already, and no fitted scenario");
    fs::remove_file(here.join("whole/fitted.toml")).unwrap();
    again(&[]).failed_for("nothing was fitted then");
}

#[test]
fn a_reader_who_has_read_enough_keeps_nothing_from_being_written() {
    let files = files();
    let here = files.0.path();
    let mut child = command(here, &with(&["--fitted", "f.toml"]))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
    assert!(here.join("f.toml").exists());
}

#[test]
fn nothing_but_an_earlier_fit_is_replaced_by_another() {
    let files = files();
    let here = files.0.path();
    fs::write(here.join("mine.toml"), "extends = \"a.toml\"\n").unwrap();
    portflow(here, &with(&["--fitted", "mine.toml"]))
        .refused_for("is there already, and no fitted scenario");
    for _ in 0..2 {
        portflow(here, &with(&["--fitted", "f.toml"])).succeeded();
    }
}

/// What was laid over the scenario is in the fitted one, under keys that TOML takes and files named from there.
#[test]
fn what_is_laid_over_a_scenario_by_whole_tables_and_parts_is_written_once() {
    let driver = "[world.groups.other]
[world.groups.other.arrivals]
process = \"fixed\"
per_day = 0.1
driver = { file = \"counts.csv\", column = \"persons\", scale = 0.01 }

[policy.app]";
    let uncertain = "[futures.\"world.behaviour.reconsideration_mean_days\"]
low = 10
high = 40
source = \"assumed\"
";
    let scenario = THREE.replace("[policy.app]", driver) + uncertain;
    let counts =
        "month,persons\n2024-01,10\n2024-02,10\n2024-03,10\n2024-04,10\n2024-05,10\n2024-06,10\n";
    let files = Files::new(&[
        ("a.toml", &scenario),
        ("observed.csv", OBSERVED),
        ("counts.csv", counts),
        ("more/obs.csv", OBSERVED),
        ("more/counts.csv", counts),
    ]);
    let here = files.0.path();
    fs::create_dir(here.join("fits")).unwrap();
    let cases: [&[(&str, &str)]; 9] = [
        &[("title", "\"X y\"")],
        &[("run", "{ start = 2024-01-01, end = 2024-06-30, seed = 8 }")],
        &[(
            "world.groups.all.arrivals",
            "{process=\"fixed\",per_day=30}",
        )],
        &[
            ("policy.app", "{slots_per_day=40}"),
            ("policy.app.random_share", "0.3"),
            ("policy.app.booked", "cancel"),
        ],
        &[("event.step.set.\"crossing.response_days\"", "2")],
        &[("calibrate.parameters.odds.high", "0.9")],
        &[(
            "futures.world.behaviour.reconsideration_mean_days.low",
            "20",
        )],
        &[("observed.file", "\"more/obs.csv\"")],
        &[(
            "world.groups.other.arrivals.driver.file",
            "\"more/counts.csv\"",
        )],
    ];
    for set in cases {
        let words: Vec<String> = (set.iter())
            .flat_map(|(key, value)| ["--set".to_owned(), format!("{key}={value}")])
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let more = ["--fitted", "fits/f.toml", "--out", "results", "--force"];
        portflow(here, &[&FIT[..], &more, &words].concat()).succeeded();
        let fitted =
            ["fits/f.toml", "results/fitted.toml"].map(|name| files.load(name, &[]).unwrap());
        assert_eq!(fitted[0].digest(), fitted[1].digest(), "{set:?}");
        // All that is fitted to comes from the scenario, and nothing else is another.
        let set: Vec<(&str, String)> = (set.iter())
            .map(|(key, value)| {
                (
                    *key,
                    value.replace("more/", &format!("{}/more/", here.display())),
                )
            })
            .collect();
        let set: Vec<(&str, &str)> = set.iter().map(|(key, value)| (*key, &value[..])).collect();
        let laid = files.load("a.toml", &set).unwrap();
        let differences = scenario::difference(&fitted[0], &laid);
        let other: Vec<&str> = (differences.iter())
            .map(|difference| difference.key.as_str())
            .filter(|key| *key != "title" && !laid.fits(key))
            .collect();
        assert!(other.is_empty(), "{set:?}: {other:?}");
        assert!(fitted[0].scenario.title.starts_with(&laid.scenario.title));
    }
}

#[test]
fn what_could_not_be_written_is_refused_before_the_run() {
    let files = files();
    let here = files.0.path();
    let set = ["--set", "policy.ports.only={slots_per_day=100}"];
    for place in [["--out", "results"], ["--fitted", "f.toml"]] {
        portflow(here, &[&with(&place)[..], &set].concat())
            .refused_for("what is fitted could not be written");
        assert_eq!(names(here), ["a.toml", "observed.csv"]);
    }
    // Without a place for it there is nothing to write.
    portflow(here, &[&FIT[..], &set].concat()).succeeded();
}

/// Who judges the fitted scenario knows from it which months it was fitted to.
#[test]
fn a_window_ended_on_the_command_line_is_that_of_the_fitted_scenario() {
    let files = files();
    let here = files.0.path();
    portflow(here, &with(&["--to", "2024-01", "--fitted", "f.toml"])).succeeded();
    let fitted = files.load("f.toml", &[]).unwrap();
    assert_eq!(fitted.calibration.unwrap().months().len(), 1);
    let validate = ["validate", "f.toml", "-r", "2", "--format", "csv"];
    let rows = rows(&portflow(here, &validate).succeeded());
    for (month, part) in [("2024-01", "fitted"), ("2024-02", "held-out")] {
        let mut parts = rows.iter().filter(|row| row["month"] == month).peekable();
        assert!(parts.peek().is_some(), "{month}");
        assert!(parts.all(|row| row["part"] == part), "{month}: {rows:?}");
    }
}

#[test]
fn the_fitted_scenario_loads_with_its_sources_and_gives_the_fit() {
    let files = files();
    let here = files.0.path();
    fs::create_dir(here.join("fits")).unwrap();
    portflow(here, &with(&["--fitted", "fits/f.toml"])).succeeded();
    assert_eq!(names(&here.join("fits")), ["f.toml"]);
    let written = fs::read_to_string(here.join("fits/f.toml")).unwrap();
    assert!(written.contains("extends = \"../a.toml\""), "{written}");
    let command = "#     portflow calibrate a.toml --waves 2 --points 12 --replications 3 --draws 16 --date 2026-01-31\n";
    assert!(written.contains(command), "{written}");
    let loaded = scenario::load(&here.join("fits/f.toml"), &[]).unwrap();
    let explained = loaded
        .explain("event.step.set.crossing.deterrence")
        .unwrap();
    let source = explained.source.unwrap();
    let expected = "fitted, 2024-01..2024-02, 2026-01-31; 90% from ";
    assert!(source.starts_with(expected), "{source}");
    // What an event sets is replaced whole: the fitted file has the other levers too.
    assert!(
        written.contains("\"crossing.response_days\" = 0.0"),
        "{written}"
    );
    let run = ["run", "fits/f.toml", "-r", "40", "--format", "csv"];
    let rows = rows(&portflow(here, &run).succeeded());
    let mean = |metric: &str| {
        let of_all = ["2024-02", metric, "", ""];
        let mut rows = rows.iter();
        let row =
            rows.find(|row| ["month", "metric", "dimension", "id"].map(|of| &*row[of]) == of_all);
        row.unwrap()["mean"].parse::<f64>().unwrap()
    };
    // Three numbers for four figures: a fit is near all of them; chance is 9% a figure.
    for (metric, published) in [("irregular_encounters", 120.0), ("registrations", 174.0)] {
        let mean = mean(metric);
        assert!((mean / published - 1.0).abs() < 0.1, "{metric}: {mean}");
    }
}

/// A file of somebody else, or what is no file, is left alone.
#[test]
fn the_fitted_scenario_replaces_regular_files_only_and_consumes_none() {
    let files = files();
    let here = files.0.path();
    let made = Command::new("mkfifo").arg(here.join("fifo")).status();
    assert!(made.unwrap().success());
    symlink("fifo", here.join("to-fifo")).unwrap();
    symlink("nowhere/f.toml", here.join("dangling")).unwrap();
    for name in ["fifo", "to-fifo", "dangling", ".", "nowhere/f.toml"] {
        let reason = format!("--fitted `{name}` is no file that could be written");
        portflow(here, &with(&["--fitted", name])).refused_for(&reason);
    }
    let fifo = fs::metadata(here.join("fifo")).unwrap();
    assert!(fifo.file_type().is_fifo());

    let elsewhere = here.join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("f.toml"), "").unwrap();
    symlink("elsewhere/f.toml", here.join("link.toml")).unwrap();
    let theirs = ["f.toml.unfinished", "f.toml.unfinished-1"];
    for name in theirs {
        fs::write(elsewhere.join(name), "mine").unwrap();
    }
    portflow(here, &with(&["--fitted", "link.toml"])).succeeded();
    assert!(here.join("link.toml").is_symlink());
    files.load("elsewhere/f.toml", &[]).unwrap();
    for name in theirs {
        assert_eq!(fs::read_to_string(elsewhere.join(name)).unwrap(), "mine");
    }
    assert_eq!(names(&elsewhere).len(), 3);
}

#[test]
fn the_fitted_scenario_loads_in_a_directory_that_a_link_leads_to() {
    let files = files();
    let here = files.0.path();
    fs::create_dir_all(here.join("real/deep")).unwrap();
    symlink("real/deep", here.join("short")).unwrap();
    let more = ["--fitted", "short/f.toml", "--out", "short/results"];
    portflow(here, &with(&more)).succeeded();
    let load = |path: &str| files.load(path, &[]).unwrap().scenario;
    let fits = load("real/deep/f.toml");
    for path in ["short/f.toml", "short/results/fitted.toml"] {
        assert_eq!(load(path), fits, "{path}");
    }
}

/// Results that are there have the fitted scenario beside them too.
#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_printed_leaves_everything_written() {
    let files = files();
    let here = files.0.path();
    let args = with(&["--fitted", "f.toml", "--out", "results"]);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let output = command(here, &args).stdout(full).output().unwrap();
    Finished::from(output).failed_for("cannot write to standard output");
    files.load("f.toml", &[]).unwrap();
    portflow(here, &[&args[..], &["--resume"]].concat()).succeeded();
}

/// Until the fitted scenario is there the results are not: they are gone on with.
#[test]
fn a_fitted_scenario_that_could_not_be_written_is_written_at_resume() {
    let files = files();
    let here = files.0.path();
    fs::create_dir(here.join("place")).unwrap();
    let args = with(&["--fitted", "place/f.toml", "--out", "results"]);
    let mut child = spawn(here, &args);
    wait_for_records(here, "results", 1);
    fs::remove_dir_all(here.join("place")).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(!here.join("results").exists());
    fs::create_dir(here.join("place")).unwrap();
    portflow(here, &[&args[..], &["--resume"]].concat()).succeeded();
    files.load("place/f.toml", &[]).unwrap();
}

#[test]
fn a_fitted_file_among_the_results_is_refused_before_the_run() {
    let files = files();
    let here = files.0.path();
    fs::create_dir(here.join("results")).unwrap();
    let asked = with(&["--out", "results", "--fitted", "results/mine.toml"]);
    portflow(here, &asked).refused_for("lies among the results of --out");
}
