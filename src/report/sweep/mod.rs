//! Formats of a sweep: a response table with a chart for people, CSV and JSON for programs. Computes nothing.

mod chart;
mod files;
mod table;
#[cfg(test)]
mod tests;

pub use files::{json, points, runs, watched};
pub(super) use table::futures;
pub use table::table;

use super::manifest::Manifest;
use crate::experiment::{Points, Responses, SweepLayout};

/// The results of a sweep and where they come from.
#[derive(Debug, Clone, Copy)]
pub struct Swept<'a> {
    /// Provenance.
    pub manifest: &'a Manifest,
    /// The figures at every point.
    pub responses: &'a Responses,
}

impl<'a> Swept<'a> {
    fn layout(&self) -> &'a SweepLayout {
        self.responses.layout()
    }

    /// Every scenario at every point that is done, points outermost.
    fn rows(&self) -> impl Iterator<Item = (u32, u32)> + Clone + use<> {
        let scenarios = self.layout().scenarios.len() as u32;
        (0..self.responses.points())
            .flat_map(move |point| (0..scenarios).map(move |scenario| (point, scenario)))
    }

    /// Whether there is more than one scenario to tell apart.
    fn has_variants(&self) -> bool {
        self.layout().scenarios.len() > 1
    }

    fn scenario(&self, scenario: u32) -> &'a str {
        &self.layout().scenarios[scenario as usize]
    }
}

/// The values of a point by the names of its inputs: `slots_per_day 1000, random_share 0.5`.
pub(super) fn values_at(points: &Points, point: u32) -> String {
    let inputs = short_names(points.inputs()).into_iter();
    let values = inputs.zip(points.values(point));
    let told = values.map(|(name, value)| format!("{name} {value}"));
    told.collect::<Vec<_>>().join(", ")
}

/// The last parts of key paths, as many as tell them apart and say of which group or port they are: `random_share` for
/// `policy.app.random_share`, `other.weights.app` for `world.groups.other.weights.app`.
pub(super) fn short_names(keys: &[String]) -> Vec<&str> {
    let ending = |key: &str, parts: usize| {
        let mut dots = key.rmatch_indices('.').map(|(at, _)| at);
        dots.nth(parts - 1).map_or(0, |at| at + 1)
    };
    let short = |key: &String| {
        let of_one = ["world.groups.", "policy.ports."].into_iter();
        let of_one = of_one.filter(|table| key.starts_with(table)).map(str::len);
        let most = of_one.max().unwrap_or(key.len());
        let endings = (1..).map(|parts| ending(key, parts).min(most));
        let is_unique = |&from: &usize| {
            let name = &key[from..];
            let likewise =
                |other: &&String| other.as_str() == name || other.ends_with(&format!(".{name}"));
            from == 0 || keys.iter().filter(likewise).count() == 1
        };
        endings.into_iter().find(is_unique).unwrap_or(0)
    };
    keys.iter().map(|key| &key[short(key)..]).collect()
}
