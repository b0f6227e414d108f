//! Walks a document against the schema and reports everything that does not fit.

use jiff::civil::{Date, Time};

use super::ids::{self, Ids};
use super::nearest::{nearest, nearest_in_full};
use super::taken_away::TakenAway;
use super::unknown;
use crate::scenario::diagnostics::{Problem, Problems};
use crate::scenario::key_path::{self, KeyPath};
use crate::scenario::node::{Entry, Node, Table, Value};
use crate::scenario::origin::Origin;
use crate::scenario::schema::rule::{Kind, Names, Rule};
use crate::scenario::tree::slips;
use crate::scenario::tree::write;
use crate::stats::Amount;

/// The document without its invalid values, which are reported.
///
/// What is left has the types of [`crate::scenario::file::ScenarioFile`], so that checks of meaning can go on.
pub(crate) fn validate(rule: Rule, document: &Node, ids: &Ids, problems: &mut Problems) -> Node {
    let mut validator = Validator {
        document,
        ids,
        problems,
    };
    validator
        .node(&KeyPath::default(), rule, document)
        .unwrap_or_else(|| Node::new(Value::Table(Table::default()), document.origin.clone()))
}

struct Validator<'a> {
    document: &'a Node,
    ids: &'a Ids,
    problems: &'a mut Problems,
}

