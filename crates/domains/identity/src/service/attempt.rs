//! Counting the tries at somebody's password (decision 0006).
//!
//! A try is counted before the password is looked at, so that guesses sent at once are counted like guesses in a row;
//! a right one is given back. Who tries from a device that signed this owner in before has a budget of their own,
//! which strangers cannot spend.

use clock::Timestamp;
use contracts::identity::Locked;
use ids::{CustomerId, DeviceId};
use secrecy::Secret;

use super::{Caller, Identities, announce};
use crate::error::Refused;
use crate::model::door::Standing;
use crate::model::source::is_same_kind;
use crate::model::tries::Budget;
use crate::store::{self, Hash, Owner, TriesKey};

const QUARTER_S: u32 = 15 * 60;
const HOUR_S: u32 = 3600;

/// A try that was counted and not yet decided.
pub(super) struct Attempt {
    /// Cleared by a right password.
    clear: Vec<Hash>,
    /// Given back by a right password.
    refund: Vec<Hash>,
    /// Until when further tries are held if this one is wrong.
    held_until: Option<Timestamp>,
    /// Whether a device is there that signed this owner in before.
    pub(super) standing: Standing,
    /// The device of the cookie that came, where it ever signed anybody in.
    pub(super) device: Option<(Secret<String>, DeviceId)>,
}

impl Attempt {
    /// A try that was decided elsewhere.
    pub(super) const fn none(device: Option<(Secret<String>, DeviceId)>) -> Self {
        Self { clear: Vec::new(), refund: Vec::new(), held_until: None, standing: Standing::New, device }
    }

    /// What a right try does to the counts, inside the transaction that it leads to.
    pub(super) async fn settle(&self, tx: &sea_orm::DatabaseTransaction) -> Result<(), sea_orm::DbErr> {
        for key in &self.clear {
            store::clear_tries(tx, key).await?;
        }
        for key in &self.refund {
            store::refund_tries(tx, key).await?;
        }
        Ok(())
    }

    pub(super) fn counted(&self) -> (Vec<Hash>, Vec<Hash>) {
        (self.clear.clone(), self.refund.clone())
    }
}

impl Identities {
    /// Counts a try at signing in as `owner` under the name hashed to `name`.
    pub(super) async fn begin(
        &self,
        scope: &str,
        name: &Hash,
        owner: Owner,
        caller: &Caller,
    ) -> Result<Attempt, Refused> {
        let device = self.device(caller).await?;
        let (known, standing) = match self.known_to(owner, device.as_ref(), caller).await? {
            Some((known, standing)) => (Some(known), standing),
            None => (None, Standing::New),
        };
        let s = &self.settings;
        let network = caller.network.as_bytes();
        let counted = |what: &str, parts: [&[u8]; 2], budget: Budget| -> TriesKey {
            (self.tries_key(&format!("{scope}.{what}"), parts), budget)
        };
        let (keys, clear) = match known {
            Some(known) => {
                let budget = self.wrong_budget(s.tries_known_device_max, QUARTER_S);
                (vec![counted("known", [name, &known.to_bytes()], budget)], 1)
            }
            None => (
                vec![
                    counted("stranger", [name, network], self.wrong_budget(s.tries_stranger_max, QUARTER_S)),
                    counted("name", [name, b""], self.wrong_budget(s.tries_name_hour_max, HOUR_S)),
                    (
                        self.tries_key("address", [network, b""]),
                        self.wrong_budget(s.tries_address_max, QUARTER_S),
                    ),
                ],
                1,
            ),
        };
        let turn = self.turn(caller).await;
        let held_until = self.count(keys.clone()).await?;
        drop(turn);
        let hashes: Vec<Hash> = keys.iter().map(|(key, _)| *key).collect();
        let (clear, refund) = hashes.split_at_checked(clear).unwrap_or((&hashes, &[]));
        Ok(Attempt { clear: clear.to_vec(), refund: refund.to_vec(), held_until, standing, device })
    }

    /// Counts a try at the password by somebody who is signed in.
    pub(super) async fn begin_signed_in(&self, session: ids::SessionId) -> Result<Attempt, Refused> {
        let budget = self.wrong_budget(self.settings.tries_known_device_max, QUARTER_S);
        let key = self.tries_key("session", [&session.to_bytes(), b""]);
        let held_until = self.count(vec![(key, budget)]).await?;
        Ok(Attempt {
            clear: vec![key],
            refund: Vec::new(),
            held_until,
            standing: Standing::Known,
            device: None,
        })
    }

