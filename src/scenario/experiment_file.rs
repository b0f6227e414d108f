//! Experiment files: which scenarios are compared, and which values are tried on them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use strum::{EnumString, IntoStaticStr, VariantNames};

use super::axis::Axis;
use super::checks::ids::Ids;
use super::checks::validate::validate;
use super::diagnostics::{Diagnostics, Problem, Problems};
use super::key_path::KeyPath;
use super::load;
use super::loaded::{Loaded, Overwritten};
use super::node::Node;
use super::origin::{Files, Origin, SourceFile};
use super::schema::rule::{self, Names, Rule};
use super::tree::document;
use super::tree::dotted;
use super::tree::paths::plain;
use super::tree::text;
use super::tree::texts::Texts;

static SCHEMA: LazyLock<Json> = LazyLock::new(rule::of_types::<Written>);

/// An experiment file as its author writes it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// Version of the format of experiment files.
    #[serde(default = "first_format")]
    #[schemars(range(min = 1, max = 1), extend("unit" = "version"))]
    format: u32,
    /// What the experiment is about.
    #[serde(default)]
    title: String,
    /// Scenario file that everything is held against, relative to this file.
    base: String,
    /// Scenario files compared with the base, relative to this file; each point of the sweep is laid over them too.
    #[serde(default)]
    variants: Vec<String>,
    /// Metrics that are reported; absent, those of the command.
    #[serde(default)]
    metrics: Vec<String>,
    /// How the points of the sweep are chosen.
    #[serde(default)]
    design: Design,
    /// Number of points; `latin` and `sobol` need it.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1_000_000), extend("unit" = "points"))]
    points: Option<u32>,
    /// Replications of each point; absent, those of the scenario.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1_000_000), extend("unit" = "replications"))]
    replications: Option<u32>,
    /// Seed of every random number; absent, that of the scenario.
    #[serde(default)]
    #[schemars(extend("unit" = "integer"))]
    seed: Option<u64>,
    /// Values tried, by full key path: `"A..B:N"`, `"A..B"` or `"x|y|z"`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>", extend("keys" = Names::Axis))]
    sweep: Map<String, Json>,
}

fn first_format() -> u32 {
    1
}

/// How the points of a sweep are chosen.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    JsonSchema,
    EnumString,
    IntoStaticStr,
    VariantNames,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase", parse_err_ty = String, parse_err_fn = no_design)]
pub enum Design {
    /// Every combination of the levels.
    #[default]
    Grid,
    /// A Latin hypercube: each of as many equal parts of every axis holds one point.
    Latin,
    /// The first points of a Sobol sequence.
    Sobol,
}

