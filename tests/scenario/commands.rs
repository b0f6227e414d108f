//! `check`, `show`, `new` and `schema`.

use std::path::Path;

use crate::tools::Files;
use crate::tools::command::{Finished, command, portflow};

const FINE: &str = "[world.groups.all]\narrivals.per_day = 10\n";

#[test]
fn check_says_ok_for_each_file_and_goes_on_after_a_wrong_one() {
    let files = Files::new(&[("a.toml", FINE), ("b.toml", "formt = 1"), ("c.toml", FINE)]);
    let checked = portflow(files.0.path(), &["check", "a.toml", "b.toml", "c.toml"]);
    let said = checked.refused();
    assert_eq!(checked.stdout, "a.toml: ok\nc.toml: ok\n");
    assert!(said.starts_with("b.toml:1:1: error: unknown key `formt`"));
}

#[test]
fn check_lays_values_over_each_file() {
    let files = Files::new(&[("a.toml", FINE), ("b.toml", FINE)]);
    let check = |set: &str| portflow(files.0.path(), &["check", "a.toml", "b.toml", "--set", set]);
    check("policy.app.random_share=0.2|0.4").succeeded();
    for set in [
        "policy.app.random_share=1.5",
        "policy.app.random_share=0.2|1.5",
    ] {
        let said = check(set).refused();
        assert_eq!(
            said.matches("expected a number between 0 and 1").count(),
            2,
            "{said}"
        );
    }
}

#[test]
fn a_metric_given_to_run_is_told_where_figures_are_chosen() {
    let run = ["run", "a.toml", "--metric", "gave_up"];
    let said = portflow(Path::new("."), &run).refused();
    assert!(
        said.contains("'--metric' is of 'compare', 'sweep' and 'sensitivity'"),
        "{said}"
    );
    assert!(!said.contains("-- --metric"), "{said}");
}

#[test]
fn a_warning_leaves_the_file_fine() {
    let files = Files::new(&[("a.toml", "title = \"Nobody\"")]);
    let said = portflow(files.0.path(), &["check", "a.toml"]).warnings();
    assert!(said.contains("warning: the scenario has no group"));
}

#[test]
fn show_prints_unit_and_place_and_can_be_read_again() {
    let files = Files::new(&[("a.toml", FINE)]);
    let show = ["show", "a.toml", "--set", "run.seed=7"];
    let shown = portflow(files.0.path(), &show).succeeded();
    assert!(
        shown.contains("per_day = 10.0  # persons per day; a.toml:2:20\n"),
        "{shown}"
    );
    assert!(shown.contains("seed = 7  # integer; --set"), "{shown}");
    let again = Files::new(&[("shown.toml", &shown)]);
    let set = [("run.seed", "7")];
    let first = files.load("a.toml", &set).unwrap();
    assert_eq!(
        again.load("shown.toml", &[]).unwrap().scenario,
        first.scenario
    );
}

#[test]
fn a_source_of_several_lines_is_shown_in_one() {
    let sources = "[policy.app]\nrandom_share = 0.3\n[sources]\n\
                   \"policy.app.random_share\" = \"\"\"a decree\nart. 2 = 3\"\"\"\n";
    let files = Files::new(&[("a.toml", &format!("{FINE}{sources}"))]);
    let shown = portflow(files.0.path(), &["show", "a.toml"]).succeeded();
    assert!(shown.contains("; a decree art. 2 = 3\n"), "{shown}");
    let again = Files::new(&[("shown.toml", &shown)]);
    again.load("shown.toml", &[]).unwrap();
}

#[test]
fn new_never_overwrites() {
    let files = Files::new(&[("base.toml", FINE)]);
    let new = ["new", "a.toml", "--extends", "base.toml"];
    portflow(files.0.path(), &new).succeeded();
    assert!(files.load("a.toml", &[]).is_ok());
    let again = portflow(files.0.path(), &new).refused();
    assert_eq!(again, "error: a.toml exists, and is left as it is\n");
}

#[test]
fn new_extends_only_a_file_that_is_there() {
    let files = Files::new(&[("in/base.toml", FINE)]);
    let here = files.0.path();
    for (name, base, is_there) in [
        ("in/a.toml", "in/base.toml", false),
        ("in/a.toml", "base.toml", true),
        ("b.toml", "in/base.toml", true),
    ] {
        let new = portflow(here, &["new", name, "--extends", base]);
        if is_there {
            new.succeeded();
        } else {
            let said = new.refused();
            let start = "error: --extends: cannot read in/in/base.toml: there is no such file; ";
            assert!(said.starts_with(start), "{said}");
            assert!(
                said.ends_with("; the name is relative to FILE, in/a.toml\n"),
                "{said}"
            );
        }
        assert_eq!(here.join(name).exists(), is_there, "{name} {base}");
    }
}

