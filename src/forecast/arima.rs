//! ARIMA(1,1,0) on logarithms.

/// Fewest figures that a coefficient is estimated from.
pub(super) const FEWEST: usize = 5;

/// Points on each side of 0 at which the likelihood is first tried.
const GRID: i32 = 100;

/// Narrowing steps between two of them: the last bits of the coefficient show in no forecast.
const STEPS: usize = 60;

/// Forecasts of the next months: the change of the logarithm is a share φ of the change before, d(t) = φ d(t-1) + error, without a mean.
///
/// φ is the exact maximum of the Gaussian likelihood, the variance of the errors concentrated out (Box, Jenkins & Reinsel, Time Series
/// Analysis, 4th ed., section 7.1 and A7.4), so it lies strictly between -1 and 1. The forecast is the exponential of that of the
/// logarithm: a median. `None` for fewer than five figures, or one that is not above 0.
#[must_use]
pub fn forecast(known: &[f64], months: usize) -> Option<Vec<f64>> {
    if known.len() < FEWEST || known.iter().any(|&figure| figure <= 0.0) {
        return None;
    }
    let logs: Vec<f64> = known.iter().map(|&figure| libm::log(figure)).collect();
    let changes: Vec<f64> = logs.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let share = coefficient(&changes);
    let (mut log, mut change) = (*logs.last()?, *changes.last()?);
    let ahead = (0..months).map(|_| {
        change *= share;
        log += change;
        libm::exp(log)
    });
    Some(ahead.collect())
}

/// The likeliest φ of changes d(1), …, d(n): it minimises n ln S - ln(1 - φ²), where S = (1 - φ²) d(1)² + Σ (d(t) - φ d(t-1))².
fn coefficient(changes: &[f64]) -> f64 {
    let n = changes.len() as f64;
    let first = changes[0] * changes[0];
    let later: f64 = changes[1..].iter().map(|change| change * change).sum();
    let lagged: f64 = changes.windows(2).map(|pair| pair[0] * pair[1]).sum();
    let earlier: f64 = changes[..changes.len() - 1].iter().map(|d| d * d).sum();
    let unlikeliness = |share: f64| {
        let left = 1.0 - share * share;
        let squares = left * first + later - 2.0 * share * lagged + share * share * earlier;
        n * libm::log(squares) - libm::log(left)
    };
    if first + later == 0.0 {
        // Nothing ever changed.
        return 0.0;
    }
    let tried = (1 - GRID..GRID).map(|step| f64::from(step) / f64::from(GRID));
    let near = |a: &f64, b: &f64| unlikeliness(*a).total_cmp(&unlikeliness(*b));
    let best = tried.min_by(near).unwrap_or(0.0);
    let step = 1.0 / f64::from(GRID);
    let (mut low, mut high) = (best - step, best + step);
    for _ in 0..STEPS {
        let third = (high - low) / 3.0;
        if unlikeliness(low + third) <= unlikeliness(high - third) {
            high -= third;
        } else {
            low += third;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With d = 1, 1, -1: S = (1 - φ²) + (1 - φ)² + (1 + φ)² = 3 + φ², and 3 ln(3 + φ²) - ln(1 - φ²) has its minimum at 0.
    #[test]
    fn changes_that_say_nothing_of_the_next_have_a_coefficient_of_0() {
        assert!(coefficient(&[1.0, 1.0, -1.0]).abs() < 1e-6);
    }

    /// With d = 1, 2, 2: S = (3 - 2 φ)², and the derivative -12 / (3 - 2 φ) + 2 φ / (1 - φ²) is 0 where 4 φ² + 3 φ - 6 = 0.
    #[test]
    fn the_coefficient_is_where_the_derivative_is_0() {
        let expected = (105_f64.sqrt() - 3.0) / 8.0;
        assert!((coefficient(&[1.0, 2.0, 2.0]) - expected).abs() < 1e-6);
    }

    #[test]
    fn a_share_of_the_last_change_goes_on() {
        let known = [100.0, 150.0, 250.0, 200.0, 400.0];
        let ahead = forecast(&known, 2).unwrap();
        let changes: Vec<f64> = known.windows(2).map(|p| libm::log(p[1] / p[0])).collect();
        let share = coefficient(&changes);
        let expected = 400.0 * libm::exp(share * libm::log(2.0));
        assert!((ahead[0] / expected - 1.0).abs() < 1e-6);
        let expected = expected * libm::exp(share * share * libm::log(2.0));
        assert!((ahead[1] / expected - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_series_that_never_changes_stays() {
        assert_eq!(forecast(&[7.0; 6], 1).map(|a| a[0].round()), Some(7.0));
        assert_eq!(forecast(&[7.0; 4], 1), None);
        assert_eq!(forecast(&[7.0, 0.0, 7.0, 7.0, 7.0], 1), None);
    }
}
