//! Published counts that are broken down by more than the month: encounters by area, or by family status.
//!
//! The first line names the columns `month`, `component`, `encounters` and what the counts are broken down by; every other line is one
//! count. Months and figures are written as in the monthly tables.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use strum::{EnumString, IntoStaticStr, VariantNames};

use super::diagnostics::{Diagnostics, Problem, Problems};
use super::loaded;
use super::nearest::nearest;
use super::origin::{Files, Origin};
use super::resolve::cells::{Cell, Table, problem};
use super::resolve::monthly;
use super::tree::text;
use crate::month::Month;

/// What counts are broken down by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Areas, such as field offices.
    Area,
    /// Family status.
    Family,
}

impl By {
    /// The column that says what a count is of.
    pub(super) const fn column(self) -> &'static str {
        match self {
            Self::Area => "area",
            Self::Family => "category",
        }
    }

    /// The flag of `validate` that takes such a table.
    pub(super) const fn flag(self) -> &'static str {
        match self {
            Self::Area => "--by-area",
            Self::Family => "--by-family",
        }
    }

    const fn format(self) -> &'static str {
        match self {
            Self::Area => "the columns are month, component, area and encounters",
            Self::Family => "the columns are month, component, category and encounters",
        }
    }
}

/// Where somebody is encountered.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr, VariantNames,
)]
#[strum(serialize_all = "snake_case")]
pub enum Component {
    /// At a port.
    Port,
    /// Between ports.
    Irregular,
}

impl Component {
    /// The word used in tables and in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Family status, as it is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FamilyStatus {
    /// Children whom an adult of the family accompanies; published of ports only.
    AccompaniedMinors,
    /// Persons in families.
    FamilyUnit,
    /// Adults without a child.
    SingleAdults,
    /// Children alone.
    Unaccompanied,
}

impl FamilyStatus {
    const ALL: [Self; 4] = [
        Self::AccompaniedMinors,
        Self::FamilyUnit,
        Self::SingleAdults,
        Self::Unaccompanied,
    ];

    /// What the published category begins with.
    const fn beginning(self) -> &'static str {
        match self {
            Self::AccompaniedMinors => "Accompanied minors",
            Self::FamilyUnit => "Family unit",
            Self::SingleAdults => "Single adults",
            Self::Unaccompanied => "Unaccompanied",
        }
    }

    /// The status of a published category; `None` where none is known by that name.
    #[must_use]
    pub fn of(category: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|status| category.starts_with(status.beginning()))
    }

    /// Whether it counts as family.
    #[must_use]
    pub const fn is_family(self) -> bool {
        matches!(self, Self::AccompaniedMinors | Self::FamilyUnit)
    }

    /// Whether it is published of a component.
    const fn is_published_of(self, component: Component) -> bool {
        !matches!(
            (self, component),
            (Self::AccompaniedMinors, Component::Irregular)
        )
    }
}

/// A published count.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    /// Its month.
    pub month: Month,
    /// Where they were encountered.
    pub component: Component,
    /// The area, or the category of family status.
    pub of: String,
    /// How many; `None` where nothing was published.
    pub persons: Option<f64>,
}

/// A table of published counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Breakdown {
    /// The counts, in the order of the lines.
    pub counts: Vec<Count>,
    digest: String,
}

impl Breakdown {
    /// Reads the table of a file.
    ///
    /// # Errors
    /// Every mistake at its line and column: a column that is missing or doubled, what is no month, no component, no count or no known
    /// category, two rows of one thing, and a month without all categories of family status.
    pub fn read(path: &Path, by: By) -> Result<Self, Diagnostics> {
        let text = text::read_alone(path, by.format())?;
        Self::parse(&path.display().to_string(), &text, by)
    }

