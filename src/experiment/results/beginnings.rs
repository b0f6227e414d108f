//! How the records of series begin: differences between their first blocks and the others, in each replication.

use std::num::NonZeroU32;

use super::nests::Nests;
use crate::record::{Key, Layout, Metric, Period, Place};
use crate::scenario::Cycle;
use crate::stats::{Contrast, Nested};

/// Blocks of a series, as near to equal as whole weeks and months are.
const BLOCKS: usize = 10;

/// Weeks, and months, below which nothing is said.
const FEWEST_WEEKS: usize = 7;
const FEWEST_MONTHS: usize = 4;

/// Days are taken by so many, so that every block has as many of each weekday.
const WEEK: usize = Cycle::Week.days();

/// The series that tell of a transient, with the moments of their [differences](Contrast): no more than 21 numbers each of a replication, which is
/// forgotten when its future has ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Beginnings {
    series: Vec<Series>,
    /// Contrast after contrast of each series; without futures each replication is one.
    differences: Nests,
}

/// A figure of successive days or months.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Series {
    pub(super) metric: Metric,
    blocks: Vec<Block>,
    /// Days in them.
    days: u32,
    /// Days or months that are never parted.
    together: usize,
}

/// Days or months that follow each other.
#[derive(Debug, Clone, PartialEq)]
struct Block {
    /// The day of the record with which it begins.
    start: u32,
    /// Days or months in it.
    periods: usize,
    /// Where their figures stand in the layout: of each, those that are added up.
    positions: Vec<usize>,
}

/// A day or a month: the day of the record with which it begins, and where its figures stand in the layout.
type Figures = (u32, Vec<usize>);

impl Beginnings {
    /// Of the series that a layout has: days only where it has them, and waits by month, as they are kept.
    pub(super) fn new(layout: &Layout) -> Self {
        let everywhere = |metric| (metric, vec![Place::Everywhere]);
        let daily = [
            everywhere(Metric::PoolSize),
            (Metric::QueuePersonsMean, layout.ports().collect()),
            everywhere(Metric::APPOINTMENTS_PROCESSED),
            everywhere(Metric::PortEncounters),
            everywhere(Metric::IRREGULAR_ENCOUNTERS),
        ];
        let daily = daily.iter();
        let daily = daily.filter_map(|(metric, places)| Series::daily(layout, *metric, places));
        Self::of(daily.chain(Series::monthly(layout, Metric::WaitDaysMean)))
    }

    fn of(series: impl Iterator<Item = Series>) -> Self {
        let series: Vec<Series> = series.collect();
        Self {
            differences: differences(&series, NonZeroU32::MIN),
            series,
        }
    }

    /// Before the first replication: futures of so many are what counts.
    pub(super) fn in_futures(self, replications: NonZeroU32) -> Self {
        Self {
            differences: differences(&self.series, replications),
            ..self
        }
    }

    /// Adds the values of a replication.
    pub(super) fn add(&mut self, values: &[Option<f64>]) {
        let series = self.series.iter();
        let differences: Vec<_> = series.flat_map(|it| it.differences(values)).collect();
        self.differences.add(&differences);
    }

    /// So many replications were made, failed ones included.
    pub(super) fn made(&mut self, replications: u32) {
        self.differences.made(replications);
    }

    /// Every series with its differences, contrast by contrast.
    pub(super) fn series(&self) -> impl Iterator<Item = (&Series, Vec<Nested>)> {
        let mut positions = 0..;
        self.series.iter().map(move |series| {
            let own = positions.by_ref().take(series.contrasts().count());
            let differences = own.map(|position| self.differences.at(position));
            (series, differences.collect())
        })
    }
}

/// No differences yet, of series in futures of so many replications.
fn differences(series: &[Series], replications: NonZeroU32) -> Nests {
    let contrasts = series.iter().map(|series| series.contrasts().count());
    Nests::new(replications, contrasts.sum())
}

