//! Slots: dates, lead time, changes on a day, and what becomes of booked appointments.

use portflow::record::Count::{
    AppointmentsCancelled, AppointmentsIssued, AppointmentsMissed, AppointmentsMoved,
    AppointmentsProcessed, NoShows,
};
use portflow::record::Recorder;
use portflow::record::histogram::Histogram;
use portflow::scenario::values::Region;

use crate::tools::tiny::{CROWD, Tiny, WAITING, tiny};

/// An event on day 10.
fn on_day_10(set: &str) -> String {
    format!("[[event]]\ndate = 2024-01-11\nset = {{ {set} }}\n")
}

fn with(parts: &[&str]) -> Tiny {
    tiny(&parts.join("\n"))
}

#[test]
fn an_appointment_lies_the_lead_time_after_its_round() {
    for lead in [1, 2, 7] {
        let border = with(&[WAITING, &format!("policy.app.lead_time_days = {lead}")]);
        assert_eq!(border.daily(AppointmentsIssued), [10; 20]);
        let processed = border.daily(AppointmentsProcessed);
        assert_eq!(processed[..lead], vec![0; lead]);
        assert_eq!(processed[lead..], vec![10; 20 - lead]);
    }
}

#[test]
fn slots_added_on_a_day_are_for_dates_from_it_on_and_offered_in_its_round() {
    let border = with(&[
        CROWD,
        "policy.ports.desk.officers = 50",
        &on_day_10("\"app.slots_per_day\" = 15"),
    ]);
    let mut issued = [15; 20];
    issued[..10].fill(10);
    // Five more for day 11, open already, and the fifteen of day 12.
    issued[10] = 20;
    assert_eq!(border.daily(AppointmentsIssued), issued);
    let mut processed = [15; 20];
    processed[..2].fill(0);
    // Nobody can be given a slot of the same day.
    processed[2..=10].fill(10);
    assert_eq!(border.daily(AppointmentsProcessed), processed);
}

#[test]
fn slots_taken_away_are_cancelled_or_honoured_or_moved_by_the_rule_in_force() {
    let border = |rule: &str| {
        let change = format!("\"app.slots_per_day\" = 4, \"app.booked\" = \"{rule}\"");
        with(&[CROWD, &on_day_10(&change)])
    };
    let cancel = border("cancel");
    assert_eq!(cancel.daily(AppointmentsCancelled)[10], 12);
    assert_eq!(cancel.total(AppointmentsCancelled), 12);
    assert_eq!(
        cancel.daily(AppointmentsProcessed)[9..],
        [&[10][..], &[4; 10]].concat()
    );
    let honour = border("honour");
    assert_eq!(honour.total(AppointmentsCancelled), 0);
    assert_eq!(honour.daily(AppointmentsProcessed)[9..12], [10; 3]);
    assert_eq!(honour.daily(AppointmentsProcessed)[12..], [4; 8]);
    // There is no room to move to before a date that no round has opened: they are cancelled.
    let moved = border("move");
    assert_eq!(
        (
            moved.total(AppointmentsMoved),
            moved.total(AppointmentsCancelled)
        ),
        (0, 12)
    );
}

#[test]
fn slots_not_yet_issued_go_before_booked_ones() {
    // Six request of the ten slots: four of each date stay unissued.
    let six = "world.groups.people.arrivals.per_day = 6\nworld.groups.people.initial_pool.north_persons = 6";
    let change = on_day_10("\"app.slots_per_day\" = 6, \"app.booked\" = \"cancel\"");
    let border = with(&[six, &change]);
    assert_eq!(border.total(AppointmentsCancelled), 0);
}

/// Two ports with ten slots each, and twenty who want them every day.
const TWO_PORTS: &str = r"
world.groups.people.arrivals.per_day = 20
world.groups.people.initial_pool.north_persons = 20
policy.app.slots_per_day = 20
policy.ports.gate = { slots_per_day = 10, officers = 40 }
";

