//! What identity does when it announced something itself: tell the owner of a new way into the bank.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::identity::{DEVICE_ADDED, DeviceAdded, PASSKEY_CHANGED, PasskeyChanged};
use contracts::messages::{Content, Language, Message};
use db::outbox::{Event, Unreadable};
use ids::{CustomerId, MessageId};
use runtime::{React, ReactFailed, Reaction};

use crate::service::Identities;

/// Tells owners of devices that signed them in for the first time, and of passkeys that were added or removed. Durable:
/// the news lies in the outbox until it was handed over.
pub(crate) fn ways_in(identities: Arc<Identities>) -> Reaction {
    let topics = &[DEVICE_ADDED, PASSKEY_CHANGED];
    Reaction { name: "identity.ways_in", topics, react: Arc::new(Tell(identities)) }
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
