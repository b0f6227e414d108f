//! `portflow validate` from the command line.

mod rolling;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use portflow::model::simulate;
use portflow::record::{Detail, Layout};
use serde_json::Value;

use super::{names, stop_on_the_way};
use crate::tools::Files;
use crate::tools::command::portflow;

/// Ten persons a day cross in pairs and thirty alone, and ten present themselves at the port: the same in every replication.
const BORDER: &str = r#"title = "Three streams"

[run]
start = 2024-01-01
end = 2024-04-30

[world.groups.pairs]
arrivals = { process = "fixed", per_day = 10 }
party_size = { 2 = 1.0 }
weights = { app = 0.0, irregular = 1.0 }

[world.groups.singles]
arrivals = { process = "fixed", per_day = 30 }
weights = { app = 0.0, irregular = 1.0 }

[world.groups.walkers]
arrivals = { process = "fixed", per_day = 10 }
weights = { app = 0.0, walk_up = 1.0 }

[policy.app]
open = false

[policy.ports.only]
walk_ups_per_day = 100
officers = 100

[observed]
file = "observed.csv"

[observed.areas]
"The coast" = ["only"]
"#;

/// January is 200 short of what is simulated, and the other months are near it.
const COUNTS: &str = "month,irregular_encounters,port_encounters,port_encounters_walkers
2024-01,1000,310,310
2024-02,1160,290,290
2024-03,1240,310,310
2024-04,1200,300,300
";

const AREAS: &str = "month,component,area,encounters
2024-02,port,The coast,145
2024-02,irregular,The coast,7
2024-03,port,Elsewhere,7
";

const FAMILIES: &str = "month,component,category,encounters
2024-02,port,Accompanied minors (OFO only),10
2024-02,port,Family unit individuals,30
2024-02,port,Single adults,50
2024-02,port,Unaccompanied children / single minors,10
2024-02,irregular,Family unit individuals,30
2024-02,irregular,Single adults,60
2024-02,irregular,Unaccompanied children / single minors,10
";

/// Two draws that leave the scenario as it is.
const ALIKE: &str = "draw,weight,world.groups.walkers.arrivals.per_day
0,1,10
1,1,10
";

fn border() -> Files {
    Files::new(&[
        ("a.toml", BORDER),
        ("alike.csv", ALIKE),
        ("observed.csv", COUNTS),
        ("areas.csv", AREAS),
        ("families.csv", FAMILIES),
    ])
}

fn validate<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["validate", "a.toml", "-r", "2"], more].concat()
}

fn printed(here: &Path, args: &[&str]) -> String {
    portflow(here, args).succeeded()
}

fn document(here: &Path, args: &[&str]) -> Value {
    portflow(here, &[args, &["--format", "json"]].concat()).document()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value}"))
}

/// The only row of a list in which the keys have these values.
fn row<'a>(list: &'a Value, keys: &[(&str, &str)]) -> &'a Value {
    let rows = list.as_array().unwrap();
    let of_keys = |row: &&Value| keys.iter().all(|(key, value)| row[key] == *value);
    let found: Vec<&Value> = rows.iter().filter(of_keys).collect();
    assert_eq!(found.len(), 1, "{keys:?}: {list}");
    found[0]
}

/// A fit to more months than the run has is no mistake, and may be a slip.
#[test]
fn a_window_that_the_run_has_a_part_of_is_warned_of() {
    let files = border();
    let said = |window: &str| portflow(files.0.path(), &validate(&["--fitted", window])).warnings();
    assert_eq!(said("2024-01..2024-04"), "");
    let run = "(`run.start` and `run.end` move the run)\n";
    let early = "warning: --fitted 2023-10..2024-02: only 2024-01..2024-02 is simulated ";
    assert_eq!(said("2023-10..2024-02"), format!("{early}{run}"));
    let late = "warning: --fitted 2024-02..2025-02: only 2024-02..2024-04 is simulated; no month is held out ";
    assert_eq!(said("2024-02..2025-02"), format!("{late}{run}"));
}

