//! Where the transient of a series ends: how many observations to cut before averaging.

/// Observations in a batch, the five of MSER-5.
const BATCH: usize = 5;

/// Batches below which nothing is said.
const FEWEST: usize = 10;

/// Batches at the end that are never all that is left: the error of a handful is small by chance (White, Cobb & Spratt 2000).
const KEPT: usize = 5;

/// The end of a transient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Truncation {
    /// Observations to cut from the beginning, a multiple of five.
    pub truncate: usize,
    /// Whether the cut lies in the first half. If not, the series has not settled: it is too short, and cutting does not help.
    pub settled: bool,
}

impl Truncation {
    /// The truncation after which the marginal standard error of the mean is smallest: MSER-5.
    ///
    /// With the n means of successive batches of five, it minimises Σ (yᵢ - ȳ)² / (n - d)² over the batches i > d that are left
    /// after d; the earliest of equals (White 1997, doi:10.1177/003754979706900601; White, Cobb & Spratt 2000,
    /// doi:10.1109/WSC.2000.899782; Franklin & White 2008, doi:10.1109/WSC.2008.4736115). Observations after the last full batch
    /// are not looked at. `None` for fewer than fifty observations.
    #[must_use]
    pub fn of(series: &[f64]) -> Option<Self> {
        let (batches, _) = series.as_chunks::<BATCH>();
        if batches.len() < FEWEST {
            return None;
        }
        let mut best = (f64::INFINITY, 0);
        // From the end, so that the sum of squared deviations grows by one batch at a time (Welford 1962).
        let (mut mean, mut squared_deviations) = (0.0, 0.0);
        for (cut, batch) in batches.iter().enumerate().rev() {
            let left = (batches.len() - cut) as f64;
            let value = batch.iter().sum::<f64>() / BATCH as f64;
            let deviation = value - mean;
            mean += deviation / left;
            squared_deviations += deviation * (value - mean);
            let error = squared_deviations / (left * left);
            if error <= best.0 && batches.len() - cut >= KEPT {
                best = (error, cut);
            }
        }
        Some(Self {
            truncate: best.1 * BATCH,
            settled: best.1 * 2 <= batches.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::SmallRng;
    use rand_distr::{Distribution, StandardNormal};

    use super::*;

    /// 400 values of an autoregression with coefficient 0.5 and mean 0, which begins in its stationary law, lifted by
    /// `bias` · 0.95ᵗ.
    fn series(seed: u64, bias: f64) -> Vec<f64> {
        let mut random = SmallRng::seed_from_u64(seed);
        let mut draw = || -> f64 { StandardNormal.sample(&mut random) };
        let (mut value, mut transient) = (draw() / 0.75_f64.sqrt(), bias);
        (0..400)
            .map(|_| {
                let observed = value + transient;
                value = 0.5 * value + draw();
                transient *= 0.95;
                observed
            })
            .collect()
    }

    fn mean(values: &[f64]) -> f64 {
        values.iter().sum::<f64>() / values.len() as f64
    }

    /// Ten batch means 9, 5, 1, -1, 1, -1, …: without both first the error is 8 / 8² = 0.125, with the second
    /// (8 + 25 · 8/9) / 9² = 0.373, with all 0.944; without three 0.140.
    #[test]
    fn the_cut_is_where_the_marginal_standard_error_is_smallest() {
        let batches = [9.0, 5.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0];
        let values: Vec<f64> = batches.into_iter().flat_map(|mean| [mean; BATCH]).collect();
        let cut = Truncation {
            truncate: 10,
            settled: true,
        };
        assert_eq!(Truncation::of(&values), Some(cut));
        // An incomplete batch changes nothing.
        assert_eq!(Truncation::of(&[values, vec![1e6; 4]].concat()), Some(cut));
    }

    #[test]
    fn a_step_is_cut_off_exactly() {
        let step: Vec<f64> = (0..200).map(|t| if t < 30 { 7.0 } else { 3.0 }).collect();
        assert_eq!(
            Truncation::of(&step),
            Some(Truncation {
                truncate: 30,
                settled: true
            })
        );
    }

    #[test]
    fn a_constant_series_is_kept_whole() {
        assert_eq!(
            Truncation::of(&[2.5; 100]),
            Some(Truncation {
                truncate: 0,
                settled: true
            })
        );
    }

    #[test]
    fn a_series_that_never_settles_is_said_not_to() {
        let trend: Vec<f64> = (0..500).map(f64::from).collect();
        assert!(!Truncation::of(&trend).unwrap().settled);
        let late: Vec<f64> = (0..200).map(|t| if t < 130 { 7.0 } else { 3.0 }).collect();
        assert_eq!(
            Truncation::of(&late),
            Some(Truncation {
                truncate: 130,
                settled: false
            })
        );
    }

    #[test]
    fn a_short_series_tells_nothing() {
        assert_eq!(Truncation::of(&[1.0; 49]), None);
        assert!(Truncation::of(&[1.0; 50]).is_some());
    }

    /// The transient sums to 10 / 0.05 = 200, so whole series are 0.5 too high. The standard error of one mean is 2 / √400 = 0.1,
    /// of 200 of them 0.007. What is left of the transient after the cut hides in the noise: a tenth of it or so.
    #[test]
    fn cutting_removes_nearly_all_of_the_bias_of_an_exponential_transient() {
        let (mut whole, mut cut, mut settled) = (0.0, 0.0, 0);
        for seed in 0..200 {
            let values = series(seed, 10.0);
            let truncation = Truncation::of(&values).unwrap();
            whole += mean(&values) / 200.0;
            cut += mean(&values[truncation.truncate..]) / 200.0;
            settled += u32::from(truncation.settled);
        }
        assert!((whole - 0.5).abs() < 0.03, "{whole}");
        assert!(cut.abs() < 0.07, "{cut}");
        assert!(settled >= 180, "{settled}");
    }

    /// At most a fifth of the series in nine of ten.
    #[test]
    fn little_is_cut_from_most_stationary_series() {
        let mut early = 0;
        let mut settled = 0;
        for seed in 0..200 {
            let truncation = Truncation::of(&series(seed, 0.0)).unwrap();
            early += u32::from(truncation.truncate <= 80);
            settled += u32::from(truncation.settled);
        }
        assert!(early >= 180 && settled >= 180, "{early} {settled}");
    }
}
