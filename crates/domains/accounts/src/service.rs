//! What accounts do: load, decide, store; the contract that neighbors hold.

mod changes;
mod history;
mod opening;
mod overview;
mod persons;
mod receipts;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use clock::Clock;
use contracts::Unavailable;
use contracts::accounts::{Account, Accounts, Narrative, OpenRefused, OpenRequest, Right};
use contracts::customers::Customers;
use contracts::ledger::Ledger;
use db::Db;
use ids::{AccountId, CustomerId, TransferId};
use keys::{DataKey, Keys, Subject};
use money::{Currency, Money};

use crate::briefs::Briefs;
use crate::config::Checked;
use crate::error::AccountsRefused;
use crate::model::number;
use crate::receipt::font::ReceiptFont;
use crate::store::{self, Grant, Row, narrative};

pub(crate) use changes::Noted;
pub(crate) use history::{Filter, Page, Shown, TextIs};
pub(crate) use opening::is_remote;
pub(crate) use overview::Holding;
pub(crate) use persons::Person;

pub(crate) type Refused<T> = Result<T, AccountsRefused>;

const NUMBER: &str = "accounts.number";
const NICKNAME: &str = "accounts.nickname";
const NARRATIVE: &str = "accounts.narrative";

/// The deposit accounts of the bank.
pub struct DepositAccounts {
    pub(crate) db: Db,
    pub(crate) keys: Keys,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) customers: Arc<dyn Customers>,
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) settings: Checked,
    pub(crate) font: ReceiptFont,
    pub(crate) briefs: Briefs,
    /// Currencies the ledger is known to count.
    pub(crate) registered: Mutex<HashSet<Currency>>,
}

impl DepositAccounts {
    /// Opens what is sealed in `rows`. What was sealed for an erased customer reads as empty.
    pub(crate) async fn read(&self, rows: &[Row]) -> Refused<Vec<Account>> {
        let subjects: Vec<Subject> = rows.iter().map(|row| Subject::from(row.customer)).collect();
        let known = self.keys.known_keys(&subjects).await?;
        let text = |customer: CustomerId, field: &str, sealed: &[u8]| {
            let key = known.get(&Subject::from(customer))?;
            String::from_utf8(key.open(field, sealed).ok()?).ok()
        };
        let account = |row: &Row| Account {
            id: row.id,
            customer: row.customer,
            number: text(row.customer, NUMBER, &row.number_sealed).unwrap_or_default(),
            currency: row.currency,
            class: row.class,
            state: row.state,
            nickname: text(row.customer, NICKNAME, &row.nickname_sealed).unwrap_or_default(),
            opened_on: row.opened_on,
        };
        Ok(rows.iter().map(account).collect())
    }

    async fn keep(&self, generation: u64, rows: &[Row]) -> Refused<Vec<Account>> {
        let accounts = self.read(rows).await?;
        for (row, account) in rows.iter().zip(&accounts) {
            self.briefs.keep_account(generation, account, row.number_index);
        }
        Ok(accounts)
    }

    /// Confirmed accounts by id; unknown ones are missing.
    pub(crate) async fn find_many(&self, ids: &[AccountId]) -> Refused<HashMap<AccountId, Account>> {
        let mut found = HashMap::with_capacity(ids.len());
        let mut asked = Vec::new();
        for id in ids {
            match self.briefs.account(*id) {
                Some(account) => drop(found.insert(*id, account)),
                None => asked.push(*id),
            }
        }
        if !asked.is_empty() {
            asked.sort_unstable();
            asked.dedup();
            let generation = self.briefs.generation();
            let mut rows = store::by_ids(self.db.reader(), &asked).await?;
            rows.retain(|row| row.confirmed);
            found
                .extend(self.keep(generation, &rows).await?.into_iter().map(|account| (account.id, account)));
        }
        Ok(found)
    }

