//! What is asked about levers, the app, arrivals and published figures that may be oversights.

use super::{assert_warned, assert_warned_of, desk, warned};
use crate::tools::Files;
use crate::tools::command::portflow;

#[test]
fn an_app_that_nobody_reaches_is_asked_about() {
    const NOBODY: &str = "nobody can register";
    let regions = |regions: &str, more: &str| {
        let app = format!("[policy.app]\nregions = [{regions}]\n");
        desk(more).replace("[policy.app]\n", &app)
    };
    let entry = |shares: &str| format!("[world.groups.all.entry]\n{shares}\n");
    let pool = "[world.groups.all.initial_pool]\nsouth_persons = 5\n";
    assert_warned([
        (regions("\"outside\"", ""), NOBODY),
        (regions("\"south\"", ""), NOBODY),
        (regions("", ""), NOBODY),
        (regions("\"south\", \"north\"", ""), ""),
        (regions("\"south\"", &entry("south = 0.5\nnorth = 0.5")), ""),
        (
            regions("\"outside\"", &entry("south = 0.5\nnorth = 0.5")),
            NOBODY,
        ),
        (regions("\"north\"", &entry("outside = 1.0")), ""),
        (
            regions("\"south\"", "[policy.mexico]\nattempt_interception = 0.5"),
            "",
        ),
        (regions("\"south\"", pool), ""),
        (
            regions("\"south\"", "[policy.app.group_regions]\nall = [\"north\"]"),
            "",
        ),
        (
            regions(
                "\"outside\"",
                "[[event]]\ndate = 2024-02-01\nset = { \"app.regions\" = [\"north\"] }",
            ),
            "",
        ),
    ]);
}

#[test]
fn a_source_of_a_lever_that_its_event_does_not_set_is_asked_about() {
    let sourced = |key: &str| {
        let event =
            "[[event]]\nid = \"more\"\ndate = 2024-02-01\nset = { \"app.slots_per_day\" = 6 }\n";
        desk(event) + &format!("[sources]\n\"{key}\" = \"a release\"\n")
    };
    assert_warned([
        (
            sourced("event.more.set.app.random_share"),
            "`event.more` does not set `app.random_share`: this is the source of no value",
        ),
        (
            sourced("event.more.set.app.random_share"),
            "it sets `app.slots_per_day`",
        ),
        (sourced("event.more.set.app.slots_per_day"), ""),
        (sourced("event.more"), ""),
    ]);
}

