//! Every format, from responses made by hand.

use insta::assert_snapshot;
use serde_json::Value;

use super::{Swept, json, points, runs, short_names, table};
use crate::experiment::responses::tests::{done, layout};
use crate::experiment::{PointOutcome, Points, Responses};
use crate::report::manifest::Manifest;
use crate::report::tests::manifest;

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
    for task in 0..tasks {
        let place = responses.layout().place(task);
        let persons = 1000 + 100 * (place.point + place.scenario) + 10 * place.replication;
        let wait = place
            .point
            .is_multiple_of(2)
            .then(|| 12.5 + f64::from(place.replication));
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
    assert!(text.lines().all(|line| line.chars().count() <= 120));
    assert_snapshot!(text, @"");
}

#[test]
fn one_replication_has_no_interval_and_says_so() {
    let text = written(table, &responses(line(&["now", "later"]), &["base"], 1));
    assert_snapshot!(text, @"");
}

#[test]
fn variants_are_lines_of_their_own() {
    let text = written(
        table,
        &responses(line(&["1000", "1500"]), &["base", "other"], 2),
    );
    assert_snapshot!(text, @"");
}

#[test]
fn two_inputs_with_numbers_make_a_map() {
    let text = written(
        table,
        &responses(grid([&["1000", "1500"], &["0", "0.5", "1"]]), &["base"], 2),
    );
    assert_snapshot!(text, @"");
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
    assert_snapshot!(text, @"");
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
    assert_snapshot!(written_with(table, &responses, &failed), @"");
    assert_snapshot!(written(runs, &responses), @"");
    assert_snapshot!(written(points, &responses), @"");
}

#[test]
fn runs_have_inputs_first_and_unrounded_values() {
    let responses = responses(line(&["1000", "1500"]), &["base", "other"], 2);
    assert_snapshot!(written(runs, &responses), @"");
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
}
