//! `--discrepancy`: by how much even a correct model may be off a published column.

use std::collections::BTreeSet;

use clap::Args;
use portflow::experiment::validation::{Known, Validation};
use portflow::scenario::Loaded;
use portflow::stats::Amount;
use portflow::store::options::DISCREPANCY;

use crate::cli::args::input::meant_as_percent;
use crate::cli::failure::WrongInput;

/// What the command line states, above `[calibrate]`.
#[derive(Debug, Args)]
pub(crate) struct DiscrepancyArgs {
    /// Standard deviation of ln(observed / simulated) that even a correct model may have: of a column, or of every column without one; its
    /// shape is that of the scenario's `[calibrate]`. For held-out months it is updated by the errors of the fitted ones,
    /// but without --posterior never below what is stated
    #[arg(long, value_name = "[COLUMN=]SD", value_parser = discrepancy)]
    discrepancy: Vec<(Option<String>, f64)>,
}

impl DiscrepancyArgs {
    /// Lays them over what is known.
    pub(crate) fn lay_over(&self, known: &mut Known) {
        for (column, sd) in &self.discrepancy {
            match column {
                Some(column) => {
                    known.discrepancies.insert(column.clone(), *sd);
                }
                None => known.other_discrepancy = *sd,
            }
        }
    }

    /// Whether every one says something, and each something else.
    pub(crate) fn check(&self, loaded: &Loaded, validation: &Validation) -> Result<(), WrongInput> {
        let mut seen = BTreeSet::new();
        for (column, sd) in &self.discrepancy {
            let wrong = |message: String| Err(WrongInput(format!("--discrepancy: {message}")));
            let name = column.as_deref().unwrap_or("every other column");
            if !seen.insert(name) {
                return wrong(format!("{name} has two"));
            }
            let Some(column) = column else {
                let stated = Known::of_calibration(loaded).discrepancies;
                let columns = validation.columns.iter();
                let mut names = columns.map(|column| column.name.as_str());
                if names.clone().all(|name| stated.contains_key(name)) {
                    let one = names.next().unwrap_or_default();
                    return wrong(format!(
                        "`[calibrate]` states that of every published column; name the column for which {sd} is to stand instead, as in {one}={sd}"
                    ));
                }
                continue;
            };
            let known = validation.knows(column);
            known.or_else(|error| wrong(error.to_string()))?;
        }
        Ok(())
    }

    /// For the manifest.
    pub(crate) fn options(&self) -> impl Iterator<Item = (String, String)> {
        self.discrepancy.iter().map(|(column, sd)| {
            let column = column.as_ref().map(|column| format!(" {column}"));
            let name = format!("{DISCREPANCY}{}", column.unwrap_or_default());
            (name, sd.to_string())
        })
    }
}

/// Reads `COLUMN=SD` or `SD`, in percent too; 5 for 5% would let any model fit.
fn discrepancy(text: &str) -> Result<(Option<String>, f64), String> {
    let (column, sd) = match text.split_once('=') {
        Some((column, sd)) => (Some(column.trim().to_owned()), sd),
        None => (None, text),
    };
    let sd = sd.trim();
    match Amount::read(sd) {
        Some(Amount::Plain(number)) if number > 1.0 => {
            let of = column.map_or_else(String::new, |column| format!("{column}="));
            let told = meant_as_percent(&of, sd, number);
            Err(format!("{told}, or a number up to 1"))
        }
        Some(amount) if (0.0..=1.0).contains(&amount.share()) => Ok((column, amount.share())),
        _ => Err(format!(
            "expected a number from 0 to 1, as in irregular_encounters=0.1 or 10%; found `{sd}`"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_discrepancy_that_was_meant_as_percent_is_refused() {
        let told = discrepancy("port_encounters=10").unwrap_err();
        let hint = "write port_encounters=10% for 10 percent";
        assert!(told.contains(hint), "{told}");
        let told = discrepancy("5").unwrap_err();
        assert!(told.contains("write 5% for 5 percent"), "{told}");
        assert!(discrepancy("200%").is_err());
        let column = Some("port_encounters".to_owned());
        assert_eq!(discrepancy("port_encounters = 10 %"), Ok((column, 0.1)));
        assert_eq!(discrepancy("1"), Ok((None, 1.0)));
    }
}
