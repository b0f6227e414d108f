//! What is said of mistakes that are easily made: one mistake, one message, and a remedy that is right.

use crate::tools::Files;
use crate::tools::command::portflow;

/// What is said of a file that is wrong.
fn wrong(text: &str) -> String {
    let files = Files::new(&[("a.toml", text)]);
    files.load("a.toml", &[]).unwrap_err().to_string()
}

/// Each text is wrong in one way only, of which this is said.
fn assert_wrong_once<const N: usize>(cases: [(&str, &str); N]) {
    for (text, said) in cases {
        let wrong = wrong(text);
        assert!(wrong.contains(said), "{text}\n{said}\n{wrong}");
        assert_eq!(wrong.matches(": error: ").count(), 1, "{text}\n{wrong}");
    }
}

#[test]
fn a_value_that_is_no_toml_is_told_how_it_is_written() {
    assert_wrong_once([
        ("policy.app.slots_per_day = 05\n", "= help: write 5"),
        ("policy.app.random_share = 50%\n", "write 0.5"),
        ("policy.app.slots_per_day = 1 000\n", "write 1000 or 1_000"),
        ("policy.crossing.deterrence = −5\n", "= help: write -5"),
        ("policy.app.random_share = .5\n", "= help: write 0.5"),
        ("policy.app.random_share = +.5\n", "= help: write 0.5"),
        (
            "world.travel.south_to_north.family = fixed\n",
            "string values must be quoted",
        ),
        ("policy.mexico.taken_to = north\n", "write \"north\""),
        (
            "[policy.app]\nslots_per_day = two thousand\n",
            "`policy.app.slots_per_day` is a number: write it in digits",
        ),
        (
            "policy.walk_up.per_day = unlimited\n",
            "write \"unlimited\"",
        ),
        ("policy.app.open = True\n", "= help: write true"),
        ("policy.app.open =\n", "there is no value after `=`"),
        ("policy.app.round_time = 8:30\n", "08:30:00"),
        (
            "[[event]]\nid = \"a\"\nremove = yes\n",
            "`yes` is not how true or false is written",
        ),
        (
            "format = 1\n[[event]]\nid = \"a\"\nremove = =x\n",
            "a.toml:4:10: error: not TOML: extra `=`",
        ),
    ]);
}

#[test]
fn percentages_and_thousands_are_told_how_to_be_written() {
    assert_wrong_once([
        (
            "policy.app.random_share = 50\n",
            "shares are not percentages: 50% is 0.5",
        ),
        (
            "policy.app.random_share = 110\n",
            "a share is at most 1, which is 100%",
        ),
        ("policy.app.random_share = \"40%\"\n", "write 40% as 0.4"),
        ("policy.app.random_share = 0,5\n", "write 0.5 for 0,5"),
        (
            "policy.app.slots_per_day = 1,800\n",
            "1800 or 1_800 for 1,800",
        ),
    ]);
    // What would be wrong again, or something else, is no help.
    for text in [
        "policy.app.random_share = \"150%\"\n",
        "policy.app.slots_per_day = \"50%\"\n",
        "policy.app.overbooking_share = 150.5\n",
    ] {
        let wrong = wrong(text);
        assert!(!wrong.contains("= help"), "{text}: {wrong}");
    }
}

#[test]
fn a_decimal_comma_in_braces_is_told_as_it_is_elsewhere() {
    const SAID: &str = "write 0.5 for 0,5";
    assert_wrong_once([
        (
            "[[event]]\ndate = 2024-05-01\nset = { \"app.slots_per_day\" = 1800,5 }\n",
            SAID,
        ),
        (
            "[[event]]\ndate = 2024-05-01\nset = { app.random_share = 0,7 }\n",
            SAID,
        ),
        (
            "[[event]]\ndate = 2024-05-01\nset = { app.slots_per_day = 1.800,0, app.open = true }\n",
            SAID,
        ),
        (
            "[[event]]\ndate = 2024-05-01\nset = { app.slots_per_day = 1,800,000 }\n",
            SAID,
        ),
    ]);
}

