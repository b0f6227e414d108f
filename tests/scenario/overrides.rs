//! `--set`: that it means what the same text means in a file, and that one key is one key however it is written.

use portflow::scenario::{Diagnostics, Loaded, Override};

use crate::tools::Files;
use crate::tools::command::portflow;

const TRIGGER: &str = r#"
[[trigger]]
id = "limit"
when = { metric = "pool_size", mean_over_days = 7, at_least = 50 }
until = { metric = "pool_size", mean_over_days = 7, below = 20 }
set = { "crossing.outcome" = { released = 0.2, removed = 0.5, returned = 0.3 } }
"#;

const EVENT: &str = r#"
[run]
start = 2024-01-01
end = 2024-03-31

[world.groups.mexican]
arrivals.per_day = 5
[world.groups.other]
arrivals.per_day = 5

[policy.app]
slots_per_day = 700
[policy.ports.only]
slots_per_day = 1

[[event]]
id = "e"
date = 2024-02-01
set = { "app.random_share" = 0.9, "app.lead_time_days" = 5, "trigger.limit.until.delay_days" = 3 }
"#;

fn files() -> Files {
    Files::new(&[("a.toml", &format!("{EVENT}{TRIGGER}"))])
}

/// What the resolved file is read as.
fn again(loaded: &Loaded) -> Result<Loaded, Diagnostics> {
    let files = Files::new(&[("scenario.resolved.toml", &loaded.resolved_toml())]);
    files.load("scenario.resolved.toml", &[])
}

fn levers(loaded: &Loaded) -> Vec<&str> {
    let set = &loaded.events()[0].set;
    set.keys().map(String::as_str).collect()
}

/// A table of levers was taken for one lever, and laid over the policy with the defaults of the others.
#[test]
fn a_table_that_is_laid_over_a_set_is_walked_down_to_the_levers() {
    let app = ["app.random_share"];
    let beside = ["app.random_share", "trigger.limit.until.delay_days"];
    let event = "{ id = \"e\", date = 2024-02-01, set = { app = { random_share = 0.2 } } }";
    for (key, value, moved) in [
        ("event.e.set", "{ app = { random_share = 0.2 } }", &app[..]),
        ("event.e.set", "{ app.random_share = 0.2 }", &app),
        ("event.e.set.app", "{ random_share = 0.2 }", &beside),
        ("event.e", event, &app),
        ("event", &format!("[{event}]"), &app),
    ] {
        let loaded = files().load("a.toml", &[(key, value)]).unwrap();
        assert_eq!(levers(&loaded), moved, "{key}={value}");
        let policy = &loaded.scenario.timeline.epochs[1].policies[0].app;
        assert_eq!((policy.random_share, policy.slots_per_day), (0.2, 700.0));
        let again = again(&loaded).unwrap();
        assert_eq!(again.scenario, loaded.scenario, "{key}={value}");
    }
}

#[test]
fn a_lever_that_is_given_twice_in_one_value_is_refused() {
    let value = "{ \"app.open\" = true, app = { open = false } }";
    let found = files().mistakes("a.toml", &[("event.e.set", value)]);
    assert_eq!(found, ["`app.open` is set twice"]);
}

/// The part was another lever beside the table, and the resolved file was refused.
#[test]
fn a_part_of_a_table_in_a_set_goes_into_the_table() {
    let part = |share: &str| format!("trigger.limit.set.crossing.outcome.{share}");
    let parts = [part("released"), part("removed"), part("returned")];
    let set = [(&*parts[0], "0.8"), (&parts[1], "0.2"), (&parts[2], "0")];
    let loaded = files().load("a.toml", &set).unwrap();
    let set = &loaded.file.trigger[0].set;
    assert_eq!(set.keys().collect::<Vec<_>>(), ["crossing.outcome"]);
    assert_eq!(set["crossing.outcome"]["released"], 0.8);
    let again = again(&loaded).unwrap();
    assert_eq!(again.scenario, loaded.scenario);
    // And the whole takes the place of parts.
    let text = EVENT.replace("\"app.random_share\" = 0.9", "crossing.outcome.removed = 0")
        + TRIGGER
        + "[policy.crossing.outcome]\nreleased = 1\nremoved = 0\nreturned = 0\n";
    let files = Files::new(&[("a.toml", &text)]);
    let whole = "{ released = 0.5, removed = 0.5, returned = 0 }";
    let loaded = files.load("a.toml", &[("event.e.set.crossing.outcome", whole)]);
    assert!(levers(&loaded.unwrap()).contains(&"crossing.outcome"));
}

#[test]
fn a_lever_keeps_its_place_and_what_it_overrode() {
    let loaded = files()
        .load("a.toml", &[("event.e.set.app", "{ random_share = 0.2 }")])
        .unwrap();
    let told = loaded.explain("event.e.set.app.random_share").unwrap();
    assert_eq!(told.value.as_deref(), Some("0.2"));
    assert_eq!(told.overrode.len(), 1);
    assert_eq!(told.overrode[0].0, "0.9");
}

