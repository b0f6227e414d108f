//! Instructions, mispredicted branches and cache misses of an event, counted by valgrind's cachegrind: the same on a noisy machine.
//!
//! Each workload runs under valgrind as a process of its own, once prepared only and once done, and the difference is told. Without
//! valgrind there is nothing to count with, which is said, and no failure.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs, thread};

use portflow::engine::{Agenda, Model, Span, Streams, Time};
use portflow::experiment::Results;
use portflow::model;
use portflow::record::Layout;
use portflow::record::summary::Detail;
use portflow::scenario::{self, Scenario};
use portflow::stats::Level;

#[path = "shared/act.rs"]
mod act;
#[path = "shared/filter.rs"]
mod filter;
#[path = "shared/mode.rs"]
mod mode;
#[path = "shared/workloads.rs"]
mod workloads;

use act::Act;
use workloads::{WORKLOADS, measure};

/// Asks this program to do one workload, or only to prepare it.
const CHILD: &str = "--workload";

/// What is counted beside whole replications: of a draw, of an event, of a figure that is merged, and of a scenario that is loaded.
const PARTS_ALONE: [&str; 7] = [
    "keyed draw",
    "keyed exponential",
    "hold 1000",
    "hold 100000",
    "M/M/1 model",
    "merge, take observations",
    "load history",
];

/// Caches of a common server, whatever this machine has: figures of two machines can be compared. Size, ways, bytes of a line.
const CACHES: [&str; 3] = ["--I1=32768,8,64", "--D1=32768,8,64", "--LL=33554432,16,64"];

/// Parts of the program by the file that a line of code is from, the first that fits.
const PARTS: [(&str, &[&str]); 5] = [
    ("draws", &["src/engine/random", "libm"]),
    ("event list", &["src/engine/", "binary_heap"]),
    ("sorting", &["slice/sort"]),
    ("model", &["src/model/"]),
    ("record", &["src/record/"]),
];
/// The standard library and the allocator, where they are not sorting.
const REST: &str = "std, malloc";

/// What is counted: the name of a column, and the events of cachegrind that it is the sum of.
const COUNTS: [(&str, &[&str]); 5] = [
    ("instructions", &["Ir"]),
    ("branches", &["Bc", "Bi"]),
    ("mispredicted", &["Bcm", "Bim"]),
    ("L1 misses", &["D1mr", "D1mw"]),
    ("last-level misses", &["DLmr", "DLmw"]),
];

/// A value for each of [`COUNTS`].
type Counts = [u64; COUNTS.len()];

#[expect(clippy::print_stdout, reason = "what a bench is for")]
fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == CHILD) {
        println!(
            "{}",
            events_of(&arguments[at + 1], arguments[at + 2] == "done")
        );
        return;
    }
    let version = Command::new("valgrind").arg("--version").output();
    let Ok(version) = version else {
        println!("instructions are not counted: there is no valgrind here");
        return;
    };
    println!(
        "instructions, counted by {}",
        String::from_utf8_lossy(&version.stdout).trim()
    );
    let short = WORKLOADS.iter().filter(|workload| workload.size == 1);
    let mut names: Vec<&str> = PARTS_ALONE.to_vec();
    names.extend(short.map(|workload| workload.name));
    if mode::is_trial() {
        names.truncate(1);
    }
    names.retain(|name| filter::is_asked(name));
    println!("\n{}", headed("per event", &COUNTS.map(|(name, _)| name)));
    let mut by_part = String::new();
    for name in names {
        let (events, parts) = counted(name);
        let mut all = Counts::default();
        for counts in parts.values() {
            add(&mut all, counts);
        }
        let each = |count: u64| format!("{:.3}", count as f64 / events as f64);
        println!("{}", headed(name, &all.map(each)));
        for (part, counts) in &parts {
            let share = |(count, all): (u64, u64)| match all {
                0 => "-".to_owned(),
                all => format!("{:.1}%", 100.0 * count as f64 / all as f64),
            };
            let pairs: [(u64, u64); COUNTS.len()] = std::array::from_fn(|i| (counts[i], all[i]));
            by_part += &headed(&format!("{name}: {part}"), &pairs.map(share));
            by_part.push('\n');
        }
    }
    println!(
        "\n{}\n{by_part}",
        headed("share of", &COUNTS.map(|(name, _)| name))
    );
}

fn headed(name: &str, values: &[impl std::fmt::Display; COUNTS.len()]) -> String {
    values.iter().fold(format!("{name:<36}"), |line, value| {
        line + &format!("{value:>18}")
    })
}

fn add(sums: &mut Counts, counts: &Counts) {
    for (sum, count) in sums.iter_mut().zip(counts) {
        *sum += count;
    }
}

/// Events of a workload and what they took, by part: done less prepared.
fn counted(name: &str) -> (u64, BTreeMap<&'static str, Counts>) {
    let (done, prepared) = thread::scope(|scope| {
        let prepared = scope.spawn(|| under_valgrind(name, "prepared"));
        let done = under_valgrind(name, "done");
        (done, prepared.join().expect("it has shown its failure"))
    });
    let (events, mut parts) = done;
    for (part, counts) in &mut parts {
        let before = prepared.1.get(part).copied().unwrap_or_default();
        *counts = std::array::from_fn(|i| counts[i].saturating_sub(before[i]));
    }
    (events, parts)
}

