//! More or fewer people: the factor of `world.demand` on arrivals.

use portflow::record::Count::{AppointmentsProcessed, Arrivals, CrossingAttempts};

use crate::tools::tiny::{CROSSERS, tiny};

/// Others than the ten a day: three a day, who cross too.
const OTHERS: &str = r#"
[world.groups.others]
arrivals = { process = "fixed", per_day = 3 }
weights = { app = 0.0, irregular = 1.0 }
"#;

#[test]
fn a_factor_acts_from_its_first_day_to_its_last() {
    let dated = "[world.demand]\nfactor = 1.5\nfrom = 2024-01-03\nto = 2024-01-05\n";
    let arrivals = tiny(dated).daily(Arrivals);
    assert_eq!(arrivals[..7], [10, 10, 15, 15, 15, 10, 10]);
    let from = tiny("[world.demand]\nfactor = 0.0\nfrom = 2024-01-03\n").daily(Arrivals);
    assert_eq!(from[..5], [10, 10, 0, 0, 0]);
    assert_eq!(from.iter().sum::<u32>(), 20);
    let always = tiny("world.demand.factor = 2").daily(Arrivals);
    assert!(always.iter().all(|&persons| persons == 20));
}

#[test]
fn a_factor_acts_on_the_groups_named_and_otherwise_on_all() {
    let daily = |groups: &str| {
        let demand = format!("[world.demand]\nfactor = 2\ngroups = [{groups}]\n");
        let border = tiny(&[CROSSERS, OTHERS, &demand].join("\n"));
        assert_eq!(border.daily(Arrivals)[3], border.daily(CrossingAttempts)[3]);
        border.daily(Arrivals)[3]
    };
    assert_eq!(daily(""), 26);
    assert_eq!(daily("\"others\""), 16);
    assert_eq!(daily("\"people\""), 23);
    assert_eq!(daily("\"people\", \"others\""), 26);
}

/// Those of the dates that the first round no longer offers had registered before anybody came.
#[test]
fn who_has_an_appointment_at_the_start_has_it_whoever_comes() {
    let booked = "world.initial_bookings = 1.0\n";
    let processed = |demand: &str| {
        let border = tiny(&[booked, demand, OTHERS].join("\n"));
        border.daily(AppointmentsProcessed)[..2].to_vec()
    };
    let usual = processed("");
    assert_eq!(usual, [10, 10]);
    assert_eq!(processed("world.demand.factor = 0"), usual);
}

/// The factor is on what is expected: chance around it is as ever, that of single days (cv 0.5 in a week, and Poisson) included.
#[test]
fn what_is_expected_of_a_chance_process_has_the_factor() {
    let process = r#"
world.groups.people.arrivals = { process = "poisson", per_day = 1000, overdispersion_cv = 0.5, overdispersion_days = 7 }
"#;
    let of = |demand: &str| tiny(&[process, demand].join("\n")).daily(Arrivals);
    let (usual, double) = (of(""), of("world.demand.factor = 2"));
    for (day, (usual, double)) in usual.iter().zip(&double).enumerate() {
        // The same luck of the week. Five standard deviations of two Poisson numbers, of which the smaller counts twice.
        let (usual, double) = (f64::from(*usual), f64::from(*double));
        let most = 5.0 * (double + 4.0 * usual).sqrt();
        assert!(
            (double - 2.0 * usual).abs() < most,
            "{day}: {double}, {usual}"
        );
    }
}
