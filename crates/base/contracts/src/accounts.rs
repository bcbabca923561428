//! Accounts: what deposit accounts there are, whose, under which number, and what their movements mean.

use async_trait::async_trait;
use clock::BusinessDate;
use ids::{AccountId, CustomerId, TransferId};
use money::Currency;
use serde::{Deserialize, Serialize};

use crate::Unavailable;
use crate::discreet::discreet;
use crate::far::far;
use crate::news::announced;

/// Account class of the People's Bank of China (银发〔2015〕392号, 银发〔2016〕302号).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Opened in person; no limits by class.
    I,
    /// Opened remotely: ¥10,000 a day and ¥200,000 a year out to others.
    II,
    /// Small amounts: ¥2,000 a day, balance at most ¥2,000.
    III,
}

/// State of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// In use.
    Active,
    /// Blocked by the bank; holds its balance, moves nothing out.
    Frozen,
    /// Long unused; reactivated by its owner.
    Dormant,
    /// Closed for ever.
    Closed,
}

/// A deposit account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its id, the same in the ledger.
    pub id: AccountId,
    /// The owner.
    pub customer: CustomerId,
    /// Card-style number, 19 digits, Luhn check digit (ISO/IEC 7812-1). Show others only a masked form.
    pub number: String,
    /// What it counts.
    pub currency: Currency,
    /// Class.
    pub class: Class,
    /// State.
    pub state: State,
    /// The owner's name for it; may be empty.
    pub nickname: String,
    /// When it was opened.
    pub opened_on: BusinessDate,
}

/// What somebody may do with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// See balance and movements.
    See,
    /// See, and move money.
    Move,
    /// Everything, including granting rights to others.
    Own,
}

/// An account to which a customer wants to pay, as they name it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reach {
    /// One that they own.
    Own(AccountId),
    /// Whosesoever.
    Number(String),
}

/// Both ends of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ends {
    /// As [`Accounts::permitted`] tells.
    pub from: Option<(Account, Right)>,
    /// As [`Accounts::reached`] tells.
    pub to: Option<Account>,
}

/// An account to open.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRequest {
    /// Its id, minted by the caller.
    pub id: AccountId,
    /// The owner.
    pub customer: CustomerId,
    /// What it counts.
    pub currency: Currency,
    /// Class.
    pub class: Class,
    /// The number to give it; `None` lets the bank choose. Must bear a valid check digit.
    pub number: Option<String>,
    /// The owner's name for it.
    pub nickname: String,
    /// Opening day; `None` for the business date.
    pub opened_on: Option<BusinessDate>,
    /// Overdraft granted, minor units (books taken over may hold overdrawn accounts).
    pub overdraft_minor: i64,
}

/// Why an account could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum OpenRefused {
    /// No such customer, or KYC suspended.
    #[error("the customer may not open accounts")]
    CustomerNotEligible,
    /// The number lacks a valid check digit or is taken.
    #[error("the account number is not valid or taken")]
    NumberInvalid,
    /// Too many accounts of this class (one class I; five of II; five of III) and currency.
    #[error("too many accounts of this class")]
    TooMany,
    /// Could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// What one side of a transfer means to the one who reads it. Personal data: encrypted at rest.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Narrative {
    /// The account in whose history it appears.
    pub account: AccountId,
    /// The transfer.
    pub transfer: TransferId,
    /// Name of the other party as this side may see it; may be empty.
    pub counterparty_name: String,
    /// Account number of the other party, masked or as agreed with the other bank; may be empty.
    pub counterparty_account: String,
    /// Bank of the other party; empty for this bank.
    pub counterparty_bank: String,
    /// Memo of the payer.
    pub memo: String,
}

/// News: an account was opened. Topic [`ACCOUNT_OPENED`]. Books taken over are not announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountOpened {
    /// The account.
    pub account: AccountId,
    /// Its owner.
    pub customer: CustomerId,
    /// What it counts.
    pub currency: Currency,
    /// Its class.
    pub class: Class,
}

/// The topic of [`AccountOpened`].
pub const ACCOUNT_OPENED: &str = "accounts.opened";

/// News: the state of an account changed. Topic [`STATE_CHANGED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateChanged {
    /// The account.
    pub account: AccountId,
    /// Its owner.
    pub customer: CustomerId,
    /// State before.
    pub from: State,
    /// State now.
    pub to: State,
}

/// The topic of [`StateChanged`].
pub const STATE_CHANGED: &str = "accounts.state_changed";

