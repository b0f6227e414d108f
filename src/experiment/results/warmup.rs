//! Whether the warm-up of a run that should be in a steady state is long enough.

use std::iter::Sum;

use super::Results;
use crate::record::{Key, Metric, Period, Place};
use crate::stats::{Moments, Truncation};

/// Days in a batch of MSER-5.
const BATCH: usize = 5;

/// How many standard errors the days that MSER-5 would cut must move the mean by to matter: a bias of half of one makes a 95%
/// interval cover 92% of the time.
const MATTERS: f64 = 0.5;

/// How many standard errors away from the rest these days must be, so that it is not chance that the queue was long, or short, just then.
const BEYOND_CHANCE: f64 = 2.5;

/// What MSER-5 says of the daily series of a run in which nothing changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warmup {
    /// Days simulated before the record begins. \[days\]
    pub days: u32,
    /// Each series, and how its record begins.
    pub series: Vec<Beginning>,
}

/// How the record of a series begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beginning {
    /// The pool, or the queues at all ports together.
    pub metric: Metric,
    /// Days that MSER-5 would cut from the record. \[days\]
    pub cut: u32,
    /// What that means.
    pub verdict: Verdict,
}

/// What a cut means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing is left of the beginning that matters: a noisy series has a cut by chance too, which hardly moves its mean, or no more than
    /// chance does.
    Suffices,
    /// The days to cut move the mean of the record by more than half of its standard error, and by more than chance does.
    TooShort,
    /// The rest is too short to say that anything is steady.
    NotSettled,
}

impl Warmup {
    /// What the daily means over replications say; `None` without replications, for a record of less than fifty days, and where
    /// neither a pool nor a queue ever forms.
    ///
    /// It means something only for a [steady state](crate::scenario::Scenario::is_steady).
    #[must_use]
    pub fn of(results: &Results) -> Option<Self> {
        let calendar = results.layout().calendar();
        let days = 0..calendar.recorded_days();
        let ports: Vec<Place> = results.layout().ports().collect();
        let on_day = |metric, day, places: &[Place]| -> Option<Day> {
            let of_place = |&place| {
                let period = Period::Day(day);
                let key = Key {
                    period,
                    metric,
                    place,
                };
                Some(Day {
                    mean: results.estimate(key)?.mean,
                    error: results.chance_error(key),
                })
            };
            places.iter().map(of_place).sum()
        };
        let watched = [
            (Metric::PoolSize, vec![Place::Everywhere]),
            (Metric::QueuePersonsMean, ports),
        ];
        let series = watched.into_iter().filter_map(|(metric, places)| {
            let values = (days.clone()).map(|day| on_day(metric, day, &places));
            Beginning::of(metric, &values.collect::<Option<Vec<Day>>>()?)
        });
        let series: Vec<Beginning> = series.collect();
        (!series.is_empty()).then(|| Self {
            days: calendar.warmup_days(),
            series,
        })
    }

    /// The series that asks for most.
    #[must_use]
    pub fn worst(&self) -> Option<Beginning> {
        let series = self.series.iter().copied();
        series.max_by_key(|beginning| (beginning.verdict, beginning.cut))
    }
}

/// A day of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Day {
    /// Over replications.
    mean: f64,
    /// How far chance alone may move it, as a standard error; `None` of a single replication, in each future if there are any.
    error: Option<f64>,
}

/// Of several ports together: their errors add up at most.
impl Sum for Day {
    fn sum<I: Iterator<Item = Self>>(days: I) -> Self {
        let none = Self {
            mean: 0.0,
            error: Some(0.0),
        };
        days.fold(none, |sum, day| Self {
            mean: sum.mean + day.mean,
            error: sum.error.zip(day.error).map(|(one, other)| one + other),
        })
    }
}

impl Beginning {
    /// `None` where there is never anybody.
    fn of(metric: Metric, days: &[Day]) -> Option<Self> {
        if days.iter().all(|day| day.mean <= 0.0) {
            return None;
        }
        let means: Vec<f64> = days.iter().map(|day| day.mean).collect();
        let truncation = Truncation::of(&means)?;
        Some(Self {
            metric,
            cut: truncation.truncate as u32,
            verdict: match truncation {
                Truncation { truncate, .. } if !matters(days, truncate) => Verdict::Suffices,
                Truncation { settled: false, .. } => Verdict::NotSettled,
                _ => Verdict::TooShort,
            },
        })
    }
}

