//! `[futures]`: uncertain numbers.

use std::path::Path;

use portflow::scenario::futures::Distribution;
use portflow::scenario::key_path::KeyPath;
use portflow::scenario::{self, Loaded, Override};

use crate::tools::Files;
use crate::tools::command::portflow;

const BASE: &str =
    "[world.groups.all]\narrivals.per_day = 10\n[world.app]\nno_show_probability = 0.3\n";
const RANGE: &str =
    "[futures]\nworld.app.no_show_probability = { low = 0.2, high = 0.4, source = \"assumed\" }\n";

fn loaded(text: &str) -> Loaded {
    let files = Files::new(&[("a.toml", &format!("{BASE}{text}"))]);
    files.load("a.toml", &[]).unwrap()
}

#[test]
fn a_plain_run_takes_the_numbers_themselves_and_the_digest_knows_the_ranges() {
    let (plain, uncertain) = (loaded(""), loaded(RANGE));
    assert_eq!(plain.scenario, uncertain.scenario);
    assert_ne!(plain.digest(), uncertain.digest());
    assert!(plain.futures.is_empty());
    assert_eq!(uncertain.futures.len(), 1);
}

#[test]
fn the_resolved_file_keeps_the_futures() {
    let all = "[futures]
\"world.app.no_show_probability\" = { distribution = \"triangular\", low = 0.2, mode = 0.3, high = 0.4, source = \"assumed\" }
[futures.world.service]
mean_minutes = { distribution = \"lognormal\", median = 45, spread = 1.5, source = \"assumed\" }
cv = { distribution = \"normal\", mean = 0.6, sd = 0.2, low = 0.1, source = \"assumed\" }
";
    let first = loaded(all);
    assert_eq!(first.futures.len(), 3);
    let resolved = first.resolved_toml();
    let files = Files::new(&[("resolved.toml", &resolved)]);
    let again = files.load("resolved.toml", &[]).unwrap();
    assert_eq!(again.futures, first.futures);
    assert_eq!(again.resolved_toml(), resolved);
}

#[test]
fn a_file_that_extends_another_replaces_a_range_whole() {
    let over = "extends = \"base.toml\"\n[futures]\n\"world.app.no_show_probability\" = { distribution = \"normal\", mean = 0.3, sd = 0.1, source = \"assumed\" }\n";
    let files = Files::new(&[("base.toml", &format!("{BASE}{RANGE}")), ("a.toml", over)]);
    let futures = files.load("a.toml", &[]).unwrap().futures;
    assert_eq!(
        futures.as_slice()[0].distribution,
        Distribution::Normal {
            mean: 0.3,
            sd: 0.1,
            low: 0.0,
            high: 1.0
        }
    );
}

#[test]
fn a_range_can_be_laid_over_a_file() {
    let files = Files::new(&[("a.toml", BASE)]);
    let set = [(
        "futures.world.app.no_show_probability",
        "{ low = 0.2, high = 0.4 }",
    )];
    let futures = files.load("a.toml", &set).unwrap().futures;
    assert_eq!(futures.as_slice()[0].key, "world.app.no_show_probability");
}

#[test]
fn a_range_without_a_source_or_around_a_choice_or_beside_the_value_is_questioned() {
    let doubtful = "[policy.app]\nrandom_share = 0.9\n[futures]\nworld.app.no_show_probability = { low = 0.4, high = 0.5 }\npolicy.app.random_share = { low = 0.1, high = 1, source = \"assumed\" }\n";
    let warnings = loaded(doubtful).warnings.to_string();
    for said in [
        "warning: the range of `world.app.no_show_probability` has no source",
        "warning: `world.app.no_show_probability` is 0.3, outside its range from 0.4 to 0.5",
        "warning: `policy.app.random_share` is decided by policy",
    ] {
        assert!(warnings.contains(said), "{said}\n{warnings}");
    }
    assert_eq!(loaded(RANGE).warnings.problems().len(), 0);
}

#[test]
fn an_uncertain_lever_that_an_event_moves_is_warned_of() {
    let moved = "[[event]]\ndate = 2024-03-01\nset = { mexico.give_up_share = 0.5 }\n[futures]\npolicy.mexico.give_up_share = { low = 0, high = 0.5, source = \"assumed\" }\n";
    let warnings = loaded(moved).warnings.to_string();
    assert!(
        warnings.contains(
            "a.toml:9:31: warning: events move `policy.mexico.give_up_share` on 2024-03-01"
        ),
        "{warnings}"
    );
}

#[test]
fn what_is_taken_away_with_an_uncertain_number_in_it_is_one_error_where_it_is_taken_away() {
    let base = "[world.groups.all]\narrivals.levels = [{ date = 2024-01-01, per_day = 10 }]\n[policy.ports.only]\n\
                [[event]]\nid = \"step\"\ndate = 2024-03-01\nset = { app.random_share = 0.5, mexico.give_up_share = 0.3 }\n\
                [futures]\n";
    let ranges = [
        "event.step.set.app.random_share",
        "event.step.set.mexico.give_up_share",
        "world.groups.all.arrivals.levels.2024-01-01.per_day",
    ];
    let ranges =
        ranges.map(|key| format!("\"{key}\" = {{ low = 0.2, high = 1, source = \"assumed\" }}\n"));
    let base = format!("{base}{}", ranges.concat());
    let step = "extends = \"base.toml\"\n[[event]]\nid = \"step\"\n";
    let levels = "[world.groups.all.arrivals]\nlevels = [{ date = 2024-02-01, per_day = 5 }]\n";
    for (text, said, remedy) in [
        (
            format!("{step}remove = true\n"),
            "a.toml:2:1: error: `event.step` is taken out here, and [futures] has ranges of what was in it: \
             `event.step.set.app.random_share`, `event.step.set.mexico.give_up_share`\n",
            "of which a number is uncertain keeps it: in place of `remove = true`, give it the `date` of the run's last day",
        ),
        (
            format!("{step}set = {{ app.random_share = 0.2 }}\n"),
            "a.toml:4:7: error: `event.step.set` is replaced whole here, and [futures] has ranges of what was in it: \
             `event.step.set.mexico.give_up_share`\n",
            "keeps it: in place of another `set`",
        ),
        (
            format!("extends = \"base.toml\"\n{levels}"),
            "a.toml:3:10: error: `world.groups.all.arrivals.levels` is replaced whole here, and [futures] has ranges",
            "keep what is uncertain, such as `world.groups.all.arrivals.levels.2024-01-01.per_day`",
        ),
    ] {
        let files = Files::new(&[("base.toml", &base), ("a.toml", &text)]);
        assert!(files.load("base.toml", &[]).is_ok());
        let wrong = files.load("a.toml", &[]).unwrap_err().to_string();
        assert!(wrong.contains(said), "{wrong}");
        assert!(wrong.contains(remedy), "{wrong}");
        assert_eq!(wrong.matches(": error: ").count(), 1, "{wrong}");
    }
    let moved = format!("{step}date = 2024-06-30\n");
    let files = Files::new(&[("base.toml", &base), ("a.toml", &moved)]);
    assert!(files.load("a.toml", &[]).is_ok());
}

#[test]
fn a_range_is_compared_number_by_number() {
    let files = Files::new(&[
        ("a.toml", &format!("{BASE}{RANGE}")),
        (
            "b.toml",
            &format!(
                "{BASE}{}",
                RANGE.replace("0.4", "0.5").replace("assumed", "a study")
            ),
        ),
    ]);
    let load = |name: &str| files.load(name, &[]).unwrap();
    let found = scenario::difference(&load("a.toml"), &load("b.toml"));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].key, "futures.world.app.no_show_probability.high");
    assert!(found[0].b.set_at.as_deref().unwrap().ends_with("b.toml:6"));
}

