//! The resolved scenario: one file that stands for all it was made from.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use portflow::scenario::key_path::KeyPath;
use portflow::scenario::{self, Loaded, Override, Scenario};

use crate::tools::{Files, toml_files};

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

/// The resolved file of a scenario, beside its data.
fn resolved(loaded: &Loaded) -> Files {
    let text = loaded.resolved_toml();
    let beside: Vec<(&str, &str)> = (loaded.data.iter())
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .chain([("scenario.resolved.toml", text.as_str())])
        .collect();
    Files::new(&beside)
}

/// The scenario of the resolved file, which must be the same; where its numbers come from is said value by value there.
#[track_caller]
fn again(loaded: &Loaded) -> Loaded {
    let again = resolved(loaded).load("scenario.resolved.toml", &[]);
    let again = again.unwrap_or_else(|wrong| panic!("{}\n{wrong}", loaded.path().display()));
    let of = |loaded: &Loaded| Scenario {
        sources: BTreeMap::new(),
        ..loaded.scenario.clone()
    };
    assert!(of(&again) == of(loaded), "{}", loaded.path().display());
    assert_eq!(again.resolved_toml(), loaded.resolved_toml());
    assert_eq!(again.digest(), loaded.digest());
    again
}

#[test]
fn the_resolved_file_gives_the_same_scenario_and_the_same_text() {
    again(&files().load("variants/v.toml", &[]).unwrap());
}

/// Of a run in the middle of them, whatever is fitted or uncertain in it, or has a source.
#[test]
fn the_resolved_files_of_shipped_scenarios_are_the_same_where_events_lie_outside_the_run() {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let files = ["", "events", "theory"].map(|folder| toml_files(&scenarios.join(folder)));
    let cuts: [&[(&str, &str)]; 3] = [
        &[],
        &[("run.end", "2023-12-31")],
        &[("run.start", "2024-06-10"), ("run.end", "2024-11-30")],
    ];
    let mut loaded = [0; 3];
    for (place, cut) in cuts.iter().enumerate() {
        let cut: Vec<Override> = (cut.iter())
            .map(|&(key, value)| Override::new(key, value))
            .collect();
        for file in files.iter().flatten() {
            // Not every file has a run that can be cut.
            match scenario::load(file, &cut) {
                Ok(scenario) => {
                    again(&scenario);
                    loaded[place] += 1;
                }
                Err(wrong) => assert!(place > 0, "{wrong}"),
            }
        }
    }
    assert!(loaded.iter().all(|&count| count >= 10), "{loaded:?}");
}

/// Before the run, `first` sets two levers and a delay, and `second` one of the levers again; `last` is after it.
const EVENTS: &str = r#"
run = { start = 2024-01-01, end = 2024-02-29 }

[world.groups.all]
arrivals.per_day = 10

[[event]]
id = "first"
date = 2023-12-01
set = { crossing.deterrence = 0.3, mexico.give_up_share = 0.2, "trigger.limit.until.delay_days" = 28 }

[[event]]
id = "second"
date = 2023-12-15
set = { crossing.deterrence = 0.6 }

[[event]]
id = "last"
date = 2024-06-01
set = { crossing.deterrence = 0.9 }

[[event]]
date = 2024-02-01
set = { app.random_share = 0.5, mexico.give_up_share = 0.3 }

[[event]]
date = 2024-01-10
set = { app.random_share = 0.4 }

[[event]]
date = 2024-02-01
set = { app.lead_time_days = 20 }

[[trigger]]
id = "limit"
when = { metric = "irregular_encounters", mean_over_days = 7, at_least = 2500 }
until = { metric = "irregular_encounters", mean_over_days = 7, below = 1500, delay_days = 14 }
set = { crossing.deterrence = 1.0, app.random_share = 0.1 }
"#;

/// The keys of those that move a lever or a number of the trigger, and what becomes of each in the resolved file.
const KEYS: [(&str, Option<&str>); 9] = [
    ("policy.crossing.deterrence", None),
    ("policy.mexico.give_up_share", None),
    ("trigger.limit.until.delay_days", None),
    ("event.first.set.crossing.deterrence", None),
    ("event.last.set.crossing.deterrence", None),
    (
        "event.second.set.crossing.deterrence",
        Some("policy.crossing.deterrence"),
    ),
    (
        "event.first.set.mexico.give_up_share",
        Some("policy.mexico.give_up_share"),
    ),
    (
        "event.first.set.trigger.limit.until.delay_days",
        Some("trigger.limit.until.delay_days"),
    ),
    (
        "trigger.limit.set.crossing.deterrence",
        Some("trigger.limit.set.crossing.deterrence"),
    ),
];

