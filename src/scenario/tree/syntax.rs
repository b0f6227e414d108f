//! What is said of a text that is not TOML.

use std::ops::Range;

use toml::de::Error;

use super::key_path::KeyPath;
use super::origin::Origin;
use super::slips;
use crate::scenario::diagnostics::{Problem, Problems};
use crate::scenario::schema::rule::{Kind, Rule};

/// Most errors that are shown of one file: the rest follow from the first more often than not.
const MOST: usize = 3;

/// Words of the parser, and what they are called here.
const WORDS: [(&str, &str); 8] = [
    (", expected literal string", ""),
    ("literal strings", "strings in ' quotes"),
    ("literal string", "string in ' quotes"),
    ("basic strings", "strings in \" quotes"),
    ("basic string", "string in \" quotes"),
    ("inline table element", "entry in braces"),
    ("inline table", "table in braces"),
    ("key-value pair", "`key = value` pair"),
];

/// What is said of a comma in a number, and several values that `sweep` may be meant to take.
fn no_commas(values: &str) -> String {
    format!(
        "numbers have no commas: write 0.5 for 0,5, and 1800 or 1_800 for 1,800; `sweep` takes several as '{values}'"
    )
}

/// Values between commas, as `sweep` takes them, where they are several numbers rather than one with commas in it.
fn several(text: &str) -> Option<String> {
    let values: Vec<&str> = text.split(',').map(str::trim).collect();
    let is_number = |value: &&str| value.parse::<f64>().is_ok_and(f64::is_finite);
    let (first, later) = values.split_first()?;
    // 1,800,000 and 100,000 are one number; 200,250,300 could be, and is told as several beside how one is written.
    let are_digits = |value: &str| value.bytes().all(|byte| byte.is_ascii_digit());
    let is_thousands = first.len() <= 3
        && are_digits(first)
        && (later.iter()).all(|value| value.len() == 3 && are_digits(value))
        && (first.len() < 3 || later.iter().any(|value| value.starts_with('0')));
    // 1800,5 has a decimal comma.
    let is_list = match *later {
        [] => false,
        [second] => first.len() > 2 && first.len() == second.len(),
        _ => true,
    };
    (is_list && !is_thousands && values.iter().all(is_number)).then(|| values.join("|"))
}

/// What is wrong with the value of a `--set` that is one of `sweep`: several values, or a range.
pub(crate) fn of_sweep(text: &str) -> Option<(String, String)> {
    let is_quoted = text.contains(['"', '\'', '[', '{']);
    let is_range = |(low, high): (&str, &str)| {
        let ends = [low, high.split(':').next().unwrap_or(high)];
        let is_number = |end: &&str| end.trim().parse::<f64>().is_ok();
        ends.iter().all(is_number)
    };
    let what = if is_quoted {
        return None;
    } else if text.contains('|') {
        "several values"
    } else if text.split_once("..").is_some_and(is_range) {
        "a range"
    } else {
        return None;
    };
    let help = format!("{what} can be tried by `portflow sweep`; give one here");
    Some((format!("`{text}` is {what}"), help))
}

/// What the parser says of a value alone, which may be one that is nearly right.
const OF_VALUES: [&str; 9] = [
    "string values must be quoted",
    "invalid boolean",
    "invalid float",
    "invalid mantissa",
    "invalid fraction",
    "invalid date",
    "invalid time",
    "unexpected leading zero",
    "redundant numeric sign",
];

/// Reports the first errors of a file, and how many there are beside them; of a file that is something else, the first one.
pub(crate) fn report(text: &str, file: usize, mut errors: Vec<Error>, problems: &mut Problems) {
    let place = |error: &Error| error.span().unwrap_or(0..0);
    errors.sort_by_key(|error| place(error).start);
    // Of one value the parser may say several things, of which the first says it.
    errors.dedup_by(|later, error| place(later).start < value_at(text, &place(error)).end);
    // What stands behind a comma in a number is no entry of its own.
    errors.dedup_by(|later, error| {
        let (from, to) = (place(error).start, place(later).start);
        is_in_number(text, from)
            && (text.get(from..to)).is_some_and(|between| !between.contains('\n'))
    });
    // Under a heading that is given twice, keys are given twice too.
    errors.dedup_by(|later, error| {
        let is_twice = |error: &Error| error.message() == "duplicate key";
        let (from, to) = (place(error).start, place(later).start);
        let is_heading = |line: &str| line.trim_start().starts_with('[');
        is_twice(error)
            && is_twice(later)
            && heading_before(text, from).is_some()
            && !text
                .get(from..to)
                .is_some_and(|it| it.lines().skip(1).any(is_heading))
    });
    let is_other = !looks_like_toml(text);
    let shown = if is_other { 1 } else { MOST }.min(errors.len());
    for (number, error) in (1..).zip(&errors[..shown]) {
        let more = match errors.len() - shown {
            more if number == shown && more > 0 => format!(", and {more} more such errors"),
            _ => String::new(),
        };
        let (what, help) = said(error.message(), text, place(error));
        let help = if is_other {
            let help = "this does not look like a scenario, which has lines such as `key = value` under headings such as `[run]`; \
                 `portflow new FILE` writes one to start from";
            Some(help.to_owned())
        } else {
            help
        };
        let origin = Origin::new(file, place(error));
        let message = format!("not TOML: {what}{more}");
        let problem = Problem::error(&KeyPath::default(), &origin, message);
        problems.add_fatal(Problem { help, ..problem });
    }
}

