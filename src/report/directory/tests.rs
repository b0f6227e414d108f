use super::*;

fn begin(target: &Path, force: bool) -> Result<ResultsDir, DirectoryError> {
    ResultsDir::begin(target, force, "a coin")
}

fn put(results: &ResultsDir, name: &str, text: &str) {
    let content = |to: &mut dyn Write| to.write_all(text.as_bytes());
    results.write(name, content).unwrap();
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
    put(&results, "half.csv", "1");
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
    put(&results, MANIFEST, "a part");
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
    fs::write(target.join(MANIFEST), "old").unwrap();
    fs::write(target.join("old.csv"), "old").unwrap();

    let refused = begin(&target, false).unwrap_err();
    assert!(matches!(refused, DirectoryError::Exists(_)));
    assert!(refused.to_string().contains("--force"));

    let results = begin(&target, true).unwrap();
    put(&results, MANIFEST, "new");
    results.publish(JournalFate::Remove).unwrap();
    assert_eq!(manifest_of(&target).unwrap().as_deref(), Some("new"));
    assert!(!target.join("old.csv").exists());
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
        fs::write(target.join(MANIFEST), "theirs").unwrap();
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
    put(&results, "a.csv", "1");
    let second = ResultsDir::resume(&target).unwrap_err();
    assert!(matches!(
        second,
        DirectoryError::Journal(JournalError::InUse(_))
    ));
    results.publish(JournalFate::Remove).unwrap();
    assert_eq!(fs::read_to_string(target.join("a.csv")).unwrap(), "1");
}

#[test]
fn killed_while_it_replaced_results_the_earlier_ones_come_back() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("b");
    let results = begin(&target, false).unwrap();
    let replaced = results.unfinished().join(REPLACED);
    fs::create_dir(&replaced).unwrap();
    fs::write(replaced.join(MANIFEST), "old").unwrap();
    drop(results);
    let _resumed = ResultsDir::resume(&target).unwrap().unwrap();
    assert_eq!(manifest_of(&target).unwrap().as_deref(), Some("old"));
}

#[test]
fn results_that_appeared_during_the_run_are_not_replaced() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("b");
    let results = begin(&target, false).unwrap();
    fs::create_dir(&target).unwrap();
    fs::write(target.join(MANIFEST), "theirs").unwrap();
    assert!(matches!(
        results.publish(JournalFate::Remove),
        Err(DirectoryError::Exists(_))
    ));
    assert_eq!(manifest_of(&target).unwrap().as_deref(), Some("theirs"));
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
