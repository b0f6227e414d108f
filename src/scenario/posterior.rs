//! `posterior.csv`: values of keys that fit what was observed, draw by draw with its weight.
//!
//! The first line is `draw,weight,KEY,KEY,…`, where each key is a full key path; every other line is a draw: its name, its weight and
//! a number for each key. Weights are at least 0 and need not sum to 1: only their proportions count.

use std::path::Path;

use super::cells::{self, Cell, problem};
use super::diagnostics::{Diagnostics, Problem, Problems, Severity};
use super::ids::Ids;
use super::key_path::KeyPath;
use super::loaded::{self, Loaded};
use super::number;
use super::origin::{Files, Origin, SourceFile};
use super::rule::{Kind, Rule};
use super::text;
use super::unknown::{self, Wrong};

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

impl Posterior {
    /// Reads the draws of a file, for keys of this scenario.
    ///
    /// # Errors
    /// Every mistake at its line and column: a key that the scenario does not have or that is no number, a value that the key cannot
    /// have, a weight below 0 or all of them 0, no draws.
    pub fn read(path: &Path, loaded: &Loaded) -> Result<Self, Diagnostics> {
        let name = path.display().to_string();
        let read = text::read(path).map_err(|error| {
            let message = format!("cannot read `{name}`: {error}");
            let unreadable = Problem {
                severity: Severity::Error,
                message,
                origin: None,
                help: Some("name a file of draws, such as the posterior.csv of `calibrate`".into()),
                path: KeyPath::default(),
            };
            only(unreadable, Files::default())
        })?;
        if let Some(place) = read.broken {
            let (files, file) = file(&name, &read.text);
            return Err(only(text::not_utf8(file, place), files));
        }
        Self::parse(&name, &read.text, loaded)
    }

