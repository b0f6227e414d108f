//! Every format, from records made by hand.

use std::num::NonZeroU32;

use insta::assert_snapshot;
use serde_json::Value;

use super::{By, Compared, METRICS, csv, json, regret_csv, table};
use crate::experiment::{Comparison, Objective, Regrets};
use crate::record::{Detail, Layout, Metric, Recorder, example};
use crate::scenario::Calendar;
use crate::stats::Level;
use crate::store::manifest::example::manifest;

/// "more" has 10 or 11 more appointments a day in November; "same" is the base.
fn comparison(replications: u32) -> Comparison {
    let layout = example::layout_of(Detail::Summary);
    let variants = ["more", "same"].map(|name| (name.to_owned(), layout.clone()));
    let mut comparison = Comparison::new(layout.clone(), &variants, Level::USUAL, 1).unwrap();
    for luck in 0..replications {
        for more in [0, 10 + luck % 2, 0] {
            let observed = layout.observe(&example::record(luck * luck + more));
            comparison.take(Ok(observed));
        }
    }
    comparison
}

/// Those served in November at nogales had waited for two and a half days, or, in every scenario but the base, for `others`.
fn with_queues(others: [f64; 2]) -> String {
    let layout = example::layout_of(Detail::Summary);
    let variants = ["more", "same"].map(|name| (name.to_owned(), layout.clone()));
    let mut comparison = Comparison::new(layout.clone(), &variants, Level::USUAL, 1).unwrap();
    for luck in 0..2 {
        for days in [2.5, others[0], others[1]] {
            let mut record = example::record(luck);
            record.port_wait(1, 9, days * 24.0 * 60.0, 100);
            comparison.take(Ok(layout.observe(&record)));
        }
    }
    let text = written(table, &comparison, By::Metric);
    let line = text.lines().find(|line| line.starts_with("Queues of"));
    line.unwrap_or_default().to_owned()
}

#[test]
fn ports_that_do_not_keep_up_are_named_where_a_scenario_has_others_than_the_base() {
    let begins = "Queues of more than a day: in now at nogales (in 2024-11 95% of those served had waited up to 2.5 days";
    let said = with_queues([0.1, 2.5]);
    assert!(said.starts_with(begins), "{said}");
    assert!(!said.contains("in more at") && !said.contains("in same at"));
    let said = with_queues([5.0, 2.5]);
    assert!(said.contains("; in more at nogales (in 2024-11"), "{said}");
}

/// What is told of ports and triggers of a base with nogales and "surge", and of "other" with yuma and "limit"; those of each have 12 persons in
/// the queue and serve nobody, and are on for 3 days and 1.
fn with_places(shared: bool) -> String {
    let layout = |port: &str, trigger: &str| {
        let [groups, ports, triggers] = [vec!["all"], vec!["calexico", port], vec![trigger]]
            .map(|ids| ids.into_iter().map(str::to_owned).collect::<Vec<_>>());
        let calendar = Calendar::new(&example::run());
        Layout::new(&calendar, &groups, &ports, &triggers, Detail::Summary)
    };
    let base = layout("nogales", "surge");
    let other = if shared {
        base.clone()
    } else {
        layout("yuma", "limit")
    };
    let variants = [("other".to_owned(), other.clone())];
    let mut comparison = Comparison::new(base.clone(), &variants, Level::USUAL, 1).unwrap();
    for _ in 0..2 {
        for (layout, days) in [(&base, 3), (&other, 1)] {
            let mut record = Recorder::new(layout.calendar(), 1, 2, 1);
            record.queue(20, 1, 9, 12.0);
            for day in 10..10 + days {
                record.in_force(day, 0);
            }
            comparison.take(Ok(layout.observe(&record)));
        }
    }
    let text = written(table, &comparison, By::Metric);
    let told = ["Queues ", "Trigger "];
    let told = (text.lines()).filter(|line| told.iter().any(|start| line.starts_with(start)));
    told.collect::<Vec<_>>().join("\n")
}

