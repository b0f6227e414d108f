//! Family status: published shares of encounters in families against persons in parties of two or more. Never fitted to, and a rough
//! counterpart only.
//!
//! Nothing is recorded by party size, and nobody decides by it: only a party for which a date has too few slots waits longer. So the
//! share is what the party sizes of the scenario imply of the persons encountered of each group g,
//!
//! `Σ f(g) n(g) / Σ n(g)`, with `f(g) = Σ_{k ≥ 2} k p(g, k) / Σ_k k p(g, k)`,
//!
//! where p(g, k) are the odds of a party of k and n(g) the encounters simulated.

use std::collections::BTreeMap;

use super::counts::{place, whole_months};
use super::judge::weighted;
use super::plan::Draws;
use crate::experiment::Responses;
use crate::forecast::{LogError, Predictive};
use crate::month::Month;
use crate::record::Metric;
use crate::scenario::breakdown::{Breakdown, Component, FamilyStatus};
use crate::scenario::{Loaded, group::Group};

/// Published shares of encounters in families, of months that are simulated.
#[derive(Debug, Clone, PartialEq)]
pub struct Families {
    /// Share of the persons of each group in parties of two or more.
    in_parties: Vec<f64>,
    /// Component, month, published share, and the place of the figure of each group.
    shares: Vec<(Component, Month, f64, Vec<usize>)>,
}

/// Why a table by family status says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FamiliesError {
    /// None of its months is simulated.
    #[error("no published month by family status lies in the run with all its days")]
    Nothing,
    /// Party sizes differ between draws.
    #[error("the draws change `{0}`; the share in families is that of one table of party sizes")]
    Drawn(String),
}

/// A published share of encounters in families and what was simulated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FamilyRow {
    /// Where they were encountered.
    pub component: Component,
    /// The month.
    pub month: Month,
    /// Family unit individuals and accompanied minors over all that is published of the component.
    pub observed: f64,
    /// Median share of persons in parties of two or more.
    pub simulated: f64,
}

impl FamilyRow {
    /// Simulated less published share.
    #[must_use]
    pub fn difference(&self) -> f64 {
        self.simulated - self.observed
    }
}

impl Families {
    /// The shares of a table by family status, by component and month, as far as the month is simulated with all its days and none of its
    /// counts is empty. Names of the figures that they need are added to `figures`.
    ///
    /// # Errors
    /// [`FamiliesError`].
    pub fn new(
        loaded: &Loaded,
        draws: &Draws,
        table: &Breakdown,
        figures: &mut Vec<String>,
    ) -> Result<Self, FamiliesError> {
        if let Some(key) = (draws.keys.iter()).find(|key| key.contains(".party_size")) {
            return Err(FamiliesError::Drawn(key.clone()));
        }
        let groups = &loaded.scenario.groups;
        let places = |component: Component, month: Month, figures: &mut Vec<String>| {
            let metric = metric(component).name();
            let name = |group| format!("{metric}/{group}@{month}");
            groups
                .iter()
                .map(|group| place(figures, name(group)))
                .collect()
        };
        let mut shares = Vec::new();
        let months = whole_months(loaded);
        for ((component, month), count) in counts(table) {
            if let Some([families, all]) = count.filter(|_| months.contains(&month))
                && all > 0.0
            {
                let places = places(component, month, figures);
                shares.push((component, month, families / all, places));
            }
        }
        if shares.is_empty() {
            return Err(FamiliesError::Nothing);
        }
        let groups = groups.iter().map(|id| &loaded.scenario.world.groups[id]);
        Ok(Self {
            in_parties: groups.map(in_parties).collect(),
            shares,
        })
    }

    /// What was simulated of each. A month without encounters in every replication has no share and is left out.
    #[must_use]
    pub fn judge(&self, draws: &Draws, responses: &Responses) -> Vec<FamilyRow> {
        let row = |(component, month, observed, places): &(Component, Month, f64, Vec<usize>)| {
            let share = |values: &[Option<f64>]| self.share(places, values);
            Some(FamilyRow {
                component: *component,
                month: *month,
                observed: *observed,
                simulated: Predictive::new(weighted(draws, responses, share), LogError::NONE)?
                    .median(),
            })
        };
        self.shares.iter().filter_map(row).collect()
    }

    /// The share of a replication.
    fn share(&self, places: &[usize], values: &[Option<f64>]) -> Option<f64> {
        let counts: Option<Vec<f64>> = places.iter().map(|&place| values[place]).collect();
        let counts = counts?;
        let all: f64 = counts.iter().sum();
        let families = (counts.iter().zip(&self.in_parties)).map(|(count, share)| count * share);
        (all > 0.0).then(|| families.sum::<f64>() / all)
    }
}

/// Share of the persons of a group in parties of two or more.
fn in_parties(group: &Group) -> f64 {
    let sizes = group.party_size.iter();
    let persons = sizes.filter_map(|(size, odds)| Some((size.parse::<u8>().ok()?, odds)));
    let (mut several, mut all) = (0.0, 0.0);
    for (size, odds) in persons {
        let persons = f64::from(size) * odds;
        all += persons;
        several += if size >= 2 { persons } else { 0.0 };
    }
    several / all
}

