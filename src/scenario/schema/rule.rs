//! What the JSON Schema says about a place in a scenario file: its meaning, unit, range and default.
//!
//! The schema is generated from the types of `tables`, so that every check, help text and template has one source.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::scenario::file::ScenarioFile;
use crate::scenario::key_path::KeyPath;
use crate::scenario::tree::write;

static SCHEMA: LazyLock<Json> = LazyLock::new(of_types::<ScenarioFile>);

/// The schema of a type, with descriptions as they are read: a unit in brackets is escaped in the documentation, where it would be a link.
pub(crate) fn of_types<T: JsonSchema>() -> Json {
    let mut schema = schemars::schema_for!(T).to_value();
    unescape(&mut schema);
    schema
}

fn unescape(schema: &mut Json) {
    match schema {
        Json::Object(table) => {
            if let Some(Json::String(text)) = table.get_mut("description") {
                *text = text.replace("\\[", "[").replace("\\]", "]");
            }
            table.values_mut().for_each(unescape);
        }
        Json::Array(items) => items.iter_mut().for_each(unescape),
        _ => {}
    }
}

/// The JSON Schema of resolved scenario files: every table is whole.
pub(crate) fn schema() -> &'static Json {
    &SCHEMA
}

/// The rule for a value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    /// The whole schema, in which references are followed.
    whole: &'static Json,
    /// The schema where the key is declared: meaning, unit and default of the key.
    site: &'static Json,
    /// The schema of the value, references followed.
    shape: &'static Json,
    /// The default that the table around the key gives it.
    given: Option<&'static Json>,
}

/// What the keys of a map, or the words of a list, name, where the author cannot choose them freely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Names {
    Area,
    Axis,
    Group,
    #[serde(rename = "key path")]
    KeyPath,
    Lever,
    Month,
    #[serde(rename = "party size")]
    PartySize,
    Port,
    #[serde(rename = "target column")]
    TargetColumn,
    #[serde(rename = "uncertain key")]
    UncertainKey,
}

/// What a value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A table with known keys.
    Table,
    /// A table whose keys the author chooses.
    Map,
    List,
    Number,
    Whole,
    /// A number or a word.
    Limit,
    Bool,
    Date,
    Time,
    Text,
    /// One of a few words.
    Choice,
    /// Whatever the rules elsewhere say: the value of a lever in an event.
    Anything,
}

impl Rule {
    /// The rule for the whole file that this is a rule of.
    pub(crate) fn top(self) -> Self {
        Self::whole(self.whole)
    }

    /// The rule for the whole file.
    pub(crate) fn root() -> Self {
        Self::whole(&SCHEMA)
    }

    /// The rule for a whole file of another format.
    pub(crate) fn whole(schema: &'static Json) -> Self {
        Self::within(schema, schema)
    }

    /// The rule for a part of this rule's schema.
    fn of(self, site: &'static Json) -> Self {
        Self::within(self.whole, site)
    }

    fn within(whole: &'static Json, site: &'static Json) -> Self {
        let mut shape = site;
        loop {
            if let Some(reference) = shape["$ref"].as_str() {
                let pointer = reference.trim_start_matches('#');
                shape = whole.pointer(pointer).unwrap_or(&Json::Null);
            } else if let Some([shape_or_null, null]) = shape["anyOf"].as_array().map(Vec::as_slice)
                && null["type"] == "null"
            {
                shape = shape_or_null;
            } else {
                let given = site.get("default");
                return Self {
                    whole,
                    site,
                    shape,
                    given,
                };
            }
        }
    }

    /// The rule at a path; `None` where no such key exists.
    pub(crate) fn at(self, path: &KeyPath) -> Option<Self> {
        path.keys()
            .iter()
            .try_fold(self, |rule, key| rule.child(key))
    }

    /// The rule for a key of a table or an entry of a map or a list.
    pub(crate) fn child(self, key: &str) -> Option<Self> {
        match self.kind() {
            Kind::Table => self.property(key),
            Kind::Map if self.names() == Some(Names::Lever) => lever(key),
            Kind::Map => Some(self.of(&self.shape["additionalProperties"])),
            Kind::List => Some(self.item()),
            _ => None,
        }
    }

