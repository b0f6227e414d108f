//! Sobol' indices: the share of the variance of an outcome that each factor explains.

use super::bootstrap::{self, BootstrapEstimate, FEWEST_ROWS};
use super::outcomes::{self, DesignError, Group, OutcomeError};
use crate::design::SobolSequence;
use crate::stats::{Level, Moments};

/// Saltelli's design for first and total Sobol' indices.
///
/// Each row has two random points A and B of a scrambled Sobol' sequence and, for each factor i, the point `AB_i`: A with
/// the coordinate i of B. Points are in the order of rows, and within a row A, B, `AB_1`, `AB_2` and so on. (Saltelli et
/// al. 2010, "Variance based sensitivity analysis of model output", doi:10.1016/j.cpc.2009.09.018.)
#[derive(Debug, Clone)]
pub struct SobolDesign {
    rows: u32,
    factors: usize,
    seed: u64,
    sequence: SobolSequence,
}

/// What Sobol' indices say of every factor.
#[derive(Debug, Clone, PartialEq)]
pub struct SobolIndices {
    /// Rows with all their outcomes, on which the estimates rest.
    pub rows: u32,
    /// Rows left out since an outcome is missing.
    pub dropped: u32,
    /// Indices of each factor, in order.
    pub factors: Vec<SobolIndex>,
    /// Sum of the first indices: what the factors explain each alone; 1 where none acts together with another.
    pub sum_of_first: BootstrapEstimate,
}

/// How much of the variance of the outcome one factor explains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SobolIndex {
    /// What the factor explains alone: by how much the variance would fall on average if it were known. Estimated as in
    /// Saltelli et al. (2010), doi:10.1016/j.cpc.2009.09.018, table 2 (b). An estimate can fall below 0. \[share of variance\]
    pub first: BootstrapEstimate,
    /// What the factor explains alone and together with others: how much of the variance would be left on average if all
    /// others were known. Estimated as in Jansen (1999), doi:10.1016/S0010-4655(98)00154-4. \[share of variance\]
    pub total: BootstrapEstimate,
}

impl SobolDesign {
    /// A design of `rows` rows for `factors` factors, random as the seed says.
    ///
    /// A larger number of rows continues the design. The estimates are best at a power of two.
    ///
    /// # Errors
    /// Without factors, with more than half of [`SobolSequence::MAX_DIMENSIONS`], or with fewer than two rows.
    pub fn new(rows: u32, factors: usize, seed: u64) -> Result<Self, DesignError> {
        if factors == 0 {
            return Err(DesignError::NoFactors);
        }
        if rows < 2 {
            return Err(DesignError::TooFew {
                what: "rows",
                found: rows,
            });
        }
        let sequence = SobolSequence::scrambled(factors.saturating_mul(2), seed)
            .map_err(|_| DesignError::TooManyFactors { found: factors })?;
        Ok(Self {
            rows,
            factors,
            seed,
            sequence,
        })
    }

    /// Number of points: rows times (factors + 2).
    #[must_use]
    pub fn points(&self) -> u64 {
        u64::from(self.rows) * self.row_size() as u64
    }

    /// Point number `index`, a coordinate for each factor strictly between 0 and 1.
    ///
    /// # Panics
    /// If the design has no such point.
    #[must_use]
    pub fn point(&self, index: u64) -> Vec<f64> {
        assert!(
            index < self.points(),
            "point {index} of a design of {}",
            self.points()
        );
        let size = self.row_size() as u64;
        // Below the number of rows, hence in range.
        let (row, place) = ((index / size) as u32, (index % size) as usize);
        (0..self.factors)
            .map(|factor| {
                let from_b = place == 1 || place == factor + 2;
                let dimension = factor + if from_b { self.factors } else { 0 };
                self.sequence.coordinate(row, dimension)
            })
            .collect()
    }

