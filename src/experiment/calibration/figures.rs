//! The published figures that a calibration fits to.

use std::collections::BTreeSet;

use super::settings::CalibrationError;
use crate::metric::{Metric, Unit};
use crate::month::Month;
use crate::record::Layout;
use crate::scenario::observed::{self, Observed};
use crate::scenario::{Calibration, Loaded};

/// A published figure of a month that is fitted to.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetFigure {
    /// As a user names it, and as results are looked up: `irregular_encounters/other@2024-05`.
    pub name: String,
    /// Column of the published table.
    pub column: String,
    /// The month.
    pub month: Month,
    /// What was published, above 0.
    pub observed: f64,
    /// The target in the order of `[calibrate]`.
    pub target: usize,
}

impl TargetFigure {
    /// The heading of its column in files: `irregular_encounters_other@2024-05`.
    #[must_use]
    pub fn heading(&self) -> String {
        heading(&self.column, self.month)
    }
}

/// A figure that is simulated and kept, and not fitted to: of a month outside the window, or of a column that is no target.
#[derive(Debug, Clone, PartialEq)]
pub struct OtherFigure {
    /// As a user names it, and as results are looked up.
    pub name: String,
    /// Column of the published table.
    pub column: String,
    /// The month.
    pub month: Month,
}

impl OtherFigure {
    /// The heading of its column in files.
    #[must_use]
    pub fn heading(&self) -> String {
        heading(&self.column, self.month)
    }
}

fn heading(column: &str, month: Month) -> String {
    format!("{column}@{month}")
}

/// The name of a column's figure in a month; `None` where it is no metric, nor one of a group.
pub(super) fn name(column: &str, month: Month, loaded: &Loaded) -> Option<String> {
    let (metric, group) = parts(column, loaded)?;
    let place = group.map_or(String::new(), |group| format!("/{group}"));
    Some(format!("{}{place}@{month}", metric.name()))
}

/// The metric of a column, and its group; `None` where it is neither a metric nor one of a group.
fn parts<'c>(column: &'c str, loaded: &Loaded) -> Option<(Metric, Option<&'c str>)> {
    let groups = loaded.scenario.groups.iter();
    observed::parts(column, &groups.map(String::as_str).collect::<Vec<_>>())
}

/// Columns of targets that are published in none of their months, and in later ones.
pub(super) fn published_later(calibration: &Calibration, observed: &Observed) -> Vec<String> {
    let columns = calibration.targets.iter().filter(|target| {
        let months = calibration.months_of(target);
        let Some(&last) = months.last() else {
            return false;
        };
        let is_published = |month: Month| observed.figure(month, &target.column).is_some();
        let mut later = observed.months.keys().filter(|&&month| month > last);
        !months.into_iter().any(is_published) && later.any(|&month| is_published(month))
    });
    columns.map(|target| target.column.clone()).collect()
}

/// Every published figure of the targets in whole months of the window, targets outermost; those of 0, which have no logarithm, apart.
pub(super) fn of(
    calibration: &Calibration,
    observed: &Observed,
    loaded: &Loaded,
) -> Result<(Vec<TargetFigure>, Vec<String>), CalibrationError> {
    let (mut figures, mut zeros) = (Vec::new(), Vec::new());
    let mut unpublished = Vec::new();
    for (target, described) in calibration.targets.iter().enumerate() {
        let before = (figures.len(), zeros.len());
        for month in calibration.months_of(described) {
            let Some(published) = observed.figure(month, &described.column) else {
                continue;
            };
            let Some(name) = name(&described.column, month, loaded) else {
                continue;
            };
            if published <= 0.0 {
                zeros.push(name);
                continue;
            }
            figures.push(TargetFigure {
                name,
                column: described.column.clone(),
                month,
                observed: published,
                target,
            });
        }
        if (figures.len(), zeros.len()) == before && described.weight > 0.0 {
            unpublished.push(format!("`{}`", described.column));
        }
    }
    if unpublished.is_empty() {
        return Ok((figures, zeros));
    }
    Err(CalibrationError::Unpublished {
        columns: unpublished.join(", "),
        from: calibration.from.to_string(),
        to: calibration.to.to_string(),
        months: match (observed.months.keys().next(), observed.months.keys().last()) {
            (Some(first), Some(last)) => format!("{first} to {last}"),
            _ => "no month".to_owned(),
        },
    })
}

/// Every figure of the published columns in the whole months of the run, published or not, that is not fitted to: what is forecast, and
/// what a later fit may fit to. Waits are left out, since a month in which nobody is served has none.
pub(super) fn others(
    fitted: &[TargetFigure],
    observed: &Observed,
    loaded: &Loaded,
    layout: &Layout,
) -> Vec<OtherFigure> {
    let columns: BTreeSet<&str> = (observed.months.values())
        .flat_map(|figures| figures.keys().map(String::as_str))
        .filter(|column| {
            parts(column, loaded).is_some_and(|(metric, _)| metric.unit() == Unit::Persons)
        })
        .collect();
    let whole = layout.whole_months();
    let months: Vec<Month> = whole.map(|month| layout.month(month)).collect();
    let of = |column: &str, month| {
        let name = name(column, month, loaded)?;
        let is_fitted = fitted.iter().any(|figure| figure.name == name);
        (!is_fitted).then(|| OtherFigure {
            name,
            column: column.to_owned(),
            month,
        })
    };
    let each = columns
        .into_iter()
        .flat_map(|column| months.iter().filter_map(move |&month| of(column, month)));
    each.collect()
}
