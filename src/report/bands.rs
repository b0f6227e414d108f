//! Why futures have no band of single replications: a sentence of `run` and of `compare`.

use super::number::{counted, short_percent};
use crate::stats::CentralShare;

/// What is told in place of a band; `None` where there are futures enough, or none.
pub(super) fn too_few_futures(share: CentralShare, futures: Option<u32>) -> Option<String> {
    let fewest = share.fewest();
    (futures? < fewest).then(|| {
        format!(
            "Where the central {} of single replications lie is told from {} on: those of one future resemble each other.",
            short_percent(share.share()),
            counted(fewest, "future"),
        )
    })
}
