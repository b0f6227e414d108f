//! The appointment reference against conservation and its fluid limit.

use portflow::record::{Count, Recorder};

use super::{assert_within, load, records};

const ARRIVALS_PER_DAY: f64 = 2000.0;
const SLOTS: f64 = 1450.0;
const PATIENCE_DAYS: f64 = 90.0;
const DAYS: u32 = 365;
const LEAD_DAYS: u32 = 14;

/// Expected pool at the end: P' = 2000 - P/90 through each day, less 1,450 at every midnight but the first, when nobody is there.
///
/// Exact for the mean, since the flows are linear in P wherever the pool covers the slots, which it does from the second
/// midnight on but for a chance beyond 12 standard deviations.
fn expected_pool() -> f64 {
    let stay = libm::exp(-1.0 / PATIENCE_DAYS);
    (0..DAYS).fold(0.0, |pool: f64, day| {
        let after_round = if day == 0 { pool } else { pool - SLOTS };
        after_round * stay + ARRIVALS_PER_DAY * PATIENCE_DAYS * (1.0 - stay)
    })
}

fn total(record: &Recorder, count: Count) -> f64 {
    let days = record.calendar().recorded_days() as usize;
    (0..days)
        .map(|day| f64::from(record.group_count(count, 0, day)))
        .sum()
}

fn account(record: &Recorder, name: &str) -> f64 {
    let mut rows = record.ledger_rows().iter().rev();
    rows.find(|row| row.account == name).unwrap().persons as f64
}

#[test]
fn the_appointment_reference_follows_its_fluid_limit() {
    let scenario = load("appointment-reference", &[]);
    let (mut pool, mut leavers, mut processed) = (Vec::new(), Vec::new(), Vec::new());
    for record in records(&scenario) {
        // Every midnight but the first gives out every slot.
        assert_eq!(record.group_count(Count::AppointmentsIssued, 0, 0), 0);
        for day in 1..DAYS as usize {
            let issued = record.group_count(Count::AppointmentsIssued, 0, day);
            assert_eq!(f64::from(issued), SLOTS, "day {day}");
        }
        pool.push(account(&record, "in_pool"));
        leavers.push(total(&record, Count::CrossingAttempts));
        processed.push(total(&record, Count::AppointmentsProcessed));
        let arrived = total(&record, Count::Arrivals);
        let issued = total(&record, Count::AppointmentsIssued);
        assert_eq!(
            arrived,
            issued + leavers.last().unwrap() + pool.last().unwrap()
        );
    }
    let expected_pool = expected_pool();
    // Conservation: who arrived and neither won nor is still there has left.
    let rounds = f64::from(DAYS - 1);
    let expected_leavers = ARRIVALS_PER_DAY * f64::from(DAYS) - SLOTS * rounds - expected_pool;
    assert_within("pool", &pool, expected_pool);
    assert_within("leavers", &leavers, expected_leavers);
    // Appointments fall 14 days after each of those rounds; 8% do not come. The last are still in service at midnight with a
    // negligible chance: the latest appointment is at 17:00.
    let due = SLOTS * f64::from(DAYS - 1 - LEAD_DAYS);
    assert_within("processed", &processed, 0.92 * due);
}
