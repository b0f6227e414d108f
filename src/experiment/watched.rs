//! What is watched of a simulation at a point, asked for or not: without it the figures that are asked for may mislead.

use super::responses::Responses;
use crate::record::{Key, Layout, Metric, Period};

/// From here on a queue at a port is long: who stands in it neither crosses nor gives up. \[days\]
pub const LONG_WAIT_DAYS: f64 = 1.0;

/// Minutes of a day.
pub const MINUTES_OF_DAY: f64 = 24.0 * 60.0;

/// A value that is kept of a replication beside the figures asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Watched {
    /// How long 95% of those served had waited at most, at the port and in the month where this is longest.
    LongestPortWait,
    /// On how many days the trigger of this id is on.
    DaysInForce(String),
}

impl Watched {
    /// What is watched of scenarios: queues where one of them has ports, and every trigger that one of them has.
    #[must_use]
    pub fn of_scenarios<'a>(layouts: impl IntoIterator<Item = &'a Layout>) -> Vec<Self> {
        let mut watched = Vec::new();
        for layout in layouts {
            let queues = layout.ports().next().map(|_| Self::LongestPortWait);
            let triggers = layout.triggers().map(|place| layout.id(place).to_owned());
            for one in queues.into_iter().chain(triggers.map(Self::DaysInForce)) {
                if !watched.contains(&one) {
                    watched.push(one);
                }
            }
        }
        watched
    }

    /// Its name in files: that of a figure where there is such a figure.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::LongestPortWait => "longest_port_wait_days_p95".to_owned(),
            Self::DaysInForce(trigger) => format!("{}/{trigger}", Metric::DaysInForce.name()),
        }
    }

    /// Where it is found among the observations of a scenario; nowhere, if this has no such port or trigger.
    pub(super) fn positions(&self, layout: &Layout) -> Vec<usize> {
        let position = |key| layout.position(key);
        match self {
            Self::LongestPortWait => layout
                .months()
                .flat_map(|month| {
                    layout
                        .ports()
                        .map(move |place| (Period::Month(month), place))
                })
                .filter_map(|(period, place)| {
                    position(Key {
                        period,
                        metric: Metric::PortWaitMinutesP95,
                        place,
                    })
                })
                .collect(),
            Self::DaysInForce(trigger) => layout
                .triggers()
                .filter(|&place| layout.id(place) == trigger)
                .filter_map(|place| {
                    position(Key {
                        period: Period::Total,
                        metric: Metric::DaysInForce,
                        place,
                    })
                })
                .collect(),
        }
    }

    /// Its value, from those at its positions; `None` where there is none. \[days\]
    pub(super) fn value(&self, found: impl Iterator<Item = Option<f64>>) -> Option<f64> {
        let most = found.flatten().reduce(f64::max)?;
        Some(match self {
            Self::LongestPortWait => most / MINUTES_OF_DAY,
            Self::DaysInForce(_) => most,
        })
    }
}

/// Queues of more than a day, in the means over the replications of a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LongQueues {
    /// At how many points there are some.
    pub points: u32,
    /// The point with the longest.
    pub worst: u32,
    /// How long 95% of those served had waited there at most. \[days\]
    pub days: f64,
}

/// A trigger that is on for longer at one point than at another, in the means over their replications.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uneven {
    /// The first point at which it is on for the shortest time, and this. \[days\]
    pub least: (u32, f64),
    /// The first point at which it is on for the longest time, and this. \[days\]
    pub most: (u32, f64),
}

impl Responses {
    /// The queues of a scenario; `None` where none is long, or none is watched.
    #[must_use]
    pub fn long_queues(&self, scenario: u32) -> Option<LongQueues> {
        let watched = &self.layout().watched;
        let queues = (watched.iter()).position(|one| *one == Watched::LongestPortWait)?;
        let is_long = |(_, days): &(u32, f64)| *days > LONG_WAIT_DAYS;
        let long: Vec<(u32, f64)> = self.means(scenario, queues).filter(is_long).collect();
        let (worst, days) = long.iter().copied().reduce(larger)?;
        Some(LongQueues {
            points: long.len() as u32,
            worst,
            days,
        })
    }

    /// How unevenly a trigger, by its place among what is watched, is on over the points of a scenario; `None` where it is on alike at all of
    /// them, and where points have luck of their own. With the same people at all, a difference is what the points bring about, and no chance.
    #[must_use]
    pub fn uneven(&self, scenario: u32, watched: usize) -> Option<Uneven> {
        let smaller =
            |one: (u32, f64), other: (u32, f64)| if other.1 < one.1 { other } else { one };
        let least = self.means(scenario, watched).reduce(smaller)?;
        let most = self.means(scenario, watched).reduce(larger)?;
        // Where replications came to nothing, means may differ by those that are left.
        let differs = self.layout().is_common
            && least.1 < most.1
            && self.watched_ever_differs(scenario, watched);
        differs.then_some(Uneven { least, most })
    }

