//! What is said of mistakes that are easily made: one mistake, one message, and a remedy that is right.

use crate::tools::Files;

/// What is said of a file that is wrong.
fn wrong(text: &str) -> String {
    let files = Files::new(&[("a.toml", text)]);
    files.load("a.toml", &[]).unwrap_err().to_string()
}

/// Each text is wrong in one way only, of which this is said.
fn assert_wrong_once<const N: usize>(cases: [(&str, &str); N]) {
    for (text, said) in cases {
        let wrong = wrong(text);
        assert!(wrong.contains(said), "{text}\n{said}\n{wrong}");
        assert_eq!(wrong.matches(": error: ").count(), 1, "{text}\n{wrong}");
    }
}

#[test]
fn a_value_that_is_no_toml_is_told_how_it_is_written() {
    assert_wrong_once([
        ("policy.app.slots_per_day = 05\n", "= help: write 5"),
        ("policy.app.random_share = 50%\n", "write 0.5"),
        ("policy.app.slots_per_day = 1 000\n", "write 1000 or 1_000"),
        ("policy.crossing.deterrence = −5\n", "= help: write -5"),
        ("policy.app.random_share = .5\n", "= help: write 0.5"),
        ("policy.app.random_share = +.5\n", "= help: write 0.5"),
        (
            "world.travel.south_to_north.family = fixed\n",
            "string values must be quoted",
        ),
        ("policy.mexico.taken_to = north\n", "write \"north\""),
        ("policy.app.open = True\n", "= help: write true"),
        ("policy.app.open =\n", "there is no value after `=`"),
        ("policy.app.round_time = 8:30\n", "08:30:00"),
        (
            "[[event]]\nid = \"a\"\nremove = yes\n",
            "`yes` is not how true or false is written",
        ),
        (
            "format = 1\n[[event]]\nid = \"a\"\nremove = =x\n",
            "a.toml:4:10: error: not TOML: extra `=`",
        ),
    ]);
}

#[test]
fn a_value_of_another_type_is_told_how_it_is_written() {
    assert_wrong_once([
        (
            "policy.app.random_share = \"0.5\"\n",
            "write 0.5 without quotes",
        ),
        (
            "run.warmup_days = 5.0\n",
            "found 5.0, expected a whole number",
        ),
        ("run.warmup_days = 5.0\n", "write 5, without a point"),
        (
            "policy.lawful_alternative_share = \"50%\"\n",
            "for example { ID = … }, by the id of a group",
        ),
        (
            "policy.app.regions = \"north\"\n",
            "for example [\"north\"], which is the default",
        ),
        (
            "world.groups.a.party_size = [0.5, 0.5]\n",
            "for example { 1 = 1.0 }",
        ),
        (
            "[[trigger]]\nid = \"a\"\nwhen = { metric = \"pool_size\", mean_over_days = 7, at_least = 5 }\nset = {}\n\
             [[event]]\ndate = 2024-02-01\nset = { \"trigger.a.when.at_least\" = {} }\n",
            "found a table, expected a number",
        ),
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

/// A factor of -0 made an endless number of arrivals.
#[test]
fn a_zero_has_no_sign() {
    let text = "[run]\nend = 2024-01-20\n[world.groups.a]\n\
                arrivals = { per_day = 5, day_of_week = [-0.0, 1, 1, 1, 1, 1, 1] }\n";
    let files = Files::new(&[("a.toml", text)]);
    let loaded = files.load("a.toml", &[]).unwrap();
    let rates = &loaded.scenario.arrival_rates[0];
    assert!(rates.iter().all(|rate| rate.is_sign_positive()));
    let plain = Files::new(&[("a.toml", &text.replace("-0.0", "0"))]);
    let plain = plain.load("a.toml", &[]).unwrap();
    assert_eq!(rates, &plain.scenario.arrival_rates[0]);
}

#[test]
fn a_thousands_point_is_told_without_what_follows_from_it() {
    let text = |total: &str, parts: &str, size: u32| {
        format!(
            "[world.groups.a]\narrivals.per_day = 5\nparty_size = {{ {size} = 1 }}\n\
             [policy.app]\nslots_per_day = {total}\n[policy.ports.p]\nslots_per_day = {parts}\nofficers = 1\n\
             [policy.ports.q]\nslots_per_day = {parts}\nofficers = 1\n"
        )
    };
    for (text, said) in [
        (text("1.800", "9", 5), "write 1800"),
        (
            text("2", "5", 5),
            "raise `policy.app.slots_per_day`, of which the ports have parts",
        ),
        (
            text("6", "5", 5),
            "give one port a larger part of `policy.app.slots_per_day`",
        ),
    ] {
        let files = Files::new(&[("a.toml", &text)]);
        let warnings = files.load("a.toml", &[]).unwrap().warnings;
        let shown = warnings.to_string();
        assert!(shown.contains(said), "{said}\n{shown}");
        assert_eq!(warnings.problems().len(), 1, "{shown}");
    }
}
