//! Killed at any moment and resumed, an experiment ends with the bytes of one that was not.

use std::fs;
use std::io;

use super::{SMALL, kill, kill_on_the_way, names, spawn, stop_on_the_way, tree, wait_for_records};
use crate::tools::Files;
use crate::tools::command::{Finished, command_after, portflow};
use portflow::experiment::{Journal, Outcome};
use portflow::record::Observations;

const RUN: [&str; 4] = ["run", "a.toml", "--out", "results"];

fn with<'a>(command: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [command, more].concat()
}

#[test]
fn a_run_killed_at_any_moment_and_resumed_has_the_bytes_of_one_that_was_not() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    let whole = portflow(here, &["run", "a.toml", "--out", "whole"]).succeeded();
    let resume = with(&RUN, &["--resume"]);
    for records in [0, 5, 30] {
        kill_on_the_way(
            here,
            &with(&resume, &["--threads", "2"]),
            "results",
            records,
        );
        assert_eq!(names(here), ["a.toml", "results.unfinished", "whole"]);
    }
    let resumed = portflow(here, &resume).succeeded();
    assert_eq!(resumed, whole);
    assert_eq!(tree(&here.join("results")), tree(&here.join("whole")));
    assert_eq!(names(here), ["a.toml", "results", "whole"]);

    let again = portflow(here, &resume).warnings();
    assert_eq!(again, "`results` holds this run already: nothing to do\n");
    assert_eq!(tree(&here.join("results")), tree(&here.join("whole")));
}

#[test]
fn a_comparison_killed_and_resumed_has_the_bytes_of_one_that_was_not_on_any_threads() {
    let variant = "extends = \"a.toml\"\n[policy.app]\nrandom_share = 0.1\n";
    let files = Files::new(&[("a.toml", SMALL), ("b.toml", variant)]);
    let here = files.0.path();
    let compare = ["compare", "a.toml", "b.toml", "-r", "30"];
    let whole = portflow(here, &with(&compare, &["--out", "whole", "--threads", "1"])).succeeded();
    let resume = with(&compare, &["--out", "results", "--resume"]);
    kill_on_the_way(here, &with(&resume, &["--threads", "1"]), "results", 5);
    let resumed = portflow(here, &with(&resume, &["--threads", "2"])).succeeded();
    assert_eq!(resumed, whole);
    assert_eq!(tree(&here.join("results")), tree(&here.join("whole")));
}

#[test]
fn a_stopped_run_goes_on_to_the_whole() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    let slowly = with(&RUN, &["--threads", "1"]);
    stop_on_the_way(here, &slowly, "results", 5).failed();
    assert!(here.join("results/manifest.json").exists());
    let again = portflow(here, &RUN).refused();
    let said = "error: `results.unfinished` holds an unfinished experiment (";
    assert!(again.starts_with(said), "{again}");
    assert!(again.contains("pass --resume to go on with it"), "{again}");
    portflow(here, &with(&RUN, &["--resume"])).succeeded();
    portflow(here, &["run", "a.toml", "--out", "whole"]).succeeded();
    assert_eq!(tree(&here.join("results")), tree(&here.join("whole")));
    assert_eq!(names(here), ["a.toml", "results", "whole"]);
}

#[test]
fn resume_begins_where_nothing_is_and_refuses_another_experiment() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    let few = with(&RUN, &["--resume", "-r", "2"]);
    portflow(here, &few).succeeded();
    for (more, reason) in [
        (["--seed", "7"], "seed is 1 there and 7 here"),
        (["-r", "3"], "replications is 2 there and 3 here"),
        (["--level", "0.9"], "level is 0.95 there and 0.9 here"),
        (["--set", "run.warmup_days=1"], "digest is"),
    ] {
        let other = match more {
            ["-r", _] => with(&RUN, &with(&more, &["--resume"])),
            _ => with(&few, &more),
        };
        portflow(here, &other).refused_for(reason);
    }
}

/// What was simulated by other rules is neither gone on with nor taken for finished.
#[test]
fn results_of_another_revision_of_the_model_are_another_experiment() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    let few = with(&RUN, &["-r", "2", "--resume"]);
    portflow(here, &few).succeeded();
    let manifest = here.join("results/manifest.json");
    let ours = fs::read_to_string(&manifest).unwrap();
    let field = format!("\n  \"model\": {},", portflow::model::REVISION);
    assert!(ours.contains(&field), "{ours}");
    let older = ours.replace(&field, "");
    let refuse = || portflow(here, &few).refused_for("the revision of the model is 0 there and ");
    fs::write(&manifest, &older).unwrap();
    refuse();
    fs::remove_dir_all(here.join("results")).unwrap();
    fs::create_dir(here.join("results.unfinished")).unwrap();
    Journal::begin(&here.join("results.unfinished/journal"), &older).unwrap();
    refuse();
}