/// What is wrong at a place of a text, and the remedy. Of most values that are none, the parser says that they must be quoted.
pub(crate) fn said(message: &str, text: &str, place: Range<usize>) -> (String, Option<String>) {
    let is_of_a_value = OF_VALUES.iter().any(|words| message.starts_with(words));
    if is_in_number(text, place.start) {
        let what = if message.starts_with("invalid literal string") {
            "invalid entry in braces".to_owned()
        } else {
            plain(message)
        };
        let values = several(text);
        return (
            what,
            Some(no_commas(values.as_deref().unwrap_or("1500|1800"))),
        );
    }
    let value = text.get(value_at(text, &place)).unwrap_or_default();
    if is_of_a_value && let Some((what, help)) = slips::of(value) {
        let key = key_before(text, place.start).filter(|_| what == slips::UNQUOTED);
        return match key.filter(is_number) {
            Some(key) => (
                format!("`{value}` is not how a number is written"),
                Some(format!("`{key}` is a number: write it in digits")),
            ),
            None => (what, Some(help)),
        };
    }
    let is_form = ["-digit", "expected `-`"]
        .into_iter()
        .any(|it| message.contains(it));
    let help = if message.starts_with("invalid date") && is_form {
        Some("year, month and day, of four and two and two digits: 2024-06-30".to_owned())
    } else if message == "duplicate key" {
        let again = heading_before(text, place.start);
        again.or_else(|| Some(twice(text, place.start).to_owned()))
    } else {
        None
    };
    (plain(message), help)
}

/// The range of the value of which a place is a part, as far as blanks and marks of TOML.
fn value_at(text: &str, place: &Range<usize>) -> Range<usize> {
    let (Some(before), Some(after)) = (text.get(..place.start), text.get(place.end..)) else {
        return place.clone();
    };
    let is_mark = |letter: char| letter.is_whitespace() || "=,[]{}#".contains(letter);
    let start = (before.char_indices().rev())
        .find(|(_, letter)| is_mark(*letter))
        .map_or(0, |(at, letter)| at + letter.len_utf8());
    let length = after.find(is_mark).unwrap_or(after.len());
    start..place.end + length
}

/// What to do about a key or a heading that has been given in another form.
fn twice(text: &str, at: usize) -> &'static str {
    let line = text.get(..at).map_or(0, line_of);
    let is_heading = |line: &str| line.trim_start().starts_with('[');
    if text.lines().nth(line).is_some_and(is_heading) {
        "the table has keys already: write all of them in one place"
    } else {
        "the key has a value already: keep one of the two"
    }
}

/// Number of the line, from 0, that follows a text.
fn line_of(before: &str) -> usize {
    before.matches('\n').count()
}

/// The key whose value stands at a place of the same line, with the heading above it.
fn key_before(text: &str, at: usize) -> Option<KeyPath> {
    let before = text.get(..at)?;
    let (above, line) = before.rsplit_once('\n').unwrap_or(("", before));
    let key = line.split_once('=')?.0.trim();
    let mut headings = above.lines().rev().filter_map(table_of);
    let table = headings.next().map(|table| format!("{table}."));
    Some(KeyPath::parse(&format!(
        "{}{key}",
        table.unwrap_or_default()
    )))
}

/// Whether the value of a key is a number, and can be no word.
fn is_number(key: &KeyPath) -> bool {
    let rule = Rule::root().at(key);
    rule.is_some_and(|rule| matches!(rule.kind(), Kind::Number | Kind::Whole))
}

/// The table of which a line is the heading.
fn table_of(line: &str) -> Option<String> {
    let heading = line.trim().strip_prefix('[')?.split(']').next()?;
    Some(heading.trim_start_matches('[').trim().to_owned())
}

