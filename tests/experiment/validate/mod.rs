//! `portflow validate` from the command line.

mod forecasts;
mod posterior;
mod rolling;
mod thresholds;

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::names;
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

/// With twice the slots that are needed, all wait for the next allocation: half a day.
#[test]
fn waits_are_told_in_days_and_not_as_whole_persons() {
    let waits = BORDER
        .replace("open = false", "slots_per_day = 40")
        .replace("{ app = 0.0, walk_up = 1.0 }", "{ app = 1.0 }")
        .replace("officers = 100", "officers = 100\nslots_per_day = 40");
    let counts = "month,wait_days_median\n2024-01,0.4\n2024-02,0.6\n";
    let files = Files::new(&[("a.toml", &waits), ("observed.csv", counts)]);
    let said = portflow(files.0.path(), &["validate", "a.toml", "-r", "2"]).succeeded();
    let row = |month: &str| said.lines().find(|line| line.contains(month)).unwrap();
    let cells = |month| row(month).split_whitespace().collect::<Vec<_>>();
    assert_eq!(cells("2024-01")[2..5], ["0.4", "0.5", "0.5"], "{said}");
    assert_eq!(cells("2024-02")[2..5], ["0.6", "0.5", "0.5"], "{said}");
}
