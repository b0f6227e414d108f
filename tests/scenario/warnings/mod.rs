//! Warnings: what a scenario may not mean although it can be run.

mod inherited;
mod oversights;
mod ports;

use crate::tools::Files;

/// A port with slots.
fn desk(more: &str) -> String {
    format!("[policy.app]\nslots_per_day = 5\n[policy.ports.desk]\nslots_per_day = 5\n{more}\n")
}

/// What is warned of `a.toml`, if anything, beside other files and under values laid over it.
#[track_caller]
fn assert_warned_of(text: &str, others: &[(&str, &str)], set: &[(&str, &str)], said: &str) {
    let files = Files::new(&[others, &[("a.toml", text)]].concat());
    let warnings = files.load("a.toml", set).unwrap().warnings.to_string();
    assert!(warnings.contains(said), "{text}\n{said}\n{warnings}");
    assert_eq!(warnings.is_empty(), said.is_empty(), "{text}\n{warnings}");
}

/// Each of these texts beside a group, and what is warned of it, if anything.
#[track_caller]
fn assert_warned<const N: usize>(cases: [(String, &str); N]) {
    // Laid over it, so that lines are where they are written.
    let none_booked = [("world.initial_bookings", "0")];
    for (text, said) in cases {
        let text = format!("[world.groups.all]\narrivals.per_day = 5\n{text}");
        assert_warned_of(&text, &[], &none_booked, said);
    }
}

/// What is warned of a file beside a group.
fn warned(text: &str) -> Vec<String> {
    let text =
        format!("world.initial_bookings = 0\n[world.groups.all]\narrivals.per_day = 5\n{text}");
    let files = Files::new(&[("a.toml", &text)]);
    let warnings = files.load("a.toml", &[]).unwrap().warnings;
    let messages = warnings.problems().iter();
    messages.map(|warning| warning.message.clone()).collect()
}
