//! Which inputs matter: the points of a sensitivity analysis, and what their outcomes say.

use strum::{EnumString, IntoStaticStr, VariantNames};

use super::responses::Responses;
use super::{Input, MOST_POINTS, Points};
use crate::sensitivity::{
    DesignError, MorrisDesign, MorrisEffects, OutcomeError, SobolDesign, SobolIndices,
};
use crate::stats::Level;

/// How a sensitivity analysis is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase", parse_err_ty = String, parse_err_fn = no_method)]
pub enum Method {
    /// Morris' screening: few points for each input.
    Morris,
    /// Sobol' indices: shares of the variance, for many points.
    Sobol,
}

impl Method {
    /// The word used on the command line and in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Trajectories or rows, unless others are asked for.
    #[must_use]
    pub const fn usual_points(self) -> u32 {
        match self {
            Self::Morris => 20,
            Self::Sobol => 256,
        }
    }
}

fn no_method(_: &str) -> String {
    format!("expected {}", Method::VARIANTS.join(" or "))
}

/// A sensitivity analysis of some inputs.
#[derive(Debug, Clone)]
pub struct Analysis {
    design: Design,
    inputs: Vec<Input>,
}

#[derive(Debug, Clone)]
enum Design {
    Morris(MorrisDesign),
    Sobol(SobolDesign),
}

/// What the outcomes say of every input.
#[derive(Debug, Clone, PartialEq)]
pub enum Indices {
    /// Elementary effects.
    Morris(MorrisEffects),
    /// Shares of the variance.
    Sobol(SobolIndices),
}

/// An analysis that cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnalysisError {
    /// The numbers make no design.
    #[error(transparent)]
    Design(#[from] DesignError),
    /// More than anybody can run.
    #[error("the design has {0} points, more than {MOST_POINTS}; give fewer inputs or rows")]
    TooMany(u64),
}

/// Levels of Morris' grid: 0, 1/3, 2/3 and 1 of the way through each input.
const LEVELS: u32 = 4;

/// Quantiles that stand for 0 and 1 of a normal or lognormal number, which may go on for ever.
const TAILS: [f64; 2] = [0.001, 0.999];

impl Analysis {
    /// Resamples behind each bootstrap interval.
    pub const RESAMPLES: u32 = 1_000;

    /// An analysis with so many trajectories or rows.
    ///
    /// # Errors
    /// Without inputs, with fewer than two trajectories or rows, with too many inputs, or with too many points in all.
    pub fn new(
        method: Method,
        groups: u32,
        inputs: Vec<Input>,
        seed: u64,
    ) -> Result<Self, AnalysisError> {
        let design = match method {
            Method::Morris => {
                Design::Morris(MorrisDesign::new(groups, inputs.len(), LEVELS, seed)?)
            }
            Method::Sobol => Design::Sobol(SobolDesign::new(groups, inputs.len(), seed)?),
        };
        let analysis = Self { design, inputs };
        match analysis.size() {
            many if many > u64::from(MOST_POINTS) => Err(AnalysisError::TooMany(many)),
            _ => Ok(analysis),
        }
    }

    /// What the outcomes will be analysed by.
    #[must_use]
    pub fn method(&self) -> Method {
        match self.design {
            Design::Morris(_) => Method::Morris,
            Design::Sobol(_) => Method::Sobol,
        }
    }

    /// The points at which outcomes are needed.
    #[must_use]
    pub fn points(&self) -> Points {
        let point = |index| match &self.design {
            Design::Morris(design) => design.point(index),
            Design::Sobol(design) => design.point(index),
        };
        let values = |index| {
            let inputs = self.inputs.iter().zip(point(index));
            inputs.map(|(input, u)| self.value(input, u)).collect()
        };
        let keys = self.inputs.iter().map(|input| input.key().to_owned());
        Points::new(keys.collect(), (0..self.size()).map(values).collect())
    }

    /// Keys of the inputs that are tried between two quantiles only, and these.
    #[must_use]
    pub fn cut(&self) -> Option<(Vec<&str>, [f64; 2])> {
        let tails = self.inputs.iter().filter(|input| input.has_tails());
        let keys: Vec<&str> = tails.map(Input::key).collect();
        (self.method() == Method::Morris && !keys.is_empty()).then_some((keys, TAILS))
    }

    /// Keys of the inputs whose effects, by Morris' screening, are not those of their values from one end to the other: a step goes through a part of
    /// their probability, which is another part of their values.
    #[must_use]
    pub fn uneven(&self) -> Vec<&str> {
        let is_told = self.method() == Method::Morris;
        let uneven = self
            .inputs
            .iter()
            .filter(|input| is_told && !input.is_even());
        uneven.map(Input::key).collect()
    }

