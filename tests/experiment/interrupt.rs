//! Ctrl-C and a polite kill during a run.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use super::{SMALL, names, recorded, signal, spawn, stop, stop_on_the_way, tree, wait_for_records};
use crate::tools::Files;
use crate::tools::command::{Finished, command, command_after, json_of, portflow};

/// One replication takes some milliseconds; a million take hours.
const SCENARIO: &str = "[run]
end = 2024-06-30
replications = 1000000
[world.groups.all]
arrivals.per_day = 50
[policy.ports.only]
";

const COMMAND: [&str; 4] = ["run", "a.toml", "--out", "results"];

fn begin(directory: &Path, args: &[&str]) -> Child {
    spawn(directory, &[&COMMAND, args].concat())
}

/// Who sends a signal to a command and to its group sends it twice.
#[test]
fn two_signals_at_once_stop_a_run_as_one_does_and_a_later_one_ends_it() {
    let files = Files::new(&[("a.toml", SCENARIO)]);
    let child = begin(files.0.path(), &["--threads", "2"]);
    wait_for_records(files.0.path(), "results", 3);
    signal(&child, "-TERM");
    signal(&child, "-TERM");
    Finished::from(child.wait_with_output().unwrap()).failed();
    assert!(files.0.path().join("results/manifest.json").exists());

    // A replication of this takes seconds, and is not left before its end.
    let long = SCENARIO.replace("per_day = 50", "per_day = 10000");
    let files = Files::new(&[("a.toml", &long)]);
    let child = begin(files.0.path(), &["--threads", "1"]);
    wait_for_records(files.0.path(), "results", 0);
    signal(&child, "-INT");
    thread::sleep(Duration::from_millis(800));
    signal(&child, "-INT");
    Finished::from(child.wait_with_output().unwrap()).failed();
    assert!(!files.0.path().join("results").exists());
}

#[test]
fn a_stopped_run_keeps_what_is_finished_as_a_shorter_run_would_give_it() {
    let files = Files::new(&[("a.toml", SCENARIO)]);
    for name in ["-INT", "-TERM"] {
        let child = begin(files.0.path(), &["--threads", "2", "--force"]);
        wait_for_records(files.0.path(), "results", 3);
        signal(&child, name);
        let stopped = Finished::from(child.wait_with_output().unwrap());
        let said = stopped.failed();
        assert!(said.starts_with("stopping: "), "{said}");
        assert_eq!(
            names(files.0.path()),
            ["a.toml", "results", "results.unfinished"]
        );

        let results = files.0.path().join("results");
        let manifest = json_of(&results.join("manifest.json"));
        let run = manifest["replications"].to_string();
        let last = format!(
            "stopped after {run} of 1000000 replications: the results are theirs; the same command with --resume in place of --force goes on\n"
        );
        assert!(said.ends_with(&last), "{said}");

        let again = ["run", "a.toml", "-r", &run, "--out", "again"];
        let again = portflow(files.0.path(), &again).succeeded();
        assert_eq!(again, stopped.stdout, "{name}");
        let whole = files.0.path().join("again");
        assert_eq!(manifest["stopped_of"], 1_000_000);
        as_if_whole(&results);
        assert_eq!(tree(&results), tree(&whole));
        for directory in ["again", "results", "results.unfinished"] {
            fs::remove_dir_all(files.0.path().join(directory)).unwrap();
        }
    }
}

/// Takes out of every JSON file that somebody stopped the experiment.
fn as_if_whole(results: &Path) {
    let files = fs::read_dir(results).unwrap().map(|entry| entry.unwrap());
    let paths = files.map(|entry| entry.path());
    for path in paths.filter(|path| path.extension().is_some_and(|it| it == "json")) {
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.split_inclusive('\n');
        let lines = lines.filter(|line| !line.contains("\"stopped_of\""));
        fs::write(path, lines.collect::<String>()).unwrap();
    }
}

