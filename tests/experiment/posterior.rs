//! Forecasts from a posterior: the same on every machine, equal to what its values give alone, and true about what is uncertain.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use super::{command_to_see_it, kill_on_the_way, shards_join, tree};
use crate::tools::Files;
use crate::tools::command::{portflow, rows};
use crate::tools::three::{OBSERVED, THREE};

/// Some milliseconds a replication; nobody crosses between ports. 60 days.
const BASE: &str = "[run]
start = 2024-01-01
end = 2024-02-29
[world.groups.all]
arrivals.per_day = 150
[policy.ports.only]
";
const SAME: &str = "extends = \"base.toml\"\n";
const ARRIVALS: &str = "world.groups.all.arrivals.per_day";

/// Draws of a key, all of the same weight.
fn posterior(key: &str, values: impl IntoIterator<Item = f64>) -> String {
    let mut text = format!("draw,weight,{key}\n");
    for (draw, value) in (1..).zip(values) {
        writeln!(text, "{draw},0.1,{value}").unwrap();
    }
    text
}

fn files() -> Files {
    let draws = posterior(ARRIVALS, (0..10).map(|draw| f64::from(100 + 10 * draw)));
    Files::new(&[
        ("base.toml", BASE),
        ("same.toml", SAME),
        ("p.csv", &draws),
        ("other.csv", &draws.replace("2,0.1", "2,0.2")),
    ])
}

fn printed(here: &Path, args: &[&str]) -> String {
    portflow(here, args).succeeded()
}

fn document(here: &Path, args: &[&str]) -> Value {
    portflow(here, &[args, &["--format", "json"]].concat()).document()
}

const RUN: [&str; 4] = ["run", "base.toml", "--posterior", "p.csv"];
const COMPARE: [&str; 5] = ["compare", "base.toml", "same.toml", "--posterior", "p.csv"];
const SWEEP: [&str; 6] = [
    "sweep",
    "base.toml",
    "--set",
    "policy.app.open=true|false",
    "--posterior",
    "p.csv",
];

#[test]
fn a_run_has_the_same_bytes_on_any_threads_killed_and_resumed() {
    let files = files();
    let here = files.0.path();
    let whole = printed(
        here,
        &[&RUN[..], &["--out", "whole", "--threads", "1"]].concat(),
    );
    let whole_tree = tree(&here.join("whole"));
    assert!(whole_tree.contains_key("variance.csv"));
    assert_eq!(
        whole_tree["posterior.csv"],
        std::fs::read(here.join("p.csv")).unwrap()
    );
    let two = [&RUN[..], &["--out", "two", "--threads", "2"]].concat();
    assert_eq!(printed(here, &two), whole);
    assert_eq!(tree(&here.join("two")), whole_tree);

    let resume = [&RUN[..], &["--out", "results", "--resume"]].concat();
    kill_on_the_way(here, &resume, "results", 1);
    assert_eq!(printed(here, &resume), whole);
    assert_eq!(tree(&here.join("results")), whole_tree);

    let other = [&RUN[..3], &["other.csv", "--out", "whole", "--resume"]].concat();
    portflow(here, &other).refused_for("posterior");
}

#[test]
fn shards_are_joined_to_the_bytes_of_the_whole() {
    for command in [&RUN[..], &COMPARE, &SWEEP] {
        let files = files();
        let here = files.0.path();
        let whole = printed(here, &[command, &["--out", "whole"]].concat());
        shards_join(here, command, 2, &whole);
        let kept = here.join("1/posterior.csv");
        let changed = std::fs::read_to_string(&kept).unwrap();
        std::fs::write(&kept, changed.replace("0.1", "0.2")).unwrap();
        portflow(here, &["merge", "1", "2", "--out", "again"])
            .refused_for("posterior.csv` has been changed since it was run");
    }
}

