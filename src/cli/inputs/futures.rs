//! Futures in which scenarios are run: how many there are, which keys are drawn in them and which are held, and where values come from.

use std::num::NonZeroU32;

use portflow::experiment::futures::Source;
use portflow::experiment::{Resampled, tasks};
use portflow::scenario::{Loaded, Override, Posterior};
use portflow::store::Manifest;
use portflow::store::options::{FUTURES, HELD};

use crate::cli::args::options;
use crate::cli::args::posterior;
use crate::cli::failure::{self, WrongInput};
use crate::cli::inputs::scenarios::Scenarios;

/// Futures unless another number is asked for; of a posterior with fewer draws, their number.
const USUAL: NonZeroU32 = NonZeroU32::new(20).unwrap();

/// Replications of each future unless another number is asked for: the fewest that tell the world from chance.
pub(crate) const REPLICATIONS: NonZeroU32 = NonZeroU32::new(2).unwrap();

/// How many futures there are unless another number is asked for.
pub(crate) fn usual(posterior: Option<&Posterior>) -> NonZeroU32 {
    let draws = posterior.map(|posterior| posterior.draws().len());
    let draws = draws.and_then(|draws| NonZeroU32::new(u32::try_from(draws).ok()?));
    draws.map_or(USUAL, |draws| draws.min(USUAL))
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
        // Before a draw is taken for each of them.
        all_replications(futures, NonZeroU32::MIN)?;
        let base = scenarios.base();
        let uncertain = uncertain(base, posterior.as_ref());
        let held = held(&Override::keys(set), &uncertain, base);
        let worlds = Self::again(scenarios, posterior, futures, seed, held)?;
        if worlds.source.keys().is_empty() {
            return Err(nothing_drawn(&uncertain).into());
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
        let Some(futures) = options::option(manifest, FUTURES)? else {
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

    /// Adds them, on which results depend, to a manifest of these scenarios.
    pub(crate) fn add_to(&self, manifest: &mut Manifest, scenarios: &Scenarios) {
        let uncertain = [self.source.keys(), &self.held].concat();
        manifest.resolved_keys = scenarios.resolved_keys(&uncertain);
        manifest.add_options([(FUTURES, self.futures.to_string())]);
        manifest.add_options(options::number(HELD, self.held.iter().cloned()));
        if let Some(posterior) = self.posterior() {
            posterior::add_to(manifest, posterior);
        }
    }
}

/// Replications of all futures together.
pub(crate) fn all_replications(
    futures: NonZeroU32,
    each: NonZeroU32,
) -> anyhow::Result<NonZeroU32> {
    let all = tasks::count(futures.get(), each.get());
    let all =
        all.map_err(|error| WrongInput(format!("{error}; give fewer futures or replications")))?;
    Ok(NonZeroU32::new(all).unwrap_or(NonZeroU32::MIN))
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

/// That there would be no difference between futures, where these keys are uncertain before any is set.
pub(crate) fn nothing_drawn(uncertain: &[String]) -> WrongInput {
    let message = if uncertain.is_empty() {
        "--futures needs a table `[futures]` in the file: what is uncertain, and what it may be; or a --posterior of keys that nobody sets"
    } else {
        "nothing is left to draw in futures: --set holds every uncertain number; leave out --futures and --posterior"
    };
    WrongInput(message.to_owned())
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
