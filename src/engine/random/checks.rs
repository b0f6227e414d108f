//! Tests of fit with a stated error: with their fixed seeds they pass or fail for ever.

use statrs::distribution::{ChiSquared, ContinuousCDF, Normal};

/// Probability with which a correct sampler would fail a check: one in a million.
pub(super) const ALPHA: f64 = 1e-6;

/// Pearson's chi-square statistic must not exceed its 1 - ALPHA quantile. Cells should expect at least ten each.
pub(super) fn assert_counts_fit(observed: &[u64], expected: &[f64]) {
    let statistic: f64 = observed
        .iter()
        .zip(expected)
        .map(|(&o, &e)| (o as f64 - e).powi(2) / e)
        .sum();
    let bound = ChiSquared::new(observed.len() as f64 - 1.0)
        .unwrap()
        .inverse_cdf(1.0 - ALPHA);
    assert!(
        statistic < bound,
        "chi-square of {statistic} over {} cells, bound {bound}",
        observed.len()
    );
}

/// The largest gap between the empirical and the true distribution function must stay below the bound of
/// Dvoretzky-Kiefer-Wolfowitz with Massart's constant, valid for every n: P(gap > x) <= 2 exp(-2 n x^2).
pub(super) fn assert_distribution_fits(mut sample: Vec<f64>, cdf: impl Fn(f64) -> f64) {
    sample.sort_by(f64::total_cmp);
    let n = sample.len() as f64;
    let gap = (0..).zip(&sample).fold(0.0_f64, |gap, (below, &value)| {
        let (truth, below) = (cdf(value), f64::from(below));
        gap.max((truth - below / n).abs())
            .max(((below + 1.0) / n - truth).abs())
    });
    let bound = (libm::log(2.0 / ALPHA) / (2.0 * n)).sqrt();
    assert!(
        gap < bound,
        "gap of {gap} in a sample of {n}, bound {bound}"
    );
}

/// How many standard deviations the largest of `checks` standard normal numbers may lie from zero, for an error of
/// ALPHA in all checks together (Bonferroni).
pub(super) fn deviations(checks: usize) -> f64 {
    Normal::standard().inverse_cdf(1.0 - ALPHA / (2.0 * checks as f64))
}
