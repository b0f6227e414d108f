//! Forecasts from rolling origins: `portflow validate --rolling` from the command line.

use std::fs;
use std::path::Path;
use std::process::Child;

use super::super::{kill, recorded, spawn, stop, tree, wait_for_records};
use super::printed;
use crate::tools::Files;
use crate::tools::command::{Finished, json_of, portflow, rows};
use crate::tools::three::{OBSERVED, THREE, with_an_age};

/// Six months of the three numbers.
fn six_months() -> String {
    let later = OBSERVED.replace("2024-03,130,180\n", "2024-03,128,182\n");
    format!("{later}2024-04,124,176\n2024-05,128,182\n2024-06,124,176\n")
}

/// The three numbers, fitted to four months; two more are published. The fit is in `fit`.
pub(super) fn fitted() -> Files {
    fitted_to(&six_months())
}

fn fitted_to(observed: &str) -> Files {
    fitted_with("", observed)
}

fn fitted_with(more: &str, observed: &str) -> Files {
    let scenario = format!("{}{more}", four_months());
    let files = Files::new(&[("a.toml", &scenario), ("observed.csv", observed)]);
    printed(files.0.path(), &CALIBRATE);
    files
}

/// The scenario of the three numbers, fitted to four months.
fn four_months() -> String {
    THREE
        .replace("to = 2024-02-29", "to = 2024-04-30")
        .replace("sd = 1e-6", "sd = 0.05")
}

#[test]
fn months_called_fitted_that_nothing_was_fitted_to_are_warned_of() {
    let files = Files::new(&[("a.toml", &four_months()), ("observed.csv", &six_months())]);
    let said = |window: &str| {
        let args = ["validate", "a.toml", "-r", "1", "--fitted", window];
        portflow(files.0.path(), &args).warnings()
    };
    let later = said("2024-01..2024-05");
    let warned = "--fitted 2024-01..2024-05: `[calibrate]` fits nothing to months outside 2024-01..2024-04, and they count as fitted here";
    assert!(later.contains(warned), "{later}");
    assert!(!said("2024-02..2024-04").contains("[calibrate]"));
}

const CALIBRATE: [&str; 12] = [
    "calibrate",
    "a.toml",
    "--waves",
    "1",
    "--points",
    "20",
    "-r",
    "2",
    "--draws",
    "10",
    "--out",
    "fit",
];

const ROLLING: [&str; 12] = [
    "validate",
    "a.toml",
    "--rolling",
    "fit",
    "--origins",
    "2024-03,2024-02",
    "--breaks",
    "2024-02",
    "--ahead",
    "2",
    "--draws",
    "10",
];

#[test]
fn forecasts_from_rolling_origins_are_the_same_on_any_threads() {
    let files = fitted();
    let here = files.0.path();
    let one = [&ROLLING[..], &["--threads", "1", "--out", "one"]].concat();
    let told = printed(here, &one);
    let two = [&ROLLING[..], &["--threads", "2", "--out", "two"]].concat();
    assert_eq!(printed(here, &two), told);
    assert_eq!(tree(&here.join("one")), tree(&here.join("two")));
    let words = [
        "2024-02 break",
        "mean of breaks",
        "mean of others",
        "skill against",
    ];
    for words in words {
        assert!(told.contains(words), "{words}: {told}");
    }
    let read = |name: &str| fs::read_to_string(here.join("one").join(name)).unwrap();
    // Two origins, two columns, two months; and of each origin and column the model and its rivals.
    let forecasts = read("forecasts.csv");
    let mut ours = rows(&forecasts);
    ours.retain(|row| row["forecast_by"] == "portflow");
    assert_eq!(ours.len(), 2 * 2 * 2, "{forecasts}");
    for row in ours {
        let error: f64 = row["relative_error"].parse().unwrap();
        // Half of those who come cross, before and after: an error of chance, and of five months' data at most.
        assert!(error.abs() < 0.3, "{row:?}");
    }
    assert!(
        forecasts.contains("2024-03,registrations,2024-05,last_value,"),
        "{forecasts}"
    );
    let skills = read("skill.csv");
    assert!(
        skills.starts_with("column,origins,against,skill\nregistrations,all,last_value,"),
        "{skills}"
    );
    // The one that is no break is told apart, in the table too.
    let others = "irregular_encounters,others,last_value,";
    assert!(skills.contains(others), "{skills}");
    assert!(told.contains("irregular_encounters   others"), "{told}");
    let origins = read("origins.csv");
    let line = |begins: &str| origins.lines().any(|line| line.starts_with(begins));
    assert!(
        line("2024-02,true,irregular_encounters,portflow,2,"),
        "{origins}"
    );
    assert!(
        line("2024-03,false,registrations,last_value,2,"),
        "{origins}"
    );
}

