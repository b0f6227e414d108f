//! Formats of a sweep: a response table with a chart for people, CSV and JSON for programs. Computes nothing but the
//! intervals of the table, which depend on what it shows.

mod chart;
mod files;
mod table;
#[cfg(test)]
mod tests;

pub use files::{json, points, runs, watched};
pub(super) use table::futures;
pub use table::table;

use crate::experiment::{Points, Responses, SweepLayout};
use crate::store::Manifest;

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

/// Tables whose entries, or whose keys, have names of their author's choice.
const OF_ENTRIES: [&str; 7] = [
    "groups",
    "ports",
    "event",
    "trigger",
    "group_outcome",
    "group_regions",
    "lawful_alternative_share",
];

/// The last parts of key paths, as many as tell them apart and say of which group, port, event or list they are: `random_share` for
/// `policy.app.random_share`, `other.weights.app` for `world.groups.other.weights.app`, `harbor.shifts.1.officers` for an item of a list.
pub(super) fn short_names(keys: &[String]) -> Vec<&str> {
    let is_unique = |name: &str| {
        let likewise = |key: &&String| key.as_str() == name || key.ends_with(&format!(".{name}"));
        keys.iter().filter(likewise).count() == 1
    };
    let short = |key| {
        let names = endings(key).filter(|name| begins_a_name(name));
        let mut unique = names.filter(|name| is_unique(name));
        unique.next().unwrap_or(key)
    };
    keys.iter().map(|key| short(key.as_str())).collect()
}

/// The ends of a key path that say enough, the shortest first.
fn endings(key: &str) -> impl Iterator<Item = &str> {
    let words: Vec<&str> = key.split('.').collect();
    let of_last_words = move |from: usize| {
        let before: usize = words[..from].iter().map(|word| word.len() + 1).sum();
        &key[before..]
    };
    (0..=latest_beginning(key)).rev().map(of_last_words)
}

/// The last word of a key path with which a name of it may begin: the id of the innermost table that has one, or the name of that table where
/// the id is the last word; without any, the name of the list that is around the rest, or the last word.
fn latest_beginning(key: &str) -> usize {
    let words: Vec<&str> = key.split('.').collect();
    let last = words.len() - 1;
    let mut left = words.iter().enumerate();
    let mut of_entries = None;
    while let Some((place, word)) = left.next() {
        if OF_ENTRIES.contains(word) {
            of_entries = Some(place);
            // An id may be called like such a table.
            left.next();
        }
    }
    match of_entries {
        Some(table) if table + 1 < last => table + 1,
        Some(table) => table,
        None => {
            let item = words.iter().position(|word| is_item(word));
            item.map_or(last, |item| item.saturating_sub(1))
        }
    }
}

/// Whether a word names an item of a list by its place or its date.
fn is_item(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_ascii_digit())
}

/// Whether a name begins with a word that says something.
fn begins_a_name(name: &str) -> bool {
    !is_item(name) && !name.starts_with("set.")
}
