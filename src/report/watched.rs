//! Sentences on what is watched at points: queues that mislead, overtime, and triggers that act at some points only.

use super::number::{counted, figure, told_apart, whole_percent};
use super::queues::{COUNTS_AS_ON_DUTY, TOO_FEW_OFFICERS, much_overtime};
use super::sweep::values_at;
use crate::experiment::points::misleading::{Overloaded, Uneven};
use crate::experiment::{Responses, Watched};
use crate::record::Unit;

/// What follows where a trigger is not on for as long in one scenario as in another.
pub(super) const THROUGH_IT_TOO: &str = "differences are of what it does too.";

/// Where more is told of ports that do not keep up at some point.
const ITS_PORTS: &str = "`portflow run` with the values of a point tells of its ports.";

/// A point with more inputs than these is called by its number.
const MOST_INPUTS: usize = 3;

/// What a table of points does not show; nothing where every port keeps up and every trigger is on alike everywhere.
pub(super) fn sentences(responses: &Responses) -> Vec<String> {
    let at_ports = [
        long_queues(responses),
        unserved_queues(responses),
        overtime(responses),
    ];
    let mut sentences: Vec<String> = at_ports.into_iter().flatten().collect();
    for (place, watched) in responses.layout().watched.iter().enumerate() {
        if let Watched::DaysInForce(trigger) = watched {
            sentences.extend(uneven(responses, place, trigger));
        }
    }
    sentences
}

fn long_queues(responses: &Responses) -> Option<String> {
    let told = in_scenarios(responses, |scenario| {
        let queues = responses.long_queues(scenario)?;
        Some(format!(
            "{} (in some month 95% of those served at a port had waited up to {} days)",
            at_points(responses, queues, "longest"),
            figure(queues.most, Unit::Days),
        ))
    })?;
    Some(format!(
        "Queues of more than a day {told}. {TOO_FEW_OFFICERS} {ITS_PORTS}"
    ))
}

/// Where no wait tells of the queue.
fn unserved_queues(responses: &Responses) -> Option<String> {
    let told = in_scenarios(responses, |scenario| {
        let queues = responses.unserved_queues(scenario)?;
        Some(format!(
            "{} (in some month {} persons at a port in the mean)",
            at_points(responses, queues, "largest"),
            figure(queues.most, Unit::MeanPersons),
        ))
    })?;
    Some(format!(
        "Queues of more persons than are served in a day {told}. {TOO_FEW_OFFICERS} {ITS_PORTS}"
    ))
}

fn overtime(responses: &Responses) -> Option<String> {
    let told = in_scenarios(responses, |scenario| {
        let overtime = responses.overtime(scenario)?;
        Some(format!(
            "{} ({} at a port)",
            at_points(responses, overtime, "most"),
            whole_percent(overtime.most),
        ))
    })?;
    Some(format!(
        "{} {told}. {COUNTS_AS_ON_DUTY} {ITS_PORTS}",
        much_overtime()
    ))
}

fn at_points(responses: &Responses, overloaded: Overloaded, most: &str) -> String {
    let Overloaded { points, worst, .. } = overloaded;
    let most = match points {
        1 => String::new(),
        _ => format!("the {most} at "),
    };
    format!(
        "at {points} of {}, {most}{}",
        counted(responses.points(), "point"),
        point(responses, worst),
    )
}

fn uneven(responses: &Responses, place: usize, trigger: &str) -> Option<String> {
    let told = in_scenarios(responses, |scenario| {
        let Uneven { least, most } = responses.uneven(scenario, place)?;
        let [shortest, longest] = [least, most].map(|(at, _)| point(responses, at));
        let [least, most] = &told_apart(&[[least.1, most.1]])[0];
        Some(format!(
            "for {least} days ({shortest}) to {most} ({longest})"
        ))
    })?;
    Some(format!(
        "Trigger `{trigger}` is on {told}, in the means: {THROUGH_IT_TOO}"
    ))
}

/// What there is to tell of each scenario, with its name where there are several; `None` where there is nothing.
fn in_scenarios(responses: &Responses, told: impl Fn(u32) -> Option<String>) -> Option<String> {
    let names = &responses.layout().scenarios;
    let of_scenario = |(scenario, name): (u32, &String)| {
        let told = told(scenario)?;
        Some(if names.len() > 1 {
            format!("in {name} {told}")
        } else {
            told
        })
    };
    let told: Vec<String> = (0..).zip(names).filter_map(of_scenario).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

fn point(responses: &Responses, point: u32) -> String {
    let points = &responses.layout().points;
    if points.inputs().len() > MOST_INPUTS {
        format!("point {point}, whose values are in the results of --out")
    } else {
        values_at(points, point)
    }
}
