//! Simulated time in whole milliseconds: no rounding can reorder two events.

use std::ops::{Add, AddAssign, Mul, Sub};

const MILLIS_PER_DAY: u64 = 86_400_000;

/// A moment: milliseconds since the first simulated midnight.
///
/// Every value fits [`Time::BITS`] bits, so that a model can pack a moment and what comes then into one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(u64);

/// A length of time in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(u64);

impl Time {
    /// Bits that hold any moment: 557 years.
    pub const BITS: u32 = 44;

    /// The first simulated midnight.
    pub const ZERO: Self = Self(0);

    /// Later than the end of any run: what is scheduled here never happens.
    pub const MAX: Self = Self((1 << Self::BITS) - 1);

    /// Midnight at which day number `day` begins, counted from 0; [`Time::MAX`] after 557 years.
    #[must_use]
    pub const fn from_day(day: u32) -> Self {
        // A u32 of days is 2^59 ms at most: the product cannot overflow.
        Self::at_most_max(day as u64 * MILLIS_PER_DAY)
    }

    /// Number of the day that this moment belongs to, from 0.
    #[must_use]
    pub const fn day(self) -> u32 {
        // 2^44 ms are 203 609 days.
        (self.0 / MILLIS_PER_DAY) as u32
    }

    /// Time since the midnight of its day.
    #[must_use]
    pub const fn time_of_day(self) -> Span {
        Span(self.0 % MILLIS_PER_DAY)
    }