/// The scenario of the events in a file that extends theirs: a file has no events of its own outside its run.
fn of_events(more: &str) -> Loaded {
    let files = Files::new(&[
        ("events.toml", &format!("{EVENTS}{more}")),
        ("a.toml", "extends = \"events.toml\"\n"),
        ("o.csv", "month,registrations\n2024-01,100\n"),
    ]);
    files.load("a.toml", &[]).unwrap()
}

/// One of two ranges of a lever is that of a value which an event before the run overrides.
#[test]
fn a_range_of_what_does_nothing_is_not_in_the_resolved_file() {
    let ranges = KEYS.map(|(key, _)| {
        format!("[futures.\"{key}\"]\nlow = 0\nhigh = 1\nsource = \"that of {key}\"\n")
    });
    let ranges = again(&of_events(&ranges.concat())).futures;
    let found: BTreeMap<&str, &str> = (ranges.as_slice().iter())
        .map(|range| (range.key.as_str(), range.source.as_str()))
        .collect();
    let expected = KEYS
        .iter()
        .filter_map(|(key, kept)| Some(((*kept)?, format!("that of {key}"))));
    let expected: BTreeMap<&str, String> = expected.collect();
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (key, source) in expected {
        assert_eq!(found.get(key), Some(&source.as_str()), "{key}");
    }
}

#[test]
fn a_fitted_key_that_does_nothing_is_not_in_the_resolved_file() {
    let parameters = (1..).zip(KEYS).map(|(place, (key, _))| {
        format!("[calibrate.parameters.p{place}]\nkeys = [\"{key}\"]\nlow = 0\nhigh = 1\nsource = \"assumed\"\n")
    });
    let calibrate = "[observed]\nfile = \"o.csv\"\n[calibrate]\nfrom = 2024-01-01\nto = 2024-01-31\n[calibrate.targets]\nregistrations = { sd = 0.1 }\n";
    let text = calibrate.to_owned() + &parameters.collect::<String>();
    let parameters = again(&of_events(&text)).calibration.unwrap().parameters;
    for (parameter, (key, kept)) in parameters.iter().zip(KEYS) {
        let keys: Vec<&str> = parameter.keys.iter().map(|key| key.path.as_str()).collect();
        assert_eq!(keys, Vec::from_iter(kept), "{key}");
    }
}

/// Sources of events that are worked in, that lie after the run, and that have another place in the resolved file.
#[test]
fn sources_of_events_are_the_same_in_the_resolved_file() {
    let of_event = "event.2024-01-10.set.app.random_share";
    let of_place = "event.6.set.app.lead_time_days";
    let keys = KEYS.iter().map(|(key, _)| *key);
    let keys = keys.chain([
        of_event,
        of_place,
        "event.4",
        "event.second",
        "trigger.limit",
    ]);
    let sources = keys.map(|key| format!("\"{key}\" = \"source of {key}\"\n"));
    let loaded = of_events(&format!("[sources]\n{}", sources.collect::<String>()));
    let again = again(&loaded);
    for (path, key) in [
        (of_event, of_event),
        ("event.3.set.app.lead_time_days", of_place),
        ("event.2.set.app.random_share", "event.4"),
        ("trigger.limit.set.app.random_share", "trigger.limit"),
        (
            "policy.crossing.deterrence",
            "event.second.set.crossing.deterrence",
        ),
    ] {
        let source = again.source(&KeyPath::parse(path));
        assert_eq!(source, Some(&*format!("source of {key}")), "{path}");
    }
}

/// The source of a whole change does not speak for the value that another text lays over a part of it.
#[test]
fn a_lever_laid_over_an_event_has_no_source_in_the_resolved_file_either() {
    let text = format!("{EVENTS}[sources]\n\"trigger.limit\" = \"a proclamation\"\n");
    let files = Files::new(&[
        ("events.toml", &text),
        ("a.toml", "extends = \"events.toml\"\n"),
    ]);
    let lever = "trigger.limit.set.crossing.deterrence";
    let again = again(&files.load("a.toml", &[(lever, "2")]).unwrap());
    assert_eq!(again.source(&KeyPath::parse(lever)), None);
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
