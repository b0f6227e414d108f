//! `extends`, `--set`, `remove` and what becomes of sources.

use jiff::civil::date;

use crate::tools::Files;
use crate::tools::command::portflow;

const BASE: &str = r#"
title = "Base"

[run]
start = 2024-01-01
end = 2024-12-31

[policy.app]
random_share = 0.3
lead_time_days = 13
regions = ["north"]

[[event]]
id = "south"
date = 2024-08-23
label = "Opened to the south"
set = { "app.regions" = ["south", "north"] }

[[event]]
id = "shutdown"
date = 2024-11-20
set = { "app.open" = false }

[[event]]
date = 2024-12-24
set = { "app.lead_time_days" = 7 }

[sources]
"policy.app.random_share" = "a release"
"policy.app.lead_time_days" = "another release"
"#;

fn over(variant: &str) -> Files {
    let variant = format!("extends = \"../base.toml\"\n{variant}");
    Files::new(&[("base.toml", BASE), ("variants/v.toml", &variant)])
}

#[test]
fn a_variant_keeps_what_it_does_not_write() {
    let loaded = over("[policy.app]\nrandom_share = 0.9\n")
        .load("variants/v.toml", &[])
        .unwrap();
    let app = &loaded.scenario.timeline.epochs[0].policies[0].app;
    assert_eq!((app.random_share, app.lead_time_days), (0.9, 13));
    assert_eq!(loaded.scenario.title, "Base");
}

#[test]
fn an_overridden_value_loses_its_source_and_others_keep_theirs() {
    let loaded = over("[policy.app]\nrandom_share = 0.9\n")
        .load("variants/v.toml", &[])
        .unwrap();
    let sources: Vec<&str> = loaded.scenario.sources.keys().map(String::as_str).collect();
    assert_eq!(sources, ["policy.app.lead_time_days"]);
}

#[test]
fn an_overridden_value_can_bring_its_own_source() {
    let variant = "policy.app.random_share = 0.9\nsources.policy.app.random_share = \"assumed\"\n";
    let loaded = over(variant).load("variants/v.toml", &[]).unwrap();
    assert_eq!(
        loaded.scenario.sources["policy.app.random_share"],
        "assumed"
    );
}

#[test]
fn an_override_of_the_command_line_comes_last_and_loses_the_source_too() {
    let files = over("policy.app.random_share = 0.9");
    let set = [
        ("policy.app.random_share", "0.1"),
        ("policy.app.booked", "honour"),
        ("run.end", "2024-12-30"),
    ];
    let loaded = files.load("variants/v.toml", &set).unwrap();
    let app = &loaded.scenario.timeline.epochs[0].policies[0].app;
    assert_eq!(app.random_share, 0.1);
    assert_eq!(app.booked, portflow::scenario::policy::Booked::Honour);
    assert_eq!(loaded.scenario.run.end, date(2024, 12, 30));
    assert!(
        !loaded
            .scenario
            .sources
            .contains_key("policy.app.random_share")
    );
}

#[test]
fn an_event_merges_with_the_inherited_one_of_its_id() {
    let files = over("[[event]]\nid = \"shutdown\"\ndate = 2024-10-01\n");
    let loaded = files.load("variants/v.toml", &[]).unwrap();
    let shutdown = loaded
        .events()
        .iter()
        .find(|event| event.id.as_deref() == Some("shutdown"))
        .unwrap();
    assert_eq!(shutdown.date, date(2024, 10, 1));
    assert_eq!(shutdown.set["app.open"], false);
    assert_eq!(loaded.events().len(), 3);
}

#[test]
fn the_set_of_an_event_is_replaced_whole() {
    let text = "[[event]]\nid = \"shutdown\"\nset = { \"walk_up.line_limit_days\" = 2 }\n";
    let loaded = over(text).load("variants/v.toml", &[]).unwrap();
    let is_shutdown =
        |event: &&portflow::scenario::change::Event| event.id.as_deref() == Some("shutdown");
    let shutdown = loaded.events().iter().find(is_shutdown).unwrap();
    let levers: Vec<_> = shutdown.set.keys().collect();
    assert_eq!(levers, ["walk_up.line_limit_days"]);
}

#[test]
fn an_event_with_a_new_id_or_none_is_added() {
    let files = over("[[event]]\ndate = 2024-02-01\nset = { app.open = true }\n");
    assert_eq!(
        files.load("variants/v.toml", &[]).unwrap().events().len(),
        4
    );
}

