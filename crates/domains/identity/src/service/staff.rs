//! The bank's people: adding, listing and removing them; and their passwords, in a demonstration.

use std::sync::Arc;

use clock::Timestamp;
use contracts::identity::{EndReason, Principal, Role};
use ids::StaffId;
use sea_orm::DatabaseTransaction;
use secrecy::Secret;

use super::enrollment::{self, Given};
use super::open::{Entering, NOBODY, SignedIn};
use super::{Caller, Identities, end};
use crate::error::{Field, Refused, StaffRefused};
use crate::model::method::Method;
use crate::model::name;
use crate::store::{self, StaffRow, Whose};

/// Somebody to be added.
pub(crate) struct NewStaff {
    pub(crate) name: String,
    pub(crate) role: Role,
}

/// A member of staff, and how they come in.
pub(crate) struct StaffSeen {
    pub(crate) row: StaffRow,
    pub(crate) entry: StaffEntry,
}

/// How a member of staff comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StaffEntry {
    /// With a passkey.
    Passkey,
    /// With a code that waits to be used until then.
    Code(Timestamp),
    /// With a password, in a demonstration.
    Password,
    /// Not at all: the code was not used in time.
    None,
}

impl Identities {
    /// Signs a member of staff in with a password, where the bank lets them. An unknown name takes the same way as a
    /// wrong password.
    ///
    /// # Errors
    /// [`StaffRefused::PasswordsOff`], [`Refused::SignIn`], [`Refused::TooMany`], [`Refused::Unavailable`].
    pub(crate) async fn staff_sign_in(
        &self,
        name: &str,
        password: &Secret<String>,
        caller: &Caller,
    ) -> Result<SignedIn, Refused> {
        if !self.settings.staff_passwords {
            return Err(StaffRefused::PasswordsOff.into());
        }
        let normal = name::staff(name).unwrap_or_default();
        let staff = store::staff_by_name(self.db.reader(), &normal).await?;
        let index = self.name_index(name);
        let owner = staff.as_ref().map_or(NOBODY, |staff| staff.id.to_bytes());
        let attempt = self.begin("staff", &index, owner, caller).await?;
        let stored = staff.as_ref().and_then(|staff| staff.password.clone());
        let right = self.verified(&attempt, password, stored).await?;
        let (Some(staff), true) = (staff, right) else {
            self.wrong(&attempt, None).await?;
            self.refused(owner, Method::Password, caller).await?;
            metrics::counter!("identity_staff_sign_ins_refused").increment(1);
            return Err(Refused::SignIn);
        };
        let _opening = self.opening.read().await;
        let entering = Entering::by(Principal::Staff(staff.id, staff.role), Method::Password);
        let opening = self.opening(entering, attempt, caller).await?;
        let written = Arc::clone(&opening);
        let _turn = self.turn(caller).await;
        self.db
            .write(move |tx| {
                let (opening, proved) = (Arc::clone(&written), staff.clone());
                Box::pin(async move {
                    let now = still_staff(tx, proved.id, proved.role).await?;
                    if now.password != proved.password {
                        return Err(Refused::SignIn);
                    }
                    Ok::<(), Refused>(opening.write(tx).await?)
                })
            })
            .await?;
        Ok(self.opened(&opening))
    }

    /// Adds a member of staff, with a code by which they register a passkey.
    ///
    /// # Errors
    /// [`Refused::Invalid`], [`StaffRefused::NameTaken`], [`Refused::Store`].
    pub(crate) async fn add_staff(&self, by: StaffId, new: &NewStaff) -> Result<(StaffRow, Given), Refused> {
        let name = name::staff(&new.name).ok_or(Refused::Invalid(Field::StaffName))?;
        let row =
            StaffRow { id: StaffId::mint(), name, password: None, role: new.role, added_at: self.now() };
        let (added, (given, kept)) = (row.clone(), self.draw_code(row.id));
        self.db
            .write(move |tx| {
                let (row, kept) = (row.clone(), kept.clone());
                Box::pin(async move {
                    if store::staff_by_name(tx, &row.name).await?.is_some() {
                        return Err(StaffRefused::NameTaken.into());
                    }
                    store::insert_staff(tx, &row).await?;
                    enrollment::keep(tx, &kept, row.role, Some(by)).await
                })
            })
            .await?;
        tracing::info!(staff.id = %added.id, role = ?added.role, "a member of staff was added");
        Ok((added, given))
    }

