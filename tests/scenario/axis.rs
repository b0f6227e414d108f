//! Axes of sweeps, and levers that events move all the same.

use portflow::scenario::{Axis, Loaded, Override};

use crate::tools::{Files, load, shipped};

fn november() -> Loaded {
    load(&shipped("november-2024.toml"), &[])
}

fn levels(text: &str) -> Vec<String> {
    let axis = Axis::parse(text, &november()).unwrap();
    axis.levels().unwrap().to_vec()
}

#[test]
fn levels_are_at_equal_distances_with_both_ends() {
    assert_eq!(
        levels("policy.app.random_share=0..0.4:5"),
        ["0", "0.1", "0.2", "0.3", "0.4"]
    );
    assert_eq!(
        levels("policy.app.lead_time_days=7 .. 21 : 3"),
        ["7", "14", "21"]
    );
    assert_eq!(levels("policy.app.lead_time_days=1..4:3"), ["1", "3", "4"]);
    assert_eq!(
        levels("policy.crossing.deterrence=-1..1:3"),
        ["-1", "0", "1"]
    );
}

#[test]
fn a_list_holds_numbers_words_dates_and_quoted_strings() {
    assert_eq!(
        levels("policy.app.booked=cancel|honour"),
        ["cancel", "honour"]
    );
    assert_eq!(
        levels("run.end=2024-10-31|2024-11-30"),
        ["2024-10-31", "2024-11-30"]
    );
    assert_eq!(
        levels("event.november.date=2024-10-28|2024-11-04"),
        ["2024-10-28", "2024-11-04"]
    );
    assert_eq!(levels("title=\"a|b\"|c"), ["\"a|b\"", "c"]);
    assert_eq!(
        levels("policy.walk_up.per_day=100|unlimited"),
        ["100", "unlimited"]
    );
    assert_eq!(levels("policy.app.random_share=0.3"), ["0.3"]);
}

#[test]
fn every_kind_of_value_can_be_loaded() {
    let november = november();
    for text in [
        "policy.app.booked=cancel|honour|\"move\"",
        "run.end=2024-10-31|2024-11-30",
        "event.november.set.walk_up.per_day=100..120:3",
        "policy.app.regions=[\"north\"]|[\"south\", \"north\"]",
        "world.groups.mexican.arrivals.levels.1.per_day=2000..3000",
    ] {
        let axis = Axis::parse(text, &november).unwrap();
        axis.check(&november)
            .unwrap_or_else(|wrong| panic!("{text}: {wrong}"));
    }
}

#[test]
fn a_point_gives_a_number_of_the_range_or_an_entry_of_the_list() {
    let november = november();
    let at = |text: &str, points: &[f64]| -> Vec<String> {
        let axis = Axis::parse(text, &november).unwrap();
        points.iter().map(|u| axis.at(*u)).collect()
    };
    assert_eq!(
        at("policy.app.slots_per_day=1000..2000", &[0.0, 0.25, 1.0]),
        ["1000", "1250", "2000"]
    );
    assert_eq!(
        at("policy.app.booked=cancel|honour", &[0.0, 0.49, 0.5, 0.99]),
        ["cancel", "cancel", "honour", "honour"]
    );
    let days: Vec<f64> = (0..100).map(|point| f64::from(point) / 100.0).collect();
    let days = at("policy.app.lead_time_days=7..11", &days);
    let sevens = days.iter().filter(|day| *day == "7").count();
    assert_eq!((sevens, days[99].as_str()), (20, "11"));
    let axis = Axis::parse("policy.app.random_share=0..1", &november).unwrap();
    assert_eq!(axis.levels(), None);
}

