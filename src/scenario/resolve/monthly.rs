//! CSV tables with a `month` column: drivers of arrivals, and published counts.

use std::collections::BTreeMap;

use super::cells::{Cell, Table, problem};
use crate::month::Month;
use crate::scenario::breakdown::By;
use crate::scenario::diagnostics::Problem;
use crate::scenario::nearest::nearest;

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
                let help = help_of_twice(&table.header);
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

/// The remedy for a month that is given twice: counts that are broken down further have a flag of their own.
fn help_of_twice(header: &[Cell]) -> String {
    let is_there = |by: &By| header.iter().any(|cell| cell.text == by.column());
    match [By::Area, By::Family].into_iter().find(is_there) {
        Some(by) => format!(
            "a month has one row here, and counts by `{}` have several: give such a table to `validate {}`",
            by.column(),
            by.flag()
        ),
        None => "a month has one row: take one of them out".to_owned(),
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
            problem(&cell.origin, &format!("`{}` is not a count", cell.text))
                .help(match decimal_comma(&cell.text) {
                Some(figure) => format!("decimals begin with a point: write {figure}"),
                None => {
                    "counts are numbers of at least 0, without separators; empty is not published"
                        .to_owned()
                }
            }),
        ),
    }
}

/// The number that a text is where its comma begins the decimals, as in `7300,5`; behind one between thousands are three digits.
fn decimal_comma(text: &str) -> Option<String> {
    let (whole, part) = text.split_once(',')?;
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    (is_number(whole) && is_number(part) && part.len() != 3).then(|| format!("{whole}.{part}"))
}

const WHOLE: &str = "persons are counted whole; waits may have decimals";

/// The persons that a cell counts: a figure without a fraction.
pub(crate) fn persons(cell: &Cell) -> Result<Option<f64>, Problem> {
    if decimal_comma(&cell.text).is_some() {
        let message = format!("`{}` is no whole number of persons", cell.text);
        return Err(problem(&cell.origin, &message).help(WHOLE));
    }
    let Some(figure) = figure(cell)? else {
        return Ok(None);
    };
    if is_cut_short(&cell.text) {
        let message = format!("`{}` may be rounded: it leaves out digits", cell.text);
        let help = "spreadsheets write large numbers so: show the column as whole numbers, and save it again";
        return Err(problem(&cell.origin, &message).help(help));
    }
    let thousands = thousands(&cell.text);
    let message = match &thousands {
        _ if figure.fract() != 0.0 => format!("`{}` is no whole number of persons", cell.text),
        Some(persons) => format!("`{}` may be {figure} or {persons} persons", cell.text),
        None => return Ok(Some(figure)),
    };
    let help = match &thousands {
        Some(persons) if figure.fract() != 0.0 => format!("did you mean {persons}?"),
        Some(_) => "write persons without decimals and without separators".to_owned(),
        None => WHOLE.to_owned(),
    };
    Err(problem(&cell.origin, &message).help(help))
}

/// Whether a text such as `1.30E+05` leaves out digits before the decimal point.
fn is_cut_short(text: &str) -> bool {
    let Some((digits, exponent)) = text.split_once(['e', 'E']) else {
        return false;
    };
    let digits = digits.bytes().filter(u8::is_ascii_digit).count();
    let exponent = exponent.parse::<usize>();
    exponent.is_ok_and(|exponent| digits <= exponent)
}

/// The number that a text is where its dot parts thousands, as in `1.569`.
pub(crate) fn thousands(text: &str) -> Option<String> {
    let (before, after) = text.split_once('.')?;
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_first = (1..=3).contains(&before.len()) && !before.starts_with('0');
    (is_first && after.len() == 3 && is_digits(before) && is_digits(after))
        .then(|| format!("{before}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::origin::Origin;

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

    #[test]
    fn persons_are_whole_and_a_dot_between_thousands_is_told() {
        let told = |text: &str| {
            let read = persons(&Cell {
                text: text.to_owned(),
                origin: Origin::new(0, 0..text.len()),
            });
            read.map_err(|problem| (problem.message, problem.help.unwrap_or_default()))
        };
        for (text, message, help) in [
            (
                "1.569",
                "`1.569` is no whole number of persons",
                "did you mean 1569?",
            ),
            (
                "270.000",
                "`270.000` may be 270 or 270000 persons",
                "write persons without decimals and without separators",
            ),
            (
                "569.5",
                "`569.5` is no whole number of persons",
                "persons are counted whole; waits may have decimals",
            ),
            (
                "7300,5",
                "`7300,5` is no whole number of persons",
                "persons are counted whole; waits may have decimals",
            ),
            (
                "7,300",
                "`7,300` is not a count",
                "counts are numbers of at least 0, without separators; empty is not published",
            ),
            (
                "1.30E+05",
                "`1.30E+05` may be rounded: it leaves out digits",
                "spreadsheets write large numbers so: show the column as whole numbers, and save it again",
            ),
            (
                "0.569",
                "`0.569` is no whole number of persons",
                "persons are counted whole; waits may have decimals",
            ),
        ] {
            assert_eq!(told(text), Err((message.to_owned(), help.to_owned())));
        }
        for (text, figure) in [("1569", 1569.0), ("1569.0", 1569.0), ("1.569e3", 1569.0)] {
            assert_eq!(told(text), Ok(Some(figure)), "{text}");
        }
        assert_eq!(told(""), Ok(None));
        let days = Cell {
            text: "41,5".to_owned(),
            origin: Origin::new(0, 0..4),
        };
        let help = figure(&days).unwrap_err().help;
        assert_eq!(
            help.as_deref(),
            Some("decimals begin with a point: write 41.5")
        );
    }

    #[test]
    fn semicolons_between_columns_are_told_where_commas_are_between_decimals() {
        let told = MonthlyTable::parse("month;n\n2024-01;7300,5\n", 0).unwrap_err();
        let help = told.help.unwrap();
        assert!(
            help.contains("by commas, not by semicolons, and decimals begin with a point"),
            "{help}"
        );
        let told = MonthlyTable::parse("month,n;m\n2024-01,7,300\n", 0).unwrap_err();
        assert!(told.help.unwrap().starts_with("a comma begins a field"));
    }

    #[test]
    fn a_table_by_area_or_family_status_is_told_where_it_goes() {
        for (column, flag) in [("area", "--by-area"), ("category", "--by-family")] {
            let text = format!(
                "month,component,{column},encounters\n2024-01,port,a,5\n2024-01,port,b,6\n"
            );
            let told = MonthlyTable::parse(&text, 0).unwrap_err();
            assert!(told.help.unwrap().contains(&format!("`validate {flag}`")));
        }
        let told = MonthlyTable::parse("month,n\n2024-01,5\n2024-01,6\n", 0).unwrap_err();
        assert_eq!(
            told.help.unwrap(),
            "a month has one row: take one of them out"
        );
    }
}
