//! What customers are told when others announce something: movements, freezes; and what is removed when they are erased.
//!
//! A message's id follows from the event's, so an event that comes again is told once. Whoever has no phone is not
//! told; whoever is erased neither.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_trait::async_trait;
use contracts::Unavailable;
use contracts::accounts::{Accounts, State, StateChanged};
use contracts::customers::{Customers, Erased};
use contracts::ledger::Ledger;
use contracts::messages::{Content, Language, Message, MessageGateway};
use contracts::payments::TransferPosted;
use db::outbox::Event;
use futures_util::{StreamExt, TryStreamExt, stream};
use ids::{AccountId, CustomerId, MessageId};
use keys::Keys;
use money::Money;
use runtime::{React, ReactFailed};
use serde::de::DeserializeOwned;

use crate::service::Outbox;

/// How many questions to a neighbor are under way at once.
const ASKED_AT_ONCE: usize = 16;
/// How many movements the ledger is asked for at once.
const MOVEMENTS_AT_ONCE: usize = 1_000;

/// Whom the reactions ask, and through whom they tell.
pub(crate) struct Neighbors {
    pub(crate) customers: Arc<dyn Customers>,
    pub(crate) accounts: Arc<dyn Accounts>,
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) gateway: Arc<dyn MessageGateway>,
    pub(crate) keys: Keys,
}

/// Tells payer and payee of `payments.transfer_posted`.
pub(crate) struct Movements(pub(crate) Arc<Neighbors>);

/// Tells owners of `accounts.state_changed` when it is a freeze or its end.
pub(crate) struct Freezes(pub(crate) Arc<Neighbors>);

fn payload<T: DeserializeOwned>(event: &Event) -> Result<T, ReactFailed> {
    event.read().map_err(|unreadable| ReactFailed::Refused(unreadable.to_string()))
}

impl Neighbors {
    /// The id of the message that `event` causes to `whom`: always the same, and in the order of events.
    fn message_id(&self, event: &Event, whom: &str) -> MessageId {
        let hash = self.keys.index("messages.reaction", &format!("{}/{whom}", event.id));
        let mut entropy = [0; 10];
        for (to, from) in entropy.iter_mut().zip(hash) {
            *to = from;
        }
        let unix_ms = u64::try_from(event.occurred_at.as_millisecond()).unwrap_or(0);
        MessageId::seeded(unix_ms, entropy)
    }

    async fn phones(
        &self,
        customers: impl Iterator<Item = CustomerId>,
    ) -> Result<HashMap<CustomerId, String>, Unavailable> {
        let ids: Vec<CustomerId> = customers.collect::<HashSet<_>>().into_iter().collect();
        let profiles = self.customers.profiles(&ids).await?;
        let phone = |(id, found): (CustomerId, Option<(contracts::customers::Profile, _)>)| {
            found.and_then(|(profile, _)| profile.phone().map(|phone| (id, phone.to_owned())))
        };
        Ok(ids.into_iter().zip(profiles).filter_map(phone).collect())
    }

    /// The last four digits of each account's number.
    async fn tails(
        &self,
        accounts: impl Iterator<Item = AccountId>,
    ) -> Result<HashMap<AccountId, String>, Unavailable> {
        let distinct: HashSet<AccountId> = accounts.collect();
        let found: Vec<_> = stream::iter(distinct)
            .map(|id| self.accounts.account(id))
            .buffer_unordered(ASKED_AT_ONCE)
            .try_collect()
            .await?;
        let tail = |number: &str| number.get(number.len().saturating_sub(4)..).unwrap_or_default().to_owned();
        Ok(found.into_iter().flatten().map(|account| (account.id, tail(&account.number))).collect())
    }
}

/// One side of a posted transfer that somebody is told of.
struct Notice {
    id: MessageId,
    to: String,
    account: AccountId,
    incoming: bool,
    posted: TransferPosted,
}

impl Notice {
    /// As it is sent; `balance_after` in minor units.
    fn message(&self, account_tail: &str, balance_after: i64) -> Message {
        let amount = |minor: i64| {
            let money = Money::new(minor, self.posted.currency);
            format!("{} {}", money.to_decimal(), self.posted.currency)
        };
        let content = Content::Movement {
            account_tail: account_tail.to_owned(),
            incoming: self.incoming,
            amount: amount(self.posted.amount_minor),
            balance: amount(balance_after),
        };
        Message { id: self.id, to: self.to.clone(), content, language: Language::Chinese }
    }
}

