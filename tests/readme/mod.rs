//! The console blocks of README.md and of the pages beside it are run, and must print what they show. (`.ci/run` does so with their long
//! comparisons; figures in prose are checked by nobody but who writes them.)

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use portflow::forecast::Rival;
use portflow::record::{Detail, Layout, Metric, Period};
use portflow::report::number::persons;
use portflow::stats::{Estimate, Level, Moments};
use tempfile::TempDir;

use crate::tools::command::{Row, portflow, rows};

/// A fenced block: the words after the fence, of which the second names a file, and its lines.
struct Block {
    language: String,
    file: String,
    lines: Vec<String>,
}

fn readme() -> String {
    page("README.md")
}

fn page(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(words), None) => {
                let (language, file) = words.split_once(' ').unwrap_or((words, ""));
                open = Some(Block {
                    language: language.to_owned(),
                    file: file.to_owned(),
                    lines: Vec::new(),
                });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => block.lines.push(line.to_owned()),
            (None, None) => {}
        }
    }
    blocks
}

/// The shipped scenarios in a directory of their own, with the scenario that README tells to write.
fn workplace() -> TempDir {
    let place = tempfile::tempdir().unwrap();
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios"),
        &place.path().join("scenarios"),
    );
    let mut blocks = blocks(&readme()).into_iter();
    let toml = blocks.find(|block| block.language == "toml");
    let lines = toml.unwrap().lines;
    assert!(lines.len() <= 12, "README promises a dozen lines");
    std::fs::write(
        place.path().join("scenarios/my-policy.toml"),
        lines.join("\n"),
    )
    .unwrap();
    place
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The arguments of a command line of README, however it calls the program, without the quotes that a shell takes off.
fn arguments(line: &str) -> Option<Vec<&str>> {
    let rest = (line.strip_prefix("cargo run --release -- "))
        .or_else(|| line.strip_prefix("portflow "))?;
    let words = rest.split_whitespace();
    Some(words.map(|word| word.trim_matches('\'')).collect())
}