#[test]
fn the_odds_of_party_sizes_are_replaced_whole() {
    let files = Files::new(&[
        (
            "base.toml",
            "[world.groups.all]\nparty_size = { 1 = 0.5, 4 = 0.5 }\n",
        ),
        (
            "v.toml",
            "extends = \"base.toml\"\n[world.groups.all]\nparty_size = { 2 = 1 }\n",
        ),
    ]);
    let sizes = |name, set: &[(&str, &str)]| {
        let loaded = files.load(name, set).unwrap();
        loaded.scenario.world.groups["all"].party_size.clone()
    };
    let set = ("world.groups.all.party_size", "{ 2 = 1 }");
    assert_eq!(
        sizes("v.toml", &[]).into_iter().collect::<Vec<_>>(),
        [("2".to_owned(), 1.0)]
    );
    assert_eq!(sizes("v.toml", &[]), sizes("base.toml", &[set]));
}

#[test]
fn remove_takes_an_inherited_event_out() {
    let files = over("[[event]]\nid = \"shutdown\"\nremove = true\n");
    let loaded = files.load("variants/v.toml", &[]).unwrap();
    assert!(
        loaded
            .events()
            .iter()
            .all(|event| event.id.as_deref() != Some("shutdown"))
    );
}

#[test]
fn the_date_of_an_event_can_be_set_on_the_command_line() {
    let set = [
        ("event.shutdown.date", "2024-09-09"),
        ("event.shutdown.set.app.booked", "move"),
    ];
    let loaded = over("").load("variants/v.toml", &set).unwrap();
    let shutdown = loaded
        .events()
        .iter()
        .find(|event| event.id.as_deref() == Some("shutdown"))
        .unwrap();
    assert_eq!(shutdown.date, date(2024, 9, 9));
    assert_eq!(shutdown.set["app.booked"], "move");
    assert_eq!(shutdown.set["app.open"], false);
}

#[test]
fn inherited_events_after_the_run_are_ignored_and_earlier_ones_are_in_force_at_once() {
    let files = over("run.start = 2024-09-01\nrun.end = 2024-10-31\n");
    let loaded = files.load("variants/v.toml", &[]).unwrap();
    let timeline = &loaded.scenario.timeline;
    assert_eq!(timeline.epochs.len(), 1);
    assert_eq!(timeline.epochs[0].policies[0].app.regions.len(), 2);
    assert!(loaded.events().is_empty());
}

#[test]
fn a_start_set_after_events_of_the_file_is_one_mistake_at_the_flag() {
    let events = "[[event]]\ndate = 2024-03-01\nset = { app.open = true }\n\
         [[event]]\nid = \"first\"\ndate = 2024-02-01\nset = { app.open = true }\n";
    let files = Files::new(&[("a.toml", events), ("b.toml", "extends = \"a.toml\"")]);
    let late = [("run.start", "2024-06-01")];
    let wrong = files.load("a.toml", &late).unwrap_err().to_string();
    let said = "--set:1:11: error: 2 events lie before the run, 2024-06-01 to 2024-12-31; the first is `event.first` of 2024-02-01\n";
    assert!(wrong.starts_with(said), "{wrong}");
    assert!(
        wrong.contains("= help: start by 2024-02-01, or "),
        "{wrong}"
    );
    let one = files.mistakes("a.toml", &[("run.start", "2024-02-02")]);
    let said = "`event.first` of 2024-02-01 lies before the run, 2024-02-02 to 2024-12-31";
    assert_eq!(one, [said]);
    assert!(files.load("b.toml", &late).is_ok());
}

#[test]
fn a_pool_of_another_day_than_the_start_is_warned_of() {
    let pool = |persons: u32| {
        format!("[world.groups.all]\ninitial_pool.north_persons = {persons}\nentry.north = 1\n")
    };
    let start = "run.start = 2024-06-01\n";
    let files = Files::new(&[
        ("a.toml", &pool(0)),
        (
            "late.toml",
            &format!("extends = \"a.toml\"\n{start}world.groups.new.arrivals.per_day = 1"),
        ),
        ("own.toml", &format!("extends = \"late.toml\"\n{}", pool(9))),
        ("same.toml", &format!("extends = \"own.toml\"\n{start}")),
    ]);
    let warnings = |name: &str, set: &[(&str, &str)]| -> Vec<String> {
        let warnings = files.load(name, set).unwrap().warnings;
        let messages = warnings.problems().iter();
        messages.map(|warning| warning.message.clone()).collect()
    };
    let said = ["the run starts on 2024-06-01, with the `initial_pool` of 2024-01-01 for `all`"];
    assert_eq!(warnings("late.toml", &[]), said);
    assert_eq!(warnings("a.toml", &[("run.start", "2024-06-01")]), said);
    for name in ["a.toml", "own.toml", "same.toml"] {
        assert_eq!(warnings(name, &[]), [""; 0], "{name}");
    }
    let set = [
        ("world.groups.all.initial_pool.north_persons", "5"),
        ("run.start", "2024-07-01"),
    ];
    let said = ["the run starts on 2024-07-01, with the `initial_pool` of 2024-06-01 for `all`"];
    assert_eq!(warnings("own.toml", &set[1..]), said);
    // Whatever their order, values of one command belong together.
    for set in [[set[0], set[1]], [set[1], set[0]]] {
        assert_eq!(warnings("own.toml", &set), [""; 0]);
    }
}

