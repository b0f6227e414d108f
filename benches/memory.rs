//! Memory of a replication: the peak of the heap, and what of it falls on each party when the most are alive.
//!
//! Each replication is a process of its own, so that the peak of the process is that replication's too (where `/proc` tells it).

use std::alloc::System;
use std::fs;
use std::process::Command;

use peakmem_alloc::{INSTRUMENTED_SYSTEM, PeakMemAlloc, PeakMemAllocTrait};

#[path = "shared/filter.rs"]
mod filter;
#[path = "shared/mode.rs"]
mod mode;
#[path = "shared/workloads.rs"]
mod workloads;

use workloads::{WORKLOADS, Workload, measure};

#[global_allocator]
static HEAP: &PeakMemAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Asks this program to measure one workload.
const CHILD: &str = "--workload";

#[expect(clippy::print_stdout, reason = "what a bench is for")]
fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == CHILD) {
        let name = &arguments[at + 1];
        let named = |workload: &&Workload| workload.name == name;
        if let Some(workload) = WORKLOADS.iter().find(named) {
            println!("{}", line(workload));
        }
        return;
    }
    println!(
        "{:<24}{:>14}{:>14}{:>12}{:>14}{:>14}",
        "memory", "heap, bytes", "process", "parties", "heap/party", "process/party"
    );
    let count = if mode::is_trial() { 1 } else { WORKLOADS.len() };
    let asked = (WORKLOADS[..count].iter()).filter(|workload| filter::is_asked(workload.name));
    for workload in asked {
        print!("{}", measured_apart(workload));
    }
}

fn measured_apart(workload: &Workload) -> String {
    let this = std::env::current_exe().expect("a running program has a path");
    let output = Command::new(this).args([CHILD, workload.name]).output();
    let output = output.expect("a running program can be run again");
    assert!(output.status.success(), "{} failed", workload.name);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A line of the table. What was there before the replication, the scenario among it, does not count.
fn line(workload: &Workload) -> String {
    let scenario = workload.scenario();
    let process_before = resident("VmRSS:");
    HEAP.reset_peak_memory();
    let work = measure(&scenario);
    let heap = HEAP.get_peak_memory() as f64;
    let parties = work.parties as f64;
    let process = resident("VmHWM:").zip(process_before);
    let process = process.map(|(peak, before)| peak.saturating_sub(before) as f64);
    let text = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.0}"));
    format!(
        "{:<24}{heap:>14.0}{:>14}{parties:>12.0}{:>14.0}{:>14}",
        workload.name,
        text(process),
        heap / parties,
        text(process.map(|process| process / parties))
    )
}

/// Bytes that the process has, or had at its peak, in memory.
fn resident(key: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1_024)
}
