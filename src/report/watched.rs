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
    let told = overloaded(responses, Responses::long_queues, "longest", |days| {
        let days = figure(days, Unit::Days);
        format!("in some month 95% of those served at a port had waited up to {days} days")
    })?;
    Some(format!(
        "Queues of more than a day {told}. {TOO_FEW_OFFICERS} {ITS_PORTS}"
    ))
}

/// Where no wait tells of the queue.
fn unserved_queues(responses: &Responses) -> Option<String> {
    let told = overloaded(
        responses,
        Responses::unserved_queues,
        "largest",
        |persons| {
            let persons = figure(persons, Unit::MeanPersons);
            format!("in some month {persons} persons at a port in the mean")
        },
    )?;
    Some(format!(
        "Queues of more persons than are served in a day {told}. {TOO_FEW_OFFICERS} {ITS_PORTS}"
    ))
}

fn overtime(responses: &Responses) -> Option<String> {
    let told = overloaded(responses, Responses::overtime, "most", |share| {
        format!("{} at a port", whole_percent(share))
    })?;
    Some(format!(
        "{} {told}. {COUNTS_AS_ON_DUTY} {ITS_PORTS}",
        much_overtime()
    ))
}

/// At how many points ports of each scenario do not keep up, and what it comes to at the worst.
fn overloaded(
    responses: &Responses,
    of: impl Fn(&Responses, u32) -> Option<Overloaded>,
    superlative: &str,
    told: impl Fn(f64) -> String,
) -> Option<String> {
    in_scenarios(responses, |scenario| {
        let Overloaded {
            points,
            worst,
            most,
        } = of(responses, scenario)?;
        let which = match points {
            1 => String::new(),
            _ => format!("the {superlative} at "),
        };
        Some(format!(
            "at {points} of {}, {which}{} ({})",
            counted(responses.points(), "point"),
            point(responses, worst),
            told(most),
        ))
    })
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
