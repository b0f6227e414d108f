//! Where single replications lie, figure by figure.

use crate::record::{Key, Layout, Period};
use crate::stats::{Band, CentralShare, QuantileBand};

/// A band for every figure of months and of the whole run but details: at most twelve kilobytes each, however many replications there are.
///
/// Days, hours at ports and quantiles of waits are some hundred times as many and have none.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::experiment) struct Bands {
    share: CentralShare,
    /// With the places of their keys in the layout, in that order.
    bands: Vec<(usize, Band)>,
}

impl Bands {
    pub(in crate::experiment) fn new(layout: &Layout, share: CentralShare) -> Self {
        let has_band = |key: &Key| !matches!(key.period, Period::Day(_)) && !key.is_detail();
        let keys = layout.keys().iter().enumerate();
        let bands = keys
            .filter(|(_, key)| has_band(key))
            .map(|(position, _)| (position, Band::new(share)));
        Self {
            share,
            bands: bands.collect(),
        }
    }

    pub(in crate::experiment) fn share(&self) -> CentralShare {
        self.share
    }

    /// Adds the values of a replication. Those of a future, or each that stands alone, are [ended](Self::end_group) as a group.
    pub(in crate::experiment) fn add(&mut self, values: &[Option<f64>]) {
        for (position, band) in &mut self.bands {
            if let Some(value) = values[*position] {
                band.add(value);
            }
        }
    }

    /// Ends the replications of a future, or one that stands alone: they know nothing of those that come.
    pub(in crate::experiment) fn end_group(&mut self) {
        for (_, band) in &mut self.bands {
            band.end_group();
        }
    }

    /// The band at a place of the layout.
    pub(in crate::experiment) fn at(&self, position: usize) -> Option<QuantileBand> {
        let place = self.bands.binary_search_by_key(&position, |&(at, _)| at);
        self.bands[place.ok()?].1.band()
    }

    /// Places of the layout that have bands, whether or not there are values enough.
    pub(in crate::experiment) fn positions(&self) -> impl Iterator<Item = usize> {
        self.bands.iter().map(|&(position, _)| position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Metric, Place, example};

    #[test]
    fn months_and_the_whole_run_have_bands_and_details_have_none() {
        let layout = example::layout();
        let mut bands = Bands::new(&layout, CentralShare::USUAL);
        for luck in 0..19 {
            bands.add(&layout.observe(&example::record(luck)).values);
            bands.end_group();
        }
        let at = |period, metric, place| {
            let key = Key {
                period,
                metric,
                place,
            };
            let band = bands.at(layout.position(key).unwrap());
            band.map(|band| (band.lower, band.upper))
        };
        let november = Period::Month(1);
        let port = Place::Port(0);
        // 110 to 128 a day for 30 days: of 19 values the least and the greatest.
        let encounters = Metric::PortEncounters;
        assert_eq!(at(november, encounters, port), Some((3300.0, 3840.0)));
        let of_run = at(Period::Total, encounters, Place::Everywhere);
        assert_eq!(of_run, Some((3480.0, 4020.0)));
        assert_eq!(at(Period::Day(5), encounters, port), None);
        let quantile = Metric::WaitDaysQuantile(50);
        assert_eq!(at(november, quantile, Place::Everywhere), None);
        let hour = Place::PortHour(0, 9);
        assert_eq!(at(november, Metric::QueuePersonsMean, hour), None);
        // Nobody waited in October.
        let never = at(Period::Month(0), Metric::WaitDaysMean, Place::Everywhere);
        assert_eq!(never, None);
    }
}