    /// The indices from the outcomes of all points, in order, with percentile bootstrap intervals over rows.
    ///
    /// Outcomes are centred first. A row with an outcome that is missing, infinite or not a number is left out. A thousand
    /// resamples are usual. From fewer than [`FEWEST_ROWS`] rows there are no intervals.
    ///
    /// # Errors
    /// If there is not one outcome for each point, fewer than two rows are whole, or the outcome never varies.
    pub fn indices(
        &self,
        outcomes: &[Option<f64>],
        level: Level,
        resamples: u32,
    ) -> Result<SobolIndices, OutcomeError> {
        let (mut rows, dropped) = outcomes::whole_groups(outcomes, self.rows, self.row_size())?;
        centre(&mut rows);
        let used = self.rows - dropped;
        let resamples = if used < FEWEST_ROWS { 0 } else { resamples };
        let estimates = bootstrap::bootstrap(used, self.seed, level, resamples, |chosen| {
            shares(&rows, chosen)
        })
        .ok_or(OutcomeError::NoVariance)?;
        let factors = estimates
            .chunks_exact(2)
            .map(|pair| SobolIndex {
                first: pair[0],
                total: pair[1],
            })
            .collect();
        Ok(SobolIndices {
            rows: used,
            dropped,
            factors,
            sum_of_first: estimates[estimates.len() - 1],
        })
    }

    /// Points of a row.
    fn row_size(&self) -> usize {
        self.factors + 2
    }
}

/// Takes the mean from all outcomes, so that a large one does not cost the digits of the variance.
fn centre(rows: &mut [Group]) {
    let moments: Moments = rows.iter().flat_map(|row| row.outcomes.clone()).collect();
    let mean = moments.mean().expect("there are rows");
    for outcome in rows.iter_mut().flat_map(|row| &mut row.outcomes) {
        *outcome -= mean;
    }
}

/// Part of the mean square of A and B below which their variance is nothing but rounding.
const ROUNDING: f64 = 1e-12;

/// First and total index of each factor in turn, then the sum of the first ones, from the chosen rows; `None` if A and B do not vary in them.
fn shares(rows: &[Group], chosen: &[u32]) -> Option<Vec<f64>> {
    #[derive(Clone, Copy, Default)]
    struct Sums {
        change: f64,
        change_times_b: f64,
        squared_change: f64,
    }
    let factors = rows.first()?.outcomes.len() - 2;
    let mut factors = vec![Sums::default(); factors];
    let (mut sum, mut squares) = (0.0, 0.0);
    for &row in chosen {
        let outcomes = &rows[row as usize].outcomes;
        let (a, b) = (outcomes[0], outcomes[1]);
        sum += a + b;
        squares += a * a + b * b;
        for (sums, mixed) in factors.iter_mut().zip(&outcomes[2..]) {
            let change = mixed - a;
            sums.change += change;
            sums.change_times_b += b * change;
            sums.squared_change += change * change;
        }
    }
    let n = chosen.len() as f64;
    let (mean, mean_square) = (sum / (2.0 * n), squares / (2.0 * n));
    let variance = mean_square - mean * mean;
    if variance <= ROUNDING * mean_square {
        return None;
    }
    let mut shares = Vec::with_capacity(2 * factors.len() + 1);
    let mut sum_of_first = 0.0;
    for sums in &factors {
        let first = (sums.change_times_b - mean * sums.change) / n;
        let total = sums.squared_change / (2.0 * n);
        shares.extend([first / variance, total / variance]);
        sum_of_first += first / variance;
    }
    shares.push(sum_of_first);
    Some(shares)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "coordinates are copied")]
mod tests {
    use super::super::test_functions::{
        G_FACTORS, g, g_indices, ishigami, ishigami_indices, linear,
    };
    use super::*;
    use crate::engine::random::Streams;

    fn outcomes(design: &SobolDesign, function: impl Fn(&[f64]) -> f64) -> Vec<Option<f64>> {
        (0..design.points())
            .map(|i| Some(function(&design.point(i))))
            .collect()
    }

    fn covers(estimate: &BootstrapEstimate, truth: f64) -> bool {
        let interval = estimate.interval.unwrap();
        interval.lower <= truth && truth <= interval.upper
    }

    /// Every index within `tolerance` of the truth, its interval around both.
    fn assert_near(found: &SobolIndices, truth: &[(f64, f64)], tolerance: f64) {
        assert_eq!(found.factors.len(), truth.len());
        for (index, truth) in found.factors.iter().zip(truth) {
            for (estimate, truth) in [(index.first, truth.0), (index.total, truth.1)] {
                assert!(
                    (estimate.value - truth).abs() < tolerance,
                    "{estimate:?}, not {truth}"
                );
                assert!(covers(&estimate, estimate.value), "{estimate:?}");
                assert!(covers(&estimate, truth), "{estimate:?}, not {truth}");
            }
        }
    }

