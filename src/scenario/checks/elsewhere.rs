//! Keys that are known, and not where they were written.

use crate::scenario::key_path::{self, KeyPath};
use crate::scenario::schema::rule::{Kind, Rule};

/// Most places that are named.
const MOST: usize = 3;

/// Where a key is known in the file of a rule, nearest the top; ids are written as `ID`.
fn places(top: Rule, key: &str) -> Vec<KeyPath> {
    let mut found = Vec::new();
    // Lists of changes and maps of paths have keys of their own.
    let tables = (top.keys()).filter(|table| matches!(*table, "run" | "world" | "policy"));
    for table in tables {
        if let Some(rule) = top.child(table) {
            collect(&KeyPath::parse(table), rule, key, &mut found);
        }
    }
    let nearest = found.iter().map(|path| path.keys().len()).min();
    found.retain(|path| Some(path.keys().len()) == nearest);
    found
}

fn collect(path: &KeyPath, rule: Rule, key: &str, found: &mut Vec<KeyPath>) {
    match rule.kind() {
        Kind::Table => {
            for name in rule.keys() {
                let below = path.child(name);
                if name == key {
                    found.push(below.clone());
                }
                if let Some(rule) = rule.child(name) {
                    collect(&below, rule, key, found);
                }
            }
        }
        Kind::Map => {
            if let Some(rule) = rule.child("ID") {
                collect(&path.child("ID"), rule, key, found);
            }
        }
        _ => {}
    }
}

/// What the author of a key may have meant that its table does not know: the same key in another table.
pub(crate) fn meant(table: &KeyPath, rule: Rule, key: &str) -> Option<String> {
    let of_experiments = ["base", "sweep", "variants"];
    if table.keys().is_empty() && of_experiments.contains(&key) {
        return Some(format!(
            "`{key}` is a key of an experiment, which has no `[run]`, `[world]` or `[policy]` and no `extends`: those are in the scenario that its `base` names"
        ));
    }
    let in_change = matches!(table.keys(), [list, _] if key_path::of_changes(list));
    if in_change && key == "policy" {
        return Some(
            "levers are moved in `set`, by their paths under `[policy]`, as in `set = { app.slots_per_day = 1800 }`"
                .to_owned(),
        );
    }
    let places = places(rule.top(), key);
    if places.is_empty() || places.len() > MOST {
        return None;
    }
    if !in_change {
        return Some(format!("did you mean {}?", any_of(&places)));
    }
    let levers: Vec<KeyPath> = places.iter().filter_map(lever).collect();
    (!levers.is_empty()).then(|| format!("levers are moved in `set`, there as {}", any_of(&levers)))
}

/// The same among the levers, which go by their paths under `[policy]`.
pub(crate) fn lever_meant(key: &str) -> Option<String> {
    let places = places(Rule::root(), key);
    let levers: Vec<KeyPath> = places.iter().filter_map(lever).collect();
    let is_few = (1..=MOST).contains(&levers.len());
    is_few.then(|| format!("did you mean {}?", any_of(&levers)))
}

/// The path of a lever as `set` has it.
fn lever(path: &KeyPath) -> Option<KeyPath> {
    let is_lever = path.words().first() == Some(&"policy");
    is_lever.then(|| path.after(1))
}

fn any_of(paths: &[KeyPath]) -> String {
    let paths: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
    paths.join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_in_the_tables_that_know_it() {
        let found = |table: &str, key: &str| {
            let table = match table {
                "" => KeyPath::default(),
                table => KeyPath::parse(table),
            };
            meant(&table, Rule::root(), key).unwrap_or_default()
        };
        for (table, key, said) in [
            ("", "ports", "did you mean `policy.ports`?"),
            ("", "app", "did you mean `world.app` or `policy.app`?"),
            ("", "groups", "did you mean `world.groups`?"),
            ("policy", "booked", "did you mean `policy.app.booked`?"),
            (
                "policy.app",
                "no_show_probability",
                "did you mean `world.app.no_show_probability`?",
            ),
            (
                "event.more",
                "slots_per_day",
                "levers are moved in `set`, there as `app.slots_per_day`",
            ),
            (
                "trigger.busy",
                "policy",
                "levers are moved in `set`, by their paths under `[policy]`, as in `set = { app.slots_per_day = 1800 }`",
            ),
            ("event.more", "no_show_probability", ""),
            ("policy", "zebra", ""),
        ] {
            assert_eq!(found(table, key), said, "{table} {key}");
        }
        assert_eq!(
            lever_meant("booked").as_deref(),
            Some("did you mean `app.booked`?")
        );
    }
}
