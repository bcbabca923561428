//! Saved payees.

use clock::Timestamp;
use ids::{CustomerId, PayeeId};
use money::Currency;
use serde::{Deserialize, Serialize};

use super::{CustomerPayments, Refused, Target};
use crate::error::PaymentsRefused;
use crate::model::name::Likeness;
use crate::store::payee::{self, Row};

const PAYEE: &str = "payments.payee";

/// A saved payee.
#[derive(Clone)]
pub(crate) struct SavedPayee {
    pub(crate) id: PayeeId,
    pub(crate) name: String,
    pub(crate) account_number: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) nickname: String,
    pub(crate) last_used_at: Option<Timestamp>,
}

/// What is sealed of it.
#[derive(Serialize, Deserialize)]
struct Content {
    name: String,
    account_number: Option<String>,
    phone: Option<String>,
    nickname: String,
}

impl std::fmt::Debug for SavedPayee {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SavedPayee").field("id", &self.id).finish_non_exhaustive()
    }
}

impl SavedPayee {
    /// Its number or phone, masked.
    pub(crate) fn masked(&self) -> String {
        match (&self.account_number, &self.phone) {
            (Some(number), _) => secrecy::mask::account_number(number),
            (None, Some(phone)) => secrecy::mask::phone(phone),
            (None, None) => String::new(),
        }
    }
}

impl CustomerPayments {
    /// The customer's payees, the one used last first.
    pub(crate) async fn payees(&self, customer: CustomerId) -> Refused<Vec<SavedPayee>> {
        let rows = payee::of_customer(&self.db, customer).await?;
        let mut payees = Vec::with_capacity(rows.len());
        for row in rows {
            payees.push(self.open_payee(row).await?);
        }
        Ok(payees)
    }

    pub(crate) async fn payee(&self, customer: CustomerId, id: PayeeId) -> Refused<SavedPayee> {
        let row = payee::find(&self.db, customer, id).await?.ok_or(PaymentsRefused::PayeeUnknown)?;
        self.open_payee(row).await
    }

    async fn open_payee(&self, row: Row) -> Refused<SavedPayee> {
        let plain = self.keys.open_sealed(row.customer.into(), PAYEE, &row.sealed).await?;
        let content: Content = serde_json::from_slice(&plain).map_err(crate::store::malformed)?;
        Ok(SavedPayee {
            id: row.id,
            name: content.name,
            account_number: content.account_number,
            phone: content.phone,
            nickname: content.nickname,
            last_used_at: row.last_used_at,
        })
    }

    /// Saves a payee whose name is right; one that was saved before is renamed.
    pub(crate) async fn save_payee(
        &self,
        customer: CustomerId,
        target: Target,
        name: &str,
        nickname: &str,
    ) -> Refused<SavedPayee> {
        let check = self.check_name(customer, &target, name, Currency::CNY).await?;
        if check.likeness != Likeness::Match {
            return Err(PaymentsRefused::PayeeNameMismatch);
        }
        let (account_number, phone) = match target {
            Target::Number(number) => (Some(number.replace(' ', "")), None),
            Target::Phone(phone) => (None, Some(phone)),
            Target::Account(_) | Target::Payee(_) => return Err(PaymentsRefused::PayeeUnknown),
        };
        let reached = account_number.as_deref().or(phone.as_deref()).unwrap_or_default();
        let target_index = self.keys.index("payments.payee_target", reached);
        let content = Content {
            name: name.trim().to_owned(),
            account_number: account_number.clone(),
            phone: phone.clone(),
            nickname: nickname.to_owned(),
        };
        let plain = serde_json::to_vec(&content).unwrap_or_default();
        let row = Row {
            id: PayeeId::mint(),
            customer,
            target_index,
            sealed: self.keys.seal(customer.into(), PAYEE, &plain).await?,
            last_used_at: None,
        };
        let saved = payee::save(&self.db, row, self.settings.payees_max, self.clock.now()).await?;
        let id = saved.ok_or(PaymentsRefused::TooManyPayees)?;
        let Content { name, nickname, .. } = content;
        Ok(SavedPayee { id, name, account_number, phone, nickname, last_used_at: None })
    }

    pub(crate) async fn remove_payee(&self, customer: CustomerId, id: PayeeId) -> Refused<()> {
        match payee::remove(&self.db, customer, id).await? {
            true => Ok(()),
            false => Err(PaymentsRefused::NotFound),
        }
    }

    /// Notes that a payee was paid. Only for the order of the list: a failure is no failure of the payment.
    pub(crate) async fn note_use(&self, customer: CustomerId, id: PayeeId) {
        if let Err(error) = payee::used(&self.db, customer, id, self.clock.now()).await {
            tracing::warn!(%error, "the use of a payee could not be noted");
        }
    }
}
