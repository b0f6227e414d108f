//! Shards, joined, are the bytes of the whole.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use portflow::experiment::{Journal, Outcome};
use portflow::record::Observations;

use super::{SMALL, command_to_see_it, names, shards_join, tree};
use crate::tools::Files;
use crate::tools::command::{portflow, rows};
use crate::tools::three::{OBSERVED, THREE};

fn shard(here: &Path, shard: &str, out: &str, more: &[&str]) {
    let args = ["run", "a.toml", "--shard", shard, "--out", out];
    let printed = portflow(here, &[&args, more].concat()).succeeded();
    assert_eq!(printed, "");
}

#[test]
fn joined_in_any_order_they_are_the_bytes_of_one_run() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    let few = ["-r", "7"];
    let whole = portflow(here, &["run", "a.toml", "-r", "7", "--out", "whole"]).succeeded();
    for part in ["1", "2", "3"] {
        shard(here, &format!("{part}/3"), part, &few);
    }
    let joined = portflow(here, &["merge", "3", "1", "2", "--out", "joined"]).succeeded();
    assert_eq!(joined, whole);
    assert_eq!(tree(&here.join("joined")), tree(&here.join("whole")));
    // The parts are still there.
    assert_eq!(names(here), ["1", "2", "3", "a.toml", "joined", "whole"]);
}

#[test]
fn a_comparison_is_joined_too() {
    let variant = "extends = \"a.toml\"\n[policy.app]\nrandom_share = 0.1\n";
    let files = Files::new(&[("a.toml", SMALL), ("b.toml", variant)]);
    let here = files.0.path();
    let compare = [
        "compare",
        "a.toml",
        "b.toml",
        "-r",
        "5",
        "--metric",
        "port_encounters",
    ];
    let whole = portflow(here, &[&compare[..], &["--out", "whole"]].concat()).succeeded();
    shards_join(here, &compare, 2, &whole);
}

#[test]
fn what_is_no_shard_of_the_same_experiment_is_refused_with_the_reason() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    let few = ["-r", "4"];
    shard(here, "1/2", "one", &few);
    shard(here, "2/2", "two", &few);
    shard(here, "2/2", "seed", &["-r", "4", "--seed", "9"]);
    shard(
        here,
        "2/2",
        "scenario",
        &["-r", "4", "--set", "run.warmup_days=3"],
    );
    shard(here, "2/2", "more", &["-r", "6"]);
    shard(here, "3/3", "third", &few);
    portflow(here, &["run", "a.toml", "-r", "1", "--out", "whole"]).succeeded();
    shard(here, "2/2", "version", &few);
    let manifest = here.join("version/manifest.json");
    let older = fs::read_to_string(&manifest).unwrap();
    let version = concat!("\"", env!("CARGO_PKG_VERSION"), "\"");
    fs::write(&manifest, older.replacen(version, "\"0.0.1\"", 1)).unwrap();
    shard(here, "2/2", "older", &few);
    let manifest = here.join("older/manifest.json");
    let ours = fs::read_to_string(&manifest).unwrap();
    let field = format!("\n  \"model\": {},", portflow::model::REVISION);
    fs::write(&manifest, ours.replace(&field, "")).unwrap();
    shard(here, "1/2", "changed", &few);
    let scenario = here.join("changed/scenario.resolved.toml");
    let text_of = fs::read_to_string(&scenario).unwrap();
    fs::write(&scenario, text_of.replace("300", "301")).unwrap();
    // As a kill leaves it.
    fs::create_dir(here.join("begun.unfinished")).unwrap();
    fs::copy(
        here.join("one/journal"),
        here.join("begun.unfinished/journal"),
    )
    .unwrap();
    shard(here, "2/2", "torn", &few);
    fs::write(here.join("torn/manifest.json"), "{").unwrap();
    let cases: [(&[&str], &str); 15] = [
        (
            &["one", "torn"],
            "`torn/manifest.json` is damaged, or of another version of portflow: EOF",
        ),
        (
            &["one", "seed"],
            "`seed` is no shard of the same experiment as `one`: seed is 9 there and 1 here",
        ),
        (&["one", "scenario"], "digest is"),
        (&["one", "more"], "replications is 6 there and 4 here"),
        (
            &["one", "third"],
            "`third` is one of 3 shards, `one` one of 2",
        ),
        (&["one", "one"], "shard 1/2 is given twice: `one`"),
        (&["two", "two"], "shard 1/2 is missing"),
        (
            &["one", "whole"],
            "`whole` holds a whole experiment, not a shard",
        ),
        (&["one", "version"], "`version` was made by portflow 0.0.1"),
        (&["one", "older"], "with an earlier revision of the model"),
        (
            &["changed", "two"],
            "`changed/scenario.resolved.toml` has been changed since it was run",
        ),
        (
            &["one", "nowhere"],
            "`nowhere` holds no results of portflow",
        ),
        (
            &["one", "begun"],
            "`begun` is not finished: the command that began it goes on with --resume",
        ),
        (&["one"], "shard 2/2 is missing"),
        (&["a.toml", "one"], "cannot read `a.toml`"),
    ];
    for (shards, reason) in cases {
        let merge = [&["merge"], shards, &["--out", "joined"]].concat();
        portflow(here, &merge).refused_for(reason);
        assert!(!here.join("joined").exists(), "{shards:?}");
    }
}

