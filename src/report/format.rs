//! What formats share: how an estimate, a row, a missing value and a document are written.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value};

use super::number;
use crate::stats::Estimate;

/// An estimate as results write it: missing values are empty in CSV and null in JSON, never 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(super) struct Figure {
    mean: Option<f64>,
    lower: Option<f64>,
    upper: Option<f64>,
    n: u32,
}

impl Figure {
    pub(super) fn of(estimate: Option<Estimate>) -> Self {
        let Some(estimate) = estimate else {
            return Self::default();
        };
        let bounds = estimate.interval;
        Self {
            mean: Some(number::rounded(estimate.mean)),
            lower: bounds.map(|bounds| number::rounded(bounds.lower)),
            upper: bounds.map(|bounds| number::rounded(bounds.upper)),
            n: estimate.n,
        }
    }

    /// The columns `mean`, `lower`, `upper`, `n` of a CSV file.
    pub(super) fn columns(self) -> [String; 4] {
        [
            number::or_empty(self.mean),
            number::or_empty(self.lower),
            number::or_empty(self.upper),
            self.n.to_string(),
        ]
    }
}

/// Writes rows as CSV with their field names as a header, which is there without a row too. What is missing is empty, and a number is as
/// short as it can be: 5 and not 5.0.
pub(super) fn records<R: Serialize + Default>(
    rows: impl IntoIterator<Item = R>,
    to: &mut dyn Write,
) -> io::Result<()> {
    let mut table = Csv::new(fields(&R::default())?.keys(), to)?;
    for row in rows {
        table.add(fields(&row)?.values().map(text))?;
    }
    table.finish()
}

/// A row by the names of its fields, in their order.
fn fields(row: &impl Serialize) -> io::Result<Map<String, Value>> {
    match serde_json::to_value(row)? {
        Value::Object(fields) => Ok(fields),
        other => Err(io::Error::other(format!("{other} is no row of a table"))),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => number.as_f64().unwrap_or(f64::NAN).to_string(),
        other => other.to_string(),
    }
}

/// A CSV file in the making.
#[derive(Debug)]
pub(super) struct Csv<W: Write>(csv::Writer<W>);

impl<W: Write> Csv<W> {
    /// Nothing but its header.
    pub(super) fn new<C: AsRef<[u8]>>(
        header: impl IntoIterator<Item = C>,
        to: W,
    ) -> io::Result<Self> {
        let mut table = Self(csv::Writer::from_writer(to));
        table.add(header)?;
        Ok(table)
    }

    /// Adds a row.
    pub(super) fn add<C: AsRef<[u8]>>(
        &mut self,
        cells: impl IntoIterator<Item = C>,
    ) -> io::Result<()> {
        self.0.write_record(cells).map_err(io_error)
    }

    /// Hands everything to what it is written to.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The error of the writer behind a CSV writer, with its kind: a closed pipe stays one.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}

/// Writes one JSON document.
pub(super) fn pretty(document: &impl Serialize, to: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *to, document)?;
    writeln!(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default, Serialize)]
    struct Row {
        month: String,
        r#break: bool,
        error: Option<f64>,
        months: f64,
    }

    #[test]
    fn a_table_without_rows_has_its_header() {
        let written = |rows: Vec<Row>| {
            let mut text = Vec::new();
            records(rows, &mut text).unwrap();
            String::from_utf8(text).unwrap()
        };
        assert_eq!(written(Vec::new()), "month,break,error,months\n");
        let row = Row {
            month: "2024-05".to_owned(),
            months: 5.0,
            ..Row::default()
        };
        assert_eq!(
            written(vec![row]),
            "month,break,error,months\n2024-05,false,,5\n"
        );
    }
}
