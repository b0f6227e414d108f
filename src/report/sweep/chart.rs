//! Charts in plain characters: a line for each value of one input with its interval, a map of two.
//!
//! They are made here: a chart crate that needs no terminal brings eighteen others for what is a row of characters.

use std::io::{self, Write};

use super::{Swept, short_names};
use crate::record::Unit;
use crate::report::number::{figure, short_percent};
use crate::report::table::{cell, headed};
use crate::stats::Estimate;

/// What a terminal shows of a line, in characters.
const WIDTH: usize = 100;

/// Characters from one end of a scale to the other.
const SCALE: usize = 60;

/// Figures that have a chart of lines: the first ones that vary.
const CHARTS: usize = 2;

/// From the lowest fifth to the highest.
const SHADES: [char; 5] = ['·', '░', '▒', '▓', '█'];

/// Writes charts of the first figures against the only input; nothing where there are more inputs.
pub(super) fn lines(swept: &Swept<'_>, to: &mut dyn Write) -> io::Result<()> {
    let layout = swept.layout();
    let [input] = short_names(layout.points.inputs())[..] else {
        return Ok(());
    };
    let label = |(point, scenario): (u32, u32)| {
        let value = &layout.points.values(point)[0];
        if swept.has_variants() {
            format!("{value} {}", swept.scenario(scenario))
        } else {
            value.clone()
        }
    };
    let labels: Vec<String> = swept.rows().map(label).collect();
    let charts = layout
        .figures
        .iter()
        .enumerate()
        .filter_map(|(number, of)| {
            let estimate = |(point, scenario)| swept.responses.estimate(point, scenario, number);
            let estimates: Vec<_> = swept.rows().map(estimate).collect();
            let scale = Scale::of(estimates.iter().flatten(), of.unit)?;
            Some((of, estimates, scale))
        });
    for (of, estimates, scale) in charts.take(CHARTS) {
        let interval = match layout.replications {
            0 | 1 => String::new(),
            _ => format!(" with {} intervals", short_percent(layout.level.share())),
        };
        writeln!(to, "{} by {input}{interval}", of.name)?;
        let width = labels.iter().map(|label| label.chars().count()).max();
        let width = width.unwrap_or_default();
        for (label, estimate) in labels.iter().zip(&estimates) {
            let line = cell(estimate.as_ref(), |estimate| scale.line(estimate));
            writeln!(to, " {label:width$} │{}", line.trim_end())?;
        }
        let ends = scale.ends(of.unit);
        writeln!(to, " {:width$} └{}", "", "─".repeat(SCALE))?;
        writeln!(to, " {:width$}  {ends}", "")?;
    }
    Ok(())
}

/// What the characters of a line stand for.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    /// From the lowest bound to the highest; `None` where all means read the same: a chart would show noise.
    fn of<'a>(estimates: impl Iterator<Item = &'a Estimate> + Clone, unit: Unit) -> Option<Self> {
        let mut means = estimates
            .clone()
            .map(|estimate| figure(estimate.mean, unit));
        let first = means.next()?;
        if means.all(|mean| mean == first) {
            return None;
        }
        let bounds = estimates.map(bounds);
        let low = bounds.clone().map(|[lower, _]| lower).reduce(f64::min)?;
        let high = bounds.map(|[_, upper]| upper).reduce(f64::max)?;
        Some(Self { low, high })
    }

    fn place(&self, value: f64) -> usize {
        let share = (value - self.low) / (self.high - self.low);
        ((share * (SCALE - 1) as f64).round() as usize).min(SCALE - 1)
    }

    fn line(&self, estimate: &Estimate) -> String {
        let mut line = vec![' '; SCALE];
        let [lower, upper] = bounds(estimate).map(|bound| self.place(bound));
        line[lower..=upper].fill('─');
        line[lower] = '├';
        line[upper] = '┤';
        line[self.place(estimate.mean)] = '●';
        line.into_iter().collect()
    }

    fn ends(&self, unit: Unit) -> String {
        let [low, high] = [self.low, self.high].map(|end| figure(end, unit));
        let width = SCALE.saturating_sub(low.chars().count());
        format!("{low}{high:>width$}")
    }
}

fn bounds(estimate: &Estimate) -> [f64; 2] {
    let interval = estimate.interval;
    interval.map_or([estimate.mean; 2], |interval| {
        [interval.lower, interval.upper]
    })
}

