//! The cells of a CSV text, each with its place, and tables of them whose columns are named.

use std::ops::Range;

use crate::scenario::diagnostics::Problem;
use crate::scenario::key_path::KeyPath;
use crate::scenario::origin::Origin;

/// A cell and its place.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) origin: Origin,
}

/// The lines of a text, the first one included; lines that begin with `#` are comments.
pub(crate) fn lines(text: &str, file: usize) -> Result<Vec<Vec<Cell>>, Problem> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(&error, text, file))?;
        lines.push(cells(&record, text, file));
    }
    Ok(lines)
}

/// A table whose first line names its columns.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) header: Vec<Cell>,
    pub(crate) rows: Vec<Vec<Cell>>,
    file: usize,
}

impl Table {
    /// Reads the text of a file. Every row has as many cells as the header, and no two columns have one name.
    pub(crate) fn parse(text: &str, file: usize) -> Result<Self, Problem> {
        let mut lines = lines(text, file)?.into_iter();
        let header = lines.next().unwrap_or_default();
        for (place, cell) in header.iter().enumerate() {
            let mut before = header[..place].iter();
            if !cell.text.is_empty() && before.any(|other| other.text == cell.text) {
                let message = format!("`{}` has two columns", cell.text);
                let help = "each column has a name of its own: take one of them out";
                return Err(problem(&cell.origin, &message).help(help));
            }
        }
        let rows = lines.collect();
        Ok(Self { header, rows, file })
    }

    /// The place of a column that a table of its kind must have; `format` says how such a table is written.
    pub(crate) fn required(&self, name: &str, format: &str) -> Result<usize, Problem> {
        let place = self.header.iter().position(|cell| cell.text == name);
        place.ok_or_else(|| {
            let first = self.header.first();
            let origin = first.map_or(Origin::new(self.file, 0..0), |cell| cell.origin.clone());
            let help = help_of_header(&self.header, format);
            problem(&origin, &format!("the table has no column `{name}`")).help(help)
        })
    }
}

/// The remedy for a first line that is not as it should be: the format of the table, unless its columns are not separated by commas.
pub(crate) fn help_of_header<'f>(header: &[Cell], format: &'f str) -> &'f str {
    let has = |sign| header.iter().any(|cell| cell.text.contains(sign));
    if has(';') {
        "columns are separated by commas, not by semicolons"
    } else if has('\t') {
        "columns are separated by commas, not by tabs"
    } else {
        format
    }
}

/// A mistake in a table.
pub(crate) fn problem(origin: &Origin, message: &str) -> Problem {
    Problem::error(&KeyPath::default(), origin, message)
}

fn unreadable(error: &csv::Error, text: &str, file: usize) -> Problem {
    let start = error
        .position()
        .map_or(0, |position| position.byte() as usize);
    let line = line_at(text, start);
    let origin = Origin::new(file, line);
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            let message = format!("the line has {len} fields, the first line has {expected_len}");
            problem(&origin, &message).help(
                "a comma begins a field: write numbers without separators, and texts with a comma in quotes",
            )
        }
        _ => problem(&origin, &format!("not CSV: {error}")),
    }
}

fn line_at(text: &str, from: usize) -> Range<usize> {
    let rest = &text[from.min(text.len())..];
    let skipped = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    let start = from + skipped;
    let length = text[start..]
        .find(['\r', '\n'])
        .unwrap_or(text.len() - start);
    start..start + length
}

/// The fields of a record with their places; with quotes in the line, the whole line is the place.
fn cells(record: &csv::StringRecord, text: &str, file: usize) -> Vec<Cell> {
    let from = record
        .position()
        .map_or(0, |position| position.byte() as usize);
    let mut start = from;
    // The position of a record may lie before comment lines.
    while line_at(text, start).start < text.len() && text[line_at(text, start)].starts_with('#') {
        start = line_at(text, start).end;
    }
    let line = line_at(text, start);
    let is_plain = !text[line.clone()].contains('"');
    let mut next = line.start;
    (record.iter())
        .map(|field| {
            let span = if is_plain {
                next..next + field.len()
            } else {
                line.clone()
            };
            next += field.len() + 1;
            Cell {
                text: field.trim().to_owned(),
                origin: Origin::new(file, span),
            }
        })
        .collect()
}