impl Design {
    /// The word used in files and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

fn no_design(_: &str) -> String {
    format!("expected one of {}", Design::VARIANTS.join(", "))
}

/// An experiment that was read and checked: its scenarios load, and every value that is tried can be laid over each of them alone.
#[derive(Debug, Clone)]
pub struct ExperimentFile {
    /// What the experiment is about.
    pub title: String,
    /// The scenario that everything is held against.
    pub base: Loaded,
    /// Scenarios compared with it; each point of the sweep is laid over them too.
    pub variants: Vec<Loaded>,
    /// Names of the metrics that are reported, unchecked; empty, those of the command.
    pub metrics: Vec<String>,
    /// How the points are chosen.
    pub design: Design,
    /// Number of points; `None` for a grid.
    pub points: Option<u32>,
    /// Replications of each point; `None`, those of the scenario.
    pub replications: Option<u32>,
    /// Seed of every random number; `None`, that of the scenario.
    pub seed: Option<u64>,
    /// The axes of the sweep, in the order of the file; all have levels in a grid.
    pub axes: Vec<Axis>,
    /// What may not mean what its author thinks; the scenarios have warnings of their own.
    pub warnings: Diagnostics,
}

/// What a file that can be swept over is.
#[derive(Debug, Clone)]
pub enum Sweepable {
    /// A scenario alone.
    Scenario(Box<Loaded>),
    /// An experiment.
    Experiment(Box<ExperimentFile>),
}

/// Reads a file that is a scenario or an experiment, once: it may be a pipe.
///
/// # Errors
/// As of [`load`](super::load()) or [`load_experiment`].
pub fn load_sweepable(path: &Path) -> Result<Sweepable, Diagnostics> {
    let texts = Texts::default();
    if is_experiment(path, &texts) {
        let experiment = of_texts(path, &texts)?;
        return Ok(Sweepable::Experiment(Box::new(experiment)));
    }
    let loaded = load::named(path, &[], &texts)?;
    Ok(Sweepable::Scenario(Box::new(loaded)))
}

/// Whether a file is an experiment: it has a `base`, and no table of a scenario. A file that cannot be read is none.
pub(super) fn is_experiment(path: &Path, texts: &Texts) -> bool {
    let Ok(known) = texts.read(path) else {
        return false;
    };
    let document = document::parse(&known.text.text, Files::MAIN, &mut Problems::default());
    let has = |key: &str| document.get(&KeyPath::parse(key)).is_some();
    let shared = ["format", "title"];
    has("base") && !(Rule::root().keys()).any(|key| !shared.contains(&key) && has(key))
}

/// Reads an experiment file and the scenarios that it names, and tries the values of its sweep.
///
/// # Errors
/// Every mistake in the file; where it has none, those of the first scenario that cannot be loaded.
pub fn load_experiment(path: &Path) -> Result<ExperimentFile, Diagnostics> {
    of_texts(path, &Texts::default())
}

/// The same from such texts; what is not among them is read from the disk.
fn of_texts(path: &Path, texts: &Texts) -> Result<ExperimentFile, Diagnostics> {
    let mut files = Files::default();
    let mut problems = Problems::default();
    let Some(document) = read(path, texts, &mut files, &mut problems) else {
        return Err(problems.finish(files));
    };
    let rule = Rule::whole(&SCHEMA);
    let valid = validate(rule, &document, &Ids::default(), &mut problems);
    if problems.any_error() {
        return Err(problems.finish(files));
    }
    let written: Written = match serde_json::from_value(valid.to_json()) {
        Ok(written) => written,
        Err(error) => {
            let root = KeyPath::default();
            problems.add(Problem::error(&root, &document.origin, error.to_string()));
            return Err(problems.finish(files));
        }
    };
    let mut reader = Reader {
        directory: path.parent().unwrap_or(Path::new("")),
        texts,
        document,
        problems,
        unloadable: None,
    };
    reader.design(&written);
    let base = reader.scenario("base", &written.base);
    let mut variants = Vec::new();
    for (place, variant) in written.variants.iter().enumerate() {
        variants.extend(reader.scenario(&format!("variants.{}", place + 1), variant));
    }
    let axes = base
        .as_ref()
        .map(|base| reader.axes(&written, base, &variants));
    let is_wrong = reader.problems.any_error();
    let warnings = reader.problems.finish(files);
    if let Some(unloadable) = reader.unloadable.filter(|_| !is_wrong) {
        return Err(unloadable);
    }
    match (base, axes) {
        (Some(base), Some(axes)) if !is_wrong => Ok(ExperimentFile {
            title: written.title,
            base,
            variants,
            metrics: written.metrics,
            design: written.design,
            points: written.points,
            replications: written.replications,
            seed: written.seed,
            axes,
            warnings,
        }),
        _ => Err(warnings),
    }
}

/// The tree of the file; `None` when it is not there or no TOML.
fn read(path: &Path, texts: &Texts, files: &mut Files, problems: &mut Problems) -> Option<Node> {
    let name = path.display().to_string();
    let known = match texts.read(path) {
        Ok(known) => known,
        Err(error) => {
            let (message, help) = text::unreadable(path, &error, None);
            let problem = Problem::without_place(&KeyPath::default(), message);
            problems.add(Problem { help, ..problem });
            return None;
        }
    };
    let file = files.add(SourceFile {
        name,
        directory: path.parent().map(Path::to_path_buf).unwrap_or_default(),
        text: known.text.text.clone(),
    });
    if let Some(place) = known.text.broken {
        problems.add(text::not_utf8(file, place));
        return None;
    }
    let mut document = document::parse(&files.get(file).text, file, problems);
    dotted::normalise(&KeyPath::default(), &mut document, problems);
    (!problems.is_fatal()).then_some(document)
}

struct Reader<'a> {
    directory: &'a Path,
    texts: &'a Texts,
    document: Node,
    problems: Problems,
    /// What is wrong with the first scenario that is there and cannot be loaded.
    unloadable: Option<Diagnostics>,
}

