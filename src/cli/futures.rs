//! Futures on the command line: how many, and by what scenarios are judged in them.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use clap::Args;
use portflow::scenario::Loaded;

use super::failure::{self, WrongInput};

/// Futures unless another number is asked for.
const FUTURES: u32 = 20;

/// Replications of each future unless another number is asked for: the fewest that tell the world from chance.
pub(crate) const REPLICATIONS: NonZeroU32 = NonZeroU32::new(2).unwrap();

/// Options of the manifest.
const OPTIONS: [&str; 3] = ["futures", "objective", "good_enough"];

/// The futures of a comparison.
#[derive(Debug, Clone, Args)]
pub(crate) struct FuturesArgs {
    /// Futures: worlds with other values of what `[futures]` of BASE calls uncertain, in each of which every scenario is run with -r
    /// replications (2 unless given); 0 takes the values as they are [default: 20 where BASE has `[futures]`]
    #[arg(long, value_name = "F", conflicts_with = "wanted")]
    futures: Option<u32>,
    /// By what regret is told, METRIC[/PLACE][@MONTH]:min or :max [default: `irregular_encounters:min`]
    #[arg(long, value_name = "OBJECTIVE", conflicts_with = "wanted")]
    objective: Option<String>,
    /// How much worse than the best of a future is good enough, as a share of the best [default: 5%]
    #[arg(long, value_name = "SHARE", value_parser = share, conflicts_with = "wanted")]
    good_enough: Option<f64>,
}

/// Futures in which scenarios are run, and by what they are judged.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Worlds {
    pub(crate) futures: NonZeroU32,
    pub(crate) objective: String,
    pub(crate) good_enough: f64,
}

impl FuturesArgs {
    /// What is asked for of a base and its variants; `None` where they are compared with the values as they are.
    pub(crate) fn worlds(
        &self,
        scenarios: &[(String, Loaded)],
        set: &[(String, String)],
    ) -> anyhow::Result<Option<Worlds>> {
        let has_ranges = !scenarios[0].1.futures.is_empty();
        let futures = self.futures.unwrap_or(if has_ranges { FUTURES } else { 0 });
        let Some(futures) = NonZeroU32::new(futures) else {
            let judged = self.objective.is_some() || self.good_enough.is_some();
            let message =
                "--objective and --good-enough judge scenarios over futures, and there are none";
            anyhow::ensure!(!judged, WrongInput(message.to_owned()));
            return Ok(None);
        };
        if !has_ranges {
            let message = "--futures needs a table `[futures]` in BASE: what is uncertain, and what it may be";
            return Err(WrongInput(message.to_owned()).into());
        }
        let is_uncertain = |key: &str| scenarios[0].1.futures.has(key);
        check(scenarios, &is_uncertain)?;
        for (key, _) in set.iter().filter(|(key, _)| is_uncertain(key)) {
            warn("--set", key);
        }
        let usual = || "irregular_encounters:min".to_owned();
        Ok(Some(Worlds {
            futures,
            objective: self.objective.clone().unwrap_or_else(usual),
            good_enough: self.good_enough.unwrap_or(0.05),
        }))
    }
}

impl Worlds {
    /// Replications of all futures: their luck is nested in them.
    pub(crate) fn replications(&self, each: Option<NonZeroU32>) -> anyhow::Result<NonZeroU32> {
        all_replications(self.futures, each.unwrap_or(REPLICATIONS))
    }

    /// As the manifest keeps them.
    pub(crate) fn options(&self) -> [(String, String); 3] {
        let [futures, objective, good_enough] = OPTIONS.map(str::to_owned);
        [
            (futures, self.futures.to_string()),
            (objective, self.objective.clone()),
            (good_enough, self.good_enough.to_string()),
        ]
    }

    /// From the options of a manifest; `None` for a comparison without futures.
    pub(crate) fn of_options(options: &BTreeMap<String, String>) -> Option<Self> {
        let [futures, objective, good_enough] = OPTIONS.map(|name| options.get(name));
        Some(Self {
            futures: futures?.parse().ok()?,
            objective: objective?.clone(),
            good_enough: good_enough?.parse().ok()?,
        })
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
pub(crate) fn check(
    scenarios: &[(String, Loaded)],
    is_drawn: &dyn Fn(&str) -> bool,
) -> anyhow::Result<()> {
    let (base, of_base) = &scenarios[0];
    let futures = &of_base.futures;
    of_base.check_futures()?;
    for (name, variant) in &scenarios[1..] {
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
        for difference in portflow::scenario::difference(of_base, variant) {
            if is_drawn(&difference.key) {
                warn(name, &difference.key);
            }
        }
    }
    Ok(())
}

fn warn(who: &str, key: &str) {
    failure::say(&format!(
        "warning: `{who}` sets `{key}`, which is uncertain: every future sets it to the same for all"
    ));
}

/// Reads a share: `5%` or `0.05`.
fn share(text: &str) -> Result<f64, String> {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let share = match text.strip_suffix('%') {
        Some(percent) => number(percent).map(|percent| percent / 100.0),
        None => number(text),
    };
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

    #[test]
    fn the_manifest_gives_back_what_was_asked_for() {
        let worlds = Worlds {
            futures: NonZeroU32::MIN,
            objective: "port_encounters/calexico@2024-11:max".to_owned(),
            good_enough: 0.125,
        };
        let options = worlds.options().into();
        assert_eq!(Worlds::of_options(&options), Some(worlds));
        assert_eq!(Worlds::of_options(&BTreeMap::new()), None);
    }
}
