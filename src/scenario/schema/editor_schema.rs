//! The JSON Schema for editors: of a file as its author writes it, before anything is inherited.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::rule;

/// The JSON Schema of scenario files.
///
/// A file that extends another may give a table in part, change an event by its `id`, or take it out: what must be there after all
/// is for `check` to say. Items of lists are replaced whole, and their keys are required here too.
#[must_use]
pub fn json_schema() -> Json {
    let mut schema = rule::schema().clone();
    let whole = list_items(&schema);
    let tables = schema["$defs"].as_object_mut().into_iter().flatten();
    for (name, table) in tables {
        match (name.as_str(), table.as_object_mut()) {
            ("Event" | "Trigger", Some(table)) => change(table),
            (name, Some(table)) if !whole.contains(name) => {
                table.remove("required");
            }
            _ => {}
        }
    }
    schema
}

/// A change of policy is whole, or names an inherited one.
fn change(table: &mut Map<String, Json>) {
    let whole = table.remove("required").unwrap_or_default();
    table.insert(
        "anyOf".to_owned(),
        json!([{ "required": ["id"] }, { "required": whole }]),
    );
    if let Some(keys) = table["properties"].as_object_mut() {
        let remove = json!({
            "type": "boolean",
            "description": "Takes the inherited entry of this `id` out.",
            "default": false,
        });
        keys.insert("remove".to_owned(), remove);
    }
}

/// The definitions of what lists hold.
fn list_items(schema: &Json) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut open = vec![schema];
    while let Some(next) = open.pop() {
        if let Some(name) = next["items"]["$ref"].as_str() {
            names.insert(name.trim_start_matches("#/$defs/").to_owned());
        }
        match next {
            Json::Object(members) => open.extend(members.values()),
            Json::Array(items) => open.extend(items),
            _ => {}
        }
    }
    names
}
