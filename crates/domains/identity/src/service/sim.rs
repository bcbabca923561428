//! Phones whose SIM was changed of late (decision 0034): what comes to them proves nothing for a while.

use clock::Timestamp;
use contracts::identity::SimChanged;
use ids::CustomerId;

use super::{Identities, announce};
use crate::error::Refused;
use crate::model::later;
use crate::model::sim::e164;
use crate::store;

const HOUR_S: u32 = 3600;

impl Identities {
    /// Until when what comes to the phone of `customer` proves nothing, because the carrier says that its SIM was changed
    /// of late. `None` also where the bank knows no phone of theirs, or nobody could say: a carrier that is down must not
    /// shut the bank.
    ///
    /// # Errors
    /// [`Refused::Unavailable`], [`Refused::Store`].
    pub(super) async fn number_held(&self, customer: CustomerId) -> Result<Option<Timestamp>, Refused> {
        if !self.carrier.is_asked() {
            return Ok(None);
        }
        let (now, settings) = (self.now(), &self.settings.carrier);
        let Some(known) = store::credential(self.db.reader(), customer).await? else { return Ok(None) };
        let sim = known.sim;
        let held = sim.held(now);
        if held.is_some() || !sim.is_to_be_asked(now, settings.again_s) {
            return Ok(held);
        }
        let profile = self.customers.profile(customer).await?;
        let Some(phone) = profile.and_then(|(profile, _)| e164(profile.phone()?)) else { return Ok(None) };
        let Some(changed) = self.carrier.was_changed(&phone, settings.hold_s.div_ceil(HOUR_S)).await else {
            return Ok(None);
        };
        let until = changed.then(|| later(now, settings.hold_s));
        self.keep_sim(customer, now, until).await?;
        Ok(until)
    }

    /// Until when what comes to the phone of `customer` proves nothing, by what is known without asking anybody.
    ///
    /// # Errors
    /// [`Refused::Store`].
    pub(crate) async fn known_number_hold(&self, customer: CustomerId) -> Result<Option<Timestamp>, Refused> {
        let known = store::credential(self.db.reader(), customer).await?;
        Ok(known.and_then(|known| known.sim.held(self.now())))
    }

    /// The customer came with their documents, and changed the SIM themselves: it is trusted as before.
    ///
    /// # Errors
    /// [`Refused::NotFound`] where nothing is held; [`Refused::Store`].
    pub(crate) async fn lift_number_hold(&self, customer: CustomerId) -> Result<(), Refused> {
        let (now, again_s) = (self.now(), self.settings.carrier.again_s);
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let known = store::credential(tx, customer).await?;
                    let sim = known.map(|known| known.sim).filter(|sim| sim.held(now).is_some());
                    let sim = sim.ok_or(Refused::NotFound)?.lifted(again_s);
                    Ok(store::write_sim(tx, customer, sim).await?)
                })
            })
            .await
    }

    /// Writes down what the carrier said, and tells of a change the first time that it is heard of.
    async fn keep_sim(
        &self,
        customer: CustomerId,
        now: Timestamp,
        until: Option<Timestamp>,
    ) -> Result<(), Refused> {
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let Some(until) = until else {
                        return store::write_sim_unchanged(tx, customer, now).await;
                    };
                    if store::write_sim_changed(tx, customer, now, until).await? {
                        announce(tx, &customer.to_string(), &SimChanged { customer, until }, now).await?;
                    }
                    Ok(())
                })
            })
            .await
            .map_err(Refused::Store)
    }
}
