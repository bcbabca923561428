//! Opening accounts, here and in the ledger.
//!
//! The row is written first, unconfirmed and seen by nobody; then the ledger opens the account under an id derived
//! from the account's; then the row is confirmed. Whatever is cut off in between is finished by the same call again
//! or by [`DepositAccounts::finish_openings`].

use clock::{BusinessDate, Timestamp};
use contracts::Unavailable;
use contracts::accounts::{Account, AccountOpened, Class, OpenRefused, OpenRequest, State};
use contracts::customers::Kyc;
use contracts::ledger::{Act, Asset, Command, Limits, OpenAccount, Refusal, kinds};
use db::outbox::Event;
use ids::{AccountId, TransferId};
use keys::Subject;
use money::{Currency, Side};
use std::collections::BTreeSet;
use std::sync::PoisonError;

use super::{DepositAccounts, NICKNAME, NUMBER, Refused};
use crate::model::{class, number};
use crate::store::{self, InsertFailed, Row};

/// How often a number chosen by chance is chosen again where it is taken.
const NUMBER_TRIES: usize = 8;
/// Commands of one submission to the ledger.
const SUBMITTED_MAX: usize = 4_000;

fn unavailable(error: impl std::error::Error) -> Unavailable {
    tracing::error!(%error, "an account could not be opened");
    Unavailable::StoreFailed
}

impl DepositAccounts {
    pub(crate) async fn open_one(&self, request: OpenRequest) -> Result<Account, OpenRefused> {
        match self.customers.profile(request.customer).await? {
            None | Some((_, Kyc::Suspended)) => return Err(OpenRefused::CustomerNotEligible),
            Some(_) => {}
        }
        let id = request.id;
        let customer = request.customer;
        let opened = self.open_rows(vec![request], true).await.map_err(|(_, refused)| refused)?;
        let account = opened.into_iter().next().ok_or(Unavailable::StoreFailed)?;
        if account.id != id || account.customer != customer {
            return Err(OpenRefused::CustomerNotEligible);
        }
        Ok(account)
    }

    pub(crate) async fn open_all(
        &self,
        requests: Vec<OpenRequest>,
    ) -> Result<Vec<Account>, (usize, OpenRefused)> {
        let mut opened = Vec::with_capacity(requests.len());
        for chunk in requests.chunks(SUBMITTED_MAX) {
            let offset = opened.len();
            let accounts = self
                .open_rows(chunk.to_vec(), false)
                .await
                .map_err(|(at, refused)| (offset + at, refused))?;
            opened.extend(accounts);
        }
        Ok(opened)
    }

    async fn open_rows(
        &self,
        requests: Vec<OpenRequest>,
        counted: bool,
    ) -> Result<Vec<Account>, (usize, OpenRefused)> {
        let first = |error: Unavailable| (0, OpenRefused::Unavailable(error));
        let today = self.ledger.status().await.map_err(first)?.business_date;
        for (at, request) in requests.iter().enumerate() {
            if request.number.as_deref().is_some_and(|text| number::parse(text).is_none()) {
                return Err((at, OpenRefused::NumberInvalid));
            }
        }
        let mut tries = 0;
        let rows = loop {
            let rows = self.compose(&requests, today).await.map_err(|error| first(error.unavailable()))?;
            tries += 1;
            match store::insert(&self.db, rows.clone(), counted, self.clock.now()).await {
                Ok(()) => break rows,
                Err(InsertFailed::NumberTaken(at)) => {
                    let chosen = requests.get(at).is_some_and(|request| request.number.is_none());
                    if !chosen || tries >= NUMBER_TRIES {
                        return Err((at, OpenRefused::NumberInvalid));
                    }
                }
                Err(InsertFailed::TooMany) => return Err((0, OpenRefused::TooMany)),
                Err(InsertFailed::IdTaken(at)) => return Err((at, OpenRefused::CustomerNotEligible)),
                Err(InsertFailed::Statement(error)) => return Err(first(db::unavailable(&error))),
            }
        };
        let ids: Vec<AccountId> = rows.iter().map(|row| row.id).collect();
        // What was there before stays as it is: read back what stands.
        let stored =
            store::by_ids(self.db.reader(), &ids).await.map_err(|error| first(db::unavailable(&error)))?;
        let waiting: Vec<Row> = stored.iter().filter(|row| !row.confirmed).cloned().collect();
        self.finish(&waiting, counted).await.map_err(first)?;
        let accounts = self.read(&stored).await.map_err(|error| first(error.unavailable()))?;
        let mut by_id: std::collections::HashMap<_, _> =
            accounts.into_iter().map(|account| (account.id, account)).collect();
        Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
    }

    async fn compose(&self, requests: &[OpenRequest], today: BusinessDate) -> Refused<Vec<Row>> {
        let mut subjects: Vec<Subject> = requests.iter().map(|request| request.customer.into()).collect();
        subjects.sort_unstable();
        subjects.dedup();
        let keys = self.keys.data_keys(&subjects).await?;
        let mut rows = Vec::with_capacity(requests.len());
        for request in requests {
            let key = keys.get(&request.customer.into()).ok_or(keys::KeysFailed::Destroyed)?;
            let prefix = &self.settings.settings.number_prefix;
            let given = request.number.as_deref().and_then(number::parse);
            let number = given.unwrap_or_else(|| number::compose(prefix, rand::random()));
            rows.push(Row {
                id: request.id,
                customer: request.customer,
                number_sealed: key.seal(NUMBER, number.as_bytes()),
                number_index: self.keys.index(NUMBER, &number),
                currency: request.currency,
                class: request.class,
                state: State::Active,
                nickname_sealed: key.seal(NICKNAME, request.nickname.as_bytes()),
                opened_on: request.opened_on.unwrap_or(today),
                overdraft_minor: request.overdraft_minor,
                confirmed: false,
            });
        }
        Ok(rows)
    }

