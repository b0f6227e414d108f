//! Published counts that are broken down otherwise than `[observed]`: by area, by family status.

use std::collections::BTreeSet;

use crate::month::Month;
use crate::record::{Detail, Layout};
use crate::scenario::Loaded;

/// Months that are simulated with all their days.
pub(super) fn whole_months(loaded: &Loaded) -> BTreeSet<Month> {
    let layout = Layout::of(&loaded.scenario, Detail::Summary);
    (layout.months())
        .filter(|&month| layout.is_whole(month))
        .map(|month| layout.month(month))
        .collect()
}

/// The month that a table names, if it is one of these.
pub(super) fn among(months: &BTreeSet<Month>, name: &str) -> Option<Month> {
    name.parse().ok().filter(|month| months.contains(month))
}

/// The place of a figure among those that are simulated, which it joins where it is new.
pub(super) fn place(figures: &mut Vec<String>, name: String) -> usize {
    let known = figures.iter().position(|figure| *figure == name);
    known.unwrap_or_else(|| {
        figures.push(name);
        figures.len() - 1
    })
}

/// A count that a table gives.
pub(super) fn count(text: &str) -> Option<f64> {
    let count = text.parse::<f64>().ok();
    count.filter(|count| count.is_finite() && *count >= 0.0)
}

/// The cells of the columns named, row by row; what is wrong in words.
pub(super) fn rows(text: &str, columns: [&str; 4]) -> Result<Vec<[String; 4]>, String> {
    let unreadable = |error: csv::Error| format!("not CSV: {error}");
    let mut table = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let header = table.headers().map_err(unreadable)?.clone();
    let mut places = [0; 4];
    for (place, name) in places.iter_mut().zip(columns) {
        *place = (header.iter().position(|cell| cell.trim() == name)).ok_or_else(|| {
            format!(
                "the table has no column `{name}`; it needs {}",
                columns.join(", ")
            )
        })?;
    }
    let row = |row: Result<csv::StringRecord, csv::Error>| {
        let row = row.map_err(unreadable)?;
        Ok(places.map(|place| row.get(place).unwrap_or_default().trim().to_owned()))
    };
    table.records().map(row).collect()
}
