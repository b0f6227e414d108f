//! Comparisons in the futures of a base: the same for all, the same on every machine, and what they say is true.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{command_to_see_it, kill_on_the_way, shards_join, tree};
use crate::tools::Files;
use crate::tools::command::{json_of, portflow};

/// Some milliseconds a replication; nobody crosses between ports.
const BASE: &str = "[run]
start = 2024-01-01
end = 2024-02-29
[world.groups.all]
arrivals.per_day = 150
[policy.ports.only]
[futures.\"world.groups.all.arrivals.per_day\"]
low = 100
high = 200
source = \"assumed\"
";
const SAME: &str = "extends = \"base.toml\"\n";
const CLOSED: &str = "extends = \"base.toml\"\n[policy.app]\nopen = false\n";

const COMPARE: [&str; 4] = ["compare", "base.toml", "same.toml", "closed.toml"];

const JUDGED: [&str; 4] = ["--futures", "9", "--objective", "irregular_encounters:min"];

fn files() -> Files {
    Files::new(&[
        ("base.toml", BASE),
        ("same.toml", SAME),
        ("closed.toml", CLOSED),
    ])
}

fn done(here: &Path, more: &[&str]) -> String {
    portflow(here, &[&COMPARE, more].concat()).succeeded()
}

fn document(here: &Path, args: &[&str]) -> Value {
    portflow(here, &[args, &["--format", "json"]].concat()).document()
}

/// The row of a metric over the whole run and border.
fn row<'a>(document: &'a Value, variant: &str, metric: &str) -> &'a Value {
    let rows = document["differences"].as_array().unwrap();
    let mut rows = rows.iter().filter(|row| {
        row["variant"] == variant
            && row["metric"] == metric
            && ["month", "group", "place"]
                .iter()
                .all(|of| row[of].is_null())
    });
    rows.next().unwrap()
}

#[test]
fn a_comparison_in_futures_has_the_same_bytes_on_any_threads_killed_and_resumed_and_in_shards() {
    let files = files();
    let here = files.0.path();
    let whole = done(
        here,
        &[&JUDGED[..], &["--out", "whole", "--threads", "1"]].concat(),
    );
    let whole_tree = tree(&here.join("whole"));
    assert!(whole_tree.contains_key("regret.csv"));
    let threads = done(
        here,
        &[&JUDGED[..], &["--out", "two", "--threads", "2"]].concat(),
    );
    assert_eq!(threads, whole);
    assert_eq!(tree(&here.join("two")), whole_tree);

    let resume = [&JUDGED[..], &["--out", "results", "--resume"]].concat();
    kill_on_the_way(here, &[&COMPARE[..], &resume].concat(), "results", 1);
    assert_eq!(done(here, &resume), whole);
    assert_eq!(tree(&here.join("results")), whole_tree);

    // 18 replications in 4 shards: futures are cut in two.
    shards_join(here, &[&COMPARE[..], &JUDGED].concat(), 4, &whole);

    for part in ["1", "2", "3", "4"] {
        let manifest = here.join(part).join("manifest.json");
        let damaged = fs::read_to_string(&manifest).unwrap();
        let damaged = damaged.replace("\"good_enough\": \"0.05\"", "\"good_enough\": \"some\"");
        fs::write(&manifest, damaged).unwrap();
    }
    let reason = "is not the journal of the shard 4/4 in the manifest beside it: good_enough is \"0.05\" there and \"some\" here";
    portflow(here, &["merge", "4", "2", "1", "3", "--out", "damaged"]).refused_for(reason);

    for (more, reason) in [
        (vec!["--futures", "6", "-r", "3"], "futures"),
        (vec!["--futures", "9"], "there and none here"),
        (
            [&JUDGED[..], &["--good-enough", "1%"]].concat(),
            "good_enough",
        ),
    ] {
        let other = [&COMPARE[..], &more, &["--out", "whole", "--resume"]].concat();
        portflow(here, &other).refused_for(reason);
    }
}

#[test]
fn a_variant_equal_to_the_base_sees_the_same_futures() {
    let files = files();
    let document = document(
        files.0.path(),
        &[&COMPARE[..], &["--futures", "6"]].concat(),
    );
    assert_eq!(document["n_counts"], "futures");
    assert!(
        document["regret"].is_null(),
        "nobody has said by what to judge"
    );
    let same = document["differences"].as_array().unwrap().iter();
    let same: Vec<&Value> = same.filter(|row| row["variant"] == "same").collect();
    assert!(same.len() > 50);
    for row in same {
        assert!(
            row["difference"].is_null() || row["difference"] == 0.0,
            "{row}"
        );
        // Not one difference that cancels with another: none varies, so there is no variance to share.
        assert!(row["world_share"].is_null(), "{row}");
    }
    let registrations = row(&document, "same", "registrations");
    assert_eq!(registrations["n"], 6);
    assert!(registrations["world_share_base"].as_f64().unwrap() > 0.9);
}