#[test]
fn a_future_is_a_scenario() {
    let files = Files::new(&[("a.toml", &format!("{BASE}{RANGE}"))]);
    let loaded = files.load("a.toml", &[]).unwrap();
    let future = loaded.with(&loaded.futures.values(&[1.0])).unwrap();
    assert_eq!(future.scenario.world.app.no_show_probability, 0.4);
    assert_eq!(future.warnings.problems().len(), 0);
}

#[test]
fn a_future_needs_no_files() {
    let base = format!(
        "run.start = 2024-01-01\nrun.end = 2024-02-29\n{}{RANGE}",
        BASE.replace(
            "arrivals.per_day = 10",
            "arrivals.driver = { file = \"counts.csv\", column = \"all\", scale = 1.0 }"
        )
    );
    let files = Files::new(&[
        ("base/base.toml", &base),
        ("base/counts.csv", "month,all\n2024-01,310\n2024-02,580\n"),
        ("a.toml", "extends = \"base/base.toml\"\ntitle = \"A\"\n"),
    ]);
    let loaded = files
        .load("a.toml", &[("world.app.no_show_return_share", "0.5")])
        .unwrap();
    let right = loaded.futures.values(&[1.0]);
    let wrong = [Override::new("world.app.no_show_probability", "-1")];
    let all = || {
        let future = loaded.with(&right).unwrap();
        let texts = [
            future.digest(),
            future.annotated_toml(),
            loaded.with(&wrong).unwrap_err().to_string(),
            // Of one that came of another too.
            future.with(&wrong).unwrap_err().to_string(),
        ];
        (future.scenario, future.data, texts)
    };
    let before = all();
    std::fs::remove_dir_all(files.0.path()).unwrap();
    assert_eq!(all(), before);
    assert_eq!(before.0.world.app.no_show_probability, 0.4);
}