#[test]
fn a_stopped_run_leaves_the_results_that_it_was_to_replace() {
    let files = Files::new(&[("a.toml", SCENARIO)]);
    let here = files.0.path();
    // Of the same experiment or of another: both are whole.
    for more in [["-r", "2", "--seed", "7"], ["-r", "1", "--seed", "1"]] {
        let earlier = [&["run", "a.toml", "--out", "results", "--force"], &more[..]].concat();
        portflow(here, &earlier).succeeded();
        let whole = tree(&here.join("results"));
        for how in ["--force", "--resume"] {
            let before = recorded(here, "results").unwrap_or_default();
            let again = [&COMMAND[..], &[how]].concat();
            let stopped = stop_on_the_way(here, &again, "results", before + 3);
            assert!(!stopped.stdout.is_empty(), "{how}");
            let in_place = if how == "--force" {
                " in place of --force"
            } else {
                ""
            };
            stopped.failed_for(&format!(
                "the results printed are theirs; `results` holds the earlier ones still, and the same command with --resume{in_place} goes on\n"
            ));
            assert_eq!(tree(&here.join("results")), whole, "{how}");
        }
    }
}

#[test]
fn what_was_stopped_is_not_taken_for_finished() {
    let files = Files::new(&[("a.toml", SCENARIO)]);
    let here = files.0.path();
    let precision = [
        "--precision",
        "registrations=0.0001%",
        "--max-replications",
        "1000000",
    ];
    stop_on_the_way(here, &[&COMMAND[..], &precision].concat(), "results", 40).failed();
    fs::remove_dir_all(here.join("results.unfinished")).unwrap();
    let resume = [&COMMAND[..], &precision, &["--resume"]].concat();
    portflow(here, &resume).refused_for("somebody stopped it after");
}

#[test]
fn a_stopped_comparison_has_the_bytes_of_a_shorter_one() {
    let variant =
        |share: &str| format!("extends = \"a.toml\"\n[policy.app]\nrandom_share = {share}\n");
    let [b, c, d] = ["0.1", "0.2", "0.3"].map(variant);
    let files = Files::new(&[
        ("a.toml", SMALL),
        ("b.toml", &b),
        ("c.toml", &c),
        ("d.toml", &d),
    ]);
    let here = files.0.path();
    let compare = ["compare", "a.toml", "b.toml", "c.toml", "d.toml"];
    let more = ["-r", "100000", "--out", "results", "--threads", "2"];
    let stopped = stop_on_the_way(here, &[&compare[..], &more].concat(), "results", 8);
    stopped.failed();
    let manifest = json_of(&here.join("results/manifest.json"));
    let replications = manifest["replications"].to_string();
    let more = ["-r", &replications, "--out", "again"];
    let again = portflow(here, &[&compare[..], &more].concat()).succeeded();
    assert_eq!(again, stopped.stdout);
    as_if_whole(&here.join("results"));
    assert_eq!(tree(&here.join("results")), tree(&here.join("again")));
}

/// A scenario with an uncertain number, and a variant that differs in nothing.
fn uncertain() -> Files {
    let uncertain = "[futures.\"world.groups.all.arrivals.per_day\"]\nlow = 200\nhigh = 400\n";
    let base = format!("{SMALL}{uncertain}");
    Files::new(&[("a.toml", &base), ("b.toml", "extends = \"a.toml\"\n")])
}

const IN_FUTURES: [&[&str]; 2] = [&["run", "a.toml"], &["compare", "a.toml", "b.toml"]];

#[test]
fn what_is_stopped_in_its_first_future_has_no_result() {
    for command in IN_FUTURES {
        let files = uncertain();
        let here = files.0.path();
        let more = ["--futures", "2", "-r", "100000", "--out", "results"];
        let stopped = stop_on_the_way(here, &[command, &more].concat(), "results", 8);
        stopped.failed_for(", too few for a result; the same command with --resume goes on\n");
        assert_eq!(stopped.stdout, "");
        assert_eq!(names(here), ["a.toml", "b.toml", "results.unfinished"]);
    }
}

