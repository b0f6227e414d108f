//! Ports: admission, lines, officers, service, closing time.

use portflow::record::Count::{
    AppointmentsProcessed, GaveUp, Paroled, Repatriated, Transferred, WalkUpsProcessed,
    WalkUpsTurnedAway,
};

use crate::tools::tiny::{WAITING, WALKERS, tiny};

fn with(parts: &[&str]) -> crate::tools::tiny::Tiny {
    tiny(&parts.join("\n"))
}

#[test]
fn a_closed_port_processes_nobody() {
    let both = "world.groups.people.weights = { app = 1.0, walk_up = 1.0 }";
    let never = with(&[both, WAITING, "policy.ports.desk.open = false"]);
    assert_eq!(never.total(AppointmentsProcessed), 0);
    assert_eq!(never.total(WalkUpsProcessed), 0);
    let until_day_10 = "[[event]]\ndate = 2024-01-11\nset = { \"ports.desk.open\" = false }";
    let closing = with(&[both, WAITING, until_day_10]);
    for count in [AppointmentsProcessed, WalkUpsProcessed] {
        let daily = closing.daily(count);
        assert!(daily[..10].iter().sum::<u32>() > 20, "{count:?} {daily:?}");
        assert_eq!(daily[10..].iter().sum::<u32>(), 0, "{count:?} {daily:?}");
    }
}

/// One officer, half an hour for a party, and one hour for all appointments of a day: of single persons and families of four.
#[test]
fn of_those_who_present_themselves_at_once_the_name_of_the_group_tells_nobody_who_goes_first() {
    let wait = |families: &str, singles: &str| {
        let border = with(&[&format!(
            "run.end = 2024-02-29
             world.groups.people.arrivals.per_day = 0
             world.groups.{families} = {{ arrivals = {{ per_day = 12 }}, party_size = {{ 4 = 1.0 }} }}
             world.groups.{singles} = {{ arrivals = {{ per_day = 12 }} }}
             world.service.mean_minutes = 30
             policy.app.slots_per_day = 60
             policy.ports.desk.slots_per_day = 60
             policy.ports.desk.officers = 1"
        )]);
        border.0.port(1, 0).waits.mean().unwrap()
    };
    // Minutes, by person: 225, three standard deviations of a month, 13 each, to either side; with all families before all singles 160, the other
    // way round 290.
    let (first, last) = (wait("a", "b"), wait("b", "a"));
    for wait in [first, last] {
        assert!((185.0..=265.0).contains(&wait), "{first} {last}");
    }
}

#[test]
fn services_end_as_the_port_decides() {
    let outcomes = [Paroled, Repatriated, Transferred];
    for (wanted, key) in outcomes
        .into_iter()
        .zip(["paroled", "repatriated", "transferred"])
    {
        let share = |name: &str| if name == key { "1.0" } else { "0.0" };
        let [paroled, repatriated, transferred] =
            ["paroled", "repatriated", "transferred"].map(share);
        let border = with(&[
            WAITING,
            &format!(
                "policy.port_outcome = {{ paroled = {paroled}, repatriated = {repatriated}, transferred = {transferred} }}"
            ),
        ]);
        let served = border.total(AppointmentsProcessed);
        assert!(served > 100);
        for outcome in outcomes {
            let expected = if outcome == wanted { served } else { 0 };
            assert_eq!(border.total(outcome), expected, "{key} {outcome:?}");
        }
    }
}

#[test]
fn beyond_the_cap_walk_ups_are_turned_back() {
    let capped = with(&[WALKERS, "policy.walk_up.per_day = 4"]);
    assert_eq!(capped.daily(WalkUpsProcessed), [4; 20]);
    assert_eq!(capped.daily(WalkUpsTurnedAway), [6; 20]);
    // They have nowhere else to go.
    assert_eq!(capped.daily(GaveUp), [6; 20]);
}

/// Two parties of six come each day, where five persons may.
#[test]
fn a_party_larger_than_the_cap_takes_a_day_of_its_own() {
    let walkers = [
        WALKERS,
        "world.groups.people.arrivals.per_day = 12
         world.groups.people.party_size = { 6 = 1.0 }",
    ];
    for line_limit_days in [0, 3] {
        let limit =
            format!("policy.walk_up = {{ per_day = 5, line_limit_days = {line_limit_days} }}");
        let border = with(&[walkers[0], walkers[1], &limit]);
        assert_eq!(border.daily(WalkUpsProcessed), [6; 20], "{limit}");
    }
    let none = with(&[walkers[0], walkers[1], "policy.walk_up.per_day = 0"]);
    assert_eq!(none.total(WalkUpsProcessed), 0);
}

