//! Writes a planned bank into the books.

use contracts::Unavailable;
use contracts::accounts::{Narrative, OpenRefused, OpenRequest};
use contracts::customers::{Kyc, RegisterRefused};
use contracts::identity::{Enrollment, Role};
use contracts::ledger::{Act, Command, Transfer as LedgerTransfer};
use futures_util::future::try_join;
use ids::{AccountId, CustomerId, TransferId};
use money::Currency;
use secrecy::{Secret, mask};

use super::plan::{Party, Plan, Transfer};
use super::{COLLEAGUE_NAME, COLLEAGUE_PASSWORD, STAFF_NAME, STAFF_PASSWORD};
use crate::books::{BankSide, Books, DEMO_PASSWORD, DEMO_PIN, Origin, PostFailed, parts, post};

/// Why the books did not take a plan. What was written before stays, and the same plan written again goes on.
#[derive(Debug, thiserror::Error)]
pub enum GenerateFailed {
    /// A customer was refused: above all where another plan was written into the same book before.
    #[error("generated customer {0} was refused; has another bank been generated into this data directory?")]
    Customer(usize, #[source] RegisterRefused),
    /// An account was refused.
    #[error("generated account {0} was refused")]
    Account(usize, #[source] OpenRefused),
    /// The ledger did not take the movements.
    #[error(transparent)]
    Ledger(#[from] PostFailed),
    /// A neighbor could not answer.
    #[error("the books could not answer; generate again to go on")]
    Unavailable(#[from] Unavailable),
}

struct Ids {
    customers: Vec<CustomerId>,
    accounts: Vec<AccountId>,
    transfers: Vec<TransferId>,
}

/// Writes `plan` into `books`; what is there already stays.
///
/// # Errors
/// [`GenerateFailed`].
pub(super) async fn write(books: &Books, plan: &Plan) -> Result<(), GenerateFailed> {
    let size = plan.size;
    let origin =
        Origin::new(format!("generated {} {} {} {}", size.customers, size.months, size.seed, size.until));
    let first = plan.accounts.iter().map(|account| account.opened_on).min().unwrap_or(plan.from);
    let ids = Ids {
        customers: (0..plan.customers.len()).map(|at| origin.customer(first, &at.to_string())).collect(),
        accounts: plan
            .accounts
            .iter()
            .enumerate()
            .map(|(at, account)| origin.account(account.opened_on, &at.to_string()))
            .collect(),
        transfers: plan
            .transfers
            .iter()
            .enumerate()
            .map(|(at, transfer)| origin.transfer(transfer.booked_on, &at.to_string()))
            .collect(),
    };
    open(books, plan, &origin, &ids).await?;
    // Nothing is posted before everyone can sign in: once a movement is there, credentials are theirs to change.
    let begun = match ids.transfers.first() {
        Some(first) => books.ledger.outcome(*first).await?.is_some(),
        None => false,
    };
    if !begun {
        enroll(books, plan, &ids).await?;
    }
    // The ledger and the words about its movements lie in different stores; neither waits for the other.
    let commands = plan.transfers.iter().zip(&ids.transfers).map(|(transfer, id)| ids.command(*id, transfer));
    let posting =
        async { post(books.ledger.as_ref(), commands.collect()).await.map_err(GenerateFailed::from) };
    try_join(posting, narrate(books, plan, &origin, &ids)).await?;
    Ok(())
}

/// Gives everyone credentials, in one call: equal passwords of one call are hashed once.
async fn enroll(books: &Books, plan: &Plan, ids: &Ids) -> Result<(), Unavailable> {
    let enrollments = plan.customers.iter().zip(&ids.customers).filter_map(|(profile, id)| {
        Some(Enrollment {
            customer: *id,
            sign_in_name: profile.phone()?.to_owned(),
            password: Secret::new(DEMO_PASSWORD.to_owned()),
            pin: Secret::new(DEMO_PIN.to_owned()),
        })
    });
    books.identity.enroll_many(enrollments.collect()).await?;
    for (name, password) in [(STAFF_NAME, STAFF_PASSWORD), (COLLEAGUE_NAME, COLLEAGUE_PASSWORD)] {
        let password = Secret::new(password.to_owned());
        books.identity.ensure_staff(name, password, Role::Administrator).await?;
    }
    Ok(())
}

/// Registers the customers and opens their accounts.
async fn open(books: &Books, plan: &Plan, origin: &Origin, ids: &Ids) -> Result<(), GenerateFailed> {
    let mut currencies: Vec<Currency> = plan.accounts.iter().map(|account| account.currency).collect();
    currencies.sort_unstable();
    currencies.dedup();
    for currency in currencies {
        post(books.ledger.as_ref(), BankSide::opening(currency)).await?;
    }
    let customers = plan.customers.iter().zip(&ids.customers);
    let mut done = 0;
    for part in parts(customers.map(|(profile, id)| (*id, profile.clone(), Kyc::Verified))) {
        let length = part.len();
        let registered = books.customers.register_many(part).await;
        registered.map_err(|(at, refused)| GenerateFailed::Customer(done + at, refused))?;
        done += length;
    }
    let requests = plan.accounts.iter().enumerate().map(|(at, account)| OpenRequest {
        id: ids.account(at),
        customer: ids.customers.get(account.owner).copied().unwrap_or(CustomerId::from_u128(0)),
        currency: account.currency,
        class: account.class,
        number: Some(origin.account_number(&at.to_string())),
        nickname: account.nickname.to_owned(),
        opened_on: Some(account.opened_on),
        overdraft_minor: 0,
    });
    let mut done = 0;
    for part in parts(requests) {
        let length = part.len();
        let opened = books.accounts.open_many(part).await;
        opened.map_err(|(at, refused)| GenerateFailed::Account(done + at, refused))?;
        done += length;
    }
    let grants = plan.authorized.iter().filter_map(|(account, customer, right)| {
        Some((ids.account(*account), *ids.customers.get(*customer)?, *right))
    });
    books.accounts.grant_many(grants.collect()).await?;
    Ok(())
}

async fn narrate(books: &Books, plan: &Plan, origin: &Origin, ids: &Ids) -> Result<(), GenerateFailed> {
    let narratives = plan.transfers.iter().zip(&ids.transfers).flat_map(|(transfer, id)| {
        let side = |own: Party, other: Party| narrative(plan, origin, ids, *id, transfer, own, other);
        [side(transfer.payer, transfer.payee), side(transfer.payee, transfer.payer)]
    });
    for part in parts(narratives.flatten()) {
        books.accounts.record_narratives(part).await?;
    }
    Ok(())
}

/// What `own` reads about a transfer; nothing for the bank's own accounts, or where there is nothing to say.
fn narrative(
    plan: &Plan,
    origin: &Origin,
    ids: &Ids,
    id: TransferId,
    transfer: &Transfer,
    own: Party,
    other: Party,
) -> Option<Narrative> {
    let Party::Account(account) = own else { return None };
    let (name, number) = match other {
        Party::Bank(_, outsider) => {
            (outsider.and_then(|at| plan.outsiders.get(at)).cloned().unwrap_or_default(), String::new())
        }
        Party::Account(at) => {
            let owner = plan.accounts.get(at).and_then(|account| plan.customers.get(account.owner));
            let own = plan.accounts.get(account).map(|account| account.owner);
            let same = own.is_some() && own == plan.accounts.get(at).map(|account| account.owner);
            let name = owner.map(|owner| if same { owner.name().to_owned() } else { owner.masked_name() });
            (name.unwrap_or_default(), mask::account_number(&origin.account_number(&at.to_string())))
        }
    };
    let told = !(name.is_empty() && number.is_empty() && transfer.memo.is_empty());
    told.then(|| Narrative {
        account: ids.account(account),
        transfer: id,
        counterparty_name: name,
        counterparty_account: number,
        counterparty_bank: String::new(),
        memo: transfer.memo.to_owned(),
    })
}

impl Ids {
    fn account(&self, at: usize) -> AccountId {
        self.accounts.get(at).copied().unwrap_or(AccountId::from_u128(0))
    }

    fn party(&self, party: Party, currency: Currency) -> AccountId {
        match party {
            Party::Account(at) => self.account(at),
            Party::Bank(side, _) => side.account(currency),
        }
    }

    fn command(&self, id: TransferId, transfer: &Transfer) -> Command {
        let act = Act::Transfer(LedgerTransfer {
            debit: self.party(transfer.payer, transfer.currency),
            credit: self.party(transfer.payee, transfer.currency),
            amount: transfer.amount,
            hold_until: None,
            code: transfer.code,
            booked_on: Some(transfer.booked_on),
            value_on: None,
            counts_toward_limits: false,
        });
        Command { id, act, linked: false }
    }
}
