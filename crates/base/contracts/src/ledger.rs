//! The ledger: books, accounts of every asset, transfers, holds, journal, history, proofs.
//!
//! Amounts are minor units of the account's asset. A command's id is minted by the caller and unique for ever:
//! the same id with the same content is answered with the first outcome, with other content it is refused as
//! [`Refusal::IdReused`]. A refused id stays refused.

use std::fmt;

use async_trait::async_trait;
use clock::{BusinessDate, Timestamp};
use ids::{AccountId, TransferId};
use money::Side;
use serde::{Deserialize, Serialize};

use crate::Unavailable;
use crate::far::far;

mod reading;
mod refusal;

pub use reading::{
    DayBalance, DayBalances, DayKind, DayMoved, DayQuery, HistoryQuery, Movement, OpenHold, Status,
    Verification,
};
pub use refusal::Refusal;

/// What an account counts: a currency, fund units, points. One to eight characters of `A-Z0-9`, zero-padded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Asset([u8; 8]);

impl Asset {
    /// The asset of this code, or nothing where the code is not one to eight characters of `A-Z0-9`.
    #[must_use]
    pub fn try_new(code: &str) -> Option<Self> {
        let bytes = code.as_bytes();
        let fits = (1..=8).contains(&bytes.len())
            && bytes.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        let mut padded = [0; 8];
        padded.get_mut(..bytes.len())?.copy_from_slice(bytes);
        fits.then_some(Self(padded))
    }

    /// The code as eight bytes, zero-padded at the end.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 8] {
        self.0
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        let end = self.0.iter().position(|b| *b == 0).unwrap_or(8);
        self.0.get(..end).and_then(|code| std::str::from_utf8(code).ok()).unwrap_or("?")
    }
}

impl From<money::Currency> for Asset {
    fn from(currency: money::Currency) -> Self {
        Self::try_new(currency.code()).unwrap_or(Self(*b"?\0\0\0\0\0\0\0"))
    }
}

impl fmt::Display for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// One thing to do, under its permanent id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// Minted by the caller; identifies a transfer or hold from now on.
    pub id: TransferId,
    /// What to do.
    pub act: Act,
    /// Chained to the command that follows in the same submission: all of a chain or none. The last of a chain
    /// is not linked.
    pub linked: bool,
}

/// What a command does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    /// Makes an asset known.
    RegisterAsset {
        /// Its code.
        asset: Asset,
        /// Decimal places of its minor unit, 0..=18.
        scale: u8,
    },
    /// Opens an account.
    OpenAccount(OpenAccount),
    /// Changes the floor of an account: see [`OpenAccount::floor`].
    SetFloor {
        /// The account.
        account: AccountId,
        /// The new floor; `None` for no condition. May lie above the balance: then only what raises the balance
        /// is accepted.
        floor: Option<i64>,
    },
    /// Replaces the limits of an account.
    SetLimits {
        /// The account.
        account: AccountId,
        /// The new limits.
        limits: Limits,
    },
    /// Blocks or unblocks debits and credits of an account.
    SetFreeze {
        /// The account.
        account: AccountId,
        /// Whether debits are refused.
        debits: bool,
        /// Whether credits are refused.
        credits: bool,
    },
    /// Closes an account for ever. Its balance and its holds must be zero.
    CloseAccount {
        /// The account.
        account: AccountId,
    },
    /// Moves an amount, at once or as a hold.
    Transfer(Transfer),
    /// Turns a hold into a posting of at most its amount; the rest is released.
    PostHold {
        /// The transfer that made the hold.
        hold: TransferId,
        /// How much to post; `None` for all of it. Zero is refused: void instead.
        amount: Option<u64>,
    },
    /// Releases a hold.
    VoidHold {
        /// The transfer that made the hold.
        hold: TransferId,
    },
    /// Moves the book's business date forward.
    AdvanceBusinessDate {
        /// The new date, later than the current one.
        to: BusinessDate,
    },
}

