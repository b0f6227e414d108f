//! The origins of rolling forecasts: those that are named, or the ends of quarters in the window of `[calibrate]`; and which are breaks.

use clap::Args;
use portflow::month::{Month, MonthError};
use portflow::scenario::Loaded;

use crate::cli::failure::WrongInput;
use crate::cli::validate::threshold::Threshold;

/// What says nothing of forecasts from rolling origins.
pub(crate) const NOT_ROLLING: [&str; 6] = [
    "by_area",
    "by_family",
    "fitted",
    "months",
    "posterior",
    "discrepancy",
];

/// From which months is forecast.
#[derive(Debug, Args)]
pub(crate) struct OriginArgs {
    /// Origins, last months known [default: every quarter's end in the window of [calibrate], from a year after the run's start, that has a published
    /// month of the run after it]
    #[arg(long, value_name = "MONTH,…", value_delimiter = ',', value_parser = month, requires = "rolling", conflicts_with_all = NOT_ROLLING)]
    origins: Vec<Month>,
    /// Origins followed by something that no earlier month could teach, such as a lever never moved before: scored apart
    #[arg(long, value_name = "MONTH,…", value_delimiter = ',', value_parser = month, requires = "rolling", conflicts_with_all = NOT_ROLLING)]
    pub(crate) breaks: Vec<Month>,
}

/// Reads a month of a list, which may have blanks after its commas.
fn month(text: &str) -> Result<Month, MonthError> {
    text.trim().parse()
}

