//! Defaults of keys that a file leaves out of a table.

use serde_json::Value as Json;

use super::rule::{Kind, Rule};
use crate::scenario::file::ScenarioFile;

/// A whole file: what is given, laid over the defaults.
///
/// A table with a default of its own (an exponential delay with a mean of 30 days) passes it on to the keys that are left out. Tables
/// whose keys the author chooses are taken as given.
pub(crate) fn fill(given: Json) -> Json {
    let defaults = serde_json::to_value(ScenarioFile::default()).unwrap_or(Json::Null);
    over(Rule::root(), given, defaults)
}

fn over(rule: Rule, given: Json, default: Json) -> Json {
    match (rule.kind(), given, default) {
        (Kind::Table, Json::Object(given), Json::Object(mut table)) => {
            for (key, value) in given {
                if let Some(rule) = rule.child(&key) {
                    let default = table.get(&key).cloned().unwrap_or(Json::Null);
                    table.insert(key, over(rule, value, default));
                }
            }
            Json::Object(table)
        }
        (_, given, _) => given,
    }
}
