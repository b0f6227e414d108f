//! The runs of an earlier calibration, in a directory that a flag names: the first points of another.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use portflow::experiment::calibration::{Fit, PointRuns, read_runs};
use portflow::scenario::{self, Calibration, Loaded};
use portflow::store::Manifest;
use portflow::store::directory::manifest_of;
use portflow::store::files::{MANIFEST, RESOLVED, RUNS};

use crate::cli::failure::{self, WrongInput};

/// An earlier calibration.
pub(crate) struct Earlier {
    flag: &'static str,
    directory: PathBuf,
    /// Its table of runs, read once: what is hashed is what is fitted to, whatever becomes of the file.
    table: Vec<u8>,
    /// The scenario that it fitted.
    loaded: Loaded,
    /// In what that differs from the scenario that is fitted now, in words.
    pub(crate) difference: Option<String>,
}

impl Earlier {
    /// The calibration in a directory that a flag names, compared with the scenario that is fitted now.
    pub(crate) fn open(
        directory: &Path,
        flag: &'static str,
        now: &Loaded,
    ) -> Result<Self, WrongInput> {
        let name = directory.display();
        let table = fs::read(directory.join(RUNS)).map_err(|error| {
            WrongInput(format!(
                "{flag} {name}: cannot read its {RUNS}: {error}; `portflow calibrate FILE --out {name}` writes it"
            ))
        })?;
        let loaded = scenario::load(&directory.join(RESOLVED), &[]).map_err(|diagnostics| {
            WrongInput(format!(
                "{flag} {name}: it holds no calibration that can be read: `{RESOLVED}`: {}",
                diagnostics.errors().join("; ")
            ))
        })?;
        if loaded.calibration.is_none() {
            let message =
                format!("{flag} {name}: it holds no calibration: its scenario fits nothing");
            return Err(WrongInput(message));
        }
        let difference =
            difference(&loaded, now).map(|difference| format!("{flag} {name}: {difference}"));
        if let Some(difference) = &difference {
            failure::say(&format!("warning: {difference}"));
        }
        let manifest = manifest(directory).map_err(|reason| {
            WrongInput(format!(
                "{flag} {name}: cannot read its {MANIFEST}: {reason}"
            ))
        })?;
        let unknown = || Some(format!("a portflow that no `{MANIFEST}` tells"));
        if let Some(made_by) = manifest.map_or_else(unknown, |it| it.made_otherwise()) {
            failure::say(&format!(
                "warning: {flag} {name}: its runs are by {made_by}, another than this: surfaces fitted to runs of two models are of neither"
            ));
        }
        Ok(Self {
            flag,
            directory: directory.to_owned(),
            table,
            loaded,
            difference,
        })
    }

    /// Its runs, where it fitted the same parameters with the same priors.
    pub(crate) fn runs(&self, fit: &Fit) -> Result<Vec<PointRuns>, WrongInput> {
        let name = self.directory.display();
        let wrong = |reason: String| WrongInput(format!("{} {name}: {reason}", self.flag));
        let nothing = || Calibration {
            parameters: Vec::new(),
            targets: Vec::new(),
            ..fit.calibration().clone()
        };
        let fitted = self.loaded.calibration.clone().unwrap_or_else(nothing);
        let now = fit.loaded().as_resolved(fit.calibration());
        if let Some(parameter) = now.differs_in(&fitted) {
            return Err(wrong(format!(
                "the parameter `{parameter}` is not there, or not here, or has another prior"
            )));
        }
        let runs = read_runs(&*self.table, fit.calibration(), fit.headings());
        runs.map_err(|error| wrong(error.to_string()))
    }

    /// SHA-256 of their table.
    pub(crate) fn digest(&self) -> String {
        scenario::sha256(&self.table)
    }
}

/// The manifest of an earlier calibration; `None` where it has none.
fn manifest(directory: &Path) -> io::Result<Option<Manifest>> {
    let text = manifest_of(directory)?;
    let manifest = text.map(|text| serde_json::from_str(&text));
    Ok(manifest.transpose()?)
}

/// How the scenario that was fitted earlier differs from the one that is fitted now.
fn difference(earlier: &Loaded, now: &Loaded) -> Option<String> {
    let differences = scenario::difference_beside_fit(earlier, now);
    let first = differences.first()?;
    let [there, here] = [&first.a, &first.b].map(|side| side.value.as_deref().unwrap_or("not set"));
    let more = match differences.len() - 1 {
        0 => String::new(),
        1 => ", and 1 more key differs".to_owned(),
        more => format!(", and {more} more keys differ"),
    };
    let key = &first.key;
    Some(format!(
        "its runs are of another scenario: `{key}` is {there} there and {here} here{more}"
    ))
}
