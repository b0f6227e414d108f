//! Days on which a port is closed, as everybody knows in advance. The first day is a Monday, 1 January 2024.

use portflow::record::Count::{
    AppointmentsCancelled, AppointmentsIssued, AppointmentsMissed, AppointmentsMoved,
    AppointmentsProcessed, GaveUp, Registrations, WalkUpsProcessed,
};

use crate::tools::tiny::{Tiny, WAITING, WALKERS, tiny};

const WEEKENDS: &str = "policy.ports.desk.closed_weekdays = [\"saturday\", \"sunday\"]";

/// Places, by day, of the weekends of the twenty days.
const OF_WEEKENDS: [usize; 5] = [5, 6, 12, 13, 19];

fn with(parts: &[&str]) -> Tiny {
    tiny(&parts.join("\n"))
}

#[test]
fn no_slots_are_issued_of_weekends_and_holidays() {
    let holiday = "policy.ports.desk.closed_dates = [2024-01-10]";
    let border = with(&[WAITING, WEEKENDS, holiday]);
    for (day, processed) in border.daily(AppointmentsProcessed).into_iter().enumerate() {
        let is_closed = OF_WEEKENDS.contains(&day) || day == 9;
        let expected = if day < 2 || is_closed { 0 } else { 10 };
        assert_eq!(processed, expected, "{day}");
    }
    // Two days ahead of a day that is closed, a round has nothing to give.
    assert_eq!(border.daily(AppointmentsIssued)[3..5], [0, 0]);
    assert_eq!(border.total(AppointmentsMissed), 0);
}

/// Initial bookings have no closed date either.
#[test]
fn nobody_has_an_appointment_at_the_start_on_a_closed_day() {
    let border = with(&[
        WEEKENDS,
        "world.initial_bookings = 1.0",
        "policy.app.lead_time_days = 10",
    ]);
    let processed = border.daily(AppointmentsProcessed);
    assert_eq!(processed[..8], [10, 10, 10, 10, 10, 0, 0, 10]);
}

#[test]
fn walk_ups_come_when_the_port_next_opens() {
    let hours = "policy.ports.desk.opens = 08:00:00\npolicy.ports.desk.closes = 18:00:00";
    let border = with(&[WALKERS, WEEKENDS, hours]);
    let processed = border.daily(WalkUpsProcessed);
    for day in OF_WEEKENDS {
        assert_eq!(processed[day], 0, "{day}");
    }
    // Those of Saturday and Sunday, and who came after six on Friday.
    assert!(processed[7] >= 20, "{processed:?}");
    // By Friday evening nobody has given up, and all but those of the last hours are served.
    assert_eq!(border.total(GaveUp), 0);
    let served: u32 = processed[..19].iter().sum();
    assert!((180..=190).contains(&served), "{served}");
}

#[test]
fn a_queue_that_is_carried_over_waits_for_the_weekend_to_pass() {
    let few = "policy.ports.desk.officers = 1
        policy.ports.desk.closing = \"carry_over\"
        policy.ports.desk.opens = 08:00:00
        policy.ports.desk.closes = 13:00:00";
    let border = with(&[WALKERS, WEEKENDS, few]);
    let processed = border.daily(WalkUpsProcessed);
    assert_eq!(processed[1..9], [5, 5, 5, 5, 0, 0, 5, 5]);
    // Worked off, it is gone before the weekend is.
    let finished = with(&[WALKERS, WEEKENDS, &few.replace("carry_over", "finish")]);
    assert!(finished.daily(WalkUpsProcessed)[4] > 5);
    assert_eq!(finished.daily(WalkUpsProcessed)[6], 0);
}

/// Of 700 places on five days of seven 500 a day are served, on every day of the week: by Little's law the wait is the pool over those.
#[test]
fn the_wait_is_expected_by_what_a_week_serves() {
    let border = with(&[
        WEEKENDS,
        "world.groups.people.arrivals.per_day = 1000
         world.groups.people.initial_pool.north_persons = 5000
         world.groups.people.weights = { app = 1, give_up = 1 }
         world.groups.people.sensitivity.app_per_month_of_wait = 1.0
         policy.app.slots_per_day = 700",
    ]);
    for (day, &registrations) in border.daily(Registrations).iter().enumerate().skip(1) {
        let wait = f64::from(border.pool(day - 1)) / 500.0;
        let share = 1.0 / (1.0 + libm::exp(wait / 30.0));
        // Four standard deviations of a thousand decisions.
        let off = f64::from(registrations) - 1000.0 * share;
        assert!(off.abs() < 63.0, "{day}: {registrations}, {wait} days");
    }
}

/// Five a day have appointments of the next day, where there is room for ten, and a holiday is announced as it begins.
#[test]
fn a_holiday_that_is_announced_moves_who_has_an_appointment_then() {
    let announced = |booked: &str| {
        with(&[
            "world.groups.people.arrivals.per_day = 5",
            "policy.app.lead_time_days = 4",
            &format!("policy.app.booked = \"{booked}\""),
            "[[event]]
             date = 2024-01-11
             set = { \"ports.desk.closed_dates\" = [2024-01-11] }",
        ])
    };
    let usual = with(&[
        "world.groups.people.arrivals.per_day = 5",
        "policy.app.lead_time_days = 4",
    ]);
    assert_eq!(usual.daily(AppointmentsProcessed)[9..13], [5; 4]);
    for (booked, what) in [
        ("move", AppointmentsMoved),
        ("cancel", AppointmentsCancelled),
        ("honour", AppointmentsMissed),
    ] {
        let border = announced(booked);
        assert_eq!(border.total(what), 5, "{booked}");
        assert_eq!(border.daily(AppointmentsProcessed)[10], 0, "{booked}");
    }
    // The next date has room for all.
    assert_eq!(announced("move").daily(AppointmentsProcessed)[11], 10);
}

/// Where appointments at the port of the holiday stand, the other port gives out its own as before.
#[test]
fn what_is_honoured_at_a_port_on_a_holiday_takes_no_place_at_another() {
    let border = tiny(
        "world.groups.people.arrivals.per_day = 20
         world.groups.people.initial_pool.north_persons = 100
         policy.app = { slots_per_day = 20, booked = \"honour\" }
         policy.ports.gate = { slots_per_day = 10, officers = 20 }
         [[event]]
         date = 2024-01-10
         set = { \"ports.gate.closed_dates\" = [2024-01-11] }",
    );
    assert_eq!(border.daily(AppointmentsProcessed)[9..12], [20, 10, 20]);
    assert_eq!(border.total(AppointmentsMissed), 10);
}

/// It is announced on the day: who is on the way to the port goes there when it next opens.
#[test]
fn a_holiday_that_is_announced_turns_no_walk_up_back() {
    let border = with(&[
        WALKERS,
        "policy.ports.desk.opens = 08:00:00
         policy.ports.desk.closes = 18:00:00
         [[event]]
         date = 2024-01-10
         set = { \"ports.desk.closed_dates\" = [2024-01-10] }",
    ]);
    assert_eq!(border.daily(WalkUpsProcessed)[9], 0);
    assert_eq!(border.total(GaveUp), 0);
}
