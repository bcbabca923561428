//! The devices that signed a customer in, and parting with one.

use contracts::identity::{EndReason, Principal, Session};
use ids::{CustomerId, DeviceId};

use super::{Identities, end};
use crate::error::Refused;
use crate::store::{self, KnownDevice, SessionRow, Whose};

impl Identities {
    /// A customer's devices, the last used first.
    ///
    /// # Errors
    /// [`Refused::Store`].
    pub(crate) async fn devices_of(&self, customer: CustomerId) -> Result<Vec<KnownDevice>, Refused> {
        Ok(store::known_devices(self.db.reader(), customer.to_bytes()).await?)
    }

    /// The customer of `session`, who proved to be there a moment ago, parts with a device: every session of theirs on it
    /// ends at once, and what it signs with is a factor no more.
    ///
    /// # Errors
    /// [`Refused::StepUp`], [`Refused::NotFound`] also for somebody else's, [`Refused::Store`].
    pub(crate) async fn remove_device(
        &self,
        customer: CustomerId,
        session: &Session,
        device: DeviceId,
    ) -> Result<(), Refused> {
        self.proved_of_late(session).await?;
        let (now, whose) = (self.now(), Whose::from(&Principal::Customer(customer)));
        let _alone = self.opening.write().await;
        let ended = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    if !store::forget_device(tx, customer.to_bytes(), device).await? {
                        return Err(Refused::NotFound);
                    }
                    let on_it = |row: &SessionRow| row.session.device == device;
                    Ok(end(tx, whose, on_it, EndReason::Revoked, now).await?)
                })
            })
            .await?;
        self.sessions.remove(&ended);
        Ok(())
    }
}
