//! What is watched of a simulation, asked for or not: without it the figures that are asked for may mislead.

use crate::record::{Key, Layout, Metric, Period, Place};

/// From here on a queue at a port is long: who stands in it neither crosses nor gives up. \[days\]
pub const LONG_WAIT_DAYS: f64 = 1.0;

/// Above this share of the hours on duty overtime is worth telling.
pub(crate) const MUCH_OVERTIME: f64 = 0.05;

/// What of the hours on duty of a port's officers over the run is beyond their schedule, by the values of figures: their utilization counts it as
/// on duty, and so tells of no overload. `None` where nobody was on duty.
pub(crate) fn overtime_share(place: Place, value: impl Fn(Key) -> Option<f64>) -> Option<f64> {
    let hours = |metric: Metric| value(Key::of_run(metric).at(place));
    let on_duty = hours(Metric::OfficerDutyHours).filter(|&hours| hours > 0.0)?;
    Some(hours(Metric::OfficerOvertimeHours)? / on_duty)
}

/// Minutes of a day.
const MINUTES_OF_DAY: f64 = 24.0 * 60.0;

/// The queue of a port in a month. Waits are those of who is served: of who is not, only the number tells.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Queue {
    /// How long 95% of those had waited at most whose service begins; `None` where there are none. \[days\]
    wait: Option<f64>,
    /// In the mean over time.
    persons: f64,
    /// Persons.
    served_a_day: f64,
}

impl Queue {
    /// That of a port in a month, by the values of figures.
    fn of(
        layout: &Layout,
        month: u32,
        place: Place,
        value: impl Fn(Key) -> Option<f64>,
    ) -> Option<Self> {
        let value = |metric| {
            value(Key {
                period: Period::Month(month),
                metric,
                place,
            })
        };
        Some(Self {
            wait: value(Metric::PortWaitMinutesP95).map(|minutes| minutes / MINUTES_OF_DAY),
            persons: value(Metric::QueuePersonsMean).unwrap_or_default(),
            served_a_day: value(Metric::PortEncounters)? / f64::from(layout.recorded_days(month)),
        })
    }

    /// Whether those served had waited for long.
    fn is_waited_in(&self) -> bool {
        self.wait.is_some_and(|days| days > LONG_WAIT_DAYS)
    }

    /// Whether more stand in it than are served in a day. Where as many are served as come, these are those who wait for more than a day in the
    /// mean (Little 1961, doi:10.1287/opre.9.3.383); where fewer are, whoever comes will wait for longer still.
    fn outgrows_service(&self) -> bool {
        self.persons > LONG_WAIT_DAYS * self.served_a_day
    }
}

/// A value that is kept of a replication beside the figures asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Watched {
    /// How long 95% of those served had waited at most, at the port and in the month where this is longest.
    LongestPortWait,
    /// The most persons in the queue of a port, in the mean of a month, who are more than are served there in a day although those served had
    /// not waited for long; 0 where there are none.
    UnservedQueue,
    /// The largest share of overtime in the hours on duty of a port's officers.
    Overtime,
    /// On how many days the trigger of this id is on.
    DaysInForce(String),
}

impl Watched {
    /// What is watched of scenarios: queues and overtime where one of them has ports, and every trigger that one of them has.
    #[must_use]
    pub fn of_scenarios<'a>(layouts: impl IntoIterator<Item = &'a Layout>) -> Vec<Self> {
        let mut watched = Vec::new();
        for layout in layouts {
            let has_ports = layout.ports().next().is_some();
            let at_ports = [Self::LongestPortWait, Self::UnservedQueue, Self::Overtime];
            let at_ports = at_ports.into_iter().filter(|_| has_ports);
            let triggers = layout.triggers().map(|place| layout.id(place).to_owned());
            for one in at_ports.chain(triggers.map(Self::DaysInForce)) {
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
            Self::UnservedQueue => "largest_unserved_queue_persons".to_owned(),
            Self::Overtime => "largest_overtime_share".to_owned(),
            Self::DaysInForce(trigger) => format!("{}/{trigger}", Metric::DaysInForce.name()),
        }
    }

    /// Its value in a replication, by those of figures; `None` where there is none. \[days, persons of a queue, or a share\]
    pub(super) fn value(&self, layout: &Layout, value: impl Fn(Key) -> Option<f64>) -> Option<f64> {
        let queues = || {
            let months = layout.months();
            let places = months.flat_map(|month| layout.ports().map(move |place| (month, place)));
            places.filter_map(|(month, place)| Queue::of(layout, month, place, &value))
        };
        match self {
            Self::LongestPortWait => {
                let waits = queues().filter_map(|queue| queue.wait);
                waits.reduce(f64::max)
            }
            Self::UnservedQueue => {
                let persons = |queue: Queue| {
                    let is_unserved = queue.outgrows_service() && !queue.is_waited_in();
                    if is_unserved { queue.persons } else { 0.0 }
                };
                queues().map(persons).reduce(f64::max)
            }
            Self::Overtime => {
                let ports = layout.ports();
                let shares = ports.filter_map(|place| overtime_share(place, &value));
                shares.reduce(f64::max)
            }
            Self::DaysInForce(trigger) => value(layout.days_in_force(trigger)?),
        }
    }
}

