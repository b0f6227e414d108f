//! Whether the warm-up of a run that should be in a steady state is long enough.

use super::results::Results;
use crate::record::{Key, Metric, Period, Place};
use crate::stats::{Moments, Truncation};

/// Days in a batch of MSER-5.
const BATCH: usize = 5;

/// How many standard errors the days that MSER-5 would cut must move the mean by to matter: a bias of half of one makes a 95%
/// interval cover 92% of the time.
const MATTERS: f64 = 0.5;

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
    /// Nothing is left of the beginning that matters: a noisy series has a cut by chance too, which hardly moves its mean.
    Suffices,
    /// The days to cut move the mean of the record by more than half of its standard error.
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
        let ports: Vec<Place> = (results.layout().places())
            .filter(|place| matches!(place, Place::Port(_)))
            .collect();
        let on_day = |metric, day, places: &[Place]| -> Option<f64> {
            let of_place = |&place| {
                let period = Period::Day(day);
                let key = Key {
                    period,
                    metric,
                    place,
                };
                Some(results.estimate(key)?.mean)
            };
            places.iter().map(of_place).sum()
        };
        let watched = [
            (Metric::PoolSize, vec![Place::Everywhere]),
            (Metric::QueuePersonsMean, ports),
        ];
        let series = watched.into_iter().filter_map(|(metric, places)| {
            let values = (days.clone()).map(|day| on_day(metric, day, &places));
            Beginning::of(metric, &values.collect::<Option<Vec<f64>>>()?)
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

impl Beginning {
    /// `None` where there is never anybody.
    fn of(metric: Metric, values: &[f64]) -> Option<Self> {
        if values.iter().all(|&value| value <= 0.0) {
            return None;
        }
        let truncation = Truncation::of(values)?;
        Some(Self {
            metric,
            cut: truncation.truncate as u32,
            verdict: match truncation {
                Truncation { settled: false, .. } => Verdict::NotSettled,
                Truncation { truncate, .. } if matters(values, truncate) => Verdict::TooShort,
                _ => Verdict::Suffices,
            },
        })
    }
}

/// Whether cutting moves the mean by more than half of its standard error ([`MATTERS`]), which comes from the batches that are
/// left and is the error that MSER minimises.
fn matters(values: &[f64], cut: usize) -> bool {
    let batches = |values: &[f64]| -> Moments {
        let (batches, _) = values.as_chunks::<BATCH>();
        let mean = |batch: &[f64; BATCH]| batch.iter().sum::<f64>() / BATCH as f64;
        batches.iter().map(mean).collect()
    };
    let (all, left) = (batches(values), batches(&values[cut..]));
    let (Some(with), Some(without), Some(variance)) = (all.mean(), left.mean(), left.variance())
    else {
        return false;
    };
    (with - without).abs() > MATTERS * (variance / f64::from(left.n())).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(values: &[f64]) -> Option<(u32, Verdict)> {
        let beginning = Beginning::of(Metric::PoolSize, values)?;
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
