//! How much of what single replications scatter is the world's and how much is chance, of a run in futures.

use super::Report;
use crate::record::{Key, Metric};
use crate::report::number::{percents, short_percent, whole_percent};
use crate::stats::NoShareInterval;
use crate::store::options::POSTERIOR;

/// The figures whose variance is told.
const FIGURES: [(&str, Metric); 5] = [
    ("port encounters", Metric::PortEncounters),
    ("irregular encounters", Metric::IRREGULAR_ENCOUNTERS),
    ("share at ports", Metric::ShareAtPorts),
    ("pool at the end", Metric::PoolSize),
    ("median wait", Metric::WaitDaysMedian),
];

/// Of the headline figures over the whole run, the share of the variance that lies between futures; `None` without futures.
pub(super) fn sentence(report: &Report<'_>) -> Option<String> {
    let results = report.results;
    let each = results.replications_per_future()?;
    let uncertain = match report.manifest.option(POSTERIOR) {
        Some(name) => {
            format!(
                "parameters, drawn from {name}, and in other uncertain keys, if there are any, from [futures]"
            )
        }
        None => "world, drawn from [futures]".to_owned(),
    };
    if each.get() < 2 {
        return Some(format!(
            "The futures differ in their {uncertain}. One replication of each cannot tell that from chance."
        ));
    }
    let share = |(name, metric): (&str, Metric)| {
        let key = Key::of_run(metric);
        let components = results.components(key)?;
        let share = components.between_share()?;
        let interval = components.share_interval(results.level());
        Some((told(name, share, interval), interval))
    };
    let shares = FIGURES.into_iter().filter_map(share);
    let (shares, intervals): (Vec<String>, Vec<Interval>) = shares.unzip();
    if shares.is_empty() {
        return Some(format!(
            "The futures differ in their {uncertain}. Their share of the variance takes two futures at least, and figures that vary."
        ));
    }
    let mut sentence = format!(
        "The futures differ in their {uncertain}. Their share of the variance of a single replication over the whole run: {}; in brackets \
         {} intervals, which take futures for about normal. The rest is chance.",
        shares.join(", "),
        short_percent(results.level().share())
    );
    if intervals.contains(&Err(NoShareInterval::Skewed)) {
        sentence.push_str(SKEWED);
    }
    Some(sentence)
}

/// Where the share lies, or why that is not told.
type Interval = Result<[f64; 2], NoShareInterval>;

/// What a skewed figure means for whoever reads intervals.
const SKEWED: &str = " Skewed means that a few futures lie far from the others: an interval of the share would hold it far less often than it says, and that of \
     the mean over futures may.";

/// The share of a figure, with its interval.
fn told(name: &str, share: f64, interval: Interval) -> String {
    match interval {
        Ok(bounds) => {
            let [lower, upper] = percents(bounds);
            format!("{name} {} ({lower} to {upper})", whole_percent(share))
        }
        Err(NoShareInterval::Skewed) => format!("{name} {} (skewed)", whole_percent(share)),
        Err(_) => format!("{name} unclear (the futures are more alike than chance makes them)"),
    }
}
