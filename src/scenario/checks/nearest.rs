//! What the author may have meant: nearest words and keys that differ by their unit only.

/// The nearest of some words, if one is near.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    equally_near(word, known).pop()
}

/// The same of words that may be shortened: `sun` is the only one that begins so.
pub(crate) fn nearest_in_full<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    const LEAST: usize = 2;
    let short = word.trim_end_matches('.').to_lowercase();
    let mut begun =
        (known.iter().copied()).filter(|it| short.len() >= LEAST && it.starts_with(&short));
    let only = begun.next().filter(|_| begun.next().is_none());
    only.or_else(|| nearest(word, known.iter().copied()))
}

/// The nearest of some words, several where they are equally near, in their order; none where none is near. Capitals are no difference.
fn equally_near<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    const NEAR: f64 = 0.6;
    let word = word.to_lowercase();
    let likeness =
        |other: &str| strsim::normalized_damerau_levenshtein(&word, &other.to_lowercase());
    let near = (known.into_iter())
        .map(|other| (likeness(other), other))
        .filter(|(likeness, _)| *likeness >= NEAR);
    let near: Vec<(f64, &str)> = near.collect();
    let best = near.iter().map(|it| it.0).fold(NEAR, f64::max);
    let nearest = near.iter().filter(|it| it.0.total_cmp(&best).is_eq());
    nearest.map(|it| it.1).collect()
}

/// What may be meant by a word, as `` `a`, `b` or `c` ``: up to three words that it is the first parts of, or else as many that are
/// nearest, or else that it is the last part of, or else the shortest that begins so.
pub(crate) fn meant(word: &str, known: &[&str]) -> Option<String> {
    const LEAST: usize = 4;
    const MOST: usize = 3;
    let goes_on = |short: &str, long: &str| {
        let rest = long.strip_prefix(short);
        rest.is_some_and(|rest| rest.starts_with('_'))
    };
    let begun = || known.iter().copied().filter(|it| goes_on(word, it));
    // One that goes on where another ends adds nothing.
    let is_first = |it: &&str| !begun().any(|other| goes_on(other, it));
    let mut meant: Vec<&str> = begun().filter(is_first).collect();
    if meant.is_empty() {
        meant = equally_near(word, known.iter().copied());
    }
    if meant.is_empty() {
        let ends = |it: &&str| it.strip_suffix(word).is_some_and(|it| it.ends_with('_'));
        meant = known.iter().copied().filter(ends).collect();
    }
    if meant.is_empty() && word.len() >= LEAST {
        let longer = known.iter().filter(|it| it.starts_with(word));
        meant.extend(longer.min_by_key(|it| it.len()));
    }
    // A group and a trigger may have one name.
    meant.dedup();
    meant.truncate(MOST);
    let quoted: Vec<String> = meant.iter().map(|it| format!("`{it}`")).collect();
    match quoted.as_slice() {
        [first @ .., last] if !first.is_empty() => Some(format!("{} or {last}", first.join(", "))),
        _ => quoted.into_iter().next(),
    }
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
    fn the_beginning_of_words_stands_for_all_that_begin_so() {
        let known = [
            "irregular_attempts_made",
            "gave_up",
            "wait_days_mean",
            "wait_days_mean_other",
            "wait_days_median",
            "wait_days_p90",
            "wait_days_p95",
            "outcome",
        ];
        let meant = |word| meant(word, &known);
        let only = |word: &str| Some(format!("`{word}`"));
        assert_eq!(nearest("irregular", known), None);
        assert_eq!(meant("irregular"), only("irregular_attempts_made"));
        assert_eq!(
            meant("wait_days").as_deref(),
            Some("`wait_days_mean`, `wait_days_median` or `wait_days_p90`")
        );
        assert_eq!(
            meant("irregular_attempt_made"),
            only("irregular_attempts_made")
        );
        assert_eq!(
            meant("wait_days_p9").as_deref(),
            Some("`wait_days_p90` or `wait_days_p95`")
        );
        assert_eq!(
            meant("p95").as_deref(),
            Some("`wait_days_p95`"),
            "the end of words"
        );
        assert_eq!(meant("OUTCOMES"), only("outcome"));
        assert_eq!(meant("outc"), only("outcome"));
        assert_eq!(meant("irr"), None);
    }
}
