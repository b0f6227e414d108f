//! Posteriors that are read, and that are refused.

use super::*;
use crate::scenario;

fn lottery() -> Loaded {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/theory/lottery.toml");
    scenario::load(&file, &[]).unwrap()
}

fn parse(text: &str) -> Result<Posterior, Diagnostics> {
    Posterior::parse("posterior.csv", text, &lottery())
}

const SLOTS: &str = "policy.app.slots_per_day";

#[test]
fn draws_have_their_weights_and_values() {
    let text =
        format!("draw,weight,{SLOTS},policy.app.random_share\n1,0.25,80.0,0.5\n2,0.75,1e2,1\n");
    let posterior = parse(&text).unwrap();
    assert_eq!(posterior.keys(), [SLOTS, "policy.app.random_share"]);
    let weights: Vec<f64> = posterior.draws().iter().map(|draw| draw.weight).collect();
    assert_eq!(weights, [0.25, 0.75]);
    let value = |key: &str, value: &str| Override::new(key, value);
    let second = [value(SLOTS, "100"), value("policy.app.random_share", "1")];
    assert_eq!(posterior.values(1), second);
    assert_eq!(
        posterior
            .check(&[0, 1], &lottery())
            .map_err(|wrong| wrong.to_string()),
        Ok(())
    );
}

#[test]
fn keys_may_have_quotes_as_those_of_the_command_line() {
    let quoted =
        parse("draw,weight,policy.app.\"random_share\",policy.'app'.slots_per_day\n1,1,0.5,80\n");
    assert_eq!(quoted.unwrap().keys(), ["policy.app.random_share", SLOTS]);
    let twice = parse(&format!(
        "draw,weight,{SLOTS},policy.app.\"slots_per_day\"\n1,1,80,90\n"
    ));
    let told = twice.unwrap_err().to_string();
    assert!(
        told.contains("`policy.app.slots_per_day` has two columns"),
        "{told}"
    );
}

#[test]
fn a_table_of_semicolons_is_told_that_columns_have_commas() {
    let wrong = parse(&format!("draw;weight;{SLOTS}\n1;1;80\n")).unwrap_err();
    let said = "columns are separated by commas, not by semicolons";
    assert!(wrong.to_string().contains(said), "{wrong}");
}

#[test]
fn a_scenario_in_place_of_draws_is_told_to_be_one() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/theory/lottery.toml");
    let told = Posterior::read(&file, &lottery()).unwrap_err().to_string();
    assert!(
        told.contains("lottery.toml is a scenario and no table of draws"),
        "{told}"
    );
    assert!(
        told.contains("such as the posterior.csv of `calibrate`"),
        "{told}"
    );
}

#[test]
fn draws_of_a_group_that_is_not_there_seem_to_be_of_another_scenario() {
    let told = |group: &str| {
        let text = format!("draw,weight,world.groups.{group}.weights.app\n1,1,1\n");
        parse(&text).unwrap_err().to_string()
    };
    let of_another = "the groups are `applicants`; these draws seem to be of another scenario";
    let sailors = told("sailors");
    assert!(sailors.contains(of_another), "{sailors}");
    let misspelt = told("aplicants");
    assert!(!misspelt.contains("another scenario"), "{misspelt}");
}

#[test]
fn the_digest_is_that_of_the_bytes_of_the_file() {
    let posterior = parse(&format!("draw,weight,{SLOTS}\n1,1,80\n")).unwrap();
    // printf 'draw,weight,policy.app.slots_per_day\n1,1,80\n' | sha256sum
    assert_eq!(
        posterior.digest(),
        "04e9e149b07033836c5eb7f9330a364d4c9604d504554802b829057ebc0b9cc8"
    );
}