/// An account to open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenAccount {
    /// Its id, unique for ever.
    pub account: AccountId,
    /// What it counts; must be registered.
    pub asset: Asset,
    /// The side that increases its balance: credit for what the bank owes (deposits), debit for what it owns.
    pub normal: Side,
    /// What it is for, see [`kinds`].
    pub kind: u16,
    /// The balance may not go below this through a transfer (minor units, on the normal side, holds against it
    /// counted). Zero forbids overdraft, negative grants one, `None` sets no condition.
    pub floor: Option<i64>,
    /// Limits on what counts toward limits.
    pub limits: Limits,
}

/// Windowed limits on the sum of transfers that leave an account against its normal side and bear
/// [`Transfer::counts_toward_limits`]. Windows are business days and calendar months of the booking date. `None`
/// sets no limit. Minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Limits {
    /// The most in one transfer.
    pub per_transfer: Option<u64>,
    /// The most in one booking day.
    pub per_day: Option<u64>,
    /// The most in one calendar month of booking days.
    pub per_month: Option<u64>,
}

/// Moves `amount` from one account to another of the same asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// The account debited.
    pub debit: AccountId,
    /// The account credited; not the same.
    pub credit: AccountId,
    /// Minor units, at least 1.
    pub amount: u64,
    /// `Some` makes a hold that expires by itself at this instant unless posted or voided before.
    pub hold_until: Option<Timestamp>,
    /// What kind of movement it is, see [`codes`].
    pub code: u16,
    /// The day under which it is booked; `None` for the book's business date.
    pub booked_on: Option<BusinessDate>,
    /// The day from which it bears interest; `None` for the booking day.
    pub value_on: Option<BusinessDate>,
    /// Whether limits of the accounts it leaves apply.
    pub counts_toward_limits: bool,
}

/// Kinds of account.
pub mod kinds {
    /// A customer's current account.
    pub const CURRENT: u16 = 1;
    /// Cash in vaults and machines (debit-normal).
    pub const CASH: u16 = 101;
    /// Positions toward other banks (either side).
    pub const SETTLEMENT: u16 = 102;
    /// Interest paid to customers: an expense (debit-normal).
    pub const INTEREST_EXPENSE: u16 = 201;
    /// Interest earned from customers.
    pub const INTEREST_INCOME: u16 = 202;
    /// Fees earned.
    pub const FEE_INCOME: u16 = 203;
    /// Amounts whose owner is not yet known.
    pub const SUSPENSE: u16 = 301;
    /// Amounts on their way to or from another book of this bank.
    pub const TRANSIT: u16 = 302;
}

/// Kinds of movement. Stable numbers: they are in the journal for ever.
pub mod codes {
    /// Between two accounts of this bank's customers.
    pub const TRANSFER: u16 = 1;
    /// Between two accounts of one customer.
    pub const OWN_TRANSFER: u16 = 2;
    /// Cash paid in.
    pub const CASH_DEPOSIT: u16 = 10;
    /// Cash paid out.
    pub const CASH_WITHDRAWAL: u16 = 11;
    /// Cash paid out by card.
    pub const CARD_WITHDRAWAL: u16 = 12;
    /// Card purchase.
    pub const CARD_PURCHASE: u16 = 13;
    /// Received from another bank.
    pub const INTERBANK_CREDIT: u16 = 20;
    /// Sent to another bank.
    pub const INTERBANK_DEBIT: u16 = 21;
    /// Interest credited to the customer.
    pub const INTEREST: u16 = 30;
    /// Interest charged for an overdrawn balance.
    pub const PENALTY_INTEREST: u16 = 31;
    /// Fee for a service.
    pub const FEE: u16 = 32;
    /// Salary.
    pub const SALARY: u16 = 40;
    /// Pension.
    pub const PENSION: u16 = 41;
    /// Household bills: rent, water, power, phone.
    pub const HOUSEHOLD: u16 = 42;
    /// Insurance premium.
    pub const INSURANCE: u16 = 43;
    /// Loan repayment.
    pub const LOAN_REPAYMENT: u16 = 44;
    /// A purchase at a merchant by QR code or online.
    pub const PURCHASE: u16 = 45;
    /// Balance brought in when books are taken over.
    pub const OPENING_BALANCE: u16 = 90;
    /// Brings a balance taken over to the one that its source states, where the movements alone do not.
    pub const BALANCE_CORRECTION: u16 = 91;
}