/// A queue at a port, in the month in which it is worst: who stands in it neither crosses nor gives up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LongQueue {
    /// Those served had waited for long.
    Waited {
        /// Index of the month.
        month: u32,
        /// How long 95% of them had waited at most. \[days\]
        days: f64,
        /// Share of their time that officers are in service.
        busy: f64,
    },
    /// More stand in it than are served in a day, or nobody is served.
    Unserved {
        /// Index of the month.
        month: u32,
        /// In the mean over time.
        persons: f64,
        /// Persons.
        served_a_day: f64,
    },
}

impl LongQueue {
    /// The worst of a port, by the means of figures: first where nobody is served, then where those served had waited longest, then where
    /// most stand for each who is served; `None` where no queue is long.
    pub fn of_port(
        layout: &Layout,
        place: Place,
        mean: impl Fn(Key) -> Option<f64>,
    ) -> Option<Self> {
        let queues = || {
            let months = layout.months();
            months.filter_map(|month| Some((month, Queue::of(layout, month, place, &mean)?)))
        };
        let unserved = |(month, queue): (u32, Queue)| Self::Unserved {
            month,
            persons: queue.persons,
            served_a_day: queue.served_a_day,
        };
        let most = |of: fn(&Queue) -> f64, is_long: fn(&Queue) -> bool| {
            let long = queues().filter(|(_, queue)| is_long(queue));
            long.max_by(|(_, one), (_, other)| of(one).total_cmp(&of(other)))
        };
        // A service that was begun in the month before may end.
        let nobody_served = most(
            |queue| queue.persons,
            |queue| queue.outgrows_service() && queue.wait.is_none(),
        );
        let waited_in = || {
            let (month, queue) = most(|queue| queue.wait.unwrap_or(0.0), Queue::is_waited_in)?;
            let period = Period::Month(month);
            let metric = Metric::OfficerUtilization;
            let busy = mean(Key {
                period,
                metric,
                place,
            });
            Some(Self::Waited {
                month,
                days: queue.wait?,
                busy: busy.unwrap_or_default(),
            })
        };
        let hardly_served = || {
            most(
                |queue| queue.persons / queue.served_a_day,
                Queue::outgrows_service,
            )
        };
        (nobody_served.map(unserved))
            .or_else(waited_in)
            .or_else(|| hardly_served().map(unserved))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Detail, example};
    use crate::scenario::Calendar;

    fn layout(ports: &[&str], triggers: &[&str]) -> Layout {
        let calendar = Calendar::new(&example::run());
        let [ports, triggers] =
            [ports, triggers].map(|ids| ids.iter().map(|&id| id.to_owned()).collect::<Vec<_>>());
        let groups = ["all".to_owned()];
        Layout::new(&calendar, &groups, &ports, &triggers, Detail::Summary)
    }

    #[test]
    fn every_trigger_of_any_scenario_is_watched_once_and_queues_and_overtime_where_there_are_ports()
    {
        let watched = |layouts: &[Layout]| {
            let watched = Watched::of_scenarios(layouts);
            watched.iter().map(Watched::name).collect::<Vec<_>>()
        };
        assert!(watched(&[layout(&[], &[])]).is_empty());
        let layouts = [layout(&[], &["limit"]), layout(&["a"], &["other", "limit"])];
        let expected = [
            "days_in_force/limit",
            "longest_port_wait_days_p95",
            "largest_unserved_queue_persons",
            "largest_overtime_share",
            "days_in_force/other",
        ];
        assert_eq!(watched(&layouts), expected);
    }

