//! Registering, reading, finding and erasing customers.

mod consents;
mod erasure;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_trait::async_trait;
use clock::{BusinessDate, Clock, Timestamp};
use contracts::customers::{
    Agreement, ConsentPurpose, Customers, Kyc, Profile, RegisterRefused, Registered, TakenOver,
};
use contracts::identity::Channel;
use contracts::{News, Unavailable};
use db::outbox::Event;
use db::{Db, Fault};
use ids::CustomerId;
use keys::{Keys, Subject};

use crate::config::Settings;
use crate::error::Failed;
use crate::model::{credit_code, id_number::IdNumber, phone, profile};
use crate::sealing;
use crate::store::{self, By, Clash, Hashes, InsertFailed, Row};

pub(crate) use consents::PURPOSES;

/// How often a registration that lost a race against another is tried.
const TRIES: u32 = 3;

/// The customers of the bank, kept in its database.
pub struct Directory {
    db: Db,
    keys: Keys,
    clock: Arc<dyn Clock>,
    settings: Settings,
}

/// A customer with everything the pages of the house may need.
pub(crate) struct Known {
    pub(crate) id: CustomerId,
    pub(crate) profile: Profile,
    pub(crate) kyc: Kyc,
    pub(crate) registered_at: Timestamp,
}

/// A checked profile on its way into the store.
struct Candidate {
    id: CustomerId,
    profile: Profile,
    kyc: Kyc,
    hashes: Hashes,
}

impl Directory {
    /// The directory kept in `db`.
    #[must_use]
    pub fn new(db: Db, keys: Keys, clock: Arc<dyn Clock>, settings: Settings) -> Self {
        Self { db, keys, clock, settings }
    }

    /// Customers that fit a search: exact phone, identity number, credit code, id, number of another bank, or name;
    /// oldest first, at most as many as the settings say.
    pub(crate) async fn search(&self, query: &str) -> Result<Vec<Known>, Failed> {
        let query = query.trim();
        let limit = self.settings.search_results_max;
        if let Ok(id) = query.parse::<CustomerId>() {
            return self.known(&[id]).await;
        }
        let exact = if let Some(phone) = phone::normalize(query) {
            Some((By::Phone, sealing::phone_hash(&self.keys, &phone)))
        } else if let Some(number) = IdNumber::parse(query) {
            Some((By::Number, sealing::number_hash(&self.keys, number.as_str())))
        } else {
            credit_code::parse(query).map(|code| (By::Number, sealing::number_hash(&self.keys, &code)))
        };
        if let Some((by, hash)) = exact {
            return self.unseal(store::find(&self.db, by, hash, limit).await?).await;
        }
        let mut rows = store::find(&self.db, By::Name, sealing::name_hash(&self.keys, query), limit).await?;
        let foreign = sealing::foreign_hash(&self.keys, query);
        rows.extend(store::find(&self.db, By::Foreign, foreign, limit).await?);
        rows.sort_by_key(|row| row.id);
        rows.dedup_by_key(|row| row.id);
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        self.unseal(rows).await
    }

    /// Those of `ids` that are known and not erased, in any order.
    pub(crate) async fn known(&self, ids: &[CustomerId]) -> Result<Vec<Known>, Failed> {
        self.unseal(store::load(&self.db, ids).await?).await
    }

    async fn unseal(&self, rows: Vec<Row>) -> Result<Vec<Known>, Failed> {
        let subjects: Vec<Subject> = rows.iter().map(|row| row.id.into()).collect();
        let keys = self.keys.known_keys(&subjects).await?;
        // A row without key is being erased at this moment.
        rows.iter()
            .filter_map(|row| keys.get(&row.id.into()).map(|key| (row, key)))
            .map(|(row, key)| {
                let profile = sealing::open(key, row)?;
                Ok(Known { id: row.id, profile, kyc: row.kyc, registered_at: row.registered_at })
            })
            .collect()
    }

    /// Checks content, and clashes inside the batch; the first refused one ends it.
    fn candidates(
        &self,
        batch: Vec<(CustomerId, Profile, Kyc)>,
        today: BusinessDate,
    ) -> Result<Vec<Candidate>, (usize, RegisterRefused)> {
        let mut candidates = Vec::with_capacity(batch.len());
        let (mut ids, mut numbers, mut phones) = (HashSet::new(), HashSet::new(), HashSet::new());
        for (at, (id, profile, kyc)) in batch.into_iter().enumerate() {
            let profile = profile::check(profile, today).map_err(|refused| (at, refused))?;
            let hashes = sealing::hashes(&self.keys, &profile);
            if !ids.insert(id) || hashes.number.is_some_and(|hash| !numbers.insert(hash)) {
                return Err((at, RegisterRefused::AlreadyKnown));
            }
            if hashes.phone.is_some_and(|hash| !phones.insert(hash)) {
                return Err((at, RegisterRefused::PhoneTaken));
            }
            candidates.push(Candidate { id, profile, kyc, hashes });
        }
        Ok(candidates)
    }