fn under_valgrind(name: &str, step: &str) -> (u64, BTreeMap<&'static str, Counts>) {
    let folder = tempfile::tempdir().expect("there is room for small files");
    let out = folder.path().join("counts");
    let output = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=yes", "--branch-sim=yes"])
        .args(CACHES)
        .arg(format!("--cachegrind-out-file={}", out.display()))
        .arg(env::current_exe().expect("a running program has a path"))
        .args([CHILD, name, step])
        .stderr(Stdio::null())
        .output();
    let output = output.expect("valgrind has told its version");
    assert!(output.status.success(), "{name} failed under valgrind");
    let events = String::from_utf8_lossy(&output.stdout).trim().parse();
    (events.expect("a workload prints a number"), parts_in(&out))
}

/// Counts by part in a file of cachegrind: `events:` names the columns, `fl=` the file that the lines after it are from.
fn parts_in(file: &Path) -> BTreeMap<&'static str, Counts> {
    let text = fs::read_to_string(file).expect("cachegrind has written it");
    let mut parts: BTreeMap<&str, Counts> = BTreeMap::new();
    let (mut columns, mut part) = (Vec::new(), REST);
    for line in text.lines() {
        if let Some(names) = line.strip_prefix("events: ") {
            let column = |name| COUNTS.iter().position(|(_, of)| of.contains(&name));
            columns = names.split_whitespace().map(column).collect();
        } else if let Some(file) = line.strip_prefix("fl=") {
            let from = |(_, files): &&(_, &[&str])| files.iter().any(|part| file.contains(part));
            part = PARTS.iter().find(from).map_or(REST, |&(name, _)| name);
        } else if line.starts_with(|first: char| first.is_ascii_digit()) {
            let counts = parts.entry(part).or_default();
            let values = line.split_whitespace().skip(1);
            for (column, value) in columns.iter().zip(values) {
                if let Some(column) = *column {
                    counts[column] += value.parse::<u64>().unwrap_or(0);
                }
            }
        }
    }
    parts
}

/// Prepares a workload, does it if asked to, and says how many events it had.
fn events_of(name: &str, is_done: bool) -> u64 {
    match name {
        "keyed draw" => draws(is_done, |streams, who| streams.draw(who, 7, 0).bits()),
        "keyed exponential" => draws(is_done, |streams, who| {
            streams.draw(who, 7, 0).exponential().to_bits()
        }),
        "hold 1000" => holds(1_000, is_done),
        "hold 100000" => holds(100_000, is_done),
        "M/M/1 model" => replication(&shipped("theory/mm1.toml"), is_done),
        "merge, take observations" => merged(&shipped("november-2024.toml"), is_done),
        "load history" if is_done => {
            black_box(shipped("history.toml"));
            1
        }
        "load history" => 0,
        name => {
            let named = WORKLOADS.iter().find(|workload| workload.name == name);
            let scenario = named.expect("the workload was named by us").scenario();
            replication(&scenario, is_done)
        }
    }
}

fn shipped(file: &str) -> Scenario {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(file);
    let loaded = scenario::load(&file, &[]);
    loaded.expect("a shipped scenario has no mistakes").scenario
}

fn replication(scenario: &Scenario, is_done: bool) -> u64 {
    if is_done { measure(scenario).events } else { 0 }
}

/// Figures of a hundred replications taken into results, the same ones again and again.
fn merged(scenario: &Scenario, is_done: bool) -> u64 {
    let record = model::simulate(scenario, 1, 0).expect("the ledger balances");
    let layout = Layout::of(scenario, Detail::Full);
    let observations = layout.observe(&record);
    let figures = layout.keys().len() as u64;
    let mut results = Results::new(layout, Level::USUAL);
    let count = if is_done { 100 } else { 0 };
    for _ in 0..count {
        results.add(black_box(&observations));
    }
    count * figures
}

fn draws(is_done: bool, draw: impl Fn(&Streams, u64) -> u64) -> u64 {
    let count = if is_done { 1_000_000 } else { 0 };
    let streams = Streams::new(1, 0);
    for who in 0..count {
        black_box(draw(&streams, who));
    }
    count
}

/// Whoever acts will act again, within a day or in months, without a draw.
struct Acting {
    spans: Vec<Span>,
    left: u64,
}

impl Model for Acting {
    type Event = Act;

    fn recall(&self, _: Time, _: u8, code: u64) -> Option<Act> {
        Some(Act::of(code))
    }

    fn handle(&mut self, event: Act, agenda: &mut Agenda<Act>) {
        let span = self.spans[self.left as usize % self.spans.len()];
        agenda.schedule(agenda.now() + span, event);
        self.left -= 1;
        if self.left == 0 {
            agenda.stop();
        }
    }
}

fn holds(pending: u32, is_done: bool) -> u64 {
    let mut draw = Streams::new(1, 0).draw(0, 0, 0);
    let mut span = |days| Span::from_days(days * draw.exponential());
    let mut agenda = Agenda::new();
    for person in 0..pending {
        agenda.schedule(Time::ZERO + span(60.0), Act(person));
    }
    let days = [0.5, 0.5, 0.5, 0.5, 60.0];
    let spans = days.iter().cycle().take(4_095).map(|&days| span(days));
    let mut acting = Acting {
        spans: spans.collect(),
        left: 500_000,
    };
    let left = acting.left;
    if is_done {
        agenda.run_until(&mut acting, Time::MAX);
    }
    left - acting.left
}
