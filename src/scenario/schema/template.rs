//! A commented file to start a scenario from.

use std::fmt::Write as _;

use super::rule::{Kind, Rule};
use crate::scenario::key_path::KeyPath;
use crate::scenario::tree::write::inline;

/// A scenario file in which every key is there as a comment, with its meaning, unit, range and default.
///
/// It can be loaded as it is, and extends `base` where one is given.
#[must_use]
pub fn template(base: Option<&str>) -> String {
    let mut text = match base {
        None => "# A portflow scenario. Keys behind a `#` have the default shown.\n\nformat = 1\ntitle = \"\"\n".to_owned(),
        Some(base) => format!(
            "# A portflow scenario. Behind each `#` is a key with its default; `portflow show` says which value it inherits instead. An inherited\n\
             # event or trigger is changed by its `id`, where its `set` is replaced whole, and taken out by `remove = true`.\n\n\
             format = 1\n# title = \"\"\nextends = {}\n",
            toml::Value::String(base.to_owned())
        ),
    };
    for key in Rule::root().keys() {
        let path = KeyPath::parse(key);
        match (key, Rule::root().at(&path)) {
            ("format" | "title" | "extends", _) | (_, None) => {}
            ("event" | "trigger", Some(rule)) => changes(&mut text, key, rule),
            ("futures", Some(rule)) => futures(&mut text, rule),
            (_, Some(rule)) => table(&mut text, &path, rule, &format!("[{path}]")),
        }
    }
    text
}

fn changes(text: &mut String, key: &str, rule: Rule) {
    let path = KeyPath::parse(key).child("ID");
    table(text, &path, rule.item(), &format!("[[{key}]]"));
}

/// `[futures]`, and the keys of a distribution.
fn futures(text: &mut String, rule: Rule) {
    let _ = write!(
        text,
        "\n# {}\n# [futures]\n# \"KEY\" = {{ low = 0.2, high = 0.4, source = \"assumed\" }}\n",
        rule.meaning()
    );
    if let Some(entry) = rule.child("KEY") {
        let path = KeyPath::parse("futures").child("KEY");
        table(text, &path, entry, "[futures.\"KEY\"]");
    }
}

/// A table, its plain keys first.
fn table(text: &mut String, path: &KeyPath, rule: Rule, heading: &str) {
    let _ = write!(text, "\n# {}\n# {heading}\n", rule.meaning());
    let children: Vec<(&str, Rule)> = (rule.keys())
        .filter_map(|key| Some((key, rule.child(key)?)))
        .collect();
    for (key, rule) in children.iter().filter(|(_, rule)| !is_section(*rule)) {
        line(text, key, *rule);
    }
    if rule.kind() == Kind::Map {
        line(text, "\"KEY\"", rule);
    }
    for (key, rule) in children.iter().filter(|(_, rule)| is_section(*rule)) {
        let path = path.child(key);
        match rule.kind() {
            Kind::Map => {
                let path = path.child("ID");
                if let Some(entry) = rule.child("ID") {
                    table(text, &path, entry, &format!("[{path}]"));
                }
            }
            _ => table(text, &path, *rule, &format!("[{path}]")),
        }
    }
}

fn is_section(rule: Rule) -> bool {
    match rule.kind() {
        Kind::Table => true,
        Kind::Map => rule
            .child("ID")
            .is_some_and(|entry| entry.kind() == Kind::Table),
        _ => false,
    }
}

fn line(text: &mut String, key: &str, rule: Rule) {
    let mut about = vec![rule.meaning()];
    about.extend(rule.unit().map(|unit| format!("[{unit}]")));
    if rule.kind() != Kind::Map {
        about.push(sentence(&rule.allowed()));
    }
    let default = (rule.default())
        .map(|value| inline(rule, value))
        .unwrap_or_default();
    let setting = format!("{key} = {default}");
    let _ = writeln!(text, "#   {}\n# {}", about.join(" "), setting.trim_end());
}

fn sentence(phrase: &str) -> String {
    let mut letters = phrase.chars();
    match letters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), letters.as_str()),
        None => String::new(),
    }
}
