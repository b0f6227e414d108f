//! A scenario that was read, with what it was read from.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::Scenario;
use super::calibrate::{Calibration, FittedKey, Parameter};
use super::change::Event;
use super::checks::ids::Ids;
use super::checks::unknown;
use super::diagnostics::Diagnostics;
use super::file::ScenarioFile;
use super::futures::UncertainNumbers;
use super::key_path::KeyPath;
use super::layers::overrides::Override;
use super::load;
use super::node::Node;
use super::origin::Files;
use super::resolve::cells::Cell;
use super::resolve::fates::{Fate, Fates};
use super::resolve::monthly::{self, MonthlyTable};
use super::schema::explain::Sourced;
use super::tree::texts::Texts;
use super::tree::write;
use crate::month::Month;

/// A scenario, and the document that it was resolved from.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What a replication needs.
    pub scenario: Scenario,
    /// The file with everything that it extends, its defaults written out and the events before its first day worked in.
    pub file: ScenarioFile,
    /// The merged tree; every value knows where it was written.
    pub document: Node,
    /// The keys that it has sources of.
    pub(crate) sourced: Vec<Sourced>,
    /// What becomes of keys in the run.
    pub(crate) fates: Fates,
    /// The path that was loaded.
    pub(crate) path: PathBuf,
    /// Whether it is the scenario of results that are told again: see [`load_results`](super::load_results).
    pub(crate) is_of_results: bool,
    /// What it calls keys of the scenario that was run, where it is one of results: see [`call_as_run`](Self::call_as_run).
    pub(super) as_run: BTreeMap<String, Option<String>>,
    /// The values that were laid over the file.
    pub(crate) overrides: Vec<Override>,
    /// Every file that was read, for the scenario to be resolved from again.
    pub(super) texts: Texts,
    /// The texts that the places in `document` are in.
    pub files: Files,
    /// The text of every CSV file, by the name that the resolved scenario gives it. To be written beside it.
    pub data: BTreeMap<String, String>,
    /// Numbers that nobody knows well, and what they may be.
    pub futures: UncertainNumbers,
    /// What is fitted to published months; `None` where nothing is.
    pub calibration: Option<Calibration>,
    /// What may not mean what its author thinks.
    pub warnings: Diagnostics,
}

/// A value that is lost because a later one takes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overwritten<'k> {
    /// The key whose value is lost.
    pub lost: &'k str,
    /// The key given after it: the same, perhaps under another name, or a table in which it lies.
    pub by: &'k str,
    /// Whether both are one key.
    pub is_same: bool,
}

impl Loaded {
    /// The path that was loaded, as it was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The values that were laid over the file.
    #[must_use]
    pub fn overrides(&self) -> &[Override] {
        &self.overrides
    }

    /// The same scenario with more values laid over it.
    ///
    /// It is resolved from the texts that were read at first, whatever has become of the files. Only a file that the values name
    /// themselves may still have to be read, and then once for this scenario and all that come of it.
    ///
    /// # Errors
    /// What is wrong with the values.
    pub fn with(&self, overrides: &[Override]) -> Result<Self, Diagnostics> {
        load::named(&self.path, &self.and(overrides), &self.texts)
    }

    /// The same, where mistakes do not name the values behind them.
    pub(super) fn resolved_with(&self, overrides: &[Override]) -> Result<Self, Diagnostics> {
        load::resolve(&self.path, &self.and(overrides), self.texts.clone())
    }

    /// The values that were laid over the file, and more.
    fn and(&self, overrides: &[Override]) -> Vec<Override> {
        self.overrides.iter().chain(overrides).cloned().collect()
    }

    /// Whether both ends of every uncertain number are values that the scenario can be run with, each alone.
    ///
    /// # Errors
    /// The first end that is not, as it would be refused on the command line.
    pub fn check_futures(&self) -> Result<(), Diagnostics> {
        self.check_futures_of(&self.futures)
    }

    /// The same of the uncertain numbers of another scenario.
    ///
    /// # Errors
    /// As [`check_futures`](Self::check_futures).
    pub fn check_futures_of(&self, futures: &UncertainNumbers) -> Result<(), Diagnostics> {
        for future in futures.as_slice() {
            for end in [0.0, 1.0] {
                self.with(&[Override::new(&future.key, future.value(end))])?;
            }
        }
        Ok(())
    }

    /// The monthly counts of the driver of a group's arrivals; `None` where it has none.
    #[must_use]
    pub fn driver_counts(&self, group: &str) -> Option<Vec<(Month, f64)>> {
        let driver = self
            .file
            .world
            .groups
            .get(group)?
            .arrivals
            .driver
            .as_ref()?;
        let table = MonthlyTable::parse(self.data.get(&driver.file)?, 0).ok()?;
        let column = table.column(&driver.column).ok()?;
        let count = |(&month, row): (&Month, &Vec<Cell>)| {
            let count = monthly::persons(&row[column]).ok()??;
            Some((month, count))
        };
        Some(table.rows.iter().filter_map(count).collect())
    }

