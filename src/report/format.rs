//! What a format is given, and what formats share.

use std::io::{self, Write};

use serde::Serialize;

use super::manifest::Manifest;
use super::number;
use crate::experiment::Results;
use crate::scenario::observed::Observed;
use crate::stats::Estimate;

/// The results of a run and where they come from.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// Provenance.
    pub manifest: &'a Manifest,
    /// Estimates over replications.
    pub results: &'a Results,
    /// Published figures to set beside them.
    pub observed: Option<&'a Observed>,
    /// Whether nothing changes over the run, so that its warm-up can be judged.
    pub is_steady: bool,
}

/// Writes a report in one format.
///
/// It reads and opens nothing; the only error is that of the writer.
pub type Format = fn(&Report<'_>, &mut dyn Write) -> io::Result<()>;

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

/// Writes rows as CSV with their field names as a header, which is there without a row too.
pub(super) fn records<R: Serialize + Default>(
    rows: impl IntoIterator<Item = R>,
    to: &mut dyn Write,
) -> io::Result<()> {
    header::<R>(to)?;
    let mut table = csv::WriterBuilder::new().has_headers(false).from_writer(to);
    for row in rows {
        table.serialize(row).map_err(io_error)?;
    }
    table.flush()
}

/// The header: the first line above any row.
fn header<R: Serialize + Default>(to: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.serialize(R::default()).map_err(io_error)?;
    let text = table
        .into_inner()
        .map_err(csv::IntoInnerError::into_error)?;
    let end = text.iter().position(|&byte| byte == b'\n');
    to.write_all(&text[..end.map_or(text.len(), |end| end + 1)])
}

/// The error of the writer behind a CSV writer, with its kind: a closed pipe stays one.
pub(super) fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default, Serialize)]
    struct Row {
        month: String,
        r#break: bool,
        error: Option<f64>,
    }

    #[test]
    fn a_table_without_rows_has_its_header() {
        let written = |rows: Vec<Row>| {
            let mut text = Vec::new();
            records(rows, &mut text).unwrap();
            String::from_utf8(text).unwrap()
        };
        assert_eq!(written(Vec::new()), "month,break,error\n");
        let row = Row {
            month: "2024-05".to_owned(),
            ..Row::default()
        };
        assert_eq!(written(vec![row]), "month,break,error\n2024-05,false,\n");
    }
}
