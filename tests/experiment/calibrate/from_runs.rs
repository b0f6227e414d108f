//! Runs of an earlier calibration as the first points of another: `--from-runs`.

use std::fs;
use std::num::NonZeroU32;

use portflow::calibration::Sampling;
use portflow::experiment::calibration::{Fit, Settings, read_runs};
use portflow::report::calibration as report;

use super::{FIT, files, whole, with, with_age};
use crate::tools::Files;
use crate::tools::command::portflow;
use crate::tools::three::{OBSERVED, THREE};

#[test]
fn runs_of_another_scenario_are_warned_of_and_those_of_the_same_are_not() {
    let files = files();
    let here = files.0.path();
    whole(here);
    let said = |more: &[&str]| {
        let from = with(&["--from-runs", "whole"]);
        portflow(here, &[&from[..], more].concat()).warnings()
    };
    assert!(!said(&["--seed", "5", "--to", "2024-01"]).contains("another scenario"));
    let warned = said(&["--set", "policy.app.slots_per_day=40"]);
    let difference = "`policy.app.slots_per_day` is 100.0 there and 40.0 here";
    assert!(warned.contains(difference), "{warned}");
    let manifest = here.join("whole/manifest.json");
    let ours = fs::read_to_string(&manifest).unwrap();
    let theirs = ours.replace("\"portflow\": \"", "\"portflow\": \"0.0.");
    fs::write(&manifest, theirs).unwrap();
    let warned = said(&["--seed", "5"]);
    assert!(warned.contains("its runs are by portflow 0.0."), "{warned}");
    // Results of before there were revisions.
    let field = format!("\n  \"model\": {},", portflow::model::REVISION);
    assert!(ours.contains(&field), "{ours}");
    fs::write(&manifest, ours.replace(&field, "")).unwrap();
    let warned = said(&["--seed", "5"]);
    assert!(
        warned.contains("with an earlier revision of the model"),
        "{warned}"
    );
    fs::write(&manifest, ours).unwrap();
    assert!(!said(&["--seed", "5"]).contains("its runs are by"));
    // Whoever is given the results alone is told too.
    let other = ["--set", "policy.app.slots_per_day=40", "--out", "other"];
    said(&other);
    let kept = fs::read_to_string(here.join("other/calibration.json")).unwrap();
    assert!(kept.contains(difference), "{kept}");
    let more =
        "\n[[event]]\nid = \"more\"\ndate = 2024-01-10\nset = { \"app.slots_per_day\" = 3 }\n";
    let added = THREE.replace("\n[observed]", &format!("{more}\n[observed]"));
    fs::write(here.join("a.toml"), added).unwrap();
    let warned = said(&[]);
    assert!(
        warned.contains("another scenario: `event.more` is not set there"),
        "{warned}"
    );
}

#[test]
fn runs_of_an_earlier_calibration_are_the_first_points_of_another() {
    let files = files();
    let here = files.0.path();
    whole(here);
    let january = [
        "calibrate",
        "a.toml",
        "--to",
        "2024-01",
        "--from-runs",
        "whole",
        "--waves",
        "0",
        "-r",
        "3",
        "--draws",
        "100",
        "--out",
        "january",
    ];
    let told = portflow(here, &january).succeeded();
    let runs = |name: &str| fs::read_to_string(here.join(name).join("runs.csv")).unwrap();
    // Two waves of 12 and 16 draws in 3 replications each; then 100 draws of a wave of their own.
    let lines = |name: &str| runs(name).lines().count();
    assert_eq!(lines("whole"), 1 + 3 * (2 * 12 + 16));
    assert_eq!(lines("january"), lines("whole") + 3 * 100);
    let last = runs("january");
    let last = last.lines().last().unwrap();
    // The waves are 0, 1 and 2; replications of the fourth begin where those of the third end.
    assert!(last.starts_with("3,99,11,"), "{last}");
    // January says nothing of a step in February.
    assert!(told.contains("do not identify step"), "{told}");
}

/// Of the step, which lies before the run, a resolved scenario has the lever alone.
#[test]
fn runs_are_those_of_a_calibration_with_an_event_before_the_run() {
    let earlier = THREE.replace("start = 2024-01-01", "start = 2023-12-01");
    let earlier = earlier.replace("date = 2024-02-01", "date = 2023-12-15");
    let late = |step: &str| {
        format!(
            "extends = \"a.toml\"\n[run]\nstart = 2024-01-01\n[world]\ninitial_bookings = 1.0\n\
             [[event]]\nid = \"step\"\nset = {{ \"crossing.deterrence\" = {step}, \"crossing.response_days\" = 0.0 }}\n"
        )
    };
    let files = Files::new(&[
        ("a.toml", &earlier),
        ("late.toml", &late("0.5")),
        ("other.toml", &late("0.7")),
        ("observed.csv", OBSERVED),
    ]);
    let here = files.0.path();
    let whole = [&["calibrate", "late.toml"], &FIT[2..], &["--out", "whole"]].concat();
    portflow(here, &whole).succeeded();
    for file in ["late.toml", "other.toml"] {
        let from = ["--from-runs", "whole", "--out", "again", "--force"];
        let again = [&["calibrate", file], &FIT[2..], &from].concat();
        let said = portflow(here, &again).warnings();
        assert!(!said.contains("another scenario"), "{file}: {said}");
    }
}

