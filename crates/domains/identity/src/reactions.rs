//! What identity does when it announced something itself: tell the owner of a new device.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::identity::{DEVICE_ADDED, DeviceAdded};
use contracts::messages::{Content, Language, Message};
use db::outbox::Event;
use ids::MessageId;
use runtime::{React, ReactFailed, Reaction};

use crate::service::Identities;

/// Tells owners of devices that signed them in for the first time. Durable: the news lies in the outbox until it was
/// handed over.
pub(crate) fn new_devices(identities: Arc<Identities>) -> Reaction {
    Reaction { name: "identity.new_devices", topics: &[DEVICE_ADDED], react: Arc::new(Tell(identities)) }
}

struct Tell(Arc<Identities>);

#[async_trait]
impl React for Tell {
    async fn react(&self, events: &[Event]) -> Result<(), ReactFailed> {
        let mut messages = Vec::with_capacity(events.len());
        for event in events {
            let news: DeviceAdded =
                event.read().map_err(|unreadable| ReactFailed::Refused(unreadable.to_string()))?;
            let profile = self.0.customers.profile(news.customer).await?;
            let Some(phone) = profile.and_then(|(profile, _)| profile.phone().map(str::to_owned)) else {
                continue;
            };
            let (language, unnamed) = match news.english {
                true => (Language::English, "unknown device"),
                false => (Language::Chinese, "未知设备"),
            };
            let device = match news.device_name.as_str() {
                "" => unnamed.to_owned(),
                name => name.to_owned(),
            };
            // The id of the news is that of the message: news that comes again sends nothing again.
            let id = MessageId::from_u128(event.id.as_u128());
            messages.push(Message { id, to: phone, content: Content::NewDevice { device }, language });
        }
        if messages.is_empty() {
            return Ok(());
        }
        self.0.messages.send(messages).await?;
        Ok(())
    }
}
