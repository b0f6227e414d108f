//! Keys and entries in a wrong place, and mistakes from which others would follow.

use super::{assert_wrong_once, wrong};
use crate::tools::Files;
use crate::tools::command::portflow;

#[test]
fn a_decimal_comma_in_braces_is_told_as_it_is_elsewhere() {
    const SAID: &str = "write 0.5 for 0,5";
    assert_wrong_once([
        (
            "[[event]]\ndate = 2024-05-01\nset = { \"app.slots_per_day\" = 1800,5 }\n",
            SAID,
        ),
        (
            "[[event]]\ndate = 2024-05-01\nset = { app.random_share = 0,7 }\n",
            SAID,
        ),
        (
            "[[event]]\ndate = 2024-05-01\nset = { app.slots_per_day = 1.800,0 }\n",
            SAID,
        ),
        (
            "[[event]]\ndate = 2024-05-01\nset = { app.slots_per_day = 1,800,000 }\n",
            SAID,
        ),
    ]);
}

/// Behind a comma of a list another value begins.
#[test]
fn what_is_wrong_behind_a_comma_of_a_list_is_told_as_it_is() {
    assert_wrong_once([
        (
            "[policy.ports.p]\nappointment_times = [08:00:00,9:00:00]\n",
            "09:00:00",
        ),
        (
            "[policy.ports.p]\nclosed_dates = [2024-01-05,2024-1-6]\n",
            "year, month and day, of four and two and two digits",
        ),
    ]);
}

#[test]
fn a_path_of_one_word_where_a_full_one_is_asked_for_is_told_the_full_one() {
    assert_wrong_once([
        (
            "[futures]\nper_day = { distribution = \"uniform\", low = 5, high = 6 }\n",
            "`per_day`",
        ),
        ("[futures]\nseed = { low = 1, high = 2 }\n", "`seed`"),
    ]);
}

#[test]
fn a_key_in_the_wrong_table_is_told_its_own() {
    assert_wrong_once([
        ("[app]\n", "did you mean `world.app` or `policy.app`?"),
        ("[ports.p]\n", "did you mean `policy.ports`?"),
        ("[walk_up]\n", "did you mean `policy.walk_up`?"),
        (
            "policy.app.no_show_probability = 0.1\n",
            "did you mean `world.app.no_show_probability`?",
        ),
        (
            "policy.booked = \"move\"\n",
            "did you mean `policy.app.booked`?",
        ),
        (
            "[[event]]\ndate = 2024-02-01\nslots_per_day = 5\nset = {}\n",
            "levers are moved in `set`, there as `app.slots_per_day`",
        ),
        (
            "[[event]]\ndate = 2024-02-01\npolicy.app.slots_per_day = 5\nset = {}\n",
            "levers are moved in `set`, by their paths under `[policy]`",
        ),
        (
            "[[event]]\ndate = 2024-02-01\nset = { booked = \"move\" }\n",
            "did you mean `app.booked`?",
        ),
        ("policy.ports.p.closed = true\n", "write `open = false`"),
        (
            "base = \"b.toml\"\n[run]\n",
            "`base` is a key of an experiment, which has no `[run]`",
        ),
    ]);
    let files = Files::new(&[("a.toml", "")]);
    let wrong = files.load("a.toml", &[("slots_per_day", "5")]);
    let wrong = wrong.unwrap_err().to_string();
    assert!(
        wrong.contains("did you mean `policy.app.slots_per_day`?"),
        "{wrong}"
    );
}

#[test]
fn a_port_that_is_twice_in_an_area_is_told() {
    let areas = |ports: &str| {
        format!(
            "[world.groups.a]\n[policy.ports.p]\n[policy.ports.q]\n[observed]\nfile = \"o.csv\"\nareas = {{ SD = {ports} }}\n"
        )
    };
    let said = |ports: &str| {
        let data = ("o.csv", "month,arrivals\n2024-01,5\n");
        let files = Files::new(&[("a.toml", &areas(ports)), data]);
        files.load("a.toml", &[]).map_err(|wrong| wrong.to_string())
    };
    assert!(said("[\"p\", \"q\"]").is_ok());
    let wrong = said("[\"p\", \"q\", \"p\"]").unwrap_err();
    assert!(wrong.contains("`p` is twice in the area `SD`"), "{wrong}");
}