/// Every number has a unit, and every key a meaning: `explain` and the template say them.
#[test]
fn the_schema_gives_every_key_a_meaning_and_every_number_a_unit() {
    let files = Files::new(&[]);
    let schema = portflow(files.0.path(), &["schema"]).document();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    let definitions = schema["$defs"].as_object().unwrap();
    let file = "file".to_owned();
    let tables = definitions.iter().chain([(&file, &schema)]);
    for (name, table) in tables {
        for (key, rule) in table["properties"].as_object().into_iter().flatten() {
            assert!(
                rule["description"].is_string(),
                "{name}.{key} has no meaning"
            );
            let is_number = rule["type"] == "number" || rule["type"] == "integer";
            assert!(
                !is_number || rule["unit"].is_string(),
                "{name}.{key} has no unit"
            );
        }
    }
}

/// Variants give tables in part, change events by their id and take them out.
#[test]
fn the_schema_asks_for_whole_tables_only_where_a_list_holds_them() {
    let files = Files::new(&[]);
    let schema = portflow(files.0.path(), &["schema"]).document();
    let definition = |name: &str| &schema["$defs"][name];
    for change in ["Event", "Trigger"] {
        assert!(definition(change)["required"].is_null(), "{change}");
        assert_eq!(definition(change)["anyOf"][0]["required"][0], "id");
        assert_eq!(
            definition(change)["properties"]["remove"]["type"],
            "boolean"
        );
    }
    for table in ["Driver", "CrossingOutcome", "PortOutcome", "When", "Until"] {
        assert!(definition(table)["required"].is_null(), "{table}");
    }
    for item in ["Level", "Regularity", "Shift"] {
        assert!(definition(item)["required"].is_array(), "{item}");
    }
}

#[test]
fn a_port_or_group_that_nothing_happens_to_is_questioned() {
    let idle = "[policy.ports.nogale]\nopen = false\n[world.groups.al]\nlabel = \"All\"\n";
    let busy = "[world.groups.all]\narrivals.per_day = 10\n[policy.app]\nslots_per_day = 10\n[policy.ports.nogales]\nslots_per_day = 10\n";
    let files = Files::new(&[("a.toml", &format!("{idle}{busy}"))]);
    let loaded = files.load("a.toml", &[]).unwrap();
    let warnings = loaded.warnings.to_string();
    for said in [
        "a.toml:1:1: warning: the port `nogale` has neither slots nor walk-ups",
        "did you mean `nogales`?",
        "a.toml:3:1: warning: nobody belongs to the group `al`",
        "did you mean `all`?",
    ] {
        assert!(warnings.contains(said), "{said}\n{warnings}");
    }
    // One that had slots is closed on purpose.
    let set = [
        ("policy.app.slots_per_day", "0"),
        ("policy.ports.nogales.slots_per_day", "0"),
    ];
    let loaded = files.load("a.toml", &set).unwrap();
    let warnings = loaded.warnings.to_string();
    assert!(warnings.contains("the port `nogale`"), "{warnings}");
    assert!(!warnings.contains("the port `nogales`"), "{warnings}");
}

#[test]
fn officers_that_shifts_overrule_are_warned_of() {
    let port = "[world.groups.all]\narrivals.per_day = 10\n[policy.ports.only]\nofficers = 4\n";
    let shifts = "shifts = [{ from = 08:00:00, officers = 2 }]\n";
    let moved = "[[event]]\ndate = 2024-01-05\nset = { \"ports.only.officers\" = 9 }\n";
    let run = "[run]\nstart = 2024-01-01\nend = 2024-01-31\n";
    let files = Files::new(&[
        ("plain.toml", &format!("{run}{port}{moved}")),
        ("both.toml", &format!("{run}{port}{shifts}")),
        (
            "moved.toml",
            &format!("{run}{}{shifts}{moved}", port.replace("officers = 4\n", "")),
        ),
    ]);
    let warnings = |name: &str| files.load(name, &[]).unwrap().warnings.to_string();
    assert_eq!(warnings("plain.toml"), "");
    for name in ["both.toml", "moved.toml"] {
        let told = warnings(name);
        let expected = "`officers` of `only` changes nothing: its `shifts` say who is on duty";
        assert!(told.contains(expected), "{name}: {told}");
    }
    // A resolved file has the usual number beside shifts.
    let shifts_alone = format!("{run}{}{shifts}", port.replace("officers = 4\n", ""));
    let files = Files::new(&[("a.toml", &shifts_alone)]);
    let resolved = files.load("a.toml", &[]).unwrap().resolved_toml();
    assert!(resolved.contains("\nofficers = 1\n"), "{resolved}");
    let files = Files::new(&[("r.toml", &resolved)]);
    let loaded = files.load("r.toml", &[]).unwrap();
    assert_eq!(loaded.warnings.to_string(), "");
}

