//! Where the figures of points may mislead, by what is watched beside them: queues that are long, overtime, triggers that are on unevenly.

use super::responses::Responses;
use super::watched::{LONG_WAIT_DAYS, MUCH_OVERTIME, Watched};

/// Ports that do not keep up, in the means over the replications of a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overloaded {
    /// At how many points there are some.
    pub points: u32,
    /// The point with the worst.
    pub worst: u32,
    /// What is watched of them, there. \[days, persons, or a share\]
    pub most: f64,
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
    /// The queues of a scenario in which those served had waited for long, in days; `None` where none is long, or none is watched.
    #[must_use]
    pub fn long_queues(&self, scenario: u32) -> Option<Overloaded> {
        self.more_than(LONG_WAIT_DAYS, scenario, &Watched::LongestPortWait)
    }

    /// Those in which more stand than are served in a day, though those served had not waited for long, in persons.
    #[must_use]
    pub fn unserved_queues(&self, scenario: u32) -> Option<Overloaded> {
        self.more_than(0.0, scenario, &Watched::UnservedQueue)
    }

    /// Officers of a port who work a good deal beyond their schedule, as a share of their hours on duty.
    #[must_use]
    pub fn overtime(&self, scenario: u32) -> Option<Overloaded> {
        self.more_than(MUCH_OVERTIME, scenario, &Watched::Overtime)
    }

    fn more_than(&self, limit: f64, scenario: u32, what: &Watched) -> Option<Overloaded> {
        let mut watched = self.layout().watched.iter();
        let what = watched.position(|one| one == what)?;
        let is_more = |(_, most): &(u32, f64)| *most > limit;
        let those: Vec<(u32, f64)> = self.means(scenario, what).filter(is_more).collect();
        let (worst, most) = those.iter().copied().reduce(larger)?;
        Some(Overloaded {
            points: those.len() as u32,
            worst,
            most,
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
    use crate::experiment::points::responses::tests::{done, watching};

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
        let long = |points, worst, most| {
            Some(Overloaded {
                points,
                worst,
                most,
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
}