#[test]
fn queues_and_triggers_that_only_one_scenario_has_are_told() {
    assert_snapshot!(with_places(true), @r"
    Queues of more than a day: in now at nogales (in 2024-11 nobody served, 12 persons in the queue in the mean). `officers` or `shifts` there are too few for the slots and walk-ups.
    Trigger `surge` is on for 3.0 days in now and 1.0 in other, in the means: differences are of what it does too.
    ");
    assert_snapshot!(with_places(false), @r"
    Queues of more than a day: in now at nogales (in 2024-11 nobody served, 12 persons in the queue in the mean); in other at yuma (in 2024-11 nobody served, 12 persons in the queue in the mean). `officers` or `shifts` there are too few for the slots and walk-ups.
    Trigger `surge` is on for 3.0 days in now and 0.0 in other (which lacks it), in the means: differences are of what it does too.
    Trigger `limit` is on for 0.0 days in now (which lacks it) and 1.0 in other, in the means: differences are of what it does too.
    ");
}

#[test]
fn a_long_queue_is_told_where_nobody_is_served_in_the_other_scenario() {
    let layout = example::layout_of(Detail::Summary);
    let variants = [("unserved".to_owned(), layout.clone())];
    let mut comparison = Comparison::new(layout.clone(), &variants, Level::USUAL, 1).unwrap();
    for _ in 0..2 {
        for is_served in [true, false] {
            let mut record = Recorder::new(layout.calendar(), 2, 2, 1);
            record.begin_day(20);
            record.queue(20, 1, 9, 12.0);
            if is_served {
                record.port_wait(1, 9, 2.5 * 24.0 * 60.0, 100);
            }
            comparison.take(Ok(layout.observe(&record)));
        }
    }
    let text = written(table, &comparison, By::Metric);
    let line = text.lines().find(|line| line.starts_with("Queues of"));
    assert_snapshot!(line.unwrap_or_default(), @"Queues of more than a day: in now at nogales (in 2024-11 95% of those served had waited up to 2.5 days, officers busy 0% of their time); in unserved at nogales (in 2024-11 nobody served, 12 persons in the queue in the mean). `officers` or `shifts` there are too few for the slots and walk-ups.");
}

/// The trigger is on for 12 days in the base and for 13 in one replication of 25, in "more" never for 13, and in "same" for a day more than in
/// the base in the first two; "more" fails in the first `failed`.
fn days_on(replications: u32, failed: u32) -> String {
    let layout = example::layout_of(Detail::Summary);
    let variants = ["more", "same"].map(|name| (name.to_owned(), layout.clone()));
    let mut comparison = Comparison::new(layout.clone(), &variants, Level::USUAL, 1).unwrap();
    for replication in 0..replications {
        let base = 12 + u32::from(replication == 24);
        let more = if replication == 24 { 12 } else { base };
        let same = base + u32::from(replication < 2);
        for (scenario, days) in (0..).zip([base, more, same]) {
            let mut record = example::record(0);
            for day in 10..10 + days {
                record.in_force(day, 0);
            }
            comparison.take(match (scenario, replication < failed) {
                (1, true) => Err("no".to_owned()),
                _ => Ok(layout.observe(&record)),
            });
        }
    }
    let text = written(table, &comparison, By::Metric);
    let line = text.lines().find(|line| line.starts_with("Trigger"));
    line.unwrap_or_default().to_owned()
}

#[test]
fn days_of_a_trigger_are_told_apart_with_the_same_decimals_and_over_the_same_pairs() {
    assert_snapshot!(days_on(25, 0), @"Trigger `surge` is on for 12.04 days in now and 12.00 in more, 12.12 in same, in the means: differences are of what it does too.");
    assert_snapshot!(days_on(25, 5), @"Trigger `surge` is on for 12.1 days in now and 12.0 in more; for 12.0 days in now and 12.1 in same, in the means: differences are of what it does too.");
}

type Write = fn(&Compared<'_>, &mut dyn std::io::Write) -> std::io::Result<()>;

fn written(format: Write, comparison: &Comparison, by: By) -> String {
    written_with(format, comparison, None, by)
}

fn written_with(
    format: Write,
    comparison: &Comparison,
    regrets: Option<&Regrets>,
    by: By,
) -> String {
    of_metrics(format, comparison, regrets, by, &METRICS[1..5])
}

fn of_metrics(
    format: Write,
    comparison: &Comparison,
    regrets: Option<&Regrets>,
    by: By,
    metrics: &[Metric],
) -> String {
    let manifest = manifest(comparison.replications());
    let compared = Compared {
        manifest: &manifest,
        comparison,
        regrets,
        base: "now",
        metrics,
        by,
    };
    let mut bytes = Vec::new();
    format(&compared, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn the_table_has_a_line_a_metric_and_says_how_sure_it_is() {
    let text = written(table, &comparison(12), By::Metric);
    assert!(
        text.lines()
            .take(12)
            .all(|line| line.chars().count() <= 150)
    );
    assert_snapshot!(text, @r#"
    2 variants against now: "A border made by hand", 12 replications of the same people
     variant   metric                    base   variant   difference   simultaneous 95% interval   same sign    variance
                                                                                                               reduction
    ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
     more      appointments_processed   4,745     5,060         +315                +302 to +328        100%      12,000
               port_encounters          4,745     5,060         +315                +302 to +328        100%      12,000
               irregular_encounters     3,200     3,200         none
               share_at_ports           58.9%     60.5%       +1.6pp            +1.3pp to +2.0pp        100%         340
     same      appointments_processed   4,745     4,745         none
               port_encounters          4,745     4,745         none
               irregular_encounters     3,200     3,200         none
               share_at_ports           58.9%     58.9%         none
    ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    All 3 intervals of the table hold together with 95% (Bonferroni: each with 98.333%).
    Officers work beyond their schedule for more than 5% of their hours on duty: in now at calexico (25%). Their utilization counts that time as on duty.
    Trigger `surge` is on for 27.5 days in now and 30.0 in more, in the means: differences are of what it does too.
    more is identical to now before 2024-11 in every replication, person by person.
    more by group: appointments processed other +315.
    more by port: port encounters calexico +315.
    same differs from now in none of 12 replications: nothing that it changes acted.
    All that is said by group holds together with 95%, and so does all by port, but neither together with the other or with the table. Of what is not named, nothing differs or the sign is in doubt.
    "#);
}

#[test]
fn from_nineteen_replications_on_the_table_says_where_single_ones_lie() {
    let sentences = |replications| {
        let text = written(table, &comparison(replications), By::Metric);
        let told = text
            .lines()
            .filter(|line| line.contains("single replications"));
        told.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(sentences(18), [""; 0]);
    assert_eq!(
        sentences(19),
        [
            "more, single replications (the central 90%): they differ from now in port encounters by +300 to +330; that is chance in one world, not doubt about the mean."
        ]
    );
    let rows = written(csv, &comparison(19), By::Metric);
    let of_run = rows
        .lines()
        .find(|line| line.starts_with("more,port_encounters,,,,"));
    assert!(of_run.unwrap().ends_with(",300,330"), "{of_run:?}");
}

#[test]
fn a_table_by_month_leaves_out_those_without_a_difference() {
    assert_snapshot!(written(table, &comparison(4), By::Month), @r#"
    2 variants against now: "A border made by hand", 4 replications of the same people
     variant   month     appointments         port    irregular    share
                            processed   encounters   encounters       at
                                                                   ports
    ─────────────────────────────────────────────────────────────────────
     more      2024-11           +315         +315         none   +2.2pp
    ─────────────────────────────────────────────────────────────────────
    All 3 intervals of the table hold together with 95% (Bonferroni: each with 98.333%); in brackets, the sign is in doubt.
    Officers work beyond their schedule for more than 5% of their hours on duty: in now at calexico (25%). Their utilization counts that time as on duty.
    Trigger `surge` is on for 22.5 days in now and 30.0 in more, in the means: differences are of what it does too.
    more is identical to now before 2024-11 in every replication, person by person.
    more: 1 of 2 months is left out of the table, as no figure of it differs there in any replication: 2024-10.
    same differs from now in none of 4 replications: nothing that it changes acted.
    "#);
}

#[test]
fn one_metric_by_month_has_all_that_is_known_of_it() {
    let one = &[Metric::PortEncounters];
    assert_snapshot!(of_metrics(table, &comparison(4), None, By::Month, one), @r#"
    2 variants against now: "A border made by hand", 4 replications of the same people
     variant   month      base   variant   difference   simultaneous 95% interval
    ──────────────────────────────────────────────────────────────────────────────
     more      2024-11   3,405     3,720         +315                +287 to +343
    ──────────────────────────────────────────────────────────────────────────────
    The interval of the table holds with 95%.
    Officers work beyond their schedule for more than 5% of their hours on duty: in now at calexico (25%). Their utilization counts that time as on duty.
    Trigger `surge` is on for 22.5 days in now and 30.0 in more, in the means: differences are of what it does too.
    more is identical to now before 2024-11 in every replication, person by person.
    more: 1 of 2 months is left out of the table, as no figure of it differs there in any replication: 2024-10.
    same differs from now in none of 4 replications: nothing that it changes acted.
    "#);
}

#[test]
fn a_table_by_port_has_the_figures_that_ports_have() {
    assert_snapshot!(written(table, &comparison(4), By::Port), @r#"
    2 variants against now: "A border made by hand", 4 replications of the same people
     variant   port       appointments         port
                             processed   encounters
    ────────────────────────────────────────────────
     more      calexico           +315         +315
    ────────────────────────────────────────────────
    All 2 intervals of the table hold together with 95% (Bonferroni: each with 97.500%); in brackets, the sign is in doubt.
    Officers work beyond their schedule for more than 5% of their hours on duty: in now at calexico (25%). Their utilization counts that time as on duty.
    Trigger `surge` is on for 22.5 days in now and 30.0 in more, in the means: differences are of what it does too.
    more is identical to now before 2024-11 in every replication, person by person.
    more: 1 of 2 ports is left out of the table, as no figure of it differs there in any replication: nogales.
    same differs from now in none of 4 replications: nothing that it changes acted.
    "#);
}

#[test]
fn one_replication_has_differences_and_no_interval() {
    let document: Value = serde_json::from_str(&written(json, &comparison(1), By::Metric)).unwrap();
    let differences = document["differences"].as_array().unwrap();
    let of_run = differences.iter().find(|row| {
        row["metric"] == "port_encounters"
            && row["month"].is_null()
            && row["group"].is_null()
            && row["place"].is_null()
    });
    assert_snapshot!(of_run.unwrap(), @r#"{"variant":"more","metric":"port_encounters","month":null,"group":null,"place":null,"base":3480.0,"mean":3780.0,"difference":300.0,"lower":null,"upper":null,"n":1,"sign_share":1.0,"variance_reduction":null,"simultaneous_lower":null,"simultaneous_upper":null,"world_share":null,"world_share_base":null,"world_share_mean":null,"band_lower":null,"band_upper":null}"#);
    assert!(written(table, &comparison(1), By::Metric).contains("needs at least two"));
}

#[test]
fn a_row_names_variant_metric_month_group_and_place() {
    let rows = written(csv, &comparison(4), By::Metric);
    let lines: Vec<&str> = rows
        .lines()
        .filter(|line| line.contains("variant,") || line.starts_with("more,port_encounters"))
        .collect();
    assert_snapshot!(lines.join("\n"), @r"
    variant,metric,month,group,place,base,mean,difference,lower,upper,n,sign_share,variance_reduction,simultaneous_lower,simultaneous_upper,world_share,world_share_base,world_share_mean,band_lower,band_upper
    more,port_encounters,2024-10,,,180,180,0,0,0,4,1,,,,,,,,
    more,port_encounters,2024-10,mexican,,0,0,0,0,0,4,1,,,,,,,,
    more,port_encounters,2024-10,other,,180,180,0,0,0,4,1,,,,,,,,
    more,port_encounters,2024-10,,calexico,180,180,0,0,0,4,1,,,,,,,,
    more,port_encounters,2024-10,,nogales,0,0,0,0,0,4,1,,,,,,,,
    more,port_encounters,2024-11,,,3405,3720,315,287.439206,342.560794,4,1,105,,,,,,,
    more,port_encounters,2024-11,mexican,,0,0,0,0,0,4,1,,,,,,,,
    more,port_encounters,2024-11,other,,3405,3720,315,287.439206,342.560794,4,1,105,,,,,,,
    more,port_encounters,2024-11,,calexico,3405,3720,315,287.439206,342.560794,4,1,105,,,,,,,
    more,port_encounters,2024-11,,nogales,0,0,0,0,0,4,1,,,,,,,,
    more,port_encounters,,,,3585,3900,315,287.439206,342.560794,4,1,105,272.940114,357.059886,,,,,
    more,port_encounters,,mexican,,0,0,0,0,0,4,1,,,,,,,,
    more,port_encounters,,other,,3585,3900,315,287.439206,342.560794,4,1,105,,,,,,,
    more,port_encounters,,,calexico,3585,3900,315,287.439206,342.560794,4,1,105,,,,,,,
    more,port_encounters,,,nogales,0,0,0,0,0,4,1,,,,,,,,
    ");
}

/// Futures of two replications each: demand moves the base by 20 a day from one to the next; "more" adds 10 or 11 to the first
/// and takes 15 from the second, and so on; "same" is the base. In the last future, a simulation of "more" fails.
fn in_futures(format: Write, futures: u32, by: By) -> String {
    let layout = example::layout_of(Detail::Summary);
    let variants = ["more", "same"].map(|name| (name.to_owned(), layout.clone()));
    let comparison = Comparison::new(layout.clone(), &variants, Level::USUAL, 1).unwrap();
    let mut comparison = comparison.in_futures(NonZeroU32::new(2).unwrap());
    let objective = Objective::of("port_encounters:max", &layout).unwrap();
    let mut regrets = Regrets::new(&[(objective, &layout); 3], 2, 0.05).unwrap();
    for replication in 0..2 * futures {
        let (future, luck) = (replication / 2, replication % 2);
        let base = 20 + 20 * future + luck;
        let more = if future % 2 == 0 {
            base + 10 + luck
        } else {
            base - 15
        };
        for (scenario, luck) in (0..).zip([base, more, base]) {
            let outcome = match (future, scenario) {
                (3, 1) => Err("no".to_owned()),
                _ => Ok(layout.observe(&example::record(luck))),
            };
            regrets.take(&outcome);
            comparison.take(outcome);
        }
    }
    written_with(format, &comparison, Some(&regrets), by)
}

/// In one of eight futures "more" adds 60 a day, and else 10 to 17.
#[test]
fn nothing_is_judged_of_a_difference_of_which_one_future_lies_far_from_the_others() {
    let layout = example::layout_of(Detail::Summary);
    let variants = [("more".to_owned(), layout.clone())];
    let told = |far: u32| {
        let comparison = Comparison::new(layout.clone(), &variants, Level::USUAL, 1).unwrap();
        let mut comparison = comparison.in_futures(NonZeroU32::new(2).unwrap());
        for replication in 0..16 {
            let (future, luck) = (replication / 2, replication % 2);
            let added = luck + if future == 3 { far } else { 10 + future };
            for persons in [20, 20 + added] {
                comparison.take(Ok(layout.observe(&example::record(persons))));
            }
        }
        written_with(table, &comparison, None, By::Metric)
    };
    let normal = "\nmore: the spread of the difference is mostly the world's for appointments processed, port encounters";
    let text = told(13);
    assert!(text.contains(normal), "{text}");
    let skewed = "\nmore: the spread of the difference is not judged, as a few futures lie far from the others, for appointments processed, port encounters";
    let text = told(60);
    assert!(text.contains(skewed), "{text}");
}

#[test]
fn with_futures_the_table_says_what_the_world_does_and_who_holds_up() {
    assert_snapshot!(in_futures(table, 4, By::Metric), @r#"
    2 variants against now: "A border made by hand", n = 3 to 4 of 4 futures of 2 replications each, of the same people
     variant   metric                    base   variant   difference   simultaneous 95% interval   world's share
                                                                                                      of variant   of difference
    ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
     more      appointments_processed   4,695     4,755          +60            -1,890 to +2,010           99.8%           99.8%
               port_encounters          4,695     4,755          +60            -1,890 to +2,010           99.8%           99.8%
               irregular_encounters     3,200     3,200         none
               share_at_ports           59.3%     59.5%       +0.2pp          -10.1pp to +10.6pp           99.7%           99.9%
     same      appointments_processed   4,995     4,995         none                                       99.9%
               port_encounters          4,995     4,995         none                                       99.9%
               irregular_encounters     3,200     3,200         none
               share_at_ports           60.7%     60.7%         none                                       99.9%
    ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    All 3 intervals of the table hold together with 95% (Bonferroni: each with 98.333%).
    Intervals and signs are those of futures, each the mean of its replications: they hold for the ranges of [futures], not for one world. World's share: how much of the variance of one replication lies between futures.
    Officers work beyond their schedule for more than 5% of their hours on duty: in now at calexico (25%). Their utilization counts that time as on duty.
    Where the central 90% of single replications lie is told from 19 futures on: those of one future resemble each other.
    more is identical to now before 2024-11 in every replication, person by person.
    more: the spread of the difference is mostly the world's for appointments processed, port encounters, share at ports (each with 95%, by itself).
    same differs from now in none of 4 futures: nothing that it changes acted.
    Left out of more: replication 6 of seed 1 failed: no.
    Left out of more: replication 7 of seed 1 failed: no.

    Regret: port_encounters, more is better; each scenario against the best of each of 3 futures; good enough is within 5% of it
     scenario           mean   worst   mean regret   largest regret   good enough
    ──────────────────────────────────────────────────────────────────────────────
     now        base   4,695   4,095           210              315         33.3%
     more              4,755   4,245           150              450         66.7%
     same              4,695   4,095           210              315         33.3%
    ──────────────────────────────────────────────────────────────────────────────
    Least largest regret (minimax regret): now, same. Good enough most often: more, in 66.7% of the futures.
    Futures in which a scenario failed or has no such figure, so that they count for none: 1.
    An outcome is a mean over 2 replications of a future, whose luck makes regrets too large: more of them (-r) temper that.
    "#);
}

#[test]
fn a_table_by_month_has_regret_under_it_too() {
    let text = in_futures(table, 2, By::Month);
    assert!(
        text.contains("Regret: port_encounters, more is better"),
        "{text}"
    );
}

#[test]
fn one_future_has_differences_and_no_interval_and_no_share_of_the_world() {
    let text = in_futures(table, 1, By::Metric);
    assert!(
        text.contains("Futures: 1; an interval needs at least two."),
        "{text}"
    );
    assert!(
        text.contains("n = 1 future of 2 replications each"),
        "{text}"
    );
}

#[test]
fn before_the_first_future_is_finished_nothing_is_told() {
    let text = in_futures(table, 0, By::Metric);
    let told = "No future was finished, so there is nothing to tell.\n";
    assert!(text.ends_with(told) && text.lines().count() == 2, "{text}");
}

#[test]
fn regret_has_a_row_a_scenario_and_what_is_best() {
    assert_snapshot!(in_futures(regret_csv, 4, By::Metric), @r#"
    scenario,objective,futures,mean,worst,mean_regret,largest_regret,good_enough_share
    now,port_encounters:max,3,4695,4095,210,315,0.333333
    more,port_encounters:max,3,4755,4245,150,450,0.666667
    same,port_encounters:max,3,4695,4095,210,315,0.333333
    "#);
    let document: Value = serde_json::from_str(&in_futures(json, 4, By::Metric)).unwrap();
    let regret = &document["regret"];
    assert_eq!(regret["scenarios"].as_array().unwrap().len(), 3);
    assert_eq!(
        [
            &document["n_counts"],
            &document["futures"],
            &document["replications_per_future"]
        ],
        [&Value::from("futures"), &Value::from(4), &Value::from(2)],
    );
    assert_eq!(regret["minimax_regret"], serde_json::json!(["now", "same"]));
    assert_eq!(
        regret["good_enough_most_often"],
        serde_json::json!(["more"])
    );
    assert_eq!(regret["futures_left_out"], 1);
    let without: Value = serde_json::from_str(&written(json, &comparison(2), By::Metric)).unwrap();
    assert!(without["regret"].is_null() && without["futures"].is_null());
}

#[test]
fn a_row_has_the_share_of_the_world_in_both_sides_and_in_the_difference() {
    let document: Value = serde_json::from_str(&in_futures(json, 4, By::Metric)).unwrap();
    let differences = document["differences"].as_array().unwrap();
    let mut of_run = differences.iter().filter(|row| {
        row["metric"] == "port_encounters" && row["month"].is_null() && row["place"].is_null()
    });
    assert_snapshot!(of_run.next().unwrap(), @r#"{"variant":"more","metric":"port_encounters","month":null,"group":null,"place":null,"base":4695.0,"mean":4755.0,"difference":60.0,"lower":-1037.176446,"upper":1157.176446,"n":3,"sign_share":0.666667,"variance_reduction":4.690888,"simultaneous_lower":-1890.445005,"simultaneous_upper":2010.445005,"world_share":0.998463,"world_share_base":0.998751,"world_share_mean":0.997571,"band_lower":null,"band_upper":null}"#);
}

/// In 999 of 1,000 pairs a person more a day is processed, and in one of them two.
#[test]
fn an_interval_that_is_not_a_point_is_not_written_as_one() {
    let layout = example::layout_of(Detail::Summary);
    let variants = [("more".to_owned(), layout.clone())];
    let level = Level::of(0.999_999_9).unwrap();
    let mut comparison = Comparison::new(layout.clone(), &variants, level, 1).unwrap();
    for luck in 0..1_000 {
        for more in [0, 1 + u32::from(luck == 7)] {
            comparison.take(Ok(layout.observe(&example::record(more))));
        }
    }
    let text = written(table, &comparison, By::Metric);
    let told: Vec<&str> = text.lines().skip(4).take(6).collect();
    assert_snapshot!(told.join("\n"), @r"
     more      appointments_processed   3,480     3,510          +30                    +29.9 to +30.2        100%         1.0
               port_encounters          3,480     3,510          +30                    +29.9 to +30.2        100%         1.0
               irregular_encounters     3,200     3,200         none
               share_at_ports           52.1%     52.3%       +0.2pp                +0.21pp to +0.22pp        100%         1.0
    ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    All 3 intervals of the table hold together with 99.99999% (Bonferroni: each with 99.999997%).
    ");
}
