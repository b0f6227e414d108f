//! What is drawn at random, and the random times of the model.

use std::f64::consts::LOG2_E;

use crate::engine::random::{self, Draw, Streams};
use crate::engine::time::Span;
use crate::scenario::values::{Delay, Family};

/// Which decision a draw is for: part of its key, so that one draw more changes nobody else's luck.
///
/// The numbers are part of the random-number scheme: a new purpose gets a new number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Purpose {
    ArrivalGap = 1,
    ArrivalFactor = 2,
    PartySize = 3,
    EntryRegion = 4,
    LawfulAlternative = 5,
    Regularity = 6,
    Decision = 7,
    Clock = 8,
    ClockKind = 9,
    Ticket = 10,
    RequestCount = 11,
    WinningCell = 12,
    RequestToday = 13,
    PortLiking = 14,
    AppointmentTime = 15,
    Confirmation = 16,
    NoShow = 17,
    NoShowReturn = 18,
    Journey = 19,
    Interception = 20,
    InterceptionPoint = 21,
    InterceptionGiveUp = 22,
    Preparation = 23,
    AttemptInterception = 24,
    AttemptGiveUp = 25,
    Apprehension = 26,
    CrossingOutcome = 27,
    Repeat = 28,
    RepeatDelay = 29,
    WalkUpTime = 30,
    Service = 31,
    PortOutcome = 32,
    Response = 33,
    InitialAge = 34,
    InitialGroup = 35,
    LosesSlot = 36,
}

/// The luck of a party or place: every draw that concerns it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Luck(random::Luck);

impl Luck {
    #[inline]
    pub(crate) fn new(random: Streams, who: u64) -> Self {
        Self(random.of(who))
    }

    /// Place among those to whom something happens at the same instant, or who registered at the same: no two have the same.
    #[inline]
    pub(crate) fn rank(self) -> u64 {
        self.0.rank()
    }

    /// A draw keyed by what it decides and which occasion it is.
    #[inline]
    pub(crate) fn draw(self, purpose: Purpose, occasion: u64) -> Draw {
        self.0.draw(purpose as u32, occasion)
    }

    /// Whether what has a probability happens. Nothing is drawn for what is impossible or certain.
    #[inline]
    pub(crate) fn happens(self, purpose: Purpose, occasion: u64, probability: f64) -> bool {
        probability > 0.0
            && (probability >= 1.0 || self.draw(purpose, occasion).chance(probability))
    }
}

/// A random time, prepared for drawing.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Duration {
    /// Always the same.
    Fixed(Span),
    /// Exponential, by its mean in milliseconds.
    Exponential(f64),
    /// Lognormal, by the median in milliseconds and the standard deviation, both of the logarithm to base 2.
    Lognormal { median: f64, sigma: f64 },
}

impl Duration {
    /// Prepares a family with a mean and a coefficient of variation.
    pub(crate) fn new(family: Family, mean: Span, cv: f64) -> Self {
        let millis = mean.as_millis() as f64;
        match family {
            Family::Fixed => Self::Fixed(mean),
            Family::Exponential => Self::Exponential(millis),
            Family::Lognormal => {
                // For a lognormal, cv² = exp(σ²) - 1 and mean = median × exp(σ²/2).
                let variance = libm::log1p(cv * cv);
                Self::Lognormal {
                    median: libm::log2(millis) - variance / 2.0 * LOG2_E,
                    sigma: libm::sqrt(variance) * LOG2_E,
                }
            }
        }
    }

    /// Draws a time: of a larger exponential or normal number comes a longer one, whatever the parameters.
    #[expect(
        clippy::inline_always,
        reason = "measured: with the others of the model, a fortieth of a replication"
    )]
    #[inline(always)]
    pub(crate) fn draw(self, draw: &mut Draw) -> Span {
        match self {
            Self::Fixed(span) => span,
            Self::Exponential(mean) => Span::nearest_millis(mean * draw.exponential()),
            Self::Lognormal { median, sigma } => {
                // To base 2, for which libm needs a third of the time.
                Span::nearest_millis(libm::exp2(median + sigma * draw.normal()))
            }
        }
    }
}

impl From<Delay> for Duration {
    fn from(delay: Delay) -> Self {
        Self::new(delay.family, Span::from_days(delay.mean_days), delay.cv)
    }
}

/// A lognormal factor of mean 1 with a coefficient of variation.
pub(crate) fn factor_of_mean_one(cv: f64, draw: &mut Draw) -> f64 {
    let variance = libm::log1p(cv * cv);
    libm::exp(libm::sqrt(variance) * draw.normal() - variance / 2.0)
}
