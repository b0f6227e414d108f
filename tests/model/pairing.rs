//! The same people under every policy: what differs from a day on is the same before it.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use portflow::model::simulate;
use portflow::record::{Count, Recorder};
use portflow::scenario::Scenario;
use portflow::scenario::values::Region;

use super::{between, every_lever, file, scenario_of, with};
use crate::tools::fixtures;
use crate::tools::tiny::tiny;

/// Everything that a record keeps by day: counts by group, region and port, and the pool.
fn day(record: &Recorder, day: usize) -> Vec<u32> {
    let mut kept = Vec::new();
    for &count in Count::ALL {
        kept.extend((0..record.groups()).map(|group| record.group_count(count, group, day)));
        kept.extend(Region::ALL.map(|region| record.region_count(count, region, day)));
        kept.extend((0..record.ports()).map(|port| record.port_count(count, port, day)));
    }
    for group in 0..record.groups() {
        kept.extend(Region::ALL.map(|region| record.pool_at(day, group, region)));
    }
    kept
}

/// First date on which two records differ; `None` where they never do.
fn first_difference(a: &Recorder, b: &Recorder) -> Option<Date> {
    let days = a.calendar().recorded_days();
    let differs = (0..days).find(|&index| day(a, index as usize) != day(b, index as usize));
    differs.map(|index| a.calendar().date(a.calendar().warmup_days() + index))
}

