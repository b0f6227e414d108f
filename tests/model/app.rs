//! The app: who asks, who wins, who confirms, who comes; parties and registrations.

use portflow::record::Count::{
    AppointmentsIssued, AppointmentsMissed, AppointmentsProcessed, Arrivals, NoShows,
    Registrations, Requests,
};
use portflow::scenario::values::Region;

use crate::tools::tiny::{CROWD, Tiny, WAITING, tiny};

fn with(parts: &[&str]) -> Tiny {
    tiny(&parts.join("\n"))
}

#[test]
fn unconfirmed_slots_are_offered_again_and_fill() {
    let confirming =
        "policy.app.confirmation_required = true\nworld.app.confirmation_probability = 0.5";
    // Eight rounds offer each place: one in 256 stays empty. 130 places from day 7 on.
    let border = with(&[CROWD, confirming, "policy.app.lead_time_days = 8"]);
    let processed = &border.daily(AppointmentsProcessed)[8..];
    assert!(
        processed.iter().all(|&persons| persons <= 10),
        "{processed:?}"
    );
    assert!(processed.iter().sum::<u32>() >= 115, "{processed:?}");
    // One round only: a half of 200 slots, within 4 standard deviations of 7.1 (α = 6e-5).
    let border = with(&[CROWD, confirming, "policy.app.lead_time_days = 1"]);
    let issued = border.total(AppointmentsIssued);
    assert!((72..=128).contains(&issued), "{issued}");
}

#[test]
fn a_round_offers_a_slot_to_nobody_twice() {
    // As many slots as members: everybody has one turn a round, whatever the share drawn at random, and confirms or not.
    let border = |share: &str| {
        with(&[
            "world.groups.people.arrivals.per_day = 0
             world.groups.people.initial_pool.north_persons = 40
             policy.app.slots_per_day = 40
             policy.app.confirmation_required = true
             world.app.confirmation_probability = 0.2",
            &format!("policy.app.random_share = {share}"),
        ])
        .daily(AppointmentsIssued)
    };
    let by_registration = border("0.0");
    assert!(by_registration[..5].iter().all(|&issued| issued > 0));
    for share in ["0.3", "0.5", "1.0"] {
        assert_eq!(border(share), by_registration, "share {share}");
    }
}

#[test]
fn who_does_not_show_leaves_or_keeps_its_registration() {
    let border = |share: &str| {
        with(&[
            "world.groups.people.arrivals.per_day = 0
             world.groups.people.initial_pool.north_persons = 10
             policy.app.lead_time_days = 1
             world.app.no_show_probability = 1.0",
            &format!("world.app.no_show_return_share = {share}"),
        ])
    };
    let leaving = border("0.0");
    assert_eq!(leaving.total(AppointmentsProcessed), 0);
    assert_eq!(
        (leaving.total(NoShows), leaving.ledger("left_after_no_show")),
        (10, 10)
    );
    // Issued on day 0, not there on day 1 at eight, issued again on day 2, and so on: waits of 0, 2, … 18 days since the first
    // registration, which survives.
    let returning = border("1.0");
    assert_eq!(returning.total(AppointmentsIssued), 100);
    assert_eq!(returning.mean_wait_days(), 9.0);
    assert_eq!(returning.total(Registrations), 0);
}

#[test]
fn a_party_is_never_split() {
    let sizes = "world.groups.people.party_size = { 2 = 0.5, 3 = 0.5 }";
    for share in ["0.0", "0.5", "1.0"] {
        let border = with(&[CROWD, sizes, &format!("policy.app.random_share = {share}")]);
        let processed = &border.daily(AppointmentsProcessed)[2..];
        assert!(
            processed.iter().all(|&persons| persons <= 10),
            "{processed:?}"
        );
        // Ten can always be made of twos and threes, but not after nine: that place waits for a party of one.
        assert!(
            processed.iter().all(|&persons| persons >= 9),
            "{processed:?}"
        );
    }
}

