//! Crossing between ports: preparation, outcome, repeats, deterrence.

use portflow::record::Count::{
    CrossingAttempts, Gotaways, Intercepted, IrregularEncounters, Released, Removed, Repeats,
    Returned,
};

use portflow::model::ModelError;

use crate::tools::tiny::{CROSSERS, Tiny, error, tiny};

fn with(parts: &[&str]) -> Tiny {
    let mut all = vec![CROSSERS];
    all.extend(parts);
    tiny(&all.join("\n"))
}

#[test]
fn attempts_come_after_the_preparation() {
    let border = with(&["world.irregular.preparation = { family = \"fixed\", mean_days = 3 }"]);
    let attempts = border.daily(CrossingAttempts);
    assert_eq!(attempts[..3], [0; 3]);
    assert_eq!(attempts[3..], [10; 17]);
}

#[test]
fn an_attempt_ends_in_an_encounter_or_a_gotaway() {
    let none = with(&["policy.crossing.apprehension_probability = 0.0"]);
    assert_eq!(none.daily(Gotaways), [10; 20]);
    assert_eq!(none.total(IrregularEncounters), 0);
    // Binomial with 200 tries: four standard deviations of 6.1 (α = 6e-5).
    let some = with(&["policy.crossing.apprehension_probability = 0.75"]);
    assert!((126..=174).contains(&some.total(IrregularEncounters)));
}

#[test]
fn beyond_the_consequence_capacity_everybody_is_released() {
    let border = with(&[
        "policy.crossing.consequence_capacity_per_day = 4",
        "policy.crossing.outcome = { released = 0.0, removed = 1.0, returned = 0.0 }",
    ]);
    assert_eq!(border.daily(Removed), [4; 20]);
    assert_eq!(border.daily(Released), [6; 20]);
}

#[test]
fn outcomes_can_differ_by_group() {
    let border = with(&[
        "policy.crossing.outcome = { released = 0.0, removed = 1.0, returned = 0.0 }",
        "policy.crossing.group_outcome.zealous = { released = 0.0, removed = 0.0, returned = 1.0 }",
        "world.groups.zealous = { arrivals = { process = \"fixed\", per_day = 7 }, weights = { app = 0, irregular = 1 } }",
    ]);
    assert_eq!(
        (border.of_group(0, Removed), border.of_group(0, Returned)),
        (200, 0)
    );
    assert_eq!(
        (border.of_group(1, Removed), border.of_group(1, Returned)),
        (0, 140)
    );
}

#[test]
fn whoever_is_returned_or_removed_may_try_again() {
    for (outcome, key) in [
        ("released = 0.0, removed = 0.0, returned = 1.0", "return"),
        ("released = 0.0, removed = 1.0, returned = 0.0", "removal"),
    ] {
        let border = |share: &str| {
            with(&[
                &format!("policy.crossing.outcome = {{ {outcome} }}"),
                &format!("world.irregular.repeat_after_{key}_share = {share}"),
                &format!(
                    "world.irregular.repeat_after_{key} = {{ family = \"fixed\", mean_days = 1 }}"
                ),
            ])
        };
        let once = border("0.0");
        assert_eq!(
            (once.total(Repeats), once.daily(CrossingAttempts)),
            (0, vec![10; 20])
        );
        // Everybody is back at the same hour of the next day, for ever.
        let again = border("1.0");
        let expected: Vec<u32> = (1..=20).map(|day| 10 * day).collect();
        assert_eq!(again.daily(CrossingAttempts), expected);
        let repeats: Vec<u32> = (0..20).map(|day| 10 * day).collect();
        assert_eq!(again.daily(Repeats), repeats);
    }
}