    /// Milliseconds since the first simulated midnight.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Time since `earlier`; zero if that is not earlier.
    #[must_use]
    pub const fn saturating_sub(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// The moment of a number of milliseconds that an earlier moment had.
    pub(super) const fn at_millis(millis: u64) -> Self {
        debug_assert!(
            millis <= Self::MAX.0,
            "the milliseconds are those of a moment"
        );
        Self(millis)
    }

    const fn at_most_max(millis: u64) -> Self {
        if millis > Self::MAX.0 {
            Self::MAX
        } else {
            Self(millis)
        }
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// One second.
    pub const SECOND: Self = Self(1_000);
    /// Sixty seconds.
    pub const MINUTE: Self = Self(60_000);
    /// Sixty minutes.
    pub const HOUR: Self = Self(3_600_000);
    /// Exactly 86,400 seconds: no simulated day is longer than another.
    pub const DAY: Self = Self(MILLIS_PER_DAY);

    /// This span less another; zero if that is longer. \[ms\]
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// A whole number of milliseconds.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// A number of days, to the nearest millisecond; see [`Span::from_seconds`] for what is no length of time.
    #[must_use]
    pub fn from_days(days: f64) -> Self {
        Self::from_units(days, Self::DAY)
    }

    /// A number of minutes, to the nearest millisecond; see [`Span::from_seconds`] for what is no length of time.
    #[must_use]
    pub fn from_minutes(minutes: f64) -> Self {
        Self::from_units(minutes, Self::MINUTE)
    }

    /// A number of seconds, to the nearest millisecond.
    ///
    /// Too many seconds give 2^62 ms, later than any run. A negative number or NaN is a mistake of the caller: zero, or a panic in
    /// a build with debug assertions.
    #[must_use]
    pub fn from_seconds(seconds: f64) -> Self {
        Self::from_units(seconds, Self::SECOND)
    }

    /// This span in days.
    #[must_use]
    pub fn as_days(self) -> f64 {
        self.in_units(Self::DAY)
    }

    /// This span in minutes.
    #[must_use]
    pub fn as_minutes(self) -> f64 {
        self.in_units(Self::MINUTE)
    }

    /// This span in seconds.
    #[must_use]
    pub fn as_seconds(self) -> f64 {
        self.in_units(Self::SECOND)
    }

    /// This span in milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// A number of milliseconds, to the nearest whole one; see [`Span::from_seconds`] for what is no length of time.
    #[must_use]
    #[inline]
    pub fn nearest_millis(millis: f64) -> Self {
        debug_assert!(millis >= 0.0, "{millis} ms is no length of time");
        // Twice a number is exact, so that halves and only halves round up. A cast from float to integer saturates and takes NaN
        // to 0; to a signed one it is faster.
        let halves = (2.0 * millis) as i64;
        Self(halves.max(0).cast_unsigned().div_ceil(2))
    }

    #[inline]
    fn from_units(number: f64, unit: Self) -> Self {
        debug_assert!(number >= 0.0, "{number} is no length of time");
        Self::nearest_millis(number * unit.0 as f64)
    }

    fn in_units(self, unit: Self) -> f64 {
        self.0 as f64 / unit.0 as f64
    }
}

/// Later by a span, at most [`Time::MAX`].
impl Add<Span> for Time {
    type Output = Self;

    fn add(self, span: Span) -> Self {
        Self::at_most_max(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for Time {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

/// Time since an earlier moment; zero, or a panic in a build with debug assertions, if that is later.
impl Sub for Time {
    type Output = Span;

    fn sub(self, earlier: Self) -> Span {
        debug_assert!(earlier <= self, "{earlier:?} is later than {self:?}");
        self.saturating_sub(earlier)
    }
}

/// Both lengths one after the other, saturating.
impl Add for Span {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// As many times this length, saturating.
impl Mul<u64> for Span {
    type Output = Self;

    fn mul(self, times: u64) -> Self {
        Self(self.0.saturating_mul(times))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_its_day_and_its_time_of_day() {
        let moment = Time::from_day(700) + Span::HOUR * 13 + Span::MINUTE * 5;
        assert_eq!(moment.day(), 700);
        assert_eq!(moment.time_of_day(), Span::from_minutes(785.0));
        assert_eq!(Time::from_day(moment.day()) + moment.time_of_day(), moment);
    }

    #[test]
    fn the_last_millisecond_of_a_day_belongs_to_it() {
        let last = Time::ZERO + Span::from_millis(86_399_999);
        assert_eq!(last.day(), 0);
        assert_eq!((last + Span::from_millis(1)).day(), 1);
    }

    #[test]
    fn spans_round_to_the_nearest_millisecond() {
        assert_eq!(Span::from_seconds(0.000_4), Span::ZERO);
        assert_eq!(Span::from_seconds(0.000_6), Span::from_millis(1));
        assert_eq!(Span::from_days(1.5), Span::HOUR * 36);
    }

    #[test]
    fn halves_round_up_and_whatever_lies_below_does_not() {
        for whole in [0_u64, 1, 7, 1 << 20, 1 << 40] {
            let half = whole as f64 + 0.5;
            let millis = |number| Span::from_units(number, Span::from_millis(1));
            assert_eq!(millis(half), Span::from_millis(whole + 1));
            assert_eq!(millis(half.next_down()), Span::from_millis(whole));
        }
    }

    #[test]
    fn spans_read_back_in_any_unit() {
        let span = Span::from_days(2.5);
        let units = [
            span.as_days(),
            span.as_minutes() / 1_440.0,
            span.as_seconds() / 86_400.0,
        ];
        assert!(
            units.iter().all(|&days| (days - 2.5).abs() < 1e-12),
            "{units:?}"
        );
    }

    #[test]
    fn time_stops_at_its_maximum() {
        assert_eq!(Time::from_day(u32::MAX), Time::MAX);
        assert_eq!(
            Time::from_day(1) + Span::from_days(f64::INFINITY),
            Time::MAX
        );
        assert_eq!(Time::MAX.as_millis() >> Time::BITS, 0);
        assert_eq!(
            Span::from_days(f64::INFINITY) * 4 + Span::DAY,
            Span::from_millis(u64::MAX)
        );
    }

    #[test]
    fn the_time_since_a_later_moment_saturates_at_zero() {
        assert_eq!(Time::ZERO.saturating_sub(Time::from_day(1)), Span::ZERO);
        assert_eq!(Time::from_day(3) - Time::from_day(1), Span::DAY * 2);
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "-1 is no length of time")]
    fn a_negative_span_is_caught_in_debug_builds() {
        let _ = Span::from_days(-1.0);
    }
}