#[test]
fn slots_left_by_a_party_too_large_go_to_the_next_that_fits() {
    let border = |sizes: &str, share: &str| {
        with(&[
            CROWD,
            "policy.app.slots_per_day = 4",
            &format!("policy.app.random_share = {share}"),
            &format!("world.groups.people.party_size = {{ {sizes} }}"),
        ])
    };
    for share in ["0.0", "0.5", "1.0"] {
        let mixed = border("1 = 0.5, 3 = 0.5", share);
        assert_eq!(mixed.daily(AppointmentsIssued), [4; 20]);
        let large = border("3 = 1.0", share);
        assert_eq!(large.daily(AppointmentsIssued), [3; 20]);
        let too_large = border("5 = 1.0", share);
        assert_eq!(too_large.total(AppointmentsIssued), 0);
    }
}

#[test]
fn a_shorter_window_makes_fewer_ask() {
    let requests = |factor: &str| {
        with(&[
            CROWD,
            "policy.app.slots_per_day = 0",
            &format!("policy.app.request_factor = {factor}"),
        ])
        .daily(Requests)
    };
    assert_eq!(requests("1.0"), [1000; 20]);
    assert_eq!(requests("0.0"), [0; 20]);
    // Binomial: each within 4.5 standard deviations of 15.8 (α = 1.4e-4 for all twenty).
    let half = requests("0.5");
    assert!(
        half.iter().all(|persons| (429..=571).contains(persons)),
        "{half:?}"
    );
}

#[test]
fn irregular_requesters_make_a_long_tail() {
    let quantiles = |regularity: &str| {
        let border = with(&[
            "run.end = 2025-12-31
             world.groups.people.initial_pool = { north_persons = 300, mean_age_days = 10, max_age_days = 30 }",
            &format!("world.app.regularity = [{regularity}]"),
        ]);
        [0.1, 0.5, 0.99].map(|order| border.waits().quantile(order).unwrap() / 24.0)
    };
    let alike = quantiles("{ share = 1.0, request_probability = 1.0 }");
    assert!(alike[2] / alike[0] < 1.3, "{alike:?}");
    let unlike = quantiles(
        "{ share = 0.8, request_probability = 1.0 }, { share = 0.2, request_probability = 0.02 }",
    );
    assert!(unlike[2] > 3.0 * unlike[1], "{unlike:?}");
    assert!(unlike[2] > 3.0 * alike[2], "{unlike:?} {alike:?}");
}

#[test]
fn the_pool_at_the_start_has_its_size_and_its_ages() {
    let border = with(&[
        CROWD,
        "policy.app.slots_per_day = 0",
        "world.groups.people.initial_pool.mean_age_days = 30",
        "world.groups.people.initial_pool.max_age_days = 30",
    ]);
    assert_eq!(border.pool(0), 1000);
    let ages = border
        .0
        .pool_ages(0, 0, portflow::scenario::values::Region::North);
    // Exponential with a mean of 30 days, cut at 30: half are younger than 30 ln(2 / (1 + 1/e)) = 11.40 days. Twenty days later
    // nobody is younger than twenty days or older than fifty.
    assert_eq!(ages.total(), 1000);
    let days = |order| ages.quantile(order).unwrap() / 24.0;
    assert!(days(0.0) >= 20.0 && days(1.0) <= 50.0);
    // Standard deviation of the median: 1 / (2 f √1000) = 0.44 with a density f of 0.036 there; four of them (α = 6e-5).
    assert!((days(0.5) - 31.40).abs() < 1.76, "{}", days(0.5));
}

#[test]
fn nobody_is_registered_at_the_start_where_the_app_is_not_open() {
    for closed in [
        "policy.app.open = false",
        "policy.app.regions = [\"south\"]",
    ] {
        let border = with(&[CROWD, closed]);
        assert_eq!((border.pool(0), border.total(AppointmentsIssued)), (0, 0));
    }
}

