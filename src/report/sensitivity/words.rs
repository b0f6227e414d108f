//! Which inputs matter, in words, and what the numbers are.

use super::{Sensed, of_bootstrap, ranked};
use crate::experiment::{Analysis, Indices, Method};
use crate::report::number::{exact, grouped, share_percent, short_percent};
use crate::report::sweep::futures;
use crate::report::watched;
use crate::sensitivity::bootstrap::{FEWEST_ROWS, FEWEST_TRAJECTORIES};
use crate::sensitivity::{
    BootstrapInterval, MorrisEffect, MorrisEffects, SobolIndex, SobolIndices,
};
use crate::stats::{ChanceShare, Estimate, Level};
use crate::store::options::POINTS;

/// An input matters when it explains more than this share of the variance, or has at least this share of the largest effect.
const MATTERS: f64 = 0.05;

/// Replications that are advised where one alone does not tell how much is chance: in trials with an input without any effect beside one that has
/// much, of 40 seeds 28 at one replication, 13 at four and none of 20 at ten called it one that matters.
const ADVISED: u32 = 10;

/// Which inputs matter, and which do not, each judged by itself at this level.
pub(super) fn sentences(
    indices: &Indices,
    names: &[&str],
    chance: Option<ChanceShare>,
    level: Level,
) -> Vec<String> {
    let bar = bar(indices, chance, level);
    let mut sentences = those_that_matter(indices, names, bar, &short_percent(level.share()));
    sentences.extend(chance.and_then(|chance| of_chance(indices, chance, bar)));
    sentences.extend(without_interval(indices, names, level));
    if let Indices::Morris(found) = indices {
        sentences.extend(not_judged(found, names, level));
    }
    let (of_method, kind, dropped) = match indices {
        Indices::Morris(found) => (steps_left_out(found, names), "trajectories", found.dropped),
        Indices::Sobol(found) => (Some(sum_of_first(found)), "rows", found.dropped),
    };
    sentences.extend(of_method);
    if dropped > 0 {
        sentences.push(format!(
            "Left out since an outcome is missing: {dropped} {kind}."
        ));
    }
    sentences
}

/// The inputs by what their intervals say of them, each kind from the largest.
fn those_that_matter(indices: &Indices, names: &[&str], bar: f64, level: &str) -> Vec<String> {
    let ranking: Vec<_> = match indices {
        Indices::Morris(found) => {
            let ranked = ranked(&found.factors, size);
            let part = |(input, effect): (usize, &MorrisEffect)| {
                let of_observed = |estimate: Estimate| {
                    matters(estimate.mean, of_bootstrap(effect.share_of_largest), bar)
                };
                let kind = effect.mu_star.map_or(Matters::Unknown, of_observed);
                (names[input], kind)
            };
            ranked.into_iter().map(part).collect()
        }
        Indices::Sobol(found) => {
            let ranked = ranked(&found.factors, |index| index.total.value);
            let part = |(input, index): (usize, &SobolIndex)| {
                let bounds = of_bootstrap(Some(index.total));
                (names[input], matters(index.total.value, bounds, bar))
            };
            ranked.into_iter().map(part).collect()
        }
    };
    let what = of_what(indices, MATTERS);
    let alone = format!("each by itself at {level}");
    let not_told = if bar < 1.0 {
        format!("Not told apart from {what}")
    } else {
        format!("Not told to have more than {what}, nor less, for chance")
    };
    let kinds = [
        (Matters::Clearly, format!("More than {what}, {alone}")),
        (Matters::Perhaps, not_told),
        (Matters::Hardly, format!("Less than {what}, {alone}")),
        (Matters::Never, "No effect at any point tried".to_owned()),
        (
            Matters::Unknown,
            "Not known, since no step changed the value of the input".to_owned(),
        ),
    ];
    let sentence = |(kind, words)| {
        let those = ranking.iter().filter(|(_, of_input)| *of_input == kind);
        let those: Vec<&str> = those.map(|(name, _)| *name).collect();
        (!those.is_empty()).then(|| format!("{words}: {}.", those.join(", ")))
    };
    kinds.into_iter().filter_map(sentence).collect()
}

/// What an interval says of an input. Without one, an input with an effect is not told apart: how sure its value is, nobody knows.
#[derive(PartialEq, Eq)]
enum Matters {
    Clearly,
    Perhaps,
    Hardly,
    Never,
    /// It never changed: what it does is not observed.
    Unknown,
}

