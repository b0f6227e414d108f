//! Formats of a sensitivity analysis: tables of indices with what they mean in words, CSV and JSON. Computes nothing.

mod files;
mod table;
#[cfg(test)]
mod tests;
mod words;

pub use files::{csv, json};
pub use table::table;

use crate::experiment::{Analysis, Figure, Indices, Responses};
use crate::record::Unit;
use crate::sensitivity::{BootstrapEstimate, OutcomeError};
use crate::stats::ChanceShare;
use crate::store::Manifest;

/// The indices of a sensitivity analysis and where they come from.
#[derive(Debug, Clone, Copy)]
pub struct Sensed<'a> {
    /// Provenance.
    pub manifest: &'a Manifest,
    /// The inputs and the design.
    pub analysis: &'a Analysis,
    /// The figures at every point, of one scenario.
    pub responses: &'a Responses,
    /// The indices of each figure.
    pub indices: &'a [Result<Indices, OutcomeError>],
}

/// The indices of one figure.
struct OfFigure<'a> {
    name: &'a str,
    unit: Unit,
    indices: &'a Result<Indices, OutcomeError>,
    /// Of what differs between points; `None` where it is not known.
    chance: Option<ChanceShare>,
}

impl<'a> Sensed<'a> {
    fn figures(&self) -> Vec<OfFigure<'a>> {
        let figures = self.responses.layout().figures.iter().zip(self.indices);
        let of_figure = |(number, (figure, indices)): (usize, (&'a Figure, _))| OfFigure {
            name: &figure.name,
            unit: figure.unit,
            indices,
            chance: self.responses.chance_share(0, number),
        };
        figures.enumerate().map(of_figure).collect()
    }

    fn inputs(&self) -> &'a [String] {
        self.responses.layout().points.inputs()
    }
}

/// The bounds of an estimate that has an interval.
fn of_bootstrap(estimate: Option<BootstrapEstimate>) -> Option<[f64; 2]> {
    estimate?.interval.map(|it| [it.lower, it.upper])
}

/// What is said of a figure that all effects leave as it is.
const NOTHING: &str = "no input changes it at any point tried";

/// The lines of an index, those with the largest values first; equal ones in the order of the inputs.
fn ranked<T>(factors: &[T], by: impl Fn(&T) -> f64) -> Vec<(usize, &T)> {
    let mut ranked: Vec<(usize, &T)> = factors.iter().enumerate().collect();
    ranked.sort_by(|(_, one), (_, other)| by(other).total_cmp(&by(one)));
    ranked
}
