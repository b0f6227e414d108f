//! The futures of a comparison, and by what its scenarios are judged in them.

use std::num::NonZeroU32;

use clap::Args;
use portflow::scenario::Override;
use portflow::stats::Amount;
use portflow::store::Manifest;
use portflow::store::options::{GOOD_ENOUGH, OBJECTIVE};

use crate::cli::args::options;
use crate::cli::args::posterior::PosteriorArgs;
use crate::cli::failure::{self, WrongInput};
use crate::cli::inputs::futures::{Worlds, uncertain, usual};
use crate::cli::inputs::scenarios::Scenarios;

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
        [OBJECTIVE, GOOD_ENOUGH].into_iter().zip(values)
    }

    /// From the manifest of shards; `None` for a comparison that judges nothing.
    pub(crate) fn of(manifest: &Manifest) -> Result<Option<Self>, WrongInput> {
        let Some(objective) = options::option(manifest, OBJECTIVE)? else {
            return Ok(None);
        };
        Ok(Some(Self {
            objective,
            good_enough: options::needed(manifest, GOOD_ENOUGH)?,
        }))
    }
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
