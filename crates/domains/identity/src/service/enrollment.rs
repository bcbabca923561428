//! Passkeys of the bank's people: the code with which one is registered, registering it, and signing in.
//!
//! A code is good once and for a while. Whoever gives one takes away what signed its owner in before, so that a passkey
//! that was lost opens nothing from then on (decision 0029).

use std::sync::Arc;

use clock::Timestamp;
use contracts::identity::{EndReason, Principal, Role, StaffEnrolled};
use ids::StaffId;
use sea_orm::DatabaseTransaction;
use secrecy::Secret;
use subtle::ConstantTimeEq;
use webauthn::{Assertion, CreationOptions, Registration, RequestOptions};

use super::attempt::Attempt;
use super::open::{Entering, NOBODY, SignedIn};
use super::staff::{still_staff, write_staff_of_name};
use super::{Caller, Identities, announce, end};
use crate::error::{Field, Refused, StaffRefused};
use crate::model::challenge::Ceremony;
use crate::model::method::Method;
use crate::model::{enrollment, later, name};
use crate::store::{self, EnrollmentRow, Hash, Holder, SessionRow, StaffRow, Whose};

/// A code that was given; nobody sees it again.
pub(crate) struct Given {
    pub(crate) code: Secret<String>,
    pub(crate) expires_at: Timestamp,
}

/// Somebody who knows their code.
struct Enrolling {
    staff: StaffRow,
    code: EnrollmentRow,
    attempt: Attempt,
}

impl Identities {
    /// Draws a code for `staff`, and what is kept of it.
    pub(super) fn draw_code(&self, staff: StaffId) -> (Given, EnrollmentRow) {
        let (given_at, code) = (self.now(), enrollment::code(rand::random()));
        let expires_at = later(given_at, self.settings.staff_enrollment_s);
        let code_hash = self.enrollment_hash(staff, &enrollment::normalize(&code).unwrap_or_default());
        let kept = EnrollmentRow { staff, code_hash, given_at, expires_at };
        (Given { code: Secret::new(code), expires_at }, kept)
    }

    fn enrollment_hash(&self, staff: StaffId, normal: &str) -> Hash {
        self.keys.mac("identity.enrollment", &[&staff.to_bytes(), normal.as_bytes()].concat())
    }

    /// Gives a member of staff a new code, on the word of `by`: their passkeys are gone, and their sessions end at once.
    ///
    /// # Errors
    /// [`StaffRefused::EnrollSelf`], [`Refused::NotFound`], [`Refused::Store`].
    pub(crate) async fn enroll_again(&self, by: StaffId, id: StaffId) -> Result<(StaffRow, Given), Refused> {
        if by == id {
            return Err(StaffRefused::EnrollSelf.into());
        }
        let _alone = self.opening.write().await;
        let (given, kept) = self.draw_code(id);
        let (staff, ended) = self
            .db
            .write(move |tx| {
                let kept = kept.clone();
                Box::pin(async move {
                    let staff = store::staff_by_id(tx, id).await?.ok_or(Refused::NotFound)?;
                    store::write_staff(tx, id, None, staff.role).await?;
                    let ended = begin_anew(tx, &kept, staff.role, Some(by)).await?;
                    Ok::<_, Refused>((StaffRow { password: None, ..staff }, ended))
                })
            })
            .await?;
        self.sessions.remove(&ended);
        tracing::info!(staff.id = %id, by = %by, "a member of staff is to register a passkey again");
        Ok((staff, given))
    }

    /// The same by name, on the word of whoever operates the bank; somebody of whom nothing is known is added.
    ///
    /// # Errors
    /// [`Refused::Invalid`], [`Refused::Store`].
    pub(crate) async fn enroll_named(&self, name: &str, role: Role) -> Result<Given, Refused> {
        let name = name::staff(name).ok_or(Refused::Invalid(Field::StaffName))?;
        let _alone = self.opening.write().await;
        let now = self.now();
        let before = store::staff_by_name(self.db.reader(), &name).await?;
        let id = before.map_or_else(StaffId::mint, |staff| staff.id);
        let ((given, kept), wanted) =
            (self.draw_code(id), StaffRow { id, name, password: None, role, added_at: now });
        let ended = self
            .db
            .write(move |tx| {
                let (wanted, kept) = (wanted.clone(), kept.clone());
                Box::pin(async move {
                    if write_staff_of_name(tx, &wanted).await? != wanted.id {
                        // Somebody was added under this name meanwhile, whose code this is not.
                        return Err(StaffRefused::NameTaken.into());
                    }
                    begin_anew(tx, &kept, wanted.role, None).await
                })
            })
            .await?;
        self.sessions.remove(&ended);
        tracing::info!(staff.id = %id, ?role, "a member of staff is to register a passkey");
        Ok(given)
    }

    /// What a browser asks for, to make the passkey of a member of staff who knows their code.
    ///
    /// # Errors
    /// [`StaffRefused::Enrollment`], [`Refused::TooMany`], [`Refused::Passkey`], [`Refused::Store`].
    pub(crate) async fn begin_enrollment(
        &self,
        name: &str,
        code: &Secret<String>,
        caller: &Caller,
    ) -> Result<CreationOptions, Refused> {
        let relying_party = self.relying_party(caller)?;
        let Enrolling { staff, attempt, .. } = self.enrolling(name, code, caller).await?;
        self.undecided(&attempt).await?;
        let challenge = self.challenge(Ceremony::Enroll, Some(staff.id.to_bytes()));
        let shown =
            format!("{} · {}", staff.name, if caller.is_english() { "console" } else { "运营控制台" });
        let (handle, wait_ms) = (staff.id.to_bytes(), self.ceremony_ms());
        Ok(CreationOptions::new(&relying_party, &handle, &staff.name, &shown, &challenge, &[], wait_ms))
    }

