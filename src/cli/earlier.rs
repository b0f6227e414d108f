//! The runs of an earlier calibration, in a directory that a flag names: the first points of another.

use std::fs;
use std::path::{Path, PathBuf};

use portflow::experiment::calibration::{Fit, PointRuns, read_runs};
use portflow::scenario::{self, Calibration, Loaded};

use super::conduct::RESOLVED;
use super::failure::{self, WrongInput};

/// The runs in the results of a calibration.
pub(super) const RUNS: &str = "runs.csv";

/// An earlier calibration.
pub(super) struct Earlier {
    flag: &'static str,
    directory: PathBuf,
    /// The scenario that it fitted.
    loaded: Loaded,
}

impl Earlier {
    /// The calibration in a directory that a flag names, compared with the scenario that is fitted now.
    pub(super) fn open(
        directory: &Path,
        flag: &'static str,
        now: &Loaded,
    ) -> Result<Self, WrongInput> {
        let loaded = scenario::load(&directory.join(RESOLVED), &[]).map_err(|_| {
            let name = directory.display();
            WrongInput(format!(
                "{flag} {name}: it holds no calibration: `{RESOLVED}` cannot be read"
            ))
        })?;
        let earlier = Self {
            flag,
            directory: directory.to_owned(),
            loaded,
        };
        earlier.warn_of_differences(now);
        Ok(earlier)
    }

    fn warn_of_differences(&self, now: &Loaded) {
        let differences = scenario::difference_beside_fit(&self.loaded, now);
        let Some(first) = differences.first() else {
            return;
        };
        let [there, here] =
            [&first.a, &first.b].map(|side| side.value.as_deref().unwrap_or("not set"));
        let more = match differences.len() - 1 {
            0 => String::new(),
            more => format!(", and {more} more keys differ"),
        };
        let (flag, name, key) = (self.flag, self.directory.display(), &first.key);
        failure::say(&format!(
            "warning: {flag} {name}: its runs are of another scenario: `{key}` is {there} there and {here} here{more}"
        ));
    }

    /// Its runs, where it fitted the same parameters with the same priors.
    pub(super) fn runs(&self, fit: &Fit) -> Result<Vec<PointRuns>, WrongInput> {
        let name = self.directory.display();
        let wrong = |reason: String| WrongInput(format!("{} {name}: {reason}", self.flag));
        let nothing = || Calibration {
            parameters: Vec::new(),
            targets: Vec::new(),
            ..fit.calibration().clone()
        };
        let fitted = self.loaded.calibration.clone().unwrap_or_else(nothing);
        if let Some(parameter) = fit.calibration().differs_in(&fitted) {
            return Err(wrong(format!(
                "the parameter `{parameter}` is not there, or not here, or has another prior"
            )));
        }
        let runs = fs::File::open(self.directory.join(RUNS))
            .map_err(|error| wrong(format!("cannot read {RUNS}: {error}")))?;
        let runs = read_runs(runs, fit.calibration(), fit.headings());
        runs.map_err(|error| wrong(error.to_string()))
    }
}

/// SHA-256 of the runs in a directory that a flag names.
pub(super) fn digest(directory: &Path, flag: &str) -> Result<String, WrongInput> {
    let name = directory.display();
    let runs = fs::read(directory.join(RUNS)).map_err(|error| {
        WrongInput(format!(
            "{flag} {name}: cannot read its {RUNS}: {error}; `portflow calibrate FILE --out {name}` writes it"
        ))
    })?;
    Ok(scenario::sha256(runs))
}
