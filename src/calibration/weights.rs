//! What each of many draws counts.

use crate::stats::weighted_quantile;

/// Log ratios that make no weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    /// There is nothing to weigh.
    #[error("there is no draw to weigh")]
    Empty,
    /// A ratio is infinite or not a number.
    #[error("the likelihood ratio of draw {draw} is infinite or not a number")]
    NotFinite {
        /// Number of the draw, from 0.
        draw: usize,
    },
    /// No draw is possible.
    #[error("every one of the {draws} draws is impossible: each has a likelihood of 0")]
    Impossible {
        /// How many draws there are.
        draws: usize,
    },
}

/// Shares of draws, which sum to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    shares: Vec<f64>,
}

impl Weights {
    /// The same share for each of `draws` draws.
    ///
    /// # Errors
    /// Without draws.
    pub fn equal(draws: usize) -> Result<Self, WeightsError> {
        Self::truncated(&vec![0.0; draws])
    }

    /// Importance weights from the logarithms of the ratios of what a draw's density should be to what it was drawn with,
    /// each known but for the same constant. A ratio of 0, whose logarithm is minus infinity, is a weight of 0.
    ///
    /// A ratio above the mean ratio times √n counts as that: Ionides (2008), "Truncated importance sampling",
    /// doi:10.1198/106186008X320456. The variance is then finite whatever the ratios, for a bias that vanishes as n grows.
    ///
    /// # Errors
    /// Without draws, with a ratio that is infinite or not a number, or if all are 0.
    pub fn truncated(log_ratios: &[f64]) -> Result<Self, WeightsError> {
        let n = log_ratios.len();
        if n == 0 {
            return Err(WeightsError::Empty);
        }
        let wrong = |log: &f64| log.is_nan() || *log == f64::INFINITY;
        if let Some(draw) = log_ratios.iter().position(wrong) {
            return Err(WeightsError::NotFinite { draw });
        }
        let largest = log_ratios.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if largest == f64::NEG_INFINITY {
            return Err(WeightsError::Impossible { draws: n });
        }
        // The largest ratio is made 1, so that none overflows.
        let ratios = log_ratios.iter().map(|log| libm::exp(log - largest));
        let mut shares: Vec<_> = ratios.collect();
        let limit = shares.iter().sum::<f64>() / (n as f64).sqrt();
        for share in &mut shares {
            *share = share.min(limit);
        }
        let total: f64 = shares.iter().sum();
        for share in &mut shares {
            *share /= total;
        }
        Ok(Self { shares })
    }

    /// Importance weights raised to the largest power, at most 1, with which the draws are worth this share of their number, and the
    /// power. With 1 they are the [`truncated`](Self::truncated) ones; towards 0 every draw counts the same, which is to trust what
    /// they were drawn from.
    ///
    /// Many figures make ratios of likelihoods so uneven that a few draws get all the weight; flattened weights give up some of the
    /// correction for far less noise: Koblents & Míguez (2015), doi:10.1007/s11222-013-9440-2.
    ///
    /// # Errors
    /// As of [`truncated`](Self::truncated).
    pub fn tempered(log_ratios: &[f64], share: f64) -> Result<(Self, f64), WeightsError> {
        let least = share * log_ratios.len() as f64;
        let at = |power: f64| {
            let logs: Vec<f64> = log_ratios.iter().map(|log| log * power).collect();
            Self::truncated(&logs)
        };
        let whole = at(1.0)?;
        if whole.effective_size() >= least {
            return Ok((whole, 1.0));
        }
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..40 {
            let middle = f64::midpoint(low, high);
            if at(middle)?.effective_size() >= least {
                low = middle;
            } else {
                high = middle;
            }
        }
        // Impossible draws may leave fewer than that whatever the power.
        let power = if low > 0.0 { low } else { high };
        Ok((at(power)?, power))
    }

    /// What [`effective_size`](Self::effective_size) would be with the whole ratios, neither truncated nor flattened: how well what the draws
    /// were drawn from agrees with what they should be of. 0 where no draw is possible.
    #[must_use]
    pub fn whole_effective_size(log_ratios: &[f64]) -> f64 {
        let largest = log_ratios.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (mut sum, mut squares) = (0.0, 0.0);
        for log in log_ratios.iter().filter(|log| **log > f64::NEG_INFINITY) {
            let ratio = libm::exp(log - largest);
            sum += ratio;
            squares += ratio * ratio;
        }
        if squares > 0.0 {
            sum * sum / squares
        } else {
            0.0
        }
    }

