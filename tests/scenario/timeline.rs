//! Which policy is in force when.

use crate::tools::Files;

const RUN: &str = "[run]\nstart = 2024-01-01\nend = 2024-03-31\nwarmup_days = 5\n";

fn with(changes: &str) -> Files {
    Files::new(&[("a.toml", &format!("{RUN}\n{changes}"))])
}

#[test]
fn events_act_on_their_date_and_stay_in_force() {
    let files = with(
        "[[event]]\ndate = 2024-02-01\nset = { \"app.random_share\" = 0.7 }\n
         [[event]]\ndate = 2024-01-11\nset = { \"app.lead_time_days\" = 21 }\n",
    );
    let timeline = files.load("a.toml", &[]).unwrap().scenario.timeline;
    let first_days: Vec<u32> = timeline
        .epochs
        .iter()
        .map(|epoch| epoch.first_day)
        .collect();
    assert_eq!(first_days, [0, 15, 36]);
    let last = &timeline.epochs[2].policies[0].app;
    assert_eq!((last.lead_time_days, last.random_share), (21, 0.7));
    assert_eq!(timeline.epoch_on(14), 0);
    assert_eq!(timeline.epoch_on(15), 1);
}

#[test]
fn events_of_one_day_act_in_the_order_of_the_file() {
    let files = with(
        "[[event]]\ndate = 2024-02-01\nset = { \"app.random_share\" = 0.7 }\n
         [[event]]\ndate = 2024-02-01\nset = { \"app.random_share\" = 0.1 }\n",
    );
    let timeline = files.load("a.toml", &[]).unwrap().scenario.timeline;
    assert_eq!(timeline.epochs[1].policies[0].app.random_share, 0.1);
}

#[test]
fn a_trigger_lies_over_the_events_and_gives_way_to_those_beneath() {
    let files = with(
        r#"
        [[trigger]]
        id = "low"
        when = { metric = "pool_size", mean_over_days = 7, at_least = 10 }
        set = { "app.random_share" = 0.2, "app.lead_time_days" = 5 }

        [[trigger]]
        id = "high"
        when = { metric = "pool_size", mean_over_days = 7, at_least = 100 }
        set = { "app.random_share" = 0.9 }

        [[event]]
        date = 2024-02-01
        set = { "app.random_share" = 0.6 }
        "#,
    );
    let timeline = files.load("a.toml", &[]).unwrap().scenario.timeline;
    let shares: Vec<f64> = (timeline.epochs[1].policies.iter())
        .map(|policy| policy.app.random_share)
        .collect();
    assert_eq!(shares, [0.6, 0.2, 0.9, 0.9]);
    assert_eq!(timeline.epochs[1].policies[3].app.lead_time_days, 5);
}

#[test]
fn an_event_changes_the_numbers_of_a_trigger_from_its_date_on() {
    let files = with(
        r#"
        [[trigger]]
        id = "limit"
        from = 2024-01-11
        when = { metric = "irregular_encounters", mean_over_days = 7, at_least = 2500 }
        until = { metric = "irregular_encounters", mean_over_days = 7, below = 1500, delay_days = 14 }
        set = { "app.random_share" = 0.2 }

        [[event]]
        date = 2024-02-01
        set = { "trigger.limit.until.delay_days" = 28 }
        "#,
    );
    let timeline = files.load("a.toml", &[]).unwrap().scenario.timeline;
    let delays: Vec<u32> = (timeline.epochs.iter())
        .map(|epoch| epoch.rules[0].until.as_ref().unwrap().delay_days)
        .collect();
    assert_eq!(delays, [14, 28]);
    assert_eq!(
        (
            timeline.epochs[0].rules[0].from_day,
            timeline.epochs[0].rules[0].to_day
        ),
        (15, 95)
    );
}

#[test]
fn an_event_that_makes_a_trigger_incomplete_is_wrong() {
    let files = with(
        r#"
        [[trigger]]
        id = "limit"
        when = { metric = "irregular_encounters", mean_over_days = 7, at_least = 2500 }
        set = { "app.random_share" = 0.2 }

        [[event]]
        date = 2024-02-01
        set = { "trigger.limit.when.at_least" = 50, "trigger.limit.until.delay_days" = 28 }
        "#,
    );
    let wrong = files.load("a.toml", &[]).unwrap_err().to_string();
    assert!(
        wrong.contains("`trigger.limit` is no trigger any more: missing field"),
        "{wrong}"
    );
}

#[test]
fn dotted_and_nested_levers_mean_the_same() {
    let set = [
        "set = { \"ports.a.open\" = false, \"app.booked\" = \"move\" }",
        "set = { ports.a.open = false, app.booked = \"move\" }",
        "set = { ports = { a = { open = false } }, app = { booked = \"move\" } }",
        "[event.set]\nports.a.open = false\n[event.set.app]\nbooked = \"move\"",
    ];
    let policies: Vec<_> = set
        .iter()
        .map(|set| {
            let files = with(&format!(
                "[policy.ports.a]\nofficers = 7\n[[event]]\ndate = 2024-02-01\n{set}\n"
            ));
            let timeline = files.load("a.toml", &[]).unwrap().scenario.timeline;
            timeline.epochs[1].policies[0].clone()
        })
        .collect();
    assert!(!policies[0].ports["a"].open);
    assert_eq!(policies[0].ports["a"].officers, 7);
    assert!(policies.iter().all(|policy| *policy == policies[0]));
}

/// A dotted key was taken for the table with this entry alone.
#[test]
fn a_dotted_key_moves_one_entry_of_a_table_of_groups_in_quotes_or_not() {
    let groups = "[world.groups.mexican]\narrivals.per_day = 5\n[world.groups.other]\narrivals.per_day = 5\n\
                  [policy]\nlawful_alternative_share = { mexican = 0.3, other = 0.2 }\n\
                  app.group_regions = { other = [\"south\"] }\n\
                  crossing.group_outcome.other = { released = 0, removed = 1, returned = 0 }\n\
                  crossing.outcome = { released = 0.5, removed = 0.5, returned = 0 }\n[[event]]\ndate = 2024-02-01\n";
    let after = |set: &str| {
        let files = with(&format!("{groups}{set}\n"));
        let loaded = files.load("a.toml", &[]);
        let loaded = loaded.unwrap_or_else(|wrong| panic!("{set}\n{wrong}"));
        loaded.scenario.timeline.epochs[1].policies[0].clone()
    };
    let outcome = "{ released = 1, removed = 0, returned = 0 }";
    let one = "lawful_alternative_share.mexican = 0.1\napp.group_regions.mexican = []\n";
    let parts = "crossing.outcome.removed = 0.3\ncrossing.outcome.returned = 0.2\n";
    let quoted = after(&format!(
        "[event.set]\n\"lawful_alternative_share.mexican\" = 0.1\n\"app.group_regions.mexican\" = []\n\
         \"crossing.group_outcome.mexican\" = {outcome}\n\"crossing.outcome.removed\" = 0.3\n\"crossing.outcome.returned\" = 0.2\n"
    ));
    assert_eq!(quoted.lawful_alternative_share["other"], 0.2);
    assert_eq!(quoted.lawful_alternative_share["mexican"], 0.1);
    assert_eq!(quoted.app.group_regions.len(), 2);
    assert_eq!(quoted.crossing.group_outcome.len(), 2);
    assert_eq!(quoted.crossing.outcome.released, 0.5);
    for set in [
        format!("[event.set]\n{one}{parts}crossing.group_outcome.mexican = {outcome}"),
        format!(
            "[event.set]\n{one}{parts}[event.set.crossing.group_outcome.mexican]\nreleased = 1\nremoved = 0\nreturned = 0"
        ),
        format!(
            "set = {{ {} }}",
            format!("{one}{parts}crossing.group_outcome.mexican = {outcome}").replace('\n', ", ")
        ),
    ] {
        assert_eq!(after(&set), quoted, "{set}");
    }
    for set in [
        "set = { lawful_alternative_share = { mexican = 0.1 } }",
        "set = { \"lawful_alternative_share\" = { mexican = 0.1 } }",
        "[event.set.lawful_alternative_share]\nmexican = 0.1",
    ] {
        assert_eq!(after(set).lawful_alternative_share.len(), 1, "{set}");
    }
}

#[test]
fn a_table_of_shares_is_replaced_whole() {
    let files =
        with("[[event]]\ndate = 2024-02-01\nset = { \"crossing.outcome\" = { released = 1 } }\n");
    let found = files.mistakes("a.toml", &[]);
    assert_eq!(
        found,
        [
            "`event.2024-02-01.set.crossing.outcome` has no `removed`",
            "`event.2024-02-01.set.crossing.outcome` has no `returned`"
        ]
    );
}

#[test]
fn arrivals_cover_every_simulated_day() {
    let files = with(
        "[world.groups.a.arrivals]\nper_day = 10\nmonthly_per_day = { 2024-02 = 5 }\nday_of_week = [1, 1, 1, 1, 1, 1, 8]\n",
    );
    let scenario = files.load("a.toml", &[]).unwrap().scenario;
    let rates = &scenario.arrival_rates[0];
    assert_eq!(rates.len(), scenario.calendar.days() as usize);
    // 1 January 2024 is a Monday, 4 February a Sunday.
    assert!((rates[5] - 5.0).abs() < 1e-12);
    assert!((rates[39] - 60.0).abs() < 1e-12);
}
