//! One-time codes: sending and proving.
//!
//! A code is bound to the requester who asked for it, by device cookie, or by network for clients without cookies.
//! So a stranger can neither spend the tries of the owner's code nor use a code that was asked for elsewhere. What is
//! answered, and when, is the same whether anybody has the phone or not.

use std::sync::Arc;
use std::time::Duration;

use contracts::messages::{Content, Message};
use ids::{CustomerId, MessageId};
use secrecy::Secret;
use subtle::ConstantTimeEq;

use super::open::NOBODY;
use super::{Caller, Identities, random_token};
use crate::error::{Field, Refused};
use crate::model::code::{Purpose, is_code};
use crate::model::tries::Budget;
use crate::model::{later, name};
use crate::store::{self, Hash, NewCode};

const HOUR_S: u32 = 3600;
const DAY_S: u32 = 24 * 3600;

/// A code is asked for.
pub(crate) struct CodeAsked<'a> {
    pub(crate) phone: &'a str,
    pub(crate) purpose: Purpose,
}

/// What the requester hears.
pub(crate) struct CodeSent {
    pub(crate) expires_in_s: u32,
    pub(crate) resend_after_s: u32,
    /// The cookie the code is bound to.
    pub(crate) device_token: Secret<String>,
}

impl Identities {
    /// Sends a code where there is somebody to send it to, and answers alike where there is nobody.
    ///
    /// # Errors
    /// [`Refused::Invalid`], [`Refused::TooMany`], [`Refused::Store`].
    pub(crate) async fn send_code(&self, asked: CodeAsked<'_>, caller: &Caller) -> Result<CodeSent, Refused> {
        let phone = name::normalize(asked.phone);
        if !name::is_phone(&phone) {
            return Err(Refused::Invalid(Field::Phone));
        }
        let answer_at =
            tokio::time::Instant::now() + Duration::from_millis(self.settings.code_answer_ms.into());
        let index = self.name_index(&phone);
        let customer = store::customer_of_name(self.db.reader(), &index).await?;
        self.count_code(&index, customer, caller).await?;
        let device_token = caller.device.clone().unwrap_or_else(random_token);
        let requester = self.token_hash(&device_token);
        let code = Secret::new(format!("{:06}", rand::random_range(0..1_000_000_u32)));
        self.keep(&index, asked.purpose, requester, &code, caller).await?;
        if asked.purpose == Purpose::SignUp || customer.is_some() {
            self.dispatch(&phone, asked.purpose, &code, caller);
        }
        // The gateway is not waited for: its time would tell. It is given the same time in either case.
        tokio::time::sleep_until(answer_at).await;
        Ok(CodeSent {
            expires_in_s: self.settings.code_good_s,
            resend_after_s: self.settings.code_resend_s,
            device_token,
        })
    }

    async fn count_code(
        &self,
        index: &Hash,
        customer: Option<CustomerId>,
        caller: &Caller,
    ) -> Result<(), Refused> {
        let s = &self.settings;
        let own = Budget { gap_s: s.code_resend_s, ..Budget::per(s.codes_per_hour_max, HOUR_S) };
        let owner = customer.map_or(NOBODY, CustomerId::to_bytes);
        let known = match self.device(caller).await? {
            Some((_, device)) if store::knows(self.db.reader(), owner, device).await? => {
                Some(device.to_bytes())
            }
            _ => None,
        };
        let network = caller.network.as_bytes();
        let keys = match known {
            Some(device) => vec![(self.tries_key("code.known", [index, &device]), own)],
            None => vec![
                (self.tries_key("code.stranger", [index, network]), own),
                (self.tries_key("code.phone", [index, b""]), Budget::per(s.codes_per_phone_day_max, DAY_S)),
                (
                    self.tries_key("code.address", [network, b""]),
                    Budget::per(s.codes_per_address_hour_max, HOUR_S),
                ),
            ],
        };
        let _turn = self.turn(caller).await;
        self.count(keys).await.map(|_| ())
    }

    async fn keep(
        &self,
        index: &Hash,
        purpose: Purpose,
        requester: Hash,
        code: &Secret<String>,
        caller: &Caller,
    ) -> Result<(), Refused> {
        let now = self.now();
        let new = NewCode {
            phone_index: *index,
            purpose,
            requester,
            network: self.network_hash(caller),
            hash: self.code_hash(index, purpose, &requester, code),
            sent_at: now,
            expires_at: later(now, self.settings.code_good_s),
        };
        self.db
            .write(move |tx| {
                let new = new.clone();
                Box::pin(async move { store::keep_code(tx, &new).await })
            })
            .await
            .map_err(Refused::Store)
    }

