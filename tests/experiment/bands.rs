//! Where single replications lie: `bands.csv`, and the option `--band`.

use std::fs;
use std::path::Path;

use super::{SMALL, tree};
use crate::tools::{Files, portflow, text};

fn run(here: &Path, args: &[&str]) {
    let output = portflow(here, &[&["run", "a.toml", "-r", "21"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
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
    let all = fs::read_to_string(results.join("replications.csv")).unwrap();
    let values = all
        .lines()
        .filter_map(|row| row.split_once(",2024-03,arrivals,"));
    let mut values: Vec<f64> = values.map(|(_, value)| value.parse().unwrap()).collect();
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
    let files = Files::new(&[("a.toml", SMALL), ("b.toml", fewer)]);
    let here = files.0.path();
    for command in [&["run", "a.toml"][..], &["compare", "a.toml", "b.toml"]] {
        let asked = |more: &[&str]| {
            let output = portflow(here, &[command, &["-r", "21"], more].concat());
            (output.status.code(), text(&output.stderr))
        };
        let done = |more: &[&str]| {
            let (status, said) = asked(&[&["--band", "0.8"], more].concat());
            assert_eq!(status, Some(0), "{said}");
        };
        done(&["--out", "whole"]);
        for (shard, out) in [("1/2", "one"), ("2/2", "two")] {
            done(&["--shard", shard, "--out", out]);
        }
        let merged = portflow(here, &["merge", "one", "two", "--out", "joined"]);
        assert_eq!(merged.status.code(), Some(0), "{}", text(&merged.stderr));
        assert_eq!(tree(&here.join("joined")), tree(&here.join("whole")));
        let (status, said) = asked(&["--out", "whole", "--resume"]);
        assert_eq!(status, Some(2));
        let reason = "holds another experiment: band is";
        assert!(said.contains(reason), "{said}");
        for directory in ["whole", "one", "two", "joined"] {
            fs::remove_dir_all(here.join(directory)).unwrap();
        }
    }
}
