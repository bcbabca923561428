//! What the neighbors may ask.

use std::collections::HashMap;

use async_trait::async_trait;
use contracts::Unavailable;
use contracts::identity::{
    ApprovalAsked, ApprovalUse, CountersignatureOrder, CountersignatureUse, Countersignatures, Enrollment,
    Identity, PinCheck, Role, Session, StaffCode, Terms,
};
use ids::{ApprovalId, CustomerId, SessionId, StaffId};
use secrecy::Secret;

use super::Identities;
use crate::error::Refused;
use crate::live::Seen;
use crate::store::{self, NewCredential};

/// Rows of one transaction: long enough to be quick, short enough not to hold up others.
const ENROLLED_AT_ONCE: usize = 5_000;

#[async_trait]
impl Identity for Identities {
    async fn session(&self, token: &Secret<String>) -> Result<Option<Session>, Unavailable> {
        let (token_hash, now) = (self.token_hash(token), self.now());
        match self.sessions.see(&token_hash, now) {
            Seen::Session(session) => return Ok(Some(session)),
            Seen::Nobodys => return Ok(None),
            Seen::Unknown => {}
        }
        let parent = self.read_session(&token_hash, now).await?;
        if let Some(parent) = parent {
            self.read_session(&parent, now).await?;
        }
        match self.sessions.see(&token_hash, now) {
            Seen::Session(session) => Ok(Some(session)),
            Seen::Nobodys | Seen::Unknown => Ok(None),
        }
    }

    async fn check_pin(&self, customer: CustomerId, pin: &Secret<String>) -> Result<PinCheck, Unavailable> {
        self.check(customer, pin).await.map_err(Refused::unavailable)
    }

    async fn ask_approval(
        &self,
        customer: CustomerId,
        session: SessionId,
        terms: Terms,
    ) -> Result<Option<ApprovalAsked>, Unavailable> {
        self.ask(customer, session, &terms).await.map_err(Refused::unavailable)
    }

    async fn use_approval(
        &self,
        customer: CustomerId,
        approval: ApprovalId,
        order: &str,
        key: [u8; 16],
    ) -> Result<ApprovalUse, Unavailable> {
        self.use_up(customer, approval, order, key).await.map_err(Refused::unavailable)
    }

    async fn enroll_many(&self, enrollments: Vec<Enrollment>) -> Result<(), Unavailable> {
        let hashes = self.hasher.hash_shared(enrollments.iter().map(|one| &one.password)).await?;
        // The last enrollment of a customer or a name stands; one statement may not touch a row twice.
        let mut by_name: HashMap<store::Hash, NewCredential> = HashMap::with_capacity(enrollments.len());
        let mut last: HashMap<CustomerId, store::Hash> = HashMap::with_capacity(enrollments.len());
        for one in &enrollments {
            let salt: [u8; 16] = rand::random();
            let new = NewCredential {
                customer: one.customer,
                name_index: self.name_index(&one.sign_in_name),
                password: hashes.get(one.password.expose()).cloned().unwrap_or_default(),
                pin: Some((salt, self.pin_verifier(one.customer, &salt, &one.pin))),
            };
            if let Some(earlier) = last.insert(one.customer, new.name_index) {
                by_name.remove(&earlier);
            }
            by_name.insert(new.name_index, new);
        }
        let now = self.now();
        let all: Vec<NewCredential> = by_name.into_values().collect();
        for part in all.chunks(ENROLLED_AT_ONCE) {
            let part: std::sync::Arc<[NewCredential]> = part.into();
            let written = std::sync::Arc::clone(&part);
            self.db
                .write(move |tx| {
                    let part = std::sync::Arc::clone(&written);
                    Box::pin(async move { store::enroll(tx, &part, now).await })
                })
                .await
                .map_err(|error| db::unavailable(&error))?;
            part.iter().for_each(|new| self.pins.forget(new.customer));
        }
        Ok(())
    }

    async fn ensure_staff(
        &self,
        name: &str,
        password: Secret<String>,
        role: Role,
    ) -> Result<StaffId, Unavailable> {
        self.ensure(name, &password, role).await.map_err(Refused::unavailable)
    }

    async fn enroll_staff(&self, name: &str, role: Role) -> Result<Option<StaffCode>, Unavailable> {
        match self.enroll_named(name, role).await {
            Ok(given) => Ok(Some(StaffCode { code: given.code, expires_at: given.expires_at })),
            Err(Refused::Invalid(_)) => Ok(None),
            Err(refused) => Err(refused.unavailable()),
        }
    }
}

#[async_trait]
impl Countersignatures for Identities {
    async fn use_countersignature(
        &self,
        order: CountersignatureOrder,
    ) -> Result<CountersignatureUse, Unavailable> {
        self.present(order).await.map_err(Refused::unavailable)
    }
}
