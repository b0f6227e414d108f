//! The sentences under a table of differences.

use super::family::{Family, is_clear};
use super::watched::{long_queues, overtime, uneven_triggers};
use super::{By, Compared, line_name};
use crate::record::{Key, Metric, Period, Place};
use crate::report::bands;
use crate::report::number::{
    counted, difference, differences, exact_percent, first_few, short_percent,
};
use crate::report::precision;
use crate::stats::{NestedPairs, NoShareInterval};
use crate::store::options::POSTERIOR;

/// Figures by which it is told who gains and who loses.
const BY_GROUP: [Metric; 3] = [
    Metric::APPOINTMENTS_PROCESSED,
    Metric::IRREGULAR_ENCOUNTERS,
    Metric::WaitDaysMedian,
];
const BY_PORT: [Metric; 1] = [Metric::PortEncounters];

pub(super) fn sentences(compared: &Compared<'_>, family: &Family<'_>) -> Vec<String> {
    let mut sentences = vec![how_sure(compared, family)];
    sentences.extend(what_counts(compared));
    sentences.extend(goals(compared));
    sentences.extend(long_queues(compared));
    sentences.extend(overtime(compared));
    sentences.extend(uneven_triggers(compared));
    let (share, futures) = (
        compared.comparison.band_share(),
        compared.comparison.futures(),
    );
    if compared.by == By::Metric {
        sentences.extend(bands::too_few_futures(share, futures));
    }
    let mut kinds = Vec::new();
    for (variant, name) in compared.comparison.variants().enumerate() {
        sentences.push(since(compared, variant, name));
        sentences.extend(left_out(compared, family, variant, name));
        sentences.extend(world_or_chance(compared, family, variant, name));
        sentences.extend(band(compared, variant, name));
        sentences.extend(not_shared(compared, variant, name));
        sentences.extend(in_one_alone(compared, family, variant, name));
        sentences.extend(without_a_value(compared, family, variant, name));
        if compared.by == By::Metric {
            for (by, metrics) in [(By::Group, &BY_GROUP[..]), (By::Port, &BY_PORT)] {
                if let Some(told) = by_place(compared, by, metrics, variant, name) {
                    sentences.push(told);
                    kinds.push(by);
                }
            }
        }
    }
    sentences.extend(how_sure_by_place(compared, &kinds));
    let failures = compared.comparison.failures();
    sentences.extend(failures.map(|(variant, failure)| {
        let name = variant.unwrap_or(compared.base);
        format!("Left out of {name}: {failure}.")
    }));
    sentences
}

fn how_sure(compared: &Compared<'_>, family: &Family<'_>) -> String {
    let of = match compared.comparison.futures() {
        Some(_) => "Futures",
        None => "Replications",
    };
    let (_, n) = compared.fewest_and_most();
    if n < 2 {
        return format!("{of}: {n}; an interval needs at least two.");
    }
    if family.comparisons == 0 {
        let none = if family
            .differences
            .iter()
            .flatten()
            .flatten()
            .all(Option::is_none)
        {
            "No figure of the table has a value in both scenarios of a pair, or none of them is kept by such lines."
        } else {
            "No figure of the table differs, or none of them is kept by such lines."
        };
        let others = others_differ(compared).map(|others| format!("{none} {others}"));
        return others.unwrap_or_else(|| none.to_owned());
    }
    let level = short_percent(compared.comparison.level().share());
    let comparisons = family.comparisons;
    let each = exact_percent(family.each.share());
    let in_brackets = if family.is_in_full() {
        ""
    } else {
        "; in brackets, the sign is in doubt"
    };
    let without_width = if family.has_one_without_width() {
        format!(
            " Where one has no width, the difference was the same in all {n} {}, and how precisely it is known is not told.",
            of.to_lowercase()
        )
    } else {
        String::new()
    };
    if comparisons == 1 {
        return format!(
            "The interval of the table holds with {level}{in_brackets}.{without_width}"
        );
    }
    format!(
        "All {comparisons} intervals of the table hold together with {level} (Bonferroni: each with {each}){in_brackets}.{without_width}"
    )
}