/// As the help says of a trigger of which an event would leave too little.
#[test]
fn a_table_of_numbers_of_a_trigger_can_be_laid_over_an_event() {
    let until = "{ metric = \"registrations\", mean_over_days = 3, below = 9 }";
    let files = files();
    for (key, value) in [
        ("event.e.set.trigger.limit.until", until),
        (
            "event.e.set",
            &format!("{{ \"trigger.limit.until\" = {until} }}"),
        ),
        (
            "event.e.set",
            &format!("{{ trigger.limit.until = {until} }}"),
        ),
    ] {
        let loaded = files.load("a.toml", &[(key, value)]).unwrap();
        let rule = &loaded.scenario.timeline.epochs[1].rules[0];
        let until = rule.until.as_ref().unwrap();
        assert_eq!((until.mean_over_days, until.below), (3, 9.0), "{key}");
    }
}

#[test]
fn tables_of_ranges_and_of_sources_are_walked_down_too() {
    let range = "{ low = 0.0, high = 0.2, source = \"a\" }";
    for (key, value) in [
        (
            "futures",
            format!("{{ world = {{ app = {{ no_show_probability = {range} }} }} }}"),
        ),
        (
            "futures.world.app",
            format!("{{ no_show_probability = {range} }}"),
        ),
        ("futures.world.app.no_show_probability", range.to_owned()),
    ] {
        let loaded = files().load("a.toml", &[(key, &value)]).unwrap();
        let futures = loaded.futures.as_slice();
        assert_eq!(futures.len(), 1, "{key}");
        assert_eq!(futures[0].key, "world.app.no_show_probability", "{key}");
    }
    let source = ("sources.policy.app", "{ slots_per_day = \"a release\" }");
    let loaded = files().load("a.toml", &[source]).unwrap();
    let sources = &loaded.file.sources;
    assert_eq!(sources["policy.app.slots_per_day"], "a release");
}

#[test]
fn a_key_in_quotes_is_the_same_key() {
    let quoted: Override = "policy.app.\"random_share\"=0.3".parse().unwrap();
    assert_eq!(quoted, Override::new("policy.app.random_share", "0.3"));
    assert!("\"\"=5".parse::<Override>().is_err());
    let files = files();
    let run = |set: [&str; 2]| {
        let args = ["run", "a.toml", "-r", "1", "--set", set[0], "--set", set[1]];
        portflow(files.0.path(), &args)
    };
    run([
        "policy.app.\"random_share\"=0.3",
        "policy.app.random_share=0.4",
    ])
    .refused_for("--set policy.app.random_share is given twice");
    run(["'event'.e.set.\"app.random_share\"=0.3", "event.e.set={}"])
        .refused_for("--set event.e.set takes the place of --set event.e.set.app.random_share");
}

/// A value that is set was drawn all the same where its key had quotes.
#[test]
fn a_value_of_a_key_in_quotes_is_held_in_futures() {
    let range = "[futures]\n\"world.app.no_show_probability\" = { low = 0.1, high = 0.2, source = \"a\" }\n";
    let files = Files::new(&[("a.toml", &format!("{EVENT}{TRIGGER}{range}"))]);
    let set = "world.app.\"no_show_probability\"=0.15";
    let args = ["run", "a.toml", "--futures", "2", "-r", "1", "--set", set];
    let said = portflow(files.0.path(), &args);
    assert!(
        said.stderr
            .contains("`world.app.no_show_probability` has the value that is set here"),
        "{}",
        said.stderr
    );
}

/// Files are refused where they give an id twice; values laid over them made two of one name.
#[test]
fn an_id_is_not_given_twice_by_a_value() {
    let other = "[[event]]\nid = \"f\"\ndate = 2024-03-01\nset = { \"app.open\" = true }\n";
    let files = Files::new(&[("a.toml", &format!("{EVENT}{other}{TRIGGER}"))]);
    let trigger = "{ id = \"b\", when = { metric = \"pool_size\", mean_over_days = 7, at_least = 50 }, set = {} }";
    let triggers = format!("[{trigger}, {trigger}]");
    for (key, value, id) in [
        ("event.e.id", "f", "f"),
        ("event.f.id", "e", "e"),
        ("trigger", &triggers, "b"),
    ] {
        // An event sets a number of the trigger, of which another mistake would be made.
        let set = [("event.e.set", "{ \"app.open\" = true }"), (key, value)];
        let wrong = files.load("a.toml", &set).unwrap_err();
        assert_eq!(wrong.errors(), [format!("the id `{id}` is given twice")]);
        assert!(wrong.to_string().starts_with("--set:1:"), "{wrong}");
    }
    assert!(files.load("a.toml", &[("event.e.id", "g")]).is_ok());
}