#[test]
fn a_value_of_another_type_is_told_how_it_is_written() {
    assert_wrong_once([
        (
            "policy.app.random_share = \"0.5\"\n",
            "write 0.5 without quotes",
        ),
        (
            "run.warmup_days = 5.0\n",
            "found 5.0, expected a whole number",
        ),
        ("run.warmup_days = 5.0\n", "write 5, without a point"),
        (
            "policy.lawful_alternative_share = \"50%\"\n",
            "for example { ID = … }, by the id of a group",
        ),
        (
            "policy.app.regions = \"north\"\n",
            "for example [\"north\"], which is the default",
        ),
        (
            "world.groups.a.party_size = [0.5, 0.5]\n",
            "for example { 1 = 1.0 }",
        ),
        (
            "[[trigger]]\nid = \"a\"\nwhen = { metric = \"pool_size\", mean_over_days = 7, at_least = 5 }\nset = {}\n\
             [[event]]\ndate = 2024-02-01\nset = { \"trigger.a.when.at_least\" = {} }\n",
            "found a table, expected a number",
        ),
    ]);
}

#[test]
fn a_key_in_the_wrong_table_is_told_its_own() {
    assert_wrong_once([
        ("[app]\n", "did you mean `world.app` or `policy.app`?"),
        ("[ports.p]\n", "did you mean `policy.ports`?"),
        ("[walk_up]\n", "did you mean `policy.walk_up`?"),
        (
            "policy.app.no_show_probability = 0.1\n",
            "did you mean `world.app.no_show_probability`?",
        ),
        (
            "policy.booked = \"move\"\n",
            "did you mean `policy.app.booked`?",
        ),
        (
            "[[event]]\ndate = 2024-02-01\nslots_per_day = 5\nset = {}\n",
            "levers are moved in `set`, there as `app.slots_per_day`",
        ),
        (
            "[[event]]\ndate = 2024-02-01\nset = { booked = \"move\" }\n",
            "did you mean `app.booked`?",
        ),
        ("policy.ports.p.closed = true\n", "write `open = false`"),
        (
            "base = \"b.toml\"\n[run]\n",
            "`base` is a key of an experiment, which has no `[run]`",
        ),
    ]);
    let files = Files::new(&[("a.toml", "")]);
    let wrong = files.load("a.toml", &[("slots_per_day", "5")]);
    let wrong = wrong.unwrap_err().to_string();
    assert!(
        wrong.contains("did you mean `policy.app.slots_per_day`?"),
        "{wrong}"
    );
}

#[test]
fn a_port_that_is_twice_in_an_area_is_told() {
    let areas = |ports: &str| {
        format!(
            "[world.groups.a]\n[policy.ports.p]\n[policy.ports.q]\n[observed]\nfile = \"o.csv\"\nareas = {{ SD = {ports} }}\n"
        )
    };
    let said = |ports: &str| {
        let data = ("o.csv", "month,arrivals\n2024-01,5\n");
        let files = Files::new(&[("a.toml", &areas(ports)), data]);
        files.load("a.toml", &[]).map_err(|wrong| wrong.to_string())
    };
    assert!(said("[\"p\", \"q\"]").is_ok());
    let wrong = said("[\"p\", \"q\", \"p\"]").unwrap_err();
    assert!(wrong.contains("`p` is twice in the area `SD`"), "{wrong}");
}

/// Nothing reads what stands there, and its mistakes were not seen.
#[test]
fn an_event_that_is_taken_out_has_nothing_beside_its_id() {
    let base = "[[event]]\nid = \"x\"\ndate = 2024-02-01\nset = { app.slots_per_day = 9 }\n";
    let own = "extends = \"base.toml\"\n[[event]]\nid = \"x\"\nremove = true\n";
    let more = "date = 2024-03-01\nset = { app.slots_per_dya = 9 }\nbogus = 3\n";
    let files = Files::new(&[
        ("base.toml", base),
        ("right.toml", own),
        ("wrong.toml", &format!("{own}{more}")),
        // The word may be what is wrong.
        (
            "word.toml",
            &format!("{}{more}", own.replace("true", "\"no\"")),
        ),
    ]);
    assert!(files.load("right.toml", &[]).is_ok());
    let wrong = files.load("wrong.toml", &[]).unwrap_err().to_string();
    let said = "wrong.toml:5:1: error: an entry with `remove = true` is taken out, and has nothing beside its `id`: found `date`, `set`, `bogus`";
    assert!(wrong.contains(said), "{wrong}");
    let help = "= help: take `remove` out to change the event, or the rest to take it out";
    assert!(wrong.contains(help), "{wrong}");
    assert_eq!(wrong.matches(": error: ").count(), 1, "{wrong}");
    let wrong = files.load("word.toml", &[]).unwrap_err().to_string();
    assert!(
        wrong.contains("= help: write false without quotes"),
        "{wrong}"
    );
    assert_eq!(wrong.matches(": error: ").count(), 1, "{wrong}");
}

