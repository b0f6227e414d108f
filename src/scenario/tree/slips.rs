//! Values that are no TOML, and how what is meant by them is written.

use jiff::civil::{Date, Time};

use crate::stats::Amount;

/// Quotes as word processors set them.
const TYPOGRAPHIC: [char; 7] = ['“', '”', '„', '‘', '’', '«', '»'];

/// Marks that people write for a minus.
const DASHES: [char; 3] = ['−', '–', '—'];

/// Marks that people write between thousands.
const BETWEEN_THOUSANDS: [char; 5] = [' ', '\'', '’', '\u{a0}', '\u{202f}'];

/// What is wrong with a value and how it is written; `None` where nobody can say.
pub(super) fn of(value: &str) -> Option<(String, String)> {
    let value = value.trim();
    let not_how = |what: &str, help: String| Some((format!("`{value}` is not how {what}"), help));
    if value.is_empty() {
        let help = "write the value, or take the key out";
        Some(("there is no value after `=`".to_owned(), help.to_owned()))
    } else if is_date(value) {
        let help = "year, month and day, without quotes: 2024-06-30".to_owned();
        not_how("a date is written", help)
    } else if let Some(date) = date_in_words(value) {
        not_how("a date is written", format!("write {date}"))
    } else if let Some(help) = number(value) {
        not_how("a number is written", help)
    } else if let Some(truth) = truth(value) {
        not_how("true or false is written", format!("write {truth}"))
    } else if let Some(time) = time(value) {
        let help = format!("hours, minutes and seconds, of two digits each: {time}");
        not_how("a time of day is written", help)
    } else if is_beyond_the_day(value) {
        let help = "hours go from 00 to 23: midnight is 00:00:00, as a closing time the end of the day; a port that closes later has a closing \
             time before its opening time";
        not_how("a time of day is written", help.to_owned())
    } else if value.starts_with(TYPOGRAPHIC) {
        Some((
            UNQUOTED.to_owned(),
            "these are typographic quotes: write \"".to_owned(),
        ))
    } else if value.starts_with(char::is_alphabetic) && !value.contains('"') {
        Some((UNQUOTED.to_owned(), format!("write \"{value}\"")))
    } else {
        None
    }
}

pub(super) const UNQUOTED: &str = "string values must be quoted";

/// Whether a value is a date in another form, as 30/06/2024.
fn is_date(value: &str) -> bool {
    ['/', '.'].into_iter().any(|mark| {
        let mut parts = value.split(mark);
        // With dots it may be the number of a version, unless it has a year.
        parts.clone().count() == 3
            && parts.clone().all(is_digits)
            && (mark == '/' || parts.any(|part| part.len() == 4))
    })
}

/// The date that has the name of its month in it, as 30 June 2024.
fn date_in_words(value: &str) -> Option<Date> {
    let forms = [
        "%d %B %Y",
        "%d %b %Y",
        "%B %d, %Y",
        "%b %d, %Y",
        "%B %d %Y",
        "%b %d %Y",
    ];
    let mut dates = forms.iter().map(|form| Date::strptime(form, value));
    // A year of two digits would be one of antiquity.
    dates
        .find_map(Result::ok)
        .filter(|date| date.year() >= 1000)
}

/// How a number is written that somebody has written in another way.
pub(crate) fn number(value: &str) -> Option<String> {
    if let Some(Amount::Percent(share)) = Amount::read(value) {
        return Some(format!(
            "percentages are written as parts of 1: write {share}"
        ));
    }
    let plain = match value.strip_prefix(DASHES) {
        Some(number) => format!("-{}", number.trim_start()),
        None => value.to_owned(),
    };
    if let Some(figure) = decimal(&plain) {
        return Some(format!("write {figure}"));
    }
    let parts: Vec<&str> = plain.split(BETWEEN_THOUSANDS).collect();
    if let [first, rest @ ..] = parts.as_slice()
        && !rest.is_empty()
        && first.len() <= 3
        && is_digits(first)
        && rest.iter().all(|part| part.len() == 3 && is_digits(part))
    {
        return Some(format!("write {} or {}", parts.concat(), parts.join("_")));
    }
    if let Some((part, whole)) = plain.split_once('/')
        && is_digits(part)
        && is_digits(whole)
    {
        return Some("write the number that it makes, as 0.5 for 1/2".to_owned());
    }
    let unit = plain.trim_start_matches(|letter: char| !letter.is_alphabetic());
    let figure = plain.strip_suffix(unit)?.trim_end();
    // A single letter may be a digit that was meant: 5O.
    let is_apart = plain.len() > figure.len() + unit.len();
    let is_unit = unit.chars().all(char::is_alphabetic) && (unit.len() > 1 || is_apart);
    let is_hour = matches!(unit.to_lowercase().as_str(), "am" | "pm");
    let figure = decimal(figure).filter(|_| is_unit && !is_hour)?;
    Some(format!("numbers have no unit: write {figure}"))
}