    /// Registers the passkey that the browser made, uses the code up, and signs its owner in: all of it or nothing.
    ///
    /// # Errors
    /// [`StaffRefused::Enrollment`], [`Refused::TooMany`], [`Refused::Passkey`], [`Refused::Store`].
    pub(crate) async fn enroll(
        &self,
        name: &str,
        code: &Secret<String>,
        registration: &Registration,
        caller: &Caller,
    ) -> Result<SignedIn, Refused> {
        let Enrolling { staff, code, attempt } = self.enrolling(name, code, caller).await?;
        let (id, role) = (staff.id, staff.role);
        let made = self.made(registration, Ceremony::Enroll, Holder::Staff(id), id.to_bytes(), caller).await;
        let made = match made {
            Ok(made) => Arc::new(made),
            Err(refused) => {
                // The code was right: the try is none.
                self.undecided(&attempt).await?;
                return Err(refused);
            }
        };
        let _opening = self.opening.read().await;
        let entering = Entering::by(Principal::Staff(id, role), Method::Enrollment);
        let opening = self.opening(entering, attempt, caller).await?;
        let written = Arc::clone(&opening);
        let _turn = self.turn(caller).await;
        self.db
            .write(move |tx| {
                let (opening, made, code) = (Arc::clone(&written), Arc::clone(&made), code.clone());
                Box::pin(async move {
                    still_staff(tx, id, role).await?;
                    if !store::use_enrollment(tx, &code).await? {
                        return Err(StaffRefused::Enrollment.into());
                    }
                    made.write(tx).await?;
                    Ok::<(), Refused>(opening.write(tx).await?)
                })
            })
            .await?;
        tracing::info!(staff.id = %id, "a member of staff registered a passkey");
        Ok(self.opened(&opening))
    }

    /// Who has this name and this code. An unknown name takes the same way as a wrong code.
    async fn enrolling(
        &self,
        name: &str,
        code: &Secret<String>,
        caller: &Caller,
    ) -> Result<Enrolling, Refused> {
        let staff = store::staff_by_name(self.db.reader(), &name::staff(name).unwrap_or_default()).await?;
        let owner = staff.as_ref().map_or(NOBODY, |staff| staff.id.to_bytes());
        let attempt = self.begin("enrollment", &self.name_index(name), owner, caller).await?;
        let asked = staff.as_ref().map_or_else(|| StaffId::from_u128(0), |staff| staff.id);
        let kept = store::enrollment_of(self.db.reader(), asked).await?;
        let typed = enrollment::normalize(code.expose()).unwrap_or_default();
        let (hash, now) = (self.enrollment_hash(asked, &typed), self.now());
        let right = kept.filter(|kept| bool::from(kept.code_hash.ct_eq(&hash)) && now < kept.expires_at);
        if let (Some(staff), Some(code)) = (staff, right) {
            return Ok(Enrolling { staff, code, attempt });
        }
        self.wrong(&attempt, None).await?;
        self.refused(owner, Method::Enrollment, caller).await?;
        metrics::counter!("identity_staff_sign_ins_refused").increment(1);
        Err(StaffRefused::Enrollment.into())
    }

    /// What a browser asks its user for at the console's door.
    ///
    /// # Errors
    /// [`Refused::Passkey`].
    pub(crate) fn begin_staff_passkey_sign_in(&self, caller: &Caller) -> Result<RequestOptions, Refused> {
        self.begin_at_door(Ceremony::StaffSignIn, caller)
    }

    /// Signs in the member of staff whose passkey signed. Who guesses guesses 256 bits: tries are not counted.
    ///
    /// # Errors
    /// [`Refused::Passkey`], [`Refused::Store`].
    pub(crate) async fn staff_sign_in_with_passkey(
        &self,
        assertion: &Assertion,
        caller: &Caller,
    ) -> Result<SignedIn, Refused> {
        let (holder, proved) = self.prove_passkey(assertion, Ceremony::StaffSignIn, None, caller).await?;
        // A customer's passkey is unknown here.
        let unknown = Refused::Passkey("passkey_unknown");
        let Holder::Staff(id) = holder else { return Err(unknown) };
        let Some(staff) = store::staff_by_id(self.db.reader(), id).await? else { return Err(unknown) };
        if proved.is_err() {
            metrics::counter!("identity_staff_sign_ins_refused").increment(1);
        }
        self.enter_with_passkey(Principal::Staff(id, staff.role), proved, caller).await
    }
}

/// Whatever signed somebody in before does no more, and the code does.
async fn begin_anew(
    tx: &DatabaseTransaction,
    kept: &EnrollmentRow,
    role: Role,
    by: Option<StaffId>,
) -> Result<Vec<SessionRow>, Refused> {
    let now = kept.given_at;
    store::remove_staff_passkeys(tx, kept.staff).await?;
    keep(tx, kept, role, by).await?;
    Ok(end(tx, Whose::Staff(kept.staff), |_| true, EndReason::StaffChanged, now).await?)
}

/// Keeps a code that was given to somebody of this role, and announces it: who gives codes lets people in.
pub(super) async fn keep(
    tx: &DatabaseTransaction,
    kept: &EnrollmentRow,
    role: Role,
    by: Option<StaffId>,
) -> Result<(), Refused> {
    store::keep_enrollment(tx, kept).await?;
    let news = StaffEnrolled { staff: kept.staff, role, by };
    Ok(announce(tx, &kept.staff.to_string(), &news, kept.given_at).await?)
}
