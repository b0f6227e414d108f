//! Figures by month, as they are published: some months may be missing.

use std::collections::BTreeMap;

use crate::month::Month;

/// One figure a month; a month that was not published is absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MonthlySeries {
    figures: BTreeMap<Month, f64>,
}

impl FromIterator<(Month, f64)> for MonthlySeries {
    fn from_iter<I: IntoIterator<Item = (Month, f64)>>(figures: I) -> Self {
        Self {
            figures: figures.into_iter().collect(),
        }
    }
}

impl MonthlySeries {
    /// The figure of a month.
    #[must_use]
    pub fn at(&self, month: Month) -> Option<f64> {
        self.figures.get(&month).copied()
    }

    /// Every month with its figure, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Month, f64)> + '_ {
        self.figures.iter().map(|(&month, &figure)| (month, figure))
    }

    /// What is known at the end of the month `origin`: the figures of the months up to it that follow each other without a gap, the
    /// figure of the origin last. A figure of 0, which has no logarithm, is a gap too, but for that of the origin. Empty where the origin
    /// itself has none.
    #[must_use]
    pub fn known_at(&self, origin: Month) -> Vec<f64> {
        let backwards = (0..).map_while(|back: i32| {
            let figure = self.at(origin.after(-back));
            figure.filter(|&figure| back == 0 || figure > 0.0)
        });
        let mut known: Vec<f64> = backwards.collect();
        known.reverse();
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_ends_at_the_origin_and_begins_after_the_last_gap() {
        let series: MonthlySeries = [(10, 1.0), (12, 3.0)]
            .map(|(month, figure)| (Month::new(2023, month), figure))
            .into_iter()
            .chain([(Month::new(2024, 1), 4.0), (Month::new(2024, 2), 5.0)])
            .collect();
        assert_eq!(series.known_at(Month::new(2024, 1)), [3.0, 4.0]);
        assert_eq!(series.known_at(Month::new(2023, 11)), [] as [f64; 0]);
        assert_eq!(series.at(Month::new(2023, 12)), Some(3.0));
        let none = [(1, 5.0), (2, 0.0), (3, 7.0), (4, 0.0)];
        let series: MonthlySeries = none
            .map(|(month, figure)| (Month::new(2024, month), figure))
            .into_iter()
            .collect();
        assert_eq!(series.known_at(Month::new(2024, 3)), [7.0]);
        assert_eq!(series.known_at(Month::new(2024, 4)), [7.0, 0.0]);
    }
}