    fn dispatch(&self, phone: &str, purpose: Purpose, code: &Secret<String>, caller: &Caller) {
        let message = Message {
            id: MessageId::mint(),
            to: phone.to_owned(),
            content: Content::OneTimeCode {
                code: code.expose().clone(),
                purpose: purpose.word().to_owned(),
                minutes: self.settings.code_good_s.div_ceil(60),
            },
            language: caller.language,
        };
        let messages = Arc::clone(&self.messages);
        tokio::spawn(async move {
            // The requester asks again after a minute; a code that was not sent is worth nothing.
            if let Err(error) = messages.send(vec![message]).await {
                tracing::error!(%error, "a one-time code could not be handed to the message gateway");
            }
        });
    }

    /// Proves a code and uses it up.
    ///
    /// # Errors
    /// [`Refused::CodeWrong`], [`Refused::Store`].
    pub(super) async fn prove(
        &self,
        phone: &str,
        purpose: Purpose,
        code: &Secret<String>,
        caller: &Caller,
    ) -> Result<(), Refused> {
        self.try_code(phone, purpose, code, caller, None).await.map(|_| ())
    }

    /// Proves a code that leads `customer` further only with more beside it, without using it up. Returns under what it is
    /// kept.
    ///
    /// # Errors
    /// [`Refused::CodeWrong`], [`Refused::Store`].
    pub(super) async fn prove_for(
        &self,
        phone: &str,
        purpose: Purpose,
        code: &Secret<String>,
        caller: &Caller,
        customer: Option<CustomerId>,
    ) -> Result<(Hash, Hash), Refused> {
        let keep = Some(customer.unwrap_or_else(|| CustomerId::from_u128(0)));
        let (requester, _) = self.try_code(phone, purpose, code, caller, keep).await?;
        Ok((self.name_index(phone), requester))
    }

    /// Proves a code without using it up: until it expires, the same code means the same applicant, so that a sign-up
    /// whose answer got lost can be sent again. `fresh` is the id under which a first proof is kept.
    ///
    /// # Errors
    /// [`Refused::CodeWrong`], [`Refused::Store`].
    pub(super) async fn prove_applicant(
        &self,
        phone: &str,
        code: &Secret<String>,
        caller: &Caller,
        fresh: CustomerId,
    ) -> Result<CustomerId, Refused> {
        let (_, kept) = self.try_code(phone, Purpose::SignUp, code, caller, Some(fresh)).await?;
        Ok(kept.unwrap_or(fresh))
    }

    async fn try_code(
        &self,
        phone: &str,
        purpose: Purpose,
        code: &Secret<String>,
        caller: &Caller,
        applicant: Option<CustomerId>,
    ) -> Result<(Hash, Option<CustomerId>), Refused> {
        let (now, tries_max) = (self.now(), self.settings.code_tries_max);
        let index = self.name_index(phone);
        let requester = caller.device.as_ref().map(|token| self.token_hash(token));
        let network = self.network_hash(caller);
        let found = store::code_of(self.db.reader(), &index, purpose, requester.as_ref(), &network).await?;
        // Nothing to try: refused without a write, so that strangers cannot keep the store busy.
        let Some((requester, _)) =
            found.filter(|(_, kept)| is_code(code.expose()) && kept.is_open(tries_max, now))
        else {
            return Err(Refused::CodeWrong);
        };
        let given = self.code_hash(&index, purpose, &requester, code);
        let proved = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let found = store::code_of(tx, &index, purpose, Some(&requester), &network).await?;
                    let Some((_, kept)) = found.filter(|(_, kept)| kept.is_open(tries_max, now)) else {
                        return Ok::<_, sea_orm::DbErr>(None);
                    };
                    if !bool::from(kept.hash.ct_eq(&given)) {
                        store::write_code_try(tx, &index, purpose, &requester, kept.customer).await?;
                        return Ok(None);
                    }
                    let customer = kept.customer.or(applicant);
                    match applicant {
                        Some(_) => store::write_code_try(tx, &index, purpose, &requester, customer).await?,
                        None => store::remove_code(tx, &index, purpose, &requester).await?,
                    }
                    Ok(Some(customer))
                })
            })
            .await?;
        Ok((requester, proved.ok_or(Refused::CodeWrong)?))
    }

    fn code_hash(&self, index: &Hash, purpose: Purpose, requester: &Hash, code: &Secret<String>) -> Hash {
        let bytes =
            [index, requester.as_slice(), purpose.word().as_bytes(), code.expose().as_bytes()].concat();
        self.keys.mac("identity.code", &bytes)
    }
}
