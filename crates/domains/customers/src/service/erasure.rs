//! Erasing customers (个人信息保护法, article 47): nobody finds or is shown them any more, and their key is destroyed, at
//! once or when the law no longer has the bank keep what is sealed.

use clock::Timestamp;
use contracts::Unavailable;
use contracts::customers::Erased;
use contracts::messages::RECIPIENT;
use ids::CustomerId;
use keys::Subject;

use super::Directory;
use crate::error::Failed;
use crate::store::erasure;

/// How many customers one round of the loop brings to their end.
const ENDED_MAX: u32 = 100;

impl Directory {
    /// See [`contracts::customers::Customers::erase`].
    ///
    /// # Errors
    /// [`Unavailable`]: ask again; what was begun is finished by the loop in any case.
    pub(crate) async fn hide_and_erase(
        &self,
        id: CustomerId,
        kept_until: Option<Timestamp>,
    ) -> Result<bool, Unavailable> {
        let Some(known) = self.known(&[id]).await?.pop() else { return Ok(false) };
        let recipient = known.profile.phone().map(|phone| hex::encode(self.keys.index(RECIPIENT, phone)));
        let now = self.clock.now();
        let kept_until = kept_until.filter(|until| *until > now);
        let news = Erased { customer: id, kept_until, recipient };
        let until = kept_until.unwrap_or(now);
        let hidden = erasure::hide(&self.db, news, until, now).await.map_err(Failed::from)?;
        if hidden && kept_until.is_none() {
            self.end(id).await?;
        }
        metrics::counter!("customers_erased").increment(u64::from(hidden));
        Ok(hidden)
    }

    /// Destroys the keys of erased customers of whom nothing is to be kept any longer, and what was cut off of it.
    ///
    /// # Errors
    /// [`Failed`]: the next round goes on.
    pub(crate) async fn end_due(&self) -> Result<(), Failed> {
        for id in erasure::due(&self.db, self.clock.now(), ENDED_MAX).await? {
            self.end(id).await?;
        }
        Ok(())
    }

    /// The key first: where this is cut off, the row still says that it is to be done.
    async fn end(&self, id: CustomerId) -> Result<(), Failed> {
        self.keys.destroy(Subject::from(id)).await?;
        erasure::finish(&self.db, id, self.clock.now()).await?;
        if !self.db.scrub().await? {
            tracing::warn!(customer.id = %id, "the log of the store still holds a key that was destroyed");
        }
        Ok(())
    }
}