#[test]
fn a_text_that_is_no_axis_is_refused_with_what_was_expected() {
    for (text, message) in [
        (
            "policy.app.random_share",
            "`policy.app.random_share` is not KEY=VALUES",
        ),
        (
            "run={ start = 2024-01-01 }|{ start = 2024-02-01 }",
            "`run` as a whole is no input: people are known by the first day simulated and the seed in it, and would be others at every point",
        ),
        (
            "run.warmup_days=0..4:2",
            "`run.warmup_days` is no input: people are known by the day on which they come, counted from the first day simulated, and would be others at every point",
        ),
        (
            "policy.app.random_shar=0..1",
            "unknown key `random_shar` in `policy.app`",
        ),
        (
            "policy.app.random_share=0..much:3",
            "`much` is not a number, and ends the range of `policy.app.random_share`",
        ),
        (
            "policy.app.slots_per_day=1000-2000:5",
            "`1000-2000:5` is neither a number nor a range",
        ),
        (
            "policy.app.random_share=0...1:3",
            "`0...1:3` has three points between its ends",
        ),
        (
            "policy.app.random_share=1..0",
            "the range of `policy.app.random_share` goes from 1 to 0",
        ),
        (
            "policy.app.random_share=0..1:1",
            "`1` is not a number of levels for `policy.app.random_share`",
        ),
        (
            "policy.app.lead_time_days=7..8:4",
            "4 whole numbers do not fit between 7 and 8",
        ),
        (
            "policy.app.lead_time_days=7..8.5",
            "`8.5` is not a whole number, and ends the range of `policy.app.lead_time_days`",
        ),
        (
            "policy.app.booked=cancel||honour",
            "`cancel||honour` has an empty value for `policy.app.booked`",
        ),
        (
            "policy.app.booked=cancel|cancel",
            "`cancel` is listed twice for `policy.app.booked`",
        ),
        (
            "policy.app.slots_per_day=1000|5|5.0",
            "`5` and `5.0` are one value of `policy.app.slots_per_day`",
        ),
        ("event.octobr.date=2024-10-01", "there is no event `octobr`"),
    ] {
        let wrong = Axis::parse(text, &november()).unwrap_err();
        assert_eq!(wrong.message, message, "{text}");
        assert!(wrong.help.is_some(), "{text}");
    }
    let dates = Axis::parse("run.end=2024-10-01..2024-11-01", &november()).unwrap_err();
    assert_eq!(dates.help.as_deref(), Some("list its values: `KEY=x|y|z`"));
}

#[test]
fn a_level_that_cannot_be_run_is_refused_at_its_value() {
    let november = november();
    for text in [
        "policy.app.random_share=0..2:3",
        "policy.app.booked=cancel|keep",
    ] {
        let axis = Axis::parse(text, &november).unwrap();
        let wrong = axis.check(&november).unwrap_err().to_string();
        assert!(wrong.starts_with("--set:1:"), "{wrong}");
    }
}

#[test]
fn what_one_value_alone_brings_is_warned_of_wherever_it_stands() {
    let november = november();
    for text in [
        "policy.app.slots_per_day=1.520|1450",
        "policy.app.slots_per_day=1450|1.520",
    ] {
        let axis = Axis::parse(text, &november).unwrap();
        let told = axis.check(&november).unwrap();
        assert!(
            told[0].to_string().contains("rounded to whole persons"),
            "{text}"
        );
    }
}

#[test]
fn a_swept_lever_that_events_move_is_warned_of_with_the_keys_that_move_it() {
    let history = load(&shipped("history.toml"), &[]);
    let axis = Axis::parse("policy.app.slots_per_day=500..1500:2", &history).unwrap();
    let told = axis.check(&history).unwrap();
    assert_eq!(told.len(), 1, "both values bring it, and it is said once");
    let warnings = told[0].to_string();
    for said in [
        "events move `policy.app.slots_per_day` on 2023-02-01, 2023-05-01, 2023-05-12, 2023-06-01, 2023-07-01: the value set holds until then",
        "`event.slots-1450.set.app.slots_per_day`",
    ] {
        assert!(warnings.contains(said), "{said}\n{warnings}");
    }
    let key = "event.slots-1450.set.app.slots_per_day";
    let axis = Axis::parse(&format!("{key}=500..1500:2"), &history).unwrap();
    assert!(axis.check(&history).unwrap().is_empty());
    let changed = history.with(&[Override::new(key, "1800")]).unwrap();
    assert_ne!(changed.scenario.timeline, history.scenario.timeline);
}