impl OriginArgs {
    /// The origins, ascending, each of which can be fitted to, and one at least for every threshold to be of.
    pub(crate) fn months(
        &self,
        loaded: &Loaded,
        thresholds: &[Threshold],
    ) -> Result<Vec<Month>, WrongInput> {
        let wrong = |message: &str| WrongInput(message.to_owned());
        let calibration = loaded.calibration.as_ref();
        let calibration = calibration.ok_or_else(|| {
            wrong("there is nothing to fit at an origin: write [calibrate] in the file")
        })?;
        let observed = loaded.scenario.observed.as_ref();
        let observed = observed.ok_or_else(|| {
            wrong("the scenario has no published figures; name a table with --data, or in `[observed]`")
        })?;
        let run = &loaded.scenario.run;
        let mut origins = self.origins.clone();
        if origins.is_empty() {
            let year = Month::of(run.start).after(11);
            let months = (0..).map(|after| year.after(after));
            // A month that the run does not have whole is not forecast.
            let forecast = observed.months.keys().filter(|it| it.last_day() <= run.end);
            let forecast = forecast.max().copied().unwrap_or(year);
            let in_window = |month: &Month| month.last_day() <= calibration.to;
            origins = (months.take_while(|month| *month < forecast && in_window(month)))
                .filter(|month| month.ends_quarter() && month.first_day() >= calibration.from)
                .collect();
        }
        origins.sort_unstable();
        origins.dedup();
        for origin in &origins {
            if origin.last_day() > calibration.to || origin.first_day() < calibration.from {
                let help = if origin.last_day() > calibration.to {
                    "later months are not fitted to; move `calibrate.to`"
                } else {
                    "earlier ones are not fitted to; move `calibrate.from`"
                };
                let message = format!(
                    "the origin {origin} is outside the window of [calibrate], {} to {}: {help}",
                    calibration.from, calibration.to
                );
                return Err(WrongInput(message));
            }
        }
        if origins.is_empty() {
            return Err(wrong(
                "no quarter of the window of [calibrate] ends between the first year of the run and the last published month; name --origins",
            ));
        }
        let stray = self.breaks.iter().find(|month| !origins.contains(month));
        if let Some(stray) = stray {
            let origins: Vec<String> = origins.iter().map(ToString::to_string).collect();
            let message = format!(
                "--breaks {stray} is no origin; the origins are {}",
                origins.join(", ")
            );
            return Err(WrongInput(message));
        }
        let is_break = |origin: &Month| self.breaks.contains(origin);
        if let Some(threshold) = thresholds.first()
            && origins.iter().all(is_break)
        {
            let message = format!(
                "{threshold} is of origins that are no breaks, and every origin is one; name more --origins"
            );
            return Err(WrongInput(message));
        }
        Ok(origins)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::fs;

    use portflow::scenario;

    use super::*;

    const SCENARIO: &str = r#"[world.groups.all]
arrivals.per_day = 10
[policy.ports.only]
[observed]
file = "observed.csv"
[calibrate.parameters.level]
keys = ["world.groups.all.arrivals.per_day"]
low = 1
high = 30
source = "assumed"
[calibrate.targets]
irregular_encounters = { sd = 0.1 }
"#;

    /// A run and a window of a fit, first and last day each, with figures published to the end of a month.
    fn loaded(run: [&str; 2], window: [&str; 2], published: [&str; 2]) -> Loaded {
        let directory = tempfile::tempdir().unwrap();
        let here = directory.path();
        let [first, last] = published.map(|text| month(text).unwrap());
        let mut table = "month,irregular_encounters\n".to_owned();
        let months = (0..).map(|after| first.after(after));
        for month in months.take_while(|&month| month <= last) {
            writeln!(table, "{month},100").unwrap();
        }
        fs::write(here.join("observed.csv"), table).unwrap();
        let (run, window) = (
            format!("[run]\nstart = {}\nend = {}\n", run[0], run[1]),
            format!("[calibrate]\nfrom = {}\nto = {}\n", window[0], window[1]),
        );
        let text = format!(
            "{run}{}",
            SCENARIO.replace(
                "[calibrate.parameters",
                &format!("{window}[calibrate.parameters")
            )
        );
        fs::write(here.join("a.toml"), text).unwrap();
        scenario::load(&here.join("a.toml"), &[]).unwrap()
    }

    fn args(origins: &[&str], breaks: &[&str]) -> OriginArgs {
        let months = |texts: &[&str]| texts.iter().map(|text| month(text).unwrap()).collect();
        OriginArgs {
            origins: months(origins),
            breaks: months(breaks),
        }
    }

    fn origins(args: &OriginArgs, loaded: &Loaded) -> Result<Vec<String>, String> {
        let origins = args
            .months(loaded, &[])
            .map_err(|error| error.to_string())?;
        Ok((origins.iter()).map(ToString::to_string).collect())
    }

    const RUN: [&str; 2] = ["2023-01-01", "2024-12-31"];
    const WINDOW: [&str; 2] = ["2023-01-01", "2024-10-31"];

    #[test]
    fn origins_are_quarter_ends_from_a_year_after_the_start_within_the_window() {
        let usual =
            |run, window, published| origins(&args(&[], &[]), &loaded(run, window, published));
        let expected = |months: &[&str]| -> Result<Vec<String>, String> {
            Ok(months.iter().map(|&month| month.to_owned()).collect())
        };
        assert_eq!(
            usual(RUN, WINDOW, ["2023-01", "2024-11"]),
            expected(&["2023-12", "2024-03", "2024-06", "2024-09"])
        );
        // Nothing is published after September: there is nothing to hold a forecast from it against.
        assert_eq!(
            usual(RUN, WINDOW, ["2023-01", "2024-09"]),
            expected(&["2023-12", "2024-03", "2024-06"])
        );
        // A quarter of the window that is not whole is none.
        assert_eq!(
            usual(RUN, ["2023-01-01", "2024-06-29"], ["2023-01", "2024-11"]),
            expected(&["2023-12", "2024-03"])
        );
        // November is published, and the run does not have it whole.
        assert_eq!(
            usual(
                ["2023-01-01", "2024-11-15"],
                ["2023-01-01", "2024-09-30"],
                ["2023-01", "2024-11"]
            ),
            expected(&["2023-12", "2024-03", "2024-06", "2024-09"])
        );
        // Nor October here.
        assert_eq!(
            usual(
                ["2023-01-01", "2024-10-15"],
                ["2023-01-01", "2024-09-30"],
                ["2023-01", "2024-11"]
            ),
            expected(&["2023-12", "2024-03", "2024-06"])
        );
        // A window that begins later.
        assert_eq!(
            usual(RUN, ["2024-02-01", "2024-06-30"], ["2023-01", "2024-11"]),
            expected(&["2024-03", "2024-06"])
        );
        // A start in the second month of a quarter.
        assert_eq!(
            usual(
                ["2023-02-01", "2024-12-31"],
                ["2023-02-01", "2024-06-30"],
                ["2023-02", "2024-11"]
            ),
            expected(&["2024-03", "2024-06"])
        );
    }

    #[test]
    fn origins_named_are_sorted_and_each_is_there_once() {
        let loaded = loaded(RUN, WINDOW, ["2023-01", "2024-11"]);
        let named = args(&["2024-08", "2024-05", "2024-08"], &["2024-05"]);
        let expected = ["2024-05", "2024-08"].map(str::to_owned).to_vec();
        assert_eq!(origins(&named, &loaded), Ok(expected));
    }

    #[test]
    fn an_origin_that_nothing_is_fitted_to_is_refused() {
        let all = loaded(RUN, WINDOW, ["2023-01", "2024-11"]);
        let late = loaded(RUN, ["2023-03-01", "2023-10-31"], ["2023-01", "2024-11"]);
        for (args, loaded, word) in [
            (
                args(&["2024-11"], &[]),
                &all,
                "2024-11 is outside the window",
            ),
            (
                args(&["2023-02"], &[]),
                &late,
                "2023-02 is outside the window",
            ),
            (
                args(&["2024-05"], &["2024-06"]),
                &all,
                "--breaks 2024-06 is no origin",
            ),
            (args(&[], &[]), &late, "name --origins"),
        ] {
            let told = origins(&args, loaded).unwrap_err();
            assert!(told.contains(word), "{told}");
        }
    }
}
