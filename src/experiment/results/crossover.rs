//! The first month in which more people are met at ports than between them.

use crate::record::{Key, Layout, Metric};

/// The first month in which, in the means over replications, port encounters exceed irregular ones. A month of which not every day is
/// recorded is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossover {
    /// Index of the month.
    pub month: u32,
    /// Replications.
    pub replications: u32,
    /// Those in which they do so in that month.
    pub exceeding: u32,
    /// Those of which it is the first such month.
    pub first: u32,
}

impl Crossover {
    /// Share of the replications in which they do so in that month.
    #[must_use]
    pub fn share_of_replications(&self) -> f64 {
        f64::from(self.exceeding) / f64::from(self.replications)
    }

    /// Share of the replications of which it is the first such month.
    #[must_use]
    pub fn share_first(&self) -> f64 {
        f64::from(self.first) / f64::from(self.replications)
    }
}

/// How many replications have more encounters at ports than between them, by month.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Crossovers {
    /// Positions of port and irregular encounters by month.
    positions: Vec<Option<(usize, usize)>>,
    /// Replications in which ports exceed, by month.
    exceeding: Vec<u32>,
    /// Replications in which ports exceed for the first time, by month.
    first: Vec<u32>,
}

impl Crossovers {
    pub(super) fn new(layout: &Layout) -> Self {
        let position = |month, metric| layout.position(Key::of_month(month, metric));
        let positions: Vec<_> = layout
            .months()
            .map(|month| {
                let whole = layout.is_whole(month).then_some(month)?;
                let ports = position(whole, Metric::PortEncounters);
                ports.zip(position(whole, Metric::IRREGULAR_ENCOUNTERS))
            })
            .collect();
        Self {
            exceeding: vec![0; positions.len()],
            first: vec![0; positions.len()],
            positions,
        }
    }

    /// Adds the values of a replication.
    pub(super) fn add(&mut self, values: &[Option<f64>]) {
        let mut seen = false;
        for (month, position) in self.positions.iter().enumerate() {
            let exceeds = position.is_some_and(|(ports, between)| values[ports] > values[between]);
            if exceeds {
                self.exceeding[month] += 1;
                self.first[month] += u32::from(!seen);
                seen = true;
            }
        }
    }

    /// The first whole month in which they exceed in the means of so many replications, by what is told of a month.
    pub(super) fn first(
        &self,
        replications: u32,
        exceed_in_means: impl Fn(u32) -> bool,
    ) -> Option<Crossover> {
        let mut months = (0..).zip(&self.positions);
        let is_first =
            |&(month, position): &(u32, &Option<_>)| position.is_some() && exceed_in_means(month);
        let (month, _) = months.find(is_first)?;
        Some(Crossover {
            month,
            replications,
            exceeding: self.exceeding[month as usize],
            first: self.first[month as usize],
        })
    }
}

/// Whether port encounters exceed irregular ones by a figure of each; `None` where one is missing.
pub(in crate::experiment) fn ports_exceed(figure: impl Fn(Metric) -> Option<f64>) -> Option<bool> {
    Some(figure(Metric::PortEncounters)? > figure(Metric::IRREGULAR_ENCOUNTERS)?)
}
