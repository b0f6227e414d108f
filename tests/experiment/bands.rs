//! Where single replications lie: `bands.csv`, and the option `--band`.

use std::fs;
use std::path::Path;

use super::{SMALL, shards_join, values};
use crate::tools::Files;
use crate::tools::command::portflow;

fn run(here: &Path, args: &[&str]) {
    portflow(here, &[&["run", "a.toml", "-r", "21"], args].concat()).succeeded();
}

/// The rows of a file that begin so.
fn rows(file: &Path, begin: &str) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    let rows = text.lines().filter(|row| row.starts_with(begin));
    rows.map(str::to_owned).collect()
}

#[test]
fn a_band_is_between_quantiles_of_the_replications() {
    let files = Files::new(&[("a.toml", SMALL)]);
    let here = files.0.path();
    run(here, &["--out", "results", "--band", "0.5"]);
    let results = here.join("results");
    let mut values = values(&results, "2024-03", "arrivals");
    values.sort_by(f64::total_cmp);
    // The ranks 22 · 0.25 and 22 · 0.75.
    let [lower, upper] = [(4, 5), (15, 16)].map(|(i, j)| f64::midpoint(values[i], values[j]));
    assert_eq!(
        rows(&results.join("bands.csv"), "2024-03,arrivals,,"),
        [format!("2024-03,arrivals,,,0.5,{lower},{upper},21")]
    );
    // The whole run too; of what nobody ever waited for, nothing.
    assert_eq!(rows(&results.join("bands.csv"), ",arrivals,,").len(), 1);
    assert_eq!(
        rows(&results.join("bands.csv"), "2024-03,wait_days_mean,,"),
        ["2024-03,wait_days_mean,,,0.5,,,0"]
    );
}

#[test]
fn the_share_is_part_of_the_experiment() {
    let fewer = "format = 1\ntitle = \"Fewer\"\nextends = \"a.toml\"\nworld.groups.all.arrivals.per_day = 200\n";
    for command in [&["run", "a.toml"][..], &["compare", "a.toml", "b.toml"]] {
        let files = Files::new(&[("a.toml", SMALL), ("b.toml", fewer)]);
        let here = files.0.path();
        let few = [command, &["-r", "21"]].concat();
        let with_band = [&few[..], &["--band", "0.8"]].concat();
        let whole = portflow(here, &[&with_band[..], &["--out", "whole"]].concat()).succeeded();
        shards_join(here, &with_band, 2, &whole);
        portflow(here, &[&few[..], &["--out", "whole", "--resume"]].concat())
            .refused_for("holds another experiment: band is");
    }
}
