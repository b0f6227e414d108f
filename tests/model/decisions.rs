//! Decisions: patience, reconsideration, the response to a shutdown, lawful alternatives, what people see.

use portflow::record::Count::{
    Arrivals, CrossingAttempts, GaveUp, LawfulAlternatives, Registrations, WalkUpsProcessed,
    WalkUpsTurnedAway,
};

use crate::tools::tiny::{Tiny, tiny};

/// Ten thousand wait, and nobody is served or arrives.
const STUCK: &str = r"
world.groups.people.arrivals.per_day = 0
world.groups.people.initial_pool.north_persons = 10000
policy.app.slots_per_day = 0
";

fn with(parts: &[&str]) -> Tiny {
    tiny(&parts.join("\n"))
}

/// The pool of 10,000 decays exponentially with a mean of 10 days: at the end of three days, within four standard deviations,
/// at most 50 (α = 2e-4 together).
fn assert_decays(border: &Tiny, mean_days: f64) {
    for day in [0, 9, 19] {
        let expected = 1e4 * libm::exp(-(day as f64 + 1.0) / mean_days);
        let pool = f64::from(border.pool(day));
        assert!(
            (pool - expected).abs() < 200.0,
            "day {day}: {pool} {expected}"
        );
    }
}

#[test]
fn patience_is_exponential_and_ends_in_another_channel() {
    let border = with(&[
        STUCK,
        "world.behaviour.patience_mean_days = 10",
        "world.groups.people.weights = { app = 1.0, irregular = 1e-9, wait = 1.0 }",
    ]);
    assert_decays(&border, 10.0);
    // Not in the app, and not in waiting for it.
    assert_eq!(border.total(CrossingAttempts) + border.pool(19), 10_000);
}

#[test]
fn who_has_lost_patience_and_is_turned_back_at_a_port_does_not_register_again() {
    let border = with(&[
        STUCK,
        "world.behaviour.patience_mean_days = 2",
        "world.groups.people.weights = { app = 1.0, walk_up = 1.0, wait = 1.0 }",
        "policy.walk_up.per_day = 1",
    ]);
    assert_eq!(border.total(Registrations), 0);
    let turned_away = border.total(WalkUpsTurnedAway);
    assert!(turned_away > 9_000, "{turned_away}");
    assert_eq!(border.total(GaveUp), turned_away);
}

