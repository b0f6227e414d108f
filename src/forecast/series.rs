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

    /// The last month up to `origin` that has a figure, and the figure.
    #[must_use]
    pub fn last_at(&self, origin: Month) -> Option<(Month, f64)> {
        let (&month, &figure) = self.figures.range(..=origin).next_back()?;
        Some((month, figure))
    }

    /// What is known at the end of the month `origin`: the last month published by then, and the figures up to it that follow each other
    /// without a gap, its own last. `None` where nothing was published by then.
    ///
    /// A single month that is missing between two others is no gap: its figure is taken to be their geometric mean, the middle of their
    /// logarithms. From a longer gap on, only what comes after it counts (both after Hyndman & Athanasopoulos, Forecasting: Principles and
    /// Practice, 3rd ed., section 13.9). A figure of 0, which has no logarithm, is a gap too, but for the last.
    #[must_use]
    pub fn known_at(&self, origin: Month) -> Option<(Month, Vec<f64>)> {
        let (last, figure) = self.last_at(origin)?;
        let back = |months: i32| {
            let figure = self.at(last.after(-months));
            figure.filter(|&figure| figure > 0.0)
        };
        let is_published = |months: i32| self.at(last.after(-months)).is_some();
        let between = |months: i32| {
            let (later, earlier) = (back(months - 1)?, back(months + 1)?);
            (!is_published(months)).then(|| (later * earlier).sqrt())
        };
        let earlier = (1..).map_while(|months| back(months).or_else(|| between(months)));
        let mut known: Vec<f64> = std::iter::once(figure).chain(earlier).collect();
        known.reverse();
        Some((last, known))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(figures: &[(i32, f64)]) -> MonthlySeries {
        let figures = figures.iter();
        figures
            .map(|&(after, figure)| (Month::new(2024, 1).after(after), figure))
            .collect()
    }

    #[test]
    fn what_is_known_ends_at_the_last_month_published_and_begins_after_the_last_gap() {
        let gap_of_two = series(&[(0, 1.0), (3, 3.0), (4, 4.0), (5, 5.0)]);
        let known = |origin: i32| gap_of_two.known_at(Month::new(2024, 1).after(origin));
        let month = |after| Month::new(2024, 1).after(after);
        assert_eq!(known(4), Some((month(4), vec![3.0, 4.0])));
        assert_eq!(known(2), Some((month(0), vec![1.0])));
        assert_eq!(known(9), Some((month(5), vec![3.0, 4.0, 5.0])));
        assert_eq!(known(-1), None);
        assert_eq!(gap_of_two.at(month(3)), Some(3.0));
        let with_0 = series(&[(0, 5.0), (1, 0.0), (2, 7.0), (3, 0.0)]);
        let known = |origin: i32| with_0.known_at(month(origin));
        assert_eq!(known(2), Some((month(2), vec![7.0])));
        assert_eq!(known(3), Some((month(3), vec![7.0, 0.0])));
    }

    #[test]
    fn a_single_missing_month_lies_between_its_neighbours() {
        let month = |after| Month::new(2024, 1).after(after);
        let one = series(&[(0, 2.0), (2, 8.0), (3, 9.0)]);
        let expected = vec![2.0, 4.0, 8.0, 9.0];
        assert_eq!(one.known_at(month(3)), Some((month(3), expected)));
        // What comes after the origin fills nothing, and a published 0 is nobody's neighbour.
        assert_eq!(one.known_at(month(1)), Some((month(0), vec![2.0])));
        let beside_0 = series(&[(0, 0.0), (2, 8.0)]);
        assert_eq!(beside_0.known_at(month(2)), Some((month(2), vec![8.0])));
    }
}
