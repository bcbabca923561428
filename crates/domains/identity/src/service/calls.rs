//! Signing in by phone (decision 0036).
//!
//! The bank's telephone system is a program of its own, registered as a third party. It names the number that calls; then
//! either its customer keys in the payment PIN, which is one factor, or approves in the app, where they give the number that
//! is read out in the call. Whether anybody has a number cannot be told from the answers.

use std::sync::Arc;
use std::time::Duration;

use clock::Timestamp;
use contracts::identity::{Assurance, Channel, PinCheck, Principal, Session, SignedIn};
use dpop::Thumbprint;
use ids::{CallId, CustomerId, DeviceId, SessionId, SignInId, ThirdPartyId};
use sea_orm::DatabaseTransaction;
use secrecy::Secret;

use super::open::NOBODY;
use super::{Identities, announce, random_token};
use crate::error::{CallRefused, Field, Refused};
use crate::model::call::State;
use crate::model::method::Method;
use crate::model::tries::Budget;
use crate::model::{later, name};
use crate::store::{self, CallRow, SessionRow, SignInRow};

const HOUR_S: u32 = 3600;

/// A call that can be signed in.
pub(crate) struct CallBegun {
    pub(crate) id: CallId,
    /// Read out to the caller.
    pub(crate) number: u8,
    pub(crate) expires_in_s: u32,
}

/// How far a call is.
pub(crate) enum CallHeard {
    /// It waits for its customer.
    Open,
    /// A session for the telephone system to ask in.
    SignedIn { token: Secret<String>, expires_in_s: u32 },
}

/// A call as the customer sees it in whose name it asks.
pub(crate) struct CallAsked {
    pub(crate) id: CallId,
    /// The name of the telephone system.
    pub(crate) asked_by: String,
    pub(crate) asked_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

impl Identities {
    /// Somebody calls from `caller_number`. Answered alike whether or not anybody has it.
    ///
    /// # Errors
    /// [`Refused::Invalid`], [`Refused::TooMany`], [`Refused::Store`].
    pub(crate) async fn begin_call(
        &self,
        third_party: ThirdPartyId,
        program: &Session,
        caller_number: &str,
    ) -> Result<CallBegun, Refused> {
        let phone = name::normalize(caller_number);
        if !name::is_phone(&phone) {
            return Err(Refused::Invalid(Field::CallerNumber));
        }
        let device_key = key_of(program)?;
        let index = self.name_index(&phone);
        let s = &self.settings;
        let per_number = Budget::per(s.calls_per_number_hour_max, HOUR_S);
        let per_system = Budget::per(s.calls_per_system_hour_max, HOUR_S);
        let turn = self.turn_of(index).await;
        self.count(vec![
            (self.tries_key("call.number", [&index, b""]), per_number),
            (self.tries_key("call.system", [&third_party.to_bytes(), b""]), per_system),
        ])
        .await?;
        drop(turn);
        let (now, expires_in_s) = (self.now(), s.call_good_s);
        let row = CallRow {
            id: CallId::mint(),
            third_party,
            device_key,
            customer: store::customer_of_name(self.db.reader(), &index).await?,
            number: rand::random_range(10..=99),
            state: State::Open,
            approved: None,
            asked_at: now,
            expires_at: later(now, expires_in_s),
        };
        let (id, number) = (row.id, row.number);
        self.db
            .write(move |tx| {
                let row = row.clone();
                Box::pin(async move { store::insert_call(tx, &row).await })
            })
            .await?;
        Ok(CallBegun { id, number, expires_in_s })
    }

    /// How far a call of `program` is; opens a session once its customer approved, or for a right PIN.
    ///
    /// # Errors
    /// [`Refused::NotFound`] also for another program's; [`Refused::Call`]; [`Refused::Store`].
    pub(crate) async fn enter_by_call(
        &self,
        program: &Session,
        id: CallId,
        pin: Option<&Secret<String>>,
    ) -> Result<CallHeard, Refused> {
        let row = store::call(self.db.reader(), id).await?;
        let key = key_of(program)?;
        let own = |row: &CallRow| is_of(row, &program.principal) && row.device_key == key;
        let row = row.filter(own).ok_or(Refused::NotFound)?;
        if self.now() >= row.expires_at {
            return Err(CallRefused::Over.into());
        }
        match (row.state, row.customer, row.approved) {
            (State::Open, ..) => match pin {
                Some(pin) => self.enter_by_pin(program, row, pin).await,
                None => Ok(CallHeard::Open),
            },
            (State::Refused, ..) => Err(CallRefused::Declined.into()),
            (State::Approved, Some(customer), Some((_, assurance))) => {
                let entering = (customer, Method::CallApproval, assurance.min(Assurance::TwoFactor));
                self.open_called(program, row, entering).await
            }
            _ => Err(CallRefused::Over.into()),
        }
    }

