//! Which inputs matter, in words, and what the numbers are.

use super::{Sensed, ranked};
use crate::experiment::Indices;
use crate::report::number::short_percent;
use crate::report::sweep::futures;
use crate::sensitivity::{BootstrapEstimate, MorrisEffect, SobolIndex};

/// An input matters when it explains more than this share of the variance, or has at least this share of the largest effect.
const MATTERS: f64 = 0.05;

/// Which inputs matter, and which do not.
pub(super) fn sentences(indices: &Indices, names: &[&str]) -> Vec<String> {
    let share = short_percent(MATTERS);
    let (ranking, what) = match indices {
        Indices::Morris(found) => {
            let ranked = ranked(&found.factors, |effect| effect.mu_star.value);
            let largest = ranked
                .first()
                .map_or(0.0, |(_, effect)| effect.mu_star.value);
            let part = |(input, effect): (usize, &MorrisEffect)| {
                (names[input], parts(&effect.mu_star, largest))
            };
            let ranking: Vec<_> = ranked.into_iter().map(part).collect();
            (ranking, format!("{share} of the largest effect"))
        }
        Indices::Sobol(found) => {
            let ranked = ranked(&found.factors, |index| index.total.value);
            let part =
                |(input, index): (usize, &SobolIndex)| (names[input], parts(&index.total, 1.0));
            let ranking: Vec<_> = ranked.into_iter().map(part).collect();
            (ranking, format!("{share} of the variance"))
        }
    };
    let those = |of: fn([f64; 3]) -> bool| {
        let names = ranking
            .iter()
            .filter(|(_, part)| of(*part))
            .map(|(name, _)| *name);
        names.collect::<Vec<_>>().join(", ")
    };
    let mut sentences = Vec::new();
    let mut say = |names: String, what: String| {
        if !names.is_empty() {
            sentences.push(format!("{what}: {names}."));
        }
    };
    say(
        those(|[lower, ..]| lower > MATTERS),
        format!("More than {what}"),
    );
    say(
        those(|[lower, _, upper]| lower <= MATTERS && upper > MATTERS),
        format!("Not told apart from {what}"),
    );
    say(
        those(|[_, value, upper]| upper <= MATTERS && value > 0.0),
        format!("Less than {what}"),
    );
    say(
        those(|[_, value, upper]| upper <= MATTERS && value <= 0.0),
        "No effect at any point tried".to_owned(),
    );
    if let Indices::Sobol(found) = indices {
        let sum: f64 = found.factors.iter().map(|index| index.first.value).sum();
        let meaning = if sum <= 1.005 {
            "what is missing to 1 is what inputs do together"
        } else {
            "that is more than 1 and so too much: more --points make it surer"
        };
        sentences.push(format!("First indices add up to {sum:.2}; {meaning}."));
    }
    if let Indices::Morris(found) = indices {
        let still = |effect: &MorrisEffect| found.trajectories - effect.effects;
        let still: Vec<String> = (names.iter().zip(&found.factors))
            .filter(|(_, effect)| still(effect) > 0)
            .map(|(name, effect)| format!("{name} {}", still(effect)))
            .collect();
        if !still.is_empty() {
            sentences.push(format!(
                "Steps left out since they did not change the value of the input: {}.",
                still.join(", ")
            ));
        }
    }
    let (kind, dropped) = match indices {
        Indices::Morris(found) => ("trajectories", found.dropped),
        Indices::Sobol(found) => ("rows", found.dropped),
    };
    if dropped > 0 {
        sentences.push(format!(
            "Left out since an outcome is missing: {dropped} {kind}."
        ));
    }
    sentences
}

/// Lower bound, value and upper bound as shares of something; the value where there is no interval.
fn parts(estimate: &BootstrapEstimate, of: f64) -> [f64; 3] {
    let [lower, upper] = estimate.interval.map_or([estimate.value; 2], |interval| {
        [interval.lower, interval.upper]
    });
    [lower, estimate.value, upper].map(|value| value / of)
}

/// What the numbers are and what they rest on.
pub(super) fn provenance(sensed: &Sensed<'_>) -> Vec<String> {
    let groups = sensed.manifest.option("points").unwrap_or_default();
    let is_sobol = sensed.manifest.option("method") == Some("sobol");
    let mut sentences = vec![if is_sobol {
        format!(
            "Sobol' indices, shares of the variance: first, what an input explains alone; total, alone and with others. {groups} rows."
        )
    } else {
        format!(
            "Morris' screening: mu, what the whole range of an input changes on average; mu*, the same whatever the sign; sigma, how much it depends on where. {groups} trajectories."
        )
    }];
    if let Some((keys, [low, high])) = sensed.analysis.cut() {
        let [low, high] = [low, high].map(short_percent);
        sentences.push(format!(
            "Tried between their quantiles {low} and {high}, beyond which they may go on for ever: {}.",
            keys.join(", ")
        ));
    }
    let layout = sensed.responses.layout();
    let mean = match layout.replications {
        1 => "one replication".to_owned(),
        many => format!("the mean of {many} replications"),
    };
    sentences.push(format!(
        "{} points, each the outcome of {mean}, on the same people at every point. Intervals are bootstrap intervals over {}.",
        sensed.responses.points(),
        if is_sobol { "rows" } else { "trajectories" },
    ));
    sentences.extend(futures(layout));
    sentences
}
