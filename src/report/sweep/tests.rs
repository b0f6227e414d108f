//! Every format, from responses made by hand.

use std::sync::Arc;

use insta::assert_snapshot;
use serde_json::Value;

use super::{Swept, json, points, runs, short_names, table, watched};
use crate::experiment::points::responses::tests::{done, layout, watching};
use crate::experiment::{PointOutcome, Points, Responses, SweepLayout, Watched};
use crate::store::Manifest;
use crate::store::manifest::example::manifest;

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn grid(levels: [&[&str]; 2]) -> Points {
    let keys = texts(&["policy.app.slots_per_day", "policy.app.random_share"]);
    let pairs = levels[0]
        .iter()
        .flat_map(|down| levels[1].iter().map(move |across| [*down, *across]));
    Points::new(keys, pairs.map(|pair| texts(&pair)).collect())
}

fn line(values: &[&str]) -> Points {
    let keys = texts(&["policy.app.slots_per_day"]);
    Points::new(keys, values.iter().map(|value| texts(&[*value])).collect())
}

/// Every point has 100 persons more than the one before, and 10 more in each replication; every second has waits.
fn responses(points: Points, scenarios: &[&str], replications: u32) -> Responses {
    let mut responses = Responses::new(layout(points, scenarios, replications));
    let tasks = responses.layout().points.len() * responses.layout().tasks_per_point();
    for number in 0..tasks {
        let task = responses.layout().task(number);
        let persons = 1000 + 100 * (task.point + task.scenario) + 10 * task.replication;
        let wait = task
            .point
            .is_multiple_of(2)
            .then(|| 12.5 + f64::from(task.replication));
        responses.take(done(&[Some(f64::from(persons)), wait]));
    }
    responses
}

