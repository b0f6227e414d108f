//! Sweeps from the command line.

mod sensitivity;
mod watched;

use std::fs;
use std::path::Path;

use super::{kill_on_the_way, names, shards_join, tree};
use crate::tools::Files;
use crate::tools::command::portflow;

/// A millisecond a replication. With more walk-ups than persons who come there is nobody to turn back.
const BORDER: &str = "title = \"A small border\"
world.initial_bookings = 1.0
[run]
start = 2024-01-01
end = 2024-02-29
replications = 3
[world.groups.all]
arrivals.per_day = 100
[policy.app]
slots_per_day = 60
[policy.ports.only]
slots_per_day = 60
officers = 1
appointment_times = [08:00:00]
";

const EXPERIMENT: &str = "base = \"a.toml\"
variants = [\"b.toml\"]
metrics = [\"port_encounters@2024-02\", \"pool_size\"]
design = \"latin\"
points = 4
replications = 2
seed = 9
[sweep]
policy.app.slots_per_day = \"40..80\"
";

/// Two uncertain numbers, of which one has no greatest value.
const FUTURES: &str = "[futures.\"world.groups.all.arrivals.per_day\"]
distribution = \"lognormal\"
median = 60
spread = 1.3
source = \"assumed\"
[futures.\"world.irregular.repeat_after_removal_share\"]
low = 0.1
high = 0.3
source = \"assumed\"
";

fn files() -> Files {
    Files::new(&[
        ("a.toml", BORDER),
        (
            "b.toml",
            "title = \"Drawn by lot\"\nextends = \"a.toml\"\npolicy.app.random_share = 1\n",
        ),
        ("e.toml", EXPERIMENT),
    ])
}

const SLOTS: &str = "policy.app.slots_per_day=40|80";
const SHARE: &str = "policy.app.random_share=0..1:3";
const SWEEP: [&str; 6] = ["sweep", "a.toml", "--set", SLOTS, "--set", SHARE];

fn done(here: &Path, command: &[&str], more: &[&str]) -> String {
    portflow(here, &[command, more].concat()).succeeded()
}

fn lines(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_grid_has_a_row_for_each_combination_and_replication() {
    let files = files();
    let here = files.0.path();
    done(here, &SWEEP, &["--out", "results"]);
    let expected = [
        "manifest.json",
        "points.csv",
        "runs.csv",
        "scenario.resolved.toml",
        "watched.csv",
    ];
    assert_eq!(names(&here.join("results")), expected);
    let runs = lines(&here.join("results/runs.csv"));
    assert_eq!(
        runs[0],
        "point,policy.app.slots_per_day,policy.app.random_share,replication,port_encounters,\
         irregular_encounters,share_at_ports,wait_days_median,wait_days_p90,registrations"
    );
    assert_eq!(runs.len(), 1 + 6 * 3);
    assert!(runs[1].starts_with("0,40,0,0,"), "{}", runs[1]);
    assert!(runs[18].starts_with("5,80,1,2,"), "{}", runs[18]);
    let points = lines(&here.join("results/points.csv"));
    assert_eq!(points.len(), 1 + 6 * 6);
}

#[test]
fn what_a_sweep_does_not_use_is_told() {
    let files = files();
    let here = files.0.path();
    let variant = "extends = \"a.toml\"\nrun.seed = 7\n";
    fs::write(here.join("b.toml"), variant).unwrap();
    fs::write(here.join("e.toml"), EXPERIMENT.replace("seed = 9\n", "")).unwrap();
    let said = |args: &[&str]| portflow(here, args).warnings();
    let seed = "warning: the seed 7 of `b` is not used";
    let warned = said(&["sweep", "e.toml"]);
    assert!(warned.contains(seed), "{warned}");
    assert_eq!(said(&["sweep", "e.toml", "--seed", "5"]), "");

    fs::write(here.join("f.toml"), format!("{BORDER}{FUTURES}")).unwrap();
    let sweep = |arrivals: &str| {
        let arrivals = format!("world.groups.all.arrivals.per_day={arrivals}");
        said(&["sweep", "f.toml", "--set", SLOTS, "--set", &arrivals])
    };
    let held = "warning: `world.groups.all.arrivals.per_day` has the value that is set here";
    let warned = sweep("80");
    assert!(warned.contains(held), "{warned}");
    // Values tried of it are tried in place of the range.
    assert!(!sweep("60|80").contains(held));
}

#[test]
fn threads_and_shards_do_not_show_in_any_byte() {
    let files = files();
    let here = files.0.path();
    let whole = done(here, &SWEEP, &["--out", "whole", "--threads", "1"]);
    let two = done(here, &SWEEP, &["--out", "two", "--threads", "2"]);
    assert_eq!(two, whole);
    assert_eq!(tree(&here.join("two")), tree(&here.join("whole")));
    shards_join(here, &SWEEP, 4, &whole);
}

#[test]
fn an_experiment_file_names_variants_design_and_figures_and_the_command_line_goes_before_it() {
    let files = files();
    let here = files.0.path();
    let whole = done(here, &["sweep", "e.toml"], &["--out", "whole"]);
    let runs = lines(&here.join("whole/runs.csv"));
    let header =
        "point,variant,policy.app.slots_per_day,replication,port_encounters@2024-02,pool_size";
    assert_eq!(runs[0], header);
    assert_eq!(runs.len(), 1 + 4 * 2 * 2);
    assert!(runs[1].starts_with("0,a,") && runs[3].starts_with("0,b,"));
    shards_join(here, &["sweep", "e.toml"], 2, &whole);

    let other = [
        "--set", SLOTS, "--design", "grid", "-r", "1", "--metric", "arrivals", "--format", "csv",
    ];
    let printed = done(here, &["sweep", "e.toml"], &other);
    let rows: Vec<&str> = printed.lines().collect();
    assert_eq!(rows.len(), 1 + 2 * 2);
    assert!(rows[1].starts_with("0,a,40,arrivals,"), "{printed}");
    assert!(rows[4].starts_with("1,b,80,arrivals,"), "{printed}");
}

#[test]
fn a_sweep_killed_at_any_moment_and_resumed_has_the_bytes_of_one_that_was_not() {
    let files = files();
    let here = files.0.path();
    let many = ["-r", "60", "--out"];
    done(here, &[&SWEEP[..], &many].concat(), &["whole"]);
    let command = [
        &SWEEP[..],
        &many,
        &["results", "--resume", "--threads", "2"],
    ]
    .concat();
    for records in [0, 60, 200] {
        kill_on_the_way(here, &command, "results", records);
        assert_eq!(
            names(here),
            ["a.toml", "b.toml", "e.toml", "results.unfinished", "whole"]
        );
    }
    done(here, &command, &[]);
    assert_eq!(tree(&here.join("results")), tree(&here.join("whole")));
    let said = portflow(here, &command).warnings();
    assert_eq!(said, "`results` holds this sweep already: nothing to do\n");
    portflow(here, &[&command[..], &["--metric", "arrivals"]].concat())
        .refused_for("holds another experiment: metric 1 is");
}

#[test]
fn a_refused_combination_is_named_and_the_others_are_there() {
    let files = files();
    let here = files.0.path();
    let pool = "arrivals.per_day = 100\ninitial_pool.max_age_days = 100";
    let border = BORDER.replace("arrivals.per_day = 100", pool);
    fs::write(here.join("a.toml"), border).unwrap();
    // Each value can be run alone; together those who wait would be older in the mean than at most.
    let args = [
        "sweep",
        "a.toml",
        "--set",
        "world.groups.all.initial_pool.north_persons=0|50",
        "--set",
        "world.groups.all.initial_pool.mean_age_days=400|10",
        "--metric",
        "arrivals",
        "--out",
        "results",
    ];
    let swept = portflow(here, &args);
    let said = swept.failed();
    let command = "portflow run a.toml --set world.groups.all.initial_pool.north_persons=50 --set world.groups.all.initial_pool.mean_age_days=400 --seed 1 --replication 0";
    assert!(said.contains(&format!("`{command}`")), "{said}");
    assert_eq!(said.matches("error: point 2 failed: ").count(), 1, "{said}");
    let told = "3 of 12 simulations came to nothing, at point 2.";
    assert!(swept.stdout.contains(told), "{swept}");
    let runs = lines(&here.join("results/runs.csv"));
    assert_eq!(runs.len(), 1 + 3 * 3);
    let points = lines(&here.join("results/points.csv"));
    assert_eq!(points[3], "2,50,400,arrivals,,,,0");
    let alone: Vec<&str> = command.split(' ').skip(1).collect();
    portflow(here, &alone).refused_for("the mean age of the pool is 400 days");
}

/// With another first day the people of every day are others.
#[test]
fn what_would_change_the_people_is_refused() {
    let files = files();
    let here = files.0.path();
    let later = "title = \"Later\"\nextends = \"a.toml\"\nrun.start = 2024-01-02\n";
    fs::write(here.join("later.toml"), later).unwrap();
    let experiment = EXPERIMENT.replace("b.toml", "later.toml");
    fs::write(here.join("later-too.toml"), experiment).unwrap();
    for command in ["sweep", "check"] {
        portflow(here, &[command, "later-too.toml"])
            .refused_for("`later` simulates from 2024-01-02 on, and the base from 2024-01-01 on");
    }
    let start = [
        "sweep",
        "a.toml",
        "--set",
        "run.start=2024-01-01|2024-01-02",
    ];
    portflow(here, &start).refused_for("`run.start` is no input");
    // One first day of all points is no other people.
    done(here, &SWEEP, &["--set", "run.start=2024-01-02"]);
}

#[test]
fn a_point_is_what_a_run_with_its_values_gives() {
    let files = files();
    let here = files.0.path();
    let seed = ["--seed", "5", "--metric", "port_encounters@2024-02"];
    done(here, &SWEEP, &[&seed[..], &["--out", "results"]].concat());
    let run = [
        "run",
        "a.toml",
        "--set",
        "policy.app.slots_per_day=80",
        "--set",
        "policy.app.random_share=0.5",
        "--seed",
        "5",
        "--out",
        "alone",
    ];
    done(here, &run, &[]);
    let of_sweep = lines(&here.join("results/runs.csv"));
    let of_run = lines(&here.join("alone/replications.csv"));
    for replication in 0..3 {
        let wanted = format!("{replication},2024-02,port_encounters,");
        let value = of_run
            .iter()
            .find_map(|row| row.strip_prefix(&wanted))
            .unwrap();
        let row = format!("4,80,0.5,{replication},{value}");
        assert!(of_sweep.contains(&row), "{row}");
    }
}

#[test]
fn one_value_alone_is_laid_over_the_file() {
    let files = files();
    let here = files.0.path();
    let short = [
        "--set",
        "run.end=2024-01-31",
        "--metric",
        "arrivals",
        "--format",
        "csv",
        "-r",
        "1",
    ];
    let printed = done(here, &SWEEP, &short);
    let header = "point,policy.app.slots_per_day,policy.app.random_share,metric,mean,lower,upper,n";
    assert_eq!(printed.lines().next(), Some(header));
    let run = [
        "run",
        "a.toml",
        "--set",
        "run.end=2024-01-31",
        "-r",
        "1",
        "--format",
        "csv",
    ];
    let alone = done(here, &run, &[]);
    let arrivals = alone
        .lines()
        .find_map(|row| row.strip_prefix("2024-01,arrivals,,,"))
        .unwrap();
    assert!(
        printed
            .lines()
            .nth(1)
            .unwrap()
            .ends_with(&format!("arrivals,{arrivals}")),
        "{printed}"
    );
}

#[test]
fn what_cannot_be_swept_is_refused_with_the_remedy() {
    let files = files();
    let here = files.0.path();
    for (args, remedy) in [
        (&[][..], "there is nothing to sweep: name a key"),
        (
            &["--set", "policy.app.random_share=0..1"],
            "add their number, as in `0..1:5`",
        ),
        (
            &["--set", "policy.app.random_share=0..1", "--design", "sobol"],
            "--design sobol needs --points N",
        ),
        (
            &["--set", SHARE, "--points", "3"],
            "--points is for --design latin or sobol",
        ),
        (
            &["--set", SHARE, "--set", SHARE],
            "policy.app.random_share is given twice",
        ),
        (
            &["--set", SHARE, "--metric", "port_encounter"],
            "did you mean `port_encounters`?",
        ),
        (
            &["--set", "policy.app.random_share=0..2:3"],
            "expected a number between 0 and 1",
        ),
        (&["--set", "policy.app.random=0|1"], "help: "),
        (&["--set", "run.seed=1..3:3"], "give it with --seed"),
        (
            &["--set", SHARE, "--design", "random"],
            "expected one of grid, latin, sobol",
        ),
    ] {
        let sweep = [&["sweep", "a.toml", "--out", "results"], args].concat();
        portflow(here, &sweep).refused_for(remedy);
        assert!(!here.join("results").exists());
    }
}

#[test]
fn a_lever_that_events_move_is_warned_of() {
    let event = "[[event]]\ndate = 2024-02-01\nset = { \"app.random_share\" = 0.5 }\n";
    let files = Files::new(&[("a.toml", &format!("{BORDER}{event}"))]);
    let sweep = ["sweep", "a.toml", "-r", "1", "--set", SHARE];
    let said = portflow(files.0.path(), &sweep).warnings();
    assert_eq!(said.matches("warning: ").count(), 1, "{said}");
}

#[test]
fn a_sweep_in_futures_tells_the_world_from_chance() {
    // Arrivals over 60 days: the world moves them by thousands, luck by 80. No-shows of a world that is known are luck alone.
    let irrelevant = FUTURES.split_once("[futures.\"world.irregular").unwrap().1;
    let irrelevant = format!("{BORDER}[futures.\"world.irregular{irrelevant}");
    let files = Files::new(&[
        ("a.toml", &format!("{BORDER}{FUTURES}")),
        ("b.toml", &irrelevant),
    ]);
    let here = files.0.path();
    let sweep = |file| {
        let args = [
            "sweep",
            file,
            "--metric",
            "arrivals",
            "--set",
            SHARE,
            "--futures",
            "12",
        ];
        args.to_vec()
    };
    let shares = |file: &'static str| -> Vec<f64> {
        let out = ["--format", "json", "--out", file.trim_end_matches(".toml")];
        let document = portflow(here, &[&sweep(file)[..], &out].concat()).document();
        let points = document["points"].as_array().unwrap().iter();
        let metrics = points.map(|point| &point["metrics"]["arrivals"]);
        metrics
            .map(|metric| {
                // Futures count, each with two replications.
                assert_eq!(metric["n"], 12);
                metric["world_share"].as_f64().unwrap()
            })
            .collect()
    };
    assert!(shares("a.toml").iter().all(|&share| share > 0.95));
    assert!(shares("b.toml").iter().all(|&share| share < 0.5));
    assert_eq!(lines(&here.join("a/runs.csv")).len(), 1 + 3 * 24);
    assert!(lines(&here.join("a/points.csv"))[0].ends_with(",n,world_share"));

    let on_two = ["--out", "whole", "--threads", "2"];
    let whole = done(here, &sweep("a.toml"), &on_two);
    assert!(
        whole.contains("12 futures with 2 replications each"),
        "{whole}"
    );
    shards_join(here, &sweep("a.toml"), 2, &whole);

    let known = Files::new(&[("a.toml", BORDER)]);
    portflow(known.0.path(), &sweep("a.toml")).refused_for("--futures needs a table `[futures]`");
}

#[test]
fn every_point_of_a_sweep_sees_the_same_futures() {
    let files = Files::new(&[("a.toml", &format!("{BORDER}{FUTURES}"))]);
    let here = files.0.path();
    let command = ["sweep", "a.toml", "--metric", "arrivals", "--out"];
    done(here, &command, &["results", "--set", SHARE]);
    let runs = lines(&here.join("results/runs.csv"));
    let value = |row: &str| row.rsplit_once(',').unwrap().1.to_owned();
    let values: Vec<String> = runs[1..].iter().map(|row| value(row)).collect();
    // Who comes does not depend on the lever, but is drawn anew in each replication.
    assert_eq!(values[..3], values[3..6]);
    assert_eq!(values[..3], values[6..]);
    // 60 days of about 60: luck alone moves the sum by 60 or so.
    let spread: Vec<f64> = values[..3]
        .iter()
        .map(|value| value.parse().unwrap())
        .collect();
    let ends = spread
        .iter()
        .copied()
        .fold((f64::MAX, f64::MIN), |(low, high), value| {
            (low.min(value), high.max(value))
        });
    assert!(ends.1 - ends.0 > 300.0, "{spread:?}");
    // A number that is swept, or set, is not drawn.
    let per_day = "world.groups.all.arrivals.per_day";
    for (out, more) in [
        (
            "swept",
            vec!["--set".to_owned(), format!("{per_day}=60|61")],
        ),
        (
            "set",
            ["--set", &format!("{per_day}=60"), "--set", SHARE]
                .map(str::to_owned)
                .into(),
        ),
    ] {
        let more: Vec<&str> = more.iter().map(String::as_str).collect();
        done(here, &command, &[&[out], &more[..]].concat());
        let runs = lines(&here.join(out).join("runs.csv"));
        let near = |row: &String| (value(row).parse::<f64>().unwrap() - 3600.0).abs() < 400.0;
        assert!(runs[1..4].iter().all(near), "{runs:?}");
    }
}

#[test]
fn variants_that_are_uncertain_otherwise_are_not_swept_in_the_futures_of_the_base() {
    let other = "extends = \"a.toml\"\n[futures.\"world.irregular.repeat_after_removal_share\"]\nlow = 0.2\nhigh = 0.3\n";
    let files = Files::new(&[
        ("a.toml", &format!("{BORDER}{FUTURES}")),
        ("b.toml", other),
        ("e.toml", EXPERIMENT),
    ]);
    let reason = "`b` says otherwise than `a` what `world.irregular.repeat_after_removal_share` may be: scenarios are compared in the same futures";
    portflow(files.0.path(), &["sweep", "e.toml"]).refused_for(reason);
}