    async fn admit(&self, candidates: &[Candidate], news: Event) -> Result<(), (usize, RegisterRefused)> {
        // Asked before any data key is made, so that refused sign-ups leave nothing behind.
        let wanted: Vec<_> = candidates.iter().map(|one| (one.id, one.hashes.clone())).collect();
        let clashes = store::clashes(self.db.reader(), &wanted).await.map_err(whole)?;
        for (at, clash) in clashes.iter().enumerate() {
            if let Some(refused) = clash.and_then(refusal) {
                return Err((at, refused));
            }
        }
        if clashes.iter().all(Option::is_some) {
            return Ok(());
        }
        let subjects: Vec<Subject> = candidates.iter().map(|one| one.id.into()).collect();
        let keys = self.keys.data_keys(&subjects).await.map_err(whole)?;
        let now = self.clock.now();
        let mut rows = Vec::with_capacity(candidates.len());
        for (at, one) in candidates.iter().enumerate() {
            // A destroyed key means an erased customer: the id is used up.
            let key = keys.get(&one.id.into()).ok_or((at, RegisterRefused::AlreadyKnown))?;
            rows.push(sealing::seal(key, one.id, &one.profile, one.kyc, one.hashes.clone(), now));
        }
        let mut tried = 0;
        loop {
            tried += 1;
            match store::insert(&self.db, rows.clone(), news.clone()).await {
                Ok(()) => return Ok(()),
                Err(InsertFailed::Clash { at, clash }) => {
                    return Err((at, refusal(clash).unwrap_or(RegisterRefused::AlreadyKnown)));
                }
                // Another registration was faster; the next try sees what it wrote.
                Err(InsertFailed::Store(error)) if tried < TRIES && db::fault(&error) == Fault::Unique => {}
                Err(InsertFailed::Store(error)) => return Err(whole(error)),
            }
        }
    }
}

const fn refusal(clash: Clash) -> Option<RegisterRefused> {
    match clash {
        Clash::Repeated => None,
        Clash::Known => Some(RegisterRefused::AlreadyKnown),
        Clash::Phone => Some(RegisterRefused::PhoneTaken),
    }
}

/// A failure that is no single row's fault.
fn whole(failed: impl Into<Failed>) -> (usize, RegisterRefused) {
    (0, RegisterRefused::Unavailable(Unavailable::from(failed.into())))
}

fn news(key: &str, news: &impl News, at: Timestamp) -> Result<Event, Unavailable> {
    Event::try_new(key, news, at).map_err(|error| Failed::from(error).into())
}

#[async_trait]
impl Customers for Directory {
    async fn register(&self, id: CustomerId, profile: Profile, kyc: Kyc) -> Result<(), RegisterRefused> {
        let now = self.clock.now();
        let today = BusinessDate::in_china(now);
        let candidates = self.candidates(vec![(id, profile, kyc)], today).map_err(|(_, refused)| refused)?;
        let young =
            |one: &Candidate| profile::is_too_young(&one.profile, today, self.settings.sign_up_age_min_years);
        if candidates.iter().any(young) {
            return Err(RegisterRefused::TooYoung);
        }
        let news = news(&id.to_string(), &Registered { customer: id, kyc }, now)?;
        self.admit(&candidates, news).await.map_err(|(_, refused)| refused)?;
        metrics::counter!("customers_registered").increment(1);
        Ok(())
    }

    async fn register_many(
        &self,
        batch: Vec<(CustomerId, Profile, Kyc)>,
    ) -> Result<(), (usize, RegisterRefused)> {
        let now = self.clock.now();
        let count = batch.len() as u64;
        let candidates = self.candidates(batch, BusinessDate::in_china(now))?;
        let Some(first) = candidates.first() else { return Ok(()) };
        let news = news(&first.id.to_string(), &TakenOver { count }, now);
        self.admit(&candidates, news.map_err(|unavailable| (0, unavailable.into()))?).await?;
        metrics::counter!("customers_registered").increment(count);
        Ok(())
    }

    async fn profile(&self, id: CustomerId) -> Result<Option<(Profile, Kyc)>, Unavailable> {
        let known = self.known(&[id]).await?;
        Ok(known.into_iter().next().map(|known| (known.profile, known.kyc)))
    }

    async fn profiles(&self, ids: &[CustomerId]) -> Result<Vec<Option<(Profile, Kyc)>>, Unavailable> {
        let known = self.known(ids).await?;
        let by_id: HashMap<CustomerId, (Profile, Kyc)> =
            known.into_iter().map(|known| (known.id, (known.profile, known.kyc))).collect();
        Ok(ids.iter().map(|id| by_id.get(id).cloned()).collect())
    }

    async fn by_phone(&self, phone: &str) -> Result<Option<CustomerId>, Unavailable> {
        let Some(phone) = phone::normalize(phone) else { return Ok(None) };
        let hash = sealing::phone_hash(&self.keys, &phone);
        Ok(store::id_by_phone(&self.db, hash).await.map_err(Failed::from)?)
    }

    async fn documents(&self) -> Result<Vec<Agreement>, Unavailable> {
        Ok(self.current())
    }

    async fn agree(
        &self,
        customer: CustomerId,
        agreements: Vec<Agreement>,
        channel: Channel,
    ) -> Result<(), Unavailable> {
        Ok(self.keep_agreements(customer, agreements, channel).await?)
    }

    async fn consents_to(&self, customer: CustomerId, purpose: ConsentPurpose) -> Result<bool, Unavailable> {
        Ok(self.holds(customer, purpose).await?)
    }

    async fn erase(&self, id: CustomerId, kept_until: Option<Timestamp>) -> Result<bool, Unavailable> {
        self.hide_and_erase(id, kept_until).await
    }
}
