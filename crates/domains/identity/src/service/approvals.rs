//! Approvals: a transfer is shown on a device of its payer, who signs exactly what is shown (dynamic linking).

use std::sync::Arc;

use contracts::identity::{ApprovalAsked, ApprovalDecided, ApprovalUse, Session, Terms};
use ids::{ApprovalId, CustomerId, SessionId};
use webauthn::{Assertion, RequestOptions};

use super::{Caller, Identities, announce};
use crate::error::Refused;
use crate::model::approval::{Offered, State, act};
use crate::model::later;
use crate::store::{self, ApprovalRow, Holder};

/// Under which the text of an approval is sealed.
const ACT: &str = "identity.approval";
/// Under which what was signed is sealed.
const EVIDENCE: &str = "identity.approval.evidence";

/// An approval with its text.
pub(crate) struct ApprovalSeen {
    pub(crate) row: ApprovalRow,
    pub(crate) act: String,
    /// Whether its time is over.
    pub(crate) is_over: bool,
}

impl Identities {
    /// Asks for an approval; the same order is asked for once at a time.
    ///
    /// # Errors
    /// [`Refused::Store`], [`Refused::Unavailable`].
    pub(crate) async fn ask(
        &self,
        customer: CustomerId,
        session: SessionId,
        terms: &Terms,
    ) -> Result<Option<ApprovalAsked>, Refused> {
        if store::passkeys_of(self.db.reader(), Holder::Customer(customer)).await?.is_empty() {
            return Ok(None);
        }
        let now = self.now();
        let waiting = store::waiting_approvals(self.db.reader(), customer, now).await?;
        let same = |row: &&ApprovalRow| row.order_hash == terms.order && row.session == session;
        if let Some(row) = waiting.iter().find(same) {
            return Ok(Some(ApprovalAsked { id: row.id, expires_at: row.expires_at }));
        }
        let ordering = store::live_session(self.db.reader(), session, now).await?;
        let ordering = ordering.ok_or(Refused::NotSignedIn)?;
        let expires_at = later(now, self.settings.approval_good_s);
        let text = act(terms, rand::random(), expires_at);
        let row = ApprovalRow {
            id: ApprovalId::mint(),
            customer,
            session,
            channel: ordering.session.channel,
            device_name: ordering.device_name,
            order_hash: terms.order.clone(),
            digest: webauthn::sha256(text.as_bytes()),
            act: self.keys.seal(customer.into(), ACT, text.as_bytes()).await?,
            state: State::Waiting,
            asked_at: now,
            expires_at,
            used_by: None,
        };
        let asked = ApprovalAsked { id: row.id, expires_at };
        self.db
            .write(move |tx| {
                let row = row.clone();
                Box::pin(async move { store::insert_approval(tx, &row).await })
            })
            .await?;
        Ok(Some(asked))
    }

    /// Uses an approval for the transfer of `key`.
    ///
    /// # Errors
    /// [`Refused::Store`].
    pub(crate) async fn use_up(
        &self,
        customer: CustomerId,
        id: ApprovalId,
        order: &str,
        key: [u8; 16],
    ) -> Result<ApprovalUse, Refused> {
        let (now, order) = (self.now(), order.to_owned());
        self.db
            .write(move |tx| {
                let order = order.clone();
                Box::pin(async move {
                    let row = store::approval(tx, id).await?.filter(|row| row.customer == customer);
                    let Some(row) = row else { return Ok(ApprovalUse::Unknown) };
                    let ApprovalRow { state, used_by, expires_at, .. } = row;
                    let offered =
                        Offered { state, used_by, is_over: now >= expires_at, order: &row.order_hash };
                    let worth = offered.to(&order, key);
                    let takes = worth == ApprovalUse::Approved && row.state == State::Approved;
                    if takes && !store::use_approval(tx, id, key).await? {
                        return Ok(ApprovalUse::Other);
                    }
                    Ok::<_, sea_orm::DbErr>(worth)
                })
            })
            .await
            .map_err(Refused::Store)
    }

    /// What waits for a customer, the oldest first.
    ///
    /// # Errors
    /// [`Refused::Store`], [`Refused::Unavailable`].
    pub(crate) async fn approvals_of(&self, customer: CustomerId) -> Result<Vec<ApprovalSeen>, Refused> {
        let rows = store::waiting_approvals(self.db.reader(), customer, self.now()).await?;
        let mut seen = Vec::with_capacity(rows.len());
        for row in rows {
            seen.push(self.seen(row).await?);
        }
        Ok(seen)
    }