/// What became of a command.
pub type Outcome = Result<Applied, Refusal>;

/// The command took effect, now or when it was first submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// The instant given to it by the writer; strictly increasing over the book.
    pub at: Timestamp,
    /// The business day under which it was booked.
    pub booked_on: BusinessDate,
    /// Whether it had already been done: the balances are then those of now.
    pub repeated: bool,
    /// The accounts it touched, debited first, with their balances after it (one snapshot).
    pub balances: Vec<(AccountId, Balance)>,
}

/// What became of a command, told in few bytes: for clearing files, payroll and other work in bulk.
pub type Receipt = Result<Receipted, Refusal>;

/// The command took effect, now or when it was first submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipted {
    /// The instant given to it by the writer, nanoseconds since 1970; strictly increasing over the book.
    pub at: i64,
    /// Whether it had already been done.
    pub repeated: bool,
    /// Posted balance of the account debited (or named) after it, on its normal side; of now where it is a
    /// repetition. `None` for a command that touches no account.
    pub debit_balance: Option<i64>,
    /// Posted balance of the account credited, likewise.
    pub credit_balance: Option<i64>,
}

impl Applied {
    /// The same in few bytes.
    #[must_use]
    pub fn receipt(&self) -> Receipted {
        let posted = |place: usize| {
            self.balances.get(place).and_then(|(_, balance)| i64::try_from(balance.posted()).ok())
        };
        Receipted {
            at: i64::try_from(self.at.as_nanosecond()).unwrap_or(i64::MAX),
            repeated: self.repeated,
            debit_balance: posted(0),
            credit_balance: posted(1),
        }
    }
}

/// Balances of an account. Posted and pending sums of each side, in minor units; all from one snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// The account's asset.
    pub asset: Asset,
    /// The account's normal side.
    pub normal: Side,
    /// Sum of debits posted.
    pub debits_posted: u128,
    /// Sum of debits held.
    pub debits_pending: u128,
    /// Sum of credits posted.
    pub credits_posted: u128,
    /// Sum of credits held.
    pub credits_pending: u128,
    /// The floor, see [`OpenAccount::floor`].
    pub floor: Option<i64>,
    /// The limits.
    pub limits: Limits,
    /// How much of the limits is used in the current business day and month.
    pub used: Used,
    /// Whether debits are refused.
    pub frozen_debits: bool,
    /// Whether credits are refused.
    pub frozen_credits: bool,
    /// Whether the account is closed.
    pub closed: bool,
}

/// Sums that count toward limits, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Used {
    /// In the current business day.
    pub day: u64,
    /// In the current calendar month.
    pub month: u64,
}

impl Balance {
    /// What is on the account: posted, on its normal side. Negative when overdrawn.
    #[must_use]
    pub fn posted(&self) -> i128 {
        let (up, down) = match self.normal {
            Side::Credit => (self.credits_posted, self.debits_posted),
            Side::Debit => (self.debits_posted, self.credits_posted),
        };
        i128::try_from(up).unwrap_or(i128::MAX).saturating_sub(i128::try_from(down).unwrap_or(i128::MAX))
    }

    /// What can be moved away: posted, less what is held against it, less the floor. `None` without a floor.
    #[must_use]
    pub fn available(&self) -> Option<i128> {
        let held = match self.normal {
            Side::Credit => self.debits_pending,
            Side::Debit => self.credits_pending,
        };
        let held = i128::try_from(held).unwrap_or(i128::MAX);
        self.floor.map(|floor| self.posted().saturating_sub(held).saturating_sub(i128::from(floor)))
    }
}