/// Whether an output is as shown; a line `…` stands for any lines.
fn is_as_shown(shown: &[String], printed: &str) -> bool {
    let printed: Vec<&str> = printed.trim_end().lines().map(str::trim_end).collect();
    let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
    let mut parts = shown.split(|&line| line == "…");
    let Some(mut rest) = (parts.next()).and_then(|first| printed.strip_prefix(first)) else {
        return false;
    };
    let mut later: Vec<&[&str]> = parts.collect();
    let Some(last) = later.pop() else {
        return rest.is_empty();
    };
    for part in later {
        let Some(at) = (0..=rest.len()).find(|&at| rest[at..].starts_with(part)) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[test]
fn lines_left_out_are_any_and_all_others_are_as_shown() {
    let shows = |shown: &str| {
        let shown: Vec<String> = shown.split(' ').map(str::to_owned).collect();
        is_as_shown(&shown, "a\nb\nc\nd\n")
    };
    for shown in ["a b c d", "… c d", "a … d", "a … c …", "… b … c d", "…"] {
        assert!(shows(shown), "{shown}");
    }
    for shown in [
        "a b c",
        "b … d",
        "… c",
        "a … c b …",
        "a b c … c d",
        "a … e …",
    ] {
        assert!(!shows(shown), "{shown}");
    }
}

/// The lines of every command in the console blocks of a page: the command, and what it prints.
fn console_commands(page: &str) -> Vec<Vec<String>> {
    let mut commands = Vec::new();
    let blocks = blocks(page).into_iter();
    for block in blocks.filter(|block| block.language == "console") {
        let mut of_block: Vec<Vec<String>> = Vec::new();
        for line in block.lines {
            if line.starts_with("$ ") {
                of_block.push(vec![line]);
            } else {
                of_block.last_mut().unwrap().push(line);
            }
        }
        commands.extend(of_block);
    }
    commands
}

/// Runs a command in a directory, where it must print the lines that are shown under it.
fn assert_prints_what_is_shown(lines: &[String], place: &Path) {
    let command = lines[0].strip_prefix("$ ").unwrap();
    let output = portflow(place, &arguments(command).unwrap());
    let shows_a_mistake = lines.iter().any(|line| line.contains("error: "));
    let warned = if shows_a_mistake {
        output.refused()
    } else {
        output.warnings()
    };
    let is_shown = |line: &str| lines.iter().any(|shown| shown == line.trim_end());
    assert!(
        warned.trim_end().lines().all(is_shown),
        "`{command}`: {warned}"
    );
    let printed = output.stdout + &warned;
    assert!(
        is_as_shown(&lines[1..], &printed),
        "`{command}` now prints:\n{printed}"
    );
}

#[test]
fn every_console_block_prints_what_it_shows() {
    let place = workplace();
    let commands = ["README.md", "docs/scenarios.md", "docs/experiments.md"]
        .map(|name| console_commands(&page(name)));
    assert_eq!(commands.each_ref().map(Vec::len), [3, 4, 4]);
    // What two pages show alike is run once.
    let mut ran = BTreeSet::new();
    for lines in commands.into_iter().flatten() {
        if !ran.contains(&lines) {
            assert_prints_what_is_shown(&lines, place.path());
            ran.insert(lines);
        }
    }
}

#[test]
fn the_walk_through_prints_what_it_shows() {
    let page = page("docs/your-own-counts.md");
    let place = tempfile::tempdir().unwrap();
    for block in blocks(&page).iter().filter(|block| !block.file.is_empty()) {
        let lines = block.lines.join("\n") + "\n";
        std::fs::write(place.path().join(&block.file), lines).unwrap();
    }
    let commands = console_commands(&page);
    assert_eq!(commands.len(), 4);
    for lines in commands {
        assert_prints_what_is_shown(&lines, place.path());
    }
}

#[test]
fn the_set_up_is_two_commands_that_exist() {
    let commands: Vec<String> = (blocks(&readme()).into_iter())
        .filter(|block| block.language == "sh")
        .flat_map(|block| block.lines)
        .collect();
    let main_job = "cargo run --release -- run scenarios/november-2024.toml";
    assert_eq!(commands, [main_job, "cargo test"]);
}

#[test]
fn every_shipped_scenario_and_every_command_is_in_the_readme() {
    let readme = readme();
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    for entry in std::fs::read_dir(scenarios).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let is_scenario = Path::new(&name)
            .extension()
            .is_some_and(|end| end == "toml");
        assert!(
            !is_scenario || readme.contains(&format!("`scenarios/{name}`")),
            "{name}"
        );
    }
    let help = portflow(Path::new("."), &["--help"]).succeeded();
    let commands = help.lines().filter_map(|line| {
        let word = line.strip_prefix("  ")?.split_whitespace().next()?;
        (!line.starts_with("   ") && !word.starts_with('-') && word != "help").then_some(word)
    });
    let commands: Vec<&str> = commands.collect();
    assert!(commands.len() > 10, "{commands:?}");
    for command in commands {
        assert!(
            readme.contains(&format!("`portflow {command} "))
                || readme.contains(&format!("`portflow {command}`")),
            "{command}"
        );
    }
}

const BREAKS: [&str; 2] = ["2023-12", "2024-06"];

/// Mean absolute percentage error of irregular encounters from each origin, as `docs/forecasts.csv` has it.
fn errors_by_origin(forecast_by: &str) -> BTreeMap<String, f64> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/forecasts.csv");
    let mut by_origin: BTreeMap<String, Moments> = BTreeMap::new();
    for row in csv::Reader::from_path(path).unwrap().records() {
        let row = row.unwrap();
        let [origin, column, _, by] = [0, 1, 2, 3].map(|place| &row[place]);
        if column == "irregular_encounters" && by == forecast_by && !row[6].is_empty() {
            let error: f64 = row[6].parse().unwrap();
            let errors = by_origin.entry(origin.to_owned()).or_default();
            errors.add(100.0 * error.abs());
        }
    }
    let means = by_origin.into_iter();
    means
        .map(|(origin, errors)| (origin, errors.mean().unwrap()))
        .collect()
}

