#[cfg(unix)]
use std::os::unix::fs::symlink;

use super::*;
use crate::store::Manifest;
use crate::store::files::{RESOLVED, RUNS};

fn begin(target: &Path, force: bool) -> Result<ResultsDir, DirectoryError> {
    ResultsDir::begin(target, force, "a coin")
}

fn put(results: &ResultsDir, name: &str, text: &str) {
    let content = |to: &mut dyn Write| to.write_all(text.as_bytes());
    results.write(name, content).unwrap();
}

/// The manifest of some results.
fn manifest(title: &str) -> String {
    let manifest = Manifest {
        title: title.to_owned(),
        ..crate::store::manifest::example::manifest(3)
    };
    manifest.to_json()
}

fn entries(of: &Path) -> usize {
    fs::read_dir(of).unwrap().count()
}

#[test]
fn results_appear_when_they_are_published_and_not_before() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("a/b");
    let results = begin(&target, false).unwrap();
    put(&results, "observed/x.csv", "1");
    assert!(!target.exists());
    results.publish(JournalFate::Remove).unwrap();
    let text = fs::read_to_string(target.join("observed/x.csv")).unwrap();
    assert_eq!(text, "1");
    assert_eq!(entries(&place.path().join("a")), 1);
}

#[test]
fn what_was_recorded_is_neither_overwritten_nor_lost() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("b");
    let mut results = begin(&target, false).unwrap();
    put(&results, "daily.csv", "1");
    results.journal().append(&"tails").unwrap();
    drop(results);

    let refused = begin(&target, false).unwrap_err();
    assert!(matches!(
        refused,
        DirectoryError::Unfinished { recorded: 1, .. }
    ));
    let (mut results, subject) = ResultsDir::resume(&target).unwrap().unwrap();
    assert_eq!(
        (results.journal().recorded(), subject.as_str()),
        (1, "a coin")
    );
    results.publish(JournalFate::Remove).unwrap();
    // What was half written is written again from the journal.
    assert_eq!((entries(&target), entries(place.path())), (0, 1));
    assert!(ResultsDir::resume(&target).unwrap().is_none());
}

#[test]
fn where_a_stopped_experiment_left_results_too_one_is_told_how_to_go_on() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("b");
    let mut results = begin(&target, false).unwrap();
    put(&results, MANIFEST, &manifest("a part"));
    results.journal().append(&"tails").unwrap();
    results.publish(JournalFate::Keep).unwrap();
    let refused = begin(&target, false).unwrap_err().to_string();
    assert!(refused.contains("pass --resume to go on"), "{refused}");
    drop(begin(&target, true).unwrap());
}

#[test]
fn a_shard_takes_its_journal_along_and_a_stopped_one_stays_to_go_on() {
    let place = tempfile::tempdir().unwrap();
    for (name, fate) in [
        ("part", JournalFate::Publish),
        ("stopped", JournalFate::Keep),
    ] {
        let target = place.path().join(name);
        begin(&target, false).unwrap().publish(fate).unwrap();
        let published = target.join(JOURNAL).exists();
        let kept = ResultsDir::resume(&target).unwrap().is_some();
        assert_eq!((published, kept), (name == "part", name == "stopped"));
    }
}

#[test]
fn earlier_results_are_replaced_only_by_force_and_wholly() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("b");
    fs::create_dir(&target).unwrap();
    fs::write(target.join(MANIFEST), manifest("old")).unwrap();
    fs::write(target.join("points.csv"), "old").unwrap();

    let refused = begin(&target, false).unwrap_err();
    assert!(matches!(refused, DirectoryError::Exists(_)));
    assert!(refused.to_string().contains("--force"));

    let results = begin(&target, true).unwrap();
    put(&results, MANIFEST, &manifest("new"));
    // Somebody looked while it ran.
    fs::write(place.path().join("b.unfinished/.DS_Store"), "").unwrap();
    results.publish(JournalFate::Remove).unwrap();
    assert_eq!(manifest_of(&target).unwrap(), Some(manifest("new")));
    assert!(!target.join("points.csv").exists());
    assert_eq!(entries(place.path()), 1);
}

#[test]
fn leave_to_replace_outlives_a_kill_and_what_may_not_be_replaced_is_known_before_the_work() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("b");
    for force in [true, false] {
        let mut results = begin(&target, force).unwrap();
        results.journal().append(&"tails").unwrap();
        drop(results);
        fs::create_dir_all(&target).unwrap();
        fs::write(target.join(MANIFEST), manifest("theirs")).unwrap();
        let (mut results, _) = ResultsDir::resume(&target).unwrap().unwrap();
        let allowed = results.replace_same(|_| InPlace::Other);
        assert_eq!(allowed.is_ok(), force);
        if force {
            results.publish(JournalFate::Remove).unwrap();
            assert_eq!((entries(&target), entries(place.path())), (0, 1));
        } else {
            assert!(matches!(allowed, Err(DirectoryError::Both { .. })));
            results.replace_same(|_| InPlace::Alike).unwrap();
            assert!(results.has_others(u32::MAX));
            results.replace_same(|_| InPlace::Stopped(7)).unwrap();
            assert!(results.has_others(6) && !results.has_others(7));
        }
    }
}

#[test]
fn nobody_else_goes_on_with_it_until_it_is_published() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("b");
    let results = begin(&target, false).unwrap();
    put(&results, RUNS, "1");
    let second = ResultsDir::resume(&target).unwrap_err();
    assert!(matches!(
        second,
        DirectoryError::Journal(JournalError::InUse(_))
    ));
    results.publish(JournalFate::Remove).unwrap();
    assert_eq!(fs::read_to_string(target.join(RUNS)).unwrap(), "1");
}

