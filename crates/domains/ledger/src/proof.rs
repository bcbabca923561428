//! The proof that a transfer is in the bank's journal, which needs no bank to be checked.
//!
//! A proof holds the signed statement of a later record, and of the record of the transfer the head, the chunk of
//! at most 32 entries in which the transfer stands, and two audit paths (RFC 6962): from the chunk to the Merkle
//! root in the head, and from the hash of the head to the root of the tree over all records, which is signed. So
//! it grows with the logarithm of the journal. Entries name accounts by number; of each account the proof holds
//! the entry that opened it, proved in the same way, which says its id and asset.
//!
//! It is a file of JSON. There is one way only to write it, and every byte of it is checked. The other entries of
//! a chunk are told with it: a proof is for whoever may see them, such as an auditor or a court.

pub mod make;

use clock::{BusinessDate, Timestamp};
use contracts::ledger::{Act, Asset, Refusal};
use ids::{AccountId, TransferId};
use serde::{Deserialize, Serialize};

use crate::hash::Hash;
use crate::model::{
    Batch, CHUNK_ENTRIES, Did, Effect, Entry, Executed, Truncated, day, decode_format_1, entry_of, instant,
};
use crate::record::{Head, Unreadable, open_head_alone};
use crate::witness::key::{PublicKey, SIGNATURE_BYTES};
use crate::witness::statement::{Statement, Unsound, check_signature};

const TAG: &str = "yuanhang.ledger.proof.1";

/// An entry of the journal with its way up to the root of the tree over all records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// The bytes of the record's head.
    pub head: Vec<u8>,
    /// The entry's place in the record, from 0.
    pub place: u32,
    /// The bytes of the chunk in which it stands (format 1: of the entry).
    pub chunk: Vec<u8>,
    /// From the chunk to the Merkle root in the head.
    pub chunk_path: Vec<Hash>,
    /// From the hash of the head to the root of the tree.
    pub record_path: Vec<Hash>,
}

/// A proof that a transfer is in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The transfer's id.
    pub transfer: TransferId,
    /// What the bank signed.
    pub statement: Statement,
    /// Its signature.
    pub signature: [u8; SIGNATURE_BYTES],
    /// The transfer.
    pub entry: Leaf,
    /// The opening of the account debited and of the account credited; empty where nothing names accounts.
    pub accounts: Vec<Leaf>,
}

/// An account as a proof knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Party {
    /// Its number, in the order of opening, from 0.
    pub number: u32,
    /// Its id.
    pub account: AccountId,
    /// What it holds.
    pub asset: Asset,
}

/// What became of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// It was posted.
    Posted,
    /// It was made as a hold.
    Held,
    /// It posted a hold.
    HoldPosted,
    /// It was refused.
    Refused(Refusal),
    /// It was a command that moves no amount.
    Other,
}

/// What a proof proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved {
    /// The transfer's id.
    pub transfer: TransferId,
    /// What became of it.
    pub deed: Deed,
    /// The accounts debited and credited, where the deed names accounts.
    pub parties: Option<[Party; 2]>,
    /// Minor units, where the deed moves or holds an amount.
    pub amount: Option<u64>,
    /// Booking day; of what is not booked, the business date.
    pub booked_on: BusinessDate,
    /// When.
    pub at: Timestamp,
    /// The record.
    pub sequence: u64,
    /// Its hash.
    pub record: Hash,
    /// The place in it, from 0.
    pub place: u32,
    /// The statement of the bank in which it is included.
    pub statement: Statement,
}

