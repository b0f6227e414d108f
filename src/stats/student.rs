//! Student's t distribution.

use std::cell::Cell;

use statrs::distribution::{Continuous, ContinuousCDF, StudentsT};

/// Significant digits kept of a quantile: as many as the refined inverse is sure of everywhere, and far more than an interval needs.
const DIGITS: usize = 9;

/// Steps that refine a quantile, at most: usually two, and a few more far out in a heavy tail.
const STEPS: usize = 6;

/// The two-sided quantile of Student's t: t such that |T| is at most t with probability `level`.
///
/// `None` without degrees of freedom. (Student 1908, doi:10.1093/biomet/6.1.1.)
#[must_use]
pub fn two_sided_quantile(level: f64, degrees_of_freedom: u32) -> Option<f64> {
    thread_local! {
        /// The last one: the figures of a table ask for the same, thousands of them.
        static LAST: Cell<(f64, u32, Option<f64>)> = const { Cell::new((f64::NAN, 0, None)) };
    }
    let (last_level, last_degrees, last) = LAST.get();
    if last_level.to_bits() == level.to_bits() && last_degrees == degrees_of_freedom {
        return last;
    }
    let quantile = calculated(level, degrees_of_freedom);
    LAST.set((level, degrees_of_freedom, quantile));
    quantile
}

fn calculated(level: f64, degrees_of_freedom: u32) -> Option<f64> {
    let distribution = StudentsT::new(0.0, 1.0, f64::from(degrees_of_freedom)).ok()?;
    // One tail, not 1 less it: a level close to 1 keeps all its digits there.
    let tail = (1.0 - level) / 2.0;
    let mut quantile = -distribution.inverse_cdf(tail);
    // The inverse loses digits beyond some 10,000 degrees of freedom (5 of them left at a million) and far out in heavy
    // tails; Newton steps on the distribution function, which does not, bring them back. They are taken in the logarithms
    // of t and of its tail, where a heavy tail is a straight line.
    for _ in 0..STEPS {
        let beyond = distribution.sf(quantile);
        let slope = quantile * distribution.pdf(quantile) / beyond;
        let step = libm::log(beyond / tail) / slope;
        quantile *= libm::exp(step);
        if step.abs() < 1e-12 {
            break;
        }
    }
    rounded(quantile)
}

/// The number with the digits that are sure.
fn rounded(value: f64) -> Option<f64> {
    format!("{value:.*e}", DIGITS - 1).parse().ok()
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

    /// Computed with forty digits by bisection of the regularised incomplete beta function, for 1 - `level` as that float is.
    #[test]
    fn a_level_close_to_1_loses_no_digits() {
        for (level, degrees_of_freedom, expected) in [
            (1.0 - 1e-6, 1, 636_619.772),
            (1.0 - 1e-6, 19, 7.069_118_19),
            (1.0 - 1e-8, 1, 63_661_976.9),
            (1.0 - 1e-8, 2, 9_999.999_90),
            (1.0 - 1e-8, 19, 9.606_991_52),
            (1.0 - 1e-8, 99_999, 5.731_213_75),
            (1.0 - 1e-12, 1, 636_633_856_000.0),
            (1.0 - 1e-12, 4, 1_565.092_17),
            (1.0 - 1e-12, 19, 16.516_446_4),
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

    /// Half of the ninth digit of t is at most 5e-9 of it, and far out the tail falls with up to the fiftieth power of t.
    #[test]
    fn the_tail_beyond_a_quantile_is_what_the_level_leaves() {
        for degrees_of_freedom in (1..300).chain([1_000, 10_000, 1_000_000]) {
            for tail in [0.99, 0.5, 0.1, 0.05, 0.01, 1e-4, 1e-6, 1e-9, 1e-12] {
                let quantile = two_sided_quantile(1.0 - tail, degrees_of_freedom).unwrap();
                let distribution = StudentsT::new(0.0, 1.0, f64::from(degrees_of_freedom)).unwrap();
                let beyond = 2.0 * distribution.cdf(-quantile);
                // As the level, being a float, has it.
                let tail = 1.0 - (1.0 - tail);
                assert!(
                    (beyond / tail - 1.0).abs() < 3e-7,
                    "{tail} {degrees_of_freedom}: {quantile}"
                );
            }
        }
    }

    #[test]
    fn without_degrees_of_freedom_there_is_no_quantile() {
        assert_eq!(two_sided_quantile(0.95, 0), None);
    }
}
