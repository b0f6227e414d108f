//! Futures on the command line: how many, where their values come from, and by what scenarios are judged in them.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use portflow::experiment::Resampled;
use portflow::experiment::futures::Source;
use portflow::report::Manifest;
use portflow::report::files::POSTERIOR;
use portflow::scenario::{Diagnostics, Loaded, Override, Posterior};
use portflow::stats::Amount;

use super::failure::{self, WrongInput};
use super::options;
use super::scenarios::Scenarios;

/// Futures unless another number is asked for; of a posterior with fewer draws, their number.
const FUTURES: NonZeroU32 = NonZeroU32::new(20).unwrap();

/// Replications of each future unless another number is asked for: the fewest that tell the world from chance.
pub(crate) const REPLICATIONS: NonZeroU32 = NonZeroU32::new(2).unwrap();

/// The option of a manifest that says how many futures there are.
pub(crate) const NUMBER: &str = "futures";

/// The option of a manifest, numbered, that names a key which would be drawn and is held.
pub(super) const HELD: &str = "held";

/// What a manifest keeps of a posterior: the name of its file among the options, the digest of its text among the files.
const POSTERIOR_FLAG: &str = "posterior";

/// Options of the manifest of a comparison.
const JUDGING: [&str; 2] = ["objective", "good_enough"];

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
        let posterior = drawn_from(file, base, &elsewhere)?;
        for (name, variant) in scenarios.variants() {
            let fits = Posterior::parse(posterior.name(), posterior.text(), variant);
            fits.inspect_err(|_| failure::say(&format!("`{name}` cannot take the posterior:")))?;
        }
        Ok(Some(posterior))
    }
}

