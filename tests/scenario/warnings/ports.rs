//! What is asked about ports: their staff, their hours and their closed days.

use super::{assert_warned, desk, warned};
use crate::tools::Files;

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
            desk("officers = 3\nopens = 08:00:00\ncloses = 05:00:00"),
            "`desk` closes at 05:00:00, before it opens at 08:00:00: it is open until then on the next day",
        ),
        (
            desk(
                "officers = 3\nopens = 20:00:00\ncloses = 05:00:00\nappointment_times = [20:00:00]",
            ),
            "",
        ),
        (
            desk("officers = 3") + "[policy.ports.gate]\nofficers = 7\n",
            "the port `gate` has neither slots nor walk-ups",
        ),
        (
            desk("officers = 3") + "[policy.ports.gate]\nslots_per_day = 0\n",
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
fn a_run_that_ends_with_every_port_closed_is_asked_about() {
    let set =
        |date: &str, levers: &str| format!("[[event]]\ndate = {date}\nset = {{ {levers} }}\n");
    let ports = |more: &str| {
        desk(&format!(
            "officers = 3\n[policy.ports.gate]\nslots_per_day = 0\nofficers = 3\n{more}"
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
        (
            port(500, "officers = 1\nappointment_times = [08:00:00]\n"),
            None,
        ),
        // 45 minutes each: 32 in a day, 18 in 14 hours.
        (port(32, ""), None),
        (port(33, ""), Some(beyond)),
        (port(18, day), None),
        (port(19, day), Some(beyond)),
    ] {
        assert_eq!(warned(&text), said.as_slice(), "{text}");
    }
}

/// Five people of one appointment time and one officer are 3.75 hours of work.
#[test]
fn appointments_of_a_day_at_the_usual_time_are_warned_of_where_the_last_wait_for_long() {
    let said = "a.toml:5:1: warning: nothing says when the appointments of `desk` are: all 5 of a day are at 08:00:00, and with one officer on duty then the last of them wait for 3 hours or more";
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