impl Series {
    /// Of a metric by day, the places added up; `None` where days are not kept, and for too few of them.
    fn daily(layout: &Layout, metric: Metric, places: &[Place]) -> Option<Self> {
        let position = |day, place| {
            let period = Period::Day(day);
            layout.position(Key {
                period,
                metric,
                place,
            })
        };
        let on_day = |day| {
            let positions = places.iter().map(|&place| position(day, place));
            Some((day, positions.collect::<Option<Vec<usize>>>()?))
        };
        let days = layout.calendar().recorded_days();
        let figures: Option<Vec<Figures>> = (0..days).map(on_day).collect();
        let figures = figures.filter(|days| days.len() >= FEWEST_WEEKS * WEEK)?;
        Some(Self::of(metric, days, &figures, WEEK))
    }

    /// Of a metric by month; `None` for too few of them.
    fn monthly(layout: &Layout, metric: Metric) -> Option<Self> {
        let mut days = 0;
        let of_month = |month| {
            let start = days;
            days += layout.recorded_days(month);
            let position = layout.position(Key::of_month(month, metric))?;
            Some((start, vec![position]))
        };
        let figures: Option<Vec<Figures>> = layout.months().map(of_month).collect();
        let figures = figures.filter(|months| months.len() >= FEWEST_MONTHS)?;
        Some(Self::of(metric, days, &figures, 1))
    }

    /// Of figures that are taken by so many; those left over at the end, of which there are fewer, are in no block.
    fn of(metric: Metric, days: u32, figures: &[Figures], together: usize) -> Self {
        let whole = figures.len() / together;
        let blocks = BLOCKS.min(whole);
        let first = |block: usize| block * whole / blocks * together;
        let block = |block| {
            let figures = &figures[first(block)..first(block + 1)];
            Block {
                start: figures[0].0,
                periods: figures.len(),
                positions: figures.iter().flat_map(|(_, own)| own).copied().collect(),
            }
        };
        let left_over = figures.get(first(blocks));
        Self {
            metric,
            days: left_over.map_or(days, |&(start, _)| start),
            blocks: (0..blocks).map(block).collect(),
            together,
        }
    }

    /// Whether its blocks are of whole cycles.
    pub(super) fn has_whole(&self, cycle: Cycle) -> bool {
        self.together.is_multiple_of(cycle.days())
    }

    /// What is compared, in order.
    pub(super) fn contrasts(&self) -> impl Iterator<Item = Contrast> + Clone + use<> {
        Contrast::all(self.blocks.len())
    }

    /// Days before a block. \[days\]
    pub(super) fn days_before(&self, block: usize) -> u32 {
        self.blocks[block].start
    }

    /// Days before and after the cut of a contrast. \[days\]
    pub(super) fn days_apart(&self, contrast: Contrast) -> [u32; 2] {
        let cut = self.days_before(contrast.cut);
        [cut - self.days_before(contrast.from), self.days - cut]
    }

    fn differences(&self, values: &[Option<f64>]) -> Vec<Option<f64>> {
        let means: Vec<_> = self.blocks.iter().map(|block| block.mean(values)).collect();
        let contrasts = self.contrasts();
        contrasts.map(|it| it.difference(&means)).collect()
    }
}

impl Block {
    /// `None` where a figure has no value.
    fn mean(&self, values: &[Option<f64>]) -> Option<f64> {
        let figures = self.positions.iter().map(|&position| values[position]);
        Some(figures.sum::<Option<f64>>()? / self.periods as f64)
    }
}

#[cfg(test)]
impl Beginnings {
    /// Of one series, the figures of whose days are the values of a replication.
    pub(super) fn of_days(metric: Metric, days: u32) -> Self {
        let figures: Vec<Figures> = (0..days).map(|day| (day, vec![day as usize])).collect();
        Self::of(std::iter::once(Series::of(metric, days, &figures, WEEK)))
    }
}
