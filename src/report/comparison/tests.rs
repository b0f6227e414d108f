//! Every format, from records made by hand.

use insta::assert_snapshot;
use serde_json::Value;

use super::{By, Compared, METRICS, csv, json, table};
use crate::experiment::Comparison;
use crate::record::{Detail, example};
use crate::report::tests::manifest;
use crate::stats::Level;

/// "more" has 10 or 11 more appointments a day in November; "same" is the base.
fn comparison(replications: u32) -> Comparison {
    let layout = example::layout_of(Detail::Summary);
    let variants = ["more", "same"].map(|name| (name.to_owned(), layout.clone()));
    let mut comparison = Comparison::new(layout.clone(), &variants, Level::USUAL, 1).unwrap();
    for luck in 0..replications {
        for (scenario, more) in [(0, 0), (1, 10 + luck % 2), (2, 0)] {
            let observed = layout.observe(&example::record(luck * luck + more));
            comparison.take(scenario, Ok(observed));
        }
    }
    comparison
}

type Write = fn(&Compared<'_>, &mut dyn std::io::Write) -> std::io::Result<()>;

fn written(format: Write, comparison: &Comparison, by: By) -> String {
    let manifest = manifest(comparison.replications());
    let compared = Compared {
        manifest: &manifest,
        comparison,
        regrets: None,
        base: "now",
        metrics: &METRICS[1..5],
        by,
    };
    let mut bytes = Vec::new();
    format(&compared, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn the_table_has_a_line_a_metric_and_says_how_sure_it_is() {
    let text = written(table, &comparison(4), By::Metric);
    assert!(
        text.lines()
            .take(12)
            .all(|line| line.chars().count() <= 150)
    );
    assert_snapshot!(text, @r#"
    2 variants against now: "A border made by hand", 4 replications of the same people
     variant   metric                    base   variant   difference   simultaneous 95% interval   same sign    variance
                                                                                                               reduction
    ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
     more      appointments_processed   3,585     3,900         +315                +273 to +357        100%         105
               port_encounters          3,585     3,900         +315                +273 to +357        100%         105
               irregular_encounters     3,200     3,200         none
               share_at_ports           52.8%     54.9%       +2.1pp            +1.8pp to +2.3pp        100%         126
     same      appointments_processed   3,585     3,585         none
               port_encounters          3,585     3,585         none
               irregular_encounters     3,200     3,200         none
               share_at_ports           52.8%     52.8%         none
    ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    All 3 intervals of the table hold together with 95% (Bonferroni: each with 98.333%).
    more is identical to now before 2024-11, person by person.
    more by group: appointments processed other +315.
    more by port: port encounters calexico +315.
    same never differs from now.
    "#);
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
    more is identical to now before 2024-11, person by person.
    same never differs from now.
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
    more is identical to now before 2024-11, person by person.
    same never differs from now.
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
    assert_snapshot!(of_run.unwrap(), @r#"
    {"variant":"more","metric":"port_encounters","month":null,"group":null,"place":null,"base":3480.0,"mean":3780.0,"difference":300.0,"lower":null,"upper":null,"n":1,"sign_share":1.0,"variance_reduction":null,"simultaneous_lower":null,"simultaneous_upper":null,"world_share":null,"world_share_base":null,"world_share_mean":null}
    "#);
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
    variant,metric,month,group,place,base,mean,difference,lower,upper,n,sign_share,variance_reduction,simultaneous_lower,simultaneous_upper,world_share,world_share_base,world_share_mean
    more,port_encounters,2024-10,,,180,180,0,0,0,4,1,,,,,,
    more,port_encounters,2024-10,mexican,,0,0,0,0,0,4,1,,,,,,
    more,port_encounters,2024-10,other,,180,180,0,0,0,4,1,,,,,,
    more,port_encounters,2024-10,,calexico,180,180,0,0,0,4,1,,,,,,
    more,port_encounters,2024-10,,nogales,0,0,0,0,0,4,1,,,,,,
    more,port_encounters,2024-11,,,3405,3720,315,287.439206,342.560794,4,1,105,,,,,
    more,port_encounters,2024-11,mexican,,0,0,0,0,0,4,1,,,,,,
    more,port_encounters,2024-11,other,,3405,3720,315,287.439206,342.560794,4,1,105,,,,,
    more,port_encounters,2024-11,,calexico,3405,3720,315,287.439206,342.560794,4,1,105,,,,,
    more,port_encounters,2024-11,,nogales,0,0,0,0,0,4,1,,,,,,
    more,port_encounters,,,,3585,3900,315,287.439206,342.560794,4,1,105,272.940114,357.059886,,,
    more,port_encounters,,mexican,,0,0,0,0,0,4,1,,,,,,
    more,port_encounters,,other,,3585,3900,315,287.439206,342.560794,4,1,105,,,,,
    more,port_encounters,,,calexico,3585,3900,315,287.439206,342.560794,4,1,105,,,,,
    more,port_encounters,,,nogales,0,0,0,0,0,4,1,,,,,,
    ");
}
