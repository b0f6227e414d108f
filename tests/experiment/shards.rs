//! Shards, joined, are the bytes of the whole.

use std::fs;
use std::path::Path;

use super::{SMALL, names, shards_join, tree};
use crate::tools::Files;
use crate::tools::command::portflow;
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
    let cases: [(&[&str], &str); 14] = [
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
    portflow(here, &["merge", "1", "2", "--out", "joined"]).succeeded();
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
}
