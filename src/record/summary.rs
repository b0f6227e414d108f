//! From a record to observations: one value, or none, for every key of a scenario's layout.
//!
//! The keys and their values come from the same walk, so that they cannot fall out of step.

#[cfg(test)]
mod tests;

use super::histogram::Histogram;
use super::key::{Key, Period, Place};
use super::ports::{LineWait, PortHour, PortMonth};
use super::recorder::{LedgerRow, Recorder};
use super::scope::{Scope, Span};
use crate::metric::{Count, Metric};
use crate::scenario::values::Region;
use serde::{Deserialize, Serialize};

const HOURS_PER_DAY: f64 = 24.0;

/// How much of a record is observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Everything: months, days, the whole period, quantiles of waits, ports by hour, the ledger.
    Full,
    /// Months and the whole period: what policies are compared by.
    Summary,
}

/// What a replication contributes to an experiment: small, and independent of what it was computed from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observations {
    /// Values in the order of [`super::Layout::keys`]; `None` where there is nothing to observe.
    #[serde(with = "super::packed")]
    pub values: Vec<Option<f64>>,
    /// The ledger at each month's end; empty in a summary.
    pub ledger: Vec<LedgerRow>,
}

impl Observations {
    /// The observations of a record.
    #[must_use]
    pub fn of(record: &Recorder, detail: Detail) -> Self {
        let mut values = Vec::new();
        walk(record, detail, &mut |_, value| values.push(value));
        let ledger = match detail {
            Detail::Full => record.ledger_rows().to_vec(),
            Detail::Summary => Vec::new(),
        };
        Self { values, ledger }
    }
}

type Emit<'a> = dyn FnMut(Key, Option<f64>) + 'a;

/// Visits every observation in the order of results: months, days, the whole period; each by place.
pub(super) fn walk(record: &Recorder, detail: Detail, emit: &mut Emit<'_>) {
    let full = detail == Detail::Full;
    for span in &Span::all(record.calendar()) {
        if matches!(span.period, Period::Day(_)) && !full {
            continue;
        }
        for place in places(record, span.period) {
            let scope = Scope {
                record,
                span,
                place,
            };
            counts(&scope, emit);
            if let Some(queue) = scope.queue_of_day() {
                emit(scope.key(Metric::QueuePersonsMean), queue.mean());
            }
            if let Some(days) = scope.days_in_force() {
                emit(scope.key(Metric::DaysInForce), Some(days as f64));
            }
            if !matches!(span.period, Period::Day(_)) {
                times(&scope, emit);
                at_ports(&scope, emit);
            }
            if matches!(span.period, Period::Month(_)) && full {
                wait_quantiles(&scope, emit);
                port_hours(&scope, emit);
            }
        }
    }
}

fn places(record: &Recorder, period: Period) -> Vec<Place> {
    let groups = (0..record.groups()).map(|group| Place::Group(group as u8));
    let ports = (0..record.ports()).map(|port| Place::Port(port as u8));
    let triggers = (0..record.triggers()).map(|trigger| Place::Trigger(trigger as u8));
    let regions: &[Region] = match period {
        Period::Day(_) => &[],
        Period::Month(_) | Period::Total => &Region::ALL,
    };
    std::iter::once(Place::Everywhere)
        .chain(groups)
        .chain(regions.iter().map(|&region| Place::Region(region)))
        .chain(ports)
        .chain(triggers)
        .collect()
}

fn counts(scope: &Scope<'_>, emit: &mut Emit<'_>) {
    let mut emit_persons = |metric, persons: Option<u64>| {
        if let Some(persons) = persons {
            emit(scope.key(metric), Some(persons as f64));
        }
    };
    for &count in Count::ALL {
        emit_persons(Metric::Count(count), scope.count(count));
    }
    emit_persons(Metric::PortEncounters, scope.port_encounters());
    emit_persons(Metric::PoolSize, scope.pool_size());
    if let (Some(ports), Some(between)) = (
        scope.port_encounters(),
        scope.count(Count::IrregularEncounters),
    ) && !matches!(scope.span.period, Period::Day(_))
    {
        let share = ratio(ports as f64, (ports + between) as f64);
        emit(scope.key(Metric::ShareAtPorts), share);
    }
}

