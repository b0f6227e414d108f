//! One port as a queue with Poisson arrivals: M/M/1, M/M/c, M/G/1, M/D/1.

use portflow::record::Recorder;
use portflow::record::histogram::Histogram;
use portflow::record::ports::PortHour;

use super::{assert_within, load, records};

/// Minutes of which it is told how many wait for longer.
const WAITING: [usize; 2] = [1, 4];

/// What a replication says about the queue.
struct Seen {
    wait_minutes: f64,
    /// Shares of those who wait for at least as many minutes.
    waiting: [f64; 2],
    utilization: f64,
    queue: f64,
}

impl Seen {
    fn of(record: &Recorder) -> Self {
        let mut waits = Histogram::default();
        let mut all = PortHour::default();
        for month in 0..record.calendar().months().len() {
            let port = record.port(month, 0);
            waits.merge(&port.waits);
            for hour in &port.hours {
                all.busy_seconds += hour.busy_seconds;
                all.duty_seconds += hour.duty_seconds;
                all.queue_sum += hour.queue_sum;
                all.queue_days += hour.queue_days;
            }
        }
        let waiting = WAITING.map(|minutes| {
            let longer: u32 = waits.counts()[minutes..].iter().sum();
            f64::from(longer) / waits.total() as f64
        });
        Self {
            wait_minutes: waits.mean().unwrap(),
            waiting,
            utilization: all.busy_seconds / all.duty_seconds,
            queue: all.queue_sum / f64::from(all.queue_days),
        }
    }
}

/// Mean wait, utilization and, by Little's law (1961, doi:10.1287/opre.9.3.383), the mean number in the queue.
fn assert_queue(name: &str, arrivals_per_minute: f64, utilization: f64, wait_minutes: f64) {
    let scenario = load(name, &[]);
    let seen: Vec<Seen> = records(&scenario).map(|record| Seen::of(&record)).collect();
    let values = |value: fn(&Seen) -> f64| seen.iter().map(value).collect::<Vec<_>>();
    assert_within("wait", &values(|seen| seen.wait_minutes), wait_minutes);
    assert_within("utilization", &values(|seen| seen.utilization), utilization);
    let queue = arrivals_per_minute * wait_minutes;
    assert_within("queue", &values(|seen| seen.queue), queue);
}

/// Shares of those who wait for longer than some minutes, with exponential service: P(W > t) = P(W > 0) exp(-(c μ - λ) t) where whoever
/// came first is served first (Erlang 1917). In another order the mean wait is the same, and long waits are more.
fn assert_tail(name: &str, wait_at_all: f64, spare_per_minute: f64) {
    let scenario = load(name, &[]);
    let seen: Vec<Seen> = records(&scenario).map(|record| Seen::of(&record)).collect();
    for (place, minutes) in WAITING.into_iter().enumerate() {
        let shares: Vec<f64> = seen.iter().map(|seen| seen.waiting[place]).collect();
        let formula = wait_at_all * libm::exp(-spare_per_minute * minutes as f64);
        assert_within(&format!("more than {minutes} minutes"), &shares, formula);
    }
}

/// Probability of waiting with `servers` servers and an offered load in erlangs (Erlang 1917).
fn erlang_c(servers: u32, load: f64) -> f64 {
    // B(c) = a B(c-1) / (c + a B(c-1)), C = B / (1 - (a/c) (1 - B)).
    let blocking = (1..=servers).fold(1.0, |b, c| load * b / (f64::from(c) + load * b));
    let utilization = load / f64::from(servers);
    blocking / (1.0 - utilization * (1.0 - blocking))
}

/// Mean wait in minutes with one server and service of a mean of one minute (Pollaczek 1930, Khinchine 1932).
fn pollaczek_khinchine(utilization: f64, cv: f64) -> f64 {
    utilization * (1.0 + cv * cv) / (2.0 * (1.0 - utilization))
}

#[test]
fn with_one_server_and_exponential_service_both_formulas_agree() {
    let erlang = erlang_c(1, 0.7) / (1.0 - 0.7);
    assert!((erlang - pollaczek_khinchine(0.7, 1.0)).abs() < 1e-12);
    // A textbook value: five servers at 0.8 make 0.554 wait.
    assert!((erlang_c(5, 4.0) - 0.554).abs() < 5e-4);
}

#[test]
fn the_queue_mm1_waits_as_erlang_says() {
    assert_queue("mm1", 0.7, 0.7, erlang_c(1, 0.7) / (1.0 - 0.7));
}

#[test]
fn the_queue_mmc_waits_as_erlang_says() {
    // Five officers who serve 0.2 a minute each; 0.8 arrive a minute.
    assert_queue("mmc", 0.8, 0.8, erlang_c(5, 4.0) / (5.0 * 0.2 - 0.8));
}

#[test]
fn the_queue_mg1_waits_as_pollaczek_and_khinchine_say() {
    assert_queue("mg1", 0.6, 0.6, pollaczek_khinchine(0.6, 1.5));
}

#[test]
fn the_queue_md1_waits_as_pollaczek_and_khinchine_say() {
    assert_queue("md1", 0.7, 0.7, pollaczek_khinchine(0.7, 0.0));
}

#[test]
fn who_came_first_is_served_first() {
    assert_tail("mm1", 0.7, 0.3);
    assert_tail("mmc", erlang_c(5, 4.0), 0.2);
}