/// What is said of the event is in no resolved file, and the files are those of the run all the same.
#[test]
fn shards_of_a_run_that_ends_before_a_fitted_event_are_joined() {
    let files = Files::new(&[("a.toml", THREE), ("observed.csv", OBSERVED)]);
    let here = files.0.path();
    let end = ["run.end=2024-01-31", "calibrate.to=2024-01-31"];
    let cut = ["-r", "4", "--set", end[0], "--set", end[1]];
    for part in ["1", "2"] {
        shard(here, &format!("{part}/2"), part, &cut);
    }
    let run = [&["run", "a.toml", "--out", "whole"], &cut[..]].concat();
    let whole = portflow(here, &run).succeeded();
    let joined = portflow(here, &["merge", "1", "2", "--out", "joined"]).succeeded();
    assert_eq!(joined, whole);
    assert_eq!(tree(&here.join("joined")), tree(&here.join("whole")));
}

/// Before the run, `first` sets two levers, and `second` one of them again; `last` is after it. All have sources, and what they set is
/// uncertain.
const OUTSIDE: &str = r#"
[[event]]
id = "first"
date = 2023-12-01
set = { crossing.deterrence = 0.3, app.random_share = 0.5 }
[[event]]
id = "second"
date = 2023-12-15
set = { crossing.deterrence = 0.6 }
[[event]]
id = "last"
date = 2025-06-01
set = { crossing.deterrence = 0.9 }
[sources]
"event.first.set.crossing.deterrence" = "assumed"
"event.second.set.crossing.deterrence" = "assumed"
"event.last.set.crossing.deterrence" = "assumed"
[futures]
"policy.crossing.deterrence" = { low = 0, high = 1, source = "assumed" }
"event.first.set.crossing.deterrence" = { low = 0, high = 1, source = "assumed" }
"event.first.set.app.random_share" = { low = 0, high = 1, source = "assumed" }
"event.second.set.crossing.deterrence" = { low = 0, high = 1, source = "assumed" }
"event.last.set.crossing.deterrence" = { low = 0, high = 1, source = "assumed" }
"#;

