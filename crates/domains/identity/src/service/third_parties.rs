//! Third parties: registering them and their keys, and the tokens with which their programs ask (decision 0027).
//!
//! A program proves who it is by an assertion signed with a registered key (RFC 7523), and gets a token for a short
//! while. The token is bound to a key that the program proves to hold with each request (RFC 9449), so that a token which
//! is read somewhere opens nothing. There is nothing to renew it with: the next assertion gets the next token.

use contracts::identity::{Assurance, Channel, EndReason, Principal, Scope, Session, SignedIn};
use dpop::{Assertion, AssertionRefused, PublicKey, Thumbprint};
use ids::{DeviceId, SessionId, SignInId, StaffId, ThirdPartyId};
use secrecy::Secret;

use super::{Caller, Identities, announce, end, random_token};
use crate::error::{Field, Refused, ThirdPartyRefused};
use crate::model::later;
use crate::model::method::Method;
use crate::model::tries::Budget;
use crate::store::{self, SessionRow, SignInRow, ThirdPartyKeyRow, ThirdPartyRow, Whose};

const HOUR_S: u32 = 3600;
/// Characters of a name.
const NAME_MAX: usize = 60;
/// Keys of one third party: the one in use, the next one, and one more for a mistake.
const KEYS_MAX: usize = 3;

/// A third party to be registered.
pub(crate) struct NewThirdParty {
    pub(crate) name: String,
    pub(crate) scopes: Vec<Scope>,
    /// A JSON Web Key, public.
    pub(crate) jwk: String,
}

/// A third party as staff see it.
pub(crate) struct ThirdPartySeen {
    pub(crate) row: ThirdPartyRow,
    /// The oldest first.
    pub(crate) keys: Vec<ThirdPartyKeyRow>,
    /// The last time that it asked for a token.
    pub(crate) last: Option<SignInRow>,
}

/// What a program asks for.
pub(crate) struct TokenAsked<'a> {
    pub(crate) assertion: &'a str,
    /// Who it says to be, where it says so beside the assertion.
    pub(crate) third_party: Option<&'a str>,
    /// Words with spaces between; `None`: all that it is registered for.
    pub(crate) scope: Option<&'a str>,
    /// What assertions for this bank may name as their audience.
    pub(crate) audiences: Vec<String>,
}

/// What a program gets.
pub(crate) struct TokenGiven {
    pub(crate) token: Secret<String>,
    pub(crate) scopes: Vec<Scope>,
}

impl NewThirdParty {
    /// Its name, its scopes, each once and in order, and its key.
    ///
    /// # Errors
    /// [`Refused::Invalid`].
    pub(crate) fn checked(&self) -> Result<(String, Vec<Scope>, PublicKey), Refused> {
        let name = self.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
            return Err(Refused::Invalid(Field::ThirdPartyName));
        }
        let mut scopes = self.scopes.clone();
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            return Err(Refused::Invalid(Field::Scopes));
        }
        Ok((name, scopes, read_key(&self.jwk)?))
    }
}

impl Identities {
    /// Registers one on the word of `by`.
    ///
    /// # Errors
    /// [`Refused::Invalid`], [`Refused::ThirdParty`], [`Refused::Store`].
    pub(crate) async fn add_third_party(
        &self,
        by: StaffId,
        new: &NewThirdParty,
    ) -> Result<ThirdPartySeen, Refused> {
        let (name, scopes, key) = new.checked()?;
        let now = self.now();
        let row = ThirdPartyRow { id: ThirdPartyId::mint(), name, scopes, added_at: now, added_by: by };
        let key = ThirdPartyKeyRow { third_party: row.id, key, added_at: now };
        let written = (row.clone(), key.clone());
        self.db
            .write(move |tx| {
                let (row, key) = written.clone();
                Box::pin(async move {
                    if store::third_parties(tx).await?.iter().any(|other| other.name == row.name) {
                        return Err(ThirdPartyRefused::NameTaken.into());
                    }
                    store::insert_third_party(tx, &row).await?;
                    insert_key(tx, &key).await
                })
            })
            .await?;
        tracing::info!(third_party.id = %row.id, by = %by, "a third party was registered");
        Ok(ThirdPartySeen { row, keys: vec![key], last: None })
    }

