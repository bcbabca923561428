//! Becoming a customer: a proved phone, a name, an identity number, a password.

use std::sync::Arc;

use contracts::customers::{Agreement, Kyc, Person, Profile, RegisterRefused};
use contracts::identity::{Principal, SignedUp};
use ids::CustomerId;
use secrecy::Secret;

use super::attempt::Attempt;
use super::open::{Entering, Opening, SignedIn};
use super::{Caller, Identities, announce};
use crate::error::{Field, Refused};
use crate::model::method::Method;
use crate::model::{name, quality};
use crate::store::{self, NewCredential};

/// Somebody who wants to become a customer.
pub(crate) struct Applicant {
    pub(crate) phone: String,
    pub(crate) code: Secret<String>,
    pub(crate) name: String,
    pub(crate) id_number: String,
    pub(crate) password: Secret<String>,
    /// What of the documents was read and agreed to.
    pub(crate) agreed: Vec<Agreement>,
}

/// What the transaction found.
enum Found {
    /// Nobody: credentials were written and the session opened.
    New,
    /// The applicant's own credentials, from an earlier request.
    Own(String),
}

impl Identities {
    /// Registers and signs in. The same request again, while its code is good, signs the same customer in again.
    /// Who is a customer is told only to somebody who proved the phone.
    ///
    /// # Errors
    /// [`Refused`].
    pub(crate) async fn sign_up(&self, applicant: &Applicant, caller: &Caller) -> Result<SignedIn, Refused> {
        let phone = name::normalize(&applicant.phone);
        check_shape(&phone, applicant)?;
        let documents = self.customers.documents().await?;
        if documents.iter().any(|document| !applicant.agreed.contains(document)) {
            return Err(Refused::NotAgreed);
        }
        let fresh = CustomerId::mint();
        let minted = self.prove_applicant(&phone, &applicant.code, caller, fresh).await?;
        let customer = self.register(minted, &phone, applicant).await?;
        self.customers.agree(customer, documents, caller.channel).await?;
        let hash = self.hasher.hash(&applicant.password).await?;
        let _opening = self.opening.read().await;
        let attempt = Attempt::none(self.device(caller).await?);
        let entering = Entering::by(Principal::Customer(customer), Method::SignUp);
        let opening = self.opening(entering, attempt, caller).await?;
        let new = NewCredential { customer, name_index: self.name_index(&phone), password: hash, pin: None };
        match self.write_sign_up(new, Arc::clone(&opening), caller).await? {
            Found::New => Ok(self.opened(&opening)),
            Found::Own(stored) => {
                if !self.hasher.verify(&applicant.password, Some(stored)).await? {
                    return Err(Refused::AlreadyCustomer);
                }
                let again = Arc::clone(&opening);
                self.db
                    .write(move |tx| {
                        let opening = Arc::clone(&again);
                        Box::pin(async move { opening.write(tx).await })
                    })
                    .await?;
                Ok(self.opened(&opening))
            }
        }
    }

    async fn write_sign_up(
        &self,
        new: NewCredential,
        opening: Arc<Opening>,
        caller: &Caller,
    ) -> Result<Found, Refused> {
        let (now, channel) = (self.now(), caller.channel);
        self.db
            .write(move |tx| {
                let (new, opening) = (new.clone(), Arc::clone(&opening));
                Box::pin(async move {
                    let customer = new.customer;
                    match store::customer_of_name(tx, &new.name_index).await? {
                        Some(other) if other != customer => return Err(Refused::PhoneTaken),
                        _ => {}
                    }
                    if let Some(own) = store::credential(tx, customer).await? {
                        return Ok(Found::Own(own.password));
                    }
                    store::insert_credential(tx, &new, now).await?;
                    opening.write(tx).await?;
                    let news = SignedUp { customer, channel };
                    announce(tx, &customer.to_string(), &news, now).await?;
                    Ok(Found::New)
                })
            })
            .await
    }

    /// Registers the applicant under `minted`; or finds the customer whom the bank knows already by this phone, name
    /// and identity number and who cannot sign in yet: taken over from a branch, or left by an interrupted sign-up.
    async fn register(
        &self,
        minted: CustomerId,
        phone: &str,
        applicant: &Applicant,
    ) -> Result<CustomerId, Refused> {
        let id_number = applicant.id_number.trim().to_uppercase();
        let person = Person {
            name: applicant.name.trim().to_owned(),
            id_number: Some(id_number.clone()),
            foreign_number: None,
            phone: Some(phone.to_owned()),
            born_on: None,
            division: None,
            address: None,
        };
        let refused = match self.customers.register(minted, Profile::Person(person), Kyc::Declared).await {
            Ok(()) => return Ok(minted),
            Err(RegisterRefused::AlreadyKnown) => Refused::AlreadyCustomer,
            Err(RegisterRefused::PhoneTaken) => Refused::PhoneTaken,
            Err(RegisterRefused::TooYoung) => return Err(Refused::TooYoung),
            Err(RegisterRefused::Unavailable(error)) => return Err(error.into()),
            Err(RegisterRefused::Invalid { field }) => {
                return Err(Refused::Invalid(match field.as_str() {
                    "name" => Field::Name,
                    "phone" => Field::Phone,
                    _ => Field::IdNumber,
                }));
            }
        };
        let Some(known) = self.customers.by_phone(phone).await? else { return Err(refused) };
        let same = match self.customers.profile(known).await? {
            Some((Profile::Person(person), _)) => {
                person.name == applicant.name.trim() && person.id_number.as_deref() == Some(&id_number)
            }
            _ => false,
        };
        if !same {
            return Err(refused);
        }
        match store::credential(self.db.reader(), known).await? {
            // The id minted for this code is known to nobody; the customer signs in already.
            Some(_) => Err(Refused::AlreadyCustomer),
            None => Ok(known),
        }
    }
}

/// What can be said of an application without asking anybody.
fn check_shape(phone: &str, applicant: &Applicant) -> Result<(), Refused> {
    let count = applicant.name.trim().chars().count();
    let id_number = applicant.id_number.trim();
    if !name::is_phone(phone) {
        return Err(Refused::Invalid(Field::Phone));
    }
    if !(1..=60).contains(&count) {
        return Err(Refused::Invalid(Field::Name));
    }
    if id_number.len() != 18 || !id_number.is_ascii() {
        return Err(Refused::Invalid(Field::IdNumber));
    }
    let about = quality::About { phone: Some(phone), id_number: Some(id_number), born: None };
    quality::password(applicant.password.expose(), &about)
        .map_err(|weakness| Refused::Weak { field: "password", weakness })
}