    /// Figures of two ports in November, of which 30 days are recorded: waits in minutes, persons in the queue, persons served.
    fn in_november(ports: [[Option<f64>; 3]; 2]) -> impl Fn(Key) -> Option<f64> {
        move |key| {
            let Place::Port(port) = key.place else {
                return (key.metric == Metric::DaysInForce).then_some(7.0);
            };
            let figure = match key.metric {
                Metric::PortWaitMinutesP95 => 0,
                Metric::QueuePersonsMean => 1,
                Metric::PortEncounters => 2,
                _ => return None,
            };
            if key.period == Period::Month(1) {
                ports[usize::from(port)][figure]
            } else {
                [None, Some(0.0), Some(0.0)][figure]
            }
        }
    }

    const KEEPS_UP: [Option<f64>; 3] = [Some(60.0), Some(10.0), Some(3000.0)];

    #[test]
    fn what_is_watched_is_looked_for_at_every_port_in_every_month() {
        let layout = layout(&["a", "b"], &["limit"]);
        let of = |watched: Watched, ports| watched.value(&layout, in_november(ports));
        let waited = [Some(2160.0), Some(500.0), Some(3000.0)];
        let unserved = [None, Some(90.0), Some(0.0)];
        let hardly = [Some(30.0), Some(110.0), Some(3000.0)];
        let both =
            |ports| [Watched::LongestPortWait, Watched::UnservedQueue].map(|it| of(it, ports));
        let keeps_up = 60.0 / (24.0 * 60.0);
        assert_eq!(both([KEEPS_UP, KEEPS_UP]), [Some(keeps_up), Some(0.0)]);
        assert_eq!(both([KEEPS_UP, waited]), [Some(1.5), Some(0.0)]);
        assert_eq!(both([unserved, KEEPS_UP]), [Some(keeps_up), Some(90.0)]);
        assert_eq!(both([unserved, hardly])[1], Some(110.0));
        assert_eq!(both([unserved, unserved]), [None, Some(90.0)]);
        let trigger = |id: &str| of(Watched::DaysInForce(id.to_owned()), [KEEPS_UP; 2]);
        assert_eq!((trigger("limit"), trigger("other")), (Some(7.0), None));
        let without = self::layout(&[], &[]);
        let queue = Watched::UnservedQueue.value(&without, in_november([unserved; 2]));
        assert_eq!(queue, None);
    }

    #[test]
    fn overtime_is_that_of_the_port_with_the_largest_share() {
        let layout = layout(&["a", "b", "idle"], &[]);
        let hours = |key: Key| match (key.place, key.metric) {
            (Place::Port(0), Metric::OfficerDutyHours) => Some(100.0),
            (Place::Port(1), Metric::OfficerDutyHours) => Some(10.0),
            (Place::Port(2), Metric::OfficerDutyHours) => Some(0.0),
            (Place::Port(port), Metric::OfficerOvertimeHours) => {
                Some([20.0, 4.0, 0.0][usize::from(port)])
            }
            _ => None,
        };
        assert_eq!(Watched::Overtime.value(&layout, hours), Some(0.4));
        assert_eq!(Watched::Overtime.value(&layout, |_| None), None);
    }

    /// Of 100 served a day, 101 stand in the queue of the last: none of them leaves it within a day in the mean.
    #[test]
    fn a_queue_from_which_nobody_or_hardly_anybody_is_served_is_long_though_no_wait_tells() {
        let layout = layout(&["a", "b"], &[]);
        let worst =
            |queue| LongQueue::of_port(&layout, Place::Port(0), in_november([queue, KEEPS_UP]));
        let unserved = |persons, served_a_day| {
            Some(LongQueue::Unserved {
                month: 1,
                persons,
                served_a_day,
            })
        };
        assert_eq!(worst(KEEPS_UP), None);
        assert_eq!(worst([None, Some(0.0), Some(0.0)]), None);
        assert_eq!(worst([None, Some(90.0), Some(0.0)]), unserved(90.0, 0.0));
        assert_eq!(worst([None, Some(90.0), Some(30.0)]), unserved(90.0, 1.0));
        let [none, some] = [100.0, 101.0].map(|queue| [Some(60.0), Some(queue), Some(3000.0)]);
        assert_eq!((worst(none), worst(some)), (None, unserved(101.0, 100.0)));
        let waited = LongQueue::Waited {
            month: 1,
            days: 2.0,
            busy: 0.0,
        };
        assert_eq!(
            worst([Some(2880.0), Some(200.0), Some(3000.0)]),
            Some(waited)
        );
    }
}
