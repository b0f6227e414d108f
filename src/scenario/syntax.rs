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
        let message = format!("not TOML: {}{more}", plain(error.message()));
        let problem = Problem::error(&KeyPath::default(), &origin, message);
        let at = error.span().map_or(0, |span| span.start);
        problems.add_fatal(if is_in_number(text, at) {
            problem.help("numbers have no commas: write 0.5 for 0,5, and 1800 or 1_800 for 1,800")
        } else if is_other {
            problem.help(
                "this does not look like a scenario, which has lines such as `key = value` under headings such as `[run]`; `portflow new \
                 FILE` writes one to start from",
            )
        } else {
            problem
        });
    }
}

/// The parser's message in words of these files.
pub(crate) fn plain(message: &str) -> String {
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