/// By what inputs are ranked; one of which no effect is observed comes last.
pub(super) fn size(effect: &MorrisEffect) -> f64 {
    effect.mu_star.map_or(f64::NEG_INFINITY, |of| of.mean)
}

/// Of an effect, and the bounds of its share of what is compared with; above the bar it matters.
fn matters(effect: f64, bounds: Option<[f64; 2]>, bar: f64) -> Matters {
    match bounds {
        _ if effect <= 0.0 => Matters::Never,
        Some([lower, _]) if lower > bar => Matters::Clearly,
        Some([_, upper]) if upper <= MATTERS => Matters::Hardly,
        _ => Matters::Perhaps,
    }
}

/// The share above which an input is told to matter: that of an input that does, or what chance alone may come to where that is more. No share
/// is above the bar where chance has more of the variance than such an input.
fn bar(indices: &Indices, chance: Option<ChanceShare>, level: Level) -> f64 {
    let Some(chance) = chance else { return MATTERS };
    if chance.value > MATTERS {
        return f64::INFINITY;
    }
    let most = chance.at_most(level);
    // A variance is the square of an effect.
    MATTERS.max(match indices {
        Indices::Morris(_) => most.sqrt(),
        Indices::Sobol(_) => most,
    })
}

/// What chance does to the verdicts, where it does anything.
fn of_chance(indices: &Indices, chance: ChanceShare, bar: f64) -> Option<String> {
    let share = share_percent(chance.value.min(1.0));
    let most = of_what(indices, MATTERS);
    if bar >= 1.0 {
        // What is small in these replications may be more than they can tell.
        let all = if chance.value > MATTERS {
            ""
        } else {
            ", which these replications do not tell from all of it"
        };
        return Some(format!(
            "Chance is {share} of the variance between points{all}, and no input is told to have more than {most}. More replications (-r) lessen it, unless \
             no input does anything."
        ));
    }
    (bar > MATTERS).then(|| {
        format!(
            "Chance is {share} of the variance between points, and may come to {}: only above that is an input told to have more than {}. More \
             replications (-r) lessen it.",
            of_what(indices, bar),
            short_percent(MATTERS)
        )
    })
}

/// A share, and of what.
fn of_what(indices: &Indices, share: f64) -> String {
    let share = short_percent(share);
    match indices {
        Indices::Morris(_) => format!("{share} of the largest effect"),
        Indices::Sobol(_) => format!("{share} of the variance"),
    }
}

/// Why there are intervals missing, and what mends it.
fn without_interval(indices: &Indices, names: &[&str], level: Level) -> Option<String> {
    match indices {
        Indices::Morris(found) => {
            let effects = names.iter().zip(&found.factors);
            let single = effects.filter(|(_, effect)| effect.effects < 2);
            let single: Vec<&str> = single.map(|(name, _)| *name).collect();
            (!single.is_empty()).then(|| {
                format!(
                    "Without an interval, since fewer than two steps changed the value of the input: {}. Give more --points.",
                    single.join(", ")
                )
            })
        }
        Indices::Sobol(found) => found.sum_of_first.interval.is_none().then(|| {
            let why = if found.rows < FEWEST_ROWS {
                format!("that takes {FEWEST_ROWS} rows (an assumed number): give more --points")
            } else if BootstrapInterval::reaches(level, Analysis::RESAMPLES) {
                "the outcome varies between too few points: give more --points".to_owned()
            } else {
                format!("{}: give a lower --level", out_of_reach(level))
            };
            format!("There are no intervals, since {why}.")
        }),
    }
}

/// Why an input with an interval is not judged by it: the share of the largest effect has none.
fn not_judged(found: &MorrisEffects, names: &[&str], level: Level) -> Option<String> {
    let is_judged = |effect: &MorrisEffect| {
        effect.effects < 2 || size(effect) <= 0.0 || of_bootstrap(effect.share_of_largest).is_some()
    };
    let effects = names.iter().zip(&found.factors);
    let those = effects.filter(|(_, effect)| !is_judged(effect));
    let (those, theirs): (Vec<&str>, Vec<u32>) =
        those.map(|(name, effect)| (*name, effect.effects)).unzip();
    let largest = ranked(&found.factors, size);
    let (_, largest) = largest.first()?;
    let fewest = theirs.into_iter().min()?.min(largest.effects);
    let why = if fewest < FEWEST_TRAJECTORIES {
        format!(
            "That takes {FEWEST_TRAJECTORIES} steps that changed the value of the input, and as many of the one with the largest effect: give more --points"
        )
    } else {
        format!(
            "{}, of so few trajectories, or all effects of one are 0: give more --points or a lower --level",
            out_of_reach(level)
        )
    };
    Some(format!(
        "Not judged against {} of the largest effect: {}. {why}.",
        short_percent(MATTERS),
        those.join(", ")
    ))
}

