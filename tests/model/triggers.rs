//! Triggers: on and off by the simulated state, with hysteresis, delay and dates.

use portflow::record::Count::{AppointmentsProcessed, CrossingAttempts, Registrations, Removed};

use crate::tools::tiny::{CROSSERS, tiny};

/// Ten encounters a day to the end of January, forty through February, ten again from March on; while the trigger is on,
/// everybody is removed. Gives the first and the last day on which it was.
///
/// January is days 0 to 6, February 7 to 35.
fn days_on(trigger: &str, events: &str) -> Option<(usize, usize)> {
    let border = tiny(&format!(
        r#"{CROSSERS}
        run = {{ start = 2024-01-25, end = 2024-03-20 }}
        world.groups.people.arrivals = {{ per_day = 0, monthly_per_day = {{ 2024-01 = 10, 2024-02 = 40, 2024-03 = 10 }} }}
        [[trigger]]
        id = "limit"
        when = {{ metric = "irregular_encounters", mean_over_days = 3, at_least = 30 }}
        set = {{ "crossing.outcome" = {{ released = 0.0, removed = 1.0, returned = 0.0 }} }}
        {trigger}
        {events}"#
    ));
    let on: Vec<usize> = (0..border.days())
        .filter(|&day| border.on(day, Removed) > 0)
        .collect();
    let recorded = (0..border.days()).filter(|&day| border.0.was_in_force(day, 0));
    assert_eq!(recorded.collect::<Vec<_>>(), on);
    let (first, last) = (*on.first()?, *on.last()?);
    // Without a gap.
    assert_eq!(on, (first..=last).collect::<Vec<_>>());
    Some((first, last))
}

const UNTIL: &str =
    "until = { metric = \"irregular_encounters\", mean_over_days = 3, below = 20, delay_days = 2 }";

#[test]
fn a_trigger_goes_on_when_the_mean_reaches_its_bound_and_stays() {
    // Before day 9 lie 10, 40, 40: a mean of 30.
    assert_eq!(days_on("", ""), Some((9, 55)));
}

#[test]
fn a_trigger_goes_off_after_the_mean_stays_below_for_its_days() {
    // The mean is 30 before day 37, 20 before day 38 and below 20 for the first time before day 39: that is neither at once
    // off between the bounds, nor before two days more.
    assert_eq!(days_on(UNTIL, ""), Some((9, 40)));
    let at_once = UNTIL.replace("delay_days = 2", "delay_days = 0");
    assert_eq!(days_on(&at_once, ""), Some((9, 38)));
}

#[test]
fn an_event_changes_a_number_of_a_trigger() {
    let longer = "[[event]]\ndate = 2024-03-01\nset = { \"trigger.limit.until.delay_days\" = 5 }\n";
    assert_eq!(days_on(UNTIL, longer), Some((9, 43)));
    let lower = "[[event]]\ndate = 2024-01-26\nset = { \"trigger.limit.when.at_least\" = 20 }\n";
    assert_eq!(days_on(UNTIL, lower), Some((8, 40)));
}

#[test]
fn a_trigger_is_armed_from_and_to_its_dates_and_counts_the_days_before() {
    // 10 February is day 16, 15 February day 21.
    assert_eq!(
        days_on(&format!("from = 2024-02-10\n{UNTIL}"), ""),
        Some((16, 40))
    );
    let both = format!("from = 2024-02-10\nto = 2024-02-15\n{UNTIL}");
    assert_eq!(days_on(&both, ""), Some((16, 21)));
}

#[test]
fn a_trigger_can_be_on_initially_whatever_the_state() {
    // Three days are known from day 3 on, all below the bound: off after two days more. It never fires again in January.
    let january = format!("initially = true\nto = 2024-01-31\n{UNTIL}");
    assert_eq!(days_on(&january, ""), Some((0, 4)));
    // From day 4 on three days are known, all below, and it is off the morning after; or after two days more, as one that has fired.
    let later = format!("initially = true\nfrom = 2024-01-29\nto = 2024-01-31\n{UNTIL}");
    assert_eq!(days_on(&later, ""), Some((4, 6)));
    let at_once = later.replace("delay_days = 2", "delay_days = 0");
    assert_eq!(days_on(&at_once, ""), Some((4, 4)));
}

#[test]
fn a_trigger_that_watches_the_pool_fires_on_it() {
    let border = tiny(
        r#"policy.app.slots_per_day = 0
        policy.app.random_share = 0.5
        world.groups.people.weights = { app = 1.0, irregular = 0.0 }
        world.groups.crossers = { arrivals = { process = "fixed", per_day = 5 }, weights = { app = 0, irregular = 1 } }
        [[trigger]]
        id = "full"
        when = { metric = "pool_size", mean_over_days = 1, at_least = 50 }
        set = { "crossing.outcome" = { released = 0.0, removed = 1.0, returned = 0.0 } }
        "#,
    );
    // Ten a day: fifty at the end of day 4.
    let removed = border.daily(Removed);
    assert_eq!(removed[..5], [0; 5]);
    assert_eq!(removed[5..], [5; 15]);
}

#[test]
fn a_trigger_fires_on_the_figure_that_it_watches() {
    let border = |metric: &str| {
        tiny(&format!(
            r#"world.groups.crossers = {{ arrivals = {{ process = "fixed", per_day = 5 }}, weights = {{ app = 0, irregular = 1 }} }}
            [[trigger]]
            id = "any"
            when = {{ metric = "{metric}", mean_over_days = 1, at_least = 8 }}
            set = {{ "crossing.outcome" = {{ released = 0.0, removed = 1.0, returned = 0.0 }} }}
            "#
        ))
    };
    let first = |daily: Vec<u32>| daily.iter().position(|&persons| persons >= 5);
    for (metric, watched, day) in [
        ("registrations", Registrations, 0),
        ("port_encounters", AppointmentsProcessed, 2),
    ] {
        let border = border(metric);
        assert_eq!(first(border.daily(watched)), Some(day), "{metric}");
        assert_eq!(first(border.daily(Removed)), Some(day + 1), "{metric}");
    }
}

#[test]
fn a_trigger_that_is_on_from_the_start_has_long_been_in_force() {
    // It would take people years to take in a deterrence that began with the run: a half would cross.
    let border = tiny(
        r#"world.groups.people.arrivals.per_day = 1000
        world.groups.people.weights = { app = 0, irregular = 1, give_up = 1 }
        policy.app.open = false
        policy.crossing.response_days = 3650
        [[trigger]]
        id = "bar"
        initially = true
        when = { metric = "irregular_encounters", mean_over_days = 1, at_least = 1e6 }
        set = { "crossing.deterrence" = 10.0 }
        "#,
    );
    // Poisson with 20,000 × exp(-10) = 0.9.
    assert!(border.total(CrossingAttempts) < 10);
}
