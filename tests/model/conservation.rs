//! Conservation in every scenario file of the repository.
//!
//! The simulation itself balances the ledger every midnight, recounts every account of it every week in these builds, and fails where one
//! differs from the people alive. What is counted day by day is another set of books, kept by other lines: the two must agree.

use std::collections::BTreeMap;

use portflow::model::simulate;
use portflow::record::{Count, Recorder};
use portflow::scenario::Scenario;

use super::{between, file, scenario_of, with};
use crate::tools::toml_files;

/// Totals of a record whose days are all recorded, by count, and its last ledger.
struct Books {
    totals: BTreeMap<Count, u64>,
    ledger: BTreeMap<String, u64>,
}

impl Books {
    fn of(record: &Recorder) -> Self {
        let days = record.calendar().recorded_days() as usize;
        let total = |count| {
            let of_group = |group| move |day| u64::from(record.group_count(count, group, day));
            (0..record.groups())
                .map(|group| (0..days).map(of_group(group)).sum::<u64>())
                .sum()
        };
        let last = record.ledger_rows().last().unwrap().day;
        let rows = record.ledger_rows().iter().filter(|row| row.day == last);
        Self {
            totals: Count::ALL
                .iter()
                .map(|&count| (count, total(count)))
                .collect(),
            ledger: rows
                .map(|row| (row.account.to_string(), row.persons))
                .collect(),
        }
    }

    fn count(&self, count: Count) -> u64 {
        self.totals[&count]
    }

    fn sum(&self, counts: &[Count]) -> u64 {
        counts.iter().map(|&count| self.count(count)).sum()
    }

    fn account(&self, account: &str) -> u64 {
        self.ledger[account]
    }
}

/// The identities that hold between counts and the ledger, of a run without warm-up that began with `booked` persons who
/// had an appointment.
fn assert_books(name: &str, record: &Recorder, present: u64, booked: u64) {
    use Count as C;
    let books = Books::of(record);
    let exits: u64 = (books.ledger.iter())
        .filter(|(account, _)| **account != "arrived")
        .map(|(_, persons)| persons)
        .sum();
    let same = |what: &str, left: u64, right: u64| {
        assert_eq!(left, right, "{name}: {what}");
    };
    same("states and exits", books.account("arrived"), exits);
    same(
        "arrived",
        books.account("arrived"),
        books.count(C::Arrivals) + present,
    );
    same(
        "attempts",
        books.count(C::CrossingAttempts),
        books.sum(&[C::IrregularEncounters, C::Gotaways]),
    );
    same(
        "encounters between ports",
        books.count(C::IrregularEncounters),
        books.sum(&[C::Released, C::Removed, C::Returned]),
    );
    let at_ports = books.sum(&[C::AppointmentsProcessed, C::WalkUpsProcessed]);
    same(
        "encounters at ports",
        at_ports,
        books.sum(&[C::Paroled, C::Repatriated, C::Transferred]),
    );
    same(
        "processed",
        at_ports,
        books.account("left_processed_at_port"),
    );
    same(
        "appointments",
        books.count(C::AppointmentsIssued) + booked,
        books.sum(&[
            C::AppointmentsProcessed,
            C::NoShows,
            C::AppointmentsMissed,
            C::AppointmentsCancelled,
        ]) + books.account("booked")
            + books.account("at_port_with_appointment"),
    );
    for (count, exit) in [
        (C::Released, "left_released"),
        (C::Gotaways, "left_gotaway"),
        (C::GaveUp, "left_given_up"),
        (C::LawfulAlternatives, "left_by_lawful_alternative"),
    ] {
        same(exit, books.count(count), books.account(exit));
    }
    assert!(books.count(C::Repeats) <= books.count(C::CrossingAttempts));
    assert!(books.count(C::Removed) >= books.account("left_removed"));
    assert!(books.count(C::Returned) >= books.account("left_returned"));
    assert!(books.count(C::NoShows) >= books.account("left_after_no_show"));
}

/// Runs a scenario and checks its books; who is there at the start is read off a run in which nobody else comes.
fn check(name: &str, mut scenario: Scenario) -> Recorder {
    let record = simulate(&scenario, 7, 0).unwrap();
    for rates in &mut scenario.arrival_rates {
        let first = rates[0];
        rates.fill(0.0);
        // The first day's rates say of which groups the initial appointments are.
        rates[0] = first;
    }
    let at_start = simulate(&scenario, 7, 0).unwrap();
    let arrived = Books::of(&at_start);
    let present = arrived.account("arrived") - arrived.count(Count::Arrivals);
    let booked = arrived.sum(&[
        Count::AppointmentsProcessed,
        Count::NoShows,
        Count::AppointmentsMissed,
        Count::AppointmentsCancelled,
    ]) + arrived.account("booked")
        + arrived.account("at_port_with_appointment")
        - arrived.count(Count::AppointmentsIssued);
    assert_books(name, &record, present, booked);
    record
}

/// From the first day to the last: most variants differ from what they extend only late.
fn check_all(directory: &str, expected: usize) {
    let files = toml_files(&file(directory));
    assert_eq!(files.len(), expected, "{files:?}");
    // The history has a test of its own.
    for path in files
        .into_iter()
        .filter(|path| !path.ends_with("history.toml"))
    {
        let scenario = with(&path, "run.warmup_days = 0\n");
        check(&path.display().to_string(), scenario);
    }
}

#[test]
fn the_books_balance_in_every_scenario_file() {
    check_all("", 18);
}

#[test]
fn the_books_balance_without_each_event() {
    check_all("events", 8);
}

#[test]
fn the_books_balance_in_every_theory_file() {
    let files = toml_files(&file("theory"));
    assert_eq!(files.len(), 7);
    for path in files {
        let scenario = between(&path, "2023-01-01", "2023-02-09", "run.warmup_days = 0\n");
        check(&path.display().to_string(), scenario);
    }
}

#[test]
fn the_books_balance_through_the_whole_history_and_past_the_shutdown() {
    let record = check("history", scenario_of(&file("history.toml")));
    // Two years at work: had everything stood still, the books would balance too.
    assert_eq!(record.calendar().recorded_days(), 762);
    let books = Books::of(&record);
    assert!(books.count(Count::AppointmentsProcessed) > 500_000);
    assert!(books.count(Count::AppointmentsCancelled) > 10_000);
    assert_eq!(books.account("in_pool"), 0);
    // No date before 18 January 2023 was ever offered.
    let before: u32 = (0..17)
        .flat_map(|day| (0..3).map(move |group| (day, group)))
        .map(|(day, group)| record.group_count(Count::AppointmentsProcessed, group, day))
        .sum();
    assert_eq!(before, 0);
}

/// San Ysidro closes in June and its appointments move; slots of other ports move with them when it opens again.
#[test]
fn the_books_balance_past_a_closure_with_moved_appointments() {
    let path = file("port-closed.toml");
    let lines = "world.initial_bookings = 1.0\n";
    let moved = check("closed", between(&path, "2024-05-01", "2024-07-15", lines));
    let books = Books::of(&moved);
    assert!(books.count(Count::AppointmentsMoved) > 1_000);
    assert_eq!(books.count(Count::AppointmentsCancelled), 0);
}

#[test]
fn the_books_balance_past_a_shutdown_that_cancels_and_one_that_honours() {
    for name in ["shutdown-honour.toml", "shutdown-cancel.toml"] {
        let record = check(name, between(&file(name), "2024-12-15", "2025-02-28", ""));
        let cancelled = Books::of(&record).count(Count::AppointmentsCancelled);
        assert_eq!(cancelled > 0, name == "shutdown-cancel.toml");
    }
}