#[test]
fn published_months_are_scored_by_where_they_lie() {
    let files = border();
    let here = files.0.path();
    let told = document(
        here,
        &validate(&["--fitted", "2024-02..2024-03", "--discrepancy", "0.1"]),
    );
    let of = |part: &str| {
        let keys = [("column", "irregular_encounters"), ("part", part)];
        row(&told["scores"], &keys)
    };
    assert_eq!(of("before")["months"], 1);
    assert_eq!(of("fitted")["months"], 2);
    assert_eq!(of("held-out")["months"], 1);
    let january = [("column", "irregular_encounters"), ("month", "2024-01")];
    let january = row(&told["figures"], &january);
    let simulated = number(&january["median"]);
    let error = simulated / 1000.0 - 1.0;
    assert!((0.15..0.25).contains(&error), "{simulated}");
    assert!((number(&of("before")["mape"]) - error).abs() < 1e-6);
    assert_eq!(january["inside"], error < 0.12);
    assert!(number(&of("fitted")["mape"]) < 0.05);
    // What was published of March is the last that a forecast of April may know.
    let keys = [
        ("column", "irregular_encounters"),
        ("part", "held-out"),
        ("rival", "last_value"),
    ];
    let last_value = row(&told["skill"], &keys);
    let off = 1240.0 / 1200.0 - 1.0;
    assert!((number(&last_value["rival_mape"]) - off).abs() < 1e-6);
}

/// A quarter as many at the port as between: with errors of 0.5 in both logarithms, that ports exceed is 1.96 standard deviations away. Two
/// months were fitted to all but exactly, so that of the variance of a month held out 12 parts in 14 are left.
#[test]
fn how_likely_ports_exceed_follows_from_both_discrepancies() {
    let files = border();
    let here = files.0.path();
    let fitted = [
        &["--fitted", "2024-02..2024-03", "--discrepancy", "0.5"][..],
        &["--posterior", "alike.csv"],
    ]
    .concat();
    let told = document(here, &validate(&fitted));
    let months = told["ports_exceed"].as_array().unwrap();
    let parts: Vec<&str> = (months.iter())
        .map(|of| of["part"].as_str().unwrap())
        .collect();
    assert_eq!(parts, ["before", "fitted", "fitted", "held-out"]);
    let [fitted_to, held_out] = [2, 3].map(|month| number(&months[month]["probability"]));
    assert!((0.022..0.028).contains(&fitted_to), "{fitted_to}");
    assert!((0.015..0.019).contains(&held_out), "{held_out}");
    let table = printed(here, &validate(&fitted));
    assert!(table.contains("more encounters at ports"), "{table}");
    let score = "over 1 month (held-out), against 0.000 of a probability of 0.";
    assert!(table.contains(score), "{table}");
    assert_eq!(months[3]["exceeded"], false);
    // Without an error there is no doubt.
    let certain = document(here, &validate(&[]));
    assert_eq!(certain["ports_exceed"][3]["probability"], 0.0);
}

/// An office without another way in, and without an upstream count.
#[test]
fn of_nobody_between_ports_and_no_driver_nothing_is_told() {
    let office = BORDER.replace("irregular = 1.0", "walk_up = 1.0");
    let counts = "month,port_encounters\n2024-01,1500\n2024-02,1400\n2024-03,1500\n2024-04,1450\n";
    let files = Files::new(&[("a.toml", &office), ("observed.csv", counts)]);
    let here = files.0.path();
    let fitted = validate(&["--fitted", "2024-01..2024-03"]);
    let table = printed(here, &fitted);
    assert!(table.contains("skill against"), "{table}");
    for word in ["more encounters at ports", "driver", "Brier"] {
        assert!(!table.contains(word), "{word}: {table}");
    }
    let told = document(here, &fitted);
    assert_eq!(told["ports_exceed"], Value::Array(Vec::new()));
}

/// February and March were fitted to within 4%, which leaves 12 parts in 14 of the variance stated. As much of the error of March as is carried
/// over to April says how alike neighbouring months are, r: of that variance 1 - r² is left.
#[test]
fn forecasts_of_months_held_out_know_what_the_months_fitted_to_were_off_by() {
    let files = border();
    let here = files.0.path();
    let more = COUNTS.replace("2024-03,1240", "2024-03,1280");
    fs::write(here.join("observed.csv"), more).unwrap();
    let fitted = ["--fitted", "2024-02..2024-03", "--discrepancy", "0.5"];
    let drawn = [&fitted[..], &["--posterior", "alike.csv"]].concat();
    let figure = |args: &[&str], month: &str| {
        let told = document(here, &validate(args));
        let keys = [("column", "irregular_encounters"), ("month", month)];
        row(&told["figures"], &keys).clone()
    };
    let width = |args: &[&str], month: &str| {
        let row = figure(args, month);
        libm::log(number(&row["upper"]) / number(&row["lower"]))
    };
    let (march, april) = (figure(&drawn, "2024-03"), figure(&drawn, "2024-04"));
    assert_eq!(march["median"], march["simulated"]);
    let carried = libm::log(number(&april["median"]) / number(&april["simulated"]));
    let r = carried / -libm::log1p(number(&march["relative_error"]));
    assert!((0.1..0.9).contains(&r), "{r}");
    let in_march = width(&drawn, "2024-03");
    let ratio = width(&drawn, "2024-04") / in_march;
    let expected = (12.0 / 14.0 * (1.0 - r * r)).sqrt();
    assert!((ratio - expected).abs() < 2e-3, "{ratio} {expected}");
    assert!((width(&drawn, "2024-01") / in_march - 1.0).abs() < 1e-6);
    // One set of parameters does not tell by how much it comes nearer to its months than the truth does: its errors last, and are no smaller.
    assert!((width(&fitted, "2024-04") / in_march - 1.0).abs() < 1e-6);
    let alone = figure(&fitted, "2024-04");
    assert_eq!(alone["median"], april["median"]);
    let table = printed(here, &validate(&fitted));
    assert!(table.contains("but is the stated one at least"), "{table}");
    // What it is off by nevertheless is the least to expect.
    let little = ["--fitted", "2024-01..2024-03", "--discrepancy", "0.01"];
    let ratio = width(&little, "2024-04") / width(&little, "2024-03");
    assert!(ratio > 2.0, "{ratio}");
}