#[test]
fn a_closed_port_moves_its_appointments_and_none_is_lost() {
    let border = with(&[
        TWO_PORTS,
        &on_day_10("\"ports.desk.open\" = false, \"app.booked\" = \"move\""),
    ]);
    // Ports are numbered by their ids: desk, gate. Its ten of day 10 and of day 11 move.
    assert_eq!(border.at_port(1, AppointmentsMoved), 20);
    assert_eq!(border.total(AppointmentsMoved), 20);
    assert_eq!(
        border.total(AppointmentsCancelled) + border.total(AppointmentsMissed),
        0
    );
    assert_eq!(border.daily(AppointmentsProcessed)[2..], [20; 18]);
    assert_eq!(border.at_port(0, AppointmentsProcessed), 80);
}

/// Two ports with four thousand slots, for which eighty thousand wait.
const THOUSANDS: &str = "
world.groups.people.arrivals.per_day = 0
world.groups.people.initial_pool.north_persons = 80000
policy.app.slots_per_day = 4000
policy.app.lead_time_days = 1
policy.ports.desk.slots_per_day = 30
policy.ports.desk.officers = 4000
policy.ports.gate = { slots_per_day = 10, officers = 4000 }
";

#[test]
fn thousands_who_are_moved_to_another_port_at_the_same_hour_come_once() {
    // Most of what is pending is called off and scheduled again for the very same moment.
    let border = with(&[
        THOUSANDS,
        &on_day_10("\"ports.desk.open\" = false, \"app.booked\" = \"move\""),
    ]);
    assert_eq!(border.total(AppointmentsMoved), 3_000);
    assert_eq!(border.daily(AppointmentsProcessed)[1..], [4_000; 19]);
}

#[test]
fn who_is_moved_shows_up_or_not_as_it_would_have() {
    let no_shows = "world.app.no_show_probability = 0.3";
    let moved = with(&[
        THOUSANDS,
        no_shows,
        &on_day_10("\"ports.desk.open\" = false, \"app.booked\" = \"move\""),
    ]);
    assert_eq!(moved.total(AppointmentsMoved), 3_000);
    let daily = moved.daily(NoShows);
    assert!(daily[10] > 1_000, "{daily:?}");
    assert_eq!(daily, with(&[THOUSANDS, no_shows]).daily(NoShows));
}

#[test]
fn a_closed_port_whose_slots_are_lost_cancels_what_has_no_room() {
    let lost = on_day_10(
        "\"ports.desk.open\" = false, \"app.booked\" = \"move\", \"app.when_port_closed\" = \"lose\"",
    );
    let border = with(&[TWO_PORTS, &lost]);
    assert_eq!(border.total(AppointmentsMoved), 0);
    assert_eq!(border.total(AppointmentsCancelled), 20);
    assert_eq!(border.daily(AppointmentsProcessed)[10..], [10; 10]);
}

#[test]
fn a_closed_port_misses_the_appointments_that_were_to_be_honoured() {
    let border = with(&[
        TWO_PORTS,
        &on_day_10("\"ports.desk.open\" = false, \"app.booked\" = \"honour\""),
    ]);
    assert_eq!(border.total(AppointmentsMissed), 20);
    assert_eq!(border.total(AppointmentsCancelled), 0);
}

#[test]
fn closing_the_app_cancels_or_honours_what_is_booked() {
    let border = |rule: &str| {
        let close = format!("\"app.open\" = false, \"app.booked\" = \"{rule}\"");
        with(&[WAITING, &on_day_10(&close)])
    };
    let cancel = border("cancel");
    assert_eq!(cancel.total(AppointmentsCancelled), 20);
    assert_eq!(cancel.daily(AppointmentsProcessed)[10..], [0; 10]);
    let honour = border("honour");
    assert_eq!(honour.total(AppointmentsCancelled), 0);
    assert_eq!(honour.daily(AppointmentsProcessed)[10..12], [10; 2]);
    assert_eq!(honour.daily(AppointmentsProcessed)[12..], [0; 8]);
    for border in [cancel, honour] {
        assert_eq!(border.daily(AppointmentsIssued)[10..], [0; 10]);
        assert_eq!(border.pool(10), 0);
    }
}