    /// The table of a text; `name` is what people know it by.
    ///
    /// # Errors
    /// As [`read`](Self::read), but for the file system's.
    pub fn parse(name: &str, text: &str, by: By) -> Result<Self, Diagnostics> {
        let files = Files::of(name, text);
        let (table, columns) = match table(text, by) {
            Ok(table) => table,
            Err(problem) => return Err(Diagnostics::of(problem, files)),
        };
        let mut reader = Reader {
            by,
            files: &files,
            problems: Problems::default(),
            known: BTreeMap::new(),
        };
        let rows = table.rows.iter();
        let counts: Vec<Count> = rows
            .filter_map(|row| reader.count(columns.map(|column| &row[column])))
            .collect();
        if by == By::Family && !reader.problems.any_error() {
            reader.categories();
        }
        let problems = reader.problems;
        if problems.any_error() {
            return Err(problems.finish(files));
        }
        Ok(Self {
            counts,
            digest: loaded::sha256(text),
        })
    }

    /// SHA-256 of the text, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

/// The cells of a text, and the places of the columns that it must have.
fn table(text: &str, by: By) -> Result<(Table, [usize; 4]), Problem> {
    let table = Table::parse(text, Files::MAIN)?;
    let [month, component, of, encounters] = ["month", "component", by.column(), "encounters"]
        .map(|name| table.required(name, by.format()));
    let columns = [month?, component?, of?, encounters?];
    Ok((table, columns))
}

/// A count: its month, where, and the area or the beginning of the category.
type Key = (Month, Component, String);

struct Reader<'a> {
    by: By,
    files: &'a Files,
    problems: Problems,
    /// What was read, and the place where it is named.
    known: BTreeMap<Key, Origin>,
}

impl Reader<'_> {
    fn report(&mut self, origin: &Origin, message: &str, help: impl Into<String>) {
        self.problems.add(problem(origin, message).help(help));
    }

    /// What was read, or nothing where it is reported as a mistake.
    fn take<T>(&mut self, read: Result<T, Problem>) -> Option<T> {
        read.map_err(|problem| self.problems.add(problem)).ok()
    }

    /// A row; `None` where something is wrong with it, which is reported.
    fn count(&mut self, [month, component, of, encounters]: [&Cell; 4]) -> Option<Count> {
        let month = self.take(monthly::month(month));
        let component = self.component(component);
        let name = match self.by {
            By::Area => Some(of.text.clone()),
            By::Family => self.category(of),
        };
        let persons = self.take(monthly::persons(encounters));
        let (month, component, name) = (month?, component?, name?);
        self.once((month, component, name), of);
        Some(Count {
            month,
            component,
            of: of.text.clone(),
            persons: persons?,
        })
    }

    fn component(&mut self, cell: &Cell) -> Option<Component> {
        let found = cell.text.parse().ok();
        if found.is_none() {
            let message = format!("`{}` is neither `port` nor `irregular`", cell.text);
            let help = match nearest(&cell.text, Component::VARIANTS.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`port` is at ports of entry, `irregular` between them".to_owned(),
            };
            self.report(&cell.origin, &message, help);
        }
        found
    }

    /// What the category begins with.
    fn category(&mut self, cell: &Cell) -> Option<String> {
        let status = FamilyStatus::of(&cell.text);
        if status.is_none() {
            let message = format!("`{}` is no category that is known", cell.text);
            let known = FamilyStatus::ALL.map(FamilyStatus::beginning);
            let help = match nearest(&cell.text, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("categories begin with {}", listed(&known)),
            };
            self.report(&cell.origin, &message, help);
        }
        status.map(|status| status.beginning().to_owned())
    }

    /// Reports a row of what an earlier one is of.
    fn once(&mut self, key: Key, of: &Cell) {
        let Some(first) = self.known.get(&key) else {
            self.known.insert(key, of.origin.clone());
            return;
        };
        let [first, again] = [first, &of.origin].map(|origin| self.files.place(origin).line);
        let (month, component, _) = key;
        let message = format!(
            "`{}` ({}) of {month} is given twice, on line {first} and on line {again}",
            of.text,
            component.name()
        );
        let help = format!(
            "a month has one row of each {}: take one of them out",
            self.by.column()
        );
        self.report(&of.origin, &message, help);
    }

    /// Reports every month and component without all categories.
    fn categories(&mut self) {
        let mut first: BTreeMap<(Month, Component), &Origin> = BTreeMap::new();
        for ((month, component, _), origin) in &self.known {
            let at = first.entry((*month, *component)).or_insert(origin);
            *at = origin.min(*at);
        }
        for ((month, component), origin) in first {
            let expected = FamilyStatus::ALL.into_iter();
            let expected = expected.filter(|status| status.is_published_of(component));
            let lacking: Vec<&str> = expected
                .map(FamilyStatus::beginning)
                .filter(|name| {
                    let key = (month, component, (*name).to_owned());
                    !self.known.contains_key(&key)
                })
                .collect();
            if !lacking.is_empty() {
                let word = if lacking.len() == 1 {
                    "category"
                } else {
                    "categories"
                };
                let message = format!(
                    "the month {month} lacks the {word} {} ({})",
                    listed(&lacking),
                    component.name()
                );
                let help = "a share is of all who were encountered: give a row of each category, with 0 where there was nobody; an empty figure leaves the month out";
                self.problems.add(problem(origin, &message).help(help));
            }
        }
    }
}