    /// Share of each draw.
    #[must_use]
    pub fn shares(&self) -> &[f64] {
        &self.shares
    }

    /// Number of draws of equal shares that would be worth as much: 1 / Σ share². Kong (1992); Kong, Liu & Wong (1994),
    /// doi:10.1080/01621459.1994.10476469.
    #[must_use]
    pub fn effective_size(&self) -> f64 {
        self.shares
            .iter()
            .map(|share| share * share)
            .sum::<f64>()
            .recip()
    }

    /// Weighted mean of a value of each draw.
    ///
    /// # Panics
    /// If there is not one value for each draw; so do the others.
    #[must_use]
    pub fn mean(&self, values: &[f64]) -> f64 {
        self.pairs(values).map(|(share, value)| share * value).sum()
    }

    /// Weighted standard deviation of a value of each draw.
    #[must_use]
    pub fn sd(&self, values: &[f64]) -> f64 {
        let mean = self.mean(values);
        let square = |(share, value): (f64, f64)| share * (value - mean) * (value - mean);
        self.pairs(values).map(square).sum::<f64>().sqrt()
    }

    /// Weighted quantile of a value of each draw, 0 <= p <= 1, interpolated between values and at their ends never beyond them. With n equal
    /// shares the value of rank k is the quantile at k / (n + 1), below which the next draw lies with that probability (Hyndman & Fan 1996,
    /// doi:10.1080/00031305.1996.10473566, definition 6); with others, n is the effective size.
    #[must_use]
    pub fn quantile(&self, values: &[f64], p: f64) -> f64 {
        let pairs = self.pairs(values);
        self.quantile_of_pairs(pairs.map(|(share, value)| (value, share)), p)
    }

    /// The same of several values of each draw, which share its weight: they know nothing of other draws' values, so n is the effective number of
    /// draws.
    #[must_use]
    pub fn quantile_of_all(&self, values: &[Vec<f64>], p: f64) -> f64 {
        let of_draws = self.shares.iter().zip(values);
        let pairs = of_draws.flat_map(|(share, values)| {
            let each = share / values.len() as f64;
            values.iter().map(move |&value| (value, each))
        });
        self.quantile_of_pairs(pairs, p)
    }

    fn quantile_of_pairs(&self, pairs: impl Iterator<Item = (f64, f64)>, p: f64) -> f64 {
        let mut pairs: Vec<_> = pairs.filter(|(_, share)| *share > 0.0).collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        weighted_quantile(pairs, self.effective_size(), p).unwrap_or_else(|nearest| nearest)
    }

    /// Share of the draws whose value lies below a bound.
    #[must_use]
    pub fn share_below(&self, values: &[f64], bound: f64) -> f64 {
        let below = self.pairs(values).filter(|(_, value)| *value < bound);
        below.map(|(share, _)| share).sum()
    }