/// Its mean over the origins of a kind.
fn mean_error(forecast_by: &str, is_break: bool) -> f64 {
    let errors = errors_by_origin(forecast_by).into_iter();
    let of_kind = errors.filter(|(origin, _)| BREAKS.contains(&origin.as_str()) == is_break);
    let moments: Moments = of_kind.map(|(_, error)| error).collect();
    moments.mean().unwrap()
}

/// Paired over origins, with Student's t at 95%: the page says that of the simple forecasts only last year's month is told apart.
#[test]
fn the_advantage_over_simple_forecasts_is_not_told_from_chance_but_for_one() {
    let ours = errors_by_origin("portflow");
    for rival in Rival::all() {
        let theirs = errors_by_origin(rival.name());
        for with_breaks in [true, false] {
            let origins = (ours.iter())
                .filter(|(origin, _)| with_breaks || !BREAKS.contains(&origin.as_str()));
            let more: Moments = origins
                .map(|(origin, ours)| theirs[origin] - ours)
                .collect();
            assert_eq!(more.n(), if with_breaks { 7 } else { 5 });
            assert!(more.mean().unwrap() > 0.0, "{rival:?}");
            let estimate = Estimate::of(&more, Level::USUAL).unwrap();
            let is_told = estimate.interval.unwrap().lower > 0.0;
            assert_eq!(is_told, rival == Rival::SameMonthLastYear, "{rival:?}");
        }
    }
}

#[test]
fn the_errors_of_forecasts_that_the_page_quotes_are_those_of_its_table() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/calibration.md");
    let page = std::fs::read_to_string(page).unwrap().replace('\n', " ");
    let [ours, theirs] = ["portflow", "ratio_to_driver"]
        .map(|by| [true, false].map(|is_break| mean_error(by, is_break)));
    let quoted = format!(
        "missed irregular encounters by {:.1}% at the two breaks of policy and by {:.1}% elsewhere;   the ratio to Honduras, the best simple forecast, by {:.1}% and {:.1}%",
        ours[0], ours[1], theirs[0], theirs[1]
    );
    assert!(page.contains(&quoted), "{quoted}");
}

/// The dates in the first cell of a row; a later one may leave out the year.
fn dates_of(row: &str) -> Vec<String> {
    let cell = row.split('|').nth(1).unwrap().trim();
    let mut year = "";
    let dates = cell.split(", ").map(|date| {
        let (own, day) = date.split_at(date.len() - "01-31".len());
        if !own.is_empty() {
            year = own;
        }
        format!("{year}{day}")
    });
    dates.collect()
}

#[test]
fn the_page_on_the_model_has_every_event_and_trigger_of_the_history() {
    let page = page("docs/model.md");
    let history: toml::Table = self::page("scenarios/history.toml").parse().unwrap();
    for (list, date) in [("event", "date"), ("trigger", "from")] {
        for change in history[list].as_array().unwrap() {
            let (id, date) = (change["id"].as_str().unwrap(), change[date].to_string());
            let mut rows = page.lines().filter(|line| line.starts_with("| 20"));
            let row = rows.find(|row| row.contains(&format!("`{id}`"))).unwrap();
            let dates = dates_of(row);
            assert!(dates.contains(&date), "{id}, {date}: {dates:?}");
        }
    }
}

#[test]
fn every_figure_of_the_results_is_explained() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/results.md");
    let page = std::fs::read_to_string(page).unwrap();
    let place = workplace();
    let path = place.path().join("scenarios/history.toml");
    let loaded = portflow::scenario::load(&path, &[]).unwrap();
    let layout = Layout::of(&loaded.scenario, Detail::Full);
    let metrics = layout.keys().iter().map(|key| key.metric.name());
    let unknown: BTreeSet<&str> = metrics
        .filter(|name| *name != Metric::WaitDaysQuantile(50).name())
        .filter(|name| !page.contains(&format!("`{name}`")))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn the_results_name_the_figures_that_groups_regions_and_ports_have() {
    let page = page("docs/results.md");
    let place = workplace();
    let path = place.path().join("scenarios/history.toml");
    let loaded = portflow::scenario::load(&path, &[]).unwrap();
    let layout = Layout::of(&loaded.scenario, Detail::Summary);
    let of = |dimension: &str| -> BTreeSet<&str> {
        let keys = layout.keys().iter();
        keys.filter(|key| key.period == Period::Total && key.place.dimension() == dimension)
            .map(|key| key.metric.name())
            .collect()
    };
    let named = |dimension: &str| -> BTreeSet<&str> {
        let start = format!("| {dimension} | ");
        let row = page.lines().find_map(|line| line.strip_prefix(&start));
        // Between every other pair of quotes.
        row.unwrap().split('`').skip(1).step_by(2).collect()
    };
    assert_eq!(of("region"), named("region"));
    assert_eq!(of("port"), named("port"));
    let border = of("");
    let but_of_group: BTreeSet<&str> = border.difference(&of("group")).copied().collect();
    assert_eq!(but_of_group, named("group"));
    assert_eq!(of("trigger"), BTreeSet::from(["days_in_force"]));
    assert!(!border.contains("days_in_force") && !border.contains("queue_persons_mean"));
}