const MOVED: &str = "[world.groups.all]
arrivals.per_day = 10
[[event]]
date = 2024-01-01
set = { app.random_share = 0.6 }
[[trigger]]
id = \"crowd\"
when = { metric = \"pool_size\", mean_over_days = 7, at_least = 2500 }
set = { app.random_share = 1.0 }
";

#[test]
fn a_value_that_never_holds_and_one_that_a_trigger_moves_are_warned_of() {
    let files = Files::new(&[("a.toml", MOVED)]);
    let set = [("policy.app.random_share", "0.1")];
    let warnings = files.load("a.toml", &set).unwrap().warnings.to_string();
    for said in [
        "events move `policy.app.random_share` on 2024-01-01: the value set never holds",
        "give the event of 2024-01-01 an `id`, so that its value can be set",
        "a trigger moves `policy.app.random_share`: the value set does not hold while it is on",
        "to move that too, set `trigger.crowd.set.app.random_share`",
    ] {
        assert!(warnings.contains(said), "{said}\n{warnings}");
    }
    let untouched = files.load("a.toml", &[("policy.app.lead_time_days", "3")]);
    assert_eq!(untouched.unwrap().warnings.problems().len(), 0);
}

#[test]
fn a_lever_set_in_a_file_that_inherited_events_move_is_warned_of() {
    let base = "world.initial_bookings = 0\n[run]\nstart = 2024-01-01\nend = 2024-12-31\n[world.groups.all]\narrivals.per_day = 10\n[policy.ports.only]\nslots_per_day = 100\nofficers = 900\n\
        [[event]]\nid = \"more\"\ndate = 2024-02-01\nset = { app.slots_per_day = 500 }\n";
    let own = "extends = \"base.toml\"\n[policy.app]\nslots_per_day = 1800\n";
    let both = format!("{own}[[event]]\nid = \"more\"\nset = {{ app.slots_per_day = 1900 }}\n");
    let later = "extends = \"base.toml\"\n[policy.app]\nrandom_share = 0.5\n[[event]]\ndate = 2024-03-01\nset = { app.random_share = 1.0 }\n";
    let files = Files::new(&[
        ("base.toml", base),
        ("own.toml", own),
        ("both.toml", &both),
        ("later.toml", later),
        ("heir.toml", "extends = \"own.toml\"\n"),
    ]);
    let warnings = |name: &str| files.load(name, &[]).unwrap().warnings.to_string();
    let told = warnings("own.toml");
    for said in [
        "own.toml:3:17: warning: events move `policy.app.slots_per_day` on 2024-02-01: the value set holds until then",
        "to move them too, set `event.more.set.app.slots_per_day`",
    ] {
        assert!(told.contains(said), "{said}\n{told}");
    }
    // Who sets a lever and its events knows of both; who extends such a file has set nothing.
    for name in ["base.toml", "both.toml", "later.toml", "heir.toml"] {
        assert_eq!(warnings(name), "", "{name}");
    }
}

#[test]
fn an_axis_is_written_as_it_is_read() {
    let loaded = november();
    for text in [
        "policy.app.random_share=0..1",
        "policy.app.random_share=0|0.25|0.5|0.75|1",
        "world.groups.other.arrivals.per_day=0.1..1000000000000000000",
        "policy.app.booked=cancel|\"honour\"",
    ] {
        let Ok(axis) = Axis::parse(text, &loaded) else {
            panic!("{text}");
        };
        assert_eq!(Axis::parse(&axis.to_string(), &loaded).unwrap(), axis);
    }
    let levels = Axis::parse("policy.app.random_share=0..1:5", &loaded).unwrap();
    assert_eq!(
        levels.to_string(),
        "policy.app.random_share=0|0.25|0.5|0.75|1"
    );
}