#[test]
fn a_plain_comparison_takes_the_values_as_they_are() {
    let files = files();
    let here = files.0.path();
    let plain = document(
        here,
        &[&COMPARE[..], &["--futures", "0", "-r", "3"]].concat(),
    );
    assert!(plain["futures"].is_null() && plain["regret"].is_null());
    let row = row(&plain, "closed", "arrivals");
    assert_eq!(row["n"], 3);
    assert!(row["world_share_base"].is_null());
    // 150 a day for 60 days; standard deviation √9,000.
    assert!((row["base"].as_f64().unwrap() - 9000.0).abs() < 4.0 * 95.0);
}

/// With 20 futures of 4 replications the estimated share of something without any share has a standard error of about 0.09
/// (√(2/19 + 2/60) / 4), so it stays below 0.35 with 99.9%. Arrivals vary by 29 a day between futures, so by 1,700 persons over the run, and by
/// about 95 within one.
#[test]
fn an_input_that_cannot_matter_has_no_share_and_one_that_rules_has_nearly_all() {
    let harmless = BASE.replace(
        "world.groups.all.arrivals.per_day\"]\nlow = 100\nhigh = 200",
        "world.irregular.repeat_after_return_share\"]\nlow = 0\nhigh = 1",
    );
    for (base, is_ruled) in [(BASE, true), (&harmless, false)] {
        let files = Files::new(&[("base.toml", base), ("same.toml", SAME)]);
        let args = ["compare", "base.toml", "same.toml", "-r", "4"];
        let document = document(files.0.path(), &args);
        assert_eq!(document["futures"], 20);
        let share = row(&document, "same", "arrivals")["world_share_base"].as_f64();
        let share = share.unwrap();
        assert_eq!(share > 0.98, is_ruled, "{share}");
        assert!(is_ruled || share < 0.35, "{share}");
    }
}

#[test]
fn what_is_best_in_every_future_has_no_regret() {
    let files = files();
    let judged = ["--futures", "5", "--objective", "registrations:max"];
    let document = document(files.0.path(), &[&COMPARE[..], &judged].concat());
    let regret = &document["regret"];
    assert_eq!(regret["objective"], "registrations:max");
    let scenarios = regret["scenarios"].as_array().unwrap();
    let of = |name: &str| {
        scenarios
            .iter()
            .find(|row| row["scenario"] == name)
            .unwrap()
    };
    for best in ["base", "same"] {
        assert_eq!(of(best)["largest_regret"], 0.0);
        assert_eq!(of(best)["mean_regret"], 0.0);
        assert_eq!(of(best)["good_enough_share"], 1.0);
    }
    // Nobody can register, so what is forgone is all that the best has.
    assert_eq!(of("closed")["mean"], 0.0);
    assert_eq!(of("closed")["mean_regret"], of("base")["mean"]);
    assert_eq!(of("closed")["good_enough_share"], 0.0);
    assert_eq!(
        regret["minimax_regret"],
        serde_json::json!(["base", "same"])
    );
}

#[test]
fn the_values_of_a_future_give_the_same_replication_to_run() {
    let files = files();
    let here = files.0.path();
    let args = [&COMPARE[..], &["--futures", "1", "-r", "1", "--seed", "5"]].concat();
    let compared = document(here, &args);
    let loaded = files.load("base.toml", &[]).unwrap();
    let values = portflow::experiment::futures::overrides(&loaded.futures, 5, 0);
    let command = portflow::experiment::futures::command(&loaded, &values, 5, 0).unwrap();
    // As the shell would read it: no word of it has a blank.
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    let run = document(here, &words);
    let totals = &run["totals"]["metrics"];
    for metric in ["arrivals", "registrations", "pool_size"] {
        let expected = &row(&compared, "closed", metric)["base"];
        assert_eq!(&totals[metric]["mean"], expected, "{metric}");
    }
}

