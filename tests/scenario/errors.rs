//! One wrong file for every mistake, and what is said about it.

use std::fs;
use std::path::{Path, PathBuf};

use portflow::scenario::Axis;

use crate::tools::command::portflow;
use crate::tools::{Files, fixtures, toml_files};

fn wrong_files() -> Vec<PathBuf> {
    toml_files(&fixtures().join("errors"))
}

/// Set `UPDATE_EXPECTED=1` to write the texts anew, then read what changed.
#[test]
fn every_wrong_file_is_refused_with_the_text_beside_it() {
    let mut differing = Vec::new();
    for file in wrong_files() {
        let name = file.file_name().unwrap().to_str().unwrap();
        let output = portflow(&fixtures().join("errors"), &["check", name]);
        let found = output.refused();
        assert_eq!(output.stdout, "", "{name}");
        let beside = file.with_extension("stderr");
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::write(&beside, &found).unwrap();
        }
        if fs::read_to_string(&beside).ok().as_ref() != Some(&found) {
            differing.push(format!("--- {name}\n{found}"));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn every_error_is_headed_by_its_place() {
    for file in wrong_files() {
        let expected = fs::read_to_string(file.with_extension("stderr")).unwrap();
        let heads = expected.lines().filter(|line| line.contains(": error: "));
        for head in heads {
            let place: Vec<&str> = head.split(':').take(3).collect();
            assert!(place[1].parse::<u32>().is_ok(), "{head}");
            assert!(place[2].parse::<u32>().is_ok(), "{head}");
        }
        assert!(expected.contains("error: "), "{}", file.display());
    }
}

#[test]
fn five_mistakes_are_five_errors() {
    let path = fixtures().join("errors/five_mistakes.toml");
    let wrong = portflow::scenario::load(&path, &[]).unwrap_err();
    assert_eq!(wrong.problems().len(), 5, "{wrong}");
}

#[test]
fn a_mistake_on_the_command_line_is_shown_there() {
    let files = Files::new(&[("a.toml", "")]);
    let args = ["show", "a.toml", "--set", "policy.app.random_share=half"];
    let said = portflow(files.0.path(), &args).refused();
    let expected = "--set:1:25: error: `policy.app.random_share`: found the string \"half\", expected a number between 0 and 1
  |
1 | policy.app.random_share=half
  |                         ^^^^

";
    assert_eq!(said, expected);
}

/// What is wrong in a file only because of a value laid over it says so; of several values, the one with which it goes wrong.
#[test]
fn a_mistake_in_a_file_names_the_value_of_the_command_line_behind_it() {
    let text = "[run]\nend = 2024-03-31\n[policy.crossing]\noutcome = { released = 0.5, removed = 0.5, returned = 0 }\n";
    let files = Files::new(&[
        ("a.toml", text),
        (
            "b.toml",
            &format!(
                "{text}[policy.port_outcome]\nparoled = 0.5\nrepatriated = 0.1\ntransferred = 0.1\n"
            ),
        ),
    ]);
    let shown = |name: &str, set: &[(&str, &str)]| {
        let wrong = files.load(name, set).unwrap_err().to_string();
        let heads = wrong
            .lines()
            .filter_map(|line| line.split_once(": error: "));
        let heads: Vec<String> = heads.map(|(_, message)| message.to_owned()).collect();
        heads
    };
    let late = ("run.start", "2024-06-01");
    let one =
        ["--set run.start=2024-06-01: the run ends on 2024-03-31, before it starts on 2024-06-01"];
    assert_eq!(shown("a.toml", &[late]), one);
    let share = ("policy.crossing.outcome.returned", "0.5");
    let set = [("title", "x"), share, ("run.seed", "3")];
    let other = "--set policy.crossing.outcome.returned=0.5: the shares of `crossing.outcome` sum to 1.5, not to 1";
    assert_eq!(shown("a.toml", &set), [other]);
    let found = shown("b.toml", &set);
    assert_eq!(found[0], other);
    assert!(
        found[1].starts_with("the shares of `port_outcome` sum to "),
        "{found:?}"
    );
}

#[test]
fn of_a_file_that_is_no_scenario_one_error_is_shown() {
    let csv = "month,arrivals\n2024-01,5\n2024-02,6\n2024-03,7\n2024-04,8\n";
    let files = Files::new(&[("data.csv", csv), ("a.toml", "extends = \"data.csv\"\n")]);
    for name in ["data.csv", "a.toml"] {
        let said = portflow(files.0.path(), &["check", name]).refused();
        let head = "data.csv:1:6: error: not TOML: key with no value, expected `=`, and 4 more such errors\n";
        assert!(said.starts_with(head), "{said}");
        assert_eq!(said.matches(": error: ").count(), 1, "{said}");
        assert!(
            said.contains("= help: this does not look like a scenario"),
            "{said}"
        );
    }
}

#[test]
fn a_file_that_is_not_there_is_wrong_input() {
    let said = portflow(&fixtures(), &["check", "nowhere.toml"]).refused();
    assert!(
        said.starts_with("error: cannot read nowhere.toml: there is no such file"),
        "{said}"
    );
}

#[test]
fn of_a_file_that_is_not_there_the_nearest_beside_it_is_named() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (command, meant) in [
        (["run", "scenarios/histroy.toml"], "scenarios/history.toml"),
        (
            ["sweep", "scenarios/experiments/slots-and-rules.toml"],
            "scenarios/experiments/slots-and-rule.toml",
        ),
    ] {
        portflow(here, &command).refused_for(&format!("did you mean {meant}?"));
    }
    portflow(here, &["check", "scenarios"]).refused_for("it is a directory");
}

#[test]
fn an_override_needs_a_full_path() {
    let files = Files::new(&[("a.toml", "")]);
    let found = files.mistakes("a.toml", &[("random_share", "0.5")]);
    assert_eq!(found, ["`random_share` is not a full key path"]);
}

#[test]
fn an_override_that_begins_with_an_id_is_told_the_whole_path() {
    let files = Files::new(&[(
        "a.toml",
        "[policy.ports.hill]\n[[event]]\nid = \"staff\"\ndate = 2024-02-01\nset = { \"ports.hill.officers\" = 2 }\n",
    )]);
    for (key, meant) in [
        ("hill.officers", "policy.ports.hill.officers"),
        ("staff.date", "event.staff.date"),
    ] {
        let set = format!("{key}=5");
        let said = portflow(files.0.path(), &["show", "a.toml", "--set", &set]).refused();
        assert!(said.contains(&format!("did you mean `{meant}`?")), "{said}");
    }
    let other = ["show", "a.toml", "--set", "other.officers=5"];
    portflow(files.0.path(), &other).refused_for("unknown key `other` at the top of the file");
}

#[test]
fn an_override_of_a_part_of_a_path_is_told_the_whole() {
    let files = Files::new(&[("a.toml", "")]);
    let wrong = files.load("a.toml", &[("app.random_share", "0.5")]);
    let wrong = wrong.unwrap_err().to_string();
    assert!(
        wrong.contains("did you mean `policy.app.random_share`?"),
        "{wrong}"
    );
}

/// A slip of the pen would otherwise make a port that nobody asked for.
#[test]
fn an_override_makes_no_new_port_or_group_and_no_other_base() {
    let files = Files::new(&[("a.toml", "[policy.ports.east]\n[world.groups.all]\n")]);
    for (key, value, message) in [
        ("policy.ports.est.open", "false", "there is no port `est`"),
        ("world.groups.al.label", "x", "there is no group `al`"),
        (
            "extends",
            "b.toml",
            "`extends` is what a file says of itself",
        ),
    ] {
        assert_eq!(files.mistakes("a.toml", &[(key, value)]), [message]);
    }
    assert!(
        files
            .load("a.toml", &[("policy.ports.east.open", "false")])
            .is_ok()
    );
}

#[test]
fn a_new_port_or_group_beside_one_of_nearly_its_name_is_asked_about() {
    let base = "[policy.ports.laredo]\n[world.groups.mexican]\n";
    let new = "extends = \"a.toml\"\n[policy.ports.laredoo]\nslots_per_day = 5\n\
         [policy.ports.west_1]\nslots_per_day = 5\n[policy.ports.west_2]\nwalk_ups_per_day = 1\n\
         [world.groups.mexicn]\narrivals.per_day = 4\n";
    let files = Files::new(&[
        ("a.toml", base),
        ("b.toml", new),
        ("c.toml", new.split_once('\n').unwrap().1),
    ]);
    let warnings = files.load("b.toml", &[]).unwrap().warnings;
    let said: Vec<(&str, Option<&str>)> = (warnings.problems().iter())
        .map(|warning| (warning.message.as_str(), warning.help.as_deref()))
        .filter(|(message, _)| message.contains("new"))
        .collect();
    let expected = [
        (
            "`laredoo` is a new port, beside `laredo`",
            Some("did you mean `laredo`?"),
        ),
        (
            "`mexicn` is a new group, beside `mexican`",
            Some("did you mean `mexican`?"),
        ),
    ];
    assert_eq!(said, expected);
    let alone = files.load("c.toml", &[]).unwrap().warnings.to_string();
    assert!(!alone.contains("is a new"), "{alone}");
}

/// A port with slots.
fn desk(more: &str) -> String {
    format!("[policy.app]\nslots_per_day = 5\n[policy.ports.desk]\nslots_per_day = 5\n{more}\n")
}

/// Five people of one appointment time and one officer are 3.75 hours of work.
#[test]
fn appointments_of_a_day_at_the_usual_time_are_warned_of_where_the_last_wait_for_long() {
    let said = "a.toml:3:2: warning: nothing says when the appointments of `desk` are: all 5 of a day are at 08:00:00, and with one officer on duty then the last of them wait for 3 hours or more";
    let event = |lever: &str| format!("[[event]]\ndate = 2024-03-01\nset = {{ {lever} }}\n");
    assert_warned([
        (desk("officers = 1"), said),
        (desk("officers = 2"), ""),
        (desk("officers = 1\nappointment_times = [08:00:00]"), ""),
        (
            desk("officers = 1") + &event("\"ports.desk.appointment_times\" = [09:00:00]"),
            "",
        ),
        (
            desk("shifts = [{ from = 00:00:00, officers = 1 }, { from = 08:00:00, officers = 9 }]"),
            "",
        ),
        (
            desk("officers = 2") + &event("\"app.slots_per_day\" = 9"),
            "all 9 of a day are at 08:00:00, and with 2 officers on duty",
        ),
    ]);
}

/// What is warned of `a.toml`, if anything, beside other files and under values laid over it.
#[track_caller]
fn assert_warned_of(text: &str, others: &[(&str, &str)], set: &[(&str, &str)], said: &str) {
    let files = Files::new(&[others, &[("a.toml", text)]].concat());
    let warnings = files.load("a.toml", set).unwrap().warnings.to_string();
    assert!(warnings.contains(said), "{text}\n{said}\n{warnings}");
    assert_eq!(warnings.is_empty(), said.is_empty(), "{text}\n{warnings}");
}

/// Each of these texts beside a group, and what is warned of it, if anything.
#[track_caller]
fn assert_warned<const N: usize>(cases: [(String, &str); N]) {
    // Laid over it, so that lines are where they are written.
    let none_booked = [("world.initial_bookings", "0")];
    for (text, said) in cases {
        let text = format!("[world.groups.all]\narrivals.per_day = 5\n{text}");
        assert_warned_of(&text, &[], &none_booked, said);
    }
}

#[test]
fn staff_and_dates_and_points_that_may_be_oversights_are_asked_about() {
    // Day 4 is the fifth of January.
    let opening = |lead: u32| {
        desk("").replacen("[policy.app]", "[policy.app]\nopen = false", 1)
            + &format!(
                "[[event]]\ndate = 2024-01-05\nset = {{ \"app.open\" = true, \"app.lead_time_days\" = {lead} }}\n"
            )
    };
    assert_warned([
        (
            desk("shifts = [{ from = 08:00:00, officers = 2 }]")
                + "[[event]]\ndate = 2024-03-01\nset = { \"ports.desk.officers\" = 3 }\n",
            "a.toml:10:33: warning: `officers` of `desk` changes nothing: its `shifts` say who is on duty",
        ),
        (
            desk("officers = 3") + "[policy.ports.gate]\nslots_per_day = 5\n",
            "`gate` has slots, and nothing says who is on duty there: one officer, whenever it is open",
        ),
        (
            desk("officers = 3") + "[policy.ports.gate]\nslots_per_day = 5\nofficers = 1\n",
            "",
        ),
        (
            desk("officers = 3")
                + "[policy.ports.gate]\nslots_per_day = 5\n[[event]]\ndate = 2024-03-01\nset = { \"ports.gate.officers\" = 1 }\n",
            "",
        ),
        (
            opening(3) + "[[event]]\ndate = 2024-01-07\nset = { \"app.lead_time_days\" = 14 }\n",
            "for 2 days after it opens there is none to offer",
        ),
        (
            desk("").replacen("= 5", "= 1.520", 1),
            "`policy.app.slots_per_day` is 1.520, which is rounded to whole persons: the point begins the decimals",
        ),
        (desk("").replacen("= 5", "= 1.52", 1), ""),
        (
            desk("") + "[[event]]\ndate = 2024-03-01\nset = { \"app.slots_per_day\" = 1.520 }\n",
            "app.slots_per_day` is 1.520, which is rounded to whole persons",
        ),
        (
            opening(3),
            "the app opens with `lead_time_days` = 3, and no date earlier than that of the first day simulated, 14 days on, is ever offered: for 7 days after it opens there is none to offer",
        ),
        (opening(10), ""),
    ]);
}

/// Shifts from eight and from two o'clock, and hours of all kinds.
#[test]
fn a_port_that_opens_before_its_first_shift_is_asked_about() {
    let hours = |opens: &str, closes: &str| {
        desk(&format!(
            "opens = {opens}\ncloses = {closes}\nappointment_times = [09:00:00]\nshifts = [{{ from = 08:00:00, officers = 4 }}, {{ from = 14:00:00, officers = 2 }}]"
        ))
    };
    let none_at_the_end = |text: &str| text.replace("officers = 2", "officers = 0");
    assert_warned([
        (
            hours("06:00:00", "20:00:00"),
            "a.toml:10:10: warning: `desk` opens at 06:00:00, and no shift begins before 08:00:00: until then the shift from 14:00:00 of the day before is on duty, `officers = 2`",
        ),
        (hours("08:00:00", "20:00:00"), ""),
        (hours("09:00:00", "20:00:00"), ""),
        (hours("00:00:00", "00:00:00"), ""),
        (hours("06:00:00", "14:00:00"), ""),
        (none_at_the_end(&hours("06:00:00", "20:00:00")), ""),
        (
            hours("07:00:00", "02:00:00"),
            "`desk` opens at 07:00:00, and no shift begins before 08:00:00",
        ),
        (
            hours("08:00:00", "20:00:00")
                + "[[event]]\ndate = 2024-03-01\nset = { \"ports.desk.shifts\" = [{ from = 09:00:00, officers = 3 }] }\n",
            "a.toml:13:31: warning: `desk` opens at 08:00:00, and no shift begins before 09:00:00: until then the shift from 09:00:00 of the day before is on duty, `officers = 3`",
        ),
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
fn a_run_that_ends_with_every_port_closed_is_asked_about() {
    let set =
        |date: &str, levers: &str| format!("[[event]]\ndate = {date}\nset = {{ {levers} }}\n");
    let ports = |more: &str| {
        desk(&format!(
            "officers = 3\n[policy.ports.gate]\nofficers = 3\n{more}"
        ))
    };
    let close = |date: &str| {
        set(
            date,
            "\"ports.desk.open\" = false, \"ports.gate.open\" = false",
        )
    };
    let open = |date: &str| set(date, "\"ports.desk.open\" = true");
    let walk_up = "[world.groups.others]\narrivals.per_day = 1\nweights = { walk_up = 1 }\n";
    let said = "no port is open from 2024-05-01 to the end of the run: whoever registers or walks up then is not processed";
    let shut = set("2024-04-01", "\"app.open\" = false");
    // It may open the other one.
    let trigger = "[[trigger]]\nid = \"crowd\"\nwhen = { metric = \"pool_size\", mean_over_days = 7, at_least = 1000 }\n\
         set = { \"ports.gate.open\" = true }\n";
    let desk_closes = set("2024-05-01", "\"ports.desk.open\" = false");
    assert_warned(
        [
            // It opens before it closes: the dates were mixed up.
            (open("2024-04-01") + &close("2024-05-01"), said),
            (close("2024-05-01") + &open("2024-06-01"), ""),
            (shut.clone() + &close("2024-05-01"), ""),
            (shut.clone() + &close("2024-05-01") + walk_up, said),
            (
                shut + &set("2024-04-02", "\"walk_up.per_day\" = 0")
                    + &close("2024-05-01")
                    + walk_up,
                "",
            ),
            ("open = false\n".to_owned() + &desk_closes, said),
            ("open = false\n".to_owned() + &desk_closes + trigger, ""),
        ]
        .map(|(more, said)| (ports(&more), said)),
    );
}

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

#[test]
fn one_bracket_over_an_inherited_list_is_one_mistake() {
    let base = "[world.groups.all]\narrivals.per_day = 5\n[policy.ports.only]\n[[event]]\nid = \"more\"\ndate = 2024-03-01\n\
                set = { \"app.random_share\" = 0.5, \"trigger.limit.until.delay_days\" = 4 }\n\
                [[trigger]]\nid = \"limit\"\nwhen = { metric = \"pool_size\", mean_over_days = 7, at_least = 5 }\n\
                until = { metric = \"pool_size\", mean_over_days = 7, below = 5 }\nset = { \"app.lead_time_days\" = 5 }\n\
                [calibrate]\nfrom = 2024-02-01\nto = 2024-04-30\n[calibrate.parameters.luck]\n\
                keys = [\"event.more.set.app.random_share\"]\nlow = 0.1\nhigh = 0.9\nsource = \"assumed\"\n\
                [futures]\n\"event.more.set.app.random_share\" = { low = 0.1, high = 0.9, source = \"assumed\" }\n\
                [sources]\n\"event.more.set.app.random_share\" = \"a newspaper\"\n";
    for list in ["event", "trigger"] {
        let text = format!("extends = \"base.toml\"\n[{list}]\nid = \"new\"\nset = {{}}\n");
        let files = Files::new(&[("base.toml", base), ("a.toml", &text)]);
        let wrong = files.mistakes("a.toml", &[]);
        let said = format!("`{list}`: found a table, expected a list");
        assert!(wrong[0].starts_with(&said), "{wrong:?}");
        assert_eq!(wrong.len(), 1, "{wrong:?}");
    }
}

#[test]
fn closed_dates_that_close_nothing_are_asked_about() {
    let closed = |dates: &str| {
        desk(&format!("officers = 3\nclosed_dates = [{dates}]")) + "[run]\nend = 2024-06-30\n"
    };
    let event = |dates: &str| {
        closed("2024-03-01")
            + &format!(
                "[[event]]\ndate = 2024-04-01\nset = {{ \"ports.desk.closed_dates\" = [{dates}] }}\n"
            )
    };
    let beyond = |date: &str| {
        format!(
            "`desk` is closed on {date}, which is outside the run, 2024-01-01 to 2024-06-30: that does nothing"
        )
    };
    let late = "`desk` is closed on 2024-03-08 by an event of 2024-04-01, which is later: the port is open on that day";
    assert_warned([
        (
            closed("2024-03-01, 2025-03-01"),
            beyond("2025-03-01").as_str(),
        ),
        (closed("2023-03-01"), &beyond("2023-03-01")),
        // Its slots are issued within the run.
        (closed("2024-07-04"), ""),
        (event("2024-05-01, 2024-03-08"), late),
        (event("2024-05-01, 2024-03-01"), ""),
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
    let text = "world.initial_bookings = 0\n[world.groups.all]\narrivals.per_day = 5\nparty_size = { 1 = 0.5, 2 = 0.5 }\n\
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
fn the_closing_that_is_asked_about_is_the_one_that_gives_slots_out_twice() {
    let event = |date: &str, open: bool, booked: &str| {
        format!(
            "[[event]]\ndate = {date}\nset = {{ \"ports.desk.open\" = {open}, \"app.booked\" = \"{booked}\" }}\n"
        )
    };
    let base = "world.initial_bookings = 0\n[world.groups.all]\narrivals.per_day = 5\n[policy.app]\nslots_per_day = 10\n\
         [policy.ports.desk]\nslots_per_day = 5\n[policy.ports.gate]\nslots_per_day = 5\n";
    let text = [
        base,
        &event("2024-01-11", false, "move"),
        &event("2024-01-15", true, "honour"),
        &event("2024-01-20", false, "honour"),
    ]
    .concat();
    let files = Files::new(&[("a.toml", &text)]);
    let warnings = files.load("a.toml", &[]).unwrap().warnings;
    let said = warnings.to_string();
    assert_eq!(warnings.problems().len(), 1, "{said}");
    // The last line.
    let line = text.lines().count();
    assert!(said.contains(&format!("a.toml:{line}:")), "{said}");
}

#[test]
fn of_two_values_for_one_key_none_is_lost() {
    let files = Files::new(&[("a.toml", "")]);
    let twice = ["--set", "run.seed=3", "--set", "run.seed=4"];
    let commands: [&[&str]; 3] = [
        &["run", "a.toml"],
        &["compare", "a.toml", "a.toml"],
        &["calibrate", "a.toml"],
    ];
    for command in commands {
        let said = portflow(files.0.path(), &[command, &twice].concat()).refused();
        assert_eq!(said, "error: --set run.seed is given twice\n");
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
