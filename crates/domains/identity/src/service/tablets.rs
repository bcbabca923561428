//! Tablets that stand in branches (decision 0037): customers sign in on them beside the bank's people, for minutes.
//!
//! A tablet is known by the key of its page. It signs nobody in by itself and is nobody's device: what is asked on it is
//! what is asked on a device that is new to its owner.

use contracts::identity::{Channel, EndReason};
use ids::{DeviceId, StaffId};
use secrecy::Secret;

use super::{Caller, Identities};
use crate::error::{Field, Refused, TabletRefused};
use crate::model::tries::Budget;
use crate::model::{enrollment, later};
use crate::store::{self, Hash, TabletRow, Whose};

const NAME_MAX: usize = 40;
const HOUR_S: u32 = 3600;

/// The code of a new tablet; nobody sees it again.
pub(crate) struct TabletGiven {
    pub(crate) tablet: TabletRow,
    pub(crate) code: Secret<String>,
}

impl Identities {
    /// Registers one on the word of `by`. Its code is typed in at the tablet.
    ///
    /// # Errors
    /// [`Refused::Invalid`], [`TabletRefused::NameTaken`], [`Refused::Store`].
    pub(crate) async fn add_tablet(&self, by: StaffId, name: &str) -> Result<TabletGiven, Refused> {
        let name = name.trim().to_owned();
        if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
            return Err(Refused::Invalid(Field::TabletName));
        }
        let (now, code) = (self.now(), enrollment::code(rand::random()));
        let row = TabletRow {
            id: DeviceId::mint(),
            name,
            key: None,
            code_hash: self.tablet_hash(&code),
            code_expires_at: later(now, self.settings.branch.tablet_code_s),
            added_at: now,
            added_by: by,
        };
        let written = row.clone();
        self.db
            .write(move |tx| {
                let row = written.clone();
                Box::pin(async move {
                    if store::tablets(tx).await?.iter().any(|other| other.name == row.name) {
                        return Err(TabletRefused::NameTaken.into());
                    }
                    Ok::<(), Refused>(store::insert_tablet(tx, &row).await?)
                })
            })
            .await?;
        tracing::info!(device.id = %row.id, by = %by, "a tablet of a branch was registered");
        Ok(TabletGiven { tablet: row, code: Secret::new(code) })
    }

    /// `None` for what is no code.
    fn tablet_hash(&self, code: &str) -> Option<Hash> {
        enrollment::normalize(code).map(|code| self.keys.mac("identity.tablet", code.as_bytes()))
    }

    /// All that are registered, by name.
    ///
    /// # Errors
    /// [`Refused::Store`].
    pub(crate) async fn tablets(&self) -> Result<Vec<TabletRow>, Refused> {
        Ok(store::tablets(self.db.reader()).await?)
    }

    /// The page that asks is that of the tablet with this code from now on: its name.
    ///
    /// # Errors
    /// [`Refused::Proof`], [`Refused::TooMany`], [`TabletRefused::Code`], [`TabletRefused::Another`], [`Refused::Store`].
    pub(crate) async fn claim_tablet(
        &self,
        code: &Secret<String>,
        caller: &Caller,
    ) -> Result<String, Refused> {
        let key = *caller.device_key.ok_or(Refused::Proof)?.as_bytes();
        let budget = Budget::per(self.settings.branch.codes_per_address_hour_max, HOUR_S);
        let counted = self.tries_key("tablet.address", [caller.network.as_bytes(), b""]);
        let turn = self.turn(caller).await;
        self.count(vec![(counted, budget)]).await?;
        drop(turn);
        let (now, hash) = (self.now(), self.tablet_hash(code.expose()).ok_or(TabletRefused::Code)?);
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let tablet = store::tablet_of_code(tx, &hash, now).await?.ok_or(TabletRefused::Code)?;
                    if store::tablet_of_key(tx, &key).await?.is_some() {
                        return Err(TabletRefused::Another.into());
                    }
                    if !store::give_tablet_key(tx, tablet.id, &hash, &key).await? {
                        return Err(TabletRefused::Code.into());
                    }
                    Ok(tablet.name)
                })
            })
            .await
    }

    /// Removes one: whoever is signed in on it is signed out at once, and it is an ordinary browser from then on.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::Store`].
    pub(crate) async fn remove_tablet(&self, id: DeviceId) -> Result<(), Refused> {
        let _alone = self.opening.write().await;
        let now = self.now();
        let ended = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    if !store::remove_tablet(tx, id, now).await? {
                        return Err(Refused::NotFound);
                    }
                    Ok(super::end(tx, Whose::OnDevice(id), |_| true, EndReason::Revoked, now).await?)
                })
            })
            .await?;
        self.sessions.remove(&ended);
        tracing::info!(device.id = %id, "a tablet of a branch was removed");
        Ok(())
    }

    /// The same caller, as one at a tablet of a branch where it is one.
    ///
    /// # Errors
    /// [`Refused::Store`].
    pub(crate) async fn placed(&self, caller: Caller) -> Result<Caller, Refused> {
        let Some(key) = caller.device_key else { return Ok(caller) };
        let tablet = store::tablet_of_key(self.db.reader(), key.as_bytes()).await?;
        Ok(match tablet {
            Some(TabletRow { id, name, .. }) => {
                Caller { tablet: Some(id), channel: Channel::Branch, device_name: name, ..caller }
            }
            None => caller,
        })
    }
}
