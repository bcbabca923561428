//! Where somebody is signed in, and ending it.

use clock::Timestamp;
use contracts::Unavailable;
use contracts::identity::{Channel, EndReason, Principal};
use ids::{CustomerId, SessionId, SignInId};

use super::{Identities, end};
use crate::error::Refused;
use crate::store::{self, Hash, SignInRow, Whose};

/// Sign-ins on one page.
const SIGN_INS_PER_PAGE: u64 = 30;

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
    ///
    /// # Errors
    /// [`Refused::Store`].
    pub(crate) async fn sessions_of(&self, customer: CustomerId) -> Result<Vec<SessionSeen>, Refused> {
        let now = self.now();
        let rows = store::live_sessions_of(self.db.reader(), Whose::Customer(customer), now).await?;
        let live = rows.into_iter().filter(|row| !self.sessions.is_idle(row, now));
        Ok(live
            .map(|row| SessionSeen {
                id: row.session.id,
                channel: row.session.channel,
                last_seen_at: self.sessions.last_seen_at(&row),
                started_at: row.session.started_at,
                device_name: row.device_name,
            })
            .collect())
    }

    /// The newest sign-ins of a customer, those before `before` where it is given, and after which there are more.
    ///
    /// # Errors
    /// [`Refused::NotFound`] where `before` is no id; [`Refused::Store`].
    pub(crate) async fn sign_ins_of(
        &self,
        customer: CustomerId,
        before: Option<&str>,
    ) -> Result<(Vec<SignInRow>, Option<SignInId>), Refused> {
        let before = before.map(str::parse).transpose().map_err(|_| Refused::NotFound)?;
        let more = SIGN_INS_PER_PAGE.saturating_add(1);
        let mut rows = store::sign_ins_of(self.db.reader(), customer.to_bytes(), before, more).await?;
        if u64::try_from(rows.len()).is_ok_and(|count| count < more) {
            return Ok((rows, None));
        }
        rows.pop();
        let next = rows.last().map(|row| row.id);
        Ok((rows, next))
    }

    /// Reads the row of a session anew; gives its parent, where it has one.
    pub(super) async fn read_session(
        &self,
        token_hash: &Hash,
        now: Timestamp,
    ) -> Result<Option<Hash>, Unavailable> {
        let row = store::session_of_token(self.db.reader(), token_hash, now).await;
        let row = row.map_err(|error| db::unavailable(&error))?;
        let parent = row.as_ref().and_then(|row| row.parent);
        self.sessions.learn(token_hash, row);
        Ok(parent)
    }

    /// Ends one session of `owner`, and what was opened in it. Ended at once for every request that comes after the answer.
    ///
    /// # Errors
    /// [`Refused::NotFound`] also for somebody else's; [`Refused::Store`].
    pub(crate) async fn end_session(
        &self,
        owner: &Principal,
        id: SessionId,
        reason: EndReason,
    ) -> Result<(), Refused> {
        let (now, whose) = (self.now(), Whose::from(owner));
        let ended = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let ended = end(tx, whose, |row| row.session.id == id, reason, now).await?;
                    if ended.is_empty() { Err(Refused::NotFound) } else { Ok(ended) }
                })
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
