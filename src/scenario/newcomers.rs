//! Ports and groups that a file adds to those of the file that it extends, or seems to: a slip of the pen must not make one.

use super::diagnostics::{Problem, Problems};
use super::key_path::KeyPath;
use super::nearest::nearest;
use super::node::Entry;
use super::unknown;

/// What a new entry of a table is called, and the keys of which a new one has at least one: without them nothing happens there.
fn kind(table: &KeyPath) -> Option<(&'static str, [&'static str; 2])> {
    let keys: Vec<&str> = table.keys().iter().map(String::as_str).collect();
    match keys.as_slice() {
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
    if inherited.is_empty() {
        return;
    }
    let known: Vec<String> = (inherited.iter()).map(|entry| entry.key.clone()).collect();
    let path = table.child(&entry.key);
    if own.get(one).is_none() && own.get(other).is_none() {
        let (message, help) = unknown::id(what, &entry.key, &known);
        let help = help.unwrap_or_default();
        let help = format!("{help} (a new {what} has `{one}` or `{other}`)");
        problems.add(Problem::error(&path, &entry.key_origin, message).help(help));
    } else if let Some(near) = nearest(&entry.key, known.iter().map(String::as_str)) {
        let message = format!("`{}` is a new {what}, beside `{near}`", entry.key);
        let problem = Problem::warning(&path, &entry.key_origin, message);
        problems.add(problem.help(format!("did you mean `{near}`?")));
    }
}
