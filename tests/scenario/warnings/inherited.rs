//! What is told of inherited events that a file overrides, changes or is overridden by.

use portflow::scenario::Axis;

use super::assert_warned_of;
use crate::tools::Files;

/// An inherited event keeps its place among those of its day, so that another may override what is changed in it.
#[test]
fn what_a_later_inherited_event_overrides_is_warned_of() {
    let event = |id: &str, set: &str| {
        format!("[[event]]\nid = \"{id}\"\ndate = 2024-03-01\nset = {{ {set} }}\n")
    };
    let first = event("first", "\"app.random_share\" = 0.5");
    let base = format!(
        "[world.groups.all]\narrivals.per_day = 5\n[policy.ports.only]\n{first}{}",
        event(
            "second",
            "\"app.random_share\" = 0.5, \"app.group_regions\" = {}"
        )
    );
    for (own, said) in [
        (
            event("first", "\"app.random_share\" = 1.0"),
            "`app.random_share` is set again on 2024-03-01 by an event that is listed later: 0.5 overrides this",
        ),
        (
            event(
                "first",
                "\"app.random_share\" = 0.5, \"app.group_regions.all\" = []",
            ),
            "`app.group_regions` is set again on 2024-03-01 by an event that is listed later: {} overrides this",
        ),
        (
            event(
                "second",
                "\"app.random_share\" = 1.0, \"app.group_regions\" = {}",
            ),
            "",
        ),
        (
            event("third", "\"app.random_share\" = 1.0"),
            "`app.random_share` is set twice on 2024-03-01: 1.0 overrides that of the inherited `event.second`, which still moves `app.group_regions`",
        ),
        (
            event("third", "\"app.random_share\" = 1.0"),
            "`id = \"second\"` alone under an [[event]] of its own",
        ),
        // Named, it is known; and where nothing else of it acts, there is nothing to know.
        (
            event("third", "\"app.random_share\" = 1.0") + "[[event]]\nid = \"second\"\n",
            "",
        ),
        (
            event(
                "third",
                "\"app.random_share\" = 1.0, \"app.group_regions\" = { all = [\"south\"] }",
            ),
            "",
        ),
        // What holds in the end is what the file says.
        (
            event("first", "\"app.random_share\" = 1.0")
                + &event("third", "\"app.random_share\" = 1.0")
                + "[[event]]\nid = \"second\"\n",
            "",
        ),
    ] {
        let text = format!("extends = \"base.toml\"\n{own}");
        assert_warned_of(&text, &[("base.toml", &base)], &[], said);
    }
}

#[test]
fn what_an_inherited_event_of_a_later_day_overrides_is_warned_of() {
    let event = |date: &str, id: &str, set: &str| {
        format!("[[event]]\nid = \"{id}\"\ndate = {date}\nset = {{ {set} }}\n")
    };
    let luck = |date: &str, id: &str, share: f64| {
        event(date, id, &format!("\"app.random_share\" = {share:?}"))
    };
    let regions = |date, id| event(date, id, "\"app.group_regions\" = { all = [\"north\"] }");
    let base = format!(
        "[world.groups.all]\narrivals.per_day = 5\n[policy.ports.only]\n{}{}{}",
        luck("2024-03-01", "first", 0.5),
        luck("2024-04-01", "second", 0.6),
        event(
            "2024-05-01",
            "third",
            "\"app.booked\" = \"honour\", \"app.group_regions.all\" = []"
        ),
    );
    let said = "`app.random_share` is set here until 2024-04-01 only, when an inherited event sets `app.random_share`";
    let help = "`id = \"second\"` and `remove = true`";
    let second = "[[event]]\nid = \"second\"\n";
    for (own, set, said) in [
        (luck("2024-03-15", "own", 0.9), None, said),
        (luck("2024-03-15", "own", 0.9), None, help),
        (
            luck("2024-02-01", "second", 0.9),
            None,
            "is set here until 2024-03-01 only",
        ),
        (
            regions("2024-03-15", "own"),
            None,
            "`app.group_regions` is set here until 2024-05-01 only, when an inherited event sets `app.group_regions.all`",
        ),
        (luck("2024-04-02", "own", 0.9), None, ""),
        // The value that comes anyway, one that is put back, and one that an event of its own sets on that day too.
        (luck("2024-03-15", "own", 0.6), None, ""),
        (
            luck("2024-04-15", "own", 0.9) + &luck("2024-04-20", "back", 0.6),
            None,
            "",
        ),
        (luck("2024-03-15", "own", 0.5), None, ""),
        (
            luck("2024-03-15", "own", 0.9) + &luck("2024-04-01", "last", 0.9),
            None,
            "",
        ),
        // An inherited event with another value, before it and as what comes later; and one that is taken out.
        (luck("2024-03-01", "first", 0.7), None, ""),
        (
            luck("2024-03-15", "own", 0.9) + second + "set = { \"app.random_share\" = 0.7 }\n",
            None,
            "",
        ),
        (
            luck("2024-04-15", "own", 0.9),
            Some(("event.second.set.app.random_share", "0.7")),
            "",
        ),
        (
            luck("2024-03-15", "own", 0.9) + second + "remove = true\n",
            None,
            "",
        ),
        // What each change says anew.
        (
            event("2024-03-15", "own", "\"app.booked\" = \"move\""),
            None,
            "",
        ),
    ] {
        let text = format!("extends = \"base.toml\"\n{own}");
        let set: Vec<(&str, &str)> = set.into_iter().collect();
        assert_warned_of(&text, &[("base.toml", &base)], &set, said);
    }
}