/// What the resolved file no longer has, or has under other keys, is told by its keys all the same.
#[test]
fn shards_of_a_run_between_events_are_joined_whatever_is_drawn_or_tried_of_them() {
    let draws = "draw,weight,policy.crossing.deterrence,event.first.set.app.random_share,event.last.set.crossing.deterrence\n\
                 1,1,0.1,0.2,0.3\n2,1,0.4,0.5,0.6\n";
    let here = "extends = \"events.toml\"\n";
    let tried = "event.second.set.crossing.deterrence=0..1:3";
    for command in [
        &["run", "a.toml", "-r", "4"][..],
        &["run", "a.toml", "--futures", "2"],
        &["run", "a.toml", "--posterior", "p.csv"],
        &["compare", "a.toml", "b.toml", "--posterior", "p.csv"],
        &["sweep", "a.toml", "--set", tried, "-r", "4"],
        &["sweep", "a.toml", "--set", tried, "--posterior", "p.csv"],
        &["sensitivity", "a.toml", "--points", "2", "-r", "1"],
        &[
            "sensitivity",
            "a.toml",
            "--points",
            "2",
            "-r",
            "1",
            "--set",
            "event.first.set.app.random_share=0..1",
        ],
    ] {
        let files = Files::new(&[
            ("events.toml", &format!("{SMALL}{OUTSIDE}")),
            ("a.toml", here),
            ("b.toml", &format!("{here}policy.app.lead_time_days = 10\n")),
            ("p.csv", draws),
        ]);
        let here = files.0.path();
        let whole = portflow(here, &[command, &["--out", "whole"]].concat()).succeeded();
        shards_join(here, command, 2, &whole);
    }
}

/// The values that the commands in a text lay over a scenario, each by its key.
fn values_to_see_it(said: &str) -> Vec<BTreeMap<String, String>> {
    let commands = said.lines().filter(|line| line.contains("to see it: `"));
    let values = |command: &str| {
        let set = command.split(" --set ").skip(1);
        let pairs = set.filter_map(|it| it.split(' ').next()?.split_once('='));
        pairs
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect()
    };
    commands.map(values).collect()
}

/// A mean age of the pool above its greatest cannot be run. Of the levers that were moved before the run the command has the values that
/// acted, by the keys that are left of them.
#[test]
fn what_shows_a_failure_of_shards_lays_the_same_values_over_the_resolved_scenario() {
    let age = "world.groups.all.initial_pool.mean_age_days";
    let pool = "initial_pool = { north_persons = 100, mean_age_days = 20, max_age_days = 60 }\n[policy.ports.only]";
    let events = format!("{SMALL}{OUTSIDE}").replace("[policy.ports.only]", pool);
    let events = format!("{events}\"{age}\" = {{ low = 10, high = 50, source = \"assumed\" }}\n");
    let events = events
        + &format!("\"{age}\"").replace("mean", "max")
        + " = { low = 30, high = 60, source = \"assumed\" }\n";
    let draws = format!(
        "draw,weight,{age},policy.crossing.deterrence,event.first.set.app.random_share,event.second.set.crossing.deterrence\n\
         1,1,55,0.1,0.2,0.3\n2,1,58,0.4,0.5,0.6\n"
    );
    let tried = [
        "event.second.set.crossing.deterrence=0|1".to_owned(),
        format!("{age}=20|58"),
    ];
    for command in [
        &["run", "a.toml", "--futures", "20", "-r", "1"][..],
        &["compare", "a.toml", "b.toml", "--futures", "20", "-r", "1"],
        &["run", "a.toml", "--posterior", "p.csv", "-r", "1"],
        &[
            "sweep", "a.toml", "--set", &tried[0], "--set", &tried[1], "-r", "2",
        ],
    ] {
        let files = Files::new(&[
            ("events.toml", &events),
            ("a.toml", "extends = \"events.toml\"\n"),
            (
                "b.toml",
                "extends = \"events.toml\"\npolicy.app.lead_time_days = 10\n",
            ),
            ("p.csv", &draws),
        ]);
        let here = files.0.path();
        let whole = portflow(here, command).failed();
        for part in ["1", "2"] {
            let shard = format!("{part}/2");
            let of_part = [command, &["--shard", &shard, "--out", part]].concat();
            assert_eq!(portflow(here, &of_part).stdout, "");
        }
        let joined = portflow(here, &["merge", "1", "2", "--out", "joined"]).failed();
        let (acted, told) = (values_to_see_it(&whole), values_to_see_it(&joined));
        assert!(!told.is_empty() && told.len() == acted.len(), "{joined}");
        for (acted, mut told) in acted.into_iter().zip(told) {
            for (lever, event) in [
                (
                    "policy.crossing.deterrence",
                    "event.second.set.crossing.deterrence",
                ),
                (
                    "policy.app.random_share",
                    "event.first.set.app.random_share",
                ),
            ] {
                assert_eq!(told.remove(lever), acted.get(event).cloned(), "{command:?}");
            }
            assert!(
                told.iter()
                    .all(|(key, value)| acted.get(key) == Some(value)),
                "{told:?}"
            );
        }
        portflow(here, &command_to_see_it(&joined)).refused_for("the mean age of the pool is ");
    }
}

