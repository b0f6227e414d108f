//! Tables of indices for people.

use std::io::{self, Write};

use comfy_table::Table;

use super::{NOTHING, Sensed, of_bootstrap, ranked, words};
use crate::experiment::Indices;
use crate::record::Unit;
use crate::report::number::{difference, short_percent};
use crate::report::sweep::short_names;
use crate::report::table::{cell, headed};

/// Writes a table for each figure, and which inputs matter.
///
/// # Errors
/// The writer's.
pub fn table(sensed: &Sensed<'_>, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "{}", sensed.manifest.title)?;
    let names = short_names(sensed.inputs());
    let level = sensed.responses.layout().level;
    for of in sensed.figures() {
        writeln!(to, "\n{}", of.name)?;
        match &of.indices {
            Err(error) => writeln!(to, " {error}")?,
            Ok(indices) if changes_nothing(indices) => writeln!(to, " {NOTHING}")?,
            Ok(indices) => {
                writeln!(
                    to,
                    "{}",
                    indices_of(indices, &names, of.unit, &short_percent(level.share())).trim_fmt()
                )?;
                for sentence in words::sentences(indices, &names, of.chance, level) {
                    writeln!(to, "{sentence}")?;
                }
            }
        }
    }
    writeln!(to)?;
    for sentence in words::provenance(sensed) {
        writeln!(to, "{sentence}")?;
    }
    Ok(())
}

fn changes_nothing(indices: &Indices) -> bool {
    match indices {
        Indices::Morris(found) => found
            .factors
            .iter()
            .all(|effect| effect.mu_star.is_some_and(|of| of.mean <= 0.0)),
        Indices::Sobol(_) => false,
    }
}

fn indices_of(indices: &Indices, names: &[&str], unit: Unit, level: &str) -> Table {
    let interval = format!("{level} interval");
    let within = |bounds: Option<[f64; 2]>, written: &dyn Fn(f64) -> String| {
        cell(bounds, |bounds| bounds.map(written).join(" to "))
    };
    match indices {
        Indices::Morris(found) => {
            let mut table = headed(1, ["input", "mu", "mu*", &interval, "sigma"]);
            for (input, effect) in ranked(&found.factors, words::size) {
                // Of differences, as mu is, without a sign: of shares in percentage points.
                let written = |value| {
                    let text = difference(value, unit);
                    text.strip_prefix('+').map_or(text.clone(), str::to_owned)
                };
                let bounds = effect.mu_star.and_then(|estimate| estimate.interval);
                let bounds = bounds.map(|it| [it.lower, it.upper]);
                table.add_row([
                    names[input].to_owned(),
                    cell(effect.mu, |mu| difference(mu, unit)),
                    cell(effect.mu_star, |estimate| written(estimate.mean)),
                    within(bounds, &written),
                    cell(effect.sigma, written),
                ]);
            }
            table
        }
        Indices::Sobol(found) => {
            let mut table = headed(1, ["input", "first", &interval, "total", &interval]);
            // Adding 0 after rounding turns -0.0 into 0.0.
            let written = |share: f64| format!("{:.3}", (share * 1000.0).round() / 1000.0 + 0.0);
            for (input, index) in ranked(&found.factors, |index| index.total.value) {
                let [first, total] = [index.first, index.total].map(|estimate| {
                    let bounds = of_bootstrap(Some(estimate));
                    [written(estimate.value), within(bounds, &written)]
                });
                table.add_row([vec![names[input].to_owned()], first.into(), total.into()].concat());
            }
            table
        }
    }
}
