//! The points of a sweep or a sensitivity analysis: which values each input has at each of them.

pub mod layout;
pub mod misleading;
pub mod ready;
pub(super) mod recent;
pub mod responses;
pub mod sensitivity;
pub mod sweep;
pub mod watched;

use crate::design::{DimensionError, Grid, GridError, LatinHypercube, SobolSequence};
use crate::scenario::futures::{Distribution, UncertainNumber};
use crate::scenario::{Axis, Override};

/// The most points of one experiment.
pub const MOST_POINTS: u32 = 1_000_000;

/// What a coordinate of a design stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Values that somebody wants tried.
    Axis(Axis),
    /// What an uncertain number may be.
    Uncertain(UncertainNumber),
}

/// Points, each with a value of every input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Points {
    inputs: Vec<String>,
    values: Vec<Vec<String>>,
}

/// Axes that make no points.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PointsError {
    /// A grid needs levels.
    #[error(
        "a grid needs levels of `{0}`, and this is a range; add their number, as in `0..1:5`, or choose `--design latin` or `--design sobol`"
    )]
    NoLevels(String),
    /// More than anybody can run.
    #[error("the design has more than {MOST_POINTS} points; give fewer levels, axes or points")]
    TooMany,
    /// More axes than the sequence has dimensions.
    #[error(transparent)]
    Dimension(#[from] DimensionError),
}

impl Input {
    /// Full path of the key.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Axis(axis) => &axis.key,
            Self::Uncertain(number) => &number.key,
        }
    }

    /// The value, as TOML, at a point from 0 to 1: of an uncertain number, its quantile.
    #[must_use]
    pub fn at(&self, u: f64) -> String {
        match self {
            Self::Axis(axis) => axis.at(u),
            Self::Uncertain(number) => number.value(u),
        }
    }

    /// Where the value at a point from 0 to 1 lies in all that the input can have, from 0 to 1: the point itself, except where values
    /// are separate, as [`Axis::place`] and [`UncertainNumber::place`] say.
    #[must_use]
    pub fn place(&self, u: f64) -> f64 {
        match self {
            Self::Axis(axis) => axis.place(u),
            Self::Uncertain(number) => number.place(u),
        }
    }

    /// Whether equal parts of its coordinate are equal parts of its values, but for rounding.
    #[must_use]
    pub fn is_even(&self) -> bool {
        match self {
            Self::Axis(_) => true,
            Self::Uncertain(number) => {
                matches!(number.distribution, Distribution::Uniform { .. })
            }
        }
    }

    /// Whether the ends of the range are values that nobody expects: quantiles 0 and 1 of a normal or lognormal number.
    #[must_use]
    pub fn has_tails(&self) -> bool {
        match self {
            Self::Axis(_) => false,
            Self::Uncertain(number) => matches!(
                number.distribution,
                Distribution::Normal { .. } | Distribution::Lognormal { .. }
            ),
        }
    }
}

impl Points {
    /// Points with these values of the inputs, as TOML.
    #[must_use]
    pub fn new(inputs: Vec<String>, values: Vec<Vec<String>>) -> Self {
        Self { inputs, values }
    }

    /// Every combination of the levels of the axes; the last axis varies fastest.
    ///
    /// # Errors
    /// An axis without levels, or more than [`MOST_POINTS`] combinations.
    pub fn grid(axes: &[Axis]) -> Result<Self, PointsError> {
        let levels = |axis: &Axis| {
            let levels = axis.levels().map(<[String]>::to_vec);
            levels.ok_or_else(|| PointsError::NoLevels(axis.key.clone()))
        };
        let levels: Vec<Vec<String>> = axes.iter().map(levels).collect::<Result<_, _>>()?;
        let counts = levels.iter().map(|levels| levels.len() as u32).collect();
        let grid = Grid::new(counts).map_err(|error| match error {
            GridError::NoLevel { factor } => PointsError::NoLevels(axes[factor].key.clone()),
            GridError::TooLarge => PointsError::TooMany,
        })?;
        if grid.size() > u64::from(MOST_POINTS) {
            return Err(PointsError::TooMany);
        }
        let value = |(levels, place): (&Vec<String>, u32)| levels[place as usize].clone();
        let values = grid
            .combinations()
            .map(|combination| levels.iter().zip(combination).map(value).collect())
            .collect();
        Ok(Self::new(keys(axes), values))
    }

    /// The points of a Latin hypercube.
    ///
    /// # Errors
    /// More than [`MOST_POINTS`].
    pub fn latin(axes: &[Axis], points: u32, seed: u64) -> Result<Self, PointsError> {
        let design = LatinHypercube::new(few(points)?, axes.len(), seed);
        let values = (0..points).map(|point| at(axes, &design.point(point)));
        Ok(Self::new(keys(axes), values.collect()))
    }

    /// The first points of a scrambled Sobol' sequence; more points continue them.
    ///
    /// # Errors
    /// More than [`MOST_POINTS`], or more axes than the sequence has dimensions.
    pub fn sobol(axes: &[Axis], points: u32, seed: u64) -> Result<Self, PointsError> {
        let sequence = SobolSequence::scrambled(axes.len(), seed)?;
        let values = (0..few(points)?).map(|point| at(axes, &sequence.point(point)));
        Ok(Self::new(keys(axes), values.collect()))
    }