/// A record of three figures among those of a run, which has thousands, and one that is no record of a run at all: with either, what is
/// resumed fails again.
#[test]
fn a_record_that_is_not_of_the_figures_of_the_run_is_wrong_input() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    let child = spawn(here, &RUN);
    wait_for_records(here, "results", 5);
    kill(child);
    let path = here.join("results.unfinished/journal");
    let killed = fs::read(&path).unwrap();
    let other: Outcome = Ok(Observations {
        values: vec![Some(1.0); 3],
        ledger: Vec::new(),
    });
    let appended: [fn(&mut Journal, &Outcome) -> io::Result<()>; 2] = [
        |journal, outcome| journal.append(outcome),
        |journal, _| journal.append(&u64::MAX),
    ];
    for append in appended {
        fs::write(&path, &killed).unwrap();
        let (mut journal, _) = Journal::reopen(&path).unwrap().unwrap();
        let number = journal.recorded() + 1;
        append(&mut journal, &other).unwrap();
        drop(journal);
        let said = portflow(here, &with(&RUN, &["--resume"])).refused();
        let begins = format!(
            "error: `results.unfinished/journal`: record {number} does not have the figures that are kept of it now"
        );
        assert!(said.starts_with(&begins), "{said}");
        assert!(
            said.ends_with("with --force\n") && !said.contains("--resume"),
            "{said}"
        );
        assert_eq!(names(here), ["a.toml", "results.unfinished"]);
    }
}

#[test]
fn an_unfinished_run_is_not_begun_again_unless_asked_to() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    let child = spawn(here, &with(&RUN, &["-r", "100000"]));
    wait_for_records(here, "results", 5);
    // While it runs, nobody else may write there.
    portflow(here, &with(&RUN, &["--resume"])).refused_for("another portflow is writing");
    kill(child);
    let journal = || fs::read(here.join("results.unfinished/journal")).unwrap();
    let before = journal();
    portflow(here, &RUN).refused_for("--resume");
    assert_eq!(journal(), before);
    portflow(here, &with(&RUN, &["--force", "-r", "2"])).succeeded();
    assert_eq!(names(here), ["a.toml", "results"]);
}

#[test]
fn what_is_no_result_is_neither_replaced_nor_deleted() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    let notes = here.join("results/notes.md");
    let few = with(&RUN, &["-r", "2", "--force"]);
    portflow(here, &few).succeeded();
    fs::write(&notes, "mine").unwrap();
    portflow(here, &few).refused_for("`results/notes.md` is no result");
    fs::remove_dir_all(here.join("results")).unwrap();

    // A part that somebody stopped is replaced by the whole, without what was laid beside it.
    let slowly = with(&RUN, &["--threads", "1"]);
    stop_on_the_way(here, &slowly, "results", 5).failed();
    fs::write(&notes, "mine").unwrap();
    let resume = with(&RUN, &["--resume"]);
    portflow(here, &resume).refused_for("`results/notes.md` is no result");
    fs::rename(&notes, here.join("notes.md")).unwrap();
    portflow(here, &resume).succeeded();
}

/// As on a full disk: no file may be longer than so many blocks. The first holds no journal, the second no record, the others not all tables.
#[test]
fn what_cannot_be_written_is_told_leaves_no_results_and_is_gone_on_with() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    let run = with(&RUN, &["-r", "1"]);
    let whole = portflow(here, &["run", "a.toml", "-r", "1", "--out", "whole"]).succeeded();
    let goes_on = "in `results.unfinished`, from which the same command with --resume goes on: ";
    for (blocks, reason) in [
        (
            0,
            "error: cannot use the journal `results.unfinished/journal`: ".to_owned(),
        ),
        (
            3,
            format!("error: cannot keep, or read again, what a simulation came to {goes_on}"),
        ),
        (70, format!("error: cannot write the results {goes_on}")),
        (200, format!("error: cannot write the results {goes_on}")),
    ] {
        let full = format!("trap '' XFSZ; ulimit -f {blocks}");
        let output = command_after(&full, here, &run).output().unwrap();
        Finished::from(output).failed_for(&reason);
        assert_eq!(names(here), ["a.toml", "results.unfinished", "whole"]);
        let resumed = portflow(here, &with(&run, &["--resume"])).succeeded();
        assert_eq!(resumed, whole, "{blocks}");
        assert!(
            tree(&here.join("results")) == tree(&here.join("whole")),
            "{blocks}"
        );
        fs::remove_dir_all(here.join("results")).unwrap();
    }
}

/// Wrong input has one status wherever the mistake is.
#[test]
fn a_place_that_cannot_take_results_is_wrong_input_before_anything_runs() {
    let files = Files::new(&[("a.toml", SMALL), ("afile", ""), ("b.unfinished", "")]);
    let here = files.0.path();
    std::os::unix::fs::symlink("nowhere", here.join("dangling")).unwrap();
    for out in ["afile", "afile/x", "b", "dangling", "dangling/", ".", ".."] {
        let run = portflow(here, &["run", "a.toml", "-r", "2", "--out", out]);
        run.refused();
        assert_eq!(run.stdout, "", "{out}");
    }
    portflow(here, &["run", "a.toml", "-r", "2", "--out", "new/."]).succeeded();
    assert!(here.join("new/manifest.json").exists());
}