/// Fifty slots move from a port to another on day 20 and back on day 40, with appointments kept ten days ahead.
#[test]
fn slots_that_move_between_ports_add_none_to_a_date() {
    let border = |moves: &str| {
        with(&[
            "run.end = 2024-02-29
             world.groups.people.arrivals.per_day = 0
             world.groups.people.initial_pool.north_persons = 20000
             policy.app = { slots_per_day = 100, lead_time_days = 10, booked = \"honour\" }
             policy.ports.desk = { slots_per_day = 50, officers = 200 }
             policy.ports.gate = { slots_per_day = 50, officers = 200 }",
            moves,
        ])
        .daily(AppointmentsProcessed)
    };
    let still = border("");
    assert_eq!(still[10..], [100; 50]);
    let parts = |date: &str, desk: u32, gate: u32| {
        let set =
            format!("\"ports.desk.slots_per_day\" = {desk}, \"ports.gate.slots_per_day\" = {gate}");
        format!("[[event]]\ndate = {date}\nset = {{ {set} }}\n")
    };
    let there_and_back = [parts("2024-01-21", 0, 100), parts("2024-02-10", 50, 50)].concat();
    assert_eq!(border(&there_and_back), still);
    // A closed port's appointments are missed, and given out again at the other; when it opens again its places are held there.
    let closed = "[[event]]\ndate = 2024-01-21\nset = { \"ports.desk.open\" = false }
                  [[event]]\ndate = 2024-02-10\nset = { \"ports.desk.open\" = true }\n";
    let processed = border(closed);
    assert_eq!(processed[20], 50);
    assert_eq!(processed[21..], [100; 39]);
    // The same where its slots have moved on the day before it closes.
    let shut = "[[event]]\ndate = 2024-01-22\nset = { \"ports.desk.open\" = false }\n";
    let closed = [&parts("2024-01-21", 0, 100), shut].concat();
    assert_eq!(border(&closed)[22..], [100; 38]);
}

/// The app closes on the first day of the run, with appointments of before it.
#[test]
fn an_event_of_the_first_day_is_an_event() {
    let border = |rule: &str, day: &str| {
        with(&[
            "world.initial_bookings = 1.0
             policy.app.lead_time_days = 5",
            &format!(
                "[[event]]\ndate = 2024-01-0{day}\nset = {{ \"app.open\" = false, \"app.booked\" = \"{rule}\" }}\n"
            ),
        ])
    };
    assert_eq!(
        border("honour", "1").daily(AppointmentsProcessed)[..6],
        [10, 10, 10, 10, 10, 0]
    );
    let cancelled = border("cancel", "1");
    assert_eq!(cancelled.daily(AppointmentsCancelled)[0], 50);
    assert_eq!(cancelled.total(AppointmentsProcessed), 0);
    // As the day after, but for what that day has.
    let later = border("cancel", "2").daily(AppointmentsCancelled);
    assert!(later[0] == 0 && later[1] >= 40, "{later:?}");
}

#[test]
fn initial_bookings_fill_the_ports_from_the_first_day() {
    for (share, persons) in [("0.0", 0), ("0.5", 5), ("1.0", 10)] {
        let border = with(&[WAITING, &format!("world.initial_bookings = {share}")]);
        let processed = border.daily(AppointmentsProcessed);
        assert_eq!(processed[..2], [persons; 2]);
        assert_eq!(processed[2..], [10; 18]);
    }
}

#[test]
fn a_change_of_slots_offers_no_date_that_was_never_to_be_offered() {
    // Dates 0 to 3 lie before the first that a round opens.
    let change = "[[event]]\ndate = 2024-01-02\nset = { \"app.slots_per_day\" = 20 }\n";
    let border = |share: &str| {
        with(&[
            CROWD,
            "policy.app.lead_time_days = 4\npolicy.ports.desk.officers = 50",
            &format!("world.initial_bookings = {share}"),
            change,
        ])
    };
    let none = border("0.0");
    assert_eq!(none.daily(AppointmentsProcessed)[..5], [0, 0, 0, 0, 20]);
    assert_eq!(none.daily(AppointmentsIssued)[..3], [10, 30, 20]);
}

/// Half of the places of dates 0 to 5 were given out; dates 6 and 7 are issued whole before the change.
#[test]
fn slots_taken_away_are_first_those_that_nobody_had_before_the_run() {
    let change = "[[event]]\ndate = 2024-01-03\nset = { \"app.slots_per_day\" = 6 }\n";
    let border = with(&[
        CROWD,
        "policy.app.lead_time_days = 6",
        "world.initial_bookings = 0.5",
        change,
    ]);
    let mut cancelled = [0; 20];
    cancelled[2] = 8;
    assert_eq!(border.daily(AppointmentsCancelled), cancelled);
    assert_eq!(
        border.daily(AppointmentsProcessed)[..8],
        [5, 5, 5, 5, 5, 5, 6, 6]
    );
}

#[test]
fn overbooking_issues_more_than_the_nominal_slots() {
    let border = with(&[CROWD, "policy.app.overbooking_share = 0.2"]);
    assert_eq!(border.daily(AppointmentsIssued), [12; 20]);
}

#[test]
fn a_rule_that_comes_later_acts_on_what_was_honoured() {
    let close = on_day_10("\"app.open\" = false, \"app.booked\" = \"honour\"");
    let cancel = "[[event]]\ndate = 2024-01-12\nset = { \"app.booked\" = \"cancel\" }\n";
    let border = with(&[WAITING, &close, cancel]);
    assert_eq!(border.daily(AppointmentsCancelled)[10..12], [0, 10]);
    assert_eq!(border.daily(AppointmentsProcessed)[10..12], [10, 0]);
}

#[test]
fn initial_bookings_are_of_who_comes_first_or_else_of_who_waits() {
    // The first day is a Monday.
    let not_on_mondays = "world.groups.people.arrivals.day_of_week = [0, 1, 1, 1, 1, 1, 1]";
    for who in [not_on_mondays, CROWD] {
        let border = with(&[who, "world.initial_bookings = 1.0"]);
        assert_eq!(border.daily(AppointmentsProcessed)[..2], [10; 2], "{who}");
        assert!(border.daily(AppointmentsIssued)[0] <= 10, "{who}");
    }
}

/// Weights are odds within a group: ten times all of them choose as they did, and have as many appointments at the start.
#[test]
fn initial_bookings_are_in_proportion_to_who_chooses_the_app() {
    let booked = |app: u32, give_up: u32| {
        let border = with(&[
            "run.end = 2024-01-30
             world.initial_bookings = 1.0
             policy.app = { slots_per_day = 100, lead_time_days = 30 }
             world.groups.people.arrivals.per_day = 100",
            "world.groups.others.arrivals = { process = \"fixed\", per_day = 100 }",
            &format!("world.groups.others.weights = {{ app = {app}, give_up = {give_up} }}"),
        ]);
        [0, 1].map(|group| border.of_group(group, AppointmentsProcessed))
    };
    let [others, people] = booked(1, 0);
    assert_eq!(others + people, 3000);
    // Half of 3000, of a standard deviation of 27; four of these.
    assert!((1391..=1609).contains(&others), "{others}");
    assert_eq!(booked(10, 0), [others, people]);
    // A tenth as many of a group choose it: 273 of 3000, of a standard deviation of 16.
    let [few, _] = booked(1, 9);
    assert!((210..=336).contains(&few), "{few}");
    assert_eq!(booked(10, 90)[0], few);
}

#[test]
fn nobody_has_an_initial_booking_of_an_app_that_is_not_open_to_them() {
    let others = "world.groups.others.arrivals = { process = \"fixed\", per_day = 10 }";
    let closed = "policy.app.group_regions.others = []";
    let bookings = "world.initial_bookings = 1.0";
    let booked = |parts: &[&str]| {
        let border = with(parts);
        [0, 1].map(|group| border.of_group(group, AppointmentsProcessed))
    };
    let [others_of_open, _] = booked(&[others, bookings]);
    assert!(others_of_open > 0);
    let [of_closed, of_people] = booked(&[others, bookings, closed]);
    assert_eq!((of_closed, of_people), (0, 200));
}

#[test]
fn an_app_that_opens_within_its_lead_time_offers_no_date_before_the_first() {
    let opens = "[[event]]\ndate = 2024-01-03\nset = { \"app.open\" = true }\n";
    let border = with(&[
        "world.groups.people.arrivals.per_day = 200\nworld.initial_bookings = 1.0",
        "policy.app.open = false\npolicy.app.lead_time_days = 6",
        opens,
    ]);
    // The first who register do so after that day's round. The next gives out dates 6 to 9, but not 4 and 5.
    assert_eq!(border.daily(AppointmentsIssued)[..5], [0, 0, 0, 40, 10]);
    assert_eq!(border.daily(AppointmentsProcessed)[..6], [0; 6]);
}

/// All wait in the south, and two in five are intercepted on the way to their appointments, of which nobody tells the app.
#[test]
fn of_too_many_appointments_those_of_the_intercepted_are_taken_back_as_often() {
    let border = |cut: &str| {
        with(&[
            "world.groups.people.arrivals.per_day = 0
             world.groups.people.initial_pool = { south_persons = 20000, north_persons = 0, mean_age_days = 1, max_age_days = 5 }
             policy.app.regions = [\"south\", \"north\"]
             policy.app.slots_per_day = 400
             policy.app.lead_time_days = 8
             world.travel.south_to_north = { family = \"fixed\", mean_days = 2 }
             policy.mexico = { journey_interception = 0.4, give_up_share = 1.0 }
             policy.ports.desk.officers = 400",
            cut,
        ])
    };
    let cut = on_day_10("\"app.slots_per_day\" = 200, \"app.booked\" = \"cancel\"");
    let before = border("").daily(AppointmentsProcessed)[12];
    let after = border(&cut).daily(AppointmentsProcessed)[12];
    let kept = f64::from(after) / f64::from(before);
    assert!((kept - 0.5).abs() < 0.1, "{after} of {before}");
}

#[test]
fn the_time_to_the_appointment_is_the_wait_for_the_round_and_the_lead_time() {
    for lead in [2, 9] {
        let border = with(&[WAITING, &format!("policy.app.lead_time_days = {lead}")]);
        let mean = |times: fn(&Recorder, usize, usize, Region) -> &Histogram| {
            let mut all = Histogram::default();
            for region in Region::ALL {
                all.merge(times(&border.0, 0, 0, region));
            }
            all.mean().unwrap()
        };
        let (wait, to_appointment) = (mean(Recorder::waits), mean(Recorder::times_to_appointment));
        // Issued at midnight and due at eight.
        let after = f64::from(lead) * 24.0 + 8.0;
        assert!(
            (to_appointment - wait - after).abs() < 1e-9,
            "{to_appointment}"
        );
    }
}

/// Two of three ports close, and of the thirty persons booked there for each date the third has room for ten.
#[test]
fn of_those_who_may_move_the_name_of_the_port_tells_nobody_who_goes_first() {
    let moved = |closing: [&str; 2], open: &str| {
        let [one, other] = closing;
        let border = tiny(&format!(
            "run.end = 2024-03-31
             world.groups.people.arrivals.per_day = 60
             world.groups.people.initial_pool.north_persons = 1000
             policy.app.slots_per_day = 60
             policy.app.lead_time_days = 20
             policy.ports.desk.open = false
             policy.ports.{one}.slots_per_day = 20
             policy.ports.{other}.slots_per_day = 20
             policy.ports.{open}.slots_per_day = 20
             [[event]]
             date = 2024-02-15
             set = {{ \"app.slots_per_day\" = 40, \"app.booked\" = \"move\", \"ports.{one}.open\" = false, \"ports.{other}.open\" = false }}"
        ));
        // Ports are numbered by their ids, and `desk` is the first.
        let cancelled = |port| border.at_port(port, AppointmentsCancelled);
        let of_closing = match open {
            "z" => [cancelled(1), cancelled(2)],
            _ => [cancelled(1), cancelled(3)],
        };
        (border.total(AppointmentsMoved), of_closing)
    };
    for (closing, open) in [(["w", "x"], "z"), (["w", "z"], "x")] {
        let (moved, [one, other]) = moved(closing, open);
        assert!(moved > 0, "{closing:?}");
        let share = f64::from(one) / f64::from(one + other);
        assert!((0.4..=0.6).contains(&share), "{closing:?}: {one} {other}");
    }
}
