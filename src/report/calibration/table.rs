//! Tables of a fit and of its parameters, for people.

use std::io::{self, Write};

use comfy_table::Table;

use super::{Calibrated, significant, verdict};
use crate::experiment::calibration::{Spread, TargetFigure};
use crate::report::number::{percent, signed_percent};
use crate::report::table::headed;
use crate::stats::ErrorLaw;

/// Writes the fit by column, the parameters, and what to know before they are believed.
///
/// # Errors
/// The writer's.
pub fn table(of: &Calibrated<'_>, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "{}\n", of.manifest.title)?;
    writeln!(to, "{}\n", columns(of).trim_fmt())?;
    writeln!(to, "{}", parameters(of).trim_fmt())?;
    writeln!(to, "{}", fitted_to(of))?;
    writeln!(
        to,
        "Shrinkage is 0 where the data say nothing and 1 where they say all: of the value, or of the step from the one before where a parameter follows another."
    )?;
    let errors = of.fit.calibration().errors;
    if errors != ErrorLaw::NORMAL {
        writeln!(
            to,
            "Errors are {errors}, scaled to the stated standard deviations: next to normal ones most are smaller, and a few far larger."
        )?;
    }
    for warning in of.warnings {
        writeln!(to, "Warning: {warning}")?;
    }
    Ok(())
}

/// How near the fit comes to each column, and what it may be off by.
fn columns(of: &Calibrated<'_>) -> Table {
    let headings = [
        "column",
        "months",
        "MAPE",
        "bias",
        "rms of ln",
        "stated sd",
        "chance",
        "surface",
    ];
    let mut table = headed(1, headings);
    for column in &of.fitted.columns {
        table.add_row([
            column.column.clone(),
            column.months.to_string(),
            percent(column.mape),
            signed_percent(column.bias),
            percent(column.rms),
            percent(column.sd),
            percent(column.chance),
            percent(column.surface),
        ]);
    }
    table
}

fn parameters(of: &Calibrated<'_>) -> Table {
    let headings = [
        "parameter",
        "prior 90%",
        "posterior 90%",
        "fitted",
        "shrinkage",
        "",
    ];
    let mut table = headed(1, headings);
    let within = |spread: Spread| format!("{} to {}", short(spread.low), short(spread.high));
    for parameter in &of.fitted.parameters {
        table.add_row([
            parameter.name.clone(),
            within(parameter.prior),
            within(parameter.posterior),
            short(parameter.value),
            format!("{:.2}", parameter.shrinkage),
            verdict(parameter.verdict).to_owned(),
        ]);
    }
    table
}

/// How many figures of which months, and what the draws are worth.
fn fitted_to(of: &Calibrated<'_>) -> String {
    let calibration = of.fit.calibration();
    let is_fitted = |figure: &&TargetFigure| calibration.targets[figure.target].weight > 0.0;
    let fitted = of.fit.figures().iter().filter(is_fitted).count();
    let beside = match of.fit.figures().len() - fitted {
        0 => String::new(),
        more => format!(" ({more} more, of weight 0, are only shown)"),
    };
    let ends = calibration.targets.iter().filter_map(|target| {
        let to = target.to.filter(|_| target.weight > 0.0)?;
        Some(format!(", {} to {to}", target.column))
    });
    let whole = if of.fitted.power < 1.0 {
        format!(
            ", with the whole weights {:.1} (they are raised to the power {:.3})",
            of.fitted.whole_effective, of.fitted.power
        )
    } else {
        String::new()
    };
    format!(
        "Fitted to {fitted} figures from {} to {}{}{beside}; {} draws of the posterior, worth {:.0} of equal weight{whole}.",
        calibration.from,
        calibration.to,
        ends.collect::<String>(),
        of.fitted.draws.len(),
        of.fitted.effective,
    )
}

/// Three digits, as many as a fit knows.
fn short(value: f64) -> String {
    let shortened: f64 = format!("{value:.2e}").parse().unwrap_or(value);
    significant(shortened).to_string()
}
