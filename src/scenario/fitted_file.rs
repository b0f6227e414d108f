//! A scenario file that extends another by fitted values, each with its source.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::checks::ids::Ids;
use super::checks::unknown;
use super::diagnostics::Diagnostics;
use super::difference::difference;
use super::key_path::{self, KeyPath};
use super::layers::overrides::Override;
use super::layers::{sources, whole};
use super::load;
use super::loaded::Loaded;
use super::node::{Node, Value};
use super::schema::rule::Rule;
use super::tree::paths::relative;
use super::tree::texts::Texts;
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

/// What is written beside the values, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading<'a> {
    /// Comments, a line each.
    pub comments: &'a [String],
    /// What the scenario is about.
    pub title: &'a str,
    /// The file that the text is for, in a directory that is there: files are named as seen from it.
    pub file: &'a Path,
}

/// Why no file gives the scenario that was fitted.
#[derive(Debug, thiserror::Error)]
pub enum FittedFileError {
    /// The values cannot be combined.
    #[error("{0}")]
    Values(Diagnostics),
    /// A file that it names cannot be named from where it lies.
    #[error("the fitted scenario cannot name `{}` from `{}`: {error}", path.display(), from.display())]
    Unnamed {
        /// The file to be named.
        path: PathBuf,
        /// The directory of the file that names it.
        from: PathBuf,
        /// What went wrong.
        error: io::Error,
    },
    /// It would be refused.
    #[error("the fitted scenario does not load: {0}")]
    DoesNotLoad(Diagnostics),
    /// It would be another scenario.
    #[error("the fitted scenario would be another than the one that was fitted: {0}")]
    Differs(String),
}

/// The text of a scenario file that extends the one that was loaded by the values laid over it and some more. It loads as the scenario
/// with all of these values, which is known when it is given.
///
/// What a file replaces whole is written whole, as it is in force.
///
/// # Errors
/// What is wrong with the values, or why a file that merges with the one it extends cannot give them.
pub fn text(
    loaded: &Loaded,
    values: &[FittedValue],
    heading: &Heading<'_>,
) -> Result<String, FittedFileError> {
    let fitted: Vec<Override> = (values.iter())
        .map(|it| Override::new(&it.key, &it.value))
        .collect();
    let world = loaded
        .resolved_with(&fitted)
        .map_err(FittedFileError::Values)?;
    let text = Writer::new(&world, heading).text(values)?;
    check(&text, heading.file, &world)?;
    Ok(text)
}

