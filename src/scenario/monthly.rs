//! CSV tables with a `month` column: drivers of arrivals, and published counts.

use std::collections::BTreeMap;

use super::cells::{self, Cell, problem};
use super::diagnostics::Problem;
use super::nearest::nearest;
use super::origin::Origin;
use crate::month::Month;

/// The rows of a table by month.
#[derive(Debug, Clone)]
pub(crate) struct MonthlyTable {
    pub(crate) header: Vec<Cell>,
    pub(crate) rows: BTreeMap<Month, Vec<Cell>>,
}

impl MonthlyTable {
    /// Reads the text of a file; lines that begin with `#` are comments.
    pub(crate) fn parse(text: &str, file: usize) -> Result<Self, Problem> {
        let mut lines = cells::lines(text, file)?.into_iter();
        let header = lines.next().unwrap_or_default();
        let Some(place) = header.iter().position(|cell| cell.text == "month") else {
            let origin = header
                .first()
                .map_or(Origin::new(file, 0..0), |cell| cell.origin.clone());
            let is_of_semicolons = header.iter().any(|cell| cell.text.contains(';'));
            let help = if is_of_semicolons {
                "columns are separated by commas, not by semicolons"
            } else {
                "the first line names the columns; months are written as 2024-06"
            };
            return Err(problem(&origin, "the table has no column `month`").help(help));
        };
        let mut rows = BTreeMap::new();
        for row in lines {
            let cell = &row[place];
            let month = cell.text.parse().map_err(|_| {
                problem(&cell.origin, &format!("`{}` is not a month", cell.text))
                    .help("months are written as 2024-06")
            })?;
            if rows.contains_key(&month) {
                let message = format!("the month {} is given twice", cell.text);
                let help = "a month has one row: take one of them out";
                return Err(problem(&cell.origin, &message).help(help));
            }
            rows.insert(month, row);
        }
        Ok(Self { header, rows })
    }

    /// The place of a column, or what is wrong with its name.
    pub(crate) fn column(&self, name: &str) -> Result<usize, (String, String)> {
        let names: Vec<&str> = self.header.iter().map(|cell| cell.text.as_str()).collect();
        if let Some(place) = names.iter().position(|known| *known == name) {
            return Ok(place);
        }
        let help = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the columns are {}", names.join(", ")),
        };
        Err((format!("the table has no column `{name}`"), help))
    }

    /// The figure of a cell; `None` where nothing was published.
    pub(crate) fn figure(cell: &Cell) -> Result<Option<f64>, Problem> {
        if cell.text.is_empty() {
            return Ok(None);
        }
        match cell.text.parse::<f64>() {
            Ok(figure) if figure.is_finite() && figure >= 0.0 => Ok(Some(figure)),
            _ => Err(
                problem(&cell.origin, &format!("`{}` is not a count", cell.text)).help(
                    "counts are numbers of at least 0, without separators; empty is not published",
                ),
            ),
        }
    }
}
