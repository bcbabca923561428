//! What identity does about news: tell owners of new ways into the bank and of erasures, and forget who is erased.

use std::sync::Arc;

use async_trait::async_trait;
use clock::BusinessDate;
use contracts::customers::{ERASED, Erased};
use contracts::identity::{
    DEVICE_ADDED, DeviceAdded, ERASURE_ASKED, ERASURE_WITHDRAWN, ErasureAsked, ErasureWithdrawn,
    PASSKEY_CHANGED, PasskeyChanged, RECOVERY_CHANGED, RecoveryChanged, TOTP_CHANGED, TotpChanged,
};
use contracts::messages::{Content, Language, Message};
use db::outbox::{Event, Unreadable};
use ids::{CustomerId, MessageId};
use runtime::{React, ReactFailed, Reaction};

use crate::error::Refused;
use crate::service::Identities;

/// Tells owners of devices that signed them in for the first time, of passkeys and authenticator apps that came or
/// went, of passwords said to be forgotten, and that they are to be erased. Durable: the news lies in the outbox until it was handed over.
pub(crate) fn ways_in(identities: Arc<Identities>) -> Reaction {
    let topics =
        &[DEVICE_ADDED, PASSKEY_CHANGED, TOTP_CHANGED, RECOVERY_CHANGED, ERASURE_ASKED, ERASURE_WITHDRAWN];
    Reaction { name: "identity.ways_in", topics, react: Arc::new(Tell(identities)) }
}

/// Leaves nothing of those who are erased.
pub(crate) fn erasures(identities: Arc<Identities>) -> Reaction {
    Reaction { name: "identity.erasures", topics: &[ERASED], react: Arc::new(Forget(identities)) }
}

struct Forget(Arc<Identities>);

#[async_trait]
impl React for Forget {
    async fn react(&self, events: &[Event]) -> Result<(), ReactFailed> {
        for event in events {
            let Erased { customer, kept_until, .. } =
                event.read().map_err(|unreadable| ReactFailed::Refused(unreadable.to_string()))?;
            let forgotten = self.0.forget_customer(customer, kept_until.is_some()).await;
            forgotten.map_err(Refused::unavailable)?;
        }
        Ok(())
    }
}

struct Tell(Arc<Identities>);

/// Whom, what, and whether in English.
type Told = (CustomerId, Content, bool);

fn told(event: &Event) -> Result<Told, Unreadable> {
    let named = |name: String, english: bool| match (name.is_empty(), english) {
        (false, _) => name,
        (true, true) => "unknown device".to_owned(),
        (true, false) => "未知设备".to_owned(),
    };
    if event.topic == PASSKEY_CHANGED {
        let PasskeyChanged { customer, name, added, english, .. } = event.read()?;
        return Ok((customer, Content::PasskeyChanged { passkey: named(name, english), added }, english));
    }
    if event.topic == TOTP_CHANGED {
        let TotpChanged { customer, added, english } = event.read()?;
        return Ok((customer, Content::TotpChanged { added }, english));
    }
    if event.topic == ERASURE_ASKED {
        let ErasureAsked { customer, due_at, english, .. } = event.read()?;
        let on = BusinessDate::in_china(due_at).to_string();
        return Ok((customer, Content::ErasureAsked { on }, english));
    }
    if event.topic == ERASURE_WITHDRAWN {
        let ErasureWithdrawn { customer, by_bank, english } = event.read()?;
        return Ok((customer, Content::ErasureWithdrawn { by_bank }, english));
    }
    if event.topic == RECOVERY_CHANGED {
        let RecoveryChanged { customer, stage, ready_at, english } = event.read()?;
        let ready_at = ready_at.map(clock::minute);
        return Ok((customer, Content::Recovery { stage, ready_at }, english));
    }
    let DeviceAdded { customer, device_name, english, .. } = event.read()?;
    Ok((customer, Content::NewDevice { device: named(device_name, english) }, english))
}

#[async_trait]
impl React for Tell {
    async fn react(&self, events: &[Event]) -> Result<(), ReactFailed> {
        let mut messages = Vec::with_capacity(events.len());
        for event in events {
            let (customer, content, english) =
                told(event).map_err(|unreadable| ReactFailed::Refused(unreadable.to_string()))?;
            let profile = self.0.customers.profile(customer).await?;
            let Some(phone) = profile.and_then(|(profile, _)| profile.phone().map(str::to_owned)) else {
                continue;
            };
            let language = if english { Language::English } else { Language::Chinese };
            // The id of the news is that of the message: news that comes again sends nothing again.
            let id = MessageId::from_u128(event.id.as_u128());
            messages.push(Message { id, to: phone, content, language });
        }
        if messages.is_empty() {
            return Ok(());
        }
        self.0.messages.send(messages).await?;
        Ok(())
    }
}