#[test]
fn a_key_that_is_given_twice_is_told_what_to_do_in_whatever_form() {
    assert_wrong_once([
        ("seed = 1\nseed = 2\n", "keep one of the two"),
        (
            "run.seed = 1\nrun = { end = 2024-03-31 }\n",
            "keep one of the two",
        ),
        (
            "run.seed = 1\n[run]\nend = 2024-03-31\n",
            "the table has keys already: write all of them in one place",
        ),
    ]);
}

#[test]
fn true_and_false_in_quotes_or_in_other_words_are_told_how_they_are_written() {
    assert_wrong_once([
        (
            "policy.app.open = \"true\"\n",
            "= help: write true without quotes",
        ),
        (
            "policy.app.open = \"No\"\n",
            "= help: write false without quotes",
        ),
    ]);
    let files = Files::new(&[("a.toml", "")]);
    for (value, help) in [("False", "write false"), ("yes", "write true")] {
        let wrong = files.load("a.toml", &[("policy.app.open", value)]);
        let wrong = wrong.unwrap_err().to_string();
        assert!(wrong.contains(help), "{wrong}");
    }
}

#[test]
fn a_name_of_a_file_that_is_empty_is_told() {
    assert_wrong_once([(
        "extends = \"\"\nformt = 1\n",
        "a.toml:1:11: error: `extends` names no file",
    )]);
}

#[test]
fn a_data_file_that_is_named_from_where_the_command_is_run_is_told_its_name_from_the_file() {
    let files = Files::new(&[
        ("o.csv", "month,arrivals\n2024-01,5\n"),
        ("scenarios/a.toml", "observed.file = \"o.csv\"\n"),
        ("scenarios/b.toml", "observed.file = \"p.csv\"\n"),
    ]);
    let rule = "= help: paths are relative to the file that names them";
    for (file, help) in [
        ("scenarios/a.toml", format!("{rule}: write \"../o.csv\"\n")),
        ("scenarios/b.toml", format!("{rule}\n")),
    ] {
        let said = portflow(files.0.path(), &["check", file]).refused();
        assert!(said.contains(&help), "{said}");
    }
}

/// What only follows from a value that is wrong is not said of others.
#[test]
fn one_mistake_is_one_error() {
    assert_wrong_once([
        (
            "[policy.app]\nslots_per_day = 5\n[policy.ports.p]\nslots_per_day = \"15\"\n",
            "write 15 without quotes",
        ),
        (
            "[policy]\nwalk_up.per_day = 5\nports.p.walk_ups_per_day = -5\n",
            "`policy.ports.p.walk_ups_per_day` is -5",
        ),
        (
            "[policy.crossing]\noutcome = { released = 20, removed = 0.3, returned = 0.5 }\n\
             [[event]]\ndate = 2024-02-01\nset = { \"crossing.outcome.released\" = 0.2 }\n",
            "20% is 0.2",
        ),
        (
            "[world.groups.a]\n[policy.crossing]\ngroup_outcome.a = { released = 0.2, removed = 0.3, returned = 50 }\n\
             [[event]]\ndate = 2024-02-01\nset = { \"crossing.group_outcome.a.released\" = 0.2 }\n",
            "50% is 0.5",
        ),
        (
            "[world.app]\nno_show_probability = nan\n\
             [futures]\n\"world.app.no_show_probability\" = { low = 0.1, high = 0.5, source = \"a\" }\n",
            "is NaN",
        ),
        (
            "[[trigger]]\nid = \"a\"\nwhen = { metric = \"pool_size\", mean_over_days = 7, at_least = 5 }\n\
             until = { metric = \"pool_size\", mean_over_days = 7, below = -5 }\nset = {}\n\
             [[event]]\ndate = 2024-02-01\nset = { \"trigger.a.until.delay_days\" = 5 }\n",
            "`trigger.a.until.below` is -5",
        ),
    ]);
}

