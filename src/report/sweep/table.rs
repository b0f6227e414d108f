//! The response table for people, a chart where the design has one, and what there is to say.

use std::io::{self, Write};

use comfy_table::Table;

use super::{Swept, chart, short_names, values_at};
use crate::experiment::{Figure, SweepLayout};
use crate::record::Unit;
use crate::report::number::{
    counted, distance, distance_and_half_width, figure, first_few, mean_and_half_width, persons,
    rounded, short_percent, whole_percent,
};
use crate::report::run::{THIN, thin_sentence};
use crate::report::table::headed;
use crate::report::watched;
use crate::stats::{Estimate, simultaneous};

/// Replications below which hardly any difference is shown, however large: the interval of two is 13 standard errors wide to either side at 95%, and
/// of many pairs hundreds, of four 3 and some ten.
const ENOUGH: u32 = 4;

/// A table of more rows than this is for a program to read.
const MOST_ROWS: usize = 40;

/// Writes the table, the chart and the sentences under them.
///
/// # Errors
/// The writer's.
pub fn table(swept: &Swept<'_>, to: &mut dyn Write) -> io::Result<()> {
    let rows = swept.rows().count();
    writeln!(to, "{}", swept.manifest.title)?;
    if rows <= MOST_ROWS {
        writeln!(to, "{}", responses(swept).trim_fmt())?;
        chart::lines(swept, to)?;
    }
    chart::map(swept, to)?;
    for sentence in sentences(swept, rows) {
        writeln!(to, "{sentence}")?;
    }
    Ok(())
}

fn responses(swept: &Swept<'_>) -> Table {
    let layout = swept.layout();
    let variant = swept.has_variants().then_some("variant");
    let inputs = short_names(layout.points.inputs());
    let labels: Vec<&str> = inputs.into_iter().chain(variant).collect();
    let figures = layout.figures.iter().map(|figure| heading(&figure.name));
    let left = labels.len();
    let mut table = headed(left, labels.into_iter().map(str::to_owned).chain(figures));
    for (point, scenario) in swept.rows() {
        let values = layout.points.values(point).iter().cloned();
        let variant = swept
            .has_variants()
            .then(|| swept.scenario(scenario).to_owned());
        let figures = layout.figures.iter().enumerate().map(|(number, figure)| {
            let estimate = swept.responses.estimate(point, scenario, number);
            let is_thin = estimate.is_some_and(|it| it.n < units(layout));
            written(estimate, figure.unit) + if is_thin { THIN } else { "" }
        });
        table.add_row(values.chain(variant).chain(figures));
    }
    table
}

/// A figure's name in lines that are not much wider than its values.
fn heading(name: &str) -> String {
    name.replace('/', "\n/").replace('@', "\n@")
}

fn written(estimate: Option<Estimate>, unit: Unit) -> String {
    let Some(estimate) = estimate else {
        return String::new();
    };
    match estimate.interval {
        Some(interval) => mean_and_half_width(estimate.mean, interval.half_width(), unit),
        None => figure(estimate.mean, unit),
    }
}

fn sentences(swept: &Swept<'_>, rows: usize) -> Vec<String> {
    let layout = swept.layout();
    let mut sentences = Vec::new();
    for (number, of) in layout.figures.iter().enumerate() {
        sentences.push(range(swept, rows, number, of));
    }
    sentences.extend(watched::sentences(swept.responses));
    if rows > MOST_ROWS {
        sentences.push(format!(
            "{rows} rows are more than a table of {MOST_ROWS}: --format csv or --out has them."
        ));
    }
    let failed: u32 = swept
        .rows()
        .map(|(point, scenario)| swept.responses.failed(point, scenario))
        .sum();
    if failed > 0 {
        let points = swept.manifest.failed_points.iter().map(u32::to_string);
        sentences.push(format!(
            "{failed} of {} simulations came to nothing, at point {}.",
            rows as u32 * layout.replications,
            points.collect::<Vec<_>>().join(", ")
        ));
    }
    sentences.extend(without_a_value(swept));
    sentences.push(provenance(swept));
    sentences.extend(world_or_chance(swept).or_else(|| futures(layout)));
    sentences
}