/// Change of an account of the ledger over each month but the first.
fn changes(ledger: &[Row], account: &str) -> Vec<i64> {
    let rows = ledger.iter().filter(|row| row["account"] == account);
    let persons: Vec<i64> = rows.map(|row| row["persons"].parse().unwrap()).collect();
    persons.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

#[test]
fn persons_add_up_as_the_results_say() {
    let page = page("docs/results.md");
    let place = tempfile::tempdir().unwrap();
    let mut blocks = blocks(&page).into_iter();
    let block = blocks.find(|block| block.file == "persons.toml").unwrap();
    std::fs::write(place.path().join(&block.file), block.lines.join("\n")).unwrap();
    let run = ["run", "persons.toml", "-r", "1", "--out", "results"];
    portflow(place.path(), &run).succeeded();
    let [monthly, ledger] = ["monthly", "ledger"].map(|name| {
        let path = place.path().join(format!("results/{name}.csv"));
        rows(&std::fs::read_to_string(path).unwrap())
    });
    let figures = |metric: &str| -> Vec<i64> {
        let rows = monthly.iter();
        rows.filter(|row| row["metric"] == metric && row["dimension"].is_empty())
            .map(|row| row["mean"].parse().unwrap())
            .collect()
    };
    let change = |account: &str| changes(&ledger, account);
    let [
        registrations,
        issued,
        processed,
        no_shows,
        missed,
        cancelled,
        gave_up,
        pool,
    ] = [
        "registrations",
        "appointments_issued",
        "appointments_processed",
        "no_shows",
        "appointments_missed",
        "appointments_cancelled",
        "gave_up",
        "pool_size",
    ]
    .map(figures);
    let [booked, at_port, left] =
        ["booked", "at_port_with_appointment", "left_after_no_show"].map(change);
    for later in 1..3 {
        let ended = processed[later] + no_shows[later] + missed[later] + cancelled[later];
        let (booked, left) = (booked[later - 1] + at_port[later - 1], left[later - 1]);
        assert_eq!(booked, issued[later] - ended);
        let back = no_shows[later] - left + missed[later] + cancelled[later];
        let gone = issued[later] + gave_up[later];
        assert_eq!(
            pool[later] - pool[later - 1],
            registrations[later] + back - gone
        );
    }
    let february = [
        format!("| in the pool at the end of January | {} |", pool[0]),
        format!(
            "| `registrations` | + {} |",
            persons(registrations[1] as f64)
        ),
        format!(
            "| `no_shows`, {}, of whom {} left | + {} |",
            no_shows[1],
            left[0],
            no_shows[1] - left[0]
        ),
        format!("| `appointments_missed` | + {} |", missed[1]),
        format!("| `appointments_cancelled` | + {} |", cancelled[1]),
        format!("| `appointments_issued` | - {} |", issued[1]),
        format!("| `gave_up`, their patience at an end | - {} |", gave_up[1]),
        format!("| `pool_size` at the end of February | {} |", pool[1]),
        format!(
            "{} were issued, {} processed, {} not shown up to and {} cancelled: {} fewer are booked",
            issued[1], processed[1], no_shows[1], cancelled[1], -booked[0]
        ),
    ];
    for line in february {
        assert!(page.contains(&line), "{line}");
    }
}
