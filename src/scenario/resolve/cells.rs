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

/// The lines of a text, the first one included, all of as many cells. Lines that begin with `#` are comments, and those without a text in any
/// cell, as spreadsheets leave them below a table, are no lines.
pub(crate) fn lines(text: &str, file: usize) -> Result<Vec<Vec<Cell>>, Problem> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut lines: Vec<Vec<Cell>> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(&error, text, file))?;
        let line = cells(&record, text, file);
        if line.iter().all(|cell| cell.text.is_empty()) {
            continue;
        }
        if let Some(header) = lines.first().filter(|header| header.len() != line.len()) {
            return Err(unequal(&line, header));
        }
        lines.push(line);
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
    let start = start_of(error.position(), text);
    let end = end_of_line(text, start);
    let message = format!("not CSV: {error}");
    problem(&Origin::new(file, start..end), &message)
}

/// A line that has another number of cells than the first.
fn unequal(line: &[Cell], header: &[Cell]) -> Problem {
    let fields = match line.len() {
        1 => "1 field".to_owned(),
        many => format!("{many} fields"),
    };
    let mut origin = line[0].origin.clone();
    origin.end = line[line.len() - 1].origin.end;
    let message = format!("the line has {fields}, the first line has {}", header.len());
    problem(&origin, &message).help(help_of_fields(header))
}

/// The remedy for a line with other fields than the first. Where that is one field of several columns, commas are between decimals.
fn help_of_fields(header: &[Cell]) -> String {
    const COMMAS: &str = "a comma begins a field: write numbers without separators, and texts with a comma in quotes";
    match help_of_header(header, COMMAS) {
        help if help != COMMAS && header.len() == 1 => {
            format!("{help}, and decimals begin with a point: 7300.5")
        }
        _ => COMMAS.to_owned(),
    }
}

/// The fields of a record with their places.
fn cells(record: &csv::StringRecord, text: &str, file: usize) -> Vec<Cell> {
    let mut next = start_of(record.position(), text);
    (record.iter())
        .map(|field| {
            let end = end_of_field(text, next);
            let span = without_blanks(text, next..end);
            next = (end + 1).min(text.len());
            Cell {
                text: field.trim().to_owned(),
                origin: Origin::new(file, span),
            }
        })
        .collect()
}

/// Where a record begins: its position may lie before blank lines and comments.
fn start_of(position: Option<&csv::Position>, text: &str) -> usize {
    let byte = position.map_or(0, |position| position.byte() as usize);
    let mut start = byte.min(text.len());
    loop {
        start = text.len() - text[start..].trim_start_matches(['\r', '\n']).len();
        if !text[start..].starts_with('#') {
            return start;
        }
        start = end_of_line(text, start);
    }
}

fn end_of_line(text: &str, start: usize) -> usize {
    let length = text[start..].find(['\r', '\n']);
    length.map_or(text.len(), |length| start + length)
}

/// Where a field ends: at a comma or the end of the line, but those in its quotes.
fn end_of_field(text: &str, start: usize) -> usize {
    let has_quotes = text[start..].starts_with('"');
    let mut is_quoted = false;
    let length = text[start..].find(|c| {
        is_quoted ^= has_quotes && c == '"';
        !is_quoted && matches!(c, ',' | '\r' | '\n')
    });
    length.map_or(text.len(), |length| start + length)
}

/// The place of a field without the blanks around it; of one that has nothing else, its own.
fn without_blanks(text: &str, field: Range<usize>) -> Range<usize> {
    let written = &text[field.clone()];
    let start = field.end - written.trim_start().len();
    match written.trim().len() {
        0 => field,
        length => start..start + length,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::origin::Files;

    /// The text at the place of each cell.
    fn places(text: &str) -> Vec<Vec<&str>> {
        let lines = lines(text, Files::MAIN).unwrap();
        let place = |cell: &Cell| &text[cell.origin.start..cell.origin.end];
        (lines.iter())
            .map(|line| line.iter().map(place).collect())
            .collect()
    }

    #[test]
    fn a_place_is_that_of_the_text_and_not_of_the_blanks_around_it() {
        assert_eq!(
            places("month, n\n 2024-01 ,\tabc\r\n2024-02,  \n"),
            [["month", "n"], ["2024-01", "abc"], ["2024-02", "  "]]
        );
    }

    #[test]
    fn cells_in_quotes_have_places_of_their_own() {
        let text = "# of \"spreadsheets\"\n\"month\",\"n\",\"o\"\n\"a, \"\"b\"\"\", x ,\"two\nlines\"\n2024-01,1,2\n";
        let expected = [
            ["\"month\"", "\"n\"", "\"o\""],
            ["\"a, \"\"b\"\"\"", "x", "\"two\nlines\""],
            ["2024-01", "1", "2"],
        ];
        assert_eq!(places(text), expected);
        let lines = lines(text, Files::MAIN).unwrap();
        assert_eq!(lines[1][0].text, "a, \"b\"");
    }

    #[test]
    fn quotes_that_never_close_or_begin_within_a_field_are_read_to_their_end() {
        assert_eq!(places("a,b\nx\"y,\"z"), [["a", "b"], ["x\"y", "\"z"]]);
        assert_eq!(places("\"a\"b\"c,d\n").len(), 1);
    }

    #[test]
    fn lines_without_a_text_are_passed_over() {
        assert_eq!(
            places(",,\nmonth,n\n2024-01,5\n,\n  , \n   \n\n,,,,\n"),
            [["month", "n"], ["2024-01", "5"]]
        );
    }

    #[test]
    fn a_line_of_one_field_is_told_where_it_stands() {
        let text = "month,n\n# more\n\n 2024-01\n";
        let wrong = lines(text, Files::MAIN).unwrap_err();
        assert_eq!(wrong.message, "the line has 1 field, the first line has 2");
        assert_eq!(&text[wrong.origin.unwrap().start..], "2024-01\n");
    }
}