/// A factor of -0 made an endless number of arrivals.
#[test]
fn a_zero_has_no_sign() {
    let text = "[run]\nend = 2024-01-20\n[world.groups.a]\n\
                arrivals = { per_day = 5, day_of_week = [-0.0, 1, 1, 1, 1, 1, 1] }\n";
    let files = Files::new(&[("a.toml", text)]);
    let loaded = files.load("a.toml", &[]).unwrap();
    let rates = &loaded.scenario.arrival_rates[0];
    assert!(rates.iter().all(|rate| rate.is_sign_positive()));
    let plain = Files::new(&[("a.toml", &text.replace("-0.0", "0"))]);
    let plain = plain.load("a.toml", &[]).unwrap();
    assert_eq!(rates, &plain.scenario.arrival_rates[0]);
}

#[test]
fn a_thousands_point_is_told_without_what_follows_from_it() {
    let text = |total: &str, parts: &str, size: u32| {
        format!(
            "world.initial_bookings = 0\n[world.groups.a]\narrivals.per_day = 5\nparty_size = {{ {size} = 1 }}\n\
             [policy.app]\nslots_per_day = {total}\n[policy.ports.p]\nslots_per_day = {parts}\nofficers = 1\n\
             [policy.ports.q]\nslots_per_day = {parts}\nofficers = 1\n"
        )
    };
    for (text, said) in [
        (text("1.800", "9", 5), "write 1800"),
        (
            text("2", "5", 5),
            "raise `policy.app.slots_per_day`, of which the ports have parts",
        ),
        (
            text("6", "5", 5),
            "give one port a larger part of `policy.app.slots_per_day`",
        ),
    ] {
        let files = Files::new(&[("a.toml", &text)]);
        let warnings = files.load("a.toml", &[]).unwrap().warnings;
        let shown = warnings.to_string();
        assert!(shown.contains(said), "{said}\n{shown}");
        assert_eq!(warnings.problems().len(), 1, "{shown}");
    }
}

