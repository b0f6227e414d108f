//! Reads TOML text into a tree of values that know their place.

use std::num::{IntErrorKind, ParseIntError};

use toml::de::{DeTable, DeValue};

use super::key_path::KeyPath;
use super::node::{Entry, Node, Table, Value};
use super::origin::Origin;
use super::syntax;
use crate::scenario::diagnostics::{Problem, Problems};

/// Reads a whole file. What is not TOML is reported, and the rest of the file is read.
pub(crate) fn parse(text: &str, file: usize, problems: &mut Problems) -> Node {
    let (table, errors) = DeTable::parse_recoverable(text);
    syntax::report(text, file, errors, problems);
    let reader = Reader { file, shift: 0 };
    let value = Value::Table(reader.table(table.get_ref(), problems));
    Node::new(value, Origin::new(file, 0..0))
}

/// Reads the value of a `--set`; `shift` is where it begins in the text of the `--set`.
///
/// A bare word that TOML does not know is a string: `policy.app.booked=cancel`.
pub(crate) fn parse_override(
    text: &str,
    file: usize,
    shift: usize,
    problems: &mut Problems,
) -> Node {
    let reader = Reader { file, shift };
    let whole = Origin::new(file, shift..shift + text.len());
    match DeValue::parse(text) {
        Ok(value) => reader.node(value.get_ref(), 0..text.len(), problems),
        // What is wrong with a percentage is told where it is known what is expected.
        Err(_) if is_bare_word(text) || is_percentage(text) => {
            Node::new(Value::Text(text.to_owned()), whole)
        }
        Err(error) => {
            let place = error.span().unwrap_or(0..0);
            let (what, help) = syntax::said(error.message(), text, place);
            let (message, help) = match syntax::of_sweep(text) {
                Some((message, help)) => (message, Some(help)),
                None if text.is_empty() => ("there is no value after `=`".to_owned(), help),
                None => (format!("not a TOML value: {what}"), help),
            };
            let problem = Problem::error(&KeyPath::default(), &whole, message);
            problems.add_fatal(Problem { help, ..problem });
            Node::new(Value::Text(text.to_owned()), whole)
        }
    }
}

fn is_percentage(text: &str) -> bool {
    let number = text.strip_suffix('%').map(str::trim);
    number.is_some_and(|number| number.parse::<f64>().is_ok())
}

fn is_bare_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && (text.chars()).all(|c| c.is_ascii_alphanumeric() || "_-./ ".contains(c))
}

struct Reader {
    file: usize,
    shift: usize,
}

impl Reader {
    fn origin(&self, span: std::ops::Range<usize>) -> Origin {
        Origin::new(self.file, span.start + self.shift..span.end + self.shift)
    }

    fn table(&self, table: &DeTable<'_>, problems: &mut Problems) -> Table {
        let entries = table.iter().map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_origin: self.origin(key.span()),
            node: self.node(value.get_ref(), value.span(), problems),
        });
        Table(entries.collect())
    }

    fn node(
        &self,
        value: &DeValue<'_>,
        span: std::ops::Range<usize>,
        problems: &mut Problems,
    ) -> Node {
        let origin = self.origin(span);
        let value = match value {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(number) => {
                let parsed = i64::from_str_radix(number.as_str(), number.radix());
                let is_beyond = |error: &ParseIntError| {
                    matches!(
                        error.kind(),
                        IntErrorKind::PosOverflow | IntErrorKind::NegOverflow
                    )
                };
                // What else is wrong with a number is no TOML, and said already.
                if parsed.as_ref().is_err_and(is_beyond) {
                    problems.add_fatal(
                        Problem::error(&KeyPath::default(), &origin, "number out of range")
                            .help("whole numbers go up to 9223372036854775807"),
                    );
                }
                Value::Integer(parsed.unwrap_or_default())
            }
            // Adding 0 turns -0 into 0: a zero has no sign here.
            DeValue::Float(number) => {
                Value::Float(number.as_str().parse().unwrap_or(f64::NAN) + 0.0)
            }
            DeValue::Boolean(truth) => Value::Bool(*truth),
            DeValue::Datetime(moment) => Value::Moment(moment.to_string()),
            DeValue::Array(items) => Value::List(
                (items.iter())
                    .map(|item| self.node(item.get_ref(), item.span(), problems))
                    .collect(),
            ),
            DeValue::Table(table) => Value::Table(self.table(table, problems)),
        };
        Node::new(value, origin)
    }
}