#[test]
fn one_draw_gives_the_means_of_its_values_laid_over_the_file() {
    let files = files();
    let here = files.0.path();
    std::fs::write(here.join("one.csv"), posterior(ARRIVALS, [180.5])).unwrap();
    let drawn = document(
        here,
        &["run", "base.toml", "--posterior", "one.csv", "-r", "3"],
    );
    let many = [
        "run",
        "base.toml",
        "--posterior",
        "one.csv",
        "--futures",
        "4000000000",
    ];
    portflow(here, &many).refused_for("4000000000 times 1 are more simulations");
    let set = format!("{ARRIVALS}=180.5");
    let laid = document(here, &["run", "base.toml", "--set", &set, "-r", "3"]);
    assert_eq!(
        (&drawn["futures"], &drawn["replications_per_future"]),
        (&1.into(), &3.into())
    );
    let [drawn, laid] = [drawn, laid].map(|mut of| of["totals"]["metrics"].take());
    let laid = laid.as_object().unwrap();
    assert!(laid.len() > 20);
    for (metric, of) in laid {
        assert_eq!(drawn[metric]["mean"], of["mean"], "{metric}");
        // One future has no interval: nothing is known of other parameters.
        assert!(drawn[metric]["lower"].is_null());
    }
}

/// Arrivals over 60 days are Poisson, of variance 9,000 at 150 a day, and vary by 60² · 2.5 = 9,000 more where the rate is 150 ± √2.5,
/// each with probability 1/2. Of 200 futures with two replications the share of 1/2 has a standard error of less than 0.053
/// ((1 - ρ²) / √200), and α = 0.001 two-sided gives 3.29 of them. The interval counts futures: its half-width is
/// 1.97 · √((9,000 + 9,000 / 2) / 200) = 16.2, give or take a sixth.
#[test]
fn parameters_and_chance_of_equal_variance_have_half_of_it_each() {
    let two = posterior(ARRIVALS, [150.0 - 2.5_f64.sqrt(), 150.0 + 2.5_f64.sqrt()]);
    let files = Files::new(&[("base.toml", BASE), ("two.csv", &two)]);
    let args = [
        "run",
        "base.toml",
        "--posterior",
        "two.csv",
        "--futures",
        "200",
        "-r",
        "2",
    ];
    let document = document(files.0.path(), &args);
    assert_eq!(document["n_counts"], "futures");
    let arrivals = &document["totals"]["metrics"]["arrivals"];
    let [share, mean, upper] =
        ["world_share", "mean", "upper"].map(|of| arrivals[of].as_f64().unwrap());
    assert!((share - 0.5).abs() < 3.29 * 0.053, "{share}");
    assert_eq!(arrivals["n"], 200);
    assert!((upper - mean - 16.2).abs() < 2.7, "{}", upper - mean);
    assert!((mean - 9000.0).abs() < 3.29 * 16.2 / 1.97, "{mean}");
}

/// As for the futures of a comparison: a share of nothing stays below 0.35 with 99.9%.
#[test]
fn a_parameter_that_cannot_matter_has_no_share_and_one_that_rules_has_nearly_all() {
    let harmless = "world.irregular.repeat_after_return_share";
    let draws = |key: &str, from: f64, step: f64| {
        posterior(key, (0..20).map(|draw| from + step * f64::from(draw)))
    };
    let files = Files::new(&[
        ("base.toml", BASE),
        ("rules.csv", &draws(ARRIVALS, 100.0, 5.0)),
        ("harmless.csv", &draws(harmless, 0.0, 0.05)),
    ]);
    for (file, is_ruled) in [("rules.csv", true), ("harmless.csv", false)] {
        let args = ["run", "base.toml", "--posterior", file, "-r", "4"];
        let document = document(files.0.path(), &args);
        let share = &document["totals"]["metrics"]["arrivals"]["world_share"];
        let share = share.as_f64().unwrap();
        assert_eq!(share > 0.98, is_ruled, "{share}");
        assert!(is_ruled || share < 0.35, "{share}");
    }
}

#[test]
fn the_table_says_how_much_is_parameters_and_how_much_is_chance() {
    let files = files();
    let said = printed(files.0.path(), &RUN);
    assert!(
        said.contains("Means over 10 futures of 2 replications each"),
        "{said}"
    );
    assert!(
        said.contains("The futures differ in their parameters, drawn from p.csv"),
        "{said}"
    );
    let told = said.lines().find(|line| line.starts_with("The futures"));
    let told = told.and_then(|told| told.split("pool at the end ").nth(1));
    let share: f64 = told
        .and_then(|told| told.split('%').next())
        .unwrap()
        .parse()
        .unwrap();
    assert!(share > 90.0, "{said}");
}