/// Forecasts from March 2024 of a column that is not fitted to, with a discrepancy of 0.5, and follows one that is, as many times as large: of
/// each of two months the forecast, and the width of its interval in logarithms.
fn forecasts_of_another(times: f64) -> Vec<(f64, f64)> {
    let as_well = "\n[calibrate.targets.irregular_encounters_all]\nsd = 0.5\nweight = 0.0\n";
    let six_months = six_months();
    let both = six_months.lines().map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        let other = cells[1].parse::<f64>().map_or_else(
            |_| cells[1].replace("encounters", "encounters_all"),
            |count| (times * count).round().to_string(),
        );
        format!("{line},{other}\n")
    });
    let files = fitted_with(as_well, &both.collect::<String>());
    let told = printed(
        files.0.path(),
        &[&ROLLING[..], &["--format", "csv"]].concat(),
    );
    let mut ours = rows(&told);
    ours.retain(|row| {
        let kind = ["origin", "column", "forecast_by"].map(|of| &*row[of]);
        kind == ["2024-03", "irregular_encounters_all", "portflow"]
    });
    let forecasts = ours.iter().map(|row| {
        let number = |name: &str| row[name].parse::<f64>().unwrap();
        let width = libm::log(number("upper") / number("lower"));
        (number("forecast"), width)
    });
    let forecasts: Vec<(f64, f64)> = forecasts.collect();
    assert_eq!(forecasts.len(), 2, "{told}");
    forecasts
}

/// The model is off by chance alone, and the three months that say so leave 12 parts in 15 of the variance stated. An 80% interval of a normal
/// error is 2.563 standard deviations wide.
#[test]
fn forecasts_know_what_the_months_fitted_to_were_off_by() {
    for (_, width) in forecasts_of_another(1.0) {
        let learned = 2.563 * 0.5 * (12.0_f64 / 15.0).sqrt();
        // Chance and the parameters add a little.
        assert!((learned..1.12 * learned).contains(&width), "{width}");
    }
}

/// Published are half as many more as the model has, each month: so much of that as has lasted is expected of the next month, and less of the
/// one after it, of which less is known, too.
#[test]
fn forecasts_carry_the_last_error_over() {
    let (as_it_is, more) = (forecasts_of_another(1.0), forecasts_of_another(1.5));
    let added = |month: usize| libm::log(more[month].0 / as_it_is[month].0);
    let last = libm::log(1.5);
    let [next, after] = [0, 1].map(|month| added(month) / last);
    assert!(0.4 < next && next < 1.0, "{next}");
    assert!(0.2 < after && after < next - 0.05, "{after} {next}");
    assert!(more[0].1 < more[1].1, "{more:?}");
}

#[test]
fn an_origin_long_before_a_lever_that_is_fitted_has_its_forecast_too() {
    let late = r#"
[[event]]
id = "late"
date = 2024-06-10
set = { "crossing.deterrence" = 0.6 }
[calibrate.parameters.late]
keys = ["event.late.set.crossing.deterrence"]
distribution = "normal"
mean = 0.6
sd = 0.4
source = "assumed"
"#;
    let files = fitted_with(late, &six_months());
    let told = printed(files.0.path(), &ROLLING);
    assert!(told.contains("mean of others"), "{told}");
}