/// Writes a map of the means of the first figure for each scenario; nothing unless two inputs with numbers make a grid.
pub(super) fn map(swept: &Swept<'_>, to: &mut dyn Write) -> io::Result<()> {
    let layout = swept.layout();
    let (Some(of), [down, across]) = (
        layout.figures.first(),
        &short_names(layout.points.inputs())[..],
    ) else {
        return Ok(());
    };
    let Some([downs, acrosses]) = levels(swept) else {
        return Ok(());
    };
    let mean = |point, scenario| {
        let estimate = swept.responses.estimate(point, scenario, 0);
        estimate.map(|estimate| estimate.mean)
    };
    let means = swept
        .rows()
        .filter_map(|(point, scenario)| mean(point, scenario));
    let ends = means.clone().reduce(f64::min).zip(means.reduce(f64::max));
    let Some((low, high)) = ends.filter(|(low, high)| low < high) else {
        return Ok(());
    };
    let shade = |mean: f64| {
        let fifth = (SHADES.len() as f64 * (mean - low) / (high - low)) as usize;
        SHADES[fifth.min(SHADES.len() - 1)]
    };
    for scenario in 0..layout.scenarios.len() as u32 {
        let name = if swept.has_variants() {
            format!(" ({})", swept.scenario(scenario))
        } else {
            String::new()
        };
        writeln!(to, "{}{name}: {down} down, {across} across", of.name)?;
        let at = |row: usize, column: usize| {
            let point = (row * acrosses.len() + column) as u32;
            let done = point < swept.responses.points();
            done.then(|| mean(point, scenario)).flatten()
        };
        let numbers = numbers([&downs, &acrosses], &|row, column| {
            at(row, column).map(|mean| (shade(mean), figure(mean, of.unit)))
        });
        if numbers.lines().all(|line| line.chars().count() <= WIDTH) {
            writeln!(to, "{numbers}")?;
            continue;
        }
        let width = downs.iter().map(String::len).max().unwrap_or_default();
        let cells = if 2 * acrosses.len() + width < WIDTH {
            2
        } else {
            1
        };
        let (first, last) = (&acrosses[0], &acrosses[acrosses.len() - 1]);
        let space = (cells * acrosses.len()).saturating_sub(first.len());
        writeln!(to, " {:width$} {first}{last:>space$}", "")?;
        for (row, label) in downs.iter().enumerate() {
            let shaded = (0..acrosses.len()).map(|column| at(row, column).map_or(' ', shade));
            let line: String = shaded
                .flat_map(|shade| std::iter::repeat_n(shade, cells))
                .collect();
            writeln!(to, " {label:width$} {}", line.trim_end())?;
        }
    }
    let [low, high] = [low, high].map(|end| figure(end, of.unit));
    let shades: String = SHADES.map(|shade| format!(" {shade}")).concat();
    writeln!(to, "{shades}: fifths of the way from {low} to {high}")
}

/// The levels of both inputs; `None` unless they are numbers and the points are all their combinations, in order.
fn levels(swept: &Swept<'_>) -> Option<[Vec<String>; 2]> {
    let points = &swept.layout().points;
    let mut levels: [Vec<String>; 2] = Default::default();
    for point in 0..points.len() {
        for (levels, value) in levels.iter_mut().zip(points.values(point)) {
            value.parse::<f64>().ok()?;
            if !levels.contains(value) {
                levels.push(value.clone());
            }
        }
        if levels.iter().any(|levels| levels.len() > WIDTH) {
            return None;
        }
    }
    let [downs, acrosses] = &levels;
    let combinations = downs
        .iter()
        .flat_map(|down| acrosses.iter().map(move |across| [down, across]));
    let is_grid = downs.len() * acrosses.len() == points.len() as usize
        && (0..)
            .zip(combinations)
            .all(|(point, pair)| points.values(point).iter().eq(pair));
    (is_grid && downs.len() > 1 && acrosses.len() > 1).then_some(levels)
}

/// The map as a table with its numbers.
fn numbers(
    [downs, acrosses]: [&[String]; 2],
    at: &dyn Fn(usize, usize) -> Option<(char, String)>,
) -> String {
    let corner = String::new();
    let mut table = headed(1, std::iter::once(&corner).chain(acrosses));
    for (row, label) in downs.iter().enumerate() {
        let shaded = |(shade, number)| format!("{number} {shade}{shade}");
        let cells = (0..acrosses.len()).map(|column| cell(at(row, column), shaded));
        table.add_row(std::iter::once(label.clone()).chain(cells));
    }
    table.trim_fmt()
}
