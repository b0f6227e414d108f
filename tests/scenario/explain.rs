//! `portflow explain`.

use crate::tools::Files;
use crate::tools::command::portflow;
use crate::tools::three::{OBSERVED, THREE};

fn files() -> Files {
    Files::new(&[
        (
            "base.toml",
            "[policy.app]\nrandom_share = 0.3\nlead_time_days = 13\n\n[sources]\n\"policy.app.lead_time_days\" = \"a release\"\n",
        ),
        (
            "v.toml",
            "extends = \"base.toml\"\n\n[policy.app]\nrandom_share = 0.9\n\n[[event]]\ndate = 2024-05-01\nlabel = \"All by lot\"\nset = { app.random_share = 1 }\n\n[world.groups.all]\n",
        ),
    ])
}

fn explained(key: &str) -> String {
    portflow(files().0.path(), &["explain", "v.toml", key]).succeeded()
}

#[test]
fn a_lever_is_explained_with_its_history() {
    let expected = "\
policy.app.random_share = 0.9
  meaning   Share of the slots of a round drawn uniformly at random; the rest goes to the longest registered.
  unit      share
  allowed   a number between 0 and 1
  kind      lever: events and triggers can move it
  set at    v.toml:4:16
  overrode  0.3 at base.toml:2:16
  source    none given
  moved     2024-05-01 All by lot: policy.app.random_share = 1 at v.toml:9:13
";
    assert_eq!(explained("policy.app.random_share"), expected);
}

#[test]
fn an_inherited_value_is_explained_with_its_file_and_source() {
    let found = explained("policy.app.lead_time_days");
    assert!(found.contains("set at    base.toml:3:18\n"), "{found}");
    assert!(found.contains("source    a release\n"), "{found}");
}

#[test]
fn a_value_that_nobody_set_is_the_default() {
    let found = explained("world.service.mean_minutes");
    assert!(
        found.starts_with("world.service.mean_minutes = 45.0\n"),
        "{found}"
    );
    assert!(found.contains("nowhere: this is the default"), "{found}");
    assert!(found.contains("policy cannot change it"), "{found}");
}

#[test]
fn a_range_without_its_end_is_told_so() {
    let found = explained("world.behaviour.patience_mean_days");
    let allowed = "  allowed   a number above 0, up to 10000000, or \"unlimited\"\n";
    assert!(found.contains(allowed), "{found}");
    let found = explained("policy.walk_up.per_day");
    let allowed = "  allowed   a number between 0 and 10000000, or \"unlimited\"\n";
    assert!(found.contains(allowed), "{found}");
}

