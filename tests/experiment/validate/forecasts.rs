//! Forecasts of months held out and of months to come, and the simple forecasts beside them.

use std::fmt::Write as _;
use std::fs;

use portflow::model::simulate;
use portflow::record::{Detail, Layout};
use serde_json::Value;

use super::{BORDER, COUNTS, border, document, number, printed, row, validate};
use crate::tools::Files;
use crate::tools::command::portflow;

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
