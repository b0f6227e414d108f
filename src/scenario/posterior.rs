//! `posterior.csv`: values of keys that fit what was observed, draw by draw with its weight.
//!
//! The first line is `draw,weight,KEY,KEY,…`, where each key is a full key path, as `--set` takes it; every other line is a draw: its name, its
//! weight and a number for each key. A line that begins with `#` is a comment. Weights are at least 0 and need not sum to 1: only their proportions count.

use std::collections::BTreeMap;
use std::path::Path;

use super::checks::inputs::Input;
use super::checks::unknown::Wrong;
use super::diagnostics::{Diagnostics, Problem, Problems};
use super::key_path::KeyPath;
use super::layers::overrides::Override;
use super::loaded::{self, Loaded};
use super::origin::{Files, Origin};
use super::resolve::cells::{self, Cell, help_of_header, problem};
use super::schema::rule::{Kind, Rule};
use super::tree::number;
use super::tree::text;

/// Draws of the values of some keys.
#[derive(Debug, Clone, PartialEq)]
pub struct Posterior {
    name: String,
    text: String,
    keys: Vec<String>,
    draws: Vec<Draw>,
}

/// One draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Draw {
    /// Its name in the file.
    pub name: String,
    /// How much it counts, of the sum over all draws.
    pub weight: f64,
    /// The values of the keys as TOML, in their order.
    values: Vec<String>,
    /// Its line.
    origin: Origin,
}

/// The columns before the keys.
const LEADING: [&str; 2] = ["draw", "weight"];

const FORMAT: &str =
    "the first line is `draw,weight,KEY,KEY,…` with full key paths, and every other line a draw";

const OF_ANOTHER: &str = "these draws seem to be of another scenario: a posterior goes with the scenario that was fitted, or one that extends it";

impl Posterior {
    /// Reads the draws of a file, for keys of this scenario.
    ///
    /// # Errors
    /// A scenario in place of draws, and every mistake at its line and column: a key that the scenario does not have or that is no number, a value that the key cannot
    /// have, a weight below 0 or all of them 0, no draws.
    pub fn read(path: &Path, loaded: &Loaded) -> Result<Self, Diagnostics> {
        let help = "name a file of draws, such as the posterior.csv of `calibrate`";
        let text = text::read_alone(path, help)?;
        if path.extension().is_some_and(|end| end == "toml") {
            let message = format!("{} is a scenario and no table of draws", path.display());
            let problem = Problem::without_place(&KeyPath::default(), message).help(help);
            return Err(Diagnostics::of(problem, Files::default()));
        }
        Self::parse(&path.display().to_string(), &text, loaded)
    }

    /// The draws of a text, for keys of this scenario; `name` is what people know it by.
    ///
    /// # Errors
    /// As [`read`](Self::read), but for the file system's.
    pub fn parse(name: &str, text: &str, loaded: &Loaded) -> Result<Self, Diagnostics> {
        let files = Files::of(name, text);
        let mut lines = match cells::lines(text, Files::MAIN) {
            Ok(lines) => lines.into_iter(),
            Err(problem) => return Err(Diagnostics::of(problem, files)),
        };
        let header = lines.next().unwrap_or_default();
        let mut reader = Reader::default();
        if let Some(columns) = reader.columns(&header, loaded) {
            reader.names(lines.as_slice(), &files);
            let draws: Vec<Draw> = lines.map(|line| reader.draw(&columns, &line)).collect();
            reader.weights(&draws, &header);
            if !reader.problems.any_error() {
                return Ok(Self {
                    name: name.to_owned(),
                    text: text.to_owned(),
                    keys: columns.into_iter().map(|column| column.key).collect(),
                    draws,
                });
            }
        }
        Err(reader.problems.finish(files))
    }

