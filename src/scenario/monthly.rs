//! CSV tables with a `month` column: drivers of arrivals, and published counts.

use std::collections::BTreeMap;

use super::cells::{Cell, Table, problem};
use super::diagnostics::Problem;
use super::nearest::nearest;
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
        let table = Table::parse(text, file)?;
        let format = "the first line names the columns; months are written as 2024-06";
        let place = table.required("month", format)?;
        let mut rows = BTreeMap::new();
        for row in table.rows {
            let cell = &row[place];
            let month = month(cell)?;
            if rows.contains_key(&month) {
                let message = format!("the month {} is given twice", cell.text);
                let help = "a month has one row: take one of them out";
                return Err(problem(&cell.origin, &message).help(help));
            }
            rows.insert(month, row);
        }
        Ok(Self {
            header: table.header,
            rows,
        })
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
}

/// The month that a cell names.
pub(crate) fn month(cell: &Cell) -> Result<Month, Problem> {
    cell.text.parse().map_err(|_| {
        problem(&cell.origin, &format!("`{}` is not a month", cell.text))
            .help("months are written as 2024-06")
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_columns_of_one_name_are_refused() {
        let doubled = "month,n,other,n\n2024-01,5,1,6\n";
        let told = MonthlyTable::parse(doubled, 0).unwrap_err();
        assert_eq!(told.message, "`n` has two columns");
        // It is the second that is pointed at.
        assert_eq!(told.origin.map(|origin| origin.start), Some(14));
        // Columns without a name, as spreadsheets leave them, cannot be mistaken for each other.
        assert!(MonthlyTable::parse("month,n,,\n2024-01,5,,\n", 0).is_ok());
    }
}