    /// Full paths of the inputs.
    #[must_use]
    pub fn inputs(&self) -> &[String] {
        &self.inputs
    }

    /// How many points there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.values.len() as u32
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The values of the inputs at a point, as TOML.
    ///
    /// # Panics
    /// If there is no such point.
    #[must_use]
    pub fn values(&self, point: u32) -> &[String] {
        &self.values[point as usize]
    }

    /// What is laid over a scenario at a point.
    pub(crate) fn overrides(&self, point: u32) -> Vec<Override> {
        let values = self.inputs.iter().zip(self.values(point));
        values.map(|(key, it)| Override::new(key, it)).collect()
    }
}

fn few(points: u32) -> Result<u32, PointsError> {
    (points <= MOST_POINTS)
        .then_some(points)
        .ok_or(PointsError::TooMany)
}

fn keys(axes: &[Axis]) -> Vec<String> {
    axes.iter().map(|axis| axis.key.clone()).collect()
}

fn at(axes: &[Axis], point: &[f64]) -> Vec<String> {
    axes.iter()
        .zip(point)
        .map(|(axis, &u)| axis.at(u))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scenario;

    fn axes(texts: &[&str]) -> Vec<Axis> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/theory/lottery.toml");
        let loaded = scenario::load(&file, &[]).unwrap();
        let axis = |text: &&str| Axis::parse(text, &loaded).unwrap();
        texts.iter().map(axis).collect()
    }

    #[test]
    fn one_is_the_last_value_and_a_value_lies_between_the_first_and_the_last() {
        let axes = axes(&[
            "policy.app.slots_per_day=90..110",
            "policy.app.slots_per_day=90|93|110",
            "policy.ports.desk.officers=3..7",
        ]);
        let at = |axis: &Axis| [0.0, 0.5, 1.0].map(|u| (axis.at(u), axis.place(u).to_string()));
        let expected = [
            [("90", "0"), ("100", "0.5"), ("110", "1")],
            [("90", "0"), ("93", "0.5"), ("110", "1")],
            [("3", "0"), ("5", "0.5"), ("7", "1")],
        ];
        for (axis, expected) in axes.iter().zip(expected) {
            let expected = expected.map(|(value, place)| (value.to_owned(), place.to_owned()));
            assert_eq!(at(axis), expected, "{axis}");
        }
        assert_eq!(axes[1].place(1.0 / 3.0).to_string(), "0.5");
        assert_eq!(axes[2].place(0.3).to_string(), "0.25");
    }

    #[test]
    fn a_grid_has_every_combination_and_the_last_axis_varies_fastest() {
        let axes = axes(&[
            "policy.app.random_share=0..1:2",
            "policy.app.slots_per_day=90|100|110",
        ]);
        let points = Points::grid(&axes).unwrap();
        assert_eq!(
            points.inputs(),
            ["policy.app.random_share", "policy.app.slots_per_day"]
        );
        let all: Vec<String> = (0..points.len())
            .map(|point| points.values(point).join(" "))
            .collect();
        assert_eq!(all, ["0 90", "0 100", "0 110", "1 90", "1 100", "1 110"]);
    }

    #[test]
    fn a_grid_of_a_range_says_how_to_mend_it() {
        let error = Points::grid(&axes(&["policy.app.random_share=0..1"])).unwrap_err();
        let said = error.to_string();
        assert!(
            said.contains("as in `0..1:5`, or choose `--design latin`"),
            "{said}"
        );
    }

    #[test]
    fn a_grid_too_large_to_run_is_refused() {
        let axes = axes(&[
            "policy.app.random_share=0..1:5000",
            "policy.app.slots_per_day=1..1000:1000",
        ]);
        assert_eq!(Points::grid(&axes), Err(PointsError::TooMany));
        assert_eq!(
            Points::latin(&axes, 1_000_001, 1),
            Err(PointsError::TooMany)
        );
    }

    #[test]
    fn space_filling_points_are_inside_the_ranges_and_more_of_a_sequence_continue_it() {
        let axes = axes(&[
            "policy.app.random_share=0.25..0.75",
            "policy.app.slots_per_day=90|100",
        ]);
        let few = Points::sobol(&axes, 4, 1).unwrap();
        let many = Points::sobol(&axes, 64, 1).unwrap();
        for points in [&many, &Points::latin(&axes, 64, 1).unwrap()] {
            let shares = (0..64).map(|point| points.values(point)[0].parse::<f64>().unwrap());
            assert!(shares.clone().all(|share| (0.25..=0.75).contains(&share)));
            let below = shares.filter(|&share| share < 0.5).count();
            let of_90 = (0..64)
                .filter(|&point| points.values(point)[1] == "90")
                .count();
            assert_eq!((below, of_90), (32, 32));
        }
        assert!((0..4).all(|point| few.values(point) == many.values(point)));
    }
}