/// The same forecast stands whether or not the month is published already.
#[test]
fn months_to_come_are_forecast_and_scored_nowhere() {
    let files = border();
    let here = files.0.path();
    let fitted = [
        "--fitted",
        "2024-02..2024-03",
        "--discrepancy",
        "0.1",
        "--set",
        "world.groups.singles.arrivals.process=\"poisson\"",
    ];
    let april = |told: &Value, column: &str| {
        let figure = row(
            &told["figures"],
            &[("column", column), ("month", "2024-04")],
        );
        let forecast = ["simulated", "median", "lower", "upper"].map(|of| number(&figure[of]));
        (figure["observed"].clone(), forecast)
    };
    let told = document(here, &validate(&fitted));
    let (observed, forecast) = april(&told, "irregular_encounters");
    assert_eq!(number(&observed), 1200.0);

    let (before, _) = COUNTS.split_once("2024-04").unwrap();
    fs::write(here.join("observed.csv"), before).unwrap();
    let told = document(here, &validate(&fitted));
    assert_eq!(
        april(&told, "irregular_encounters"),
        (Value::Null, forecast)
    );
    let figure = row(
        &told["figures"],
        &[("column", "irregular_encounters"), ("month", "2024-04")],
    );
    for of in ["relative_error", "inside", "log_score"] {
        assert_eq!(figure[of], Value::Null, "{of}");
    }
    let scores = told["scores"].as_array().unwrap();
    assert!(scores.iter().all(|score| score["part"] != "held-out"));
    // Beside it January, before the fit and unpublished from now on, is no forecast.
    fs::write(
        here.join("observed.csv"),
        before.replace("2024-01,1000,310,310\n", ""),
    )
    .unwrap();
    let told = document(here, &validate(&fitted));
    let figures = told["figures"].as_array().unwrap();
    assert!(figures.iter().all(|figure| figure["month"] != "2024-01"));

    let only = printed(
        here,
        &validate(&[&fitted[..], &["--months", "2024-04..2024-04"]].concat()),
    );
    assert!(only.contains("Rows without an observed figure are forecasts"));
    assert!(!only.contains("Skill"), "{only}");
    portflow(here, &validate(&["--months", "2024-04..2024-04"]))
        .refused_for("say with --fitted FROM..TO");
    let all_fitted = printed(here, &validate(&["--discrepancy", "0.1"]));
    assert!(!all_fitted.contains("2024-04"), "{all_fitted}");
}

/// From May on hardly anybody crosses, so that luck is large beside what is met; nothing is published of it yet.
#[test]
fn months_to_come_do_not_widen_the_intervals_of_others() {
    let files = border();
    let here = files.0.path();
    let event = "\n[[event]]\ndate = 2024-05-01\nset = { \"crossing.deterrence\" = 6.0 }\n";
    let poisson = BORDER.replace("process = \"fixed\", per_day = 30", "per_day = 30");
    let deterred = "weights = { app = 0.0, irregular = 1.0, give_up = 0.01 }\nsensitivity = { irregular_to_deterrence = 1.0 }";
    let text = poisson.replace("weights = { app = 0.0, irregular = 1.0 }", deterred) + event;
    fs::write(here.join("a.toml"), text).unwrap();
    let january = |end: &str| {
        let args = [
            "--fitted",
            "2024-01..2024-04",
            "--discrepancy",
            "0.01",
            "--set",
            end,
        ];
        let told = document(here, &validate(&args));
        let figure = |column| {
            row(
                &told["figures"],
                &[("column", column), ("month", "2024-01")],
            )
            .clone()
        };
        figure("irregular_encounters")
    };
    assert_eq!(january("run.end=2024-04-30"), january("run.end=2024-06-30"));
}

