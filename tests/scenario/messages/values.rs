//! Values that are written otherwise than they are meant.

use super::{assert_wrong_once, wrong};
use crate::tools::Files;

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
        (
            "[policy.app]\nslots_per_day = two thousand\n",
            "`policy.app.slots_per_day` is a number: write it in digits",
        ),
        (
            "policy.walk_up.per_day = unlimited\n",
            "write \"unlimited\"",
        ),
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
fn percentages_and_thousands_are_told_how_to_be_written() {
    assert_wrong_once([
        (
            "policy.app.random_share = 50\n",
            "shares are not percentages: 50% is 0.5",
        ),
        (
            "policy.app.random_share = 110\n",
            "a share is at most 1, which is 100%",
        ),
        ("policy.app.random_share = \"40%\"\n", "write 40% as 0.4"),
        ("policy.app.random_share = 0,5\n", "write 0.5 for 0,5"),
        (
            "policy.app.slots_per_day = 1,800\n",
            "1800 or 1_800 for 1,800",
        ),
    ]);
    // What would be wrong again, or something else, is no help.
    for text in [
        "policy.app.random_share = \"150%\"\n",
        "policy.app.overbooking_share = 150.5\n",
    ] {
        let wrong = wrong(text);
        assert!(!wrong.contains("= help"), "{text}: {wrong}");
    }
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
            "write [\"north\"], in brackets",
        ),
        (
            "policy.ports.p.closed_weekdays = [\"Sun\"]\n",
            "did you mean \"sunday\"?",
        ),
        (
            "policy.ports.p.closed_weekdays = [\"thr\"]\n",
            "expected \"monday\"",
        ),
        (
            "policy.ports.p.closed_dates = 2024-03-01\n",
            "write [2024-03-01], in brackets",
        ),
        (
            "policy.app.slots_per_day = \"50%\"\n",
            "no number is relative to another: write what the percentage comes to",
        ),
        (
            "policy.app.slots_per_day = \"+20%\"\n",
            "no number is relative to another: write what the percentage comes to",
        ),
        (
            "world.service.mean_minutes = \"15 min\"\n",
            "numbers have no unit: write 15",
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
            "world.initial_bookings = 0\n[world.groups.a]\narrivals.per_day = 5\nparty_size = {{ {size} = 1 }}\n\
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

#[test]
fn shares_of_which_some_are_inherited_are_told_to_be_given_together() {
    let base =
        "[policy.crossing]\noutcome = { released = 0.27, removed = 0.21, returned = 0.52 }\n";
    let own = "extends = \"base.toml\"\n[policy.crossing]\noutcome = { released = 0.5 }\n";
    let whole = "extends = \"base.toml\"\n[policy.crossing]\n\
                 outcome = { released = 0.5, removed = 0.5, returned = 0.5 }\n";
    let files = Files::new(&[
        ("base.toml", base),
        ("own.toml", own),
        ("whole.toml", whole),
    ]);
    let help = "`removed` and `returned` are inherited: give the whole table, `policy.crossing.outcome = { released = …, removed = …, returned = … }`";
    let set = [("policy.crossing.outcome.released", "0.3")];
    for (name, set, is_said) in [
        ("own.toml", &[][..], true),
        ("base.toml", &set[..], true),
        ("whole.toml", &[][..], false),
    ] {
        let wrong = files.load(name, set).unwrap_err().to_string();
        assert_eq!(wrong.contains(help), is_said, "{name}\n{wrong}");
    }
}

#[test]
fn what_is_not_written_is_not_explained_as_a_default() {
    let text = "[world.groups.all]\narrivals.levels = [{ date = 2024-01-05, per_day = 5 }]\n\
         [policy.ports.gamma]\nshifts = [{ from = 08:00:00, officers = 1 }, { from = 18:00:00, officers = 2 }]\n\
         [[event]]\nid = \"e1\"\ndate = 2024-02-01\nset = { \"app.random_share\" = 0.1 }\n\
         [futures]\n\"world.app.no_show_probability\" = { low = 0.0, high = 0.2, source = \"x\" }\n\
         [sources]\n\"policy.app.slots_per_day\" = \"me\"\n";
    let files = Files::new(&[("a.toml", text)]);
    let loaded = files.load("a.toml", &[]).unwrap();
    for (key, said) in [
        (
            "futures.world.app.no_show_return_share",
            "`[futures]` has no `world.app.no_show_return_share`",
        ),
        (
            "world.app.regularity.3.share",
            "`world.app.regularity` has no item `3`",
        ),
        (
            "world.groups.all.arrivals.levels.2024-01-06.per_day",
            "`world.groups.all.arrivals.levels` has no item `2024-01-06`",
        ),
        (
            "event.e1.set.app.open",
            "`event.e1` does not move `app.open`",
        ),
        (
            "policy.ports.gamma.shifts.from",
            "`policy.ports.gamma.shifts.2.from` is 18:00:00",
        ),
        ("sources.policy.app.open", "`[sources]` has no"),
    ] {
        let wrong = loaded.explain(key).unwrap_err();
        assert!(wrong.contains(said), "{key}: {wrong}");
    }
    for (key, value) in [
        ("futures.\"world.app.no_show_probability\".high", "0.2"),
        ("world.app.regularity.1.share", "1.0"),
        ("sources.policy.app.slots_per_day", "\"me\""),
        ("event.e1.set.app.random_share", "0.1"),
        ("policy.ports.gamma.shifts.1.from", "08:00:00"),
    ] {
        let explained = loaded.explain(key).unwrap();
        assert_eq!(explained.value.as_deref(), Some(value), "{key}");
    }
}

#[test]
fn values_for_a_sweep_are_told_so_where_one_is_taken() {
    let files = Files::new(&[("a.toml", "")]);
    for (value, said) in [
        ("200,250,300", "`sweep` takes several as '200|250|300'"),
        ("200|250", "error: `200|250` is several values"),
        (
            "cancel|honour",
            "can be tried by `portflow sweep`; give one here",
        ),
        ("0..1:5", "error: `0..1:5` is a range"),
        ("2024-01-01..2024-02-01", "error: not a TOML value"),
    ] {
        let set = [("policy.app.slots_per_day", value)];
        let wrong = files.load("a.toml", &set).unwrap_err().to_string();
        assert!(wrong.contains(said), "{value}\n{said}\n{wrong}");
    }
}