    fn property(self, key: &str) -> Option<Self> {
        let rule = self.of(self.shape["properties"].get(key)?);
        let given = self.given.and_then(|table| table.get(key));
        Some(Self {
            given: given.or(rule.given),
            ..rule
        })
    }

    /// The rule for the items of a list.
    pub(crate) fn item(self) -> Self {
        self.of(&self.shape["items"])
    }

    pub(crate) fn kind(self) -> Kind {
        let shape = self.shape;
        let type_name = match &shape["type"] {
            Json::Array(names) => names[0].as_str(),
            name => name.as_str(),
        };
        match (type_name, shape["format"].as_str()) {
            (Some("object"), _) if shape.get("properties").is_some() => Kind::Table,
            (Some("object"), _) => Kind::Map,
            (Some("array"), _) => Kind::List,
            (Some("number"), _) => Kind::Number,
            (Some("integer"), _) => Kind::Whole,
            (Some("boolean"), _) => Kind::Bool,
            (Some("string"), _) if shape.get("enum").is_some() => Kind::Choice,
            (Some("string"), Some("date")) => Kind::Date,
            (Some("string"), Some("time")) => Kind::Time,
            (Some("string"), _) => Kind::Text,
            _ if shape.get("oneOf").is_some() => Kind::Choice,
            _ if shape.get("anyOf").is_some() => Kind::Limit,
            _ => Kind::Anything,
        }
    }

    /// The known keys of a table.
    pub(crate) fn keys(self) -> impl Iterator<Item = &'static str> {
        let properties = self.shape["properties"].as_object();
        properties
            .into_iter()
            .flatten()
            .map(|(key, _)| key.as_str())
    }

    /// The keys that a table must have.
    pub(crate) fn required(self) -> impl Iterator<Item = &'static str> {
        let keys = self.shape["required"].as_array();
        keys.into_iter().flatten().filter_map(Json::as_str)
    }

    /// What the keys of a map, or the words of a list, name; `None` where they name nothing that is known.
    pub(crate) fn names(self) -> Option<Names> {
        let names = self.site.get("keys")?;
        Some(Names::deserialize(names).expect("tables say what their keys name in this type"))
    }

    /// The number half of a number-or-word rule; the rule itself for numbers.
    pub(crate) fn number(self) -> Self {
        match self.kind() {
            Kind::Limit => self.of(&self.shape["anyOf"][0]),
            _ => self,
        }
    }

    /// The words allowed, each with its meaning.
    pub(crate) fn words(self) -> Vec<(&'static str, &'static str)> {
        let shape = match self.kind() {
            Kind::Limit => self.of(&self.shape["anyOf"][1]).shape,
            _ => self.shape,
        };
        let plain = shape["enum"].as_array().into_iter().flatten();
        let described = shape["oneOf"].as_array().into_iter().flatten();
        plain
            .filter_map(|word| Some((word.as_str()?, "")))
            .chain(described.filter_map(|choice| {
                let word = choice["const"].as_str().or(choice["enum"][0].as_str())?;
                Some((word, choice["description"].as_str().unwrap_or_default()))
            }))
            .collect()
    }

    /// Least and greatest number allowed.
    pub(crate) fn bounds(self) -> (Option<f64>, Option<f64>) {
        let shape = self.number().shape;
        (shape["minimum"].as_f64(), shape["maximum"].as_f64())
    }

    /// Whether a number is one between these.
    pub(crate) fn admits(self, number: f64) -> bool {
        let (least, most) = self.bounds();
        number.is_finite()
            && least.is_none_or(|least| number >= least)
            && most.is_none_or(|most| number <= most)
    }

    /// Least and greatest length of a list.
    pub(crate) fn lengths(self) -> (u64, u64) {
        let shape = self.shape;
        (
            shape["minItems"].as_u64().unwrap_or(0),
            shape["maxItems"].as_u64().unwrap_or(u64::MAX),
        )
    }

    /// What the key means, in one line.
    pub(crate) fn meaning(self) -> String {
        let text = |schema: &'static Json| schema["description"].as_str();
        let meaning = text(self.site).or(text(self.shape)).unwrap_or_default();
        let without_unit = meaning.split(" [").next().unwrap_or(meaning);
        without_unit
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The unit of a number, date or time.
    pub(crate) fn unit(self) -> Option<&'static str> {
        (self.site["unit"].as_str()).or(self.shape["unit"].as_str())
    }

    /// Whether the value names a data file.
    pub(crate) fn is_path(self) -> bool {
        self.shape["format"] == "path"
    }

    /// The value where nobody sets the key.
    pub(crate) fn default(self) -> Option<&'static Json> {
        self.given.filter(|value| !value.is_null())
    }

    /// A value as somebody may write it, as TOML, where the table has one.
    pub(crate) fn example(self) -> Option<String> {
        let example = self.site["examples"].get(0)?;
        Some(write::inline(self, example))
    }

    /// The same, or else a default that is not empty.
    pub(crate) fn example_or_default(self) -> Option<String> {
        let default = || self.default().map(|value| write::inline(self, value));
        self.example()
            .or_else(|| default().filter(|text| text != "[]"))
    }

    /// Whether the table is a value of its own, replaced whole: some of its keys have no default.
    pub(crate) fn is_whole(self) -> bool {
        self.required().next().is_some()
    }

    /// What is allowed here, as a phrase: `a number between 0 and 1`.
    pub(crate) fn allowed(self) -> String {
        match self.kind() {
            Kind::Table | Kind::Map => "a table".to_owned(),
            Kind::List => match self.example() {
                Some(example) => format!("a list such as {example}"),
                None => format!("a list, each item {}", self.item().allowed()),
            },
            Kind::Number => format!("a number{}", self.between()),
            Kind::Whole => format!("a whole number{}", self.between()),
            Kind::Limit => {
                format!("a number{}, or {}", self.between(), one_of(&self.words()))
            }
            Kind::Bool => "true or false".to_owned(),
            Kind::Date => "a date such as 2024-06-01, without quotes".to_owned(),
            Kind::Time => "a time of day such as 08:30:00, without quotes".to_owned(),
            Kind::Text => "a string".to_owned(),
            Kind::Choice => one_of(&self.words()),
            Kind::Anything => "the value of a lever".to_owned(),
        }
    }

    /// The number that a value must be above, where it may not be that number itself.
    fn above(self) -> Option<f64> {
        self.site["exclusiveMinimum"].as_f64()
    }

    fn between(self) -> String {
        if let Some(above) = self.above() {
            return match self.bounds() {
                (_, Some(most)) => format!(" above {above}, up to {most}"),
                (_, None) => format!(" above {above}"),
            };
        }
        match self.bounds() {
            (Some(least), Some(most)) if least >= most => format!(", {most} only"),
            (Some(least), Some(most)) => format!(" between {least} and {most}"),
            (Some(least), None) => format!(" of at least {least}"),
            (None, Some(most)) => format!(" of at most {most}"),
            (None, None) => String::new(),
        }
    }
}

