//! Formats of a comparison: tables for people, JSON and CSV for programs. Computes nothing but how many intervals hold together.
//!
//! [`Compared`] is what each format is given; `family` says which differences are told together, and how sure each must be for
//! that.

mod family;
mod files;
mod regret;
mod table;
#[cfg(test)]
mod tests;
mod watched;
mod words;

pub use files::{csv, json};
pub use regret::csv as regret_csv;
pub use table::table;

use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::experiment::{Comparison, Regrets};
use crate::record::{Count, Layout, Metric, Period, Place};
use crate::scenario::values::Region;
use crate::store::Manifest;

/// A comparison, and how it is to be told.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// Provenance.
    pub manifest: &'a Manifest,
    /// What each variant does.
    pub comparison: &'a Comparison,
    /// How much worse each scenario does than the best of every future; `None` without futures.
    pub regrets: Option<&'a Regrets>,
    /// Name of the base.
    pub base: &'a str,
    /// The figures that tables show.
    pub metrics: &'a [Metric],
    /// What the lines of the table are.
    pub by: By,
}

impl Compared<'_> {
    /// Of the variants, the fewest and the most units - replications, or futures - that are compared with the base.
    fn fewest_and_most(&self) -> (u32, u32) {
        let variants = 0..self.comparison.variants().len();
        let compared = variants.map(|variant| self.comparison.compared(variant));
        compared.fold((u32::MAX, 0), |(fewest, most), n| {
            (fewest.min(n), most.max(n))
        })
    }
}

/// What the lines of a table of differences are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase", parse_err_ty = String, parse_err_fn = no_lines)]
pub enum By {
    /// Metrics, over the whole run and the whole border.
    #[default]
    Metric,
    /// Months, over the whole border.
    Month,
    /// Groups, over the whole run.
    Group,
    /// Regions, over the whole run.
    Region,
    /// Ports, over the whole run.
    Port,
}

/// The figures that are shown unless others are asked for.
pub const METRICS: [Metric; 9] = [
    Metric::Count(Count::Registrations),
    Metric::APPOINTMENTS_PROCESSED,
    Metric::PortEncounters,
    Metric::IRREGULAR_ENCOUNTERS,
    Metric::ShareAtPorts,
    Metric::PoolSize,
    Metric::WaitDaysMedian,
    Metric::WaitDaysP90,
    Metric::Count(Count::GaveUp),
];

impl By {
    /// Every kind of lines.
    pub const ALL: [Self; 5] = [
        Self::Metric,
        Self::Month,
        Self::Group,
        Self::Region,
        Self::Port,
    ];

    /// Its lines: of a month of the whole border, or of a place over the whole run.
    #[must_use]
    pub fn lines(self, layout: &Layout) -> Vec<(Period, Place)> {
        let of_run = |place| (Period::Total, place);
        match self {
            Self::Metric => vec![of_run(Place::Everywhere)],
            Self::Month => {
                let months = layout.months();
                months
                    .map(|month| (Period::Month(month), Place::Everywhere))
                    .collect()
            }
            Self::Group => {
                let groups = 0..layout.groups().len();
                groups
                    .map(|group| of_run(Place::Group(group as u8)))
                    .collect()
            }
            Self::Port => layout.ports().map(of_run).collect(),
            Self::Region => Region::ALL
                .map(|region| of_run(Place::Region(region)))
                .into(),
        }
    }

    /// The word for the lines of a table.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

fn no_lines(_: &str) -> String {
    format!("expected one of {}", By::VARIANTS.join(", "))
}

/// What a line is called: its month or its place.
fn line_name(layout: &Layout, (period, place): (Period, Place)) -> String {
    match place {
        Place::Everywhere => layout.period(period),
        place => layout.id(place).to_owned(),
    }
}
