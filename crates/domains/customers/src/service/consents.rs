//! What customers agreed and consented to (个人信息保护法, articles 13 to 17).

use contracts::customers::{Agreement, ConsentChanged, ConsentPurpose, Document};
use contracts::identity::Channel;
use ids::CustomerId;

use super::Directory;
use crate::error::Failed;
use crate::store::consent::{self, Agreed, Consent};

/// What a customer may consent to, in the order of the page.
pub(crate) const PURPOSES: [ConsentPurpose; 3] =
    [ConsentPurpose::Marketing, ConsentPurpose::Personalization, ConsentPurpose::Sharing];

impl Directory {
    /// The documents in the versions that hold now.
    pub(crate) fn current(&self) -> Vec<Agreement> {
        let version = |document, version: &str| Agreement { document, version: version.to_owned() };
        vec![
            version(Document::Terms, &self.settings.terms_version),
            version(Document::Privacy, &self.settings.privacy_version),
        ]
    }

    /// Every version that a customer agreed to, and every consent, the latest first.
    pub(crate) async fn consents(&self, customer: CustomerId) -> Result<(Vec<Agreed>, Vec<Consent>), Failed> {
        let agreed = consent::agreed(&self.db, customer).await?;
        Ok((agreed, consent::of_customer(&self.db, customer).await?))
    }

    pub(crate) async fn keep_agreements(
        &self,
        customer: CustomerId,
        agreements: Vec<Agreement>,
        channel: Channel,
    ) -> Result<(), Failed> {
        Ok(consent::agree(&self.db, customer, agreements, channel, self.clock.now()).await?)
    }

    /// Gives or withdraws a consent; the same again changes nothing.
    pub(crate) async fn change_consent(
        &self,
        customer: CustomerId,
        purpose: ConsentPurpose,
        given: bool,
        channel: Channel,
    ) -> Result<(), Failed> {
        let news = ConsentChanged { customer, purpose, given };
        Ok(consent::change(&self.db, news, channel, self.clock.now()).await?)
    }

    pub(crate) async fn holds(&self, customer: CustomerId, purpose: ConsentPurpose) -> Result<bool, Failed> {
        let all = consent::of_customer(&self.db, customer).await?;
        Ok(all.iter().any(|one| one.purpose == purpose && one.withdrawn_at.is_none()))
    }
}