#[test]
fn a_line_is_served_the_next_day_before_new_walk_ups() {
    let lined = with(&[
        WALKERS,
        "policy.walk_up = { per_day = 4, line_limit_days = 1 }",
    ]);
    assert_eq!(lined.daily(WalkUpsProcessed), [4; 20]);
    let mut turned_away = [6; 20];
    turned_away[0] = 2;
    assert_eq!(lined.daily(WalkUpsTurnedAway), turned_away);
    assert_eq!(lined.ledger("at_port_walk_up"), 4);
    // The line is let in at midnight, and with an hour for each is gone at one.
    let hours = &lined.0.port(0, 0).hours;
    assert_eq!(hours[0].wait_persons, 19 * 4);
    // Nobody waits for an officer; the hours in line are no part of that.
    assert!(lined.port_wait_minutes(0).abs() < 1e-9);
    // It presented itself at 10:48, 13:12, 15:36 and 18:00 on the first day, and at 1:12, 3:36, 6:00 and 8:24 on all others; the first four were
    // admitted at once.
    let hours = 13.2 + 10.8 + 8.4 + 6.0 + 18.0 * (22.8 + 20.4 + 18.0 + 15.6);
    let days = lined.0.port(0, 0).line.mean().unwrap();
    assert!((days - hours / 24.0 / 80.0).abs() < 1e-9, "{days}");
}

