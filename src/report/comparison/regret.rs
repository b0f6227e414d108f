//! Which scenario holds up over futures: a table, its sentences, its rows for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::Compared;
use crate::experiment::Regrets;
use crate::report::format::Csv;
use crate::report::number::{counted, distance, figure, rounded, short_percent};
use crate::report::table::headed;
use crate::stats::{Direction, Robustness};

/// Regret over futures, for programs.
#[derive(Serialize)]
pub(super) struct Document<'a> {
    /// As `--objective` takes it.
    objective: String,
    /// Share of the best outcome of a future by which another may be worse and still good enough.
    good_enough: f64,
    futures: u32,
    /// Futures in which a scenario failed or has no such figure; they count for none.
    futures_left_out: u32,
    /// Those with the least largest regret, and those that are good enough most often.
    minimax_regret: Vec<&'a str>,
    good_enough_most_often: Vec<&'a str>,
    scenarios: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    scenario: &'a str,
    mean: f64,
    worst: f64,
    mean_regret: f64,
    largest_regret: f64,
    good_enough_share: f64,
}

/// The scenarios with what regret says of each.
struct Judged<'a> {
    regrets: &'a Regrets,
    figure: String,
    rows: Vec<(&'a str, Robustness)>,
}

impl<'a> Judged<'a> {
    /// `None` without futures.
    fn of(compared: &Compared<'a>) -> Option<Self> {
        let regrets = compared.regrets?;
        let names = std::iter::once(compared.base).chain(compared.comparison.variants());
        let rows = regrets.regret().table().unwrap_or_default();
        Some(Self {
            regrets,
            figure: regrets.objective().figure(compared.comparison.layout()),
            rows: names.zip(rows).collect(),
        })
    }

    /// The scenarios whose number is the least of all.
    fn least(&self, of: impl Fn(&Robustness) -> f64) -> Vec<&'a str> {
        let least = (self.rows.iter()).map(|(_, row)| rounded(of(row)));
        let least = least.fold(f64::INFINITY, f64::min);
        (self.rows.iter())
            .filter(|(_, row)| rounded(of(row)) <= least)
            .map(|&(name, _)| name)
            .collect()
    }

    fn minimax(&self) -> Vec<&'a str> {
        self.least(|row| row.largest_regret)
    }

    fn most_often(&self) -> Vec<&'a str> {
        self.least(|row| -row.good_enough_share)
    }

    fn tolerance(&self) -> String {
        short_percent(self.regrets.tolerance())
    }
}

/// The document; `None` without futures.
pub(super) fn document<'a>(compared: &Compared<'a>) -> Option<Document<'a>> {
    let judged = Judged::of(compared)?;
    let direction = judged.regrets.objective().direction.name();
    Some(Document {
        objective: format!("{}:{direction}", judged.figure),
        good_enough: judged.regrets.tolerance(),
        futures: judged.regrets.regret().futures(),
        futures_left_out: judged.regrets.regret().left_out(),
        minimax_regret: judged.minimax(),
        good_enough_most_often: judged.most_often(),
        scenarios: rows(&judged),
    })
}

fn rows<'a>(judged: &Judged<'a>) -> Vec<Row<'a>> {
    let row = |&(scenario, row): &(&'a str, Robustness)| Row {
        scenario,
        mean: rounded(row.mean),
        worst: rounded(row.worst),
        mean_regret: rounded(row.mean_regret),
        largest_regret: rounded(row.largest_regret),
        good_enough_share: rounded(row.good_enough_share),
    };
    judged.rows.iter().map(row).collect()
}

/// Writes `regret.csv`: a row a scenario, the base first; nothing but its heads without futures.
///
/// # Errors
/// The writer's.
pub fn csv(compared: &Compared<'_>, to: &mut dyn Write) -> io::Result<()> {
    let header = [
        "scenario",
        "objective",
        "futures",
        "mean",
        "worst",
        "mean_regret",
        "largest_regret",
        "good_enough_share",
    ];
    let mut table = Csv::new(header, to)?;
    if let Some(document) = document(compared) {
        for row in document.scenarios {
            let texts = [
                row.scenario.to_owned(),
                document.objective.clone(),
                document.futures.to_string(),
                row.mean.to_string(),
                row.worst.to_string(),
                row.mean_regret.to_string(),
                row.largest_regret.to_string(),
                row.good_enough_share.to_string(),
            ];
            table.add(texts)?;
        }
    }
    table.finish()
}

/// Writes the table for people and its sentences; nothing without futures.
pub(super) fn table(compared: &Compared<'_>, to: &mut dyn Write) -> io::Result<()> {
    let Some(judged) = Judged::of(compared) else {
        return Ok(());
    };
    let better = match judged.regrets.objective().direction {
        Direction::Min => "less is better",
        Direction::Max => "more is better",
    };
    let futures = counted(judged.regrets.regret().futures(), "future");
    let tolerance = judged.tolerance();
    writeln!(
        to,
        "\nRegret: {}, {better}; each scenario against the best of each of {futures}; good enough is within {tolerance} of it",
        judged.figure,
    )?;
    let headings = [
        "scenario",
        "",
        "mean",
        "worst",
        "mean regret",
        "largest regret",
        "good enough",
    ];
    let mut lines = headed(2, headings);
    let unit = judged.regrets.objective().key.metric.unit();
    for (name, row) in &judged.rows {
        let role = if *name == compared.base { "base" } else { "" };
        let outcomes = [row.mean, row.worst].map(|value| figure(value, unit));
        let regrets = [row.mean_regret, row.largest_regret].map(|value| distance(value, unit));
        let cells = [(*name).to_owned(), role.to_owned()]
            .into_iter()
            .chain(outcomes)
            .chain(regrets)
            .chain([short_percent(row.good_enough_share)]);
        lines.add_row(cells);
    }
    writeln!(to, "{}", lines.trim_fmt())?;
    for sentence in sentences(compared, &judged) {
        writeln!(to, "{sentence}")?;
    }
    Ok(())
}

fn sentences(compared: &Compared<'_>, judged: &Judged<'_>) -> Vec<String> {
    let mut told = Vec::new();
    if let Some((_, best)) = (judged.rows.iter())
        .max_by(|(_, a), (_, b)| a.good_enough_share.total_cmp(&b.good_enough_share))
    {
        told.push(format!(
            "Least largest regret (minimax regret): {}. Good enough most often: {}, in {} of the futures.",
            judged.minimax().join(", "),
            judged.most_often().join(", "),
            short_percent(best.good_enough_share),
        ));
    }
    match judged.regrets.regret().left_out() {
        0 => {}
        left_out => told.push(format!(
            "Futures in which a scenario failed or has no such figure, so that they count for none: {left_out}."
        )),
    }
    let each = compared.comparison.replications_per_future();
    told.push(format!(
        "An outcome is a mean over {} of a future, whose luck makes regrets too large: more of them (-r) temper that.",
        counted(each.map_or(1, std::num::NonZeroU32::get), "replication"),
    ));
    told
}
