//! What is said of a text that is not TOML.

use toml::de::Error;

use super::diagnostics::{Problem, Problems};
use super::key_path::KeyPath;
use super::origin::Origin;

/// Most errors that are shown of one file: the rest follow from the first more often than not.
const MOST: usize = 3;

/// Words of the parser, and what they are called here.
const WORDS: [(&str, &str); 6] = [
    (", expected literal string", ""),
    ("literal string", "string in ' quotes"),
    ("basic string", "string in \" quotes"),
    ("inline table element", "entry in braces"),
    ("inline table", "table in braces"),
    ("key-value pair", "`key = value` pair"),
];

/// What is said of a comma in a number.
const NO_COMMAS: &str = "numbers have no commas: write 0.5 for 0,5, and 1800 or 1_800 for 1,800; `sweep` takes several as '1500|1800'";

/// Reports the first errors of a file, and how many there are beside them; of a file that is something else, the first one.
pub(crate) fn report(text: &str, file: usize, mut errors: Vec<Error>, problems: &mut Problems) {
    errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
    let is_other = !looks_like_toml(text);
    let shown = if is_other { 1 } else { MOST }.min(errors.len());
    for (place, error) in (1..).zip(&errors[..shown]) {
        let origin = Origin::new(file, error.span().unwrap_or(0..0));
        let more = match errors.len() - shown {
            more if place == shown && more > 0 => format!(", and {more} more such errors"),
            _ => String::new(),
        };
        let at = error.span().map_or(0, |span| span.start);
        let (what, help) = said(error.message(), figure_at(text, at));
        let message = format!("not TOML: {what}{more}");
        let problem = Problem::error(&KeyPath::default(), &origin, message);
        problems.add_fatal(if is_in_number(text, at) {
            problem.help(NO_COMMAS)
        } else if is_other {
            problem.help(
                "this does not look like a scenario, which has lines such as `key = value` under headings such as `[run]`; `portflow new \
                 FILE` writes one to start from",
            )
        } else {
            Problem {
                help: help.map(str::to_owned),
                ..problem
            }
        });
    }
}

/// Quotes as word processors set them.
const TYPOGRAPHIC: [char; 6] = ['“', '”', '„', '‘', '’', '«'];

/// What is wrong with a value, and the remedy. Of a date in another form, such as 30/06/2024, the parser says that it must be quoted, which
/// no date may be.
pub(crate) fn said(message: &str, value: &str) -> (String, Option<&'static str>) {
    let is_date = ['/', '.'].into_iter().any(|mark| {
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let mut parts = value.split(mark);
        // With dots it may be the number of a version, unless it has a year.
        parts.clone().count() == 3
            && parts.clone().all(is_number)
            && (mark == '/' || parts.any(|part| part.len() == 4))
    });
    if is_date {
        let help = "year, month and day, without quotes: 2024-06-30";
        return (
            format!("`{value}` is not how a date is written"),
            Some(help),
        );
    }
    let is_form = ["-digit", "expected `-`"]
        .into_iter()
        .any(|it| message.contains(it));
    let help = if message.starts_with("invalid date") && is_form {
        Some("year, month and day, of four and two and two digits: 2024-06-30")
    } else if value.starts_with(TYPOGRAPHIC) {
        Some("these are typographic quotes: write \"")
    } else {
        None
    };
    (plain(message), help)
}

/// The remedy for a value alone, at a place of which the parser stopped.
pub(crate) fn help(message: &str, value: &str, at: usize) -> Option<&'static str> {
    if is_in_number(value, at) {
        Some(NO_COMMAS)
    } else {
        said(message, value).1
    }
}

/// The digits, dots and slashes around a place, or the typographic quote at it.
fn figure_at(text: &str, at: usize) -> &str {
    let quote = text.get(at..).filter(|it| it.starts_with(TYPOGRAPHIC));
    if let Some(quote) = quote.and_then(|it| it.split_inclusive(TYPOGRAPHIC).next()) {
        return quote;
    }
    let is_other = |letter: char| !(letter.is_ascii_digit() || letter == '.' || letter == '/');
    let (Some(before), Some(after)) = (text.get(..at), text.get(at..)) else {
        return "";
    };
    let start = before.rfind(is_other).map_or(0, |place| place + 1);
    let end = after.find(is_other).map_or(text.len(), |place| at + place);
    text.get(start..end).unwrap_or_default()
}

/// The parser's message in words of these files.
fn plain(message: &str) -> String {
    (WORDS.iter()).fold(message.to_owned(), |message, (word, ours)| {
        message.replace(word, ours)
    })
}

/// Whether what is at a place stands behind a comma between digits.
fn is_in_number(text: &str, at: usize) -> bool {
    let (Some(before), Some(from)) = (text.get(..at), text.get(at..)) else {
        return false;
    };
    let digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
    // The parser stops at the comma or behind it.
    let (before, after) = match (before.strip_suffix(','), from.strip_prefix(',')) {
        (Some(before), _) => (before, from),
        (None, Some(after)) => (before, after),
        (None, None) => return false,
    };
    digit(before.chars().next_back()) && digit(after.chars().next())
}

/// Whether most lines of a text could be TOML: a heading, or a key and its value.
fn looks_like_toml(text: &str) -> bool {
    let lines = text.lines().map(str::trim_start);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let (mut all, mut alike) = (0, 0);
    for line in lines {
        all += 1;
        alike += usize::from(line.starts_with('[') || line.contains('='));
    }
    2 * alike >= all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_with_mistakes_still_looks_like_one_and_prose_and_tables_do_not() {
        let scenario = "# A scenario\n\n[run]\nstart = 2024-01-01\nend 2024-03-31\n";
        assert!(looks_like_toml(scenario));
        assert!(looks_like_toml(""));
        assert!(!looks_like_toml(
            "# Title\n\nSome words, of which\none is x = 1.\nAnd more.\n"
        ));
        assert!(!looks_like_toml("month,arrivals\n2024-01,5\n"));
        assert!(!looks_like_toml("{\n  \"run\": 3\n}\n"));
    }

    #[test]
    fn a_date_in_another_form_is_told_how_dates_are_written() {
        let quoted = "string values must be quoted";
        for value in ["30/06/2024", "30.06.2024", "2024/06/30"] {
            let (what, help) = said(quoted, value);
            assert_eq!(what, format!("`{value}` is not how a date is written"));
            assert!(help.is_some_and(|help| help.contains("2024-06-30")));
        }
        for value in ["half/way", "1/2", "0.5", "1..2", "1.2.3"] {
            assert_eq!(said(quoted, value), (quoted.to_owned(), None), "{value}");
        }
        let text = "end = 30.06.2024 # é";
        assert_eq!(figure_at(text, 11), "30.06.2024");
        assert_eq!(figure_at("30/06/2024", 0), "30/06/2024");
        assert_eq!(figure_at(text, 3), "");
    }

    #[test]
    fn the_words_of_the_parser_are_made_plain() {
        for (theirs, ours) in [
            (
                "string values must be quoted, expected literal string",
                "string values must be quoted",
            ),
            (
                "unclosed inline table, expected `}`",
                "unclosed table in braces, expected `}`",
            ),
            ("duplicate key", "duplicate key"),
        ] {
            assert_eq!(plain(theirs), ours);
        }
    }
}
