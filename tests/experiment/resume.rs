//! Killed at any moment and resumed, an experiment ends with the bytes of one that was not.

use std::fs;

use super::{SMALL, names, signal, spawn, stop_on_the_way, tree, wait_for_records};
use crate::tools::{Files, portflow, text};

const RUN: [&str; 4] = ["run", "a.toml", "--out", "results"];

fn with<'a>(command: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [command, more].concat()
}

#[test]
fn a_run_killed_at_any_moment_and_resumed_has_the_bytes_of_one_that_was_not() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    let whole = portflow(here, &["run", "a.toml", "--out", "whole"]);
    assert_eq!(whole.status.code(), Some(0), "{}", text(&whole.stderr));
    let resume = with(&RUN, &["--resume"]);
    for records in [0, 5, 30] {
        let mut child = spawn(here, &with(&resume, &["--threads", "2"]));
        wait_for_records(here, "results", records);
        signal(&child, "-KILL");
        assert!(!child.wait().unwrap().success());
        assert_eq!(names(here), ["a.toml", "results.unfinished", "whole"]);
    }
    let resumed = portflow(here, &resume);
    assert_eq!(resumed.status.code(), Some(0), "{}", text(&resumed.stderr));
    assert_eq!(resumed.stdout, whole.stdout);
    assert_eq!(tree(&here.join("results")), tree(&here.join("whole")));
    assert_eq!(names(here), ["a.toml", "results", "whole"]);

    let again = portflow(here, &resume);
    assert_eq!(again.status.code(), Some(0));
    assert_eq!(
        text(&again.stderr),
        "`results` holds this run already: nothing to do\n"
    );
    assert_eq!(tree(&here.join("results")), tree(&here.join("whole")));
}

#[test]
fn a_comparison_killed_and_resumed_has_the_bytes_of_one_that_was_not_on_any_threads() {
    let variant = "extends = \"a.toml\"\n[policy.app]\nrandom_share = 0.1\n";
    let files = Files::new(&[("a.toml", SMALL), ("b.toml", variant)]);
    let here = files.0.path();
    let compare = ["compare", "a.toml", "b.toml", "-r", "30"];
    let whole = portflow(here, &with(&compare, &["--out", "whole", "--threads", "1"]));
    assert_eq!(whole.status.code(), Some(0), "{}", text(&whole.stderr));
    let resume = with(&compare, &["--out", "results", "--resume"]);
    let mut child = spawn(here, &resume);
    wait_for_records(here, "results", 5);
    signal(&child, "-KILL");
    child.wait().unwrap();
    let resumed = portflow(here, &with(&resume, &["--threads", "2"]));
    assert_eq!(resumed.stdout, whole.stdout);
    assert_eq!(tree(&here.join("results")), tree(&here.join("whole")));
}

#[test]
fn a_stopped_run_goes_on_to_the_whole() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    stop_on_the_way(here, &RUN, "results", 5);
    assert!(here.join("results/manifest.json").exists());
    let again = portflow(here, &RUN);
    assert_eq!(again.status.code(), Some(2));
    let said = "error: `results.unfinished` holds an unfinished experiment (";
    assert!(
        text(&again.stderr).starts_with(said),
        "{}",
        text(&again.stderr)
    );
    assert!(text(&again.stderr).contains("pass --resume to go on with it"));
    let resumed = portflow(here, &with(&RUN, &["--resume"]));
    assert_eq!(resumed.status.code(), Some(0), "{}", text(&resumed.stderr));
    portflow(here, &["run", "a.toml", "--out", "whole"]);
    assert_eq!(tree(&here.join("results")), tree(&here.join("whole")));
    assert_eq!(names(here), ["a.toml", "results", "whole"]);
}

#[test]
fn resume_begins_where_nothing_is_and_refuses_another_experiment() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    let few = with(&RUN, &["--resume", "-r", "2"]);
    assert_eq!(portflow(here, &few).status.code(), Some(0));
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
        let refused = portflow(here, &other);
        assert_eq!(refused.status.code(), Some(2), "{more:?}");
        let said = text(&refused.stderr);
        assert!(said.contains(reason), "{said}");
    }
}

#[test]
fn an_unfinished_run_is_not_begun_again_unless_asked_to() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    let mut child = spawn(here, &RUN);
    wait_for_records(here, "results", 5);
    // While it runs, nobody else may write there.
    let meanwhile = portflow(here, &with(&RUN, &["--resume"]));
    assert_eq!(meanwhile.status.code(), Some(2));
    assert!(text(&meanwhile.stderr).contains("another portflow is writing"));
    signal(&child, "-KILL");
    child.wait().unwrap();
    let journal = || fs::read(here.join("results.unfinished/journal")).unwrap();
    let before = journal();
    let refused = portflow(here, &RUN);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("--resume"));
    assert_eq!(journal(), before);
    let afresh = portflow(here, &with(&RUN, &["--force", "-r", "2"]));
    assert_eq!(afresh.status.code(), Some(0));
    assert_eq!(names(here), ["a.toml", "results"]);
}

#[test]
fn what_is_no_result_is_neither_replaced_nor_deleted() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    let notes = here.join("results/notes.md");
    let few = with(&RUN, &["-r", "2", "--force"]);
    assert_eq!(portflow(here, &few).status.code(), Some(0));
    fs::write(&notes, "mine").unwrap();
    let refused = portflow(here, &few);
    assert_eq!(refused.status.code(), Some(2));
    let said = text(&refused.stderr);
    assert!(said.contains("`results/notes.md` is no result"), "{said}");
    fs::remove_dir_all(here.join("results")).unwrap();

    // A part that somebody stopped is replaced by the whole, without what was laid beside it.
    stop_on_the_way(here, &RUN, "results", 5);
    fs::write(&notes, "mine").unwrap();
    let resume = with(&RUN, &["--resume"]);
    let refused = portflow(here, &resume);
    assert_eq!(refused.status.code(), Some(2), "{}", text(&refused.stderr));
    fs::rename(&notes, here.join("notes.md")).unwrap();
    let resumed = portflow(here, &resume);
    assert_eq!(resumed.status.code(), Some(0), "{}", text(&resumed.stderr));
}

/// Wrong input has one status wherever the mistake is.
#[test]
fn a_place_that_cannot_take_results_is_wrong_input_before_anything_runs() {
    let files = Files::new(&[("a.toml", SMALL), ("afile", ""), ("b.unfinished", "")]);
    let here = files.0.path();
    std::os::unix::fs::symlink("nowhere", here.join("dangling")).unwrap();
    for out in ["afile", "afile/x", "b", "dangling", "dangling/", ".", ".."] {
        let refused = portflow(here, &["run", "a.toml", "-r", "2", "--out", out]);
        assert_eq!(refused.status.code(), Some(2), "{out}");
        assert_eq!(text(&refused.stdout), "", "{out}");
    }
    let new = portflow(here, &["run", "a.toml", "-r", "2", "--out", "new/."]);
    assert_eq!(new.status.code(), Some(0), "{}", text(&new.stderr));
    assert!(here.join("new/manifest.json").exists());
}