    #[test]
    fn a_row_is_a_b_and_a_with_one_coordinate_of_b_each() {
        let design = SobolDesign::new(8, 3, 5).unwrap();
        assert_eq!(design.points(), 40);
        for row in 0..8 {
            let points: Vec<_> = (0..5).map(|place| design.point(5 * row + place)).collect();
            let (a, b) = (&points[0], &points[1]);
            assert_eq!(points[2], [b[0], a[1], a[2]]);
            assert_eq!(points[3], [a[0], b[1], a[2]]);
            assert_eq!(points[4], [a[0], a[1], b[2]]);
            assert!(a.iter().zip(b).all(|(a, b)| a != b));
        }
    }

    #[test]
    fn more_rows_continue_the_design() {
        let [few, many] = [4, 64].map(|rows| SobolDesign::new(rows, 2, 9).unwrap());
        assert!((0..few.points()).all(|i| few.point(i) == many.point(i)));
    }

    #[test]
    fn the_indices_of_ishigami_are_found_with_4096_rows() {
        let design = SobolDesign::new(4_096, 3, 1).unwrap();
        let found = design.indices(&outcomes(&design, ishigami), Level::USUAL, 500);
        assert_near(&found.unwrap(), &ishigami_indices(), 0.01);
    }

    #[test]
    fn the_indices_of_the_g_function_are_found_with_4096_rows() {
        let design = SobolDesign::new(4_096, G_FACTORS, 1).unwrap();
        let found = design.indices(&outcomes(&design, g), Level::USUAL, 500);
        assert_near(&found.unwrap(), &g_indices(), 0.01);
    }

    #[test]
    fn a_large_constant_changes_nothing_but_the_last_digits() {
        let design = SobolDesign::new(256, 3, 1).unwrap();
        let plain = design.indices(&outcomes(&design, ishigami), Level::USUAL, 0);
        let raised = design.indices(
            &outcomes(&design, |point| 1e6 + ishigami(point)),
            Level::USUAL,
            0,
        );
        for (plain, raised) in plain.unwrap().factors.iter().zip(raised.unwrap().factors) {
            assert!((plain.first.value - raised.first.value).abs() < 1e-8);
            assert!((plain.total.value - raised.total.value).abs() < 1e-8);
        }
    }

    /// Of a sum both indices of a factor are its squared coefficient over their sum; a factor of no effect has exactly 0.
    #[test]
    fn of_a_sum_first_and_total_are_alike_and_what_has_no_effect_has_none() {
        let design = SobolDesign::new(1_024, 3, 2).unwrap();
        let outcomes = outcomes(&design, |point| linear(point, &[3.0, -4.0, 0.0]));
        let found = design.indices(&outcomes, Level::USUAL, 200).unwrap();
        assert_near(&found, &[(0.36, 0.36), (0.64, 0.64), (0.0, 0.0)], 0.005);
        let idle = found.factors[2];
        assert_eq!((idle.first.value, idle.total.value), (0.0, 0.0));
    }

    /// Independent rows of Ishigami: 500 repetitions of 1,024 rows; the standard error of a coverage of 0.95 is 0.0097,
    /// bound 3.3 of them (α = 0.001).
    #[test]
    fn intervals_of_independent_rows_cover_the_truth_as_often_as_their_level_says() {
        const REPETITIONS: u64 = 500;
        const ROWS: u64 = 1_024;
        let truth = ishigami_indices();
        let mut covered = [0; 6];
        for repetition in 0..REPETITIONS {
            let streams = Streams::new(23, repetition);
            let mut rows: Vec<Group> = (0..ROWS)
                .map(|row| {
                    let mut draw = streams.draw(row, 0, 0);
                    let [a, b] = [(); 2].map(|()| [(); 3].map(|()| draw.uniform()));
                    let mixed = (0..3).map(|factor| {
                        let mut point = a;
                        point[factor] = b[factor];
                        point
                    });
                    let points = [a, b].into_iter().chain(mixed);
                    Group {
                        number: row as u32,
                        outcomes: points.map(|point| ishigami(&point)).collect(),
                    }
                })
                .collect();
            centre(&mut rows);
            let estimates =
                bootstrap::bootstrap(ROWS as u32, repetition, Level::USUAL, 200, |chosen| {
                    shares(&rows, chosen)
                });
            let truth = truth.iter().flat_map(|&(first, total)| [first, total]);
            for ((estimate, truth), covered) in
                estimates.unwrap().iter().zip(truth).zip(&mut covered)
            {
                *covered += u32::from(covers(estimate, truth));
            }
        }
        for covered in covered {
            let share = f64::from(covered) / REPETITIONS as f64;
            assert!((share - 0.95).abs() < 0.032, "{share}");
        }
    }