    /// The events that act during the run, in order.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.file.event
    }

    /// Whether the file itself gives a value, and not one that it extends or the command line.
    #[must_use]
    pub fn gives(&self, key: &str) -> bool {
        let node = self.document.get(&self.named(key));
        node.is_some_and(|node| node.origin.file == Files::MAIN)
    }

    /// The names that keys may have in them: those of the scenario and, of one of results, those of events that it no longer has.
    pub(super) fn ids<'k>(&self, keys: impl IntoIterator<Item = &'k str>) -> Ids {
        let mut ids = Ids::of(&self.document);
        if self.is_of_results {
            let paths = keys.into_iter().map(KeyPath::parse);
            ids.events
                .extend(paths.filter_map(|path| match path.words().as_slice() {
                    ["event", id, ..] => Some((*id).to_owned()),
                    _ => None,
                }));
        }
        ids
    }

    /// Tells a scenario of results what keys were called that are others in it, or that it no longer has, as
    /// [`resolved_keys`](Self::resolved_keys) of the one that was run has them: its ranges have those again.
    pub fn call_as_run(&mut self, resolved: BTreeMap<String, Option<String>>) {
        let pairs = resolved.iter();
        let as_run: BTreeMap<&str, &String> = pairs
            .filter_map(|(key, resolved)| Some((resolved.as_deref()?, key)))
            .collect();
        self.futures = self.futures.called(|key| as_run.get(key).copied());
        self.as_run = resolved;
    }

    /// Values of keys, as they are laid over the file that was loaded: in a scenario of results some keys are others than in the one that was
    /// run, and what does nothing is not there. `None` where a key cannot be given to it.
    #[must_use]
    pub fn as_given(&self, values: &[Override]) -> Option<Vec<Override>> {
        if !self.is_of_results {
            return Some(values.to_vec());
        }
        let mut given = Vec::new();
        for value in values {
            match self.as_run.get(&value.key) {
                Some(Some(key)) => given.push(Override::new(key, &value.value)),
                Some(None) => {}
                None if self.has(&value.key) => given.push(value.clone()),
                None => return None,
            }
        }
        Some(given)
    }

    /// Whether there is such a key, and what it lies in.
    fn has(&self, key: &str) -> bool {
        let path = KeyPath::parse(key);
        let ids = Ids::of(&self.document);
        unknown::rule_of(&path, &ids).is_ok() && self.document.no_item(&path).is_none()
    }

    /// A key by the one of its names that all of them are compared by.
    pub(super) fn named(&self, key: &str) -> KeyPath {
        self.document.canonical(&KeyPath::parse(key))
    }

    /// Whether a key is another one, by any of its names, or the table or list in which the other lies: what is given to it is given
    /// to the other too.
    #[must_use]
    pub fn holds(&self, outer: &str, inner: &str) -> bool {
        self.named(inner).is_within(&self.named(outer))
    }

    /// Whether any of some keys holds another: whether its value is one that is given.
    pub fn is_held_by<K: AsRef<str>>(&self, outer: &[K], inner: &str) -> bool {
        outer.iter().any(|outer| self.holds(outer.as_ref(), inner))
    }

    /// The first of the keys `before` whose value is lost once `by` is given one.
    #[must_use]
    pub fn overwritten<'k>(
        &self,
        by: &'k str,
        before: impl IntoIterator<Item = &'k str>,
    ) -> Option<Overwritten<'k>> {
        let lost = before.into_iter().find(|lost| self.holds(by, lost))?;
        let is_same = self.holds(lost, by);
        Some(Overwritten { lost, by, is_same })
    }

    /// The same of keys that are given values in turn: the first that takes the place of one before it.
    #[must_use]
    pub fn first_overwritten<'k>(&self, keys: &[&'k str]) -> Option<Overwritten<'k>> {
        let before = |at: usize| keys[..at].iter().copied();
        (0..keys.len()).find_map(|at| self.overwritten(keys[at], before(at)))
    }

    /// Whether two files write other values for a key.
    #[must_use]
    pub fn gives_other(&self, other: &Self, key: &str) -> bool {
        let [own, theirs] = [self, other].map(|loaded| {
            let node = loaded.document.get(&loaded.named(key));
            node.map(Node::to_json)
        });
        own != theirs
    }

    /// Whether `[calibrate]` fits a key, by any of its names.
    #[must_use]
    pub fn fits(&self, key: &str) -> bool {
        self.parameter_of(key).is_some()
    }

    /// The parameter that `[calibrate]` fits a key as, by any of its names.
    pub(super) fn parameter_of(&self, key: &str) -> Option<&Parameter> {
        let named = self.named(key);
        let takes = |fitted: &FittedKey| self.named(&fitted.path) == named;
        let mut parameters = self.calibration.iter().flat_map(|it| &it.parameters);
        parameters.find(|parameter| parameter.keys.iter().any(takes))
    }

    /// The scenario as one TOML file that extends nothing.
    ///
    /// Loading it beside its [`data`](Self::data) gives the same scenario and the same text.
    #[must_use]
    pub fn resolved_toml(&self) -> String {
        let mut file = self.file.clone();
        file.futures = std::mem::take(&mut file.futures)
            .into_iter()
            .filter_map(|(key, uncertain)| Some((self.in_resolved(&key)?, uncertain)))
            .collect();
        let tables = file.calibrate.iter_mut();
        let tables = tables.flat_map(|it| it.parameters.values_mut());
        let known = self.calibration.iter().flat_map(|it| &it.parameters);
        for (table, known) in tables.zip(known) {
            let keys = table.keys.iter();
            let keys: Vec<String> = keys.filter_map(|key| self.in_resolved(key)).collect();
            if keys != table.keys {
                table.keys = keys;
                // What the keys allow is in the prior, and without them it is to stay there.
                let (low, high) = known.prior.ends();
                table.low = Some(low).filter(|low| low.is_finite());
                table.high = Some(high).filter(|high| high.is_finite());
            }
        }
        file.sources = write::sources(self, &file);
        write::toml(&file, &write::Plain)
    }

    /// A calibration of this scenario with the keys that it has in the resolved file: one of an event before the run is the lever that the
    /// event moved.
    #[must_use]
    pub fn as_resolved(&self, calibration: &Calibration) -> Calibration {
        let mut resolved = calibration.clone();
        for parameter in &mut resolved.parameters {
            let keys = parameter.keys.drain(..).filter_map(|key| {
                let path = self.in_resolved(&key.path)?;
                Some(FittedKey { path, ..key })
            });
            parameter.keys = keys.collect();
        }
        resolved
    }

    /// Of some keys those that are called otherwise in the resolved file, with what they are called there; `None` for one that does nothing. Of
    /// events these are the numbers that they set: of another part of an event nothing can be said.
    #[must_use]
    pub fn resolved_keys(&self, keys: &[String]) -> BTreeMap<String, Option<String>> {
        let is_told = |key: &&String| match KeyPath::parse(key).words().as_slice() {
            ["event", _, below @ ..] => matches!(below, ["set", _, ..]),
            _ => true,
        };
        let told = keys.iter().filter(is_told);
        let resolved = told.map(|key| (key.clone(), self.in_resolved(key)));
        resolved
            .filter(|(key, resolved)| resolved.as_ref() != Some(key))
            .collect()
    }

    /// Whether a key does anything in the run: that of an event after it does not, nor one that an event before it overrides.
    #[must_use]
    pub fn acts(&self, key: &str) -> bool {
        self.in_resolved(key).is_some()
    }

    /// The key in the resolved file; `None` for one that does nothing.
    pub(super) fn in_resolved(&self, key: &str) -> Option<String> {
        match self.fates.of_key(&KeyPath::parse(key)) {
            Fate::Acts(path) => Some(path.to_string()),
            Fate::Overridden(_) | Fate::AfterRun => None,
        }
    }

    /// The resolved scenario with the unit and the source of every value, for people; data files are named as seen from where the
    /// scenario was read.
    #[must_use]
    pub fn annotated_toml(&self) -> String {
        let read = |named: &Node| {
            let directory = &self.files.get(named.origin.file).directory;
            Some(directory.join(named.as_text()?).display().to_string())
        };
        let file = self.with_data_files(read);
        write::toml(&file, &write::Annotated { loaded: self })
    }

    /// The resolved scenario with other names of its data files, where the value that names one gives another.
    pub(super) fn with_data_files(&self, name: impl Fn(&Node) -> Option<String>) -> ScenarioFile {
        let mut file = self.file.clone();
        let named = |key: &KeyPath| name(self.document.get(key)?);
        for (id, group) in &mut file.world.groups {
            let arrivals = KeyPath::parse("world.groups").child(id).child("arrivals");
            let key = arrivals.child("driver").child("file");
            if let (Some(driver), Some(name)) = (&mut group.arrivals.driver, named(&key)) {
                driver.file = name;
            }
        }
        let key = KeyPath::parse("observed.file");
        if let (Some(observed), Some(name)) = (&mut file.observed, named(&key)) {
            observed.file = name;
        }
        file
    }

    /// SHA-256 of the resolved scenario and its data, in hexadecimal; independent of where the files lie.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        let resolved = self.resolved_toml();
        for (name, text) in std::iter::once(("", &resolved))
            .chain(self.data.iter().map(|(name, text)| (name.as_str(), text)))
        {
            for part in [name, text] {
                // The length keeps the bytes of one part from being read as the next.
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part.as_bytes());
            }
        }
        hexadecimal(hash)
    }
}

/// SHA-256 of some bytes, in hexadecimal.
#[must_use]
pub fn sha256(bytes: impl AsRef<[u8]>) -> String {
    hexadecimal(Sha256::new_with_prefix(bytes))
}

/// A finished hash in hexadecimal.
fn hexadecimal(hash: Sha256) -> String {
    let mut digest = String::new();
    for byte in hash.finalize() {
        let _ = write!(digest, "{byte:02x}");
    }
    digest
}
