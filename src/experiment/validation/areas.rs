//! Port encounters by area: counts of a field office against those of its ports. They are published apart, and never fitted to.

use std::collections::BTreeSet;

use super::counts::{place, whole_months};
use super::judge::weighted;
use super::plan::Draws;
use crate::experiment::Responses;
use crate::forecast::{LogError, PointScores, Predictive};
use crate::month::Month;
use crate::scenario::Loaded;
use crate::scenario::breakdown::{Breakdown, Component};

/// Published port encounters of areas whose ports are known.
#[derive(Debug, Clone, PartialEq)]
pub struct Areas {
    /// Month, area, published figure, and the places of the figures of its ports.
    counts: Vec<(Month, String, f64, Vec<usize>)>,
    unknown: BTreeSet<String>,
    in_none: Vec<String>,
}

/// Why a table by area says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AreasError {
    /// The scenario does not say which ports belong together.
    #[error(
        "the scenario does not say which ports an area has; write `[observed.areas]` with lines such as \"San Diego\" = [\"san_ysidro\", \"calexico\"]"
    )]
    NoAreas,
    /// None of its months and areas is simulated.
    #[error("no port count of an area in `[observed.areas]` lies in the run")]
    Nothing,
}

/// A published count of an area and what was simulated.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaRow {
    /// Its month.
    pub month: Month,
    /// The area.
    pub area: String,
    /// The published count.
    pub observed: f64,
    /// The median of what was simulated.
    pub simulated: f64,
}

/// Errors of each area over its months, in the order of the rows.
#[must_use]
pub fn scores_by_area(rows: &[AreaRow]) -> Vec<(&str, PointScores)> {
    let mut scores: Vec<(&str, PointScores)> = Vec::new();
    for row in rows {
        let known = scores.iter().position(|(area, _)| *area == row.area);
        let place = known.unwrap_or_else(|| {
            scores.push((&row.area, PointScores::default()));
            scores.len() - 1
        });
        scores[place].1.add(row.simulated, row.observed);
    }
    scores
}

impl Areas {
    /// The counts of a table by area, as far as they are of ports, the area has ports and the month is simulated with all its days. Names
    /// of the figures that they need are added to `figures`.
    ///
    /// # Errors
    /// [`AreasError`].
    pub fn new(
        loaded: &Loaded,
        table: &Breakdown,
        figures: &mut Vec<String>,
    ) -> Result<Self, AreasError> {
        let ports = loaded.file.observed.as_ref().map(|table| &table.areas);
        let ports = ports
            .filter(|ports| !ports.is_empty())
            .ok_or(AreasError::NoAreas)?;
        let months = whole_months(loaded);
        let (mut counts, mut unknown) = (Vec::new(), BTreeSet::new());
        let simulated = (table.counts.iter())
            .filter(|count| count.component == Component::Port && months.contains(&count.month));
        for count in simulated {
            let Some(persons) = count.persons else {
                continue;
            };
            let Some(ports) = ports.get(&count.of) else {
                unknown.insert(count.of.clone());
                continue;
            };
            let month = count.month;
            let places = ports
                .iter()
                .map(|port| place(figures, format!("port_encounters/{port}@{month}")));
            counts.push((month, count.of.clone(), persons, places.collect()));
        }
        if counts.is_empty() {
            return Err(AreasError::Nothing);
        }
        let is_in_none = |port: &&String| !ports.values().any(|of_area| of_area.contains(port));
        let in_none = loaded.scenario.ports.iter().filter(is_in_none).cloned();
        Ok(Self {
            counts,
            unknown,
            in_none: in_none.collect(),
        })
    }

    /// Ports that `[observed.areas]` has in no area: what happens there is in no figure.
    #[must_use]
    pub fn in_none(&self) -> &[String] {
        &self.in_none
    }

    /// Areas of the table of which `[observed.areas]` names no ports: they are left out.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        self.unknown.iter().map(String::as_str)
    }

    /// What was simulated of each.
    #[must_use]
    pub fn judge(&self, draws: &Draws, responses: &Responses) -> Vec<AreaRow> {
        let row = |(month, area, observed, places): &(Month, String, f64, Vec<usize>)| {
            let sum = |values: &[Option<f64>]| places.iter().map(|&place| values[place]).sum();
            Some(AreaRow {
                month: *month,
                area: area.clone(),
                observed: *observed,
                simulated: Predictive::new(weighted(draws, responses, sum), LogError::NONE)?
                    .median(),
            })
        };
        self.counts.iter().filter_map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scenario;
    use crate::scenario::breakdown::By;

    fn read(text: &str) -> Result<(Areas, Vec<String>), AreasError> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/cbp-one.toml");
        let loaded = scenario::load(&file, &[]).unwrap();
        let mut figures = vec!["irregular_encounters@2024-01".to_owned()];
        let table = Breakdown::parse("areas.csv", text, By::Area).unwrap();
        Areas::new(&loaded, &table, &mut figures).map(|areas| (areas, figures))
    }

    #[test]
    fn an_area_is_the_sum_of_its_ports() {
        let text = "month,component,area,encounters\n\
            2024-02,port,San Diego,13000\n\
            2024-02,irregular,San Diego,31000\n\
            2024-02,port,Nowhere,5\n\
            2021-02,port,Tucson,5\n\
            2024-03,port,Tucson,\n";
        let (areas, figures) = read(text).unwrap();
        let [(month, area, count, places)] = &areas.counts[..] else {
            panic!("{areas:?}");
        };
        assert_eq!((*month, area.as_str()), (Month::new(2024, 2), "San Diego"));
        assert!((count - 13_000.0).abs() < 1e-9);
        let ports = ["san_ysidro", "calexico"];
        let expected = ports.map(|port| format!("port_encounters/{port}@2024-02"));
        assert_eq!(places, &[1, 2]);
        assert_eq!(figures[1..], expected);
    }

    #[test]
    fn a_table_that_says_nothing_of_the_run_is_refused() {
        let nothing = read("month,component,area,encounters\n2021-02,port,Tucson,5\n");
        assert_eq!(nothing.map(|_| ()), Err(AreasError::Nothing));
    }
}