    /// What the outcomes of the points say, in their order; one that is missing leaves out the trajectory or row that it belongs to.
    ///
    /// # Errors
    /// If there is not one outcome for each point, fewer than two trajectories or rows are whole, or, for Sobol' indices, the
    /// outcome never varies.
    pub fn indices(&self, outcomes: &[Option<f64>], level: Level) -> Result<Indices, OutcomeError> {
        Ok(match &self.design {
            Design::Morris(design) => {
                let moved = |factor: usize, ends| self.moved(&self.inputs[factor], ends);
                Indices::Morris(design.effects(outcomes, moved, level, Self::RESAMPLES)?)
            }
            Design::Sobol(design) => {
                Indices::Sobol(design.indices(outcomes, level, Self::RESAMPLES)?)
            }
        })
    }

    /// What the responses of one scenario say of every input, for each of their figures.
    ///
    /// # Errors
    /// As of [`indices`](Self::indices), each figure by itself.
    #[must_use]
    pub fn of_responses(&self, responses: &Responses) -> Vec<Result<Indices, OutcomeError>> {
        let layout = responses.layout();
        let of_figure = |figure| {
            // Points that nobody came to are missing, as those that failed.
            let outcome = |point| {
                let is_done = point < responses.points();
                is_done
                    .then(|| responses.outcome(point, 0, figure))
                    .flatten()
            };
            let outcomes: Vec<_> = (0..layout.points.len()).map(outcome).collect();
            self.indices(&outcomes, layout.level)
        };
        (0..layout.figures.len()).map(of_figure).collect()
    }

    fn size(&self) -> u64 {
        match &self.design {
            Design::Morris(design) => design.points(),
            Design::Sobol(design) => design.points(),
        }
    }

    /// The part of its way, of an uncertain number of its probability, by which the input moves from one coordinate to another; 0 where both have
    /// the same value.
    fn moved(&self, input: &Input, ends: [f64; 2]) -> f64 {
        let [from, to] = ends.map(|u| self.value(input, u));
        let [start, end] = ends.map(|u| input.place(u));
        if from == to { 0.0 } else { end - start }
    }

