//! The forecasts from several origins, scored together: all of them, and breaks apart.

use super::origin::{Origin, OriginColumn};
use crate::forecast::{Lack, PredictiveScores, Rival, lacks, skill, standing};
use crate::month::Month;

/// Origins that are scored together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OriginKind {
    /// Every one.
    All,
    /// Those after which comes what no earlier month could teach.
    Breaks,
    /// The others.
    Others,
}

impl OriginKind {
    /// The word for it in results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Breaks => "breaks",
            Self::Others => "others",
        }
    }
}

/// The forecasts from several origins.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Forecasts {
    /// The origins, in order.
    pub origins: Vec<Origin>,
    /// Those after which comes what no earlier month could teach: scored apart.
    pub breaks: Vec<Month>,
}

impl Forecasts {
    /// Whether an origin is scored apart.
    #[must_use]
    pub fn is_break(&self, origin: &Origin) -> bool {
        self.breaks.contains(&origin.month)
    }

    /// The kinds that are told apart: all alone where there are no breaks.
    #[must_use]
    pub fn kinds(&self) -> &'static [OriginKind] {
        if self.breaks.is_empty() {
            &[OriginKind::All]
        } else {
            &[OriginKind::All, OriginKind::Breaks, OriginKind::Others]
        }
    }

    /// A column at every origin of a kind that has it.
    fn of_kind(&self, column: &str, kind: OriginKind) -> impl Iterator<Item = &OriginColumn> {
        let origins = self.origins.iter().filter(move |origin| match kind {
            OriginKind::All => true,
            OriginKind::Breaks => self.is_break(origin),
            OriginKind::Others => !self.is_break(origin),
        });
        let columns = origins.flat_map(|origin| &origin.columns);
        columns.filter(move |it| it.column == column)
    }

    /// Mean over the origins of a kind of the [MAPE](OriginColumn::mape) of a column: of the forecasts, or of a rival. `None` where no such
    /// origin has one.
    #[must_use]
    pub fn mean(&self, column: &str, kind: OriginKind, rival: Option<Rival>) -> Option<f64> {
        let columns = self.of_kind(column, kind);
        let errors: Vec<f64> = columns.filter_map(|it| it.mape(rival)).collect();
        (!errors.is_empty()).then(|| errors.iter().sum::<f64>() / errors.len() as f64)
    }

    /// Skill of the forecasts of a column against a rival: 1 less the ratio of the two means of the [MAPE](OriginColumn::mape), over the
    /// months and origins of a kind where both have one. `None` where there is no such origin, and against a rival that made no error.
    #[must_use]
    pub fn skill(&self, column: &str, kind: OriginKind, rival: Rival) -> Option<f64> {
        let (ours, theirs) = self.errors(column, kind, rival)?;
        skill(ours, theirs)
    }

    /// The same, but that a rival without an error counts too, for a [threshold](standing): `None` only where there is no such origin.
    #[must_use]
    pub fn standing(&self, column: &str, kind: OriginKind, rival: Rival) -> Option<f64> {
        let (ours, theirs) = self.errors(column, kind, rival)?;
        Some(standing(ours, theirs))
    }

    /// Sums of the errors of the forecasts and of a rival, over the origins where both have one.
    fn errors(&self, column: &str, kind: OriginKind, rival: Rival) -> Option<(f64, f64)> {
        let both = self.of_kind(column, kind).filter_map(|it| {
            let of = it.against(rival)?;
            of.ours.mape().zip(of.theirs.mape())
        });
        both.reduce(|(ours, theirs), (our, their)| (ours + our, theirs + their))
    }

    /// The simple forecasts that lack months of which there are forecasts from origins of a kind; but for the ratio to a driver where the
    /// column has none.
    #[must_use]
    pub fn lacks(&self, column: &str, kind: OriginKind) -> Vec<Lack> {
        let has_driver = self
            .of_kind(column, OriginKind::All)
            .any(|it| it.against(Rival::RatioToDriver).is_some());
        let contests = self.of_kind(column, kind).map(|it| &it.contest);
        let contests: Vec<_> = contests
            .map(|of| (of.scores.points.n, &of.matches[..]))
            .collect();
        lacks(&contests, has_driver)
    }

    /// Columns in the order of results, those of the whole border first; and whether each is of the whole border.
    #[must_use]
    pub fn columns(&self) -> Vec<(&str, bool)> {
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
    #[must_use]
    pub fn pooled(&self, column: &str) -> PredictiveScores {
        pooled(self.of_kind(column, OriginKind::All))
    }

    /// The same of all columns of groups.
    #[must_use]
    pub fn pooled_groups(&self) -> PredictiveScores {
        let columns = self.origins.iter().flat_map(|origin| &origin.columns);
        pooled(columns.filter(|column| !column.is_whole_border))
    }
}

fn pooled<'a>(columns: impl Iterator<Item = &'a OriginColumn>) -> PredictiveScores {
    let mut pooled = PredictiveScores::default();
    for column in columns {
        pooled.merge(&column.contest.scores);
    }
    pooled
}

#[cfg(test)]
mod tests {
    use super::OriginKind::{All, Breaks, Others};
    use super::*;
    use crate::experiment::validation::example::origins;

    #[test]
    fn breaks_and_other_origins_have_means_of_their_own() {
        let forecasts = Forecasts {
            origins: origins(),
            breaks: vec![Month::new(2023, 12)],
        };
        let mean = |kind, rival| forecasts.mean("port_encounters", kind, rival).unwrap();
        assert!((mean(Breaks, None) - 0.4).abs() < 1e-9);
        // Each origin counts once, whatever its months.
        assert!((mean(Others, None) - 0.1).abs() < 1e-9);
        assert!((mean(All, None) - 0.2).abs() < 1e-9);
        assert!((mean(Breaks, Some(Rival::LastValue)) - 0.5).abs() < 1e-9);
        assert!(mean(Others, Some(Rival::LastValue)).abs() < 1e-9);
        assert_eq!(forecasts.mean("registrations", Others, None), None);
        // Errors of 40%, 5% and 15%, where the last value has 50%, and none since.
        let skill = |kind| forecasts.skill("port_encounters", kind, Rival::LastValue);
        let (all, of_breaks) = (skill(All).unwrap(), skill(Breaks).unwrap());
        assert!((all + 0.2).abs() < 1e-9, "{all}");
        assert!((of_breaks - 0.2).abs() < 1e-9, "{of_breaks}");
        assert_eq!(skill(Others), None);
        let of = |column, rival| forecasts.skill(column, All, rival);
        assert_eq!(of("registrations", Rival::LastValue), None);
        assert_eq!(of("port_encounters", Rival::RatioToDriver), None);
        assert_eq!(forecasts.kinds(), [All, Breaks, Others]);
        let calm = Forecasts {
            breaks: Vec::new(),
            ..forecasts
        };
        let mean = |kind| calm.mean("port_encounters", kind, None);
        assert_eq!(mean(Breaks), None);
        assert_eq!(mean(Others), mean(All));
        assert_eq!(calm.kinds(), [All]);
    }
}
