//! What to know before a fit is believed, in words.

use crate::calibration::sampler::{EFFECTIVE_LIMIT, R_HAT_LIMIT};
use crate::calibration::summary::{End, Verdict};
use crate::experiment::calibration::{Fit, Fitted, FittedParameter};
use crate::report::number::told_apart;

/// From this power of the ratios of the two posteriors on, weights are as good as whole.
const NEARLY_WHOLE: f64 = 0.99;

/// The error of a surface may be this part of the stated discrepancy.
const SURFACE: f64 = 0.5;

/// What to know before the fit is believed: a sentence each, with what to do about it.
#[must_use]
pub fn warnings(fit: &Fit, fitted: &Fitted) -> Vec<String> {
    let mut warnings = Vec::new();
    for name in fit.left_out() {
        warnings.push(format!(
            "{name} was published as 0, which has no logarithm: it is not fitted to."
        ));
    }
    for column in fit.published_later() {
        warnings.push(format!(
            "{column} is published only after the months that it would be fitted to: it is not fitted to."
        ));
    }
    warnings.extend(verdicts(fitted));
    warnings.extend(surfaces(fitted));
    warnings.extend(misfits(fitted));
    let lost = fit.lost_points();
    if lost > 0 {
        warnings.push(format!(
            "{lost} of {} points came to nothing, or to 0 where something was published: the surfaces know nothing of them.",
            fit.points()
        ));
    }
    let draws = fitted.draws.len();
    let wanted = f64::from(fit.settings().draws.get());
    if (draws as f64) < wanted {
        warnings.push(format!(
            "{} of {wanted} draws came to nothing, and are left out.",
            wanted - draws as f64
        ));
    }
    if fitted.power < NEARLY_WHOLE {
        let moved = fitted.moved.map(|(place, by)| {
            let name = &fitted.parameters[place].name;
            format!(", which moves the mean of no parameter by more than {by:.2} standard deviations ({name})")
        });
        warnings.push(format!(
            "The surfaces changed with the draws among their points: with the whole ratio of the two posteriors as weight, {draws} draws would be worth {:.0} of equal weight. It is raised to the power {:.2}, so that they count as half their number{}: they are of a distribution between the two, and the ends of intervals are rough. One more wave, or more points, brings the two together.",
            fitted.whole_effective,
            fitted.power,
            moved.unwrap_or_default()
        ));
    }
    warnings
}

/// Independent draws that the chains are worth for a parameter, in the middle or in the tails, where they are worth less.
fn worth(parameter: &FittedParameter) -> f64 {
    parameter
        .chain_effective
        .min(parameter.chain_tail_effective)
}

fn verdicts(fitted: &Fitted) -> Vec<String> {
    let (mut unidentified, mut weakly) = (Vec::new(), Vec::new());
    let mut warnings = Vec::new();
    let mut unmixed: Vec<&FittedParameter> = Vec::new();
    for parameter in &fitted.parameters {
        match parameter.verdict {
            Verdict::Identified | Verdict::TooFewDraws => {}
            Verdict::WeaklyIdentified => weakly.push(parameter.name.as_str()),
            Verdict::NotIdentified => unidentified.push(parameter.name.as_str()),
            Verdict::AtBound(end) => {
                let end = match end {
                    End::Low => "low",
                    End::High => "high",
                };
                warnings.push(format!(
                    "{} sits at the {end} end of its prior: widen the prior, or ask what the model lacks.",
                    parameter.name
                ));
            }
        }
        if parameter.r_hat > R_HAT_LIMIT || worth(parameter) < EFFECTIVE_LIMIT {
            unmixed.push(parameter);
        }
    }
    if !unidentified.is_empty() {
        warnings.push(format!(
            "The data do not identify {}: the posterior is about as wide as the prior (of the step, where a parameter follows another), which is what the values rest on.",
            unidentified.join(", ")
        ));
    }
    if !weakly.is_empty() {
        warnings.push(format!(
            "The data say little of {}: the posterior is hardly narrower than the prior, which speaks for the most part.",
            weakly.join(", ")
        ));
    }
    let worst = |a: &&&FittedParameter, b: &&&FittedParameter| a.r_hat.total_cmp(&b.r_hat);
    if let Some(worst) = unmixed.iter().max_by(worst) {
        let names: Vec<&str> = unmixed.iter().map(|of| of.name.as_str()).collect();
        let fewest = unmixed.iter().map(|of| worth(of));
        warnings.push(format!(
            "The chains are short for {} (R-hat {:.2} in {}, worth {:.0} independent draws or more, in the middle and in the tails; {R_HAT_LIMIT} and {EFFECTIVE_LIMIT} are asked for): where R-hat is far above 1 there may be several fits, and their shares are not known.",
            names.join(", "),
            worst.r_hat,
            worst.name,
            fewest.fold(f64::INFINITY, f64::min)
        ));
    }
    warnings
}

fn surfaces(fitted: &Fitted) -> Vec<String> {
    let is_coarse = |sd: f64, surface: f64| surface > SURFACE * sd;
    let coarse = (fitted.columns.iter())
        .filter(|column| is_coarse(stated(column.sd, column.chance), column.surface));
    coarse
        .map(|column| {
            let [error, stated] = percents_apart(column.surface, stated(column.sd, column.chance));
            format!(
                "The response surface of {} has an error of {error}%, large beside the {stated}% of stated discrepancy and chance: give more --waves or --points.",
                column.column,
            )
        })
        .collect()
}

/// Columns that err far more than was stated.
fn misfits(fitted: &Fitted) -> Vec<String> {
    let wrong = (fitted.columns.iter())
        .filter(|column| column.rms > 1.5 * stated(column.sd, column.chance));
    wrong
        .map(|column| {
            let [error, stated] = percents_apart(column.rms, stated(column.sd, column.chance));
            format!(
                "{} errs by {error}%, more than the {stated}% of stated discrepancy and chance: intervals are too narrow, or the model lacks something.",
                column.column,
            )
        })
        .collect()
}

/// An error and what it is compared with, in percent, with decimals that tell them apart.
fn percents_apart(error: f64, stated: f64) -> [String; 2] {
    let pair = [error, stated].map(|share| 100.0 * share);
    told_apart(&[pair]).swap_remove(0)
}

/// What a column may err by: the discrepancy, and chance.
fn stated(sd: f64, chance: f64) -> f64 {
    (sd * sd + chance * chance).sqrt()
}
