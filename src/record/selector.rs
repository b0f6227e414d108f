//! How users name one figure of a scenario: `irregular_encounters`, `wait_days_median/other`, `port_encounters@2024-11`.

use super::key::{Key, Period, Place};
use super::layout::Layout;
use crate::metric::Metric;
use crate::scenario::nearest::meant;
use crate::scenario::values::Region;

/// A text that names no figure of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}`: {reason}")]
pub struct SelectorError {
    text: String,
    reason: String,
}

impl Layout {
    /// The key of the figure that `METRIC`, `METRIC/PLACE`, `METRIC@MONTH` or `METRIC/PLACE@MONTH` names; a place is the id of a
    /// group, port or trigger, or a region. Without a place it is of the whole border, without a month of the whole run.
    ///
    /// # Errors
    /// What is not known, with the nearest that is, or why there is no such figure.
    pub fn select(&self, text: &str) -> Result<Key, SelectorError> {
        let wrong = |reason: String| SelectorError {
            text: text.to_owned(),
            reason,
        };
        let (rest, month) = match text.split_once('@') {
            Some((rest, month)) => (rest, Some(month.trim())),
            None => (text, None),
        };
        let (metric, place) = match rest.split_once('/') {
            Some((metric, place)) => (metric.trim(), Some(place.trim())),
            None => (rest.trim(), None),
        };
        let period = month
            .map_or(Ok(Period::Total), |month| self.select_month(month))
            .map_err(wrong)?;
        let of = self.select_metric(metric).map_err(wrong)?;
        let places = place
            .map_or(Ok(vec![Place::Everywhere]), |place| {
                self.select_places(place)
            })
            .map_err(wrong)?;
        let keys = places.into_iter().map(|place| Key {
            period,
            metric: of,
            place,
        });
        let mut observed = keys.filter(|&key| self.position(key).is_some());
        observed.next().ok_or_else(|| {
            let of_triggers = match self.triggers().next() {
                Some(trigger) if of == Metric::DaysInForce => {
                    format!("; name a trigger, as in {metric}/{}", self.id(trigger))
                }
                _ => String::new(),
            };
            wrong(format!("{metric} is not observed there{of_triggers}"))
        })
    }

    /// The name of a figure, as [`select`](Self::select) reads it.
    #[must_use]
    pub fn name(&self, key: Key) -> String {
        let part = |sign: &str, text: &str| match text {
            "" => String::new(),
            text => format!("{sign}{text}"),
        };
        let place = part("/", self.id(key.place));
        let month = part("@", &self.period(key.period));
        format!("{}{place}{month}", key.metric.name())
    }

    /// The metric of this name.
    ///
    /// # Errors
    /// As [`select`](Self::select).
    pub fn metric(&self, name: &str) -> Result<Metric, SelectorError> {
        self.select_metric(name).map_err(|reason| SelectorError {
            text: name.to_owned(),
            reason,
        })
    }

    /// Every metric of months and of the whole run, each once, in the order in which metrics are listed.
    #[must_use]
    pub fn metrics(&self) -> Vec<Metric> {
        let of_run = self.keys().iter().filter(|key| key.period == Period::Total);
        let mut metrics: Vec<Metric> = of_run.map(|key| key.metric).collect();
        metrics.sort_unstable();
        metrics.dedup();
        metrics
    }

    fn select_metric(&self, name: &str) -> Result<Metric, String> {
        let known = self.metrics();
        let found = known.iter().find(|metric| metric.name() == name);
        found
            .copied()
            .ok_or_else(|| unknown("metric", name, known.iter().map(|metric| metric.name())))
    }

    fn select_month(&self, name: &str) -> Result<Period, String> {
        let months = || self.months().map(Period::Month);
        let found = months().find(|&month| self.period(month) == name);
        found.ok_or_else(|| match (months().next(), months().next_back()) {
            (Some(first), Some(last)) => format!(
                "`{name}` is no month of the run, which is from {} to {}",
                self.period(first),
                self.period(last)
            ),
            _ => "the run has no month".to_owned(),
        })
    }

    /// Every place of this name: a trigger may be named as something else is.
    fn select_places(&self, name: &str) -> Result<Vec<Place>, String> {
        let of_people = || self.places().chain(Region::ALL.map(Place::Region));
        let places = || of_people().chain(self.triggers());
        let found: Vec<Place> = places().filter(|&place| self.id(place) == name).collect();
        if found.is_empty() {
            let known = places().map(|place| self.id(place));
            return Err(unknown("group, port, region or trigger", name, known));
        }
        Ok(found)
    }
}

fn unknown<'a>(kind: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    let meant = match meant(name, &known) {
        Some(meant) => format!("; did you mean {meant}?"),
        None => format!("; known are {}", known.join(", ")),
    };
    format!("no {kind} is called `{name}`{meant}")
}

#[cfg(test)]
mod tests {
    use crate::record::example;

    use super::*;

    #[test]
    fn a_figure_is_named_by_metric_place_and_month() {
        let layout = example::layout();
        let key = layout.select("port_encounters/calexico@2024-11").unwrap();
        assert_eq!(key.period, Period::Month(1));
        assert_eq!(
            (key.metric, key.place),
            (Metric::PortEncounters, Place::Port(0))
        );
        let key = layout.select("wait_days_median").unwrap();
        assert_eq!((key.period, key.place), (Period::Total, Place::Everywhere));
    }

    #[test]
    fn a_name_selects_the_figure_that_it_names() {
        let layout = example::layout();
        for name in [
            "pool_size",
            "port_encounters/calexico@2024-11",
            "arrivals/south",
            "days_in_force/surge",
        ] {
            let key = layout.select(name).unwrap();
            assert_eq!(layout.name(key), name);
        }
    }

    #[test]
    fn what_is_not_known_is_told_with_what_may_be_meant() {
        for (text, reason) in [
            ("port_encounter", "did you mean `port_encounters`?"),
            (
                "wait_days",
                "did you mean `wait_days_mean`, `wait_days_median` or `wait_days_p90`?",
            ),
            ("port_encounters/calexicoo", "did you mean `calexico`?"),
            (
                "port_encounters@2023-11",
                "which is from 2024-10 to 2024-11",
            ),
            (
                "days_in_force",
                "days_in_force is not observed there; name a trigger, as in days_in_force/surge",
            ),
            (
                "crossing_attempts/calexico",
                "crossing_attempts is not observed there",
            ),
            ("x", "known are arrivals, "),
        ] {
            let said = example::layout().select(text).unwrap_err().to_string();
            assert!(
                said.contains(reason) && said.starts_with(&format!("`{text}`")),
                "{said}"
            );
        }
    }
}
