//! What published figures are held against: months that are whole, and places among the figures simulated.

use std::collections::BTreeSet;

use crate::month::Month;
use crate::record::{Detail, Layout};
use crate::scenario::Loaded;

/// Months that are simulated with all their days.
pub(super) fn whole_months(loaded: &Loaded) -> BTreeSet<Month> {
    let layout = Layout::of(&loaded.scenario, Detail::Summary);
    let whole = layout.whole_months();
    whole.map(|month| layout.month(month)).collect()
}

/// The place of a figure among those that are simulated, which it joins where it is new.
pub(super) fn place(figures: &mut Vec<String>, name: String) -> usize {
    let known = figures.iter().position(|figure| *figure == name);
    known.unwrap_or_else(|| {
        figures.push(name);
        figures.len() - 1
    })
}