    /// Counts a try at a code of the authenticator app of `customer`, wherever it is made. Whoever comes so far proved the
    /// password or is signed in: strangers hold up nobody.
    pub(super) async fn begin_totp_try(&self, customer: CustomerId) -> Result<Attempt, Refused> {
        let key = self.totp_tries(customer);
        let turn = self.turn_of(customer.to_bytes()).await;
        let held_until = self.count(vec![(key, self.totp_budget())]).await?;
        drop(turn);
        Ok(Attempt {
            clear: vec![key],
            refund: Vec::new(),
            held_until,
            standing: Standing::Known,
            device: None,
        })
    }

    pub(super) fn totp_tries(&self, customer: CustomerId) -> Hash {
        self.tries_key("totp", [&customer.to_bytes(), b""])
    }

    /// The password was wrong: what was counted stays. Tells the others where tries are held from now on.
    pub(super) async fn wrong(&self, attempt: &Attempt, customer: Option<CustomerId>) -> Result<(), Refused> {
        let Some(until) = attempt.held_until else { return Ok(()) };
        // Written for unknown names too: an unknown name must not answer sooner than a known one.
        let (news, now) = (Locked { customer, pin: false, until }, self.now());
        let key = customer.map_or_else(String::new, |customer| customer.to_string());
        tracing::warn!(%until, "too many wrong passwords; further tries are held");
        self.db
            .write(move |tx| {
                let (news, key) = (news.clone(), key.clone());
                Box::pin(async move { announce(tx, &key, &news, now).await })
            })
            .await
            .map_err(Refused::Store)
    }

    /// Nothing was decided: the try is given back.
    pub(super) async fn undecided(&self, attempt: &Attempt) -> Result<(), Refused> {
        let (clear, refund) = attempt.counted();
        let all: Vec<Hash> = clear.into_iter().chain(refund).collect();
        self.db
            .write(move |tx| {
                let all = all.clone();
                Box::pin(async move {
                    for key in &all {
                        store::refund_tries(tx, key).await?;
                    }
                    Ok::<(), sea_orm::DbErr>(())
                })
            })
            .await
            .map_err(Refused::Store)
    }

    /// Counts one try for each key or refuses; says until when the next would be held.
    pub(super) async fn count(&self, keys: Vec<TriesKey>) -> Result<Option<Timestamp>, Refused> {
        let (now, budgets) = (self.now(), keys.clone());
        let taken = self
            .db
            .write(move |tx| {
                let keys = keys.clone();
                Box::pin(async move { store::take_tries(tx, &keys, now).await })
            })
            .await
            .map_err(Refused::Store)?
            .map_err(|until| self.refused_until(until))?;
        let held =
            taken.iter().zip(&budgets).filter_map(|(tries, (_, budget))| tries.held_until(budget, now));
        Ok(held.max())
    }

    /// The device of a cookie, where it signed `owner` in before, and whether it is there itself: with the key that it had, and of the same kind.
    pub(super) async fn known_to(
        &self,
        owner: Owner,
        device: Option<&(Secret<String>, DeviceId)>,
        caller: &Caller,
    ) -> Result<Option<(DeviceId, Standing)>, Refused> {
        let Some((_, device)) = device else { return Ok(None) };
        let known = store::known_device(self.db.reader(), owner, *device).await?;
        let key = caller.device_key.map(|key| *key.as_bytes());
        Ok(known.map(|known| {
            let standing = match (known.is_there(key), is_same_kind(&known.name, &caller.device_name)) {
                (false, _) => Standing::New,
                (true, false) => Standing::Changed,
                (true, true) => Standing::Known,
            };
            (known.device, standing)
        }))
    }

    /// The device of the cookie that came, where it ever signed anybody in. Any other cookie is nobody's.
    pub(super) async fn device(
        &self,
        caller: &Caller,
    ) -> Result<Option<(Secret<String>, DeviceId)>, Refused> {
        let Some(token) = &caller.device else { return Ok(None) };
        let device = store::device_of_token(self.db.reader(), &self.token_hash(token)).await?;
        Ok(device.map(|device| (token.clone(), device)))
    }

    /// What tries are counted under: nothing of whom or where can be read from it.
    pub(super) fn tries_key(&self, scope: &str, [one, two]: [&[u8]; 2]) -> Hash {
        let length = (one.len() as u64).to_be_bytes();
        self.keys.mac(&format!("identity.tries.{scope}"), &[&length, one, two].concat())
    }
}