impl Validator<'_> {
    /// The value without its invalid parts; `None` when nothing valid is left.
    fn node(&mut self, path: &KeyPath, rule: Rule, node: &Node) -> Option<Node> {
        match (rule.kind(), &node.value) {
            (Kind::Table, Value::Table(table)) => self.table(path, rule, node, table),
            (Kind::Map, Value::Table(table)) => Some(self.map(path, rule, node, table)),
            (Kind::List, Value::List(items)) => self.list(path, rule, node, items),
            (Kind::Number | Kind::Limit, Value::Integer(number)) => {
                self.number(path, rule, node, *number as f64)
            }
            (Kind::Number | Kind::Limit, Value::Float(number)) => {
                self.number(path, rule, node, *number)
            }
            (Kind::Whole, Value::Integer(number)) => self.number(path, rule, node, *number as f64),
            (Kind::Choice | Kind::Limit, Value::Text(word)) => self.word(path, rule, node, word),
            (Kind::Bool, Value::Bool(_)) | (Kind::Anything, _) => Some(node.clone()),
            (Kind::Text, Value::Text(text)) => self.text(path, rule, node, text),
            (Kind::Date, Value::Moment(text))
                if text.parse::<Date>().is_ok() && !text.contains(':') =>
            {
                Some(node.clone())
            }
            (Kind::Time, Value::Moment(text))
                if text
                    .parse()
                    .is_ok_and(|time: Time| time.subsec_nanosecond() == 0)
                    && !text.contains('-') =>
            {
                Some(node.clone())
            }
            _ => self.mismatch(path, rule, node),
        }
    }

    fn mismatch(&mut self, path: &KeyPath, rule: Rule, node: &Node) -> Option<Node> {
        let found = match &node.value {
            // With its point, so that it is seen not to be whole.
            Value::Float(number) => format!("{number:?}"),
            Value::Bool(truth) => format!("{truth}"),
            Value::Text(text) if text.len() <= 30 => format!("the string \"{text}\""),
            Value::Moment(text) => format!("{} ({text})", node.kind()),
            _ => node.kind().to_owned(),
        };
        let message = format!("`{path}`: found {found}, expected {}", rule.allowed());
        let help = match (rule.kind(), &node.value) {
            (Kind::Number | Kind::Whole | Kind::Limit, Value::Text(text)) => {
                number_in_quotes(rule, text)
            }
            (Kind::Bool, Value::Text(text)) => {
                slips::truth(text).map(|truth| format!("write {truth} without quotes"))
            }
            (Kind::Whole, Value::Float(number))
                if number.fract() == 0.0 && rule.admits(*number) =>
            {
                Some(format!("write {number}, without a point"))
            }
            (Kind::Time, Value::Moment(text)) if text.contains('.') => {
                Some("times of day are whole seconds".to_owned())
            }
            (Kind::List, Value::Table(_)) if is_changes(path) => {
                Some(format!("write `[[{path}]]`, with two brackets"))
            }
            (Kind::List, Value::Text(_) | Value::Moment(_)) if !is_of_tables(rule) => {
                let item = write::inline(rule.item(), &node.to_json());
                Some(format!("write [{item}], in brackets"))
            }
            (Kind::Table | Kind::Map | Kind::List, _) => example(rule),
            _ => None,
        };
        self.error(path, &node.origin, message, help)
    }

    fn error(
        &mut self,
        path: &KeyPath,
        origin: &Origin,
        message: String,
        help: Option<String>,
    ) -> Option<Node> {
        let problem = Problem::error(path, origin, message);
        self.problems.add(Problem { help, ..problem });
        None
    }

    fn table(&mut self, path: &KeyPath, rule: Rule, node: &Node, table: &Table) -> Option<Node> {
        if let Some((message, help)) = self.of_the_other_list(path, table) {
            return self.error(path, &node.origin, message, Some(help));
        }
        let mut valid = Table::default();
        for entry in &table.0 {
            let child = path.child(&entry.key);
            if let Some(rule) = rule.child(&entry.key) {
                if let Some(node) = self.node(&child, rule, &entry.node) {
                    valid.0.push(Entry {
                        node,
                        ..entry.clone()
                    });
                }
            } else {
                let (message, help) = unknown::key(path, rule, &entry.key);
                self.error(&child, &entry.key_origin, message, help);
            }
        }
        for key in rule.required() {
            if table.get(key).is_none() {
                let message = match path.keys() {
                    [] => format!("`{key}` is missing"),
                    _ => format!("`{path}` has no `{key}`"),
                };
                let expected = rule
                    .child(key)
                    .map(|rule| format!("`{key}` is {}: {}", rule.allowed(), rule.meaning()));
                let expected = self.meant(path).or(expected);
                self.error(&path.child(key), &node.origin, message, expected);
            }
        }
        let is_whole = rule.required().all(|key| valid.get(key).is_some());
        is_whole.then(|| replace(node, Value::Table(valid)))
    }

    /// What is wrong with an event that has the id of a trigger, and nothing that only an event has; and the other way round.
    fn of_the_other_list(&self, path: &KeyPath, table: &Table) -> Option<(String, String)> {
        let [list, id] = path.keys() else {
            return None;
        };
        let (others, article, other, own_key) = match list.as_str() {
            "event" => (&self.ids.triggers, "a", "trigger", "date"),
            "trigger" => (&self.ids.events, "an", "event", "when"),
            _ => return None,
        };
        let is_other = others.contains(id) && table.get(own_key).is_none();
        is_other.then(|| {
            (
                format!("`{id}` is the id of {article} {other}, and no {list}"),
                format!("write `[[{other}]]` to change it"),
            )
        })
    }

    /// The id that the author of a part of an event or trigger may have meant.
    fn meant(&self, path: &KeyPath) -> Option<String> {
        let (ids, id) = match path.words().as_slice() {
            ["event", id] => (&self.ids.events, *id),
            ["trigger", id] => (&self.ids.triggers, *id),
            _ => return None,
        };
        let others = ids.iter().filter(|known| *known != id);
        let near = nearest(id, others.map(String::as_str))?;
        Some(format!("did you mean to change `{near}`?"))
    }

    fn map(&mut self, path: &KeyPath, rule: Rule, node: &Node, table: &Table) -> Node {
        let mut valid = Table::default();
        for entry in &table.0 {
            let child = path.child(&entry.key);
            let key_rule = unknown::free_key(path, rule, &entry.key, self.ids);
            match key_rule {
                Ok(rule) => {
                    if let Some(node) = self.node(&child, rule, &entry.node) {
                        valid.0.push(Entry {
                            node,
                            ..entry.clone()
                        });
                    }
                }
                // It is said where it is taken away.
                Err(_) if self.is_taken_away(rule, &entry.key) => {}
                Err((message, help)) => {
                    self.error(&child, &entry.key_origin, message, help);
                }
            }
        }
        replace(node, Value::Table(valid))
    }

    /// Whether a key names an uncertain number that was in something which is no longer there.
    fn is_taken_away(&self, map: Rule, key: &str) -> bool {
        let path = KeyPath::parse(key);
        map.names() == Some(Names::UncertainKey) && TakenAway::with(self.document, &path).is_some()
    }

    fn list(&mut self, path: &KeyPath, rule: Rule, node: &Node, items: &[Node]) -> Option<Node> {
        let (least, most) = rule.lengths();
        let length = items.len() as u64;
        if length < least || length > most {
            let message = format!("`{path}` has {length} items, expected {least} to {most}");
            let is_week = path.keys().last().is_some_and(|it| it == "closed_weekdays");
            let help = is_week.then_some("a port that is closed on every day has `open = false`");
            return self.error(path, &node.origin, message, help.map(str::to_owned));
        }
        let is_changes = is_changes(path);
        if is_changes {
            self.ids_of_changes(path, items);
        }
        let valid: Vec<Node> = (items.iter().enumerate())
            .filter_map(|(place, item)| {
                let name = Node::name_of(items, place);
                self.node(&path.child(name), rule.item(), item)
            })
            .collect();
        let is_whole = valid.len() == items.len() || is_changes;
        is_whole.then(|| replace(node, Value::List(valid)))
    }

    fn ids_of_changes(&mut self, path: &KeyPath, changes: &[Node]) {
        let ids = changes.iter().filter_map(|change| {
            let id = change.as_table()?.get("id")?;
            Some((id.as_text()?, &id.origin))
        });
        let ids: Vec<(&str, &Origin)> = ids.collect();
        for &(word, origin) in &ids {
            let same = ids.iter().filter(|(other, _)| *other == word);
            let last = same.clone().map(|&(_, origin)| origin).max();
            // Those of one file are told apart when files are merged: the one that was given last is of the command line.
            if same.count() > 1 && last == Some(origin) {
                let message = format!("the id `{word}` is given twice");
                let help = "give each entry its own id".to_owned();
                self.error(&path.child(word), origin, message, Some(help));
            }
            if !ids::is_id_of_change(word) {
                let message = format!("`{word}` cannot be an id");
                let help = "ids have letters, digits, `_` and `-` only; a number or a date names an event or trigger by its place or day";
                self.error(&path.child(word), origin, message, Some(help.to_owned()));
            }
        }
    }

    fn number(&mut self, path: &KeyPath, rule: Rule, node: &Node, number: f64) -> Option<Node> {
        if rule.admits(number) {
            return Some(node.clone());
        }
        let message = format!("`{path}` is {}, expected {}", shown(number), rule.allowed());
        let help = match rule.bounds() {
            _ if !is_share(rule) => None,
            _ if (2.0..=100.0).contains(&number) => Some(format!(
                "shares are not percentages: {number}% is {}",
                number / 100.0
            )),
            (_, Some(1.0)) if number > 1.0 => {
                Some("a share is at most 1, which is 100%".to_owned())
            }
            _ => None,
        };
        self.error(path, &node.origin, message, help)
    }

    fn word(&mut self, path: &KeyPath, rule: Rule, node: &Node, word: &str) -> Option<Node> {
        let words = rule.words();
        if words.iter().any(|(known, _)| *known == word) {
            return Some(node.clone());
        }
        let message = format!("`{path}` is \"{word}\", expected {}", rule.allowed());
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let help = nearest_in_full(word, &known).map(|near| format!("did you mean \"{near}\"?"));
        self.error(path, &node.origin, message, help)
    }

    /// Words that name a group must name one that exists.
    fn text(&mut self, path: &KeyPath, rule: Rule, node: &Node, text: &str) -> Option<Node> {
        if rule.names() == Some(Names::Group) && !self.ids.groups.iter().any(|id| id == text) {
            let (message, help) = unknown::id("group", text, &self.ids.groups);
            return self.error(path, &node.origin, format!("`{path}`: {message}"), help);
        }
        Some(node.clone())
    }
}

