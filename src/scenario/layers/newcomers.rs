//! Ports and groups that a file adds to those of the file that it extends, or seems to: a slip of the pen must not make one.

use crate::scenario::checks::unknown;
use crate::scenario::diagnostics::{Problem, Problems};
use crate::scenario::key_path::KeyPath;
use crate::scenario::nearest::nearest;
use crate::scenario::node::Entry;

/// What a new entry of a table is called, and the keys of which one is expected of an entry whose name is nearly that of another.
fn kind(table: &KeyPath) -> Option<(&'static str, [&'static str; 2])> {
    match table.words().as_slice() {
        ["policy", "ports"] => Some(("port", ["slots_per_day", "walk_ups_per_day"])),
        ["world", "groups"] => Some(("group", ["arrivals", "initial_pool"])),
        _ => None,
    }
}

/// Reports an entry that the table of the inherited file does not have, unless it is clear that a new one is meant.
pub(crate) fn check(table: &KeyPath, inherited: &[Entry], entry: &Entry, problems: &mut Problems) {
    let (Some((what, [one, other])), Some(own)) = (kind(table), entry.node.as_table()) else {
        return;
    };
    let Some(near) = nearest(&entry.key, inherited.iter().map(|entry| entry.key.as_str())) else {
        return;
    };
    let path = table.child(&entry.key);
    let (message, help) = unknown::id(what, &entry.key, &[near.to_owned()]);
    let help = help.unwrap_or_default();
    problems.add(if own.get(one).is_none() && own.get(other).is_none() {
        let help = format!("{help} (a new {what} of that name sets `{one}` or `{other}`)");
        Problem::error(&path, &entry.key_origin, message).help(help)
    } else {
        let message = format!("`{}` is a new {what}, beside `{near}`", entry.key);
        Problem::warning(&path, &entry.key_origin, message).help(help)
    });
}