/// What of a proof does not hold. The part is `transfer`, `debit account` or `credit account`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unproved {
    /// Not a proof, or not written as one is.
    #[error("the file is not written as a proof of this version is")]
    Writing,
    /// The statement.
    #[error("the bank's statement does not hold: {0}")]
    Statement(#[from] Unsound),
    /// The head of a record.
    #[error("{part}: the head of its record does not hold: {what}")]
    Head {
        /// Which part.
        part: &'static str,
        /// What is wrong.
        #[source]
        what: Unreadable,
    },
    /// A record of another book.
    #[error("{0}: its record is sealed with another hash than the statement")]
    Algorithm(&'static str),
    /// The entry is not in the record.
    #[error("{0}: its chunk is not in the record whose head is given")]
    NotInRecord(&'static str),
    /// The record is not in the journal.
    #[error("{part}: record {sequence} with this head is not in the journal that the bank signed")]
    NotInJournal {
        /// Which part.
        part: &'static str,
        /// The record's own number.
        sequence: u64,
    },
    /// The entry has no meaning.
    #[error("{part}: the entry in place {place} cannot be read: {what}")]
    Entry {
        /// Which part.
        part: &'static str,
        /// Its place.
        place: u32,
        /// What is wrong.
        #[source]
        what: Truncated,
    },
    /// Another transfer stands there.
    #[error("transfer: in the place that is given another stands")]
    OtherTransfer,
    /// An account's opening is not given, or is another account's.
    #[error("{part}: the entry that is given did not open account number {number}")]
    OtherAccount {
        /// Which part.
        part: &'static str,
        /// The account's number.
        number: u32,
    },
    /// There is more in the file than there is to prove.
    #[error("accounts are given that the transfer does not name")]
    Accounts,
}

const PARTS: [&str; 2] = ["debit account", "credit account"];

/// Checks a proof against the bank's public key: a pure function of the two.
///
/// # Errors
/// [`Unproved`]: the first thing that does not hold.
pub fn check(text: &str, key: &PublicKey) -> Result<Proved, Unproved> {
    Proof::try_from_text(text)?.check(key)
}

impl Proof {
    /// Checks the proof against the bank's public key.
    ///
    /// # Errors
    /// [`Unproved`].
    pub fn check(&self, key: &PublicKey) -> Result<Proved, Unproved> {
        check_signature(&self.statement.to_bytes(), &self.signature, key)?;
        let (head, record, entry) = self.entry.open("transfer", &self.statement)?;
        let Entry::Executed(executed) = entry else { return Err(Unproved::OtherTransfer) };
        if executed.id != self.transfer {
            return Err(Unproved::OtherTransfer);
        }
        let (deed, numbers, amount) = told(&executed);
        let parties = match (numbers, self.accounts.as_slice()) {
            (None, []) => None,
            (Some([debit, credit]), [first, second]) => {
                let [debit_part, credit_part] = PARTS;
                Some([
                    first.party(debit_part, debit, &self.statement)?,
                    second.party(credit_part, credit, &self.statement)?,
                ])
            }
            _ => return Err(Unproved::Accounts),
        };
        Ok(Proved {
            transfer: self.transfer,
            deed,
            parties,
            amount,
            booked_on: day(executed.booked_on),
            at: instant(Batch::instant_of(head.at, self.entry.place)),
            sequence: head.sequence,
            record,
            place: self.entry.place,
            statement: self.statement.clone(),
        })
    }
}

/// What an entry did: the numbers of both accounts and the amount, where it has them.
fn told(executed: &Executed) -> (Deed, Option<[u32; 2]>, Option<u64>) {
    if let Some(posting) = executed.posting() {
        let of_hold = matches!(executed.did, Did::Other { effect: Effect::HoldPosted(_), .. });
        let deed = if of_hold { Deed::HoldPosted } else { Deed::Posted };
        return (deed, Some([posting.debit, posting.credit]), Some(posting.amount));
    }
    match &executed.did {
        Did::Other { act: Act::Transfer(transfer), effect: Effect::Held(holding) } => {
            (Deed::Held, Some([holding.debit, holding.credit]), Some(transfer.amount))
        }
        Did::Other { effect: Effect::Refused(refusal), .. } => (Deed::Refused(*refusal), None, None),
        _ => (Deed::Other, None, None),
    }
}

impl Leaf {
    /// Climbs from the entry to the signed root; returns the record's head, its hash and the entry.
    fn open(&self, part: &'static str, statement: &Statement) -> Result<(Head, Hash, Entry), Unproved> {
        let (head, record, ends) =
            open_head_alone(&self.head).map_err(|what| Unproved::Head { part, what })?;
        let algorithm = statement.algorithm;
        if head.algorithm != algorithm {
            return Err(Unproved::Algorithm(part));
        }
        let (index, count) = if head.format == 1 {
            (self.place, u64::from(head.entries))
        } else {
            (self.place / CHUNK_ENTRIES, ends.len() as u64)
        };
        let leaf = algorithm.leaf(&self.chunk);
        let root = algorithm.root_by_path(leaf, index.into(), count, &self.chunk_path);
        if root != Some(head.root) || self.place >= head.entries {
            return Err(Unproved::NotInRecord(part));
        }
        let root = head.sequence.checked_sub(1).and_then(|index| {
            algorithm.root_by_path(algorithm.leaf(&record), index, statement.sequence, &self.record_path)
        });
        if root != Some(statement.tree) {
            return Err(Unproved::NotInJournal { part, sequence: head.sequence });
        }
        let entry = if head.format == 1 {
            decode_format_1(&self.chunk)
        } else {
            entry_of(&self.chunk, head.date, self.place % CHUNK_ENTRIES)
        };
        let entry = entry.map_err(|what| Unproved::Entry { part, place: self.place, what })?;
        Ok((head, record, entry))
    }

    /// The account of this number, which this entry must have opened.
    fn party(&self, part: &'static str, number: u32, statement: &Statement) -> Result<Party, Unproved> {
        let (_, _, entry) = self.open(part, statement)?;
        match entry {
            Entry::Executed(Executed {
                did: Did::Other { act: Act::OpenAccount(open), effect: Effect::AccountOpened(opened) },
                ..
            }) if opened == number => Ok(Party { number, account: open.account, asset: open.asset }),
            _ => Err(Unproved::OtherAccount { part, number }),
        }
    }
}

/// A proof as JSON.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    proof: String,
    transfer: String,
    statement: String,
    signature: String,
    entry: WrittenLeaf,
    accounts: Vec<WrittenLeaf>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenLeaf {
    head: String,
    place: u32,
    chunk: String,
    chunk_path: Vec<String>,
    record_path: Vec<String>,
}

impl Proof {
    /// The file that it is outside.
    #[must_use]
    pub fn to_text(&self) -> String {
        let written = Written {
            proof: TAG.to_owned(),
            transfer: self.transfer.to_string(),
            statement: hex::encode(self.statement.to_bytes()),
            signature: hex::encode(self.signature),
            entry: WrittenLeaf::of(&self.entry),
            accounts: self.accounts.iter().map(WrittenLeaf::of).collect(),
        };
        serde_json::to_string_pretty(&written).unwrap_or_default() + "\n"
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`Unproved::Writing`] where it is not written exactly as [`Self::to_text`] writes it,
    /// [`Unproved::Statement`].
    pub fn try_from_text(text: &str) -> Result<Self, Unproved> {
        let written: Written = serde_json::from_str(text).map_err(|_| Unproved::Writing)?;
        let statement = hex::decode(&written.statement).map_err(|_| Unproved::Writing)?;
        let statement = Statement::try_from_bytes(&statement)?;
        let proof = written.read(statement).ok_or(Unproved::Writing)?;
        if written.proof == TAG && proof.to_text() == text { Ok(proof) } else { Err(Unproved::Writing) }
    }
}

impl Written {
    fn read(&self, statement: Statement) -> Option<Proof> {
        Some(Proof {
            transfer: self.transfer.parse().ok()?,
            statement,
            signature: hex::decode(&self.signature).ok()?.try_into().ok()?,
            entry: self.entry.read()?,
            accounts: self.accounts.iter().map(WrittenLeaf::read).collect::<Option<_>>()?,
        })
    }
}

impl WrittenLeaf {
    fn of(leaf: &Leaf) -> Self {
        let path = |path: &[Hash]| path.iter().map(hex::encode).collect();
        Self {
            head: hex::encode(&leaf.head),
            place: leaf.place,
            chunk: hex::encode(&leaf.chunk),
            chunk_path: path(&leaf.chunk_path),
            record_path: path(&leaf.record_path),
        }
    }

    fn read(&self) -> Option<Leaf> {
        let path = |path: &[String]| -> Option<Vec<Hash>> {
            path.iter().map(|hash| hex::decode(hash).ok()?.try_into().ok()).collect()
        };
        Some(Leaf {
            head: hex::decode(&self.head).ok()?,
            place: self.place,
            chunk: hex::decode(&self.chunk).ok()?,
            chunk_path: path(&self.chunk_path)?,
            record_path: path(&self.record_path)?,
        })
    }
}

#[cfg(test)]
mod tests;
