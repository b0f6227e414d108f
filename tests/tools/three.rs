//! Three numbers to fit on a border of a millisecond: a level of arrivals, the odds of crossing, and a step of deterrence half way.

/// The scenario; its published figures are in `observed.csv`.
pub(crate) const THREE: &str = r#"format = 1
title = "Three numbers"
world.initial_bookings = 1.0
[run]
start = 2024-01-01
end = 2024-06-30
seed = 7

[world.groups.all]
arrivals.per_day = 10
weights = { app = 0.5, irregular = 0.5 }

[policy.app]
slots_per_day = 100

[policy.ports.only]
slots_per_day = 100
officers = 100

[[event]]
id = "step"
date = 2024-02-01
set = { "crossing.deterrence" = 0.5, "crossing.response_days" = 0.0 }

[observed]
file = "observed.csv"

[calibrate]
from = 2024-01-01
to = 2024-02-29

[calibrate.parameters.level]
keys = ["world.groups.all.arrivals.per_day"]
distribution = "lognormal"
median = 10
spread = 1.3
meaning = "persons who arrive on a day"
source = "assumed"

[calibrate.parameters.odds]
keys = ["world.groups.all.weights.irregular"]
low = 0.25
high = 1.0
transform = "log"
source = "assumed"

[calibrate.parameters.step]
keys = ["event.step.set.crossing.deterrence"]
distribution = "normal"
mean = 0.5
sd = 0.4
source = "assumed"

# The model is right: all error is chance.
[calibrate.targets]
irregular_encounters = { sd = 1e-6 }
registrations = { sd = 1e-6 }
"#;

/// Published figures of the months fitted to, and of one later month.
pub(crate) const OBSERVED: &str = "month,irregular_encounters,registrations
2024-01,161,150
2024-02,120,174
2024-03,130,180
";

/// The odds are known, and the mean age of a pool of one is not: it may be more than its greatest age of 10 days, which is refused.
pub(crate) fn with_an_age(scenario: &str, low: &str, high: &str) -> String {
    let age =
        format!("[\"world.groups.all.initial_pool.mean_age_days\"]\nlow = {low}\nhigh = {high}\n");
    scenario
        .replace("[\"world.groups.all.weights.irregular\"]\nlow = 0.25\nhigh = 1.0\n", &age)
        .replace(
            "weights = {",
            "initial_pool = { north_persons = 1, mean_age_days = 9, max_age_days = 10 }\nweights = {",
        )
}
