//! Which days are workdays: weekends, public holidays, and the weekends that are worked to make up for them.
//!
//! In China the State Council announces both for each year by a notice, usually in November of the year before.
//! What has not been announced cannot be known: a calendar says so instead of guessing from weekends, because a value
//! date that is a day wrong is money. A bank adds a new year by its settings and needs no new program for it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Weekday;

use crate::BusinessDate;

/// The holidays of these years are built in.
pub const BUILT_IN: std::ops::RangeInclusive<i16> = 2015..=2026;

/// A day of a year: month 1..=12, day 1..=31.
type MonthDay = (i8, i8);

/// What the State Council's notice for a year says: first and last days of what is free, weekend days that are worked.
struct Notice {
    year: i16,
    free: &'static [(MonthDay, MonthDay)],
    worked: &'static [MonthDay],
}

/// Source: the notices of the General Office of the State Council on the arrangement of holidays, gov.cn; 2015 with the
/// notice on 3 September, 2019 with that on 1 May, 2020 with that on the longer Spring Festival.
#[rustfmt::skip]
const NOTICES: &[Notice] = &[
    Notice { year: 2015, free: &[((1, 1), (1, 3)), ((2, 18), (2, 24)), ((4, 5), (4, 6)), ((5, 1), (5, 1)), ((6, 22), (6, 22)), ((9, 3), (9, 5)), ((10, 1), (10, 7))], worked: &[(1, 4), (2, 15), (2, 28), (9, 6), (10, 10)] },
    Notice { year: 2016, free: &[((1, 1), (1, 1)), ((2, 7), (2, 13)), ((4, 4), (4, 4)), ((5, 1), (5, 2)), ((6, 9), (6, 11)), ((9, 15), (9, 17)), ((10, 1), (10, 7))], worked: &[(2, 6), (2, 14), (6, 12), (9, 18), (10, 8), (10, 9)] },
    Notice { year: 2017, free: &[((1, 1), (1, 2)), ((1, 27), (2, 2)), ((4, 2), (4, 4)), ((5, 1), (5, 1)), ((5, 28), (5, 30)), ((10, 1), (10, 8))], worked: &[(1, 22), (2, 4), (4, 1), (5, 27), (9, 30)] },
    Notice { year: 2018, free: &[((1, 1), (1, 1)), ((2, 15), (2, 21)), ((4, 5), (4, 7)), ((4, 29), (5, 1)), ((6, 18), (6, 18)), ((9, 24), (9, 24)), ((10, 1), (10, 7)), ((12, 30), (12, 31))], worked: &[(2, 11), (2, 24), (4, 8), (4, 28), (9, 29), (9, 30), (12, 29)] },
    Notice { year: 2019, free: &[((1, 1), (1, 1)), ((2, 4), (2, 10)), ((4, 5), (4, 5)), ((5, 1), (5, 4)), ((6, 7), (6, 7)), ((9, 13), (9, 13)), ((10, 1), (10, 7))], worked: &[(2, 2), (2, 3), (4, 28), (5, 5), (9, 29), (10, 12)] },
    Notice { year: 2020, free: &[((1, 1), (1, 1)), ((1, 24), (2, 2)), ((4, 4), (4, 6)), ((5, 1), (5, 5)), ((6, 25), (6, 27)), ((10, 1), (10, 8))], worked: &[(1, 19), (2, 3), (4, 26), (5, 9), (6, 28), (9, 27), (10, 10)] },
    Notice { year: 2021, free: &[((1, 1), (1, 3)), ((2, 11), (2, 17)), ((4, 3), (4, 5)), ((5, 1), (5, 5)), ((6, 12), (6, 14)), ((9, 19), (9, 21)), ((10, 1), (10, 7))], worked: &[(2, 7), (2, 20), (4, 25), (5, 8), (9, 18), (9, 26), (10, 9)] },
    Notice { year: 2022, free: &[((1, 1), (1, 3)), ((1, 31), (2, 6)), ((4, 3), (4, 5)), ((4, 30), (5, 4)), ((6, 3), (6, 5)), ((9, 10), (9, 12)), ((10, 1), (10, 7))], worked: &[(1, 29), (1, 30), (4, 2), (4, 24), (5, 7), (10, 8), (10, 9)] },
    Notice { year: 2023, free: &[((1, 1), (1, 2)), ((1, 21), (1, 27)), ((4, 5), (4, 5)), ((4, 29), (5, 3)), ((6, 22), (6, 24)), ((9, 29), (10, 6))], worked: &[(1, 28), (1, 29), (4, 23), (5, 6), (6, 25), (10, 7), (10, 8)] },
    Notice { year: 2024, free: &[((1, 1), (1, 1)), ((2, 10), (2, 17)), ((4, 4), (4, 6)), ((5, 1), (5, 5)), ((6, 10), (6, 10)), ((9, 15), (9, 17)), ((10, 1), (10, 7))], worked: &[(2, 4), (2, 18), (4, 7), (4, 28), (5, 11), (9, 14), (9, 29), (10, 12)] },
    Notice { year: 2025, free: &[((1, 1), (1, 1)), ((1, 28), (2, 4)), ((4, 4), (4, 6)), ((5, 1), (5, 5)), ((5, 31), (6, 2)), ((10, 1), (10, 8))], worked: &[(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)] },
    Notice { year: 2026, free: &[((1, 1), (1, 3)), ((2, 15), (2, 23)), ((4, 4), (4, 6)), ((5, 1), (5, 5)), ((6, 19), (6, 21)), ((9, 25), (9, 27)), ((10, 1), (10, 7))], worked: &[(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)] },
];

