//! How skewed values are, in one pass.

use super::moments::Moments;

/// Running mean, variance and third central moment (Pébay 2008, Formulas for robust, one-pass parallel computation of covariances and
/// arbitrary-order statistical moments, doi:10.2172/1028931).
///
/// The last bits depend on the order of the values, as those of [`Moments`] do.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Skewness {
    moments: Moments,
    cubed_deviations: f64,
}

impl Skewness {
    /// Adds a value.
    pub fn add(&mut self, value: f64) {
        let before = f64::from(self.moments.n());
        let squared = self.moments.squared_deviations();
        let deviation = value - self.moments.mean().unwrap_or(value);
        self.moments.add(value);
        let step = deviation / (before + 1.0);
        self.cubed_deviations +=
            deviation * step * step * before * (before - 1.0) - 3.0 * step * squared;
    }

    /// Mean and variance.
    #[must_use]
    pub fn moments(&self) -> &Moments {
        &self.moments
    }

    /// The skewness G₁ of a sample, 0 for symmetric values and above it where some lie far above the others: √(n (n - 1)) / (n - 2) times m₃ / m₂^(3/2), with
    /// central moments of divisor n (Joanes & Gill 1998, doi:10.1111/1467-9884.00122).
    ///
    /// `None` for fewer than three values, and where all are the same.
    #[must_use]
    pub fn g1(&self) -> Option<f64> {
        let n = f64::from(self.moments.n());
        let second = self.moments.squared_deviations() / n;
        let third = self.cubed_deviations / n;
        (n > 2.0 && second > 0.0)
            .then(|| (n * (n - 1.0)).sqrt() / (n - 2.0) * third / (second * second.sqrt()))
    }
}

impl FromIterator<f64> for Skewness {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut skewness = Self::default();
        values.into_iter().for_each(|value| skewness.add(value));
        skewness
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn g1(values: &[f64]) -> Option<f64> {
        values.iter().copied().collect::<Skewness>().g1()
    }

    /// By hand: 0, 0, 0 and 4 have a mean of 1, m₂ = 3 and m₃ = 6, so G₁ = √12 / 2 · 6 / √27 = 2.
    #[test]
    fn the_skewness_is_that_computed_by_hand() {
        for (offset, factor) in [(0.0, 1.0), (1e3, 1.0), (0.0, -1.0)] {
            let values = [0.0, 0.0, 0.0, 4.0].map(|value| offset + factor * value);
            let found = g1(&values).unwrap();
            assert!((found - 2.0 * factor).abs() < 1e-9, "{found}");
        }
        assert!(g1(&[1.0, 2.0, 3.0, 4.0]).unwrap().abs() < 1e-12);
    }

    #[test]
    fn two_values_or_equal_ones_have_no_skewness() {
        assert_eq!((g1(&[1.0, 2.0]), g1(&[3.0; 9])), (None, None));
    }

    #[test]
    fn mean_and_variance_are_those_of_the_moments() {
        let values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        let skewness: Skewness = values.into_iter().collect();
        assert_eq!(*skewness.moments(), values.into_iter().collect());
    }
}
