//! Every format, from responses made by hand.

use insta::assert_snapshot;
use serde_json::Value;

use super::{Sensed, csv, json, table, words};
use crate::experiment::points::responses::tests::{done, layout, watching};
use crate::experiment::{Analysis, Indices, Input, Method, PointOutcome, Responses};
use crate::scenario::futures::{Distribution, UncertainNumber};
use crate::sensitivity::{BootstrapEstimate, BootstrapInterval, MorrisEffect, MorrisEffects};
use crate::stats::{ConfidenceInterval, Estimate, Level};
use crate::store::Manifest;
use crate::store::manifest::example::manifest;

fn analysis(method: Method, groups: u32) -> Analysis {
    let uniform = Distribution::Uniform {
        low: 0.0,
        high: 1.0,
    };
    let normal = Distribution::Normal {
        mean: 0.5,
        sd: 0.1,
        low: f64::NEG_INFINITY,
        high: f64::INFINITY,
    };
    let inputs = [
        ("world.slope", uniform),
        ("world.nothing", uniform),
        ("world.bend", normal),
    ];
    let future = |(key, distribution): (&str, Distribution)| UncertainNumber {
        key: key.to_owned(),
        distribution,
        is_whole: false,
        source: String::new(),
    };
    let inputs = inputs.map(|of| Input::Uncertain(future(of)));
    Analysis::new(method, groups, inputs.into(), 1).unwrap()
}

/// Persons rise by 1,000 with the slope, and by about 100 with the bend; waits are the same everywhere. The first `done` points.
fn responses(analysis: &Analysis, number: u32) -> Responses {
    let points = analysis.points();
    let mut responses = Responses::new(layout(points, &["base"], 1));
    for point in 0..number {
        let values = responses.layout().points.values(point).iter();
        let values: Vec<f64> = values.map(|value| value.parse().unwrap()).collect();
        let persons = 5000.0 + 1000.0 * values[0] + 100.0 * values[2];
        responses.take(done(&[Some(persons), Some(3.0)]));
    }
    responses
}

/// Persons rise by `slope` with the slope in the mean over these replications, and by the luck of each; by `bend` times that luck with the bend.
fn with_luck((method, groups): (Method, u32), slope: f64, bend: f64, luck: &[f64]) -> Responses {
    let points = analysis(method, groups).points();
    let layout = layout(points, &["base"], luck.len() as u32);
    let mut responses = Responses::new(layout);
    for point in 0..responses.layout().points.len() {
        let values = responses.layout().points.values(point).iter();
        let values: Vec<f64> = values.map(|value| value.parse().unwrap()).collect();
        for luck in luck {
            let persons = (slope + luck) * values[0] + bend * luck * values[2];
            responses.take(done(&[Some(persons), Some(3.0)]));
        }
    }
    responses
}