    /// The draws of a text, for keys of this scenario; `name` is what people know it by.
    ///
    /// # Errors
    /// As [`read`](Self::read), but for the file system's.
    pub fn parse(name: &str, text: &str, loaded: &Loaded) -> Result<Self, Diagnostics> {
        let (files, file) = file(name, text);
        let mut lines = match cells::lines(text, file) {
            Ok(lines) => lines.into_iter(),
            Err(problem) => return Err(only(problem, files)),
        };
        let header = lines.next().unwrap_or_default();
        let mut reader = Reader::default();
        if let Some(columns) = reader.columns(&header, loaded, file) {
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

    /// The draws, in the order of the lines; there is at least one.
    #[must_use]
    pub fn draws(&self) -> &[Draw] {
        &self.draws
    }

    /// Key paths and values of a draw, by its place from 0, as [`load`](super::load()) takes them.
    ///
    /// # Panics
    /// If there is no such draw.
    #[must_use]
    pub fn values(&self, draw: usize) -> Vec<(String, String)> {
        let values = self.draws[draw].values.iter().cloned();
        self.keys.iter().cloned().zip(values).collect()
    }

    /// Whether a scenario can be run with the values of each of these draws.
    ///
    /// # Errors
    /// Every draw with which it cannot, at its line.
    pub fn check(&self, draws: &[usize], loaded: &Loaded) -> Result<(), Diagnostics> {
        let (files, _) = file(&self.name, &self.text);
        let mut problems = Problems::default();
        for &place in draws {
            let Err(refused) = loaded.with(&self.values(place)) else {
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
    fn columns(&mut self, header: &[Cell], loaded: &Loaded, file: usize) -> Option<Vec<Column>> {
        for (place, expected) in LEADING.into_iter().enumerate() {
            let Some(cell) = header.get(place) else {
                let end = header.last().map_or(0, |cell| cell.origin.end);
                let origin = Origin::new(file, end..end);
                let message = format!("the table has no column `{expected}`");
                self.problems.add(problem(&origin, &message).help(FORMAT));
                return None;
            };
            if cell.text != expected {
                let message = format!("expected the column `{expected}`, found `{}`", cell.text);
                self.report(cell, &message, FORMAT);
                return None;
            }
        }
        let keys = &header[LEADING.len()..];
        if keys.is_empty() {
            self.report(&header[1], "the table has no column of a key", FORMAT);
        }
        let ids = Ids::of(&loaded.document);
        let mut columns = Vec::new();
        for (place, cell) in keys.iter().enumerate() {
            let named = |cell: &Cell| loaded.document.canonical(&KeyPath::parse(&cell.text));
            if keys[..place]
                .iter()
                .any(|other| named(other) == named(cell))
            {
                let message = format!("`{}` has two columns", cell.text);
                self.report(cell, &message, "each key once");
            }
            let rule = rule_of(&cell.text, &ids)
                .and_then(|rule| item_of(&cell.text, loaded).map(|()| rule));
            if let Err((message, help)) = &rule {
                self.report(cell, message, help.as_deref().unwrap_or(FORMAT));
            }
            columns.push(Column {
                key: cell.text.clone(),
                rule: rule.ok(),
            });
        }
        Some(columns)
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
        let (least, most) = rule.bounds();
        match number_of(cell) {
            None => {
                let message = format!("`{}` is not a number", cell.text);
                self.report(cell, &message, allowed());
            }
            Some(value)
                if least.is_some_and(|least| value < least)
                    || most.is_some_and(|most| value > most) =>
            {
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

/// The rule for a key that a draw may have a value of: a number of the world, of policy, of an event or a trigger.
fn rule_of(key: &str, ids: &Ids) -> Result<Rule, Wrong> {
    let path = KeyPath::parse(key);
    let rule = unknown::rule_of(&path, ids)?;
    let is_number = matches!(rule.kind(), Kind::Number | Kind::Whole | Kind::Limit);
    match path.keys().first().map(String::as_str) {
        Some("world" | "policy" | "event" | "trigger") if is_number => Ok(rule),
        Some("world" | "policy" | "event" | "trigger") => {
            let message = format!("`{key}` is not a number, but {}", rule.allowed());
            Err((message, Some("name a number inside it".to_owned())))
        }
        _ => {
            let message = format!("`{key}` is no parameter that could be drawn");
            let help = "drawn are numbers of [world] and [policy], of events and of triggers";
            Err((message, Some(help.to_owned())))
        }
    }
}

/// Whether the scenario has the item of a list, such as the level of a date, that a key goes through.
fn item_of(key: &str, loaded: &Loaded) -> Result<(), Wrong> {
    let path = KeyPath::parse(key);
    let Some((item, names)) = loaded.document.no_item(&path) else {
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

fn file(name: &str, text: &str) -> (Files, usize) {
    let mut files = Files::default();
    let file = files.add(SourceFile {
        name: name.to_owned(),
        directory: std::path::PathBuf::new(),
        text: text.to_owned(),
    });
    (files, file)
}

/// One mistake alone.
fn only(problem: Problem, files: Files) -> Diagnostics {
    let mut problems = Problems::default();
    problems.add(problem);
    problems.finish(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario;

    fn lottery() -> Loaded {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/theory/lottery.toml");
        scenario::load(&file, &[]).unwrap()
    }

    fn parse(text: &str) -> Result<Posterior, Diagnostics> {
        Posterior::parse("posterior.csv", text, &lottery())
    }

    const SLOTS: &str = "policy.app.slots_per_day";

    #[test]
    fn draws_have_their_weights_and_values() {
        let text =
            format!("draw,weight,{SLOTS},policy.app.random_share\n1,0.25,80.0,0.5\n2,0.75,1e2,1\n");
        let posterior = parse(&text).unwrap();
        assert_eq!(posterior.keys(), [SLOTS, "policy.app.random_share"]);
        let weights: Vec<f64> = posterior.draws().iter().map(|draw| draw.weight).collect();
        assert_eq!(weights, [0.25, 0.75]);
        let value = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let second = [value(SLOTS, "100"), value("policy.app.random_share", "1")];
        assert_eq!(posterior.values(1), second);
        assert_eq!(
            posterior
                .check(&[0, 1], &lottery())
                .map_err(|wrong| wrong.to_string()),
            Ok(())
        );
    }

    #[test]
    fn the_digest_is_that_of_the_bytes_of_the_file() {
        let posterior = parse(&format!("draw,weight,{SLOTS}\n1,1,80\n")).unwrap();
        // printf 'draw,weight,policy.app.slots_per_day\n1,1,80\n' | sha256sum
        assert_eq!(
            posterior.digest(),
            "04e9e149b07033836c5eb7f9330a364d4c9604d504554802b829057ebc0b9cc8"
        );
    }

    #[test]
    fn draws_of_a_scenario_with_other_levels_are_refused_once_at_their_column() {
        let history = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/history.toml");
        let history = scenario::load(&history, &[]).unwrap();
        let text =
            "draw,weight,world.groups.other.arrivals.levels.2022-10-01.per_day\n1,1,80\n2,1,90\n";
        insta::assert_snapshot!(Posterior::parse("posterior.csv", text, &history).unwrap_err(), @r"
        posterior.csv:1:13: error: the scenario has no `2022-10-01` for `world.groups.other.arrivals.levels.2022-10-01.per_day`
          |
        1 | draw,weight,world.groups.other.arrivals.levels.2022-10-01.per_day
          |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: there are 2023-01-01, 2023-05-01, 2023-08-15, 2024-01-15, 2024-10-01: the draws are of a scenario with others
        ");
    }

    #[test]
    fn a_level_has_one_column_by_whichever_name() {
        let history = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/history.toml");
        let history = scenario::load(&history, &[]).unwrap();
        let text = "draw,weight,world.groups.other.arrivals.levels.2023-01-01.per_day,world.groups.other.arrivals.levels.1.per_day\n1,1,80,90\n";
        let told = Posterior::parse("posterior.csv", text, &history).unwrap_err();
        assert!(
            told.to_string()
                .contains("`world.groups.other.arrivals.levels.1.per_day` has two columns"),
            "{told}"
        );
    }

    #[test]
    fn every_mistake_is_told_at_its_place_with_the_remedy() {
        let text = "draw,weight,policy.app.slots_per_dya,policy.app.random_share,policy.app.open\n1,-1,80,much,1\n2,1,80,1.5,1\n";
        insta::assert_snapshot!(parse(text).unwrap_err(), @r"
        posterior.csv:1:13: error: unknown key `slots_per_dya` in `policy.app`
          |
        1 | draw,weight,policy.app.slots_per_dya,policy.app.random_share,policy.app.open
          |             ^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: did you mean `slots_per_day`?

        posterior.csv:1:62: error: `policy.app.open` is not a number, but true or false
          |
        1 | draw,weight,policy.app.slots_per_dya,policy.app.random_share,policy.app.open
          |                                                              ^^^^^^^^^^^^^^^
          |
          = help: name a number inside it

        posterior.csv:2:3: error: `-1` is not a weight
          |
        2 | 1,-1,80,much,1
          |   ^^
          |
          = help: weights are numbers of at least 0

        posterior.csv:2:9: error: `much` is not a number
          |
        2 | 1,-1,80,much,1
          |         ^^^^
          |
          = help: `policy.app.random_share` is a number between 0 and 1

        posterior.csv:3:8: error: 1.5 is beyond what `policy.app.random_share` may be
          |
        3 | 2,1,80,1.5,1
          |        ^^^
          |
          = help: `policy.app.random_share` is a number between 0 and 1
        ");
    }

    #[test]
    fn a_table_that_is_no_posterior_is_refused() {
        for (text, reason) in [
            ("", "1:1: error: the table has no column `draw`"),
            ("draw\n1\n", "1:5: error: the table has no column `weight`"),
            (
                "weight,draw\n1,1\n",
                "1:1: error: expected the column `draw`, found `weight`",
            ),
            (
                "draw,weight\n1,1\n",
                "1:6: error: the table has no column of a key",
            ),
            (
                "draw,weight,policy.app.slots_per_day\n",
                "1:1: error: the table has no draws",
            ),
            (
                "draw,weight,policy.app.slots_per_day\n1,0,80\n2,0,90\n",
                "1:6: error: every weight is 0",
            ),
            (
                "draw,weight,policy.app.slots_per_day\n1,1\n",
                "2:1: error: the line has 2 fields, the first line has 3",
            ),
            (
                "draw,weight,policy.app.slots_per_day,policy.app.slots_per_day\n1,1,80,80\n",
                "1:38: error: `policy.app.slots_per_day` has two columns",
            ),
            (
                "draw,weight,run.warmup_days\n1,1,80\n",
                "1:13: error: `run.warmup_days` is no parameter that could be drawn",
            ),
            (
                "draw,weight,policy.app.slots_per_day\n1,NaN,80\n",
                "2:3: error: `NaN` is not a weight",
            ),
        ] {
            let said = parse(text).unwrap_err().to_string();
            assert!(said.contains(&format!("posterior.csv:{reason}")), "{said}");
        }
    }

    #[test]
    fn values_that_do_not_go_together_are_refused_with_the_line_of_their_draw() {
        let pool = "world.groups.applicants.initial_pool";
        let text =
            format!("draw,weight,{pool}.mean_age_days,{pool}.max_age_days\n1,1,10,20\n2,1,50,30\n");
        let posterior = parse(&text).unwrap();
        let said = posterior.check(&[1], &lottery()).unwrap_err().to_string();
        assert!(
            said.contains("posterior.csv:3:1: error: the scenario cannot be run with draw `2`: "),
            "{said}"
        );
        assert!(said.contains("its greatest age 30"), "{said}");
        assert!(posterior.check(&[0], &lottery()).is_ok());
    }
}
