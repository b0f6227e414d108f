//! Regions: journeys, access to the app by region and group, Mexican interception.

use portflow::record::Count::{
    AppointmentsCancelled, AppointmentsMissed, AppointmentsMoved, AppointmentsProcessed, Arrivals,
    CrossingAttempts, GaveUp, Intercepted, Registrations,
};
use portflow::scenario::values::Region;

use crate::tools::tiny::{CROSSERS, Tiny, tiny};

/// Everybody enters in the south, a day from the north.
const SOUTH: &str = r#"
world.groups.people.entry = { south = 1.0 }
world.travel.south_to_north = { family = "fixed", mean_days = 1 }
"#;

fn with(parts: &[&str]) -> Tiny {
    tiny(&parts.join("\n"))
}

fn registered(border: &Tiny, region: Region) -> u32 {
    (0..border.days())
        .map(|day| border.0.region_count(Registrations, region, day))
        .sum()
}

#[test]
fn the_app_is_used_from_the_regions_where_it_is_open() {
    let north = with(&[SOUTH]);
    // The last day's ten are still on their way.
    assert_eq!(
        (
            registered(&north, Region::South),
            registered(&north, Region::North)
        ),
        (0, 190)
    );
    assert_eq!(north.daily(Registrations)[..2], [0, 10]);
    let both = with(&[SOUTH, "policy.app.regions = [\"south\", \"north\"]"]);
    assert_eq!(
        (
            registered(&both, Region::South),
            registered(&both, Region::North)
        ),
        (200, 0)
    );
}

#[test]
fn the_app_can_be_open_to_a_group_in_a_region() {
    let southerners = "world.groups.southern = { arrivals = { process = \"fixed\", per_day = 3 }, entry = { south = 1.0 } }";
    let only_south = with(&[southerners, "policy.app.regions = [\"south\"]"]);
    // Those in the north have no channel left.
    assert_eq!(only_south.of_group(0, Registrations), 0);
    assert_eq!(only_south.of_group(0, GaveUp), 200);
    assert_eq!(only_south.of_group(1, Registrations), 60);
    let also = "policy.app.group_regions.people = [\"north\"]";
    let with_group = with(&[southerners, "policy.app.regions = [\"south\"]", also]);
    assert_eq!(with_group.of_group(0, Registrations), 200);
    assert_eq!(with_group.of_group(1, Registrations), 60);
}

