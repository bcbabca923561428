//! Writes an arranged source into the books.

use clock::BusinessDate;
use contracts::Unavailable;
use contracts::accounts::{Class, Narrative, OpenRefused, OpenRequest};
use contracts::customers::{Kyc, Person, Profile as CustomerProfile, RegisterRefused};
use contracts::identity::Enrollment;
use contracts::ledger::{Act, Command, Refusal, Transfer, codes};
use contracts::payments::StandingOrder;
use futures_util::future::try_join;
use ids::{AccountId, CustomerId, TransferId};
use money::{Currency, Side};

use super::Options;
use super::arrange::{Arranged, Placed, Verdict};
use super::form::{Movement, Profile, Source};
use crate::books::{BankSide, Books, CALL_MAX, Origin, PostFailed, parts, post};

/// Why the books did not take a source. What was written before stays, and an import run again goes on.
#[derive(Debug, thiserror::Error)]
pub enum TakeOverFailed {
    /// A customer was refused.
    #[error("customer `{key}` was refused")]
    Customer {
        /// What the source calls it.
        key: String,
        /// Why.
        #[source]
        reason: RegisterRefused,
    },
    /// An account was refused.
    #[error("account `{key}` was refused")]
    Account {
        /// What the source calls it.
        key: String,
        /// Why.
        #[source]
        reason: OpenRefused,
    },
    /// A movement was refused. [`Refusal::IdReused`]: it was imported before with other content.
    #[error("movement `{key}` (line {line}) was refused by the ledger: {refusal}")]
    Movement {
        /// What the source calls it.
        key: String,
        /// Its line.
        line: u64,
        /// Why.
        refusal: Refusal,
    },
    /// The ledger refused one of the bank's own accounts.
    #[error("the ledger refused one of the bank's own accounts: {0}")]
    BankSide(Refusal),
    /// A neighbor could not answer.
    #[error("the books could not answer; run the import again to go on")]
    Unavailable(#[from] Unavailable),
}

/// The ids under which a source stands in the books, by the lists of [`Source`].
#[derive(Debug)]
pub(super) struct Ids {
    /// By [`Source::customers`].
    pub customers: Vec<CustomerId>,
    /// By [`Source::accounts`].
    pub accounts: Vec<AccountId>,
    /// By [`Source::movements`].
    pub movements: Vec<TransferId>,
}

impl Ids {
    fn new(origin: &Origin, source: &Source) -> Self {
        // A client's own day is not known; the ids of clients sort before everything else of the source.
        let first = source.accounts.iter().map(|account| account.opened_on).min();
        let first = first.unwrap_or_else(|| BusinessDate::in_china(clock::Timestamp::UNIX_EPOCH));
        Self {
            customers: source
                .customers
                .iter()
                .map(|customer| origin.customer(first, &customer.key))
                .collect(),
            accounts: source.accounts.iter().map(|one| origin.account(one.opened_on, &one.key)).collect(),
            movements: source.movements.iter().map(|one| origin.transfer(one.booked_on, &one.key)).collect(),
        }
    }

    fn customer(&self, at: usize) -> CustomerId {
        self.customers.get(at).copied().unwrap_or(CustomerId::from_u128(0))
    }

    pub(super) fn account(&self, at: usize) -> AccountId {
        self.accounts.get(at).copied().unwrap_or(AccountId::from_u128(0))
    }

