//! The bank's people: signing in, adding, removing.

use std::sync::Arc;

use contracts::identity::{EndReason, Principal, Role};
use ids::StaffId;
use secrecy::Secret;

use super::open::{Entering, NOBODY, SignedIn};
use super::{Caller, Identities, end};
use crate::error::{Field, Refused};
use crate::model::method::Method;
use crate::model::name;
use crate::model::quality::{self, About};
use crate::store::{self, StaffRow, Whose};

/// Somebody to be added.
pub(crate) struct NewStaff {
    pub(crate) name: String,
    pub(crate) password: Secret<String>,
    pub(crate) role: Role,
}

impl Identities {
    /// Signs a member of staff in. An unknown name takes the same way as a wrong password.
    ///
    /// # Errors
    /// [`Refused::SignIn`], [`Refused::TooMany`], [`Refused::Unavailable`].
    pub(crate) async fn staff_sign_in(
        &self,
        name: &str,
        password: &Secret<String>,
        caller: &Caller,
    ) -> Result<SignedIn, Refused> {
        let normal = name::staff(name).unwrap_or_default();
        let staff = store::staff_by_name(self.db.reader(), &normal).await?;
        let index = self.name_index(name);
        let owner = staff.as_ref().map_or(NOBODY, |staff| staff.id.to_bytes());
        let attempt = self.begin("staff", &index, owner, caller).await?;
        let stored = staff.as_ref().map(|staff| staff.password.clone());
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
                    let now = store::staff_by_id(tx, proved.id).await?.ok_or(Refused::SignIn)?;
                    if now.password != proved.password || now.role != proved.role {
                        return Err(Refused::SignIn);
                    }
                    Ok::<(), Refused>(opening.write(tx).await?)
                })
            })
            .await?;
        Ok(self.opened(&opening))
    }

    /// Adds a member of staff.
    ///
    /// # Errors
    /// [`Refused::Invalid`], [`Refused::Weak`], [`Refused::StaffNameTaken`], [`Refused::Store`].
    pub(crate) async fn add_staff(&self, new: &NewStaff) -> Result<StaffRow, Refused> {
        let name = name::staff(&new.name).ok_or(Refused::Invalid(Field::StaffName))?;
        quality::password(new.password.expose(), &About { phone: Some(&name), ..About::default() })
            .map_err(|weakness| Refused::Weak { field: "password", weakness })?;
        let row = StaffRow {
            id: StaffId::mint(),
            name,
            password: self.hasher.hash(&new.password).await?,
            role: new.role,
            added_at: self.now(),
        };
        let added = row.clone();
        self.db
            .write(move |tx| {
                let row = row.clone();
                Box::pin(async move {
                    if store::staff_by_name(tx, &row.name).await?.is_some() {
                        return Err(Refused::StaffNameTaken);
                    }
                    Ok(store::insert_staff(tx, &row).await?)
                })
            })
            .await?;
        tracing::info!(staff.id = %added.id, role = ?added.role, "a member of staff was added");
        Ok(added)
    }

    /// Everybody who may sign in to the console, by name.
    ///
    /// # Errors
    /// [`Refused::Store`].
    pub(crate) async fn staff(&self) -> Result<Vec<StaffRow>, Refused> {
        Ok(store::staff_list(self.db.reader()).await?)
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
    /// [`Refused::StaffSelf`], [`Refused::LastAdministrator`], [`Refused::NotFound`], [`Refused::Store`].
    pub(crate) async fn remove_staff(&self, by: StaffId, id: StaffId) -> Result<(), Refused> {
        if by == id {
            return Err(Refused::StaffSelf);
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
                        return Err(Refused::LastAdministrator);
                    }
                    store::remove_staff(tx, id, now).await?;
                    Ok(end(tx, Whose::Staff(id), |_| true, EndReason::StaffChanged, now).await?)
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
            && self.hasher.verify(password, Some(staff.password.clone())).await?
        {
            return Ok(staff.id);
        }
        let hash = self.hasher.hash(password).await?;
        let _alone = self.opening.write().await;
        let now = self.now();
        let fresh = StaffRow { id: StaffId::mint(), name, password: hash, role, added_at: now };
        let (id, ended) = self
            .db
            .write(move |tx| {
                let fresh = fresh.clone();
                Box::pin(async move {
                    let id = match store::staff_by_name(tx, &fresh.name).await? {
                        Some(staff) => {
                            store::write_staff(tx, staff.id, &fresh.password, fresh.role).await?;
                            staff.id
                        }
                        None => {
                            store::insert_staff(tx, &fresh).await?;
                            fresh.id
                        }
                    };
                    let ended = end(tx, Whose::Staff(id), |_| true, EndReason::StaffChanged, now).await?;
                    Ok::<_, Refused>((id, ended))
                })
            })
            .await?;
        self.sessions.remove(&ended);
        Ok(id)
    }
}
