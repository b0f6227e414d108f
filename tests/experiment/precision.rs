//! `--precision`: replications until figures are known well enough, the same on any number of threads and after a kill.

use std::fs;
use std::path::Path;

use portflow::stats::{Level, Moments, Precision};
use serde_json::Value;

use super::{SMALL, kill_on_the_way, names, tree, values};
use crate::tools::Files;
use crate::tools::command::{json_of, portflow};

/// Until the month whose arrivals are asked for.
fn short() -> String {
    SMALL.replace("2024-06-30", "2024-02-29")
}

/// 8,700 Poisson arrivals vary by 93 or 1.07%: (1.96 · 1.07 / 0.16)² = 172 replications.
const RUN: [&str; 4] = ["run", "a.toml", "--precision", "arrivals@2024-02=0.16%"];

fn in_directory<'a>(command: &[&'a str], out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [command, &["--out", out], more].concat()
}

fn done(here: &Path, args: &[&str]) -> String {
    portflow(here, args).succeeded()
}

fn manifest(results: &Path) -> Value {
    json_of(&results.join("manifest.json"))
}

#[test]
fn replications_stop_at_the_first_that_is_enough_on_any_number_of_threads() {
    let files = Files::new(&[("a.toml", &short())]);
    let here = files.0.path();
    let said = done(here, &in_directory(&RUN, "one", &["--threads", "1"]));
    let on_two = done(here, &in_directory(&RUN, "two", &["--threads", "2"]));
    assert_eq!(said, on_two);
    assert_eq!(tree(&here.join("one")), tree(&here.join("two")));

    let values = values(&here.join("one"), "2024-02", "arrivals");
    let precision: Precision = "0.16%".parse().unwrap();
    let mut moments = Moments::default();
    let enough = values.iter().position(|&value| {
        moments.add(value);
        precision.reached(&moments, Level::USUAL)
    });
    let made = values.len();
    assert_eq!(enough, Some(made - 1), "of {made}");
    assert!((40..900).contains(&made), "{made}");
    let manifest = manifest(&here.join("one"));
    assert_eq!(manifest["replications"], made);
    assert_eq!(manifest["options"]["precision"], "arrivals@2024-02=0.16%");
    assert_eq!(manifest["options"]["max_replications"], "1000");
    let sentence =
        format!("Precision of arrivals@2024-02, asked 0.16%: reached after {made} replications, ");
    assert!(said.contains(&sentence), "{said}");
}

#[test]
fn killed_and_resumed_they_stop_where_they_would_have() {
    let files = Files::new(&[("a.toml", &short())]);
    let here = files.0.path();
    let whole = done(here, &in_directory(&RUN, "whole", &[]));
    let resume = in_directory(&RUN, "results", &["--resume", "--threads", "2"]);
    for records in [5, 30] {
        kill_on_the_way(here, &resume, "results", records);
    }
    assert_eq!(done(here, &resume), whole);
    assert_eq!(tree(&here.join("results")), tree(&here.join("whole")));
    assert_eq!(names(here), ["a.toml", "results", "whole"]);
    let again = portflow(here, &resume).warnings();
    assert!(again.ends_with("nothing to do\n"), "{again}");
    let other = ["run", "a.toml", "--precision", "arrivals@2024-02=0.2%"];
    portflow(here, &in_directory(&other, "results", &["--resume"]))
        .refused_for("holds another experiment: precision is");
}

#[test]
fn what_cannot_be_reached_ends_with_the_maximum_and_says_so() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let wanted = [
        "--precision",
        "arrivals=0.0001%",
        "--precision",
        "pool_size=1000",
    ];
    let most = ["--max-replications", "12"];
    let run = [&["run", "a.toml"], &wanted[..], &most].concat();
    let said = done(files.0.path(), &run);
    let not_reached = "Precision of arrivals, asked 0.0001%: not reached, the maximum of 12 replications came first, ";
    assert!(said.contains(not_reached), "{said}");
    let reached = "Precision of pool_size, asked 1000: reached after 12 replications, ";
    assert!(said.contains(reached), "{said}");
    let document = portflow(files.0.path(), &[&run[..], &["--format", "json"]].concat()).document();
    assert_eq!(document["manifest"]["replications"], 12);
    let rows = document["precision"].as_array().unwrap();
    assert_eq!(rows[0]["reached"], false);
    assert_eq!(rows[1]["reached"], true);
    assert_eq!(rows[1]["n"], 12);
    // It is no failure, as the help says too.
    let help = portflow(files.0.path(), &["--help"]).succeeded();
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        help.contains("A --precision that is not reached is no failure"),
        "{help}"
    );
}