#[test]
fn what_fails_at_an_origin_is_told_and_is_the_status() {
    let scenario = with_an_age(&four_months(), "4", "14");
    let files = Files::new(&[("a.toml", &scenario), ("observed.csv", &six_months())]);
    let here = files.0.path();
    portflow(here, &CALIBRATE).failed();
    let said = portflow(here, &[&ROLLING[..], &["--out", "results"]].concat()).failed();
    assert!(said.contains(" failed: at the origin 2024-02: "), "{said}");
    assert!(said.contains("the mean age of the pool is"), "{said}");
    let manifest = fs::read_to_string(here.join("results/manifest.json")).unwrap();
    assert!(manifest.contains("failed_points"), "{manifest}");
    // What is there already has the same status.
    let again = [&ROLLING[..], &["--out", "results", "--resume"]].concat();
    portflow(here, &again).failed_for("nothing to do");
}

/// In April nobody can register, and some were published to: there is nothing to fit to from then on.
#[test]
fn an_origin_that_cannot_be_fitted_is_told_and_the_others_are_kept() {
    let shut = "\n[[event]]\nid = \"shut\"\ndate = 2024-04-01\nset = { \"app.open\" = false }\n";
    let scenario = format!("{}{shut}", four_months());
    let files = Files::new(&[("a.toml", &scenario), ("observed.csv", &six_months())]);
    let here = files.0.path();
    portflow(here, &CALIBRATE).failed_for("nothing was fitted");
    let from = |origins: &str, more: &[&str]| {
        let rolling = ["--origins", origins, "--ahead", "1", "--draws", "10"];
        portflow(here, &[&ROLLING[..4], &rolling, more].concat())
    };
    let all = "2024-02,2024-04,2024-03";
    let done = from(all, &["--out", "results"]);
    let said = done.failed();
    let reason = "nothing is forecast from 2024-04, which is left out: 0 points came to a figure";
    assert_eq!(said.matches("0 points came to").count(), 1, "{said}");
    assert!(said.contains(reason), "{said}");
    assert_eq!(done.stdout, from("2024-02,2024-03", &[]).succeeded());
    from(all, &["--out", "results", "--resume"]).failed_for("nothing to do");
    // Where no origin is left there is nothing to print.
    let none = from("2024-04", &[]);
    none.failed();
    assert_eq!(none.stdout, "");
}

#[test]
fn a_figure_that_a_surface_cannot_tell_is_named() {
    // Nobody gives up in this scenario: a figure of 0 has no logarithm.
    let six_months = six_months();
    let mut lines = six_months.lines();
    let heading = format!("{},gave_up\n", lines.next().unwrap());
    let months = lines.map(|line| format!("{line},5\n"));
    let files = fitted_to(&(heading + &months.collect::<String>()));
    let told = printed(files.0.path(), &ROLLING);
    let expected = "gave_up of 2024-03 from 2024-02, gave_up of 2024-04 from 2024-02, gave_up of 2024-04 from 2024-03, gave_up of 2024-05 from 2024-03.";
    assert!(told.contains(expected), "{told}");
}

#[test]
fn a_threshold_on_rolling_origins_is_of_those_that_are_no_breaks() {
    let files = fitted();
    let here = files.0.path();
    let with = |option: &str, threshold: &str| {
        portflow(here, &[&ROLLING[..], &[option, threshold]].concat())
    };
    with("--at-most", "irregular_encounters=60%").succeeded();
    with("--at-most", "irregular_encounters=0%")
        .failed_for("over origins that are no breaks, more than 0%");
    with("--at-least", "irregular_encounters=-9").succeeded();
    with("--at-least", "irregular_encounters=1")
        .failed_for("over origins that are no breaks, less than 1");
    for part in ["fitted", "held-out"] {
        with("--at-most", &format!("{part}:irregular_encounters=60%"))
            .refused_for("leave out what is before the colon");
    }
}