/// Where the heading of the line at a place stands before.
fn heading_before(text: &str, at: usize) -> Option<String> {
    let place = line_of(text.get(..at)?);
    let table = table_of(text.lines().nth(place)?)?;
    let mut before = text.lines().take(place).enumerate();
    let (first, heading) = before.find(|(_, line)| table_of(line).as_ref() == Some(&table))?;
    let (line, heading) = (first + 1, heading.trim());
    let is_list = Rule::root()
        .at(&KeyPath::parse(&table))
        .is_some_and(|rule| rule.kind() == Kind::List);
    Some(if is_list {
        format!(
            "`{heading}` is on line {line} already: write `[[{table}]]`, with two brackets, for each of them"
        )
    } else {
        format!("`{heading}` is on line {line} already: write all its keys there")
    })
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
    if !digit(from.chars().next()) && ends_with_a_comma_in_a_number(before.trim_end()) {
        return true;
    }
    // The parser stops at the comma or behind it.
    let (before, after) = match (before.strip_suffix(','), from.strip_prefix(',')) {
        (Some(before), _) => (before, from),
        (None, Some(after)) => (before, after),
        (None, None) => return false,
    };
    digit(before.chars().next_back())
        && digit(after.chars().next())
        && is_only_value(before_number(before))
}

/// What stands before the number with which a text ends, commas included.
fn before_number(text: &str) -> &str {
    let is_part = |letter: char| letter.is_ascii_digit() || "+-_.,".contains(letter);
    text.trim_end_matches(is_part).trim_end()
}

/// Whether a number behind this text is the value of a key, and not one of a list.
fn is_only_value(before: &str) -> bool {
    before.is_empty() || before.ends_with('=')
}

/// Whether a text ends with the digits behind a comma in a number, the value of a key: in braces the parser takes these for another key, and
/// stops behind them. Between brackets there would be a list.
fn ends_with_a_comma_in_a_number(text: &str) -> bool {
    let is_digit = |letter: char| letter.is_ascii_digit();
    let behind = text.trim_end_matches(is_digit);
    let whole = behind
        .strip_suffix(',')
        .filter(|_| behind.len() < text.len());
    whole.is_some_and(|whole| whole.ends_with(is_digit)) && is_only_value(before_number(text))
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
    fn the_value_at_a_place_ends_at_blanks_and_marks() {
        let text = "end = 30.06.2024 # é\nx=[05,.5]";
        let value = |place: Range<usize>| &text[value_at(text, &place)];
        assert_eq!(value(11..11), "30.06.2024");
        assert_eq!(value(0..1), "end");
        let five = text.find("05").unwrap();
        assert_eq!(value(five..five + 1), "05");
        assert_eq!(value(five + 3..five + 4), ".5");
    }

    #[test]
    fn a_heading_that_is_given_twice_is_told_its_first_line() {
        let text = "[run]\nseed = 1\n[policy]\n[run]\n";
        let (what, help) = said("duplicate key", text, 26..29);
        assert_eq!(what, "duplicate key");
        let help = help.unwrap();
        assert!(help.starts_with("`[run]` is on line 1 already"), "{help}");
        assert!(help.ends_with("write all its keys there"), "{help}");
    }

    #[test]
    fn a_list_that_is_begun_twice_with_one_bracket_is_told_the_other() {
        for list in ["event", "trigger", "world.groups.all.arrivals.levels"] {
            let text = format!("[{list}]\ndate = 2024-01-02\n[{list}]\n");
            let (_, help) = said("duplicate key", &text, text.len() - 3..text.len() - 2);
            let help = help.unwrap();
            let remedy = format!("write `[[{list}]]`, with two brackets, for each of them");
            assert!(help.ends_with(&remedy), "{help}");
        }
        let mixed = "[event]\ndate = 2024-01-02\n[[event]]\n";
        let (_, help) = said("duplicate key", mixed, mixed.len() - 4..mixed.len() - 3);
        assert!(
            help.unwrap()
                .starts_with("`[event]` is on line 1 already: write `[[event]]`")
        );
    }

    #[test]
    fn a_comma_in_a_number_in_braces_is_told_from_a_list() {
        for text in [
            "{ x = 1800,5",
            "x=-0,7",
            "x = 1.800,0",
            "x = 1,800,000",
            "2,000",
        ] {
            assert!(ends_with_a_comma_in_a_number(text), "{text}");
        }
        for text in ["x = 1800", "x = [1,5", "x = a,5", "x = 5, 6", "x = 1,", ""] {
            assert!(!ends_with_a_comma_in_a_number(text), "{text}");
        }
    }

    #[test]
    fn values_between_commas_are_told_how_sweep_takes_them() {
        for (text, values) in [
            ("200,250,300", Some("200|250|300")),
            ("0.1, 0.2, 0.3", Some("0.1|0.2|0.3")),
            ("200,250", Some("200|250")),
            ("0,5", None),
            ("1,800", None),
            ("a,b,c", None),
            ("1800,1900", Some("1800|1900")),
            ("100,000", None),
            ("1,800,000", None),
            ("1800,5", None),
        ] {
            assert_eq!(several(text).as_deref(), values, "{text}");
        }
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
