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
mod shards;
mod sweep;
mod validate;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

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
    Command::new(env!("CARGO_BIN_EXE_portflow"))
        .current_dir(directory)
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([name, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

/// Waits until an experiment has recorded about so many small replications.
fn wait_for_records(directory: &Path, out: &str, records: u64) {
    let journal = directory.join(format!("{out}.unfinished/journal"));
    for _ in 0..6000 {
        let length = fs::metadata(&journal).map_or(0, |journal| journal.len());
        if length > 200 + records * 1000 {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("nothing was recorded in a minute");
}

/// Begins a command and kills it when it has recorded something; once more where it was too quick.
fn kill_on_the_way(directory: &Path, args: &[&str], out: &str) {
    let unfinished = directory.join(format!("{out}.unfinished"));
    for _ in 0..50 {
        let mut child = spawn(directory, args);
        let recorded = || {
            let journal = fs::metadata(unfinished.join("journal"));
            journal.is_ok_and(|journal| journal.len() > 2_200)
        };
        while child.try_wait().unwrap().is_none() && !recorded() {
            thread::sleep(Duration::from_millis(1));
        }
        // It may be gone already.
        let _ = child.kill();
        child.wait().unwrap();
        if recorded() {
            return;
        }
        fs::remove_dir_all(directory.join(out)).unwrap();
    }
    panic!("it was too quick to be killed");
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