#[test]
fn a_mistake_in_the_base_is_shown_in_the_base() {
    let files = Files::new(&[
        ("base.toml", "policy.app.random_share = 3"),
        (
            "v.toml",
            "extends = \"base.toml\"\npolicy.app.lead_time_days = 0",
        ),
    ]);
    assert_eq!(files.mistakes("v.toml", &[]).len(), 2);
    let shown = files.load("v.toml", &[]).unwrap_err().to_string();
    assert!(shown.contains("base.toml:1:27: error"), "{shown}");
}

#[test]
fn a_wrong_value_that_a_variant_overrides_is_no_mistake() {
    let files = Files::new(&[
        ("base.toml", "policy.app.random_share = 3"),
        (
            "v.toml",
            "extends = \"base.toml\"\npolicy.app.random_share = 0.3",
        ),
    ]);
    assert!(files.load("v.toml", &[]).is_ok());
}

#[test]
fn a_table_with_a_default_of_its_own_gives_it_to_the_keys_left_out() {
    let files = Files::new(&[(
        "a.toml",
        "world.irregular.repeat_after_removal.mean_days = 5",
    )]);
    let loaded = files.load("a.toml", &[]).unwrap();
    let delay = loaded.scenario.world.irregular.repeat_after_removal;
    assert_eq!(delay, portflow::scenario::values::Delay::exponential(5.0));
}

/// As the data that a file names: `..` of a link is the directory above the one that it leads to.
#[cfg(unix)]
#[test]
fn what_is_extended_through_a_link_is_the_file_that_the_system_finds() {
    let base = |title: &str| format!("title = \"{title}\"\n");
    let files = Files::new(&[
        ("base.toml", &base("beside the link")),
        ("real/base.toml", &base("above where it leads")),
        ("real/deep/x.toml", "extends = \"../base.toml\"\n"),
        (
            "real/deep/e.toml",
            "base = \"../base.toml\"\n[sweep]\n\"policy.app.random_share\" = \"0|1\"\n",
        ),
    ]);
    let here = files.0.path();
    std::os::unix::fs::symlink("real/deep", here.join("short")).unwrap();
    for (path, shown) in [
        ("short/x.toml", "short/../base.toml"),
        ("real/deep/x.toml", "real/base.toml"),
    ] {
        let loaded = files.load(path, &[]).unwrap();
        assert_eq!(loaded.scenario.title, "above where it leads", "{path}");
        let base = here.join(shown).display().to_string();
        assert_eq!(loaded.files.names().last(), Some(&*base));
    }
    let read = portflow::scenario::load_experiment(&here.join("short/e.toml")).unwrap();
    assert_eq!(read.base.scenario.title, "above where it leads");
}

#[test]
fn a_base_that_is_named_from_where_the_command_is_run_is_told_its_name_from_the_file() {
    let files = Files::new(&[
        ("scenarios/base.toml", BASE),
        (
            "scenarios/more/a.toml",
            "extends = \"scenarios/base.toml\"\n",
        ),
        ("scenarios/b.toml", "extends = \"scenarios/base.toml\"\n"),
        ("scenarios/c.toml", "extends = \"scenarios/bases.toml\"\n"),
    ]);
    let rule = "`extends` is relative to the file that names it";
    for (file, help) in [
        (
            "scenarios/more/a.toml",
            format!("{rule}: write \"../base.toml\"\n"),
        ),
        (
            "./scenarios/b.toml",
            format!("{rule}: write \"base.toml\"\n"),
        ),
        ("scenarios/c.toml", format!("{rule}\n")),
    ] {
        let said = portflow(files.0.path(), &["check", file]).refused();
        assert!(said.contains("there is no such file"), "{said}");
        assert!(said.contains(&format!("= help: {help}")), "{said}");
    }
}