    /// A PIN is keyed in. Counted for the call whether or not anybody has the number, and for its customer as everywhere.
    async fn enter_by_pin(
        &self,
        program: &Session,
        row: CallRow,
        pin: &Secret<String>,
    ) -> Result<CallHeard, Refused> {
        let answer_at =
            tokio::time::Instant::now() + Duration::from_millis(self.settings.code_answer_ms.into());
        let id = row.id;
        let counted =
            self.db.write(move |tx| Box::pin(async move { store::count_call_pin(tx, id).await })).await?;
        if !counted {
            return Err(CallRefused::Over.into());
        }
        let came = match row.customer {
            Some(customer) => self.check(customer, pin).await?,
            None => PinCheck::NotSet,
        };
        match (row.customer, came) {
            (Some(customer), PinCheck::Right) => {
                self.open_called(program, row, (customer, Method::CallPin, Method::CallPin.assurance())).await
            }
            (customer, _) => {
                self.refused_call(customer, Method::CallPin).await?;
                tokio::time::sleep_until(answer_at).await;
                Err(CallRefused::Pin.into())
            }
        }
    }

    async fn open_called(
        &self,
        program: &Session,
        call: CallRow,
        (customer, method, assurance): (CustomerId, Method, Assurance),
    ) -> Result<CallHeard, Refused> {
        let (now, token, expires_in_s) = (self.now(), random_token(), self.settings.phone_session_s);
        let session = Session {
            id: SessionId::mint(),
            principal: Principal::Customer(customer),
            channel: Channel::Phone,
            // A telephone is no device that is known again.
            device: DeviceId::mint(),
            assurance,
            started_at: now,
            expires_at: later(now, expires_in_s),
            device_key: program.device_key.clone(),
            emergency_until: None,
        };
        let opened = SessionRow {
            session,
            token_hash: self.token_hash(&token),
            device_name: String::new(),
            last_seen_at: now,
            method,
            proved_at: Timestamp::UNIX_EPOCH,
            parent: None,
            through: Some(call.third_party),
        };
        let seen = called(now, method, false);
        let (written, program) = (Arc::new((opened.clone(), seen, call)), program.id);
        let _opening = self.opening.read().await;
        self.db
            .write(move |tx| {
                let written = Arc::clone(&written);
                Box::pin(async move {
                    let (row, seen, call) = &*written;
                    write_called(tx, customer, row, seen, call, program).await
                })
            })
            .await?;
        self.sessions.insert(opened);
        metrics::counter!("identity_sessions_opened").increment(1);
        Ok(CallHeard::SignedIn { token, expires_in_s })
    }

    /// Calls that ask in the name of a customer, the oldest first.
    ///
    /// # Errors
    /// [`Refused::Store`].
    pub(crate) async fn calls_of(&self, customer: CustomerId) -> Result<Vec<CallAsked>, Refused> {
        let mut asked = Vec::new();
        for row in store::open_calls_of(self.db.reader(), customer, self.now()).await? {
            let Some(system) = store::third_party(self.db.reader(), row.third_party).await? else { continue };
            let CallRow { id, asked_at, expires_at, .. } = row;
            asked.push(CallAsked { id, asked_by: system.name, asked_at, expires_at });
        }
        Ok(asked)
    }

