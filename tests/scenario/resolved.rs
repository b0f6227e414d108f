//! The resolved scenario: one file that stands for all it was made from.

use std::fs;

use crate::tools::Files;

const BASE: &str = r#"
title = "With \"quotes\" and everything else"

[run]
start = 2023-01-10
end = 2024-02-20
warmup_days = 5

[world.groups.other]
party_size = { 1 = 0.5, 4 = 0.5 }

[world.groups.other.arrivals]
levels = [{ date = 2023-01-01, per_day = 10.0 }, { date = 2024-01-01, per_day = 30.0 }]
driver = { file = "data/counts.csv", column = "n", scale = 1.5, hold_from = 2023-01-01, hold_after = 2023-02-01, lag_days = 10 }

[policy.app]
slots_per_day = 100

[policy.ports.a]
slots_per_day = 100
opens = 06:00:00
closes = 18:00:00
shifts = [{ from = 06:00:00, officers = 2 }]

[[event]]
id = "early"
date = 2022-12-01
set = { app.round_time = 11:00:00, "trigger.limit.until.delay_days" = 28 }

[[event]]
date = 2024-01-05
label = "Closed"
set = { ports.a.open = false, "ports.a.opens" = 07:00:00 }

[[trigger]]
id = "limit"
when = { metric = "irregular_encounters", mean_over_days = 7, at_least = 2500 }
until = { metric = "irregular_encounters", mean_over_days = 7, below = 1500 }
set = { crossing.outcome = { released = 0.2, removed = 0.45, returned = 0.35 } }

[observed]
file = "data/observed.csv"

[sources]
"policy.app.slots_per_day" = "a release"
"#;

const VARIANT: &str = "extends = \"../base.toml\"\npolicy.app.random_share = 0.25\n";
const COUNTS: &str = "month,n\n2022-12,310\n2023-01,620\n";
const OBSERVED: &str =
    "# Published.\nmonth,port_encounters,port_encounters_other\n2024-01,10,\n2024-02,20,5\n";

fn files() -> Files {
    Files::new(&[
        ("base.toml", BASE),
        ("variants/v.toml", VARIANT),
        ("data/counts.csv", COUNTS),
        ("data/observed.csv", OBSERVED),
    ])
}

#[test]
fn the_resolved_file_gives_the_same_scenario_and_the_same_text() {
    let loaded = files().load("variants/v.toml", &[]).unwrap();
    let text = loaded.resolved_toml();
    let beside: Vec<(&str, &str)> = (loaded.data.iter())
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .chain([("scenario.resolved.toml", text.as_str())])
        .collect();
    let again = Files::new(&beside)
        .load("scenario.resolved.toml", &[])
        .unwrap();
    assert_eq!(again.scenario, loaded.scenario);
    assert_eq!(again.resolved_toml(), text);
    assert_eq!(again.digest(), loaded.digest());
}

#[test]
fn the_digest_does_not_depend_on_where_the_files_lie() {
    let here = files().load("variants/v.toml", &[]).unwrap().digest();
    let there = files().load("variants/v.toml", &[]).unwrap().digest();
    assert_eq!(here, there);
    assert_eq!(here.len(), 64);
}

#[test]
fn the_digest_depends_on_every_value_and_on_the_data() {
    let files = files();
    let first = files.load("variants/v.toml", &[]).unwrap().digest();
    let other_seed = files
        .load("variants/v.toml", &[("run.seed", "2")])
        .unwrap()
        .digest();
    assert_ne!(first, other_seed);
    fs::write(
        files.0.path().join("data/counts.csv"),
        COUNTS.replace("620", "621"),
    )
    .unwrap();
    assert_ne!(first, files.load("variants/v.toml", &[]).unwrap().digest());
}

#[test]
fn two_data_files_of_one_name_stay_apart() {
    let group = |id: &str, directory: &str| {
        format!(
            "[world.groups.{id}.arrivals.driver]\nfile = \"{directory}/n.csv\"\ncolumn = \"n\"\nscale = 1\n"
        )
    };
    let scenario = format!(
        "run.end = 2024-01-31\n{}{}",
        group("a", "one"),
        group("b", "two")
    );
    let files = Files::new(&[
        ("a.toml", &scenario),
        ("one/n.csv", "month,n\n2024-01,31\n"),
        ("two/n.csv", "month,n\n2024-01,62\n"),
    ]);
    let loaded = files.load("a.toml", &[]).unwrap();
    let names: Vec<&str> = loaded.data.keys().map(String::as_str).collect();
    assert_eq!(names, ["data/2-n.csv", "data/n.csv"]);
    assert_eq!(
        loaded.scenario.arrival_rates,
        [vec![1.0; 31], vec![2.0; 31]]
    );
}

#[test]
fn every_published_figure_is_kept_and_no_other() {
    let loaded = files().load("variants/v.toml", &[]).unwrap();
    let observed = loaded.scenario.observed.unwrap();
    let january = portflow::month::Month::new(2024, 1);
    assert_eq!(observed.figure(january, "port_encounters"), Some(10.0));
    assert_eq!(observed.figure(january, "port_encounters_other"), None);
}

#[test]
fn the_commented_template_is_a_scenario() {
    let files = Files::new(&[("a.toml", &portflow::scenario::template(None))]);
    assert!(files.load("a.toml", &[]).is_ok());
}
