//! What is wrong with a design or its outcomes; which groups of outcomes are whole.

use crate::design::SobolSequence;

/// Numbers that make no design for a sensitivity analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DesignError {
    /// There is nothing to vary.
    #[error("a sensitivity analysis needs a factor to vary")]
    NoFactors,
    /// There are more factors than the Sobol' sequence has pairs of dimensions.
    #[error("Sobol' indices can be had of at most {} factors; found {found}", SobolSequence::MAX_DIMENSIONS / 2)]
    TooManyFactors {
        /// Factors asked for.
        found: usize,
    },
    /// Fewer than two rows or trajectories.
    #[error("a sensitivity analysis needs at least 2 {what}; found {found}")]
    TooFew {
        /// What there are too few of.
        what: &'static str,
        /// How many were asked for.
        found: u32,
    },
    /// Morris' step is half of the levels.
    #[error("Morris' screening needs an even number of levels, such as 4; found {found}")]
    Levels {
        /// Levels asked for.
        found: u32,
    },
}

/// Outcomes that tell nothing about sensitivity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OutcomeError {
    /// Not one outcome for each point.
    #[error("the design has {expected} points, but there are {found} outcomes")]
    Count {
        /// Points of the design.
        expected: u64,
        /// Outcomes given.
        found: u64,
    },
    /// Fewer than two groups of runs are whole.
    #[error(
        "only {complete} groups of runs have all their outcomes, {dropped} have not; at least 2 are needed"
    )]
    TooFew {
        /// Groups with all their outcomes.
        complete: u32,
        /// Groups without.
        dropped: u32,
    },
    /// The outcome is the same at both random points of every row, so there is no variance to share out.
    #[error(
        "the outcome is the same at both random points of every row: there is no variance to explain"
    )]
    NoVariance,
}

/// A group of runs that has all its outcomes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    /// Its number in the design, from 0.
    pub(super) number: u32,
    /// Its outcomes in the order of its points; all finite.
    pub(super) outcomes: Vec<f64>,
}

/// Groups with all their outcomes, in order, and the number of those without.
///
/// An outcome that is infinite or not a number counts as missing.
///
/// # Errors
/// If there are not `groups` times `size` outcomes, or fewer than two groups are whole.
pub(super) fn whole_groups(
    outcomes: &[Option<f64>],
    groups: u32,
    size: usize,
) -> Result<(Vec<Group>, u32), OutcomeError> {
    let expected = u64::from(groups) * size as u64;
    if outcomes.len() as u64 != expected {
        return Err(OutcomeError::Count {
            expected,
            found: outcomes.len() as u64,
        });
    }
    let whole: Vec<Group> = (0..)
        .zip(outcomes.chunks_exact(size))
        .filter_map(|(number, group)| {
            let outcomes = group
                .iter()
                .map(|outcome| outcome.filter(|value| value.is_finite()))
                .collect::<Option<_>>()?;
            Some(Group { number, outcomes })
        })
        .collect();
    // No more groups than `groups`.
    let complete = whole.len() as u32;
    let dropped = groups - complete;
    if complete < 2 {
        return Err(OutcomeError::TooFew { complete, dropped });
    }
    Ok((whole, dropped))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_with_a_missing_or_infinite_outcome_is_left_out_and_counted() {
        let outcomes = [
            Some(1.0),
            Some(2.0),
            None,
            Some(3.0),
            Some(4.0),
            Some(f64::INFINITY),
            Some(5.0),
            Some(6.0),
            Some(f64::NAN),
            None,
        ];
        let (groups, dropped) = whole_groups(&outcomes, 5, 2).unwrap();
        assert_eq!(dropped, 3);
        assert_eq!(
            groups,
            [
                Group {
                    number: 0,
                    outcomes: vec![1.0, 2.0]
                },
                Group {
                    number: 3,
                    outcomes: vec![5.0, 6.0]
                }
            ]
        );
    }

    #[test]
    fn a_wrong_number_of_outcomes_is_refused() {
        let error = whole_groups(&[Some(1.0); 5], 3, 2).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the design has 6 points, but there are 5 outcomes"
        );
    }

    #[test]
    fn one_whole_group_is_too_few() {
        let outcomes = [Some(1.0), Some(1.0), None, Some(1.0)];
        assert_eq!(
            whole_groups(&outcomes, 2, 2),
            Err(OutcomeError::TooFew {
                complete: 1,
                dropped: 1
            })
        );
    }
}