#[test]
fn what_closing_does_to_queues_and_appointments_is_explained() {
    let files = Files::new(&[("a.toml", "[policy.ports.a]\n")]);
    for (key, part) in [
        (
            "policy.ports.a.closing",
            "opening hours set no limit to that",
        ),
        (
            "policy.app.booked",
            "those of all later dates there lose their slot too",
        ),
        (
            "world.app.no_show_return_share",
            "keeps the day of its first registration",
        ),
    ] {
        let told = portflow(files.0.path(), &["explain", "a.toml", key]).succeeded();
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn an_entry_means_what_its_table_says() {
    let told = explained("policy.app.group_regions.all");
    let meaning = "  meaning   Regions for single groups, instead of `regions`, by group id.\n";
    assert!(told.contains(meaning), "{told}");
}

#[test]
fn a_key_that_does_not_exist_is_wrong_input_with_the_nearest() {
    let explain = ["explain", "v.toml", "policy.app.random_shar"];
    let said = portflow(files().0.path(), &explain).refused();
    let expected =
        "error: unknown key `random_shar` in `policy.app`\nhelp: did you mean `random_share`?\n";
    assert_eq!(said, expected);
}

#[test]
fn a_metric_is_told_to_be_one_and_the_key_that_has_its_name_too() {
    for (metric, key) in [
        ("irregular_encounters", ""),
        ("arrivals", "; did you mean `world.groups.ID.arrivals`?"),
    ] {
        let said = portflow(files().0.path(), &["explain", "v.toml", metric]).refused();
        let expected = format!(
            "error: `{metric}` is a metric, which results have and scenarios do not\nhelp: `docs/results.md` explains the metrics{key}\n"
        );
        assert_eq!(said, expected);
    }
}

#[test]
fn a_group_that_does_not_exist_is_wrong_input() {
    let explain = ["explain", "v.toml", "world.groups.al.label"];
    portflow(files().0.path(), &explain).refused_for("`all`");
}

#[test]
fn a_lever_moved_before_the_run_shows_the_event_and_loses_its_source() {
    let base = "[policy.app]\nrandom_share = 0.3\n\n[[event]]\ndate = 2023-05-01\nset = { \"app.random_share\" = 0.6 }\n\n[sources]\n\"policy.app.random_share\" = \"a release\"\n";
    let files = Files::new(&[
        ("base.toml", base),
        ("v.toml", "extends = \"base.toml\"\n[world.groups.all]\n"),
    ]);
    let loaded = files.load("v.toml", &[]).unwrap();
    let explained = loaded.explain("policy.app.random_share").unwrap();
    assert_eq!(explained.value.as_deref(), Some("0.6"));
    assert!(explained.place.unwrap().ends_with("base.toml:6:30"));
    assert_eq!(explained.source, None);
    assert!(loaded.scenario.sources.is_empty());
}

#[test]
fn what_an_event_before_the_run_overrode_is_told() {
    let base = "[policy.app]\nrandom_share = 0.3\n\n[[event]]\ndate = 2023-05-01\nset = { \"app.random_share\" = 0.6 }\n\n[world.groups.all]\n";
    let files = Files::new(&[
        ("base.toml", base),
        ("v.toml", "extends = \"base.toml\"\n"),
        (
            "own.toml",
            "extends = \"base.toml\"\n[policy.app]\nrandom_share = 0.9\n",
        ),
    ]);
    let inherited = "  set at    base.toml:6:30\n  overrode  0.3 at base.toml:2:16\n";
    let own = "  set at    base.toml:6:30\n  overrode  0.9 at own.toml:3:16\n  overrode  0.3 at base.toml:2:16\n";
    for (file, history) in [("v.toml", inherited), ("own.toml", own)] {
        let explain = ["explain", file, "policy.app.random_share"];
        let told = portflow(files.0.path(), &explain).succeeded();
        assert!(told.contains(history), "{told}");
    }
}

/// An event before the run changes one delay of a trigger and all shifts of a port.
#[test]
fn what_was_moved_before_the_run_is_explained_as_it_is_now_with_the_source_of_its_event() {
    let base = r#"
[world.groups.all]

[policy.ports.a]
slots_per_day = 5
shifts = [{ from = 06:00:00, officers = 3 }, { from = 18:00:00, officers = 4 }]

[policy.ports.b]
slots_per_day = 5

[[trigger]]
id = "limit"
source = "a proclamation"
when = { metric = "pool_size", mean_over_days = 7, at_least = 1000 }
until = { metric = "pool_size", mean_over_days = 7, below = 500, delay_days = 14 }
set = { "app.open" = false }

[[event]]
id = "early"
date = 2023-05-01
source = "a decree"
set = { "trigger.limit.until.delay_days" = 28, "ports.a.shifts" = [{ from = 06:00:00, officers = 9 }], "ports.b.slots_per_day" = 7 }

[sources]
"policy" = "all levers are assumed"
"event.early.set.ports.b.slots_per_day" = "a count"
"#;
    let files = Files::new(&[("base.toml", base), ("v.toml", "extends = \"base.toml\"\n")]);
    let loaded = files.load("v.toml", &[]).unwrap();
    for (key, value, source) in [
        ("trigger.limit.until.delay_days", Some("28"), "a decree"),
        ("trigger.limit.until.below", Some("500.0"), "a proclamation"),
        ("policy.ports.a.shifts.1.officers", Some("9"), "a decree"),
        ("policy.ports.a.shifts.2.officers", None, "a decree"),
        (
            "policy.ports.a.slots_per_day",
            Some("5.0"),
            "all levers are assumed",
        ),
        ("policy.ports.b.slots_per_day", Some("7.0"), "a count"),
        ("event.early.date", Some("2023-05-01"), "a decree"),
    ] {
        let explained = loaded.explain(key).unwrap();
        assert_eq!(explained.value.as_deref(), value, "{key}");
        assert_eq!(explained.source.as_deref(), Some(source), "{key}");
    }
}

#[test]
fn a_data_file_is_explained_as_it_is_written_and_shown_where_it_was_read() {
    let counts = "month,irregular_encounters\n2024-01,5\n";
    let base = "[observed]\nfile = \"counts/months.csv\"\n[world.groups.all]\n";
    let files = Files::new(&[
        ("more/base.toml", base),
        ("more/counts/months.csv", counts),
        ("v.toml", "extends = \"more/base.toml\"\n"),
    ]);
    let here = files.0.path();
    let told = portflow(here, &["explain", "v.toml", "observed.file"]).succeeded();
    let written = "observed.file = \"counts/months.csv\"\n";
    assert!(told.starts_with(written), "{told}");
    let told = portflow(here, &["explain", "v.toml", "observed"]).succeeded();
    assert!(told.contains("file = \"counts/months.csv\""), "{told}");
    let shown = portflow(here, &["show", "v.toml"]).succeeded();
    std::fs::write(here.join("shown.toml"), shown).unwrap();
    portflow(here, &["check", "shown.toml"]).succeeded();
}

/// A plain run takes the number that is set; what is fitted to it, and what was thought of it before, stands in `[calibrate]`.
#[test]
fn a_number_that_is_fitted_is_explained_with_its_prior() {
    let files = Files::new(&[("a.toml", THREE), ("observed.csv", OBSERVED)]);
    let explained = |key: &str| portflow(files.0.path(), &["explain", "a.toml", key]).succeeded();
    let level = explained("world.groups.all.arrivals.per_day");
    let prior = "\n  fitted    as `level`, prior lognormal, median 10, times or over 1.3, between 0 and 1000000 (assumed) at a.toml:32:1\n";
    assert!(level.contains(prior), "{level}");
    let step = explained("event.step.set.crossing.deterrence");
    assert!(
        step.contains("\n  fitted    as `step`, prior normal"),
        "{step}"
    );
    let weight = explained("world.groups.all.weights.app");
    assert!(!weight.contains("fitted"), "{weight}");
}

/// One event has an id, one its date alone; a table of which a part is inherited.
fn with_sources() -> Files {
    Files::new(&[
        (
            "base.toml",
            "[world.groups.all]\ninitial_pool = { north_persons = 5, south_persons = 7 }\n\n[sources]\n\"world.groups.all.initial_pool\" = \"a count\"\n",
        ),
        (
            "v.toml",
            "extends = \"base.toml\"\nworld.groups.all.initial_pool.north_persons = 9\n\n\
             [[event]]\nid = \"more\"\ndate = 2024-02-10\nset = { app.random_share = 1 }\n\n\
             [[event]]\ndate = 2024-03-10\nset = { app.random_share = 0.5 }\n\n\
             [sources]\n\"event.more.set.app.random_share\" = \"a law\"\n\"event.2024-03-10.set.app.random_share\" = \"a report\"\n",
        ),
    ])
}

#[test]
fn the_source_of_what_an_event_sets_is_told_by_its_id_or_date_and_goes_with_the_resolved_file() {
    let files = with_sources();
    let told = |file: &str| {
        let key = "policy.app.random_share";
        portflow(files.0.path(), &["explain", file, key]).succeeded()
    };
    let of = |told: &str| {
        let sources = told
            .lines()
            .filter(|line| line.starts_with("            source "));
        sources
            .map(|line| line.trim().to_owned())
            .collect::<Vec<_>>()
    };
    let expected = ["source a law", "source a report"];
    assert_eq!(of(&told("v.toml")), expected);
    let run = ["run", "v.toml", "-r", "1", "--out", "out"];
    portflow(files.0.path(), &run).succeeded();
    assert_eq!(of(&told("out/scenario.resolved.toml")), expected);
}

#[test]
fn a_table_has_a_source_where_all_its_values_have_the_same() {
    let files = with_sources();
    let source = |file: &str, key: &str| {
        let told = portflow(files.0.path(), &["explain", file, key]).succeeded();
        let line = told.lines().find(|line| line.starts_with("  source "));
        line.unwrap_or_default().trim().to_owned()
    };
    let table = "world.groups.all.initial_pool";
    assert_eq!(source("base.toml", table), "source    a count");
    let several = "source    several, by key: explain them one by one";
    assert_eq!(source("v.toml", table), several);
    let part = "world.groups.all.initial_pool.south_persons";
    assert_eq!(source("v.toml", part), "source    a count");
}

#[test]
fn a_list_is_explained_with_an_example_and_its_items_as_parts_of_a_lever() {
    let files = Files::new(&[(
        "a.toml",
        "[policy.ports.harbor]\nshifts = [{ from = 08:00:00, officers = 4 }]\n[world.groups.all]\n",
    )]);
    let explained = |key: &str| portflow(files.0.path(), &["explain", "a.toml", key]).succeeded();
    for (key, told) in [
        (
            "policy.ports.harbor.shifts",
            "allowed   a list such as [{ from = 06:00:00, officers = 6 }, { from = 14:00:00, officers = 4 }]\n  \
             kind      lever: events and triggers can move it\n",
        ),
        (
            "policy.ports.harbor.shifts.1.officers",
            "kind      part of a lever: events and triggers move the whole list\n",
        ),
        (
            "world.groups.all.arrivals.levels",
            "allowed   a list such as [{ date = 2024-01-01, per_day = 500 }, { date = 2024-06-01, per_day = 800 }]\n",
        ),
    ] {
        let found = explained(key);
        assert!(found.contains(told), "{found}");
    }
}