#[test]
fn levers_that_work_against_each_other_are_asked_about() {
    let closing = |more: &str| {
        format!(
            "[policy.ports.desk]\nslots_per_day = 5\n[policy.ports.gate]\nslots_per_day = 5\n[policy.app]\nslots_per_day = 10\nbooked = \"honour\"\n[[event]]\n\
             date = 2024-01-11\nset = {{ \"ports.desk.open\" = false{more} }}\n"
        )
    };
    let trigger = |below: u32| {
        format!(
            "[[trigger]]\nid = \"limit\"\nwhen = {{ metric = \"pool_size\", mean_over_days = 7, at_least = 1000 }}\n\
             until = {{ metric = \"pool_size\", mean_over_days = 7, below = {below} }}\nset = {{ \"app.open\" = false }}\n"
        )
    };
    let twice = |second: u32| {
        format!(
            "[[event]]\ndate = 2024-01-11\nset = {{ \"app.random_share\" = 0.5 }}\n\
             [[event]]\ndate = 2024-01-11\nset = {{ \"app.random_share\" = 0.{second} }}\n"
        )
    };
    assert_warned([
        (
            closing(""),
            "`desk` closes while `app.booked` is \"honour\"",
        ),
        (closing(", \"app.booked\" = \"move\""), ""),
        (
            closing(", \"ports.gate.open\" = false"),
            "no port is open from 2024-01-11 to the end of the run",
        ),
        (
            closing("").replace("booked =", "open = false\nbooked ="),
            "",
        ),
        (closing(", \"app.when_port_closed\" = \"lose\""), ""),
        (trigger(1100), "between the two it ends only to begin again"),
        (trigger(1000), ""),
        (
            twice(6),
            "`app.random_share` is set twice on 2024-01-11: 0.6 is listed last, and overrides the other",
        ),
        (
            trigger(1000) + "[[event]]\ndate = 2024-03-01\nset = { \"app.open\" = true }\n",
            "the trigger `limit` moves `policy.app.open` too and may be on on 2024-03-01",
        ),
        (
            trigger(1000) + "[[event]]\ndate = 2024-03-01\nset = { \"app.open\" = true }\n",
            "unless a posterior draws it, which then sets it again; to end that before, give the trigger `to`, and date this event on the day after",
        ),
        (
            trigger(1000).replace("when =", "to = 2024-02-29\nwhen =")
                + "[[event]]\ndate = 2024-03-01\nset = { \"app.open\" = true }\n",
            "",
        ),
        (
            trigger(1000).replace("when =", "to = 2024-02-29\nwhen ="),
            "the trigger `limit` ends before the run, which ends on 2024-12-31: from 2024-03-01 on it no longer moves `policy.app.open`",
        ),
        (
            trigger(1000).replace("when =", "to = 2024-02-29\nwhen =")
                + &(trigger(1000).replace("limit", "second"))
                    .replace("when =", "from = 2024-03-01\nwhen ="),
            "",
        ),
        (
            desk("officers = 0"),
            "`desk` has slots and no officer on any day",
        ),
        (
            desk("officers = 0\nopen = false"),
            "no port is open on any day of the run",
        ),
        (
            desk("shifts = [{ from = 08:00:00, officers = 0 }]"),
            "`desk` has slots and no officer on any day",
        ),
        (
            desk("")
                + "[world.groups.families]\narrivals.per_day = 1\nparty_size = { 4 = 1, 6 = 1 }\n",
            "parties of 6 need as many slots of one port and day, and no port has more than 5: they never have an appointment",
        ),
        (
            desk("")
                + "[world.groups.families]\narrivals.per_day = 1\nparty_size = { 4 = 1, 6 = 0 }\n",
            "",
        ),
        (
            desk("")
                + "[world.groups.families]\narrivals.per_day = 1\nparty_size = { 6 = 1 }\nweights = { app = 0, irregular = 1 }\n",
            "",
        ),
        // While one is closed the other has the slots of both.
        (
            desk("[policy.ports.gate]\nslots_per_day = 5")
                + "[world.groups.families]\narrivals.per_day = 1\nparty_size = { 5 = 1 }\n\
                   [[event]]\ndate = 2024-01-11\nset = { \"ports.gate.open\" = false, \"app.booked\" = \"move\" }\n",
            "",
        ),
        (twice(5), ""),
        (twice(50), ""),
    ]);
}

#[test]
fn an_app_that_nobody_may_use_is_asked_about() {
    let app = |more: &str| {
        desk("officers = 3").replacen("[policy.app]", &format!("[policy.app]\n{more}"), 1)
    };
    let said = |date: &str| {
        format!("the app is open on {date} and has slots, and no group may use it from any region")
    };
    let event = "[[event]]\ndate = 2024-04-01\nset = { \"app.regions\" = [] }\n";
    assert_warned([
        (app("regions = []"), said("2024-01-01").as_str()),
        (app("") + event, &said("2024-04-01")),
        (app("regions = []\ngroup_regions.all = [\"north\"]"), ""),
        (app("regions = []\nopen = false"), ""),
    ]);
}

#[test]
fn entries_that_a_table_in_braces_drops_are_named() {
    let text = "run.end = 2024-11-30\nworld.initial_bookings = 0\n[world.groups.all]\narrivals.per_day = 5\nparty_size = { 1 = 0.5, 2 = 0.5 }\n\
                [world.groups.few]\narrivals.per_day = 5\n[policy.ports.only]\n\
                [policy.app.group_regions]\nall = [\"north\"]\nfew = [\"south\"]\n";
    let key = "policy.app.group_regions";
    for (key, value, said) in [
        (
            key,
            "{ few = [\"north\"] }",
            "the table in braces takes the place of the whole `policy.app.group_regions`: `all` is no longer set",
        ),
        (key, "{ few = [\"north\"], all = [] }", ""),
        ("policy.app.group_regions.few", "[\"north\"]", ""),
        (
            "run",
            "{ start = 2024-02-01 }",
            "the table in braces takes the place of the whole `run`: `end` is no longer set",
        ),
        // It is replaced whole by a file, too.
        ("world.groups.all.party_size", "{ 1 = 1.0 }", ""),
    ] {
        assert_warned_of(text, &[], &[(key, value)], said);
    }
}

