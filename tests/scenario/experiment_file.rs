//! Experiment files.

use std::path::Path;

use portflow::scenario::experiment_file::Design;
use portflow::scenario::{self, ExperimentFile};

use crate::tools::Files;
use crate::tools::command::portflow;

const BASE: &str = "[world.groups.all]\narrivals.per_day = 10\n[[event]]\nid = \"autumn\"\ndate = 2024-09-01\nset = { app.random_share = 0.2 }\n";
const VARIANT: &str = "extends = \"base.toml\"\n[[event]]\nid = \"autumn\"\nremove = true\n";

fn files(experiment: &str) -> Files {
    Files::new(&[
        ("base.toml", BASE),
        ("variant.toml", VARIANT),
        ("experiments/e.toml", experiment),
    ])
}

fn loaded(experiment: &str) -> ExperimentFile {
    let files = files(experiment);
    scenario::load_experiment(&files.0.path().join("experiments/e.toml"))
        .unwrap_or_else(|wrong| panic!("{wrong}"))
}

fn mistakes(experiment: &str) -> String {
    let files = files(experiment);
    let wrong = scenario::load_experiment(&files.0.path().join("experiments/e.toml"));
    wrong.unwrap_err().to_string()
}

#[test]
fn an_experiment_has_scenarios_and_axes_in_the_order_of_the_file() {
    let found = loaded(
        "base = \"../base.toml\"\nvariants = [\"../variant.toml\"]\nmetrics = [\"pool_size\"]\ndesign = \"latin\"\npoints = 64\nseed = 5\n[sweep]\nworld.app.no_show_probability = \"0..0.5\"\n\"policy.app.booked\" = \"cancel|honour\"\n",
    );
    let keys: Vec<&str> = found.axes.iter().map(|axis| axis.key.as_str()).collect();
    assert_eq!(keys, ["world.app.no_show_probability", "policy.app.booked"]);
    assert_eq!((found.design, found.points), (Design::Latin, Some(64)));
    assert_eq!((found.seed, found.replications), (Some(5), None));
    assert_eq!(found.metrics, ["pool_size"]);
    assert_eq!(found.variants.len(), 1);
    assert!(found.base.path().ends_with("base.toml"));
    assert_eq!(found.warnings.problems().len(), 0);
}

#[test]
fn variants_alone_are_an_experiment() {
    let found = loaded("base = \"../base.toml\"\nvariants = [\"../variant.toml\"]\n");
    assert_eq!((found.design, found.axes.len()), (Design::Grid, 0));
}

#[test]
fn a_swept_lever_that_an_event_moves_is_warned_of_at_its_axis() {
    let found = loaded("base = \"../base.toml\"\n[sweep]\npolicy.app.random_share = \"0..1:3\"\n");
    let warnings = found.warnings.to_string();
    assert!(
        warnings
            .contains("e.toml:3:27: warning: events move `policy.app.random_share` on 2024-09-01"),
        "{warnings}"
    );
}

#[test]
fn a_sweep_must_fit_every_variant() {
    let wrong = mistakes(
        "base = \"../base.toml\"\nvariants = [\"../variant.toml\"]\n[sweep]\nevent.autumn.date = \"2024-09-01|2024-10-01\"\n",
    );
    assert!(
        wrong.contains("variant.toml: there is no event `autumn`"),
        "{wrong}"
    );
    assert!(wrong.contains("e.toml:4:21: error:"), "{wrong}");
}

#[test]
fn the_mistakes_of_a_scenario_are_shown_in_it() {
    let wrong = Files::new(&[
        ("base.toml", "formt = 1\n"),
        (
            "e.toml",
            "base = \"base.toml\"\nvariants = [\"base.toml\"]\n",
        ),
    ]);
    let said = portflow(wrong.0.path(), &["check", "e.toml"]).refused();
    assert!(said.starts_with("base.toml:1:1: error: unknown key `formt`"));
}

#[test]
fn a_list_of_an_experiment_that_is_a_table_is_not_told_two_brackets() {
    let wrong = mistakes("base = \"../base.toml\"\n[variants]\nfirst = \"../variant.toml\"\n");
    let said = "`variants`: found a table, expected a list, each item a string";
    assert!(wrong.contains(said), "{wrong}");
    assert!(!wrong.contains("two brackets"), "{wrong}");
}

