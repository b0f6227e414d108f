//! `portflow calibrate` from the command line.

use std::fs;
use std::num::NonZeroU32;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use portflow::calibration::Sampling;
use portflow::experiment::calibration::{Fit, Settings, read_runs};
use portflow::report::calibration as report;
use portflow::scenario;

use super::{kill_on_the_way, names, spawn, stop_on_the_way, tree, wait_for_records};
use crate::tools::Files;
use crate::tools::command::{Finished, command, portflow, rows};
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

fn with_age(low: &str, high: &str) -> Files {
    let scenario = with_an_age(THREE, low, high);
    Files::new(&[("a.toml", &scenario), ("observed.csv", OBSERVED)])
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

#[test]
fn runs_of_another_scenario_are_warned_of_and_those_of_the_same_are_not() {
    let files = files();
    let here = files.0.path();
    whole(here);
    let said = |more: &[&str]| {
        let from = with(&["--from-runs", "whole"]);
        portflow(here, &[&from[..], more].concat()).warnings()
    };
    assert!(!said(&["--seed", "5", "--to", "2024-01"]).contains("another scenario"));
    let warned = said(&["--set", "policy.app.slots_per_day=40"]);
    let difference = "`policy.app.slots_per_day` is 100.0 there and 40.0 here";
    assert!(warned.contains(difference), "{warned}");
    let manifest = here.join("whole/manifest.json");
    let ours = fs::read_to_string(&manifest).unwrap();
    let theirs = ours.replace("\"portflow\": \"", "\"portflow\": \"0.0.");
    fs::write(&manifest, theirs).unwrap();
    let warned = said(&["--seed", "5"]);
    assert!(warned.contains("its runs are by portflow 0.0."), "{warned}");
    // Results of before there were revisions.
    let field = format!("\n  \"model\": {},", portflow::model::REVISION);
    assert!(ours.contains(&field), "{ours}");
    fs::write(&manifest, ours.replace(&field, "")).unwrap();
    let warned = said(&["--seed", "5"]);
    assert!(
        warned.contains("with an earlier revision of the model"),
        "{warned}"
    );
    fs::write(&manifest, ours).unwrap();
    assert!(!said(&["--seed", "5"]).contains("its runs are by"));
    // Whoever is given the results alone is told too.
    let other = ["--set", "policy.app.slots_per_day=40", "--out", "other"];
    said(&other);
    let kept = fs::read_to_string(here.join("other/calibration.json")).unwrap();
    assert!(kept.contains(difference), "{kept}");
    let more =
        "\n[[event]]\nid = \"more\"\ndate = 2024-01-10\nset = { \"app.slots_per_day\" = 3 }\n";
    let added = THREE.replace("\n[observed]", &format!("{more}\n[observed]"));
    fs::write(here.join("a.toml"), added).unwrap();
    let warned = said(&[]);
    assert!(
        warned.contains("another scenario: `event.more` is not set there"),
        "{warned}"
    );
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
fn runs_of_an_earlier_calibration_are_the_first_points_of_another() {
    let files = files();
    let here = files.0.path();
    whole(here);
    let january = [
        "calibrate",
        "a.toml",
        "--to",
        "2024-01",
        "--from-runs",
        "whole",
        "--waves",
        "0",
        "-r",
        "3",
        "--draws",
        "100",
        "--out",
        "january",
    ];
    let told = portflow(here, &january).succeeded();
    let runs = |name: &str| fs::read_to_string(here.join(name).join("runs.csv")).unwrap();
    // Two waves of 12 and 16 draws in 3 replications each; then 100 draws of a wave of their own.
    let lines = |name: &str| runs(name).lines().count();
    assert_eq!(lines("whole"), 1 + 3 * (2 * 12 + 16));
    assert_eq!(lines("january"), lines("whole") + 3 * 100);
    let last = runs("january");
    let last = last.lines().last().unwrap();
    // The waves are 0, 1 and 2; replications of the fourth begin where those of the third end.
    assert!(last.starts_with("3,99,11,"), "{last}");
    // January says nothing of a step in February.
    assert!(told.contains("do not identify step"), "{told}");
}

/// Of the step, which lies before the run, a resolved scenario has the lever alone.
#[test]
fn runs_are_those_of_a_calibration_with_an_event_before_the_run() {
    let earlier = THREE.replace("start = 2024-01-01", "start = 2023-12-01");
    let earlier = earlier.replace("date = 2024-02-01", "date = 2023-12-15");
    let late = |step: &str| {
        format!(
            "extends = \"a.toml\"\n[run]\nstart = 2024-01-01\n[world]\ninitial_bookings = 1.0\n\
             [[event]]\nid = \"step\"\nset = {{ \"crossing.deterrence\" = {step}, \"crossing.response_days\" = 0.0 }}\n"
        )
    };
    let files = Files::new(&[
        ("a.toml", &earlier),
        ("late.toml", &late("0.5")),
        ("other.toml", &late("0.7")),
        ("observed.csv", OBSERVED),
    ]);
    let here = files.0.path();
    let whole = [&["calibrate", "late.toml"], &FIT[2..], &["--out", "whole"]].concat();
    portflow(here, &whole).succeeded();
    for file in ["late.toml", "other.toml"] {
        let from = ["--from-runs", "whole", "--out", "again", "--force"];
        let again = [&["calibrate", file], &FIT[2..], &from].concat();
        let said = portflow(here, &again).warnings();
        assert!(!said.contains("another scenario"), "{file}: {said}");
    }
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
fn an_earlier_calibration_whose_manifest_is_damaged_is_refused() {
    let files = files();
    let here = files.0.path();
    whole(here);
    fs::write(here.join("whole/manifest.json"), "{").unwrap();
    let from = with(&["--from-runs", "whole"]);
    portflow(here, &from).refused_for("cannot read its manifest.json: EOF");
    fs::write(here.join("whole/calibration.json"), "{}").unwrap();
    let draws = [
        "validate",
        "a.toml",
        "--posterior",
        "whole/posterior.csv",
        "-r",
        "2",
    ];
    portflow(here, &draws).failed_for("cannot read `whole/calibration.json`, which says");
}

#[test]
fn runs_whose_numbers_cannot_be_counted_on_from_are_refused() {
    let files = files();
    let here = files.0.path();
    whole(here);
    let runs = here.join("whole/runs.csv");
    let text = fs::read_to_string(&runs).unwrap();
    assert!(text.contains("\n2,15,6,"), "{text}");
    // The last wave alone has replications from 6 to 8.
    let numbered = |wave: &str, replications: &str| {
        let line = |line: &str| match line.split(',').collect::<Vec<_>>()[..] {
            ["2", point, replication, ref rest @ ..] => {
                let last = (replication.parse::<u32>().unwrap() % 3).to_string();
                format!("{wave},{point},{replications}{last},{}", rest.join(","))
            }
            _ => line.to_owned(),
        };
        text.lines().map(line).collect::<Vec<_>>().join("\n")
    };
    for large in [numbered("2", "429496729"), numbered("4294967294", "")] {
        fs::write(&runs, large).unwrap();
        portflow(here, &with(&["--from-runs", "whole"])).refused_for(
            "the runs given are of another calibration: the numbers of its waves or replications leave no room for more",
        );
    }
}

/// Waves in another order, rows that are there twice, and a replication that is lost.
#[test]
fn runs_that_are_not_as_they_were_written_are_refused() {
    let files = files();
    let here = files.0.path();
    whole(here);
    let runs = here.join("whole/runs.csv");
    let text = fs::read_to_string(&runs).unwrap();
    let (header, table) = text.split_once('\n').unwrap();
    let (first, rest) = table.split_once('\n').unwrap();
    let last_wave = table.find("\n2,0,").unwrap() + 1;
    let (before, after) = table.split_at(last_wave);
    for (rows, said) in [
        (
            format!("{after}{before}"),
            "point 0 of wave 0 comes after point 15 of wave 2",
        ),
        (
            table.repeat(2),
            "point 0 of wave 0 comes after point 15 of wave 2",
        ),
        (
            rest.to_owned(),
            "point 1 of wave 0 has other replications than point 0 has",
        ),
        (first.to_owned() + ",x", "found record with"),
    ] {
        fs::write(&runs, format!("{header}\n{rows}")).unwrap();
        let told = portflow(here, &with(&["--from-runs", "whole"])).refused();
        let damaged = "--from-runs whole: its runs.csv is damaged: ";
        assert!(told.contains(damaged) && told.contains(said), "{told}");
    }
}

/// Whole or stopped on the way, with points that failed, and with the runs that it went on from.
#[test]
fn runs_that_were_written_are_read_again() {
    let files = with_age("4", "14");
    let loaded = files.load("a.toml", &[]).unwrap();
    let written = |fit: &Fit| {
        let mut table = Vec::new();
        report::runs(fit, &mut table).unwrap();
        read_runs(&*table, fit.calibration(), fit.headings()).unwrap()
    };
    let number = |number| NonZeroU32::new(number).unwrap();
    let mut given = Vec::new();
    for replications in [2, 3] {
        let settings = Settings {
            waves: 1,
            points: number(12),
            replications,
            draws: number(12),
            seed: 3,
            sampling: Sampling::default(),
        };
        let fit = Fit::new(&loaded, settings).unwrap().with_runs(given);
        for task in 0..fit.points() * replications {
            // Within the first wave, and within the draws.
            if [19, 29, 41].contains(&task) {
                assert_eq!(written(&fit), fit.runs(), "{task}");
            }
            let record = fit.perform(task);
            assert!(fit.fits(&record), "{task}");
        }
        assert!(fit.lost_points() > 0);
        given = written(&fit);
        assert_eq!(given, fit.runs());
    }
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