    /// All that are registered, by name.
    ///
    /// # Errors
    /// [`Refused::Store`].
    pub(crate) async fn third_parties(&self) -> Result<Vec<ThirdPartySeen>, Refused> {
        let reader = self.db.reader();
        let keys = store::third_party_keys(reader, None).await?;
        let mut seen = Vec::new();
        for row in store::third_parties(reader).await? {
            let keys = keys.iter().filter(|key| key.third_party == row.id).cloned().collect();
            let last = store::sign_ins_of(reader, row.id.to_bytes(), None, 1).await?.pop();
            seen.push(ThirdPartySeen { row, keys, last });
        }
        Ok(seen)
    }

    /// Removes one; its tokens are nobody's at once.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::Store`].
    pub(crate) async fn remove_third_party(&self, id: ThirdPartyId) -> Result<(), Refused> {
        let _alone = self.opening.write().await;
        let now = self.now();
        let ended = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    store::third_party(tx, id).await?.ok_or(Refused::NotFound)?;
                    store::remove_third_party(tx, id, now).await?;
                    for key in store::third_party_keys(tx, Some(id)).await? {
                        store::remove_third_party_key(tx, key.key.thumbprint(), now).await?;
                    }
                    let whose = Whose::ThirdParty(id);
                    Ok::<_, Refused>(end(tx, whose, |_| true, EndReason::ThirdPartyChanged, now).await?)
                })
            })
            .await?;
        self.sessions.remove(&ended);
        tracing::info!(third_party.id = %id, "a third party was removed");
        Ok(())
    }

    /// Registers a further key of one.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::Invalid`], [`Refused::ThirdParty`], [`Refused::Store`].
    pub(crate) async fn add_third_party_key(&self, id: ThirdPartyId, jwk: &str) -> Result<(), Refused> {
        let key = ThirdPartyKeyRow { third_party: id, key: read_key(jwk)?, added_at: self.now() };
        self.db
            .write(move |tx| {
                let key = key.clone();
                Box::pin(async move {
                    store::third_party(tx, id).await?.ok_or(Refused::NotFound)?;
                    if store::third_party_keys(tx, Some(id)).await?.len() >= KEYS_MAX {
                        return Err(ThirdPartyRefused::KeysFull.into());
                    }
                    insert_key(tx, &key).await
                })
            })
            .await
    }

    /// Takes a key away, but never the last one. Whoever held it may have opened sessions: all of them end.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::ThirdParty`], [`Refused::Store`].
    pub(crate) async fn remove_third_party_key(
        &self,
        id: ThirdPartyId,
        thumbprint: Thumbprint,
    ) -> Result<(), Refused> {
        let _alone = self.opening.write().await;
        let now = self.now();
        let ended = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let keys = store::third_party_keys(tx, Some(id)).await?;
                    if !keys.iter().any(|key| *key.key.thumbprint() == thumbprint) {
                        return Err(Refused::NotFound);
                    }
                    if keys.len() == 1 {
                        return Err(ThirdPartyRefused::LastKey.into());
                    }
                    store::remove_third_party_key(tx, &thumbprint, now).await?;
                    let whose = Whose::ThirdParty(id);
                    Ok(end(tx, whose, |_| true, EndReason::ThirdPartyChanged, now).await?)
                })
            })
            .await?;
        self.sessions.remove(&ended);
        Ok(())
    }

    /// A token for a program that proves by its assertion of which third party it is.
    ///
    /// # Errors
    /// [`Refused::TooMany`]; [`Refused::ThirdParty`], of which some are recorded as refused sign-ins;
    /// [`Refused::Store`].
    pub(crate) async fn give_token(
        &self,
        asked: &TokenAsked<'_>,
        caller: &Caller,
    ) -> Result<TokenGiven, Refused> {
        let budget = Budget::per(self.settings.third_party_tokens_per_address_hour_max, HOUR_S);
        let key = self.tries_key("third_party.address", [caller.network.as_bytes(), b""]);
        let turn = self.turn(caller).await;
        self.count(vec![(key, budget)]).await?;
        drop(turn);
        let Some(device_key) = caller.device_key else { return Err(ThirdPartyRefused::ProofMissing.into()) };
        let assertion = Assertion::read(asked.assertion).map_err(ThirdPartyRefused::Assertion)?;
        let id: Option<ThirdPartyId> = assertion.issuer().parse().ok();
        if asked.third_party.is_some_and(|named| named != assertion.issuer()) {
            return Err(ThirdPartyRefused::Assertion(AssertionRefused::Subject).into());
        }
        let row = match id {
            Some(id) => store::third_party(self.db.reader(), id).await?,
            None => None,
        };
        let row = row.ok_or(ThirdPartyRefused::Unknown)?;
        let keys = store::third_party_keys(self.db.reader(), Some(row.id)).await?;
        let keys: Vec<PublicKey> = keys.into_iter().map(|row| row.key).collect();
        let now = self.now().as_second();
        let checked = assertion.check(&asked.audiences, now).and_then(|()| {
            if assertion.is_signed_by(&keys) { Ok(()) } else { Err(AssertionRefused::Signature) }
        });
        if let Err(refused) = checked {
            metrics::counter!("identity_assertions_refused", "code" => refused.code()).increment(1);
            self.refused(row.id.to_bytes(), Method::Assertion, &of_program(caller)).await?;
            return Err(ThirdPartyRefused::Assertion(refused).into());
        }
        let scopes = within(asked.scope, &row.scopes)?;
        self.open_third_party(&row, scopes, &assertion, device_key, caller).await
    }

    async fn open_third_party(
        &self,
        row: &ThirdPartyRow,
        scopes: Vec<Scope>,
        assertion: &Assertion<'_>,
        device_key: Thumbprint,
        caller: &Caller,
    ) -> Result<TokenGiven, Refused> {
        let _opening = self.opening.read().await;
        let (now, token, id) = (self.now(), random_token(), row.id);
        let session = Session {
            id: SessionId::mint(),
            principal: Principal::ThirdParty(id, scopes.clone()),
            channel: Channel::OpenApi,
            device: DeviceId::mint(),
            assurance: Assurance::OneFactor,
            started_at: now,
            expires_at: later(now, self.settings.third_party_token_s),
            device_key: Some(device_key.to_string()),
            emergency_until: None,
        };
        let opened = SessionRow {
            token_hash: self.token_hash(&token),
            device_name: String::new(),
            last_seen_at: now,
            method: Method::Assertion,
            proved_at: now,
            parent: None,
            through: None,
            session,
        };
        let seen = self.sign_in_row(SignInId::mint(), Method::Assertion, false, &of_program(caller));
        let number = [&id.to_bytes(), assertion.id().as_bytes()].concat();
        let number = self.keys.mac("identity.assertion", &number);
        let good_until = clock::Timestamp::from_second(assertion.good_until()).unwrap_or(now);
        let written = opened.clone();
        self.db
            .write(move |tx| {
                let (row, seen) = (written.clone(), seen.clone());
                Box::pin(async move {
                    store::third_party(tx, id).await?.ok_or(ThirdPartyRefused::Unknown)?;
                    if !store::answer_challenge(tx, &number, good_until).await? {
                        return Err(ThirdPartyRefused::Assertion(AssertionRefused::Replayed).into());
                    }
                    store::insert_session(tx, &row).await?;
                    store::insert_sign_in(tx, id.to_bytes(), &seen).await?;
                    let Session { id, principal, channel, device, .. } = row.session;
                    let news = SignedIn { session: id, principal, channel, device };
                    Ok::<(), Refused>(announce(tx, &id.to_string(), &news, now).await?)
                })
            })
            .await?;
        self.sessions.insert(opened);
        metrics::counter!("identity_sessions_opened").increment(1);
        Ok(TokenGiven { token, scopes })
    }
}

