//! CSV tables with a `month` column: drivers of arrivals, and published counts.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::diagnostics::Problem;
use super::key_path::KeyPath;
use super::nearest::nearest;
use super::origin::Origin;

/// A cell and its place.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) origin: Origin,
}

/// The rows of a table by month.
#[derive(Debug, Clone)]
pub(crate) struct MonthlyTable {
    pub(crate) header: Vec<Cell>,
    pub(crate) rows: BTreeMap<Date, Vec<Cell>>,
}

/// First day of a month written as `YYYY-MM`.
#[must_use]
pub(crate) fn parse_month(text: &str) -> Option<Date> {
    let is_month = text.len() == 7 && text.as_bytes()[4] == b'-';
    is_month.then(|| format!("{text}-01").parse().ok())?
}

impl MonthlyTable {
    /// Reads the text of a file; lines that begin with `#` are comments.
    pub(crate) fn parse(text: &str, file: usize) -> Result<Self, Problem> {
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .has_headers(false)
            .from_reader(text.as_bytes());
        let mut lines = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| unreadable(&error, text, file))?;
            lines.push(cells(&record, text, file));
        }
        let mut lines = lines.into_iter();
        let header = lines.next().unwrap_or_default();
        let Some(month) = header.iter().position(|cell| cell.text == "month") else {
            let origin = header
                .first()
                .map_or(Origin::new(file, 0..0), |cell| cell.origin.clone());
            return Err(problem(&origin, "the table has no column `month`")
                .help("the first line names the columns; months are written as 2024-06"));
        };
        let mut rows = BTreeMap::new();
        for row in lines {
            let cell = &row[month];
            let date = parse_month(&cell.text).ok_or_else(|| {
                problem(&cell.origin, &format!("`{}` is not a month", cell.text))
                    .help("months are written as 2024-06")
            })?;
            if rows.contains_key(&date) {
                return Err(problem(
                    &cell.origin,
                    &format!("the month {} is given twice", cell.text),
                ));
            }
            rows.insert(date, row);
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

fn problem(origin: &Origin, message: &str) -> Problem {
    Problem::error(&KeyPath::default(), origin, message)
}

fn unreadable(error: &csv::Error, text: &str, file: usize) -> Problem {
    let start = error
        .position()
        .map_or(0, |position| position.byte() as usize);
    let line = line_at(text, start);
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!("the line has {len} fields, the first line has {expected_len}")
        }
        _ => format!("not CSV: {error}"),
    };
    problem(&Origin::new(file, line), &message)
}

fn line_at(text: &str, from: usize) -> std::ops::Range<usize> {
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
