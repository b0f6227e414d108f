//! Validations with the draws of a posterior.

use std::fs;

use super::{border, document, number, printed, row, validate};
use crate::tools::command::portflow;

#[test]
fn one_replication_of_each_draw_is_warned_of() {
    let files = border();
    let said = |more: &[&str]| {
        let args = ["validate", "a.toml", "-r", "1"];
        portflow(files.0.path(), &[&args, more].concat()).warnings()
    };
    assert_eq!(said(&[]), "");
    let warned = said(&["--posterior", "alike.csv"]);
    assert!(warned.contains("chance counts twice"), "{warned}");
    assert!(warned.contains("give -r 2"), "{warned}");
}

#[test]
fn draws_of_a_posterior_count_by_their_weights() {
    let files = border();
    let here = files.0.path();
    let key = "world.groups.walkers.arrivals.per_day";
    let draws = |file: &str, weights: [f64; 2]| {
        let [ten, twenty] = weights;
        let draws = format!("draw,weight,{key}\n1,{ten},10\n2,{twenty},20\n");
        fs::write(here.join(file), draws).unwrap();
    };
    draws("p.csv", [0.75, 0.25]);
    draws("q.csv", [0.25, 0.75]);
    let march = |more: &[&str]| {
        let told = document(here, &validate(more));
        let keys = [("column", "port_encounters"), ("month", "2024-03")];
        number(&row(&told["figures"], &keys)["median"])
    };
    let is_near = |median: f64, expected: f64| (median - expected).abs() < 15.0;
    assert!(is_near(march(&[]), 310.0));
    assert!(is_near(march(&["--posterior", "p.csv"]), 310.0));
    assert!(is_near(march(&["--posterior", "q.csv"]), 620.0));
    // What is set is held.
    let set = format!("{key}=20");
    let held = march(&["--posterior", "p.csv", "--set", &set]);
    assert!(is_near(held, 620.0), "{held}");
    // Sixty a day at the port are more than the forty between, and ten are not: a quarter of the weight exceeds, to the bit.
    let draws = format!("draw,weight,{key}\n1,0.75,10\n2,0.25,60\n");
    fs::write(here.join("r.csv"), draws).unwrap();
    let told = document(here, &validate(&["--posterior", "r.csv"]));
    assert_eq!(told["ports_exceed"][2]["probability"], 0.25);
    // Without -r, two replications of each draw are made.
    let args = ["validate", "a.toml", "--posterior", "p.csv"];
    let manifest = &document(here, &args)["manifest"];
    assert_eq!(
        (&manifest["replications"], &manifest["points"]),
        (&2.into(), &2.into())
    );
}

/// Draws of a calibration know the months that it was fitted to.
#[test]
fn draws_fitted_to_months_that_end_elsewhere_are_warned_of() {
    let files = border();
    let here = files.0.path();
    let args = ["--fitted", "2024-02..2024-03", "--posterior", "alike.csv"];
    let said = |day: &str| {
        fs::write(
            here.join("calibration.json"),
            format!("{{\"to\": \"{day}\"}}"),
        )
        .unwrap();
        portflow(here, &validate(&args)).warnings()
    };
    let later = said("2024-04-30");
    assert!(
        later.contains(
            "up to 2024-04, and here those up to 2024-03 count as fitted: they know months"
        ),
        "{later}"
    );
    let earlier = said("2024-02-29");
    assert!(
        earlier.contains("know nothing of the last months"),
        "{earlier}"
    );
    // Whole months are fitted to.
    for day in ["2024-03-31", "2024-04-15"] {
        assert_eq!(said(day), "");
    }
}

/// The draws are part of what is asked, and stand beside the results: those for others are not these.
#[test]
fn results_for_another_posterior_are_not_taken_for_these() {
    let files = border();
    let here = files.0.path();
    let write = |rate: u32| {
        let draws = format!("draw,weight,world.groups.walkers.arrivals.per_day\n1,1,{rate}\n");
        fs::write(here.join("p.csv"), draws).unwrap();
    };
    let asked = validate(&["--posterior", "p.csv", "--out", "results"]);
    let resumed = [&asked[..], &["--resume"]].concat();
    write(10);
    printed(here, &asked);
    let kept = printed(here, &resumed);
    let draws = ["p.csv", "results/posterior.csv"].map(|name| fs::read(here.join(name)).unwrap());
    assert_eq!(draws[0], draws[1]);
    write(20);
    portflow(here, &resumed).refused_for("what `posterior` names is another: its digest is ");
    write(10);
    assert_eq!(printed(here, &resumed), kept);
    // A key that is held is not drawn: another experiment, whatever its value.
    let held = ["--set", "world.groups.walkers.arrivals.per_day=10"];
    portflow(here, &[&resumed[..], &held].concat())
        .refused_for("`results` holds another experiment");
}