fn run(scenario: &Scenario) -> Recorder {
    simulate(scenario, 3, 0).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_record_and_another_one_does_not() {
    let scenario = with(&file("cbp-one.toml"), "run.end = 2024-02-15\n");
    let record = |seed, replication| simulate(&scenario, seed, replication).unwrap();
    let first = record(1, 0);
    assert!(first == record(1, 0));
    let start = Some(date(2024, 1, 1));
    assert_eq!(first_difference(&first, &record(1, 1)), start);
    assert_eq!(first_difference(&first, &record(2, 0)), start);
}

/// The run begins in June 2024, with people waiting, so that it reaches August soon.
#[test]
fn without_the_expansion_history_is_the_same_before_and_another_after() {
    let part = |name| {
        let lines = "world.groups.other.initial_pool.north_persons = 60000\n";
        run(&between(&file(name), "2024-06-15", "2024-09-15", lines))
    };
    let (history, without) = (part("history.toml"), part("no-expansion.toml"));
    assert_eq!(
        first_difference(&history, &without),
        Some(date(2024, 8, 23))
    );
}

#[test]
fn cancelling_and_honouring_are_the_same_before_the_shutdown() {
    let part = |name| run(&between(&file(name), "2024-12-10", "2025-02-20", ""));
    let (cancel, honour) = (part("shutdown-cancel.toml"), part("shutdown-honour.toml"));
    assert_eq!(first_difference(&cancel, &honour), Some(date(2025, 1, 20)));
}

#[test]
fn a_lever_moved_on_a_day_leaves_every_day_before_it_as_it_was() {
    let end = "run.end = 2024-03-10\n";
    let base = run(&with(&file("cbp-one.toml"), end));
    for lever in [
        "\"app.slots_per_day\" = 1000",
        "\"app.random_share\" = 0.1",
        "\"app.open\" = false",
        "\"app.regions\" = [\"south\", \"north\"]",
        "\"app.lead_time_days\" = 23",
        "\"app.request_factor\" = 0.2",
        "\"app.confirmation_required\" = false",
        "\"ports.nogales.open\" = false",
        "\"ports.el_paso.shifts\" = [{ from = 00:00:00, officers = 2 }]",
        "\"walk_up.per_day\" = 100",
        "\"crossing.apprehension_probability\" = 0.5",
        "\"crossing.deterrence\" = 2.5",
        "\"mexico.journey_interception\" = 0.9",
    ] {
        let event = format!("{end}[[event]]\ndate = 2024-02-20\nset = {{ {lever} }}\n");
        let moved = run(&with(&file("cbp-one.toml"), &event));
        let first = first_difference(&base, &moved);
        // What changes behaviour only shows when people next decide or arrive, the same day at the latest.
        assert_eq!(first, Some(date(2024, 2, 20)), "{lever}");
    }
}

#[test]
fn an_event_that_changes_nothing_changes_nothing() {
    let plain = tiny("");
    let same = tiny("[[event]]\ndate = 2024-01-05\nset = { \"app.slots_per_day\" = 10 }\n");
    assert!(plain == same);
}

#[test]
fn ports_that_are_liked_hardly_unequally_are_chosen_as_if_equally() {
    let border = |desk: f64| {
        tiny(&format!(
            "world.groups.people.port_preference = {{ desk = {desk:?}, gate = 1.0 }}
             world.groups.people.arrivals.per_day = 40
             policy.app.slots_per_day = 40
             policy.ports.desk.slots_per_day = 40
             policy.ports.gate = {{ slots_per_day = 40, officers = 40 }}"
        ))
    };
    assert!(border(1.0) == border(1.0 + 1e-12));
    assert!(border(1.0) != border(1.2));
}

#[test]
fn a_group_more_leaves_the_luck_of_the_others_alone() {
    let changes = "world.groups.people.arrivals = { process = \"poisson\", per_day = 50 }
world.groups.people.party_size = { 1 = 0.5, 3 = 0.5 }
world.groups.people.weights = { app = 1.0, irregular = 1.0, give_up = 1.0 }
world.irregular.preparation = { family = \"lognormal\", mean_days = 2, cv = 1.0 }
policy.app.slots_per_day = 0\n";
    let alone = tiny(changes);
    // The order of ids must not matter: one more group before the others, and one after them.
    for (id, people, others) in [("adamant", 1, 0), ("zealous", 0, 1)] {
        let with_others = tiny(&format!(
            "{changes}[world.groups.{id}]\narrivals = {{ per_day = 70 }}\nweights = {{ app = 0.0, irregular = 1.0 }}\n"
        ));
        for &count in Count::ALL {
            assert_eq!(
                alone.of_group(0, count),
                with_others.of_group(people, count),
                "{count:?}"
            );
        }
        assert!(with_others.of_group(others, Count::CrossingAttempts) > 1000);
    }
}

/// Another value of every lever than it has on the first of April in the file of all of them; `*` is a port of it.
const LEVERS: [(&str, &str); 40] = [
    ("app.open", "false"),
    ("app.regions", "[\"outside\", \"north\"]"),
    ("app.group_regions", "{ near = [] }"),
    ("app.booked", "\"cancel\""),
    ("app.slots_per_day", "30"),
    ("app.when_port_closed", "\"redistribute\""),
    ("app.random_share", "0.1"),
    ("app.lead_time_days", "14"),
    ("app.round_time", "17:00:00"),
    ("app.request_factor", "0.2"),
    ("app.confirmation_required", "false"),
    ("app.overbooking_share", "0.5"),
    ("ports.*.open", "false"),
    ("ports.*.slots_per_day", "20"),
    ("ports.*.walk_ups_per_day", "9"),
    ("ports.*.opens", "08:30:00"),
    ("ports.*.closes", "17:00:00"),
    ("ports.*.closed_weekdays", "[\"monday\", \"friday\"]"),
    ("ports.*.closed_dates", "[2024-04-04, 2024-04-05]"),
    ("ports.*.appointment_times", "[11:00:00]"),
    ("ports.*.officers", "1"),
    ("ports.*.shifts", "[{ from = 00:00:00, officers = 3 }]"),
    ("ports.*.closing", "\"carry_over\""),
    ("walk_up.per_day", "4"),
    ("walk_up.line_limit_days", "0.5"),
    ("crossing.apprehension_probability", "0.5"),
    (
        "crossing.outcome",
        "{ released = 0.0, removed = 0.5, returned = 0.5 }",
    ),
    (
        "crossing.group_outcome",
        "{ near = { released = 0.9, removed = 0.0, returned = 0.1 } }",
    ),
    ("crossing.deterrence", "2.0"),
    ("crossing.response_days", "1"),
    ("crossing.consequence_capacity_per_day", "3"),
    ("mexico.transfers", "false"),
    ("mexico.journey_interception", "0.9"),
    ("mexico.attempt_interception", "0.9"),
    ("mexico.appointment_holder_factor", "3.0"),
    ("mexico.give_up_share", "1.0"),
    ("mexico.taken_to", "\"south\""),
    ("mexico.exempt_groups", "[]"),
    (
        "port_outcome",
        "{ paroled = 0.2, repatriated = 0.4, transferred = 0.4 }",
    ),
    ("lawful_alternative_share", "{ far = 0.5, near = 0.0 }"),
];

/// What a record keeps by month, of the months before April.
fn assert_same_before_april(a: &Recorder, b: &Recorder, lever: &str) {
    let april = a.calendar().day(date(2024, 4, 1));
    let ledger = |record: &Recorder| {
        let rows = record.ledger_rows().iter();
        let before: Vec<_> = rows
            .filter(|row| i64::from(row.day) < april)
            .cloned()
            .collect();
        before
    };
    assert!(ledger(a) == ledger(b), "{lever}");
    let months = a.calendar().months().iter();
    let before = months
        .take_while(|month| month.to_string().as_str() < "2024-04")
        .count();
    assert_eq!(before, 2);
    for month in 0..before {
        for port in 0..a.ports() {
            assert!(a.port(month, port) == b.port(month, port), "{lever}");
        }
        for (group, region) in (0..a.groups()).flat_map(|group| Region::ALL.map(|it| (group, it))) {
            let of = |record: &Recorder| {
                let waits = record.waits(month, group, region).clone();
                (waits, record.pool_ages(month, group, region).clone())
            };
            assert!(of(a) == of(b), "{lever}");
        }
    }
}

#[test]
fn no_lever_is_felt_before_the_day_on_which_it_moves_and_each_is_felt_then() {
    let levers = every_lever::keys_of("policy").into_iter().map(|key| {
        let key = key.strip_prefix("policy.").unwrap();
        // The whole, where shares sum to 1.
        let share = key
            .rsplit_once('.')
            .filter(|(table, _)| table.ends_with("outcome"));
        share.map_or(key, |(table, _)| table).to_owned()
    });
    let levers: BTreeSet<String> = levers
        .filter(|key| key.rsplit('.').next() != Some("label"))
        .collect();
    let tried = BTreeSet::from_iter(LEVERS.map(|(lever, _)| lever.to_owned()));
    assert_eq!(tried, levers);

    let file = fixtures().join(every_lever::FILE);
    let base = run(&scenario_of(&file));
    for (lever, value) in LEVERS {
        let path = lever.replace('*', "middle");
        let event = format!("[[event]]\ndate = 2024-04-01\nset = {{ {path} = {value} }}\n");
        let moved = run(&with(&file, &event));
        // What moves minutes at a port only moves no count of a day.
        assert!(base != moved, "{lever} moves nothing");
        let first = first_difference(&base, &moved);
        let is_early = first.is_some_and(|first| first < date(2024, 4, 1));
        assert!(!is_early, "{lever}: {first:?}");
        assert_same_before_april(&base, &moved, lever);
    }
}

/// Those booked at the start at `desk`, day by day, of whom some do not come.
fn no_shows_at_the_first_port(slots: u32, others: &str) -> Vec<u32> {
    let border = tiny(&format!(
        "world.initial_bookings = 1.0
         world.app.no_show_probability = 0.3
         world.groups.people.arrivals.per_day = 100
         policy.app.slots_per_day = {slots}
         policy.app.lead_time_days = 10
         policy.ports.desk.slots_per_day = 50
         {others}"
    ));
    let days = 0..10;
    days.map(|day| border.0.port_count(Count::NoShows, 0, day))
        .collect()
}

#[test]
fn those_booked_at_the_start_are_the_same_whatever_the_other_ports_have() {
    let gate = "policy.ports.gate.slots_per_day = 50";
    let hall = format!("{gate}\npolicy.ports.hall.slots_per_day = 40");
    let alone = no_shows_at_the_first_port(100, gate);
    assert!(alone.iter().sum::<u32>() > 50, "{alone:?}");
    let larger = "policy.ports.gate.slots_per_day = 70";
    for (slots, others) in [(120, larger), (140, &hall)] {
        let beside = no_shows_at_the_first_port(slots, others);
        assert_eq!(beside, alone, "{others}");
    }
}

/// Whoever is in the north may not use the app and decides at once; whoever is in the south registers.
#[test]
fn the_pool_of_one_region_is_the_same_people_whatever_that_of_the_other() {
    let gave_up = |south: u32| {
        let border = tiny(&format!(
            "world.groups.people.arrivals.per_day = 0
             world.groups.people.weights = {{ app = 1.0, irregular = 1.0, give_up = 1.0 }}
             world.groups.people.initial_pool = {{ south_persons = {south}, north_persons = 1000 }}
             policy.app.regions = [\"south\"]"
        ));
        border.on(0, Count::GaveUp)
    };
    let alone = gave_up(0);
    assert!(alone > 100, "{alone}");
    assert_eq!(gave_up(300), alone);
}