type Format = fn(&Sensed<'_>, &mut dyn std::io::Write) -> std::io::Result<()>;

fn written(format: Format, (method, groups): (Method, u32), responses: &Responses) -> String {
    written_of(format, &analysis(method, groups), groups, responses)
}

fn written_of(format: Format, analysis: &Analysis, groups: u32, responses: &Responses) -> String {
    let mut manifest: Manifest = manifest(1);
    let options = [
        ("method", analysis.method().name().to_owned()),
        ("points", groups.to_string()),
    ];
    manifest.options = options.map(|(name, value)| (name.to_owned(), value)).into();
    let sensed = Sensed {
        manifest: &manifest,
        analysis,
        responses,
        indices: &analysis.of_responses(responses),
    };
    let mut bytes = Vec::new();
    format(&sensed, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

const MORRIS: (Method, u32) = (Method::Morris, 10);
const SOBOL: (Method, u32) = (Method::Sobol, 64);

fn whole((method, groups): (Method, u32)) -> Responses {
    let analysis = analysis(method, groups);
    responses(&analysis, analysis.points().len())
}

#[test]
fn a_screening_ranks_the_inputs_and_says_which_matter() {
    assert_snapshot!(written(table, MORRIS, &whole(MORRIS)), @r"
    A border made by hand

    port_encounters
     input         mu     mu*     95% interval   sigma
    ───────────────────────────────────────────────────
     slope     +1,000   1,000   1,000 to 1,000       0
     bend         +53      53         53 to 53       0
     nothing        0       0           0 to 0       0
    ───────────────────────────────────────────────────
    More than 5% of the largest effect, each by itself at 95%: slope, bend.
    No effect at any point tried: nothing.

    wait_days_median
     no input changes it at any point tried

    Morris' screening: mu, what the whole range of an input changes on average; mu*, the same whatever the sign; sigma, how much it depends on where. 10 trajectories.
    Tried between their quantiles 0.1% and 99.9%, beyond which they may go on for ever: world.bend.
    A step goes through two thirds of the probability of an uncertain number, and its effect is for the whole of it: where the number is not uniform, that is not what its values from one end to the other change (world.bend).
    40 points, each the outcome of one replication, on the same people at every point. Intervals are Student's over trajectories; 5% of the largest effect is judged by a bootstrap over them.
    These intervals leave out chance, which all points share: with so few replications an input that does nothing may seem to matter. -r 10 or more makes that rare.
    ");
}

#[test]
fn indices_of_variance_say_which_inputs_matter_and_what_is_missing_to_1() {
    assert_snapshot!(written(table, SOBOL, &whole(SOBOL)), @r"
    A border made by hand

    port_encounters
     input      first      95% interval   total     95% interval
    ─────────────────────────────────────────────────────────────
     slope      0.954    0.673 to 1.235   0.961   0.734 to 1.199
     bend      -0.002   -0.015 to 0.012   0.001   0.001 to 0.002
     nothing    0.000    0.000 to 0.000   0.000   0.000 to 0.000
    ─────────────────────────────────────────────────────────────
    More than 5% of the variance, each by itself at 95%: slope.
    Less than 5% of the variance, each by itself at 95%: bend.
    No effect at any point tried: nothing.
    First indices add up to 0.95, 95% 0.67 to 1.23; as far as can be told nothing is missing to 1, which is what inputs would do together.

    wait_days_median
     the outcome is the same at both random points of every row: there is no variance to explain

    Sobol' indices, shares of the variance: first, what an input explains alone; total, alone and with others. 64 rows.
    320 points, each the outcome of one replication, on the same people at every point. Intervals are bootstrap intervals over rows.
    These intervals leave out chance, which all points share: with so few replications an input that does nothing may seem to matter. -r 10 or more makes that rare.
    ");
}

/// Queues grow with the slope, and the trigger is on for ten days where it is steep.
#[test]
fn long_queues_and_a_trigger_that_acts_otherwise_are_told_under_all_tables() {
    let points = analysis(Method::Morris, 10).points();
    let mut responses = Responses::new(watching(points.clone(), &["base"], 1));
    for point in 0..points.len() {
        let slope: f64 = points.values(point)[0].parse().unwrap();
        let days = if slope > 0.5 { 10.0 } else { 0.0 };
        responses.take(done(&[Some(slope), None, Some(2.0 * slope), Some(days)]));
    }
    let text = written(table, MORRIS, &responses);
    let told: Vec<&str> = text.lines().collect();
    assert_snapshot!(told[told.len() - 2..].join("\n"), @r"
    Queues of more than a day at 18 of 40 points, the longest at slope 1, nothing 0.6666666666666666, bend 0.8090232306167814 (in some month 95% of those served at a port had waited up to 2.0 days). `officers` or `shifts` there are too few for the slots and walk-ups. `portflow run` with the values of a point tells of its ports.
    Trigger `limit` is on for 0.0 days (slope 0, nothing 0.6666666666666666, bend 0.8090232306167814) to 10.0 (slope 0.6666666666666666, nothing 0, bend 0.45692727007045425), in the means: differences are of what it does too.
    ");
}

/// The luck of ten replications has a mean of 1 and a standard error of 0.5: t is 2, so that a quarter of the variance is chance. No interval over
/// trajectories or rows knows of it, as all have the same luck.
#[test]
fn where_points_differ_by_chance_no_input_is_told_to_matter() {
    let luck: Vec<f64> = (0..10)
        .map(|r| if r % 2 == 0 { 2.5 } else { -0.5 })
        .collect();
    for (of, what) in [(MORRIS, "largest effect"), (SOBOL, "variance")] {
        let text = written(table, of, &with_luck(of, 0.0, 0.0, &luck));
        let not_told = format!(
            "\nNot told to have more than 5% of the {what}, nor less, for chance: slope.\n"
        );
        assert!(text.contains(&not_told), "{text}");
        let told = format!(
            "\nChance is 25.0% of the variance between points, and no input is told to have more than 5% of the {what}. More replications (-r) lessen it, \
             unless no input does anything.\n"
        );
        assert!(text.contains(&told), "{text}");
        assert!(!text.contains("More than 5%"), "{text}");
        assert!(!text.contains("These intervals leave out chance"), "{text}");
    }
    let document = written(json, MORRIS, &with_luck(MORRIS, 0.0, 0.0, &luck));
    let document: Value = serde_json::from_str(&document).unwrap();
    let share = &document["chance_shares"][0];
    assert_eq!(
        (&share["metric"], &share["value"]),
        (&"port_encounters".into(), &0.25.into())
    );
    assert_eq!(document["chance_shares"].as_array().unwrap().len(), 1);
}

/// The slope changes 10 persons, and chance, with the same luck as above, some of what the bend seems to do.
#[test]
fn an_input_is_told_to_matter_only_above_what_chance_may_come_to() {
    let luck: Vec<f64> = (0..10)
        .map(|r| if r % 2 == 0 { 2.5 } else { -0.5 })
        .collect();
    let text = written(table, MORRIS, &with_luck(MORRIS, 10.0, 4.0, &luck));
    let told: Vec<&str> = text.lines().skip(9).take(4).collect();
    assert_snapshot!(told.join("\n"), @r"
    More than 5% of the largest effect, each by itself at 95%: slope.
    Not told apart from 5% of the largest effect: bend.
    No effect at any point tried: nothing.
    Chance is 1.5% of the variance between points, and may come to 27.3% of the largest effect: only above that is an input told to have more than 5%. More replications (-r) lessen it.
    ");
    let text = written(table, MORRIS, &with_luck(MORRIS, 1000.0, 4.0, &luck));
    assert!(!text.contains("Chance is"), "{text}");
}

/// Of two replications, t must be 12.7: chance has 1% of the variance, and may have all of it.
#[test]
fn two_replications_hardly_tell_how_much_is_chance() {
    let text = written(table, SOBOL, &with_luck(SOBOL, 9.0, 0.0, &[0.0, 2.0]));
    let told = "\nChance is 1.0% of the variance between points, which these replications do not tell from all of it, and no input is told to have more than 5% of the variance. ";
    assert!(text.contains(told), "{text}");
    let text = written(table, SOBOL, &with_luck(SOBOL, 99.0, 0.0, &[0.0, 2.0]));
    assert!(
        text.contains("\nMore than 5% of the variance, each by itself at 95%: slope.\n"),
        "{text}"
    );
}

#[test]
fn rows_that_are_not_done_or_failed_are_left_out_and_counted() {
    let mut part = responses(&analysis(Method::Morris, 10), 16);
    part.take(PointOutcome::Failed("no".to_owned()));
    let text = written(table, MORRIS, &part);
    assert!(
        text.contains("Left out since an outcome is missing: 6 trajectories."),
        "{text}"
    );
    let few = responses(&analysis(Method::Morris, 10), 7);
    let text = written(table, MORRIS, &few);
    assert!(
        text.contains("only 1 groups of runs have all their outcomes, 9 have not"),
        "{text}"
    );
}

#[test]
fn the_files_have_a_row_for_each_figure_input_and_index() {
    let text = written(csv, SOBOL, &whole(SOBOL));
    let start: Vec<&str> = text.lines().take(3).collect();
    assert_snapshot!(start.join("\n"), @r"
    metric,input,index,value,lower,upper,n
    port_encounters,world.slope,first,0.954141,0.673083,1.235193,64
    port_encounters,world.slope,total,0.960889,0.733998,1.198782,64
    ");
    // Waits do not vary: they have no index.
    assert_eq!(text.lines().count(), 1 + 3 * 2);
    let document: Value = serde_json::from_str(&written(json, SOBOL, &whole(SOBOL))).unwrap();
    assert_eq!(document["indices"].as_array().unwrap().len(), 6);
    assert_eq!(document["missing"][0]["metric"], "wait_days_median");
}

/// Of 32 rows the outcome varies in one: every third resample is without it.
#[test]
fn without_intervals_no_input_is_told_apart_and_the_sum_has_no_meaning() {
    let points = analysis(Method::Sobol, 32).points();
    let mut responses = Responses::new(layout(points.clone(), &["base"], 1));
    for point in 0..points.len() {
        // In the first row only B, and A with the slope of B, are different.
        let persons = if (1..3).contains(&point) {
            6000.0
        } else {
            5000.0
        };
        responses.take(done(&[Some(persons), None]));
    }
    let text = written(table, (Method::Sobol, 32), &responses);
    let told: Vec<&str> = text.lines().skip(9).take(4).collect();
    assert_snapshot!(told.join("\n"), @r"
    Not told apart from 5% of the variance: slope.
    No effect at any point tried: nothing, bend.
    There are no intervals, since the outcome varies between too few points: give more --points.
    First indices add up to 2.00, which says nothing without an interval.
    ");
}

#[test]
fn with_few_points_or_a_level_out_of_reach_no_input_is_told_apart_and_why_is_said() {
    let told = |(method, groups): (Method, u32), level: &str| {
        let analysis = analysis(method, groups);
        let points = analysis.points();
        let mut layout = (*layout(points, &["base"], 1)).clone();
        layout.level = level.parse().unwrap();
        let mut all = Responses::new(layout.into());
        let whole = responses(&analysis, analysis.points().len());
        for point in 0..whole.points() {
            all.take(done(whole.run(point, 0, 0).unwrap()));
        }
        written(table, (method, groups), &all)
    };
    for (of, level, why) in [
        (
            (Method::Morris, 2),
            "95%",
            "That takes 10 steps that changed the value",
        ),
        (
            (Method::Morris, 9),
            "95%",
            "That takes 10 steps that changed the value",
        ),
        (
            (Method::Morris, 10),
            "99.9%",
            "1,000 resamples do not reach as far out as 99.9% asks",
        ),
        (
            (Method::Sobol, 31),
            "95%",
            "since that takes 32 rows (an assumed number): give more",
        ),
        (
            (Method::Sobol, 64),
            "99.9%",
            "1,000 resamples do not reach as far out as 99.9% asks",
        ),
    ] {
        let text = told(of, level);
        assert!(text.contains(why), "{text}");
        assert!(text.contains("\nNot told apart from 5% of the "), "{text}");
        assert!(!text.contains("each by itself at"), "{text}");
    }
}

#[test]
fn a_single_effect_is_not_told_apart_nor_is_an_input_that_never_moved() {
    let effect = |value, effects| {
        let interval = ConfidenceInterval {
            n: effects,
            level: Level::USUAL,
            lower: value,
            upper: value,
        };
        let estimate = Estimate {
            mean: value,
            n: effects,
            interval: (effects > 1).then_some(interval),
        };
        let share = BootstrapEstimate {
            value: value / 100.0,
            interval: (effects > 1).then_some(BootstrapInterval {
                level: Level::USUAL,
                resamples: 1_000,
                lower: value / 100.0,
                upper: value / 100.0,
            }),
        };
        MorrisEffect {
            mu: (effects > 0).then_some(value),
            mu_star: (effects > 0).then_some(estimate),
            sigma: (effects > 1).then_some(0.0),
            share_of_largest: (effects > 0).then_some(share),
            effects,
        }
    };
    let factors = [(100.0, 2), (1.0, 1), (0.0, 0), (0.0, 2)];
    let found = MorrisEffects {
        trajectories: 2,
        dropped: 0,
        factors: factors
            .map(|(value, effects)| effect(value, effects))
            .into(),
    };
    let names = ["slope", "step", "stuck", "nothing"];
    let told = words::sentences(&Indices::Morris(found), &names, None, Level::USUAL);
    assert_snapshot!(told.join("\n"), @r"
    More than 5% of the largest effect, each by itself at 95%: slope.
    Not told apart from 5% of the largest effect: step.
    No effect at any point tried: nothing.
    Not known, since no step changed the value of the input: stuck.
    Without an interval, since fewer than two steps changed the value of the input: step, stuck. Give more --points.
    Steps left out since they did not change the value of the input: step 1, stuck 2.
    ");
}

/// The second input is rounded to 2 wherever it is tried; waits are the same everywhere.
#[test]
fn what_is_not_observed_is_empty_and_is_no_effect_of_0() {
    let uniform = |key: &str, low, high, is_whole| {
        Input::Uncertain(UncertainNumber {
            key: key.to_owned(),
            distribution: Distribution::Uniform { low, high },
            is_whole,
            source: String::new(),
        })
    };
    let inputs = [
        uniform("world.slope", 0.0, 1.0, false),
        uniform("world.stuck", 2.0, 2.4, true),
    ];
    let analysis = Analysis::new(Method::Morris, 3, inputs.into(), 1).unwrap();
    let points = analysis.points();
    let mut responses = Responses::new(layout(points.clone(), &["base"], 1));
    for point in 0..points.len() {
        let slope: f64 = points.values(point)[0].parse().unwrap();
        responses.take(done(&[Some(1000.0 * slope), Some(3.0)]));
    }
    let text = written_of(table, &analysis, 3, &responses);
    let told: Vec<&str> = text.lines().skip(2).take(21).collect();
    assert_snapshot!(told.join("\n"), @r"
    port_encounters
     input       mu     mu*     95% interval   sigma
    ─────────────────────────────────────────────────
     slope   +1,000   1,000   1,000 to 1,000       0
     stuck
    ─────────────────────────────────────────────────
    Not told apart from 5% of the largest effect: slope.
    Not known, since no step changed the value of the input: stuck.
    Without an interval, since fewer than two steps changed the value of the input: stuck. Give more --points.
    Not judged against 5% of the largest effect: slope. That takes 10 steps that changed the value of the input, and as many of the one with the largest effect: give more --points.
    Steps left out since they did not change the value of the input: stuck 3.

    wait_days_median
     input    mu   mu*   95% interval   sigma
    ──────────────────────────────────────────
     slope   0.0   0.0     0.0 to 0.0     0.0
     stuck
    ──────────────────────────────────────────
    No effect at any point tried: slope.
    Not known, since no step changed the value of the input: stuck.
    Without an interval, since fewer than two steps changed the value of the input: stuck. Give more --points.
    ");
    let text = written_of(csv, &analysis, 3, &responses);
    let told: Vec<&str> = text.lines().filter(|line| line.contains("stuck")).collect();
    assert_snapshot!(told.join("\n"), @r"
    port_encounters,world.stuck,mu,,,,0
    port_encounters,world.stuck,mu_star,,,,0
    port_encounters,world.stuck,sigma,,,,0
    port_encounters,world.stuck,share_of_largest,,,,0
    wait_days_median,world.stuck,mu,,,,0
    wait_days_median,world.stuck,mu_star,,,,0
    wait_days_median,world.stuck,sigma,,,,0
    wait_days_median,world.stuck,share_of_largest,,,,0
    ");
    let document: Value =
        serde_json::from_str(&written_of(json, &analysis, 3, &responses)).unwrap();
    let stuck = &document["indices"][4];
    assert_eq!(
        (&stuck["input"], &stuck["n"]),
        (&"world.stuck".into(), &0.into())
    );
    assert!(stuck["value"].is_null());
}