/// Between which means a figure lies, and where these are; that it is the same everywhere only where no replication says otherwise.
fn range(swept: &Swept<'_>, rows: usize, number: usize, of: &Figure) -> String {
    let means = swept.rows().filter_map(|at| {
        let estimate = swept.responses.estimate(at.0, at.1, number)?;
        Some((estimate.mean, at))
    });
    let found = means.clone().count();
    // The first of equal ones.
    let least = means.clone().reduce(|a, b| if b.0 < a.0 { b } else { a });
    let most = means.reduce(|a, b| if b.0 > a.0 { b } else { a });
    let (Some((least, low)), Some((most, high))) = (least, most) else {
        return format!("{} has no value at any point.", of.name);
    };
    // Of what is rounded to nothing, much may be many times as much as another.
    let all = [least, most].map(|mean| figure(mean, of.unit));
    let [lowest, highest] = if all[0] == all[1] && figure(0.0, of.unit) == all[0] {
        [least, most].map(|mean| rounded(mean).to_string())
    } else {
        all
    };
    let looks_the_same = lowest == highest;
    let places = if found == rows {
        "at every point"
    } else {
        "wherever it has a value"
    };
    if looks_the_same && !swept.responses.ever_differs(&swept.rows(), number) {
        return format!("{} is {lowest} {places}.", of.name);
    }
    // Where all means are the same, two that differ all the same.
    let [low, high] = if low == high {
        two_that_differ(swept, number).unwrap_or([low, high])
    } else {
        [low, high]
    };
    let (apart, is_shown) = furthest_apart(swept, [low, high], number, of.unit, found);
    let [low, high] = [low, high].map(|at| inputs(swept, at));
    if looks_the_same {
        return format!(
            "{} is written as {lowest} {places}; the furthest apart, {low} and {high}, {apart}.",
            of.name
        );
    }
    let doubt = if is_shown {
        String::new()
    } else {
        format!(": they {apart}")
    };
    format!(
        "{} goes from {lowest} ({low}) to {highest} ({high}){doubt}.",
        of.name
    )
}

/// How far apart two rows are, and whether the replications show that they are. The two are the furthest apart of so many rows: they are
/// held to what would tell all pairs apart together.
fn furthest_apart(
    swept: &Swept<'_>,
    [low, high]: [(u32, u32); 2],
    number: usize,
    unit: Unit,
    rows: usize,
) -> (String, bool) {
    let layout = swept.layout();
    let pairs = rows * (rows - 1) / 2;
    let level = simultaneous(layout.level, pairs);
    let Some(difference) = swept.responses.difference(high, low, number, level) else {
        return (
            "differ by what nobody knows on the same people".to_owned(),
            true,
        );
    };
    let apart = distance(difference.mean, unit);
    let Some(interval) = difference.interval else {
        return (format!("differ by {apart} on the same people"), true);
    };
    let what = if layout.per_future > 1 {
        "futures"
    } else {
        "replications"
    };
    let half_width = interval.half_width();
    let correction = if half_width > 0.0 && pairs > 1 {
        format!(" (Bonferroni over all {} pairs)", persons(pairs as f64))
    } else {
        String::new()
    };
    let apart = if half_width > 0.0 {
        distance_and_half_width(difference.mean, half_width, unit)
    } else {
        format!("{apart} in all {} {what}", difference.n)
    };
    let is_shown = interval.excludes_zero();
    let doubt = match (is_shown, difference.n) {
        (true, _) => String::new(),
        (false, n) if n < ENOUGH => {
            format!(
                ", and no difference is shown: {n} {what} hardly ever show one, try {ENOUGH} or more"
            )
        }
        (false, _) => format!(", and no difference is shown at this number of {what}"),
    };
    (
        format!("differ by {apart} on the same people{correction}{doubt}"),
        is_shown,
    )
}

