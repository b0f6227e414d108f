//! Forecasts from rolling origins: a table with what it means in words ([`table`](mod@table)), CSV and JSON for programs ([`files`]).

pub mod files;
pub mod table;

use crate::experiment::validation::Forecasts;
use crate::store::Manifest;

pub use files::{document, forecasts, origins, ports_exceed, skills};
pub use table::table;

/// Forecasts from rolling origins and where they come from.
#[derive(Debug, Clone, Copy)]
pub struct Rolled<'a> {
    /// Provenance.
    pub manifest: &'a Manifest,
    /// What was forecast.
    pub forecasts: &'a Forecasts,
    /// Share of the predictive distribution in an interval.
    pub share: f64,
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};

    use super::*;
    use crate::experiment::validation::Origin;
    use crate::experiment::validation::example::origins;
    use crate::forecast::Rival;
    use crate::month::Month;
    use crate::store::manifest::example::manifest;

    fn written(
        breaks: &[Month],
        origins: &[Origin],
        write: fn(&Rolled<'_>, &mut dyn Write) -> io::Result<()>,
    ) -> String {
        let forecasts = Forecasts {
            origins: origins.to_vec(),
            breaks: breaks.to_vec(),
        };
        let rolled = Rolled {
            manifest: &manifest(2),
            forecasts: &forecasts,
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
    fn the_table_names_breaks_and_gives_their_mean_apart() {
        let told = lines(&written(&[Month::new(2023, 12)], &origins(), table));
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

    /// Last year's month is known of the first two origins; and of the third, were it not taken away.
    #[test]
    fn a_mean_over_fewer_origins_is_marked() {
        let mean = |origins: &[Origin]| {
            let text = written(&[], origins, table);
            let line = lines(&text)
                .into_iter()
                .find(|line| line.starts_with("mean"));
            (line.unwrap(), text)
        };
        let (all, text) = mean(&origins());
        assert!(!all.contains('†'), "{all}");
        assert!(
            !text.contains("same_month_last_year, which takes"),
            "{text}"
        );
        let mut without = origins();
        for column in &mut without[2].columns {
            let matches = &mut column.contest.matches;
            matches.retain(|(rival, _)| *rival != Rival::SameMonthLastYear);
        }
        let (marked, text) = mean(&without);
        assert_eq!(marked.matches('†').count(), 1, "{marked}");
        let told = "same_month_last_year, which takes the same month of the year before: port_encounters (has 4 of 5)";
        assert!(text.contains(told), "{text}");
        assert!(text.contains("A mean marked † is of fewer months"));
    }

    #[test]
    fn sentences_tell_the_worst_chains_and_the_coverage_of_groups_alone() {
        let told = written(&[], &origins(), table);
        let chains = "are worth 31 independent draws or more, fewest for patience at 2024-03; R-hat is 1.02 at most (of a calibration 400 and 1.01 are asked).";
        assert!(told.contains(chains), "{told}");
        let exceed = "Ports exceed with a probability of 5.0% in 2024-07 forecast from 2024-06; in every other month forecast with one below 5%.";
        assert!(told.contains(exceed), "{told}");
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
        let pool = ("pool_size".to_owned(), Month::new(2024, 9));
        origins[2].untold.push(pool);
        let told = written(&[], &origins, table);
        let expected = "being a wait or 0 at some point that was simulated: pool_size of 2024-09 from 2024-06.";
        assert!(told.contains(expected), "{told}");
    }

    /// Ports exceed in all five published months; the probabilities are 4%, 0, 3.19%, 0 and 5%.
    #[test]
    fn probabilities_that_ports_exceed_are_scored_where_both_figures_are_published() {
        assert!(!written(&[], &origins(), table).contains("Brier"));
        let mut none = origins();
        for origin in &mut none {
            origin.ports_exceed.clear();
        }
        let told = written(&[], &none, table);
        assert!(!told.contains("ports exceed"), "{told}");
        let mut both = origins();
        for origin in &mut both {
            let mut between = origin.columns[1].clone();
            between.column = "irregular_encounters".to_owned();
            for month in &mut between.months {
                month.observed = 150.0;
            }
            origin.columns.push(between);
        }
        let told = written(&[], &both, table);
        let score = "(its mean squared difference from 1 where they did and from 0 where they did not; 0 is perfect): 0.952 over 5 forecasts of published months, against 1.000 of a probability of 0.";
        assert!(told.contains(score), "{told}");
        let exceed = written(&[], &both, ports_exceed);
        assert!(
            exceed.contains("\n2024-06,2024-07,0.05,true\n2024-06,2024-08,0,\n"),
            "{exceed}"
        );
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
        let breaks = [Month::new(2023, 12)];
        let months = written(&breaks, &origins(), forecasts);
        let of_portflow = months.lines().filter(|line| line.contains(",portflow,"));
        assert_eq!(of_portflow.count(), 5 + 3, "{months}");
        assert!(months.contains("\n2024-03,port_encounters,2024-05,portflow,200,190,-0.05,"));
        // After the break the last value is half of what is published, as its mean in the scores says.
        assert!(months.contains("\n2023-12,port_encounters,2024-01,last_value,200,100,-0.5,,,\n"));
        let scores = written(&breaks, &origins(), files::origins);
        assert!(scores.contains("\n2023-12,true,port_encounters,portflow,2,0.4,-0.4,0,"));
        assert!(scores.contains("\n2024-03,false,port_encounters,last_value,2,0,0,,\n"));
        let all: serde_json::Value =
            serde_json::from_str(&written(&breaks, &origins(), document)).unwrap();
        let forecasts = all["forecasts"].as_array().unwrap();
        assert_eq!(forecasts.len(), months.lines().count() - 1);
        assert_eq!(forecasts[0]["forecast_by"], "portflow");
        assert_eq!(all["scores"][0]["break"], true);
        let exceed = written(&breaks, &origins(), ports_exceed);
        assert!(
            exceed.starts_with("origin,month,probability,exceeded\n2023-12,2024-01,0.04,\n"),
            "{exceed}"
        );
        assert_eq!(
            all["ports_exceed"].as_array().unwrap().len(),
            exceed.lines().count() - 1
        );
    }
}