/// The inputs are what the file calls uncertain, but for what does nothing.
#[test]
fn an_uncertain_number_that_does_nothing_is_no_input_of_a_sensitivity_analysis() {
    let files = Files::new(&[
        ("events.toml", &format!("{SMALL}{OUTSIDE}")),
        ("a.toml", "extends = \"events.toml\"\n"),
    ]);
    let here = files.0.path();
    let args = [
        "sensitivity",
        "a.toml",
        "--points",
        "2",
        "-r",
        "1",
        "--format",
        "csv",
    ];
    let analysed = portflow(here, &args);
    let said = analysed.warnings();
    let left_out = "`event.last.set.crossing.deterrence` is uncertain and does nothing in this run";
    assert!(said.contains(left_out), "{said}");
    let indices = analysed.succeeded();
    let inputs: BTreeSet<String> = rows(&indices)
        .iter()
        .map(|row| row["input"].clone())
        .collect();
    let expected = [
        "event.first.set.app.random_share",
        "event.second.set.crossing.deterrence",
    ];
    assert_eq!(Vec::from_iter(inputs), expected);
}

#[test]
fn a_journal_of_another_shard_or_of_another_version_is_refused() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    for part in ["1", "2"] {
        shard(here, &format!("{part}/2"), part, &["-r", "4"]);
    }
    let assert_refused_for = |reason: &str| {
        portflow(here, &["merge", "1", "2", "--out", "joined"]).refused_for(reason);
        assert_eq!(names(here), ["1", "2", "a.toml"]);
    };
    let [one, two] = ["1/journal", "2/journal"].map(|name| here.join(name));
    let [of_one, of_two] = [&one, &two].map(|path| fs::read(path).unwrap());
    fs::write(&one, &of_two).unwrap();
    fs::write(&two, &of_one).unwrap();
    let reason = "`1/journal` is not the journal of the shard 1/2 in the manifest beside it: shard is \"2/2\" there and \"1/2\" here";
    assert_refused_for(reason);
    fs::write(&one, &of_one).unwrap();
    fs::write(&two, "portflow journal 1\n").unwrap();
    assert_refused_for("is not a journal of this version");
    fs::remove_file(&two).unwrap();
    assert_refused_for("`2/journal` is missing: ");
    fs::write(&two, &of_two).unwrap();
    let (journal, subject) = Journal::reopen(&two).unwrap().unwrap();
    drop(journal);
    let mut journal = Journal::begin(&two, &subject).unwrap();
    let other: Outcome = Ok(Observations {
        values: vec![Some(1.0); 3],
        ledger: Vec::new(),
    });
    for _ in 0..2 {
        journal.append(&other).unwrap();
    }
    drop(journal);
    let reason = "`2/journal`: record 1 does not have the figures";
    portflow(here, &["merge", "1", "2", "--out", "joined"]).refused_for(reason);
}
