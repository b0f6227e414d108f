//! What a scenario has at its ports and triggers by itself: a difference tells nothing of those that the other lacks, nor of a figure that has
//! no value there.

use crate::record::{Key, Layout, Place};
use crate::stats::Moments;

/// The figures of a scenario at its ports and triggers, over what is compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Own {
    layout: Layout,
    /// In the order of the layout.
    figures: Vec<Figure>,
}

#[derive(Debug, Clone, PartialEq)]
struct Figure {
    position: usize,
    /// Of the future under way; without futures, of the replication.
    under_way: Moments,
    /// Of what is compared.
    means: Moments,
}

impl Own {
    pub(super) fn of(layout: &Layout) -> Self {
        let keys = layout.keys().iter().enumerate();
        let figures = keys
            .filter(|(_, key)| matches!(key.place, Place::Port(_) | Place::Trigger(_)))
            .map(|(position, _)| Figure {
                position,
                under_way: Moments::default(),
                means: Moments::default(),
            });
        Self {
            layout: layout.clone(),
            figures: figures.collect(),
        }
    }

    /// Adds the values of a replication.
    pub(super) fn add(&mut self, values: &[Option<f64>]) {
        for figure in &mut self.figures {
            if let Some(value) = values[figure.position] {
                figure.under_way.add(value);
            }
        }
    }

    /// Ends the future under way, or a replication that stands alone.
    pub(super) fn end_unit(&mut self) {
        for figure in &mut self.figures {
            if let Some(mean) = std::mem::take(&mut figure.under_way).mean() {
                figure.means.add(mean);
            }
        }
    }

    /// What its keys are.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The mean of a figure over the replications, or futures, that are compared and have a value of it; `None` where none has.
    #[must_use]
    pub fn mean(&self, key: Key) -> Option<f64> {
        let position = self.layout.position(key)?;
        let figures = &self.figures;
        let place = figures.binary_search_by_key(&position, |figure| figure.position);
        figures[place.ok()?].means.mean()
    }
}