    /// Everybody who may sign in to the console, by name, and how they do.
    ///
    /// # Errors
    /// [`Refused::Store`].
    pub(crate) async fn staff(&self) -> Result<Vec<StaffSeen>, Refused> {
        let (reader, now) = (self.db.reader(), self.now());
        let (passkeys, codes) = (store::staff_passkeys(reader).await?, store::enrollments(reader).await?);
        let entry = |row: &StaffRow| {
            let code = codes.iter().find(|code| code.staff == row.id && now < code.expires_at);
            if passkeys.iter().any(|passkey| passkey.holder == store::Holder::Staff(row.id)) {
                StaffEntry::Passkey
            } else if let Some(code) = code {
                StaffEntry::Code(code.expires_at)
            } else if row.password.is_some() && self.settings.staff_passwords {
                StaffEntry::Password
            } else {
                StaffEntry::None
            }
        };
        let rows = store::staff_list(reader).await?;
        Ok(rows.into_iter().map(|row| StaffSeen { entry: entry(&row), row }).collect())
    }

    /// One member of staff.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::Store`].
    pub(crate) async fn staff_member(&self, id: StaffId) -> Result<StaffRow, Refused> {
        store::staff_by_id(self.db.reader(), id).await?.ok_or(Refused::NotFound)
    }

    /// Removes `id` on the word of `by`; their sessions end at once.
    ///
    /// # Errors
    /// [`StaffRefused::RemoveSelf`], [`StaffRefused::LastAdministrator`], [`Refused::NotFound`], [`Refused::Store`].
    pub(crate) async fn remove_staff(&self, by: StaffId, id: StaffId) -> Result<(), Refused> {
        if by == id {
            return Err(StaffRefused::RemoveSelf.into());
        }
        let _alone = self.opening.write().await;
        let now = self.now();
        let ended = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    // Read whole: two administrators who remove each other at once conflict, and one of them loses.
                    let staff = store::staff_list(tx).await?;
                    let gone = staff.iter().find(|staff| staff.id == id).ok_or(Refused::NotFound)?;
                    let others =
                        staff.iter().filter(|staff| staff.id != id && staff.role == Role::Administrator);
                    if gone.role == Role::Administrator && others.count() == 0 {
                        return Err(StaffRefused::LastAdministrator.into());
                    }
                    store::remove_staff(tx, id, now).await?;
                    store::remove_staff_passkeys(tx, id).await?;
                    store::remove_enrollment(tx, id).await?;
                    Ok::<_, Refused>(end(tx, Whose::Staff(id), |_| true, EndReason::StaffChanged, now).await?)
                })
            })
            .await?;
        self.sessions.remove(&ended);
        tracing::info!(staff.id = %id, by = %by, "a member of staff was removed");
        Ok(())
    }

    /// Makes sure that `name` exists with this password and role; changes nothing where it does.
    ///
    /// # Errors
    /// [`Refused::Invalid`], [`Refused::Unavailable`], [`Refused::Store`].
    pub(crate) async fn ensure(
        &self,
        name: &str,
        password: &Secret<String>,
        role: Role,
    ) -> Result<StaffId, Refused> {
        let name = name::staff(name).ok_or(Refused::Invalid(Field::StaffName))?;
        let before = store::staff_by_name(self.db.reader(), &name).await?;
        if let Some(staff) = &before
            && staff.role == role
            && self.hasher.verify(password, staff.password.clone()).await?
        {
            return Ok(staff.id);
        }
        let hash = Some(self.hasher.hash(password).await?);
        let _alone = self.opening.write().await;
        let now = self.now();
        let fresh = StaffRow { id: StaffId::mint(), name, password: hash, role, added_at: now };
        let (id, ended) = self
            .db
            .write(move |tx| {
                let fresh = fresh.clone();
                Box::pin(async move {
                    let id = write_staff_of_name(tx, &fresh).await?;
                    let ended = end(tx, Whose::Staff(id), |_| true, EndReason::StaffChanged, now).await?;
                    Ok::<_, Refused>((id, ended))
                })
            })
            .await?;
        self.sessions.remove(&ended);
        Ok(id)
    }
}

/// Whoever proved to be a member of staff still is one, in the role that was read.
pub(super) async fn still_staff(
    tx: &DatabaseTransaction,
    id: StaffId,
    role: Role,
) -> Result<StaffRow, Refused> {
    store::staff_by_id(tx, id).await?.filter(|staff| staff.role == role).ok_or(Refused::SignIn)
}

/// Gives whoever has the name of `wanted` its password and role, or adds them; who that is.
pub(super) async fn write_staff_of_name(
    tx: &DatabaseTransaction,
    wanted: &StaffRow,
) -> Result<StaffId, Refused> {
    match store::staff_by_name(tx, &wanted.name).await? {
        Some(staff) => {
            store::write_staff(tx, staff.id, wanted.password.as_deref(), wanted.role).await?;
            Ok(staff.id)
        }
        None => {
            store::insert_staff(tx, wanted).await?;
            Ok(wanted.id)
        }
    }
}
