//! How much of what differs between points is chance, where all points have the same replications.

use super::estimate::Level;
use super::moments::Moments;
use super::student::two_sided_quantile;

/// The share of chance in the variance between the means of points, all of which have the same replications.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChanceShare {
    /// The share: about 1 where points do not differ but by chance, and by luck more than that.
    pub value: f64,
    /// Replications of each point.
    pub replications: u32,
}

impl ChanceShare {
    /// Of the values of each point, one of every replication and in the same order.
    ///
    /// `Σ (x_pr - x̄_p - x̄_r + x̄)² / ((P - 1) (R - 1)) / R` over the variance of the means `x̄_p`, for P points of R replications: 1 / F of the two-way
    /// layout with one value in each cell (Searle and others, Variance Components, 1992, doi:10.1002/9780470316856, chapter 4). What a replication
    /// does at all points alike is no difference between them, and is left out.
    ///
    /// `None` for fewer than two points or replications, and where the means do not vary.
    ///
    /// # Panics
    /// If a point has more or fewer values than another.
    #[must_use]
    pub fn of(points: &[Vec<f64>]) -> Option<Self> {
        let replications = points.first()?.len() as u32;
        let means: Vec<f64> = points.iter().map(|values| mean(values)).collect();
        let variance = means.iter().copied().collect::<Moments>().variance()?;
        if replications < 2 || variance <= 0.0 {
            return None;
        }
        let common = of_replications(points, &means);
        let squares = points.iter().zip(&means).flat_map(|(values, mean)| {
            let cells = values.iter().zip(&common);
            cells.map(move |(value, common)| (value - mean - common).powi(2))
        });
        let freedom = (points.len() - 1) as f64 * f64::from(replications - 1);
        let chance = squares.sum::<f64>() / freedom / f64::from(replications);
        Some(Self {
            value: chance / variance,
            replications,
        })
    }

    /// What chance alone may come to at this level, as a share of the variance between points; 1 or more where that is all of it.
    ///
    /// t² times the share, with Student's t of R - 1 degrees of freedom. However much the luck of one point is like that of another, F has 1
    /// and R - 1 degrees of freedom at the least, and F with these is t² (Geisser & Greenhouse 1958, doi:10.1214/aoms/1177706545).
    #[must_use]
    pub fn at_most(self, level: Level) -> f64 {
        let t = two_sided_quantile(level.share(), self.replications - 1);
        t.map_or(f64::INFINITY, |t| t * t * self.value)
    }
}

/// By how much each replication lies above the mean of all, at all points alike.
fn of_replications(points: &[Vec<f64>], means: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; points[0].len()];
    for (values, mean) in points.iter().zip(means) {
        assert_eq!(values.len(), sums.len(), "replications of a point");
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += value - mean;
        }
    }
    sums.iter().map(|sum| sum / points.len() as f64).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::SmallRng;
    use rand_distr::{Distribution, StandardNormal};

    use super::*;

    /// By hand: means 2, 4 and 9 have a variance of 13. Without them and the replications, which lie 1 below and above the mean, the cells are
    /// ±0, ∓1 and ±1: (0 + 2 + 2) / 2 / 2 = 1.
    #[test]
    fn the_share_is_that_computed_by_hand() {
        let share = ChanceShare::of(&[vec![1.0, 3.0], vec![4.0, 4.0], vec![7.0, 11.0]]).unwrap();
        assert!((share.value - 1.0 / 13.0).abs() < 1e-12, "{share:?}");
        assert_eq!(share.replications, 2);
    }

    #[test]
    fn luck_that_all_points_share_is_no_part_of_it() {
        let luck = [1e6, -3e6, 5e6];
        let point = |level: f64| luck.map(|luck| level + luck).to_vec();
        let share = ChanceShare::of(&[point(1.0), point(2.0), point(4.0)]).unwrap();
        assert!(share.value < 1e-12, "{share:?}");
    }

    #[test]
    fn one_point_one_replication_or_equal_means_have_no_share() {
        for points in [
            vec![],
            vec![vec![1.0, 2.0]],
            vec![vec![1.0], vec![2.0]],
            vec![vec![1.0, 3.0], vec![3.0, 1.0]],
        ] {
            assert_eq!(ChanceShare::of(&points), None, "{points:?}");
        }
    }

    /// A slope that is chance alone, a normal number in each replication: its mean over replications differs from 0 at 95% in one of twenty
    /// trials, however few replications they have. Of 2,000 trials the standard error is 0.0049; α = 0.001 two-sided gives 0.016.
    #[test]
    fn chance_alone_passes_for_a_difference_as_often_as_the_level_says() {
        for replications in [2, 3, 10] {
            let mut random = SmallRng::seed_from_u64(5);
            let mut trial = || {
                let slopes: Vec<f64> = (0..replications)
                    .map(|_| StandardNormal.sample(&mut random))
                    .collect();
                let point = |x| slopes.iter().map(|slope| slope * f64::from(x)).collect();
                let points: Vec<Vec<f64>> = (0..6).map(point).collect();
                ChanceShare::of(&points).unwrap().at_most(Level::USUAL) < 1.0
            };
            let passed = (0..2_000).filter(|_| trial()).count() as f64 / 2_000.0;
            assert!((passed - 0.05).abs() < 0.016, "{replications}: {passed}");
        }
    }
}
