//! Sentences on ports. Those that do not keep up every table of a policy must tell, since who stands in a queue neither crosses nor gives up.

use super::number::{figure, whole_percent};
use crate::experiment::points::watched::{LongQueue, MUCH_OVERTIME, overtime_share};
use crate::record::{Key, Layout, Metric, Period, Place, Unit};

/// Ports whose queue is long in some month, each with its worst, by the means of figures.
pub(super) fn long_queues(layout: &Layout, mean: impl Fn(Key) -> Option<f64>) -> Vec<String> {
    let told = |place| {
        Some(told(
            layout,
            place,
            LongQueue::of_port(layout, place, &mean)?,
        ))
    };
    layout.ports().filter_map(told).collect()
}

fn told(layout: &Layout, place: Place, queue: LongQueue) -> String {
    let port = layout.id(place);
    let month = |month| layout.period(Period::Month(month));
    match queue {
        LongQueue::Waited {
            month: worst,
            days,
            busy,
        } => format!(
            "{port} (in {} 95% of those served had waited up to {days:.1} days, officers busy {} of their time)",
            month(worst),
            whole_percent(busy)
        ),
        LongQueue::Unserved {
            month: worst,
            persons,
            served_a_day,
        } => {
            let served = if served_a_day >= 1.0 {
                format!("{} a day", figure(served_a_day, Unit::MeanPersons))
            } else if served_a_day > 0.0 {
                "hardly anybody".to_owned()
            } else {
                "nobody".to_owned()
            };
            format!(
                "{port} (in {} {served} served, {} persons in the queue in the mean)",
                month(worst),
                figure(persons, Unit::MeanPersons)
            )
        }
    }
}

/// What is said of such queues.
pub(super) fn long_queues_sentence(those: &str) -> String {
    format!("Queues of more than a day: {those}. {TOO_FEW_OFFICERS}")
}

/// What follows from such queues.
pub(super) const TOO_FEW_OFFICERS: &str =
    "`officers` or `shifts` there are too few for the slots and walk-ups.";

/// Ports whose officers work a good deal beyond their schedule, and what share of their hours on duty this is.
pub(super) fn overtime(layout: &Layout, mean: impl Fn(Key) -> Option<f64>) -> Vec<String> {
    let told = |place| {
        let share = overtime_share(place, &mean)?;
        let port = layout.id(place);
        (share > MUCH_OVERTIME).then(|| format!("{port} ({})", whole_percent(share)))
    };
    layout.ports().filter_map(told).collect()
}

/// What is said of such ports.
pub(super) fn overtime_sentence(those: &str) -> String {
    format!("{}: {those}. {COUNTS_AS_ON_DUTY}", much_overtime())
}

/// From how much on it is said.
pub(super) fn much_overtime() -> String {
    format!(
        "Officers work beyond their schedule for more than {} of their hours on duty",
        whole_percent(MUCH_OVERTIME)
    )
}

/// Why overtime must be told.
pub(super) const COUNTS_AS_ON_DUTY: &str = "Their utilization counts that time as on duty.";

/// How long people wait in the queues of ports and how busy officers are, over the whole run: at all ports, and at the one where they are busiest.
/// `None` where nobody is served.
pub(super) fn waits_and_work(layout: &Layout, mean: impl Fn(Key) -> Option<f64>) -> Option<String> {
    let of = |place| {
        let of_run = |metric: Metric| mean(Key::of_run(metric).at(place));
        let wait = of_run(Metric::PortWaitMinutesP95)?;
        Some((wait, of_run(Metric::OfficerUtilization)?))
    };
    let told = |(wait, busy)| (figure(wait, Unit::Minutes), whole_percent(busy));
    let (wait, busy) = told(of(Place::Everywhere)?);
    let mut ports: Vec<(Place, (f64, f64))> = (layout.ports())
        .filter_map(|place| Some((place, of(place)?)))
        .collect();
    // The first of equal ones.
    ports.sort_by(|(_, (_, one)), (_, (_, other))| other.total_cmp(one));
    let busiest = match ports.as_slice() {
        [(place, busiest), _, ..] => {
            let (wait, busy) = told(*busiest);
            let port = layout.id(*place);
            format!("; at {port}, where they are busiest, {wait} minutes and {busy}")
        }
        _ => String::new(),
    };
    Some(format!(
        "At ports, 95% of those served wait in the queue for at most {wait} minutes, and officers are busy {busy} of their time on duty{busiest}."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::example;

    /// Waits and utilization of the border and of its two ports, the second without anybody served unless told otherwise.
    fn told(ports: [Option<(f64, f64)>; 2]) -> Option<String> {
        let layout = example::layout();
        let of = |place| match place {
            Place::Everywhere => ports[0].or(ports[1]),
            Place::Port(port) => ports[usize::from(port)],
            _ => None,
        };
        waits_and_work(&layout, |key| {
            let (wait, busy) = of(key.place)?;
            match key.metric {
                Metric::PortWaitMinutesP95 => Some(wait),
                Metric::OfficerUtilization => Some(busy),
                _ => None,
            }
        })
    }

    #[test]
    fn waits_and_work_are_those_of_all_ports_and_of_the_busiest() {
        let of_one = "At ports, 95% of those served wait in the queue for at most 30.0 minutes, and officers are busy 40% of their time on duty";
        let (calm, busy) = (Some((30.0, 0.4)), Some((12.0, 0.93)));
        let nogales = "; at nogales, where they are busiest, 12.0 minutes and 93%.";
        assert_eq!(told([calm, busy]).unwrap(), format!("{of_one}{nogales}"));
        // Of equal ones the first.
        let calexico = "; at calexico, where they are busiest, 30.0 minutes and 40%.";
        let alike = Some((31.0, 0.4));
        assert_eq!(told([calm, alike]).unwrap(), format!("{of_one}{calexico}"));
        // Where one port serves all, there is none to name.
        assert_eq!(told([None, calm]).unwrap(), format!("{of_one}."));
        assert_eq!(told([None, None]), None);
    }
}