/// What is passed on the draws that were finished may not be passed on all.
#[test]
fn a_threshold_is_not_tried_on_a_validation_that_was_stopped() {
    let files = border();
    let here = files.0.path();
    let (head, _) = ALIKE.split_once('\n').unwrap();
    let draws = (0..20_000).map(|draw| format!("{draw},1,10"));
    let lines: Vec<String> = [head.to_owned()].into_iter().chain(draws).collect();
    fs::write(here.join("many.csv"), lines.join("\n")).unwrap();
    let args = [
        "validate",
        "a.toml",
        "--posterior",
        "many.csv",
        "-r",
        "2",
        "--threads",
        "1",
        "--out",
        "out",
        "--at-most",
        "irregular_encounters=0.01%",
    ];
    let said = stop_on_the_way(here, &args, "out", 10).failed();
    assert!(said.contains("was not tried"), "{said}");
    assert!(!said.contains("is off by"), "{said}");
}

#[test]
fn some_months_are_judged_and_learned_from_are_all() {
    let files = border();
    let here = files.0.path();
    let fitted = ["--fitted", "2024-02..2024-03", "--discrepancy", "0.5"];
    let all = document(here, &validate(&fitted));
    let judged = ["--months", "2024-03..2024-04"];
    let some = document(here, &validate(&[&fitted[..], &judged].concat()));
    let months: Vec<&str> = (some["figures"].as_array().unwrap().iter())
        .filter(|row| row["column"] == "irregular_encounters")
        .map(|row| row["month"].as_str().unwrap())
        .collect();
    assert_eq!(months, ["2024-03", "2024-04"]);
    let april = [("column", "irregular_encounters"), ("month", "2024-04")];
    assert_eq!(row(&some["figures"], &april), row(&all["figures"], &april));
    let of_fitted = [("column", "irregular_encounters"), ("part", "fitted")];
    assert_eq!(row(&some["scores"], &of_fitted)["months"], 1);
}

/// January is off by a factor of three, the months after it hardly.
#[test]
fn errors_of_months_before_a_day_do_not_widen_the_intervals_of_those_to_come() {
    let files = border();
    let here = files.0.path();
    let (january, others) = COUNTS.split_once("2024-02").unwrap();
    let counts = format!(
        "{}2024-02{others}",
        january.replace("2024-01,", "2024-01,3")
    );
    fs::write(here.join("observed.csv"), counts).unwrap();
    let calibrate = "\n[calibrate]\nfrom = 2024-01-01\nto = 2024-03-31\ntargets.irregular_encounters = { sd = 0.05 }\n";
    fs::write(here.join("a.toml"), format!("{BORDER}{calibrate}")).unwrap();
    let width = |from: &str| {
        let from = format!("calibrate.errors_from={from}");
        let told = document(here, &validate(&["--set", &from]));
        let april = [("column", "irregular_encounters"), ("month", "2024-04")];
        let of = |end: &str| row(&told["figures"], &april)[end].as_f64().unwrap();
        libm::log(of("upper") / of("lower"))
    };
    let (all, later) = (width("2024-01-01"), width("2024-02-01"));
    let told = printed(
        here,
        &validate(&["--set", "calibrate.errors_from=2024-02-01"]),
    );
    let since = "is learned from what the fitted months from 2024-02-01 on were off by";
    assert!(told.contains(since), "{told}");
    // Nothing tells a smaller error than the one stated: 0.05 times twice 1.28.
    assert!((later - 0.128).abs() < 0.01, "{later}");
    assert!(all > 2.0 * later, "{all} {later}");
}

