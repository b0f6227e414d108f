//! The figures that results consist of: their names, which published tables and scenario files use too, and units.

mod count;

pub use count::Count;

use strum::{IntoStaticStr, VariantNames};

/// A figure of a day, a month or the whole run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Metric {
    /// A count. \[persons\]
    Count(Count),
    /// Appointments plus walk-ups processed at ports. \[persons\]
    PortEncounters,
    /// Port encounters over port and irregular encounters.
    ShareAtPorts,
    /// Registered and without an appointment, at the period's end. \[persons\]
    PoolSize,
    /// Median time since registration of the pool, at the period's end. \[days\]
    PoolAgeDaysMedian,
    /// 90% quantile of the time since registration of the pool, at the period's end. \[days\]
    PoolAgeDaysP90,
    /// Mean time from first registration to the issuing round. \[days\]
    WaitDaysMean,
    /// Its median. \[days\]
    WaitDaysMedian,
    /// Its 90% quantile. \[days\]
    WaitDaysP90,
    /// A quantile of it, by percent: a row of the table of waits. \[days\]
    #[strum(serialize = "wait_days")]
    WaitDaysQuantile(u8),
    /// Mean time from first registration to the appointment, of those issued. \[days\]
    DaysToAppointmentMean,
    /// Its median. \[days\]
    DaysToAppointmentMedian,
    /// Its 90% quantile. \[days\]
    #[strum(serialize = "days_to_appointment_p90")]
    DaysToAppointmentP90,
    /// Mean time in the queue of a port, of those served: from arriving with an appointment, or from being admitted as a walk-up, to service.
    /// \[minutes\]
    PortWaitMinutesMean,
    /// Its 95% quantile. \[minutes\]
    PortWaitMinutesP95,
    /// Officers' time in service over their time on duty.
    OfficerUtilization,
    /// Officers' time on duty, over all of them. \[officer-hours\]
    OfficerDutyHours,
    /// What of it is beyond the schedule: services that end after a shift, and what is worked off after closing. \[officer-hours\]
    OfficerOvertimeHours,
    /// Mean number in the queue of those admitted over the time of a day, a month or the run; by port. \[persons\]
    QueuePersonsMean,
    /// Mean time in line for admission of walk-ups, of those admitted: 0 for who is admitted at once. \[days\]
    LineDaysMean,
    /// Days on which a trigger is on; in the means of a day, the share of replications in which it is. \[days\]
    DaysInForce,
}

/// In what a figure is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Persons, counted.
    Persons,
    /// Persons in the mean over time, of which there may be less than one.
    MeanPersons,
    /// A share of 1.
    Share,
    /// Days.
    Days,
    /// Minutes.
    Minutes,
    /// Hours of one officer each.
    OfficerHours,
}

impl Metric {
    /// Percents of the quantiles in the table of waits.
    pub const WAIT_PERCENTS: [u8; 8] = [5, 10, 25, 50, 75, 90, 95, 99];

    /// Those that are no count: what can be published first, then shares, times in queues, and what only the model knows.
    const NO_COUNTS: [Self; 19] = [
        Self::PortEncounters,
        Self::PoolSize,
        Self::WaitDaysMean,
        Self::WaitDaysMedian,
        Self::WaitDaysP90,
        Self::ShareAtPorts,
        Self::PoolAgeDaysMedian,
        Self::PoolAgeDaysP90,
        Self::DaysToAppointmentMean,
        Self::DaysToAppointmentMedian,
        Self::DaysToAppointmentP90,
        Self::PortWaitMinutesMean,
        Self::PortWaitMinutesP95,
        Self::OfficerUtilization,
        Self::OfficerDutyHours,
        Self::OfficerOvertimeHours,
        Self::QueuePersonsMean,
        Self::LineDaysMean,
        Self::DaysInForce,
    ];

    /// Encounters between ports. \[persons\]
    pub const IRREGULAR_ENCOUNTERS: Self = Self::Count(Count::IrregularEncounters);

    /// Processed at ports with an appointment. \[persons\]
    pub const APPOINTMENTS_PROCESSED: Self = Self::Count(Count::AppointmentsProcessed);

    /// Every figure that can be published and shown beside the results.
    pub fn published() -> impl Iterator<Item = Self> {
        let counts = Count::ALL.iter().copied().map(Self::Count);
        let others = Self::NO_COUNTS.into_iter();
        others.filter(|metric| metric.is_published()).chain(counts)
    }

    /// The figures that cannot.
    pub(crate) fn unpublished() -> impl Iterator<Item = Self> {
        let all = Self::NO_COUNTS.into_iter();
        all.filter(|metric| !metric.is_published())
    }

    /// Whether it can be.
    const fn is_published(self) -> bool {
        match self {
            Self::Count(_)
            | Self::PortEncounters
            | Self::PoolSize
            | Self::WaitDaysMean
            | Self::WaitDaysMedian
            | Self::WaitDaysP90 => true,
            Self::ShareAtPorts
            | Self::PoolAgeDaysMedian
            | Self::PoolAgeDaysP90
            | Self::WaitDaysQuantile(_)
            | Self::DaysToAppointmentMean
            | Self::DaysToAppointmentMedian
            | Self::DaysToAppointmentP90
            | Self::PortWaitMinutesMean
            | Self::PortWaitMinutesP95
            | Self::OfficerUtilization
            | Self::OfficerDutyHours
            | Self::OfficerOvertimeHours
            | Self::QueuePersonsMean
            | Self::LineDaysMean
            | Self::DaysInForce => false,
        }
    }

    /// In what the figure is measured.
    #[must_use]
    pub const fn unit(self) -> Unit {
        match self {
            Self::Count(_) | Self::PortEncounters | Self::PoolSize => Unit::Persons,
            Self::QueuePersonsMean => Unit::MeanPersons,
            Self::ShareAtPorts | Self::OfficerUtilization => Unit::Share,
            Self::PoolAgeDaysMedian
            | Self::PoolAgeDaysP90
            | Self::WaitDaysMean
            | Self::WaitDaysMedian
            | Self::WaitDaysP90
            | Self::WaitDaysQuantile(_)
            | Self::DaysToAppointmentMean
            | Self::DaysToAppointmentMedian
            | Self::DaysToAppointmentP90
            | Self::LineDaysMean
            | Self::DaysInForce => Unit::Days,
            Self::PortWaitMinutesMean | Self::PortWaitMinutesP95 => Unit::Minutes,
            Self::OfficerDutyHours | Self::OfficerOvertimeHours => Unit::OfficerHours,
        }
    }

    /// The word used in files and results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Count(count) => count.name(),
            other => other.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_published_or_not() {
        let mut told: Vec<&str> = Metric::NO_COUNTS
            .iter()
            .map(|metric| metric.name())
            .collect();
        let count_and_quantile = ["count", Metric::WaitDaysQuantile(50).name()];
        told.extend(count_and_quantile);
        told.sort_unstable();
        let mut all = Metric::VARIANTS.to_vec();
        all.sort_unstable();
        assert_eq!(told, all);
    }
}
