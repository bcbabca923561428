//! The history of accounts: a projection that follows the journal in its own transactions with its own cursor.
//!
//! It is never used to decide and may be thrown away: what is missing is read from the journal at the next
//! start. Rows come from the recorded postings alone, which carry movement numbers and balances; nothing is
//! looked up while following. Cost: one row per side of a posting, about 75 bytes.

mod follow;
mod read;

pub(crate) use follow::cursor;
pub use follow::{Following, History, Progress};
pub(crate) use read::scan;
pub use read::{movement, page};

use clock::BusinessDate;
use contracts::ledger::Movement;
use ids::{AccountId, TransferId};
use money::Side;
use sea_orm::{DbErr, QueryResult};

use crate::model::{Batch, Entry, Posting, day, instant};

/// One row of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Number of the account in its book.
    pub account: u32,
    /// Position in the account's history, from 1.
    pub number: u32,
    /// The transfer; for a posted hold, the posting command.
    pub transfer: TransferId,
    /// Which side of the account.
    pub side: Side,
    /// Minor units.
    pub amount: u64,
    /// Posted balance after it, on the normal side.
    pub balance_after: i64,
    /// Number of the other account.
    pub counterparty: u32,
    /// Kind of movement.
    pub code: u16,
    /// Booking day, days since 1970-01-01.
    pub booked_on: i32,
    /// Value day, days since 1970-01-01.
    pub value_on: i32,
    /// The writer's instant, nanoseconds since 1970.
    pub at: i64,
}

/// The movements of a record whose first entry bears the instant `at`, debited side first.
pub fn movements(at: i64, entries: &[Entry]) -> impl Iterator<Item = Moved> + '_ {
    (0_u32..)
        .zip(entries)
        .filter_map(move |(place, entry)| match entry {
            Entry::Executed(executed) => {
                Some(both_sides(executed.id, executed.posting()?, Batch::instant_of(at, place)))
            }
            Entry::Expired { .. } => None,
        })
        .flatten()
}

fn both_sides(transfer: TransferId, posting: &Posting, at: i64) -> [Moved; 2] {
    let debit = Moved {
        account: posting.debit,
        number: posting.debit_movement,
        transfer,
        side: Side::Debit,
        amount: posting.amount,
        balance_after: posting.debit_balance,
        counterparty: posting.credit,
        code: posting.code,
        booked_on: posting.booked_on,
        value_on: posting.value_on,
        at,
    };
    let credit = Moved {
        account: posting.credit,
        number: posting.credit_movement,
        side: Side::Credit,
        balance_after: posting.credit_balance,
        counterparty: posting.debit,
        ..debit.clone()
    };
    [debit, credit]
}

impl Moved {
    /// Columns in the order of the table.
    const COLUMNS: &str = "account, number, transfer, side, amount, balance_after, counterparty, code, \
        booked_on, value_on, at";

    fn read(row: &QueryResult) -> Result<Self, DbErr> {
        let number = |at: usize| row.try_get_by_index::<i64>(at);
        let damaged =
            |column: &str| DbErr::Custom(format!("the column `{column}` of the history is damaged"));
        let transfer: Vec<u8> = row.try_get_by_index(2)?;
        Ok(Self {
            account: number(0)?.try_into().map_err(|_| damaged("account"))?,
            number: number(1)?.try_into().map_err(|_| damaged("number"))?,
            transfer: TransferId::from_u128(u128::from_be_bytes(
                transfer.try_into().map_err(|_| damaged("transfer"))?,
            )),
            side: match number(3)? {
                0 => Side::Debit,
                1 => Side::Credit,
                _ => return Err(damaged("side")),
            },
            amount: number(4)?.try_into().map_err(|_| damaged("amount"))?,
            balance_after: number(5)?,
            counterparty: number(6)?.try_into().map_err(|_| damaged("counterparty"))?,
            code: number(7)?.try_into().map_err(|_| damaged("code"))?,
            booked_on: number(8)?.try_into().map_err(|_| damaged("booked_on"))?,
            value_on: number(9)?.try_into().map_err(|_| damaged("value_on"))?,
            at: number(10)?,
        })
    }

    fn values(&self) -> [sea_orm::Value; 11] {
        [
            i64::from(self.account).into(),
            i64::from(self.number).into(),
            self.transfer.as_u128().to_be_bytes().to_vec().into(),
            i64::from(self.side == Side::Credit).into(),
            i64::try_from(self.amount).unwrap_or(i64::MAX).into(),
            self.balance_after.into(),
            i64::from(self.counterparty).into(),
            i64::from(self.code).into(),
            i64::from(self.booked_on).into(),
            i64::from(self.value_on).into(),
            self.at.into(),
        ]
    }

    /// The movement as told to others; `counterparty` is the id of [`Moved::counterparty`].
    #[must_use]
    pub fn told(&self, counterparty: AccountId) -> Movement {
        Movement {
            number: u64::from(self.number),
            transfer: self.transfer,
            side: self.side,
            amount: self.amount,
            balance_after: self.balance_after,
            counterparty,
            code: self.code,
            booked_on: day(self.booked_on),
            value_on: day(self.value_on),
            at: instant(self.at),
        }
    }
}

/// The number of a day, where a query names one.
fn day_number(day: Option<BusinessDate>) -> Option<i64> {
    day.map(|day| i64::from(day.day_number()))
}
