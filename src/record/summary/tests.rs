//! Every observation, from a small record made by hand.

use super::*;
use crate::record::{Layout, example};

fn value(period: Period, metric: Metric, place: Place) -> Option<f64> {
    let key = Key {
        period,
        metric,
        place,
    };
    let position = example::layout().position(key).expect("an observed key");
    Observations::of(&example::record(0), Detail::Full).values[position]
}

const NOVEMBER: Period = Period::Month(1);
const PROCESSED: Metric = Metric::Count(Count::AppointmentsProcessed);

#[test]
fn every_key_has_one_value_and_no_key_comes_twice() {
    let layout = example::layout();
    let observations = Observations::of(&example::record(0), Detail::Full);
    assert_eq!(observations.values.len(), layout.keys().len());
    for (position, &key) in layout.keys().iter().enumerate() {
        assert_eq!(layout.position(key), Some(position));
    }
}

#[test]
fn the_warm_up_is_in_no_count() {
    let total = value(Period::Total, PROCESSED, Place::Everywhere);
    assert_eq!(total, Some(2.0 * 90.0 + 30.0 * 110.0));
}

#[test]
fn a_month_is_the_sum_of_its_days_and_groups_are_parts_of_the_border() {
    let encounters = |place| value(NOVEMBER, Metric::IRREGULAR_ENCOUNTERS, place);
    assert_eq!(encounters(Place::Everywhere), Some(3000.0));
    assert_eq!(encounters(Place::Group(0)), Some(1200.0));
    let south = Place::Region(Region::South);
    let registrations = Metric::Count(Count::Registrations);
    assert_eq!(value(NOVEMBER, registrations, south), Some(2100.0));
    assert_eq!(value(Period::Day(0), PROCESSED, Place::Port(0)), Some(90.0));
}

#[test]
fn the_pool_is_that_of_the_last_day() {
    let pool = |period| value(period, Metric::PoolSize, Place::Everywhere);
    assert_eq!(pool(Period::Month(0)), Some(1003.0));
    assert_eq!(pool(Period::Total), Some(1033.0));
}

#[test]
fn waits_are_merged_over_regions_and_told_in_days() {
    let wait = |metric| value(NOVEMBER, metric, Place::Everywhere).unwrap();
    assert!((wait(Metric::WaitDaysMean) - (0.6 + 0.4 * 10.0)).abs() < 1e-9);
    assert!((wait(Metric::WaitDaysP90) - 10.0).abs() < 0.05);
    assert!((wait(Metric::WaitDaysQuantile(50)) - 1.0).abs() < 0.05);
    assert_eq!(
        value(Period::Total, Metric::WaitDaysMean, Place::Everywhere),
        Some(wait(Metric::WaitDaysMean))
    );
}

#[test]
fn what_did_not_happen_is_missing_but_a_count_of_nobody_is_zero() {
    let october = Period::Month(0);
    assert_eq!(
        value(october, Metric::WaitDaysMedian, Place::Everywhere),
        None
    );
    assert_eq!(
        value(october, Metric::OfficerUtilization, Place::Port(1)),
        None
    );
    assert_eq!(value(october, PROCESSED, Place::Port(1)), Some(0.0));
    let nobody_met = value(NOVEMBER, Metric::ShareAtPorts, Place::Group(0));
    assert_eq!(nobody_met, Some(0.0));
}

#[test]
fn officers_and_queues_are_told_by_hour_and_over_the_day() {
    for place in [Place::Port(0), Place::PortHour(0, 9)] {
        assert_eq!(
            value(NOVEMBER, Metric::OfficerUtilization, place),
            Some(0.5)
        );
        assert_eq!(value(NOVEMBER, Metric::QueuePersonsMean, place), Some(6.0));
    }
    let at_ten = Place::PortHour(0, 10);
    assert_eq!(value(NOVEMBER, Metric::OfficerUtilization, at_ten), None);
}

#[test]
fn the_hours_of_officers_are_told_by_port_and_over_the_border() {
    for place in [Place::Port(0), Place::PortHour(0, 9), Place::Everywhere] {
        let hours = |metric| value(NOVEMBER, metric, place);
        assert_eq!(hours(Metric::OfficerDutyHours), Some(30.0));
        assert_eq!(hours(Metric::OfficerOvertimeHours), Some(7.5));
    }
    let nobody = value(NOVEMBER, Metric::OfficerDutyHours, Place::Port(1));
    assert_eq!(nobody, Some(0.0));
}

#[test]
fn the_time_to_the_appointment_is_that_of_those_issued_in_the_month() {
    let days = |metric, place| value(NOVEMBER, metric, place);
    let mean = days(Metric::DaysToAppointmentMean, Place::Everywhere);
    let expected = (60.0 * 3.0 + 40.0 * 12.0) / 100.0;
    assert!((mean.unwrap() - expected).abs() < 1e-9, "{mean:?}");
    let p90 = days(Metric::DaysToAppointmentP90, Place::Everywhere).unwrap();
    assert!((p90 - 12.0).abs() < 0.05, "{p90}");
    let october = Period::Month(0);
    let none = value(october, Metric::DaysToAppointmentMedian, Place::Everywhere);
    assert_eq!(none, None);
}

#[test]
fn the_queue_of_a_port_is_told_by_day() {
    let queue = |place| value(Period::Day(3), Metric::QueuePersonsMean, place);
    assert_eq!(queue(Place::Port(0)), Some(6.0));
    assert_eq!(queue(Place::Port(1)), None);
}

#[test]
fn the_line_of_a_port_is_told_by_who_was_admitted_from_it() {
    // (10 · 0.5 + 5 · 2) / 15 days.
    for place in [Place::Everywhere, Place::Port(0)] {
        let days = value(NOVEMBER, Metric::LineDaysMean, place);
        assert_eq!(days, Some(1.0));
    }
    assert_eq!(value(NOVEMBER, Metric::LineDaysMean, Place::Port(1)), None);
}

#[test]
fn a_trigger_is_told_by_the_days_on_which_it_is_on() {
    let days = |period| {
        let key = Key {
            period,
            metric: Metric::DaysInForce,
            place: Place::Trigger(0),
        };
        let position = example::layout().position(key).unwrap();
        Observations::of(&example::record(1), Detail::Full).values[position]
    };
    let first_of_november = Period::Day(2);
    let periods = [Period::Month(0), NOVEMBER, first_of_november, Period::Total];
    assert_eq!(periods.map(days), [0.0, 30.0, 1.0, 30.0].map(Some));
}

#[test]
fn only_a_month_recorded_in_full_is_whole() {
    let layout: Layout = example::layout();
    assert_eq!([0, 1].map(|month| layout.is_whole(month)), [false, true]);
    assert_eq!(layout.period(Period::Month(1)), "2024-11");
    assert_eq!(layout.period(Period::Day(2)), "2024-11-01");
}
