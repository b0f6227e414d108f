//! What the data say about each parameter.

use super::weights::Weights;
use crate::stats::normal;

/// Share of its prior standard deviation that a parameter must lose to be identified: above this ratio of the posterior to
/// the prior the data say next to nothing about it.
pub const NOT_IDENTIFIED: f64 = 0.9;

/// Above this ratio they say little, and the prior speaks for the most part. Assumed.
pub const WEAKLY_IDENTIFIED: f64 = 0.8;

/// Share of the prior at an end of its range that counts as lying at the bound.
pub const BOUND_TAIL: f64 = 0.025;

/// Share of the posterior in that tail from which on it is piled up there: eight times what the prior has.
pub const BOUND_SHARE: f64 = 0.2;

/// Draws of equal weight below which nothing is said: with so many a standard deviation is known within an eighth.
pub const FEW: f64 = 30.0;

/// An end of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Where z is negative.
    Low,
    /// Where z is positive.
    High,
}

/// Whether the range of a parameter ends, on either side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Nothing is possible below the low end.
    pub below: bool,
    /// Nothing is possible above the high end.
    pub above: bool,
}

impl Bounds {
    /// A range without ends.
    pub const NONE: Self = Self {
        below: false,
        above: false,
    };
}

/// What the data say about a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// They narrow it down.
    Identified,
    /// They say little: [`WEAKLY_IDENTIFIED`].
    WeaklyIdentified,
    /// They say next to nothing: [`NOT_IDENTIFIED`].
    NotIdentified,
    /// The draws are too few to say: [`FEW`].
    TooFewDraws,
    /// They pile it up at a bound of its range, [`BOUND_SHARE`] of it within [`BOUND_TAIL`] of the prior: the range, or the
    /// model, may be wrong.
    AtBound(End),
}

/// Posterior of one parameter in its coordinate z, which is standard normal a priori.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParameterSummary {
    /// Standard deviation, as a share of that of the prior.
    pub sd: f64,
    /// What the data say about it.
    pub verdict: Verdict,
}

/// The posterior of every parameter from weighted draws; a range for each parameter.
///
/// # Panics
/// If there is not one weight for each draw, or a draw has not one coordinate for each range.
#[must_use]
pub fn summarise(
    draws: &[Vec<f64>],
    weights: &Weights,
    bounds: &[Bounds],
) -> Vec<ParameterSummary> {
    let same = draws.iter().all(|draw| draw.len() == bounds.len());
    assert!(same, "one coordinate a parameter");
    let of = |(a, bounds): (usize, &Bounds)| {
        let values: Vec<_> = draws.iter().map(|draw| draw[a]).collect();
        parameter(&values, weights, *bounds)
    };
    bounds.iter().enumerate().map(of).collect()
}

fn parameter(values: &[f64], weights: &Weights, bounds: Bounds) -> ParameterSummary {
    let sd = weights.sd(values);
    let tail = normal::quantile(BOUND_TAIL);
    let mirrored: Vec<_> = values.iter().map(|value| -value).collect();
    let verdict = if weights.effective_size() < FEW {
        Verdict::TooFewDraws
    } else if bounds.below && weights.share_below(values, tail) > BOUND_SHARE {
        Verdict::AtBound(End::Low)
    } else if bounds.above && weights.share_below(&mirrored, tail) > BOUND_SHARE {
        Verdict::AtBound(End::High)
    } else if sd > NOT_IDENTIFIED {
        Verdict::NotIdentified
    } else if sd > WEAKLY_IDENTIFIED {
        Verdict::WeaklyIdentified
    } else {
        Verdict::Identified
    };
    ParameterSummary { sd, verdict }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOSED: Bounds = Bounds {
        below: true,
        above: true,
    };

    /// What a normal posterior with a mean and sd is told to be; 1,000 draws at its quantiles.
    fn of_normal(mean: f64, sd: f64, bounds: Bounds) -> ParameterSummary {
        let draws: Vec<_> = (0..1_000)
            .map(|i| vec![mean + sd * normal::quantile((f64::from(i) + 0.5) / 1_000.0)])
            .collect();
        summarise(&draws, &Weights::equal(1_000).unwrap(), &[bounds])[0]
    }

    #[test]
    fn the_standard_deviation_is_that_of_the_posterior() {
        let found = of_normal(0.5, 0.2, Bounds::NONE);
        assert!((found.sd - 0.2).abs() < 1e-3, "{found:?}");
    }

    #[test]
    fn a_posterior_that_is_the_prior_is_not_identified_and_a_narrow_one_is() {
        for (sd, verdict) in [
            (1.0, Verdict::NotIdentified),
            (0.92, Verdict::NotIdentified),
            (0.88, Verdict::WeaklyIdentified),
            (0.78, Verdict::Identified),
            (0.1, Verdict::Identified),
        ] {
            assert_eq!(of_normal(0.0, sd, CLOSED).verdict, verdict, "{sd}");
        }
    }

    #[test]
    fn a_posterior_piled_up_at_a_bound_is_told_at_which_and_without_a_bound_it_is_none() {
        // 23% of the draws lie beyond 1.96.
        assert_eq!(
            of_normal(1.6, 0.5, CLOSED).verdict,
            Verdict::AtBound(End::High)
        );
        assert_eq!(
            of_normal(-1.6, 0.5, CLOSED).verdict,
            Verdict::AtBound(End::Low)
        );
        assert_eq!(
            of_normal(1.6, 0.5, Bounds::NONE).verdict,
            Verdict::Identified
        );
        let half_open = Bounds {
            below: true,
            above: false,
        };
        assert_eq!(of_normal(1.6, 0.5, half_open).verdict, Verdict::Identified);
        // 17% of them.
        assert_eq!(of_normal(1.5, 0.48, CLOSED).verdict, Verdict::Identified);
    }
}