#[test]
fn draws_of_a_scenario_with_other_levels_are_refused_once_at_their_column() {
    let history = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/history.toml");
    let history = scenario::load(&history, &[]).unwrap();
    let text =
        "draw,weight,world.groups.other.arrivals.levels.2022-10-01.per_day\n1,1,80\n2,1,90\n";
    insta::assert_snapshot!(Posterior::parse("posterior.csv", text, &history).unwrap_err(), @r"
    posterior.csv:1:13: error: the scenario has no `2022-10-01` for `world.groups.other.arrivals.levels.2022-10-01.per_day`
      |
    1 | draw,weight,world.groups.other.arrivals.levels.2022-10-01.per_day
      |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: there are 2023-01-01, 2023-05-01, 2023-08-15, 2024-01-15, 2024-10-01: the draws are of a scenario with others
    ");
}

#[test]
fn a_level_has_one_column_by_whichever_name() {
    let history = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/history.toml");
    let history = scenario::load(&history, &[]).unwrap();
    let text = "draw,weight,world.groups.other.arrivals.levels.2023-01-01.per_day,world.groups.other.arrivals.levels.1.per_day\n1,1,80,90\n";
    let told = Posterior::parse("posterior.csv", text, &history).unwrap_err();
    assert!(
        told.to_string()
            .contains("`world.groups.other.arrivals.levels.1.per_day` has two columns"),
        "{told}"
    );
}

#[test]
fn every_mistake_is_told_at_its_place_with_the_remedy() {
    let text = "draw,weight,policy.app.slots_per_dya,policy.app.random_share,policy.app.open\n1,-1,80,much,1\n2,1,80,1.5,1\n";
    insta::assert_snapshot!(parse(text).unwrap_err(), @r"
    posterior.csv:1:13: error: unknown key `slots_per_dya` in `policy.app`
      |
    1 | draw,weight,policy.app.slots_per_dya,policy.app.random_share,policy.app.open
      |             ^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: did you mean `slots_per_day`?

    posterior.csv:1:62: error: `policy.app.open` is not a number, but true or false
      |
    1 | draw,weight,policy.app.slots_per_dya,policy.app.random_share,policy.app.open
      |                                                              ^^^^^^^^^^^^^^^
      |
      = help: drawn keys are numbers: name one inside it

    posterior.csv:2:3: error: `-1` is not a weight
      |
    2 | 1,-1,80,much,1
      |   ^^
      |
      = help: weights are numbers of at least 0

    posterior.csv:2:9: error: `much` is not a number
      |
    2 | 1,-1,80,much,1
      |         ^^^^
      |
      = help: `policy.app.random_share` is a number between 0 and 1

    posterior.csv:3:8: error: 1.5 is beyond what `policy.app.random_share` may be
      |
    3 | 2,1,80,1.5,1
      |        ^^^
      |
      = help: `policy.app.random_share` is a number between 0 and 1
    ");
}

#[test]
fn a_table_that_is_no_posterior_is_refused() {
    for (text, reason) in [
        ("", "1:1: error: the table has no column `draw`"),
        ("draw\n1\n", "1:5: error: the table has no column `weight`"),
        (
            "weight,draw\n1,1\n",
            "1:1: error: expected the column `draw`, found `weight`",
        ),
        (
            "draw,weight\n1,1\n",
            "1:6: error: the table has no column of a key",
        ),
        (
            "draw,weight,policy.app.slots_per_day\n",
            "1:1: error: the table has no draws",
        ),
        (
            "draw,weight,policy.app.slots_per_day\n1,0,80\n2,0,90\n",
            "1:6: error: every weight is 0",
        ),
        (
            "draw,weight,policy.app.slots_per_day\n1,1\n",
            "2:1: error: the line has 2 fields, the first line has 3",
        ),
        (
            "draw,weight,policy.app.slots_per_day,policy.app.slots_per_day\n1,1,80,80\n",
            "1:38: error: `policy.app.slots_per_day` has two columns",
        ),
        (
            "draw,weight,policy.app.slots_per_day,,\n1,1,80,,\n",
            "1:38: error: a column has no name",
        ),
        (
            "draw,weight,run.warmup_days\n1,1,80\n",
            "1:13: error: `run.warmup_days` is no input that could be drawn",
        ),
        (
            "draw,weight,policy.app.slots_per_day\n1,NaN,80\n",
            "2:3: error: `NaN` is not a weight",
        ),
    ] {
        let said = parse(text).unwrap_err().to_string();
        assert!(said.contains(&format!("posterior.csv:{reason}")), "{said}");
    }
}

#[test]
fn values_that_do_not_go_together_are_refused_with_the_line_of_their_draw() {
    let pool = "world.groups.applicants.initial_pool";
    let text =
        format!("draw,weight,{pool}.mean_age_days,{pool}.max_age_days\n1,1,10,20\n2,1,50,30\n");
    let posterior = parse(&text).unwrap();
    let said = posterior.check(&[1], &lottery()).unwrap_err().to_string();
    assert!(
        said.contains("posterior.csv:3:1: error: the scenario cannot be run with draw `2`: "),
        "{said}"
    );
    assert!(said.contains("its greatest age 30"), "{said}");
    assert!(posterior.check(&[0], &lottery()).is_ok());
}

#[test]
fn a_draw_that_is_given_twice_is_refused_with_both_lines() {
    let text = format!("draw,weight,{SLOTS}\n1,1,80\n2,1,90\n\n1,1,80\n");
    insta::assert_snapshot!(parse(&text).unwrap_err(), @r"
    posterior.csv:5:1: error: draw `1` is given twice, on line 2 and on line 5
      |
    5 | 1,1,80
      | ^
      |
      = help: each draw has a name of its own; take one of them out, or give a draw that counts more a greater weight
    ");
}

#[test]
fn keys_that_are_fitted_and_have_no_column_are_known_by_any_name() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/calibration.toml");
    let loaded = scenario::load(&file, &[]).unwrap();
    let fitted = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/fitted-posterior.csv");
    let all = Posterior::read(&fitted, &loaded).unwrap();
    assert_eq!(all.leaves_out(&loaded, &[]), [""; 0]);
    let text = "draw,weight,world.groups.other.arrivals.levels.1.per_day\n1,1,80\n";
    let left = Posterior::parse("p.csv", text, &loaded)
        .unwrap()
        .leaves_out(&loaded, &["world.groups.other.arrivals.levels.2.per_day"]);
    assert_eq!(left.len(), all.keys().len() - 2);
    assert!(left.contains(&"world.irregular.repeat_after_return_share".to_owned()));
    for date in ["2023-01-01", "2023-04-01"] {
        let key = format!("world.groups.other.arrivals.levels.{date}.per_day");
        assert!(!left.contains(&key), "{key}");
    }
}