/// The deposit accounts of the bank.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Opens an account, here and in the ledger. The same id again changes nothing.
    ///
    /// # Errors
    /// [`OpenRefused`].
    async fn open(&self, request: OpenRequest) -> Result<Account, OpenRefused>;

    /// Opens many (imports, generation), in order; counts per class are not limited.
    ///
    /// # Errors
    /// The index of the first refused one and why; those before it stay open, and the call may be repeated.
    async fn open_many(&self, requests: Vec<OpenRequest>) -> Result<Vec<Account>, (usize, OpenRefused)>;

    /// One account by id.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn account(&self, id: AccountId) -> Result<Option<Account>, Unavailable>;

    /// One account by its number.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn by_number(&self, number: &str) -> Result<Option<Account>, Unavailable>;

    /// All accounts a customer owns or was granted, oldest first, with the right to each.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn of_customer(&self, customer: CustomerId) -> Result<Vec<(Account, Right)>, Unavailable>;

    /// What a customer may do with an account; `None` for nothing at all, also where there is no such account.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn right(&self, customer: CustomerId, account: AccountId) -> Result<Option<Right>, Unavailable>;

    /// One account and what a customer may do with it; `None` for nothing at all, also where there is no such account.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn permitted(
        &self,
        customer: CustomerId,
        account: AccountId,
    ) -> Result<Option<(Account, Right)>, Unavailable> {
        let Some(right) = self.right(customer, account).await? else { return Ok(None) };
        Ok(self.account(account).await?.map(|account| (account, right)))
    }

    /// The account that `to` names, where `customer` may pay to it.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn reached(&self, customer: CustomerId, to: Reach) -> Result<Option<Account>, Unavailable> {
        match to {
            Reach::Own(id) => {
                let found = self.permitted(customer, id).await?;
                Ok(found.filter(|(_, right)| *right == Right::Own).map(|(account, _)| account))
            }
            Reach::Number(number) => self.by_number(&number).await,
        }
    }

    /// Both ends of what `customer` orders, in one question.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn ends(&self, customer: CustomerId, from: AccountId, to: Reach) -> Result<Ends, Unavailable> {
        let from = self.permitted(customer, from).await?;
        Ok(Ends { from, to: self.reached(customer, to).await? })
    }

    /// Grants rights (authorized persons), replacing an earlier grant to the same person.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn grant_many(&self, grants: Vec<(AccountId, CustomerId, Right)>) -> Result<(), Unavailable>;

    /// Remembers what transfers mean, before or after they are posted; the same again changes nothing.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn record_narratives(&self, narratives: Vec<Narrative>) -> Result<(), Unavailable>;

    /// Remembers what a transfer means to its payer and its payee, in one write, and gives the verification code of
    /// the payer's receipt: 16 characters in groups of four. The same again gives the same code. Before or after
    /// the transfer is posted; the code vouches for nothing until then.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn record_transfer(&self, payer: Narrative, payee: Narrative) -> Result<String, Unavailable> {
        self.record_narratives(vec![payer, payee]).await?;
        Ok(String::new())
    }

    /// The worth of `amount` in another currency by the bank's reference rates, rounded down; `None` where there is
    /// no rate.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn converted(
        &self,
        amount: money::Money,
        to: Currency,
    ) -> Result<Option<money::Money>, Unavailable> {
        Ok((amount.currency() == to).then_some(amount))
    }
}

discreet! {
    Account { id, customer, currency, class, state, opened_on }
    OpenRequest { id, customer, currency, class, opened_on }
    Narrative { account, transfer }
}

impl std::fmt::Debug for Reach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Own(id) => f.debug_tuple("Own").field(id).finish(),
            Self::Number(_) => f.debug_tuple("Number").finish_non_exhaustive(),
        }
    }
}

announced! {
    AccountOpened = ACCOUNT_OPENED;
    StateChanged = STATE_CHANGED;
}

far! {
    Accounts = "accounts": FarAccounts, AccountsDesk;
    again open(request: OpenRequest) -> Account, OpenRefused;
    again open_many(requests: Vec<OpenRequest>) -> Vec<Account>, (usize, OpenRefused);
    again account(id: AccountId) -> Option<Account>, Unavailable;
    again by_number(number: &str = String) -> Option<Account>, Unavailable;
    again of_customer(customer: CustomerId) -> Vec<(Account, Right)>, Unavailable;
    again right(customer: CustomerId, account: AccountId) -> Option<Right>, Unavailable;
    again permitted(customer: CustomerId, account: AccountId) -> Option<(Account, Right)>, Unavailable;
    again reached(customer: CustomerId, to: Reach) -> Option<Account>, Unavailable;
    again ends(customer: CustomerId, from: AccountId, to: Reach) -> Ends, Unavailable;
    again grant_many(grants: Vec<(AccountId, CustomerId, Right)>) -> (), Unavailable;
    again record_narratives(narratives: Vec<Narrative>) -> (), Unavailable;
    again record_transfer(payer: Narrative, payee: Narrative) -> String, Unavailable;
    again converted(amount: money::Money, to: Currency) -> Option<money::Money>, Unavailable;
}