#[test]
fn what_is_stopped_in_a_future_has_those_before_it() {
    for (command, each) in IN_FUTURES.into_iter().zip([1, 2]) {
        let files = uncertain();
        let here = files.0.path();
        let in_futures =
            |futures, out| [command, &["--futures", futures, "-r", "7", "--out", out]].concat();
        let stopped = stop_on_the_way(here, &in_futures("10000", "results"), "results", 50);
        let manifest = json_of(&here.join("results/manifest.json"));
        let replications = manifest["replications"].as_u64().unwrap();
        assert_eq!(replications % 7, 0);
        let said = stopped.failed();
        let kept = format!(" are of the first {}; ", replications * each);
        assert!(
            said.contains(&kept) || said.contains(" are theirs; "),
            "{said}"
        );

        let futures = (replications / 7).to_string();
        let again = portflow(here, &in_futures(&futures, "again")).succeeded();
        assert_eq!(again, stopped.stdout);
        let tables = |out: &str| {
            let mut tables = tree(&here.join(out));
            tables.retain(|name, _| !name.contains(".json"));
            tables
        };
        assert!(tables("results") == tables("again"), "{command:?}");
    }
}

#[test]
fn more_simulations_than_can_be_counted_are_refused() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let args = [
        "compare",
        "a.toml",
        "a.toml",
        "-r",
        "2147483648",
        "--out",
        "results",
    ];
    portflow(files.0.path(), &args).refused_for(
        "2147483648 times 2 are more simulations than one experiment can have: at most 100000000",
    );
    assert_eq!(names(files.0.path()), ["a.toml"]);
}

#[test]
fn a_second_interrupt_stops_at_once_and_prints_nothing() {
    // One replication of this takes far longer than the test.
    let long = "[run]
start = 2000-01-01
end = 2060-12-31
[world.groups.all]
arrivals.per_day = 20000
[policy.ports.only]
";
    let files = Files::new(&[("a.toml", long)]);
    let mut child = begin(files.0.path(), &["-r", "1"]);
    wait_for_records(files.0.path(), "results", 0);
    let mut said = BufReader::new(child.stderr.take().unwrap());
    signal(&child, "-INT");
    let mut first = String::new();
    said.read_line(&mut first).unwrap();
    assert!(first.starts_with("stopping: "), "{first}");
    let stopped = stop(child);
    stopped.failed();
    assert_eq!(stopped.stdout, "");
    assert!(!files.0.path().join("results").exists());
    // Nothing was recorded: the same command begins afresh.
    let short = ["--set", "run.end=2000-01-02", "-r", "1"];
    portflow(files.0.path(), &[&COMMAND[..], &short].concat()).succeeded();
    assert_eq!(names(files.0.path()), ["a.toml", "results"]);
}

/// A run that is begun with a signal ignored.
fn begin_ignoring(signal: &str, directory: &Path, more: &[&str]) -> Child {
    let run = [&COMMAND[..], more].concat();
    command_after(&format!("trap '' {signal}"), directory, &run)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// In a background job of a script, as a test may be begun.
#[test]
fn an_interrupt_stops_also_where_it_was_ignored() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    let child = begin_ignoring("INT", here, &["-r", "100000"]);
    wait_for_records(here, "results", 3);
    stop(child).failed();
}

/// As `nohup` begins it; where that is told by the system.
#[cfg(target_os = "linux")]
#[test]
fn a_hangup_that_is_ignored_from_the_beginning_stops_nothing() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    let child = begin_ignoring("HUP", here, &[]);
    wait_for_records(here, "results", 3);
    signal(&child, "-HUP");
    let finished = Finished::from(child.wait_with_output().unwrap());
    assert_eq!(finished.warnings(), "");
    assert_eq!(names(here), ["a.toml", "results"]);
}

#[test]
fn where_no_thread_can_be_had_the_first_one_does_the_work() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    let run = |stack: &str| {
        let run = ["run", "a.toml", "-r", "3", "--threads", "64"];
        let output = command(here, &run).env("RUST_MIN_STACK", stack).output();
        Finished::from(output.unwrap()).succeeded()
    };
    // No stack can be as large as that.
    assert_eq!(run(&(1_u64 << 60).to_string()), run("2097152"));
}
