//! Published counts, read from a table by month.

use super::monthly::{self, MonthlyTable};
use crate::metric::{Metric, Unit};
use crate::scenario::checks::ids::Ids;
use crate::scenario::diagnostics::Problem;
use crate::scenario::key_path::KeyPath;
use crate::scenario::nearest::meant;
use crate::scenario::observed::{Observed, is_figure, parts};

/// The figures of a table whose columns are metrics, or metric and group id joined by `_`.
pub(crate) fn from_table(table: &MonthlyTable, ids: &Ids) -> Result<Observed, Vec<Problem>> {
    let groups: Vec<&str> = ids.groups.iter().map(String::as_str).collect();
    let groups = groups.as_slice();
    let mut problems = Vec::new();
    let mut columns: Vec<(usize, &str)> = (table.header.iter().enumerate())
        .filter(|(_, cell)| cell.text != "month")
        .map(|(place, cell)| (place, cell.text.as_str()))
        .collect();
    for (place, column) in &columns {
        if !is_figure(column, groups) {
            let origin = &table.header[*place].origin;
            let (message, help) = no_figure(column, ids);
            problems.push(Problem::error(&KeyPath::default(), origin, message).help(help));
        }
    }
    // Of a column that is no figure, nobody knows what may be in it.
    columns.retain(|(_, column)| is_figure(column, groups));
    let mut observed = Observed::default();
    for (month, row) in &table.rows {
        for (place, column) in &columns {
            let read = match parts(column, groups) {
                Some((metric, _)) if metric.unit() != Unit::Persons => {
                    monthly::figure(&row[*place])
                }
                _ => monthly::persons(&row[*place]),
            };
            match read {
                Ok(Some(figure)) => {
                    let figures = observed.months.entry(*month).or_default();
                    figures.insert((*column).to_owned(), figure);
                }
                Ok(None) => {}
                Err(problem) => problems.push(problem),
            }
        }
    }
    if problems.is_empty() {
        Ok(observed)
    } else {
        Err(problems)
    }
}

/// Warns of totals from which the figures of all groups together differ by more than rounding and late revisions make them: of each metric, in the
/// first month where they do.
pub(crate) fn totals_beside_parts(
    table: &MonthlyTable,
    observed: &Observed,
    groups: &[String],
) -> Vec<Problem> {
    const SLACK: f64 = 0.02;
    let metrics = Metric::published().filter(|metric| metric.unit() == Unit::Persons);
    let warnings = metrics.filter_map(|metric| {
        let name = metric.name();
        let place = table.header.iter().position(|cell| cell.text == name)?;
        let mut unlike = observed.months.iter().filter_map(|(month, figures)| {
            let total = *figures.get(name)?;
            let part = |group: &String| figures.get(&format!("{name}_{group}")).copied();
            let sum = groups.iter().map(part).sum::<Option<f64>>()?;
            let is_unlike = (sum - total).abs() > SLACK * total + groups.len() as f64;
            is_unlike.then_some((month, total, sum))
        });
        let (month, total, sum) = unlike.next().filter(|_| !groups.is_empty())?;
        let more = match unlike.count() {
            0 => String::new(),
            1 => ", and 1 more month is like that".to_owned(),
            more => format!(", and {more} more months are like that"),
        };
        let message = format!(
            "`{name}` of {month} is {total}, and its groups sum to {sum}{more}"
        );
        let help = "every group has a column, so that they should sum to the total: look at both, and at which of the groups a figure is of";
        let origin = &table.rows.get(month)?.get(place)?.origin;
        Some(Problem::warning(&KeyPath::default(), origin, message).help(help))
    });
    warnings.collect()
}

/// What is wrong with a column that is no figure, and the remedy.
pub(crate) fn no_figure(column: &str, ids: &Ids) -> (String, String) {
    if column.is_empty() {
        let help = "name it, or take out the comma that begins it";
        return ("a column has no name".to_owned(), help.to_owned());
    }
    if Metric::unpublished().any(|metric| metric.name() == column) {
        let message = format!("`{column}` cannot be among published figures");
        let help = if column == Metric::ShareAtPorts.name() {
            "a share is no count: give `port_encounters` and `irregular_encounters`, of which it is made"
        } else {
            "these are counts, the pool, and waits in days: take the column out"
        };
        return (message, help.to_owned());
    }
    let message = format!("`{column}` is neither a metric nor a metric of a group");
    let ports: Vec<&str> = ids.ports.iter().map(String::as_str).collect();
    if parts(column, &ports).is_some() {
        let help = "figures of ports are not shown beside the results: areas of ports go to `validate --by-area`";
        return (message, help.to_owned());
    }
    (message, hint(column, &ids.groups))
}

/// What the author of another column may have meant.
fn hint(column: &str, groups: &[String]) -> String {
    let metrics: Vec<&str> = Metric::published().map(Metric::name).collect();
    let of_groups = (metrics.iter())
        .flat_map(|metric| groups.iter().map(move |group| format!("{metric}_{group}")));
    let known: Vec<String> = (metrics.iter().map(|&metric| metric.to_owned()))
        .chain(of_groups)
        .collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    match meant(column, &known) {
        Some(meant) => format!("did you mean {meant}?"),
        None => format!(
            "the metrics are {}; the groups are {}",
            metrics.join(", "),
            groups.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::month::Month;

    #[test]
    fn a_month_of_which_nothing_is_published_is_none_that_is() {
        let text = "month,arrivals,pool_size\n2024-01,5,\n2024-02,,\n2024-03,,7\n2024-04,,\n";
        let table = MonthlyTable::parse(text, 0).unwrap();
        let observed = from_table(&table, &Ids::default()).unwrap();
        let months: Vec<String> = observed.months.keys().map(Month::to_string).collect();
        assert_eq!(months, ["2024-01", "2024-03"]);
    }
}