/// A step of 2 in the log odds on day 10, against giving up: the share that crosses is 1 / (1 + exp(deterrence)).
fn crossing_shares(response_days: u32, sensitivity: &str) -> Vec<f64> {
    let border = tiny(&format!(
        "world.groups.people.arrivals.per_day = 10000
         world.groups.people.weights = {{ app = 0, irregular = 1, give_up = 1 }}
         world.groups.people.sensitivity.irregular_to_deterrence = {sensitivity}
         policy.app.open = false
         policy.crossing.response_days = {response_days}
         [[event]]\ndate = 2024-01-11\nset = {{ \"crossing.deterrence\" = 2.0 }}\n"
    ));
    border
        .daily(CrossingAttempts)
        .iter()
        .map(|&persons| f64::from(persons) / 1e4)
        .collect()
}

#[test]
fn who_is_on_the_way_to_cross_sees_a_rule_on_arrival() {
    // Four days of journey; the rule comes on day 10. From then on a share crosses of those who set out before it, too.
    let shares = |sensitivity: &str| {
        let border = tiny(&format!(
            "world.groups.people.arrivals.per_day = 10000
             world.groups.people.entry = {{ south = 1.0 }}
             world.groups.people.weights = {{ app = 0, irregular = 1, give_up = 1 }}
             world.groups.people.sensitivity.irregular_to_deterrence = {sensitivity}
             world.travel.south_to_north = {{ family = \"fixed\", mean_days = 4 }}
             policy.app.open = false
             [[event]]\ndate = 2024-01-11\nset = {{ \"crossing.deterrence\" = 2.0 }}\n"
        ));
        let attempts = border.daily(CrossingAttempts);
        let shares = attempts.iter().map(|&persons| f64::from(persons) / 1e4);
        shares.skip(4).collect::<Vec<_>>()
    };
    // Sixteen binomial shares, as below.
    for (sensitivity, after) in [("0.0", 0.5), ("1.0", 1.0 / (1.0 + libm::exp(2.0)))] {
        for (day, share) in (4..).zip(shares(sensitivity)) {
            let expected = if day < 10 { 0.5 } else { after };
            assert!(
                (share - expected).abs() < 0.0225,
                "day {day}: {share} {expected}"
            );
        }
    }
}

/// Each of twenty binomial shares of 10,000 lies within 4.5 standard deviations, at most 0.0225 (α = 1.4e-4 together).
fn assert_shares(shares: &[f64], deterrence: impl Fn(f64) -> f64) {
    for (day, share) in shares.iter().enumerate() {
        let step = if day < 10 {
            0.0
        } else {
            deterrence(day as f64 - 9.0)
        };
        let expected = 1.0 / (1.0 + libm::exp(step));
        assert!(
            (share - expected).abs() < 0.0225,
            "day {day}: {share} {expected}"
        );
    }
}

#[test]
fn deterrence_is_a_step_in_the_log_odds() {
    assert_shares(&crossing_shares(0, "1.0"), |_| 2.0);
    assert_shares(&crossing_shares(0, "0.5"), |_| 1.0);
    assert_shares(&crossing_shares(0, "0.0"), |_| 0.0);
}

#[test]
fn deterrence_is_approached_over_its_response_days() {
    // The mean over a day of 2 (1 - exp(-t / 5)), which at its ends is up to 0.04 of a share away.
    assert_shares(&crossing_shares(5, "1.0"), |days| {
        let left = |days: f64| libm::exp(-days / 5.0);
        2.0 * (1.0 - 5.0 * (left(days - 1.0) - left(days)))
    });
}

#[test]
fn trying_again_always_takes_time() {
    // Everything here would happen again in the same instant, for ever.
    let taken_back = with(&[
        "run.end = 2024-01-03",
        "policy.mexico.attempt_interception = 1.0",
    ]);
    assert_eq!(taken_back.total(CrossingAttempts), 0);
    assert!(taken_back.total(Intercepted) > 10 * 30);
    // A minute each: from noon on more often than is counted, and after a journey of 8 hours and 24 minutes as often as there are minutes left.
    let returned = format!(
        "{CROSSERS}
run.end = 2024-01-01
world.groups.people.arrivals = {{ process = \"fixed\", per_day = 1 }}
policy.crossing.outcome = {{ released = 0.0, removed = 0.0, returned = 1.0 }}
world.irregular.repeat_after_return_share = 1.0
world.irregular.repeat_after_return = {{ family = \"fixed\", mean_days = 0 }}"
    );
    assert!(matches!(error(&returned), ModelError::Endless { .. }));
    let from_the_south = "world.groups.people.entry = { south = 1.0 }
world.travel.south_to_north = { family = \"fixed\", mean_days = 0.35 }";
    let late = tiny(&format!("{returned}\n{from_the_south}"));
    assert_eq!(late.total(CrossingAttempts), 3 * 60 + 36);
    let wavering = tiny(
        "run.end = 2024-01-01\nworld.groups.people.arrivals.per_day = 1
         world.behaviour.reconsideration_mean_days = 1e-9\npolicy.app.slots_per_day = 0",
    );
    assert_eq!(wavering.pool(0), 1);
}

/// Everybody is sent back and tries again within the hour: after ten days the luck of the first attempts would come again.
#[test]
fn who_goes_round_in_circles_ends_the_replication() {
    let circles = |released: f64| {
        let returned = 1.0 - released;
        format!(
            "{CROSSERS}
run.end = 2024-01-31
world.irregular.repeat_after_return_share = 1.0
world.irregular.repeat_after_return = {{ family = \"fixed\", mean_days = 0.04 }}
policy.crossing.outcome = {{ released = {released}, removed = 0.0, returned = {returned} }}"
        )
    };
    for released in [0.0, 0.005] {
        let wrong = error(&circles(released));
        let ModelError::Endless { group, .. } = &wrong else {
            panic!("{wrong}");
        };
        assert_eq!(group, "people");
    }
    // Of those who are released sooner or later nobody comes near that.
    assert!(tiny(&circles(0.5)).total(Released) > 200);
}