/// Counts of families and of all, by component and month; `None` where one of them is empty.
type Counts = BTreeMap<(Component, Month), Option<[f64; 2]>>;

fn counts(table: &Breakdown) -> Counts {
    let mut counts = Counts::new();
    for count in &table.counts {
        let key = (count.component, count.month);
        let sums = counts.entry(key).or_insert(Some([0.0; 2]));
        *sums = sums.zip(count.persons).map(|([families, all], persons)| {
            let is_family = FamilyStatus::of(&count.of).is_some_and(FamilyStatus::is_family);
            let of_families = if is_family { persons } else { 0.0 };
            [families + of_families, all + persons]
        });
    }
    counts
}

const fn metric(component: Component) -> Metric {
    match component {
        Component::Port => Metric::PortEncounters,
        Component::Irregular => Metric::IRREGULAR_ENCOUNTERS,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scenario;
    use crate::scenario::breakdown::By;

    fn read(draws: &Draws, text: &str) -> Result<(Families, Vec<String>), FamiliesError> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/cbp-one.toml");
        let loaded = scenario::load(&file, &[]).unwrap();
        let mut figures = vec!["irregular_encounters/mexican@2024-02".to_owned()];
        let table = Breakdown::parse("families.csv", text, By::Family).unwrap();
        Families::new(&loaded, draws, &table, &mut figures).map(|families| (families, figures))
    }

    #[test]
    fn accompanied_minors_are_of_families_and_children_alone_are_not() {
        let text = "month,component,category,encounters\n\
            2024-02,irregular,Family unit individuals,30\n\
            2024-02,irregular,Single adults,60\n\
            2024-02,irregular,Unaccompanied children / single minors,10\n\
            2024-02,port,Accompanied minors (OFO only),1\n\
            2024-02,port,Family unit individuals,4\n\
            2024-02,port,Single adults,5\n\
            2024-02,port,Unaccompanied children / single minors,0\n\
            2024-03,irregular,Family unit individuals,4\n\
            2024-03,irregular,Single adults,\n\
            2024-03,irregular,Unaccompanied children / single minors,1\n\
            2021-02,irregular,Family unit individuals,5\n\
            2021-02,irregular,Single adults,5\n\
            2021-02,irregular,Unaccompanied children / single minors,5\n";
        let (families, figures) = read(&Draws::as_it_is(), text).unwrap();
        let [port, irregular] = &families.shares[..] else {
            panic!("{families:?}");
        };
        assert_eq!((port.0, port.1), (Component::Port, Month::new(2024, 2)));
        assert!((port.2 - 0.5).abs() < 1e-12 && (irregular.2 - 0.3).abs() < 1e-12);
        // The figure that is simulated already is used.
        assert_eq!(irregular.3[0], 0);
        assert_eq!(
            figures[port.3[1]],
            "port_encounters/northern_central_american@2024-02"
        );
    }

    #[test]
    fn a_share_counts_persons_and_not_parties_and_weighs_groups_by_their_encounters() {
        let sizes = |sizes: &[(&str, f64)]| Group {
            party_size: sizes
                .iter()
                .map(|(size, odds)| ((*size).to_owned(), *odds))
                .collect(),
            ..Group::default()
        };
        // Of 0.6 + 0.8 persons, 0.8 are in pairs.
        assert!((in_parties(&sizes(&[("1", 3.0), ("2", 2.0)])) - 4.0 / 7.0).abs() < 1e-12);
        assert!(in_parties(&sizes(&[("1", 1.0)])).abs() < 1e-12);
        let families = Families {
            in_parties: vec![0.2, 0.6],
            shares: Vec::new(),
        };
        let share = families
            .share(&[1, 0], &[Some(100.0), Some(300.0)])
            .unwrap();
        assert!((share - 0.3).abs() < 1e-12, "{share}");
        assert_eq!(families.share(&[0, 1], &[Some(0.0), Some(0.0)]), None);
    }

    #[test]
    fn a_table_that_cannot_be_compared_is_refused() {
        let as_it_is = Draws::as_it_is();
        let with = |year: u32| {
            format!(
                "month,component,category,encounters\n\
                {year}-02,irregular,Family unit individuals,5\n\
                {year}-02,irregular,Single adults,5\n\
                {year}-02,irregular,Unaccompanied children / single minors,5\n"
            )
        };
        let told = read(&as_it_is, &with(2021)).map(|_| ());
        assert_eq!(told, Err(FamiliesError::Nothing));
        let drawn = Draws {
            keys: vec!["world.groups.mexican.party_size.1".to_owned()],
            ..as_it_is
        };
        let told = read(&drawn, &with(2024)).map(|_| ());
        assert!(matches!(told, Err(FamiliesError::Drawn(_))));
    }
}