    fn pairs(&self, values: &[f64]) -> impl Iterator<Item = (f64, f64)> {
        assert_eq!(values.len(), self.shares.len(), "one value a draw");
        self.shares.iter().copied().zip(values.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Streams;

    fn close(x: f64, y: f64) -> bool {
        (x - y).abs() < 1e-12
    }

    #[test]
    fn uneven_weights_are_flattened_until_enough_draws_count() {
        let steep: Vec<f64> = (0..100).map(|draw| f64::from(draw) * 0.3).collect();
        assert!(Weights::truncated(&steep).unwrap().effective_size() < 20.0);
        let (weights, power) = Weights::tempered(&steep, 0.5).unwrap();
        assert!((weights.effective_size() - 50.0).abs() < 1e-6, "{power}");
        assert!(0.0 < power && power < 0.5);
        assert!(weights.shares()[99] > weights.shares()[0]);
        // Shares that fall by exp(-0.3) from one to the next: (1 + q) / (1 - q) of them count, q = exp(-0.3).
        let whole = Weights::whole_effective_size(&steep);
        let q = libm::exp(-0.3);
        assert!((whole - (1.0 + q) / (1.0 - q)).abs() < 1e-9, "{whole}");
        assert!(close(
            Weights::whole_effective_size(&[f64::NEG_INFINITY, 3.0, 3.0]),
            2.0
        ));
        let flat = [0.1, 0.0, 0.1];
        let whole = Weights::truncated(&flat).unwrap();
        assert_eq!(Weights::tempered(&flat, 0.5), Ok((whole, 1.0)));
    }

    #[test]
    fn ratios_become_shares_whatever_their_common_factor() {
        let logs = [1.0_f64, 2.0, 1.0].map(libm::log);
        for shift in [0.0, -5_000.0, 5_000.0] {
            let weights = Weights::truncated(&logs.map(|log| log + shift)).unwrap();
            let expected = [0.25, 0.5, 0.25];
            let shares = weights.shares().iter().zip(expected);
            assert!(
                shares.into_iter().all(|(x, y)| (x - y).abs() < 1e-9),
                "{weights:?}"
            );
        }
    }

    #[test]
    fn a_ratio_above_the_mean_times_the_root_of_n_counts_as_that() {
        // Mean (97 + 15 + 7 * 0) / 16 = 7, and √16 = 4: the 97 counts as 28.
        let mut ratios = vec![1.0; 15];
        ratios.push(97.0);
        let logs: Vec<_> = ratios.into_iter().map(libm::log).collect();
        let weights = Weights::truncated(&logs).unwrap();
        assert!(close(weights.shares()[15], 28.0 / 43.0), "{weights:?}");
        assert!(close(weights.shares()[0], 1.0 / 43.0), "{weights:?}");
    }

    #[test]
    fn the_effective_size_is_n_for_equal_shares_and_that_of_those_who_count() {
        assert!(close(Weights::equal(7).unwrap().effective_size(), 7.0));
        let some = Weights::truncated(&[0.0, f64::NEG_INFINITY, 0.0, f64::NEG_INFINITY]).unwrap();
        assert!(close(some.effective_size(), 2.0));
    }

    #[test]
    fn moments_and_quantiles_are_those_of_draws_repeated_by_their_shares() {
        let logs = [1.0_f64, 1.0, 2.0].map(libm::log);
        let (few, many) = (
            Weights::truncated(&logs).unwrap(),
            Weights::equal(4).unwrap(),
        );
        let (values, repeated) = ([3.0, 1.0, 2.0], [3.0, 1.0, 2.0, 2.0]);
        assert!(close(few.mean(&values), many.mean(&repeated)));
        assert!(close(few.sd(&values), many.sd(&repeated)));
        assert!(close(few.sd(&values), 0.5_f64.sqrt()));
        // Middles of the shares: 1 at 0.125, 2 at 0.5, 3 at 0.875; n is 8/3, so 1 is the quantile at 1/2 - 3/8 * 8/11.
        for (p, expected) in [
            (0.0, 1.0),
            (2.5 / 11.0, 1.0),
            (4.0 / 11.0, 1.5),
            (0.5, 2.0),
            (0.95, 3.0),
        ] {
            assert!(close(few.quantile(&values, p), expected), "{p}");
        }
        let nine: Vec<f64> = (0..9).map(f64::from).collect();
        let even = Weights::equal(9).unwrap();
        assert!(close(even.quantile(&nine, 0.1), 0.0));
        assert!(close(even.quantile(&nine, 0.25), 1.5));
        assert!(close(few.share_below(&values, 2.5), 0.75));
    }

    /// Draws of a standard normal weighted to be normal around 0.5 with sd 0.8, against what theory says; five standard errors.
    #[test]
    fn weighted_draws_have_the_distribution_they_are_weighted_to() {
        let streams = Streams::new(4, 0);
        let z: Vec<_> = (0..40_000)
            .map(|i| streams.draw(i, 0, 0).normal())
            .collect();
        let log = |z: &f64| 0.5 * z * z - 0.5 * ((z - 0.5) / 0.8) * ((z - 0.5) / 0.8);
        let weights = Weights::truncated(&z.iter().map(log).collect::<Vec<_>>()).unwrap();
        let error = 5.0 * 0.8 / weights.effective_size().sqrt();
        assert!((weights.mean(&z) - 0.5).abs() < error);
        assert!((weights.sd(&z) - 0.8).abs() < error);
        assert!((weights.quantile(&z, 0.95) - (0.5 + 0.8 * 1.644_854)).abs() < 3.0 * error);
    }

    #[test]
    fn what_cannot_be_weighed_is_refused() {
        use WeightsError as Wrong;
        assert_eq!(Weights::equal(0), Err(Wrong::Empty));
        assert_eq!(
            Weights::truncated(&[0.0, f64::NAN]),
            Err(Wrong::NotFinite { draw: 1 })
        );
        assert_eq!(
            Weights::truncated(&[f64::INFINITY]),
            Err(Wrong::NotFinite { draw: 0 })
        );
        let impossible = Weights::truncated(&[f64::NEG_INFINITY; 3]);
        assert_eq!(impossible, Err(Wrong::Impossible { draws: 3 }));
    }
}