/// How a day that is no workday is moved to one (ISDA 2006 Definitions, section 4.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Convention {
    /// To the next workday.
    Following,
    /// To the next workday, but where that is in another month, to the one before.
    ModifiedFollowing,
    /// To the workday before.
    Preceding,
}

/// The holidays of a year are not known (yet).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the holidays of {year} are not known; add them to `calendar` in the settings")]
pub struct Unannounced {
    /// Which.
    pub year: i16,
}

/// Days that do not make a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CalendarRefused {
    /// The last day of what is free lies before the first, or in another year.
    #[error("`{0}` to `{1}` is no span of days within one year")]
    Span(BusinessDate, BusinessDate),
    /// A day is both free and worked.
    #[error("`{0}` cannot be free and worked")]
    Both(BusinessDate),
    /// Only a weekend is worked by notice.
    #[error("`{0}` is no Saturday or Sunday: it need not be named as worked")]
    Weekday(BusinessDate),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Year {
    free: BTreeSet<BusinessDate>,
    worked: BTreeSet<BusinessDate>,
}

/// Workdays of the years that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeMap<i16, Year>,
}

impl Calendar {
    /// The calendar of mainland China for [`BUILT_IN`].
    #[must_use]
    pub fn china() -> Self {
        let mut calendar = Self::default();
        for notice in NOTICES {
            let day = |(month, day): MonthDay| BusinessDate::from_ymd(notice.year, month, day).ok();
            let year = calendar.years.entry(notice.year).or_default();
            for (first, last) in notice.free {
                year.free.extend(day(*first).zip(day(*last)).into_iter().flat_map(|(a, b)| days(a, b)));
            }
            year.worked.extend(notice.worked.iter().filter_map(|worked| day(*worked)));
        }
        calendar
    }

    /// With the holidays of further years: spans that are free, first and last day, and weekend days that are worked.
    /// A year that is named by any of them is replaced as a whole.
    ///
    /// # Errors
    /// [`CalendarRefused`].
    pub fn with(
        mut self,
        free: &[(BusinessDate, BusinessDate)],
        worked: &[BusinessDate],
    ) -> Result<Self, CalendarRefused> {
        let mut years: BTreeMap<i16, Year> = BTreeMap::new();
        for (first, last) in free {
            if last < first || first.date().year() != last.date().year() {
                return Err(CalendarRefused::Span(*first, *last));
            }
            years.entry(first.date().year()).or_default().free.extend(days(*first, *last));
        }
        for day in worked {
            let year = years.entry(day.date().year()).or_default();
            if !is_weekend(*day) {
                return Err(CalendarRefused::Weekday(*day));
            }
            if year.free.contains(day) {
                return Err(CalendarRefused::Both(*day));
            }
            year.worked.insert(*day);
        }
        self.years.extend(years);
        Ok(self)
    }

