//! What the model makes of a shipped scenario is pinned with its revision.

use std::fmt::Write as _;
use std::path::Path;

use portflow::model;
use portflow::record::{Detail, Layout, Period};
use portflow::scenario;

/// The revision, and the digest of every monthly figure of one replication of `history`, in which nearly every rule acts.
const PINNED: (u32, &str) = (
    1,
    "3939eb01df73c5a2c6d84c119018b115a83120ee504009e8a8ef986bf44c60ed",
);

#[test]
fn a_model_that_gives_other_figures_has_another_revision() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/history.toml");
    let scenario = scenario::load(&file, &[]).unwrap().scenario;
    let layout = Layout::of(&scenario, Detail::Summary);
    let observed = layout.observe(&model::simulate(&scenario, 1, 0).unwrap());
    let mut figures = String::new();
    for (key, value) in layout.keys().iter().zip(&observed.values) {
        if let (Period::Month(month), Some(value)) = (key.period, value) {
            let (metric, place) = (key.metric.name(), layout.id(key.place));
            writeln!(figures, "{month} {metric} {place} {value}").unwrap();
        }
    }
    let digest = scenario::sha256(figures);
    assert_eq!(
        (model::REVISION, digest.as_str()),
        PINNED,
        "the model gives other figures: where a rule is another, raise `model::REVISION`, note it in CHANGELOG.md under \"Results changed\" and pin the \
         new digest; where only the file or the figures that are kept are others, pin that alone"
    );
}