/// The metrics that differ somewhere and are not shown: of a table without differences it is asked whether nothing happens.
fn others_differ(compared: &Compared<'_>) -> Option<String> {
    let mut others: Vec<&str> = Vec::new();
    for difference in compared.comparison.differences() {
        let metric = difference.key.metric;
        let is_shown = compared.metrics.contains(&metric) || others.contains(&metric.name());
        if !is_shown && difference.paired.ever_differs() {
            others.push(metric.name());
        }
    }
    (!others.is_empty()).then(|| {
        format!(
            "Other figures do, which `--metric` shows: {}.",
            others.join(", ")
        )
    })
}

/// The months or places of which the table has no line for a variant, as nothing differs there.
fn left_out(
    compared: &Compared<'_>,
    family: &Family<'_>,
    variant: usize,
    name: &str,
) -> Option<String> {
    let has_a_table = compared.by != By::Metric && family.comparisons > 0;
    // Of a variant without any difference that is said.
    let first = compared.comparison.first_month(variant);
    first.filter(|_| has_a_table)?;
    let layout = compared.comparison.layout();
    let of_variant = family.lines.iter().zip(&family.differences[variant]);
    // Runs of lines that follow each other.
    let mut stretches: Vec<Vec<String>> = vec![Vec::new()];
    for (&line, told) in of_variant {
        match stretches.last_mut() {
            Some(stretch) if !Family::differs(told) => stretch.push(line_name(layout, line)),
            _ => stretches.push(Vec::new()),
        }
    }
    let count: usize = stretches.iter().map(Vec::len).sum();
    let told = stretches.iter().flat_map(|stretch| match &stretch[..] {
        [first, _, .., last] if compared.by == By::Month => vec![format!("{first} to {last}")],
        names => names.to_vec(),
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() {
        return None;
    }
    let told = told.join(", ");
    let of = counted(family.lines.len() as u32, compared.by.name());
    let are = if count == 1 { "is" } else { "are" };
    Some(format!(
        "{name}: {count} of {of} {are} left out of the table, as no figure of it differs there in any replication: {told}."
    ))
}

/// With what the lines by group and by port hold: each kind is a family of its own, over all variants.
fn how_sure_by_place(compared: &Compared<'_>, kinds: &[By]) -> Option<String> {
    let level = short_percent(compared.comparison.level().share());
    let told = |by| kinds.contains(&by).then(|| by.name());
    let together = match (told(By::Group), told(By::Port)) {
        (None, None) => return None,
        (Some(kind), None) | (None, Some(kind)) => format!(
            "All that is said by {kind} holds together with {level}, but not together with the table."
        ),
        (Some(one), Some(other)) => format!(
            "All that is said by {one} holds together with {level}, and so does all by {other}, but neither together with the other or \
             with the table."
        ),
    };
    Some(format!(
        "{together} Of what is not named, nothing differs or the sign is in doubt."
    ))
}

/// What futures do to the numbers of the table.
fn what_counts(compared: &Compared<'_>) -> Option<String> {
    let each = compared.comparison.replications_per_future()?;
    let of = match compared.manifest.option(POSTERIOR) {
        Some(name) => format!("draws of {name}"),
        None => "ranges of [futures]".to_owned(),
    };
    let mut told = format!(
        "Intervals and signs are those of futures, each the mean of its replications: they hold for the {of}, not for one world."
    );
    if compared.by == By::Metric {
        told.push_str(match each.get() {
            1 => " One replication of each cannot tell the world from chance.",
            _ => {
                " World's share: how much of the variance of one replication lies between futures."
            }
        });
    }
    Some(told)
}

/// Of which differences the world decides more, and of which chance.
fn world_or_chance(
    compared: &Compared<'_>,
    family: &Family<'_>,
    variant: usize,
    name: &str,
) -> Option<String> {
    if compared.by != By::Metric {
        return None;
    }
    let level = compared.comparison.level();
    let told = family.differences[variant].iter().flatten().flatten();
    let shares: Vec<_> = told
        .filter_map(|told| {
            let interval = told.world_share_interval(NestedPairs::difference, level)?;
            Some((told.key.metric, interval))
        })
        .collect();
    let part = |is_one: fn(Result<[f64; 2], NoShareInterval>) -> bool, whose: &str| {
        let those = shares.iter().filter(|&&(_, interval)| is_one(interval));
        let names: Vec<_> = those
            .map(|(metric, _)| metric.name().replace('_', " "))
            .collect();
        (!names.is_empty()).then(|| format!("{whose} for {}", names.join(", ")))
    };
    let parts = [
        part(
            |of| of.is_ok_and(|[lower, _]| lower > 0.5),
            "mostly the world's",
        ),
        part(|of| of.is_ok_and(|[_, upper]| upper < 0.5), "mostly chance"),
        part(
            |of| of.is_ok_and(|[lower, upper]| lower <= 0.5 && upper >= 0.5),
            "not told to be mostly the one or the other",
        ),
        part(
            |of| of == Err(NoShareInterval::Skewed),
            "not judged, as a few futures lie far from the others,",
        ),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| {
        format!(
            "{name}: the spread of the difference is {} (each with {}, by itself).",
            parts.join("; "),
            short_percent(level.share())
        )
    })
}

/// By how much single replications of a variant differ from the base.
fn band(compared: &Compared<'_>, variant: usize, name: &str) -> Option<String> {
    const TOLD: [Metric; 2] = [Metric::IRREGULAR_ENCOUNTERS, Metric::PortEncounters];
    if compared.by != By::Metric {
        return None;
    }
    let told = TOLD.iter().filter_map(|&metric| {
        let key = Key::of_run(metric);
        let band = compared.comparison.difference(variant, key)?.band?;
        (compared.metrics.contains(&metric) && band.lower < band.upper).then(|| {
            let name = metric.name().replace('_', " ");
            let [lower, upper] = differences([band.lower, band.upper], metric.unit());
            format!("in {name} by {lower} to {upper}")
        })
    });
    let told: Vec<String> = told.collect();
    let what = match compared.comparison.futures() {
        Some(futures) => format!(
            "chance and what is uncertain together, as far as {} tell",
            counted(futures, "future")
        ),
        None => "chance in one world".to_owned(),
    };
    (!told.is_empty()).then(|| {
        format!(
            "{name}, single replications (the central {}): they differ from {} {}; that is {what}, not doubt about the mean.",
            short_percent(compared.comparison.band_share().share()),
            compared.base,
            told.join(", ")
        )
    })
}

fn goals(compared: &Compared<'_>) -> Vec<String> {
    let comparison = compared.comparison;
    let told = comparison.goals().map(|goals| {
        precision::sentences(comparison.standings(), goals, comparison.replications())
    });
    told.unwrap_or_default()
}

fn since(compared: &Compared<'_>, variant: usize, name: &str) -> String {
    let unit = match compared.comparison.futures() {
        Some(_) => "future",
        None => "replication",
    };
    let layout = compared.comparison.layout();
    match compared.comparison.first_month(variant) {
        Some(0) => {
            let warmup = match compared.manifest.warmup_days {
                0 => String::new(),
                days => format!(
                    " Unless events make the difference, the warm-up of {days} days is its own too."
                ),
            };
            format!(
                "{name} differs from {} from the first month on.{warmup}",
                compared.base
            )
        }
        Some(month) => format!(
            "{name} is identical to {} before {} in every replication, person by person.",
            compared.base,
            layout.period(Period::Month(month)),
        ),
        None if compared.comparison.compared(variant) == 0 => format!(
            "Nothing is known of {name}: in no replication did both it and {} come to an end.",
            compared.base
        ),
        None => format!(
            "{name} differs from {} in none of {}: nothing that it changes acted.",
            compared.base,
            counted(compared.comparison.compared(variant), unit),
        ),
    }
}

fn not_shared(compared: &Compared<'_>, variant: usize, name: &str) -> Vec<String> {
    let missing = compared.comparison.missing(variant).join(", ");
    let added = compared.comparison.added(variant).join(", ");
    [(name, missing), (compared.base, added)]
        .into_iter()
        .filter(|(_, ids)| !ids.is_empty())
        .map(|(name, ids)| {
            format!("Not in {name}, so not compared: {ids}; `portflow run` shows what is there.")
        })
        .collect()
}

/// Figures of the table that no pair has in both scenarios, while one of them has: without a line there, they would be missed.
fn in_one_alone(
    compared: &Compared<'_>,
    family: &Family<'_>,
    variant: usize,
    name: &str,
) -> Option<String> {
    let lines = family.lines.iter().zip(&family.differences[variant]);
    let lacking = lines.flat_map(|(&line, told)| {
        let without = family
            .metrics
            .iter()
            .zip(told)
            .filter(|(_, told)| told.is_none());
        without.map(move |(&metric, _)| (line, metric))
    });
    let told: Vec<String> = lacking
        .filter(|&((period, place), metric)| {
            let key = Key {
                period,
                metric,
                place,
            };
            compared.comparison.is_one_sided(variant, key)
        })
        .map(|(line, metric)| format!("{}{}", metric.name(), of_line(compared, line)))
        .collect();
    let told = first_few(&told)?;
    Some(format!(
        "Only one of {name} and {} has a value, in every pair, so that there is no difference to tell: {told}.",
        compared.base
    ))
}

/// What follows the name of a metric on a line of the table.
fn of_line(compared: &Compared<'_>, (period, place): (Period, Place)) -> String {
    let layout = compared.comparison.layout();
    match compared.by {
        By::Metric => String::new(),
        By::Month => format!(" of {}", layout.period(period)),
        By::Group | By::Region | By::Port => format!(" of {}", layout.id(place)),
    }
}

/// Which figures of a variant rest on fewer pairs, since one of the two scenarios has none in the others.
fn without_a_value(
    compared: &Compared<'_>,
    family: &Family<'_>,
    variant: usize,
    name: &str,
) -> Option<String> {
    let all = compared.comparison.compared(variant);
    let lines = family.lines.iter().zip(&family.differences[variant]);
    let thin: Vec<String> = lines
        .flat_map(|(&line, told)| told.iter().flatten().map(move |told| (line, told)))
        .filter(|(_, told)| told.paired.difference().n() < all)
        .map(|(line, told)| {
            let line = of_line(compared, line);
            let metric = told.key.metric.name();
            format!("{metric}{line} on {}", told.paired.difference().n())
        })
        .collect();
    let told = first_few(&thin)?;
    Some(format!(
        "Rests on fewer than the {all} pairs of {name}: {told}. A pair in which one of the two has no such figure is left out, so that the \
         difference is that of runs in which both have one."
    ))
}

/// Who gains and who loses, as far as that is sure.
fn by_place(
    compared: &Compared<'_>,
    by: By,
    metrics: &[Metric],
    variant: usize,
    name: &str,
) -> Option<String> {
    let compared = Compared {
        metrics,
        ..*compared
    };
    let family = Family::of(&compared, by);
    let layout = compared.comparison.layout();
    let clear = |column: usize| {
        let lines = family.lines.iter().zip(&family.differences[variant]);
        let told: Vec<String> = lines
            .filter_map(|(&(_, place), line): (&(Period, Place), _)| {
                let told = line[column].as_ref()?;
                let mean = told.paired.difference().mean()?;
                is_clear(family.interval(told)).then(|| {
                    format!(
                        "{} {}",
                        layout.id(place),
                        difference(mean, told.key.metric.unit())
                    )
                })
            })
            .collect();
        let metric = metrics[column].name().replace('_', " ");
        (!told.is_empty()).then(|| format!("{metric} {}", told.join(", ")))
    };
    let told: Vec<String> = (0..metrics.len()).filter_map(clear).collect();
    (!told.is_empty()).then(|| format!("{name} by {}: {}.", by.name(), told.join("; ")))
}
