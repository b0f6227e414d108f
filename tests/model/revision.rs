//! What the model makes of two scenarios is pinned with its revision.

use std::fmt::Write as _;

use portflow::model;
use portflow::record::{Detail, Layout, Period};
use portflow::scenario::{self, Scenario};

use super::{every_lever, file, scenario_of};
use crate::tools::fixtures;

/// The revision; the digest of `history`, the case that most is said of; and that of a small border on which every rule acts.
const PINNED: (u32, &str, &str) = (
    2,
    "01f81db41c6db4859af0cbc162a7e040d4a67e7f0171194ae99a421b55544047",
    "aff4251165183825bec66e65f9bd570964499399a70b9cc97d7c4e35083d8e5e",
);

/// The digest of every monthly figure of one replication.
pub(super) fn digest(scenario: &Scenario) -> String {
    let layout = Layout::of(scenario, Detail::Summary);
    let observed = layout.observe(&model::simulate(scenario, 1, 0).unwrap());
    let mut figures = String::new();
    for (key, value) in layout.keys().iter().zip(&observed.values) {
        if let (Period::Month(month), Some(value)) = (key.period, value) {
            let (metric, place) = (key.metric.name(), layout.id(key.place));
            writeln!(figures, "{month} {metric} {place} {value}").unwrap();
        }
    }
    scenario::sha256(figures)
}

#[test]
fn a_model_that_gives_other_figures_has_another_revision() {
    let history = digest(&scenario_of(&file("history.toml")));
    let every_lever = digest(&scenario_of(&fixtures().join(every_lever::FILE)));
    assert_eq!(
        (model::REVISION, history.as_str(), every_lever.as_str()),
        PINNED,
        "the model gives other figures: where a rule is another, raise `model::REVISION`, note it in CHANGELOG.md under \"Results changed\" and pin the \
         new digests; where only the file or the figures that are kept are others, pin those alone"
    );
}