    /// The points that have a mean of what is watched, and this.
    fn means(&self, scenario: u32, watched: usize) -> impl Iterator<Item = (u32, f64)> {
        let mean = move |point| Some((point, self.watched(point, scenario, watched)?.mean));
        (0..self.points()).filter_map(mean)
    }
}

/// The first of equal ones.
fn larger(one: (u32, f64), other: (u32, f64)) -> (u32, f64) {
    if other.1 > one.1 { other } else { one }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Points;
    use crate::experiment::responses::tests::{done, watching};
    use crate::record::{Detail, example};
    use crate::scenario::Calendar;

    fn layout(ports: &[&str], triggers: &[&str]) -> Layout {
        let calendar = Calendar::new(&example::run());
        let [ports, triggers] =
            [ports, triggers].map(|ids| ids.iter().map(|&id| id.to_owned()).collect::<Vec<_>>());
        let groups = ["all".to_owned()];
        Layout::new(&calendar, &groups, &ports, &triggers, Detail::Summary)
    }

    /// Two points with two replications each, which keep two figures, the longest queue and a trigger.
    fn responses(watched: [[Option<f64>; 2]; 4]) -> Responses {
        let values = ["1", "2"].map(|value| vec![value.to_owned()]);
        let points = Points::new(vec!["a".to_owned()], values.into());
        let mut responses = Responses::new(watching(points, &["base"], 2));
        for [queue, days] in watched {
            responses.take(done(&[Some(1.0), None, queue, days]));
        }
        responses
    }

    #[test]
    fn what_is_watched_is_no_figure_of_a_run() {
        let responses = responses([[Some(0.5), Some(3.0)]; 4]);
        assert_eq!(responses.run(0, 0, 0), Some(&[Some(1.0), None][..]));
        let watched = |one| responses.watched(1, 0, one).map(|found| found.mean);
        assert_eq!([watched(0), watched(1)], [Some(0.5), Some(3.0)]);
    }

    #[test]
    fn a_queue_is_long_where_its_mean_is_above_a_day() {
        let of = |days: [f64; 4]| responses(days.map(|days| [Some(days), None])).long_queues(0);
        assert_eq!(of([1.0, 1.0, 0.2, 1.8]), None);
        let long = |points, worst, days| {
            Some(LongQueues {
                points,
                worst,
                days,
            })
        };
        assert_eq!(of([0.5, 1.0, 2.0, 3.0]), long(1, 1, 2.5));
        assert_eq!(of([4.0, 4.0, 2.0, 3.0]), long(2, 0, 4.0));
        assert_eq!(responses([[None, Some(1.0)]; 4]).long_queues(0), None);
    }

    #[test]
    fn a_trigger_is_uneven_where_the_same_people_see_it_on_for_other_days() {
        let of = |days: [Option<f64>; 4]| responses(days.map(|days| [None, days])).uneven(0, 1);
        assert_eq!(of([3.0, 5.0, 3.0, 5.0].map(Some)), None);
        let found = of([3.0, 5.0, 3.0, 2.0].map(Some)).unwrap();
        assert_eq!((found.least, found.most), ((1, 2.5), (0, 4.0)));
        // One replication came to nothing, and the means are of others.
        assert_eq!(of([Some(3.0), Some(5.0), Some(3.0), None]), None);
    }

    #[test]
    fn every_trigger_of_any_scenario_is_watched_once_and_queues_where_there_are_ports() {
        let watched = |layouts: &[Layout]| {
            let watched = Watched::of_scenarios(layouts);
            watched.iter().map(Watched::name).collect::<Vec<_>>()
        };
        assert!(watched(&[layout(&[], &[])]).is_empty());
        let layouts = [layout(&[], &["limit"]), layout(&["a"], &["other", "limit"])];
        let expected = [
            "days_in_force/limit",
            "longest_port_wait_days_p95",
            "days_in_force/other",
        ];
        assert_eq!(watched(&layouts), expected);
    }

    #[test]
    fn a_queue_is_looked_for_at_every_port_in_every_month() {
        let layout = layout(&["a", "b"], &["limit"]);
        let months = layout.months().len();
        let queue = Watched::LongestPortWait;
        assert_eq!(queue.positions(&layout).len(), 2 * months);
        let found = [Some(720.0), None, Some(2160.0)].into_iter();
        assert_eq!(queue.value(found), Some(1.5));
        assert_eq!(queue.value([None].into_iter()), None);
        let trigger = |id: &str| Watched::DaysInForce(id.to_owned()).positions(&layout);
        assert_eq!((trigger("limit").len(), trigger("other").len()), (1, 0));
    }
}