impl Movements {
    fn notices(
        &self,
        events: &[(&Event, TransferPosted)],
        phones: &HashMap<CustomerId, String>,
    ) -> Vec<Notice> {
        let side = |(event, posted): &(&Event, TransferPosted), incoming: bool| {
            let (customer, account, whom) = if incoming {
                (posted.payee, posted.credit, "payee")
            } else {
                (posted.payer, posted.debit, "payer")
            };
            let to = phones.get(&customer)?.clone();
            Some(Notice { id: self.0.message_id(event, whom), to, account, incoming, posted: posted.clone() })
        };
        events.iter().flat_map(|pair| [side(pair, false), side(pair, true)]).flatten().collect()
    }

    async fn tell(&self, events: &[(&Event, TransferPosted)]) -> Result<(), Unavailable> {
        let phones =
            self.0.phones(events.iter().flat_map(|(_, posted)| [posted.payer, posted.payee])).await?;
        let notices = self.notices(events, &phones);
        let tails = self.0.tails(notices.iter().map(|notice| notice.account)).await?;
        let mut messages = Vec::with_capacity(notices.len());
        for some in notices.chunks(MOVEMENTS_AT_ONCE) {
            // The balance right after this very movement, whatever was booked since.
            let asked: Vec<_> = some.iter().map(|notice| (notice.account, notice.posted.transfer)).collect();
            let movements = self.0.ledger.movements(&asked).await?;
            let found = some.iter().zip(movements).filter_map(|(notice, movement)| {
                Some(notice.message(tails.get(&notice.account)?, movement?.balance_after))
            });
            messages.extend(found);
        }
        self.0.gateway.send(messages).await
    }
}

#[async_trait]
impl React for Movements {
    async fn react(&self, events: &[Event]) -> Result<(), ReactFailed> {
        let read: Vec<_> =
            events.iter().map(|event| Ok((event, payload(event)?))).collect::<Result<_, ReactFailed>>()?;
        Ok(self.tell(&read).await?)
    }
}

impl Freezes {
    async fn tell(&self, events: &[(&Event, StateChanged)]) -> Result<(), Unavailable> {
        let phones = self.0.phones(events.iter().map(|(_, changed)| changed.customer)).await?;
        let tails = self.0.tails(events.iter().map(|(_, changed)| changed.account)).await?;
        let message = |(event, changed): &(&Event, StateChanged)| {
            let to = phones.get(&changed.customer)?.clone();
            let account_tail = tails.get(&changed.account)?.clone();
            let content = Content::FreezeChanged { account_tail, frozen: changed.to == State::Frozen };
            Some(Message { id: self.0.message_id(event, "owner"), to, content, language: Language::Chinese })
        };
        self.0.gateway.send(events.iter().filter_map(message).collect()).await
    }
}

#[async_trait]
impl React for Freezes {
    async fn react(&self, events: &[Event]) -> Result<(), ReactFailed> {
        let read: Vec<(&Event, StateChanged)> =
            events.iter().map(|event| Ok((event, payload(event)?))).collect::<Result<_, ReactFailed>>()?;
        let freezes = |changed: &StateChanged| {
            (changed.to == State::Frozen) != (changed.from == State::Frozen) && changed.to != State::Closed
        };
        let mine: Vec<_> = read.into_iter().filter(|(_, changed)| freezes(changed)).collect();
        Ok(self.tell(&mine).await?)
    }
}

/// Removes what was sent to those of `customers.erased`.
pub(crate) struct Erasures(pub(crate) Arc<Outbox>);

#[async_trait]
impl React for Erasures {
    async fn react(&self, events: &[Event]) -> Result<(), ReactFailed> {
        let mut recipients = Vec::with_capacity(events.len());
        for event in events {
            let Some(recipient) = payload::<Erased>(event)?.recipient else { continue };
            let hash = hex::decode(&recipient).ok().and_then(|bytes| bytes.try_into().ok());
            recipients.push(hash.ok_or_else(|| ReactFailed::Refused("the recipient is no hash".to_owned()))?);
        }
        if recipients.is_empty() {
            return Ok(());
        }
        Ok(self.0.forget(recipients).await.map_err(Unavailable::from)?)
    }
}