#[test]
fn what_stands_against_rolling_origins_is_told() {
    let files = fitted();
    let here = files.0.path();
    let scenario = fs::read_to_string(here.join("a.toml")).unwrap();
    let other = scenario.replace("sd = 0.4", "sd = 0.5");
    fs::write(here.join("other.toml"), other).unwrap();
    let plain = scenario.split("[calibrate]").next().unwrap();
    fs::write(here.join("plain.toml"), plain).unwrap();
    let cases: [(&str, &[&str], &str); 9] = [
        (
            "a.toml",
            &[
                "--origins",
                "2024-02",
                "--breaks",
                "2024-02",
                "--at-most",
                "registrations=9%",
            ],
            "every origin is one",
        ),
        (
            "a.toml",
            &["--origins", "2024-02", "--discrepancy", "0.1"],
            "cannot be used with",
        ),
        (
            "other.toml",
            &["--origins", "2024-02"],
            "the origin 2024-02: --rolling fit: the parameter `step` is not there",
        ),
        (
            "plain.toml",
            &["--origins", "2024-02"],
            "there is nothing to fit",
        ),
        (
            "a.toml",
            &["--origins", "2024-02,2024-05"],
            "the origin 2024-05 is outside the window",
        ),
        (
            "a.toml",
            &["--origins", "2023-12"],
            "the origin 2023-12 is outside the window",
        ),
        (
            "a.toml",
            &["--origins", "2024-02", "--breaks", "2024-03"],
            "--breaks 2024-03 is no origin",
        ),
        ("a.toml", &[], "name --origins"),
        (
            "a.toml",
            &["--origins", "February"],
            "expected a month, as in 2023-12",
        ),
    ];
    for (file, more, said) in cases {
        let command = [
            &["validate", file, "--rolling", "fit", "--draws", "10"],
            more,
        ]
        .concat();
        portflow(here, &command).refused_for(said);
    }
    let nowhere = [
        "validate",
        "a.toml",
        "--rolling",
        "nowhere",
        "--origins",
        "2024-02",
    ];
    portflow(here, &nowhere).refused_for("`portflow calibrate FILE --out nowhere` writes it");
}

#[test]
fn help_says_how_many_replications_an_origin_has() {
    let files = fitted();
    let here = files.0.path();
    let help = portflow(here, &["validate", "--help"]).succeeded();
    let words: Vec<&str> = help.split_whitespace().collect();
    assert!(
        (words.join(" ")).contains("2 with --posterior or --rolling"),
        "{help}"
    );
    printed(here, &[&ROLLING[..], &["--out", "results"]].concat());
    let manifest = json_of(&here.join("results/manifest.json"));
    assert_eq!(manifest["replications"], 2);
}

/// Rolling origins of which each takes a while, one after the other.
fn slow() -> Vec<&'static str> {
    [&ROLLING[..10], &["--draws", "150", "--threads", "1"]].concat()
}

/// Begins slow origins; they are under way, the first of two finished.
fn under_way(here: &Path) -> Child {
    let resume = [&slow()[..], &["--out", "results", "--resume"]].concat();
    let child = spawn(here, &resume);
    wait_for_records(here, "results", 1);
    child
}

#[test]
fn rolling_origins_that_were_killed_go_on_after_the_last_one_finished() {
    let files = fitted();
    let here = files.0.path();
    let whole = portflow(here, &[&slow()[..], &["--out", "whole"]].concat()).succeeded();
    kill(under_way(here));
    assert_eq!(recorded(here, "results"), Some(1));
    let resume = [&slow()[..], &["--out", "results", "--resume"]].concat();
    let resumed = portflow(here, &resume).succeeded();
    assert_eq!(resumed, whole);
    assert_eq!(tree(&here.join("results")), tree(&here.join("whole")));
}

/// What is hashed is what is fitted to, at every origin.
#[test]
fn runs_that_are_gone_meanwhile_are_not_missed() {
    let files = fitted();
    let here = files.0.path();
    let child = spawn(here, &[&slow()[..], &["--out", "results"]].concat());
    wait_for_records(here, "results", 0);
    fs::remove_file(here.join("fit/runs.csv")).unwrap();
    Finished::from(child.wait_with_output().unwrap()).succeeded();
}

#[test]
fn rolling_origins_that_were_stopped_give_the_forecasts_that_are_finished() {
    let files = fitted();
    let here = files.0.path();
    let stopped = stop(under_way(here));
    stopped.failed_for("stopped after 1 of 2 origins");
    let first: Vec<&str> = (slow().into_iter())
        .map(|word| match word {
            "2024-03,2024-02" => "2024-02",
            word => word,
        })
        .collect();
    let first = portflow(here, &[&first[..], &["--out", "first"]].concat()).succeeded();
    assert_eq!(stopped.stdout, first);
    for file in ["forecasts.csv", "origins.csv"] {
        let read = |of: &str| fs::read_to_string(here.join(of).join(file)).unwrap();
        assert_eq!(read("results"), read("first"));
    }
}