/// A program is no browser.
fn of_program(caller: &Caller) -> Caller {
    Caller { channel: Channel::OpenApi, device_name: String::new(), ..caller.clone() }
}

/// A public key.
///
/// # Errors
/// [`Refused::Invalid`].
pub(crate) fn read_key(jwk: &str) -> Result<PublicKey, Refused> {
    PublicKey::of_jwk(jwk).map_err(|refused| match refused {
        dpop::Refused::KEY_PRIVATE => Refused::Invalid(Field::PrivateKey),
        _ => Refused::Invalid(Field::PublicKey),
    })
}

async fn insert_key(tx: &sea_orm::DatabaseTransaction, key: &ThirdPartyKeyRow) -> Result<(), Refused> {
    if store::insert_third_party_key(tx, key).await? {
        return Ok(());
    }
    Err(ThirdPartyRefused::KeyTaken.into())
}

/// What of `registered` is asked for.
fn within(asked: Option<&str>, registered: &[Scope]) -> Result<Vec<Scope>, Refused> {
    let Some(asked) = asked else { return Ok(registered.to_vec()) };
    let known = |word: &str| Scope::of_word(word).filter(|scope| registered.contains(scope));
    let scopes: Option<Vec<Scope>> = asked.split_whitespace().map(known).collect();
    let mut scopes = scopes.filter(|scopes| !scopes.is_empty()).ok_or(ThirdPartyRefused::Scope)?;
    scopes.sort_unstable();
    scopes.dedup();
    Ok(scopes)
}
