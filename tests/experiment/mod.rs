//! Experiments from the command line: stopped, killed, resumed, done in shards.

mod bands;
mod best;
mod calibrate;
mod futures;
mod interrupt;
mod missing;
mod names;
mod posterior;
mod precision;
mod reproduce;
mod resume;
mod same_bytes;
mod shards;
mod sweep;
mod validate;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::tools::command::{Finished, command, portflow};

/// Some milliseconds a replication.
const SMALL: &str = "[run]
start = 2024-01-01
end = 2024-06-30
replications = 60
[world.groups.all]
arrivals.per_day = 300
[policy.ports.only]
";

/// Begins a command.
fn spawn(directory: &Path, args: &[&str]) -> Child {
    command(directory, args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Sends a signal by the `kill` that every shell has built in: the program of that name is not everywhere.
fn signal(child: &Child, name: &str) {
    let sent = Command::new("sh")
        .args(["-c", "kill \"$0\" \"$1\"", name, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

/// Stops a command as Ctrl-C does, and tells what it left.
fn stop(child: Child) -> Finished {
    signal(&child, "-INT");
    child.wait_with_output().unwrap().into()
}

/// Kills a command that is under way.
#[track_caller]
fn kill(mut child: Child) {
    child.kill().unwrap();
    assert!(
        !child.wait().unwrap().success(),
        "it was too quick to be killed"
    );
}

/// How many tasks an unfinished experiment has recorded; `None` where it has not begun.
fn recorded(directory: &Path, out: &str) -> Option<usize> {
    let journal = fs::read(directory.join(format!("{out}.unfinished/journal"))).ok()?;
    // A line, then frames: length, checksum, content. The first says what the experiment is, and the last may be torn.
    let line = journal.iter().position(|&byte| byte == b'\n')?;
    let mut rest = &journal[line + 1..];
    let mut frames = 0_usize;
    while let Some((length, after)) = rest.split_first_chunk() {
        let Some(next) = after.get(4 + u32::from_le_bytes(*length) as usize..) else {
            break;
        };
        rest = next;
        frames += 1;
    }
    frames.checked_sub(1)
}

/// Waits until an experiment has recorded so many tasks.
fn wait_for_records(directory: &Path, out: &str, records: usize) {
    for _ in 0..60_000 {
        if recorded(directory, out).is_some_and(|recorded| recorded >= records) {
            return;
        }
        thread::sleep(Duration::from_millis(1));
    }
    panic!("{records} were not recorded in a minute");
}

/// Begins a command and stops it with Ctrl-C when it has recorded so many tasks: it gives what it has, and fails.
fn stop_on_the_way(directory: &Path, args: &[&str], out: &str, records: usize) -> Finished {
    let child = spawn(directory, args);
    wait_for_records(directory, out, records);
    let stopped = stop(child);
    stopped.failed();
    stopped
}

/// Begins a command and kills it when it has recorded so many tasks; once more where it was too quick.
fn kill_on_the_way(directory: &Path, args: &[&str], out: &str, records: usize) {
    let has_recorded = || recorded(directory, out).is_some_and(|recorded| recorded >= records);
    for _ in 0..50 {
        let mut child = spawn(directory, args);
        while child.try_wait().unwrap().is_none() && !has_recorded() {
            thread::sleep(Duration::from_millis(1));
        }
        // It may be gone already.
        let _ = child.kill();
        child.wait().unwrap();
        if has_recorded() {
            return;
        }
        fs::remove_dir_all(directory.join(out)).unwrap();
    }
    panic!("it was too quick to be killed");
}

/// A command has the same bytes on one thread and on two, and killed after so many tasks and resumed.
#[track_caller]
fn same_bytes_on_threads_and_resumed(here: &Path, command: &[&str], records: usize) {
    let on = |threads, out| [command, &["--threads", threads, "--out", out]].concat();
    let whole = portflow(here, &on("1", "whole")).succeeded();
    let whole_tree = tree(&here.join("whole"));
    let same = |printed: String, out: &str| {
        assert!(printed == whole, "{command:?} {out}: {printed}");
        // Not the bytes, of which a panic would show millions.
        let is_same = tree(&here.join(out)) == whole_tree;
        assert!(is_same, "{command:?}: `{out}` is not as `whole`");
    };
    same(portflow(here, &on("2", "two")).succeeded(), "two");
    kill_on_the_way(here, &on("2", "resumed"), "resumed", records);
    let resume = [&on("1", "resumed")[..], &["--resume"]].concat();
    same(portflow(here, &resume).succeeded(), "resumed");
    for out in ["whole", "two", "resumed"] {
        fs::remove_dir_all(here.join(out)).unwrap();
    }
}

/// Does a command in shards, in directories of their numbers: joined, they are the whole, which printed this and is in `whole`.
#[track_caller]
fn shards_join(here: &Path, command: &[&str], shards: u32, whole: &str) {
    let parts: Vec<String> = (1..=shards).rev().map(|part| part.to_string()).collect();
    for part in &parts {
        let shard = format!("{part}/{shards}");
        let of_part = ["--out", part, "--shard", &shard];
        let printed = portflow(here, &[command, &of_part].concat()).succeeded();
        assert_eq!(printed, "", "{shard}");
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let merge = [&["merge"], &parts[..], &["--out", "joined"]].concat();
    assert_eq!(portflow(here, &merge).succeeded(), whole);
    assert_eq!(tree(&here.join("joined")), tree(&here.join("whole")));
}

/// The arguments of the command that a failure says to run to see it.
fn command_to_see_it(said: &str) -> Vec<&str> {
    let mut lines = said.lines();
    let command = lines.find_map(|line| line.split("to see it: `").nth(1)?.strip_suffix('`'));
    command.unwrap().split(' ').skip(1).collect()
}

/// Names of the entries of a directory.
fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Values of a metric in a month, replication by replication.
fn values(results: &Path, month: &str, metric: &str) -> Vec<f64> {
    let rows = fs::read_to_string(results.join("replications.csv")).unwrap();
    let name = format!(",{month},{metric},");
    let values = rows.lines().filter_map(|row| row.split_once(&name));
    values.map(|(_, value)| value.parse().unwrap()).collect()
}

/// Every file below a directory with its content.
fn tree(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for name in names(directory) {
        let path = directory.join(&name);
        if path.is_dir() {
            let below = tree(&path).into_iter();
            files.extend(below.map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else {
            files.insert(name, fs::read(path).unwrap());
        }
    }
    files
}
