//! The embedded gateway: keeps messages where staff can read them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use clock::{Clock, Timestamp};
use contracts::Unavailable;
use contracts::messages::{Message, MessageGateway, RECIPIENT as TO};
use db::Db;
use ids::MessageId;
use keys::{Keys, Subject};

use crate::config::Settings;
use crate::error::Failed;
use crate::store::{self, Row};
use crate::words;

const RECIPIENT: &str = "messages.recipient";
const BODY: &str = "messages.body";
/// The state of a message that waits for nobody but its reader.
const KEPT: &str = "kept";
/// How many messages one write removes, so that it holds up nobody.
const PRUNED_MAX: u32 = 5_000;

/// The outbox. Messages of one month are sealed under one key.
pub struct Outbox {
    db: Db,
    keys: Keys,
    clock: Arc<dyn Clock>,
    settings: Settings,
}

/// A message as staff read it.
pub(crate) struct Kept {
    pub(crate) id: MessageId,
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) to: String,
    pub(crate) text: String,
    pub(crate) at: Timestamp,
}

fn sealer(month: &str) -> Subject {
    Subject::named(&format!("messages/{month}"))
}

impl Outbox {
    /// The outbox kept in `db`.
    #[must_use]
    pub fn new(db: Db, keys: Keys, clock: Arc<dyn Clock>, settings: Settings) -> Self {
        Self { db, keys, clock, settings }
    }

    /// Whether staff read all of a message.
    pub(crate) const fn is_whole(&self) -> bool {
        self.settings.outbox_whole
    }

    async fn keep(&self, messages: Vec<Message>) -> Result<(), Failed> {
        let now = self.clock.now();
        let month = now.to_string().chars().take("2026-11".len()).collect::<String>();
        let key = self.keys.data_key(sealer(&month)).await?;
        let row = |message: Message| {
            let text = words::text(&message.content, message.language, &self.settings);
            let row = Row {
                id: message.id,
                kind: words::kind(&message.content).to_owned(),
                state: KEPT.to_owned(),
                sealed_in: month.clone(),
                recipient: key.seal(RECIPIENT, message.to.as_bytes()),
                body: key.seal(BODY, text.as_bytes()),
                created_at: now,
            };
            (row, self.keys.index(TO, &message.to))
        };
        Ok(store::insert(&self.db, messages.into_iter().map(row).collect()).await?)
    }

    /// Newest first, at most `limit`, older than `before`, to one number where given.
    pub(crate) async fn page(
        &self,
        before: Option<MessageId>,
        to: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Kept>, Failed> {
        let rows = store::page(&self.db, before, to.map(|to| self.keys.index(TO, to)), limit).await?;
        let mut keys = HashMap::new();
        for row in &rows {
            if !keys.contains_key(&row.sealed_in) {
                keys.insert(row.sealed_in.clone(), self.keys.data_key(sealer(&row.sealed_in)).await?);
            }
        }
        let mut kept = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(key) = keys.get(&row.sealed_in) else { continue };
            let text = |field, sealed: &[u8]| -> Result<String, Failed> {
                String::from_utf8(key.open(field, sealed)?).map_err(|_| Failed::Damaged(row.id))
            };
            let (to, text) = (text(RECIPIENT, &row.recipient)?, text(BODY, &row.body)?);
            kept.push(Kept { id: row.id, kind: row.kind, state: row.state, to, text, at: row.created_at });
        }
        Ok(kept)
    }

    /// Removes whatever was sent to the number of these keyed hashes.
    pub(crate) async fn forget(&self, to: Vec<[u8; 32]>) -> Result<(), Failed> {
        let removed = store::forget(&self.db, to).await?;
        if removed > 0 && !self.db.scrub().await? {
            tracing::warn!(removed, "the log of the store still holds messages that were removed");
        }
        Ok(())
    }

    /// Removes what is older than the settings say; how many messages.
    pub(crate) async fn prune(&self) -> Result<u64, Failed> {
        let retention = Duration::from_secs(u64::from(self.settings.retention_days) * 86_400);
        let until = self.clock.now().saturating_sub(retention).unwrap_or(Timestamp::MIN);
        let mut removed = 0;
        loop {
            let now = store::prune(&self.db, until, PRUNED_MAX).await?;
            removed += now;
            if now < u64::from(PRUNED_MAX) {
                return Ok(removed);
            }
        }
    }
}

#[async_trait]
impl MessageGateway for Outbox {
    async fn send(&self, messages: Vec<Message>) -> Result<(), Unavailable> {
        if messages.is_empty() {
            return Ok(());
        }
        let count = messages.len() as u64;
        self.keep(messages).await?;
        metrics::counter!("messages_sent").increment(count);
        Ok(())
    }
}