    /// The customer approves: they hear `number` in the call, and proved to be there a moment ago. Another number ends it.
    ///
    /// # Errors
    /// [`Refused::StepUp`], [`Refused::Call`], [`Refused::Store`].
    pub(crate) async fn approve_call(
        &self,
        customer: CustomerId,
        session: &Session,
        id: CallId,
        number: u8,
    ) -> Result<(), Refused> {
        let proved = self.proved_of_late(session).await?;
        let row = self.waiting_call(customer, id).await?;
        let right = row.number == number;
        // The telephone system does not hold what binds the device of the app.
        let assurance = proved.session.assurance.min(Assurance::TwoFactor);
        self.decide_call(session, id, right.then_some(assurance)).await?;
        if right {
            return Ok(());
        }
        self.refused_call(Some(customer), Method::CallApproval).await?;
        Err(CallRefused::Number.into())
    }

    /// The customer refuses.
    ///
    /// # Errors
    /// [`Refused::Call`], [`Refused::Store`].
    pub(crate) async fn refuse_call(
        &self,
        customer: CustomerId,
        session: &Session,
        id: CallId,
    ) -> Result<(), Refused> {
        self.waiting_call(customer, id).await?;
        self.decide_call(session, id, None).await?;
        self.refused_call(Some(customer), Method::CallApproval).await
    }

    /// A call that asks in the name of `customer` and is not decided.
    async fn waiting_call(&self, customer: CustomerId, id: CallId) -> Result<CallRow, Refused> {
        let now = self.now();
        let row = store::call(self.db.reader(), id).await?;
        let waits = |row: &CallRow| {
            row.customer == Some(customer) && row.state == State::Open && now < row.expires_at
        };
        row.filter(waits).ok_or(CallRefused::Over.into())
    }

    async fn decide_call(
        &self,
        session: &Session,
        id: CallId,
        assurance: Option<Assurance>,
    ) -> Result<(), Refused> {
        let session = session.id;
        let decided = self
            .db
            .write(move |tx| Box::pin(async move { store::decide_call(tx, id, session, assurance).await }))
            .await?;
        if decided { Ok(()) } else { Err(CallRefused::Over.into()) }
    }

    /// Nobody was signed in by a call: its customer will see it. Written where nobody has the number, too: that must not
    /// be answered sooner.
    async fn refused_call(&self, customer: Option<CustomerId>, method: Method) -> Result<(), Refused> {
        let owner = customer.map_or(NOBODY, CustomerId::to_bytes);
        let row = called(self.now(), method, true);
        self.db
            .write(move |tx| {
                let row = row.clone();
                Box::pin(async move { store::insert_sign_in(tx, owner, &row).await })
            })
            .await
            .map_err(Refused::Store)
    }
}

/// Writes the session that came of a call.
async fn write_called(
    tx: &DatabaseTransaction,
    customer: CustomerId,
    row: &SessionRow,
    seen: &SignInRow,
    call: &CallRow,
    program: SessionId,
) -> Result<(), Refused> {
    let now = row.session.started_at;
    if !store::use_call(tx, call.id, call.state).await? {
        return Err(CallRefused::Over.into());
    }
    // Whoever was signed out meanwhile signs nobody in: the customer who approved, the system that asks.
    if let Some((session, _)) = call.approved {
        store::live_session(tx, session, now).await?.ok_or(CallRefused::Over)?;
    }
    store::live_session(tx, program, now).await?.ok_or(Refused::NotSignedIn)?;
    store::credential(tx, customer).await?.ok_or(CallRefused::Over)?;
    store::insert_session(tx, row).await?;
    store::insert_sign_in(tx, customer.to_bytes(), seen).await?;
    let Session { id, principal, channel, device, .. } = row.session.clone();
    announce(tx, &id.to_string(), &SignedIn { session: id, principal, channel, device }, now).await?;
    Ok(())
}

/// What its owner sees of a call: no device, and no place, which would be that of the telephone system.
fn called(at: Timestamp, method: Method, refused: bool) -> SignInRow {
    let (id, channel) = (SignInId::mint(), Channel::Phone);
    SignInRow { id, at, method, refused, channel, device_name: String::new(), place: None }
}

fn is_of(row: &CallRow, principal: &Principal) -> bool {
    matches!(principal, Principal::ThirdParty(id, _) if *id == row.third_party)
}

/// The key with which a program asks: every session of a third party is bound to one.
fn key_of(program: &Session) -> Result<store::Hash, Refused> {
    let key = program.device_key.as_deref().and_then(|key| key.parse::<Thumbprint>().ok());
    Ok(*key.ok_or(Refused::NotSignedIn)?.as_bytes())
}
