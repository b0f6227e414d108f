//! Differences that are told together, with intervals that hold for all of them at once.

use super::{By, Compared};
use crate::experiment::Difference;
use crate::record::{Key, Metric, Period, Place};
use crate::stats::{ConfidenceInterval, Level, simultaneous};

/// The differences of a table: `[variant][line][metric]`, `None` where there is no such figure.
pub(super) struct Family<'a> {
    by: By,
    pub(super) lines: Vec<(Period, Place)>,
    pub(super) metrics: &'a [Metric],
    pub(super) differences: Vec<Vec<Vec<Option<Difference<'a>>>>>,
    /// How many are not missing.
    pub(super) comparisons: usize,
    /// Level of each interval, so that all hold together with that of the comparison.
    pub(super) each: Level,
}

impl<'a> Family<'a> {
    /// The differences with such lines.
    pub(super) fn of(compared: &Compared<'a>, by: By) -> Self {
        let comparison = compared.comparison;
        let lines = by.lines(comparison.layout());
        let at = |variant, (period, place), metric| {
            let key = Key {
                period,
                metric,
                place,
            };
            let difference = comparison.difference(variant, key)?;
            (difference.paired.difference().n() > 0).then_some(difference)
        };
        let line = |variant, line| {
            let metrics = compared.metrics.iter();
            metrics.map(|&metric| at(variant, line, metric)).collect()
        };
        let differences: Vec<Vec<Vec<_>>> = (0..comparison.variants().len())
            .map(|variant| lines.iter().map(|&at| line(variant, at)).collect())
            .collect();
        // A difference that never occurred needs no interval.
        let comparisons = (differences.iter().flatten().flatten().flatten())
            .filter(|difference| difference.paired.ever_differs())
            .count();
        Self {
            by,
            lines,
            metrics: compared.metrics,
            differences,
            comparisons,
            each: simultaneous(comparison.level(), comparisons),
        }
    }

    /// Whether some figure of a line, of those of a variant, ever differs.
    pub(super) fn differs(line: &[Option<Difference<'_>>]) -> bool {
        line.iter().flatten().any(|told| told.paired.ever_differs())
    }

    /// Whether there is but one figure on each line, so that there is room for all that is known of it.
    pub(super) fn is_in_full(&self) -> bool {
        self.by == By::Metric || self.metrics.len() == 1
    }

    /// Whether a difference is the same in every replication, so that its interval is a point.
    pub(super) fn has_one_without_width(&self) -> bool {
        let mut told = self.differences.iter().flatten().flatten().flatten();
        told.any(|told| {
            told.paired.ever_differs()
                && (self.interval(told)).is_some_and(|interval| interval.half_width() <= 0.0)
        })
    }

    /// The interval of a difference that holds together with all others of the family.
    pub(super) fn interval(&self, difference: &Difference<'_>) -> Option<ConfidenceInterval> {
        difference.paired.interval(self.each)
    }
}

/// Whether an interval leaves no doubt about the sign.
pub(super) fn is_clear(interval: Option<ConfidenceInterval>) -> bool {
    interval.is_some_and(|interval| interval.excludes_zero())
}
