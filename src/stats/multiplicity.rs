//! Many comparisons at once: a level that holds for all of them together.
//!
//! A table of 100 differences between equal policies has about five 95% intervals without 0. An interval at the level of
//! [`simultaneous`] errs anywhere in the table with at most 5%.

use super::estimate::Level;

/// The level at which each of `comparisons` intervals must be made so that all of them cover together with `level`.
///
/// 1 - (1 - level) / m, Bonferroni's inequality (Dunn 1961, doi:10.1080/01621459.1961.10482090). It holds however the
/// comparisons depend on each other, so also for those made on the same people.
#[must_use]
pub fn simultaneous(level: Level, comparisons: usize) -> Level {
    let error = (1.0 - level.share()) / comparisons.max(1) as f64;
    // An error below half of the last bit leaves 1, which is no level.
    Level::of((1.0 - error).min(1.0_f64.next_down())).unwrap_or(level)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::SmallRng;
    use rand_distr::{Distribution, StandardNormal};

    use super::*;
    use crate::stats::{ConfidenceInterval, Moments};

    #[test]
    fn ten_comparisons_at_95_percent_need_99_and_a_half_each() {
        let ten = simultaneous(Level::USUAL, 10).share();
        assert!((ten - 0.995).abs() < 1e-15, "{ten}");
        assert_eq!(simultaneous(Level::USUAL, 1), Level::USUAL);
        assert_eq!(simultaneous(Level::USUAL, 0), Level::USUAL);
    }

    #[test]
    fn no_number_of_comparisons_makes_the_level_1() {
        let most = simultaneous(Level::USUAL, usize::MAX).share();
        assert!(most < 1.0 && most > 0.999_999);
    }

    /// Families of 20 true hypotheses that share half of their luck, eight pairs each; how often (any interval at the
    /// simultaneous level misses, any at the usual level does) in 4,000.
    fn errors() -> [f64; 2] {
        let mut random = SmallRng::seed_from_u64(5);
        let mut draw = || -> f64 { StandardNormal.sample(&mut random) };
        let levels = [simultaneous(Level::USUAL, 20), Level::USUAL];
        let mut errors = [0.0; 2];
        for _ in 0..4_000 {
            let mut family = [Moments::default(); 20];
            for _ in 0..8 {
                let common = draw();
                for moments in &mut family {
                    moments.add(common + draw());
                }
            }
            for (errors, level) in errors.iter_mut().zip(levels) {
                let missed = |moments: &Moments| {
                    let interval = ConfidenceInterval::of_mean(moments, level).unwrap();
                    interval.lower > 0.0 || interval.upper < 0.0
                };
                *errors += f64::from(u8::from(family.iter().any(missed))) / 4_000.0;
            }
        }
        errors
    }

    /// Standard error at 0.05 with 4,000 families 0.0034; α = 0.001 one-sided gives 3.09 of them: at most 0.0607.
    #[test]
    fn a_family_without_differences_shows_one_in_at_most_5_percent() {
        let [together, alone] = errors();
        assert!(together < 0.0607, "{together}");
        assert!(
            alone > 0.2,
            "without adjustment the error is large: {alone}"
        );
    }
}
