//! The layout of tables for people, alike in all of them.

use comfy_table::{Cell, CellAlignment, LineStyle, Table, TableStyle};

/// An empty table with a rule under the headings and one at the end.
#[must_use]
pub fn ruled() -> Table {
    const RULE: LineStyle = LineStyle::none().fill('─').junction('─');
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(RULE).bottom_border(RULE));
    table
}

/// An empty table with these headings. The first `left` columns, which name what a line is of, are aligned at the left, all others at the
/// right.
pub(super) fn headed<T: Into<Cell>>(left: usize, headings: impl IntoIterator<Item = T>) -> Table {
    let mut table = ruled();
    table.set_header(headings);
    for column in table.column_iter_mut().skip(left) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// The text of a cell; empty where there is nothing to write.
pub(super) fn cell<T>(value: Option<T>, written: impl FnOnce(T) -> String) -> String {
    value.map_or_else(String::new, written)
}