#[test]
fn who_enters_outside_comes_by_way_of_the_south() {
    let border = with(&[
        "world.groups.people.entry = { outside = 1.0 }
         world.travel.outside_to_south = { family = \"fixed\", mean_days = 5 }
         world.travel.south_to_north = { family = \"fixed\", mean_days = 1 }",
        "policy.app.regions = [\"south\"]",
    ]);
    assert_eq!(border.daily(Registrations)[..5], [0; 5]);
    assert_eq!(border.daily(Registrations)[5..], [10; 15]);
    assert_eq!(registered(&border, Region::South), 150);
}

/// Everybody is caught on the way north, within a day of setting out, and sets out again.
#[test]
fn whoever_is_caught_begins_again_where_it_is_taken_to() {
    let caught = |taken_to: &str| {
        with(&[
            SOUTH,
            "world.travel.outside_to_south = { family = \"fixed\", mean_days = 5 }",
            &format!(
                "policy.mexico = {{ journey_interception = 1.0, give_up_share = 0.0, taken_to = \"{taken_to}\" }}"
            ),
        ])
        .total(Intercepted)
    };
    // Ten come a day: they are in Mexico for 2,100 days together, of which each attempt takes half a day in the mean, and up to six.
    let (south, outside) = (caught("south"), caught("outside"));
    assert!((3_400..=5_000).contains(&south), "{south}");
    assert!((350..=550).contains(&outside), "{outside}");
}

#[test]
fn closing_a_region_puts_its_members_out_of_the_pool() {
    let shut = "[[event]]\ndate = 2024-01-11\nset = { \"app.regions\" = [\"north\"] }";
    let border = with(&[
        SOUTH,
        "policy.app.regions = [\"south\", \"north\"]\npolicy.app.slots_per_day = 0",
        shut,
    ]);
    assert_eq!((border.pool(9), border.pool(10)), (100, 0));
    // They travel north and register anew there.
    assert_eq!(border.pool(11), 110);
    assert_eq!(border.total(Registrations), 100 + 190);
}

#[test]
fn with_every_journey_intercepted_and_everybody_giving_up_nobody_arrives_north() {
    let border = with(&[
        SOUTH,
        "policy.mexico = { journey_interception = 1.0, give_up_share = 1.0 }",
    ]);
    assert_eq!(border.total(Registrations), 0);
    assert_eq!(border.total(Intercepted), border.total(GaveUp));
    assert_eq!(
        u64::from(border.total(Arrivals)),
        border.ledger("left_given_up") + border.ledger("travelling")
    );
    let some = with(&[
        SOUTH,
        "policy.mexico = { journey_interception = 0.0, give_up_share = 1.0 }",
    ]);
    assert_eq!(some.total(Intercepted), 0);
}

#[test]
fn exempt_groups_are_never_intercepted() {
    let border = with(&[
        SOUTH,
        "world.groups.exempt = { arrivals = { process = \"fixed\", per_day = 5 }, entry = { south = 1.0 } }",
        "policy.mexico = { journey_interception = 1.0, give_up_share = 1.0, exempt_groups = [\"exempt\"] }",
    ]);
    // Groups are numbered by their ids: exempt, people.
    assert_eq!(border.of_group(0, Intercepted), 0);
    assert_eq!(border.of_group(0, Registrations), 95);
    assert_eq!(border.of_group(1, Registrations), 0);
}

#[test]
fn appointment_holders_are_intercepted_by_their_factor() {
    let border = |factor: &str| {
        with(&[
            SOUTH,
            "world.groups.people.initial_pool.south_persons = 10",
            "policy.app.regions = [\"south\", \"north\"]",
            &format!(
                "policy.mexico = {{ journey_interception = 1.0, appointment_holder_factor = {factor} }}"
            ),
        ])
    };
    let escorted = border("0.0");
    assert_eq!(escorted.total(Intercepted), 0);
    assert_eq!(escorted.daily(AppointmentsProcessed)[2..], [10; 18]);
    let caught = border("1.0");
    assert_eq!(caught.total(AppointmentsProcessed), 0);
    assert_eq!(caught.total(AppointmentsMissed), caught.total(Intercepted));
    // Taken back south, they keep their registration.
    assert_eq!(caught.total(Registrations), 200);
}

#[test]
fn who_travels_too_long_misses_its_appointment() {
    let border = with(&[
        &SOUTH.replace("mean_days = 1", "mean_days = 3"),
        "world.groups.people.initial_pool.south_persons = 10",
        "policy.app.regions = [\"south\", \"north\"]",
    ]);
    // Issued two days ahead, three days away: all are late once, in the north from then on, and in time the second time.
    assert_eq!(border.daily(AppointmentsMissed)[3], 10);
    assert!(border.total(AppointmentsProcessed) > 0);
    assert_eq!(border.total(Registrations), 200);
}

#[test]
fn attempts_can_be_intercepted_before_the_line() {
    let border = with(&[
        CROSSERS,
        "policy.mexico = { attempt_interception = 1.0, give_up_share = 1.0 }",
    ]);
    assert_eq!(border.total(CrossingAttempts), 0);
    assert_eq!(border.daily(Intercepted), [10; 20]);
}

#[test]
fn while_transfers_are_suspended_nobody_is_intercepted() {
    // Everybody is caught on the journey or before the attempt, but from the sixth day to the tenth.
    let suspended = "
        [[event]]
        date = 2024-01-06
        set = { \"mexico.transfers\" = false }
        [[event]]
        date = 2024-01-11
        set = { \"mexico.transfers\" = true }";
    let caught = |world: &str, lever: &str| {
        let mexico = format!("policy.mexico = {{ {lever} = 1.0, give_up_share = 1.0 }}");
        with(&[world, &mexico, suspended]).daily(Intercepted)
    };
    let attempts = caught(CROSSERS, "attempt_interception");
    assert_eq!(attempts[..5], [10; 5]);
    assert_eq!(attempts[5..10], [0; 5]);
    assert_eq!(attempts[10..], [10; 10]);
    // Also on journeys under way when the lever moves: those who have passed the point of theirs are past it.
    let journeys = caught(SOUTH, "journey_interception");
    let total: u32 = journeys.iter().sum();
    assert_eq!(journeys[5..10], [0; 5]);
    assert!((135..=155).contains(&total), "{journeys:?}");
}

#[test]
fn journeys_under_way_are_caught_by_the_lever_in_force_where_they_are() {
    // Journeys of ten days, a half of them caught from the eleventh day on: of those who set out before it as many as have not passed their point.
    let border = with(&[
        &SOUTH.replace("mean_days = 1", "mean_days = 10"),
        "world.groups.people.arrivals.per_day = 1000
         policy.mexico = { journey_interception = 0.0, give_up_share = 1.0 }",
        "[[event]]\ndate = 2024-01-11\nset = { \"mexico.journey_interception\" = 0.5 }",
    ]);
    let caught = border.daily(Intercepted);
    assert_eq!(caught[..10], [0; 10]);
    // Each day one tenth of the points of ten days of setting out are come to, from the first day on as later: standard deviations of 22.
    for &persons in &caught[10..] {
        assert!((400..=600).contains(&persons), "{caught:?}");
    }
}

/// The default: nobody needs any time from the south to the north.
#[test]
fn a_lever_that_moves_later_makes_no_journey_longer() {
    let border = |later: &str| {
        with(&[
            "world.groups.people.arrivals = { per_day = 1000 }
             world.groups.people.entry = { south = 1.0 }",
            later,
        ])
        .daily(Registrations)
    };
    let later = "[[event]]\ndate = 2024-01-11\nset = { \"mexico.journey_interception\" = 0.5 }";
    let (without, with) = (border(""), border(later));
    assert_eq!(without[..10], with[..10]);
    assert_ne!(without[10..], with[10..]);
}

#[test]
fn moving_an_appointment_saves_nobody_from_interception() {
    // Everybody is caught on the way north, a journey of four days to an appointment in eight.
    let border = |interception: &str| {
        with(&[
            &SOUTH.replace("mean_days = 1", "mean_days = 4"),
            "world.groups.people.initial_pool.south_persons = 20
             policy.app = { regions = [\"south\", \"north\"], slots_per_day = 20, lead_time_days = 8, booked = \"move\" }
             policy.ports.gate = { slots_per_day = 10, officers = 40 }",
            &format!("policy.mexico.journey_interception = {interception}"),
            "[[event]]\ndate = 2024-01-04\nset = { \"ports.desk.open\" = false }",
        ])
    };
    let caught = border("1.0");
    assert!(caught.total(AppointmentsMoved) > 0);
    assert_eq!(caught.total(AppointmentsProcessed), 0);
    let free = border("0.0");
    assert!(free.total(AppointmentsProcessed) > 100);
    assert_eq!(free.total(AppointmentsMissed), 0);
}

/// The app closes and appointments are cancelled.
const CANCELLED: &str = "\"app.open\" = false, \"app.booked\" = \"cancel\"";

/// Ten in the south with appointments at one of two ports in two days, on a journey of three on which a share is intercepted and none gives
/// up, and what happens on the second day.
fn on_the_way(change: &str, intercepted: f64) -> Tiny {
    with(&[
        &SOUTH.replace("mean_days = 1", "mean_days = 3"),
        "world.groups.people.arrivals.per_day = 0
         world.groups.people.initial_pool.south_persons = 10
         world.behaviour.shutdown_response = { family = \"fixed\", mean_days = 1 }
         policy.app = { regions = [\"south\", \"north\"], slots_per_day = 20 }
         policy.ports.gate = { slots_per_day = 10, officers = 40 }",
        &format!("policy.mexico = {{ journey_interception = {intercepted}, give_up_share = 0.0 }}"),
        &format!("[[event]]\ndate = 2024-01-02\nset = {{ {change} }}"),
    ])
}

#[test]
fn moving_an_appointment_shortens_no_journey() {
    let border = on_the_way(
        "\"ports.desk.open\" = false, \"app.booked\" = \"move\"",
        0.0,
    );
    assert!(border.total(AppointmentsMoved) > 0);
    // All come a day late, to whatever port, and are in time for the next appointment.
    assert_eq!(border.daily(AppointmentsMissed)[3], 10);
    assert_eq!(border.daily(AppointmentsProcessed)[..5], [0; 5]);
    assert_eq!(border.total(AppointmentsProcessed), 10);
}

#[test]
fn who_is_on_the_way_to_a_cancelled_appointment_responds_at_the_end_of_the_journey() {
    let border = on_the_way(CANCELLED, 0.0);
    assert_eq!(border.daily(AppointmentsCancelled)[1], 10);
    // Three days on the way and one to respond: without the app nothing is left to them.
    assert_eq!(border.daily(GaveUp)[4], 10);
    assert_eq!(border.total(GaveUp), 10);
}

#[test]
fn who_is_intercepted_on_the_way_to_a_cancelled_appointment_responds_too() {
    let border = on_the_way(CANCELLED, 1.0);
    let (caught, gone) = (border.daily(Intercepted), border.daily(GaveUp));
    assert_eq!(caught.iter().sum::<u32>(), 10);
    // Of the first day's, who are in the pool when the app closes, and of the second's; then a day after each.
    assert_eq!(gone[2], caught[0] + caught[1]);
    assert_eq!(gone[3..6], caught[2..5]);
    assert!(caught[2..].iter().sum::<u32>() > 0, "{caught:?}");
}