/// An event of a file outside its own run is an error; what a file or `--set` changes in one that is inherited does nothing.
#[test]
fn what_is_changed_in_an_event_that_does_not_act_is_warned_of() {
    let set = |share: f64| {
        format!("set = {{ \"app.random_share\" = {share:?}, \"app.lead_time_days\" = 20 }}\n")
    };
    let event = |id: &str, more: &str| format!("[[event]]\nid = \"{id}\"\n{more}");
    let base = [
        "[world.groups.all]\narrivals.per_day = 5\n[policy.ports.only]\n",
        &event("first", &format!("date = 2024-02-01\n{}", set(0.5))),
        "[[event]]\ndate = 2024-02-15\nset = { \"app.lead_time_days\" = 10 }\n",
        &event(
            "second",
            "date = 2024-03-01\nset = { \"app.random_share\" = 0.6 }\n",
        ),
        &event("third", &format!("date = 2024-08-01\n{}", set(0.7))),
    ]
    .concat();
    // A `set` is replaced whole: the lead time, which an event without an id overrides, is repeated and no change.
    let [first, third] = ["first", "third"].map(|id| event(id, &set(0.9)));
    let (late, end) = (("run.start", "2024-04-01"), ("run.end", "2024-06-30"));
    let written = |(key, date): (&str, &str)| format!("{key} = {date}\n");
    let share = |id: &str| format!("event.{id}.set.app.random_share");
    let shares = ["first", "second", "third"].map(share);
    let [one, two, three] = shares.each_ref().map(|key| (key.as_str(), "0.9"));
    let days = ("event.first.set.app.lead_time_days", "30");
    let before = "`event.first.set.app.random_share` does nothing in this run: `event.second.set.app.random_share` of 2024-03-01 overrides it before the run begins on 2024-04-01";
    let after = "`event.third.set.app.random_share` does nothing in this run: its event is of 2024-08-01, and the run ends on 2024-06-30";
    for (own, set, said) in [
        (written(late) + &first, vec![], before),
        (written(end) + &third, vec![], after),
        (written(late), vec![one], before),
        (written(end), vec![three], after),
        (String::new(), vec![late, one], before),
        (String::new(), vec![end, three], after),
        (
            written(late),
            vec![one],
            "help: set `event.second.set.app.random_share`, or leave it out",
        ),
        (
            written(end),
            vec![three],
            "help: set `run.end` to 2024-08-01 or later, or leave it out",
        ),
        (
            written(late),
            vec![days],
            "`event.2024-02-15.set.app.lead_time_days` of 2024-02-15 overrides it",
        ),
        (
            written(late),
            vec![days],
            "help: give the event of 2024-02-15 an `id`",
        ),
        // What acts, and what a file says of a longer run.
        (written(late), vec![two], ""),
        (third.clone(), vec![three], ""),
        (first, vec![late], ""),
        (third, vec![end], ""),
    ] {
        let text = format!("extends = \"base.toml\"\n{own}");
        assert_warned_of(&text, &[("base.toml", &base)], &set, said);
        let files = Files::new(&[("base.toml", &base), ("a.toml", &text)]);
        let warnings = files.load("a.toml", &set).unwrap().warnings;
        assert!(warnings.problems().len() <= 1, "{warnings}");
    }
}

/// The values of an axis are laid over the file like others.
#[test]
fn an_axis_of_an_event_that_does_not_act_is_warned_of() {
    let base = "[world.groups.all]\narrivals.per_day = 5\n[[event]]\nid = \"late\"\ndate = 2024-08-01\nset = { \"app.random_share\" = 0.5 }\n";
    let files = Files::new(&[("base.toml", base), ("a.toml", "extends = \"base.toml\"\n")]);
    let loaded = files.load("a.toml", &[("run.end", "2024-06-30")]).unwrap();
    let axis = Axis::parse("event.late.set.app.random_share=0..1:5", &loaded).unwrap();
    let told: Vec<String> = (axis.check(&loaded).unwrap().iter())
        .map(ToString::to_string)
        .collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("does nothing in this run"), "{told:?}");
}

