//! The witness: signed statements of where the journal ends, held outside, by which a journal that was rolled back
//! or exchanged is found though it is right in itself.
//!
//! At each turn, and at each orderly stop, the bank signs a [`Statement`] of its last durable record and appends it
//! to a file, hands it to an HTTP endpoint, or both. At the next start the journal must hold that very record: one
//! that ends before it is *behind*, one that has another in its place is *beside*. Statements form a chain of their
//! own, and each holds the root of a tree over all records, so that one entry of a record can be proved with a few
//! hashes ([`mod@crate::proof`]).
//!
//! With both, the file is written first: what the endpoint holds, the file holds too. Cost: per turn one
//! signature, one append and the hashes of the records since the last one; none of it stands before a reply.

pub(crate) mod endpoint;
pub(crate) mod file;
pub mod key;
pub(crate) mod look;
mod make;
pub mod statement;

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clock::Timestamp;
use proofs::Tree;
use tokio::sync::Mutex;

use crate::config::WitnessSettings;
use crate::hash::Hash;
use crate::journal::{Journal, Position, ReadFailed};
use crate::record::Unreadable;

use self::endpoint::Endpoint;
use self::file::StatementFile;
use self::key::{KeyRefused, PublicKey, WitnessKey, key_file, secret_file};
use self::statement::{Signed, Unsound};

pub use self::make::by_itself;

/// How many statements wait for an endpoint that does not answer; beyond, the oldest are left out.
const UNSENT_MAX: usize = 10_000;

/// How long statements are handed out in one turn; what is left then waits for the next, and holds up no stop.
const SENDING: Duration = Duration::from_secs(5);

