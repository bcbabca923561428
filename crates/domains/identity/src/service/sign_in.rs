//! Signing in with a password or a one-time code.

use ids::{CustomerId, SignInId};
use secrecy::Secret;

use contracts::identity::Principal;

use super::attempt::Attempt;
use super::open::{Entering, NOBODY, SignedIn};
use super::{Caller, Identities};
use crate::error::Refused;
use crate::model::code::Purpose;
use crate::model::door::{self, Because, Means, Standing, Wanted};
use crate::model::method::Method;
use crate::model::{earlier, name, place};
use crate::store::{self, Owner, SignInRow};

/// Where somebody was longer ago than this says nothing of where they are, seconds.
const VISITS_S: u32 = 90 * 24 * 3600;
/// Of so many sign-ins of late it is asked where they were.
const VISITS_MAX: u64 = 200;

/// What is proved beside the password.
#[derive(Clone, Copy)]
pub(crate) enum Beside<'a> {
    /// A code sent to the phone that is the name.
    Code(&'a Secret<String>),
    /// A code of the authenticator app.
    Totp(&'a Secret<String>),
}

impl Identities {
    /// With a password, and where the device is new to its owner with a code beside it. An unknown name takes the
    /// same way as a wrong password.
    ///
    /// # Errors
    /// [`Refused::SignIn`], [`Refused::MoreNeeded`], [`Refused::NumberHeld`], [`Refused::CodeWrong`], [`Refused::TotpWrong`],
    /// [`Refused::TooMany`], [`Refused::Unavailable`].
    pub(crate) async fn sign_in(
        &self,
        name: &str,
        password: &Secret<String>,
        beside: Option<Beside<'_>>,
        caller: &Caller,
    ) -> Result<SignedIn, Refused> {
        let index = self.name_index(name);
        let customer = store::customer_of_name(self.db.reader(), &index).await?;
        let asked = customer.unwrap_or_else(|| CustomerId::from_u128(0));
        let stored = store::credential(self.db.reader(), asked).await?.map(|credential| credential.password);
        let owner = customer.map_or(NOBODY, CustomerId::to_bytes);
        let attempt = self.begin("customer", &index, owner, caller).await?;
        let right = self.verified(&attempt, password, stored.clone()).await?;
        let (Some(customer), Some(stored), true) = (customer, stored, right) else {
            self.wrong(&attempt, customer).await?;
            self.refused(owner, Method::Password, caller).await?;
            metrics::counter!("identity_sign_ins_refused").increment(1);
            return Err(Refused::SignIn);
        };
        let method = match self.prove_beside(beside, customer, name, caller).await {
            Ok(method) => method,
            Err(refused) => {
                self.let_off(attempt, owner, caller).await?;
                return Err(refused);
            }
        };
        let wanted = self.wanted(method, customer, name, attempt.standing, caller).await;
        if let Some(refused) = wanted.map_or_else(Some, |more| more.map(Refused::MoreNeeded)) {
            self.let_off(attempt, owner, caller).await?;
            return Err(refused);
        }
        self.enter(customer, method, attempt, caller, Some(stored)).await
    }

    /// What the password of `customer` and what came beside it prove together.
    async fn prove_beside(
        &self,
        beside: Option<Beside<'_>>,
        customer: CustomerId,
        name: &str,
        caller: &Caller,
    ) -> Result<Method, Refused> {
        match beside {
            None => Ok(Method::Password),
            Some(Beside::Code(code)) => {
                self.prove(&name::normalize(name), Purpose::SignIn, code, caller).await?;
                Ok(Method::PasswordAndCode)
            }
            Some(Beside::Totp(code)) => {
                self.prove_totp(customer, code).await?;
                Ok(Method::PasswordAndTotp)
            }
        }
    }

    /// What is asked of `customer` beside what `method` proves. Whoever set up an authenticator app asked to be asked.
    async fn wanted(
        &self,
        method: Method,
        customer: CustomerId,
        name: &str,
        standing: Standing,
        caller: &Caller,
    ) -> Result<Option<Wanted>, Refused> {
        let Some(because) = self.unusual(customer.to_bytes(), standing, caller).await? else {
            return Ok(None);
        };
        if method.stands_without_number() {
            return Ok(None);
        }
        let has_totp = self.totp_of(customer).await?.is_some();
        if !has_totp && !self.settings.new_device_two_factors {
            return Ok(None);
        }
        let has_phone = name::is_phone(&name::normalize(name))
            || self.customers.profile(customer).await?.is_some_and(|(profile, _)| profile.phone().is_some());
        let number_held = if has_phone { self.number_held(customer).await? } else { None };
        let means = Means { has_phone, number_held, has_totp };
        door::wanted_beside(method, means, because).map_err(|until| Refused::NumberHeld { until })
    }

    /// Why whoever signs in is not known, where they are not.
    async fn unusual(
        &self,
        owner: Owner,
        standing: Standing,
        caller: &Caller,
    ) -> Result<Option<Because>, Refused> {
        match standing {
            Standing::New => return Ok(Some(Because::Device)),
            Standing::Changed => return Ok(Some(Because::Machine)),
            Standing::Known => {}
        }
        let Some(here) = self.atlas.place(caller.address) else { return Ok(None) };
        let now = self.now();
        let visits = store::visits_of(self.db.reader(), owner, earlier(now, VISITS_S), VISITS_MAX).await?;
        Ok(place::unusual(here, now, &visits))
    }

    /// The password was right, and is not enough: it is not counted as a wrong one, and its owner sees that somebody has it.
    async fn let_off(&self, attempt: Attempt, owner: Owner, caller: &Caller) -> Result<(), Refused> {
        let row = self.sign_in_row(SignInId::mint(), Method::PasswordAlone, true, caller);
        let attempt = std::sync::Arc::new(attempt);
        self.db
            .write(move |tx| {
                let (row, attempt) = (row.clone(), std::sync::Arc::clone(&attempt));
                Box::pin(async move {
                    attempt.settle(tx).await?;
                    store::insert_sign_in(tx, owner, &row).await
                })
            })
            .await
            .map_err(Refused::Store)
    }

    /// With a one-time code sent to the phone that is the name, on a device that signed its owner in before.
    ///
    /// # Errors
    /// [`Refused::MoreNeeded`] also for a phone that nobody has; [`Refused::CodeWrong`], [`Refused::Unavailable`].
    pub(crate) async fn sign_in_with_code(
        &self,
        phone: &str,
        code: &Secret<String>,
        caller: &Caller,
    ) -> Result<SignedIn, Refused> {
        let phone = name::normalize(phone);
        let customer = store::customer_of_name(self.db.reader(), &self.name_index(&phone)).await?;
        let device = self.device(caller).await?;
        let owner = customer.map_or(NOBODY, CustomerId::to_bytes);
        let known = self.known_to(owner, device.as_ref(), caller).await?;
        // The code stays good for the one who sends the password with it.
        let standing = known.map_or(Standing::New, |(_, standing)| standing);
        if let Some(because) = self.unusual(owner, standing, caller).await? {
            if self.settings.new_device_two_factors {
                return Err(Refused::MoreNeeded(door::password_too(because)));
            }
            let asked = customer.unwrap_or_else(|| CustomerId::from_u128(0));
            if self.totp_of(asked).await?.is_some() {
                // That there is an app is told to nobody but who holds the phone.
                self.prove_for(&phone, Purpose::SignIn, code, caller, customer).await?;
                return Err(Refused::MoreNeeded(door::password_too(because)));
            }
        }
        if let (Some(customer), true) = (customer, self.carrier.is_asked()) {
            // The carrier is asked for nobody but who holds the phone.
            self.prove_for(&phone, Purpose::SignIn, code, caller, Some(customer)).await?;
            if self.number_held(customer).await?.is_some() {
                return Err(Refused::MoreNeeded(door::password_too(Because::Sim)));
            }
        }
        self.prove(&phone, Purpose::SignIn, code, caller).await?;
        let customer = customer.ok_or(Refused::CodeWrong)?;
        self.enter(customer, Method::Code, Attempt::none(device), caller, None).await
    }

    /// Opens a session; where a password was proved, only if it still is the password.
    async fn enter(
        &self,
        customer: CustomerId,
        method: Method,
        attempt: Attempt,
        caller: &Caller,
        proved: Option<String>,
    ) -> Result<SignedIn, Refused> {
        let _opening = self.opening.read().await;
        let opening =
            self.opening(Entering::by(Principal::Customer(customer), method), attempt, caller).await?;
        let written = std::sync::Arc::clone(&opening);
        let _turn = self.turn(caller).await;
        self.db
            .write(move |tx| {
                let (opening, proved) = (std::sync::Arc::clone(&written), proved.clone());
                Box::pin(async move {
                    let credential = store::credential(tx, customer).await?.ok_or(Refused::SignIn)?;
                    if proved.is_some_and(|proved| proved != credential.password) {
                        return Err(Refused::SignIn);
                    }
                    Ok::<(), Refused>(opening.write(tx).await?)
                })
            })
            .await?;
        Ok(self.opened(&opening))
    }

    /// Somebody was refused at the door: the owner of the name will see it. Written for a name that nobody has, too: it
    /// must not answer sooner than a known one.
    pub(super) async fn refused(&self, owner: Owner, method: Method, caller: &Caller) -> Result<(), Refused> {
        let row = self.sign_in_row(SignInId::mint(), method, true, caller);
        self.db
            .write(move |tx| {
                let row = row.clone();
                Box::pin(async move { store::insert_sign_in(tx, owner, &row).await })
            })
            .await
            .map_err(Refused::Store)
    }

    /// What its owner sees of a sign-in that happened now.
    pub(super) fn sign_in_row(
        &self,
        id: SignInId,
        method: Method,
        refused: bool,
        caller: &Caller,
    ) -> SignInRow {
        let (channel, device_name) = (caller.channel, caller.device_name.clone());
        let place = self.atlas.place(caller.address);
        SignInRow { id, at: self.now(), method, refused, channel, device_name, place }
    }

    /// Whether the password is right; a try that could not be decided is given back.
    pub(super) async fn verified(
        &self,
        attempt: &Attempt,
        password: &Secret<String>,
        stored: Option<String>,
    ) -> Result<bool, Refused> {
        match self.hasher.verify(password, stored).await {
            Ok(right) => Ok(right),
            Err(unavailable) => {
                self.undecided(attempt).await?;
                Err(unavailable.into())
            }
        }
    }
}