/// That the resamples do not tell of a level.
fn out_of_reach(level: Level) -> String {
    format!(
        "{} resamples do not reach as far out as {} asks",
        exact(f64::from(Analysis::RESAMPLES)),
        short_percent(level.share())
    )
}

fn sum_of_first(found: &SobolIndices) -> String {
    let written = |share: f64| grouped(share, 2);
    let sum = written(found.sum_of_first.value);
    let Some(BootstrapInterval {
        level,
        lower,
        upper,
        ..
    }) = found.sum_of_first.interval
    else {
        return format!("First indices add up to {sum}, which says nothing without an interval.");
    };
    let meaning = if upper < 1.0 {
        "what is missing to 1 is what inputs do together"
    } else if lower > 1.0 {
        "that is more than 1 and so too much: more --points make it surer"
    } else {
        "as far as can be told nothing is missing to 1, which is what inputs would do together"
    };
    format!(
        "First indices add up to {sum}, {} {} to {}; {meaning}.",
        short_percent(level.share()),
        written(lower),
        written(upper)
    )
}

fn steps_left_out(found: &MorrisEffects, names: &[&str]) -> Option<String> {
    let left_out = |effect: &MorrisEffect| found.trajectories - effect.effects;
    let those: Vec<String> = (names.iter().zip(&found.factors))
        .filter(|(_, effect)| left_out(effect) > 0)
        .map(|(name, effect)| format!("{name} {}", left_out(effect)))
        .collect();
    (!those.is_empty()).then(|| {
        format!(
            "Steps left out since they did not change the value of the input: {}.",
            those.join(", ")
        )
    })
}

/// What the numbers are and what they rest on.
pub(super) fn provenance(sensed: &Sensed<'_>) -> Vec<String> {
    let groups = sensed.manifest.option(POINTS).unwrap_or_default();
    let (what, groups_are, of_kind) = match sensed.analysis.method() {
        Method::Sobol => (
            "Sobol' indices, shares of the variance: first, what an input explains alone; total, alone and with others",
            "rows",
            "bootstrap intervals over rows",
        ),
        Method::Morris => (
            "Morris' screening: mu, what the whole range of an input changes on average; mu*, the same whatever the sign; sigma, how much it depends on where",
            "trajectories",
            "Student's over trajectories; 5% of the largest effect is judged by a bootstrap over them",
        ),
    };
    let mut sentences = vec![format!("{what}. {groups} {groups_are}.")];
    if let Some((keys, [low, high])) = sensed.analysis.cut() {
        let [low, high] = [low, high].map(short_percent);
        sentences.push(format!(
            "Tried between their quantiles {low} and {high}, beyond which they may go on for ever: {}.",
            keys.join(", ")
        ));
    }
    let uneven = sensed.analysis.uneven();
    if !uneven.is_empty() {
        sentences.push(format!(
            "A step goes through two thirds of the probability of an uncertain number, and its effect is for the whole of it: where the number is not \
             uniform, that is not what its values from one end to the other change ({}).",
            uneven.join(", ")
        ));
    }
    let layout = sensed.responses.layout();
    let mean = match layout.replications {
        1 => "one replication".to_owned(),
        many => format!("the mean of {many} replications"),
    };
    sentences.push(format!(
        "{} points, each the outcome of {mean}, on the same people at every point. Intervals are {of_kind}.",
        sensed.responses.points(),
    ));
    if layout.replications < 2 {
        sentences.push(format!(
            "These intervals leave out chance, which all points share: with so few replications an input that does nothing may seem to \
             matter. -r {ADVISED} or more makes that rare."
        ));
    }
    sentences.extend(futures(layout));
    sentences.extend(watched::sentences(sensed.responses));
    sentences
}
