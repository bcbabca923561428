//! The days that matter to a generated life.

use clock::BusinessDate;
use jiff::civil::Weekday;

/// First day of the lunar year: month and day, from 2015 (State Council notices; Purple Mountain Observatory for
/// the years to come).
const SPRING_FESTIVALS: [(i8, i8); 21] = [
    (2, 19),
    (2, 8),
    (1, 28),
    (2, 16),
    (2, 5),
    (1, 25),
    (2, 12),
    (2, 1),
    (1, 22),
    (2, 10),
    (1, 29),
    (2, 17),
    (2, 6),
    (1, 26),
    (2, 13),
    (2, 3),
    (1, 23),
    (2, 11),
    (1, 31),
    (2, 19),
    (2, 8),
];

/// A day with what is special about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day {
    /// The day itself.
    pub(super) on: BusinessDate,
    /// 1..=12.
    pub(super) month: i8,
    /// 1..=31.
    pub(super) day: i8,
    /// Saturday or Sunday.
    pub(super) weekend: bool,
    /// Days until the lunar new year; negative after it; `None` in years beyond the table.
    pub(super) to_spring_festival: Option<i32>,
}

impl Day {
    pub(super) fn new(on: BusinessDate) -> Self {
        let date = on.date();
        let festival = usize::try_from(i32::from(date.year()) - 2015)
            .ok()
            .and_then(|at| SPRING_FESTIVALS.get(at))
            .and_then(|(month, day)| BusinessDate::from_ymd(date.year(), *month, *day).ok());
        Self {
            on,
            month: date.month(),
            day: date.day(),
            weekend: matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday),
            to_spring_festival: festival.map(|festival| festival.day_number() - on.day_number()),
        }
    }

    /// Whether what is due on the day `nominal` of the month is paid today: on that day, or on the Friday before
    /// where it falls on a weekend.
    pub(super) fn is_payday(&self, nominal: i8) -> bool {
        let friday = self.on.date().weekday() == Weekday::Friday;
        !self.weekend
            && (self.day == nominal || (friday && (self.day + 1 == nominal || self.day + 2 == nominal)))
    }

    /// Whether interest is credited: the day after the quarter's settlement day (银发〔2005〕129号).
    pub(super) fn is_interest_day(&self) -> bool {
        self.day == 21 && self.month % 3 == 0
    }

    /// The sales of 18 June and 11 November with the evening before.
    pub(super) fn is_sale(&self) -> bool {
        (self.month == 6 && matches!(self.day, 17 | 18)) || (self.month == 11 && matches!(self.day, 10 | 11))
    }

    /// The week of the National Day.
    pub(super) fn is_national_week(&self) -> bool {
        self.month == 10 && self.day <= 7
    }
}

/// The days of the `months` months that end with `until`, in order.
pub(super) fn days(until: BusinessDate, months: u32) -> Vec<Day> {
    let from = until.date().checked_sub(jiff::Span::new().months(i64::from(months.min(1_200))));
    let from = from.unwrap_or_else(|_| until.date());
    let mut days = Vec::new();
    let mut on = BusinessDate::from_ymd(from.year(), from.month(), from.day()).unwrap_or(until).next();
    while on <= until {
        days.push(Day::new(on));
        on = on.next();
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pay_comes_on_the_friday_before_a_weekend() {
        let day = |text: &str| Day::new(text.parse().unwrap());
        // 15 November 2026 is a Sunday.
        assert!(day("2026-11-13").is_payday(15) && !day("2026-11-15").is_payday(15));
        assert!(day("2026-11-10").is_payday(10) && !day("2026-11-09").is_payday(10));
        assert_eq!(day("2026-02-17").to_spring_festival, Some(0));
        assert_eq!(days("2026-11-22".parse().unwrap(), 12).len(), 365);
    }
}