/// A number in digits, with the zero that TOML wants around a point and without those that it does not want in front.
fn decimal(value: &str) -> Option<String> {
    let (sign, digits) = match value.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", value.strip_prefix('+').unwrap_or(value)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = [whole, part]
        .into_iter()
        .all(|it| it.is_empty() || is_digits(it));
    if !is_number || whole.len() + part.len() == 0 {
        return None;
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    Some(match part {
        "" => format!("{sign}{whole}"),
        part => format!("{sign}{whole}.{part}"),
    })
}

/// What a word says that stands for true or false in other formats.
pub(crate) fn truth(value: &str) -> Option<bool> {
    match value.to_lowercase().as_str() {
        "true" | "yes" | "on" => Some(true),
        "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// Whether a value has hours that only a later day has, and else the form of a time of day.
fn is_beyond_the_day(value: &str) -> bool {
    let parts = parts_of_time(value).unwrap_or_default();
    match *parts.as_slice() {
        [hour, minute] | [hour, minute, 0..60] => hour >= 24 && minute < 60,
        _ => false,
    }
}

fn parts_of_time(value: &str) -> Option<Vec<i8>> {
    (value.split(':'))
        .map(|part| part.parse().ok().filter(|_| is_digits(part)))
        .collect()
}

/// The time of day that is meant by hours, minutes and perhaps seconds.
fn time(value: &str) -> Option<Time> {
    match *parts_of_time(value)?.as_slice() {
        [hour, minute] => Time::new(hour, minute, 0, 0).ok(),
        [hour, minute, second] => Time::new(hour, minute, second, 0).ok(),
        _ => None,
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_meant_is_told_as_it_is_written() {
        for (value, help) in [
            ("1 March 2024", "write 2024-03-01"),
            ("Sep 30, 2024", "write 2024-09-30"),
            ("May 5 24", "write \"May 5 24\""),
            ("50%", "percentages are written as parts of 1: write 0.5"),
            ("1 000", "write 1000 or 1_000"),
            ("1'000'000", "write 1000000 or 1_000_000"),
            ("−5", "write -5"),
            ("– 0.5", "write -0.5"),
            (".5", "write 0.5"),
            ("+.5", "write 0.5"),
            ("5.", "write 5"),
            ("05", "write 5"),
            ("-007.50", "write -7.50"),
            ("1/2", "write the number that it makes, as 0.5 for 1/2"),
            ("14 days", "numbers have no unit: write 14"),
            ("yes", "write true"),
            ("FALSE", "write false"),
            (
                "8:30",
                "hours, minutes and seconds, of two digits each: 08:30:00",
            ),
            ("", "write the value, or take the key out"),
            ("fixed", "write \"fixed\""),
            ("My own scenario", "write \"My own scenario\""),
            ("“honour”", "these are typographic quotes: write \""),
        ] {
            assert_eq!(of(value).map(|(_, help)| help).as_deref(), Some(help));
        }
        for value in ["24:00:00", "25:00"] {
            let (what, help) = of(value).unwrap();
            assert_eq!(
                what,
                format!("`{value}` is not how a time of day is written")
            );
            assert!(help.contains("midnight is 00:00:00"), "{help}");
        }
        for value in ["1..2", "1.2.3", "24:60", "8 am", "5O", "=x", "1 00", "--5"] {
            assert_eq!(of(value), None, "{value}");
        }
    }

    #[test]
    fn a_date_in_another_form_is_told_how_dates_are_written() {
        for value in ["30/06/2024", "30.06.2024", "2024/06/30"] {
            let (what, help) = of(value).unwrap();
            assert_eq!(what, format!("`{value}` is not how a date is written"));
            assert!(help.contains("2024-06-30"), "{help}");
        }
    }
}