#[test]
fn at_least_ten_replications_are_made_and_more_if_asked_for() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let easy = [
        "run",
        "a.toml",
        "--precision",
        "arrivals=50%",
        "--format",
        "json",
    ];
    for (more, made) in [(&[][..], 10), (&["-r", "3"], 10), (&["-r", "13"], 13)] {
        let document = portflow(files.0.path(), &[&easy[..], more].concat()).document();
        assert_eq!(document["manifest"]["replications"], made, "{more:?}");
    }
}

#[test]
fn a_comparison_looks_at_the_difference_of_every_variant() {
    let a = &short();
    let more = a.replace("300", "330");
    let files = Files::new(&[("a.toml", a), ("b.toml", &more), ("same.toml", a)]);
    let here = files.0.path();
    let compare = ["compare", "a.toml", "b.toml", "same.toml"];
    let wanted = ["--precision", "arrivals=0.5%", "--threads"];
    let compare = [&compare[..], &wanted].concat();
    let on = |threads, out| done(here, &[&compare[..], &[threads, "--out", out]].concat());
    let said = on("1", "one");
    assert_eq!(said, on("2", "two"));
    assert_eq!(tree(&here.join("one")), tree(&here.join("two")));
    let made = &manifest(&here.join("one"))["replications"];
    for variant in ["b", "same"] {
        let sentence = format!(
            "Precision of arrivals for {variant}, asked 0.5%: reached after {made} replications, "
        );
        assert!(said.contains(&sentence), "{said}");
    }
    // Without the goal the same replications give the same differences.
    let fixed = [
        "compare",
        "a.toml",
        "b.toml",
        "same.toml",
        "-r",
        &made.to_string(),
    ];
    done(here, &in_directory(&fixed, "fixed", &[]));
    let [rows, fixed] = ["one", "fixed"]
        .map(|results| fs::read_to_string(here.join(results).join("differences.csv")).unwrap());
    assert_eq!(rows, fixed);
    // And one replication fewer is not enough: of a difference that is 0 in all there must be a hundred.
    assert_eq!(made.as_u64(), Some(100));
    let fewer = (made.as_u64().unwrap() - 1).to_string();
    let said = done(
        here,
        &[&compare[..], &["2", "--max-replications", &fewer]].concat(),
    );
    assert!(
        said.contains("Precision of arrivals for same, asked 0.5%: not reached"),
        "{said}"
    );
}

#[test]
fn goals_are_checked_before_anything_runs() {
    let other = SMALL.replace("ports.only", "ports.another");
    let files = Files::new(&[("a.toml", SMALL), ("b.toml", &other)]);
    let here = files.0.path();
    for (command, reason) in [
        (
            &["run", "a.toml", "--precision", "arivals=1%"][..],
            "no metric is called `arivals`; did you mean `arrivals`?",
        ),
        (
            &[
                "compare",
                "a.toml",
                "b.toml",
                "--precision",
                "arrivals=1%",
                "--best",
                "arrivals:min",
            ],
            "cannot be used with",
        ),
        (
            &["run", "a.toml", "--max-replications", "20"],
            "--max-replications needs a --precision",
        ),
        (
            &["run", "a.toml", "--precision", "arrivals@2023-02=1%"],
            "which is from 2024-01 to 2024-06",
        ),
        (
            &["run", "a.toml", "--precision", "arrivals"],
            "expected METRIC",
        ),
        (&["run", "a.toml", "--precision", "arrivals=0"], "found `0`"),
        (
            &[
                "run",
                "a.toml",
                "--precision",
                "arrivals=1%",
                "--max-replications",
                "9",
            ],
            "--max-replications 9 is below the 10 replications",
        ),
        (
            &[
                "run",
                "a.toml",
                "--precision",
                "arrivals=1%",
                "--shard",
                "1/2",
                "--out",
                "part",
            ],
            "--precision cannot go with --shard: a part does not know",
        ),
        (
            &[
                "compare",
                "a.toml",
                "b.toml",
                "--precision",
                "port_encounters/only=1%",
            ],
            "`b` has no port_encounters/only to compare",
        ),
    ] {
        portflow(here, command).refused_for(reason);
        assert_eq!(names(here), ["a.toml", "b.toml"]);
    }
}