#[test]
fn a_run_in_the_ranges_of_its_file_needs_no_posterior() {
    let ranges =
        format!("{BASE}[futures.\"{ARRIVALS}\"]\nlow = 100\nhigh = 200\nsource = \"assumed\"\n");
    let files = Files::new(&[("base.toml", &ranges), ("none.toml", BASE)]);
    let here = files.0.path();
    let plain = document(here, &["run", "base.toml", "-r", "2"]);
    assert!(plain["futures"].is_null());
    let futures = document(here, &["run", "base.toml", "--futures", "6"]);
    assert_eq!(futures["futures"], 6);
    let arrivals = &futures["totals"]["metrics"]["arrivals"];
    assert_eq!(arrivals["n"], 6);
    assert!(arrivals["world_share"].as_f64().unwrap() > 0.9);
    portflow(here, &["run", "none.toml", "--futures", "6"])
        .refused_for("--futures needs a table `[futures]`");
}

#[test]
fn comparisons_and_sweeps_are_of_the_same_draws_for_all() {
    let files = files();
    let here = files.0.path();
    let judged = ["--objective", "irregular_encounters:min"];
    let compared = document(here, &[&COMPARE[..], &judged].concat());
    assert_eq!(compared["futures"], 10);
    assert_eq!(compared["manifest"]["options"]["posterior"], "p.csv");
    assert!(compared["regret"].is_object());
    let differences = compared["differences"].as_array().unwrap();
    assert!(differences.len() > 50);
    for row in differences {
        assert!(
            row["difference"].is_null() || row["difference"] == 0.0,
            "{row}"
        );
    }
    let is_arrivals = |row: &&Value| row["metric"] == "arrivals" && row["month"].is_null();
    let arrivals = differences.iter().find(is_arrivals).unwrap();
    assert!(arrivals["world_share_base"].as_f64().unwrap() > 0.9);

    let swept = [&SWEEP[..], &["--metric", "arrivals", "--format", "csv"]].concat();
    let mean = arrivals["base"].as_f64().unwrap().to_string();
    let points = rows(&printed(here, &swept));
    assert_eq!(points.len(), 2);
    for point in points {
        assert_eq!((&*point["mean"], &*point["n"]), (&*mean, "10"));
        assert!(point["world_share"].parse::<f64>().unwrap() > 0.9);
    }
}

#[test]
fn the_posterior_goes_before_ranges_and_files_and_after_what_is_set() {
    let ranges =
        format!("{BASE}[futures.\"{ARRIVALS}\"]\nlow = 1000\nhigh = 2000\nsource = \"assumed\"\n");
    let draws = posterior(ARRIVALS, [20.0, 20.0]);
    let repeat = "world.irregular.repeat_after_removal_share";
    let two = format!("draw,weight,{ARRIVALS},{repeat}\n1,1,20,0.1\n2,1,20,0.2\n");
    let files = Files::new(&[("base.toml", &ranges), ("p.csv", &draws), ("two.csv", &two)]);
    let here = files.0.path();
    let arrivals = |document: &Value| {
        let mean = &document["totals"]["metrics"]["arrivals"]["mean"];
        mean.as_f64().unwrap()
    };
    // 20 a day for 60 days, four times: standard deviation of the mean √(1,200 / 4).
    let mean = arrivals(&document(here, &RUN));
    assert!((mean - 1200.0).abs() < 4.0 * 300.0_f64.sqrt(), "{mean}");

    // What is set is held in every future, and said to be.
    let set = format!("{ARRIVALS}=1500");
    portflow(here, &[&RUN[..], &["--set", &set]].concat())
        .refused_for("nothing is left to draw in futures");
    let held = ["run", "base.toml", "--posterior", "two.csv", "--set", &set];
    let said = portflow(here, &held).warnings();
    let reason = format!("`{ARRIVALS}` has the value that is set here");
    assert!(said.contains(&reason), "{said}");
    let mean = arrivals(&document(here, &held));
    assert!((mean - 90_000.0).abs() < 1_000.0, "{mean}");
    let whole = printed(here, &[&held[..], &["--out", "whole"]].concat());
    shards_join(here, &held, 2, &whole);

    let set = format!("{ARRIVALS}=500|1000");
    let args = ["sweep", "base.toml", "--set", &set, "--posterior", "p.csv"];
    let said = portflow(here, &args).refused();
    assert!(
        said.contains("what the posterior, or `[futures]`, says of it is not used"),
        "{said}"
    );
    assert!(
        said.contains("nothing is left to draw in futures"),
        "{said}"
    );
}

