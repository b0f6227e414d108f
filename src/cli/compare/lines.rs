//! What the table of a comparison shows: its lines, and the figures on them.

use clap::Args;
use portflow::record::{Key, Layout, Metric};
use portflow::report::comparison::{By, METRICS};
use portflow::store::Manifest;
use portflow::store::options;

use crate::cli::args::input::Format;
use crate::cli::failure::{self, WrongInput};

/// How a comparison is shown.
#[derive(Debug, Clone, Args)]
pub(crate) struct TableArgs {
    /// What is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Lines of the table: metric, month, group, region or port; with a single --metric they have its interval too
    #[arg(long, value_name = "LINES", default_value = "metric")]
    pub(crate) by: By,
    /// Figure that the table shows; may be given again. CSV and JSON have all figures [default: nine headline figures]
    #[arg(long = "metric", value_name = "METRIC")]
    pub(crate) metrics: Vec<String>,
}

impl TableArgs {
    /// For the manifest.
    pub(crate) fn option(metrics: &[Metric]) -> (&'static str, String) {
        let names: Vec<&str> = metrics.iter().map(|metric| metric.name()).collect();
        (options::METRICS, names.join(","))
    }

    /// Of the figures that a manifest names.
    pub(crate) fn of(manifest: &Manifest, format: Format, by: By) -> Self {
        let metrics = manifest.option(options::METRICS).unwrap_or_default();
        Self {
            format,
            by,
            metrics: metrics.split(',').map(str::to_owned).collect(),
        }
    }

    /// The figures; warns of those that no line has, where others are on some.
    pub(crate) fn metrics(&self, layout: &Layout) -> Result<Vec<Metric>, WrongInput> {
        if self.metrics.is_empty() {
            return Ok(METRICS.to_vec());
        }
        for (place, name) in self.metrics.iter().enumerate() {
            if self.metrics[..place].contains(name) {
                return Err(WrongInput(format!("--metric {name} is given twice")));
            }
        }
        let named = self.metrics.iter().map(|name| metric(layout, name));
        let metrics: Vec<Metric> = named.collect::<Result<_, _>>()?;
        if metrics != METRICS
            && let Some(missing) = not_on_lines(layout, &metrics, self.by)?
        {
            failure::say(&format!("warning: {missing}"));
        }
        Ok(metrics)
    }
}

/// The metric of this name. A figure of a month or a place is told what lines are for.
fn metric(layout: &Layout, name: &str) -> Result<Metric, WrongInput> {
    let (metric, of_line) = name
        .find(['/', '@'])
        .map_or((name, ""), |at| name.split_at(at));
    let known = layout
        .metric(metric)
        .map_err(|error| WrongInput(error.to_string()))?;
    if of_line.is_empty() {
        return Ok(known);
    }
    Err(WrongInput(format!(
        "--metric {name}: months and places are lines of the table; give --metric {metric} and --by month, group, region or port; every place in every month is in differences.csv of --out"
    )))
}

/// What is said of metrics that such lines do not have, where some do; an error where none does.
fn not_on_lines(layout: &Layout, metrics: &[Metric], by: By) -> Result<Option<String>, WrongInput> {
    let has = |metric: Metric, by: By| {
        let mut keys = by.lines(layout).into_iter().map(|(period, place)| Key {
            period,
            metric,
            place,
        });
        keys.any(|key| layout.position(key).is_some())
    };
    // A border without ports has no such lines at all.
    if by.lines(layout).is_empty() {
        return Ok(None);
    }
    let missing: Vec<Metric> = (metrics.iter().copied())
        .filter(|&metric| !has(metric, by))
        .collect();
    if missing.is_empty() {
        return Ok(None);
    }
    let told = missing.iter().map(|&metric| {
        let others: Vec<&str> = (By::ALL.into_iter())
            .filter(|&by| has(metric, by))
            .map(By::name)
            .collect();
        let metric = metric.name();
        match others.as_slice() {
            [] => format!("{metric} is on no lines"),
            [first @ .., last] if !first.is_empty() => {
                format!(
                    "{metric} is on those of --by {} or {last}",
                    first.join(", ")
                )
            }
            only => format!("{metric} is on those of --by {} only", only.join(", ")),
        }
    });
    let told: Vec<String> = told.collect();
    let names: Vec<&str> = missing.iter().map(|metric| metric.name()).collect();
    let message = format!(
        "--by {}: such lines have no {}; {}",
        by.name(),
        names.join(", "),
        told.join("; ")
    );
    if missing.len() == metrics.len() {
        Err(WrongInput(message))
    } else {
        Ok(Some(message))
    }
}

#[cfg(test)]
mod tests {
    use portflow::record::{Count, Detail};

    use super::*;
    use crate::cli::args::input::load;

    /// Of one group and one port, in one month.
    fn layout() -> Layout {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("one.toml");
        let text = "[run]\nstart = 2024-01-01\nend = 2024-01-31\n[world.groups.all]\narrivals.per_day = 50\n[policy.ports.only]\n";
        std::fs::write(&file, text).unwrap();
        let loaded = load(&file, &[]).unwrap();
        Layout::of(&loaded.scenario, Detail::Summary)
    }

    #[test]
    fn the_metric_of_a_month_is_told_which_lines_have_it() {
        let layout = layout();
        assert_eq!(metric(&layout, "pool_size").ok(), Some(Metric::PoolSize));
        for (name, said) in [
            (
                "pool_size@2024-01",
                "--metric pool_size@2024-01: months and places are lines of the table; give --metric pool_size and --by month, group, region or port; every place in every month is in differences.csv of --out",
            ),
            (
                "pool_sizes@2024-01",
                "`pool_sizes`: no metric is called `pool_sizes`; did you mean `pool_size`?",
            ),
        ] {
            let error = metric(&layout, name).unwrap_err();
            assert_eq!(error.to_string(), said);
        }
    }

    #[test]
    fn metrics_that_such_lines_do_not_have_are_told_with_the_lines_that_do() {
        let layout = layout();
        let registrations = Metric::Count(Count::Registrations);
        let utilization = Metric::OfficerUtilization;
        let said = |metrics: &[Metric], by| not_on_lines(&layout, metrics, by);
        let of_registrations = "--by port: such lines have no registrations; registrations is on those of --by metric, month, group or region";
        let refused = said(&[registrations], By::Port).unwrap_err();
        assert_eq!(refused.to_string(), of_registrations);
        let told = said(&[registrations, utilization], By::Port).unwrap();
        assert_eq!(told.as_deref(), Some(of_registrations));
        assert_eq!(
            said(&[utilization], By::Group).unwrap_err().to_string(),
            "--by group: such lines have no officer_utilization; officer_utilization is on those of --by metric, month or port"
        );
        assert_eq!(said(&[registrations], By::Group).unwrap(), None);
        // Only months and the whole border are lines of a border without ports.
        assert_eq!(said(&[utilization], By::Month).unwrap(), None);
    }
}