/// Whether cutting moves the mean by more than half of its standard error ([`MATTERS`]), which comes from the batches that are left and is the
/// error that MSER minimises; and whether the days to cut are further from the rest than chance brings about ([`BEYOND_CHANCE`]).
///
/// Days that follow each other resemble each other: so many of them tell as much as a [single one](alike). How far a day is off by chance is known
/// from the replications, or, of a single one, from how much the days that are left scatter.
fn matters(days: &[Day], cut: usize) -> bool {
    let (beginning, left) = days.split_at(cut);
    let means = |days: &[Day]| -> Moments { days.iter().map(|day| day.mean).collect() };
    let batches: Moments = (left.chunks_exact(BATCH))
        .filter_map(|batch| means(batch).mean())
        .collect();
    let (all, rest, apart) = (means(days), means(left), means(beginning));
    let (Some(of_all), Some(of_rest), Some(of_apart), Some(of_batches)) =
        (all.mean(), rest.mean(), apart.mean(), batches.variance())
    else {
        return false;
    };
    let of_mean = (of_batches / f64::from(batches.n())).sqrt();
    let alike = alike(left);
    let variance = |days: &[Day]| {
        let square = |day: &Day| day.error.map(|error| error * error);
        let squares: Option<Moments> = days.iter().map(square).collect();
        let of_day = squares.map_or_else(|| rest.variance(), |squares| squares.mean());
        of_day.unwrap_or(0.0) * (alike / days.len() as f64).min(1.0)
    };
    let by_chance = (variance(beginning) + variance(left)).sqrt();
    (of_all - of_rest).abs() > MATTERS * of_mean
        && (of_apart - of_rest).abs() > BEYOND_CHANCE * by_chance
}

/// How many days in a row tell as much of the mean as one that knows nothing of the others: 1 + 2 Σ ρ(lag), with the autocorrelations up to the
/// first that is as good as none.
fn alike(days: &[Day]) -> f64 {
    const NONE: f64 = 0.05;
    let moments: Moments = days.iter().map(|day| day.mean).collect();
    let (Some(mean), Some(variance)) = (moments.mean(), moments.variance()) else {
        return 1.0;
    };
    let autocorrelation = |lag: usize| {
        let pairs = days.iter().zip(&days[lag..]);
        let products = pairs.map(|(one, other)| (one.mean - mean) * (other.mean - mean));
        products.sum::<f64>() / (days.len() as f64 * variance)
    };
    let lags = (1..days.len()).map(autocorrelation);
    1.0 + 2.0 * lags.take_while(|&it| it > NONE).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Streams;

    fn verdict(values: &[f64]) -> Option<(u32, Verdict)> {
        let days = values.iter().map(|&mean| Day { mean, error: None });
        let beginning = Beginning::of(Metric::PoolSize, &days.collect::<Vec<_>>())?;
        Some((beginning.cut, beginning.verdict))
    }

    /// A value of its own for each batch, around 100 without a pattern.
    fn noise(day: u32) -> f64 {
        100.0 + f64::from((day / 5 * 37) % 17) - 8.0
    }

    #[test]
    fn a_beginning_that_is_far_away_is_too_long_and_noise_is_not() {
        let steady: Vec<f64> = (0..300).map(noise).collect();
        let rising: Vec<f64> = (0..300)
            .map(|day| noise(day) - (60.0 - f64::from(day)).max(0.0))
            .collect();
        assert_eq!(verdict(&steady).unwrap().1, Verdict::Suffices);
        let (cut, too_short) = verdict(&rising).unwrap();
        assert!((35..=75).contains(&cut), "{cut}");
        assert_eq!(too_short, Verdict::TooShort);
    }

    /// A queue that forgets in three and a half days, as it is from the first day on: seldom is it called too short or not settled. One whose
    /// first two months are a standard deviation higher often is, and mostly one of four months and one and a half.
    #[test]
    fn days_that_resemble_each_other_are_no_transient() {
        let series = |seed: u64, above: f64, first: u64| -> Vec<f64> {
            let streams = Streams::new(seed, 0);
            let keeps = libm::exp(-1.0 / 3.5);
            let mut deviation = 0.0;
            let day = |day| {
                let normal = streams.draw(day, 0, 0).normal();
                deviation = keeps * deviation + (1.0 - keeps * keeps).sqrt() * normal;
                34.0 + 10.0 * (deviation + if day < first { above } else { 0.0 })
            };
            (0..365).map(day).collect()
        };
        let told = |above: f64, first: u64| {
            let found = (0..200).filter_map(|seed| verdict(&series(seed, above, first)));
            found.filter(|(_, it)| *it != Verdict::Suffices).count()
        };
        let alarms = told(0.0, 0);
        assert!(alarms < 20, "{alarms}");
        let [days, months] = [told(1.0, 60), told(1.5, 120)];
        assert!(days > 100 && months > 150, "{days} {months}");
    }

    #[test]
    fn a_cut_that_moves_nothing_does_not_matter() {
        // One odd batch at the beginning, which chance would bring too.
        let odd: Vec<f64> = (0..300)
            .map(|day| noise(day) + if day < 5 { 20.0 } else { 0.0 })
            .collect();
        assert_eq!(verdict(&odd), Some((5, Verdict::Suffices)));
    }

    #[test]
    fn what_rises_to_the_end_has_not_settled_and_what_is_never_there_tells_nothing() {
        let rising: Vec<f64> = (0..300).map(f64::from).collect();
        assert_eq!(verdict(&rising).unwrap().1, Verdict::NotSettled);
        assert_eq!(verdict(&[0.0; 300]), None);
        assert_eq!(verdict(&[1.0; 49]), None);
    }
}