    /// The last year that is known, where any is.
    #[must_use]
    pub fn known_until(&self) -> Option<i16> {
        self.years.keys().next_back().copied()
    }

    /// Whether people work on `day`.
    ///
    /// # Errors
    /// [`Unannounced`].
    pub fn is_workday(&self, day: BusinessDate) -> Result<bool, Unannounced> {
        let of = day.date().year();
        let year = self.years.get(&of).ok_or(Unannounced { year: of })?;
        Ok(year.worked.contains(&day) || !(is_weekend(day) || year.free.contains(&day)))
    }

    /// `day` itself where it is a workday, else the one that `convention` moves it to.
    ///
    /// # Errors
    /// [`Unannounced`] for any year that is looked at.
    pub fn moved(&self, day: BusinessDate, convention: Convention) -> Result<BusinessDate, Unannounced> {
        match convention {
            Convention::Following => self.from(day, BusinessDate::next),
            Convention::Preceding => self.from(day, BusinessDate::previous),
            Convention::ModifiedFollowing => {
                let next = self.from(day, BusinessDate::next)?;
                if next.month_number() == day.month_number() {
                    return Ok(next);
                }
                self.from(day, BusinessDate::previous)
            }
        }
    }

    /// The workday that is `count` workdays after `day`; T+1 is `count` 1. With 0, `day` moved to the next workday.
    ///
    /// # Errors
    /// [`Unannounced`] for any year that is looked at.
    pub fn after(&self, day: BusinessDate, count: u16) -> Result<BusinessDate, Unannounced> {
        let mut reached = if count == 0 { self.from(day, BusinessDate::next)? } else { day };
        for _ in 0..count {
            reached = self.from(reached.next(), BusinessDate::next)?;
        }
        Ok(reached)
    }

    fn from(
        &self,
        mut day: BusinessDate,
        step: fn(BusinessDate) -> BusinessDate,
    ) -> Result<BusinessDate, Unannounced> {
        while !self.is_workday(day)? {
            day = step(day);
        }
        Ok(day)
    }
}