/// The first two rows in which a figure differs in some replication.
fn two_that_differ(swept: &Swept<'_>, number: usize) -> Option<[(u32, u32); 2]> {
    swept.rows().find_map(|one| {
        let differs = |other: &(u32, u32)| {
            let both = [one, *other].into_iter();
            swept.responses.ever_differs(&both, number)
        };
        Some([one, swept.rows().find(differs)?])
    })
}

fn inputs(swept: &Swept<'_>, (point, scenario): (u32, u32)) -> String {
    let values = values_at(&swept.layout().points, point);
    if swept.has_variants() {
        format!("{values}, {}", swept.scenario(scenario))
    } else {
        values
    }
}

/// How much of the spread at the points is the world's, where futures have several replications.
fn world_or_chance(swept: &Swept<'_>) -> Option<String> {
    let layout = swept.layout();
    if layout.per_future < 2 {
        return None;
    }
    let share = |(number, of): (usize, &Figure)| {
        let shares = swept
            .rows()
            .filter_map(|(point, scenario)| swept.responses.world_share(point, scenario, number));
        let (least, most) = shares.fold((f64::INFINITY, 0.0_f64), |(least, most), share| {
            (least.min(share), most.max(share))
        });
        (least <= most).then(|| {
            let [least, most] = [least, most].map(whole_percent);
            let range = if least == most {
                most
            } else {
                format!("{least} to {most}")
            };
            format!("{} {range}", of.name)
        })
    };
    let shares: Vec<String> = layout
        .figures
        .iter()
        .enumerate()
        .filter_map(share)
        .collect();
    let shares = if shares.is_empty() {
        "that takes two futures at least, and figures that vary".to_owned()
    } else {
        format!("{}; the rest is chance", shares.join(", "))
    };
    Some(format!(
        "{} with {} each, alike at every point; intervals count futures. World's share of the variance of one \
         replication, over the points: {shares}.",
        counted(units(layout), "future"),
        counted(layout.per_future, "replication"),
    ))
}

/// How many values a mean is of, where all have one: replications, or futures where these have several.
fn units(layout: &SweepLayout) -> u32 {
    layout.replications / layout.per_future
}

/// At how many points a mean rests on fewer replications than there are, and at how many there is none.
fn without_a_value(swept: &Swept<'_>) -> Option<String> {
    let layout = swept.layout();
    let all = units(layout);
    let (mut thin, mut none) = (Vec::new(), Vec::new());
    for (number, of) in layout.figures.iter().enumerate() {
        let values = swept.rows().map(|(point, scenario)| {
            let estimate = swept.responses.estimate(point, scenario, number);
            estimate.map_or(0, |it| it.n)
        });
        let values: Vec<u32> = values.collect();
        let rows = values.len();
        let told = |count: usize| format!("{} at {count} of {rows} points", of.name);
        let lacking = values.iter().filter(|&&n| n == 0).count();
        let few = values.iter().filter(|&&n| n < all).count() - lacking;
        thin.extend((few > 0).then(|| told(few)));
        none.extend((lacking > 0).then(|| told(lacking)));
    }
    let unit = if layout.per_future > 1 {
        "future"
    } else {
        "replication"
    };
    let thin = first_few(&thin).map(|thin| thin_sentence(all, unit, &thin));
    let none = first_few(&none).map(|none| format!("No {unit} has a value: {none}."));
    let told: Vec<String> = thin.into_iter().chain(none).collect();
    (!told.is_empty()).then(|| told.join(" "))
}

/// What is not the same in all replications.
pub(in crate::report) fn futures(layout: &SweepLayout) -> Option<String> {
    let keys = layout.drawn.len() as u32;
    (keys > 0).then(|| {
        let keys = counted(keys, "uncertain number");
        format!("Drawn anew in each replication, alike at every point: {keys}.")
    })
}

fn provenance(swept: &Swept<'_>) -> String {
    let layout = swept.layout();
    let points = counted(swept.responses.points(), "point");
    if layout.replications < 2 {
        return format!("{points}, one replication each; an interval needs at least two.");
    }
    format!(
        "{points}, {} replications each, on the same people at every point; ± is half of the {} interval of that mean alone; a difference between two points chosen beforehand is usually surer.",
        layout.replications,
        short_percent(layout.level.share()),
    )
}
