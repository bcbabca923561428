//! Where somebody is signed in, and ending it.

use clock::Timestamp;
use contracts::identity::{Channel, EndReason, Principal, Session};
use ids::{CustomerId, SessionId};

use super::{Identities, end};
use crate::error::Refused;
use crate::store;

/// A live session as its owner sees it.
pub(crate) struct SessionSeen {
    pub(crate) id: SessionId,
    pub(crate) channel: Channel,
    pub(crate) device_name: String,
    pub(crate) started_at: Timestamp,
    pub(crate) last_seen_at: Timestamp,
}

impl Identities {
    /// Live sessions of a customer, the youngest first.
    pub(crate) fn sessions_of(&self, customer: CustomerId) -> Vec<SessionSeen> {
        let own = |session: &Session| session.principal == Principal::Customer(customer);
        let live = self.sessions.select(self.now(), own);
        live.iter()
            .map(|live| SessionSeen {
                id: live.session.id,
                channel: live.session.channel,
                device_name: live.device_name.clone(),
                started_at: live.session.started_at,
                last_seen_at: live.last_seen_at(),
            })
            .collect()
    }

    /// Ends one session of `owner`. Ended at once for every request that comes after the answer.
    ///
    /// # Errors
    /// [`Refused::NotFound`] also for somebody else's; [`Refused::Store`].
    pub(crate) async fn end_session(
        &self,
        owner: &Principal,
        id: SessionId,
        reason: EndReason,
    ) -> Result<(), Refused> {
        let now = self.now();
        let ended = self.sessions.select(now, |session| session.id == id && session.principal == *owner);
        if ended.is_empty() {
            return Err(Refused::NotFound);
        }
        let to_end = ended.clone();
        self.db
            .write(move |tx| {
                let ended = to_end.clone();
                Box::pin(async move { end(tx, &ended, reason, now).await })
            })
            .await?;
        self.sessions.remove(&ended);
        Ok(())
    }

    /// Writes down when sessions were last seen, and forgets those that are over.
    ///
    /// # Errors
    /// [`Refused::Store`]: written the next time each is seen again.
    pub(crate) async fn write_last_seen(&self) -> Result<(), Refused> {
        self.sessions.sweep(self.now());
        metrics::gauge!("identity_sessions").set(self.sessions.count() as f64);
        let seen = self.sessions.to_write();
        if seen.is_empty() {
            return Ok(());
        }
        self.db
            .write(move |tx| {
                let seen = seen.clone();
                Box::pin(async move { store::write_last_seen(tx, &seen).await })
            })
            .await
            .map_err(Refused::Store)
    }
}
