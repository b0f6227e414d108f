//! What is not paid for: waiting days, and those who have left.

use crate::tools::tiny::work;

/// Nobody is served, arrives, or has a clock of patience.
const STUCK: &str = "
world.groups.people.arrivals.per_day = 0
policy.app.slots_per_day = 0
";

#[test]
fn a_waiting_day_is_no_event() {
    let events = |pool: u32, end: &str| {
        let waiting = format!("world.groups.people.initial_pool.north_persons = {pool}");
        work(&format!("{STUCK}{waiting}\nrun.end = {end}")).events
    };
    let few = events(10, "2024-01-20");
    assert_eq!(events(10_000, "2024-01-20"), few);
    // A midnight, a round and 24 hours a day, and nothing else, however many wait.
    assert_eq!(events(10_000, "2024-03-30") - few, 70 * 26);
}

#[test]
fn places_of_those_who_have_left_are_used_again() {
    let parties = |end: &str| work(&format!("run.end = {end}")).parties;
    // Ten come a day and leave within four.
    assert!(parties("2024-01-20") <= 50);
    assert_eq!(parties("2024-12-31"), parties("2024-01-20"));
}
