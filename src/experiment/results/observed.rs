//! Published figures beside simulated ones.

use super::Results;
use super::crossover::ports_exceed;
use crate::forecast::{PointScores, relative_error};
use crate::record::{Key, Layout, Metric, Period, Place};
use crate::scenario::observed::Observed;

/// A published figure and what the simulation says of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ObservedFigure {
    /// Month, metric and place (the whole border, or a group).
    pub key: Key,
    /// The published figure.
    pub observed: f64,
    /// Mean over replications.
    pub mean: f64,
}

impl ObservedFigure {
    /// Simulated over published, less 1; `None` where the published figure is 0.
    #[must_use]
    pub fn relative_error(&self) -> Option<f64> {
        relative_error(self.mean, self.observed)
    }
}

/// Whether, in a month, the published figures and the means agree on where more people were met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderCheck {
    /// Index of the month.
    pub month: u32,
    /// Published port encounters exceed published irregular ones.
    pub published_ports_exceed: bool,
    /// Simulated ones do.
    pub simulated_ports_exceed: bool,
}

impl OrderCheck {
    /// Whether they agree.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.published_ports_exceed == self.simulated_ports_exceed
    }
}

/// The column of published tables that a key of a month belongs to: over the border or by group; `None` for any other key.
#[must_use]
pub fn column(layout: &Layout, key: Key) -> Option<String> {
    let metric = key.metric.name();
    match (key.period, key.place) {
        (Period::Month(_), _) if key.is_detail() => None,
        (Period::Month(_), Place::Everywhere) => Some(metric.to_owned()),
        (Period::Month(_), Place::Group(_)) => Some(format!("{metric}_{}", layout.id(key.place))),
        _ => None,
    }
}

/// The published figure of a key: of a whole month that is recorded in full, over the border or by group.
#[must_use]
pub fn published(results: &Results, observed: &Observed, key: Key) -> Option<f64> {
    let Period::Month(month) = key.period else {
        return None;
    };
    let layout = results.layout();
    let column = column(layout, key)?;
    let figure = observed.figure(layout.month(month), &column)?;
    layout.is_whole(month).then_some(figure)
}

/// Every published figure that the simulation has a mean for, in the order of results.
#[must_use]
pub fn figures(results: &Results, observed: &Observed) -> Vec<ObservedFigure> {
    let with_figure = results.estimates().filter_map(|(key, estimate)| {
        Some(ObservedFigure {
            key,
            observed: published(results, observed, key)?,
            mean: estimate?.mean,
        })
    });
    with_figure.collect()
}

/// How far a metric over the whole border is from its published figures.
#[must_use]
pub fn scores(results: &Results, observed: &Observed, metric: Metric) -> PointScores {
    let mut scores = PointScores::default();
    for figure in figures(results, observed) {
        if figure.key.metric == metric && figure.key.place == Place::Everywhere {
            scores.add(figure.mean, figure.observed);
        }
    }
    scores
}

/// The check of order for every month whose two figures are published.
#[must_use]
pub fn order_checks(results: &Results, observed: &Observed) -> Vec<OrderCheck> {
    let check = |month| {
        let figure = |metric| published(results, observed, Key::of_month(month, metric));
        Some(OrderCheck {
            month,
            published_ports_exceed: ports_exceed(figure)?,
            simulated_ports_exceed: results.ports_exceed(month)?,
        })
    };
    results.layout().months().filter_map(check).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::example;
    use crate::stats::Level;

    fn results() -> Results {
        let mut results = Results::new(example::layout(), Level::USUAL);
        results.add(&example::layout().observe(&example::record(0)));
        results
    }

    #[test]
    fn only_whole_months_are_set_beside_published_ones() {
        let figures = figures(&results(), &example::observed());
        let months: Vec<_> = figures.iter().map(|figure| figure.key.period).collect();
        assert_eq!(months, [Period::Month(1); 3]);
    }

    #[test]
    fn a_column_of_a_group_is_set_beside_that_group() {
        let figures = figures(&results(), &example::observed());
        let mexican = figures
            .iter()
            .find(|figure| figure.key.place == Place::Group(0));
        let mexican = mexican.unwrap();
        assert_eq!((mexican.observed, mexican.mean), (1000.0, 1200.0));
        assert!((mexican.relative_error().unwrap() - 0.2).abs() < 1e-12);
    }

    #[test]
    fn a_published_zero_has_no_relative_error() {
        let figure = ObservedFigure {
            key: Key::of_month(1, Metric::PortEncounters),
            observed: 0.0,
            mean: 3.0,
        };
        assert_eq!(figure.relative_error(), None);
    }

    #[test]
    fn the_order_is_checked_where_both_figures_are_published() {
        let checks = order_checks(&results(), &example::observed());
        assert_eq!(checks.len(), 1);
        assert!(checks[0].agrees() && checks[0].published_ports_exceed);
    }
}