    /// Opens rows in the ledger and confirms them. Announced where `announced`: books taken over are no news.
    async fn finish(&self, rows: &[Row], announced: bool) -> Result<(), Unavailable> {
        if rows.is_empty() {
            return Ok(());
        }
        self.register(rows.iter().map(|row| row.currency).collect()).await?;
        for chunk in rows.chunks(SUBMITTED_MAX) {
            let commands: Vec<Command> = chunk.iter().map(|row| self.opening(row)).collect();
            for (row, outcome) in chunk.iter().zip(self.ledger.submit(commands).await?) {
                // The id is derived from the account: used with other content means opened under other limits.
                if let Err(refusal) = outcome
                    && !matches!(refusal, Refusal::AccountExists | Refusal::IdReused)
                {
                    tracing::error!(account.id = %row.id, %refusal, "the ledger refused an account");
                    return Err(Unavailable::StoreFailed);
                }
            }
        }
        let at = self.clock.now();
        let events =
            if announced { rows.iter().map(|row| opened(row, at)).collect() } else { Ok(Vec::new()) };
        let ids = rows.iter().map(|row| row.id).collect();
        store::confirm(&self.db, ids, events.map_err(unavailable)?, at)
            .await
            .map_err(|error| db::unavailable(&error))
    }

    /// Finishes openings that were cut off, for example by a crash.
    pub(crate) async fn finish_openings(&self, older_than: std::time::Duration) -> Refused<()> {
        let before = self.clock.now().checked_sub(older_than).unwrap_or(Timestamp::MIN);
        let rows = store::unconfirmed(&self.db, before).await?;
        Ok(self.finish(&rows, true).await?)
    }

    fn opening(&self, row: &Row) -> Command {
        let account = OpenAccount {
            account: row.id,
            asset: Asset::from(row.currency),
            normal: Side::Credit,
            kind: kinds::CURRENT,
            floor: Some(row.overdraft_minor.saturating_neg()),
            limits: self.limits(row.class, row.currency),
        };
        Command { id: self.command_id(row.id, "open"), act: Act::OpenAccount(account), linked: false }
    }

    /// Limits given at opening, minor units of `currency`.
    fn limits(&self, class: Class, currency: Currency) -> Limits {
        let settings = &self.settings.settings;
        let limits = match class {
            Class::I => settings.class_1,
            Class::II => settings.class_2,
            Class::III => settings.class_3,
        };
        let minor = |fen| Some(self.settings.in_minor_units(fen, currency));
        Limits {
            per_transfer: minor(limits.per_transfer_fen),
            per_day: minor(limits.per_day_fen),
            per_month: minor(limits.per_month_fen),
        }
    }

    /// The id of the ledger's command for `purpose`: the same each time.
    fn command_id(&self, account: AccountId, purpose: &str) -> TransferId {
        let mut content = account.to_bytes().to_vec();
        content.extend_from_slice(purpose.as_bytes());
        self.derived(account.as_u128(), &content)
    }

    fn derived(&self, order: u128, content: &[u8]) -> TransferId {
        let mac = self.keys.mac("accounts.ledger_command", content);
        let mut entropy = [0; 10];
        entropy.iter_mut().zip(mac).for_each(|(to, from)| *to = from);
        TransferId::seeded(u64::try_from(order >> 80).unwrap_or(0), entropy)
    }

    /// Makes currencies known to the ledger; once per process is enough.
    async fn register(&self, currencies: BTreeSet<Currency>) -> Result<(), Unavailable> {
        let unknown: Vec<Currency> = {
            let registered = self.registered.lock().unwrap_or_else(PoisonError::into_inner);
            currencies.into_iter().filter(|currency| !registered.contains(currency)).collect()
        };
        if unknown.is_empty() {
            return Ok(());
        }
        let register = |currency: &Currency| Command {
            id: self.derived(0, currency.code().as_bytes()),
            act: Act::RegisterAsset { asset: Asset::from(*currency), scale: currency.scale() },
            linked: false,
        };
        let outcomes = self.ledger.submit(unknown.iter().map(register).collect()).await?;
        for (currency, outcome) in unknown.iter().zip(outcomes) {
            if let Err(refusal) = outcome {
                tracing::error!(%currency, %refusal, "the ledger refused a currency");
                return Err(Unavailable::StoreFailed);
            }
            self.registered.lock().unwrap_or_else(PoisonError::into_inner).insert(*currency);
        }
        Ok(())
    }
}

fn opened(row: &Row, at: Timestamp) -> Result<Event, sea_orm::DbErr> {
    let news =
        AccountOpened { account: row.id, customer: row.customer, currency: row.currency, class: row.class };
    Event::try_new(&row.id.to_string(), &news, at)
}

/// Whether a customer may ask for this class without coming to the bank.
pub(crate) const fn is_remote(class: Class) -> bool {
    class::opens_remotely(class)
}