fn written_with(
    format: fn(&Swept<'_>, &mut dyn std::io::Write) -> std::io::Result<()>,
    responses: &Responses,
    manifest: &Manifest,
) -> String {
    let mut bytes = Vec::new();
    let swept = Swept {
        manifest,
        responses,
    };
    format(&swept, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn written(
    format: fn(&Swept<'_>, &mut dyn std::io::Write) -> std::io::Result<()>,
    responses: &Responses,
) -> String {
    written_with(
        format,
        responses,
        &manifest(responses.layout().replications),
    )
}

#[test]
fn one_input_has_a_line_for_each_value_and_a_chart() {
    let text = written(
        table,
        &responses(line(&["1000", "1250", "1500"]), &["base"], 2),
    );
    let of_sentences = |line: &&str| line.ends_with('.');
    let mut others = text.lines().filter(|line| !of_sentences(line));
    assert!(others.all(|line| line.chars().count() <= 100));
    assert_snapshot!(text, @r"
    A border made by hand
     slots_per_day   port_encounters   wait_days_median
    ────────────────────────────────────────────────────
     1000                 1,005 ± 64         13.0 ± 6.4
     1250                 1,105 ± 64
     1500                 1,205 ± 64         13.0 ± 6.4
    ────────────────────────────────────────────────────
    port_encounters by slots_per_day with 95% intervals
     1000 │├──────────●───────────┤
     1250 │                  ├───────────●──────────┤
     1500 │                                    ├───────────●──────────┤
          └────────────────────────────────────────────────────────────
           941                                                    1,269
    port_encounters goes from 1,005 (slots_per_day 1000) to 1,205 (slots_per_day 1500): they differ by 200 in all 2 replications on the same people, and no difference is shown: 2 replications hardly ever show one, try 4 or more.
    wait_days_median is 13.0 wherever it has a value.
    No replication has a value: wait_days_median at 1 of 3 points.
    3 points, 2 replications each, on the same people at every point; ± is half of the 95% interval of that mean alone; a difference between two points chosen beforehand is usually surer.
    ");
}

/// 1 and 21 persons more in the two replications: 11 ± 127, as Student's t with one degree of freedom has it at 95%. Where the two are
/// the furthest apart of three, it is that at 98.3%.
#[test]
fn a_difference_of_the_furthest_points_that_is_not_shown_is_called_that() {
    let told = |values: &[&str], persons: &[f64]| {
        let mut responses = Responses::new(layout(line(values), &["base"], 2));
        for persons in persons {
            responses.take(done(&[Some(*persons), None]));
        }
        let text = written(table, &responses);
        let told = text
            .lines()
            .find(|line| line.starts_with("port_encounters goes"));
        told.unwrap_or_default().to_owned()
    };
    assert_snapshot!(told(&["1000", "1500"], &[100.0, 200.0, 101.0, 221.0]), @"port_encounters goes from 150 (slots_per_day 1000) to 161 (slots_per_day 1500): they differ by 11 ± 127 on the same people, and no difference is shown: 2 replications hardly ever show one, try 4 or more.");
    assert_snapshot!(told(&["1000", "1250", "1500"], &[100.0, 200.0, 100.0, 210.0, 101.0, 221.0]), @"port_encounters goes from 150 (slots_per_day 1000) to 161 (slots_per_day 1500): they differ by 11 ± 382 on the same people (Bonferroni over all 3 pairs), and no difference is shown: 2 replications hardly ever show one, try 4 or more.");
}

#[test]
fn one_replication_has_no_interval_and_says_so() {
    let text = written(table, &responses(line(&["now", "later"]), &["base"], 1));
    assert_snapshot!(text, @r"
    A border made by hand
     slots_per_day   port_encounters   wait_days_median
    ────────────────────────────────────────────────────
     now                       1,000               12.5
     later                     1,100
    ────────────────────────────────────────────────────
    port_encounters by slots_per_day
     now   │●
     later │                                                           ●
           └────────────────────────────────────────────────────────────
            1,000                                                  1,100
    port_encounters goes from 1,000 (slots_per_day now) to 1,100 (slots_per_day later).
    wait_days_median is 12.5 wherever it has a value.
    No replication has a value: wait_days_median at 1 of 2 points.
    2 points, one replication each; an interval needs at least two.
    ");
}

#[test]
fn variants_are_lines_of_their_own() {
    let text = written(
        table,
        &responses(line(&["1000", "1500"]), &["base", "other"], 2),
    );
    assert_snapshot!(text, @r"
    A border made by hand
     slots_per_day   variant   port_encounters   wait_days_median
    ──────────────────────────────────────────────────────────────
     1000            base           1,005 ± 64         13.0 ± 6.4
     1000            other          1,105 ± 64         13.0 ± 6.4
     1500            base           1,105 ± 64
     1500            other          1,205 ± 64
    ──────────────────────────────────────────────────────────────
    port_encounters by slots_per_day with 95% intervals
     1000 base  │├──────────●───────────┤
     1000 other │                  ├───────────●──────────┤
     1500 base  │                  ├───────────●──────────┤
     1500 other │                                    ├───────────●──────────┤
                └────────────────────────────────────────────────────────────
                 941                                                    1,269
    port_encounters goes from 1,005 (slots_per_day 1000, base) to 1,205 (slots_per_day 1500, other): they differ by 200 in all 2 replications on the same people, and no difference is shown: 2 replications hardly ever show one, try 4 or more.
    wait_days_median is 13.0 wherever it has a value.
    No replication has a value: wait_days_median at 2 of 4 points.
    2 points, 2 replications each, on the same people at every point; ± is half of the 95% interval of that mean alone; a difference between two points chosen beforehand is usually surer.
    ");
}

#[test]
fn two_inputs_with_numbers_make_a_map() {
    let text = written(
        table,
        &responses(grid([&["1000", "1500"], &["0", "0.5", "1"]]), &["base"], 2),
    );
    assert_snapshot!(text, @r"
    A border made by hand
     slots_per_day   random_share   port_encounters   wait_days_median
    ───────────────────────────────────────────────────────────────────
     1000            0                   1,005 ± 64         13.0 ± 6.4
     1000            0.5                 1,105 ± 64
     1000            1                   1,205 ± 64         13.0 ± 6.4
     1500            0                   1,305 ± 64
     1500            0.5                 1,405 ± 64         13.0 ± 6.4
     1500            1                   1,505 ± 64
    ───────────────────────────────────────────────────────────────────
    port_encounters: slots_per_day down, random_share across
                   0        0.5          1
    ───────────────────────────────────────
     1000   1,005 ··   1,105 ░░   1,205 ▒▒
     1500   1,305 ▓▓   1,405 ██   1,505 ██
    ───────────────────────────────────────
     · ░ ▒ ▓ █: fifths of the way from 1,005 to 1,505
    port_encounters goes from 1,005 (slots_per_day 1000, random_share 0) to 1,505 (slots_per_day 1500, random_share 1): they differ by 500 in all 2 replications on the same people, and no difference is shown: 2 replications hardly ever show one, try 4 or more.
    wait_days_median is 13.0 wherever it has a value.
    No replication has a value: wait_days_median at 3 of 6 points.
    6 points, 2 replications each, on the same people at every point; ± is half of the 95% interval of that mean alone; a difference between two points chosen beforehand is usually surer.
    ");
}

#[test]
fn a_wide_map_has_shades_only_and_a_long_table_is_left_out() {
    let across: Vec<String> = (0..30).map(|level| level.to_string()).collect();
    let across: Vec<&str> = across.iter().map(String::as_str).collect();
    let text = written(
        table,
        &responses(grid([&["1000", "1500"], &across]), &["base"], 2),
    );
    assert!(text.lines().take(4).all(|line| line.chars().count() <= 100));
    assert_snapshot!(text, @r"
    A border made by hand
    port_encounters: slots_per_day down, random_share across
          0                                                         29
     1000 ························░░░░░░░░░░░░░░░░░░░░░░░░▒▒▒▒▒▒▒▒▒▒▒▒
     1500 ▒▒▒▒▒▒▒▒▒▒▒▒▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓████████████████████████
     · ░ ▒ ▓ █: fifths of the way from 1,005 to 6,905
    port_encounters goes from 1,005 (slots_per_day 1000, random_share 0) to 6,905 (slots_per_day 1500, random_share 29): they differ by 5,900 in all 2 replications on the same people, and no difference is shown: 2 replications hardly ever show one, try 4 or more.
    wait_days_median is 13.0 wherever it has a value.
    60 rows are more than a table of 40: --format csv or --out has them.
    No replication has a value: wait_days_median at 30 of 60 points.
    60 points, 2 replications each, on the same people at every point; ± is half of the 95% interval of that mean alone; a difference between two points chosen beforehand is usually surer.
    ");
}

#[test]
fn what_failed_and_what_is_missing_is_empty_and_told() {
    let mut responses = Responses::new(layout(line(&["1000", "1250"]), &["base"], 2));
    responses.take(PointOutcome::Refused("no".to_owned()));
    responses.take(PointOutcome::Refused("no".to_owned()));
    responses.take(done(&[Some(1.5), None]));
    responses.take(PointOutcome::Failed("no".to_owned()));
    let failed = Manifest {
        failed_points: vec![0, 1],
        ..manifest(2)
    };
    assert_snapshot!(written_with(table, &responses, &failed), @r"
    A border made by hand
     slots_per_day   port_encounters   wait_days_median
    ────────────────────────────────────────────────────
     1000
     1250                         2†
    ────────────────────────────────────────────────────
    port_encounters is 2 wherever it has a value.
    wait_days_median has no value at any point.
    3 of 4 simulations came to nothing, at point 0, 1.
    † Rests on fewer than the 2 replications: port_encounters at 1 of 2 points. A replication without such a figure is left out of its mean. No replication has a value: port_encounters at 1 of 2 points, wait_days_median at 2 of 2 points.
    2 points, 2 replications each, on the same people at every point; ± is half of the 95% interval of that mean alone; a difference between two points chosen beforehand is usually surer.
    ");
    assert_snapshot!(written(runs, &responses), @r"
    point,policy.app.slots_per_day,replication,port_encounters,wait_days_median
    1,1250,0,1.5,
    ");
    assert_snapshot!(written(points, &responses), @r"
    point,policy.app.slots_per_day,metric,mean,lower,upper,n
    0,1000,port_encounters,,,,0
    0,1000,wait_days_median,,,,0
    1,1250,port_encounters,1.5,,,1
    1,1250,wait_days_median,,,,0
    ");
}

#[test]
fn runs_have_inputs_first_and_unrounded_values() {
    let responses = responses(line(&["1000", "1500"]), &["base", "other"], 2);
    assert_snapshot!(written(runs, &responses), @r"
    point,variant,policy.app.slots_per_day,replication,port_encounters,wait_days_median
    0,base,1000,0,1000,12.5
    0,base,1000,1,1010,13.5
    0,other,1000,0,1100,12.5
    0,other,1000,1,1110,13.5
    1,base,1500,0,1100,
    1,base,1500,1,1110,
    1,other,1500,0,1200,
    1,other,1500,1,1210,
    ");
}

#[test]
fn the_document_has_inputs_as_numbers_where_they_are() {
    let responses = responses(line(&["1000", "\"a b\"", "{ x = 1 }"]), &["base"], 2);
    let document: Value = serde_json::from_str(&written(json, &responses)).unwrap();
    let input = |point: usize| &document["points"][point]["inputs"]["policy.app.slots_per_day"];
    assert_eq!(*input(0), Value::from(1000));
    assert_eq!(
        [input(1), input(2)],
        ["a b", "{ x = 1 }"].map(Value::from).each_ref()
    );
    let persons = &document["points"][1]["metrics"]["port_encounters"];
    assert_eq!(
        (&persons["mean"], &persons["n"]),
        (&Value::from(1105.0), &Value::from(2))
    );
    assert_eq!(
        document["points"][1]["metrics"]["wait_days_median"]["mean"],
        Value::Null
    );
}

#[test]
fn inputs_are_called_by_the_parts_that_tell_them_apart() {
    let names = |keys: &[&str]| short_names(&texts(keys)).join(" ");
    assert_eq!(
        names(&["policy.app.open", "policy.app.booked"]),
        "open booked"
    );
    assert_eq!(
        names(&["policy.ports.a.open", "policy.ports.b.open"]),
        "a.open b.open"
    );
    assert_eq!(names(&["run.end", "end"]), "run.end end");
    assert_eq!(
        names(&["world.groups.other.weights.app", "policy.app.open"]),
        "other.weights.app open"
    );
    assert_eq!(
        names(&["policy.ports.harbor.shifts.1.officers"]),
        "harbor.shifts.1.officers"
    );
    assert_eq!(
        names(&[
            "event.staff.set.ports.harbor.shifts.1.officers",
            "event.staff.set.ports.harbor.shifts.3.officers"
        ]),
        "harbor.shifts.1.officers harbor.shifts.3.officers"
    );
    assert_eq!(
        names(&[
            "policy.ports.harbor.officers",
            "event.staff.set.ports.harbor.officers"
        ]),
        "policy.ports.harbor.officers staff.set.ports.harbor.officers"
    );
    assert_eq!(
        names(&["event.staff.date", "event.2.date"]),
        "staff.date event.2.date"
    );
    assert_eq!(
        names(&[
            "policy.lawful_alternative_share.mexican",
            "policy.crossing.group_outcome.other.removed",
            "world.app.regularity.1.share"
        ]),
        "lawful_alternative_share.mexican other.removed regularity.1.share"
    );
    assert_eq!(
        names(&["world.groups.ports.arrivals.levels.2024-01-01.per_day"]),
        "ports.arrivals.levels.2024-01-01.per_day"
    );
}

/// Waits of two replications at each of two points, as the table tells of them.
fn told_of_waits(waits: [[f64; 2]; 2]) -> String {
    let mut responses = Responses::new(layout(line(&["1000", "1500"]), &["base"], 2));
    for wait in waits.into_iter().flatten() {
        responses.take(done(&[None, Some(wait)]));
    }
    let text = written(table, &responses);
    let told = text
        .lines()
        .find(|line| line.starts_with("wait_days_median is"));
    told.unwrap_or_default().to_owned()
}

#[test]
fn a_figure_is_the_same_at_every_point_only_where_no_pair_ever_differs() {
    assert_snapshot!(told_of_waits([[13.0, 13.5], [13.0, 13.5]]), @"wait_days_median is 13.3 at every point.");
    // 1/64 and 1/32 more, which are all written as 13.3.
    assert_snapshot!(told_of_waits([[13.0, 13.5], [13.015_625, 13.531_25]]), @"wait_days_median is written as 13.3 at every point; the furthest apart, slots_per_day 1000 and slots_per_day 1500, differ by 0.023 ± 0.099 on the same people, and no difference is shown: 2 replications hardly ever show one, try 4 or more.");
    // 1/64 more both times.
    assert_snapshot!(told_of_waits([[13.0, 13.5], [13.015_625, 13.515_625]]), @"wait_days_median is written as 13.3 at every point; the furthest apart, slots_per_day 1000 and slots_per_day 1500, differ by 0.02 in all 2 replications on the same people, and no difference is shown: 2 replications hardly ever show one, try 4 or more.");
    // The same means of other replications.
    assert_snapshot!(told_of_waits([[12.0, 14.0], [14.0, 12.0]]), @"wait_days_median is written as 13.0 at every point; the furthest apart, slots_per_day 1000 and slots_per_day 1500, differ by 0 ± 25 on the same people, and no difference is shown: 2 replications hardly ever show one, try 4 or more.");
}

/// Queues of so many days, and days on which the trigger is on, at every point and in every scenario.
fn watching_of(watched: &[[f64; 2]], scenarios: &[&str]) -> Responses {
    let points = line(&["1000", "2000", "3000"]);
    let mut responses = Responses::new(watching(points, scenarios, 2));
    for [queue, days] in watched {
        // Two replications, the second with a day more of each.
        for more in [0.0, 1.0] {
            responses.take(done(&[
                Some(5.0),
                None,
                Some(queue + more),
                Some(days + more),
            ]));
        }
    }
    responses
}

fn told_of_what_is_watched(responses: &Responses) -> String {
    let text = written(table, responses);
    let told = ["Queues ", "Officers ", "Trigger "];
    let told = (text.lines()).filter(|line| told.iter().any(|start| line.starts_with(start)));
    told.collect::<Vec<_>>().join("\n")
}

#[test]
fn in_futures_what_is_the_same_is_the_same_in_all_futures_and_what_does_not_vary_has_no_rest() {
    let in_futures = |values: [[f64; 4]; 2]| {
        let plain = layout(line(&["1000", "1250"]), &["base"], 4);
        let mut responses = Responses::new(Arc::new(SweepLayout {
            per_future: 2,
            ..SweepLayout::clone(&plain)
        }));
        for value in values.as_flattened() {
            responses.take(done(&[Some(*value), None]));
        }
        written(table, &responses)
    };
    let text = in_futures([[1.0, 2.0, 4.0, 5.0], [101.0, 102.0, 104.0, 105.0]]);
    assert!(
        text.contains("they differ by 100 in all 2 futures on the same people"),
        "{text}"
    );
    assert!(text.contains("%; the rest is chance."), "{text}");
    let text = in_futures([[5.0; 4]; 2]);
    assert!(
        text.contains("over the points: that takes two futures at least, and figures that vary.\n"),
        "{text}"
    );
}

#[test]
fn long_queues_and_a_trigger_that_acts_otherwise_are_told_with_their_points() {
    let of = |watched| told_of_what_is_watched(&watching_of(watched, &["base"]));
    let short = [[0.1, 20.0], [0.2, 20.0], [0.4, 20.0]];
    assert_eq!(of(&short), "");
    let one = [[0.1, 30.0], [0.2, 30.0], [3.7, 0.0]];
    assert_snapshot!(of(&one), @r"
    Queues of more than a day at 1 of 3 points, slots_per_day 3000 (in some month 95% of those served at a port had waited up to 4.2 days). `officers` or `shifts` there are too few for the slots and walk-ups. `portflow run` with the values of a point tells of its ports.
    Trigger `limit` is on for 0.5 days (slots_per_day 3000) to 30.5 (slots_per_day 1000), in the means: differences are of what it does too.
    ");
    let all = [[0.6, 20.0], [9.5, 20.0], [3.7, 20.015_625]];
    assert_snapshot!(of(&all), @r"
    Queues of more than a day at 3 of 3 points, the longest at slots_per_day 2000 (in some month 95% of those served at a port had waited up to 10.0 days). `officers` or `shifts` there are too few for the slots and walk-ups. `portflow run` with the values of a point tells of its ports.
    Trigger `limit` is on for 20.50 days (slots_per_day 1000) to 20.52 (slots_per_day 3000), in the means: differences are of what it does too.
    ");
}

#[test]
fn queues_of_which_no_wait_tells_are_told_with_their_points() {
    let watching = watching(line(&["1000", "2000", "3000"]), &["base"], 1);
    let told = |persons: [f64; 3]| {
        let mut responses = Responses::new(Arc::new(SweepLayout {
            watched: vec![Watched::LongestPortWait, Watched::UnservedQueue],
            ..SweepLayout::clone(&watching)
        }));
        for persons in persons {
            responses.take(done(&[None, None, Some(0.1), Some(persons)]));
        }
        told_of_what_is_watched(&responses)
    };
    assert_eq!(told([0.0; 3]), "");
    assert_snapshot!(told([0.0, 0.0, 1234.0]), @"Queues of more persons than are served in a day at 1 of 3 points, slots_per_day 3000 (in some month 1,234 persons at a port in the mean). `officers` or `shifts` there are too few for the slots and walk-ups. `portflow run` with the values of a point tells of its ports.");
    assert_snapshot!(told([0.0, 4.5, 1.0]), @"Queues of more persons than are served in a day at 2 of 3 points, the largest at slots_per_day 2000 (in some month 4.5 persons at a port in the mean). `officers` or `shifts` there are too few for the slots and walk-ups. `portflow run` with the values of a point tells of its ports.");
}

#[test]
fn overtime_is_told_with_its_points() {
    let watching = watching(line(&["1000", "2000", "3000"]), &["base"], 1);
    let told = |shares: [f64; 3]| {
        let mut responses = Responses::new(Arc::new(SweepLayout {
            watched: vec![Watched::Overtime],
            ..SweepLayout::clone(&watching)
        }));
        for share in shares {
            responses.take(done(&[None, None, Some(share)]));
        }
        told_of_what_is_watched(&responses)
    };
    assert_eq!(told([0.0, 0.0, 0.05]), "");
    assert_snapshot!(told([0.0, 0.04, 0.25]), @"Officers work beyond their schedule for more than 5% of their hours on duty at 1 of 3 points, slots_per_day 3000 (25% at a port). Their utilization counts that time as on duty. `portflow run` with the values of a point tells of its ports.");
    assert_snapshot!(told([0.1, 0.06, 0.25]), @"Officers work beyond their schedule for more than 5% of their hours on duty at 3 of 3 points, the most at slots_per_day 3000 (25% at a port). Their utilization counts that time as on duty. `portflow run` with the values of a point tells of its ports.");
}

#[test]
fn what_is_watched_is_told_of_each_scenario() {
    let watched = [
        [0.1, 30.0],
        [2.0, 30.0],
        [3.7, 10.0],
        [5.0, 30.0],
        [4.0, 10.0],
        [0.2, 30.0],
    ];
    let told = told_of_what_is_watched(&watching_of(&watched, &["base", "other"]));
    assert_snapshot!(told, @r"
    Queues of more than a day in base at 2 of 3 points, the longest at slots_per_day 3000 (in some month 95% of those served at a port had waited up to 4.5 days); in other at 2 of 3 points, the longest at slots_per_day 2000 (in some month 95% of those served at a port had waited up to 5.5 days). `officers` or `shifts` there are too few for the slots and walk-ups. `portflow run` with the values of a point tells of its ports.
    Trigger `limit` is on in base for 10.5 days (slots_per_day 2000) to 30.5 (slots_per_day 1000), in the means: differences are of what it does too.
    ");
}

#[test]
fn a_point_with_many_inputs_is_called_by_its_number() {
    let keys = texts(&["a.a", "a.b", "a.c", "a.d", "a.e"]);
    let points = vec![
        texts(&["1", "2", "3", "4", "5"]),
        texts(&["6", "7", "8", "9", "10"]),
    ];
    let mut responses = Responses::new(watching(Points::new(keys, points), &["base"], 1));
    responses.take(done(&[None, None, Some(0.0), Some(1.5)]));
    responses.take(done(&[None, None, Some(2.0), Some(3.0)]));
    assert_snapshot!(told_of_what_is_watched(&responses), @r"
    Queues of more than a day at 1 of 2 points, point 1, whose values are in the results of --out (in some month 95% of those served at a port had waited up to 2.0 days). `officers` or `shifts` there are too few for the slots and walk-ups. `portflow run` with the values of a point tells of its ports.
    Trigger `limit` is on for 1.5 days (point 0, whose values are in the results of --out) to 3.0 (point 1, whose values are in the results of --out), in the means: differences are of what it does too.
    ");
}

#[test]
fn what_is_watched_has_a_file_and_a_field_of_its_own() {
    let responses = watching_of(&[[0.1, 30.0], [0.2, 30.0], [3.7, 0.0]], &["base"]);
    assert_snapshot!(written(watched, &responses), @r"
    point,policy.app.slots_per_day,metric,mean,lower,upper,n
    0,1000,longest_port_wait_days_p95,0.6,-5.753102,6.953102,2
    0,1000,days_in_force/limit,30.5,24.146898,36.853102,2
    1,2000,longest_port_wait_days_p95,0.7,-5.653102,7.053102,2
    1,2000,days_in_force/limit,30.5,24.146898,36.853102,2
    2,3000,longest_port_wait_days_p95,4.2,-2.153102,10.553102,2
    2,3000,days_in_force/limit,0.5,-5.853102,6.853102,2
    ");
    let document: Value = serde_json::from_str(&written(json, &responses)).unwrap();
    let point = &document["points"][2];
    assert_eq!(point["watched"]["longest_port_wait_days_p95"]["mean"], 4.2);
    assert_eq!(point["watched"]["days_in_force/limit"]["mean"], 0.5);
    assert_eq!(point["metrics"].as_object().unwrap().len(), 2);
}
