//! The numbers of the appointment reference, as in `scenarios/theory/appointment-reference.toml`.

pub const ARRIVALS_PER_DAY: f64 = 2000.0;
pub const PATIENCE_DAYS: f64 = 90.0;
pub const LEAD_DAYS: u64 = 14;
pub const FIRST_HOUR: u64 = 6;
pub const HOURS: u64 = 12;
pub const NO_SHOW: f64 = 0.08;
pub const SERVICE_MEAN_MINUTES: f64 = 45.0;
pub const SERVICE_CV: f64 = 0.6;
pub const SLOTS: [u32; 8] = [385, 75, 100, 200, 60, 60, 195, 375];
pub const OFFICERS: [u32; 8] = [27, 6, 7, 14, 5, 5, 14, 26];