#[test]
fn the_table_tells_scores_and_what_they_mean() {
    let files = border();
    let told = printed(files.0.path(), &validate(&["--fitted", "2024-02..2024-03"]));
    for words in [
        "Three streams",
        "held-out",
        "Fitted months are 2024-02..2024-03; later ones are held out",
        "Skill is 1 - MAPE / MAPE of the simple forecast",
        "There are no intervals: without a discrepancy they need 9 replications or draws at least",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn figures_of_0_that_have_no_relative_error_are_told() {
    let files = border();
    let here = files.0.path();
    let told = |zeros: &str, more: &[&str]| {
        let counts = COUNTS.replace("2024-04,1200,300,300", zeros);
        fs::write(here.join("observed.csv"), counts).unwrap();
        printed(here, &validate(more))
    };
    let discrepancy = ["--discrepancy", "0.1"];
    assert!(!told("2024-04,1200,300,300", &discrepancy).contains("no relative error"));
    let left_out = "such a figure is left out of months, MAPE, bias, skill and log score";
    let one = told("2024-04,1200,0,300", &discrepancy);
    let said = format!(
        "The published figure of port_encounters in 2024-04 is 0 and has no relative error: {left_out}, and counts in the share in intervals."
    );
    assert!(one.contains(&said), "{one}");
    let two = told("2024-04,1200,0,0", &[]);
    let said = format!(
        "2 published figures are 0 and have no relative error, that of port_encounters in 2024-04 the first of them: {left_out}."
    );
    assert!(two.contains(&said), "{two}");
}

/// As where the counts of a column end before the window does.
#[test]
fn simple_forecasts_speak_from_the_last_month_published() {
    let files = border();
    let here = files.0.path();
    let blank = COUNTS.replace("2024-03,1240,310,310", "2024-03,1240,,310");
    fs::write(here.join("observed.csv"), blank).unwrap();
    let fitted = ["--fitted", "2024-01..2024-03"];
    let told = document(here, &validate(&fitted));
    let keys = [
        ("column", "port_encounters"),
        ("part", "held-out"),
        ("rival", "last_value"),
    ];
    let last_value = row(&told["skill"], &keys);
    let off = 1.0 - 290.0 / 300.0;
    assert!((number(&last_value["rival_mape"]) - off).abs() < 1e-6);
    // Others take more, which the table says, and a gate.
    let table = printed(here, &validate(&fitted));
    let lacking = "exponential_smoothing, which takes 3 published months in a row, none of them 0 and single missing ones filled in: ";
    assert!(table.contains(lacking), "{table}");
    let gate = [
        &fitted[..],
        &["--at-least", "held-out:port_encounters=-9999"],
    ]
    .concat();
    let said = portflow(here, &validate(&gate)).warnings();
    let unasked = "is not held against every simple forecast of all months: what is published does not suffice for same_month_last_year (of 0 of 1 months;";
    assert!(said.contains(unasked), "{said}");
}

#[test]
fn months_held_out_without_fitted_ones_have_nothing_learned() {
    let files = border();
    let here = files.0.path();
    let learned = "The discrepancy of a month held out is learned";
    let args = ["--fitted", "2024-01..2024-03", "--discrepancy", "0.1"];
    assert!(printed(here, &validate(&args)).contains(learned));
    let (header, _) = COUNTS.split_once('\n').unwrap();
    let held_out = format!("{header}\n2024-04,1200,300,300\n");
    fs::write(here.join("later.csv"), held_out).unwrap();
    let args = [&args[..], &["--data", "later.csv"]].concat();
    let said = portflow(here, &validate(&args)).warnings();
    let warned = "no fitted month (2024-01..2024-03) is published in the table and simulated";
    assert!(said.contains(warned), "{said}");
    let table = printed(here, &validate(&args));
    assert!(!table.contains(learned), "{table}");
    assert!(
        table.contains("No fitted month is published of which errors could be learned"),
        "{table}"
    );
}

#[test]
fn one_replication_of_each_draw_is_warned_of() {
    let files = border();
    let said = |more: &[&str]| {
        let args = ["validate", "a.toml", "-r", "1"];
        portflow(files.0.path(), &[&args, more].concat()).warnings()
    };
    assert_eq!(said(&[]), "");
    let warned = said(&["--posterior", "alike.csv"]);
    assert!(warned.contains("chance counts twice"), "{warned}");
    assert!(warned.contains("give -r 2"), "{warned}");
}

#[test]
fn events_that_only_the_model_is_told_of_are_named() {
    let files = border();
    let here = files.0.path();
    let event = |date: &str| {
        let event = format!(
            "\n[[event]]\nid = \"wall\"\ndate = {date}\nset = {{ \"crossing.deterrence\" = 1.0 }}\n"
        );
        fs::write(here.join("a.toml"), BORDER.to_owned() + &event).unwrap();
        printed(here, &validate(&["--fitted", "2024-01..2024-03"]))
    };
    let told = event("2024-04-10");
    let named = "events that first act in months held out, and simple forecasts are not: wall (from 2024-04-10).";
    assert!(told.contains(named), "{told}");
    assert!(!event("2024-03-10").contains("events that first act"));
}

#[test]
fn a_figure_that_is_never_simulated_is_told() {
    let files = border();
    let here = files.0.path();
    let with_singles = |line: &str| {
        let is_header = line.starts_with("month");
        let more = if is_header {
            "port_encounters_singles"
        } else {
            "5"
        };
        format!("{line},{more}\n")
    };
    let counts: String = COUNTS.lines().map(with_singles).collect();
    fs::write(here.join("observed.csv"), counts).unwrap();
    let told = printed(here, &validate(&["--discrepancy", "0.1"]));
    let said = "4 figures, port_encounters_singles of 2024-01 the first of them, are 0 in all that was simulated";
    assert!(told.contains(said), "{told}");
    let none = border();
    let told = printed(none.0.path(), &validate(&["--discrepancy", "0.1"]));
    assert!(!told.contains("are 0 in all"), "{told}");
}

#[test]
fn a_threshold_that_is_passed_is_the_status() {
    let files = border();
    let here = files.0.path();
    let with = |option: &str, threshold: &str| {
        let fitted = ["--fitted", "2024-01..2024-01", option, threshold];
        portflow(here, &validate(&fitted))
    };
    with("--at-most", "irregular_encounters=30%").succeeded();
    with("--at-most", "held-out:irregular_encounters=10%").succeeded();
    with("--at-most", "irregular_encounters=10%")
        .failed_for("on average over 1 fitted months, more than 10%");
    with("--at-least", "held-out:irregular_encounters=1")
        .failed_for("over held-out months, less than 1");
    with("--at-most", "registrations=10%").refused_for("no month of `registrations`");
}

/// The results know which thresholds were tried, and what came of it.
#[test]
fn a_threshold_that_was_kept_is_kept_at_resume_and_one_that_was_passed_is_passed() {
    let files = border();
    let here = files.0.path();
    let run = |threshold: &str, out: &str, more: &[&str]| {
        let fitted = [
            "--fitted",
            "2024-01..2024-01",
            "--at-most",
            threshold,
            "--out",
            out,
        ];
        portflow(here, &validate(&[&fitted, more].concat()))
    };
    let (wide, narrow) = ("irregular_encounters=30%", "irregular_encounters=10%");
    let resume = ["--resume"];
    for more in [&[][..], &resume] {
        run(wide, "wide", more).succeeded();
        run(narrow, "narrow", more).failed_for("1 fitted months, more than 10%");
    }
    run(narrow, "wide", &resume).failed_for("was not tried when these results were made");
    fs::write(files.0.path().join("wide/thresholds.json"), "{").unwrap();
    run(wide, "wide", &resume).failed_for("error: cannot read `wide/thresholds.json`: EOF");
}

#[test]
fn draws_of_a_posterior_count_by_their_weights() {
    let files = border();
    let here = files.0.path();
    let key = "world.groups.walkers.arrivals.per_day";
    let draws = |file: &str, weights: [f64; 2]| {
        let [ten, twenty] = weights;
        let draws = format!("draw,weight,{key}\n1,{ten},10\n2,{twenty},20\n");
        fs::write(here.join(file), draws).unwrap();
    };
    draws("p.csv", [0.75, 0.25]);
    draws("q.csv", [0.25, 0.75]);
    let march = |more: &[&str]| {
        let told = document(here, &validate(more));
        let keys = [("column", "port_encounters"), ("month", "2024-03")];
        number(&row(&told["figures"], &keys)["median"])
    };
    let is_near = |median: f64, expected: f64| (median - expected).abs() < 15.0;
    assert!(is_near(march(&[]), 310.0));
    assert!(is_near(march(&["--posterior", "p.csv"]), 310.0));
    assert!(is_near(march(&["--posterior", "q.csv"]), 620.0));
    // What is set is held.
    let set = format!("{key}=20");
    let held = march(&["--posterior", "p.csv", "--set", &set]);
    assert!(is_near(held, 620.0), "{held}");
    // Sixty a day at the port are more than the forty between, and ten are not: a quarter of the weight exceeds, to the bit.
    let draws = format!("draw,weight,{key}\n1,0.75,10\n2,0.25,60\n");
    fs::write(here.join("r.csv"), draws).unwrap();
    let told = document(here, &validate(&["--posterior", "r.csv"]));
    assert_eq!(told["ports_exceed"][2]["probability"], 0.25);
    // Without -r, two replications of each draw are made.
    let args = ["validate", "a.toml", "--posterior", "p.csv"];
    let manifest = &document(here, &args)["manifest"];
    assert_eq!(
        (&manifest["replications"], &manifest["points"]),
        (&2.into(), &2.into())
    );
}

/// Draws of a calibration know the months that it was fitted to.
#[test]
fn draws_fitted_to_months_that_end_elsewhere_are_warned_of() {
    let files = border();
    let here = files.0.path();
    let args = ["--fitted", "2024-02..2024-03", "--posterior", "alike.csv"];
    let said = |day: &str| {
        fs::write(
            here.join("calibration.json"),
            format!("{{\"to\": \"{day}\"}}"),
        )
        .unwrap();
        portflow(here, &validate(&args)).warnings()
    };
    let later = said("2024-04-30");
    assert!(
        later.contains(
            "up to 2024-04, and here those up to 2024-03 count as fitted: they know months"
        ),
        "{later}"
    );
    let earlier = said("2024-02-29");
    assert!(
        earlier.contains("know nothing of the last months"),
        "{earlier}"
    );
    // Whole months are fitted to.
    for day in ["2024-03-31", "2024-04-15"] {
        assert_eq!(said(day), "");
    }
}

/// The draws are part of what is asked, and stand beside the results: those for others are not these.
#[test]
fn results_for_another_posterior_are_not_taken_for_these() {
    let files = border();
    let here = files.0.path();
    let write = |rate: u32| {
        let draws = format!("draw,weight,world.groups.walkers.arrivals.per_day\n1,1,{rate}\n");
        fs::write(here.join("p.csv"), draws).unwrap();
    };
    let asked = validate(&["--posterior", "p.csv", "--out", "results"]);
    let resumed = [&asked[..], &["--resume"]].concat();
    write(10);
    printed(here, &asked);
    let kept = printed(here, &resumed);
    let draws = ["p.csv", "results/posterior.csv"].map(|name| fs::read(here.join(name)).unwrap());
    assert_eq!(draws[0], draws[1]);
    write(20);
    portflow(here, &resumed).refused_for("what `posterior` names is another: its digest is ");
    write(10);
    assert_eq!(printed(here, &resumed), kept);
    // A key that is held is not drawn: another experiment, whatever its value.
    let held = ["--set", "world.groups.walkers.arrivals.per_day=10"];
    portflow(here, &[&resumed[..], &held].concat())
        .refused_for("`results` holds another experiment");
}

#[test]
fn areas_and_families_are_held_against_ports_and_party_sizes() {
    let files = border();
    let here = files.0.path();
    let asked = validate(&["--by-area", "areas.csv", "--by-family", "families.csv"]);
    let told = document(here, &asked);
    assert_eq!(told["areas"].as_array().map(Vec::len), Some(1));
    let area = row(
        &told["areas"],
        &[("area", "The coast"), ("month", "2024-02")],
    );
    assert!(
        (number(&area["relative_error"]) - 1.0).abs() < 0.1,
        "{area}"
    );
    assert_eq!(told["families"].as_array().map(Vec::len), Some(2));
    let family = |component| row(&told["families"], &[("component", component)]);
    let share = |component, figure: &str| number(&family(component)[figure]);
    assert_eq!(share("port", "observed"), 0.4);
    assert_eq!(share("port", "simulated"), 0.0);
    assert_eq!(share("port", "difference"), -0.4);
    // A quarter of those who cross are in pairs.
    assert_eq!(share("irregular", "observed"), 0.3);
    assert!((share("irregular", "simulated") - 0.25).abs() < 0.02);
    let table = printed(here, &[&asked[..], &["--out", "results"]].concat());
    for words in [
        "-40.0 points",
        "persons in parties of two or more",
        "The coast",
    ] {
        assert!(table.contains(words), "{words}: {table}");
    }
    let written = fs::read_to_string(here.join("results/families.csv")).unwrap();
    assert!(written.contains("\n2024-02,port,0.4,0,-0.4\n"), "{written}");
    // The tables are part of what is asked: results for another one are not these.
    fs::write(here.join("families.csv"), FAMILIES.replace(",60", ",61")).unwrap();
    let again = [&asked[..], &["--out", "results", "--resume"]].concat();
    portflow(here, &again).refused_for("what `by-family` names is another: its digest is ");
}

#[test]
fn what_stands_against_a_validation_is_told_before_anything_is_written() {
    let files = border();
    let here = files.0.path();
    let write = |name: &str, text: &str| fs::write(here.join(name), text).unwrap();
    write(
        "wrong.csv",
        &COUNTS.replace("irregular_encounters", "irregular"),
    );
    write("old.csv", "month,irregular_encounters\n2021-01,5\n");
    write("sailors.csv", &FAMILIES.replace("Single adults", "Sailors"));
    write(
        "drawn.csv",
        "draw,weight,world.groups.pairs.party_size.2\n1,1,0.5\n",
    );
    let cases: [(&[&str], &str); 15] = [
        (
            &["--data", "none.csv"],
            "--data: cannot read none.csv: there is no such file",
        ),
        (
            &["--at-most", "irregular_encounters=10"],
            "write irregular_encounters=10% for 10 percent",
        ),
        (
            &["--at-most", "irregular_encountered=10%"],
            "did you mean `irregular_encounters`?",
        ),
        (
            &["--fitted", "2020-01..2020-02"],
            "no month of it is simulated; the run is from",
        ),
        (
            &["--at-most", "held-out:irregular_encounters=10%"],
            "no month is held out; say with --fitted FROM..TO which were fitted to",
        ),
        (
            &["--data", "wrong.csv"],
            "`irregular` is neither a metric nor a metric of a group",
        ),
        (&["--data", "old.csv"], "no published month lies in the run"),
        (
            &["--by-area", "families.csv"],
            "the table has no column `area`",
        ),
        (
            &["--by-family", "sailors.csv"],
            "sailors.csv:4:14: error: `Sailors` is no category that is known",
        ),
        (
            &["--by-family", "none.csv"],
            "--by-family: cannot read none.csv",
        ),
        (
            &["--by-family", "families.csv", "--posterior", "drawn.csv"],
            "the draws change `world.groups.pairs.party_size.2`",
        ),
        (
            &["--discrepancy", "0.1", "--discrepancy", "0.2"],
            "--discrepancy: every other column has two",
        ),
        (
            &["--discrepancy", "pool_size=0.1"],
            "no month of `pool_size`",
        ),
        (&["--fitted", "2024-03..2024-02"], "ends before it begins"),
        (
            &["--months", "2020-01..2020-02"],
            "--months 2020-01..2020-02: no month of it is simulated",
        ),
    ];
    let before = names(here);
    for (more, said) in cases {
        portflow(here, &validate(&[more, &["--out", "results"]].concat())).refused_for(said);
        assert_eq!(names(here), before, "{more:?}");
    }
}

#[test]
fn a_discrepancy_that_no_column_takes_is_refused() {
    let files = rolling::fitted();
    let validate = ["validate", "a.toml", "--discrepancy", "0.1"];
    portflow(files.0.path(), &validate).refused_for("as in registrations=0.1");
}

/// From March on a third of the walkers come.
const A_THIRD_COMES: &str = "
[[event]]
date = 2024-03-01
set = { lawful_alternative_share.walkers = 0.67 }
";

/// What a replication of another seed has at the port is published, so that counts have chance of their own; between two values of a
/// replication each would lie a third of the time only. Of a figure at a third of the level three times as much is chance.
#[test]
fn intervals_of_two_replications_have_all_of_chance_at_each_level() {
    let random = BORDER.replace(
        "arrivals = { process = \"fixed\", per_day = 10 }\nweights = { app = 0.0, walk_up",
        "arrivals = { per_day = 10 }\nweights = { app = 0.0, walk_up",
    );
    assert_ne!(random, BORDER);
    let random = random + A_THIRD_COMES;
    let files = Files::new(&[("a.toml", &random), ("observed.csv", COUNTS)]);
    let here = files.0.path();
    let scenario = files.load("a.toml", &[]).unwrap().scenario;
    let layout = Layout::of(&scenario, Detail::Summary);
    let months = ["2024-01", "2024-02", "2024-03", "2024-04"];
    let mut held = [0; 4];
    for seed in 1..=40 {
        let observed = layout.observe(&simulate(&scenario, 1000 + seed, 0).unwrap());
        let mut published = "month,port_encounters_walkers\n".to_owned();
        for month in months {
            let key = layout.select(&format!("port_encounters@{month}")).unwrap();
            let figure = observed.values[layout.position(key).unwrap()].unwrap();
            writeln!(published, "{month},{figure}").unwrap();
        }
        fs::write(here.join("observed.csv"), published).unwrap();
        let seed = seed.to_string();
        let asked = validate(&["--discrepancy", "0.001", "--seed", &seed]);
        let told = document(here, &asked);
        for (held, month) in held.iter_mut().zip(months) {
            let keys = [("column", "port_encounters_walkers"), ("month", month)];
            *held += usize::from(row(&told["figures"], &keys)["inside"] == true);
        }
    }
    // 64 of 80 are asked for, though four pairs tell how much is chance; 3.5 standard errors are 12.5.
    for held in [held[0] + held[1], held[2] + held[3]] {
        assert!((52..=76).contains(&held), "{held}");
    }
}
