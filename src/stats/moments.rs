//! Mean and variance in one pass.

/// Running mean and sum of squared deviations (Welford 1962, doi:10.1080/00401706.1962.10490022).
///
/// The last bits depend on the order of the values: whoever wants the same bytes again adds them in the same order.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Moments {
    n: u32,
    mean: f64,
    squared_deviations: f64,
}

impl Moments {
    /// Adds a value.
    pub fn add(&mut self, value: f64) {
        self.n += 1;
        let deviation = value - self.mean;
        self.mean += deviation / f64::from(self.n);
        self.squared_deviations += deviation * (value - self.mean);
    }

    /// Values added.
    #[must_use]
    pub fn n(&self) -> u32 {
        self.n
    }

    /// Their mean; `None` without values.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then_some(self.mean)
    }

    /// Their unbiased variance, with divisor n - 1; `None` for fewer than two values.
    #[must_use]
    pub fn variance(&self) -> Option<f64> {
        (self.n > 1).then(|| self.squared_deviations / f64::from(self.n - 1))
    }

    /// The sum of squared deviations from their mean.
    pub(super) fn squared_deviations(&self) -> f64 {
        self.squared_deviations
    }
}

impl FromIterator<f64> for Moments {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut moments = Self::default();
        for value in values {
            moments.add(value);
        }
        moments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_and_variance_are_those_of_the_textbook() {
        let moments: Moments = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]
            .into_iter()
            .collect();
        assert_eq!(moments.n(), 8);
        assert_eq!(moments.mean(), Some(5.0));
        assert!((moments.variance().unwrap() - 32.0 / 7.0).abs() < 1e-12);
    }

    #[test]
    fn a_large_common_offset_does_not_spoil_the_variance() {
        let moments: Moments = [4.0, 7.0, 13.0, 16.0]
            .into_iter()
            .map(|value| value + 1e9)
            .collect();
        assert_eq!(moments.variance(), Some(30.0));
    }

    #[test]
    fn no_value_has_no_mean_and_one_value_has_no_variance() {
        assert_eq!(Moments::default().mean(), None);
        let one: Moments = [3.0].into_iter().collect();
        assert_eq!((one.mean(), one.variance()), (Some(3.0), None));
    }
}