    pub(super) fn movement(&self, at: usize) -> TransferId {
        self.movements.get(at).copied().unwrap_or(TransferId::from_u128(0))
    }
}

/// Writes `source` into `books`: customers, accounts, rights, credentials, movements with their corrections, what
/// they mean, and standing orders. Everything that is there already stays as it is.
///
/// # Errors
/// [`TakeOverFailed`].
pub(super) async fn take_over(
    books: &Books,
    profile: &dyn Profile,
    source: &Source,
    arranged: &Arranged,
    options: &Options,
) -> Result<Ids, TakeOverFailed> {
    let origin = Origin::new(profile.name());
    let ids = Ids::new(&origin, source);
    register(books, profile, source, &ids).await?;
    open(books, &origin, source, arranged, &ids).await?;
    // Nothing is posted before everyone can sign in: once a movement is there, credentials are theirs to change.
    if !is_begun(books, arranged, &ids).await? {
        enroll(books, profile, source, &ids, options).await?;
    }
    // The ledger and the words about its movements lie in different stores; neither waits for the other.
    let narrating = narrate(books, profile, &origin, source, arranged, &ids);
    try_join(post_movements(books, profile, &origin, source, arranged, &ids), narrating).await?;
    let orders = source.orders.iter().map(|order| StandingOrder {
        id: origin.standing_order(opened_on(source, order.account), &order.key),
        account: ids.account(order.account),
        payee_bank: order.payee_bank.clone(),
        payee_account: order.payee_account.clone(),
        amount: order.amount,
        code: order.code,
        from: None,
    });
    for part in parts(orders) {
        books.payments.import_standing_orders(part).await?;
    }
    Ok(ids)
}

/// Whether the first movement is in the ledger.
async fn is_begun(books: &Books, arranged: &Arranged, ids: &Ids) -> Result<bool, Unavailable> {
    let Some(first) = arranged.placed.first() else { return Ok(false) };
    Ok(books.ledger.outcome(ids.movement(first.movement)).await?.is_some())
}

/// One call: equal passwords of one call are hashed once.
async fn enroll(
    books: &Books,
    profile: &dyn Profile,
    source: &Source,
    ids: &Ids,
    options: &Options,
) -> Result<(), Unavailable> {
    let enrollments = source.customers.iter().zip(&ids.customers).map(|(customer, id)| Enrollment {
        customer: *id,
        sign_in_name: profile.sign_in_name(&customer.key),
        password: options.password.clone(),
        pin: options.pin.clone(),
    });
    books.identity.enroll_many(enrollments.collect()).await
}

async fn register(
    books: &Books,
    profile: &dyn Profile,
    source: &Source,
    ids: &Ids,
) -> Result<(), TakeOverFailed> {
    let all = source.customers.iter().zip(&ids.customers).map(|(customer, id)| {
        let person = Person {
            name: customer.name.clone(),
            id_number: None,
            foreign_number: Some(format!("{}-{}", profile.name().to_uppercase(), customer.key)),
            phone: None,
            born_on: customer.born_on,
            division: None,
            address: customer.address.clone(),
        };
        (*id, CustomerProfile::Person(person), Kyc::Verified)
    });
    for (part_at, part) in parts(all).into_iter().enumerate() {
        books.customers.register_many(part).await.map_err(|(at, reason)| {
            let customer = source.customers.get(part_at * CALL_MAX + at);
            TakeOverFailed::Customer { key: customer.map(|one| one.key.clone()).unwrap_or_default(), reason }
        })?;
    }
    Ok(())
}

async fn open(
    books: &Books,
    origin: &Origin,
    source: &Source,
    arranged: &Arranged,
    ids: &Ids,
) -> Result<(), TakeOverFailed> {
    for currency in currencies(source) {
        post(books.ledger.as_ref(), BankSide::opening(currency)).await.map_err(|failed| match failed {
            PostFailed::Refused { refusal, .. } => TakeOverFailed::BankSide(refusal),
            PostFailed::Unavailable(unavailable) => unavailable.into(),
        })?;
    }
    let requests = source.accounts.iter().enumerate().map(|(at, account)| OpenRequest {
        id: ids.account(at),
        customer: ids.customer(account.owner),
        currency: account.currency,
        class: Class::I,
        number: Some(origin.account_number(&account.key)),
        nickname: String::new(),
        opened_on: Some(account.opened_on),
        overdraft_minor: arranged.lowest.get(at).map_or(0, |lowest| lowest.saturating_neg()),
    });
    for (part_at, part) in parts(requests).into_iter().enumerate() {
        books.accounts.open_many(part).await.map_err(|(at, reason)| {
            let account = source.accounts.get(part_at * CALL_MAX + at);
            TakeOverFailed::Account { key: account.map(|one| one.key.clone()).unwrap_or_default(), reason }
        })?;
    }
    let grants = source
        .authorized
        .iter()
        .map(|(account, customer, right)| (ids.account(*account), ids.customer(*customer), *right));
    for part in parts(grants) {
        books.accounts.grant_many(part).await?;
    }
    Ok(())
}

async fn post_movements(
    books: &Books,
    profile: &dyn Profile,
    origin: &Origin,
    source: &Source,
    arranged: &Arranged,
    ids: &Ids,
) -> Result<(), TakeOverFailed> {
    let mut commands = Vec::with_capacity(arranged.placed.len());
    for placed in &arranged.placed {
        let Some(movement) = source.movements.get(placed.movement) else { continue };
        let account = ids.account(movement.account);
        let currency = currency(source, movement.account);
        let moved = (movement.side, movement.amount, movement.against, movement.code);
        commands.push(command(ids.movement(placed.movement), account, currency, moved, movement.booked_on));
        if let Some(correction) = correction(placed, profile.rounding_minor()) {
            let id = origin.transfer(movement.booked_on, &correction_key(movement));
            commands.push(command(id, account, currency, correction, movement.booked_on));
        }
    }
    post(books.ledger.as_ref(), commands).await.map(|_| ()).map_err(|failed| match failed {
        PostFailed::Refused { id, refusal } => {
            let at = ids.movements.iter().position(|movement| *movement == id);
            let movement = at.and_then(|at| source.movements.get(at));
            TakeOverFailed::Movement {
                key: movement.map_or_else(|| format!("correction {id}"), |one| one.key.clone()),
                line: movement.map_or(0, |one| one.line),
                refusal,
            }
        }
        PostFailed::Unavailable(unavailable) => unavailable.into(),
    })
}

/// What the correction of a movement is called in derived ids.
fn correction_key(movement: &Movement) -> String {
    format!("correction of {}", movement.key)
}

/// Side, amount, bank-side account and code of what brings an account to the stated balance.
fn correction(placed: &Placed, rounding: u64) -> Option<(Side, u64, BankSide, u16)> {
    let against = match Verdict::of(placed.correction, rounding) {
        Verdict::Exact => return None,
        Verdict::OffByRounding => BankSide::RoundingDifferences,
        Verdict::Unexplained => BankSide::UnexplainedDifferences,
    };
    let side = if placed.correction > 0 { Side::Credit } else { Side::Debit };
    Some((side, placed.correction.unsigned_abs(), against, codes::BALANCE_CORRECTION))
}

fn command(
    id: TransferId,
    account: AccountId,
    currency: Currency,
    (side, amount, against, code): (Side, u64, BankSide, u16),
    booked_on: BusinessDate,
) -> Command {
    let bank = against.account(currency);
    let (debit, credit) = if side == Side::Credit { (bank, account) } else { (account, bank) };
    let transfer = Transfer {
        debit,
        credit,
        amount,
        hold_until: None,
        code,
        booked_on: Some(booked_on),
        value_on: None,
        counts_toward_limits: false,
    };
    Command { id, act: Act::Transfer(transfer), linked: false }
}

async fn narrate(
    books: &Books,
    profile: &dyn Profile,
    origin: &Origin,
    source: &Source,
    arranged: &Arranged,
    ids: &Ids,
) -> Result<(), TakeOverFailed> {
    let told = source.movements.iter().enumerate().filter(|(_, movement)| {
        !(movement.memo.is_empty()
            && movement.counterparty_bank.is_empty()
            && movement.counterparty_account.is_empty())
    });
    let movements = told.map(|(at, movement)| Narrative {
        account: ids.account(movement.account),
        transfer: ids.movement(at),
        counterparty_name: String::new(),
        counterparty_account: movement.counterparty_account.clone(),
        counterparty_bank: movement.counterparty_bank.clone(),
        memo: movement.memo.to_owned(),
    });
    let corrections = arranged.placed.iter().filter_map(|placed| {
        let memo = match Verdict::of(placed.correction, profile.rounding_minor()) {
            Verdict::Exact => return None,
            Verdict::OffByRounding => "Rounding difference to the balance stated by the source",
            Verdict::Unexplained => "Unexplained difference to the balance stated by the source",
        };
        let movement = source.movements.get(placed.movement)?;
        Some(Narrative {
            account: ids.account(movement.account),
            transfer: origin.transfer(movement.booked_on, &correction_key(movement)),
            counterparty_name: String::new(),
            counterparty_account: String::new(),
            counterparty_bank: String::new(),
            memo: memo.to_owned(),
        })
    });
    for part in parts(movements.chain(corrections)) {
        books.accounts.record_narratives(part).await?;
    }
    Ok(())
}

fn currency(source: &Source, account: usize) -> Currency {
    source.accounts.get(account).map_or(Currency::CNY, |account| account.currency)
}

fn opened_on(source: &Source, account: usize) -> BusinessDate {
    let opened_on = source.accounts.get(account).map(|account| account.opened_on);
    opened_on.unwrap_or_else(|| BusinessDate::in_china(clock::Timestamp::UNIX_EPOCH))
}

fn currencies(source: &Source) -> Vec<Currency> {
    let mut currencies: Vec<Currency> = source.accounts.iter().map(|account| account.currency).collect();
    currencies.sort_unstable();
    currencies.dedup();
    currencies
}