/// Whether there will be such a text in the place of a file, tried with the middle of what was thought of each number before anything is
/// fitted. Where the scenario cannot have these together, nothing is known yet.
///
/// # Errors
/// Why a file that merges with the one it extends cannot give the scenario, whatever the numbers come to.
pub fn try_out(loaded: &Loaded, file: &Path) -> Result<(), FittedFileError> {
    let Some(calibration) = &loaded.calibration else {
        return Ok(());
    };
    let middle = calibration.values(&vec![0.0; calibration.parameters.len()]);
    let values = middle.into_iter().filter(|it| loaded.acts(&it.key));
    let values: Vec<FittedValue> = values
        .map(|it| FittedValue {
            key: it.key,
            value: it.value,
            source: String::new(),
        })
        .collect();
    let heading = Heading {
        comments: &[],
        title: "",
        file,
    };
    match text(loaded, &values, &heading) {
        Ok(_) | Err(FittedFileError::Values(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether a text, in the place of a file, is the scenario that was fitted, but for its title and for where its numbers come from.
fn check(text: &str, file: &Path, world: &Loaded) -> Result<(), FittedFileError> {
    let read = load::named(file, &[], &Texts::with(file, text));
    let read = read.map_err(FittedFileError::DoesNotLoad)?;
    let mut differences = difference(&read, world);
    differences.retain(|difference| difference.key != "title");
    let Some(first) = differences.first() else {
        return Ok(());
    };
    let [there, fitted] =
        [&first.a, &first.b].map(|side| side.value.as_deref().unwrap_or("not set"));
    let more = match differences.len() - 1 {
        0 => String::new(),
        more => format!(", and {more} more keys differ"),
    };
    let key = &first.key;
    Err(FittedFileError::Differs(format!(
        "`{key}` would be {there} in the file and is {fitted} in the fit{more}"
    )))
}

struct Writer<'a> {
    /// The scenario that the file is to give.
    world: &'a Loaded,
    heading: &'a Heading<'a>,
    /// The directory of the file.
    directory: &'a Path,
    ids: Ids,
}

impl<'a> Writer<'a> {
    fn new(world: &'a Loaded, heading: &'a Heading<'a>) -> Self {
        let directory = heading.file.parent();
        let directory = directory.filter(|directory| !directory.as_os_str().is_empty());
        Self {
            world,
            heading,
            directory: directory.unwrap_or(Path::new(".")),
            ids: Ids::of(&world.document),
        }
    }

    fn text(&self, values: &[FittedValue]) -> Result<String, FittedFileError> {
        let mut text = String::new();
        // A value of `--set` may have several lines.
        let comments = self.heading.comments.iter();
        for line in comments.flat_map(|comment| comment.split('\n')) {
            let line = line.replace(|it: char| it.is_control() && it != '\t', " ");
            let _ = writeln!(text, "{}", format!("# {line}").trim_end());
        }
        let _ = writeln!(
            text,
            "\nformat = 1\ntitle = {}\nextends = {}",
            string(self.heading.title),
            string(&self.near(&self.world.path)?)
        );
        // Keys of the file itself come first, as TOML has it.
        let mut tables: BTreeMap<Vec<String>, Vec<String>> = BTreeMap::new();
        let mut changes: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        for path in self.paths() {
            let Some(value) = self.value(&path)? else {
                // What is lost is found when the text is checked.
                continue;
            };
            let (lines, key) = match path.keys() {
                [list, id, part @ ..] if key_path::of_changes(list) => {
                    let change = (list.clone(), id.clone());
                    (changes.entry(change).or_default(), dotted(part))
                }
                [table @ .., key] => (tables.entry(table.to_vec()).or_default(), quoted_key(key)),
                [] => continue,
            };
            lines.push(format!("{key} = {value}"));
        }
        for (table, lines) in &tables {
            if !table.is_empty() {
                let _ = writeln!(text, "\n[{}]", dotted(table));
            }
            let _ = writeln!(text, "{}", lines.join("\n"));
        }
        for ((list, id), lines) in &changes {
            let _ = writeln!(text, "\n[[{list}]]\nid = {}", string(id));
            let _ = writeln!(text, "{}", lines.join("\n"));
        }
        let sources = self.sources(values);
        if !sources.is_empty() {
            let _ = writeln!(text, "\n[sources]");
        }
        for (key, source) in sources {
            let _ = writeln!(text, "{} = {}", quoted_key(key), string(source));
        }
        Ok(text)
    }

    /// The paths that are written: for each value that is laid over the file, its own or that of the whole in which it lies, and none
    /// below another.
    fn paths(&self) -> BTreeSet<KeyPath> {
        let document = &self.world.document;
        let given = self.world.overrides.iter();
        let all: BTreeSet<KeyPath> = given
            .map(|it| document.canonical(&KeyPath::parse(&it.key)))
            .filter(|path| !matches!(&path.keys()[0][..], "format" | "title" | "sources"))
            .flat_map(|path| self.keys_of_change(&path).unwrap_or_else(|| vec![path]))
            .map(|path| whole::around(&path).unwrap_or(path))
            .collect();
        let is_below =
            |path: &KeyPath| (all.iter()).any(|other| other != path && path.is_within(other));
        all.iter().filter(|path| !is_below(path)).cloned().collect()
    }

    /// The keys of an event or a trigger, where the path is that of a whole one: its entry in a file merges with that of its id.
    fn keys_of_change(&self, path: &KeyPath) -> Option<Vec<KeyPath>> {
        let change = match path.keys() {
            [list, _] if key_path::of_changes(list) => self.world.document.get(path)?.as_table()?,
            _ => return None,
        };
        let keys = change.0.iter().filter(|entry| entry.key != "id");
        Some(keys.map(|entry| path.child(&entry.key)).collect())
    }

    /// The value of a path as it is in force, as TOML.
    fn value(&self, path: &KeyPath) -> Result<Option<String>, FittedFileError> {
        let rule = unknown::rule_of(path, &self.ids).ok();
        let Some((rule, node)) = rule.zip(self.world.document.get(path)) else {
            return Ok(None);
        };
        Ok(Some(inline(rule, &self.near_files(rule, node)?)))
    }

    /// A value with files named as seen from the file that is written.
    fn near_files(&self, rule: Rule, node: &Node) -> Result<Json, FittedFileError> {
        Ok(match &node.value {
            Value::Text(name) if rule.is_path() => {
                let directory = &self.world.files.get(node.origin.file).directory;
                Json::from(self.near(&directory.join(name))?)
            }
            Value::Table(table) => {
                let entries = table.0.iter().map(|entry| {
                    let value = match rule.child(&entry.key) {
                        Some(rule) => self.near_files(rule, &entry.node)?,
                        None => entry.node.to_json(),
                    };
                    Ok((entry.key.clone(), value))
                });
                Json::Object(entries.collect::<Result<_, FittedFileError>>()?)
            }
            _ => node.to_json(),
        })
    }

    fn near(&self, path: &Path) -> Result<String, FittedFileError> {
        let near = relative(path, self.directory);
        let near = near.map_err(|error| FittedFileError::Unnamed {
            path: path.to_path_buf(),
            from: self.directory.to_path_buf(),
            error,
        })?;
        Ok(near.display().to_string())
    }

    /// The sources that were laid over the file, and those of the fitted values.
    fn sources<'v>(&'v self, values: &'v [FittedValue]) -> BTreeMap<&'v str, &'v str> {
        let laid = sources::entries(&self.world.document)
            .filter(|entry| self.world.files.is_set(entry.node.origin.file))
            .filter_map(|entry| Some((entry.key.as_str(), entry.node.as_text()?)));
        let fitted = (values.iter()).map(|value| (value.key.as_str(), value.source.as_str()));
        laid.chain(fitted).collect()
    }
}

/// A key as TOML writes it that leads through tables.
fn dotted(keys: &[String]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| quoted_key(key)).collect();
    keys.join(".")
}

fn string(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