    /// What people know it by: the path as it was given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the text, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> String {
        loaded::sha256(&self.text)
    }

    /// Full key paths, in the order of the columns.
    #[must_use]
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// Keys that `[calibrate]` of a scenario fits and that have no column, are not laid over it and have no value from `elsewhere`: they
    /// stay as the scenario has them.
    #[must_use]
    pub fn leaves_out(&self, loaded: &Loaded, elsewhere: &[&str]) -> Vec<String> {
        let mut valued = Override::keys(loaded.overrides());
        valued.extend(self.keys.iter().map(String::as_str));
        valued.extend(elsewhere);
        let parameters = loaded.calibration.iter().flat_map(|all| &all.parameters);
        let fitted = parameters.flat_map(|parameter| &parameter.keys);
        fitted
            .filter(|key| !loaded.is_held_by(&valued, &key.path))
            .map(|key| key.path.clone())
            .collect()
    }

    /// The draws, in the order of the lines; there is at least one.
    #[must_use]
    pub fn draws(&self) -> &[Draw] {
        &self.draws
    }

    /// The values of a draw, by its place from 0.
    ///
    /// # Panics
    /// If there is no such draw.
    #[must_use]
    pub fn values(&self, draw: usize) -> Vec<Override> {
        let values = self.keys.iter().zip(&self.draws[draw].values);
        values.map(|(key, it)| Override::new(key, it)).collect()
    }

    /// Whether a scenario can be run with the values of each of these draws; that of results has been.
    ///
    /// # Errors
    /// Every draw with which it cannot, at its line.
    pub fn check(&self, draws: &[usize], loaded: &Loaded) -> Result<(), Diagnostics> {
        let files = Files::of(&self.name, &self.text);
        let mut problems = Problems::default();
        let draws = if loaded.is_of_results { &[] } else { draws };
        for &place in draws {
            let Err(refused) = loaded.resolved_with(&self.values(place)) else {
                continue;
            };
            let draw = &self.draws[place];
            let reasons = refused.errors().join("; ");
            let message = format!(
                "the scenario cannot be run with draw `{}`: {reasons}",
                draw.name
            );
            let help = "the values of a draw are laid over the scenario together";
            problems.add(problem(&draw.origin, &message).help(help));
        }
        if problems.any_error() {
            return Err(problems.finish(files));
        }
        Ok(())
    }
}

/// A column of values.
struct Column {
    key: String,
    /// `None` where the key is wrong, which is reported once.
    rule: Option<Rule>,
}

#[derive(Default)]
struct Reader {
    problems: Problems,
}

impl Reader {
    fn report(&mut self, cell: &Cell, message: &str, help: impl Into<String>) {
        self.problems.add(problem(&cell.origin, message).help(help));
    }

    /// The columns of keys; `None` where the first two are not those of a posterior.
    fn columns(&mut self, header: &[Cell], loaded: &Loaded) -> Option<Vec<Column>> {
        let help = help_of_header(header, FORMAT);
        for (place, expected) in LEADING.into_iter().enumerate() {
            let Some(cell) = header.get(place) else {
                let end = header.last().map_or(0, |cell| cell.origin.end);
                let origin = Origin::new(Files::MAIN, end..end);
                let message = format!("the table has no column `{expected}`");
                self.problems.add(problem(&origin, &message).help(help));
                return None;
            };
            if cell.text != expected {
                let message = format!("expected the column `{expected}`, found `{}`", cell.text);
                self.report(cell, &message, help);
                return None;
            }
        }
        let keys = &header[LEADING.len()..];
        if keys.is_empty() {
            self.report(&header[1], "the table has no column of a key", FORMAT);
        }
        let given = |cell: &Cell| KeyPath::given(&cell.text).to_string();
        let given: Vec<String> = keys.iter().map(given).collect();
        let ids = loaded.ids(given.iter().map(String::as_str));
        let mut columns = Vec::new();
        let mut unknown = Vec::new();
        for (place, (cell, key)) in keys.iter().zip(&given).enumerate() {
            if key.is_empty() {
                let help = "give it the path of a key, or take out the comma that begins it";
                self.report(cell, "a column has no name", help);
                columns.push(Column {
                    key: key.clone(),
                    rule: None,
                });
                continue;
            }
            let named = loaded.named(key);
            let mut before = given[..place].iter();
            if before.any(|other| loaded.named(other) == named) {
                let message = format!("`{key}` has two columns");
                self.report(cell, &message, "each key once");
            }
            let rule = Input::Drawn
                .rule_of(key, &ids)
                .and_then(|rule| item_of(key, loaded).map(|()| rule));
            let rule = match rule {
                Ok(rule) => Some(rule),
                Err((message, help)) => {
                    unknown.push((cell, message, help));
                    None
                }
            };
            columns.push(Column {
                key: key.clone(),
                rule,
            });
        }
        self.unknown_columns(&unknown, keys.len());
        Some(columns)
    }

