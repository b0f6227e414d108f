//! `--posterior`: draws of parameters, read from a file, named in a manifest and read again from results.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use portflow::scenario::{Diagnostics, Loaded, Posterior};
use portflow::store::Manifest;
use portflow::store::files::POSTERIOR;
use portflow::store::options;

use crate::cli::failure::{self, WrongInput};
use crate::cli::inputs::scenarios::Scenarios;

/// The parameters of futures.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct PosteriorArgs {
    /// Draws of parameters with their weights, such as the posterior.csv of a calibration (`draw,weight,KEY,KEY,…`): each future
    /// takes a draw in proportion to the weights and lays its values over every scenario; keys that the file lacks have the ranges of
    /// `[futures]`, and those of --set their value. 20 futures, or as many as there are draws, with -r replications each (2 unless given) tell how much of the spread
    /// is the parameters' and how much is chance
    #[arg(long, value_name = "CSV")]
    posterior: Option<PathBuf>,
}

impl PosteriorArgs {
    /// The draws, which every scenario must be able to take; `None` where there is no posterior. Keys that are `set` need no draws.
    pub(crate) fn read(
        &self,
        scenarios: &Scenarios,
        set: &[&str],
    ) -> anyhow::Result<Option<Posterior>> {
        let Some(file) = &self.posterior else {
            return Ok(None);
        };
        let base = scenarios.base();
        let of_ranges = base.futures.as_slice().iter();
        let of_ranges = of_ranges.map(|future| future.key.as_str());
        let elsewhere: Vec<&str> = of_ranges.chain(set.iter().copied()).collect();
        let posterior = read(file, base, &elsewhere)?;
        for (name, variant) in scenarios.variants() {
            let fits = Posterior::parse(posterior.name(), posterior.text(), variant);
            fits.inspect_err(|_| failure::say(&format!("`{name}` cannot take the posterior:")))?;
        }
        Ok(Some(posterior))
    }
}

/// The draws of a file, for keys of this scenario; but for keys that have their values from `elsewhere`, warns of those that `[calibrate]` fits
/// and that are not in it, of those in it that `[calibrate]` does not fit, and of those in it to which the scenario gives values of its own.
pub(crate) fn read(
    file: &Path,
    loaded: &Loaded,
    elsewhere: &[&str],
) -> Result<Posterior, Diagnostics> {
    let posterior = Posterior::read(file, loaded)?;
    let say = |keys: &[&str], told: &dyn Fn(&str) -> String| {
        if !keys.is_empty() {
            failure::say(&format!("warning: {}", told(&keys.join("`, `"))));
        }
    };
    let name = file.display();
    let left = posterior.leaves_out(loaded, elsewhere);
    let left: Vec<&str> = left.iter().map(String::as_str).collect();
    say(&left, &|keys| {
        format!(
            "`{name}` has no column of `{keys}`, which `[calibrate]` fits: the scenario's own values are taken"
        )
    });
    let is_free = |key: &&str| !loaded.is_held_by(elsewhere, key);
    let is_fitted = loaded.calibration.is_some();
    let drawn = posterior.keys().iter().map(String::as_str);
    let (strange, drawn): (Vec<&str>, Vec<&str>) =
        drawn.partition(|key| is_fitted && !loaded.fits(key));
    let strange: Vec<&str> = strange.into_iter().filter(is_free).collect();
    say(&strange, &|keys| {
        format!(
            "`{name}` has draws of `{keys}`, which `[calibrate]` does not fit: it may be of another fit, of which no value belongs to this scenario; take the posterior.csv that was written beside its fitted scenario"
        )
    });
    // The scenario that was fitted gives values to all that is drawn, and the one that is fitted says where its priors are.
    let is_own = |key: &&str| loaded.gives(key);
    if loaded.gives("calibrate") || drawn.iter().all(is_own) {
        return Ok(posterior);
    }
    let replaced: Vec<&str> = drawn.into_iter().filter(is_own).filter(is_free).collect();
    let path = loaded.path().display();
    say(&replaced, &|keys| {
        format!(
            "every draw of `{name}` replaces what `{path}` sets: `{keys}`; to keep a value, give it with --set"
        )
    });
    Ok(posterior)
}

/// Adds the draws of parameters, on which results depend, to a manifest.
pub(crate) fn add_to(manifest: &mut Manifest, posterior: &Posterior) {
    let file = Path::new(posterior.name()).file_name().unwrap_or_default();
    manifest.add_options([(options::POSTERIOR, file.to_string_lossy().into_owned())]);
    manifest.add_file(options::POSTERIOR, posterior.digest());
}

/// The posterior that results in a directory were made with; `None` where they were made without one.
pub(crate) fn of_results(
    manifest: &Manifest,
    directory: &Path,
    base: &Loaded,
) -> anyhow::Result<Option<Posterior>> {
    let digest = manifest.files.get(options::POSTERIOR);
    let (Some(name), Some(digest)) = (manifest.option(options::POSTERIOR), digest) else {
        return Ok(None);
    };
    let path = directory.join(POSTERIOR);
    let text = std::fs::read_to_string(&path);
    let text = text.with_context(|| format!("cannot read `{}`", path.display()))?;
    let posterior = Posterior::parse(name, &text, base)?;
    if posterior.digest() != *digest {
        let message = format!("`{}` has been changed since it was run", path.display());
        return Err(WrongInput(message).into());
    }
    Ok(Some(posterior))
}