#[test]
fn killed_while_it_replaced_results_the_earlier_ones_come_back() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("b");
    let results = begin(&target, false).unwrap();
    let replaced = results.unfinished().join(REPLACED);
    fs::create_dir(&replaced).unwrap();
    fs::write(replaced.join(MANIFEST), manifest("old")).unwrap();
    drop(results);
    let _resumed = ResultsDir::resume(&target).unwrap().unwrap();
    assert_eq!(manifest_of(&target).unwrap(), Some(manifest("old")));
}

#[test]
fn results_that_appeared_during_the_run_are_not_replaced() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("b");
    let results = begin(&target, false).unwrap();
    fs::create_dir(&target).unwrap();
    fs::write(target.join(MANIFEST), manifest("theirs")).unwrap();
    assert!(matches!(
        results.publish(JournalFate::Remove),
        Err(DirectoryError::Exists(_))
    ));
    assert_eq!(manifest_of(&target).unwrap(), Some(manifest("theirs")));
}

#[test]
fn a_directory_of_something_else_is_refused_even_by_force() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("thesis");
    for directory in ["thesis", "results.unfinished"] {
        let directory = place.path().join(directory);
        fs::create_dir(&directory).unwrap();
        fs::write(directory.join("thesis.tex"), "").unwrap();
    }
    for target in [target, place.path().join("results")] {
        let refused = begin(&target, true).unwrap_err();
        assert!(matches!(refused, DirectoryError::Foreign(_)));
    }
}

#[test]
fn an_empty_directory_takes_results() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("b");
    fs::create_dir(&target).unwrap();
    let results = begin(&target, false).unwrap();
    results.publish(JournalFate::Remove).unwrap();
    assert_eq!(entries(place.path()), 1);
}

#[test]
fn a_file_or_a_path_without_a_name_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("b");
    fs::write(&file, "").unwrap();
    assert!(matches!(begin(&file, true), Err(DirectoryError::File(_))));
    assert!(matches!(
        begin(Path::new(".."), true),
        Err(DirectoryError::Unnamed(_))
    ));
}

#[test]
fn what_is_no_result_is_refused_rather_than_deleted() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("b");
    let write = |name: &str, text: &str| {
        let path = target.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(MANIFEST, "{\"name\": \"my web app\"}");
    assert!(matches!(
        begin(&target, true),
        Err(DirectoryError::Foreign(_))
    ));
    write(MANIFEST, &manifest("of a comparison"));
    write("differences.csv", "");
    write("base/data/months.csv", "");
    write(&format!("base/{RESOLVED}"), "file = \"data/months.csv\"\n");
    drop(begin(&target, true).unwrap());
    for mine in [
        "notes.md",
        "base/data/mine.csv",
        "base/mine.md",
        "plots/a.svg",
        "data/months.csv",
    ] {
        write(mine, "mine");
        let refused = begin(&target, true).unwrap_err().to_string();
        let first = mine.split_inclusive('/').next().unwrap();
        assert!(refused.contains(first.trim_end_matches('/')), "{refused}");
        // A stopped experiment that goes on and one that ends look too.
        let (mut resumed, _) = ResultsDir::resume(&target).unwrap().unwrap();
        let resumed = resumed.replace_same(|_| InPlace::Stopped(1));
        assert!(matches!(resumed, Err(DirectoryError::Stranger(_))));
        assert_eq!(fs::read_to_string(target.join(mine)).unwrap(), "mine");
        fs::remove_file(target.join(mine)).unwrap();
        let folder = target.join(mine).parent().unwrap().to_owned();
        if entries(&folder) == 0 {
            fs::remove_dir(folder).unwrap();
        }
    }
    // Looking at them in a desktop takes nothing from anybody.
    write(".DS_Store", "");
    write("base/data/Thumbs.db", "");
    drop(begin(&target, true).unwrap());
    // A folder that somebody named so is his.
    write(".directory/mine.md", "mine");
    let refused = begin(&target, true).unwrap_err();
    assert!(matches!(refused, DirectoryError::Stranger(_)), "{refused}");
}

#[cfg(unix)]
#[test]
fn results_go_where_a_link_leads_and_one_that_leads_nowhere_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    fs::create_dir_all(here.join("disk/res")).unwrap();
    symlink("disk/res", here.join("link")).unwrap();
    symlink("nowhere", here.join("dangling")).unwrap();
    for name in ["link", "link/", "link/."] {
        let results = begin(&here.join(name), true).unwrap();
        put(&results, MANIFEST, &manifest(name));
        results.publish(JournalFate::Remove).unwrap();
        assert!(here.join("link").is_symlink());
        let kept = manifest_of(&here.join("disk/res")).unwrap();
        assert_eq!(kept, Some(manifest(name)));
    }
    for name in ["dangling", "dangling/", "dangling/."] {
        let refused = begin(&here.join(name), true);
        assert!(
            matches!(refused, Err(DirectoryError::Dangling(_))),
            "{name}"
        );
    }
    let results = begin(&here.join("new/."), false).unwrap();
    put(&results, MANIFEST, &manifest("new"));
    results.publish(JournalFate::Remove).unwrap();
    assert_eq!(entries(&here.join("new")), 1);
}

#[test]
fn a_file_on_the_way_to_results_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    fs::write(here.join("a"), "").unwrap();
    fs::write(here.join("b.unfinished"), "").unwrap();
    for name in ["a", "a/", "a/b", "a/b/c", "b"] {
        let refused = begin(&here.join(name), true);
        assert!(matches!(refused, Err(DirectoryError::File(_))), "{name}");
    }
}
