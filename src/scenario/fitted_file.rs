//! A scenario file that extends another by fitted values, each with its source.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use super::diagnostics::Diagnostics;
use super::key_path::KeyPath;
use super::loaded::Loaded;
use super::node::Node;
use super::schema::rule::{Kind, Rule};
use super::tree::write::{inline, quoted_key};

/// A value laid over the file that is extended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FittedValue {
    /// Full key path.
    pub key: String,
    /// The value, as TOML.
    pub value: String,
    /// Where it comes from.
    pub source: String,
}

/// What is written beside the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading<'a> {
    /// Comments, a line each.
    pub comments: &'a [String],
    /// What the scenario is about.
    pub title: &'a str,
    /// The file that is extended, relative to this one.
    pub extends: &'a str,
    /// Values that were laid over the scenario when it was loaded: key paths, and TOML as it is to be written. A path to a file may have
    /// to be another one here.
    pub laid: &'a [(String, String)],
}

/// The text of a scenario file that extends the one that was loaded by some values.
///
/// What a file replaces as a whole is written as a whole, as it is in force: the `set` of an event or a trigger, and a list.
///
/// # Errors
/// What is wrong with the values.
pub fn text(
    loaded: &Loaded,
    values: &[FittedValue],
    heading: &Heading<'_>,
) -> Result<String, Diagnostics> {
    let laid: Vec<_> = (values.iter())
        .map(|it| (it.key.clone(), it.value.clone()))
        .collect();
    let changed = loaded.resolved_with(&laid)?;
    let mut tables: BTreeMap<Vec<String>, BTreeMap<String, String>> = BTreeMap::new();
    let mut entries: BTreeMap<(String, String), BTreeMap<String, String>> = BTreeMap::new();
    for (key, value) in heading.laid.iter().chain(&laid) {
        let path = replaced_whole(&KeyPath::parse(key));
        let written = written(&changed, &path, value);
        match path.keys() {
            [list, id, part @ ..] if list == "event" || list == "trigger" => {
                let key: Vec<String> = part.iter().map(|key| quoted_key(key)).collect();
                let entry = entries.entry((list.clone(), id.clone())).or_default();
                entry.insert(key.join("."), written);
            }
            [table @ .., key] => {
                let table = tables.entry(table.to_vec()).or_default();
                table.insert(quoted_key(key), written);
            }
            [] => {}
        }
    }
    let mut text = String::new();
    for comment in heading.comments {
        let _ = writeln!(text, "{}", format!("# {comment}").trim_end());
    }
    let string = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let _ = writeln!(
        text,
        "\nformat = 1\ntitle = {}\nextends = {}",
        string(heading.title),
        string(heading.extends)
    );
    for (table, keys) in &tables {
        let table: Vec<String> = table.iter().map(|key| quoted_key(key)).collect();
        let _ = writeln!(text, "\n[{}]", table.join("."));
        lines(&mut text, keys);
    }
    for ((list, id), keys) in &entries {
        let _ = writeln!(text, "\n[[{list}]]\nid = {}", string(id));
        lines(&mut text, keys);
    }
    let sources: BTreeMap<&str, &str> = (values.iter())
        .map(|value| (value.key.as_str(), value.source.as_str()))
        .collect();
    if !sources.is_empty() {
        let _ = writeln!(text, "\n[sources]");
    }
    for (key, source) in sources {
        let _ = writeln!(text, "{} = {}", string(key), string(source));
    }
    Ok(text)
}

fn lines(text: &mut String, keys: &BTreeMap<String, String>) {
    for (key, value) in keys {
        let _ = writeln!(text, "{key} = {value}");
    }
}

/// The part of a file that has to be written for a key: what no file inherits in part, or the key itself.
fn replaced_whole(path: &KeyPath) -> KeyPath {
    let of = |keys: &[String]| KeyPath::parse(&keys.join("."));
    if let [list, _, set, ..] = path.keys()
        && (list == "event" || list == "trigger")
    {
        return if set == "set" {
            of(&path.keys()[..3])
        } else {
            path.clone()
        };
    }
    let is_list = |length: &usize| {
        let rule = Rule::root().at(&of(&path.keys()[..*length]));
        rule.is_some_and(|rule| rule.kind() == Kind::List)
    };
    let list = (1..path.keys().len()).find(is_list);
    list.map_or_else(|| path.clone(), |length| of(&path.keys()[..length]))
}

/// The value of a path as it is in force, as TOML; what was given where that says it all.
fn written(changed: &Loaded, path: &KeyPath, given: &str) -> String {
    let rule = match path.keys() {
        [list, _, rest @ ..] if list == "event" || list == "trigger" => Rule::root()
            .child(list)
            .and_then(|list| list.item().at(&KeyPath::parse(&rest.join(".")))),
        _ => Rule::root().at(path),
    };
    let value = changed.document.get(path).map(Node::to_json);
    match (rule, value) {
        (Some(rule), Some(value)) if matches!(rule.kind(), Kind::List | Kind::Map) => {
            inline(rule, &value)
        }
        _ => given.to_owned(),
    }
}

/// A path as it is named from a directory. Both must exist.
///
/// # Errors
/// One of them cannot be found.
pub fn relative(path: &Path, from: &Path) -> std::io::Result<PathBuf> {
    let (path, from) = (path.canonicalize()?, from.canonicalize()?);
    let common = (path.components().zip(from.components()))
        .take_while(|(one, other)| one == other)
        .count();
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    Ok(up.chain(path.components().skip(common)).collect())
}
