//! Ordering a transfer: everything that is checked before the intent is durable.

use contracts::accounts::{Account, State};
use contracts::identity::Session;
use futures_util::future::join;
use ids::{AccountId, ApprovalId, CustomerId, PaymentId, TransferId};
use money::{Currency, Money};
use secrecy::Secret;

use super::approval::Ordered;
use super::post::{Done, WORDS};
use super::target::{Found, Target};
use super::{CustomerPayments, Refused};
use crate::config;
use crate::error::PaymentsRefused;
use crate::model::name::{self, Likeness};
use crate::model::words::Words;
use crate::refusals;
use crate::store::{self, Accepted, Fate, Row};

/// What a customer orders.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) from: AccountId,
    pub(crate) to: Target,
    pub(crate) name: Option<String>,
    pub(crate) amount: Money,
    pub(crate) memo: String,
    /// The approval that it comes with.
    pub(crate) approval: Option<ApprovalId>,
}

impl CustomerPayments {
    /// Carries out `order` once per `key`. The same key again is answered with the first outcome, whatever the PIN.
    pub(crate) async fn transfer(
        &self,
        session: &Session,
        customer: CustomerId,
        key: [u8; 16],
        order: Order,
        pin: &Secret<String>,
    ) -> Refused<Done> {
        let digest = self.digest(&order);
        if let Some(known) = store::by_key(self.db.reader(), customer, key).await? {
            return self.answer_again(known, digest).await;
        }
        let currency = order.amount.currency();
        let (from, found) = self.ends(customer, order.from, &order.to, currency).await?;
        if from.currency != currency {
            return Err(PaymentsRefused::CurrencyMismatch);
        }
        if let Some(word) = refusals::of_state(from.state) {
            return Err(PaymentsRefused::transfer(word));
        }
        let found = self.known(customer, &order.to, found)?;
        let to = &found.account;
        check_pair(&from, to)?;
        let own = to.customer == from.customer;
        let words = self.words(customer, &from, &found, &order).await?;
        self.check_pin(customer, pin).await?;
        if !own || session.channel.needs_app() {
            let ordered = Ordered { order: &order, from: &from, to, words: &words, digest, key };
            self.approved(session, customer, &ordered).await?;
        }
        let row = Row {
            id: PaymentId::mint(),
            customer,
            key,
            digest,
            transfer: TransferId::mint(),
            from: from.id,
            to: to.id,
            payer: from.customer,
            payee: to.customer,
            amount: order.amount,
            own,
            words_sealed: self.seal_words(customer, &words).await?,
            limited: if own { None } else { self.yearly(&from).await? },
            fate: Fate::Accepted,
            accepted_at: self.clock.now(),
        };
        tracing::debug!(payment.id = %row.id, session.id = %session.id, "a transfer is ordered");
        let _filling = self.make_room(to, order.amount).await?;
        let noted = async {
            if let Target::Payee(payee) = order.to {
                self.note_use(customer, payee).await;
            }
        };
        join(self.accept(row, &words, digest), noted).await.0
    }

    async fn accept(&self, row: Row, words: &Words, digest: [u8; 32]) -> Refused<Done> {
        match store::accept(&self.db, row.clone()).await? {
            Accepted::Fresh => self.post(row, words).await,
            Accepted::Known(known) => self.answer_again(*known, digest).await,
            Accepted::YearlyLimit(limit, used) => {
                let money = |minor| Money::new(minor, row.amount.currency());
                let limit = Some((money(limit), money(used)));
                Err(PaymentsRefused::Transfer { word: refusals::LIMIT_PER_YEAR, limit })
            }
        }
    }

    async fn answer_again(&self, known: Row, digest: [u8; 32]) -> Refused<Done> {
        if known.digest != digest {
            return Err(PaymentsRefused::KeyReused);
        }
        let words = self.open_words(&known).await?;
        self.post(known, &words).await
    }

    /// Keyed hash over everything ordered; each part is delimited, so that no two orders read alike.
    fn digest(&self, order: &Order) -> [u8; 32] {
        let target = match &order.to {
            Target::Account(id) => ["account".to_owned(), id.to_string()],
            Target::Number(number) => ["number".to_owned(), number.replace(' ', "")],
            Target::Phone(phone) => ["phone".to_owned(), phone.clone()],
            Target::Payee(id) => ["payee".to_owned(), id.to_string()],
        };
        let parts = (
            order.from.to_string(),
            target,
            order.name.as_deref().map(str::trim),
            order.amount.minor(),
            order.amount.currency(),
            &order.memo,
        );
        let content = serde_json::to_vec(&parts).unwrap_or_default();
        self.keys.mac("payments.order", &content)
    }