/// Nothing reads what stands there, and its mistakes were not seen.
#[test]
fn an_event_that_is_taken_out_has_nothing_beside_its_id() {
    let base = "[[event]]\nid = \"x\"\ndate = 2024-02-01\nset = { app.slots_per_day = 9 }\n";
    let own = "extends = \"base.toml\"\n[[event]]\nid = \"x\"\nremove = true\n";
    let more = "date = 2024-03-01\nset = { app.slots_per_dya = 9 }\nbogus = 3\n";
    let files = Files::new(&[
        ("base.toml", base),
        ("right.toml", own),
        ("wrong.toml", &format!("{own}{more}")),
        // The word may be what is wrong.
        (
            "word.toml",
            &format!("{}{more}", own.replace("true", "\"no\"")),
        ),
    ]);
    assert!(files.load("right.toml", &[]).is_ok());
    let wrong = files.load("wrong.toml", &[]).unwrap_err().to_string();
    let said = "wrong.toml:5:1: error: an entry with `remove = true` is taken out, and has nothing beside its `id`: found `date`, `set`, `bogus`";
    assert!(wrong.contains(said), "{wrong}");
    let help = "= help: take `remove` out to change the event, or the rest to take it out";
    assert!(wrong.contains(help), "{wrong}");
    assert_eq!(wrong.matches(": error: ").count(), 1, "{wrong}");
    let wrong = files.load("word.toml", &[]).unwrap_err().to_string();
    assert!(
        wrong.contains("= help: write false without quotes"),
        "{wrong}"
    );
    assert_eq!(wrong.matches(": error: ").count(), 1, "{wrong}");
}

#[test]
fn a_key_that_is_given_twice_is_told_what_to_do_in_whatever_form() {
    assert_wrong_once([
        ("seed = 1\nseed = 2\n", "keep one of the two"),
        (
            "run.seed = 1\nrun = { end = 2024-03-31 }\n",
            "keep one of the two",
        ),
        (
            "run.seed = 1\n[run]\nend = 2024-03-31\n",
            "the table has keys already: write all of them in one place",
        ),
    ]);
}

#[test]
fn true_and_false_in_quotes_or_in_other_words_are_told_how_they_are_written() {
    assert_wrong_once([
        (
            "policy.app.open = \"true\"\n",
            "= help: write true without quotes",
        ),
        (
            "policy.app.open = \"No\"\n",
            "= help: write false without quotes",
        ),
    ]);
    let files = Files::new(&[("a.toml", "")]);
    for (value, help) in [("False", "write false"), ("yes", "write true")] {
        let wrong = files.load("a.toml", &[("policy.app.open", value)]);
        let wrong = wrong.unwrap_err().to_string();
        assert!(wrong.contains(help), "{wrong}");
    }
}

#[test]
fn a_name_of_a_file_that_is_empty_is_told() {
    assert_wrong_once([(
        "extends = \"\"\nformt = 1\n",
        "a.toml:1:11: error: `extends` names no file",
    )]);
}

#[test]
fn a_data_file_that_is_named_from_where_the_command_is_run_is_told_its_name_from_the_file() {
    let files = Files::new(&[
        ("o.csv", "month,arrivals\n2024-01,5\n"),
        ("scenarios/a.toml", "observed.file = \"o.csv\"\n"),
        ("scenarios/b.toml", "observed.file = \"p.csv\"\n"),
    ]);
    let rule = "= help: paths are relative to the file that names them";
    for (file, help) in [
        ("scenarios/a.toml", format!("{rule}: write \"../o.csv\"\n")),
        ("scenarios/b.toml", format!("{rule}\n")),
    ] {
        let said = portflow(files.0.path(), &["check", file]).refused();
        assert!(said.contains(&help), "{said}");
    }
}