    /// Rows of the design lie more evenly than the bootstrap believes: its intervals cover at least as often as they say.
    /// 200 scrambles of 256 rows; the standard error of a coverage of 0.95 is 0.0154, bound 3.3 of them below.
    #[test]
    fn intervals_of_scrambled_designs_cover_the_truth_at_least_as_often_as_their_level_says() {
        const SCRAMBLES: u32 = 200;
        let truth = ishigami_indices();
        let mut covered = [0; 6];
        for seed in 0..SCRAMBLES {
            let design = SobolDesign::new(256, 3, u64::from(seed)).unwrap();
            let found = design.indices(&outcomes(&design, ishigami), Level::USUAL, 200);
            for (factor, index) in found.unwrap().factors.iter().enumerate() {
                covered[2 * factor] += u32::from(covers(&index.first, truth[factor].0));
                covered[2 * factor + 1] += u32::from(covers(&index.total, truth[factor].1));
            }
        }
        for covered in covered {
            let share = f64::from(covered) / f64::from(SCRAMBLES);
            assert!(share > 0.899, "{share}");
        }
    }

    #[test]
    fn rows_with_missing_outcomes_are_left_out_and_counted() {
        let design = SobolDesign::new(1_024, 3, 3).unwrap();
        let mut outcomes = outcomes(&design, ishigami);
        for row in [0, 17, 1_023] {
            outcomes[5 * row + row % 5] = None;
        }
        let found = design.indices(&outcomes, Level::USUAL, 100).unwrap();
        assert_eq!((found.rows, found.dropped), (1_021, 3));
        assert_near(&found, &ishigami_indices(), 0.05);
    }

    #[test]
    fn an_outcome_that_does_not_vary_over_the_rows_has_no_indices() {
        let design = SobolDesign::new(16, 2, 0).unwrap();
        assert_eq!(
            design.indices(&[Some(0.1); 64], Level::USUAL, 10),
            Err(OutcomeError::NoVariance)
        );
        // Nor one that varies only where a coordinate is exchanged.
        let outcomes: Vec<_> = (0..64)
            .map(|i| Some(if i == 6 { 0.3 } else { 0.1 }))
            .collect();
        assert_eq!(
            design.indices(&outcomes, Level::USUAL, 10),
            Err(OutcomeError::NoVariance)
        );
    }

    #[test]
    fn an_outcome_that_varies_in_one_row_only_has_indices_but_no_interval() {
        let design = SobolDesign::new(64, 1, 0).unwrap();
        let mut outcomes = vec![Some(0.1); 192];
        outcomes[4] = Some(0.9);
        let found = design.indices(&outcomes, Level::USUAL, 200).unwrap();
        assert_eq!(found.factors[0].total.interval, None);
        assert!(found.factors[0].total.value.is_finite());
    }

    #[test]
    fn indices_of_few_rows_have_no_interval() {
        for (rows, is_told) in [(31, false), (32, true)] {
            let design = SobolDesign::new(rows, 3, 1).unwrap();
            let outcomes = outcomes(&design, |point| linear(point, &[3.0, -4.0, 0.0]));
            let found = design.indices(&outcomes, Level::USUAL, 200).unwrap();
            let intervals = [found.factors[1].total, found.sum_of_first];
            assert!(
                intervals.iter().all(|it| it.interval.is_some() == is_told),
                "{rows}"
            );
        }
    }

    #[test]
    fn a_design_without_factors_or_rows_or_with_too_many_factors_is_refused() {
        let error = |rows, factors| SobolDesign::new(rows, factors, 0).unwrap_err();
        assert_eq!(error(8, 0), DesignError::NoFactors);
        assert_eq!(
            error(1, 2).to_string(),
            "a sensitivity analysis needs at least 2 rows; found 1"
        );
        assert!(SobolDesign::new(2, 100, 0).is_ok());
        assert_eq!(
            error(8, 101).to_string(),
            "Sobol' indices can be had of at most 100 factors; found 101"
        );
    }
}