#[test]
fn a_published_total_that_is_not_the_sum_of_its_groups_is_asked_about() {
    let text = "world.initial_bookings = 0\n[world.groups.one]\narrivals.per_day = 5\n[world.groups.two]\narrivals.per_day = 5\n\
                [policy.ports.only]\n[observed]\nfile = \"o.csv\"\n";
    let head = "month,port_encounters,port_encounters_one,port_encounters_two\n";
    for (rows, said) in [
        (
            "2024-01,1000,600,400\n2024-02,1000,900,400\n2024-03,1000,900,400\n",
            "`port_encounters` of 2024-02 is 1000, and its groups sum to 1300, and 1 more month is like that",
        ),
        (
            "2024-01,1000,600,410\n2024-02,1000,,400\n2024-03,3,2,2\n",
            "",
        ),
    ] {
        let observed = format!("{head}{rows}");
        assert_warned_of(text, &[("o.csv", &observed)], &[], said);
    }
}

#[test]
fn what_is_said_of_a_base_is_said_once() {
    let twice = |lever: &str, values: [u32; 2]| {
        let event =
            |value| format!("[[event]]\ndate = 2024-01-11\nset = {{ \"{lever}\" = {value} }}\n");
        values.map(event).concat()
    };
    let base = "[run]\nstart = 2024-01-01\nend = 2024-01-20\n[world.groups.all]\narrivals.per_day = 5\n[policy.ports.desk]\nslots_per_day = 1\n";
    let base = format!("{base}{}", twice("app.slots_per_day", [5, 6]));
    let variant = format!(
        "extends = \"a.toml\"\n{}",
        twice("app.lead_time_days", [2, 3])
    );
    let files = Files::new(&[("a.toml", &base), ("b.toml", &variant)]);
    let compare = ["compare", "a.toml", "b.toml", "-r", "2"];
    let said = portflow(files.0.path(), &compare).warnings();
    for lever in ["app.slots_per_day", "app.lead_time_days"] {
        let warning = format!("`{lever}` is set twice");
        assert_eq!(said.matches(&warning).count(), 1, "{said}");
    }
}

#[test]
fn appointments_of_the_first_dates_that_nobody_wrote_are_asked_about() {
    let text = |more: &str| {
        format!(
            "run.start = 2024-01-01\nrun.end = 2024-03-31\nworld.groups.all.arrivals.per_day = 5\npolicy.app.slots_per_day = 5\n\
             policy.app.lead_time_days = 10\npolicy.ports.p.slots_per_day = 5\npolicy.ports.p.officers = 5\n{more}\n"
        )
    };
    let said = "`world.initial_bookings` is not given, and is 1: the slots of all dates before 2024-01-11 are booked at the start, by people who do not register in the run";
    for (more, said) in [
        ("", Some(said)),
        ("world.initial_bookings = 1", None),
        ("world.initial_bookings = 0", None),
        ("world.groups.all.initial_pool.north_persons = 9", None),
        (
            "world.groups.all.weights = { irregular = 1, app = 0 }",
            None,
        ),
        (
            "policy.app.open = false\n[[event]]\ndate = 2024-01-05\nset = { app.open = true }",
            None,
        ),
        (
            "policy.ports.p.open = false\n[[event]]\ndate = 2024-01-05\nset = { ports.p.open = true }",
            None,
        ),
    ] {
        let files = Files::new(&[("a.toml", &text(more))]);
        let warnings = files.load("a.toml", &[]).unwrap().warnings;
        let found = warnings.problems().iter().map(|it| it.message.as_str());
        assert_eq!(found.collect::<Vec<_>>(), said.as_slice(), "{more}");
    }
}

#[test]
fn a_factor_on_arrivals_that_acts_on_no_day_is_asked_about() {
    let run = "[run]\nstart = 2024-03-01\nend = 2024-03-31\nwarmup_days = 10\n";
    let said = "the factor on arrivals acts on no day of the run, which is simulated from 2024-02-20 to 2024-03-31";
    for (dates, expected) in [
        ("from = 2024-04-01", Some(said)),
        ("to = 2024-02-19", Some(said)),
        ("from = 2024-03-31", None),
        ("to = 2024-02-20", None),
    ] {
        let text = format!("[world.demand]\nfactor = 2\n{dates}\n{run}");
        assert_eq!(warned(&text), expected.as_slice(), "{dates}");
    }
}