    /// Names and masked numbers for both sides; refuses where the name given is not the payee's.
    async fn words(
        &self,
        customer: CustomerId,
        from: &Account,
        found: &Found,
        order: &Order,
    ) -> Refused<Words> {
        let to = &found.account;
        let mut profiles = self.customers.profiles(&[from.customer, to.customer]).await?.into_iter();
        let (Some(Some((payer, _))), Some(Some((payee, _)))) = (profiles.next(), profiles.next()) else {
            return Err(PaymentsRefused::PayeeUnknown);
        };
        // Between accounts of one owner, or to an account of one's own, nobody can be mistaken.
        let certain = to.customer == from.customer || to.customer == customer;
        if !certain {
            let given = order.name.as_deref().or(found.saved_name.as_deref()).unwrap_or_default();
            if given.trim().is_empty() {
                return Err(PaymentsRefused::Invalid {
                    field: "name",
                    zh: "请填写收款人姓名。",
                    en: "Give the name of the payee.",
                });
            }
            if name::compare(given, payee.name()) != Likeness::Match {
                self.misses.count(customer, self.clock.now());
                return Err(PaymentsRefused::PayeeNameMismatch);
            }
        }
        Ok(Words {
            payer_name: payer.name().to_owned(),
            payer_number: secrecy::mask::account_number(&from.number),
            payee_name: payee.name().to_owned(),
            payee_name_masked: payee.masked_name(),
            payee_number: secrecy::mask::account_number(&to.number),
            memo: order.memo.clone(),
        })
    }

    async fn seal_words(&self, customer: CustomerId, words: &Words) -> Refused<Vec<u8>> {
        let plain = serde_json::to_vec(words).unwrap_or_default();
        Ok(self.keys.seal(customer.into(), WORDS, &plain).await?)
    }

    pub(crate) async fn open_words(&self, row: &Row) -> Refused<Words> {
        let plain = self.keys.open_sealed(row.customer.into(), WORDS, &row.words_sealed).await?;
        serde_json::from_slice(&plain).map_err(|error| store::malformed(error).into())
    }

    /// The year in which a transfer from `from` counts, and the most in it, where its class has a yearly limit.
    async fn yearly(&self, from: &Account) -> Refused<Option<(i16, i64)>> {
        let Some(fen) = config::yearly_max_fen(from.class) else { return Ok(None) };
        let year = clock::BusinessDate::in_china(self.clock.now()).date().year();
        Ok(Some((year, self.in_currency(fen, from.currency).await?)))
    }

    /// `fen` in minor units of `currency`; the same number where the bank has no rate.
    pub(crate) async fn in_currency(&self, fen: i64, currency: Currency) -> Refused<i64> {
        if currency == Currency::CNY {
            return Ok(fen);
        }
        let converted = self.accounts.converted(Money::new(fen, Currency::CNY), currency).await?;
        Ok(converted.map_or(fen, Money::minor))
    }

    /// Refuses where `to` may not hold that much more; else holds a place for the payment until it is posted.
    async fn make_room(
        &self,
        to: &Account,
        amount: Money,
    ) -> Refused<Option<tokio::sync::MutexGuard<'_, ()>>> {
        let Some(most) = config::balance_max_fen(to.class) else { return Ok(None) };
        let most = i128::from(self.in_currency(most, to.currency).await?);
        let guard = match self.filling.of(to.id) {
            Some(lock) => Some(lock.lock().await),
            None => None,
        };
        let balance = self.ledger.balances(&[to.id]).await?.into_iter().next().flatten();
        let posted = balance.map_or(0, |balance| balance.posted());
        if posted.saturating_add(i128::from(amount.minor())) > most {
            return Err(PaymentsRefused::transfer(refusals::PAYEE_BALANCE_LIMIT));
        }
        Ok(guard)
    }
}

fn check_pair(from: &Account, to: &Account) -> Refused<()> {
    if from.id == to.id {
        return Err(PaymentsRefused::SameAccount);
    }
    if from.currency != to.currency {
        return Err(PaymentsRefused::CurrencyMismatch);
    }
    if to.state == State::Closed {
        return Err(PaymentsRefused::transfer(refusals::PAYEE_ACCOUNT_CLOSED));
    }
    Ok(())
}
