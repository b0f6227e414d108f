//! `portflow diff`.

use std::path::Path;

use crate::tools::Files;
use crate::tools::command::portflow;
use portflow::scenario::{self, Difference, Side};

/// What differs between the history and one of its variants, the title left out.
fn from_history(variant: &str) -> Vec<Difference> {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let load = |name: &str| scenario::load(&scenarios.join(name), &[]).unwrap();
    let mut found = scenario::difference(&load("history.toml"), &load(variant));
    assert_eq!(found.remove(0).key, "title");
    found
}

fn value(side: &Side) -> &str {
    side.value.as_deref().unwrap_or("-")
}

fn ends(side: &Side, place: &str) -> bool {
    (side.set_at.as_deref()).is_some_and(|set_at| set_at.ends_with(place))
}

#[test]
fn an_event_taken_out_is_one_line() {
    let found = from_history("no-expansion.toml");
    let [event] = found.as_slice() else {
        panic!("{found:#?}")
    };
    assert_eq!(event.key, "event.southern-opening");
    assert_eq!(
        value(&event.a),
        "2024-08-23 App opens to southern Mexico: app.regions = [\"south\", \"north\"]"
    );
    assert!(ends(&event.a, "history.toml:195"), "{event:?}");
    assert_eq!(event.b, Side::default());
}

#[test]
fn an_event_added_without_an_id_is_one_line() {
    let found = from_history("slots-2000.toml");
    let [event] = found.as_slice() else {
        panic!("{found:#?}")
    };
    assert_eq!(event.a, Side::default());
    assert_eq!(
        value(&event.b),
        "2023-07-01 2,000 slots a day: app.slots_per_day = 2000"
    );
    assert!(ends(&event.b, "slots-2000.toml:7"), "{event:?}");
}

#[test]
fn an_event_in_both_goes_key_by_key_and_its_source_is_no_difference() {
    let found = from_history("longest-first.toml");
    let [share, removed] = found.as_slice() else {
        panic!("{found:#?}")
    };
    assert_eq!(share.key, "event.new-request-system.set.app.random_share");
    assert_eq!((value(&share.a), value(&share.b)), ("0.5", "0.0"));
    assert_eq!(share.unit.as_deref(), Some("share"));
    assert!(ends(&share.a, "history.toml:81"), "{share:?}");
    assert!(ends(&share.b, "longest-first.toml:9"), "{share:?}");
    assert_eq!(removed.key, "event.weight-on-longest");
}

#[test]
fn defaults_moves_before_the_run_and_keys_of_one_side_are_told_apart() {
    let base = "[run]\nstart = 2024-01-01\n[world.groups.all]\n[[event]]\ndate = 2023-05-01\nset = { app.random_share = 0.6 }\n";
    let files = Files::new(&[
        ("a.toml", base),
        (
            "b.toml",
            "[world.groups.all]\nparty_size = { 1 = 0.5, 2 = 0.5 }\n",
        ),
    ]);
    let base = Files::new(&[("base.toml", base), ("a.toml", "extends = \"base.toml\"\n")]);
    let a = base.load("a.toml", &[]).unwrap();
    let b = files.load("b.toml", &[]).unwrap();
    let found = scenario::difference(&a, &b);
    let keys: Vec<&str> = found.iter().map(|found| found.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "world.groups.all.party_size.1",
            "policy.app.random_share",
            "world.groups.all.party_size.2"
        ]
    );
    assert!(ends(&found[1].a, "base.toml:6"), "{found:#?}");
    assert!(ends(&found[1].b, "default"), "{found:#?}");
    assert_eq!(found[2].a, Side::default());
}

#[test]
fn numbers_written_in_two_ways_are_the_same() {
    let event = |value: &str| {
        format!(
            "[world.groups.all]\n[[event]]\ndate = 2024-02-01\nset = {{ app.random_share = {value} }}\n"
        )
    };
    let files = Files::new(&[("a.toml", &event("1")), ("b.toml", &event("1.0"))]);
    let load = |name: &str| files.load(name, &[]).unwrap();
    assert_eq!(
        scenario::difference(&load("a.toml"), &load("b.toml")),
        Vec::new()
    );
}

#[test]
fn data_files_are_compared_by_content() {
    let of = |name: &str| format!("run.end = 2024-01-31\nobserved.file = \"{name}\"\n");
    let counts = "month,pool_size\n2024-01,5\n";
    let files = Files::new(&[
        ("a.toml", &of("one.csv")),
        ("b.toml", &of("two.csv")),
        ("c.toml", &of("other/one.csv")),
        ("one.csv", counts),
        ("two.csv", counts),
        ("other/one.csv", "month,pool_size\n2024-01,6\n"),
    ]);
    let load = |name: &str| files.load(name, &[]).unwrap();
    assert_eq!(
        scenario::difference(&load("a.toml"), &load("b.toml")),
        Vec::new()
    );
    let found = scenario::difference(&load("a.toml"), &load("c.toml"));
    assert_eq!(found[0].key, "observed.file");
    assert_eq!(found[0].note, Some("the files differ in content"));
}

const A: &str = "title = \"A\"\n[world.groups.all]\n[policy.app]\nrandom_share = 0.1\n";
const B: &str = "title = \"A\"\n[world.groups.all]\n[policy.app]\nrandom_share = 0.2\n";

#[test]
fn the_table_shows_both_values_and_their_places() {
    let files = Files::new(&[("a.toml", A), ("b.toml", B)]);
    let table = portflow(files.0.path(), &["diff", "a.toml", "b.toml"]).succeeded();
    let shown: Vec<String> = (table.lines())
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(shown[0], "key a.toml b.toml");
    assert_eq!(shown[2], "policy.app.random_share 0.1 0.2");
    assert_eq!(shown[3], "[share] a.toml:4 b.toml:4");
}

#[test]
fn programs_get_one_document() {
    let files = Files::new(&[("a.toml", A), ("b.toml", B)]);
    let args = ["diff", "a.toml", "b.toml", "--format", "json"];
    let document = portflow(files.0.path(), &args).document();
    assert_eq!(document["b"], "b.toml");
    let difference = &document["differences"][0];
    assert_eq!(difference["key"], "policy.app.random_share");
    assert_eq!(difference["unit"], "share");
    assert_eq!(difference["a"]["value"], "0.1");
    assert_eq!(difference["b"]["set_at"], "b.toml:4");
}

#[test]
fn nothing_different_is_said_in_a_sentence() {
    let files = Files::new(&[("a.toml", A), ("b.toml", A)]);
    let told = portflow(files.0.path(), &["diff", "a.toml", "b.toml"]).succeeded();
    assert_eq!(told, "a.toml and b.toml set every key alike.\n");
}

#[test]
fn what_is_wrong_with_a_common_base_is_said_once() {
    let base = "[run]
end = 2024-02-29
[world.groups.all]
arrivals.per_day = 50
[policy.ports.only]
officers = 3
shifts = [{ from = 08:00:00, officers = 2 }]
";
    let a = "extends = \"base.toml\"\n[policy.app]\nrandom_share = 0.1\n";
    let b = "extends = \"base.toml\"\n[policy.app]\nrandom_share = 0.2\n";
    let files = Files::new(&[("base.toml", base), ("a.toml", a), ("b.toml", b)]);
    let said = portflow(files.0.path(), &["diff", "a.toml", "b.toml"]).warnings();
    let count = said.matches("`officers` of `only` changes nothing").count();
    assert_eq!(count, 1, "{said}");
}