/// A `set` replaces what it inherits, which is easily taken for a part of it.
#[test]
fn levers_that_an_inherited_change_no_longer_moves_are_named() {
    let base = "[world.groups.all]\narrivals.per_day = 5\n[policy.ports.only]\nslots_per_day = 5\nwalk_ups_per_day = 3\n[[event]]\nid = \"more\"\ndate = 2024-03-01\nlabel = \"More of all\"\n\
                set = { \"app.slots_per_day\" = 5, \"walk_up.per_day\" = 3, \"app.random_share\" = 0.5 }\n";
    for (own, said) in [
        (
            "set = { \"app.slots_per_day\" = 9 }",
            "this `set` replaces the inherited one whole: `app.random_share`, `walk_up.per_day` are no longer moved",
        ),
        (
            "set = { \"app.slots_per_day\" = 9, \"app.random_share\" = 0.5, \"walk_up.per_day\" = 3 }",
            "",
        ),
        (
            "set = { \"app.slots_per_day\" = 9, \"app.random_share\" = 0.5, \"walk_up\" = { per_day = 3 } }",
            "",
        ),
        (
            "label = \"More slots\"\nset = { \"app.slots_per_day\" = 9 }",
            "",
        ),
        ("date = 2024-04-01", ""),
    ] {
        let text = format!("extends = \"base.toml\"\n[[event]]\nid = \"more\"\n{own}\n");
        let files = Files::new(&[("base.toml", base), ("a.toml", &text)]);
        let warnings = files.load("a.toml", &[]).unwrap().warnings.to_string();
        assert!(warnings.contains(said), "{own}\n{warnings}");
        assert_eq!(
            warnings.contains("replaces"),
            !said.is_empty(),
            "{own}\n{warnings}"
        );
    }
}

/// What an event is called and where it comes from was said of the day and the values that it had.
#[test]
fn an_inherited_event_that_is_changed_under_its_old_label_is_warned_of() {
    let base = "[world.groups.all]\narrivals.per_day = 5\n[policy.ports.only]\n[[event]]\nid = \"more\"\ndate = 2024-03-01\n\
                label = \"More luck\"\nsource = \"a newspaper\"\nset = { \"app.random_share\" = 0.5 }\n\
                [[event]]\nid = \"plain\"\ndate = 2024-05-01\nset = { \"app.lead_time_days\" = 5 }\n";
    let value = "set = { \"app.random_share\" = 0.7 }\n";
    let of_value = "`app.random_share` of `event.more` has another value here, under the label and the source that it has as an inherited event";
    for (own, said) in [
        (
            "date = 2024-04-01\n",
            "`event.more` is moved from 2024-03-01 to 2024-04-01, under the label and the source that it has as an inherited event",
        ),
        (value, of_value),
        (
            "date = 2024-03-01\nset = { \"app.random_share\" = 0.5 }\n",
            "",
        ),
        ("date = 2024-04-01\nlabel = \"Later\"\n", ""),
        (
            "set = { \"app.random_share\" = 0.7 }\nsource = \"assumed\"\n",
            "",
        ),
        (
            "set = { \"app.random_share\" = 0.7 }\n[sources]\n\"event.more.set.app.random_share\" = \"fitted\"\n",
            "",
        ),
        (
            "label = \"More luck\"\n[[event]]\nid = \"plain\"\ndate = 2024-06-01\n",
            "",
        ),
    ] {
        let text = format!("extends = \"base.toml\"\n[[event]]\nid = \"more\"\n{own}");
        assert_warned_of(&text, &[("base.toml", base)], &[], said);
    }
    // Of the command line it is the value that is asked for.
    let set = [("event.more.date", "2024-04-01")];
    assert_warned_of(
        "extends = \"base.toml\"\n",
        &[("base.toml", base)],
        &set,
        "",
    );
}

#[test]
fn an_inherited_table_that_is_written_with_points_is_no_other_value() {
    let set = |one: &str| {
        format!(
            "set = {{ \"crossing.outcome\" = {{ released = {one}, removed = 0, returned = 0 }} }}\n"
        )
    };
    let base = "[world.groups.all]\narrivals.per_day = 5\n[policy.ports.only]\n[[event]]\nid = \"more\"\ndate = 2024-03-01\n\
                label = \"All stay\"\n";
    let base = format!("{base}{}", set("1"));
    let text = format!(
        "extends = \"base.toml\"\n[[event]]\nid = \"more\"\n{}",
        set("1.0")
    );
    assert_warned_of(&text, &[("base.toml", &base)], &[], "");
}
