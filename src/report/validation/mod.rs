//! Formats of a validation: tables of scores and skills with what they mean in words, CSV and JSON for programs.

mod files;
mod table;

pub use files::{areas, document, families, ports_exceed, scores, skills, validation};
pub use table::table;
pub(super) use table::{brier_score, brier_sentence, heading, lacking_of, skill_cell};

use jiff::civil::Date;

use crate::experiment::validation::{AreaRow, FamilyRow, Known, Part, PortsExceed, Verdicts};
use crate::store::Manifest;

/// The verdicts of a validation and where they come from.
#[derive(Debug, Clone, Copy)]
pub struct Validated<'a> {
    /// Provenance.
    pub manifest: &'a Manifest,
    /// What was known before.
    pub known: &'a Known,
    /// Events after the months fitted to, by date, with their names.
    pub events: &'a [(Date, String)],
    /// Rows and scores.
    pub verdicts: &'a Verdicts,
    /// Port encounters by area; empty unless asked for.
    pub areas: &'a [AreaRow],
    /// Shares in families; empty unless asked for.
    pub families: &'a [FamilyRow],
}

impl<'a> Validated<'a> {
    /// How likely it is that ports exceed, in the months after those fitted to.
    fn exceeding(&self) -> impl Iterator<Item = &'a PortsExceed> + use<'a> {
        let months = self.verdicts.ports_exceed.iter();
        months.filter(|of| of.part == Part::HeldOut)
    }
}