/// Saturday or Sunday.
#[must_use]
pub fn is_weekend(day: BusinessDate) -> bool {
    matches!(day.date().weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The days from `first` to `last`, both of them.
fn days(first: BusinessDate, last: BusinessDate) -> impl Iterator<Item = BusinessDate> {
    std::iter::successors(Some(first), |day| Some(day.next())).take_while(move |day| *day <= last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> BusinessDate {
        text.parse().unwrap()
    }

    #[test]
    fn each_year_works_as_many_days_as_it_was_announced_to() {
        // All days less Saturdays, Sundays and the days of the Regulation on Public Holidays: 11, from 2025 on 13;
        // one more in 2015 (3 September), two more in 2020 (31 January, 1 February).
        let table = [
            (2015, 365 - 104 - 12),
            (2016, 366 - 105 - 11),
            (2017, 365 - 105 - 11),
            (2018, 365 - 104 - 11),
            (2019, 365 - 104 - 11),
            (2020, 366 - 104 - 13),
            (2021, 365 - 104 - 11),
            (2022, 365 - 105 - 11),
            (2023, 365 - 105 - 11),
            (2024, 366 - 104 - 11),
            (2025, 365 - 104 - 13),
            (2026, 365 - 104 - 13),
        ];
        let calendar = Calendar::china();
        for (year, workdays) in table {
            let all = days(
                BusinessDate::from_ymd(year, 1, 1).unwrap(),
                BusinessDate::from_ymd(year, 12, 31).unwrap(),
            );
            assert_eq!(all.filter(|day| calendar.is_workday(*day).unwrap()).count(), workdays, "{year}");
        }
        assert_eq!(calendar.years.keys().copied().collect::<Vec<_>>(), BUILT_IN.collect::<Vec<_>>());
    }

    #[test]
    fn holidays_are_free_and_made_up_for() {
        let calendar = Calendar::china();
        for (text, works) in [
            ("2026-02-13", true),
            ("2026-02-14", true), // a Saturday
            ("2026-02-15", false),
            ("2026-02-23", false), // a Monday
            ("2026-02-24", true),
            ("2026-02-28", true), // a Saturday
            ("2026-03-01", false),
            ("2026-10-10", true), // a Saturday
            ("2018-12-29", true), // announced with the notice for 2019
            ("2018-12-31", false),
            ("2020-01-31", false), // by the second notice
        ] {
            assert_eq!(calendar.is_workday(day(text)), Ok(works), "{text}");
        }
    }

    #[test]
    fn days_move_by_their_convention() {
        let calendar = Calendar::china();
        let table = [
            ("2026-02-16", "2026-02-24", "2026-02-24", "2026-02-14"),
            ("2026-10-01", "2026-10-08", "2026-10-08", "2026-09-30"),
            ("2026-01-31", "2026-02-02", "2026-01-30", "2026-01-30"),
            ("2026-11-27", "2026-11-27", "2026-11-27", "2026-11-27"),
        ];
        for (from, following, modified, preceding) in table {
            let moved = |convention| calendar.moved(day(from), convention).unwrap().to_string();
            assert_eq!(moved(Convention::Following), following);
            assert_eq!(moved(Convention::ModifiedFollowing), modified);
            assert_eq!(moved(Convention::Preceding), preceding);
        }
        assert_eq!(calendar.after(day("2026-09-30"), 1), Ok(day("2026-10-08")));
        assert_eq!(calendar.after(day("2026-10-03"), 0), Ok(day("2026-10-08")));
        assert_eq!(calendar.after(day("2026-02-13"), 2), Ok(day("2026-02-24")));
    }

    #[test]
    fn an_unannounced_year_is_not_guessed() {
        let calendar = Calendar::china();
        assert_eq!(calendar.is_workday(day("2027-03-01")), Err(Unannounced { year: 2027 }));
        assert_eq!(calendar.after(day("2026-12-31"), 1), Err(Unannounced { year: 2027 }));
        let known = calendar.with(&[(day("2027-01-01"), day("2027-01-03"))], &[day("2027-02-07")]).unwrap();
        assert_eq!(known.after(day("2026-12-31"), 1), Ok(day("2027-01-04")));
        assert_eq!(known.is_workday(day("2027-02-07")), Ok(true));
        assert_eq!(known.known_until(), Some(2027));
    }

    #[test]
    fn days_that_contradict_each_other_are_refused() {
        let refused = |free: &[(&str, &str)], worked: &[&str]| {
            let free: Vec<_> = free.iter().map(|(a, b)| (day(a), day(b))).collect();
            let worked: Vec<_> = worked.iter().copied().map(day).collect();
            Calendar::china().with(&free, &worked).unwrap_err()
        };
        assert_eq!(
            refused(&[("2027-01-03", "2027-01-01")], &[]),
            CalendarRefused::Span(day("2027-01-03"), day("2027-01-01"))
        );
        assert_eq!(
            refused(&[("2027-12-31", "2028-01-01")], &[]),
            CalendarRefused::Span(day("2027-12-31"), day("2028-01-01"))
        );
        assert_eq!(
            refused(&[("2027-01-01", "2027-01-03")], &["2027-01-02"]),
            CalendarRefused::Both(day("2027-01-02"))
        );
        assert_eq!(refused(&[], &["2027-01-04"]), CalendarRefused::Weekday(day("2027-01-04")));
    }
}