    pub(crate) async fn find(&self, id: AccountId) -> Refused<Option<Account>> {
        Ok(self.find_many(&[id]).await?.remove(&id))
    }

    pub(crate) async fn find_number(&self, text: &str) -> Refused<Option<Account>> {
        let Some(number) = number::parse(text) else { return Ok(None) };
        let index = self.keys.index(NUMBER, &number);
        if let Some(id) = self.briefs.number(&index) {
            return self.find(id).await;
        }
        let generation = self.briefs.generation();
        let Some(row) = store::by_number(self.db.reader(), index).await? else { return Ok(None) };
        Ok(self.keep(generation, &[row]).await?.pop())
    }

    pub(crate) async fn right_of(&self, customer: CustomerId, account: AccountId) -> Refused<Option<Right>> {
        let Some(found) = self.find(account).await? else { return Ok(None) };
        if found.customer == customer {
            return Ok(Some(Right::Own));
        }
        if let Some(right) = self.briefs.right(customer, account) {
            return Ok(right);
        }
        let generation = self.briefs.generation();
        let grants = store::granted_on(&self.db, account).await?;
        let right = grants.iter().find(|grant| grant.customer == customer).map(|grant| grant.right);
        self.briefs.keep_right(generation, customer, account, right);
        Ok(right)
    }

    /// The account, where `customer` has at least `needed`. Somebody else's account is not found.
    pub(crate) async fn permitted(
        &self,
        customer: CustomerId,
        account: AccountId,
        needed: Right,
    ) -> Refused<(Account, Right)> {
        let right = self.right_of(customer, account).await?.ok_or(AccountsRefused::NotFound)?;
        if right < needed {
            return Err(AccountsRefused::NotAllowed);
        }
        let found = self.find(account).await?.ok_or(AccountsRefused::NotFound)?;
        Ok((found, right))
    }

    async fn all_of(&self, customer: CustomerId) -> Refused<Vec<(Account, Right)>> {
        let generation = self.briefs.generation();
        let owned = store::owned_by(self.db.reader(), customer).await?;
        let mut all: Vec<(Account, Right)> =
            self.keep(generation, &owned).await?.into_iter().map(|account| (account, Right::Own)).collect();
        let grants = store::granted_to(&self.db, customer).await?;
        let mut granted =
            self.find_many(&grants.iter().map(|grant| grant.account).collect::<Vec<_>>()).await?;
        all.extend(grants.iter().filter_map(|grant| Some((granted.remove(&grant.account)?, grant.right))));
        all.sort_by_key(|(account, _)| account.id);
        Ok(all)
    }

    /// Seals narratives under the keys of the accounts' owners. Those of unknown accounts are dropped: nobody could
    /// read them.
    async fn seal_narratives(&self, narratives: &[Narrative]) -> Refused<Vec<narrative::Sealed>> {
        let accounts = self.find_many(&narratives.iter().map(|one| one.account).collect::<Vec<_>>()).await?;
        let mut subjects: Vec<Subject> = accounts.values().map(|account| account.customer.into()).collect();
        subjects.sort_unstable();
        subjects.dedup();
        let keys = self.keys.data_keys(&subjects).await?;
        let seal = |one: &Narrative| {
            let key: &DataKey = keys.get(&Subject::from(accounts.get(&one.account)?.customer))?;
            let words =
                [&one.counterparty_name, &one.counterparty_account, &one.counterparty_bank, &one.memo];
            let plain = serde_json::to_vec(&words).ok()?;
            Some(narrative::Sealed {
                account: one.account,
                transfer: one.transfer,
                sealed: key.seal(NARRATIVE, &plain),
            })
        };
        Ok(narratives.iter().filter_map(seal).collect())
    }

