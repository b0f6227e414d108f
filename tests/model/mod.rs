//! What the model does: its laws over every shipped scenario, and each mechanism on a tiny border of its own.

mod app;
mod closures;
mod conservation;
mod costs;
mod crossing;
mod decisions;
mod demand;
mod every_lever;
mod mexico;
mod pairing;
mod ports;
mod revision;
mod slots;
mod triggers;

use std::path::Path;

use portflow::scenario::Scenario;

use crate::tools::{Files, load, shipped as file};

/// A file with some lines on top. Its own events become inherited ones, which may lie outside the run.
fn with(path: &Path, lines: &str) -> Scenario {
    let base = path.display();
    let text = format!("format = 1\ntitle = \"A part\"\nextends = '{base}'\n{lines}");
    let files = Files::new(&[("part.toml", &text)]);
    scenario_of(&files.0.path().join("part.toml"))
}

/// A stretch of a file, from its start or another, with some lines on top.
fn between(path: &Path, start: &str, end: &str, lines: &str) -> Scenario {
    with(
        path,
        &format!("run.start = {start}\nrun.end = {end}\n{lines}"),
    )
}

fn scenario_of(path: &Path) -> Scenario {
    load(path, &[]).scenario
}
