//! Sums that count toward limits, by account and booking day or month.
//!
//! Kept for the business month, the month before it and whatever lies later. A counting transfer that is booked
//! into an older month is judged by itself alone and leaves no sum. Hence the memory is bounded by the accounts
//! that move in two months, whatever the age of the book.

use std::collections::BTreeMap;

use contracts::ledger::Used;

use super::account::day;

/// Day windows and month windows; a key is the window first, so that old ones are cut off in one stroke.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Windows {
    /// By day number and account.
    pub(super) days: BTreeMap<(i32, u32), u64>,
    /// By month number (year × 12 + month − 1) and account.
    pub(super) months: BTreeMap<(i32, u32), u64>,
}

/// The month of a day, as one number without gaps.
pub(super) fn month_of(day_number: i32) -> i32 {
    let month = day(day_number).month_number();
    month.div_euclid(100) * 12 + month.rem_euclid(100) - 1
}

/// Whether sums for `booked_on` are kept while the business date is `today`.
pub(super) fn is_kept(booked_on: i32, today: i32) -> bool {
    // Most bookings are of today: spare them the calendar.
    booked_on >= today || month_of(booked_on) >= month_of(today) - 1
}

/// The first day and the first month whose sums are kept.
fn first_kept(today: i32) -> (i32, i32) {
    let first_month = month_of(today) - 1;
    let (year, month) = (first_month.div_euclid(12), first_month.rem_euclid(12) + 1);
    let first_day = i16::try_from(year)
        .ok()
        .zip(i8::try_from(month).ok())
        .and_then(|(year, month)| clock::BusinessDate::from_ymd(year, month, 1).ok())
        .map_or(i32::MIN, clock::BusinessDate::day_number);
    (first_day, first_month)
}

impl Windows {
    /// What is used on the booking day and in its month.
    pub(super) fn used(&self, account: u32, booked_on: i32, today: i32) -> Used {
        if (self.days.is_empty() && self.months.is_empty()) || !is_kept(booked_on, today) {
            return Used::default();
        }
        Used {
            day: self.days.get(&(booked_on, account)).copied().unwrap_or(0),
            month: self.months.get(&(month_of(booked_on), account)).copied().unwrap_or(0),
        }
    }

    /// Sets what is used; zero removes the sum.
    pub(super) fn set(&mut self, account: u32, booked_on: i32, used: Used) {
        let put = |sums: &mut BTreeMap<(i32, u32), u64>, key, value| {
            if value == 0 {
                sums.remove(&key);
            } else {
                sums.insert(key, value);
            }
        };
        put(&mut self.days, (booked_on, account), used.day);
        put(&mut self.months, (month_of(booked_on), account), used.month);
    }

    /// Forgets the sums that are no longer kept when the business date is `today`.
    pub(super) fn forget(&mut self, today: i32) {
        // The oldest sum tells whether there is anything to forget.
        if self.days.keys().next().is_none_or(|(day, _)| is_kept(*day, today)) {
            return;
        }
        let (first_day, first_month) = first_kept(today);
        self.days = self.days.split_off(&(first_day, 0));
        self.months = self.months.split_off(&(first_month, 0));
    }

    /// The sums that are kept when the business date is `today`, whether or not older ones were forgotten yet.
    pub(super) fn kept(&self, today: i32) -> [impl Iterator<Item = (&(i32, u32), &u64)> + Clone; 2] {
        let (first_day, first_month) = first_kept(today);
        [self.days.range((first_day, 0)..), self.months.range((first_month, 0)..)]
    }
}
