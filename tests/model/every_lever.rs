//! A border on which every rule acts: no key of the world and no lever can be left out of its file without other figures.

use std::fs;

use portflow::scenario::json_schema;
use serde_json::Value as Json;
use toml::{Table, Value};

use super::revision::digest;
use super::scenario_of;
use crate::tools::{Files, fixtures};

pub(super) const FILE: &str = "every-lever.toml";

/// Keys that move no figure on this border, and why.
const INERT: [(&str, &str); 4] = [
    ("world.groups.*.label", "for readers of the file"),
    ("policy.ports.*.label", "for readers of the file"),
    (
        "world.service.family",
        "lognormal, as it is by default: only so does its cv act",
    ),
    (
        "policy.app.open",
        "open, as it is by default: only so do bookings at the start act; an event closes it",
    ),
];

/// What is left out with a key, because one cannot be without the other: whatever is below it.
const TOGETHER: [&str; 5] = [
    "world.groups.*.arrivals.driver",
    "world.groups.*.entry",
    "world.groups.*.initial_pool",
    "policy.crossing.outcome",
    "policy.port_outcome",
];

/// The schema of what a reference or an optional value stands for.
fn resolved<'a>(root: &'a Json, mut schema: &'a Json) -> &'a Json {
    loop {
        let options = schema["anyOf"].as_array();
        let only = options.and_then(|all| match all.as_slice() {
            [value, null] if null["type"] == "null" => Some(value),
            _ => None,
        });
        let Some(name) = only.unwrap_or(schema)["$ref"].as_str() else {
            return schema;
        };
        schema = root.pointer(&name[1..]).unwrap();
    }
}

fn collect(root: &Json, schema: &Json, path: &str, keys: &mut Vec<String>) {
    let named_by_the_author = schema["keys"].is_string();
    let schema = resolved(root, schema);
    if let Some(properties) = schema["properties"].as_object() {
        for (key, below) in properties {
            collect(root, below, &format!("{path}.{key}"), keys);
        }
    } else if schema["additionalProperties"].is_object() && !named_by_the_author {
        collect(
            root,
            &schema["additionalProperties"],
            &format!("{path}.*"),
            keys,
        );
    } else {
        keys.push(path.to_owned());
    }
}

/// Every key of a table of the schema; `*` stands for the ids of groups or ports, and what is named by these or by months is one key.
pub(super) fn keys_of(table: &str) -> Vec<String> {
    let root = json_schema();
    let mut keys = Vec::new();
    collect(&root, &root["properties"][table], table, &mut keys);
    keys
}

/// Takes a key out of a table, of the first group or port that has it, and tells whether it was there.
fn take(table: &mut Table, path: &[&str]) -> bool {
    match path {
        [key] => table.remove(*key).is_some(),
        ["*", below @ ..] => {
            let mut tables = table
                .iter_mut()
                .filter_map(|(_, value)| value.as_table_mut());
            tables.any(|table| take(table, below))
        }
        [key, below @ ..] => {
            let table = table.get_mut(*key).and_then(Value::as_table_mut);
            table.is_some_and(|table| take(table, below))
        }
        [] => false,
    }
}

/// The digest of the file without a key; `None` where it has none of that name.
fn without(key: &str) -> Option<String> {
    let text = fs::read_to_string(fixtures().join(FILE)).unwrap();
    let data = fs::read_to_string(fixtures().join("data/every-lever.csv")).unwrap();
    let mut table: Table = toml::from_str(&text).unwrap();
    let path: Vec<&str> = key.split('.').collect();
    if !take(&mut table, &path) {
        return None;
    }
    let text = toml::to_string(&table).unwrap();
    let files = Files::new(&[(FILE, &text), ("data/every-lever.csv", &data)]);
    Some(digest(&scenario_of(&files.0.path().join(FILE))))
}

#[test]
fn every_key_of_the_world_and_every_lever_acts_in_the_file_of_all_of_them() {
    let whole = digest(&scenario_of(&fixtures().join(FILE)));
    let keys = [keys_of("world"), keys_of("policy")].concat();
    assert!(keys.len() > 90, "{keys:?}");
    let mut wrong = Vec::new();
    for key in &keys {
        if INERT.iter().any(|(inert, _)| inert == key) {
            continue;
        }
        let is_below = |whole: &&&str| {
            key.strip_prefix(**whole)
                .is_some_and(|it| it.starts_with('.'))
        };
        let taken = TOGETHER.iter().find(is_below).copied().unwrap_or(key);
        match without(taken) {
            None => wrong.push(format!("{key} is not written")),
            Some(figures) if figures == whole => wrong.push(format!("{key} moves nothing")),
            Some(_) => {}
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