/// Names in words.
fn listed(names: &[impl fmt::Display]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREAS: &str = "month,component,area,encounters
2024-02,port,San Diego,13000
2024-02,irregular,San Diego,
";
    const FAMILIES: &str = "month,component,category,encounters
2024-02,irregular,Family unit individuals,30
2024-02,irregular,Single adults,60
2024-02,irregular,Unaccompanied children / single minors,10
";

    /// What is said of each mistake: line, column and message.
    fn told(text: &str, by: By) -> Vec<String> {
        let wrong = Breakdown::parse("t.csv", text, by).unwrap_err();
        let said = wrong.to_string();
        let heads = said.lines().filter(|line| line.contains(": error: "));
        heads.map(str::to_owned).collect()
    }

    #[test]
    fn rows_are_counts_and_empty_is_not_published() {
        let table = Breakdown::parse("t.csv", AREAS, By::Area).unwrap();
        let counts: Vec<_> = (table.counts.iter())
            .map(|count| (count.component, count.of.as_str(), count.persons))
            .collect();
        let expected = [
            (Component::Port, "San Diego", Some(13_000.0)),
            (Component::Irregular, "San Diego", None),
        ];
        assert_eq!(counts, expected);
        assert!(Breakdown::parse("t.csv", FAMILIES, By::Family).is_ok());
    }

    #[test]
    fn every_mistake_is_told_at_its_place() {
        let with = |row: &str| told(&format!("{AREAS}{row}\n"), By::Area);
        for (row, said) in [
            (
                "2024-02,port,San Diego,1",
                "4:14: error: `San Diego` (port) of 2024-02 is given twice, on line 2 and on line 4",
            ),
            (
                "2024-03,Port,Tucson,1",
                "4:9: error: `Port` is neither `port` nor `irregular`",
            ),
            (
                "2024-3,port,Tucson,1",
                "4:1: error: `2024-3` is not a month",
            ),
            (
                "2024-03,port,Tucson,many",
                "4:21: error: `many` is not a count",
            ),
            (
                "2024-03,port",
                "4:1: error: the line has 2 fields, the first line has 4",
            ),
        ] {
            assert_eq!(with(row), [format!("t.csv:{said}")]);
        }
        let several = with("2024-3,Port,Tucson,-1");
        assert_eq!(several.len(), 3, "{several:?}");
        let doubled = AREAS.replacen("area", "month", 1);
        assert_eq!(
            told(&doubled, By::Area),
            ["t.csv:1:17: error: `month` has two columns"]
        );
        let lacking = told(FAMILIES, By::Area);
        assert_eq!(
            lacking,
            ["t.csv:1:1: error: the table has no column `area`"]
        );
    }

    #[test]
    fn a_share_needs_every_category() {
        let with = |from: &str, to: &str| told(&FAMILIES.replace(from, to), By::Family);
        assert_eq!(
            with("Single adults", "Sailors"),
            ["t.csv:3:19: error: `Sailors` is no category that is known"]
        );
        assert_eq!(
            with("2024-02,irregular,Single adults,60\n", ""),
            ["t.csv:2:19: error: the month 2024-02 lacks the category `Single adults` (irregular)"]
        );
        // Accompanied minors are published of ports, and only of these.
        let said = with("irregular", "port");
        assert_eq!(
            said,
            ["t.csv:2:14: error: the month 2024-02 lacks the category `Accompanied minors` (port)"]
        );
    }
}