#[test]
fn an_earlier_calibration_whose_manifest_is_damaged_is_refused() {
    let files = files();
    let here = files.0.path();
    whole(here);
    fs::write(here.join("whole/manifest.json"), "{").unwrap();
    let from = with(&["--from-runs", "whole"]);
    portflow(here, &from).refused_for("cannot read its manifest.json: EOF");
    fs::write(here.join("whole/calibration.json"), "{}").unwrap();
    let draws = [
        "validate",
        "a.toml",
        "--posterior",
        "whole/posterior.csv",
        "-r",
        "2",
    ];
    portflow(here, &draws).failed_for("cannot read `whole/calibration.json`, which says");
}

#[test]
fn runs_whose_numbers_cannot_be_counted_on_from_are_refused() {
    let files = files();
    let here = files.0.path();
    whole(here);
    let runs = here.join("whole/runs.csv");
    let text = fs::read_to_string(&runs).unwrap();
    assert!(text.contains("\n2,15,6,"), "{text}");
    // The last wave alone has replications from 6 to 8.
    let numbered = |wave: &str, replications: &str| {
        let line = |line: &str| match line.split(',').collect::<Vec<_>>()[..] {
            ["2", point, replication, ref rest @ ..] => {
                let last = (replication.parse::<u32>().unwrap() % 3).to_string();
                format!("{wave},{point},{replications}{last},{}", rest.join(","))
            }
            _ => line.to_owned(),
        };
        text.lines().map(line).collect::<Vec<_>>().join("\n")
    };
    for large in [numbered("2", "429496729"), numbered("4294967294", "")] {
        fs::write(&runs, large).unwrap();
        portflow(here, &with(&["--from-runs", "whole"])).refused_for(
            "the runs given are of another calibration: the numbers of its waves or replications leave no room for more",
        );
    }
}

/// Waves in another order, rows that are there twice, and a replication that is lost.
#[test]
fn runs_that_are_not_as_they_were_written_are_refused() {
    let files = files();
    let here = files.0.path();
    whole(here);
    let runs = here.join("whole/runs.csv");
    let text = fs::read_to_string(&runs).unwrap();
    let (header, table) = text.split_once('\n').unwrap();
    let (first, rest) = table.split_once('\n').unwrap();
    let last_wave = table.find("\n2,0,").unwrap() + 1;
    let (before, after) = table.split_at(last_wave);
    for (rows, said) in [
        (
            format!("{after}{before}"),
            "point 0 of wave 0 comes after point 15 of wave 2",
        ),
        (
            table.repeat(2),
            "point 0 of wave 0 comes after point 15 of wave 2",
        ),
        (
            rest.to_owned(),
            "point 1 of wave 0 has other replications than point 0 has",
        ),
        (first.to_owned() + ",x", "found record with"),
    ] {
        fs::write(&runs, format!("{header}\n{rows}")).unwrap();
        let told = portflow(here, &with(&["--from-runs", "whole"])).refused();
        let damaged = "--from-runs whole: its runs.csv is damaged: ";
        assert!(told.contains(damaged) && told.contains(said), "{told}");
    }
}

/// Whole or stopped on the way, with points that failed, and with the runs that it went on from.
#[test]
fn runs_that_were_written_are_read_again() {
    let files = with_age("4", "14");
    let loaded = files.load("a.toml", &[]).unwrap();
    let written = |fit: &Fit| {
        let mut table = Vec::new();
        report::runs(fit, &mut table).unwrap();
        read_runs(&*table, fit.calibration(), fit.headings()).unwrap()
    };
    let number = |number| NonZeroU32::new(number).unwrap();
    let mut given = Vec::new();
    for replications in [2, 3] {
        let settings = Settings {
            waves: 1,
            points: number(12),
            replications,
            draws: number(12),
            seed: 3,
            sampling: Sampling::default(),
        };
        let fit = Fit::new(&loaded, settings).unwrap().with_runs(given);
        for task in 0..fit.points() * replications {
            // Within the first wave, and within the draws.
            if [19, 29, 41].contains(&task) {
                assert_eq!(written(&fit), fit.runs(), "{task}");
            }
            let record = fit.perform(task);
            assert!(fit.fits(&record), "{task}");
        }
        assert!(fit.lost_points() > 0);
        given = written(&fit);
        assert_eq!(given, fit.runs());
    }
}
