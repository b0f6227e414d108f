//! `[calibrate]`: numbers that are fitted.

use portflow::scenario::fitted_file::{self, FittedValue, Heading};
use portflow::scenario::futures::Distribution;
use portflow::scenario::key_path::KeyPath;
use portflow::scenario::{Loaded, Override};

use crate::tools::Files;
use crate::tools::command::portflow;
use crate::tools::three::{OBSERVED, THREE};

fn files(more: &[(&str, &str)]) -> Files {
    let all = [("a.toml", THREE), ("observed.csv", OBSERVED)];
    Files::new(&[&all, more].concat())
}

fn names(loaded: &Loaded) -> Vec<String> {
    let calibration = loaded.calibration.as_ref().unwrap();
    let names = calibration.parameters.iter().map(|it| it.name.clone());
    names.collect()
}

#[test]
fn a_plain_run_takes_the_numbers_themselves_and_the_digest_knows_the_priors() {
    let plain = THREE.split("[calibrate]").next().unwrap();
    let files = files(&[("plain.toml", plain)]);
    let [fitted, plain] = ["a.toml", "plain.toml"].map(|name| files.load(name, &[]).unwrap());
    assert_eq!(plain.scenario, fitted.scenario);
    assert_ne!(plain.digest(), fitted.digest());
    assert_eq!(plain.calibration, None);
    assert_eq!(names(&fitted), ["level", "odds", "step"]);
}

#[test]
fn the_resolved_file_keeps_the_calibration() {
    let first = files(&[]).load("a.toml", &[]).unwrap();
    let resolved = first.resolved_toml();
    let again = Files::new(&[("r.toml", &resolved), ("data/observed.csv", OBSERVED)]);
    let again = again.load("r.toml", &[]).unwrap();
    assert_eq!(again.calibration, first.calibration);
    assert_eq!(again.resolved_toml(), resolved);
}

/// The event is outside the run: its key is not in the resolved file, where nothing is known of it, and what was thought of its number is.
#[test]
fn the_resolved_file_of_a_run_that_ends_before_a_fitted_event_loads() {
    let cut = [("run.end", "2024-01-31"), ("calibrate.to", "2024-01-31")];
    let uncertain = "[futures.\"event.step.set.crossing.deterrence\"]
distribution = \"normal\"
mean = 0.5
sd = 0.1
source = \"assumed\"
";
    let scenario = format!("{THREE}\n{uncertain}");
    let files = files(&[("cut.toml", &scenario)]);
    let resolved = files.load("cut.toml", &cut).unwrap().resolved_toml();
    let again = Files::new(&[("r.toml", &resolved), ("data/observed.csv", OBSERVED)]);
    let again = again.load("r.toml", &[]).unwrap();
    assert_eq!(names(&again), ["level", "odds", "step"]);
    let calibration = again.calibration.as_ref().unwrap();
    assert_eq!(calibration.parameters[2].keys, []);
    assert!(again.futures.is_empty());
    assert_eq!(again.resolved_toml(), resolved);
    // Another range of what does nothing is no other scenario; and its runs are those of a calibration to the end.
    let other = scenario.replace("sd = 0.1", "sd = 0.2");
    let files = self::files(&[("cut.toml", &scenario), ("other.toml", &other)]);
    let [one, other] = ["cut.toml", "other.toml"].map(|name| files.load(name, &cut).unwrap());
    assert_eq!(one.digest(), other.digest());
    let whole = files.load("cut.toml", &[]).unwrap().calibration.unwrap();
    assert_eq!(whole.differs_in(calibration), None);
    let moves_nothing = "the parameter `step` has no `keys`: it moves nothing";
    assert!(again.warnings.to_string().contains(moves_nothing));
}

/// What the other file says of a parameter is gone where one of its name is given, its keys too.
#[test]
fn a_parameter_that_replaces_another_is_told_to_repeat_its_keys() {
    let text =
        |name: &str| format!("extends = \"a.toml\"\n[calibrate.parameters.{name}]\nspread = 0.5\n");
    let files = files(&[("same.toml", &text("level")), ("new.toml", &text("slope"))]);
    let said = |file: &str| files.mistakes(file, &[]);
    assert_eq!(
        said("same.toml"),
        [
            "the parameter `level` has no `keys`: it replaces the inherited one as a whole, not key by key"
        ]
    );
    assert_eq!(said("new.toml"), ["the parameter `slope` has no `keys`"]);
}

