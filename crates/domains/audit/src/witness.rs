//! Checkpoints: made while something is recorded, kept beside it, and appended to a file outside.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use clock::Timestamp;
use db::Db;
use keys::Keys;
use proofs::{PublicKey, SigningKey};
use sea_orm::ConnectionTrait;

use crate::error::Failed;
use crate::model::checkpoint::Checkpoint;
use crate::proof::Proof;
use crate::store;

/// What distinguishes the secrets that the signing key is derived from; the first one that is a key is it.
const PURPOSE: &str = "audit.checkpoint";

/// The key with which the bank signs checkpoints: derived from its master key, so that every process has the same.
#[must_use]
pub fn signing_key(keys: &Keys) -> Option<SigningKey> {
    (0..u8::MAX).find_map(|attempt| SigningKey::of(&keys.mac(PURPOSE, &[attempt])))
}

/// So much of the end of the file outside holds more than a line.
const TAIL_BYTES: u64 = 4_096;

/// Who signs checkpoints and keeps them.
pub(crate) struct Witness {
    pub(crate) db: Db,
    pub(crate) key: SigningKey,
    pub(crate) file: Option<PathBuf>,
}

impl Witness {
    /// What others check its signatures with.
    pub(crate) fn public_key(&self) -> PublicKey {
        self.key.public()
    }

    /// Signs how the record stands, where that was not signed yet; tells of how many records it then speaks.
    pub(crate) async fn sign(&self, now: Timestamp) -> Result<Option<u64>, Failed> {
        let reader = self.db.reader();
        let tree = store::head(reader).await?;
        let last = store::last_checkpoint(reader).await?;
        if tree.count() == 0 || last.as_ref().is_some_and(|(count, _)| *count >= tree.count()) {
            // One that was kept but not yet appended outside, because the process ended in between.
            if let Some((_, line)) = last {
                self.append_outside(&line)?;
            }
            return Ok(None);
        }
        let checkpoint = Checkpoint { count: tree.count(), root: tree.root(), at: now };
        let Some(line) = checkpoint.sign(&self.key) else { return Ok(None) };
        let (count, kept) = (checkpoint.count, line.clone());
        self.db
            .write(move |tx| {
                let kept = kept.clone();
                Box::pin(async move { store::keep_checkpoint(tx, count, &kept).await })
            })
            .await?;
        self.append_outside(&line)?;
        Ok(Some(count))
    }

    fn unusable(&self, source: std::io::Error) -> Failed {
        let path = self.file.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        Failed::Witness { path, source }
    }

    fn append_outside(&self, line: &str) -> Result<(), Failed> {
        let Some(path) = &self.file else { return Ok(()) };
        let append = || -> std::io::Result<()> {
            let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
            let (end, tail) = tail(&mut file)?;
            if tail.lines().last().is_some_and(|last| last == line) {
                return Ok(());
            }
            // What has no end was being written when the machine stopped.
            file.set_len(end)?;
            file.write_all(format!("{line}\n").as_bytes())?;
            file.sync_data()
        };
        append().map_err(|error| self.unusable(error))
    }

    fn open(&self) -> Result<Option<File>, Failed> {
        let Some(path) = &self.file else { return Ok(None) };
        match File::open(path) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.unusable(error)),
        }
    }

    fn last_line(&self) -> Result<Option<String>, Failed> {
        let Some(mut file) = self.open()? else { return Ok(None) };
        let (_, tail) = tail(&mut file).map_err(|error| self.unusable(error))?;
        Ok(tail.lines().last().map(str::to_owned))
    }

    /// Compares the last checkpoint outside with the record: cheap, for every start.
    ///
    /// # Errors
    /// [`Failed::Damaged`]: the record is behind it, or another one.
    pub(crate) async fn check(&self) -> Result<(), Failed> {
        let Some(line) = self.last_line()? else { return Ok(()) };
        let witnessed = Checkpoint::try_from_line(&line, &self.public_key());
        let witnessed =
            witnessed.map_err(|why| Failed::damaged(format!("of the last witnessed checkpoint: {why}")))?;
        let reader = self.db.reader();
        let tree = store::head(reader).await?;
        if tree.count() < witnessed.count {
            return Err(Failed::damaged(format!(
                "it ends after {} records, but {} were witnessed",
                tree.count(),
                witnessed.count
            )));
        }
        let kept = store::checkpoints(reader, witnessed.count, 1).await?;
        match kept.first() {
            Some((_, kept)) if *kept == line => Ok(()),
            _ => Err(Failed::damaged(format!(
                "the checkpoint of {} records that was witnessed is not among its own",
                witnessed.count
            ))),
        }
    }
}

/// `text` without what follows upon its last line feed.
fn whole(text: &str) -> &str {
    text.get(..text.rfind('\n').map_or(0, |end| end + 1)).unwrap_or_default()
}

/// Where the whole lines of a file end, and the last of them.
fn tail(file: &mut File) -> std::io::Result<(u64, String)> {
    let length = file.metadata()?.len();
    let from = length.saturating_sub(TAIL_BYTES);
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let whole = whole(&text);
    Ok((from + whole.len() as u64, whole.to_owned()))
}

/// The lines of a witness file, the oldest first; none where there is no file.
///
/// # Errors
/// [`Failed::Witness`].
pub fn witnessed(path: &Path) -> Result<Vec<String>, Failed> {
    let unusable = |source| Failed::Witness { path: path.display().to_string(), source };
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(whole(&text).lines().map(str::to_owned).collect()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(unusable(error)),
    }
}

/// Proves that a record is in the record of the newest checkpoint; `None` where none speaks of it yet.
///
/// # Errors
/// [`Failed`].
pub async fn prove(connection: &impl ConnectionTrait, number: u64) -> Result<Option<Proof>, Failed> {
    Proof::of_record(connection, number).await
}

/// Proves that the record only grew from the checkpoint of at least `earlier` records to the newest one; `None` where
/// there are no two.
///
/// # Errors
/// [`Failed`].
pub async fn prove_growth(connection: &impl ConnectionTrait, earlier: u64) -> Result<Option<Proof>, Failed> {
    let before = store::checkpoints(connection, earlier, 1).await?.pop();
    let Some(ends) = before.zip(store::last_checkpoint(connection).await?) else { return Ok(None) };
    Proof::of_growth(connection, ends).await
}
