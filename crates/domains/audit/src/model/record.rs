//! A record: an act as a line of JSON, whose bytes are what is hashed.
//!
//! The line is written once and never again from what was read, so that a later program may know more fields and still
//! vouches for the bytes of today.

use clock::Timestamp;
use contracts::audit::{Act, Actor, Detail, Subject};
use ids::{EventId, SessionId};
use serde::{Deserialize, Serialize};

/// The most subjects of one act.
pub(crate) const SUBJECTS_MAX: usize = 16;
/// The most bytes of an action, and of an outcome.
const ACTION_BYTES_MAX: usize = 128;
const OUTCOME_BYTES_MAX: usize = 64;

/// A record as it is written. The order of the fields is the order in the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its place among all, from 0.
    pub number: u64,
    /// Minted by whoever told of it.
    pub id: EventId,
    /// When it happened.
    pub at: Timestamp,
    /// Who acted.
    pub actor: Actor,
    /// In which session.
    pub session: Option<SessionId>,
    /// What was done.
    pub action: String,
    /// What it is about.
    pub subjects: Vec<Subject>,
    /// `done`, or the code of a refusal.
    pub outcome: String,
    /// What else is to be known of it. Left out where there is nothing, so that most lines stay as they always were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Detail>,
}

impl Record {
    /// The record of `act` in the place `number`; texts that are too long are cut, and subjects beyond the most left out.
    pub(crate) fn of(number: u64, act: &Act) -> Self {
        Self {
            number,
            id: act.id,
            at: act.at,
            actor: act.actor,
            session: act.session,
            action: cut(&act.action, ACTION_BYTES_MAX),
            subjects: act.subjects.iter().copied().take(SUBJECTS_MAX).collect(),
            outcome: cut(&act.outcome, OUTCOME_BYTES_MAX),
            detail: act.detail.clone(),
        }
    }

    /// The bytes that are hashed.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Whom it names, as an actor or a subject: their keys, sorted, each once.
    pub(crate) fn keys(&self) -> Vec<Vec<u8>> {
        let subjects = self.subjects.iter().map(|about| subject_key(*about));
        let mut keys: Vec<Vec<u8>> = subjects.chain([actor_key(self.actor)]).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Reads a line.
    #[must_use]
    pub fn try_from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

/// At most `bytes_max` bytes of `text`, whole characters.
fn cut(text: &str, bytes_max: usize) -> String {
    text.get(..text.floor_char_boundary(bytes_max)).unwrap_or_default().to_owned()
}

/// An actor as the store finds it again: kind and id.
pub(crate) fn actor_key(actor: Actor) -> Vec<u8> {
    match actor {
        Actor::Customer(id) => key(1, id.to_bytes()),
        Actor::Staff(id) => key(2, id.to_bytes()),
        Actor::ThirdParty(id) => key(7, id.to_bytes()),
        Actor::Bank => vec![0],
    }
}

/// A subject as the store finds it again: kind and id.
pub(crate) fn subject_key(subject: Subject) -> Vec<u8> {
    match subject {
        Subject::Customer(id) => key(1, id.to_bytes()),
        Subject::Staff(id) => key(2, id.to_bytes()),
        Subject::Account(id) => key(3, id.to_bytes()),
        Subject::Transfer(id) => key(4, id.to_bytes()),
        Subject::Session(id) => key(5, id.to_bytes()),
        Subject::Device(id) => key(6, id.to_bytes()),
        Subject::ThirdParty(id) => key(7, id.to_bytes()),
    }
}

fn key(kind: u8, id: [u8; 16]) -> Vec<u8> {
    let mut key = vec![kind];
    key.extend_from_slice(&id);
    key
}