/// Turned back, and waiting half a day or so to come again, some come more than 256 times.
#[test]
fn who_is_turned_back_may_come_as_often_as_it_likes() {
    let border = with(&["run.end = 2025-04-30
         world.groups.people.arrivals.per_day = 2
         world.groups.people.weights = { app = 0.0, walk_up = 1.0, wait = 1.0 }
         world.behaviour.reconsideration_mean_days = 0.5
         policy.app.open = false
         policy.walk_up.per_day = 1"]);
    let turned_away = border.total(WalkUpsTurnedAway);
    let waiting = border.ledger("waiting_outside_app") as u32;
    assert!(turned_away > 256 * waiting / 2, "{turned_away} {waiting}");
}

#[test]
fn a_line_dissolves_when_no_more_walk_ups_are_taken() {
    let stop = "[[event]]\ndate = 2024-01-06\nset = { \"walk_up.per_day\" = 0 }";
    let stopped = with(&[
        WALKERS,
        "policy.walk_up = { per_day = 4, line_limit_days = 1 }",
        stop,
    ]);
    let turned_away = stopped.daily(WalkUpsTurnedAway);
    assert_eq!(turned_away[5], 4);
    assert_eq!(turned_away[6..], [0; 14]);
    assert_eq!(stopped.daily(WalkUpsProcessed)[5..], [0; 15]);
    assert_eq!(stopped.ledger("at_port_walk_up"), 0);
}

#[test]
fn appointments_go_before_walk_ups() {
    // One officer serves 24 a day: the 20 with an appointment leave time for 4 of the 10 who walk up.
    let border = |officers: u32| {
        tiny(&format!(
            "policy.ports.desk.officers = {officers}
             policy.app.slots_per_day = 20
             world.groups.people.arrivals.per_day = 20
             world.groups.people.initial_pool.north_persons = 20
             world.groups.walkers = {{ arrivals = {{ process = \"fixed\", per_day = 10 }}, weights = {{ app = 0, walk_up = 1 }} }}"
        ))
    };
    let tight = border(1);
    assert_eq!(tight.daily(AppointmentsProcessed)[4..], [20; 16]);
    let walk_ups = tight.daily(WalkUpsProcessed);
    assert_eq!(walk_ups[4..], [4; 16]);
    let ample = border(2).daily(WalkUpsProcessed);
    assert!(ample[4..].iter().sum::<u32>() >= 150, "{ample:?}");
}

#[test]
fn at_closing_time_the_queue_is_finished_or_carried_over() {
    let border = |closing: &str| {
        with(&[
            WAITING,
            &format!(
                "policy.ports.desk = {{ opens = 08:00:00, closes = 10:00:00, officers = 1, closing = \"{closing}\" }}"
            ),
        ])
    };
    // Ten at eight o'clock and an hour each: two are served before ten.
    let finish = border("finish");
    assert_eq!(finish.daily(AppointmentsProcessed)[2..], [10; 18]);
    // Two hours by the schedule, on the two days without appointments too, and eight beyond it.
    let overtime = 18.0 * 8.0;
    assert_eq!(
        finish.duty_and_overtime(0),
        (20.0 * 2.0 + overtime, overtime)
    );
    // Whoever is in service at ten is finished, a second one begins at nine.
    let carry = border("carry_over");
    assert_eq!(carry.daily(AppointmentsProcessed)[2..], [2; 18]);
    assert_eq!(carry.ledger("at_port_with_appointment"), 18 * 8);
    assert_eq!(carry.duty_and_overtime(0), (20.0 * 2.0, 0.0));
}

#[test]
fn a_service_that_ends_after_the_shift_is_overtime() {
    // Ten begin at eight, of whom four are relieved at half past.
    let relieved = with(&[
        WAITING,
        "policy.ports.desk.shifts = [{ from = 00:00:00, officers = 10 }, { from = 08:30:00, officers = 6 }]",
    ]);
    let scheduled = 20.0 * (8.5 * 10.0 + 15.5 * 6.0);
    let overtime = 18.0 * 4.0 * 0.5;
    assert_eq!(
        relieved.duty_and_overtime(0),
        (scheduled + overtime, overtime)
    );
}

#[test]
fn officers_come_by_their_shifts() {
    let late = with(&[
        WAITING,
        "policy.ports.desk.shifts = [{ from = 00:00:00, officers = 0 }, { from = 12:00:00, officers = 10 }]",
    ]);
    // The appointments are at eight.
    assert_eq!(late.port_wait_minutes(0), 240.0);
    let hours = &late.0.port(0, 0).hours;
    assert_eq!(hours[12].busy_seconds, 18.0 * 10.0 * 3600.0);
    assert_eq!(hours[13].busy_seconds, 0.0);
    assert_eq!(hours[13].duty_seconds, 20.0 * 10.0 * 3600.0);
    assert_eq!(hours[11].duty_seconds, 0.0);
}

#[test]
fn a_further_member_adds_time_and_registering_beforehand_saves_it() {
    let threes = "world.groups.people.party_size = { 3 = 1.0 }
        world.groups.people.arrivals.per_day = 30
        world.groups.people.initial_pool.north_persons = 30
        policy.app.slots_per_day = 30
        world.service = { further_member_minutes = 30, preregistered_factor = 0.25 }";
    // (60 + 2 × 30) × 0.25 = 30 minutes.
    let registered = tiny(threes);
    let parties = f64::from(registered.total(AppointmentsProcessed)) / 3.0;
    assert_eq!((registered.busy_hours(0), parties), (90.0, 180.0));
    // Two hours each without the app; of the last day's ten the one at 22:48 is not done by the end.
    let closed = "policy.app.open = false
        world.groups.people.weights = { app = 0, walk_up = 1 }
        world.groups.people.initial_pool.north_persons = 0";
    let text = threes.replace(
        "world.groups.people.initial_pool.north_persons = 30",
        closed,
    );
    let walking = tiny(&text);
    assert_eq!(walking.total(WalkUpsProcessed), 3 * 199);
    assert!((walking.busy_hours(0) - (199.0 * 2.0 + 1.2)).abs() < 1e-9);
}

#[test]
fn who_decides_at_night_walks_up_in_the_next_opening_hours() {
    let day = with(&[
        WALKERS,
        "policy.ports.desk = { opens = 08:00:00, closes = 16:00:00, officers = 200 }",
    ]);
    let hours = &day.0.port(0, 0).hours;
    let within: u32 = hours[8..16].iter().map(|hour| hour.wait_persons).sum();
    let all: u32 = hours.iter().map(|hour| hour.wait_persons).sum();
    assert_eq!(within, all);
    // Three a day come after closing, and those of the last evening are still on their way.
    assert_eq!(all, 200 - day.ledger("walking_up") as u32);
    assert_eq!(day.ledger("walking_up"), 3);
}

#[test]
fn whom_a_closed_port_sends_away_counts_in_the_new_day_of_another() {
    // Appointments pile up at a desk without officers. It closes with the app, while the gate's cap of the day before is used up.
    let border = with(&[
        "world.groups.people.weights = { app = 1, walk_up = 1e-9 }
         world.groups.walkers = { arrivals = { process = \"fixed\", per_day = 10 }, weights = { app = 0, walk_up = 1 } }
         world.behaviour.shutdown_response = { family = \"fixed\", mean_days = 1 }
         policy.walk_up.per_day = 4
         policy.ports.desk = { officers = 0, walk_ups_per_day = 0 }
         policy.ports.gate = { walk_ups_per_day = 1, officers = 10 }",
        "[[event]]\ndate = 2024-01-11\nset = { \"ports.desk.open\" = false, \"app.open\" = false, \"app.booked\" = \"honour\" }",
    ]);
    let walk_ups = |group| [9, 10].map(|day| border.0.group_count(WalkUpsProcessed, group, day));
    // Groups are numbered by their ids: people, walkers. The former come at midnight, before anybody else.
    assert_eq!(walk_ups(0), [0, 4]);
    assert_eq!(walk_ups(1), [4, 0]);
}

#[test]
fn ports_of_odds_0_share_those_whom_no_other_can_take() {
    let border = with(&[
        WALKERS,
        "world.groups.people.port_preference = { aa = 0, bb = 0 }
         policy.ports.aa = { walk_ups_per_day = 10, officers = 10 }
         policy.ports.bb = { walk_ups_per_day = 10, officers = 10 }",
        "[[event]]\ndate = 2024-01-11\nset = { \"ports.desk.open\" = false }",
    ]);
    let [aa, bb, desk] = [0, 1, 2].map(|port| border.at_port(port, WalkUpsProcessed));
    assert_eq!((aa + bb, desk), (100, 100));
    assert!(aa > 30 && bb > 30, "{aa} {bb}");
}

#[test]
fn the_name_of_a_port_that_closes_makes_no_difference() {
    // A hundred wait at a port without officers. It closes, while the desk has a line.
    let border = |name: &str| {
        let border = with(&[
            &format!(
                "world.groups.people.weights = {{ app = 1, walk_up = 1e-9 }}
                 world.groups.walkers = {{ arrivals = {{ process = \"fixed\", per_day = 10 }}, weights = {{ app = 0, walk_up = 1 }} }}
                 policy.walk_up = {{ per_day = 4, line_limit_days = 1 }}
                 policy.ports.desk = {{ slots_per_day = 0, walk_ups_per_day = 4 }}
                 policy.ports.{name} = {{ slots_per_day = 10, walk_ups_per_day = 0, officers = 0, appointment_times = [08:00:00] }}"
            ),
            &format!(
                "[[event]]\ndate = 2024-01-11\nset = {{ \"ports.{name}.open\" = false, \"app.open\" = false, \"app.booked\" = \"honour\" }}"
            ),
        ]);
        [WalkUpsProcessed, WalkUpsTurnedAway, GaveUp].map(|count| border.daily(count))
    };
    let (first, last) = (border("aa"), border("zz"));
    assert!(first[1][10] > 20, "{first:?}");
    assert_eq!(first, last);
}

/// Also for who has been in reach of the port since before these were changed: nobody comes before the port opens.
#[test]
fn appointments_are_at_the_times_of_day_in_force() {
    let later = "[[event]]\ndate = 2024-01-11\nset = { \"ports.desk.opens\" = 11:00:00, \"ports.desk.appointment_times\" = [12:00:00] }";
    let border = with(&[WAITING, later]);
    assert_eq!(border.daily(AppointmentsProcessed)[2..], [10; 18]);
    assert!(border.port_wait_minutes(0).abs() < 1e-9);
    // On ten of the twenty days at eight, on as many at noon, but for the first two days' none.
    let served = |hour: usize| border.0.port(0, 0).hours[hour].wait_persons;
    assert_eq!([8, 12].map(served), [80, 100]);
}

/// One of each of two groups comes at noon, the instant of the round, and one of them is admitted a day.
#[test]
fn of_those_who_come_at_the_instant_of_the_round_chance_tells_who_is_first() {
    let border = with(&["run.end = 2024-12-31
         world.groups.people.arrivals.per_day = 0
         world.groups.a = { arrivals = { process = \"fixed\", per_day = 1 }, weights = { app = 0.0, walk_up = 1.0 } }
         world.groups.b = { arrivals = { process = \"fixed\", per_day = 1 }, weights = { app = 0.0, walk_up = 1.0 } }
         policy.app.round_time = 12:00:00
         policy.walk_up.per_day = 1
         policy.ports.desk.walk_ups_per_day = 1"]);
    let [a, b] = [0, 1].map(|group| border.of_group(group, WalkUpsProcessed));
    // Four standard deviations of 366 even chances are 38.
    assert!(
        (145..=221).contains(&a) && (145..=221).contains(&b),
        "{a} {b}"
    );
}