#[test]
fn appointments_of_the_first_dates_that_nobody_wrote_are_asked_about() {
    let text = |more: &str| {
        format!(
            "run.start = 2024-01-01\nrun.end = 2024-03-31\nworld.groups.all.arrivals.per_day = 5\npolicy.app.slots_per_day = 5\n\
             policy.app.lead_time_days = 10\npolicy.ports.p.slots_per_day = 5\npolicy.ports.p.officers = 1\n{more}\n"
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

/// What is warned of a file beside a group.
fn warned(text: &str) -> Vec<String> {
    let text =
        format!("world.initial_bookings = 0\n[world.groups.all]\narrivals.per_day = 5\n{text}");
    let files = Files::new(&[("a.toml", &text)]);
    let warnings = files.load("a.toml", &[]).unwrap().warnings;
    let messages = warnings.problems().iter();
    messages.map(|warning| warning.message.clone()).collect()
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
fn a_port_that_cannot_serve_its_slots_is_asked_about() {
    let port = |slots: u32, more: &str| {
        format!(
            "[policy.app]\nslots_per_day = {slots}\n[policy.ports.p]\nslots_per_day = 1\n{more}"
        )
    };
    let day = "opens = 06:00:00\ncloses = 20:00:00\n";
    let night = format!(
        "{day}shifts = [{{ from = 21:00:00, officers = 4 }}, {{ from = 23:00:00, officers = 0 }}]\n"
    );
    let early = format!(
        "{day}shifts = [{{ from = 07:00:00, officers = 0 }}, {{ from = 21:00:00, officers = 4 }}]\n"
    );
    let beyond = "`p` has slots, and nothing says who is on duty there: one officer, whenever it is open, who cannot serve all who are given one";
    for (text, said) in [
        (
            port(15, &night),
            Some(
                "`p` has slots and no officer from 06:00:00 to 20:00:00, when it is open, on any day: who has an appointment there is never served",
            ),
        ),
        // Those of the night are there until seven.
        (port(15, &early), None),
        (port(500, ""), Some(beyond)),
        (port(500, "officers = 1\n"), None),
        // 45 minutes each: 32 in a day, 18 in 14 hours.
        (port(32, ""), None),
        (port(33, ""), Some(beyond)),
        (port(18, day), None),
        (port(19, day), Some(beyond)),
    ] {
        assert_eq!(warned(&text), said.as_slice(), "{text}");
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
fn shares_of_which_some_are_inherited_are_told_to_be_given_together() {
    let base =
        "[policy.crossing]\noutcome = { released = 0.27, removed = 0.21, returned = 0.52 }\n";
    let own = "extends = \"base.toml\"\n[policy.crossing]\noutcome = { released = 0.5 }\n";
    let whole = "extends = \"base.toml\"\n[policy.crossing]\n\
                 outcome = { released = 0.5, removed = 0.5, returned = 0.5 }\n";
    let files = Files::new(&[
        ("base.toml", base),
        ("own.toml", own),
        ("whole.toml", whole),
    ]);
    let help = "`removed` and `returned` are inherited: give the whole table, `policy.crossing.outcome = { released = …, removed = …, returned = … }`";
    let set = [("policy.crossing.outcome.released", "0.3")];
    for (name, set, is_said) in [
        ("own.toml", &[][..], true),
        ("base.toml", &set[..], true),
        ("whole.toml", &[][..], false),
    ] {
        let wrong = files.load(name, set).unwrap_err().to_string();
        assert_eq!(wrong.contains(help), is_said, "{name}\n{wrong}");
    }
}

#[test]
fn an_entry_of_the_other_list_is_told_its_own() {
    let base = "[[trigger]]\nid = \"limit\"\nset = {}\n\
                when = { metric = \"pool_size\", mean_over_days = 7, at_least = 5 }\n\
                [[event]]\nid = \"more\"\ndate = 2024-02-01\nset = {}\n";
    for (list, id, said) in [
        (
            "event",
            "limit",
            "`limit` is the id of a trigger, and no event",
        ),
        (
            "trigger",
            "more",
            "`more` is the id of an event, and no trigger",
        ),
    ] {
        let own = format!(
            "extends = \"base.toml\"\n[[{list}]]\nid = \"{id}\"\nset = {{ \"app.open\" = true }}\n"
        );
        let files = Files::new(&[("base.toml", base), ("a.toml", &own)]);
        assert_eq!(files.mistakes("a.toml", &[]), [said]);
    }
}

/// The mistake is in the file that takes the trigger out, not in the one of the event.
#[test]
fn a_trigger_that_was_taken_out_under_an_event_is_told() {
    let base = "[[trigger]]\nid = \"limit\"\nset = {}\n\
                when = { metric = \"pool_size\", mean_over_days = 7, at_least = 5 }\n\
                [[event]]\nid = \"more\"\ndate = 2024-02-01\nset = { \"trigger.limit.when.at_least\" = 9 }\n";
    let own = "extends = \"base.toml\"\n[[trigger]]\nid = \"limit\"\nremove = true\n";
    let heir = "extends = \"own.toml\"\n[policy.app]\nopen = false\n";
    let right = format!("{own}[[event]]\nid = \"more\"\nremove = true\n");
    let files = Files::new(&[
        ("base.toml", base),
        ("own.toml", own),
        ("heir.toml", heir),
        ("right.toml", &right),
    ]);
    for name in ["own.toml", "heir.toml"] {
        let wrong = files.load(name, &[]).unwrap_err().to_string();
        assert!(
            wrong.contains("the trigger `limit` has been removed"),
            "{wrong}"
        );
        assert!(wrong.contains("remove the event `more` too"), "{wrong}");
    }
    assert!(files.load("right.toml", &[]).is_ok());
}

#[test]
fn areas_without_a_port_or_with_one_of_another_are_asked_about() {
    let text = "[policy.ports.p]\n[observed]\nfile = \"o.csv\"\n\
                areas = { east = [\"p\"], none = [], west = [\"p\"] }\n";
    let files = Files::new(&[("a.toml", text), ("o.csv", "month,pool_size\n2024-01,5\n")]);
    let warnings = files.load("a.toml", &[]).unwrap().warnings.to_string();
    assert!(
        warnings.contains("the area `none` has no port"),
        "{warnings}"
    );
    assert!(
        warnings.contains("`p` is in the area `east` too"),
        "{warnings}"
    );
}

#[test]
fn an_event_that_moves_nothing_is_asked_about() {
    let event = "[[event]]\nid = \"e\"\ndate = 2024-02-01\nset = {}\n";
    assert_eq!(warned(event), ["the event `event.e` moves nothing"]);
}

#[test]
fn an_event_without_an_id_is_named_by_its_date() {
    let event = "[[event]]\ndate = 2024-02-01\nsett = {}\n";
    assert!(wrong(event).contains("unknown key `sett` in `event.2024-02-01`"));
}

#[test]
fn events_outside_the_run_are_told_of_its_warm_up() {
    let text = "[run]\nwarmup_days = 31\n[[event]]\nid = \"e\"\ndate = 2023-11-30\nset = {}\n";
    let said = wrong(text);
    assert!(
        said.contains("outside the run, 2023-12-01 to 2024-12-31, 31 days of warm-up included"),
        "{said}"
    );
    assert!(said.contains("is set under [policy]"), "{said}");
    let files = Files::new(&[("a.toml", &text.replace("2023-11-30", "2023-12-01"))]);
    let late = files.load("a.toml", &[("run.start", "2024-06-01")]);
    let late = late.unwrap_err().to_string();
    assert!(late.contains("start by 2024-01-01, or"), "{late}");
    assert!(files.load("a.toml", &[("run.start", "2024-01-01")]).is_ok());
    assert!(
        files
            .load("a.toml", &[("run.start", "2024-01-02")])
            .is_err()
    );
}

#[test]
fn a_month_that_is_held_and_missing_is_told_where_it_is_held() {
    let driver = "[world.groups.a.arrivals.driver]\nfile = \"d.csv\"\ncolumn = \"n\"\nscale = 1\nlag_days = 0\n\
                  hold_from = 2010-10-01\nhold_after = 2024-02-01\n[run]\nend = 2024-02-05\n";
    let files = Files::new(&[("a.toml", driver), ("d.csv", "month,n\n2024-01,310\n")]);
    let said = files.load("a.toml", &[]).unwrap_err().to_string();
    assert!(
        said.contains("a.toml:6:13: error: `world.groups.a.arrivals.driver` holds months of which the driver has no count for 2010-10"),
        "{said}"
    );
}

#[test]
fn a_range_and_a_source_can_be_set_by_their_paths() {
    let text = "[futures]\n\"world.app.no_show_probability\" = { low = 0.0, high = 0.5, source = \"a\" }\n";
    let files = Files::new(&[("a.toml", text)]);
    for key in [
        "futures.world.app.no_show_probability.high",
        "futures.\"world.app.no_show_probability\".high",
    ] {
        let loaded = files.load("a.toml", &[(key, "0.25")]).unwrap();
        let value = loaded.futures.as_slice()[0].value(1.0);
        assert_eq!(value, "0.25");
    }
    let source = [("sources.policy.app.open", "a release")];
    let loaded = files.load("a.toml", &source).unwrap();
    assert_eq!(loaded.file.sources["policy.app.open"], "a release");
}

#[test]
fn a_published_column_that_is_none_is_told_once() {
    let text = "[world.groups.a]\n[policy.ports.gamma]\n[observed]\nfile = \"o.csv\"\n";
    let table =
        "month,share_at_ports,port_encounters_gamma,officer_utilization\n2024-01,0.5,5.5,0.7\n";
    let files = Files::new(&[("a.toml", text), ("o.csv", table)]);
    let wrong = files.load("a.toml", &[]).unwrap_err();
    assert_eq!(
        wrong.errors(),
        [
            "`share_at_ports` cannot be among published figures",
            "`port_encounters_gamma` is neither a metric nor a metric of a group",
            "`officer_utilization` cannot be among published figures",
        ]
    );
    let shown = wrong.to_string();
    assert!(
        shown.contains("areas of ports go to `validate --by-area`"),
        "{shown}"
    );
}

#[test]
fn what_is_not_written_is_not_explained_as_a_default() {
    let text = "[world.groups.all]\narrivals.levels = [{ date = 2024-01-05, per_day = 5 }]\n\
         [policy.ports.gamma]\nshifts = [{ from = 08:00:00, officers = 1 }, { from = 18:00:00, officers = 2 }]\n\
         [[event]]\nid = \"e1\"\ndate = 2024-02-01\nset = { \"app.random_share\" = 0.1 }\n\
         [futures]\n\"world.app.no_show_probability\" = { low = 0.0, high = 0.2, source = \"x\" }\n\
         [sources]\n\"policy.app.slots_per_day\" = \"me\"\n";
    let files = Files::new(&[("a.toml", text)]);
    let loaded = files.load("a.toml", &[]).unwrap();
    for (key, said) in [
        (
            "futures.world.app.no_show_return_share",
            "`[futures]` has no `world.app.no_show_return_share`",
        ),
        (
            "world.app.regularity.3.share",
            "`world.app.regularity` has no item `3`",
        ),
        (
            "world.groups.all.arrivals.levels.2024-01-06.per_day",
            "`world.groups.all.arrivals.levels` has no item `2024-01-06`",
        ),
        (
            "event.e1.set.app.open",
            "`event.e1` does not move `app.open`",
        ),
        (
            "policy.ports.gamma.shifts.from",
            "`policy.ports.gamma.shifts.2.from` is 18:00:00",
        ),
        ("sources.policy.app.open", "`[sources]` has no"),
    ] {
        let wrong = loaded.explain(key).unwrap_err();
        assert!(wrong.contains(said), "{key}: {wrong}");
    }
    for (key, value) in [
        ("futures.\"world.app.no_show_probability\".high", "0.2"),
        ("world.app.regularity.1.share", "1.0"),
        ("sources.policy.app.slots_per_day", "\"me\""),
        ("event.e1.set.app.random_share", "0.1"),
        ("policy.ports.gamma.shifts.1.from", "08:00:00"),
    ] {
        let explained = loaded.explain(key).unwrap();
        assert_eq!(explained.value.as_deref(), Some(value), "{key}");
    }
}

#[test]
fn values_for_a_sweep_are_told_so_where_one_is_taken() {
    let files = Files::new(&[("a.toml", "")]);
    for (value, said) in [
        ("200,250,300", "`sweep` takes several as '200|250|300'"),
        ("200|250", "error: `200|250` is several values"),
        (
            "cancel|honour",
            "can be tried by `portflow sweep`; give one here",
        ),
        ("0..1:5", "error: `0..1:5` is a range"),
        ("2024-01-01..2024-02-01", "error: not a TOML value"),
    ] {
        let set = [("policy.app.slots_per_day", value)];
        let wrong = files.load("a.toml", &set).unwrap_err().to_string();
        assert!(wrong.contains(said), "{value}\n{said}\n{wrong}");
    }
}

/// A misspelt first day was taken for that of the default.
#[test]
fn of_a_run_that_is_wrong_nothing_follows() {
    let event = "[[event]]\nid = \"e\"\ndate = 2023-05-01\nset = { \"app.slots_per_day\" = 5 }\n";
    let driver =
        "[world.groups.all.arrivals.driver]\nfile = \"n.csv\"\ncolumn = \"n\"\nscale = 1\n";
    let counts = "month,n\n2023-01,5\n";
    for run in [
        "start = \"2023-01-01\"\nend = 2023-12-31\n",
        "strat = 2023-01-01\nend = 2023-12-31\n",
        "start = 2023-01-01\nend = \"2023-12-31\"\n",
        "start = 2023-01-01\nend = 2023-12-31\nwarmup_days = -5\n",
        "start = \"2023-01-01\"\nend = \"2023-12-31\"\n",
    ] {
        let text = format!("[run]\n{run}{driver}[policy.ports.only]\n{event}");
        let files = Files::new(&[("a.toml", &text), ("n.csv", counts)]);
        let wrong = files.load("a.toml", &[]).unwrap_err();
        let errors = wrong.errors();
        let is_of_run = |it: &&str| it.contains("`run.") || it.contains("in `run`");
        let others: Vec<&&str> = errors.iter().filter(|it| !is_of_run(it)).collect();
        assert_eq!(
            others,
            [&"the border has slots and no port has a part of them"],
            "{run}\n{wrong}"
        );
    }
    // And its own mistakes are still told.
    let text = "[run]\nseed = \"5\"\nstart = 2023-06-01\nend = 2023-05-01\n";
    let told = wrong(text);
    assert!(told.contains("the run ends on 2023-05-01"), "{told}");
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

/// Any path was taken that began with `event.` or `trigger.`.
#[test]
fn sources_of_events_and_triggers_that_are_not_there_are_refused() {
    let base = "[policy.ports.only]\n[[event]]\nid = \"shutdown\"\ndate = 2024-03-01\nset = { \"app.open\" = false }\n\
                [[event]]\ndate = 2024-04-01\nset = { \"trigger.limit.until.delay_days\" = 5 }\n\
                [[trigger]]\nid = \"limit\"\nset = { \"app.open\" = false }\n\
                when = { metric = \"pool_size\", mean_over_days = 7, at_least = 5 }\n\
                until = { metric = \"pool_size\", mean_over_days = 7, below = 5 }\n";
    let source = |key: &str| format!("{base}[sources]\n\"{key}\" = \"CBP\"\n");
    for (key, said) in [
        (
            "event.shutdwon.set.app.open",
            "there is no event `shutdwon`",
        ),
        ("event.shutdwon.set.app.open", "did you mean `shutdown`?"),
        (
            "event.shutdown.set.app.opne",
            "unknown lever `opne` in `policy.app`",
        ),
        (
            "event.shutdown.set.ports.nowhere.open",
            "there is no port `nowhere`",
        ),
        ("event.shutdown.dat", "unknown key `dat`"),
        ("event.2024-04-02.date", "there is no event `2024-04-02`"),
        (
            "event.2024-04-01.set.trigger.limt.until.delay_days",
            "there is no trigger `limt`",
        ),
        (
            "event.2024-04-01.set.trigger.limit.until.delay",
            "unknown key `delay`",
        ),
        ("trigger.limt.when.at_least", "there is no trigger `limt`"),
        ("trigger.limit.set.app.opne", "unknown lever `opne`"),
    ] {
        let told = wrong(&source(key));
        assert!(told.contains(said), "{key}\n{told}");
        assert_eq!(told.matches(": error: ").count(), 1, "{told}");
    }
    for key in [
        "event.shutdown.set.app.open",
        "event.shutdown.set.app",
        "event.shutdown.set",
        "event.shutdown.date",
        "event.shutdown",
        "event.2024-04-01.set.trigger.limit.until.delay_days",
        "event.2.set.trigger.limit.until",
        "trigger.limit.when.at_least",
        "trigger.limit.set.app.open",
    ] {
        let files = Files::new(&[("a.toml", &source(key))]);
        assert!(files.load("a.toml", &[]).is_ok(), "{key}");
    }
}

#[test]
fn sources_of_what_a_file_takes_out_or_names_anew_may_stay() {
    let base = "[policy.ports.only]\n[[event]]\nid = \"shutdown\"\ndate = 2024-03-01\nset = { \"app.open\" = false }\n\
                [sources]\n\"event.shutdown.set.app.open\" = \"CBP\"\n";
    let own = "extends = \"base.toml\"\n[[event]]\nid = \"shutdown\"\nremove = true\n\
               [sources]\n\"event.shutdown.set.app.open\" = \"CBP\"\n";
    let files = Files::new(&[("base.toml", base), ("own.toml", own)]);
    assert!(files.load("own.toml", &[]).is_ok());
    assert!(
        files
            .load("base.toml", &[("event.shutdown.id", "end")])
            .is_ok()
    );
    // Events before the run, and after it, are not in the resolved file, and neither are their sources.
    let heir = "extends = \"base.toml\"\nrun.start = 2024-03-05\n";
    let files = Files::new(&[("base.toml", base), ("heir.toml", heir)]);
    let ends = [("run.end", "2024-02-01")];
    for (name, set) in [("heir.toml", &[][..]), ("base.toml", &ends)] {
        let resolved = files.load(name, set).unwrap().resolved_toml();
        assert!(!resolved.contains("\"event.shutdown"), "{resolved}");
        let again = Files::new(&[("a.toml", &resolved)]);
        assert_eq!(again.load("a.toml", &[]).unwrap().resolved_toml(), resolved);
    }
}

#[test]
fn appointments_after_midnight_have_no_closed_days() {
    let port = "[world.groups.all]\n[policy.ports.night]\nslots_per_day = 10\nopens = 20:00:00\ncloses = 04:00:00\n";
    let with = |keys: &str| {
        let files = Files::new(&[("a.toml", &format!("{port}{keys}"))]);
        let wrong = files.load("a.toml", &[]).err();
        wrong.map(|wrong| wrong.to_string())
    };
    let times = "appointment_times = [21:00:00, 02:00:00]\n";
    let closed = "closed_weekdays = [\"saturday\"]\n";
    assert_eq!(with(times), None);
    assert_eq!(
        with(&format!("appointment_times = [21:00:00]\n{closed}")),
        None
    );
    // Equal hours are of a day that ends when the next begins.
    let around = port.replace("04:00:00", "20:00:00");
    let files = Files::new(&[("a.toml", &format!("{around}{times}{closed}"))]);
    let wrong = files.load("a.toml", &[]).unwrap_err().to_string();
    assert!(
        wrong.contains("appointments after midnight, at 02:00:00"),
        "{wrong}"
    );
    let said = with(&format!("{times}{closed}")).unwrap();
    let message = "`night` has closed days, which last past midnight, and appointments after midnight, at 02:00:00: of which day they are, is not told";
    assert!(said.contains(message), "{said}");
}