/// Whether a list holds changes of policy, which have headings of two brackets.
fn is_changes(path: &KeyPath) -> bool {
    matches!(path.keys(), [list] if key_path::of_changes(list))
}

/// Whether the items of a list are tables.
fn is_of_tables(list: Rule) -> bool {
    matches!(list.item().kind(), Kind::Table | Kind::Map)
}

/// How a number in quotes is written, if it may be one here.
fn number_in_quotes(rule: Rule, text: &str) -> Option<String> {
    let is_with_commas = text.starts_with(|c: char| c.is_ascii_digit())
        && text.contains(',')
        && (text.chars()).all(|c| c.is_ascii_digit() || ",.".contains(c));
    if is_with_commas {
        return Some(
            "numbers have no quotes and no commas: write 0.5 for 0,5, and 1800 or 1_800 for 1,800"
                .to_owned(),
        );
    }
    let Some(amount) = Amount::read(text) else {
        return slips::number(text.trim());
    };
    match amount {
        Amount::Percent(share) if is_share(rule) && rule.admits(share) => {
            Some(format!("write {} as {share}", text.trim()))
        }
        Amount::Percent(_) if !is_share(rule) => Some(
            "no number is relative to another: write what the percentage comes to, without quotes"
                .to_owned(),
        ),
        Amount::Plain(number) if rule.admits(number) => {
            Some(format!("write {} without quotes", text.trim()))
        }
        _ => None,
    }
}

/// How a table or a list is written in a line, where that says something.
fn example(rule: Rule) -> Option<String> {
    const LONGEST: usize = 120;
    let default = rule.default().map(|value| write::inline(rule, value));
    let text = match default.as_deref() {
        Some("{}" | "[]") | None => match (rule.kind(), rule.names()) {
            (Kind::Map, Some(Names::Group)) => "{ ID = … }, by the id of a group".to_owned(),
            (Kind::Map, Some(Names::Port)) => "{ ID = … }, by the id of a port".to_owned(),
            (Kind::List, Some(Names::Group)) => "[\"ID\"], with ids of groups".to_owned(),
            (Kind::Table, _) => {
                let keys: Vec<String> = rule.keys().map(|key| format!("{key} = …")).collect();
                format!("{{ {} }}", keys.join(", "))
            }
            _ => return None,
        },
        Some(default) => format!("{default}, which is the default"),
    };
    (text.len() <= LONGEST).then(|| format!("for example {text}"))
}

/// A number as people would read it: without three hundred zeros.
fn shown(number: f64) -> String {
    const MANY: f64 = 1e15;
    if number.is_finite() && number.abs() >= MANY {
        format!("{number:e}")
    } else {
        format!("{number}")
    }
}

/// Whether a number is a share or a probability.
fn is_share(rule: Rule) -> bool {
    (rule.unit()).is_some_and(|unit| unit == "share" || unit == "probability")
}

fn replace(node: &Node, value: Value) -> Node {
    Node {
        value,
        origin: node.origin.clone(),
        overrode: None,
    }
}