fn times(scope: &Scope<'_>, emit: &mut Emit<'_>) {
    if let Some(ages) = scope.pool_ages() {
        emit(
            scope.key(Metric::PoolAgeDaysMedian),
            days_quantile(&ages, 0.5),
        );
        emit(scope.key(Metric::PoolAgeDaysP90), days_quantile(&ages, 0.9));
    }
    let of_issued = [
        (
            scope.waits(),
            [
                Metric::WaitDaysMean,
                Metric::WaitDaysMedian,
                Metric::WaitDaysP90,
            ],
        ),
        (
            scope.times_to_appointment(),
            [
                Metric::DaysToAppointmentMean,
                Metric::DaysToAppointmentMedian,
                Metric::DaysToAppointmentP90,
            ],
        ),
    ];
    for (hours, [mean, median, p90]) in of_issued {
        let Some(hours) = hours else { continue };
        let mean_days = hours.mean().map(|hours| hours / HOURS_PER_DAY);
        emit(scope.key(mean), mean_days);
        emit(scope.key(median), days_quantile(&hours, 0.5));
        emit(scope.key(p90), days_quantile(&hours, 0.9));
    }
}

fn at_ports(scope: &Scope<'_>, emit: &mut Emit<'_>) {
    let Some(months) = scope.port_months() else {
        return;
    };
    let mut waits = Histogram::default();
    for month in &months {
        waits.merge(&month.waits);
    }
    let hours = sum_hours(months.iter().flat_map(|month| &month.hours));
    emit(scope.key(Metric::PortWaitMinutesMean), waits.mean());
    emit(scope.key(Metric::PortWaitMinutesP95), waits.quantile(0.95));
    at_work(scope, &hours, emit);
    if matches!(scope.place, Place::Port(_)) {
        emit(scope.key(Metric::QueuePersonsMean), queue_mean(&hours));
    }
    let line = months
        .iter()
        .fold(LineWait::default(), |sum, month| sum + month.line);
    emit(scope.key(Metric::LineDaysMean), line.mean());
}

fn wait_quantiles(scope: &Scope<'_>, emit: &mut Emit<'_>) {
    if !matches!(scope.place, Place::Everywhere | Place::Group(_)) {
        return;
    }
    let waits = scope.waits().unwrap_or_default();
    for percent in Metric::WAIT_PERCENTS {
        let quantile = days_quantile(&waits, f64::from(percent) / 100.0);
        emit(scope.key(Metric::WaitDaysQuantile(percent)), quantile);
    }
}

fn port_hours(scope: &Scope<'_>, emit: &mut Emit<'_>) {
    let Place::Port(port) = scope.place else {
        return;
    };
    let months: Vec<&PortMonth> = scope.port_months().unwrap_or_default();
    for hour in 0..24_u8 {
        let statistics = sum_hours(months.iter().map(|month| &month.hours[usize::from(hour)]));
        let at_hour = Scope {
            place: Place::PortHour(port, hour),
            ..*scope
        };
        let wait = ratio(
            statistics.wait_minutes_sum,
            f64::from(statistics.wait_persons),
        );
        emit(at_hour.key(Metric::PortWaitMinutesMean), wait);
        at_work(&at_hour, &statistics, emit);
        emit(
            at_hour.key(Metric::QueuePersonsMean),
            queue_mean(&statistics),
        );
    }
}

fn sum_hours<'a>(hours: impl Iterator<Item = &'a PortHour>) -> PortHour {
    hours.fold(PortHour::default(), |sum, hour| PortHour {
        busy_seconds: sum.busy_seconds + hour.busy_seconds,
        duty_seconds: sum.duty_seconds + hour.duty_seconds,
        overtime_seconds: sum.overtime_seconds + hour.overtime_seconds,
        queue_sum: sum.queue_sum + hour.queue_sum,
        queue_days: sum.queue_days + hour.queue_days,
        wait_minutes_sum: sum.wait_minutes_sum + hour.wait_minutes_sum,
        wait_persons: sum.wait_persons + hour.wait_persons,
    })
}

fn at_work(scope: &Scope<'_>, hours: &PortHour, emit: &mut Emit<'_>) {
    const SECONDS_PER_HOUR: f64 = 3_600.0;
    let utilization = ratio(hours.busy_seconds, hours.duty_seconds);
    emit(scope.key(Metric::OfficerUtilization), utilization);
    for (metric, seconds) in [
        (Metric::OfficerDutyHours, hours.duty_seconds),
        (Metric::OfficerOvertimeHours, hours.overtime_seconds),
    ] {
        emit(scope.key(metric), Some(seconds / SECONDS_PER_HOUR));
    }
}

fn queue_mean(hours: &PortHour) -> Option<f64> {
    ratio(hours.queue_sum, f64::from(hours.queue_days))
}

fn days_quantile(hours: &Histogram, order: f64) -> Option<f64> {
    hours.quantile(order).map(|hours| hours / HOURS_PER_DAY)
}

fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}
