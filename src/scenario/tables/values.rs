//! Small value types that several tables of a scenario file share.

use jiff::civil::{self, Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::stats::normal;

/// A number, or the word `"unlimited"`.
///
/// Absence of a bound is written in words, never as 0 or -1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Limit {
    /// At most this many.
    AtMost(#[schemars(range(min = 0.0, max = 10_000_000.0))] f64),
    /// No bound.
    Word(Unlimited),
}

/// The word `"unlimited"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unlimited {
    /// No bound.
    Unlimited,
}

impl Limit {
    /// No bound.
    pub const UNLIMITED: Self = Self::Word(Unlimited::Unlimited);

    /// The bound, `None` where there is none.
    #[must_use]
    pub fn bound(self) -> Option<f64> {
        match self {
            Self::AtMost(value) => Some(value),
            Self::Word(Unlimited::Unlimited) => None,
        }
    }
}

/// A random time in days: a family of distributions, its mean and its coefficient of variation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Delay {
    /// Family of the distribution.
    pub family: Family,
    /// Mean. \[days\]
    #[schemars(range(min = 0.0, max = 3650.0), extend("unit" = "days"))]
    pub mean_days: f64,
    /// Coefficient of variation: standard deviation over mean; read by `lognormal` only.
    #[schemars(range(min = 0.0, max = 10.0), extend("unit" = "ratio"))]
    pub cv: f64,
}

impl Default for Delay {
    fn default() -> Self {
        Self {
            family: Family::Fixed,
            mean_days: 0.0,
            cv: 0.5,
        }
    }
}

impl Delay {
    /// An exponential delay.
    #[must_use]
    pub const fn exponential(mean_days: f64) -> Self {
        Self {
            family: Family::Exponential,
            mean_days,
            cv: 1.0,
        }
    }

    /// The time within which a share of such delays ends, by the quantile function of the family. \[days\]
    ///
    /// `share` is at least 0 and below 1.
    #[must_use]
    pub fn quantile(&self, share: f64) -> f64 {
        let of_mean = match self.family {
            Family::Fixed => 1.0,
            Family::Exponential => -libm::log1p(-share),
            Family::Lognormal if share <= 0.0 => 0.0,
            Family::Lognormal => {
                // As cv² = exp(σ²) - 1 and mean = median × exp(σ²/2).
                let variance = libm::log1p(self.cv * self.cv);
                libm::exp(libm::sqrt(variance) * normal::quantile(share) - variance / 2.0)
            }
        };
        self.mean_days * of_mean
    }
}

/// Family of a positive random time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Always the mean.
    Fixed,
    /// Exponential with the mean.
    Exponential,
    /// Lognormal with the mean and the coefficient of variation.
    Lognormal,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names of days say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// That of a date.
    #[must_use]
    pub fn of(date: Date) -> Self {
        match date.weekday() {
            civil::Weekday::Monday => Self::Monday,
            civil::Weekday::Tuesday => Self::Tuesday,
            civil::Weekday::Wednesday => Self::Wednesday,
            civil::Weekday::Thursday => Self::Thursday,
            civil::Weekday::Friday => Self::Friday,
            civil::Weekday::Saturday => Self::Saturday,
            civil::Weekday::Sunday => Self::Sunday,
        }
    }
}

/// Where a party is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Region {
    /// Outside Mexico, out of the app's reach.
    Outside,
    /// Southern Mexico.
    South,
    /// Central and northern Mexico, from where ports and the line between them are reached.
    North,
}

impl Region {
    /// Every region, from the farthest to the nearest.
    pub const ALL: [Self; 3] = [Self::Outside, Self::South, Self::North];

    /// The word used in files and results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Outside => "outside",
            Self::South => "south",
            Self::North => "north",
        }
    }
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{ContinuousCDF, Exp, LogNormal};

    use super::*;

    #[test]
    fn a_share_of_the_delays_ends_within_its_quantile() {
        let (mean_days, cv) = (10.0, 0.5);
        let delay = |family| Delay {
            family,
            mean_days,
            cv,
        };
        let variance = libm::log(1.0 + cv * cv);
        let lognormal = LogNormal::new(libm::log(mean_days) - variance / 2.0, variance.sqrt());
        let (lognormal, exponential) = (lognormal.unwrap(), Exp::new(1.0 / mean_days).unwrap());
        for share in [0.001, 0.2, 0.5, 0.9, 0.999] {
            let found = lognormal.cdf(delay(Family::Lognormal).quantile(share));
            assert!((found - share).abs() < 1e-9, "{found} {share}");
            let found = exponential.cdf(delay(Family::Exponential).quantile(share));
            assert!((found - share).abs() < 1e-9, "{found} {share}");
            let fixed = delay(Family::Fixed).quantile(share);
            assert!((fixed - mean_days).abs() < 1e-12, "{fixed}");
        }
        for never in [
            delay(Family::Lognormal).quantile(0.0),
            Delay::default().quantile(0.9),
        ] {
            assert!(never.abs() < 1e-12, "{never}");
        }
    }
}
