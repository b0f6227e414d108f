//! One key has several names, and lies in tables that can be set as a whole: whatever sets it, sets it.

use crate::tools::{Files, portflow, text};

const BY_DATE: &str = "world.groups.all.arrivals.levels.2024-01-31.per_day";
const BY_PLACE: &str = "world.groups.all.arrivals.levels.2.per_day";

/// Sixty days with some arrivals, of which a key is uncertain, and nine or ten times as much in every future.
fn scenario(arrivals: &str, key: &str) -> String {
    format!(
        "[run]
start = 2024-01-01
end = 2024-02-29
[world.groups.all]
arrivals = {arrivals}
[policy.ports.only]
[futures.\"{key}\"]
low = 900
high = 1000
source = \"assumed\"
[futures.\"world.service.mean_minutes\"]
low = 30
high = 60
source = \"assumed\"
"
    )
}

/// The second of two levels.
fn levels() -> String {
    let levels =
        "{ levels = [{ date = 2024-01-01, per_day = 100 }, { date = 2024-01-31, per_day = 100 }] }";
    scenario(levels, BY_DATE)
}

/// The same all the time, in a table that can be set as a whole.
fn even() -> String {
    scenario("{ per_day = 100 }", "world.groups.all.arrivals.per_day")
}

fn files() -> Files {
    Files::new(&[
        ("levels.toml", &levels()),
        ("even.toml", &even()),
        ("p.csv", &format!("draw,weight,{BY_PLACE}\n1,1,100\n")),
    ])
}

/// Persons who arrive in the whole run, at each point of a sweep, by what the command prints as CSV; and what it says beside it.
fn arrivals(args: &[&str]) -> (Vec<f64>, String) {
    let files = files();
    let done = portflow(files.0.path(), &[args, &["--format", "csv"]].concat());
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let mut table = csv::Reader::from_reader(&done.stdout[..]);
    let columns = table.headers().unwrap().clone();
    let column = |name: &str| columns.iter().position(|column| column == name);
    let (metric, mean, id) = (
        column("metric").unwrap(),
        column("mean").unwrap(),
        column("id"),
    );
    let rows = table.records().map(Result::unwrap);
    let rows =
        rows.filter(|row| &row[metric] == "arrivals" && id.is_none_or(|id| row[id].is_empty()));
    let means: Vec<f64> = rows.map(|row| row[mean].parse().unwrap()).collect();
    // Of a run there is a row for each month.
    let means = match column("point") {
        Some(_) => means,
        None => vec![means.iter().sum()],
    };
    (means, text(&done.stderr))
}

#[test]
fn a_value_is_not_overwritten_by_futures_that_name_its_key_otherwise() {
    const METRIC: [&str; 4] = ["--metric", "arrivals", "-r", "1"];
    let whole = "world.groups.all.arrivals={per_day=100}";
    for (file, set) in [
        ("levels.toml", &*format!("{BY_PLACE}=100")),
        ("even.toml", whole),
    ] {
        // Drawn, it is 950 in the mean, and as set, it is 100 for sixty days.
        let (drawn, _) = arrivals(&["run", file, "--futures", "2", "-r", "1"]);
        assert!(drawn[0] > 30_000.0, "{drawn:?}");
        let (held, said) = arrivals(&["run", file, "--futures", "2", "-r", "1", "--set", set]);
        assert!((held[0] - 6000.0).abs() < 400.0, "{held:?}{said}");
        let ten_times = set.replace("100", "1000");
        let (_, value) = ten_times.split_once('=').unwrap();
        let (points, _) = arrivals(
            &[
                &["sweep", file, "--set", &format!("{set}|{value}")][..],
                &METRIC,
            ]
            .concat(),
        );
        assert!(
            points.len() == 2 && points[1] > 3.0 * points[0],
            "{points:?}"
        );
    }
    let args = ["run", "levels.toml", "-r", "1", "--posterior", "p.csv"];
    let (posterior, said) = arrivals(&args);
    assert!((posterior[0] - 6000.0).abs() < 400.0, "{posterior:?}{said}");
}

#[test]
fn a_level_of_a_variant_that_every_draw_replaces_is_told() {
    let extends = "extends = \"levels.toml\"\n[world.groups.all]\narrivals.levels = ";
    let with_second = |second: u32| {
        format!(
            "{extends}[{{ date = 2024-01-01, per_day = 100 }}, {{ date = 2024-01-31, per_day = {second} }}]\n"
        )
    };
    let (other, same) = (
        with_second(300),
        with_second(100).replace("2024-01-01, per_day = 100", "2024-01-01, per_day = 50"),
    );
    let files = Files::new(&[
        ("levels.toml", &levels()),
        ("other.toml", &other),
        ("same.toml", &same),
    ]);
    let said = |variant: &str| {
        let args = [
            "compare",
            "levels.toml",
            variant,
            "--futures",
            "2",
            "-r",
            "1",
        ];
        text(&portflow(files.0.path(), &args).stderr)
    };
    let warning = |variant: &str| format!("`{variant}` sets `{BY_DATE}`, which is uncertain");
    assert!(
        said("other.toml").contains(&warning("other")),
        "{}",
        said("other.toml")
    );
    assert!(
        !said("same.toml").contains(&warning("same")),
        "{}",
        said("same.toml")
    );
}

#[test]
fn of_two_values_for_one_key_under_two_names_none_is_lost() {
    let files = files();
    let refused = |command: &str, set: [&str; 2]| {
        let file = if command == "run" {
            "levels.toml"
        } else {
            "even.toml"
        };
        let args = [command, file, "--set", set[0], "--set", set[1]];
        let done = portflow(files.0.path(), &args);
        assert_eq!(done.status.code(), Some(2), "{args:?}");
        text(&done.stderr)
    };
    let [by_place, by_date] = [BY_PLACE, BY_DATE].map(|key| format!("{key}=50"));
    let said = refused("run", [&by_place, &by_date]);
    let names = format!("--set {BY_PLACE} and --set {BY_DATE} are one key under two names");
    assert!(said.contains(&names), "{said}");
    let whole = "world.groups.all.arrivals={per_day=10}|{per_day=100}";
    let part = "world.groups.all.arrivals.per_day";
    let said = refused("sweep", [&format!("{part}=50|80"), whole]);
    let reason = format!("world.groups.all.arrivals takes the place of --set {part} before it");
    assert!(said.contains(&reason), "{said}");
    let said = refused("sweep", [whole, &format!("{part}=50")]);
    let reason = format!("--set {part} is a part of what is tried");
    assert!(said.contains(&reason), "{said}");
}
