//! Signing in with a password or a one-time code.

use ids::{CustomerId, SignInId};
use secrecy::Secret;

use contracts::identity::Principal;

use super::attempt::Attempt;
use super::open::{Entering, NOBODY, SignedIn};
use super::{Caller, Identities};
use crate::error::Refused;
use crate::model::code::Purpose;
use crate::model::method::Method;
use crate::model::name;
use crate::store::{self, Owner, SignInRow};

impl Identities {
    /// With a password. An unknown name takes the same way as a wrong password.
    ///
    /// # Errors
    /// [`Refused::SignIn`], [`Refused::TooMany`], [`Refused::Unavailable`].
    pub(crate) async fn sign_in(
        &self,
        name: &str,
        password: &Secret<String>,
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
        self.enter(customer, Method::Password, attempt, caller, Some(stored)).await
    }

    /// With a one-time code sent to the phone that is the name.
    ///
    /// # Errors
    /// [`Refused::CodeWrong`], [`Refused::Unavailable`].
    pub(crate) async fn sign_in_with_code(
        &self,
        phone: &str,
        code: &Secret<String>,
        caller: &Caller,
    ) -> Result<SignedIn, Refused> {
        let phone = name::normalize(phone);
        self.prove(&phone, Purpose::SignIn, code, caller).await?;
        let customer = store::customer_of_name(self.db.reader(), &self.name_index(&phone)).await?;
        let customer = customer.ok_or(Refused::CodeWrong)?;
        let attempt = Attempt::none(self.device(caller).await?);
        self.enter(customer, Method::Code, attempt, caller, None).await
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
        SignInRow { id, at: self.now(), method, refused, channel, device_name }
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
