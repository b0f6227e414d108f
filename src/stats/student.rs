//! Student's t distribution.

use statrs::distribution::{Continuous, ContinuousCDF, StudentsT};

/// Significant digits kept of a quantile.
///
/// The algorithm behind it uses the platform's logarithm, whose last bit differs between machines; nine digits are the same
/// everywhere and far more than an interval needs.
const DIGITS: usize = 9;

/// The two-sided quantile of Student's t: t such that |T| is at most t with probability `level`.
///
/// `None` without degrees of freedom. (Student 1908, doi:10.1093/biomet/6.1.1.)
#[must_use]
pub fn two_sided_quantile(level: f64, degrees_of_freedom: u32) -> Option<f64> {
    let distribution = StudentsT::new(0.0, 1.0, f64::from(degrees_of_freedom)).ok()?;
    let order = f64::midpoint(1.0, level);
    // The inverse loses digits beyond some 10,000 degrees of freedom (5 of them left at a million); two Newton steps
    // on the distribution function, which does not, bring them back.
    let newton = |t: f64| t - (distribution.cdf(t) - order) / distribution.pdf(t);
    let quantile = newton(newton(distribution.inverse_cdf(order)));
    format!("{quantile:.*e}", DIGITS - 1).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// NIST/SEMATECH e-Handbook, 1.3.6.7.2, has the first digits; the last two follow z + (z³ + z) / (4 df) with z = 1.959963985.
    #[test]
    fn quantiles_agree_with_the_tables() {
        for (level, degrees_of_freedom, expected) in [
            (0.95, 1, 12.706_204_7),
            (0.95, 9, 2.262_157_16),
            (0.95, 29, 2.045_229_64),
            (0.99, 9, 3.249_835_54),
            (0.90, 99, 1.660_391_16),
            (0.95, 99_999, 1.959_987_71),
            (0.95, 999_999, 1.959_966_36),
        ] {
            let quantile = two_sided_quantile(level, degrees_of_freedom).unwrap();
            assert!(
                (quantile / expected - 1.0).abs() < 5e-9,
                "{level} {degrees_of_freedom}: {quantile}"
            );
        }
    }

    #[test]
    fn a_quantile_has_nine_significant_digits() {
        let quantile = two_sided_quantile(0.95, 7).unwrap();
        assert_eq!(quantile.to_string().replace('.', "").len(), 9);
    }

    #[test]
    fn without_degrees_of_freedom_there_is_no_quantile() {
        assert_eq!(two_sided_quantile(0.95, 0), None);
    }
}
