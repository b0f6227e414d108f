//! Events, triggers and their sources.

use super::wrong;
use crate::tools::Files;

/// The mistake is in the file that takes the trigger out, not in the one of the event.
#[test]
fn a_trigger_that_was_taken_out_under_an_event_is_told() {
    let base = "[[trigger]]\nid = \"limit\"\nset = {}\n\
                when = { metric = \"pool_size\", mean_over_days = 7, at_least = 5 }\n\
                [[event]]\nid = \"more\"\ndate = 2024-02-01\nset = { \"trigger.limit.when.at_least\" = 9 }\n";
    let own = "extends = \"base.toml\"\n[[trigger]]\nid = \"limit\"\nremove = true\n";
    let heir = "extends = \"own.toml\"\n[policy.app]\nopen = false\n";
    let right = format!("{own}[[event]]\nid = \"more\"\nremove = true\n");
    let files = Files::new(&[
        ("base.toml", base),
        ("own.toml", own),
        ("heir.toml", heir),
        ("right.toml", &right),
    ]);
    for name in ["own.toml", "heir.toml"] {
        let wrong = files.load(name, &[]).unwrap_err().to_string();
        assert!(
            wrong.contains("the trigger `limit` has been removed"),
            "{wrong}"
        );
        assert!(wrong.contains("remove the event `more` too"), "{wrong}");
    }
    assert!(files.load("right.toml", &[]).is_ok());
}

#[test]
fn an_event_without_an_id_is_named_by_its_date() {
    let event = "[[event]]\ndate = 2024-02-01\nsett = {}\n";
    assert!(wrong(event).contains("unknown key `sett` in `event.2024-02-01`"));
}

#[test]
fn events_outside_the_run_are_told_of_its_warm_up() {
    let text = "[run]\nwarmup_days = 31\n[[event]]\nid = \"e\"\ndate = 2023-11-30\nset = {}\n";
    let said = wrong(text);
    assert!(
        said.contains("outside the run, 2023-12-01 to 2024-12-31, 31 days of warm-up included"),
        "{said}"
    );
    assert!(said.contains("is set under [policy]"), "{said}");
    let files = Files::new(&[("a.toml", &text.replace("2023-11-30", "2023-12-01"))]);
    let late = files.load("a.toml", &[("run.start", "2024-06-01")]);
    let late = late.unwrap_err().to_string();
    assert!(late.contains("start by 2024-01-01, or"), "{late}");
    assert!(files.load("a.toml", &[("run.start", "2024-01-01")]).is_ok());
    assert!(
        files
            .load("a.toml", &[("run.start", "2024-01-02")])
            .is_err()
    );
}

/// Any path was taken that began with `event.` or `trigger.`.
#[test]
fn sources_of_events_and_triggers_that_are_not_there_are_refused() {
    let base = "[policy.ports.only]\n[[event]]\nid = \"shutdown\"\ndate = 2024-03-01\nset = { \"app.open\" = false }\n\
                [[event]]\ndate = 2024-04-01\nset = { \"trigger.limit.until.delay_days\" = 5 }\n\
                [[trigger]]\nid = \"limit\"\nset = { \"app.open\" = false }\n\
                when = { metric = \"pool_size\", mean_over_days = 7, at_least = 5 }\n\
                until = { metric = \"pool_size\", mean_over_days = 7, below = 5 }\n";
    let source = |key: &str| format!("{base}[sources]\n\"{key}\" = \"CBP\"\n");
    for (key, said) in [
        (
            "event.shutdwon.set.app.open",
            "there is no event `shutdwon`",
        ),
        ("event.shutdwon.set.app.open", "did you mean `shutdown`?"),
        (
            "event.shutdown.set.app.opne",
            "unknown lever `opne` in `policy.app`",
        ),
        (
            "event.shutdown.set.ports.nowhere.open",
            "there is no port `nowhere`",
        ),
        ("event.shutdown.dat", "unknown key `dat`"),
        ("event.2024-04-02.date", "there is no event `2024-04-02`"),
        (
            "event.2024-04-01.set.trigger.limt.until.delay_days",
            "there is no trigger `limt`",
        ),
        (
            "event.2024-04-01.set.trigger.limit.until.delay",
            "unknown key `delay`",
        ),
        ("trigger.limt.when.at_least", "there is no trigger `limt`"),
        ("trigger.limit.set.app.opne", "unknown lever `opne`"),
    ] {
        let told = wrong(&source(key));
        assert!(told.contains(said), "{key}\n{told}");
        assert_eq!(told.matches(": error: ").count(), 1, "{told}");
    }
    for key in [
        "event.shutdown.set.app.open",
        "event.shutdown.set.app",
        "event.shutdown.set",
        "event.shutdown.date",
        "event.shutdown",
        "event.2024-04-01.set.trigger.limit.until.delay_days",
        "event.2.set.trigger.limit.until",
        "trigger.limit.when.at_least",
        "trigger.limit.set.app.open",
    ] {
        let files = Files::new(&[("a.toml", &source(key))]);
        assert!(files.load("a.toml", &[]).is_ok(), "{key}");
    }
}

#[test]
fn sources_of_what_a_file_takes_out_or_names_anew_may_stay() {
    let base = "[policy.ports.only]\n[[event]]\nid = \"shutdown\"\ndate = 2024-03-01\nset = { \"app.open\" = false }\n\
                [sources]\n\"event.shutdown.set.app.open\" = \"CBP\"\n";
    let own = "extends = \"base.toml\"\n[[event]]\nid = \"shutdown\"\nremove = true\n\
               [sources]\n\"event.shutdown.set.app.open\" = \"CBP\"\n";
    let files = Files::new(&[("base.toml", base), ("own.toml", own)]);
    assert!(files.load("own.toml", &[]).is_ok());
    assert!(
        files
            .load("base.toml", &[("event.shutdown.id", "end")])
            .is_ok()
    );
    // Events before the run, and after it, are not in the resolved file, and neither are their sources.
    let heir = "extends = \"base.toml\"\nrun.start = 2024-03-05\n";
    let files = Files::new(&[("base.toml", base), ("heir.toml", heir)]);
    let ends = [("run.end", "2024-02-01")];
    for (name, set) in [("heir.toml", &[][..]), ("base.toml", &ends)] {
        let resolved = files.load(name, set).unwrap().resolved_toml();
        assert!(!resolved.contains("\"event.shutdown"), "{resolved}");
        let again = Files::new(&[("a.toml", &resolved)]);
        assert_eq!(again.load("a.toml", &[]).unwrap().resolved_toml(), resolved);
    }
}
