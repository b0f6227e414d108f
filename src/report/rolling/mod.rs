//! Forecasts from rolling origins: a table with what it means in words ([`table`](mod@table)), CSV and JSON for programs ([`files`]).

pub mod files;
pub mod table;

use jiff::civil::Date;

use super::manifest::Manifest;
use crate::experiment::validation::{Origin, OriginColumn};
use crate::forecast::{PredictiveScores, Rival};

pub use files::{document, forecasts, origins};
pub use table::table;

/// Forecasts from rolling origins and where they come from.
#[derive(Debug, Clone, Copy)]
pub struct Rolled<'a> {
    /// Provenance.
    pub manifest: &'a Manifest,
    /// The origins, in order.
    pub origins: &'a [Origin],
    /// Origins that are scored apart.
    pub breaks: &'a [Date],
    /// Share of the predictive distribution in an interval.
    pub share: f64,
}

impl Rolled<'_> {
    /// Mean over the breaks, or over the other origins, of the MAPE of a column: of the forecasts, or of a rival. `None` where no such
    /// origin has one.
    #[must_use]
    pub fn mean(&self, column: &str, breaks: bool, rival: Option<Rival>) -> Option<f64> {
        let origins = self.origins.iter();
        let of_kind = origins.filter(|origin| self.breaks.contains(&origin.month) == breaks);
        let errors: Vec<f64> = of_kind
            .filter_map(|origin| mape(origin.columns.iter().find(|it| it.column == column)?, rival))
            .collect();
        (!errors.is_empty()).then(|| errors.iter().sum::<f64>() / errors.len() as f64)
    }

    /// Columns in the order of results, those of the whole border first.
    fn columns(&self) -> Vec<(&str, bool)> {
        let mut columns: Vec<(&str, bool)> = Vec::new();
        for column in self.origins.iter().flat_map(|origin| &origin.columns) {
            if !columns.iter().any(|(name, _)| *name == column.column) {
                columns.push((&column.column, column.is_whole_border));
            }
        }
        columns.sort_by_key(|(_, is_whole_border)| !is_whole_border);
        columns
    }

    /// Scores of a column over the months of all origins.
    fn pooled(&self, column: &str) -> PredictiveScores {
        let columns = self.origins.iter().flat_map(|origin| &origin.columns);
        let of_column = columns.filter(|it| it.column == column);
        let mut pooled = PredictiveScores::default();
        for column in of_column {
            pooled.merge(&column.contest.scores);
        }
        pooled
    }
}