/// Where nobody is met for months, what a group remembers of those who were not released stays what it was.
#[test]
fn outcomes_are_remembered_however_long_nobody_is_met() {
    let border = with(&["run.end = 2024-06-30
         world.behaviour.outcome_memory_days = 0.1
         world.groups.people.weights = { app = 0.0, irregular = 1.0, give_up = 1.0 }
         world.groups.people.sensitivity.irregular_to_share_not_released = 30
         policy.crossing.outcome = { released = 0.0, removed = 1.0, returned = 0.0 }"]);
    assert_eq!(border.total(CrossingAttempts), 0);
}

#[test]
fn who_has_lost_patience_in_the_south_does_not_come_to_the_app_in_the_north() {
    let border = with(&[
        "world.groups.people.arrivals.per_day = 0
         world.groups.people.initial_pool.south_persons = 10000
         world.groups.people.entry = { south = 1.0 }
         policy.app = { slots_per_day = 0, regions = [\"south\", \"north\"] }",
        "world.behaviour.patience_mean_days = 10",
        "world.groups.people.weights = { app = 1.0, irregular = 1e-9 }",
    ]);
    assert_eq!(border.total(Registrations), 0);
    assert!(border.total(CrossingAttempts) > 0);
}

#[test]
fn reconsideration_lets_a_share_leave_and_the_others_stay_registered() {
    let border = with(&[
        STUCK,
        "world.behaviour.reconsideration_mean_days = 4",
        "world.groups.people.weights = { app = 0.6, give_up = 0.4 }",
    ]);
    assert_decays(&border, 10.0);
    assert_eq!(border.total(Registrations), 0);
    assert_eq!(border.total(GaveUp) + border.pool(19), 10_000);
}

#[test]
fn both_clocks_run_together() {
    let border = with(&[
        STUCK,
        "world.behaviour = { reconsideration_mean_days = 8, patience_mean_days = 20 }",
        "world.groups.people.weights = { app = 0.6, give_up = 0.4 }",
    ]);
    // 0.4 / 8 + 1 / 20 a day.
    assert_decays(&border, 10.0);
}

#[test]
fn the_members_of_a_pool_that_closes_decide_after_their_response() {
    let border = with(&[
        STUCK,
        "world.behaviour.shutdown_response = { family = \"fixed\", mean_days = 3 }",
        "[[event]]\ndate = 2024-01-11\nset = { \"app.open\" = false }",
    ]);
    let mut gave_up = [0; 20];
    gave_up[13] = 10_000;
    assert_eq!(border.daily(GaveUp), gave_up);
    assert_eq!((border.pool(9), border.pool(10)), (10_000, 0));
}

#[test]
fn a_share_takes_a_lawful_alternative_before_coming() {
    let border = |share: &str| {
        with(&[
            "world.groups.people.arrivals.per_day = 500",
            &format!("policy.lawful_alternative_share.people = {share}"),
        ])
    };
    let all = border("1.0");
    assert_eq!(all.total(LawfulAlternatives), all.total(Arrivals));
    assert_eq!(all.total(Registrations), 0);
    // Binomial with 10,000: four standard deviations of 45.8 (α = 6e-5).
    let some = border("0.3").total(LawfulAlternatives);
    assert!((2817..=3183).contains(&some), "{some}");
}

#[test]
fn the_channels_are_chosen_by_their_odds() {
    let border = tiny(
        "world.groups.people.arrivals.per_day = 1000
         policy.ports.desk.officers = 1000
         world.groups.people.weights = { app = 1, irregular = 2, walk_up = 3, give_up = 4 }",
    );
    // Binomial with 20,000: four standard deviations, at most 69.3 (α = 2.5e-4 together). The last hour's are in service.
    let near = |persons: u32, share: f64, slack: f64| {
        let expected = 20_000.0 * share;
        assert!(
            (f64::from(persons) - expected).abs() < 277.0 + slack,
            "{persons} {expected}"
        );
    };
    near(border.total(Registrations), 0.1, 0.0);
    near(border.total(CrossingAttempts), 0.2, 0.0);
    near(border.total(WalkUpsProcessed), 0.3, 20.0);
    near(border.total(GaveUp), 0.4, 0.0);
}

#[test]
fn a_longer_expected_wait_drives_people_from_the_app() {
    let registrations = |pool: u32| {
        tiny(&format!(
            "world.groups.people.arrivals.per_day = 1000
             world.groups.people.initial_pool.north_persons = {pool}
             world.groups.people.weights = {{ app = 1, give_up = 1 }}
             world.groups.people.sensitivity.app_per_month_of_wait = 1.0
             policy.app.slots_per_day = 500"
        ))
        .daily(Registrations)[0]
    };
    // Two months of expected wait: odds of exp(-2), a share of 0.119; standard deviation 10.3. None: a half, 15.8.
    assert!(
        (450..=563).contains(&registrations(0)),
        "{}",
        registrations(0)
    );
    let long = registrations(30_000);
    assert!((78..=161).contains(&long), "{long}");
}

#[test]
fn a_group_whose_encounters_end_in_removal_crosses_less() {
    let attempts = |removed: &str, released: &str| {
        tiny(&format!(
            "world.groups.people.arrivals.per_day = 1000
             world.groups.people.weights = {{ app = 0, irregular = 1, give_up = 1 }}
             world.groups.people.sensitivity.irregular_to_share_not_released = 2.0
             policy.app.open = false
             policy.crossing.outcome = {{ released = {released}, removed = {removed}, returned = 0.0 }}"
        ))
        .total(CrossingAttempts)
    };
    // 20,000 with shares of 1/2 and 1/(1 + e²) = 0.119: four standard deviations are at most 283 and 183.
    let (free, barred) = (attempts("0.0", "1.0"), attempts("1.0", "0.0"));
    assert!((9_717..=10_283).contains(&free), "{free}");
    assert!((2_201..=2_567).contains(&barred), "{barred}");
}

/// A thousand come a day, and from the eleventh day on everybody met is removed.
#[test]
fn outcomes_are_remembered() {
    let attempts = |memory_days: &str| {
        tiny(&format!(
            "world.groups.people.arrivals.per_day = 1000
             world.groups.people.weights = {{ app = 0, irregular = 1, give_up = 1 }}
             world.groups.people.sensitivity.irregular_to_share_not_released = 2.0
             world.behaviour.outcome_memory_days = {memory_days}
             policy.app.open = false
             policy.crossing.outcome = {{ released = 1.0, removed = 0.0, returned = 0.0 }}
             [[event]]
             date = 2024-01-11
             set = {{ \"crossing.outcome\" = {{ released = 0.0, removed = 1.0, returned = 0.0 }} }}"
        ))
        .daily(CrossingAttempts)[11]
    };
    // Shares of 1/(1 + e²) = 0.119 where only yesterday counts, and of 1/(1 + e^(2/9.4)) = 0.447 where 30 days do, of which there were
    // eleven; four standard deviations of the binomial are 41 and 63.
    let (none, long) = (attempts("0.1"), attempts("30"));
    assert!((78..=160).contains(&none), "{none}");
    assert!((384..=510).contains(&long), "{long}");
}

/// From the third day on everybody met is removed: what was before the first day counts as much as if it had been simulated.
#[test]
fn what_was_before_the_first_day_is_remembered_like_any_other() {
    let border = tiny(
        "world.groups.people.arrivals.per_day = 1000
         world.groups.people.weights = { app = 0, irregular = 1, give_up = 1 }
         world.groups.people.sensitivity.irregular_to_share_not_released = 4.0
         world.behaviour.outcome_memory_days = 10
         policy.app.open = false
         policy.crossing.outcome = { released = 1.0, removed = 0.0, returned = 0.0 }
         [[event]]
         date = 2024-01-03
         set = { \"crossing.outcome\" = { released = 0.0, removed = 1.0, returned = 0.0 } }",
    );
    let attempts = border.daily(CrossingAttempts);
    // On the fourth day, one day of eleven is remembered as removals: 1/(1 + e^(4 × 0.095)) = 0.406; where only the three days simulated counted,
    // it would be 0.19. Four standard deviations of the binomial are 62.
    assert!((344..=468).contains(&attempts[3]), "{}", attempts[3]);
    // On the twentieth nearly all are: 1/(1 + e^(4 × 0.82)) or less, since fewer cross later; of some 40, four standard deviations are 26.
    assert!((10..=62).contains(&attempts[19]), "{}", attempts[19]);
}

/// Registrations of the twelfth day where two months of wait are seen, over some memory, and a lever moves on the eleventh.
fn registrations_after(memory_days: &str, moved: &str) -> u32 {
    tiny(&format!(
        "world.groups.people.arrivals.per_day = 1000
         world.groups.people.initial_pool.north_persons = 30000
         world.groups.people.weights = {{ app = 1, give_up = 1 }}
         world.groups.people.sensitivity.app_per_month_of_wait = 1.0
         world.behaviour.wait_memory_days = {memory_days}
         policy.app.slots_per_day = 500
         [[event]]
         date = 2024-01-11
         set = {{ {moved} }}"
    ))
    .daily(Registrations)[11]
}

#[test]
fn slots_served_are_remembered() {
    let registrations =
        |memory_days| registrations_after(memory_days, "\"app.slots_per_day\" = 2000");
    // On the day of the change 3,500 are issued, with those of a date that was open, and 2,000 can be served a day. Some 22,800 wait: for 11
    // days, or for 32 where 2,000 have moved 500 to 700. Shares of 0.406 and 0.255, standard deviations of 16 and 14.
    let (none, week) = (registrations("0.1"), registrations("7"));
    assert!((340..=470).contains(&none), "{none}");
    assert!((200..=310).contains(&week), "{week}");
}

/// On the first day of an app without slots what is worth waiting for is seen as on every other: one month of wait keeps all but one in 20,000
/// away, and the longest that is reckoned with is longer.
#[test]
fn an_app_without_slots_is_seen_so_from_its_first_day_on() {
    let border = tiny(
        "world.groups.people.arrivals.per_day = 1000
         world.groups.people.weights = { app = 1, give_up = 1 }
         world.groups.people.sensitivity.app_per_month_of_wait = 10.0
         policy.app.slots_per_day = 1000
         [[event]]
         date = 2024-01-11
         set = { \"app.slots_per_day\" = 0 }
         [[event]]
         date = 2024-01-16
         set = { \"app.slots_per_day\" = 1000 }",
    );
    let registrations = border.daily(Registrations);
    assert!(registrations[9] > 400, "{registrations:?}");
    assert_eq!(registrations[10..15], [0; 5]);
    assert!(registrations[15] > 400, "{registrations:?}");
}

/// An app that opens after ten days, with slots for everybody.
#[test]
fn who_sees_an_app_just_opened_expects_its_slots_to_be_served() {
    let border = tiny(
        "world.groups.people.arrivals.per_day = 1000
         world.groups.people.weights = { app = 1, give_up = 1 }
         world.groups.people.sensitivity.app_per_month_of_wait = 10.0
         world.behaviour.wait_memory_days = 2
         policy.app.slots_per_day = 50
         policy.app.open = false
         [[event]]
         date = 2024-01-11
         set = { \"app.open\" = true, \"app.slots_per_day\" = 1000 }",
    );
    // On the twelfth day the 500 of the day before wait, where 1000 were to be served a day and nobody was yet: for 0.82 days, so that a share of
    // 0.43 registers; four standard deviations are 63. As the ten days of nobody served tell it, nobody would.
    let registrations = border.daily(Registrations)[11];
    assert!((369..=495).contains(&registrations), "{registrations}");
}

/// Slots for everybody, of whom a tenth ask on a day: nobody waits for a slot, and all for their asking.
#[test]
fn who_seldom_asks_expects_to_wait_for_it() {
    let border = tiny(
        "run.end = 2024-04-30
         world.groups.people.arrivals.per_day = 1000
         world.groups.people.weights = { app = 1, give_up = 1 }
         world.groups.people.sensitivity.app_per_month_of_wait = 3.0
         world.app.regularity = [{ share = 1.0, request_probability = 0.1 }]
         policy.app.slots_per_day = 5000",
    );
    // Ten days, of which e⁻¹ do not mind where all others are odds of 1: 1/(1 + e) = 0.269; four standard deviations are 56. As the slots
    // tell it, all would be served at once, and half of the thousand would register.
    let registrations = border.daily(Registrations)[119];
    assert!((213..=325).contains(&registrations), "{registrations}");
}

#[test]
fn nobody_who_minds_waiting_registers_for_an_app_without_slots() {
    let registrations = |sensitivity: &str| {
        tiny(&format!(
            "world.groups.people.arrivals.per_day = 1000
             world.groups.people.weights = {{ app = 1, give_up = 1 }}
             world.groups.people.sensitivity.app_per_month_of_wait = {sensitivity}
             policy.app.slots_per_day = 0"
        ))
        .total(Registrations)
    };
    assert_eq!(registrations("1.0"), 0);
    assert!(registrations("0.0") > 10_000);
}

/// The app opens without slots, which come ten days later.
#[test]
fn the_first_slots_of_an_app_are_seen_at_once() {
    let border = tiny(
        "world.groups.people.arrivals.per_day = 1000
         world.groups.people.weights = { app = 1, give_up = 1 }
         world.groups.people.sensitivity.app_per_month_of_wait = 1.0
         policy.app.slots_per_day = 0
         [[event]]
         date = 2024-01-11
         set = { \"app.slots_per_day\" = 1000 }",
    );
    let registrations = border.daily(Registrations);
    assert_eq!(registrations[..10].iter().sum::<u32>(), 0);
    // Half of a thousand, who wait for a day at most; four standard deviations are 63.
    assert!(
        (437..=563).contains(&registrations[10]),
        "{}",
        registrations[10]
    );
}

/// Where the wait says more than who is in the pool: ten days without a round that opens a date, after which the wait is again the pool over
/// the slots.
#[test]
fn days_on_which_no_date_opens_say_nothing_of_the_wait() {
    for pause in [
        // Thirteen days ahead dates are open, and of those to come none is as near as one day.
        "set = { \"app.lead_time_days\" = 1 }",
        "set = { \"app.slots_per_day\" = 0 }
         [[event]]
         date = 2024-01-18
         set = { \"app.slots_per_day\" = 500 }",
    ] {
        let border = tiny(&format!(
            "world.groups.people.arrivals.per_day = 1000
             world.groups.people.initial_pool.north_persons = 6000
             world.groups.people.weights = {{ app = 1, give_up = 1 }}
             world.groups.people.sensitivity.app_per_month_of_wait = 1.0
             policy.app = {{ slots_per_day = 500, lead_time_days = 13 }}
             [[event]]
             date = 2024-01-06
             {pause}"
        ));
        let registrations = border.daily(Registrations)[17];
        let days = f64::from(border.pool(16)) / 500.0;
        assert!((10.0..25.0).contains(&days), "{pause}: {days}");
        let share = 1.0 / (1.0 + libm::exp(days / 30.0));
        // Four standard deviations of a thousand decisions (α = 6e-5).
        let off = f64::from(registrations) - 1000.0 * share;
        assert!(off.abs() < 62.0, "{pause}: {registrations}, {days} days");
    }
}

/// However long waits are remembered.
#[test]
fn an_app_that_loses_its_slots_is_expected_to_serve_nobody_at_once() {
    let border = tiny(
        "world.groups.people.arrivals.per_day = 1000
         world.groups.people.initial_pool.north_persons = 5000
         world.groups.people.weights = { app = 1, give_up = 1 }
         world.groups.people.sensitivity.app_per_month_of_wait = 1.0
         world.behaviour.wait_memory_days = 30
         policy.app.slots_per_day = 500
         [[event]]
         date = 2024-01-06
         set = { \"app.slots_per_day\" = 0 }",
    );
    let registrations = border.daily(Registrations);
    assert!(registrations[4] > 300, "{registrations:?}");
    assert_eq!(registrations[6..], [0; 14]);
}

/// Slots for everybody at midnight, when all wait who came the day before: every second round would find nobody, were it not for those.
#[test]
fn a_round_that_finds_nobody_says_nothing_of_the_wait() {
    let border = tiny(
        "world.groups.people.arrivals.per_day = 1000
         world.groups.people.weights = { app = 1, give_up = 1 }
         world.groups.people.sensitivity.app_per_month_of_wait = 1.0
         world.behaviour.wait_memory_days = 0.1
         policy.app.slots_per_day = 2000",
    );
    // All who wait are served at the next round: for a day, so that a share of 0.4917 registers; four standard deviations are 63.
    for (day, &registrations) in border.daily(Registrations).iter().enumerate().skip(2) {
        assert!(
            (428..=555).contains(&registrations),
            "{day}: {registrations}"
        );
    }
}

/// Two months of wait are seen, and a lever moves on the first day or on the second: both are changes of what was long in force.
#[test]
fn slots_that_change_on_the_first_day_are_seen_as_slowly_as_on_any_other() {
    let registrations = |date: &str, day: usize| {
        tiny(&format!(
            "world.groups.people.arrivals.per_day = 1000
             world.groups.people.initial_pool.north_persons = 30000
             world.groups.people.weights = {{ app = 1, give_up = 1 }}
             world.groups.people.sensitivity.app_per_month_of_wait = 1.0
             world.behaviour.wait_memory_days = 1000
             policy.app.slots_per_day = 500
             [[event]]
             date = {date}
             set = {{ \"app.slots_per_day\" = 2000 }}"
        ))
        .daily(Registrations)[day]
    };
    // 60 days of wait, of which 0.12 do not mind; with 2000 slots a day it were 15, which 0.38 do not. Standard deviations of 10 and 15.
    for (date, day) in [("2024-01-01", 0), ("2024-01-02", 1)] {
        let registrations = registrations(date, day);
        assert!(
            (78..=170).contains(&registrations),
            "{date} {registrations}"
        );
    }
}

/// Beyond the capacity everybody is released, which the outcome shares do not say.
#[test]
fn where_consequences_are_limited_only_what_is_simulated_is_remembered() {
    let border = tiny(
        "world.groups.people.arrivals.per_day = 1000
         world.groups.people.weights = { app = 0, irregular = 1, give_up = 1 }
         world.groups.people.sensitivity.irregular_to_share_not_released = 4.0
         policy.app.open = false
         policy.crossing.consequence_capacity_per_day = 1
         policy.crossing.outcome = { released = 0.0, removed = 1.0, returned = 0.0 }",
    );
    // On the first day 1/(1 + e⁴) = 0.018, on the second nearly half: all but one of those were released.
    let attempts = border.daily(CrossingAttempts);
    assert!(attempts[0] < 40 && attempts[1] > 350, "{attempts:?}");
}

/// With dates of twenty days ahead in place of two many are issued at once, and nobody is served faster.
#[test]
fn a_longer_lead_time_is_no_shorter_wait() {
    let registrations =
        |lead| registrations_after("0.1", &format!("\"app.lead_time_days\" = {lead}"));
    // Some 28,000 wait for 55 days, or 19,000 for 38: shares of 0.14 and 0.22, standard deviations of 11 and 13. As the day's 9,500 tell it, the
    // wait were two days.
    let (two, twenty) = (registrations(2), registrations(20));
    assert!((90..=190).contains(&two), "{two}");
    assert!((160..=280).contains(&twenty), "{twenty}");
}

#[test]
fn a_line_at_the_ports_turns_walk_ups_elsewhere() {
    let gave_up = |sensitivity: &str| {
        tiny(&format!(
            "world.groups.people.arrivals.per_day = 100
             world.groups.people.weights = {{ app = 0, walk_up = 1, give_up = 0.01 }}
             world.groups.people.sensitivity.walk_up_per_day_of_line = {sensitivity}
             policy.app.open = false
             policy.walk_up = {{ per_day = 20, line_limit_days = 1000 }}"
        ))
        .total(GaveUp)
    };
    let (blind, seeing) = (gave_up("0.0"), gave_up("2.0"));
    assert!(blind < 60 && seeing > 500, "{blind} {seeing}");
}

#[test]
fn a_closed_port_admits_no_part_of_the_walk_ups_and_shortens_no_line() {
    let border = |ports: &str| {
        tiny(&format!(
            "world.groups.people.arrivals.per_day = 100
             world.groups.people.weights = {{ app = 0, walk_up = 1, give_up = 0.01 }}
             world.groups.people.sensitivity.walk_up_per_day_of_line = 2.0
             policy.app.open = false
             policy.walk_up.line_limit_days = 1000
             {ports}"
        ))
    };
    let alone = border("policy.walk_up.per_day = 20");
    // A second port has the other half of 40, and is closed.
    let halved = border(
        "policy.walk_up.per_day = 40\npolicy.ports.gate = { walk_ups_per_day = 10, open = false }",
    );
    assert_eq!(
        alone.daily(WalkUpsProcessed),
        halved.daily(WalkUpsProcessed)
    );
    assert_eq!(alone.daily(GaveUp), halved.daily(GaveUp));
}
