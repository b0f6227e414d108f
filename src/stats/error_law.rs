//! The shape of a model's errors: normal, or with heavier tails.

use std::f64::consts::{PI, SQRT_2};
use std::fmt;

use statrs::distribution::{ContinuousCDF, StudentsT};
use statrs::function::gamma::ln_gamma;

/// The distribution of an error in units of its standard deviation: normal, or Student's t scaled to a variance of 1.
///
/// With few degrees of freedom ν most errors are smaller than normal ones of the same standard deviation, and a few far larger; so those
/// few say less of what is estimated: Lange, Little & Taylor (1989), "Robust statistical modeling using the t distribution",
/// doi:10.1080/01621459.1989.10478852, who take ν = 4 where it is not estimated. The density of t with variance 1 is
/// c (1 + z² / (ν - 2))^(-(ν + 1) / 2), with c = Γ((ν + 1) / 2) / (Γ(ν / 2) √(π (ν - 2))).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ErrorLaw {
    /// `None` for the normal distribution.
    degrees_of_freedom: Option<f64>,
    /// Logarithm of the density of no error.
    height: f64,
}

impl Default for ErrorLaw {
    fn default() -> Self {
        Self::NORMAL
    }
}

impl ErrorLaw {
    /// The normal distribution.
    pub const NORMAL: Self = Self {
        degrees_of_freedom: None,
        // Minus half of ln 2π.
        height: -0.918_938_533_204_672_8,
    };

    /// Student's t. `None` unless its degrees of freedom are finite and above 2, at and below which there is no variance.
    #[must_use]
    pub fn student(degrees_of_freedom: f64) -> Option<Self> {
        let has_variance = degrees_of_freedom.is_finite() && degrees_of_freedom > 2.0;
        let df = degrees_of_freedom;
        has_variance.then(|| Self {
            degrees_of_freedom: Some(df),
            height: ln_gamma(df / 2.0 + 0.5)
                - ln_gamma(df / 2.0)
                - 0.5 * libm::log(PI * (df - 2.0)),
        })
    }

    /// Those of Student's t; `None` for the normal distribution, which has infinitely many.
    #[must_use]
    pub const fn degrees_of_freedom(self) -> Option<f64> {
        self.degrees_of_freedom
    }

    /// Logarithm of the density at an error of `z` standard deviations, the standard deviation being 1.
    #[must_use]
    pub fn log_density(self, z: f64) -> f64 {
        let fall = (self.degrees_of_freedom)
            .map_or(z * z, |df| (df + 1.0) * libm::log1p(z * z / (df - 2.0)));
        self.height - 0.5 * fall
    }

    /// How fast the log density falls at `z`: minus its derivative. Proportional to z where errors are normal, and towards 0 again far
    /// out where they are not.
    #[must_use]
    pub fn pull(self, z: f64) -> f64 {
        (self.degrees_of_freedom).map_or(z, |df| (df + 1.0) * z / (df - 2.0 + z * z))
    }

    /// What an error tells of where its distribution lies, over what a normal one of the same standard deviation tells: Fisher's
    /// information, (ν + 1) ν / ((ν + 3) (ν - 2)).
    #[must_use]
    pub fn information(self) -> f64 {
        (self.degrees_of_freedom).map_or(1.0, |df| (df + 1.0) * df / ((df + 3.0) * (df - 2.0)))
    }

    /// Probability of an error of at most `z` standard deviations; NaN of NaN.
    #[must_use]
    #[expect(
        clippy::missing_panics_doc,
        reason = "the degrees of freedom were checked when the law was made"
    )]
    pub fn below(self, z: f64) -> f64 {
        if z.is_nan() {
            return z;
        }
        self.degrees_of_freedom.map_or_else(
            || 0.5 * libm::erfc(-z / SQRT_2),
            |df| {
                let scale = libm::sqrt((df - 2.0) / df);
                let student = StudentsT::new(0.0, scale, df);
                student.expect("finite, and above 2").cdf(z)
            },
        )
    }
}

impl fmt::Display for ErrorLaw {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.degrees_of_freedom {
            None => to.write_str("normal"),
            Some(df) => write!(to, "Student's t with {df} degrees of freedom"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn student() -> ErrorLaw {
        ErrorLaw::student(4.0).unwrap()
    }

    /// Integral over the whole line by Simpson's rule in u, z = u / (1 - u²).
    fn integral(of: impl Fn(f64) -> f64) -> f64 {
        const HALF: i32 = 20_000;
        let at = |i: i32| {
            let u = f64::from(i) / f64::from(HALF);
            let rest = 1.0 - u * u;
            of(u / rest) * (1.0 + u * u) / (rest * rest)
        };
        let weight = |i: i32| if i % 2 == 0 { 2.0 } else { 4.0 };
        let sum: f64 = (1 - HALF..HALF).map(|i| weight(i) * at(i)).sum();
        sum / (3.0 * f64::from(HALF))
    }

    #[test]
    fn probabilities_sum_to_1_and_the_variance_is_1() {
        for law in [
            ErrorLaw::NORMAL,
            student(),
            ErrorLaw::student(30.0).unwrap(),
        ] {
            let density = |z: f64| libm::exp(law.log_density(z));
            assert!((integral(density) - 1.0).abs() < 1e-6, "{law:?}");
            let variance = integral(|z| z * z * density(z));
            // The tails of four degrees of freedom end where the rule does.
            assert!((variance - 1.0).abs() < 1e-3, "{law:?}: {variance}");
            let information = integral(|z| law.pull(z) * law.pull(z) * density(z));
            assert!((information - law.information()).abs() < 1e-6, "{law:?}");
        }
    }

    #[test]
    fn pull_and_probability_belong_to_the_density() {
        const STEP: f64 = 1e-5;
        for law in [ErrorLaw::NORMAL, student()] {
            for z in [-8.0, -1.5, 0.0, 0.3, 2.0, 11.0] {
                let slope = law.log_density(z + STEP) - law.log_density(z - STEP);
                assert!((slope / (2.0 * STEP) + law.pull(z)).abs() < 1e-6, "{z}");
                let mass = law.below(z + STEP) - law.below(z - STEP);
                let density = libm::exp(law.log_density(z));
                assert!((mass / (2.0 * STEP) - density).abs() < 1e-6, "{z}");
            }
        }
    }

    /// With four degrees of freedom: tables have t = 2.131846786 at 95%, which is that times √(2/4) standard deviations.
    #[test]
    fn quantiles_are_those_of_the_tables() {
        let below = student().below(2.131_846_786 / SQRT_2);
        assert!((below - 0.95).abs() < 1e-9, "{below}");
        assert!((ErrorLaw::NORMAL.below(1.644_853_627) - 0.95).abs() < 1e-9);
        assert!((student().below(0.0) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn a_law_is_told_in_words() {
        assert_eq!(ErrorLaw::default().to_string(), "normal");
        let told = "Student's t with 4 degrees of freedom";
        assert_eq!(student().to_string(), told);
    }

    #[test]
    fn without_a_variance_there_is_no_standard_deviation_to_count_in() {
        assert!(student().below(f64::NAN).is_nan());
        for wrong in [2.0, 0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(ErrorLaw::student(wrong), None);
        }
    }
}
