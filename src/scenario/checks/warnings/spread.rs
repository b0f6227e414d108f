//! Coefficients of variation that are not read.

use crate::scenario::diagnostics::Problems;
use crate::scenario::key_path::KeyPath;
use crate::scenario::node::{Node, Table};
use crate::scenario::origin::Files;
use crate::scenario::schema::rule::{Kind, Rule};

/// The family of random times that reads its `cv`.
const READING: &str = "lognormal";

/// Reports each `cv` of a random time of another family, unless that family is chosen where the `cv` is written, or in a nearer text.
pub(super) fn warn(document: &Node, files: &Files, problems: &mut Problems) {
    let world = KeyPath::parse("world");
    if let Some(rule) = Rule::root().at(&world) {
        within(&world, rule, document, files, problems);
    }
}

fn within(path: &KeyPath, rule: Rule, document: &Node, files: &Files, problems: &mut Problems) {
    let Some(table) = document.get(path).and_then(Node::as_table) else {
        return;
    };
    if let Some(family) = not_reading(rule, table, files) {
        let message = format!(
            "`{path}.cv` does nothing: it is read by the family \"{READING}\" only, and this is \"{family}\""
        );
        let help = format!("set `{path}.family` to \"{READING}\", or take `cv` out");
        problems.warn(document, &path.child("cv"), &message, &help);
    }
    for entry in &table.0 {
        let below = rule.child(&entry.key);
        if let Some(rule) = below.filter(|rule| matches!(rule.kind(), Kind::Table | Kind::Map)) {
            within(&path.child(&entry.key), rule, document, files, problems);
        }
    }
}

/// The family of a random time with a `cv` that it does not read, where that may not be meant.
fn not_reading<'n>(rule: Rule, table: &'n Table, files: &Files) -> Option<&'n str> {
    let cv = table.get("cv")?;
    let family = match table.get("family") {
        Some(family) if files.goes_before(cv.origin.file, family.origin.file) => family.as_text(),
        Some(_) => None,
        None => rule.child("family")?.default()?.as_str(),
    };
    family.filter(|&family| family != READING)
}