/// An event before the run is in force from its first day on, and a key of it is no less uncertain than others: in the resolved file, that of
/// the lever that it moved.
#[test]
fn a_fitted_event_before_the_run_acts_in_it() {
    let later = "extends = \"a.toml\"\nrun.start = 2024-02-10\ncalibrate.from = 2024-02-10\ncalibrate.to = 2024-03-31\n";
    let loaded = files(&[("later.toml", later)])
        .load("later.toml", &[])
        .unwrap();
    let resolved = loaded.resolved_toml();
    let key = "keys = [\"policy.crossing.deterrence\"]";
    assert!(resolved.contains(key), "{resolved}");
    let again = Files::new(&[("r.toml", &resolved), ("data/observed.csv", OBSERVED)]);
    let again = again.load("r.toml", &[]).unwrap();
    assert_eq!(again.resolved_toml(), resolved);
    assert_eq!(names(&again), names(&loaded));
}

#[test]
fn a_window_to_the_end_of_the_calendar_is_no_endless_one() {
    let cut = [("calibrate.to", "9999-12-31")];
    let loaded = files(&[]).load("a.toml", &cut).unwrap();
    let months = loaded.calibration.unwrap().months().len();
    assert_eq!(months, (9999 - 2024 + 1) * 12);
}

#[test]
fn a_file_that_extends_another_replaces_a_parameter_whole_and_the_rest_by_key() {
    let over = "extends = \"a.toml\"
[calibrate]
to = 2024-03-31
targets.registrations.weight = 0.5
[calibrate.parameters.level]
keys = [\"world.groups.all.arrivals.per_day\"]
low = 5
high = 20
source = \"assumed\"
";
    let loaded = files(&[("b.toml", over)]).load("b.toml", &[]).unwrap();
    let calibration = loaded.calibration.as_ref().unwrap();
    assert_eq!(calibration.months().len(), 3);
    assert_eq!(names(&loaded), ["level", "odds", "step"]);
    let (low, high) = (5.0, 20.0);
    let prior = calibration.parameters[0].prior;
    assert_eq!(prior, Distribution::Uniform { low, high });
    let weights: Vec<f64> = calibration.targets.iter().map(|it| it.weight).collect();
    assert_eq!(weights, [1.0, 0.5]);
    assert_eq!(calibration.targets[1].sd, 1e-6);
}

#[test]
fn values_laid_over_the_scenario_are_taken_as_they_are() {
    let loaded = files(&[]).load("a.toml", &[]).unwrap();
    let calibration = loaded.calibration.clone().unwrap();
    let changed = loaded.with(&calibration.values(&[0.0, 0.0, 1.0])).unwrap();
    let step = changed
        .explain("event.step.set.crossing.deterrence")
        .unwrap();
    let step: f64 = step.value.unwrap().parse().unwrap();
    assert!((step - 0.9).abs() < 1e-9, "{step}");
    assert_eq!(changed.scenario.groups, ["all"]);
}

#[test]
fn what_a_file_replaces_whole_is_written_whole() {
    let base = "title = \"base\"
[world.groups.all]
arrivals.levels = [{ date = 2024-01-01, per_day = 10 }, { date = 2024-06-01, per_day = 20 }]
[policy.ports.only]
[[event]]
id = \"step\"
date = 2024-02-01
set = { \"crossing.deterrence\" = 0.5, \"crossing.response_days\" = 7 }
[[trigger]]
id = \"limit\"
when = { metric = \"irregular_encounters\", mean_over_days = 7, at_least = 2500 }
until = { metric = \"irregular_encounters\", mean_over_days = 7, below = 1500, delay_days = 14 }
set = { \"crossing.deterrence\" = 1 }
";
    let files = Files::new(&[("base.toml", base)]);
    let loaded = files
        .load("base.toml", &[("run.replications", "3")])
        .unwrap();
    let value = |key: &str, value: &str| FittedValue {
        key: key.to_owned(),
        value: value.to_owned(),
        source: "fitted".to_owned(),
    };
    let values = [
        value("world.groups.all.arrivals.levels.2.per_day", "31"),
        value("event.step.set.crossing.deterrence", "0.25"),
        value("trigger.limit.until.delay_days", "9"),
        value("world.service.mean_minutes", "40"),
    ];
    let heading = Heading {
        comments: &["how it was made".to_owned()],
        title: "fitted",
        file: &files.0.path().join("f.toml"),
    };
    let written = fitted_file::text(&loaded, &values, &heading).unwrap();
    std::fs::write(files.0.path().join("f.toml"), &written).unwrap();
    let fitted = files.load("f.toml", &[]).unwrap();
    for it in &values {
        let explained = fitted.explain(&it.key).unwrap();
        assert_eq!(explained.source.as_deref(), Some("fitted"), "{}", it.key);
        let node = fitted.document.get(&KeyPath::parse(&it.key));
        let found = node.unwrap().to_json().to_string();
        assert_eq!(found, it.value, "{}", it.key);
    }
    assert_eq!(fitted.scenario.run.replications, 3);
    let laid: Vec<_> = (values.iter())
        .map(|it| Override::new(&it.key, &it.value))
        .collect();
    let changed = loaded.with(&laid).unwrap();
    assert_eq!(fitted.scenario.timeline, changed.scenario.timeline);
    assert_eq!(
        fitted.scenario.arrival_rates,
        changed.scenario.arrival_rates
    );
    assert_eq!(
        fitted.scenario.world.service,
        changed.scenario.world.service
    );
}

/// The text of a file that gives a scenario with values laid over it by hand, and one that was fitted.
fn written(
    files: &Files,
    set: &[(&str, &str)],
    (key, value): (&str, &str),
) -> Result<String, String> {
    let loaded = files.load("a.toml", set).unwrap();
    let fitted = FittedValue {
        key: key.to_owned(),
        value: value.to_owned(),
        source: "fitted".to_owned(),
    };
    let heading = Heading {
        comments: &[],
        title: "fitted",
        file: &files.0.path().join("f.toml"),
    };
    fitted_file::text(&loaded, &[fitted], &heading).map_err(|error| error.to_string())
}

const SIZES: &str = "[world.groups.all]\nparty_size = { 1 = 0.5, 2 = 0.3, 4 = 0.2 }\n";

/// Odds, uncertain numbers and parameters are not merged with those of the file that is extended.
#[test]
fn a_part_of_what_is_replaced_whole_is_written_with_the_rest() {
    let uncertain = "[futures.\"world.behaviour.reconsideration_mean_days\"]
low = 10
high = 40
source = \"assumed\"
";
    let scenario = THREE.replace("[world.groups.all]\n", SIZES) + uncertain;
    let files = Files::new(&[("a.toml", &scenario), ("observed.csv", OBSERVED)]);
    let sizes = "world.groups.all.party_size";
    let cases: [(&[(&str, &str)], _, &str); 4] = [
        (
            &[],
            ("world.groups.all.party_size.2", "0.4"),
            "party_size = { 1 = 0.5, 2 = 0.4, 4 = 0.2 }",
        ),
        (
            &[("world.groups.all.party_size.1", "0.7")],
            ("world.groups.all.arrivals.per_day", "12"),
            "party_size = { 1 = 0.7, 2 = 0.3, 4 = 0.2 }",
        ),
        (
            &[(
                "futures.world.behaviour.reconsideration_mean_days.low",
                "20",
            )],
            ("world.groups.all.arrivals.per_day", "12"),
            "reconsideration_mean_days = { low = 20, high = 40, source = \"assumed\" }",
        ),
        (
            &[("calibrate.parameters.odds.low", "0.3")],
            ("world.groups.all.arrivals.per_day", "12"),
            "low = 0.3, high = 1.0, transform = \"log\"",
        ),
    ];
    for (set, fitted, line) in cases {
        let text = written(&files, set, fitted).unwrap();
        assert!(text.contains(line), "{text}");
        std::fs::write(files.0.path().join("f.toml"), &text).unwrap();
        let again = files.load("f.toml", &[]).unwrap();
        let all = [set, &[fitted]].concat();
        let meant = files.load("a.toml", &all).unwrap();
        assert_eq!(again.scenario.world, meant.scenario.world);
        assert_eq!(again.calibration, meant.calibration);
        assert_eq!(again.futures.as_slice(), meant.futures.as_slice());
        assert!(again.document.get(&KeyPath::parse(sizes)).is_some());
    }
}

/// A table that is given whole loses the keys it had; in a file that extends another they are inherited.
#[test]
fn a_scenario_that_no_extending_file_gives_is_not_written() {
    let files = files(&[]);
    let set = [("world.groups.all.weights", "{ app = 0.5 }")];
    let fitted = ("world.groups.all.arrivals.per_day", "12");
    let refused = written(&files, &set, fitted).unwrap_err();
    assert!(
        refused.contains("would be another than the one that was fitted: `world.groups.all.weights.irregular` would be 0.5 in the file"),
        "{refused}"
    );
}

#[test]
fn what_was_fitted_is_explained_and_its_own_keys_too() {
    let files = files(&[]);
    let explain = ["explain", "a.toml", "calibrate.from"];
    let said = portflow(files.0.path(), &explain).succeeded();
    assert!(said.contains("a plain run does not read it"), "{said}");
}

#[test]
fn events_after_an_end_on_the_command_line_are_left_out() {
    let files = files(&[]);
    let loaded = files.load("a.toml", &[("run.end", "2024-01-31")]).unwrap();
    assert!(loaded.events().is_empty());
}

/// Whoever extends a fitted scenario fits nothing, and is told what to do.
#[test]
fn an_event_of_which_a_number_is_fitted_is_moved_and_not_taken_out() {
    for change in ["remove = true", "set = { \"app.slots_per_day\" = 50 }"] {
        let text = format!("extends = \"a.toml\"\n[[event]]\nid = \"step\"\n{change}\n");
        let files = files(&[("b.toml", &text)]);
        let wrong = files.load("b.toml", &[]).unwrap_err().to_string();
        assert!(
            wrong.contains("give it the `date` of the run's last day"),
            "{wrong}"
        );
    }
    for (change, said) in [
        (
            "remove = true",
            "b.toml:2:1: error: `event.step` is taken out here, and `",
        ),
        (
            "set = { \"app.slots_per_day\" = 50 }",
            "b.toml:4:7: error: `event.step.set` is replaced whole here, and `",
        ),
    ] {
        let text = format!("extends = \"a.toml\"\n[[event]]\nid = \"step\"\n{change}\n");
        let files = files(&[("b.toml", &text)]);
        let wrong = files.load("b.toml", &[]).unwrap_err().to_string();
        assert!(wrong.contains(said), "{wrong}");
        assert_eq!(wrong.matches(": error: ").count(), 1, "{wrong}");
    }
    let moved = "extends = \"a.toml\"\n[[event]]\nid = \"step\"\ndate = 2024-06-30\n";
    assert!(files(&[("b.toml", moved)]).load("b.toml", &[]).is_ok());
}

#[test]
fn a_window_that_holds_no_whole_month_is_told_of_all_targets_or_of_one() {
    let said = |keys: &[(&str, &str)]| files(&[]).mistakes("a.toml", keys);
    let ends = [
        ("calibrate.from", "2024-02-02"),
        ("calibrate.to", "2024-02-28"),
    ];
    let none = "no whole month lies between `from`, 2024-02-02, and `to`, 2024-02-28";
    assert_eq!(said(&ends), [none]);
    let own = |to: &str| said(&[("calibrate.targets.registrations.to", to)]);
    let before = "`to` is 2023-03-31, before the window begins on 2024-01-01";
    assert_eq!(own("2023-03-31"), [before]);
    let within =
        "no whole month lies between 2024-01-01, on which the window begins, and `to`, 2024-01-30";
    assert_eq!(own("2024-01-30"), [within]);
    let right = [("calibrate.targets.registrations.to", "2024-01-31")];
    assert!(files(&[]).load("a.toml", &right).is_ok());
}