#[test]
fn choosing_the_app_again_is_no_registration_and_coming_back_to_it_is() {
    let border = |weights: &str| {
        with(&[
            "world.behaviour.reconsideration_mean_days = 2\npolicy.app.slots_per_day = 0",
            &format!("world.groups.people.weights = {{ {weights} }}"),
        ])
    };
    let staying = border("app = 1.0");
    assert_eq!(staying.total(Registrations), staying.total(Arrivals));
    assert_eq!(staying.pool(19), 200);
    let waiting = border("app = 1.0, wait = 1.0");
    assert!(waiting.total(Registrations) > waiting.total(Arrivals));
    // A channel that is not open costs nobody a registration.
    let no_walk_ups = with(&[
        "world.behaviour.reconsideration_mean_days = 2\npolicy.app.slots_per_day = 0\npolicy.walk_up.per_day = 0",
        "world.groups.people.weights = { app = 1.0, walk_up = 1.0 }",
    ]);
    assert_eq!(
        no_walk_ups.total(Registrations),
        no_walk_ups.total(Arrivals)
    );
}

/// Ten slots for twenty: who registered on the days before goes before who registered today, and those of the last days never win.
#[test]
fn the_longest_registered_win_first() {
    let border = with(&[
        WAITING,
        "world.groups.people.initial_pool.mean_age_days = 0
         world.groups.people.arrivals.per_day = 20",
    ]);
    // At the first midnight the ten of the beginning win; then ten at each: the first half of a day, then its second half, half a day to a
    // day later than those before.
    let waits = border.waits();
    let days = waits.counts().chunks(24).map(|day| day.iter().sum());
    assert_eq!(days.collect::<Vec<u32>>(), [20; 10]);
}

/// Two groups that differ in their names alone have waited for as long, and ten are served a day.
#[test]
fn of_those_who_registered_at_once_the_name_of_the_group_tells_nobody_who_goes_first() {
    let border = with(&["world.groups.people.arrivals.per_day = 0
         world.groups.people.initial_pool.north_persons = 100
         world.groups.others.initial_pool.north_persons = 100"]);
    let waits = |group| border.0.waits(0, group, Region::North).mean().unwrap() / 24.0;
    let (others, people) = (waits(0), waits(1));
    // Means of two halves of the days 0 to 19, drawn at random, differ with a standard deviation of 0.8 days; of one after the other, by ten.
    assert!((others - people).abs() < 3.3, "{others} {people}");
}

/// Three days of slots for a day's winners, the round at noon and appointments at eight: from day 6 on near dates are free.
#[test]
fn winners_far_away_miss_their_dates_as_often_as_the_time_they_allow_for_says() {
    let missed = |journey: &str| {
        let border = with(&[
            "run.end = 2024-03-31
             world.groups.people.arrivals.per_day = 200
             world.groups.people.entry = { south = 1.0 }
             policy.app.regions = [\"south\"]
             policy.app.slots_per_day = 600
             policy.app.round_time = 12:00:00
             policy.app.lead_time_days = 6
             policy.ports.desk.officers = 600",
            journey,
        ]);
        let (missed, processed) = (
            border.total(AppointmentsMissed),
            border.total(AppointmentsProcessed),
        );
        assert!(missed + processed > 16_000, "{missed} {processed}");
        f64::from(missed) / f64::from(missed + processed)
    };
    let fixed = "world.travel.south_to_north = { family = \"fixed\", mean_days = 3 }";
    assert_eq!(missed(fixed), 0.0);
    // Four journeys of five last up to 3.2 days: dates are on the fourth day, which leaves 92 hours. Within 4 standard deviations of
    // a binomial share (α = 6e-5), and as much again for the first days, and for who is on the way at the end.
    let exponential = "world.travel.south_to_north = { family = \"exponential\", mean_days = 2 }
                       world.travel.in_time_share = 0.8";
    let (found, expected) = (missed(exponential), libm::exp(-92.0 / 48.0));
    assert!((found - expected).abs() < 0.022, "{found} {expected}");
}