/// What only follows from a value that is wrong is not said of others.
#[test]
fn one_mistake_is_one_error() {
    assert_wrong_once([
        (
            "[policy.app]\nslots_per_day = 5\n[policy.ports.p]\nslots_per_day = \"15\"\n",
            "write 15 without quotes",
        ),
        (
            "[policy]\nwalk_up.per_day = 5\nports.p.walk_ups_per_day = -5\n",
            "`policy.ports.p.walk_ups_per_day` is -5",
        ),
        (
            "[policy.crossing]\noutcome = { released = 20, removed = 0.3, returned = 0.5 }\n\
             [[event]]\ndate = 2024-02-01\nset = { \"crossing.outcome.released\" = 0.2 }\n",
            "20% is 0.2",
        ),
        (
            "[world.groups.a]\n[policy.crossing]\ngroup_outcome.a = { released = 0.2, removed = 0.3, returned = 50 }\n\
             [[event]]\ndate = 2024-02-01\nset = { \"crossing.group_outcome.a.released\" = 0.2 }\n",
            "50% is 0.5",
        ),
        (
            "[world.app]\nno_show_probability = nan\n\
             [futures]\n\"world.app.no_show_probability\" = { low = 0.1, high = 0.5, source = \"a\" }\n",
            "is NaN",
        ),
        (
            "[[trigger]]\nid = \"a\"\nwhen = { metric = \"pool_size\", mean_over_days = 7, at_least = 5 }\n\
             until = { metric = \"pool_size\", mean_over_days = 7, below = -5 }\nset = {}\n\
             [[event]]\ndate = 2024-02-01\nset = { \"trigger.a.until.delay_days\" = 5 }\n",
            "`trigger.a.until.below` is -5",
        ),
    ]);
}

#[test]
fn an_entry_of_the_other_list_is_told_its_own() {
    let base = "[[trigger]]\nid = \"limit\"\nset = {}\n\
                when = { metric = \"pool_size\", mean_over_days = 7, at_least = 5 }\n\
                [[event]]\nid = \"more\"\ndate = 2024-02-01\nset = {}\n";
    for (list, id, said) in [
        (
            "event",
            "limit",
            "`limit` is the id of a trigger, and no event",
        ),
        (
            "trigger",
            "more",
            "`more` is the id of an event, and no trigger",
        ),
    ] {
        let own = format!(
            "extends = \"base.toml\"\n[[{list}]]\nid = \"{id}\"\nset = {{ \"app.open\" = true }}\n"
        );
        let files = Files::new(&[("base.toml", base), ("a.toml", &own)]);
        assert_eq!(files.mistakes("a.toml", &[]), [said]);
    }
}

#[test]
fn areas_without_a_port_or_with_one_of_another_are_asked_about() {
    let text = "[policy.ports.p]\n[observed]\nfile = \"o.csv\"\n\
                areas = { east = [\"p\"], none = [], west = [\"p\"] }\n";
    let files = Files::new(&[("a.toml", text), ("o.csv", "month,pool_size\n2024-01,5\n")]);
    let warnings = files.load("a.toml", &[]).unwrap().warnings.to_string();
    assert!(
        warnings.contains("the area `none` has no port"),
        "{warnings}"
    );
    assert!(
        warnings.contains("`p` is in the area `east` too"),
        "{warnings}"
    );
}

#[test]
fn a_month_that_is_held_and_missing_is_told_where_it_is_held() {
    let driver = "[world.groups.a.arrivals.driver]\nfile = \"d.csv\"\ncolumn = \"n\"\nscale = 1\nlag_days = 0\n\
                  hold_from = 2010-10-01\nhold_after = 2024-02-01\n[run]\nend = 2024-02-05\n";
    let files = Files::new(&[("a.toml", driver), ("d.csv", "month,n\n2024-01,310\n")]);
    let said = files.load("a.toml", &[]).unwrap_err().to_string();
    assert!(
        said.contains("a.toml:6:13: error: `world.groups.a.arrivals.driver` holds months of which the driver has no count for 2010-10"),
        "{said}"
    );
}

#[test]
fn a_range_and_a_source_can_be_set_by_their_paths() {
    let text = "[futures]\n\"world.app.no_show_probability\" = { low = 0.0, high = 0.5, source = \"a\" }\n";
    let files = Files::new(&[("a.toml", text)]);
    for key in [
        "futures.world.app.no_show_probability.high",
        "futures.\"world.app.no_show_probability\".high",
    ] {
        let loaded = files.load("a.toml", &[(key, "0.25")]).unwrap();
        let value = loaded.futures.as_slice()[0].value(1.0);
        assert_eq!(value, "0.25");
    }
    let source = [("sources.policy.app.open", "a release")];
    let loaded = files.load("a.toml", &source).unwrap();
    assert_eq!(loaded.file.sources["policy.app.open"], "a release");
}

