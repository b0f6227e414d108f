//! One key has several names, and lies in tables that can be set as a whole: whatever sets it, sets it.

use crate::tools::Files;
use crate::tools::command::{portflow, rows};

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
    let mut rows = rows(&done.succeeded());
    rows.retain(|row| row["metric"] == "arrivals" && row.get("id").is_none_or(String::is_empty));
    let means = rows.iter().map(|row| row["mean"].parse::<f64>().unwrap());
    // Of a run there is a row for each month.
    let means = if rows[0].contains_key("point") {
        means.collect()
    } else {
        vec![means.sum()]
    };
    (means, done.stderr)
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
        portflow(files.0.path(), &args).warnings()
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
    let [by_place, by_date] = [BY_PLACE, BY_DATE].map(|key| format!("{key}=50"));
    let whole = "world.groups.all.arrivals={per_day=10}|{per_day=100}";
    let part = "world.groups.all.arrivals.per_day";
    for (command, set, reason) in [
        (
            ["run", "levels.toml"],
            [&*by_place, &*by_date],
            format!("--set {BY_PLACE} and --set {BY_DATE} are one key under two names"),
        ),
        (
            ["sweep", "even.toml"],
            [&*format!("{part}=50|80"), whole],
            format!("world.groups.all.arrivals takes the place of --set {part} before it"),
        ),
        (
            ["sweep", "even.toml"],
            [whole, &*format!("{part}=50")],
            format!("--set {part} is a part of what is tried"),
        ),
    ] {
        let args = [&command[..], &["--set", set[0], "--set", set[1]]].concat();
        portflow(files.0.path(), &args).refused_for(&reason);
    }
}