/// Why a journal, or the witness itself, is refused.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The key.
    #[error(transparent)]
    Key(#[from] KeyRefused),
    /// The address is none.
    #[error("`{0}` is no address of a witness; it must be `http://host:port/path`")]
    Url(String),
    /// The file cannot be read or written.
    #[error("the witness's file `{path}` cannot be read or written: {source}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The endpoint does not answer, and it must.
    #[error("the witness `{url}` cannot be asked: {why}")]
    Unreachable {
        /// Which.
        url: String,
        /// Why.
        why: String,
    },
    /// What the witness holds is no statement of this bank.
    #[error("witness {witness}: {what}")]
    Unsound {
        /// Which witness, and where in it.
        witness: String,
        /// What is wrong.
        #[source]
        what: Unsound,
    },
    /// A statement does not follow the one before it.
    #[error("witness {witness}: statement {number} does not follow statement {before}")]
    Chain {
        /// Which witness, and where in it.
        witness: String,
        /// The statement.
        number: u64,
        /// The one before it; 0 for none.
        before: u64,
    },
    /// File and endpoint hold different statements.
    #[error(
        "the witnesses hold different statements: {one} ends with statement {first}, {other} with statement {second}"
    )]
    Apart {
        /// The file.
        one: String,
        /// Its last statement.
        first: u64,
        /// The endpoint.
        other: String,
        /// Its last statement.
        second: u64,
    },
    /// The journal ends before the last witnessed record.
    #[error(
        "the journal is behind its witness: it ends with record {head}, but statement {number} ({witness}) was signed for record {sequence}; an older copy was put in its place. If that was done on purpose, move the witness's statements aside"
    )]
    Behind {
        /// Where the journal ends.
        head: u64,
        /// The statement.
        number: u64,
        /// Which witness.
        witness: String,
        /// The record that it names.
        sequence: u64,
    },
    /// The journal holds another record in the place of the witnessed one.
    #[error(
        "the journal is beside its witness: its record {sequence} has the hash {found}, but statement {number} ({witness}) was signed for {witnessed}; it is another journal, or was written anew"
    )]
    Beside {
        /// The record.
        sequence: u64,
        /// Its hash in the journal.
        found: String,
        /// The statement.
        number: u64,
        /// Which witness.
        witness: String,
        /// The hash that the statement names.
        witnessed: String,
    },
    /// The tree of the records is not the one that was signed.
    #[error(
        "the journal is beside its witness: the tree of records up to {sequence} is not the one of statement {number} ({witness})"
    )]
    OtherTree {
        /// The record.
        sequence: u64,
        /// The statement.
        number: u64,
        /// Which witness.
        witness: String,
    },
    /// The journal cannot be read.
    #[error(transparent)]
    Read(#[from] ReadFailed),
    /// A record that is to be witnessed cannot be read.
    #[error("record {0} cannot be read")]
    Record(u64, #[source] Unreadable),
    /// The signature could not be made.
    #[error("the statement could not be signed")]
    Unsigned,
    /// A statement was not taken; it is kept and sent again.
    #[error("the witness `{url}` did not take statement {number}: {why}")]
    NotTaken {
        /// Which.
        url: String,
        /// The statement.
        number: u64,
        /// Why.
        why: String,
    },
}

/// What is known of the statements made so far.
#[derive(Debug, Default)]
struct Known {
    /// The last statement of the chain.
    last: Option<Arc<Signed>>,
    /// The tree as far as it was grown.
    tree: Option<Tree>,
    /// What the endpoint was not yet given, the oldest first.
    unsent: VecDeque<Arc<Signed>>,
    /// Whether file and endpoint were read, so that `last` is the last.
    complete: bool,
}

/// The bank's witness: where its statements go.
#[derive(Debug)]
pub struct Witness {
    key: WitnessKey,
    file: Option<StatementFile>,
    endpoint: Option<Endpoint>,
    required: bool,
    known: Mutex<Known>,
}

impl Witness {
    /// The witness of these settings, with its key in the data directory made where there is none; `None` where
    /// the settings name no witness.
    ///
    /// # Errors
    /// [`Refused::Key`], [`Refused::Url`], [`Refused::File`].
    pub fn try_new(settings: &WitnessSettings, data_dir: &Path) -> Result<Option<Self>, Refused> {
        if !settings.is_set() {
            return Ok(None);
        }
        let endpoint = settings.url.as_deref();
        let endpoint = endpoint.map(|url| Endpoint::parse(url).ok_or_else(|| Refused::Url(url.to_owned())));
        let endpoint = endpoint.transpose()?;
        let file = settings.file.clone().map(StatementFile::new);
        let path = key_file(data_dir);
        let begun = match &file {
            Some(file) => file.last().map_err(|error| unusable(file, error))?.is_some(),
            None => false,
        };
        let key = match WitnessKey::read(&secret_file(&path)).map_err(KeyRefused::from)? {
            Some(key) => key,
            None if begun => return Err(KeyRefused::Missing(path.display().to_string()).into()),
            None => WitnessKey::read_or_create(&secret_file(&path)).map_err(KeyRefused::from)?,
        };
        Ok(Some(Self { key, file, endpoint, required: settings.required, known: Mutex::default() }))
    }

    /// What others check its signatures with.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.key.public()
    }

    /// Compares the last statement that is held outside with the journal: cheap, for every start.
    ///
    /// # Errors
    /// [`Refused`]: the journal is behind or beside, or the witness itself is not right. An endpoint that does not
    /// answer refuses only where it is required; else it is asked again at the next turn.
    pub async fn check(&self, journal: &dyn Journal) -> Result<(), Refused> {
        let mut known = self.known.lock().await;
        match self.learn(&mut known, journal).await {
            Err(Refused::Unreachable { url, why }) if !self.required => {
                tracing::warn!(
                    url,
                    why,
                    "the witness cannot be asked whether this journal is the last; it is asked again"
                );
                Ok(())
            }
            done => done,
        }
    }

    /// The last statement that is known, once [`Self::check`] or [`Self::turn`] has looked.
    pub async fn last(&self) -> Option<Arc<Signed>> {
        self.known.lock().await.last.clone()
    }

    /// Makes a statement of `head`, the last durable record, where there is none yet, and hands it out with what
    /// was not taken before. What fails is tried again at the next turn; nothing is lost but time.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn turn(&self, journal: &dyn Journal, head: Position, now: Timestamp) -> Result<(), Refused> {
        let mut known = self.known.lock().await;
        let mut silent = None;
        if !known.complete {
            match self.learn(&mut known, journal).await {
                // The file says where the chain ends; an endpoint without one must be asked first.
                Err(error @ Refused::Unreachable { .. }) if self.file.is_some() => silent = Some(error),
                done => done?,
            }
        }
        let witnessed = known.last.as_ref().map_or(0, |last| last.statement.sequence);
        if head.sequence > witnessed {
            let last = known.last.clone();
            let tree = known.tree.take().filter(|tree| tree.count() <= head.sequence);
            let tree = tree.or_else(|| last.as_ref().map(|last| last.tree.clone()));
            let follows = last
                .as_ref()
                .map_or((1, [0; 32]), |last| (last.statement.number + 1, last.statement.chain_hash()));
            let signed = Arc::new(make::make(&self.key, journal, head, now, follows, tree).await?);
            known.tree = Some(signed.tree.clone());
            self.keep(&signed).await.inspect_err(|_| known.complete = false)?;
            metrics::counter!("ledger_statements").increment(1);
            known.last = Some(Arc::clone(&signed));
            if self.endpoint.is_some() {
                known.unsent.push_back(signed);
            }
        }
        match silent {
            Some(error) => Err(error),
            None => self.send(&mut known).await,
        }
    }

    /// Appends to the file.
    async fn keep(&self, signed: &Signed) -> Result<(), Refused> {
        let Some(file) = self.file.clone() else { return Ok(()) };
        let line = signed.to_line();
        let appended =
            tokio::task::spawn_blocking(move || file.append(&line).map_err(|error| unusable(&file, error)));
        appended.await.map_err(|_| Refused::Unsigned)?
    }

    /// Gives the endpoint what it has not got.
    async fn send(&self, known: &mut Known) -> Result<(), Refused> {
        let Some(endpoint) = &self.endpoint else { return Ok(()) };
        while known.unsent.len() > UNSENT_MAX {
            known.unsent.pop_front();
        }
        let until = Instant::now() + SENDING;
        while let Some(signed) = known.unsent.front().filter(|_| Instant::now() < until) {
            endpoint.post(&signed.to_line()).await.map_err(|why| Refused::NotTaken {
                url: endpoint.url().to_owned(),
                number: signed.statement.number,
                why,
            })?;
            known.unsent.pop_front();
        }
        Ok(())
    }
}

fn unusable(file: &StatementFile, source: std::io::Error) -> Refused {
    Refused::File { path: file.path().display().to_string(), source }
}

/// Hexadecimal digits of a hash.
fn digits(hash: &Hash) -> String {
    hex::encode(hash)
}

#[cfg(test)]
mod tests;