#[test]
fn a_published_column_that_is_none_is_told_once() {
    let text = "[world.groups.a]\n[policy.ports.gamma]\n[observed]\nfile = \"o.csv\"\n";
    let table =
        "month,share_at_ports,port_encounters_gamma,officer_utilization\n2024-01,0.5,5.5,0.7\n";
    let files = Files::new(&[("a.toml", text), ("o.csv", table)]);
    let wrong = files.load("a.toml", &[]).unwrap_err();
    assert_eq!(
        wrong.errors(),
        [
            "`share_at_ports` cannot be among published figures",
            "`port_encounters_gamma` is neither a metric nor a metric of a group",
            "`officer_utilization` cannot be among published figures",
        ]
    );
    let shown = wrong.to_string();
    assert!(
        shown.contains("areas of ports go to `validate --by-area`"),
        "{shown}"
    );
}

/// A misspelt first day was taken for that of the default.
#[test]
fn of_a_run_that_is_wrong_nothing_follows() {
    let event = "[[event]]\nid = \"e\"\ndate = 2023-05-01\nset = { \"app.slots_per_day\" = 5 }\n";
    let driver =
        "[world.groups.all.arrivals.driver]\nfile = \"n.csv\"\ncolumn = \"n\"\nscale = 1\n";
    let counts = "month,n\n2023-01,5\n";
    for run in [
        "start = \"2023-01-01\"\nend = 2023-12-31\n",
        "strat = 2023-01-01\nend = 2023-12-31\n",
        "start = 2023-01-01\nend = \"2023-12-31\"\n",
        "start = 2023-01-01\nend = 2023-12-31\nwarmup_days = -5\n",
        "start = \"2023-01-01\"\nend = \"2023-12-31\"\n",
    ] {
        let text = format!("[run]\n{run}{driver}[policy.ports.only]\n{event}");
        let files = Files::new(&[("a.toml", &text), ("n.csv", counts)]);
        let wrong = files.load("a.toml", &[]).unwrap_err();
        let errors = wrong.errors();
        let is_of_run = |it: &&str| it.contains("`run.") || it.contains("in `run`");
        let others: Vec<&&str> = errors.iter().filter(|it| !is_of_run(it)).collect();
        assert_eq!(
            others,
            [&"the border has slots and no port has a part of them"],
            "{run}\n{wrong}"
        );
    }
    // And its own mistakes are still told.
    let text = "[run]\nseed = \"5\"\nstart = 2023-06-01\nend = 2023-05-01\n";
    let told = wrong(text);
    assert!(told.contains("the run ends on 2023-05-01"), "{told}");
}

#[test]
fn appointments_after_midnight_have_no_closed_days() {
    let port = "[world.groups.all]\n[policy.ports.night]\nslots_per_day = 10\nopens = 20:00:00\ncloses = 04:00:00\n";
    let with = |keys: &str| {
        let files = Files::new(&[("a.toml", &format!("{port}{keys}"))]);
        let wrong = files.load("a.toml", &[]).err();
        wrong.map(|wrong| wrong.to_string())
    };
    let times = "appointment_times = [21:00:00, 02:00:00]\n";
    let closed = "closed_weekdays = [\"saturday\"]\n";
    assert_eq!(with(times), None);
    assert_eq!(
        with(&format!("appointment_times = [21:00:00]\n{closed}")),
        None
    );
    // Equal hours are of a day that ends when the next begins.
    let around = port.replace("04:00:00", "20:00:00");
    let files = Files::new(&[("a.toml", &format!("{around}{times}{closed}"))]);
    let wrong = files.load("a.toml", &[]).unwrap_err().to_string();
    assert!(
        wrong.contains("appointments after midnight, at 02:00:00"),
        "{wrong}"
    );
    let said = with(&format!("{times}{closed}")).unwrap();
    let message = "`night` has closed days, which last past midnight, and appointments after midnight, at 02:00:00: of which day they are, is not told";
    assert!(said.contains(message), "{said}");
}
