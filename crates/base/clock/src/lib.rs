//! Instants, business days, and the clock that is handed in.
//!
//! Nobody below `bank` reads the system's time by itself: a service is given a [`Clock`], so that tests and
//! simulations decide what time it is. An instant ([`Timestamp`]) is UTC; a [`BusinessDate`] is a day in the
//! bank's books and a different type. Cost: an instant is 16 bytes, a business date 4.

mod calendar;

use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;
use std::time::Duration;

pub use calendar::{BUILT_IN, Calendar, CalendarRefused, Convention, Unannounced, is_weekend};
pub use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a service learns what time it is.
pub trait Clock: Send + Sync + 'static {
    /// The current instant, UTC. May repeat or step back; whoever needs strict order keeps it itself.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that moves only when told to: for tests, simulations and imports.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// A clock standing at `start`.
    #[must_use]
    pub fn new(start: Timestamp) -> Self {
        Self(Mutex::new(start))
    }

    /// Moves the clock to `instant`, forward or back.
    pub fn set(&self, instant: Timestamp) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = instant;
    }

    /// Moves the clock forward. Stops at the end of time rather than overflow.
    pub fn advance(&self, by: Duration) {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now = now.saturating_add(by).unwrap_or(Timestamp::MAX);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// An instant as people in China read it, to the minute: `2026-01-06 10:00`.
#[must_use]
pub fn minute(instant: Timestamp) -> String {
    let at = china().to_datetime(instant);
    format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute())
}

/// A day in the bank's books: data, not an instant. Written `2026-11-22` (ISO 8601).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BusinessDate(jiff::civil::Date);

/// The text is not a day that exists.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a date that exists; write it as 2026-01-31")]
pub struct MalformedDate;

impl BusinessDate {
    /// The day with this number, counted from 1970-01-01 (day 0), the form in which the ledger keeps it.
    ///
    /// # Errors
    /// [`MalformedDate`] beyond the years -9999..=9999.
    pub fn from_day_number(day: i32) -> Result<Self, MalformedDate> {
        jiff::civil::date(1970, 1, 1)
            .checked_add(jiff::Span::new().try_days(i64::from(day)).map_err(|_| MalformedDate)?)
            .map(Self)
            .map_err(|_| MalformedDate)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub fn day_number(self) -> i32 {
        let from = jiff::civil::date(1970, 1, 1);
        self.0.duration_since(from).as_hours().div_euclid(24).try_into().unwrap_or(0)
    }

    /// The day of year, month (1..=12) and day (1..=31).
    ///
    /// # Errors
    /// [`MalformedDate`] where that day does not exist, such as 30 February.
    pub fn from_ymd(year: i16, month: i8, day: i8) -> Result<Self, MalformedDate> {
        jiff::civil::Date::new(year, month, day).map(Self).map_err(|_| MalformedDate)
    }

    /// The calendar day in China (UTC+8, no daylight saving since 1991) at `instant`.
    #[must_use]
    pub fn in_china(instant: Timestamp) -> Self {
        Self(china().to_datetime(instant).date())
    }

    /// Midnight in China at which this day begins.
    #[must_use]
    pub fn starts_at(self) -> Timestamp {
        china().to_timestamp(self.0.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN)
    }

    /// The following day.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.tomorrow().unwrap_or(self.0))
    }

    /// The day before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self(self.0.yesterday().unwrap_or(self.0))
    }

    /// The calendar date.
    #[must_use]
    pub const fn date(self) -> jiff::civil::Date {
        self.0
    }

    /// Year and month as one ordered number: 2026-11 is 202611.
    #[must_use]
    pub fn month_number(self) -> i32 {
        i32::from(self.0.year()) * 100 + i32::from(self.0.month())
    }
}

/// The time zone in which the bank keeps its books.
#[must_use]
pub const fn china() -> jiff::tz::Offset {
    jiff::tz::offset(8)
}

impl fmt::Display for BusinessDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for BusinessDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for BusinessDate {
    type Err = MalformedDate;
    fn from_str(text: &str) -> Result<Self, MalformedDate> {
        if text.len() != 10 {
            return Err(MalformedDate);
        }
        text.parse().map(Self).map_err(|_| MalformedDate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_china() {
        let day: BusinessDate = "2026-11-22".parse().unwrap();
        assert_eq!(day.starts_at().to_string(), "2026-11-21T16:00:00Z");
        assert_eq!(BusinessDate::in_china(day.starts_at()), day);
        assert_eq!(BusinessDate::from_day_number(day.day_number()), Ok(day));
        assert_eq!(BusinessDate::from_day_number(-1).unwrap().to_string(), "1969-12-31");
        assert_eq!(BusinessDate::from_ymd(1969, 12, 31).unwrap().day_number(), -1);
        assert_eq!(day.month_number(), 202_611);
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in ["2026-02-30", "2026-13-01", "2026-1-1", "20260101", "", "2026-01-01T00:00:00"] {
            assert_eq!(text.parse::<BusinessDate>(), Err(MalformedDate), "{text}");
        }
    }
}