    /// Morris' points include both ends.
    fn value(&self, input: &Input, u: f64) -> String {
        let [low, high] = TAILS;
        match &self.design {
            Design::Morris(_) if input.has_tails() => input.at(u.clamp(low, high)),
            _ => input.at(u),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scenario::futures::{Distribution, UncertainNumber};
    use crate::scenario::{self, Axis};

    fn inputs() -> Vec<Input> {
        let uniform = Distribution::Uniform {
            low: 0.0,
            high: 3.0,
        };
        let normal = Distribution::Normal {
            mean: 10.0,
            sd: 1.0,
            low: f64::NEG_INFINITY,
            high: f64::INFINITY,
        };
        let future = |(key, distribution): (&str, Distribution)| UncertainNumber {
            key: key.to_owned(),
            distribution,
            is_whole: false,
            source: String::new(),
        };
        [("world.x", uniform), ("world.y", normal)]
            .map(|of| Input::Uncertain(future(of)))
            .into()
    }

    #[test]
    fn morris_tries_both_ends_and_cuts_tails_off() {
        let analysis = Analysis::new(Method::Morris, 20, inputs(), 1).unwrap();
        let points = analysis.points();
        assert_eq!(
            (points.len(), points.inputs()),
            (60, ["world.x", "world.y"].map(str::to_owned).as_slice())
        );
        let values = |input: usize| {
            let values = (0..60).map(|point| points.values(point)[input].clone());
            let mut values: Vec<f64> = values.map(|value| value.parse().unwrap()).collect();
            values.sort_by(f64::total_cmp);
            values.dedup();
            values
        };
        assert_eq!(values(0), [0.0, 1.0, 2.0, 3.0]);
        // 3.0902 standard deviations hold 99.9% on either side.
        let ends = [values(1)[0], values(1)[3]];
        assert!(
            (ends[0] - 6.9098).abs() < 1e-4 && (ends[1] - 13.0902).abs() < 1e-4,
            "{ends:?}"
        );
        assert_eq!(analysis.cut(), Some((vec!["world.y"], [0.001, 0.999])));
        let sobol = Analysis::new(Method::Sobol, 2, inputs(), 1).unwrap();
        assert_eq!((sobol.points().len(), sobol.cut()), (8, None));
    }

    #[test]
    fn outcomes_become_indices() {
        for (method, groups) in [(Method::Morris, 10), (Method::Sobol, 64)] {
            let analysis = Analysis::new(method, groups, inputs(), 1).unwrap();
            let points = analysis.points();
            let x = |point| points.values(point)[0].parse::<f64>().unwrap();
            let outcomes: Vec<_> = (0..points.len())
                .map(|point| Some(2.0 * x(point)))
                .collect();
            match analysis.indices(&outcomes, Level::USUAL).unwrap() {
                Indices::Morris(found) => {
                    // Twice the input, which goes from 0 to 3.
                    assert!((found.factors[0].mu.unwrap() - 6.0).abs() < 1e-9);
                    assert!(found.factors[1].mu_star.unwrap().mean.abs() < f64::EPSILON);
                }
                Indices::Sobol(found) => {
                    assert!((found.factors[0].total.value - 1.0).abs() < 0.1);
                    assert!(found.factors[1].total.value.abs() < f64::EPSILON);
                }
            }
        }
    }

    /// `officers` takes whole numbers. With outcomes in proportion to where a value lies, one effect is like another.
    #[test]
    fn mu_is_what_the_whole_range_changes_also_where_values_are_separate() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/theory/lottery.toml");
        let loaded = scenario::load(&file, &[]).unwrap();
        let axis = |text| Input::Axis(Axis::parse(text, &loaded).unwrap());
        let whole = Input::Uncertain(UncertainNumber {
            key: "world.x".to_owned(),
            distribution: Distribution::Uniform {
                low: 10.0,
                high: 15.0,
            },
            is_whole: true,
            source: String::new(),
        });
        for (input, range) in [
            (axis("policy.app.slots_per_day=90|110"), 20.0),
            (axis("policy.app.slots_per_day=90|100|110"), 20.0),
            (axis("policy.app.slots_per_day=90..110:5"), 20.0),
            (axis("policy.app.slots_per_day=90..110"), 20.0),
            (axis("policy.ports.desk.officers=3..4"), 1.0),
            (axis("policy.ports.desk.officers=3..7"), 4.0),
            (axis("policy.ports.desk.officers=0..100"), 100.0),
            (whole, 5.0),
        ] {
            let analysis = Analysis::new(Method::Morris, 20, vec![input.clone()], 1).unwrap();
            let points = analysis.points();
            let value = |point| points.values(point)[0].parse::<f64>().unwrap();
            let outcomes: Vec<_> = (0..points.len()).map(|point| Some(value(point))).collect();
            let Indices::Morris(found) = analysis.indices(&outcomes, Level::USUAL).unwrap() else {
                panic!("Morris' screening gives effects");
            };
            let effect = found.factors[0];
            assert_eq!(effect.effects, 20);
            for mean in [effect.mu.unwrap(), effect.mu_star.unwrap().mean] {
                assert!((mean - range).abs() < 1e-9, "{input:?} {effect:?}");
            }
            assert!(effect.sigma.unwrap() < 1e-9, "{input:?} {effect:?}");
        }
    }

    /// A step goes from quantile 0.1% to 2/3, or from 1/3 to 99.9%, of a normal number: 3.0902 + 0.4307 standard deviations in 2/3 of its probability.
    /// From end to end are 6.1805 of them.
    #[test]
    fn mu_of_a_normal_input_is_by_its_probability_and_not_by_its_values() {
        let analysis = Analysis::new(Method::Morris, 20, inputs(), 1).unwrap();
        assert_eq!(analysis.uneven(), ["world.y"]);
        let points = analysis.points();
        let y = |point| points.values(point)[1].parse::<f64>().unwrap();
        let outcomes: Vec<_> = (0..points.len())
            .map(|point| Some(100.0 * y(point)))
            .collect();
        let Indices::Morris(found) = analysis.indices(&outcomes, Level::USUAL).unwrap() else {
            panic!("Morris' screening gives effects");
        };
        let mu = found.factors[1].mu.unwrap();
        assert!(
            (mu - 100.0 * (3.090_232 + 0.430_727) * 1.5).abs() < 1e-3,
            "{mu}"
        );
        assert!(found.factors[1].sigma.unwrap() < 1e-6);
        let sobol = Analysis::new(Method::Sobol, 2, inputs(), 1).unwrap();
        assert!(sobol.uneven().is_empty());
    }

    /// Rounded, the number is 2 at three of four levels.
    #[test]
    fn a_step_from_a_value_to_itself_is_left_out_and_counted() {
        let rare = Input::Uncertain(UncertainNumber {
            key: "world.x".to_owned(),
            distribution: Distribution::Triangular {
                low: 2.0,
                mode: 2.0,
                high: 3.0,
            },
            is_whole: true,
            source: String::new(),
        });
        let analysis = Analysis::new(Method::Morris, 20, vec![rare], 1).unwrap();
        let points = analysis.points();
        let moved = (0..20).filter(|t| points.values(2 * t) != points.values(2 * t + 1));
        let moved = moved.count() as u32;
        assert!((1..20).contains(&moved), "{moved}");
        let Indices::Morris(found) = analysis.indices(&[Some(1.0); 40], Level::USUAL).unwrap()
        else {
            panic!("Morris' screening gives effects");
        };
        assert_eq!((found.trajectories, found.factors[0].effects), (20, moved));
    }

    #[test]
    fn a_design_that_nobody_can_run_is_refused() {
        let refused = Analysis::new(Method::Sobol, 500_000, inputs(), 1).unwrap_err();
        assert_eq!(refused, AnalysisError::TooMany(2_000_000));
        assert!(Analysis::new(Method::Morris, 1, inputs(), 1).is_err());
    }
}