    /// Reports columns of keys that the scenario does not have: each, or where they are many, that these are draws of another one.
    fn unknown_columns(&mut self, unknown: &[(&Cell, String, Option<String>)], all: usize) {
        const MANY: usize = 3;
        if let [(first, ..), ..] = unknown
            && unknown.len() > MANY
        {
            let message = format!(
                "{} of the {all} columns of keys name nothing that can be set in the scenario, `{}` the first of them",
                unknown.len(),
                first.text
            );
            self.report(first, &message, OF_ANOTHER);
            return;
        }
        for (cell, message, help) in unknown {
            let help = help.as_deref().unwrap_or(FORMAT);
            let is_slip = help.starts_with("did you mean");
            // A group, a port, an event or a trigger, and not one that is misspelt.
            if message.starts_with("there is no ") && !is_slip {
                self.report(cell, message, format!("{help}; {OF_ANOTHER}"));
            } else {
                self.report(cell, message, help);
            }
        }
    }

    /// Reports every draw whose name an earlier one has.
    fn names(&mut self, lines: &[Vec<Cell>], files: &Files) {
        let mut known: BTreeMap<&str, &Cell> = BTreeMap::new();
        for name in lines.iter().filter_map(|line| line.first()) {
            let Some(first) = known.get(name.text.as_str()) else {
                known.insert(&name.text, name);
                continue;
            };
            let [first, again] = [first, name].map(|cell| files.place(&cell.origin).line);
            let message = format!(
                "draw `{}` is given twice, on line {first} and on line {again}",
                name.text
            );
            let help = "each draw has a name of its own; take one of them out, or give a draw that counts more a greater weight";
            self.report(name, &message, help);
        }
    }

    /// A draw; what is wrong with it is reported.
    fn draw(&mut self, columns: &[Column], line: &[Cell]) -> Draw {
        let [name, weight, values @ ..] = line else {
            unreachable!("every line has as many cells as the first");
        };
        let read = number_of(weight).filter(|weight| *weight >= 0.0);
        if read.is_none() {
            let message = format!("`{}` is not a weight", weight.text);
            self.report(weight, &message, "weights are numbers of at least 0");
        }
        let last = values.last().unwrap_or(weight);
        let origin = Origin::new(name.origin.file, name.origin.start..last.origin.end);
        let values = columns.iter().zip(values);
        let values = values
            .map(|(column, cell)| self.value(column, cell))
            .collect();
        Draw {
            name: name.text.clone(),
            weight: read.unwrap_or_default(),
            values,
            origin,
        }
    }

    /// The value of a key as TOML.
    fn value(&mut self, column: &Column, cell: &Cell) -> String {
        let Column {
            key,
            rule: Some(rule),
        } = column
        else {
            return String::new();
        };
        let allowed = || format!("`{key}` is {}", rule.number().allowed());
        let is_whole = rule.number().kind() == Kind::Whole;
        match number_of(cell) {
            None => {
                let message = format!("`{}` is not a number", cell.text);
                self.report(cell, &message, allowed());
            }
            Some(value) if !rule.admits(value) => {
                let message = format!("{} is beyond what `{key}` may be", cell.text);
                self.report(cell, &message, allowed());
            }
            Some(value) if is_whole && value.fract() != 0.0 => {
                let message = format!("{} is not a whole number", cell.text);
                self.report(cell, &message, allowed());
            }
            Some(value) => return number::written(value, is_whole),
        }
        String::new()
    }

    fn weights(&mut self, draws: &[Draw], header: &[Cell]) {
        let weight = &header[1];
        if draws.is_empty() {
            self.report(&header[0], "the table has no draws", FORMAT);
        } else if draws.iter().all(|draw| draw.weight == 0.0) && !self.problems.any_error() {
            let help = "a draw counts in proportion to its weight: give at least one more than 0";
            self.report(weight, "every weight is 0", help);
        } else if !draws
            .iter()
            .map(|draw| draw.weight)
            .sum::<f64>()
            .is_finite()
        {
            self.report(
                weight,
                "the weights are too large to be added",
                "only their proportions count",
            );
        }
    }
}

/// Whether the scenario has the item of a list, such as the level of a date, that a key goes through.
fn item_of(key: &str, loaded: &Loaded) -> Result<(), Wrong> {
    let path = KeyPath::parse(key);
    let no_item = loaded.document.no_item(&path);
    let Some((item, names)) = no_item.filter(|_| !loaded.is_of_results) else {
        return Ok(());
    };
    let message = format!("the scenario has no `{item}` for `{key}`");
    let there = match names.as_slice() {
        [] => "there is none".to_owned(),
        names => format!("there are {}", names.join(", ")),
    };
    let help = format!("{there}: the draws are of a scenario with others");
    Err((message, Some(help)))
}

fn number_of(cell: &Cell) -> Option<f64> {
    let number = cell.text.parse::<f64>().ok();
    number.filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests;
