//! One wrong file for every mistake, and what is said about it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::tools::command::portflow;
use crate::tools::{Files, fixtures, toml_files};

fn wrong_files() -> Vec<PathBuf> {
    toml_files(&fixtures().join("errors"))
}

/// Set `UPDATE_EXPECTED=1` to write the texts anew, then read what changed.
#[test]
fn every_wrong_file_is_refused_with_the_text_beside_it() {
    let mut differing = Vec::new();
    for file in wrong_files() {
        let name = file.file_name().unwrap().to_str().unwrap();
        let output = portflow(&fixtures().join("errors"), &["check", name]);
        let found = output.refused();
        assert_eq!(output.stdout, "", "{name}");
        let beside = file.with_extension("stderr");
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::write(&beside, &found).unwrap();
        }
        if fs::read_to_string(&beside).ok().as_ref() != Some(&found) {
            differing.push(format!("--- {name}\n{found}"));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn every_error_is_headed_by_its_place() {
    for file in wrong_files() {
        let expected = fs::read_to_string(file.with_extension("stderr")).unwrap();
        let heads = expected.lines().filter(|line| line.contains(": error: "));
        for head in heads {
            let place: Vec<&str> = head.split(':').take(3).collect();
            assert!(place[1].parse::<u32>().is_ok(), "{head}");
            assert!(place[2].parse::<u32>().is_ok(), "{head}");
        }
        assert!(expected.contains("error: "), "{}", file.display());
    }
}

#[test]
fn five_mistakes_are_five_errors() {
    let path = fixtures().join("errors/five_mistakes.toml");
    let wrong = portflow::scenario::load(&path, &[]).unwrap_err();
    assert_eq!(wrong.problems().len(), 5, "{wrong}");
}

#[test]
fn a_mistake_on_the_command_line_is_shown_there() {
    let files = Files::new(&[("a.toml", "")]);
    let args = ["show", "a.toml", "--set", "policy.app.random_share=half"];
    let said = portflow(files.0.path(), &args).refused();
    let expected = "--set:1:25: error: `policy.app.random_share`: found the string \"half\", expected a number between 0 and 1
  |
1 | policy.app.random_share=half
  |                         ^^^^

";
    assert_eq!(said, expected);
}

/// What is wrong in a file only because of a value laid over it says so; of several values, the one with which it goes wrong.
#[test]
fn a_mistake_in_a_file_names_the_value_of_the_command_line_behind_it() {
    let text = "[run]\nend = 2024-03-31\n[policy.crossing]\noutcome = { released = 0.5, removed = 0.5, returned = 0 }\n";
    let files = Files::new(&[
        ("a.toml", text),
        (
            "b.toml",
            &format!(
                "{text}[policy.port_outcome]\nparoled = 0.5\nrepatriated = 0.1\ntransferred = 0.1\n"
            ),
        ),
    ]);
    let shown = |name: &str, set: &[(&str, &str)]| {
        let wrong = files.load(name, set).unwrap_err().to_string();
        let heads = wrong
            .lines()
            .filter_map(|line| line.split_once(": error: "));
        let heads: Vec<String> = heads.map(|(_, message)| message.to_owned()).collect();
        heads
    };
    let late = ("run.start", "2024-06-01");
    let one =
        ["--set run.start=2024-06-01: the run ends on 2024-03-31, before it starts on 2024-06-01"];
    assert_eq!(shown("a.toml", &[late]), one);
    let share = ("policy.crossing.outcome.returned", "0.5");
    let set = [("title", "x"), share, ("run.seed", "3")];
    let other = "--set policy.crossing.outcome.returned=0.5: the shares of `crossing.outcome` sum to 1.5, not to 1";
    assert_eq!(shown("a.toml", &set), [other]);
    let found = shown("b.toml", &set);
    assert_eq!(found[0], other);
    assert!(
        found[1].starts_with("the shares of `port_outcome` sum to "),
        "{found:?}"
    );
}

#[test]
fn of_a_file_that_is_no_scenario_one_error_is_shown() {
    let csv = "month,arrivals\n2024-01,5\n2024-02,6\n2024-03,7\n2024-04,8\n";
    let files = Files::new(&[("data.csv", csv), ("a.toml", "extends = \"data.csv\"\n")]);
    for name in ["data.csv", "a.toml"] {
        let said = portflow(files.0.path(), &["check", name]).refused();
        let head = "data.csv:1:6: error: not TOML: key with no value, expected `=`, and 4 more such errors\n";
        assert!(said.starts_with(head), "{said}");
        assert_eq!(said.matches(": error: ").count(), 1, "{said}");
        assert!(
            said.contains("= help: this does not look like a scenario"),
            "{said}"
        );
    }
}

#[test]
fn a_file_that_is_not_there_is_wrong_input() {
    let said = portflow(&fixtures(), &["check", "nowhere.toml"]).refused();
    assert!(
        said.starts_with("error: cannot read nowhere.toml: there is no such file"),
        "{said}"
    );
}

#[test]
fn of_a_file_that_is_not_there_the_nearest_beside_it_is_named() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (command, meant) in [
        (["run", "scenarios/histroy.toml"], "scenarios/history.toml"),
        (
            ["sweep", "scenarios/experiments/slots-and-rules.toml"],
            "scenarios/experiments/slots-and-rule.toml",
        ),
    ] {
        portflow(here, &command).refused_for(&format!("did you mean {meant}?"));
    }
    portflow(here, &["check", "scenarios"]).refused_for("it is a directory");
}

#[test]
fn an_override_needs_a_full_path() {
    let files = Files::new(&[("a.toml", "")]);
    let found = files.mistakes("a.toml", &[("random_share", "0.5")]);
    assert_eq!(found, ["`random_share` is not a full key path"]);
}

#[test]
fn an_override_that_begins_with_an_id_is_told_the_whole_path() {
    let files = Files::new(&[(
        "a.toml",
        "[policy.ports.hill]\n[[event]]\nid = \"staff\"\ndate = 2024-02-01\nset = { \"ports.hill.officers\" = 2 }\n",
    )]);
    for (key, meant) in [
        ("hill.officers", "policy.ports.hill.officers"),
        ("staff.date", "event.staff.date"),
    ] {
        let set = format!("{key}=5");
        let said = portflow(files.0.path(), &["show", "a.toml", "--set", &set]).refused();
        assert!(said.contains(&format!("did you mean `{meant}`?")), "{said}");
    }
    let other = ["show", "a.toml", "--set", "other.officers=5"];
    portflow(files.0.path(), &other).refused_for("unknown key `other` at the top of the file");
}

#[test]
fn an_override_of_a_part_of_a_path_is_told_the_whole() {
    let files = Files::new(&[("a.toml", "")]);
    let wrong = files.load("a.toml", &[("app.random_share", "0.5")]);
    let wrong = wrong.unwrap_err().to_string();
    assert!(
        wrong.contains("did you mean `policy.app.random_share`?"),
        "{wrong}"
    );
}

/// A slip of the pen would otherwise make a port that nobody asked for.
#[test]
fn an_override_makes_no_new_port_or_group_and_no_other_base() {
    let files = Files::new(&[("a.toml", "[policy.ports.east]\n[world.groups.all]\n")]);
    for (key, value, message) in [
        ("policy.ports.est.open", "false", "there is no port `est`"),
        ("world.groups.al.label", "x", "there is no group `al`"),
        (
            "extends",
            "b.toml",
            "`extends` is what a file says of itself",
        ),
    ] {
        assert_eq!(files.mistakes("a.toml", &[(key, value)]), [message]);
    }
    assert!(
        files
            .load("a.toml", &[("policy.ports.east.open", "false")])
            .is_ok()
    );
}

#[test]
fn a_new_port_or_group_beside_one_of_nearly_its_name_is_asked_about() {
    let base = "[policy.ports.laredo]\n[world.groups.mexican]\n";
    let new = "extends = \"a.toml\"\n[policy.ports.laredoo]\nslots_per_day = 5\n\
         [policy.ports.west_1]\nslots_per_day = 5\n[policy.ports.west_2]\nwalk_ups_per_day = 1\n\
         [world.groups.mexicn]\narrivals.per_day = 4\n";
    let files = Files::new(&[
        ("a.toml", base),
        ("b.toml", new),
        ("c.toml", new.split_once('\n').unwrap().1),
    ]);
    let warnings = files.load("b.toml", &[]).unwrap().warnings;
    let said: Vec<(&str, Option<&str>)> = (warnings.problems().iter())
        .map(|warning| (warning.message.as_str(), warning.help.as_deref()))
        .filter(|(message, _)| message.contains("new"))
        .collect();
    let expected = [
        (
            "`laredoo` is a new port, beside `laredo`",
            Some("did you mean `laredo`?"),
        ),
        (
            "`mexicn` is a new group, beside `mexican`",
            Some("did you mean `mexican`?"),
        ),
    ];
    assert_eq!(said, expected);
    let alone = files.load("c.toml", &[]).unwrap().warnings.to_string();
    assert!(!alone.contains("is a new"), "{alone}");
    let capitals = "extends = \"a.toml\"\n[policy.ports.LAREDO]\nofficers = 5\n";
    let files = Files::new(&[("a.toml", base), ("b.toml", capitals)]);
    let wrong = files.load("b.toml", &[]).unwrap_err().to_string();
    assert!(wrong.contains("there is no port `LAREDO`"), "{wrong}");
    assert!(wrong.contains("did you mean `laredo`?"), "{wrong}");
}

#[test]
fn one_bracket_over_an_inherited_list_is_one_mistake() {
    let base = "[world.groups.all]\narrivals.per_day = 5\n[policy.ports.only]\n[[event]]\nid = \"more\"\ndate = 2024-03-01\n\
                set = { \"app.random_share\" = 0.5, \"trigger.limit.until.delay_days\" = 4 }\n\
                [[trigger]]\nid = \"limit\"\nwhen = { metric = \"pool_size\", mean_over_days = 7, at_least = 5 }\n\
                until = { metric = \"pool_size\", mean_over_days = 7, below = 5 }\nset = { \"app.lead_time_days\" = 5 }\n\
                [calibrate]\nfrom = 2024-02-01\nto = 2024-04-30\n[calibrate.parameters.luck]\n\
                keys = [\"event.more.set.app.random_share\"]\nlow = 0.1\nhigh = 0.9\nsource = \"assumed\"\n\
                [futures]\n\"event.more.set.app.random_share\" = { low = 0.1, high = 0.9, source = \"assumed\" }\n\
                [sources]\n\"event.more.set.app.random_share\" = \"a newspaper\"\n";
    for list in ["event", "trigger"] {
        let text = format!("extends = \"base.toml\"\n[{list}]\nid = \"new\"\nset = {{}}\n");
        let files = Files::new(&[("base.toml", base), ("a.toml", &text)]);
        let wrong = files.mistakes("a.toml", &[]);
        let said = format!("`{list}`: found a table, expected a list");
        assert!(wrong[0].starts_with(&said), "{wrong:?}");
        assert_eq!(wrong.len(), 1, "{wrong:?}");
    }
}

#[test]
fn of_two_values_for_one_key_none_is_lost() {
    let files = Files::new(&[("a.toml", "")]);
    let twice = ["--set", "run.seed=3", "--set", "run.seed=4"];
    let commands: [&[&str]; 3] = [
        &["run", "a.toml"],
        &["compare", "a.toml", "a.toml"],
        &["calibrate", "a.toml"],
    ];
    for command in commands {
        let said = portflow(files.0.path(), &[command, &twice].concat()).refused();
        assert_eq!(said, "error: --set run.seed is given twice\n");
    }
}