#[test]
fn two_triggers_that_move_one_lever_are_asked_about() {
    let trigger = |id: &str, more: &str, set: &str| {
        format!(
            "[[trigger]]\nid = \"{id}\"\n{more}\
             when = {{ metric = \"pool_size\", mean_over_days = 7, at_least = 5 }}\nset = {{ {set} }}\n"
        )
    };
    let first = trigger("one", "", "\"app.random_share\" = 0.5");
    for (other, said) in [
        (
            trigger("two", "", "\"app.random_share\" = 1"),
            Some(
                "the triggers `one` and `two` both move `policy.app.random_share`: while both are on, `two`, which is listed last, holds",
            ),
        ),
        (trigger("two", "", "\"app.random_share\" = 0.5"), None),
        (trigger("two", "", "\"app.request_factor\" = 0.5"), None),
        (
            trigger("two", "to = 2023-12-31\n", "\"app.random_share\" = 1"),
            None,
        ),
    ] {
        let found = warned(&(first.clone() + &other));
        let found: Vec<&String> = found.iter().filter(|it| it.contains("triggers")).collect();
        assert_eq!(found, said.as_slice(), "{other}");
    }
}

#[test]
fn bookings_of_another_first_day_are_asked_about() {
    let files = Files::new(&[
        ("base.toml", "[world]\ninitial_bookings = 0.0\n"),
        (
            "late.toml",
            "extends = \"base.toml\"\nrun.start = 2024-06-01\n",
        ),
        (
            "own.toml",
            "extends = \"base.toml\"\nrun.start = 2024-06-01\nworld.initial_bookings = 1\n",
        ),
    ]);
    let said = |name: &str| {
        let warnings = files.load(name, &[]).unwrap().warnings.to_string();
        warnings.contains("with the `world.initial_bookings` of 2024-01-01, 0")
    };
    assert!(said("late.toml"));
    assert!(!said("own.toml"));
    assert!(!said("base.toml"));
}

#[test]
fn an_event_that_moves_nothing_is_asked_about() {
    let event = "[[event]]\nid = \"e\"\ndate = 2024-02-01\nset = {}\n";
    assert_eq!(warned(event), ["the event `event.e` moves nothing"]);
}

#[test]
fn a_spread_that_is_not_read_is_asked_about() {
    let said = |table: &str, family: &str| {
        format!(
            "`world.{table}.cv` does nothing: it is read by the family \"lognormal\" only, and this is \"{family}\""
        )
    };
    let journey = "travel.south_to_north";
    for (text, expected) in [
        (
            format!("[world]\n{journey} = {{ mean_days = 10, cv = 0.8 }}\n"),
            Some(said(journey, "fixed")),
        ),
        (
            "[world.irregular.repeat_after_removal]\nmean_days = 10\ncv = 0.8\n".to_owned(),
            Some(said("irregular.repeat_after_removal", "exponential")),
        ),
        (
            format!(
                "[world]\n{journey} = {{ family = \"lognormal\", mean_days = 10, cv = 0.8 }}\n"
            ),
            None,
        ),
        // As a resolved file has it.
        (
            format!("[world]\n{journey} = {{ family = \"fixed\", mean_days = 10, cv = 0.8 }}\n"),
            None,
        ),
        ("[world.service]\ncv = 0.8\n".to_owned(), None),
    ] {
        let text = format!(
            "world.initial_bookings = 0\nworld.groups.all.arrivals.per_day = 5\n{}",
            text.replace("[world]\n", "world.")
        );
        let files = Files::new(&[("a.toml", &text)]);
        let warnings = files.load("a.toml", &[]).unwrap().warnings;
        let found: Vec<&str> = warnings
            .problems()
            .iter()
            .map(|it| it.message.as_str())
            .collect();
        assert_eq!(found, expected.as_deref().as_slice(), "{text}");
    }
    let base = "world.initial_bookings = 0\nworld.groups.all.arrivals.per_day = 5\n\
                world.service = { family = \"exponential\", mean_minutes = 9, cv = 0.5 }\n";
    let own = "extends = \"base.toml\"\nworld.service.cv = 0.8\n";
    let files = Files::new(&[("base.toml", base), ("own.toml", own)]);
    let warnings = |name: &str, set: &[(&str, &str)]| {
        let warnings = files.load(name, set).unwrap().warnings;
        warnings.to_string()
    };
    assert_eq!(warnings("base.toml", &[]), "");
    assert!(warnings("own.toml", &[]).contains(&said("service", "exponential")));
    assert_eq!(
        warnings("own.toml", &[("world.service.family", "lognormal")]),
        ""
    );
    assert_eq!(
        warnings("own.toml", &[("world.service.family", "fixed")]),
        ""
    );
    assert!(
        warnings("base.toml", &[("world.service.cv", "0.8")])
            .contains("set `world.service.family` to")
    );
}