    /// One of a customer's approvals.
    ///
    /// # Errors
    /// [`Refused::NotFound`] also for somebody else's; [`Refused::Store`], [`Refused::Unavailable`].
    pub(crate) async fn approval_of(
        &self,
        customer: CustomerId,
        id: ApprovalId,
    ) -> Result<ApprovalSeen, Refused> {
        let row = store::approval(self.db.reader(), id).await?.filter(|row| row.customer == customer);
        self.seen(row.ok_or(Refused::NotFound)?).await
    }

    async fn seen(&self, row: ApprovalRow) -> Result<ApprovalSeen, Refused> {
        let plain = self.keys.open_sealed(row.customer.into(), ACT, &row.act).await?;
        let is_over = self.now() >= row.expires_at;
        Ok(ApprovalSeen { act: String::from_utf8_lossy(&plain).into_owned(), is_over, row })
    }

    /// What a browser asks its user for: that one of their passkeys signs this approval and nothing else.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::ApprovalOver`], [`Refused::ApprovalExpired`], [`Refused::Passkey`],
    /// [`Refused::Store`].
    pub(crate) async fn begin_approval(
        &self,
        customer: CustomerId,
        id: ApprovalId,
        caller: &Caller,
    ) -> Result<RequestOptions, Refused> {
        let row = self.open_approval(customer, id).await?;
        let known = store::passkeys_of(self.db.reader(), Holder::Customer(customer)).await?;
        let allow: Vec<_> = known.into_iter().map(|row| (row.credential, row.transports)).collect();
        if allow.is_empty() {
            return Err(Refused::Passkey("passkey_unknown"));
        }
        Ok(RequestOptions::new(&self.relying_party(caller)?, &row.digest, &allow, self.ceremony_ms()))
    }

    /// An approval that its customer can still decide.
    async fn open_approval(&self, customer: CustomerId, id: ApprovalId) -> Result<ApprovalRow, Refused> {
        let row = store::approval(self.db.reader(), id).await?.filter(|row| row.customer == customer);
        let row = row.ok_or(Refused::NotFound)?;
        if row.state != State::Waiting {
            return Err(Refused::ApprovalOver);
        }
        if self.now() >= row.expires_at {
            return Err(Refused::ApprovalExpired);
        }
        Ok(row)
    }

    /// The customer approves with a passkey, which signed the very text. `signed` is kept as evidence.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::ApprovalOver`], [`Refused::ApprovalExpired`], [`Refused::Passkey`],
    /// [`Refused::Store`], [`Refused::Unavailable`].
    pub(crate) async fn approve(
        &self,
        customer: CustomerId,
        session: &Session,
        id: ApprovalId,
        (assertion, signed): (&Assertion, &[u8]),
        caller: &Caller,
    ) -> Result<ApprovalSeen, Refused> {
        let row = self.open_approval(customer, id).await?;
        let proved = Arc::new(self.prove_signed(assertion, customer, &row.digest, caller).await?);
        let evidence = self.keys.seal(customer.into(), EVIDENCE, signed).await?;
        self.decide(row, session, State::Approved, Some((proved, evidence))).await?;
        self.approval_of(customer, id).await
    }

    /// The customer refuses.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::ApprovalOver`], [`Refused::ApprovalExpired`], [`Refused::Store`].
    pub(crate) async fn refuse(
        &self,
        customer: CustomerId,
        session: &Session,
        id: ApprovalId,
    ) -> Result<(), Refused> {
        let row = self.open_approval(customer, id).await?;
        self.decide(row, session, State::Refused, None).await
    }

    async fn decide(
        &self,
        row: ApprovalRow,
        session: &Session,
        state: State,
        signed: Option<(Arc<super::passkeys::Signed>, Vec<u8>)>,
    ) -> Result<(), Refused> {
        let (now, id) = (self.now(), row.id);
        let approved = state == State::Approved;
        let news = ApprovalDecided { customer: row.customer, approval: id, approved, session: session.id };
        self.db
            .write(move |tx| {
                let (signed, news) = (signed.clone(), news.clone());
                Box::pin(async move {
                    let evidence = match signed {
                        Some((signed, evidence)) => {
                            signed.write(tx).await?;
                            Some(evidence)
                        }
                        None => None,
                    };
                    if !store::decide_approval(tx, id, state, evidence, now).await? {
                        return Err(Refused::ApprovalOver);
                    }
                    Ok(announce(tx, &id.to_string(), &news, now).await?)
                })
            })
            .await
    }
}