#[test]
fn a_draw_that_a_range_spoils_is_named_with_the_command_that_shows_it() {
    let pool = "world.groups.all.initial_pool";
    let base = BASE.replace(
        "[policy.ports.only]",
        "initial_pool = { north_persons = 100, mean_age_days = 20, max_age_days = 60 }\n[policy.ports.only]",
    );
    let base = format!("{base}[futures.\"{pool}.max_age_days\"]\nlow = 30\nhigh = 60\n");
    let draws = posterior(&format!("{pool}.mean_age_days"), [10.0, 20.0, 55.0]);
    let files = Files::new(&[("base.toml", &base), ("p.csv", &draws)]);
    let here = files.0.path();
    let run = portflow(
        here,
        &[&RUN[..], &["-r", "1", "--seed", "3", "--format", "json"]].concat(),
    );
    let said = run.failed();
    let words = command_to_see_it(&said);
    assert!(words.contains(&"--replication"), "{words:?}");
    portflow(here, &words).refused_for("the mean age of the pool is 55 days");
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["totals"]["metrics"]["arrivals"]["n"], 2);
}

#[test]
fn a_wrong_posterior_is_refused_at_its_place_before_anything_runs() {
    let files = files();
    let here = files.0.path();
    for (text_of_file, reason) in [
        (
            "draw,weight,world.groups.al.arrivals.per_day\n1,1,5\n".to_owned(),
            "bad.csv:1:13: error: there is no group `al`",
        ),
        (
            posterior(ARRIVALS, [-5.0]),
            "bad.csv:2:7: error: -5 is beyond what",
        ),
        (
            posterior(ARRIVALS, []),
            "bad.csv:1:1: error: the table has no draws",
        ),
        (
            posterior(ARRIVALS, [5.0, 6.0]).replace("2,0.1", "1,0.1"),
            "bad.csv:3:1: error: draw `1` is given twice, on line 2 and on line 3",
        ),
    ] {
        std::fs::write(here.join("bad.csv"), text_of_file).unwrap();
        for command in [&RUN[..3], &COMPARE[..4], &SWEEP[..5]] {
            portflow(here, &[command, &["bad.csv", "--out", "out"]].concat()).refused_for(reason);
            assert!(!here.join("out").exists() && !here.join("out.unfinished").exists());
        }
    }
    for (args, reason) in [
        (
            vec!["run", "base.toml", "--posterior", "none.csv"],
            "cannot read none.csv: there is no such file",
        ),
        (
            [&COMPARE[..], &["--futures", "0"]].concat(),
            "--futures 0 asks for none",
        ),
    ] {
        portflow(here, &args).refused_for(reason);
    }
}