#[test]
fn a_combination_that_cannot_be_run_is_named_with_its_command_and_the_others_go_on() {
    // Ages at the start: each end can be run beside the other's nominal value, but a mean above the maximum cannot.
    let base = "[run]
start = 2024-01-01
end = 2024-01-31
[world.groups.all]
arrivals.per_day = 50
initial_pool = { north_persons = 100, mean_age_days = 20, max_age_days = 60 }
[policy.ports.only]
[futures.\"world.groups.all.initial_pool.mean_age_days\"]
low = 10
high = 50
[futures.\"world.groups.all.initial_pool.max_age_days\"]
low = 30
high = 60
";
    let files = Files::new(&[("base.toml", base), ("same.toml", SAME)]);
    let here = files.0.path();
    let compare = [
        "compare",
        "base.toml",
        "same.toml",
        "-r",
        "1",
        "--seed",
        "2",
        "--objective",
        "irregular_encounters:min",
    ];
    let said = portflow(here, &[&compare[..], &["--out", "results"]].concat()).failed();
    let failed = said
        .lines()
        .filter(|line| line.starts_with("error: "))
        .count();
    // A sixth of the pairs of ages, in the base and in the variant.
    assert!((4..20).contains(&failed), "{said}");
    let words = command_to_see_it(&said);
    assert!(
        words.contains(&"base.toml") && words.contains(&"--set"),
        "{words:?}"
    );
    portflow(here, &words).refused_for("max_age_days");

    let document = json_of(&here.join("results/differences.json"));
    let left = 20 - failed / 2;
    assert_eq!(document["futures"], 20);
    assert_eq!(row(&document, "same", "arrivals")["n"], left);
    assert_eq!(document["regret"]["futures"], left);
    assert_eq!(document["regret"]["futures_left_out"], failed / 2);
}

#[test]
fn a_file_that_changes_meanwhile_is_not_mixed_with_what_was_read() {
    use portflow::experiment::futures;

    let files = files();
    let loaded = files.load("same.toml", &[]).unwrap();
    let values = futures::overrides(&loaded.futures, 1, 0);
    let before = futures::load(&loaded, &values).unwrap();
    let other = BASE.replace("[policy.ports.only]", "[policy.ports.other]");
    std::fs::write(files.0.path().join("base.toml"), other).unwrap();
    let after = futures::load(&loaded, &values).unwrap();
    assert_eq!(after.scenario, before.scenario);
    assert_eq!(after.digest(), before.digest());
}

#[test]
fn what_cannot_be_compared_in_the_same_futures_is_refused() {
    let other = "extends = \"base.toml\"\n[futures.\"world.groups.all.arrivals.per_day\"]\nlow = 100\nhigh = 300\n";
    let none = BASE.split("[futures").next().unwrap();
    let moved = "extends = \"base.toml\"\n[world.groups.all]\narrivals.per_day = 160\n";
    let files = Files::new(&[
        ("base.toml", BASE),
        ("other.toml", other),
        ("none.toml", none),
        ("moved.toml", moved),
    ]);
    let here = files.0.path();
    for (args, reason) in [
        (
            vec!["compare", "base.toml", "other.toml"],
            "`other` says otherwise than `base` what `world.groups.all.arrivals.per_day` may be",
        ),
        (
            vec!["compare", "none.toml", "base.toml", "--futures", "3"],
            "--futures needs a table `[futures]` in BASE",
        ),
        (
            vec![
                "compare",
                "none.toml",
                "base.toml",
                "--objective",
                "arrivals:min",
            ],
            "there are none",
        ),
        (
            vec![
                "compare",
                "base.toml",
                "none.toml",
                "--objective",
                "arrival:min",
            ],
            "did you mean `arrivals`?",
        ),
    ] {
        portflow(here, &args).refused_for(reason);
    }
    // A variant without ranges has those of the base, and one that sets an uncertain key is warned of.
    let args = [
        "compare",
        "base.toml",
        "none.toml",
        "moved.toml",
        "--futures",
        "2",
    ];
    let done = portflow(here, &args);
    let (told, warned) = (done.succeeded(), done.warnings());
    assert!(told.contains("none differs from base in none of "));
    assert!(told.contains("moved differs from base in none of "));
    assert!(warned.contains("`moved` sets `world.groups.all.arrivals.per_day`"));
    let set = ["--set", "world.groups.all.arrivals.per_day=140"];
    portflow(here, &[&args[..], &set].concat())
        .refused_for("nothing is left to draw in futures: --set holds every uncertain number");
}

#[test]
fn where_nothing_uncertain_is_left_futures_that_nobody_asked_for_are_left_out() {
    let files = files();
    let here = files.0.path();
    let set = ["-r", "3", "--set", "world.groups.all.arrivals.per_day=140"];
    let held = [&COMPARE[..], &set].concat();
    let done = portflow(here, &held);
    let warned = done.warnings();
    assert!(
        warned.contains("--set holds every number of `[futures]`"),
        "{warned}"
    );
    let asked_for_none = [&held[..], &["--futures", "0"]].concat();
    let plain = portflow(here, &asked_for_none);
    assert_eq!(plain.warnings(), "");
    assert_eq!(done.stdout, plain.stdout);
    let judged = ["--objective", "registrations:max"];
    portflow(here, &[&held[..], &judged].concat()).refused_for("over futures, and there are none");
}

/// Two numbers of which some combinations cannot be run, though each alone can.
const CLASHING: &str = "[run]
start = 2024-01-01
end = 2024-01-31
[world.groups.all]
arrivals.per_day = 50
initial_pool = { north_persons = 300, mean_age_days = 8, max_age_days = 30 }
[policy.app]
slots_per_day = 40
[policy.ports.only]
slots_per_day = 40
[futures.\"world.groups.all.initial_pool.mean_age_days\"]
low = 5
high = 29
source = \"assumed\"
[futures.\"world.groups.all.initial_pool.max_age_days\"]
low = 9
high = 40
source = \"assumed\"
";

#[test]
fn futures_that_cannot_be_run_are_in_no_count() {
    let more = "extends = \"a.toml\"\npolicy.app.slots_per_day = 55\n";
    let files = Files::new(&[("a.toml", CLASHING), ("b.toml", more)]);
    let here = files.0.path();
    let failed = |args: &[&str]| {
        let done = portflow(here, args);
        done.failed();
        done
    };
    let run = failed(&["run", "a.toml", "--futures", "6"]).stdout;
    let (_, told) = run.split_once("Means over ").unwrap();
    let (futures, _) = told
        .split_once(" of 6 futures of 2 replications each")
        .unwrap();
    let futures: u64 = futures.parse().unwrap();
    assert!((1..6).contains(&futures), "{futures}");
    // In JSON there are those made, and of each figure those that it rests on.
    let json = failed(&["run", "a.toml", "--futures", "6", "--format", "json"]).stdout;
    let document: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(document["futures"], 6);
    assert_eq!(
        document["months"][0]["metrics"]["port_encounters"]["n"],
        futures
    );

    let compare = ["compare", "a.toml", "b.toml", "--futures", "6"];
    let whole = failed(&compare);
    let compared = &whole.stdout;
    let n = format!("n = {futures} of 6 futures of 2 replications each");
    assert!(compared.contains(&n), "{compared}");
    for name in ["a", "b"] {
        let left_out = format!("Left out of {name}: replication ");
        let count = compared.matches(&left_out).count() as u64;
        assert_eq!(count, 2 * (6 - futures), "{compared}");
    }

    let slots = "policy.app.slots_per_day=40|55";
    let sweep = ["sweep", "a.toml", "--set", slots, "--futures", "6"];
    portflow(here, &sweep).failed_for("error: point 0 in future ");

    // Whoever joins parts hears of what failed in them as whoever runs the whole does.
    for shard in ["1/2", "2/2"] {
        let out = format!("part{}", &shard[..1]);
        let part = ["--shard", shard, "--out", &out];
        portflow(here, &[&compare[..], &part].concat()).failed();
    }
    let joined = portflow(here, &["merge", "part1", "part2", "--out", "joined"]).failed();
    let reasons = |said: &str| said.matches("the mean age of the pool is").count();
    assert!(
        reasons(&joined) > 0 && reasons(&joined) == reasons(&whole.stderr),
        "{joined}"
    );
}

/// Every future clashes: nothing is known of the variant, which is not the same as no difference.
#[test]
fn a_variant_of_which_nothing_is_known_is_not_said_to_change_nothing() {
    let always = CLASHING
        .replace("high = 40", "high = 9.1")
        .replace("low = 5", "low = 20");
    let more = "extends = \"a.toml\"\npolicy.app.slots_per_day = 55\n";
    let files = Files::new(&[("a.toml", &always), ("b.toml", more)]);
    let compare = ["compare", "a.toml", "b.toml", "--futures", "2"];
    let done = portflow(files.0.path(), &compare);
    done.failed();
    let said = done.stdout;
    assert!(
        said.contains("Nothing is known of b: in no replication did both it and a come to an end."),
        "{said}"
    );
    assert!(!said.contains(" in none of "), "{said}");
}

/// In one future fewer come than there are slots, in the other more, and there the pool grows to the end. How far apart the two are is no chance
/// in which that could be hidden.
#[test]
fn a_pool_that_grows_in_one_future_has_not_settled() {
    let files = Files::new(&[(
        "steady.toml",
        "[run]
start = 2024-01-01
end = 2024-12-31
[world.groups.all]
arrivals.per_day = 100
[policy.app]
slots_per_day = 100
[policy.ports.only]
slots_per_day = 100
officers = 100
[futures.\"world.groups.all.arrivals.per_day\"]
low = 90
high = 110
source = \"assumed\"
",
    )]);
    for number in [["2", "-r", "10"], ["10", "-r", "2"]] {
        let asked = [&["run", "steady.toml", "--futures"][..], &number].concat();
        let told = portflow(files.0.path(), &asked).succeeded();
        assert!(told.contains("have not settled"), "{told}");
    }
}