/// The draws of a file, for keys of this scenario; but for keys that have their values from `elsewhere`, warns of those that `[calibrate]` fits
/// and that are not in it, of those in it that `[calibrate]` does not fit, and of those in it to which the scenario gives values of its own.
pub(crate) fn drawn_from(
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
            "`{name}` has draws of `{keys}`, which `[calibrate]` does not fit: where they are of another fit, so are the other values"
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

/// How many futures there are unless another number is asked for.
pub(crate) fn usual(posterior: Option<&Posterior>) -> NonZeroU32 {
    let draws = posterior.map(|posterior| posterior.draws().len());
    let draws = draws.and_then(|draws| NonZeroU32::new(u32::try_from(draws).ok()?));
    draws.map_or(FUTURES, |draws| draws.min(FUTURES))
}

/// Where these keys have their values from in so many futures of scenarios: from the draws of a posterior, and from the ranges of the base.
pub(crate) fn source(
    scenarios: &Scenarios,
    posterior: Option<Posterior>,
    futures: NonZeroU32,
    seed: u64,
    keys: &[String],
) -> anyhow::Result<Source> {
    let draws = posterior.map(|posterior| resampled(posterior, futures, seed, scenarios));
    let is_drawn = |key: &str| keys.iter().any(|drawn| drawn == key);
    let ranges = &scenarios.base().futures;
    Ok(Source::new(seed, ranges, draws.transpose()?, is_drawn))
}

/// A draw for each future, each of which every scenario can be run with; says so where draws are taken more than once.
fn resampled(
    posterior: Posterior,
    futures: NonZeroU32,
    seed: u64,
    scenarios: &Scenarios,
) -> anyhow::Result<Resampled> {
    let resampled = Resampled::new(posterior, futures.get(), seed);
    let (posterior, taken) = (resampled.posterior(), resampled.taken());
    for loaded in &scenarios.loaded {
        posterior.check(&taken, loaded)?;
    }
    if taken.len() < futures.get() as usize {
        failure::say(&format!(
            "warning: {futures} futures take {} of the {} draws of `{}`, some more than once: intervals count futures, and know no more \
             of the parameters than these draws do",
            taken.len(),
            posterior.draws().len(),
            posterior.name(),
        ));
    }
    Ok(resampled)
}

/// Adds the draws of parameters, on which results depend, to a manifest.
pub(crate) fn add_posterior(manifest: &mut Manifest, posterior: &Posterior) {
    let file = Path::new(posterior.name()).file_name().unwrap_or_default();
    manifest.add_options([(POSTERIOR_FLAG, file.to_string_lossy().into_owned())]);
    manifest.add_file(POSTERIOR_FLAG, posterior.digest());
}

/// The posterior that results in a directory were made with; `None` where they were made without one.
pub(crate) fn posterior_of(
    manifest: &Manifest,
    directory: &Path,
    base: &Loaded,
) -> anyhow::Result<Option<Posterior>> {
    let digest = manifest.files.get(POSTERIOR_FLAG);
    let (Some(name), Some(digest)) = (manifest.option(POSTERIOR_FLAG), digest) else {
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

/// Futures in which scenarios are run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Worlds {
    pub(crate) futures: NonZeroU32,
    pub(crate) source: Source,
    /// Keys that would be drawn and have the value of `--set` in every future.
    held: Vec<String>,
}

impl Worlds {
    /// So many futures of the first scenario, of a posterior and its ranges, which every scenario can be run in; warns of what they
    /// set that is drawn.
    pub(crate) fn new(
        scenarios: &Scenarios,
        posterior: Option<Posterior>,
        futures: NonZeroU32,
        seed: u64,
        set: &[Override],
    ) -> anyhow::Result<Self> {
        let base = scenarios.base();
        let uncertain = uncertain(base, posterior.as_ref());
        let held = held(&Override::keys(set), &uncertain, base);
        let worlds = Self::again(scenarios, posterior, futures, seed, held)?;
        if worlds.source.keys().is_empty() {
            let message = "nothing is left to draw in futures: --set holds every uncertain number; leave out --futures and --posterior";
            return Err(WrongInput(message.to_owned()).into());
        }
        check(scenarios, worlds.source.keys())?;
        Ok(worlds)
    }

    /// The same of scenarios that were run in them, without the warnings of what they set.
    fn again(
        scenarios: &Scenarios,
        posterior: Option<Posterior>,
        futures: NonZeroU32,
        seed: u64,
        held: Vec<String>,
    ) -> anyhow::Result<Self> {
        let mut keys = uncertain(scenarios.base(), posterior.as_ref());
        keys.retain(|key| !held.contains(key));
        Ok(Self {
            futures,
            source: source(scenarios, posterior, futures, seed, &keys)?,
            held,
        })
    }

    /// Those of a manifest; `None` for an experiment without futures.
    pub(crate) fn of(
        manifest: &Manifest,
        posterior: Option<Posterior>,
        scenarios: &Scenarios,
    ) -> anyhow::Result<Option<Self>> {
        let Some(futures) = options::option(manifest, NUMBER)? else {
            return Ok(None);
        };
        let held = options::numbered(manifest, HELD).collect();
        Self::again(scenarios, posterior, futures, manifest.seed, held).map(Some)
    }

    /// Replications of all futures: their luck is nested in them.
    pub(crate) fn replications(&self, each: Option<NonZeroU32>) -> anyhow::Result<NonZeroU32> {
        all_replications(self.futures, each.unwrap_or(REPLICATIONS))
    }

    /// The posterior behind them.
    pub(crate) fn posterior(&self) -> Option<&Posterior> {
        self.source.draws().map(Resampled::posterior)
    }

    /// Adds them, on which results depend, to a manifest.
    pub(crate) fn add_to(&self, manifest: &mut Manifest) {
        manifest.add_options([(NUMBER, self.futures.to_string())]);
        manifest.add_options(options::number(HELD, self.held.iter().cloned()));
        if let Some(posterior) = self.posterior() {
            add_posterior(manifest, posterior);
        }
    }
}

/// The futures of a comparison.
#[derive(Debug, Clone, Args)]
pub(crate) struct FuturesArgs {
    /// Futures: worlds with other values of what `[futures]` of BASE calls uncertain, in each of which every scenario is run with -r
    /// replications (2 unless given); 0 takes the values as they are [default: 20 where BASE has `[futures]` that --set does not hold, or with --posterior]
    #[arg(long, value_name = "F", conflicts_with = "wanted")]
    futures: Option<u32>,
    #[command(flatten)]
    posterior: PosteriorArgs,
    /// Judge the scenarios over the futures by this figure, METRIC[/PLACE][@MONTH]:min or :max, such as `irregular_encounters:min`: how much
    /// worse each does than the best of each future, its regret
    #[arg(long, value_name = "OBJECTIVE", conflicts_with = "wanted")]
    objective: Option<String>,
    /// How much worse than the best of a future is good enough for --objective, as a share of the best
    #[arg(long, value_name = "SHARE", value_parser = share, default_value = "5%", requires = "objective")]
    good_enough: f64,
}

/// By what scenarios are judged in futures.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Judging {
    pub(crate) objective: String,
    pub(crate) good_enough: f64,
}

impl FuturesArgs {
    /// The futures of a base and its variants, and by what these are judged, if by anything; `None` where they are compared with the values
    /// as they are.
    pub(crate) fn judged(
        &self,
        scenarios: &Scenarios,
        seed: u64,
        set: &[Override],
    ) -> anyhow::Result<Option<(Worlds, Option<Judging>)>> {
        let keys = Override::keys(set);
        let posterior = self.posterior.read(scenarios, &keys)?;
        let base = scenarios.base();
        let has_ranges = !base.futures.is_empty();
        let is_uncertain = has_ranges || posterior.is_some();
        let is_drawn = |key: &String| !base.is_held_by(&keys, key);
        let is_usual = posterior.is_some() || uncertain(base, None).iter().any(is_drawn);
        let usual = || is_usual.then(|| usual(posterior.as_ref()));
        let Some(futures) = self.futures.map_or_else(usual, NonZeroU32::new) else {
            let message = "--objective judges scenarios over futures, and there are none";
            anyhow::ensure!(self.objective.is_none(), WrongInput(message.to_owned()));
            let message = "--posterior is drawn from in futures, and --futures 0 asks for none";
            anyhow::ensure!(posterior.is_none(), WrongInput(message.to_owned()));
            if self.futures.is_none() && has_ranges {
                failure::say(
                    "warning: --set holds every number of `[futures]`: the scenarios are compared with the values as they are, as with --futures 0",
                );
            }
            return Ok(None);
        };
        if !is_uncertain {
            let message = "--futures needs a table `[futures]` in BASE: what is uncertain, and what it may be; or --posterior";
            return Err(WrongInput(message.to_owned()).into());
        }
        let worlds = Worlds::new(scenarios, posterior, futures, seed, set)?;
        let judging = self.objective.clone().map(|objective| Judging {
            objective,
            good_enough: self.good_enough,
        });
        Ok(Some((worlds, judging)))
    }
}

impl Judging {
    /// As the manifest keeps it.
    pub(crate) fn options(&self) -> impl Iterator<Item = (&'static str, String)> + use<> {
        let values = [self.objective.clone(), self.good_enough.to_string()];
        JUDGING.into_iter().zip(values)
    }

    /// From the manifest of shards; `None` for a comparison that judges nothing.
    pub(crate) fn of(manifest: &Manifest) -> Result<Option<Self>, WrongInput> {
        let Some(objective) = options::option(manifest, JUDGING[0])? else {
            return Ok(None);
        };
        Ok(Some(Self {
            objective,
            good_enough: options::needed(manifest, JUDGING[1])?,
        }))
    }
}

/// Replications of all futures together.
pub(crate) fn all_replications(
    futures: NonZeroU32,
    each: NonZeroU32,
) -> anyhow::Result<NonZeroU32> {
    let all = futures.checked_mul(each);
    all.ok_or_else(|| WrongInput("too many replications of too many futures".to_owned()).into())
}

/// Whether the futures of the base can be those of every scenario; warns of what they set that is drawn.
pub(crate) fn check(scenarios: &Scenarios, drawn: &[String]) -> anyhow::Result<()> {
    let (base, of_base) = (&scenarios.names[0], scenarios.base());
    let futures = &of_base.futures;
    of_base.check_futures()?;
    for (name, variant) in scenarios.variants() {
        // A variant without ranges is run with those of the base.
        if let Some(key) = variant.futures.differs_in(futures)
            && !variant.futures.is_empty()
        {
            let message = format!(
                "`{name}` says otherwise than `{base}` what `{key}` may be: scenarios are compared in the same futures"
            );
            return Err(WrongInput(message).into());
        }
        variant.check_futures_of(futures)?;
        // A list differs as a whole, and its items are drawn.
        for difference in portflow::scenario::difference(of_base, variant) {
            let within = |key: &&String| of_base.holds(&difference.key, key);
            for key in drawn.iter().filter(within) {
                if variant.gives_other(of_base, key) {
                    warn(name, key);
                }
            }
        }
    }
    Ok(())
}

/// The keys that have other values in other futures where nobody sets them: those of a posterior, and those of ranges that it does not
/// have under any name.
pub(crate) fn uncertain(base: &Loaded, posterior: Option<&Posterior>) -> Vec<String> {
    let of_posterior = posterior.map(Posterior::keys).unwrap_or_default();
    let of_ranges = base.futures.as_slice().iter().map(|range| &range.key);
    let of_ranges = of_ranges.filter(|key| !base.is_held_by(of_posterior, key));
    of_posterior.iter().chain(of_ranges).cloned().collect()
}

/// The uncertain keys that have a value of the command line instead, which is told.
pub(crate) fn held(set: &[&str], uncertain: &[String], base: &Loaded) -> Vec<String> {
    let held = uncertain.iter().filter(|key| base.is_held_by(set, key));
    let held: Vec<String> = held.cloned().collect();
    for key in &held {
        failure::say(&format!(
            "warning: `{key}` has the value that is set here; what the posterior, or `[futures]`, says of it is not used"
        ));
    }
    held
}

fn warn(who: &str, key: &str) {
    let remedy = if key.starts_with("event.") {
        "an event of its own moves the lever otherwise, after the other where it is of the same date"
    } else {
        "--set gives it one value in all scenarios"
    };
    failure::say(&format!(
        "warning: `{who}` sets `{key}`, which is uncertain: every future has one value of it for all scenarios, and none has this one ({remedy})"
    ));
}

/// Reads a share: `5%` or `0.05`.
fn share(text: &str) -> Result<f64, String> {
    let share = Amount::read(text).map(Amount::share);
    let is_sane = |share: &f64| (0.0..=1.0).contains(share);
    (share.filter(is_sane)).ok_or_else(|| "expected a share such as 5% or 0.05".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_percentage_or_a_number_up_to_1() {
        assert_eq!(share("5%"), Ok(0.05));
        assert_eq!(share("0.05"), Ok(0.05));
        assert_eq!(share("0"), Ok(0.0));
        for text in ["5", "-1%", "101%", "NaN", "much", ""] {
            assert!(share(text).is_err(), "{text}");
        }
    }
}