#[test]
fn a_key_that_is_set_twice_hides_no_other_mistake() {
    let wrong = mistakes(
        "format = 2\nbase = \"../base.toml\"\ntitel = \"x\"\n[sweep]\npolicy.app.random_share = \"0..1:3\"\n\
         \"policy.app.random_share\" = \"0..1:5\"\n\"policy.app.booked\" = [\"cancel\"]\n",
    );
    for said in [
        "`format` is 2",
        "`titel`",
        "`sweep.policy.app.booked`",
        "6:1: error",
    ] {
        assert!(wrong.contains(said), "{said}\n{wrong}");
    }
}

#[test]
fn the_mistakes_of_a_scenario_hide_none_of_the_experiment() {
    let files = Files::new(&[
        ("base.toml", "formt = 1\n"),
        ("right.toml", BASE),
        (
            "e.toml",
            "base = \"base.toml\"\nvariants = [\"gone.toml\", \"\"]\npoints = 3\n",
        ),
        (
            "f.toml",
            "base = \"right.toml\"\nvariants = [\"base.toml\"]\n[sweep]\npolicy.app.rndom_share = \"0..1:3\"\n",
        ),
    ]);
    let said = portflow(files.0.path(), &["check", "e.toml"]).refused();
    for mistake in [
        "gone.toml: there is no such file",
        "names no file",
        "a grid has a point",
    ] {
        assert!(said.contains(mistake), "{mistake}\n{said}");
    }
    assert!(!said.contains("formt"), "{said}");
    let said = portflow(files.0.path(), &["check", "f.toml"]).refused();
    assert!(said.contains("rndom_share"), "{said}");
    assert!(!said.contains("formt"), "{said}");
}

/// `check` says of an experiment what a sweep over it would: each thing once, though base and variant share it.
#[test]
fn the_warnings_of_scenarios_are_those_of_an_experiment_too() {
    let base = "[run]\nend = 2024-01-31\n[world.groups.all]\narrivals.per_day = 10\n[policy.ports.only]\nslots_per_day = 10\n\
        [[event]]\ndate = 2024-01-10\nset = { \"app.slots_per_day\" = 5 }\n";
    let files = Files::new(&[
        (
            "base.toml",
            &format!("{base}[futures.\"policy.app.random_share\"]\nlow = 0.1\nhigh = 0.9\n"),
        ),
        (
            "variant.toml",
            "extends = \"base.toml\"\npolicy.app.overbooking_share = 0.1\n",
        ),
        (
            "e.toml",
            "base = \"base.toml\"\nvariants = [\"variant.toml\"]\nmetrics = [\"pool_sise\"]\n",
        ),
        (
            "f.toml",
            "base = \"base.toml\"\nvariants = [\"base.toml\"]\n",
        ),
    ]);
    let said = portflow(files.0.path(), &["check", "f.toml"]).warnings();
    let warnings = said.matches("the range of `policy.app.random_share` has no source");
    assert_eq!(warnings.count(), 1, "{said}");
    let checked = portflow(files.0.path(), &["check", "e.toml", "f.toml"]);
    checked.refused_for("error: e.toml: `pool_sise`");
    assert_eq!(checked.stdout, "f.toml: ok\n");
}

#[test]
fn the_shipped_experiment_is_fine() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = "scenarios/experiments/slots-and-rule.toml";
    let checked = portflow(root, &["check", file]);
    assert_eq!(checked.succeeded(), format!("{file}: ok\n"));
    assert_eq!(checked.stderr, "");
    let found = scenario::load_experiment(&root.join(file)).unwrap();
    let levels = found.axes.iter().map(|axis| axis.levels().unwrap().len());
    assert_eq!(levels.collect::<Vec<_>>(), [5, 3]);
}

#[test]
fn a_scenario_that_says_base_for_extends_is_still_a_scenario() {
    let files = Files::new(&[("a.toml", "base = \"b.toml\"\n[policy.app]\nopen = true\n")]);
    let wrong = scenario::load_sweepable(&files.0.path().join("a.toml")).unwrap_err();
    let known = wrong.problems().iter().map(|problem| &problem.message);
    let known: Vec<_> = known.collect();
    assert_eq!(known, ["unknown key `base` at the top of the file"]);
}

#[test]
fn an_experiment_is_no_scenario_to_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let told = portflow(root, &["run", "scenarios/experiments/slots-and-rule.toml"]).refused();
    assert!(told.contains("`portflow sweep` runs experiments"), "{told}");
    assert_eq!(told.matches("error:").count(), 1, "{told}");
}
