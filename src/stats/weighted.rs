//! Quantiles of values that do not count the same.

/// The fewest values alike of which an interval of a central share of the distribution can be told: with fewer, its ends would lie beyond them.
pub(crate) fn fewest_values(share: f64) -> u32 {
    // A rounding error is no reason for one more.
    (2.0 / (1.0 - share) - 1e-9).ceil() as u32 - 1
}

/// The value below which one more would lie with probability `p`, of values in ascending order, each with its share; shares sum to 1.
///
/// The k-th of `n` equal shares stands at k / (n + 1): Weibull's quantile, number 6 of Hyndman & Fan (1996),
/// doi:10.1080/00031305.1996.10473566. With others, `n` is the effective size 1 / Σ share², and a value stands half its share above the
/// shares below. Between two values the quantile lies in proportion.
///
/// # Errors
/// Where it would lie beyond the values, but for a rounding error: the nearest of them, and NaN where there is none.
pub(crate) fn weighted_quantile(
    sorted: impl IntoIterator<Item = (f64, f64)>,
    n: f64,
    p: f64,
) -> Result<f64, f64> {
    const ROUNDING: f64 = 1e-9;
    let mut below = 0.0;
    let mut last: Option<(f64, f64)> = None;
    for (value, share) in sorted {
        let place = 0.5 + (below + share / 2.0 - 0.5) * n / (n + 1.0);
        if place >= p {
            return match last {
                Some((before, lower)) => {
                    Ok(lower + (value - lower) * (p - before) / (place - before))
                }
                None if place - p > ROUNDING => Err(value),
                None => Ok(value),
            };
        }
        below += share;
        last = Some((place, value));
    }
    match last {
        Some((place, value)) if p - place <= ROUNDING => Ok(value),
        Some((_, value)) => Err(value),
        None => Err(f64::NAN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_values_the_nearest_is_named() {
        let of = |p| weighted_quantile([(1.0, 0.5), (3.0, 0.5)], 2.0, p);
        // The two stand at a third and at two thirds.
        assert_eq!(of(0.5), Ok(2.0));
        assert_eq!((of(1.0 / 3.0), of(2.0 / 3.0)), (Ok(1.0), Ok(3.0)));
        assert_eq!((of(0.33), of(0.67)), (Err(1.0), Err(3.0)));
        assert!(weighted_quantile([], 1.0, 0.5).is_err_and(f64::is_nan));
    }
}
