//! Whether a transfer was approved by its payer, where it has to be.

use contracts::accounts::Account;
use contracts::identity::{ApprovalUse, Session, Terms};
use ids::CustomerId;

use super::order::Order;
use super::target::Target;
use super::{CustomerPayments, Refused};
use crate::error::PaymentsRefused;
use crate::model::words::Words;

/// A transfer about to be accepted.
pub(crate) struct Ordered<'a> {
    pub(crate) order: &'a Order,
    pub(crate) from: &'a Account,
    pub(crate) to: &'a Account,
    pub(crate) words: &'a Words,
    pub(crate) digest: [u8; 32],
    pub(crate) key: [u8; 16],
}

impl CustomerPayments {
    /// Goes on where nothing has to be approved, or this was. An approval that came along is looked at in any case. What is
    /// ordered in a mini-program or by phone is approved in the app, whatever its amount.
    ///
    /// # Errors
    /// [`PaymentsRefused::ApprovalNeeded`] with the approval that was asked for; [`PaymentsRefused::ApprovalImpossible`];
    /// [`PaymentsRefused::Approval`]; [`PaymentsRefused::Unavailable`].
    pub(crate) async fn approved(
        &self,
        session: &Session,
        customer: CustomerId,
        ordered: &Ordered<'_>,
    ) -> Refused<()> {
        let hash = hex::encode(ordered.digest);
        if let Some(approval) = ordered.order.approval {
            return match self.identity.use_approval(customer, approval, &hash, ordered.key).await? {
                ApprovalUse::Approved => Ok(()),
                came => Err(PaymentsRefused::Approval(came)),
            };
        }
        let always = session.channel.needs_app();
        let amount = ordered.order.amount;
        let from_fen = i64::try_from(self.settings.approval_from_fen).unwrap_or(i64::MAX);
        if !always && amount.minor() < self.in_currency(from_fen, amount.currency()).await? {
            return Ok(());
        }
        let asked = self.identity.ask_approval(customer, session.id, terms(ordered, hash)).await?;
        match asked {
            Some(asked) => Err(PaymentsRefused::ApprovalNeeded(asked)),
            None if always => Err(PaymentsRefused::ApprovalImpossible),
            None => Ok(()),
        }
    }
}

/// What the payer is shown. Of the payee's number no more than the payer gave.
fn terms(ordered: &Ordered<'_>, order: String) -> Terms {
    let Ordered { order: ordering, from, to, words, .. } = ordered;
    let account = match ordering.to {
        Target::Number(_) => to.number.clone(),
        _ => words.payee_number.clone(),
    };
    Terms {
        payee: words.payee_name.clone(),
        account,
        amount: ordering.amount.to_decimal(),
        currency: ordering.amount.currency().code().to_owned(),
        from: from.number.clone(),
        order,
    }
}