/// Numbers of the scenario beside drawn ones may be meant, and may be a column that was lost.
#[test]
fn fitted_keys_without_a_column_are_warned_of_unless_they_are_set() {
    let draws = posterior("event.step.set.crossing.deterrence", [0.4, 0.5]);
    let files = Files::new(&[
        ("a.toml", THREE),
        ("observed.csv", OBSERVED),
        ("p.csv", &draws),
    ]);
    let said = |command: &[&str]| {
        let args = [command, &["--posterior", "p.csv", "-r", "2"]].concat();
        portflow(files.0.path(), &args).warnings()
    };
    let of = |keys: &str| {
        format!(
            "warning: `p.csv` has no column of {keys}, which `[calibrate]` fits: the scenario's own values are taken\n"
        )
    };
    let level = "`world.groups.all.arrivals.per_day`";
    let odds = "`world.groups.all.weights.irregular`";
    for command in ["run", "validate"] {
        assert_eq!(said(&[command, "a.toml"]), of(&format!("{level}, {odds}")));
    }
    let set = ["--set", "world.groups.all.weights.irregular=0.4"];
    assert_eq!(said(&[&["run", "a.toml"], &set[..]].concat()), of(level));
    let tried = ["--set", "world.groups.all.arrivals.per_day=5|6"];
    assert_eq!(
        said(&[&["sweep", "a.toml"], &set[..], &tried[..]].concat()),
        ""
    );
}

/// A scenario that extends the one that was fitted, and gives one of the numbers that are drawn.
#[test]
fn a_value_of_the_file_that_every_draw_replaces_is_warned_of() {
    const SHARE: &str = "policy.app.random_share";
    let draws = format!("draw,weight,{ARRIVALS},{SHARE}\n1,0.5,100,0.2\n2,0.5,110,0.3\n");
    let own = format!("extends = \"base.toml\"\n{SHARE} = 0.9\n");
    let base = BASE.replace(
        "[policy.ports",
        "[policy.app]\nrandom_share = 0.25\n[policy.ports",
    );
    let fits = format!(
        "extends = \"base.toml\"\n{SHARE} = 0.5\n[observed]\nfile = \"o.csv\"\n[calibrate]\nfrom = 2024-01-01\nto = 2024-01-31\n\
         [calibrate.parameters.share]\nkeys = [\"{SHARE}\"]\nlow = 0\nhigh = 1\nsource = \"assumed\"\n\
         [calibrate.targets]\nport_encounters = {{ sd = 0.1 }}\n"
    );
    let files = Files::new(&[
        ("base.toml", &base),
        ("own.toml", &own),
        ("fits.toml", &fits),
        ("o.csv", "month,port_encounters\n2024-01,3000\n"),
        ("p.csv", &draws),
    ]);
    let said = |args: &[&str]| {
        let futures = ["--posterior", "p.csv", "--futures", "2", "-r", "2"];
        portflow(files.0.path(), &[args, &futures].concat()).warnings()
    };
    assert_eq!(
        said(&["run", "own.toml"]),
        "warning: every draw of `p.csv` replaces what `own.toml` sets: `policy.app.random_share`; to keep a value, give it with --set\n"
    );
    // The fitted scenario itself has a value for all that is drawn, and one that is fitted inherits some.
    assert_eq!(said(&["run", "base.toml"]), "");
    assert!(!said(&["run", "fits.toml"]).contains("replaces"));
    let compared = said(&["compare", "base.toml", "own.toml"]);
    assert!(
        compared.contains("`own` sets `policy.app.random_share`, which is uncertain"),
        "{compared}"
    );
    let set = said(&["run", "own.toml", "--set", "policy.app.random_share=0.9"]);
    assert!(!set.contains("replaces"), "{set}");
}

/// Draws of another fit have keys that this one does not fit, and other values of those that it does.
#[test]
fn draws_of_keys_that_are_not_fitted_are_warned_of() {
    let said = |key: &str| {
        let draws = posterior(key, [0.4, 0.5]);
        let files = Files::new(&[
            ("a.toml", THREE),
            ("observed.csv", OBSERVED),
            ("p.csv", &draws),
        ]);
        let args = ["run", "a.toml", "--posterior", "p.csv", "-r", "2"];
        portflow(files.0.path(), &args).warnings()
    };
    let of = |key: &str| format!("`p.csv` has draws of `{key}`, which `[calibrate]` does not fit");
    let strange = "world.groups.all.weights.app";
    assert!(said(strange).contains(&of(strange)));
    assert!(
        said(strange)
            .contains("it may be of another fit, of which no value belongs to this scenario")
    );
    let fitted = "world.groups.all.weights.irregular";
    assert!(!said(fitted).contains(&of(fitted)));
}