/// Ten walk up every day, and one crosses.
#[test]
fn a_month_of_which_days_are_missing_is_not_said_to_cross_over() {
    let walkers = "[world.groups.all]\narrivals = { process = \"fixed\", per_day = 10 }\nweights = { app = 0.0, walk_up = 1.0 }\n\
        [world.groups.others]\narrivals = { process = \"fixed\", per_day = 1 }\nweights = { app = 0.0, irregular = 1.0 }\n\
        [policy.ports.only]\nwalk_ups_per_day = 100\nofficers = 100\n";
    let files = Files::new(&[("a.toml", walkers)]);
    let told = |end: &str| {
        let (start, end) = ("run.start=2024-01-01", format!("run.end={end}"));
        let run = ["run", "a.toml", "-r", "1", "--set", start, "--set", &end];
        portflow(files.0.path(), &run).succeeded()
    };
    assert!(!told("2024-01-30").contains("do encounters at ports exceed"));
    let crossers = "[world.groups.all]\narrivals.per_day = 10\nweights = { app = 0.0, irregular = 1.0 }\n[policy.ports.only]\n";
    std::fs::write(files.0.path().join("a.toml"), crossers).unwrap();
    assert!(told("2024-02-02").contains("In no whole month do encounters at ports exceed"));
    std::fs::write(files.0.path().join("a.toml"), walkers).unwrap();
    assert!(
        told("2024-01-31")
            .contains("exceed those between ports already in the first month, 2024-01")
    );
    // Of a month that begins before the run nothing is known: the next is no change.
    let run = ["run", "a.toml", "-r", "1", "--set", "run.start=2024-01-15"];
    let later = [&run[..], &["--set", "run.end=2024-03-31"]].concat();
    let later = portflow(files.0.path(), &later).succeeded();
    let first = "exceed those between ports already in the first whole month, 2024-02";
    assert!(later.contains(first), "{later}");
}

#[test]
fn a_file_with_a_byte_order_mark_is_read_and_its_columns_counted_without_it() {
    let files = Files::new(&[
        ("a.toml", "\u{feff}observed.file = \"b.csv\"\n"),
        ("b.csv", "\u{feff}month,pool_size\n2024-01,5\n"),
        ("c.toml", "\u{feff}formt = 1\n"),
    ]);
    assert!(files.load("a.toml", &[]).is_ok());
    let wrong = files.load("c.toml", &[]).unwrap_err();
    assert!(wrong.to_string().contains("c.toml:1:1: error: unknown key"));
}

#[test]
fn a_new_file_that_extends_another_inherits_its_title() {
    let base =
        "title = \"The base\"\n[world.groups.all]\narrivals.per_day = 10\n[policy.ports.only]\n";
    let files = Files::new(&[("base.toml", base)]);
    let here = files.0.path();
    portflow(here, &["new", "a.toml", "--extends", "base.toml"]).succeeded();
    let loaded = files.load("a.toml", &[]).unwrap();
    assert_eq!(loaded.scenario.title, "The base");
    let text = std::fs::read_to_string(here.join("a.toml")).unwrap();
    assert!(text.starts_with("# A portflow scenario. Behind each `#` is a key with its default;"));
}

/// Runs `check` with a text on its standard input.
#[cfg(unix)]
fn check_standard_input(content: &str) -> Finished {
    use std::io::Write;
    use std::process::Stdio;

    let mut child = command(Path::new("."), &["check", "/dev/stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(content.as_bytes()).unwrap();
    drop(stdin);
    child.wait_with_output().unwrap().into()
}

/// A pipe can be read once.
#[cfg(unix)]
#[test]
fn a_scenario_from_a_pipe_is_checked_as_a_file_is() {
    check_standard_input("formt = 1\n").refused_for("unknown key `formt`");
    check_standard_input("base = \"nowhere.toml\"\n").refused_for("neither variants nor a sweep");
    check_standard_input(FINE).succeeded();
}

#[test]
fn a_reader_who_leaves_early_does_not_make_a_wrong_file_right() {
    let files = Files::new(&[("a.toml", FINE), ("b.toml", "formt = 1")]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = command(files.0.path(), &["check", "a.toml", "b.toml"])
        .stdout(writer)
        .output()
        .unwrap();
    Finished::from(output).refused_for("unknown key `formt`");
}

#[test]
fn a_template_into_a_directory_that_is_missing_is_refused() {
    let files = Files::new(&[]);
    portflow(files.0.path(), &["new", "missing/a.toml"])
        .refused_for("cannot write missing/a.toml: there is no such directory");
}

/// As on a full disk: no file may be longer than an empty one there.
#[cfg(unix)]
#[test]
fn a_template_that_cannot_be_written_leaves_no_file() {
    let files = Files::new(&[]);
    let mut new = crate::tools::command::command_after(
        "trap '' XFSZ; ulimit -f 0",
        files.0.path(),
        &["new", "a.toml"],
    );
    let said = Finished::from(new.output().unwrap()).failed();
    assert!(said.starts_with("error: cannot write a.toml"), "{said}");
    assert!(!files.0.path().join("a.toml").exists());
}
