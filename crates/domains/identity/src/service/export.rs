//! A copy of what is known of a customer here, for them to take along (个人信息保护法, article 45).

use contracts::customers::{Kyc, Profile};
use contracts::identity::{DataExported, Session};
use ids::CustomerId;

use super::{Identities, SessionSeen, announce};
use crate::error::Refused;
use crate::store::{KnownDevice, PasskeyRow, SignInRow, TotpRow};

/// What is known of a customer here, and who they are.
pub(crate) struct Exported {
    pub(crate) profile: Profile,
    pub(crate) kyc: Kyc,
    pub(crate) devices: Vec<KnownDevice>,
    pub(crate) passkeys: Vec<PasskeyRow>,
    pub(crate) totp: Option<TotpRow>,
    pub(crate) sessions: Vec<SessionSeen>,
    /// The newest first.
    pub(crate) sign_ins: Vec<SignInRow>,
}

impl Identities {
    /// Hands the customer of `session`, who proved to be there a moment ago, a copy of what is known of them; that it was
    /// handed out is announced first.
    ///
    /// # Errors
    /// [`Refused::StepUp`], [`Refused::NotFound`], [`Refused::Unavailable`], [`Refused::Store`].
    pub(crate) async fn export(&self, customer: CustomerId, session: &Session) -> Result<Exported, Refused> {
        self.proved_of_late(session).await?;
        let (profile, kyc) = self.customers.profile(customer).await?.ok_or(Refused::NotFound)?;
        let (now, session) = (self.now(), session.id);
        self.db
            .write(move |tx| {
                let news = DataExported { customer, session };
                Box::pin(async move { announce(tx, &customer.to_string(), &news, now).await })
            })
            .await?;
        let mut sign_ins = Vec::new();
        let mut before: Option<String> = None;
        loop {
            let (rows, next) = self.sign_ins_of(customer, before.as_deref()).await?;
            sign_ins.extend(rows);
            let Some(next) = next else { break };
            before = Some(next.to_string());
        }
        Ok(Exported {
            profile,
            kyc,
            devices: self.devices_of(customer).await?,
            passkeys: self.passkeys_of(customer).await?,
            totp: self.totp_of(customer).await?,
            sessions: self.sessions_of(customer).await?,
            sign_ins,
        })
    }
}