fn one_of(words: &[(&str, &str)]) -> String {
    let quoted: Vec<String> = (words.iter())
        .map(|(word, _)| format!("\"{word}\""))
        .collect();
    match quoted.as_slice() {
        [only] => only.clone(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
        [] => String::new(),
    }
}

/// The rule for a key of an event's `set`: a path under `[policy]`, or a number of a trigger.
pub(crate) fn lever(key: &str) -> Option<Rule> {
    let path = KeyPath::parse(key);
    let root = Rule::root();
    match path.words().as_slice() {
        ["trigger", _id, "when" | "until", _number] => root.at(&path),
        ["trigger", _id, ..] => None,
        _ => root.property("policy")?.at(&path),
    }
}

/// The uncertain key that some keys under `[futures]` name, and the key of its range where there is one: no uncertain key has others below.
pub(crate) fn range_key<'k>(keys: &[&'k str]) -> (String, Option<&'k str>) {
    let range = Rule::root().child("futures").and_then(|it| it.child(""));
    match keys.split_last() {
        Some((last, of)) if !of.is_empty() && range.is_some_and(|it| it.child(last).is_some()) => {
            (of.join("."), Some(last))
        }
        _ => (keys.join("."), None),
    }
}

/// The lever that is a list and of which a full path names an item, or a key of one.
pub(crate) fn list_around(path: &KeyPath) -> Option<KeyPath> {
    let tables = (1..path.keys().len()).map(|length| path.first(length));
    let mut levers = tables.filter(|table| table.keys()[0] == "policy");
    levers.find(|table| {
        Rule::root()
            .at(table)
            .is_some_and(|rule| rule.kind() == Kind::List)
    })
}