#[test]
fn check_tries_the_ends_of_every_range() {
    let clock = "[world.behaviour]\npatience_mean_days = 30\n[futures]\nworld.behaviour.patience_mean_days = { low = 0, high = 90, source = \"assumed\" }\n";
    let files = Files::new(&[("a.toml", &format!("{BASE}{clock}"))]);
    assert!(files.load("a.toml", &[]).is_ok());
    let said = portflow(files.0.path(), &["check", "a.toml"]).refused();
    assert!(
        said.starts_with("--set:1:36: error: `world.behaviour.patience_mean_days` is 0"),
        "{said}"
    );
}

#[test]
fn explain_says_that_a_key_is_uncertain() {
    let files = Files::new(&[("a.toml", &format!("{BASE}{RANGE}"))]);
    let args = ["explain", "a.toml", "world.app.no_show_probability"];
    let shown = portflow(files.0.path(), &args).succeeded();
    let expected = "  uncertain uniform from 0.2 to 0.4 (assumed) at a.toml:6:33\n";
    assert!(shown.contains(expected), "{shown}");
}

#[test]
fn the_shipped_futures_give_the_history_and_fit_it() {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let load = |name: &str| scenario::load(&scenarios.join(name), &[]).unwrap();
    let (history, futures) = (load("history.toml"), load("history-futures.toml"));
    assert_eq!(futures.warnings.problems().len(), 0);
    assert_eq!(futures.futures.len(), 8);
    let same_title = scenario::Scenario {
        title: history.scenario.title.clone(),
        ..futures.scenario.clone()
    };
    assert_eq!(same_title, history.scenario);
    for u in [0.0, 0.5, 1.0] {
        let points = vec![u; futures.futures.len()];
        let future = futures.with(&futures.futures.values(&points)).unwrap();
        assert_ne!(future.scenario, futures.scenario);
    }
}

#[test]
fn items_of_lists_are_overridden_by_their_place_or_their_date() {
    let levels = "[world.groups.all.arrivals]\nlevels = [{ date = 2024-01-01, per_day = 10 }, { date = 2024-06-01, per_day = 20 }]\n";
    let files = Files::new(&[("a.toml", levels)]);
    let key = "world.groups.all.arrivals.levels.2.per_day";
    let loaded = files.load("a.toml", &[(key, "30")]).unwrap();
    let levels = &loaded.file.world.groups["all"].arrivals.levels;
    assert_eq!((levels[0].per_day, levels[1].per_day), (10.0, 30.0));
    let dated = "world.groups.all.arrivals.levels.2024-01-01.per_day";
    let loaded = files.load("a.toml", &[(dated, "40")]).unwrap();
    let levels = &loaded.file.world.groups["all"].arrivals.levels;
    assert_eq!((levels[0].per_day, levels[1].per_day), (40.0, 20.0));
    for beyond in [
        "world.groups.all.arrivals.levels.3.per_day",
        "world.groups.all.arrivals.levels.2024-02-01.per_day",
    ] {
        assert_eq!(
            files.mistakes("a.toml", &[(beyond, "30")]),
            [format!("`{beyond}` leads to no entry that could be set")]
        );
        let wrong = files.load("a.toml", &[(beyond, "30")]).unwrap_err();
        let help = wrong.problems()[0].help.as_deref().unwrap();
        let there = "those that are: 2024-01-01, 2024-06-01";
        assert!(help.ends_with(there), "{help}");
    }
}

#[test]
fn a_source_speaks_for_a_level_by_whichever_name_and_goes_when_the_level_is_set() {
    let by_date = "world.groups.all.arrivals.levels.2024-01-01.per_day";
    let by_place = "world.groups.all.arrivals.levels.1.per_day";
    let text = format!(
        "[world.groups.all.arrivals]\nlevels = [{{ date = 2024-01-01, per_day = 10 }}]\n[sources]\n\"{by_date}\" = \"a count\"\n"
    );
    let files = Files::new(&[("a.toml", &text)]);
    let sources = |set: &[(&str, &str)]| {
        let loaded = files.load("a.toml", set).unwrap();
        [by_date, by_place].map(|key| loaded.source(&KeyPath::parse(key)).map(str::to_owned))
    };
    let given = Some("a count".to_owned());
    assert_eq!(sources(&[]), [given.clone(), given]);
    assert_eq!(sources(&[(by_place, "40")]), [None, None]);
}
