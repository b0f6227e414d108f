//! What the author may have meant: nearest words and keys that differ by their unit only.

/// The nearest of some words, if one is near.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const NEAR: f64 = 0.6;
    known
        .into_iter()
        .map(|candidate| {
            (
                strsim::normalized_damerau_levenshtein(word, candidate),
                candidate,
            )
        })
        .filter(|(likeness, _)| *likeness >= NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// The nearest of some words, or else the shortest of which the word is the beginning.
pub(crate) fn nearest_or_longer<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    const LEAST: usize = 4;
    let longer = known.iter().filter(|it| it.starts_with(word));
    let longer = longer.min_by_key(|it| it.len()).copied();
    nearest(word, known.iter().copied()).or(longer.filter(|_| word.len() >= LEAST))
}

const UNITS: [&str; 14] = [
    "per_day",
    "per_week",
    "per_month",
    "per_year",
    "per_hour",
    "days",
    "weeks",
    "months",
    "hours",
    "minutes",
    "seconds",
    "persons",
    "percent",
    "share",
];

/// A key and its unit, as the last words of the key.
fn split_unit(key: &str) -> (&str, Option<&str>) {
    let unit = UNITS.into_iter().find(|unit| {
        key.strip_suffix(unit)
            .is_some_and(|stem| stem.is_empty() || stem.ends_with('_'))
    });
    match unit {
        Some(unit) => (
            key[..key.len() - unit.len()].trim_end_matches('_'),
            Some(unit),
        ),
        None => (key, None),
    }
}

/// A known key that differs from an unknown one by its unit only, and that unit in words: `in days`, `per day`.
pub(crate) fn same_but_unit<'a>(
    key: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<(&'a str, String)> {
    let (stem, unit) = split_unit(key);
    known.into_iter().find_map(|candidate| {
        let (known_stem, known_unit) = split_unit(candidate);
        let known_unit = known_unit?;
        let words = match known_unit.strip_prefix("per_") {
            Some(span) => format!("per {span}"),
            None => format!("in {known_unit}"),
        };
        (stem == known_stem && unit != Some(known_unit)).then_some((candidate, words))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_with_another_unit_is_recognised() {
        let known = ["lead_time_days", "per_day"];
        let found = same_but_unit("lead_time_hours", known);
        assert_eq!(found, Some(("lead_time_days", "in days".to_owned())));
        let found = same_but_unit("per_month", known);
        assert_eq!(found, Some(("per_day", "per day".to_owned())));
        assert_eq!(same_but_unit("random_share", known), None);
    }

    #[test]
    fn a_word_far_from_all_has_no_nearest() {
        assert_eq!(nearest("zebra", ["open", "booked"]), None);
        assert_eq!(nearest("opne", ["open", "booked"]), Some("open"));
    }

    #[test]
    fn the_beginning_of_a_word_stands_for_the_shortest_such_word() {
        let known = ["irregular_attempts_made", "irregular_encounters", "gave_up"];
        assert_eq!(nearest("irregular", known), None);
        let meant = |word| nearest_or_longer(word, &known);
        assert_eq!(meant("irregular"), Some("irregular_encounters"));
        assert_eq!(
            meant("irregular_attempt_made"),
            Some("irregular_attempts_made")
        );
        assert_eq!(meant("irr"), None);
    }
}