    /// Narratives of one account by transfer.
    pub(crate) async fn narratives(
        &self,
        account: &Account,
        transfers: &[TransferId],
    ) -> Refused<HashMap<TransferId, Narrative>> {
        let sealed = narrative::of_transfers(&self.db, account.id, transfers).await?;
        let subject = Subject::from(account.customer);
        let Some(key) = self.keys.known_keys(&[subject]).await?.remove(&subject) else {
            return Ok(HashMap::new());
        };
        let open = |(transfer, sealed): (TransferId, Vec<u8>)| {
            let plain = key.open(NARRATIVE, &sealed).ok()?;
            let [name, number, bank, memo]: [String; 4] = serde_json::from_slice(&plain).ok()?;
            let narrative = Narrative {
                account: account.id,
                transfer,
                counterparty_name: name,
                counterparty_account: number,
                counterparty_bank: bank,
                memo,
            };
            Some((transfer, narrative))
        };
        Ok(sealed.into_iter().filter_map(open).collect())
    }
}

#[async_trait]
impl Accounts for DepositAccounts {
    async fn open(&self, request: OpenRequest) -> Result<Account, OpenRefused> {
        self.open_one(request).await
    }

    async fn open_many(&self, requests: Vec<OpenRequest>) -> Result<Vec<Account>, (usize, OpenRefused)> {
        self.open_all(requests).await
    }

    async fn account(&self, id: AccountId) -> Result<Option<Account>, Unavailable> {
        self.find(id).await.map_err(|refused| refused.unavailable())
    }

    async fn by_number(&self, number: &str) -> Result<Option<Account>, Unavailable> {
        self.find_number(number).await.map_err(|refused| refused.unavailable())
    }

    async fn of_customer(&self, customer: CustomerId) -> Result<Vec<(Account, Right)>, Unavailable> {
        self.all_of(customer).await.map_err(|refused| refused.unavailable())
    }

    async fn right(&self, customer: CustomerId, account: AccountId) -> Result<Option<Right>, Unavailable> {
        self.right_of(customer, account).await.map_err(|refused| refused.unavailable())
    }

    async fn grant_many(&self, grants: Vec<(AccountId, CustomerId, Right)>) -> Result<(), Unavailable> {
        let granted_at = self.clock.now();
        // Twice the same person in one statement is refused by PostgreSQL: the later grant stands.
        let last: HashMap<(AccountId, CustomerId), Right> =
            grants.into_iter().map(|(account, customer, right)| ((account, customer), right)).collect();
        let rows: Vec<Grant> = last
            .into_iter()
            .map(|((account, customer), right)| Grant { account, customer, right, granted_at })
            .collect();
        let touched: Vec<_> = rows.iter().map(|grant| (grant.customer, grant.account)).collect();
        let forget =
            || touched.iter().for_each(|(customer, account)| self.briefs.forget_right(*customer, *account));
        forget();
        let granted = store::grant(&self.db, rows).await;
        forget();
        granted.map_err(|error| db::unavailable(&error))
    }

    async fn record_narratives(&self, narratives: Vec<Narrative>) -> Result<(), Unavailable> {
        let record = async {
            let sealed = self.seal_narratives(&narratives).await?;
            Refused::Ok(narrative::insert(&self.db, sealed, Vec::new()).await?)
        };
        record.await.map_err(|refused| refused.unavailable())
    }

    async fn record_transfer(&self, payer: Narrative, payee: Narrative) -> Result<String, Unavailable> {
        let record = async {
            let code = self.code_of(payer.account, payer.transfer);
            let row =
                narrative::Code { code: code.to_bytes(), account: payer.account, transfer: payer.transfer };
            let sealed = self.seal_narratives(&[payer, payee]).await?;
            narrative::insert(&self.db, sealed, vec![row]).await?;
            Refused::Ok(code.to_string())
        };
        record.await.map_err(|refused| refused.unavailable())
    }

    async fn converted(&self, amount: Money, to: Currency) -> Result<Option<Money>, Unavailable> {
        Ok(self.settings.converted(amount, to))
    }
}