/// MAPE of a column at an origin: of the forecasts, or of a rival.
fn mape(column: &OriginColumn, rival: Option<Rival>) -> Option<f64> {
    match rival {
        None => column.contest.scores.points.mape(),
        Some(rival) => {
            let mut matches = column.contest.matches.iter();
            matches.find(|(name, _)| *name == rival)?.1.theirs.mape()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};

    use jiff::civil::date;

    use super::*;
    use crate::experiment::validation::ForecastMonth;
    use crate::forecast::{LogError, Predictive, Subject, contest, months_after, rivals_of_month};
    use crate::report::tests::manifest;

    /// A column that was 100 until December 2023 and is 200 since, with what was forecast of the months after the origin.
    fn column(name: &str, is_whole_border: bool, origin: Date, forecasts: &[f64]) -> OriginColumn {
        let first = date(2023, 1, 1);
        let figure = |after| (after, if after < 12 { 100.0 } else { 200.0 });
        let figures = (0..24).map(figure);
        let subject = Subject {
            figures: figures
                .map(|(after, figure)| (months_after(first, after), figure))
                .collect(),
            parts: Vec::new(),
        };
        let forecasts: Vec<(Date, Predictive)> = (1..)
            .zip(forecasts)
            .filter_map(|(after, &forecast)| {
                let predictive = Predictive::new([(forecast, 1.0)], LogError::normal(0.1))?;
                Some((months_after(origin, after), predictive))
            })
            .collect();
        let months = forecasts.iter().map(|(month, predictive)| {
            let month = *month;
            ForecastMonth {
                month,
                observed: 200.0,
                forecast: predictive.median(),
                interval: predictive.interval(0.8),
                rivals: rivals_of_month(&subject, origin, month),
            }
        });
        let said = forecasts
            .iter()
            .map(|(month, predictive)| (*month, predictive));
        OriginColumn {
            column: name.to_owned(),
            is_whole_border,
            months: months.collect(),
            contest: contest(&subject, |_| origin, said, 0.8),
        }
    }

    /// Off by 40% at a break in December 2023, and by 5% and 15% at two other origins; of a group, once inside the interval.
    fn origins() -> Vec<Origin> {
        let origin = |month: Date, effective, forecasts: &[f64], of_group: f64| Origin {
            month,
            effective,
            r_hat: 1.02,
            columns: vec![
                column("port_encounters_all", false, month, &[of_group]),
                column("port_encounters", true, month, forecasts),
            ],
            untold: Vec::new(),
            failures: Vec::new(),
        };
        vec![
            origin(date(2023, 12, 1), 40.0, &[120.0, 120.0], 100.0),
            origin(date(2024, 3, 1), 31.9, &[210.0, 190.0], 205.0),
            origin(date(2024, 6, 1), 50.0, &[230.0], 400.0),
        ]
    }

    fn written(
        breaks: &[Date],
        origins: &[Origin],
        write: fn(&Rolled<'_>, &mut dyn Write) -> io::Result<()>,
    ) -> String {
        let rolled = Rolled {
            manifest: &manifest(2),
            origins,
            breaks,
            share: 0.8,
        };
        let mut text = Vec::new();
        write(&rolled, &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    /// The words of every line.
    fn lines(text: &str) -> Vec<String> {
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        text.lines().map(words).collect()
    }

    #[test]
    fn breaks_and_other_origins_have_means_of_their_own() {
        let origins = origins();
        let rolled = Rolled {
            manifest: &manifest(2),
            origins: &origins,
            breaks: &[date(2023, 12, 1)],
            share: 0.8,
        };
        let mean = |breaks, rival| rolled.mean("port_encounters", breaks, rival).unwrap();
        assert!((mean(true, None) - 0.4).abs() < 1e-9);
        // Each origin counts once, whatever its months.
        assert!((mean(false, None) - 0.1).abs() < 1e-9);
        assert!((mean(true, Some(Rival::LastValue)) - 0.5).abs() < 1e-9);
        assert!(mean(false, Some(Rival::LastValue)).abs() < 1e-9);
        assert_eq!(rolled.mean("registrations", false, None), None);
        let calm = Rolled {
            breaks: &[],
            ..rolled
        };
        assert_eq!(calm.mean("port_encounters", true, None), None);
        let of_all = calm.mean("port_encounters", false, None).unwrap();
        assert!((of_all - 0.2).abs() < 1e-9);
    }

    #[test]
    fn the_table_names_breaks_and_gives_their_mean_apart() {
        let told = lines(&written(&[date(2023, 12, 1)], &origins(), table));
        let begins = |with: &str| told.iter().any(|line| line.starts_with(with));
        for row in [
            "2023-12 break 2 40.0%",
            "2024-03 2 5.0%",
            "2024-06 1 15.0%",
            "mean of breaks 40.0%",
            "mean of others 10.0%",
        ] {
            assert!(begins(row), "{row}: {told:#?}");
        }
        let told = lines(&written(&[], &origins(), table));
        assert!(
            told.iter().any(|line| line.starts_with("mean 20.0%")),
            "{told:#?}"
        );
        assert!(!told.iter().any(|line| line.contains("break")), "{told:#?}");
    }

    #[test]
    fn sentences_tell_the_worst_chains_and_the_coverage_of_groups_alone() {
        let told = written(&[], &origins(), table);
        assert!(
            told.contains("are worth 31 independent draws or more; R-hat is 1.02 at most."),
            "{told}"
        );
        let covered = "1 of 3 published figures (33.3%) are inside their 80% intervals.";
        assert!(told.contains(covered), "{told}");
        let mut whole_border = origins();
        for origin in &mut whole_border {
            origin.columns.retain(|column| column.is_whole_border);
        }
        let told = written(&[], &whole_border, table);
        assert!(!told.contains("Over all groups"), "{told}");
    }

    #[test]
    fn a_figure_that_cannot_be_forecast_is_told() {
        let mut origins = origins();
        assert!(!written(&[], &origins, table).contains("Not forecast"));
        let pool = ("pool_size".to_owned(), date(2024, 9, 1));
        origins[2].untold.push(pool);
        let told = written(&[], &origins, table);
        let expected = "being a wait or 0 at some point that was simulated: pool_size of 2024-09 from 2024-06.";
        assert!(told.contains(expected), "{told}");
    }

    #[test]
    fn coverage_pools_the_months_of_all_origins() {
        let told = lines(&written(&[], &origins(), table));
        // Of 120, 120, 210, 190, 230 for 200: a mean of the months and not of the origins; 120 is far outside, 230 by a little.
        let expected = "port_encounters 5 21.0% -13.0% 2 of 5";
        assert!(told.iter().any(|line| line == expected), "{told:#?}");
    }

    #[test]
    fn files_have_every_month_and_every_forecaster() {
        let breaks = [date(2023, 12, 1)];
        let months = written(&breaks, &origins(), forecasts);
        let of_portflow = months.lines().filter(|line| line.contains(",portflow,"));
        assert_eq!(of_portflow.count(), 5 + 3, "{months}");
        assert!(months.contains("\n2024-03,port_encounters,2024-05,portflow,200.0,190.0,-0.05,"));
        // After the break the last value is half of what is published, as its mean in the scores says.
        assert!(
            months.contains("\n2023-12,port_encounters,2024-01,last_value,200.0,100.0,-0.5,,,\n")
        );
        let scores = written(&breaks, &origins(), files::origins);
        assert!(scores.contains("\n2023-12,true,port_encounters,portflow,2,0.4,-0.4,0.0,"));
        assert!(scores.contains("\n2024-03,false,port_encounters,last_value,2,0.0,0.0,,\n"));
        let all: serde_json::Value =
            serde_json::from_str(&written(&breaks, &origins(), document)).unwrap();
        let forecasts = all["forecasts"].as_array().unwrap();
        assert_eq!(forecasts.len(), months.lines().count() - 1);
        assert_eq!(forecasts[0]["forecast_by"], "portflow");
        assert_eq!(all["scores"][0]["break"], true);
    }
}