impl Reader<'_> {
    fn report(&mut self, key: &str, message: impl Into<String>, help: impl Into<String>) {
        let key = KeyPath::parse(key);
        self.problems.report(&self.document, &key, message, help);
    }

    fn design(&mut self, written: &Written) {
        let is_grid = written.design == Design::Grid;
        if written.sweep.is_empty() && written.variants.is_empty() {
            let message = "the experiment has neither variants nor a sweep";
            self.report(
                "base",
                message,
                "give a `[sweep]`, of the keys and their values",
            );
        }
        match written.points {
            Some(_) if is_grid => {
                let help = "take `points` out, or choose `latin` or `sobol`";
                self.report(
                    "points",
                    "a grid has a point for each combination of levels",
                    help,
                );
            }
            None if !is_grid => {
                let message = "the design has no number of `points`";
                self.report("design", message, "for example `points = 64`");
            }
            _ => {}
        }
        if !is_grid && written.sweep.is_empty() {
            let message = "the design has nothing to sweep";
            self.report("design", message, "name keys and their ranges in `[sweep]`");
        }
    }

    /// Loads a scenario: a file that is not there is a mistake of this file, its own mistakes are kept.
    fn scenario(&mut self, key: &str, name: &str) -> Option<Loaded> {
        const RULE: &str = "paths are relative to the experiment file";
        if name.trim().is_empty() {
            let message = format!("`{key}` names no file");
            self.report(key, message, format!("name a scenario file: {RULE}"));
            return None;
        }
        let path = plain(&self.directory.join(name));
        if let Err(error) = self.texts.read(&path) {
            let (message, help) = text::unreadable_from(&path, self.directory, &error, RULE);
            self.report(key, message, help);
            return None;
        }
        match load::named(&path, &[], self.texts) {
            Ok(loaded) => Some(loaded),
            Err(wrong) => {
                self.unloadable.get_or_insert(wrong);
                None
            }
        }
    }

    fn axes(&mut self, written: &Written, base: &Loaded, variants: &[Loaded]) -> Vec<Axis> {
        let mut found = Vec::new();
        for (key, values) in &written.sweep {
            let at = KeyPath::parse("sweep").child(key);
            match Axis::new(key, values.as_str().unwrap_or_default(), base) {
                Ok(axis) => {
                    self.axis(&at, &axis, written.design, base, variants);
                    self.no_axis_lost(&at, &axis, &found, base);
                    found.push(axis);
                }
                Err(wrong) => {
                    let help = wrong.help.unwrap_or_default();
                    self.problems
                        .report(&self.document, &at, wrong.message, help);
                }
            }
        }
        found
    }

    /// Reports an axis that takes the place of one before it, which then would not act at any point.
    fn no_axis_lost(&mut self, at: &KeyPath, axis: &Axis, before: &[Axis], base: &Loaded) {
        let before = before.iter().map(|axis| axis.key.as_str());
        let lost = base.overwritten(&axis.key, before);
        let Some(Overwritten { lost, by, is_same }) = lost else {
            return;
        };
        let (message, help) = if is_same {
            let message = format!("`{lost}` and `{by}` are one key under two names");
            (message, "give it once")
        } else {
            let message = format!("`{by}` takes the place of `{lost}` before it");
            (message, "give the part after the whole")
        };
        self.problems.report(&self.document, at, message, help);
    }

    fn axis(
        &mut self,
        at: &KeyPath,
        axis: &Axis,
        design: Design,
        base: &Loaded,
        variants: &[Loaded],
    ) {
        if design == Design::Grid && axis.levels().is_none() {
            let message = format!("a grid needs levels of `{}`, and this is a range", axis.key);
            let help = "add their number, as in `0..1:5`, or choose `latin` or `sobol`";
            self.problems.report(&self.document, at, message, help);
            return;
        }
        let mut said: Vec<Diagnostics> = Vec::new();
        for loaded in std::iter::once(base).chain(variants) {
            match axis.check(loaded) {
                Ok(told) => {
                    for warnings in told {
                        for warning in warnings.beside(&said).problems() {
                            let help = warning.help.as_deref().unwrap_or_default();
                            (self.problems).warn(&self.document, at, &warning.message, help);
                        }
                        said.push(warnings);
                    }
                }
                Err(wrong) => {
                    for problem in wrong.problems() {
                        let message = format!("{}: {}", loaded.path().display(), problem.message);
                        let origin: Origin = self.document.place_of(at);
                        let mut found = Problem::error(at, &origin, message);
                        found.help.clone_from(&problem.help);
                        self.problems.add(found);
                    }
                    return;
                }
            }
        }
    }
}