/// The ledger of one book.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Executes `commands` in order, as one part of one record, and answers when it is durable: one outcome per
    /// command, in order. At most 8,190 commands.
    ///
    /// # Errors
    /// [`Unavailable`]: it is unknown whether they took effect; submit the same ids again.
    async fn submit(&self, commands: Vec<Command>) -> Result<Vec<Outcome>, Unavailable>;

    /// Executes `commands` as [`Ledger::submit`] does, and answers in few bytes each.
    ///
    /// # Errors
    /// [`Unavailable`]: it is unknown whether they took effect; submit the same ids again.
    async fn post(&self, commands: Vec<Command>) -> Result<Vec<Receipt>, Unavailable> {
        let outcomes = self.submit(commands).await?;
        Ok(outcomes.into_iter().map(|outcome| outcome.map(|applied| applied.receipt())).collect())
    }

    /// Balances of `accounts`, in order, from one snapshot; `None` for an unknown account.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn balances(&self, accounts: &[AccountId]) -> Result<Vec<Option<Balance>>, Unavailable>;

    /// Movements of one account, newest first; empty for an unknown account. Includes everything acknowledged
    /// before the call.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn history(&self, query: HistoryQuery) -> Result<Vec<Movement>, Unavailable>;

    /// What moved on one account day by day, and what was on it at the end of each; nothing for an unknown account.
    /// Includes everything acknowledged before the call. This form reads every movement.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn day_balances(&self, query: DayQuery) -> Result<DayBalances, Unavailable> {
        let Some(Some(balance)) = self.balances(&[query.account]).await?.pop() else {
            return Ok(DayBalances::default());
        };
        let mut moved = Vec::new();
        let mut page = HistoryQuery::newest(query.account, 1_000);
        loop {
            let movements = self.history(page.clone()).await?;
            moved.extend(movements.iter().map(|movement| DayMoved::by(movement, query.kind)));
            match movements.last().filter(|oldest| oldest.number > 1) {
                Some(oldest) => page.before = Some(oldest.number),
                None => return Ok(DayBalances::of(balance.normal, &query, moved)),
            }
        }
    }

    /// One movement of one account by its transfer.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn movement(
        &self,
        account: AccountId,
        transfer: TransferId,
    ) -> Result<Option<Movement>, Unavailable>;

    /// Movements of accounts by their transfers, in order; `None` where [`Ledger::movement`] has none. At most 8,190.
    /// Includes everything acknowledged before the call.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn movements(
        &self,
        asked: &[(AccountId, TransferId)],
    ) -> Result<Vec<Option<Movement>>, Unavailable> {
        let mut found = Vec::with_capacity(asked.len());
        for (account, transfer) in asked {
            found.push(self.movement(*account, *transfer).await?);
        }
        Ok(found)
    }

    /// Open holds that debit or credit `account`, at most `limit` of them, in the order of their ids. Takes a look at
    /// every open hold of the book.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn holds(&self, account: AccountId, limit: u32) -> Result<Vec<OpenHold>, Unavailable> {
        let _ = (account, limit);
        Err(Unavailable::Misunderstood)
    }

    /// What became of a command: `None` where the id was never seen.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn outcome(&self, id: TransferId) -> Result<Option<Outcome>, Unavailable>;

    /// How the book stands.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn status(&self) -> Result<Status, Unavailable>;

    /// Reads the whole journal and checks it as `yuanhang ledger verify` does, beside the running writer.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn verify(&self) -> Result<Verification, Unavailable>;
}

far! {
    Ledger = "ledger": FarLedger, LedgerDesk;
    again submit(commands: Vec<Command>) -> Vec<Outcome>, Unavailable;
    again post(commands: Vec<Command>) -> Vec<Receipt>, Unavailable;
    again balances(accounts: &[AccountId] = Vec<AccountId>) -> Vec<Option<Balance>>, Unavailable;
    again history(query: HistoryQuery) -> Vec<Movement>, Unavailable;
    again day_balances(query: DayQuery) -> DayBalances, Unavailable;
    again movement(account: AccountId, transfer: TransferId) -> Option<Movement>, Unavailable;
    again movements(
        asked: &[(AccountId, TransferId)] = Vec<(AccountId, TransferId)>
    ) -> Vec<Option<Movement>>, Unavailable;
    again holds(account: AccountId, limit: u32) -> Vec<OpenHold>, Unavailable;
    again outcome(id: TransferId) -> Option<Outcome>, Unavailable;
    again status() -> Status, Unavailable;
    again verify() -> Verification, Unavailable;
}
